"""HIPS autograd, another implementation of reverse mode, as an oracle where it has the function."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import autograd
import autograd.numpy as anp

from tests.engine.table.samples import Case

SPELLINGS: dict[str, Callable[..., Any]] = {
    "concatenate": lambda *xs, axis=0: anp.concatenate(xs, axis),
    "stack": lambda *xs, axis=0: anp.stack(xs, axis),
    "einsum": lambda *xs, subscripts: anp.einsum(subscripts, *xs),
    "contract": lambda a, b, subscripts: anp.einsum(subscripts, a, b),
    "permute": lambda x, dims: anp.transpose(x, [d % len(dims) for d in dims]),
    "index": lambda x, key: x[key],
    "squeeze": lambda x, axis=None, _strict=True: anp.squeeze(x, axis if _strict else 1),
    "hstack": lambda *xs: anp.hstack(xs),
    "vstack": lambda *xs: anp.vstack(xs),
    "dstack": lambda *xs: anp.dstack(xs),
    "column_stack": lambda *xs: anp.column_stack(xs),
    "roll": lambda x, shift, axis=None: (
        anp.roll(x, shift, axis)
        if isinstance(shift, int)
        else anp.roll(anp.roll(x, shift[0], axis[0]), shift[1], axis[1])
    ),
    "var": lambda x, axis=None, ddof=0, keepdims=False, unbiased=None: anp.var(
        x, axis, ddof=unbiased or ddof, keepdims=keepdims
    ),
    "std": lambda x, axis=None, ddof=0, keepdims=False, unbiased=None: anp.std(
        x, axis, ddof=unbiased or ddof, keepdims=keepdims
    ),
    "det": anp.linalg.det,
    "inv": anp.linalg.inv,
    "relu": lambda x: anp.maximum(x, 0.0),
    "softplus": lambda x: anp.logaddexp(x, 0.0),
    "sigmoid": lambda x: 1.0 / (1.0 + anp.exp(-x)),
    "softmax": lambda x, axis=-1: anp.exp(x) / anp.sum(anp.exp(x), axis=axis, keepdims=True),
    "log_softmax": lambda x, axis=-1: x - anp.log(anp.sum(anp.exp(x), axis=axis, keepdims=True)),
    "logsumexp": lambda x, axis=None, keepdims=False: anp.log(anp.sum(anp.exp(x), axis=axis, keepdims=keepdims)),
    "outer": lambda a, b: anp.outer(anp.ravel(a), anp.ravel(b)),
}


UNABLE = (
    "i0",
    *("convolve", "correlate", "interp", "polyval", "polyder", "polyint"),
    *("where", "broadcast_to", "put", "trace", "clip", "expand", "positive", "cbrt", "flip", "inner", "vdot"),
    *("transpose", "cumprod", "solve", "cross", "vecdot", "matvec", "vecmat"),
    *(
        "matrix_transpose",
        "array_split",
        "hsplit",
        "vsplit",
        "dsplit",
        "split",
        "tile",
        "rot90",
        "pad",
        "diagonal",
        "diag",
    ),
    *("fmod", "ldexp", "copysign", "heaviside"),
    *("diagflat", "vander", "diff", "gradient", "sort", "msort", "median", "nanmedian", "quantile", "nanquantile"),
    *(
        "percentile",
        "nanpercentile",
        "nanvar",
        "nanstd",
        "nanmean",
        "nansum",
        "nanprod",
        "nanmax",
        "nanmin",
        "nancumsum",
    ),
    *("nancumprod", "ptp", "average", "cov", "corrcoef", "trapezoid", "take_along_axis", "take", "select"),
    *(
        "array",
        "astype",
        "append",
        "insert",
        "delete",
        "full",
        "full_like",
        "linspace",
        "logspace",
        "geomspace",
        "meshgrid",
    ),
)
"""Of these names autograd has another function, none, or one without a derivative of all that ours is called with."""


def spelled(function: Any, case: Case) -> Callable[..., Any] | None:
    """The function in autograd's spelling, or ``None`` where it has none with a gradient."""
    subscripts = case.params.get("subscripts", "")
    if function.name in UNABLE or any(len(set(own)) < len(own) for own in subscripts.partition("->")[0].split(",")):
        return None
    found = SPELLINGS.get(function.name) or getattr(anp, function.name, None)
    if not callable(found) or None in case.shapes:
        return None
    return lambda *xs: found(*xs, **case.params)


def directional(
    peer: Callable[..., Any], xs: Sequence[Any], along: Sequence[Sequence[Any]], weights: Any, places: Sequence[int]
) -> float:
    """The derivative of ⟨weights, peer(xs)⟩ along each of the directions in turn, by reverse mode.

    Where a gradient is constant autograd warns that the output is independent of the input; it is.
    """

    def weighed(*moving: Any) -> Any:
        at = list(xs)
        for k, x in zip(places, moving, strict=True):
            at[k] = x
        return anp.sum(weights * peer(*at))

    scalar = weighed
    for direction in along:
        scalar = _along(scalar, [direction[k] for k in places])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent of input", UserWarning)
        return float(scalar(*[xs[k] for k in places]))


def _along(scalar: Callable[..., Any], direction: Sequence[Any]) -> Callable[..., Any]:
    gradient = autograd.grad(scalar, tuple(range(len(direction))))
    return lambda *xs: sum(anp.sum(g * v) for g, v in zip(gradient(*xs), direction, strict=True))
