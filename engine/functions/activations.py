"""Activations of neural networks, and what they are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from engine.kinds import Example, composition
from engine.shapes import size

_AXIS = {"dim": "axis", "keepdim": "keepdims"}
_ALONG: Sequence[Example] = ((((3,),), {}), (((2, 3),), {"axis": 0}), (((2, 1, 3),), {"axis": -1}))
_OVER: Sequence[Example] = ((((3,),), {}), (((2, 3),), {"axis": 0, "keepdims": True}), (((2, 1, 3),), {"axis": (0, 2)}))


@composition("relu(x)", sympy=lambda S, x: S.Max(x, 0), convention="0 at 0")
def relu(F: Any, x: Any) -> Any:
    """x where it is positive, 0 elsewhere."""
    return F.where(x <= 0.0, 0.0, x)


@composition("softplus(x)", sympy=lambda S, x: S.log(1 + S.exp(x)))
def softplus(F: Any, x: Any) -> Any:
    """log(1 + exp(x)) without overflow."""
    return F.logaddexp(x, 0.0)


def _shifted(F: Any, x: Any, axis: Any) -> tuple[Any, Any]:
    """Exponentials relative to the largest element, which therefore cannot overflow, and that element.

    The shift cancels in every use, so it is a constant for the derivative. Where the largest is infinite there
    is nothing to shift by.
    """
    if not size(F.shape(x)):
        return F.exp(x), 0.0
    largest = F.detach(F.max(x, axis=axis, keepdims=True))
    largest = F.where(F.isfinite(largest), largest, 0.0)
    return F.exp(x - largest), largest


@composition("softmax(x, /, axis=-1)", keywords=_AXIS, examples=_ALONG)
def softmax(F: Any, x: Any, axis: Any) -> Any:
    """exp(x) divided by its sum along an axis."""
    e, _ = _shifted(F, x, axis)
    return e / F.sum(e, axis=axis, keepdims=True)


@composition(
    "logsumexp(x, /, axis=None, keepdims=False)",
    keywords=_AXIS,
    convention="0 where all elements are -inf",
    examples=_OVER,
)
def logsumexp(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """log(sum(exp(x))) without overflow."""
    e, largest = _shifted(F, x, axis)
    total = F.sum(e, axis=axis, keepdims=True)
    result = F.where(total == 0.0, -math.inf, F.log(total)) + largest
    return result if keepdims else F.sum(result, axis=axis)


@composition("log_softmax(x, /, axis=-1)", keywords=_AXIS, examples=_ALONG)
def log_softmax(F: Any, x: Any, axis: Any) -> Any:
    """The logarithm of softmax, exact where softmax itself underflows."""
    return x - F.logsumexp(x, axis=axis, keepdims=True)
