"""Moving elements about: reshape, transpose, index, concatenate, stack, broadcast, flip, cast.

All are linear, and most are each other's transposes: `index` and `put`, `broadcast_to` and `sum_to`. `replace` is
linear in both of its operands: what was there, and what comes in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import linear
from engine.shapes import COMPLEX, Shape, axes_of, axis_of, broadcast, lengths_of, reshaped

_OF = {"input": "x", "a": "x"}
_AXIS = {"dim": "axis", "dims": "axis"}

reshape = linear(
    "reshape(x, /, *shape)",
    torch="view",
    transpose=lambda F, ct, x, shape: F.reshape(ct, shape=F.shape(x)),
    numpy=lambda x, shape: np.reshape(x, shape),
    shape=lambda s, shape: shape,
    prepare=lambda s, shape: {"shape": reshaped(s, shape)},
    batch=lambda F, n, x, shape: F.reshape(x, shape=(n, *shape)),
    flops=0,
    aliases=("view",),
    advice="by columns (order='F') it is reshape(x.T, shape[::-1]).T",
    keywords={**_OF, "newshape": "shape"},
    examples=(
        (((2, 3),), {"shape": (3, -1)}),
        (((2, 1, 2),), {"shape": (4,)}),
        (((),), {"shape": (1, 1)}),
        (((0, 2),), {"shape": (0,)}),
    ),
    doc="The same elements in another shape; one length may be -1.",
)


def inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    """The permutation that undoes one.

    >>> inverse((2, 0, 1))
    (1, 2, 0)
    """
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


def _permutation(s: Shape, dims: Any) -> dict[str, Any]:
    order = tuple(axis_of(a, len(s)) for a in _listed(dims))
    if sorted(order) != list(range(len(s))):
        raise WrongArguments(f"{dims} does not name each of the {len(s)} axes once")
    return {"dims": order}


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


permute = linear(
    "permute(x, /, *dims)",
    aliases=("permute_dims",),
    keywords={**_OF, "axes": "dims"},
    transpose=lambda F, ct, x, dims: F.permute(ct, dims=inverse(dims)),
    numpy=lambda x, dims: np.transpose(x, dims),
    shape=lambda s, dims: tuple(s[a] for a in dims),
    prepare=_permutation,
    batch=lambda F, n, x, dims: F.permute(x, dims=(0, *(a + 1 for a in dims))),
    flops=0,
    examples=((((2, 3),), {"dims": (1, 0)}), (((2, 3, 4),), {"dims": (1, 2, 0)}), (((2, 3, 1),), {"dims": (-1, 0, 1)})),
    doc="Axes in another order.",
)


def _broadcast_shape(s: Shape, shape: Shape) -> Shape:
    if min(shape, default=0) < 0 or broadcast(s, shape) != shape:
        raise ShapeMismatch(f"a tensor of shape {s} does not broadcast to shape {shape}")
    return shape


def _broadcast_batch(F: Any, n: int, x: Any, shape: Shape) -> Any:
    own = F.shape(x)[1:]
    return F.broadcast_to(F.reshape(x, shape=(n, *(1,) * (len(shape) - len(own)), *own)), shape=(n, *shape))


broadcast_to = linear(
    "broadcast_to(x, /, *shape)",
    torch="expand",
    keywords={**_OF, "array": "x", "size": "shape"},
    transpose=lambda F, ct, x, shape: F.sum_to(ct, shape=F.shape(x)),
    numpy=lambda x, shape: np.broadcast_to(x, shape),
    shape=_broadcast_shape,
    prepare=lambda s, shape: {"shape": lengths_of(shape)},
    batch=_broadcast_batch,
    flops=0,
    examples=(
        (((3, 1),), {"shape": (2, 3, 2)}),
        (((2,),), {"shape": (2,)}),
        (((),), {"shape": (2, 2)}),
        (((1, 2),), {"shape": (0, 2)}),
    ),
    doc="Repeated along new axes and axes of length 1.",
)


def _sum_to(x: Any, shape: Shape) -> Any:
    own = np.shape(x)
    extra = len(own) - len(shape)
    axes = (*range(extra), *(i + extra for i, n in enumerate(shape) if n == 1 and own[i + extra] != 1))
    total = np.add.reduce(x, axis=axes) if axes else x
    return total if np.shape(total) == shape else np.reshape(total, shape)


def _sum_to_batch(F: Any, n: int, x: Any, shape: Shape) -> Any:
    extra = len(F.shape(x)) - 1 - len(shape)
    return F.reshape(F.sum_to(x, shape=(n, *(1,) * extra, *shape)), shape=(n, *shape))


sum_to = linear(
    "sum_to(x, /, shape)",
    transpose=lambda F, ct, x, shape: F.broadcast_to(ct, shape=F.shape(x)),
    numpy=_sum_to,
    shape=lambda s, shape: shape,
    batch=_sum_to_batch,
    internal=True,
    examples=(
        (((2, 3, 2),), {"shape": (3, 1)}),
        (((2, 2),), {"shape": ()}),
        (((2,),), {"shape": (2,)}),
        (((0, 2),), {"shape": (1, 2)}),
    ),
    doc="Summed over the axes along which `broadcast_to` would repeat: its transpose.",
)


# Indexing. A key has an entry for each axis of the operand: a place, a slice or an array of places (at most one, so
# that the axes of the result stay in their order), and None where a new axis goes in. Who writes a key may list the
# places in a tuple.

Key = tuple[Any, ...]


def axes_taken(item: Any) -> int:
    """How many axes a part of a key speaks of: a mask has several, and ``None`` makes one."""
    if item is None or item is Ellipsis:
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype == bool else 1


def expanded(key: Sequence[Any], s: Shape) -> list[Any]:
    """The parts of a key with whole axes where it has ``...`` or says nothing of the last ones."""
    items = list(key)
    named = sum(map(axes_taken, items))
    if named > len(s):
        count = f"{named} {'index is' if named == 1 else 'indices are'}"
        raise WrongArguments(
            f"{count} too many for a tensor of {len(s)} ax{'i' if len(s) == 1 else 'e'}s",
            hint=f"its shape is {s}" if s else "it is a scalar",
        )
    gaps = [at for at, item in enumerate(items) if item is Ellipsis] or [len(items)]
    if len(gaps) > 1:
        raise WrongArguments("an index has at most one '...'")
    items[gaps[0] : gaps[0] + 1] = [slice(None)] * (len(s) - named)
    return items


def _prepare_key(s: Shape, key: Any) -> dict[str, Any]:
    axes = iter(enumerate(s))
    items = expanded(_listed(key), s)
    return {"key": tuple(None if item is None else _entry(item, *next(axes)) for item in items)}


def _outside(place: float, axis: int | None, length: int) -> WrongArguments:
    where = "an axis" if axis is None else f"axis {axis},"
    hint = f"places run from 0 to {length - 1}, and from -{length} to -1 from the end" if length else None
    return WrongArguments(f"index {place:.15g} is out of range for {where} of length {length}", hint=hint)


def counted(index: Any, length: int, axis: int | None = None) -> Any:
    """Whole numbers counted from the front; raises `WrongArguments` where they are none or out of range."""
    given = np.asarray(index)
    inside = (given >= -length) & (given < length)
    whole = np.where(inside, given, 0).astype("int64", copy=False)
    wrong = ~inside | (whole != given)
    if wrong.any():
        worst = given[wrong].flat[0]
        if worst == np.floor(worst):
            raise _outside(worst, axis, length)
        raise WrongArguments(f"an index is a whole number, not {worst:g}")
    return np.where(whole < 0, whole + length, whole)


def _entry(item: Any, axis: int, length: int) -> Any:
    if isinstance(item, slice):
        if item.step == 0:
            raise WrongArguments("the step of a slice cannot be 0")
        start, stop, step = item.indices(length)
        if not range(start, stop, step):
            return slice(0, 0, 1)
        return slice(start, None if stop < 0 else stop, step)
    if isinstance(item, (tuple, np.ndarray)):
        return _listed_places(item, axis, length)
    if isinstance(item, bool) or not isinstance(item, int):
        raise WrongArguments(f"an index is a whole number, a slice or a list of whole numbers, not {item!r}")
    if not -length <= item < length:
        raise _outside(item, axis, length)
    return item % length


def _listed_places(items: Any, axis: int, length: int) -> Any:
    """Places in an array: those in a tuple were written out, those in an array computed."""
    written = isinstance(items, tuple)
    if any(not isinstance(item, (int, float)) for item in items) if written else items.ndim != 1:
        raise WrongArguments("a list of places holds whole numbers, not lists", hint="index in several steps")
    if written:
        return np.array([_entry(item, axis, length) for item in items], dtype="int64")
    return counted(items, length, axis)


def _key_shape(s: Shape, key: Key) -> Shape:
    lists = len([item for item in key if isinstance(item, np.ndarray)])
    if lists > 1:
        raise WrongArguments(
            "an index can hold one list of places",
            hint="rows and columns: x[[0, 1]][:, [0, 2]]; one of each row: take_along_axis(x, i[:, None], 1)[:, 0]",
        )
    if lists and any(isinstance(item, int) for item in key):
        raise WrongArguments("a list of places beside a single place", hint="index in two steps: x[0][:, [0, 2]]")
    lengths = iter(s)
    result: list[int] = []
    for item in key:
        if item is None:
            result.append(1)
            continue
        length = next(lengths)
        if isinstance(item, slice):
            result.append(len(range(*item.indices(length))))
        elif isinstance(item, np.ndarray):
            result.append(len(item))
    return tuple(result)


def _as_numpy(key: Key) -> Key:
    return tuple(np.array(item, dtype="int64") if isinstance(item, tuple) else item for item in key)


def _put(v: Any, key: Key, shape: Shape) -> Any:
    result, key = np.zeros(shape, dtype=np.asarray(v).dtype), _as_numpy(key)
    if any(isinstance(item, np.ndarray) for item in key):
        np.add.at(result, key, v)
    else:
        result[key] = v
    return result


index = linear(
    "index(x, /, key)",
    transpose=lambda F, ct, x, key: F.put(ct, key=key, shape=F.shape(x)),
    numpy=lambda x, key: np.asarray(x)[_as_numpy(key)],
    shape=_key_shape,
    prepare=_prepare_key,
    batch=lambda F, n, x, key: F.index(x, key=(slice(None), *key)),
    flops=0,
    internal=True,
    examples=(
        (((3, 4),), {"key": (1, slice(None, None, -2))}),
        (((4, 2),), {"key": ((2, 0, 2), slice(None))}),
        (((2, 3, 2),), {"key": (Ellipsis, None, -1)}),
        (((3,),), {"key": ((),)}),
    ),
    doc="The elements that x[key] names.",
)

put = linear(
    "put(v, /, key, shape)",
    transpose=lambda F, ct, v, key, shape: F.index(ct, key=key),
    numpy=_put,
    shape=lambda s, key, shape: shape,
    batch=lambda F, n, v, key, shape: F.put(v, key=(slice(None), *key), shape=(n, *shape)),
    internal=True,
    examples=(
        (((2,),), {"key": (1, slice(0, 4, 2)), "shape": (3, 4)}),
        (((3, 2),), {"key": ((2, 0, 2), slice(None)), "shape": (4, 2)}),
        (((),), {"key": (0,), "shape": (2,)}),
    ),
    doc="Zeros of a shape, with elements added at x[key]: the transpose of `index`.",
)


def fill(v: Shape, chosen: Shape) -> None:
    """Raise `ShapeMismatch` where a value does not broadcast to the part of a tensor that it is to replace."""
    behind = chosen[len(chosen) - len(v) :]
    if len(v) > len(chosen) or any(m not in (1, n) for m, n in zip(v, behind, strict=True)):
        raise ShapeMismatch(
            f"a value of shape {v} does not fit the part that it replaces, of shape {chosen}",
            hint="from the last axis backwards, its lengths must be equal to those of the part, or 1",
        )


def _replaced_shape(s: Shape, v: Shape, key: Key) -> Shape:
    fill(v, _key_shape(s, key))
    return s


def _replaced(x: Any, v: Any, key: Key) -> Any:
    result = np.array(x)
    result[_as_numpy(key)] = np.asarray(v)[()]
    return result


def _replaced_back(F: Any, ct: Any, xs: Any, wanted: Any, key: Key) -> list[Any]:
    """What was replaced gets exact zeros, put there and not multiplied: the cotangent may be infinite."""
    return [F.fit(F.index(ct, key=key), xs[1]) if k else F.replace(ct, 0.0, key=key) for k in wanted]


def _replaced_batch(F: Any, n: int, x: Any, v: Any, key: Key) -> Any:
    """The value's own axes stand behind those that it is repeated along."""
    own, chosen = F.shape(v)[1:], _key_shape(F.shape(x)[1:], key)
    v = F.reshape(v, shape=(n, *(1,) * (len(chosen) - len(own)), *own))
    return F.replace(x, v, key=(slice(None), *key))


