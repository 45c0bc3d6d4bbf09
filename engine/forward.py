"""One forward pass: the graph with its values, from which every derivative starts."""

from __future__ import annotations

from collections.abc import Iterable
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
        return self.graph.nodes[self.graph.output]

    def leaf(self, name: str) -> Node:
        """The node of an input."""
        return self.graph.nodes[self.graph.inputs[name]]

    def over_arrays(self) -> None:
        """Values as NumPy has them; nothing to do where they are that already."""
        if self.F is not ARRAYS:
            self.F = ARRAYS
            self.values = arrays.evaluate(self.graph, self.point.arrays(), self.deadline)

    def require_floating(self) -> None:
        """Raise `DtypeError` where the output is no floating-point number, and so has no derivative."""
        if self.output.dtype not in INEXACT:
            raise DtypeError(
                f"the output is {self.output.dtype}, which has no derivative",
                span=self.output.span,
                hint="end with a floating-point expression, such as where(condition, a, b)",
            )

    def pullback(self, seed: Any, wrt: Iterable[int]) -> list[Any]:
        """The cotangents of all nodes between the inputs ``wrt`` and the output, whose cotangent is ``seed``."""
        active = self.graph.active(frozenset(wrt))
        seeds: dict[int, Any]
        if self.F is FLOATS:
            try:
                seeds = {self.graph.output: float(seed)}
                return pullback(FLOATS, self.graph, self.values, seeds, active, self.deadline)
            except floats.FAULTS:
                self.over_arrays()
        with np.errstate(all="ignore"):
            seeds = {self.graph.output: np.asarray(seed, dtype=self.output.storage)[()]}
            return pullback(ARRAYS, self.graph, self.values, seeds, active, self.deadline)
