"""NumPy's indexing: what ``x[key]`` gives, and what ``x[key] = v`` makes of a tensor.

A key has parts, one for an axis as a rule: whole numbers, slices, ``None``, ``...``, and arrays of places or of truth
values, written or computed (and then looked at). Without arrays, or with one vector of places, it is a key of the rows
`index` and `replace`. Any other is brought down to that: the axes that arrays name are brought side by side, joined
into one, and indexed by the places in that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from engine.errors import DtypeError, ExpressionError, ShapeMismatch, WrongArguments
from engine.graph import Node
from engine.kinds import Primitive
from engine.language.syntax import Syntax
from engine.language.tracing import Tracing
from engine.language.values import Listed, Paired
from engine.primitives.leaves import constant
from engine.primitives.shaping import (
    Key,
    axes_taken,
    broadcast_to,
    cast,
    counted,
    expanded,
    fill,
    index,
    inverse,
    permute,
    replace,
    reshape,
)
from engine.shapes import COMPLEX, FLOATING, MOST_AXES, Shape

_NUMBERS = frozenset({int, float, bool})
_LARGEST = 2**62
"""What is larger is no place in any tensor, and no whole number in NumPy."""


def read(trace: Tracing, base: Any, items: Sequence[Any], syntax: Syntax) -> Any:
    """``base[items]``: of a tensor a node, of a tuple one of its items or a part of it.

    Raises `WrongArguments`, `ShapeMismatch` or `DtypeError` at ``syntax`` where NumPy raises an ``IndexError``.
    """
    try:
        parts = parts_of(trace, items, syntax)
        if base.__class__ is Paired:
            if len(parts) == 1 and parts[0].__class__ is int and -2 <= parts[0] < 2:
                return trace.part(base, parts[0], syntax)
            base = base.values
        if isinstance(base, (tuple, range)):
            if len(parts) == 1 and isinstance(parts[0], (int, slice)):
                if isinstance(parts[0], slice):
                    trace.require_room(len(base))
                return _of_tuple(base, parts[0])
            base = trace.operand(base, syntax)
        if not isinstance(base, Node):
            raise WrongArguments("only a tensor can be indexed")
        return _taken(trace, base, parts, syntax)
    except ExpressionError as error:
        error.span = error.span or syntax.span
        raise


def update(trace: Tracing, base: Node, items: Sequence[Any], value: Any, syntax: Syntax) -> Node:
    """The tensor that ``base`` is after ``base[items] = value``, with NumPy's broadcasting of the value.

    Where the key names a place several times the last value stays. The tensor keeps its element type: raises
    `DtypeError` where that would cut off a part of the value that has a derivative, `ShapeMismatch` where the value
    does not broadcast to the part that it replaces.
    """
    try:
        parts = parts_of(trace, items, syntax)
        return _put(trace, base, parts, trace.operand(value, syntax), syntax)
    except ExpressionError as error:
        error.span = error.span or syntax.span
        raise


def _of_tuple(items: tuple[Any, ...] | range, place: int | slice) -> Any:
    try:
        if isinstance(items, Listed) and isinstance(place, slice):
            return Listed(items[place], items.bracket, items.syntax, items.held)
        return items[place]
    except ValueError:
        raise WrongArguments("the step of a slice cannot be 0") from None
    except IndexError:
        raise out_of_range(place, len(items)) from None  # type: ignore[arg-type]


def out_of_range(place: int, length: int) -> WrongArguments:
    """The fault of a place that a list does not have."""
    hint = f"places run from 0 to {length - 1}, and from -{length} to -1 from the end" if length else None
    return WrongArguments(f"index {place:.15g} is out of range for {length} item{'s' * (length != 1)}", hint=hint)


# The parts of a key


def parts_of(trace: Tracing, items: Sequence[Any], syntax: Syntax) -> list[Any]:
    """The parts of a key; as in Python a tuple that stands alone is all of them, and a list is one."""
    if len(items) == 1 and isinstance(items[0], Listed) and items[0].bracket == "(":
        items = items[0]
    return [_part(trace, item, syntax) for item in items]


def _part(trace: Tracing, item: Any, syntax: Syntax) -> Any:
    """One part of a key as a whole number, a slice, ``None``, ``...`` or an array of places or truth values."""
    if item.__class__ is int or item is None or item is ... or isinstance(item, slice):
        return item
    if item.__class__ is float:
        return trace.whole(item, syntax)
    if not isinstance(item, tuple):
        item = _array(trace, item)
        return item if item.ndim or item.dtype == bool else trace.whole(item.item(), syntax)
    return _nested(trace, item)


def _array(trace: Tracing, item: Any) -> Any:
    """A value as an array of places, which are checked later, or of truth values."""
    if item.__class__ is Paired:
        item = item.values
    if isinstance(item, range):
        trace.builder.limits.require("elements", max(0, (item.stop - item.start) // item.step))
        return np.array(item, dtype="int64")
    found = np.asarray(trace.look(item) if isinstance(item, Node) else item)
    if found.dtype.kind not in "bif":
        raise DtypeError(
            "an index is a whole number, a slice, None, '...', or a tensor or list of whole numbers or truth values",
            hint="write x[0], x[1:], x[[0, 2]] or x[x > 0]",
        )
    return found


def _nested(trace: Tracing, items: tuple[Any, ...]) -> Any:
    """A list, of lists of whole numbers, as an array. Level by level: what is shared may be nested without end."""
    shape: list[int] = []
    level: Sequence[Any] = [items]
    while level and all(isinstance(item, tuple) for item in level):
        lengths = {len(item) for item in level}
        trace.builder.limits.require("elements", sum(map(len, level)))
        if len(lengths) > 1 or len(shape) == MOST_AXES:
            raise _ragged() if len(lengths) > 1 else ShapeMismatch(f"a tensor has at most {MOST_AXES} axes")
        shape.append(len(level[0]))
        level = [item for items in level for item in items]
    if any(isinstance(item, tuple) for item in level):
        raise _ragged()
    if not level:
        return np.zeros(shape, dtype="int64")
    if all(item.__class__ in _NUMBERS for item in level):
        large = any(abs(item) > _LARGEST for item in level)
        return np.array(level, dtype="float64" if large else None).reshape(shape)
    arrays = [_array(trace, item) for item in level]
    if any(array.shape != arrays[0].shape for array in arrays):
        raise _ragged()
    trace.builder.limits.require("elements", sum(array.size for array in arrays))
    return np.stack(arrays).reshape(*shape, *arrays[0].shape)


def _ragged() -> ShapeMismatch:
    return ShapeMismatch("the rows of a list of places have different lengths")


# A key that the rows take


@dataclass(frozen=True, slots=True)
class _Lowered:
    """A key of the rows, ``key``, on a tensor with axes brought side by side and joined.

    ``order`` are the axes of the tensor that was indexed, as ``joined`` has them, the shape of the tensor with some of
    them in one. ``chosen`` is the shape that the key gives there, of which axis ``at`` has the places, ``shape`` the
    shape that NumPy gives, where that axis is as many as the arrays have.
    """

    order: tuple[int, ...]
    joined: Shape
    key: Key
    at: int
    chosen: Shape
    shape: Shape


def _lowered(trace: Tracing, shape: Shape, parts: Sequence[Any]) -> _Lowered:
    """A key with arrays. A whole number beside arrays is one too, and so is a single truth value, of no axis.

    Where they stand side by side, their axes are in their place in the result, and otherwise in front.
    """
    arrays: list[Any] = []
    lengths: list[int] = []
    named: list[int] = []
    rest: list[tuple[Any, int | None]] = []
    axis, at = 0, 0
    for part in expanded(parts, shape):
        if part is None or isinstance(part, slice):
            rest.append((part, None if part is None else axis))
        else:
            at = at if arrays else len(rest)
            own = range(axis, axis + axes_taken(part))
            arrays += _places(part, shape, axis)
            lengths += [shape[k] for k in own] or [1]
            named += own
        axis += axes_taken(part)
    advanced = [k for k, part in enumerate(parts) if isinstance(part, (int, np.ndarray))]
    at = at if advanced[-1] - advanced[0] < len(advanced) else 0
    before, behind = ([k for _, k in some if k is not None] for some in (rest[:at], rest[at:]))
    joined = (*(shape[k] for k in before), prod(shape[k] for k in named), *(shape[k] for k in behind))
    places = _joined_places(trace, arrays, lengths)
    key = (*(part for part, _ in rest[:at]), places.reshape(-1), *(part for part, _ in rest[at:]))
    chosen = index.result_shape([joined], index.bind([joined], {"key": key}))
    whole = (*chosen[:at], *places.shape, *chosen[at + 1 :])
    return _Lowered((*before, *named, *behind), joined, key, at, chosen, whole)


def _places(part: Any, shape: Shape, axis: int) -> list[Any]:
    """Places along axes, an array for each that a mask speaks of; a single truth value is a mask of an axis of one."""
    if not isinstance(part, np.ndarray) or part.dtype != bool:
        return [counted(part, shape[axis], axis)]
    if not part.ndim:
        return [np.zeros(int(part), dtype="int64")]
    own = shape[axis : axis + part.ndim]
    if part.shape != own:
        where = (
            f"axis {axis}, of length {own[0]}" if part.ndim == 1 else f"axes {axis} to {axis + part.ndim - 1}, of {own}"
        )
        where = f"a tensor of shape {shape}" if part.ndim == len(shape) else where
        raise ShapeMismatch(f"a mask of shape {part.shape} on {where}")
    return list(np.nonzero(part))


def _joined_places(trace: Tracing, arrays: Sequence[Any], lengths: Sequence[int]) -> Any:
    """Places in axes of these lengths as places in the one that they are joined into."""
    try:
        shape = np.broadcast_shapes(*[array.shape for array in arrays])
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ShapeMismatch(
            f"the lists of an index have shapes that do not broadcast: {shapes}",
            hint="all rows i with all columns j: x[i][:, j]",
        ) from None
    trace.builder.limits.require("elements", prod(shape))
    places = np.zeros(shape, dtype="int64")
    trace.builder.bytes += places.nbytes
    for array, length in zip(arrays, lengths, strict=True):
        places = places * length + array
    return places


def _added(trace: Tracing, row: Primitive, operands: Sequence[Node], syntax: Syntax, **params: Any) -> Node:
    return trace.builder.add_node(row, operands, params, syntax.span)


def _shaped(trace: Tracing, node: Node, shape: Shape, syntax: Syntax) -> Node:
    return node if node.shape == shape else _added(trace, reshape, [node], syntax, shape=shape)


def _permuted(trace: Tracing, node: Node, order: tuple[int, ...], syntax: Syntax) -> Node:
    return node if order == tuple(range(len(order))) else _added(trace, permute, [node], syntax, dims=order)


# Reading


def _taken(trace: Tracing, base: Node, parts: Sequence[Any], syntax: Syntax) -> Node:
    if not any(isinstance(part, np.ndarray) for part in parts):
        return _added(trace, index, [base], syntax, key=tuple(parts))
    lowered = _lowered(trace, base.shape, parts)
    base = _shaped(trace, _permuted(trace, base, lowered.order, syntax), lowered.joined, syntax)
    return _shaped(trace, _added(trace, index, [base], syntax, key=lowered.key), lowered.shape, syntax)


# Replacing


def _put(trace: Tracing, base: Node, parts: Sequence[Any], value: Node, syntax: Syntax) -> Node:
    base = _storing(trace, base, value, syntax)
    if not any(isinstance(part, np.ndarray) for part in parts):
        simple = index.bind([base.shape], {"key": tuple(parts)})
        value = _fitted(trace, value, index.result_shape([base.shape], simple), syntax)
        return _added(trace, replace, [base, value], syntax, **simple)
    lowered = _lowered(trace, base.shape, parts)
    value = _fitted(trace, value, lowered.shape, syntax)
    if lowered.shape != lowered.chosen and value.shape:
        value = _added(trace, broadcast_to, [value], syntax, shape=lowered.shape)
        value = _shaped(trace, value, lowered.chosen, syntax)
    key, value = _each_once(trace, lowered, value, syntax)
    turned = _permuted(trace, base, lowered.order, syntax)
    made = _added(trace, replace, [_shaped(trace, turned, lowered.joined, syntax), value], syntax, key=key)
    return _permuted(trace, _shaped(trace, made, turned.shape, syntax), inverse(lowered.order), syntax)


def _storing(trace: Tracing, base: Node, value: Node, syntax: Syntax) -> Node:
    """The tensor as one that takes a value: a number that is written out becomes one."""
    if value.dtype == COMPLEX and base.dtype != COMPLEX:
        raise DtypeError(
            "a complex number does not go into a tensor of real ones", hint="make the tensor complex first: a + 0j"
        )
    if base.dtype == "weak":
        kind = value.dtype if value.dtype in ("float32", "float64") else trace.builder.default_dtype
        return _added(trace, cast, [base], syntax, dtype=kind)
    if base.dtype in ("bool", "int64") and value.dtype in FLOATING and not _is_whole(value):
        raise DtypeError(
            f"a tensor of {base.dtype} does not take floating-point numbers: their derivatives would be lost",
            hint="make it a tensor of floating-point numbers first: a * 1.0",
        )
    return base


def _is_whole(value: Node) -> bool:
    """Whether a value is written out and of whole numbers, so that it is one of any element type."""
    if value.primitive is not constant:
        return False
    numbers = np.asarray(value.params["value"])
    return bool(np.all((np.abs(numbers) < _LARGEST) & (numbers == np.floor(numbers))))


def _fitted(trace: Tracing, value: Node, shape: Shape, syntax: Syntax) -> Node:
    """A value that broadcasts to a shape: axes of length 1 in front of it are left out, as NumPy does on assignment."""
    extra = max(0, len(value.shape) - len(shape))
    fill(value.shape[extra:] if value.shape[:extra] == (1,) * extra else value.shape, shape)
    return _shaped(trace, value, value.shape[extra:], syntax)


def _each_once(trace: Tracing, lowered: _Lowered, value: Node, syntax: Syntax) -> tuple[Key, Node]:
    """A key that names no place twice, with the part of a value that stays: of one place the last."""
    at, places = lowered.at, lowered.key[lowered.at]
    found = np.unique(places[::-1], return_index=True)[1]
    if len(found) == len(places):
        return lowered.key, value
    last = np.sort(len(places) - 1 - found)
    key = (*lowered.key[:at], places[last], *lowered.key[at + 1 :])
    along = at - (len(lowered.chosen) - len(value.shape))
    if along < 0 or value.shape[along] == 1:
        return key, value
    return key, _added(trace, index, [value], syntax, key=(*(slice(None),) * along, last, ...))
