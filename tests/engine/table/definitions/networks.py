"""What layers and signals mean, element by element."""

from __future__ import annotations

import functools
import math
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each


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


def _max_pool(dims: int) -> Exact:
    largest = _pool(dims, lambda elements, padded, size: max(elements))

    def pool(x: Any, return_indices: bool = False, **params: Any) -> Any:
        """With places: of pairs of an element and where it is, the largest, and of equal ones the first."""
        if not return_indices:
            return largest(x, **params)
        count = math.prod(x.shape[-dims:])
        pairs = np.empty(x.shape, dtype=object)
        for k, at in enumerate(np.ndindex(x.shape)):
            pairs[at] = (x[at], -(k % count))
        found = largest(pairs, **params)
        return tuple(each(part)(found) for part in (lambda pair: pair[0], lambda pair: mpmath.mpf(-pair[1])))

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


def _standardized(values: list[Any], eps: float) -> list[Any]:
    mean = sum(values) / len(values)
    spread = sum([(v - mean) ** 2 for v in values]) / len(values)
    return [(v - mean) / mpmath.sqrt(spread + eps) for v in values]


def _each_group(x: Any, group_of: Any, change: Any) -> Any:
    """``change`` of the list of elements of each group, put back where they came from."""
    groups: dict[Any, list[Any]] = {}
    for at in np.ndindex(x.shape):
        groups.setdefault(group_of(*at), []).append(at)
    result = np.empty(x.shape, dtype=object)
    for places in groups.values():
        for at, value in zip(places, change([x[at] for at in places]), strict=True):
            result[at] = value
    return result


def _scaled(y: Any, weight: Any, bias: Any) -> Any:
    for n, c, *rest in np.ndindex(y.shape):
        at = (n, c, *rest)
        y[at] = y[at] * (1 if weight is None else weight[c]) + (0 if bias is None else bias[c])
    return y


def _by_figures(x: Any, mean: Any, var: Any, eps: float) -> Any:
    result = np.empty(x.shape, dtype=object)
    for n, c, *rest in np.ndindex(x.shape):
        result[(n, c, *rest)] = (x[(n, c, *rest)] - mean[c]) / mpmath.sqrt(var[c] + eps)
    return result


def _batch_norm(
    x: Any, mean: Any = None, var: Any = None, weight: Any = None, bias: Any = None, training: bool = False,
    eps: float = 1e-5,
) -> Any:  # fmt: skip
    if training:
        return _scaled(_each_group(x, lambda n, c, *rest: c, lambda v: _standardized(v, eps)), weight, bias)
    return _scaled(_by_figures(x, mean, var, eps), weight, bias)


def _instance_norm(
    x: Any, mean: Any = None, var: Any = None, weight: Any = None, bias: Any = None, use_input_stats: bool = True,
    eps: float = 1e-5,
) -> Any:  # fmt: skip
    if use_input_stats:
        return _scaled(_each_group(x, lambda n, c, *rest: (n, c), lambda v: _standardized(v, eps)), weight, bias)
    return _scaled(_by_figures(x, mean, var, eps), weight, bias)


