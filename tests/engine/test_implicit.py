"""Roots and minima of functions, with their derivatives, against mpmath at 50 digits and against closed forms.

The derivatives of mpmath's roots are differences at 50 digits, or the implicit function theorem written out by hand for
the equation at hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.special
from mpmath import mp

import engine
from engine.errors import (
    DeadlineExceeded,
    DtypeError,
    LimitExceeded,
    NotConverged,
    ShapeMismatch,
    WrongArguments,
)
from engine.implicit.equation import Equation
from engine.interpret.arrays import ARRAYS
from engine.language.parser import parse
from engine.limits import Deadline

DIGITS = 50
CLOSE = 1e-12


def root_of(g: Callable[..., Any], x0: Any, *parameters: Any) -> Any:
    """The root of g at the working precision."""
    return mpmath.findroot(lambda x: g(x, *parameters), x0, tol=mpmath.mpf(10) ** (3 - 2 * mp.dps))


Case = tuple[str, Callable[..., Any], float, dict[str, float]]

SCALARS: dict[str, Case] = {
    "Kepler's equation": (
        "root(lambda E: E - e*sin(E) - M, M)",
        lambda x, e, M: x - e * mp.sin(x) - M,
        1.5,
        {"e": 0.6, "M": 1.25},
    ),
    "Lambert's W": ("root(lambda w: w*exp(w) - z, 0.5)", lambda x, z: x * mp.exp(x) - z, 0.8, {"z": 2.0}),
    "implied volatility": (
        "def excess(s):\n"
        "    d1 = (log(S/K) + (r + s**2/2)*T)/(s*sqrt(T))\n"
        "    return S*ndtr(d1) - K*exp(-r*T)*ndtr(d1 - s*sqrt(T)) - C\n"
        "root(excess, 0.5)",
        lambda s, S, K, r, T, C: (
            S * mp.ncdf((mp.log(S / K) + (r + s**2 / 2) * T) / (s * mp.sqrt(T)))
            - K * mp.exp(-r * T) * mp.ncdf((mp.log(S / K) + (r + s**2 / 2) * T) / (s * mp.sqrt(T)) - s * mp.sqrt(T))
            - C
        ),
        0.25,
        {"S": 100.0, "K": 110.0, "r": 0.02, "T": 0.5, "C": 4.0},
    ),
    "a minimum": (
        "argmin(lambda x: (x - a)**4 + b*x**2, 0.0)",
        lambda x, a, b: 4 * (x - a) ** 3 + 2 * b * x,
        1.0,
        {"a": 2.0, "b": 1.5},
    ),
    "a minimum in a program": (
        "def h(x):\n    total = 0\n    for k in range(3):\n        total = total + cosh(x - k*a)\n    return total\n"
        "argmin(h, 0) * b",
        lambda y, a, b: sum(mp.sinh(y / b - k * a) for k in range(3)),
        1.0,
        {"a": 0.7, "b": 1.5},
    ),
    "a root inside of the equation for another": (
        "root(lambda x: x - root(lambda y: y**3 + y - a*x, 1.0) - b, 1.0)",
        lambda x, a, b: (x - b) ** 3 + (x - b) - a * x,
        2.0,
        {"a": 1.25, "b": 1.0},
    ),
    "a minimum of which a root is part": (
        "argmin(lambda x: x**2/2 - b*x + root(lambda y: exp(y) - a*x**2 - 1, 0.5), 0.5)",
        lambda x, a, b: x - b + 2 * a * x / (1 + a * x**2),
        0.4,
        {"a": 0.8, "b": 1.0},
    ),
    "a function of the language": ("root(tanh, 0.5) + x", lambda y, x: y - x, 1.0, {"x": 2.0}),
}


@pytest.mark.parametrize("name", SCALARS)
def test_values_gradients_and_hessians(name: str) -> None:
    text, g, x0, inputs = SCALARS[name]
    names, point = list(inputs), list(inputs.values())
    answer = engine.hessian(text, inputs)
    with mp.workdps(DIGITS):

        def exact(*at: Any) -> Any:
            return root_of(g, x0, *at)

        at = [mpmath.mpf(v) for v in point]
        assert answer.value == pytest.approx(float(exact(*at)), rel=CLOSE, abs=1e-15)
        for i, first in enumerate(names):
            order = [int(k == i) for k in range(len(at))]
            truth = float(mpmath.diff(exact, tuple(at), tuple(order)))
            assert answer.gradients[first] == pytest.approx(truth, rel=CLOSE, abs=CLOSE), first
            for j, second in enumerate(names):
                order = [int(k == i) + int(k == j) for k in range(len(at))]
                truth = float(mpmath.diff(exact, tuple(at), tuple(order)))
                assert answer.hessians[first][second] == pytest.approx(truth, rel=1e-10, abs=1e-10), (first, second)


@pytest.mark.parametrize("name", SCALARS)
def test_forward_mode_products_and_differences(name: str) -> None:
    text, _, _, inputs = SCALARS[name]
    whole = engine.hessian(text, inputs)
    along = {key: 0.5 + 0.25 * k for k, key in enumerate(inputs)}
    pushed = engine.jvp(text, inputs, along)
    assert pushed.jvp == pytest.approx(sum(whole.gradients[k] * v for k, v in along.items()), rel=1e-13)
    product = engine.hvp(text, inputs, along).hvp
    for key in inputs:
        truth = sum(whole.hessians[key][k] * v for k, v in along.items())
        assert product[key] == pytest.approx(truth, rel=1e-12, abs=1e-13)
    for mode in ("forward", "reverse"):
        found = engine.jacobian(text, inputs, mode=mode).jacobians
        assert found == pytest.approx(whole.gradients, rel=1e-13)
    report = engine.check(text, inputs)
    assert report.passed
    assert all((part.digits_differences or 0) > 8 for part in report.inputs.values())


def test_keplers_equation_by_hand() -> None:
    """dE/dM = 1/(1 - e cos E), dE/de = sin E/(1 - e cos E); the second derivatives by the quotient rule."""
    e, M = 0.6, 1.25
    answer = engine.hessian("root(lambda E: E - e*sin(E) - M, 0)", {"e": e, "M": M})
    with mp.workdps(DIGITS):
        E = root_of(lambda x: x - mpmath.mpf(e) * mp.sin(x) - mpmath.mpf(M), 1.5)
        slope = 1 - mpmath.mpf(e) * mp.cos(E)
        by = {"M": 1 / slope, "e": mp.sin(E) / slope}
        second = {"M": -e * mp.sin(E) / slope**3, "e": (mp.sin(2 * E) - e * mp.sin(E) ** 3 / slope) / slope**2}
    assert answer.value == pytest.approx(float(E), rel=1e-15)
    for name in ("e", "M"):
        assert answer.gradients[name] == pytest.approx(float(by[name]), rel=1e-14)
        assert answer.hessians[name][name] == pytest.approx(float(second[name]), rel=1e-13)


def test_lamberts_function_is_what_scipy_has() -> None:
    z = np.array([0.1, 1.0, 2.0, 10.0, 1e3])
    answer = engine.jacobian("root(lambda w: w*exp(w) - z, full(5, 1.0))", {"z": z})
    w = scipy.special.lambertw(z).real
    assert np.allclose(answer.value, w, rtol=4e-16 * 4, atol=0)
    assert np.allclose(answer.jacobians["z"], np.diag(w / (z * (1 + w))), rtol=1e-14, atol=0)


# Systems


def test_a_circle_and_a_parabola() -> None:
    """x² + y² = r² and y = x²: y = (√(1 + 4r²) - 1)/2, x = √y."""
    text = "def g(v):\n    x, y = v\n    return [x**2 + y**2 - r**2, y - x**2]\nroot(g, [1, 1])"
    found = engine.jacobian(text, {"r": 2.0})
    y, dy = (math.sqrt(17) - 1) / 2, 4 / math.sqrt(17)
    assert found.value == pytest.approx([math.sqrt(y), y], rel=1e-14)
    assert found.jacobians["r"] == pytest.approx([dy / (2 * math.sqrt(y)), dy], rel=1e-13)
    second = engine.hessian(f"{text}[1]", {"r": 2.0}).hessians["r"]["r"]
    assert second == pytest.approx(2 / 17**1.5 * 1.0, rel=1e-12)


SYSTEM = "root(lambda x: A @ x + c*x**3 - b, zeros(3))"
A = np.array([[4.0, 1.0, -0.5], [0.5, 3.0, 1.0], [-1.0, 0.25, 5.0]])
B = np.array([1.0, -2.0, 3.0])


def test_a_system_against_mpmath() -> None:
    """dx = J⁻¹ (db - dA x - dc x³) with J = A + 3c diag(x²), at 50 digits."""
    weights = np.array([0.5, -1.0, 2.0])
    answer = engine.gradient(SYSTEM, {"A": A, "b": B, "c": 0.5}, grad_output=weights)
    with mp.workdps(DIGITS):
        a, b = mpmath.matrix(A.tolist()), mpmath.matrix(B.tolist())
        x = mpmath.findroot(
            lambda *v: [sum(a[i, j] * v[j] for j in range(3)) + v[i] ** 3 / 2 - b[i] for i in range(3)], [0, 0, 0]
        )
        J = a + mpmath.diag([3 * v**2 / 2 for v in x])
        back = mpmath.lu_solve(J.T, mpmath.matrix(weights.tolist()))
        by_b = [float(v) for v in back]
        by_A = [[-float(back[i] * x[j]) for j in range(3)] for i in range(3)]
        by_c = -float(sum(back[i] * x[i] ** 3 for i in range(3)))
    assert np.allclose(answer.value, [float(v) for v in x], rtol=1e-14)
    assert np.allclose(answer.gradients["b"], by_b, rtol=1e-13)
    assert np.allclose(answer.gradients["A"], by_A, rtol=1e-13)
    assert answer.gradients["c"] == pytest.approx(by_c, rel=1e-13)


def test_the_hessian_of_a_system_is_that_of_its_closed_form() -> None:
    linear = {"A": A, "b": B}
    found = engine.hessian("x = root(lambda x: A @ x - b, ones(3)); x @ x", linear).hessians
    truth = engine.hessian("x = solve(A, b); x @ x", linear).hessians
    for first in linear:
        for second in linear:
            assert np.allclose(found[first][second], truth[first][second], rtol=1e-11, atol=1e-12)


def test_unknowns_of_any_rank() -> None:
    """Sylvester's equation A X + X Aᵀ = C, whose solution is linear in C."""
    inputs = {"A": A[:2, :2], "C": [[1.0, 2.0], [3.0, 5.0]]}
    text = "root(lambda X: A @ X + X @ A.T - C, zeros((2, 2)))"
    answer = engine.jacobian(text, inputs)
    eye = np.eye(2)
    matrix = np.kron(A[:2, :2], eye) + np.kron(eye, A[:2, :2])
    assert np.allclose(answer.value, np.linalg.solve(matrix, np.ravel(inputs["C"])).reshape(2, 2), rtol=1e-13)
    assert np.allclose(answer.jacobians["C"], np.linalg.inv(matrix).reshape(2, 2, 2, 2), rtol=1e-12)
    assert engine.check(f"sum({text}**2)", inputs).passed


