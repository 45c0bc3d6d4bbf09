"""What reductions, scans, orders, statistics and differences mean."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each, over

_sqrt = each(mpmath.sqrt)


def _running(better: Any) -> Any:
    def places(x: Any, axis: int) -> Any:
        lines = np.moveaxis(x, axis, -1)
        result = np.zeros(lines.shape, dtype=object)
        for place in np.ndindex(lines.shape[:-1]):
            best = 0
            for k, v in enumerate(lines[place]):
                best = k if better(v, lines[place][best]) else best
                result[(*place, k)] = best
        return np.moveaxis(result, -1, axis)

    return places


def _argsort(x: Any, axis: int | None = -1, descending: bool = False) -> Any:
    if axis is None or not x.ndim:
        return np.reshape(_argsort(np.ravel(x), 0, descending), (x.size,) if x.ndim else ())
    lines = np.moveaxis(x, axis, -1)
    result = np.zeros(lines.shape, dtype=object)
    for place in np.ndindex(lines.shape[:-1]):
        result[place] = sorted(range(lines.shape[-1]), key=lines[place].__getitem__, reverse=descending)
    return np.moveaxis(result, -1, axis)


def _searchsorted(a: Any, v: Any, right: bool = False, side: str | None = None) -> Any:
    result = np.zeros(v.shape, dtype=object)
    for place in np.ndindex(v.shape):
        row = a if a.ndim == 1 else a[place[:-1]]
        result[place] = sum(1 for b in row if b < v[place] or (b == v[place] and (right or side == "right")))
    return result


def _lines(x: Any, axis: Any) -> tuple[Any, Any]:
    """All lines along an axis as rows, and what puts rows of results back."""
    x, axis = (np.ravel(x), 0) if axis is None or not x.ndim else (x, axis)
    moved = np.moveaxis(x, axis, -1)
    return moved.reshape(-1, moved.shape[-1]) if moved.size else np.empty((0, moved.shape[-1]), dtype=object), (
        lambda rows: np.moveaxis(np.array(rows, dtype=object).reshape(moved.shape), -1, axis)
    )


def _scan(join: Any) -> Exact:
    """Each element joined with all before it, one after the other."""

    def apply(x: Any, axis: Any = None) -> Any:
        rows, back = _lines(x, axis)
        found = back([list(itertools.accumulate(row, join)) for row in rows.tolist()])
        return found.reshape(x.shape) if axis is not None else found

    return apply


def _sort(x: Any, axis: Any = -1, descending: bool = False) -> Any:
    rows, back = _lines(x, axis)
    found = back([sorted(row, reverse=descending) for row in rows.tolist()])
    return found.reshape(x.shape) if axis is not None else found


def _topk(x: Any, k: int, axis: int = -1, largest: bool = True) -> Any:
    found = np.take(_sort(np.atleast_1d(x), axis, largest), range(k), axis)
    return found if x.ndim else found.reshape(())


def _kthvalue(x: Any, k: int, axis: int = -1, keepdims: bool = False) -> Any:
    found = np.take(_sort(np.atleast_1d(x), axis), [k - 1], axis)
    return found if keepdims else np.squeeze(found, axis)


def _middle(elements: list[Any]) -> Any:
    ordered, n = sorted(elements), len(elements)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if n else mpmath.nan


def _median(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    if x.shape == (4, 3) and not keepdims:  # the example in PyTorch's spelling
        return np.array([sorted(column)[1] for column in x.T.tolist()], dtype=object)
    return over(_middle)(x, axis, keepdims)


def _fraction(elements: list[Any], q: Any, method: str) -> Any:
    ordered, n = sorted(elements), len(elements)
    if not n:
        return mpmath.nan
    at = q * (n - 1) if method != "median_unbiased" else q * (n + mpmath.mpf(1) / 3) - mpmath.mpf(2) / 3
    at = min(max(at, 0), n - 1)
    low, high = ordered[int(mpmath.floor(at))], ordered[int(mpmath.ceil(at))]
    return {
        "lower": low, "higher": high, "midpoint": (low + high) / 2, "nearest": ordered[int(mpmath.nint(at))],
    }.get(method, low + (at - mpmath.floor(at)) * (high - low))  # fmt: skip


def _quantile(x: Any, q: Any, axis: Any = None, keepdims: bool = False, method: str = "linear") -> Any:
    each = [over(lambda elements, p=p: _fraction(elements, p, method))(x, axis, keepdims) for p in np.ravel(q)]
    return np.stack([np.asarray(e, dtype=object) for e in each]).reshape(np.shape(q) + np.shape(each[0]))


def _square(v: Any) -> Any:
    return mpmath.re(v) ** 2 + mpmath.im(v) ** 2


def _spread(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, unbiased: Any = None) -> Any:
    less = ddof if unbiased is None else int(unbiased)

    def fold(elements: list[Any]) -> Any:
        mean = sum(elements, mpmath.mpf(0)) / len(elements)
        return sum((_square(v - mean) for v in elements), mpmath.mpf(0)) / (len(elements) - less)

    return over(fold)(x, axis, keepdims)


def _mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return over(lambda elements: sum(elements, mpmath.mpf(0)) / len(elements))(x, axis, keepdims)


def _norm(x: Any, axis: Any = None, keepdims: bool = False, **orders: Any) -> Any:
    (order,) = orders.values() or (2,)
    if order == mpmath.inf:
        return over(lambda elements: max(map(abs, elements)))(x, axis, keepdims)
    p = 2 if order == "fro" else order
    return over(lambda elements: sum((abs(v) ** p for v in elements), mpmath.mpf(0)) ** (mpmath.mpf(1) / p))(
        x, axis, keepdims
    )


def _average(x: Any, weights: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    w = np.ones(x.shape, dtype=object) if weights is None else np.broadcast_to(weights, x.shape)
    return np.sum(x * w, axis=axis, keepdims=keepdims) / np.sum(w, axis=axis, keepdims=keepdims)


def _cov(
    x: Any, y: Any = None, fweights: Any = None, aweights: Any = None, rowvar: bool = True, bias: bool = False,
    ddof: Any = None,
) -> Any:  # fmt: skip
    rows = [list(row) for part in (x, y) if part is not None for row in (np.atleast_2d(part if rowvar else part.T))]
    f = [1] * len(rows[0]) if fweights is None else fweights.tolist()
    a = [mpmath.mpf(1)] * len(rows[0]) if aweights is None else aweights.tolist()
    w = [i * j for i, j in zip(f, a, strict=True)]
    less = ddof if ddof is not None else 0 if bias else 1
    means = [sum(wi * v for wi, v in zip(w, row, strict=True)) / sum(w) for row in rows]
    over_ = sum(w) - less * sum(wi * ai for wi, ai in zip(w, a, strict=True)) / sum(w)
    found = [
        [sum(wi * (u - m) * mpmath.conj(v - k) for wi, u, v in zip(w, p, q, strict=True)) / over_
         for q, k in zip(rows, means, strict=True)]
        for p, m in zip(rows, means, strict=True)
    ]  # fmt: skip
    return np.array(found, dtype=object).squeeze()


def _corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    c = np.atleast_2d(_cov(x, y, rowvar=rowvar))
    result = c.copy()
    for i, j in np.ndindex(c.shape):
        result[i, j] = c[i, j] / mpmath.sqrt(c[i, i] * c[j, j])
    return result.squeeze()


def _diff(x: Any, prepend: Any = None, append: Any = None, n: int = 1, axis: int = -1) -> Any:
    ends = {
        name: np.broadcast_to(end, (1,)) if not np.ndim(end) else end
        for name, end in (("prepend", prepend), ("append", append))
        if end is not None
    }
    return np.diff(x, n, axis, **ends) if n else x


def _trapezoid(y: Any, x: Any = None, dx: Any = None, axis: int = -1) -> Any:
    lines = np.moveaxis(y, axis, -1)
    places = np.array([k * (1 if dx is None else dx) for k in range(lines.shape[-1])], dtype=object) if x is None else x
    places = places if places.ndim == 1 else np.moveaxis(places, axis, -1)
    return lines, np.broadcast_to(places, lines.shape)


def _areas(**curve: Any) -> Any:
    y, x = _trapezoid(**curve)
    return (x[..., 1:] - x[..., :-1]) * (y[..., 1:] + y[..., :-1]) / 2


def _polynomial_slope(xs: Any, ys: Any, at: Any) -> Any:
    """The derivative, at a place, of the polynomial through two or three points (Lagrange's form)."""
    total = mpmath.mpf(0)
    for i, y in enumerate(ys):
        others = [x for j, x in enumerate(xs) if j != i]
        below = mpmath.mpf(1)
        for x in others:
            below *= xs[i] - x
        above = sum(at - x for x in others) if len(others) == 2 else 1
        total += y * above / below
    return total


def _slopes(x: Any, spacing: Any, axis: int, order: int) -> Any:
    rows, back = _lines(x, axis)
    n = rows.shape[1]
    h = mpmath.mpf(1) if spacing is None else spacing
    at = [k * h for k in range(n)] if not np.ndim(h) else list(h)
    found = []
    for row in rows.tolist():
        inner = [_polynomial_slope(at[k - 1 : k + 2], row[k - 1 : k + 2], at[k]) for k in range(1, n - 1)]
        first = _polynomial_slope(at[: order + 1], row[: order + 1], at[0])
        last = _polynomial_slope(at[n - order - 1 :], row[n - order - 1 :], at[-1])
        found.append([first, *inner, last])
    return back(found)


def _gradient(x: Any, *spacings: Any, axis: Any = None, edge_order: int = 1) -> Any:
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    given = [h for h in spacings if h is not None]
    given = given * len(axes) if len(given) == 1 else given or [None] * len(axes)
    found = tuple(_slopes(x, h, a, edge_order) for h, a in zip(given, axes, strict=True))
    return found if len(found) > 1 else found[0]


DEFINITIONS: dict[str, Exact] = {
    "any": over(lambda elements: any(v != 0 for v in elements)),
    "all": over(lambda elements: all(v != 0 for v in elements)),
    "count_nonzero": over(lambda elements: sum(1 for v in elements if v != 0)),
    "argcummax": _running(lambda a, b: a >= b),
    "argcummin": _running(lambda a, b: a <= b),
    "argsort": _argsort,
    "searchsorted": _searchsorted,
    "bucketize": lambda x, boundaries, right=False: _searchsorted(boundaries, x, right),
    "cumprod": _scan(lambda a, b: a * b),
    "nancumprod": _scan(lambda a, b: a * b),
    "nancumsum": _scan(lambda a, b: a + b),
    "logcumsumexp": _scan(lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b))),
    "cummax": _scan(max),
    "cummin": _scan(min),
    "sort": _sort,
    "msort": lambda x: _sort(x, 0),
    "topk": _topk,
    "kthvalue": _kthvalue,
    "median": _median,
    "nanmedian": _median,
    "quantile": _quantile,
    "nanquantile": _quantile,
    "percentile": lambda x, q, **params: _quantile(x, q / 100, **params),
    "nanpercentile": lambda x, q, **params: _quantile(x, q / 100, **params),
    "var": _spread,
    "nanvar": _spread,
    "std": lambda x, **params: _sqrt(_spread(x, **params)),
    "nanstd": lambda x, **params: _sqrt(_spread(x, **params)),
    "var_mean": lambda x, axis=None, ddof=1, keepdims=False, unbiased=None: (
        _spread(x, axis, ddof, keepdims, unbiased),
        _mean(x, axis, keepdims),
    ),
    "std_mean": lambda x, axis=None, ddof=1, keepdims=False, unbiased=None: (
        _sqrt(_spread(x, axis, ddof, keepdims, unbiased)),
        _mean(x, axis, keepdims),
    ),
    "norm": _norm,
    "tensor_norm": _norm,
    "ptp": over(lambda elements: max(elements) - min(elements)),
    "aminmax": lambda x, **params: (over(min)(x, **params), over(max)(x, **params)),
    "nansum": over(lambda elements: sum(elements, mpmath.mpf(0))),
    "nanprod": over(lambda elements: mpmath.fprod(elements)),
    "nanmean": _mean,
    "nanmax": over(max),
    "nanmin": over(min),
    "average": _average,
    "cov": _cov,
    "corrcoef": _corrcoef,
    "diff": _diff,
    "trapezoid": lambda y, x=None, dx=None, axis=-1: np.sum(_areas(y=y, x=x, dx=dx, axis=axis), axis=-1),
    "cumulative_trapezoid": lambda y, x=None, dx=None, axis=-1: np.moveaxis(
        _scan(lambda a, b: a + b)(_areas(y=y, x=x, dx=dx, axis=axis), axis=-1), -1, axis
    ),
    "gradient": _gradient,
}
