"""Activations of neural networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import Example, composition
from engine.shapes import axis_of, size

_INPUT = {"input": "x"}
_AXIS = {"dim": "axis", "keepdim": "keepdims", "input": "x"}
_ALONG: Sequence[Example] = (
    (((3,),), {}),
    (((2, 3),), {"axis": 0}),
    (((2, 1, 3),), {"axis": -1}),
    (((2, 3),), {"axis": None}),
    (((1,),), {}),
)
_OVER: Sequence[Example] = ((((3,),), {}), (((2, 3),), {"axis": 0, "keepdims": True}), (((2, 1, 3),), {"axis": (0, 2)}))


def _with(**params: Any) -> Sequence[Example]:
    """Shapes to test a function of elements with: its own defaults, and other parameters."""
    return ((((),), {}), (((3,),), params), (((2, 1, 3),), {}), (((2, 2),), params))


def number(function: str, name: str, value: Any) -> float:
    """A static parameter that has to be a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongArguments(f"{name} of {function} is a number, not {value!r}")
    return float(value)


# Straight lines that meet: a comparison of x itself is a kink, one of its detached value is where the sides agree.


@composition("relu(x, /, inplace=False)", keywords=_INPUT, sympy=lambda S, x: S.Max(x, 0), convention="0 at 0")
def relu(F: Any, x: Any, inplace: bool) -> Any:
    """x where it is positive, 0 elsewhere."""
    return F.where(x <= 0.0, 0.0, x)


@composition(
    "relu6(x, /, inplace=False)",
    keywords=_INPUT,
    sympy=lambda S, x: S.Min(S.Max(x, 0), 6),
    convention="0 at 0 and 6",
)
def relu6(F: Any, x: Any, inplace: bool) -> Any:
    """x, but not below 0 nor above 6."""
    return F.clip(x, 0.0, 6.0)


@composition(
    "hardtanh(x, /, min_val=-1.0, max_val=1.0, inplace=False)",
    derivative=["where((min_val < x) & (x < max_val), 1, 0)"],
    keywords=_INPUT,
    jax=(
        lambda F, x, min_val, max_val, inplace: F.where(x < min_val, min_val, F.where(x > max_val, max_val, x)),
        "1 at a bound",
    ),
    convention="0 at the bounds",
    examples=_with(min_val=-0.5, max_val=0.75),
)
def hardtanh(F: Any, x: Any, min_val: Any, max_val: Any, inplace: bool) -> Any:
    """x, but not below ``min_val`` nor above ``max_val``."""
    low, high = number("hardtanh", "min_val", min_val), number("hardtanh", "max_val", max_val)
    if low > high:
        raise WrongArguments(f"min_val {low:g} of hardtanh is larger than max_val {high:g}")
    return F.clip(x, low, high)


@composition(
    "leaky_relu(x, /, negative_slope=0.01, inplace=False)",
    derivative=["where(x > 0, 1, negative_slope)"],
    keywords=_INPUT,
    jax=(lambda F, x, negative_slope, inplace: F.where(x >= 0.0, x, negative_slope * x), "1 at 0"),
    convention="the slope at 0",
    examples=_with(negative_slope=0.25),
)
def leaky_relu(F: Any, x: Any, negative_slope: Any, inplace: bool) -> Any:
    """x where it is positive, ``negative_slope`` times x elsewhere."""
    return F.where(x > 0.0, x, number("leaky_relu", "negative_slope", negative_slope) * x)


@composition(
    "rrelu(x, /, lower=0.125, upper=0.3333333333333333, training=False, inplace=False)",
    derivative=["where(x > 0, 1, (lower + upper) / 2)"],
    keywords=_INPUT,
    convention="the slope at 0",
    examples=_with(lower=0.25, upper=0.5),
)
def rrelu(F: Any, x: Any, lower: Any, upper: Any, training: Any, inplace: bool) -> Any:
    """leaky_relu with the slope that PyTorch's randomized one has when not training: the middle of its bounds."""
    if training:
        raise WrongArguments("rrelu with training=True is random", hint="write leaky_relu(x, slope) with one slope")
    slope = (number("rrelu", "lower", lower) + number("rrelu", "upper", upper)) / 2
    return F.where(x > 0.0, x, slope * x)


