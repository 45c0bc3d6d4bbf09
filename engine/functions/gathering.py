"""Elements taken from, and put in, places that are data.

An index is whole numbers, negative ones counted from the end, and is looked at once the values are known.
"""

from __future__ import annotations

from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.counts import real, whole
from engine.functions.creation import counted
from engine.kinds import composition
from engine.shapes import Shape, axis_of, broadcast, size

_OF = {"dim": "axis", "input": "x", "a": "x", "arr": "x", "indices": "index"}


def _line(F: Any, x: Any, axis: Any) -> tuple[Any, int]:
    """A tensor and an axis of it; a number is a vector of one."""
    x = x if F.shape(x) else F.ravel(x)
    return x, axis_of(axis, len(F.shape(x)))


@composition(
    "gather(x, static axis, index)",
    complex=True,
    data=("index",),
    keywords=_OF,
    examples=(
        (((4,), [2, 0, -1]), {"axis": 0}),
        (((3, 2), [[2, 0], [1, 1], [0, 0], [2, 2]]), {"axis": 0}),
        (((2, 3, 2), [[[1, 0]], [[2, 1]]]), {"axis": -2}),
        (((3, 2), [[1], [0]]), {"axis": 1}),
        (((), [0, 0]), {"axis": 0}),
    ),
)
def gather(F: Any, x: Any, index: Any, axis: int) -> Any:
    """The elements at places along an axis: the index has as many axes as x, and is no longer beside that axis."""
    line, along = _line(F, x, axis)
    places = F.places(index if F.shape(index) else F.ravel(index), length=F.shape(line)[along])
    return F.reshape(F.pick(line, places, axis=along), shape=F.shape(index))


@composition(
    "take_along_axis(x, index, /, axis=-1)",
    aliases=("take_along_dim",),
    complex=True,
    data=("index",),
    keywords=_OF,
    as_torch={"axis": None},
    examples=(
        (((4,), [2, 0, -1]), {}),
        (((3, 2), [[2], [0]]), {"axis": 0}),
        (((3, 1), [[0, 2], [1, 1]]), {"axis": 0}),
        (((2, 2), [3, 0]), {"axis": None}),
    ),
)
def take_along_axis(F: Any, x: Any, index: Any, axis: int | None) -> Any:
    """The elements at places along an axis, beside which both broadcast; of all in order if none is named."""
    if axis is None:
        x, index, axis = F.ravel(x), F.ravel(index), 0
    shape, own = F.shape(x), F.shape(index)
    if len(shape) != len(own):
        raise ShapeMismatch(
            f"an index of {len(own)} axes does not fit a tensor of {len(shape)} axes: {own} and {shape}"
        )
    along = axis_of(axis, len(shape))
    beside = broadcast(_but(shape, along, 1), _but(own, along, 1))
    places = F.broadcast_to(F.places(index, length=shape[along]), shape=_but(beside, along, own[along]))
    return F.pick(F.broadcast_to(x, shape=_but(beside, along, shape[along])), places, axis=along)


def _but(shape: Shape, axis: int, length: int) -> Shape:
    """A shape with another length along an axis."""
    return (*shape[:axis], length, *shape[axis + 1 :])


@composition(
    "take(x, index, /, axis=None, mode='raise')",
    complex=True,
    data=("index",),
    keywords=_OF,
    examples=(
        (((2, 3), [0, 4, -1]), {}),
        (((2, 3), [[1, 0], [1, 1]]), {"axis": 0}),
        (((2, 3, 2), [2, 0]), {"axis": 1}),
        (((3,), [4, -4, 1]), {"mode": "wrap"}),
        (((3,), [7, -4, 1]), {"mode": "clip", "axis": 0}),
    ),
)
def take(F: Any, x: Any, index: Any, axis: int | None, mode: str) -> Any:
    """The slices at places along an axis, in the shape of the index; of all elements in order if no axis is named."""
    line, along = (F.ravel(x), 0) if axis is None else _line(F, x, axis)
    shape, own = F.shape(line), F.shape(index)
    if mode not in ("raise", "wrap", "clip"):
        raise WrongArguments(f"mode is 'raise', 'wrap' or 'clip', not {mode!r}")
    index = F.remainder(index, shape[along]) if mode == "wrap" else index
    index = F.clip(index, 0, shape[along] - 1) if mode == "clip" else index
    found = _slices(F, line, F.reshape(index, shape=(size(own),)), along)
    return F.reshape(found, shape=(*shape[:along], *own, *shape[along + 1 :]))


def _spread(F: Any, index: Any, shape: Shape, axis: int) -> Any:
    """The places that a vector names along an axis, for all that is beside it."""
    count = size(F.shape(index))
    places = F.reshape(F.places(index, length=shape[axis]), shape=(count, *(1,) * (len(shape) - axis - 1)))
    return F.broadcast_to(places, shape=_but(shape, axis, count))


