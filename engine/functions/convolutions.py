"""Convolutions of layers, along one, two and three axes, and their transposes, as PyTorch has them.

All are the row `convolution`, which has a batch, channels and any number of axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import Composition, Example
from engine.primitives.convolution import transposed_kernels
from engine.shapes import Shape

Ints = tuple[int, ...]


def numbers_along(value: Any, dims: int, name: str, least: int = 1) -> Ints:
    """A whole number for each of so many axes; one alone is for all of them.

    >>> numbers_along(3, 2, "stride"), numbers_along((1, 2), 2, "stride")
    ((3, 3), (1, 2))
    """
    listed = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if any(isinstance(n, bool) or not isinstance(n, int) or n < least for n in listed):
        raise WrongArguments(f"{name} is made of whole numbers from {least} on, not {value!r}")
    if len(listed) not in (1, dims):
        raise WrongArguments(f"{name} is a number, or one for each of {dims} axes, not {value!r}")
    return listed * dims if len(listed) == 1 else listed


def batched(F: Any, x: Any, dims: int, name: str) -> tuple[Any, bool]:
    """The operand with a batch in front, and whether that had to be added."""
    shape = F.shape(x)
    if len(shape) not in (dims + 1, dims + 2):
        raise ShapeMismatch(
            f"{name} takes a tensor of {dims + 1} or {dims + 2} axes, (batch,) channels and {dims} more, "
            f"not shape {shape}"
        )
    alone = len(shape) == dims + 1
    return (F.reshape(x, shape=(1, *shape)) if alone else x), alone


def unbatched(F: Any, x: Any, alone: bool) -> Any:
    """Without the batch that `batched` added."""
    return F.reshape(x, shape=F.shape(x)[1:]) if alone else x


def _padding(padding: Any, sizes: Ints, stride: Ints, dilation: Ints) -> tuple[Ints, Ints]:
    """What goes before and behind each axis; "same" gives as many windows as there are elements."""
    if padding == "valid":
        padding = 0
    if isinstance(padding, str) and padding != "same":
        raise WrongArguments(f"padding {padding!r} is not known", hint='write "same", "valid", or whole numbers')
    if padding != "same":
        both = numbers_along(padding, len(sizes), "padding", 0)
        return both, both
    if set(stride) - {1}:
        raise WrongArguments('padding="same" needs stride=1')
    totals = tuple(step * (size - 1) for step, size in zip(dilation, sizes, strict=True))
    return tuple(n // 2 for n in totals), tuple(n - n // 2 for n in totals)


def _check(name: str, x: Shape, w: Shape, channels: int, results: int, groups: int) -> None:
    """The shapes of an operand and of kernels that fit; ``channels`` and ``results`` are what the kernels say."""
    if len(w) != len(x):
        raise ShapeMismatch(f"{name} takes kernels of {len(x)} axes, not shape {w}")
    if x[1] != channels or results % groups or channels % groups:
        raise ShapeMismatch(f"{x[1]} channels do not fit kernels of shape {w} in {groups} group{'s' * (groups > 1)}")
    if 0 in (*x[1:], *w):
        raise ShapeMismatch(f"nothing to convolve: shapes {x} and {w}", hint="only the batch can be empty")


def _with_bias(F: Any, y: Any, bias: Any) -> Any:
    if bias is None:
        return y
    shape = F.shape(y)
    if F.shape(bias) != shape[1:2]:
        raise ShapeMismatch(f"a bias for {shape[1]} channels has shape ({shape[1]},), not {F.shape(bias)}")
    return y + F.reshape(bias, shape=(shape[1], *(1,) * (len(shape) - 2)))


def _conv(dims: int) -> Any:
    name = f"conv{dims}d"

    def rule(F: Any, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any) -> Any:
        x, alone = batched(F, input, dims, name)
        own, kernels = F.shape(x), F.shape(weight)
        (groups,) = numbers_along(groups, 1, "groups")
        _check(name, own, kernels, prod(kernels[1:2]) * groups, prod(kernels[:1]), groups)
        stride, dilation = numbers_along(stride, dims, "stride"), numbers_along(dilation, dims, "dilation")
        low, high = _padding(padding, kernels[2:], stride, dilation)
        for length, lo, hi, size, step in zip(own[2:], low, high, kernels[2:], dilation, strict=True):
            if length + lo + hi < (size - 1) * step + 1:
                raise ShapeMismatch(f"kernels of shape {kernels} are longer than the padded tensor, of shape {own}")
        y = F.convolution(
            x, weight, stride=stride, low=low, high=high, dilation=dilation, inflation=(1,) * dims, groups=groups
        )
        return unbatched(F, _with_bias(F, y, bias), alone)

    return rule


def _conv_transpose(dims: int) -> Any:
    name = f"conv_transpose{dims}d"

    def rule(
        F: Any, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, output_padding: Any, groups: Any,
        dilation: Any,
    ) -> Any:  # fmt: skip
        x, alone = batched(F, input, dims, name)
        own, kernels = F.shape(x), F.shape(weight)
        (groups,) = numbers_along(groups, 1, "groups")
        _check(name, own, kernels, prod(kernels[:1]), prod(kernels[:1]), groups)
        stride, dilation = numbers_along(stride, dims, "stride"), numbers_along(dilation, dims, "dilation")
        padding = numbers_along(padding, dims, "padding", 0)
        extra = numbers_along(output_padding, dims, "output_padding", 0)
        if any(n >= max(step, dil) for n, step, dil in zip(extra, stride, dilation, strict=True)):
            raise WrongArguments(f"output_padding {extra} is not smaller than the stride {stride} or the dilation")
        spans = [(size - 1) * step for size, step in zip(kernels[2:], dilation, strict=True)]
        low = tuple(span - pad for span, pad in zip(spans, padding, strict=True))
        high = tuple(lo + more for lo, more in zip(low, extra, strict=True))
        lengths = zip(own[2:], stride, low, high, strict=True)
        if any((n - 1) * step + 1 + lo + hi < span + 1 for (n, step, lo, hi), span in zip(lengths, spans, strict=True)):
            raise ShapeMismatch(f"padding {padding} leaves nothing of the result")
        y = F.convolution(
            x, transposed_kernels(F, weight, groups), stride=(1,) * dims, low=low, high=high, dilation=dilation,
            inflation=stride, groups=groups,
        )  # fmt: skip
        return unbatched(F, _with_bias(F, y, bias), alone)

    return rule


_CONV: dict[int, Sequence[Example]] = {
    1: (
        (((2, 2, 4), (3, 2, 2), (3,)), {}),
        (((2, 5), (4, 1, 2)), {"stride": 2, "padding": 1, "groups": 2}),
        (((1, 1, 4), (1, 1, 3), (1,)), {"padding": "same"}),
    ),
    2: (
        (((1, 2, 3, 2), (2, 2, 2, 2), (2,)), {}),
        (((1, 3, 4), (2, 1, 2, 2)), {"stride": (1, 2), "padding": (0, 1), "dilation": (2, 1)}),
    ),
    3: ((((1, 1, 2, 2, 3), (1, 1, 2, 1, 2), (1,)), {"padding": (0, 1, 0)}),),
}
_CONV_TRANSPOSE: dict[int, Sequence[Example]] = {
    1: (
        (((2, 3, 3), (3, 2, 2), (2,)), {}),
        (((2, 3), (2, 1, 3)), {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}),
    ),
    2: (
        (((1, 2, 2, 2), (2, 1, 2, 2), (1,)), {"stride": 2}),
        (((1, 2, 3), (1, 2, 2, 1)), {"dilation": (2, 1), "padding": (1, 0)}),
    ),
    3: ((((1, 1, 2, 1, 2), (1, 1, 1, 2, 2), (1,)), {"stride": (1, 1, 2)}),),
}
_KERNELS = ("a line", "a plane", "space")

for _dims, _where in enumerate(_KERNELS, 1):
    Composition(
        f"conv{_dims}d(input, weight, bias=None, static stride=1, /, padding=0, dilation=1, groups=1)",
        _conv(_dims),
        complex=True,
        examples=_CONV[_dims],
        doc=f"Kernels moved over {_where}, products summed, as PyTorch's layer has it (a cross-correlation).",
    )
    Composition(
        f"conv_transpose{_dims}d(input, weight, bias=None, static stride=1, /, padding=0, output_padding=0, groups=1, "
        "dilation=1)",
        _conv_transpose(_dims),
        complex=True,
        examples=_CONV_TRANSPOSE[_dims],
        doc=f"The transpose of conv{_dims}d: each element spreads a kernel over {_where}.",
    )
