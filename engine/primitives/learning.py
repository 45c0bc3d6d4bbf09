"""What activations and losses need as rows of their own: `tanhshrink` and `softsign`, which cancel as compositions, and
`classes`, the places that a loss is to look at.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.errors import WrongArguments
from engine.kinds import elementwise, flat

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
    sympy=lambda S, x: x / (1 + S.Abs(x)),
    keywords={"input": "x"},
    flops=3,
    doc="x/(1 + |x|).",
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
