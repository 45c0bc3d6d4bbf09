"""What the engine says: derivatives of a call by every mode, order and interpreter.

A derivative of order n is a word of n letters, each a step that makes a new graph from the graph before:

    R   pullback: the gradient of ⟨weights, value⟩, times a direction
    F   pushforward: the derivative along a direction

"RF" is a pushforward through the graph of a pullback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.graph import Graph
from engine.interpret import arrays, floats
from engine.interpret.build import Builder, extend
from engine.interpret.floats import FAULTS, FLOATS
from engine.limits import DEFAULT_LIMITS, Deadline
from engine.tensors import TENSORS, Tensor, grad
from engine.transform.batch import Batch, Batched
from engine.transform.pullback import pullback
from engine.transform.pushforward import pushforward
from tests.engine.table.samples import Case, called, smooth, traced

WORDS = ("R", "F", "RR", "RF", "FR", "FF", "RRR", "RRF", "FFF", "FRF")
"""Orders 1 to 3 in either mode, and in both."""

DEADLINE = Deadline(3600.0)


class Trace:
    """A call as a graph, from which derivatives start."""

    def __init__(self, function: Any, case: Case, dtype: str = "float64") -> None:
        self.function = function
        self.case = case
        builder, self.leaves, y = traced(function, case, dtype)
        self.output = builder.node_of(y)
        self.graph: Graph = builder.graph(self.output, self.inputs)

    @property
    def inputs(self) -> dict[str, int]:
        return {f"x{k}": i for k, i in enumerate(self.leaves) if i is not None}

    def point(self, xs: Sequence[Any]) -> dict[str, Any]:
        return {f"x{k}": x for k, x in enumerate(xs) if x is not None}

    def values(self, xs: Sequence[Any]) -> list[Any]:
        return arrays.evaluate(self.graph, self.point(xs), DEADLINE)

    def derived(self, word: str, along: Sequence[Sequence[Any]], weights: Any) -> Walk:
        """The walk that ``word`` spells."""
        walk = Walk(self, self.graph, self.output, weights)
        for letter, direction in zip(word, along, strict=False):
            walk = walk.step(letter, direction)
        return walk


class Walk:
    """A graph that goes on to a derivative, and the node that is it; ``None`` is zero."""

    def __init__(self, trace: Trace, graph: Graph, node: Any, weights: Any) -> None:
        self.trace = trace
        self.graph = graph
        self.node = node
        self.weights = weights

    def step(self, letter: str, direction: Sequence[Any]) -> Walk:
        """One more derivative. After a pullback the value is a number, and nothing is left to weigh."""
        if self.node is None:
            return self
        builder = extend(self.graph, DEFAULT_LIMITS)
        values = builder.values(self.graph.nodes)
        if letter == "R":
            made, weights = self._back(builder, values, direction), None
        else:
            made, weights = self._on(builder, values, direction), self.weights
        node = None if made is None else builder.node_of(made)
        return Walk(self.trace, builder.graph(node or self.node, self.trace.inputs), node, weights)

    def _back(self, builder: Builder, values: list[Any], direction: Sequence[Any]) -> Any:
        leaves = {
            i: _plain(v) for i, v in zip(self.trace.leaves, direction, strict=True) if v is not None and i is not None
        }
        active = self.graph.active(frozenset(leaves))
        seed = 1.0 if self.weights is None else _plain(self.weights)
        found = pullback(builder, self.graph, values, {self.node.id: seed}, active, DEADLINE)
        total: Any = None
        for i, v in leaves.items():
            if found[i] is not None:
                term = builder.real(builder.conj(found[i]) * v) if builder.any_complex([found[i]]) else found[i] * v
                term = builder.sum(term) if builder.shape(term) else term
                total = term if total is None else total + term
        return total

    def _on(self, builder: Builder, values: list[Any], direction: Sequence[Any]) -> Any:
        seeds = {
            i: _plain(v) for i, v in zip(self.trace.leaves, direction, strict=True) if v is not None and i is not None
        }
        return pushforward(builder, self.graph, values, seeds, DEADLINE)[self.node.id]

    def partial(self, letter: str, place: int) -> Walk:
        """The derivative of a function of elements by one operand, element by element: a tensor of its shape."""
        if self.node is None:
            return self
        leaf = self.trace.leaves[place]
        builder = extend(self.graph, DEFAULT_LIMITS)
        values = builder.values(self.graph.nodes)
        ones = _plain(np.ones(self.graph.nodes[leaf].shape))
        if letter == "R":
            active = self.graph.active(frozenset([leaf]))
            found = pullback(builder, self.graph, values, {self.node.id: ones}, active, DEADLINE)[leaf]
        else:
            found = pushforward(builder, self.graph, values, {leaf: ones}, DEADLINE)[self.node.id]
        node = None if found is None else builder.node_of(found)
        return Walk(self.trace, builder.graph(node or self.node, self.trace.inputs), node, None)

    def all_over_arrays(self, xs: Sequence[Any]) -> list[Any]:
        return arrays.evaluate(self.graph, self.trace.point(xs), DEADLINE)

    def over_arrays(self, xs: Sequence[Any]) -> Any:
        """What it comes to, run over arrays."""
        if self.node is None:
            return np.zeros(self.trace.output.shape)
        return self.all_over_arrays(xs)[self.node.id]

    def over_floats(self, xs: Sequence[Any]) -> float | None:
        """The same over floats, where there are only numbers; ``None`` where floats do not suffice."""
        if self.node is None:
            return 0.0
        assert self.graph.scalar, f"the graph of derivatives of {self.trace.function.name} cannot be run over floats"
        try:
            return floats.evaluate(self.graph, self._floats(xs))[self.node.id]  # type: ignore[no-any-return]
        except FAULTS:
            return None

    def _floats(self, xs: Sequence[Any]) -> dict[str, float]:
        return {name: float(x) for name, x in self.trace.point(xs).items()}

    def weighed(self, value: Any) -> float:
        """The number that is left of a value when the weights have been applied."""
        if self.node is None:
            return 0.0
        return float(value if self.weights is None else np.sum(self.weights * value))


def _plain(v: Any) -> Any:
    """A number as a float, so that a graph of numbers stays one."""
    return v if np.shape(v) else complex(v) if np.iscomplexobj(v) else float(v)


def pulled_floats(trace: Trace, xs: Sequence[float], places: Sequence[int]) -> list[float] | None:
    """The partial derivatives of a number by one backward pass over floats; ``None`` where floats do not suffice."""
    try:
        values = floats.evaluate(trace.graph, trace.point([float(x) for x in xs]))
        return [float(ct) for ct in pulled(FLOATS, trace, values, 1.0, places)]
    except FAULTS:
        return None


def batched_values(F: Batch, trace: Trace, stacks: Sequence[Any]) -> list[Any]:
    """The values of all nodes for a batch of points at once."""
    point = trace.point(stacks)
    values: list[Any] = []
    with np.errstate(all="ignore"):
        for node in trace.graph.nodes:
            if node.operands:
                values.append(getattr(F, node.primitive.name)(*[values[i] for i in node.operands], **node.params))
            else:
                values.append(node.params["value"] if node.params else Batched(F, point[str(node.name)]))
    return values


def pulled(F: Any, trace: Trace, values: Sequence[Any], seed: Any, places: Sequence[int]) -> list[Any]:
    """The cotangents of the operands at ``places``, by one backward pass over values."""
    active = trace.graph.active(frozenset(trace.leaves[k] for k in places))
    with np.errstate(all="ignore"):
        found = pullback(F, trace.graph, values, {trace.output.id: seed}, active, DEADLINE)
    return [found[trace.leaves[k]] for k in places]


def pushed(F: Any, trace: Trace, values: Sequence[Any], tangents: dict[int, Any]) -> Any:
    """The tangent of the result, by one forward pass over values; ``tangents`` by the place of the operand."""
    seeds = {trace.leaves[k]: t for k, t in tangents.items()}
    with np.errstate(all="ignore"):
        return pushforward(F, trace.graph, values, seeds, DEADLINE)[trace.output.id]


def of_no_seed(trace: Trace, xs: Sequence[Any], weights: Any, tangents: dict[int, Any]) -> tuple[list[Any], Any]:
    """What either pass is differentiated to by its seed, at a seed of zeros.

    Of the backward pass, along ``weights``, the cotangents of the operands that have tangents; of the forward pass,
    along the ``tangents`` (by the places of the operands), the tangent of the result.
    """

    def back(place: int) -> Any:
        seeds = {"seed": (weights, trace.output.dtype)}
        return _by_seed(trace, xs, seeds, lambda F, values, v: pulled(F, trace, values, v, [place])[0])

    def on(F: Any, values: Any, *ts: Any) -> Any:
        return pushed(F, trace, values, dict(zip(tangents, ts, strict=True)))

    seeds = {f"t{k}": (t, "float64") for k, t in tangents.items()}
    return [back(place) for place in tangents], _by_seed(trace, xs, seeds, on)


def _by_seed(trace: Trace, xs: Sequence[Any], seeds: dict[str, tuple[Any, str]], run: Any) -> Any:
    """The derivative of what ``run`` makes of seeds, along the directions given for them, where they are zeros."""
    builder = extend(trace.graph, DEFAULT_LIMITS)
    values = builder.values(trace.graph.nodes)
    leaves = {name: builder.leaf(name, np.shape(v), dtype) for name, (v, dtype) in seeds.items()}
    made = run(builder, values, *builder.values(list(leaves.values())))
    if made is None:
        return None
    node = builder.node_of(made)
    inputs = trace.inputs | {name: leaf.id for name, leaf in leaves.items()}
    graph = builder.graph(node, inputs)
    further = extend(graph, DEFAULT_LIMITS)
    along = {leaves[name].id: _plain(v) for name, (v, _) in seeds.items()}
    moved = pushforward(further, graph, further.values(graph.nodes), along, DEADLINE)[node.id]
    if moved is None:
        return None
    result = further.node_of(moved)
    point = trace.point(xs) | {name: np.zeros_like(v) for name, (v, _) in seeds.items()}
    return arrays.evaluate(further.graph(result, inputs), point, DEADLINE)[result.id]


def by_tensors(trace: Trace, xs: Sequence[Any], along: Sequence[Sequence[Any]], weights: Any) -> list[float]:
    """The derivatives of orders 1, 2 … by eager tensors: `grad` with create_graph, again and again."""
    by = smooth(trace.function, len(xs))
    leaves = [None if x is None else Tensor(np.array(x), requires_grad=k in by) for k, x in enumerate(xs)]
    value: Any = called(TENSORS, trace.function, leaves, trace.case.params)
    seed: Any = weights
    results = []
    for direction in along:
        if not value.requires_grad:
            results.append(0.0)
            continue
        places = [k for k, v in enumerate(direction) if v is not None and leaves[k] is not None]
        found = grad(value, [leaves[k] for k in places], seed, create_graph=True)  # type: ignore[misc]
        value, seed = Tensor(np.zeros(())), None
        for k, ct in zip(places, found, strict=True):
            if ct is not None:
                value = value + TENSORS.sum(ct * Tensor(np.asarray(direction[k])))
        results.append(value.item())
    return results


def unbatched(found: Any, length: int, shape: tuple[int, ...]) -> Any:
    """A batch as an array, whether the pass left it as one value for all, as a batch, or as zero."""
    if found is None:
        return np.zeros((length, *shape))
    return found.value if isinstance(found, Batched) else np.broadcast_to(found, (length, *shape))
