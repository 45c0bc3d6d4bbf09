"""A text changed in some places: pieces left out, doubled, swapped, taken from another text; lines put into loops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from tests.fuzz.grammar import ATTRIBUTES, FUNCTIONS, INFIX, NAMES, NUMBERS, OFTEN, Grammar

_PIECES = re.compile(r"\\?\w+|[ \t]+|\s|[^\w\s]")
_WORDS = (*NAMES, *NUMBERS, *INFIX, *OFTEN, *ATTRIBUTES, *"()[]{}:,;=.#\\'\"", "\n", "\n    ", "for i in range(3):",
          "if x:", "else:", "lambda: ", "return ", "def f(x):", " if x else ", "√", "²", "⁻¹", "π", "·", "∑", "\u200b",
          "\ufeff", "\x00", "__", "é", "𝒙")  # fmt: skip
_COMMANDS = (
    *(r"\frac", r"\sum_{i=1}^{n}", r"\prod", r"\sqrt", r"\left(", r"\right)", r"\begin{pmatrix}", r"\end{pmatrix}"),
    *("&", r"\\", "_", "^", "{", "}", "|", r"\|", r"\cdot", r"\sin", r"\log", r"\mathrm", r"\text", r"\int", r"\,"),
    *(r"\operatorname", r"\lim", r"\begin{cases}", r"\end{cases}", r"\partial", r"\infty", r"\binom", r"\max", "^{-1}"),
    *("^T", r"\bar", "!", "%", "~"),
)  # fmt: skip
_HEADINGS = ("for k in range(4):", "while x < 9:", "if x > 0:", "def f(x):", "for t in v:")


class Mutation:
    """Changes texts with the choices of ``random``; ``others`` are what parts can be taken from."""

    def __init__(self, random: Random, others: Sequence[str], syntax: str = "python") -> None:
        self.random = random
        self.others = others
        self.words = _WORDS if syntax == "python" else (*_COMMANDS, *_COMMANDS, *_WORDS)
        self.grammar = Grammar(random)
        self.ways = [self.drop, self.double, self.swap, self.put, self.replace, self.splice]
        self.ways += [self.alike] * 5
        self.ways += [self.wrap, self.line, self.line, self.nest, self.repeat] if syntax == "python" else [self.brace]

    def change(self, text: str, most: int = 2_000) -> str:
        """The text after one to three changes."""
        pieces = _PIECES.findall(text) or ["x"]
        for _ in range(self.random.choice((1, 1, 1, 1, 2, 2, 3))):
            pieces = self.random.choice(self.ways)(pieces) or ["x"]
        return "".join(pieces)[:most]

    def _place(self, pieces: list[str]) -> int:
        return self.random.randrange(len(pieces))

    def drop(self, pieces: list[str]) -> list[str]:
        at = self._place(pieces)
        return pieces[:at] + pieces[at + self.random.choice((1, 1, 2, 5)) :]

    def double(self, pieces: list[str]) -> list[str]:
        at = self._place(pieces)
        end = at + self.random.randint(1, 6)
        return pieces[:end] + pieces[at:end] * self.random.choice((1, 1, 2, 30)) + pieces[end:]

    def swap(self, pieces: list[str]) -> list[str]:
        i, j = self._place(pieces), self._place(pieces)
        pieces[i], pieces[j] = pieces[j], pieces[i]
        return pieces

    def put(self, pieces: list[str]) -> list[str]:
        at = self._place(pieces)
        return [*pieces[:at], self.random.choice(self.words), *pieces[at:]]

    def replace(self, pieces: list[str]) -> list[str]:
        pieces[self._place(pieces)] = self.random.choice((self.random.choice(self.words), self.grammar.expression(1)))
        return pieces

    def alike(self, pieces: list[str]) -> list[str]:
        """Another name for a name, another number for a number, another operator for an operator."""
        places = [i for i, piece in enumerate(pieces) if not piece.isspace() and piece not in "()[]{}:,"]
        if places:
            at = self.random.choice(places)
            piece, choose = pieces[at], self.random.choice
            if piece.isdecimal():
                pieces[at] = choose(NUMBERS) if choose((True, False)) else str(int(piece[:9]) + choose((-1, 1)))
            elif piece.isidentifier():
                pieces[at] = choose(
                    (choose(pieces), choose(NAMES), choose(OFTEN), choose(FUNCTIONS), choose(self.words))
                )
            else:
                pieces[at] = choose(INFIX)
        return pieces

    def line(self, pieces: list[str]) -> list[str]:
        """A line of another text, or a new one, beside a line of this and as far indented."""
        lines = "".join(pieces).split("\n")
        at = self._place(lines)
        indent = re.match(r"\s*", lines[at])
        new = self.grammar.statement(1)
        if self.random.random() < 0.5:
            new = [self.random.choice(self.random.choice(self.others).split("\n")).strip()]
        new = [(indent[0] if indent else "") + line for line in new]
        return _PIECES.findall("\n".join([*lines[:at], *new, *lines[at:]]))

    def splice(self, pieces: list[str]) -> list[str]:
        other = _PIECES.findall(self.random.choice(self.others)) or ["x"]
        at, place = self._place(pieces), self._place(other)
        return pieces[:at] + other[place : place + self.random.randint(1, 20)] + pieces[at:]

    def wrap(self, pieces: list[str]) -> list[str]:
        """Put some lines under a loop, a condition or a function."""
        lines = "".join(pieces).split("\n")
        at = self._place(lines)
        end = at + self.random.randint(1, 3)
        inner = ["  " + line for line in lines[at:end]]
        return _PIECES.findall("\n".join([*lines[:at], self.random.choice(_HEADINGS), *inner, *lines[end:]]))

    def nest(self, pieces: list[str]) -> list[str]:
        """Put a part into brackets, a call, a lambda or a comprehension, perhaps many times."""
        at = self._place(pieces)
        end = at + self.random.randint(1, 8)
        before, after = self.random.choice(
            (("(", ")"), ("[", "]"), ("list(", ")"), ("enumerate(", ")"), ("zip(", ")"), ("(lambda: ", ")()"),
             ("[", " for i in range(2)]"), ("sum(", ")"), ("-", ""), ("(", ",)"), ("reversed(", ")"), ("(", ".T)"))
        )  # fmt: skip
        times = self.random.choice((1, 1, 1, 2, 5, 70))
        return [*pieces[:at], before * times, *pieces[at:end], after * times, *pieces[end:]]

    def brace(self, pieces: list[str]) -> list[str]:
        at = self._place(pieces)
        end, times = at + self.random.randint(1, 5), self.random.choice((1, 1, 2, 70))
        before = self.random.choice(("{", r"\sqrt{", r"\left({", r"\frac{x}{", "x^{"))
        return [*pieces[:at], before * times, *pieces[at:end], "}" * times, *pieces[end:]]

    def repeat(self, pieces: list[str]) -> list[str]:
        """The whole text again, or a line of it many times."""
        lines = "".join(pieces).split("\n")
        at = self._place(lines)
        return _PIECES.findall(
            "\n".join(lines[: at + 1] + [lines[at]] * self.random.choice((1, 2, 50)) + lines[at + 1 :])
        )
