"""Matrices of derivatives: the Jacobian of one tensor, and the Hessian of a scalar, which is that of the gradient.

Either comes from a batch of seeds that goes through the graph in one pass (`engine.transform`): a unit vector for each
column, or each row. Of a large one the pattern is found first. Columns that have no row in common can then be seeded at
once, so that a tridiagonal matrix of any size takes three seeds; rows likewise, from the output back. ``format`` says
whether all elements are given or those of the pattern alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from engine.answers import Sparse
from engine.compression import Plan, hessian_plan, jacobian_plan
from engine.derivatives import Tensors, plain, require_one, second_forward
from engine.errors import InvalidInput
from engine.forward import Forward
from engine.graph import Graph, Node, Places
from engine.interpret.arrays import ARRAYS
from engine.interpret.patterns import TooDense, dependencies
from engine.limits import Limits
from engine.shapes import COMPLEX, Shape, size
from engine.transform.batch import Batch, Batched
from engine.transform.pullback import pullback
from engine.transform.pushforward import pushforward

MODES = ("auto", "forward", "reverse")
FORMATS = ("dense", "coo")

_WORTH = 100_000
"""A pattern is looked for where a step of the program has so many derivatives on the average: those of a smaller one
are all computed in the time that takes."""

_FEW = 8
"""For so many inputs it is looked at, one by one, what depends on them."""

_AT_ONCE = 2**17
"""Seeds go through the graph together as long as the largest tensor has no more elements in all of them: what is larger
leaves the processor's cache, and takes longer than one after the other."""


class Found(NamedTuple):
    """Matrices of derivatives, and how they were found; as `engine.answers` has it."""

    blocks: Any
    mode: str
    evaluations: int
    nonzeros: int | None
    colors: int | None


class Part(NamedTuple):
    """A tensor whose elements are some of the rows, or of the columns, of a matrix; without a ``node`` it is zero."""

    node: Node | None
    shape: Shape
    storage: str
    place: slice


def _parts(nodes: Mapping[str, Node | None], likes: Sequence[Node]) -> dict[str, Part]:
    """Tensors one behind the other; each is of the shape of its like."""
    parts, start = {}, 0
    for (name, node), like in zip(nodes.items(), likes, strict=True):
        parts[name] = Part(node, like.shape, like.storage, slice(start, start + size(like.shape)))
        start += size(like.shape)
    return parts


def _length(parts: Mapping[str, Part]) -> int:
    return max((part.place.stop for part in parts.values()), default=0)


