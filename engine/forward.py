"""One forward pass: the graph with its values, from which every derivative starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from engine.errors import DtypeError
from engine.graph import Graph, Node
from engine.interpret import arrays, floats
from engine.interpret.arrays import ARRAYS
from engine.interpret.floats import FLOATS
from engine.limits import Deadline, Limits
from engine.point import Point
from engine.shapes import INEXACT
from engine.transform.pullback import pullback
from engine.transform.pushforward import pushforward


class Forward:
    """A graph that has run at a point.

    A scalar program runs over floats. Where floats do not suffice (they cannot say infinity), or a question
    needs arrays, `over_arrays` runs it again.
    """

    __slots__ = ("F", "deadline", "graph", "limits", "point", "values")

    def __init__(self, graph: Graph, point: Point, limits: Limits, deadline: Deadline | None = None) -> None:
        self.graph = graph
        self.point = point
        self.limits = limits
        self.deadline = deadline or Deadline(limits.seconds)
        self.F: Any = FLOATS
        if graph.scalar:
            try:
                self.values = floats.evaluate(graph, point.values)
                return
            except floats.FAULTS:
                pass
        self.over_arrays()

    @property
    def output(self) -> Node:
        """The output of a program that has one."""
        return self.graph.nodes[self.graph.output]

    @property
    def outputs(self) -> list[Node]:
        return [self.graph.nodes[i] for i in self.graph.outputs]

    def leaf(self, name: str) -> Node:
        """The node of an input."""
        return self.graph.nodes[self.graph.inputs[name]]

    def over_arrays(self) -> None:
        """Values as NumPy has them; nothing to do where they are that already."""
        if self.F is not ARRAYS:
            self.F = ARRAYS
            self.values = arrays.evaluate(self.graph, self.point.arrays(), self.deadline)

    def further(self, graph: Graph) -> Forward:
        """The pass of a graph that goes on where this one's ends: what is computed already is taken over.

        It runs over floats where this one did and they suffice; this one stays as it is then.
        """
        made = Forward.__new__(Forward)
        made.graph, made.point, made.limits, made.deadline, made.F = (
            graph,
            self.point,
            self.limits,
            self.deadline,
            self.F,
        )
        if self.F is FLOATS and graph.scalar:
            try:
                made.values = floats.evaluate(graph, self.point.values, self.values)
                return made
            except floats.FAULTS:
                pass
        self.over_arrays()
        made.F = ARRAYS
        made.values = arrays.evaluate(graph, self.point.arrays(), self.deadline, self.values)
        return made

    def require_floating(self) -> None:
        """Raise `DtypeError` where no output is a floating-point number, and so none has a derivative."""
        nodes = self.graph.nodes
        for i in self.graph.outputs:
            if nodes[i].dtype in INEXACT:
                return
        kinds = " and ".join(dict.fromkeys(node.dtype for node in self.outputs))
        raise DtypeError(
            f"the output is {kinds}, which has no derivative",
            span=self.outputs[0].span,
            hint="end with a floating-point expression, such as where(condition, a, b)",
        )

    def pullback(self, seeds: Mapping[int, Any], wrt: Iterable[int]) -> list[Any]:
        """The cotangents of all nodes between the inputs ``wrt`` and the outputs, of which ``seeds`` are the cotangents
        by node.
        """
        active = self.graph.active(frozenset(wrt))
        if self.F is FLOATS:
            try:
                plain = {i: float(seed) for i, seed in seeds.items()}
                return pullback(FLOATS, self.graph, self.values, plain, active, self.deadline)
            except floats.FAULTS:
                self.over_arrays()
        with np.errstate(all="ignore"):
            nodes = self.graph.nodes
            arrays = {i: np.asarray(seed, dtype=nodes[i].storage)[()] for i, seed in seeds.items()}
            return pullback(ARRAYS, self.graph, self.values, arrays, active, self.deadline)

    def pushforward(self, seeds: Mapping[int, Any], wanted: Collection[int]) -> list[Any]:
        """The tangents of the nodes ``wanted``, by the place of every node; ``seeds`` are those of inputs, by node."""
        if self.F is FLOATS:
            try:
                plain = {i: float(seed) for i, seed in seeds.items()}
                return pushforward(FLOATS, self.graph, self.values, plain, self.deadline, wanted)
            except floats.FAULTS:
                self.over_arrays()
        with np.errstate(all="ignore"):
            nodes = self.graph.nodes
            arrays = {i: np.asarray(seed, dtype=nodes[i].storage)[()] for i, seed in seeds.items()}
            return pushforward(ARRAYS, self.graph, self.values, arrays, self.deadline, wanted)
