"""What layers and signals mean, element by element."""

from __future__ import annotations

from itertools import product
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact


def _at(x: Any, place: Any) -> Any:
    """An element, or 0 outside."""
    inside = all(0 <= i < n for i, n in zip(place, x.shape, strict=True))
    return x[tuple(place)] if inside else mpmath.mpf(0)


def _convolution(
    x: Any, w: Any, stride: Any, low: Any, high: Any, dilation: Any, inflation: Any, groups: int
) -> Any:
    dims = range(len(stride))
    lengths = [(n - 1) * step + 1 if n else 0 for n, step in zip(x.shape[2:], inflation, strict=True)]
    spread = np.full((*x.shape[:2], *lengths), mpmath.mpf(0), dtype=object)
    spread[(slice(None), slice(None), *(slice(None, None, step) for step in inflation))] = x
    counts = [(lengths[i] + low[i] + high[i] - (w.shape[2 + i] - 1) * dilation[i] - 1) // stride[i] + 1 for i in dims]
    result = np.full((x.shape[0], w.shape[0], *counts), mpmath.mpf(0), dtype=object)
    channels, results = w.shape[1], w.shape[0] // groups
    for n, o, *place in np.ndindex(result.shape):
        for c, *k in np.ndindex(w.shape[1:]):
            at = [place[i] * stride[i] + k[i] * dilation[i] - low[i] for i in dims]
            result[(n, o, *place)] += w[(o, c, *k)] * _at(spread[n, o // results * channels + c], at)
    return result


def _windows(x: Any, axis: int, size: int, stride: int, dilation: int, low: int, count: int) -> Any:
    x = np.moveaxis(x, axis, 0)
    nothing = np.full(x.shape[1:], mpmath.mpf(0), dtype=object)
    result = np.empty((count, size, *x.shape[1:]), dtype=object)
    for o, k in np.ndindex(count, size):
        at = o * stride + k * dilation - low
        result[o, k] = x[at] if 0 <= at < len(x) else nothing
    return np.moveaxis(result, (0, 1), (axis % x.ndim, axis % x.ndim + 1))


def _unwindows(v: Any, axis: int, stride: int, dilation: int, low: int, length: int) -> Any:
    v = np.moveaxis(v, (axis, axis + 1), (0, 1))
    result = np.full((length, *v.shape[2:]), mpmath.mpf(0), dtype=object)
    for o, k in np.ndindex(*v.shape[:2]):
        at = o * stride + k * dilation - low
        if 0 <= at < length:
            result[at] = result[at] + v[o, k]
    return np.moveaxis(result, 0, axis)


DEFINITIONS: dict[str, Exact] = {
    "convolution": _convolution,
    "windows": _windows,
    "unwindows": _unwindows,
}
