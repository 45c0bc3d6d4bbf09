"""Losses of regression and of distributions, and how losses are reduced."""

from __future__ import annotations

import math
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.activations import number
from engine.kinds import composition

LEGACY = 'PyTorch\'s old size_average= and reduce= are reduction="mean", "sum" or "none"'


def reduce(F: Any, losses: Any, reduction: Any) -> Any:
    """The losses of all elements as ``reduction`` says."""
    if reduction == "mean":
        return F.mean(losses)
    if reduction == "sum":
        return F.sum(losses)
    if reduction == "none":
        return losses
    raise WrongArguments(f"reduction {reduction!r} is not known", hint='write "mean", "sum" or "none"')


def averaged(F: Any, losses: Any, weights: Any, reduction: Any) -> Any:
    """Weighed losses, whose mean is over the sum of their weights."""
    if reduction != "mean":
        return reduce(F, losses, reduction)
    return F.sum(losses) / F.sum(F.broadcast_to(weights, shape=F.shape(losses)))


def real(F: Any, target: Any, input: Any) -> Any:
    """A target of whole numbers or truth values in the element type of the input; any other as it is."""
    if F.dtype(target) in ("bool", "int64") and F.dtype(input) in ("float32", "float64"):
        return F.cast(target, dtype=F.dtype(input))
    return target


def part(F: Any, share: Any, x: Any) -> Any:
    """A share of x; a share of 0 is nothing, even of an infinity (what has probability 0 and the logarithm -inf)."""
    lost = F.logical_and(F.equal(F.detach(share), 0.0), F.logical_not(F.isfinite(F.detach(x))))
    return F.where(lost, F.strong_multiply(share, x), share * x)


def same_shape(F: Any, name: str, input: Any, target: Any) -> None:
    """Refuse a target that would only broadcast, as PyTorch does; a single number is one for all."""
    if F.shape(target) not in ((), F.shape(input)):
        raise ShapeMismatch(
            f"{name} takes a target of the input's shape {F.shape(input)}, not {F.shape(target)}",
            hint="reshape one of the two; a column and a row would broadcast to a matrix",
        )


def _weighed(F: Any, losses: Any, weight: Any, reduction: Any) -> Any:
    """Losses of all elements, each with its weight if there are any."""
    return reduce(F, losses, reduction) if weight is None else averaged(F, weight * losses, weight, reduction)


@composition(
    'mse_loss(input, target, weight=None, /, reduction="mean")',
    derivative="2 * mean((input - target) * (dinput - dtarget))",
    advice=LEGACY,
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"reduction": "sum"}),
        (((2, 1), (3,)), {"reduction": "none"}),
        (((2, 3), (2, 3), (2, 3)), {}),
        (((3,), (3,), (3,)), {"reduction": "sum"}),
        (((), ()), {}),
    ),
)
def mse_loss(F: Any, input: Any, target: Any, weight: Any, reduction: Any) -> Any:
    """Squared distance, averaged over all elements (``reduction`` may also be "sum" or "none")."""
    return _weighed(F, F.square(input - target), weight, reduction)


@composition(
    'l1_loss(input, target, weight=None, /, reduction="mean")',
    derivative="mean(sign(input - target) * (dinput - dtarget))",
    advice=LEGACY,
    convention="0 where input and target are equal",
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"reduction": "sum"}),
        (((2, 1), (3,)), {"reduction": "none"}),
        (((2, 3), (2, 3), (2, 3)), {}),
        (((), ()), {}),
    ),
)
def l1_loss(F: Any, input: Any, target: Any, weight: Any, reduction: Any) -> Any:
    """Distance, averaged over all elements."""
    return _weighed(F, F.abs(input - target), weight, reduction)


def _rounded(F: Any, difference: Any, bound: float) -> Any:
    """d²/2 up to a bound, and beyond it the straight line that goes on there: bound (|d| - bound/2).

    The two meet with the same slope, so there is no kink to report: what is compared and signed is detached.
    """
    d = F.detach(difference)
    near = F.abs(d) < bound
    line = bound * (F.sign(d) * difference - 0.5 * bound)
    return F.where(near, 0.5 * F.square(F.where(near, difference, 0.0)), line)


@composition(
    'smooth_l1_loss(input, target, /, beta=1.0, reduction="mean")',
    derivative="mean(clip((input - target) / beta, -1, 1) * (dinput - dtarget))",
    advice=LEGACY,
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"beta": 0.25, "reduction": "sum"}),
        (((2, 1), (3,)), {"beta": 0.0, "reduction": "none"}),
        (((), ()), {"beta": 4.0}),
    ),
    convention="with beta=0 that of l1_loss",
)
def smooth_l1_loss(F: Any, input: Any, target: Any, beta: Any, reduction: Any) -> Any:
    """d²/(2 beta) for distances d below ``beta``, d - beta/2 above."""
    beta = number("smooth_l1_loss", "beta", beta)
    if beta < 0.0:
        raise WrongArguments(f"beta of smooth_l1_loss is not negative, and {beta:g} is given")
    difference = input - target
    return reduce(F, _rounded(F, difference, beta) / beta if beta else F.abs(difference), reduction)


