"""The state of a trace: the graph being built, the names that are known, and the values of inputs where a program
looks at them; with what turns values into nodes, numbers and truth values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from reprlib import repr as shortly
from typing import Any, NamedTuple, TypeVar

import numpy as np

from engine.errors import ExpressionError, ShapeMismatch, Span, UnknownName, WrongArguments
from engine.graph import NO_PARAMS, Node
from engine.interpret.arrays import run
from engine.interpret.build import Builder, Ref
from engine.kinds import Function
from engine.language.absent import absence
from engine.language.diagnostics import nearest, raised_end
from engine.language.foreign import instead
from engine.language.syntax import Block, Call, CallValue, Index, Method, Slice, Statement, Suite, Syntax
from engine.language.values import DEEPEST, MISSING, Closure, Held, Invocation, Lazy, Listed, Paired, Results, Scope
from engine.language.waiting import Waiting
from engine.limits import Deadline
from engine.primitives.shaping import index, stack
from engine.shapes import COMPLEX, EXACT, Shape, size

CONSTANTS: dict[str, float | None] = {
    "pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "nan": math.nan, "newaxis": None,
    "euler_gamma": 0.5772156649015329,
}  # fmt: skip
"""Names that stand for a number unless an input or an assignment has the name."""

MODULES = frozenset(
    [
        *("np", "numpy", "jnp", "jax", "math", "torch", "F", "nn", "functional", "linalg", "special", "scipy", "fft"),
        "random",
    ]
)
"""Prefixes that are accepted and ignored: ``torch.nn.functional.relu`` is ``relu``."""

NUMBERS = frozenset({int, float, bool})
GLANCE = 1000
"""The elements of a tensor that can be computed in passing, and the statements that can be run."""

_WORK = 1e5
"""The floating-point operations that can be spent on one in passing."""

_MANY = 1000
"""The values of a list of which nobody asks whether there is room for them."""

_FARTHEST = 2**62
"""A whole number from here on is no length, axis or place: it is handed over as a float, which is short in messages."""

_ITEM = 32
"""The bytes that an item of a list takes, more or less: its place there, and itself where it is a number."""

_REAL = ("float64", "float32")

_WORDS = ("True", "False", "None")

LAZY = (range, Lazy)
"""What gives its items one by one."""


class Unseen(Exception):
    """A tensor would have to be computed, or a long loop run, where there is no time for it."""


class Unknown(NamedTuple):
    """What a function is solved for while it runs: its leaf, the function of the language that solves, and how many
    calls are around it."""

    leaf: Node
    solver: str
    calls: int


Nesting = TypeVar("Nesting", Listed, Lazy)
Leaves = Mapping[str, tuple[Shape, str]]
"""For each input its shape and element type."""


_NOTHING = Syntax()


class Tracing:
    """A trace under way. ``looked`` says whether a value was looked at, so that the graph holds for it only; with
    ``glance`` none is computed that takes time."""

    looked = False
    has_functions = False
    """As values: the program's own, or others under new names."""
    last: Any = MISSING
    """What the last statement of the program gave."""
    steps = 0
    under_way: Statement | Syntax = _NOTHING
    statements: Suite
    nodes: Block
    """Of the expression under way, and what they have given so far."""
    values: list[Any]

    def __init__(
        self,
        text: str,
        leaves: Leaves,
        inputs: Mapping[str, Any],
        builder: Builder,
        deadline: Deadline,
        glance: bool,
    ) -> None:
        self.text = text
        self.builder = builder
        self.deadline = deadline
        self.glance = glance
        nodes = {name: builder.leaf(name, shape, kind) for name, (shape, kind) in leaves.items()}
        self.globals = self.scope = Scope.within(None, nodes)
        self.leaves = {name: node.id for name, node in nodes.items()}
        self.inputs = inputs
        self.known: dict[int, Any] = {}
        self.held = Held()
        self.unknowns: list[Unknown] = []
        self.stacked_lists: list[Listed] = []  # lists that have become nodes while there are unknowns
        self.loops: list[Span] = []
        self.calls: list[Invocation] = []

    def enter(self, made: Invocation) -> Waiting:
        """Run a function of the program's own; its value."""
        raise NotImplementedError

    # Names

    def is_prefix(self, parts: list[str]) -> bool:
        """Whether a dotted path is that of a module."""
        return all(part in MODULES for part in parts) and not (parts and self.scope.owner(parts[0]))

    def unknown_name(self, syntax: Syntax, name: str) -> ExpressionError:
        """The fault of a name that stands for nothing."""
        absent = absence(self.text, self.statements, name, syntax.start)
        if absent is not None:
            hint = absent[1]
            if self.scope.is_early(name) and self.scope.is_outside(name):
                hint += f"; the function assigns {name}, so it is not the {name} outside: give one another name"
            return UnknownName(absent[0], span=syntax.span, hint=hint)
        names = self.scope.names()
        near = nearest(name, [*names, *CONSTANTS, *_WORDS])
        hint = f"did you mean {near}?" if near else f"send a value for {name} in inputs, or assign it first"
        known = instead(name, alone=True)
        factors = _factors(name, names)
        if factors:
            hint = f"write {factors} to multiply" + (f"; or did you mean {near}?" if near else "")
        raised = raised_end(self.text[syntax.start : syntax.end])
        if raised:
            hint = f"for a power write {raised}"
        elif name in ("i", "j") and not near:
            hint += "; the imaginary unit is 1j"
        hint = f"{known}; as a variable {name} needs a value in inputs" if known else hint
        return UnknownName(f"{name} is not an input, a variable or a constant", span=syntax.span, hint=hint)

    def assign(self, name: str, value: Any) -> None:
        """Give a name a value, in the innermost scope; a node that has no name yet takes it too."""
        self.scope[name] = value
        node = value.values if value.__class__ is Paired else value
        if (isinstance(node, (Node, Listed)) and node.name is None) or (isinstance(node, Closure) and not node.name):
            node.name = name

    # Values as what is needed

    def operand(self, value: Any, syntax: Syntax) -> Node:
        """A value as a node: a number as a constant, a list as its items stacked."""
        if value.__class__ is Node:
            return value
        if value.__class__ in NUMBERS or value.__class__ is complex:
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
        if isinstance(value, range):
            return self._counted(value, syntax)
        if isinstance(value, LAZY):
            return self.stacked(self.listed(self.iterate(value, syntax), syntax), syntax)
        if isinstance(value, Function):
            raise self.no_value(value, syntax)
        word = {type(None): "None", slice: "a slice", str: "text", Closure: "a function"}.get(type(value), "this")
        at = self.culprit(value, syntax)
        message = f"a number or a tensor is needed here, not {word}"
        raise WrongArguments(message, span=at.span, hint=self._instead_of(value, at))

    def _instead_of(self, value: Any, syntax: Syntax) -> str | None:
        """What to write where a value is neither a number nor a tensor."""
        if isinstance(value, Closure):
            return f"call it: {value.signature}" if value.name else "give it a name, and call that: f = …; f(x)"
        if isinstance(value, str):
            written = value.strip().replace(".", "", 1).isdecimal()
            return f"write {value.strip()} without quotes" if written else 'text is for modes, as in reduction="mean"'
        return self.nothing_given(syntax) if value is None else None

    def nothing_given(self, syntax: Syntax) -> str | None:
        """What to do about a function of the program's own that gives nothing."""
        if isinstance(syntax, Call) and self.scope.find(syntax.path).__class__ is Closure:
            return f"{syntax.path} gives nothing back here: let it end with return …"
        if isinstance(syntax, Call) and "." in syntax.path:
            return f"{syntax.path} gives nothing back: write {syntax.path.partition('.')[0]} in the next line"
        return None

    def culprit(self, value: Any, syntax: Syntax) -> Syntax:
        """Of a call or an index that a value does not fit, the part that it comes from; itself where none is known."""
        if not any(node is syntax for node in self.nodes):
            return syntax
        places: list[int] = []
        if isinstance(syntax, (Call, CallValue, Method)):
            places = [*syntax.arguments, *(place for _, place in syntax.keywords)]
        elif isinstance(syntax, Index):
            places = [*syntax.items]
        elif isinstance(syntax, Slice):
            places = [place for place in syntax.parts if place is not None]
        return next((self.nodes[i] for i in places if i < len(self.values) and self.values[i] is value), syntax)

    def output(self, value: Any, syntax: Syntax) -> Node | tuple[Node, ...]:
        """The program's value as nodes: of a tuple, or of several results, each item's."""
        if value.__class__ is Node:
            return value
        is_tuple = isinstance(value, Results) or (isinstance(value, Listed) and value.bracket == "(")
        if not is_tuple:
            return self.operand(value, syntax)
        if not value:
            raise WrongArguments("a tuple of nothing is no output", span=syntax.span, hint="end with an expression")
        if any(isinstance(item, Listed) and item.bracket == "(" for item in value):
            raise WrongArguments(
                "an item of the output is itself a tuple", span=syntax.span,
                hint="write all items side by side, a, b, c, or stack those of one shape: a, [b, c]",
            )  # fmt: skip
        return tuple([self.operand(item, syntax) for item in value])

    def no_value(self, function: Function, syntax: Syntax) -> ExpressionError:
        """The fault of a function's name where a value is needed."""
        at = max((self.text.rfind(name, syntax.start, syntax.end), name) for name in (function.name, *function.aliases))
        place, name = at
        return UnknownName(
            f"{name} is a function, and its value is needed here",
            span=syntax.span if place < 0 else (place, place + len(name)),
            hint=f"call it: {name}(...), or send an input of that name",
        )

    def reference(self, value: Any, syntax: Syntax) -> Any:
        """A value as a composition's rule takes it."""
        if isinstance(value, (int, float)):
            return value if abs(value) < EXACT else float(value)
        node = self.operand(value, syntax)
        return Ref(self.builder, node)

    def stacked(self, items: tuple[Any, ...], syntax: Syntax) -> Node:
        """A list as a tensor: a constant where all in it is written out."""
        if not isinstance(items, Listed):
            return self._stack(items, syntax)
        if items.node is None:
            items.node = self._stack(items, items.syntax or syntax)
            items.node.name = items.node.name or items.name
            if self.unknowns:
                self.stacked_lists.append(items)
        return items.node

    def _counted(self, numbers: range, syntax: Syntax) -> Node:
        self.builder.limits.require("elements", len(numbers))
        self.require_room(len(numbers))
        return self.builder.literal(np.array(numbers, dtype=self.builder.default_dtype), syntax.span)

    def _stack(self, items: tuple[Any, ...], syntax: Syntax) -> Node:
        self.require_room(items.total if isinstance(items, Listed) else 0)
        numbers = _written(items)
        if numbers is not None:
            try:
                array = np.array(numbers)
                array = array if array.dtype == bool else array.astype(self.builder.default_dtype)
            except ValueError:
                raise ShapeMismatch("the rows of a nested list have different lengths", span=syntax.span) from None
            return self.builder.literal(array, syntax.span)
        return self.builder.add_node(stack, [self.operand(item, syntax) for item in items], NO_PARAMS, syntax.span)

    def listed(self, items: Iterator[Any], syntax: Syntax, bracket: str = "[", kind: type[Listed] = Listed) -> Listed:
        """Items as a list that is not too large. Raises `LimitExceeded`, or `WrongArguments` where it nests
        too deep."""
        kept = []
        for item in items:
            kept.append(item)
            if not len(kept) & 1023:
                self.deadline.check()
                self.builder.limits.require("elements", len(kept))
                self.require_room(len(kept))
        return self.require_fitting(kind(kept, bracket, syntax, self.held), syntax)

    def require_room(self, items: int) -> None:
        """Raise `LimitExceeded` where all lists together, and so many items more, take too much memory."""
        self.builder.limits.require("bytes", self.builder.bytes + _ITEM * (self.held.items + items))

    def require_fitting(self, made: Nesting, syntax: Syntax) -> Nesting:
        """Raise `LimitExceeded` where a list holds too many values, `WrongArguments` where it nests too deep."""
        self.builder.limits.require("elements", made.total)
        self.require_room(0)
        if made.depth > DEEPEST:
            raise WrongArguments(f"lists nest deeper than {DEEPEST} levels", span=syntax.span)
        return made

    def iterate(self, value: Any, syntax: Syntax) -> Iterator[Any]:
        """The items of a list, the rows of a tensor, the numbers of a range."""
        if isinstance(value, (tuple, *LAZY)):
            if value.__class__ is Lazy and value.used_up:
                raise WrongArguments(
                    f"this {value.function} has given its items already, each once, and has no more",
                    span=self.culprit(value, syntax).span,
                    hint=f"to go through them again, make a list of it first: list({value.function}(…))",
                )
            return iter(value)
        if value.__class__ is Paired:
            return iter(self.pair(value, syntax))
        node = self.operand(value, syntax)
        if not node.shape:
            at = self.culprit(value, syntax)
            written = self.text[at.start : at.end]
            hint = f"write range({written if written.isalnum() else 'n'}) to count"
            raise WrongArguments("a single number has no items to go through", span=at.span, hint=hint)
        return (self.row(node, place, syntax) for place in range(node.shape[0]))

    def require_own(self, owner: Scope, name: str, syntax: Syntax) -> None:
        """Refuse to change from within a function that is solved what belongs to the program around it."""
        if self.unknowns and all(made.scope is not owner for made in self.calls[self.unknowns[-1].calls :]):
            raise WrongArguments(
                f"{name} is changed by the function that {self.unknowns[-1].solver} solves, and belongs to what is "
                "around it",
                span=syntax.span,
                hint=f"begin with a {name} of the function's own",
            )

    def row(self, node: Node, place: int, syntax: Syntax) -> Node:
        """A tensor's element along its first axis."""
        return self.builder.add_node(index, [node], {"key": (place,)}, syntax.span)

    def truth(self, value: Any, syntax: Syntax) -> bool:
        """Whether a condition holds; a tensor is looked at."""
        if value.__class__ is Paired:
            value = value.values
        if not isinstance(value, Node):
            return bool(value)
        if value.shape:
            raise ShapeMismatch(
                f"a condition is one truth value, and this is a tensor of shape {value.shape}",
                span=syntax.span,
                hint="write where(condition, a, b) to choose element by element; any(…) or all(…) for one truth value",
            )
        return bool(self.look(value))

    def static(self, value: Any, syntax: Syntax) -> Any:
        """A value as a static parameter: what was written out, or a computed number that is looked at."""
        if value.__class__ is Paired:
            value = value.values
        if isinstance(value, Node):
            if value.shape:
                hint = "take one of its elements: x[0]; len(x) is how many there are"
                raise WrongArguments(
                    "a number is needed here, not a tensor", span=self.culprit(value, syntax).span, hint=hint
                )
            if value.dtype in ("float64", "float32"):
                raise WrongArguments(
                    "a number written out is needed here, not a tensor",
                    span=self.culprit(value, syntax).span,
                    hint="write the number, or send it as int64",
                )
            kind, value = value.dtype, self.look(value)
            if kind == COMPLEX:
                return complex(value)
            return int(value) if math.isfinite(value) and value == math.floor(value) else float(value)
        if isinstance(value, tuple):
            if isinstance(value, Listed) and value.total > _MANY:
                self.require_room(value.total)
            return tuple([self.static(item, syntax) for item in value])
        return float(value) if value.__class__ is int and abs(value) >= _FARTHEST else value

    def whole(self, value: Any, syntax: Syntax) -> int | None:
        """A bound of a slice, or an index."""
        given = value
        if isinstance(value, Node) and value.dtype in _REAL and not value.shape:
            value = float(self.look(value))
        number = self.static(value, syntax)
        if isinstance(number, float) and number.is_integer():
            return int(number)
        if number is None or (isinstance(number, int) and not isinstance(number, bool)):
            return number
        hint = "write int(…) to leave out what is behind the point" if isinstance(number, float) else None
        message = f"a whole number is needed here, not {shortly(number)}"
        raise WrongArguments(message, span=self.culprit(given, syntax).span, hint=hint)

    def pair(self, pair: Paired, syntax: Syntax) -> list[Node]:
        """Both of a pair: as PyTorch has it, that is what is gone through."""
        return [self.part(pair, place, syntax) for place in range(len(pair.names))]

    def part(self, pair: Paired, place: int, syntax: Syntax) -> Node:
        """One of a pair, where the fault is if it is in doubt."""
        try:
            return pair.part(place)
        except WrongArguments as error:
            error.span = syntax.span
            raise

    def look(self, node: Node) -> Any:
        """The value of a node, computed with all that it depends on; from then on the graph holds for it only."""
        self.looked = True
        nodes, known = self.builder.nodes, self.known
        pending = [node.id]
        with self.deadline.watching(), np.errstate(all="ignore"):
            while pending:
                if pending[-1] in known:  # several have waited for it
                    pending.pop()
                    continue
                current = nodes[pending[-1]]
                missing = [i for i in current.operands if i not in known]
                if missing:
                    pending += missing
                    continue
                pending.pop()
                self.deadline.check()
                if self.glance and (size(current.shape) > GLANCE or self._work(current) > _WORK):
                    raise Unseen
                if current.operands:
                    known[current.id] = run(current, [known[i] for i in current.operands])
                else:
                    known[current.id] = current.params["value"] if current.params else self._sent(current, node)
        return known[node.id]

    def _sent(self, leaf: Node, wanted: Node) -> Any:
        """The value of an input. Raises `WrongArguments` where it is an unknown, for which values are yet to be tried.

        ``wanted`` is what the program looks at.
        """
        for unknown in self.unknowns:
            if unknown.leaf is leaf:
                raise WrongArguments(
                    f"the program goes on by a value that {unknown.solver} has yet to find, {leaf.name}",
                    span=wanted.span,
                    hint="write where(condition, a, b) in place of a condition, and do not index or count by it",
                )
        return self.inputs[str(leaf.name)]

    def _work(self, node: Node) -> float:
        shapes = [self.builder.nodes[i].shape for i in node.operands]
        return node.primitive.flops(shapes, node.shape, node.params) if node.operands else 0.0


def _factors(name: str, names: Iterable[str]) -> str | None:
    """A product that a name is when its sign is written: ``xy`` of ``x`` and ``y``."""
    known = set(names)
    for place in range(1, min(len(name), 40)):
        if name[:place] in known and name[place:] in known:
            return f"{name[:place]}*{name[place:]}"
    return None


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