def test_many_equations_apart_are_solved_as_one_by_one() -> None:
    """A thousand implied volatilities: no matrix of a million elements is made."""
    text = SCALARS["implied volatility"][0].replace("0.5)", "full(1000, 0.5))")
    inputs: dict[str, Any] = {"S": 100.0, "K": np.linspace(80, 125, 1000), "r": 0.02, "T": 0.5}
    d1 = (np.log(100 / inputs["K"]) + (0.02 + 0.3**2 / 2) * 0.5) / (0.3 * np.sqrt(0.5))
    ndtr = scipy.special.ndtr
    inputs["C"] = 100 * ndtr(d1) - inputs["K"] * np.exp(-0.01) * ndtr(d1 - 0.3 * np.sqrt(0.5))
    limits = engine.Limits(elements=10_000)
    answer = engine.gradient(text, inputs, grad_output=np.ones(1000), limits=limits)
    assert np.allclose(answer.value, 0.3, rtol=1e-12)
    vega = 100 * np.sqrt(0.5) * np.exp(-(d1**2) / 2) / np.sqrt(2 * np.pi)
    assert np.allclose(answer.gradients["C"], 1 / vega, rtol=1e-10)


# Minima


def data() -> dict[str, Any]:
    rng = np.random.default_rng(7)
    X = rng.normal(size=(40, 3))
    return {"X": X, "y": (X @ [1.0, -2.0, 0.5] + rng.normal(size=40) > 0).astype("float64"), "lam": 0.5}


