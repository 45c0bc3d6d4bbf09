"""Power series where values choose between formulas: what is chosen must not be taken for what moves."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import engine

ORDER = 7


@pytest.mark.parametrize("at", [0.5, 1.0, 2.0, 2.5, 3.0])
@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("x**x", lambda x: x**x),
        ("x**(x - 1)", lambda x: x ** (x - 1)),
        ("(x + 1)**(2*x)", lambda x: (x + 1) ** (2 * x)),
        ("exp(x)**x", lambda x: mpmath.exp(x) ** x),
        ("2**x", lambda x: mpmath.mpf(2) ** x),
        ("x**3", lambda x: x**3),
    ],
)
def test_powers_at_whole_exponents_that_move(text: str, function: object, at: float) -> None:
    with mpmath.workdps(40):
        exact = [float(c) for c in mpmath.taylor(function, at, ORDER)]
    found = engine.taylor(text, {"x": at}, order=ORDER).coefficients
    assert np.allclose(found, exact, rtol=1e-11, atol=1e-13 * max(map(abs, exact)))


@pytest.mark.parametrize("y", [0.0, 1.0, 2.0, 3.0, 0.5])
def test_mixed_partials_of_a_power_are_the_same_in_any_order(y: float) -> None:
    """∂²(x**y)/∂x∂y = x**(y - 1) (1 + y log(x)), also where the exponent is 0 or whole."""
    x = 2.0
    exact = x ** (y - 1) * (1 + y * np.log(x))
    problem, point = engine.Problem("x**y"), {"x": x, "y": y}
    for partial in (["x", "y"], ["y", "x"]):
        assert problem.gradient(point, partial=partial).derivative == pytest.approx(exact, rel=1e-14)
    for by, other in (("x", "y"), ("y", "x")):
        assert problem.hessian(point, wrt=[by, other]).hessians[by][other] == pytest.approx(exact, rel=1e-14)
    assert problem.hvp(point, {"x": 1.0}).hvp["y"] == pytest.approx(exact, rel=1e-14)
    assert problem.hvp(point, {"y": 1.0}).hvp["x"] == pytest.approx(exact, rel=1e-14)


def test_long_lists_of_places_are_told_apart() -> None:
    """Two nodes that differ in the middle of a list of 3,000 places are not the same node."""
    places, others = np.arange(3000), np.arange(3000)
    others[1500] = 7
    program = "v = x*s\nsum(sin(v[{}])*w) - sum(sin(v[{}])*w)".format(
        *(f"[{', '.join(map(str, p))}]" for p in (places, others))
    )
    x, w = np.linspace(1.0, 2.0, 3000), np.linspace(0.5, 1.5, 3000)
    found = engine.taylor(program, {"x": x, "s": 1.0, "w": w}, "s", 3).derivatives
    a, b, weight = x[1500], x[7], w[1500]
    exact = [
        weight * (np.sin(a) - np.sin(b)),
        weight * (a * np.cos(a) - b * np.cos(b)),
        -weight * (a**2 * np.sin(a) - b**2 * np.sin(b)),
        -weight * (a**3 * np.cos(a) - b**3 * np.cos(b)),
    ]
    assert np.allclose(found, exact, rtol=1e-9)


@pytest.mark.parametrize("order", [3, 12, 20])
def test_functions_of_matrices_at_a_polynomial_cost(order: int) -> None:
    """exp of [[x, 1], [2, x²]] and its like, by mpmath's series of matrices of balls of small circles (Cauchy)."""
    at, points, radius = 0.5, 128, mpmath.mpf("0.25")
    found = np.array(engine.taylor("expm([[x, 1], [2, x*x]])", {"x": at}, order=order).coefficients)
    with mpmath.workdps(40):
        circle = [radius * mpmath.expjpi(mpmath.mpf(2 * j) / points) for j in range(points)]
        values = [mpmath.expm(mpmath.matrix([[at + t, 1], [2, (at + t) ** 2]])) for t in circle]
        for k in range(order + 1):
            exact = sum((v * t**-k for v, t in zip(values, circle, strict=True)), mpmath.zeros(2)) / points
            exact = np.array(exact.tolist(), dtype=complex).real
            assert np.allclose(found[k], exact, rtol=1e-11, atol=1e-14)


