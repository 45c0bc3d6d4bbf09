"""Flip the sign of each rule of each row, one at a time: a test of that row must fail.

    python -m tests.mutants [NAME ...]     a line for each mutant; exit code 1 if one survives

The rules: each partial of an elementwise row (its literals 1 and -1 too; where there is none, nothing can be flipped),
the transposes of linear and bilinear rows, pull and push of explicit ones, and what a composition gives. A mutant is
made in the row itself and undone after; it is killed by the first check (`tests.engine.table.checks`) that fails.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.kinds import Bilinear, Composition, Elementwise, Explicit, Linear, Unknown
from tests.engine.table.checks import CHECKS
from tests.engine.table.samples import TABLE


@dataclass(frozen=True)
class Mutant:
    """A function of the table, which of its rules is flipped, and where that rule is kept."""

    name: str
    rule: str
    attribute: str
    place: int | None = None

    def __str__(self) -> str:
        return f"{self.name}, {self.rule}"

    @contextmanager
    def alive(self) -> Iterator[None]:
        """The table with this mutant in it."""
        holder = TABLE[self.name]
        kept = getattr(holder, self.attribute)
        if self.place is None:
            changed: Any = flipped(kept)
        else:
            changed = type(kept)(flipped(rule) if k == self.place else rule for k, rule in enumerate(kept))
        setattr(holder, self.attribute, changed)
        try:
            yield
        finally:
            setattr(holder, self.attribute, kept)


def flipped(rule: Callable[..., Any]) -> Callable[..., Any]:
    """The rule, and what it gives with the other sign."""
    return lambda *arguments, **params: negated(rule(*arguments, **params))


def negated(value: Any) -> Any:
    """Minus a value; of a list, of everything in it; of a function, of what it will give."""
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return type(value)(negated(part) for part in value)
    return flipped(value) if callable(value) and not hasattr(value, "shape") else -value


def listed() -> list[Mutant]:
    """Every mutant there is."""
    return [mutant for name, function in TABLE.items() for mutant in _of(name, function)]


def _of(name: str, function: Any) -> list[Mutant]:
    if isinstance(function, Elementwise):
        rules = [k for k, partial in enumerate(function.partials) if not isinstance(partial, Unknown | None)]
        return [Mutant(name, f"partial {k}", "steps", k) for k in rules]
    if isinstance(function, Linear):
        return [Mutant(name, "transpose", "transpose")]
    if isinstance(function, Bilinear):
        return [Mutant(name, "left", "transposes", 0), Mutant(name, "right", "transposes", 1)]
    if isinstance(function, Explicit):
        return [Mutant(name, "pull", "pull"), Mutant(name, "push", "push")]
    return [Mutant(name, "rule", "rule")] if isinstance(function, Composition) else []


def killer(mutant: Mutant) -> str | None:
    """The check that fails on it; ``None`` where it survives. A crash proves nothing, and is let through."""
    with mutant.alive():
        for check in CHECKS:
            try:
                check(mutant.name)
            except AssertionError:
                return check.__name__
    return None


def judged(mutant: Mutant) -> tuple[Mutant, str | None]:
    """A mutant with the check that kills it, in a process of its own."""
    warnings.simplefilter("error")
    return mutant, killer(mutant)


def main() -> int:
    started = time.monotonic()
    survivors = 0
    mutants = [mutant for mutant in listed() if not sys.argv[1:] or mutant.name in sys.argv[1:]]
    with multiprocessing.Pool() as pool:
        for mutant, by in pool.imap(judged, mutants):
            survivors += by is None
            print(f"{mutant!s:32} {'SURVIVED' if by is None else f'killed by {by}'}", flush=True)
    seconds = time.monotonic() - started
    print(
        f"{len(mutants)} mutants of {len({m.name for m in mutants})} functions: {survivors} survived ({seconds:.0f} s)"
    )
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
