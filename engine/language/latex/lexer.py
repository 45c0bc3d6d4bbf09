"""LaTeX into tokens: one regular expression cuts the text, and a table says what a command is.

What only changes how a formula looks is left out here, words in braces become one token, and what stands for the
same has the same kind: ``\\le`` and ``≤`` are ``<=``, ``\\mu`` and ``μ`` the letter ``μ``. ``\\left|`` is the kind
``|(``, since it can but open.
"""

from __future__ import annotations

import re
import unicodedata

from engine.errors import Span, SyntaxFault
from engine.language.diagnostics import nearest, shown
from engine.language.latex.commands import (
    ACCENTS,
    BINOMIALS,
    CASES,
    FRACTIONS,
    LETTERS,
    MATRICES,
    OTHER_LETTERS,
    REFUSED,
    SIGNS,
    SIZES,
    SPACES,
    WRAPPERS,
    function,
    known,
)
from engine.language.lexer import codepoint, require_visible

_WORDS = "operatorname|mathrm|textrm|textnormal|text|mbox|mathit|textit|mathsf|mathtt|texttt|mathop"
_BOLD = "mathbf|boldsymbol|bm|mathbfit|pmb|vec"
_FACES = "mathcal|mathbb|mathfrak|mathscr"
_PIECE = re.compile(
    "|".join(
        (
            r"(?P<number>[0-9]+(?:(?:\{,\}|\\,)[0-9]{3}(?![0-9]))*(?:\.[0-9]*)?|\.[0-9]+)",
            r"(?P<letters>[A-Za-z]+)",
            rf"\\(?P<face>{_WORDS})\*?(?![A-Za-z])\s*(?:\{{(?P<word>[^{{}}\\$]*)\}}|(?P<short>[A-Za-z]))",
            rf"\\(?P<style>{_BOLD}|{_FACES})(?![A-Za-z])\s*"
            r"(?:\{\s*(?P<styled>[A-Za-z]+|\\[A-Za-z]+)\s*\}|(?P<bare>[A-Za-z]|\\[A-Za-z]+))",
            r"\\begin\s*\{(?P<begin>[A-Za-z]*)\*?\}(?:(?:(?<=array\})|(?<=lignat\})|(?<=gnedat\}))\s*\{[^{}]*\})?",
            r"\\end\s*\{(?P<end>[A-Za-z]*)\*?\}",
            r"(?P<skip>\\(?:label|tag|hspace|vspace|phantom|vphantom|hphantom|color)\*?\s*\{[^{}]*\}|%[^\n]*|~)",
            r"(?P<row>\\\\(?:\s*\[[0-9.]+\s*[a-z]+\])?|\\cr(?![A-Za-z])|\\newline(?![A-Za-z]))",
            r"\\(?P<command>[A-Za-z]+|[\s\S])",
            r"(?P<paragraph>\n[ \t\r]*\n\s*)",
            r"(?P<blank>[ \t\r\n]+)",
            r"(?P<sign><=|>=|!=|:=|==|\*\*|[-+*/^_'(){}\[\]|&,;.!=<>:$])",
            r"(?P<other>[\s\S])",
        )
    )
)
_UNICODE = {
    "·": "·", "⋅": "·", "∙": "·", "×": "×", "÷": "/", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "∞": "∞",
    "‖": "‖", "⌊": "⌊", "⌋": "⌋", "⌈": "⌈", "⌉": "⌉", "⊤": "⊤", "⊙": "⊙", "∘": "∘", "†": "†", "°": "°", "≈": "≈",
}  # fmt: skip
_FORMULA_ENDS = ("[", "]", "(", ")")
_SIDED = {"|": ("|(", "|)"), "‖": ("‖(", "‖)"), ".": ("(.", ".)")}
_CONTINUES = frozenset("+-·×*/")
_LOOKS = frozenset(f"{_WORDS}|{_BOLD}|{_FACES}".split("|")) - {"operatorname", "text", "mbox"}
_KEPT = frozenset(("sqrt", *ACCENTS, *FRACTIONS, *BINOMIALS))


class Token:
    """A piece that means something: its kind, which is a sign itself or one of ``letter``, ``word``, ``function``,
    ``number``, ``command``, ``begin``, ``end``, ``;`` (between equations), and empty at the end; its text; where it
    stands. ``bold`` tells vectors; ``run`` is how many letters follow each other without a blank, on the first.
    """

    __slots__ = ("bold", "end", "kind", "run", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int, bold: bool = False, run: int = 0) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end
        self.bold = bold
        self.run = run

    @property
    def span(self) -> Span:
        return self.start, self.end


