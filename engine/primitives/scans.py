"""Scans: running sums, and where the running maximum and minimum are."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kinds import Example, flat, linear
from engine.shapes import axis_of, size

_AXIS = {"dim": "axis", "input": "x", "a": "x"}
_ALONG: tuple[Example, ...] = ((((2, 3),), {}), (((2, 3),), {"axis": 1}), (((3, 1, 2),), {"axis": 0}), (((),), {}))


def _cumsum_transpose(F: Any, ct: Any, x: Any, axis: int | None) -> Any:
    along = 0 if axis is None else axis
    backwards = F.flip(F.cumsum(F.flip(ct, axis=(along,)), axis=along), axis=(along,))
    return F.reshape(backwards, shape=F.shape(x))


cumsum = linear(
    "cumsum(x, /, axis=None)",
    numeric=True,
    transpose=_cumsum_transpose,
    numpy=lambda x, axis=None: np.cumsum(x, axis=axis),
    shape=lambda s, axis: (size(s),) if axis is None else s,
    prepare=lambda s, axis: {"axis": None if axis is None else axis_of(axis, len(s))},
    batch=lambda F, n, x, axis: (
        F.cumsum(F.reshape(x, shape=(n, size(F.shape(x)[1:]))), axis=1) if axis is None else F.cumsum(x, axis=axis + 1)
    ),
    examples=_ALONG,
    keywords=_AXIS,
    doc="Running sum along an axis; of all elements in order where none is named.",
)


def _running(accumulate: Any) -> Any:
    """Where the running extreme of each element is: of equal elements the later one, and nan is more than anything."""

    def places(x: Any, axis: int) -> Any:
        if not np.size(x):
            return np.zeros(np.shape(x), dtype="int64")
        x = np.moveaxis(np.asarray(x), axis, -1)
        new = (x == accumulate(x, axis=-1)) | np.isnan(x)
        return np.moveaxis(np.maximum.accumulate(np.where(new, np.arange(x.shape[-1]), 0), axis=-1), -1, axis)

    return places


def _tied(accumulate: Any) -> Any:
    """Whether an element is equal to the extreme before it."""

    def kink(x: Any, axis: int) -> Any:
        lines = np.moveaxis(np.asarray(x), axis, -1)
        return np.any(lines[..., 1:] == accumulate(lines, axis=-1)[..., :-1])

    return kink


def _argcum(name: str, accumulate: Any, doc: str) -> Any:
    return flat(
        f"{name}(x, /, axis)",
        numpy=_running(accumulate),
        shape=lambda s, axis: s,
        prepare=lambda s, axis: {"axis": axis_of(axis, len(s))},
        batch=lambda F, n, x, axis: getattr(F, name)(x, axis=axis + 1),
        kink=_tied(accumulate),
        dtype="int64",
        internal=True,
        examples=((((4,),), {"axis": 0}), (((3, 4),), {"axis": -1}), (((3, 2),), {"axis": 0})),
        doc=doc,
    )


argcummax = _argcum("argcummax", np.maximum.accumulate, "The place of the largest element so far, the last of several.")
argcummin = _argcum(
    "argcummin", np.minimum.accumulate, "The place of the smallest element so far, the last of several."
)
