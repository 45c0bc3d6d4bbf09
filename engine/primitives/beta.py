"""The beta function and the incomplete one.

A derivative by a parameter is an integral of powers of logarithms, over the side of the argument where less of it
cancels. Formulas are in the DLMF, chapters 5.12 and 8.17.
"""

from __future__ import annotations

import math
from math import inf, pi
from typing import Any

import numpy as np
from scipy import special as scipy

from engine.kinds import elementwise
from engine.primitives.gamma import excess, gammaln, polygamma, polygamma_step, stirling
from engine.primitives.numeric import chosen, double, integral, with_orders

# The beta function


def _rise(p: Any, q: Any) -> Any:
    """log gamma(q + p) - log gamma(q) - p log(q), for p ≤ q."""
    ratio = np.log1p(p / q)
    v = p / (2 * q + p)
    series = sum(v ** (2 * k) / (2 * k + 1) for k in range(9, 0, -1))
    surplus = np.where(v < 0.1, 2 * q * v * series - p * v, q * ratio - p)
    return surplus + (p - 0.5) * ratio + (stirling(q + p) - stirling(q))


def _beta(a: Any, b: Any) -> Any:
    return chosen((a > 0) & (b > 0) & (np.maximum(a, b) > 10), _large_beta, scipy.beta, a, b)


def _large_beta(a: Any, b: Any) -> Any:
    p, q = np.minimum(a, b), np.maximum(a, b)
    powers = (p < 10) | ((p < 100) & (p * np.log(q) < 1300))
    return chosen(powers, _beta_by_powers, _beta_of_large, p, q)


def _beta_by_powers(p: Any, q: Any) -> Any:
    half = q ** (-0.5 * p)
    return scipy.gamma(p) * half * np.exp(-_rise(p, q)) * half


def _beta_of_large(p: Any, q: Any) -> Any:
    exponent = stirling(p) + stirling(q) - stirling(p + q)
    root = np.sqrt(2 * pi * (1 / p + 1 / q))
    return root * np.exp(-p * np.log1p(q / p)) * np.exp(-q * np.log1p(p / q)) * np.exp(exponent)


def _betaln(a: Any, b: Any) -> Any:
    return chosen((a > 0) & (b > 0) & (np.maximum(a, b) > 10), _large_betaln, _small_betaln, a, b)


def _small_betaln(a: Any, b: Any) -> Any:
    usual = (np.minimum(a, b) > 1e-100) & (np.maximum(a, b) <= 10)
    return chosen(usual, lambda a, b: np.log(scipy.beta(a, b)), scipy.betaln, a, b)


def _large_betaln(a: Any, b: Any) -> Any:
    p, q = np.minimum(a, b), np.maximum(a, b)
    return chosen(p < 10, lambda p, q: gammaln.numpy(p) - p * np.log(q) - _rise(p, q), _betaln_of_large, p, q)


def _betaln_of_large(p: Any, q: Any) -> Any:
    exponent = stirling(p) + stirling(q) - stirling(p + q)
    return 0.5 * np.log(2 * pi * (1 / p + 1 / q)) - p * np.log1p(q / p) - q * np.log1p(p / q) + exponent


betaln = elementwise(
    "betaln(a, b)",
    d=[lambda F, y, a, b: -F.polygamma_step(0.0, a, b), lambda F, y, a, b: -F.polygamma_step(0.0, b, a)],
    numpy=double(_betaln),
    sympy=lambda S, a, b: S.loggamma(a) + S.loggamma(b) - S.loggamma(a + b),
    domain=(0, inf),
    accuracy="beside its zeros off by ulp of the terms that cancel; derivatives wrong where 1/a**2 overflows",
    flops=2000,
    defined="a and b not one of 0, -1, -2, ...",
    latex=r"\ln \left|\mathrm{{B}}\left({0}, {1}\right)\right|",
    derivative=["digamma(a) - digamma(a + b)", "digamma(b) - digamma(a + b)"],
    doc="Logarithm of the absolute value of beta.",
)


# Integrals of the density