def test_ridge_regression_is_a_system_of_equations() -> None:
    found = engine.hessian("w = argmin(lambda w: sum((X @ w - y)**2) + lam*w @ w, zeros(3)); sum(w**3)", data())
    truth = engine.hessian("w = solve(X.T @ X + lam*eye(3), X.T @ y); sum(w**3)", data())
    assert found.value == pytest.approx(truth.value, rel=1e-13)
    for name in data():
        assert np.allclose(found.gradients[name], truth.gradients[name], rtol=1e-11, atol=1e-14)
        for other in data():
            assert np.allclose(found.hessians[name][other], truth.hessians[name][other], rtol=1e-9, atol=1e-12)


LOGISTIC = "argmin(lambda w: sum(log1p(exp(-(2*y - 1)*(X @ w)))) + lam*w @ w/2, zeros(3))"


def test_logistic_regression() -> None:
    """dw/dλ = -H⁻¹ w, with the Hessian H = Xᵀ diag(p(1-p)) X + λ written out."""
    inputs = data()
    answer = engine.jacobian(LOGISTIC, inputs, wrt=["lam"])
    w, X, y = answer.value, inputs["X"], inputs["y"]
    p = scipy.special.expit(X @ w)
    assert np.allclose(X.T @ (p - y) + 0.5 * w, 0, atol=1e-13)
    hessian = X.T @ ((p * (1 - p))[:, None] * X) + 0.5 * np.eye(3)
    assert np.allclose(answer.jacobians["lam"], -np.linalg.solve(hessian, w), rtol=1e-11)


def test_two_levels() -> None:
    """The loss on other data of what was learnt, by the strength of the penalty: value, gradient, second derivative."""
    rng = np.random.default_rng(8)
    inputs = data() | {"V": rng.normal(size=(20, 3)), "t": (rng.random(20) > 0.5).astype("float64")}
    text = f"w = {LOGISTIC}\nmean(log1p(exp(-(2*t - 1)*(V @ w))))"
    answer = engine.hessian(text, inputs, wrt=["lam"])
    h = 1e-3
    values = [engine.evaluate(text, inputs | {"lam": 0.5 + k * h}).value for k in (-2, -1, 0, 1, 2)]
    first = (values[0] - 8 * values[1] + 8 * values[3] - values[4]) / (12 * h)
    second = (-values[0] + 16 * values[1] - 30 * values[2] + 16 * values[3] - values[4]) / (12 * h**2)
    assert answer.gradients["lam"] == pytest.approx(first, rel=1e-9)
    assert answer.hessians["lam"]["lam"] == pytest.approx(second, rel=1e-6)
    assert engine.Problem(text).check(inputs, wrt=["lam"]).passed


def test_rosenbrocks_valley() -> None:
    text = "argmin(lambda v: (c - v[0])**2 + a*(v[1] - v[0]**2)**2, [-1.2, 1.0])"
    answer = engine.jacobian(text, {"a": 100.0, "c": 1.5})
    assert answer.value == pytest.approx([1.5, 2.25], rel=1e-12)
    assert answer.jacobians["c"] == pytest.approx([1.0, 3.0], rel=1e-11)
    assert answer.jacobians["a"] == pytest.approx([0.0, 0.0], abs=1e-12)