@composition(
    "prelu(x, weight)",
    keywords=_INPUT,
    convention="the weight at 0",
    examples=(
        (((2, 3), (3,)), {}),
        (((2, 3), (1,)), {}),
        (((3,), ()), {}),
        (((2, 3, 2), (3,)), {}),
        (((), (1,)), {}),
    ),
)
def prelu(F: Any, x: Any, weight: Any) -> Any:
    """x where it is positive, weight times x elsewhere: one weight, or one for each channel (along axis 1)."""
    shape, own = F.shape(x), F.shape(weight)
    channels = shape[1] if len(shape) > 1 else 1
    if own not in ((), (1,), (channels,)):
        raise ShapeMismatch(f"prelu takes one weight or {channels}, one for each channel of {shape}, not shape {own}")
    if own and (len(shape) > 1 or not shape):
        weight = F.reshape(weight, shape=(*own, *(1,) * (len(shape) - 2)) if shape else ())
    return F.where(x > 0.0, x, weight * x)


@composition(
    "hardsigmoid(x, /, inplace=False)",
    keywords=_INPUT,
    sympy=lambda S, x: S.Min(S.Max((x + 3) / 6, 0), 1),
    convention="0 at -3 and 3",
)
def hardsigmoid(F: Any, x: Any, inplace: bool) -> Any:
    """(x + 3)/6, but not below 0 nor above 1."""
    return F.where(x <= -3.0, 0.0, F.where(x >= 3.0, 1.0, (x + 3.0) / 6.0))


@composition(
    "hardswish(x, /, inplace=False)",
    keywords=_INPUT,
    sympy=lambda S, x: x * S.Min(S.Max((x + 3) / 6, 0), 1),
    convention="0 at -3, 1 at 3",
)
def hardswish(F: Any, x: Any, inplace: bool) -> Any:
    """x (x + 3)/6 between -3 and 3, 0 below and x above."""
    inside = (x > -3.0) & (x < 3.0)
    middle = F.where(inside, x, 0.0)
    return F.where(inside, middle * (middle + 3.0) / 6.0, F.where(F.detach(x) < 0.0, 0.0, x))


@composition(
    "hardshrink(x, /, lambd=0.5)",
    derivative=["where(abs(x) > lambd, 1, 0)"],
    keywords=_INPUT,
    convention="0 at -lambd and lambd, where the value jumps",
    examples=_with(lambd=0.25),
)
def hardshrink(F: Any, x: Any, lambd: Any) -> Any:
    """x where its absolute value is over ``lambd``, 0 elsewhere."""
    bound = number("hardshrink", "lambd", lambd)
    return F.where((x >= -bound) & (x <= bound), 0.0, x)


@composition(
    "softshrink(x, /, lambd=0.5)",
    derivative=["where(abs(x) > lambd, 1, 0)"],
    keywords=_INPUT,
    convention="0 at -lambd and lambd",
    examples=_with(lambd=0.25),
)
def softshrink(F: Any, x: Any, lambd: Any) -> Any:
    """x moved towards 0 by ``lambd``, and 0 where that would pass it."""
    bound = number("softshrink", "lambd", lambd)
    if bound < 0:
        raise WrongArguments(f"lambd of softshrink is not negative, and {bound:g} is given")
    return F.where(x > bound, x - bound, F.where(x < -bound, x + bound, 0.0 * x))


@composition(
    "threshold(x, /, threshold, value, inplace=False)",
    derivative=["where(x > threshold, 1, 0)"],
    keywords=_INPUT,
    convention="0 at the threshold",
    examples=((((3,),), {"threshold": 0.25, "value": -1.0}), (((2, 3),), {"threshold": -0.5, "value": 2.0})),
)
def threshold(F: Any, x: Any, threshold: Any, value: Any, inplace: bool) -> Any:
    """x where it is over ``threshold``, ``value`` elsewhere."""
    bound, below = number("threshold", "threshold", threshold), number("threshold", "value", value)
    return F.where(x <= bound, below, x)


# Exponentials


def _below(F: Any, x: Any) -> Any:
    """x where it is not positive, and 0 elsewhere: what an exponential takes that must not overflow."""
    return F.where(F.detach(x) > 0.0, 0.0, x)


def _exponential(F: Any, x: Any, right: float, left: float, rate: float, smooth: bool) -> Any:
    """right x for positive x, left expm1(rate x) for others."""
    return F.where((F.detach(x) if smooth else x) > 0.0, right * x, left * F.expm1(rate * _below(F, x)))


@composition(
    "elu(x, /, alpha=1.0, inplace=False)",
    derivative=["where(x > 0, 1, alpha * exp(x))"],
    keywords=_INPUT,
    sympy=lambda S, x: S.Piecewise((x, x > 0), (S.exp(x) - 1, True)),
    convention="alpha at 0",
    examples=_with(alpha=0.5),
)
def elu(F: Any, x: Any, alpha: Any, inplace: bool) -> Any:
    """x where it is positive, alpha (exp(x) - 1) elsewhere."""
    alpha = number("elu", "alpha", alpha)
    return _exponential(F, x, 1.0, alpha, 1.0, smooth=alpha == 1.0)


