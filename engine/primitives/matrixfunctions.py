"""Functions of a square matrix that are power series: the exponential, the logarithm and the square root.

The derivative of f along E is a block of f itself: f of [[A, E], [0, A]] has it in its upper right corner, whatever the
order (R. Mathias, "A chain rule for matrix functions and applications", 1996).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from engine.kinds import Explicit, explicit
from engine.primitives.matrix import (
    CONDITIONED,
    MATRICES,
    cubic,
    square_shape,
    stacked,
    strong_pull,
    strong_push,
    transposed,
)


def _along(F: Any, name: str, x: Any, direction: Any) -> Any:
    """The derivative of a matrix function along a direction, by its block."""
    n = F.shape(x)[-1]
    rank = len(F.shape(x))
    zero = F.cast(F.broadcast_to(0.0, shape=F.shape(x)), dtype=F.dtype(x))
    top = F.concatenate(x, direction, axis=rank - 1)
    bottom = F.concatenate(zero, x, axis=rank - 1)
    whole = getattr(F, name)(F.concatenate(top, bottom, axis=rank - 2))
    return F.index(whole, key=(Ellipsis, slice(0, n), slice(n, 2 * n)))


def _series(name: str, value: Callable[[Any], Any], **facts: Any) -> Explicit:
    return explicit(
        f"{name}(x)",
        pull=strong_pull(lambda F, ct, y, x: [_along(F, name, transposed(F, x), ct)]),
        push=strong_push(lambda F, ts, y, x: _along(F, name, x, ts[0])),
        workspace=8,
        numpy=value,
        shape=square_shape,
        batch=stacked(name),
        examples=MATRICES,
        keywords={"A": "x", "input": "x"},
        complex=True,
        **facts,
    )


_DEGREE = 18
"""Of the Taylor polynomial: what is left out of exp(x) for a norm of at most 1 is 8e-18."""


def _expm(x: Any) -> Any:
    """The exponential of each matrix, by squaring that of a part of it; nan where it has entries that are not finite.

    Padé's approximation takes fewer products, and loses two digits more than this.
    """
    if not x.size:
        return x
    norm = np.max(np.sum(np.abs(x), axis=-2), axis=-1)[..., None, None]
    squarings = np.ceil(np.log2(np.maximum(np.where(np.isfinite(norm), norm, 1), 1)))
    part, unit = x / np.exp2(squarings).astype(norm.dtype), np.eye(x.shape[-1], dtype=x.dtype)
    result = unit
    for k in range(_DEGREE, 0, -1):
        result = unit + (part @ result) / k
    for k in range(int(np.max(squarings))):
        result = np.where(k < squarings, result @ result, result)
    return result


matrix_exp = _series(
    "matrix_exp",
    _expm,
    torch="linalg_matrix_exp",
    aliases=("expm",),
    flops=lambda s: 30 * cubic(s),
    derivative=(
        "the integral of exp(s x) dx exp((1 - s) x) over s from 0 to 1",
        r"\mathrm{d}y = \int_0^1 e^{s x} \, \mathrm{d}x \, e^{(1 - s) x} \, \mathrm{d}s",
    ),
    doc="Exponential of a matrix, the sum of its powers xᵏ/k!.",
)


def _principal(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of SciPy's for each of a stack: nan where it has no value, or a complex one for a real matrix."""

    def of_one(x: Any) -> Any:
        """In double precision, for single precision is not enough on the way to a root."""
        value = function(x.astype(np.result_type(x, np.float64))) if np.isfinite(x).all() else x * np.nan
        return value if np.isrealobj(value) or np.iscomplexobj(x) else x * np.nan

    def value(x: Any) -> Any:
        result = np.empty_like(x)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of singular matrices, which the result tells
            for place in np.ndindex(x.shape[:-2]):
                result[place] = of_one(x[place]) if x.size else x[place]
        return result

    return value


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
"""Of Gauss's quadrature of E/(1 + tE) from -1 to 1, which is exact to 1e-17 for a norm of E of at most 1/4."""

_MOST_ROOTS = 64
"""Whoever is not near the unit matrix after so many square roots is singular."""


def _logm(x: Any) -> Any:
    """By square roots until it is near the unit matrix, as N. J. Higham, "Functions of Matrices" (2008), section 11.5.

    SciPy's own takes a tenth of a second for the smallest matrix.
    """
    unit, root = np.eye(len(x)), x
    for doublings in range(_MOST_ROOTS):
        if np.linalg.norm(root - unit, 1) <= 0.25:
            terms = [
                w * np.linalg.solve(unit + (1 + t) / 2 * (root - unit), root - unit)
                for t, w in zip(_NODES, _WEIGHTS, strict=True)
            ]
            return 2.0**doublings / 2 * sum(terms)
        root = scipy.linalg.sqrtm(root)
    return x * np.nan


_AWAY = (
    "nan where a real matrix has eigenvalues below 0, so that the result is not real; derivatives are infinite or very "
    "large where it is singular"
)

sqrtm = _series(
    "sqrtm",
    _principal(scipy.linalg.sqrtm),
    flops=lambda s: 30 * cubic(s),
    sample=lambda x: (0.5 * x + 2.0 * np.eye(x.shape[-1]),),
    accuracy=CONDITIONED,
    convention=_AWAY,
    derivative=(
        "the solution of y dy + dy y = dx",
        r"y \, \mathrm{d}y + \mathrm{d}y \, y = \mathrm{d}x",
    ),
    doc="Principal square root of a matrix, which times itself is x.",
)

logm = _series(
    "logm",
    _principal(_logm),
    flops=lambda s: 60 * cubic(s),
    sample=lambda x: (0.5 * x + 2.0 * np.eye(x.shape[-1]),),
    accuracy=CONDITIONED,
    convention=_AWAY,
    derivative=(
        "the integral of (s (x - 1) + 1)⁻¹ dx (s (x - 1) + 1)⁻¹ over s from 0 to 1",
        r"\mathrm{d}y = \int_0^1 (s (x - 1) + 1)^{-1} \, \mathrm{d}x \, (s (x - 1) + 1)^{-1} \, \mathrm{d}s",
    ),
    doc="Principal logarithm of a matrix, of which x is the exponential.",
)
