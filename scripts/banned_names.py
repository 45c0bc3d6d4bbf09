"""Fail where engine/ or app/ names something that runs text.

Ruff's rules catch calls (`eval(…)`) and imports; a bare `compile`, or `run = eval`, slips through them. Here the name
alone is enough, whatever is done with it. The one exception is the file that compiles source the engine generated.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

BANNED = {"eval", "exec", "compile", "__import__", "breakpoint", "sympify", "parse_expr", "lambdify"}
ALLOWED = {"engine/interpret/source.py": {"compile", "exec"}}


def offences(path: Path) -> Iterator[str]:
    """Yield one line of report for each banned name that the file mentions in code."""
    banned = BANNED - ALLOWED.get(path.as_posix(), set())
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        match node:
            case ast.Name(id=name) | ast.alias(name=name) if name.rpartition(".")[2] in banned:
                yield f"{path}:{node.lineno}:{node.col_offset + 1}: `{name}` is banned: it runs text"


if __name__ == "__main__":
    found = [
        line for folder in ("engine", "app") for path in sorted(Path(folder).rglob("*.py")) for line in offences(path)
    ]
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
