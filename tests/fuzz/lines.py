"""Which lines of the language have run."""

from __future__ import annotations

import sys
from types import CodeType, FrameType
from typing import Any

_WHERE = "/engine/language/"


class Lines:
    """The lines of engine/language that have run since `start`. Once all lines of a function have, it is watched no
    more, so this costs little after a while."""

    def __init__(self) -> None:
        self.missing: dict[CodeType, set[int]] = {}
        self.reached: set[tuple[str, int]] = set()

    def start(self) -> None:
        sys.settrace(self._called)

    def stop(self) -> None:
        sys.settrace(None)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        missing = self.missing.get(code)
        if missing is None:
            watched = _WHERE in code.co_filename
            missing = {line for *_, line in code.co_lines() if line} if watched else set()
            self.missing[code] = missing
        return self._ran if missing else None

    def _ran(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            missing = self.missing[frame.f_code]
            if frame.f_lineno in missing:
                missing.discard(frame.f_lineno)
                self.reached.add((frame.f_code.co_filename.partition(_WHERE)[2], frame.f_lineno))
        return self._ran