@composition(
    "celu(x, /, alpha=1.0, inplace=False)",
    derivative=["where(x > 0, 1, exp(x / alpha))"],
    keywords=_INPUT,
    sympy=lambda S, x: S.Piecewise((x, x > 0), (S.exp(x) - 1, True)),
    convention="1 at 0",
    examples=_with(alpha=0.5),
)
def celu(F: Any, x: Any, alpha: Any, inplace: bool) -> Any:
    """x where it is positive, alpha (exp(x/alpha) - 1) elsewhere."""
    alpha = number("celu", "alpha", alpha)
    if alpha == 0.0:
        raise WrongArguments("alpha of celu is not 0")
    return _exponential(F, x, 1.0, alpha, 1.0 / alpha, smooth=True)


SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717
"""G. Klambauer et al., Self-Normalizing Neural Networks (2017), appendix A4."""


@composition(
    "selu(x, /, inplace=False)",
    keywords=_INPUT,
    sympy=lambda S, x: S.Piecewise((SELU_SCALE * x, x > 0), (SELU_SCALE * SELU_ALPHA * (S.exp(x) - 1), True)),
    convention="1.758 at 0, from the left",
)
def selu(F: Any, x: Any, inplace: bool) -> Any:
    """elu scaled so that the activations of a deep network keep their mean and variance."""
    return _exponential(F, x, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1.0, smooth=False)


@composition(
    "softplus(x, /, beta=1, threshold=None)",
    keywords=_INPUT,
    sympy=lambda S, x: S.log(1 + S.exp(x)),
    convention="exact everywhere; PyTorch's is x above beta x = 20, which threshold=20 asks for (it differs by 2e-9)",
)
def softplus(F: Any, x: Any, beta: Any, threshold: Any) -> Any:
    """log(1 + exp(beta x))/beta without overflow; x itself where beta x is over a ``threshold``."""
    beta = number("softplus", "beta", beta)
    if beta == 0.0:
        raise WrongArguments("beta of softplus is not 0")
    exact = F.logaddexp(x, 0.0) if beta == 1.0 else F.logaddexp(beta * x, 0.0) / beta
    if threshold is None:
        return exact
    return F.where(beta * x > number("softplus", "threshold", threshold), x, exact)


@composition(
    "logsigmoid(x)",
    aliases=("log_sigmoid", "log_expit"),
    keywords=_INPUT,
    sympy=lambda S, x: -S.log(1 + S.exp(-x)),
)
def logsigmoid(F: Any, x: Any) -> Any:
    """The logarithm of the logistic function, exact where that itself underflows or is 1."""
    return -F.logaddexp(-x, 0.0)


@composition(
    "silu(x, /, inplace=False)",
    derivative=["sigmoid(x) * (1 + x * sigmoid(-x))"],
    aliases=("swish",),
    keywords=_INPUT,
    sympy=lambda S, x: x / (1 + S.exp(-x)),
    accuracy="the second derivative beside its zeros at x = -2.4 and 2.4, where two terms cancel",
)
def silu(F: Any, x: Any, inplace: bool) -> Any:
    """x times its logistic function."""
    return F.weighted_by_sigmoid(x)


@composition(
    "mish(x, /, inplace=False)",
    keywords=_INPUT,
    sympy=lambda S, x: x * S.tanh(S.log(1 + S.exp(x))),
    accuracy="beside the derivative's zero at x = -1.192, and the third one at 0, by 12 ulp; numbers below 1e-305",
    examples=_with(),
)
def mish(F: Any, x: Any, inplace: bool) -> Any:
    """x tanh(softplus(x))."""
    return x * F.tanh(F.logaddexp(x, 0.0))


_TANH_RATE = 2.0 * math.sqrt(2.0 / math.pi)


@composition(
    'gelu(x, /, approximate="none")',
    elsewhere={"jax": {"approximate": "tanh"}, "nn": {"approximate": "tanh"}},
    derivative=["ndtr(x) + x * exp(-(x**2) / 2) / sqrt(tau)"],
    keywords=_INPUT,
    sympy=lambda S, x: x * S.erfc(-x / S.sqrt(2)) / 2,
    accuracy="the derivative beside its zero at x = -0.752, where two terms cancel",
    examples=_with(approximate="tanh"),
)
def gelu(F: Any, x: Any, approximate: Any) -> Any:
    """x times the normal distribution function; ``approximate="tanh"`` is D. Hendrycks and K. Gimpel's formula.

    Their (1 + tanh(u))/2 is the logistic function of 2u, which does not cancel for large negative x.
    """
    if approximate in ("none", False):
        return x * F.ndtr(x)
    if approximate in ("tanh", True):
        return x * F.sigmoid(_TANH_RATE * x * (1.0 + 0.044715 * F.square(x)))
    raise WrongArguments(f"approximate={approximate!r} of gelu is not known", hint='write "none" or "tanh"')


