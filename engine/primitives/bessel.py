"""Bessel functions.

Derivatives are by recurrences that do not cancel (DLMF 10.6, 10.29). Values are SciPy's, but beside the zeros of J and
Y and far out: there they come from the power series in twice the precision and from the asymptotic expansion (DLMF
10.17). Orders are arrays like the arguments; how long a rule takes is not to depend on how large they are.
"""

from __future__ import annotations

from math import inf, nan, pi, prod
from typing import Any

import numpy as np
from scipy import special as scipy

from engine.kinds import Unknown, elementwise
from engine.namespace import Rule
from engine.primitives.numeric import chosen, double
from engine.primitives.pairs import EULER, PI, Pair, log

_ORDER = "the derivative of {} by its order v is not implemented"

# J and Y

_FAR = 25.0
_FARTHEST = 1e5
_HIGHEST = 100.0
"""The order beyond which values are SciPy's everywhere."""
_QUARTER = (0.7853981629014015, 4.960467895817611e-10, 2.585091489445125e-19, 1.4519279869896803e-28)
"""π/4 in parts of 30 bits, which whole numbers of 22 bits multiply exactly."""


def _waves(v: Any, x: Any) -> tuple[Any, Any]:
    """J and Y for large x: amplitude times cosine and sine of the phase, from which π is taken without rounding."""
    even, odd = _hankel(v, 1 / x, 26)
    amplitude = np.sqrt(2 / pi / x) * np.hypot(even, odd)
    phase, count = _turned(x)
    whole = (phase + np.arctan2(odd, even)).rounded
    close = np.abs(np.sin(2 * whole)) < 0.05
    if close.any():
        angle = _angle(v[close], Pair(1.0) / x[close])
        whole[close] = (Pair(phase.high[close], phase.low[close]) + angle).rounded
    turned = ((count - v) % 4).astype(np.int64)
    c, s = np.cos(whole), np.sin(whole)
    return amplitude * np.choose(turned, [c, -s, -c, s]), amplitude * np.choose(turned, [s, c, -s, -c])


def _turned(x: Any) -> tuple[Pair, Any]:
    """x - π/4 less a number of right angles, and that number; of huge x, by its sine and cosine, none."""
    huge = x >= _FARTHEST
    count = np.where(huge, 0.0, np.round(x / (pi / 2) - 0.5))
    phase = Pair(x)
    for part in _QUARTER:
        phase = phase - (2 * count + 1) * part
    s, c = np.sin(x), np.cos(x)
    return Pair(np.where(huge, np.arctan2(s - c, s + c), phase.high), np.where(huge, 0.0, phase.low)), count


def _hankel(v: Any, inverse: Any, count: int) -> tuple[Any, Any]:
    """The series of even and of odd terms of Hankel's expansion in 1/x (DLMF 10.17.3)."""
    term = inverse * 0.0 + 1.0
    sums = [term, inverse * 0.0]
    for k in range(1, count):
        term = term * inverse * (4 * v * v - (2 * k - 1) ** 2) / (8.0 * k)
        sums[k % 2] = sums[k % 2] + (term if k % 4 < 2 else -term)
    return sums[0], sums[1]


def _angle(v: Any, inverse: Pair) -> Pair:
    """The arctangent of the quotient of the two series, which is small."""
    even, odd = _hankel(v, inverse, 40)
    quotient = odd / even
    total, power = quotient, quotient
    for k in range(3, 30, 2):
        power = -(power * quotient * quotient)
        total = total + power / float(k)
    return total  # type: ignore[no-any-return]


def _series(v: Any, x: Any) -> Pair:
    """J by its power series, in pairs."""
    quarter = Pair(x) * x * -0.25
    term = _first(v, x)
    total = term
    for k in range(1, _count(x)):
        term = term * quarter / (k * (k + v))
        total = total + term
    return total


def _count(x: Any) -> int:
    """How many terms of the series matter, up to x = 25."""
    return 25 + int(2 * x.max())


def _first(v: Any, x: Any) -> Pair:
    """(x/2)^v/v!, by as many factors as the largest order has."""
    term = Pair(np.ones_like(x))
    for k in range(1, int(v.max()) + 1):
        term = term * np.where(k <= v, x, 1.0) / np.where(k <= v, 2.0 * k, 1.0)
    return term


def _series_of_y(v: Any, x: Any) -> Pair:
    """Y of orders 0 and 1 by its power series, in pairs (DLMF 10.8.2)."""
    quarter = Pair(x) * x * -0.25
    term = _first(v, x)
    digammas = EULER * -2.0 + v
    total = term * digammas
    for k in range(1, _count(x)):
        term = term * quarter / (k * (k + v))
        digammas = digammas + Pair(1.0) / float(k) + Pair(1.0) / (k + v)
        total = total + term * digammas
    found = _series(v, x) * log(Pair(x) * 0.5) * 2.0 - total
    result: Pair = (found - Pair(2.0 * v) / x) / PI
    return result


