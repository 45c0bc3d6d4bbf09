"""What is asked: one model for each question, all of one shape. Unknown fields are refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.tensor import Dtype, Inputs, Upstream, Vectors

Format = Literal["dense", "coo"]
Verified = Literal["off", "fast", "full"]
Tolerance = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Order = Annotated[int, Field(ge=0, le=1000)]
"""The engine has a limit of its own; this is for what is not worth a parse."""


class Program(BaseModel):
    """An expression with the values of its inputs."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    expression: str
    """A program: one expression, or statements of which the last is the output; that may be a tuple, as in `a, b`."""
    inputs: Inputs = Field(default_factory=dict)
    """The values, by name."""
    wrt: list[str] | None = None
    """The inputs to differentiate with respect to; where it is left out, all that require a gradient."""
    map: list[str] | None = None
    """Inputs that hold many points along their leading axis: the question is asked at each, and every tensor of the
    answer gains that axis. The other inputs are shared by all points. Tangents and vectors by these inputs hold the
    points too, or have the shape of one point and are then the same at all; `grad_output` has the shape of one output,
    or that with the points in front. Where it could be either, it is that of one output, which all points share."""
    dtype: Dtype = "float64"
    """The element type of inputs that do not state one."""
    convention: Literal["torch", "jax"] = "torch"
    """Whose derivative is given where there is a choice: at kinks, and by complex inputs (JAX's is the conjugate)."""
    syntax: Literal["python", "latex"] = "python"
    """What the expression is written in: Python's spelling, or LaTeX."""


class EvaluateRequest(Program):
    """Asks for the value."""

    check: Verified = "off"
    """Whether to compare the first derivatives with finite differences, and say how well they agree."""
    graph: bool = False
    """Whether to return the autograd graph with the answer."""


class GradientRequest(EvaluateRequest):
    """Asks for the gradient by each input."""

    grad_output: Upstream | None = None
    """The upstream gradient, of the output's shape: what PyTorch's `backward(gradient=…)` takes. Needed where the
    output is not a scalar. Of a tuple a list with an item for each, of its shape, or null for one that does not
    matter."""
    order: Order | None = None
    """The order of a further derivative, by the one scalar input in `wrt`; it comes beside the gradient."""
    partial: list[str] | None = None
    """The scalar inputs that a further derivative is taken by, one after the other: `["x", "x", "y"]`."""


class TaylorRequest(EvaluateRequest):
    """Asks for the derivatives by one scalar input up to an order."""

    input: str | None = None
    """The scalar input; it may be left out where there is just one."""
    order: Order
    """How far the series goes."""


class JacobianRequest(EvaluateRequest):
    """Asks for the Jacobian by each input."""

    mode: Literal["auto", "forward", "reverse"] = "auto"
    """Seeds by the elements of the inputs (forward) or of the output (reverse); auto takes the fewer."""
    format: Format = "dense"
    """All elements (dense), or those of the pattern alone, which is found from the graph (coo)."""


class HessianRequest(EvaluateRequest):
    """Asks for the second derivatives of a scalar output."""

    format: Format = "dense"
    """All elements (dense), or those of the pattern alone, which is found from the graph (coo)."""


class JvpRequest(EvaluateRequest):
    """Asks for the derivative along a direction."""

    tangents: Vectors
    """The direction: for each input that moves, a tensor of its shape."""


class HvpRequest(EvaluateRequest):
    """Asks for the Hessian of a scalar output times a vector."""

    vectors: Vectors
    """The vector: for each input that takes part, a tensor of its shape."""


class CheckRequest(Program):
    """Asks how well reverse mode, forward mode and finite differences agree."""

    grad_output: Upstream | None = None
    """The upstream gradient, of the output's shape (of a tuple a list of them, or null); a random one where it is left
    out and the output is no scalar."""
    method: Literal["fast", "full"] = "fast"
    """Random directions (fast), or element by element (full)."""
    rtol: Tolerance | None = None
    """The relative difference that passes; by default what the element type can give."""
    atol: Tolerance | None = None
    """The absolute difference that passes; by default what the element type can give."""
    graph: bool = False
    """Whether to return the autograd graph with the answer."""


class GraphRequest(Program):
    """Asks for the autograd graph."""

    grad_output: Upstream | None = None
    """The upstream gradient, of the output's shape (of a tuple a list of them, or null). Without it every `grad` is
    null where the output is no scalar, as before PyTorch's `backward`."""
    max_elements: Annotated[int, Field(ge=0, le=1_000_000)] = 1000
    """Of any tensor, at most this many elements are shown."""
    check: Verified = "off"
    """Whether to compare the derivatives with finite differences, and say how well they agree."""
