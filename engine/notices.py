"""What an answer warns of: points with no derivative, values that are not finite, steps of derivative zero."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from engine.answers import Notice
from engine.functions import FUNCTIONS
from engine.graph import Graph, Node
from engine.language.lost import Lost, gives_value, lost
from engine.language.syntax import Bind, Call, Define, Evaluate, Literal, Name, Program, Syntax
from engine.shapes import COMPLEX

MOST = 20
"""Of one kind so many notices are given, and the number of the others."""


def kinks(graph: Graph, values: Sequence[Any], names: Iterable[str], whose: str = "torch") -> list[Notice]:
    """A notice for each step that is not differentiable at just these values, with the convention used there.

    ``whose`` it is, PyTorch's or JAX's. Only steps that the derivative passes, and comparisons that decide its way: not
    what is behind a `detach`.
    """
    active = graph.active(frozenset(graph.inputs[name] for name in names))
    matters = graph.reached(smooth=True, deciding=True)
    found: dict[tuple[str, Any], Notice] = {}
    with np.errstate(all="ignore"):
        for node in graph.kinked:
            if not matters[node.id] or not any(active[i] for i in node.operands):
                continue
            what = node.call or node.primitive.name
            operands = [values[i] for i in node.operands]
            if (what, node.span) in found:
                continue
            if np.any(node.primitive.at_kink(values[node.id], operands, node.params)):
                message = f"{what} is not differentiable at this point"
                convention = _convention(node, whose)
                message += f"; the convention is {convention}" if convention else ""
                found[what, node.span] = Notice("kink", message, node.span)
    shown = list(found.values())
    if len(shown) > MOST:
        shown[MOST:] = [Notice("kink", f"{len(shown) - MOST} more steps are not differentiable at this point")]
    return shown


def _convention(node: Node, whose: str) -> str:
    function = FUNCTIONS[node.call] if node.call else node.primitive
    return function.jax[1] if function.jax and whose == "jax" else function.convention


_COMPLEX = {
    "torch": "the gradient by a complex z = a + ib is ∂L/∂a + i ∂L/∂b, as PyTorch has it; JAX's is the conjugate",
    "jax": "the gradient by a complex z = a + ib is ∂L/∂a - i ∂L/∂b, as JAX has it; PyTorch's is the conjugate",
}


def complex_inputs(graph: Graph, names: Iterable[str], convention: str) -> list[Notice]:
    """A notice of which of two conventions the derivatives by complex inputs have."""
    complex = any(graph.nodes[graph.inputs[name]].dtype == COMPLEX for name in names)
    return [Notice("complex_gradient", _COMPLEX[convention])] if complex else []


def discarded(program: Program) -> list[Notice]:
    """A notice for each statement but the last whose value gets no name, and for each write that nothing sees."""
    if len(program.statements) == 1 and isinstance(program.statements[0], Evaluate):
        return []
    silent = {s.name for s in program.statements if isinstance(s, Define) and not gives_value(s)}
    unused = [s for s in program.statements[:-1] if isinstance(s, Evaluate) and _has_value(s.block[-1], silent)]
    return [*_unused_values(unused), *[_lost_write(write) for write in lost(program)[:MOST]]]


def _unused_values(statements: Sequence[Evaluate]) -> list[Notice]:
    return [
        Notice(
            "unused_value",
            "the value of this statement is not used; to go on in the next line, put brackets around it",
            (s.start, s.end),
        )
        for s in statements[:MOST]
    ]


def _has_value(syntax: Syntax, silent: Collection[str]) -> bool:
    """Not text that explains what follows, nor what is there for what it does: ``xs.append(x)``, or a function that
    gives nothing back."""
    if isinstance(syntax, Call):
        return not syntax.path.endswith(".append") and syntax.path not in silent
    return not isinstance(syntax, Literal)


def _lost_write(write: Lost) -> Notice:
    """What to write instead of what changes an argument, or what a loop gives."""
    name, source = write.name, write.source
    if isinstance(source, Define):
        rest = f"{source.name} does not change what it is called with"
        remedy = f"end it with return {name}, and assign what it gives: v = {source.name}(…)"
    else:
        through = source.iterable[-1]
        rest, remedy = "what the loop goes through stays as it was", "assign to a part of that: a[i] = …"
        if isinstance(through, Name) and isinstance(source.target, Bind):
            whole = through.path
            rest = f"{whole} stays as it was"
            remedy = f"write for i, {name} in enumerate({whole}): {whole}[i] = …"
    return Notice("lost_write", f"what is written into {name} is lost: {rest}; {remedy}", write.statement.span)


def nonfinite(graph: Graph, values: Sequence[Any]) -> list[Notice]:
    """A notice for the first value that is not finite although all that it was made of is."""
    for node in graph.nodes:
        value = values[node.id]
        if _finite(value) or not all(_finite(values[i]) for i in node.operands):
            continue
        place = _first_place(value)
        what = f"input {node.name}" if node.name and not node.operands else node.call or node.primitive.name
        operands = ", ".join(_element(values[i], place, np.shape(value)) for i in node.operands)
        message = f"{what} gave {_word(value, place)}" + (f" at element {list(place)}" if place else "")
        if operands:
            message += f" from {operands}"
        return [Notice("nonfinite", message, node.span)]
    return []


def nonfinite_derivatives(names: Iterable[str], derivatives: Iterable[Any]) -> list[Notice]:
    """A notice for each derivative that is not finite although all values are: a vertical tangent, an overflow."""
    return [
        Notice("nonfinite", f"the derivative by {name} is {_word(value, _first_place(value))}; all values are finite")
        for name, value in zip(names, derivatives, strict=False)
        if not _finite(value)
    ]


def _finite(value: Any) -> bool:
    return math.isfinite(value) if isinstance(value, float) else bool(np.isfinite(value).all())


def _first_place(value: Any) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0]) if np.ndim(value) else ()


def _word(value: Any, place: tuple[int, ...]) -> str:
    element = np.asarray(value)[place]
    return str(complex(element) if np.iscomplexobj(element) else float(element))


def _element(value: Any, place: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """The operand's element that took part, where the operation is element by element; else its shape."""
    try:
        return f"{np.broadcast_to(value, shape)[place]:g}"
    except ValueError:
        return f"a tensor of shape {list(np.shape(value))}"


def unused(graph: Graph, names: Iterable[str]) -> list[Notice]:
    """A notice for each input that the output does not depend on."""
    used = graph.reached()
    return [
        Notice("unused_input", f"the output does not depend on {name}")
        for name in names
        if not used[graph.inputs[name]]
    ]


def unreached(graph: Graph, names: Iterable[str]) -> list[Notice]:
    """A notice for each input whose gradient is zero because no differentiable path leads to the output."""
    reached = graph.reached(smooth=True)
    missed = [name for name in names if not reached[graph.inputs[name]]]
    apart = unused(graph, missed)
    used = graph.reached()
    return apart + [
        Notice("zero_derivative", f"the output depends on {name} only through steps whose derivative is zero")
        for name in missed
        if used[graph.inputs[name]]
    ]