def _sign(v: Any) -> Any:
    """(-1)^v."""
    return np.where(v % 2 == 0, 1.0, -1.0)


def _j(v: Any, x: Any) -> Any:
    """Of whole orders."""
    sign = np.where((v < 0) ^ (x < 0), _sign(v), 1.0)
    v, x = np.abs(v), np.abs(x)
    found = chosen((x < 1) & (v < _HIGHEST), _small_j, scipy.jv, v, x)
    return sign * _improved(v, x, found, _series, 0)


def _y(v: Any, x: Any) -> Any:
    """Of whole orders."""
    sign = np.where(v < 0, _sign(v), 1.0)
    v = np.abs(v)
    return sign * _improved(v, x, scipy.yv(v, x), _series_of_y, 1)


def _improved(v: Any, x: Any, found: Any, series: Any, which: int) -> Any:
    """The values ``found``, with others where they are small beside the amplitude, and where x is large."""
    close = (x >= 1 - which / 2) & (x < _FAR) & (np.abs(found) < 0.5 * np.sqrt(1 / (1 + x)))
    close &= v <= (1 if which else _HIGHEST)
    if close.any():
        found[close] = series(v[close], x[close]).rounded
    far = (x >= _FAR + v * v) & (v <= _HIGHEST)
    if far.any():
        found[far] = _waves(v[far], x[far])[which]
    return found


def _of_order(v: float, rule: Rule) -> Rule:
    return double(lambda x: rule(np.full_like(x, v), x))


def _small_j(v: Any, x: Any) -> Any:
    """The first terms of the power series, which alternate in sign and fall fast."""
    return _power_series(v, x, -0.25 * x * x, 12)


def _power_series(v: Any, x: Any, quarter: Any, count: int) -> Any:
    total: Any = 1.0
    for k in range(count, 0, -1):
        total = 1.0 + total * quarter / (k * (k + v))
    return (0.5 * x) ** v / scipy.gamma(v + 1) * total


def _jv(v: Any, x: Any) -> Any:
    """Whole orders by `_j`, others by SciPy."""
    whole = v == np.round(v)
    return chosen(whole, _j, _fractional_j, v, x)


def _fractional_j(v: Any, x: Any) -> Any:
    return chosen((x > 0) & (x < 1) & (v > -1), _small_j, scipy.jv, v, x)


def _yv(v: Any, x: Any) -> Any:
    return chosen(v == np.round(v), _y, scipy.yv, v, x)


jv = elementwise(
    "jv(v, x)",
    d=[Unknown(_ORDER.format("jv")), lambda F, y, v, x: 0.5 * (F.jv(v - 1.0, x) - F.jv(v + 1.0, x))],
    numpy=double(_jv),
    sympy="besselj",
    aliases=("jn", "besselj"),
    keywords={"n": "v", "z": "x"},
    domain=((0, inf), (0, inf)),
    accuracy="beside its zeros, and for orders beyond 100, off by ulp of the amplitude; for orders 0 and 1 only "
    "beyond 1e5",
    flops=20000,
    latex=r"J_{{{0}}}\left({1}\right)",
    defined="x >= 0, and x < 0 where v is a whole number",
    doc="Bessel function of the first kind, of order v.",
)

bessel_j0 = elementwise(
    "bessel_j0(x)",
    d=lambda F, y, x: -F.bessel_j1(x),
    numpy=_of_order(0, _j),
    sympy=lambda S, x: S.besselj(0, x),
    aliases=("j0",),
    accuracy="beside its zeros beyond 1e5, and for subnormal x, off by ulp of the amplitude",
    flops=13000,
    latex=r"J_0\left({0}\right)",
    doc="Bessel function of the first kind, of order 0.",
)

bessel_j1 = elementwise(
    "bessel_j1(x)",
    d=lambda F, y, x: 0.5 * (F.bessel_j0(x) - F.jv(2.0, x)),
    numpy=_of_order(1, _j),
    sympy=lambda S, x: S.besselj(1, x),
    aliases=("j1",),
    accuracy="beside its zeros beyond 1e5, and for subnormal x, off by ulp of the amplitude",
    flops=13000,
    latex=r"J_1\left({0}\right)",
    doc="Bessel function of the first kind, of order 1.",
)

yv = elementwise(
    "yv(v, x)",
    d=[Unknown(_ORDER.format("yv")), lambda F, y, v, x: 0.5 * (F.yv(v - 1.0, x) - F.yv(v + 1.0, x))],
    numpy=double(_yv),
    sympy="bessely",
    aliases=("yn", "bessely"),
    keywords={"n": "v", "z": "x"},
    domain=((0, inf), (0, inf)),
    accuracy="beside its zeros, and for orders beyond 100, off by ulp of the amplitude; for orders 0 and 1 only "
    "beyond 1e5",
    flops=30000,
    convention="nan for negative x",
    latex=r"Y_{{{0}}}\left({1}\right)",
    defined="x > 0",
    doc="Bessel function of the second kind, of order v.",
)

