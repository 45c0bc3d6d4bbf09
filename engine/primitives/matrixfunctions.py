"""Functions of a square matrix that are power series: the exponential.

The derivative of f along E is a block of f itself: f of [[A, E], [0, A]] has it in its upper right corner, whatever the
order (R. Mathias, "A chain rule for matrix functions and applications", 1996).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.kinds import Explicit, explicit
from engine.primitives.matrix import MATRICES, cubic, square_shape, stacked, strong_pull, strong_push, transposed


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
        pull=strong_pull(lambda F, ct, y, x: [_along(F, name, transposed(F, x), ct)]),
        push=strong_push(lambda F, ts, y, x: _along(F, name, x, ts[0])),
        workspace=8,
        numpy=value,
        shape=square_shape,
        batch=stacked(name),
        examples=MATRICES,
        complex=True,
        **facts,
    )


_DEGREE = 18
"""Of the Taylor polynomial: what is left out of exp(x) for a norm of at most 1 is 8e-18."""


def _expm(x: Any) -> Any:
    """The exponential of each matrix, by squaring that of a part of it; nan where it has entries that are not finite.

    Padé's approximation takes fewer products, and loses two digits more than this.
    """
    if not x.size:
        return x
    norm = np.max(np.sum(np.abs(x), axis=-2), axis=-1)[..., None, None]
    squarings = np.ceil(np.log2(np.maximum(np.where(np.isfinite(norm), norm, 1), 1)))
    part, unit = x / np.exp2(squarings).astype(norm.dtype), np.eye(x.shape[-1], dtype=x.dtype)
    result = unit
    for k in range(_DEGREE, 0, -1):
        result = unit + (part @ result) / k
    for k in range(int(np.max(squarings))):
        result = np.where(k < squarings, result @ result, result)
    return result


matrix_exp = _series(
    "matrix_exp",
    _expm,
    torch="linalg_matrix_exp",
    aliases=("expm",),
    keywords={"A": "x", "input": "x"},
    flops=lambda s: 30 * cubic(s),
    derivative=(
        "the integral of exp(s x) dx exp((1 - s) x) over s from 0 to 1",
        r"\mathrm{d}y = \int_0^1 e^{s x} \, \mathrm{d}x \, e^{(1 - s) x} \, \mathrm{d}s",
    ),
    doc="Exponential of a matrix, the sum of its powers xᵏ/k!.",
)
