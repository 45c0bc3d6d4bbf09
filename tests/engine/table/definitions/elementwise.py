"""What arithmetic, exponential, trigonometric and choosing functions mean."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each

_nint = each(mpmath.nint)


def _truncated(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.sign(x) * mpmath.floor(abs(x))


def _div(a: Any, b: Any, rounding_mode: str | None = None) -> Any:
    rounded: dict[str | None, Exact] = {None: np.asarray, "floor": each(mpmath.floor), "trunc": each(_truncated)}
    return rounded[rounding_mode](a / b)


def _round(x: Any, decimals: int = 0) -> Any:
    scale = mpmath.mpf(10) ** decimals
    return _nint(x * scale) / scale


DEFINITIONS: dict[str, Exact] = {
    "sub": lambda a, b, alpha=1: a - alpha * b,
    "div": _div,
    "addcmul": lambda x, a, b, value=1: x + value * a * b,
    "addcdiv": lambda x, a, b, value=1: x + value * a / b,
    "lerp": lambda x, end, weight: x + weight * (end - x),
    "rint": _nint,
    "round": _round,
    "masked_fill": lambda x, mask, value: np.asarray(np.where(mask, value, x), dtype=object),
    "logical_xor": each(lambda a, b: (a != 0) != (b != 0), 2),
    "isinf": each(mpmath.isinf),
    "isposinf": each(lambda x: x == mpmath.inf),
    "isneginf": each(lambda x: x == -mpmath.inf),
    "signbit": each(lambda x: x < 0),
}
