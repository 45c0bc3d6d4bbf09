"""Triangles and diagonals of matrices, and matrices made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import whole
from engine.functions.creation import as_precise, counted
from engine.kinds import Example, composition
from engine.shapes import axis_of, size

_OF = {"input": "x", "a": "x", "m": "x", "v": "x", "arr": "x"}
_TRIANGLES: Sequence[Example] = (
    (((3, 3),), {}),
    (((2, 3),), {"k": 1}),
    (((2, 3, 2),), {"k": -1}),
    (((3, 2),), {"k": 5}),
)


def _triangle(F: Any, x: Any, kept: Any) -> Any:
    if len(F.shape(x)) < 2:
        raise ShapeMismatch(f"a triangle is of a matrix, and the shape is {F.shape(x)}")
    if not size(F.shape(x)):
        return F.reshape(x, shape=F.shape(x))
    return F.where(kept(*F.shape(x)[-2:]), x, 0.0)


@composition("tril(x, /, k=0)", complex=True, keywords={**_OF, "diagonal": "k"}, examples=_TRIANGLES)
def tril(F: Any, x: Any, k: int) -> Any:
    """The lower triangle of matrices, up to the k-th diagonal; zeros elsewhere."""
    whole(k, "what names a diagonal", None)
    return _triangle(F, x, lambda m, n: np.tri(m, n, k, dtype=bool))


@composition("triu(x, /, k=0)", complex=True, keywords={**_OF, "diagonal": "k"}, examples=_TRIANGLES)
def triu(F: Any, x: Any, k: int) -> Any:
    """The upper triangle of matrices, from the k-th diagonal on; zeros elsewhere."""
    whole(k, "what names a diagonal", None)
    return _triangle(F, x, lambda m, n: ~np.tri(m, n, k - 1, dtype=bool))


def _on_diagonal(rows: int, columns: int, k: int) -> tuple[int, slice]:
    """How many elements the k-th diagonal of a matrix has, and where they are when its rows are joined."""
    whole(k, "what names a diagonal", None)
    start = k if k >= 0 else -k * columns
    count = max(0, min(rows + min(k, 0), columns - max(k, 0)))
    return count, slice(start, start + (count - 1) * (columns + 1) + 1, columns + 1) if count else slice(0, 0)


@composition(
    "diagonal(x, /, offset=0, axis1=0, axis2=1)",
    complex=True,
    keywords={**_OF, "dim1": "axis1", "dim2": "axis2"},
    examples=(
        (((3, 3),), {}),
        (((2, 3),), {"offset": 1}),
        (((3, 2),), {"offset": -2}),
        (((2, 3, 2),), {"axis1": -1, "axis2": 0}),
        (((2, 2),), {"offset": 4}),
    ),
)
def diagonal(F: Any, x: Any, offset: int, axis1: int, axis2: int) -> Any:
    """A diagonal of the matrices along two axes, as the last axis of what is left."""
    rank = len(F.shape(x))
    if rank < 2 or axis_of(axis1, rank) == axis_of(axis2, rank):
        raise ShapeMismatch(f"a diagonal is of two axes, and the shape is {F.shape(x)}")
    x = F.moveaxis(x, source=(axis1, axis2), destination=(-2, -1))
    *lead, rows, columns = F.shape(x)
    _, places = _on_diagonal(rows, columns, offset)
    return F.index(F.reshape(x, shape=(*lead, rows * columns)), key=(Ellipsis, places))


@composition(
    "diag_embed(x, /, offset=0, dim1=-2, dim2=-1)",
    complex=True,
    keywords=_OF,
    examples=((((3,),), {}), (((2, 3),), {"offset": 1}), (((2, 2),), {"offset": -1, "dim1": 0, "dim2": 2})),
)
def diag_embed(F: Any, x: Any, offset: int, dim1: int, dim2: int) -> Any:
    """Matrices along two new axes that have the last axis on a diagonal, and zeros elsewhere."""
    if not F.shape(x):
        raise ShapeMismatch("a diagonal is made of a vector, not of a number")
    *lead, length = F.shape(x)
    n = length + abs(whole(offset, "what names a diagonal", None))
    rank = len(lead) + 2
    if axis_of(dim1, rank) == axis_of(dim2, rank):
        raise WrongArguments(f"the two axes {dim1} and {dim2} are one")
    _, places = _on_diagonal(n, n, offset)
    flat = F.put(x, key=(*(slice(None),) * len(lead), places), shape=(*lead, n * n))
    return F.moveaxis(F.reshape(flat, shape=(*lead, n, n)), source=(-2, -1), destination=(dim1, dim2))


@composition(
    "diag(x, /, k=0)",
    complex=True,
    advice="of numbers it is diag([a, b, c])",
    keywords={**_OF, "diagonal": "k", "offset": "k"},
    examples=((((3,),), {}), (((2,),), {"k": -1}), (((2, 3),), {"k": 1}), (((3, 3),), {})),
)
def diag(F: Any, x: Any, k: int) -> Any:
    """A matrix with a vector on a diagonal; of a matrix, its diagonal."""
    rank = len(F.shape(x))
    if rank not in (1, 2):
        raise ShapeMismatch(
            f"diag takes a vector or a matrix, and the shape is {F.shape(x)}",
            hint="of stacks, diagonal(x, 0, -2, -1) and diag_embed(x)",
        )
    return F.diag_embed(x, offset=k) if rank == 1 else F.diagonal(x, offset=k)


@composition(
    "diagflat(x, /, k=0)",
    complex=True,
    keywords={**_OF, "offset": "k"},
    examples=((((2, 2),), {}), (((3,),), {"k": 1}), (((),), {"k": -1})),
)
def diagflat(F: Any, x: Any, k: int) -> Any:
    """A matrix with all elements in order on a diagonal."""
    return F.diag_embed(F.ravel(x), offset=k)


@composition(
    "block_diag(each *xs)", complex=True, examples=((((2, 1), (1, 2)), {}), (((2,), (), (1, 3)), {}), (((2, 2),), {}))
)
def block_diag(F: Any, *xs: Any) -> Any:
    """A matrix with matrices along its diagonal, and zeros elsewhere; vectors are rows."""
    blocks = [F.atleast_2d(x) for x in xs]
    if any(len(F.shape(block)) > 2 for block in blocks):
        raise ShapeMismatch("block_diag takes matrices", hint="join stacks with concatenate and zeros")
    columns = [F.shape(block)[1] for block in blocks]
    before = np.cumsum([0, *columns]).tolist()
    rows = [
        F.put(block, key=(slice(None), slice(at, at + n)), shape=(F.shape(block)[0], before[-1]))
        for block, at, n in zip(blocks, before, columns, strict=False)
    ]
    return F.concatenate(*rows, axis=0)


@composition(
    "vander(x, /, N=None, increasing=False)",
    complex=True,
    keywords=_OF,
    examples=((((3,),), {}), (((3,),), {"N": 2}), (((2,),), {"N": 4, "increasing": True}), (((2,),), {"N": 0})),
)
def vander(F: Any, x: Any, N: int | None, increasing: bool) -> Any:
    """Vandermonde's matrix: the powers of a vector as columns, the highest first unless told otherwise."""
    if len(F.shape(x)) != 1:
        raise ShapeMismatch(f"vander takes a vector, and the shape is {F.shape(x)}")
    count = size(F.shape(x)) if N is None else N
    powers = counted(F, count)
    powers = as_precise(F, powers if increasing else F.flip(powers), x)
    return F.power(F.expand_dims(x, axis=1), powers)
