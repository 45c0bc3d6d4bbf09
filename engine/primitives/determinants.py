"""Determinants: the cofactors, det, and its logarithm, which neither overflows nor vanishes where det does.

Rules follow M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.kinds import Example, explicit
from engine.primitives.matrix import (
    CONDITIONED,
    MATRICES,
    adjoint,
    columns,
    conjugated,
    cubic,
    diagonal,
    each_matrix,
    is_complex,
    on_matrices,
    real_part,
    square,
    square_shape,
    stacked,
    transposed,
    unpacked,
)
from engine.shapes import Shape

_TWO_MATRICES: Sequence[Example] = tuple(((shape, shape), params) for (shape,), params in MATRICES)


def _det_shape(s: Shape) -> Shape:
    square(s)
    return s[:-2]


def _products_but_one(s: Any) -> Any:
    """For each element along the last axis the product of all others, in which nothing is divided by."""
    if not s.shape[-1]:
        return s
    ones = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([ones, s[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return before * after


def _svd(x: Any) -> tuple[Any, Any, Any, Any]:
    """``x = U diag(s) V``, and det(U V), which is 1 or -1, for each matrix; all nan where x is not finite."""
    finite = np.isfinite(x).all(axis=(-2, -1), keepdims=True)
    u, s, v = np.linalg.svd(np.where(finite, x, np.eye(x.shape[-1], dtype=x.dtype)))
    u = np.where(finite, u, np.array(np.nan, dtype=x.dtype))
    return u, s, v, np.round(np.linalg.det(u) * np.linalg.det(v))[..., None, None]


def _cofactor(x: Any) -> Any:
    """By the singular values: det(U V) U cof(S) V.

    cof(S) is diagonal and holds the products of all other singular values, so a singular matrix is no exception.
    """
    u, s, v, sign = _svd(x)
    return sign * (u * _products_but_one(s)[..., None, :]) @ v


def _cofactor_along(x: Any, direction: Any) -> Any:
    """The same one order on: the derivative of cof(S) along E = Uᵀ D Vᵀ has products of all but two.

    With p the products of the singular values but the i-th and j-th, and 0 for i = j, it is
    diag(p diag(E)) - p * Eᵀ, element by element.
    """
    u, s, v, sign = _svd(x)
    e = np.swapaxes(u, -1, -2) @ direction @ np.swapaxes(v, -1, -2)
    n = s.shape[-1]
    p = np.zeros_like(x)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        p[..., i, others] = _products_but_one(s[..., others])
    diagonal = p @ np.diagonal(e, axis1=-2, axis2=-1)[..., None]
    return sign * (u @ (np.eye(n, dtype=x.dtype) * diagonal - p * np.swapaxes(e, -1, -2)) @ v)


def _trace(F: Any, x: Any, like: Any) -> Any:
    """The trace of each matrix, repeated to the matrices' shape."""
    return on_matrices(F, F.sum(x * np.eye(F.shape(x)[-1], dtype=F.dtype(x)), axis=(-2, -1)), like)


def _cofactor_third(F: Any, x: Any, v: Any, w: Any) -> Any:
    """The third derivative of det along V and W, of an invertible X: what is left is linear in the third direction.

    With A = X⁻¹V and B = X⁻¹W: det(X) ((tr A tr B - tr AB) X⁻¹ - (tr B A + tr A B - AB - BA) X⁻¹)ᵀ.
    """
    inverse = F.inv(x)
    a, b = inverse @ v, inverse @ w
    ab = a @ b
    trace_a, trace_b = _trace(F, a, x), _trace(F, b, x)
    inner = (trace_b * a + trace_a * b - ab - b @ a) @ inverse
    whole = (trace_a * trace_b - _trace(F, ab, x)) * inverse - inner
    return on_matrices(F, F.det(x), x) * transposed(F, whole)


def _sum_of(F: Any, parts: list[Any]) -> Any:
    known = [part for part in parts if part is not None]
    return None if not known else known[0] if len(known) == 1 else known[0] + known[1]


