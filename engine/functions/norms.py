"""Norms of vectors and matrices, condition numbers, and distances between points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.pooling import reserve
from engine.kinds import Example, composition
from engine.primitives.matrix import CONDITIONED
from engine.shapes import axes_of, axis_of, reduced, size

_AXIS = {"dim": "axis", "keepdim": "keepdims", "p": "ord", "A": "x"}


def _powers(F: Any, x: Any, p: float, axis: tuple[int, ...]) -> Any:
    """The sum of \\|x|ᵖ to the power 1/p, over axes that stay, with derivative 0 where all are 0.

    Scaled by the largest element, so that powers neither overflow nor vanish; the scale cancels.
    """
    scale = F.detach(F.max(F.abs(x), axis=axis, keepdims=True))
    scale = F.where((scale > 0.0) & F.isfinite(scale), scale, 1.0)
    total = F.sum(_power(F, x / scale, p), axis=axis, keepdims=True)
    zero = total == 0.0
    safe = F.where(zero, 1.0, total)
    return scale * F.where(zero, 0.0, F.sqrt(safe) if p == 2 else safe ** (1.0 / p))


def _power(F: Any, x: Any, p: float) -> Any:
    """\\|x|ᵖ. An even power needs no absolute value; one of order below 1 is left out at 0, where it is vertical."""
    if p == 2:
        return F.square(x)
    if p % 2 == 0:
        return x**p
    if p < 1:
        zero = x == 0.0
        return F.where(zero, 0.0 if p > 0 else math.inf, F.abs(F.where(zero, 1.0, x)) ** p)
    return F.abs(x) ** p


def _of_complex(F: Any, x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Any:
    """Of order 2 that of all real and imaginary parts, which are smooth at 0 where absolute values are not."""
    if ord != 2:
        return F.vector_norm(F.abs(x), ord=ord, axis=axis, keepdims=keepdims)
    axes = axes_of(axis, len(F.shape(x)))
    parts = F.stack(F.real(x), F.imag(x), axis=0)
    return F.reshape(F.vector_norm(parts, axis=(0, *(a + 1 for a in axes))), shape=reduced(F.shape(x), axes, keepdims))


@composition(
    "vector_norm(x, /, ord=2, axis=None, keepdims=False)",
    complex=_of_complex,
    keywords=_AXIS,
    convention="0 at 0; shared evenly among ties of order inf",
    examples=(
        (((3,),), {}),
        (((2, 3),), {"axis": 1}),
        (((2, 3),), {"ord": 1, "axis": 0, "keepdims": True}),
        (((2, 3),), {"ord": 3}),
        (((2, 3),), {"ord": 4, "axis": -1}),
        (((4,),), {"ord": 0.5}),
        (((4,),), {"ord": -1}),
        (((4,),), {"ord": 0}),
        (((2, 3, 2),), {"ord": math.inf, "axis": (1, 2)}),
        (((2, 3, 2),), {"ord": -math.inf, "axis": (0, 2)}),
        (((),), {}),
    ),
)
def vector_norm(F: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Norm of all elements, or of those along axes: of order 2, or any other number, inf and 0 (the count) included."""
    if isinstance(ord, bool) or not isinstance(ord, (int, float)):
        raise WrongArguments(f"the order of a vector norm is a number, not {ord!r}")
    axes = axes_of(axis, len(F.shape(x)))
    if ord == 0:
        return F.cast(F.sum(F.where(x == 0.0, 0.0, 1.0), axis=axes, keepdims=keepdims), dtype=F.dtype(x))
    if math.isinf(ord):
        return (F.max if ord > 0 else F.min)(F.abs(x), axis=axes, keepdims=keepdims)
    if ord == 1 or not size(F.shape(x)):
        return F.sum(F.abs(x), axis=axes, keepdims=keepdims)
    return F.reshape(_powers(F, x, ord, axes), shape=reduced(F.shape(x), axes, keepdims))


