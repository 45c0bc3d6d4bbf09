"""What is true of a function, from sources that share nothing with the engine's rules.

A function's value at many digits comes from its `sympy` spelling, from a definition below, or from the row's own
function of arrays, run over mpmath's numbers (sums, products and shapes are defined by NumPy itself). Its derivatives
come from SymPy where there is a spelling, and from differences of the value at so many digits that they are exact.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import Any

import mpmath
import numpy as np
import sympy

from engine.kinds import Primitive
from tests.engine.table.samples import TABLE, is_pointwise

Exact = Callable[..., Any]

DIGITS = 50
STEP = mpmath.mpf(10) ** -25
DIFFERENCE_DIGITS = 130
"""Central differences with `STEP` have an error of 1e-50, and lose at most 75 digits at order 3."""


def exactly(x: Any) -> Any:
    """An array of floats as an array of mpmath's numbers."""
    return np.array([mpmath.mpf(float(v)) for v in np.ravel(x)] or [], dtype=object).reshape(np.shape(x))


def each(function: Callable[..., Any], count: int = 1) -> Exact:
    """A function of numbers, applied to each element of arrays of them, whatever their shapes."""
    ufunc = np.frompyfunc(function, count, 1)
    return lambda *xs: np.asarray(ufunc(*xs), dtype=object)


# Definitions: the textbook's, with no thought of overflow or of speed. Names that NumPy has need none.

_exp, _log, _sqrt = each(mpmath.exp), each(mpmath.log), each(mpmath.sqrt)


def _softmax(x: Any, axis: Any = -1) -> Any:
    return _exp(x) / np.sum(_exp(x), axis=axis, keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return _log(np.sum(_exp(x), axis=axis, keepdims=keepdims))


def _var(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Any:
    mean = np.mean(x, axis=axis, keepdims=True)
    count = x.size // mean.size if isinstance(mean, np.ndarray) else x.size
    return np.sum((x - mean) ** 2, axis=axis, keepdims=keepdims) / (count - ddof)


def _norm(x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Any:
    if ord == 2:
        return _sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))
    return (np.sum if ord == 1 else np.max)(np.abs(x), axis=axis, keepdims=keepdims)


def _mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    squares = np.square(input - target)
    return {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](squares)


def _clip(x: Any, low: Any, high: Any) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _sum_to(x: Any, shape: Any) -> Any:
    """Element by element: each goes where it would have come from."""
    result = np.zeros(shape, dtype=object)
    for place in np.ndindex(x.shape):
        target = place[len(place) - len(shape) :]
        result[tuple(0 if n == 1 else i for i, n in zip(target, shape, strict=True))] += x[place]
    return result


def _places(key: Any) -> Any:
    return tuple(list(item) if isinstance(item, tuple) else item for item in key)


def _index(x: Any, key: Any) -> Any:
    return np.empty((0,), dtype=object) if key == ((),) else np.asarray(x[_places(key)], dtype=object)


def _put(v: Any, key: Any, shape: Any) -> Any:
    """The numbers of all places, indexed, say where each element goes."""
    targets = np.arange(int(np.prod(shape))).reshape(shape)[_places(key)]
    result = np.zeros(int(np.prod(shape)), dtype=object)
    for target, element in zip(np.ravel(targets), np.ravel(v), strict=True):
        result[target] += element
    return result.reshape(shape)


def _matrices(function: Callable[[mpmath.matrix], Any]) -> Exact:
    """A function of one matrix, for each of a stack."""

    def apply(x: Any) -> Any:
        stack = [np.array(_of(function(mpmath.matrix(m.tolist()))), dtype=object) for m in x.reshape(-1, *x.shape[-2:])]
        return np.array(stack, dtype=object).reshape((*x.shape[:-2], *stack[0].shape))

    return apply


def _of(value: Any) -> Any:
    return value.tolist() if isinstance(value, mpmath.matrix) else value


def _solve(a: Any, b: Any) -> Any:
    columns = b[:, None] if b.ndim == 1 else b
    x = np.matmul(_matrices(mpmath.inverse)(a), columns)
    return x[..., 0] if b.ndim == 1 else x


def _cofactor_along(x: Any, v: Any) -> Any:
    """tr(X⁻¹V) cof(X) - X⁻ᵀVᵀ cof(X), which is right where there is an inverse."""
    inverse, cofactor = _matrices(mpmath.inverse)(x), DEFINITIONS["cofactor"](x)
    transposed = np.swapaxes(inverse, -1, -2)
    trace = np.sum(transposed * v, axis=(-2, -1), keepdims=True)
    return trace * cofactor - np.matmul(np.matmul(transposed, np.swapaxes(v, -1, -2)), cofactor)


def _over(fold: Callable[[list[Any]], Any]) -> Exact:
    """A reduction: ``fold`` of the elements, in order, that the axes run over."""

    def apply(x: Any, axis: Any = None, keepdims: bool = False, _first: bool = False) -> Any:
        axes = range(x.ndim) if axis is None else [a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))]
        gone = [n if i in axes else 1 for i, n in enumerate(x.shape)]
        result = np.empty([1 if i in axes else n for i, n in enumerate(x.shape)], dtype=object)
        for place in np.ndindex(result.shape):
            result[place] = fold(
                [x[tuple(p + s for p, s in zip(place, step, strict=True))] for step in np.ndindex(*gone)]
            )
        return result if keepdims else result.reshape([n for i, n in enumerate(x.shape) if i not in axes])

    return apply


