"""What factorisations and functions of matrices mean.

mpmath finds the factors; which of the equivalent ones is meant, by the signs of its vectors, is as LAPACK has it at the
nearest floats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, exactly, over


def _array(m: Any) -> Any:
    return np.array([[m[i, j] for j in range(m.cols)] for i in range(m.rows)], dtype=object).reshape(m.rows, m.cols)


def _matrix(x: Any) -> Any:
    return mpmath.matrix(x.tolist()) if x.size else mpmath.matrix(*x.shape)


def _T(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _H(x: Any) -> Any:
    return np.conj(_T(x))


def _is_complex(x: Any) -> bool:
    return any(isinstance(v, mpmath.mpc) for v in np.ravel(x))


def _floats(x: Any) -> Any:
    kind = complex if _is_complex(x) else float
    return np.array([kind(v) for v in np.ravel(x)]).reshape(np.shape(x))


def _eye(n: int) -> Any:
    return exactly(np.eye(n))


def _symmetric(x: Any) -> Any:
    return (x + _H(x)) / 2


def _pile(parts: Any, lead: Any) -> Any:
    result = np.empty((len(parts), *np.shape(parts[0])), dtype=object)
    for k, part in enumerate(parts):
        result[k] = part
    return result.reshape((*lead, *result.shape[1:]))


def stacks(function: Callable[..., Any]) -> Exact:
    """A function of one matrix (and of one operand more for each), for each of a stack: an array, or several."""

    def apply(x: Any, *others: Any, **params: Any) -> Any:
        lead = x.shape[:-2]
        found = [function(x[place], *(other[place] for other in others), **params) for place in np.ndindex(lead)]
        if isinstance(found[0], tuple):
            return tuple(_pile(parts, lead) for parts in zip(*found, strict=True))
        return _pile(found, lead)

    return apply


def _packed(function: Callable[..., Any]) -> Exact:
    """The same with the results one behind the other, as rows pack them."""
    return stacks(lambda *xs, **params: np.concatenate([np.ravel(part) for part in function(*xs, **params)]))


def _signs(exact: Any, floats: Any) -> Any:
    """For each column 1 or -1, or the phase that makes its first component real: what makes it that of LAPACK."""
    if _is_complex(exact):
        phases = [abs(v) / v for v in exact[0]]
        return np.array([p if v.real > 0 else -p for p, v in zip(phases, floats[0], strict=True)], dtype=object)
    return np.array([1 if v > 0 else -1 for v in np.sum(_floats(exact) * floats, axis=0)], dtype=object)


# Singular values


def _thin_svd(x: Any) -> Any:
    if not x.size:
        return tuple(exactly(part) for part in np.linalg.svd(_floats(x), full_matrices=False))
    u, s, v = (mpmath.svd_c if _is_complex(x) else mpmath.svd_r)(_matrix(x))
    u, s, v = _array(u), np.array(list(s), dtype=object), _array(v)
    known, _, other = np.linalg.svd(_floats(x), full_matrices=False)
    signs = _signs(_H(v), _H(other)) if len(u) >= v.shape[1] else _signs(u, known)
    return u * signs, s, v * np.conj(signs)[:, None]


def _rest(x: Any, left: bool) -> Any:
    """What of the unit vectors the others leave over, made orthonormal: one vector, with LAPACK's sign."""
    u, _, vt = _thin_svd(x)
    full = np.linalg.svd(_floats(x))
    known, floats = (u, full[0]) if left else (_T(vt), _T(full[2]))
    rest = exactly(floats[:, known.shape[1] :])
    for _ in range(8):
        rest = rest - np.matmul(known, np.matmul(_T(known), rest))
    rest = rest / np.array([mpmath.sqrt(v) for v in np.sum(rest * rest, axis=0)], dtype=object)
    return rest if left else _T(rest)


