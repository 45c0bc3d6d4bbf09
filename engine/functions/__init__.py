"""The compositions: functions defined by rows, from which they get their derivatives.

`FUNCTIONS` is everything that an expression can call, rows and compositions, by name and by alias.
"""

from engine.functions import (
    activations,
    algebra,
    arithmetic,
    attention,
    convolutions,
    creation,
    diagonals,
    gathering,
    joining,
    layout,
    losses,
    matrices,
    neural,
    normalization,
    ordering,
    padding,
    pooling,
    resizing,
    signal,
    special,
    statistics,
    turning,
)
from engine.kinds import FUNCTIONS

__all__ = [
    "FUNCTIONS",
    "activations",
    "algebra",
    "arithmetic",
    "attention",
    "convolutions",
    "creation",
    "diagonals",
    "gathering",
    "joining",
    "layout",
    "losses",
    "matrices",
    "neural",
    "normalization",
    "ordering",
    "padding",
    "pooling",
    "resizing",
    "signal",
    "special",
    "statistics",
    "turning",
]