def test_a_minimum_is_found_from_a_saddle_and_from_a_maximum() -> None:
    assert abs(engine.evaluate("argmin(lambda x: (x**2 - a)**2, 0.0)", {"a": 2.0}).value) == pytest.approx(2**0.5)
    assert abs(engine.evaluate("argmin(lambda x: cos(a*x), 0.0)", {"a": 2.0}).value) == pytest.approx(math.pi / 2)
    value = engine.evaluate("argmin(lambda v: a*v[0]**2 + (v[1]**2 - 1)**2, [1.0, 0.0])", {"a": 2.0}).value
    assert np.abs(value) == pytest.approx([0.0, 1.0], abs=1e-12)


def test_argmin_of_a_tensor_is_still_a_place() -> None:
    assert engine.evaluate("argmin(x)", {"x": [3.0, 1.0, 2.0]}).value == 1
    assert engine.evaluate("x.argmin(dim=0)", {"x": [3.0, 1.0, 2.0]}).value == 1
    assert engine.evaluate("f = argmin\nf(lambda t: (t - x)**2, x0=0.0)", {"x": 3.0}).value == pytest.approx(3.0)


# Not through the iterations


def test_where_it_begins_does_not_matter() -> None:
    text = "root(lambda x: x*exp(x) - z, x0)"
    answers = [engine.hessian(text, {"z": 2.0, "x0": x0}) for x0 in (0.5, 0.8, 3.0, 20.0)]
    for answer in answers:
        assert answer.value == pytest.approx(answers[0].value, rel=4e-16)
        assert answer.gradients["z"] == pytest.approx(answers[0].gradients["z"], rel=1e-15)
        assert answer.gradients["x0"] == 0.0
        assert [notice.code for notice in answer.notices] == ["zero_derivative"]


def test_the_graph_is_as_large_as_what_is_written() -> None:
    sizes = {
        x0: len(engine.Problem("root(lambda x: x*exp(x) - z, x0)").graph(engine.prepare({"z": 2.0, "x0": x0})))
        for x0 in (0.8, 20.0)
    }
    assert set(sizes.values()) == {4}  # z, x0, which is detached, and the root
    for x0 in ("1", "1.5", "-1", "pi"):
        graph = engine.Problem(f"root(lambda x: x**2 - a, {x0})").graph(engine.prepare({"a": 2.0}))
        assert [node.primitive.name for node in graph.nodes] == ["input", "constant", "root"], x0


def test_the_graph_shows_the_function_as_it_is_written() -> None:
    graph = engine.Problem("def g(x):\n    return x**2 - a\nroot(lambda x: x**2 - a, 1) + root(g, 1) + root(cos, a)")
    nodes = graph.autograd({"a": 2.0})["nodes"]
    roots = [node for node in nodes if node["op"] == "root"]
    assert [node["params"] for node in roots] == [{"g": "lambda x: x**2 - a"}, {"g": "g(x)"}, {"g": "cos"}]
    assert roots[0]["grad_fn"] == {"name": "RootBackward0", "next_functions": [0]}
    assert roots[0]["grad"] == 1.0
    assert nodes[0]["name"] == "a"
    assert nodes[0]["grad"] == pytest.approx(2 / (2 * 2**0.5), rel=1e-15)


def test_what_a_function_built_is_gone() -> None:
    """Lists that became tensors inside, names that are used again, looks at outer values: all is as if never run."""
    text = (
        "c = [a, 2*a]\n"
        "def g(x):\n"
        "    parts = [x, a]\n"
        "    if a > 0:\n"
        "        y = sum(c)*x\n"
        "    else:\n"
        "        y = x\n"
        "    for k in range(int(a)):\n"
        "        y = y + x**3\n"
        "    return y - sum(parts[1:])\n"
        "y = root(g, 1.0)\n"
        "y + sum(c) + root(g, 2.0)"
    )
    answer = engine.gradient(text, {"a": 2.0})
    with mp.workdps(DIGITS):

        def exact(a: Any) -> Any:
            return 2 * root_of(lambda x, a: 3 * a * x + 2 * x**3 - a, 0.3, a) + 3 * a

        assert answer.value == pytest.approx(float(exact(mpmath.mpf(2))), rel=1e-14)
        assert answer.gradients["a"] == pytest.approx(float(mpmath.diff(exact, 2)), rel=1e-13)
    assert engine.check(text, {"a": 2.5}).passed


def test_what_a_function_looked_at_is_forgotten() -> None:
    """The places of its nodes are used again, by others with other values."""
    text = "y = root(lambda x: (x if a*2 > 100 else 2*x) - a, 1.0)\nz = y if a*3 < 100 else 0\nz"
    for k in range(6):
        padded = text.replace("z = ", f"{' + '.join(['y'] * k)}\nz = " if k else "z = ")
        answer = engine.gradient(padded, {"a": 3.0})
        assert (answer.value, answer.gradients["a"]) == (1.5, 0.5)


