"""The forward pass of derivatives: tangents from the inputs on to the output."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.errors import NotDifferentiable
from engine.graph import Graph
from engine.limits import Deadline


def pushforward(
    F: Any,
    graph: Graph,
    values: Sequence[Any],
    seeds: Mapping[int, Any],
    deadline: Deadline,
    wanted: Collection[int] | None = None,
) -> list[Any]:
    """The tangent of every node, by its place in the graph; ``None`` is zero.

    ``values`` are the nodes' values as ``F`` has them, ``seeds`` the tangents of inputs. Where only those of the nodes
    ``wanted`` matter, the others are let go as soon as nothing needs them. Forward accumulation: A. Griewank and
    A. Walther, "Evaluating Derivatives" (2008), section 3.1.
    """
    tangents: list[Any] = [None] * len(graph.nodes)
    count = len(graph) if wanted is None else max(wanted, default=-1) + 1
    with deadline.watching():
        for i, node in enumerate(graph.nodes[:count]):
            if i in seeds:
                tangents[i] = seeds[i]
            elif node.primitive.differentiable:
                ts = [tangents[j] for j in node.operands]
                if any(t is not None for t in ts):
                    deadline.check()
                    xs = [values[j] for j in node.operands]
                    try:
                        tangents[i] = node.primitive.pushforward(F, ts, values[i], xs, node.params)
                    except NotDifferentiable as error:
                        error.span = error.span or node.span
                        raise
                    if wanted is not None:
                        del ts
                        for j in graph.dying[i]:
                            if j not in wanted:
                                tangents[j] = None
    return tangents
