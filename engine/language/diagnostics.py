"""Where a fault is, and what to say about it: positions, excerpts, the nearest name, and the words of faults.

The parser says which of two things it was waiting for, a value or an operator; the words depend on what stands
there instead, and on what stands before it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from keyword import kwlist

from engine.errors import Span, SyntaxFault
from engine.functions import FUNCTIONS
from engine.language.lexer import BLANKS, SUPERSCRIPTS, WORDS, codepoint

_WIDTH = 100
_LEAD = 60
"""How much of a long line is shown before the fault."""

_LONGEST = 40
_WORK = 800_000
"""How many pairs of letters are compared to find a name that is near."""

_NEWLINE = re.compile(r"\r\n?|\n")
_UNSHOWABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


class Lines:
    """Where the lines of a text begin, for looking up many offsets."""

    __slots__ = ("starts",)

    def __init__(self, text: str) -> None:
        self.starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]

    def locate(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, columns in characters."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def locate(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1, columns in characters.

    >>> locate("a = 1\\nb = 2", 8)
    (2, 3)
    """
    return Lines(text).locate(offset)


def excerpt(text: str, span: Span) -> str:
    """The line where ``span`` begins, and under it a line with carets.

    Of a long line about 100 columns are shown; characters that have no business in a message are replaced.

    >>> print(excerpt("y = 1\\nz = 2x + y", (11, 12)))
    z = 2x + y
         ^
    """
    start, end = _line(text, span[0])
    left = max(start, min(span[0] - _LEAD, end - _WIDTH))
    right = min(end, left + _WIDTH)
    carets = max(1, min(span[1], right) - span[0])
    before, after = "…" * (left > start), "…" * (right < end)
    pad = " " * len(before) + "".join(map(_blank, text[left : span[0]]))
    return f"{before}{_UNSHOWABLE.sub('�', text[left:right])}{after}\n{pad}{'^' * carets}"


def _line(text: str, offset: int) -> Span:
    """The line that ``offset`` is in, without its end."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    newline = _NEWLINE.search(text, offset)
    return start, newline.start() if newline else len(text)


def _blank(character: str) -> str:
    """What takes as much room as ``character`` and cannot be seen."""
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    return "\u3000" if unicodedata.east_asian_width(character) in "WF" else " "


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``name`` was probably meant to be, if any is near.

    Near is a third of the letters mistyped, left out, put in or swapped, capitals aside; of two that are as near the
    first is meant. Long names are not compared, nor any number of candidates: a caller can send as many as he likes.

    >>> nearest("sinn", ["cos", "sin", "sinh"])
    'sin'
    >>> nearest("Tanh", ["tan", "tanh"]), nearest("wavelet", ["sin", "cos"])
    ('tanh', None)
    """
    if len(name) > _LONGEST:
        return None
    lowered = name.casefold()
    allowed = (len(lowered) + 2) // 3
    best: tuple[int, int, int, int, str] | None = None
    work = 0
    for place, candidate in enumerate(candidates):
        other = candidate[: _LONGEST + 1].casefold()
        if abs(len(other) - len(lowered)) > allowed or len(other) > _LONGEST:
            continue
        work += len(other) * len(lowered)
        if work > _WORK:
            break
        distance = _distance(lowered, other)
        if distance <= allowed and distance < len(lowered):
            rank = distance, -_common_prefix(lowered, other), len(other), place, candidate
            best = min(best, rank) if best else rank
    return best[-1] if best else None


