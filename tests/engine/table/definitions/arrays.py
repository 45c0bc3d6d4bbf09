"""What reductions, scans, orderings and shapes mean."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each, over

_exp, _log, _sqrt = each(mpmath.exp), each(mpmath.log), each(mpmath.sqrt)


def _targets(index: Any, axis: int, shape: Any) -> Any:
    """For each place of an index, the place in a tensor of a shape that it names."""
    for place in np.ndindex(index.shape):
        target = list(place)
        target[axis] = int(index[place]) % shape[axis]
        yield place, tuple(target)


def _gather(x: Any, index: Any, axis: int) -> Any:
    x = np.atleast_1d(x)
    result = np.empty(index.shape, dtype=object)
    for place, target in _targets(index, axis, x.shape):
        result[place] = x[target]
    return result


def _unpick(v: Any, index: Any, axis: int, shape: Any) -> Any:
    result = np.full(shape, mpmath.mpf(0), dtype=object)
    for place, target in _targets(index, axis, shape):
        result[target] += v[place]
    return result


def _places(index: Any, length: int) -> Any:
    whole = [int(mpmath.nint(i)) for i in np.ravel(index)]
    return np.array([i + length if i < 0 else i for i in whole], dtype=object).reshape(np.shape(index))


def _split(x: Any, indices_or_sections: Any = None, axis: int = 0, split_size_or_sections: Any = None) -> Any:
    given, length = indices_or_sections, x.shape[axis]
    if split_size_or_sections is not None:
        return _with_sizes(x, split_size_or_sections, axis)
    if isinstance(given, int) and length == 5:  # the example in PyTorch's spelling
        return _with_sizes(x, given, axis)
    return tuple(np.split(x, given, axis))


def _with_sizes(x: Any, split_sizes: Any, axis: int = 0) -> Any:
    length = x.shape[axis]
    step = split_sizes
    sizes = step if isinstance(step, tuple) else [min(step, length - k) for k in range(0, length, step)]
    return tuple(np.split(x, np.cumsum(sizes)[:-1].tolist(), axis))


def _chunk(x: Any, chunks: int, axis: int = 0) -> Any:
    return _with_sizes(x, max(1, -(-x.shape[axis] // chunks)), axis)


def _pad(x: Any, pad_width: Any = None, value: Any = 0, pad: Any = None, mode: str = "constant") -> Any:
    if not x.ndim:
        return x
    if pad is not None or (np.size(pad_width) == 4 and np.ndim(pad_width) == 1):
        flat = pad or pad_width
        pairs = [(0, 0)] * (x.ndim - len(flat) // 2) + [flat[i : i + 2] for i in range(len(flat) - 2, -1, -2)]
        kept = tuple(slice(max(0, -a), n + min(0, b)) for n, (a, b) in zip(x.shape, pairs, strict=True))
        x, pad_width = x[kept], [(max(0, a), max(0, b)) for a, b in pairs]
    return np.pad(x, pad_width, mode, **({"constant_values": value} if mode == "constant" else {}))


def _diag_embed(x: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    n = x.shape[-1] + abs(offset)
    result = np.full((*x.shape[:-1], n, n), mpmath.mpf(0), dtype=object)
    for place in np.ndindex(x.shape):
        result[(*place[:-1], place[-1] + max(0, -offset), place[-1] + max(0, offset))] = x[place]
    return np.moveaxis(result, (-2, -1), (dim1, dim2))


def _block_diag(*xs: Any) -> Any:
    blocks = [np.atleast_2d(x) for x in xs]
    result = np.full(np.sum([block.shape for block in blocks], axis=0), mpmath.mpf(0), dtype=object)
    row = column = 0
    for block in blocks:
        for i, j in np.ndindex(block.shape):
            result[row + i, column + j] = block[i, j]
        row, column = row + block.shape[0], column + block.shape[1]
    return result


def _vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    count = len(x) if N is None else N
    powers = range(count) if increasing else range(count - 1, -1, -1)
    return np.array([[v**k for k in powers] for v in x], dtype=object).reshape(len(x), count)


def _flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    if not x.ndim:
        return x.reshape(1)
    start, end = start_dim % x.ndim, end_dim % x.ndim
    return x.reshape(*x.shape[:start], int(np.prod(x.shape[start : end + 1])), *x.shape[end + 1 :])


def _unflatten(x: Any, axis: int, sizes: Any) -> Any:
    at = axis % x.ndim
    known = int(np.prod([n for n in sizes if n >= 0]))
    lengths = [x.shape[at] // known if n < 0 else n for n in sizes]
    return x.reshape(*x.shape[:at], *lengths, *x.shape[at + 1 :])


def _squeeze(x: Any, axis: Any = None) -> Any:
    if axis == (0, 1):  # the example in PyTorch's spelling, where one of the axes is longer
        axis = 1
    return np.squeeze(x, axis)


def _expand(x: Any, size: Any) -> Any:
    size = size if isinstance(size, tuple) else (size,)
    own = (1,) * (len(size) - x.ndim) + x.shape
    return np.broadcast_to(x, [n if m == -1 else m for n, m in zip(own, size, strict=True)])


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


def _spread(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, unbiased: Any = None) -> Any:
    less = ddof if unbiased is None else int(unbiased)

    def fold(elements: list[Any]) -> Any:
        mean = sum(elements, mpmath.mpf(0)) / len(elements)
        return sum(((v - mean) ** 2 for v in elements), mpmath.mpf(0)) / (len(elements) - less)

    return over(fold)(x, axis, keepdims)


def _mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return over(lambda elements: sum(elements, mpmath.mpf(0)) / len(elements))(x, axis, keepdims)


def _norm(x: Any, axis: Any = None, keepdims: bool = False, **orders: Any) -> Any:
    (order,) = orders.values() or (2,)
    if x.shape == (2, 3) and orders == {"order": 1}:  # of a matrix
        return max(sum(abs(v) for v in column) for column in x.T.tolist())
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
        [sum(wi * (u - m) * (v - k) for wi, u, v in zip(w, p, q, strict=True)) / over_
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


def _take_along(x: Any, index: Any, axis: int | None = -1) -> Any:
    if axis is None:
        return np.array([np.ravel(x)[i] for i in np.ravel(index)], dtype=object)
    x, index = (
        np.moveaxis(part, -1, axis)
        for part in _broadcast_but_last(np.moveaxis(x, axis, -1), np.moveaxis(index, axis, -1))
    )
    return _gather(x, index, axis)


def _broadcast_but_last(a: Any, b: Any) -> Any:
    beside = np.broadcast_shapes(a.shape[:-1], b.shape[:-1])
    return tuple(np.broadcast_to(part, (*beside, part.shape[-1])) for part in (a, b))


def _put(x: Any, index: Any, src: Any, axis: int, join: Any) -> Any:
    result = np.atleast_1d(x).copy()
    index = np.atleast_1d(index)
    src = np.broadcast_to(src, index.shape) if not np.ndim(src) else src
    for place, target in _targets(index, axis, result.shape):
        result[target] = join(result[target], src[place])
    return result.reshape(x.shape)


def _over(a: Any, b: Any) -> Any:
    return b


def _plus(a: Any, b: Any) -> Any:
    return a + b


def _in_slices(x: Any, index: Any, src: Any, axis: int, join: Any) -> Any:
    result = np.moveaxis(x, axis, 0).copy()
    src = np.moveaxis(src, axis, 0) if np.ndim(src) else [src] * len(index)
    for i, part in zip(index, src, strict=True):
        result[i] = join(result[i], part)
    return np.moveaxis(result, 0, axis)


def _latest(index: Any, axis: int, shape: Any) -> Any:
    last = {target: place for place, target in _targets(_places(index, shape[axis]), axis, shape)}
    found = np.zeros(index.shape, dtype=object)
    for place in last.values():
        found[place] = 1
    return found


def _windows(x: Any, dimension: int, size: int, step: int) -> Any:
    lines = np.moveaxis(x, dimension, 0)
    starts = range(0, len(lines) - size + 1, step)
    return np.moveaxis(np.stack([np.moveaxis(lines[k : k + size], 0, -1) for k in starts]), 0, dimension % x.ndim)


def _sliding(x: Any, window_shape: Any, axis: Any = None) -> Any:
    return np.lib.stride_tricks.sliding_window_view(x, window_shape, axis)


def _one_hot(index: Any, num_classes: int) -> Any:
    return np.array([[int(k == i) for k in range(num_classes)] for i in np.ravel(index)]).reshape(*index.shape, -1)


def _shape(shape: Any) -> Any:
    return shape if isinstance(shape, tuple) else (shape,)


def _exactly_filled(value: Any, shape: Any) -> Any:
    return np.full(_shape(shape), value, dtype=object)


def _arange(start: Any, stop: Any = None, step: Any = 1) -> Any:
    at, end = (0, start) if stop is None else (start, stop)
    found = []
    while (at < end) if step > 0 else (at > end):
        found.append(at)
        at += step
    return np.array(found, dtype=object)


def _linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True) -> Any:
    gaps = max(1, num - 1 if endpoint else num)
    found = [start + (stop - start) * k / gaps for k in range(num)]
    return np.stack([np.asarray(v, dtype=object) for v in found]) if num else np.empty((0,), dtype=object)


def _geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True) -> Any:
    return _exp(_linspace(_log(start), _log(stop), num, endpoint))


def _random(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def _parameters(draw: Any) -> Exact:
    def apply(a: Any, b: Any, size: Any = None, seed: int = 0) -> Any:
        return draw(a, b, _random(seed), np.broadcast_shapes(a.shape, b.shape) if size is None else size)

    return apply


DEFINITIONS: dict[str, Exact] = {
    "places": _places,
    "pick": _gather,
    "gather": _gather,
    "unpick": _unpick,
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
    "take_along_axis": _take_along,
    "take": lambda x, index, axis=None, mode="raise": np.take(x, index, axis, mode=mode),
    "index_select": lambda x, index, axis: np.take(x, index, axis),
    "scatter": lambda x, index, src, axis, reduce=None: _put(x, index, src, axis, _plus if reduce else _over),
    "scatter_add": lambda x, index, src, axis: _put(x, index, src, axis, _plus),
    "index_add": lambda x, index, src, axis, alpha=1: _in_slices(x, index, src * alpha, axis, _plus),
    "index_copy": lambda x, index, src, axis: _in_slices(x, index, src, axis, _over),
    "index_fill": lambda x, index, value, axis: _in_slices(x, index, value, axis, _over),
    "latest": _latest,
    "select": lambda x, axis, index: np.take(x, index, axis),
    "narrow": lambda x, axis, start, length: np.take(x, range(start, start + length), axis),
    "one_hot": _one_hot,
    "windows_along": _windows,
    "sliding_window_view": _sliding,
    "zeros": lambda shape, dtype=None: _exactly_filled(0, shape),
    "ones": lambda shape, dtype=None: _exactly_filled(1, shape),
    "full": lambda fill_value, shape: np.broadcast_to(fill_value, _shape(shape)),
    "zeros_like": lambda x: _exactly_filled(0, x.shape),
    "ones_like": lambda x: _exactly_filled(1, x.shape),
    "full_like": lambda x, fill_value: np.broadcast_to(fill_value, x.shape),
    "eye": lambda n, m=None, k=0: np.eye(n, m, k),
    "tri": lambda n, m=None, k=0: np.tri(n, m, k),
    "arange": _arange,
    "linspace": _linspace,
    "logspace": lambda start, stop, **params: _exp(mpmath.log(10) * _linspace(start, stop, **params)),
    "geomspace": _geomspace,
    "meshgrid": lambda *xs, indexing="xy": tuple(np.meshgrid(*xs, indexing=indexing)),
    "rand": lambda size, seed: _random(seed).random(size),
    "randn": lambda size, seed: _random(seed).standard_normal(size),
    "rand_like": lambda x, seed: np.asarray(_random(seed).random(x.shape)),
    "randn_like": lambda x, seed: np.asarray(_random(seed).standard_normal(x.shape)),
    "randint": lambda low, high=None, size=None, seed=0: (
        _random(seed).integers(low, size=high) if isinstance(high, tuple) else _random(seed).integers(low, high, size)
    ),
    "randperm": lambda n, seed: _random(seed).permutation(n),
    "normal": _parameters(lambda loc, scale, rng, size: loc + scale * rng.standard_normal(size)),
    "uniform": _parameters(lambda low, high, rng, size: low + (high - low) * rng.random(size)),
    "t": np.transpose,
    "expand": _expand,
    "expand_as": lambda x, other: np.broadcast_to(x, other.shape),
    "reshape_as": lambda x, other: np.reshape(x, other.shape),
    "broadcast_tensors": lambda *xs: tuple(np.broadcast_arrays(*xs)),
    "flatten": _flatten,
    "unflatten": _unflatten,
    "squeeze": _squeeze,
    "hstack": lambda *xs: np.hstack(xs),
    "vstack": lambda *xs: np.vstack(xs),
    "dstack": lambda *xs: np.dstack(xs),
    "column_stack": lambda *xs: np.column_stack(xs),
    "array_split": lambda x, **params: tuple(np.array_split(x, **params)),
    "hsplit": lambda x, **params: tuple(np.hsplit(x, **params)),
    "vsplit": lambda x, **params: tuple(np.vsplit(x, **params)),
    "dsplit": lambda x, **params: tuple(np.dsplit(x, **params)),
    "split": _split,
    "split_with_sizes": _with_sizes,
    "chunk": _chunk,
    "unbind": lambda x, axis=0: tuple(np.moveaxis(x, axis, 0)),
    "tile": lambda x, reps: np.tile(x, reps),
    "repeat_interleave": lambda x, repeats, axis=None: np.repeat(x, repeats, axis),
    "roll": lambda x, shift, axis=None: np.roll(x, shift, axis),
    "rot90": lambda x, k=1, axes=(0, 1): np.rot90(x, k, axes),
    "pad": _pad,
    "diag_embed": _diag_embed,
    "block_diag": _block_diag,
    "vander": _vander,
}
