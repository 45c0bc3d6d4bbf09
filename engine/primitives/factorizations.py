"""Triangular factors: cholesky, qr and lu, and the systems that a triangular matrix makes.

Rules follow I. Murray, "Differentiation of the Cholesky decomposition" (2016), and S. F. Walter and L. Lehmann,
"Algorithmic differentiation of linear algebra functions with application in optimum experimental design" (2010).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import explicit, flat
from engine.primitives.matrix import (
    CONDITIONED,
    MATRICES,
    adjoint,
    columns,
    conjugated,
    cubic,
    diagonal,
    each_matrix,
    hermitian,
    is_complex,
    lower,
    matrix,
    on_matrices,
    packed,
    repacked,
    rows,
    safely,
    square,
    square_shape,
    stacked,
    strong_pull,
    strong_push,
    transposed,
    unknown,
    unpacked,
    upper,
)
from engine.primitives.spectral import SYMMETRIC
from engine.shapes import Shape, broadcast, size

# A triangular matrix times X is B. Of a only the triangle is read, with ones on its diagonal if it is ``unit``.


def _triangular_shape(a: Shape, b: Shape, **params: Any) -> Shape:
    square(a)
    if len(b) < 2 or b[-2] != a[-1]:
        raise ShapeMismatch(f"a triangular matrix of shape {a} needs a right side of {a[-1]} rows, not of shape {b}")
    return (*broadcast(a[:-2], b[:-2]), *b[-2:])


def _triangular_solve(a: Any, b: Any, lower: bool, unit: bool) -> Any:
    shape = _triangular_shape(a.shape, b.shape)
    dtype = np.result_type(a, b)
    x = np.zeros(shape, dtype=dtype)
    if not x.size:
        return x
    trsm = scipy.linalg.get_blas_funcs("trsm", dtype=dtype)
    left = np.broadcast_to(a, (*shape[:-2], *a.shape[-2:]))
    right = np.broadcast_to(b, shape)
    for place in np.ndindex(shape[:-2]):
        x[place] = trsm(1.0, left[place], right[place], lower=lower, diag=unit)
    return x if np.isfinite(x).all() else _substituted(left, right, lower, unit)


def _substituted(a: Any, b: Any, lower: bool, unit: bool) -> Any:
    """By substitution; 0 of 0 is 0, so that a cotangent of zero stays zero where the matrix is singular."""
    x = np.zeros(b.shape, dtype=np.result_type(a, b))
    n = a.shape[-1]
    for i in range(n) if lower else range(n - 1, -1, -1):
        known = slice(0, i) if lower else slice(i + 1, n)
        rest = b[..., i, :] - np.einsum("...k,...km->...m", a[..., i, known], x[..., known, :])
        x[..., i, :] = rest if unit else np.where(rest == 0, 0, rest / a[..., i, i, None])
    return x


def _triangle(F: Any, x: Any, is_lower: bool, unit: bool) -> Any:
    return lower(F, x, -unit) if is_lower else upper(F, x, int(unit))


def _triangular_pull(F: Any, ct: Any, y: Any, a: Any, b: Any, lower: bool, unit: bool) -> list[Any]:
    back = F.triangular_solve(transposed(F, a), ct, lower=not lower, unit=unit)
    return [lambda: -_triangle(F, F.matmul(back, transposed(F, y), _strong=0), lower, unit), back]


def _triangular_push(F: Any, ts: Any, y: Any, a: Any, b: Any, lower: bool, unit: bool) -> Any:
    right = ts[1]
    if ts[0] is not None:
        moved = F.matmul(_triangle(F, ts[0], lower, unit), y, _strong=0)
        right = -moved if right is None else right - moved
    return F.triangular_solve(a, right, lower=lower, unit=unit)


def _triangular_batch(F: Any, n: int, a: Any, b: Any, lower: bool, unit: bool) -> Any:
    rank = max(len(F.shape(a)), len(F.shape(b)))
    a, b = (F.reshape(x, shape=(n, *(1,) * (rank - len(F.shape(x))), *F.shape(x)[1:])) for x in (a, b))
    return F.triangular_solve(a, b, lower=lower, unit=unit)


triangular_solve = explicit(
    "triangular_solve(a, b, /, lower, unit)",
    torch="linalg_solve_triangular",
    pull=_triangular_pull,
    push=_triangular_push,
    workspace=1,
    numpy=_triangular_solve,
    shape=_triangular_shape,
    pattern=each_matrix(_triangular_shape),
    batch=_triangular_batch,
    flops=lambda a, b, lower, unit: float(size(broadcast(a[:-2], b[:-2])) * a[-1] ** 2 * b[-1]),
    convention="infinities where the diagonal has a zero",
    complex=True,
    internal=True,
    examples=(
        (((3, 3), (3, 2)), {"lower": True, "unit": False}),
        (((2, 2, 2), (2, 1)), {"lower": False, "unit": False}),
        (((2, 2), (2, 2, 3)), {"lower": False, "unit": True}),
        (((3, 3), (3, 1)), {"lower": True, "unit": True}),
        (((0, 0), (0, 2)), {"lower": True, "unit": False}),
    ),
    sample=lambda a, b: (a + 3.0 * np.eye(a.shape[-1]), b),
    doc="The X for which a triangle of a, times X, is b.",
)


# Cholesky


def _cholesky(x: Any, upper: bool = False, **_: Any) -> Any:
    """The factor; nan where a matrix is not positive definite."""
    half = safely(lambda x: np.linalg.cholesky(0.5 * (x + np.conj(np.swapaxes(x, -1, -2)))), x)
    return np.conj(np.swapaxes(half, -1, -2)) if upper else half


def _prepare_cholesky(s: Shape, upper: Any, lower: Any) -> dict[str, Any]:
    """``lower``, which SciPy calls it by, goes before ``upper``."""
    if lower is not None and not isinstance(lower, int):
        raise WrongArguments(f"lower is True or False, not {lower!r}")
    return {"upper": bool(upper) if lower is None else not lower, "lower": None}


def _halved(F: Any, x: Any) -> Any:
    """The lower triangle with half the diagonal: what is L⁻¹dL of a symmetric x = L⁻¹dA L⁻ᵀ."""
    n = F.shape(x)[-1]
    return lower(F, x, -1) + F.where(np.eye(n, dtype=bool), 0.5 * x, 0.0)


def _cholesky_pull(F: Any, ct: Any, y: Any, x: Any, upper: bool, **_: Any) -> list[Any]:
    y = conjugated(F, y)
    factor, ct = (adjoint(F, y), adjoint(F, ct)) if upper else (y, ct)
    inner = _halved(F, F.matmul(adjoint(F, factor), ct, _strong=1))
    left = F.triangular_solve(adjoint(F, factor), inner, lower=False, unit=False)
    both = F.triangular_solve(adjoint(F, factor), adjoint(F, left), lower=False, unit=False)
    return [hermitian(F, both)]


def _cholesky_push(F: Any, ts: Any, y: Any, x: Any, upper: bool, **_: Any) -> Any:
    factor = adjoint(F, y) if upper else y
    left = F.triangular_solve(factor, hermitian(F, ts[0]), lower=True, unit=False)
    both = F.triangular_solve(factor, adjoint(F, left), lower=True, unit=False)
    t = factor @ _halved(F, both)
    return adjoint(F, t) if upper else t


cholesky = explicit(
    "cholesky(x, /, upper=False, lower=None)",
    elsewhere={"scipy": {"upper": True, "_by_name": True}},
    accuracy=CONDITIONED,
    keywords={"A": "x", "a": "x", "input": "x"},
    torch="linalg_cholesky_ex",
    pull=strong_pull(_cholesky_pull),
    push=strong_push(_cholesky_push),
    workspace=2,
    numpy=_cholesky,
    shape=square_shape,
    pattern=each_matrix(square_shape),
    prepare=_prepare_cholesky,
    batch=stacked("cholesky"),
    flops=cubic,
    kink=lambda x, **_: np.isnan(_cholesky(x)) & np.isfinite(x),
    convention=f"nan where a matrix is not positive definite; otherwise {SYMMETRIC}, and the lower factor unless "
    "upper=True",
    complex=True,
    examples=(*MATRICES, (((3, 3),), {"upper": True})),
    sample=lambda x: (x @ np.swapaxes(x, -1, -2) + np.eye(x.shape[-1]),),
    derivative=(
        "y Φ(y⁻¹ dx y⁻ᵀ), where Φ takes the lower triangle and half of the diagonal",
        r"\mathrm{d}y = y \, \Phi\left(y^{-1} \, \mathrm{d}x \, y^{-\top}\right)",
    ),
    doc="The lower triangular L for which L Lᵀ (of complex numbers L Lᴴ) is a symmetric positive definite matrix.",
)


# QR of matrices that have at least as many rows as columns: the others begin with such a one.


def qr_parts(F: Any, y: Any, shape: Shape) -> list[Any]:
    """Q and R out of what the row of a matrix of this shape gives."""
    m, n = matrix(shape)
    return unpacked(F, y, (m, n), (n, n))


def _qr_shape(s: Shape) -> Shape:
    m, n = matrix(s)
    assert m >= n, s
    return (*s[:-2], (m + n) * n)


def _real_diagonal(F: Any, x: Any) -> Any:
    d = F.where(np.eye(F.shape(x)[-1], dtype=bool), x, 0.0)
    return 0.5 * (d + F.conj(d)) if is_complex(F, x) else d


def _by_triangle(F: Any, x: Any, r: Any) -> Any:
    """x R⁻¹ of an upper triangular R."""
    return transposed(F, F.triangular_solve(transposed(F, r), transposed(F, x), lower=True, unit=False))


def _qr_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    """Written so that a zero on R's diagonal divides nothing but what depends on it, of which nothing is known."""
    q, r = qr_parts(F, conjugated(F, y), F.shape(x))
    ct_q, ct_r = qr_parts(F, ct, F.shape(x))
    by_r = F.matmul(ct_r, adjoint(F, r), _strong=0)
    by_q = F.matmul(adjoint(F, q), ct_q, _strong=1)
    above = upper(F, by_q, 1)
    inner = lower(F, adjoint(F, by_r) - by_r, -1) - above - adjoint(F, above) - _real_diagonal(F, by_q)
    if is_complex(F, x):
        inner = inner - F.where(np.eye(F.shape(x)[-1], dtype=bool), by_r, 0.0) + _real_diagonal(F, by_r)
    total = ct_q + q @ inner
    back = q @ ct_r + adjoint(F, F.triangular_solve(r, adjoint(F, total), lower=False, unit=False))
    zeros = _zeros_so_far(F, r)
    lost = unknown(F, ct_q, rows(F, zeros), axis=(-2, -1)) + unknown(F, ct_r, columns(F, zeros), axis=(-2, -1))
    return [back + on_matrices(F, lost, x)]


