"""What activations and losses mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each

_exp, _log, _sqrt = each(mpmath.exp), each(mpmath.log), each(mpmath.sqrt)


def _of_each(rule: Callable[..., Any]) -> Exact:
    """A function of elements with parameters."""
    return lambda x, **params: each(lambda v: rule(v, **params))(x)


def _prelu(x: Any, weight: Any) -> Any:
    weights = np.reshape(weight, (-1, *(1,) * (x.ndim - 2))) if x.ndim > 1 else np.reshape(weight, (-1,))[0]
    return np.asarray(np.where(x > 0, x, weights * x), dtype=object)


def _gelu(v: Any, approximate: str = "none") -> Any:
    if approximate == "none":
        return v * mpmath.erfc(-v / mpmath.sqrt(2)) / 2
    return v * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (v + mpmath.mpf(0.044715) * v**3))) / 2


def _glu(x: Any, axis: int = -1) -> Any:
    first, second = np.split(x, 2, axis=axis)
    return first / (1 + _exp(-second))


def _softmax(x: Any, axis: Any = -1) -> Any:
    return _exp(x) / np.sum(_exp(x), axis=axis, keepdims=True)


def _length(x: Any, p: float, axis: int, keepdims: bool = False) -> Any:
    if p == mpmath.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    powers = each(lambda v: abs(v) ** mpmath.mpf(p))(x)
    return each(lambda v: v ** (1 / mpmath.mpf(p)))(np.asarray(np.sum(powers, axis=axis, keepdims=keepdims)))


def _normalize(x: Any, p: float = 2.0, axis: int = 1, eps: float = 1e-12) -> Any:
    return x / np.maximum(_length(x, p, axis, keepdims=True), mpmath.mpf(eps))


ACTIVATIONS: dict[str, Exact] = {
    "hardtanh": _of_each(lambda v, min_val=-1.0, max_val=1.0: min(max(v, min_val), max_val)),
    "leaky_relu": _of_each(lambda v, negative_slope=0.01: v if v > 0 else negative_slope * v),
    "rrelu": _of_each(lambda v, lower=1 / 8, upper=1 / 3: v if v > 0 else (lower + upper) / 2 * v),
    "prelu": _prelu,
    "hardshrink": _of_each(lambda v, lambd=0.5: v if abs(v) > lambd else 0 * v),
    "softshrink": _of_each(lambda v, lambd=0.5: mpmath.sign(v) * max(abs(v) - lambd, 0)),
    "threshold": _of_each(lambda v, threshold, value: v if v > threshold else mpmath.mpf(value)),
    "elu": _of_each(lambda v, alpha=1.0: v if v > 0 else alpha * (mpmath.exp(v) - 1)),
    "celu": _of_each(lambda v, alpha=1.0: v if v > 0 else alpha * (mpmath.exp(v / alpha) - 1)),
    "gelu": _of_each(_gelu),
    "glu": _glu,
    "exponential_shares": _softmax,
    "log_shares": lambda x, axis: _log(_softmax(x, axis)),
    "softmin": lambda x, axis=-1: _softmax(-x, axis),
    "normalize": _normalize,
}

# Losses


def _reduced(losses: Any, reduction: str, weights: Any = None) -> Any:
    losses = np.asarray(losses, dtype=object)
    if reduction == "none":
        return losses
    total = np.sum(losses)
    if reduction == "sum":
        return total
    if reduction == "batchmean":
        return total / (len(losses) if losses.ndim else 1)
    return total / (losses.size if weights is None else np.sum(weights))


def _by_element(rule: Callable[..., Any], count: int = 2) -> Exact:
    """A loss of elements: ``rule`` takes the elements of so many operands, and the parameters."""

    def apply(*xs: Any, reduction: str = "mean", **params: Any) -> Any:
        weight = xs[count] if len(xs) > count else None
        losses = each(lambda *vs: rule(*vs, **params), count)(*xs[:count])
        return _reduced(losses if weight is None else weight * losses, reduction)

    return apply


def _mean_over_weights(rule: Callable[..., Any]) -> Exact:
    def apply(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
        losses = each(rule, 2)(input, target)
        return _reduced(losses if weight is None else weight * losses, reduction, weight)

    return apply


def _smooth_l1(x: Any, t: Any, beta: float = 1.0) -> Any:
    d = abs(x - t)
    return d * d / (2 * mpmath.mpf(beta)) if d < beta else d - mpmath.mpf(beta) / 2


def _huber(x: Any, t: Any, delta: float = 1.0) -> Any:
    d = abs(x - t)
    return d * d / 2 if d < delta else delta * (d - mpmath.mpf(delta) / 2)


def _kl(x: Any, t: Any, log_target: bool = False) -> Any:
    return mpmath.exp(t) * (t - x) if log_target else t * (mpmath.log(t) - x)


def _poisson(x: Any, t: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8) -> Any:
    loss = mpmath.exp(x) - t * x if log_input else x - t * mpmath.log(x + eps)
    if full and t > 1:
        loss += t * mpmath.log(t) - t + mpmath.log(2 * mpmath.pi * t) / 2
    return loss


def _gaussian(input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> Any:
    var = var[..., None] if var.ndim == input.ndim - 1 and var.shape == input.shape[:-1] else var
    losses = (_log(var) + (input - target) ** 2 / var) / 2
    return _reduced(losses + mpmath.log(2 * mpmath.pi) / 2 if full else losses, reduction)


def _bernoulli(x: Any, t: Any) -> Any:
    return -(t * mpmath.log(x) + (1 - t) * mpmath.log(1 - x))


def _with_logits(input: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: str = "mean") -> Any:
    share = 1 / (1 + _exp(-input))
    losses = -(target * _log(share) * (1 if pos_weight is None else pos_weight) + (1 - target) * _log(1 - share))
    return _reduced(losses if weight is None else weight * losses, reduction)


def _multilabel_soft_margin(input: Any, target: Any, weight: Any = None, reduction: str = "mean") -> Any:
    losses = _with_logits(input, target, weight, reduction="none")
    return _reduced(np.sum(losses, axis=-1) / input.shape[-1], reduction)


def _classes_last(x: Any) -> Any:
    """With the axis of classes at the end."""
    return x if x.ndim == 1 else np.moveaxis(x, 1, -1)


def _nll(input: Any, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean") -> Any:
    return _by_class(_classes_last(input), target, weight, ignore_index, reduction, lambda row, k, w: -w[k] * row[k])


def _by_class(rows: Any, target: Any, weight: Any, ignored: int, reduction: str, loss: Any) -> Any:
    """Example by example; one to ignore has loss and weight 0."""
    w = [mpmath.mpf(1)] * rows.shape[-1] if weight is None else weight
    losses, weights = np.zeros(target.shape, dtype=object), np.zeros(target.shape, dtype=object)
    for place in np.ndindex(target.shape):
        k = int(target[place])
        if k != ignored:
            losses[place], weights[place] = loss(rows[place], k, w), w[k]
    return _reduced(losses, reduction, weights)


def _cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Any:
    rows = _classes_last(input)
    logs, count = _log(_softmax(rows)), rows.shape[-1]
    even = mpmath.mpf(label_smoothing) / count
    if target.shape == input.shape:
        shares = (1 - mpmath.mpf(label_smoothing)) * _classes_last(target) + even
        return _reduced(-np.sum((1 if weight is None else weight) * shares * logs, axis=-1), reduction)

    def loss(row: Any, k: int, w: Any) -> Any:
        return -(1 - mpmath.mpf(label_smoothing)) * w[k] * row[k] - even * sum(
            v * r for v, r in zip(w, row, strict=True)
        )

    return _by_class(logs, target, weight, ignore_index, reduction, loss)


def _multi_margin(
    input: Any, target: Any, weight: Any = None, p: int = 1, margin: float = 1.0, reduction: str = "mean"
) -> Any:
    def loss(row: Any, k: int, w: Any) -> Any:
        gaps = [max(0, margin - row[k] + row[i]) ** p for i in range(len(row)) if i != k]
        return w[k] * sum(gaps) / len(row)

    losses = _by_class(input, target, weight, -1, "none", loss)
    return _reduced(losses, reduction)


def _multilabel_margin(input: Any, target: Any, reduction: str = "mean") -> Any:
    losses = np.zeros(input.shape[:-1], dtype=object)
    for place in np.ndindex(losses.shape):
        row, own = input[place], list(itertools.takewhile(lambda k: k >= 0, map(int, target[place])))
        pairs = itertools.product(own, set(range(len(row))) - set(own))
        losses[place] = sum((max(0, 1 - row[j] + row[i]) for j, i in pairs), mpmath.mpf(0)) / len(row)
    return _reduced(losses, reduction)


def _hinge_embedding(x: Any, t: Any, margin: float = 1.0) -> Any:
    return x if t == 1 else max(0 * x, margin - x)


def _distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdims: bool = False) -> Any:
    return _length(x1 - x2 + mpmath.mpf(eps), p, -1, keepdims)


def _cosine(x1: Any, x2: Any, axis: int = 1, eps: float = 1e-8) -> Any:
    x1, x2 = np.broadcast_arrays(x1, x2)
    lengths = [np.maximum(_length(x, 2, axis, keepdims=True), mpmath.mpf(eps)) for x in (x1, x2)]
    return np.sum(x1 * x2 / (lengths[0] * lengths[1]), axis=axis)


def _cosine_embedding(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: str = "mean") -> Any:
    squares = [np.sum(x * x, axis=-1) + mpmath.mpf("1e-12") for x in (input1, input2)]
    cosine = np.sum(input1 * input2, axis=-1) / _sqrt(squares[0] * squares[1])
    return _reduced(each(lambda c, t: 1 - c if t == 1 else max(0 * c, c - margin), 2)(cosine, target), reduction)


def _triplet(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    near, far = _distance(anchor, positive, p, eps), _distance(anchor, negative, p, eps)
    if swap:
        far = np.minimum(far, _distance(positive, negative, p, eps))
    return _reduced(each(lambda d: max(0 * d, d))(margin + near - far), reduction)


LOSSES: dict[str, Exact] = {
    "mse_loss": _mean_over_weights(lambda x, t: (x - t) ** 2),
    "l1_loss": _mean_over_weights(lambda x, t: abs(x - t)),
    "smooth_l1_loss": _by_element(_smooth_l1),
    "huber_loss": _by_element(_huber),
    "kl_div": _by_element(_kl),
    "poisson_nll_loss": _by_element(_poisson),
    "gaussian_nll_loss": _gaussian,
    "binary_cross_entropy": _by_element(_bernoulli),
    "binary_cross_entropy_with_logits": _with_logits,
    "multilabel_soft_margin_loss": _multilabel_soft_margin,
    "nll_loss": _nll,
    "cross_entropy": _cross_entropy,
    "classes": lambda target, length, ignored: each(lambda v: 0 if v == ignored else int(v))(target),
    "multi_margin_loss": _multi_margin,
    "multilabel_margin_loss": _multilabel_margin,
    "soft_margin_loss": _by_element(lambda x, t: mpmath.log(1 + mpmath.exp(-t * x))),
    "hinge_embedding_loss": _by_element(_hinge_embedding),
    "margin_ranking_loss": _by_element(lambda a, b, t, margin=0.0: max(0 * a, margin - int(t) * (a - b)), 3),
    "pairwise_distance": _distance,
    "cosine_similarity": _cosine,
    "cosine_embedding_loss": _cosine_embedding,
    "triplet_margin_loss": _triplet,
}

DEFINITIONS: dict[str, Exact] = {**ACTIVATIONS, **LOSSES}
