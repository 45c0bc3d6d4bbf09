"""Special functions that stand alone: the zeta function, exponential integrals and Lambert's W."""

from __future__ import annotations

import math
from math import inf
from typing import Any

import numpy as np
from scipy import special as scipy

from engine.kinds import elementwise
from engine.primitives.gamma import BERNOULLI
from engine.primitives.numeric import chosen, double, with_orders
from engine.primitives.pairs import Pair

# The zeta function

_SHIFT = 12

Jet = list[Any]
"""Taylor's coefficients of a function of s, at arrays of s."""


def _zeta_by(s: Any, q: Any, n: int) -> Any:
    """By the Euler-Maclaurin formula (DLMF 25.11.5), each term a jet of s."""
    if n == 0:
        return scipy.zeta(s, q)
    total = [sum(parts) for parts in zip(*(_power(n, q + k, s) for k in range(_SHIFT)), strict=True)]
    far = q + _SHIFT
    last = _power(n, far, s)
    over = [(-1) ** k * far / (s - 1) ** (k + 1) for k in range(n + 1)]
    total = _added(total, _times(last, over), [0.5 * c for c in last])
    rising: Jet = [s / far, 1 / far, *[0.0] * n][: n + 1]
    for k, bernoulli in enumerate(BERNOULLI[:10], 1):
        for place in (2 * k - 3, 2 * k - 2) if k > 1 else ():
            rising = _times(rising, [(s + place) / far, 1 / far, *[0.0] * n][: n + 1])
        total = _added(total, [float(bernoulli) / math.factorial(2 * k) * c for c in _times(last, rising)])
    return np.where(s > 1, math.factorial(n) * total[n], math.nan)


def _power(n: int, x: Any, s: Any) -> Jet:
    """x^-s."""
    return [x**-s * (-np.log(x)) ** k / math.factorial(k) for k in range(n + 1)]


def _times(a: Jet, b: Jet) -> Jet:
    return [sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))]


def _added(*jets: Jet) -> Jet:
    return [sum(parts) for parts in zip(*jets, strict=True)]


def _zeta_by_q(F: Any, y: Any, s: Any, q: Any, n: int) -> Any:
    found = -s * F.zeta_by(s + 1.0, q, n=n)
    found = found - float(n) * F.zeta_by(s + 1.0, q, n=n - 1) if n else found
    return F.where(s < 1.0, math.nan * s, found)


zeta_by = with_orders(
    "zeta_by(s, q, /, n=0)",
    d=[lambda F, y, s, q, n: F.zeta_by(s, q, n=n + 1), _zeta_by_q],
    numpy=_zeta_by,
    domain=((1, inf), (0, inf)),
    examples=[(((), ()), {"n": 0}), (((3,), ()), {"n": 1}), (((2, 1), (2,)), {"n": 2})],
    flops=lambda n: 1300 + 3500 * n,
    internal=True,
    doc="The n-th derivative by s of Hurwitz's zeta function.",
)

# Exponential integrals


def _expi(x: Any) -> Any:
    return chosen(x < 40, scipy.expi, _large_expi, x)


def _large_expi(x: Any) -> Any:
    """exp(x)/x times an asymptotic series (DLMF 6.12.2)."""
    total: Any = 1.0
    for k in range(40, 0, -1):
        total = 1.0 + total * k / x
    half = np.exp(0.5 * x)
    return np.where(x == inf, inf, half / x * total * half)


expi = elementwise(
    "expi(x)",
    d=lambda F, y, x: F.exp(x) / x,
    numpy=double(_expi),
    sympy="Ei",
    domain=(-inf, 700),
    accuracy="the value up to 9 ulp off around -1; the second derivative of subnormal x is infinite",
    flops=1000,
    convention="-inf at 0",
    defined="x different from 0",
    latex=r"\operatorname{{Ei}}\left({0}\right)",
    doc="Exponential integral Ei(x), the principal value.",
)

exp1 = elementwise(
    "exp1(x)",
    d=lambda F, y, x: F.where(x < 0, math.nan * x, -F.exp(-x) / x),
    numpy=double(scipy.exp1),
    sympy=lambda S, x: -S.Ei(-x),
    domain=(0, inf),
    accuracy="the value up to 9 ulp off",
    flops=600,
    convention="inf at 0, nan for negative x",
    latex=r"E_1\left({0}\right)",
    doc="Exponential integral E1(x), of exp(-t)/t from x on.",
)

