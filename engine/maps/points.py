"""The points of a map: inputs, and the tangents and upstream gradients that go with them, one point at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import Any

import numpy as np

from engine.derivatives import tensor
from engine.errors import InvalidInput
from engine.graph import Graph
from engine.language.diagnostics import nearest
from engine.language.lexer import plain_name
from engine.limits import Deadline
from engine.point import Point
from engine.shapes import Shape


class Points:
    """The points of a map: the inputs named carry them along their leading axis, the others are shared by all.

    Raises `InvalidInput` where a name is no input's, or the leading axes do not fit each other.

    >>> from engine.point import prepare
    >>> points = Points(prepare({"x": [1.0, 2.0], "y": 3.0}), ["x"])
    >>> len(points), points.at(1).values
    (2, {'x': 2.0, 'y': 3.0})
    """

    def __init__(self, whole: Point, names: Iterable[str], seconds: float = inf) -> None:
        whole.until(seconds)
        self.whole = whole
        self.names = _mapped(whole, names)
        self.count = _count(whole, self.names)
        self.leaves = {
            name: (shape[1:] if name in self.names else shape, kind) for name, (shape, kind) in whole.leaves.items()
        }
        self.numbers = {name: whole.values[name] for name in self.names if self.leaves[name] == ((), "float64")}
        self.arrays = {name: whole.values[name] for name in self.names if name not in self.numbers}

    @property
    def deadline(self) -> Deadline:
        """The moment until which all of them have time."""
        assert self.whole.deadline is not None
        return self.whole.deadline

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
        """Tangents by mapped inputs that carry the points as those do, apart from those that all points share."""
        shared, columns = self.shared[field], self.columns[field] = {}, {}
        for key, value in tensors.items():
            name = plain_name(key)
            shape, kind = points.whole.leaves.get(name, ((), ""))
            if name in points.names and not _is_of(value, shape[1:]):
                columns[name] = tensor(value, shape, f"{field}/{name}", f"input {name}, with its points,", kind)
            else:
                shared[key] = value

    def at(self, place: int, graph: Callable[[], Graph]) -> dict[str, Any]:
        """The arguments at one of the points; ``graph`` gives that of the program there."""
        options = dict(self.plain)
        for field, shared in self.shared.items():
            options[field] = shared | {name: column[place] for name, column in self.columns[field].items()}
        if self.upstream is not None:
            options["grad_output"] = self._upstream(place, graph())
        return options

    def of_all(self, graph: Graph) -> dict[str, Any] | None:
        """The arguments, where all but `moving` are known to be the same at all points, which have one graph."""
        one = self.at(0, lambda: graph)
        return None if one.get("grad_output") is not self.upstream else one

    @property
    def moving(self) -> dict[str, Any]:
        """The tangents, by input, that are others at each point, along the axis of points."""
        return {name: column for columns in self.columns.values() for name, column in columns.items()}

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


def _is_of(given: Any, shape: Shape) -> bool:
    """Whether a tensor as it was sent has a shape."""
    array = _arrays(given)
    return isinstance(array, np.ndarray) and array.shape == shape


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
