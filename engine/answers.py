"""What questions are answered with: values and derivatives, with what to know about them.

A scalar is a Python number, a tensor a NumPy array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.errors import Span
from engine.shapes import Shape

Tensors = dict[str, Any]
"""For each input a number or an array of the input's shape."""


@dataclass(frozen=True, slots=True)
class SomePoints:
    """Of the points of a map, those that something is true of: how many, and the first few of them."""

    count: int
    first: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of an answer should know: a code for programs, a sentence for people.

    ``points`` are those it is about, of many that were asked at once; ``None`` where it is true of all.
    """

    code: str
    message: str
    span: Span | None = None
    points: SomePoints | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer at one point of a map: what the error says that the same question raises there."""

    point: int
    code: str
    message: str
    hint: str | None = None
    span: Span | None = None


@dataclass(slots=True, kw_only=True)
class Evaluation:
    """A value with its shape and element type; where the output is a tuple, lists of them, with an item for each.

    Answered at many points, every tensor has an axis more, in front, and ``failures`` are the points without an answer.
    """

    value: Any
    shape: Shape | list[Shape]
    dtype: str | list[str]
    notices: list[Notice] = field(default_factory=list)
    failures: Sequence[Failure] = ()


@dataclass(slots=True, kw_only=True)
class Gradient(Evaluation):
    """The value, and for each input the gradient, of the input's shape."""

    gradients: Tensors


@dataclass(frozen=True, slots=True)
class Sparse:
    """A tensor of which only the elements of a pattern are said; the others are zero.

    ``indices`` has a row for each axis and a column for each element, sorted, as ``torch.sparse_coo_tensor`` and
    ``scipy.sparse.coo_array`` take it; ``values`` are the elements, some of which may be zero too.

    >>> Sparse((2, 2), np.array([[0, 1], [1, 0]]), np.array([3.0, 4.0])).dense().tolist()
    [[0.0, 3.0], [4.0, 0.0]]
    """

    shape: Shape
    indices: Any
    values: Any

    def dense(self) -> Any:
        """All elements, as an array."""
        result = np.zeros(self.shape, dtype=self.values.dtype)
        result[tuple(self.indices)] = self.values if self.shape else self.values.sum()
        return result


WAY = ("mode", "evaluations", "nonzeros", "colors")
"""The fields that say how a matrix of derivatives was found, which need not be the same way at all points."""


@dataclass(slots=True, kw_only=True)
class HigherGradient(Gradient):
    """The value, the first derivatives, and that of higher order by the inputs in ``partial``."""

    partial: list[str]
    derivative: Any


@dataclass(slots=True, kw_only=True)
class Taylor(Evaluation):
    """The value, and the derivatives by a scalar input up to an order, each of the output's shape.

    Both lists start with the value; a coefficient is the derivative divided by the factorial of its order.
    """

    input: str
    order: int
    derivatives: list[Any]
    coefficients: list[Any]


@dataclass(slots=True, kw_only=True)
class Jacobian(Evaluation):
    """The value, and for each input the Jacobian, of shape output.shape + input.shape: arrays, or `Sparse`.

    ``evaluations`` are the passes that it took, one for each seed. Where the pattern of its elements was looked for,
    ``nonzeros`` is how many that has, and ``colors`` how many groups of columns or rows were seeded at once.
    """

    jacobians: Tensors
    mode: str
    evaluations: int
    nonzeros: int | None
    colors: int | None


@dataclass(slots=True, kw_only=True)
class Hessian(Gradient):
    """The value, the gradients, and for each pair of inputs a block of shape first.shape + second.shape: arrays, or
    `Sparse`. The rest is as in `Jacobian`.
    """

    hessians: dict[str, Tensors]
    mode: str
    evaluations: int
    nonzeros: int | None
    colors: int | None


@dataclass(slots=True, kw_only=True)
class Pushed(Evaluation):
    """The value, and the derivative of the output along a tangent, of the output's shape.

    Of a tuple it is a list, with ``None`` for an item that has no derivative.
    """

    jvp: Any


@dataclass(slots=True, kw_only=True)
class HessianProduct(Gradient):
    """The value, the gradients, and the Hessian times a vector, of the inputs' shapes."""

    hvp: Tensors


@dataclass(frozen=True, slots=True)
class Comparison:
    """One derivative computed in three ways.

    ``element`` is the input's element it is by, or ``None`` for a random direction; ``error`` is the
    differences' own estimate of how far they may be off.
    """

    element: list[int] | None
    reverse: float
    forward: float
    differences: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class InputReport:
    """How well the derivative by one input agrees, in decimal digits: the worst of all comparisons."""

    passed: bool
    digits_forward: float
    digits_differences: float | None
    comparisons: int
    kinks: int
    worst: Comparison | None


@dataclass(slots=True, kw_only=True)
class Report(Evaluation):
    """The verdict of a numerical check."""

    passed: bool
    method: str
    rtol: float
    atol: float
    inputs: dict[str, InputReport]


@dataclass(slots=True, kw_only=True)
class Reports:
    """The verdicts of a numerical check at many points, ``None`` where one failed; ``passed`` where all did."""

    passed: bool
    points: list[Report | None]
    notices: list[Notice] = field(default_factory=list)
    failures: Sequence[Failure] = ()
