"""Tensors with more elements at their edges, or fewer."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.pooling import reserve
from engine.kinds import composition
from engine.shapes import Shape

_MODES = {"replicate": "edge", "circular": "wrap", "constant": "constant", "edge": "edge", "reflect": "reflect"}
_MODES |= {"symmetric": "symmetric", "wrap": "wrap"}
_HINT = "the modes are constant, edge (replicate), reflect, symmetric and wrap (circular)"

Widths = list[tuple[int, int]]


@composition(
    "pad(x, /, pad_width=None, value=0, pad=None, mode='constant', _flat=False)",
    complex=True,
    keywords={"input": "x", "array": "x", "constant_values": "value"},
    as_torch={"_flat": True},
    examples=(
        (((3,),), {"pad_width": 2}),
        (((2, 3),), {"pad_width": (1, 2), "value": 0.5}),
        (((2, 3),), {"pad_width": ((1, 0), (0, 2)), "value": ((1, 2), (3, 4))}),
        (((2, 3),), {"pad": (1, 2)}),
        (((4, 5),), {"pad_width": (1, -1, 0, 1), "_flat": True, "value": -1.5}),
        (((2, 3),), {"pad_width": 2, "mode": "edge"}),
        (((3,),), {"pad_width": (5, 4), "mode": "reflect"}),
        (((2, 3),), {"pad_width": ((1, 0), (2, 4)), "mode": "symmetric"}),
        (((2, 3),), {"pad_width": ((0, 3), (4, 1)), "mode": "wrap"}),
        (((),), {"pad_width": 2}),
    ),
)
def pad(F: Any, x: Any, pad_width: Any, value: Any, pad: Any, mode: str, _flat: bool) -> Any:
    """More elements at the edges: numbers, or the tensor's own in one of several orders. As in NumPy for each axis two
    widths, or as in torch.nn.functional a flat list of them from the last axis on, where negative ones cut off.
    """
    if mode not in _MODES:
        raise WrongArguments(f"pad knows no mode {mode!r}", hint=_HINT)
    rank = len(F.shape(x))
    widths = _flat_widths(pad if pad is not None else pad_width, rank) if _flat or pad else _widths(pad_width, rank)
    values = _pairs(0 if value is None else value, rank, "constant_values")
    for axis, (before, after) in enumerate(widths):
        x = _cut(F, x, axis, before, after)
        if max(before, after) > 0:
            x = _padded(F, x, axis, (max(before, 0), max(after, 0)), _MODES[mode], values[axis])
    return F.reshape(x, shape=F.shape(x))


def _pairs(given: Any, rank: int, what: str) -> list[tuple[Any, Any]]:
    """For each axis two: NumPy takes one for all, two for all, or a pair for each."""
    try:
        return [tuple(pair) for pair in np.broadcast_to(np.array(given, dtype=object), (rank, 2)).tolist()]
    except ValueError:
        raise WrongArguments(f"{what} is a number, a pair, or a pair for each of the {rank} axes") from None


def _widths(given: Any, rank: int) -> Widths:
    if given is None:
        raise WrongArguments(
            "pad needs pad_width", hint="pad(x, 1), pad(x, ((1, 1), (2, 2))), or pad=(1, 1) as in PyTorch"
        )
    widths = _pairs(given, rank, "pad_width")
    if not all(_is_whole(n) and n >= 0 for pair in widths for n in pair):
        raise WrongArguments(f"widths are whole numbers of at least 0, not {given}")
    return widths


def _flat_widths(given: Any, rank: int) -> Widths:
    """PyTorch's list: the last axis first, and axes that are not named are left alone."""
    if not isinstance(given, tuple) or len(given) % 2 or len(given) > 2 * rank or not all(map(_is_whole, given)):
        raise WrongArguments(
            f"pad={given} is no list of two whole numbers for each axis, from the last on",
            hint="NumPy's pairs for each axis are pad_width=",
        )
    pairs = list(zip(given[::2], given[1::2], strict=True))
    return [(0, 0)] * (rank - len(pairs)) + pairs[::-1]


def _is_whole(n: Any) -> bool:
    return isinstance(n, int) and not isinstance(n, bool)


def _cut(F: Any, x: Any, axis: int, before: int, after: int) -> Any:
    """Without what negative widths cut off."""
    if before >= 0 and after >= 0:
        return x
    length = F.shape(x)[axis]
    if length + min(before, 0) + min(after, 0) < 0:
        raise ShapeMismatch(f"an axis of length {length} has not {-min(before, 0) - min(after, 0)} elements to cut off")
    part = slice(max(-before, 0), length + min(after, 0))
    return F.index(x, key=(*(slice(None),) * axis, part, Ellipsis))


def _padded(F: Any, x: Any, axis: int, widths: tuple[int, int], mode: str, values: tuple[Any, Any]) -> Any:
    shape = F.shape(x)
    if mode == "constant":
        edges = [_filled(F, x, (*shape[:axis], n, *shape[axis + 1 :]), v) for n, v in zip(widths, values, strict=True)]
    elif not shape[axis]:
        raise ShapeMismatch(f"there is nothing to pad axis {axis} with: its length is 0")
    else:
        reserve(F, shape[axis] + sum(widths))
        # Which element goes where is what NumPy's own function says of their numbers.
        places = np.pad(np.arange(shape[axis]), widths, mode=mode)  # type: ignore[call-overload]
        lead = (slice(None),) * axis
        sides = (places[: widths[0]], places[len(places) - widths[1] :])
        edges = [F.index(x, key=(*lead, side, Ellipsis)) for side in sides]
    return F.concatenate(edges[0], x, edges[1], axis=axis)


def _filled(F: Any, x: Any, shape: Shape, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongArguments(f"what fills the edges is a number, not {value!r}")
    return F.cast(F.broadcast_to(float(value), shape=shape), dtype=F.dtype(x))
