"""Implicit functions: roots and minima of functions, differentiated by the implicit function theorem.

Where g(x, c) = 0 determines x, its differential is dx = -J⁻¹ (∂g/∂c) dc with J = ∂g/∂x; of a minimum of h, g is the
gradient of h by x. Neither the iterations nor the starting point matter. (A. Griewank and A. Walther, "Evaluating
Derivatives" (2008), section 15.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import prod
from typing import Any

import numpy as np

from engine.errors import NotConverged, ShapeMismatch, WrongArguments
from engine.graph import Params
from engine.implicit import solution
from engine.implicit.equation import Equation, equated, stacked, stationary, unstacked
from engine.interpret.build import Builder, Ref
from engine.kinds import Explicit, OfValue, explicit
from engine.limits import DEFAULT_LIMITS
from engine.shapes import Shape
from engine.transform.batch import Batch

_Stack = tuple[int, ...]
"""How many equations are solved at once, along leading axes that all operands have."""


def _pull(F: Any, ct: Any, y: Any, x0: Any, *known: Any, _stack: _Stack, **function: Equation) -> list[Any]:
    (equation,) = function.values()

    @cache
    def found() -> list[Any]:
        return _sent_back(F, ct, y, known, equation, _stack)

    return [None, *(lambda k=k: found()[k] for k in range(len(known)))]


def _sent_back(F: Any, ct: Any, y: Any, known: Sequence[Any], equation: Equation, stack: _Stack) -> list[Any]:
    """The cotangents of what is known: what g sends back of -J⁻ᵀ ct."""
    if stack:
        batch = Batch(F, stack[0])
        ct, y, *points = unstacked(batch, [ct, y, *known])
        found = _sent_back(batch, ct, y, points, equation, stack[1:])
        return [None if ct is None else stacked(batch, ct, F.shape(x)[1:]) for ct, x in zip(found, known, strict=True)]
    values = equation.values(F, [y, *known])
    seed = -equation.solved(F, values, ct, transposed=True)
    return equation.back(F, values, seed, by_known=True)[1 : len(known) + 1]


def _push(F: Any, ts: Sequence[Any], y: Any, x0: Any, *known: Any, _stack: _Stack, **function: Equation) -> Any:
    (equation,) = function.values()
    return _moved(F, ts[1:], y, known, equation, _stack)


def _moved(F: Any, ts: Sequence[Any], y: Any, known: Sequence[Any], equation: Equation, stack: _Stack) -> Any:
    """The tangent of the solution: -J⁻¹ times that of g where the unknown stays."""
    if stack:
        batch = Batch(F, stack[0])
        point, *points = unstacked(batch, [y, *known])
        t = _moved(batch, [*unstacked(batch, ts)], point, points, equation, stack[1:])
        return None if t is None else stacked(batch, t, F.shape(y)[1:])
    values = equation.values(F, [y, *known])
    moved = equation.along_known(F, values, ts)
    return None if moved is None else -equation.solved(F, values, F.spread(moved, y))


def _values(x0: Any, *known: Any, _stack: _Stack = (), **function: Equation) -> Any:
    """The solution. One of a stack that is not found is nan, so that it does not spoil the others."""
    (equation,) = function.values()
    if not _stack:
        return solution.found(equation, x0, known)
    points = zip(*[np.asarray(x) for x in (x0, *known)], strict=True)
    return np.array([_or_nan(point, _stack[1:], function) for point in points], dtype=x0.dtype).reshape(np.shape(x0))


def _or_nan(point: Sequence[Any], stack: _Stack, function: Params) -> Any:
    try:
        return _values(*point, _stack=stack, **function)
    except NotConverged:
        return np.full(np.shape(point[0]), np.nan)


def _prepare(*shapes: Shape, _stack: _Stack | None, **function: Any) -> Params:
    """Raises `WrongArguments` where the function is none that a program has: an `Equation` is made of that."""
    if not all(isinstance(equation, Equation) for equation in function.values()):
        raise WrongArguments("the first argument is a function, as in lambda x: x**2 - 2")
    return {"_stack": _stack or ()}


def _shape(*shapes: Shape, _stack: _Stack, **function: Equation) -> Shape:
    (equation,) = function.values()
    for shape, leaf in zip(shapes, equation.leaves, strict=True):
        if shape != (*_stack, *leaf.shape):
            raise ShapeMismatch(f"an equation in shape {leaf.shape} does not take shape {shape}")
    return shapes[0]


def _is_singular(y: Any, x0: Any, *known: Any, _stack: _Stack, **function: Equation) -> bool:
    (equation,) = function.values()
    return not _stack and solution.is_singular(equation, y, known)


def _flops(*shapes: Shape, _stack: _Stack, **function: Equation) -> float:
    (equation,) = function.values()
    return equation.flops * prod(_stack)


def _spared(*shapes: Shape, _stack: _Stack, **function: Equation) -> float:
    (equation,) = function.values()
    return equation.spared * prod(_stack)


def _pattern(F: Any, x0: Any, *known: Any, _stack: _Stack, **function: Equation) -> Any:
    """Of unknowns that do not depend on each other each depends on what its own equation does; else on everything."""
    (equation,) = function.values()
    if _stack or not equation.separate or any(node.primitive.fixed for node in equation.graph.nodes):
        return F.whole(known, F.shape(x0))
    return equation.of(equation.values(F, [F.none(F.shape(x0)), *known]))


def _batch(name: str, F: Any, n: int, *xs: Any, _stack: _Stack, **function: Equation) -> Any:
    return getattr(F, name)(*xs, _stack=(n, *_stack), **function)


def _implicit(signature: str, **facts: Any) -> Explicit:
    name = signature.partition("(")[0]
    return explicit(
        signature,
        pull=_pull,
        push=_push,
        numpy=_values,
        shape=_shape,
        prepare=_prepare,
        batch=lambda F, n, *xs, **params: _batch(name, F, n, *xs, **params),
        dtype=lambda unknown: unknown,
        flops=_flops,
        spared=_spared,
        pattern=_pattern,
        kink=OfValue(_is_singular),
        numeric=False,
        complex=False,
        **facts,
    )


# Examples, for the tests: the functions over the graph builder


def _example(text: str, rule: Callable[..., Any], *shapes: Shape, of: Callable[..., Equation] = equated) -> Equation:
    builder = Builder()
    leaves = [builder.leaf(str(k), shape, "float64") for k, shape in enumerate(shapes)]
    made = builder.node_of(rule(builder, *[Ref(builder, leaf) for leaf in leaves]))
    graph = builder.graph(made, {str(leaf.name): leaf.id for leaf in leaves})
    return of(graph, text, "the lambda", DEFAULT_LIMITS)


_CUBIC = _example("lambda x: x**3 + x - a", lambda F, x, a: x**3 + x - a, (), ())
_CUBICS = _example("lambda x: x**3 + x - a", lambda F, x, a: x**3 + x - a, (3,), (3,))
_SYSTEM = _example("lambda x: x**3 + 5*x + A @ x - b", lambda F, x, A, b: x**3 + 5 * x + A @ x - b, (2,), (2, 2), (2,))
_QUARTIC = _example(
    "lambda x: x**4/4 + x**2/2 - a*x", lambda F, x, a: x**4 / 4 + x**2 / 2 - a * x, (), (), of=stationary
)
_VALLEY = _example(
    "lambda x: sum(x**4)/4 + 2.5*x @ x + x @ A @ x/2 - b @ x",
    lambda F, x, A, b: F.sum(x**4) / 4 + 2.5 * (x @ x) + x @ A @ x / 2 - b @ x,
    (2,), (2, 2), (2,), of=stationary,
)  # fmt: skip

_EXACT = "to a few ulp times the condition of the equation, and for derivatives its powers"
_SINGULAR = "infinite, nan or made of rounding where ∂g/∂x is singular, as at a double root"

root = _implicit(
    "root(static g, x0, /, _stack=None)",
    function=("g", equated),
    examples=(
        (((), ()), {"g": _CUBIC}),
        (((3,), (3,)), {"g": _CUBICS}),
        (((2,), (2, 2), (2,)), {"g": _SYSTEM}),
    ),
    worked=("root(lambda x: x**3 + x - a, 1.0)", {"a": 2.0}),
    shapes="x0 of any shape, which g(x) and the result have too",
    convention=_SINGULAR,
    accuracy=_EXACT,
    derivative=(
        "the implicit function theorem: what g uses moves its root",
        r"\mathrm{d}y = -\left(\frac{\partial g}{\partial x}\right)^{-1} \mathrm{d}g",
    ),
    advice="for root(x, n) write x**(1/n)",
    doc="""Where the function g is zero, near x0: a root of one equation, or of as many as there are unknowns. Its
    derivatives are those by what g uses; by x0 it is zero.""",
)

minimizer = _implicit(
    "minimizer(static h, x0, /, _stack=None)",
    function=("h", stationary),
    examples=((((), ()), {"h": _QUARTIC}), (((2,), (2, 2), (2,)), {"h": _VALLEY})),
    worked=("minimizer(lambda x: x**4/4 + x**2/2 - a*x, 0.0)", {"a": 2.0}),
    shapes="x0 of any shape, which the result has too; h(x) is a scalar",
    convention="infinite, nan or made of rounding where the second derivatives of h are singular",
    accuracy=_EXACT,
    derivative=(
        "the implicit function theorem: the gradient of h stays zero",
        r"\mathrm{d}y = -\left(\frac{\partial^2 h}{\partial x^2}\right)^{-1} \mathrm{d}\frac{\partial h}{\partial x}",
    ),
    advice="h(x) is one number",
    doc="""Where the function h is smallest, near x0; also written ``argmin(h, x0)``. Its derivatives are those by what
    h uses; by x0 it is zero.""",
)
