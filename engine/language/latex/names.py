"""Names: how LaTeX writes them, how requests send them, and which of them are known where the formula is read.

A name is a letter or a word, with what its accents, primes and subscript add: ``\\hat{y}_1'`` is ``y_hat_1_prime``, and
``\\sigma_{xy}`` is ``σ_xy``. An input may be sent under that name or with Greek letters spelled out (``sigma_xy``), and
with or without the line before digits (``x1``, ``x_1``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from keyword import iskeyword

from engine.errors import InvalidInput
from engine.language.latex.commands import LETTERS, OTHER_LETTERS
from engine.language.latex.rope import MATRIX, SCALAR, VECTOR

_NUMBERED = re.compile(r"([^\W\d_]+)([0-9]+)")


def canonical(name: str) -> str:
    """A name as formulas have it, whichever way it was sent.

    >>> canonical("sigma_xy"), canonical("x1"), canonical("lambda"), canonical("theta2_hat")
    ('σ_xy', 'x_1', 'λ', 'θ_2_hat')
    >>> canonical("Delta_x"), canonical("Δx")
    ('Δ_x', 'Δ_x')
    """
    parts: list[str] = []
    for part in name.split("_"):
        numbered = _NUMBERED.fullmatch(part)
        if part[0:1] == "Δ" and len(part) > 1:
            parts.append("Δ")
            part = part[1:]
        parts += numbered.groups() if numbered and not parts else [part]
    return "_".join(LETTERS.get(part, OTHER_LETTERS.get(part, part)) for part in parts)


class Names:
    """What names stand for: inputs by their sent names, variables and functions of the formula, parameters, indices.

    ``inputs`` gives the axes of each input; it is empty where the inputs are not known yet.
    """

    def __init__(self, inputs: Mapping[str, int]) -> None:
        self.inputs: dict[str, str] = {}
        for name in inputs:
            key = canonical(name)
            if key in self.inputs:
                message = f"inputs has two names that are one in LaTeX: {self.inputs[key]} and {name}"
                raise InvalidInput(message, hint="leave one of them out", pointer=f"/inputs/{name}")
            self.inputs[key] = name
        self.axes = {key: inputs[name] for key, name in self.inputs.items()}
        self.variables: dict[str, str] = {}
        self.functions: set[str] = set()
        self.returns: dict[str, str] = {}  # kinds by the names of functions, as the program spells them
        self.parameters: frozenset[str] = frozenset()
        self.indices: dict[str, Index] = {}
        self.countings: dict[str, Counting] = defaultdict(Counting)

    def spelled(self, name: str) -> str:
        """How the program spells a name: as it was sent, if it can be written so."""
        sent = self.inputs.get(name, name)
        return name if iskeyword(sent) else sent

    def renamed(self) -> dict[str, str]:
        """What the program spells otherwise than it was sent, because Python has a keyword of the name."""
        return {name: sent for name, sent in self.inputs.items() if iskeyword(sent)}

    def is_known(self, name: str) -> bool:
        """Whether an input, a variable, a parameter or an index has the name."""
        return name in self.inputs or name in self.variables or name in self.parameters or self.index(name) is not None

    def index(self, name: str) -> Index | None:
        """The index of a sum that the name is here."""
        return self.indices.get(name)

    def kind(self, name: str, bold: bool) -> str:
        """What a name is, as far as can be told."""
        by_face = (MATRIX if name[0].isupper() else VECTOR) if bold else ""
        if self.index(name):
            return SCALAR
        if name in self.parameters:
            return by_face
        if name in self.variables:
            return self.variables[name] or by_face
        if name in self.axes:
            return (SCALAR, VECTOR, MATRIX)[min(self.axes[name], 2)]
        return by_face


class Counting:
    """From where the elements of a tensor are counted: from 1, or from 0 where the formula has an element 0."""

    __slots__ = ("first",)

    def __init__(self) -> None:
        self.first = 1

    def meet(self, place: int) -> None:
        """Note that the formula has an element at this place."""
        self.first = min(self.first, place)


class Index:
    """The index of a sum or product: where it begins, if that is written as a number; of one without bounds, which
    tensors it is the index of, and how the program writes the length of the first."""

    __slots__ = ("bounded", "first", "length", "tensors")

    def __init__(self, first: int | None, bounded: bool) -> None:
        self.first = first
        self.bounded = bounded
        self.length = ""
        self.tensors: list[Counting] = []

    def agree(self) -> int:
        """Let all tensors of an index without bounds be counted alike, and say from where."""
        first = min(tensor.first for tensor in self.tensors)
        for tensor in self.tensors:
            tensor.first = first
        return first
