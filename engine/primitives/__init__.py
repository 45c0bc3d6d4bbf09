"""The rows: importing this fills the table in `engine.kinds`."""

from engine.primitives import (
    choice,
    convolution,
    elementwise,
    factorizations,
    fourier,
    gathering,
    leaves,
    linalg,
    reductions,
    shaping,
    special,
)

__all__ = [
    "choice",
    "convolution",
    "elementwise",
    "factorizations",
    "fourier",
    "gathering",
    "leaves",
    "linalg",
    "reductions",
    "shaping",
    "special",
]
