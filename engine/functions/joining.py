"""Tensors joined to one, taken apart into several, and repeated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import whole
from engine.functions.pooling import reserve
from engine.kinds import composition
from engine.shapes import Shape, axis_of, size

_OF = {"input": "x", "ary": "x", "a": "x", "dim": "axis"}


# Joined


@composition(
    "hstack(*xs)",
    complex=True,
    examples=((((2,), (3,)), {}), (((2, 1), (2, 3)), {}), (((), ()), {}), (((2, 1, 2), (2, 2, 2)), {})),
)
def hstack(F: Any, *xs: Any) -> Any:
    """Side by side: joined along the second axis, vectors along their only one."""
    xs = tuple(F.atleast_1d(x) for x in xs)
    return F.concatenate(*xs, axis=0 if len(F.shape(xs[0])) == 1 else 1)


@composition(
    "vstack(*xs)",
    complex=True,
    aliases=("row_stack",),
    examples=((((2,), (2,)), {}), (((1, 2), (2, 2)), {}), (((), ()), {})),
)
def vstack(F: Any, *xs: Any) -> Any:
    """One below the other: joined along the first axis, vectors as rows."""
    return F.concatenate(*[F.atleast_2d(x) for x in xs], axis=0)


@composition(
    "dstack(*xs)", complex=True, examples=((((2,), (2,)), {}), (((2, 2), (2, 2)), {}), (((1, 2, 1), (1, 2, 2)), {}))
)
def dstack(F: Any, *xs: Any) -> Any:
    """One behind the other: joined along the third axis."""
    return F.concatenate(*[F.atleast_3d(x) for x in xs], axis=2)


@composition("column_stack(*xs)", complex=True, examples=((((2,), (2,)), {}), (((2, 2), (2,)), {}), (((), ()), {})))
def column_stack(F: Any, *xs: Any) -> Any:
    """Vectors as the columns of a matrix; matrices side by side."""
    columns = [F.reshape(x, shape=(size(F.shape(x)), 1)) if len(F.shape(x)) < 2 else x for x in xs]
    return F.concatenate(*columns, axis=1)


def _line(F: Any, x: Any, axis: int | None) -> tuple[Any, int]:
    """A tensor and an axis of it; all elements in order where none is named."""
    return (F.ravel(x), 0) if axis is None else (x, axis_of(axis, len(F.shape(x))))


@composition(
    "append(x, values, /, axis=None)",
    complex=True,
    keywords={**_OF, "arr": "x"},
    examples=((((3,), (2,)), {}), (((2, 3), ()), {}), (((2, 3), (2, 1)), {"axis": 1})),
)
def append(F: Any, x: Any, values: Any, axis: int | None) -> Any:
    """A tensor with others behind it along an axis; all elements in order where none is named."""
    line, along = _line(F, x, axis)
    return F.concatenate(line, F.ravel(values) if axis is None else values, axis=along)


@composition(
    "insert(x, static obj, values, /, axis=None)",
    complex=True,
    keywords={**_OF, "arr": "x"},
    examples=(
        (((3,), ()), {"obj": 1}),
        (((2, 3), (2,)), {"obj": -1}),
        (((2, 3), (2,)), {"obj": 3, "axis": 1}),
        (((2, 3), (2, 3)), {"obj": 0, "axis": 0}),
    ),
)
def insert(F: Any, x: Any, values: Any, obj: int, axis: int | None) -> Any:
    """A tensor with others put in before a place along an axis; all elements in order where none is named."""
    line, along = _line(F, x, axis)
    shape = F.shape(line)
    at = whole(obj, "the place to insert at", -shape[along], shape[along])
    between = F.ravel(values) if axis is None else _slices(F, values, shape, along)
    return F.concatenate(_slice(F, line, along, None, at), between, _slice(F, line, along, at, None), axis=along)


def _slices(F: Any, values: Any, shape: Shape, axis: int) -> Any:
    """What is put in, with the axis that it goes along: a slice without it, or several with it."""
    if len(F.shape(values)) == len(shape):
        return values
    return F.expand_dims(F.broadcast_to(values, shape=(*shape[:axis], *shape[axis + 1 :])), axis=axis)


@composition(
    "delete(x, /, obj, axis=None)",
    complex=True,
    keywords={**_OF, "arr": "x"},
    examples=((((4,),), {"obj": 1}), (((2, 3),), {"obj": (0, -1)}), (((2, 3),), {"obj": (2, 2), "axis": 1})),
)
def delete(F: Any, x: Any, obj: Any, axis: int | None) -> Any:
    """A tensor without the slices at one place along an axis or several; all elements in order where none is named."""
    line, along = _line(F, x, axis)
    length = F.shape(line)[along]
    gone = {
        whole(k, "a place to delete", -length, length - 1) % length for k in (obj if isinstance(obj, tuple) else (obj,))
    }
    kept = np.delete(np.arange(length), sorted(gone))
    return F.index(line, key=(*(slice(None),) * along, kept, Ellipsis))


# Taken apart: each gives a tuple


def _slice(F: Any, x: Any, axis: int, start: int | None, stop: int | None) -> Any:
    return F.index(x, key=(*(slice(None),) * axis, slice(start, stop), Ellipsis))


def _between(F: Any, x: Any, axis: int, cuts: Sequence[int]) -> tuple[Any, ...]:
    """The pieces between places, which count as in Python's slices."""
    F.limits.require("pieces", len(cuts) + 1)
    return tuple(_slice(F, x, axis, a, b) for a, b in zip((None, *cuts), (*cuts, None), strict=True))


