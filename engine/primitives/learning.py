"""What activations and losses need as rows of their own: `tanhshrink` and `softsign`, which cancel as compositions,
`weighted_by_sigmoid`, which would vanish too early, `exponential_shares` and their logarithms, whose derivatives would
cancel, and `classes`, the places that a loss is to look at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import special

from engine.errors import WrongArguments
from engine.kinds import Example, elementwise, explicit, flat
from engine.shapes import Shape, axis_of

_SERIES = tuple(2.0 * n / math.factorial(2 * n + 1) for n in range(12, 0, -1))
"""x cosh(x) - sinh(x) is the sum of 2n/(2n + 1)! x**(2n + 1): the coefficients, the last first."""


def _without_cancelling(x: Any, cosh: Any) -> Any:
    """x - tanh(x) as (x cosh(x) - sinh(x))/cosh(x), for abs(x) <= 1."""
    total = 0.0 * x
    for coefficient in _SERIES:
        total = total * x * x + coefficient
    return total * x * x * x / cosh(x)


def _tanhshrink(x: Any) -> Any:
    near = np.abs(x) <= 1
    return np.where(near, _without_cancelling(np.where(near, x, np.zeros_like(x)), np.cosh), x - np.tanh(x))


tanhshrink = elementwise(
    "tanhshrink(x)",
    d=lambda F, y, x: F.square(F.tanh(x)),
    numpy=_tanhshrink,
    scalar=lambda x: _without_cancelling(x, math.cosh) if math.fabs(x) <= 1 else x - math.tanh(x),
    sympy=lambda S, x: x - S.tanh(x),
    keywords={"input": "x"},
    flops=40,
    doc="x - tanh(x), exact for small x.",
)

softsign = elementwise(
    "softsign(x)",
    d=lambda F, y, x: F.square(F.reciprocal(1.0 + F.abs(x))),
    numpy=lambda x: x / (1 + np.abs(x)),
    scalar=lambda x: x / (1.0 + math.fabs(x)),
    alike=True,
    sympy=lambda S, x: x / (1 + S.Abs(x)),
    keywords={"input": "x"},
    flops=3,
    doc="x/(1 + |x|).",
)


_FAR = -700.0
"""Below it the logistic function loses digits, and exp(x/2) does not yet."""


def _silu(x: Any) -> Any:
    far = x < _FAR
    near = np.where(far, np.zeros_like(x), x)
    root = np.exp(np.where(far, np.maximum(x, 4 * _FAR), np.zeros_like(x)) / 2)
    return np.where(far, np.maximum(x, 4 * _FAR) * root * root, near * special.expit(near))


def _silu_of_float(x: float) -> float:
    if x < _FAR:
        root = math.exp(x / 2)
        return x * root * root if root else 0.0
    if x < 0:
        return x * math.exp(x) / (1.0 + math.exp(x))
    return x / (1.0 + math.exp(-x))


_ZERO, _REST = -1.2784645427610737, -1.0946994183093437e-16
_AT_ZERO = 0.2784645427610738
"""Where 1 + x + exp(x) is zero, in two parts, and exp(x) there."""


def _silu_slope(F: Any, y: Any, x: Any) -> Any:
    """σ + xσ′, where σ′ is the square of a root that does not vanish before x times it does.

    About its zero x₀ it is σ′ (1 + x + exp(x)), and that sum, by the distance δ from there, δ + exp(x₀)(exp(δ) - 1):
    nothing cancels.
    """
    root = 0.5 * F.sech(0.5 * x)
    apart = F.minimum(F.maximum(x, -3.0), -0.5) - _ZERO - _REST
    beside = (apart + _AT_ZERO * F.expm1(apart)) * root * root
    return F.where((x > -3.0) & (x < -0.5), beside, F.sigmoid(x) + x * root * root)


weighted_by_sigmoid = elementwise(
    "weighted_by_sigmoid(x)",
    d=_silu_slope,
    numpy=_silu,
    scalar=_silu_of_float,
    sympy=lambda S, x: x / (1 + S.exp(-x)),
    accuracy="the second derivative beside its zeros at x = -2.4 and 2.4, where two terms cancel",
    flops=20,
    internal=True,
    doc="x times its logistic function, which itself would lose digits below -700.",
)


# Shares along an axis: softmax and its logarithm. In their derivatives the largest element is apart. If its share p is
# nearly 1, the formulas that come to mind give 1 - p, which cancels: the sum of the other shares is what it is exactly.

_SHARES: Sequence[Example] = (
    (((3,),), {"axis": 0}),
    (((2, 3),), {"axis": 0}),
    (((2, 1, 3),), {"axis": -1}),
    (((1,),), {"axis": 0}),
)


def _along(s: Shape, axis: Any) -> dict[str, Any]:
    return {"axis": axis_of(axis, len(s))}


def _shared_along(F: Any, x: Any, axis: int) -> Any:
    return F.broadcast_to(F.sum(x, axis=axis, keepdims=True), shape=F.shape(x))


def _from_largest(x: Any, axis: int) -> Any:
    return x - np.max(x, axis=axis, keepdims=True)


def _shares(x: Any, axis: int) -> Any:
    e = np.exp(_from_largest(x, axis))
    return e / np.sum(e, axis=axis, keepdims=True)


def _largest(F: Any, x: Any, axis: int) -> Any:
    """The place of the largest element, the first of several, as an index along the axis."""
    return F.expand_dims(F.argmax(x, axis=axis), axis=axis)


def _unless_quiet(F: Any, v: Any, p: Any, found: Any) -> Any:
    """What is found, and where the shares are nan that, but for exact zeros of ``v``."""
    return F.where(F.isfinite(p), found, F.strong_multiply(v, p))


def _shares_moved(F: Any, v: Any, p: Any, x: Any, axis: int) -> Any:
    """p (v - Σ p v), a symmetric map, which does not change when all of v is moved: so that the largest share has 0."""
    moved = v - F.pick(v, _largest(F, x, axis), axis=axis)
    return _unless_quiet(F, v, p, p * (moved - F.sum(p * moved, axis=axis, keepdims=True)))


exponential_shares = explicit(
    "exponential_shares(x, /, axis)",
    torch="softmax",
    pull=lambda F, ct, y, x, axis: [_shares_moved(F, ct, y, x, axis)],
    push=lambda F, ts, y, x, axis: _shares_moved(F, ts[0], y, x, axis),
    numpy=_shares,
    prepare=_along,
    pattern=_shared_along,
    batch=lambda F, n, x, axis: F.exponential_shares(x, axis=axis + 1),
    examples=_SHARES,
    flops=15,
    workspace=2,
    internal=True,
    doc="exp(x) divided by its sum along an axis, without overflow.",
)


def _log_shares(x: Any, axis: int) -> Any:
    """With log1p of the sum over all but the largest, to be exact where that has all but all."""
    d = _from_largest(x, axis)
    others = np.exp(d)
    np.put_along_axis(others, np.expand_dims(np.argmax(d, axis=axis), axis), 0, axis)
    return d - np.log1p(np.sum(others, axis=axis, keepdims=True))


def _log_shares_pull(F: Any, ct: Any, y: Any, x: Any, axis: int) -> list[Any]:
    """ct - p Σ ct, and for the largest share ct (1 - p) - p (Σ ct - ct): both differences are sums of the others."""
    p = F.exponential_shares(x, axis=axis)
    behind = (1,) * (len(F.shape(x)) - axis - 1)
    largest = F.equal(_largest(F, x, axis), np.arange(F.shape(x)[axis]).reshape(-1, *behind))
    rest, others = (F.sum(F.where(largest, 0.0, v), axis=axis, keepdims=True) for v in (p, ct))
    found = F.where(largest, ct * rest - p * others, ct - p * F.sum(ct, axis=axis, keepdims=True))
    return [_unless_quiet(F, ct, p, found)]


def _log_shares_push(F: Any, ts: Any, y: Any, x: Any, axis: int) -> Any:
    p = F.exponential_shares(x, axis=axis)
    moved = ts[0] - F.pick(ts[0], _largest(F, x, axis), axis=axis)
    return _unless_quiet(F, ts[0], p, moved - F.sum(p * moved, axis=axis, keepdims=True))


log_shares = explicit(
    "log_shares(x, /, axis)",
    torch="log_softmax",
    pull=_log_shares_pull,
    push=_log_shares_push,
    numpy=_log_shares,
    prepare=_along,
    pattern=_shared_along,
    batch=lambda F, n, x, axis: F.log_shares(x, axis=axis + 1),
    examples=_SHARES,
    flops=15,
    workspace=2,
    internal=True,
    doc="The logarithm of exponential_shares, exact where that underflows or is nearly 1.",
)


def _classes(target: Any, length: int, ignored: int) -> Any:
    given = np.asarray(target)
    whole = np.where(np.isfinite(given), given, -1).astype("int64")
    kept = given != ignored
    wrong = kept & ((whole != given) | (whole < 0) | (whole >= length))
    if wrong.any():
        raise WrongArguments(
            f"class {given[wrong].flat[0]:g} is not one of the {length}, which are counted from 0",
            hint=f"only {ignored} stands for a target to leave out; ignore_index= names another number",
        )
    return np.where(kept, whole, 0)


classes = flat(
    "classes(target, /, length, ignored)",
    numpy=_classes,
    dtype="int64",
    internal=True,
    examples=(
        (((3,),), {"length": 3, "ignored": -100}),
        (((2, 3),), {"length": 2, "ignored": 1}),
        (((),), {"length": 4, "ignored": -1}),
    ),
    sample=lambda target: (np.floor(np.abs(target)),),
    doc="The classes that targets name, as indices; 0 for those to ignore. Refused where there is no such class.",
)
