"""Shapes and element types: what they are before anything is computed.

Element types are names. ``weak`` is the type of a number written in the program: floating, and taking the
precision of what it meets, so that ``2*x`` stays in float32 where ``x`` is.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from reprlib import repr as shortly
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments

Shape = tuple[int, ...]

DTYPES = ("bool", "int64", "weak", "float32", "float64", "complex128")
"""From the narrowest to the widest: two operands meet in the wider one."""

INPUT_DTYPES = ("float64", "float32", "complex128", "int64", "bool")
"""The types that an input can state; ``weak`` is only for what is written in a program."""

FLOATING = frozenset({"weak", "float32", "float64"})
COMPLEX = "complex128"
INEXACT = FLOATING | {COMPLEX}
"""The types that have derivatives, in NumPy's word for them."""

EXACT = 2.0**53
"""Below this, floating-point numbers hold every whole one."""

ITEMSIZE = {"bool": 1, "int64": 8, "weak": 8, "float32": 4, "float64": 8, "complex128": 16}
PROMOTION = {(a, b): max(a, b, key=DTYPES.index) for a in DTYPES for b in DTYPES}


_NAMES = {np.dtype(name).char: name for name in INPUT_DTYPES}


def type_of(value: Any) -> str:
    """The element type of an array, by its code: NumPy takes long to make up a name.

    >>> type_of(np.zeros(2, dtype="float32")), type_of(np.float64(1))
    ('float32', 'float64')
    """
    dtype = value.dtype
    return _NAMES.get(dtype.char) or str(dtype.name)


def size(shape: Shape) -> int:
    """The number of elements of a tensor of this shape.

    >>> size((2, 3)), size(()), size((0, 5))
    (6, 1, 0)
    """
    return prod(shape)


@lru_cache(maxsize=4096)
def broadcast(a: Shape, b: Shape) -> Shape:
    """The shape in which two operands meet, by NumPy's rule.

    >>> broadcast((3, 1), (4,))
    (3, 4)
    >>> broadcast((2,), (3,))
    Traceback (most recent call last):
        ...
    engine.errors.ShapeMismatch: shapes (2,) and (3,) do not broadcast
    """
    rank = max(len(a), len(b))
    padded = zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True)
    result = []
    for m, n in padded:
        if m != n and m != 1 and n != 1:
            raise ShapeMismatch(
                f"shapes {a} and {b} do not broadcast",
                hint="from the last axis backwards, lengths must be equal or 1; reshape one of the operands",
            )
        result.append(n if m == 1 else m)
    return tuple(result)


def axis_of(axis: int, rank: int) -> int:
    """A single axis counted from the front.

    >>> axis_of(-1, 3)
    2
    """
    if isinstance(axis, bool) or not isinstance(axis, int):
        raise WrongArguments(f"an axis is a whole number, not {shortly(axis)}")
    if not -rank <= axis < rank:
        raise WrongArguments(
            f"axis {axis} is out of range for a tensor of {rank} ax{'i' if rank == 1 else 'e'}s",
            hint=f"axes run from {-rank} to {rank - 1}" if rank else "a scalar has no axes; leave the axis out",
        )
    return axis % rank


def axes_of(axis: int | tuple[int, ...] | None, rank: int) -> tuple[int, ...]:
    """The axes that a reduction goes over, counted from the front and sorted; ``None`` is all of them.

    >>> axes_of(None, 2), axes_of(-1, 2), axes_of((1, 0), 2)
    ((0, 1), (1,), (0, 1))
    """
    if axis is None:
        return tuple(range(rank))
    listed = tuple(axis_of(a, rank) for a in (axis if isinstance(axis, tuple) else (axis,)))
    if len(set(listed)) != len(listed):
        raise WrongArguments(f"an axis is named twice in {axis}")
    return tuple(sorted(listed))


def reduced(shape: Shape, axes: tuple[int, ...], keepdims: bool) -> Shape:
    """The shape that is left when ``axes`` are reduced.

    >>> reduced((2, 3, 4), (1,), False), reduced((2, 3, 4), (1,), True)
    ((2, 4), (2, 1, 4))
    """
    if keepdims:
        return tuple(1 if i in axes else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in axes)


MOST_AXES = 32
"""More than this many axes are refused; NumPy itself stops at 64."""


def lengths_of(shape: Any) -> Shape:
    """A shape as a tuple of lengths, of which -1 stands for one to be worked out.

    >>> lengths_of(3), lengths_of((2, -1))
    ((3,), (2, -1))
    """
    asked = shape if isinstance(shape, tuple) else (shape,)
    for n in asked:
        if isinstance(n, bool) or not isinstance(n, int) or n < -1:
            raise WrongArguments(f"a shape is made of whole numbers, not {shortly(n)}")
    return asked


def reshaped(old: Shape, new: Any) -> Shape:
    """The shape asked for by ``reshape``, with a ``-1`` worked out.

    >>> reshaped((2, 3), (3, -1))
    (3, 2)
    """
    asked = lengths_of(new)
    known = prod(n for n in asked if n != -1)
    if asked.count(-1) == 1 and known and size(old) % known == 0:
        return tuple(size(old) // known if n == -1 else n for n in asked)
    if known != size(old) or -1 in asked:
        raise ShapeMismatch(f"a tensor of shape {old} has {size(old)} elements, which do not fill shape {asked}")
    return asked
