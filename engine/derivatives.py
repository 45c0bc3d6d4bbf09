"""The derivatives that a caller asks for: the gradient, and products with vectors.

Each starts from one forward pass and is a composition of the transformations: the gradient is a pullback, its product
with a vector a pushforward through the graph of the gradient. `engine.jacobians` has the matrices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.errors import InvalidInput, NonscalarOutput
from engine.forward import Forward
from engine.graph import Graph, Node
from engine.interpret.build import extend
from engine.shapes import COMPLEX, INEXACT, Shape
from engine.transform.pullback import pullback

Tensors = dict[str, Any]

_KEPT = 5000
"""A gradient's graph of so many nodes is kept with the graph that it is of."""

_SHOWN = 20
"""Of a longer tuple, an error gives the shapes of so many items."""


def upstream(forward: Forward, grad_output: Any = None) -> dict[int, Any]:
    """The cotangents of the outputs by node: those given, or 1 for a scalar.

    Raises `NonscalarOutput` where neither will do.
    """
    forward.require_floating()
    if grad_output is not None:
        return summed(forward, weights(forward, grad_output))
    if forward.graph.is_tuple:
        raise NonscalarOutput(
            f"the output is {_tuple(forward)}, and only a scalar has a gradient of its own",
            hint="pass grad_output, a list with an item for each, of its shape, or null for one that does not matter",
            shape=_shapes(forward),
        )
    output = forward.output
    _require_real(forward, "pass grad_output, or end with a real number: real(z), imag(z), abs(z)**2")
    if output.shape:
        raise NonscalarOutput(
            f"the output has shape {list(output.shape)}, and only a scalar has a gradient of its own",
            hint="pass grad_output of that shape, or reduce the output with sum(...) or mean(...)",
            shape=list(output.shape),
        )
    return {output.id: 1.0}


def is_scalar(forward: Forward) -> bool:
    """Whether the output is one real number or truth value, so that there is one way to weigh it."""
    if forward.graph.is_tuple:
        return False
    output = forward.output
    return not output.shape and output.dtype != COMPLEX


def weights(forward: Forward, grad_output: Any) -> list[Any]:
    """The upstream gradient of each output, of its shape; ``None`` where an output does not matter.

    Raises `InvalidInput` where ``grad_output`` does not fit: of a tuple it is a list with an item for each.
    """
    outputs = forward.outputs
    if not forward.graph.is_tuple:
        return [tensor(grad_output, node.shape, "grad_output", "the output", node.storage) for node in outputs]
    listed = isinstance(grad_output, (list, tuple)) or (isinstance(grad_output, np.ndarray) and grad_output.ndim)
    if not listed or len(grad_output) != len(outputs):
        given = f"a list of {len(grad_output)}" if listed else "no list"
        raise InvalidInput(
            f"grad_output is {given}, and the output is {_tuple(forward)}",
            hint="send a list with an item for each, of its shape, or null for one that does not matter",
            pointer="/grad_output",
        )
    return [_weight(given, node, place) for place, (given, node) in enumerate(zip(grad_output, outputs, strict=True))]


def _weight(given: Any, output: Node, place: int) -> Any:
    if given is None:
        return None
    field = f"grad_output/{place}"
    weight = tensor(given, output.shape, field, f"item {place} of the output", output.storage)
    if output.dtype in INEXACT:
        return weight
    if weight.any():
        raise InvalidInput(
            f"item {place} of the output is {output.dtype}, which has no derivative to be weighed",
            hint="send null for it",
            pointer=f"/{field}",
        )
    return None


def summed(forward: Forward, weights: Sequence[Any]) -> dict[int, Any]:
    """The weights of the outputs by node: an output that is there twice has the sum of both."""
    seeds: dict[int, Any] = {}
    for output, weight in zip(forward.graph.outputs, weights, strict=True):
        if weight is not None:
            seeds[output] = seeds[output] + weight if output in seeds else weight
    return seeds


def _tuple(forward: Forward) -> str:
    """What a tuple holds, in words."""
    count = len(forward.graph.outputs)
    *most, last = [str(shape) for shape in _shapes(forward)]
    if not most:
        return f"a tuple of one tensor, of shape {last}"
    shown = ", ".join(most) + (f" and {last}" if count <= _SHOWN else f", {last}, …")
    return f"a tuple of {count} tensors, of shapes {shown}"


def _shapes(forward: Forward) -> list[list[int]]:
    """The shapes of a tuple's first items."""
    return [list(forward.graph.nodes[i].shape) for i in forward.graph.outputs[:_SHOWN]]


def require_one(forward: Forward, what: str, hint: str) -> None:
    """Raise `NonscalarOutput` where the output is a tuple; ``what`` is asked for, and takes one tensor."""
    if forward.graph.is_tuple:
        raise NonscalarOutput(
            f"the output is {_tuple(forward)}, and {what}",
            hint=f"choose one, as in (…)[0], or {hint}",
            shape=_shapes(forward),
        )


def _require_real(forward: Forward, hint: str) -> None:
    if forward.output.dtype == COMPLEX:
        raise NonscalarOutput("the output is complex, and only a real one has a gradient of its own", hint=hint)


def require_scalar(forward: Forward) -> None:
    """Raise `NonscalarOutput` where the output is no real scalar, and the question has no use for an upstream
    gradient."""
    require_one(forward, "second derivatives are those of one scalar", "add them up: sum(a) + sum(b)")
    _require_real(forward, "end with a real number: real(z), imag(z), abs(z)**2")
    shape = forward.output.shape
    if shape:
        raise NonscalarOutput(
            f"the output has shape {list(shape)}, and second derivatives are those of a scalar",
            hint="reduce the output with sum(...) or mean(...), or choose an element: (...)[0]",
            shape=list(shape),
        )