def test_a_function_sees_what_is_around_it_when_it_is_called() -> None:
    text = (
        "f = lambda x: x**3 + b - a\nb = a/2\nxs = [root(f, k + 1.0) for k in range(3)]\nb = 0*a\nsum(xs) + root(f, 1)"
    )
    answer = engine.gradient(text, {"a": 2.0})
    assert answer.value == pytest.approx(3 + 2 ** (1 / 3), rel=1e-14)
    assert answer.gradients["a"] == pytest.approx(3 * 0.5 / 3 + 2 ** (-2 / 3) / 3, rel=1e-13)


def test_deep_recursion_inside_is_no_recursion() -> None:
    text = "def f(n, x):\n    return x if n == 0 else f(n - 1, x)\nroot(lambda x: f(5000, x)**2 - a, 1.0)"
    assert engine.gradient(text, {"a": 4.0}).gradients["a"] == pytest.approx(0.25)


# Element types


def test_whole_numbers_and_single_precision() -> None:
    for x0 in ("1", "1.0", "int(1)", "[1, 1][0]", "n"):
        answer = engine.gradient(f"root(lambda x: x**2 - a, {x0})", {"a": 2.0, "n": engine.Input(1, dtype="int64")})
        assert answer.gradients["a"] == pytest.approx(0.5 / 2**0.5, rel=1e-15), x0
    single = engine.Input(2.0, dtype="float32")
    answer = engine.gradient("root(lambda x: x**2 - a, 1)", {"a": single})
    assert answer.dtype == "float32"
    assert answer.value == np.float32(2**0.5)
    assert answer.gradients["a"] == pytest.approx(0.5 / 2**0.5, rel=1e-6)
    assert not [notice for notice in answer.notices if notice.code == "kink"]


def test_data_may_be_of_any_type() -> None:
    inputs = {"a": [1.0, 8.0, 27.0], "i": engine.Input([0, 2], dtype="int64"), "m": engine.Input(True, dtype="bool")}
    answer = engine.gradient("root(lambda x: where(m, x**3, x) - a[i], [1., 1.])", inputs, grad_output=[1.0, 1.0])
    assert answer.value == pytest.approx([1.0, 3.0])
    assert answer.gradients["a"] == pytest.approx([1 / 3, 0.0, 1 / 27])


# Where there is no solution, or no derivative


@pytest.mark.parametrize(
    ("text", "residual"),
    [
        ("root(lambda x: x**2 + a, 1.0)", 1.0),
        ("root(lambda x: sqrt(x) + a, 1.0)", 1.0),
        ("root(lambda x: a + exp(-x), 1.0)", 1.0),
        ("root(lambda x: [x[0] + x[1] - a, x[0] + x[1] + a], [0., 1.])", 1.0),
        ("root(lambda x: x**2 + [a, -a], [1., 1.])", 1.0),
    ],
)
def test_no_root(text: str, residual: float) -> None:
    with pytest.raises(NotConverged, match="no solution was found from this x0") as caught:
        engine.gradient(text, {"a": 1.0})
    error = caught.value
    assert error.code == "not_converged"
    assert error.span == (0, len(text))
    assert "another x0" in str(error.hint)
    assert error.details["residual"] == pytest.approx(residual, rel=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "argmin(lambda x: exp(a*x), 0.0)",
        "argmin(lambda x: -a*x**2, 0.5)",
        "argmin(lambda x: x**3*a, 0.0)",
        "argmin(lambda v: a*v[0]**2 - v[1]**2, [1.0, 0.5])",
    ],
)
def test_no_minimum(text: str) -> None:
    with pytest.raises(NotConverged, match="was found from this x0") as caught:
        engine.gradient(text, {"a": 1.0})
    assert caught.value.hint


def test_a_start_without_a_value() -> None:
    with pytest.raises(NotConverged, match="g\\(x\\) is not finite at x0") as caught:
        engine.gradient("root(lambda x: log(x) - a, -1.0)", {"a": 1.0})
    assert caught.value.details["residual"] is None


