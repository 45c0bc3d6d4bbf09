"""Arithmetic, exponential, trigonometric and choosing functions."""

from tests.recording.case import Group

GROUP = Group("elementwise")
case = GROUP.case
