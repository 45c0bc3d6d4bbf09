"""Reductions: sum, mean, prod, max, min and their places, any, all, count_nonzero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch
from engine.kinds import Example, explicit, flat, linear
from engine.shapes import Shape, axes_of, axis_of, reduced, size

_AXIS = {"dim": "axis", "keepdim": "keepdims", "input": "x", "a": "x"}
_EXAMPLES: Sequence[Example] = (
    (((2, 3),), {}),
    (((3,),), {"keepdims": True}),
    (((2, 3),), {"axis": 1}),
    (((2, 5, 2),), {"axis": (0, -2), "keepdims": True}),
    (((3, 1, 2),), {"axis": (2, 0)}),
    (((),), {}),
)
_PLACES: Sequence[Example] = (
    (((2, 3),), {}),
    (((2, 3),), {"axis": 1}),
    (((3, 1, 2),), {"axis": 0, "keepdims": True}),
    (((2, 3),), {"keepdims": True}),
    (((),), {}),
)


def _axes(s: Shape, axis: Any) -> tuple[int, ...]:
    """The axes that are reduced; a number has none, and is taken for a vector of one as in both libraries."""
    return () if not s and axis in (0, -1, (0,), (-1,)) else axes_of(axis, len(s))


def _prepare(s: Shape, axis: Any, keepdims: bool) -> dict[str, Any]:
    return {"axis": _axes(s, axis), "keepdims": bool(keepdims)}


def _prepare_nonempty(s: Shape, axis: Any, keepdims: bool, _first: bool) -> dict[str, Any]:
    axes = axes_of(axis, len(s))  # of a number there is none: max(x, 0) is rather meant as maximum(x, 0)
    if 0 in [s[i] for i in axes]:
        raise ShapeMismatch(f"a tensor of shape {s} has no largest or smallest element along axis {axis}")
    return {"axis": axes, "keepdims": bool(keepdims), "_first": _first and axis is not None}


def _shape(s: Shape, axis: tuple[int, ...], keepdims: bool) -> Shape:
    return reduced(s, axis, keepdims)


def _kept(F: Any, v: Any, x: Any, axis: tuple[int, ...]) -> Any:
    """A reduced value with its axes back, of length 1, so that it broadcasts against what was reduced."""
    return F.reshape(v, shape=reduced(F.shape(x), axis, True))


def _behind_batch(axis: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + 1 for a in axis)


def _spread(F: Any, ct: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    return F.broadcast_to(_kept(F, ct, x, axis), shape=F.shape(x))


sum = linear(
    "sum(x, /, axis=None, keepdims=False)",
    numeric=True,
    transpose=_spread,
    numpy=lambda x, axis=None, keepdims=False: np.sum(x, axis=axis, keepdims=keepdims),
    shape=_shape,
    prepare=_prepare,
    batch=lambda F, n, x, axis, keepdims: F.sum(x, axis=_behind_batch(axis), keepdims=keepdims),
    examples=_EXAMPLES,
    keywords=_AXIS,
    aliases=("fsum",),
    doc="Sum over axes; over all of them where none is named.",
)


def _count(shape: Shape, axis: tuple[int, ...]) -> int:
    return size(tuple(shape[i] for i in axis))


mean = linear(
    "mean(x, /, axis=None, keepdims=False)",
    numeric=True,
    transpose=lambda F, ct, x, axis, keepdims: (
        _spread(F, ct / float(_count(F.shape(x), axis)), x, axis, keepdims)
        if _count(F.shape(x), axis)
        else F.broadcast_to(0.0, shape=F.shape(x))
    ),
    numpy=lambda x, axis=None, keepdims=False: (
        np.sum(x, axis=axis, keepdims=keepdims) / (np.size(x) if axis is None else _count(np.shape(x), axis) or np.nan)
    ),
    shape=_shape,
    prepare=_prepare,
    batch=lambda F, n, x, axis, keepdims: F.mean(x, axis=_behind_batch(axis), keepdims=keepdims),
    examples=_EXAMPLES,
    keywords=_AXIS,
    doc="Mean over axes; nan where there is nothing to average.",
)


# The product of all, as a balanced tree of products of two. Its derivative is that of the tree: exact where
# elements are zero (no division by an element), and so is the derivative's own, to any order.


def _levels(F: Any, x: Any) -> list[Any]:
    """The tree over the last axis: each level holds the products of neighbours, padded with 1 to an even length."""
    levels = [x]
    while F.shape(levels[-1])[-1] > 1:
        left, right = _neighbours(F, levels[-1])
        levels.append(left * right)
    return levels


def _neighbours(F: Any, level: Any, padding: float = 1.0) -> tuple[Any, Any]:
    shape = F.shape(level)
    lead = (slice(None),) * (len(shape) - 1)
    if shape[-1] % 2:
        level = F.concatenate(level, F.broadcast_to(padding, shape=(*shape[:-1], 1)), axis=len(shape) - 1)
    return F.index(level, key=(*lead, slice(0, None, 2))), F.index(level, key=(*lead, slice(1, None, 2)))


def _last(F: Any, x: Any, axis: tuple[int, ...]) -> Any:
    """``x`` with the axes that are reduced merged into one at the end."""
    shape = F.shape(x)
    kept = tuple(i for i in range(len(shape)) if i not in axis)
    flat = (*(shape[i] for i in kept), _count(shape, axis))
    return F.reshape(F.permute(x, dims=kept + axis), shape=flat)


def _from_last(F: Any, v: Any, shape: Shape, axis: tuple[int, ...]) -> Any:
    """What `_last` did, undone."""
    order = (*(i for i in range(len(shape)) if i not in axis), *axis)
    back = tuple(sorted(range(len(order)), key=order.__getitem__))
    return F.permute(F.reshape(v, shape=tuple(shape[i] for i in order)), dims=back)


def _prod_pull(F: Any, ct: Any, y: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> list[Any]:
    shape = F.shape(x)
    if not size(shape):
        return [F.broadcast_to(0.0, shape=shape)]
    levels = _levels(F, _last(F, x, axis))
    ct = F.reshape(ct, shape=F.shape(levels[-1]))
    for level in levels[-2::-1]:
        left, right = _neighbours(F, level)
        pairs = F.stack(F.strong_multiply(ct, right), F.strong_multiply(ct, left), axis=len(F.shape(ct)))
        length = F.shape(level)
        ct = F.reshape(pairs, shape=(*length[:-1], 2 * F.shape(ct)[-1]))
        ct = F.index(ct, key=(*(slice(None),) * (len(length) - 1), slice(0, length[-1])))
    return [_from_last(F, ct, shape, axis)]


def _prod_push(F: Any, ts: Any, y: Any, x: Any, axis: tuple[int, ...], keepdims: bool) -> Any:
    if not size(F.shape(x)):
        return None
    level, t = _last(F, x, axis), _last(F, ts[0], axis)
    while F.shape(level)[-1] > 1:
        left, right = _neighbours(F, level)
        t_left, t_right = _neighbours(F, t, padding=0.0)
        level, t = left * right, F.strong_multiply(t_left, right) + F.strong_multiply(t_right, left)
    return F.spread(F.reshape(t, shape=F.shape(y)), y)


prod = explicit(
    "prod(x, /, axis=None, keepdims=False)",
    pull=_prod_pull,
    push=_prod_push,
    workspace=3,
    numpy=lambda x, axis=None, keepdims=False: np.prod(x, axis=axis, keepdims=keepdims),
    shape=_shape,
    prepare=_prepare,
    pattern=lambda F, x, axis, keepdims: F.sum(x, axis=axis, keepdims=keepdims),
    batch=lambda F, n, x, axis, keepdims: F.prod(x, axis=_behind_batch(axis), keepdims=keepdims),
    examples=_EXAMPLES,
    keywords=_AXIS,
    complex=True,
    derivative="y * sum(dx / x, axis=axis, keepdims=keepdims)",
    doc="Product over axes; its derivatives are exact where elements are zero.",
)


# The largest and the smallest: the (co)tangent is shared evenly among the elements that tie.


def _shares(F: Any, y: Any, x: Any, axis: tuple[int, ...], first: bool) -> Any:
    """Which elements are chosen, and the share of each: all that tie alike, or only the first of them."""
    chosen = (x == _kept(F, y, x, axis)) | F.isnan(x)
    tied = F.where(chosen, 1.0, 0.0)
    if first and len(axis) == 1:
        chosen = chosen & (F.cumsum(tied, axis=axis[0]) == 1.0)
        tied = F.where(chosen, 1.0, 0.0)
    return chosen, tied / F.broadcast_to(F.sum(tied, axis=axis, keepdims=True), shape=F.shape(x))


def _extreme_pull(F: Any, ct: Any, y: Any, x: Any, axis: tuple[int, ...], keepdims: bool, _first: bool) -> list[Any]:
    chosen, shares = _shares(F, y, x, axis, _first)
    return [F.where(chosen, F.strong_multiply(_spread(F, ct, x, axis, keepdims), shares), 0.0)]


def _extreme_push(F: Any, ts: Any, y: Any, x: Any, axis: tuple[int, ...], keepdims: bool, _first: bool) -> Any:
    chosen, shares = _shares(F, y, x, axis, _first)
    return F.spread(F.sum(F.where(chosen, F.strong_multiply(ts[0], shares), 0.0), axis=axis, keepdims=keepdims), y)


def _ties(reduce: Any) -> Any:
    def kink(x: Any, axis: tuple[int, ...], keepdims: bool, _first: bool) -> Any:
        return np.sum(x == reduce(x, axis=axis, keepdims=True), axis=axis) > 1

    return kink


def _extreme(signature: str, reduce: Any, of_two: str, doc: str) -> Any:
    name = signature.partition("(")[0]
    chosen = f"x == {name}(x, axis=axis, keepdims=True)"
    return explicit(
        signature,
        pull=_extreme_pull,
        push=_extreme_push,
        numpy=lambda x, axis=None, keepdims=False, _first=False: reduce(x, axis=axis, keepdims=keepdims),
        shape=lambda s, axis, keepdims, _first: reduced(s, axis, keepdims),
        prepare=_prepare_nonempty,
        pattern=lambda F, x, axis, keepdims, _first: F.sum(x, axis=axis, keepdims=keepdims),
        batch=lambda F, n, x, axis, keepdims, _first: getattr(F, name)(
            x, axis=_behind_batch(axis), keepdims=keepdims, _first=_first
        ),
        as_torch={"_first": True},
        of_two=of_two,
        indices=lambda F, x, axis, keepdims, _first: getattr(F, f"arg{name}")(x, axis=axis, keepdims=keepdims),
        examples=_EXAMPLES,
        keywords=_AXIS,
        aliases=(name.capitalize(),),
        kink=_ties(reduce),
        advice=f"of two values it is {of_two}(a, b)",
        derivative=(
            f"sum(where({chosen}, dx, 0), axis=axis, keepdims=keepdims)"
            f" / sum(where({chosen}, 1, 0), axis=axis, keepdims=keepdims)"
        ),
        jax=(lambda F, x, **params: getattr(F, name)(x, **{**params, "_first": False}), "shared evenly among ties"),
        convention="shared evenly among ties; to the first of them where spelled with dim=, as in PyTorch",
        doc=doc,
    )


max = _extreme(
    "max(x, /, axis=None, keepdims=False, _first=False)",
    np.max,
    "maximum",
    "The largest element over axes.",
)
min = _extreme(
    "min(x, /, axis=None, keepdims=False, _first=False)",
    np.min,
    "minimum",
    "The smallest element over axes.",
)


def _prepare_place(s: Shape, axis: Any, keepdims: bool) -> dict[str, Any]:
    along = None if axis is None or not _axes(s, axis) else axis_of(axis, len(s))
    if (size(s) if along is None else s[along]) == 0:
        raise ShapeMismatch(f"a tensor of shape {s} has no largest or smallest element along axis {axis}")
    return {"axis": along, "keepdims": bool(keepdims)}


def _place_batch(F: Any, n: int, x: Any, name: str, axis: int | None, keepdims: bool) -> Any:
    if axis is not None:
        return getattr(F, name)(x, axis=axis + 1, keepdims=keepdims)
    shape = F.shape(x)[1:]
    found = getattr(F, name)(F.reshape(x, shape=(n, size(shape))), axis=1)
    return F.reshape(found, shape=(n, *(1,) * len(shape))) if keepdims else found


def _place(name: str, find: Any, doc: str, **facts: Any) -> Any:
    return flat(
        f"{name}(x, /, axis=None, keepdims=False)",
        numpy=lambda x, axis=None, keepdims=False: np.asarray(find(x, axis=axis, keepdims=keepdims)),
        shape=lambda s, axis, keepdims: reduced(s, axes_of(axis, len(s)), keepdims),
        prepare=_prepare_place,
        batch=lambda F, n, x, axis, keepdims: _place_batch(F, n, x, name, axis, keepdims),
        dtype="int64",
        examples=_PLACES,
        keywords=_AXIS,
        doc=doc,
        **facts,
    )


argmax = _place("argmax", np.argmax, "The place of the largest element, the first of several.")
argmin = _place(
    "argmin",
    np.argmin,
    "The place of the smallest element, the first of several. Of a function, ``argmin(h, x0)``, it is `minimizer`.",
    of_function="minimizer",
)


def _judgement(name: str, judge: Any, dtype: str, doc: str) -> Any:
    return flat(
        f"{name}(x, /, axis=None, keepdims=False)",
        numpy=lambda x, axis=None, keepdims=False: np.asarray(judge(x, axis=axis, keepdims=keepdims)),
        shape=_shape,
        prepare=_prepare,
        batch=lambda F, n, x, axis, keepdims: getattr(F, name)(x, axis=_behind_batch(axis), keepdims=keepdims),
        dtype=dtype,
        complex=True,
        examples=_EXAMPLES,
        keywords=_AXIS,
        doc=doc,
    )


any = _judgement("any", np.any, "bool", "Whether any element over axes is not 0.")
all = _judgement("all", np.all, "bool", "Whether all elements over axes are not 0.")
count_nonzero = _judgement("count_nonzero", np.count_nonzero, "int64", "How many elements over axes are not 0.")
