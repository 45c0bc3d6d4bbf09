"""The autograd graph as JSON: nodes in topological order, with the attributes that PyTorch gives a tensor."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import Span
from engine.forward import Forward
from engine.graph import Node
from engine.implicit.equation import Equation
from engine.language.diagnostics import Lines

FORMAT = "nabla-graph"
VERSION = 1


def document(
    forward: Forward, expression: str, names: Sequence[str], cotangents: Sequence[Any], max_elements: int
) -> dict[str, Any]:
    """The graph of a forward pass of ``expression``, with the cotangents of a backward pass as ``grad``.

    ``names`` are the inputs that require a gradient; of any tensor, and of any list of places, at most
    ``max_elements`` elements are given. ``outputs`` are the program's: one, which ``output`` is too, or the items of a
    tuple, of which ``output`` is ``None``.
    """
    graph = forward.graph
    requires = [bool(places) for places in graph.active(frozenset(graph.inputs[name] for name in names))]
    lines, functions = Lines(graph.text), _Functions(graph.definitions)
    nodes = []
    for node, value, grad in zip(graph.nodes, forward.values, cotangents, strict=True):
        forward.deadline.check()
        nodes.append(_node(node, lines, functions, value, grad, requires, max_elements))
    return {
        "format": FORMAT,
        "version": VERSION,
        "expression": expression,
        "output": None if graph.is_tuple else graph.output,
        "outputs": list(graph.outputs),
        "inputs": graph.inputs,
        "nodes": nodes,
    }


class _Functions:
    """The program's own functions by where they are defined, which tells whose text a node comes from."""

    def __init__(self, definitions: dict[Span, str]) -> None:
        self.definitions = sorted(definitions.items())
        self.starts = [start for (start, _), _ in self.definitions]
        self.around: list[int] = []  # for each definition the one that it stands in
        for place, ((start, _), _) in enumerate(self.definitions):
            outer = place - 1
            while outer >= 0 and self.definitions[outer][0][1] <= start:
                outer = self.around[outer]
            self.around.append(outer)

    def of(self, span: Span | None) -> str | None:
        """The innermost function whose definition a piece of text is in."""
        place = -1 if span is None else bisect_right(self.starts, span[0]) - 1
        while span is not None and place >= 0:
            (_, end), name = self.definitions[place]
            if span[1] <= end:
                return name
            place = self.around[place]
        return None


def _node(
    node: Node,
    lines: Lines,
    functions: _Functions,
    value: Any,
    grad: Any,
    requires: Sequence[bool],
    limit: int,
) -> dict[str, Any]:
    leaf = not requires[node.id] or not node.operands
    data, truncated = _elements(value, limit)
    return {
        "id": node.id,
        "op": node.primitive.name,
        "name": node.name,
        "inputs": list(node.operands),
        "params": {k: _param(v, limit) for k, v in node.params.items() if node.operands and not k.startswith("_")},
        "data": data,
        "shape": list(node.shape),
        "dtype": node.storage,
        "truncated": truncated,
        "grad": None if grad is None else _elements(np.broadcast_to(grad, node.shape), limit)[0],
        "grad_fn": None if leaf else _grad_fn(node, requires),
        "is_leaf": leaf,
        "requires_grad": requires[node.id],
        "span": _span(node, lines),
        "call": node.call or functions.of(node.span),
    }


def _grad_fn(node: Node, requires: Sequence[bool]) -> dict[str, Any]:
    return {"name": node.primitive.grad_fn, "next_functions": [i for i in node.operands if requires[i]]}


def _span(node: Node, lines: Lines) -> dict[str, int] | None:
    if node.span is None:
        return None
    start, end = node.span
    line, column = lines.locate(start)
    return {"start": start, "end": end, "line": line, "column": column}


def _elements(value: Any, limit: int) -> tuple[Any, bool]:
    """A value as nested lists; one with too many elements as a flat list of the first of them."""
    if np.size(value) <= limit:
        return (value.tolist() if hasattr(value, "tolist") else value), False
    return np.ravel(value)[:limit].tolist(), True


def _param(value: Any, limit: int) -> Any:
    """A static parameter as JSON has it: a slice is spelled as in an index, and of many places the first are given."""
    if isinstance(value, tuple):
        return [_param(item, limit) for item in value]
    if isinstance(value, np.ndarray):
        return _elements(value, limit)[0]
    if isinstance(value, Equation):
        return repr(value)
    if isinstance(value, slice):
        return ":".join("" if part is None else str(part) for part in (value.start, value.stop, value.step))
    return value
