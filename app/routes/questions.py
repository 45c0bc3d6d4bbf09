"""The questions: each handler asks the engine one. Its name is the question's, its `asked` what the request says.

`QuestionRoute` parses the expression and prepares the point before it calls a handler, and writes what it returns.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

import engine
from app import tensors
from app.asking import graph_document, seed
from app.faults import invalid
from app.fields import pointer
from app.route import QueryRoute, QuestionRoute
from app.schemas import answers, requests


def _supplied() -> None:
    """Stands for what the route supplies, so that FastAPI does not take it for a part of the request."""


Problem = Annotated[engine.Problem, Depends(_supplied)]
Point = Annotated[engine.Point, Depends(_supplied)]

router = APIRouter(tags=["questions"], route_class=QuestionRoute)


@router.post("/v1/gradient", response_model=answers.GradientAnswer, summary="Value and gradient")
def gradient(problem: Problem, point: Point, asked: requests.GradientRequest) -> Any:
    """The value, and the gradient by each input.

    Where the output is not a scalar, `grad_output` says which combination of its elements is differentiated. An output
    that is a tuple is answered as a list of values, and `grad_output` is a list with an item for each. `order` and
    `partial` ask for a derivative of higher order too.
    """
    return problem.gradient(point, asked.wrt, seed(asked), asked.order, asked.partial)


@router.post("/v1/taylor", response_model=answers.TaylorAnswer, summary="Taylor series")
def taylor(problem: Problem, point: Point, asked: requests.TaylorRequest) -> Any:
    """The value, and the derivatives by one scalar input up to an order, at a polynomial cost."""
    name = asked.input
    if asked.wrt is not None:
        if name is not None and name not in asked.wrt:
            raise invalid("/input", "this input is not in wrt", hint="leave wrt out, or name it there")
        if name is None and len(asked.wrt) == 1:
            (name,) = asked.wrt
    return problem.taylor(point, name, asked.order)


@router.post("/v1/evaluate", response_model=answers.EvaluateAnswer, summary="Value")
def evaluate(problem: Problem, point: Point, asked: requests.EvaluateRequest) -> Any:
    """The value."""
    return problem.evaluate(point)


@router.post("/v1/jacobian", response_model=answers.JacobianAnswer, summary="Jacobian")
def jacobian(problem: Problem, point: Point, asked: requests.JacobianRequest) -> Any:
    """The value, and the derivative of every element of the output by every element of each input."""
    return problem.jacobian(point, asked.wrt, asked.mode, asked.format)


@router.post("/v1/hessian", response_model=answers.HessianAnswer, summary="Second derivatives")
def hessian(problem: Problem, point: Point, asked: requests.HessianRequest) -> Any:
    """The value, the gradients, and the second derivatives by each pair of inputs; the output is a scalar."""
    return problem.hessian(point, asked.wrt, asked.format)


@router.post("/v1/jvp", response_model=answers.JvpAnswer, summary="Derivative along a direction")
def jvp(problem: Problem, point: Point, asked: requests.JvpRequest) -> Any:
    """The value, and the Jacobian times the tangents, without forming it."""
    for name in asked.tangents:
        if asked.wrt is not None and name not in asked.wrt:
            raise invalid(pointer("tangents", name), "this input is not in wrt", hint="leave wrt out, or name it there")
    return problem.jvp(point, tensors.tensors(asked.tangents, "tangents"))


@router.post("/v1/hvp", response_model=answers.HvpAnswer, summary="Hessian times a vector")
def hvp(problem: Problem, point: Point, asked: requests.HvpRequest) -> Any:
    """The value, the gradients, and the Hessian times the vectors, without forming it; the output is a scalar."""
    return problem.hvp(point, tensors.tensors(asked.vectors, "vectors"), asked.wrt)


@router.post("/v1/check", response_model=answers.CheckAnswer | answers.ChecksAnswer, summary="Numerical check")
def check(problem: Problem, point: Point, asked: requests.CheckRequest) -> Any:
    """How well reverse mode, forward mode and finite differences agree, by each input, in decimal digits.

    A kink is recognised and left out of the verdict.
    """
    return problem.check(point, asked.wrt, asked.method, asked.rtol, asked.atol, seed(asked))


@router.post("/v1/graph", response_model=answers.GraphAnswer | answers.GraphsAnswer, summary="Autograd graph")
def graph(problem: Problem, point: Point, asked: requests.GraphRequest) -> Any:
    """The graph of what ran: every node with its value, its gradient, and PyTorch's `grad_fn`, `is_leaf` and
    `requires_grad`."""
    return graph_document(problem.autograd(point, asked.wrt, seed(asked), asked.max_elements))


_QUERY = [
    {
        "name": "expression",
        "in": "query",
        "required": True,
        "schema": {"type": "string"},
        "description": "A program.",
        "example": "x**2",
    },
    {
        "name": "inputs",
        "in": "query",
        "style": "form",
        "explode": True,
        "schema": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]},
        },
        "description": "Every other name is an input, and its value one number: `x=3`.",
        "example": {"x": 3},
    },
    {
        "name": "wrt",
        "in": "query",
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "string"}},
        "description": "The inputs to differentiate with respect to, separated by commas.",
    },
    {
        "name": "order",
        "in": "query",
        "schema": {"type": "integer", "minimum": 0, "maximum": 1000},
        "description": "The order of a further derivative, by the one input in `wrt`.",
    },
    {
        "name": "partial",
        "in": "query",
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "string"}},
        "description": "The inputs that a further derivative is taken by, one after the other: `x,x,y`.",
    },
    {"name": "dtype", "in": "query", "schema": {"enum": ["float64", "float32"], "default": "float64"}},
    {"name": "convention", "in": "query", "schema": {"enum": ["torch", "jax"], "default": "torch"}},
    {"name": "syntax", "in": "query", "schema": {"enum": ["python", "latex"], "default": "python"}},
    {"name": "check", "in": "query", "schema": {"enum": ["off", "fast", "full"], "default": "off"}},
    {"name": "graph", "in": "query", "schema": {"type": "boolean", "default": False}},
    {
        "name": "If-None-Match",
        "in": "header",
        "schema": {"type": "string"},
        "description": "The `ETag` of an answer that the client has, or several.",
    },
]

router.add_api_route(
    "/v1/gradient",
    gradient,
    methods=["GET"],
    response_model=answers.GradientAnswer,
    summary="Value and gradient, by an address",
    description="As by POST, for a browser's address bar, a spreadsheet, or curl: every input is one number.",
    operation_id="gradient_by_address",
    openapi_extra={"parameters": _QUERY},
    route_class_override=QueryRoute,
)
