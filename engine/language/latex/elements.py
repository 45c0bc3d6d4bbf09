"""Elements of tensors: subscripts that are indices, counted from 1, or from 0 where the formula has an element 0.

Whether it has is known at its end, so what an index is written as is decided later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import SyntaxFault
from engine.language.diagnostics import shown
from engine.language.latex.lexer import Token
from engine.language.latex.names import Counting, Index
from engine.language.latex.rope import ATOM, MATRIX, SCALAR, VECTOR, Value
from engine.language.latex.stream import Reading

if TYPE_CHECKING:
    from engine.language.latex.reader import Reader


def index_behind(reader: Reader, name: str) -> tuple[int, int] | None:
    """The places of a subscript that is an index: of a tensor, or by the index of a sum."""
    first, end = reader.subscript()
    content = reader.tokens[first:end]
    if reader.names.indices or name in reader.names.axes or name in reader.names.variables:
        if _is_name(reader, name, content):
            return None
        by_index = any(t.kind == "letter" and reader.names.index(t.text) is not None for t in content)
        of_tensor = reader.names.kind(name, False) in (VECTOR, MATRIX)
        if by_index or of_tensor:
            return first, end
    return None


def _is_name(reader: Reader, name: str, content: list[Token]) -> bool:
    """Whether a name with a subscript is the name of something."""
    try:
        full = "_".join((name, "".join(map(reader.in_name, content))))
    except SyntaxFault:
        return False
    names = reader.names
    return full in names.inputs or full in names.variables or full in names.parameters or full in names.functions


def indexed(reader: Reader, name: str, first: Token, content: tuple[int, int]) -> Reading:
    """``x_i``, ``A_{ij}``, ``A_{i,j+1}``."""
    start, end = content
    opening, name_end = reader.tokens[start - 1], reader.tokens[reader.place - 1].end
    if opening.kind == "_" and reader.tokens[start].kind == "number" and len(reader.tokens[start].text) > 1:
        raise reader.one_digit(opening, reader.tokens[start])
    base, kind = reader.names.spelled(name), reader.names.kind(name, False)
    reader.in_subscript += 1
    parts: list[Any] = [(base, first.start, name_end), ("[", name_end, opening.end)]
    split = _split_index(reader, start, end, kind)
    for axis, (place, tokens) in enumerate(split):
        parts.append((yield _index_of(reader, place, tokens, base, axis)))
        parts.append((", ", tokens[-1].end, tokens[-1].end))
    reader.in_subscript -= 1
    reader.place = end + (opening.kind == "{")
    closing = reader.tokens[reader.place - 1].end
    parts[-1] = ("]", closing, closing)
    left = max(0, _axes_of(reader, kind) - len(split))
    return Value(tuple(parts), ATOM, first.start, closing, (SCALAR, VECTOR)[left] if kind else "")


def _axes_of(reader: Reader, kind: str) -> int:
    return {MATRIX: 2, VECTOR: 1}.get(kind, 0)


def _split_index(reader: Reader, start: int, end: int, kind: str) -> list[tuple[int, list[Token]]]:
    """The parts of a subscript with their places: between commas, or sign by sign where there is no operator."""
    content = reader.tokens[start:end]
    if not content:
        raise SyntaxFault("the index is missing", span=reader.tokens[start - 1].span, hint="as in x_i, A_{i,j}")
    if all(token.kind == "letter" for token in content):
        return [(place, [reader.tokens[place]]) for place in range(start, end)]
    if kind == MATRIX and all(token.kind in ("letter", "number") for token in content):
        return [(start, [one]) for token in content for one in _digits(token)]
    parts: list[tuple[int, list[Token]]] = []
    at, depth = start, 0
    for place in range(start, end + 1):
        token = reader.tokens[place]
        if place == end or (token.kind == "," and not depth):
            if place == at:
                raise SyntaxFault("the index is missing", span=token.span, hint="as in x_i, A_{i,j}")
            parts.append((at, reader.tokens[at:place]))
            at = place + 1
        depth += (token.kind in ("(", "{")) - (token.kind in (")", "}"))
    return parts


def _index_of(reader: Reader, start: int, content: list[Token], base: str, axis: int) -> Reading:
    """One part of an index, as a place counted from 0."""
    span = content[0].start, content[-1].end
    counting = reader.names.countings[base]
    if len(content) == 1 and content[0].kind == "number":
        place = _whole(content[0])
        counting.meet(place)
        return reader.later(lambda: str(place - counting.first), span)
    index = reader.names.index(content[0].text) if content[0].kind == "letter" else None
    shift = _shift(content)
    if index is not None and shift is not None and (index.first is not None or not index.bounded):
        _meet(index, shift, counting, content)
        if not index.length and not shift:
            index.length = f"{base}.shape[{axis}]"
        name = reader.names.spelled(content[0].text)
        return reader.later(lambda: name + _signed(shift - counting.first), span)
    return (yield _computed(reader, start, content, f"{base}.shape[{axis}]", counting))


def _meet(index: Index, shift: int, counting: Counting, content: list[Token]) -> None:
    """Note where an index with a number added begins. Raises `SyntaxFault` where that is before 0."""
    if index.bounded and index.first is not None:
        counting.meet(max(0, index.first + shift))
    elif not shift:
        index.tensors.append(counting)
    if shift < 0 and (index.first or 0) + shift < 0:
        begins = f" begins at {index.first + shift}" if index.first is not None else " begins before the first element"
        message = f"the index {''.join(token.text for token in content)}{begins}"
        raise SyntaxFault(
            message, span=(content[0].start, content[-1].end), hint="let the sum begin later: \\sum_{i=2}^{n}"
        )


def _computed(reader: Reader, start: int, content: list[Token], length: str, counting: Counting) -> Reading:
    """An index that is not known before the formula runs: what is before the first element is out of range."""
    if reader.in_subscript > 2:
        span = content[0].start, content[-1].end
        hint = "give the inner element a name in an equation of its own"
        raise SyntaxFault("an index in the index of an index is not understood", span=span, hint=hint)
    reader.place = start
    value = yield reader.expression()
    if reader.place != start + len(content):
        raise reader.unexpected("expected the end of the index", "as in x_i, x_{i+1}, A_{i,j}")
    whole = value.rope if _is_whole(reader, content) else (("int(", *value.span), value.rope, (")", *value.span))
    place = (("(", *value.span), whole, (")", *value.span))
    less = reader.later(lambda: f"{_signed(-counting.first)} if ", value.span)
    otherwise = reader.later(lambda: f" >= {counting.first} else {length}", value.span)
    return (place, less, place, otherwise)


def _signed(number: int) -> str:
    """A number as it is added to something."""
    return f" {'-' if number < 0 else '+'} {abs(number)}" if number else ""


def _is_whole(reader: Reader, content: list[Token]) -> bool:
    """Whether a computed index has only numbers and indices of sums in it, which are whole."""
    return all(token.kind != "letter" or reader.names.index(token.text) is not None for token in content)


def _whole(token: Token) -> int:
    """A place that is written as a number."""
    if not token.text.isdecimal() or len(token.text) > 9:
        raise SyntaxFault(f"{shown(token.text)} is no index", span=token.span, hint="write a whole number")
    return int(token.text)


def _shift(content: list[Token]) -> int | None:
    """By how much an index is shifted: 0 in ``i``, 1 in ``i+1``; None where it is something else."""
    if len(content) == 1:
        return 0
    if (
        len(content) != 3
        or content[1].kind not in ("+", "-")
        or not content[2].text.isdecimal()
        or len(content[2].text) > 9
    ):
        return None
    return int(content[2].text) * (1 if content[1].kind == "+" else -1)


def _digits(token: Token) -> list[Token]:
    """A number as its digits, a letter as it is."""
    if token.kind != "number":
        return [token]
    return [Token("number", digit, token.start + i, token.start + i + 1) for i, digit in enumerate(token.text)]
