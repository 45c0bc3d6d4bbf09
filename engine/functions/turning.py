"""Elements in another order along their axes: mirrored, rolled and rotated."""

from __future__ import annotations

from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import whole
from engine.kinds import composition
from engine.shapes import axis_of

_OF = {"input": "x", "a": "x", "m": "x", "dim": "axis", "dims": "axis"}


@composition("fliplr(x)", complex=True, keywords=_OF, examples=((((2, 3),), {}), (((2, 2, 2),), {})))
def fliplr(F: Any, x: Any) -> Any:
    """Columns in reverse order: the second axis."""
    if len(F.shape(x)) < 2:
        raise ShapeMismatch(f"fliplr takes two axes or more, and the shape is {F.shape(x)}", hint="flip(x)")
    return F.flip(x, axis=1)


@composition("flipud(x)", complex=True, keywords=_OF, examples=((((3,),), {}), (((2, 3),), {})))
def flipud(F: Any, x: Any) -> Any:
    """Rows in reverse order: the first axis."""
    return F.flip(x, axis=0)


@composition(
    "roll(x, /, shift, axis=None)",
    complex=True,
    keywords={**_OF, "shifts": "shift"},
    examples=(
        (((4,),), {"shift": 1}),
        (((2, 3),), {"shift": -2}),
        (((2, 3),), {"shift": 4, "axis": 1}),
        (((2, 3),), {"shift": (1, -1), "axis": (0, 1)}),
        (((2, 3),), {"shift": 1, "axis": (0, 1)}),
        (((),), {"shift": 1}),
    ),
)
def roll(F: Any, x: Any, shift: Any, axis: Any) -> Any:
    """Moved along axes, what leaves at one end coming in at the other; all elements in order where no axis is named."""
    if axis is None:
        return F.reshape(_rolled(F, F.ravel(x), shift, 0), shape=F.shape(x))
    axes = axis if isinstance(axis, tuple) else (axis,)
    shifts = shift if isinstance(shift, tuple) else (shift,) * len(axes)
    if len(axes) == 1:
        axes *= len(shifts)
    if len(shifts) != len(axes):
        raise WrongArguments(f"{len(shifts)} shifts do not fit {len(axes)} axes")
    totals: dict[int, int] = {}
    for one, along in zip(shifts, axes, strict=True):
        at = axis_of(along, len(F.shape(x)))
        totals[at] = totals.get(at, 0) + whole(one, "a shift", None)
    for at, total in totals.items():
        x = _rolled(F, x, total, at)
    return x


def _rolled(F: Any, x: Any, shift: Any, axis: int) -> Any:
    length = F.shape(x)[axis]
    if not whole(shift, "a shift", None) or not length or not shift % length:
        return F.reshape(x, shape=F.shape(x))
    lead = (slice(None),) * axis
    cut = length - shift % length
    end, start = (F.index(x, key=(*lead, part, Ellipsis)) for part in (slice(cut, None), slice(0, cut)))
    return F.concatenate(end, start, axis=axis)


@composition(
    "rot90(x, /, k=1, axes=None)",
    complex=True,
    keywords={**_OF, "dims": "axes"},
    examples=(
        (((2, 3),), {}),
        (((2, 3),), {"k": 2}),
        (((2, 3),), {"k": -1}),
        (((2, 3, 2),), {"k": 1, "axes": (1, 2)}),
        (((2, 2),), {"k": 4}),
    ),
)
def rot90(F: Any, x: Any, k: int, axes: Any) -> Any:
    """Turned by 90 degrees, k times, from the first of two axes towards the second."""
    rank = len(F.shape(x))
    pair = (0, 1) if axes is None else axes
    if not isinstance(pair, tuple) or len(pair) != 2 or rank < 2:
        raise WrongArguments(f"two axes turn, and {pair} of {rank} are given")
    whole(k, "k", None)
    a, b = axis_of(pair[0], rank), axis_of(pair[1], rank)
    if a == b:
        raise WrongArguments(f"the two axes of {pair} are one")
    if k % 4 == 2:
        return F.flip(x, axis=(a, b))
    if k % 4 == 1:
        return F.swapaxes(F.flip(x, axis=b), axis1=a, axis2=b)
    return F.flip(F.swapaxes(x, axis1=a, axis2=b), axis=b) if k % 4 == 3 else F.reshape(x, shape=F.shape(x))
