"""Arithmetic and choosing made of other arithmetic and choosing: addcmul, lerp, nan_to_num and their like."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.errors import WrongArguments
from engine.functions.counts import real, whole
from engine.kinds import Example, composition

_INPUT = {"input": "x"}
_PAIR = {"input": "a", "other": "b"}


def _pairs(*params: dict[str, Any]) -> tuple[Example, ...]:
    """Two operands in several shapes, with each of the parameters."""
    shapes: tuple[tuple[Any, ...], ...] = (((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (3,)))
    return tuple((pair, given) for pair in shapes for given in params)


# Arithmetic


@composition("sub(a, b, /, alpha=1.0)", keywords=_PAIR, examples=_pairs({}, {"alpha": 2.5}), complex=True)
def sub(F: Any, a: Any, b: Any, alpha: float) -> Any:
    """a - alpha*b."""
    return a - b if alpha == 1 else a - alpha * b


@composition(
    "div(a, b, /, rounding_mode=None)",
    defined="b different from 0",
    keywords=_PAIR,
    domain=(0.1, math.inf),
    examples=_pairs({}, {"rounding_mode": "floor"}, {"rounding_mode": "trunc"}),
    convention="rounded, 0, also where the value jumps",
)
def div(F: Any, a: Any, b: Any, rounding_mode: str | None) -> Any:
    """a/b, rounded down (rounding_mode="floor"), towards 0 ("trunc") or not at all."""
    if rounding_mode is None:
        return a / b
    if rounding_mode not in ("floor", "trunc"):
        raise WrongArguments(f"div knows no rounding_mode {rounding_mode!r}", hint='"floor", "trunc" or None')
    return a // b if rounding_mode == "floor" else F.trunc(a / b)


@composition(
    "addcmul(x, a, b, /, value=1.0)",
    keywords={**_INPUT, "tensor1": "a", "tensor2": "b"},
    examples=((((3,), (3,), (3,)), {}), (((2, 3), (3,), (2, 1)), {"value": -0.5}), (((), (), ()), {"value": 2})),
    complex=True,
)
def addcmul(F: Any, x: Any, a: Any, b: Any, value: float) -> Any:
    """x + value*a*b."""
    return x + (a * b if value == 1 else value * a * b)


@composition(
    "addcdiv(x, a, b, /, value=1.0)",
    defined="b different from 0",
    keywords={**_INPUT, "tensor1": "a", "tensor2": "b"},
    domain=(0.1, math.inf),
    examples=((((3,), (3,), (3,)), {}), (((2, 3), (3,), (2, 1)), {"value": -0.5}), (((), (), ()), {"value": 2})),
    complex=True,
)
def addcdiv(F: Any, x: Any, a: Any, b: Any, value: float) -> Any:
    """x + value*a/b."""
    return x + (a / b if value == 1 else value * a / b)


@composition(
    "lerp(x, end, weight)",
    keywords=_INPUT,
    examples=((((3,), (3,), ()), {}), (((2, 3), (3,), (2, 1)), {}), (((), (), ()), {})),
)
def lerp(F: Any, x: Any, end: Any, weight: Any) -> Any:
    """x + weight*(end - x): just x with the weight 0, and just the end with 1."""
    gap = F.detach(weight) < 0.5
    return F.where(gap, x + weight * (end - x), end - (end - x) * (1.0 - weight))


@composition(
    "ldexp(x, other)",
    derivative=["2**other", "x * 2**other * log(2)"],
    keywords=_INPUT,
    sympy=lambda S, x, other: x * 2**other,
)
def ldexp(F: Any, x: Any, other: Any) -> Any:
    """x * 2**other, by two powers of which neither overflows before the product does."""
    half = F.detach(F.clip(F.floor(0.5 * other), -1000.0, 1000.0))
    return x * F.exp2(half) * F.exp2(other - half)


@composition("deg2rad(x)", aliases=("radians",), keywords=_INPUT, sympy=lambda S, x: x * S.pi / 180)
def deg2rad(F: Any, x: Any) -> Any:
    """Radians, of degrees."""
    return x * (math.pi / 180)


@composition("rad2deg(x)", aliases=("degrees",), keywords=_INPUT, sympy=lambda S, x: x * 180 / S.pi)
def rad2deg(F: Any, x: Any) -> Any:
    """Degrees, of radians."""
    return x * (180 / math.pi)


@composition("logit(x, /, eps=None)", keywords=_INPUT, sympy=lambda S, x: S.log(x / (1 - x)), domain=(0, 1))
def logit(F: Any, x: Any, eps: float | None) -> Any:
    """log(x/(1 - x)), of x clipped to between eps and 1 - eps if that is given."""
    return F.log_odds(x if eps is None else F.clip(x, real(eps, "eps"), 1.0 - eps))


@composition(
    "log_base(x, base)",
    latex=r"\log_{{{1}}}\left({0}\right)",
    sympy=lambda S, x, base: S.log(x) / S.log(base),
    keywords={"b": "base", "a": "base"},
    domain=(0, math.inf),
    defined="x > 0 and base > 0, different from 1",
    examples=((((), ()), {}), (((3,), ()), {}), (((2, 1), (3,)), {})),
    sample=lambda x, base: [abs(x) + 0.1, abs(base) + 1.5],
)
def log_base(F: Any, x: Any, base: Any) -> Any:
    """The logarithm to any base: what ``log(x, base)`` means."""
    if base.__class__ is int and base in (2, 10):
        return F.log2(x) if base == 2 else F.log10(x)
    return F.log(x) / F.log(base)


# Signs and rounding


@composition(
    "copysign(a, b)",
    keywords=_PAIR,
    data=("b",),
    sympy=lambda S, a, b: S.Piecewise((-S.Abs(a), b < 0), (S.Abs(a), True)),
    convention="0 where a is 0; by b, 0",
)
def copysign(F: Any, a: Any, b: Any) -> Any:
    """The size of a with the sign of b."""
    return F.where(F.signbit(b), -F.abs(a), F.abs(a))


@composition(
    "heaviside(x, values)",
    keywords=_INPUT,
    data=("x",),
    sympy=lambda S, x, values: S.Piecewise((0, x < 0), (1, x > 0), (values, True)),
    convention="0 by x, also where the value jumps",
)
def heaviside(F: Any, x: Any, values: Any) -> Any:
    """0 below 0, 1 above, and ``values`` at 0."""
    return F.where(F.equal(x, 0.0), values, F.detach(0.5 * (F.sign(x) + 1.0)))


@composition("frac(x)", keywords=_INPUT, sympy=lambda S, x: x - S.sign(x) * S.floor(S.Abs(x)))
def frac(F: Any, x: Any) -> Any:
    """What is behind the point, with the sign of x."""
    return x - F.trunc(x)


@composition(
    "round(x, /, decimals=0)",
    aliases=("around",),
    keywords=_INPUT,
    examples=((((3,),), {}), (((2, 3),), {"decimals": 1}), (((),), {"decimals": -1}), (((4,),), {"decimals": 2})),
    convention="0, also where the value jumps",
)
def round(F: Any, x: Any, decimals: int) -> Any:
    """The nearest multiple of 10**-decimals, halves to even."""
    if decimals == 0:
        return F.rint(x)
    scale = 10.0 ** abs(whole(decimals, "decimals", -308, 308))
    return F.rint(x * scale) / scale if decimals > 0 else F.rint(x / scale) * scale


# Choosing


@composition("clamp_min(x, min)", keywords=_INPUT, sympy="Max", convention="as clip")
def clamp_min(F: Any, x: Any, min: Any) -> Any:
    """x, but not below ``min``."""
    return F.clip(x, min)


@composition("clamp_max(x, max)", keywords=_INPUT, sympy="Min", convention="as clip")
def clamp_max(F: Any, x: Any, max: Any) -> Any:
    """x, but not above ``max``."""
    return F.clip(x, None, max)


@composition("fmax(a, b)", keywords=_PAIR, sympy="Max", convention="1/2 each at a tie")
def fmax(F: Any, a: Any, b: Any) -> Any:
    """The larger of two, and of a number and nan the number."""
    return F.where(F.isnan(a), b, F.where(F.isnan(b), a, F.maximum(a, b)))


@composition("fmin(a, b)", keywords=_PAIR, sympy="Min", convention="1/2 each at a tie")
def fmin(F: Any, a: Any, b: Any) -> Any:
    """The smaller of two, and of a number and nan the number."""
    return F.where(F.isnan(a), b, F.where(F.isnan(b), a, F.minimum(a, b)))


@composition(
    "masked_fill(x, mask, value)",
    keywords=_INPUT,
    data=("mask",),
    examples=(
        (((3,), [True, False, True], ()), {}),
        (((2, 3), [[True], [False]], ()), {}),
        (((2, 3), [False, True, False], ()), {}),
        (((), [[True, False]], ()), {}),
    ),
    complex=True,
)
def masked_fill(F: Any, x: Any, mask: Any, value: Any) -> Any:
    """x, with ``value`` where the mask holds."""
    return F.where(mask, value, x)


@composition(
    "nan_to_num(x, /, nan=0.0, posinf=None, neginf=None, copy=True)",
    derivative=["where(isfinite(x), 1, 0)"],
    keywords=_INPUT,
    sympy=lambda S, x: x,
    convention="0 where an element is replaced",
)
def nan_to_num(F: Any, x: Any, nan: float, posinf: float | None, neginf: float | None, copy: bool) -> Any:
    """x with numbers for nan and the infinities: the largest there are, unless others are given."""
    largest = float(np.finfo(F.dtype(x) if F.dtype(x) == "float32" else "float64").max)
    x = F.where(F.isposinf(x), largest if posinf is None else posinf, x)
    x = F.where(F.isneginf(x), -largest if neginf is None else neginf, x)
    return F.where(F.isnan(x), nan, x)
