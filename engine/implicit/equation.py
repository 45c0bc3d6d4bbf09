"""A function of the program whose root is looked for, as a graph of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from engine.errors import DtypeError, ShapeMismatch, WrongArguments
from engine.graph import Graph, Node
from engine.interpret.build import extend
from engine.kinds import Elementwise
from engine.limits import Deadline, Limits
from engine.shapes import FLOATING, INEXACT, Shape, size
from engine.transform.batch import Batch, Batched
from engine.transform.pullback import pullback
from engine.transform.pushforward import pushforward

UNKNOWN = 0
"""The place of the unknown in the graph of an equation; what the function uses from around it comes behind."""

EVALUATIONS = 20
JACOBIANS = 8
"""How often g and ∂g/∂x are expected to be computed for a solution, to estimate its cost by."""

_PER_NODE = 100.0
"""What the interpreter spends on a node beside the arithmetic, in floating-point operations."""

_LONGEST = 120
"""The characters of a function's text that are shown."""


class Equation:
    """g(x, c) = 0 for the unknown x: ``graph`` computes g from the leaves x and c, of which there are any number.

    ``objective`` is the node of a function of which g is the gradient, where the root wanted is a minimum. ``text`` is
    what the program says. Every method takes the namespace ``F`` that it is to compute with; ``values`` are those of
    all nodes, as `values` gives them.
    """

    __slots__ = ("by_known", "by_unknown", "graph", "objective", "separate", "text")

    def __init__(self, graph: Graph, text: str, objective: int | None = None) -> None:
        self.graph = graph
        self.text = text
        self.objective = objective
        self.by_unknown = graph.active(frozenset([UNKNOWN]))
        known = [node.id for node in self.leaves[UNKNOWN + 1 :] if node.dtype in INEXACT]
        self.by_known = graph.active(frozenset(known))
        self.separate = size(self.shape) == 1 or self._is_pointwise()

    def __repr__(self) -> str:
        return self.text if len(self.text) <= _LONGEST else self.text[:_LONGEST] + "…"

    @property
    def leaves(self) -> list[Node]:
        """The unknown, and what is known."""
        return [self.graph.nodes[i] for i in self.graph.inputs.values()]

    @property
    def shape(self) -> Shape:
        """The shape of the unknown, which that of g is too."""
        return self.graph.nodes[UNKNOWN].shape

    @property
    def flops(self) -> float:
        """What it takes to solve, by estimate."""
        once = self.graph.flops + _PER_NODE * len(self.graph)
        count = 1 if self.separate else size(self.shape)
        return EVALUATIONS * once + JACOBIANS * (3 * count * once + count**3)

    @property
    def spared(self) -> float:
        """How much less a pass for derivatives takes, in which the Jacobian is made once for many seeds."""
        count = 1 if self.separate else size(self.shape)
        return self.flops - 4.0 * (self.graph.flops + _PER_NODE * len(self.graph)) - 2.0 * count**2

    @property
    def bytes(self) -> int:
        """The memory that it takes to solve, by estimate."""
        return self.graph.bytes * (3 + (1 if self.separate else size(self.shape)))

    def _is_pointwise(self) -> bool:
        """Whether each element of g depends on the same element of the unknown alone: functions of elements lead there.

        The Jacobian is then a diagonal.
        """
        for i, node in enumerate(self.graph.nodes):
            places = self.by_unknown[i]
            if i != UNKNOWN and places:
                operands = [self.graph.nodes[node.operands[k]] for k in places]
                if not isinstance(node.primitive, Elementwise) or any(x.shape != self.shape for x in operands):
                    return False
        return True

    # Over any namespace

    def values(self, F: Any, xs: Sequence[Any]) -> list[Any]:
        """The values of all nodes at ``xs``: a value of the unknown, and of each that is known."""
        deadline = Deadline.under_way()
        values: list[Any] = []
        for node in self.graph.nodes:
            if node.operands:
                deadline.check()
                operands = [values[i] for i in node.operands]
                values.append(getattr(F, node.primitive.name)(*operands, **node.params))
            else:
                values.append(node.params["value"] if node.params else xs[node.id])
        return values

    def of(self, values: Sequence[Any]) -> Any:
        """g itself."""
        return values[self.graph.output]

    def back(self, F: Any, values: Sequence[Any], seed: Any, by_known: bool = False) -> list[Any]:
        """The cotangents of all nodes from one of g, on the way to the unknown or to what is known."""
        active = self.by_known if by_known else self.by_unknown
        return pullback(F, self.graph, values, {self.graph.output: seed}, active, Deadline.under_way())

    def along_known(self, F: Any, values: Sequence[Any], tangents: Sequence[Any]) -> Any:
        """The tangent of g where the unknown stays, from those of what is known; ``None`` is zero."""
        seeds = {k: t for k, t in enumerate(tangents, UNKNOWN + 1) if t is not None}
        return pushforward(F, self.graph, values, seeds, Deadline.under_way())[self.graph.output]

    def rows(self, F: Any, values: Sequence[Any]) -> tuple[Batch, list[Any]]:
        """The cotangents of all nodes for each element of g, as a batch."""
        count = size(self.shape)
        batch = Batch(F, count)
        seeds = np.eye(count, dtype=self.graph.nodes[UNKNOWN].storage).reshape(count, *self.shape)
        return batch, self.back(batch, values, Batched(batch, seeds))

    def jacobian(self, F: Any, values: Sequence[Any]) -> Any:
        """∂g/∂x as a matrix."""
        batch, found = self.rows(F, values)
        return F.reshape(stacked(batch, found[UNKNOWN], self.shape), shape=(batch.length, batch.length))

    def slopes(self, F: Any, values: Sequence[Any]) -> Any:
        """∂g/∂x element by element, of an equation that is `separate`."""
        found = self.back(F, values, self.ones())[UNKNOWN]
        return 0.0 if found is None else found

    def ones(self) -> Any:
        """Of g a cotangent of ones."""
        return np.ones(self.shape, dtype=self.graph.nodes[UNKNOWN].storage)[()]

    def solved(self, F: Any, values: Sequence[Any], v: Any, transposed: bool = False) -> Any:
        """J⁻¹ times ``v``, which is of g's shape, or J⁻ᵀ times it; J is ∂g/∂x. Infinite where J is singular."""
        if self.separate:
            return F.strong_multiply(v, F.divide(1.0, self.slopes(F, values)))
        matrix = self.jacobian(F, values)
        if transposed:
            matrix = F.swapaxes(matrix, axis1=0, axis2=1)
        column = F.solve_columns(matrix, F.reshape(v, shape=(size(self.shape), 1)))
        return F.reshape(column, shape=self.shape)


