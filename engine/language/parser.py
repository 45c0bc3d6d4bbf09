"""Pieces into a program: an operator-precedence parser that never calls itself.

It waits for a value or, once a value is complete, for an operator; these are the two loops of `_Parser.run`.
Values are appended to ``nodes`` as they are read, and operators wait on the stack ``pending`` until both sides are
there, so a node always stands behind its operands and its last operand is the last node there is. An operator
settles those waiting that bind at least as tightly, in the order of Python's grammar:

    0 brackets   1 if   2 else   3 or   4 and   5 not   6 comparisons   7 |   8 &
    9 + -   10 * / // % @   11 unary + - ~   12 ** ^   13 √

A waiting entry is ``(binding, symbol, left, start)``: how tightly it binds, what it is, the place of its left operand,
and where its text starts. For an open bracket, ``left`` is the last node before its contents, and the symbol is ``(``
or the function's name with its bracket; once the contents are more than one plain value it is ``,``, and the top
of ``frames`` has the details. What is neither binary nor a bracket has −1 as ``left``, and `_Parser._finish` knows it.

The branches of a conditional move to blocks of their own when they are complete. A node moves at most once, for
a branch that holds it then moves along unseen, so this costs linear time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from keyword import iskeyword

from engine.errors import LimitExceeded, Span, SyntaxFault
from engine.language import diagnostics
from engine.language.lexer import BLANKS, SUPERSCRIPTS, WORDS, lex
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
    Statement,
    Syntax,
)
from engine.limits import DEFAULT_LIMITS, Limits

_IF, _ELSE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _POWER, _ROOT = 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13
_LONGEST_PATH = 32
"""Names joined by dots with blanks between; a longer one would take quadratic time to put together."""


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
_AUGMENTED = {
    piece: "**" if symbol == "^" else symbol
    for symbol in ("+", "-", "*", "/", "//", "%", "@", "**", "^", "&", "|")
    for piece in _spaced(f"{symbol}=")
}
_CONSTANTS = {"True": True, "False": False, "None": None}
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

    ``form`` is the piece that opened a call by name (``sin(``), ``.name(`` for a method, ``(`` for a tuple,
    ``[`` for a list, ``x[`` for an index.
    """

    __slots__ = ("base", "bounds", "form", "items", "keyword", "keywords", "slice_end", "slice_start")

    def __init__(self, form: str, base: int) -> None:
        self.form = form
        self.base = base
        self.items: list[int] = []
        self.keywords: dict[str, int] = {}
        self.keyword: str | None = None
        self.bounds: list[int | None] | None = None
        self.slice_start = 0
        self.slice_end = 0


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
        "branchings",
        "chains",
        "frames",
        "limits",
        "nodes",
        "opened",
        "pending",
        "room",
        "statements",
        "stream",
        "target",
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
        self.statements: list[Statement] = []
        self.target: tuple[str, int] | None = None
        pieces, offsets = lex(text)
        self.stream: Iterator[tuple[str, int, int]] = zip(pieces, offsets, offsets[1:], strict=False)

    def run(self) -> list[Statement]:
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
                elif piece.isdecimal():
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

    def _finished(self) -> list[Statement]:
        if not self.statements:
            raise SyntaxFault(
                "the program is empty", span=(0, len(self.text)), hint="write an expression, such as x**2 + 1"
            )
        return self.statements

    # ---- Operators that wait ----------------------------------------------------------------------------------

    def _settle(self, settles: int) -> None:
        """Apply the waiting operators that bind at least as tightly as ``settles``."""
        nodes, pending = self.nodes, self.pending
        while pending[-1][0] >= settles:
            binding, symbol, left, start = pending.pop()
            if left >= 0:
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
                hint="write a if condition else b: an expression has a value always",
            )
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
        if symbol == "if":
            raise SyntaxFault(
                "a condition is itself a conditional", span=(end - 2, end), hint="put the inner one in brackets"
            )
        first = self.branchings[-1].condition + 1 if symbol == "else" else left + 1
        then = self._cut(first)
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
                _shift(node, first)
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
        elif first in "\"'" and len(piece) > 1:
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
            return False
        if piece in _CONSTANTS:
            self.nodes.append(Literal(_CONSTANTS[piece], start, end))
        elif piece == "[":
            self._open("[", -1, end)
            return False
        elif piece == "not" and self.pending[-1][0] <= _NOT:
            self.pending.append((_NOT, "not", -1, start))
            return False
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
        elif len(self.pending) > 1 or self.target:
            raise self._missing_value(piece, start, end)

    def _missing_value(self, piece: str, start: int, end: int) -> SyntaxFault:
        span = _span(piece, start, end)
        if piece == "not":
            hint = "put brackets around it: (not x)"
            return SyntaxFault("`not` binds more loosely than the operator before it", span=span, hint=hint)
        return diagnostics.missing_value(self.text, span, piece.strip(" "))

    def _juxtaposed(self, piece: str, start: int, end: int) -> bool:
        """What nothing is known of where an operator is expected: a blank, a raised number, or a fault."""
        if _is_blank(piece):
            return False
        if piece[-1] in SUPERSCRIPTS:
            return self._power(piece, start, end)
        raise diagnostics.missing_operator(self.text, _span(piece, start, end), piece.strip(" "))

    # ---- Statements -------------------------------------------------------------------------------------------

    def _end_statement(self, piece: str, start: int, end: int) -> bool:
        if self.opened:
            self._require_newline(piece)
            return False
        self._settle(_IF)
        name, start = self.target or (None, self.nodes[-1].start)
        self.statements.append(Statement(name, self.nodes[:], start, self.nodes[-1].end))
        self.nodes.clear()
        self.target = None
        return True

    def _require_newline(self, piece: str) -> None:
        """Inside brackets a line may end, but neither a statement nor the text."""
        if piece not in _NEWLINES:
            at = self.opened[-1]
            raise SyntaxFault(
                f"`{self.text[at]}` is not closed before {diagnostics.shown(piece)}",
                span=(at, at + 1),
                hint=f"close it with {_CLOSING[self.text[at]]}",
            )

    def _assign(self, piece: str, start: int, end: int) -> bool:
        """``=``: gives a statement its target, or an argument its name."""
        target = self._plain_target()
        if target is None or (self.target and not self.opened):
            raise self._bad_target(piece, start, end)
        if self.opened:
            self._name_argument(target, piece, start, end)
        else:
            self.target = target.path, target.start
        self.nodes.pop()
        return True

    def _plain_target(self) -> Name | None:
        """The name that is all there is of the current statement or argument; None where it is anything else."""
        node = self.nodes[-1]
        binding, _, left, _ = self.pending[-1]
        if binding or len(self.nodes) != left + 2 or not isinstance(node, Name):
            return None
        return node if self._is_bare(node) and "." not in node.path else None

    def _bad_target(self, piece: str, start: int, end: int) -> SyntaxFault:
        """The fault of an assignment to something that is no name."""
        node, span = self.nodes[-1], _span(piece, start, end)
        if self.opened:
            hint = "compare with ==; an argument's name is one plain word: f(x, axis=0)"
            return SyntaxFault("`=` does not stand inside an expression", span=span, hint=hint)
        if self.target:
            return SyntaxFault(
                "one statement assigns one name", span=span, hint="compare with ==, or write two statements"
            )
        if len(self.pending) == 1 and isinstance(node, Call):
            what, hint = (
                "defining functions is not understood yet",
                "write the expression itself where the function would be called",
            )
        elif len(self.pending) == 1 and isinstance(node, Index):
            what, hint = (
                "assigning to a part of an array is not understood yet",
                "use where(condition, a, b), or stack the parts",
            )
        else:
            what, hint = "only a plain name can be assigned to", "compare with =="
        return SyntaxFault(what, span=span, hint=hint)

    def _augment(self, piece: str, start: int, end: int) -> bool:
        """``x += e`` is ``x = x + (e)``: an operator that binds more loosely than anything in ``e``."""
        target = self._plain_target()
        if target is None or self.opened or self.target:
            span = _span(piece, start, end)
            raise SyntaxFault(
                f"`{piece.strip(' ')}` stands only behind the one name that a statement begins with", span=span
            )
        self.target = target.path, target.start
        self.pending.append((_IF, _AUGMENTED[piece], 0, target.start))
        return True

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
        if form == "x[":
            self.nodes.append(Index(frame.base, items, start, end))
        elif form in ("(", "["):
            self.nodes.append(Sequence(form, items, start, end))
        elif form[0] == ".":
            self.nodes.append(Method(frame.base, form[1:-1], items, keywords, start, end))
        else:
            self.nodes.append(Call(form[:-1], items, keywords, start, end))

    # ---- What is in brackets ----------------------------------------------------------------------------------

    def _comma(self, piece: str, start: int, end: int) -> bool:
        self._settle(_IF)
        frame = self._frame()
        if frame is None:
            raise self._bare_tuple(piece, start, end)
        self._add(frame)
        self._next_part()
        return True

    def _bare_tuple(self, piece: str, start: int, end: int) -> SyntaxFault:
        start, _ = span = _span(piece, start, end)
        rest = self.text[start : start + 1000].splitlines()[0]
        if not self.target and "=" in rest.replace("==", ""):
            hint = "assign one name in each statement: a = …; b = …"
            return SyntaxFault("assigning several names at once is not understood yet", span=span, hint=hint)
        return SyntaxFault("a tuple without brackets is not understood", span=span, hint="put it in brackets: (a, b)")

    def _next_part(self) -> None:
        """Whatever comes next in the innermost bracket stands behind the nodes there are now."""
        self.pending[-1] = (0, ",", len(self.nodes) - 1, self.pending[-1][3])

    def _add(self, frame: _Frame) -> None:
        """Add the value just completed to the contents of its bracket."""
        last = len(self.nodes) - 1
        if frame.bounds is not None:
            self._add_slice(frame, frame.bounds, last)
        elif frame.keyword is not None:
            frame.keywords[frame.keyword] = last
            frame.keyword = None
        elif frame.keywords:
            hint = "put the arguments without a name first"
            raise SyntaxFault("an argument without a name follows one with a name", span=self.nodes[-1].span, hint=hint)
        else:
            frame.items.append(last)

    def _name_argument(self, name: Name, piece: str, start: int, end: int) -> None:
        frame = self._frame()
        if frame is None or frame.form in ("(", "[", "x["):
            raise self._bad_target(piece, start, end)
        if name.path in frame.keywords:
            raise SyntaxFault(
                f"the argument {diagnostics.shown(name.path)} is given twice", span=name.span, hint="remove one"
            )
        if frame.keyword is not None:
            raise self._bad_target(piece, start, end)
        frame.keyword = name.path

    def _colon(self, piece: str, start: int, end: int) -> bool:
        """``:`` behind a value, in a slice."""
        self._settle(_IF)
        frame = self._frame()
        if frame is None or frame.form != "x[":
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
        elif frame.keyword is not None or (frame.form == "x[" and not frame.items):
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
    try:
        return complex(0.0, float(digits[:-1])) if digits[-1] in "jJ" else float(digits)
    except ValueError:
        hint = "an underscore stands between two digits, as in 1_000"
        raise SyntaxFault(f"{diagnostics.shown(digits)} is not a number", span=span, hint=hint) from None


