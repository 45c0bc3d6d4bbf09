"""Stacks of matrices: what the rows about them share. Leading axes are the stack; the last two are the matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch
from engine.kinds import Example
from engine.namespace import Rule
from engine.shapes import Shape, size

MATRICES: Sequence[Example] = ((((3, 3),), {}), (((2, 2, 2),), {}), (((1, 1),), {}))
"""Calls to test a function of one square matrix with."""

CONDITIONED = "to a few ulp of the largest element, times the condition of the matrix, and for derivatives its powers"
"""How accurate it can be to solve, to invert and to factorise."""


# Shapes and costs


def matrix(s: Shape) -> tuple[int, int]:
    """Rows and columns; raises `ShapeMismatch` where there are none.

    >>> matrix((5, 2, 3))
    (2, 3)
    """
    if len(s) < 2:
        raise ShapeMismatch(f"a matrix is needed, not shape {s}")
    return s[-2], s[-1]


def square(s: Shape) -> int:
    """The number of rows and columns; raises `ShapeMismatch` where they differ."""
    if len(s) < 2 or s[-1] != s[-2]:
        raise ShapeMismatch(f"a square matrix is needed, not shape {s}")
    return s[-1]


def square_shape(s: Shape, **params: Any) -> Shape:
    """The shape of what is as large as the square matrix it is made of."""
    square(s)
    return s


def cubic(s: Shape, **params: Any) -> float:
    """The order of the operations that a product or an elimination takes."""
    return 2.0 * size(s) * min(s[-2:])


def stacked(name: str) -> Callable[..., Any]:
    """The batch rule of a row that takes stacks of one matrix: a batch is a larger stack."""
    return lambda F, n, x, **params: getattr(F, name)(x, **params)


def each_matrix(shape: Rule) -> Rule:
    """The pattern of a row of this shape in which a matrix of the stack, whole, depends on its own operands alone."""

    def pattern(F: Any, *xs: Any, **params: Any) -> Any:
        result = shape(*map(F.shape, xs), **params)
        sums = [F.sum(x, axis=(-2, -1), keepdims=True) for x in xs]
        total = reduce(lambda a, b: a + b, sums)
        stack = F.shape(total)[:-2]
        return F.broadcast_to(F.reshape(total, shape=(*stack, *(1,) * (len(result) - len(stack)))), shape=result)

    return pattern


# Parts


def transposed(F: Any, x: Any) -> Any:
    """Rows and columns exchanged."""
    return F.swapaxes(x, axis1=-1, axis2=-2)


def is_complex(F: Any, x: Any) -> bool:
    """Whether a value is of complex numbers."""
    return F.any_complex((x,))  # type: ignore[no-any-return]


def conjugated(F: Any, x: Any) -> Any:
    """The complex conjugate: of real numbers themselves."""
    return F.conj(x) if is_complex(F, x) else x


def adjoint(F: Any, x: Any) -> Any:
    """The conjugate transpose, xᴴ: of real numbers the transpose."""
    return conjugated(F, transposed(F, x))


def hermitian(F: Any, x: Any) -> Any:
    """The symmetric part, (x + xᴴ)/2: of a symmetric matrix itself, to the last bit."""
    return 0.5 * (x + adjoint(F, x))


def skew(F: Any, x: Any) -> Any:
    """The other part, (x - xᴴ)/2."""
    return 0.5 * (x - adjoint(F, x))


def real_part(F: Any, x: Any) -> Any:
    """The real part: of real numbers themselves."""
    return F.real(x) if is_complex(F, x) else x


def _on_and_below(s: Shape, k: int) -> Any:
    return np.tri(s[-2], s[-1], k, dtype=bool)


def lower(F: Any, x: Any, k: int = 0) -> Any:
    """What is on and below the diagonal, or below the one that is ``k`` places above it; zeros elsewhere."""
    return F.where(_on_and_below(F.shape(x), k), x, 0.0)


def upper(F: Any, x: Any, k: int = 0) -> Any:
    """What is on and above the diagonal, or above the one that is ``k`` places above it; zeros elsewhere."""
    return F.where(~_on_and_below(F.shape(x), k - 1), x, 0.0)


def diagonal(F: Any, x: Any) -> Any:
    """The diagonal of each square matrix, as a vector."""
    return F.sum(F.where(np.eye(F.shape(x)[-1], dtype=bool), x, 0.0), axis=-1)


def diagonal_matrix(F: Any, v: Any) -> Any:
    """The matrix with this diagonal."""
    return F.where(np.eye(F.shape(v)[-1], dtype=bool), columns(F, v), 0.0)


def rows(F: Any, v: Any) -> Any:
    """Vectors as matrices of one row."""
    shape = F.shape(v)
    return F.reshape(v, shape=(*shape[:-1], 1, shape[-1]))


def columns(F: Any, v: Any) -> Any:
    """Vectors as matrices of one column."""
    return F.reshape(v, shape=(*F.shape(v), 1))


def on_matrices(F: Any, scalars: Any, like: Any) -> Any:
    """One number for each matrix, repeated to the matrices' shape."""
    shape = F.shape(like)
    return F.broadcast_to(F.reshape(scalars, shape=(*shape[:-2], 1, 1)), shape=shape)


