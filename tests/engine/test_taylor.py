"""Taylor coefficients and mixed partials, against ball arithmetic, mpmath and SymPy, which know no rule of the table."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb

import engine
from engine.errors import DtypeError, InvalidInput, LimitExceeded, NonscalarOutput, NothingToDifferentiate
from engine.interpret import arrays
from engine.interpret.build import Builder, Ref
from engine.limits import DEFAULT_LIMITS, Deadline
from engine.problem import Problem
from engine.transform.series import Series
from tests.engine.table import balls
from tests.engine.table.samples import TABLE, Case, generator, operands, smooth

ORDER = 20
STEP_BITS = 120

ROWS = [name for name, row in TABLE.items() if row.kind == "elementwise" and smooth(row, len(row.signature.operands))]

LOOSE = {
    "erfcx": 1e-11, "scaled_k": 1e-10, "scaled_modified_bessel_k0": 1e-10, "scaled_modified_bessel_k1": 1e-10,
    "inverse_mills": 1e-6, "normal_hazard": 1e-6, "log_ndtr": 1e-6,
}  # fmt: skip
"""Rows whose n-th derivatives are rows themselves, with a value that loses digits as n grows; 1e-12 for all others."""


def series_of(build: Callable[[Any, Any], Any], order: int) -> tuple[list[float], Series]:
    """The coefficients at t = 0 of what ``build`` makes of the namespace and t."""
    builder = Builder()
    t = builder.leaf("t", (), "float64")
    y = builder.node_of(build(builder, Ref(builder, t)))
    graph = builder.graph(y, {"t": t.id})
    values = arrays.evaluate(graph, {"t": np.float64(0.0)}, Deadline(20))
    series = Series(graph, values, [t.id], (order,), DEFAULT_LIMITS, Deadline(20))
    return [float(series.coefficient(y.id, (k,)) or 0.0) for k in range(order + 1)], series


def exactly(name: str, xs: Sequence[float], along: Sequence[float], order: int) -> list[float]:
    """Forward differences of values at so many digits that they are exact: Δ^k / (k! h^k)."""
    bits = STEP_BITS * (order + 2) + 400
    with balls.precision(bits):
        step = arb(2) ** -STEP_BITS
        row = [
            balls.value(name, [arb(x) + arb(v) * step * n for x, v in zip(xs, along, strict=True)])
            for n in range(order + 1)
        ]
        found = []
        for k in range(order + 1):
            assert row[0].rel_accuracy_bits() > 60 or abs(row[0]) < step**k * arb(2) ** -60, (name, k)
            found.append(float((row[0] / (math.factorial(k) * step**k)).mid()))
            row = [after - before for before, after in pairwise(row)]
    return found


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_elements(name: str) -> None:
    row = TABLE[name]
    count = len(row.signature.operands)
    places = smooth(row, count)
    for draw in range(2):
        xs = [float(np.asarray(x)) for x in operands(row, Case(((),) * count, {}), draw)]
        rng = generator(f"{name} {draw} series")
        along = [float(rng.uniform(0.5, 1.5)) if k in places else 0.0 for k in range(count)]
        found, _ = series_of(
            lambda F, t, xs=xs, along=along: getattr(F, name)(
                *[x + v * t if v else x for x, v in zip(xs, along, strict=True)]
            ),
            ORDER,
        )
        truth = exactly(name, xs, along, ORDER)
        # What is small beside its neighbours has their error: it is a difference of terms of their size.
        for k, (c, true) in enumerate(zip(found, truth, strict=True)):
            scale = max(abs(true), *[abs(t) for t in truth[max(k - 1, 0) : k + 2]])
            assert abs(c - true) <= LOOSE.get(name, 1e-12) * scale, (k, c, true)


FORMULAS: list[tuple[str, Callable[[Any], Any], float, float]] = [
    ("exp(sin(x))", lambda x: mpmath.exp(mpmath.sin(x)), 0.7, 1e-11),
    ("log(1 + exp(x))", lambda x: mpmath.log(1 + mpmath.exp(x)), 0.5, 1e-11),
    ("(1 + exp(x))**0.5", lambda x: mpmath.sqrt(1 + mpmath.exp(x)), 0.5, 1e-11),
    ("(1 + exp(x))**sin(x)", lambda x: (1 + mpmath.exp(x)) ** mpmath.sin(x), 0.5, 1e-11),
    ("x**x", lambda x: x**x, 1.5, 1e-11),
    ("exp(x)/(1 + x**2)", lambda x: mpmath.exp(x) / (1 + x**2), 0.3, 1e-11),
    ("1/(1 - x)", lambda x: 1 / (1 - x), 0.25, 1e-13),
    ("tanh(x)/cosh(x)", lambda x: mpmath.tanh(x) / mpmath.cosh(x), 0.4, 1e-11),
    ("where(x > 0, exp(x), log(x))", mpmath.exp, 0.4, 1e-14),
    ("where(x > 0, sqrt(x), exp(x))", mpmath.exp, -0.4, 1e-14),
    ("abs(x)**3", lambda x: -(x**3), -1.5, 1e-14),
    ("max(sin(x), cos(x))", mpmath.cos, 0.3, 1e-14),
    ("sum(exp(x * [1.0, 2.0, -1.0]))", lambda x: mpmath.exp(x) + mpmath.exp(2 * x) + mpmath.exp(-x), 0.5, 1e-13),
    ("prod([x, sin(x), x + 2])", lambda x: x * mpmath.sin(x) * (x + 2), 0.9, 1e-12),
    ("det([[x, 1], [sin(x), exp(x)]])", lambda x: x * mpmath.exp(x) - mpmath.sin(x), 0.9, 1e-11),
    ("sum(inv([[x, 1], [1, 3 + x]]))", lambda x: (2 * x + 1) / (x * (3 + x) - 1), 1.9, 1e-11),
    ("A = [[x, 1], [2, exp(x)]]\n(A @ A @ [1.0, x])[0]",
     lambda x: x**2 + 2 + x * (x + mpmath.exp(x)), 0.9, 1e-13),
    ("s = 1.0\nfor i in range(8):\n    s = (s + x/s)/2\ns", None, 2.0, 1e-11),
    ("y = x\nfor i in range(3):\n    k1 = sin(y)\n    k2 = sin(y + 0.1*k1)\n    y = y + 0.2*k2\ny", None, 0.6, 1e-11),
]  # fmt: skip


def _newton(x: Any) -> Any:
    s = mpmath.mpf(1)
    for _ in range(8):
        s = (s + x / s) / 2
    return s


def _midpoint(x: Any) -> Any:
    y = x
    for _ in range(3):
        y = y + mpmath.mpf(0.2) * mpmath.sin(y + mpmath.mpf(0.1) * mpmath.sin(y))
    return y


def truth(function: Callable[[Any], Any], x: float, order: int) -> list[float]:
    """By forward differences too, of mpmath's values."""
    with mpmath.workdps(40 * (order + 2)):
        step = mpmath.mpf(10) ** -40
        row = [function(mpmath.mpf(x) + n * step) for n in range(order + 1)]
        found = []
        for k in range(order + 1):
            found.append(float(row[0] / (mpmath.factorial(k) * step**k)))
            row = [after - before for before, after in pairwise(row)]
    return found