@pytest.mark.parametrize(
    ("text", "error", "message", "hint", "at"),
    [
        ("root(lambda x: [x, a], 1.0)", ShapeMismatch, "gives shape (2,)", "give x0 the shape", "[x, a]"),
        ("root(lambda x: sum(x) - a, [1.0, 2.0])", ShapeMismatch, "shape (2,)", "give x0", "sum(x) - a"),
        ("argmin(lambda x: x*[a, 1], 1.0)", ShapeMismatch, "a scalar", "sum(...)", "x*[a, 1]"),
        ("root(lambda x: x > a, 1.0)", DtypeError, "gives bool", "", "x > a"),
        ("root(lambda x: 1j*x*a, 1.0)", DtypeError, "gives complex128", "", "1j*x*a"),
        ("root(lambda x: x - a, 1j)", DtypeError, "x0 is complex", "two unknowns", None),
        ("root(lambda x: abs(x*z) - a, 1.0)", DtypeError, "does not take complex numbers", "abs(z)", None),
        ("root(lambda x: x - a, zeros(0))", ShapeMismatch, "no elements", "", None),
        ("root(lambda x: a, 1.0)", WrongArguments, "does not depend on its argument", "", None),
        ("root(lambda x: floor(x) - a, 1.0)", WrongArguments, "does not depend", "", "floor(x) - a"),
        ("argmin(lambda x: floor(x) - a, 1.0)", WrongArguments, "does not depend", "", "floor(x) - a"),
        ("argmin(lambda x: abs(x - a), 1.0)", WrongArguments, "no curvature", "x**2", None),
        ("root(lambda x: x if x > 0 else a, 1.0)", WrongArguments, "yet to find, x", "where(condition", "x > 0"),
        ("root(lambda x: x*zeros(int(x))[0] - a, 1.0)", WrongArguments, "yet to find, x", "", None),
        ("def g(x):\n    while x < a:\n        x = x + 1\n    return x\nroot(g, 0.)", WrongArguments, "root has yet",
         "where", "x < a"),
        ("root(a, 1.0)", WrongArguments, "takes a function first", "the signature is root(g, x0)", None),
        ("root(a, 3)", WrongArguments, "takes a function first", "for root(x, n) write x**(1/n)", None),
        ("root(root, 1.0)", WrongArguments, "root needs x0", "root(g, x0)", None),
        ("root(lambda x: x - a)", WrongArguments, "root needs x0", "root(g, x0)", None),
        ("argmin(lambda x: x - a)", WrongArguments, "minimizer needs x0", "minimizer(h, x0)", None),
        ("root(lambda x, y: x - a, 1.0)", WrongArguments, "the lambda needs y", "", None),
        ("root(lambda x: x - a, 1.0, 2.0)", WrongArguments, "takes 2 arguments", "", None),
        ("xs = [a]\ndef g(x):\n    xs.append(x)\n    return x - a\nroot(g, 1.0)", WrongArguments,
         "xs is changed by the", "a xs of the function's own", None),
        ("v = [a, a]\ndef g(x):\n    v[0] = x\n    return x - a\nroot(g, 1.0)", WrongArguments,
         "v is changed by the", "a v of the function's own", None),
        ("def g(x):\n    y = x - a\nroot(g, 1.0)", WrongArguments, "not None", "", None),
    ],
)  # fmt: skip
def test_what_cannot_be_solved_says_why(
    text: str, error: type[engine.NablaError], message: str, hint: str, at: str | None
) -> None:
    with pytest.raises(error) as caught:
        engine.gradient(text, {"a": 1.0, "z": 1 + 2j})
    assert message in caught.value.message
    assert hint in str(caught.value.hint or "")
    assert caught.value.span is not None
    if at is not None:
        start, end = caught.value.span
        assert text[start:end] == at


def test_a_list_of_the_functions_own_may_grow() -> None:
    loop = "    for k in range(3):\n        xs.append(x**k)\n"
    text = f"def g(x):\n    xs = []\n{loop}    xs[0] = -a\n    return sum(xs)\nroot(g, 1.0)"
    answer = engine.gradient(text, {"a": 2.0})
    assert answer.value == pytest.approx(1.0)
    assert answer.gradients["a"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("text", "a", "value", "slack"),
    [
        ("root(lambda x: (x - a)**2, 1.0)", 2.0, 2.0, 1e-7),
        ("root(lambda x: x**2 - a, 1.0)", 0.0, 0.0, 1e-7),
        ("root(lambda x: x**3 - 3*x**2 + 3*x - a, 2.0)", 1.0, 1.0, 1e-4),
        ("root(lambda v: [v[0]**2 + v[1]**2 - 2*a, v[0] + v[1] - 2], [0.5, 2.0])", 1.0, [1.0, 1.0], 1e-6),
        ("argmin(lambda x: (x - a)**4, 0.0)", 1.0, 1.0, 1e-4),
    ],
)
def test_a_double_root_is_told_of(text: str, a: float, value: Any, slack: float) -> None:
    answer = engine.gradient(text, {"a": a}, grad_output=np.ones(np.shape(value)) if np.shape(value) else None)
    assert answer.value == pytest.approx(value, abs=slack)
    (kink,) = [notice for notice in answer.notices if notice.code == "kink"]
    assert "is not differentiable at this point; the convention is infinite, nan" in kink.message
    assert kink.span == (0, len(text))


def test_a_singular_jacobian_gives_infinities_and_says_so() -> None:
    answer = engine.gradient("root(lambda x: x**2 - a, 0.0)", {"a": 0.0})
    assert answer.value == 0.0
    assert math.isinf(answer.gradients["a"])
    assert {"kink", "nonfinite"} <= {notice.code for notice in answer.notices}


def test_a_kink_of_the_function_is_one_of_its_root() -> None:
    kinked = engine.gradient("root(lambda x: x + abs(x) + x*a - b, 1.0)", {"a": 1.0, "b": 0.0})
    assert [notice.code for notice in kinked.notices] == ["kink"]
    smooth = engine.gradient("root(lambda x: x + abs(x) + x*a - b, 1.0)", {"a": 1.0, "b": 1.0})
    assert smooth.notices == []
    assert smooth.gradients["b"] == pytest.approx(1 / 3)


def test_points_of_a_batch_do_not_spoil_each_other() -> None:
    """The check's differences go beyond where there is a root; those points are nan, and the others stand."""
    text = "root(lambda x: x**2 - a, 1.0)"
    report = engine.check(text, {"a": 1e-3})
    assert report.passed
    assert report.value == pytest.approx(1e-3**0.5)


# Budgets


