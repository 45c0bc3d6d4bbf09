"""How a call of a function is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.kinds import Function


def written(function: Function, operands: Sequence[str | None], statics: Mapping[str, str]) -> str:
    """A call, of operands as text (``None``: left out) and static parameters as text.

    >>> from engine.functions import FUNCTIONS
    >>> written(FUNCTIONS["clip"], ["x", None, "2"], {})
    'clip(x, high=2)'
    >>> written(FUNCTIONS["concatenate"], ["a", "b"], {"axis": "0"})
    'concatenate([a, b], axis=0)'
    >>> written(FUNCTIONS["einsum"], ["a", "b"], {"subscripts": '"i,i"'})
    'einsum("i,i", a, b)'
    """
    signature = function.signature
    if signature.variadic:
        given = [x for x in operands if x is not None]
        needed = signature.missing({})
        first = [text for name, text in statics.items() if name == needed and text.startswith('"')]
        rest = [f"{name}={text}" for name, text in statics.items() if text not in first]
        parts = [*first, *given, *rest] if first else [f"[{', '.join(given)}]", *rest]
        return f"{function.name}({', '.join(parts)})"
    named = {name: x for name, x in zip(signature.operands, operands, strict=False) if x is not None}
    by_place = signature.order or signature.operands or ((signature.gathers,) if signature.gathers else tuple(statics))
    named |= statics
    parts = []
    for name in (*by_place, *(name for name in named if name not in by_place)):
        if name in named:
            in_place = name in by_place and len(parts) == by_place.index(name)
            parts.append(named[name] if in_place else f"{name}={named[name]}")
    return f"{function.name}({', '.join(parts)})"


def literal(value: Any) -> str:
    """A static parameter as the language writes it.

    >>> literal((1, -2)), literal("sum"), literal(float("inf"))
    ('(1, -2)', '"sum"', 'inf')
    """
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (tuple, list)):
        left, right = "()" if isinstance(value, tuple) else "[]"
        comma = "," if len(value) == 1 and left == "(" else ""
        return f"{left}{', '.join(map(literal, value))}{comma}{right}"
    return str(value)
