"""Colours of columns: those of one colour have no row in common, so that one product with their sum gives them all.

A. R. Curtis, M. J. D. Powell and J. K. Reid, "On the estimation of sparse Jacobian matrices" (1974), for columns and
rows; A. H. Gebremedhin, F. Manne and A. Pothen, "What color is your Jacobian?" (2005), for both together and for
symmetric matrices, where a star colouring lets one entry be read off its row or its column.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from engine.limits import Deadline

NOT_COLORED = -1
_TRIES = 4
"""So many more colours than are needed at least are tried one after the other down the columns."""

_SELDOM = 4095
"""The deadline is looked at whenever so many columns have been coloured."""


def column_colors(pattern: Any, deadline: Deadline) -> Any:
    """A colour for each column of a sparse matrix such that no row has two elements of one colour.

    >>> tridiagonal = sparse.csr_array(np.tri(5, k=1) - np.tri(5, k=-2))
    >>> column_colors(tridiagonal, Deadline(1.0)).tolist()
    [0, 1, 2, 0, 1]
    """
    pattern = sparse.csr_array(pattern)
    least = fullest(pattern)
    for count in range(max(least, 1), least + _TRIES):
        colors = np.arange(pattern.shape[1]) % count
        if _is_valid(pattern, colors, count):
            return colors
    return _greedy(pattern, deadline)


def fullest(pattern: Any) -> int:
    """The most elements of a row: so many colours are needed at least."""
    return int(np.diff(pattern.indptr).max(initial=0))


def _is_valid(pattern: Any, colors: Any, count: int) -> bool:
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    met = np.bincount(rows * count + colors[pattern.indices], minlength=1)
    return bool(met.max(initial=0) <= 1)


def _greedy(pattern: Any, deadline: Deadline) -> Any:
    """For each column in turn the first colour that none of its rows has yet; the colours of a row are bits."""
    columns = sparse.csc_array(pattern)
    starts, rows = columns.indptr.tolist(), columns.indices.tolist()
    taken = [0] * pattern.shape[0]
    colors = []
    for j in range(pattern.shape[1]):
        mine = rows[starts[j] : starts[j + 1]]
        seen = 0
        for i in mine:
            seen |= taken[i]
        bit = ~seen & (seen + 1)
        for i in mine:
            taken[i] |= bit
        colors.append(bit.bit_length() - 1)
        if j & _SELDOM == _SELDOM:
            deadline.check()
    return np.array(colors, dtype=np.int64)


def heavy(lengths: Any) -> Any:
    """The rows that are better done one by one, so that the others need few colours; the fullest first.

    So many are taken that their number and the length of the longest of the others are least together.

    >>> heavy(np.array([2, 100, 3, 2])).tolist(), heavy(np.array([3, 3, 3])).tolist()
    ([1], [])
    """
    order = np.argsort(-lengths, kind="stable")
    bounds = np.arange(len(lengths) + 1) + np.append(lengths[order], 0)
    return order[: int(np.argmin(bounds))]


def star_colors(pattern: Any, deadline: Deadline) -> Any:
    """A colour for each column of a symmetric matrix: no two neighbours have the same, and no path of four columns has
    only two.

    >>> arrow = sparse.csr_array(np.eye(5) + (np.arange(5) == 0) + (np.arange(5) == 0)[:, None])
    >>> star_colors(arrow, Deadline(1.0)).tolist()
    [0, 1, 1, 1, 1]
    """
    pattern = sparse.csr_array(pattern + sparse.eye_array(pattern.shape[0], dtype=bool))  # each is beside itself
    hubs = heavy(np.diff(pattern.indptr))
    kept = np.ones(pattern.shape[0], dtype=bool)
    kept[hubs] = False
    colors = np.empty(pattern.shape[0], dtype=np.int64)
    colors[hubs] = np.arange(len(hubs))  # a colour that only one column has is on no such path
    others = np.flatnonzero(kept)
    rest = pattern if len(hubs) == 0 else pattern[others][:, others]
    colors[others] = len(hubs) + _stars(sparse.csr_array(rest), deadline)
    return colors


def _stars(pattern: Any, deadline: Deadline) -> Any:
    """Down the columns where as few colours do as any three on a path need, else greedily."""
    count = max(fullest(pattern), 1)
    evenly = np.arange(pattern.shape[0]) % count
    if count <= _FEWEST and _is_valid(pattern, evenly, count):
        return evenly
    return _greedy_stars(pattern, deadline)


_FEWEST = 3


def _greedy_stars(pattern: Any, deadline: Deadline) -> Any:
    """Algorithm 4.1 of Gebremedhin, Manne and Pothen: the first colour that closes no path of two colours."""
    starts, indices = pattern.indptr.tolist(), pattern.indices.tolist()
    count = pattern.shape[0]
    neighbours = [[j for j in indices[starts[i] : starts[i + 1]] if j != i] for i in range(count)]
    colors = [NOT_COLORED] * count
    for v in range(count):
        taken = 0
        for w in neighbours[v]:
            of_w = colors[w]
            if of_w >= 0:
                taken |= 1 << of_w
            for x in neighbours[w]:
                of_x = colors[x]
                if of_x < 0 or x == v or taken >> of_x & 1:
                    continue
                if of_w < 0 or _closes(neighbours[x], colors, w, of_w):
                    taken |= 1 << of_x
        colors[v] = (~taken & (taken + 1)).bit_length() - 1
        if v & _SELDOM == _SELDOM:
            deadline.check()
    return np.array(colors, dtype=np.int64)


def _closes(neighbours: list[int], colors: list[int], w: int, color: int) -> bool:
    """Whether a column has another neighbour than ``w`` of the colour that it has."""
    return any(y != w and colors[y] == color for y in neighbours)