def _product(elements: list[Any]) -> Any:
    return functools.reduce(lambda a, b: a * b, elements, mpmath.mpf(1))


def _cumsum(x: Any, axis: int | None = None) -> Any:
    x, axis = (np.ravel(x), 0) if axis is None else (x, axis)
    result = x.copy()
    for k in range(1, x.shape[axis]):
        at = [slice(None)] * x.ndim
        at[axis] = k
        before = [slice(None)] * x.ndim
        before[axis] = k - 1
        result[tuple(at)] = result[tuple(before)] + x[tuple(at)]
    return result


DEFINITIONS: dict[str, Exact] = {
    "sum": _over(lambda elements: sum(elements, mpmath.mpf(0))),
    "mean": _over(lambda elements: sum(elements, mpmath.mpf(0)) / len(elements) if elements else mpmath.nan),
    "prod": _over(_product),
    "max": _over(lambda elements: max(elements, default=None)),
    "min": _over(lambda elements: min(elements, default=None)),
    "argmax": _over(lambda elements: elements.index(max(elements))),
    "argmin": _over(lambda elements: elements.index(min(elements))),
    "cumsum": _cumsum,
    "softmax": _softmax,
    "log_softmax": lambda x, axis=-1: _log(_softmax(x, axis)),
    "logsumexp": _logsumexp,
    "var": _var,
    "std": lambda x, **params: _sqrt(_var(x, **params)),
    "norm": _norm,
    "mse_loss": _mse_loss,
    "clip": _clip,
    "einsum": lambda *xs, subscripts: np.asarray(np.einsum(subscripts, *xs), dtype=object),
    "permute": lambda x, dims: np.transpose(x, dims),
    "transpose": lambda x, axes=None, dim1=None: np.transpose(x, axes) if dim1 is None else np.swapaxes(x, axes, dim1),
    "expand": lambda x, size: np.broadcast_to(x, [n if m == -1 else m for n, m in zip(x.shape, size, strict=True)]),
    "sum_to": _sum_to,
    "index": _index,
    "put": _put,
    "cast": lambda x, dtype: x,
    "contract": lambda a, b, subscripts: np.asarray(np.einsum(subscripts, a, b), dtype=object),
    "det": _matrices(mpmath.det),
    "inv": _matrices(mpmath.inverse),
    "cofactor": _matrices(lambda m: mpmath.det(m) * mpmath.inverse(m).T),
    "cofactor_along": _cofactor_along,
    "solve": _solve,
    "vdot": lambda a, b: np.sum(np.ravel(a) * np.ravel(b)),
    "isnan": each(mpmath.isnan),
    "isfinite": each(mpmath.isfinite),
    "logical_and": each(lambda a, b: a != 0 and b != 0, 2),
    "logical_or": each(lambda a, b: a != 0 or b != 0, 2),
    "logical_not": each(lambda a: a == 0),
    "round": each(mpmath.nint),
    "trunc": each(lambda x: mpmath.sign(x) * mpmath.floor(abs(x))),
    "detach": lambda x: x,
}


