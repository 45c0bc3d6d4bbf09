"""Products of tensors, and what is made of matrices: matmul, contract, det, inv, solve.

Rules follow M. B. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch
from engine.kinds import Example, bilinear, explicit
from engine.shapes import Shape, broadcast, size

# Products. Where a rule multiplies a cotangent, an exact zero of the cotangent wins, as it does in the chain
# rule element by element: ``_strong`` names the operand whose zeros win. It costs something only where the
# product is not finite.


def _rows(s: Shape) -> Shape:
    return (1, *s) if len(s) == 1 else s


def _columns(s: Shape) -> Shape:
    return (*s, 1) if len(s) == 1 else s


def _matmul_shape(a: Shape, b: Shape, _strong: int | None) -> Shape:
    if not a or not b:
        raise ShapeMismatch("@ takes vectors and matrices, not scalars", hint="multiply by a scalar with *")
    left, right = _rows(a), _columns(b)
    if left[-1] != right[-2]:
        raise ShapeMismatch(
            f"shapes {a} and {b} do not multiply: the last axis of the left one has length {left[-1]}, "
            f"the one that it is summed against {right[-2]}"
        )
    lead = broadcast(left[:-2], right[:-2])
    return (*lead, *left[-2:-1][: len(a) > 1], *right[-1:][: len(b) > 1])


def _matmul(a: Any, b: Any, _strong: int | None = None) -> Any:
    product = np.matmul(a, b)
    if _strong is None or np.isfinite(product).all():
        return product
    return _strong_product(np.matmul, a, b, _strong)


def _strong_product(multiply: Any, a: Any, b: Any, strong: int) -> Any:
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


def _transposed(F: Any, x: Any) -> Any:
    return F.swapaxes(x, axis1=-1, axis2=-2)


def _matmul_left(F: Any, ct: Any, a: Any, b: Any, _strong: int | None) -> Any:
    ct, _, right = _as_matrices(F, ct, a, b)
    return _summed(F, F.matmul(ct, _transposed(F, right), _strong=0), a, _rows)


def _matmul_right(F: Any, ct: Any, a: Any, b: Any, _strong: int | None) -> Any:
    ct, left, _ = _as_matrices(F, ct, a, b)
    return _summed(F, F.matmul(_transposed(F, left), ct, _strong=1), b, _columns)


def _as_matrices(F: Any, ct: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """The operands and the cotangent with the axes back that a vector does without."""
    left, right = _rows(F.shape(a)), _columns(F.shape(b))
    lead = broadcast(left[:-2], right[:-2])
    shape = (*lead, left[-2], right[-1])
    return F.reshape(ct, shape=shape), F.reshape(a, shape=left), F.reshape(b, shape=right)


def _summed(F: Any, product: Any, like: Any, as_matrix: Any) -> Any:
    shape = as_matrix(F.shape(like))
    return F.reshape(F.sum_to(product, shape=shape), shape=F.shape(like))


def _matmul_batch(F: Any, n: int, a: Any, b: Any, _strong: int | None) -> Any:
    left, right = _rows(F.shape(a)[1:]), _columns(F.shape(b)[1:])
    result = _matmul_shape(F.shape(a)[1:], F.shape(b)[1:], None)
    rank = max(len(left), len(right))
    left, right = ((n, *(1,) * (rank - len(s)), *s) for s in (left, right))
    product = F.matmul(F.reshape(a, shape=left), F.reshape(b, shape=right), _strong=_strong)
    return F.reshape(product, shape=(n, *result))


def _matmul_flops(a: Shape, b: Shape, _strong: int | None) -> float:
    left, right = _rows(a), _columns(b)
    return 2.0 * size(broadcast(left[:-2], right[:-2])) * left[-2] * left[-1] * right[-1]


matmul = bilinear(
    "matmul(a, b, /, _strong=None)",
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
    return _strong_product(lambda x, y: np.asarray(np.einsum(subscripts, x, y, optimize=True)), a, b, _strong)


_SPARE = "ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkjihgfedcba"
"""Letters for the axis of a batch: no operand has axes enough to use them all."""


def _contract_batch(F: Any, n: int, a: Any, b: Any, subscripts: str, _strong: int | None) -> Any:
    left, right, result = split_subscripts(subscripts)
    z = next(c for c in _SPARE if c not in left + right)
    return F.contract(a, b, subscripts=f"{z}{left},{z}{right}->{z}{result}", _strong=_strong)


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


# Square matrices, batched over leading axes.


_MATRICES: Sequence[Example] = ((((3, 3),), {}), (((2, 2, 2),), {}), (((1, 1),), {}))
_TWO_MATRICES: Sequence[Example] = tuple(((shape, shape), params) for (shape,), params in _MATRICES)


def _square(s: Shape) -> None:
    if len(s) < 2 or s[-1] != s[-2]:
        raise ShapeMismatch(f"a square matrix is needed, not shape {s}")


def _det_shape(s: Shape) -> Shape:
    _square(s)
    return s[:-2]


def _square_shape(s: Shape) -> Shape:
    _square(s)
    return s


def _cubic(s: Shape) -> float:
    return 2.0 * size(s) * s[-1]


def _on_matrices(F: Any, scalars: Any, like: Any) -> Any:
    """One number for each matrix, repeated to the matrices' shape."""
    shape = F.shape(like)
    return F.broadcast_to(F.reshape(scalars, shape=(*shape[:-2], 1, 1)), shape=shape)


