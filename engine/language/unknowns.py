"""A function of the program as an equation for its argument: ``root(g, x0)``, ``argmin(h, x0)``.

The function runs once, on an unknown, and what it has built is taken out of the graph again, to be a graph of its own.
What it used from around it are operands of the node that is left in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import GeneratorType
from typing import Any

import numpy as np

from engine.errors import DtypeError, ExpressionError, ShapeMismatch
from engine.graph import NO_PARAMS, Graph, Node
from engine.implicit.equation import UNKNOWN
from engine.kinds import Function, Primitive
from engine.language.binding import bind, wrong
from engine.language.syntax import Syntax
from engine.language.tracing import NUMBERS, Tracing, Unknown
from engine.language.values import Closure, Invocation
from engine.language.waiting import Waiting
from engine.primitives.choice import detach
from engine.primitives.leaves import input as INPUT
from engine.primitives.shaping import cast
from engine.shapes import COMPLEX, size

_NODE = 320
"""The bytes that a node takes, more or less."""

_REAL = ("float64", "float32")


def is_function(value: Any) -> bool:
    """Whether a value is a function: of the program, or of the language."""
    return isinstance(value, (Closure, Function))


def solved(
    trace: Tracing,
    function: Primitive,
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
    syntax: Syntax,
    call: Callable[[Any, Node], Any],
) -> Waiting:
    """A call of a row that takes a function: ``call`` gives what a function is of a node, or what has to run for it."""
    assert function.function
    word, make = function.function
    given, start = _arguments(trace, function, word, arguments, keywords, syntax)
    mark = _Mark(trace, function, given, start)
    made = call(given, mark.unknown)
    if isinstance(made, Invocation):
        made = trace.enter(made)
    value = (yield made) if isinstance(made, GeneratorType) else made
    try:
        graph, known = mark.taken(trace.operand(value, syntax))
        with trace.deadline.watching():
            equation = make(graph, _text(trace, given), given.name or "the lambda", trace.builder.limits)
        trace.builder.limits.require("elements", 1 if equation.separate else size(start.shape) ** 2)
        trace.builder.bytes += equation.bytes + _NODE * len(equation.graph)
        made = trace.builder.add_node(function, [start, *known], {word: equation}, syntax.span)
    except ExpressionError as error:
        error.span = error.span or syntax.span
        raise
    trace.builder.limits.require("bytes", trace.builder.bytes)
    trace.builder.limits.require("flops", trace.builder.flops)
    return made


def _arguments(
    trace: Tracing,
    function: Primitive,
    word: str,
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
    syntax: Syntax,
) -> tuple[Any, Node]:
    """The function that is given, and where to begin."""
    try:
        operands, params = bind(function, arguments, keywords)
        given = params[word]
        if not is_function(given):
            fault = wrong(function, f"{function.name} takes a function first, as in lambda x: x**2 - 2")
            fault.hint = f"{function.advice}; {fault.hint}"
            raise fault
        return given, _start(trace, operands[0], syntax)
    except ExpressionError as error:
        error.span = error.span or syntax.span
        raise


def _start(trace: Tracing, value: Any, syntax: Syntax) -> Node:
    """The starting point as a floating-point constant: nothing is differentiated through it."""
    builder = trace.builder
    if value.__class__ in NUMBERS:
        return builder.literal(np.asarray(value, dtype=builder.default_dtype), syntax.span)
    node = trace.operand(value, syntax)
    if node.dtype == COMPLEX:
        hint = "take the real and the imaginary part as two unknowns"
        raise DtypeError("an equation is solved for real numbers, and x0 is complex", hint=hint)
    if not size(node.shape):
        raise ShapeMismatch("x0 has no elements, so there is nothing to solve for")
    if node.dtype not in _REAL:
        node = builder.add_node(cast, [node], {"dtype": builder.default_dtype}, node.span)
    is_written = not node.operands and node.params
    return node if is_written else builder.add_node(detach, [node], NO_PARAMS, node.span)


class _Mark:
    """The state of a trace before the function runs, to which it comes back when what was built is taken out."""

    def __init__(self, trace: Tracing, function: Primitive, given: Any, start: Node) -> None:
        builder = trace.builder
        self.trace = trace
        self.count = len(builder.nodes)
        self.kinked = len(builder.kinked)
        self.stacked = len(trace.stacked_lists)
        self.state = builder.flops, builder.bytes, builder.scalar, builder.holds_complex
        name = given.parameters[0] if isinstance(given, Closure) and given.parameters else "x"
        self.unknown = builder.leaf(name, start.shape, start.dtype)
        trace.unknowns.append(Unknown(self.unknown, function.name, len(trace.calls)))

    def taken(self, output: Node) -> tuple[Graph, list[Node]]:
        """What was built as a graph of its own, and the outer nodes that it uses."""
        trace, builder = self.trace, self.trace.builder
        nodes = builder.nodes[self.count :]
        flops, bytes_ = builder.flops - self.state[0], builder.bytes - self.state[1]
        del builder.nodes[self.count :], builder.kinked[self.kinked :]
        builder.flops, builder.bytes, builder.scalar, builder.holds_complex = self.state
        for node in nodes:
            trace.known.pop(node.id, None)
        for items in trace.stacked_lists[self.stacked :]:
            items.node = None
        del trace.stacked_lists[self.stacked :]
        trace.unknowns.pop()
        return self._graph(nodes, output, flops, bytes_)

    def _graph(self, nodes: list[Node], output: Node, flops: float, bytes_: int) -> tuple[Graph, list[Node]]:
        needed = self._needed(nodes, output)
        used = {i for node in needed for i in node.operands} | {output.id}
        known = sorted(i for i in used if i < self.count)
        outer = [self.trace.builder.nodes[i] for i in known]
        places = {self.unknown.id: UNKNOWN} | {i: k for k, i in enumerate(known, UNKNOWN + 1)}
        kept = [_renewed(leaf, places[leaf.id], INPUT, ()) for leaf in (self.unknown, *outer)]
        for node in needed:
            places[node.id] = len(kept)
            operands = tuple([places[i] for i in node.operands])
            kept.append(_renewed(node, len(kept), node.primitive, operands, node.params))
        graph = Graph(
            kept,
            {str(k): k for k in range(len(known) + 1)},
            (places[output.id],),
            scalar=False,
            flops=flops,
            bytes=bytes_,
            kinked=[node for node in kept if node.primitive.kink],
            complex=any(node.dtype == COMPLEX for node in kept),
        )
        return graph, outer

    def _needed(self, nodes: list[Node], output: Node) -> list[Node]:
        """Of what was built all that the output is made of, but for the unknown."""
        needed = {output.id}
        for node in reversed(nodes):
            if node.id in needed:
                needed.update(node.operands)
        return [node for node in nodes if node.id in needed and node is not self.unknown]


def _renewed(
    node: Node, place: int, primitive: Primitive, operands: tuple[int, ...], params: dict[str, Any] = NO_PARAMS
) -> Node:
    made = Node(place, primitive, operands, params, node.shape, node.dtype, node.span, node.call)
    made.name = node.name
    return made


def _text(trace: Tracing, given: Any) -> str:
    """What the program says of a function."""
    if isinstance(given, Closure) and not given.name:
        return trace.text[given.body[0].start : given.body[-1].end]
    return given.signature if isinstance(given, Closure) else given.name
