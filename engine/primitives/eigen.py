"""Eigenvalues and eigenvectors of square matrices that need not be symmetric: complex numbers, as a rule.

A vector is of length 1, and its largest component is real, as LAPACK has it; the derivative keeps it so. Of what does
not depend on these choices it is what M. B. Giles (2008), section 3.1, has.
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
    each_matrix,
    packed,
    per_gap,
    repacked,
    repeated,
    safely,
    square,
    stacked,
    strong_pull,
    strong_push,
    tied,
    transposed,
    unless_tied,
)
from engine.primitives.spectral import eigen_parts
from engine.shapes import COMPLEX, Shape


def _eig(x: Any) -> Any:
    return safely(lambda x: packed(*np.linalg.eig(x)).astype(COMPLEX), x)


def _eig_shape(s: Shape) -> Shape:
    n = square(s)
    return (*s[:-2], n * (n + 1))


def _per_gap(F: Any, w: Any) -> Any:
    return per_gap(F, w, F.max(F.abs(w), axis=-1))


def _real_components(F: Any, v: Any) -> Any:
    """A one for each vector, at the component that is kept real: the largest of those that are."""
    n = F.shape(v)[-1]
    places = F.argmax(F.where(F.imag(v) == 0.0, F.abs(v), -1.0), axis=-2)
    chosen = F.reshape(places, shape=(*F.shape(places)[:-1], 1, n)) == np.arange(n)[:, None]
    return F.where(chosen, 1.0, 0.0)


def _inner(F: Any, a: Any, b: Any) -> Any:
    """The complex scalar product of every column of a with that of b, as a row."""
    return F.sum(F.conj(a) * b, axis=-2, keepdims=True)


def _eig_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    """Of complex values, so what is given are the conjugates of y and x (`engine.kinds.Primitive.adjoint`)."""
    n = F.shape(x)[-1]
    if not n:
        return [F.broadcast_to(0.0, shape=F.shape(x))]
    w, v = eigen_parts(F, F.conj(y), n)
    ct_w, ct_v = eigen_parts(F, ct, n)
    adjoint = F.conj(transposed(F, v))
    chosen = _real_components(F, v)
    along = _inner(F, ct_v, v)
    phase = F.imag(along) / F.sum(chosen * F.real(v), axis=-2, keepdims=True)
    free = ct_v - F.real(along) * v + F.complex(0.0 * chosen, phase * chosen)
    core = diagonal_matrix(F, ct_w) + unless_tied(F, adjoint @ free, F.conj(_per_gap(F, w)), ct_v)
    return [F.solve_columns(adjoint, core @ adjoint)]


def _eig_lost(F: Any, ct: Any, y: Any, x: Any) -> Any:
    """Of values that are equal there are no second derivatives."""
    n = F.shape(x)[-1]
    return tied(F, eigen_parts(F, ct, n)[0], _per_gap(F, eigen_parts(F, y, n)[0]))


def _eig_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    n = F.shape(x)[-1]
    if not n:
        return None
    w, v = eigen_parts(F, y, n)
    inner = F.solve_columns(v, ts[0] @ v)
    moved = v @ F.strong_multiply(inner, _per_gap(F, w))
    chosen = _real_components(F, v)
    turn = F.sum(chosen * F.imag(moved), axis=-2, keepdims=True) / F.sum(chosen * F.real(v), axis=-2, keepdims=True)
    return repacked(F, diagonal(F, inner), moved - v * F.complex(F.real(_inner(F, v, moved)), turn))


def _repeated(x: Any) -> Any:
    w = safely(np.linalg.eigvals, x)
    return w.size > 0 and repeated(w, np.max(np.abs(w), axis=-1))


eig_packed = explicit(
    "eig_packed(x)",
    torch="linalg_eig",
    pull=strong_pull(_eig_pull, _eig_lost),
    push=strong_push(_eig_push),
    workspace=12,
    numpy=_eig,
    shape=_eig_shape,
    pattern=each_matrix(_eig_shape),
    batch=stacked("eig_packed"),
    dtype=COMPLEX,
    flops=lambda s: 25 * cubic(s),
    kink=_repeated,
    convention="nan for the vectors of a repeated eigenvalue",
    complex=True,
    internal=True,
    examples=(*MATRICES, (((0, 0),), {})),
    doc="Eigenvalues and eigenvectors, as complex numbers, one behind the other.",
)
