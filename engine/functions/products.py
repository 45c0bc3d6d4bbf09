"""Products of vectors, matrices and tensors: kron, cross, tensordot, chains of matrices, addmm and its like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import ShapeMismatch, WrongArguments
from engine.functions.algebra import letters
from engine.kinds import Example, composition
from engine.shapes import Shape, axes_of, axis_of, broadcast

# Tensors


@composition(
    "kron(a, b)",
    derivative="kron(da, b) + kron(a, db)",
    complex=True,
    keywords={"input": "a", "other": "b"},
    examples=(
        (((2, 2), (3, 2)), {}),
        (((3,), (2,)), {}),
        (((2,), (2, 3)), {}),
        (((2, 1, 2), (3,)), {}),
        (((), (2, 2)), {}),
    ),
)
def kron(F: Any, a: Any, b: Any) -> Any:
    """Kronecker's product: every element of a times all of b, block by block."""
    rank = max(len(F.shape(a)), len(F.shape(b)))
    blocks, block = ((1,) * (rank - len(F.shape(x))) + F.shape(x) for x in (a, b))
    outer = F.reshape(a, shape=_interleaved(blocks, (1,) * rank)) * F.reshape(b, shape=_interleaved((1,) * rank, block))
    return F.reshape(outer, shape=tuple(m * n for m, n in zip(blocks, block, strict=True)))


def _interleaved(first: Shape, second: Shape) -> Shape:
    return tuple(n for pair in zip(first, second, strict=True) for n in pair)


@composition(
    "tensordot(a, b, /, axes=2)",
    complex=True,
    keywords={"dims": "axes"},
    examples=(
        (((2, 3, 2), (3, 2, 4)), {}),
        (((2, 3), (3, 4)), {"axes": 1}),
        (((2,), (3,)), {"axes": 0}),
        (((2, 3, 4), (4, 3)), {"axes": ((1, 2), (1, 0))}),
        (((2, 3), (2, 4)), {"axes": (0, 0)}),
    ),
)
def tensordot(F: Any, a: Any, b: Any, axes: Any) -> Any:
    """Sum of products over the last axes of a and the first of b, as many as ``axes``; or over two lists of axes."""
    rank_a, rank_b = len(F.shape(a)), len(F.shape(b))
    left, right = _pairs(axes, rank_a, rank_b)
    own = letters(rank_a + rank_b)
    names = list(own[rank_a : rank_a + rank_b])
    for i, j in zip(left, right, strict=True):
        names[j] = own[i]
    kept = [c for i, c in enumerate(own[:rank_a]) if i not in left] + [c for j, c in enumerate(names) if j not in right]
    return F.contract(a, b, subscripts=f"{own[:rank_a]},{''.join(names)}->{''.join(kept)}")


def _pairs(axes: Any, rank_a: int, rank_b: int) -> tuple[list[int], list[int]]:
    """The axes of either operand that are summed over, in order."""
    if isinstance(axes, int) and not isinstance(axes, bool):
        if not 0 <= axes <= min(rank_a, rank_b):
            raise ShapeMismatch(f"{axes} axes cannot be summed over, of tensors of {rank_a} and {rank_b} axes")
        return list(range(rank_a - axes, rank_a)), list(range(axes))
    if not isinstance(axes, tuple) or len(axes) != 2:
        raise WrongArguments(f"axes is a number or a pair of lists, not {axes!r}")
    left, right = (list(part) if isinstance(part, tuple) else [part] for part in axes)
    if len(left) != len(right):
        raise WrongArguments(f"as many axes of one operand as of the other are summed over, not {axes}")
    axes_of(tuple(left), rank_a), axes_of(tuple(right), rank_b)
    return [axis_of(i, rank_a) for i in left], [axis_of(j, rank_b) for j in right]


# Vectors


