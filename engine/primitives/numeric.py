"""Numerical methods that the rows of special functions share: exact squares, integrals of positive functions.

A function here or in those rows is computed in double precision from flat arrays; `double` and `by_order` bring any
operands into that form. Integrals are sums of positive terms wherever that can be had, so that nothing cancels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce, wraps
from typing import Any

import numpy as np

from engine.kinds import Explicit, aligned, explicit
from engine.namespace import Rule
from engine.primitives.pairs import multiplied
from engine.shapes import Shape, broadcast, size

BLOCK = 4096
"""How many elements are computed at once, so that what is computed on the way takes little memory."""

_IN_BLOCKS: Any = ["external_loop", "buffered", "zerosize_ok"]


def double(rule: Rule) -> Rule:
    """A function of flat arrays of doubles, as one of any operands that broadcast, in their own element type."""

    @wraps(rule)
    def computed(*xs: Any) -> Any:
        kind = np.result_type(*xs)
        kinds = [np.dtype(np.float64)] * len(xs) + [kind if kind.kind == "f" else np.dtype(np.float64)]
        uses: Any = [["readonly"]] * len(xs) + [["writeonly", "allocate"]]
        how: Any = {"op_flags": uses, "op_dtypes": kinds, "casting": "same_kind", "order": "C", "buffersize": BLOCK}
        with np.errstate(all="ignore"), np.nditer([*xs, None], _IN_BLOCKS, **how) as blocks:
            for *block, found in blocks:
                found[...] = rule(*block)
            return blocks.operands[-1][()]

    return computed


def on_floats(rule: Rule) -> Rule:
    """A function of arrays as one of plain floats, for `scalar=`."""

    def scalar(*xs: float) -> float:
        with np.errstate(all="ignore"):
            return float(rule(*map(np.float64, xs)))

    return scalar


def by_order(rule: Rule) -> Rule:
    """A function whose first operand is 0, 1, 2, ...: computed for each of those that occur. For orders of
    differentiation, which are low and few: of an order that a caller names, a rule takes the array.
    """

    def computed(*xs: Any) -> Any:
        orders, *rest = xs
        found = np.full(orders.shape, np.nan)
        for order in np.unique(orders[np.isfinite(orders) & (orders >= 0)]):
            if order == round(order):
                here = orders == order
                found[here] = rule(int(order), *[x[here] for x in rest])
        return found

    return double(computed)


def with_orders(signature: str, *, d: list[Rule], numpy: Rule, flops: Rule, **facts: Any) -> Explicit:
    """A row of elements that has static parameters (orders of differentiation, say): by its partials ``d``, which
    take them too, as does ``flops``, for one element.
    """
    name = signature.partition("(")[0]

    def pull(F: Any, ct: Any, y: Any, *xs: Any, **orders: int) -> list[Any]:
        return [lambda rule=rule: F.strong_multiply(ct, rule(F, y, *xs, **orders)) for rule in d]

    def push(F: Any, ts: Any, y: Any, *xs: Any, **orders: int) -> Any:
        terms = [F.strong_multiply(t, d[k](F, y, *xs, **orders)) for k, t in enumerate(ts) if t is not None]
        return reduce(lambda total, term: total + term, terms)

    def batch(F: Any, length: int, *xs: Any, **orders: int) -> Any:
        return getattr(F, name)(*aligned(F, xs, [True] * len(xs)), **orders)

    def computed(*xs: Any, **orders: int) -> Any:
        return double(lambda *flat: numpy(*flat, **orders))(*xs)

    def work(*shapes: Shape, **orders: int) -> float:
        return float(size(reduce(broadcast, shapes)) * flops(**orders))

    def pattern(F: Any, *xs: Any, **orders: int) -> Any:
        return reduce(lambda total, x: total + x, xs)

    return explicit(signature, pull=pull, push=push, batch=batch, numpy=computed, flops=work, pattern=pattern, **facts)


def chosen(where: Any, rule: Rule, other: Rule, *xs: Any) -> Any:
    """``rule`` of the elements ``where`` it holds, ``other`` of the rest: neither sees those of the other."""
    found = np.empty(where.shape)
    found[where] = rule(*[x[where] for x in xs])
    found[~where] = other(*[x[~where] for x in xs])
    return found


# Squares without rounding


def exp_of_square(c: Any, x: Any) -> Any:
    """exp(c x²) for c = ±1 or ±½, to the last bits: the square, rounded, is wrong by as many ulp as it is large."""
    square, rest = multiplied(x, x)
    y = np.exp(c * square)
    return y + y * np.where((y == 0) | ~np.isfinite(y), 0.0, c * rest)


# Integrals

_STEP = 1 / 24
_PLACES = np.arange(round(-4.9 / _STEP), round(2.9 / _STEP)) * _STEP
_AT_ONCE = 256
NODES = np.exp(math.pi / 2 * np.sinh(_PLACES))
WEIGHTS = _STEP * math.pi / 2 * np.cosh(_PLACES) * NODES
"""The exp-sinh rule (H. Takahasi and M. Mori) for integrals over (0, ∞), good over many orders of magnitude at once."""


def integral(of: Callable[..., Any], scale: Any, *xs: Any) -> Any:
    """For each element of ``xs`` the integral over t from 0 to ∞ of ``of(t, *xs)``, which varies where t ~ scale."""
    found = np.empty_like(scale)
    for k in range(0, len(scale), _AT_ONCE):
        here = slice(k, k + _AT_ONCE)
        terms = of(scale[here, None] * NODES, *[x[here, None] for x in xs]) * WEIGHTS
        found[here] = np.add.reduce(np.where(np.isnan(terms), 0.0, terms), axis=-1)
    return found * scale
