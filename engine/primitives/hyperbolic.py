"""Hyperbolic functions and their inverses."""

from __future__ import annotations

import math
from math import inf
from typing import Any

import numpy as np

from engine.kinds import elementwise

sinh = elementwise(
    "sinh(x)", d=lambda F, y, x: F.cosh(x), scalar="sinh", flops=20, complex=True, doc="Hyperbolic sine."
)

cosh = elementwise(
    "cosh(x)", d=lambda F, y, x: F.sinh(x), scalar="cosh", flops=20, complex=True, doc="Hyperbolic cosine."
)

tanh = elementwise(
    "tanh(x)", d=lambda F, y, x: F.square(F.sech(x)), scalar="tanh", flops=20, complex=True, doc="Hyperbolic tangent."
)


def _sech(x: Any) -> Any:
    """Not 1/cosh(x), which is 0 where cosh overflows though sech does not yet vanish."""
    e = np.exp(-np.abs(x))
    return 2 * e / (1 + e * e)


def _sech_of_float(x: float) -> float:
    e = math.exp(-math.fabs(x))
    return 2.0 * e / (1.0 + e * e)


sech = elementwise(
    "sech(x)",
    d=lambda F, y, x: -y * F.tanh(x),
    numpy=_sech,
    scalar=_sech_of_float,
    flops=20,
    complex=lambda F, x: 1.0 / F.cosh(x),
    accuracy="the second derivative, near x = 0.88 where it is 0",
    doc="Hyperbolic secant.",
)


def _csch(x: Any) -> Any:
    """1/sinh(x) as long as sinh does not overflow: csch vanishes only later."""
    return np.where(np.abs(x) < 80, 1 / np.sinh(x), np.copysign(2 * np.exp(-np.abs(x)), x))


csch = elementwise(
    "csch(x)",
    d=lambda F, y, x: -y * F.coth(x),
    numpy=_csch,
    scalar=lambda x: 1.0 / math.sinh(x) if math.fabs(x) < 80 else math.copysign(2.0 * math.exp(-math.fabs(x)), x),
    domain=(0, inf),
    flops=25,
    complex=lambda F, x: 1.0 / F.sinh(x),
    defined="x different from 0",
    doc="Hyperbolic cosecant, 1/sinh(x).",
)

coth = elementwise(
    "coth(x)",
    d=lambda F, y, x: -F.square(F.csch(x)),
    numpy=lambda x: 1 / np.tanh(x),
    scalar=lambda x: 1.0 / math.tanh(x),
    accuracy="the second derivative up to 4.2 ulp",
    domain=(0, inf),
    flops=20,
    complex=True,
    defined="x different from 0",
    doc="Hyperbolic cotangent, 1/tanh(x).",
)

arcsinh = elementwise(
    "arcsinh(x)",
    torch="asinh",
    d=lambda F, y, x: 1.0 / F.hypot(1.0, x),
    scalar="asinh",
    sympy="asinh",
    aliases=("asinh",),
    flops=20,
    complex=lambda F, x: F.complex_arcsinh(x),
    doc="Inverse hyperbolic sine.",
)

arccosh = elementwise(
    "arccosh(x)",
    torch="acosh",
    d=lambda F, y, x: 1.0 / (F.sqrt(x - 1.0) * F.sqrt(x + 1.0)),
    scalar="acosh",
    sympy="acosh",
    aliases=("acosh",),
    domain=(1, inf),
    flops=20,
    convention="inf at 1, nan below",
    complex=True,
    doc="Inverse hyperbolic cosine.",
)

arctanh = elementwise(
    "arctanh(x)",
    torch="atanh",
    d=lambda F, y, x: 1.0 / F.one_minus_square(x),
    scalar="atanh",
    sympy="atanh",
    aliases=("atanh",),
    domain=(-1, 1),
    flops=20,
    convention="inf at -1 and 1",
    complex=True,
    doc="Inverse hyperbolic tangent.",
)
