"""Signals: convolve and correlate as NumPy has them, interpolation between knots, polynomials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.pooling import constant
from engine.kinds import Example, composition
from engine.shapes import size


def _vectors(F: Any, a: Any, v: Any, name: str) -> tuple[Any, Any]:
    """Two vectors with elements; numbers are vectors of one."""
    shapes = [F.shape(x) or (1,) for x in (a, v)]
    if any(len(shape) != 1 or not shape[0] for shape in shapes):
        raise ShapeMismatch(f"{name} takes two vectors with elements, not shapes {F.shape(a)} and {F.shape(v)}")
    first, second = (F.reshape(x, shape=shape) for x, shape in zip((a, v), shapes, strict=True))
    return first, second


def _slid(F: Any, a: Any, v: Any, mode: Any) -> Any:
    """Products of ``v``, the shorter one, with windows of ``a``, summed."""
    (m,), (n,) = F.shape(a), F.shape(v)
    margins = {"full": (n - 1, n - 1), "same": (n - 1 - (n - 1) // 2, (n - 1) // 2), "valid": (0, 0)}
    if mode not in margins:
        raise WrongArguments(f"mode {mode!r} is not known", hint='write "full", "same" or "valid"')
    low, high = margins[mode]
    y = F.convolution(
        F.reshape(a, shape=(1, 1, m)),
        F.reshape(v, shape=(1, 1, n)),
        stride=(1,), low=(low,), high=(high,), dilation=(1,), inflation=(1,), groups=1,
    )  # fmt: skip
    return F.reshape(y, shape=F.shape(y)[2:])


_MODES: Sequence[Example] = (
    (((4,), (3,)), {"mode": "full"}),
    (((2,), (5,)), {"mode": "same"}),
    (((4,), (2,)), {"mode": "same"}),
    (((3,), (3,)), {"mode": "valid"}),
    (((2,), (4,)), {"mode": "valid"}),
    (((), (2,)), {}),
    (((3,), (4,)), {"mode": "full"}),
)


@composition('convolve(a, v, /, mode="full")', complex=True, examples=_MODES)
def convolve(F: Any, a: Any, v: Any, mode: Any) -> Any:
    """Products of two polynomials' coefficients, summed: the convolution of two vectors."""
    a, v = _vectors(F, a, v, "convolve")
    if F.shape(v)[0] > F.shape(a)[0]:
        a, v = v, a
    return _slid(F, a, F.flip(v, axis=0), mode)


@composition('correlate(a, v, /, mode="valid")', complex=True, examples=_MODES)
def correlate(F: Any, a: Any, v: Any, mode: Any) -> Any:
    """Products of a vector with another, conjugate, at each place along it, summed."""
    a, v = _vectors(F, a, v, "correlate")
    v = F.conj(v) if F.any_complex([v]) else v
    if F.shape(v)[0] > F.shape(a)[0]:
        return F.flip(_slid(F, v, a, mode), axis=0)
    return _slid(F, a, v, mode)


@composition(
    "interp(x, xp, fp, left=None, right=None, /, period=None)",
    convention="the slope to the right of a knot, of the last one that to its left",
    sample=lambda x, xp, *rest: (x, xp[xp.argsort()], *rest),
    examples=(
        (((5,), (4,), (4,)), {}),
        (((2, 3), (3,), (3,)), {}),
        (((), (2,), (2,)), {}),
        (((6,), (3,), (3,), (), ()), {}),
        (((3,), (1,), (1,)), {}),
        (((5,), (3,), (3,)), {"period": 1.5}),
    ),
)
def interp(F: Any, x: Any, xp: Any, fp: Any, left: Any, right: Any, period: Any) -> Any:
    """Straight lines between the points (xp, fp), xp in ascending order; outside, its ends or left, right."""
    knots, shape = F.shape(xp), F.shape(x)
    if len(knots) != 1 or knots != F.shape(fp) or not knots[0]:
        raise ShapeMismatch(f"interp takes points as two vectors of one length, not shapes {knots} and {F.shape(fp)}")
    if period is not None:
        x, xp, fp = _round(F, x, xp, fp, period)
        left = right = None
        knots = F.shape(xp)
    last = (slice(knots[0] - 1, None),)
    x = F.reshape(x, shape=(size(shape),))
    y = _between(F, x, xp, fp) if knots[0] > 1 else F.broadcast_to(fp, shape=F.shape(x))
    y = F.where(x < F.index(xp, key=(slice(0, 1),)), F.index(fp, key=(slice(0, 1),)) if left is None else left, y)
    y = F.where(x > F.index(xp, key=last), F.index(fp, key=last) if right is None else right, y)
    return F.reshape(y, shape=shape)


