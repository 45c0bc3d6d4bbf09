"""Discrete Fourier transforms by the names of numpy.fft and torch.fft: all are the row `dft`.

A transform along several axes is one along each. Of real numbers half of the result says it all (``rfft``), and half
is enough to come back (``irfft``): the other half is its mirror image.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.convolutions import numbers_along
from engine.functions.pooling import reserve
from engine.kinds import Example, composition
from engine.shapes import axis_of

_AXIS = {"dim": "axis", "a": "x", "input": "x"}
_AXES = {"dim": "axes", "a": "x", "input": "x"}
_OTHER = {"backward": "forward", "forward": "backward"}


def _scale(norm: Any, length: int, inverse: bool) -> float:
    """The factor that goes with a direction."""
    if norm not in (None, "backward", "ortho", "forward"):
        raise WrongArguments(f"norm {norm!r} is not known", hint='write "backward", "ortho" or "forward"')
    if norm == "ortho":
        return 1 / math.sqrt(length)
    return 1 / length if inverse == (norm != "forward") else 1.0


def _part(F: Any, x: Any, axis: int, part: slice) -> Any:
    rank = len(F.shape(x))
    return F.index(x, key=(*(slice(None),) * axis, part, *(slice(None),) * (rank - axis - 1)))


def _resized(F: Any, x: Any, axis: int, n: Any) -> Any:
    """Cut off, or followed by zeros, to a length."""
    shape = F.shape(x)
    own = shape[axis]
    (length,) = (own,) if n is None or n == -1 else numbers_along(n, 1, "n")
    if not length:
        raise ShapeMismatch(f"nothing to transform along axis {axis} of shape {shape}")
    if length <= own:
        return x if length == own else _part(F, x, axis, slice(0, length))
    key = tuple(slice(0, own if i == axis else m) for i, m in enumerate(shape))
    return F.put(x, key=key, shape=(*shape[:axis], length, *shape[axis + 1 :]))


def _along(F: Any, x: Any, n: Any, axis: Any, norm: Any, inverse: bool) -> Any:
    at = axis_of(axis, len(F.shape(x)))
    x = _resized(F, x, at, n)
    return F.dft(x, axes=(at,), inverse=inverse, scale=_scale(norm, F.shape(x)[at], inverse))


def _ways(F: Any, x: Any, s: Any, axes: Any) -> list[tuple[Any, int]]:
    """For each axis its length, ``None`` where it stays."""
    rank = len(F.shape(x))
    lengths = None if s is None else s if isinstance(s, tuple) else (s,)
    if axes is None:
        axes = tuple(range(rank)) if lengths is None else tuple(range(-len(lengths), 0))
    listed = [axis_of(axis, rank) for axis in (axes if isinstance(axes, tuple) else (axes,))]
    if lengths is not None and len(lengths) != len(listed):
        raise WrongArguments(f"{len(lengths)} lengths do not go with {len(listed)} axes")
    return list(zip(lengths or (None,) * len(listed), listed, strict=True))


def _over(F: Any, x: Any, ways: Sequence[tuple[Any, int]], norm: Any, inverse: bool) -> Any:
    for n, axis in ways:
        x = _along(F, x, n, axis, norm, inverse)
    return x


def _plane(F: Any, x: Any, axes: Any) -> Any:
    if len(F.shape(x)) < 2:
        raise ShapeMismatch(f"a transform of a plane takes two axes or more, not shape {F.shape(x)}")
    return (-2, -1) if axes is None else axes


_LINE: Sequence[Example] = (
    (((4,),), {}),
    (((3,),), {"norm": "ortho"}),
    (((2, 3),), {"axis": 0, "norm": "forward"}),
    (((2, 4),), {"n": 3}),
    (((3,),), {"n": 5}),
    (((1,),), {}),
)
_PLANE: Sequence[Example] = (
    (((2, 3),), {}),
    (((3, 2, 2),), {"axes": (0, 1), "norm": "ortho"}),
    (((2, 3),), {"s": (3, 2), "norm": "forward"}),
)
_SPACE: Sequence[Example] = (*_PLANE, (((3,),), {}), (((2, 1, 3),), {"axes": (2, 0)}), (((2, 3),), {"s": (2,)}))


@composition("fft(x, /, n=None, axis=-1, norm=None)", complex=True, keywords=_AXIS, examples=_LINE)
def fft(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    """Discrete Fourier transform along an axis, cut off or padded with zeros to a length n."""
    return _along(F, x, n, axis, norm, False)


@composition("ifft(x, /, n=None, axis=-1, norm=None)", complex=True, keywords=_AXIS, examples=_LINE)
def ifft(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    """Inverse discrete Fourier transform along an axis."""
    return _along(F, x, n, axis, norm, True)


@composition("fft2(x, /, s=None, axes=None, norm=None)", complex=True, keywords=_AXES, examples=_PLANE)
def fft2(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Discrete Fourier transform along two axes, the last ones where none are named."""
    return _over(F, x, _ways(F, x, s, _plane(F, x, axes)), norm, False)


