"""Variance, standard deviation, covariance, means with weights, and the norm that is one of vectors or matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import truth
from engine.kinds import Example, composition
from engine.shapes import axes_of, axis_of, size

_AXIS = {"dim": "axis", "keepdim": "keepdims", "correction": "ddof", "input": "x", "a": "x"}
_NORMS = {key: word for key, word in _AXIS.items() if key != "correction"}
_SPREADS: Sequence[Example] = (
    (((2, 3),), {}),
    (((2, 3),), {"axis": 1, "ddof": 1}),
    (((3, 2, 2),), {"axis": (0, 2), "keepdims": True}),
    (((4,),), {"unbiased": True}),
)
_REDUCTIONS: Sequence[Example] = ((((2, 3),), {}), (((3, 2, 2),), {"axis": (0, 2), "keepdims": True}), (((),), {}))


def root(F: Any, q: Any) -> Any:
    """A square root whose derivatives at 0 are 0: of a deviation that has no direction there."""
    zero = q == 0.0
    return F.where(zero, 0.0, F.sqrt(F.where(zero, 1.0, q)))


def deviations(ddof: Any) -> float:
    """By how much less than the number of elements a sum of squares is divided; or whether by one, as "unbiased"."""
    if not isinstance(ddof, (int, float)):
        raise WrongArguments(f"ddof is a number, not {ddof!r}")
    return float(ddof)


@composition(
    "var(x, /, axis=None, ddof=0, keepdims=False, unbiased=None)",
    complex=lambda F, z, **way: F.var(F.real(z), **way) + F.var(F.imag(z), **way),
    derivative="2 * mean((x - mean(x, axis=axis, keepdims=True)) * dx, axis=axis, keepdims=keepdims)",
    as_torch={"ddof": 1},
    keywords=_AXIS,
    examples=_SPREADS,
)
def var(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool, unbiased: bool | None) -> Any:
    """Variance: the mean square distance from the mean, over n - ddof."""
    shape = F.shape(x)
    less = deviations(ddof) if unbiased is None else float(truth(unbiased, "unbiased"))
    count = size(tuple(shape[i] for i in axes_of(axis, len(shape)))) - less
    deviation = x - F.mean(x, axis=axis, keepdims=True)
    return F.sum(F.square(deviation), axis=axis, keepdims=keepdims) / max(count, 0.0)


@composition(
    "std(x, /, axis=None, ddof=0, keepdims=False, unbiased=None)",
    complex=True,
    derivative="mean((x - mean(x, axis=axis, keepdims=True)) * dx, axis=axis, keepdims=keepdims) / y",
    as_torch={"ddof": 1},
    keywords=_AXIS,
    jax=(lambda F, x, **way: F.sqrt(F.var(x, **way)), "nan where all are equal"),
    convention="0 where all are equal",
    examples=_SPREADS,
)
def std(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool, unbiased: bool | None) -> Any:
    """Standard deviation: the square root of the variance."""
    return root(F, F.var(x, axis=axis, ddof=ddof, keepdims=keepdims, unbiased=unbiased))


@composition(
    "var_mean(x, /, axis=None, ddof=1, keepdims=False, unbiased=None)",
    results=("var", "mean"),
    keywords=_AXIS,
    examples=_SPREADS,
)
def var_mean(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool, unbiased: bool | None) -> Any:
    """Variance (over n - 1 unless told otherwise) and mean."""
    variance = F.var(x, axis=axis, ddof=ddof, keepdims=keepdims, unbiased=unbiased)
    return variance, F.mean(x, axis=axis, keepdims=keepdims)


@composition(
    "std_mean(x, /, axis=None, ddof=1, keepdims=False, unbiased=None)",
    results=("std", "mean"),
    keywords=_AXIS,
    convention="0 where all are equal",
    examples=_SPREADS,
)
def std_mean(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool, unbiased: bool | None) -> Any:
    """Standard deviation (over n - 1 unless told otherwise) and mean."""
    deviation = F.std(x, axis=axis, ddof=ddof, keepdims=keepdims, unbiased=unbiased)
    return deviation, F.mean(x, axis=axis, keepdims=keepdims)


@composition(
    "norm(x, /, ord=None, axis=None, keepdims=False, p=None)",
    complex=True,
    keywords=_NORMS,
    convention="0 at 0",
    examples=(
        (((3,),), {}),
        (((2, 3),), {"axis": 1}),
        (((2, 3),), {"ord": 1, "axis": 0, "keepdims": True}),
        (((2, 3, 2),), {"p": math.inf, "axis": (1, 2)}),
        (((2, 3),), {"ord": "fro"}),
        (((2, 3),), {"p": 3}),
        (((3,),), {"ord": 3}),
    ),
)
def norm(F: Any, x: Any, ord: Any, axis: Any, keepdims: bool, p: Any) -> Any:
    """Norm of all elements or of those along an axis. Of a matrix, or along two axes, ``ord`` is that of a matrix norm,
    as in linalg of NumPy and of PyTorch; ``p`` is that of the elements.
    """
    of_matrix = len(axis) == 2 if isinstance(axis, tuple) else axis is None and len(F.shape(x)) == 2
    if p is None and of_matrix and ord is not None:
        return F.matrix_norm(x, ord=ord, axis=axis, keepdims=keepdims)
    return F.tensor_norm(x, p=ord if p is None else p, axis=axis, keepdims=keepdims)


@composition(
    "tensor_norm(x, /, p='fro', axis=None, keepdims=False)",
    method="norm torch.norm",
    complex=True,
    keywords=_NORMS,
    convention="0 at 0",
    examples=(
        (((3,),), {}),
        (((2, 3),), {"p": 1}),
        (((2, 3),), {"p": 3, "axis": 1, "keepdims": True}),
        (((2, 3),), {"p": "fro", "axis": (0, 1)}),
    ),
)
def tensor_norm(F: Any, x: Any, p: Any, axis: Any, keepdims: bool) -> Any:
    """Norm of the elements, or of those along axes: torch.norm, and the method norm of PyTorch's tensors."""
    if p == "nuc":
        return F.matrix_norm(x, ord="nuc", axis=axis, keepdims=keepdims)
    return F.vector_norm(x, ord=2 if p in ("fro", None) else p, axis=axis, keepdims=keepdims)


