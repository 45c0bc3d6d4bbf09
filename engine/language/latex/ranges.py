"""Sums and products over an index, with bounds or over all that is indexed by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import Span, SyntaxFault
from engine.language.latex.lexer import Token
from engine.language.latex.names import Index
from engine.language.latex.products import short_text
from engine.language.latex.rope import ATOM, SCALAR, SUM, Rope, Value, call, piece
from engine.language.latex.stream import Reading, shown_command

if TYPE_CHECKING:
    from engine.language.latex.reader import Reader


def is_over_index(reader: Reader, name: str) -> bool:
    return name in ("sum", "prod") or reader.token.kind == "_"


def over_index(reader: Reader, token: Token) -> Reading:
    """``\\sum_{k=1}^{n} a_k``: what follows up to a sign of addition is what is added up."""
    below = above = None
    while reader.token.kind in ("_", "^"):
        sign = reader.next()
        if sign.kind == "_":
            below = yield _bounds(reader, token)
        else:
            above = yield reader.argument(sign)
    end = reader.tokens[reader.place - 1].end
    names, low = below or ([], None)
    if (above is None) != (low is None):
        hint = f"write {shown_command(token).strip('`')}_{{k=1}}^{{n}}"
        raise SyntaxFault("one of the bounds is missing", span=(token.start, end), hint=hint)
    first = int(short_text(low)) if low and short_text(low).isdecimal() and len(short_text(low)) < 10 else None
    outer = reader.names.indices
    indices = {name: Index(first, bounded=low is not None) for name in names}
    reader.names.indices = {**outer, **indices}
    reader.deepen(token)
    body = yield reader.term()
    reader.deep -= 1
    reader.names.indices = outer
    span = token.start, body.end
    if not names:
        return call(token.text, token.span, [body], span, SCALAR)
    ranges: list[Any] = []
    for name, index in indices.items():
        ranges.append(piece(f" for {reader.names.spelled(name)} in range(", (token.start, end)))
        ranges.append(_span_of(reader, token, name, index, low, above, (token.start, end)))
    rope = (
        (f"{token.text}(", token.start, end),
        body.at(SUM),
        *ranges,
        (")", body.end, body.end),
    )
    return Value(rope, ATOM, *span, body.kind)


def _span_of(
    reader: Reader, token: Token, name: str, index: Index, low: Value | None, above: Value | None, span: Span
) -> Rope:
    """What an index runs over: between its bounds, or over all that is indexed by it."""
    if low is None or above is None:
        if not index.length:
            hint = f"write {shown_command(token).strip('`')}_{{{name}=1}}^{{n}}"
            raise SyntaxFault(
                f"there is nothing that is indexed by {name} alone, so its bounds are not known",
                span=span,
                hint=hint,
            )
        reader.loose.append(index)
        return reader.later(lambda: _whole_range(index), span)
    text = short_text(above)
    if text == "inf":
        hint = "write the last term that matters, as in \\sum_{k=1}^{100}"
        raise SyntaxFault("a sum without end is not computed", span=above.span, hint=hint)
    upper = (
        piece(f"{int(text) + 1})", above.span)
        if text.isdecimal() and len(text) < 10
        else (("int(", *above.span), above.rope, (") + 1)", *above.span))
    )
    lower = low.rope if index.first is not None else (("int(", *low.span), low.rope, (")", *low.span))
    return (lower, (", ", *low.span), upper)


def _whole_range(index: Index) -> str:
    """The bounds of an index that goes over all that is indexed by it."""
    first = index.agree()
    return f"{first}, {index.length}{' + 1' * first})"


def _bounds(reader: Reader, owner: Token) -> Reading:
    """The index below a sum, and where it begins: ``k=1``, or indices alone: ``i``, ``i,j``."""
    opening = reader.token
    braced = opening.kind == "{"
    if braced:
        reader.open(reader.next())
    names: list[str] = []
    while reader.token.kind == "letter":
        names.append(reader.next().text)
        if reader.token.kind == "," and braced:
            reader.place += 1
        elif not braced:
            break
    low = None
    if reader.token.kind == "=" and len(names) == 1 and braced:
        reader.place += 1
        low = yield reader.expression()
    if not names or (braced and reader.token.kind != "}") or len(set(names)) < len(names):
        hint = f"write {shown_command(owner).strip('`')}_{{k=1}}^{{n}}, with one index and its first value"
        raise reader.unexpected("expected an index below", hint)
    if braced:
        reader.close()
    return names, low