def _slices(F: Any, x: Any, index: Any, axis: int) -> Any:
    return F.pick(x, _spread(F, index, F.shape(x), axis), axis=axis)


@composition(
    "index_select(x, static axis, index)",
    complex=True,
    data=("index",),
    keywords=_OF,
    examples=(
        (((4,), [2, 0, -1]), {"axis": 0}),
        (((3, 2), [2, 0, 2, 1]), {"axis": 0}),
        (((2, 3, 2), [1]), {"axis": -2}),
    ),
)
def index_select(F: Any, x: Any, index: Any, axis: int) -> Any:
    """The slices at the places of a vector along an axis."""
    line, along = _line(F, x, axis)
    return _slices(F, line, F.reshape(index, shape=(_vector(F, index),)), along)


def _vector(F: Any, index: Any) -> int:
    if len(F.shape(index)) > 1:
        raise ShapeMismatch(f"the index is a vector, and its shape is {F.shape(index)}", hint="take(x, index, axis=0)")
    return size(F.shape(index))


# Put in places: each gives a new tensor


def _everywhere(F: Any, src: Any, shape: Shape, x: Any) -> Any:
    """What goes into x, repeated to a shape; a number written out is of the type of x."""
    found = F.broadcast_to(src, shape=shape)
    return F.cast(found, dtype=F.dtype(x)) if F.dtype(src) == "weak" and F.dtype(x) != "weak" else found


def _beside(F: Any, src: Any, index: Any, x: Any) -> Any:
    """The part of what is put in that the index speaks of; a number goes everywhere."""
    own, shape = F.shape(src), F.shape(index)
    if not own:
        return _everywhere(F, src, shape, x)
    if len(own) != len(shape) or any(m < n for m, n in zip(own, shape, strict=True)):
        raise ShapeMismatch(f"an index of shape {shape} names more than there is in a tensor of shape {own}")
    return F.index(src, key=tuple(slice(0, n) for n in shape)) if own != shape else src


def _overwritten(F: Any, x: Any, places: Any, src: Any, axis: int) -> Any:
    """x with elements replaced: of several that go to one place by the last."""
    shape = F.shape(x)
    last = F.latest(places, axis=axis, shape=shape)
    hit = F.unpick(F.where(last, 1.0, 0.0), places, axis=axis, shape=shape)
    return F.where(hit > 0.0, F.unpick(F.where(last, src, 0.0), places, axis=axis, shape=shape), x)


def _scattered(F: Any, x: Any, index: Any, src: Any, axis: Any, put: Any) -> Any:
    """What ``put`` makes of a tensor, the places, and what goes there; a number is a vector of one."""
    line, along = _line(F, x, axis)
    index = index if F.shape(index) else F.ravel(index)
    src = _beside(F, src if F.shape(src) or F.shape(x) else F.ravel(src), index, line)
    places = F.places(index, length=F.shape(line)[along])
    return F.reshape(put(F, line, places, src, along), shape=F.shape(x))


def _added(F: Any, x: Any, places: Any, src: Any, axis: int) -> Any:
    return x + F.unpick(src, places, axis=axis, shape=F.shape(x))


_SCATTERS = (
    (((4,), [2, 0, -1], (3,)), {"axis": 0}),
    (((3, 2), [[2, 0], [1, 1]], (3, 3)), {"axis": 0}),
    (((2, 3), [[1, 1, 1], [0, 2, 0]], (2, 3)), {"axis": 1}),
    (((2, 3), [[1, 2]], ()), {"axis": -1}),
    (((), [0], (1,)), {"axis": 0}),
)
_SOURCE = {**_OF, "source": "src", "value": "src"}


@composition(
    "scatter(x, static axis, index, src, /, reduce=None)",
    complex=True,
    data=("index",),
    keywords=_SOURCE,
    convention="of several elements that go to one place the last, and the others have derivative 0",
    examples=(*_SCATTERS, (((3,), [1, 1], (2,)), {"axis": 0, "reduce": "add"})),
)
def scatter(F: Any, x: Any, index: Any, src: Any, axis: int, reduce: str | None) -> Any:
    """x with elements replaced at places along an axis: by those of src, or by one number."""
    if reduce not in (None, "add"):
        raise WrongArguments(f"reduce={reduce!r} is not known", hint="reduce='add', or none")
    return _scattered(F, x, index, src, axis, _overwritten if reduce is None else _added)


@composition(
    "scatter_add(x, static axis, index, src)", complex=True, data=("index",), keywords=_SOURCE, examples=_SCATTERS
)
def scatter_add(F: Any, x: Any, index: Any, src: Any, axis: int) -> Any:
    """x with the elements of src added at places along an axis."""
    return _scattered(F, x, index, src, axis, _added)