def test_mixed_partials_of_a_function_of_a_matrix() -> None:
    """exp of a diagonal matrix is known: ∂³/∂x²∂y of exp(x*y + x) and its neighbour."""
    x, y = 0.4, 1.5
    found = engine.gradient(
        "expm(diag([x*y + x, x]))", {"x": x, "y": y}, grad_output=np.ones((2, 2)), partial=["x", "x", "y"]
    ).derivative
    exact = ((y + 1) ** 2 * x + 2 * (y + 1)) * np.exp(x * y + x)
    assert np.allclose(found, [[exact, 0.0], [0.0, 0.0]], rtol=1e-13)
    root = engine.taylor("sqrtm([[4 + x, 0], [0, 9]])", {"x": 0.0}, order=4).coefficients
    assert np.allclose([c[0][0] for c in root], [2, 1 / 4, -1 / 64, 1 / 512, -5 / 16384], rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "at", "exact"),
    [
        ("det([[t, 1], [1, t]])", 1.0, [0.0, 2.0, 1.0, 0.0, 0.0]),
        ("det([[t, 0], [0, t]])", 0.0, [0.0, 0.0, 1.0, 0.0, 0.0]),
        ("det(t * [[1, 2, 0], [3, 4, 1], [0, 2, 2.5]])", 0.0, [0.0, 0.0, 0.0, -7.0, 0.0]),
        ("det([[exp(t), 1], [1, exp(-t)]])", 0.3, [0.0, 0.0, 0.0, 0.0, 0.0]),
        ("sum(det([[[t, 1], [1, t]], [[t, 2], [t, 1]]]))", 1.0, [-1.0, 1.0, 1.0, 0.0, 0.0]),
    ],
)
def test_determinants_of_singular_matrices(text: str, at: float, exact: list[float]) -> None:
    found = engine.taylor(text, {"t": at}, order=4).coefficients
    assert np.allclose(found, exact, rtol=0, atol=1e-14)


def test_a_large_determinant_that_is_linear_has_no_higher_coefficients() -> None:
    found = engine.taylor("det(eye(30) + t * ones(30, 30) * arange(30))", {"t": 0.1}, order=12).coefficients
    assert found[0] == pytest.approx(1 + 0.1 * 435, rel=1e-12)
    assert found[1] == pytest.approx(435, rel=1e-12)
    assert np.allclose(found[2:], 0.0, atol=1e-10 * 435)


def test_a_mixed_partial_of_a_determinant() -> None:
    found = engine.gradient("det([[x, y, 1], [y, x*y, 2], [1, x, y]])", {"x": 1.5, "y": 0.5}, partial=["x", "y", "y"])
    # x(xy·y − 2x) − y(y·y − 2) + (xy − xy): its ∂³/∂x∂y² is that of x²y², 4x
    assert found.derivative == pytest.approx(4 * 1.5, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "function", "at", "order"),
    [
        ("sin(x)/x", lambda x: mpmath.sin(x) / x, 0.001, 5),
        ("expm1(x)/x", lambda x: mpmath.expm1(x) / x, 0.7, 20),
        ("(1 - cos(x))/x**2", lambda x: (1 - mpmath.cos(x)) / x**2, 0.1, 6),
        ("exp(log(x))*sin(x)", lambda x: x * mpmath.sin(x), 0.7, 20),
    ],
)
def test_lost_digits_are_told_of(text: str, function: object, at: float, order: int) -> None:
    """The very digits that mpmath finds to be wrong, to one or two."""
    answer = engine.taylor(text, {"x": at}, order=order)
    with mpmath.workdps(60):
        exact = float(mpmath.taylor(function, at, order)[order])
    error = abs(answer.coefficients[order] / exact - 1)
    assert error > 1e-6
    assert [notice.code for notice in answer.notices] == ["precision"]
    assert f"order {order}" in answer.notices[0].message
    assert ("no digit" in answer.notices[0].message) == (error > 0.1)
    higher = engine.gradient(text, {"x": at}, order=order)
    assert [notice.code for notice in higher.notices] == ["precision"]


@pytest.mark.parametrize(
    ("text", "at", "order"),
    [
        ("exp(sin(x))/(1 + x**2) + tanh(x)*log(2 + x)", 0.5, 40),
        ("x**3", 1.0, 6),
        ("exp(x) - exp(-x)", 0.0, 8),
        ("1/(1 - x)", 0.0, 30),
        ("cos(x)", 1.5707963267948966, 10),
        ("(x + 1)**2 - x**2 - 2*x", 0.3, 5),
        ("sqrt(1 + x)*sigmoid(x)", 0.2, 20),
        ("sinc(x)", 0.001, 8),
        ("where(x > 0, x**2, 0)", 0.5, 3),
    ],
)
def test_there_is_no_false_alarm(text: str, at: float, order: int) -> None:
    assert engine.taylor(text, {"x": at}, order=order).notices == []
