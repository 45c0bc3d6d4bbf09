"""Layers that are products and choices: linear, bilinear, embedding, dropout."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import Composition, composition
from engine.shapes import Shape, size


@composition(
    "linear(input, weight, bias=None)",
    complex=True,
    examples=(
        (((2, 3), (4, 3), (4,)), {}),
        (((3,), (2, 3)), {}),
        (((2, 1, 3), (2, 3), (2,)), {}),
        (((2, 3), (3,)), {}),
        (((3,), (3,), ()), {}),
    ),
)
def linear(F: Any, input: Any, weight: Any, bias: Any) -> Any:
    """input @ weight.T + bias."""
    kernels, own = F.shape(weight), F.shape(input)
    if len(kernels) not in (1, 2) or own[-1:] != kernels[-1:]:
        raise ShapeMismatch(f"linear takes a weight of shape (results, {(*own, 1)[-2] if own else 1}), not {kernels}")
    y = F.matmul(input, F.permute(weight, dims=(1, 0)) if len(kernels) == 2 else weight)
    return y if bias is None else y + bias


@composition(
    "bilinear(input1, input2, weight, bias=None)",
    complex=True,
    examples=(
        (((2, 3), (2, 2), (4, 3, 2), (4,)), {}),
        (((3,), (2,), (1, 3, 2)), {}),
        (((2, 1, 2), (2, 1, 2), (2, 2, 2)), {}),
    ),
)
def bilinear(F: Any, input1: Any, input2: Any, weight: Any, bias: Any) -> Any:
    """For each result a matrix between the two: input1 @ weight[k] @ input2, and bias."""
    one, two, own = F.shape(input1), F.shape(input2), F.shape(weight)
    if len(own) != 3 or not one or one[:-1] != two[:-1] or own[1:] != (one[-1], two[-1]):
        raise ShapeMismatch(f"inputs of shapes {one} and {two} do not fit a weight of shape {own}")
    count = size(one[:-1])
    left = F.contract(F.reshape(input1, shape=(count, one[-1])), weight, subscripts="ni,oij->noj")
    y = F.contract(left, F.reshape(input2, shape=(count, two[-1])), subscripts="noj,nj->no")
    y = F.reshape(y, shape=(*one[:-1], own[0]))
    return y if bias is None else y + bias


@composition(
    "embedding(input, weight, /, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, "
    "sparse=False)",
    data=("input",),
    complex=True,
    convention="no derivative by the row that padding_idx names",
    examples=(
        (([2, 0, 2], (3, 2)), {}),
        (([[1, 1], [0, 3]], (4, 1)), {}),
        (([[]], (2, 2)), {}),
    ),
)
def embedding(
    F: Any, input: Any, weight: Any, padding_idx: Any, max_norm: Any, norm_type: Any, scale_grad_by_freq: Any,
    sparse: Any,
) -> Any:  # fmt: skip
    """The rows of a table at indices."""
    if max_norm is not None or scale_grad_by_freq:
        raise WrongArguments("embedding does not rescale: max_norm and scale_grad_by_freq are not implemented")
    own, asked = F.shape(weight), F.shape(input)
    if len(own) != 2:
        raise ShapeMismatch(f"embedding takes a table of rows, not shape {own}", hint="write embedding(indices, table)")
    if padding_idx is not None:
        weight = _without_derivative(F, weight, padding_idx)
    places = F.reshape(F.places(input, length=own[0]), shape=(size(asked), 1))
    rows = F.pick(weight, F.broadcast_to(places, shape=(size(asked), own[1])), axis=0)
    return F.reshape(rows, shape=(*asked, own[1]))


_BAGS = {"sum", "mean", "max"}


@composition(
    "embedding_bag(input, weight, offsets=None, static max_norm=None, static norm_type=2.0, "
    "static scale_grad_by_freq=False, static mode='mean', static sparse=False, per_sample_weights=None, /, "
    "include_last_offset=False, padding_idx=None)",
    data=("input", "offsets"),
    convention="to the first of several that are largest; 0 for a bag with nothing in it",
    examples=(
        (([[2, 0], [1, 1]], (3, 2)), {}),
        (([[2, 0, 1]], (3, 2), None, (1, 3)), {"mode": "sum"}),
        (([[2, 0], [1, 2]], (3, 2)), {"mode": "max"}),
        (([[2, 0], [1, 1], [0, 0]], (3, 2)), {"padding_idx": 0}),
        (([2, 0, 1, 1], (3, 2), [0, 1, 1]), {}),
        (([2, 0, 1], (3, 2), [0, 1, 3], (3,)), {"mode": "sum", "include_last_offset": True}),
    ),
)
def embedding_bag(
    F: Any, input: Any, weight: Any, offsets: Any, per_sample_weights: Any, max_norm: Any, norm_type: Any,
    scale_grad_by_freq: Any, mode: Any, sparse: Any, include_last_offset: Any, padding_idx: Any,
) -> Any:  # fmt: skip
    """The sums, means or largest elements of the rows of a table that a bag of indices names: each row of a matrix, or
    the parts of a vector that start at offsets.
    """
    if mode not in _BAGS:
        raise WrongArguments(f"mode {mode!r} is not known", hint='write "sum", "mean" or "max"')
    own, table = F.shape(input), F.shape(weight)
    if len(table) != 2:
        raise ShapeMismatch(f"embedding_bag takes a table of rows, not shape {table}")
    count = table[0]
    if len(own) != (2 if offsets is None else 1):
        raise ShapeMismatch("embedding_bag takes a matrix of indices, or a vector of them and offsets")
    if per_sample_weights is not None and (mode != "sum" or F.shape(per_sample_weights) != own):
        raise WrongArguments('per_sample_weights go with mode="sum", one for each index')
    rows = F.embedding(input, weight, max_norm=max_norm, scale_grad_by_freq=scale_grad_by_freq)
    left_out = -1 if padding_idx is None else _row(padding_idx, count)
    seen = F.expand_dims(F.places(input, length=count), axis=-1) != float(left_out)
    if per_sample_weights is not None:
        rows = rows * F.expand_dims(per_sample_weights, axis=-1)
    if offsets is not None:
        rows, seen = _bags(F, rows, seen, offsets, include_last_offset)
    if mode == "max":
        return F.where(F.any(seen, axis=1), F.max(F.where(seen, rows, -math.inf), axis=1, _first=True), 0.0)
    total = F.sum(F.where(seen, rows, 0.0), axis=1)
    if mode == "sum":
        return total
    return total / F.cast(F.maximum(F.sum(F.where(seen, 1.0, 0.0), axis=1), 1.0), dtype=F.dtype(total))


def _bags(F: Any, rows: Any, seen: Any, offsets: Any, with_last: Any) -> tuple[Any, Any]:
    """The rows beside each other for each bag, and which of them it sees: those from its offset up to the next."""
    count, width = F.shape(rows)
    bags = F.shape(offsets)[0] - bool(with_last)
    starts = F.index(offsets, key=(slice(0, bags),))
    after = F.index(offsets, key=(slice(1, None),))
    stops = after if with_last else F.concatenate(after, np.array([count], dtype="int64"))
    places = np.arange(float(count))
    inside = (F.expand_dims(starts, axis=1) <= places) & (F.expand_dims(stops, axis=1) > places)
    wide = F.broadcast_to(rows, shape=(bags, count, width))
    return wide, F.expand_dims(inside, axis=-1) & F.broadcast_to(seen, shape=(bags, count, 1))


def _without_derivative(F: Any, table: Any, row: Any) -> Any:
    """The table, with one row that is a constant."""
    count = F.shape(table)[0]
    fixed = np.arange(count)[:, None] == _row(row, count)
    return F.where(fixed, F.detach(table), table)


def _row(row: Any, count: int) -> int:
    if isinstance(row, bool) or not isinstance(row, int) or not -count <= row < count:
        raise WrongArguments(f"padding_idx {row!r} is not a row of a table of {count}")
    return row % count


# Dropout: the mask comes from a seed, so that a question has one answer.


def dropped(F: Any, x: Any, p: Any, seed: Any, shape: Shape, name: str) -> Any:
    """Elements left out with probability ``p`` and the others scaled; the mask is of a shape that broadcasts."""
    if isinstance(p, bool) or not isinstance(p, (int, float)) or not 0 <= p <= 1:
        raise WrongArguments(f"{name}: p is a probability, not {p!r}")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise WrongArguments(
            f"{name} needs seed= when training, a whole number",
            hint=f"write {name}(x, p, seed=0) to repeat the same mask, or training=False to leave it out",
        )
    kept = np.random.Generator(np.random.PCG64(seed)).random(shape) >= p
    return F.where(kept, x * (1.0 / (1.0 - p) if p < 1 else 0.0), 0.0)


def _dropout(dims: int) -> Any:
    name = f"dropout{dims}d" if dims else "dropout"

    def rule(F: Any, input: Any, p: Any, training: Any, inplace: Any, seed: Any) -> Any:
        if not training:
            return input
        shape = F.shape(input)
        if dims and len(shape) not in (dims + 1, dims + 2):
            raise ShapeMismatch(f"{name} takes a tensor of {dims + 1} or {dims + 2} axes, not shape {shape}")
        return dropped(F, input, p, seed, (*shape[: len(shape) - dims], *(1,) * dims), name)

    return rule


_SHAPES: tuple[Shape, ...] = ((2, 3), (2, 2, 3), (1, 2, 1, 2), (2, 2, 1, 2, 1))

for _dims in range(4):
    Composition(
        f"dropout{f'{_dims}d' if _dims else ''}(input, /, p=0.5, training=True, inplace=False, seed=None)",
        _dropout(_dims),
        keywords={"train": "training"},
        examples=(
            ((_SHAPES[_dims],), {"seed": 1}),
            ((_SHAPES[_dims],), {"p": 0.25, "seed": 7}),
            ((_SHAPES[_dims],), {"training": False}),
        ),
        complex=True,
        doc=f"{'Whole channels' if _dims else 'Elements'} left out at random by a seed (PCG64), the others scaled.",
    )
