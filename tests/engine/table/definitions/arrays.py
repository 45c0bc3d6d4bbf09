"""What reductions, scans, orderings and shapes mean."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact


def _targets(index: Any, axis: int, shape: Any) -> Any:
    """For each place of an index, the place in a tensor of a shape that it names."""
    for place in np.ndindex(index.shape):
        target = list(place)
        target[axis] = int(index[place]) % shape[axis]
        yield place, tuple(target)


def _gather(x: Any, index: Any, axis: int) -> Any:
    result = np.empty(index.shape, dtype=object)
    for place, target in _targets(index, axis, x.shape):
        result[place] = x[target]
    return result


def _unpick(v: Any, index: Any, axis: int, shape: Any) -> Any:
    result = np.full(shape, mpmath.mpf(0), dtype=object)
    for place, target in _targets(index, axis, shape):
        result[target] += v[place]
    return result


def _places(index: Any, length: int) -> Any:
    whole = [int(mpmath.nint(i)) for i in np.ravel(index)]
    return np.array([i + length if i < 0 else i for i in whole], dtype=object).reshape(np.shape(index))


DEFINITIONS: dict[str, Exact] = {
    "places": _places,
    "pick": _gather,
    "gather": _gather,
    "unpick": _unpick,
}
