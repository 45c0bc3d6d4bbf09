"""The rows: importing this fills the table in `engine.kinds`."""

from engine.primitives import choice, elementwise, leaves, linalg, reductions, shaping

__all__ = ["choice", "elementwise", "leaves", "linalg", "reductions", "shaping"]