def _rank(x: Any, tol: Any = None, hermitian: bool = False, rtol: Any = None) -> Any:
    s = _thin_svd(x)[1]
    return int(sum(v > max(tol or 0, (rtol or 0) * max(s)) for v in s))


def _pinv(x: Any, rcond: Any = None, hermitian: bool = False, atol: Any = None) -> Any:
    """Of a matrix of full rank."""
    m, n = x.shape
    if not x.size:
        return _T(x)
    return _solve(np.matmul(_H(x), x), _H(x)) if m >= n else _H(_solve(np.matmul(x, _H(x)), x))


# Determinants


def _slogdet_pair(x: Any) -> Any:
    det = mpmath.det(_matrix(x)) if x.size else mpmath.mpf(1)
    return det / abs(det), mpmath.log(abs(det))


# Eigenvalues


def _eigh(x: Any) -> Any:
    if not x.size:
        return exactly(np.zeros(0)), exactly(np.zeros((0, 0)))
    w, v = (mpmath.eighe if _is_complex(x) else mpmath.eigsy)(_matrix(_symmetric(x)))
    w, v = np.array(list(w), dtype=object), _array(v) * (mpmath.mpc(1) if _is_complex(x) else 1)
    return w, v * _signs(v, np.linalg.eigh(_floats(_symmetric(x)))[1])


def _eig(x: Any) -> Any:
    """In LAPACK's order, of length 1, and with the component real that LAPACK makes real."""
    if not x.size:
        return exactly(np.zeros(0)), exactly(np.zeros((0, 0)))
    values, vectors = mpmath.eig(_matrix(x))
    floats = np.array([complex(v) for v in np.ravel(x)]).reshape(x.shape)
    known, columns = np.linalg.eig(floats.real if not floats.imag.any() else floats)
    order = [min(range(len(values)), key=lambda k: abs(complex(values[k]) - w)) for w in known]
    found = _array(vectors)[:, order]
    for j in range(len(order)):
        at = max(range(len(x)), key=lambda i: (columns[i, j].imag == 0) * abs(columns[i, j]))
        length = mpmath.sqrt(sum(abs(v) ** 2 for v in found[:, j]))
        turn = abs(found[at, j]) / found[at, j] * (1 if columns[at, j].real > 0 else -1)
        found[:, j] = found[:, j] * turn / length
    return np.array([mpmath.mpc(values[k]) for k in order], dtype=object), found * mpmath.mpc(1)


# Triangular factors


def _solve(a: Any, b: Any) -> Any:
    if not a.size:
        return b
    return np.matmul(_array(mpmath.inverse(_matrix(a))), b)


def _triangle(a: Any, lower: bool, unit: bool) -> Any:
    triangle = np.tril(a) if lower else np.triu(a)
    return np.where(np.eye(a.shape[-1]) == 1, mpmath.mpf(1), triangle) if unit else triangle


def _triangular_solve(a: Any, b: Any, lower: bool, unit: bool) -> Any:
    a = np.broadcast_to(a, (*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), *a.shape[-2:]))
    b = np.broadcast_to(b, (*a.shape[:-2], *b.shape[-2:]))
    return stacks(lambda a, b: _solve(_triangle(a, lower, unit), b))(a, b)


def _cholesky(x: Any, upper: bool = False) -> Any:
    factor = _array(mpmath.cholesky(_matrix(_symmetric(x)))) if x.size else x
    return _H(factor) if upper else factor


def _qr(x: Any) -> Any:
    """R is the factor of Cholesky of xᵀx, but for signs."""
    if not x.size:
        return x, exactly(np.zeros((x.shape[-1],) * 2))
    r = _cholesky(np.matmul(_H(x), x), upper=True)
    signs = np.array([1 if v.real > 0 else -1 for v in np.diagonal(np.linalg.qr(_floats(x))[1])], dtype=object)
    r = r * signs[:, None]
    return np.matmul(x, _array(mpmath.inverse(_matrix(r)))), r


