"""What the examples of implicit functions come to: by Cardano's formula, and by Newton's iteration on 130 digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each


def _cardano(a: Any) -> Any:
    """The real root of x³ + x = a."""
    inner = mpmath.sqrt(a**2 / 4 + mpmath.mpf(1) / 27)
    plus, minus = a / 2 + inner, a / 2 - inner
    return sum(mpmath.sign(part) * mpmath.cbrt(abs(part)) for part in (plus, minus))


def _newton(matrix: Any, b: Any) -> Any:
    """The x for which x³ + 5x + matrix @ x = b, element by element in the first two terms."""
    A, x = mpmath.matrix(matrix.tolist()), mpmath.matrix([0] * len(b))
    for _ in range(60):
        g = mpmath.matrix([x[i] ** 3 + 5 * x[i] - b[i] for i in range(len(b))]) + A * x
        if mpmath.norm(g) < mpmath.mpf(10) ** (8 - mpmath.mp.dps):
            break
        x -= mpmath.lu_solve(A + mpmath.diag([3 * x[i] ** 2 + 5 for i in range(len(b))]), g)
    return np.array(list(x), dtype=object)


def _root(x0: Any, *known: Any, g: Any) -> Any:
    return each(_cardano)(*known) if len(known) == 1 else _newton(*known)


def _minimizer(x0: Any, *known: Any, h: Any) -> Any:
    """The gradients of the examples: x³ + x - a, and x³ + 5x + (A + Aᵀ)/2 @ x - b."""
    if len(known) == 1:
        return each(_cardano)(*known)
    matrix, b = known
    return _newton((matrix + matrix.T) / 2, b)


DEFINITIONS: dict[str, Exact] = {"root": _root, "minimizer": _minimizer}
