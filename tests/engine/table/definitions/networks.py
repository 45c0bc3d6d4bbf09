"""What layers and signals mean, element by element."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact


def _at(x: Any, place: Any) -> Any:
    """An element, or 0 outside."""
    inside = all(0 <= i < n for i, n in zip(place, x.shape, strict=True))
    return x[tuple(place)] if inside else mpmath.mpf(0)


def _convolution(x: Any, w: Any, stride: Any, low: Any, high: Any, dilation: Any, inflation: Any, groups: int) -> Any:
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


def _tuple(value: Any, dims: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, tuple) else (value,) * dims


def _alone(function: Exact, dims: int) -> Exact:
    """The same for one that has no batch in front."""

    def apply(x: Any, *rest: Any, **params: Any) -> Any:
        return function(x[None], *rest, **params)[0] if x.ndim == dims + 1 else function(x, *rest, **params)

    return apply


def _biased(y: Any, bias: Any) -> Any:
    return y if bias is None else y + bias.reshape(-1, *(1,) * (y.ndim - 2))


def _conv(dims: int) -> Exact:
    def conv(
        x: Any, w: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
    ) -> Any:
        stride, dilation = _tuple(stride, dims), _tuple(dilation, dims)
        if padding == "same":
            spans = [(n - 1) * d for n, d in zip(w.shape[2:], dilation, strict=True)]
            low, high = tuple(n // 2 for n in spans), tuple(n - n // 2 for n in spans)
        else:
            low = high = _tuple(padding, dims)
        return _biased(_convolution(x, w, stride, low, high, dilation, (1,) * dims, groups), bias)

    return _alone(conv, dims)


def _conv_transpose(dims: int) -> Exact:
    """Each element adds its kernel, scaled, from its place on; then the padding is cut off."""

    def conv(
        x: Any, w: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0, groups: int = 1,
        dilation: Any = 1,
    ) -> Any:  # fmt: skip
        stride, dilation, padding = _tuple(stride, dims), _tuple(dilation, dims), _tuple(padding, dims)
        extra = _tuple(output_padding, dims)
        sizes = [
            (x.shape[2 + i] - 1) * stride[i] + (w.shape[2 + i] - 1) * dilation[i] + 1 + extra[i] for i in range(dims)
        ]
        channels, results = w.shape[0] // groups, w.shape[1]
        y = np.full((x.shape[0], results * groups, *sizes), mpmath.mpf(0), dtype=object)
        for n, c, *place in np.ndindex(x.shape):
            for o, *k in np.ndindex(w.shape[1:]):
                at = [place[i] * stride[i] + k[i] * dilation[i] for i in range(dims)]
                y[(n, c // channels * results + o, *at)] += x[(n, c, *place)] * w[(c, o, *k)]
        cut = tuple(slice(p, n - p) for p, n in zip(padding, sizes, strict=True))
        return _biased(y[(slice(None), slice(None), *cut)], bias)

    return _alone(conv, dims)


def _windows_along(n: int, size: int, step: int, padding: int, dilation: int, ceil: bool) -> list[list[int]]:
    """The places of each window along an axis: of those that fit, and with ``ceil`` of one that does not, if it starts
    inside and there are elements left.
    """
    windows: list[list[int]] = []
    while True:
        start = len(windows) * step - padding
        window = [start + k * dilation for k in range(size)]
        left = not windows or windows[-1][-1] < n + padding - 1
        if window[-1] >= n + padding and not (ceil and left and start < n):
            return windows
        windows.append(window)


def _pool(dims: int, fold: Any) -> Exact:
    """``fold`` makes one number of the elements of a box, and the count of its places inside the padded tensor."""

    def pool(
        x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
        **params: Any,
    ) -> Any:  # fmt: skip
        sizes, padding = _tuple(kernel_size, dims), _tuple(padding, dims)
        stride = sizes if stride is None else _tuple(stride, dims)
        own = x.shape[-dims:]
        ways = zip(own, sizes, stride, padding, _tuple(dilation, dims), strict=True)
        windows = [_windows_along(*way, ceil_mode) for way in ways]
        result = np.empty([*x.shape[:-dims], *map(len, windows)], dtype=object)
        for at in np.ndindex(result.shape):
            box = list(product(*(of[i] for of, i in zip(windows, at[-dims:], strict=True))))
            inside = [place for place in box if all(0 <= i < n for i, n in zip(place, own, strict=True))]
            padded = [place for place in box if all(i < n + p for i, n, p in zip(place, own, padding, strict=True))]
            elements = [x[at[:-dims] + place] for place in inside]
            result[at] = fold(elements, len(padded), len(box), **params)
        return result

    return pool


def _mean_of(
    elements: Any, padded: int, size: int, count_include_pad: bool = True, divisor_override: Any = None
) -> Any:
    return sum(elements, mpmath.mpf(0)) / (divisor_override or (padded if count_include_pad else len(elements)))


def _norm_of(elements: Any, padded: int, size: int, norm_type: float) -> Any:
    total = sum([v**norm_type for v in elements], mpmath.mpf(0)) * size / padded
    return total ** (mpmath.mpf(1) / norm_type)


def _adaptive(dims: int, fold: Any) -> Exact:
    def pool(x: Any, output_size: Any) -> Any:
        own = x.shape[-dims:]
        counts = [n if m is None else m for m, n in zip(_tuple(output_size, dims), own, strict=True)]
        result = np.empty([*x.shape[:-dims], *counts], dtype=object)
        for at in np.ndindex(result.shape):
            box = tuple(
                slice(math.floor(i * n / count), math.ceil((i + 1) * n / count))
                for i, n, count in zip(at[-dims:], own, counts, strict=True)
            )
            result[at] = fold(list(x[at[:-dims] + box].ravel()))
        return result

    return pool


DEFINITIONS: dict[str, Exact] = {
    "convolution": _convolution,
    "windows": _windows,
    "unwindows": _unwindows,
    **{f"conv{dims}d": _conv(dims) for dims in (1, 2, 3)},
    **{f"conv_transpose{dims}d": _conv_transpose(dims) for dims in (1, 2, 3)},
    **{f"max_pool{dims}d": _pool(dims, lambda elements, padded, size: max(elements)) for dims in (1, 2, 3)},
    **{f"avg_pool{dims}d": _pool(dims, _mean_of) for dims in (1, 2, 3)},
    **{f"lp_pool{dims}d": _pool(dims, _norm_of) for dims in (1, 2, 3)},
    **{f"adaptive_avg_pool{dims}d": _adaptive(dims, lambda v: sum(v) / len(v)) for dims in (1, 2, 3)},
    **{f"adaptive_max_pool{dims}d": _adaptive(dims, max) for dims in (1, 2, 3)},
}
