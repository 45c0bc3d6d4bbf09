"""The interpreter that builds graph: with it as ``F``, what a rule computes becomes nodes.

The trace of a program builds with it, and so does every derivative of higher order.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, prod
from numbers import Real
from reprlib import repr as shortly
from typing import Any

import numpy as np

from engine.errors import ExpressionError, ShapeMismatch, Span, WrongArguments
from engine.graph import NO_PARAMS, Graph, Node, Params
from engine.kinds import Composition, Primitive
from engine.limits import DEFAULT_LIMITS, Deadline, Limits
from engine.namespace import Namespace, Operators, Rule
from engine.primitives.leaves import constant as CONSTANT
from engine.primitives.leaves import input as INPUT
from engine.primitives.shaping import cast as CAST
from engine.shapes import COMPLEX, EXACT, ITEMSIZE, MOST_AXES, Shape

_LONGEST = 2**48
"""NumPy multiplies the lengths of a shape, those of empty axes left out, and has no room for more than 2**60."""

_REAL = frozenset({"weak", "float64"})
_SELDOM = 1023
"""The deadline is looked at whenever so many nodes have been made."""


class Ref(Operators):
    """A node as a value that rules compute with."""

    __slots__ = ("node", "space")

    def __init__(self, space: Builder, node: Node) -> None:
        self.space = space
        self.node = node

    @property
    def shape(self) -> Shape:
        return self.node.shape

    @property
    def dtype(self) -> str:
        return self.node.dtype


class Builder(Namespace):
    """A graph being built, with its cost so far against the budget.

    ``dtype`` is the element type of tensors made of plain numbers; ``span`` and ``call`` mark the nodes that
    rules add.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS, dtype: str = "float64", convention: str = "torch") -> None:
        self.nodes: list[Node] = []
        self.limits = limits
        self.default_dtype = dtype
        self.convention = convention
        self.deadline: Deadline | None = None
        self.kinked: list[Node] = []
        self.scalar = True
        self.holds_complex = False
        self.flops = 0.0
        self.spared = 0.0
        self.bytes = 0
        self.span: Span | None = None
        self.call: str | None = None
        self.definitions: dict[Span, str] = {}  # of the program's own functions

    def adopt(self, graph: Graph) -> None:
        """Go on where ``graph`` ends, on a list of its own."""
        self.nodes, self.kinked = list(graph.nodes), list(graph.kinked)
        self.scalar, self.holds_complex = graph.scalar, graph.complex
        self.flops, self.spared, self.bytes = graph.flops, graph.spared, graph.bytes

    # Leaves

    def leaf(self, name: str, shape: Shape, dtype: str) -> Node:
        """A node for an input."""
        node = self._append(INPUT, (), NO_PARAMS, shape, dtype, None)
        node.name = name
        return node

    def literal(self, value: Any, span: Span | None = None) -> Node:
        """A node for a number (whose type is weak), a truth value or a tensor written in the program.

        Raises `WrongArguments` where it is none of them: where a rule calculates with what was meant for another.
        """
        if value.__class__ is float or value.__class__ is int:  # the usual case, without the accounts of `_append`
            node = Node(len(self.nodes), CONSTANT, (), {"value": float(value)}, (), "weak", span, self.call)
            self.nodes.append(node)
            return node
        if isinstance(value, np.ndarray):
            return self._append(CONSTANT, (), {"value": value}, value.shape, value.dtype.name, span)
        if isinstance(value, bool):
            return self._append(CONSTANT, (), {"value": value}, (), "bool", span)
        if isinstance(value, complex):
            return self._append(CONSTANT, (), {"value": np.complex128(value)}, (), COMPLEX, span)
        if not isinstance(value, Real):
            raise WrongArguments(f"a number is needed here, not {shortly(value)}", span=span or self.span)
        return self._append(CONSTANT, (), {"value": float(value)}, (), "weak", span)

    # Operations

    def add_node(self, row: Primitive, operands: Sequence[Node], params: Params, span: Span | None) -> Node:
        """A node for ``row`` on ``operands``; an error of the row is located at ``span``."""
        if row.jax is not None and self.convention == "jax" and not _any_complex(operands):
            return self._expanded(row, row.jax[0], operands, params, span)
        if row.light and len(operands) <= 2:
            # Real scalars, the most of what small programs are made of: nothing to find out, nothing to broadcast.
            first, last = operands[0], operands[-1]
            if first.dtype in _REAL and last.dtype in _REAL and not first.shape and not last.shape:
                nodes = self.nodes
                dtype = "weak" if first.dtype == "weak" and last.dtype == "weak" else "float64"
                places = (first.id,) if len(operands) == 1 else (first.id, last.id)
                made = Node(len(nodes), row, places, NO_PARAMS, (), dtype, span, self.call)
                nodes.append(made)
                if row.kink:
                    self.kinked.append(made)
                if made.id >= self.limits.nodes or made.id & _SELDOM == _SELDOM:
                    self._look()
                return made
        try:
            if params or row.signature.static:
                params = row.bind([node.shape for node in operands], params)
            if row.numeric:
                for node in operands:
                    if node.dtype == "bool" or node.dtype == "int64":
                        return self.add_node(row, [self._floating(n, span) for n in operands], params, span)
            if row.complex is not True and _any_complex(operands):
                return self._expanded(row, row.on_complex, operands, params, span)
            shape, dtype = row.infer(operands, params)
        except ExpressionError as error:
            error.span = error.span or span
            raise
        if shape and dtype == "weak":
            dtype = self.default_dtype
        if row.scalar is None:
            self.scalar = False
        if shape or not self.scalar:
            shapes = [node.shape for node in operands]
            self.flops += row.flops(shapes, shape, params)
            if row.spared is not None:
                self.spared += row.spared(*shapes, **params)
        if row.workspace:
            self.bytes += int(8 * row.workspace * sum(prod(node.shape) for node in operands))
        return self._append(row, tuple([node.id for node in operands]), params, shape, dtype, span)

    def _floating(self, node: Node, span: Span | None) -> Node:
        """Truth values and whole numbers become floating-point numbers where they are calculated with."""
        if node.dtype not in ("bool", "int64"):
            return node
        return self.add_node(CAST, [node], {"dtype": self.default_dtype}, span)

    def _expanded(
        self, row: Primitive, rule: Rule, operands: Sequence[Node], params: Params, span: Span | None
    ) -> Node:
        """What ``rule`` makes of the operands in place of the row itself."""
        outer = self.span, self.call, self.convention
        self.span, self.call = span, self.call or (None if row.internal else row.name)
        self.convention = "torch"  # what the rule is made of is meant as it stands
        try:
            made = rule(self, *[Ref(self, node) for node in operands], **params)
        finally:
            self.span, self.call, self.convention = outer
        return self.node_of(made)

    def _append(
        self, row: Primitive, operands: tuple[int, ...], params: Params, shape: Shape, dtype: str, span: Span | None
    ) -> Node:
        nodes = self.nodes
        node = Node(len(nodes), row, operands, params, shape, dtype, span, self.call)
        nodes.append(node)
        if row.kink:
            self.kinked.append(node)
        if shape or (dtype != "float64" and dtype != "weak" and dtype != "bool"):
            self.scalar = False
            self.holds_complex = self.holds_complex or dtype == COMPLEX
            self._account(shape, dtype, span)
        elif len(nodes) > self.limits.nodes:
            self.limits.require("nodes", len(nodes))
        if node.id & _SELDOM == _SELDOM:
            self._look()
        return node

    def _look(self) -> None:
        """Whether there is room and time for more; time is looked at now and then."""
        self.limits.require("nodes", len(self.nodes))
        if self.deadline is not None:
            self.deadline.check()

    def _account(self, shape: Shape, dtype: str, span: Span | None) -> None:
        if len(shape) > MOST_AXES:
            raise ShapeMismatch(f"a tensor has at most {MOST_AXES} axes, not {len(shape)}", span=span)
        elements = prod(shape)
        if not elements and prod(n for n in shape if n) > _LONGEST:
            raise ShapeMismatch(f"a tensor of shape {shape} cannot be made, though it has no elements", span=span)
        self.bytes += elements * ITEMSIZE[dtype]
        self.limits.require("nodes", len(self.nodes))
        self.limits.require("elements", elements)
        self.limits.require("bytes", self.bytes)
        self.limits.require("flops", self.flops)

    # What rules see

    def primitive(self, row: Primitive) -> Rule:
        def apply(*xs: Any, **params: Any) -> Any:
            if row.scalar and not params and all(_is_number(x) for x in xs):
                return fold(row, xs)
            return Ref(self, self.add_node(row, [self.node_of(x) for x in xs], params, self.span))

        return apply

    def composition(self, function: Composition) -> Rule:
        rule = function.jax[0] if function.jax and self.convention == "jax" else function.rule
        return self.expansion(function, rule)

    def expansion(self, function: Composition, rule: Rule) -> Rule:
        expand = super().expansion(function, rule)

        def apply(*xs: Any, **params: Any) -> Any:
            outer, self.call = self.call, self.call or function.name
            try:
                return expand(*xs, **params)
            finally:
                self.call = outer

        return apply

    def node_of(self, x: Any) -> Node:
        """The node that stands for a rule's operand: its own, or a new one for a number or an array."""
        return x.node if isinstance(x, Ref) else self.literal(x)

    def values(self, nodes: Sequence[Node]) -> list[Any]:
        """The nodes as rules see them: numbers written in the program as numbers, so that arithmetic on them folds."""
        return [
            node.params["value"] if node.primitive is CONSTANT and node.dtype == "weak" else Ref(self, node)
            for node in nodes
        ]

    def graph(self, outputs: Node | tuple[Node, ...], inputs: dict[str, int], text: str = "") -> Graph:
        """What has been built, with one output or a tuple of them."""
        count = len(self.nodes)
        return Graph(
            self.nodes,
            inputs,
            tuple([node.id for node in outputs]) if isinstance(outputs, tuple) else (outputs.id,),
            is_tuple=isinstance(outputs, tuple),
            scalar=self.scalar,
            flops=self.flops + count,
            spared=self.spared,
            bytes=self.bytes + 32 * count,
            kinked=self.kinked,
            complex=self.holds_complex,
            text=text,
            definitions=self.definitions,
        )


