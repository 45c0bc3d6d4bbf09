"""What one question may cost: budgets with their defaults, and the deadline.

Each limit is declared once, here, with its default and a sentence of help; the service's settings, its
documentation and the error that names a limit are made from this.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields
from typing import Any

from engine.errors import DeadlineExceeded, LimitExceeded


def _limit(default: float, help: str, unit: str) -> Any:
    return field(default=default, metadata={"help": help, "unit": unit})


_COUNTLESS = 10**18
"""What is more than this is told as this: numbers of any length can be asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The budget of one question; every field is a setting of the service too.

    >>> Limits(nodes=10).require("nodes", 12)
    Traceback (most recent call last):
        ...
    engine.errors.LimitExceeded: the program needs 12 nodes, and 10 are allowed
    """

    text: int = _limit(1_000_000, "Length of an expression.", "characters")
    nesting: int = _limit(200, "How deep brackets may nest in an expression.", "levels")
    nodes: int = _limit(800_000, "Operations and inputs of a graph; each takes some 320 bytes.", "nodes")
    elements: int = _limit(16_000_000, "Elements of any one tensor.", "elements")
    bytes: int = _limit(256 * 2**20, "Memory of all values and gradients together, by estimate.", "bytes")
    flops: float = _limit(2e10, "Floating-point operations, by estimate.", "floating-point operations")
    pieces: int = _limit(10_000, "Tensors that one call may give, or be made of one by one.", "pieces")
    steps: int = _limit(1_000_000, "Statements that a program may run, each as often as a loop runs it.", "steps")
    calls: int = _limit(10_000, "How deep a program's own functions may call each other.", "levels of calls")
    seconds: float = _limit(10.0, "Time that a question may take.", "seconds")

    def require(self, name: str, asked: float, hint: str | None = None) -> None:
        """Raise `LimitExceeded` where ``asked`` is more than the limit ``name`` allows."""
        allowed = getattr(self, name)
        if asked > allowed:
            asked = min(asked, _COUNTLESS)
            unit = next(f.metadata["unit"] for f in fields(self) if f.name == name)
            raise LimitExceeded(
                f"the program needs {asked:,.0f} {unit}, and {allowed:,.0f} are allowed",
                hint=hint,
                limit=name,
                asked=asked,
                allowed=allowed,
            )


DEFAULT_LIMITS = Limits()


class Deadline:
    """A moment after which work stops; walks over a graph look at it between operations."""

    __slots__ = ("expires", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.expires = time.monotonic() + seconds

    def check(self) -> None:
        """Raise `DeadlineExceeded` where the moment has passed."""
        if time.monotonic() > self.expires:
            raise DeadlineExceeded(
                f"the answer was not ready after {self.seconds:g} seconds",
                hint="ask a smaller question: fewer elements, fewer inputs in wrt, or a shorter program",
            )