def _cuts(given: Any) -> tuple[int, ...]:
    return tuple(whole(i, "a place to cut at", None) for i in given)


def _in_sections(F: Any, length: int, sections: int) -> tuple[int, ...]:
    """Where to cut for so many sections of almost equal length, the first of them longer by one."""
    F.limits.require("pieces", whole(sections, "the number of sections", 1))
    short, longer = divmod(length, sections)
    return tuple(k * short + min(k, longer) for k in range(1, sections))


@composition(
    "array_split(x, /, indices_or_sections, axis=0)",
    complex=True,
    aliases=("tensor_split",),
    keywords={**_OF, "sections": "indices_or_sections", "indices": "indices_or_sections"},
    examples=(
        (((5,),), {"indices_or_sections": 3}),
        (((2, 4),), {"indices_or_sections": (1, 3), "axis": 1}),
        (((4, 2),), {"indices_or_sections": (1, 2, 6)}),
        (((5,),), {"indices_or_sections": (-2,)}),
    ),
)
def array_split(F: Any, x: Any, indices_or_sections: Any, axis: int) -> Any:
    """Cut along an axis into so many pieces of almost equal length, or at the places of a list."""
    at = axis_of(axis, len(F.shape(x)))
    given = indices_or_sections
    cuts = _cuts(given) if isinstance(given, tuple) else _in_sections(F, F.shape(x)[at], given)
    return _between(F, x, at, cuts)


@composition(
    "split(x, /, indices_or_sections=None, axis=0, split_size_or_sections=None, _sizes=False)",
    complex=True,
    keywords={**_OF, "split_size": "split_size_or_sections"},
    as_torch={"_sizes": True},
    examples=(
        (((6,),), {"indices_or_sections": 3}),
        (((2, 4),), {"indices_or_sections": (1, 3), "axis": 1}),
        (((5, 2),), {"indices_or_sections": 2, "_sizes": True}),
        (((2, 5),), {"split_size_or_sections": (1, 4), "axis": -1}),
    ),
)
def split(F: Any, x: Any, indices_or_sections: Any, axis: int, split_size_or_sections: Any, _sizes: bool) -> Any:
    """Cut along an axis: into so many equal pieces or at places, as in NumPy; in PyTorch's spelling into pieces
    of a size or of several.
    """
    given = indices_or_sections if split_size_or_sections is None else split_size_or_sections
    if given is None:
        raise WrongArguments("split needs to know into what", hint="split(x, 2) or split(x, [1, 3])")
    if _sizes or split_size_or_sections is not None:
        return F.split_with_sizes(x, split_sizes=given, axis=axis)
    length = F.shape(x)[axis_of(axis, len(F.shape(x)))]
    if not isinstance(given, tuple) and length % whole(given, "the number of pieces", 1):
        raise ShapeMismatch(
            f"an axis of length {length} cannot be cut into {given} equal pieces",
            hint="array_split(x, n) cuts into almost equal ones",
        )
    return F.array_split(x, indices_or_sections=given, axis=axis)


@composition(
    "split_with_sizes(x, /, split_sizes, axis=0)",
    complex=True,
    method="split",
    keywords={**_OF, "split_size": "split_sizes", "split_size_or_sections": "split_sizes"},
    examples=(
        (((5, 2),), {"split_sizes": 2}),
        (((2, 5),), {"split_sizes": (1, 4), "axis": -1}),
        (((3,),), {"split_sizes": (0, 2, 1)}),
    ),
)
def split_with_sizes(F: Any, x: Any, split_sizes: Any, axis: int) -> Any:
    """Cut along an axis into pieces of a size, of which the last may be shorter, or of the sizes of a list."""
    at = axis_of(axis, len(F.shape(x)))
    return _between(F, x, at, _by_sizes(F.shape(x)[at], split_sizes))


def _by_sizes(length: int, given: Any) -> Sequence[int]:
    """Where to cut for pieces of a size, of which the last may be shorter, or of the sizes of a list."""
    if not isinstance(given, tuple):
        return range(whole(given, "the size of a piece", 1), length, given)
    sizes = [whole(n, "the size of a piece") for n in given]
    if sum(sizes) != length:
        raise ShapeMismatch(f"pieces of {list(sizes)} do not make up an axis of length {length}")
    return list(accumulate(sizes))[:-1]


