"""Python's own words that programs use beside functions of tensors: ``range``, ``len``, ``zip`` and their like."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from engine.errors import WrongArguments
from engine.graph import Node
from engine.language.diagnostics import shown
from engine.language.syntax import Syntax
from engine.language.tracing import Tracing
from engine.language.values import Lazy, Listed, Paired

_FARTHEST = 2**62
"""From here on the length of a range might be no number that Python has room for."""

_WORDED = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "infinity": math.inf, "nan": math.nan}
"""What Python's ``float`` makes numbers of that cannot be written as digits."""


def _range(trace: Tracing, syntax: Syntax, first: Any, *others: Any) -> Any:
    bounds = [trace.whole(bound, syntax) for bound in (first, *others)]
    if None in bounds:
        raise WrongArguments(
            "range takes whole numbers", span=syntax.span, hint="write range(n), or range(start, stop)"
        )
    if len(bounds) == 3 and bounds[2] == 0:
        raise WrongArguments("the step of a range cannot be 0", span=syntax.span, hint="write 1, or leave it out")
    if any(bound is not None and abs(bound) >= _FARTHEST for bound in bounds):
        raise WrongArguments("range does not count that far", span=syntax.span, hint="its bounds are below 2**62")
    return range(*bounds)  # type: ignore[arg-type]


def _len(trace: Tracing, syntax: Syntax, value: Any) -> int:
    """How many items or rows there are."""
    if isinstance(value, (tuple, range)):
        return len(value)
    if isinstance(value, Lazy):
        hint = f"make a list of it first, which has one: list({value.function}(…))"
        raise WrongArguments(
            f"{value.function} gives its items one by one, and has no length", span=syntax.span, hint=hint
        )
    if isinstance(value, Paired):
        return len(trace.pair(value, syntax))
    shape = trace.operand(value, syntax).shape
    if not shape:
        hint = "a list has one, and a tensor with axes: len([x])"
        raise WrongArguments("a single number has no length", span=syntax.span, hint=hint)
    return shape[0]


def _enumerate(trace: Tracing, syntax: Syntax, value: Any, start: Any = 0) -> Any:
    items = enumerate(trace.iterate(value, syntax), trace.whole(start, syntax) or 0)
    return _lazy(trace, "enumerate", items, [value], syntax)


def _zip(trace: Tracing, syntax: Syntax, *values: Any) -> Any:
    return _lazy(trace, "zip", zip(*[trace.iterate(value, syntax) for value in values], strict=False), values, syntax)


def _lazy(trace: Tracing, function: str, items: Iterator[tuple[Any, ...]], of: Iterable[Any], syntax: Syntax) -> Lazy:
    """Items made of those of values when they are asked for, unless they nest too deep."""
    made = Lazy(function, (Listed(item, "(", syntax, trace.held) for item in items), of)
    return trace.require_fitting(made, syntax)


def _reversed(trace: Tracing, syntax: Syntax, value: Any) -> Any:
    return value[::-1] if isinstance(value, range) else trace.listed(reversed(_list(trace, syntax, value)), syntax)


def _list(trace: Tracing, syntax: Syntax, value: Any = ()) -> Listed:
    return trace.listed(trace.iterate(value, syntax), syntax)


def _tuple(trace: Tracing, syntax: Syntax, value: Any = ()) -> Listed:
    return trace.listed(trace.iterate(value, syntax), syntax, "(")


def _int(trace: Tracing, syntax: Syntax, value: Any) -> Any:
    """The whole number towards 0; a tensor's value is looked at, and no derivative comes through."""
    number = np.asarray(trace.look(value)).item() if isinstance(value, Node) and not value.shape else value
    try:
        return math.trunc(number)
    except (TypeError, ValueError, OverflowError):
        raise WrongArguments(
            "int takes one finite number", span=syntax.span, hint="for tensors write trunc(x)"
        ) from None


def _float(trace: Tracing, syntax: Syntax, value: Any) -> Any:
    """What ``float(...)`` is in pasted code: a way to write infinity, or nothing at all."""
    if not isinstance(value, str):
        return float(value) if value.__class__ is int else value
    if value.strip().lower() not in _WORDED:
        hint = "write the number itself, inf, -inf or nan"
        raise WrongArguments(f"{shown(value)} is no number", span=syntax.span, hint=hint)
    return _WORDED[value.strip().lower()]


Builtin = Callable[..., Any]

BUILTINS: dict[str, tuple[Builtin, int, int, str]] = {
    "range": (_range, 1, 3, "range(start, stop, step)"),
    "len": (_len, 1, 1, "len(x)"),
    "enumerate": (_enumerate, 1, 2, "enumerate(x, start)"),
    "zip": (_zip, 1, 100, "zip(x, y)"),
    "reversed": (_reversed, 1, 1, "reversed(x)"),
    "list": (_list, 0, 1, "list(x)"),
    "tuple": (_tuple, 0, 1, "tuple(x)"),
    "int": (_int, 1, 1, "int(x)"),
    "float": (_float, 1, 1, "float(x)"),
}
"""By name: what it does, how many arguments it takes, and its signature."""


def call_builtin(trace: Tracing, name: str, arguments: list[Any], keywords: dict[str, Any], syntax: Syntax) -> Any:
    """A call of one of `BUILTINS`. Raises `WrongArguments` with the signature."""
    rule, fewest, most, signature = BUILTINS[name]
    arguments = [*arguments, *keywords.values()] if keywords.keys() <= {"start"} else arguments
    if not fewest <= len(arguments) <= most or keywords.keys() - {"start"}:
        count = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        message = f"{name} takes {count} argument{'s' * (most != 1)}, without names"
        raise WrongArguments(message, span=syntax.span, hint=f"the signature is {signature}")
    return rule(trace, syntax, *arguments)


def append(trace: Tracing, name: str, items: list[Any], syntax: Syntax) -> None:
    """``xs.append(x)``: from here on, the list with one more item; other names of the old list keep the old one."""
    owner = trace.scope.owner(name)
    assert owner is not None
    if len(items) != 1:
        raise WrongArguments("append takes one item", span=syntax.span, hint=f"write {name}.append(x)")
    trace.require_own(owner, name, syntax)
    before: Listed = owner[name]
    trace.builder.limits.require("pieces", len(before) + 1)
    trace.require_room(len(before))
    owner[name] = trace.require_fitting(before.appended(items[0]), syntax)
