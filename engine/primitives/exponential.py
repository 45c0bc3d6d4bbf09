"""Exponentials, logarithms and roots, element by element."""

from __future__ import annotations

import math
from math import inf
from typing import Any

import numpy as np
from scipy import special

from engine.kinds import elementwise
from engine.namespace import Rule
from engine.primitives.numeric import on_floats

exp = elementwise(
    "exp(x)", d=lambda F, y, x: y, scalar="exp", flops=10, complex=True, latex=r"e^{{{0}}}", doc="Exponential."
)

expm1 = elementwise(
    "expm1(x)",
    d=lambda F, y, x: F.exp(x),
    scalar="expm1",
    sympy=lambda S, x: S.exp(x) - 1,
    flops=10,
    complex=True,
    latex=r"\left(e^{{{0}}} - 1\right)",
    doc="exp(x) - 1, exact for small x.",
)

exp2 = elementwise(
    "exp2(x)",
    d=lambda F, y, x: y * math.log(2),
    scalar=lambda x: math.pow(2.0, x),
    sympy=lambda S, x: 2**x,
    flops=10,
    complex=lambda F, x: F.exp(math.log(2) * x),
    latex=r"2^{{{0}}}",
    doc="2 to the power x.",
)


def _by_log(F: Any, x: Any, derivative: Any) -> Any:
    """A logarithm has no value below 0, and so no derivative there either, whatever the formula says."""
    return F.where(x < 0, math.nan * x, derivative)


log = elementwise(
    "log(x)",
    d=lambda F, y, x: _by_log(F, x, 1.0 / x),
    scalar="log",
    aliases=("ln",),
    domain=(0, inf),
    flops=10,
    convention="nan below 0",
    complex=lambda F, x: F.complex_log(x),
    latex=r"\ln\left({0}\right)",
    of_two="log_base",
    doc="Natural logarithm.",
)

log2 = elementwise(
    "log2(x)",
    d=lambda F, y, x: _by_log(F, x, (1 / math.log(2)) / x),
    scalar="log2",
    sympy=lambda S, x: S.log(x) / S.log(2),
    domain=(0, inf),
    flops=10,
    convention="nan below 0",
    complex=lambda F, x: F.complex_log(x) / math.log(2),
    latex=r"\log_2\left({0}\right)",
    doc="Logarithm to base 2.",
)

log10 = elementwise(
    "log10(x)",
    d=lambda F, y, x: _by_log(F, x, (1 / math.log(10)) / x),
    scalar="log10",
    sympy=lambda S, x: S.log(x) / S.log(10),
    domain=(0, inf),
    flops=10,
    convention="nan below 0",
    complex=lambda F, x: F.complex_log(x) / math.log(10),
    latex=r"\log_{{10}}\left({0}\right)",
    doc="Logarithm to base 10.",
)

log1p = elementwise(
    "log1p(x)",
    d=lambda F, y, x: _by_log(F, 1.0 + x, 1.0 / (1.0 + x)),
    scalar="log1p",
    sympy=lambda S, x: S.log(1 + x),
    domain=(-1, inf),
    flops=10,
    convention="nan below -1",
    complex=lambda F, x: F.complex_log(1.0 + x),
    latex=r"\ln\left(1 + {0}\right)",
    doc="log(1 + x), exact for small x.",
)


def _shares(exp: Rule, scale: float, a: Any, b: Any) -> tuple[Any, Any]:
    """exp(a) and exp(b) as shares of their sum: of two equal forms the one whose exponential cannot overflow.

    The difference is rounded, and where it is large an exponential shows what it is off by; a factor puts that right.
    """
    d = a - b
    moved = d - a
    off = scale * ((a - (d - moved)) - (b + moved))
    e = exp(-np.abs(d))
    large, small = 1 / (1 + e), e / (1 + e)
    first, second = np.where(d < 0, small, large), np.where(d < 0, large, small)
    off = np.where(np.isfinite(off), off, np.zeros_like(off))
    even = np.full_like(first, 0.5)
    first, second = first + first * second * off, second - first * second * off
    return np.where(a == b, even, first), np.where(a == b, even, second)


def _bell(exp: Rule, scale: float, a: Any, b: Any) -> Any:
    first, second = _shares(exp, scale, a, b)
    return first * second


