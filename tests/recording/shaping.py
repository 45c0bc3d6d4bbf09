"""Shapes, reductions, scans, orderings and creation."""

from tests.recording.case import Group

GROUP = Group("shaping")
case = GROUP.case
