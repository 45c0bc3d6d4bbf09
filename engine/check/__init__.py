"""The numerical check of an answer: the same derivative by three ways that have little in common.

The backward pass gives ⟨w, Jv⟩ as ⟨Jᵀw, v⟩, the forward pass as ⟨w, Jv⟩ itself, and differences from values
alone. A rule that is wrong in one pass breaks the identity of the two; one that is wrong in both disagrees with
the differences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf, isfinite, log10
from typing import Any

import numpy as np

from engine import derivatives
from engine.answers import Comparison, InputReport
from engine.check.differences import EVALUATIONS, UNKNOWN, Differences, derivative
from engine.errors import InvalidInput, WrongArguments
from engine.forward import Forward
from engine.graph import Graph
from engine.interpret.arrays import ARRAYS
from engine.limits import Deadline
from engine.shapes import INEXACT
from engine.transform.batch import Batch, Batched
from engine.transform.pushforward import pushforward

METHODS = ("fast", "full")
DIRECTIONS = 2
MOST_ELEMENTS = 500
"""Of a larger input, the full check takes this many elements, evenly spread."""

TOLERANCES = {"float64": (1e-6, 1e-9), "float32": (1e-3, 1e-5)}
FULL_DIGITS = 16.0


def evaluations(elements: int) -> int:
    """How many values of the expression a full check of inputs of so many elements takes, at the most."""
    return EVALUATIONS * min(max(elements, DIRECTIONS), MOST_ELEMENTS)


def compare(
    forward: Forward,
    double: Forward,
    names: Sequence[str],
    method: str,
    rtol: float | None,
    atol: float | None,
    grad_output: Any,
) -> tuple[dict[str, InputReport], float, float]:
    """A report for each input, and the tolerances used.

    ``double`` is the same program in double precision, for the differences. An output that is no scalar is weighed by
    ``grad_output``, or by fixed weights of about 1.
    """
    if method not in METHODS:
        raise InvalidInput(f"method {method!r} is not known", hint="fast or full", pointer="/method")
    forward.require_floating()
    single = any(forward.leaf(name).dtype == "float32" for name in names)
    default = TOLERANCES["float32" if single else "float64"]
    rtol, atol = default[0] if rtol is None else rtol, default[1] if atol is None else atol
    weights = _weights(forward) if grad_output is None else derivatives.weights(forward, grad_output)
    forward.limits.require("flops", forward.graph.flops * evaluations(1) * len(names))
    gradients = derivatives.gradient(forward, names, weights if forward.graph.is_tuple else weights[0])
    forward.over_arrays()
    double.over_arrays()
    reports = {}
    for name in names:
        reverse = np.asarray(gradients[name])
        comparisons = [
            _one(forward, double, name, reverse, weights, element, direction)
            for element, direction in _directions(np.asarray(double.point.values[name]), method)
        ]
        reports[name] = _report(comparisons, rtol, atol)
    return reports, rtol, atol


def _weights(forward: Forward) -> list[Any]:
    """Fixed weights of each output that has a derivative, which no symmetry of an expression cancels."""
    if not forward.graph.is_tuple and not forward.output.shape:
        return [1.0]
    rng = np.random.default_rng(20)
    return [rng.uniform(0.5, 1.5, size=node.shape) if node.dtype in INEXACT else None for node in forward.outputs]


def _directions(x: np.ndarray, method: str) -> Iterator[tuple[list[int] | None, np.ndarray]]:
    """Element by element, or in random directions in which every element takes part; of complex numbers in both
    their parts.
    """
    turns = (1.0, 1j) if np.iscomplexobj(x) else (1.0,)
    if method == "fast" and x.size != 1:
        rng = np.random.default_rng(19)
        for _ in range(DIRECTIONS):
            yield None, np.asarray(sum(turn * _scattered(rng, x.shape) for turn in turns))
        return
    places = np.unique(np.linspace(0, x.size - 1, min(x.size, MOST_ELEMENTS)).round().astype(int))
    for place in places if x.size else ():
        for turn in turns:
            unit = np.zeros(x.size, dtype=x.dtype)
            unit[place] = turn
            yield [int(i) for i in np.unravel_index(place, x.shape)], unit.reshape(x.shape)


def _scattered(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 1.0, size=shape)


def _one(
    forward: Forward,
    double: Forward,
    name: str,
    reverse: np.ndarray,
    weights: Sequence[Any],
    element: Any,
    v: np.ndarray,
) -> tuple[Comparison, Differences]:
    """The derivative along ``v`` in three ways."""
    leaf = forward.leaf(name)
    with np.errstate(all="ignore"):
        seeds = {leaf.id: v.astype(leaf.dtype)[()]}
        tangents = pushforward(ARRAYS, forward.graph, forward.values, seeds, forward.deadline)
        along = 0.0
        for output, weight in zip(forward.graph.outputs, weights, strict=True):
            if weight is not None and tangents[output] is not None:
                along += _weighed(tangents[output], weight)
        back = _weighed(reverse, v)
        try:
            found = derivative(_line(double, name, v, weights), _scale(double.point.values[name], v))
        except WrongArguments:  # beside this point the program has no value: an index that is no whole number
            found = UNKNOWN
    central = found.central
    known = isfinite(central.value)
    comparison = Comparison(element, back, along, central.value if known else None, central.error if known else None)
    return comparison, found


def _weighed(values: Any, weights: Any) -> float:
    """⟨w, v⟩, in which a weight of zero wins over an infinity; of complex numbers the real part of it."""
    return float(np.sum(np.where(np.asarray(weights) == 0, 0.0, np.multiply(values, np.conj(weights)))).real)


def _scale(x: Any, v: np.ndarray) -> float:
    """The step along ``v`` that changes the largest element that takes part by its own size; 1 near zero."""
    moved = np.abs(np.asarray(x))[v != 0]
    largest = float(moved.max(initial=0.0))
    return largest if isfinite(largest) and largest > 1e-100 else 1.0


def _line(double: Forward, name: str, v: np.ndarray, weights: Sequence[Any]) -> Any:
    """⟨w, f(x + t v)⟩ as a function of t, for many t at once; summed over the outputs that have a weight."""

    def line(steps: np.ndarray) -> np.ndarray:
        room = max(1, int(double.limits.bytes // (4 * double.graph.bytes + 1)))
        parts = [steps[i : i + room] for i in range(0, steps.size, room)]
        return np.concatenate([_values(double, name, v, weights, part) for part in parts])

    return line


def _values(double: Forward, name: str, v: np.ndarray, weights: Sequence[Any], steps: np.ndarray) -> np.ndarray:
    x = np.asarray(double.point.values[name])
    points = x + steps.reshape((-1, *(1,) * x.ndim)) * v
    F = Batch(ARRAYS, steps.size)
    inputs = {**double.point.arrays(), name: Batched(F, points)}
    found = evaluate(F, double.graph, inputs, double.values, double.deadline)
    total = np.zeros(steps.size)
    for output, weight in zip(double.graph.outputs, weights, strict=True):
        if weight is not None:
            total = total + _sums(found[output], weight, steps.size)
    return total


def _sums(output: Any, weight: Any, length: int) -> np.ndarray:
    """⟨w, y⟩ for each y of a batch, or of one that is the same for all."""
    values = output.value if isinstance(output, Batched) else np.broadcast_to(output, (length, *np.shape(output)))
    flat = values.reshape(length, -1) * np.conj(np.ravel(weight))
    return np.asarray(flat.sum(axis=1).real)


def evaluate(F: Any, graph: Graph, inputs: dict[str, Any], known: Sequence[Any], deadline: Deadline) -> list[Any]:
    """The values of a graph over ``F``; what does not depend on a batched input is taken from ``known``."""
    values: list[Any] = []
    with deadline.watching():
        for node in graph.nodes:
            operands = [values[i] for i in node.operands]
            if any(isinstance(x, Batched) for x in operands):
                deadline.check()
                values.append(getattr(F, node.primitive.name)(*operands, **node.params))
            else:
                leaf = inputs.get(node.name) if node.name is not None and not node.operands else None
                values.append(known[node.id] if leaf is None else leaf)
    return values


def _report(comparisons: list[tuple[Comparison, Differences]], rtol: float, atol: float) -> InputReport:
    """The worst of all comparisons by one input."""
    judged = [_judge(comparison, found, rtol, atol) for comparison, found in comparisons]
    forward = min((digits for _, digits, _, _ in judged), default=FULL_DIGITS)
    others = [digits for _, _, digits, _ in judged if digits is not None]
    worst = min(
        range(len(judged)),
        key=lambda i: (judged[i][0], min(judged[i][1], FULL_DIGITS if judged[i][2] is None else judged[i][2] or 0.0)),
        default=None,
    )
    return InputReport(
        passed=all(passed for passed, _, _, _ in judged),
        digits_forward=forward,
        digits_differences=min(others) if others else None,
        comparisons=len(judged),
        kinks=sum(kink for _, _, _, kink in judged),
        worst=None if worst is None else comparisons[worst][0],
    )


def _judge(
    comparison: Comparison, found: Differences, rtol: float, atol: float
) -> tuple[bool, float, float | None, bool]:
    """Whether the three agree, to how many digits the two passes and the differences do, and whether it is a kink."""
    reverse, forward = comparison.reverse, comparison.forward
    digits = agreement(reverse, forward)
    passed = _close(reverse, forward, rtol, atol)
    if comparison.differences is None or comparison.error is None or not isfinite(reverse):
        return passed, digits, None, False
    scale = max(abs(reverse), abs(comparison.differences))
    if comparison.error > 1e-2 * scale + atol and not found.kink:
        return passed, digits, None, False  # the differences do not know it themselves
    if _close(reverse, comparison.differences, rtol, atol + 3 * comparison.error):
        return passed, digits, agreement(reverse, comparison.differences), False
    if found.kink:
        low, high = sorted((found.left.value, found.right.value))
        slack = atol + rtol * max(abs(low), abs(high)) + found.left.error + found.right.error
        return passed and low - slack <= reverse <= high + slack, digits, None, True
    return False, digits, agreement(reverse, comparison.differences), False


def _close(a: float, b: float, rtol: float, atol: float) -> bool:
    if not (isfinite(a) and isfinite(b)):
        return a == b
    return abs(a - b) <= atol + rtol * max(abs(a), abs(b))


def agreement(a: float, b: float) -> float:
    """To how many decimal digits two numbers agree, from 0 to 16.

    >>> agreement(1.0, 1.0), round(agreement(1.0, 1.001), 1), agreement(1.0, -1.0)
    (16.0, 3.0, 0.0)
    """
    if not (isfinite(a) and isfinite(b)):
        return FULL_DIGITS if _close(a, b, 0.0, 0.0) else 0.0
    gap = abs(a - b)
    if gap == 0.0:
        return FULL_DIGITS
    relative = gap / max(abs(a), abs(b))
    return min(FULL_DIGITS, max(0.0, -log10(relative))) if relative < inf else 0.0
