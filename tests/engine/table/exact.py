"""Arrays of mpmath's numbers, and functions of them: what definitions are written with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

Exact = Callable[..., Any]


def exactly(x: Any) -> Any:
    """An array of floats as an array of mpmath's numbers; whole numbers and truth values stay what they are."""
    x = np.asarray(x)
    if x.dtype.kind in "biu":
        return x
    if x.dtype.kind == "c":
        return each(mpmath.mpc, 2)(exactly(x.real), exactly(x.imag))
    return np.array([mpmath.mpf(float(v)) for v in np.ravel(x)] or [], dtype=object).reshape(np.shape(x))


def each(function: Callable[..., Any], count: int = 1) -> Exact:
    """A function of numbers, applied to each element of arrays of them, whatever their shapes."""
    ufunc = np.frompyfunc(function, count, 1)
    return lambda *xs: np.asarray(ufunc(*xs), dtype=object)


def matrices(function: Callable[[mpmath.matrix], Any]) -> Exact:
    """A function of one matrix, for each of a stack."""

    def apply(x: Any) -> Any:
        stack = [np.array(_of(function(mpmath.matrix(m.tolist()))), dtype=object) for m in x.reshape(-1, *x.shape[-2:])]
        return np.stack(stack).reshape((*x.shape[:-2], *stack[0].shape))

    return apply


def _of(value: Any) -> Any:
    return value.tolist() if isinstance(value, mpmath.matrix) else value


def over(fold: Callable[[list[Any]], Any]) -> Exact:
    """A reduction: ``fold`` of the elements, in order, that the axes run over."""

    def apply(x: Any, axis: Any = None, keepdims: bool = False, _first: bool = False) -> Any:
        axes = range(x.ndim) if axis is None else [a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))]
        gone = [n if i in axes else 1 for i, n in enumerate(x.shape)]
        result = np.empty([1 if i in axes else n for i, n in enumerate(x.shape)], dtype=object)
        for place in np.ndindex(result.shape):
            result[place] = fold(
                [x[tuple(p + s for p, s in zip(place, step, strict=True))] for step in np.ndindex(*gone)]
            )
        return result if keepdims else result.reshape([n for i, n in enumerate(x.shape) if i not in axes])

    return apply


def joined(value: Any) -> Any:
    """Several results as one, their elements one behind the other, and complex numbers as their two parts."""
    if isinstance(value, tuple):
        return np.concatenate([np.ravel(_parts(part)) for part in value])
    return _parts(value)


def _parts(value: Any) -> Any:
    value = np.asarray(value, dtype=object)
    if not any(isinstance(x, mpmath.mpc) for x in value.flat):
        return value
    return np.stack([each(mpmath.re)(value), each(mpmath.im)(value)])
