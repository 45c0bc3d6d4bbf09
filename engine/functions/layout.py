"""Shapes by other names: each is a reshape, a transpose or a choice of them."""

from __future__ import annotations

from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.kinds import Example, composition
from engine.shapes import Shape, axes_of, axis_of, broadcast, lengths_of, reshaped, size

_OF = {"input": "x", "a": "x", "dim": "axis"}


@composition(
    "swapaxes(x, /, axis1, axis2)",
    complex=True,
    aliases=("swapdims",),
    keywords={**_OF, "axis0": "axis1", "dim0": "axis1", "dim1": "axis2"},
    examples=((((2, 3),), {"axis1": 0, "axis2": 1}), (((2, 3, 4),), {"axis1": -1, "axis2": 0})),
)
def swapaxes(F: Any, x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged."""
    rank = len(F.shape(x))
    order = list(range(rank))
    i, j = axis_of(axis1, rank), axis_of(axis2, rank)
    order[i], order[j] = j, i
    return F.permute(x, dims=tuple(order))


@composition(
    "transpose(x, /, axes=None, dim1=None, dim2=None, dim3=None, dim4=None, dim5=None)",
    complex=True,
    keywords={**_OF, "dim0": "axes"},
    examples=(
        (((2, 3, 4),), {}),
        (((2, 3, 4),), {"axes": (1, 2, 0)}),
        (((2, 3, 4),), {"axes": 0, "dim1": -1}),
        (((2, 3, 4),), {"axes": 2, "dim1": 0, "dim2": 1}),
        (((3,),), {}),
    ),
)
def transpose(F: Any, x: Any, axes: Any, dim1: Any, dim2: Any, dim3: Any, dim4: Any, dim5: Any) -> Any:
    """Axes in reverse order, or in that of a tuple or of three numbers and more; two numbers name axes to exchange."""
    if dim2 is not None:
        return F.permute(x, dims=tuple(d for d in (axes, dim1, dim2, dim3, dim4, dim5) if d is not None))
    if dim1 is not None:
        return F.swapaxes(x, axis1=axes, axis2=dim1)
    return F.permute(x, dims=tuple(reversed(range(len(F.shape(x))))) if axes is None else axes)


@composition("matrix_transpose(x)", complex=True, keywords=_OF, examples=((((2, 3),), {}), (((2, 1, 3),), {})))
def matrix_transpose(F: Any, x: Any) -> Any:
    """The last two axes exchanged."""
    if len(F.shape(x)) < 2:
        raise ShapeMismatch(f"a matrix has two axes, and the shape is {F.shape(x)}")
    return F.swapaxes(x, axis1=-1, axis2=-2)


@composition("t(x)", complex=True, keywords=_OF, examples=((((2, 3),), {}), (((3,),), {}), (((),), {})))
def t(F: Any, x: Any) -> Any:
    """A matrix transposed; of fewer axes, what it is."""
    rank = len(F.shape(x))
    if rank > 2:
        raise ShapeMismatch(
            f"t takes a matrix, and the shape is {F.shape(x)}",
            hint="matrix_transpose(x) exchanges the last two axes, transpose(x) reverses all",
        )
    return F.swapaxes(x, axis1=0, axis2=1) if rank == 2 else x


@composition(
    "moveaxis(x, /, source, destination)",
    complex=True,
    aliases=("movedim",),
    keywords=_OF,
    examples=(
        (((2, 3, 4),), {"source": 0, "destination": -1}),
        (((2, 3, 4),), {"source": (0, 1), "destination": (2, 0)}),
        (((3,),), {"source": 0, "destination": 0}),
    ),
)
def moveaxis(F: Any, x: Any, source: Any, destination: Any) -> Any:
    """Axes moved to other places; the others keep their order."""
    rank = len(F.shape(x))
    named, wanted = _each(source, rank), _each(destination, rank)
    if len(named) != len(wanted):
        raise WrongArguments(f"{len(named)} axes cannot move to {len(wanted)} places")
    rest = iter(i for i in range(rank) if i not in named)
    went = dict(zip(wanted, named, strict=True))
    return F.permute(x, dims=tuple(went[i] if i in went else next(rest) for i in range(rank)))


def _each(axes: Any, rank: int) -> tuple[int, ...]:
    """One axis or several, in the order given."""
    found = tuple(axis_of(a, rank) for a in (axes if isinstance(axes, tuple) else (axes,)))
    if len(set(found)) != len(found):
        raise WrongArguments(f"an axis is named twice in {axes}")
    return found


@composition(
    "expand(x, /, *size)",
    complex=True,
    advice="nothing is to be multiplied out: expressions are computed as they stand",
    keywords={**_OF, "shape": "size"},
    examples=((((3, 1),), {"size": (-1, 4)}), (((3,),), {"size": (2, -1)}), (((),), {"size": 2})),
)
def expand(F: Any, x: Any, size: Any) -> Any:
    """Repeated along new axes and axes of length 1; -1 keeps a length as it is."""
    asked = lengths_of(size)
    own = (None,) * (len(asked) - len(F.shape(x))) + F.shape(x)
    if len(own) > len(asked) or any(n == -1 and m is None for m, n in zip(own, asked, strict=True)):
        raise ShapeMismatch(f"a tensor of shape {F.shape(x)} does not expand to shape {asked}")
    return F.broadcast_to(x, shape=tuple(m if n == -1 else n for m, n in zip(own, asked, strict=True)))


@composition(
    "expand_as(x, other)",
    complex=True,
    data=("other",),
    keywords=_OF,
    examples=((((3, 1), (3, 2)), {}), (((2,), (3, 2)), {}), (((), (2,)), {})),
)
def expand_as(F: Any, x: Any, other: Any) -> Any:
    """Repeated to the shape of another tensor."""
    return F.broadcast_to(x, shape=F.shape(other))


@composition(
    "reshape_as(x, other)",
    complex=True,
    aliases=("view_as",),
    data=("other",),
    keywords=_OF,
    examples=((((2, 3), (3, 2)), {}), (((4,), (2, 1, 2)), {}), (((), (1,)), {})),
)
def reshape_as(F: Any, x: Any, other: Any) -> Any:
    """The same elements in the shape of another tensor."""
    return F.reshape(x, shape=F.shape(other))


@composition(
    "broadcast_tensors(each *xs)",
    complex=True,
    aliases=("broadcast_arrays",),
    examples=((((3, 1), (2,)), {}), (((), (2,), (2, 1)), {}), (((2, 2), (2, 2)), {})),
)
def broadcast_tensors(F: Any, *xs: Any) -> Any:
    """Each repeated to the shape in which all meet."""
    shape: Shape = ()
    for x in xs:
        shape = broadcast(shape, F.shape(x))
    return tuple(F.broadcast_to(x, shape=shape) for x in xs)


@composition(
    "ravel(x)",
    complex=True,
    keywords=_OF,
    advice="by columns (order='F') it is ravel(x.T)",
    examples=((((2, 3),), {}), (((),), {})),
)
def ravel(F: Any, x: Any) -> Any:
    """All elements in one axis."""
    return F.reshape(x, shape=(size(F.shape(x)),))


@composition(
    "flatten(x, /, start_dim=0, end_dim=-1)",
    complex=True,
    keywords=_OF,
    examples=(
        (((2, 3, 2),), {}),
        (((2, 3, 2),), {"start_dim": 1}),
        (((2, 3, 2, 1),), {"start_dim": 1, "end_dim": -2}),
        (((),), {}),
    ),
)
def flatten(F: Any, x: Any, start_dim: int, end_dim: int) -> Any:
    """The axes from one to another joined into one: all of them, where none is named."""
    shape = F.shape(x)
    if not shape:
        return F.reshape(x, shape=(1,))
    start, end = axis_of(start_dim, len(shape)), axis_of(end_dim, len(shape))
    if start > end:
        raise WrongArguments(f"start_dim={start_dim} comes behind end_dim={end_dim}")
    return F.reshape(x, shape=(*shape[:start], size(shape[start : end + 1]), *shape[end + 1 :]))


@composition(
    "unflatten(x, /, axis, sizes)",
    complex=True,
    keywords=_OF,
    examples=((((6,),), {"axis": 0, "sizes": (2, -1)}), (((2, 4, 3),), {"axis": -2, "sizes": (2, 1, 2)})),
)
def unflatten(F: Any, x: Any, axis: int, sizes: Any) -> Any:
    """An axis taken apart into several, whose lengths multiply to its own; one may be -1."""
    shape = F.shape(x)
    at = axis_of(axis, len(shape))
    return F.reshape(x, shape=(*shape[:at], *reshaped(shape[at : at + 1], sizes), *shape[at + 1 :]))


@composition(
    "expand_dims(x, /, axis)",
    complex=True,
    aliases=("unsqueeze",),
    keywords=_OF,
    examples=((((2, 3),), {"axis": 1}), (((3,),), {"axis": -1}), (((2, 3),), {"axis": (0, -1)}), (((),), {"axis": 0})),
)
def expand_dims(F: Any, x: Any, axis: Any) -> Any:
    """A new axis of length 1, or several."""
    shape = F.shape(x)
    rank = len(shape) + (len(axis) if isinstance(axis, tuple) else 1)
    new = axes_of(axis, rank)
    lengths = iter(shape)
    return F.reshape(x, shape=tuple(1 if i in new else next(lengths) for i in range(rank)))


@composition(
    "squeeze(x, /, axis=None, _strict=True)",
    complex=True,
    keywords=_OF,
    as_torch={"_strict": False},
    examples=(
        (((2, 1, 3, 1),), {}),
        (((2, 1, 3),), {"axis": 1}),
        (((2, 1, 1),), {"axis": (1, -1)}),
        (((2, 1, 3),), {"axis": (0, 1), "_strict": False}),
        (((),), {}),
    ),
)
def squeeze(F: Any, x: Any, axis: Any, _strict: bool) -> Any:
    """Without the axes of length 1, or without those named; PyTorch's spelling leaves longer ones as they are."""
    shape = F.shape(x)
    dropped = [i for i in axes_of(axis, len(shape)) if shape[i] == 1 or (axis is not None and _strict)]
    if any(shape[i] != 1 for i in dropped):
        raise ShapeMismatch(f"only an axis of length 1 can be squeezed, and the shape is {shape}")
    return F.reshape(x, shape=tuple(n for i, n in enumerate(shape) if i not in dropped))


def _at_least(rank: int) -> Any:
    """The shape of so many axes that NumPy gives a shorter one: a vector becomes a row, and so on."""

    def shape(own: Shape) -> Shape:
        if len(own) >= rank:
            return own
        return {0: (1,) * rank, 1: (1, *own, 1)[: 3 if rank == 3 else 2], 2: (*own, 1)}[len(own)]

    return shape


_RANKS: tuple[Example, ...] = ((((),), {}), (((3,),), {}), (((2, 3),), {}), (((2, 1, 3),), {}))


@composition("atleast_1d(x)", complex=True, keywords=_OF, examples=_RANKS)
def atleast_1d(F: Any, x: Any) -> Any:
    """With one axis where there was none."""
    return F.reshape(x, shape=_at_least(1)(F.shape(x)))


@composition("atleast_2d(x)", complex=True, keywords=_OF, examples=_RANKS)
def atleast_2d(F: Any, x: Any) -> Any:
    """With two axes where there were fewer: a vector becomes a row."""
    return F.reshape(x, shape=_at_least(2)(F.shape(x)))


@composition("atleast_3d(x)", complex=True, keywords=_OF, examples=_RANKS)
def atleast_3d(F: Any, x: Any) -> Any:
    """With three axes where there were fewer: a matrix gets one of length 1 behind."""
    return F.reshape(x, shape=_at_least(3)(F.shape(x)))
