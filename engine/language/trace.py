"""From a program and the shapes of its inputs to a graph: the program is run, and what ran is the graph.

Values are nodes, or whatever Python has for what is written out: numbers, truth values, text, ``None``, tuples
and slices. Arithmetic on written numbers gives a number, as it does where Python calls PyTorch; a number becomes
a node only where it meets one. The trace looks at a tensor's value only where the program needs it to go on: the
condition of ``a if c else b``, or an index that was computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from engine.errors import (
    DtypeError,
    ExpressionError,
    ShapeMismatch,
    Span,
    UnknownFunction,
    UnknownName,
    WrongArguments,
)
from engine.functions import FUNCTIONS
from engine.functions.layout import swapaxes, transpose
from engine.graph import NO_PARAMS, Graph, Node, Params
from engine.interpret.arrays import run
from engine.interpret.build import Builder, Ref, fold
from engine.kinds import METHODS, OPERATORS, Elementwise, Function, Primitive
from engine.language.binding import bind
from engine.language.diagnostics import nearest, shown
from engine.language.indexing import read
from engine.language.results import Paired, Results
from engine.language.syntax import (
    Apply,
    Attribute,
    Block,
    Call,
    Compare,
    Conditional,
    Index,
    Literal,
    Method,
    Name,
    Number,
    Program,
    Sequence,
    Slice,
    Syntax,
)
from engine.limits import DEFAULT_LIMITS, Deadline, Limits
from engine.primitives.complex import conj, imag, real
from engine.primitives.shaping import stack
from engine.shapes import COMPLEX, Shape, size

CONSTANTS: dict[str, float | None] = {
    "pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "nan": math.nan, "newaxis": None,
}  # fmt: skip
"""Names that stand for a number unless an input or an assignment has the name."""

MODULES = frozenset(
    [
        *("np", "numpy", "jnp", "jax", "math", "torch", "F", "nn", "functional", "linalg", "special", "scipy", "fft"),
        "random",
    ]
)
"""Prefixes that are accepted and ignored: ``torch.nn.functional.relu`` is ``relu``."""

_TORCH = ("torch.", "F.", "nn.functional.", "functional.")
_WORDED = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "infinity": math.inf, "nan": math.nan}
"""What Python's ``float`` makes numbers of that cannot be written as digits."""

_NUMBERS = frozenset({int, float, bool})
_WHOLE = 2.0**53
"""Below this a number written without a point is kept whole, to serve as an axis, an index or a length."""

_GLANCE = 1000
"""The elements of a tensor that can be computed in passing."""


class Unseen(Exception):
    """A tensor would have to be computed where there is no time for it."""


Leaves = Mapping[str, tuple[Shape, str]]
"""For each input its shape and element type."""


def trace(
    program: Program,
    leaves: Leaves,
    inputs: Mapping[str, Any],
    limits: Limits = DEFAULT_LIMITS,
    dtype: str = "float64",
    deadline: Deadline | None = None,
    glance: bool = False,
    convention: str = "torch",
) -> tuple[Graph, bool]:
    """The graph of a program at inputs, and whether it holds for these values only.

    ``leaves`` gives the inputs' shapes and types, ``inputs`` their values, which are looked at only where the
    program branches or indexes by them: the second result says whether that happened. Raises an
    `ExpressionError` with the place of the fault, or `LimitExceeded`. With ``glance`` no tensor is computed that
    takes time: where one would be, `Unseen` is raised.
    """
    deadline = deadline or Deadline(limits.seconds)
    builder = Builder(limits, _common(leaves) or dtype, convention)
    builder.deadline = deadline
    tracer = _Trace(program.text, leaves, inputs, builder, deadline, glance)
    value: Any = None
    for statement in program.statements:
        deadline.check()
        value = tracer.block(statement.block)
        if statement.target is not None:
            tracer.assign(statement.target, value, statement.block[-1])
    output = tracer.output(value, program.statements[-1].block[-1])
    return tracer.builder.graph(output, tracer.leaves, program.text), tracer.looked