def gradient(forward: Forward, names: Sequence[str], grad_output: Any = None) -> Tensors:
    """For each input the gradient, of the input's shape."""
    leaves = [(name, forward.leaf(name)) for name in names]
    cotangents = forward.pullback(upstream(forward, grad_output), [leaf.id for _, leaf in leaves])
    found = {name: plain(_or_zero(cotangents[leaf.id], leaf)) for name, leaf in leaves}
    return apart(found) if len(found) > 1 else found


def apart(found: dict[Any, Any]) -> dict[Any, Any]:
    """The same values, an array of its own for each: what a sum sends back is one and the same to all."""
    seen: set[int] = set()
    for name, value in found.items():
        if id(value) in seen and isinstance(value, np.ndarray):
            found[name] = value.copy()
        seen.add(id(value))
    return found


def jvp(forward: Forward, tangents: Mapping[str, Any]) -> Any:
    """The derivative of the output along ``tangents``, of the output's shape.

    Of a tuple it is a list, with ``None`` for an item that is no floating-point number and so has none.
    """
    forward.require_floating()
    found = forward.pushforward(vectors(forward, tangents, "tangents"), forward.graph.outputs)
    along = [plain(_or_zero(found[node.id], node)) if node.dtype in INEXACT else None for node in forward.outputs]
    return list(apart(dict(enumerate(along))).values()) if forward.graph.is_tuple else along[0]


# Second order: the same passes over the graph of the gradient.


def gradient_graph(forward: Forward, names: Sequence[str]) -> tuple[Graph, dict[str, Node | None]]:
    """The graph that goes on to the gradient of a scalar, and the node of each input's gradient in it.

    An input that the output does not depend on has ``None``. It is the walk that computes numbers, over the
    graph builder; applied again it gives derivatives of any order.
    """
    graph = forward.graph
    kept = graph.plans.get(("gradient", *names))
    if kept is not None:
        return kept  # type: ignore[no-any-return]
    builder = extend(graph, forward.limits)
    active = graph.active(frozenset(graph.inputs[name] for name in names))
    cotangents = pullback(builder, graph, builder.values(graph.nodes), upstream(forward), active, forward.deadline)
    found = {name: cotangents[graph.inputs[name]] for name in names}
    nodes = {name: None if ct is None else builder.node_of(ct) for name, ct in found.items()}
    made = builder.graph(forward.output, graph.inputs, graph.text), nodes
    if len(made[0]) <= _KEPT:
        graph.remember(("gradient", *names), made)
    return made


def second_forward(forward: Forward, names: Sequence[str]) -> tuple[Forward, dict[str, Node | None]]:
    """A forward pass of the gradient's graph."""
    graph, gradients = gradient_graph(forward, names)
    return forward.further(graph), gradients


def hvp(forward: Forward, names: Sequence[str], along: Mapping[str, Any]) -> Tensors:
    """The Hessian of a scalar output times vectors, without forming it; for each input of the input's shape."""
    second, gradients = second_forward(forward, names)
    wanted = {node.id for node in gradients.values() if node is not None}
    found = second.pushforward(vectors(second, along, "vectors"), wanted)
    products = {name: None if node is None else found[node.id] for name, node in gradients.items()}
    return {name: plain(_or_zero(product, forward.leaf(name))) for name, product in products.items()}


# Tensors in and out


def vectors(forward: Forward, given: Mapping[str, Any], what: str) -> dict[int, Any]:
    """Tangents by node, each checked against its input."""
    seeds = {}
    for name in forward.point.wrt(given, what):
        leaf = forward.leaf(name)
        value = tensor(given[name], leaf.shape, f"{what}/{name}", f"input {name}", leaf.dtype)
        with np.errstate(over="ignore"):
            seeds[leaf.id] = value.astype(leaf.dtype)[()]
    return seeds


def tensor(value: Any, shape: Shape, field: str, of: str, dtype: str = "float64") -> Any:
    """An array that has to have the shape of something; ``field`` and ``of`` name both in the error.

    Its numbers may be complex where ``dtype``, the type of that something, is.
    """
    if dtype != COMPLEX and isinstance(value, (np.ndarray, complex)) and np.iscomplexobj(value):
        raise InvalidInput(f"{field} is complex, and {of} is real", pointer=f"/{field}")
    try:
        array = np.asarray(value, dtype=COMPLEX if dtype == COMPLEX else "float64")
    except (TypeError, ValueError):
        raise InvalidInput(
            f"{field} is not a tensor of numbers",
            hint="a tensor is a number, or nested lists of numbers whose rows have the same length",
            pointer=f"/{field}",
        ) from None
    if isinstance(value, (list, tuple)) and np.isnan(array).any() and None in np.ravel(np.array(value, dtype=object)):
        raise InvalidInput(f"{field} holds null, and {of} is one tensor", pointer=f"/{field}")
    if array.shape != shape:
        message = f"{field} has shape {list(array.shape)}, and {of} has shape {list(shape)}"
        raise InvalidInput(message, pointer=f"/{field}")
    return array


def plain(value: Any) -> Any:
    """A scalar as Python has it, a tensor as an array."""
    if value.__class__ is float:
        return value
    if not isinstance(value, (np.ndarray, np.generic)):
        return value
    if not value.shape:
        return value.item()
    return value if value.flags.owndata and value.flags.writeable else value.copy()


def _or_zero(found: Any, like: Node) -> Any:
    return np.zeros(like.shape, dtype=like.storage) if found is None else found