@composition("ifft2(x, /, s=None, axes=None, norm=None)", complex=True, keywords=_AXES, examples=_PLANE)
def ifft2(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Inverse discrete Fourier transform along two axes."""
    return _over(F, x, _ways(F, x, s, _plane(F, x, axes)), norm, True)


@composition("fftn(x, /, s=None, axes=None, norm=None)", complex=True, keywords=_AXES, examples=_SPACE)
def fftn(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Discrete Fourier transform along axes, all where none are named."""
    return _over(F, x, _ways(F, x, s, axes), norm, False)


@composition("ifftn(x, /, s=None, axes=None, norm=None)", complex=True, keywords=_AXES, examples=_SPACE)
def ifftn(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Inverse discrete Fourier transform along axes."""
    return _over(F, x, _ways(F, x, s, axes), norm, True)


# Of real numbers, and back to them.


def _half(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    at = axis_of(axis, len(F.shape(x)))
    whole = _along(F, x, n, at, norm, False)
    return _part(F, whole, at, slice(0, F.shape(whole)[at] // 2 + 1))


def _back(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    """The half and its mirror image, transformed; what the half has of imaginary parts that a mirror would not show
    does not count.
    """
    at = axis_of(axis, len(F.shape(x)))
    if n is None or n == -1:
        n = 2 * (F.shape(x)[at] - 1)
    (length,) = numbers_along(n, 1, "n")
    half = _resized(F, x, at, length // 2 + 1)
    mirrored = F.conj(F.flip(_part(F, half, at, slice(1, (length + 1) // 2)), axis=at))
    return F.real(_along(F, F.concatenate(half, mirrored, axis=at), None, at, norm, True))


def _some(ways: Sequence[tuple[Any, int]]) -> Sequence[tuple[Any, int]]:
    if not ways:
        raise ShapeMismatch("the half of a transform is along an axis, and there is none")
    return ways


def _real_over(F: Any, x: Any, ways: Sequence[tuple[Any, int]], norm: Any) -> Any:
    *others, (n, last) = _some(ways)
    return _over(F, _half(F, x, n, last, norm), others, norm, False)


def _back_over(F: Any, x: Any, ways: Sequence[tuple[Any, int]], norm: Any) -> Any:
    *others, (n, last) = _some(ways)
    return _back(F, _over(F, x, others, norm, True), n, last, norm)


_HALVES: Sequence[Example] = (
    (((3,),), {}),
    (((2, 3),), {"axis": 0, "norm": "forward"}),
    (((2, 3),), {"n": 5, "norm": "ortho"}),
    (((4,),), {"n": 4}),
    (((3,),), {"n": 1}),
)


@composition("rfft(x, /, n=None, axis=-1, norm=None)", keywords=_AXIS, examples=_LINE)
def rfft(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    """Discrete Fourier transform of real numbers: the half that says it all."""
    return _half(F, x, n, axis, norm)


@composition("irfft(x, /, n=None, axis=-1, norm=None)", complex=True, keywords=_AXIS, examples=_HALVES)
def irfft(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    """The real numbers whose transform has this half; n of them, or as many as are even."""
    return _back(F, x, n, axis, norm)


@composition("rfft2(x, /, s=None, axes=None, norm=None)", keywords=_AXES, examples=_PLANE)
def rfft2(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Discrete Fourier transform of real numbers along two axes: half of it, along the last."""
    return _real_over(F, x, _ways(F, x, s, _plane(F, x, axes)), norm)


@composition("irfft2(x, /, s=None, axes=None, norm=None)", complex=True, keywords=_AXES, examples=_PLANE)
def irfft2(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """The real numbers whose transform along two axes has this half."""
    return _back_over(F, x, _ways(F, x, s, _plane(F, x, axes)), norm)


@composition("rfftn(x, /, s=None, axes=None, norm=None)", keywords=_AXES, examples=_SPACE)
def rfftn(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Discrete Fourier transform of real numbers along axes: half of it, along the last."""
    return _real_over(F, x, _ways(F, x, s, axes), norm)


@composition("irfftn(x, /, s=None, axes=None, norm=None)", complex=True, keywords=_AXES, examples=_SPACE)
def irfftn(F: Any, x: Any, s: Any, axes: Any, norm: Any) -> Any:
    """The real numbers whose transform along axes has this half."""
    return _back_over(F, x, _ways(F, x, s, axes), norm)


@composition("hfft(x, /, n=None, axis=-1, norm=None)", complex=True, keywords=_AXIS, examples=_HALVES)
def hfft(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    """Discrete Fourier transform of numbers of which this is one half, and the mirror image the other: it is real."""
    return _back(F, F.conj(x), n, axis, _OTHER.get(norm or "backward", norm))


@composition("ihfft(x, /, n=None, axis=-1, norm=None)", keywords=_AXIS, examples=_LINE)
def ihfft(F: Any, x: Any, n: Any, axis: Any, norm: Any) -> Any:
    """Inverse discrete Fourier transform of real numbers: the half that says it all."""
    return F.conj(_half(F, x, n, axis, _OTHER.get(norm or "backward", norm)))


def _rolled(F: Any, x: Any, axes: Any, place: Any) -> Any:
    rank = len(F.shape(x))
    for axis in range(rank) if axes is None else axes if isinstance(axes, tuple) else (axes,):
        at = axis_of(axis, rank)
        first = place(F.shape(x)[at])
        x = F.concatenate(_part(F, x, at, slice(first, None)), _part(F, x, at, slice(0, first)), axis=at)
    return x


_SHIFTS: Sequence[Example] = ((((5,),), {}), (((2, 3),), {}), (((3, 4),), {"axes": 0}), (((),), {}))


@composition("fftshift(x, /, axes=None)", complex=True, keywords=_AXES, examples=_SHIFTS)
def fftshift(F: Any, x: Any, axes: Any) -> Any:
    """The frequency 0 moved to the middle."""
    return _rolled(F, x, axes, lambda n: n - n // 2)


@composition("ifftshift(x, /, axes=None)", complex=True, keywords=_AXES, examples=_SHIFTS)
def ifftshift(F: Any, x: Any, axes: Any) -> Any:
    """The frequency 0 moved back to the front."""
    return _rolled(F, x, axes, lambda n: n // 2)


def _frequencies(F: Any, n: Any, d: Any, first: int, count: int) -> Any:
    if not isinstance(d, (int, float)) or not d:
        raise WrongArguments(f"a distance between samples is a number other than 0, not {d!r}")
    reserve(F, n)
    values = (first + np.arange(n)) / (n * float(d))
    values = np.roll(values, first)[:count]
    return F.broadcast_to(values, shape=values.shape)


_FREQUENCIES: Sequence[Example] = (((), {"n": 5}), ((), {"n": 4, "d": 0.5}), ((), {"n": 1}))


@composition("fftfreq(/, n, d=1.0)", examples=_FREQUENCIES)
def fftfreq(F: Any, n: Any, d: Any) -> Any:
    """The frequencies of fft's elements, of n samples that are d apart."""
    (length,) = numbers_along(n, 1, "n")
    return _frequencies(F, length, d, -(length // 2), length)


@composition("rfftfreq(/, n, d=1.0)", examples=_FREQUENCIES)
def rfftfreq(F: Any, n: Any, d: Any) -> Any:
    """The frequencies of rfft's elements, of n samples that are d apart."""
    (length,) = numbers_along(n, 1, "n")
    return _frequencies(F, length, d, 0, length // 2 + 1)
