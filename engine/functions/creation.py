"""Tensors made from nothing, or in the shape of others. What they take is on the account before anything is made."""

from __future__ import annotations

import math
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import real, whole
from engine.kinds import Example, composition
from engine.shapes import INPUT_DTYPES, lengths_of

DTYPES = {
    **{name: name for name in INPUT_DTYPES},
    **{"float": "float64", "double": "float64", "single": "float32", "bool_": "bool", "complex": "complex128"},
    **dict.fromkeys(("int", "long", "short", "int16", "int32"), "int64"),
}
"""The element types by the names that Python, NumPy and PyTorch have for them."""

_SHAPES: tuple[Example, ...] = (
    ((), {"shape": (2, 3)}),
    ((), {"shape": 2}),
    ((), {"shape": (0, 2)}),
    ((), {"shape": (1,), "dtype": "float64"}),
)
_LIKE: tuple[Example, ...] = ((((2, 3),), {}), (((3,),), {}), (((),), {}))


def typed(F: Any, x: Any, dtype: str | None) -> Any:
    """A tensor in an element type that is asked for by its name; whole numbers and truth values are steps."""
    if dtype is None:
        return x
    dtype = getattr(dtype, "name", dtype)  # of complex, which is a function too
    if dtype not in DTYPES:
        raise WrongArguments(f"{dtype!r} is not an element type", hint=f"one of {', '.join(INPUT_DTYPES)}")
    wanted = DTYPES[dtype]
    return F.cast(F.detach(x) if wanted in ("int64", "bool") else x, dtype=wanted)


def filled(F: Any, value: float, shape: Any) -> Any:
    """A tensor of one number everywhere; -1 has no meaning in its shape."""
    lengths = lengths_of(shape)
    if -1 in lengths:
        raise WrongArguments(f"a shape is made of lengths of at least 0, and {shape} is given")
    return F.broadcast_to(value, shape=lengths)


@composition("zeros(/, *shape, dtype=None)", aliases=("empty",), keywords={"size": "shape"}, examples=_SHAPES)
def zeros(F: Any, shape: Any, dtype: str | None) -> Any:
    """A tensor of zeros."""
    return typed(F, filled(F, 0.0, shape), dtype)


@composition("ones(/, *shape, dtype=None)", keywords={"size": "shape"}, examples=_SHAPES)
def ones(F: Any, shape: Any, dtype: str | None) -> Any:
    """A tensor of ones."""
    return typed(F, filled(F, 1.0, shape), dtype)


@composition(
    "full(static shape, fill_value, /, dtype=None)",
    complex=True,
    keywords={"size": "shape"},
    examples=((((),), {"shape": (2, 3)}), (((3,),), {"shape": (2, 3)}), (((),), {"shape": 0})),
)
def full(F: Any, fill_value: Any, shape: Any, dtype: str | None) -> Any:
    """A tensor of one number everywhere; of a tensor, repeated to a shape."""
    return typed(F, filled(F, fill_value, shape), dtype)


@composition(
    "array(x, /, dtype=None)",
    aliases=("asarray", "tensor", "as_tensor", "clone", "copy", "contiguous", "ascontiguousarray"),
    method="cpu cuda numpy tolist",
    complex=True,
    keywords={"object": "x", "a": "x", "data": "x", "input": "x"},
    advice="what derivatives are taken by is sent in inputs",
    examples=((((2, 3),), {}), (((),), {}), (((3,),), {})),
)
def array(F: Any, x: Any, dtype: str | None) -> Any:
    """A tensor of the elements of a list; a tensor stays what it is."""
    return typed(F, F.reshape(x, shape=F.shape(x)), dtype)


@composition(
    "zeros_like(x, /, dtype=None)",
    aliases=("empty_like",),
    data=("x",),
    keywords={"input": "x", "a": "x"},
    examples=_LIKE,
)
def zeros_like(F: Any, x: Any, dtype: str | None) -> Any:
    """Zeros in the shape of a tensor."""
    return typed(F, F.spread(0.0, x), dtype)


