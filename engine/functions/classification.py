"""Losses of classification: binary ones, those over classes, and margins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.activations import number
from engine.functions.losses import LEGACY, averaged, part, real, reduce, same_shape
from engine.kinds import composition

_SIGNS = [[1, -1, 1], [-1, 1, -1]]

# Yes or no

_SMALLEST = math.exp(-100.0)


def _log_kept(F: Any, x: Any) -> Any:
    """log(x), but not below -100; nan below 0."""
    cut = (x >= 0.0) & (x <= _SMALLEST)
    return F.where(cut, -100.0, F.log(F.where(cut, 1.0, x)))


def _log_of_rest_kept(F: Any, x: Any) -> Any:
    """log(1 - x), but not below -100, which only 1 itself falls under."""
    cut = x == 1.0
    return F.where(cut, -100.0, F.log1p(-F.where(cut, 0.0, x)))


@composition(
    'binary_cross_entropy(input, target, weight=None, /, reduction="mean")',
    derivative="mean((input - target) / (input * (1 - input)) * dinput + log((1 - input) / input) * dtarget)",
    defined="input and target from 0 to 1",
    domain=(0, 1),
    advice=LEGACY,
    convention="at 0 and 1 logarithms are cut off at -100, as in PyTorch, and their derivative is 0 there",
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,), (3,)), {"reduction": "sum"}),
        (((2, 3), (2, 3), (3,)), {"reduction": "none"}),
        (((), ()), {}),
    ),
)
def binary_cross_entropy(F: Any, input: Any, target: Any, weight: Any, reduction: Any) -> Any:
    """-(target log(input) + (1 - target) log(1 - input)), averaged over all elements."""
    same_shape(F, "binary_cross_entropy", input, target)
    target = real(F, target, input)
    losses = -(target * _log_kept(F, input) + (1.0 - target) * _log_of_rest_kept(F, input))
    return reduce(F, losses if weight is None else weight * losses, reduction)


def _binary(F: Any, logits: Any, target: Any, positive: Any = None) -> Any:
    """target softplus(-x) + (1 - target) softplus(x): either term is exact in both tails, and so is its derivative."""
    yes, no = F.logaddexp(-logits, 0.0), F.logaddexp(logits, 0.0)
    hit = target * yes
    return (hit if positive is None else positive * hit) + (1.0 - target) * no


@composition(
    'binary_cross_entropy_with_logits(input, target, weight=None, pos_weight=None, /, reduction="mean")',
    derivative="mean((sigmoid(input) - target) * dinput - input * dtarget)",
    advice=LEGACY,
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,), (3,)), {"reduction": "sum"}),
        (((2, 3), (2, 3), None, (3,)), {}),
        (((2, 3), (2, 3), (2, 1), (3,)), {"reduction": "none"}),
        (((), ()), {}),
    ),
)
def binary_cross_entropy_with_logits(
    F: Any, input: Any, target: Any, weight: Any, pos_weight: Any, reduction: Any
) -> Any:
    """binary_cross_entropy of sigmoid(input), without overflow; ``pos_weight`` weighs what has target 1."""
    same_shape(F, "binary_cross_entropy_with_logits", input, target)
    losses = _binary(F, input, real(F, target, input), pos_weight)
    return reduce(F, losses if weight is None else weight * losses, reduction)


@composition(
    'multilabel_soft_margin_loss(input, target, weight=None, /, reduction="mean")',
    advice=LEGACY,
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {}),
        (((2, 3), (2, 3), (3,)), {"reduction": "none"}),
        (((2, 3), (2, 3)), {"reduction": "sum"}),
    ),
)
def multilabel_soft_margin_loss(F: Any, input: Any, target: Any, weight: Any, reduction: Any) -> Any:
    """binary_cross_entropy_with_logits for each class, averaged over the classes along the last axis."""
    if not F.shape(input):
        raise ShapeMismatch("multilabel_soft_margin_loss needs an axis of classes, not a number")
    same_shape(F, "multilabel_soft_margin_loss", input, target)
    losses = _binary(F, input, real(F, target, input))
    return reduce(F, F.mean(losses if weight is None else weight * losses, axis=-1), reduction)


# One of many classes


def _class_axis(F: Any, name: str, input: Any) -> int:
    """Classes run along axis 1, and along the only axis of a single example."""
    if not F.shape(input):
        raise ShapeMismatch(f"{name} needs an axis of classes, not a number")
    return min(len(F.shape(input)) - 1, 1)


def _require_classes(F: Any, name: str, input: Any, target: Any, axis: int, also: str = "") -> None:
    shape = F.shape(input)
    expected = shape[:axis] + shape[axis + 1 :]
    if F.shape(target) != expected:
        raise ShapeMismatch(
            f"for an input of shape {shape} {name} takes targets of shape {expected}{also}, not {F.shape(target)}",
            hint=f"the target holds for each example the number of its class; classes run along axis {axis}",
        )


def _require_weights(F: Any, name: str, weight: Any, count: int) -> None:
    if weight is not None and F.shape(weight) != (count,):
        raise ShapeMismatch(f"weight of {name} has one number for each of the {count} classes, not {F.shape(weight)}")


def _ignored(name: str, ignore_index: Any) -> int:
    if isinstance(ignore_index, bool) or not isinstance(ignore_index, int):
        raise WrongArguments(f"ignore_index of {name} is a whole number, not {ignore_index!r}")
    return ignore_index


def _chosen(F: Any, logs: Any, target: Any, weight: Any, ignored: int, axis: int) -> tuple[Any, Any, Any]:
    """For each example minus the logarithm of its class, weighed; its weight; whether it counts. Ignored ones have 0.

    The target is detached: what it names is data, and no comparison with it is a kink.
    """
    target = F.detach(target)
    index = F.classes(target, length=F.shape(logs)[axis], ignored=ignored)
    shape = F.shape(index)
    picked = F.reshape(F.pick(logs, F.expand_dims(index, axis=axis), axis=axis), shape=shape)
    counts = F.not_equal(target, float(ignored))
    weights = F.cast(counts, dtype=_floating(F, logs))
    if weight is not None:
        own = F.reshape(F.pick(weight, F.ravel(index), axis=0), shape=shape)
        weights = F.where(counts, own, 0.0)
    return -part(F, weights, F.where(counts, picked, 0.0)), weights, counts


def _floating(F: Any, x: Any) -> str:
    return F.dtype(x) if F.dtype(x) in ("float32", "float64") else "float64"


@composition(
    'nll_loss(input, target, weight=None, /, ignore_index=-100, reduction="mean")',
    derivative=(
        "-1 at each target's class, over the number of targets",
        r"\mathrm{d}y = -\frac{1}{N} \sum_n \mathrm{d}x_{n t_n}",
    ),
    data=("target",),
    advice=LEGACY,
    examples=(
        (((2, 3), [0, 2]), {}),
        (((3, 3), [2, 2, 0]), {}),
        (((2, 3), [1, 1], (3,)), {}),
        (((2, 3, 2), [[0, 2], [1, 1]], (3,)), {"reduction": "sum"}),
        (((3, 2), [1, -100, 0], (2,)), {}),
        (((3, 2), [1, 0, 0], (2,)), {"ignore_index": 0, "reduction": "none"}),
    ),
)
def nll_loss(F: Any, input: Any, target: Any, weight: Any, ignore_index: Any, reduction: Any) -> Any:
    """Minus the input at each target's class: the loss of logarithms of probabilities.

    ``input`` is (classes,), (examples, classes) or (examples, classes, ...), and ``target`` that without the axis of
    classes, of whole numbers. The mean is over the weights of the targets that are not ``ignore_index``.
    """
    axis = _class_axis(F, "nll_loss", input)
    _require_classes(F, "nll_loss", input, target, axis)
    _require_weights(F, "nll_loss", weight, F.shape(input)[axis])
    losses, weights, _ = _chosen(F, input, target, weight, _ignored("nll_loss", ignore_index), axis)
    return averaged(F, losses, weights, reduction)


@composition(
    'cross_entropy(input, target, weight=None, /, ignore_index=-100, label_smoothing=0.0, reduction="mean")',
    derivative=(
        "softmax of the input, less 1 at each target's class, over the number of targets",
        r"\mathrm{d}y = \frac{1}{N} \sum_n \left(\sum_c p_{nc} \, \mathrm{d}x_{nc} - \mathrm{d}x_{n t_n}\right)",
    ),
    data=("target",),
    advice=LEGACY,
    examples=(
        (((2, 3), [0, 2]), {}),
        (((2, 3), [1, 1], (3,)), {"label_smoothing": 0.25}),
        (((2, 3, 2), [[0, 2], [1, 1]], (3,)), {"reduction": "sum"}),
        (((3, 2), [1, -1, 0]), {"ignore_index": -1, "label_smoothing": 0.1}),
        (((3, 2), [1, 0, 0], (2,)), {"ignore_index": 0, "reduction": "none"}),
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"label_smoothing": 0.5}),
        (((2, 3, 2), (2, 3, 2), (3,)), {"label_smoothing": 0.25, "reduction": "none"}),
        (((2, 3), (2, 3), (3,)), {"reduction": "sum"}),
    ),
)
def cross_entropy(
    F: Any, input: Any, target: Any, weight: Any, ignore_index: Any, label_smoothing: Any, reduction: Any
) -> Any:
    """nll_loss of log_softmax(input) over the classes, for targets that are classes or probabilities of all classes.

    Targets of the input's shape are probabilities; those without the axis of classes are whole numbers. With
    ``label_smoothing`` so much of each target is spread evenly over all classes.
    """
    axis = _class_axis(F, "cross_entropy", input)
    count = F.shape(input)[axis]
    smoothing = number("cross_entropy", "label_smoothing", label_smoothing)
    if not 0.0 <= smoothing <= 1.0:
        raise WrongArguments(f"label_smoothing of cross_entropy is between 0 and 1, and {smoothing:g} is given")
    _require_weights(F, "cross_entropy", weight, count)
    logs = F.log_softmax(input, axis=axis)
    if F.shape(target) == F.shape(input):
        target = (1.0 - smoothing) * real(F, target, input) + smoothing / max(count, 1) if smoothing else target
        losses = _of_all(F, target, logs, weight, axis)
        return reduce(F, losses, reduction)
    _require_classes(F, "cross_entropy", input, target, axis, also=" (or, with probabilities, its own)")
    losses, weights, counts = _chosen(F, logs, target, weight, _ignored("cross_entropy", ignore_index), axis)
    if smoothing:
        spread = F.where(counts, _of_all(F, 1.0, logs, weight, axis), 0.0)
        losses = (1.0 - smoothing) * losses + (smoothing / max(count, 1)) * spread
    return averaged(F, losses, weights, reduction)


def _of_all(F: Any, share: Any, logs: Any, weight: Any, axis: int) -> Any:
    """Minus the logarithms of all classes, by their share and weight; a share of 0 is none, even of -inf."""
    if weight is not None:
        share = share * F.reshape(weight, shape=(-1, *(1,) * (len(F.shape(logs)) - axis - 1)))
    return -F.sum(part(F, share, logs), axis=axis)


# Margins


def hinge(F: Any, x: Any) -> Any:
    """max(0, x), a kink with derivative 0: where x does not count it must not be 0, or it is reported."""
    return F.where(x <= 0.0, 0.0, x)


@composition(
    'multi_margin_loss(input, target, static p=1, static margin=1.0, weight=None, /, reduction="mean")',
    data=("target",),
    advice=LEGACY,
    convention="0 where the margin is just kept, with p=1",
    examples=(
        (((2, 3), [0, 2]), {}),
        (((3, 2), [1, 1, 0]), {"p": 2, "margin": 0.5, "reduction": "none"}),
        (((2, 3), [2, 1], (3,)), {"reduction": "sum"}),
    ),
)
def multi_margin_loss(F: Any, input: Any, target: Any, weight: Any, p: Any, margin: Any, reduction: Any) -> Any:
    """The sum over all other classes of max(0, margin - input[target] + input)**p, over the number of classes."""
    if p not in (1, 2) or isinstance(p, bool):
        raise WrongArguments(f"p of multi_margin_loss is 1 or 2, not {p!r}")
    axis = _class_axis(F, "multi_margin_loss", input)
    if len(F.shape(input)) > 2:
        raise ShapeMismatch(f"multi_margin_loss takes classes, or examples of classes, not shape {F.shape(input)}")
    _require_classes(F, "multi_margin_loss", input, target, axis)
    count = F.shape(input)[axis]
    _require_weights(F, "multi_margin_loss", weight, count)
    index = F.expand_dims(F.classes(F.detach(target), length=count, ignored=-1 - count), axis=axis)
    gaps = number("multi_margin_loss", "margin", margin) - F.pick(input, index, axis=axis) + input
    hinges = hinge(F, gaps) if p == 1 else F.square(F.where(F.detach(gaps) <= 0.0, 0.0, gaps))
    if weight is not None:
        hinges = F.reshape(F.pick(weight, F.ravel(index), axis=0), shape=F.shape(index)) * hinges
    others = F.not_equal(index, np.arange(count))
    return reduce(F, F.mean(F.where(others, hinges, 0.0), axis=axis), reduction)


@composition(
    'multilabel_margin_loss(input, target, /, reduction="mean")',
    data=("target",),
    advice=LEGACY,
    convention="0 where the margin is just kept",
    examples=(
        (((2, 3), [[0, 2, -1], [1, -1, 0]]), {}),
        (((4,), [3, 0, -1, 1]), {}),
        (((2, 3), [[-1, -1, -1], [2, 1, 0]]), {"reduction": "none"}),
        (((2, 2), [[1, -1], [0, -1]]), {"reduction": "sum"}),
    ),
)
def multilabel_margin_loss(F: Any, input: Any, target: Any, reduction: Any) -> Any:
    """The sum of max(0, 1 - input[own] + input[other]) over a target's own classes and all others, over their number.

    The target is of the input's shape and lists the classes of an example, up to the first -1.
    """
    axis = _class_axis(F, "multilabel_margin_loss", input)
    if F.shape(target) != F.shape(input) or axis != len(F.shape(input)) - 1:
        raise ShapeMismatch(
            f"multilabel_margin_loss takes classes, or examples of classes, and targets of the same shape, "
            f"not {F.shape(input)} and {F.shape(target)}"
        )
    count = F.shape(input)[axis]
    index = F.classes(F.detach(target), length=count, ignored=-1)
    ended = F.cumsum(F.where(F.equal(F.detach(target), -1.0), 1.0, 0.0), axis=axis)
    listed = F.expand_dims(F.equal(ended, 0.0), axis=-1)
    own = F.logical_and(F.equal(F.expand_dims(index, axis=-1), np.arange(count)), listed)
    others = F.equal(F.sum(F.where(own, 1.0, 0.0), axis=-2, keepdims=True), 0.0)
    gaps = 1.0 - F.expand_dims(F.pick(input, index, axis=axis), axis=-1) + F.expand_dims(input, axis=-2)
    losses = hinge(F, F.where(F.logical_and(listed, others), gaps, -1.0))
    return reduce(F, F.sum(losses, axis=(-2, -1)) / float(max(count, 1)), reduction)


@composition(
    'soft_margin_loss(input, target, /, reduction="mean")',
    derivative="-mean(sigmoid(-target * input) * (target * dinput + input * dtarget))",
    advice=LEGACY,
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"reduction": "sum"}),
        (((2, 3), (2, 3)), {"reduction": "none"}),
        (((), ()), {}),
    ),
)
def soft_margin_loss(F: Any, input: Any, target: Any, reduction: Any) -> Any:
    """log(1 + exp(-target input)) without overflow, for targets -1 and 1."""
    return reduce(F, F.logaddexp(-real(F, target, input) * input, 0.0), reduction)


@composition(
    'hinge_embedding_loss(input, target, /, margin=1.0, reduction="mean")',
    data=("target",),
    advice=LEGACY,
    convention="0 where the input is the margin",
    examples=(
        (((2, 3), _SIGNS), {}),
        (((3,), [1, -1, -1]), {"margin": 2.0, "reduction": "sum"}),
        (((2, 3), _SIGNS), {"margin": 0.5, "reduction": "none"}),
    ),
)
def hinge_embedding_loss(F: Any, input: Any, target: Any, margin: Any, reduction: Any) -> Any:
    """The input, a distance, where the target is 1, and max(0, margin - input) where it is -1."""
    like, unlike = F.not_equal(F.detach(target), -1.0), F.not_equal(F.detach(target), 1.0)
    gap = F.where(unlike, number("hinge_embedding_loss", "margin", margin) - input, 1.0)
    near, far = F.where(like, input, 0.0), F.where(unlike, hinge(F, gap), 0.0)
    return reduce(F, near + far, reduction)


@composition(
    'margin_ranking_loss(input1, input2, target, /, margin=0.0, reduction="mean")',
    data=("target",),
    advice=LEGACY,
    convention="0 where the margin is just kept",
    examples=(
        (((2, 3), (2, 3), _SIGNS), {}),
        (((3,), (3,), [1, -1, -1]), {"margin": 0.5, "reduction": "sum"}),
        (((2, 3), (2, 3), _SIGNS), {"margin": 1.0, "reduction": "none"}),
    ),
)
def margin_ranking_loss(F: Any, input1: Any, input2: Any, target: Any, margin: Any, reduction: Any) -> Any:
    """max(0, margin - target (input1 - input2)): with target 1 the first is to be larger, with -1 the second."""
    gap = -real(F, target, input1) * (input1 - input2)
    return reduce(F, hinge(F, gap + number("margin_ranking_loss", "margin", margin)), reduction)
