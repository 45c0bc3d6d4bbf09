"""Images resized and taken apart: interpolate, pixel_shuffle and their like, fold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.convolutions import Ints, batched, numbers_along, unbatched
from engine.functions.counts import truth
from engine.functions.pooling import averaged, constant, elements, reserve
from engine.kinds import composition
from engine.shapes import Shape


def _image(F: Any, x: Any, name: str, least: int = 3) -> Shape:
    shape: Shape = F.shape(x)
    if len(shape) < least:
        raise ShapeMismatch(f"{name} takes a tensor of {least} axes or more, not shape {shape}")
    return shape


@composition(
    "pixel_shuffle(input, /, upscale_factor)",
    complex=True,
    examples=((((4, 2, 1),), {"upscale_factor": 2}), (((1, 9, 1, 2),), {"upscale_factor": 3})),
)
def pixel_shuffle(F: Any, input: Any, upscale_factor: Any) -> Any:
    """Channels laid out as pixels: (…, c r², h, w) becomes (…, c, h r, w r)."""
    *lead, channels, high, wide = _image(F, input, "pixel_shuffle")
    (r,) = numbers_along(upscale_factor, 1, "upscale_factor")
    if channels % r**2:
        raise ShapeMismatch(f"{channels} channels are not a multiple of {r}²")
    apart = F.reshape(input, shape=(*lead, channels // r**2, r, r, high, wide))
    n = len(lead)
    moved = F.permute(apart, dims=(*range(n + 1), n + 3, n + 1, n + 4, n + 2))
    return F.reshape(moved, shape=(*lead, channels // r**2, high * r, wide * r))


@composition(
    "pixel_unshuffle(input, /, downscale_factor)",
    complex=True,
    examples=((((1, 4, 2),), {"downscale_factor": 2}), (((1, 1, 3, 6),), {"downscale_factor": 3})),
)
def pixel_unshuffle(F: Any, input: Any, downscale_factor: Any) -> Any:
    """Pixels laid out as channels: (…, c, h r, w r) becomes (…, c r², h, w)."""
    *lead, channels, high, wide = _image(F, input, "pixel_unshuffle")
    (r,) = numbers_along(downscale_factor, 1, "downscale_factor")
    if high % r or wide % r:
        raise ShapeMismatch(f"{high} and {wide} pixels are not multiples of {r}")
    apart = F.reshape(input, shape=(*lead, channels, high // r, r, wide // r, r))
    n = len(lead)
    moved = F.permute(apart, dims=(*range(n + 1), n + 2, n + 4, n + 1, n + 3))
    return F.reshape(moved, shape=(*lead, channels * r**2, high // r, wide // r))


@composition(
    "channel_shuffle(input, /, groups)",
    complex=True,
    examples=((((1, 4, 2),), {"groups": 2}), (((2, 6, 1, 1),), {"groups": 3})),
)
def channel_shuffle(F: Any, input: Any, groups: Any) -> Any:
    """Channels of groups taken in turn: axis 1 as groups and what is in each, exchanged."""
    shape = _image(F, input, "channel_shuffle")
    (count,) = numbers_along(groups, 1, "groups")
    if shape[1] % count:
        raise ShapeMismatch(f"{shape[1]} channels are not {count} groups of equal length")
    apart = F.reshape(input, shape=(shape[0], count, shape[1] // count, *shape[2:]))
    return F.reshape(F.swapaxes(apart, axis1=1, axis2=2), shape=shape)


# Interpolation along each axis in turn: places, from -1 on, and what the elements there count.

Taps = tuple[Any, Any]


_LARGEST = 1e15
"""Of factors: there is no tensor that is so much longer, and what is beyond is no whole number."""


def _ratio(length: int, count: int, scale: float | None) -> float:
    return 1 / scale if scale else length / count


def _sources(length: int, count: int, aligned: bool, scale: float | None) -> Any:
    """The places, in the old axis, of the new elements' middles."""
    places = np.arange(count, dtype="float64")
    if aligned:
        return places * ((length - 1) / (count - 1) if count > 1 else 0.0)
    return (places + 0.5) * _ratio(length, count, scale) - 0.5


def _nearest(length: int, count: int, aligned: bool, scale: float | None) -> Taps:
    return np.floor(np.arange(count) * _ratio(length, count, scale))[:, None], None


