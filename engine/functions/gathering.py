"""Elements taken from, and put in, places that are data."""

from __future__ import annotations

from typing import Any

from engine.kinds import composition
from engine.shapes import axis_of

_KEYWORDS = {"dim": "axis", "input": "x", "arr": "x", "indices": "index"}


@composition(
    "gather(x, static axis, index)",
    complex=True,
    data=("index",),
    keywords=_KEYWORDS,
    examples=(
        (((4,), [2, 0, -1]), {"axis": 0}),
        (((3, 2), [[2, 0], [1, 1], [0, 0], [2, 2]]), {"axis": 0}),
        (((2, 3, 2), [[[1, 0]], [[2, 1]]]), {"axis": -2}),
        (((3, 2), [[1], [0]]), {"axis": 1}),
    ),
)
def gather(F: Any, x: Any, index: Any, axis: int) -> Any:
    """The elements at places along an axis: the index has as many axes as x, and is no longer beside that axis."""
    along = axis_of(axis, len(F.shape(x)))
    return F.pick(x, F.places(index, length=F.shape(x)[along]), axis=along)
