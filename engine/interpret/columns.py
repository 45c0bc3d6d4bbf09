"""The interpreter over columns: a scalar program at many points at once, and at each to the last bit as over floats.

NumPy's elementary functions are not those of ``math``, and may give another last bit where an element stands elsewhere
in an array. So a row is computed on whole arrays only where it says that this gives the bits of its scalar function
(``alike``: the arithmetic that IEEE 754 fixes, and what moves numbers about); of all others the scalar function runs
number by number. What Python spends on a program is still spent once for all points of a column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from itertools import product, repeat
from math import inf, nan
from typing import Any

import numpy as np

from engine.graph import Graph
from engine.kinds import Primitive
from engine.namespace import Namespace, Operators, Rule

FAULTS = (ArithmeticError, ValueError)
"""What a function of floats raises in place of an infinity or a nan, as `engine.interpret.floats` has it."""


class Column(Operators):
    """One number, or truth value, at each of many points. To a rule it is a plain number."""

    __slots__ = ("_numbers", "array", "space")

    shape = ()
    dtype = "weak"

    def __init__(self, space: Columns, array: Any) -> None:
        self.space = space
        self.array = array
        self._numbers: list[Any] | None = None

    @property
    def numbers(self) -> list[Any]:
        """The column as Python's own floats and truth values."""
        if self._numbers is None:
            self._numbers = self.array.tolist()
        return self._numbers


class Columns(Namespace):
    """``F`` over columns of one ``length`` and floats that all points share.

    ``faults`` marks the points at which a walk over floats may raise one of `FAULTS`: what is computed there does not
    count. One that all points have is raised here too.
    """

    shapeless = True

    def __init__(self, length: int) -> None:
        self.length = length
        self.faults = np.zeros(length, dtype=bool)

    def primitive(self, row: Primitive) -> Rule:
        scalar = row.scalar
        if scalar is None:
            raise ArithmeticError(f"{row.name} is not a function of plain floats")
        many = self._at_once(row, row.alike) if row.alike else self._one_by_one(scalar, _is_truth(row))

        def apply(*xs: Any, **params: Any) -> Any:
            if any(x.__class__ is Column for x in xs):
                return Column(self, many(*xs, **params))
            return scalar(*xs, **params)

        return apply

    def shape(self, x: Any) -> tuple[int, ...]:
        return ()

    def _at_once(self, row: Primitive, rule: Rule) -> Rule:
        raises = _raises(row)

        def many(*xs: Any, **params: Any) -> Any:
            found = rule(*[x.array if x.__class__ is Column else x for x in xs], **params)
            if raises and not np.isfinite(found).all():
                self.faults |= ~np.isfinite(found)
            return found

        return many

    def _one_by_one(self, scalar: Rule, truth: bool) -> Rule:
        kind = bool if truth else float

        def many(*xs: Any, **params: Any) -> Any:
            lists = [x.numbers if x.__class__ is Column else repeat(x, self.length) for x in xs]
            rule = partial(scalar, **params) if params else scalar
            try:
                return np.fromiter(map(rule, *lists), dtype=kind, count=self.length)
            except FAULTS:
                return np.fromiter(self._known(rule, zip(*lists, strict=True)), dtype=kind, count=self.length)

        return many

    def _known(self, rule: Rule, operands: Any) -> Any:
        """The values where there are any; where there is none the point is marked."""
        for place, xs in enumerate(operands):
            try:
                yield rule(*xs)
            except FAULTS:
                self.faults[place] = True
                yield nan


def evaluate(F: Columns, graph: Graph, inputs: Mapping[str, Any], known: Sequence[Any] = ()) -> list[Any]:
    """The values of all nodes of a scalar graph, of which the first may be ``known``."""
    values: list[Any] = list(known)
    for node in graph.nodes[len(values) :]:
        operands = node.operands
        if operands:
            values.append(getattr(F, node.primitive.name)(*[values[i] for i in operands]))
        else:
            values.append(node.params["value"] if node.params else inputs[str(node.name)])
    return values


def _is_truth(row: Primitive) -> bool:
    return row.result_dtype == "bool"


_EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308, inf, -inf, nan)


@cache
def _raises(row: Primitive) -> bool:
    """Whether the row's scalar function raises one of `FAULTS` anywhere, as those of IEEE arithmetic do at edges."""
    assert row.scalar
    for xs in product(_EDGES, repeat=len(row.signature.operands)):
        try:
            row.scalar(*xs)
        except FAULTS:
            return True
    return False
