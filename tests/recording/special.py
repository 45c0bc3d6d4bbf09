"""Special functions."""

from tests.recording.case import Group

GROUP = Group("special")
case = GROUP.case
