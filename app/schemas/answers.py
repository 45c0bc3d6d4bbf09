"""What is answered. FastAPI documents these; the bytes are written from the engine's own answers."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.schemas.tensor import Dtypes, Items, Shapes, Sparse, Tensor, Truth, TypedTensor, Value

Word = Literal["NaN", "Infinity", "-Infinity"]
Number = float | Word
Mode = Literal["forward", "reverse", "mixed"]


class _Model(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Span(_Model):
    """A part of the expression."""

    start: int
    """Offset of its first character (Unicode code points, from 0)."""
    end: int
    """Offset behind its last character."""
    line: int
    """Line of its first character, from 1."""
    column: int
    """Column of its first character, from 1."""


class SomePoints(_Model):
    """Some of the points of `map`."""

    count: int
    first: list[int]
    """The places of the first of them along the leading axis, from 0."""


class Warned(_Model):
    """Something to know about an answer."""

    code: str
    """For programs: `kink`, `nonfinite`, `integer_promoted`, `unused_input`, `zero_derivative`, `precision`,
    `check_first_order`, `complex_gradient`, …"""
    message: str
    """For people."""
    span: Span | None
    """Where in the expression, if anywhere."""
    points: SomePoints | None = None
    """Of the points of `map`, those that it is about; left out where it is true of all."""


class Failed(_Model):
    """Why there is no answer at a point of `map`. Its numbers are NaN (0 or false where the element type has none)."""

    point: int
    """Its place along the leading axis, from 0."""
    code: str
    """For programs, as problems have it."""
    message: str
    """For people."""
    hint: str | None
    """What to do instead."""
    span: Span | None
    """Where in the expression, if anywhere."""


class Comparison(_Model):
    """One derivative computed in three ways."""

    element: list[int] | None
    """The input's element it is by; null for a random direction."""
    reverse: Number
    forward: Number
    differences: Number | None
    """From finite differences; null where none could be taken."""
    error: Number | None
    """How far the differences may be off, by their own estimate."""


class InputReport(_Model):
    """How well the derivatives by one input agree: the worst of all comparisons."""

    passed: bool
    digits_forward: Number
    """Decimal digits in which reverse and forward mode agree."""
    digits_differences: Number | None
    """Decimal digits in which they agree with differences; null where none could be taken."""
    comparisons: int
    kinks: int
    """Comparisons left out because the point is a kink."""
    worst: Comparison | None


class CheckReport(_Model):
    """The verdict of a numerical check."""

    passed: bool
    method: Literal["fast", "full"]
    rtol: float
    atol: float
    inputs: dict[str, InputReport]


class PointReport(CheckReport):
    """The verdict at one of many points, and the value there."""

    value: Value | Items
    shape: list[int] | Shapes
    dtype: str | Dtypes


class CheckReports(_Model):
    """The verdicts at the points of `map`."""

    passed: bool
    """Whether all points passed."""
    points: list[PointReport | None]
    """By point; null where there is no answer."""
    failures: list[Failed]
    """The points without an answer."""


class GradFn(_Model):
    """The step of the backward pass that belongs to a node."""

    name: str
    """As PyTorch names it: `MulBackward0`."""
    next_functions: list[int]
    """The nodes it passes gradients on to."""


class Node(_Model):
    """A node of the graph, with the attributes that PyTorch gives a tensor."""

    id: int
    op: str
    """The primitive."""
    name: str | None
    """The input's or variable's name."""
    inputs: list[int]
    """The operands: the edges."""
    params: dict[str, Any]
    """What the primitive takes beside its operands."""
    data: Value | Truth
    """The value; where it is truncated, a flat list of its first elements."""
    shape: list[int]
    dtype: str
    truncated: bool
    grad: Value | None
    """The gradient of the output with respect to this node."""
    grad_fn: GradFn | None
    """Null for a leaf."""
    is_leaf: bool
    requires_grad: bool
    span: Span | None
    """Where in the expression the node comes from."""
    call: str | None
    """The function whose expansion the node is part of."""


class Graph(_Model):
    """The autograd graph: nodes in topological order."""

    format: Literal["nabla-graph"]
    version: Literal[1]
    expression: str
    """The program in its canonical text, the same for all its spellings; of a formula in LaTeX, what it was read as."""
    output: int | None
    """The node whose value is the program's; null where that is a tuple."""
    outputs: list[int]
    """The nodes whose values are the program's: `output`, or the items of a tuple."""
    inputs: dict[str, int]
    """The nodes of the inputs, by name."""
    nodes: list[Node]


class GraphAnswer(Graph):
    """The graph, and what to know about it."""

    warnings: list[Warned]
    check: CheckReport | None = None
    """Where `check` was asked for."""


class GraphsAnswer(_Model):
    """The graphs at the points of `map`."""

    graphs: list[Graph | None]
    """By point; null where there is no answer."""
    failures: list[Failed]
    """The points without an answer."""
    warnings: list[Warned]
    check: CheckReports | None = None
    """Where `check` was asked for."""


class EvaluateAnswer(_Model):
    """The value. Where the output is a tuple, and only there, `dtype` is a list, and so are `value` and `shape`, of its
    length."""

    value: Value | Truth | Items
    shape: list[int] | Shapes
    """The value's shape: empty for a scalar."""
    dtype: str | Dtypes
    """The value's element type: a string for a tensor, a list for a tuple."""
    warnings: list[Warned]
    failures: list[Failed] | None = None
    """Where `map` was asked for: the points without an answer. Every tensor then has the axis of points in front."""
    check: CheckReport | CheckReports | None = None
    """Where `check` was asked for; with `map` the report of each point."""
    graph: Graph | None = None
    """Where `graph` was asked for."""
    graphs: list[Graph | None] | None = None
    """Where `graph` was asked for with `map`: by point, null where there is no answer."""