replace = linear(
    "replace(*xs, /, key)",
    torch="index_put",
    transpose=_replaced_back,
    numpy=_replaced,
    shape=_replaced_shape,
    prepare=lambda s, v, key: _prepare_key(s, key),
    batch=_replaced_batch,
    dtype=lambda x: x,
    flops=0,
    internal=True,
    examples=(
        (((3, 4), (2,)), {"key": (1, slice(None, None, -2))}),
        (((3, 4), ()), {"key": (slice(0, 2), slice(1, None))}),
        (((4, 2), (2, 1)), {"key": ((2, 0), slice(None))}),
        (((2, 3, 2), (3, 1)), {"key": (Ellipsis, None, -1)}),
        (((3,), (0,)), {"key": ((),)}),
        (((), ()), {"key": ()}),
    ),
    doc="The tensor with what x[key] names replaced by a value, broadcast to it. A key names no place twice.",
)


def _concatenated(*shapes: Shape, axis: int) -> Shape:
    first = shapes[0]
    for s in shapes[1:]:
        if len(s) != len(first) or any(m != n for i, (m, n) in enumerate(zip(s, first, strict=True)) if i != axis):
            raise ShapeMismatch(f"shapes {first} and {s} differ in more than axis {axis}")
    return (*first[:axis], sum(s[axis] for s in shapes), *first[axis + 1 :])


