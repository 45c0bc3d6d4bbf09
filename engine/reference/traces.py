"""A row's examples as graphs: what goes in, what comes out, and all between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from engine.graph import Node
from engine.interpret.build import Builder
from engine.kinds import Example, Function

MOST = 3
"""How many of the examples are looked at."""


@dataclass(frozen=True)
class Trace:
    """A call: its operands (``None``: left out), all nodes of its graph, and those of the results."""

    example: Example
    leaves: Sequence[Node | None]
    nodes: Sequence[Node]
    results: Sequence[Node]


@cache
def traces(function: Function) -> list[Trace]:
    """The first of a row's examples, but for those without elements."""
    whole = [example for example in function.examples if not _is_empty(example)]
    return [trace(function, example) for example in whole[:MOST]]


def trace(function: Function, example: Example) -> Trace:
    """One example."""
    given, params = example
    builder = Builder()
    leaves: list[Node | None] = []
    for k, x in enumerate(given):
        shape, dtype = (np.shape(x), np.array(x).dtype.name) if isinstance(x, list) else (x, "float64")
        leaves.append(None if shape is None else builder.leaf(f"x{k}", shape, dtype))
    refs = [None if leaf is None else builder.values([leaf])[0] for leaf in leaves]
    results = getattr(builder, function.name)(*refs, **params)
    parts = results if isinstance(results, tuple) else (results,)
    return Trace(example, leaves, builder.nodes, [builder.node_of(part) for part in parts])


def _is_empty(example: Example) -> bool:
    return any(isinstance(s, tuple) and 0 in s for s in example[0])


def given_only(example: Example, places: Sequence[int]) -> Example:
    """An example with the operands at other places left out."""
    operands: list[Any] = [x if k in places else None for k, x in enumerate(example[0])]
    return tuple(operands), example[1]
