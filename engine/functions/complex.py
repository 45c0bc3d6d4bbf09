"""Complex numbers by length and angle."""

from __future__ import annotations

import math
from typing import Any

from engine.errors import ShapeMismatch
from engine.kinds import composition


@composition(
    "angle(z)",
    complex=lambda F, z: F.arctan2(F.imag(z), F.real(z)),
    aliases=("arg",),
    convention="0 of a real number, whose angle is 0 or π; nan at 0",
    examples=((((2, 3),), {}), (((),), {}), (((3,),), {})),
)
def angle(F: Any, z: Any) -> Any:
    """The angle of a complex number, from -π to π; of a real one 0, or π where it is negative."""
    return F.where(z < 0.0, math.pi, F.where(z >= 0.0, 0.0, F.detach(z)))


@composition(
    "polar(abs, angle)",
    examples=((((2, 3), (2, 3)), {}), (((), ()), {}), (((3,), ()), {})),
)
def polar(F: Any, abs: Any, angle: Any) -> Any:
    """The complex number of a length and an angle."""
    return F.complex(abs * F.cos(angle), abs * F.sin(angle))


@composition(
    "view_as_real(z)",
    complex=lambda F, z: F.stack(F.real(z), F.imag(z), axis=-1),
    examples=((((2, 3),), {}), (((),), {}), (((3,),), {})),
)
def view_as_real(F: Any, z: Any) -> Any:
    """Real and imaginary part side by side along a new last axis."""
    return F.stack(z, 0.0 * z, axis=-1)


@composition(
    "view_as_complex(x)",
    examples=((((3, 2),), {}), (((2,),), {}), (((2, 1, 2),), {})),
)
def view_as_complex(F: Any, x: Any) -> Any:
    """Complex numbers from pairs along the last axis: the inverse of `view_as_real`."""
    if F.shape(x)[-1:] != (2,):
        raise ShapeMismatch(f"view_as_complex takes pairs along the last axis, not shape {F.shape(x)}")
    return F.complex(*[F.index(x, key=(Ellipsis, k)) for k in (0, 1)])