@composition(
    "cross(a, b, /, axis=None, axisa=-1, axisb=-1, axisc=-1)",
    derivative="cross(da, b) + cross(a, db)",
    complex=True,
    keywords={"dim": "axis", "input": "a", "other": "b"},
    convention="along the last axis where none is named; torch.cross itself takes the first of length 3",
    examples=(
        (((3,), (3,)), {}),
        (((2, 3), (3,)), {}),
        (((3, 2), (3, 2)), {"axis": 0}),
        (((2,), (2,)), {}),
        (((2, 2), (2, 3)), {}),
        (((3, 2), (2, 3)), {"axisa": 0, "axisc": 0}),
    ),
)
def cross(F: Any, a: Any, b: Any, axis: Any, axisa: int, axisb: int, axisc: int) -> Any:
    """Vector product along an axis of length 3; of vectors of length 2, which have no third part, the third part."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = _components(F, a, axisa), _components(F, b, axisb)
    if len(a) == len(b) == 2:
        return a[0] * b[1] - a[1] * b[0]
    x, y, z = (_minor(a, b, i, j) for i, j in ((1, 2), (2, 0), (0, 1)))
    parts = [F.broadcast_to(part, shape=broadcast(F.shape(x), F.shape(z))) for part in (x, y, z)]
    return F.stack(*parts, axis=axis_of(axisc, len(F.shape(parts[0])) + 1))


def _components(F: Any, v: Any, axis: int) -> list[Any]:
    shape = F.shape(v)
    along = axis_of(axis, len(shape))
    if shape[along] not in (2, 3):
        raise ShapeMismatch(f"cross takes vectors of length 3 (or 2), and axis {axis} of shape {shape} is another")
    return [F.index(v, key=(*(slice(None),) * along, k)) for k in range(shape[along])]


def _minor(a: list[Any], b: list[Any], i: int, j: int) -> Any:
    """a_i b_j - a_j b_i, in which what a vector lacks is zero: one of them has all three parts."""
    if len(a) == 2 and 2 in (i, j):
        return -a[j] * b[i] if i == 2 else a[i] * b[j]
    if len(b) == 2 and 2 in (i, j):
        return a[i] * b[j] if i == 2 else -a[j] * b[i]
    return a[i] * b[j] - a[j] * b[i]


@composition(
    "vecdot(a, b, /, axis=-1)",
    complex=True,
    keywords={"dim": "axis", "x": "a", "y": "b", "x1": "a", "x2": "b"},
    examples=((((3,), (3,)), {}), (((2, 3), (3,)), {}), (((2, 3), (2, 3)), {"axis": 0})),
)
def vecdot(F: Any, a: Any, b: Any, axis: int) -> Any:
    """Sum of products along an axis, vector by vector; of complex vectors the first is conjugated."""
    return F.sum((F.conj(a) if F.any_complex((a,)) else a) * b, axis=axis)


@composition("matvec(a, b)", complex=True, examples=((((2, 3), (3,)), {}), (((2, 2, 3), (2, 3)), {})))
def matvec(F: Any, a: Any, b: Any) -> Any:
    """Matrices times vectors, one each: a stack of vectors is not taken for a matrix."""
    product = a @ F.expand_dims(b, axis=-1)
    return F.squeeze(product, axis=-1)


@composition("vecmat(a, b)", complex=True, examples=((((2,), (2, 3)), {}), (((2, 2), (2, 2, 3)), {})))
def vecmat(F: Any, a: Any, b: Any) -> Any:
    """Vectors times matrices, one each; complex vectors are conjugated."""
    row = F.expand_dims(F.conj(a) if F.any_complex((a,)) else a, axis=-2)
    return F.squeeze(row @ b, axis=-2)


# Chains


_LONGEST = 100
"""Of chains of matrices: what is compared to order them is the cube of their number."""


@composition(
    "multi_dot(*arrays)",
    complex=True,
    aliases=("chain_matmul",),
    examples=((((2, 3), (3, 4), (4, 2)), {}), (((3,), (3, 2), (2, 2), (2,)), {}), (((2, 3), (3,)), {})),
)
def multi_dot(F: Any, *arrays: Any) -> Any:
    """Product of up to 100 matrices, multiplied in the order that takes least; the first and last may be vectors."""
    shapes = [F.shape(x) for x in arrays]
    if len(shapes) > _LONGEST:
        raise WrongArguments(f"multi_dot orders up to {_LONGEST} matrices, not {len(shapes)}", hint="multiply by @")
    if any(len(s) != 2 for s in shapes[1:-1]) or any(len(s) not in (1, 2) for s in (shapes[0], shapes[-1])):
        raise ShapeMismatch(
            f"multi_dot takes matrices (and vectors at the ends), not shapes {', '.join(map(str, shapes))}"
        )
    lengths = [1 if len(shapes[0]) == 1 else shapes[0][0], *(s[-1] for s in shapes[:-1])]
    lengths.append(1 if len(shapes[-1]) == 1 else shapes[-1][-1])
    cuts = _cuts(lengths)

    def product(i: int, j: int) -> Any:
        return arrays[i] if i == j else product(i, cuts[i, j]) @ product(cuts[i, j] + 1, j)

    return product(0, len(arrays) - 1)


def _cuts(lengths: list[int]) -> dict[tuple[int, int], int]:
    """Behind which matrix to divide the chain from i to j, where matrix k is of shape ``lengths[k : k + 2]``.

    Cormen, Leiserson, Rivest and Stein, "Introduction to Algorithms", section 14.2.
    """
    count = len(lengths) - 1
    cost: dict[tuple[int, int], int] = {(i, i): 0 for i in range(count)}
    cuts: dict[tuple[int, int], int] = {}
    for span in range(1, count):
        for i in range(count - span):
            j = i + span
            options = {
                k: cost[i, k] + cost[k + 1, j] + lengths[i] * lengths[k + 1] * lengths[j + 1] for k in range(i, j)
            }
            cuts[i, j] = min(options, key=options.__getitem__)
            cost[i, j] = options[cuts[i, j]]
    return cuts


# A tensor and a product, each times a number


def _with_product(F: Any, input: Any, product: Any, beta: Any, alpha: Any) -> Any:
    """beta * input + alpha * product, of the product's shape; with beta 0 the input is not looked at, as in PyTorch."""
    scaled = product if alpha == 1 else alpha * product
    if broadcast(F.shape(input), F.shape(product)) != F.shape(product):
        raise ShapeMismatch(
            f"a tensor of shape {F.shape(input)} does not broadcast to the product's {F.shape(product)}"
        )
    if beta == 0:
        return scaled
    return (input if beta == 1 else F.multiply(beta, input)) + scaled


