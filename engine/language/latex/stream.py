"""The tokens of a formula one after the other, what brackets are open, and the faults of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import LimitExceeded, Span, SyntaxFault
from engine.language.diagnostics import locate, shown
from engine.language.latex.lexer import Token, lex
from engine.language.latex.names import Index, Names
from engine.language.latex.rope import Rope
from engine.language.waiting import Waiting
from engine.limits import Limits

Reading = Waiting
"""A part of a formula being read: yields the parts it waits for, and returns its own `Value`."""

CLOSING = {
    "(": ")", "[": "]", "\\{": "\\}", "{": "}", "|(": "|)", "‖(": "‖)", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖",
    "(.": ".)",
}  # fmt: skip
BRACKETS = ("(", "[", "\\{")
AROUND = ("|(", "‖(", "|", "‖", "⌊", "⌈")


class Stream:
    """A place in a formula, and what is known there."""

    def __init__(self, text: str, inputs: Mapping[str, int], limits: Limits) -> None:
        self.text = text
        self.tokens = _unwrapped(lex(text))
        self.place = 0
        self.names = Names(inputs)
        self.limits = limits
        self.opened: list[Token] = []
        self.deep = 0  # what is open without a bracket: a function without brackets, a command as an argument
        self.matching = _matching(self.tokens)
        self.in_subscript = 0
        self.loose: list[Index] = []  # indices without bounds
        self.open_texts: list[tuple[list[Any], Callable[[], str]]] = []
        self.open_braces = 0  # around the name that is being read, behind its accents

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def later(self, text: Callable[[], str], span: Span) -> Rope:
        """A rope of one piece, whose text is known at the end of the formula."""
        part: list[Any] = ["", *span]
        self.open_texts.append((part, text))
        return (part,)

    def decide(self) -> None:
        """Write the texts that were left open, when tensors with an index in common agree on where they begin."""
        for index in (*self.loose, *reversed(self.loose)):
            index.agree()
        for part, text in self.open_texts:
            part[0] = text()

    def next(self) -> Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def expect(self, kind: str, hint: str | None = None) -> Token:
        if self.token.kind != kind:
            raise self.unexpected(f"expected {shown(kind)}", hint)
        return self.next()

    def unexpected(self, expected: str, hint: str | None = None) -> SyntaxFault:
        token = self.token
        if token.kind in CLOSING.values() and self.opened and token.kind != CLOSING.get(self.opened[-1].kind):
            hint = hint or f"{said(self.opened[-1])} is open: close it first"
        return SyntaxFault(f"{expected}, found {said(token)}", span=token.span, hint=hint)

    def open(self, token: Token) -> None:
        """Note a bracket that is open, and refuse one too many."""
        self.opened.append(token)
        self.require_room(token)

    def deepen(self, token: Token) -> None:
        """Note what is open and has no bracket."""
        self.deep += 1
        self.require_room(token)

    def require_room(self, token: Token) -> None:
        if len(self.opened) + self.deep > self.limits.nesting:
            try:
                self.limits.require("nesting", len(self.opened) + self.deep)
            except LimitExceeded as refusal:
                refusal.span = token.span
                refusal.hint = "give the inner parts names, in equations of their own"
                raise

    def close(self) -> Token:
        """The bracket that closes the innermost one."""
        opening = self.opened[-1]
        closing = CLOSING.get(opening.kind, opening.kind)
        token = self.token
        if token.kind != closing:
            if token.kind in ("", ";"):
                raise SyntaxFault(
                    f"{shown(opening.text)} is not closed before {said(token)}",
                    span=opening.span,
                    hint=f"close it with {closing_of(opening)}",
                )
            if token.kind in CLOSING.values():
                line, column = locate(self.text, opening.start)
                raise SyntaxFault(
                    f"{shown(token.text)} does not close the {shown(opening.text)} of line {line}, column {column}",
                    span=token.span,
                    hint=f"write {closing_of(opening)} instead",
                )
            raise self.unexpected(f"expected an operator or {closing_of(opening)}", hint_after(token))
        self.opened.pop()
        return self.next()


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """The tokens without braces around all of them, as formulas have that were copied from an encyclopaedia."""
    matching = _matching(tokens)
    first, last = 0, len(tokens) - 2
    while True:
        while first < last and tokens[first].kind == ";":
            first += 1
        while first < last and tokens[last].kind in (";", ",", "."):
            last -= 1
        if first >= last or tokens[first].kind != "{" or matching.get(first) != last:
            return [*tokens[first : last + 1], tokens[-1]]
        first, last = first + 1, last - 1


def _matching(tokens: list[Token]) -> dict[int, int]:
    """For the place of each brace that opens, the place of the one that closes it."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "{":
            opened.append(place)
        elif token.kind == "}" and opened:
            found[opened.pop()] = place
    return found


def said(token: Token) -> str:
    if token.kind == "":
        return "the end of the text"
    if token.kind == "command":
        return f"`\\{token.text}`"
    if token.kind in ("begin", "end"):
        return f"`\\{token.kind}{{{token.text}}}`"
    return "the end of the equation" if token.kind == ";" else shown(token.text)


def shown_command(token: Token) -> str:
    return f"`\\{token.text}`" if token.kind == "command" else shown(token.text)


def closing_of(opening: Token) -> str:
    """How a bracket that is open is closed."""
    return {"|(": "\\right|", "‖(": "\\right\\|", "⌊": "\\rfloor", "⌈": "\\rceil", "‖": "\\|", "(.": "\\right."}.get(
        opening.kind, CLOSING.get(opening.kind, "\\end")
    )


def hint_after(token: Token) -> str | None:
    return {
        "&": "cells stand in a matrix or in cases", "!=": "compare inside \\begin{cases}",
        ":": "write \\begin{cases} … \\end{cases} for a choice", ",": "several arguments stand in brackets",
    }.get(token.kind)  # fmt: skip
