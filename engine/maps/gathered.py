"""The answers at many points, gathered into one: tensors stacked, failures and warnings by point."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from functools import cache
from math import nan
from typing import Any, get_type_hints

import numpy as np

from engine.answers import WAY, Evaluation, Failure, Notice, Report, Reports, SomePoints, Sparse
from engine.errors import DeadlineExceeded, NablaError, ShapeMismatch
from engine.limits import Limits
from engine.notices import MOST

SHOWN = 5
"""Of the points that a notice is about, so many are named."""

FEWER = "send fewer points at a time"

_NUMBER = re.compile(r"(?<!\w)[-+]?\d[\d.,]*(e[-+]?\d+)?")
"""A number in a message, which may be another at each point where the rest is alike; not the end of a name."""


class Gathered:
    """The answers at ``count`` points, as they come in; `answer` makes one of them."""

    def __init__(self, count: int, limits: Limits) -> None:
        self.count = count
        self.limits = limits
        self.parts: _Stack | _Reports | _Graphs | None = None
        self.failures: list[Failure] = []
        self.answered = 0
        self.notices = Notices()
        self._error: NablaError | None = None

    def put(self, place: int, answer: Any) -> None:
        """Take in the answer at a point, which has failed if that is not of the shape of those before.

        Raises `LimitExceeded` where there is no room for so many.
        """
        if self.parts is None:
            self.parts = _parts(answer, self.count, self.limits)
        try:
            self.parts.put(place, answer)
        except ShapeMismatch as error:
            self.fail(place, error)
            return
        self.answered += 1
        self.notices.add([place], answer["warnings"] if answer.__class__ is dict else answer.notices)

    def put_many(self, start: int, stop: int, places: Any, like: Evaluation, many: Evaluation) -> None:
        """Take in the answers from ``start`` to ``stop``: ``many``, right at ``places``; ``like`` is the first."""
        if self.parts is None:
            self.parts = _parts(like, self.count, self.limits)
        self.parts.put(slice(start, stop), many)  # type: ignore[arg-type]
        self.answered += len(places)
        self.notices.add(places[:SHOWN].tolist(), like.notices, len(places))

    def fail(self, place: int, error: NablaError) -> None:
        """Take in why there is no answer at a point."""
        self._error = self._error or error
        self.failures.append(Failure(place, error.code, error.message, error.hint, error.span))

    def require_any(self) -> None:
        """Raise the error of the first point where none has an answer, and say which that is."""
        if self.parts is None and self._error is not None:
            asked = len(self.failures)
            which = f"all {asked:,} points" if asked == self.count else f"all {asked:,} that there was time for"
            self._error.add(f" (at point {self.failures[0].point}; {which} failed)" if self.count > 1 else "")
            raise self._error

    def late(self, error: DeadlineExceeded) -> None:
        """Say how far the points got, where the time is too short for all of them and not for one."""
        if self.answered:
            error.add(f": {self.answered:,} of {self.count:,} points were answered")
            error.hint = FEWER

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
    """Answers made of tensors: arrays that are there from the first one on, and the patterns that each point has."""

    def __init__(self, answer: Evaluation, count: int, limits: Limits) -> None:
        self.like = answer
        self.count = count
        self.facts = _facts(answer)
        self.limits = limits
        leaves = [*_all_leaves(answer)]
        parts: list[Any] = [leaf if isinstance(leaf, Sparse) else np.asarray(leaf) for leaf in leaves]
        kinds = answer.dtype if isinstance(answer.dtype, list) else [answer.dtype]
        parts[: len(kinds)] = [part.astype(kind) for part, kind in zip(parts, kinds, strict=False)]
        dense = [part for part in parts if not isinstance(part, Sparse)]
        for part in dense:
            limits.require("elements", count * part.size, hint=FEWER)
        self.bytes = sum(count * part.nbytes for part in dense)
        limits.require("bytes", self.bytes, hint=FEWER)
        self.stacks: list[_Array | _Patterns] = [
            _Patterns(part, limits) if isinstance(part, Sparse) else _Array(part, count) for part in parts
        ]

    def put(self, place: int | slice, answer: Evaluation) -> None:
        if _facts(answer) != self.facts:
            raise _unlike(self.like, answer)
        for leaf, stack in zip(_all_leaves(answer), self.stacks, strict=True):
            self.bytes += stack.put(place, leaf)
        self.limits.require("bytes", self.bytes, hint=FEWER)

    def answer(self, notices: list[Notice], failures: list[Failure]) -> Evaluation:
        failed = [failure.point for failure in failures]
        whole = (stack.whole(self.count, failed) for stack in self.stacks)
        stacked = {name: _stacked(getattr(self.like, name), whole) for name in _tensors(self.like.__class__)}
        shape = self.like.shape
        shapes = [(self.count, *s) for s in shape] if isinstance(shape, list) else (self.count, *shape)
        return replace(self.like, **stacked, shape=shapes, notices=notices, failures=failures)


class _Array:
    """A tensor at all points, in one array; ``first`` is like that of each."""

    def __init__(self, first: Any, count: int) -> None:
        self.array = np.empty((count, *first.shape), dtype=first.dtype)

    def put(self, place: int | slice, tensor: Any) -> int:
        """Take in a tensor; gives the bytes that are needed for it beside those that are there."""
        self.array[place] = tensor
        return 0

    def whole(self, count: int, failed: list[int]) -> Any:
        self.array[failed] = {"f": nan, "c": complex(nan, nan)}.get(self.array.dtype.kind, 0)
        return self.array


class _Patterns:
    """A sparse tensor at all points, each with a pattern of its own; one that failed has that of ``first``, and nan."""

    def __init__(self, first: Sparse, limits: Limits) -> None:
        self.first = first
        self.limits = limits
        self.points: dict[int, Sparse] = {}
        self.elements = 0

    def put(self, place: int | slice, tensor: Sparse) -> int:
        """Take in a tensor; gives the bytes that its values take, with their indices, of which the point's is one."""
        assert isinstance(place, int)
        self.points[place] = tensor
        self.elements += tensor.values.size
        self.limits.require("elements", self.elements, hint=FEWER)
        return int(tensor.values.nbytes + (len(tensor.shape) + 1) * tensor.values.size * np.dtype(np.int64).itemsize)

    def whole(self, count: int, failed: list[int]) -> Sparse:
        missing = replace(self.first, values=np.full_like(self.first.values, nan))
        parts = [self.points.get(place, missing) for place in range(count)]
        numbers = np.repeat(np.arange(count), [part.values.size for part in parts])
        indices = np.vstack([numbers, np.concatenate([part.indices for part in parts], axis=1)])
        return Sparse((count, *self.first.shape), indices, np.concatenate([part.values for part in parts]))


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


