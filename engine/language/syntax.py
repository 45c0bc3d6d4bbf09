"""What the parser builds: statements that hold expressions, which are flat lists of syntax nodes.

A `Block` is one expression, its nodes in evaluation order (operands before what uses them), each naming its
operands by their place in the same list; the last node is the expression's value. So whatever walks a block is
a loop, and a sum of 100,000 terms needs no recursion. Only what may be run not at all, or many times, is a block
of its own: the branches of a conditional, what follows `and` or `or`, the value of a lambda, the parts of a
comprehension.

Every node knows the text it comes from: ``start`` and ``end`` are offsets, from the first character to behind
the last.
"""

from __future__ import annotations

from engine.errors import Span


class Syntax:
    """One node of a block."""

    __slots__ = ("end", "start")
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.start, self.end


class Number(Syntax):
    """A number as written: ``1e-3``, ``1_000``, ``2.5j``. Its value is a float, complex with a real part of 0,
    or an int that no float holds; ``integral`` where no point, exponent or ``j`` is."""

    __slots__ = ("integral", "value")

    def __init__(self, value: float | complex, integral: bool, start: int, end: int) -> None:
        self.value = value
        self.integral = integral
        self.start = start
        self.end = end


class Literal(Syntax):
    """``True``, ``False``, ``None``, ``...`` or a string such as ``"ij,jk->ik"``."""

    __slots__ = ("value",)

    def __init__(self, value: object, start: int, end: int) -> None:
        self.value = value
        self.start = start
        self.end = end


class Name(Syntax):
    """A name, or names joined by dots: ``x``, ``x.T``, ``np.pi``. What the first part means is the trace's to say."""

    __slots__ = ("path",)

    def __init__(self, path: str, start: int, end: int) -> None:
        self.path = path
        self.start = start
        self.end = end


class Apply(Syntax):
    """An operator on its operands: ``-x`` has one, ``a + b`` two; ``symbol`` is as in Python (``^`` is ``**``)."""

    __slots__ = ("operands", "symbol")

    def __init__(self, symbol: str, operands: tuple[int, ...], start: int, end: int) -> None:
        self.symbol = symbol
        self.operands = operands
        self.start = start
        self.end = end


class Logic(Syntax):
    """``a and b``, ``a or b``; ``right`` is a block, which is not run where ``a`` decides alone."""

    __slots__ = ("left", "right", "symbol")

    def __init__(self, symbol: str, left: int, right: Block, start: int, end: int) -> None:
        self.symbol = symbol
        self.left = left
        self.right = right
        self.start = start
        self.end = end


class Compare(Syntax):
    """Comparisons in a chain, each operand evaluated once: ``0 < x <= 1`` has two symbols and three operands."""

    __slots__ = ("operands", "symbols")

    def __init__(self, symbols: tuple[str, ...], operands: tuple[int, ...], start: int, end: int) -> None:
        self.symbols = symbols
        self.operands = operands
        self.start = start
        self.end = end


class Call(Syntax):
    """``f(x, axis=0)``, ``np.sum(x)``, ``x.sum()``: a dotted path called with positional and keyword arguments."""

    __slots__ = ("arguments", "keywords", "path")

    def __init__(
        self,
        path: str,
        arguments: tuple[int, ...],
        keywords: tuple[tuple[str, int], ...],
        start: int,
        end: int,
    ) -> None:
        self.path = path
        self.arguments = arguments
        self.keywords = keywords
        self.start = start
        self.end = end


class Method(Syntax):
    """``(a + b).sum(axis=0)``: a method called on something that is not a plain dotted name."""

    __slots__ = ("arguments", "base", "keywords", "name")

    def __init__(
        self,
        base: int,
        name: str,
        arguments: tuple[int, ...],
        keywords: tuple[tuple[str, int], ...],
        start: int,
        end: int,
    ) -> None:
        self.base = base
        self.name = name
        self.arguments = arguments
        self.keywords = keywords
        self.start = start
        self.end = end


class CallValue(Syntax):
    """``f(x)(y)``: a call of a function that is itself a value."""

    __slots__ = ("arguments", "base", "keywords")

    def __init__(
        self,
        base: int,
        arguments: tuple[int, ...],
        keywords: tuple[tuple[str, int], ...],
        start: int,
        end: int,
    ) -> None:
        self.base = base
        self.arguments = arguments
        self.keywords = keywords
        self.start = start
        self.end = end


class Attribute(Syntax):
    """``(a @ b).T``: an attribute of something that is not a plain dotted name."""

    __slots__ = ("base", "name")

    def __init__(self, base: int, name: str, start: int, end: int) -> None:
        self.base = base
        self.name = name
        self.start = start
        self.end = end


class Index(Syntax):
    """``a[items]``; ``items`` are the comma-separated parts, ``a[0, 1:]`` has two."""

    __slots__ = ("base", "items")

    def __init__(self, base: int, items: tuple[int, ...], start: int, end: int) -> None:
        self.base = base
        self.items = items
        self.start = start
        self.end = end


class Slice(Syntax):
    """``start:stop:step`` inside an index; a part that is left out is ``None``."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[int | None, int | None, int | None], start: int, end: int) -> None:
        self.parts = parts
        self.start = start
        self.end = end


class Sequence(Syntax):
    """``[a, b]`` (``bracket`` is ``"["``) or ``(a, b)`` (``"("``)."""

    __slots__ = ("bracket", "items")

    def __init__(self, bracket: str, items: tuple[int, ...], start: int, end: int) -> None:
        self.bracket = bracket
        self.items = items
        self.start = start
        self.end = end


class Conditional(Syntax):
    """``then if condition else otherwise``: the branches are blocks, of which the trace runs one."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, condition: int, then: Block, otherwise: Block, start: int, end: int) -> None:
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
        self.start = start
        self.end = end