def mixed_polynomial(m: int, n: int, cumulants: Any) -> Any:
    """The derivative of exp(f), m times by one variable and n times by another, divided by it; ``cumulants`` are
    those of f itself.
    """
    if m:
        return sum(
            math.comb(m - 1, i) * math.comb(n, j) * mixed_polynomial(m - 1 - i, n - j, cumulants) * cumulants[i + 1, j]
            for i in range(m)
            for j in range(n + 1)
        )
    if n:
        return sum(
            math.comb(n - 1, j) * mixed_polynomial(0, n - 1 - j, cumulants) * cumulants[0, j + 1] for j in range(n)
        )
    return 1.0


Orders = list[tuple[int, int]]


def _orders(m: int, n: int) -> Orders:
    return [(i, j) for i in range(m + 1) for j in range(n + 1) if i or j]


def _constants(m: int, n: int, a: Any, b: Any) -> list[Any]:
    """The derivatives of -log beta(a, b), in the order of `_orders`."""
    return [
        polygamma.numpy(float(i + j - 1), a + b)
        if i and j
        else polygamma_step.numpy(float(i - 1), a, b)
        if i
        else polygamma_step.numpy(float(j - 1), b, a)
        for i, j in _orders(m, n)
    ]


def _polynomial(m: int, n: int, log_t: Any, log_rest: Any, constants: Any) -> Any:
    """The derivatives by a and b of t^a (1 - t)^b exp(f(a, b)), divided by it, from those of f."""
    cumulants = dict(zip(_orders(m, n), constants, strict=True))
    for order, logarithm in (((1, 0), log_t), ((0, 1), log_rest)):
        if order in cumulants:
            cumulants[order] = cumulants[order] + logarithm
    return mixed_polynomial(m, n, cumulants)


def _left(m: int, n: int, a: Any, b: Any, x: Any, y: Any, constants: list[Any], vanishing: int = 0) -> Any:
    """The integral of the density times the polynomial, which is ``vanishing`` like a power at 0, from 0 to x = 1 - y;
    with t = x exp(-v).
    """

    def density(v: Any, a: Any, b: Any, x: Any, ratio: Any, log_x: Any, log_y: Any, *constants: Any) -> Any:
        growth = np.log1p(-ratio * np.expm1(-v))
        t = x * np.exp(-v)
        log_rest = np.where(t < 0.5, np.log1p(-t), log_y + growth)
        return np.exp((b - 1) * growth - a * v) * _polynomial(m, n, log_x - v, log_rest, constants)

    ratio = x / y
    rate = a + vanishing
    fall = np.sqrt(rate) + np.maximum(rate - np.maximum(b - 1, 0) * ratio, 0)
    scale = 1 / np.where(rate < 1, rate, fall)
    log_x, log_y = (np.where(p < 0.5, np.log(p), np.log1p(-q)) for p, q in ((x, y), (y, x)))
    return _density(a, b, x, y) * x * integral(density, scale, a, b, x, ratio, log_x, log_y, *constants)


def _density(a: Any, b: Any, x: Any, y: Any) -> Any:
    found = chosen((a < 10) | (b < 10), _plain_density, _density_of_large, a, b, x, y)
    return np.where((x < 0) | (y < 0), math.nan, found)


def _plain_density(a: Any, b: Any, x: Any, y: Any) -> Any:
    """Powers of what is near 1 by its distance from 1."""
    left = np.where(x < 0.5, x ** (a - 1), np.exp((a - 1) * np.log1p(-y)))
    right = np.where(y < 0.5, y ** (b - 1), np.exp((b - 1) * np.log1p(-x)))
    return left * right / beta.numpy(a, b)


def _density_of_large(a: Any, b: Any, x: Any, y: Any) -> Any:
    total = a + b
    exponent = stirling(total) - stirling(a) - stirling(b) - excess(a, total * x) - excess(b, total * y)
    return np.sqrt(a / total * b / (2 * pi)) * np.exp(exponent) / x / y


def _beta_by(a: Any, b: Any, m: int, n: int) -> Any:
    """Of one argument by the derivatives of the logarithm, all of one sign; of both by integrals, which are, too."""
    if m and n:
        return chosen((a > 0) & (b > 0), lambda a, b: _by_both(a, b, m, n), lambda a, b: _by_one(a, b, m, n), a, b)
    return _by_one(a, b, m, n)


