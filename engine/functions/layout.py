"""Shapes by other names: each is a reshape, a transpose or a choice of them."""

from __future__ import annotations

from typing import Any

from engine.errors import ShapeMismatch
from engine.kinds import composition
from engine.shapes import axes_of, axis_of, lengths_of, size


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
    return F.permute(x, dims=tuple(order))


@composition(
    "transpose(x, /, axes=None, dim1=None)",
    keywords={"dim0": "axes"},
    examples=((((2, 3, 4),), {}), (((2, 3, 4),), {"axes": (1, 2, 0)}), (((2, 3, 4),), {"axes": 0, "dim1": -1})),
)
def transpose(F: Any, x: Any, axes: Any, dim1: Any) -> Any:
    """Axes in reverse order, or in the order of a tuple; two numbers name two axes to exchange, as in PyTorch."""
    if dim1 is not None:
        return F.swapaxes(x, axis1=axes, axis2=dim1)
    return F.permute(x, dims=tuple(reversed(range(len(F.shape(x))))) if axes is None else axes)


@composition("expand(x, /, *size)", keywords={"shape": "size"}, examples=((((3, 1),), {"size": (-1, 4)}),))
def expand(F: Any, x: Any, size: Any) -> Any:
    """Repeated along new axes and axes of length 1; -1 keeps a length as it is."""
    asked = lengths_of(size)
    own = (None,) * (len(asked) - len(F.shape(x))) + F.shape(x)
    if len(own) > len(asked) or any(n == -1 and m is None for m, n in zip(own, asked, strict=True)):
        raise ShapeMismatch(f"a tensor of shape {F.shape(x)} does not expand to shape {asked}")
    return F.broadcast_to(x, shape=tuple(m if n == -1 else n for m, n in zip(own, asked, strict=True)))


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