def _zeros_so_far(F: Any, triangle: Any) -> Any:
    """For each place of the diagonal whether there, or before, is a zero."""
    return F.cumsum(F.where(diagonal(F, triangle) == 0.0, 1.0, 0.0), axis=-1) > 0.0


def _dependent(x: Any) -> Any:
    """Whether some column depends on those before, so that the direction of a column of Q is anything."""
    return np.any(np.diagonal(np.linalg.qr(x, mode="r"), axis1=-2, axis2=-1) == 0, axis=-1)


def _qr_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    """With x' R⁻¹ = Q' + Q T, where T is upper triangular with a real diagonal and R' is T R: so Qᴴx' less Qᴴ Q' R."""
    q, r = qr_parts(F, y, F.shape(x))
    moved, within = _by_triangle(F, ts[0], r), adjoint(F, q) @ ts[0]
    inner = adjoint(F, q) @ moved
    below = lower(F, inner, -1)
    turned = below - adjoint(F, below)
    if is_complex(F, x):
        turned = turned + F.where(np.eye(F.shape(x)[-1], dtype=bool), inner, 0.0) - _real_diagonal(F, inner)
    zeros, lost = _zeros_so_far(F, r), unknown(F, ts[0], True, axis=(-2, -1))
    lost_q, lost_r = (
        F.where(place, on_matrices(F, lost, t), 0.0) for place, t in ((rows(F, zeros), q), (columns(F, zeros), r))
    )
    return repacked(F, moved - q @ inner + q @ turned + lost_q, upper(F, within - turned @ r + lost_r))


