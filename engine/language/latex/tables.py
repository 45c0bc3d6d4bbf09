"""Environments with cells: matrices and cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import SyntaxFault
from engine.language.latex.commands import CASES
from engine.language.latex.lexer import Token
from engine.language.latex.products import listed, matrix_of
from engine.language.latex.rope import ATOM, LOGIC, NEGATION, ROW, SCALAR, VECTOR, Value, call, piece
from engine.language.latex.stream import Reading, hint_after

if TYPE_CHECKING:
    from engine.language.latex.reader import Reader


_OTHERWISE = ("otherwise", "else", "")
_CONDITIONAL = ("if", "for", "when", "where", "if and only if")


def _table(reader: Reader, opening: Token) -> Reading:
    """The cells of an environment, row by row."""
    rows: list[list[Any]] = [[]]
    while True:
        if reader.token.kind == "end":
            break
        rows[-1].append((yield _cell(reader, opening)))
        if reader.token.kind == "&":
            reader.place += 1
        elif reader.token.kind == "\\\\":
            reader.place += 1
            rows.append([])
        elif reader.token.kind != "end":
            if not reader.token.kind:
                raise _not_ended(reader, opening)
            raise reader.unexpected("expected &, \\\\ or the end of the environment", hint_after(reader.token))
    if not rows[-1]:
        rows.pop()
    if reader.token.text != opening.text:
        message = f"\\end{{{reader.token.text}}} does not end \\begin{{{opening.text}}}"
        raise SyntaxFault(message, span=reader.token.span, hint=f"write \\end{{{opening.text}}}")
    return rows


def _not_ended(reader: Reader, opening: Token) -> SyntaxFault:
    message = f"\\begin{{{opening.text}}} is not ended"
    return SyntaxFault(message, span=opening.span, hint=f"write \\end{{{opening.text}}}")


def _cell(reader: Reader, opening: Token) -> Reading:
    """A cell: a value, or a condition in words."""
    if not reader.token.kind:
        raise _not_ended(reader, opening)
    if opening.text in CASES:
        return (yield _case_part(reader))
    return (yield reader.expression())


def _case_part(reader: Reader) -> Reading:
    """A value or a condition of cases: None for what holds otherwise."""
    while reader.token.kind == "word" and _is_said(reader.token, _CONDITIONAL):
        reader.place += 1
    if reader.token.kind == "word" and _is_said(reader.token, _OTHERWISE):
        reader.place += 1
        value = None
    else:
        value = yield reader.expression()
        while reader.token.kind == "," and reader.tokens[reader.place + 1].kind not in ("&", "\\\\", "end"):
            reader.place += 1
            other = yield reader.expression()
            value = Value(
                (value.at(NEGATION), piece(" and ", (value.end, other.start)), other.at(NEGATION)),
                LOGIC,
                value.start,
                other.end,
            ).bracketed()
    while reader.token.kind in (",", "."):
        reader.place += 1
    return value


def matrix(reader: Reader) -> Reading:
    opening = reader.next()
    reader.open(opening)
    rows = yield _table(reader, opening)
    reader.opened.pop()
    closing = reader.next()
    span = opening.start, closing.end
    width = len(rows[0]) if rows else 0
    for row in rows:
        if len(row) != width:
            span = row[0].start, row[-1].end
            raise SyntaxFault(
                f"a row has {len(row)} cells, and the first has {width}",
                span=span,
                hint="separate cells with &, rows with \\\\",
            )
    if not width:
        raise SyntaxFault("the matrix is empty", span=span, hint="separate cells with &, rows with \\\\")
    if opening.text == "vmatrix":
        return call("det", opening.span, [matrix_of(rows, span)], span, SCALAR)
    if opening.text == "Vmatrix":
        return call("norm", opening.span, [matrix_of(rows, span)], span, SCALAR)
    if width == 1 and len(rows) > 1:
        return listed([row[0] for row in rows], span, VECTOR)
    if len(rows) == 1 and width > 1:
        return listed(rows[0], span, ROW)
    return matrix_of(rows, span)


def cases(reader: Reader) -> Reading:
    opening = reader.next()
    reader.open(opening)
    rows = yield _table(reader, opening)
    reader.opened.pop()
    closing = reader.next()
    span = opening.start, closing.end
    if len(rows) > reader.limits.nesting:
        reader.limits.require("nesting", len(rows))
    for place, row in enumerate(rows):
        if len(row) > 2 or not row or row[0] is None or (len(row) == 1 and place < len(rows) - 1):
            raise SyntaxFault("a case has a value and a condition", span=span, hint="write value & condition \\\\")
    if not rows:
        raise SyntaxFault("there are no cases", span=span, hint="write value & condition \\\\")
    parts: list[Any] = [("(", opening.start, opening.start)]
    for row in rows:
        parts.append(row[0].at(LOGIC))
        if len(row) == 1 or row[1] is None:
            break
        gap = row[0].end, row[1].start
        parts += [(" if ", *gap), row[1].at(LOGIC), (" else ", *gap)]
    else:
        parts.append(("nan", closing.start, closing.end))
    parts.append((")", closing.end, closing.end))
    return Value(tuple(parts), ATOM, *span, rows[0][0].kind)


def _is_said(token: Token, words: tuple[str, ...]) -> bool:
    return token.text.lower().strip(" .,:") in words
