"""One question at many points: what a loop over them would answer, stacked along a new first axis.

The definition is the loop, and a point is answered by the very question that is asked there alone, so nothing that
depends on how many numbers are computed at once can come between. All points have the same shapes, so the program is
traced once for all of them, unless it looks at values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache, partial
from inspect import signature
from math import inf, nan
from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np

from engine.answers import Evaluation, Failure, Notice, Report, Reports, SomePoints
from engine.derivatives import tensor
from engine.errors import (
    DeadlineExceeded,
    DtypeError,
    ExpressionError,
    InvalidInput,
    NablaError,
    NotDifferentiable,
    ShapeMismatch,
)
from engine.graph import Graph
from engine.language.diagnostics import nearest
from engine.language.lexer import plain_name
from engine.limits import Limits
from engine.notices import MOST
from engine.point import Point
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.problem import Inputs, Problem

SHOWN = 5
"""Of the points that a notice is about, so many are named."""

_FEWER = "send fewer points at a time"


class Points:
    """The points of a map: the inputs named carry them along their leading axis, the others are shared by all.

    Raises `InvalidInput` where a name is no input's, or the leading axes do not fit each other.

    >>> from engine.point import prepare
    >>> points = Points(prepare({"x": [1.0, 2.0], "y": 3.0}), ["x"])
    >>> len(points), points.at(1).values
    (2, {'x': 2.0, 'y': 3.0})
    """

    def __init__(self, whole: Point, names: Iterable[str]) -> None:
        self.whole = whole
        self.names = _mapped(whole, names)
        self.count = _count(whole, self.names)
        self.leaves = {
            name: (shape[1:] if name in self.names else shape, kind) for name, (shape, kind) in whole.leaves.items()
        }
        self.numbers = {name: whole.values[name] for name in self.names if self.leaves[name] == ((), "float64")}
        self.arrays = {name: whole.values[name] for name in self.names if name not in self.numbers}

    def __len__(self) -> int:
        return self.count

    def at(self, place: int) -> Point:
        """One of the points, its values as they would be if it had been sent alone."""
        values = dict(self.whole.values)
        for name, column in self.numbers.items():
            values[name] = column.item(place)
        for name, array in self.arrays.items():
            values[name] = array[place, ...].copy(order="K")
        return Point(values, self.leaves, self.whole.grads, [], self.whole.deadline)


def _mapped(whole: Point, names: Iterable[str]) -> list[str]:
    """The names, each an input's that has an axis."""
    listed = list(dict.fromkeys(map(plain_name, names)))
    if not listed:
        raise InvalidInput("map names no input", hint="leave map out for one point, or name an input", pointer="/map")
    for name in listed:
        if name not in whole.leaves:
            near = nearest(name, whole.leaves)
            hint = f"did you mean {near}?" if near else f"the inputs are {', '.join(whole.leaves) or 'none'}"
            raise InvalidInput(f"map names {name}, which is not an input", hint=hint, pointer="/map")
        if not whole.leaves[name][0]:
            raise InvalidInput(
                f"map names {name}, which is one number and has no axis of points",
                hint=f"send a list of numbers, one for each point, or take {name} out of map: all points share it then",
                pointer="/map",
            )
    return listed


def _count(whole: Point, names: list[str]) -> int:
    """How many points there are: the length of every leading axis."""
    first, *others = [(name, whole.leaves[name][0][0]) for name in names]
    for name, count in others:
        if count != first[1]:
            raise InvalidInput(
                f"the leading axis of {first[0]} has {first[1]:,} points, and that of {name} has {count:,}",
                hint="send a value for each point, or take what all points share out of map",
                pointer="/map",
            )
    if not first[1]:
        hint = "send at least one point: of none it is not known what shape the answer has"
        raise InvalidInput(f"the leading axis of {first[0]} has no points", hint=hint, pointer="/map")
    return first[1]


