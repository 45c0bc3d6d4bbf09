"""Elements in order, and those at a place in it. Each is what `argsort` says, picked: of ties the first comes first."""

from __future__ import annotations

from typing import Any

from engine.functions.counts import whole
from engine.kinds import composition
from engine.shapes import axis_of

_AXIS = {"dim": "axis", "keepdim": "keepdims", "input": "x", "a": "x"}
_TIES = "equal elements keep their order"


def _first(F: Any, order: Any, axis: int, start: int, stop: int) -> Any:
    along = axis_of(axis, len(F.shape(order)))
    return F.index(order, key=(*(slice(None),) * along, slice(start, stop), Ellipsis))


def kth_place(F: Any, x: Any, axis: int, k: int, keepdims: bool) -> Any:
    """Where the k-th smallest element along an axis is, counted from 1."""
    place = _first(F, F.argsort(x, axis=axis), axis, k - 1, k)
    return place if keepdims else F.squeeze(place, axis=axis)


@composition(
    "sort(x, /, axis=-1, descending=False, stable=True, kind=None)",
    indices=lambda F, x, axis, descending, stable, kind: F.argsort(x, axis=axis, descending=descending),
    keywords=_AXIS,
    convention=_TIES,
    examples=(
        (((4,),), {}),
        (((3, 2),), {"axis": 0}),
        (((2, 3),), {"axis": None}),
        (((2, 2, 3),), {"descending": True}),
        (((),), {}),
    ),
)
def sort(F: Any, x: Any, axis: int | None, descending: bool, stable: bool, kind: Any) -> Any:
    """The elements in order along an axis, from the smallest or from the largest; the places are argsort's."""
    if axis is None or not F.shape(x):
        line = F.ravel(x)
        found = F.pick(line, F.argsort(line, axis=0, descending=descending, kind=kind), axis=0)
        return found if axis is None else F.reshape(found, shape=())
    return F.pick(x, F.argsort(x, axis=axis, descending=descending, kind=kind), axis=axis)


@composition("msort(x)", keywords=_AXIS, convention=_TIES, examples=((((4,),), {}), (((3, 2),), {})))
def msort(F: Any, x: Any) -> Any:
    """The elements in order along the first axis."""
    return F.sort(x, axis=0)


@composition(
    "topk(x, /, k, axis=-1, largest=True, sorted=True)",
    indices=lambda F, x, k, axis, largest, sorted: _first(F, F.argsort(x, axis=axis, descending=largest), axis, 0, k),
    keywords=_AXIS,
    convention=_TIES,
    examples=(
        (((5,),), {"k": 2}),
        (((3, 2),), {"k": 2, "axis": 0, "largest": False}),
        (((2, 3),), {"k": 3}),
        (((2, 3),), {"k": 0}),
        (((),), {"k": 1}),
    ),
)
def topk(F: Any, x: Any, k: int, axis: int, largest: bool, sorted: bool) -> Any:
    """The k largest elements along an axis in order, or the smallest."""
    line = x if F.shape(x) else F.ravel(x)
    along = axis_of(axis, len(F.shape(line)))
    whole(k, "k", 0, F.shape(line)[along])
    order = F.argsort(line, axis=along, descending=largest, _pairs=slice(0, k))
    first = F.index(order, key=(*(slice(None),) * along, slice(0, k), Ellipsis))
    found = F.pick(line, first, axis=along)
    return found if F.shape(x) or not k else F.reshape(found, shape=())


@composition(
    "kthvalue(x, /, k, axis=-1, keepdims=False)",
    indices=lambda F, x, k, axis, keepdims: kth_place(F, x, axis, k, keepdims),
    keywords=_AXIS,
    convention=_TIES,
    examples=(
        (((5,),), {"k": 2}),
        (((3, 2),), {"k": 3, "axis": 0, "keepdims": True}),
        (((2, 3),), {"k": 1}),
        (((),), {"k": 1}),
    ),
)
def kthvalue(F: Any, x: Any, k: int, axis: int, keepdims: bool) -> Any:
    """The k-th smallest element along an axis, counted from 1."""
    line = x if F.shape(x) else F.ravel(x)
    along = axis_of(axis, len(F.shape(line)))
    whole(k, "k", 1, F.shape(line)[along])
    order = F.argsort(line, axis=along, _pairs=(k - 2, k - 1))
    place = F.index(order, key=(*(slice(None),) * along, slice(k - 1, k), Ellipsis))
    found = F.pick(line, place, axis=along)
    return found if keepdims and F.shape(x) else F.squeeze(found, axis=along)
