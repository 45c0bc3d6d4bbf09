"""The error function and its like: those of the normal distribution, and their inverses.

The derivatives of the scaled functions are functions of their own, computed as integrals of positive functions, since
the formulas that make them from each other cancel in the tails. Formulas are in the DLMF, chapter 7.
"""

from __future__ import annotations

import math
from math import inf, pi, sqrt
from typing import Any

import numpy as np
from scipy import special as scipy

from engine.kinds import elementwise
from engine.primitives.numeric import by_order, chosen, double, exp_of_square, integral
from engine.primitives.pairs import Pair, multiplied

_TWO_PER_ROOT_PI = 2 / sqrt(pi)


def _bell_of_float(c: float, x: float) -> float:
    square, rest = multiplied(x, x)
    y = math.exp(-c * square)
    return y - y * c * rest if y else 0.0


bell = elementwise(
    "bell(c, x)",
    d=[lambda F, y, c, x: -F.square(x) * y, lambda F, y, c, x: -2.0 * c * x * y],
    numpy=double(lambda c, x: exp_of_square(-c, x)),
    scalar=_bell_of_float,
    sympy=lambda S, c, x: S.exp(-c * x**2),
    domain=((0, inf), (-inf, inf)),
    accuracy="where c is no power of two, c x**2 is rounded, and the value off by as many ulp as that is large",
    flops=70,
    internal=True,
    doc="exp(-c x**2), to the last bits for c = 1 and 1/2.",
)

erf = elementwise(
    "erf(x)",
    d=lambda F, y, x: _TWO_PER_ROOT_PI * F.bell(1.0, x),
    numpy=double(scipy.erf),
    scalar="erf",
    flops=50,
    doc="Error function.",
)


def _erfc(x: Any) -> Any:
    return chosen(x > 0.5, lambda x: scipy.erfcx(x) * exp_of_square(-1.0, x), scipy.erfc, x)


erfc = elementwise(
    "erfc(x)",
    d=lambda F, y, x: -_TWO_PER_ROOT_PI * F.bell(1.0, x),
    numpy=double(_erfc),
    scalar="erfc",
    flops=500,
    doc="1 - erf(x), exact where erf is nearly 1.",
)


def _erfcx(x: Any) -> Any:
    """Infinite where it is beyond the doubles, from -26.63 on, and where its factors in pairs would be nan."""
    found = chosen(x < 0.5, lambda x: exp_of_square(1.0, x) * scipy.erfc(x), scipy.erfcx, x)
    return np.where((x < -26) & ~np.isfinite(found), inf, found)


def _erfcx_moment(n: int, x: Any) -> Any:
    """By recurrence where all its terms are positive, elsewhere by the integral."""
    if n == 0:
        return _erfcx(x)
    return chosen(x <= 0, lambda x: _recurred(n, x), lambda x: _integrated(n, x), x)


def _recurred(n: int, x: Any) -> Any:
    before, this = _erfcx(x), _TWO_PER_ROOT_PI - 2 * x * _erfcx(x)
    for k in range(1, n):
        before, this = this, 2 * k * before - 2 * x * this
    return this


def _integrated(n: int, x: Any) -> Any:
    total = integral(lambda t, x: t**n * np.exp(-t * (t + 2 * x)), 1 / (1 + x), x)
    return _TWO_PER_ROOT_PI * 2.0**n * total


def _moment_spelled(S: Any, n: Any, x: Any) -> Any:
    scaled = S.exp(x**2) * S.erfc(x)
    return S.Piecewise((scaled, S.Eq(n, 0)), (2 / S.sqrt(S.pi) - 2 * x * scaled, True))


erfcx_moment = elementwise(
    "erfcx_moment(n, x)",
    d=[None, lambda F, y, n, x: -F.erfcx_moment(n + 1.0, x)],
    numpy=by_order(_erfcx_moment),
    sympy=_moment_spelled,
    domain=((0, inf), (-26, inf)),
    flops=6000,
    internal=True,
    doc="The n-th derivative of erfcx, without its sign: the integral of 2/sqrt(pi) (2t)**n exp(-t**2 - 2xt).",
)

