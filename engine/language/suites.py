"""Which statements belong to which: the indentation of lines, as Python reads it.

The parser says when a line ends, when a statement is complete and when a colon ends the first line of a compound one.
From the blanks at the beginning of the next line with anything on it follows which suites are complete. Lines are
compared as they are written, so a tab never equals spaces.
"""

from __future__ import annotations

import re

from engine.errors import LimitExceeded, SyntaxFault
from engine.language.lexer import BLANKS
from engine.language.syntax import Compound, Define, For, Statement, Suite, While, Word
from engine.limits import Limits

_NEWLINE = r"(?:\r\n?|\n)"
_NEXT_LINE = re.compile(rf"(?:[{BLANKS}]*+(?:#[^\r\n]*+)?{_NEWLINE})*+([{BLANKS}]*+)(?:#[^\r\n]*+\Z)?")
"""The lines with nothing on them, and the blanks that the next one begins with."""

_REST = re.compile(rf"[{BLANKS}]*+(?:#[^\r\n]*+)?({_NEWLINE}|\Z)")
"""The rest of a line with nothing on it."""


_NOTHING_YET = frozenset(f"{BLANKS}\r\n#")
"""What a line begins with that has a blank in front, or nothing on it."""


class _Open:
    """A suite to which statements are being added; ``indent`` is unknown until its first line."""

    __slots__ = ("indent", "inline", "owner", "suite")

    def __init__(self, owner: Compound | None, suite: Suite, indent: str | None, inline: bool) -> None:
        self.owner = owner
        self.suite = suite
        self.indent = indent
        self.inline = inline


class Suites:
    """The suites that are open: the program's own, and those of the compound statements that are not complete."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.program: Suite = []
        # whether nothing is open, and lines begin without a blank: as the first one does, as a rule
        self.flat = text[:1] not in _NOTHING_YET
        self.open: list[_Open] = [_Open(None, self.program, "" if self.flat else None, False)]
        if not self.flat:
            self.end_line(0)

    def add(self, statement: Statement) -> None:
        """Add a complete statement to the innermost suite."""
        self.open[-1].suite.append(statement)

    @property
    def last(self) -> Statement | None:
        """The statement before, in the innermost suite."""
        suite = self.open[-1].suite
        return suite[-1] if suite else None

    def enter(self, owner: Compound, suite: Suite, end: int) -> None:
        """Begin a suite of ``owner`` behind the colon before ``end``: in its line, or in the lines that follow."""
        if self.open[-1].inline:
            raise SyntaxFault(
                "a statement with a colon begins a line of its own", span=owner.span, hint="put it in the next line"
            )
        try:
            self.limits.require("nesting", len(self.open))
        except LimitExceeded as refusal:
            refusal.span = owner.span
            raise
        self.flat = False
        rest = _REST.match(self.text, end)
        self.open.append(_Open(owner, suite, None, rest is None))
        if rest is not None:
            self.end_line(rest.end())

    def end_line(self, end: int) -> None:
        """Close the suites that the next line does not belong to; its line begins at or behind ``end``."""
        if end >= len(self.text):
            return self._end()
        if self.flat and self.text[end] not in _NOTHING_YET:
            return None  # the usual line
        if self.open[-1].inline:
            self._close()
        found = _NEXT_LINE.match(self.text, end)
        assert found is not None
        indent, at = found[1], found.end()
        top = self.open[-1]
        if at >= len(self.text):
            self._end()
        elif top.indent is None:
            self._begin(top, indent)
        elif indent != top.indent:
            self._return_to(indent, at)
        self.flat = len(self.open) == 1 and not indent
        return None

    def within(self, *kinds: type[Compound]) -> bool:
        """Whether the innermost function or loop that is open is one of ``kinds``."""
        for suite in reversed(self.open):
            if isinstance(suite.owner, kinds):
                return True
            if isinstance(suite.owner, Define):
                return False
        return False

    @property
    def in_loop(self) -> bool:
        """Whether `break` and `continue` have a loop to belong to."""
        return self.within(For, While)

    def _begin(self, top: _Open, indent: str) -> None:
        """The first line of a suite."""
        if top.owner is not None:
            outer = self.open[-2].indent or ""
            if len(indent) <= len(outer) or not indent.startswith(outer):
                raise self._missing_body(top.owner)
        top.indent = indent

    def _return_to(self, indent: str, at: int) -> None:
        """Close suites up to the one whose lines begin with ``indent``."""
        inner = [suite.indent for suite in self.open if suite.indent]
        if indent and inner and indent not in inner and ("\t" in indent) != ("\t" in inner[-1]):
            raise SyntaxFault(
                "tabs and blanks are mixed in front of this line and those before it",
                span=(at - len(indent), at),
                hint="begin all lines with blanks: a tab is not the same as any number of them",
            )
        if len(indent) > len(self.open[-1].indent or ""):
            raise SyntaxFault(
                "this line is indented more than the one before it",
                span=(at - len(indent), at),
                hint="begin it where the line before begins; a line goes on only inside brackets",
            )
        while self.open[-1].indent != indent:
            self._close()
            if not self.open:
                raise SyntaxFault(
                    "this line is indented like none of the lines that it could belong to",
                    span=(at - len(indent), at),
                    hint="begin it with just the same blanks as the lines of its block",
                )

    def _close(self) -> None:
        closed = self.open.pop()
        if closed.owner is not None and not closed.suite:  # text that explains is all there was
            closed.suite.append(Word("pass", closed.owner.end, closed.owner.end))
        if closed.owner is not None:
            closed.owner.end = closed.suite[-1].end

    def _end(self) -> None:
        """The end of the text."""
        owner = self.open[-1].owner
        if owner is not None and not self.open[-1].suite:
            raise self._missing_body(owner)
        while len(self.open) > 1:
            self._close()

    def _missing_body(self, owner: Compound) -> SyntaxFault:
        return SyntaxFault(
            "nothing is indented under this line",
            span=owner.span,
            hint="write what belongs to it in the next lines, four blanks further in; or `pass`",
        )