class Mapped:
    """A problem asked at many points at once: it has the questions that `Problem` has, with the same arguments.

    The inputs ``names`` hold the points along their leading axis, and so do tangents and vectors by them; the other
    inputs are shared by all points. A ``grad_output`` has the shape of one output, or that with the axis of points in
    front; where it could be either, it is the first. Every tensor of the answer gains the axis of points.

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
        whole = self.problem.point(inputs)
        whole.until(self.problem.limits.seconds)
        return Points(whole, self.names)

    def estimate(self, inputs: Inputs, question: str, mode: str = "auto") -> float:
        """The floating-point operations that a question takes, from those at the first point."""
        points = self.points(inputs)
        try:
            return len(points) * self.problem.estimate(points.at(0), question, mode)
        except NablaError:  # it may be that point's alone
            return inf

    def nodes(self, inputs: Inputs) -> int:
        """How many nodes the graphs of all points have."""
        points = self.points(inputs)
        if (graph := self._shared(points)) is not None:
            return len(points) * len(graph)
        return sum(self._nodes(points.at(place)) for place in range(len(points)))

    def _nodes(self, point: Point) -> int:
        try:
            return self.problem.nodes(point)
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
        method = getattr(self.problem, question)
        asked = signature(method).bind(points.whole, *given, **options).arguments
        seeds = Seeds(points, dict(list(asked.items())[1:]))
        graph = self._shared(points)
        limits = self.problem.limits
        if graph is not None:
            limits.require("flops", graph.flops * len(points), hint=_FEWER)
        gathered = Gathered(len(points), limits)
        deadline = points.whole.until(limits.seconds)
        for place in range(len(points)):
            point = points.at(place)
            try:
                deadline.check()
                gathered.put(place, method(point, **seeds.at(place, point, self.problem)))
            except DeadlineExceeded:
                gathered.require_any()
                raise
            except NablaError as error:
                if graph is not None and not _of_point(error):
                    raise
                gathered.fail(place, error)
        return gathered.answer([*points.whole.notices])


def _of_point(error: NablaError) -> bool:
    """Whether an error at a point, where all have one graph, can be that point's alone: it arose from values."""
    return isinstance(error, ExpressionError) and not isinstance(error, NotDifferentiable | DtypeError)


class Seeds:
    """The arguments of a question at many points: tangents, vectors and upstream gradients go to their point."""

    def __init__(self, points: Points, options: dict[str, Any]) -> None:
        self.count = len(points)
        self.plain = {name: value for name, value in options.items() if not isinstance(value, Mapping)}
        upstream = self.upstream = _arrays(self.plain.pop("grad_output", None))
        self.length = len(upstream) if isinstance(upstream, list) or np.ndim(upstream) else None
        self.shared: dict[str, dict[str, Any]] = {}
        self.columns: dict[str, dict[str, Any]] = {}
        for field, value in options.items():
            if isinstance(value, Mapping):
                self._divide(points, field, value)

    def _divide(self, points: Points, field: str, tensors: Mapping[str, Any]) -> None:
        """Tangents by mapped inputs, which carry the points as those do, apart from the others."""
        shared, columns = self.shared[field], self.columns[field] = {}, {}
        for key, value in tensors.items():
            name = plain_name(key)
            if name in points.names:
                shape, kind = points.whole.leaves[name]
                columns[name] = tensor(value, shape, f"{field}/{name}", f"input {name}, with its points,", kind)
            else:
                shared[key] = value

    def at(self, place: int, point: Point, problem: Problem) -> dict[str, Any]:
        """The arguments at one of the points."""
        options = dict(self.plain)
        for field, shared in self.shared.items():
            options[field] = shared | {name: column[place] for name, column in self.columns[field].items()}
        if self.upstream is not None:
            options["grad_output"] = self._upstream(place, problem.graph(point))
        return options

    def _upstream(self, place: int, graph: Graph) -> Any:
        shapes = [graph.nodes[i].shape for i in graph.outputs]
        if not graph.is_tuple:
            return self._weight(self.upstream, shapes[0], place)
        if self.length != len(shapes):
            return self.upstream
        return [self._weight(part, shape, place) for part, shape in zip(self.upstream, shapes, strict=True)]

    def _weight(self, given: Any, shape: Shape, place: int) -> Any:
        """That of one point: the same for all if it has the output's shape, one of them if it has an axis more."""
        return given[place] if isinstance(given, np.ndarray) and given.shape == (self.count, *shape) != shape else given


