"""Special functions that are made of the rows of others."""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kinds import composition


@composition(
    "ndtri(p)",
    latex=r"\Phi^{{-1}}\left({0}\right)",
    derivative=["sqrt(2 * pi) * exp(ndtri(p)**2 / 2)"],
    sympy=lambda S, p: -S.sqrt(2) * S.erfinv(1 - 2 * p),
    domain=(0, 1),
    convention="inf at 0 and 1",
)
def ndtri(F: Any, p: Any) -> Any:
    """Inverse of ndtr: the quantiles of the normal distribution."""
    return -sqrt(2) * F.erfcinv(2.0 * p)
