"""What a function takes: the shapes of its operands and result, and where it is defined."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import numpy as np

from engine.interpret.build import Builder
from engine.kinds import Example, Function
from engine.reference.call import literal
from engine.reference.derivative import is_pointwise
from engine.shapes import Shape

_MOST = 3
"""How many examples of shapes are given."""


def shapes(function: Function) -> list[str]:
    """What goes in and what comes out, in words or by examples.

    >>> from engine.functions import FUNCTIONS
    >>> shapes(FUNCTIONS["exp"]), shapes(FUNCTIONS["sum"])[2]
    (['any shape, which the result has too'], '(2, 3), axis=1 → (2,)')
    """
    if is_pointwise(function) or not function.examples:
        several = len(function.signature.operands) > 1
        return ["any that broadcast together" if several else "any shape, which the result has too"]
    whole = [example for example in function.examples if not _is_empty(example)]
    return list(dict.fromkeys(_shown(function, example) for example in whole[:_MOST]))


def _is_empty(example: Example) -> bool:
    return any(isinstance(s, tuple) and 0 in s for s in example[0])


def _shown(function: Function, example: Example) -> str:
    given, params = example
    taken = ["None" if x is None else literal(x) for x in given]
    while taken and taken[-1] == "None":
        taken.pop()
    statics = [f"{name}={literal(value)}" for name, value in params.items() if not name.startswith("_")]
    return f"{', '.join([*taken, *statics])} → {', '.join(map(str, _results(function, example)))}"


def _results(function: Function, example: Example) -> list[Shape]:
    """The shapes of the results, found by tracing the call."""
    given, params = example
    builder = Builder()
    refs: list[Any] = []
    for k, x in enumerate(given):
        array = np.array(x) if isinstance(x, list) else None
        shape, dtype = (x, "float64") if array is None else (array.shape, array.dtype.name)
        refs.append(None if shape is None else builder.values([builder.leaf(f"x{k}", shape, dtype)])[0])
    result = getattr(builder, function.name)(*refs, **params)
    return [builder.shape(part) for part in (result if isinstance(result, tuple) else (result,))]


def domain(function: Function) -> list[str]:
    """Where the function is defined, a condition for each operand that has one; none means everywhere.

    >>> from engine.functions import FUNCTIONS
    >>> domain(FUNCTIONS["log"]), domain(FUNCTIONS["arcsin"]), domain(FUNCTIONS["exp"])
    (['x > 0'], ['-1 < x < 1'], [])
    """
    if function.defined:
        return [] if function.defined == "everywhere" else [function.defined]
    return list(_intervals(function))


def _intervals(function: Function) -> Iterator[str]:
    for name, (low, high) in zip(function.signature.operands, cycle(function.domain), strict=False):
        if math.isfinite(low) and math.isfinite(high):
            yield f"{low:g} < {name} < {high:g}"
        elif math.isfinite(low):
            yield f"{name} > {low:g}"
        elif math.isfinite(high):
            yield f"{name} < {high:g}"
