"""From a program and the shapes of its inputs to a graph: the program is run, and what ran is the graph.

Values are nodes, or whatever Python has for what is written out: numbers, truth values, text, ``None``, lists and
slices. Arithmetic on written numbers gives a number, as it does where Python calls PyTorch; a number becomes
a node only where it meets one. The trace looks at a tensor's value only where the program needs it to go on: a
condition, the bound of a range, or an index that was computed.

Nothing calls itself, however deep functions, loops and conditions are in each other. What may have to wait for another
part of the program is a generator: it yields the generator of that part, and is sent its value (`waiting`). An
expression is walked by a plain loop, `_Trace.advance`, that stops only where it meets such a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import GeneratorType
from typing import Any

from engine.errors import DtypeError, ExpressionError, LimitExceeded, Span, UnknownName, WrongArguments
from engine.functions import FUNCTIONS
from engine.functions.creation import DTYPES
from engine.graph import NO_PARAMS, Graph, Node
from engine.interpret.build import Builder, fold
from engine.kinds import OPERATORS, Primitive
from engine.language import calls, indexing, lists
from engine.language.absent import made_first, own_names
from engine.language.builtins import BUILTINS
from engine.language.diagnostics import Lines
from engine.language.syntax import (
    Apply,
    Assign,
    Attribute,
    Bind,
    Block,
    Call,
    CallValue,
    Compare,
    Comprehension,
    Conditional,
    Define,
    Evaluate,
    For,
    If,
    Index,
    Lambda,
    Literal,
    Logic,
    Method,
    Name,
    Number,
    Place,
    Program,
    Return,
    Sequence,
    Slice,
    Statement,
    Suite,
    Syntax,
    Target,
    Unpack,
    While,
    Word,
)
from engine.language.tracing import CONSTANTS, GLANCE, LAZY, MODULES, NUMBERS, Leaves, Tracing, Unseen
from engine.language.values import MISSING, Closure, Invocation, Listed, Paired, Scope, Series
from engine.language.waiting import Waiting, run
from engine.limits import DEFAULT_LIMITS, Deadline, Limits
from engine.shapes import EXACT, size

_IDENTITIES = ("is", "is not")
_TYPES = ("float", "int", "bool", "complex")
"""Element types that are known without a library's name in front."""

_WAITING = frozenset({GeneratorType, Invocation})
"""What a step gives whose value is still to come."""

Running = Waiting
"""A part of a program that is under way: yields those that it waits for, is sent their values, returns its own."""


