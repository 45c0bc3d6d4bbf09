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
    cubic,
    diagonal,
    diagonal_matrix,
    packed,
    per_gap,
    repacked,
    repeated,
    rows,
    safely,
    skew,
    square,
    square_shape,
    stacked,
    symmetric,
    transposed,
    unpacked,
)
from engine.shapes import Shape

SYMMETRIC = "that of the symmetric part (x + xᵀ)/2, so that gradients are symmetric"
"""What functions of symmetric matrices do with one that is not; PyTorch and NumPy read one triangle."""

_SPLIT = "nan for the vectors of a repeated eigenvalue, of whose space any basis is one; the values have derivatives"


def _sym(x: Any) -> Any:
    return 0.5 * (x + np.swapaxes(x, -1, -2))


def _eigh(x: Any) -> Any:
    return safely(lambda x: packed(*np.linalg.eigh(_sym(x))), x)


def _eigh_shape(s: Shape) -> Shape:
    n = square(s)
    return (*s[:-2], n * (n + 1))


def eigh_parts(F: Any, y: Any, n: int) -> list[Any]:
    """The eigenvalues and the matrix of eigenvectors out of what the row gives."""
    return unpacked(F, y, (n,), (n, n))


def _per_gap(F: Any, w: Any) -> Any:
    """1/(w_j - w_i); the largest by magnitude is the first or the last."""
    return per_gap(F, w, F.max(F.abs(w), axis=-1))


def _eigh_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    n = F.shape(x)[-1]
    if not n:
        return [F.broadcast_to(0.0, shape=F.shape(x))]
    w, v = eigh_parts(F, y, n)
    ct_w, ct_v = eigh_parts(F, ct, n)
    turn = skew(F, F.matmul(transposed(F, v), ct_v, _strong=1))
    core = diagonal_matrix(F, ct_w) + F.strong_multiply(turn, _per_gap(F, w))
    return [symmetric(F, v @ core @ transposed(F, v))]


def _eigh_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    n = F.shape(x)[-1]
    if not n:
        return None
    w, v = eigh_parts(F, y, n)
    inner = transposed(F, v) @ symmetric(F, ts[0]) @ v
    return repacked(F, diagonal(F, inner), v @ F.strong_multiply(inner, _per_gap(F, w)))


def _repeated(x: Any) -> Any:
    w = safely(lambda x: np.linalg.eigvalsh(_sym(x)), x)
    return w.size > 0 and repeated(w, np.max(np.abs(w), axis=-1))


eigh_packed = explicit(
    "eigh_packed(x)",
    torch="linalg_eigh",
    pull=_eigh_pull,
    push=_eigh_push,
    workspace=6,
    numpy=_eigh,
    shape=_eigh_shape,
    batch=stacked("eigh_packed"),
    flops=lambda s: 8 * cubic(s),
    kink=_repeated,
    convention=_SPLIT,
    complex=False,
    internal=True,
    examples=(*MATRICES, (((0, 0),), {})),
    doc="Eigenvalues, from the smallest, and eigenvectors of the symmetric part, one behind the other.",
)


# V diag(d) Vᵀ, of which d are numbers for the eigenvectors V of x: how the derivative of a function of the eigenvalues
# alone looks. Where equal eigenvalues have equal numbers it is smooth, although V is not.


def _quotients(F: Any, x: Any, d: Any) -> tuple[Any, Any]:
    """V, and (d_j - d_i)/(w_j - w_i) with zeros on the diagonal and where the numerator is exactly zero."""
    n = F.shape(x)[-1]
    w, v = eigh_parts(F, F.eigh_packed(x), n)
    return v, F.strong_multiply(rows(F, d) - F.reshape(d, shape=(*F.shape(d), 1)), _per_gap(F, w))


def _spectral(x: Any, d: Any) -> Any:
    v = safely(lambda x: np.linalg.eigh(_sym(x))[1], x)
    return (v * d[..., None, :]) @ np.swapaxes(v, -1, -2)


def _spectral_pull(F: Any, ct: Any, y: Any, x: Any, d: Any) -> list[Any]:
    if not F.shape(x)[-1]:
        return [F.broadcast_to(0.0, shape=F.shape(x)), F.broadcast_to(0.0, shape=F.shape(d))]
    v, quotients = _quotients(F, x, d)
    inner = transposed(F, v) @ ct @ v
    return [
        lambda: symmetric(F, v @ F.strong_multiply(symmetric(F, inner), quotients) @ transposed(F, v)),
        lambda: diagonal(F, inner),
    ]


def _spectral_push(F: Any, ts: Any, y: Any, x: Any, d: Any) -> Any:
    if not F.shape(x)[-1]:
        return None
    v, quotients = _quotients(F, x, d)
    inner = None
    if ts[0] is not None:
        inner = F.strong_multiply(transposed(F, v) @ symmetric(F, ts[0]) @ v, quotients)
    if ts[1] is not None:
        inner = diagonal_matrix(F, ts[1]) if inner is None else inner + diagonal_matrix(F, ts[1])
    return v @ inner @ transposed(F, v)


spectral = explicit(
    "spectral(x, d)",
    pull=_spectral_pull,
    push=_spectral_push,
    workspace=6,
    numpy=_spectral,
    shape=lambda s, d: square_shape(s),
    batch=lambda F, n, x, d: F.spectral(x, d),
    flops=lambda s, d: 8 * cubic(s),
    complex=False,
    internal=True,
    examples=((((3, 3), (3,)), {}), (((2, 2, 2), (2, 2)), {}), (((1, 1), (1,)), {}), (((0, 0), (0,)), {})),
    doc="V diag(d) Vᵀ with the eigenvectors V of the symmetric part of x.",
)


def _eigvalsh_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    n = F.shape(x)[-1]
    if not n:
        return None
    _, v = eigh_parts(F, F.eigh_packed(x), n)
    return diagonal(F, transposed(F, v) @ symmetric(F, ts[0]) @ v)


eigvalsh = explicit(
    "eigvalsh(x, /, UPLO='L')",
    torch="linalg_eigvalsh",
    pull=lambda F, ct, y, x, UPLO: [F.spectral(x, ct)],
    push=lambda F, ts, y, x, UPLO: _eigvalsh_push(F, ts, y, x),
    workspace=4,
    numpy=lambda x, UPLO="L": safely(lambda x: np.linalg.eigvalsh(_sym(x)), x),
    shape=lambda s, UPLO: (*s[:-2], square(s)),
    batch=stacked("eigvalsh"),
    flops=lambda s, UPLO: 2 * cubic(s),
    kink=lambda x, UPLO: _repeated(x),
    convention=f"{SYMMETRIC}; a repeated eigenvalue has the derivatives along the eigenvectors that LAPACK finds",
    complex=False,
    examples=MATRICES,
    derivative=(
        "the diagonal of vᵀ dx v, with the eigenvectors v as columns",
        r"\mathrm{d}y_i = v_i^{\top} \, \mathrm{d}x \, v_i",
    ),
    doc="Eigenvalues of a symmetric matrix, from the smallest.",
)
