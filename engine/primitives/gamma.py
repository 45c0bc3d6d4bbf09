"""The gamma function and what is made of it: its logarithm, the derivatives of that, and the beta function.

Formulas are in the DLMF, chapter 5.
"""

from __future__ import annotations

import math
from fractions import Fraction
from math import inf, pi
from typing import Any

import numpy as np
from scipy import special as scipy

from engine.kinds import Unknown, elementwise
from engine.primitives.numeric import by_order, chosen, double
from engine.primitives.pairs import PI, Pair, cosine, log, sine

# The logarithm, near 1 and 2 where it is zero

_BEHIND_2 = np.array([(-1) ** k * scipy.zetac(k) / k for k in range(60, 1, -1)] + [1 - np.euler_gamma, 0.0])
_BEHIND_1 = np.array([(-1) ** k * scipy.zeta(k) / k for k in range(40, 1, -1)] + [-np.euler_gamma, 0.0])
"""Taylor's coefficients of log gamma(2 + z) and log gamma(1 + z), the highest first (DLMF 5.7.3)."""


def _gammaln(x: Any) -> Any:
    behind_2 = np.abs(x - 2) < 0.75
    behind_1 = np.abs(x - 1) <= 0.25
    found = chosen(behind_2, lambda x: np.polyval(_BEHIND_2, x - 2), scipy.gammaln, x)
    found = chosen(behind_1, lambda x, found: np.polyval(_BEHIND_1, x - 1), lambda x, found: found, x, found)
    return _closer(_gammaln_of_pairs, (x < 0) & (np.abs(found) < 0.5 * scipy.gammaln(1 - x) + 0.5), found, x)


def _closer(rule: Any, where: Any, found: Any, x: Any) -> Any:
    """What is ``found``, but for x between two poles, where large terms cancel: that in pairs."""
    where = where & (x > -1e6) & (x != np.round(x))
    if where.any():
        found[where] = rule(x[where]).rounded
    return found


BERNOULLI = [
    Fraction(1, 6), Fraction(-1, 30), Fraction(1, 42), Fraction(-1, 30), Fraction(5, 66), Fraction(-691, 2730),
    Fraction(7, 6), Fraction(-3617, 510), Fraction(43867, 798), Fraction(-174611, 330), Fraction(854513, 138),
    Fraction(-236364091, 2730),
]  # fmt: skip
"""The Bernoulli numbers of orders 2, 4, ..."""

_PAIRED = 26
"""The argument from which Stirling's series gives all digits of pairs."""


def _ratio(fraction: Fraction) -> Pair:
    return Pair(float(fraction.numerator)) / float(fraction.denominator)


def _gammaln_of_pairs(x: Any) -> Any:
    """By reflection (DLMF 5.5.3), recurrence and Stirling's series (DLMF 5.11.1)."""
    z, product = Pair(1.0) - x, Pair(np.ones_like(x))
    for _ in range(_PAIRED - 1):
        z, product = z + 1.0, product * z
    inverse = Pair(1.0) / z
    power, total = inverse, (z - 0.5) * log(z) - z + Pair(0.9189385332046728, -3.8782941580672414e-17)
    for k, bernoulli in enumerate(BERNOULLI, 1):
        total, power = total + power * _ratio(bernoulli / (2 * k * (2 * k - 1))), power * inverse * inverse
    wave = sine(PI * np.abs(x - np.round(x)))
    return log(product) - total - log(wave) + Pair(1.1447298858494002, 1.0265951162707826e-17)


def _digamma_of_pairs(x: Any) -> Any:
    """By reflection (DLMF 5.5.4), recurrence and the asymptotic series (DLMF 5.11.2)."""
    z, total = Pair(1.0) - x, Pair(np.zeros_like(x))
    for _ in range(_PAIRED - 1):
        z, total = z + 1.0, total - Pair(1.0) / z
    inverse = Pair(1.0) / z
    power, total = inverse * inverse, total + log(z) - inverse * 0.5
    for k, bernoulli in enumerate(BERNOULLI, 1):
        total, power = total - power * _ratio(bernoulli / (2 * k)), power * inverse * inverse
    turn = PI * (x - np.round(x))
    return total - PI * cosine(turn) / sine(turn)


# The derivatives of the logarithm


def _digamma(x: Any) -> Any:
    found = chosen(x >= 0, scipy.digamma, _reflected, x)
    return _closer(_digamma_of_pairs, (x < 0) & (np.abs(found) < 0.5 * scipy.digamma(1 - x) + 0.5), found, x)


def _reflected(x: Any) -> Any:
    """ψ(1 - x) - π cot(πx), the cotangent from the distance to the nearest whole number, which is exact."""
    apart = x - np.round(x)
    near = np.abs(apart) < 0.25
    cot = np.where(near, 1 / np.tan(pi * apart), np.copysign(np.tan(pi * (0.5 - np.abs(apart))), apart))
    return np.where(apart == 0, math.nan, scipy.digamma(1 - x) - pi * cot)