def _sharing(suffix: str, exp: Rule, scale: float, sympy: Rule) -> None:
    """The rows of a derivative of logaddexp, for its base: the share of a in the sum, and how fast that changes."""
    bell = f"share_bell{suffix}"
    elementwise(
        f"share{suffix}(a, b)",
        d=[
            lambda F, y, a, b: scale * getattr(F, bell)(a, b),
            lambda F, y, a, b: -scale * getattr(F, bell)(a, b),
        ],
        numpy=lambda a, b: _shares(exp, scale, a, b)[0],
        scalar=on_floats(lambda a, b: _shares(exp, scale, a, b)[0]),
        sympy=lambda S, a, b: 1 / (1 + sympy(S, b - a)),
        flops=30,
        internal=True,
        convention="1/2 for two equal infinities",
        doc="exp(a)/(exp(a) + exp(b)), in the base of logaddexp.",
    )
    elementwise(
        f"{bell}(a, b)",
        d=[
            lambda F, y, a, b: -scale * (y * F.tanh(0.5 * scale * (a - b))),
            lambda F, y, a, b: scale * (y * F.tanh(0.5 * scale * (a - b))),
        ],
        numpy=lambda a, b: _bell(exp, scale, a, b),
        scalar=on_floats(lambda a, b: _bell(exp, scale, a, b)),
        sympy=lambda S, a, b: 1 / (1 + sympy(S, a - b)) / (1 + sympy(S, b - a)),
        flops=30,
        internal=True,
        accuracy="derivatives, where they cancel; it serves the third derivatives of logaddexp",
        doc="The product of the shares of a and b in the sum of their exponentials.",
    )


_sharing("", np.exp, 1.0, lambda S, x: S.exp(x))
_sharing("2", np.exp2, math.log(2), lambda S, x: 2**x)


def _logaddexp_of_float(a: float, b: float) -> float:
    return max(a, b) + (math.log(2) if a == b else math.log1p(math.exp(-math.fabs(a - b))))


logaddexp = elementwise(
    "logaddexp(a, b)",
    d=[lambda F, y, a, b: F.share(a, b), lambda F, y, a, b: F.share(b, a)],
    scalar=_logaddexp_of_float,
    sympy=lambda S, a, b: S.log(S.exp(a) + S.exp(b)),
    flops=20,
    convention="1/2 for each of two equal infinities",
    accuracy="the value, where exp(a) + exp(b) is near 1 and it near 0: there it is the sum of two that cancel",
    doc="log(exp(a) + exp(b)) without overflow.",
)

logaddexp2 = elementwise(
    "logaddexp2(a, b)",
    d=[lambda F, y, a, b: F.share2(a, b), lambda F, y, a, b: F.share2(b, a)],
    sympy=lambda S, a, b: S.log(2**a + 2**b) / S.log(2),
    flops=20,
    convention="1/2 for each of two equal infinities",
    accuracy="the value, where 2**a + 2**b is near 1 and it near 0: there it is the sum of two that cancel",
    doc="log2(2**a + 2**b) without overflow.",
)


