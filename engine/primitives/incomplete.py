"""The incomplete gamma functions, with their derivatives by the parameter.

A derivative by the parameter is an integral of the density times a polynomial in the logarithm, over the side of the
argument where it does not change its sign. Formulas are in the DLMF, chapter 8.
"""

from __future__ import annotations

import math
from math import inf, pi
from typing import Any

import numpy as np
from scipy import special as scipy

from engine.kinds import elementwise
from engine.namespace import Rule
from engine.primitives.gamma import BERNOULLI, bell_polynomial, excess, polygamma, stirling
from engine.primitives.numeric import by_order, chosen, double, integral, with_orders


def _density(a: Any, x: Any) -> Any:
    """x^(a-1) exp(-x)/gamma(a)."""
    found = chosen(a < 150, _plain_density, _density_of_large, a, x)
    usual = (found > 1e-290) & (found < 1e290) | (a < 10) | (a >= 150)
    found = chosen(usual, lambda a, x, y: y, lambda a, x, y: _density_of_large(a, x), a, x, found)
    return np.where(x < 0, math.nan, np.where(np.isposinf(x), 0.0, found))


def _plain_density(a: Any, x: Any) -> Any:
    half = np.exp(-0.5 * x)
    return half * x ** (a - 1) * half / scipy.gamma(a)


def _density_of_large(a: Any, x: Any) -> Any:
    return np.where(x > 0, np.sqrt(a / (2 * pi)) * np.exp(-excess(a, x) - stirling(a)) / x, 0.0)


def _balance(a: Any, x: Any) -> Any:
    """log(x) - digamma(a + 1), which are nearly the same where x is nearly a (DLMF 5.11.2)."""
    return chosen(a < 10, lambda a, x: np.log(x) - polygamma.numpy(0.0, a + 1), _balance_of_large, a, x)


def _balance_of_large(a: Any, x: Any) -> Any:
    ratio = np.where(np.abs(x - a) < 0.5 * a, np.log1p((x - a) / a), np.log(x / a))
    return ratio - 0.5 / a + sum(float(b) / (2 * k) / a ** (2 * k) for k, b in enumerate(BERNOULLI[:10], 1))


def _factor(n: int, a: Any, balance: Any, polygammas: Any) -> Any:
    """The density's n-th derivative by a, divided by it; 1/gamma(a) taken as a/gamma(a + 1), which is no difference of
    large numbers where a is small. Only the derivatives among the polygammas, which are of a + 1, are used.
    """
    if n == 0:
        return 1.0
    cumulants = [balance, *(-p for p in polygammas[1:])]
    return bell_polynomial(n, cumulants) + n / a * bell_polynomial(n - 1, cumulants)


def _polygammas(n: int, a: Any) -> list[Any]:
    return [polygamma.numpy(float(k), a + 1) for k in range(n)]


def _density_by(n: int, a: Any, x: Any) -> Any:
    return _density(a, x) * _factor(n, a, _balance(a, x), _polygammas(n, a))


gamma_density_by = elementwise(
    "gamma_density_by(n, a, x)",
    reach=1e3,
    d=[
        None,
        lambda F, y, n, a, x: F.gamma_density_by(n + 1.0, a, x),
        lambda F, y, n, a, x: (y * (a - 1.0 - x) + n * F.gamma_density_by(F.abs(n - 1.0), a, x)) / x,
    ],
    numpy=by_order(_density_by),
    sympy=lambda S, n, a, x: (
        x ** (a - 1) * S.exp(-x) / S.gamma(a) * S.Piecewise((1, S.Eq(n, 0)), (S.log(x) - S.digamma(a), True))
    ),
    accuracy="its derivatives by a up to 30 ulp",
    domain=((0, inf), (0, inf), (0, inf)),
    flops=12000,
    internal=True,
    doc="The n-th derivative by a of the density of the gamma distribution, x**(a-1) exp(-x)/gamma(a).",
)


def _gammainc_by(a: Any, x: Any, n: int) -> Any:
    if n == 0:
        return _gammainc(a, x)
    polygammas = _polygammas(n, a)
    below = _balance(a, x) < 0
    found = np.where((x == 0) | np.isposinf(x), 0.0, math.nan)
    rules: tuple[tuple[Any, Rule], ...] = (
        (below & _is_small(a, x), lambda a, x, *p: _series(n, a, x)),
        (below & ~_is_small(a, x), lambda a, x, *p: _lower(n, a, x, p)),
        (~below, lambda a, x, *p: -_upper(n, a, x, p)),
    )
    for where, rule in rules:
        here = where & (x > 0) & (x < inf)
        if here.any():
            found[here] = rule(a[here], x[here], *(p[here] for p in polygammas))
    return found


def _gammainc(a: Any, x: Any) -> Any:
    return chosen(_is_small(a, x) & (x < a) & (x > 0), lambda a, x: _series(0, a, x), scipy.gammainc, a, x)


def _gammaincc(a: Any, x: Any) -> Any:
    far = (x > 30) & (x > 3 * a) & (x < inf)
    return chosen(far, lambda a, x: _upper(0, a, x, ()), scipy.gammaincc, a, x)


_TERMS = np.arange(60.0)


