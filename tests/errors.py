"""The page of wrong programs, docs/errors.md: read for the tests, and written anew from what the service answers.

    python -m tests.errors

An entry is a heading, the program, what is sent with it where that matters (JSON), the answer as people read it, and
the program put right. Only the answers and the table of codes are written; the rest of the page is kept as it is.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from app.faults import FAULTS
from app.main import create_app
from app.settings import Settings
from tests.app.client import DEFAULT, post

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"

_ENTRY = re.compile(
    r"^### (?P<title>.+)\n\n"
    r"(?:```python\n(?P<program>[\s\S]*?)\n```\n)?"
    r"(?:```json\n(?P<rest>[\s\S]*?)\n```\n)?"
    r"```text\n(?P<answer>[\s\S]*?)```\n"
    r"(?:```python\n(?P<right>[\s\S]*?)\n```\n)?",
    re.MULTILINE,
)
_TABLE = re.compile(r"(?<=\| --- \| --- \| --- \|\n)(?:\|.*\n)*")
_MEMBERS = ("type", "title", "status", "detail", "code", "span", "excerpt", "hint")


class Entry(NamedTuple):
    """A wrong program, what the service answers, and the program put right, if it has one."""

    title: str
    program: str
    rest: dict[str, Any]
    answer: str
    right: str | None


def entries(page: str) -> list[Entry]:
    """All that a page has."""
    return [_entry(found) for found in _ENTRY.finditer(page)]


def _entry(found: re.Match[str]) -> Entry:
    rest = json.loads(found["rest"]) if found["rest"] else {"inputs": {"x": 0.5}}
    return Entry(found["title"], found["program"] or rest.pop("expression"), rest, found["answer"], found["right"])


def response(entry: Entry, program: str) -> Any:
    """What the service answers to a program with the rest of an entry."""
    fields = dict(entry.rest)
    limits = fields.pop("limits", None)
    app = create_app(Settings(limits=limits)) if limits else DEFAULT
    question = fields.pop("question", "gradient")
    return post(f"/v1/{question}", json.dumps({"expression": program, **fields}).encode(), app)


def shown(problem: dict[str, Any]) -> str:
    """A problem document as the page has it."""
    place = ""
    if "span" in problem:
        place = " at {line}:{column} ({start}..{end})".format(**problem["span"])
    lines = [f"{problem['code']}{place}: {problem['detail']}"]
    if "excerpt" in problem:
        lines += [f"  {line}" for line in problem["excerpt"].split("\n")]
    if "hint" in problem:
        lines.append(f"hint: {problem['hint']}")
    others = {name: value for name, value in problem.items() if name not in _MEMBERS}
    if others:
        lines.append(f"with: {json.dumps(others, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def table(page: str) -> list[tuple[str, int, str]]:
    """The codes of a page, each with its status and title."""
    found = _TABLE.search(page)
    rows = [line.strip("| ").split(" | ") for line in found[0].splitlines()] if found else []
    return [(code.strip("`"), int(status), title) for code, status, title in rows]


def written(page: str) -> str:
    """The page with what the service answers now."""
    codes = set()

    def answered(found: re.Match[str]) -> str:
        entry = _entry(found)
        problem = response(entry, entry.program).json()
        codes.add(problem.get("code", "none"))
        answer = shown(problem) if "code" in problem else f"NO ERROR {problem}\n"
        start, end = (place - found.start() for place in found.span("answer"))
        return found[0][:start] + answer + found[0][end:]

    page = _ENTRY.sub(answered, page)
    rows = [
        f"| `{fault.code}` | {fault.status} | {fault.title} |\n" for fault in FAULTS.values() if fault.code in codes
    ]
    return _TABLE.sub("".join(rows).replace("\\", r"\\"), page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