def _products_but_one(s: Any) -> Any:
    """For each element along the last axis the product of all others, in which nothing is divided by."""
    if not s.shape[-1]:
        return s
    ones = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([ones, s[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
    return before * after


def _svd(x: Any) -> tuple[Any, Any, Any, Any]:
    """``x = U diag(s) V``, and det(U V), which is 1 or -1, for each matrix."""
    u, s, v = np.linalg.svd(x)
    return u, s, v, np.round(np.linalg.det(u) * np.linalg.det(v))[..., None, None]


def _cofactor(x: Any) -> Any:
    """By the singular values: det(U V) U cof(S) V.

    cof(S) is diagonal and holds the products of all other singular values, so a singular matrix is no exception.
    """
    u, s, v, sign = _svd(x)
    return sign * (u * _products_but_one(s)[..., None, :]) @ v


def _cofactor_along(x: Any, direction: Any) -> Any:
    """The same one order on: the derivative of cof(S) along E = Uᵀ D Vᵀ has products of all but two.

    With p the products of the singular values but the i-th and j-th, and 0 for i = j, it is
    diag(p diag(E)) - p * Eᵀ, element by element.
    """
    u, s, v, sign = _svd(x)
    e = np.swapaxes(u, -1, -2) @ direction @ np.swapaxes(v, -1, -2)
    n = s.shape[-1]
    p = np.zeros_like(x)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        p[..., i, others] = _products_but_one(s[..., others])
    diagonal = p @ np.diagonal(e, axis1=-2, axis2=-1)[..., None]
    return sign * (u @ (np.eye(n, dtype=x.dtype) * diagonal - p * np.swapaxes(e, -1, -2)) @ v)


def _trace(F: Any, x: Any, like: Any) -> Any:
    """The trace of each matrix, repeated to the matrices' shape."""
    return _on_matrices(F, F.sum(x * np.eye(F.shape(x)[-1], dtype=F.dtype(x)), axis=(-2, -1)), like)


def _cofactor_third(F: Any, x: Any, v: Any, w: Any) -> Any:
    """The third derivative of det along V and W, of an invertible X: what is left is linear in the third direction.

    With A = X⁻¹V and B = X⁻¹W: det(X) ((tr A tr B - tr AB) X⁻¹ - (tr B A + tr A B - AB - BA) X⁻¹)ᵀ.
    """
    inverse = F.inv(x)
    a, b = inverse @ v, inverse @ w
    ab = a @ b
    trace_a, trace_b = _trace(F, a, x), _trace(F, b, x)
    inner = (trace_b * a + trace_a * b - ab - b @ a) @ inverse
    whole = (trace_a * trace_b - _trace(F, ab, x)) * inverse - inner
    return _on_matrices(F, F.det(x), x) * _transposed(F, whole)


def _sum_of(F: Any, parts: list[Any]) -> Any:
    known = [part for part in parts if part is not None]
    return None if not known else known[0] if len(known) == 1 else known[0] + known[1]


cofactor_along = explicit(
    "cofactor_along(x, v)",
    pull=lambda F, ct, y, x, v: [lambda: _cofactor_third(F, x, v, ct), lambda: F.cofactor_along(x, ct)],
    push=lambda F, ts, y, x, v: _sum_of(
        F,
        [
            None if ts[0] is None else _cofactor_third(F, x, v, ts[0]),
            None if ts[1] is None else F.cofactor_along(x, ts[1]),
        ],
    ),
    workspace=4,
    numpy=_cofactor_along,
    shape=lambda a, b: _square_shape(a),
    batch=lambda F, n, x, v: F.cofactor_along(x, v),
    flops=lambda a, b: 20 * _cubic(a),
    convention="its own derivative needs an invertible matrix",
    internal=True,
    examples=_TWO_MATRICES,
    sample=lambda x, v: (x + 3.0 * np.eye(x.shape[-1]), v),
    doc="Derivative of the matrix of cofactors along a direction, exact at singular matrices too. Symmetric.",
)

cofactor = explicit(
    "cofactor(x)",
    pull=lambda F, ct, y, x: [F.cofactor_along(x, ct)],
    push=lambda F, ts, y, x: F.cofactor_along(x, ts[0]),
    workspace=4,
    numpy=_cofactor,
    shape=_square_shape,
    batch=lambda F, n, x: F.cofactor(x),
    flops=lambda s: 20 * _cubic(s),
    examples=_MATRICES,
    complex=lambda F, x: _on_matrices(F, F.det(x), x) * _transposed(F, F.inv(x)),
    doc="Matrix of cofactors: the derivative of the determinant, exact at singular matrices too.",
)

det = explicit(
    "det(x)",
    pull=lambda F, ct, y, x: [F.strong_multiply(_on_matrices(F, ct, x), F.cofactor(x))],
    push=lambda F, ts, y, x: F.sum(F.strong_multiply(ts[0], F.cofactor(x)), axis=(-2, -1)),
    workspace=4,
    numpy=np.linalg.det,
    shape=_det_shape,
    batch=lambda F, n, x: F.det(x),
    flops=_cubic,
    convention="the cofactors, also at a singular matrix",
    examples=_MATRICES,
    complex=True,
    doc="Determinant.",
)


def _inv(x: Any) -> Any:
    """The inverse; where there is none, infinities, as division by zero gives."""
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        if x.ndim == 2:
            return np.full(x.shape, np.inf, dtype=x.dtype)
        return np.stack([_inv(m) for m in x])


def _inv_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    t = _transposed(F, y)
    return [-F.matmul(F.matmul(t, ct, _strong=1), t, _strong=0)]


inv = explicit(
    "inv(x)",
    pull=_inv_pull,
    push=lambda F, ts, y, x: -F.matmul(F.matmul(y, ts[0], _strong=1), y, _strong=0),
    workspace=2,
    numpy=_inv,
    shape=_square_shape,
    batch=lambda F, n, x: F.inv(x),
    flops=_cubic,
    convention="infinities where a matrix is singular",
    examples=_MATRICES,
    complex=True,
    doc="Inverse matrix.",
)


def _is_vector(F: Any, b: Any) -> bool:
    return len(F.shape(b)) == 1


def _solve_shape(a: Shape, b: Shape) -> Shape:
    _square(a)
    if not b or (b[0] if len(b) == 1 else b[-2]) != a[-1]:
        raise ShapeMismatch(f"solve(a, b) with a of shape {a} needs b of length {a[-1]} along its rows, not shape {b}")
    return (*a[:-2], a[-1]) if len(b) == 1 else (*broadcast(a[:-2], b[:-2]), *b[-2:])


def _solve(a: Any, b: Any) -> Any:
    """The solution; where a matrix is singular, infinities (but 0 of 0, so that a cotangent of zero stays zero)."""
    column = b[..., None] if b.ndim == 1 else b
    try:
        x = np.linalg.solve(a, column)
    except np.linalg.LinAlgError:
        x = _matmul(_inv(a), column, _strong=1)
    return x[..., 0] if b.ndim == 1 else x


def _solve_batch(F: Any, n: int, a: Any, b: Any) -> Any:
    vector = len(F.shape(b)) == 2
    if vector:
        b = F.reshape(b, shape=(*F.shape(b), 1))
    rank = max(len(F.shape(a)), len(F.shape(b)))
    a, b = (F.reshape(x, shape=(n, *(1,) * (rank - len(F.shape(x))), *F.shape(x)[1:])) for x in (a, b))
    x = F.solve(a, b)
    return F.reshape(x, shape=F.shape(x)[:-1]) if vector else x


def _as_columns(F: Any, v: Any, vector: bool) -> Any:
    return F.reshape(v, shape=(*F.shape(v), 1)) if vector else v


def _solve_pull(F: Any, ct: Any, y: Any, a: Any, b: Any) -> list[Any]:
    vector = _is_vector(F, b)
    column = F.solve(_transposed(F, a), _as_columns(F, ct, vector))

    def by_matrix() -> Any:
        return -F.matmul(column, _transposed(F, _as_columns(F, y, vector)), _strong=0)

    def by_right() -> Any:
        return F.reshape(column, shape=F.shape(ct)) if vector else column

    return [by_matrix, by_right]


def _solve_push(F: Any, ts: Any, y: Any, a: Any, b: Any) -> Any:
    vector = _is_vector(F, b)
    by_matrix = None if ts[0] is None else -F.matmul(ts[0], _as_columns(F, y, vector), _strong=0)
    by_right = None if ts[1] is None else _as_columns(F, ts[1], vector)
    right = by_right if by_matrix is None else by_matrix if by_right is None else by_matrix + by_right
    return F.reshape(F.solve(a, right), shape=F.shape(y))


solve = explicit(
    "solve(a, b)",
    pull=_solve_pull,
    push=_solve_push,
    workspace=2,
    numpy=_solve,
    shape=_solve_shape,
    batch=_solve_batch,
    flops=lambda a, b: _cubic(a) + 2.0 * size(b) * a[-1],
    convention="infinities where a matrix is singular",
    examples=(
        (((3, 3), (3,)), {}),
        (((3, 3), (3, 2)), {}),
        (((2, 2, 2), (2, 3)), {}),
        (((2, 2, 2), (2,)), {}),
        (((2, 2), (3, 2, 1)), {}),
    ),
    complex=True,
    doc="The x for which a @ x = b; b is a vector or a matrix of columns.",
)
