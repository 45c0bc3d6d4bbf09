"""Pieces into a program: an operator-precedence parser that never calls itself.

It waits for a value or, once a value is complete, for an operator; these are the two loops of `_Parser.run`.
Values are appended to ``nodes`` as they are read, and operators wait on the stack ``pending`` until both sides are
there, so a node always stands behind its operands and its last operand is the last node there is. An operator
settles those waiting that bind at least as tightly, in the order of Python's grammar:

    0 brackets   1 if lambda   2 else   3 or   4 and   5 not   6 comparisons   7 |   8 &
    9 + -   10 * / // % @   11 unary + - ~   12 ** ^   13 √

A waiting entry is ``(binding, symbol, left, start)``: how tightly it binds, what it is, the place of its left operand,
and where its text starts. For an open bracket, ``left`` is the last node before its contents, and the symbol is ``(``
or the function's name with its bracket; once the contents are more than one plain value it is ``,``, and the top
of ``frames`` has the details. What is neither binary nor a bracket has −1 as ``left``, and `_Parser._finish` knows it.

The branches of a conditional, what follows ``and`` or ``or``, the value of a lambda and the parts of a comprehension
move to blocks of their own when they are complete. A node moves at most once, for a block that holds it then moves
along unseen, so this costs linear time.

A statement is known by its first word, or by the ``=`` behind its target; ``head`` says which it is. Which statements
belong to a compound one is for `Suites` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from keyword import iskeyword
from math import inf
from typing import NamedTuple

from engine.errors import LimitExceeded, Span, SyntaxFault
from engine.language import diagnostics
from engine.language.lexer import BLANKS, SUPERSCRIPTS, WORDS, lex
from engine.language.suites import Suites
from engine.language.syntax import (
    Apply,
    Assign,
    Attribute,
    Bind,
    Block,
    Call,
    CallValue,
    Clause,
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
    Parameter,
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
from engine.language.targets import shift, signature, target
from engine.limits import DEFAULT_LIMITS, Limits
from engine.shapes import EXACT

_IF, _ELSE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _POWER, _ROOT = 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13
_LONG = 16
"""From so many digits on, floating-point numbers do not hold every whole one."""
_LONGEST_PATH = 32
"""Names joined by dots with blanks between; a longer one would take quadratic time to put together."""


_LOGIC = (_AND, _OR)


def _spaced(symbol: str) -> tuple[str, ...]:
    """The pieces in which the lexer may hand over an operator."""
    return symbol, f" {symbol}", f"{symbol} ", f" {symbol} "


def _infix() -> dict[str, tuple[int, int, str]]:
    """For each binary operator: what it settles (waiting operators of at least this binding), its own, its symbol."""
    left = {"or": _OR, "and": _AND, "|": 7, "&": 8, "+": _SUM, "-": _SUM} | dict.fromkeys(
        ("*", "/", "//", "%", "@"), _PRODUCT
    )
    rows = {symbol: (binding, binding, symbol) for symbol, binding in left.items()}
    rows |= dict.fromkeys(("**", "^"), (_POWER + 1, _POWER, "**"))
    return {piece: row for symbol, row in rows.items() for piece in _spaced(symbol)}


_INFIX = _infix()
_COMPARISONS = {piece: symbol for symbol in ("<", "<=", ">", ">=", "==", "!=") for piece in _spaced(symbol)}
_COMPARISONS |= {"is": "is", "is not": "is not"}
_AUGMENTED = {
    piece: "**" if symbol == "^" else symbol
    for symbol in ("+", "-", "*", "/", "//", "%", "@", "**", "^", "&", "|")
    for piece in _spaced(f"{symbol}=")
}
_CONSTANTS = {"True": True, "False": False, "None": None}
_OF_VALUE = ")("
_QUOTES = ('"""', "'''")
_NEWLINES = ("\n", "\r\n", "\r")
_PART_ENDS = (")", "]", ":", ",", "...")
_CLOSING = {"(": ")", "[": "]"}

_OPEN, _OTHER = 0, -1
_OPENING: dict[str, tuple[int, str]] = (
    {piece: (_UNARY, symbol) for symbol in "+-~" for piece in _spaced(symbol)}
    | {"(": (_OPEN, "(")}
    | {piece: (_OTHER, piece) for piece in diagnostics.RESERVED}
    | {piece: (_OTHER, piece) for piece in (*WORDS, "", " ")}
)
"""What stands where a value is expected and is no name, number or call: a prefix with its binding, or a bracket, or
something that `_Parser._opening` looks at."""


class _Frame:
    """The contents of an open bracket, as far as they are complete.

    ``form`` is the piece that opened a call by name (``sin(``), ``.name(`` for a method, ``)(`` for a call of a value,
    ``(`` for a tuple, ``[`` for a list, ``x[`` for an index.
    """

    __slots__ = ("base", "bounds", "form", "items", "keyword", "keywords", "series", "slice_end", "slice_start")

    def __init__(self, form: str, base: int) -> None:
        self.form = form
        self.base = base
        self.items: list[int] = []
        self.keywords: dict[str, int] = {}
        self.keyword: str | None = None
        self.bounds: list[int | None] | None = None
        self.slice_start = 0
        self.slice_end = 0
        self.series: _Series | None = None


class _Series:
    """A comprehension of which the element is complete, and then its clauses; of the last of them, ``target`` and the
    blocks that follow it: the iterable and the conditions."""

    __slots__ = ("blocks", "clauses", "element", "start", "target")

    def __init__(self, element: Block) -> None:
        self.element = element
        self.clauses: list[Clause] = []
        self.target: Target | None = None
        self.start = 0
        self.blocks: list[Block] = []

    def close_clause(self) -> None:
        """The last clause is complete."""
        if self.target is not None:
            iterable, *conditions = self.blocks
            self.clauses.append(Clause(self.target, iterable, tuple(conditions), self.start, self.blocks[-1][-1].end))
        self.target, self.blocks = None, []


class _Head(NamedTuple):
    """How a statement begins: with a word such as ``for``, or with a target and ``=``. ``start`` is where, and ``of``
    what is known so far: the target, or a function's name and parameters."""

    kind: str
    start: int
    of: Target | tuple[str, tuple[Parameter, ...]] | None = None