def _common(leaves: Leaves) -> str | None:
    """The precision that lists and truth values in the program take: single, where all inputs that have one are."""
    found = None
    for _, kind in leaves.values():
        if kind == "float64":
            return kind
        found = kind if kind == "float32" else found
    return found


class _Trace:
    def __init__(
        self,
        text: str,
        leaves: Leaves,
        inputs: Mapping[str, Any],
        builder: Builder,
        deadline: Deadline,
        glance: bool,
    ) -> None:
        self.deadline = deadline
        self.glance = glance
        self.text = text
        self.builder = builder
        self.environment: dict[str, Any] = {
            name: self.builder.leaf(name, shape, kind) for name, (shape, kind) in leaves.items()
        }
        self.leaves = {name: node.id for name, node in self.environment.items()}
        self.inputs = inputs
        self.nodes: Block = []
        self.known: dict[int, Any] = {}
        self.looked = False

    # Walking

    def block(self, block: Block) -> Any:
        """The value of an expression."""
        outer, self.nodes = self.nodes, block
        values: list[Any] = []
        append = values.append
        environment = self.environment
        add_node = self.builder.add_node
        syntax: Any
        for syntax in block:
            kind = syntax.__class__
            # The commonest nodes are done here, without a call: they are most of a formula.
            if kind is Name and syntax.path in environment:
                append(environment[syntax.path])
            elif kind is Number:
                value = syntax.value
                append(int(value) if syntax.integral and value < _WHOLE else value)
            elif kind is Apply and len(syntax.operands) == 2:
                i, j = syntax.operands
                row, a, b = OPERATORS[syntax.symbol], values[i], values[j]
                if a.__class__ is Node and b.__class__ is Node and not row.takes:
                    append(add_node(row, (a, b), NO_PARAMS, (syntax.start, syntax.end)))
                else:
                    append(self.binary(row, a, b, (i, j), syntax))
            else:
                append(_STEPS[kind](self, syntax, values))
        self.nodes = outer
        return values[-1]

    def assign(self, name: str, value: Any, syntax: Syntax) -> None:
        is_list = isinstance(value, tuple) and not isinstance(value, Results)
        if is_list and any(isinstance(item, (Node, tuple)) for item in value):
            value = self.operand(value, syntax)
        node = value.values if value.__class__ is Paired else value
        if isinstance(node, Node) and node.name is None:
            node.name = name
        self.environment[name] = value

    def literal(self, syntax: Literal, values: list[Any]) -> Any:
        return syntax.value

    def name(self, syntax: Name, values: list[Any]) -> Any:
        environment = self.environment
        first, *rest = syntax.path.split(".")
        if first in environment:
            return self.attributes(environment[first], rest, syntax)
        *_, last = syntax.path.split(".")
        if last in CONSTANTS and self._is_prefix([first, *rest][:-1]):
            return CONSTANTS[last]
        raise self._unknown_name(syntax, first if first not in MODULES else last)

    def _is_prefix(self, parts: list[str]) -> bool:
        return all(part in MODULES for part in parts) and not (parts and parts[0] in self.environment)

    def _unknown_name(self, syntax: Syntax, name: str) -> ExpressionError:
        known = [*self.environment, *CONSTANTS]
        if name in FUNCTIONS:
            hint = f"{name} is a function: write {name}(...), or send an input of that name"
        else:
            near = nearest(name, known)
            hint = f"did you mean {near}?" if near else f"send a value for {name} in inputs, or assign it first"
        return UnknownName(f"{name} is not an input, a variable or a constant", span=syntax.span, hint=hint)

    def unary(self, syntax: Apply, values: list[Any]) -> Any:
        row, a = OPERATORS["u" + syntax.symbol], values[syntax.operands[0]]
        if row.takes:
            self.require_type(row, syntax, a)
        if a.__class__ in _NUMBERS:
            return _number(fold(row, (a,)), (a,))
        return self.builder.add_node(row, (self.operand(a, syntax),), NO_PARAMS, (syntax.start, syntax.end))

    def binary(self, row: Primitive, a: Any, b: Any, places: tuple[int, ...], syntax: Syntax) -> Any:
        """An operator on two values: a number on numbers, a node where one of them is a node."""
        if row.takes:
            self.require_type(row, syntax, a, b)
        if a.__class__ is not Node:
            if a.__class__ in _NUMBERS and b.__class__ in _NUMBERS and row.scalar:
                return _number(fold(row, (a, b)), (a, b))
            a = self.operand(a, self.nodes[places[0]])
        if b.__class__ is not Node:
            b = self.operand(b, self.nodes[places[1]])
        return self.builder.add_node(row, (a, b), NO_PARAMS, (syntax.start, syntax.end))

    def require_type(self, row: Primitive, syntax: Syntax, *operands: Any) -> None:
        """Refuse numbers where an operator is about truth: ``0 < x & x < 1`` means something else than it says."""
        for value in operands:
            if (value.dtype if isinstance(value, Node) else type(value).__name__) != row.takes:
                raise DtypeError(
                    f"{(row.operator or row.name).removeprefix('u')} takes truth values, not numbers",
                    span=syntax.span,
                    hint="compare first, and put brackets around it: (x > 0) & (x < 1)",
                )

    def compare(self, syntax: Compare, values: list[Any]) -> Any:
        result: Any = None
        for symbol, i, j in zip(syntax.symbols, syntax.operands, syntax.operands[1:], strict=False):
            link = self.binary(OPERATORS[symbol], values[i], values[j], (i, j), syntax)
            result = link if result is None else self.binary(OPERATORS["and"], result, link, (i, j), syntax)
        return result

    def sequence(self, syntax: Sequence, values: list[Any]) -> Any:
        return tuple([values[i] for i in syntax.items])

    def slice(self, syntax: Slice, values: list[Any]) -> Any:
        return slice(*[None if i is None else self.whole(values[i], syntax) for i in syntax.parts])

    def conditional(self, syntax: Conditional, values: list[Any]) -> Any:
        condition = values[syntax.condition]
        if condition.__class__ is Paired:
            condition = condition.values
        if isinstance(condition, Node):
            if condition.shape:
                raise ShapeMismatch(
                    f"the condition of 'if' is a tensor of shape {condition.shape}, not one truth value",
                    span=syntax.span,
                    hint="write where(condition, a, b) to choose element by element",
                )
            condition = self.look(condition)
        return self.block(syntax.then if condition else syntax.otherwise)

    def index(self, syntax: Index, values: list[Any]) -> Any:
        return read(self, values[syntax.base], [values[i] for i in syntax.items], syntax)

    # Attributes and calls

    def attribute(self, syntax: Attribute, values: list[Any]) -> Any:
        return self.attributes(values[syntax.base], [syntax.name], syntax)

    def attributes(self, value: Any, names: Iterable[str], syntax: Syntax) -> Any:
        for name in names:
            if isinstance(value, Results) and name in value.names:
                value = value[value.names.index(name)]
                continue
            if value.__class__ is Paired and name in value.names:
                value = self.part(value, value.names.index(name), syntax)
                continue
            if name not in _ATTRIBUTES:
                near = nearest(name, [*_ATTRIBUTES, *FUNCTIONS])
                raise UnknownName(
                    f"a tensor has no attribute {name}",
                    span=syntax.span,
                    hint=f"{name} is a function: write .{name}(...)" if name in FUNCTIONS
                    else f"did you mean {near}?" if near else f"the attributes are {', '.join(_ATTRIBUTES)}",
                )  # fmt: skip
            value = _ATTRIBUTES[name](self, self.operand(value, syntax), syntax)
        return value

    def call(self, syntax: Call, values: list[Any]) -> Any:
        arguments = [values[i] for i in syntax.arguments]
        keywords = {name: values[i] for name, i in syntax.keywords} if syntax.keywords else {}
        function = FUNCTIONS.get(syntax.path)
        if function is not None:
            return self.invoke(function, arguments, keywords, syntax)
        if syntax.path == "float" and len(arguments) == 1 and not keywords:
            return self.number(arguments[0], syntax)
        if syntax.path == "len" and len(arguments) == 1 and not keywords:
            return self.length(arguments[0], syntax)
        function, on_value = METHODS.get(syntax.path), False
        if function is None:
            *path, name = syntax.path.split(".")
            if path and path[0] in self.environment:
                arguments = [self.attributes(self.environment[path[0]], path[1:], syntax), *arguments]
                if name in _FACTS and not keywords and isinstance(arguments[0], Node):
                    return self.fact(name, arguments[0], arguments[1:], syntax)
                function, on_value = METHODS.get(name), True
            elif not self._is_prefix(path):
                unknown = next((part for part in path if part not in MODULES), path[0])
                near = nearest(unknown, [*self.environment, *MODULES])
                raise UnknownName(
                    f"{unknown} is neither a variable nor a module that is known here", span=syntax.span,
                    hint=f"did you mean {near}?" if near else f"write {name}(...) alone",
                )  # fmt: skip
            function = function or self.function(name, syntax)
            if "random" in path and "seed" not in function.signature.static:
                raise UnknownFunction(
                    f"there are no random numbers by the name {name}",
                    span=syntax.span,
                    hint=f"{name} is a function of its argument here; make them with rand, randn, normal or uniform",
                )
        if on_value:
            return self.invoke(function, arguments, keywords, syntax, _of_method(function, name), None)
        defaults = _defaults(function, syntax)
        return self.invoke(function, arguments, keywords, syntax, defaults, syntax.path.startswith(_TORCH))

    def length(self, value: Any, syntax: Syntax) -> int:
        """How many rows there are."""
        if isinstance(value, tuple):
            return len(value)
        shape = self.operand(value, syntax).shape
        if not shape:
            raise WrongArguments("a single number has no length", span=syntax.span)
        return shape[0]

    def fact(self, name: str, node: Node, arguments: list[Any], syntax: Syntax) -> Any:
        """What PyTorch has a method for, and NumPy an attribute: sizes, and the tensor as a number."""
        found = _FACTS[name](node)
        if not arguments:
            return found
        place = self.whole(arguments[0], syntax)
        if len(arguments) > 1 or not isinstance(found, tuple) or place is None or not -len(found) <= place < len(found):
            raise WrongArguments(f".{name}() of a tensor of shape {node.shape} takes no such axis", span=syntax.span)
        return found[place]

    def number(self, value: Any, syntax: Syntax) -> Any:
        """What ``float(...)`` is in pasted code: a way to write infinity, or nothing at all."""
        if not isinstance(value, str):
            return value
        if value.strip().lower() not in _WORDED:
            raise WrongArguments(
                f"{shown(value)} is no number", span=syntax.span, hint="write the number itself, inf, -inf or nan"
            )
        return _WORDED[value.strip().lower()]

    def method(self, syntax: Method, values: list[Any]) -> Any:
        if syntax.name in _FACTS and not syntax.keywords and isinstance(values[syntax.base], Node):
            return self.fact(syntax.name, values[syntax.base], [values[i] for i in syntax.arguments], syntax)
        keywords = {name: values[i] for name, i in syntax.keywords}
        arguments = [values[syntax.base], *(values[i] for i in syntax.arguments)]
        function = METHODS.get(syntax.name) or self.function(syntax.name, syntax)
        return self.invoke(function, arguments, keywords, syntax, _of_method(function, syntax.name), torchs=None)

    def function(self, name: str, syntax: Syntax) -> Function:
        found = FUNCTIONS.get(name)
        if found is None:
            near = nearest(name, FUNCTIONS)
            hint = f"did you mean {near}?" if near else "GET /v1/functions lists all functions"
            if name in self.environment:
                hint = f"{name} is a variable: to multiply, write {name}*(...)"
            raise UnknownFunction(f"there is no function {name}", span=self.place_of(name, syntax), hint=hint)
        return found

    def place_of(self, word: str, syntax: Syntax) -> Span:
        """Where a word of a node stands in the text: a node's own span may be wider, by its brackets."""
        at = self.text.find(word, syntax.start, syntax.end)
        return syntax.span if at < 0 else (at, at + len(word))

    def part(self, pair: Paired, place: int, syntax: Syntax) -> Node:
        """One of a pair, where the fault is if it is in doubt."""
        try:
            return pair.part(place)
        except WrongArguments as error:
            error.span = syntax.span
            raise

    def paired(
        self, function: Function, operands: list[Any], params: Params, values: Any, doubtful: bool, syntax: Syntax
    ) -> Any:
        """Values along an axis with their places beside them, as PyTorch has them."""
        axis = params.get("axis", function.signature.static["axis"])
        if axis is None or not isinstance(values, Node):
            return values

        def indices() -> Node:
            self.builder.span = syntax.span
            static = {**function.signature.static, **params}
            made = function.indices(self.builder, *[self.reference(v, syntax) for v in operands], **static)  # type: ignore[misc]
            self.builder.span = None
            return self.builder.node_of(made)

        return Paired(function.name, values, indices, doubtful)

    def invoke(
        self,
        function: Function,
        arguments: list[Any],
        keywords: dict[str, Any],
        syntax: Syntax,
        defaults: Params = NO_PARAMS,
        torchs: bool | None = False,
    ) -> Any:
        """A call: ``torchs`` says whether it is in PyTorch's spelling, ``None`` that it is a method, which may be."""
        span = (syntax.start, syntax.end)
        if function.__class__ is Elementwise and not keywords and len(arguments) == len(function.signature.operands):
            for value in arguments:
                if value.__class__ is not Node:
                    break
            else:
                return self.builder.add_node(function, arguments, NO_PARAMS, span)
        if function.of_two and len(arguments) > 1 and not keywords and _are_quantities(arguments):
            return reduce(lambda a, b: self.invoke(FUNCTIONS[function.of_two], [a, b], {}, syntax), arguments)
        try:
            operands, params = bind(function, arguments, keywords, defaults)
            params = {name: self.static(value, syntax) for name, value in params.items()} if params else NO_PARAMS
            made = self.apply(function, operands, params, syntax)
            in_pairs = torchs or not keywords.keys().isdisjoint(_TORCHS) or (torchs is None and "axis" not in keywords)
            if not function.indices or not in_pairs:
                return made
            doubtful = torchs is None and keywords.keys().isdisjoint(_TORCHS) and _is_numpys(function)
            return self.paired(function, operands, params, made, doubtful, syntax)
        except ExpressionError as error:
            error.span = error.span or span
            if isinstance(error, WrongArguments):
                said = error.hint or ""
                signature = "" if "the signature is" in said else f"the signature is {function.signature.public}"
                error.hint = "; ".join(part for part in (said, function.advice, signature) if part)
            raise

    def apply(self, function: Function, operands: list[Any], params: dict[str, Any], syntax: Syntax) -> Any:
        """A function on operands and static parameters that fit its signature."""
        span = (syntax.start, syntax.end)
        if isinstance(function, Primitive):
            if function.scalar and not params and all(v.__class__ in _NUMBERS for v in operands):
                return fold(function, tuple(operands))
            nodes = [v if v.__class__ is Node else self.operand(v, syntax) for v in operands]
            return self.builder.add_node(function, nodes, params, span)
        self.deadline.check()
        builder = self.builder
        builder.span = span
        names = function.signature.operands if not function.signature.variadic else ("",) * len(operands)
        missing = [name for name, default in function.signature.optional.items() if default is None]
        refs = [
            None if v is None and name in missing else self.reference(v, syntax)
            for name, v in zip(names, operands, strict=True)
        ]
        expand = getattr(builder, function.name)
        try:
            result = expand(*refs, **params)
        except ArithmeticError:  # Python's numbers do not divide by 0; nodes do
            refs = [Ref(builder, builder.literal(v)) if v.__class__ in _NUMBERS else v for v in refs]
            result = expand(*refs, **params)
        builder.span = None
        if isinstance(result, tuple):
            return Results(function, [builder.node_of(part) for part in result])
        return result.node if isinstance(result, Ref) else result

    # Conversions

    def operand(self, value: Any, syntax: Syntax) -> Node:
        """A value as a node: a number as a constant, a list as its elements stacked."""
        if value.__class__ is Node:
            return value
        if value.__class__ in _NUMBERS or value.__class__ is complex:
            return self.builder.literal(value, (syntax.start, syntax.end))
        if value.__class__ is Paired:
            return value.values
        if isinstance(value, Results) and value.names:
            raise WrongArguments(
                f"{value.function} gives several results, and one is needed here",
                span=syntax.span,
                hint=f"take one by its place, as in [0], or by its name, as in .{value.names[0]}",
            )
        if isinstance(value, tuple):
            return self.stacked(value, syntax)
        word = {type(None): "None", slice: "a slice", str: "text"}.get(type(value), "this")
        raise WrongArguments(f"a number or a tensor is needed here, not {word}", span=syntax.span)

    def output(self, value: Any, syntax: Syntax) -> Node | tuple[Node, ...]:
        """The program's value as nodes: of a tuple, or of several results, each item's."""
        written = isinstance(syntax, Sequence) and syntax.bracket == "("
        if value.__class__ is Node or not (written or isinstance(value, Results)):
            return self.operand(value, syntax)
        if not value:
            raise WrongArguments("a tuple of nothing is no output", span=syntax.span, hint="end with an expression")
        return tuple([self.operand(item, syntax) for item in value])

    def reference(self, value: Any, syntax: Syntax) -> Any:
        """A value as a composition's rule takes it."""
        if isinstance(value, (int, float)):
            return value
        node = self.operand(value, syntax)
        return Ref(self.builder, node)

    def stacked(self, items: tuple[Any, ...], syntax: Syntax) -> Node:
        numbers = _written(items)
        if numbers is not None:
            try:
                array = np.array(numbers)
                array = array if array.dtype == bool else array.astype(self.builder.default_dtype)
            except ValueError:
                raise ShapeMismatch("the rows of a nested list have different lengths", span=syntax.span) from None
            return self.builder.literal(array, syntax.span)
        return self.builder.add_node(stack, [self.operand(item, syntax) for item in items], NO_PARAMS, syntax.span)

    def static(self, value: Any, syntax: Syntax) -> Any:
        """A value as a static parameter: what was written out, or a computed number that is looked at."""
        if value.__class__ is Paired:
            value = value.values
        if isinstance(value, Node):
            if value.shape:
                raise WrongArguments("a number is needed here, not a tensor", span=syntax.span)
            if value.dtype in ("float64", "float32"):
                raise WrongArguments(
                    "a number written out is needed here, not a tensor",
                    span=syntax.span,
                    hint="write the number, or send it as int64",
                )
            kind, value = value.dtype, self.look(value)
            if kind == COMPLEX:
                return complex(value)
            return int(value) if math.isfinite(value) and value == math.floor(value) else float(value)
        if isinstance(value, tuple):
            return tuple(self.static(item, syntax) for item in value)
        return value

    def whole(self, value: Any, syntax: Syntax) -> int | None:
        """A bound of a slice, or an index."""
        number = self.static(value, syntax)
        if isinstance(number, float) and number.is_integer():
            return int(number)
        if number is None or (isinstance(number, int) and not isinstance(number, bool)):
            return number
        raise WrongArguments(f"a whole number is needed here, not {number!r}", span=syntax.span)

    def look(self, node: Node) -> Any:
        """The value of a node, computed with all that it depends on; from then on the graph holds for it only."""
        self.looked = True
        nodes, known = self.builder.nodes, self.known
        pending = [node.id]
        with np.errstate(all="ignore"):
            while pending:
                current = nodes[pending[-1]]
                missing = [i for i in current.operands if i not in known]
                if missing:
                    pending += missing
                    continue
                pending.pop()
                self.deadline.check()
                if self.glance and size(current.shape) > _GLANCE:
                    raise Unseen
                if current.operands:
                    known[current.id] = run(current, [known[i] for i in current.operands])
                else:
                    leaf = current.params["value"] if current.params else self.inputs[str(current.name)]
                    known[current.id] = leaf
        return known[node.id]


