r"""The derivative of a function, in the language itself and in LaTeX, as its row has it.

A function of elements has a partial derivative by each operand: its rule, run over formulas. Any other has its
differential: ``dx`` is that of the operand ``x``, and ``y`` the value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from engine.errors import NablaError
from engine.graph import Graph
from engine.interpret.build import Builder
from engine.kinds import Bilinear, Composition, Elementwise, Explicit, Flat, Function, Linear, Unknown
from engine.limits import Deadline
from engine.reference.call import written
from engine.reference.linearity import Degree, degree, required
from engine.render.formula import FORMULAS, Formula, Unspoken
from engine.render.latex import latex
from engine.transform.pushforward import pushforward

RULES: dict[type[Function], str] = {
    Elementwise: "Element by element, by its partial derivatives.",
    Linear: "Linear: that of the operand goes through the same function.",
    Bilinear: "Linear in either operand: the product rule.",
    Flat: "Zero, wherever there is one.",
    Explicit: "By a rule of its own.",
    Composition: "By the chain rule, through the functions it is made of.",
}
"""What a kind of function says of the derivative of all its functions."""

LONGEST = 160
"""The characters of the longest formula that is worth reading, of those that nobody wrote."""


_LONG = 120
"""The characters of the longest call with all of its static parameters by name."""

_UNSPOKEN = "by functions that the language itself has not got"


def derivative(function: Function) -> dict[str, Any]:
    """The rule in words, and formulas: ``by`` an operand, or by none where the formula is the differential."""
    if not function.signature.operands:
        return {"rule": "None: there is no operand to differentiate by.", "formulas": []}
    formulas = list(_formulas(function))
    if isinstance(function, Composition) and not formulas:
        kind, formulas = _found(function)
        return {"rule": RULES[kind], "formulas": formulas}
    return {"rule": RULES[type(function)], "formulas": formulas}


def is_pointwise(function: Function) -> bool:
    """Whether it acts on each element on its own."""
    if isinstance(function, Composition):
        return function.sympy is not None and not function.examples
    return isinstance(function, Elementwise) or (isinstance(function, Flat) and not function.examples)


def _formulas(function: Function) -> Iterator[dict[str, Any]]:
    stated = function.derivative
    if isinstance(stated, list):
        for name, formula in zip(function.signature.operands, stated, strict=True):
            if formula is not None:
                yield _partial(function, name, formula)
    elif stated is not None:
        yield _differential(function, stated)
    elif isinstance(function, Elementwise):
        yield from _partials(function)
    elif isinstance(function, Composition) and function.sympy is not None:
        yield from _chained(function)
    elif isinstance(function, (Linear, Bilinear)):
        statics = {name: name for name in function.signature.static if not name.startswith("_")}
        yield _differential(function, _through(function, statics))
    elif isinstance(function, Flat):
        yield _differential(function, "0")


def _partial(function: Function, by: str, formula: str | tuple[str, str]) -> dict[str, Any]:
    sign = r"\frac{\mathrm{d}}{\mathrm{d}" if len(function.signature.operands) == 1 else r"\frac{\partial}{\partial "
    call = latex(written(function, function.signature.operands, {}))
    return _shown(by, rf"{sign}{latex(by)}}} {call}", formula, ())


def _differential(function: Function, formula: str | tuple[str, str]) -> dict[str, Any]:
    names = function.signature.operands
    value = "y" if "y" not in names else rf"\left({latex(written(function, names[:1], {}))}\right)"
    return _shown(None, rf"\mathrm{{d}}{value}", formula, [f"d{name}" for name in (*names, *"ab")])


def _shown(by: str | None, left: str, formula: str | tuple[str, str], differentials: Collection[str]) -> dict[str, Any]:
    """A formula of the language, of which ``left`` is the left side; or words with the whole equation."""
    if isinstance(formula, tuple):
        return {"by": by, "text": None, "words": formula[0], "latex": formula[1]}
    return {"by": by, "text": formula, "words": None, "latex": f"{left} = {latex(formula, differentials)}"}


def _unshown(by: str, words: str) -> dict[str, Any]:
    return {"by": by, "text": None, "words": words, "latex": None}


# Functions of elements


def _partials(row: Elementwise) -> Iterator[dict[str, Any]]:
    names = row.signature.operands
    xs = [Formula(name) for name in names]
    for name, rule in zip(names, row.partials, strict=True):
        if isinstance(rule, Unknown):
            yield _unshown(name, f"not implemented: {rule.reason}")
        elif callable(rule):
            try:
                formula = Formula.of(rule(FORMULAS, FORMULAS.primitive(row)(*xs), *xs))
            except Unspoken:
                yield _unshown(name, _UNSPOKEN)
            else:
                yield _partial(row, name, str(formula))
        elif rule is not None:
            yield _partial(row, name, str(rule))


def _chained(function: Composition) -> Iterator[dict[str, Any]]:
    """The partials of a composition: the very forward pass, over formulas. None where they are too long to read."""
    builder = Builder()
    leaves = [builder.leaf(name, (), "float64") for name in function.signature.operands]
    output = builder.node_of(getattr(builder, function.name)(*builder.values(leaves)))
    graph = builder.graph(output, {str(leaf.name): leaf.id for leaf in leaves})
    for leaf in leaves:
        name = str(leaf.name)
        try:
            tangent = pushforward(FORMULAS, graph, _values(graph), {leaf.id: 1.0}, Deadline(10))[output.id]
        except NablaError as error:
            yield _unshown(name, f"not implemented: {error.message}")
        except Unspoken:
            yield _unshown(name, _UNSPOKEN)
        else:
            text = str(Formula.of(0.0 if tangent is None else tangent))
            if len(text) <= LONGEST:
                yield _partial(function, name, text)


def _values(graph: Graph) -> list[Any]:
    """The nodes of a graph as formulas of its inputs."""
    values: list[Any] = []
    for node in graph.nodes:
        if node.operands:
            apply = FORMULAS.primitive(node.primitive)
            values.append(apply(*[values[i] for i in node.operands], **node.params))
        else:
            values.append(node.params["value"] if node.params else Formula(str(node.name)))
    return values


# Others


def _found(function: Composition) -> tuple[type[Function], list[dict[str, Any]]]:
    """The kind that a composition would be of as a row, where its examples show it, and its differential."""
    places = required(function)
    if not (places and function.examples):
        return Composition, []
    found = degree(function, places)
    if found <= Degree.FIXED:
        return Flat, [_differential(function, "0")]
    if found is Degree.LINEAR:
        return Linear, [_differential(function, _moved(function, places))]
    if (
        len(places) == 2
        and not function.signature.variadic
        and all(degree(function, [k]) is Degree.LINEAR for k in places)
    ):
        terms = [_moved(function, [k]) for k in places]
        return Bilinear, [_differential(function, " + ".join(terms))]
    return Composition, []


def _moved(function: Function, places: Sequence[int]) -> str:
    """A call with the differentials of the operands at ``places``, and without the optional ones.

    Its static parameters are named, or, where that is too long to read, those alone that it needs.
    """
    signature = function.signature
    names: list[str | None] = ["a", "b"] if signature.variadic else list(signature.operands)
    for k, name in enumerate(names):
        if k in places:
            names[k] = f"d{name}"
        elif name in signature.optional and name not in function.data:
            names[k] = None
    public = {name: name for name in signature.static if not name.startswith("_")}
    needed = {name: name for name in public if signature.missing({k: 0 for k in public if k != name})}
    whole = written(function, names, public)
    return whole if len(whole) <= _LONG else written(function, names, needed)


def _through(row: Linear | Bilinear, statics: dict[str, str]) -> str:
    """The tangent through the row itself; through one of two operands at a time, where there are two."""
    names = ("a", "b") if row.signature.variadic else row.signature.operands
    if isinstance(row, Bilinear):
        a, b = names
        if row.operator:
            return f"d{a} {row.operator} {b} + {a} {row.operator} d{b}"
        return f"{written(row, [f'd{a}', b], statics)} + {written(row, [a, f'd{b}'], statics)}"
    return written(row, [name if name in row.data else f"d{name}" for name in names], statics)
