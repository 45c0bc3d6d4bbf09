"""Activations and losses."""

from tests.recording.case import Group

GROUP = Group("learning")
case = GROUP.case
