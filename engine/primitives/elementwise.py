"""Arithmetic, element by element.

A partial, here and in the files of exponential, trigonometric and hyperbolic functions, is written so that it is right
in the tails: by a form that does not cancel, overflow or vanish where the derivative itself does not. Formulas not
marked otherwise are in the DLMF, chapter 4.
"""

from __future__ import annotations

import math
from math import inf
from typing import Any

import numpy as np

from engine.kinds import Selecting, elementwise

# Arithmetic

add = elementwise(
    "add(a, b)",
    d=[1, 1],
    scalar="add",
    sympy=lambda S, a, b: a + b,
    operator="+",
    complex=True,
    advice="PyTorch's add(a, b, alpha=k) is a + k * b",
    doc="Sum.",
)

subtract = elementwise(
    "subtract(a, b)",
    torch="sub",
    d=[1, -1],
    scalar="sub",
    sympy=lambda S, a, b: a - b,
    operator="-",
    complex=True,
    advice="sub takes alpha=",
    doc="Difference.",
)

multiply = elementwise(
    "multiply(a, b)",
    torch="mul",
    d=[lambda F, y, a, b: b, lambda F, y, a, b: a],
    scalar="mul",
    sympy=lambda S, a, b: a * b,
    operator="*",
    aliases=("mul",),
    complex=True,
    doc="Product, element by element.",
)


def _strong_multiply(v: Any, p: Any) -> Any:
    product = v * p
    if np.isfinite(product).all():
        return product
    return np.where(v == 0, np.zeros((), np.result_type(product)), product)


strong_multiply = elementwise(
    "strong_multiply(v, p)",
    d=[lambda F, y, v, p: p, Selecting(lambda F, y, v, p: v)],
    numpy=_strong_multiply,
    scalar=lambda v, p: 0.0 if v == 0 else v * p,
    sympy=lambda S, v, p: v * p,
    internal=True,
    complex=True,
    doc="Product in which an exact zero of the first factor wins, even against infinity: a step of the chain rule.",
)

divide = elementwise(
    "divide(a, b)",
    torch="div",
    d=[lambda F, y, a, b: F.reciprocal(b), lambda F, y, a, b: -y / b],
    scalar="truediv",
    sympy=lambda S, a, b: a / b,
    operator="/",
    aliases=("true_divide",),
    domain=((-inf, inf), (0, inf)),
    complex=True,
    advice="div takes rounding_mode=",
    defined="b different from 0",
    doc="Quotient.",
)

negative = elementwise(
    "negative(x)",
    torch="neg",
    d=-1,
    scalar="neg",
    sympy=lambda S, x: -x,
    operator="u-",
    aliases=("neg",),
    complex=True,
    doc="Sign changed.",
)

positive = elementwise(
    "positive(x)", d=1, scalar="pos", sympy=lambda S, x: x, operator="u+", complex=True, doc="The operand itself."
)

reciprocal = elementwise(
    "reciprocal(x)",
    d=lambda F, y, x: -F.square(y),
    scalar=lambda x: 1.0 / x,
    sympy=lambda S, x: 1 / x,
    domain=(0, inf),
    complex=True,
    defined="x different from 0",
    doc="1/x.",
)

square = elementwise(
    "square(x)",
    d=lambda F, y, x: 2.0 * x,
    scalar=lambda x: x * x,
    sympy=lambda S, x: x**2,
    complex=True,
    doc="x squared.",
)


def _whole(F: Any, a: Any, b: Any, rest: Any) -> Any:
    """How many times b has been taken from a; rounded, because a minus the rest is only nearly a multiple of b."""
    return F.rint((a - rest) / b)


remainder = elementwise(
    "remainder(a, b)",
    d=[1, lambda F, y, a, b: -F.floor_divide(a, b)],
    kink=lambda a, b: np.mod(a, b) == 0,
    scalar="mod",
    sympy=lambda S, a, b: a - b * S.floor(a / b),
    operator="%",
    aliases=("mod",),
    domain=((-inf, inf), (0, inf)),
    convention="the derivative by b is -floor(a/b), also where the remainder jumps",
    defined="b different from 0",
    doc="Remainder with the sign of b.",
)