def _distance(a: str, b: str) -> int:
    """How many letters to change, add, drop or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, letter in enumerate(a):
        row = [i + 1]
        for j, other in enumerate(b):
            cost = min(row[j] + 1, above[j + 1] + 1, above[j] + (letter != other))
            if i and j and letter == b[j - 1] and a[i - 1] == other:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]


def _common_prefix(a: str, b: str) -> int:
    pairs = enumerate(zip(a, b, strict=False))
    return next((i for i, (x, y) in pairs if x != y), min(len(a), len(b)))


# ---- The words of faults ---------------------------------------------------------------------------------------

_NOT_HERE = {
    "import": "remove the line: functions are called without importing anything: sin(x), np.exp(x)",
    "from": "remove the line: functions are called without importing anything: sin(x), np.exp(x)",
    "is": "compare with == or !=",
    "in": "compare with ==, <, <=, >, >=",
    "with": "remove the line, and what is indented under it less far in",
    "class": "write functions: def f(x): …",
    "assert": "remove the line",
    "global": "give the value back: return x",
    "nonlocal": "give the value back: return x",
    "del": "remove the line",
    "yield": "collect the values in a list: xs.append(x)",
    "raise": "remove the line",
    "try": "choose beforehand: where(condition, a, b), or if condition:",
    "async": "remove it",
    "await": "remove it",
}
"""What to do instead of a keyword that means something in Python and nothing here."""

_STATEMENTS = ("for", "while", "def", "return", "elif", "break", "continue", "pass")
RESERVED = frozenset(f"{word}{end}" for word in kwlist if word not in WORDS for end in ("", "("))
"""Python's keywords that mean nothing here, also with the bracket that the lexer leaves with a name."""

_OPERATORS = {
    "&&": "`&&` is not an operator here",
    "||": "`||` is not an operator here",
    "!": "`!` is not an operator here",
    "?": "`?` is not an operator here",
    "<>": "`<>` is not an operator here",
    "<<": "`<<` is not an operator here",
    ">>": "`>>` is not an operator here",
    "$": "`$` is not understood",
}
_INSTEAD = {
    "&&": "write and",
    "||": "write or",
    "!": "for a factorial write factorial(n), for not `not x`",
    "?": "write a if condition else b",
    "<>": "write !=",
    "<<": "for x << n write x*2**n",
    ">>": "for x >> n write x//2**n",
    "{": "brackets are ( ) and [ ]; a block is what is indented under a line that ends with a colon",
    "}": "brackets are ( ) and [ ]; a block ends where its indentation does",
    ":": "remove it: a colon stands inside an index, as in a[1:3], and behind if, for, while, def",
    "\\": 'send LaTeX with "syntax": "latex", or write it as in Python: x/2, sqrt(x)',
    "$": "remove it",
    "'": "a derivative is what is asked for, by /v1/gradient; a name goes without the mark",
}


def shown(piece: str) -> str:
    """A piece in words, for a message: quoted, shortened, and by its number where it cannot be seen.

    >>> shown("+"), shown(""), shown("\\n")
    ('`+`', 'the end of the text', 'the end of the line')
    """
    if not piece:
        return "the end of the text"
    if piece[0] in "\r\n":
        return "the end of the line"
    if not piece.isprintable():
        return codepoint(piece[0])
    return f"`{piece}`" if len(piece) <= 40 else f"`{piece[:39]}…`"


def reserved(text: str, word: str, span: Span) -> SyntaxFault:
    """The fault of a keyword that means something in Python, and nothing here.

    >>> reserved("import numpy", "import", (0, 6)).message
    '`import` is not understood'
    >>> reserved("class = 2", "class", (0, 5)).message
    '`class` is a keyword of Python, and no name'
    """
    if word not in _NOT_HERE or is_assigned(text, span[1]):
        return keyword_as_name(word, span)
    return SyntaxFault(f"`{word}` is not understood", span=span, hint=_NOT_HERE[word])


def keyword_as_name(word: str, span: Span) -> SyntaxFault:
    """The fault of a keyword where a name was meant."""
    return SyntaxFault(f"`{word}` is a keyword of Python, and no name", span=span, hint="choose another name")


def is_assigned(text: str, at: int) -> bool:
    """Whether what ends at ``at`` is followed by the sign of an assignment."""
    return _ASSIGNED.match(text, at) is not None