# Lambert's W

_E = Pair(math.e, 1.4456468917292502e-16)
_CLOSE = 0.3


def _branch_series(count: int) -> list[float]:
    """The coefficients of 1 + W in powers of √(2 (e x + 1)) (R. Corless et al., On the Lambert W function, 4.22)."""
    mu, alpha = [-1.0, 1.0], [2.0, -1.0]
    for k in range(2, count):
        alpha.append(sum(mu[j] * mu[k + 1 - j] for j in range(2, k)))
        mu.append((k - 1) / (k + 1) * (mu[k - 2] / 2 + alpha[k - 2] / 4) - alpha[k] / 2 - mu[k - 1] / (k + 1))
    return [0.0, *mu[1:]]


_SERIES = np.array(_branch_series(28)[::-1])


def _distance(x: Any) -> Any:
    """√(2 (e x + 1)), and 0 for what -1/e rounds to."""
    inside = (_E * x + 1.0).rounded
    return np.sqrt(2 * np.where(np.abs(inside) < 1e-15, np.abs(inside) * (inside > 0), inside))


def _w(k: int, x: Any) -> tuple[Any, Any]:
    """W, and 1 + W, to all digits near the branch point too."""
    p = _distance(x) * (1 if k == 0 else -1)
    near = np.abs(p) < _CLOSE
    outside = np.isnan(p) | ((x > 0) & (k == -1))
    w = np.where(outside, math.nan, np.real(scipy.lambertw(x, k)))
    above = np.where(near, np.polyval(_SERIES, np.where(near, p, 0.0)), 1 + w)
    return np.where(near, above - 1, w), above


def _slope(k: int, x: Any) -> Any:
    w, above = _w(k, x)
    return np.where(np.abs(w) < 1, np.exp(-w), np.where(x == 0, -inf, w / x)) / np.where(np.isinf(above), 1, above)


lambertw_slope = elementwise(
    "lambertw_slope(x)",
    d=lambda F, y, x: -F.square(y) * (1.0 + y * F.exp(F.lambertw_upper(x))),
    numpy=double(lambda x: _slope(0, x)),
    sympy=lambda S, x: S.exp(-S.LambertW(x)) / (1 + S.LambertW(x)),
    accuracy="its derivatives up to 9 ulp",
    domain=(-1 / math.e, inf),
    flops=2200,
    internal=True,
    doc="The derivative of the principal branch of Lambert's W.",
)

lambertw_upper = elementwise(
    "lambertw_upper(x)",
    d=lambda F, y, x: F.lambertw_slope(x),
    numpy=double(lambda x: _w(0, x)[0]),
    sympy=lambda S, x: S.LambertW(x),
    accuracy="the second derivative up to 8 ulp",
    domain=(-1 / math.e, inf),
    flops=1500,
    internal=True,
    doc="The principal branch of Lambert's W.",
)

lambertw_lower_slope = elementwise(
    "lambertw_lower_slope(x)",
    d=lambda F, y, x: -F.square(y) * (1.0 + y * F.exp(F.lambertw_lower(x))),
    numpy=double(lambda x: _slope(-1, x)),
    sympy=lambda S, x: S.exp(-S.LambertW(x, -1)) / (1 + S.LambertW(x, -1)),
    domain=(-0.2, 0),
    accuracy="the derivative beside its zero at -0.271 off by ulp of the terms that cancel",
    flops=2000,
    internal=True,
    doc="The derivative of the lower branch of Lambert's W.",
)

lambertw_lower = elementwise(
    "lambertw_lower(x)",
    d=lambda F, y, x: F.lambertw_lower_slope(x),
    numpy=double(lambda x: _w(-1, x)[0]),
    sympy=lambda S, x: S.LambertW(x, -1),
    accuracy="wrong for subnormal numbers",
    domain=(-1 / math.e, 0),
    flops=1900,
    internal=True,
    doc="The lower branch of Lambert's W.",
)
