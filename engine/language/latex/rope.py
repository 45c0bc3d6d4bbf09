"""Text that is put together of parts, each knowing where in the LaTeX it comes from.

A rope is a tuple of pieces and of other ropes, so that to put two together costs the same however long they are; its
text is written once, at the end, by a loop.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from engine.errors import Span

CONDITION, LOGIC, NEGATION, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = 1, 3, 5, 6, 9, 10, 11, 12, 14
"""How tightly a text's outermost operator binds, as `engine.language.parser` has it."""

SCALAR, VECTOR, ROW, MATRIX = "scalar", "vector", "row", "matrix"
"""What a value is, as far as the formula or the inputs tell: ``row`` is a vector transposed. Empty is not known."""

Rope = tuple[Any, ...]


class Value:
    """An expression in the language, as a rope, with how tightly it binds, where its LaTeX stands, and its kind.

    ``items`` are those of a list in round brackets, which may turn out to be a function's arguments.
    """

    __slots__ = ("end", "items", "kind", "level", "rope", "start")

    def __init__(self, rope: Rope, level: int, start: int, end: int, kind: str = "") -> None:
        self.rope = rope
        self.level = level
        self.start = start
        self.end = end
        self.kind = kind
        self.items: list[Value] = []

    @property
    def span(self) -> Span:
        return self.start, self.end

    def at(self, level: int) -> Rope:
        """The rope, in brackets where it binds less tightly than ``level``."""
        return self.rope if self.level >= level else self.bracketed().rope

    def bracketed(self) -> Value:
        """The same in brackets that stand where the value does."""
        opening, closing = ("(", self.start, self.start), (")", self.end, self.end)
        return Value((opening, self.rope, closing), ATOM, self.start, self.end, self.kind)


def piece(text: str, span: Span) -> Rope:
    """A rope of one piece."""
    return ((text, *span),)


def call(name: str, place: Span, arguments: list[Value], span: Span, kind: str = "") -> Value:
    """``name(arguments)``; ``place`` is where the name stands, ``span`` all of the call."""
    parts: list[Any] = [(f"{name}(", span[0], place[1])]
    for argument in arguments:
        if len(parts) > 1:
            parts.append((", ", argument.start, argument.start))
        parts.append(argument.rope)
    parts.append((")", span[1], span[1]))
    return Value(tuple(parts), ATOM, *span, kind)


class Written:
    """The text of a rope, and for each place in it the place in the LaTeX.

    >>> written = Written((("x", 1, 2), (" ** ", 2, 3), ("2", 4, 5)))
    >>> written.text, written.source((0, 6)), written.source((5, 6))
    ('x ** 2', (1, 5), (4, 5))
    """

    __slots__ = ("offsets", "places", "text")

    def __init__(self, rope: Rope) -> None:
        parts: list[str] = []
        self.offsets: list[int] = []
        self.places: list[Span] = []
        offset, pending = 0, [iter(rope)]
        while pending:
            for part in pending[-1]:
                if part and part[0].__class__ is str:
                    text, start, end = part
                    parts.append(text)
                    self.offsets.append(offset)
                    self.places.append((start, end))
                    offset += len(text)
                else:
                    pending.append(iter(part))
                    break
            else:
                pending.pop()
        self.text = "".join(parts)

    def source(self, span: Span) -> Span:
        """Where in the LaTeX the text of ``span`` comes from."""
        if not self.places:
            return 0, 0
        first = self.places[max(0, bisect_right(self.offsets, span[0]) - 1)][0]
        last = self.places[max(0, bisect_right(self.offsets, max(span[0], span[1] - 1)) - 1)][1]
        return first, max(first, last)
