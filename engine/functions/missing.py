"""Reductions that leave out what is missing: nan."""

from __future__ import annotations

import math
from typing import Any

from engine.functions.statistics import deviations, root
from engine.kinds import Example, composition

_AXIS = {"dim": "axis", "keepdim": "keepdims", "input": "x", "a": "x", "correction": "ddof"}
_EXAMPLES: tuple[Example, ...] = (
    (((2, 3),), {}),
    (((3,),), {"keepdims": True}),
    (((2, 3),), {"axis": 1}),
    (((3, 2, 2),), {"axis": (0, -1), "keepdims": True}),
    (((),), {}),
)
_SPREADS: tuple[Example, ...] = (
    (((2, 3),), {}),
    (((2, 3),), {"axis": 1, "ddof": 1}),
    (((3, 2, 2),), {"axis": (0, 2), "keepdims": True}),
)


def _filled(F: Any, x: Any, value: float) -> Any:
    return F.where(F.isnan(x), value, x)


def _count(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    return F.sum(F.spread(F.where(F.isnan(x), 0.0, 1.0), x), axis=axis, keepdims=keepdims)


@composition("nansum(x, /, axis=None, keepdims=False)", keywords=_AXIS, examples=_EXAMPLES)
def nansum(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Sum over axes in which nan counts as 0."""
    return F.sum(_filled(F, x, 0.0), axis=axis, keepdims=keepdims)


@composition("nanprod(x, /, axis=None, keepdims=False)", keywords=_AXIS, examples=_EXAMPLES)
def nanprod(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Product over axes in which nan counts as 1."""
    return F.prod(_filled(F, x, 1.0), axis=axis, keepdims=keepdims)


@composition("nanmean(x, /, axis=None, keepdims=False)", keywords=_AXIS, examples=_EXAMPLES)
def nanmean(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """Mean over axes of what is not nan; nan where there is nothing."""
    return F.nansum(x, axis=axis, keepdims=keepdims) / _count(F, x, axis, keepdims)


def _extreme(F: Any, x: Any, axis: Any, keepdims: bool, reduce: Any, least: float) -> Any:
    found = reduce(_filled(F, x, least), axis=axis, keepdims=keepdims)
    return F.where(_count(F, x, axis, keepdims) == 0.0, math.nan, found)


_SHARED = "shared evenly among ties"


@composition("nanmax(x, /, axis=None, keepdims=False)", keywords=_AXIS, convention=_SHARED, examples=_EXAMPLES)
def nanmax(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The largest element over axes that is not nan; nan where there is nothing."""
    return _extreme(F, x, axis, keepdims, F.max, -math.inf)


@composition("nanmin(x, /, axis=None, keepdims=False)", keywords=_AXIS, convention=_SHARED, examples=_EXAMPLES)
def nanmin(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The smallest element over axes that is not nan; nan where there is nothing."""
    return _extreme(F, x, axis, keepdims, F.min, math.inf)


@composition("nanvar(x, /, axis=None, ddof=0, keepdims=False)", as_torch={"ddof": 1}, keywords=_AXIS, examples=_SPREADS)
def nanvar(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    """Variance of what is not nan."""
    deviation = F.where(F.isnan(x), 0.0, x - F.nanmean(x, axis=axis, keepdims=True))
    freedom = _count(F, x, axis, keepdims) - deviations(ddof)
    return F.sum(F.square(deviation), axis=axis, keepdims=keepdims) / F.where(freedom > 0.0, freedom, math.nan)


@composition(
    "nanstd(x, /, axis=None, ddof=0, keepdims=False)",
    as_torch={"ddof": 1},
    keywords=_AXIS,
    convention="0 where all are equal",
    examples=_SPREADS,
)
def nanstd(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    """Standard deviation of what is not nan."""
    return root(F, F.nanvar(x, axis=axis, ddof=ddof, keepdims=keepdims))
