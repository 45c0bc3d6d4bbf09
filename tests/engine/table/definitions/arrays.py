"""What reductions, scans, orderings and shapes mean."""

from __future__ import annotations

from tests.engine.table.exact import Exact

DEFINITIONS: dict[str, Exact] = {}
