"""Distances and angles of vectors, and losses made of them."""

from __future__ import annotations

import math
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.activations import number
from engine.functions.classification import hinge
from engine.functions.losses import LEGACY, reduce
from engine.kinds import composition
from engine.shapes import axis_of, broadcast, size

_AXIS = {"dim": "axis", "keepdim": "keepdims"}


@composition(
    "normalize(x, /, p=2.0, axis=1, eps=1e-12)",
    derivative="(dx - y * sum(y * dx, axis=axis, keepdims=True)) / norm(x, axis=axis, keepdims=True)",
    keywords={**_AXIS, "input": "x"},
    convention="that of norm; x/eps where the norm is not over eps",
    examples=(
        (((2, 3),), {}),
        (((3,),), {"axis": 0}),
        (((2, 3),), {"p": 1.0, "axis": -1}),
        (((2, 1, 3),), {"axis": 2}),
        (((2, 3),), {"eps": 100.0}),
        (((3,),), {"p": math.inf, "axis": 0}),
    ),
)
def normalize(F: Any, x: Any, p: Any, axis: Any, eps: Any) -> Any:
    """x divided by its norm of order p along an axis (or by ``eps`` where the norm is smaller)."""
    order = number("normalize", "p", p)
    return _unit(F, x, order, axis_of(axis, len(F.shape(x))), number("normalize", "eps", eps))


def _unit(F: Any, x: Any, order: float, axis: int, eps: float) -> Any:
    """x over its norm, or over eps where that is smaller: there it is linear, and no kink of the norm counts."""
    short = F.norm(F.detach(x), ord=order, axis=axis, keepdims=True) <= eps
    return x / F.where(short, eps, F.norm(F.where(short, 1.0, x), ord=order, axis=axis, keepdims=True))


@composition(
    "pairwise_distance(x1, x2, /, p=2.0, eps=1e-06, keepdims=False)",
    derivative="sum((x1 - x2 + eps) * (dx1 - dx2), axis=-1) / y",
    keywords=_AXIS,
    convention="that of norm",
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"p": 1.0}),
        (((2, 3), (3,)), {"eps": 0.25, "keepdims": True}),
        (((2, 1, 3), (2, 3)), {}),
    ),
)
def pairwise_distance(F: Any, x1: Any, x2: Any, p: Any, eps: Any, keepdims: Any) -> Any:
    """The norm of order p of x1 - x2 + eps along the last axis; ``eps`` keeps it from 0, where it has a kink."""
    difference = x1 - x2 + number("pairwise_distance", "eps", eps)
    if not F.shape(difference):
        raise ShapeMismatch("pairwise_distance takes vectors, not numbers")
    return F.norm(difference, ord=number("pairwise_distance", "p", p), axis=-1, keepdims=bool(keepdims))


@composition(
    "cosine_similarity(x1, x2, /, axis=1, eps=1e-08)",
    keywords=_AXIS,
    convention="a vector whose norm is not over eps is divided by eps",
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"axis": 0}),
        (((2, 3), (3,)), {"axis": -1}),
        (((2, 3, 1), (3, 2)), {}),
        (((2, 3), (2, 3)), {"eps": 1.5}),
    ),
)
def cosine_similarity(F: Any, x1: Any, x2: Any, axis: Any, eps: Any) -> Any:
    """The cosine of the angle between vectors along an axis: their product over that of their norms."""
    shape = broadcast(F.shape(x1), F.shape(x2))
    along = axis_of(axis, len(shape))
    eps = number("cosine_similarity", "eps", eps)
    units = [_unit(F, F.broadcast_to(x, shape=shape), 2.0, along, eps) for x in (x1, x2)]
    return F.sum(units[0] * units[1], axis=along)


@composition(
    'cosine_embedding_loss(input1, input2, target, /, margin=0.0, reduction="mean")',
    data=("target",),
    advice=LEGACY,
    convention="0 where the cosine is the margin and the target -1",
    examples=(
        (((2, 3), (2, 3), [1, -1]), {}),
        (((2, 3), (2, 3), [-1, -1]), {"margin": -0.75, "reduction": "sum"}),
        (((3, 2), (3, 2), [1, -1, 1]), {"margin": 0.25, "reduction": "none"}),
    ),
)
def cosine_embedding_loss(F: Any, input1: Any, input2: Any, target: Any, margin: Any, reduction: Any) -> Any:
    """1 - cosine of vectors along the last axis where the target is 1, and max(0, cosine - margin) where it is -1."""
    if not F.shape(input1) or len(F.shape(target)) != len(F.shape(input1)) - 1:
        raise ShapeMismatch(
            f"cosine_embedding_loss takes a target for each vector, not {F.shape(target)} for {F.shape(input1)}"
        )
    units = [x / _rounded_norm(F, x) for x in (input1, input2)]
    cosine = F.sum(units[0] * units[1], axis=-1)
    sign = F.detach(target)
    other = F.equal(sign, -1.0)
    over = F.where(other, cosine - number("cosine_embedding_loss", "margin", margin), 1.0)
    like, unlike = F.where(F.equal(sign, 1.0), 1.0 - cosine, 0.0), F.where(other, hinge(F, over), 0.0)
    return reduce(F, like + unlike, reduction)


def _rounded_norm(F: Any, x: Any) -> Any:
    """sqrt(1e-12 + sum(x²)) along the last axis, the length that PyTorch takes here: smooth at 0.

    It is scaled by the largest element, so that squares do not overflow; the scale cancels.
    """
    scale: Any = 1.0
    if size(F.shape(x)):
        scale = F.maximum(F.max(F.abs(F.detach(x)), axis=-1, keepdims=True), 1.0)
    return scale * F.sqrt(F.sum(F.square(x / scale), axis=-1, keepdims=True) + F.square(1e-6 / scale))


@composition(
    'triplet_margin_loss(anchor, positive, negative, /, margin=1.0, p=2.0, eps=1e-06, swap=False, reduction="mean")',
    advice=LEGACY,
    convention="0 where the margin is just kept; with swap=True shared evenly between equal distances",
    examples=(
        (((2, 3), (2, 3), (2, 3)), {}),
        (((3,), (3,), (3,)), {"margin": 4.0, "p": 1.0}),
        (((2, 3), (2, 3), (2, 3)), {"margin": 8.0, "swap": True, "reduction": "none"}),
        (((2, 3), (3,), (2, 3)), {"margin": 8.0, "eps": 0.25, "reduction": "sum"}),
    ),
)
def triplet_margin_loss(
    F: Any, anchor: Any, positive: Any, negative: Any, margin: Any, p: Any, eps: Any, swap: Any, reduction: Any
) -> Any:
    """max(0, margin + distance(anchor, positive) - distance(anchor, negative)), by pairwise_distance.

    With ``swap`` the negative's distance is the smaller of those from anchor and positive.
    """
    margin = number("triplet_margin_loss", "margin", margin)
    if margin <= 0.0:
        raise WrongArguments(f"margin of triplet_margin_loss is positive, and {margin:g} is given")
    near = F.pairwise_distance(anchor, positive, p=p, eps=eps)
    far = F.pairwise_distance(anchor, negative, p=p, eps=eps)
    if swap:
        far = F.minimum(far, F.pairwise_distance(positive, negative, p=p, eps=eps))
    gap = margin + near - far
    return reduce(F, hinge(F, gap), reduction)