def _by_one(a: Any, b: Any, m: int, n: int) -> Any:
    constants = [-c for c in _constants(m, n, a, b)]
    return beta.numpy(a, b) * mixed_polynomial(m, n, dict(zip(_orders(m, n), constants, strict=True)))


def _by_both(a: Any, b: Any, m: int, n: int) -> Any:
    x, y, none = (a + 1) / (a + b + 2), (b + 1) / (a + b + 2), [0.0 * a] * len(_orders(m, n))
    return beta.numpy(a, b) * (_left(m, n, a, b, x, y, none, n) + _left(n, m, b, a, y, x, none, m))


beta_by = with_orders(
    "beta_by(a, b, /, m=0, n=0)",
    d=[
        lambda F, y, a, b, m, n: F.beta_by(a, b, m=m + 1, n=n),
        lambda F, y, a, b, m, n: F.beta_by(a, b, m=m, n=n + 1),
    ],
    numpy=_beta_by,
    domain=(0, inf),
    examples=[
        (((), ()), {"m": 0, "n": 0}),
        (((3,), ()), {"m": 1, "n": 0}),
        (((2,), (2,)), {"m": 0, "n": 2}),
        (((2, 1), (2,)), {"m": 1, "n": 1}),
    ],
    flops=lambda m, n: 1600 + 1500 * (m + n) + 100000 * m * n,
    internal=True,
    doc="The derivative of beta, m times by a and n times by b.",
)

beta = elementwise(
    "beta(a, b)",
    d=[lambda F, y, a, b: F.beta_by(a, b, m=1, n=0), lambda F, y, a, b: F.beta_by(a, b, m=0, n=1)],
    closed=[
        lambda F, y, a, b: y * (F.digamma(a) - F.digamma(a + b)),
        lambda F, y, a, b: y * (F.digamma(b) - F.digamma(a + b)),
    ],
    numpy=double(_beta),
    sympy=lambda S, a, b: S.gamma(a) * S.gamma(b) / S.gamma(a + b),
    domain=(0, inf),
    accuracy="up to 12 ulp off, and where both arguments are large or an argument is beyond 1e150 by more",
    flops=2300,
    defined="a and b not one of 0, -1, -2, ...",
    latex=r"\mathrm{{B}}\left({0}, {1}\right)",
    derivative=["beta(a, b) * (digamma(a) - digamma(a + b))", "beta(a, b) * (digamma(b) - digamma(a + b))"],
    doc="Beta function gamma(a) gamma(b) / gamma(a + b).",
)

# The incomplete beta function


_TERMS = np.arange(70.0)


def _betainc_by(a: Any, b: Any, x: Any, m: int, n: int) -> Any:
    """From 0 to x or from x to 1, where less cancels."""
    if m == n == 0:
        return scipy.betainc(a, b, x)
    y = 1 - x
    if n == 0:
        lower = _from_below(a, b, x, y)
    elif m == 0:
        lower = ~_from_below(b, a, y, x)
    else:
        lower = x < (a + 1) / (a + b + 2)
    found = chosen(
        lower,
        lambda a, b, x, y: _part(m, n, a, b, x, y),
        lambda a, b, x, y: -_part(n, m, b, a, y, x),
        *(a, b, x, y),
    )
    return np.where((x == 0) | (x == 1), 0.0, found)


def _from_below(a: Any, b: Any, x: Any, y: Any) -> Any:
    """Whether the derivative by a has one sign from 0 to x; or its power series nearly has."""
    slope = np.where(x < 0.5, np.log(x), np.log1p(-y)) + polygamma_step.numpy(0.0, a, b)
    return (slope < 0) | ((slope < 1 / a) & _is_near(a, b, x))


def _is_near(a: Any, b: Any, x: Any) -> Any:
    """Whether the power series at 0 converges fast."""
    return (x <= 0.5) & ((a + b < 4) | (x * (a + b) < 2))