bessel_y0 = elementwise(
    "bessel_y0(x)",
    d=lambda F, y, x: -F.bessel_y1(x),
    numpy=_of_order(0, _y),
    sympy=lambda S, x: S.bessely(0, x),
    aliases=("y0",),
    domain=(0, inf),
    accuracy="beside its zeros beyond 1e5, and for subnormal x, off by ulp of the amplitude",
    flops=30000,
    convention="nan for negative x",
    latex=r"Y_0\left({0}\right)",
    doc="Bessel function of the second kind, of order 0.",
)

bessel_y1 = elementwise(
    "bessel_y1(x)",
    d=lambda F, y, x: 0.5 * (F.bessel_y0(x) - F.yv(2.0, x)),
    numpy=_of_order(1, _y),
    sympy=lambda S, x: S.bessely(1, x),
    aliases=("y1",),
    domain=(0, inf),
    accuracy="beside its zeros beyond 1e5, and for subnormal x, off by ulp of the amplitude",
    flops=30000,
    convention="nan for negative x",
    latex=r"Y_1\left({0}\right)",
    doc="Bessel function of the second kind, of order 1.",
)

# I and K


def _iv(v: Any, x: Any) -> Any:
    whole = v == np.round(v)
    v = np.where(whole, np.abs(v), v)
    small = (np.abs(x) < 2) & (v > -1) & ((x > 0) | whole)
    found = chosen(small, lambda v, x: _power_series(v, x, 0.25 * x * x, 20), scipy.iv, v, x)
    return chosen(_is_grown(v, x), _large_iv, lambda v, x, found: found, v, x, found)


def _is_grown(v: Any, x: Any) -> Any:
    """Whether x is large, beside the order too: the scaled function is near 1 there, and elsewhere vanishes."""
    return (x > 100) & (np.abs(v) < 0.5 * x)


def _large_iv(v: Any, x: Any, _found: Any) -> Any:
    return np.where(x > 2e3, inf, _grown(scipy.ive(v, x), x))


def _large_kv(v: Any, x: Any) -> Any:
    return np.where(x > 2e3, 0.0, _grown(scipy.kve(v, x), -x))


def _grown(y: Any, x: Any) -> Any:
    """y exp(x), of which exp(x) alone may overflow or vanish."""
    half = np.exp(0.5 * x)
    return y * half * half


def _kv(v: Any, x: Any) -> Any:
    return chosen(_is_grown(v, x), _large_kv, scipy.kv, v, x)


def _unscaled(plain: Any, scaled: Any, sign: float) -> Any:
    """A function whose scaled form is better where x is large."""
    return double(lambda x: chosen(np.abs(x) > 600, lambda x: _grown(scaled(x), sign * np.abs(x)), plain, x))


iv = elementwise(
    "iv(v, x)",
    d=[Unknown(_ORDER.format("iv")), lambda F, y, v, x: 0.5 * (F.iv(v - 1.0, x) + F.iv(v + 1.0, x))],
    numpy=double(_iv),
    sympy="besseli",
    aliases=("besseli",),
    keywords={"z": "x"},
    domain=((0, inf), (0, inf)),
    accuracy="the value up to 6 ulp off, to 9 where it nearly overflows, and for orders beyond 100 and half of x "
    "as many as its logarithm is large",
    flops=2000,
    latex=r"I_{{{0}}}\left({1}\right)",
    defined="x >= 0, and x < 0 where v is a whole number",
    doc="Modified Bessel function of the first kind, of order v.",
)

i0 = elementwise(
    "i0(x)",
    d=lambda F, y, x: F.i1(x),
    numpy=_unscaled(scipy.i0, scipy.i0e, 1.0),
    sympy=lambda S, x: S.besseli(0, x),
    aliases=("modified_bessel_i0",),
    accuracy="the value up to 6 ulp off, and to 9 where it nearly overflows",
    flops=120,
    latex=r"I_0\left({0}\right)",
    doc="Modified Bessel function of the first kind, of order 0.",
)

i1 = elementwise(
    "i1(x)",
    d=lambda F, y, x: 0.5 * (F.i0(x) + F.iv(2.0, x)),
    numpy=_unscaled(scipy.i1, scipy.i1e, 1.0),
    sympy=lambda S, x: S.besseli(1, x),
    aliases=("modified_bessel_i1",),
    accuracy="the value up to 6 ulp off, and to 9 where it nearly overflows",
    flops=120,
    latex=r"I_1\left({0}\right)",
    doc="Modified Bessel function of the first kind, of order 1.",
)