def _nearest_exact(length: int, count: int, aligned: bool, scale: float | None) -> Taps:
    return np.floor((np.arange(count) + 0.5) * _ratio(length, count, scale))[:, None], None


def _linear(length: int, count: int, aligned: bool, scale: float | None) -> Taps:
    at = np.clip(_sources(length, count, aligned, scale), 0, None)
    share = at - np.floor(at)
    return np.floor(at)[:, None] + np.arange(2), np.stack([1 - share, share], axis=1)


def _cubic(length: int, count: int, aligned: bool, scale: float | None) -> Taps:
    """Keys' kernel with a = -3/4, over the four nearest."""
    a = -0.75
    at = _sources(length, count, aligned, scale)
    places = np.floor(at)[:, None] + np.arange(-1, 3)
    d = np.abs(at[:, None] - places)
    inner = ((a + 2) * d - (a + 3)) * d * d + 1
    outer = ((d - 5) * d + 8) * d * a - 4 * a
    return places, np.where(d <= 1, inner, outer)


_MODES = {
    "nearest": (_nearest, None),
    "nearest-exact": (_nearest_exact, None),
    "linear": (_linear, 1),
    "bilinear": (_linear, 2),
    "trilinear": (_linear, 3),
    "bicubic": (_cubic, 2),
    "area": (None, None),
}


def _resampled(F: Any, x: Any, axis: int, count: int, taps: Any, aligned: bool, scale: float | None) -> Any:
    """What is outside stands for the nearest inside."""
    if taps is None:
        return averaged(F, x, axis, count)
    length = F.shape(x)[axis]
    reserve(F, count, 4)
    places, shares = taps(length, count, aligned, scale)
    parts = elements(F, x, axis, np.clip(places, 0, length - 1).astype(int))
    if shares is not None:
        parts = parts * constant(F, np.reshape(shares, (*shares.shape, *(1,) * (len(F.shape(x)) - axis - 1))), x)
    return F.sum(parts, axis=axis + 1)


def _sizes(lengths: Shape, size: Any, scale_factor: Any, recompute: Any) -> tuple[Ints, tuple[float | None, ...]]:
    """The new lengths, and by what they were scaled where that was said."""
    if (size is None) == (scale_factor is None):
        raise WrongArguments("interpolate needs size or scale_factor, one of them")
    if size is not None:
        return numbers_along(size, len(lengths), "size"), (None,) * len(lengths)
    factors = scale_factor if isinstance(scale_factor, tuple) else (scale_factor,) * len(lengths)
    if len(factors) != len(lengths) or not all(isinstance(f, (int, float)) and 0 < f < _LARGEST for f in factors):
        raise WrongArguments(f"scale_factor is a positive number, or one for each axis, not {scale_factor!r}")
    counts = tuple(math.floor(n * f) for n, f in zip(lengths, factors, strict=True))
    return numbers_along(counts, len(lengths), "size"), (None,) * len(lengths) if recompute else factors


@composition(
    'interpolate(input, /, size=None, scale_factor=None, mode="nearest", align_corners=None, '
    "recompute_scale_factor=None, antialias=False)",
    aliases=("upsample",),
    examples=(
        (((1, 2, 3),), {"size": 5}),
        (((1, 1, 4),), {"scale_factor": 1.5, "mode": "linear"}),
        (((1, 1, 2, 3),), {"size": (3, 4), "mode": "bilinear", "align_corners": True}),
        (((1, 1, 3, 2),), {"scale_factor": 2, "mode": "bicubic"}),
        (((1, 1, 4, 3),), {"size": (2, 2), "mode": "area"}),
        (((1, 1, 1, 2, 2),), {"size": (2, 2, 3), "mode": "trilinear"}),
        (((1, 1, 5),), {"size": 3, "mode": "nearest-exact"}),
    ),
)
def interpolate(
    F: Any, input: Any, size: Any, scale_factor: Any, mode: Any, align_corners: Any, recompute_scale_factor: Any,
    antialias: Any,
) -> Any:  # fmt: skip
    """A batch of signals, images or volumes resized, as PyTorch does it in each mode."""
    shape = _image(F, input, "interpolate")
    lengths = shape[2:]
    if mode not in _MODES:
        raise WrongArguments(f"interpolate has no mode {mode!r}", hint=f"the modes are {', '.join(_MODES)}")
    taps, dims = _MODES[mode]
    if dims not in (None, len(lengths)) or 0 in lengths:
        raise ShapeMismatch(f'interpolate with mode="{mode}" does not take shape {shape}')
    if antialias:
        raise WrongArguments("interpolate does not smooth first: antialias is not implemented")
    corners = truth(align_corners, "align_corners")
    recompute = truth(recompute_scale_factor, "recompute_scale_factor")
    counts, factors = _sizes(lengths, size, scale_factor, recompute)
    for axis, (length, count, factor) in enumerate(zip(lengths, counts, factors, strict=True), 2):
        if mode == "nearest" and len(lengths) == 2 and count in (length, 2 * length):
            factor = None  # PyTorch does so in planes alone, where the factor is nearly 1 or 2
        input = _resampled(F, input, axis, count, taps, corners, factor)
    return input


