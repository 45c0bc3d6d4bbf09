"""Orders: the places that sort, and the places at which values would go in.

What picks only some of the places says in ``_pairs`` of which neighbours in order it matters that they are equal.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import flat
from engine.shapes import Shape, axis_of, size

_AXIS = {"dim": "axis", "input": "x", "a": "x"}


def _argsort(x: Any, axis: int | None = -1, descending: bool = False, **_: Any) -> Any:
    """Equal elements keep their order either way; nan is more than anything."""
    given = np.reshape(x, -1) if axis is None else np.asarray(x)
    along = 0 if axis is None else axis
    if not descending:
        order = np.argsort(given, axis=along, kind="stable")
    else:
        order = given.shape[along] - 1 - np.flip(np.argsort(np.flip(given, along), axis=along, kind="stable"), along)
    return np.reshape(order, np.shape(x)) if not np.shape(x) else order


def _tied(x: Any, axis: int | None, descending: bool, _pairs: Any, **_: Any) -> Any:
    """Whether neighbours in order are equal, of those pairs that matter."""
    ordered = np.sort(x, axis=axis) if np.ndim(x) else np.reshape(x, -1)
    lines = np.moveaxis(ordered, axis or 0, -1)
    same = (lines[..., 1:] == lines[..., :-1])[..., :: -1 if descending else 1]
    if isinstance(_pairs, tuple):
        return np.any(same[..., [k for k in _pairs if 0 <= k < same.shape[-1]]])
    return np.any(same if _pairs is None else same[..., _pairs])


_KINDS = (None, "quicksort", "mergesort", "heapsort", "stable")
"""What NumPy calls ways to sort; all find the same order here."""


def _prepare_argsort(s: Shape, axis: Any, kind: Any, **_: Any) -> dict[str, Any]:
    if kind not in _KINDS:
        raise WrongArguments(f"kind {kind!r} is not known", hint=f"write {', '.join(map(repr, _KINDS[1:]))}")
    return {"axis": axis_of(axis, len(s)) if s and axis is not None else None, "kind": None}


def _argsort_batch(F: Any, n: int, x: Any, axis: int | None, **way: Any) -> Any:
    if axis is not None:
        return F.argsort(x, axis=axis + 1, **way)
    shape = F.shape(x)[1:]
    order = F.argsort(F.reshape(x, shape=(n, size(shape))), axis=1, **way)
    return order if shape else F.reshape(order, shape=(n,))


argsort = flat(
    "argsort(x, /, axis=-1, descending=False, stable=True, kind=None, _pairs=None)",
    numpy=_argsort,
    shape=lambda s, axis, **_: (size(s),) if axis is None and s else s,
    prepare=_prepare_argsort,
    batch=_argsort_batch,
    kink=_tied,
    convention="equal elements keep their order",
    flops=lambda s, **_: 10.0 * size(s) * max(1, size(s).bit_length()),
    workspace=2,
    dtype="int64",
    keywords=_AXIS,
    examples=(
        (((4,),), {}),
        (((3, 4),), {"axis": 0}),
        (((2, 3),), {"axis": None}),
        (((2, 3),), {"descending": True}),
        (((),), {}),
    ),
    doc="The places of the elements in order, from the smallest; of equal ones the first comes first.",
)


def _is_right(right: Any, side: Any) -> bool:
    if side not in (None, "left", "right"):
        raise WrongArguments(f"side is 'left' or 'right', not {side!r}")
    return bool(right) or side == "right"


def _prepare_search(s: Shape, v: Shape, right: Any, side: Any) -> dict[str, Any]:
    if not s or (len(s) > 1 and s[:-1] != v[:-1]):
        raise ShapeMismatch(f"sorted values of shape {s} do not fit values of shape {v}")
    return {"right": _is_right(right, side), "side": None}


def _searched(sorted_sequence: Any, v: Any, right: bool) -> Any:
    if np.ndim(sorted_sequence) == 1:
        return np.asarray(np.searchsorted(sorted_sequence, v, side="right" if right else "left"))
    return _merged(np.asarray(sorted_sequence), np.asarray(v), right)


def _merged(a: Any, v: Any, right: bool) -> Any:
    """In each row sort all together, values before or behind those equal to them: what is before a value is counted."""
    joined = np.concatenate((a, v) if right else (v, a), axis=-1)
    order = np.argsort(joined, axis=-1, kind="stable")
    start = a.shape[-1] if right else 0
    sorted_ones = (order < start) if right else (order >= v.shape[-1])
    counts = np.empty(joined.shape, dtype="int64")
    np.put_along_axis(counts, order, np.cumsum(sorted_ones, axis=-1), axis=-1)
    return counts[..., start : start + v.shape[-1]]


def _search_batch(F: Any, n: int, a: Any, v: Any, right: bool) -> Any:
    """A vector of values for each of the batch; where the sorted values are one vector, of all values in order."""
    shape = F.shape(v)[1:]
    if len(F.shape(a)) > 2:
        return F.searchsorted(a, v, right=right)
    return F.reshape(F.searchsorted(a, F.reshape(v, shape=(n, size(shape))), right=right), shape=(n, *shape))


searchsorted = flat(
    "searchsorted(a, v, /, right=False, side=None)",
    numpy=lambda a, v, right=False, side=None: _searched(a, v, right),
    shape=lambda s, v, **_: v,
    prepare=_prepare_search,
    batch=lambda F, n, a, v, right, side: _search_batch(F, n, a, v, right),
    dtype="int64",
    keywords={"sorted_sequence": "a", "input": "v", "values": "v"},
    examples=(
        (((4,), (3,)), {}),
        (((4,), (2, 3)), {"right": True}),
        (((3,), ()), {"side": "right"}),
        (((2, 4), (2, 3)), {}),
    ),
    sample=lambda a, v: (np.sort(a, axis=-1), v),
    doc="The place at which each value would go into a sorted vector; before equal elements, or behind them.",
)

bucketize = flat(
    "bucketize(x, boundaries, /, right=False)",
    numpy=lambda x, boundaries, right=False: _searched(boundaries, x, right),
    shape=lambda s, b, right: s,
    prepare=lambda s, b, right: _prepare_search(b, s, right, None) and {"right": bool(right)},
    batch=lambda F, n, x, b, right: _search_batch(F, n, b, x, right),
    dtype="int64",
    keywords=_AXIS,
    examples=((((3,), (4,)), {}), (((2, 3), (4,)), {"right": True}), (((), (3,)), {})),
    sample=lambda x, boundaries: (x, np.sort(boundaries)),
    doc="The number of the interval between sorted boundaries that each element is in.",
)
