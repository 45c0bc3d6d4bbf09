"""Pooling: the largest, the mean or a norm of each window, along one, two and three axes, as PyTorch has it.

A box of places is pooled along one axis after the other, the last one first: the largest of the largest elements of
rows is the largest, and the first of them, in the first such row, is the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, prod
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.convolutions import Ints, numbers_along
from engine.functions.counts import real
from engine.kinds import Composition, Example
from engine.shapes import Shape


def constant(F: Any, values: Any, like: Any) -> Any:
    """An array of the element type of an operand."""
    kind = F.dtype(like)
    return np.asarray(values, dtype=kind if kind == "float32" else "float64")


def elements(F: Any, x: Any, axis: int, places: Any) -> Any:
    """The elements along an axis at places, an array of two axes, which the result has instead of that one."""
    shape = F.shape(x)
    beside = (slice(None),) * axis, (slice(None),) * (len(shape) - axis - 1)
    x = F.index(x, key=(*beside[0], np.ravel(places), *beside[1]))
    return F.reshape(x, shape=(*shape[:axis], *places.shape, *shape[axis + 1 :]))


def reserve(F: Any, *shape: int) -> None:
    """Put a tensor on the account, which may be too large for it, before an array of that shape is made."""
    F.broadcast_to(0.0, shape=shape)


def _lengths(F: Any, x: Any, dims: int, name: str) -> Shape:
    shape = F.shape(x)
    if len(shape) not in (dims + 1, dims + 2):
        raise ShapeMismatch(f"{name} takes a tensor of {dims + 1} or {dims + 2} axes, not shape {shape}")
    if 0 in shape[-dims:]:
        raise ShapeMismatch(f"nothing to pool: shape {shape}")
    return tuple(shape[-dims:])


class _Windows:
    """The windows along one axis: how many there are, and where."""

    def __init__(self, length: int, size: int, stride: int, padding: int, dilation: int, ceil: bool) -> None:
        if 2 * padding > (size - 1) * dilation + 1:
            raise WrongArguments(f"padding {padding} is more than half of a window of {size}")
        room = length + 2 * padding - (size - 1) * dilation - 1
        count = -(-room // stride) + 1 if ceil else room // stride + 1
        if count < 1:
            raise ShapeMismatch(f"windows of {size} are longer than an axis of length {length}")
        if (count - 1) * stride >= length + padding:  # a window has to start inside
            count -= 1
        self.length, self.padding = length, padding
        self.way = {"size": size, "stride": stride, "dilation": dilation, "low": padding, "count": count}

    def of(self, F: Any, x: Any, axis: int) -> Any:
        if 0 in F.shape(x):  # an empty tensor has windows of any size, but their places take room
            reserve(F, self.way["count"], self.way["size"])
        return F.windows(x, axis=axis, **self.way)

    def starts(self) -> Any:
        """The first place of each window."""
        return np.arange(self.way["count"]) * float(self.way["stride"]) - self.padding

    def inside(self, padded: bool = False) -> Any:
        """Which places of which window are inside the tensor, or inside what it is padded to."""
        margin = self.padding if padded else 0
        places = self.starts()[:, None] + np.arange(self.way["size"]) * self.way["dilation"]
        return (places >= -margin) & (places < self.length + margin)


def _pooled(F: Any, x: Any, windows: Sequence[_Windows], pool: Callable[[Any, _Windows, int], Any]) -> Any:
    """Each of the last axes pooled: ``pool`` takes the tensor with windows written out, and the axis behind them."""
    for behind, way in enumerate(reversed(windows), 1):
        axis = len(F.shape(x)) - behind
        x = pool(way.of(F, x, axis), way, axis + 1)
    return x


def _windows(
    lengths: Shape, kernel_size: Any, stride: Any, padding: Any = 0, dilation: Any = 1, ceil: Any = False
) -> list[_Windows]:
    dims = len(lengths)
    sizes = numbers_along(kernel_size, dims, "kernel_size")
    strides = sizes if stride is None or stride == () else numbers_along(stride, dims, "stride")
    paddings = numbers_along(padding, dims, "padding", 0)
    dilations = numbers_along(dilation, dims, "dilation")
    return [_Windows(*way, bool(ceil)) for way in zip(lengths, sizes, strides, paddings, dilations, strict=True)]


def _placed(values: Any, F: Any, x: Any, axis: int) -> Any:
    """An array for some axes of a tensor, the last of them ``axis``."""
    return np.reshape(values, (*np.shape(values), *(1,) * (len(F.shape(x)) - axis - 1)))


def _largest(F: Any, x: Any, inside: Any, axis: int) -> Any:
    if not inside.all():
        x = F.where(_placed(inside, F, x, axis), x, -inf)
    return F.max(x, axis=axis, _first=True)


def _no_indices(name: str, return_indices: Any) -> None:
    if return_indices:
        raise WrongArguments(f"{name} gives no indices", hint="leave return_indices out")


def _with_places(F: Any, x: Any, windows: Sequence[_Windows]) -> tuple[Any, Any]:
    """The largest elements, and where they are among all of the last axes, counted row by row."""
    lengths = F.shape(x)[-len(windows) :]
    places: Any = None
    for behind, way in enumerate(reversed(windows), 1):
        axis = len(F.shape(x)) - behind
        inner = None if places is None else way.of(F, places, axis)
        written = way.of(F, x, axis)
        inside = way.inside()
        found = F.argmax(F.where(_placed(inside, F, written, axis + 1), written, -inf), axis=axis + 1)
        own = (_placed(way.starts(), F, found, axis) + found * float(way.way["dilation"])) * float(
            prod(lengths[len(lengths) - behind + 1 :])
        )
        if inner is None:
            places = own
        else:
            chosen = F.pick(inner, F.expand_dims(found, axis=axis + 1), axis=axis + 1)
            places = own + F.squeeze(chosen, axis=axis + 1)
        x = _largest(F, written, inside, axis + 1)
    return x, F.cast(places, dtype="int64")


def _max_pool(dims: int) -> Any:
    name = f"max_pool{dims}d"

    def rule(
        F: Any, input: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any,
        return_indices: Any,
    ) -> Any:  # fmt: skip
        windows = _windows(_lengths(F, input, dims, name), kernel_size, stride, padding, dilation, ceil_mode)
        if return_indices:
            return _with_places(F, input, windows)
        return _pooled(F, input, windows, lambda x, way, axis: _largest(F, x, way.inside(), axis))

    return rule


def _averaged(F: Any, input: Any, windows: Sequence[_Windows], padded: bool, divisor: Any) -> Any:
    def pool(x: Any, way: _Windows, axis: int) -> Any:
        total = F.sum(x, axis=axis)
        if divisor is not None:
            return total
        return total / constant(F, _placed(way.inside(padded).sum(axis=1), F, total, axis - 1), total)

    pooled = _pooled(F, input, windows, pool)
    return pooled if divisor is None else pooled / divisor


def _avg_pool(dims: int) -> Any:
    name = f"avg_pool{dims}d"

    def rule(
        F: Any, input: Any, kernel_size: Any, stride: Any, padding: Any, ceil_mode: Any, count_include_pad: Any,
        divisor_override: Any = None,
    ) -> Any:  # fmt: skip
        windows = _windows(_lengths(F, input, dims, name), kernel_size, stride, padding, 1, ceil_mode)
        divisor = None if divisor_override is None else real(divisor_override, "divisor_override")
        if divisor == 0:
            raise WrongArguments("divisor_override cannot be 0")
        return _averaged(F, input, windows, bool(count_include_pad), divisor)

    return rule


def _lp_pool(dims: int) -> Any:
    name = f"lp_pool{dims}d"

    def rule(F: Any, input: Any, norm_type: Any, kernel_size: Any, stride: Any, ceil_mode: Any) -> Any:
        if not isinstance(norm_type, (int, float)) or not 0 < norm_type < inf:
            raise WrongArguments(f"norm_type is a positive number, not {norm_type!r}")
        windows = _windows(_lengths(F, input, dims, name), kernel_size, stride, ceil=ceil_mode)
        powers = F.power(input, float(norm_type))
        total = _averaged(F, powers, windows, True, None) * float(prod(way.way["size"] for way in windows))
        return F.where(total == 0.0, 0.0, F.power(F.where(total == 0.0, 1.0, total), 1.0 / norm_type))

    return rule


# Adaptive pooling: as many windows as are asked for, which differ in length by at most one.


def _counts(lengths: Shape, output_size: Any) -> Ints:
    listed = output_size if isinstance(output_size, tuple) else (output_size,) * len(lengths)
    if len(listed) == len(lengths):
        listed = tuple(n if asked is None else asked for asked, n in zip(listed, lengths, strict=True))
    return numbers_along(listed, len(lengths), "output_size")


def _adapted(F: Any, x: Any, axis: int, count: int) -> tuple[Any, Any]:
    """Windows along an axis, as long as the longest of them, and which of their places count."""
    length = F.shape(x)[axis]
    reserve(F, count, -(-length // count) + 1)
    windows = np.arange(count)[:, None]
    starts, stops = windows * length // count, -(-(windows + 1) * length // count)
    places = starts + np.arange(int(np.max(stops - starts)))
    return elements(F, x, axis, np.minimum(places, stops - 1)), places < stops


def averaged(F: Any, x: Any, axis: int, count: int) -> Any:
    """The means of so many windows along an axis."""
    windows, inside = _adapted(F, x, axis, count)
    if not inside.all():
        windows = F.where(_placed(inside, F, windows, axis + 1), windows, 0.0)
    total = F.sum(windows, axis=axis + 1)
    return total / constant(F, _placed(inside.sum(axis=1), F, total, axis), total)


def _adaptive_avg_pool(dims: int) -> Any:
    def rule(F: Any, input: Any, output_size: Any) -> Any:
        lengths = _lengths(F, input, dims, f"adaptive_avg_pool{dims}d")
        for behind, count in enumerate(reversed(_counts(lengths, output_size)), 1):
            input = averaged(F, input, len(F.shape(input)) - behind, count)
        return input

    return rule


def _adaptive_max_pool(dims: int) -> Any:
    name = f"adaptive_max_pool{dims}d"

    def rule(F: Any, input: Any, output_size: Any, return_indices: Any) -> Any:
        _no_indices(name, return_indices)
        lengths = _lengths(F, input, dims, name)
        for behind, count in enumerate(reversed(_counts(lengths, output_size)), 1):
            axis = len(F.shape(input)) - behind
            input = _largest(F, *_adapted(F, input, axis, count), axis + 1)
        return input

    return rule


_SIZED: dict[int, Sequence[Example]] = {
    1: ((((2, 2, 5),), {"kernel_size": 2}), (((2, 6),), {"kernel_size": 3, "stride": 2})),
    2: ((((2, 3, 5),), {"kernel_size": 2}), (((1, 1, 4, 3),), {"kernel_size": (2, 3), "stride": 1})),
    3: ((((1, 2, 3, 2),), {"kernel_size": (1, 2, 2), "stride": (1, 1, 2)}),),
}
_PADDED: dict[int, Sequence[Example]] = {
    1: ((((2, 5),), {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),),
    2: (
        (((1, 3, 4),), {"kernel_size": 2, "padding": (1, 0), "ceil_mode": True}),
        (((1, 2, 3),), {"kernel_size": 3, "ceil_mode": True}),
    ),
    3: ((((1, 2, 1, 2),), {"kernel_size": 2, "padding": 1}),),
}
_ADAPTED: dict[int, Sequence[Example]] = {
    1: ((((2, 2, 5),), {"output_size": 3}), (((1, 3),), {"output_size": 1})),
    2: ((((2, 3, 5),), {"output_size": (2, 3)}), (((1, 1, 4, 3),), {"output_size": (None, 2)})),
    3: ((((1, 2, 3, 2),), {"output_size": (1, 2, 3)}),),
}
_BOXES = ("a line", "a plane", "space")
_FIRST = "to the first of several that are largest, as in PyTorch"

for _dims, _where in enumerate(_BOXES, 1):
    Composition(
        f"max_pool{_dims}d(input, /, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, "
        "return_indices=False)",
        _max_pool(_dims),
        convention=_FIRST,
        examples=(*_SIZED[_dims], *_PADDED[_dims], *(
            (x, {**params, "return_indices": True}) for x, params in _PADDED[_dims]
        ), *([(((2, 6),), {"kernel_size": 2, "dilation": 3, "stride": 1})] if _dims == 1 else [])),
        doc=f"The largest element of each window that moves over {_where}, and on demand its place.",
    )  # fmt: skip
    Composition(
        f"avg_pool{_dims}d(input, /, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
        + (")" if _dims == 1 else ", divisor_override=None)"),
        _avg_pool(_dims),
        examples=(*_SIZED[_dims], *_PADDED[_dims], *(
            (x, {**params, "count_include_pad": False}) for x, params in _PADDED[_dims]
        ), *([] if _dims == 1 else [(x, {**params, "divisor_override": 3}) for x, params in _PADDED[_dims]])),
        doc=f"The mean of each window that moves over {_where}.",
    )  # fmt: skip
    Composition(
        f"lp_pool{_dims}d(input, /, norm_type, kernel_size, stride=None, ceil_mode=False)",
        _lp_pool(_dims),
        convention="0 where all elements of a window are 0",
        examples=(
            *((x, {"norm_type": 2, **params}) for x, params in _SIZED[_dims]),
            *((x, {"norm_type": 2, "ceil_mode": True, **params}) for x, params in _SIZED[_dims][:1]),
        ),
        doc=f"The norm, of an order, of each window that moves over {_where}.",
    )
    Composition(
        f"adaptive_avg_pool{_dims}d(input, /, output_size)",
        _adaptive_avg_pool(_dims),
        examples=_ADAPTED[_dims],
        doc=f"Means of as many windows as are asked for, which cover {_where}.",
    )
    Composition(
        f"adaptive_max_pool{_dims}d(input, /, output_size, return_indices=False)",
        _adaptive_max_pool(_dims),
        convention=_FIRST,
        examples=_ADAPTED[_dims],
        doc=f"The largest elements of as many windows as are asked for, which cover {_where}.",
    )
