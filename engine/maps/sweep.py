"""A scalar program at many points in one pass, where that gives what floats give at each, to the last bit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from engine import derivatives, jacobians
from engine.forward import Forward
from engine.graph import Graph
from engine.interpret.columns import Column, Columns, evaluate
from engine.limits import Deadline, Limits
from engine.maps.points import Points
from engine.point import Point
from engine.transform.pullback import pullback
from engine.transform.pushforward import pushforward

LONGEST = 8192
"""So many points are computed at once, so that columns stay in the processor's cache."""

_BYTES = 100
"""What a node takes for each point, by estimate: its column, that of its cotangent, and both as Python's floats."""

_SWEPT: dict[str, set[str]] = {
    "evaluate": set(),
    "gradient": {"wrt", "grad_output"},
    "hessian": {"wrt"},
    "jvp": {"tangents"},
    "hvp": {"wrt", "vectors"},
}
"""The questions that scalar programs are asked over floats, with what may be asked of them."""

_LONGER = 16
"""How many times the nodes of a program those of its second derivatives are, with their tangents, by estimate."""


class Sweep:
    """A pass over the points from ``start`` to ``stop``, for a question with the ``arguments`` of the first of them;
    ``moving`` are those tangents, by input, that are others at each of all points.

    ``fields`` are those of the answer, with arrays or numbers that all points share. ``special`` marks points that have
    to be asked alone: floats may not suffice there, or there is something to be said about them (an infinity, a kink).
    Raises one of `FAULTS` where that is so at every point.
    """

    def __init__(
        self,
        graph: Graph,
        points: Points,
        start: int,
        stop: int,
        question: str,
        arguments: Mapping[str, Any],
        moving: Mapping[str, Any],
        limits: Limits,
    ) -> None:
        F = Columns(stop - start)
        inputs = dict(points.whole.values)
        for name, column in points.numbers.items():
            inputs[name] = Column(F, column[start:stop])
        seeds = {graph.inputs[name]: Column(F, column[start:stop]) for name, column in moving.items()}
        point = Point(inputs, points.leaves, points.whole.grads)
        forward = _Swept(F, graph, point, limits, points.deadline, evaluate(F, graph, inputs), seeds)
        values = [forward.values[i] for i in graph.outputs]
        found = _derivatives(forward, question, arguments)
        self.fields: dict[str, Any] = _plainly({"value": values if graph.is_tuple else values[0], **found})
        self.special = F.faults
        for part in _parts(self.fields):
            self.special |= ~np.isfinite(part)
        for part in _parts(self.fields.get("jvp")):
            self.special |= part == 0  # it may be said why
        if question != "evaluate":
            for node in graph.kinked:
                operands = [_array(forward.values[i]) for i in node.operands]
                self.special |= node.primitive.at_kink(_array(forward.values[node.id]), operands, node.params)


def _derivatives(forward: Forward, question: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the answer beside the value, by the very functions that a single question takes."""
    if question == "evaluate":
        return {}
    if question == "jvp":
        return {"jvp": derivatives.jvp(forward, arguments["tangents"])}
    names = forward.point.wrt(arguments.get("wrt"))
    found = {"gradients": derivatives.gradient(forward, names, arguments.get("grad_output"))}
    if question == "hessian":
        return {**found, "hessians": jacobians.hessian(forward, names).blocks}
    if question == "hvp":
        return {**found, "hvp": derivatives.hvp(forward, names, arguments["vectors"])}
    return found


class _Swept(Forward):
    """A scalar graph that has run over columns; ``moving`` are the tangents, by node, that are columns too."""

    __slots__ = ("moving",)

    def __init__(
        self,
        F: Columns,
        graph: Graph,
        point: Point,
        limits: Limits,
        deadline: Deadline,
        values: list[Any],
        moving: Mapping[int, Column],
    ) -> None:
        self.F, self.graph, self.point, self.limits, self.deadline = F, graph, point, limits, deadline
        self.values, self.moving = values, moving

    def further(self, graph: Graph) -> Forward:
        if not graph.scalar:
            raise ArithmeticError("second derivatives that are not numbers")
        values = evaluate(self.F, graph, self.point.values, self.values)
        return _Swept(self.F, graph, self.point, self.limits, self.deadline, values, self.moving)

    def pullback(self, seeds: Mapping[int, Any], wrt: Iterable[int]) -> list[Any]:
        plain = {i: float(seed) for i, seed in seeds.items()}
        return pullback(self.F, self.graph, self.values, plain, self.graph.active(frozenset(wrt)), self.deadline)

    def pushforward(self, seeds: Mapping[int, Any], wanted: Collection[int]) -> list[Any]:
        tangents = {i: self.moving[i] if i in self.moving else float(seed) for i, seed in seeds.items()}
        return pushforward(self.F, self.graph, self.values, tangents, self.deadline, wanted)


def _plainly(found: Any) -> Any:
    """What may hold columns, with arrays in their place."""
    if isinstance(found, dict):
        return {name: _plainly(part) for name, part in found.items()}
    return [_plainly(part) for part in found] if isinstance(found, list) else _array(found)


def _parts(found: Any) -> Iterator[Any]:
    """The arrays and numbers in a field of an answer."""
    if isinstance(found, (dict, list)):
        for part in found.values() if isinstance(found, dict) else found:
            yield from _parts(part)
    elif found is not None:
        yield found


def _array(value: Any) -> Any:
    return value.array if value.__class__ is Column else value


def is_swept(question: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a pass over many points answers a question with these arguments."""
    given = {name for name, value in arguments.items() if value is not None}
    return question in _SWEPT and given <= _SWEPT[question]


def length(graph: Graph, question: str, limits: Limits) -> int:
    """How many points go into one pass."""
    nodes = len(graph) * (1 if question in ("evaluate", "gradient") else _LONGER)
    return max(1, min(LONGEST, limits.bytes // (_BYTES * nodes)))
