"""Products of tensors in their other spellings (dot, inner, vdot, outer, einsum), the trace, and clip."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import composition
from engine.shapes import size


@composition(
    "dot(a, b)",
    aliases=("sumprod",),
    keywords={"input": "a", "other": "b"},
    derivative="dot(da, b) + dot(a, db)",
    examples=((((3,), (3,)), {}), (((), (2, 3)), {}), (((2, 3), (3, 2)), {}), (((2, 3), (3,)), {})),
    complex=True,
)
def dot(F: Any, a: Any, b: Any) -> Any:
    """Sum of products over the last axis of a and the last but one of b (the only one of a vector), as in NumPy."""
    if not F.shape(a) or not F.shape(b):
        return a * b
    if len(F.shape(b)) <= 2:
        return a @ b
    return _paired(F, a, F.swapaxes(b, axis1=-1, axis2=-2))


@composition(
    "inner(a, b)",
    keywords={"input": "a", "other": "b"},
    derivative="inner(da, b) + inner(a, db)",
    examples=((((3,), (3,)), {}), (((2, 3), (4, 3)), {}), (((3,), (2, 3)), {})),
    complex=True,
)
def inner(F: Any, a: Any, b: Any) -> Any:
    """Sum of products over the last axes of both."""
    return a * b if not F.shape(a) or not F.shape(b) else _paired(F, a, b)


@composition(
    "vdot(a, b)",
    keywords={"input": "a", "other": "b"},
    complex=True,
    examples=((((3,), (3,)), {}), (((2, 3), (2, 3)), {})),
)
def vdot(F: Any, a: Any, b: Any) -> Any:
    """Sum of products of all elements, in order; those of a complex a are conjugated."""
    return F.ravel(F.conj(a) if F.any_complex((a,)) else a) @ F.ravel(b)


def _paired(F: Any, a: Any, b: Any) -> Any:
    """Every vector along the last axis of a times every one along the last axis of b."""
    left, right = letters(len(F.shape(a)) - 1), letters(len(F.shape(b)) - 1).upper()
    if F.shape(a)[-1] != F.shape(b)[-1]:
        raise ShapeMismatch(f"shapes {F.shape(a)} and {F.shape(b)} differ in the length that is summed over")
    return F.contract(a, b, subscripts=f"{left}z,{right}z->{left}{right}")


def letters(count: int) -> str:
    """So many letters, each another, and none of them z."""
    if count > 25:
        raise ShapeMismatch(f"{count + 1} axes are too many for this product", hint="reshape to fewer axes first")
    return "abcdefghijklmnopqrstuvwxy"[:count]


@composition(
    "outer(a, b)",
    derivative="outer(da, b) + outer(a, db)",
    aliases=("ger",),
    keywords={"input": "a", "vec2": "b"},
    examples=((((2,), (3,)), {}), (((2, 2), ()), {})),
    complex=True,
)
def outer(F: Any, a: Any, b: Any) -> Any:
    """The matrix of all products of an element of a and an element of b."""
    m, n = size(F.shape(a)), size(F.shape(b))
    return F.reshape(a, shape=(m, 1)) * F.reshape(b, shape=(1, n))


_WRITTEN = (int, float, bool)


def _clipped(F: Any, x: Any, low: Any, high: Any) -> Any:
    x = x if low is None else F.maximum(x, low)
    return x if high is None else F.minimum(x, high)


@composition(
    "clip(x, low=None, high=None)",
    aliases=("clamp",),
    keywords={"a_min": "low", "min": "low", "a_max": "high", "max": "high"},
    jax=(_clipped, "1/2 at a bound"),
    convention="0 at a bound that is a number, 1/2 at one that is a tensor",
    examples=(
        (((2, 3), (), ()), {}),
        (((3,), None, (3,)), {}),
        (((2, 3), (3,), None), {}),
        (((), (), ()), {}),
    ),
)
def clip(F: Any, x: Any, low: Any, high: Any) -> Any:
    """x, but not below ``low`` nor above ``high``; either may be left out."""
    if low is not None:
        x = F.where(x <= low, low, x) if low.__class__ in _WRITTEN else F.maximum(x, low)
    if high is not None:
        x = F.where(x >= high, high, x) if high.__class__ in _WRITTEN else F.minimum(x, high)
    return x


@composition(
    "einsum(*operands, /, subscripts, optimize=True)",
    examples=(
        (((2, 3), (3, 4), (4,)), {"subscripts": "ij,jk,k->i"}),
        (((3, 3),), {"subscripts": "ii"}),
        (((2, 3, 2),), {"subscripts": "iji->j"}),
        (((2, 3), (2, 3)), {"subscripts": "ij,ij"}),
        (((2, 3), (4, 2, 3)), {"subscripts": "ij,bij->jb"}),
        (((1, 3), (2, 1)), {"subscripts": "ij,ij->ij"}),
    ),
    complex=True,
)
def einsum(F: Any, *operands: Any, subscripts: Any, optimize: Any) -> Any:
    """Sum of products over named axes: ``einsum("ij,jk->ik", a, b)``."""
    inputs, result = _subscripts(F, subscripts, operands)
    terms = _unrepeated(F, [_single(F, letters, x) for letters, x in zip(inputs, operands, strict=True)])
    left, a = terms[0]
    for (right, b), needed in zip(terms[1:], _needed_behind(terms, result)[1:], strict=True):
        left, a = _summed(F, left, a, needed | set(right))
        right, b = _summed(F, right, b, needed | set(left))
        kept = "".join(dict.fromkeys(c for c in left + right if c in needed))
        left, a = kept, F.contract(a, b, subscripts=f"{left},{right}->{kept}")
    letters, x = _summed(F, left, a, set(result))
    return F.permute(x, dims=tuple(letters.index(c) for c in result)) if letters != result else x


def _needed_behind(terms: list[tuple[str, Any]], result: str) -> list[set[str]]:
    """For each operand the letters that those behind it have, or the result."""
    behind = accumulate((set(own) for own, _ in reversed(terms[1:])), set.union, initial=set(result))
    return list(behind)[::-1]


def _subscripts(F: Any, subscripts: Any, operands: tuple[Any, ...]) -> tuple[list[str], str]:
    """The letters of each operand and of the result; without ``->``, those that occur once, in order."""
    if not isinstance(subscripts, str):
        raise WrongArguments("einsum starts with its subscripts in quotes", hint='einsum("ij,jk->ik", a, b)')
    left, arrow, result = _spelled_out(F, subscripts.replace(" ", ""), operands).partition("->")
    inputs = left.split(",")
    letters = "".join(inputs)
    if not all(c.isascii() and c.isalpha() for c in letters + result):
        raise WrongArguments(f"subscripts are letters, commas and '->', not {subscripts!r}")
    if len(inputs) != len(operands):
        raise WrongArguments(f"subscripts name {len(inputs)} operands, and {len(operands)} are given")
    for own, x in zip(inputs, operands, strict=True):
        if len(own) != len(F.shape(x)):
            raise ShapeMismatch(f"subscripts {own!r} name {len(own)} axes of an operand of shape {F.shape(x)}")
    if not arrow:
        result = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    if len(set(result)) != len(result) or not set(result) <= set(letters):
        raise WrongArguments(f"each letter behind '->' is one of an operand's, and written once: {subscripts!r}")
    return inputs, result


def _spelled_out(F: Any, subscripts: str, operands: tuple[Any, ...]) -> str:
    """``...`` as letters of its own, one for each axis that an operand has beyond those it names."""
    if "..." not in subscripts:
        return subscripts
    inputs, arrow, result = subscripts.partition("->")
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in subscripts]
    most = ""
    parts = inputs.split(",")
    for k, (own, x) in enumerate(zip(parts, operands, strict=False)):
        if "..." in own:
            axes = max(len(F.shape(x)) - len(own.replace("...", "")), 0)
            letters = "".join(reversed(free[:axes]))
            most = max(most, letters, key=len)
            parts[k] = own.replace("...", letters)
    if not arrow:
        named = [c for c in "".join(parts) if c not in most]
        result = "..." + "".join(sorted(c for c in set(named) if named.count(c) == 1))
    return ",".join(parts) + "->" + result.replace("...", most)


def _unrepeated(F: Any, terms: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The operands without axes of length 1 that another operand has longer: along those they are repeated."""
    lengths: dict[str, int] = {}
    for own, x in terms:
        for c, n in zip(own, F.shape(x), strict=True):
            lengths[c] = max(lengths.get(c, n), n) if 0 not in (n, lengths.get(c, n)) else 0
    return [
        _summed(F, own, x, {c for c, n in zip(own, F.shape(x), strict=True) if n != 1 or lengths[c] == 1})
        for own, x in terms
    ]