qr_packed = explicit(
    "qr_packed(x)",
    torch="linalg_qr",
    pull=strong_pull(_qr_pull),
    push=strong_push(_qr_push),
    workspace=5,
    numpy=lambda x: packed(*np.linalg.qr(x)),
    shape=_qr_shape,
    pattern=each_matrix(_qr_shape),
    batch=stacked("qr_packed"),
    flops=lambda s: 4 * cubic(s),
    kink=_dependent,
    convention="not finite where the columns depend on each other, but for the rows of R and columns of Q before",
    complex=True,
    internal=True,
    examples=((((3, 3),), {}), (((2, 3, 2),), {}), (((3, 1),), {}), (((3, 0),), {})),
    doc="Q and R of a matrix with no fewer rows than columns, one behind the other.",
)


# LU: which rows are exchanged is piecewise constant, and what is left is elimination without exchanges.


def _permutation(x: Any, pivot: bool = True) -> Any:
    m = x.shape[-2]
    if not pivot or not x.size:
        return np.broadcast_to(np.eye(m, dtype=x.dtype), (*x.shape[:-1], m))
    return np.asarray(scipy.linalg.lu(x, check_finite=False)[0], dtype=x.dtype)


def _permutation_shape(s: Shape, pivot: bool) -> Shape:
    m, _ = matrix(s)
    return (*s[:-1], m)


