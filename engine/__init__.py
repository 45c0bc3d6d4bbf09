"""Nabla's engine: derivatives of expressions.

gradient, jacobian, hessian, jvp, hvp, taylor,
evaluate                                          a question about a text, answered
Problem                                           a text to ask more than once
Mapped                                            a problem asked at many points at once: Problem.map
Input, prepare                                    inputs with an element type and requires_grad
tensor, grad, no_grad                             the eager tensor, as PyTorch has it
functions                                         what an expression can call
Limits                                            what a question may cost
Sparse                                            a matrix of derivatives by the elements of its pattern
NablaError                                        the root of every error raised on purpose

>>> import engine
>>> engine.gradient("x**2 + sin(y)", {"x": 3.0, "y": 0.0}).gradients
{'x': 6.0, 'y': 1.0}
"""

from engine.answers import Comparison, Failure, InputReport, Notice, Report, Reports, SomePoints, Sparse
from engine.errors import NablaError
from engine.language.diagnostics import excerpt, locate
from engine.limits import Limits
from engine.maps import Mapped
from engine.point import Input, Point, prepare
from engine.problem import Problem, check, evaluate, gradient, hessian, hvp, jacobian, jvp, taylor
from engine.reference import functions
from engine.tensors import Tensor, grad, no_grad, tensor

__all__ = [
    "Comparison",
    "Failure",
    "Input",
    "InputReport",
    "Limits",
    "Mapped",
    "NablaError",
    "Notice",
    "Point",
    "Problem",
    "Report",
    "Reports",
    "SomePoints",
    "Sparse",
    "Tensor",
    "check",
    "evaluate",
    "excerpt",
    "functions",
    "grad",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "locate",
    "no_grad",
    "prepare",
    "taylor",
    "tensor",
]