@composition("ones_like(x, /, dtype=None)", data=("x",), keywords={"input": "x", "a": "x"}, examples=_LIKE)
def ones_like(F: Any, x: Any, dtype: str | None) -> Any:
    """Ones in the shape of a tensor."""
    return typed(F, F.spread(1.0, x), dtype)


@composition(
    "full_like(x, fill_value, /, dtype=None)",
    data=("x",),
    keywords={"input": "x", "a": "x"},
    examples=((((2, 3), ()), {}), (((3,), ()), {}), (((2, 3), (3,)), {}), (((), ()), {})),
)
def full_like(F: Any, x: Any, fill_value: Any, dtype: str | None) -> Any:
    """One number everywhere, in the shape of a tensor."""
    return typed(F, F.spread(fill_value, x), dtype)


@composition(
    "eye(/, n, m=None, k=0, dtype=None)",
    aliases=("identity",),
    keywords={"N": "n", "M": "m"},
    examples=(
        ((), {"n": 3}),
        ((), {"n": 2, "m": 4, "k": 1}),
        ((), {"n": 3, "m": 2, "k": -1}),
        ((), {"n": 2, "k": 5}),
        ((), {"n": 0}),
    ),
)
def eye(F: Any, n: int, m: int | None, k: int, dtype: str | None) -> Any:
    """A matrix with ones on a diagonal, and zeros elsewhere."""
    rows = whole(n, "n")
    columns = rows if m is None else whole(m, "m")
    blank = filled(F, 0.0, (rows, columns))
    on = F.diagonal(blank, offset=k) + 1.0
    start = k if k >= 0 else -k * columns
    count = F.shape(on)[0]
    places = slice(start, start + (count - 1) * (columns + 1) + 1, columns + 1) if count else slice(0, 0)
    return typed(F, F.reshape(F.put(on, key=(places,), shape=(rows * columns,)), shape=(rows, columns)), dtype)


@composition(
    "tri(/, n, m=None, k=0, dtype=None)",
    keywords={"N": "n", "M": "m"},
    examples=(((), {"n": 3}), ((), {"n": 2, "m": 4, "k": 1}), ((), {"n": 3, "k": -1})),
)
def tri(F: Any, n: int, m: int | None, k: int, dtype: str | None) -> Any:
    """A matrix with ones up to a diagonal, and zeros above."""
    return typed(F, F.tril(filled(F, 1.0, (whole(n, "n"), n if m is None else whole(m, "m"))), k=k), dtype)


# Along a line


def counted(F: Any, count: int) -> Any:
    """The numbers 0, 1, 2 and so on."""
    return F.cumsum(filled(F, 1.0, (count,)), axis=0) - 1.0


@composition(
    "arange(/, start, stop=None, step=1, dtype=None)",
    keywords={"end": "stop"},
    examples=(
        ((), {"start": 4}),
        ((), {"start": 1, "stop": 3.5}),
        ((), {"start": 5, "stop": 0, "step": -2}),
        ((), {"start": 0, "stop": 1, "step": 0.25}),
        ((), {"start": 2, "stop": 1}),
    ),
)
def arange(F: Any, start: Any, stop: Any, step: Any, dtype: str | None) -> Any:
    """Numbers from a start, in steps, up to and without an end; with one number, from 0 up to it."""
    low, high = (0, start) if stop is None else (start, stop)
    if not all(isinstance(n, (int, float)) and math.isfinite(n) for n in (low, high, step)) or step == 0:
        raise WrongArguments(f"arange takes finite numbers and a step that is not 0, not {(low, high, step)}")
    steps = (high - low) / step
    if not math.isfinite(steps):
        raise WrongArguments(f"steps of {step} are too many from {low} to {high}")
    count = max(0, math.ceil(steps))
    return typed(F, float(low) + float(step) * counted(F, count), dtype)


