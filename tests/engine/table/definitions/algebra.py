"""What factorisations and functions of matrices mean.

mpmath finds the factors; which of the equivalent ones is meant, by the signs of its vectors, is as LAPACK has it at the
nearest floats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, exactly, joined, matrices


def _array(m: Any) -> Any:
    return np.array([[m[i, j] for j in range(m.cols)] for i in range(m.rows)], dtype=object).reshape(m.rows, m.cols)


def _matrix(x: Any) -> Any:
    return mpmath.matrix(x.tolist()) if x.size else mpmath.matrix(*x.shape)


def _T(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _floats(x: Any) -> Any:
    return np.array([float(v) for v in np.ravel(x)]).reshape(np.shape(x))


def _eye(n: int) -> Any:
    return exactly(np.eye(n))


def _symmetric(x: Any) -> Any:
    return (x + _T(x)) / 2


def stacks(function: Callable[..., Any]) -> Exact:
    """A function of one matrix (and of one operand more for each), for each of a stack: an array, or several."""

    def apply(x: Any, *others: Any, **params: Any) -> Any:
        lead = x.shape[:-2]
        found = [function(x[place], *(other[place] for other in others), **params) for place in np.ndindex(lead)]
        if isinstance(found[0], tuple):
            return tuple(
                np.array([*part, None], dtype=object)[:-1].reshape(lead)
                if not np.ndim(part[0])
                else np.stack(part).reshape(*lead, *np.shape(part[0]))
                for part in zip(*found, strict=True)
            )
        return np.array(found, dtype=object).reshape(*lead, *np.shape(found[0]))

    return apply


def _packed(function: Callable[..., Any]) -> Exact:
    """The same with the results one behind the other, as rows pack them."""
    return stacks(lambda *xs, **params: joined(function(*xs, **params)))


def _signs(exact: Any, floats: Any) -> Any:
    """For each column 1 or -1: what makes it that of LAPACK."""
    return np.array([1 if v > 0 else -1 for v in np.sum(_floats(exact) * floats, axis=0)], dtype=object)


# Singular values


def _thin_svd(x: Any) -> Any:
    if not x.size:
        return tuple(exactly(part) for part in np.linalg.svd(_floats(x), full_matrices=False))
    u, s, v = mpmath.svd_r(_matrix(x))
    u, s, v = _array(u), np.array(list(s), dtype=object), _array(v)
    signs = _signs(u, np.linalg.svd(_floats(x), full_matrices=False)[0])
    return u * signs, s, v * signs[:, None]


# Eigenvalues


def _eigh(x: Any) -> Any:
    if not x.size:
        return exactly(np.zeros(0)), exactly(np.zeros((0, 0)))
    w, v = mpmath.eigsy(_matrix(_symmetric(x)))
    w, v = np.array(list(w), dtype=object), _array(v)
    return w, v * _signs(v, np.linalg.eigh(_floats(_symmetric(x)))[1])


def _spectral(x: Any, d: Any) -> Any:
    _, v = _eigh(x)
    return np.matmul(v * d, _T(v))


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
    return _T(factor) if upper else factor


def _qr(x: Any) -> Any:
    """R is the factor of Cholesky of xᵀx, but for signs."""
    if not x.size:
        return x, exactly(np.zeros((x.shape[-1],) * 2))
    r = _cholesky(np.matmul(_T(x), x), upper=True)
    signs = np.array([1 if v > 0 else -1 for v in np.diagonal(np.linalg.qr(_floats(x))[1])], dtype=object)
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
    """By its series, which mpmath's own function does not sum to all digits."""
    total = term = _eye(len(x))
    for k in range(1, 400):
        term = np.matmul(term, x) / k
        total = total + term
        if not term.size or max(abs(term).ravel()) < mpmath.mpf(10) ** -(mpmath.mp.dps + 5):
            break
    return total


DEFINITIONS: dict[str, Exact] = {
    "svd_packed": _packed(_thin_svd),
    "eigh_packed": _packed(_eigh),
    "eigvalsh": stacks(lambda x, UPLO="L": _eigh(x)[0]),
    "spectral": stacks(_spectral),
    "triangular_solve": _triangular_solve,
    "cholesky": stacks(_cholesky),
    "qr_packed": _packed(_qr),
    "lu_permutation": stacks(lambda x, pivot=True: _lu(x)[0] if pivot else _eye(len(x))),
    "lu_unpivoted": stacks(_lu_unpivoted),
    "matrix_exp": stacks(_expm),
}
