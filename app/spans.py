"""Spans of the expression as answers and problems show them."""

from typing import Any

import engine


def span(text: str, offsets: tuple[int, int]) -> dict[str, int]:
    """Offsets with the line and column of the first.

    >>> span("x = 1\\ny", (6, 7))
    {'start': 6, 'end': 7, 'line': 2, 'column': 1}
    """
    line, column = engine.locate(text, offsets[0])
    return {"start": offsets[0], "end": offsets[1], "line": line, "column": column}


def warning(text: str, notice: engine.Notice) -> dict[str, Any]:
    """A notice of the engine as answers show it."""
    place = None if notice.span is None else span(text, notice.span)
    shown: dict[str, Any] = {"code": notice.code, "message": notice.message, "span": place}
    if notice.points is not None:
        shown["points"] = {"count": notice.points.count, "first": list(notice.points.first)}
    return shown


def failure(text: str, found: engine.Failure) -> dict[str, Any]:
    """Why there is no answer at a point, as answers show it."""
    place = None if found.span is None else span(text, found.span)
    return {"point": found.point, "code": found.code, "message": found.message, "hint": found.hint, "span": place}
