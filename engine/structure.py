"""What a linear map does with elements: found by running it and its transpose on numbers that stand for them.

Most linear rows move elements, sum groups of them, or do both (a product of matrices sums over an axis and repeats the
result along another). Run on the numbers 1, 2, 3, …, a map that moves elements gives for each place the number of the
element that it comes from. Its transpose does so for a map that only sums. Random numbers tell whether that is all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from engine.namespace import Rule
from engine.shapes import Shape, size

_SURE = 1e-9
"""Two sums of the same random numbers differ by less than this, those of others by more."""

_PROBED = 2**21
"""A map of no such structure is written out by unit vectors, where it has at most so many pairs of elements."""


class Map(NamedTuple):
    """Elements are summed in groups, and the sums are put in places.

    ``sums`` is a sparse matrix with a row for each group; ``None`` says that each element is a group of its own.
    ``source`` is the group in each place of the result, -1 for nothing; ``None`` says that the groups are in order.
    """

    sums: Any
    source: Any


def structure(given: Shape, result: Shape, forth: Rule, back: Rule) -> Map | None:
    """The structure of a linear map from one shape to another, with ``back`` its transpose; None where it has none.

    >>> turned = structure((2, 2), (2, 2), np.transpose, np.transpose)
    >>> turned.sums, turned.source.tolist()
    (None, [0, 2, 1, 3])
    >>> rows = structure((2, 2), (2,), lambda x: x.sum(1), lambda ct: np.broadcast_to(ct[:, None], (2, 2)))
    >>> rows.sums.toarray().astype(int).tolist(), rows.source
    ([[1, 1, 0, 0], [0, 0, 1, 1]], None)
    """
    inputs, outputs = size(given), size(result)
    if not inputs:
        return Map(None, np.full(outputs, -1))

    def run(v: Any) -> Any:
        return np.ravel(forth(v.reshape(given)))

    def run_back(v: Any) -> Any:
        return np.ravel(back(v.reshape(result)))

    ones = run(np.ones(inputs))
    moved = _traced(run, ones, inputs)
    if moved is not None:
        return Map(None, moved)
    summed = _traced(run_back, run_back(np.ones(outputs)), outputs)
    if summed is not None:
        return Map(_groups(summed, outputs), None)
    group, count = _alike(run_back(_random(outputs)))
    source = _traced(lambda v: run(np.append(v, 0.0)[group]), ones, count)
    if source is not None:
        return Map(_groups(group, count), source)
    return Map(_written_out(run, inputs, outputs), None) if inputs * outputs <= _PROBED else None


def _groups(group: Any, count: int) -> Any:
    """The matrix that sums groups: of each element the number of its group, -1 for none."""
    kept = np.flatnonzero(group >= 0)
    return sparse.csr_array((np.ones(len(kept), dtype=bool), (group[kept], kept)), shape=(count, len(group)))


def _written_out(run: Rule, inputs: int, outputs: int) -> Any:
    """The matrix of a map, unit vector by unit vector."""
    columns = np.zeros((outputs, inputs), dtype=bool)
    for k in range(inputs):
        columns[:, k] = run(_unit(k, inputs)) != 0
    return sparse.csr_array(columns)


def _unit(k: int, length: int) -> Any:
    unit = np.zeros(length)
    unit[k] = 1.0
    return unit


def _traced(run: Rule, ones: Any, count: int) -> Any:
    """Which one of so many elements each place has a multiple of, -1 where it has nothing; None where it has more.

    ``ones`` is what the map makes of ones.
    """
    found = run(np.arange(1.0, count + 1.0))
    filled = ones != 0
    scale = np.where(filled, ones, 1.0)
    places = np.where(filled, np.rint(found / scale), 0).astype(np.int64) - 1
    if np.any((places >= count) | ((places < 0) & filled)):
        return None
    random = _random(count)
    expected = np.where(filled, np.append(random, 0.0)[places] * scale, 0.0)
    return places if np.allclose(run(random), expected, rtol=_SURE, atol=0.0) else None


def _alike(sums: Any) -> tuple[Any, int]:
    """Numbers in groups of equal ones, and how many groups there are; those that are zero are in none."""
    order = np.argsort(sums, kind="stable")
    ranked = sums[order]
    steps = np.diff(ranked, prepend=ranked[:1]) > _SURE * np.abs(ranked)
    group = np.empty(len(sums), dtype=np.int64)
    group[order] = np.cumsum(steps)
    zero = sums == 0
    _, dense = np.unique(group[~zero], return_inverse=True)
    group[~zero], group[zero] = dense, -1
    return group, int(dense.max(initial=-1)) + 1


def _random(count: int) -> Any:
    """The same ones every time, between 1 and 2."""
    return np.random.default_rng(count).uniform(1.0, 2.0, count)
