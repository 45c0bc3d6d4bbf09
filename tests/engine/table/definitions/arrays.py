"""What reductions, scans, orderings and shapes mean."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, over


def _targets(index: Any, axis: int, shape: Any) -> Any:
    """For each place of an index, the place in a tensor of a shape that it names."""
    for place in np.ndindex(index.shape):
        target = list(place)
        target[axis] = int(index[place]) % shape[axis]
        yield place, tuple(target)


def _gather(x: Any, index: Any, axis: int) -> Any:
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
