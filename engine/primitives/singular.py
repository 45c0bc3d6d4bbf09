"""Singular values: svd, and what is made of it (the rank; the pseudoinverse).

The derivatives of the vectors have the quotients 1/(s_j - s_i), 1/(s_j + s_i) and, where a matrix is not square, 1/s_i.
Those of the values have none: cotangents of vectors that nobody uses are exact zeros, and win. Rules follow
J. Townsend, "Differentiating the singular value decomposition" (2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import WrongArguments
from engine.kinds import explicit, flat
from engine.primitives.matrix import (
    CONDITIONED,
    adjoint,
    at_first,
    columns,
    conjugated,
    cubic,
    diagonal,
    diagonal_matrix,
    each_matrix,
    hermitian,
    is_complex,
    kept_real,
    matrix,
    packed,
    per_gap,
    real_part,
    repacked,
    repeated,
    rows,
    safely,
    skew,
    stacked,
    strong_pull,
    strong_push,
    tied,
    unless_tied,
    unpacked,
)
from engine.shapes import Shape, size


def svd_parts(F: Any, y: Any, shape: Shape) -> list[Any]:
    """U, s and Vᵀ out of what the row of a matrix of this shape gives."""
    m, n = matrix(shape)
    k = min(m, n)
    u, s, vt = unpacked(F, y, (m, k), (k,), (k, n))
    return [u, real_part(F, s), vt]


def _svd(x: Any) -> Any:
    return safely(lambda x: packed(*np.linalg.svd(x, full_matrices=False)), x)


def _svd_shape(s: Shape) -> Shape:
    m, n = matrix(s)
    return (*s[:-2], min(m, n) * (m + 1 + n))


def _quotients(F: Any, s: Any) -> tuple[Any, Any]:
    """1/(s_j - s_i), with zeros on the diagonal, and 1/(s_j + s_i)."""
    near = per_gap(F, s, F.index(s, key=(Ellipsis, 0)))
    return near, 1.0 / (rows(F, s) + columns(F, s))


def _phases(F: Any, ct_u: Any, ct_v: Any, u: Any, v: Any) -> tuple[Any, Any]:
    """The cotangents of complex vectors when the phase that both share is free.

    LAPACK keeps the first components of v real, or those of u where it is the longer one.
    """
    along = F.sum(F.conj(ct_u) * u, axis=-2, keepdims=True) + F.sum(F.conj(ct_v) * v, axis=-2, keepdims=True)
    kept = v if F.shape(u)[-2] >= F.shape(v)[-2] else u
    angles = F.imag(along) / F.real(F.index(kept, key=(Ellipsis, slice(0, 1), slice(None))))
    return (ct_u, ct_v + at_first(F, angles, v)) if kept is v else (ct_u + at_first(F, angles, u), ct_v)


def _svd_pull(F: Any, ct: Any, y: Any, x: Any) -> list[Any]:
    m, n = F.shape(x)[-2:]
    if not m or not n:
        return [F.broadcast_to(0.0, shape=F.shape(x))]
    u, s, vt = svd_parts(F, conjugated(F, y), F.shape(x))
    ct_u, ct_s, ct_vt = svd_parts(F, ct, F.shape(x))
    v, ct_v = adjoint(F, vt), adjoint(F, ct_vt)
    near, far = _quotients(F, s)
    free_u, free_v = _phases(F, ct_u, ct_v, u, v) if is_complex(F, u) else (ct_u, ct_v)
    by_u, by_v = F.matmul(adjoint(F, u), free_u, _strong=1), F.matmul(vt, free_v, _strong=1)
    core = (
        unless_tied(F, skew(F, by_u + by_v), near, ct_u, ct_v)
        + F.strong_multiply(skew(F, by_u - by_v), far)
        + diagonal_matrix(F, ct_s)
    )
    total = u @ core @ vt
    if m > n:
        total = total + F.strong_multiply(free_u - u @ by_u, 1.0 / rows(F, s)) @ vt
    if n > m:
        total = total + u @ adjoint(F, F.strong_multiply(free_v - v @ by_v, 1.0 / rows(F, s)))
    return [total]


def _svd_lost(F: Any, ct: Any, y: Any, x: Any) -> Any:
    """Of values that are equal there are no second derivatives."""
    near, _ = _quotients(F, svd_parts(F, y, F.shape(x))[1])
    return tied(F, svd_parts(F, ct, F.shape(x))[1], near)


def _svd_push(F: Any, ts: Any, y: Any, x: Any) -> Any:
    m, n = F.shape(x)[-2:]
    if not m or not n:
        return None
    u, s, vt = svd_parts(F, y, F.shape(x))
    v, t = adjoint(F, vt), ts[0]
    near, far = _quotients(F, s)
    right, left = t @ v, adjoint(F, t) @ u
    inner = adjoint(F, u) @ right
    turn, shear = F.strong_multiply(hermitian(F, inner), near), F.strong_multiply(skew(F, inner), far)
    t_u, t_v = u @ (turn + shear), v @ (turn - shear)
    if m > n:
        t_u = t_u + F.strong_multiply(right - u @ inner, 1.0 / rows(F, s))
    if n > m:
        t_v = t_v + F.strong_multiply(left - v @ adjoint(F, inner), 1.0 / rows(F, s))
    if is_complex(F, u):
        phase = F.complex(0.0, kept_real(F, v, t_v) if m >= n else kept_real(F, u, t_u))
        t_u, t_v = t_u - phase * u, t_v - phase * v
    return repacked(F, t_u, real_part(F, diagonal(F, inner)), adjoint(F, t_v))


def singular_values(x: Any) -> Any:
    """The singular values of each matrix, from the largest; nan where they are not found."""
    return safely(lambda x: np.linalg.svd(x, compute_uv=False), x)


def _loose(x: Any) -> Any:
    """Where singular vectors have some freedom: singular values that are equal or zero."""
    s = singular_values(x)
    if not s.size:
        return False
    return repeated(s, s[..., 0]) | (s[..., -1] == 0)


svd_packed = explicit(
    "svd_packed(x)",
    torch="linalg_svd",
    pull=strong_pull(_svd_pull, _svd_lost),
    push=strong_push(_svd_push),
    workspace=8,
    numpy=_svd,
    shape=_svd_shape,
    pattern=each_matrix(_svd_shape),
    batch=stacked("svd_packed"),
    flops=lambda s: 10 * cubic(s),
    kink=_loose,
    convention="nan for the vectors of equal singular values; singular values have derivatives",
    complex=True,
    internal=True,
    examples=((((3, 3),), {}), (((2, 3, 2),), {}), (((2, 3),), {}), (((1, 1),), {}), (((0, 2),), {})),
    doc="U, s and Vᵀ of the thin singular value decomposition, one behind the other.",
)


def _rest(x: Any, left: bool) -> Any:
    k = min(x.shape[-2:])
    if left:
        return safely(lambda x: np.linalg.svd(x)[0][..., k:], x)
    return safely(lambda x: np.linalg.svd(x)[2][..., k:, :], x)


def _rest_shape(s: Shape, left: bool) -> Shape:
    m, n = matrix(s)
    return (*s[:-2], m, max(m - n, 0)) if left else (*s[:-2], max(n - m, 0), n)


svd_rest = flat(
    "svd_rest(x, /, left)",
    numpy=_rest,
    shape=_rest_shape,
    batch=stacked("svd_rest"),
    flops=lambda s, left: 10 * cubic(s) + 8.0 * max(s[-2:]) ** 3 * size(s[:-2]),
    workspace=4,
    kink=lambda x, left: True,
    convention="nan, whatever is made of them: any basis of what the others leave over will do",
    numeric=True,
    complex=True,
    internal=True,
    examples=(
        (((3, 2),), {"left": True}),
        (((2, 2, 3),), {"left": False}),
        (((2, 2),), {"left": True}),
    ),
    doc="The columns of U, or the rows of Vᵀ, that the thin decomposition is without.",
)


# What is small beside the largest singular value is taken for zero: the rank is the number of the others.


def _check_tolerances(*shapes: Shape, **params: Any) -> dict[str, Any]:
    for name, value in params.items():
        if value is not None and not isinstance(value, (int, float)):
            raise WrongArguments(f"{name} is a number, not {value!r}")
    return {}


def _large(s: Any, shape: Shape, rtol: float | None, atol: float | None) -> Any:
    """Which singular values count: those above ``atol`` and above ``rtol`` times the largest."""
    if rtol is None or rtol < 0:
        rtol = 0.0 if atol else max(matrix(shape)) * float(np.finfo(s.dtype).eps)
    return s > np.maximum(atol or 0.0, rtol * np.max(s, axis=-1, keepdims=True, initial=0.0))


matrix_rank = flat(
    "matrix_rank(x, /, tol=None, hermitian=False, rtol=None)",
    numpy=lambda x, tol=None, hermitian=False, rtol=None: np.asarray(
        np.count_nonzero(_large(singular_values(x), x.shape, rtol, tol), axis=-1)
    ),
    shape=lambda s, **params: s[: len(s) - len(matrix(s))],
    prepare=_check_tolerances,
    batch=stacked("matrix_rank"),
    flops=lambda s, **params: 4 * cubic(s),
    dtype="int64",
    keywords={"atol": "tol", "A": "x", "M": "x", "input": "x"},
    numeric=True,
    complex=True,
    examples=((((3, 3),), {}), (((2, 3, 2),), {}), (((2, 3),), {"tol": 1.5}), (((2, 2, 2),), {"rtol": 0.5})),
    doc="The number of singular values above tol and above rtol times the largest.",
)


def _pinv(x: Any, rcond: float | None = None, hermitian: bool = False, atol: float | None = None) -> Any:
    def inverted(x: Any) -> Any:
        u, s, vt = np.linalg.svd(x, full_matrices=False)
        large = _large(s, x.shape, rcond, atol)
        inverse = np.where(large, 1 / np.where(large, s, 1), np.zeros((), s.dtype))
        return np.conj(np.swapaxes(vt, -1, -2)) @ (inverse[..., :, None] * np.conj(np.swapaxes(u, -1, -2)))

    return safely(inverted, x)


def _pinv_pull(F: Any, ct: Any, y: Any, x: Any, **params: Any) -> list[Any]:
    y, x = conjugated(F, y), conjugated(F, x)
    yt, back = adjoint(F, y), adjoint(F, ct)
    total = -F.matmul(F.matmul(yt, ct, _strong=1), yt, _strong=0)
    total = total + (back - x @ (y @ back)) @ (y @ yt)
    return [total + (yt @ y) @ (back - (back @ y) @ x)]


def _pinv_push(F: Any, ts: Any, y: Any, x: Any, **params: Any) -> Any:
    yt, turned = adjoint(F, y), adjoint(F, ts[0])
    total = -F.matmul(F.matmul(y, ts[0], _strong=1), y, _strong=0)
    total = total + (y @ yt) @ (turned - (turned @ x) @ y)
    return total + (turned - y @ (x @ turned)) @ (yt @ y)


pinv = explicit(
    "pinv(x, /, rcond=None, hermitian=False, atol=None)",
    accuracy=CONDITIONED,
    torch="linalg_pinv",
    pull=strong_pull(_pinv_pull),
    push=strong_push(_pinv_push),
    workspace=6,
    numpy=_pinv,
    shape=lambda s, **params: (*s[:-2], *reversed(matrix(s))),
    pattern=each_matrix(lambda s, **params: (*s[:-2], *reversed(matrix(s)))),
    prepare=_check_tolerances,
    batch=stacked("pinv"),
    flops=lambda s, **params: 10 * cubic(s),
    aliases=("pinverse",),
    keywords={"rtol": "rcond", "A": "x", "a": "x", "input": "x"},
    convention="the derivative among matrices of the same rank; singular values below rcond times the largest are zero",
    complex=True,
    examples=((((3, 3),), {}), (((3, 2),), {}), (((2, 2, 3),), {}), (((1, 1),), {"rcond": 1e-10}), (((0, 2),), {})),
    derivative=(
        "-y dx y + y yᵀ dxᵀ (1 - x y) + (1 - y x) dxᵀ yᵀ y",
        r"\mathrm{d}y = -y \, \mathrm{d}x \, y + y \, y^{\top} \mathrm{d}x^{\top} (1 - x y)"
        r" + (1 - y x) \, \mathrm{d}x^{\top} y^{\top} y",
    ),
    doc="Moore and Penrose's pseudoinverse.",
)
