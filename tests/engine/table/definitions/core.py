"""What the functions of the first rows mean: arithmetic, shapes, reductions and matrices."""

from __future__ import annotations

import functools
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each, matrices, over

# Definitions: the textbook's, with no thought of overflow or of speed. Names that NumPy has need none.

_exp, _log, _sqrt = each(mpmath.exp), each(mpmath.log), each(mpmath.sqrt)


def _softmax(x: Any, axis: Any = -1) -> Any:
    return _exp(x) / np.sum(_exp(x), axis=axis, keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return _log(np.sum(_exp(x), axis=axis, keepdims=keepdims))


def _clip(x: Any, low: Any, high: Any) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _sum_to(x: Any, shape: Any) -> Any:
    """Element by element: each goes where it would have come from."""
    result = np.zeros(shape, dtype=object)
    for place in np.ndindex(x.shape):
        target = place[len(place) - len(shape) :]
        result[tuple(0 if n == 1 else i for i, n in zip(target, shape, strict=True))] += x[place]
    return result


def _places(key: Any) -> Any:
    return tuple(list(item) if isinstance(item, tuple) else item for item in key)


def _index(x: Any, key: Any) -> Any:
    return np.empty((0,), dtype=object) if key == ((),) else np.asarray(x[_places(key)], dtype=object)


def _put(v: Any, key: Any, shape: Any) -> Any:
    """The numbers of all places, indexed, say where each element goes."""
    targets = np.arange(int(np.prod(shape))).reshape(shape)[_places(key)]
    result = np.zeros(int(np.prod(shape)), dtype=object)
    for target, element in zip(np.ravel(targets), np.ravel(v), strict=True):
        result[target] += element
    return result.reshape(shape)


def _cofactor_along(x: Any, v: Any) -> Any:
    """tr(X⁻¹V) cof(X) - X⁻ᵀVᵀ cof(X), which is right where there is an inverse."""
    inverse, cofactor = matrices(mpmath.inverse)(x), DEFINITIONS["cofactor"](x)
    transposed = np.swapaxes(inverse, -1, -2)
    trace = np.sum(transposed * v, axis=(-2, -1), keepdims=True)
    return trace * cofactor - np.matmul(np.matmul(transposed, np.swapaxes(v, -1, -2)), cofactor)


def _product(elements: list[Any]) -> Any:
    return functools.reduce(lambda a, b: a * b, elements, mpmath.mpf(1))


def _cumsum(x: Any, axis: int | None = None) -> Any:
    x, axis = (np.ravel(x), 0) if axis is None else (x, axis)
    result = x.copy()
    for k in range(1, x.shape[axis]):
        at = [slice(None)] * x.ndim
        at[axis] = k
        before = [slice(None)] * x.ndim
        before[axis] = k - 1
        result[tuple(at)] = result[tuple(before)] + x[tuple(at)]
    return result


def _transpose(x: Any, axes: Any = None, dim1: Any = None, dim2: Any = None) -> Any:
    if dim2 is not None:
        return np.transpose(x, (axes, dim1, dim2))
    return np.transpose(x, axes) if dim1 is None else np.swapaxes(x, axes, dim1)


DEFINITIONS: dict[str, Exact] = {
    "real": each(mpmath.re),
    "imag": each(mpmath.im),
    "conj": each(mpmath.conj),
    "complex": each(mpmath.mpc, 2),
    "angle": each(mpmath.arg),
    "polar": each(lambda abs, angle: abs * mpmath.expj(angle), 2),
    "keep_where": lambda x, condition, other: np.where(condition, x, other),
    "polygamma_of": each(lambda x, n: mpmath.polygamma(int(n), x), 2),
    "array_equal": lambda a, b: np.asarray(a.shape == b.shape and bool(np.all(a == b)), dtype=object),
    "increasing_vander": lambda x, N=None: x[:, None] ** np.arange(len(x) if N is None else N),
    "diagonal_of_matrices": lambda x, offset=0: np.diagonal(x, offset, -2, -1),
    "trace_of_matrices": lambda x, offset=0: np.sum(np.diagonal(x, offset, -2, -1), axis=-1),
    "add_scaled": lambda a, b, alpha=1: a + alpha * b,
    "view_as_real": lambda z: np.stack([each(mpmath.re)(z), each(mpmath.im)(z)], axis=-1),
    "view_as_complex": lambda x: each(mpmath.mpc, 2)(x[..., 0], x[..., 1]),
    "sum": over(lambda elements: sum(elements, mpmath.mpf(0))),
    "mean": over(lambda elements: sum(elements, mpmath.mpf(0)) / len(elements) if elements else mpmath.nan),
    "prod": over(_product),
    "max": over(lambda elements: max(elements, default=None)),
    "min": over(lambda elements: min(elements, default=None)),
    "argmax": over(lambda elements: elements.index(max(elements))),
    "argmin": over(lambda elements: elements.index(min(elements))),
    "cumsum": _cumsum,
    "softmax": _softmax,
    "log_softmax": lambda x, axis=-1: _log(_softmax(x, axis)),
    "logsumexp": _logsumexp,
    "clip": _clip,
    "einsum": lambda *xs, subscripts: np.asarray(np.einsum(subscripts, *xs), dtype=object),
    "permute": lambda x, dims: np.transpose(x, dims),
    "transpose": _transpose,
    "sum_to": _sum_to,
    "index": _index,
    "put": _put,
    "cast": lambda x, dtype: x,
    "contract": lambda a, b, subscripts: np.asarray(np.einsum(subscripts, a, b), dtype=object),
    "det": matrices(mpmath.det),
    "inv": matrices(mpmath.inverse),
    "cofactor": matrices(lambda m: mpmath.det(m) * mpmath.inverse(m).T),
    "cofactor_along": _cofactor_along,
    "vdot": lambda a, b: np.sum(np.conj(np.ravel(a)) * np.ravel(b)),
    "isnan": each(mpmath.isnan),
    "isfinite": each(mpmath.isfinite),
    "logical_and": each(lambda a, b: a != 0 and b != 0, 2),
    "logical_or": each(lambda a, b: a != 0 or b != 0, 2),
    "logical_not": each(lambda a: a == 0),
    "trunc": each(lambda x: mpmath.sign(x) * mpmath.floor(abs(x))),
    "detach": lambda x: x,
}