@composition(
    "glu(x, /, axis=-1)",
    keywords=_AXIS,
    examples=((((4,),), {}), (((2, 6),), {}), (((4, 3),), {"axis": 0}), (((2, 2, 3),), {"axis": 1})),
)
def glu(F: Any, x: Any, axis: Any) -> Any:
    """The first half along an axis times the logistic function of the second."""
    shape = F.shape(x)
    along = axis_of(axis, len(shape))
    if shape[along] % 2:
        raise ShapeMismatch(f"glu halves axis {along}, whose length {shape[along]} is odd")
    half = shape[along] // 2
    lead, behind = (slice(None),) * along, (slice(None),) * (len(shape) - along - 1)
    first, second = (F.index(x, key=(*lead, slice(k * half, (k + 1) * half), *behind)) for k in (0, 1))
    return first * F.sigmoid(second)


# Along an axis


def _shifted(F: Any, x: Any, axis: Any) -> tuple[Any, Any]:
    """Exponentials relative to the largest element, which therefore cannot overflow, and that element.

    The shift cancels in every use, so it is a constant for the derivative. Where the largest is infinite there
    is nothing to shift by. What the difference is off by, as it is rounded, an exponential of a large one shows: a
    factor puts it right (the error by D. E. Knuth, TAOCP 2, section 4.2.2).
    """
    if not size(F.shape(x)):
        return F.exp(x), 0.0
    largest = F.detach(F.max(x, axis=axis, keepdims=True))
    largest = F.where(F.isfinite(largest), largest, 0.0)
    shifted = x - largest
    rounded = F.detach(shifted)
    moved = rounded - F.detach(x)
    off = (F.detach(x) - (rounded - moved)) - (largest + moved)
    return F.exp(shifted) * (1.0 + F.where(F.isfinite(off), off, 0.0)), largest


def _along(F: Any, row: Any, x: Any, axis: Any) -> Any:
    """A row that goes along an axis; over all elements where none is named, and of a number as of a vector."""
    shape = F.shape(x)
    along = axis_of(0 if axis is None else axis, max(len(shape), 1))
    if not size(shape):
        return F.exp(x)
    if axis is None or not shape:
        return F.reshape(row(F.ravel(x), axis=0), shape=shape)
    return row(x, axis=along)


@composition(
    "softmax(x, /, axis=-1)",
    elsewhere={"scipy": {"axis": None}},
    derivative="y * (dx - sum(y * dx, axis=axis, keepdims=True))",
    keywords=_AXIS,
    examples=_ALONG,
)
def softmax(F: Any, x: Any, axis: Any) -> Any:
    """exp(x) divided by its sum along an axis; with ``axis=None`` over all elements."""
    return _along(F, F.exponential_shares, x, axis)


@composition(
    "softmin(x, /, axis=-1)",
    derivative="-y * (dx - sum(y * dx, axis=axis, keepdims=True))",
    keywords=_AXIS,
    examples=_ALONG,
)
def softmin(F: Any, x: Any, axis: Any) -> Any:
    """softmax of -x."""
    return _along(F, F.exponential_shares, -x, axis)


@composition(
    "logsumexp(x, /, axis=None, keepdims=False)",
    derivative="sum(softmax(x, axis=axis) * dx, axis=axis, keepdims=keepdims)",
    keywords=_AXIS,
    convention="0 where all elements are -inf",
    advice="SciPy's weights b= are logsumexp(x + log(b))",
    examples=_OVER,
)
def logsumexp(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """log(sum(exp(x))) without overflow."""
    e, largest = _shifted(F, x, axis)
    total = F.sum(e, axis=axis, keepdims=True)
    result = F.where(total == 0.0, -math.inf, F.log(total)) + largest
    return result if keepdims else F.sum(result, axis=axis)


@composition(
    "log_softmax(x, /, axis=-1)",
    elsewhere={"scipy": {"axis": None}},
    derivative="dx - sum(exp(y) * dx, axis=axis, keepdims=True)",
    keywords=_AXIS,
    examples=_ALONG,
)
def log_softmax(F: Any, x: Any, axis: Any) -> Any:
    """The logarithm of softmax, exact where that itself underflows or is nearly 1."""
    return _along(F, F.log_shares, x, axis)
