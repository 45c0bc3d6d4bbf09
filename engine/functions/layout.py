"""Shapes by other names: each is a reshape, a transpose or a choice of them."""

from __future__ import annotations

from typing import Any

from engine.errors import ShapeMismatch
from engine.kinds import composition
from engine.shapes import axes_of, axis_of, size


@composition(
    "swapaxes(x, /, axis1, axis2)",
    keywords={"dim0": "axis1", "dim1": "axis2"},
    examples=((((2, 3),), {"axis1": 0, "axis2": 1}), (((2, 3, 4),), {"axis1": -1, "axis2": 0})),
)
def swapaxes(F: Any, x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged."""
    rank = len(F.shape(x))
    order = list(range(rank))
    i, j = axis_of(axis1, rank), axis_of(axis2, rank)
    order[i], order[j] = j, i
    return F.transpose(x, axes=tuple(order))


@composition("permute(x, /, *dims)", keywords={"axes": "dims"}, examples=((((2, 3, 4),), {"dims": (2, 0, 1)}),))
def permute(F: Any, x: Any, dims: tuple[int, ...]) -> Any:
    """Axes in another order."""
    return F.transpose(x, axes=dims)


@composition("ravel(x)", aliases=("flatten",), examples=((((2, 3),), {}), (((),), {})))
def ravel(F: Any, x: Any) -> Any:
    """All elements in one axis."""
    return F.reshape(x, shape=(size(F.shape(x)),))


@composition(
    "expand_dims(x, /, axis)",
    aliases=("unsqueeze",),
    keywords={"dim": "axis"},
    examples=((((2, 3),), {"axis": 1}), (((3,),), {"axis": -1})),
)
def expand_dims(F: Any, x: Any, axis: int) -> Any:
    """A new axis of length 1."""
    shape = F.shape(x)
    at = axis_of(axis, len(shape) + 1)
    return F.reshape(x, shape=(*shape[:at], 1, *shape[at:]))


@composition(
    "squeeze(x, /, axis=None)", keywords={"dim": "axis"}, examples=((((2, 1, 3, 1),), {}), (((2, 1, 3),), {"axis": 1}))
)
def squeeze(F: Any, x: Any, axis: Any) -> Any:
    """Without the axes of length 1, or without the one named."""
    shape = F.shape(x)
    dropped = [i for i in axes_of(axis, len(shape)) if shape[i] == 1 or axis is not None]
    if any(shape[i] != 1 for i in dropped):
        raise ShapeMismatch(f"only an axis of length 1 can be squeezed, and the shape is {shape}")
    return F.reshape(x, shape=tuple(n for i, n in enumerate(shape) if i not in dropped))
