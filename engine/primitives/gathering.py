"""Elements taken from, and added to, places that are computed: `places`, `pick` and its transpose `unpick`.

What expressions call are compositions of these (`engine.functions.gathering`): an index is looked at by `places` once,
so that the others can trust it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch
from engine.kinds import flat, linear
from engine.primitives.shaping import counted
from engine.shapes import Shape, axis_of

places = flat(
    "places(index, /, length)",
    numpy=counted,
    dtype="int64",
    internal=True,
    examples=((((3,),), {"length": 3}), (((2, 3),), {"length": 5}), (((),), {"length": 4})),
    sample=lambda index: (np.round(index),),
    doc="The places along an axis that an index names, counted from the front; refused where there is no such place.",
)


def _prepare(s: Shape, index: Shape, axis: int) -> dict[str, Any]:
    if len(s) != len(index):
        raise ShapeMismatch(f"an index of {len(index)} axes does not fit a tensor of {len(s)} axes: {index} and {s}")
    along = axis_of(axis, len(s))
    if any(m > n for i, (m, n) in enumerate(zip(index, s, strict=True)) if i != along):
        raise ShapeMismatch(f"an index of shape {index} is longer than the tensor, of shape {s}, beside axis {along}")
    return {"axis": along}


def _latest(index: Any, axis: int, shape: Shape) -> Any:
    """Numbers of the elements, put where they go in their order: where one is found again, nothing came later."""
    index = np.asarray(index, dtype="int64")
    targets = _picked(np.arange(math.prod(shape)).reshape(shape), index, axis)
    numbers = np.arange(index.size).reshape(index.shape)
    last = np.zeros(math.prod(shape), dtype="int64")
    np.maximum.at(last, np.ravel(targets), np.ravel(numbers))
    return last[targets] == numbers


latest = flat(
    "latest(index, /, axis, shape)",
    numpy=_latest,
    shape=lambda s, axis, shape: s,
    prepare=lambda s, axis, shape: _prepare(shape, s, axis),
    batch=lambda F, n, index, axis, shape: F.latest(index, axis=axis + 1, shape=(n, *shape)),
    dtype="bool",
    workspace=3,
    internal=True,
    examples=(
        (((4,),), {"axis": 0, "shape": (3,)}),
        (((3, 2),), {"axis": 0, "shape": (3, 2)}),
        (((2, 4),), {"axis": 1, "shape": (2, 3)}),
    ),
    sample=lambda index: (np.abs(np.round(index)),),
    doc="Which elements are the last that go to their place along an axis of a tensor of a shape.",
)


def _picked(x: Any, index: Any, axis: int) -> Any:
    if not np.size(index):
        return np.empty(np.shape(index), dtype=np.asarray(x).dtype)
    beside = tuple(slice(None) if i == axis else slice(n) for i, n in enumerate(np.shape(index)))
    return np.take_along_axis(np.asarray(x)[beside], np.asarray(index), axis)


def _unpicked(v: Any, index: Any, axis: int, shape: Shape) -> Any:
    """The numbers of all places say, picked, where each element goes."""
    result = np.zeros(shape, dtype=np.asarray(v).dtype)
    targets = _picked(np.arange(result.size).reshape(shape), index, axis)
    np.add.at(result.reshape(-1), np.ravel(targets), np.ravel(v))
    return result


pick = linear(
    "pick(x, index, /, axis)",
    data=("index",),
    torch="gather",
    transpose=lambda F, ct, x, index, axis: F.unpick(ct, index, axis=axis, shape=F.shape(x)),
    numpy=_picked,
    shape=lambda s, index, axis: index,
    prepare=_prepare,
    batch=lambda F, n, x, index, axis: F.pick(x, index, axis=axis + 1),
    internal=True,
    examples=(
        (((4,), [2, 0, 2]), {"axis": 0}),
        (((3, 2), [[2, 0], [1, 1], [0, 0], [2, 2]]), {"axis": 0}),
        (((2, 3, 2), [[[1, 0]], [[2, 1]]]), {"axis": -2}),
        (((3, 2), [[1], [0]]), {"axis": 1}),
    ),
    doc="The elements at places along an axis.",
)

unpick = linear(
    "unpick(v, index, /, axis, shape)",
    data=("index",),
    torch="scatter_add",
    workspace=2,
    transpose=lambda F, ct, v, index, axis, shape: F.pick(ct, index, axis=axis),
    numpy=_unpicked,
    shape=lambda v, index, axis, shape: shape,
    prepare=lambda v, index, axis, shape: _prepare(shape, index, axis),
    batch=lambda F, n, v, index, axis, shape: F.unpick(v, index, axis=axis + 1, shape=(n, *shape)),
    internal=True,
    examples=(
        (((3,), [2, 0, 2]), {"axis": 0, "shape": (4,)}),
        (((4, 2), [[2, 0], [1, 1], [0, 0], [2, 2]]), {"axis": 0, "shape": (3, 2)}),
        (((2, 1, 2), [[[1, 0]], [[2, 1]]]), {"axis": 1, "shape": (2, 3, 2)}),
        (((2, 1), [[1], [0]]), {"axis": 1, "shape": (3, 2)}),
    ),
    doc="Zeros of a shape, with elements added at places along an axis: the transpose of `pick`.",
)
