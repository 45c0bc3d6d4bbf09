"""Variance, standard deviation and norms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from engine.errors import WrongArguments
from engine.kinds import Example, composition
from engine.shapes import axes_of, size

_AXIS = {"dim": "axis", "keepdim": "keepdims", "correction": "ddof"}
_SPREADS: Sequence[Example] = (
    (((2, 3),), {}),
    (((2, 3),), {"axis": 1, "ddof": 1}),
    (((3, 2, 2),), {"axis": (0, 2), "keepdims": True}),
)


def _root(F: Any, q: Any) -> Any:
    """A square root whose derivatives at 0 are 0: of a norm or deviation that has no direction there."""
    zero = q == 0.0
    return F.where(zero, 0.0, F.sqrt(F.where(zero, 1.0, q)))


@composition("var(x, /, axis=None, ddof=0, keepdims=False)", as_torch={"ddof": 1}, keywords=_AXIS, examples=_SPREADS)
def var(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    """Variance: the mean square distance from the mean, over n - ddof."""
    shape = F.shape(x)
    if isinstance(ddof, bool) or not isinstance(ddof, (int, float)):
        raise WrongArguments(f"ddof is a number, not {ddof!r}")
    count = size(tuple(shape[i] for i in axes_of(axis, len(shape)))) - ddof
    deviation = x - F.mean(x, axis=axis, keepdims=True)
    return F.sum(F.square(deviation), axis=axis, keepdims=keepdims) / (float(count) if count > 0 else math.nan)


@composition(
    "std(x, /, axis=None, ddof=0, keepdims=False)",
    as_torch={"ddof": 1},
    keywords=_AXIS,
    convention="0 where all are equal",
    examples=_SPREADS,
)
def std(F: Any, x: Any, axis: Any, ddof: float, keepdims: bool) -> Any:
    """Standard deviation: the square root of the variance."""
    return _root(F, F.var(x, axis=axis, ddof=ddof, keepdims=keepdims))


@composition(
    "norm(x, /, ord=None, axis=None, keepdims=False)",
    keywords={**_AXIS, "p": "ord"},
    convention="0 at 0",
    examples=(
        (((3,),), {}),
        (((2, 3),), {"axis": 1}),
        (((2, 3),), {"ord": 1, "axis": 0, "keepdims": True}),
        (((2, 3, 2),), {"ord": math.inf, "axis": (1, 2)}),
    ),
)
def norm(F: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """Vector norm of order 1, 2 (the default) or inf over axes; of a matrix without an order, Frobenius' norm."""
    if ord not in ("fro", None) and axis is None and len(F.shape(x)) == 2:
        # NumPy means the operator's norm here and PyTorch, in one of its spellings, the elements'.
        raise WrongArguments(
            f"the norm of order {ord!r} of a matrix is not understood",
            hint="norm(x) is Frobenius' norm, norm(ravel(x), 1) that of all elements, norm(x, 1, axis=0) of columns",
        )
    if ord in ("fro", None):
        ord = 2
    if ord not in (1, 2, math.inf):
        raise WrongArguments(f"norm of order {ord!r} is not known", hint="orders are 1, 2 and inf")
    if not size(F.shape(x)):
        return F.sum(x, axis=axis, keepdims=keepdims)
    if ord == 1:
        return F.sum(F.abs(x), axis=axis, keepdims=keepdims)
    if ord == math.inf:
        return F.max(F.abs(x), axis=axis, keepdims=keepdims)
    # Scaled by the largest element, so that squares neither overflow nor vanish; the scale cancels.
    scale = F.detach(F.max(F.abs(x), axis=axis, keepdims=True))
    scale = F.where((scale > 0.0) & F.isfinite(scale), scale, 1.0)
    root = scale * _root(F, F.sum(F.square(x / scale), axis=axis, keepdims=True))
    return root if keepdims else F.sum(root, axis=axis)


@composition(
    "amax(x, /, axis=None, keepdims=False)",
    keywords={"dim": "axis", "keepdim": "keepdims"},
    convention="shared evenly among ties",
    examples=((((2, 3),), {}), (((3, 2, 2),), {"axis": (0, 2), "keepdims": True})),
)
def amax(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The largest element over axes, its derivative shared among ties in either spelling."""
    return F.max(x, axis=axis, keepdims=keepdims)


@composition(
    "amin(x, /, axis=None, keepdims=False)",
    keywords={"dim": "axis", "keepdim": "keepdims"},
    convention="shared evenly among ties",
    examples=((((2, 3),), {}), (((3, 2, 2),), {"axis": (0, 2), "keepdims": True})),
)
def amin(F: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The smallest element over axes, its derivative shared among ties in either spelling."""
    return F.min(x, axis=axis, keepdims=keepdims)
