"""Powers, and what their derivatives are made of.

The derivative b*a**(b - 1) has two traps. Where no double is b - 1, a power with the double next to it is off by as
many ulp as log(a) is large: so the exponent comes in two parts here, b and a whole number n to be taken off. And where
the power itself overflows or loses digits below 1e-308, the derivative need not: so a factor goes in before that.
"""

from __future__ import annotations

import math
from math import inf
from typing import Any

import numpy as np

from engine.kinds import elementwise
from engine.namespace import Rule

_BASES = ((0, inf), (-inf, inf))
_BEYOND = "derivatives, where a power that they are a multiple of is below 1e-308 or above 1e308"


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


def _times_power(k: Any, a: Any, b: Any, n: Any) -> Any:
    """k*a**(b - n); where the power alone is beyond the doubles, by its root twice."""
    power = _power_lowered(a, b, n)
    size = np.abs(power)
    least = np.finfo(np.result_type(power)).smallest_normal
    if np.all((size >= least) & (size < inf)):
        return k * power
    root = _power_lowered(np.abs(a), 0.5 * b, 0.5 * n)
    careful = k * root * root * np.copysign(1.0, power)
    return np.where(((size < least) | (size == inf)) & np.isfinite(careful), careful, k * power).astype(power.dtype)


def _lowered_of_floats(a: float, b: float, n: float) -> float:
    c = b - n
    moved = c - b
    off = (b - (c - moved)) - (n + moved)
    return math.pow(a, c) * math.exp(off * math.log(a)) if off and a > 0 else math.pow(a, c)


def _times_power_of_floats(k: float, a: float, b: float, n: float) -> float:
    power = _lowered_of_floats(a, b, n)
    if math.fabs(power) >= 1e-307 or not a:
        return k * power
    root = _lowered_of_floats(math.fabs(a), 0.5 * b, 0.5 * n)
    return k * root * root * math.copysign(1.0, power)


def _by_base(F: Any, a: Any, b: Any) -> Any:
    """b*a**(b - 1): a plain power does where b is a small number of which 1 can be taken exactly."""
    if isinstance(b, (int, float)) and _is_small(b):
        return b * F.power(a, b - 1.0)
    return F.power_slope(a, b, 1.0)


def _is_small(b: float) -> bool:
    return -4.0 <= b <= 4.0 and (b - 1.0) + 1.0 == b


def _slope_of_floats(a: float, b: float, n: float) -> float:
    """As `_by_base` has it, of a number: where each of many points has an exponent of its own, no rule sees them."""
    return b * math.pow(a, b - 1.0) if n == 1.0 and _is_small(b) else _times_power_of_floats(b, a, b, n)


def _unless_constant(F: Any, a: Any, b: Any, n: Any, slope: Rule) -> Any:
    """The derivative of a**(b - n) by a. Where b is n that is 0, which of a = 0 a formula with a**-1 does not say.

    Of all other a it does: there the zero must not be put in its place, for it moves with b.
    """
    if isinstance(b, (int, float)) and isinstance(n, (int, float)):
        return 0.0 if b == n else slope()
    return F.where((a == 0) & (b == n), 0.0, slope())


def _of_base(F: Any, y: Any, a: Any, b: Any) -> Any:
    return _unless_constant(F, a, b, 0.0, lambda: _by_base(F, a, b))


def _of_exponent(F: Any, y: Any, a: Any, b: Any) -> Any:
    return F.where((a == 0) & (b >= 0), 0.0, F.power_log(a, b, 0.0))


_LEAST = 1e-290
"""A power below this has lost digits, or is zero where a derivative of it is not."""


def _closed_by_base(F: Any, y: Any, a: Any, b: Any) -> Any:
    """b*y/a, but where that loses what b*a**(b - 1) does not; whole exponents come to an end without it."""
    if isinstance(b, (int, float)) and b >= 0 and b == int(b):
        return _of_base(F, y, a, b)
    whole = (b >= 0) & (b == F.floor(b))
    return F.where(whole | (F.abs(y) < _LEAST), _of_base(F, y, a, b), b * y * F.reciprocal(a))


def _closed_by_exponent(F: Any, y: Any, a: Any, b: Any) -> Any:
    return F.where((a > 0) & (y >= _LEAST), y * F.log(a), _of_exponent(F, y, a, b))


power = elementwise(
    "power(a, b)",
    torch="pow",
    d=[_of_base, _of_exponent],
    closed=[_closed_by_base, _closed_by_exponent],
    numpy=_power,
    scalar="pow",
    whole=pow,
    sympy=lambda S, a, b: a**b,
    operator="**",
    aliases=("pow", "float_power"),
    keywords={"input": "a", "exponent": "b"},
    domain=_BASES,
    flops=20,
    convention="x**0 has derivative 0 by x, 0**y by y >= 0; nan by the exponent of a negative base",
    accuracy=f"second {_BEYOND}",
    complex=lambda F, a, b: F.complex_power(a, b),
    defined="a > 0, and a < 0 where b is a whole number",
    doc="a to the power b.",
)

power_lowered = elementwise(
    "power_lowered(a, b, n)",
    torch="pow",
    d=[
        lambda F, y, a, b, n: _unless_constant(F, a, b, n, lambda: (b - n) * F.power_lowered(a, b, n + 1.0)),
        lambda F, y, a, b, n: F.where((a == 0) & (b >= n), 0.0, y * F.log(a)),
        None,
    ],
    numpy=_power_lowered,
    scalar=_lowered_of_floats,
    sympy=lambda S, a, b, n: a ** (b - n),
    domain=(*_BASES, (0, 1)),
    flops=30,
    internal=True,
    accuracy=_BEYOND,
    doc="a to the power b - n.",
)

power_slope = elementwise(
    "power_slope(a, b, n)",
    torch="pow",
    d=[
        lambda F, y, a, b, n: _unless_constant(F, a, b, n, lambda: (b - n) * F.power_slope(a, b, n + 1.0)),
        lambda F, y, a, b, n: F.where((a == 0) & (b >= n), 0.0, F.power_lowered(a, b, n) + y * F.log(a)),
        None,
    ],
    numpy=lambda a, b, n: _times_power(b, a, b, n),
    scalar=_slope_of_floats,
    sympy=lambda S, a, b, n: b * a ** (b - n),
    domain=(*_BASES, (0, 1)),
    flops=40,
    internal=True,
    accuracy=_BEYOND,
    doc="b times a to the power b - n: with n = 1 the derivative of a power by its base.",
)

power_log = elementwise(
    "power_log(a, b, n)",
    torch="pow",
    d=[
        lambda F, y, a, b, n: (b - n) * F.power_log(a, b, n + 1.0) + F.power_lowered(a, b, n + 1.0),
        lambda F, y, a, b, n: y * F.log(a),
        None,
    ],
    numpy=lambda a, b, n: _times_power(np.log(a), a, b, n),
    scalar=lambda a, b, n: _times_power_of_floats(math.log(a), a, b, n),
    sympy=lambda S, a, b, n: a ** (b - n) * S.log(a),
    domain=(*_BASES, (0, 1)),
    flops=40,
    internal=True,
    accuracy=_BEYOND,
    doc="a to the power b - n, times log(a): with n = 0 the derivative of a power by its exponent.",
)