def _round(F: Any, x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """All in one period, in order, with the last point before the first one and the first behind the last."""
    if isinstance(period, bool) or not isinstance(period, (int, float)) or not period:
        raise WrongArguments(f"a period is a number other than 0, not {period!r}")
    length = abs(float(period))
    xp = xp % length
    order = F.argsort(xp, axis=0, descending=False)
    xp, fp = F.pick(xp, order, axis=0), F.pick(fp, order, axis=0)
    first, last = (slice(0, 1),), (slice(F.shape(xp)[0] - 1, None),)
    xp = F.concatenate(F.index(xp, key=last) - length, xp, F.index(xp, key=first) + length)
    return x % length, xp, F.concatenate(F.index(fp, key=last), fp, F.index(fp, key=first))


def _between(F: Any, x: Any, xp: Any, fp: Any) -> Any:
    """By the interval that each element is in, the first or the last one where it is outside."""
    inner = F.index(xp, key=(slice(1, F.shape(xp)[0] - 1),))
    place = F.searchsorted(inner, x, right=True)
    starts, ends = (slice(0, -1),), (slice(1, None),)
    x0, x1, y0, y1 = (F.pick(F.index(v, key=part), place, axis=0) for v in (xp, fp) for part in (starts, ends))
    return y0 + (x - x0) * ((y1 - y0) / (x1 - x0))


@composition(
    "polyval(p, x)",
    complex=True,
    examples=((((3,), (2,)), {}), (((4,), ()), {}), (((1,), (2, 2)), {}), (((2,), (2, 1)), {})),
)
def polyval(F: Any, p: Any, x: Any) -> Any:
    """The polynomial with coefficients p, that of the highest power first, at x, by Horner's scheme."""
    if len(F.shape(p)) != 1:
        raise ShapeMismatch(f"polyval takes the coefficients as a vector, not shape {F.shape(p)}")
    y: Any = 0.0 * x
    for k in range(F.shape(p)[0]):
        y = F.index(p, key=(k,)) + (y * x if k else y)
    return y


@composition(
    "polyder(p, /, m=1)",
    complex=True,
    examples=((((4,),), {}), (((4,),), {"m": 2}), (((3,),), {"m": 0}), (((2,),), {"m": 3})),
)
def polyder(F: Any, p: Any, m: Any) -> Any:
    """The coefficients of a polynomial's derivative of an order, that of the highest power first."""
    if len(F.shape(p)) != 1:
        raise ShapeMismatch(f"polyder takes the coefficients as a vector, not shape {F.shape(p)}")
    if isinstance(m, bool) or not isinstance(m, int) or m < 0:
        raise WrongArguments(f"the order of a derivative is a whole number from 0 on, not {m!r}")
    for _ in range(min(m, F.shape(p)[0])):
        degree = F.shape(p)[0] - 1
        p = F.index(p, key=(slice(0, degree),)) * constant(F, [degree - k for k in range(degree)], p)
    return p


@composition(
    "polyint(p, /, m=1)",
    complex=True,
    examples=((((3,),), {}), (((2,),), {"m": 2}), (((3,),), {"m": 0}), (((1,),), {})),
)
def polyint(F: Any, p: Any, m: Any) -> Any:
    """The coefficients of a polynomial's integral of an order, with constants of 0."""
    if len(F.shape(p)) != 1:
        raise ShapeMismatch(f"polyint takes the coefficients as a vector, not shape {F.shape(p)}")
    if isinstance(m, bool) or not isinstance(m, int) or m < 0:
        raise WrongArguments(f"the order of an integral is a whole number from 0 on, not {m!r}")
    for _ in range(m):
        count = F.shape(p)[0]
        p = F.put(p / constant(F, [count - k for k in range(count)], p), key=(slice(0, count),), shape=(count + 1,))
    return p