lu_permutation = flat(
    "lu_permutation(x, /, pivot=True)",
    numpy=_permutation,
    shape=_permutation_shape,
    batch=stacked("lu_permutation"),
    flops=cubic,
    numeric=True,
    complex=True,
    internal=True,
    examples=((((3, 3),), {}), (((2, 3, 2),), {}), (((2, 3),), {}), (((3, 3),), {"pivot": False}), (((0, 2),), {})),
    doc="The permutation P for which Pᵀx is what elimination with partial pivoting leaves in place.",
)


def _eliminated(x: Any) -> Any:
    """U on and above the diagonal, and below it L without its ones; a column that is zero already needs no pivot."""
    a = np.array(x)
    for k in range(a.shape[-1] - 1):
        below, pivot = a[..., k + 1 :, k], a[..., k, k, None]
        factors = np.where(below == 0, 0, below / pivot)
        a[..., k + 1 :, k] = factors
        a[..., k + 1 :, k + 1 :] -= factors[..., :, None] * a[..., k, None, k + 1 :]
    return a


def _lu_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    """Written so that a pivot divides nothing but what depends on it: the last one nothing.

    Of what depends on a pivot that is zero nothing is known: the rows below it, from its column on.
    """
    by_lower = F.matmul(transposed(F, _unit_lower(F, y)), lower(F, ct, -1), _strong=1)
    by_upper = F.matmul(upper(F, ct), transposed(F, upper(F, y)), _strong=0)
    inner = transposed(F, lower(F, by_lower - by_upper, -1))
    right = upper(F, ct) + transposed(F, F.triangular_solve(y, inner, lower=False, unit=False))
    back = F.triangular_solve(transposed(F, y), right, lower=False, unit=True)
    zeros = _zeros_so_far(F, y)
    below = columns(F, zeros) & ~(columns(F, diagonal(F, y)) == 0.0)
    return [back + on_matrices(F, unknown(F, ct, below & rows(F, zeros), axis=(-2, -1)), x)]


def _unit_lower(F: Any, y: Any) -> Any:
    return F.where(np.eye(F.shape(y)[-1], dtype=bool), 1.0, lower(F, y))


def _lu_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    left = F.triangular_solve(y, ts[0], lower=True, unit=True)
    below = lower(F, _by_triangle(F, left, y), -1)
    return lower(F, _unit_lower(F, y) @ below, -1) + upper(F, left - below @ upper(F, y))


def _without_pivot(x: Any) -> Any:
    """Whether some pivot that others are made with is zero; the last one is none."""
    return np.any(np.diagonal(_eliminated(x), axis1=-2, axis2=-1)[..., :-1] == 0, axis=-1)


lu_unpivoted = explicit(
    "lu_unpivoted(x)",
    torch="linalg_lu",
    pull=strong_pull(_lu_pull),
    push=strong_push(_lu_push),
    workspace=2,
    numpy=_eliminated,
    shape=square_shape,
    pattern=each_matrix(square_shape),
    batch=stacked("lu_unpivoted"),
    flops=cubic,
    kink=_without_pivot,
    convention="not finite where a pivot is zero, but for what does not depend on it",
    complex=True,
    internal=True,
    examples=(*MATRICES, (((0, 0),), {})),
    sample=lambda x: (x + 3.0 * np.eye(x.shape[-1]),),
    doc="L below the diagonal and U on and above it, for which L U is x: elimination without exchanges of rows.",
)