def _parts(F: Any, ct: Any, xs: Any, wanted: Any, axis: int) -> list[Any]:
    ends = np.cumsum([F.shape(x)[axis] for x in xs]).tolist()
    lead = (slice(None),) * axis
    behind = (slice(None),) * (len(F.shape(ct)) - axis - 1)
    return [F.index(ct, key=(*lead, slice(ends[k] - F.shape(xs[k])[axis], ends[k]), *behind)) for k in wanted]


concatenate = linear(
    "concatenate(*xs, /, axis=0)",
    torch="cat",
    transpose=_parts,
    numpy=lambda *xs, axis=0: np.concatenate(xs, axis=axis),
    shape=_concatenated,
    prepare=lambda *shapes, axis: {"axis": axis_of(axis, len(shapes[0]))},
    batch=lambda F, n, *xs, axis: F.concatenate(*xs, axis=axis + 1),
    flops=0,
    aliases=("cat", "concat"),
    keywords=_AXIS,
    examples=((((3,), (2,)), {}), (((2, 1), (2, 3), (2, 2)), {"axis": -1}), (((2, 1, 2), (2, 0, 2)), {"axis": 1})),
    doc="Tensors joined along an axis.",
)


def _stacked(*shapes: Shape, axis: int) -> Shape:
    for s in shapes[1:]:
        if s != shapes[0]:
            hint = "give all items one shape; or keep them in a list, and take one at a time: ys[0]"
            raise ShapeMismatch(f"stacked tensors have one shape, not {shapes[0]} and {s}", hint=hint)
    return (*shapes[0][:axis], len(shapes), *shapes[0][axis:])