def _single(F: Any, letters: str, x: Any) -> tuple[str, Any]:
    """An operand that names each axis once: a letter written twice asks for the diagonal."""
    while len(set(letters)) < len(letters):
        c = next(c for c in letters if letters.count(c) > 1)
        i, j = letters.index(c), letters.rindex(c)
        rest = [k for k in range(len(letters)) if k not in (i, j)]
        if F.shape(x)[i] != F.shape(x)[j]:
            raise ShapeMismatch(f"a diagonal needs two axes of one length, not {F.shape(x)[i]} and {F.shape(x)[j]}")
        x = F.diagonal(x, axis1=i, axis2=j)
        letters = "".join(letters[k] for k in rest) + c
    return letters, x


def _summed(F: Any, letters: str, x: Any, needed: set[str]) -> tuple[str, Any]:
    """An operand without the axes that nothing else needs."""
    dropped = tuple(i for i, c in enumerate(letters) if c not in needed)
    if not dropped:
        return letters, x
    return "".join(c for c in letters if c in needed), F.sum(x, axis=dropped)


@composition(
    "trace(x, /, offset=0, axis1=0, axis2=1)",
    convention="over the first two axes, as np.trace has it; np.linalg.trace takes the last two",
    derivative="trace(dx, offset=offset, axis1=axis1, axis2=axis2)",
    complex=True,
    keywords={"a": "x", "input": "x"},
    examples=(
        (((3, 3),), {}),
        (((2, 3),), {}),
        (((3, 3),), {"offset": 1}),
        (((3, 2),), {"offset": -1}),
        (((2, 3, 2),), {"axis1": 2, "axis2": 0}),
        (((2, 3),), {"offset": 5}),
    ),
)
def trace(F: Any, x: Any, offset: Any, axis1: int, axis2: int) -> Any:
    """Sum of the diagonal of a matrix, or of the one ``offset`` places above it; of matrices over two axes."""
    return F.sum(F.diagonal(x, offset=offset, axis1=axis1, axis2=axis2), axis=-1)
