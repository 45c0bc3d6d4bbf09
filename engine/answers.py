"""What questions are answered with: values and derivatives, with what to know about them.

A scalar is a Python number, a tensor a NumPy array.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.errors import Span
from engine.shapes import Shape

Tensors = dict[str, Any]
"""For each input a number or an array of the input's shape."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of an answer should know: a code for programs, a sentence for people."""

    code: str
    message: str
    span: Span | None = None


@dataclass(slots=True, kw_only=True)
class Evaluation:
    """A value with its shape and element type; where the output is a tuple, lists of them, with an item for each."""

    value: Any
    shape: Shape | list[Shape]
    dtype: str | list[str]
    notices: list[Notice] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Gradient(Evaluation):
    """The value, and for each input the gradient, of the input's shape."""

    gradients: Tensors


@dataclass(slots=True, kw_only=True)
class HigherGradient(Gradient):
    """The value, the first derivatives, and one by the inputs in ``partial``, of the output's shape."""

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
    """The value, and for each input the Jacobian, of shape output.shape + input.shape."""

    jacobians: Tensors
    mode: str
    evaluations: int


@dataclass(slots=True, kw_only=True)
class Hessian(Gradient):
    """The value, the gradients, and for each pair of inputs a block of shape first.shape + second.shape."""

    hessians: dict[str, Tensors]


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