class _Branching:
    """A conditional of which the first branch is complete, and later its condition."""

    __slots__ = ("condition", "then")

    def __init__(self, then: Block) -> None:
        self.then = then
        self.condition = -1


def parse(text: str, limits: Limits = DEFAULT_LIMITS) -> Program:
    """The program that ``text`` spells; raises `SyntaxFault` or `LimitExceeded` where there is none.

    >>> [type(node).__name__ for node in parse("2*x + 1").statements[0].block]
    ['Number', 'Name', 'Apply', 'Number', 'Apply']
    >>> parse("y = f(x, axis=0); y").statements[0].block[-1].keywords
    (('axis', 1),)
    >>> [type(statement).__name__ for statement in parse("for i in range(3):\\n    x = x * i\\nx").statements]
    ['For', 'Evaluate']
    >>> parse("2x")
    Traceback (most recent call last):
        ...
    engine.errors.SyntaxFault: expected an operator after `2`, found `x`
    """
    limits.require("text", len(text))
    return Program(text, _Parser(text, limits).run())


class _Parser:
    """The state of one parse."""

    __slots__ = (
        "bare",
        "branchings",
        "chains",
        "frames",
        "head",
        "lambdas",
        "limits",
        "line_goes_on",
        "nodes",
        "opened",
        "pending",
        "room",
        "stream",
        "suites",
        "text",
    )

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.room = limits.nesting  # how many brackets may be open, given the conditionals and roots that are
        self.nodes: Block = []
        self.pending: list[tuple[int, str, int, int]] = [(0, "", -1, 0)]
        self.opened: list[int] = []
        self.frames: list[_Frame] = []
        self.branchings: list[_Branching] = []
        self.chains: list[tuple[list[str], list[int]]] = []
        self.lambdas: list[tuple[tuple[Parameter, ...], int]] = []
        self.bare: list[int] | None = None  # the items of a tuple without brackets
        self.head: _Head | None = None
        self.line_goes_on = False  # behind a semicolon
        pieces, offsets = lex(text)
        self.suites = Suites(text, limits)
        self.stream: Iterator[tuple[str, int, int]] = zip(pieces, offsets, offsets[1:], strict=False)

    def run(self) -> Suite:
        """All statements of the text.

        This one function is long because every token passes through it: what is frequent is done on the spot,
        since a call costs as much as all the rest of a step, and what is rare has a method.
        """
        nodes, pending, opened, stream = self.nodes, self.pending, self.opened, self.stream
        for piece, start, end in stream:  # a value is expected
            role = _OPENING.get(piece)
            if role is None:
                if piece[-1] == "(":
                    pending.append((0, piece, len(nodes) - 1, start))
                    opened.append(end - 1)
                    if len(opened) > self.room:
                        self._refuse_nesting((end - 1, end))
                    continue
                if piece.isidentifier():
                    nodes.append(Name(piece, start, end))
                elif piece.isdecimal() and len(piece) < _LONG:
                    nodes.append(Number(float(piece), True, start, end))
                elif not self._value(piece, start, end):
                    continue
            else:
                binding, symbol = role
                if binding > 0:
                    pending.append((binding, symbol, -1, start + len(piece) - len(piece.lstrip())))
                    continue
                if binding == 0:
                    pending.append((0, "(", len(nodes) - 1, end - 1))
                    opened.append(end - 1)
                    if len(opened) > self.room:
                        self._refuse_nesting((end - 1, end))
                    continue
                if not self._opening(piece, start, end):
                    continue
            for piece, start, end in stream:  # an operator is expected, or what ends the expression
                row = _INFIX.get(piece)
                if row is not None:
                    settles, binding, symbol = row
                    if pending[-1][0] >= settles:
                        self._settle(settles)
                    pending.append((binding, symbol, len(nodes) - 1, nodes[-1].start))
                    break
                if piece == ")":
                    if pending[-1][0]:
                        self._settle(1)
                    _, symbol, _, opening = pending[-1]
                    if symbol == "(":
                        nodes[-1].start, nodes[-1].end = opening, end
                    elif symbol == "," or not symbol:
                        self._close(piece, start, end)
                        continue
                    else:
                        nodes.append(Call(symbol[:-1], (len(nodes) - 1,), (), opening, end))
                    pending.pop()
                    opened.pop()
                elif _AFTER.get(piece, _Parser._juxtaposed)(self, piece, start, end):
                    break
        return self._finished()

    def _finished(self) -> Suite:
        self.suites.end_line(len(self.text))
        if not self.suites.program:
            raise SyntaxFault(
                "the program is empty", span=(0, len(self.text)), hint="write an expression, such as x**2 + 1"
            )
        return self.suites.program

    # ---- Operators that wait ----------------------------------------------------------------------------------

    def _settle(self, settles: int) -> None:
        """Apply the waiting operators that bind at least as tightly as ``settles``."""
        nodes, pending = self.nodes, self.pending
        while pending[-1][0] >= settles:
            binding, symbol, left, start = pending.pop()
            if binding in _LOGIC:
                right = self._cut(left + 1)
                nodes.append(Logic(symbol, left, right, start, right[-1].end))
            elif left >= 0:
                nodes.append(Apply(symbol, (left, len(nodes) - 1), start, nodes[-1].end))
            elif binding == _UNARY:
                nodes.append(Apply(symbol, (len(nodes) - 1,), start, nodes[-1].end))
            else:
                nodes.append(self._finish(symbol, start))

    def _finish(self, symbol: str, start: int) -> Syntax:
        """The node of a waiting entry that is no operator of plain arithmetic."""
        nodes = self.nodes
        last, end = len(nodes) - 1, nodes[-1].end
        if symbol == "<":
            symbols, operands = self.chains.pop()
            return Compare(tuple(symbols), (*operands, last), start, end)
        if symbol == "else":
            return self._conditional(start)
        if symbol == "if":
            raise SyntaxFault(
                "a conditional has no `else`",
                span=(start, end),
                hint="write a if condition else b"
                + ("; in a list: [k for k in xs if condition]" if self.opened else ""),
            )
        if symbol == "lambda":
            return self._lambda(start)
        if symbol == "√":
            self.room += 1
            return Call("sqrt", (last,), (), start, end)
        return Apply(symbol, (last,), start, end)

    def _compare(self, piece: str, start: int, end: int) -> bool:
        self._settle(_COMPARE + 1)
        symbol, nodes = _COMPARISONS[piece], self.nodes
        if self.pending[-1][0] != _COMPARE:
            self.chains.append(([], []))
            self.pending.append((_COMPARE, "<", -1, nodes[-1].start))
        symbols, operands = self.chains[-1]
        symbols.append(symbol)
        operands.append(len(nodes) - 1)
        return True

    def _power(self, piece: str, start: int, end: int) -> bool:
        """``x²``: the exponent is complete, so nothing waits."""
        self._settle(_ROOT)
        nodes = self.nodes
        base = len(nodes) - 1
        if self.text[nodes[base].end - 1] in SUPERSCRIPTS:  # they would nest without brackets, and so without limit
            raise SyntaxFault("a raised number follows another", span=(start, end), hint="write (x²)³, or x**6")
        digits = piece.lstrip("⁻")
        value = float("".join(str(SUPERSCRIPTS.index(digit)) for digit in digits))
        nodes.append(Number(value, True, end - len(digits), end))
        if digits != piece:
            nodes.append(Apply("-", (base + 1,), start, end))
        nodes.append(Apply("**", (base, len(nodes) - 1), nodes[base].start, end))
        return False

    # ---- Conditionals -----------------------------------------------------------------------------------------

    def _if(self, piece: str, start: int, end: int) -> bool:
        self._settle(_ELSE + 1)
        _, symbol, left, _ = self.pending[-1]
        if (series := self._series()) is not None:
            return self._next_in_series(series)
        if symbol == "if":
            raise SyntaxFault(
                "a condition is itself a conditional", span=(end - 2, end), hint="put the inner one in brackets"
            )
        first = self.branchings[-1].condition + 1 if symbol == "else" else left + 1
        then = self._cut(self.lambdas[-1][1] if symbol == "lambda" else first)
        self.branchings.append(_Branching(then))
        self._deepen((end - 2, end))
        self.pending.append((_IF, "if", -1, then[-1].start))
        return True

    def _else(self, piece: str, start: int, end: int) -> bool:
        self._settle(_ELSE)
        _, symbol, _, start = self.pending[-1]
        if symbol != "if":
            raise SyntaxFault("`else` without `if` before it", span=(end - 4, end), hint="write a if condition else b")
        self.branchings[-1].condition = len(self.nodes) - 1
        self.pending[-1] = (_ELSE, "else", -1, start)
        return True

    def _conditional(self, start: int) -> Conditional:
        branching = self.branchings.pop()
        self.room += 1
        otherwise = self._cut(branching.condition + 1)
        return Conditional(branching.condition, branching.then, otherwise, start, otherwise[-1].end)

    def _cut(self, first: int) -> Block:
        """The nodes from ``first`` on, as a block of their own."""
        block = self.nodes[first:]
        if first:
            del self.nodes[first:]
            for node in block:
                shift(node, first)
        else:
            self.nodes.clear()
        return block

    def _deepen(self, span: Span) -> None:
        """Count a conditional or a root as one level of nesting."""
        self.room -= 1
        if len(self.opened) > self.room:
            self._refuse_nesting(span)

    def _refuse_nesting(self, span: Span) -> None:
        try:
            self.limits.require("nesting", self.limits.nesting - self.room + len(self.opened))
        except LimitExceeded as refusal:
            refusal.span = span
            refusal.hint = "give the inner parts names, in statements of their own"
            raise

    # ---- Values -----------------------------------------------------------------------------------------------

    def _value(self, piece: str, start: int, end: int) -> bool:
        """Take a piece without a fixed spelling; True where that completes a value."""
        first = piece[0]
        if first.isalpha() or first == "_":
            self.nodes.append(Name(piece, start, end))
        elif first.isdecimal() or piece[:2].strip(".").isdecimal():
            self.nodes.append(Number(_number(piece, (start, end)), piece.replace("_", "").isdecimal(), start, end))
        elif first in "\"'" and len(piece) > 1 and piece[:3] not in _QUOTES:
            self.nodes.append(Literal(piece[1:-1], start, end))
        elif first == "√":
            self.pending.append((_ROOT, "√", -1, start))
            self._deepen((start, end))
            return False
        else:
            return self._opening(piece, start, end)
        return True

    def _opening(self, piece: str, start: int, end: int) -> bool:
        """Take a word or a sign where a value is expected; True where that completes a value."""
        if _is_blank(piece):
            self.line_goes_on = self.line_goes_on or (piece[:3] in _QUOTES and self._at_beginning())
            return False
        if piece in _CONSTANTS:
            self.nodes.append(Literal(_CONSTANTS[piece], start, end))
        elif piece == "[":
            self._open("[", -1, end)
            return False
        elif piece == "not" and self.pending[-1][0] <= _NOT:
            self.pending.append((_NOT, "not", -1, start))
            return False
        elif piece == "lambda" and self.pending[-1][0] <= _ELSE and self._series() is None:
            self._open_lambda(start, end)
            return False
        elif piece in _BEGINNINGS and self._at_beginning():
            _BEGINNINGS[piece](self, piece, start, end)
            return False
        elif piece.strip(" ") == "=" and self.bare and len(self.pending) == 1 and self.bare[-1] == len(self.nodes) - 1:
            return not self._assign(piece, start, end)  # `x, = y`
        elif piece.strip(" ") in _PART_ENDS:
            return self._end_part(piece.strip(" "), *_span(piece, start, end))
        elif piece and piece not in _NEWLINES and piece != ";":
            raise self._missing_value(piece, start, end)
        else:
            self._end_empty(piece, start, end)
            return False
        return True

    def _end_empty(self, piece: str, start: int, end: int) -> None:
        """The end of a line or statement where a value is expected: fine inside brackets and between statements."""
        if self.opened:
            self._require_newline(piece)
        elif not self._at_beginning() or (piece == ";" and self.suites.last is None):
            raise self._missing_value(piece, start, end)
        elif piece == ";":
            self.line_goes_on = True
        elif self.line_goes_on:
            self._end_line(end)

    def _missing_value(self, piece: str, start: int, end: int) -> SyntaxFault:
        span = _span(piece, start, end)
        if piece in _BEGINNINGS and self.text[:start].rstrip()[-1:] not in _CLOSING:
            fault = self._unclosed(len(self.text[:start].rstrip()), start)
            if fault is not None:
                return fault
        if piece == "not":
            hint = "put brackets around it: (not x)"
            return SyntaxFault("`not` binds more loosely than the operator before it", span=span, hint=hint)
        if piece == "lambda":
            hint = "put brackets around it: (lambda x: x**2)"
            return SyntaxFault("`lambda` does not stand here without brackets", span=span, hint=hint)
        if self.head is not None and self.head.kind == "def" and piece.strip(" ") == ">":
            hint = "leave the types out: def f(x, y):"
            return SyntaxFault("types are not part of the language", span=span, hint=hint)
        return diagnostics.missing_value(self.text, span, piece.strip(" "))

    def _juxtaposed(self, piece: str, start: int, end: int) -> bool:
        """What nothing is known of where an operator is expected: a blank, a raised number, or a fault."""
        if _is_blank(piece):
            return False
        if piece[-1] in SUPERSCRIPTS:
            return self._power(piece, start, end)
        fault = diagnostics.missing_operator(self.text, _span(piece, start, end), piece.strip(" "), bool(self.opened))
        raise self._unclosed(self.nodes[-1].end, start) or self._without_colon(fault)

    def _unclosed(self, end: int, start: int) -> SyntaxFault | None:
        """The fault of an open bracket, where a new line begins with what does not belong into it."""
        if not self.opened or not any(newline in self.text[end:start] for newline in _NEWLINES):
            return None
        at = self.opened[-1]
        line, _ = diagnostics.locate(self.text, start)
        bracket = self.text[at]
        return SyntaxFault(
            f"`{bracket}` is not closed before line {line}",
            span=(at, at + 1),
            hint=f"close it with {_CLOSING[bracket]}; or go on with a comma or an operator in line {line}",
        )

    def _without_colon(self, fault: SyntaxFault) -> SyntaxFault:
        if self.head is not None and self.head.kind in _COMPOUND and not self.opened:
            colon = f"end it with a colon: {self.head.kind} …:"
            named = isinstance(self.nodes[-1], Name)
            fault.hint = f"{fault.hint}; or {colon}" if fault.hint and named else colon
        return fault

    # ---- Statements -------------------------------------------------------------------------------------------

    def _at_beginning(self) -> bool:
        """Whether a statement may begin here."""
        return not (self.nodes or self.opened or self.head or self.bare) and len(self.pending) == 1

    def _end_statement(self, piece: str, start: int, end: int) -> bool:
        if self.opened:
            self._require_newline(piece)
            return False
        self._end_expression()
        self.suites.add(self._statement(piece, start, end))
        self.nodes.clear()
        self.head = None
        self.line_goes_on = piece == ";"
        if piece and not self.line_goes_on:  # the end of the text is looked at when all is done
            self.suites.end_line(end)
        return True

    def _end_line(self, end: int) -> None:
        self.line_goes_on = False
        self.suites.end_line(end)

    def _end_expression(self) -> None:
        """All that waits is settled; what commas kept apart is a tuple."""
        self._settle(_IF)
        if self.bare is not None:
            nodes = self.nodes
            items = (*self.bare, len(nodes) - 1) if self.bare[-1] < len(nodes) - 1 else tuple(self.bare)
            nodes.append(Sequence("(", items, nodes[items[0]].start, nodes[-1].end))
            self.bare = None
            self.pending[0] = (0, "", -1, 0)

    def _statement(self, piece: str, start: int, end: int) -> Statement:
        """The statement whose last expression is complete."""
        block, head = self.nodes[:], self.head
        last = block[-1].end
        if head is None:
            return Evaluate(block, block[-1].start, last)
        if head.kind in _COMPOUND:
            raise SyntaxFault(
                f"expected `:` at the end of a line with `{head.kind}`, found {diagnostics.shown(piece)}",
                span=_span(piece, start, end),
                hint="write : there",
            )
        if isinstance(head.of, tuple):
            name, parameters = head.of
            return Define(name, parameters, [Return(block, block[-1].start, last)], True, head.start, last)
        return Return(block, head.start, last) if head.of is None else Assign(head.of, block, head.start, last)

    def _require_newline(self, piece: str) -> None:
        """Inside brackets a line may end, but neither a statement nor the text."""
        if piece not in _NEWLINES:
            at = self.opened[-1]
            rows = "; rows are lists: [[1, 2], [3, 4]]" if piece == ";" and self.text[at] == "[" else ""
            raise SyntaxFault(
                f"`{self.text[at]}` is not closed before {diagnostics.shown(piece)}",
                span=(at, at + 1),
                hint=f"close it with {_CLOSING[self.text[at]]}{rows}",
            )

    def _assign(self, piece: str, start: int, end: int) -> bool:
        """``=``: gives a statement its target or a function its value, or an argument its name."""
        if self.text[end : end + 1] in ("<", ">") or (self.branchings and not self.opened):
            raise diagnostics.no_assignment(self.text, _span(piece, start, end))
        if self.opened:
            self._name_argument(piece, start, end)
            self.nodes.pop()
            return True
        if self.head is not None and self.head.kind in _COMPOUND:
            fault = diagnostics.no_assignment(self.text, _span(piece, start, end))
            fault.hint = "write f(x) = … without def, or def f(x): return …" if self.head.kind == "def" else fault.hint
            raise fault
        if self.head is not None:
            raise SyntaxFault(
                "a statement has one `=`",
                span=_span(piece, start, end),
                hint="write a statement for each: a = 3; b = a; or compare with ==",
            )
        self._end_expression()
        nodes = self.nodes
        node = nodes[-1]
        begins = min(node.start, nodes[0].start)
        if isinstance(node, Call) and self.text[node.end - 1] == ")" and "." not in node.path:
            self.head = _Head("f(…) =", begins, signature(nodes[:], node.span))
        else:
            self.head = _Head("=", begins, self._target(nodes[:], piece, start, end))
        nodes.clear()
        return True

    def _target(self, nodes: Block, piece: str, start: int, end: int) -> Target:
        try:
            return target(nodes)
        except SyntaxFault as fault:
            fault.span = _span(piece, start, end)
            raise

    def _plain_name(self) -> Name | None:
        """The name that is all there is of the current argument; None where it is anything else."""
        node = self.nodes[-1]
        binding, _, left, _ = self.pending[-1]
        if binding or len(self.nodes) != left + 2 or not isinstance(node, Name):
            return None
        return node if self._is_bare(node) and "." not in node.path else None

    def _augment(self, piece: str, start: int, end: int) -> bool:
        """``x += e`` is ``x = x + (e)``: an operator that binds more loosely than anything in ``e``."""
        nodes, node = self.nodes, self.nodes[-1]
        plain = isinstance(node, Index) or (isinstance(node, Name) and len(nodes) == 1)
        if not plain or self.opened or self.head or self.bare or len(self.pending) > 1:
            raise SyntaxFault(
                f"`{piece.strip(' ')}` stands only behind the one name, or part of it, that a statement begins with",
                span=_span(piece, start, end),
            )
        self.head = _Head(piece.strip(" "), node.start, self._target(nodes[:], piece, start, end))
        self.pending.append((_IF, _AUGMENTED[piece], len(nodes) - 1, node.start))
        return True

    # ---- Statements that begin with a word ------------------------------------------------------------------------

    def _begin(self, piece: str, start: int, end: int) -> None:
        """``if``, ``while``, ``def``: an expression follows, and a colon."""
        self.head = _Head(piece, start)

    def _begin_for(self, piece: str, start: int, end: int) -> None:
        self.head = _Head("for", start, self._loop_target())

    def _begin_elif(self, piece: str, start: int, end: int) -> None:
        self._require_if(piece, start, end)
        self.head = _Head("elif", start)

    def _begin_else(self, piece: str, start: int, end: int) -> None:
        owner = self._require_if(piece, start, end)
        colon, start, end = self._next_piece()
        if colon != ":":
            span, found = _span(colon, start, end), diagnostics.shown(colon.strip(" ") or colon)
            hint = "write elif …:" if colon == "if" else "write else:"
            raise SyntaxFault(f"expected `:` after `else`, found {found}", span=span, hint=hint)
        owner.otherwise = []
        self.suites.enter(owner, owner.otherwise, end)

    def _require_if(self, piece: str, start: int, end: int) -> If:
        last = self.suites.last
        if isinstance(last, If) and last.otherwise is None and not self.line_goes_on:
            return last
        if isinstance(last, (For, While)):
            hint = "leave it out: what follows the loop is run when it ends"
            raise SyntaxFault(f"a loop has no `{piece}`", span=(start, end), hint=hint)
        hint = "begin it where its `if` begins; in an expression, write a if condition else b"
        raise SyntaxFault(f"`{piece}` without an `if` before it", span=(start, end), hint=hint)

    def _begin_return(self, piece: str, start: int, end: int) -> None:
        if not self.suites.within(Define):
            hint = "end with the expression alone: the value of the last statement is the output"
            raise SyntaxFault("`return` outside a function", span=(start, end), hint=hint)
        if diagnostics.ends_statement(self.text, end):
            self._add_word(Return(None, start, end))
        else:
            self.head = _Head("return", start)

    def _begin_word(self, piece: str, start: int, end: int) -> None:
        if piece != "pass" and not self.suites.in_loop:
            raise SyntaxFault(f"`{piece}` outside a loop", span=(start, end), hint="remove it")
        if not diagnostics.ends_statement(self.text, end):
            found, start, end = self._next_piece()
            message = f"expected the end of the line after `{piece}`, found {diagnostics.shown(found.strip(' '))}"
            raise SyntaxFault(message, span=_span(found, start, end), hint="put it in a line of its own")
        self._add_word(Word(piece, start, end))

    def _add_word(self, statement: Statement) -> None:
        """Add a statement that is one word, and is complete before the end of its line comes."""
        self.suites.add(statement)
        self.line_goes_on = True

    def _enter(self, head: _Head, span: Span) -> None:
        """The first line of a compound statement ends with the colon at ``span``."""
        if self.line_goes_on:
            raise SyntaxFault(
                "a statement with a colon begins a line of its own",
                span=(head.start, span[1]),
                hint="put it in the next line",
            )
        self._end_expression()
        nodes, end, body = self.nodes[:], span[1], list[Statement]()
        self.nodes.clear()
        self.head = None
        owner: If | For | While | Define
        if head.kind == "elif":
            last = self.suites.last
            assert isinstance(last, If)
            last.branches.append((nodes, body))
            self.suites.enter(last, body, end)
            return
        if head.kind == "if":
            owner = If([(nodes, body)], None, head.start, end)
        elif head.kind == "while":
            owner = While(nodes, body, head.start, end)
        elif isinstance(head.of, (Bind, Unpack, Place)):
            owner = For(head.of, nodes, body, head.start, end)
        else:
            owner = Define(*signature(nodes, (head.start, end)), body, False, head.start, end)
        self.suites.enter(owner, body, end)
        self.suites.open[-2].suite.append(owner)

    def _loop_target(self) -> Target:
        """What stands between ``for`` and ``in``: names, with brackets and commas."""
        lists: list[list[Target]] = [[]]
        starts: list[int] = []
        expected, tuples = "a name", [False]
        while True:
            piece, start, end = self._next_piece()
            word = piece.strip(" ")
            if expected == "a name" and word.isidentifier() and word not in WORDS and not iskeyword(word):
                lists[-1].append(Bind(word, start, end))
                expected = "in"
            elif expected == "a name" and word in ("(", "["):
                lists.append([])
                tuples.append(word == "[")
                starts.append(start)
                self._require_room(len(lists), (start, end))
            elif expected == "in" and word == ",":
                tuples[-1] = True
                expected = "a name"
            elif (expected == "in" or lists[-1]) and word in (")", "]") and starts:
                parts, first, is_tuple = lists.pop(), starts.pop(), tuples.pop()
                lists[-1].append(Unpack(tuple(parts), first, end) if is_tuple else parts[0])
                expected = "in"
            elif (expected == "in" or lists[-1]) and word == "in" and not starts:
                parts = lists[0]
                return Unpack(tuple(parts), parts[0].start, parts[-1].end) if tuples[0] else parts[0]
            else:
                found = diagnostics.shown(word.removesuffix("(") or word or piece)
                hint = "write for name in range(n), or for a, b in zip(x, y)"
                raise SyntaxFault(f"expected {expected} after `for`, found {found}", span=_span(piece, start, end),
                                  hint=hint)  # fmt: skip

    def _require_room(self, depth: int, span: Span) -> None:
        if depth > self.room:
            self._refuse_nesting(span)

    def _next_piece(self) -> tuple[str, int, int]:
        """The next piece that is not blank."""
        while True:
            piece, start, end = next(self.stream)
            if not _is_blank(piece):
                return piece, start, end

    # ---- Lambdas and comprehensions --------------------------------------------------------------------------------

    def _open_lambda(self, start: int, end: int) -> None:
        """``lambda x, y:``; the value that follows binds as loosely as a conditional."""
        parameters: list[Parameter] = []
        names = set[str]()
        piece, at, end = self._next_piece()
        if piece.strip(" ") == "=":
            raise diagnostics.keyword_as_name("lambda", (start, start + 6))
        while piece != ":":
            name = piece.strip(" ")
            if not name.isidentifier() or name in WORDS or name in names:
                raise self._bad_parameter(piece, at, end)
            names.add(name)
            parameters.append(Parameter(name, None, at, at + len(name)))
            piece, at, end = self._next_piece()
            if piece.strip(" ") == ",":
                piece, at, end = self._next_piece()
            elif piece != ":":
                raise self._bad_parameter(piece, at, end)
        self._deepen((start, end))
        self.lambdas.append((tuple(parameters), len(self.nodes)))
        self.pending.append((_IF, "lambda", -1, start))

    def _bad_parameter(self, piece: str, start: int, end: int) -> SyntaxFault:
        return SyntaxFault(
            f"expected a parameter's name or `:` after `lambda`, found {diagnostics.shown(piece.strip(' ') or piece)}",
            span=_span(piece, start, end),
            hint="write lambda x, y: x + y; a function with defaults is defined by def",
        )

    def _lambda(self, start: int) -> Lambda:
        parameters, first = self.lambdas.pop()
        self.room += 1
        value = self._cut(first)
        return Lambda(parameters, value, start, value[-1].end)

    def _for(self, piece: str, start: int, end: int) -> bool:
        """``for`` behind a value: in brackets, that is the element of a comprehension."""
        self._settle(_IF)
        frame = self._frame()
        if frame is None or frame.form == "x[" or frame.items or frame.keywords or frame.keyword or frame.bounds:
            hint = "write [f(i) for i in range(n)], or a loop in lines of its own: for i in range(n): …"
            raise SyntaxFault("`for` does not stand behind a value here", span=(start, end), hint=hint)
        if frame.series is None:
            frame.series = _Series(self._cut(self.pending[-1][2] + 1))
        else:
            self._next_in_series(frame.series)
            frame.series.close_clause()
        frame.series.start = start
        frame.series.target = self._loop_target()
        return True

    def _series(self) -> _Series | None:
        """The comprehension of which this is an iterable or a condition, with no operator waiting."""
        binding, symbol, _, _ = self.pending[-1]
        return self.frames[-1].series if not binding and symbol == "," else None

    def _next_in_series(self, series: _Series) -> bool:
        """An iterable or a condition is complete."""
        series.blocks.append(self._cut(self.pending[-1][2] + 1))
        return True

    def _end_series(self, frame: _Frame, series: _Series) -> None:
        """The comprehension is complete, and becomes the one item of its bracket."""
        self._next_in_series(series)
        series.close_clause()
        bracket = "[" if frame.form == "[" else "("
        start, end = series.element[-1].start, series.clauses[-1].end
        self.nodes.append(Comprehension(bracket, series.element, tuple(series.clauses), start, end))
        frame.items.append(len(self.nodes) - 1)

    # ---- Brackets ---------------------------------------------------------------------------------------------

    def _is_bare(self, node: Syntax) -> bool:
        """Whether a name, number or attribute stands without brackets, whose text would be its node's too."""
        return self.text[node.end - 1] not in ")"

    def _open_round(self, piece: str, start: int, end: int) -> bool:
        """``(`` behind a value: a call where blanks stand before the bracket."""
        node = self.nodes[-1]
        if isinstance(node, Name) and self._is_bare(node):
            self.nodes.pop()
            self._open(f"{node.path}(", -1, end, node.start)
        elif isinstance(node, Attribute) and self._is_bare(node):
            self.nodes.pop()
            self._open(f".{node.name}(", node.base, end, node.start)
        elif isinstance(node, (Call, CallValue, Method, Index, Lambda, Conditional)):
            self._open(_OF_VALUE, len(self.nodes) - 1, end, node.start)
        else:
            raise diagnostics.missing_operator(self.text, (end - 1, end), piece)
        return True

    def _open_square(self, piece: str, start: int, end: int) -> bool:
        node = self.nodes[-1]
        if isinstance(node, Number) and self._is_bare(node):
            raise diagnostics.missing_operator(self.text, (end - 1, end), piece)
        self._open("x[", len(self.nodes) - 1, end, node.start)
        return True

    def _open(self, form: str, base: int, end: int, start: int | None = None) -> None:
        """Open a bracket whose contents need a frame; the node that it makes starts at ``start``."""
        self.frames.append(_Frame(form, base))
        self.pending.append((0, ",", len(self.nodes) - 1, end - 1 if start is None else start))
        self.opened.append(end - 1)
        if len(self.opened) > self.room:
            self._refuse_nesting((end - 1, end))

    def _frame(self) -> _Frame | None:
        """The frame of the innermost bracket, made where there was no need for it yet; None outside brackets."""
        _, symbol, left, start = self.pending[-1]
        if symbol not in ("", ","):
            self.frames.append(_Frame(symbol, -1))
            self.pending[-1] = (0, ",", left, start)
        return self.frames[-1] if symbol else None

    def _close(self, piece: str, start: int, end: int) -> bool:
        """A closing bracket behind a complete value."""
        self._settle(_IF)
        frame = self._matching(end)
        self._add(frame)
        self._shut(frame, end)
        return False

    def _matching(self, end: int) -> _Frame:
        """The frame of the bracket that the bracket before ``end`` closes."""
        closing, span = self.text[end - 1], (end - 1, end)
        frame = self._frame()
        if frame is None:
            raise SyntaxFault(f"`{closing}` closes nothing", span=span, hint="remove it, or open a bracket before it")
        opening = self.text[self.opened[-1]]
        if closing != _CLOSING[opening]:
            line, column = diagnostics.locate(self.text, self.opened[-1])
            message = f"`{closing}` does not close the `{opening}` of line {line}, column {column}"
            raise SyntaxFault(message, span=span, hint=f"write {_CLOSING[opening]} instead")
        return frame

    def _shut(self, frame: _Frame, end: int) -> None:
        """Put the node of a complete bracket in the place of its entry."""
        _, _, _, start = self.pending.pop()
        self.opened.pop()
        self.frames.pop()
        items, keywords, form = tuple(frame.items), tuple(frame.keywords.items()), frame.form
        if frame.series is not None and form in ("(", "["):
            self.nodes[-1].start, self.nodes[-1].end = start, end
        elif form == "x[":
            self.nodes.append(Index(frame.base, items, start, end))
        elif form in ("(", "["):
            self.nodes.append(Sequence(form, items, start, end))
        elif form == _OF_VALUE:
            self.nodes.append(CallValue(frame.base, items, keywords, start, end))
        elif form[0] == ".":
            self.nodes.append(Method(frame.base, form[1:-1], items, keywords, start, end))
        else:
            self.nodes.append(Call(form[:-1], items, keywords, start, end))

    # ---- What is in brackets ----------------------------------------------------------------------------------

    def _comma(self, piece: str, start: int, end: int) -> bool:
        self._settle(_IF)
        frame = self._frame()
        if frame is None:
            return self._bare_comma(piece, start, end)
        if frame.series is not None:
            hint = "put it in brackets of its own: f([… for i in range(n)], y)"
            raise SyntaxFault("a series is the only thing in its brackets", span=_span(piece, start, end), hint=hint)
        self._add(frame)
        self._next_part()
        return True

    def _bare_comma(self, piece: str, start: int, end: int) -> bool:
        """A comma outside brackets: a tuple, in a place where one can be."""
        if self.head is not None and self.head.kind not in _TUPLES:
            hint = "put the tuple in brackets: (a, b)"
            raise SyntaxFault("a tuple without brackets does not stand here", span=_span(piece, start, end), hint=hint)
        if self.bare is None:
            self.bare = []
        self.bare.append(len(self.nodes) - 1)
        self.pending[-1] = (0, "", len(self.nodes) - 1, 0)
        return True

    def _next_part(self) -> None:
        """Whatever comes next in the innermost bracket stands behind the nodes there are now."""
        self.pending[-1] = (0, ",", len(self.nodes) - 1, self.pending[-1][3])

    def _add(self, frame: _Frame) -> None:
        """Add the value just completed to the contents of its bracket."""
        last = len(self.nodes) - 1
        if frame.series is not None:
            self._end_series(frame, frame.series)
        elif frame.bounds is not None:
            self._add_slice(frame, frame.bounds, last)
        elif frame.keyword is not None:
            frame.keywords[frame.keyword] = last
            frame.keyword = None
        elif frame.keywords:
            hint = "put the arguments without a name first; to compare, write =="
            raise SyntaxFault("an argument without a name follows one with a name", span=self.nodes[-1].span, hint=hint)
        else:
            frame.items.append(last)

    def _name_argument(self, piece: str, start: int, end: int) -> None:
        name, frame = self._plain_name(), self._frame()
        if name is None or frame is None or frame.form in ("(", "[", "x[") or frame.keyword is not None:
            hint = "compare with ==; an argument's name is one plain word: f(x, axis=0)"
            raise SyntaxFault("`=` does not stand inside an expression", span=_span(piece, start, end), hint=hint)
        if name.path in frame.keywords:
            raise SyntaxFault(
                f"the argument {diagnostics.shown(name.path)} is given twice", span=name.span, hint="remove one"
            )
        frame.keyword = name.path

    def _colon(self, piece: str, start: int, end: int) -> bool:
        """``:`` behind a value, in a slice, or at the end of a line with ``if``, ``for``, ``while`` or ``def``."""
        self._settle(_IF)
        frame = self._frame()
        if frame is None and self.head is not None and self.head.kind in _COMPOUND:
            self._enter(self.head, (end - 1, end))
            return True
        if frame is None or frame.form != "x[":
            if self.head is None or self.head.kind == "def":
                raise diagnostics.annotation(self.text, (end - 1, end), piece)
            raise diagnostics.missing_operator(self.text, (end - 1, end), piece)
        self._bound(frame, len(self.nodes) - 1, end)
        return True

    def _bound(self, frame: _Frame, last: int | None, end: int) -> None:
        """Note what stands before a colon: the node ``last``, or nothing."""
        if frame.bounds is None:
            frame.bounds = []
            frame.slice_start = end - 1 if last is None else self.nodes[last].start
        if len(frame.bounds) == 2:
            raise SyntaxFault("a slice has three parts at most", span=(end - 1, end), hint="write start:stop:step")
        frame.bounds.append(last)
        frame.slice_end = end
        self._next_part()

    def _add_slice(self, frame: _Frame, bounds: list[int | None], last: int | None) -> None:
        """Make the slice of the bounds before its colons and ``last`` behind them."""
        start, stop, step, *_ = (*bounds, last, None)
        end = frame.slice_end if last is None else self.nodes[last].end
        frame.bounds = None
        self.nodes.append(Slice((start, stop, step), frame.slice_start, end))
        frame.items.append(len(self.nodes) - 1)

    def _end_part(self, word: str, start: int, end: int) -> bool:
        """A comma, colon, ellipsis or closing bracket where a value is expected: after an opening, comma or colon."""
        binding, symbol, _, _ = self.pending[-1]
        frame = self._frame() if not binding else None
        if frame is None:
            if not symbol and word in _CLOSING.values():
                self._matching(end)
        elif word in _CLOSING.values():
            return self._close_early(frame, word, start, end)
        elif frame.form == "x[":
            if word == "..." and frame.bounds is None:
                self.nodes.append(Literal(..., start, end))
                return True
            if word == ":":
                self._bound(frame, None, end)
                return False
            if word == "," and frame.bounds is not None:
                self._add_slice(frame, frame.bounds, None)
                self._next_part()
                return False
        raise self._missing_value(word, start, end)

    def _close_early(self, frame: _Frame, word: str, start: int, end: int) -> bool:
        """A closing bracket behind an opening one, a comma or a colon."""
        self._matching(end)
        if frame.bounds is not None:
            self._add_slice(frame, frame.bounds, None)
        elif frame.keyword is not None or frame.series is not None or (frame.form == "x[" and not frame.items):
            raise self._missing_value(word, start, end)
        self._shut(frame, end)
        return True

    # ---- Dots -------------------------------------------------------------------------------------------------

    def _dot(self, piece: str, start: int, end: int) -> bool:
        """``.name`` behind a value; a bare name takes it into its path."""
        node = self.nodes[-1]
        if isinstance(node, Number) and self._is_bare(node):
            raise diagnostics.missing_operator(self.text, (start, end), piece)
        word, start, end = self._after_dot()
        path = word.removesuffix("(")
        behind = end - (path != word)
        if isinstance(node, Name) and self._is_bare(node):
            self._lengthen(node, path, behind)
        else:
            written = self.text[start:behind].split(".")  # which may be longer than the name in its normal form
            for name, length in zip(path.split("."), map(len, written), strict=True):
                self.nodes.append(Attribute(len(self.nodes) - 1, name, node.start, start + length))
                start += length + 1
        return path != word and self._open_round("(", end - 1, end)

    def _after_dot(self) -> tuple[str, int, int]:
        """The piece with the name that stands behind a dot, blanks aside, and its place."""
        while True:
            piece, start, behind = next(self.stream)
            name = piece.removesuffix("(")
            if name.partition(".")[0].isidentifier() and not iskeyword(name):
                return piece, start, behind
            if not _is_blank(piece) and not (piece in _NEWLINES and self.opened):
                span, found = _span(piece, start, behind), diagnostics.shown(name.strip(" ") or piece)
                raise SyntaxFault(f"expected a name after `.`, found {found}", span=span, hint="as in x.T or x.sum()")

    def _lengthen(self, node: Name, path: str, end: int) -> None:
        if node.path.count(".") >= _LONGEST_PATH:
            raise SyntaxFault("too many names are joined by dots", span=(node.start, end))
        self.nodes[-1] = Name(f"{node.path}.{path}", node.start, end)


