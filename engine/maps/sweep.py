"""A scalar program at many points in one pass, where that gives what floats give at each, to the last bit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engine import derivatives
from engine.forward import Forward
from engine.graph import Graph
from engine.interpret.columns import Column, Columns, evaluate
from engine.limits import Deadline, Limits
from engine.maps.points import Points
from engine.point import Point
from engine.transform.pullback import pullback

LONGEST = 8192
"""So many points are computed at once, so that columns stay in the processor's cache."""

_BYTES = 100
"""What a node takes for each point, by estimate: its column, that of its cotangent, and both as Python's floats."""

_SWEPT: dict[str, set[str]] = {"evaluate": set(), "gradient": {"wrt", "grad_output"}}
"""The questions that scalar programs are asked over floats, with what may be asked of them."""


class Sweep:
    """A pass over the points from ``start`` to ``stop``.

    ``values`` are the outputs' and ``gradients`` those by ``names``, arrays or numbers that all points share.
    ``special`` marks points that have to be asked alone: floats may not suffice there, or there is something to be
    said about them (an infinity, a kink). Raises one of `FAULTS` where that is so at every point.
    """

    def __init__(
        self,
        graph: Graph,
        points: Points,
        start: int,
        stop: int,
        names: Sequence[str] | None,
        grad_output: Any,
        limits: Limits,
    ) -> None:
        F = Columns(stop - start)
        inputs = dict(points.whole.values)
        for name, column in points.numbers.items():
            inputs[name] = Column(F, column[start:stop])
        forward = _Swept(F, graph, Point(inputs, points.leaves, points.whole.grads), limits, points.deadline)
        self.values = [_array(forward.values[i]) for i in graph.outputs]
        self.gradients: dict[str, Any] = {}
        if names is not None:
            found = derivatives.gradient(forward, names, grad_output)
            self.gradients = {name: _array(gradient) for name, gradient in found.items()}
        self.special = F.faults
        for part in (*self.values, *self.gradients.values()):
            self.special |= ~np.isfinite(part)
        if names is not None:
            for node in graph.kinked:
                operands = [_array(forward.values[i]) for i in node.operands]
                self.special |= node.primitive.at_kink(_array(forward.values[node.id]), operands, node.params)


class _Swept(Forward):
    """A scalar graph that has run over columns."""

    __slots__ = ()

    def __init__(self, F: Columns, graph: Graph, point: Point, limits: Limits, deadline: Deadline) -> None:
        self.F, self.graph, self.point, self.limits, self.deadline = F, graph, point, limits, deadline
        self.values = evaluate(F, graph, point.values)

    def pullback(self, seeds: Mapping[int, Any], wrt: Iterable[int]) -> list[Any]:
        plain = {i: float(seed) for i, seed in seeds.items()}
        return pullback(self.F, self.graph, self.values, plain, self.graph.active(frozenset(wrt)), self.deadline)


def _array(value: Any) -> Any:
    return value.array if value.__class__ is Column else value


def is_swept(question: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a pass over many points answers a question with these arguments."""
    given = {name for name, value in arguments.items() if value is not None}
    return question in _SWEPT and given <= _SWEPT[question]


def length(graph: Graph, limits: Limits) -> int:
    """How many points go into one pass."""
    return max(1, min(LONGEST, limits.bytes // (_BYTES * len(graph))))