_TORCHS = ("dim", "keepdim")


def _are_quantities(arguments: list[Any]) -> bool:
    """Whether what stands behind the first argument is no axis: a tensor that is not of whole numbers, or a number
    beside another, which has no axes.
    """
    first, *others = arguments
    if isinstance(first, Node) and not first.shape and all(v.__class__ in _NUMBERS for v in others):
        return True
    return any(isinstance(v, Node) and v.dtype != "int64" for v in others)


def _is_numpys(function: Function) -> bool:
    """Whether NumPy's arrays have the method too, and mean something else by it."""
    return bool(function.as_torch) and hasattr(np.ndarray, function.name)


def _defaults(function: Function, syntax: Call) -> Params:
    """The static parameters that the library has in whose spelling a call is, where they are others than ours.

    Raises `WrongArguments` where the library means another function by the name.
    """
    if syntax.path.startswith(_TORCH):
        return function.as_torch
    found = function.elsewhere.get(syntax.path.partition(".")[0], NO_PARAMS)
    if isinstance(found, str):
        message = f"{syntax.path} is another function than {function.name} here"
        raise WrongArguments(message, span=syntax.span, hint=found)
    return found


def _of_method(function: Function, name: str) -> Params:
    """The same for a method: PyTorch's where NumPy's arrays have none of that name."""
    return NO_PARAMS if hasattr(np.ndarray, name) else function.as_torch


