"""What arithmetic, exponential, trigonometric and choosing functions mean."""

from __future__ import annotations

from tests.engine.table.exact import Exact

DEFINITIONS: dict[str, Exact] = {}
