"""Trigonometric functions, their inverses, angles and distances."""

from __future__ import annotations

import math
from math import pi
from typing import Any

import numpy as np

from engine.kinds import elementwise
from engine.primitives.numeric import on_floats

sin = elementwise("sin(x)", d=lambda F, y, x: F.cos(x), scalar="sin", flops=15, complex=True, doc="Sine.")

cos = elementwise("cos(x)", d=lambda F, y, x: -F.sin(x), scalar="cos", flops=15, complex=True, doc="Cosine.")

tan = elementwise(
    "tan(x)",
    d=lambda F, y, x: 1.0 + F.square(y),
    scalar="tan",
    domain=(-pi / 2, pi / 2),
    flops=20,
    complex=True,
    defined="x different from π/2 + kπ, k a whole number",
    doc="Tangent.",
)

sec = elementwise(
    "sec(x)",
    d=lambda F, y, x: y * F.tan(x),
    numpy=lambda x: 1 / np.cos(x),
    scalar=lambda x: 1.0 / math.cos(x),
    domain=(-pi / 2, pi / 2),
    flops=20,
    complex=True,
    defined="x different from π/2 + kπ, k a whole number",
    doc="Secant, 1/cos(x).",
)

csc = elementwise(
    "csc(x)",
    d=lambda F, y, x: -y * F.cot(x),
    numpy=lambda x: 1 / np.sin(x),
    scalar=lambda x: 1.0 / math.sin(x),
    domain=(0, pi),
    flops=20,
    complex=True,
    defined="x different from kπ, k a whole number",
    doc="Cosecant, 1/sin(x).",
)

cot = elementwise(
    "cot(x)",
    d=lambda F, y, x: -F.square(F.csc(x)),
    numpy=lambda x: 1 / np.tan(x),
    scalar=lambda x: 1.0 / math.tan(x),
    domain=(0, pi),
    flops=25,
    complex=True,
    defined="x different from kπ, k a whole number",
    doc="Cotangent, 1/tan(x).",
)


def _turns(x: Any) -> tuple[Any, Any]:
    """sin(pi*x) and cos(pi*x): whole turns are taken off first, which is exact."""
    r = x - 2 * np.rint(x / 2)
    a = np.abs(r)
    sine = np.copysign(np.sin(pi * np.where(a > 0.5, 1 - a, a)), r)
    return sine, np.where(a < 0.25, np.cos(pi * a), np.sin(pi * (0.5 - a)))


def _series(n: Any, z: Any) -> Any:
    """j_n(z)/z**n (DLMF 10.53.1); for z up to n + 1/2 the terms fall from the first on."""
    term = np.ones(np.broadcast_shapes(np.shape(n), np.shape(z)))
    for k in range(1, int(np.max(n, initial=0)) + 1):
        term = np.where(n >= k, term / (2 * k + 1), term)
    total = term
    for k in range(1, 25):
        term = -term * (z * z / 2) / (k * (2 * n + 2 * k + 1))
        total = total + term
    return total


def _recurrence(n: Any, x: Any, z: Any) -> Any:
    """j_n(z), z = pi*x, from sine and cosine upwards (DLMF 10.51.1), which is stable beyond n."""
    sine, cosine = _turns(x)
    before, now = cosine / z, sine / z
    found = np.where(n == 0, now, np.zeros_like(now))
    for k in range(int(np.max(n, initial=0))):
        before, now = now, (2 * k + 1) / z * now - before
        found = np.where(n == k + 1, now, found)
    return found


def _spherical_bessel(n: Any, x: Any) -> Any:
    kind = np.result_type(x)
    n, x = np.where(np.isfinite(n), np.maximum(n, 0), 0), np.asarray(x, dtype="float64")
    z = pi * x
    near = np.abs(z) < n + 0.5
    low = np.where(near, z, np.zeros_like(z))
    far = np.where(near, np.ones_like(x), x)
    return np.where(near, low**n * _series(n, low), _recurrence(n, far, pi * far)).astype(kind)[()]


spherical_bessel = elementwise(
    "spherical_bessel(n, x)",
    d=[
        None,
        lambda F, y, n, x: (
            (n * F.spherical_bessel(n - 1.0, x) - (n + 1.0) * F.spherical_bessel(n + 1.0, x)) * (pi / (2.0 * n + 1.0))
        ),
    ],
    numpy=_spherical_bessel,
    scalar=on_floats(_spherical_bessel),
    sympy=lambda S, n, x: S.Piecewise(
        (S.sin(S.pi * x) / (S.pi * x), S.Eq(n, 0)),
        ((S.sin(S.pi * x) / (S.pi * x) - S.cos(S.pi * x)) / (S.pi * x), True),
    ),
    flops=200,
    internal=True,
    doc="The spherical Bessel function j_n of pi*x, whose derivatives (DLMF 10.51.2) cancel nowhere, as those of "
    "sin(pi*x)/(pi*x) do near 0.",
)

sinc = elementwise(
    "sinc(x)",
    d=lambda F, y, x: -pi * F.spherical_bessel(1.0, x),
    numpy=lambda x: _spherical_bessel(0.0, x),
    scalar=on_floats(lambda x: _spherical_bessel(0.0, x)),
    sympy=lambda S, x: S.sin(S.pi * x) / (S.pi * x),
    flops=40,
    convention="0 at 0",
    doc="sin(pi*x)/(pi*x), and 1 at 0.",
)


def _one_minus_square(x: Any) -> Any:
    return np.where(np.abs(x) < 0.5, 1 - x * x, (1 - x) * (1 + x))