def as_precise(F: Any, x: Any, *others: Any) -> Any:
    """A tensor in the precision of what it is calculated with."""
    types = {F.dtype(other) for other in others}
    return F.cast(x, dtype="float32") if "float32" in types <= {"float32", "weak"} else x


def _shares(F: Any, start: Any, stop: Any, num: Any, endpoint: bool) -> Any:
    """How far on the way each of the numbers is, in a new first axis."""
    count = 50 if num is None else whole(num, "num")
    shares = as_precise(F, counted(F, count) / float(max(1, count - 1 if endpoint else count)), start, stop)
    rank = max(len(F.shape(start)), len(F.shape(stop)))
    return F.reshape(shares, shape=(count, *(1,) * rank))


_RANGES: tuple[Example, ...] = (
    (((), ()), {"num": 5}),
    (((), ()), {"num": 4, "endpoint": False}),
    (((2,), ()), {"num": 3}),
    (((2, 1), (3,)), {"num": 2}),
    (((), ()), {"num": 1}),
    (((), ()), {"num": 0}),
)
_ENDS = {"end": "stop", "steps": "num"}


@composition(
    "linspace(start, stop, /, num=50, endpoint=True, dtype=None)", complex=True, keywords=_ENDS, examples=_RANGES
)
def linspace(F: Any, start: Any, stop: Any, num: Any, endpoint: bool, dtype: str | None) -> Any:
    """So many numbers from a start to an end, equally far apart."""
    share = _shares(F, start, stop, num, endpoint)
    return typed(F, start * (1.0 - share) + stop * share, dtype)


@composition("logspace(start, stop, /, num=50, endpoint=True, base=10, dtype=None)", keywords=_ENDS, examples=_RANGES)
def logspace(F: Any, start: Any, stop: Any, num: Any, endpoint: bool, base: float, dtype: str | None) -> Any:
    """Powers of a base whose exponents are equally far apart."""
    exponents = F.linspace(start, stop, num=num, endpoint=endpoint)
    return typed(F, F.power(real(base, "base"), exponents), dtype)


@composition(
    "geomspace(start, stop, /, num=50, endpoint=True, dtype=None)",
    keywords=_ENDS,
    examples=_RANGES,
    sample=lambda start, stop: (abs(start) + 0.5, abs(stop) + 0.5),
)
def geomspace(F: Any, start: Any, stop: Any, num: Any, endpoint: bool, dtype: str | None) -> Any:
    """So many numbers from a start to an end of the same sign, each as many times the one before."""
    share = _shares(F, start, stop, num, endpoint)
    return typed(F, start * F.power(F.divide(stop, start), share), dtype)


@composition(
    "meshgrid(each *xs, /, indexing='xy')",
    as_torch={"indexing": "ij"},
    complex=True,
    examples=(
        (((2,), (3,)), {}),
        (((2,), (3,)), {"indexing": "ij"}),
        (((2,), (1,), (3,)), {}),
        (((), (2,)), {"indexing": "ij"}),
        (((3,),), {}),
    ),
)
def meshgrid(F: Any, *xs: Any, indexing: str) -> Any:
    """Coordinates of a grid: each vector repeated along all axes but its own. The first two axes are exchanged unless
    indexing is "ij".
    """
    if indexing not in ("xy", "ij"):
        raise WrongArguments(f"indexing is 'xy' or 'ij', not {indexing!r}")
    if any(len(F.shape(x)) > 1 for x in xs):
        raise ShapeMismatch(f"meshgrid takes vectors, and the shapes are {[F.shape(x) for x in xs]}")
    order = [1, 0, *range(2, len(xs))] if indexing == "xy" and len(xs) > 1 else list(range(len(xs)))
    lengths = [math.prod(F.shape(x)) for x in xs]
    shape = tuple(lengths[order.index(i)] for i in range(len(xs)))
    found = []
    for x, n, at in zip(xs, lengths, order, strict=True):
        own = tuple(n if i == at else 1 for i in range(len(xs)))
        found.append(F.broadcast_to(F.reshape(x, shape=own), shape=shape))
    return tuple(found)
