"""The inverse of a matrix, and systems of equations.

Rules follow M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import ShapeMismatch
from engine.kinds import explicit
from engine.primitives.matrix import CONDITIONED, MATRICES, cubic, each_matrix, square, square_shape, transposed
from engine.primitives.products import matmul
from engine.shapes import Shape, broadcast, size


def _inv(x: Any) -> Any:
    """The inverse; where there is none, infinities, as division by zero gives."""
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        if x.ndim == 2:
            return np.full(x.shape, np.inf, dtype=x.dtype)
        return np.stack([_inv(m) for m in x])


def _inv_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    t = transposed(F, y)
    return [-F.matmul(F.matmul(t, ct, _strong=1), t, _strong=0)]


inv = explicit(
    "inv(x)",
    accuracy=CONDITIONED,
    keywords={"A": "x", "a": "x", "input": "x"},
    pull=_inv_pull,
    push=lambda F, ts, y, x: -F.matmul(F.matmul(y, ts[0], _strong=1), y, _strong=0),
    workspace=2,
    numpy=_inv,
    shape=square_shape,
    pattern=each_matrix(square_shape),
    batch=lambda F, n, x: F.inv(x),
    flops=cubic,
    convention="infinities where a matrix is singular",
    examples=MATRICES,
    complex=True,
    aliases=("inverse",),
    latex=r"\left({0}\right)^{{-1}}",
    derivative="-y @ dx @ y",
    doc="Inverse matrix.",
)


def _solve_shape(a: Shape, b: Shape) -> Shape:
    square(a)
    if len(b) < 2 or b[-2] != a[-1]:
        raise ShapeMismatch(f"solve(a, b) with a of shape {a} needs b of length {a[-1]} along its rows, not shape {b}")
    return (*broadcast(a[:-2], b[:-2]), *b[-2:])


def _solve(a: Any, b: Any) -> Any:
    """The solution; where a matrix is singular, infinities (but 0 of 0, so that a cotangent of zero stays zero)."""
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        return matmul.numpy(_inv(a), b, _strong=1)


def _solve_batch(F: Any, n: int, a: Any, b: Any) -> Any:
    rank = max(len(F.shape(a)), len(F.shape(b)))
    a, b = (F.reshape(x, shape=(n, *(1,) * (rank - len(F.shape(x))), *F.shape(x)[1:])) for x in (a, b))
    return F.solve_columns(a, b)


def _solve_pull(F: Any, ct: Any, y: Any, a: Any, b: Any) -> list[Any]:
    back = F.solve_columns(transposed(F, a), ct)
    return [lambda: -F.matmul(back, transposed(F, y), _strong=0), back]


def _solve_push(F: Any, ts: Any, y: Any, a: Any, b: Any) -> Any:
    right = ts[1]
    if ts[0] is not None:
        moved = F.matmul(ts[0], y, _strong=0)
        right = -moved if right is None else right - moved
    return F.solve_columns(a, right)


solve_columns = explicit(
    "solve_columns(a, b)",
    torch="linalg_solve_ex",
    pull=_solve_pull,
    push=_solve_push,
    workspace=2,
    numpy=_solve,
    shape=_solve_shape,
    pattern=each_matrix(_solve_shape),
    batch=_solve_batch,
    flops=lambda a, b: cubic(a) + 2.0 * size(b) * a[-1],
    convention="infinities where a matrix is singular",
    complex=True,
    internal=True,
    examples=(
        (((3, 3), (3, 2)), {}),
        (((2, 2, 2), (2, 3)), {}),
        (((2, 2), (3, 2, 1)), {}),
        (((0, 0), (0, 2)), {}),
    ),
    derivative="solve(a, db - da @ y)",
    doc="The matrix x for which a @ x = b.",
)