def misplaced(word: str, span: Span) -> SyntaxFault:
    """The fault of a word that begins a statement, and stands inside of one.

    >>> misplaced("for", (4, 7)).hint
    'begin a new line with it'
    """
    if word == "in":
        return SyntaxFault("`in` stands only behind `for`", span=span, hint=_NOT_HERE["in"])
    return SyntaxFault(f"`{word}` does not stand inside a statement", span=span, hint="begin a new line with it")


def no_assignment(text: str, span: Span) -> SyntaxFault:
    """The fault of ``=`` inside an expression.

    >>> no_assignment("x => 1", (2, 3)).hint
    'write >= to compare, lambda x: … for a function'
    """
    behind = text[span[1] : span[1] + 1]
    if behind == ">":
        hint = "write >= to compare, lambda x: … for a function"
        return SyntaxFault("`=>` is not an operator here", span=(span[0], span[1] + 1), hint=hint)
    if behind == "<":
        return SyntaxFault("`=<` is not an operator here", span=(span[0], span[1] + 1), hint="write <=")
    return SyntaxFault("`=` does not stand inside an expression", span=span, hint="compare with ==")


_ASSIGNED = re.compile(r"[ \t]*+=(?!=)")
_END_OF_STATEMENT = re.compile(rf"[{BLANKS}]*+(?:[;#\r\n]|\Z)")


def ends_statement(text: str, at: int) -> bool:
    """Whether nothing more of a statement follows.

    >>> ends_statement("return ; x", 6), ends_statement("return x", 6)
    (True, False)
    """
    return _END_OF_STATEMENT.match(text, at) is not None


def missing_value(text: str, span: Span, piece: str) -> SyntaxFault:
    """The fault where a value was expected, and ``piece`` stands at ``span``.

    >>> missing_value("x + * y", (4, 5), "*").message
    'expected a value after `+`, found `*`'
    """
    word = piece.removesuffix("(")
    if word in RESERVED:
        return reserved(text, word, span)
    if word == "for" and text[: span[0]].rstrip()[-1:] in ("(", "["):
        hint = "write what the items are: [f(k) for k in range(n)]"
        return SyntaxFault("a list begins with its item, and then comes `for`", span=span, hint=hint)
    if word in _STATEMENTS or word == "in":
        return misplaced(word, span)
    if piece == "{" and _ENTRY.match(text, span[1]):
        hint = "give each value a name of its own: p_a = …; p_b = …"
        return SyntaxFault("dictionaries do not exist here", span=span, hint=hint)
    if piece in ('"', "'"):
        hint = f"close it with {piece} on the line where it begins"
        return SyntaxFault("the text that begins here is not closed", span=span, hint=hint)
    before = _token_before(text[: span[0]].rstrip(BLANKS))
    after = f" after {shown(before)}" if before else ""
    message = f"expected a value{after}, found {shown(word or piece)}"
    return SyntaxFault(message, span=span, hint=_hint_for_missing_value(text, span[0], before, piece))


_ENTRY = re.compile(r"""\s*+(?:\}|["']?\w*+["']?\s*+:)""")
"""How a dictionary goes on behind its bracket."""


_INSTEAD_OF_VALUE = {
    "{": "for brackets write ( ), for a set a list [ ]",
    "@": "remove the line: functions go without decorators",
    "|": "for |x| write abs(x)",
    "||": "for ‖x‖ write norm(x)",
    "=": "compare with ==, assign with one =",
    "!": "write not x",
    "...": "an ellipsis stands only inside an index, as in a[..., 0]",
    "if": "write a if condition else b, or where(condition, a, b)",
    "else": "write a if condition else b, or where(condition, a, b)",
}
_PAIRS = {
    ("*", "*"): "write ** for a power",
    ("-", ">"): "write lambda x: … for a function",
    ("", "="): "put a name before it, or remove it",
    ("", "/"): "a comment begins with #",
    ("", "//"): "a comment begins with #",
    ("", "%"): "a comment begins with #",
    ("[", "]"): "write a place or a slice: x[0], x[:]",
    **{(before, star): "write the values out, one by one" for before in "(," for star in ("*", "**")},
}
"""What to write instead of two signs of which the second was expected to be a value."""