def _ranks(F: Any, name: str, *wanted: tuple[Any, int]) -> None:
    for x, rank in wanted:
        if len(F.shape(x)) != rank:
            words = {1: "a vector", 2: "a matrix", 3: "a stack of matrices"}
            raise ShapeMismatch(f"{name} takes {words[rank]} here, not shape {F.shape(x)}")


_SCALES = {"beta": 0.5, "alpha": -2}
_MM: Sequence[Example] = (
    (((2, 4), (2, 3), (3, 4)), {}),
    (((4,), (2, 3), (3, 4)), _SCALES),
    (((), (2, 2), (2, 2)), {"beta": 0}),
)


@composition("addmm(input, mat1, mat2, /, beta=1, alpha=1)", complex=True, examples=_MM)
def addmm(F: Any, input: Any, mat1: Any, mat2: Any, beta: Any, alpha: Any) -> Any:
    """beta * input + alpha * (mat1 @ mat2)."""
    _ranks(F, "addmm", (mat1, 2), (mat2, 2))
    return _with_product(F, input, mat1 @ mat2, beta, alpha)


@composition(
    "addmv(input, mat, vec, /, beta=1, alpha=1)",
    complex=True,
    examples=((((2,), (2, 3), (3,)), {}), (((), (2, 3), (3,)), _SCALES)),
)
def addmv(F: Any, input: Any, mat: Any, vec: Any, beta: Any, alpha: Any) -> Any:
    """beta * input + alpha * (mat @ vec)."""
    _ranks(F, "addmv", (mat, 2), (vec, 1))
    return _with_product(F, input, mat @ vec, beta, alpha)


@composition(
    "addr(input, vec1, vec2, /, beta=1, alpha=1)",
    complex=True,
    examples=((((2, 3), (2,), (3,)), {}), (((3,), (2,), (3,)), _SCALES)),
)
def addr(F: Any, input: Any, vec1: Any, vec2: Any, beta: Any, alpha: Any) -> Any:
    """beta * input + alpha * outer(vec1, vec2)."""
    _ranks(F, "addr", (vec1, 1), (vec2, 1))
    return _with_product(F, input, F.outer(vec1, vec2), beta, alpha)


_BMM: Sequence[Example] = ((((2, 2, 4), (2, 2, 3), (2, 3, 4)), {}), (((4,), (2, 2, 3), (2, 3, 4)), _SCALES))


@composition("baddbmm(input, batch1, batch2, /, beta=1, alpha=1)", complex=True, examples=_BMM)
def baddbmm(F: Any, input: Any, batch1: Any, batch2: Any, beta: Any, alpha: Any) -> Any:
    """beta * input + alpha * (batch1 @ batch2), matrix by matrix."""
    _ranks(F, "baddbmm", (batch1, 3), (batch2, 3))
    return _with_product(F, input, batch1 @ batch2, beta, alpha)


@composition(
    "addbmm(input, batch1, batch2, /, beta=1, alpha=1)",
    complex=True,
    examples=((((2, 4), (2, 2, 3), (2, 3, 4)), {}), (((), (2, 2, 3), (2, 3, 4)), _SCALES)),
)
def addbmm(F: Any, input: Any, batch1: Any, batch2: Any, beta: Any, alpha: Any) -> Any:
    """beta * input + alpha * the sum of all batch1 @ batch2."""
    _ranks(F, "addbmm", (batch1, 3), (batch2, 3))
    return _with_product(F, input, F.sum(batch1 @ batch2, axis=0), beta, alpha)