@composition(
    "amax(x, /, axis=None, keepdims=False)", keywords=_AXIS, convention="shared evenly among ties", examples=_REDUCTIONS
)
def amax(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The largest element over axes, its derivative shared among ties in either spelling."""
    return F.max(x, axis=axis, keepdims=keepdims)


@composition(
    "amin(x, /, axis=None, keepdims=False)", keywords=_AXIS, convention="shared evenly among ties", examples=_REDUCTIONS
)
def amin(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The smallest element over axes, its derivative shared among ties in either spelling."""
    return F.min(x, axis=axis, keepdims=keepdims)


@composition(
    "aminmax(x, /, axis=None, keepdims=False)",
    results=("min", "max"),
    keywords=_AXIS,
    convention="shared evenly among ties",
    examples=_REDUCTIONS,
)
def aminmax(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The smallest element over axes, and the largest."""
    return F.min(x, axis=axis, keepdims=keepdims), F.max(x, axis=axis, keepdims=keepdims)


@composition(
    "ptp(x, /, axis=None, keepdims=False)", keywords=_AXIS, convention="shared evenly among ties", examples=_REDUCTIONS
)
def ptp(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The distance from the smallest element to the largest, over axes."""
    return F.max(x, axis=axis, keepdims=keepdims) - F.min(x, axis=axis, keepdims=keepdims)


@composition(
    "average(x, static axis=None, weights=None, /, keepdims=False)",
    complex=True,
    keywords=_AXIS,
    examples=(
        (((2, 3), None), {}),
        (((3,), (3,)), {}),
        (((2, 3), (3,)), {"axis": 1, "keepdims": True}),
        (((2, 3), (2, 3)), {"axis": 0}),
        (((2, 3, 2), (2, 3, 2)), {"axis": (0, 2)}),
    ),
    sample=lambda x, weights: (x, weights if weights is None else weights + 4.0),
)
def average(F: Any, x: Any, weights: Any, axis: Any, keepdims: bool) -> Any:
    """Mean over axes, with weights of the tensor's shape or for each place along an axis."""
    if weights is None:
        return F.mean(x, axis=axis, keepdims=keepdims)
    w = F.broadcast_to(_along(F, weights, F.shape(x), axis), shape=F.shape(x))
    return F.sum(x * w, axis=axis, keepdims=keepdims) / F.sum(w, axis=axis, keepdims=keepdims)


def _along(F: Any, weights: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """Weights in a shape that broadcasts against what they are for."""
    own = F.shape(weights)
    if own == shape:
        return weights
    if not isinstance(axis, int) or own != (shape[axis_of(axis, len(shape))],):
        raise ShapeMismatch(
            f"weights of shape {own} do not fit a tensor of shape {shape} along axis {axis}",
            hint="weights have the tensor's shape, or the length of the axis that is named",
        )
    return F.reshape(weights, shape=(*own, *(1,) * (len(shape) - axis_of(axis, len(shape)) - 1)))


# Covariance


def _variables(F: Any, x: Any, y: Any, rowvar: bool) -> Any:
    """A row for each variable, a column for each observation."""
    rows = [F.atleast_2d(part) for part in (x, y) if part is not None]
    if any(len(F.shape(row)) > 2 for row in rows):
        raise ShapeMismatch(f"observations are a matrix, and the shape is {F.shape(x)}")
    turned = [
        F.matrix_transpose(row) if not rowvar and len(F.shape(part)) > 1 else row
        for row, part in zip(rows, (x, y), strict=False)
    ]
    return F.concatenate(*turned, axis=0) if len(turned) > 1 else turned[0]


def _adjoint(F: Any, x: Any) -> Any:
    turned = F.matrix_transpose(x)
    return F.conj(turned) if F.any_complex((turned,)) else turned


def _observed(F: Any, fweights: Any, aweights: Any) -> Any:
    """The weight of each observation, or nothing where all count alike."""
    given = [w for w in (fweights, aweights) if w is not None]
    return None if not given else given[0] if len(given) == 1 else given[0] * given[1]


@composition(
    "cov(x, y=None, static rowvar=True, static bias=False, static ddof=None, fweights=None, aweights=None)",
    complex=True,
    data=("fweights",),
    keywords={"m": "x", "input": "x", "correction": "ddof"},
    examples=(
        (((3, 4), None, None, None), {}),
        (((5,), None, None, None), {}),
        (((3, 4), (4,), None, None), {"bias": True}),
        (((4, 2), None, None, None), {"rowvar": False, "ddof": 0}),
        (((2, 4), None, [1, 2, 1, 3], None), {}),
        (((2, 4), None, None, (4,)), {"ddof": 1}),
        (((3,), (3,), None, None), {}),
    ),
    sample=lambda x, y, f, a: (x, y, f, a if a is None else a + 3.0),
)
def cov(F: Any, x: Any, y: Any, fweights: Any, aweights: Any, rowvar: bool, bias: bool, ddof: float | None) -> Any:
    """Covariances of variables, each a row of observations (or a column), over n - 1 unless told otherwise."""
    rows = _variables(F, x, y, rowvar)
    less = deviations((0 if bias else 1) if ddof is None else ddof)
    weights = _observed(F, fweights, aweights)
    if weights is not None and F.dtype(rows) == "float32":
        weights = F.cast(weights, dtype="float32")
    if weights is None:
        deviation = rows - F.mean(rows, axis=1, keepdims=True)
        freedom: Any = F.shape(rows)[1] - less
        freedom = freedom if freedom > 0 else math.nan
        weighed = deviation
    else:
        total = F.sum(weights)
        deviation = rows - F.sum(rows * weights, axis=1, keepdims=True) / total
        squares = F.sum(weights * aweights) / total if aweights is not None else 1.0
        freedom = total - less * squares
        weighed = deviation * weights
    found = F.matmul(weighed, _adjoint(F, deviation)) / freedom
    return F.squeeze(found, axis=None)


@composition(
    "corrcoef(x, y=None, /, rowvar=True)",
    complex=True,
    keywords={"input": "x"},
    examples=(
        (((3, 4), None), {}),
        (((4,), (4,)), {}),
        (((4, 2), None), {"rowvar": False}),
        (((2, 3), (1, 3)), {}),
        (((4,), None), {}),
    ),
)
def corrcoef(F: Any, x: Any, y: Any, rowvar: bool) -> Any:
    """Correlations of variables: their covariances, divided by their standard deviations."""
    rows = _variables(F, x, y, rowvar)
    deviation = rows - F.mean(rows, axis=1, keepdims=True)
    unit = deviation / F.vector_norm(deviation, axis=1, keepdims=True)
    return F.squeeze(F.matmul(unit, _adjoint(F, unit)), axis=None)