def _part(m: int, n: int, a: Any, b: Any, x: Any, y: Any) -> Any:
    return chosen(
        _is_near(a, b, x),
        lambda a, b, x, y: _power_series(m, n, a, b, x, y),
        lambda a, b, x, y: _left(m, n, a, b, x, y, _constants(m, n, a, b)),
        *(a, b, x, y),
    )


def _power_series(m: int, n: int, a: Any, b: Any, x: Any, y: Any) -> Any:
    """The sum of x^(a+k) y^b gamma(a+b+k)/gamma(a+k+1)/gamma(b) over k (DLMF 8.17.8), term by term."""
    first = _density(a, b, x, y) * x * y / a
    a, b, x, y = (operand[:, None] for operand in (a, b, x, y))
    factors = x * (a + b + _TERMS) / (a + _TERMS + 1)
    terms = np.cumprod(np.concatenate([np.ones_like(a), factors[:, :-1]], axis=1), axis=1)
    constants = [
        polygamma.numpy(float(i + j - 1), a + b + _TERMS)
        if i and j
        else _fall(i - 1, a + _TERMS, b)
        if i
        else polygamma_step.numpy(float(j - 1), b, a + _TERMS)
        for i, j in _orders(m, n)
    ]
    return first * np.add.reduce(terms * _polynomial(m, n, np.log(x), np.log1p(-x), constants), axis=1)


def _fall(k: int, a: Any, b: Any) -> Any:
    """polygamma(k, a + b) - polygamma(k, a + 1), from the smaller of the two arguments."""
    upward = polygamma_step.numpy(float(k), a + 1, np.maximum(b - 1, 0.0))
    return np.where(b < 1, -polygamma_step.numpy(float(k), a + b, np.maximum(1 - b, 0.0)), upward)


def _beta_density_by(a: Any, b: Any, x: Any, m: int, n: int) -> Any:
    factor = _polynomial(m, n, np.log(x), np.log1p(-x), _constants(m, n, a, b))
    return _density(a, b, x, 1 - x) * factor


def _density_by_x(F: Any, y: Any, a: Any, b: Any, x: Any, m: int, n: int) -> Any:
    """The density's derivative by x, differentiated m and n times by a and b."""
    total = y * ((a - 1.0) / x - (b - 1.0) / (1.0 - x))
    if m:
        total = total + float(m) * F.beta_density_by(a, b, x, m=m - 1, n=n) / x
    return total - float(n) * F.beta_density_by(a, b, x, m=m, n=n - 1) / (1.0 - x) if n else total


_UNIT: Any = ((0, inf), (0, inf), (0, 1))
_EXAMPLES: Any = [
    (((), (), ()), {"m": 0, "n": 0}),
    (((2, 1), (), (2,)), {"m": 1, "n": 0}),
    (((2,), (2,), ()), {"m": 0, "n": 1}),
    (((), (), ()), {"m": 1, "n": 1}),
]

beta_density_by = with_orders(
    "beta_density_by(a, b, x, /, m=0, n=0)",
    d=[
        lambda F, y, a, b, x, m, n: F.beta_density_by(a, b, x, m=m + 1, n=n),
        lambda F, y, a, b, x, m, n: F.beta_density_by(a, b, x, m=m, n=n + 1),
        _density_by_x,
    ],
    numpy=_beta_density_by,
    domain=_UNIT,
    examples=_EXAMPLES,
    flops=lambda m, n: 2100 + 2500 * (m + n),
    internal=True,
    doc="The density of the beta distribution, differentiated m times by a and n times by b.",
)

betainc_by = with_orders(
    "betainc_by(a, b, x, /, m=0, n=0)",
    d=[
        lambda F, y, a, b, x, m, n: F.betainc_by(a, b, x, m=m + 1, n=n),
        lambda F, y, a, b, x, m, n: F.betainc_by(a, b, x, m=m, n=n + 1),
        lambda F, y, a, b, x, m, n: F.beta_density_by(a, b, x, m=m, n=n),
    ],
    numpy=_betainc_by,
    domain=_UNIT,
    examples=_EXAMPLES,
    flops=lambda m, n: 1400 + 180000 * (m + n),
    internal=True,
    doc="The incomplete beta function, differentiated m times by a and n times by b.",
)