@composition(
    "chunk(x, /, chunks, axis=0)",
    complex=True,
    keywords=_OF,
    examples=((((6,),), {"chunks": 3}), (((2, 5),), {"chunks": 2, "axis": 1}), (((5, 1),), {"chunks": 4})),
)
def chunk(F: Any, x: Any, chunks: int, axis: int) -> Any:
    """Cut along an axis into at most so many pieces of one length; the last may be shorter."""
    at = axis_of(axis, len(F.shape(x)))
    length = F.shape(x)[at]
    each = -(-length // whole(chunks, "the number of pieces", 1))
    return (
        _between(F, x, at, _by_sizes(length, each)) if each else F.array_split(x, indices_or_sections=chunks, axis=at)
    )


@composition(
    "hsplit(x, /, indices_or_sections)",
    complex=True,
    keywords=_OF,
    examples=((((4,),), {"indices_or_sections": 2}), (((2, 3),), {"indices_or_sections": (1,)})),
)
def hsplit(F: Any, x: Any, indices_or_sections: Any) -> Any:
    """Cut along the second axis; a vector along its only one."""
    return F.split(x, indices_or_sections=indices_or_sections, axis=0 if len(F.shape(x)) == 1 else 1)


@composition(
    "vsplit(x, /, indices_or_sections)",
    complex=True,
    keywords=_OF,
    examples=((((4, 2),), {"indices_or_sections": 2}), (((2, 3),), {"indices_or_sections": (1,)})),
)
def vsplit(F: Any, x: Any, indices_or_sections: Any) -> Any:
    """Cut along the first axis."""
    return F.split(x, indices_or_sections=indices_or_sections, axis=0)


@composition(
    "dsplit(x, /, indices_or_sections)",
    complex=True,
    keywords=_OF,
    examples=((((2, 1, 4),), {"indices_or_sections": 2}), (((1, 2, 3),), {"indices_or_sections": (1,)})),
)
def dsplit(F: Any, x: Any, indices_or_sections: Any) -> Any:
    """Cut along the third axis."""
    return F.split(x, indices_or_sections=indices_or_sections, axis=2)


@composition(
    "unbind(x, /, axis=0)",
    complex=True,
    aliases=("unstack",),
    keywords=_OF,
    examples=((((3,),), {}), (((2, 3),), {"axis": 1}), (((2, 1, 2),), {"axis": -1})),
)
def unbind(F: Any, x: Any, axis: int) -> Any:
    """The slices along an axis, without it."""
    shape = F.shape(x)
    at = axis_of(axis, len(shape))
    F.limits.require("pieces", shape[at])
    if not shape[at]:
        raise ShapeMismatch(f"there are no slices along axis {at} of shape {shape}")
    return tuple(F.index(x, key=(*(slice(None),) * at, k, Ellipsis)) for k in range(shape[at]))


# Repeated


@composition(
    "tile(x, /, *reps)",
    complex=True,
    method="repeat",
    keywords={**_OF, "A": "x", "dims": "reps"},
    examples=(
        (((3,),), {"reps": 2}),
        (((2, 3),), {"reps": (2, 1, 2)}),
        (((2, 3),), {"reps": 2}),
        (((),), {"reps": (2, 2)}),
    ),
)
def tile(F: Any, x: Any, reps: Any) -> Any:
    """Repeated as a whole, so many times along each axis."""
    times = tuple(whole(n, "how often to repeat") for n in (reps if isinstance(reps, tuple) else (reps,)))
    shape = F.shape(x)
    times = (1,) * (len(shape) - len(times)) + times
    shape = (1,) * (len(times) - len(shape)) + shape
    apart = F.reshape(x, shape=tuple(n for length in shape for n in (1, length)))
    many = F.broadcast_to(apart, shape=tuple(n for pair in zip(times, shape, strict=True) for n in pair))
    return F.reshape(many, shape=tuple(k * n for k, n in zip(times, shape, strict=True)))


@composition(
    "repeat_interleave(x, /, repeats, axis=None)",
    complex=True,
    aliases=("repeat",),
    keywords=_OF,
    advice="to repeat the whole, write tile(x, 2) or x.repeat(2)",
    examples=(
        (((3,),), {"repeats": 2}),
        (((2, 3),), {"repeats": 2}),
        (((2, 3),), {"repeats": (2, 0, 1), "axis": -1}),
        (((2, 3),), {"repeats": 3, "axis": 0}),
        (((),), {"repeats": 2}),
    ),
)
def repeat_interleave(F: Any, x: Any, repeats: Any, axis: int | None) -> Any:
    """Each element repeated, along an axis or of all in order: so many times, or as often as a list says."""
    if axis is None:
        x, axis = F.ravel(x), 0
    shape = F.shape(x)
    at = axis_of(axis, len(shape))
    times = tuple(whole(n, "how often to repeat") for n in (repeats if isinstance(repeats, tuple) else (repeats,)))
    if len(times) == 1:
        many = F.broadcast_to(F.expand_dims(x, axis=at + 1), shape=(*shape[: at + 1], times[0], *shape[at + 1 :]))
        return F.reshape(many, shape=(*shape[:at], shape[at] * times[0], *shape[at + 1 :]))
    if len(times) != shape[at]:
        raise ShapeMismatch(f"{len(times)} numbers of repetitions do not fit an axis of length {shape[at]}")
    reserve(F, sum(times))
    places = np.repeat(np.arange(shape[at]), times)
    return F.index(x, key=(*(slice(None),) * at, places, Ellipsis))