def _number(result: float | bool, operands: Iterable[Any]) -> Any:
    """A folded number; whole where all that went in was written so, and it can stand for an axis or an index."""
    if isinstance(result, float) and result.is_integer() and abs(result) < 2**53:
        whole = all(isinstance(v, int) for v in operands)
        return int(result) if whole and operands else result
    return result


def _written(items: tuple[Any, ...]) -> Any:
    """Nested tuples of numbers alone as nested lists, else None."""
    result = []
    for item in items:
        if isinstance(item, tuple):
            item = _written(item)
            if item is None:
                return None
        elif not isinstance(item, (int, float)):
            return None
        result.append(item)
    return result


def _matrix_transpose(trace: _Trace, node: Node, syntax: Syntax) -> Any:
    if len(node.shape) < 2:
        raise ShapeMismatch(f".mT takes a matrix, not shape {node.shape}", span=syntax.span)
    return trace.invoke(swapaxes, [node, -1, -2], {}, syntax)


_FACTS: dict[str, Callable[[Node], Any]] = {
    "size": lambda node: node.shape,
    "dim": lambda node: len(node.shape),
    "numel": lambda node: size(node.shape),
    "item": lambda node: node,
}

_ATTRIBUTES: dict[str, Callable[[_Trace, Node, Syntax], Any]] = {
    "T": lambda trace, node, syntax: trace.invoke(transpose, [node], {}, syntax),
    "mT": _matrix_transpose,
    "H": lambda trace, node, syntax: trace.invoke(conj, [_matrix_transpose(trace, node, syntax)], {}, syntax),
    "mH": lambda trace, node, syntax: trace.invoke(conj, [_matrix_transpose(trace, node, syntax)], {}, syntax),
    "real": lambda trace, node, syntax: trace.invoke(real, [node], {}, syntax),
    "imag": lambda trace, node, syntax: trace.invoke(imag, [node], {}, syntax),
    "shape": lambda trace, node, syntax: node.shape,
    "ndim": lambda trace, node, syntax: len(node.shape),
    "size": lambda trace, node, syntax: size(node.shape),
}
"""What can be asked of a tensor with a dot and no brackets."""

_STEPS: dict[type[Syntax], Callable[[_Trace, Any, list[Any]], Any]] = {
    Literal: _Trace.literal,
    Name: _Trace.name,
    Apply: _Trace.unary,
    Compare: _Trace.compare,
    Call: _Trace.call,
    Method: _Trace.method,
    Attribute: _Trace.attribute,
    Index: _Trace.index,
    Slice: _Trace.slice,
    Sequence: _Trace.sequence,
    Conditional: _Trace.conditional,
}
