"""Worked examples: documentation in OpenAPI, and tests, because each is stored with its real answer.

    app/examples/*.json     {"method", "path", "summary", "request", "status", "answer"}

For GET the request is the query, for POST the body.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent / "examples"


@cache
def load() -> dict[str, dict[str, Any]]:
    """Every example by its name, in the order of the names."""
    return {path.stem: orjson.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}


def of(method: str, path: str) -> dict[str, dict[str, Any]]:
    """The examples of one operation."""
    return {name: found for name, found in load().items() if (found["method"], found["path"]) == (method, path)}


def requests(method: str, path: str) -> dict[str, Any]:
    """For OpenAPI: the operation's examples as request bodies."""
    found = {name: {"summary": e["summary"], "value": e["request"]} for name, e in of(method, path).items()}
    if method != "POST" or not found:
        return {}
    return {"requestBody": {"content": {"application/json": {"examples": found}}}}


def add_answers(method: str, path: str, responses: dict[int | str, dict[str, Any]]) -> None:
    """Add the operation's examples to what OpenAPI says of its responses, by status: answers, and problems."""
    for name, example in of(method, path).items():
        kind = "application/json" if example["status"] == 200 else "application/problem+json"
        content = responses.setdefault(example["status"], {}).setdefault("content", {}).setdefault(kind, {})
        content.setdefault("examples", {})[name] = {"summary": example["summary"], "value": example["answer"]}
