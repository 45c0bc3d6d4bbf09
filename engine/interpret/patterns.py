"""The interpreter over dependencies: which elements of the inputs each element of a value can depend on.

Nothing is known of the values but what the kinds of the rows say: operands of an elementwise row unite, linear rows are
run on numbers that stand for elements (`engine.structure`), contractions unite what they sum over, and what
is flat depends on nothing. So a pattern holds for all values, and has at least the elements whose derivative is not
zero. Where a row takes places as an operand it holds for those places only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from engine.graph import Graph, Node
from engine.kinds import Primitive
from engine.limits import Deadline
from engine.namespace import Namespace, Operators, Rule
from engine.shapes import Shape, size
from engine.structure import Map, structure


class TooDense(Exception):
    """A pattern would have more elements than there is room for."""

    def __init__(self, asked: int) -> None:
        super().__init__(f"{asked} elements")
        self.asked = asked


class Pattern(Operators):
    """For each element of a value of some ``shape``, in order, the inputs' elements that it depends on.

    ``matrix`` has a row for each element of the value and a column for each of the inputs; ``None`` is empty.
    """

    __slots__ = ("matrix", "shape", "space")
    dtype = "float64"

    def __init__(self, space: Patterns, shape: Shape, matrix: Any = None) -> None:
        self.space = space
        self.shape = shape
        self.matrix = matrix


class Patterns(Namespace):
    """``F`` over patterns of so many ``columns``, each with ``room`` elements at most.

    ``numbers`` is the namespace over arrays, in which linear rows are tried out; ``settled`` says that no row was met
    whose pattern depends on values.
    """

    def __init__(self, columns: int, room: int, numbers: Namespace) -> None:
        self.columns = columns
        self.room = room
        self.numbers = numbers
        self.settled = True
        self._maps: dict[Any, Any] = {}

    def primitive(self, row: Primitive) -> Rule:
        def apply(*xs: Any, **params: Any) -> Pattern:
            bound = row.bind([self.shape(x) for x in xs], params)
            return row.depends(self, xs, bound)  # type: ignore[no-any-return]

        return apply

    # What the kinds of rows make theirs of

    def none(self, shape: Shape) -> Pattern:
        """What depends on nothing."""
        return Pattern(self, shape)

    def united(self, xs: Sequence[Any], shape: Shape) -> Pattern:
        """Operands that broadcast to a shape, element by element."""
        total: Any = None
        for x in xs:
            matrix = getattr(x, "matrix", None)
            if matrix is None or matrix is total:
                continue
            if x.shape != shape:
                places = np.broadcast_to(np.arange(size(x.shape)).reshape(x.shape), shape)
                matrix = self._rows(matrix, places.ravel())
            total = matrix if total is None else self._sum(total, matrix)
        return Pattern(self, shape, total)

    def whole(self, xs: Sequence[Any], shape: Shape) -> Pattern:
        """Every element of a value of this shape depends on every element of all operands."""
        found = [m for m in (getattr(x, "matrix", None) for x in xs) if m is not None]
        if not found:
            return self.none(shape)
        reached = np.unique(np.concatenate([m.indices for m in found]))
        one = _matrix(np.array([0, len(reached)]), reached, self.columns)
        return Pattern(self, shape, self._rows(one, np.zeros(size(shape), dtype=np.int64)))

    def is_empty(self, x: Any) -> bool:
        """Whether a value depends on nothing."""
        return getattr(x, "matrix", None) is None

    def through(self, x: Pattern, shape: Shape, forth: Rule, back: Rule, key: Any) -> Pattern | None:
        """What a linear map makes of ``x``: ``forth`` takes arrays of its shape to ``shape``, ``back`` is the
        transpose.

        ``key`` is the same for the same map, or None. The result is None where the map has no structure that is known.
        """
        if x.matrix is None:
            return self.none(shape)
        if key is None or key not in self._maps:
            found = structure(x.shape, shape, forth, back)
            if key is not None:
                self._maps[key] = found
        else:
            found = self._maps[key]
        return None if found is None else Pattern(self, shape, self._mapped(found, x.matrix))

    def joined(self, xs: Sequence[Any]) -> Pattern:
        """Several patterns as that of one vector."""
        count = sum(size(self.shape(x)) for x in xs)
        matrices = [getattr(x, "matrix", None) for x in xs]
        if all(m is None for m in matrices):
            return self.none((count,))
        lengths, indices = [], []
        for x, matrix in zip(xs, matrices, strict=True):
            rows = size(self.shape(x))
            lengths.append(np.zeros(rows, dtype=np.int64) if matrix is None else np.diff(matrix.indptr))
            indices.append(np.zeros(0, dtype=np.int64) if matrix is None else matrix.indices)
        indptr = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
        return Pattern(self, (count,), _matrix(indptr, np.concatenate(indices), self.columns))

    def _mapped(self, found: Map, matrix: Any) -> Any:
        """The rows that a map unites, put where it spreads them."""
        if found.sums is not None:
            self._require(matrix.nnz)
            matrix = (found.sums @ matrix).tocsr()
        return matrix if found.source is None else self._rows(matrix, found.source)

    def _rows(self, matrix: Any, places: Any) -> Any:
        """Rows of a matrix; -1 is an empty one."""
        lengths = np.append(np.diff(matrix.indptr), 0)[places]
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        self._require(int(indptr[-1]))
        if len(places) == 0 or indptr[-1] == 0:
            return _matrix(indptr, np.zeros(0, dtype=np.int64), self.columns)
        starts = np.append(matrix.indptr[:-1], 0)[places]
        at = np.repeat(starts - indptr[:-1], lengths) + np.arange(indptr[-1])
        return _matrix(indptr, matrix.indices[at], self.columns)

    def _sum(self, a: Any, b: Any) -> Any:
        total = a + b
        self._require(total.nnz)
        return total

    def _require(self, elements: int) -> None:
        if elements > self.room:
            raise TooDense(elements)


def _matrix(indptr: Any, indices: Any, columns: int) -> Any:
    ones = np.ones(len(indices), dtype=bool)
    return sparse.csr_array((ones, indices, indptr), shape=(len(indptr) - 1, columns))


def dependencies(
    graph: Graph,
    values: Sequence[Any],
    leaves: Mapping[int, int],
    lines: Sequence[tuple[int | None, int]],
    columns: int,
    room: int,
    numbers: Namespace,
    deadline: Deadline,
) -> tuple[Any, bool]:
    """The pattern of some nodes, one under the other, as a sparse matrix; and whether it holds for all values.

    ``lines`` are the nodes with their numbers of elements, None in the place of one that depends on nothing. ``leaves``
    are the inputs, by node, with the column of the first element of each. ``values`` are looked at where a row takes
    places. Raises `TooDense` where a pattern on the way has more than ``room`` elements.
    """
    P = Patterns(columns, room, numbers)
    active, dying = graph.active(frozenset(leaves)), graph.dying
    wanted = [i for i, _ in lines if i is not None]
    kept: list[Any] = [None] * len(graph.nodes)
    for node in graph.nodes[: max(wanted, default=-1) + 1]:
        i = node.id
        if i in leaves:
            count = size(node.shape)
            kept[i] = Pattern(P, node.shape, _matrix(np.arange(count + 1), leaves[i] + np.arange(count), columns))
        elif active[i]:
            deadline.check()
            kept[i] = node.primitive.depends(P, _operands(P, node, kept, values, graph), node.params)
        for j in dying[i]:
            if j not in wanted:
                kept[j] = None
    found = P.joined([P.none((count,)) if i is None or kept[i] is None else kept[i] for i, count in lines])
    if found.matrix is None:
        return _matrix(np.zeros(size(found.shape) + 1, dtype=np.int64), np.zeros(0, dtype=np.int64), columns), P.settled
    return found.matrix, P.settled


def _operands(P: Patterns, node: Node, kept: list[Any], values: Sequence[Any], graph: Graph) -> list[Any]:
    """The patterns of a node's operands; of those that are places, the places."""
    fixed = node.primitive.fixed
    return [values[j] if k in fixed else kept[j] or P.none(graph.nodes[j].shape) for k, j in enumerate(node.operands)]
