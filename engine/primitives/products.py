"""Products of tensors: matmul, and the contraction that `einsum` is made of.

Where a rule multiplies a cotangent, an exact zero of the cotangent wins, as it does in the chain rule element by
element: ``_strong`` names the operand whose zeros win. It costs something only where the product is not finite.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch
from engine.kinds import bilinear
from engine.primitives.matrix import transposed
from engine.shapes import Shape, broadcast, size


def _rows(s: Shape) -> Shape:
    return (1, *s) if len(s) == 1 else s


def _columns(s: Shape) -> Shape:
    return (*s, 1) if len(s) == 1 else s


def _turned(a: Shape, b: Shape) -> str:
    """What to do about two operands that do not multiply: the one that would if it were transposed, if any."""
    if len(a) == 2 and len(b) <= 2 and a[0] == b[0]:
        return "transpose the left one: a.T @ b"
    if len(b) == 2 and len(a) <= 2 and a[-1] == b[1]:
        return "transpose the right one: a @ b.T"
    return "the lengths that are summed over must be equal"


def _matmul_shape(a: Shape, b: Shape, _strong: int | None) -> Shape:
    if not a or not b:
        raise ShapeMismatch("@ takes vectors and matrices, not scalars", hint="multiply by a scalar with *")
    left, right = _rows(a), _columns(b)
    if left[-1] != right[-2]:
        raise ShapeMismatch(
            f"shapes {a} and {b} do not multiply: the last axis of the left one has length {left[-1]}, "
            f"the one that it is summed against {right[-2]}",
            hint=_turned(a, b),
        )
    lead = broadcast(left[:-2], right[:-2])
    return (*lead, *left[-2:-1][: len(a) > 1], *right[-1:][: len(b) > 1])


def _matmul(a: Any, b: Any, _strong: int | None = None) -> Any:
    product = np.matmul(a, b)
    if _strong is None or np.isfinite(product).all():
        return product
    return strong_product(np.matmul, a, b, _strong)


def strong_product(multiply: Any, a: Any, b: Any, strong: int) -> Any:
    """A sum of products in which an exact zero of one operand wins over infinities and nans of the other.

    The finite parts are multiplied as they are; products of indicators then count the terms of each sum that are
    infinite or nan, so that no term is ever written out.
    """
    finite = multiply(np.where(np.isfinite(a), a, 0), np.where(np.isfinite(b), b, 0))

    def count(*pairs: tuple[Any, Any]) -> Any:
        return sum(multiply(left.astype(finite.dtype), right.astype(finite.dtype)) for left, right in pairs)

    inf = np.inf
    with np.errstate(invalid="ignore"):
        up = count(
            (a == inf, b > 0), (a == -inf, b < 0), ((a > 0) & (a < inf), b == inf), ((a < 0) & (a > -inf), b == -inf)
        )
        down = count(
            (a == inf, b < 0), (a == -inf, b > 0), ((a > 0) & (a < inf), b == -inf), ((a < 0) & (a > -inf), b == inf)
        )
        loose = (b, a)[strong]  # a zero of this one does not win
        firm = (a, b)[strong]
        holes = [(np.isnan(firm), np.ones_like(loose)), (firm != 0, np.isnan(loose)), (np.isinf(firm), loose == 0)]
        nans = count(*[pair if strong == 0 else pair[::-1] for pair in holes])
    result = np.where(up > 0, inf, np.where(down > 0, -inf, finite))
    return np.where((nans > 0) | ((up > 0) & (down > 0)), np.nan, result)


def _matmul_left(F: Any, ct: Any, a: Any, b: Any, _strong: int | None) -> Any:
    ct, _, right = _as_matrices(F, ct, a, b)
    return _summed(F, F.matmul(ct, transposed(F, right), _strong=0), a, _rows)


def _matmul_right(F: Any, ct: Any, a: Any, b: Any, _strong: int | None) -> Any:
    ct, left, _ = _as_matrices(F, ct, a, b)
    return _summed(F, F.matmul(transposed(F, left), ct, _strong=1), b, _columns)


def _as_matrices(F: Any, ct: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """The operands and the cotangent with the axes back that a vector does without."""
    left, right = _rows(F.shape(a)), _columns(F.shape(b))
    lead = broadcast(left[:-2], right[:-2])
    shape = (*lead, left[-2], right[-1])
    return F.reshape(ct, shape=shape), F.reshape(a, shape=left), F.reshape(b, shape=right)


def _summed(F: Any, product: Any, like: Any, as_matrix: Any) -> Any:
    shape = as_matrix(F.shape(like))
    return F.reshape(F.sum_to(product, shape=shape), shape=F.shape(like))


def _matmul_batch(F: Any, n: int, a: Any, b: Any, batched: Sequence[bool], _strong: int | None) -> Any:
    """Where one operand is the same for all, the batch is more rows of the other: one large product."""
    own = [F.shape(x)[1:] if many else F.shape(x) for x, many in zip((a, b), batched, strict=True)]
    if not batched[1] and len(own[1]) <= 2:
        flat = F.matmul(F.reshape(a, shape=(n * size(own[0][:-1]), own[0][-1])), b, _strong=_strong)
        return F.reshape(flat, shape=(n, *own[0][:-1], *own[1][1:]))
    if not batched[0] and len(own[0]) <= 2 and own[1][1:] in ((), (1,)):
        turned = a if len(own[0]) == 1 else transposed(F, a)
        flat = F.matmul(F.reshape(b, shape=(n, own[1][0])), turned, _strong=None if _strong is None else 1 - _strong)
        return F.reshape(flat, shape=(n, *own[0][:-1], *own[1][1:]))
    result = _matmul_shape(own[0], own[1], None)
    left, right = _rows(own[0]), _columns(own[1])
    rank = max(len(left), len(right))
    a, b = (
        F.reshape(x, shape=(n if many else 1, *(1,) * (rank - len(s)), *s))
        for x, s, many in zip((a, b), (left, right), batched, strict=True)
    )
    return F.reshape(F.matmul(a, b, _strong=_strong), shape=(n, *result))


def _matmul_flops(a: Shape, b: Shape, _strong: int | None) -> float:
    left, right = _rows(a), _columns(b)
    return 2.0 * size(broadcast(left[:-2], right[:-2])) * left[-2] * left[-1] * right[-1]


matmul = bilinear(
    "matmul(a, b, /, _strong=None)",
    keywords={"input": "a", "other": "b", "x1": "a", "x2": "b", "mat2": "b", "vec": "b"},
    left=_matmul_left,
    right=_matmul_right,
    numpy=_matmul,
    shape=_matmul_shape,
    batch=_matmul_batch,
    flops=_matmul_flops,
    operator="@",
    aliases=("mm", "bmm", "mv"),
    examples=(
        (((3,), (3,)), {}),
        (((2, 3), (3,)), {}),
        (((3,), (3, 2)), {}),
        (((2, 3), (3, 4)), {}),
        (((2, 1, 2, 3), (3, 3, 2)), {}),
        (((2, 2, 3), (3,)), {}),
    ),
    doc="Matrix product; vectors multiply as NumPy has it, leading axes broadcast.",
)


# Contraction of two tensors by subscripts. Each operand names an axis once, and every axis of an operand is in
# the other one or in the result: what `einsum` brings its operands to. So its transposes are contractions too.


def split_subscripts(subscripts: str) -> tuple[str, str, str]:
    """The letters of both operands and of the result.

    >>> split_subscripts("ij,jk->ik")
    ('ij', 'jk', 'ik')
    """
    operands, _, result = subscripts.partition("->")
    left, _, right = operands.partition(",")
    return left, right, result


def _contract_shape(a: Shape, b: Shape, subscripts: str, _strong: int | None) -> Shape:
    left, right, result = split_subscripts(subscripts)
    lengths = dict(zip(left, a, strict=True))
    for letter, n in zip(right, b, strict=True):
        if lengths.setdefault(letter, n) != n:
            raise ShapeMismatch(f"axis {letter!r} has length {lengths[letter]} in one operand and {n} in the other")
    return tuple(lengths[letter] for letter in result)


def _contract(a: Any, b: Any, subscripts: str, _strong: int | None = None) -> Any:
    product = np.asarray(np.einsum(subscripts, a, b, optimize=True))
    if _strong is None or np.isfinite(product).all():
        return product
    return strong_product(lambda x, y: np.asarray(np.einsum(subscripts, x, y, optimize=True)), a, b, _strong)


_SPARE = "ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkjihgfedcba"
"""Letters for the axis of a batch: no operand has axes enough to use them all."""


def _contract_batch(
    F: Any, n: int, a: Any, b: Any, batched: Sequence[bool], subscripts: str, _strong: int | None
) -> Any:
    left, right, result = split_subscripts(subscripts)
    z = next(c for c in _SPARE if c not in left + right)
    first, second = (z if many else "" for many in batched)
    return F.contract(a, b, subscripts=f"{first}{left},{second}{right}->{z}{result}", _strong=_strong)


def _contract_flops(a: Shape, b: Shape, subscripts: str, _strong: int | None) -> float:
    left, right, _ = split_subscripts(subscripts)
    return 2.0 * size(tuple(dict(zip(left + right, a + b, strict=True)).values()))


def _contract_left(F: Any, ct: Any, a: Any, b: Any, subscripts: str, _strong: int | None) -> Any:
    left, right, result = split_subscripts(subscripts)
    return F.contract(ct, b, subscripts=f"{result},{right}->{left}", _strong=0)


def _contract_right(F: Any, ct: Any, a: Any, b: Any, subscripts: str, _strong: int | None) -> Any:
    left, right, result = split_subscripts(subscripts)
    return F.contract(a, ct, subscripts=f"{left},{result}->{right}", _strong=1)


contract = bilinear(
    "contract(a, b, /, subscripts, _strong=None)",
    left=_contract_left,
    right=_contract_right,
    numpy=_contract,
    shape=_contract_shape,
    batch=_contract_batch,
    flops=_contract_flops,
    internal=True,
    examples=(
        (((2, 3), (3, 4)), {"subscripts": "ij,jk->ik"}),
        (((2, 3, 2), (2, 4, 2)), {"subscripts": "bij,bkj->kib"}),
        (((2,), (3,)), {"subscripts": "i,j->ij"}),
        (((2, 3), (3, 2)), {"subscripts": "ij,ji->"}),
        (((), ()), {"subscripts": ",->"}),
        (((2, 0), (0, 3)), {"subscripts": "ij,jk->ik"}),
    ),
    doc="Sum of products over the axes that two operands share and the result does not: a step of einsum.",
)