@pytest.mark.parametrize(("text", "function", "x", "rtol"), FORMULAS)
def test_formulas(text: str, function: Any, x: float, rtol: float) -> None:
    function = function or (_newton if "range(8)" in text else _midpoint)
    found = engine.taylor(text, {"x": x}, order=ORDER)
    wanted = truth(function, x, ORDER)
    for k, (c, true) in enumerate(zip(found.coefficients, wanted, strict=True)):
        scale = max(abs(true), *[abs(t) for t in wanted[max(k - 1, 0) : k + 2]])
        assert abs(c - true) <= rtol * scale + 1e-30, (k, c, true)
    assert found.derivatives[3] == pytest.approx(6 * wanted[3], rel=max(rtol, 1e-13), abs=1e-11)


@pytest.mark.parametrize(
    ("text", "partial"),
    [
        ("x**3 * y**2", ["x", "x", "y"]),
        ("sin(x*y) * exp(z*x)", ["x", "y", "y", "z"]),
        ("x**y / (1 + z**2)", ["y", "x", "z", "z"]),
        ("log(x + y*z)", ["z", "z", "y", "x", "x"]),
        ("sqrt(x*x + y*y + z*z)", ["x", "y", "z"]),
    ],
)
def test_mixed_partials(text: str, partial: list[str]) -> None:
    at = {"x": 1.3, "y": 0.7, "z": 0.4}
    at = {name: value for name, value in at.items() if name in text}
    wanted = sympy.diff(sympy.sympify(text), *partial).subs(at)
    answer = engine.gradient(text, at, partial=partial)
    assert answer.derivative == pytest.approx(float(wanted), rel=1e-12)
    assert answer.partial == partial
    assert answer.gradients == engine.gradient(text, at).gradients


