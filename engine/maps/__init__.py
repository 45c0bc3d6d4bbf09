"""One question at many points: what a loop over them would answer, stacked along a new first axis.

The definition is the loop, and a point is answered by the very question that is asked there alone, so nothing that
depends on how many numbers are computed at once can come between. All points have the same shapes, so the program is
traced once for all of them, unless it looks at values. Values and derivatives of scalar programs are computed at
many points in one pass (`engine.maps.sweep`), number by number where that could make a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from inspect import signature
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DeadlineExceeded, DtypeError, ExpressionError, NablaError, NotDifferentiable
from engine.graph import Graph
from engine.interpret.columns import FAULTS
from engine.maps.gathered import FEWER, Gathered
from engine.maps.points import Points, Seeds
from engine.maps.sweep import Sweep, is_swept, length

if TYPE_CHECKING:
    from engine.problem import Inputs, Problem


class Mapped:
    """A problem asked at many points at once: it has the questions that `Problem` has, with the same arguments.

    The inputs ``names`` hold the points along their leading axis, and so do tangents and vectors by them, unless they
    have the shape of one point and are the same at all; the other inputs are shared by all points. A ``grad_output``
    has the shape of one output, or that with the axis of points in front; where it could be either, it is the first.
    Every tensor of the answer gains the axis of points.

    A point whose question raises an error is listed in the answer's ``failures``: its values are nan (0 or false where
    the element type knows no nan), and the others are answered. An error that every point has is raised.

    >>> from engine import Problem
    >>> answer = Problem("log(x) * y").map(["x"]).gradient({"x": [1.0, 2.0, 4.0], "y": 3.0})
    >>> answer.gradients["x"], answer.failures
    (array([3.  , 1.5 , 0.75]), [])
    """

    def __init__(self, problem: Problem, names: Iterable[str]) -> None:
        self.problem = problem
        self.names = list(names)

    def __getattr__(self, question: str) -> Callable[..., Any]:
        if question.startswith("_") or not hasattr(type(self.problem), question):
            raise AttributeError(f"a problem has no question {question}")
        return partial(self.ask, question)

    def points(self, inputs: Inputs) -> Points:
        """The points that the inputs hold."""
        return Points(self.problem.point(inputs), self.names, self.problem.limits.seconds)

    def estimate(self, inputs: Inputs, question: str, *options: Any) -> float:
        """The floating-point operations that a question takes, from those at the first point."""
        points = self.points(inputs)
        try:
            return len(points) * self.problem.estimate(points.at(0), question, *options)
        except NablaError:  # it may be that point's alone
            return inf

    def nodes(self, inputs: Inputs) -> int:
        """How many nodes the graphs of all points have."""
        points = self.points(inputs)
        if (graph := self._shared(points)) is not None:
            return len(points) * len(graph)
        return sum(self._nodes(points, place) for place in range(len(points)))

    def _nodes(self, points: Points, place: int) -> int:
        points.deadline.check()
        try:
            return self.problem.nodes(points.at(place))
        except DeadlineExceeded:
            raise
        except NablaError:
            return 0

    def _shared(self, points: Points) -> Graph | None:
        """The graph of all points, unless each has its own, or there is but one."""
        try:
            graph = self.problem.graph(points.at(0))
            return graph if len(points) > 1 and self.problem.graph(points.at(1)) is graph else None
        except DeadlineExceeded:
            raise
        except NablaError:
            return None

    def ask(self, question: str, inputs: Inputs, *given: Any, **options: Any) -> Any:
        """The answer to a question, by its name, with its arguments."""
        points = self.points(inputs)
        asked = signature(getattr(self.problem, question)).bind(points.whole, *given, **options).arguments
        seeds = Seeds(points, dict(list(asked.items())[1:]))
        return _Asked(self.problem, question, points, seeds, self._shared(points)).answer()


class _Asked:
    """A question asked at many points; ``graph`` is that of all of them, if there is one."""

    def __init__(self, problem: Problem, question: str, points: Points, seeds: Seeds, graph: Graph | None) -> None:
        self.problem = problem
        self.question = question
        self.points = points
        self.seeds = seeds
        self.graph = graph
        self.gathered = Gathered(len(points), problem.limits)
        if graph is not None:
            problem.limits.require("flops", graph.flops * len(points), hint=FEWER)

    def answer(self) -> Any:
        """The answer at all points."""
        try:
            for place in self._alone():
                self.points.deadline.check()
                self._ask(place)
        except DeadlineExceeded as error:
            self.gathered.require_any()
            self.gathered.late(error)
            raise
        return self.gathered.answer([*self.points.whole.notices])

    def _ask(self, place: int) -> None:
        """Ask at one point."""
        try:
            answer = self._at(place)
        except DeadlineExceeded:
            raise
        except NablaError as error:
            if self.graph is not None and not _of_point(error):
                raise
            self.gathered.fail(place, error)
        else:
            self.gathered.put(place, answer)

    def _at(self, place: int) -> Any:
        """The answer at one point, which is that of the question asked there alone."""
        point = self.points.at(place)
        arguments = self.seeds.at(place, lambda: self.problem.graph(point))
        return getattr(self.problem, self.question)(point, **arguments)

    def _alone(self) -> Iterator[int]:
        """The points to be asked one by one: all those that no pass over many answers."""
        graph, count = self.graph, len(self.points)
        arguments = None if graph is None else self.seeds.of_all(graph)
        if graph is None or arguments is None or not graph.scalar or not is_swept(self.question, arguments):
            yield from range(count)
            return
        yield 0  # an error of the question shows here
        step = length(graph, self.question, self.problem.limits)
        for start in range(1, count, step):
            self.points.deadline.check()
            yield from self._swept(graph, start, min(start + step, count), arguments)

    def _swept(self, graph: Graph, start: int, stop: int, arguments: dict[str, Any]) -> Iterable[int]:
        """Answer at the points from ``start`` to ``stop`` in one pass; gives those where that cannot be."""
        moving, limits = self.seeds.moving, self.problem.limits
        try:
            with np.errstate(all="ignore"):
                sweep = Sweep(graph, self.points, start, stop, self.question, arguments, moving, limits)
        except FAULTS:
            return range(start, stop)
        usual = np.flatnonzero(~sweep.special)
        if usual.size:
            like = self._at(start + int(usual[0]))
            self.gathered.put_many(start, stop, start + usual, like, replace(like, **sweep.fields))
        return (start + np.flatnonzero(sweep.special)).tolist()


def _of_point(error: NablaError) -> bool:
    """Whether an error at a point, where all have one graph, can be that point's alone: it arose from values."""
    return isinstance(error, ExpressionError) and not isinstance(error, NotDifferentiable | DtypeError)
