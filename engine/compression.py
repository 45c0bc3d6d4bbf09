"""How a sparse matrix of derivatives is had from few products with vectors: the seeds, and where each element is read.

Columns of one colour have no row in common, so one product with their sum has all their elements; for rows likewise. A
few full rows would give every column a colour of its own: they are taken apart and seeded from the other side. Of a
symmetric matrix an element can be read off its row or its column, whichever has it alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from engine.limits import Deadline
from engine.transform.coloring import column_colors, heavy, star_colors


class Sweep(NamedTuple):
    """Seeds from one side: ``colors`` says in which of ``length`` seeds each line is, -1 for none.

    ``entries`` are the elements of the pattern that are read off the products, ordered by colour, so that those of
    colour ``c`` are from ``bounds[c]`` to ``bounds[c + 1]``; ``places`` is where in the product each stands.
    """

    colors: Any
    length: int
    entries: Any
    bounds: Any
    places: Any

    def seeds(self, start: int, count: int) -> Any:
        """The seeds from one colour on, as rows."""
        return (self.colors == np.arange(start, start + count)[:, None]).astype(float)

    def read(self, products: Any, start: int, values: Any) -> None:
        """Take the elements off products with the seeds from one colour on."""
        for color, product in enumerate(products, start):
            here = slice(self.bounds[color], self.bounds[color + 1])
            values[self.entries[here]] = product[self.places[here]]


class Plan:
    """The pattern of a matrix, row by row, with the sweeps that find its elements.

    ``settled`` says that the pattern is the same for all values of the inputs. ``indices`` are those of the matrix's
    blocks as answers have them, by the blocks' names, once they have been made.
    """

    __slots__ = ("columns", "forward", "indices", "reverse", "rows", "settled")

    def __init__(self, rows: Any, columns: Any, forward: Sweep | None, reverse: Sweep | None, settled: bool) -> None:
        self.rows = rows
        self.columns = columns
        self.forward = forward
        self.reverse = reverse
        self.settled = settled
        self.indices: dict[Any, Any] = {}

    @property
    def mode(self) -> str:
        """Which way the seeds go."""
        return "mixed" if self.forward and self.reverse else "reverse" if self.reverse else "forward"

    @property
    def evaluations(self) -> int:
        """How many seeds there are."""
        return sum(sweep.length for sweep in (self.forward, self.reverse) if sweep)

    @property
    def nonzeros(self) -> int:
        """How many elements the pattern has."""
        return len(self.rows)


def jacobian_plan(pattern: Any, mode: str, settled: bool, deadline: Deadline) -> Plan:
    """The plan with the fewest seeds that few tries find; a ``mode`` but ``"auto"`` insists on one side.

    >>> arrow = sparse.csr_array(np.eye(9) + (np.arange(9) == 0) + (np.arange(9) == 0)[:, None])
    >>> plan = jacobian_plan(arrow, "auto", True, Deadline(1.0))
    >>> plan.mode, plan.evaluations
    ('mixed', 3)
    """
    rows, columns = _entries(pattern)
    by_rows, by_columns = np.bincount(rows), np.bincount(columns)
    tries = {
        ("forward", False): max(by_rows, default=0),
        ("reverse", False): max(by_columns, default=0),
        ("forward", True): _least_apart(by_rows),
        ("reverse", True): _least_apart(by_columns),
    }
    side, apart = min(tries, key=lambda way: tries[way]) if mode == "auto" else (mode, False)
    if side == "forward":
        full = heavy(by_rows) if apart else []
        forward, reverse = _sweeps(rows, columns, pattern.shape, np.isin(rows, full), deadline)
    else:
        full = heavy(by_columns) if apart else []
        reverse, forward = _sweeps(columns, rows, pattern.shape[::-1], np.isin(columns, full), deadline)
    return Plan(rows, columns, forward, reverse, settled)


def _least_apart(lengths: Any) -> int:
    """How many seeds it takes at least if the full rows are taken apart."""
    full = heavy(lengths)
    return len(full) + int(np.delete(lengths, full).max(initial=0))


def hessian_plan(pattern: Any, settled: bool, deadline: Deadline) -> Plan:
    """The plan of a symmetric matrix: seeds of its columns, each element read off the row or the column that has its
    colour once, and the two that mirror each other off the same place.

    >>> arrow = sparse.csr_array(np.eye(9) + (np.arange(9) == 0) + (np.arange(9) == 0)[:, None])
    >>> hessian_plan(arrow, True, Deadline(1.0)).evaluations
    2
    """
    rows, columns = _entries(pattern + pattern.T)
    colors = star_colors(sparse.csr_array((_ones(rows), (rows, columns)), shape=pattern.shape), deadline)
    count = int(colors.max(initial=-1)) + 1
    low, high = np.maximum(rows, columns), np.minimum(rows, columns)
    # How often the colour of an element's column is in its row: where it is not there alone, the mirrored one is.
    _, kind, met = np.unique(rows * count + colors[columns], return_inverse=True, return_counts=True)
    alone = sparse.csr_array((met[kind] == 1, (rows, columns)), shape=pattern.shape)
    straight = _at(alone, low, high)
    line, place = np.where(straight, high, low), np.where(straight, low, high)
    return Plan(rows, columns, _sweep(colors, count, line, place, np.ones(len(rows), dtype=bool)), None, settled)


def _at(matrix: Any, rows: Any, columns: Any) -> Any:
    return np.asarray(matrix[rows, columns]).ravel()


def _sweeps(
    rows: Any, columns: Any, shape: tuple[int, int], apart: Any, deadline: Deadline
) -> tuple[Sweep | None, Sweep | None]:
    """Seeds of coloured columns, but for the elements that stand ``apart``: those are read off seeds of their rows."""
    rest = ~apart
    colors = column_colors(sparse.csr_array((_ones(rows[rest]), (rows[rest], columns[rest])), shape=shape), deadline)
    count = int(colors.max(initial=-1)) + 1 if rest.any() else 0
    single = np.full(shape[0], -1)
    full = np.unique(rows[apart])
    single[full] = np.arange(len(full))
    return (
        _sweep(colors, count, columns, rows, rest) if count or not len(full) else None,
        _sweep(single, len(full), rows, columns, apart) if len(full) else None,
    )


def _sweep(colors: Any, count: int, lines: Any, places: Any, read: Any) -> Sweep:
    """The sweep that reads some elements, each off the seed of its line, at its place in the product."""
    entries = np.flatnonzero(read)
    of = colors[lines[entries]]
    order = np.argsort(of, kind="stable")
    entries = entries[order]
    return Sweep(colors, count, entries, np.searchsorted(of[order], np.arange(count + 1)), places[entries])


def _entries(pattern: Any) -> tuple[Any, Any]:
    """The rows and columns of a pattern's elements, row by row."""
    pattern = sparse.csr_array(pattern)
    pattern.sort_indices()
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    return rows, pattern.indices.astype(np.int64)


def _ones(rows: Any) -> Any:
    return np.ones(len(rows), dtype=bool)
