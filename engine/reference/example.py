"""A worked example of a function: a question that can be sent as it stands, and the answer to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, cycle
from typing import Any

import numpy as np

from engine.errors import NablaError
from engine.kinds import Elementwise, Example, Function
from engine.point import Input
from engine.problem import Problem
from engine.reference.call import literal, written
from engine.reference.derivative import is_pointwise
from engine.reference.facts import inside, is_fixed, numbers
from engine.shapes import Shape, size

Question = dict[str, Any]
"""The body of a request: the expression, the inputs and, where the value is no scalar, the upstream gradient."""


def example(function: Function) -> dict[str, Any] | None:
    """The first of the row's own examples that comes to finite numbers, with its value and gradients."""
    for call in _calls(function):
        found = _answered(*call)
        if found is not None:
            return found
    return None


def ask(request: Question, problem: Problem | None = None) -> dict[str, Any]:
    """The answer to a question: value and gradients, or the value alone where there is nothing to differentiate."""
    problem = problem or Problem(request["expression"])
    inputs = _inputs(request["inputs"])
    try:
        answer = problem.gradient(inputs, grad_output=request.get("grad_output"))
    except NablaError:
        return {"value": _listed(problem.evaluate(inputs).value), "gradients": None}
    return {
        "value": _listed(answer.value),
        "gradients": {name: _listed(gradient) for name, gradient in answer.gradients.items()},
    }


def _inputs(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: Input(**x) if isinstance(x, dict) else x for name, x in sent.items()}


def _answered(expression: str, inputs: dict[str, Any]) -> dict[str, Any] | None:
    request: Question = {"expression": expression, "inputs": inputs}
    problem = Problem(expression)
    try:
        output = problem.evaluate(_inputs(inputs))
    except NablaError:
        return None
    values = output.value if isinstance(output.value, list) else [output.value]
    if any(map(np.iscomplexobj, values)):
        return None
    following = count(1)
    weights = [_weights(value, following) for value in values]
    if isinstance(output.value, list):
        request["grad_output"] = weights
    elif output.shape and weights[0] is not None:
        request["grad_output"] = weights[0]
    answer = ask(request, problem)
    if answer["gradients"] is None:
        request.pop("grad_output", None)
    return {"request": request, **answer} if _finite(answer) else None


def _weights(value: Any, numbers: Iterator[int]) -> Any:
    """An upstream gradient of the next ``numbers``. Truth values and whole numbers have none."""
    array = np.asarray(value)
    if array.dtype.kind in "bi":
        return None
    return np.array([float(next(numbers)) for _ in range(array.size)]).reshape(array.shape).tolist()


def _finite(answer: Any) -> bool:
    if isinstance(answer, dict):
        return all(map(_finite, answer.values()))
    if isinstance(answer, list):
        return all(map(_finite, answer))
    return answer is None or bool(np.isfinite(answer))


def _listed(value: Any) -> Any:
    if isinstance(value, list):
        return [_listed(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


# Calls

_SHORT = 12
"""So many numbers are few enough to read."""

_CONDITION = {"data": True, "dtype": "bool"}


def _calls(function: Function) -> Iterator[tuple[str, dict[str, Any]]]:
    """Calls to try: expressions and the inputs they need."""
    if function.worked:
        yield function.worked
        return
    if is_pointwise(function) or not function.examples:
        names, values = function.signature.operands, numbers(function)
        call = written(function, names, {})
        if isinstance(function, Elementwise) and None in function.partials:
            chosen = [_CONDITION if is_fixed(function, k) else x for k, x in enumerate(values)]
            yield call, dict(zip(names, chosen, strict=True))
        yield call, dict(zip(names, values, strict=True))
        return
    for given in sorted(function.examples, key=_length):
        yield from called(function, given)


def _length(given: Example) -> int:
    """How many numbers an example takes to write, if they are more than few."""
    return max(_SHORT, sum(np.size(x) if isinstance(x, list) else size(x) for x in given[0] if x is not None))


def called(function: Function, given: Example) -> Iterator[tuple[str, dict[str, Any]]]:
    """A row's example as a call, or the first of its results where they have names; then its absolute value.

    That is for complex values, which no example shows.
    """
    shapes, params = given
    if any(isinstance(s, tuple) and 0 in s for s in shapes):
        return
    names = _names(function, len(shapes))
    values = _values(function, shapes)
    inputs = {name: _sent(x, s) for name, x, s in zip(names, values, shapes, strict=True) if s is not None}
    statics = {name: literal(value) for name, value in params.items() if not name.startswith("_")}
    call = written(function, [name if s is not None else None for name, s in zip(names, shapes, strict=True)], statics)
    whole = f"{call}[0]" if function.results else call
    for expression in (whole, f"abs({whole})"):
        yield expression, inputs


def _names(function: Function, count: int) -> list[str]:
    names = function.signature.operands
    return list("abcdefgh"[:count]) if function.signature.variadic else list(names[:count])


def _values(function: Function, shapes: tuple[Any, ...]) -> list[Any]:
    """Arrays such as the function is meant for; what is data is taken as it is."""
    start = 0
    found: list[Any] = []
    for (low, high), shape in zip(cycle(function.domain), shapes, strict=False):
        if shape is None or isinstance(shape, list):
            found.append(shape if shape is None else np.array(shape))
        else:
            found.append(_scattered(low, high, shape, start))
            start += size(shape)
    return [_rounded(x) for x in function.sample(*found)] if function.sample else found


def _scattered(low: float, high: float, shape: Shape, start: int) -> Any:
    return np.array([inside(low, high, start + k) for k in range(size(shape))]).reshape(shape)


def _rounded(x: Any) -> Any:
    return x if x is None or np.asarray(x).dtype.kind != "f" else np.round(x, 4)


def _sent(x: Any, given: Any) -> Any:
    """An operand as a request has it."""
    if isinstance(given, list):
        return {"data": x.tolist(), "dtype": x.dtype.name}
    return _listed(x)