def test_the_cost_is_known_before() -> None:
    problem = engine.Problem(SYSTEM)
    inputs = {"A": A, "b": B, "c": 0.5}
    direct = engine.Problem("A @ b + c*b**3 - b").estimate(inputs, "gradient")
    assert problem.estimate(inputs, "gradient") > 20 * direct
    with pytest.raises(LimitExceeded) as caught:
        engine.gradient(SYSTEM, inputs, grad_output=B, limits=engine.Limits(flops=1e4))
    assert caught.value.details["limit"] == "flops"
    with pytest.raises(LimitExceeded) as caught:
        engine.gradient(SYSTEM.replace("3", "50"), {"A": np.eye(50), "b": np.ones(50), "c": 0.5},
                        grad_output=np.ones(50), limits=engine.Limits(elements=2500 - 1))  # fmt: skip
    assert caught.value.details["limit"] == "elements"


def test_equations_in_equations_soon_cost_too_much() -> None:
    text = "x**2 - a"
    for k in range(6):
        text = f"x + root(lambda x: {text}, {k + 1}.0) - a"
    with pytest.raises(LimitExceeded) as caught:
        engine.gradient(f"root(lambda x: {text}, 1.0)", {"a": 1.0})
    assert caught.value.details["limit"] == "flops"


def test_memory_of_many_equations_counts() -> None:
    body = " + ".join(f"x*{k}" for k in range(2000))
    text = f"t = 0\nfor k in range(1000):\n    t = t + root(lambda x: {body} - a, 1.0)\nt"
    with pytest.raises(LimitExceeded) as caught:
        engine.gradient(text, {"a": 1.0}, limits=engine.Limits(bytes=30_000_000))
    assert caught.value.details["limit"] == "bytes"


@pytest.mark.parametrize("question", ["evaluate", "gradient", "jacobian", "hessian", "check", "autograd"])
@pytest.mark.parametrize(
    "text", ["root(lambda x: x**3 - a, 1.0)", "x = root(lambda x: x**3 - a, 1.0)\nx if x > 1 else 0*x"]
)
def test_whatever_is_computed_looks_at_the_deadline_of_the_question(
    question: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values, rules, the batches of the check, notices, and what a condition looks at."""
    seen: list[Deadline] = []
    values = Equation.values

    def watched(*arguments: Any) -> list[Any]:
        seen.append(Deadline.under_way())
        return values(*arguments)

    monkeypatch.setattr(Equation, "values", watched)
    point = engine.prepare({"a": 8.0})
    getattr(engine.Problem(text), question)(point)
    assert len(seen) > 3
    assert all(deadline is point.deadline for deadline in seen)


def test_an_iteration_ends_at_its_deadline() -> None:
    graph = engine.Problem("root(lambda x: x**3 - a, 1.0)").graph(engine.prepare({"a": 8.0}))
    node = graph.nodes[graph.output]
    x0, a, y = np.float64(1.0), np.float64(8.0), np.float64(2.0)
    assert node.primitive.numpy(x0, a, **node.params) == pytest.approx(y)
    with Deadline(-1.0).watching():
        with pytest.raises(DeadlineExceeded):
            node.primitive.numpy(x0, a, **node.params)
        with pytest.raises(DeadlineExceeded):
            node.primitive.pullback(ARRAYS, np.float64(1.0), y, [x0, a], node.params, [1])
        with pytest.raises(DeadlineExceeded):
            node.primitive.pushforward(ARRAYS, [None, np.float64(1.0)], y, [x0, a], node.params)


def test_a_condition_on_a_root_looks_at_it() -> None:
    text = "x = root(lambda x: x**3 - a, 1.0)\ny = x**2 if x > 1 else x\ny"
    assert engine.gradient(text, {"a": 8.0}).gradients["a"] == pytest.approx(2 * 2 / 12)
    assert engine.gradient(text, {"a": 0.125}).gradients["a"] == pytest.approx(1 / 0.75)


def test_questions_of_a_kept_graph_are_independent() -> None:
    problem = engine.Problem("root(lambda x: x**2 - a, 1.0)")
    for a in (4.0, 9.0, 16.0):
        assert problem.gradient({"a": a}).gradients["a"] == pytest.approx(0.5 / a**0.5)


def test_jax_has_the_same() -> None:
    text = "root(lambda x: relu(x)*2 + x - a, 1.0)"
    for convention in ("torch", "jax"):
        assert engine.gradient(text, {"a": 3.0}, convention=convention).gradients["a"] == pytest.approx(1 / 3)


def test_a_program_with_a_root_prints_and_parses() -> None:
    canonical = engine.Problem("root( lambda x:x^2-a,1 )").canonical()
    assert canonical == "root(lambda x: x**2 - a, 1)"
    parse(canonical)


# Systems of linear equations: what `solve` has to say for itself


def exact_solution(a: Any, b: Any) -> Any:
    """By Cramer's rule, at 50 digits."""
    matrix = mpmath.matrix(a)
    whole = mpmath.det(matrix)
    found = []
    for k in range(len(b)):
        changed = matrix.copy()
        for i, v in enumerate(b):
            changed[i, k] = v
        found.append(mpmath.det(changed) / whole)
    return found


def _moved(a: Sequence[Any], place: tuple[int, int], h: Any) -> list[list[Any]]:
    return [[v + (h if (i, j) == place else 0) for j, v in enumerate(row)] for i, row in enumerate(a)]


def test_solve_to_second_order_against_cramers_rule() -> None:
    weights = [0.5, -1.0, 2.0]
    text = "sum(w*solve(A, b)) "
    answer = engine.hessian(text, {"A": A, "b": B, "w": weights}, wrt=["A", "b"])
    with mp.workdps(DIGITS):
        a = [[mpmath.mpf(float(v)) for v in row] for row in A]
        b = [mpmath.mpf(float(v)) for v in B]

        def value(a: Any, b: Any) -> Any:
            return sum(w * x for w, x in zip(weights, exact_solution(a, b), strict=True))

        for place in np.ndindex(3, 3):
            by = mpmath.diff(lambda h, place=place: value(_moved(a, place, h), b), 0)
            assert answer.gradients["A"][place] == pytest.approx(float(by), rel=1e-13)
            for other in ((0, 0), (1, 2), (2, 1)):
                second = mpmath.diff(
                    lambda h, k, place=place, other=other: value(_moved(_moved(a, place, h), other, k), b),
                    (0, 0),
                    (1, 1),
                )
                assert answer.hessians["A"]["A"][place + other] == pytest.approx(float(second), rel=1e-12)
            for j in range(3):
                shifted = mpmath.diff(
                    lambda h, k, place=place, j=j: value(
                        _moved(a, place, h), [v + (k if i == j else 0) for i, v in enumerate(b)]
                    ),
                    (0, 0),
                    (1, 1),
                )
                assert answer.hessians["A"]["b"][(*place, j)] == pytest.approx(float(shifted), rel=1e-12)
    assert not np.any(answer.hessians["b"]["b"])


def test_solve_of_stacks_is_solve_of_each() -> None:
    rng = np.random.default_rng(3)
    As, bs = rng.normal(size=(4, 3, 3)) + 3 * np.eye(3), rng.normal(size=(4, 3, 2))
    whole = engine.gradient("sum(solve(A, b)**2)", {"A": As, "b": bs})
    for k in range(4):
        one = engine.gradient("sum(solve(A, b)**2)", {"A": As[k], "b": bs[k]})
        for name in ("A", "b"):
            assert np.allclose(whole.gradients[name][k], one.gradients[name], rtol=1e-12)


def test_solve_of_a_singular_matrix_is_infinite_and_says_so() -> None:
    answer = engine.gradient("sum(solve(A, b))", {"A": [[1.0, 2.0], [2.0, 4.0]], "b": [1.0, 1.0]})
    assert not math.isfinite(answer.value)
    assert "nonfinite" in {notice.code for notice in answer.notices}


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [1.0, 1.0], "a square matrix is needed"),
        ([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0, 1.0], "needs b of length 2"),
        ([1.0, 2.0], [1.0, 1.0], "matrix"),
    ],
)
def test_solve_of_shapes_that_do_not_fit(a: Any, b: Any, message: str) -> None:
    with pytest.raises(ShapeMismatch, match=message) as caught:
        engine.gradient("sum(solve(A, b))", {"A": a, "b": b})
    assert caught.value.span == (4, 15)