# Windows of images, as columns and back.


def _counts(lengths: Sequence[int], low: Ints, sizes: Ints, gaps: Ints, steps: Ints) -> list[int]:
    """How many windows there are along each axis."""
    ways = zip(lengths, low, sizes, gaps, steps, strict=True)
    return [(length + 2 * pad - (size - 1) * gap - 1) // step + 1 for length, pad, size, gap, step in ways]


@composition(
    "fold(input, /, output_size, kernel_size, dilation=1, padding=0, stride=1)",
    complex=True,
    examples=(
        (((1, 4, 4),), {"output_size": 3, "kernel_size": 2}),
        (((2, 3),), {"output_size": (2, 3), "kernel_size": (2, 1)}),
        (((4, 3),), {"output_size": (2, 5), "kernel_size": 2, "padding": (0, 1), "stride": 2, "dilation": (1, 2)}),
    ),
)
def fold(F: Any, input: Any, output_size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """Columns of windows added up to images: what unfold takes apart, with overlaps summed."""
    x, alone = batched(F, input, 1, "fold")
    lengths, sizes, steps, gaps = (
        numbers_along(value, 2, name)
        for value, name in (
            (output_size, "output_size"), (kernel_size, "kernel_size"), (stride, "stride"), (dilation, "dilation")
        )
    )  # fmt: skip
    low = numbers_along(padding, 2, "padding", 0)
    counts = _counts(lengths, low, sizes, gaps, steps)
    batch, rows, columns = F.shape(x)
    channels = rows // math.prod(sizes)
    if rows % math.prod(sizes) or columns != math.prod(counts) or min(counts) < 1:
        raise ShapeMismatch(f"windows of {sizes} of an image of {lengths} are not of shape {F.shape(x)}")
    x = F.reshape(x, shape=(batch, channels, *sizes, *counts))
    x = F.permute(x, dims=(0, 1, 4, 2, 5, 3))
    for axis in (1, 0):
        x = F.unwindows(
            x, axis=2 + 2 * axis, stride=steps[axis], dilation=gaps[axis], low=low[axis], length=lengths[axis]
        )
    return unbatched(F, x, alone)


@composition(
    "unfold(input, /, kernel_size, dilation=1, padding=0, stride=1)",
    complex=True,
    examples=(
        (((1, 2, 3, 3),), {"kernel_size": 2}),
        (((2, 2, 3),), {"kernel_size": (2, 1), "stride": (1, 2)}),
        (((1, 2, 5),), {"kernel_size": 2, "padding": (0, 1), "stride": 2, "dilation": (1, 2)}),
    ),
)
def unfold(F: Any, input: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """The windows of images as columns, which fold adds up again; a method of this name is windows_along."""
    x, alone = batched(F, input, 2, "unfold")
    sizes, steps, gaps = (
        numbers_along(value, 2, name)
        for value, name in ((kernel_size, "kernel_size"), (stride, "stride"), (dilation, "dilation"))
    )
    low = numbers_along(padding, 2, "padding", 0)
    batch, channels, *lengths = F.shape(x)
    counts = _counts(lengths, low, sizes, gaps, steps)
    if min(counts) < 1:
        raise ShapeMismatch(f"windows of {sizes} are longer than an image of {tuple(lengths)}")
    for axis in (1, 0):
        x = F.windows(
            x, axis=2 + axis, size=sizes[axis], stride=steps[axis], dilation=gaps[axis], low=low[axis],
            count=counts[axis],
        )  # fmt: skip
    x = F.permute(x, dims=(0, 1, 3, 5, 2, 4))
    return unbatched(F, F.reshape(x, shape=(batch, channels * math.prod(sizes), math.prod(counts))), alone)