_SIGNS = frozenset(("*", "/", "//", "%", "**", "^", "&", "<", "<=", ">", ">=", "==", "!=", ",", ")", "]"))


def _hint_for_missing_value(text: str, at: int, before: str, piece: str) -> str | None:
    if piece and piece[0] not in "\r\n":
        found = _PAIRS.get((before, piece)) or _INSTEAD_OF_VALUE.get(piece) or _INSTEAD.get(piece)
        remove = "" if piece in (")", "]") else ", or remove it"
        return found or (f"put a value before {shown(piece)}{remove}" if piece in _SIGNS else None)
    if before == "%":
        return "% is the remainder, and takes two values; for a percentage write 5/100"
    if before in ("+", "-") and text[max(0, at - 60) : at].rstrip().endswith(before * 2):
        return f"write {before}= 1"
    return "finish the expression; a line goes on only inside brackets"


def missing_operator(text: str, span: Span, piece: str, listed: bool = False) -> SyntaxFault:
    """The fault where a value is complete, and ``piece`` follows at ``span``; ``listed`` where commas may stand.

    >>> missing_operator("2x", (1, 2), "x").hint
    'write 2*x'
    """
    word = piece.removesuffix("(")
    if word in RESERVED:
        return reserved(text, word, span)
    if word in _STATEMENTS or word == "in":
        return misplaced(word, span)
    if word == "not":
        return SyntaxFault(
            "`not` stands before a value, not between two", span=span, hint="compare with ==, or write `and not`"
        )
    before = _token_before(text[: span[0]].rstrip())
    if piece == "!" and (before.isalnum() or before in (")", "]")):
        hint = f"for a factorial write factorial({before if before.isalnum() else '…'})"
        return SyntaxFault(_OPERATORS[piece], span=span, hint=hint)
    if piece in _OPERATORS:
        return SyntaxFault(_OPERATORS[piece], span=span, hint=_INSTEAD.get(piece))
    if len(piece) > 1 and piece[0] in "\"'" and before.lower() in ("f", "b", "r", "u", "rb", "br", "fr", "rf"):
        hint = 'remove the letter; text is only the name of a mode, as in reduction="mean"'
        return SyntaxFault("text has no letter before its quote here", span=span, hint=hint)
    if before in ('""', "''") and piece[0] == before[0]:
        hint = f"close it with {before}{piece[0]}"
        return SyntaxFault("text in three quotes is not closed", span=(span[0] - 2, span[1]), hint=hint)
    if piece[0] == "." and re.fullmatch(r"[0-9_]*\.[0-9_]*", before):
        whole = (span[0] - len(before), span[1])
        return SyntaxFault(f"{shown(before + piece)} has two points", span=whole, hint="a number has one point at most")
    if before[:1] == "0" and before.isdecimal() and re.match(r"[xXbBoO][0-9a-fA-F]", piece):
        whole = (span[0] - 1, span[1])
        return SyntaxFault("numbers are written in decimal here", span=whole, hint=f"write {_decimal(before + piece)}")
    after = f" after {shown(before)}" if before else ""
    message = f"expected an operator{after}, found {shown(word or piece)}"
    return SyntaxFault(message, span=span, hint=_hint_for_missing_operator(text, span[0], before, piece, listed))


def annotation(text: str, span: Span, piece: str) -> SyntaxFault:
    """The fault of a colon behind a name, as Python has it before a type."""
    fault = missing_operator(text, span, piece)
    if re.match(r"[ \t]*[^\W\d]", text[span[1] :][:_LONGEST]) and re.search(r"\w[ \t]*\Z", text[: span[0]][-_LONGEST:]):
        fault.message, fault.hint = "types are not part of the language", "leave the type out: x = 1, def f(x, y):"
    return fault


