"""Medians and quantiles: elements at a place in order, or between two."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from engine.errors import WrongArguments
from engine.functions.ordering import kth_place
from engine.kinds import Example, composition
from engine.shapes import Shape, axes_of, reduced, size

_AXIS = {"dim": "axis", "keepdim": "keepdims", "input": "x", "a": "x", "interpolation": "method"}
_TIES = "of equal elements the first"
_MEDIANS: tuple[Example, ...] = (
    (((4,),), {}),
    (((3,),), {"keepdims": True}),
    (((2, 3),), {"axis": 1}),
    (((4, 2),), {"axis": 0, "keepdims": True}),
    (((2, 3, 2),), {"axis": (0, 2)}),
    (((4, 3),), {"axis": 0, "_lower": True}),
    (((),), {}),
)

CONTINUOUS = {
    "linear": (1.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
    "interpolated_inverted_cdf": (0.0, 1.0),
}
"""The parameters α and β of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages" (1996)."""

STEPS = ("lower", "higher", "nearest", "midpoint")


def _line(F: Any, x: Any, axis: Any) -> Any:
    """The elements that the axes run over, in one axis at the end."""
    shape = F.shape(x)
    axes = axes_of(axis, len(shape))
    kept = tuple(i for i in range(len(shape)) if i not in axes)
    count = size(tuple(shape[i] for i in axes))
    return F.reshape(F.permute(x, dims=kept + axes), shape=(*(shape[i] for i in kept), count))


def _left(F: Any, x: Any, axis: Any, keepdims: bool) -> Shape:
    """The shape that is left of a tensor."""
    shape = F.shape(x)
    return reduced(shape, axes_of(axis, len(shape)), keepdims)


def _sorted(F: Any, line: Any, *positions: Any) -> Any:
    """The elements in order along the last axis; ``positions`` are those that are used, where that is known."""
    places = [p for p in positions if isinstance(p, (int, float))]
    edges = (math.floor(places[0]) - 1, math.ceil(places[-1])) if places else ()
    return F.pick(line, F.argsort(line, axis=-1, _pairs=edges), axis=-1)


def _at(F: Any, line: Any, position: Any) -> Any:
    """The elements at a position, written out, or at many, computed: along the last axis, which stays."""
    shape = F.shape(line)
    if isinstance(position, (int, float)):
        return F.index(line, key=(Ellipsis, slice(int(position), int(position) + 1)))
    places = F.places(position, length=shape[-1])
    return F.pick(line, F.broadcast_to(places, shape=(*shape[:-1], F.shape(places)[-1])), axis=-1)


def _counted(F: Any, line: Any) -> Any:
    """How many elements are not nan, along the last axis, which stays."""
    return F.sum(F.spread(F.where(F.isnan(line), 0.0, 1.0), line), axis=-1, keepdims=True)


def _unless_nan(F: Any, line: Any, found: Any) -> Any:
    """nan where there is one among the elements."""
    return F.where(F.any(F.isnan(line), axis=-1, keepdims=True), math.nan, found)


def _middle(F: Any, line: Any, count: Any, lower: bool) -> Any:
    """The element in the middle of so many in order; of two the mean, or the lower one."""

    def half(n: Any) -> Any:
        return n // 2 if isinstance(n, int) else F.maximum(F.floor(n / 2.0), 0.0)

    low = _at(F, line, half(count - 1))
    return low if lower else 0.5 * low + 0.5 * _at(F, line, half(count))


