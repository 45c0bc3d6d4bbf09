"""What layers and signals mean."""

from __future__ import annotations

from tests.engine.table.exact import Exact

DEFINITIONS: dict[str, Exact] = {}
