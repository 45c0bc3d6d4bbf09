"""What shapes, places and tensors made from nothing mean."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each

_exp, _log = each(mpmath.exp), each(mpmath.log)


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
    src = np.moveaxis(src, axis, 0) if np.ndim(src) else [src[()]] * len(index)
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
    "append": lambda x, values, axis=None: np.append(x, values, axis),
    "insert": lambda x, values, obj, axis=None: np.insert(x, obj, values, axis),
    "delete": lambda x, obj, axis=None: np.delete(x, obj, axis),
    "array": lambda x, dtype=None: x,
    "astype": lambda x, dtype=None: x,
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