def lex(text: str) -> list[Token]:
    """The tokens of ``text``, and one for its end. Raises `SyntaxFault` at what is not understood.

    >>> [(token.kind, token.text) for token in lex(r"2\\mu \\le \\left| x \\right|")][:4]
    [('number', '2'), ('letter', 'μ'), ('<=', '\\\\le'), ('|(', '|')]
    """
    require_visible(text)
    return _Lexer(text).run()


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.side: int | None = None  # of the bracket that comes: 0 after \left, 1 after \right
        self.open_end = False  # whether \right. belongs to cases that have ended
        self.tables: list[str] = []  # matrices and cases that are open, by what they are

    def run(self) -> list[Token]:
        for found in _PIECE.finditer(self.text):
            group = found.lastgroup or ""
            if group not in ("blank", "skip"):
                _RULES[group](self, found[group], found)
        end = len(self.text)
        if self.side is not None:
            raise SyntaxFault("a bracket is expected at the end", span=(end, end), hint=_SIDE_HINT)
        self.tokens.append(Token("", "", end, end))
        return self.tokens

    def add(self, kind: str, text: str, span: Span, bold: bool = False) -> None:
        side, self.side = self.side, None
        open_end, self.open_end = self.open_end, False
        if side == 1 and kind == "." and open_end:
            return
        if side is not None:
            if kind in _SIDED:
                kind = _SIDED[kind][side]
            elif kind not in ("(", ")", "[", "]", "\\{", "\\}", "⌊", "⌋", "⌈", "⌉", "|(", "|)", "‖(", "‖)"):
                raise SyntaxFault(f"expected a bracket, found {shown(text)}", span=span, hint=_SIDE_HINT)
        self.tokens.append(Token(kind, text, *span, bold))

    def letters(self, text: str, found: re.Match[str]) -> None:
        start = found.start()
        first = len(self.tokens)
        for place, letter in enumerate(text, start):
            self.add("letter", letter, (place, place + 1))
        self.tokens[first].run = len(text)

    def number(self, text: str, found: re.Match[str]) -> None:
        text = text.replace("{,}", "").replace("\\,", "")
        # A point that ends the formula is the sentence's.
        if text[-1] == "." and not self.text[found.end() :].strip("$ \n\\]"):
            self.add("number", text[:-1], (found.start(), found.end() - 1))
            self.add(".", ".", (found.end() - 1, found.end()))
        else:
            self.add("number", text, found.span())

    def word(self, text: str, found: re.Match[str]) -> None:
        kind = "function" if found["face"] in ("operatorname", "mathop") else "word"
        said = text.strip()
        self.add(said if said in ("and", "or", "not") else kind, said, found.span())

    def styled(self, text: str, found: re.Match[str]) -> None:
        bold = found["style"] in _BOLD.split("|")
        if text[0] != "\\":
            at = found.start() if len(text) == 1 else found.start(found.lastgroup or 0)
            for place, letter in enumerate(text):
                span = found.span() if len(text) == 1 else (at + place, at + place + 1)
                self.add("letter", letter, span, bold)
        elif text[1:] in LETTERS:
            self.add("letter", LETTERS[text[1:]], found.span(), bold)
        else:
            raise SyntaxFault(f"`\\{found['style']}` takes letters", span=found.span(), hint="as in \\mathbf{x}")

    def begin(self, name: str, found: re.Match[str]) -> None:
        if name in WRAPPERS:
            self.tokens.append(Token(";", found[0], *found.span()))
        elif name in MATRICES or name in CASES:
            self.tables.append("cases" if name == "array" and self._opens_cases() else name)
            self.add("begin", self.tables[-1], found.span())
        else:
            near = nearest(name, [*MATRICES, *CASES, *WRAPPERS])
            raise SyntaxFault(
                f"the environment {shown(name)} is not understood",
                span=found.span(),
                hint=f"did you mean {near}?" if near else "pmatrix, cases and aligned are",
            )

    def end(self, name: str, found: re.Match[str]) -> None:
        kind, table = "end", name
        if name in WRAPPERS:
            kind = ";"
        elif self.tables and self.tables.pop() == "cases" and name == "array":
            table = "cases"
            self.open_end = True
        self.tokens.append(Token(kind, table, *found.span()))

    def _opens_cases(self) -> bool:
        """Whether ``\\left\\{`` stands before an array: what older papers have for cases. The brace is taken away."""
        if (
            not self.tokens
            or self.tokens[-1].kind != "\\{"
            or not self.text[: self.tokens[-1].start].endswith("\\left")
        ):
            return False
        self.tokens.pop()
        return True

    def row(self, text: str, found: re.Match[str]) -> None:
        self.tokens.append(Token("\\\\", "\\\\", *found.span()))

    def paragraph(self, text: str, found: re.Match[str]) -> None:
        self.tokens.append(Token(";", "\n", *found.span()))

    def sign(self, text: str, found: re.Match[str]) -> None:
        if text in "$;":
            self.tokens.append(Token(";", text, *found.span()))
        elif text == "**":
            raise SyntaxFault("`**` is Python's", span=found.span(), hint="write ^{…} for a power")
        elif text in _CONTINUES and not self.tables and self.tokens and self.tokens[-1].kind == "&":
            self._continue(text, found.span())
        else:
            self.add({":=": "≈"}.get(text, text), text, found.span())

    def _continue(self, text: str, span: Span) -> None:
        """A sum that goes on behind ``\\\\ &`` in an alignment is one expression."""
        while self.tokens and self.tokens[-1].kind == "&":
            self.tokens.pop()
        if self.tokens and self.tokens[-1].kind == "\\\\":
            self.tokens.pop()
        self.add(text, text, span)

    def command(self, name: str, found: re.Match[str]) -> None:
        span = found.span()
        if name in LETTERS:
            self.add("letter", LETTERS[name], span)
        elif name in ("left", "right", "middle") or name in SIZES:
            self.side = {"left": 0, "right": 1}.get(name, {"l": 0, "r": 1}.get(name[-1] if name in SIZES else ""))
        elif name in SIGNS:
            self.add(SIGNS[name], found[0], span)
        elif name in SPACES or name in _LOOKS:
            pass
        elif name in _FORMULA_ENDS:
            self.tokens.append(Token(";", found[0], *span))
        elif name in REFUSED:
            message, hint = REFUSED[name]
            raise SyntaxFault(message, span=span, hint=hint)
        elif name in _KEPT or function(name) or name in ("sum", "prod"):
            self.add("command", name, span)
        else:
            raise unknown_command(name, span)

    def other(self, character: str, found: re.Match[str]) -> None:
        plain = unicodedata.normalize("NFKC", character)
        letter = OTHER_LETTERS.get(character, plain)
        if character in _UNICODE:
            self.add(_UNICODE[character], character, found.span())
        elif letter.isidentifier() and len(plain) == 1:
            self.add("letter", letter, found.span())
        else:
            visible = shown(character) if character.isprintable() else codepoint(character)
            raise SyntaxFault(
                f"the character {visible} is not understood in LaTeX", span=found.span(), hint=_INSTEAD.get(character)
            )