def _group_norm(x: Any, weight: Any = None, bias: Any = None, num_groups: int = 1, eps: float = 1e-5) -> Any:
    size = x.shape[1] // num_groups
    y = _each_group(x, lambda n, c, *rest: (n, c // size), lambda v: _standardized(v, eps))
    return _scaled(y, weight, bias)


def _over_last(normalized_shape: Any) -> Any:
    count = len(normalized_shape) if isinstance(normalized_shape, tuple) else 1
    return lambda *at: at[: len(at) - count]


def _layer_norm(x: Any, weight: Any = None, bias: Any = None, normalized_shape: Any = (), eps: float = 1e-5) -> Any:
    y = _each_group(x, _over_last(normalized_shape), lambda v: _standardized(v, eps))
    return y * (1 if weight is None else weight) + (0 if bias is None else bias)


def _rms_norm(x: Any, weight: Any = None, normalized_shape: Any = (), eps: float = 2.0**-52) -> Any:
    def scaled(values: list[Any]) -> list[Any]:
        return [v / mpmath.sqrt(sum([u * u for u in values]) / len(values) + eps) for v in values]

    return _each_group(x, _over_last(normalized_shape), scaled) * (1 if weight is None else weight)


def _local_response_norm(x: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Any:
    result = np.empty(x.shape, dtype=object)
    for n, c, *rest in np.ndindex(x.shape):
        near = [x[(n, i, *rest)] ** 2 for i in range(c - size // 2, c - size // 2 + size) if 0 <= i < x.shape[1]]
        result[(n, c, *rest)] = x[(n, c, *rest)] / (k + mpmath.mpf(alpha) * sum(near) / size) ** mpmath.mpf(beta)
    return result


def _linear(x: Any, weight: Any, bias: Any = None) -> Any:
    y = np.sum(x[..., None, :] * weight, axis=-1) if weight.ndim == 2 else np.sum(x * weight, axis=-1)
    return y if bias is None else y + bias


def _bilinear(one: Any, two: Any, weight: Any, bias: Any = None) -> Any:
    y = np.sum(one[..., None, :, None] * weight * two[..., None, None, :], axis=(-2, -1))
    return y if bias is None else y + bias


def _embedding(places: Any, table: Any) -> Any:
    return np.asarray(table[places.astype(int)], dtype=object)


def _embedding_bag(
    places: Any, table: Any, offsets: Any = None, sample_weights: Any = None, mode: str = "mean",
    padding_idx: Any = None, include_last_offset: bool = False,
) -> Any:  # fmt: skip
    if offsets is not None:
        ends = [*map(int, offsets), *([] if include_last_offset else [len(places)])]
        parts = [slice(start, stop) for start, stop in pairwise(ends)]
        bags = [
            _embedding_bag(
                places[None, p], table, None, None if sample_weights is None else sample_weights[None, p], mode
            )
            for p in parts
        ]
        return np.concatenate(bags)
    rows = []
    for n, bag in enumerate(places):
        parts = [
            table[i] * (1 if sample_weights is None else sample_weights[n, k])
            for k, i in enumerate(bag.astype(int))
            if i != padding_idx
        ]
        if not parts:
            rows.append(table[0] * 0)
        elif mode == "max":
            rows.append(functools.reduce(np.maximum, parts))
        else:
            rows.append(sum(parts) / (len(parts) if mode == "mean" else 1))
    return np.array(rows, dtype=object)


def _dropout(dims: int) -> Exact:
    def dropout(x: Any, p: float = 0.5, training: bool = True, seed: int = 0) -> Any:
        if not training:
            return x
        mask = np.random.Generator(np.random.PCG64(seed)).random((*x.shape[: x.ndim - dims], *(1,) * dims))
        return np.where(mask >= p, x / (1 - mpmath.mpf(p)), mpmath.mpf(0))

    return dropout


def _attention(
    query: Any, key: Any, value: Any, mask: Any = None, dropout_p: float = 0.0, is_causal: bool = False,
    scale: Any = None, enable_gqa: bool = False, seed: int = 0,
) -> Any:  # fmt: skip
    if enable_gqa:
        key, value = (np.repeat(x, query.shape[-3] // x.shape[-3], axis=-3) for x in (key, value))
    factor = 1 / mpmath.sqrt(query.shape[-1]) if scale is None else scale
    scores = np.sum(query[..., :, None, :] * key[..., None, :, :], axis=-1) * factor
    scores = scores if mask is None else scores + mask
    seen = np.tri(*scores.shape[-2:]) if is_causal else np.ones(scores.shape[-2:])
    shares = each(mpmath.exp)(scores) * seen.astype(int)
    shares = shares / np.sum(shares, axis=-1, keepdims=True)
    shares = _dropout(0)(shares, dropout_p, seed=seed)
    return np.sum(shares[..., :, :, None] * value[..., None, :, :], axis=-2)


def _pixel_shuffle(x: Any, upscale_factor: int) -> Any:
    r = upscale_factor
    *lead, channels, high, wide = x.shape
    result = np.empty([*lead, channels // r**2, high * r, wide * r], dtype=object)
    for *at, c, i, j in np.ndindex(result.shape):
        result[(*at, c, i, j)] = x[(*at, c * r**2 + i % r * r + j % r, i // r, j // r)]
    return result


def _pixel_unshuffle(x: Any, downscale_factor: int) -> Any:
    r = downscale_factor
    *lead, channels, high, wide = x.shape
    result = np.empty([*lead, channels * r**2, high // r, wide // r], dtype=object)
    for *at, c, i, j in np.ndindex(x.shape):
        result[(*at, c * r**2 + i % r * r + j % r, i // r, j // r)] = x[(*at, c, i, j)]
    return result


def _channel_shuffle(x: Any, groups: int) -> Any:
    size = x.shape[1] // groups
    return x[:, [k % groups * size + k // groups for k in range(x.shape[1])]]


def _kernel(mode: str, d: Any) -> Any:
    """What an element at a distance counts."""
    d = abs(d)
    if mode != "bicubic":
        return max(1 - d, 0)
    a = Fraction(-3, 4)
    if d <= 1:
        return (a + 2) * d**3 - (a + 3) * d**2 + 1
    return a * d**3 - 5 * a * d**2 + 8 * a * d - 4 * a if d < 2 else 0


def _shares(n: int, count: int, ratio: Fraction, mode: str, aligned: bool) -> list[list[tuple[int, Any]]]:
    """For each new element the places it is made of, and how much each counts."""
    found = []
    for k in range(count):
        if mode in ("nearest", "nearest-exact"):
            at = k * ratio if mode == "nearest" else (k + Fraction(1, 2)) * ratio
            found.append([(min(math.floor(at), n - 1), 1)])
            continue
        if mode == "area":
            places = range(k * n // count, math.ceil((k + 1) * n / count))
            found.append([(i, Fraction(1, len(places))) for i in places])
            continue
        at = Fraction(k * (n - 1), max(count - 1, 1)) if aligned else (k + Fraction(1, 2)) * ratio - Fraction(1, 2)
        at = at if mode == "bicubic" else max(at, Fraction(0))
        near = range(math.floor(at) - 1, math.floor(at) + 3)
        found.append([(min(max(i, 0), n - 1), _kernel(mode, at - i)) for i in near])
    return found


def _interpolate(
    x: Any, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool = False
) -> Any:
    for axis in range(2, x.ndim):
        n = x.shape[axis]
        if size is None:
            scale = Fraction(_tuple(scale_factor, x.ndim - 2)[axis - 2])
            count, ratio = math.floor(n * scale), 1 / scale
        else:
            count = _tuple(size, x.ndim - 2)[axis - 2]
            ratio = Fraction(n, count)
        rows = [
            sum([np.take(x, i, axis=axis) * (mpmath.mpf(w.numerator) / w.denominator) for i, w in row])
            for row in _shares(n, count, ratio, mode, align_corners)
        ]
        x = np.stack(rows, axis=axis)
    return x


def _fold(x: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    if x.ndim == 2:
        return _fold(x[None], output_size, kernel_size, dilation, padding, stride)[0]
    (high, wide), (kh, kw), (dh, dw) = _tuple(output_size, 2), _tuple(kernel_size, 2), _tuple(dilation, 2)
    (ph, pw), (sh, sw) = _tuple(padding, 2), _tuple(stride, 2)
    across = (wide + 2 * pw - (kw - 1) * dw - 1) // sw + 1
    result = np.full((x.shape[0], x.shape[1] // (kh * kw), high, wide), mpmath.mpf(0), dtype=object)
    for n, row, column in np.ndindex(x.shape):
        c, i, j = row // (kh * kw), row // kw % kh, row % kw
        at = (column // across * sh + i * dh - ph, column % across * sw + j * dw - pw)
        if 0 <= at[0] < high and 0 <= at[1] < wide:
            result[(n, c, *at)] += x[n, row, column]
    return result


def _dft(x: Any, axes: Any, inverse: bool, scale: float) -> Any:
    for axis in axes:
        n = x.shape[axis]
        turn = mpmath.mpc(0, 2 if inverse else -2) * mpmath.pi / n
        powers = np.array([[mpmath.exp(turn * j * k) for j in range(n)] for k in range(n)], dtype=object)
        x = np.moveaxis(np.tensordot(powers, x, axes=(1, axis)), 0, axis)
    return x * scale


def _fitted(x: Any, n: Any, axis: int) -> Any:
    x = np.moveaxis(x, axis, 0)
    n = len(x) if n is None else n
    rows = [x[k] if k < len(x) else x[0] * 0 for k in range(n)]
    return np.moveaxis(np.stack(rows), 0, axis)


def _factor(n: int, norm: Any, inverse: bool) -> Any:
    powers = {"forward": 0 if inverse else 1, "ortho": 0.5}
    return mpmath.mpf(n) ** -powers.get(norm, 1 if inverse else 0)


def _line(x: Any, n: Any, axis: int, norm: Any, inverse: bool) -> Any:
    x = _fitted(x, n, axis)
    return _dft(x, (axis,), inverse, _factor(x.shape[axis], norm, inverse))


def _half_of(x: Any, n: Any, axis: int, norm: Any) -> Any:
    whole = _line(x, n, axis, norm, False)
    return np.take(whole, range(whole.shape[axis] // 2 + 1), axis=axis)


def _from_half(x: Any, n: Any, axis: int, norm: Any) -> Any:
    """As the sum of cosines and sines."""
    n = 2 * (x.shape[axis] - 1) if n is None else n
    half = np.moveaxis(_fitted(x, n // 2 + 1, axis), axis, 0)
    rows = []
    for k in range(n):
        total = each(mpmath.re)(half[0])
        for j in range(1, n // 2 + 1):
            turn = 2 * mpmath.pi * j * k / n
            wave = each(mpmath.re)(half[j]) * mpmath.cos(turn)
            if 2 * j != n:
                wave = 2 * (wave - each(mpmath.im)(half[j]) * mpmath.sin(turn))
            total = total + wave
        rows.append(total)
    return np.moveaxis(np.stack(rows), 0, axis) * _factor(n, norm, True)


def _fourier(kind: str, inverse: bool, axes: Any) -> Exact:
    """A transform along axes; ``kind`` says whether a half goes in or comes out."""

    def transform(x: Any, s: Any = None, axes: Any = axes, norm: Any = None) -> Any:
        if axes is None:
            axes = range(x.ndim) if s is None else range(-len(s), 0)
        ways = list(zip(s or [None] * len(axes), axes, strict=True))
        if kind == "real":
            x = _half_of(x, *ways[-1], norm)
        for n, axis in ways[:-1] if kind != "whole" else ways:
            x = _line(x, n, axis, norm, inverse)
        return _from_half(x, *ways[-1], norm) if kind == "half" else x

    return transform


def _along_one(function: Exact) -> Exact:
    return lambda x, n=None, axis=-1, norm=None: function(x, s=None if n is None else (n,), axes=(axis,), norm=norm)


_REVERSED = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}
_conj = each(mpmath.conj)


def _hfft(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    return _from_half(_conj(x), n, axis, _REVERSED[norm])


def _ihfft(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    return _conj(_half_of(x, n, axis, _REVERSED[norm]))


def _rolled(x: Any, axes: Any, sign: int) -> Any:
    for axis in range(x.ndim) if axes is None else (axes,):
        x = np.roll(x, sign * (x.shape[axis] // 2), axis)
    return x


def _full(a: Any, v: Any) -> list[Any]:
    found = [mpmath.mpf(0)] * (len(a) + len(v) - 1)
    for (i, x), (j, y) in product(enumerate(a), enumerate(v)):
        found[i + j] = found[i + j] + x * y
    return found


def _middle(full: list[Any], m: int, n: int, mode: str) -> Any:
    """What a mode keeps of the full convolution of vectors of lengths m and n."""
    m, n = max(m, n), min(m, n)
    start, count = {"full": (0, m + n - 1), "same": ((n - 1) // 2, m), "valid": (n - 1, m - n + 1)}[mode]
    return np.array(full[start : start + count], dtype=object)


def _convolve(a: Any, v: Any, mode: str = "full") -> Any:
    a, v = np.ravel(a), np.ravel(v)
    return _middle(_full(a, v), len(a), len(v), mode)


def _correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    a, v = np.ravel(a), _conj(np.ravel(v))
    if len(a) < len(v):  # as NumPy does: the other way round, and then in reverse order
        return _middle(_full(v, a[::-1]), len(a), len(v), mode)[::-1]
    return _middle(_full(a, v[::-1]), len(a), len(v), mode)


def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    if period is not None:
        points = sorted([(a % period + k * period, b) for a, b in zip(xp, fp, strict=True) for k in (-1, 0, 1)])
        xp, fp = (np.array(column, dtype=object) for column in zip(*points, strict=True))
        return _interp(x % period, xp, fp)

    def at(v: Any) -> Any:
        if v < xp[0]:
            return fp[0] if left is None else left[()]
        if v > xp[-1]:
            return fp[-1] if right is None else right[()]
        k = next(k for k in range(len(xp)) if k == len(xp) - 1 or v <= xp[k + 1])
        return fp[k] if k == len(xp) - 1 else fp[k] + (fp[k + 1] - fp[k]) * (v - xp[k]) / (xp[k + 1] - xp[k])

    return each(at)(x)


def _polyval(p: Any, x: Any) -> Any:
    return sum([c * x ** (len(p) - 1 - k) for k, c in enumerate(p)], x * 0)


def _polyder(p: Any, m: int = 1) -> Any:
    factors = [math.perm(n, m) for n in range(len(p) - 1, -1, -1)]
    return p[: max(len(p) - m, 0)] * factors[: max(len(p) - m, 0)]


def _unfold(x: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    if x.ndim == 3:
        return _unfold(x[None], kernel_size, dilation, padding, stride)[0]
    ways = zip(
        x.shape[2:], _tuple(kernel_size, 2), _tuple(stride, 2), _tuple(padding, 2), _tuple(dilation, 2), strict=True
    )
    rows, columns = (_windows_along(*way, False) for way in ways)
    boxes = [list(product(high, wide)) for high, wide in product(rows, columns)]
    result = np.empty((x.shape[0], x.shape[1] * len(boxes[0]), len(boxes)), dtype=object)
    for n, k, column in np.ndindex(result.shape):
        result[n, k, column] = _at(x[n, k // len(boxes[0])], boxes[column][k % len(boxes[0])])
    return result


def _polyint(p: Any, m: int = 1) -> Any:
    factors = [math.perm(n + m, m) for n in range(len(p) - 1, -1, -1)]
    return np.array([*(c / mpmath.mpf(f) for c, f in zip(p, factors, strict=True)), *[mpmath.mpf(0)] * m])


def _fftfreq(n: int, d: float = 1.0) -> Any:
    return np.array([mpmath.mpf(k if k < (n + 1) // 2 else k - n) / (n * mpmath.mpf(d)) for k in range(n)])


def _rfftfreq(n: int, d: float = 1.0) -> Any:
    return np.array([mpmath.mpf(k) / (n * mpmath.mpf(d)) for k in range(n // 2 + 1)])


def _taper(at: Any) -> Exact:
    """A window from how much counts what is at t, which goes from 0 to 1."""

    def window(window_length: int = 0, periodic: bool = True, M: int | None = None, **shape: Any) -> Any:
        n = window_length if M is None else M
        steps = n - 1 if M is not None or not periodic or n == 1 else n
        return np.array([at(mpmath.mpf(k) / steps if steps else mpmath.mpf(0.5), **shape) for k in range(n)])

    return window


def _cosines(*shares: str) -> Any:
    given = [mpmath.mpf(share) for share in shares]
    return lambda t: sum((-1) ** k * s * mpmath.cos(2 * mpmath.pi * k * t) for k, s in enumerate(given))


def _kaiser(t: Any, beta: float = 12.0) -> Any:
    return mpmath.besseli(0, beta * mpmath.sqrt(1 - (2 * t - 1) ** 2)) / mpmath.besseli(0, beta)


DEFINITIONS: dict[str, Exact] = {
    "convolution": _convolution,
    "windows": _windows,
    "unwindows": _unwindows,
    **{f"conv{dims}d": _conv(dims) for dims in (1, 2, 3)},
    **{f"conv_transpose{dims}d": _conv_transpose(dims) for dims in (1, 2, 3)},
    **{f"max_pool{dims}d": _max_pool(dims) for dims in (1, 2, 3)},
    **{f"avg_pool{dims}d": _pool(dims, _mean_of) for dims in (1, 2, 3)},
    **{f"lp_pool{dims}d": _pool(dims, _norm_of) for dims in (1, 2, 3)},
    **{f"adaptive_avg_pool{dims}d": _adaptive(dims, lambda v: sum(v) / len(v)) for dims in (1, 2, 3)},
    **{f"adaptive_max_pool{dims}d": _adaptive(dims, max) for dims in (1, 2, 3)},
    "batch_norm": _batch_norm,
    "instance_norm": _instance_norm,
    "group_norm": _group_norm,
    "layer_norm": _layer_norm,
    "rms_norm": _rms_norm,
    "local_response_norm": _local_response_norm,
    "linear": _linear,
    "bilinear": _bilinear,
    "embedding": _embedding,
    "dropout": _dropout(0),
    **{f"dropout{dims}d": _dropout(dims) for dims in (1, 2, 3)},
    "scaled_dot_product_attention": _attention,
    "pixel_shuffle": _pixel_shuffle,
    "pixel_unshuffle": _pixel_unshuffle,
    "channel_shuffle": _channel_shuffle,
    "interpolate": _interpolate,
    "fold": _fold,
    "dft": _dft,
    "fft": _along_one(_fourier("whole", False, None)),
    "ifft": _along_one(_fourier("whole", True, None)),
    "rfft": _along_one(_fourier("real", False, None)),
    "irfft": _along_one(_fourier("half", True, None)),
    "hfft": _hfft,
    "ihfft": _ihfft,
    **{f"fft{n}": _fourier("whole", False, axes) for n, axes in (("2", (-2, -1)), ("n", None))},
    **{f"ifft{n}": _fourier("whole", True, axes) for n, axes in (("2", (-2, -1)), ("n", None))},
    **{f"rfft{n}": _fourier("real", False, axes) for n, axes in (("2", (-2, -1)), ("n", None))},
    **{f"irfft{n}": _fourier("half", True, axes) for n, axes in (("2", (-2, -1)), ("n", None))},
    "fftshift": lambda x, axes=None: _rolled(x, axes, 1),
    "ifftshift": lambda x, axes=None: _rolled(x, axes, -1),
    "convolve": _convolve,
    "correlate": _correlate,
    "interp": _interp,
    "polyval": _polyval,
    "polyder": _polyder,
    "polyint": _polyint,
    "fftfreq": _fftfreq,
    "rfftfreq": _rfftfreq,
    "embedding_bag": _embedding_bag,
    "unfold": _unfold,
    **dict.fromkeys(("hann_window", "hanning"), _taper(_cosines("0.5", "0.5"))),
    **dict.fromkeys(("hamming_window", "hamming"), _taper(_cosines("0.54", "0.46"))),
    **dict.fromkeys(("blackman_window", "blackman"), _taper(_cosines("0.42", "0.5", "0.08"))),
    **dict.fromkeys(("bartlett_window", "bartlett"), _taper(lambda t: 1 - abs(2 * t - 1))),
    **dict.fromkeys(("kaiser_window", "kaiser"), _taper(_kaiser)),
}
