"""What ``+`` and ``*`` mean on lists: here they calculate element by element, as on tensors, in Python they join and
repeat. Where that must be meant it is refused, with what to write. Shapes, which are never anything else, are joined.
"""

from __future__ import annotations

from typing import Any

from engine.errors import WrongArguments
from engine.graph import Node
from engine.language.syntax import Apply, Name, Syntax
from engine.language.tracing import Tracing
from engine.language.values import Listed


def joined(trace: Tracing, a: Any, b: Any, syntax: Syntax) -> tuple[Any, ...] | None:
    """Two shapes one behind the other; None where an operator is one of arithmetic. Raises `WrongArguments`."""
    if not isinstance(syntax, Apply) or syntax.symbol not in ("+", "*"):
        return None
    if syntax.symbol == "*":
        _require_arithmetic(a, b, syntax)
        _require_arithmetic(b, a, syntax)
    elif isinstance(a, tuple) and isinstance(b, tuple):
        if (a.__class__ is tuple or b.__class__ is tuple) and _is_shape(a) and _is_shape(b):
            return (*a, *b)
        _require_sum(trace, a, b, syntax)
    return None


def _is_shape(items: tuple[Any, ...]) -> bool:
    is_tuple = items.__class__ is tuple or (isinstance(items, Listed) and items.bracket == "(")
    return is_tuple and all(item.__class__ is int for item in items)


def _require_sum(trace: Tracing, a: tuple[Any, ...], b: tuple[Any, ...], syntax: Apply) -> None:
    """Refuse to add lists that are surely to be joined: by ``+=``, of different lengths, or of an item or none."""
    if a.__class__ is not Listed or b.__class__ is not Listed or a.depth != b.depth:
        return
    left, right = (trace.nodes[i] for i in syntax.operands)
    between = trace.text[left.end : right.start].rstrip()
    if between.endswith("=") or len(a) != len(b) or len(a) < 2:
        name = left.path if isinstance(left, Name) else ""
        join = (
            f"write {name}.append(…) for one more item"
            if name and len(b) == 1
            else "write concatenate([a, b]) to join them"
        )
        raise WrongArguments(
            f"+ adds lists element by element, and these have {len(a)} and {len(b)} items",
            span=syntax.span,
            hint=f"{join}; to add, make one of them a tensor: array(…)",
        )


def _require_arithmetic(items: Any, times: Any, syntax: Apply) -> None:
    """Refuse to multiply a list of one item by a whole number: in Python that is a list of so many."""
    if not isinstance(items, Listed) or len(items) != 1 or times == 1:
        return
    if times.__class__ is not int and not (isinstance(times, Node) and not times.shape and times.dtype == "int64"):
        return
    count = times if times.__class__ is int else "n"
    number = items[0] if items[0].__class__ in (int, float) else None
    repeated = f"[{'None' if items[0] is None else '…'} for i in range({count})]"
    if number is not None:
        repeated = f"full({count}, {number})" if number else f"zeros({count})"
    raise WrongArguments(
        "* multiplies the items of a list, and repeats none",
        span=syntax.span,
        hint=f"write {repeated} for {count} of them; to multiply, make it a tensor: array(…)",
    )
