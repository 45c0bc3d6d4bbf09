"""Functions of a square matrix that are power series: the exponential, the logarithm and the square root.

The derivative of f along E is a block of f itself: f of [[A, E], [0, A]] has it in its upper right corner, whatever the
order (R. Mathias, "A chain rule for matrix functions and applications", 1996).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from engine.kinds import Explicit, explicit
from engine.primitives.matrix import (
    CONDITIONED,
    MATRICES,
    cubic,
    each_matrix,
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
        analytic=True,
        workspace=8,
        numpy=value,
        shape=square_shape,
        pattern=each_matrix(square_shape),
        batch=stacked(name),
        examples=MATRICES,
        keywords={"A": "x", "input": "x"},
        complex=True,
        **facts,
    )


_DEGREE = 18
"""Of the Taylor polynomial: what is left out of exp(x) for a norm of at most 1 is 8e-18."""


_MOST_SQUARINGS = 64
"""Of a matrix that takes more, whose norm is beyond 2**64, no digit is right that is not 0 or infinite."""


def _expm(x: Any) -> Any:
    """The exponential of each matrix, by squaring that of a part of it; nan where it has entries that are not finite.

    Padé's approximation takes fewer products, and loses two digits more than this.
    """
    if not x.size:
        return x
    norm = np.max(np.sum(np.abs(x), axis=-2), axis=-1)[..., None, None]
    squarings = np.ceil(np.log2(np.clip(np.where(np.isnan(norm), 1, norm), 1, np.finfo(norm.dtype).max)))
    part, unit = x * np.exp2(-squarings), np.eye(x.shape[-1], dtype=x.dtype)
    result = unit
    for k in range(_DEGREE, 0, -1):
        result = unit + (part @ result) / k
    for k in range(int(min(np.max(squarings), _MOST_SQUARINGS))):
        result = np.where(k < squarings, result @ result, result)
    return result


matrix_exp = _series(
    "matrix_exp",
    _expm,
    torch="linalg_matrix_exp",
    aliases=("expm",),
    flops=lambda s: 90 * cubic(s),
    derivative=(
        "the integral of exp(s x) dx exp((1 - s) x) over s from 0 to 1",
        r"\mathrm{d}y = \int_0^1 e^{s x} \, \mathrm{d}x \, e^{(1 - s) x} \, \mathrm{d}s",
    ),
    doc="Exponential of a matrix, the sum of its powers xᵏ/k!.",
)


def _schur(x: Any) -> Any:
    """A triangle and the unitary matrix that it is seen through; the real eigenvalues of a real matrix stay real."""
    return scipy.linalg.rsf2csf(*scipy.linalg.schur(x)) if np.isrealobj(x) else scipy.linalg.schur(x)


def _principal(of_triangle: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of triangles for each of a stack: nan where it has no value, or a complex one for a real matrix."""

    def of_one(x: Any) -> Any:
        """In double precision, for single precision is not enough on the way to a root."""
        if not np.isfinite(x).all():
            return x * np.nan
        triangle, seen = _schur(x.astype(np.result_type(x, np.float64)))
        values = np.diagonal(triangle)
        if np.iscomplexobj(x):
            return seen @ of_triangle(triangle) @ seen.conj().T
        if np.any((values.imag == 0) & (values.real < 0)):
            return x * np.nan
        return (seen @ of_triangle(triangle) @ seen.conj().T).real

    def value(x: Any) -> Any:
        result = np.empty_like(x)
        for place in np.ndindex(x.shape[:-2]):
            result[place] = of_one(x[place]) if x.size else x[place]
        return result

    return value


def _root(triangle: Any) -> Any:
    """By halves: E. Deadman, N. J. Higham, R. Ralha, "Blocked Schur algorithms for the matrix square root" (2013)."""
    if len(triangle) == 1:
        return np.sqrt(triangle)
    k = len(triangle) // 2
    root = np.zeros_like(triangle)
    first, last, corner = triangle[:k, :k], triangle[k:, k:], triangle[:k, k:]
    root[:k, :k], root[k:, k:] = first, last = _root(first), _root(last)
    root[:k, k:], scale, doubtful = scipy.linalg.lapack.ztrsyl(first, last, corner)
    root[:k, k:] /= scale
    if doubtful and not np.allclose(first @ root[:k, k:] + root[:k, k:] @ last, corner, atol=0.0):
        root[:k, k:] = np.nan  # an eigenvalue 0 for which there are not enough eigenvectors
    return root


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
"""Of Gauss's quadrature of E/(1 + tE) from -1 to 1, which is exact to 1e-17 for a norm of E of at most 1/4."""

_MOST_ROOTS = 64
"""Whoever is not near the unit matrix after so many square roots is singular."""


def _log(triangle: Any) -> Any:
    """By square roots until it is near the unit matrix: N. J. Higham, "Functions of Matrices" (2008), section 11.5."""
    unit, root = np.eye(len(triangle)), triangle
    for doublings in range(_MOST_ROOTS if np.diagonal(triangle).all() else 0):
        if not np.linalg.norm(root - unit, 1) > 0.25:
            terms = [
                w * scipy.linalg.lapack.ztrtrs(unit + (1 + t) / 2 * (root - unit), root - unit)[0]
                for t, w in zip(_NODES, _WEIGHTS, strict=True)
            ]
            return 2.0**doublings / 2 * sum(terms)
        root = _root(root)
    return triangle * np.nan


_AWAY = (
    "nan where a real matrix has eigenvalues below 0, so that the result is not real; derivatives are infinite or very "
    "large where it is singular"
)

sqrtm = _series(
    "sqrtm",
    _principal(_root),
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
    _principal(_log),
    flops=lambda s: 300 * cubic(s),
    sample=lambda x: (0.5 * x + 2.0 * np.eye(x.shape[-1]),),
    accuracy=CONDITIONED,
    convention=f"{_AWAY}, and so is the logarithm, or nan",
    derivative=(
        "the integral of (s (x - 1) + 1)⁻¹ dx (s (x - 1) + 1)⁻¹ over s from 0 to 1",
        r"\mathrm{d}y = \int_0^1 (s (x - 1) + 1)^{-1} \, \mathrm{d}x \, (s (x - 1) + 1)^{-1} \, \mathrm{d}s",
    ),
    doc="Principal logarithm of a matrix, of which x is the exponential.",
)