erfcx = elementwise(
    "erfcx(x)",
    d=lambda F, y, x: -F.erfcx_moment(1.0, x),
    numpy=double(_erfcx),
    sympy=lambda S, x: S.exp(x**2) * S.erfc(x),
    domain=(-26, inf),
    accuracy="the value up to 7 ulp off between 0.5 and 1.5",
    flops=500,
    defined="everywhere",
    derivative=["2 * x * erfcx(x) - 2 / sqrt(pi)"],
    doc="exp(x**2) erfc(x).",
)

# Inverses


def _slope_from(y: Any, rest: Any) -> Any:
    """exp(y²) where erfc(|y|) is ``rest``: in the tails by a quotient that no error of y is amplified in."""
    tail = np.where(rest == 0, inf, scipy.erfcx(np.abs(y)) / rest)
    return np.where(np.abs(y) < 0.7, np.exp(y * y), tail)


erfinv_slope = elementwise(
    "erfinv_slope(x)",
    d=lambda F, y, x: 2.0 * F.erfinv(x) * F.square(y),
    numpy=double(lambda x: sqrt(pi) / 2 * _slope_from(scipy.erfinv(x), 1 - np.abs(x))),
    sympy=lambda S, x: S.sqrt(S.pi) / 2 * S.exp(S.erfinv(x) ** 2),
    accuracy="its derivatives up to 8 ulp",
    domain=(-1, 1),
    flops=150,
    internal=True,
    doc="The derivative of erfinv.",
)

erfinv = elementwise(
    "erfinv(x)",
    d=lambda F, y, x: F.erfinv_slope(x),
    numpy=double(scipy.erfinv),
    accuracy="the second derivative up to 5 ulp",
    domain=(-1, 1),
    flops=60,
    convention="inf at -1 and 1",
    latex=r"\operatorname{{erf}}^{{-1}}\left({0}\right)",
    doc="Inverse of erf.",
)

erfcinv_slope = elementwise(
    "erfcinv_slope(x)",
    d=lambda F, y, x: -2.0 * F.erfcinv(x) * F.square(y),
    numpy=double(lambda x: sqrt(pi) / 2 * _slope_from(scipy.erfcinv(x), np.minimum(x, 2 - x))),
    sympy=lambda S, x: S.sqrt(S.pi) / 2 * S.exp(S.erfinv(1 - x) ** 2),
    domain=(0, 2),
    accuracy="wrong for subnormal numbers, below 2.2e-308",
    flops=750,
    internal=True,
    doc="The derivative of erfcinv, without its sign.",
)

erfcinv = elementwise(
    "erfcinv(x)",
    d=lambda F, y, x: -F.erfcinv_slope(x),
    numpy=double(scipy.erfcinv),
    sympy=lambda S, x: S.erfinv(1 - x),
    domain=(0, 2),
    accuracy="wrong for subnormal numbers, below 2.2e-308",
    flops=450,
    convention="-inf at 0 and 2",
    latex=r"\operatorname{{erfc}}^{{-1}}\left({0}\right)",
    doc="Inverse of erfc.",
)


# The normal distribution


def _ndtr(x: Any) -> Any:
    """The upper form is the lower one's complement, so that the larger of the two is never a small difference."""
    return chosen(x < -1, _lower_tail, lambda x: 0.5 * scipy.erfc(-x / sqrt(2)), x)


def _lower_tail(x: Any) -> Any:
    return 0.5 * scipy.erfcx(-x / sqrt(2)) * exp_of_square(-0.5, x)


ndtr = elementwise(
    "ndtr(x)",
    d=lambda F, y, x: F.bell(0.5, x) / sqrt(2 * pi),
    numpy=double(_ndtr),
    sympy=lambda S, x: S.erfc(-x / S.sqrt(2)) / 2,
    flops=500,
    latex=r"\Phi\left({0}\right)",
    doc="Distribution function of the normal distribution.",
)


def _log_ndtr(x: Any) -> Any:
    return chosen(x > -1, lambda x: np.log1p(-_ndtr(-x)), scipy.log_ndtr, x)


def _inverse_mills(n: int, x: Any) -> Any:
    """By polynomials in the ratio where that is small, or with twice the digits where it is not; for large negative x,
    where both cancel, by cumulants of a cut-off distribution.
    """
    if n == 0:
        return chosen(x > -1, _ratio, lambda x: sqrt(2 / pi) / scipy.erfcx(-x / sqrt(2)), x)
    close = n > 1
    found = chosen(x > 0, lambda x: _polynomial(n, x, _ratio(x)), lambda x: _of_cumulants(n, x), x)
    middle = (x > -5) & (x < 3)
    if close and middle.any():
        found[middle] = _polynomial(n, Pair(x[middle]), _ratio_of_pairs(Pair(x[middle]))).rounded
    return found


