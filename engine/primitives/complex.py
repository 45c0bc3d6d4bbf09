"""Complex numbers: their parts, and functions whose rules for real numbers do not hold for complex ones.

The derivative by z = a + ib of a real L is ∂L/∂a + i ∂L/∂b, as PyTorch has it (`engine.kinds.Primitive.adjoint`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kinds import aligned, elementwise, explicit, linear
from engine.shapes import COMPLEX, broadcast


def _part(dtype: str) -> str:
    return "float64" if dtype == COMPLEX else dtype


def _like(F: Any, ct: Any, z: Any) -> Any:
    return F.cast(ct, dtype=F.dtype(z))


real = linear(
    "real(z)",
    transpose=lambda F, ct, z: _like(F, ct, z),
    numpy=lambda z: np.real(np.asarray(z)),
    shape=lambda s: s,
    batch=lambda F, n, z: F.real(z),
    dtype=_part,
    flops=0,
    aliases=("re",),
    examples=((((2, 3),), {}), (((),), {}), (((3,),), {})),
    latex=r"\operatorname{{Re}}\left({0}\right)",
    doc="Real part.",
)

imag = linear(
    "imag(z)",
    transpose=lambda F, ct, z: _like(F, F.complex(0.0 * ct, ct), z),
    numpy=lambda z: np.imag(np.asarray(z)),
    shape=lambda s: s,
    batch=lambda F, n, z: F.imag(z),
    dtype=_part,
    flops=0,
    aliases=("im",),
    examples=((((2, 3),), {}), (((),), {}), (((3,),), {})),
    latex=r"\operatorname{{Im}}\left({0}\right)",
    doc="Imaginary part, 0 of a real number.",
)

conj = linear(
    "conj(z)",
    transpose=lambda F, ct, z: F.conj(ct),
    numpy=lambda z: np.conj(z),
    shape=lambda s: s,
    batch=lambda F, n, z: F.conj(z),
    flops=0,
    aliases=("conjugate",),
    examples=((((2, 3),), {}), (((),), {}), (((3,),), {})),
    latex=r"\overline{{{0}}}",
    doc="Complex conjugate.",
)


def _complex(a: Any, b: Any) -> Any:
    """Not a + 1j*b, in which an infinite b would make the real part nan."""
    result = np.empty(np.broadcast_shapes(np.shape(a), np.shape(b)), dtype=COMPLEX)
    result.real, result.imag = a, b
    return result[()]


complex = explicit(
    "complex(real, imag)",
    pull=lambda F, ct, y, a, b: [lambda: F.real(ct), lambda: F.imag(ct)],
    push=lambda F, ts, y, a, b: F.complex(*(0.0 if t is None else t for t in ts)),
    numpy=_complex,
    shape=broadcast,
    pattern=lambda F, a, b: a + b,
    batch=lambda F, n, a, b: F.complex(*aligned(F, (a, b), (True, True))),
    dtype=COMPLEX,
    examples=((((2, 3), (2, 3)), {}), (((), (3,)), {}), (((2, 1), ()), {})),
    derivative="complex(dreal, dimag)",
    doc="The complex number with these parts.",
)

complex_log = elementwise(
    "complex_log(z)",
    torch="log",
    d=lambda F, y, z: 1.0 / z,
    numpy=lambda z: np.log(z),
    sympy="log",
    complex=True,
    domain=(0, np.inf),
    flops=20,
    internal=True,
    doc="Principal logarithm: the derivative of a complex one has no end at the negative axis.",
)

complex_arctan = elementwise(
    "complex_arctan(z)",
    accuracy="far out, where squares and powers overflow that the derivative is made of",
    torch="atan",
    d=lambda F, y, z: 1.0 / (1.0 + F.square(z)),
    numpy=lambda z: np.arctan(z),
    sympy="atan",
    complex=True,
    flops=40,
    internal=True,
    doc="Principal inverse tangent.",
)

complex_arcsinh = elementwise(
    "complex_arcsinh(z)",
    accuracy="far out, where squares and powers overflow that the derivative is made of",
    torch="asinh",
    d=lambda F, y, z: 1.0 / F.sqrt(1.0 + F.square(z)),
    numpy=lambda z: np.arcsinh(z),
    sympy="asinh",
    complex=True,
    flops=40,
    internal=True,
    doc="Principal inverse hyperbolic sine.",
)

complex_power = elementwise(
    "complex_power(a, b)",
    accuracy="derivatives of large bases by as many ulp as their logarithm, and beside zeros of the mixed one",
    torch="pow",
    d=[
        lambda F, y, a, b: F.where(b == 0, 0.0, b * F.complex_power(a, b - 1.0)),
        lambda F, y, a, b: F.where(a == 0, 0.0, y * F.complex_log(a)),
    ],
    numpy=lambda a, b: np.power(a, b),
    sympy=lambda S, a, b: a**b,
    complex=True,
    domain=((0.1, np.inf), (-np.inf, np.inf)),
    flops=60,
    internal=True,
    convention="0 by the exponent of 0",
    doc="Principal power.",
)
