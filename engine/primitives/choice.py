"""Choosing and comparing: where, maximum, minimum, clip, comparisons, logic and rounding.

A comparison is where a program has its kinks: two operands that are exactly equal sit on the boundary between
two branches, and whichever derivative is given there is a convention.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.kinds import Selecting, elementwise, flat


def _tie(a: Any, b: Any) -> Any:
    return a == b


_BOUNDARY = "the derivative of the branch that the comparison chose"


where = elementwise(
    "where(condition, a, b)",
    d=[None, Selecting(lambda F, y, c, a, b: c != 0), Selecting(lambda F, y, c, a, b: c == 0)],
    scalar=lambda c, a, b: a if c else b,
    alike=True,
    numeric=False,
    sympy=lambda S, c, a, b: S.Piecewise((a, S.Ne(c, 0)), (b, True)),
    convention="the branch that is taken; the other one gets exactly 0, even where its derivative is infinite",
    complex=True,
    advice="for the elements where a condition holds index with it: x[x > 0]",
    doc="a where the condition holds, b elsewhere.",
)


def _larger(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _smaller(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _share(F: Any, chosen: Any, other: Any) -> Any:
    """1 where the first operand is chosen, a half at a tie, 0 elsewhere."""
    return F.where(chosen, 1.0, F.where(other, 0.0, 0.5))


maximum = elementwise(
    "maximum(a, b)",
    d=[
        Selecting(lambda F, y, a, b: _share(F, a > b, a < b)),
        Selecting(lambda F, y, a, b: _share(F, b > a, b < a)),
    ],
    scalar=_larger,
    alike=lambda a, b: np.where((a >= b) | (a != a), a, b),
    sympy="Max",
    kink=_tie,
    convention="1/2 each at a tie",
    latex=r"\max\left({0}, {1}\right)",
    doc="The larger of two, element by element.",
)

minimum = elementwise(
    "minimum(a, b)",
    d=[
        Selecting(lambda F, y, a, b: _share(F, a < b, a > b)),
        Selecting(lambda F, y, a, b: _share(F, b < a, b > a)),
    ],
    scalar=_smaller,
    alike=lambda a, b: np.where((a <= b) | (a != a), a, b),
    sympy="Min",
    kink=_tie,
    convention="1/2 each at a tie",
    latex=r"\min\left({0}, {1}\right)",
    doc="The smaller of two, element by element.",
)

# Comparisons and logic: what they give is true or false, and has no derivative.

less = flat(
    "less(a, b)",
    torch="lt",
    aliases=("lt",),
    scalar="lt",
    alike=True,
    sympy=lambda S, a, b: a < b,
    dtype="bool",
    operator="<",
    kink=_tie,
    convention=_BOUNDARY,
    doc="a < b.",
)
less_equal = flat(
    "less_equal(a, b)",
    torch="le",
    aliases=("le",),
    scalar="le",
    alike=True,
    sympy=lambda S, a, b: a <= b,
    dtype="bool",
    operator="<=",
    kink=_tie,
    convention=_BOUNDARY,
    doc="a <= b.",
)
greater = flat(
    "greater(a, b)",
    torch="gt",
    aliases=("gt",),
    scalar="gt",
    alike=True,
    sympy=lambda S, a, b: a > b,
    dtype="bool",
    operator=">",
    kink=_tie,
    convention=_BOUNDARY,
    doc="a > b.",
)
greater_equal = flat(
    "greater_equal(a, b)",
    torch="ge",
    aliases=("ge",),
    scalar="ge",
    alike=True,
    sympy=lambda S, a, b: a >= b,
    dtype="bool",
    operator=">=",
    kink=_tie,
    convention=_BOUNDARY,
    doc="a >= b.",
)
equal = flat(
    "equal(a, b)",
    torch="eq",
    scalar="eq",
    alike=True,
    sympy=lambda S, a, b: S.Eq(a, b),
    dtype="bool",
    operator="==",
    aliases=("eq",),
    kink=_tie,
    convention=_BOUNDARY,
    complex=True,
    doc="a == b.",
)
not_equal = flat(
    "not_equal(a, b)",
    torch="ne",
    scalar="ne",
    alike=True,
    sympy=lambda S, a, b: S.Ne(a, b),
    dtype="bool",
    operator="!=",
    aliases=("ne",),
    kink=_tie,
    convention=_BOUNDARY,
    complex=True,
    doc="a != b.",
)

logical_and = flat(
    "logical_and(a, b)",
    scalar=lambda a, b: bool(a) and bool(b),
    alike=True,
    takes="bool",
    dtype="bool",
    operator="&",
    doc="Both hold.",
)
logical_or = flat(
    "logical_or(a, b)",
    scalar=lambda a, b: bool(a) or bool(b),
    alike=True,
    takes="bool",
    dtype="bool",
    operator="|",
    doc="One holds or both do.",
)
logical_xor = flat(
    "logical_xor(a, b)",
    scalar=lambda a, b: bool(a) != bool(b),
    alike=True,
    takes="bool",
    dtype="bool",
    doc="One holds and not both.",
)
logical_not = flat(
    "logical_not(a)", scalar="not_", alike=True, takes="bool", dtype="bool", operator="u~", doc="It does not hold."
)

isnan = flat("isnan(x)", scalar="isnan", alike=True, dtype="bool", complex=True, doc="Not a number.")
isfinite = flat(
    "isfinite(x)", scalar="isfinite", alike=True, dtype="bool", complex=True, doc="Neither infinite nor nan."
)
isinf = flat("isinf(x)", scalar="isinf", alike=True, dtype="bool", complex=True, doc="Infinite.")
isposinf = flat("isposinf(x)", scalar=lambda x: x == math.inf, alike=True, dtype="bool", doc="Positive infinity.")
isneginf = flat("isneginf(x)", scalar=lambda x: x == -math.inf, alike=True, dtype="bool", doc="Negative infinity.")

# Rounding

_STEP = "0, also where the value jumps"

sign = flat(
    "sign(x)",
    aliases=("sgn",),
    scalar=lambda x: x if x != x else float((x > 0) - (x < 0)),
    alike=True,
    sympy="sign",
    numeric=True,
    kink=lambda x: x == 0,
    convention=_STEP,
    complex=lambda F, x: F.where(x == 0, 0.0, x / F.where(x == 0, 1.0, F.abs(x))),
    latex=r"\operatorname{{sign}}\left({0}\right)",
    doc="-1, 0 or 1.",
)
signbit = flat(
    "signbit(x)",
    scalar=lambda x: math.copysign(1.0, x) < 0,
    alike=True,
    dtype="bool",
    kink=lambda x: x == 0,
    convention=_STEP,
    doc="Negative; -0.0 too.",
)
floor = flat(
    "floor(x)",
    scalar=lambda x: float(math.floor(x)),
    alike=lambda x: np.floor(x) + 0.0,
    sympy="floor",
    numeric=True,
    kink=lambda x: x == np.floor(x),
    convention=_STEP,
    latex=r"\left\lfloor {0} \right\rfloor",
    doc="The whole number at or below.",
)
ceil = flat(
    "ceil(x)",
    scalar=lambda x: float(math.ceil(x)),
    alike=lambda x: np.ceil(x) + 0.0,
    sympy="ceiling",
    aliases=("ceiling",),
    numeric=True,
    kink=lambda x: x == np.ceil(x),
    convention=_STEP,
    latex=r"\left\lceil {0} \right\rceil",
    doc="The whole number at or above.",
)
rint = flat(
    "rint(x)",
    torch="round",
    scalar=lambda x: float(np.rint(x)),
    alike=True,
    numeric=True,
    kink=lambda x: np.abs(x - np.trunc(x)) == 0.5,
    convention=_STEP,
    doc="The nearest whole number, halves to even.",
)
trunc = flat(
    "trunc(x)",
    scalar=lambda x: float(math.trunc(x)),
    alike=lambda x: np.trunc(x) + 0.0,
    aliases=("fix",),
    numeric=True,
    kink=lambda x: (x == np.trunc(x)) & (x != 0),
    convention=_STEP,
    doc="The whole number towards 0.",
)
floor_divide = flat(
    "floor_divide(a, b)",
    scalar="floordiv",
    sympy=lambda S, a, b: S.floor(a / b),
    operator="//",
    numeric=True,
    kink=lambda a, b: np.mod(a, b) == 0,
    convention=_STEP,
    domain=((-math.inf, math.inf), (0.1, math.inf)),
    defined="b different from 0",
    doc="floor(a/b).",
)

detach = flat(
    "detach(x)",
    numpy=lambda x: np.asarray(x)[()],
    scalar=lambda x: x,
    alike=True,
    aliases=("stop_gradient",),
    convention="its derivative is 0 by intent",
    complex=True,
    doc="The value alone: nothing is differentiated through it.",
)


def _equal_arrays(F: Any, n: int, a: Any, b: Any) -> Any:
    if F.shape(a) != F.shape(b):
        return F.broadcast_to(F.equal(0.0, 1.0), shape=(n,))
    return F.all(F.equal(a, b), axis=tuple(range(1, len(F.shape(a)))))


array_equal = flat(
    "array_equal(a, b)",
    method="equal torch.equal",
    numpy=lambda a, b: np.asarray(np.array_equal(a, b)),
    shape=lambda a, b: (),
    batch=_equal_arrays,
    dtype="bool",
    complex=True,
    examples=((((2, 3), (2, 3)), {}), (((3,), (2,)), {}), (((), ()), {})),
    doc="Whether two tensors have one shape and the same elements, as one truth value.",
)