def _number(digits: str, span: Span) -> float | complex:
    """The value of a number as it is written; a whole one that is too long for a float to hold exactly is an int."""
    try:
        if digits[-1] in "jJ":
            return complex(0.0, float(digits[:-1]))
        value = float(digits)
        return int(digits) if value >= EXACT and value != inf and digits.replace("_", "").isdecimal() else value
    except ValueError:
        hint = "an underscore stands between two digits, as in 1_000"
        raise SyntaxFault(f"{diagnostics.shown(digits)} is not a number", span=span, hint=hint) from None


def _is_blank(piece: str) -> bool:
    """Whether a piece is blanks, a comment, or a backslash that joins two lines."""
    return (
        piece == " "
        or (piece != "" and not piece.strip(BLANKS))
        or piece[:1] == "#"
        or piece[:1] == "\\" != piece
        or piece[:3] in _QUOTES
    )


def _span(piece: str, start: int, end: int) -> Span:
    """Where a piece stands without blanks and the bracket it opens; the end of a line is a place, not characters."""
    if not piece or piece in _NEWLINES:
        return start, start
    leading, trailing = len(piece) - len(piece.lstrip(" ")), len(piece) - len(piece.rstrip(" "))
    return start + leading, end - trailing - (len(piece) > 1 and piece[-1] == "(")