def _arrays(given: Any) -> Any:
    """Nested lists as an array, or, of a tuple, as a list of such; what is neither is left for the question to judge.

    >>> _arrays([[1, 2], None])
    [array([1, 2]), None]
    """
    try:
        array = np.asarray(given)
    except ValueError:
        return [_arrays(part) for part in given]
    if array.dtype.kind in "biufc":
        return array
    return [_arrays(part) for part in given] if isinstance(given, (list, tuple)) else given


# Answers


class Gathered:
    """The answers at ``count`` points, as they come in; `answer` makes one of them."""

    def __init__(self, count: int, limits: Limits) -> None:
        self.count = count
        self.limits = limits
        self.parts: _Stack | _Reports | _Graphs | None = None
        self.failures: list[Failure] = []
        self.notices = Notices()
        self._error: NablaError | None = None

    def put(self, place: int, answer: Any) -> None:
        """Take in the answer at a point. Raises `ShapeMismatch` where it is not of the shape of those before."""
        if self.parts is None:
            self.parts = _parts(answer, self.count, self.limits)
        self.parts.put(place, answer)
        self.notices.add(place, answer["warnings"] if answer.__class__ is dict else answer.notices)

    def fail(self, place: int, error: NablaError) -> None:
        """Take in why there is no answer at a point."""
        self._error = self._error or error
        self.failures.append(Failure(place, error.code, error.message, error.hint, error.span))

    def require_any(self) -> None:
        """Raise the error of the first point where none has an answer."""
        if self.parts is None and self._error is not None:
            raise self._error

    def answer(self, notices: list[Notice]) -> Any:
        """One answer; ``notices`` are about the question as a whole."""
        self.require_any()
        assert self.parts is not None
        return self.parts.answer(notices + self.notices.listed(self.count - len(self.failures)), self.failures)


def _parts(answer: Any, count: int, limits: Limits) -> _Stack | _Reports | _Graphs:
    """What gathers such answers as this."""
    if answer.__class__ is dict:
        return _Graphs(count)
    return _Reports(count) if isinstance(answer, Report) else _Stack(answer, count, limits)


class _Stack:
    """Answers made of tensors, written where they belong in arrays that are there from the first one on."""

    def __init__(self, answer: Evaluation, count: int, limits: Limits) -> None:
        self.like = answer
        self.count = count
        self.facts = _facts(answer)
        leaves = [leaf for name in _tensors(answer.__class__) for leaf in _leaves(getattr(answer, name))]
        parts = [np.asarray(leaf) for leaf in leaves]
        for part in parts:
            limits.require("elements", count * part.size, hint=_FEWER)
        limits.require("bytes", sum(count * part.nbytes for part in parts), hint=_FEWER)
        self.arrays = [np.empty((count, *part.shape), dtype=part.dtype) for part in parts]

    def put(self, place: int, answer: Evaluation) -> None:
        if _facts(answer) != self.facts:
            raise _unlike(self.like, answer)
        arrays = iter(self.arrays)
        for name in _tensors(answer.__class__):
            for leaf in _leaves(getattr(answer, name)):
                next(arrays)[place] = leaf

    def answer(self, notices: list[Notice], failures: list[Failure]) -> Evaluation:
        failed = [failure.point for failure in failures]
        for array in self.arrays:
            array[failed] = {"f": nan, "c": complex(nan, nan)}.get(array.dtype.kind, 0)
        arrays = iter(self.arrays)
        stacked = {name: _stacked(getattr(self.like, name), arrays) for name in _tensors(self.like.__class__)}
        shape = self.like.shape
        whole = [(self.count, *s) for s in shape] if isinstance(shape, list) else (self.count, *shape)
        return replace(self.like, **stacked, shape=whole, notices=notices, failures=failures)


class _Reports:
    """The reports of a numerical check."""

    def __init__(self, count: int) -> None:
        self.points: list[Report | None] = [None] * count

    def put(self, place: int, answer: Report) -> None:
        self.points[place] = replace(answer, notices=[])

    def answer(self, notices: list[Notice], failures: list[Failure]) -> Reports:
        passed = all(report is not None and report.passed for report in self.points)
        return Reports(passed=passed, points=self.points, notices=notices, failures=failures)


class _Graphs:
    """The autograd graphs, one for each point; ``None`` where it failed."""

    def __init__(self, count: int) -> None:
        self.graphs: list[dict[str, Any] | None] = [None] * count

    def put(self, place: int, answer: dict[str, Any]) -> None:
        self.graphs[place] = {name: part for name, part in answer.items() if name != "warnings"}

    def answer(self, notices: list[Notice], failures: list[Failure]) -> dict[str, Any]:
        return {"graphs": self.graphs, "warnings": notices, "failures": failures}


