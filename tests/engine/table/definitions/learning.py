"""What activations and losses mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each

_exp, _log, _sqrt = each(mpmath.exp), each(mpmath.log), each(mpmath.sqrt)


def _of_each(rule: Callable[..., Any]) -> Exact:
    """A function of elements with parameters."""
    return lambda x, **params: each(lambda v: rule(v, **params))(x)


def _softplus(v: Any) -> Any:
    return mpmath.log(1 + mpmath.exp(v))


def _prelu(x: Any, weight: Any) -> Any:
    weights = np.reshape(weight, (-1, *(1,) * (x.ndim - 2))) if x.ndim > 1 else np.reshape(weight, (-1,))[0]
    return np.asarray(np.where(x > 0, x, weights * x), dtype=object)


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
    "glu": _glu,
    "softmin": lambda x, axis=-1: _softmax(-x, axis),
    "normalize": _normalize,
}

LOSSES: dict[str, Exact] = {
    "classes": lambda target, length, ignored: each(lambda v: 0 if v == ignored else int(v))(target),
}

DEFINITIONS: dict[str, Exact] = {**ACTIVATIONS, **LOSSES}
