"""What one question may cost: budgets with their defaults, and the deadline.

Each limit is declared once, here, with its default and a sentence of help; the service's settings, its
documentation and the error that names a limit are made from this.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from typing import Any

from engine.errors import DeadlineExceeded, LimitExceeded


def _limit(default: float, help: str, unit: str, remedy: str) -> Any:
    return field(default=default, metadata={"help": help, "unit": unit, "remedy": remedy})


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

    text: int = _limit(
        1_000_000,
        "Length of an expression.",
        "characters",
        "send numbers in inputs, and write what repeats as a loop or a function",
    )
    latex: int = _limit(
        100_000,
        "Length of a formula in LaTeX.",
        "characters",
        "write it in the language of expressions, in statements",
    )
    nesting: int = _limit(
        200,
        "How deep brackets may nest in an expression.",
        "levels",
        "give the inner parts names, in statements of their own, or make functions of them",
    )
    nodes: int = _limit(
        800_000,
        "Operations and inputs of a graph; each takes some 320 bytes.",
        "nodes",
        "calculate with whole tensors in place of loops over their elements",
    )
    elements: int = _limit(
        16_000_000,
        "Elements of any one tensor.",
        "elements",
        "make tensors smaller, or sum over a part at a time",
    )
    bytes: int = _limit(
        256 * 2**20,
        "Memory of all values and gradients together, by estimate.",
        "bytes",
        "make tensors smaller, or take fewer steps",
    )
    flops: float = _limit(
        2e10,
        "Floating-point operations, by estimate.",
        "floating-point operations",
        "make tensors smaller, or take fewer steps",
    )
    pieces: int = _limit(
        10_000,
        "Tensors that one call may give, or be made of one by one.",
        "pieces",
        "keep them in one tensor: a = zeros(n), and a[i] = v",
    )
    steps: int = _limit(
        1_000_000,
        "Statements that a program may run, each as often as a loop runs it.",
        "steps",
        "let the loop end sooner, or calculate with whole tensors",
    )
    calls: int = _limit(
        10_000,
        "How deep a program's own functions may call each other.",
        "levels of calls",
        "let the function return without calling itself at some point, or write a loop",
    )
    order: int = _limit(
        170,
        "Order of a derivative; the factorial of 171 is beyond the doubles.",
        "orders",
        "ask for a lower order",
    )
    seconds: float = _limit(
        10.0,
        "Time that a question may take.",
        "seconds",
        "ask a smaller question: fewer elements, fewer inputs in wrt, or a shorter program",
    )

    def require(self, name: str, asked: float, hint: str | None = None) -> None:
        """Raise `LimitExceeded` where ``asked`` is more than the limit ``name`` allows."""
        allowed = getattr(self, name)
        if asked > allowed:
            asked = min(asked, _COUNTLESS)
            facts = _facts(name)
            raise LimitExceeded(
                f"the program needs {asked:,.0f} {facts['unit']}, and {allowed:,.0f} are allowed",
                hint=hint or facts["remedy"],
                limit=name,
                asked=asked,
                allowed=allowed,
            )


def _facts(name: str) -> Mapping[str, Any]:
    """What is declared of a limit."""
    return next(f.metadata for f in fields(Limits) if f.name == name)


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
                hint=_facts("seconds")["remedy"],
            )

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this lasts, an operation that takes long looks at this deadline: `Deadline.under_way`."""
        token = _UNDER_WAY.set(self)
        try:
            yield
        finally:
            _UNDER_WAY.reset(token)

    @staticmethod
    def under_way() -> Deadline:
        """The deadline of the walk that an operation is part of; outside of any, one of its own.

        For operations that are walks themselves: rules and values of a row are given no deadline.

        >>> deadline = Deadline(5)
        >>> with deadline.watching():
        ...     Deadline.under_way() is deadline
        True
        """
        return _UNDER_WAY.get() or Deadline(DEFAULT_LIMITS.seconds)


_UNDER_WAY: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
