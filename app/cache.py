"""Expressions parsed before, kept for the next time: the least recently used goes first."""

from collections import OrderedDict
from threading import Lock

import engine

Key = tuple[str, str, str, str]
"""The text, the dtype of inputs that state none, the convention, and what the text is written in."""


class Cache:
    """Problems by text, bounded by their number and the length of their texts together.

    Threads may share it, and the problems in it: a problem keeps its last graph, and is not changed otherwise.
    """

    def __init__(self, limits: engine.Limits, entries: int, characters: int) -> None:
        self._limits = limits
        self._entries = entries
        self._characters = characters
        self._held = 0
        self._problems: OrderedDict[Key, engine.Problem] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._problems)

    def problem(self, expression: str, dtype: str, convention: str = "torch", syntax: str = "python") -> engine.Problem:
        """The problem of a text, parsed now or before. Raises what the engine's parser raises."""
        key = expression, dtype, convention, syntax
        with self._lock:
            problem = self._problems.get(key)
            if problem is not None:
                self._problems.move_to_end(key)
                return problem
        problem = engine.Problem(expression, self._limits, dtype, convention, syntax)
        self._keep(key, problem)
        return problem

    def _keep(self, key: Key, problem: engine.Problem) -> None:
        if len(key[0]) > self._characters:
            return
        with self._lock:
            if key not in self._problems:
                self._held += len(key[0])
            self._problems[key] = problem
            while len(self._problems) > self._entries or self._held > self._characters:
                (text, *_), _ = self._problems.popitem(last=False)
                self._held -= len(text)