class Matrix:
    """Derivatives of tensors, the rows, by inputs, the columns; at the point of a forward pass."""

    def __init__(self, forward: Forward, rows: dict[str, Part], columns: dict[str, Part], kind: str) -> None:
        self.forward = forward
        self.rows = rows
        self.columns = columns
        self.kind = kind
        self.shape = _length(rows), _length(columns)

    # Seed by seed

    def cheaper(self) -> str:
        """Whether seeds cost less forward or in reverse: each takes what it passes through, which of a column is what
        depends on its input, of a row what depends on any.
        """
        if len(self.columns) > _FEW:
            return "reverse" if self.shape[0] <= self.shape[1] else "forward"
        forward = sum(size(column.shape) * self._work([column]) for column in self.columns.values())
        return "reverse" if self.shape[0] * self._work(self.columns.values()) <= forward else "forward"

    def _work(self, columns: Iterable[Part]) -> int:
        """The elements of all steps that lead from some inputs on."""
        return sum(len(places) * size(node.shape) for node, places in self._steps(columns))

    def _steps(self, columns: Iterable[Part]) -> Iterator[tuple[Node, Places]]:
        """The nodes that derivatives by some inputs pass through, with the operands that they come by."""
        graph = self.forward.graph
        active = graph.active(frozenset(part.node.id for part in columns if part.node))
        return ((node, places) for node, places in zip(graph.nodes, active, strict=True) if places)

    def _is_large(self, seeds: int) -> bool:
        """Whether it is worth looking for the pattern, for a matrix of which all elements are wanted."""
        graph = self.forward.graph
        steps = [*self._steps(self.columns.values())]
        return not graph.complex and seeds * sum(size(node.shape) for node, _ in steps) >= _WORTH * len(steps) > 0

    def by_rows(self) -> dict[str, Tensors]:
        """The pullback of a unit vector for each row."""
        parts: dict[str, Tensors] = {}
        for name, row in self.rows.items():
            count, blocks = size(row.shape), dict[str, Any]()
            for F, start in self._chunks(count):
                found = self._pulled(F, {name: _units(count, start, F.length)})
                for by, column in self.columns.items():
                    _take_in(blocks, by, found[:, column.place], start, count)
            parts[name] = {by: _shaped(blocks.get(by), row, column) for by, column in self.columns.items()}
        return parts

    def by_columns(self) -> dict[str, Tensors]:
        """The pushforward of a unit vector for each column, input by input."""
        parts: dict[str, Tensors] = {name: {} for name in self.rows}
        for by, column in self.columns.items():
            count, blocks = size(column.shape), dict[str, Any]()
            for F, start in self._chunks(count):
                found = self._pushed(F, {by: _units(count, start, F.length)})
                for name, row in self.rows.items():
                    _take_in(blocks, name, found[:, row.place], start, count)
            for name, row in self.rows.items():
                turned, rank = _shaped(blocks.get(name), column, row), len(column.shape)
                parts[name][by] = np.transpose(turned, (*range(rank, turned.ndim), *range(rank)))
        return parts

    # By the pattern

    def elements(self, plan: Plan) -> Any:
        """The elements of the pattern, off as many products as the plan has seeds."""
        values = np.zeros(plan.nonzeros)
        if plan.forward:
            for F, start in self._chunks(plan.forward.length):
                batch = plan.forward.seeds(start, F.length)
                seeds = {name: batch[:, part.place] for name, part in self.columns.items()}
                plan.forward.read(self._pushed(F, seeds), start, values)
        if plan.reverse:
            for F, start in self._chunks(plan.reverse.length):
                batch = plan.reverse.seeds(start, F.length)
                seeds = {name: batch[:, part.place] for name, part in self.rows.items()}
                plan.reverse.read(self._pulled(F, seeds), start, values)
        return values

    def block(self, plan: Plan, values: Any, name: str, by: str, format: str) -> Any:
        """The part of a matrix that belongs to one tensor and one input."""
        row, column = self.rows[name], self.columns[by]
        inside: Any = slice(None)
        if len(self.rows) > 1 or len(self.columns) > 1:
            inside = _within(plan.rows, row.place) & _within(plan.columns, column.place)
        found = values[inside].astype(np.result_type(row.storage, column.storage), copy=False)
        if format == "coo":
            if (name, by) not in plan.indices:
                plan.indices[name, by] = _indices(plan, inside, row, column)
            return Sparse(row.shape + column.shape, plan.indices[name, by], found)
        dense = np.zeros((size(row.shape), size(column.shape)), dtype=found.dtype)
        dense[plan.rows[inside] - row.place.start, plan.columns[inside] - column.place.start] = found
        return dense.reshape(row.shape + column.shape)

    def plan(self, format: str, mode: str, seeds: int) -> Plan | None:
        """How to find the matrix by its pattern; None where it is rather found seed by seed. Kept with the graph."""
        dense = format == "dense"
        if dense and not self._is_large(seeds):
            return None
        plans, key = self.forward.graph.plans, (self.kind, mode, format, *self.columns)
        kept = plans.get(key, _UNKNOWN)  # in one step: another thread may throw it away
        if kept is not _UNKNOWN:
            return kept  # type: ignore[no-any-return]
        plan = self._made(mode, self.shape[0] * self.shape[1] // 4 if dense else self.forward.limits.elements, dense)
        if dense and plan is not None and 2 * plan.evaluations > seeds:
            plan = None
        if plan is None or plan.settled:
            _KEPT.keep(self.forward.graph, key, plan)
        return plan

    def _made(self, mode: str, room: int, dense: bool) -> Plan | None:
        forward = self.forward
        forward.over_arrays()
        leaves = {part.node.id: part.place.start for part in self.columns.values() if part.node}
        lines = [(part.node.id if part.node else None, size(part.shape)) for part in self.rows.values()]
        try:
            pattern, settled = dependencies(
                forward.graph, forward.values, leaves, lines, self.shape[1], room, ARRAYS, forward.deadline
            )
        except TooDense as error:
            if not dense:
                hint = "the matrix is full, or nearly: ask for fewer inputs in wrt, or for a product with a vector"
                forward.limits.require("elements", error.asked, hint=hint)
            return None
        if self.kind == "hessian":
            return hessian_plan(pattern, settled, forward.deadline)
        return jacobian_plan(pattern, mode, settled, forward.deadline)

    # Passes

    def _chunks(self, count: int) -> Iterator[tuple[Batch, int]]:
        """So many seeds in chunks that there is room for: for each the namespace, and the number of the first seed."""
        graph, limits = self.forward.graph, self.forward.limits
        largest = max([size(node.shape) for node, _ in self._steps(self.columns.values())], default=1)
        room = max(1, min(int(limits.bytes // (4 * graph.bytes + 1)), _AT_ONCE // max(largest, 1)))
        for start in range(0, count, room):
            yield Batch(ARRAYS, min(room, count - start)), start

    def _pushed(self, F: Batch, seeds: Mapping[str, Any]) -> Any:
        """The products of the matrix with vectors, given as tangents of the inputs."""
        forward = self.forward
        tangents = {part.node.id: _batched(F, seeds[name], part) for name, part in self._seeded(self.columns, seeds)}
        wanted = {part.node.id for part in self.rows.values() if part.node}
        found = pushforward(F, forward.graph, forward.values, tangents, forward.deadline, wanted)
        return _side_by_side([_flat(found, part, F.length) for part in self.rows.values()])

    def _pulled(self, F: Batch, seeds: Mapping[str, Any]) -> Any:
        """The products of vectors with the matrix, given as cotangents of the tensors."""
        forward = self.forward
        cotangents = {part.node.id: _batched(F, seeds[name], part) for name, part in self._seeded(self.rows, seeds)}
        wanted = {part.node.id for part in self.columns.values() if part.node}
        active = forward.graph.active(frozenset(wanted))
        found = pullback(F, forward.graph, forward.values, cotangents, active, forward.deadline, wanted)
        return _side_by_side([_flat(found, part, F.length) for part in self.columns.values()])

    def _seeded(self, parts: Mapping[str, Part], seeds: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        return ((name, part) for name, part in parts.items() if part.node and name in seeds)


def _take_in(blocks: dict[str, Any], name: str, rows: Any, start: int, count: int) -> None:
    """Put some of the ``count`` rows of a block where they belong; if they are all of them, they are the block."""
    if len(rows) == count:
        blocks[name] = rows
        return
    if name not in blocks:
        blocks[name] = np.empty((count, rows.shape[1]), dtype=rows.dtype)
    blocks[name][start : start + len(rows)] = rows


def _shaped(block: Any, lines: Part, others: Part) -> Any:
    """A block with the axes of both; where there was nothing to seed it is empty."""
    kind = np.result_type(lines.storage, others.storage)
    block = np.zeros(0) if block is None else block
    return block.astype(kind, copy=False).reshape(lines.shape + others.shape)


def _units(count: int, start: int, length: int) -> Any:
    """Some of the unit vectors of a space, as rows."""
    units = np.zeros((length, count))
    units[np.arange(length), np.arange(start, start + length)] = 1.0
    return units


def _batched(F: Batch, rows: Any, part: Part) -> Batched:
    return Batched(F, rows.astype(part.storage, copy=False).reshape(F.length, *part.shape))


def _flat(found: Sequence[Any], part: Part, length: int) -> Any:
    """A batch of (co)tangents as rows, whatever the pass left it as."""
    value = found[part.node.id] if part.node else None
    if value is None:
        return np.zeros((length, size(part.shape)), dtype=part.storage)
    value = value.value if isinstance(value, Batched) else value
    return np.broadcast_to(value, (length, *part.shape)).reshape(length, -1)


def _side_by_side(parts: Sequence[Any]) -> Any:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def _within(lines: Any, place: slice) -> Any:
    return (lines >= place.start) & (lines < place.stop)


def _indices(plan: Plan, inside: Any, row: Part, column: Part) -> Any:
    """The places of a block's elements, axis by axis. They are kept with the plan, so nobody may write into them."""
    lines = (plan.rows[inside] - row.place.start, row.shape), (plan.columns[inside] - column.place.start, column.shape)
    axes = [axis for places, shape in lines if shape for axis in np.unravel_index(places, shape)]
    indices = np.stack(axes) if axes else np.zeros((0, len(lines[0][0])), dtype=np.int64)
    indices.flags.writeable = False
    return indices


_UNKNOWN = object()


class _Kept:
    """The plans that graphs keep, of all graphs together: the oldest go first where they take too much memory."""

    ROOM = 2_000_000
    """So many elements of patterns; each takes some 60 bytes."""

    def __init__(self) -> None:
        self._plans: deque[tuple[dict[Any, Any], Any, int]] = deque()
        self._elements = 0
        self._lock = Lock()

    def keep(self, graph: Graph, key: Any, plan: Plan | None) -> None:
        """Keep a plan with its graph."""
        elements = 0 if plan is None else plan.nonzeros
        if elements > self.ROOM:
            return
        graph.remember(key, plan)
        with self._lock:
            self._plans.append((graph.plans, key, elements))
            self._elements += elements
            while self._elements > self.ROOM or len(self._plans) > self.ROOM // 1000:
                plans, which, gone = self._plans.popleft()
                plans.pop(which, None)
                self._elements -= gone


_KEPT = _Kept()


# Jacobians


def jacobian(forward: Forward, names: Sequence[str], mode: str = "auto", format: str = "dense") -> Found:
    """For each input the Jacobian, of shape output.shape + input.shape."""
    if mode not in MODES:
        raise InvalidInput(f"mode {mode!r} is not known", hint="auto, forward or reverse", pointer="/mode")
    _require_format(forward, format)
    require_one(forward, "a Jacobian is that of one tensor", "make one of those of the same shape: [a, b]")
    forward.require_floating()
    leaves = {name: forward.leaf(name) for name in names}
    output = forward.output
    matrix = Matrix(forward, _parts({"": output}, [output]), _parts(leaves, [*leaves.values()]), "jacobian")
    way = _mode_of_complex(forward, names, mode)
    if way == "auto":
        way = matrix.cheaper()
    seeds = matrix.shape[0] if way == "reverse" else matrix.shape[1]
    plan = _prepared(matrix, format, mode, seeds, "jvp")
    forward.over_arrays()
    with np.errstate(all="ignore"):
        if plan is None:
            dense = matrix.by_rows() if way == "reverse" else matrix.by_columns()
            return Found({name: plain(block) for name, block in dense[""].items()}, way, seeds, None, None)
        values = matrix.elements(plan)
    blocks = {by: matrix.block(plan, values, "", by, format) for by in matrix.columns}
    return Found(blocks, plan.mode, plan.evaluations, plan.nonzeros, plan.evaluations)


def _require_format(forward: Forward, format: str) -> None:
    if format not in FORMATS:
        raise InvalidInput(f"format {format!r} is not known", hint="dense or coo", pointer="/format")
    if format == "coo" and forward.graph.complex:
        raise InvalidInput(
            "patterns are not looked for in programs with complex numbers",
            hint='ask for "dense"',
            pointer="/format",
        )


def _prepared(matrix: Matrix, format: str, mode: str, seeds: int, product: str) -> Plan | None:
    """The plan of a matrix, if it has one. Raises `LimitExceeded` where there is no room or no time for the matrix."""
    limits = matrix.forward.limits
    if format == "dense":
        _require_room(limits, matrix.shape[0] * matrix.shape[1], product)
    plan = matrix.plan(format, mode, seeds)
    passes = max(seeds if plan is None else plan.evaluations, 1)
    graph = matrix.forward.graph
    limits.require("flops", 3.0 * (graph.flops - graph.spared) * passes, hint=_FEWER.format(product))
    return plan


_FEWER = "ask for fewer inputs in wrt, or for a product with a vector: {}"


def _require_room(limits: Limits, elements: int, product: str) -> None:
    hint = f'ask for the elements of its pattern alone: "format": "coo"; or {_FEWER.format(product)}'
    limits.require("elements", elements, hint=hint)


def _mode_of_complex(forward: Forward, names: Sequence[str], mode: str) -> str:
    """The one mode that can say the derivatives of complex numbers.

    Of a complex output by real inputs they are the complex tangents, of a real output by complex inputs its
    gradients. Of complex by complex no single number says it, unless the function is holomorphic.
    """
    by_complex = any(forward.leaf(name).dtype == COMPLEX for name in names)
    of_complex = forward.output.dtype == COMPLEX
    if by_complex and of_complex:
        raise InvalidInput(
            "a complex output has no Jacobian by complex inputs in one number for each pair",
            hint="take real(…) or imag(…) of the output, or send the parts of the input as two real ones",
        )
    return "reverse" if by_complex else "forward" if of_complex else mode


# Hessians


def hessian(forward: Forward, names: Sequence[str], format: str = "dense") -> Found:
    """For each pair of inputs a block of shape first.shape + second.shape, of a scalar output.

    Two elements that mirror each other are the same to the last bit.
    """
    _require_format(forward, format)
    leaves = {name: forward.leaf(name) for name in names}
    for name, leaf in leaves.items():
        if leaf.dtype == COMPLEX:
            raise InvalidInput(
                f"{name} is complex, and has no Hessian in one number for each pair of elements",
                hint="ask for its product with a vector: hvp; or send real and imaginary parts as two inputs",
                pointer="/wrt",
            )
    second, gradients = second_forward(forward, names)
    if second.F.shapeless and format == "dense":
        _require_room(forward.limits, len(names) ** 2, "hvp")
        return Found(_of_numbers(second, leaves, gradients), "forward", len(names), None, None)
    second.over_arrays()
    likes = [*leaves.values()]
    matrix = Matrix(second, _parts(gradients, likes), _parts(leaves, likes), "hessian")
    seeds = matrix.shape[1]
    plan = _prepared(matrix, format, "forward", seeds, "hvp")
    with np.errstate(all="ignore"):
        if plan is None:
            return Found(_mirrored(matrix.by_columns(), matrix.columns), "forward", seeds, None, None)
        values = matrix.elements(plan)
    blocks = {name: {by: matrix.block(plan, values, name, by, format) for by in names} for name in names}
    return Found(blocks, plan.mode, plan.evaluations, plan.nonzeros, plan.evaluations)


def _of_numbers(
    second: Forward, leaves: Mapping[str, Node], gradients: Mapping[str, Node | None]
) -> dict[str, Tensors]:
    """The blocks where each is one number: the pushforward of 1 for each input, in which each pair is taken once."""
    blocks: dict[str, Tensors] = {name: {} for name in leaves}
    rows = [*gradients.items()]
    for place, (by, leaf) in enumerate(leaves.items()):
        below = rows[place:]
        found = second.pushforward({leaf.id: 1.0}, {node.id for _, node in below if node})
        for name, node in below:
            number = found[node.id] if node else None
            blocks[name][by] = blocks[by][name] = 0.0 if number is None else plain(number)
    return {name: {by: blocks[name][by] for by in leaves} for name in leaves}


def _mirrored(blocks: dict[str, Tensors], columns: Mapping[str, Part]) -> dict[str, Tensors]:
    """Blocks of which what is above the diagonal is taken from below."""
    names = list(blocks)
    result: dict[str, Tensors] = {name: {} for name in names}
    for i, name in enumerate(names):
        for by in names[:i]:
            block = blocks[name][by]
            first = len(columns[name].shape)
            result[name][by] = plain(block)
            result[by][name] = plain(np.transpose(block, (*range(first, block.ndim), *range(first))))
        count = size(columns[name].shape)
        square = blocks[name][name].reshape(count, count)
        whole = np.where(np.tri(count, dtype=bool), square, square.T)
        result[name][name] = plain(whole.reshape(blocks[name][name].shape))
    return {name: {by: result[name][by] for by in names} for name in names}