def _lu(x: Any) -> Any:
    """P, L and U: in each column the largest element goes up."""
    m, n = x.shape
    order, u = list(range(m)), x.copy()
    factors = exactly(np.zeros((m, m)))
    for k in range(min(m, n)):
        best = k + int(np.argmax(_floats(abs(u[k:, k]))))
        for swapped in (u, factors):
            swapped[[k, best]] = swapped[[best, k]]
        order[k], order[best] = order[best], order[k]
        for i in range(k + 1, m):
            factors[i, k] = u[i, k] / u[k, k]
            u[i] = u[i] - factors[i, k] * u[k]
    permutation = exactly(np.eye(m))[:, order]
    k = min(m, n)
    permutation = permutation * mpmath.mpc(1) if _is_complex(x) else permutation
    return permutation, (factors + _eye(m))[:, :k], u[:k]


def _lu_unpivoted(x: Any) -> Any:
    a = x.copy()
    for k in range(len(a)):
        for i in range(k + 1, len(a)):
            a[i, k] = a[i, k] / a[k, k]
            a[i, k + 1 :] = a[i, k + 1 :] - a[i, k] * a[k, k + 1 :]
    return a


# Functions of matrices


def _expm(x: Any) -> Any:
    """By its series for a small part of x, and squares of that: mpmath's own function has not all digits."""
    total = term = _eye(len(x))
    small = x / mpmath.mpf(2) ** 16
    for k in range(1, 36):
        term = np.matmul(term, small) / k
        total = total + term
    for _ in range(16):
        total = np.matmul(total, total)
    return total


def _by_eigenvalues(function: Callable[[Any], Any]) -> Exact:
    """A function of matrices that have as many eigenvectors as rows."""

    def apply(x: Any) -> Any:
        if not x.size:
            return x
        values, vectors = mpmath.eig(_matrix(x))
        v = _array(vectors)
        result = np.matmul(v * [function(w) for w in values], _solve(v, _eye(len(v))))
        return (
            result if _is_complex(x) else np.array([mpmath.re(r) for r in result.flat], dtype=object).reshape(x.shape)
        )

    return stacks(apply)


# Systems of equations


def _columns(a: Any, b: Any) -> Any:
    """The solution, of stacks that broadcast."""
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return stacks(_solve)(np.broadcast_to(a, lead + a.shape[-2:]), np.broadcast_to(b, lead + b.shape[-2:]))


def _solve_public(a: Any, b: Any, left: bool = True) -> Any:
    if not left:
        return _T(_columns(_T(a), _T(b)))
    vectors = b.ndim == 1 or (b.shape == a.shape[:-1] and b.shape[-2] != a.shape[-1])
    return _columns(a, b[..., None])[..., 0] if vectors else _columns(a, b)


def _solve_triangular(
    a: Any,
    b: Any,
    trans: Any = 0,
    lower: Any = None,
    unit_diagonal: bool = False,
    upper: Any = None,
    left: bool = True,
) -> Any:
    triangle = _triangle(a, upper is False if lower is None else lower, unit_diagonal)
    return _solve_public(_T(triangle) if trans else triangle, b, left)


def _cholesky_solve(b: Any, factor: Any, upper: bool = False) -> Any:
    half = _H(np.triu(factor)) if upper else np.tril(factor)
    return _columns(np.matmul(half, _H(half)), b)


def _cholesky_inverse(factor: Any, upper: bool = False) -> Any:
    return _cholesky_solve(np.broadcast_to(_eye(factor.shape[-1]), factor.shape), factor, upper)


def _lstsq(a: Any, b: Any, rcond: Any = None, driver: Any = None) -> Any:
    right = b[:, None] if b.ndim == 1 else b
    x = np.matmul(DEFINITIONS["pinv"](a), right)
    m, n = a.shape[-2:]
    rest = np.matmul(a, x) - right
    residuals = np.sum(abs(rest) ** 2, axis=-2)[..., : None if m > n else 0]
    return x[..., 0] if b.ndim == 1 else x, residuals, DEFINITIONS["matrix_rank"](a), DEFINITIONS["svdvals"](a)


