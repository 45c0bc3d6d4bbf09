"""Tensors in coordinates, as the tests read them: `engine.Sparse` taken at its word."""

from __future__ import annotations

from typing import Any

import numpy as np


def entries(sparse: Any) -> set[tuple[int, ...]]:
    """Its places, each there once and within its shape."""
    assert sparse.indices.dtype == np.int64
    assert sparse.indices.shape == (len(sparse.shape), len(sparse.values))
    places = [tuple(place) for place in sparse.indices.T.tolist()]
    assert len(set(places)) == len(places)
    assert all(0 <= i < length for place in places for i, length in zip(place, sparse.shape, strict=True))
    return set(places)


def dense(sparse: Any) -> Any:
    """All of it, with zeros where it has no place."""
    entries(sparse)
    found = np.zeros(sparse.shape, dtype=sparse.values.dtype)
    for place, value in zip(sparse.indices.T, sparse.values, strict=True):
        found[tuple(place)] = value
    return found