Block = list[Syntax]
"""One expression: its nodes in evaluation order, the last one its value."""


class Lambda(Syntax):
    """``lambda x, y: value``; the value is a block, run when the function is called."""

    __slots__ = ("parameters", "value")

    def __init__(self, parameters: tuple[Parameter, ...], value: Block, start: int, end: int) -> None:
        self.parameters = parameters
        self.value = value
        self.start = start
        self.end = end


class Comprehension(Syntax):
    """``[element for target in iterable if condition]``; in round brackets (``bracket`` is ``"("``), or as the only
    argument of a call, a series."""

    __slots__ = ("bracket", "clauses", "element")

    def __init__(self, bracket: str, element: Block, clauses: tuple[Clause, ...], start: int, end: int) -> None:
        self.bracket = bracket
        self.element = element
        self.clauses = clauses
        self.start = start
        self.end = end


class Clause(Syntax):
    """``for target in iterable if condition if condition``, of a comprehension."""

    __slots__ = ("conditions", "iterable", "target")

    def __init__(self, target: Target, iterable: Block, conditions: tuple[Block, ...], start: int, end: int) -> None:
        self.target = target
        self.iterable = iterable
        self.conditions = conditions
        self.start = start
        self.end = end


# What can be assigned to.


class Bind(Syntax):
    """A plain name."""

    __slots__ = ("name",)

    def __init__(self, name: str, start: int, end: int) -> None:
        self.name = name
        self.start = start
        self.end = end


class Unpack(Syntax):
    """``a, (b, c)``: the parts of a value, each to a target of its own."""

    __slots__ = ("targets",)

    def __init__(self, targets: tuple[Target, ...], start: int, end: int) -> None:
        self.targets = targets
        self.start = start
        self.end = end


class Place(Syntax):
    """``a[i, 1:]``, part of what a name stands for; ``block`` is the same as an expression: its last node is an `Index`
    on a `Name`, or on another `Index` that is."""

    __slots__ = ("block",)

    def __init__(self, block: Block, start: int, end: int) -> None:
        self.block = block
        self.start = start
        self.end = end


Target = Bind | Unpack | Place


class Parameter(Syntax):
    """``x``, or ``x=default``, of a function."""

    __slots__ = ("default", "name")

    def __init__(self, name: str, default: Block | None, start: int, end: int) -> None:
        self.name = name
        self.default = default
        self.start = start
        self.end = end


# Statements. What a compound one holds is a list of statements; its own text ends where that of the last of them does.


class Evaluate(Syntax):
    """An expression alone."""

    __slots__ = ("block",)

    def __init__(self, block: Block, start: int, end: int) -> None:
        self.block = block
        self.start = start
        self.end = end


class Assign(Syntax):
    """``target = expression``; ``x += e`` is ``x = x + (e)``, whose first name is the target's."""

    __slots__ = ("block", "target")

    def __init__(self, target: Target, block: Block, start: int, end: int) -> None:
        self.target = target
        self.block = block
        self.start = start
        self.end = end

    @property
    def is_augmented(self) -> bool:
        """Whether it was written as ``x += e``: the value begins where the target does."""
        return self.block[0].start == self.target.start


class Define(Syntax):
    """``def name(parameters): body``, or ``name(parameters) = expression``, whose body is one `Return` and whose
    ``short`` is true. ``own`` are the names that it assigns, once somebody has asked."""

    __slots__ = ("body", "name", "own", "parameters", "short")

    def __init__(
        self, name: str, parameters: tuple[Parameter, ...], body: Suite, short: bool, start: int, end: int
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.short = short
        self.own: frozenset[str] | None = None
        self.start = start
        self.end = end


class Return(Syntax):
    """``return expression``, or ``return`` alone."""

    __slots__ = ("block",)

    def __init__(self, block: Block | None, start: int, end: int) -> None:
        self.block = block
        self.start = start
        self.end = end


class If(Syntax):
    """``if``, any number of ``elif``, and ``else``: conditions with what is run where they hold."""

    __slots__ = ("branches", "otherwise")

    def __init__(self, branches: list[tuple[Block, Suite]], otherwise: Suite | None, start: int, end: int) -> None:
        self.branches = branches
        self.otherwise = otherwise
        self.start = start
        self.end = end


class For(Syntax):
    """``for target in iterable: body``."""

    __slots__ = ("body", "iterable", "target")

    def __init__(self, target: Target, iterable: Block, body: Suite, start: int, end: int) -> None:
        self.target = target
        self.iterable = iterable
        self.body = body
        self.start = start
        self.end = end


class While(Syntax):
    """``while condition: body``."""

    __slots__ = ("body", "condition")

    def __init__(self, condition: Block, body: Suite, start: int, end: int) -> None:
        self.condition = condition
        self.body = body
        self.start = start
        self.end = end


class Word(Syntax):
    """``break``, ``continue`` or ``pass``."""

    __slots__ = ("word",)

    def __init__(self, word: str, start: int, end: int) -> None:
        self.word = word
        self.start = start
        self.end = end


Compound = Define | If | For | While
"""Statements that hold others."""

Statement = Evaluate | Assign | Define | Return | If | For | While | Word
Suite = list[Statement]
"""Statements that run one after the other."""


class Program:
    """A parsed text: its statements in order; the value of the last one is the output."""

    __slots__ = ("statements", "text")

    def __init__(self, text: str, statements: Suite) -> None:
        self.text = text
        self.statements = statements