def extend(graph: Graph, limits: Limits) -> Builder:
    """A builder that goes on where ``graph`` ends, on a list of its own."""
    builder = Builder(limits)
    builder.adopt(graph)
    return builder


def _any_complex(operands: Sequence[Node]) -> bool:
    return any(node.dtype == COMPLEX for node in operands)


def _is_number(x: Any) -> bool:
    return isinstance(x, (bool, int, float))


def fold(row: Primitive, numbers: tuple[Any, ...]) -> Any:
    """A row on plain numbers is a plain number, by IEEE arithmetic; it needs no node.

    An operator on whole numbers that have no exact float, or a result that may have none, is exact as long as a float
    could hold the size: so no number grows without bound.

    >>> from engine.kinds import OPERATORS
    >>> fold(OPERATORS["/"], (1, 0))
    inf
    >>> fold(OPERATORS["%"], (3**40, 7)), fold(OPERATORS["**"], (9, 999))
    (4, inf)
    """
    with np.errstate(all="ignore"):
        result = row.numpy(*[float(x) if row.numeric else x for x in numbers])
    result = bool(result) if row.result_dtype == "bool" else float(result)
    if row.whole and (abs(result) >= EXACT or any(abs(x) >= EXACT for x in numbers)) and isfinite(result):
        return _whole(row.whole, numbers, result)
    return result


def _whole(rule: Rule, numbers: tuple[Any, ...], rounded: Any) -> Any:
    """A rule on whole numbers as Python has it, exactly; ``rounded`` where they are not all whole."""
    if any(x.__class__ is not int for x in numbers):
        return rounded
    try:
        return rule(*numbers)
    except ArithmeticError:  # Python's numbers do not divide by 0
        return rounded