@composition(
    'huber_loss(input, target, static reduction="mean", static delta=1.0, weight=None)',
    derivative="mean(clip(input - target, -delta, delta) * (dinput - dtarget))",
    advice=LEGACY,
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"delta": 0.25, "reduction": "sum"}),
        (((2, 1), (3,)), {"delta": 2.0, "reduction": "none"}),
        (((2, 3), (2, 3), (2, 3)), {}),
        (((), ()), {}),
    ),
)
def huber_loss(F: Any, input: Any, target: Any, weight: Any, reduction: Any, delta: Any) -> Any:
    """d²/2 for distances d below ``delta``, delta (d - delta/2) above."""
    delta = number("huber_loss", "delta", delta)
    if delta <= 0.0:
        raise WrongArguments(f"delta of huber_loss is positive, and {delta:g} is given")
    losses = _rounded(F, input - target, delta)
    return reduce(F, losses if weight is None else weight * losses, reduction)


# Distributions

_SCIPYS = "SciPy's is x*log(x/y) - x + y, element by element: write xlogy(x, x/y) - x + y"


@composition(
    'kl_div(input, target, /, log_target=False, reduction="mean")',
    elsewhere=dict.fromkeys(("scipy", "jax"), _SCIPYS),
    derivative="mean((log(target) + 1 - input) * dtarget - target * dinput)",
    defined="target >= 0",
    domain=(0.1, math.inf),
    advice=LEGACY,
    convention="0 log 0 is 0, and so is its derivative",
    examples=(
        (((2, 3), (2, 3)), {"reduction": "batchmean"}),
        (((3,), (3,)), {}),
        (((2, 3), (2, 3)), {"log_target": True, "reduction": "sum"}),
        (((2, 1), (3,)), {"reduction": "none"}),
        (((), ()), {}),
    ),
)
def kl_div(F: Any, input: Any, target: Any, log_target: Any, reduction: Any) -> Any:
    """target (log(target) - input): the divergence of distributions, the input's given by its logarithms.

    The mean is over all elements; "batchmean" divides the sum by the length of the first axis instead.
    """
    if log_target:
        losses = F.exp(target) * (target - input)
    else:
        target = real(F, target, input)
        nothing = target == 0.0
        entropy = F.where(nothing, 0.0, target * F.log(F.where(nothing, 1.0, target)))
        losses = entropy - part(F, target, input)
    if reduction == "batchmean":
        return F.sum(losses) / float(F.shape(input)[0] if F.shape(input) else 1)
    return reduce(F, losses, reduction)


@composition(
    'poisson_nll_loss(input, target, /, log_input=True, full=False, eps=1e-08, reduction="mean")',
    derivative="mean((exp(input) - target) * dinput - input * dtarget)",
    defined="input >= 0 where log_input=False",
    domain=(0.1, math.inf),
    advice=LEGACY,
    convention="with full=True Stirling's term is 0 up to a target of 1, where it begins with a jump",
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"log_input": False, "reduction": "sum"}),
        (((2, 3), (2, 3)), {"full": True}),
        (((2, 1), (3,)), {"full": True, "log_input": False, "eps": 0.25, "reduction": "none"}),
        (((), ()), {}),
    ),
)
def poisson_nll_loss(F: Any, input: Any, target: Any, log_input: Any, full: Any, eps: Any, reduction: Any) -> Any:
    """Minus the logarithm of Poisson's probability of target, whose mean is exp(input), or without ``log_input`` input.

    The logarithm of the target's factorial is left out; with ``full`` it comes by Stirling's approximation.
    """
    target = real(F, target, input)
    if log_input:
        losses = F.exp(input) - target * input
    else:
        losses = input - part(F, target, F.log(input + number("poisson_nll_loss", "eps", eps)))
    if full:
        few = target <= 1.0
        t = F.where(few, 1.0, target)
        losses = losses + F.where(few, 0.0, t * F.log(t) - t + 0.5 * F.log(2.0 * math.pi * t))
    return reduce(F, losses, reduction)


@composition(
    'gaussian_nll_loss(input, target, var, /, full=False, eps=1e-06, reduction="mean")',
    derivative="mean((input - target) / var * (dinput - dtarget) + (1 - (input - target)**2 / var) / (2 * var) * dvar)",
    defined="var >= 0",
    domain=(0.1, math.inf),
    convention="below eps the variance counts as eps and keeps its derivative, as in PyTorch; nan below 0",
    examples=(
        (((2, 3), (2, 3), (2, 3)), {}),
        (((2, 3), (2, 3), (2,)), {"full": True}),
        (((2, 3), (2, 3), (2, 1)), {"reduction": "sum"}),
        (((3,), (3,), ()), {"reduction": "none"}),
        (((), (), ()), {}),
    ),
)
def gaussian_nll_loss(F: Any, input: Any, target: Any, var: Any, full: Any, eps: Any, reduction: Any) -> Any:
    """(log(var) + (input - target)²/var)/2: minus the logarithm of the normal density, with ``full`` all of it."""
    var = _variance(F, var, input)
    eps = number("gaussian_nll_loss", "eps", eps)
    low = F.detach(var) < eps
    var = F.where(var < 0.0, math.nan, F.where(low, var - F.detach(var) + eps, var))
    losses = 0.5 * (F.log(var) + F.square(input - target) / var)
    return reduce(F, losses + 0.5 * math.log(2.0 * math.pi) if full else losses, reduction)


def _variance(F: Any, var: Any, input: Any) -> Any:
    """A variance for each element: it may lack the last axis, have length 1 along one, or be a number."""
    own, shape = F.shape(var), F.shape(input)
    if own and own == shape[:-1]:
        return F.reshape(var, shape=(*own, 1))
    if own and (len(own) != len(shape) or any(m not in (1, n) for m, n in zip(own, shape, strict=True))):
        raise ShapeMismatch(f"a variance of shape {own} does not fit an input of shape {shape}")
    return var