def stacked(batch: Batch, found: Any, shape: Shape) -> Any:
    """What a batched pass gave for a value of this shape, as a value of the namespace below with the batch in front."""
    if isinstance(found, Batched) and found.space is batch:
        return found.value
    return batch.below.broadcast_to(0.0 if found is None else found, shape=(batch.length, *shape))


def unstacked(batch: Batch, values: Sequence[Any]) -> Iterator[Any]:
    """Values with a batch in front as batched ones; ``None`` stays."""
    return (None if x is None else Batched(batch, x) for x in values)


def equated(graph: Graph, text: str, name: str, limits: Limits) -> Equation:
    """The equation that a function, which is called ``name``, is zero.

    Raises `ShapeMismatch` where it gives more or fewer numbers than there are unknowns.
    """
    output, wanted = graph.nodes[graph.output], graph.nodes[UNKNOWN].shape
    _require_dependence(graph, name)
    if output.shape != wanted:
        raise ShapeMismatch(
            f"{name} gives shape {output.shape}, and as many equations as unknowns are needed: shape {wanted}",
            span=output.span,
            hint=f"give x0 the shape of what {name} gives, or the reverse",
        )
    return Equation(graph, text)


def stationary(graph: Graph, text: str, name: str, limits: Limits) -> Equation:
    """The equation for a minimum of a function: its gradient by the unknown is zero.

    Raises `ShapeMismatch` where the function gives no scalar, and `WrongArguments` where its gradient does not depend
    on the unknown.
    """
    output = graph.nodes[graph.output]
    _require_dependence(graph, name)
    if output.shape:
        message = f"{name} gives shape {output.shape}, and a scalar is made smallest"
        raise ShapeMismatch(message, span=output.span, hint="reduce it, as in sum(...)")
    builder = extend(graph, limits)
    values = builder.values(graph.nodes)
    active = graph.active(frozenset([UNKNOWN]))
    found = pullback(builder, graph, values, {output.id: 1.0}, active, Deadline.under_way())[UNKNOWN]
    gradient = builder.node_of(builder.spread(0.0 if found is None else found, values[UNKNOWN]))
    made = Equation(builder.graph(gradient, graph.inputs), text, output.id)
    if not made.by_unknown[gradient.id]:
        raise WrongArguments(
            f"{name} has no curvature: it is linear in its argument, piece by piece, and has no smooth minimum",
            span=output.span,
            hint="add what curves, as in 1e-3*x**2",
        )
    return made


def _require_dependence(graph: Graph, name: str) -> None:
    """Raise where a function gives no real numbers, or such as no change of its argument changes."""
    output = graph.nodes[graph.output]
    if output.dtype not in FLOATING:
        raise DtypeError(f"{name} gives {output.dtype}, and real numbers are needed", span=output.span)
    if not graph.active(frozenset([UNKNOWN]))[output.id]:
        raise WrongArguments(
            f"{name} does not depend on its argument in a way that has a derivative",
            span=output.span,
            hint="the unknown is what the function is called with",
        )