def test_a_tensor_is_differentiated_element_by_element() -> None:
    answer = engine.gradient("[x**3, exp(2*x)]", {"x": 1.0}, grad_output=[1, 0], order=2)
    np.testing.assert_allclose(answer.derivative, [6, 4 * math.exp(2)], rtol=1e-14)
    series = engine.taylor("[[x, x**2]]", {"x": 3.0}, order=2)
    assert [c.tolist() for c in series.coefficients] == [[[3, 9]], [[1, 6]], [[0, 1]]]


def test_directions_by_a_scalar() -> None:
    """A line through a point of many inputs, as the error's hint says."""
    answer = engine.taylor("w = x + t*v\nsum(w**3)", {"x": [1.0, 2.0], "v": [1.0, -1.0], "t": 0.0}, order=3)
    assert answer.derivatives == [9.0, -9.0, 18.0, 0.0]


# Edges


def test_powers_at_zero() -> None:
    assert engine.taylor("x**3", {"x": 0.0}, order=6).derivatives == [0, 0, 0, 6, 0, 0, 0]
    assert engine.taylor("x**0", {"x": 0.0}, order=2).derivatives == [1, 0, 0]
    assert engine.taylor("(x**3)**2", {"x": 1e-200}, order=6).derivatives[6] == 720


def test_a_root_at_zero_is_infinite_and_says_so() -> None:
    answer = engine.taylor("sqrt(x)", {"x": 0.0}, order=3)
    assert answer.derivatives == [0, math.inf, -math.inf, math.inf]
    assert [notice.code for notice in answer.notices] == ["nonfinite"]


def test_a_branch_not_taken_is_zero() -> None:
    assert engine.taylor("where(x > 0, sqrt(x), 0)", {"x": 0.0}, order=3).derivatives == [0, 0, 0, 0]


def test_tails() -> None:
    assert engine.taylor("exp(x)", {"x": 700.0}, order=20).derivatives == pytest.approx([math.exp(700)] * 21, rel=1e-14)


def test_nothing_there() -> None:
    assert engine.taylor("x*0 + 3", {"x": 1.0}, order=0).coefficients == [3.0]
    assert engine.taylor("3 + 0*y", {"x": 1.0, "y": 1.0}, input="x", order=2).coefficients == [3.0, 0.0, 0.0]
    assert engine.gradient("x*y", {"x": 2.0, "y": 3.0}, partial=["x", "x"]).derivative == 0.0


def test_single_precision_stays() -> None:
    series = engine.taylor("exp([x, 2*x])", {"x": engine.Input(np.float32(0.5), "float32")}, order=2)
    assert series.dtype == "float32"
    assert series.coefficients[2].dtype == np.float32


