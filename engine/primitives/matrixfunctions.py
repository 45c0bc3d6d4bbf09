"""Functions of a square matrix that are power series: the exponential.

The derivative of f along E is a block of f itself: f of [[A, E], [0, A]] has it in its upper right corner, whatever the
order (R. Mathias, "A chain rule for matrix functions and applications", 1996).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg

from engine.kinds import Explicit, explicit
from engine.primitives.matrix import MATRICES, cubic, square_shape, stacked, transposed


def _along(F: Any, name: str, x: Any, direction: Any) -> Any:
    """The derivative of a matrix function along a direction, by its block."""
    n = F.shape(x)[-1]
    rank = len(F.shape(x))
    zero = F.cast(F.broadcast_to(0.0, shape=F.shape(x)), dtype=F.dtype(x))
    top = F.concatenate(x, direction, axis=rank - 1)
    bottom = F.concatenate(zero, x, axis=rank - 1)
    whole = getattr(F, name)(F.concatenate(top, bottom, axis=rank - 2))
    return F.index(whole, key=(Ellipsis, slice(0, n), slice(n, 2 * n)))


def _series(name: str, value: Callable[[Any], Any], **facts: Any) -> Explicit:
    return explicit(
        f"{name}(x)",
        pull=lambda F, ct, y, x: [_along(F, name, transposed(F, x), ct)],
        push=lambda F, ts, y, x: _along(F, name, x, ts[0]),
        workspace=8,
        numpy=value,
        shape=square_shape,
        batch=stacked(name),
        examples=MATRICES,
        complex=True,
        **facts,
    )


def _expm(x: Any) -> Any:
    """The exponential of each matrix; nan where it has entries that are not finite."""
    finite = np.isfinite(x).all(axis=(-2, -1), keepdims=True)
    return np.where(finite, scipy.linalg.expm(np.where(finite, x, 0)), np.array(np.nan, dtype=x.dtype))


matrix_exp = _series(
    "matrix_exp",
    _expm,
    torch="linalg_matrix_exp",
    aliases=("expm",),
    flops=lambda s: 20 * cubic(s),
    doc="Exponential of a matrix, the sum of its powers xᵏ/k!.",
)