one_minus_square = elementwise(
    "one_minus_square(x)",
    d=lambda F, y, x: -2.0 * x,
    numpy=_one_minus_square,
    scalar=lambda x: 1.0 - x * x if -0.5 < x < 0.5 else (1.0 - x) * (1.0 + x),
    alike=True,
    sympy=lambda S, x: 1 - x**2,
    internal=True,
    complex=True,
    doc="1 - x**2: exact near 1 by its factors, and its derivative near 0 by having one of its own.",
)

arcsin = elementwise(
    "arcsin(x)",
    torch="asin",
    d=lambda F, y, x: F.rsqrt(F.one_minus_square(x)),
    scalar="asin",
    sympy="asin",
    aliases=("asin",),
    domain=(-1, 1),
    flops=15,
    convention="inf at -1 and 1",
    complex=True,
    doc="Inverse sine.",
)

arccos = elementwise(
    "arccos(x)",
    torch="acos",
    d=lambda F, y, x: -F.rsqrt(F.one_minus_square(x)),
    scalar="acos",
    sympy="acos",
    aliases=("acos",),
    domain=(-1, 1),
    flops=15,
    convention="-inf at -1 and 1",
    complex=True,
    doc="Inverse cosine.",
)

arctan = elementwise(
    "arctan(x)",
    torch="atan",
    d=lambda F, y, x: F.turn(1.0, x),
    scalar="atan",
    sympy="atan",
    aliases=("atan",),
    flops=15,
    complex=lambda F, x: F.complex_arctan(x),
    doc="Inverse tangent.",
)


def _near_one(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Both times a power of two that brings the larger one near 1, and that power."""
    _, e = np.frexp(np.maximum(np.abs(a), np.abs(b)))
    return np.ldexp(a, -e), np.ldexp(b, -e), -e


def _turn(a: Any, b: Any) -> Any:
    """Infinities are far away from everything."""
    x, y, e = _near_one(a, b)
    found = np.ldexp(x / (x * x + y * y), e)
    return np.where(np.isinf(a), np.copysign(np.zeros_like(found), a), found)


def _turn_slope(a: Any, b: Any) -> Any:
    x, y, e = _near_one(a, b)
    square = x * x + y * y
    found = np.ldexp((y - x) * (y + x) / (square * square), 2 * e)
    return np.where(np.isinf(a) | np.isinf(b), np.zeros_like(found), found)


turn = elementwise(
    "turn(a, b)",
    d=[lambda F, y, a, b: F.turn_slope(a, b), lambda F, y, a, b: -2.0 * (y * F.turn(b, a))],
    numpy=_turn,
    scalar=on_floats(_turn),
    sympy=lambda S, a, b: a / (a**2 + b**2),
    flops=20,
    internal=True,
    accuracy="second derivatives, where a and b are both below 1e-100: what they are made of overflows",
    doc="a/(a**2 + b**2) without overflow: how fast an angle turns.",
)

turn_slope = elementwise(
    "turn_slope(a, b)",
    d=[
        lambda F, y, a, b: 2.0 * F.turn(a, b) * (F.square(F.turn(a, b)) - 3.0 * F.square(F.turn(b, a))),
        lambda F, y, a, b: 2.0 * F.turn(b, a) * (3.0 * F.square(F.turn(a, b)) - F.square(F.turn(b, a))),
    ],
    numpy=_turn_slope,
    scalar=on_floats(_turn_slope),
    sympy=lambda S, a, b: (b**2 - a**2) / (a**2 + b**2) ** 2,
    flops=20,
    internal=True,
    accuracy="derivatives, where a and b are both below 1e-100; it serves the third derivatives of arctan2",
    doc="(b**2 - a**2)/(a**2 + b**2)**2, where it is near 0 too.",
)

arctan2 = elementwise(
    "arctan2(y, x)",
    torch="atan2",
    d=[lambda F, angle, y, x: F.turn(x, y), lambda F, angle, y, x: -F.turn(y, x)],
    scalar="atan2",
    sympy=lambda S, y, x: S.atan2(y, x),
    aliases=("atan2",),
    flops=25,
    kink=lambda y, x: (y == 0) & (x <= 0),
    convention="nan at (0, 0); the value jumps where y changes its sign below x = 0",
    latex=r"\operatorname{{atan2}}\left({0}, {1}\right)",
    defined="x and y not both 0",
    doc="Angle of the point (x, y).",
)


def _direction(a: Any, b: Any) -> Any:
    length = np.hypot(a, b)
    return a / np.where(length == 0, np.ones_like(length), length)


def _per_length(F: Any, v: Any, a: Any, b: Any) -> Any:
    length = F.hypot(a, b)
    return F.where(length == 0, 0.0, v / length)


direction = elementwise(
    "direction(a, b)",
    d=[
        lambda F, y, a, b: F.direction(b, a) * _per_length(F, F.direction(b, a), a, b),
        lambda F, y, a, b: -y * _per_length(F, F.direction(b, a), a, b),
    ],
    numpy=_direction,
    scalar=lambda a, b: a / (math.hypot(a, b) or 1.0),
    sympy=lambda S, a, b: a / S.sqrt(a**2 + b**2),
    flops=12,
    internal=True,
    convention="0 at (0, 0)",
    accuracy="second derivatives, where a and b are both below 1e-100: what they are made of overflows",
    doc="a/hypot(a, b): the cosine of an angle, which differentiates without the cancellation of 1/y - a**2/y**3.",
)

hypot = elementwise(
    "hypot(a, b)",
    d=[lambda F, y, a, b: F.direction(a, b), lambda F, y, a, b: F.direction(b, a)],
    scalar="hypot",
    sympy=lambda S, a, b: S.sqrt(a**2 + b**2),
    flops=10,
    kink=lambda a, b: (a == 0) & (b == 0),
    convention="0, 0 at (0, 0)",
    doc="sqrt(a**2 + b**2) without overflow.",
)