kv = elementwise(
    "kv(v, x)",
    d=[Unknown(_ORDER.format("kv")), lambda F, y, v, x: -0.5 * (F.kv(v - 1.0, x) + F.kv(v + 1.0, x))],
    numpy=double(_kv),
    sympy="besselk",
    aliases=("kn", "besselk"),
    keywords={"n": "v", "z": "x"},
    domain=((0, inf), (0, inf)),
    accuracy="the value up to 6 ulp off, and for orders beyond 100 and half of x as many as its logarithm is large; "
    "wrong for subnormal x",
    flops=2000,
    convention="inf at 0, nan for negative x",
    latex=r"K_{{{0}}}\left({1}\right)",
    defined="x > 0",
    doc="Modified Bessel function of the second kind, of order v.",
)

modified_bessel_k0 = elementwise(
    "modified_bessel_k0(x)",
    d=lambda F, y, x: -F.modified_bessel_k1(x),
    numpy=_unscaled(scipy.k0, scipy.k0e, -1.0),
    sympy=lambda S, x: S.besselk(0, x),
    aliases=("k0",),
    domain=(0, inf),
    accuracy="the value up to 6 ulp off; wrong for subnormal x",
    flops=900,
    convention="inf at 0, nan for negative x",
    latex=r"K_0\left({0}\right)",
    doc="Modified Bessel function of the second kind, of order 0.",
)

modified_bessel_k1 = elementwise(
    "modified_bessel_k1(x)",
    d=lambda F, y, x: -0.5 * (F.modified_bessel_k0(x) + F.kv(2.0, x)),
    numpy=_unscaled(scipy.k1, scipy.k1e, -1.0),
    sympy=lambda S, x: S.besselk(1, x),
    aliases=("k1",),
    domain=(0, inf),
    accuracy="the value up to 6 ulp off; wrong for subnormal x",
    flops=900,
    convention="inf at 0, nan for negative x",
    latex=r"K_1\left({0}\right)",
    doc="Modified Bessel function of the second kind, of order 1.",
)

# Spherical


_ODD = np.array([float(prod(range(1, 2 * n + 2, 2))) for n in range(150)])
"""The products of the odd numbers up to 2n + 1."""


def _spherical_j(n: Any, x: Any) -> Any:
    sign = np.where(x < 0, _sign(n), 1.0)
    valid = (n >= 0) & (n == np.round(n))
    return sign * chosen(valid, _spherical_of_whole, lambda n, x: np.full_like(x, nan), n, np.abs(x))


def _spherical_of_whole(n: Any, x: Any) -> Any:
    """For high orders from J, as recurrence takes as many steps as the order."""
    return chosen(n < len(_ODD), _low_spherical, _high_spherical, n, x)


def _low_spherical(n: Any, x: Any) -> Any:
    n = n.astype(np.int64)
    return chosen(x < 2, _small_spherical, scipy.spherical_jn, n, x)


def _high_spherical(n: Any, x: Any) -> Any:
    return np.where(x == 0, 0.0, np.sqrt(pi / 2 / x) * scipy.jv(n + 0.5, x))


def _small_spherical(n: Any, x: Any) -> Any:
    total: Any = 1.0
    for k in range(16, 0, -1):
        total = 1.0 - total * x * x / (2 * k * (2 * n + 2 * k + 1))
    return x**n / _ODD[n] * total


spherical_jn = elementwise(
    "spherical_jn(n, x)",
    d=[
        Unknown("the derivative of spherical_jn by its order n is not implemented"),
        lambda F, y, n, x: (
            (n * F.spherical_jn(F.abs(n - 1.0), x) - (n + 1.0) * F.spherical_jn(n + 1.0, x)) / (2.0 * n + 1.0)
        ),
    ],
    numpy=double(_spherical_j),
    sympy=lambda S, n, x: S.sqrt(S.pi / (2 * x)) * S.besselj(n + S.Rational(1, 2), x),
    domain=((0, inf), (0, inf)),
    keywords={"z": "x"},
    accuracy="beside its zeros off by ulp of the amplitude; for orders of 150 or more by 30 ulp and more",
    flops=4000,
    latex=r"j_{{{0}}}\left({1}\right)",
    defined="n one of 0, 1, 2, ...",
    doc="Spherical Bessel function of the first kind, of order n = 0, 1, 2, ...",
)

spherical_bessel_j0 = elementwise(
    "spherical_bessel_j0(x)",
    d=lambda F, y, x: -F.spherical_jn(1.0, x),
    numpy=_of_order(0, _spherical_j),
    sympy=lambda S, x: S.sin(x) / x,
    accuracy="the derivative beside its zeros off by ulp of the amplitude",
    flops=1100,
    latex=r"j_0\left({0}\right)",
    doc="sin(x)/x, and 1 at 0.",
)
