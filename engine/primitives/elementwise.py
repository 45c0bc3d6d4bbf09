"""Functions of each element on its own: arithmetic, exponentials, trigonometry and hyperbolics.

A partial is written so that it is right in the tails: by a form that does not cancel, overflow or vanish where
the derivative itself does not. Formulas not marked otherwise are in the DLMF, chapter 4.
"""

from __future__ import annotations

import math
from math import inf, pi
from typing import Any

import numpy as np

from engine.kinds import Selecting, elementwise

# Arithmetic

add = elementwise(
    "add(a, b)", d=[1, 1], scalar="add", sympy=lambda S, a, b: a + b, operator="+", complex=True, doc="Sum."
)

subtract = elementwise(
    "subtract(a, b)",
    torch="sub",
    d=[1, -1],
    scalar="sub",
    sympy=lambda S, a, b: a - b,
    operator="-",
    aliases=("sub",),
    complex=True,
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
    aliases=("true_divide", "div"),
    domain=((-inf, inf), (0.1, inf)),
    complex=True,
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
    domain=(0.1, inf),
    complex=True,
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

remainder = elementwise(
    "remainder(a, b)",
    d=[1, lambda F, y, a, b: -F.floor_divide(a, b)],
    kink=lambda a, b: np.mod(a, b) == 0,
    scalar="mod",
    sympy=lambda S, a, b: a - b * S.floor(a / b),
    operator="%",
    aliases=("mod",),
    domain=((-inf, inf), (0.1, inf)),
    convention="the derivative by b is -floor(a/b), also where the remainder jumps",
    doc="Remainder with the sign of b.",
)


def _power(a: Any, b: Any) -> Any:
    return a**b if isinstance(a, np.ndarray) and isinstance(b, float) else np.power(a, b)


power = elementwise(
    "power(a, b)",
    torch="pow",
    d=[
        lambda F, y, a, b: F.where(b == 0, 0.0, b * F.power(a, b - 1.0)),
        lambda F, y, a, b: F.where((a == 0) & (b >= 0), 0.0, y * F.log(a)),
    ],
    numpy=_power,
    scalar="pow",
    sympy=lambda S, a, b: a**b,
    operator="**",
    aliases=("pow", "float_power"),
    domain=((0.1, inf), (-inf, inf)),
    flops=20,
    convention="x**0 has derivative 0 by x, 0**y by y >= 0; nan by the exponent of a negative base",
    complex=lambda F, a, b: F.complex_power(a, b),
    doc="a to the power b.",
)

abs = elementwise(
    "abs(x)",
    d=lambda F, y, x: F.sign(x),
    scalar="fabs",
    sympy="Abs",
    aliases=("absolute", "fabs"),
    kink=lambda x: x == 0,
    convention="0 at 0",
    complex=lambda F, x: F.hypot(F.real(x), F.imag(x)),
    doc="Absolute value.",
)

# Exponentials, logarithms and roots

exp = elementwise("exp(x)", d=lambda F, y, x: y, scalar="exp", flops=10, complex=True, doc="Exponential.")

expm1 = elementwise(
    "expm1(x)",
    d=lambda F, y, x: F.exp(x),
    scalar="expm1",
    sympy=lambda S, x: S.exp(x) - 1,
    flops=10,
    complex=True,
    doc="exp(x) - 1, exact for small x.",
)

exp2 = elementwise(
    "exp2(x)",
    d=lambda F, y, x: y * math.log(2),
    scalar=lambda x: math.pow(2.0, x),
    sympy=lambda S, x: 2**x,
    flops=10,
    complex=lambda F, x: F.exp(math.log(2) * x),
    doc="2 to the power x.",
)


def _by_log(F: Any, x: Any, derivative: Any) -> Any:
    """A logarithm has no value below 0, and so no derivative there either, whatever the formula says."""
    return F.where(x < 0, math.nan * x, derivative)


log = elementwise(
    "log(x)",
    d=lambda F, y, x: _by_log(F, x, 1.0 / x),
    scalar="log",
    aliases=("ln",),
    domain=(0, inf),
    flops=10,
    convention="nan below 0",
    complex=lambda F, x: F.complex_log(x),
    doc="Natural logarithm.",
)

log2 = elementwise(
    "log2(x)",
    d=lambda F, y, x: _by_log(F, x, (1 / math.log(2)) / x),
    scalar="log2",
    sympy=lambda S, x: S.log(x) / S.log(2),
    domain=(0, inf),
    flops=10,
    convention="nan below 0",
    complex=lambda F, x: F.complex_log(x) / math.log(2),
    doc="Logarithm to base 2.",
)

log10 = elementwise(
    "log10(x)",
    d=lambda F, y, x: _by_log(F, x, (1 / math.log(10)) / x),
    scalar="log10",
    sympy=lambda S, x: S.log(x) / S.log(10),
    domain=(0, inf),
    flops=10,
    convention="nan below 0",
    complex=lambda F, x: F.complex_log(x) / math.log(10),
    doc="Logarithm to base 10.",
)

log1p = elementwise(
    "log1p(x)",
    d=lambda F, y, x: _by_log(F, 1.0 + x, 1.0 / (1.0 + x)),
    scalar="log1p",
    sympy=lambda S, x: S.log(1 + x),
    domain=(-1, inf),
    flops=10,
    convention="nan below -1",
    complex=lambda F, x: F.complex_log(1.0 + x),
    doc="log(1 + x), exact for small x.",
)


def _difference(F: Any, a: Any, b: Any) -> Any:
    """a - b, and 0 for equal infinities too."""
    return F.where(F.logical_and(F.equal(a, b), F.logical_not(F.isfinite(a))), 0.0, a - b)


logaddexp = elementwise(
    "logaddexp(a, b)",
    d=[
        lambda F, y, a, b: F.sigmoid(_difference(F, a, b)),
        lambda F, y, a, b: F.sigmoid(_difference(F, b, a)),
    ],
    sympy=lambda S, a, b: S.log(S.exp(a) + S.exp(b)),
    flops=20,
    convention="1/2 for each of two equal infinities",
    doc="log(exp(a) + exp(b)) without overflow.",
)


def _sigmoid(x: Any) -> Any:
    """Of the two equal forms, the one whose exponential cannot overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, np.ones_like(e)) / (1 + e)


def _sigmoid_of_float(x: float) -> float:
    if x < 0:
        e = math.exp(x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-x))


sigmoid = elementwise(
    "sigmoid(x)",
    d=lambda F, y, x: 0.25 * F.square(F.sech(0.5 * x)),
    numpy=_sigmoid,
    scalar=_sigmoid_of_float,
    sympy=lambda S, x: 1 / (1 + S.exp(-x)),
    aliases=("expit",),
    flops=15,
    complex=lambda F, x: 1.0 / (1.0 + F.exp(-x)),
    doc="Logistic function 1/(1 + exp(-x)).",
)

sqrt = elementwise(
    "sqrt(x)",
    d=lambda F, y, x: 0.5 / y,
    scalar="sqrt",
    domain=(0, inf),
    flops=4,
    convention="inf at 0, nan below",
    complex=True,
    doc="Square root.",
)

cbrt = elementwise(
    "cbrt(x)",
    d=lambda F, y, x: 1.0 / (3.0 * F.square(y)),
    scalar=math.cbrt,
    sympy=lambda S, x: S.cbrt(x),
    domain=(0, inf),
    flops=10,
    convention="inf at 0",
    doc="Cube root, of negative numbers too.",
)

# Trigonometric functions

sin = elementwise("sin(x)", d=lambda F, y, x: F.cos(x), scalar="sin", flops=15, complex=True, doc="Sine.")

cos = elementwise("cos(x)", d=lambda F, y, x: -F.sin(x), scalar="cos", flops=15, complex=True, doc="Cosine.")

tan = elementwise(
    "tan(x)",
    d=lambda F, y, x: 1.0 + F.square(y),
    scalar="tan",
    domain=(-pi / 2, pi / 2),
    flops=20,
    complex=True,
    doc="Tangent.",
)

one_minus_square = elementwise(
    "one_minus_square(x)",
    d=lambda F, y, x: -2.0 * x,
    numpy=lambda x: (1 - x) * (1 + x),
    scalar=lambda x: (1.0 - x) * (1.0 + x),
    sympy=lambda S, x: 1 - x**2,
    internal=True,
    complex=True,
    doc="1 - x**2: exact near 1 by its factors, and its derivative near 0 by having one of its own.",
)

arcsin = elementwise(
    "arcsin(x)",
    torch="asin",
    d=lambda F, y, x: 1.0 / F.sqrt(F.one_minus_square(x)),
    scalar="asin",
    sympy="asin",
    aliases=("asin",),
    domain=(-1, 1),
    flops=15,
    convention="inf at -1 and 1",
    complex=True,
    doc="Inverse sine.",
)

arccos = elementwise(
    "arccos(x)",
    torch="acos",
    d=lambda F, y, x: -1.0 / F.sqrt(F.one_minus_square(x)),
    scalar="acos",
    sympy="acos",
    aliases=("acos",),
    domain=(-1, 1),
    flops=15,
    convention="-inf at -1 and 1",
    complex=True,
    doc="Inverse cosine.",
)

arctan = elementwise(
    "arctan(x)",
    torch="atan",
    d=lambda F, y, x: F.square(1.0 / F.hypot(1.0, x)),
    scalar="atan",
    sympy="atan",
    aliases=("atan",),
    flops=15,
    complex=lambda F, x: F.complex_arctan(x),
    doc="Inverse tangent.",
)

arctan2 = elementwise(
    "arctan2(y, x)",
    torch="atan2",
    d=[
        lambda F, angle, y, x: x / F.hypot(x, y) / F.hypot(x, y),
        lambda F, angle, y, x: -y / F.hypot(x, y) / F.hypot(x, y),
    ],
    scalar="atan2",
    sympy=lambda S, y, x: S.atan2(y, x),
    aliases=("atan2",),
    domain=((-inf, inf), (0.1, inf)),
    flops=25,
    convention="nan at (0, 0)",
    doc="Angle of the point (x, y).",
)


def _direction(a: Any, b: Any) -> Any:
    length = np.hypot(a, b)
    return a / np.where(length == 0, np.ones_like(length), length)


def _per_length(F: Any, v: Any, a: Any, b: Any) -> Any:
    length = F.hypot(a, b)
    return F.where(length == 0, 0.0, v / length)


direction = elementwise(
    "direction(a, b)",
    d=[
        lambda F, y, a, b: _per_length(F, F.square(F.direction(b, a)), a, b),
        lambda F, y, a, b: _per_length(F, -y * F.direction(b, a), a, b),
    ],
    numpy=_direction,
    scalar=lambda a, b: a / (math.hypot(a, b) or 1.0),
    sympy=lambda S, a, b: a / S.sqrt(a**2 + b**2),
    flops=12,
    internal=True,
    convention="0 at (0, 0)",
    doc="a/hypot(a, b): the cosine of an angle, which differentiates without the cancellation of 1/y - a**2/y**3.",
)

hypot = elementwise(
    "hypot(a, b)",
    d=[lambda F, y, a, b: F.direction(a, b), lambda F, y, a, b: F.direction(b, a)],
    scalar="hypot",
    sympy=lambda S, a, b: S.sqrt(a**2 + b**2),
    flops=10,
    kink=lambda a, b: (a == 0) & (b == 0),
    convention="0, 0 at (0, 0)",
    doc="sqrt(a**2 + b**2) without overflow.",
)

# Hyperbolic functions

sinh = elementwise(
    "sinh(x)", d=lambda F, y, x: F.cosh(x), scalar="sinh", flops=20, complex=True, doc="Hyperbolic sine."
)

cosh = elementwise(
    "cosh(x)", d=lambda F, y, x: F.sinh(x), scalar="cosh", flops=20, complex=True, doc="Hyperbolic cosine."
)

tanh = elementwise(
    "tanh(x)", d=lambda F, y, x: F.square(F.sech(x)), scalar="tanh", flops=20, complex=True, doc="Hyperbolic tangent."
)


def _sech(x: Any) -> Any:
    """Not 1/cosh(x), which is 0 where cosh overflows though sech does not yet vanish."""
    e = np.exp(-np.abs(x))
    return 2 * e / (1 + e * e)


def _sech_of_float(x: float) -> float:
    e = math.exp(-math.fabs(x))
    return 2.0 * e / (1.0 + e * e)


sech = elementwise(
    "sech(x)",
    d=lambda F, y, x: -y * F.tanh(x),
    numpy=_sech,
    scalar=_sech_of_float,
    flops=20,
    complex=lambda F, x: 1.0 / F.cosh(x),
    doc="Hyperbolic secant.",
)

arcsinh = elementwise(
    "arcsinh(x)",
    torch="asinh",
    d=lambda F, y, x: 1.0 / F.hypot(1.0, x),
    scalar="asinh",
    sympy="asinh",
    aliases=("asinh",),
    flops=20,
    complex=lambda F, x: F.complex_arcsinh(x),
    doc="Inverse hyperbolic sine.",
)

arccosh = elementwise(
    "arccosh(x)",
    torch="acosh",
    d=lambda F, y, x: 1.0 / (F.sqrt(x - 1.0) * F.sqrt(x + 1.0)),
    scalar="acosh",
    sympy="acosh",
    aliases=("acosh",),
    domain=(1, inf),
    flops=20,
    convention="inf at 1, nan below",
    complex=True,
    doc="Inverse hyperbolic cosine.",
)

arctanh = elementwise(
    "arctanh(x)",
    torch="atanh",
    d=lambda F, y, x: 1.0 / F.one_minus_square(x),
    scalar="atanh",
    sympy="atanh",
    aliases=("atanh",),
    domain=(-1, 1),
    flops=20,
    convention="inf at -1 and 1",
    complex=True,
    doc="Inverse hyperbolic tangent.",
)