def test_the_jacobian_of_a_large_system_takes_the_iterations_once() -> None:
    """Its cost is foretold as that of one solution and many passes, not of as many solutions."""
    n = 150
    A = np.eye(n) + 0.3 * np.sin(np.arange(n * n)).reshape(n, n) / n
    inputs = {"A": engine.Input(A, requires_grad=False), "b": np.linspace(0.1, 1.0, n)}
    found = engine.jacobian(f"root(lambda x: A @ x + x**3 - b, zeros({n}))", inputs, wrt=["b"])
    x = found.value
    assert np.allclose(found.jacobians["b"], np.linalg.inv(A + np.diag(3 * x**2)), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("power", [3, 5])
def test_an_inflection_is_no_minimum(power: int) -> None:
    with pytest.raises(engine.NablaError) as error:
        engine.evaluate(f"argmin(lambda x: k * x**{power}, 0.5)", {"k": 1.0})
    assert error.value.code == "not_converged"


def test_a_flat_minimum_is_one() -> None:
    assert abs(engine.evaluate("argmin(lambda x: k * x**4, 0.5)", {"k": 1.0}).value) < 1e-2


def test_the_pattern_of_equations_that_stand_alone() -> None:
    text = "root(lambda x: x**3 + where(c > 0, c, 2*c) * x - d[::-1], ones({}))"
    small = {"c": np.linspace(0.5, 1.0, 5), "d": np.linspace(1.0, 2.0, 5)}
    found, whole = (engine.jacobian(text.format(5), small, format=kind) for kind in ("coo", "dense"))
    assert found.nonzeros == 10
    assert all(np.allclose(found.jacobians[name].dense(), whole.jacobians[name], rtol=1e-13) for name in small)
    large = {"c": np.linspace(0.5, 1.0, 100_000), "d": np.linspace(1.0, 2.0, 100_000)}
    found = engine.jacobian(text.format(100_000), large, format="coo")
    assert (found.nonzeros, found.colors) == (200_000, 1)
    coupled = engine.jacobian("root(lambda x: x**3 + sum(x) - c, ones(4))", {"c": np.ones(4)}, format="coo")
    assert coupled.nonzeros == 16
    lowest = engine.jacobian("argmin(lambda x: sum((x - c)**2 + x**4), ones(4))", {"c": np.ones(4)}, format="coo")
    assert np.allclose(lowest.jacobians["c"].dense(), np.diag(2 / (2 + 12 * lowest.value**2)), rtol=1e-9)
