"""Special functions that are made of the rows of others."""

from __future__ import annotations

import math
from math import e, inf, log, pi, sqrt
from typing import Any

from engine.errors import WrongArguments
from engine.functions.counts import whole
from engine.kinds import composition


@composition(
    "ndtri(p)",
    latex=r"\Phi^{{-1}}\left({0}\right)",
    derivative=["sqrt(2 * pi) * exp(ndtri(p)**2 / 2)"],
    sympy=lambda S, p: -S.sqrt(2) * S.erfinv(1 - 2 * p),
    accuracy="the second derivative up to 8 ulp",
    domain=(0, 1),
    convention="inf at 0 and 1",
)
def ndtri(F: Any, p: Any) -> Any:
    """Inverse of ndtr: the quantiles of the normal distribution."""
    return -sqrt(2) * F.erfcinv(2.0 * p)


@composition(
    "zeta(x, q=None, /)",
    derivative=[
        (
            "less the sum of log(k + q) (k + q)**-x over k = 0, 1, ...",
            r"\frac{\partial}{\partial x} \zeta(x, q) = -\sum_{k=0}^{\infty} \frac{\ln(k + q)}{(k + q)^x}",
        ),
        "-x * zeta(x + 1, q)",
    ],
    keywords={"input": "x", "other": "q", "s": "x"},
    examples=[(((), ()), {}), (((3,), (3,)), {}), (((2, 1), (3,)), {}), (((3,), None), {})],
    sample=lambda x, q=None: [abs(x) + 1.5, q if q is None else abs(q) + 0.25],
    convention="nan for x < 1",
)
def zeta(F: Any, x: Any, q: Any) -> Any:
    """Hurwitz's zeta function, the sum of (k + q)**-x over k = 0, 1, ...; without q, Riemann's."""
    return F.zeta_by(x, 1.0 if q is None else q, n=0)


def _of_beta(parameter: str, log: str) -> tuple[str, str]:
    """The derivative of betainc by a parameter, in words and as an equation."""
    words = f"the integral of t**(a - 1) (1 - t)**(b - 1) log({log}) from 0 to x over beta(a, b)"
    density = rf"t^{{a - 1}} (1 - t)^{{b - 1}} \ln ({log})"
    return (
        f"{words}, plus (digamma(a + b) - digamma({parameter})) betainc(a, b, x)",
        rf"\frac{{\partial}}{{\partial {parameter}}} I_x(a, b) = \frac{{1}}{{\mathrm{{B}}(a, b)}} "
        rf"\int_0^x {density} \, \mathrm{{d}}t + (\psi(a + b) - \psi({parameter})) \, I_x(a, b)",
    )


@composition(
    "betainc(a, b, x)",
    defined="a > 0, b > 0 and 0 <= x <= 1",
    latex=r"I_{{{2}}}\left({0}, {1}\right)",
    derivative=[_of_beta("a", "t"), _of_beta("b", "1 - t"), "x**(a - 1) * (1 - x)**(b - 1) / beta(a, b)"],
    domain=(0, 1),
    examples=[(((), (), ()), {}), (((3,), (), (3,)), {}), (((2, 1), (3,), ()), {})],
    accuracy="derivatives by a and b of less than 1e-5 lose up to half of the digits",
)
def betainc(F: Any, a: Any, b: Any, x: Any) -> Any:
    """Regularized incomplete beta function."""
    return F.betainc_by(a, b, x, m=0, n=0)


@composition(
    "multigammaln(a, static d)",
    aliases=("mvlgamma",),
    keywords={"input": "a", "p": "d"},
    examples=[(((),), {"d": 1}), (((3,),), {"d": 2}), (((2, 2),), {"d": 3})],
    sample=lambda a: [abs(a) + 1.5],
)
def multigammaln(F: Any, a: Any, d: int) -> Any:
    """Logarithm of the multivariate gamma function of dimension d."""
    d = whole(d, "d", 1, 1000)
    total = F.gammaln(a) + d * (d - 1) / 4 * log(pi)
    for k in range(1, d):
        total = total + F.gammaln(a - 0.5 * k)
    return total


@composition(
    "lambertw(x, /, k=0)",
    aliases=("LambertW",),
    defined="x >= -1/e",
    latex=r"W\left({0}\right)",
    derivative=["lambertw(x) / (x * (1 + lambertw(x)))"],
    sympy=lambda S, x: S.LambertW(x),
    keywords={"z": "x"},
    domain=(-1 / e, inf),
    accuracy="the second derivative up to 8 ulp; for k=-1 wrong for subnormal numbers",
    convention="inf at -1/e, nan below",
)
def lambertw(F: Any, x: Any, k: int) -> Any:
    """Lambert's W, the inverse of x exp(x): its real branches, k = 0 and k = -1."""
    if k not in (0, -1):
        raise WrongArguments(f"lambertw has no real branch k={k}", hint="the real branches are k=0 and k=-1")
    return F.lambertw_upper(x) if k == 0 else F.lambertw_lower(x)


_LARGEST = 170
"""The whole number whose factorial is the largest double."""


@composition(
    "factorial(n)",
    latex=r"{0}!",
    derivative=["digamma(n + 1) * factorial(n)"],
    sympy=lambda S, n: S.gamma(n + 1),
    keywords={"x": "n"},
    domain=(-1, inf),
    defined="n not one of -1, -2, ...",
    accuracy="off by what is lost in n + 1; exact for whole numbers that are written out",
    examples=((((),), {}), (((3,),), {}), (((2, 3),), {})),
    sample=lambda n: [abs(n) + 0.25],
)
def factorial(F: Any, n: Any) -> Any:
    """The product of the whole numbers up to n, and between them gamma(n + 1)."""
    return math.factorial(n) if n.__class__ is int and 0 <= n <= _LARGEST else F.gamma(n + 1.0)


@composition(
    "comb(n, k)",
    aliases=("binom", "binomial"),
    latex=r"\binom{{{0}}}{{{1}}}",
    derivative=[
        "comb(n, k) * (digamma(n + 1) - digamma(n - k + 1))",
        "comb(n, k) * (digamma(n - k + 1) - digamma(k + 1))",
    ],
    sympy=lambda S, n, k: S.gamma(n + 1) / (S.gamma(k + 1) * S.gamma(n - k + 1)),
    keywords={"N": "n", "x": "n", "y": "k"},
    defined="-1 < k < n + 1",
    accuracy="off by what is lost in n + 1 and n - k + 1; exact for whole numbers that are written out",
    examples=((((), ()), {}), (((3,), (3,)), {}), (((2, 1), (3,)), {})),
    sample=lambda n, k: [abs(n) + 4.0, abs(k)],
)
def comb(F: Any, n: Any, k: Any) -> Any:
    """In how many ways k can be chosen of n: factorial(n) / (factorial(k) * factorial(n - k))."""
    if n.__class__ is k.__class__ is int and 0 <= k <= n <= _LARGEST:
        return math.comb(n, k)
    return 1.0 / ((n + 1.0) * F.beta(n - k + 1.0, k + 1.0))