cofactor_along = explicit(
    "cofactor_along(x, v)",
    pull=lambda F, ct, y, x, v: [lambda: _cofactor_third(F, x, v, ct), lambda: F.cofactor_along(x, ct)],
    push=lambda F, ts, y, x, v: _sum_of(
        F,
        [
            None if ts[0] is None else _cofactor_third(F, x, v, ts[0]),
            None if ts[1] is None else F.cofactor_along(x, ts[1]),
        ],
    ),
    workspace=4,
    numpy=_cofactor_along,
    shape=lambda a, b: square_shape(a),
    pattern=each_matrix(lambda a, b: square_shape(a)),
    batch=lambda F, n, x, v: F.cofactor_along(x, v),
    flops=lambda a, b: 20 * cubic(a),
    convention="its own derivative needs an invertible matrix",
    internal=True,
    examples=_TWO_MATRICES,
    sample=lambda x, v: (x + 3.0 * np.eye(x.shape[-1]), v),
    doc="Derivative of the matrix of cofactors along a direction, exact at singular matrices too. Symmetric.",
)

cofactor = explicit(
    "cofactor(x)",
    pull=lambda F, ct, y, x: [F.cofactor_along(x, ct)],
    push=lambda F, ts, y, x: F.cofactor_along(x, ts[0]),
    workspace=4,
    numpy=_cofactor,
    shape=square_shape,
    pattern=each_matrix(square_shape),
    batch=lambda F, n, x: F.cofactor(x),
    flops=lambda s: 20 * cubic(s),
    examples=MATRICES,
    complex=lambda F, x: on_matrices(F, F.det(x), x) * transposed(F, F.inv(x)),
    derivative="sum(inv(x).mT * dx, axis=(-2, -1), keepdims=True) * y - y @ dx.mT @ inv(x).mT",
    doc="Matrix of cofactors: the derivative of the determinant, exact at singular matrices too.",
)

det = explicit(
    "det(x)",
    accuracy=CONDITIONED,
    keywords={"A": "x", "a": "x", "input": "x"},
    pull=lambda F, ct, y, x: [F.strong_multiply(on_matrices(F, ct, x), F.cofactor(x))],
    push=lambda F, ts, y, x: F.sum(F.strong_multiply(ts[0], F.cofactor(x)), axis=(-2, -1)),
    workspace=4,
    degree=square,
    numpy=np.linalg.det,
    shape=_det_shape,
    pattern=each_matrix(_det_shape),
    batch=lambda F, n, x: F.det(x),
    flops=cubic,
    convention="the cofactors, also at a singular matrix",
    examples=MATRICES,
    complex=True,
    derivative="sum(cofactor(x) * dx, axis=(-2, -1))",
    doc="Determinant.",
)


# Its logarithm


def _slogdet(x: Any) -> Any:
    return np.stack(np.linalg.slogdet(x), axis=-1)


def _slogdet_shape(s: Shape) -> Shape:
    square(s)
    return (*s[:-2], 2)


def slogdet_parts(F: Any, y: Any) -> list[Any]:
    """The sign, which may be complex, and the logarithm out of what the row gives."""
    sign, log = unpacked(F, y, (), ())
    return [sign, real_part(F, log)]


def _slogdet_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    """Jacobi's formula: the derivative of log det is the transposed inverse. A real sign has none."""
    by_sign, by_log = slogdet_parts(F, ct)
    x = conjugated(F, x)
    if is_complex(F, x):
        sign, _ = slogdet_parts(F, F.conj(y))
        by_log = F.complex(by_log, F.imag(F.conj(sign) * by_sign))
    return [F.strong_multiply(on_matrices(F, by_log, x), adjoint(F, F.inv(x)))]


def _slogdet_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    t = F.sum(diagonal(F, F.solve_columns(x, ts[0])), axis=-1)
    if is_complex(F, x):
        sign, _ = slogdet_parts(F, y)
        return F.stack(F.complex(0.0, F.imag(t)) * sign, F.cast(F.real(t), dtype=F.dtype(y)), axis=-1)
    return F.where(np.array([False, True]), columns(F, t), 0.0)


slogdet_packed = explicit(
    "slogdet_packed(x)",
    torch="linalg_slogdet",
    pull=_slogdet_pull,
    push=_slogdet_push,
    workspace=2,
    numpy=_slogdet,
    shape=_slogdet_shape,
    pattern=each_matrix(_slogdet_shape),
    batch=stacked("slogdet_packed"),
    flops=cubic,
    convention="infinities where a matrix is singular",
    complex=True,
    internal=True,
    examples=(*MATRICES, (((0, 0),), {})),
    doc="The sign of a determinant and the logarithm of its absolute value, side by side.",
)