_Handler = Callable[[_Parser, str, int, int], bool]

_HANDLERS: tuple[tuple[Iterable[str], _Handler], ...] = (
    ((*_NEWLINES, ";", ""), _Parser._end_statement),
    (_COMPARISONS, _Parser._compare),
    (_AUGMENTED, _Parser._augment),
    (_spaced(","), _Parser._comma),
    (_spaced("="), _Parser._assign),
    (("if",), _Parser._if),
    (("else",), _Parser._else),
    (("for",), _Parser._for),
    ((":",), _Parser._colon),
    ((".",), _Parser._dot),
    (("(",), _Parser._open_round),
    (("[",), _Parser._open_square),
    (("]",), _Parser._close),
)
_AFTER = {piece: handler for pieces, handler in _HANDLERS for piece in pieces}
"""What to do with a piece behind a complete value; each tells whether a value is expected next."""

_COMPOUND = ("if", "elif", "for", "while", "def")
_TUPLES = ("=", "return", "for")
"""The beginnings of statements behind which a tuple needs no brackets."""

_Beginning = Callable[[_Parser, str, int, int], None]
_BEGINNINGS: dict[str, _Beginning] = {
    **dict.fromkeys(("if", "while", "def"), _Parser._begin),
    **dict.fromkeys(("break", "continue", "pass"), _Parser._begin_word),
    "for": _Parser._begin_for,
    "elif": _Parser._begin_elif,
    "else": _Parser._begin_else,
    "return": _Parser._begin_return,
}
"""What to do with the word that a statement begins with."""
