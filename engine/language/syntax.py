"""What the parser builds: a program as flat lists of syntax nodes.

A `Block` is one expression, its nodes in evaluation order (operands before what uses them), each naming its
operands by their place in the same list; the last node is the expression's value. So whatever walks a block is
a loop, and a sum of 100,000 terms needs no recursion. Only the branches of a conditional are blocks of their
own, because just one of them is run.

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
    """A number as written: ``1e-3``, ``1_000``, ``2.5j``. Its value is a float, or complex with a real part of 0;
    ``integral`` where no point, exponent or ``j`` is."""

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


class Statement:
    """``target = expression``, or an expression alone where ``target`` is ``None``."""

    __slots__ = ("block", "end", "start", "target")

    def __init__(self, target: str | None, block: Block, start: int, end: int) -> None:
        self.target = target
        self.block = block
        self.start = start
        self.end = end


class Program:
    """A parsed text: its statements in order; the value of the last one is the output."""

    __slots__ = ("statements", "text")

    def __init__(self, text: str, statements: list[Statement]) -> None:
        self.text = text
        self.statements = statements