def _hint_for_missing_operator(text: str, at: int, before: str, piece: str, listed: bool) -> str | None:
    if piece == ":" and text[at + 1 : at + 2] == "=":
        return "assign with =, in a statement of its own"
    if piece == "(" and (power := _POWER_OF_FUNCTION.search(text[max(0, at - 60) : at])):
        return _hint_for_power(power[1], power[2], power[3], _operand_at(text, at, piece) or "(…)")
    if _COMMENT.search(_line_before(text, at)):
        return "a comment begins with #"
    right = _operand_at(text, at, piece)
    if right is None or not before or before[0] in "\"'":
        return _INSTEAD.get(piece)
    if before.isidentifier() and piece[0] not in "\"'.":
        if before in FUNCTIONS and len(before) > 1:
            return f"write {before}({right})"
        if listed:
            return f"write {before}, {right} for two values, {before}*{right} to multiply"
        return f"write {before}({right}) to call a function, {before}*{right} to multiply"
    left = before if before not in (")", "]") else f"…{before}"
    if piece == "i" and before[0].isdecimal():
        return f"write {left}*i to multiply, {left}j for an imaginary number"
    if listed and text[at - 1 : at].isspace():
        return f"write {left}, {right} for two values, {left}*{right} to multiply"
    return f"write {left}*{right}"


def raised_end(name: str) -> str | None:
    """A name whose end is raised, as the power that it is.

    >>> raised_end("xⁿ"), raised_end("x1")
    ('x**n', None)
    """
    plain = name.rstrip("".join(c for c in name if unicodedata.decomposition(c).startswith("<super>")))
    return f"{plain}**{unicodedata.normalize('NFKC', name[len(plain) :])}" if plain and plain != name else None


_COMMENT = re.compile(r"//|%[ ]*\w+[ ]*\Z")
"""How lines go on in other languages before the words of a comment."""


_POWER_OF_FUNCTION = re.compile(
    rf"([^\W\d][^\W{SUPERSCRIPTS}⁻]*)(?:(⁻?[{SUPERSCRIPTS}]+)|[ ]?(?:\^|\*\*)[ ]?(-?\d+))\Z"
)
"""``sin²``, ``sin^2`` before a bracket."""


def _hint_for_power(name: str, raised: str | None, plain: str | None, argument: str) -> str:
    power = plain or "".join("-" if c == "⁻" else str(SUPERSCRIPTS.index(c)) for c in raised or "")
    if power == "-1":
        inverse = f"for the inverse function write arc{name}{argument}, " if f"arc{name}" in FUNCTIONS else ""
        return f"{inverse}for the reciprocal 1/{name}{argument}"
    hint = f"for the power of a function write {name}{argument}**{power}"
    return hint if plain is None else f"{hint}, to multiply {name}**{power}*{argument}"


def _line_before(text: str, at: int) -> str:
    """What stands before ``at`` in its line, as far as that is near."""
    return _NEWLINE.split(text[max(0, at - 200) : at])[-1]


def _operand_at(text: str, at: int, piece: str) -> str | None:
    """The operand that begins at ``at``, shortened, to show in a hint; None where none begins."""
    if not (piece[0].isalnum() or piece[0] in "_.(√"):
        return None
    found = re.compile(r"[^\W]*\([^()\r\n]{0,30}\)").match(text, at)
    if found:
        return found[0]
    return f"{piece[:40]}…)" if piece[-1] == "(" else piece[:40]


def _token_before(text: str) -> str:
    """The last token of ``text``, to show in a message; empty where there is none on its last line."""
    found = re.search(r"[\w.⁻]+$|\"[^\"]*\"$|'[^']*'$|\*\*$|//$|[<>=!]=$|\S$", text[-60:])
    return found[0] if found else ""


def _decimal(digits: str) -> str:
    prefixed = re.fullmatch(r"0([xX][0-9a-fA-F]{1,12}|[bB][01]{1,48}|[oO][0-7]{1,16})", digits)
    return str(int(digits, 0)) if prefixed else "the number with the digits 0 to 9"
