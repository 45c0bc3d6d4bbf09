"""The backward pass: cotangents from the output back to the inputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.errors import NotDifferentiable
from engine.graph import Graph, Places
from engine.limits import Deadline


def pullback(
    F: Any,
    graph: Graph,
    values: Sequence[Any],
    seeds: Mapping[int, Any],
    active: Sequence[Places],
    deadline: Deadline,
    wanted: Collection[int] | None = None,
) -> list[Any]:
    """The cotangent of every active node, by its place in the graph; ``None`` is zero.

    Where only those of the nodes ``wanted`` matter, the others are let go as soon as they are passed on.

    ``values`` are the nodes' values as ``F`` has them, ``seeds`` the cotangents that come from outside (that of
    the output, as a rule), ``active`` says where they are wanted (`Graph.active`). Reverse accumulation, as in
    A. Griewank and A. Walther, "Evaluating Derivatives" (2008), section 3.2: a node is reached after all that
    use it, so its cotangent is complete when it is passed on.
    """
    cotangents: list[Any] = [None] * len(graph.nodes)
    for i, seed in seeds.items():
        if active[i]:
            cotangents[i] = seed
    last = max(seeds, default=-1)
    if F.shapeless:
        _over_numbers(F, graph, values, cotangents, active, last, deadline)
    else:
        with deadline.watching():
            _over_tensors(F, graph, values, cotangents, active, last, deadline, wanted)
    return cotangents


def _over_tensors(
    F: Any,
    graph: Graph,
    values: Sequence[Any],
    cotangents: list[Any],
    active: Sequence[Places],
    last: int,
    deadline: Deadline,
    keep: Collection[int] | None,
) -> None:
    for i in range(last, -1, -1):
        ct = cotangents[i]
        node = graph.nodes[i]
        operands = node.operands
        if ct is None or not operands:
            continue
        deadline.check()
        if keep is not None and i not in keep:
            cotangents[i] = None
        wanted = active[i]
        xs = [values[j] for j in operands]
        try:
            row = node.primitive
            back = row.adjoint if graph.complex else row.pullback
            found = back(F, ct, values[i], xs, node.params, wanted)
        except NotDifferentiable as error:
            error.span = error.span or node.span
            raise
        for k, contribution in zip(wanted, found, strict=True):
            if contribution is not None:
                j = operands[k]
                present = cotangents[j]
                cotangents[j] = contribution if present is None else present + contribution


def _over_numbers(
    F: Any,
    graph: Graph,
    values: Sequence[Any],
    cotangents: list[Any],
    active: Sequence[Places],
    last: int,
    deadline: Deadline,
) -> None:
    """The same walk where every value is a single number: all active nodes are elementwise, and nothing needs fitting.

    Small programs spend most of their time here, so the rows' chain steps are called without anything between.
    """
    nodes = graph.nodes
    for i in range(last, -1, -1):
        ct = cotangents[i]
        if ct is None:
            continue
        node = nodes[i]
        operands = node.operands
        if not operands:
            continue
        if not i & 1023:
            deadline.check()
        steps = node.primitive.steps  # type: ignore[attr-defined]
        if len(operands) == 2:
            xs: Sequence[Any] = (values[operands[0]], values[operands[1]])
        else:
            xs = [values[j] for j in operands]
        for k in active[i]:
            try:
                contribution = steps[k](F, ct, values[i], xs)
            except NotDifferentiable as error:
                error.span = error.span or node.span
                raise
            if contribution is not None:
                j = operands[k]
                present = cotangents[j]
                cotangents[j] = contribution if present is None else present + contribution
