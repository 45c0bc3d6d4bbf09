"""Modified Bessel functions scaled by an exponential.

The derivatives, as differences of such functions, would cancel: they are integrals of positive functions (DLMF 10.32).
"""

from __future__ import annotations

import math
from math import inf, pi
from typing import Any

import numpy as np
from scipy import special as scipy

from engine.kinds import elementwise
from engine.primitives.numeric import by_order, chosen, double, integral
from engine.primitives.pairs import Pair

_CIRCLE = 64
_BEYOND = 40.0
_FALLS = 2 * np.sin((np.arange(_CIRCLE) + 0.5) * (pi / 2 / _CIRCLE)) ** 2
"""1 - cos θ at evenly spread θ, where the trapezoidal rule is exact to 1e-30 for x up to 40."""


def _scaled_i(n: int, x: Any) -> Any:
    if n == 0:
        return scipy.i0e(x)
    return chosen(x < _BEYOND, lambda x: _around(n, x), lambda x: _beyond(n, x), x)


def _around(n: int, x: Any) -> Any:
    return np.add.reduce(_FALLS**n * np.exp(-x[:, None] * _FALLS), axis=-1) / _CIRCLE


def _beyond(n: int, x: Any) -> Any:
    """With 1 - cos θ = r²/x; the integrand is nothing long before the end of the interval."""

    def density(r: Any, x: Any) -> Any:
        return np.where(r * r < 1.9 * x, r ** (2 * n) * np.exp(-r * r) / np.sqrt(np.maximum(2 - r * r / x, 0.1)), 0.0)

    return 2 / pi * x ** (-n - 0.5) * integral(density, np.ones_like(x), x)


def _scaled_i_spelled(S: Any, n: Any, x: Any) -> Any:
    scaled = [S.exp(-x) * S.besseli(order, x) for order in (0, 1)]
    return S.Piecewise((scaled[0], S.Eq(n, 0)), (scaled[0] - scaled[1], True))


scaled_i = elementwise(
    "scaled_i(n, x)",
    d=[None, lambda F, y, n, x: -F.scaled_i(n + 1.0, x)],
    numpy=by_order(_scaled_i),
    sympy=_scaled_i_spelled,
    domain=((0, inf), (0, inf)),
    flops=15000,
    internal=True,
    doc="The n-th derivative of exp(-x) I0(x), without its sign: the mean of (1 - cos t)**n exp(-x (1 - cos t)).",
)


def _scaled_i1(n: int, x: Any) -> Any:
    """The difference of two scaled functions; around the zero of the first derivative, in pairs."""
    if n == 0:
        return scipy.i1e(x)
    found = _scaled_i(n, x) - _scaled_i(n + 1, x)
    close = (x < 2.5) & (n == 1)
    if close.any():
        found[close] = _slope_of_i1e(x[close])
    return found


def _slope_of_i1e(x: Any) -> Any:
    """exp(-x) (I1 + I1/x - I0), by power series in pairs."""
    quarter = Pair(x) * x * 0.25
    term = Pair(np.ones_like(x))
    total = Pair(np.zeros_like(x))
    for k in range(30):
        total = total + term * ((Pair(x) * 0.5 + 0.5) / (k + 1.0) - 1.0)
        term = term * quarter / float((k + 1) ** 2)
    return np.exp(-x) * total.rounded


def _scaled_i1_spelled(S: Any, n: Any, x: Any) -> Any:
    value, before = (S.exp(-x) * S.besseli(order, x) for order in (1, 0))
    return S.Piecewise((value, S.Eq(n, 0)), (value + value / x - before, True))


scaled_i1 = elementwise(
    "scaled_i1(n, x)",
    d=[None, lambda F, y, n, x: -F.scaled_i1(n + 1.0, x)],
    numpy=by_order(_scaled_i1),
    sympy=_scaled_i1_spelled,
    accuracy="its derivatives up to 6 ulp",
    domain=((0, inf), (0, inf)),
    flops=40000,
    internal=True,
    doc="The n-th derivative of exp(-x) I1(x), with the sign of (-1)**n.",
)

i0e = elementwise(
    "i0e(x)",
    d=lambda F, y, x: -F.sign(x) * F.scaled_i(1.0, F.abs(x)),
    numpy=double(scipy.i0e),
    sympy=lambda S, x: S.exp(-S.Abs(x)) * S.besseli(0, x),
    kink=lambda x: x == 0,
    convention="0 at 0",
    accuracy="the value up to 6 ulp off",
    flops=500,
    derivative=["i1e(x) - sign(x) * i0e(x)"],
    doc="exp(-|x|) i0(x).",
)

i1e = elementwise(
    "i1e(x)",
    d=lambda F, y, x: -F.scaled_i1(1.0, F.abs(x)),
    numpy=double(scipy.i1e),
    sympy=lambda S, x: S.exp(-S.Abs(x)) * S.besseli(1, x),
    convention="1/2 at 0, and 0 for the second derivative, which jumps there",
    accuracy="the value up to 6 ulp off",
    flops=500,
    derivative=["i0e(x) - sign(x) * i1e(x) - i1e(x) / x"],
    doc="exp(-|x|) i1(x).",
)


def _scaled_k(n: int, x: Any) -> Any:
    """With z = sinh(t/2), so that cosh t - 1 = 2z²."""
    if n == 0:
        return scipy.k0e(x)

    def density(z: Any, x: Any) -> Any:
        return 2 * (2 * z * z) ** n * np.exp(-2 * x * z * z) / np.sqrt(1 + z * z)

    return np.where(x > 0, integral(density, np.sqrt(0.5 / x), x), np.where(x == 0, inf, math.nan))


def _scaled_k_spelled(S: Any, n: Any, x: Any) -> Any:
    scaled = [S.exp(x) * S.besselk(order, x) for order in (0, 1)]
    return S.Piecewise((scaled[0], S.Eq(n, 0)), (scaled[1] - scaled[0], True))


scaled_k = elementwise(
    "scaled_k(n, x)",
    d=[None, lambda F, y, n, x: -F.scaled_k(n + 1.0, x)],
    numpy=by_order(_scaled_k),
    sympy=_scaled_k_spelled,
    accuracy="the value up to 6 ulp",
    domain=((0, inf), (0, inf)),
    flops=20000,
    internal=True,
    doc="The n-th derivative of exp(x) K0(x), without its sign: the integral of (cosh t - 1)**n exp(x - x cosh t).",
)

scaled_modified_bessel_k0 = elementwise(
    "scaled_modified_bessel_k0(x)",
    d=lambda F, y, x: -F.scaled_k(1.0, x),
    numpy=double(scipy.k0e),
    sympy=lambda S, x: S.exp(x) * S.besselk(0, x),
    aliases=("k0e",),
    domain=(0, inf),
    accuracy="the value up to 6 ulp off; wrong for subnormal x",
    flops=500,
    convention="inf at 0, nan for negative x",
    derivative=["k0e(x) - k1e(x)"],
    doc="exp(x) k0(x).",
)

scaled_modified_bessel_k1 = elementwise(
    "scaled_modified_bessel_k1(x)",
    d=lambda F, y, x: -(F.scaled_k(1.0, x) + F.scaled_k(2.0, x)),
    numpy=double(scipy.k1e),
    sympy=lambda S, x: S.exp(x) * S.besselk(1, x),
    aliases=("k1e",),
    domain=(0, inf),
    accuracy="the value up to 6 ulp off; wrong for subnormal x",
    flops=500,
    convention="inf at 0, nan for negative x",
    derivative=["k1e(x) - k0e(x) - k1e(x) / x"],
    doc="exp(x) k1(x).",
)
