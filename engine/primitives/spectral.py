"""Eigenvalues and eigenvectors of symmetric matrices.

All are functions of the symmetric part (x + xᵀ)/2: a symmetric matrix is that itself, and the derivatives are
symmetric, as PyTorch's are. The derivatives of the vectors have the quotients 1/(w_j - w_i), those of the values have
none: cotangents of vectors that nobody uses are exact zeros, and win. Rules follow M. B. Giles (2008), section 3.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kinds import explicit
from engine.primitives.matrix import (
    MATRICES,
    adjoint,
    at_first,
    conjugated,
    cubic,
    diagonal,
    diagonal_matrix,
    each_matrix,
    hermitian,
    is_complex,
    kept_real,
    packed,
    per_gap,
    real_part,
    repacked,
    repeated,
    safely,
    skew,
    square,
    stacked,
    strong_pull,
    strong_push,
    tied,
    unless_tied,
    unpacked,
)
from engine.shapes import Shape

SYMMETRIC = "that of the symmetric part (x + xᵀ)/2, so that gradients are symmetric"
"""What functions of symmetric matrices do with one that is not; PyTorch and NumPy read one triangle."""

_SPLIT = "nan for the vectors of a repeated eigenvalue, of whose space any basis is one; the values have derivatives"


def _sym(x: Any) -> Any:
    return 0.5 * (x + np.conj(np.swapaxes(x, -1, -2)))


def _eigh(x: Any) -> Any:
    return safely(lambda x: packed(*np.linalg.eigh(_sym(x))), x)


def _eigh_shape(s: Shape) -> Shape:
    n = square(s)
    return (*s[:-2], n * (n + 1))


def eigen_parts(F: Any, y: Any, n: int) -> list[Any]:
    """The eigenvalues and the matrix of eigenvectors out of what the row gives."""
    return unpacked(F, y, (n,), (n, n))


def eigh_parts(F: Any, y: Any, n: int) -> tuple[Any, Any]:
    """The same of a symmetric matrix, whose eigenvalues are real."""
    w, v = eigen_parts(F, y, n)
    return real_part(F, w), v


def _per_gap(F: Any, w: Any) -> Any:
    """1/(w_j - w_i); the largest by magnitude is the first or the last."""
    return per_gap(F, w, F.max(F.abs(w), axis=-1))


def _eigh_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    n = F.shape(x)[-1]
    if not n:
        return [F.broadcast_to(0.0, shape=F.shape(x))]
    w, v = eigh_parts(F, conjugated(F, y), n)
    ct_w, ct_v = eigh_parts(F, ct, n)
    free = ct_v
    if is_complex(F, v):
        along = F.sum(F.conj(ct_v) * v, axis=-2, keepdims=True)
        free = ct_v + at_first(F, F.imag(along) / F.real(F.index(v, key=(Ellipsis, slice(0, 1), slice(None)))), v)
    turn = skew(F, F.matmul(adjoint(F, v), free, _strong=1))
    core = diagonal_matrix(F, ct_w) + unless_tied(F, turn, _per_gap(F, w), ct_v)
    return [hermitian(F, v @ core @ adjoint(F, v))]


def _eigh_lost(F: Any, ct: Any, y: Any, x: Any) -> Any:
    """Of values that are equal there are no second derivatives."""
    n = F.shape(x)[-1]
    return tied(F, eigh_parts(F, ct, n)[0], _per_gap(F, eigh_parts(F, y, n)[0]))


def _eigh_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    n = F.shape(x)[-1]
    if not n:
        return None
    w, v = eigh_parts(F, y, n)
    inner = adjoint(F, v) @ hermitian(F, ts[0]) @ v
    moved = v @ F.strong_multiply(inner, _per_gap(F, w))
    if is_complex(F, v):
        moved = moved - F.complex(0.0, kept_real(F, v, moved)) * v
    return repacked(F, diagonal(F, inner), moved)


def _repeated(x: Any) -> Any:
    w = safely(lambda x: np.linalg.eigvalsh(_sym(x)), x)
    return w.size > 0 and repeated(w, np.max(np.abs(w), axis=-1))


eigh_packed = explicit(
    "eigh_packed(x)",
    torch="linalg_eigh",
    pull=strong_pull(_eigh_pull, _eigh_lost),
    push=strong_push(_eigh_push),
    workspace=6,
    numpy=_eigh,
    shape=_eigh_shape,
    pattern=each_matrix(_eigh_shape),
    batch=stacked("eigh_packed"),
    flops=lambda s: 8 * cubic(s),
    kink=_repeated,
    convention=_SPLIT,
    complex=True,
    internal=True,
    examples=(*MATRICES, (((0, 0),), {})),
    doc="Eigenvalues, from the smallest, and eigenvectors of the symmetric part, one behind the other.",
)
