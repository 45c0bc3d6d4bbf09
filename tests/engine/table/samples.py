"""Operands to try a function on, from what its row says of itself."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import ExpressionError
from engine.functions import FUNCTIONS
from engine.graph import NO_PARAMS, Params
from engine.interpret.build import Builder
from engine.kinds import PRIMITIVES
from engine.shapes import Shape

LEAVES = ("input", "constant")

TABLE: dict[str, Any] = {
    **{name: row for name, row in PRIMITIVES.items() if name not in LEAVES},
    **{f.name: f for f in FUNCTIONS.values() if f.kind == "composition"},
}
"""Everything under test: each row that computes, internal ones too, and each composition."""


def is_pointwise(function: Any) -> bool:
    """Whether it acts on each element on its own, so that any shapes that broadcast will do."""
    return function.kind == "elementwise" or (function.kind != "composition" and is_plain_flat(function)) or (
        function.kind == "composition" and bool(function.sympy) and not function.examples
    )


def is_plain_flat(function: Any) -> bool:
    return function.kind == "flat" and not function.signature.static


def smooth(function: Any) -> list[int]:
    """The places of the operands that have a derivative; all where there are any number of operands."""
    if function.kind == "elementwise":
        return [k for k, partial in enumerate(function.partials) if partial is not None]
    return [] if function.kind == "flat" else list(range(99))


@dataclass(frozen=True)
class Case:
    """A call: the shapes of the operands (``None``: left out) and the static parameters."""

    shapes: tuple[Shape | None, ...]
    params: Params

    def __str__(self) -> str:
        shapes = ", ".join(map(str, self.shapes))
        return f"{shapes} {self.params or ''}".strip()

    @property
    def empty(self) -> bool:
        return any(s is not None and 0 in s for s in self.shapes)


BROADCAST: tuple[Shape, ...] = ((3, 1), (4,), ())
SOLID: tuple[Shape, ...] = ((2, 3, 2), (3, 1), (2, 1, 1))


def cases(function: Any) -> list[Case]:
    """The calls to try: of an elementwise function scalars, vectors, broadcasting, 3-D and empty operands; of any
    other its examples, and what is left of them when a length becomes 0. None where the row has no facts to go by.
    """
    if is_pointwise(function):
        n = len(function.signature.operands)
        shapes = [((),) * n, ((3,),) * n, BROADCAST[:n], SOLID[:n], ((0,),) * n, ((0, 1), (1,), ())[:n]]
        return [Case(s, NO_PARAMS) for s in shapes]
    given = [Case(tuple(shapes), params) for shapes, params in function.examples]
    return given + [case for case in map(dict.fromkeys, [emptied(function, given)]) for case in case]


def emptied(function: Any, given: list[Case]) -> list[Case]:
    """The examples with every axis of one length emptied, as far as that is legal."""
    found: dict[str, Case] = {}
    for case in given:
        for length in sorted({n for s in case.shapes if s for n in s if n}):
            shapes = tuple(s and tuple(0 if n == length else n for n in s) for s in case.shapes)
            made = Case(shapes, case.params)
            if is_legal(function, made):
                found.setdefault(str(made), made)
    return list(found.values())


def is_legal(function: Any, case: Case) -> bool:
    try:
        traced(function, case)
    except (ExpressionError, IndexError):
        return False
    return True