def kept_real(F: Any, v: Any, x: Any) -> Any:
    """What of x turns the vectors v (columns), whose first components are real, away from that: an angle for each."""
    first = (Ellipsis, slice(0, 1), slice(None))
    return F.imag(F.index(x, key=first)) / F.real(F.index(v, key=first))


def at_first(F: Any, angles: Any, like: Any) -> Any:
    """Imaginary numbers at the first components of vectors, zeros elsewhere: the transpose of taking those parts."""
    shape = F.shape(like)
    place = np.eye(1, shape[-2]).reshape(shape[-2], 1) == 1
    return F.complex(F.broadcast_to(0.0, shape=shape), F.where(place, angles, 0.0))


# Several results of one row, packed one behind the other along the last axis


def packed(*parts: Any) -> Any:
    """Arrays of ``(*lead, *shape)`` as one of ``(*lead, n)``; the leading axes are those of the last, but two."""
    lead = parts[-1].shape[:-2]
    flat = [np.reshape(part, (*lead, size(part.shape[len(lead) :]))) for part in parts]
    return np.concatenate(flat, axis=-1)


def repacked(F: Any, *parts: Any) -> Any:
    """The same over ``F``."""
    lead = F.shape(parts[-1])[:-2]
    flat = [F.reshape(part, shape=(*lead, size(F.shape(part)[len(lead) :]))) for part in parts]
    return F.concatenate(*flat, axis=len(lead))


def unpacked(F: Any, y: Any, *shapes: Shape) -> list[Any]:
    """What was packed, by the shapes that the parts have behind the leading axes."""
    lead = F.shape(y)[:-1]
    ends = np.cumsum([0, *map(size, shapes)]).tolist()
    cuts = [F.index(y, key=(Ellipsis, slice(start, end))) for start, end in pairwise(ends)]
    return [F.reshape(cut, shape=(*lead, *shape)) for cut, shape in zip(cuts, shapes, strict=True)]


# Differences of eigenvalues and singular values


def ties(v: Any, largest: Any) -> Any:
    """Which of the numbers along the last axis are equal but for rounding, pair by pair; each is so with itself."""
    slack = 4 * v.shape[-1] * np.finfo(v.dtype).eps * np.asarray(largest)[..., None, None]
    return np.abs(v[..., None, :] - v[..., :, None]) <= slack


def repeated(v: Any, largest: Any) -> Any:
    """Whether some number along the last axis occurs twice, but for rounding."""
    return np.any(ties(v, largest) & ~np.eye(v.shape[-1], dtype=bool), axis=(-2, -1))


def per_gap(F: Any, v: Any, largest: Any) -> Any:
    """1/(v_j - v_i), 0 on the diagonal, and nan where two are equal but for rounding, so that nothing is known."""
    n = F.shape(v)[-1]
    gap = rows(F, v) - columns(F, v)
    slack = 4 * n * float(np.finfo(F.dtype(v)).eps) * columns(F, columns(F, largest))
    tie = F.abs(gap) <= slack
    quotient = F.where(tie, np.nan, 1.0 / F.where(tie, 1.0, gap))
    return F.where(np.eye(n, dtype=bool), 0.0, quotient)


