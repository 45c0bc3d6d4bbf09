"""Layers and signals."""

from tests.recording.case import Group

GROUP = Group("networks")
case = GROUP.case
