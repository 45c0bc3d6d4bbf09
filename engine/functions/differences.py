"""Differences of neighbours, the derivatives and integrals made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import whole
from engine.kinds import Example, composition
from engine.shapes import axis_of, size

_AXIS = {"dim": "axis"}


def _part(F: Any, x: Any, axis: int, start: int | None, stop: int | None) -> Any:
    return F.index(x, key=(*(slice(None),) * axis, slice(start, stop), Ellipsis))


def _neighbours(F: Any, x: Any, axis: int) -> tuple[Any, Any]:
    """All elements along an axis but the last, and all but the first."""
    return _part(F, x, axis, None, -1), _part(F, x, axis, 1, None)


@composition(
    "diff(x, static n=1, static axis=-1, prepend=None, append=None)",
    advice="for a derivative write the expression alone: its gradient is what is answered",
    complex=True,
    keywords={**_AXIS, "input": "x", "a": "x"},
    examples=(
        (((4,), None, None), {}),
        (((2, 4), None, None), {"n": 2}),
        (((3, 2), None, None), {"axis": 0}),
        (((2, 3), (2, 1), (2, 2)), {}),
        (((3, 2), None, (1, 2)), {"axis": 0, "n": 2}),
        (((3,), (), ()), {}),
        (((2,), None, None), {"n": 0}),
        (((2,), None, None), {"n": 3}),
    ),
)
def diff(F: Any, x: Any, prepend: Any, append: Any, n: int, axis: int) -> Any:
    """Differences of neighbours along an axis, taken n times; what is prepended and appended comes first."""
    if not F.shape(x):
        raise ShapeMismatch("a number has no neighbours")
    along = axis_of(axis, len(F.shape(x)))
    x = _extended(F, x, prepend, append, along)
    times = min(whole(n, "n"), F.shape(x)[along])
    F.limits.require("pieces", times)
    for _ in range(times):
        first, second = _neighbours(F, x, along)
        x = second - first
    return F.reshape(x, shape=F.shape(x))


def _extended(F: Any, x: Any, prepend: Any, append: Any, axis: int) -> Any:
    shape = F.shape(x)
    parts = [
        F.broadcast_to(part, shape=(*shape[:axis], 1, *shape[axis + 1 :])) if not F.shape(part) else part
        for part in (prepend, x, append)
        if part is not None
    ]
    return F.concatenate(*parts, axis=axis) if len(parts) > 1 else x


# Integrals by trapezoids


def _spacing(F: Any, y: Any, x: Any, dx: Any, axis: int) -> Any:
    """The widths of the trapezoids, in a shape that broadcasts against the mean heights."""
    if x is None:
        return 1.0 if dx is None else dx
    if len(F.shape(x)) == 1:
        return F.reshape(F.diff(x), shape=(max(size(F.shape(x)) - 1, 0), *(1,) * (len(F.shape(y)) - axis - 1)))
    return F.diff(x, axis=axis - len(F.shape(y)))


def _trapezoids(F: Any, y: Any, x: Any, dx: Any, axis: int) -> tuple[Any, int]:
    """The areas between neighbours, and the axis they are along."""
    if not F.shape(y):
        raise ShapeMismatch("a number has no trapezoids")
    along = axis_of(axis, len(F.shape(y)))
    first, second = _neighbours(F, y, along)
    return _spacing(F, y, x, dx, along) * ((first + second) * 0.5), along


_CURVES: Sequence[Example] = (
    (((4,), None, None), {}),
    (((4,), (4,), None), {}),
    (((2, 4), (4,), None), {}),
    (((3, 2), (3,), None), {"axis": 0}),
    (((3, 2), (3, 2), None), {"axis": 0}),
    (((3,), None, ()), {}),
)


@composition(
    "trapezoid(y, x=None, dx=None, /, axis=-1)", complex=True, aliases=("trapz",), keywords=_AXIS, examples=_CURVES
)
def trapezoid(F: Any, y: Any, x: Any, dx: Any, axis: int) -> Any:
    """The integral of y along an axis by the trapezoidal rule, over places x or in steps of dx."""
    areas, along = _trapezoids(F, y, x, dx, axis)
    return F.sum(areas, axis=along)


@composition("cumulative_trapezoid(y, x=None, dx=None, /, axis=-1)", complex=True, keywords=_AXIS, examples=_CURVES)
def cumulative_trapezoid(F: Any, y: Any, x: Any, dx: Any, axis: int) -> Any:
    """The running integral of y along an axis by the trapezoidal rule, from the second place on."""
    areas, along = _trapezoids(F, y, x, dx, axis)
    return F.cumsum(areas, axis=along)


# Derivatives


def _weights(F: Any, steps: Any, axis: int) -> tuple[Any, Any]:
    """The shares that the slopes before and behind a place have in its derivative."""
    if not F.shape(steps):
        return 0.5, 0.5
    before, behind = _neighbours(F, steps, axis)
    return behind / (before + behind), before / (before + behind)


def _edge(F: Any, slopes: Any, steps: Any, axis: int, at: int, inward: int, order: int) -> Any:
    """The derivative at an end, from the slope there, or from two."""

    def one(x: Any, k: int) -> Any:
        return _part(F, x, axis, k, k + 1 if k + 1 else None) if F.shape(x) else x

    slope = one(slopes, at)
    if order == 1:
        return slope
    first, second = one(steps, at), one(steps, at + inward)
    return slope + (slope - one(slopes, at + inward)) * (first / (first + second))


def _derivative(F: Any, x: Any, spacing: Any, axis: int, order: int) -> Any:
    length = F.shape(x)[axis]
    if length <= order:
        raise ShapeMismatch(f"an axis of length {length} is too short for a gradient with edge_order={order}")
    steps: Any = 1.0 if spacing is None else spacing
    if F.shape(steps):
        if F.shape(steps) != (length,):
            raise ShapeMismatch(f"coordinates of shape {F.shape(steps)} do not fit an axis of length {length}")
        steps = F.reshape(F.diff(steps), shape=(*(1,) * axis, length - 1, *(1,) * (len(F.shape(x)) - axis - 1)))
    slopes = F.diff(x, axis=axis) / steps
    before, behind = _neighbours(F, slopes, axis)
    a, b = _weights(F, steps, axis)
    ends = [_edge(F, slopes, steps, axis, at, inward, order) for at, inward in ((0, 1), (-1, -1))]
    return F.concatenate(ends[0], a * before + b * behind, ends[1], axis=axis)


def _ascending(h: Any) -> Any:
    """Steps or coordinates to try, made of random numbers."""
    return h if h is None else np.cumsum(np.abs(h) + 0.5).reshape(np.shape(h))


@composition(
    "gradient(x, spacing=None, spacing2=None, spacing3=None, /, axis=None, edge_order=1, _several=False)",
    complex=True,
    keywords={**_AXIS, "input": "x", "f": "x"},
    as_torch={"_several": True},
    examples=(
        (((4,), None, None, None), {}),
        (((4,), (), None, None), {"edge_order": 2}),
        (((4,), (4,), None, None), {}),
        (((4,), (4,), None, None), {"edge_order": 2}),
        (((3, 4), None, None, None), {}),
        (((3, 4), (), (4,), None), {}),
        (((3, 4), None, None, None), {"axis": 1}),
        (((3, 2), None, None, None), {"axis": (1, 0)}),
    ),
    sample=lambda x, *given: (x, *map(_ascending, given)),
)
def gradient(
    F: Any, x: Any, spacing: Any, spacing2: Any, spacing3: Any, axis: Any, edge_order: int, _several: bool
) -> Any:
    """Derivatives along axes by central differences, one-sided at the ends: of a grid in steps, or at coordinates.

    There is one for each axis: of several a tuple, and a tuple always in PyTorch's spelling.
    """
    rank = len(F.shape(x))
    axes = tuple(range(rank)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    given = [one for one in (spacing, spacing2, spacing3) if one is not None]
    if edge_order not in (1, 2):
        raise WrongArguments(f"edge_order is 1 or 2, not {edge_order!r}")
    if not axes or len(given) not in (0, 1, len(axes)):
        raise WrongArguments(f"{len(given)} spacings do not fit {len(axes)} axes", hint="one for all, or one for each")
    each = given * len(axes) if len(given) == 1 else given or [None] * len(axes)
    found = tuple(_derivative(F, x, h, axis_of(along, rank), edge_order) for h, along in zip(each, axes, strict=True))
    return found if _several or len(found) > 1 else found[0]