# Factors as they are called


def _public_qr(x: Any, mode: str = "reduced") -> Any:
    m = len(x)
    q, r = _qr(x[:, :m])
    r = np.concatenate([r, np.matmul(_H(q), x[:, m:])], axis=1)
    return (q, r) if mode == "reduced" else r


def _public_lu(x: Any, permute_l: bool = False, pivot: bool = True) -> Any:
    p, lower, upper = _lu(x)
    return (np.matmul(p, lower), upper) if permute_l else (p, lower, upper)


def _svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    return _thin_svd(x) if compute_uv else _thin_svd(x)[1]


# Powers, and tensors as matrices

_inverse = stacks(lambda x: _solve(x, _eye(len(x))))


def _matrix_power(x: Any, n: int) -> Any:
    base = _inverse(x) if n < 0 else x
    result = _eye(x.shape[-1]) + 0 * x
    for _ in range(abs(n)):
        result = np.matmul(result, base)
    return result


def _tensorinv(x: Any, ind: int = 2) -> Any:
    n = int(np.prod(x.shape[:ind]))
    return _inverse(x.reshape(n, n)).reshape(x.shape[ind:] + x.shape[:ind])


def _tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    a = a if axes is None else np.moveaxis(a, axes, range(a.ndim - len(axes), a.ndim))
    return _solve(a.reshape(b.size, b.size), np.ravel(b)).reshape(a.shape[b.ndim :])


# Norms


def _each_norm(v: list[Any], p: float) -> Any:
    if p == 0:
        return mpmath.mpf(sum(x != 0 for x in v))
    if np.isinf(p):
        return (max if p > 0 else min)(abs(x) for x in v)
    return sum((abs(x) ** mpmath.mpf(p) for x in v), mpmath.mpf(0)) ** (1 / mpmath.mpf(p)) if v else mpmath.mpf(0)


