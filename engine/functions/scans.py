"""Running products, extremes and sums along an axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.errors import WrongArguments
from engine.kinds import Example, composition
from engine.shapes import axis_of

_AXIS = {"dim": "axis", "input": "x", "a": "x"}
_ALONG: tuple[Example, ...] = (
    (((5,),), {}),
    (((2, 3),), {"axis": None}),
    (((2, 3),), {"axis": 0}),
    (((2, 4, 1),), {"axis": -2}),
    (((),), {}),
)
_NAMED: tuple[Example, ...] = (
    (((5,),), {"axis": 0}),
    (((2, 3),), {"axis": 0}),
    (((2, 4, 1),), {"axis": -2}),
    (((),), {"axis": 0}),
)


def _line(F: Any, x: Any, axis: int | None) -> tuple[Any, int]:
    """A tensor and an axis of it: that which is named, or the only one of all elements in order."""
    if axis is None or (not F.shape(x) and axis in (0, -1)):
        return F.ravel(x), 0
    return x, axis_of(axis, len(F.shape(x)))


def _scanned(F: Any, x: Any, axis: int, join: Callable[[Any, Any], Any]) -> Any:
    """All elements so far joined, in as many steps as the length has bits; each doubles what an element stands for.

    W. D. Hillis and G. L. Steele, "Data parallel algorithms" (1986).
    """
    lead = (slice(None),) * axis
    step = 1
    while step < F.shape(x)[axis]:
        first = F.index(x, key=(*lead, slice(0, step), Ellipsis))
        later = F.index(x, key=(*lead, slice(step, None), Ellipsis))
        before = F.index(x, key=(*lead, slice(0, -step), Ellipsis))
        x = F.concatenate(first, join(before, later), axis=axis)
        step *= 2
    return x


@composition("cumprod(x, /, axis=None)", complex=True, keywords=_AXIS, examples=_ALONG)
def cumprod(F: Any, x: Any, axis: int | None) -> Any:
    """Running product along an axis, exact where elements are zero; of all elements in order where none is named."""
    line, along = _line(F, x, axis)
    found = _scanned(F, line, along, lambda before, later: before * later)
    return found if axis is None else F.reshape(found, shape=F.shape(x))


@composition("logcumsumexp(x, /, axis)", keywords=_AXIS, examples=_NAMED)
def logcumsumexp(F: Any, x: Any, axis: int) -> Any:
    """The logarithm of the running sum of exp(x), without overflow."""
    _required(axis)
    line, along = _line(F, x, axis)
    return F.reshape(_scanned(F, line, along, F.logaddexp), shape=F.shape(x))


def _required(axis: Any) -> None:
    if axis is None:
        raise WrongArguments("an axis is needed here", hint="axis=0, or dim=0")


_TIES = "of equal elements the later one, as in PyTorch"


def _shared(name: str) -> tuple[Callable[..., Any], str]:
    """The derivative at ties that JAX has: at each step of the scan it is shared."""

    def rule(F: Any, x: Any, axis: int) -> Any:
        _required(axis)
        line, along = _line(F, x, axis)
        return F.reshape(_scanned(F, line, along, getattr(F, name)), shape=F.shape(x))

    return rule, "shared among ties"


@composition(
    "cummax(x, /, axis)",
    indices=lambda F, x, axis: F.argcummax(x, axis=axis),
    keywords=_AXIS,
    jax=_shared("maximum"),
    convention=_TIES,
    examples=_NAMED,
)
def cummax(F: Any, x: Any, axis: int) -> Any:
    """The largest element so far, along an axis."""
    _required(axis)
    line, along = _line(F, x, axis)
    return F.reshape(F.pick(line, F.argcummax(line, axis=along), axis=along), shape=F.shape(x))


@composition(
    "cummin(x, /, axis)",
    indices=lambda F, x, axis: F.argcummin(x, axis=axis),
    keywords=_AXIS,
    jax=_shared("minimum"),
    convention=_TIES,
    examples=_NAMED,
)
def cummin(F: Any, x: Any, axis: int) -> Any:
    """The smallest element so far, along an axis."""
    _required(axis)
    line, along = _line(F, x, axis)
    return F.reshape(F.pick(line, F.argcummin(line, axis=along), axis=along), shape=F.shape(x))


@composition("nancumsum(x, /, axis=None)", keywords=_AXIS, examples=_ALONG[:4])
def nancumsum(F: Any, x: Any, axis: int | None) -> Any:
    """Running sum in which nan counts as 0."""
    return F.cumsum(F.where(F.isnan(x), 0.0, x), axis=axis)


@composition("nancumprod(x, /, axis=None)", keywords=_AXIS, examples=_ALONG)
def nancumprod(F: Any, x: Any, axis: int | None) -> Any:
    """Running product in which nan counts as 1."""
    return F.cumprod(F.where(F.isnan(x), 1.0, x), axis=axis)