_FACTORIALS = np.array([float(math.factorial(n)) for n in range(171)])


def _polygamma(n: Any, x: Any) -> Any:
    """For every order at once: a call may give thousands."""
    n = np.broadcast_to(np.asarray(n, dtype=np.float64), x.shape)
    found = chosen(n == 0, lambda n, x: _digamma(x), _derivative_of_digamma, n, x)
    return np.where((n >= 0) & (n == np.round(n)), found, math.nan)


def _derivative_of_digamma(n: Any, x: Any) -> Any:
    total = chosen(x >= 0, lambda n, x: scipy.zeta(n + 1, x), _both, n, x)
    low = (n >= 1) & (n < len(_FACTORIALS)) & (n == np.round(n))
    usual = low & ((np.abs(total) > 1e-307) | (x < 0) | ~np.isfinite(x))
    found = chosen(usual, lambda n, x, total: _factorial(n) * total, _of_high_order, n, x, total)
    return np.where(n % 2 == 0, -1.0, 1.0) * found


def _factorial(n: Any) -> Any:
    return _FACTORIALS[np.clip(n, 0, len(_FACTORIALS) - 1).astype(np.int64)]


def _of_high_order(n: Any, x: Any, _total: Any) -> Any:
    """n! times the sum of (x + k)^-(n+1) over k, where one of the two is no double."""
    mean = _sum_of_powers(n + 1, x) / x
    found = chosen(n < len(_FACTORIALS), _by_powers, _by_logarithm, n, x, mean)
    return np.where(x == 0, inf, np.where(x == inf, 0.0, found))


def _by_powers(n: Any, x: Any, mean: Any) -> Any:
    half = x ** (-0.5 * n)
    return half * (_factorial(n) * mean) * half


def _by_logarithm(n: Any, x: Any, mean: Any) -> Any:
    return np.exp(n * (np.log(n / x) - 1) + 0.5 * np.log(2 * pi * n) + stirling(n)) * mean


def _sum_of_powers(s: Any, x: Any) -> Any:
    """The sum of (1 + k/x)^-s over k, by the Euler-Maclaurin formula; nan for negative x."""
    total = sum(np.exp(-s * np.log1p(k / x)) for k in range(_SHIFT))
    a = x + _SHIFT
    rest, rising = a / (s - 1) + 0.5, s / a
    for k, bernoulli in enumerate(BERNOULLI, 1):
        rest = rest + float(bernoulli) / math.factorial(2 * k) * rising
        rising = rising * ((s + 2 * k - 1) / a) * ((s + 2 * k) / a)
    power = np.exp(-s * np.log1p(_SHIFT / x))
    return np.where(x > 0, total + np.where(power == 0, 0.0, power * rest), math.nan)


def _both(n: Any, x: Any) -> Any:
    """The sum of (x + k)^-(n+1) over k ≥ 0, for negative x: over all whole k, without those on the left."""
    right = -x - np.floor(-x)
    sign = np.where(n % 2 == 0, -1.0, 1.0)
    return scipy.zeta(n + 1, 1 - right) + sign * (scipy.zeta(n + 1, right) - scipy.zeta(n + 1, 1 - x))


polygamma = elementwise(
    "polygamma(n, x)",
    d=[
        Unknown("the derivative of polygamma by its order n is not implemented"),
        lambda F, y, n, x: F.polygamma(n + 1.0, x),
    ],
    numpy=double(_polygamma),
    domain=((0, inf), (-inf, inf)),
    keywords={"input": "x"},
    accuracy="beside its zeros at negative x as many ulp off as the terms are larger that cancel there; "
    "for n > 170 as many as n is large",
    flops=4000,
    convention="nan unless n is one of 0, 1, 2, ..., and for n > 170 at negative x",
    latex=r"\psi^{{({0})}}\left({1}\right)",
    defined="n one of 0, 1, 2, ... and x not one of 0, -1, -2, ...",
    doc="The n-th derivative of digamma.",
)

digamma = elementwise(
    "digamma(x)",
    d=lambda F, y, x: F.polygamma(1.0, x),
    numpy=double(_digamma),
    aliases=("psi",),
    accuracy="the second derivative beside its zeros at negative x, where terms cancel",
    flops=11000,
    convention="nan at -1, -2, ...",
    latex=r"\psi\left({0}\right)",
    defined="x not one of 0, -1, -2, ...",
    doc="Derivative of the logarithm of gamma.",
)