_SIDE_HINT = "write \\left( … \\right), and \\left. or \\right. where there is no bracket"
_INSTEAD = {
    "@": "write A B for the product of matrices",
    "√": "write \\sqrt{…}",
    "∑": "write \\sum",
    "∏": "write \\prod",
    "²": "write ^2",
    "³": "write ^3",
}
_RULES = {
    "number": _Lexer.number, "letters": _Lexer.letters, "word": _Lexer.word, "short": _Lexer.word,
    "styled": _Lexer.styled, "bare": _Lexer.styled, "begin": _Lexer.begin, "end": _Lexer.end, "row": _Lexer.row,
    "command": _Lexer.command, "paragraph": _Lexer.paragraph, "sign": _Lexer.sign, "other": _Lexer.other,
}  # fmt: skip


def unknown_command(name: str, span: Span) -> SyntaxFault:
    """The fault of a command that nothing is known of.

    >>> unknown_command("fracc", (0, 6)).hint
    'did you mean \\\\frac?'
    """
    if not name.isalpha():
        visible = f"`\\{name}`" if name.isprintable() else codepoint(name)
        return SyntaxFault(f"the command {visible} is not understood", span=span)
    near = nearest(name, known())
    hint = f"did you mean \\{near}?" if near else f"for a name or a function write \\operatorname{{{name[:40]}}}"
    return SyntaxFault(f"the command {shown(chr(92) + name)} is not understood", span=span, hint=hint)