def _ratio(x: Any) -> Any:
    return exp_of_square(-0.5, x) / sqrt(2 * pi) / _ndtr(x)


def _ratio_of_pairs(x: Pair) -> Pair:
    """The reciprocal of the sum of two series: sqrt(π/2) exp(x²/2), and x^(2k+1)/(2k+1)!!."""
    even = Pair(np.full(x.high.shape, 1.2533141373155003), -9.164289990229583e-17 + np.zeros(x.high.shape))
    odd, square, total = x, x * x, even + x
    for k in range(1, 90):
        even = even * square / (2.0 * k)
        odd = odd * square / (2.0 * k + 1.0)
        total = total + even + odd
    return Pair(1.0) / total


def _polynomial(n: int, x: Any, h: Any) -> Any:
    """h' = -hg and g' = 1 - hg, where g = x + h."""
    g = x + h
    total: Any = 0.0
    for (i, j), c in _in_ratio(n).items():
        term = h * float(c)
        for factor in (*(h,) * (i - 1), *(g,) * j):
            term = term * factor
        total = total + term
    return total


def _in_ratio(n: int) -> dict[tuple[int, int], int]:
    """The n-th derivative of h: the coefficients of hⁱgʲ."""
    terms = {(1, 0): 1}
    for _ in range(n):
        found: dict[tuple[int, int], int] = {}
        for (i, j), c in terms.items():
            for place, factor in (((i, j + 1), -i), ((i, j - 1), j), ((i + 1, j), -j)):
                found[place] = found.get(place, 0) + factor * c
        terms = {place: c for place, c in found.items() if c}
    return terms


def _of_cumulants(n: int, x: Any) -> Any:
    """h + x is the mean of the density exp(xs - s²/2) of s > 0, and its derivatives by x are the cumulants."""
    scale = 1 / (1 - x)
    total = integral(_cut, scale, x)
    mean = integral(lambda s, x: s * _cut(s, x), scale, x) / total
    moments = [integral(lambda s, x, m, k=k: (s - m) ** k * _cut(s, x), scale, x, mean) / total for k in range(n + 2)]
    cumulants = [0.0 * mean, 0.0 * mean]
    for k in range(2, n + 2):
        products = [math.comb(k - 1, i - 1) * cumulants[i] * moments[k - i] for i in range(2, k - 1)]
        cumulants.append(moments[k] - sum(products))
    return cumulants[n + 1] - (n == 1)


def _cut(s: Any, x: Any) -> Any:
    return np.exp(s * (x - 0.5 * s))


def _mills_spelled(S: Any, n: Any, x: Any) -> Any:
    h = S.sqrt(2 / S.pi) * S.exp(-(x**2) / 2) / S.erfc(-x / S.sqrt(2))
    return S.Piecewise((h, S.Eq(n, 0)), (-h * (x + h), True))


inverse_mills = elementwise(
    "inverse_mills(n, x)",
    d=[None, lambda F, y, n, x: F.inverse_mills(n + 1.0, x)],
    numpy=by_order(_inverse_mills),
    sympy=_mills_spelled,
    domain=((0, inf), (-inf, inf)),
    flops=60000,
    internal=True,
    doc="The n-th derivative of the normal density over its distribution function.",
)

normal_hazard = elementwise(
    "normal_hazard(x)",
    d=lambda F, y, x: F.inverse_mills(1.0, x),
    numpy=double(lambda x: _inverse_mills(0, x)),
    sympy=lambda S, x: S.sqrt(2 / S.pi) * S.exp(-(x**2) / 2) / S.erfc(-x / S.sqrt(2)),
    flops=500,
    internal=True,
    doc="The normal density over its distribution function, which costs far less than the derivatives.",
)

log_ndtr = elementwise(
    "log_ndtr(x)",
    d=lambda F, y, x: F.normal_hazard(x),
    numpy=double(_log_ndtr),
    sympy=lambda S, x: S.log(S.erfc(-x / S.sqrt(2)) / 2),
    accuracy="up to 4.5 ulp",
    flops=600,
    latex=r"\ln \Phi\left({0}\right)",
    doc="Logarithm of ndtr, exact in both tails.",
)
