"""Sliding windows along axes: `convolution`, `windows` and its transpose `unwindows`.

A window is said by where it starts and goes: place ``o * stride + k * dilation - low`` is the ``k``-th of the window
``o``. Places outside the tensor hold zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from operator import mul
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.errors import ShapeMismatch
from engine.kinds import all_batched, bilinear, linear
from engine.primitives.products import strong_product
from engine.shapes import Shape, axis_of

Ints = tuple[int, ...]


def _meeting(step: int, shift: int, count: int, length: int) -> tuple[slice, slice]:
    """Which ``k`` of so many have ``k * step + shift`` inside a length, and those places."""
    first = max(0, -(shift // step))
    last = min(count, (length - 1 - shift) // step + 1)
    if first >= last:
        return slice(0, 0), slice(0, 0)
    return slice(first, last), slice(first * step + shift, (last - 1) * step + shift + 1, step)


def _laid_out(x: Any, axis: int, step: int, shift: int, length: int) -> Any:
    """Zeros, with elements along an axis ``step`` apart, the first at ``shift``, as far as there is room for them."""
    if step == 1 and shift == 0 and length == x.shape[axis]:
        return x
    given, places = _meeting(step, shift, x.shape[axis], length)
    lead = (slice(None),) * axis
    result = np.zeros((*x.shape[:axis], length, *x.shape[axis + 1 :]), dtype=x.dtype)
    result[(*lead, places)] = x[(*lead, given)]
    return result


# Convolution as XLA's conv_general_dilated has it, so that both of its transposes are convolutions too. The operand
# is (batch, channels, *lengths), the kernels (results, channels in a group, *sizes); ``high`` may be negative.

BLOCK = 2**20
"""So many elements of windows are written out at a time."""

MOST = 2**24
"""A tensor may have so many elements when it is padded."""


def _span(length: int, step: int) -> int:
    """The length of so many elements that stand ``step`` apart."""
    return (length - 1) * step + 1 if length else 0


def _spans(lengths: Shape, steps: Ints) -> Ints:
    return tuple(map(_span, lengths, steps))


def _convolution_shape(
    x: Shape, w: Shape, stride: Ints, low: Ints, high: Ints, dilation: Ints, inflation: Ints, groups: int, _strong: Any
) -> Shape:
    rooms = _padded_lengths(x, low, high, inflation)
    if x[0] * x[1] * prod(rooms) > max(MOST, 4 * prod(x)):
        raise ShapeMismatch(f"a tensor of shape {x} is too large when padded and dilated, to lengths {rooms}")
    windows = zip(rooms, _spans(w[2:], dilation), stride, strict=True)
    return (x[0], w[0], *(max(0, (room - size) // step + 1) for room, size, step in windows))


def _padded_lengths(x: Shape, low: Ints, high: Ints, inflation: Ints) -> Ints:
    lengths = zip(_spans(x[2:], inflation), low, high, strict=True)
    return tuple(max(0, length + lo + hi) for length, lo, hi in lengths)


def _convolution(x: Any, w: Any, _strong: int | None = None, **params: Any) -> Any:
    def multiply(x: Any, w: Any) -> Any:
        return _convolved(x, w, **params)

    result = multiply(x, w)
    if _strong is None or np.isfinite(result).all():
        return result
    return strong_product(multiply, x, w, _strong)


def _convolved(
    x: Any, w: Any, stride: Ints, low: Ints, high: Ints, dilation: Ints, inflation: Ints, groups: int
) -> Any:
    shape = _convolution_shape(x.shape, w.shape, stride, low, high, dilation, inflation, groups, None)
    for axis, length in enumerate(_padded_lengths(x.shape, low, high, inflation)):
        x = _laid_out(x, axis + 2, inflation[axis], low[axis], length)
    channels, sizes = w.shape[1], w.shape[2:]
    result = np.zeros((shape[0], groups, shape[1] // groups, *shape[2:]), dtype=np.result_type(x, w))
    if result.size:
        x = x.reshape(shape[0], groups, channels, *x.shape[2:])
        steps = x.strides[3:]
        windows = as_strided(
            x,
            (*x.shape[:3], *sizes, *shape[2:]),
            (*x.strides[:3], *map(mul, steps, dilation), *map(mul, steps, stride)),
            writeable=False,
        )
        _fill(result, windows, w.reshape(groups, shape[1] // groups, channels * prod(sizes)))
    return result.reshape(shape)


def _fill(result: Any, windows: Any, w: Any) -> None:
    """Products of kernels and windows; where there are many windows, one half after the other."""
    lead, counts = result.shape[:2], result.shape[3:]
    lengths = (*lead, *counts)
    if windows.size <= BLOCK or max(lengths) == 1:
        columns = windows.reshape(*lead, w.shape[-1], prod(counts))
        result[...] = np.matmul(w, columns).reshape(result.shape)
        return
    axis = lengths.index(max(lengths))
    for half in (slice(0, lengths[axis] // 2), slice(lengths[axis] // 2, None)):
        if axis < 2:
            at = (slice(None),) * axis + (half,)
            _fill(result[at], windows[at], w[half] if axis == 1 else w)
        else:
            behind = (half, *(slice(None),) * (len(lengths) - axis - 1))
            _fill(result[(..., *behind)], windows[(..., *behind)], w)


def _grouped(F: Any, x: Any, axis: int, groups: int) -> Any:
    """An axis as two: the groups, and what is in each."""
    shape = F.shape(x)
    return F.reshape(x, shape=(*shape[:axis], groups, shape[axis] // groups, *shape[axis + 1 :]))


def _exchanged(F: Any, x: Any, i: int, j: int) -> Any:
    return F.swapaxes(x, axis1=i, axis2=j)


def _merged(F: Any, x: Any, axis: int) -> Any:
    """Two neighbouring axes as one."""
    shape = F.shape(x)
    return F.reshape(x, shape=(*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :]))


def transposed_kernels(F: Any, w: Any, groups: int) -> Any:
    """The kernels of the transpose: results and channels of each group exchanged, and elements in reverse order."""
    w = _merged(F, _exchanged(F, _grouped(F, w, 0, groups), 1, 2), 0)
    return F.flip(w, axis=tuple(range(2, len(F.shape(w)))))


def _by_operand(
    F: Any, ct: Any, x: Any, w: Any, stride: Ints, low: Ints, high: Ints, dilation: Ints, inflation: Ints,
    groups: int, _strong: Any,
) -> Any:  # fmt: skip
    """What the windows gave is spread over their places: the strides become gaps between the elements."""
    sizes = _spans(F.shape(w)[2:], dilation)
    before = tuple(size - lo - 1 for size, lo in zip(sizes, low, strict=True))
    rooms = zip(_spans(F.shape(x)[2:], inflation), sizes, _spans(F.shape(ct)[2:], stride), before, strict=True)
    behind = tuple(length + size - 1 - given - lo for length, size, given, lo in rooms)
    return F.convolution(
        ct, transposed_kernels(F, w, groups), stride=inflation, low=before, high=behind, dilation=dilation,
        inflation=stride, groups=groups, _strong=0,
    )  # fmt: skip


def _by_kernels(
    F: Any, ct: Any, x: Any, w: Any, stride: Ints, low: Ints, high: Ints, dilation: Ints, inflation: Ints,
    groups: int, _strong: Any,
) -> Any:  # fmt: skip
    """The cotangent is the kernel that goes over the operand, and the batch is what is summed over."""
    lengths, sizes = _spans(F.shape(x)[2:], inflation), _spans(F.shape(w)[2:], dilation)
    rooms = zip(_spans(F.shape(ct)[2:], stride), lengths, sizes, low, strict=True)
    behind = tuple(given - length + size - 1 - lo for given, length, size, lo in rooms)
    x = _merged(F, _exchanged(F, _grouped(F, x, 1, groups), 0, 2), 1)
    found = F.convolution(
        x, _exchanged(F, ct, 0, 1), stride=dilation, low=low, high=behind, dilation=stride, inflation=inflation,
        groups=groups, _strong=1,
    )  # fmt: skip
    return _exchanged(F, found, 0, 1)


def _convolution_batch(F: Any, n: int, x: Any, w: Any, batched: Sequence[bool], groups: int, **params: Any) -> Any:
    """Each of the batch has groups of its own."""
    x, w = all_batched(F, n, (x, w), batched)
    x = _merged(F, _exchanged(F, x, 0, 1), 1)
    found = F.convolution(x, _merged(F, w, 0), groups=n * groups, **params)
    return _exchanged(F, _grouped(F, found, 1, n), 0, 1)


def _convolution_flops(x: Shape, w: Shape, **params: Any) -> float:
    """Each element of a window is read and written once, and multiplied with the kernels of its group."""
    shape = _convolution_shape(x, w, **params)
    padded = _padded_lengths(x, params["low"], params["high"], params["inflation"])
    windows = x[0] * x[1] * prod(shape[2:]) * prod(w[2:])
    return float((2.0 + 2.0 * w[0] / params["groups"]) * windows + x[0] * x[1] * prod(padded))


def _ways(dims: int, **params: Any) -> dict[str, Any]:
    """The parameters of a convolution along so many axes, complete; a number stands for the same along each."""
    plain = {"stride": 1, "low": 0, "high": 0, "dilation": 1, "inflation": 1, **params}
    return {"groups": 1, **{k: v if k == "groups" or isinstance(v, tuple) else (v,) * dims for k, v in plain.items()}}


convolution = bilinear(
    "convolution(x, w, /, stride, low, high, dilation, inflation, groups, _strong=None)",
    left=_by_operand,
    right=_by_kernels,
    numpy=_convolution,
    shape=_convolution_shape,
    batch=_convolution_batch,
    flops=_convolution_flops,
    workspace=2,
    internal=True,
    examples=(
        (((2, 2, 5), (3, 2, 2)), _ways(1, low=1)),
        (((1, 4, 3), (2, 2, 2)), _ways(1, groups=2, high=1)),
        (((1, 1, 6), (1, 1, 2)), _ways(1, stride=2, dilation=2, low=1, high=2)),
        (((1, 1, 3), (1, 1, 3)), _ways(1, inflation=2, low=1, high=-1)),
        (((1, 2, 3, 2), (2, 2, 2, 2)), _ways(2, stride=(1, 2), low=(0, 1), high=(1, 0))),
        (((1, 1, 2, 2, 3), (1, 1, 2, 1, 2)), _ways(3, low=(0, 0, 1))),
        (((0, 1, 3), (1, 1, 2)), _ways(1)),
    ),
    doc="Products of kernels with all windows of a tensor, summed over the channels of a group.",
)


# Windows along one axis, written out: pooling is made of them.


def _windows(x: Any, axis: int, size: int, stride: int, dilation: int, low: int, count: int) -> Any:
    room = max(0, (count - 1) * stride + (size - 1) * dilation + 1)
    if room > 2 * (x.shape[axis] + count * size):
        return _sparse_windows(x, axis, np.arange(count)[:, None] * stride + np.arange(size) * dilation - low)
    x = _laid_out(x, axis, 1, low, room)
    steps = (stride * x.strides[axis], dilation * x.strides[axis])
    shape = (*x.shape[:axis], count, size, *x.shape[axis + 1 :])
    return as_strided(x, shape, (*x.strides[:axis], *steps, *x.strides[axis + 1 :]), writeable=False)


def _sparse_windows(x: Any, axis: int, places: Any) -> Any:
    """Windows that leave out most of what they go over: their places are looked up, those outside in a zero behind."""
    length = x.shape[axis]
    x = _laid_out(x, axis, 1, 0, length + 1)
    return np.take(x, np.where((places >= 0) & (places < length), places, length), axis=axis)


def _unwindows(v: Any, axis: int, stride: int, dilation: int, low: int, length: int) -> Any:
    """Each element is added to where it came from, in as few steps as there are windows, or places in one."""
    v = np.moveaxis(v, (axis, axis + 1), (0, 1))
    steps = (stride, dilation)
    if v.shape[0] < v.shape[1]:
        v, steps = np.swapaxes(v, 0, 1), (dilation, stride)
    result = np.zeros((length, *v.shape[2:]), dtype=v.dtype)
    for k in range(v.shape[1]):
        given, places = _meeting(steps[0], k * steps[1] - low, v.shape[0], length)
        result[places] += v[given, k]
    return np.moveaxis(result, 0, axis)


def _windows_transpose(
    F: Any, ct: Any, x: Any, axis: int, size: int, stride: int, dilation: int, low: int, count: int
) -> Any:
    return F.unwindows(ct, axis=axis, stride=stride, dilation=dilation, low=low, length=F.shape(x)[axis])


def _unwindows_transpose(F: Any, ct: Any, v: Any, axis: int, stride: int, dilation: int, low: int, length: int) -> Any:
    count, size = F.shape(v)[axis : axis + 2]
    return F.windows(ct, axis=axis, size=size, stride=stride, dilation=dilation, low=low, count=count)


windows = linear(
    "windows(x, /, axis, size, stride, dilation, low, count)",
    torch="unfold",
    transpose=_windows_transpose,
    numpy=_windows,
    shape=lambda s, axis, size, count, **_: (*s[:axis], count, size, *s[axis + 1 :]),
    prepare=lambda s, axis, **_: {"axis": axis_of(axis, len(s))},
    batch=lambda F, n, x, axis, **way: F.windows(x, axis=axis + 1, **way),
    internal=True,
    examples=(
        (((5,),), {"axis": 0, "size": 2, "stride": 1, "dilation": 1, "low": 0, "count": 4}),
        (((2, 5),), {"axis": -1, "size": 3, "stride": 2, "dilation": 1, "low": 1, "count": 3}),
        (((6, 2),), {"axis": 0, "size": 2, "stride": 1, "dilation": 3, "low": 2, "count": 2}),
        (((2, 0),), {"axis": 1, "size": 2, "stride": 1, "dilation": 1, "low": 1, "count": 1}),
        (((3, 2),), {"axis": 0, "size": 2, "stride": 9, "dilation": 3, "low": 9, "count": 3}),
    ),
    doc="Windows along an axis, each written out: an axis of windows, and behind it one of the places in a window.",
)

unwindows = linear(
    "unwindows(v, /, axis, stride, dilation, low, length)",
    torch="fold",
    transpose=_unwindows_transpose,
    numpy=_unwindows,
    shape=lambda s, axis, length, **_: (*s[:axis], length, *s[axis + 2 :]),
    batch=lambda F, n, v, axis, **way: F.unwindows(v, axis=axis + 1, **way),
    internal=True,
    examples=(
        (((4, 2),), {"axis": 0, "stride": 1, "dilation": 1, "low": 0, "length": 5}),
        (((2, 3, 3),), {"axis": 1, "stride": 2, "dilation": 1, "low": 1, "length": 5}),
        (((2, 2, 2),), {"axis": 0, "stride": 1, "dilation": 3, "low": 2, "length": 6}),
        (((2, 3),), {"axis": 0, "stride": 2, "dilation": 1, "low": 1, "length": 4}),
    ),
    doc="Elements of windows added at the places they are of: the transpose of `windows`.",
)
