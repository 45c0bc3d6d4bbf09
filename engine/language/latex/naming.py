"""Names as they are written: letters and words with accents, primes and subscripts."""

from __future__ import annotations

from keyword import iskeyword

from engine.errors import SyntaxFault
from engine.functions import FUNCTIONS
from engine.language.diagnostics import shown
from engine.language.latex.commands import ACCENTS, STANDARD
from engine.language.latex.lexer import Token
from engine.language.latex.names import canonical
from engine.language.latex.rope import ATOM, Value
from engine.language.latex.stream import Stream, said

_LONGEST_WORD = 12
_IN_NAMES = {
    "+": "_plus_", "-": "_minus_", ",": "_", "_": "_", "*": "star", "⋆": "star", "'": "_prime", "∞": "inf", "{": "",
    "}": "", "|": "_", "/": "_", "⊤": "T", "=": "_",
}  # fmt: skip
_NO_NAMES = frozenset(("frac", "sqrt", "sum", "prod", "binom"))
_SUBSCRIPT_HINT = "a name's subscript has letters, digits and words: x_1, \\sigma_{xy}, x_{\\mathrm{max}}"


class Naming(Stream):
    """What reads names."""

    def named(self) -> str | None:
        """The name that stands here, with its accents, subscript and primes, if it is one."""
        name, _ = self.base_name()
        if name is None:
            return None
        if self.token.kind == "_":
            self.place += 1
            name = f"{name}_{self.subscript_name()}"
            self.close_braces()
        return self.primed(name)

    def variable(self, name: str, start: int, end: int, bold: bool) -> Value:
        spelled = self.names.spelled(name)
        return Value(((spelled, start, end),), ATOM, start, end, self.names.kind(name, bold))

    def base_name(self) -> tuple[str | None, bool]:
        """A letter, a word, or letters that are an input's name, with accents over it; and whether it is bold."""
        accents: list[str] = []
        braces = 0
        while self.is_braced_name():
            braces += 1
            self.place += 1
        while self.token.kind == "command" and self.token.text in ACCENTS:
            accents.append(ACCENTS[self.next().text])
            if self.token.kind == "{":
                braces += 1
                self.place += 1
        token = self.token
        if token.kind not in ("letter", "word", "function"):
            return None, False
        self.place += 1
        name = token.text if token.kind == "letter" else self.word(token)
        if name == "Δ" and self.token.kind == "letter" and not self.names.is_known(name):
            name = f"Δ_{self.next().text}"
        if token.run > 1 and not accents and self.is_run(token):
            name = "".join(letter.text for letter in self.tokens[self.place - 1 : self.place - 1 + token.run])
            self.place += token.run - 1
        self.open_braces = braces
        if self.token.kind != "_":
            self.close_braces()
        return "_".join((name, *reversed(accents))), token.bold

    def is_braced_name(self) -> bool:
        """Whether braces begin here that hold a letter or an accent over one, and nothing else: ``{\\hat {y}}_1``."""
        closing = self.matching.get(self.place)
        if closing is None:
            return False
        token, behind = self.tokens[self.place + 1], self.place + 2
        if token.kind == "command" and token.text in ACCENTS:
            behind = self.matching.get(behind, behind) + 1
        elif token.kind not in ("letter", "word"):
            return False
        return closing == behind

    def close_braces(self) -> None:
        """Read the braces that end what an accent stands over, behind the name or its subscript."""
        while self.open_braces:
            self.expect("}", "an accent stands over one name, as in \\hat{y} or \\hat{y_i}")
            self.open_braces -= 1

    def is_run(self, token: Token) -> bool:
        """Whether letters without a blank between them are an input's name; refuses those of a function."""
        place = self.place if self.tokens[self.place] is token else self.place - 1
        letters = "".join(letter.text for letter in self.tokens[place : place + token.run])
        if letters in self.names.inputs and len(letters) == token.run:
            return True
        behind = self.tokens[place + token.run]
        if behind.kind == "(":
            for length in range(min(_LONGEST_WORD, token.run), 1, -1):
                word = letters[-length:]
                if (length > 2 or word == "ln") and word in FUNCTIONS:
                    end = token.start + token.run
                    raise SyntaxFault(
                        f"letters side by side are multiplied, and {shown(word)} is a function",
                        span=(end - length, end),
                        hint=f"write {_command(word)}(…); for the product put blanks between the letters",
                    )
        return False

    def word(self, token: Token) -> str:
        """The name that is in ``\\mathrm{…}``."""
        name = "_".join(token.text.replace("-", " ").split())
        if not name.isidentifier() or name.startswith("__"):
            message = f"{shown(token.text)} is not a name" if token.text else "the name is empty"
            raise SyntaxFault(message, span=token.span, hint="letters, digits and _, a letter first")
        if _is_reserved(name):
            raise SyntaxFault(f"{shown(name)} is a keyword of Python", span=token.span, hint="choose another name")
        return canonical(name)

    def primed(self, name: str) -> str:
        """The name with the primes and stars behind it: ``x'``, ``x^*``, ``x^{\\prime}``."""
        while (token := self.mark()) is not None:
            name += "_prime" if token.kind == "'" else "_star"
        return name

    def mark(self) -> Token | None:
        """A prime or star that stands here, raised or not; it is read."""
        place = self.place + (self.token.kind == "^")
        braced = place > self.place and self.tokens[place].kind == "{" and self.matching.get(place) == place + 2
        token = self.tokens[place + braced]
        if token.kind not in ("'", "⋆") and (token.kind != "*" or place == self.place):
            return None
        self.place = place + 1 + 2 * braced
        return token

    def refuse_order(self) -> None:
        """Refuse what is raised in brackets behind a function: ``f^{(n)}`` is a derivative."""
        first = min(self.place + 2, len(self.tokens) - 1)
        last = self.matching.get(first - 1, first) - 1
        if self.tokens[first].kind == "(" and self.tokens[last].kind == ")":
            span = self.tokens[first].start, self.tokens[last].end
            hint = "derivatives are what the answer has: write the function alone"
            raise SyntaxFault("an order in brackets means a derivative", span=span, hint=hint)

    def behind_power(self) -> str:
        """What follows what is raised here: a subscript in ``x^2_1``, which is ``x_1^2``."""
        place = self.place + 1
        return self.tokens[self.matching.get(place, place) + 1].kind if self.tokens[place].kind else ""

    def subscript(self) -> tuple[int, int]:
        """The places of what is in a subscript, of which the ``_`` comes next."""
        first = self.place + 1
        token = self.tokens[first]
        if token.kind in ("", ";", "\\\\"):
            raise SyntaxFault(f"expected a subscript, found {said(token)}", span=token.span, hint=_SUBSCRIPT_HINT)
        if token.kind != "{":
            return first, first + 1
        closing = self.matching.get(first)
        if closing is None:
            raise SyntaxFault("`{` is not closed before the end of the text", span=token.span, hint="close it with }")
        return first + 1, closing

    def subscript_name(self) -> str:
        """What a subscript adds to a name; it is read."""
        self.place -= 1
        first, end = self.subscript()
        token = self.tokens[first]
        if token.kind == "number" and len(token.text) > 1 and self.tokens[first - 1].kind == "_":
            raise self.one_digit(self.tokens[first - 1], token)
        parts = [self.in_name(token) for token in self.tokens[first:end]]
        self.place = end + (self.tokens[first - 1].kind == "{")
        name = "".join(parts).strip("_")
        if not name or not f"x{name}".isidentifier():
            span = self.tokens[first].start, max(self.tokens[first].end, self.tokens[max(first, end - 1)].end)
            raise SyntaxFault("this subscript is neither a name nor an index", span=span, hint=_SUBSCRIPT_HINT)
        return name

    def in_name(self, token: Token) -> str:
        if token.kind in ("letter", "number"):
            return token.text
        if token.kind in ("word", "function") or (token.kind == "command" and token.text not in _NO_NAMES):
            return "_".join(token.text.replace("-", " ").split())
        if token.kind in _IN_NAMES:
            return _IN_NAMES[token.kind]
        raise SyntaxFault("this subscript is neither a name nor an index", span=token.span, hint=_SUBSCRIPT_HINT)

    def one_digit(self, before: Token, token: Token) -> SyntaxFault:
        sign = before.text if before.kind in ("^", "_") else ""
        return SyntaxFault(
            f"TeX takes only the first digit behind {said(before)}",
            span=token.span,
            hint=f"write {sign}{{{token.text}}}",
        )


def _command(word: str) -> str:
    """How LaTeX writes the function of a word."""
    return f"\\{word}" if word in STANDARD else f"\\operatorname{{{word}}}"


def _is_reserved(name: str) -> bool:
    return iskeyword(name) and name != "lambda"
