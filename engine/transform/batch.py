"""Many values at once: a namespace over values that carry a batch along axis 0.

`Batch` wraps another namespace. A rule run with it sees the shapes of a single value; rows that meet a batched
operand go by their batch rule, all others go straight to the namespace below. A backward pass with batched
seeds over plain values is thus the whole Jacobian in one pass, in which nothing is computed twice that the
seeds have in common. A batch may lie on top of another one: a value of the upper one holds values of the lower.
"""

from __future__ import annotations

from typing import Any

from engine.kinds import Primitive
from engine.namespace import Namespace, Operators, Rule
from engine.shapes import Shape


class Batched(Operators):
    """A value with a batch along axis 0."""

    __slots__ = ("space", "value")

    def __init__(self, space: Batch, value: Any) -> None:
        self.space = space
        self.value = value

    @property
    def shape(self) -> Shape:
        """The shape of one value of the batch."""
        return self.space.below.shape(self.value)[1:]  # type: ignore[no-any-return]

    @property
    def dtype(self) -> Any:
        return self.value.dtype


class Batch(Namespace):
    """``F`` over `Batched` values of one ``length``, on top of the namespace ``below``."""

    def __init__(self, below: Any, length: int) -> None:
        self.below = below
        self.length = length
        self.level = below.level + 1

    def primitive(self, row: Primitive) -> Rule:
        plain_row = getattr(self.below, row.name)

        def apply(*xs: Any, **params: Any) -> Any:
            flags = [isinstance(x, Batched) and x.space is self for x in xs]
            if not any(flags):
                return plain_row(*xs, **params)
            bound = row.bind([self.shape(x) for x in xs], params)
            plain = [x.value if b else x for x, b in zip(xs, flags, strict=True)]
            return Batched(self, row.batch(self.below, self.length, plain, flags, bound))

        return apply
