"""The numerical check: it confirms what is right, catches what is wrong, and is not fooled by kinks."""

import numpy as np
import pytest

import engine
from engine.check.differences import derivative
from engine.kinds import PRIMITIVES


@pytest.mark.parametrize("method", ["fast", "full"])
@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("sin(x*y) + exp(-x**2)/(1 + y**2)", {"x": 0.5, "y": 1.5}),
        ("sum(softmax(x) * log_softmax(x))", {"x": [0.1, -2.0, 3.0]}),
        ("mean((x @ W.T + b)**2)", {"x": np.ones((2, 3)), "W": np.full((4, 3), 0.3), "b": [1.0, 2.0, 3.0, 4.0]}),
        ("det(A) + sum(inv(A)) + sum(solve(A, b))", {"A": [[2.0, 1.0], [0.5, 3.0]], "b": [1.0, -1.0]}),
        ("x * [1, 2, 3]", {"x": 2.0}),
        ("log(x)", {"x": 1e-8}),
        ("x**2", {"x": 1e150}),
        ("sqrt(x)", {"x": 1e-12}),
        ("sum(x[:0])", {"x": [1.0, 2.0]}),
        ("tanh(30*x)", {"x": 0.01}),
    ],
)
def test_right_derivatives_pass(text, inputs, method):
    report = engine.check(text, inputs, method)
    assert report.passed
    for of in report.inputs.values():
        assert of.passed
        assert of.digits_forward > 11
        assert of.digits_differences is None or of.digits_differences > 6
        assert of.kinks == 0


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("relu(x)", {"x": 0.0}),
        ("sum(relu(v))", {"v": [0.0, 1.0, -1.0]}),
        ("abs(x)", {"x": 0.0}),
        ("maximum(x, y)", {"x": 1.0, "y": 1.0}),
        ("clip(x, 0, 1)", {"x": 1.0}),
        ("max(v)", {"v": [2.0, 2.0, 1.0]}),
    ],
)
def test_a_kink_is_no_false_alarm(text, inputs):
    report = engine.check(text, inputs, "full")
    assert report.passed
    assert "kink" in [notice.code for notice in report.notices]


def test_a_kink_is_counted_where_the_sides_differ():
    report = engine.check("relu(x) + 2*y", {"x": 0.0, "y": 1.0})
    assert report.inputs["x"].kinks == 1
    assert report.inputs["y"].kinks == 0


@pytest.mark.parametrize("name", ["sin", "exp", "divide", "power", "tanh"])
def test_a_wrong_partial_fails(name, monkeypatch):
    row = PRIMITIVES[name]
    right = row.steps[0]
    monkeypatch.setattr(row, "steps", [lambda F, v, y, xs: 1.001 * right(F, v, y, xs), *row.steps[1:]])
    for method in ("fast", "full"):
        for x in (0.7, [0.7, 0.9]):
            report = engine.check("sum(sin(x) + exp(x) + x/3 + x**1.5 + tanh(x))", {"x": x}, method)
            assert not report.passed
            worst = report.inputs["x"].worst
            assert abs(worst.reverse - worst.differences) > 100 * worst.error


def test_a_pass_that_disagrees_with_the_other_fails(monkeypatch):
    row = PRIMITIVES["matmul"]
    left, right = row.transposes
    monkeypatch.setattr(row, "transposes", (lambda *args, **params: -left(*args, **params), right))
    report = engine.check("sum(A @ B)", {"A": [[1.0, 2.0]], "B": [[3.0], [4.0]]})
    assert not report.inputs["A"].passed
    assert report.inputs["A"].digits_forward < 1
    assert report.inputs["B"].passed


def test_infinite_derivatives_are_compared_between_the_passes():
    report = engine.check("sqrt(x)", {"x": 0.0})
    assert report.passed
    assert report.inputs["x"].digits_differences is None


def test_single_precision_is_checked_against_double():
    report = engine.check("sum(sin(x)**2)", {"x": engine.Input([0.1, 0.2, 0.3], dtype="float32")})
    assert report.passed
    assert report.rtol == 1e-3
    assert report.inputs["x"].digits_differences > 5


def test_the_callers_tolerance_counts():
    problem = engine.Problem("exp(sin(x))")
    assert problem.check({"x": 0.3}, rtol=1e-8).passed
    assert not problem.check(
        {"x": engine.Input([0.3], dtype="float32")}, rtol=1e-14, atol=0.0, grad_output=[1.0]
    ).passed


def test_a_method_that_is_not_known():
    with pytest.raises(engine.NablaError, match="method 'slow' is not known"):
        engine.check("x", {"x": 1.0}, "slow")


@pytest.mark.parametrize(
    ("line", "scale", "expected"),
    [
        (np.sin, 1.0, 1.0),
        (lambda t: np.exp(3 * t), 1.0, 3.0),
        (lambda t: 1 / (1 + t), 1.0, -1.0),
        (lambda t: np.sqrt(1e-8 + t), 1e-8, 5e3),
        (lambda t: (1e100 + t) ** 2, 1e100, 2e100),
        (lambda t: t * 0 + 4.0, 1.0, 0.0),
    ],
)
def test_differences_know_their_own_error(line, scale, expected):
    found = derivative(line, scale)
    assert abs(found.central.value - expected) <= 10 * found.central.error + 1e-10 * abs(expected)
    assert found.central.error <= 1e-8 * max(abs(expected), 1e-3)
    assert not found.kink
