"""The interpreter over plain floats: a scalar program, at the least cost that Python allows.

Python raises where IEEE arithmetic gives an infinity or a nan (``1/0``, ``math.log(0)``, an overflow). So a walk
over floats either gives just what arrays would, or raises one of `FAULTS`; the caller then takes arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.graph import Graph
from engine.kinds import Primitive
from engine.namespace import Namespace, Rule

FAULTS = (ArithmeticError, ValueError)


class Floats(Namespace):
    """``F`` over floats."""

    shapeless = True

    def primitive(self, row: Primitive) -> Rule:
        if row.scalar is None:
            raise ArithmeticError(f"{row.name} is not a function of plain floats")
        return row.scalar

    def shape(self, x: Any) -> tuple[int, ...]:
        return ()


FLOATS = Floats()


def evaluate(graph: Graph, inputs: Mapping[str, Any], known: Sequence[Any] = ()) -> list[Any]:
    """The values of all nodes of a scalar graph, of which the first may be ``known``.

    Raises one of `FAULTS` where floats do not suffice.
    """
    values: list[Any] = list(known)
    append = values.append
    for node in graph.nodes[len(values) :] if known else graph.nodes:
        operands = node.operands
        # Written out by the number of operands: this loop is most of what a small program costs.
        if len(operands) == 2:
            append(node.primitive.scalar(values[operands[0]], values[operands[1]]))  # type: ignore[misc]
        elif len(operands) == 1:
            append(node.primitive.scalar(values[operands[0]]))  # type: ignore[misc]
        elif operands:
            append(node.primitive.scalar(*[values[i] for i in operands]))  # type: ignore[misc]
        else:
            append(node.params["value"] if node.params else inputs[node.name])  # type: ignore[index]
    return values