class GradientAnswer(EvaluateAnswer):
    """The value as `/v1/evaluate` gives it, and the gradient by each input."""

    gradients: dict[str, Value]
    """Of the inputs' shapes."""
    partial: list[str] | None = None
    """Where `order` or `partial` was asked for: the inputs that `derivative` is taken by."""
    derivative: Value | None = None
    """The derivative by them, of the output's shape."""


class _OfTensor(_Model):
    """What a question about one tensor is answered with: a tuple is refused."""

    value: Value
    shape: list[int]
    """The value's shape: empty for a scalar."""
    dtype: str
    """The value's element type."""


class TaylorAnswer(_OfTensor, EvaluateAnswer):
    """The value, and the derivatives by a scalar input."""

    input: str
    """The input that they are by."""
    order: int
    """How far the lists go."""
    derivatives: list[Value]
    """The value, the first derivative, the second and so on up to the order, each of the output's shape. With `map`
    each has the axis of points in front: `derivatives[order][point]`."""
    coefficients: list[Value]
    """The derivatives, each divided by the factorial of its order."""


class JacobianAnswer(_OfTensor, EvaluateAnswer):
    """The value, and the Jacobian by each input."""

    jacobians: dict[str, Value | Sparse]
    """Of the output's shape followed by the input's."""
    mode: Mode
    """Which way the seeds went."""
    evaluations: int
    """How many seeds there were."""
    nonzeros: int | None
    """The size of the pattern, where it was looked for: always with the format coo, else of large matrices."""
    colors: int | None
    """In how many groups the columns, or rows, of the pattern were seeded, where it was used."""


class HessianAnswer(_OfTensor, GradientAnswer):
    """The value, the gradients and the second derivatives."""

    hessians: dict[str, dict[str, Tensor | Sparse]]
    """By two inputs: of the first's shape followed by the second's. Symmetric to the last bit."""
    mode: Mode
    """Which way the seeds went, through the graph of the gradient."""
    evaluations: int
    """How many seeds there were."""
    nonzeros: int | None
    """The size of the pattern, where it was looked for: always with the format coo, else of large matrices."""
    colors: int | None
    """In how many groups the columns of the pattern were seeded, where it was used."""


class JvpAnswer(EvaluateAnswer):
    """The value as `/v1/evaluate` gives it, and the derivative along the tangents."""

    jvp: Value | list[Value | None]
    """Of the output's shape. Of a tuple a list with an item for each, null for one that is no floating-point number."""


class HvpAnswer(_OfTensor, GradientAnswer):
    """The value, the gradients, and the Hessian times the vectors."""

    hvp: dict[str, Value]
    """Of the inputs' shapes."""


class CheckAnswer(CheckReport):
    """The verdict of a numerical check, and the value it was made at, as `/v1/evaluate` gives it."""

    value: Value | Items
    shape: list[int] | Shapes
    dtype: str | Dtypes
    warnings: list[Warned]
    graph: Graph | None = None
    """Where `graph` was asked for."""


class ChecksAnswer(CheckReports):
    """The verdicts at the points of `map`."""

    warnings: list[Warned]
    graphs: list[Graph | None] | None = None
    """Where `graph` was asked for: by point, null where there is no answer."""


class Formula(_Model):
    """A derivative as a formula."""

    by: str | None
    """The operand of a partial derivative; null for the differential, in which `dx` belongs to the operand `x`, and
    `y` is the value."""
    text: str | None
    """In the language itself; null where it takes words, or is not implemented."""
    words: str | None
    """In words, or why it is not implemented; null where there is a text."""
    latex: str | None
    """The same as an equation; null where it is not implemented, or made of what the language has not got."""


class Derivative(_Model):
    """How a function is differentiated."""

    rule: str
    """In words."""
    formulas: list[Formula]


class Question(_Model):
    """The body of a request that can be sent as it is, to `/v1/gradient` or, where that has nothing to
    differentiate, to `/v1/evaluate`."""

    expression: str
    inputs: dict[str, Tensor | TypedTensor]
    grad_output: Tensor | list[Tensor | None] | None = None
    """Where the value is no scalar; a list where it is a tuple."""


class WorkedExample(_Model):
    """A question and its answer."""

    request: Question
    value: Value | Truth | Items
    """A list of values where the request's `grad_output` is a list with an item for each."""
    gradients: dict[str, Value] | None
    """Null where there is nothing to differentiate."""


class FunctionEntry(_Model):
    """A function of the language."""

    name: str
    signature: str
    group: str
    """What it belongs to."""
    kind: str
    """What its derivative follows from: elementwise, linear, bilinear, flat, explicit or composition."""
    operator: str | None
    """The operator that means it; behind `u`, a sign in front of its operand."""
    aliases: list[str]
    keywords: dict[str, str]
    """Other names of its arguments, and the names that the signature has for them."""
    doc: str
    shapes: list[str]
    """Of the operands and the result: in words, or by examples."""
    domain: list[str]
    """Where it is defined, a condition for each operand that has one; none means everywhere."""
    complex: bool
    """Whether it takes complex numbers too."""
    derivative: Derivative
    convention: str
    """What is returned where it is not differentiable; empty where it is everywhere."""
    jax: str
    """What is returned there with `"convention": "jax"`; empty where it is the same."""
    accuracy: str
    """Where value or derivatives are not right to the last few bits, and why; empty where they are."""
    example: WorkedExample


class Functions(_Model):
    """The language's functions."""

    functions: list[FunctionEntry]


class Status(_Model):
    """How the service is."""

    status: Literal["ok"]
