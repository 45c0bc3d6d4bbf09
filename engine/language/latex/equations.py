"""Equations: what gives names to values, what defines functions, and the output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import SyntaxFault
from engine.language.diagnostics import shown
from engine.language.latex.rope import Rope, piece
from engine.language.latex.stream import BRACKETS, CLOSING, Reading, hint_after
from engine.language.waiting import run

if TYPE_CHECKING:
    from engine.language.latex.reader import Reader


_NAMES = ("letter", "word", "function", "command")


def formula(reader: Reader) -> Rope:
    """All equations of the text."""
    ropes: list[Rope] = []
    while reader.token.kind:
        if reader.token.kind in (";", "\\\\", ",", ".", "&"):
            reader.place += 1
            continue
        ropes.append(run(_statement(reader)))
    reader.decide()
    if not ropes:
        raise SyntaxFault("the formula is empty", span=(0, len(reader.text)), hint="write one, such as x^2 + 1")
    return tuple(ropes)


def _statement(reader: Reader) -> Reading:
    relation, last = _outline(reader)
    head: Rope = ()
    name, is_function = "", False
    if relation is not None:
        name, is_function, head = _target(reader, relation, last)
    value = yield reader.expression()
    _require_end(reader, relation is not None)
    if is_function:
        reader.names.returns[reader.names.spelled(name)] = value.kind
    elif name:
        reader.names.variables[name] = value.kind
    reader.names.parameters = frozenset()
    return (head, value.rope, ("\n", value.end, value.end))


def _require_end(reader: Reader, assigned: bool) -> None:
    """Refuse what is left of an equation, but for the sentence's own comma or point."""
    end = reader.place
    while reader.tokens[end].kind in (",", ".", "&"):
        end += 1
    if reader.tokens[end].kind not in ("", ";", "\\\\"):
        raise _leftover(reader, assigned)
    reader.place = end


def _outline(reader: Reader) -> tuple[int | None, bool]:
    """Where the sign of an equation stands, and whether it is the last of the text."""
    depth, relation, place = 0, None, reader.place
    while True:
        kind = reader.tokens[place].kind
        if not kind or (not depth and kind in (";", "\\\\")):
            break
        if kind in ("{", "(", "[", "\\{", "begin"):
            depth += 1
        elif kind in ("}", ")", "]", "\\}", "end"):
            depth -= 1
        elif not depth and relation is None and kind in ("=", "≈"):
            relation = place
        place += 1
    while reader.tokens[place].kind in (";", "\\\\", ",", ".", "&"):
        place += 1
    return relation, not reader.tokens[place].kind


def _leftover(reader: Reader, assigned: bool) -> SyntaxFault:
    token = reader.token
    if token.kind in ("=", "≈"):
        hint = "end each equation with \\\\" if assigned else "compare inside \\begin{cases}"
        return SyntaxFault("one equation has one equals sign", span=token.span, hint=hint)
    if token.kind in CLOSING.values() or token.kind == "end":
        return SyntaxFault(f"{shown(token.text)} closes nothing", span=token.span, hint="remove it")
    if token.kind == ",":
        hint = "end an equation with \\\\; write several values as \\begin{pmatrix} a \\\\ b \\end{pmatrix}"
        return SyntaxFault("a comma stands only between arguments", span=token.span, hint=hint)
    return reader.unexpected("expected an operator", hint_after(token))


def _target(reader: Reader, relation: int, last: bool) -> tuple[str, bool, Rope]:
    """The left side of an equation: the name, whether it is a function, and how the program begins.

    Of the last equation it may be a label too, to which nothing refers: ``P(X=k)``, ``\\sigma_p^2``.
    """
    first, end = reader.token, reader.tokens[relation].end
    start = reader.place
    name = reader.named() if first.kind in _NAMES or reader.is_braced_name() else None
    if name is None or reader.place > relation:
        raise _no_target(reader, start, relation)
    spelled = reader.names.spelled(name)
    _skip_alignment(reader)
    plain = reader.place == relation
    behind = reader.place
    parameters = [] if plain else _parameters(reader, relation)
    if parameters is None and not (last and _is_label(reader, behind, relation)):
        raise _no_target(reader, start, relation)
    reader.place = relation + 1
    _skip_alignment(reader)
    if plain:
        return name, False, piece(f"{spelled} = ", (first.start, end))
    if last or parameters is None:
        return name, False, ()
    reader.names.parameters = frozenset(parameters)
    reader.names.functions.add(name)
    listed = ", ".join(map(reader.names.spelled, parameters))
    return name, True, piece(f"{spelled}({listed}) = ", (first.start, end))


def _no_target(reader: Reader, start: int, relation: int) -> SyntaxFault:
    first, end = reader.tokens[start], reader.tokens[max(start, relation - 1)].end
    return SyntaxFault(
        "on the left of an equation stands a name, or a function of names",
        span=(first.start, max(first.end, end)),
        hint="write y = …, or f(x) = …; end each equation with \\\\; or leave the left side out",
    )


def _is_label(reader: Reader, place: int, end: int) -> bool:
    """Whether there is nothing but powers, subscripts and brackets between places."""
    while place < end:
        kind = reader.tokens[place].kind
        if kind in ("^", "_"):
            place = reader.matching.get(place + 1, place + 1) + 1
        elif kind in BRACKETS:
            depth = 1
            while depth and place < end:
                place += 1
                kind = reader.tokens[place].kind
                depth += (kind in BRACKETS) - (kind in (")", "]", "\\}"))
            place += 1
        elif kind == "&":
            place += 1
        else:
            return False
    return place == end


def _skip_alignment(reader: Reader) -> None:
    while reader.token.kind == "&":
        reader.place += 1


def _parameters(reader: Reader, end: int) -> list[str] | None:
    """The names in the brackets of a function that is defined; None where that is not what stands there."""
    if reader.token.kind != "(":
        return None
    names: list[str] = []
    reader.place += 1
    while reader.place < end and reader.token.kind in _NAMES:
        name = reader.named()
        if name is None:
            return None
        names.append(name)
        if reader.token.kind == ")":
            reader.place += 1
            _skip_alignment(reader)
            return names if reader.place == end and len(set(names)) == len(names) else None
        if reader.token.kind not in (",", ";", "|", "‖"):
            return None
        reader.place += 1
    return None