class _Returned:
    """How a suite ended: with a `return`, and this value."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


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
    output = tracer.program(program)
    return builder.graph(output, tracer.leaves, program.text), tracer.looked


def _common(leaves: Leaves) -> str | None:
    """The precision that lists and truth values in the program take: single, where all inputs that have one are."""
    found = None
    for _, kind in leaves.values():
        if kind == "float64":
            return kind
        found = kind if kind == "float32" else found
    return found


class _Trace(Tracing):
    """Runs a program."""

    # Programs

    def program(self, program: Program) -> Node | tuple[Node, ...]:
        """Run it; the output, or outputs. An error has its place, and the call that it happened in."""
        self.statements = program.statements
        try:
            return self.outputs(self.statements)
        except LimitExceeded as error:
            error.span = error.span or self._place_of_limit(error)
            raise
        except ExpressionError as error:
            error.span = error.span or self.under_way.span
            self._add_call(error)
            raise

    def _place_of_limit(self, error: LimitExceeded) -> Span:
        """Where a program goes beyond a limit: in a loop, a call, with a node, or in the statement under way."""
        limit, last = error.details["limit"], self.builder.nodes[-1] if self.builder.nodes else None
        if limit == "steps" and self.loops:
            return self.loops[-1]
        if limit == "calls" and self.calls[-1].span is not None:
            return self.calls[-1].span
        if last is None or last.span is None or (limit in _OF_LISTS and size(last.shape) != error.details["asked"]):
            return self.under_way.span
        return last.span

    def _add_call(self, error: ExpressionError) -> None:
        """An error in a function says where that was called."""
        if error.span is None or not self.calls or (span := self.calls[-1].span) is None:
            return
        lines = Lines(self.text)
        line, _ = lines.locate(span[0])
        if line != lines.locate(error.span[0])[0]:
            error.add(f"; {self.calls[-1].closure.name or 'the lambda'} is called in line {line}")

    def outputs(self, statements: Suite) -> Node | tuple[Node, ...]:
        """The value of the last statement, or its values, after all have run."""
        for statement in statements:
            self.straight(statement)
        end = statements[-1]
        if isinstance(end, Define):
            self.last = run(self.enter(self._at_inputs(end)))
        if self.last is MISSING:
            raise WrongArguments(
                "no statement that ran has a value, so there is no output", span=end.span,
                hint=(self.nothing_given(end.block[-1]) if isinstance(end, Evaluate) else None)
                or "end with an expression",
            )  # fmt: skip
        return self.output(self.last, end.block[-1] if isinstance(end, (Assign, Evaluate)) else end)

    def _at_inputs(self, definition: Define) -> Invocation:
        """A function that a program ends with is called with the inputs of its parameters' names."""
        closure: Closure = self.scope[definition.name]
        missing = [name for name in closure.parameters if name not in self.leaves and name not in closure.defaults]
        if missing:
            raise WrongArguments(
                f"the program ends with the definition of {closure.name}, and there is no input {missing[0]} to call "
                "it with",
                span=definition.span,
                hint=f"call it in the last line: {closure.name}(…), or send an input {missing[0]}",
            )
        names = {name: self.globals[name] for name in closure.parameters if name in self.leaves}
        return Invocation(closure, Scope.within(closure.scope, {**closure.defaults, **names}))

    # Statements

    def straight(self, statement: Statement) -> None:
        """A statement of the program itself, for which nothing waits: the most of most programs."""
        if isinstance(statement, (Assign, Evaluate)):
            self.step(statement)
            values: list[Any] = []
            block = statement.block
            nodes = iter(block)
            while (part := self.advance(block, nodes, values)) is not None:
                values.append(run(part))
            value = values[-1]
            if isinstance(statement, Assign):
                target = statement.target
                if isinstance(target, Bind):
                    self.assign(target.name, value)
                else:
                    run(self.put(target, value))
                    value = self.given(target, value)
            elif statement is not self.statements[-1]:
                self.require_effect(block[-1])
            self.last = value
        else:
            run(self.suite([statement]))

    def suite(self, statements: Suite) -> Running:
        """Run statements; how they ended: None behind the last, else ``"break"``, ``"continue"`` or a `_Returned`."""
        for statement in statements:
            self.step(statement)
            if isinstance(statement, (Assign, Evaluate, Return)) and statement.block is not None:
                values: list[Any] = []
                block = statement.block
                nodes = iter(block)
                while (part := self.advance(block, nodes, values)) is not None:
                    values.append((yield part))
                value = values[-1]
                if isinstance(statement, Return):
                    return _Returned(value)
                if isinstance(statement, Assign):
                    target = statement.target
                    if isinstance(target, Bind):
                        self.assign(target.name, value)
                    else:
                        yield self.put(target, value)
                        value = self.given(target, value)
                elif statement is not self.statements[-1]:
                    self.require_effect(block[-1])
                if self.scope is self.globals:
                    self.last = value
            else:
                ended = yield _STATEMENTS[statement.__class__](self, statement)
                if ended is not None:
                    return ended
        return None

    def require_effect(self, node: Syntax) -> None:
        """Refuse ``v.sort()`` alone on a line: it changes ``v`` in NumPy, and nothing here."""
        path, _, name = node.path.rpartition(".") if isinstance(node, Call) else ("", "", "")
        if path and name == "sort" and not self.is_prefix(path.split(".")):
            hint = f"write {path} = {path}.{name}()"
            raise WrongArguments(
                "nothing is changed in place here, and this line has no effect", span=node.span, hint=hint
            )

    def given(self, target: Target, value: Any) -> Any:
        """What an assignment has as a value of its own: of ``a[i] = v`` all of ``a``."""
        if not isinstance(target, Place):
            return value
        base = target.block[0]
        assert isinstance(base, Name)  # the base of an index stands first
        return self.scope.find(base.path)

    def step(self, syntax: Statement | Syntax) -> None:
        """Count a statement, or a pass through a comprehension, against the budget."""
        self.steps += 1
        self.under_way = syntax
        if not self.steps & 15:
            if self.glance and self.steps > GLANCE:
                raise Unseen
            self.builder.limits.require("steps", self.steps)
            self.deadline.check()

    def define(self, statement: Define) -> Running:
        self.has_functions = True
        self.builder.definitions[statement.span] = statement.name
        defaults = {}
        for parameter in statement.parameters:
            if parameter.default is not None:
                defaults[parameter.name] = yield self.value(parameter.default)
        self.scope[statement.name] = Closure(
            statement.name, statement.parameters, defaults, statement.body, self.scope, own_names(statement)
        )

    def give_back(self, statement: Return) -> Running:
        yield from ()
        return _Returned(None)

    def choose(self, statement: If) -> Running:
        for condition, body in statement.branches:
            if self.truth((yield self.value(condition)), condition[-1]):
                return (yield self.suite(body))
        return (yield self.suite(statement.otherwise)) if statement.otherwise else None

    def repeat(self, statement: While) -> Running:
        condition, ended = statement.condition, None
        self.loops.append((statement.start, condition[-1].end))
        while self.truth((yield self.value(condition)), condition[-1]):
            ended = yield self.suite(statement.body)
            if ended == "break" or isinstance(ended, _Returned):
                break
        self.loops.pop()
        return ended if isinstance(ended, _Returned) else None

    def go_through(self, statement: For) -> Running:
        iterable, ended = (yield self.value(statement.iterable)), None
        self.loops.append((statement.start, statement.iterable[-1].end))
        for item in self.iterate(iterable, statement.iterable[-1]):
            yield self.put(statement.target, item)
            ended = yield self.suite(statement.body)
            if ended == "break" or isinstance(ended, _Returned):
                break
        self.loops.pop()
        return ended if isinstance(ended, _Returned) else None

    def word(self, statement: Word) -> Running:
        yield from ()
        return None if statement.word == "pass" else statement.word

    # Targets

    def put(self, target: Target, value: Any) -> Running:
        """Assign to a name, to part of what one stands for, or to several."""
        if isinstance(target, Bind):
            self.assign(target.name, value)
        elif isinstance(target, Unpack):
            for inner, part in zip(target.targets, self.parts(value, target), strict=True):
                yield self.put(inner, part)
        else:
            yield self.replace(target, value)

    def parts(self, value: Any, target: Unpack) -> list[Any]:
        """A value as one for each target. Raises `WrongArguments` where there are more, or fewer."""
        wanted = len(target.targets)
        count = self._count(value, target)
        items: Iterable[Any] = self.iterate(value, target)
        found = [item for _, item in zip(range(wanted + 1), items, strict=False)]
        if len(found) != wanted:
            more = "more values" if count is None and len(found) > wanted else f"{count or len(found)} value"
            raise WrongArguments(
                f"{wanted} names are given, and {more}{'s' * (more[0] != 'm' and more != '1 value')}", span=target.span,
                hint="give a name to each value; take one alone by its place: (…)[0]",
            )  # fmt: skip
        return found

    def _count(self, value: Any, target: Unpack) -> int | None:
        """How many parts a value has; None where that is not known yet. Raises `WrongArguments` where it has none."""
        if isinstance(value, tuple):
            return len(value)
        if isinstance(value, LAZY):
            return None
        if value.__class__ is Paired:
            return len(value.names)
        shape = self.operand(value, target).shape
        if not shape:
            raise WrongArguments(
                f"{len(target.targets)} names are given, and a single number has no parts",
                span=target.span,
                hint="give one name; in a loop, enumerate(…) gives places and values",
            )
        return shape[0]

    def replace(self, target: Place, value: Any) -> Running:
        """``a[i] = v``: the name stands for a new tensor from here on, in the scope where it is found."""
        block = target.block
        self._require_name(block)
        values: list[Any] = []
        nodes = iter(block[:-1])
        while (part := self.advance(block, nodes, values)) is not None:
            values.append((yield part))
        node: Any = block[-1]
        while isinstance(node, Index):
            items = [values[i] for i in node.items]
            if node is not block[-1] and any(isinstance(item, (Listed, Node)) and _axes(item) for item in items):
                raise WrongArguments(
                    "what a list of places takes out is a copy, and an assignment to part of it would be lost",
                    span=node.span,
                    hint="write one index: a[[0, 1], 2] = …",
                )
            value = self.updated(values[node.base], items, value, node)
            node = block[node.base]
        owner = self.scope.owner(node.path)
        assert owner is not None  # the name was read before
        self.require_own(owner, node.path, node)
        owner[node.path] = value
        if isinstance(value, (Node, Listed)) and value.name is None:
            value.name = node.path

    def _require_name(self, block: Block) -> None:
        """Raise `UnknownName` where nothing has the name of which a part is replaced."""
        root: Any = block[-1]
        while isinstance(root, Index):
            root = block[root.base]
        if self.scope.owner(root.path) is None:
            error = self.unknown_name(root, root.path)
            raise made_first(error, root.path, "zeros(n)")

    def updated(self, base: Any, items: list[Any], value: Any, syntax: Index) -> Any:
        """What a list or a tensor is after one of its parts is replaced."""
        parts = indexing.parts_of(self, items, syntax) if isinstance(base, Listed) else []
        if len(parts) == 1 and parts[0].__class__ is int:
            if not -len(base) <= parts[0] < len(base):
                fault = indexing.out_of_range(parts[0], len(base))
                fault.span = syntax.span
                raise fault
            self.require_room(len(base))
            return self.require_fitting(base.replaced(parts[0] % len(base), value), syntax)
        return indexing.update(self, self.operand(base, syntax), items, value, syntax)

    # Functions

    def enter(self, made: Invocation) -> Running:
        """Run a function of the program's own; its value."""
        outer, self.scope = self.scope, made.scope
        self.calls.append(made)
        self.builder.limits.require("calls", len(self.calls))
        ended = yield self.suite(made.closure.body)
        self.scope = outer
        self.calls.pop()
        return ended.value if isinstance(ended, _Returned) else None

    # Expressions

    def value(self, block: Block) -> Running:
        """The value of an expression."""
        values: list[Any] = []
        nodes = iter(block)
        while (part := self.advance(block, nodes, values)) is not None:
            values.append((yield part))
        return values[-1]

    def advance(self, block: Block, nodes: Iterator[Syntax], values: list[Any]) -> Running | None:
        """Go on with an expression to its end; or to a part that has to run first, which is given back."""
        self.nodes, self.values = block, values
        append = values.append
        scope = self.scope
        add_node = self.builder.add_node
        syntax: Any
        for syntax in nodes:
            kind = syntax.__class__
            # The commonest nodes are done here, without a call: they are most of a formula.
            if kind is Name and syntax.path in scope:
                append(scope[syntax.path])
            elif kind is Number:
                value = syntax.value
                append(int(value) if syntax.integral and value < EXACT else value)
            elif kind is Apply and len(syntax.operands) == 2:
                i, j = syntax.operands
                row, a, b = OPERATORS[syntax.symbol], values[i], values[j]
                if a.__class__ is Node and b.__class__ is Node and not row.takes:
                    append(add_node(row, (a, b), NO_PARAMS, (syntax.start, syntax.end)))
                else:
                    append(self.binary(row, a, b, (i, j), syntax))
            else:
                made = _STEPS[kind](self, syntax, values)
                if made.__class__ in _WAITING:
                    if made.__class__ is Invocation:
                        made = self.enter(made)
                    return made  # type: ignore[no-any-return]
                append(made)
        return None

    def literal(self, syntax: Literal, values: list[Any]) -> Any:
        return syntax.value

    def name(self, syntax: Name, values: list[Any]) -> Any:
        first, *rest = syntax.path.split(".")
        found = self.scope.find(first)
        if found is not MISSING:
            return calls.attributes(self, found, rest, syntax) if rest else found
        if self.scope.is_early(first):
            raise self.unknown_name(syntax, first)
        *_, last = syntax.path.split(".")
        if self.is_prefix([first, *rest][:-1]):
            if last in CONSTANTS:
                return CONSTANTS[last]
            if last in FUNCTIONS:
                self.has_functions = True
                return FUNCTIONS[last]
            if last in DTYPES and (rest or last in _TYPES):
                return "float32" if syntax.path == "torch.float" else last
        if syntax.path in BUILTINS:
            hint = f"call it: {BUILTINS[first][3]}"
            raise UnknownName(f"{first} is a function, and its value is needed here", span=syntax.span, hint=hint)
        raise self.unknown_name(syntax, first if first not in MODULES else last)

    def unary(self, syntax: Apply, values: list[Any]) -> Any:
        row, a = OPERATORS["u" + syntax.symbol], values[syntax.operands[0]]
        if row.takes:
            if syntax.symbol == "not" and not (isinstance(a, Node) and (a.shape or a.dtype == row.takes)):
                return not self.truth(a, syntax)
            self.require_type(row, syntax, a)
        if a.__class__ in NUMBERS:
            return _number(fold(row, (a,)), (a,))
        return self.builder.add_node(row, (self.operand(a, syntax),), NO_PARAMS, (syntax.start, syntax.end))

    def binary(self, row: Primitive, a: Any, b: Any, places: tuple[int, ...], syntax: Syntax) -> Any:
        """An operator on two values: a number on numbers, a node where one of them is a node."""
        if row.takes:
            self.require_type(row, syntax, a, b)
        if isinstance(a, tuple) or isinstance(b, tuple):
            joined = lists.joined(self, a, b, syntax)
            if joined is not None:
                return joined
        if a.__class__ is not Node:
            if a.__class__ in NUMBERS and b.__class__ in NUMBERS and row.scalar:
                return _number(fold(row, (a, b)), (a, b))
            a = self.operand(a, self.nodes[places[0]])
        if b.__class__ is not Node:
            b = self.operand(b, self.nodes[places[1]])
        return self.builder.add_node(row, (a, b), NO_PARAMS, (syntax.start, syntax.end))

    def require_type(self, row: Primitive, syntax: Syntax, *operands: Any) -> None:
        """Refuse numbers where an operator is about truth: ``0 < x & x < 1`` means something else than it says."""
        for value in operands:
            if (value.dtype if isinstance(value, Node) else type(value).__name__) != row.takes:
                symbol = syntax.symbol if isinstance(syntax, (Apply, Logic)) else "and"
                hint = _ON_TRUTH.get(symbol, f"compare first, and put brackets around it: (x > 0) {symbol} (x < 1)")
                raise DtypeError(f"`{symbol}` takes truth values, not numbers", span=syntax.span, hint=hint)

    def logic(self, syntax: Logic, values: list[Any]) -> Any:
        """``a and b``: as in Python, ``b`` is not run where a truth value that is known decides alone."""
        left = values[syntax.left]
        self.require_type(OPERATORS[syntax.symbol], syntax, left)
        if isinstance(left, bool) and left == (syntax.symbol == "or"):
            return left
        return self.both(left, syntax)

    def both(self, left: Any, syntax: Logic) -> Running:
        row, right = OPERATORS[syntax.symbol], (yield self.value(syntax.right))
        self.require_type(row, syntax, right)
        if isinstance(left, bool) and isinstance(right, bool):
            return fold(row, (left, right))
        operands = (self.operand(left, syntax), self.operand(right, syntax))
        return self.builder.add_node(row, operands, NO_PARAMS, syntax.span)

    def compare(self, syntax: Compare, values: list[Any]) -> Any:
        result: Any = None
        for symbol, i, j in zip(syntax.symbols, syntax.operands, syntax.operands[1:], strict=False):
            a, b = values[i], values[j]
            if a is None or b is None or symbol in _IDENTITIES:
                link = self.identical(symbol, a, b, syntax)
            else:
                link = self.binary(OPERATORS[symbol], a, b, (i, j), syntax)
            result = link if result is None else self.binary(OPERATORS["and"], result, link, (i, j), syntax)
        return result

    def identical(self, symbol: str, a: Any, b: Any, syntax: Compare) -> bool:
        """``x is None``, ``x != None``: whether a value is missing, which is known before anything is computed."""
        if symbol not in (*_IDENTITIES, "==", "!=") or (a is not None and b is not None):
            raise WrongArguments(
                f"`{symbol}` compares with None, and with nothing else" if symbol in _IDENTITIES
                else f"None is neither smaller nor larger than anything, and stands beside `{symbol}`",
                span=syntax.span, hint="compare numbers with == or !=" if symbol in _IDENTITIES else "write x is None",
            )  # fmt: skip
        return (a is b) == (symbol in ("is", "=="))

    def sequence(self, syntax: Sequence, values: list[Any]) -> Any:
        return self.listed(iter([values[i] for i in syntax.items]), syntax, syntax.bracket)

    def slice(self, syntax: Slice, values: list[Any]) -> Any:
        return slice(*[None if i is None else self.whole(values[i], syntax) for i in syntax.parts])

    def index(self, syntax: Index, values: list[Any]) -> Any:
        return indexing.read(self, values[syntax.base], [values[i] for i in syntax.items], syntax)

    def conditional(self, syntax: Conditional, values: list[Any]) -> Running:
        holds = self.truth(values[syntax.condition], self.nodes[syntax.condition])
        return self.value(syntax.then if holds else syntax.otherwise)

    def function(self, syntax: Lambda, values: list[Any]) -> Closure:
        self.has_functions = True
        body: Suite = [Return(syntax.value, syntax.start, syntax.end)]
        return Closure("", syntax.parameters, {}, body, self.scope)

    def comprehension(self, syntax: Comprehension, values: list[Any]) -> Running:
        outer, self.scope = self.scope, Scope.within(self.scope, {})
        found: list[Any] = []
        self.loops.append(syntax.span)
        yield self.clause(syntax, 0, found)
        self.loops.pop()
        self.scope = outer
        return self.listed(iter(found), syntax, syntax.bracket, Series if syntax.bracket == "(" else Listed)

    def clause(self, syntax: Comprehension, place: int, found: list[Any]) -> Running:
        """Run a comprehension from one of its clauses on."""
        if place == len(syntax.clauses):
            self.step(syntax)
            found.append((yield self.value(syntax.element)))
            self.builder.limits.require("pieces", len(found))
            return
        clause = syntax.clauses[place]
        iterable = yield self.value(clause.iterable)
        for item in self.iterate(iterable, clause.iterable[-1]):
            self.step(syntax)
            yield self.put(clause.target, item)
            for condition in clause.conditions:
                if not self.truth((yield self.value(condition)), condition[-1]):
                    break
            else:
                yield self.clause(syntax, place + 1, found)


