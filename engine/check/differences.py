"""Derivatives by differences, with an estimate of their own error.

Central differences at ever smaller steps, extrapolated to step zero: Richardson's scheme with Ridders' choice of
where to stop (C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", 1982). Where a function has a
kink, the one-sided limits show it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, nan

import numpy as np

Line = Callable[[np.ndarray], np.ndarray]
"""A function along a line: the values at many steps at once."""

EPSILON = float(np.finfo(float).eps)
RATIO = 1.6
ROWS = 9
STARTS = (0.2, 2e-2, 1e-3, 1e-5)
STEPS = np.array([[start * RATIO**-k for k in range(ROWS)] for start in STARTS])
EVALUATIONS = 2 * STEPS.size + 1
"""How many values of the function one derivative takes."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derivative with the error that it may have; one-sided limits where they were asked for."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Differences:
    """What differences along a line say: the two-sided derivative, and those from the left and from the right."""

    central: Estimate
    left: Estimate
    right: Estimate

    @property
    def kink(self) -> bool:
        """Whether the derivatives from the two sides differ by more than their errors."""
        gap = abs(self.left.value - self.right.value)
        return gap > 10 * (self.left.error + self.right.error) and gap > 1e-6 * abs(self.left.value)


_NONE = Estimate(nan, inf)
UNKNOWN = Differences(_NONE, _NONE, _NONE)
"""Where no differences can be taken."""


def derivative(line: Line, scale: float) -> Differences:
    """The derivative of ``line`` at 0; ``scale`` is the step that changes it by about its own size.

    >>> from math import isclose
    >>> found = derivative(lambda t: np.exp(t), 1.0)
    >>> isclose(found.central.value, 1.0, rel_tol=1e-11), found.central.error < 1e-10, found.kink
    (True, True, False)
    >>> derivative(np.abs, 1.0).kink
    True
    """
    steps = STEPS * scale
    flat = steps.ravel()
    values = line(np.concatenate([[0.0], flat, -flat]))
    middle = values[0]
    right = values[1 : 1 + flat.size].reshape(steps.shape)
    left = values[1 + flat.size :].reshape(steps.shape)
    with np.errstate(all="ignore"):
        noise = EPSILON * np.nanmax(np.abs([left, right]), axis=0, initial=0.0) / steps
        return Differences(
            central=_best((right - left) / (2 * steps), noise, 2),
            left=_best((middle - left) / steps, noise, 1),
            right=_best((right - middle) / steps, noise, 1),
        )


def _best(quotients: np.ndarray, noise: np.ndarray, order: int) -> Estimate:
    """The extrapolation that claims the smallest error, over all starting steps."""
    rows = zip(quotients.tolist(), noise.tolist(), strict=True)
    return min((_extrapolated(row, floor, order) for row, floor in rows), key=lambda estimate: estimate.error)


def _extrapolated(quotients: list[float], noise: list[float], order: int) -> Estimate:
    """Neville's scheme over one sequence of steps, each ``RATIO`` times smaller.

    ``order`` is the step between the powers in the quotient's error: 2 for central differences, 1 one-sided.
    ``noise`` is what rounding of the values alone makes of each quotient: no estimate claims to be better, even
    where neighbours agree by chance.
    """
    best = Estimate(nan, inf)
    previous: list[float] = []
    for k, quotient in enumerate(quotients):
        row = [quotient]
        for j in range(1, k + 1):
            factor = RATIO ** (order * j)
            row.append((factor * row[j - 1] - previous[j - 1]) / (factor - 1))
            error = max(abs(row[j] - row[j - 1]), abs(row[j] - previous[j - 1]), noise[k])
            if isfinite(row[j]) and error < best.error:
                best = Estimate(row[j], error)
        previous = row
    return best