@composition(
    "median(x, /, axis=None, keepdims=False, _lower=False)",
    indices=lambda F, x, axis, keepdims, _lower: kth_place(F, x, axis, (F.shape(x)[axis] + 1) // 2, keepdims),
    as_torch={"_lower": True},
    keywords=_AXIS,
    convention=f"{_TIES}; of two in the middle the mean, or in PyTorch's spelling the lower",
    examples=_MEDIANS,
)
def median(F: Any, x: Any, axis: Any, keepdims: bool, _lower: bool) -> Any:
    """The element in the middle, over axes; nan where there is a nan, or nothing."""
    line = _line(F, x, axis)
    count = F.shape(line)[-1]
    if not count:
        return F.sum(x, axis=axis, keepdims=keepdims) + math.nan
    used = ((count - 1) // 2, (count - 1) // 2 if _lower else count // 2)
    found = _unless_nan(F, line, _middle(F, _sorted(F, line, *used), count, _lower))
    return F.reshape(found, shape=_left(F, x, axis, keepdims))


def _place_of(F: Any, x: Any, values: Any, way: dict[str, Any]) -> Any:
    """Where along an axis the first element is that is equal to a value."""
    return F.argmax(F.equal(x, values), axis=way["axis"], keepdims=way["keepdims"])


@composition(
    "nanmedian(x, /, axis=None, keepdims=False, _lower=False)",
    indices=lambda F, x, **way: _place_of(F, x, F.nanmedian(x, **{**way, "keepdims": True}), way),
    as_torch={"_lower": True},
    keywords=_AXIS,
    convention=f"{_TIES}; of two in the middle the mean, or in PyTorch's spelling the lower",
    examples=_MEDIANS,
)
def nanmedian(F: Any, x: Any, axis: Any, keepdims: bool, _lower: bool) -> Any:
    """The element in the middle of those that are not nan, over axes."""
    line = _line(F, x, axis)
    if not F.shape(line)[-1]:
        return F.sum(x, axis=axis, keepdims=keepdims) + math.nan
    found = _middle(F, _sorted(F, line), _counted(F, line), _lower)
    return F.reshape(found, shape=_left(F, x, axis, keepdims))


# Quantiles


def _positions(F: Any, q: Any, count: Any, method: str) -> Any:
    """Where between the elements in order a quantile is, counted from 0; nan where it is none."""
    if method not in CONTINUOUS and method not in STEPS:
        raise WrongArguments(f"quantile knows no method {method!r}", hint=", ".join((*CONTINUOUS, *STEPS)))
    alpha, beta = CONTINUOUS.get(method, (1.0, 1.0))
    position = q * (count + (1.0 - alpha - beta)) + (alpha - 1.0)
    if isinstance(position, float):
        return min(max(position, 0.0), count - 1.0)
    return F.where(position < 0.0, 0.0, F.where(position > count - 1.0, count - 1.0, position))


def _between(F: Any, line: Any, position: Any, method: str) -> Any:
    """The value at a position in order, from its neighbours."""
    written = isinstance(position, float)
    floor: Callable[[Any], Any] = math.floor if written else F.floor
    ceil: Callable[[Any], Any] = math.ceil if written else F.ceil
    if method == "nearest":
        return _at(F, line, round(position) if written else F.round(position))
    if method == "lower":
        return _at(F, line, floor(position))
    high = _at(F, line, ceil(position))
    if method == "higher":
        return high
    low = _at(F, line, floor(position))
    if method == "midpoint":
        return 0.5 * low + 0.5 * high
    return low + (position - floor(position)) * (high - low)


def _quantile(F: Any, x: Any, q: Any, axis: Any, keepdims: bool, method: str, skip: bool) -> Any:
    """Quantiles in front of what is left of the tensor; nan where q is not between 0 and 1."""
    written = isinstance(q, (int, float))
    if written and not 0 <= q <= 1:
        raise WrongArguments(f"a quantile is between 0 and 1, not {q!r}", hint="percentile(x, q) takes q from 0 to 100")
    line = _line(F, x, axis)
    asked, left = () if written else F.shape(q), _left(F, x, axis, keepdims)
    if not F.shape(line)[-1]:
        return F.broadcast_to(F.sum(x, axis=axis, keepdims=keepdims) + math.nan, shape=(*asked, *left))
    inside = True if written else F.reshape((q >= 0.0) & (q <= 1.0), shape=(size(asked),))
    levels = float(q) if written else F.where(inside, F.reshape(q, shape=(size(asked),)), 0.0)
    count = _counted(F, line) if skip else F.shape(line)[-1]
    position = _positions(F, levels, F.maximum(count, 1.0) if skip else count, method)
    found = _between(F, _sorted(F, line, position), position, method)
    found = found if skip else _unless_nan(F, line, found)
    found = found if written else F.where(inside, found, math.nan)
    rank = len(F.shape(line)) - 1
    found = F.reshape(F.permute(found, dims=(rank, *range(rank))), shape=(*asked, *left))
    return F.cast(found, dtype="float32") if F.dtype(x) == "float32" else found


_QUANTILES: tuple[Example, ...] = (
    (((4,), ()), {}),
    (((5,), (2,)), {"axis": 0}),
    (((3, 4), ()), {"axis": 1, "keepdims": True}),
    (((3, 4), (3,)), {"axis": 0}),
    (((2, 3, 2), (2,)), {"axis": (0, 2), "keepdims": True}),
    (((4,), ()), {"method": "lower"}),
    (((4,), (2,)), {"method": "higher"}),
    (((4,), ()), {"method": "nearest"}),
    (((2, 4), ()), {"method": "midpoint", "axis": 1}),
    (((5,), (2,)), {"method": "median_unbiased"}),
)
_KINK = f"{_TIES}; by q, 0 where it is right at an element"


def _levels(scale: float) -> Callable[[Any, Any], Any]:
    return lambda x, q: (x, scale * (0.5 + 0.2 * q))


@composition(
    "quantile(x, q, /, axis=None, keepdims=False, method='linear')",
    keywords=_AXIS,
    convention=_KINK,
    examples=_QUANTILES,
    sample=_levels(1.0),
)
def quantile(F: Any, x: Any, q: Any, axis: Any, keepdims: bool, method: str) -> Any:
    """The value below which a share q of the elements lies, over axes; of several q in front of what is left."""
    return _quantile(F, x, q, axis, keepdims, method, skip=False)


@composition(
    "percentile(x, q, /, axis=None, keepdims=False, method='linear')",
    keywords=_AXIS,
    convention=_KINK,
    examples=_QUANTILES[:4],
    sample=_levels(100.0),
)
def percentile(F: Any, x: Any, q: Any, axis: Any, keepdims: bool, method: str) -> Any:
    """The value below which q of a hundred elements lie: quantile of q / 100."""
    return _quantile(F, x, q / 100.0, axis, keepdims, method, skip=False)


@composition(
    "nanquantile(x, q, /, axis=None, keepdims=False, method='linear')",
    keywords=_AXIS,
    convention=_KINK,
    examples=_QUANTILES,
    sample=_levels(1.0),
)
def nanquantile(F: Any, x: Any, q: Any, axis: Any, keepdims: bool, method: str) -> Any:
    """The quantile of the elements that are not nan."""
    return _quantile(F, x, q, axis, keepdims, method, skip=True)


@composition(
    "nanpercentile(x, q, /, axis=None, keepdims=False, method='linear')",
    keywords=_AXIS,
    convention=_KINK,
    examples=_QUANTILES[:4],
    sample=_levels(100.0),
)
def nanpercentile(F: Any, x: Any, q: Any, axis: Any, keepdims: bool, method: str) -> Any:
    """The percentile of the elements that are not nan."""
    return _quantile(F, x, q / 100.0, axis, keepdims, method, skip=True)
