"""Windows of a tensor, written out."""

from __future__ import annotations

from typing import Any

from engine.errors import WrongArguments
from engine.functions.counts import whole
from engine.kinds import composition
from engine.shapes import axis_of


@composition(
    "windows_along(x, /, dimension, size, step)",
    complex=True,
    method="unfold",
    keywords={"dim": "dimension"},
    examples=(
        (((5,),), {"dimension": 0, "size": 2, "step": 1}),
        (((5, 2),), {"dimension": 0, "size": 3, "step": 2}),
        (((2, 4),), {"dimension": -1, "size": 4, "step": 3}),
    ),
)
def windows_along(F: Any, x: Any, dimension: int, size: int, step: int) -> Any:
    """Windows of a size along an axis, so far apart, each in a new last axis: unfold of PyTorch's tensors."""
    line = x if F.shape(x) else F.ravel(x)
    along = axis_of(dimension, len(F.shape(line)))
    length = F.shape(line)[along]
    count = (length - whole(size, "the size of a window", 0, length)) // whole(step, "step", 1) + 1
    found = F.windows(line, axis=along, size=size, stride=step, dilation=1, low=0, count=count)
    return F.moveaxis(found, source=along + 1, destination=-1)


@composition(
    "sliding_window_view(x, /, window_shape, axis=None)",
    complex=True,
    examples=(
        (((5,),), {"window_shape": 2}),
        (((3, 4),), {"window_shape": (2, 3)}),
        (((3, 4),), {"window_shape": 2, "axis": 1}),
    ),
)
def sliding_window_view(F: Any, x: Any, window_shape: Any, axis: Any) -> Any:
    """All windows of a shape, each in new last axes."""
    lengths = window_shape if isinstance(window_shape, tuple) else (window_shape,)
    rank = len(F.shape(x))
    axes = tuple(range(rank)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(lengths) != len(axes):
        raise WrongArguments(f"a window of shape {lengths} does not fit {len(axes)} axes")
    for length, along in zip(lengths, axes, strict=True):
        x = F.windows_along(x, dimension=axis_of(along, rank), size=length, step=1)
    return x