def _last_two(F: Any, x: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The tensor with the axes of the matrices at the end, and which these were."""
    rank = len(F.shape(x))
    if rank < 2 or (axis is not None and (not isinstance(axis, tuple) or len(axis) != 2)):
        raise ShapeMismatch(f"a norm of matrices goes over two axes, not over axis {axis} of shape {F.shape(x)}")
    row, column = (axis_of(a, rank) for a in (axis or (-2, -1)))
    if row == column:
        raise WrongArguments(f"an axis is named twice in {axis}")
    rest = tuple(a for a in range(rank) if a not in (row, column))
    return F.permute(x, dims=(*rest, row, column)), (row, column)


_ORDERS = ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf)


@composition(
    "matrix_norm(x, /, ord='fro', axis=None, keepdims=False)",
    complex=True,
    keywords=_AXIS,
    convention="0 at 0; shared evenly among ties",
    examples=(
        (((2, 3),), {}),
        (((3, 2, 2),), {"axis": (0, 2), "keepdims": True}),
        (((2, 3),), {"ord": "nuc"}),
        (((2, 3),), {"ord": 1}),
        (((2, 2, 3),), {"ord": -1, "axis": (2, 1)}),
        (((2, 3, 2),), {"ord": 2, "keepdims": True}),
        (((3, 3),), {"ord": -2}),
        (((2, 3),), {"ord": math.inf}),
        (((2, 3),), {"ord": -math.inf}),
    ),
)
def matrix_norm(F: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Norm of matrices: Frobenius', the nuclear norm, or that of order 1, 2 or inf (-1, -2, -inf: the smallest)."""
    if ord not in _ORDERS or isinstance(ord, bool):
        raise WrongArguments(f"matrix_norm knows the orders {', '.join(map(repr, _ORDERS))}, not {ord!r}")
    moved, axes = _last_two(F, x, axis)
    if ord == "fro":
        found = F.vector_norm(moved, axis=(-2, -1))
    elif ord in ("nuc", 2, -2):
        values = F.svdvals(moved)
        found = (F.sum if ord == "nuc" else F.max if ord == 2 else F.min)(values, axis=-1)
    else:
        sums = F.sum(F.abs(moved), axis=-2 if ord in (1, -1) else -1)
        found = (F.max if ord > 0 else F.min)(sums, axis=-1)
    return F.reshape(found, shape=reduced(F.shape(x), axes, True)) if keepdims else found


@composition(
    "cond(x, /, p=None)",
    accuracy=CONDITIONED,
    convention="infinite for a matrix of zeros too, where NumPy has it so",
    complex=True,
    keywords={"A": "x"},
    examples=(
        (((3, 3),), {}),
        (((2, 3, 2),), {"p": 2}),
        (((3, 2),), {"p": -2}),
        (((2, 2),), {"p": "fro"}),
        (((2, 2, 2),), {"p": 1}),
        (((2, 2),), {"p": "nuc"}),
        (((3, 3),), {"p": -math.inf}),
    ),
)
def cond(F: Any, x: Any, p: Any) -> Any:
    """Condition number: the largest by the smallest singular value, or the norm of order p times the inverse's."""
    found = _cond(F, x, p)
    unlike = F.isnan(found) & ~F.isnan(F.sum(F.abs(x), axis=(-2, -1)))
    return F.where(unlike, math.inf, found)


def _cond(F: Any, x: Any, p: Any) -> Any:
    """The same, but nan where 0 is divided by 0, or multiplied by infinity."""
    if p in (None, 2, -2):
        values = F.svdvals(x)
        large, small = F.max(values, axis=-1), F.min(values, axis=-1)
        return small / large if p == -2 else large / small
    return F.matrix_norm(x, ord=p) * F.matrix_norm(F.inv(x), ord=p)


# Distances


_MODES = (
    None, "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist"
)  # fmt: skip
"""PyTorch's ways to compute distances; all find the same here."""


@composition(
    "cdist(x1, x2, /, p=2, compute_mode=None)",
    complex=True,
    keywords={"XA": "x1", "XB": "x2"},
    convention="0 where two points are one",
    examples=(
        (((3, 2), (4, 2)), {}),
        (((2, 3, 2), (2, 2, 2)), {"p": 1}),
        (((2, 2, 3), (4, 3)), {"p": 3}),
        (((2, 1), (3, 1)), {"p": math.inf}),
    ),
)
def cdist(F: Any, x1: Any, x2: Any, p: Any, compute_mode: Any) -> Any:
    """Distance of every point of x1 (its rows) from every point of x2, by the norm of order p."""
    if compute_mode not in _MODES:
        raise WrongArguments(f"cdist has no compute_mode {compute_mode!r}")
    one, two = F.shape(x1), F.shape(x2)
    if len(one) < 2 or len(two) < 2 or one[-1] != two[-1]:
        raise ShapeMismatch(f"cdist takes points of one length, in rows, not shapes {one} and {two}")
    apart = F.reshape(x1, shape=(*one[:-1], 1, one[-1])) - F.reshape(x2, shape=(*two[:-2], 1, *two[-2:]))
    return F.vector_norm(apart, ord=p, axis=-1)


_ROWS: Sequence[Example] = ((((3, 2),), {}), (((4, 3),), {"p": 1}), (((2, 2),), {"p": 3}))


@composition("pdist(input, /, p=2)", complex=True, convention="0 where two points are one", examples=_ROWS)
def pdist(F: Any, input: Any, p: Any) -> Any:
    """Distances between all pairs of points (the rows), each pair once, by the norm of order p."""
    if len(F.shape(input)) != 2:
        raise ShapeMismatch(f"pdist takes a matrix, whose rows are points, not shape {F.shape(input)}")
    n = F.shape(input)[0]
    reserve(F, n * (n - 1) // 2, F.shape(input)[1])
    first, second = (F.index(input, key=(places, slice(None))) for places in np.triu_indices(n, 1))
    apart = first - second
    return F.vector_norm(apart, ord=p, axis=-1)
