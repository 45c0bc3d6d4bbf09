"""What a call gives where that is more than one tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engine.errors import WrongArguments
from engine.graph import Node
from engine.kinds import Function


class Results(tuple[Any, ...]):
    """What a function of several results gave. They are had by their places, and by the names that it has for them."""

    function: str
    names: tuple[str, ...]

    def __new__(cls, function: Function, parts: Iterable[Any]) -> Results:
        results = super().__new__(cls, parts)
        results.function = function.name
        results.names = function.results if len(function.results) == len(results) else ()
        return results


class Paired:
    """What ``torch.max(x, dim=1)`` gives: the values, which is what it means alone, with their places beside them.

    The places are made when somebody asks. ``doubtful`` is a call that NumPy and PyTorch spell alike and mean
    otherwise, ``x.max(1)``: as values it is understood, and its parts are refused.
    """

    __slots__ = ("doubtful", "function", "make_indices", "values")
    names = ("values", "indices")

    def __init__(self, function: str, values: Node, make_indices: Callable[[], Node], doubtful: bool) -> None:
        self.function = function
        self.values = values
        self.make_indices = make_indices
        self.doubtful = doubtful

    def part(self, place: int) -> Node:
        """The values, or their places. Raises `WrongArguments` where it is in doubt which are meant."""
        if self.doubtful:
            raise WrongArguments(
                f"x.{self.function}(axis) gives values and places in PyTorch, and values alone in NumPy",
                hint=f"write x.{self.function}(dim=1) for PyTorch's, x.{self.function}(axis=1) for NumPy's",
            )
        return self.make_indices() if place % 2 else self.values
