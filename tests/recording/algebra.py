"""Linear algebra."""

from tests.recording.case import Group

GROUP = Group("algebra")
case = GROUP.case
