"""The backward pass: cotangents from the output back to the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.graph import Graph
from engine.limits import Deadline


def pullback(
    F: Any,
    graph: Graph,
    values: Sequence[Any],
    seeds: Mapping[int, Any],
    active: Sequence[bool],
    deadline: Deadline,
) -> list[Any]:
    """The cotangent of every active node, by its place in the graph; ``None`` is zero.

    ``values`` are the nodes' values as ``F`` has them, ``seeds`` the cotangents that come from outside (that of
    the output, as a rule), ``active`` says which nodes need one (`Graph.active`). Reverse accumulation, as in
    A. Griewank and A. Walther, "Evaluating Derivatives" (2008), section 3.2: a node is reached after all that
    use it, so its cotangent is complete when it is passed on.
    """
    cotangents: list[Any] = [None] * len(graph.nodes)
    for i, seed in seeds.items():
        if active[i]:
            cotangents[i] = seed
    for i in range(max(seeds, default=-1), -1, -1):
        ct = cotangents[i]
        if ct is None:
            continue
        node = graph.nodes[i]
        operands = node.operands
        if not operands:
            continue
        if not i & 63:
            deadline.check()
        wanted = [k for k, j in enumerate(operands) if active[j]]
        xs = [values[j] for j in operands]
        for k, contribution in zip(
            wanted, node.primitive.pullback(F, ct, values[i], xs, node.params, wanted), strict=True
        ):
            if contribution is not None:
                j = operands[k]
                present = cotangents[j]
                cotangents[j] = contribution if present is None else present + contribution
    return cotangents
