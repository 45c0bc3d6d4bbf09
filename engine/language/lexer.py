"""Text into pieces: words, numbers, operators, and the blanks between them.

One regular expression cuts the text, blanks included, so the pieces put together are the text again, and where
each one ends is a running sum of lengths. What a piece means depends on where it stands, which is the parser's to
say; the lexer refuses only what no program may contain: characters that cannot be seen, names that begin with two
underscores, and symbols that are part of no name.

Some pieces are longer than one token, because every piece costs the parser a step: a name comes with the bracket
that calls it (``sin(``) and with the names joined to it by dots (``np.pi``), an operator with the single blanks
around it (`` + ``).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate, pairwise
from keyword import kwlist

from engine.errors import SyntaxFault

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SYMBOLS = (
    dict.fromkeys("·×∙⋅∗", "*")
    | dict.fromkeys("÷∕⁄", "/")
    | dict.fromkeys("−–—", "-")
    | {"≤": "<=", "≥": ">=", "≠": "!="}
)
"""Operators of mathematics, as books and printed pages have them, and how Python spells them."""

WORDS = (
    *("and", "or", "not", "if", "else", "True", "False", "None", "lambda", "for", "in"),
    *("def", "return", "elif", "while", "break", "continue", "pass"),
)
"""The keywords of Python that mean something here."""

_NAMES = {"π": "pi"}
BLANKS = " \t\u00a0\u1680\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200C)))
_NOT_IN_NAMES = rf"\x00-/:-@\[-^`{{-\x7f{BLANKS}{SUPERSCRIPTS}⁻√{''.join(SYMBOLS)}"
_LETTER, _LETTER_OR_DIGIT = rf"[^0-9{_NOT_IN_NAMES}]", rf"[^{_NOT_IN_NAMES}]"
_NO_KEYWORD = rf"(?!(?:{'|'.join(kwlist)})\b)"

_EXPLANATION = r'"""(?:[^"]|"(?!""))*+"""|' + r"'''(?:[^']|'(?!''))*+'''"
"""Text in three quotes, which may have many lines: it explains, and is read as a comment is."""

_PIECE = re.compile(
    "|".join(
        (
            rf"(?:{'|'.join(WORDS)}|is(?: not)?)\b",
            rf"{_LETTER}{_LETTER_OR_DIGIT}*+(?:\.{_NO_KEYWORD}{_LETTER}{_LETTER_OR_DIGIT}*+)*+\(?",
            r"(?:[0-9][0-9_]*+\.?[0-9_]*+|\.[0-9][0-9_]*+)(?:[eE][+-]?[0-9][0-9_]*+)?"
            rf"(?:[jJ](?!{_LETTER_OR_DIGIT}))?",
            r" ?(?:\*\*?=?|//?=?|[-+%@^]=?|<[<>=]?|>[>=]?|==?|!=|&&|&=?|\|\||\|=?|~|,) ?",
            f" ?[{''.join(SYMBOLS)}] ?",
            r"\r\n?|\n",
            rf"[{BLANKS}]++",
            r"#[^\r\n]*+",
            r"\\[ \t]*+(?:\r\n?|\n)",
            rf"{_EXPLANATION}",
            r'"[^"\r\n]*+"',
            r"'[^'\r\n]*+'",
            r"\.\.\.",
            f"⁻?[{SUPERSCRIPTS}]++",
            r"[\s\S]",
        )
    )
)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters, lone surrogates, and the marks that make a text look other than it is."""

_LONGEST_NAME = 1000
"""Of a name outside ASCII: putting marks in their normal order takes quadratic time."""


def lex(text: str) -> tuple[list[str], list[int]]:
    """The pieces of ``text``, and the offsets between them: piece ``i`` is ``text[offsets[i]:offsets[i + 1]]``.

    A piece of mathematics is handed over as Python spells it. The last piece is empty and stands for the end.
    Raises `SyntaxFault` at what no program may contain.

    >>> lex("2*sin(x)")
    (['2', '*', 'sin(', 'x', ')', ''], [0, 1, 2, 6, 7, 8, 8])
    >>> "".join(lex("a + b  # sum")[0])
    'a + b  # sum'
    >>> lex("π·r²")
    (['pi', '*', 'r', '²', ''], [0, 1, 2, 3, 4, 4])
    """
    require_visible(text)
    pieces = _PIECE.findall(text)
    pieces.append("")
    offsets = list(accumulate(map(len, pieces), initial=0))
    if not text.isascii():
        pieces = [
            piece if piece.isascii() else _plain(piece, start) for piece, start in zip(pieces, offsets, strict=False)
        ]
        _refuse_private(pieces, offsets)
    elif "__" in text:
        _refuse_private(pieces, offsets)
    return pieces, offsets


def require_visible(text: str) -> None:
    """Raise `SyntaxFault` where a text has a character that cannot be seen."""
    if not text.isprintable() and (unseen := _UNSEEN.search(text)):
        at = unseen.start()
        message = f"the text has an invisible character, {codepoint(text[at])}"
        raise SyntaxFault(message, span=(at, at + 1), hint="remove it")


def plain_name(name: str) -> str:
    """``name`` as programs have it: in Unicode's normal form NFKC, and ``π`` as ``pi``.

    Names that reach the engine in another way, as the keys of the inputs do, compare equal after this.

    >>> plain_name("π"), plain_name("x₁"), plain_name("θ")
    ('pi', 'x1', 'θ')
    """
    return _NAMES.get(name) or unicodedata.normalize("NFKC", name)


def codepoint(character: str) -> str:
    """A character by its number, for messages that had better not show it.

    >>> codepoint("\\u202e")
    'U+202E'
    """
    return f"U+{ord(character):04X}"


def _plain(piece: str, start: int) -> str:
    """A piece outside ASCII as the parser knows it."""
    if (symbol := piece.strip()) in SYMBOLS:
        return piece.replace(symbol, SYMBOLS[symbol])
    if piece[0] in "\"'#" or not re.match(_LETTER, piece):
        return piece
    if len(piece) > _LONGEST_NAME:
        raise SyntaxFault(
            f"a name has {len(piece):,} characters, and {_LONGEST_NAME:,} are allowed", span=(start, start + len(piece))
        )
    path, bracket = (piece[:-1], "(") if piece[-1] == "(" else (piece, "")
    names = [plain_name(name) for name in path.split(".")]
    if not all(map(str.isidentifier, names)):
        raise _symbol_fault(path, start)
    return ".".join(names) + bracket


_INSTEAD = {
    "∞": "write inf", "∑": "write sum(…)", "∏": "write prod(…)", "‖": "write norm(…)", "∥": "write norm(…)",
    "→": "write lambda x: … for a function", "↦": "write lambda x: … for a function", "←": "write =",
    "∧": "write and", "∨": "write or", "¬": "write not", "°": "write radians(…)", "⊙": "write *", "∘": "write f(g(x))",
    "∫": "write a sum over points: trapezoid(f, x)",
    **dict.fromkeys("∂∇", "a derivative is what is asked for, by /v1/gradient"),
    **dict.fromkeys("′″", "a derivative is what is asked for, by /v1/gradient; a name goes without the mark"),
    **dict.fromkeys("“”„‘’`´", "write the quotes \" or '"),
    "½": "write 1/2", "⅓": "write 1/3", "¼": "write 1/4", "¾": "write 3/4",
}  # fmt: skip


def _symbol_fault(path: str, start: int) -> SyntaxFault:
    """The complaint about the first character of ``path`` that is part of no name."""
    at = next((i for i, c in enumerate(path) if c != "." and not plain_name("x" + c).isidentifier()), 0)
    shown = f"`{path[at]}`" if path[at].isprintable() else codepoint(path[at])
    return SyntaxFault(
        f"the symbol {shown} is not understood",
        span=(start + at, start + at + 1),
        hint=_INSTEAD.get(path[at]),
    )


def _refuse_private(pieces: list[str], offsets: list[int]) -> None:
    """Two underscores lead into Python's own machinery, where no formula has business."""
    for piece, (start, end) in zip(pieces, pairwise(offsets), strict=True):
        if piece.startswith("__") or (".__" in piece and piece[0] not in "\"'#"):
            raise SyntaxFault(
                "names that begin with two underscores are not allowed",
                span=(start, end - piece.endswith("(")),
                hint="give the name one underscore, or none",
            )
