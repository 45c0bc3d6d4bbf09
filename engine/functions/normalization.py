"""Normalization of layers: a mean taken away, divided by a standard deviation, over axes that differ by the name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.convolutions import numbers_along
from engine.functions.counts import real
from engine.functions.pooling import reserve
from engine.kinds import Example, composition
from engine.shapes import Shape, size


def _normalized(F: Any, x: Any, axes: tuple[int, ...], eps: float) -> Any:
    """The mean is taken away twice: of what is left of the first time it is exact, however large it was."""
    near = x - F.detach(F.mean(x, axis=axes, keepdims=True))
    centred = near - F.mean(near, axis=axes, keepdims=True)
    return centred / F.sqrt(F.mean(F.square(centred), axis=axes, keepdims=True) + eps)


def _channels(F: Any, v: Any, x: Any) -> Any:
    """A number for each channel, as it broadcasts against the tensor: channels are axis 1."""
    rank, own = len(F.shape(x)), F.shape(v)
    if own != F.shape(x)[1:2]:
        raise ShapeMismatch(f"{own} is not the shape of a number for each of {F.shape(x)[1]} channels")
    return F.reshape(v, shape=(*own, *(1,) * (rank - 2)))


def _by_channel(F: Any, y: Any, weight: Any, bias: Any) -> Any:
    y = y if weight is None else y * _channels(F, weight, y)
    return y if bias is None else y + _channels(F, bias, y)


def _with_channels(F: Any, x: Any, name: str, least: int = 2) -> Shape:
    shape: Shape = F.shape(x)
    if len(shape) < least:
        raise ShapeMismatch(f"{name} takes a batch of channels, at least {least} axes, not shape {shape}")
    return shape


def _by_running(F: Any, x: Any, mean: Any, var: Any, eps: float, name: str) -> Any:
    if mean is None or var is None:
        raise WrongArguments(f"{name} needs running_mean and running_var where it does not take its own")
    return (x - _channels(F, mean, x)) / F.sqrt(_channels(F, var, x) + eps)


def _positive(*xs: Any) -> Any:
    """For the tests: a variance that is one."""
    return tuple(np.abs(x) + 0.5 if k == 2 and x is not None else x for k, x in enumerate(xs))


@composition(
    "batch_norm(input, running_mean=None, running_var=None, weight=None, bias=None, /, training=False, momentum=0.1, "
    "eps=1e-05)",
    sample=_positive,
    examples=(
        (((3, 2), (2,), (2,), (2,), (2,)), {}),
        (((1, 2, 2), (2,), (2,)), {"eps": 0.5}),
        (((3, 2), None, None, (2,), (2,)), {"training": True}),
        (((2, 1, 2), None, None, None, (1,)), {"training": True}),
    ),
)
def batch_norm(
    F: Any, input: Any, running_mean: Any, running_var: Any, weight: Any, bias: Any, training: Any, momentum: Any,
    eps: float,
) -> Any:  # fmt: skip
    """Each channel normalized over the batch where training, else by the running figures, which stay as they are."""
    shape = _with_channels(F, input, "batch_norm")
    if training:
        y = _normalized(F, input, (0, *range(2, len(shape))), eps)
    else:
        y = _by_running(F, input, running_mean, running_var, eps, "batch_norm")
    return _by_channel(F, y, weight, bias)


@composition(
    "instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, /, use_input_stats=True, "
    "momentum=0.1, eps=1e-05)",
    sample=_positive,
    examples=(
        (((2, 2, 3), None, None, (2,), (2,)), {}),
        (((1, 2, 2, 2),), {"eps": 0.1}),
        (((1, 2, 2), (2,), (2,)), {"use_input_stats": False}),
    ),
)
def instance_norm(
    F: Any, input: Any, running_mean: Any, running_var: Any, weight: Any, bias: Any, use_input_stats: Any,
    momentum: Any, eps: float,
) -> Any:  # fmt: skip
    """Each channel of each of the batch normalized on its own."""
    shape = _with_channels(F, input, "instance_norm", 3)
    if use_input_stats:
        y = _normalized(F, input, tuple(range(2, len(shape))), eps)
    else:
        y = _by_running(F, input, running_mean, running_var, eps, "instance_norm")
    return _by_channel(F, y, weight, bias)


def _last_axes(F: Any, x: Any, normalized_shape: Any) -> tuple[int, ...]:
    shape = F.shape(x)
    asked = normalized_shape if isinstance(normalized_shape, tuple) else (normalized_shape,)
    if not asked or shape[-len(asked) :] != asked:
        raise ShapeMismatch(f"normalized_shape {asked} is not how shape {shape} ends")
    return tuple(range(len(shape) - len(asked), len(shape)))


def _shaped(F: Any, v: Any, axes: tuple[int, ...], x: Any, name: str) -> Any:
    asked = tuple(F.shape(x)[axis] for axis in axes)
    if F.shape(v) != asked:
        raise ShapeMismatch(f"{name} has the shape that is normalized, {asked}, not {F.shape(v)}")
    return v


_LAST: Sequence[Example] = (
    (((2, 3), (3,), (3,)), {"normalized_shape": (3,)}),
    (((2, 2, 3), (2, 3)), {"normalized_shape": (2, 3), "eps": 0.1}),
    (((4,),), {"normalized_shape": 4}),
    (((2, 3), None, (3,)), {"normalized_shape": 3}),
)


@composition("layer_norm(input, static normalized_shape, weight=None, bias=None, /, eps=1e-05)", examples=_LAST)
def layer_norm(F: Any, input: Any, weight: Any, bias: Any, normalized_shape: Any, eps: float) -> Any:
    """Normalized over the last axes."""
    axes = _last_axes(F, input, normalized_shape)
    y = _normalized(F, input, axes, eps)
    y = y if weight is None else y * _shaped(F, weight, axes, input, "weight")
    return y if bias is None else y + _shaped(F, bias, axes, input, "bias")


@composition(
    "rms_norm(input, static normalized_shape, weight=None, /, eps=None)",
    examples=tuple((shapes[:2], params) for shapes, params in _LAST),
)
def rms_norm(F: Any, input: Any, weight: Any, normalized_shape: Any, eps: float | None) -> Any:
    """Divided by the root of the mean square over the last axes; eps is that of the element type if not given."""
    axes = _last_axes(F, input, normalized_shape)
    if eps is None:
        eps = float(np.finfo("float32" if F.dtype(input) == "float32" else "float64").eps)
    y = input / F.sqrt(F.mean(F.square(input), axis=axes, keepdims=True) + eps)
    return y if weight is None else y * _shaped(F, weight, axes, input, "weight")


@composition(
    "group_norm(input, static num_groups, weight=None, bias=None, /, eps=1e-05)",
    examples=(
        (((2, 4, 2), (4,), (4,)), {"num_groups": 2}),
        (((1, 2, 2, 2),), {"num_groups": 1, "eps": 0.1}),
        (((2, 4), (4,)), {"num_groups": 2}),
    ),
)
def group_norm(F: Any, input: Any, weight: Any, bias: Any, num_groups: Any, eps: float) -> Any:
    """Channels in groups, each normalized on its own."""
    shape = _with_channels(F, input, "group_norm")
    (groups,) = numbers_along(num_groups, 1, "num_groups")
    if shape[1] % groups:
        raise ShapeMismatch(f"{shape[1]} channels are not {groups} groups of equal length")
    count = size(shape[1:]) // groups
    grouped = F.reshape(input, shape=(shape[0], groups, count))
    y = F.reshape(_normalized(F, grouped, (2,), eps), shape=shape)
    return _by_channel(F, y, weight, bias)


@composition(
    "local_response_norm(input, /, size, alpha=0.0001, beta=0.75, k=1.0)",
    examples=((((1, 4, 2),), {"size": 3, "alpha": 0.5}), (((2, 3, 1, 2),), {"size": 2, "alpha": 0.5, "k": 2.0})),
)
def local_response_norm(F: Any, input: Any, size: Any, alpha: float, beta: float, k: float) -> Any:
    """Each element divided by a power of the mean square of the channels near it."""
    shape = _with_channels(F, input, "local_response_norm", 3)
    (width,) = numbers_along(size, 1, "size")
    if 0 in shape:  # an empty tensor has windows of any size, but they take time
        reserve(F, width)
    near = F.windows(
        F.square(input), axis=1, size=width, stride=1, dilation=1, low=width // 2, count=shape[1]
    )  # places outside count as zeros
    return input / F.power(F.sum(near, axis=2) * (real(alpha, "alpha") / width) + k, beta)
