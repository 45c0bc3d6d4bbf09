"""A question to both systems, and what questions are made of: tensors scattered over intervals, weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data" / "torch"


DEFAULTS = {"torch": None, "dtype": "float64", "ours": None, "atol": 0.0, "along": None, "order": 0, "map": None}
"""Of a question, beside the expression and its inputs: what the record leaves out."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question to both systems; ``torch`` is PyTorch's spelling where it is not ours.

    ``inputs`` are of the element type ``dtype`` unless they state their own (`typed`). ``ours`` holds a reason, and
    what is expected instead of what PyTorch says. ``atol`` is for figures that are zero but for rounding. The Jacobian
    and the Hessian are recorded where they are small and not declined.

    ``along`` are directions, one for each input, in which products are recorded: the Jacobian's, and of a scalar the
    Hessian's. Of a scalar of one scalar the derivatives up to ``order`` are; ``map`` are the inputs whose leading axis
    holds points, at each of which the expression is asked for by itself.
    """

    expression: str
    inputs: dict[str, Any]
    torch: str | None = None
    dtype: str = "float64"
    ours: dict[str, Any] | None = None
    atol: float = 0.0
    jacobian: bool = True
    hessian: bool = True
    along: dict[str, Any] | None = None
    order: int = 0
    map: list[str] | None = None

    def question(self) -> dict[str, Any]:
        """The part of the record that does not come from PyTorch."""
        asked: dict[str, Any] = {"expression": self.expression, "inputs": self.inputs}
        for name, default in DEFAULTS.items():
            if getattr(self, name) != default:
                asked[name] = getattr(self, name)
        return encoded(asked)  # type: ignore[no-any-return]


def typed(dtype: str, data: Any) -> dict[str, Any]:
    """An input with an element type of its own."""
    return {"data": data, "dtype": dtype}


def spread(*shape: int, low: float = -2.0, high: float = 2.0, seed: int = 0) -> Any:
    """A tensor of a shape, as nested lists: numbers of four decimals scattered evenly over an interval.

    >>> spread(2, 2)
    [[0.4721, -1.0557], [1.4164, -0.1115]]
    """
    golden = (math.sqrt(5) - 1) / 2
    numbers = (round(low + (high - low) * ((k * golden + 0.37 * seed) % 1), 4) for k in count(1))
    return _nested(shape, numbers)


def weights(*shape: int) -> Any:
    """An upstream gradient of a shape: no two neighbours alike, and no zeros.

    >>> weights(4)
    [0.5, -0.75, 1.0, -1.25]
    """
    return _nested(shape, ((0.5 + 0.25 * (k % 5)) * (-1) ** k for k in count()))


def _nested(shape: tuple[int, ...], numbers: Iterator[float]) -> Any:
    return [_nested(shape[1:], numbers) for _ in range(shape[0])] if shape else next(numbers)


def diagonal(entries: list[float]) -> list[list[float]]:
    """A diagonal matrix."""
    return [[entry if i == j else 0.0 for j in range(len(entries))] for i, entry in enumerate(entries)]


def encoded(value: Any) -> Any:
    """What JSON can hold: infinities, nan and complex numbers as text."""
    if isinstance(value, complex):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {name: encoded(item) for name, item in value.items()}
    return [encoded(item) for item in value] if isinstance(value, (list, tuple)) else value


def decoded(value: Any) -> Any:
    """What `encoded` was given: text in a tensor's place is a number."""
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if not isinstance(value, str):
        return value
    return complex(value) if "j" in value else float(value)


@dataclass
class Group:
    """Cases of one kind, recorded in a file of their own.

    ``names`` are functions that PyTorch has under another name or in another form: a text that is looked up in
    PyTorch (``"linalg.det"``), or a function that takes ``torch`` and gives the function.
    """

    name: str
    names: dict[str, str | Callable[[Any], Callable[..., Any]]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def case(self, expression: str, inputs: dict[str, Any], torch: str | None = None, **facts: Any) -> None:
        """Add a case."""
        self.cases.append(Case(expression, inputs, torch, **facts))

    @property
    def data(self) -> Path:
        """Where its figures are recorded."""
        return FOLDER / f"{self.name}.json"