_FACTS = {str, int, bool, str | list[str]}
"""The types of those fields of an answer that say something of its tensors; all others are tensors."""


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of an answer that hold tensors, and those that have to be the same at all points."""
    types = get_type_hints(kind)
    named = [field.name for field in fields(kind) if field.name not in ("notices", "failures")]
    facts = tuple(name for name in named if name == "shape" or types[name] in _FACTS)
    return tuple(name for name in named if name not in facts), facts


def _tensors(kind: Any) -> tuple[str, ...]:
    return _fields(kind)[0]


def _facts(answer: Any) -> list[Any]:
    return [getattr(answer, name) for name in _fields(answer.__class__)[1]]


def _unlike(first: Evaluation, other: Evaluation) -> ShapeMismatch:
    """Why the answer at a point cannot be stacked with those before it."""
    mine, theirs = (f"{answer.dtype} of shape {_listed(answer.shape)}" for answer in (other, first))
    return ShapeMismatch(
        f"the output is {mine} at this point, and {theirs} at those before it",
        hint="let all branches give the same shape and element type, or ask for the points that differ by themselves",
    )


def _listed(shape: Any) -> str:
    return str([list(part) if isinstance(part, tuple) else part for part in shape])


def _leaves(value: Any) -> Iterator[Any]:
    """The tensors in a field of an answer, in order.

    What is neither a tensor nor made of them is refused: sparse ones could be stacked where their patterns agree.
    """
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif isinstance(value, bool | int | float | complex | np.ndarray | np.generic):
        yield value
    elif value is not None:
        raise InvalidInput(
            "an answer of this form is not given for many points at once",
            hint="ask for dense derivatives, or without map",
            pointer="/map",
        )


def _stacked(like: Any, arrays: Iterator[Any]) -> Any:
    """A field of an answer as ``like``, with the next of ``arrays`` in the place of each tensor."""
    if isinstance(like, dict):
        return {name: _stacked(part, arrays) for name, part in like.items()}
    if isinstance(like, list):
        return [_stacked(part, arrays) for part in like]
    return None if like is None else next(arrays)


# Notices


class Notices:
    """What the answers warn of, each with the points that it is about; of one kind a bounded number."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], _Group] = {}

    def add(self, place: int, notices: Iterable[Notice], count: int = 1) -> None:
        """Take in those at a point, or at ``count`` points of which one is ``place``."""
        for notice in notices:
            key = notice.code, notice.span if notice.span is not None else notice.message
            group = self._found.get(key)
            if group is None:
                group = self._found[key] = _Group(notice)
            group.add(place, notice, count)

    def listed(self, answered: int) -> list[Notice]:
        """The notices; ``answered`` points have an answer."""
        shown: dict[str, int] = {}
        listed = []
        for group in self._found.values():
            code = group.notice.code
            shown[code] = shown.get(code, 0) + 1
            if shown[code] <= MOST:
                listed.append(group.told(answered))
        return listed + [
            Notice(code, f"{count - MOST} more warnings of this kind, at some of the points")
            for code, count in shown.items()
            if count > MOST
        ]


class _Group:
    """Notices of one kind about one part of the program."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self.same = True
        self.count = 0
        self.first: list[int] = []

    def add(self, place: int, notice: Notice, count: int) -> None:
        self.same = self.same and notice.message == self.notice.message
        self.count += count
        if len(self.first) < SHOWN:
            self.first.append(place)

    def told(self, answered: int) -> Notice:
        """The first of them, and of which points it is true: of all where nothing is said."""
        if self.same and self.count == answered:
            return self.notice
        rest = self.count - len(self.first)
        named = ", ".join(map(str, self.first)) + (f" and {rest:,} more" if rest else "")
        where = f"at point {named}" if self.count == 1 else f"at points {named}"
        here = where if self.same or self.count == 1 else f"at point {self.first[0]}; so, or alike, {where}"
        return replace(
            self.notice, message=f"{self.notice.message} ({here})", points=SomePoints(self.count, tuple(self.first))
        )