def _is_small(a: Any, x: Any) -> Any:
    """Whether the power series converges fast."""
    return (x < 2) | (x < 0.5 * a)


def _series(n: int, a: Any, x: Any) -> Any:
    """The sum of x^(a+k) exp(-x)/gamma(a+k+1) over k (DLMF 8.7.1), term by term."""
    first = _density(a, x) * x / a
    a, x = a[:, None], x[:, None]
    factors = x / (a + _TERMS + 1)
    terms = np.cumprod(np.concatenate([np.ones_like(a), factors[:, :-1]], axis=1), axis=1)
    if n == 0:
        return first * np.add.reduce(terms, axis=1)
    polygammas = _polygammas(n, a + _TERMS)
    cumulants = [np.log(x) - polygammas[0], *(-p for p in polygammas[1:])]
    return first * np.add.reduce(terms * bell_polynomial(n, cumulants), axis=1)


def _lower(n: int, a: Any, x: Any, polygammas: Any) -> Any:
    """The integral from 0 to x; with t = x exp(-v)."""

    def density(v: Any, a: Any, x: Any, balance: Any, *polygammas: Any) -> Any:
        return np.exp(-a * v - x * np.expm1(-v)) * _factor(n, a, balance - v, polygammas)

    scale = np.where(a < 1, 1 / a, 1 / (np.sqrt(a) + np.maximum(a - x, 0)))
    return _density(a, x) * x * integral(density, scale, a, x, _balance(a, x), *polygammas)


def _upper(n: int, a: Any, x: Any, polygammas: Any) -> Any:
    """The integral from x to infinity; with t = x + s."""

    def density(s: Any, a: Any, x: Any, balance: Any, *polygammas: Any) -> Any:
        growth = np.log1p(s / x)
        return np.exp((a - 1) * growth - s) * _factor(n, a, balance + growth, polygammas)

    return _density(a, x) * integral(density, 1 + np.sqrt(a), a, x, _balance(a, x), *polygammas)


gammainc_by = with_orders(
    "gammainc_by(a, x, /, n=0)",
    d=[
        lambda F, y, a, x, n: F.gammainc_by(a, x, n=n + 1),
        lambda F, y, a, x, n: F.gamma_density_by(float(n), a, x),
    ],
    numpy=_gammainc_by,
    domain=(0, inf),
    examples=[(((), ()), {"n": 0}), (((3,), ()), {"n": 1}), (((2, 1), (2,)), {"n": 2})],
    flops=lambda n: 1900 + 45000 * n,
    internal=True,
    doc="The n-th derivative of gammainc by a.",
)

_ACCURACY = (
    "up to 40 ulp off, and where a or x is large as many as the exponent of the density is large; "
    "second derivatives beside their zeros more"
)

gammainc = elementwise(
    "gammainc(a, x)",
    reach=1e3,
    torch="igamma",
    d=[
        lambda F, y, a, x: F.gammainc_by(a, x, n=1),
        lambda F, y, a, x: F.gamma_density_by(0.0, a, x),
    ],
    numpy=double(_gammainc),
    sympy=lambda S, a, x: S.lowergamma(a, x) / S.gamma(a),
    aliases=("igamma",),
    keywords={"input": "a", "other": "x"},
    domain=(0, inf),
    accuracy=_ACCURACY,
    flops=1900,
    latex=r"P\left({0}, {1}\right)",
    derivative=[
        (
            "the integral of t**(a - 1) exp(-t) log(t) from 0 to x over gamma(a), less digamma(a) gammainc(a, x)",
            r"\frac{\partial}{\partial a} P(a, x) = \frac{1}{\Gamma(a)} "
            r"\int_0^x t^{a - 1} e^{-t} \ln t \, \mathrm{d}t - \psi(a) \, P(a, x)",
        ),
        "x**(a - 1) * exp(-x) / gamma(a)",
    ],
    doc="Regularized lower incomplete gamma function.",
)

gammaincc = elementwise(
    "gammaincc(a, x)",
    reach=1e3,
    torch="igammac",
    d=[
        lambda F, y, a, x: -F.gammainc_by(a, x, n=1),
        lambda F, y, a, x: -F.gamma_density_by(0.0, a, x),
    ],
    numpy=double(_gammaincc),
    sympy=lambda S, a, x: S.uppergamma(a, x) / S.gamma(a),
    aliases=("igammac",),
    keywords={"input": "a", "other": "x"},
    domain=(0, inf),
    accuracy=_ACCURACY,
    flops=5000,
    latex=r"Q\left({0}, {1}\right)",
    derivative=[
        (
            "the integral of t**(a - 1) exp(-t) log(t) from x on over gamma(a), less digamma(a) gammaincc(a, x)",
            r"\frac{\partial}{\partial a} Q(a, x) = \frac{1}{\Gamma(a)} "
            r"\int_x^{\infty} t^{a - 1} e^{-t} \ln t \, \mathrm{d}t - \psi(a) \, Q(a, x)",
        ),
        "-(x**(a - 1) * exp(-x) / gamma(a))",
    ],
    doc="Regularized upper incomplete gamma function, 1 - gammainc(a, x).",
)
