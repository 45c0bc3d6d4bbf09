"""Which compositions are linear in their operands: found in the graphs of their examples, node by node."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum

import numpy as np

from engine.errors import NablaError
from engine.graph import Node
from engine.kinds import OPERATORS, Bilinear, Function, Linear
from engine.primitives.choice import where as WHERE
from engine.reference.traces import Trace, given_only, trace, traces


class Degree(IntEnum):
    """How a node depends on the operands under test; sums of them are of the higher one, but for fixed parts."""

    ZERO = 0  # it is 0 whatever they are
    FIXED = 1  # it does not depend on them
    LINEAR = 2  # twice the operands make it twice as large
    AFFINE = 3  # linear, and something fixed beside it
    OTHER = 4  # or not known


_SUMS = frozenset(OPERATORS[symbol] for symbol in ("+", "-", "u-", "u+"))
_PRODUCT, _QUOTIENT = OPERATORS["*"], OPERATORS["/"]


def degree(function: Function, places: Sequence[int]) -> Degree:
    """How a function depends on its operands at ``places`` together, in all its examples.

    Where an example has optional operands too, the rest of it may be affine, as a convolution is with a bias.

    >>> from engine.functions import FUNCTIONS
    >>> degree(FUNCTIONS["transpose"], [0]).name, degree(FUNCTIONS["clip"], [0]).name
    ('LINEAR', 'OTHER')
    >>> degree(FUNCTIONS["outer"], [0]).name, degree(FUNCTIONS["outer"], [0, 1]).name
    ('LINEAR', 'OTHER')
    """
    highest = Degree.ZERO
    for call in traces(function):
        optional = optionals(function, call)
        found = _of(call, places)
        if found is Degree.AFFINE and optional:
            found = _without(function, call, optional, places)
        highest = max(highest, found)
    return highest


def _without(function: Function, call: Trace, optional: Sequence[int], places: Sequence[int]) -> Degree:
    kept = [k for k in range(len(call.leaves)) if k not in optional]
    try:
        return _of(trace(function, given_only(call.example, kept)), places)
    except NablaError:
        return Degree.OTHER


def required(function: Function) -> list[int]:
    """The places of the operands that a call cannot do without, and there are derivatives by."""
    names = function.signature.operands
    if function.signature.variadic:
        return list(range(max((len(call.leaves) for call in traces(function)), default=0)))
    return [k for k, name in enumerate(names) if name not in (*function.data, *function.signature.optional)]


def optionals(function: Function, call: Trace) -> list[int]:
    """The places of the optional operands that a call has."""
    signature = function.signature
    given = [k for k, leaf in enumerate(call.leaves) if leaf is not None]
    free = [] if signature.variadic else [k for k in given if signature.operands[k] in signature.optional]
    return [k for k in free if signature.operands[k] not in function.data]


def _of(call: Trace, places: Collection[int]) -> Degree:
    tested = {leaf.id for k, leaf in enumerate(call.leaves) if leaf is not None and k in places}
    found: list[Degree] = []
    for node in call.nodes:
        if node.id in tested:
            found.append(Degree.LINEAR)
        elif not node.operands:
            constant = "value" in node.params and not np.any(node.params["value"])
            found.append(Degree.ZERO if constant else Degree.FIXED)
        else:
            found.append(_of_node(node, [found[i] for i in node.operands]))
    return max(found[node.id] for node in call.results)


def _of_node(node: Node, operands: list[Degree]) -> Degree:
    row = node.primitive
    if max(operands) in (Degree.FIXED, Degree.OTHER):
        return max(operands)
    if isinstance(row, Linear):
        data = () if row.signature.variadic else row.fixed
        if any(operands[k] > Degree.FIXED for k in data):
            return Degree.OTHER
        return _together([kind for k, kind in enumerate(operands) if k not in data])
    if row in _SUMS:
        return _together(operands)
    if row is WHERE:
        return _together(operands[1:]) if operands[0] <= Degree.FIXED else Degree.OTHER
    if row is _PRODUCT or isinstance(row, Bilinear):
        return max(operands) if min(operands) <= Degree.FIXED else Degree.OTHER
    if row is _QUOTIENT and operands[1] <= Degree.FIXED:
        return operands[0]
    return Degree.FIXED if max(operands) <= Degree.FIXED else Degree.OTHER


def _together(kinds: Sequence[Degree]) -> Degree:
    """Of what is added up, or put side by side."""
    highest = max(kinds)
    return Degree.AFFINE if highest is Degree.LINEAR and Degree.FIXED in kinds else highest
