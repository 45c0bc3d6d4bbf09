"""What is true of a function, from sources that share nothing with the engine's rules.

A function's value at many digits comes from its `sympy` spelling, from a definition below, or from the row's own
function of arrays, run over mpmath's numbers (sums, products and shapes are defined by NumPy itself). Its derivatives
are differences of the value at so many digits that they are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import Any

import mpmath
import numpy as np
import sympy

from engine.kinds import Primitive
from tests.engine.table.definitions import DEFINITIONS
from tests.engine.table.exact import Exact, each, exactly
from tests.engine.table.samples import TABLE, is_pointwise

STEP = mpmath.mpf(10) ** -25
DIFFERENCE_DIGITS = 130
"""Central differences with `STEP` have an error of 1e-50, and lose at most 75 digits at order 3."""


def definition(function: Any) -> Exact | None:
    """The function over arrays of mpmath's numbers, or ``None`` where nothing says what it is."""
    if function.name in DEFINITIONS:
        return DEFINITIONS[function.name]
    if function.sympy is not None or is_pointwise(function):
        return each(numeric(function.name), len(function.signature.operands))
    if isinstance(function, Primitive):
        return lambda *xs, **params: np.asarray(
            function.numpy(*xs, **function.bind([x.shape for x in xs], params)), dtype=object
        )
    named = getattr(np, function.name, None)
    return named and (lambda *xs, **params: np.asarray(named(*xs, **params), dtype=object))


# SymPy


def symbols(function: Any) -> list[sympy.Symbol]:
    return [sympy.Symbol(name, real=True) for name in function.signature.operands]


@cache
def spelled(name: str) -> Any:
    """The function as SymPy writes it; raises `AttributeError` where SymPy has no such function."""
    function = TABLE[name]
    spelling = function.sympy or name
    xs = symbols(function)
    expression = spelling(sympy, *xs) if callable(spelling) else getattr(sympy, spelling)(*xs)
    return expression.rewrite(sympy.Piecewise) if expression.has(sympy.Max, sympy.Min) else expression


@cache
def numeric(name: str) -> Callable[..., Any]:
    """The function over mpmath's numbers."""
    return sympy.lambdify(symbols(TABLE[name]), spelled(name), modules="mpmath")


# Differences


def directional(function: Exact, xs: Sequence[Any], along: Sequence[Sequence[Any]], weights: Any) -> Any:
    """The derivative of ⟨weights, function(xs)⟩ along each of the directions in turn, by central differences."""
    with mpmath.workdps(DIFFERENCE_DIGITS):
        exact = [None if x is None else exactly(x) for x in xs]
        moves = [[None if v is None else exactly(v) * STEP for v in direction] for direction in along]
        w = exactly(weights)
        total = mpmath.mpf(0)
        for signs in product((1, -1), repeat=len(along)):
            at = list(exact)
            for s, move in zip(signs, moves, strict=True):
                at = [x if v is None else np.asarray(x + s * v, dtype=object) for x, v in zip(at, move, strict=True)]
            value = np.asarray(function(*at), dtype=object)
            total += int(np.prod(signs)) * sum(np.ravel(w * value).tolist(), mpmath.mpf(0))
        return total / (2 * STEP) ** len(along)