def _sigmoid(x: Any) -> Any:
    """Of the two equal forms, the one whose exponential cannot overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, np.ones_like(e)) / (1 + e)


def _sigmoid_of_float(x: float) -> float:
    if x < 0:
        e = math.exp(x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-x))


sigmoid = elementwise(
    "sigmoid(x)",
    d=lambda F, y, x: 0.25 * F.square(F.sech(0.5 * x)),
    numpy=_sigmoid,
    scalar=_sigmoid_of_float,
    sympy=lambda S, x: 1 / (1 + S.exp(-x)),
    aliases=("expit",),
    flops=15,
    complex=lambda F, x: 1.0 / (1.0 + F.exp(-x)),
    latex=r"\sigma\left({0}\right)",
    doc="Logistic function 1/(1 + exp(-x)).",
)

parabola = elementwise(
    "parabola(x)",
    d=lambda F, y, x: 1.0 - 2.0 * x,
    numpy=lambda x: x * (1 - x),
    scalar=lambda x: x * (1.0 - x),
    alike=True,
    sympy=lambda S, x: x * (1 - x),
    internal=True,
    doc="x*(1 - x), whose derivative is exact near 1/2.",
)


def _log_odds(x: Any) -> Any:
    """By the logarithms of both; near 1/2, where they cancel, by those of 1 + s and 1 - s with s = 2x - 1."""
    s = np.where(np.abs(x - 0.5) < 0.25, 2 * x - 1, np.zeros_like(x))
    return np.where(np.abs(x - 0.5) < 0.25, 2 * np.arctanh(s), np.log(x) - np.log1p(-x))


log_odds = elementwise(
    "log_odds(x)",
    torch="logit",
    d=lambda F, y, x: F.where((x < 0) | (x > 1), math.nan * x, 1.0 / F.parabola(x)),
    numpy=_log_odds,
    scalar=lambda x: 2.0 * math.atanh(2.0 * x - 1.0) if 0.25 < x < 0.75 else math.log(x) - math.log1p(-x),
    sympy=lambda S, x: S.log(x / (1 - x)),
    domain=(0, 1),
    flops=20,
    internal=True,
    convention="nan outside of 0 to 1",
    doc="log(x/(1 - x)).",
)


def _xlogy_of_float(x: float, y: float) -> float:
    return 0.0 if x == 0 and y >= 0 else x * math.log(y)


xlogy = elementwise(
    "xlogy(x, y)",
    d=[
        lambda F, value, x, y: F.where((x == 0) & (y <= 0), 0.0, F.log(y)),
        lambda F, value, x, y: F.where((x == 0) & (y <= 0), 0.0, x / y),
    ],
    numpy=special.xlogy,
    scalar=_xlogy_of_float,
    sympy=lambda S, x, y: x * S.log(y),
    keywords={"input": "x", "other": "y"},
    domain=((-inf, inf), (0, inf)),
    flops=12,
    convention="0, 0 at (0, 0)",
    doc="x log(y), and 0 where x is 0.",
)


def _xlog1py_of_float(x: float, y: float) -> float:
    return 0.0 if x == 0 and y >= -1 else x * math.log1p(y)


xlog1py = elementwise(
    "xlog1py(x, y)",
    d=[
        lambda F, value, x, y: F.where((x == 0) & (y <= -1), 0.0, F.log1p(y)),
        lambda F, value, x, y: F.where((x == 0) & (y <= -1), 0.0, x / (1.0 + y)),
    ],
    numpy=special.xlog1py,
    scalar=_xlog1py_of_float,
    sympy=lambda S, x, y: x * S.log(1 + y),
    keywords={"input": "x", "other": "y"},
    domain=((-inf, inf), (-1, inf)),
    flops=12,
    convention="0, 0 at (0, -1)",
    doc="x log(1 + y), and 0 where x is 0.",
)

_INVERSE_E = (0.36787944117144233, -1.2428753672788363e-17)
"""1/e as the sum of two doubles."""


def _entropy_slope(F: Any, x: Any) -> Any:
    """-log(x) - 1, which is 0 at 1/e: near there, by the distance from it."""
    high, low = _INVERSE_E
    near = (x > 0.25) & (x < 0.5)
    return F.where(near, -F.log1p(math.e * ((F.where(near, x, high) - high) - low)), -F.log(x) - 1.0)


entr = elementwise(
    "entr(x)",
    d=lambda F, y, x: _entropy_slope(F, x),
    numpy=special.entr,
    scalar=lambda x: -x * math.log(x) if x > 0 else 0.0 if x == 0 else -inf if x < 0 else x,
    sympy=lambda S, x: -x * S.log(x),
    domain=(0, inf),
    flops=12,
    convention="inf at 0, nan below",
    derivative=["-log(x) - 1"],
    doc="-x log(x): the entropy of a probability.",
)

sqrt = elementwise(
    "sqrt(x)",
    d=lambda F, y, x: 0.5 / y,
    scalar="sqrt",
    alike=True,
    domain=(0, inf),
    flops=4,
    convention="inf at 0, nan below",
    complex=True,
    latex=r"\sqrt{{{0}}}",
    doc="Square root.",
)

rsqrt = elementwise(
    "rsqrt(x)",
    d=lambda F, y, x: -0.5 * (y / x),
    numpy=lambda x: 1 / np.sqrt(x),
    scalar=lambda x: 1.0 / math.sqrt(x),
    alike=True,
    sympy=lambda S, x: 1 / S.sqrt(x),
    domain=(0, inf),
    flops=5,
    convention="-inf at 0, nan below",
    complex=True,
    latex=r"\frac{{1}}{{\sqrt{{{0}}}}}",
    doc="1/sqrt(x).",
)


def _cbrt_of_float(x: float) -> float:
    y = math.cbrt(x)
    return y - (y * y * y - x) / (3.0 * y * y) if y and math.isfinite(y) else y


def _cbrt(x: Any) -> Any:
    """The library's, and one step of Newton's method, which takes it to the last bit."""
    y = np.cbrt(x)
    step = (y * y * y - x) / (3 * y * y)
    return np.where(np.isfinite(step), y - step, y)


def _cbrt_slope(x: Any) -> Any:
    return np.where(x == 0, np.full_like(x, inf), _cbrt(x) / (3 * x))


cbrt_slope = elementwise(
    "cbrt_slope(x)",
    d=lambda F, y, x: (-2 / 3) * (y / x),
    numpy=_cbrt_slope,
    scalar=lambda x: _cbrt_of_float(x) / (3.0 * x),
    sympy=lambda S, x: 1 / (3 * S.cbrt(S.Abs(x)) ** 2),
    flops=20,
    internal=True,
    doc="The derivative of the cube root, whose own is a multiple of it.",
)

cbrt = elementwise(
    "cbrt(x)",
    d=lambda F, y, x: F.cbrt_slope(x),
    numpy=_cbrt,
    scalar=_cbrt_of_float,
    sympy=lambda S, x: S.sign(x) * S.cbrt(S.Abs(x)),
    flops=15,
    convention="inf at 0",
    latex=r"\sqrt[3]{{{0}}}",
    defined="everywhere",
    doc="Cube root, of negative numbers too.",
)
