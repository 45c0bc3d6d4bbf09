"""Derivatives of any order by scalar inputs: Taylor coefficients, and mixed partials.

Both are propagation of power series (`engine.transform.series`), whose cost is a polynomial in the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import log10, prod
from typing import Any

import numpy as np

from engine.answers import Notice
from engine.derivatives import plain, require_one
from engine.errors import InvalidInput, LimitExceeded
from engine.forward import Forward
from engine.graph import Graph
from engine.language.lexer import plain_name
from engine.limits import Limits
from engine.shapes import COMPLEX
from engine.transform.series import Index, Series

_COEFFICIENT = 20_000.0
"""What a coefficient of a node costs beside the arithmetic, with those of its partials, in operations."""

_LOWER = "ask for a lower order, or make tensors smaller"


def taylor(forward: Forward, name: str, order: int) -> tuple[list[Any], list[Notice]]:
    """The Taylor coefficients c_0, …, c_order of the output by a scalar input, each of the output's shape; and a notice
    where digits are lost.
    """
    require_order(forward.limits, order)
    return _coefficients(forward, [name], (order,), [(k,) for k in range(order + 1)])


def derivative(forward: Forward, partial: Sequence[str]) -> tuple[Any, list[Notice]]:
    """The derivative of the output by one scalar input after the other, of the output's shape; and a notice where
    digits are lost.
    """
    names = list(dict.fromkeys(partial))
    orders = tuple([partial.count(name) for name in names])
    (found,), notices = _coefficients(forward, names, orders, [orders])
    return times_factorials(found, orders), notices


_RIGHT = 1e-6
"""Where rounding moves a coefficient by more than this part of itself, that is said."""


def _coefficients(
    forward: Forward, names: Sequence[str], orders: Index, wanted: Sequence[Index]
) -> tuple[list[Any], list[Notice]]:
    """Some coefficients; and, by a second pass in which every result is off by an ulp, whether digits are lost."""
    plain_pass, shaken_pass = (_series(forward, names, orders, shaken) for shaken in (False, True))
    found, lost = [], []
    for index in wanted:
        found.append(_coefficient(forward, plain_pass, index))
        off = _off(found[-1], _coefficient(forward, shaken_pass, index))
        if off > _RIGHT:
            lost.append((sum(index), off))
    return found, [_imprecise(*lost[0], *lost[-1])] if lost else []


def _off(value: Any, shaken: Any) -> float:
    """By how much of itself a value has moved, the worst of all elements that are not zero."""
    value, shaken = np.asarray(value), np.asarray(shaken)
    with np.errstate(all="ignore"):
        moved = np.abs(value - shaken) / np.abs(value)
    return float(np.max(moved[np.isfinite(moved)], initial=0.0))


def _imprecise(first: int, off_first: float, last: int, off_last: float) -> Notice:
    """``first`` is the lowest order at which digits are lost, ``last`` the highest."""
    told = f"the derivative of order {first} is right to {_digits(off_first)}"
    if last > first:
        told += f", that of order {last} to {_digits(off_last)}"
    return Notice("precision", f"{told}: large terms cancel on the way; a function that does not cancel may have more, "
                  "such as sinc, expm1 or log1p, or another point")  # fmt: skip


def _digits(off: float) -> str:
    digits = max(0, int(-log10(off)))
    return f"about {digits} digit{'s' * (digits != 1)}" if digits else "no digit"


def by(forward: Forward, names: Sequence[str], order: int | None, partial: Iterable[str] | None) -> list[str] | None:
    """The inputs that a derivative of higher order is taken by; ``None`` where none is asked for.

    Raises `InvalidInput` where ``order`` is asked by more than one input, or beside ``partial``.
    """
    if order is None and partial is None:
        return None
    if order is not None and partial is not None:
        raise InvalidInput(
            "order and partial are both given",
            hint="order is that by one input: leave one of them out",
            pointer="/order",
        )
    if partial is not None:
        chosen = [plain_name(name) for name in partial]
        forward.point.wrt(chosen, "partial")
    else:
        require_order(forward.limits, order or 0)
        if len(names) != 1:
            raise InvalidInput(
                f"order is that by one input, and there are {len(names)}: {', '.join(names)}",
                hint=f'name one in wrt, as in ["{names[0]}"], or the inputs one by one in partial',
                pointer="/order",
            )
        chosen = [names[0]] * (order or 0)
    require_order(forward.limits, len(chosen))
    _require_one(forward)
    for name in dict.fromkeys([*chosen, *(names if order is not None else [])]):
        _require_scalar(forward, name)
    return chosen


def the_scalar(forward: Forward, name: str | None) -> str:
    """The input that a series goes by: the one named, or the one scalar that requires a gradient."""
    if name is not None:
        return forward.point.wrt([name], "input")[0]
    scalars = [n for n in forward.point.wrt(None) if not forward.leaf(n).shape]
    if len(scalars) != 1:
        found = f"there are {len(scalars)}: {', '.join(scalars)}" if scalars else "there is none"
        raise InvalidInput(
            f"a series goes by one scalar input, and {found}",
            hint="name one in input" if scalars else "write the point as a scalar times a direction: x + t*v",
            pointer="/input",
        )
    return scalars[0]


def times_factorials(coefficient: Any, orders: Index) -> Any:
    """The derivative of which ``coefficient`` is the Taylor coefficient.

    >>> times_factorials(0.5, (4,))
    12.0
    """
    with np.errstate(all="ignore"):
        for n in _factors(orders):
            coefficient = coefficient * n
    return coefficient


def _factors(orders: Index) -> Iterator[float]:
    """What the factorials are products of; one after the other they overflow no sooner than the derivative does."""
    for order in orders:
        yield from map(float, range(2, order + 1))


def products(orders: Index) -> int:
    """How many products of two coefficients the product of two series takes.

    >>> products((2,)), products((1, 1))
    (6, 9)
    """
    return prod([(n + 1) * (n + 2) // 2 for n in orders])


def _series(forward: Forward, names: Sequence[str], orders: Index, shaken: bool) -> Series:
    _require_one(forward)
    for name in names:
        _require_scalar(forward, name)
    graph, limits = forward.graph, forward.limits
    limits.require("flops", products(orders) * (graph.flops + len(graph)), hint=_LOWER)
    limits.require("bytes", prod([n + 1 for n in orders]) * graph.bytes, hint=_LOWER)
    forward.over_arrays()
    variables = [graph.inputs[name] for name in names]
    return Series(graph, forward.values, variables, orders, limits, forward.deadline, shaken)


def estimate(graph: Graph, orders: Index) -> float:
    """The floating-point operations that a series takes, with what the interpreter spends beside the arithmetic."""
    return products(orders) * 6.0 * graph.flops + prod([n + 1 for n in orders]) * _COEFFICIENT * len(graph)


def require_order(limits: Limits, order: int) -> None:
    """Raise `InvalidInput` or `LimitExceeded` where there is no such order."""
    if order < 0:
        raise InvalidInput(f"order is {order}, and there is none below 0", pointer="/order")
    limits.require("order", order)


def _require_one(forward: Forward) -> None:
    require_one(forward, "a series is that of one tensor", "make one of those of the same shape: [a, b]")
    forward.require_floating()


def _require_scalar(forward: Forward, name: str) -> None:
    leaf = forward.leaf(name)
    if leaf.shape:
        raise InvalidInput(
            f"input {name} has shape {list(leaf.shape)}, and derivatives of higher order are those by scalars",
            hint=f"write {name} as a scalar times a direction, as in {name} + t*v, and ask by t at 0",
            pointer=f"/inputs/{name}",
        )
    if leaf.dtype == COMPLEX:
        raise InvalidInput(
            f"input {name} is complex, and derivatives of higher order are those by real scalars",
            hint="send its real and imaginary parts as two inputs",
            pointer=f"/inputs/{name}",
        )


def _coefficient(forward: Forward, series: Series, index: Index) -> Any:
    output = forward.output
    try:
        found = series.coefficient(output.id, index)
    except LimitExceeded as error:
        error.hint = _LOWER
        raise
    if found is None:
        found = np.zeros(output.shape, dtype=output.storage)
    return plain(found)
