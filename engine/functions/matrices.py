"""Factorisations as NumPy and PyTorch give them, and what is made of them: systems of equations, powers, logdet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import truth, whole
from engine.kinds import Example, composition
from engine.primitives.determinants import slogdet_parts
from engine.primitives.factorizations import qr_parts
from engine.primitives.matrix import (
    CONDITIONED,
    adjoint,
    columns,
    conjugated,
    is_complex,
    matrix,
    real_part,
    square,
    transposed,
    upper,
)
from engine.primitives.matrix import lower as lower_part
from engine.primitives.singular import svd_parts
from engine.primitives.spectral import SYMMETRIC, eigen_parts, eigh_parts
from engine.shapes import size

_STACK: Sequence[Example] = ((((3, 3),), {}), (((2, 2, 2),), {}))
_A = {"A": "x", "a": "x", "input": "x"}


def _eye(n: int) -> Any:
    return np.eye(n, dtype=bool)


def _vectors_of(F: Any, columns: Any) -> Any:
    return F.reshape(columns, shape=F.shape(columns)[:-1])


# Determinants


@composition(
    "slogdet(x)",
    accuracy=CONDITIONED,
    complex=True,
    results=("sign", "logabsdet"),
    keywords=_A,
    convention="infinities where a matrix is singular",
    examples=_STACK,
)
def slogdet(F: Any, x: Any) -> Any:
    """The sign of the determinant, and the logarithm of its absolute value."""
    sign, log = slogdet_parts(F, F.slogdet_packed(x))
    return sign, log


@composition(
    "logdet(x)",
    accuracy=CONDITIONED,
    complex=True,
    derivative="sum(inv(x).mT * dx, axis=(-2, -1))",
    keywords=_A,
    convention="infinities where a matrix is singular, nan where the determinant is negative",
    examples=_STACK,
    sample=lambda x: (x @ x.swapaxes(-1, -2),),
)
def logdet(F: Any, x: Any) -> Any:
    """Logarithm of the determinant, which may itself overflow."""
    sign, log = F.slogdet(x)
    return F.log(sign) + log if is_complex(F, x) else F.where(sign < 0.0, math.nan, log)


# Factors


@composition(
    "qr(x, /, mode='reduced', _pair=False)",
    accuracy=CONDITIONED,
    complex=True,
    results=("Q", "R"),
    keywords=_A,
    as_torch={"_pair": True},
    elsewhere={"scipy": {"mode": "full"}},
    convention="signs as LAPACK gives them; where a column that Q is made of depends on those before, nan for it, for "
    "its row of R and for all behind",
    examples=((((3, 3),), {}), (((2, 3, 2),), {}), (((2, 3),), {}), (((3, 2),), {"mode": "r"})),
    sample=lambda x: (x + 2.0 * np.eye(*x.shape[-2:]),),
)
def qr(F: Any, x: Any, mode: str, _pair: bool) -> Any:
    """Orthonormal columns Q and an upper triangular R for which Q R is x; with mode "r" only R."""
    if mode not in ("reduced", "complete", "r", "economic", "full"):
        raise WrongArguments(f"qr has the modes 'reduced', 'complete' and 'r', not {mode!r}")
    m, n = matrix(F.shape(x))
    if mode in ("complete", "full") and m > n:
        raise WrongArguments(
            f"the complete factor Q of a matrix of {m} rows and {n} columns has no derivative",
            hint="its last columns are any basis of what the others leave over; mode='reduced' is without them, as "
            "SciPy's 'economic' is",
        )
    k = min(m, n)
    square_part = F.index(x, key=(Ellipsis, slice(0, k)))
    q, r = qr_parts(F, F.qr_packed(square_part), F.shape(square_part))
    if n > m:
        rest = adjoint(F, q) @ F.index(x, key=(Ellipsis, slice(k, n)))
        r = F.concatenate(r, rest, axis=len(F.shape(x)) - 1)
    if mode != "r":
        return q, r
    return (F.index(q, key=(Ellipsis, slice(0, 0), slice(0, 0))), r) if _pair else r


@composition(
    "lu(x, /, permute_l=False, pivot=True)",
    accuracy=CONDITIONED,
    complex=True,
    results=("P", "L", "U"),
    keywords=_A,
    convention="the exchanges of rows stay what they are; where a pivot is zero, not finite for the rows below, from "
    "its column on",
    examples=(
        (((3, 3),), {}),
        (((2, 3, 2),), {}),
        (((2, 3),), {}),
        (((3, 2),), {"permute_l": True}),
    ),
)
def lu(F: Any, x: Any, permute_l: bool, pivot: bool) -> Any:
    """A permutation P, a lower triangular L with ones on its diagonal and an upper triangular U: P L U is x."""
    m, n = matrix(F.shape(x))
    k = min(m, n)
    permutation = F.lu_permutation(x, pivot=pivot)
    moved = transposed(F, permutation) @ x
    compact = F.lu_unpivoted(F.index(moved, key=(Ellipsis, slice(0, k), slice(0, k))))
    left = F.where(_eye(k), 1.0, lower_part(F, compact))
    right = upper(F, compact)
    if m > n:
        rest = F.index(moved, key=(Ellipsis, slice(k, m), slice(None)))
        turned = F.triangular_solve(transposed(F, compact), transposed(F, rest), lower=True, unit=False)
        left = F.concatenate(left, transposed(F, turned), axis=len(F.shape(x)) - 2)
    if n > m:
        rest = F.index(moved, key=(Ellipsis, slice(None), slice(k, n)))
        solved = F.triangular_solve(compact, rest, lower=True, unit=True)
        right = F.concatenate(right, solved, axis=len(F.shape(x)) - 1)
    return (permutation @ left, right) if permute_l else (permutation, left, right)


@composition(
    "eigh(x, /, UPLO='L')",
    advice="the eigenvalues alone are eigvalsh(x)",
    accuracy=CONDITIONED,
    complex=True,
    results=("eigenvalues", "eigenvectors"),
    keywords=_A,
    convention="nan for the vectors of a repeated eigenvalue, of whose space any basis is one, while the values have "
    f"derivatives; otherwise {SYMMETRIC}, with signs as LAPACK gives them",
    examples=(*_STACK, (((2, 2),), {"UPLO": "U"})),
)
def eigh(F: Any, x: Any, UPLO: str) -> Any:
    """Eigenvalues of a symmetric matrix, from the smallest, and its eigenvectors as columns."""
    if UPLO not in ("L", "U"):
        raise WrongArguments(f"UPLO is 'L' or 'U', not {UPLO!r}")
    n = square(F.shape(x))
    values, vectors = eigh_parts(F, F.eigh_packed(x), n)
    return values, vectors


@composition(
    "eigvalsh(x, /, UPLO='L')",
    accuracy=CONDITIONED,
    complex=True,
    keywords=_A,
    convention="the derivatives of a repeated eigenvalue are those along the eigenvectors that LAPACK finds, and the "
    f"second ones nan; otherwise {SYMMETRIC}",
    examples=(*_STACK, (((2, 2),), {"UPLO": "U"})),
)
def eigvalsh(F: Any, x: Any, UPLO: str) -> Any:
    """Eigenvalues of a symmetric matrix, from the smallest."""
    return F.eigh(x, UPLO=UPLO)[0]


@composition(
    "eig(x)",
    accuracy=CONDITIONED,
    results=("eigenvalues", "eigenvectors"),
    keywords=_A,
    complex=True,
    convention="nan for the vectors of a repeated eigenvalue; vectors are of length 1, and their largest components "
    "real, as LAPACK has them",
    examples=_STACK,
)
def eig(F: Any, x: Any) -> Any:
    """Eigenvalues of a square matrix and its eigenvectors as columns, both complex."""
    values, vectors = eigen_parts(F, F.eig_packed(x), square(F.shape(x)))
    return values, vectors


@composition(
    "eigvals(x)",
    accuracy=CONDITIONED,
    keywords=_A,
    complex=True,
    convention="infinities or nan where a matrix has not enough eigenvectors; the order is LAPACK's",
    examples=_STACK,
)
def eigvals(F: Any, x: Any) -> Any:
    """Eigenvalues of a square matrix, complex."""
    return F.eig(x)[0]


@composition(
    "svd(x, /, full_matrices=True, compute_uv=True, hermitian=False)",
    accuracy=CONDITIONED,
    complex=True,
    results=("U", "S", "Vh"),
    keywords=_A,
    convention="nan for the vectors of equal singular values, and for those that complete a basis, while the values "
    "have derivatives; signs are as LAPACK gives them",
    advice="the third result is Vᵀ, as numpy.linalg.svd and torch.linalg.svd give it; torch.svd has V, and "
    "full_matrices=False in the place of some=True",
    examples=(
        (((3, 3),), {}),
        (((2, 3, 2),), {"full_matrices": False}),
        (((2, 3),), {"full_matrices": False}),
        (((2, 3),), {"compute_uv": False}),
    ),
)
def svd(F: Any, x: Any, full_matrices: bool, compute_uv: bool, hermitian: bool) -> Any:
    """U, the singular values from the largest, and Vᵀ, for which U diag(s) Vᵀ is x."""
    if not compute_uv:
        return F.svdvals(x)
    u, s, vt = svd_parts(F, F.svd_packed(x), F.shape(x))
    m, n = matrix(F.shape(x))
    rank = len(F.shape(x))
    if full_matrices and m > n:
        u = F.concatenate(u, _without_derivative(F, F.svd_rest(x, left=True), x), axis=rank - 1)
    if full_matrices and n > m:
        vt = F.concatenate(vt, _without_derivative(F, F.svd_rest(x, left=False), x), axis=rank - 2)
    return u, s, vt


def _without_derivative(F: Any, value: Any, x: Any) -> Any:
    """A value that has no derivative by x, in a way that shows: nan, but for cotangents and tangents of zero.

    What is added is zero, the difference of two square roots that both are vertical there.
    """
    zero = x - F.detach(x)
    nothing = F.sum(F.sqrt(zero), axis=(-2, -1)) - F.sum(F.sqrt(2.0 * zero), axis=(-2, -1))
    apart = np.sqrt(np.arange(1.0, 1.0 + size(F.shape(value)[-2:]))).reshape(F.shape(value)[-2:])
    return value + columns(F, columns(F, nothing)) * F.cast(apart, dtype=F.dtype(x))


@composition(
    "svdvals(x)",
    accuracy=CONDITIONED,
    complex=True,
    keywords=_A,
    convention="the derivatives of equal singular values are those along the vectors that LAPACK finds, and the second "
    "ones nan",
    examples=((((3, 3),), {}), (((2, 3, 2),), {}), (((2, 3),), {})),
)
def svdvals(F: Any, x: Any) -> Any:
    """Singular values, from the largest."""
    return svd_parts(F, F.svd_packed(x), F.shape(x))[1]


# Systems of equations


@composition(
    "solve(a, b, /, left=True, _vectors=False)",
    accuracy=CONDITIONED,
    complex=True,
    keywords={"A": "a", "B": "b", "input": "a", "other": "b"},
    as_torch={"_vectors": True},
    convention="infinities where a matrix is singular",
    examples=(
        (((3, 3), (3,)), {}),
        (((3, 3), (3, 2)), {}),
        (((2, 2, 2), (2, 3)), {}),
        (((2, 2, 2), (2,)), {}),
        (((3, 2, 2), (3, 2)), {}),
        (((2, 2), (3, 2, 1)), {}),
        (((2, 2), (3, 2)), {"left": False}),
    ),
)
def solve(F: Any, a: Any, b: Any, left: bool, _vectors: bool) -> Any:
    """The x for which a @ x = b; b is a vector or a matrix of columns, or one vector for each of a stack of matrices.

    ``left=False``: for which x @ a = b.
    """
    n, shape = square(F.shape(a)), F.shape(b)
    if not left:
        return transposed(F, F.solve_columns(transposed(F, a), transposed(F, b)))
    stack = shape == F.shape(a)[:-1] and (_vectors or len(shape) < 2 or shape[-2] != n)
    if len(shape) == 1 or stack:
        return _vectors_of(F, F.solve_columns(a, columns(F, b)))
    return F.solve_columns(a, b)


@composition(
    "solve_triangular(a, b, /, trans=0, lower=None, unit_diagonal=False, upper=None, left=True)",
    accuracy=CONDITIONED,
    complex=True,
    keywords={"A": "a", "B": "b", "unitriangular": "unit_diagonal"},
    elsewhere={"scipy": {"_by_name": True}},
    convention="infinities where the diagonal has a zero; the other triangle is not read",
    examples=(
        (((3, 3), (3,)), {"lower": True}),
        (((3, 3), (3, 2)), {"upper": True}),
        (((2, 2, 2), (2, 3)), {"lower": True, "unit_diagonal": True}),
        (((2, 2), (2, 3, 2)), {"upper": False, "left": False}),
        (((3, 3), (3, 1)), {"trans": "T"}),
    ),
    sample=lambda a, b: (a + 3.0 * np.eye(a.shape[-1]), b),
)
def solve_triangular(
    F: Any, a: Any, b: Any, trans: Any, lower: Any, unit_diagonal: bool, upper: Any, left: bool
) -> Any:
    """The x for which a @ x = b (x @ a = b unless ``left``), where a is a triangle: the upper one unless ``lower``."""
    if trans not in (0, 1, 2, "N", "T", "C"):
        raise WrongArguments(f"trans is 0 or 1, not {trans!r}")
    is_lower = truth(lower, "lower") if lower is not None else upper is not None and not truth(upper, "upper")
    if trans not in (0, "N"):
        a, is_lower = adjoint(F, a) if trans in (2, "C") else transposed(F, a), not is_lower
    if not left:
        solved = F.triangular_solve(transposed(F, a), transposed(F, b), lower=not is_lower, unit=bool(unit_diagonal))
        return transposed(F, solved)
    if len(F.shape(b)) == 1:
        return _vectors_of(F, F.triangular_solve(a, columns(F, b), lower=is_lower, unit=bool(unit_diagonal)))
    return F.triangular_solve(a, b, lower=is_lower, unit=bool(unit_diagonal))


@composition(
    "cholesky_solve(b, factor, /, upper=False)",
    accuracy=CONDITIONED,
    complex=True,
    keywords={"input": "b", "B": "b", "input2": "factor", "L": "factor"},
    examples=((((3, 2), (3, 3)), {}), (((2, 1), (2, 2, 2)), {"upper": True})),
    sample=lambda b, factor: (b, factor + 3.0 * np.eye(factor.shape[-1])),
)
def cholesky_solve(F: Any, b: Any, factor: Any, upper: bool) -> Any:
    """The x for which L Lᵀ x = b, of a factor that `cholesky` gave."""
    factor = adjoint(F, factor) if upper else factor
    half = F.triangular_solve(factor, b, lower=True, unit=False)
    return F.triangular_solve(adjoint(F, factor), half, lower=False, unit=False)


@composition(
    "cholesky_inverse(factor, /, upper=False)",
    accuracy=CONDITIONED,
    complex=True,
    keywords={"input": "factor", "L": "factor"},
    examples=((((3, 3),), {}), (((2, 2, 2),), {"upper": True})),
    sample=lambda factor: (factor + 3.0 * np.eye(factor.shape[-1]),),
)
def cholesky_inverse(F: Any, factor: Any, upper: bool) -> Any:
    """The inverse of L Lᵀ, of a factor that `cholesky` gave."""
    return F.cholesky_solve(F.cast(_eye(square(F.shape(factor))), dtype=F.dtype(factor)), factor, upper=upper)


@composition(
    "lstsq(a, b, /, rcond=None, driver=None)",
    accuracy=CONDITIONED,
    complex=True,
    results=("solution", "residuals", "rank", "singular_values"),
    keywords={"A": "a", "B": "b"},
    convention="the derivative among matrices of the same rank",
    examples=(
        (((3, 2), (3,)), {}),
        (((1, 2), (1, 2)), {}),
        (((2, 2, 1), (2, 2, 1)), {}),
    ),
)
def lstsq(F: Any, a: Any, b: Any, rcond: Any, driver: Any) -> Any:
    """The x of least norm among those for which a @ x is nearest to b; the residuals, the rank, the singular values."""
    m, n = matrix(F.shape(a))
    vector = len(F.shape(b)) == 1
    right = columns(F, b) if vector else b
    x = F.pinv(a, rcond=rcond) @ right
    apart = right - a @ x
    residuals = F.sum(real_part(F, conjugated(F, apart) * apart), axis=-2)
    if m <= n:
        residuals = F.index(residuals, key=(Ellipsis, slice(0, 0)))
    return _vectors_of(F, x) if vector else x, residuals, F.matrix_rank(a, rtol=rcond), F.svdvals(a)


# Powers and tensors as matrices


@composition(
    "matrix_power(x, /, n)",
    complex=True,
    keywords=_A,
    convention="infinities where a matrix is singular and n negative",
    examples=(
        (((3, 3),), {"n": 3}),
        (((2, 2, 2),), {"n": 6}),
        (((3, 3),), {"n": 1}),
        (((2, 2),), {"n": -2}),
    ),
)
def matrix_power(F: Any, x: Any, n: Any) -> Any:
    """A square matrix to a whole power, the inverse to its absolute value where it is negative."""
    if isinstance(n, bool) or not isinstance(n, int):
        raise WrongArguments(f"the power of a matrix is a whole number, not {n!r}")
    count = square(F.shape(x))
    if n == 0:
        return F.broadcast_to(F.cast(_eye(count), dtype=F.dtype(x)), shape=F.shape(x))
    base, result = F.inv(x) if n < 0 else x, None
    for place in range(abs(n).bit_length()):
        if place:
            base = base @ base
        if abs(n) >> place & 1:
            result = base if result is None else base @ result
    return result


@composition(
    "tensorinv(x, /, ind=2)",
    accuracy=CONDITIONED,
    complex=True,
    keywords=_A,
    examples=((((2, 2, 4),), {}), (((4, 2, 2),), {"ind": 1})),
)
def tensorinv(F: Any, x: Any, ind: Any) -> Any:
    """The inverse of a tensor whose first ``ind`` axes are the rows of a square matrix, and the others its columns."""
    shape = F.shape(x)
    row, column = shape[: whole(ind, "ind", 1)], shape[ind:]
    if size(row) != size(column):
        raise ShapeMismatch(f"a tensor of shape {shape} is not square between the first {ind} axes and the others")
    return F.reshape(F.inv(F.reshape(x, shape=(size(row), size(column)))), shape=(*column, *row))


@composition(
    "tensorsolve(a, b, /, axes=None)",
    accuracy=CONDITIONED,
    complex=True,
    keywords={"A": "a", "B": "b", "dims": "axes"},
    examples=((((2, 2, 4), (2, 2)), {}), (((2, 4, 2), (4,)), {"axes": (0, 2)})),
)
def tensorsolve(F: Any, a: Any, b: Any, axes: Any) -> Any:
    """The x for which tensordot(a, x, x.ndim) is b."""
    if axes is not None:
        named = axes if isinstance(axes, tuple) else (axes,)
        a = F.permute(a, dims=(*(k for k in range(len(F.shape(a))) if k not in named), *named))
    shape, count = F.shape(a)[len(F.shape(b)) :], size(F.shape(b))
    if size(shape) != count:
        raise ShapeMismatch(f"a tensor of shape {F.shape(a)} is not square behind the axes of {F.shape(b)}")
    return F.reshape(F.solve(F.reshape(a, shape=(count, count)), F.ravel(b)), shape=shape)