gammaln = elementwise(
    "gammaln(x)",
    torch="lgamma",
    d=lambda F, y, x: F.digamma(x),
    numpy=double(_gammaln),
    sympy="loggamma",
    aliases=("lgamma",),
    accuracy="wrong for subnormal x",
    flops=12000,
    convention="inf at 0, -1, ...",
    latex=r"\ln \left|\Gamma\left({0}\right)\right|",
    defined="x not one of 0, -1, -2, ...",
    doc="Logarithm of the absolute value of gamma.",
)


def bell_polynomial(n: int, cumulants: Any) -> Any:
    """The n-th derivative of exp(f), divided by it: made of the derivatives ``cumulants`` of f, the first first."""
    found: list[Any] = [1.0]
    for k in range(n):
        found.append(sum(math.comb(k, i) * found[k - i] * cumulants[i] for i in range(k + 1)))
    return found[n]


def _gamma_derivative(n: int, x: Any) -> Any:
    return scipy.gamma(x) * bell_polynomial(n, [_polygamma(k, x) for k in range(n)])


gamma_derivative = elementwise(
    "gamma_derivative(n, x)",
    d=[None, lambda F, y, n, x: F.gamma_derivative(n + 1.0, x)],
    numpy=by_order(_gamma_derivative),
    sympy=lambda S, n, x: S.gamma(x) * S.Piecewise((1, S.Eq(n, 0)), (S.digamma(x), True)),
    domain=((0, inf), (-inf, inf)),
    accuracy="beside its zeros as many ulp off as the terms are larger that cancel there",
    flops=16000,
    internal=True,
    doc="The n-th derivative of gamma.",
)

gamma = elementwise(
    "gamma(x)",
    d=lambda F, y, x: F.gamma_derivative(1.0, x),
    numpy=double(scipy.gamma),
    accuracy="second derivatives at large negative x up to 20 ulp off",
    flops=120,
    convention="nan at -1, -2, ...",
    latex=r"\Gamma\left({0}\right)",
    defined="x not one of 0, -1, -2, ...",
    doc="Gamma function.",
)

# Differences

_SHIFT = 10


def _step(n: int, a: Any, b: Any) -> Any:
    """Differences of terms that are alike, each as a factor of the term; where an argument is negative, of values."""
    positive = (a > 0) & (a + b > 0)
    return chosen(positive, lambda a, b: _steps(n, a, b), lambda a, b: _polygamma(n, a + b) - _polygamma(n, a), a, b)


def _steps(n: int, a: Any, b: Any) -> Any:
    """By the sum of the first terms and the Euler-Maclaurin formula for the rest (DLMF 25.11.5)."""
    s = n + 1
    total = sum(_change(s, a + k, b) for k in range(_SHIFT))
    a = a + _SHIFT
    total = total + (_change(s - 1, a, b) / n if n else -np.log1p(b / a)) + 0.5 * _change(s, a, b)
    factor = 1.0
    for k, bernoulli in enumerate(BERNOULLI, 1):
        factor = float(bernoulli) * math.prod(range(s, s + 2 * k - 1)) / math.factorial(2 * k)
        total = total + factor * _change(s + 2 * k - 1, a, b)
    return -((-1) ** n) * math.factorial(n) * total


def _change(s: int, a: Any, b: Any) -> Any:
    """(a + b)^-s - a^-s."""
    return -(b / (a + b)) / a if s == 1 else a**-s * np.expm1(-s * np.log1p(b / a))


polygamma_step = elementwise(
    "polygamma_step(n, a, b)",
    d=[
        None,
        lambda F, y, n, a, b: F.polygamma_step(n + 1.0, a, b),
        lambda F, y, n, a, b: F.polygamma(n + 1.0, a + b),
    ],
    numpy=by_order(_step),
    sympy=lambda S, n, a, b: S.polygamma(n, a + b) - S.polygamma(n, a),
    accuracy="the second derivative up to 4.3 ulp",
    domain=((0, inf), (0, inf), (0, inf)),
    flops=5500,
    internal=True,
    doc="polygamma(n, a + b) - polygamma(n, a), of which the two may be nearly the same.",
)


def stirling(x: Any) -> Any:
    """log gamma(x) less Stirling's formula for it, for x ≥ 10 (DLMF 5.11.1)."""
    return sum(float(b) / (2 * k * (2 * k - 1)) / x ** (2 * k - 1) for k, b in enumerate(BERNOULLI[:10], 1))


def excess(a: Any, x: Any) -> Any:
    """x - a - a log(x/a), which is never negative, by a form that does not cancel (C. Loader)."""
    v = (a - x) / (a + x)
    series: Any = 0.0
    for k in range(10, 0, -1):
        series = v * v * (1 / (2 * k + 1) + series)
    return np.where(np.abs(v) < 0.1, (a - x) * v + 2 * a * v * series, x - a - a * np.log(x / a))
