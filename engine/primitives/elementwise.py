"""Arithmetic, element by element.

A partial, here and in the files of exponential, trigonometric and hyperbolic functions, is written so that it is right
in the tails: by a form that does not cancel, overflow or vanish where the derivative itself does not. Formulas not
marked otherwise are in the DLMF, chapter 4.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from engine.kinds import Firm, elementwise

# Arithmetic

add = elementwise(
    "add(a, b)",
    d=[1, 1],
    scalar="add",
    alike=True,
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
    alike=True,
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
    alike=True,
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
    d=[lambda F, y, v, p: p, Firm(lambda F, y, v, p: v)],
    numpy=_strong_multiply,
    scalar=lambda v, p: 0.0 if v == 0 else v * p,
    alike=lambda v, p: np.where(v == 0, 0.0, v * p),
    sympy=lambda S, v, p: v * p,
    internal=True,
    complex=True,
    doc="Product in which an exact zero of the first factor wins, even against infinity: a step of the chain rule.",
)


def _firm_multiply(a: Any, b: Any) -> Any:
    product = a * b
    if np.isfinite(product).all():
        return product
    return np.where((a == 0) | (b == 0), np.zeros((), np.result_type(product)), product)


firm_multiply = elementwise(
    "firm_multiply(a, b)",
    d=[Firm(lambda F, y, a, b: b), Firm(lambda F, y, a, b: a)],
    numpy=_firm_multiply,
    scalar=lambda a, b: 0.0 if a == 0 or b == 0 else a * b,
    alike=lambda a, b: np.where((a == 0) | (b == 0), 0.0, a * b),
    sympy=lambda S, a, b: a * b,
    complex=True,
    latex=r"{0} \cdot {1}",
    internal=True,
    doc="Product in which an exact zero of either factor wins: what a strong product is differentiated with.",
)

divide = elementwise(
    "divide(a, b)",
    torch="div",
    d=[lambda F, y, a, b: F.reciprocal(b), lambda F, y, a, b: -y / b],
    closed=[lambda F, y, a, b: F.reciprocal(b), lambda F, y, a, b: -y * F.reciprocal(b)],
    scalar="truediv",
    alike=True,
    sympy=lambda S, a, b: a / b,
    operator="/",
    aliases=("true_divide", "Rational"),
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
    alike=True,
    sympy=lambda S, x: -x,
    operator="u-",
    aliases=("neg",),
    complex=True,
    doc="Sign changed.",
)

positive = elementwise(
    "positive(x)",
    d=1,
    scalar="pos",
    alike=True,
    sympy=lambda S, x: x,
    operator="u+",
    complex=True,
    doc="The operand itself.",
)

reciprocal = elementwise(
    "reciprocal(x)",
    d=lambda F, y, x: -F.square(y),
    scalar=lambda x: 1.0 / x,
    alike=True,
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
    alike=True,
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
    aliases=("mod", "Mod"),
    elsewhere={"math": "Python's goes to the nearest multiple: write x - y*round(x/y)"},
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
    alike=True,
    sympy=lambda S, a, b: a - b * S.sign(a) * S.floor(S.Abs(a) / b),
    domain=((-inf, inf), (0, inf)),
    convention="the derivative by b is -trunc(a/b), also where the remainder jumps",
    defined="b different from 0",
    doc="Remainder with the sign of a.",
)


abs = elementwise(
    "abs(x)",
    d=lambda F, y, x: F.sign(x),
    scalar="fabs",
    alike=True,
    sympy="Abs",
    aliases=("absolute", "fabs", "Abs"),
    kink=lambda x: x == 0,
    jax=(lambda F, x: F.where(x < 0.0, -x, x), "1 at 0"),
    convention="0 at 0",
    complex=lambda F, x: F.hypot(F.real(x), F.imag(x)),
    latex=r"\left|{0}\right|",
    doc="Absolute value.",
)
