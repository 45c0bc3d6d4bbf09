"""The interpreter over NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import ExpressionError
from engine.graph import Graph, Node
from engine.kinds import Primitive
from engine.limits import Deadline
from engine.namespace import Namespace, Rule
from engine.shapes import type_of


class Arrays(Namespace):
    """``F`` over arrays: every function computes at once. Floating-point faults give infinities and nans."""

    def primitive(self, row: Primitive) -> Rule:
        return row.numpy


ARRAYS = Arrays()


def run(node: Node, operands: list[Any]) -> Any:
    """The value of one node, in the element type that the graph foretold; an error of the row is located there."""
    try:
        value = node.primitive.numpy(*operands, **node.params)
    except ExpressionError as error:
        error.span = error.span or node.span
        raise
    if node.dtype == "weak":
        return float(value)
    return value if type_of(value) == node.dtype else value.astype(node.dtype)


def evaluate(graph: Graph, inputs: Mapping[str, Any], deadline: Deadline) -> list[Any]:
    """The values of all nodes, in the order of the graph; ``inputs`` by name."""
    values: list[Any] = []
    with deadline.watching(), np.errstate(all="ignore"):
        for node in graph.nodes:
            if node.operands:
                deadline.check()
                values.append(run(node, [values[i] for i in node.operands]))
            else:
                values.append(node.params["value"] if node.params else inputs[str(node.name)])
    return values
