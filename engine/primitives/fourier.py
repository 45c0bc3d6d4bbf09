"""The discrete Fourier transform, by NumPy's FFT."""

from __future__ import annotations

import math
from math import prod
from typing import Any

import numpy as np

from engine.kinds import linear
from engine.shapes import COMPLEX, Shape, size


def _transformed(x: Any, axes: tuple[int, ...], inverse: bool, scale: float) -> Any:
    """Sums without NumPy's factor, and then the one that is asked for."""
    z = np.asarray(x, dtype=COMPLEX)
    if not z.size:
        return z
    sums = np.fft.ifftn(z, axes=axes, norm="forward") if inverse else np.fft.fftn(z, axes=axes)
    return sums if scale == 1.0 else sums * scale


def _flops(s: Shape, axes: tuple[int, ...], inverse: bool, scale: float) -> float:
    return 5.0 * size(s) * math.log2(max(2, prod(s[axis] for axis in axes)))


def _adjoint(F: Any, ct: Any, x: Any, axes: tuple[int, ...], inverse: bool, scale: float) -> Any:
    """The matrix is symmetric and complex, so what comes back is by its conjugate: the sums of the other direction."""
    back = F.dft(ct, axes=axes, inverse=not inverse, scale=scale)
    return back if F.any_complex([x]) else F.cast(F.real(back), dtype=F.dtype(x))


dft = linear(
    "dft(x, /, axes, inverse, scale)",
    torch="fft_c2c",
    numeric=True,
    transpose=_adjoint,
    numpy=_transformed,
    shape=lambda s, axes, inverse, scale: s,
    batch=lambda F, n, x, axes, inverse, scale: F.dft(
        x, axes=tuple(axis + 1 for axis in axes), inverse=inverse, scale=scale
    ),
    dtype=COMPLEX,
    flops=_flops,
    workspace=4,
    internal=True,
    examples=(
        (((3,),), {"axes": (0,), "inverse": False, "scale": 1.0}),
        (((2, 4),), {"axes": (0,), "inverse": True, "scale": 0.5}),
        (((2, 3, 2),), {"axes": (2, 1), "inverse": False, "scale": 0.25}),
        (((1,),), {"axes": (0,), "inverse": True, "scale": 1.0}),
        (((0, 2),), {"axes": (1,), "inverse": False, "scale": 1.0}),
    ),
    doc="Sums of elements times powers of exp(-2πi/n), or of its inverse, along axes.",
)