def _is_blank(piece: str) -> bool:
    """Whether a piece is blanks, a comment, or a backslash that joins two lines."""
    return piece == " " or (piece != "" and not piece.strip(BLANKS)) or piece[:1] == "#" or piece[:1] == "\\" != piece


def _span(piece: str, start: int, end: int) -> Span:
    """Where a piece stands without blanks and the bracket it opens; the end of a line is a place, not characters."""
    if not piece or piece in _NEWLINES:
        return start, start
    leading, trailing = len(piece) - len(piece.lstrip(" ")), len(piece) - len(piece.rstrip(" "))
    return start + leading, end - trailing - (len(piece) > 1 and piece[-1] == "(")


def _shift(node: Syntax, by: int) -> None:
    """Renumber a node's operands after ``by`` nodes before them have gone."""
    if isinstance(node, (Apply, Compare)):
        node.operands = tuple([operand - by for operand in node.operands])
    elif isinstance(node, Call):
        node.arguments, node.keywords = _shift_arguments(node, by)
    elif isinstance(node, Method):
        node.base -= by
        node.arguments, node.keywords = _shift_arguments(node, by)
    elif isinstance(node, Attribute):
        node.base -= by
    elif isinstance(node, Index):
        node.base -= by
        node.items = tuple([item - by for item in node.items])
    elif isinstance(node, Sequence):
        node.items = tuple([item - by for item in node.items])
    elif isinstance(node, Slice):
        start, stop, step = [None if part is None else part - by for part in node.parts]
        node.parts = (start, stop, step)
    elif isinstance(node, Conditional):
        node.condition -= by


def _shift_arguments(node: Call | Method, by: int) -> tuple[tuple[int, ...], tuple[tuple[str, int], ...]]:
    arguments = tuple([argument - by for argument in node.arguments])
    return arguments, tuple([(name, argument - by) for name, argument in node.keywords])


_Handler = Callable[[_Parser, str, int, int], bool]

_HANDLERS: tuple[tuple[Iterable[str], _Handler], ...] = (
    ((*_NEWLINES, ";", ""), _Parser._end_statement),
    (_COMPARISONS, _Parser._compare),
    (_AUGMENTED, _Parser._augment),
    (_spaced(","), _Parser._comma),
    (_spaced("="), _Parser._assign),
    (("if",), _Parser._if),
    (("else",), _Parser._else),
    ((":",), _Parser._colon),
    ((".",), _Parser._dot),
    (("(",), _Parser._open_round),
    (("[",), _Parser._open_square),
    (("]",), _Parser._close),
)
_AFTER = {piece: handler for pieces, handler in _HANDLERS for piece in pieces}
"""What to do with a piece behind a complete value; each tells whether a value is expected next."""