def test_complex_values_on_the_way() -> None:
    found = engine.taylor("real(exp(1j*x)) + abs(exp(x + 2j))", {"x": 0.3}, order=6).derivatives
    wanted = [math.cos(0.3 + k * math.pi / 2) + math.exp(0.3) for k in range(7)]
    assert found == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda: engine.taylor("sum(x)", {"x": [1.0]}, "x", 2), InvalidInput, "shape"),
        (lambda: engine.taylor("x + y", {"x": 1.0, "y": 2.0}, order=2), InvalidInput, "there are 2"),
        (lambda: engine.taylor("x", {"x": 1.0}, "z", 2), InvalidInput, "not an input"),
        (lambda: engine.taylor("x", {"x": 1.0}, "x", -1), InvalidInput, "below 0"),
        (lambda: engine.taylor("x", {"x": 1.0}, "x", 171), LimitExceeded, "171 orders"),
        (lambda: engine.taylor("x, x", {"x": 1.0}, "x", 2), NonscalarOutput, "tuple"),
        (lambda: engine.taylor("x > 0", {"x": 1.0}, "x", 2), DtypeError, "no derivative"),
        (lambda: engine.taylor("real(z)", {"z": 1j}, "z", 2), InvalidInput, "complex"),
        (lambda: engine.gradient("x*y", {"x": 1.0, "y": 1.0}, order=2), InvalidInput, "there are 2"),
        (lambda: engine.gradient("x", {"x": 1.0}, order=1, partial=["x"]), InvalidInput, "both"),
        (lambda: engine.gradient("x", {"x": 1.0}, partial=["y"]), InvalidInput, "not an input"),
        (lambda: engine.gradient("x", {"x": 1.0}, partial=[]), NothingToDifferentiate, "no input"),
        (lambda: engine.gradient("+".join(f"x{i}" for i in range(20)), {f"x{i}": 1.0 for i in range(20)},
                                 partial=[f"x{i}" for i in range(20)]), LimitExceeded, "allowed"),
    ],
)  # fmt: skip
def test_errors(ask: Callable[[], Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ask()


# Cost


def cost(text: str, order: int, x: float = 0.7) -> tuple[float, int]:
    """The products of coefficients, and the nodes, that a series takes."""
    forward = Problem(text).forward({"x": x}, "evaluate")
    forward.over_arrays()
    graph = forward.graph
    series = Series(graph, forward.values, [graph.inputs["x"]], (order,), forward.limits, forward.deadline)
    series.coefficient(graph.output, (order,))
    return series.work, len(series.F.nodes)


@pytest.mark.parametrize(
    "text", ["sin(x)", "exp(sin(x))/(1 + x**2)", "sqrt(1 + tanh(x))", "log(1 + x)**2.5", "(1 + x)**cos(x)"]
)
def test_what_closes_on_itself_costs_the_square_of_the_order(text: str) -> None:
    (less, nodes), (more, later) = cost(text, 20), cost(text, 40)
    assert nodes == later
    assert more < 4.5 * less


@pytest.mark.parametrize("text", ["gamma(x)", "bessel_j0(exp(x))", "lgamma(1 + x)", "erf(x)*digamma(x)", "x**30"])
def test_what_does_not_costs_its_cube(text: str) -> None:
    (less, nodes), (more, later) = cost(text, 10), cost(text, 20)
    assert later <= 2.5 * nodes
    assert more < 9 * less


def test_the_cost_is_linear_in_the_program() -> None:
    text = "y = x\nfor i in range({}):\n    y = sin(y)*exp(-y)/(1 + y**2)\ny"
    (less, nodes), (more, later) = cost(text.format(10), 20), cost(text.format(20), 20)
    assert more == pytest.approx(2 * less, rel=0.05)
    assert later == pytest.approx(2 * nodes, rel=0.1)


def test_depth_does_not_matter() -> None:
    text = "y = x\nfor i in range(20000):\n    y = y + 0.5*x\ny"
    assert engine.taylor(text, {"x": 1.0}, order=2).derivatives == pytest.approx([10001.0, 10001.0, 0.0])
