"""What a function takes: the shapes of its operands and result, where it is defined, and numbers from there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import cycle

import numpy as np

from engine.interpret.arrays import ARRAYS
from engine.kinds import Elementwise, Function, Unknown
from engine.reference.call import literal
from engine.reference.derivative import is_pointwise
from engine.reference.traces import Trace, traces


def shapes(function: Function) -> list[str]:
    """What goes in and what comes out, in words or by examples.

    >>> from engine.functions import FUNCTIONS
    >>> shapes(FUNCTIONS["exp"]), shapes(FUNCTIONS["sum"])[2]
    (['any shape, which the result has too'], '(2, 3), axis=1 → (2,)')
    """
    if function.shapes:
        return [function.shapes]
    if is_pointwise(function) or not function.examples:
        several = len(function.signature.operands) > 1
        return ["any that broadcast together" if several else "any shape, which the result has too"]
    return list(dict.fromkeys(map(_shown, traces(function))))


def _shown(call: Trace) -> str:
    given, params = call.example
    taken = ["None" if x is None else literal(x) for x in given]
    while taken and taken[-1] == "None":
        taken.pop()
    statics = [f"{name}={literal(value)}" for name, value in params.items() if not name.startswith("_")]
    return f"{', '.join([*taken, *statics])} → {', '.join(str(node.shape) for node in call.results)}"


def domain(function: Function) -> list[str]:
    """Where the function is defined, a condition for each operand that has one; none means everywhere.

    >>> from engine.functions import FUNCTIONS
    >>> domain(FUNCTIONS["log"]), domain(FUNCTIONS["arcsin"]), domain(FUNCTIONS["exp"])
    (['x > 0'], ['-1 <= x <= 1'], [])
    """
    if function.defined:
        return [] if function.defined == "everywhere" else [function.defined]
    return list(_intervals(function))


def _intervals(function: Function) -> Iterator[str]:
    for k, (name, (low, high)) in enumerate(zip(function.signature.operands, cycle(function.domain), strict=False)):
        less, more = (_sign(function, k, edge) for edge in (low, high))
        if math.isfinite(low) and math.isfinite(high):
            yield f"{low:g} {less} {name} {more} {high:g}"
        elif math.isfinite(low):
            yield f"{name} {less.replace('<', '>')} {low:g}"
        elif math.isfinite(high):
            yield f"{name} {more} {high:g}"


def _sign(function: Function, place: int, edge: float) -> str:
    """``<=`` where the edge of an interval belongs to it: the function has a value there."""
    if not (math.isfinite(edge) and is_pointwise(function)):
        return "<"
    point = numbers(function)
    point[place] = edge
    with np.errstate(all="ignore"):
        value = getattr(ARRAYS, function.name)(*map(np.float64, point))
    return "<=" if np.isfinite(value) else "<"


PLAIN = (0.5, 1.5, 2.5, 0.25, 1.25, 3.0)
"""Numbers that one can follow, for operands that are numbers."""

GOLDEN = (math.sqrt(5) - 1) / 2


def numbers(function: Function) -> list[float]:
    """A number for each operand of a function of elements, from its domain; a whole one where no derivative is by it.

    >>> from engine.functions import FUNCTIONS
    >>> numbers(FUNCTIONS["arccosh"]), numbers(FUNCTIONS["where"])
    ([2.19], [2.0, 1.5, 2.5])
    """
    found = []
    for k, (_, (low, high)) in enumerate(zip(function.signature.operands, cycle(function.domain), strict=False)):
        plain = PLAIN[k % len(PLAIN)]
        found.append(2.0 if is_fixed(function, k) else plain if low < plain < high else inside(low, high, k))
    return found


def is_fixed(function: Function, place: int) -> bool:
    """Whether there is no derivative by an operand of a function of elements."""
    return isinstance(function, Elementwise) and isinstance(function.partials[place], Unknown | None)


def inside(low: float, high: float, k: int) -> float:
    """The k-th of numbers that scatter over the middle of an interval, with two decimals."""
    low, high = max(low, -2.0), min(high, 2.0 if low < 1 else low + 2)
    margin = 0.1 * (high - low)
    return round(low + margin + (high - low - 2 * margin) * ((k + 1) * GOLDEN % 1), 2)