def _axes(item: Node | Listed) -> int:
    return len(item.shape) if isinstance(item, Node) else item.depth


def _number(result: float | bool, operands: Iterable[Any]) -> Any:
    """A folded number; whole where all that went in was written so, and it can stand for an axis or an index."""
    if isinstance(result, float) and result.is_integer() and abs(result) < EXACT:
        return int(result) if all(isinstance(v, int) for v in operands) else result
    return result


_OF_LISTS = ("elements", "pieces")
"""Limits of what need not be a node."""

_ON_TRUTH = {
    "not": "compare first: not x > 0",
    "~": "compare first, and put brackets around it: ~(x > 0)",
    "and": "compare first: x > 0 and x < 1",
    "or": "compare first: x < 0 or x > 1",
}
"""How operators of truth values are written."""

_STEPS: dict[type[Syntax], Callable[[_Trace, Any, list[Any]], Any]] = {
    Literal: _Trace.literal,
    Name: _Trace.name,
    Apply: _Trace.unary,
    Logic: _Trace.logic,
    Compare: _Trace.compare,
    Call: calls.call,
    Method: calls.method,
    CallValue: calls.call_value,
    Attribute: calls.attribute,
    Index: _Trace.index,
    Slice: _Trace.slice,
    Sequence: _Trace.sequence,
    Conditional: _Trace.conditional,
    Lambda: _Trace.function,
    Comprehension: _Trace.comprehension,
}

_STATEMENTS: dict[type, Callable[[_Trace, Any], Running]] = {
    Define: _Trace.define,
    Return: _Trace.give_back,
    If: _Trace.choose,
    For: _Trace.go_through,
    While: _Trace.repeat,
    Word: _Trace.word,
}