_FACTS = {str, int, bool, list[str], str | list[str]}
"""The types of those fields of an answer that say something of its tensors; all others are tensors."""


@cache
def _fields(kind: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of an answer that hold tensors, and those that have to be the same at all points."""
    types = get_type_hints(kind)
    named = [field.name for field in fields(kind) if field.name not in ("notices", "failures")]
    facts = tuple(name for name in named if name not in WAY and (name == "shape" or types[name] in _FACTS))
    return tuple(name for name in named if name not in (*facts, *WAY)), facts


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


def _all_leaves(answer: Evaluation) -> Iterator[Any]:
    """The tensors of an answer, in order."""
    return (leaf for name in _tensors(answer.__class__) for leaf in _leaves(getattr(answer, name)))


def _leaves(value: Any) -> Iterator[Any]:
    """The tensors in a field of an answer, in order."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif value is not None:
        yield value


def _stacked(like: Any, whole: Iterator[Any]) -> Any:
    """A field of an answer as ``like``, with the next of ``whole`` in the place of each tensor."""
    if isinstance(like, dict):
        return {name: _stacked(part, whole) for name, part in like.items()}
    if isinstance(like, list):
        return [_stacked(part, whole) for part in like]
    return None if like is None else next(whole)


class Notices:
    """What the answers warn of, each with the points that it is about; of one kind a bounded number."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], _Group] = {}

    def add(self, places: list[int], notices: Iterable[Notice], count: int = 1) -> None:
        """Take in those at ``count`` points, of which ``places`` are the first."""
        for notice in notices:
            key = notice.code, notice.span, _NUMBER.sub("#", notice.message)
            group = self._found.get(key)
            if group is None:
                group = self._found[key] = _Group(notice)
            group.add(places, notice, count)

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

    def add(self, places: list[int], notice: Notice, count: int) -> None:
        self.same = self.same and notice.message == self.notice.message
        self.count += count
        if len(self.first) < SHOWN or places[0] < self.first[-1]:
            self.first = sorted({*self.first, *places})[:SHOWN]

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