def _layers(F: Any, ct: Any, xs: Any, wanted: Any, axis: int) -> list[Any]:
    lead = (slice(None),) * axis
    behind = (slice(None),) * (len(F.shape(ct)) - axis - 1)
    return [F.index(ct, key=(*lead, k, *behind)) for k in wanted]


stack = linear(
    "stack(*xs, /, axis=0)",
    transpose=_layers,
    numpy=lambda *xs, axis=0: np.stack(xs, axis=axis),
    shape=_stacked,
    prepare=lambda *shapes, axis: {"axis": axis_of(axis, len(shapes[0]) + 1)},
    batch=lambda F, n, *xs, axis: F.stack(*xs, axis=axis + 1),
    flops=0,
    keywords=_AXIS,
    examples=((((), ()), {}), (((3,), (3,)), {"axis": -1}), (((2, 3), (2, 3), (2, 3)), {"axis": 1})),
    doc="Tensors of one shape side by side along a new axis.",
)

flip = linear(
    "flip(x, /, *axis=None)",
    transpose=lambda F, ct, x, axis: F.flip(ct, axis=axis),
    numpy=lambda x, axis=None: np.flip(x, axis=axis),
    shape=lambda s, axis: s,
    prepare=lambda s, axis: {"axis": axes_of(axis, len(s))},
    batch=lambda F, n, x, axis: F.flip(x, axis=tuple(a + 1 for a in axis)),
    flops=0,
    keywords={**_AXIS, **_OF, "m": "x"},
    examples=((((2, 3),), {}), (((2, 3, 2),), {"axis": (0, 2)}), (((3,),), {"axis": -1})),
    doc="Elements in reverse order along axes.",
)


def _cast(x: Any, dtype: str) -> Any:
    """Of a complex number that becomes a real one, the real part; a number that is weak is a double."""
    x = np.asarray(x)
    return (x.real if x.dtype.kind == "c" and dtype != COMPLEX else x).astype("float64" if dtype == "weak" else dtype)


cast = linear(
    "cast(x, /, dtype)",
    torch="to_copy",
    transpose=lambda F, ct, x, dtype: F.cast(ct, dtype=F.dtype(x)),
    numpy=_cast,
    scalar=lambda x, dtype=None: float(x),
    shape=lambda s, dtype: s,
    batch=lambda F, n, x, dtype: F.cast(x, dtype=dtype),
    dtype="dtype",
    flops=0,
    internal=True,
    examples=((((2, 3),), {"dtype": "float64"}), (((3,),), {"dtype": "float32"}), (((),), {"dtype": "float32"})),
    doc="The same numbers in another element type.",
)
