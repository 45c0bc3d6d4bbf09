"""A plain number in a formula."""

from __future__ import annotations

import math
from fractions import Fraction

_CONSTANTS = {
    "1": 1.0, "pi": math.pi, "log(2)": math.log(2), "log(10)": math.log(10), "sqrt(2)": math.sqrt(2),
    "sqrt(pi)": math.sqrt(math.pi), "sqrt(2 * pi)": math.sqrt(2 * math.pi),
}  # fmt: skip
"""Numbers that are better known by their names, and so are small multiples and fractions of them."""

_SHORT = 10
"""A number of so few characters is shown as it is."""

_SMALL = 360
"""The largest numerator and denominator of a small fraction: a full turn has so many degrees."""


def number(x: float) -> str:
    """A number as one writes it: a whole one without a point, a famous one by its name.

    >>> number(2.0), number(0.0174532925199432957), number(-1 / math.sqrt(2 * math.pi)), number(0.7)
    ('2', 'pi / 180', '-(1 / sqrt(2 * pi))', '0.7')
    """
    if not math.isfinite(x):
        return str(x)
    if x == int(x) and abs(x) < 1e15:
        return f"{x + 0.0:.0f}"
    return (_famous(x) if len(repr(x)) > _SHORT and 1e-3 < abs(x) < 1e3 else None) or repr(float(x))


def _famous(x: float) -> str | None:
    for name, constant in _CONSTANTS.items():
        near = Fraction(x / constant).limit_denominator(_SMALL)
        if _same(near, x / constant):
            top = name if abs(near.numerator) == 1 else f"{abs(near.numerator)} * {name}"
            return _signed(x, top if near.denominator == 1 else f"{top} / {near.denominator}")
        near = Fraction(x * constant).limit_denominator(_SMALL)
        if _same(near, x * constant):
            below = name if near.denominator == 1 else f"({near.denominator} * {name})"
            return _signed(x, f"{abs(near.numerator)} / {below}")
    return None


def _same(near: Fraction, ratio: float) -> bool:
    return 0 < abs(near.numerator) <= _SMALL and abs(float(near) - ratio) <= 4e-16 * abs(ratio)


def _signed(x: float, text: str) -> str:
    return f"-({text})" if x < 0 else text