def definition(function: Any) -> Exact | None:
    """The function over arrays of mpmath's numbers, or ``None`` where nothing says what it is."""
    if function.name in DEFINITIONS:
        return DEFINITIONS[function.name]
    if function.sympy is not None or is_pointwise(function):
        return each(numeric(function.name, ()), len(function.signature.operands))
    if isinstance(function, Primitive):
        return lambda *xs, **params: np.asarray(
            function.numpy(*xs, **function.bind([x.shape for x in xs], params)), dtype=object
        )
    named = getattr(np, function.name, None)
    return named and (lambda *xs, **params: np.asarray(named(*xs, **params), dtype=object))


# SymPy


def symbols(function: Any) -> list[sympy.Symbol]:
    return [sympy.Symbol(name, real=True) for name in function.signature.operands]


@cache
def spelled(name: str) -> Any:
    """The function as SymPy writes it; raises `AttributeError` where SymPy has no such function."""
    function = TABLE[name]
    spelling = function.sympy or name
    xs = symbols(function)
    expression = spelling(sympy, *xs) if callable(spelling) else getattr(sympy, spelling)(*xs)
    return expression.rewrite(sympy.Piecewise) if expression.has(sympy.Max, sympy.Min) else expression


def differentiated(expression: Any, by: Any) -> Any:
    """SymPy's derivative, with steps and signs held constant as they are but for the points where they jump."""
    steps: dict[Any, Any] = {}
    held = expression.replace(
        lambda e: isinstance(e, (sympy.floor, sympy.ceiling, sympy.sign)),
        lambda e: steps.setdefault(e, sympy.Dummy(real=True)),
    )
    return held.diff(by).subs({dummy: step for step, dummy in steps.items()})


@cache
def numeric(name: str, by: tuple[int, ...]) -> Callable[..., Any]:
    """The derivative by the operands at the places ``by`` (none: the value itself), over mpmath's numbers."""
    xs = symbols(TABLE[name])
    expression = spelled(name)
    for k in by:
        expression = differentiated(expression, xs[k])
    return sympy.lambdify(xs, expression, modules="mpmath")


def derivative(name: str, by: tuple[int, ...], x: Sequence[float]) -> Any:
    """A derivative at a point, at as many digits as it takes for two evaluations to agree.

    A zero is believed at 4050 digits, where not even the second derivative of log(exp(1000) + 1) is lost.
    """
    function = numeric(name, by)
    digits = DIGITS
    previous = _at(function, x, digits)
    while digits < 81 * DIGITS:
        digits *= 3
        found = _at(function, x, digits)
        if found and abs(found - previous) <= abs(found) * mpmath.mpf(10) ** -30:
            return found
        previous = found
    assert previous == 0, f"{name} by {by} at {x} does not settle"
    return previous


def _at(function: Callable[..., Any], x: Sequence[float], digits: int) -> Any:
    with mpmath.workdps(digits):
        return mpmath.mpf(function(*[mpmath.mpf(float(v)) for v in x]))


# Differences


def directional(function: Exact, xs: Sequence[Any], along: Sequence[Sequence[Any]], weights: Any) -> Any:
    """The derivative of ⟨weights, function(xs)⟩ along each of the directions in turn, by central differences."""
    with mpmath.workdps(DIFFERENCE_DIGITS):
        exact = [None if x is None else exactly(x) for x in xs]
        moves = [[None if v is None else exactly(v) * STEP for v in direction] for direction in along]
        w = exactly(weights)
        total = mpmath.mpf(0)
        for signs in product((1, -1), repeat=len(along)):
            at = list(exact)
            for s, move in zip(signs, moves, strict=True):
                at = [x if v is None else np.asarray(x + s * v, dtype=object) for x, v in zip(at, move, strict=True)]
            value = np.asarray(function(*at), dtype=object)
            total += int(np.prod(signs)) * sum(np.ravel(w * value).tolist(), mpmath.mpf(0))
        return total / (2 * STEP) ** len(along)