fmod = elementwise(
    "fmod(a, b)",
    d=[1, lambda F, y, a, b: -_whole(F, a, b, y)],
    kink=lambda a, b: (np.fmod(a, b) == 0) & (a != 0),
    scalar="fmod",
    sympy=lambda S, a, b: a - b * S.sign(a) * S.floor(S.Abs(a) / b),
    domain=((-inf, inf), (0, inf)),
    convention="the derivative by b is -trunc(a/b), also where the remainder jumps",
    defined="b different from 0",
    doc="Remainder with the sign of a.",
)


def _power(a: Any, b: Any) -> Any:
    return a**b if isinstance(a, np.ndarray) and isinstance(b, float) else np.power(a, b)


def _power_lowered(a: Any, b: Any, n: Any) -> Any:
    """a**c with c the double next to b - n, and what that c is off by as a factor near 1."""
    c = b - n
    moved = c - b
    off = (b - (c - moved)) - (n + moved)
    found = _power(a, c)
    if not np.any(off):
        return found
    factor = np.exp(off * np.log(np.abs(a)))
    return np.where((off != 0) & (factor > 0) & np.isfinite(factor), found * factor, found)


def _power_lowered_of_floats(a: float, b: float, n: float) -> float:
    c = b - n
    moved = c - b
    off = (b - (c - moved)) - (n + moved)
    return math.pow(a, c) * math.exp(off * math.log(a)) if off and a > 0 else math.pow(a, c)


def _lowered(F: Any, a: Any, b: Any) -> Any:
    """a**(b - 1), and a plain power where b is a number of which 1 can be taken exactly."""
    if isinstance(b, (int, float)) and (b - 1.0) + 1.0 == b:
        return F.power(a, b - 1.0)
    return F.power_lowered(a, b, 1.0)


_BASES = ((0, inf), (-inf, inf))

_FAINT = (
    "where a power is below 1e-308 and has lost digits, its derivative has as few; second derivatives also where a "
    "power overflows and its coefficient is tiny"
)

power = elementwise(
    "power(a, b)",
    torch="pow",
    d=[
        lambda F, y, a, b: F.where(b == 0, 0.0, b * _lowered(F, a, b)),
        lambda F, y, a, b: F.where((a == 0) & (b >= 0), 0.0, y * F.log(a)),
    ],
    numpy=_power,
    scalar="pow",
    sympy=lambda S, a, b: a**b,
    operator="**",
    aliases=("pow", "float_power"),
    domain=_BASES,
    flops=20,
    convention="x**0 has derivative 0 by x, 0**y by y >= 0; nan by the exponent of a negative base",
    accuracy=_FAINT,
    complex=lambda F, a, b: F.complex_power(a, b),
    defined="a > 0, and a < 0 where b is a whole number",
    doc="a to the power b.",
)

power_lowered = elementwise(
    "power_lowered(a, b, n)",
    torch="pow",
    d=[
        lambda F, y, a, b, n: F.where(b == n, 0.0, (b - n) * F.power_lowered(a, b, n + 1.0)),
        lambda F, y, a, b, n: F.where((a == 0) & (b >= n), 0.0, y * F.log(a)),
        None,
    ],
    numpy=_power_lowered,
    scalar=_power_lowered_of_floats,
    sympy=lambda S, a, b, n: a ** (b - n),
    domain=(*_BASES, (0, 1)),
    flops=30,
    internal=True,
    accuracy=_FAINT,
    doc="a to the power b - n, also where no double is b - n: near a = 1 and for small b a power is right to the last "
    "bits only with that difference exact.",
)

abs = elementwise(
    "abs(x)",
    d=lambda F, y, x: F.sign(x),
    scalar="fabs",
    sympy="Abs",
    aliases=("absolute", "fabs"),
    kink=lambda x: x == 0,
    jax=(lambda F, x: F.where(x < 0.0, -x, x), "1 at 0"),
    convention="0 at 0",
    complex=lambda F, x: F.hypot(F.real(x), F.imag(x)),
    latex=r"\left|{0}\right|",
    doc="Absolute value.",
)