def _vector_norm(x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Any:
    return over(lambda v: _each_norm(v, ord))(x, axis=axis, keepdims=keepdims)


def _one_matrix_norm(x: Any, ord: Any) -> Any:
    if ord == "fro":
        return _each_norm(list(x.ravel()), 2)
    if ord == "nuc":
        return sum(_thin_svd(x)[1], mpmath.mpf(0))
    if ord in (2, -2):
        return (max if ord > 0 else min)(_thin_svd(x)[1])
    return (max if ord > 0 else min)(np.sum(abs(x), axis=0 if abs(ord) == 1 else 1))


def _matrix_norm(x: Any, ord: Any = "fro", axis: Any = (-2, -1), keepdims: bool = False) -> Any:
    found = stacks(lambda x: _one_matrix_norm(x, ord))(np.moveaxis(x, axis, (-2, -1)))
    return np.expand_dims(found, tuple(a % x.ndim for a in axis)) if keepdims else found


def _cond(x: Any, p: Any = None) -> Any:
    if p in (None, 2, -2):
        large, small = (stacks(lambda x, ord=ord: _one_matrix_norm(x, ord))(x) for ord in (2, -2))
        return small / large if p == -2 else large / small
    return _matrix_norm(x, p) * _matrix_norm(_inverse(x), p)


def _cdist(x1: Any, x2: Any, p: Any = 2) -> Any:
    return _vector_norm(x1[..., :, None, :] - x2[..., None, :, :], p, -1)


def _pdist(x: Any, p: Any = 2) -> Any:
    return np.array(
        [_each_norm(list(x[i] - x[j]), p) for i in range(len(x)) for j in range(i + 1, len(x))], dtype=object
    )


# Products


def _cross(a: Any, b: Any, axis: Any = None, axisa: int = -1, axisb: int = -1, axisc: int = -1) -> Any:
    """Vectors of length 2 have a third part of 0; of two of them only the third part is given."""
    a, b = (np.moveaxis(v, axis if axis is not None else own, -1) for v, own in ((a, axisa), (b, axisb)))
    plane = a.shape[-1] == b.shape[-1] == 2
    (x1, y1, z1), (x2, y2, z2) = ([v[..., k] if k < v.shape[-1] else 0 * v[..., 0] for k in range(3)] for v in (a, b))
    if plane:
        return np.asarray(x1 * y2 - y1 * x2, dtype=object)
    result = np.stack([y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2], axis=-1)
    return np.moveaxis(result, -1, axis if axis is not None else axisc)


def _with_product(product: Callable[..., Any]) -> Exact:
    return lambda input, a, b, beta=1, alpha=1: beta * input + alpha * product(a, b)


def _multi_dot(*arrays: Any) -> Any:
    result = arrays[0]
    for x in arrays[1:]:
        result = np.asarray(np.matmul(result, x), dtype=object)
    return result


DEFINITIONS: dict[str, Exact] = {
    "cross": _cross,
    "vecdot": lambda a, b, axis=-1: np.sum(np.conj(a) * b, axis=axis),
    "matvec": lambda a, b: np.matmul(a, b[..., None])[..., 0],
    "vecmat": lambda a, b: np.matmul(np.conj(a)[..., None, :], b)[..., 0, :],
    "multi_dot": _multi_dot,
    "addmm": _with_product(np.matmul),
    "addmv": _with_product(np.matmul),
    "addr": _with_product(lambda a, b: a[:, None] * b),
    "baddbmm": _with_product(np.matmul),
    "addbmm": _with_product(lambda a, b: np.sum(np.matmul(a, b), axis=0)),
    "solve_columns": _columns,
    "solve": _solve_public,
    "solve_triangular": _solve_triangular,
    "cholesky_solve": _cholesky_solve,
    "cholesky_inverse": _cholesky_inverse,
    "lstsq": _lstsq,
    "slogdet": stacks(_slogdet_pair),
    "logdet": stacks(lambda x: mpmath.log(mpmath.det(_matrix(x))) if x.size else mpmath.mpf(0)),
    "qr": stacks(_public_qr),
    "lu": stacks(_public_lu),
    "eigh": stacks(lambda x, UPLO="L": _eigh(x)),
    "svd": stacks(_svd),
    "svdvals": stacks(lambda x: _thin_svd(x)[1]),
    "matrix_power": _matrix_power,
    "tensorinv": _tensorinv,
    "tensorsolve": _tensorsolve,
    "vector_norm": _vector_norm,
    "matrix_norm": _matrix_norm,
    "cond": _cond,
    "cdist": _cdist,
    "pdist": _pdist,
    "svd_packed": _packed(_thin_svd),
    "svd_rest": stacks(_rest),
    "matrix_rank": stacks(_rank),
    "pinv": stacks(_pinv),
    "slogdet_packed": stacks(lambda x: np.array(_slogdet_pair(x), dtype=object)),
    "eig_packed": _packed(_eig),
    "eig": stacks(_eig),
    "eigvals": stacks(lambda x: _eig(x)[0]),
    "eigh_packed": _packed(_eigh),
    "eigvalsh": stacks(lambda x, UPLO="L": _eigh(x)[0]),
    "triangular_solve": _triangular_solve,
    "cholesky": stacks(_cholesky),
    "qr_packed": _packed(_qr),
    "lu_permutation": stacks(lambda x, pivot=True: _lu(x)[0] if pivot else _eye(len(x))),
    "lu_unpivoted": stacks(_lu_unpivoted),
    "matrix_exp": stacks(_expm),
    "sqrtm": _by_eigenvalues(mpmath.sqrt),
    "logm": _by_eigenvalues(mpmath.log),
}