def unless_tied(F: Any, turn: Any, quotients: Any, *cts: Any) -> Any:
    """How vectors turn towards each other times the quotients of their gaps, in which an exact zero of ``turn`` wins.

    Not where two are tied: to know nothing of them is harmless only if the cotangents ``cts`` of both are zero. (Of a
    derivative of higher order ``turn`` can be zero where these are not.)
    """
    lost = unknown(F, cts[0], True, axis=-2)
    for ct in cts[1:]:
        lost = lost + unknown(F, ct, True, axis=-2)
    return F.where(F.isnan(quotients), rows(F, lost) + columns(F, lost), F.strong_multiply(turn, quotients))


def unknown(F: Any, v: Any, parts: Any, axis: Any) -> Any:
    """nan where any of these parts of v along the axes is not zero, and 0 elsewhere; of v it is a linear function."""
    return F.sum(F.strong_multiply(v, F.where(parts, np.nan, 0.0)), axis=axis)


def tied(F: Any, ct: Any, quotients: Any) -> Any:
    """nan for the matrices in which a number that is equal to another has a cotangent, and 0 for all others."""
    return unknown(F, ct, F.isnan(F.sum(quotients, axis=-1)), axis=-1)


# An exact zero wins, matrix by matrix: the wrapped rules give zero for a cotangent or tangent of zeros. They are linear
# in it, there too: derivatives of higher order go on through it, though not through the point where it is zero.


class _Zeros:
    """For which matrices of a stack a cotangent or tangent, whose leading axes are the stack, is all zeros."""

    def __init__(self, F: Any, v: Any, lead: int) -> None:
        self.F, self.v, self.lead = F, v, lead
        self.within = tuple(range(lead, len(F.shape(v))))
        self.places = F.sum(F.abs(v), axis=self.within) == 0.0

    def _on(self, numbers: Any, like: Any) -> Any:
        shape = self.F.shape(like)
        return self.F.reshape(numbers, shape=(*shape[: self.lead], *(1,) * (len(shape) - self.lead)))

    def held(self, x: Any) -> Any:
        """x, which is a constant for those matrices."""
        return self.F.where(self._on(self.places, x), self.F.detach(x), x)

    def win(self, result: Any) -> Any:
        """The result, in which zeros replace what is not finite for them, whose own derivatives are nan."""
        zero = self._on(unknown(self.F, self.v, True, axis=self.within), result)
        return self.F.where(self._on(self.places, result) & ~self.F.isfinite(result), zero, result)

    def with_lost(self, result: Any, lost: Any) -> Any:
        """The result, to which a zero is added for them that says by its derivative that there is none."""
        return result + self._on(self.F.where(self.places, lost, 0.0), result)


def strong_pull(rule: Callable[..., Any], lost: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """A pull of one matrix in which a cotangent of zeros wins over what is infinite or nan.

    ``lost(F, ct, y, x)`` is nan for those matrices for which the rule has no derivative, if it is differentiated by the
    parts of the cotangent that it adds, and 0 for the others.
    """

    def pull(F: Any, ct: Any, y: Any, x: Any, **params: Any) -> list[Any]:
        zeros = _Zeros(F, ct, len(F.shape(x)) - 2)
        y, x = zeros.held(y), zeros.held(x)
        parts = [zeros.win(part) for part in rule(F, ct, y, x, **params)]
        return [zeros.with_lost(part, lost(F, ct, y, x)) for part in parts] if lost and F.shape(y)[-1] else parts

    return pull


def strong_push(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A push of one matrix in which a tangent of zeros wins."""

    def push(F: Any, ts: Any, y: Any, x: Any, **params: Any) -> Any:
        zeros = _Zeros(F, ts[0], len(F.shape(x)) - 2)
        t = rule(F, ts, zeros.held(y), zeros.held(x), **params)
        return None if t is None else zeros.win(t)

    return push


# Values


def safely(function: Callable[[Any], Any], x: Any) -> Any:
    """A function of a stack by LAPACK; nan for those matrices that it fails on or that are not finite, not for all."""
    finite = np.isfinite(x).all(axis=(-2, -1))
    if not finite.all():
        value = safely(function, np.where(finite[..., None, None], x, np.eye(*x.shape[-2:], dtype=x.dtype)))
        value[~finite] = np.nan
        return value
    try:
        return function(x)
    except np.linalg.LinAlgError:
        if x.ndim > 2:
            return np.stack([safely(function, m) for m in x])
        return np.full_like(function(np.eye(*x.shape, dtype=x.dtype)), np.nan)
