"""The compositions: functions defined by rows, from which they get their derivatives."""

from engine.functions import activations, algebra, layout, losses, statistics

__all__ = ["activations", "algebra", "layout", "losses", "statistics"]