def _in_slices(F: Any, x: Any, index: Any, src: Any, axis: Any, put: Any) -> Any:
    """What ``put`` makes of slices along an axis at the places of a vector."""
    line, along = _line(F, x, axis)
    count = _vector(F, index)
    wanted = _but(F.shape(line), along, count)
    if F.shape(src) not in ((), wanted) and not (F.shape(x) == () and size(F.shape(src)) == 1):
        raise ShapeMismatch(f"slices of shape {F.shape(src)} do not fit: {wanted} is needed")
    src = F.reshape(src, shape=wanted) if F.shape(src) else _everywhere(F, src, wanted, line)
    places = _spread(F, F.reshape(index, shape=(count,)), F.shape(line), along)
    return F.reshape(put(F, line, places, src, along), shape=F.shape(x))


_SLICES = (
    (((4,), [2, 0], (2,)), {"axis": 0}),
    (((3, 2), [2, 0, 2], (3, 2)), {"axis": 0}),
    (((2, 3, 1), [-1], (2, 1, 1)), {"axis": 1}),
)


@composition(
    "index_add(x, static axis, index, src, /, alpha=1)",
    complex=True,
    data=("index",),
    keywords=_SOURCE,
    examples=(*_SLICES, (((3, 2), [1, 1], (2, 2)), {"axis": 0, "alpha": -0.5})),
)
def index_add(F: Any, x: Any, index: Any, src: Any, axis: int, alpha: float) -> Any:
    """x with slices added at the places of a vector along an axis, times alpha."""
    return _in_slices(F, x, index, src if alpha == 1 else src * real(alpha, "alpha"), axis, _added)


@composition(
    "index_copy(x, static axis, index, src)",
    complex=True,
    data=("index",),
    keywords=_SOURCE,
    convention="of several slices that go to one place the last, and the others have derivative 0",
    examples=_SLICES,
)
def index_copy(F: Any, x: Any, index: Any, src: Any, axis: int) -> Any:
    """x with slices replaced at the places of a vector along an axis."""
    return _in_slices(F, x, index, src, axis, _overwritten)


@composition(
    "index_fill(x, static axis, index, value)",
    complex=True,
    data=("index",),
    keywords=_OF,
    examples=(
        (((4,), [2, 0], ()), {"axis": 0}),
        (((3, 2), [2, 0, 2], ()), {"axis": 0}),
        (((2, 3), [-1], ()), {"axis": 1}),
    ),
)
def index_fill(F: Any, x: Any, index: Any, value: Any, axis: int) -> Any:
    """x with slices filled with a number at the places of a vector along an axis."""
    if F.shape(value):
        raise ShapeMismatch(
            f"what fills is a number, and its shape is {F.shape(value)}", hint="index_copy(x, 0, i, src)"
        )
    line, along = _line(F, x, axis)
    places = F.places(F.reshape(index, shape=(_vector(F, index),)), length=F.shape(line)[along])
    ones = F.broadcast_to(1.0, shape=F.shape(places))
    hit = F.unpick(ones, places, axis=0, shape=(F.shape(line)[along],)) > 0.0
    mask = F.reshape(hit, shape=(F.shape(line)[along], *(1,) * (len(F.shape(line)) - along - 1)))
    return F.reshape(F.where(mask, value, line), shape=F.shape(x))


@composition(
    "select(x, /, axis, index)",
    advice="NumPy's select([c, d], [a, b], other) is where(c, a, where(d, b, other))",
    complex=True,
    keywords=_OF,
    examples=((((4,),), {"axis": 0, "index": 2}), (((2, 3),), {"axis": 1, "index": -1})),
)
def select(F: Any, x: Any, axis: int, index: int) -> Any:
    """The slice at one place along an axis, without the axis."""
    return F.index(x, key=(*(slice(None),) * axis_of(axis, len(F.shape(x))), index, Ellipsis))


@composition(
    "narrow(x, /, axis, start, length)",
    complex=True,
    keywords=_OF,
    examples=((((4,),), {"axis": 0, "start": 1, "length": 2}), (((2, 3),), {"axis": -1, "start": -2, "length": 2})),
)
def narrow(F: Any, x: Any, axis: int, start: int, length: int) -> Any:
    """So many slices along an axis, from a place on."""
    at = axis_of(axis, len(F.shape(x)))
    count = F.shape(x)[at]
    first = whole(start, "start", None) + (count if start < 0 else 0)
    if first < 0 or first + whole(length, "length") > count:
        raise WrongArguments(f"{length} slices from place {start} on are not in an axis of length {count}")
    return F.index(x, key=(*(slice(None),) * at, slice(first, first + length), Ellipsis))


@composition(
    "one_hot(index, /, num_classes)",
    data=("index",),
    keywords={"input": "index", "tensor": "index"},
    examples=((([2, 0, 1],), {"num_classes": 3}), (([[1], [3]],), {"num_classes": 4}), (([0],), {"num_classes": 1})),
)
def one_hot(F: Any, index: Any, num_classes: int) -> Any:
    """A row for each element: zeros, with a one at the place that it names."""
    places = F.places(index, length=whole(num_classes, "num_classes", 1))
    return F.where(F.expand_dims(places, axis=-1) == counted(F, num_classes), 1.0, 0.0)
