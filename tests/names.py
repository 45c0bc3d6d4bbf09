"""Which of the names that users of NumPy and PyTorch look for there are, group by group.

    python -m tests.names          a line for each group, and one for each name that is missing; exit code 1 if one
                                   is without a reason

The names are in tests/data/names.json. One that there is not has its reason in `MISSING`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from engine.functions import FUNCTIONS
from engine.kinds import OPERATORS

PATH = Path(__file__).parent / "data" / "names.json"

MISSING: dict[str, str] = {}
"""By name the reason why the language has no such function."""


def asked() -> dict[str, list[str]]:
    """The names by group; operators are names too."""
    groups: dict[str, list[str]] = json.loads(PATH.read_text(encoding="utf-8"))
    return groups


def missing(names: list[str]) -> list[str]:
    """Those of the names that nothing answers to."""
    return [name for name in names if name not in FUNCTIONS and name not in OPERATORS]


def main() -> int:
    unexplained = 0
    for group, names in asked().items():
        gone = missing(names)
        print(f"{group}: {len(names) - len(gone)} of {len(names)}")
        for name in gone:
            unexplained += name not in MISSING
            print(f"    {name}: {MISSING.get(name, 'missing')}")
    total = sum(map(len, asked().values()))
    print(f"all: {total - sum(len(missing(names)) for names in asked().values())} of {total}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
