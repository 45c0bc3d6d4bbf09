"""The texts that the project has: whatever in its tests, recordings and documentation parses as a program."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine import NablaError, functions
from engine.language import latex
from engine.language.parser import parse
from tests.fuzz.oracle import LIMITS

ROOT = Path(__file__).parents[2]
_LONGEST = 1_500
_FENCED = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def programs() -> list[str]:
    """Programs of the language, each once."""
    found: dict[str, None] = {}
    for text in _texts():
        if (
            1 < len(text) <= _LONGEST
            and text not in found
            and not text.isidentifier()
            and not is_refused(text, "python")
        ):
            found[text] = None
    return list(found)


def formulas() -> list[str]:
    """Formulas in LaTeX."""
    found: dict[str, None] = {}
    for text in _texts():
        if (
            2 < len(text) <= _LONGEST
            and ("\\" in text or "^{" in text)
            and "\n\n" not in text
            and not is_refused(text, "latex")
        ):
            found[text] = None
    return list(found)


def is_refused(text: str, syntax: str) -> bool:
    """Whether a text is no program, and the engine says so."""
    try:
        parse(text, LIMITS) if syntax == "python" else latex.read(text, limits=LIMITS)
    except NablaError:
        return True
    except Exception:  # for the oracle to find
        return False
    return False


def _texts() -> Iterator[str]:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for path in sorted((ROOT / "tests/data").rglob("*.json")):
        yield from _strings(json.loads(path.read_text()))
    for path in sorted((ROOT / "docs").glob("*.md")):
        for fenced, inline in _FENCED.findall(path.read_text()):
            yield (fenced or inline).strip()
    for function in functions():
        yield function["example"]["request"]["expression"]


def _strings(document: Any) -> Iterator[str]:
    pending = [document]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            pending += part.values()
        elif isinstance(part, list):
            pending += [item for item in part if not isinstance(item, float)]
