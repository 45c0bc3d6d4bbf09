"""Linear algebra where the table does not look: repeated and singular values, empty and larger matrices, errors."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest
import scipy.linalg

import engine
from engine.errors import ShapeMismatch, WrongArguments

EYE = [[1.0, 0.0], [0.0, 1.0]]
SINGULAR = [[1.0, 2.0], [2.0, 4.0]]


def gradient(text: str, x: Any) -> Any:
    return engine.gradient(text, {"x": x}).gradients["x"]


def hessian(text: str, x: Any) -> Any:
    n = np.size(x)
    return engine.hessian(text, {"x": x}).hessians["x"]["x"].reshape(n, n)


def kinks(text: str, x: Any) -> list[str]:
    return [notice.message for notice in engine.gradient(text, {"x": x}).notices if notice.code == "kink"]


# Repeated eigenvalues and singular values


@pytest.mark.parametrize("text", ["sum(eigvalsh(x))", "sum(eigh(x).eigenvalues)", "sum(svdvals(x))", "sum(svd(x)[1])"])
def test_values_that_are_repeated_have_derivatives(text: str) -> None:
    assert np.array_equal(gradient(text, EYE), EYE)
    for mode in ("forward", "reverse"):
        jacobian = engine.jacobian(text, {"x": EYE}, mode=mode).jacobians["x"]
        assert np.array_equal(jacobian, EYE), mode
    assert "derivatives" in kinks(text, EYE)[0]


@pytest.mark.parametrize(
    "text", ["eigh(x)[1][0, 1]", "sum(svd(x)[0] * [[1, 2], [3, 5]])", "sum(svd(x).Vh * [[1, 2], [3, 5]])"]
)
def test_vectors_of_repeated_values_are_nan_with_the_reason(text: str) -> None:
    assert np.isnan(gradient(text, EYE)).all()
    assert "nan for the vectors" in kinks(text, EYE)[0]
    assert not kinks(text, [[3.0, 1.0], [1.0, 1.0]])


def test_a_repetition_is_known_despite_rounding() -> None:
    """The eigenvalues 1, 1 and 4, of which LAPACK finds the first two a few ulp apart."""
    x = [[2.0, 1.0, 1.0], [1.0, 2.0, 1.0], [1.0, 1.0, 2.0]]
    assert np.isnan(gradient("eigh(x)[1][1, 0]", x)).all()
    assert np.isfinite(gradient("eigh(x)[1][1, 2] ** 2", x)).all()
    assert kinks("eigh(x)[1][1, 0]", x)


@pytest.mark.parametrize("text", ["sum(eigvalsh(x) ** 2)", "sum(svdvals(x) ** 2)", "sum(eigh(x)[0] ** 2)"])
def test_second_derivatives_at_repeated_values_are_not_guessed(text: str) -> None:
    """Those of the single values do not exist, and of their sum nothing can be said by them: off the diagonal, nan."""
    found = hessian(text, EYE)
    assert np.isnan(found[1, 2])
    assert np.isnan(found[2, 1])
    assert ((found == 2 * np.eye(4)) | np.isnan(found)).all()
    assert np.isfinite(hessian(text, [[2.0, 0.5], [0.5, 1.0]])).all()


# Bases that are completed


def test_the_completing_vectors_have_values_and_no_derivative() -> None:
    x = [[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]
    u, s, vt = np.linalg.svd(x)
    for k, part in enumerate((u, s, vt)):
        np.testing.assert_allclose(engine.evaluate(f"svd(x)[{k}]", {"x": x}).value, part, rtol=1e-14)
        np.testing.assert_allclose(engine.evaluate(f"svd(x.T)[{k}]", {"x": x}).value, np.linalg.svd(np.transpose(x))[k])
    thin = gradient("sum(svd(x, full_matrices=False)[0] * [[1, 2], [3, 4], [5, 6]])", x)
    assert np.array_equal(gradient("sum(svd(x)[0][:, :2] * [[1, 2], [3, 4], [5, 6]])", x), thin)
    assert np.isnan(gradient("svd(x)[0][0, 2]", x)).all()
    assert np.isnan(gradient("svd(x.T)[2][2, 0]", x)).all()
    forward = engine.jacobian("svd(x)[0]", {"x": x}, mode="forward").jacobians["x"]
    assert np.isnan(forward[:, 2]).all()
    assert np.isfinite(forward[:, :2]).all()
    assert "complete a basis" in kinks("svd(x)[0][0, 2]", x)[0]


# Where there is no value, or an infinite one: never an exception


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("cholesky(x)", [[1.0, 2.0], [2.0, 1.0]], nan),
        ("cholesky(x)[0]", [EYE, [[-1.0, 0.0], [0.0, 1.0]]], None),
        ("inv(x)", SINGULAR, inf),
        ("slogdet(x)[1]", [[0.0, 0.0], [0.0, 1.0]], -inf),
        ("logdet(x)", [[0.0, 1.0], [1.0, 0.0]], nan),
        ("svdvals(x)", [[nan, 1.0], [1.0, 1.0]], nan),
        ("eigvalsh(x)", [[nan, 1.0], [1.0, 1.0]], nan),
        ("eigh(x)[1]", [[inf, 1.0], [1.0, 1.0]], nan),
        ("real(eigvals(x))", [[nan, 1.0], [1.0, 1.0]], nan),
        ("pinv(x)", [[nan, 1.0], [1.0, 1.0]], nan),
        ("pinv(x)", [[0.0, 0.0], [0.0, 0.0]], 0.0),
        ("matrix_exp(x)", [[nan, 1.0], [1.0, 1.0]], nan),
        ("cond(x)", [[0.0, 0.0], [0.0, 1.0]], inf),
        ("matrix_power(x, -1)", SINGULAR, inf),
        ("solve_triangular(x, [1.0, 1.0], lower=True)[1]", [[1.0, 0.0], [3.0, 0.0]], -inf),
        ("lu(x)[2]", SINGULAR, None),
        ("qr(x)[1]", SINGULAR, None),
        ("lstsq(x, x)[0]", SINGULAR, None),
    ],
)
def test_no_value_is_an_answer_too(text: str, x: Any, value: float | None) -> None:
    found = engine.gradient(text, {"x": x}, grad_output=np.ones(np.shape(engine.evaluate(text, {"x": x}).value)))
    if value is not None:
        assert np.array_equal(found.value, np.full(np.shape(found.value), value), equal_nan=True)
    assert np.shape(found.gradients["x"]) == np.shape(x)


def test_one_bad_matrix_does_not_spoil_the_stack() -> None:
    value = engine.evaluate("cholesky(x)", {"x": [EYE, [[-1.0, 0.0], [0.0, 1.0]]]}).value
    assert np.array_equal(value[0], EYE)
    assert np.isnan(value[1]).all()


@pytest.mark.parametrize(
    "text",
    [
        *("det(x)", "inv(x)", "pinv(x)", "slogdet(x)[1]", "logdet(x)", "cholesky(x)", "qr(x)[0]", "lu(x)[1]"),
        *("eigh(x)[1]", "eigvalsh(x)", "eigvals(x)", "eig(x)[1]", "svd(x)[0]", "svdvals(x)", "matrix_exp(x)"),
        *("matrix_power(x, 3)", "matrix_power(x, 0)", "matrix_power(x, -2)", "solve(x, x)", "lstsq(x, x)[0]"),
        *("solve_triangular(x, x)", "cholesky_solve(x, x)", "trace(x)", 'matrix_norm(x, "nuc")', "kron(x, x)"),
        *("matrix_rank(x)", "multi_dot([x, x, x])", "cdist(x, x)", "pdist(x)", "x @ x", "matrix_norm(x)"),
    ],
)
def test_a_matrix_without_rows(text: str) -> None:
    found = engine.evaluate(text, {"x": np.zeros((0, 0))}).value
    if text != "matrix_rank(x)":
        gradients = engine.gradient(text, {"x": np.zeros((0, 0))}, grad_output=np.ones_like(found)).gradients
        assert np.shape(gradients["x"]) == (0, 0)
    stack = np.zeros((2, 0, 0))
    if text not in ("multi_dot([x, x, x])", "pdist(x)"):
        assert np.shape(engine.evaluate(text, {"x": stack}).value)[-1:] == np.shape(found)[-1:] or not np.ndim(found)


# Exact zeros


POINTS = {
    "singular": [[1.0, 1.0], [1.0, 1.0]],
    "zero": [[0.0, 0.0], [0.0, 0.0]],
    "unit": EYE,
    "indefinite": [[1.0, 2.0], [2.0, 1.0]],
    "huge": [[1e200, 0.0], [1.0, 1e200]],
    "defective": [[1.0, 1.0], [0.0, 1.0]],
    "nan": [[nan, 1.0], [1.0, 1.0]],
    "inf": [[inf, 1.0], [1.0, 1.0]],
}


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(
    "text",
    [
        *("det(x)", "inv(x)", "slogdet(x)[1]", "logdet(x)", "solve(x, x)", "solve_triangular(x, x)", "cholesky(x)"),
        *("qr(x)[0]", "qr(x)[1]", "lu(x)[1]", "lu(x)[2]", "eigh(x)[0]", "eigh(x)[1]", "svd(x)[0]", "svd(x)[1]"),
        *("pinv(x)", "lstsq(x, x)[0]", "matrix_exp(x)", "matrix_power(x, 3)", "matrix_power(x, -2)", "cond(x)"),
        *("real(eigvals(x))", "abs(eig(x)[1])", 'matrix_norm(x, "nuc")', "matrix_norm(x, 2)", "vector_norm(x, 0.5)"),
        *("vector_norm(x, -1)", "cdist(x, x)", "cond(x, 1)", "kron(x, x)", "cholesky_inverse(x)", "vector_norm(x)"),
    ],
)
def test_a_branch_that_is_not_taken_gets_zero(text: str, point: str) -> None:
    asked = {"x": POINTS[point], "c": -1.0}
    assert not engine.gradient(f"where(c > 0, sum({text}), 0.0)", asked, ["x"]).gradients["x"].any()


@pytest.mark.parametrize("point", ["singular", "zero", "unit", "indefinite"])
@pytest.mark.parametrize(
    "text", ["cholesky(x)", "qr(x)[0]", "lu(x)[1]", "eigh(x)[1]", "svd(x)[0]", "svdvals(x)", "logm(x)", "sqrtm(x)"]
)
def test_a_branch_that_is_not_taken_gets_zero_at_the_second_order(text: str, point: str) -> None:
    assert not hessian(f"where(sum(x) > 99, sum({text}), 0.0)", POINTS[point]).any()


def _unit(n: int, *entries: tuple[int, int, float]) -> Any:
    found = np.zeros((n, n))
    for i, j, value in entries:
        found[i, j] = value
    return found


SQUARES: list[tuple[str, Any, Any]] = [
    ("(matrix_norm(x, 2) - 2) ** 2", np.diag([2.0, 1.0]), _unit(4, (0, 0, 2.0))),
    ('(matrix_norm(x, "nuc") - 3) ** 2', np.diag([2.0, 1.0]), 2.0 * np.outer([1, 0, 0, 1], [1, 0, 0, 1])),
    ("(cond(x) - 2) ** 2", np.diag([2.0, 1.0]), 2.0 * np.outer([1, 0, 0, -2], [1, 0, 0, -2])),
    ("sum((svdvals(x) - [2.0, 1.0]) ** 2)", np.diag([2.0, 1.0]), np.diag([2.0, 0.0, 0.0, 2.0])),
    ("(eigvalsh(x)[1] - 3) ** 2", np.diag([3.0, 1.0]), _unit(4, (0, 0, 2.0))),
    ("(real(eigvals(x))[0] - 3) ** 2", np.diag([3.0, 1.0]), _unit(4, (0, 0, 2.0))),
    ("sum((matrix_exp(x) - eye(2)) ** 2)", np.zeros((2, 2)), 2.0 * np.eye(4)),
    ("sum(logm(x) ** 2)", np.eye(2), 2.0 * np.eye(4)),
    ("(sqrtm(x)[0, 0] - 2) ** 2", np.diag([4.0, 1.0]), _unit(4, (0, 0, 0.125))),
    (
        "sum((cholesky(x) - eye(2)) ** 2)",
        np.eye(2),
        _unit(4, (0, 0, 0.5), (3, 3, 0.5), (1, 1, 0.5), (1, 2, 0.5), (2, 1, 0.5), (2, 2, 0.5)),
    ),
    ("sum((lu(x)[2] - [[2, 0], [0, 1]]) ** 2)", np.diag([2.0, 1.0]), np.diag([2.0, 2.0, 0.0, 2.0])),
    ("sum((pinv(x) - eye(2)) ** 2)", np.eye(2), 2.0 * np.eye(4)),
]
"""Squares at their minimum, where the cotangent of the root is zero and the Hessian is twice its Jacobian's square."""


@pytest.mark.parametrize(("text", "x", "expected"), SQUARES, ids=[text for text, _, _ in SQUARES])
def test_the_second_derivative_where_a_first_one_is_zero(text: str, x: Any, expected: Any) -> None:
    np.testing.assert_allclose(hessian(text, x), expected, rtol=1e-13, atol=1e-14)
    direction = np.array([[1.0, -2.0], [0.5, 3.0]])
    moved = engine.hvp(text, {"x": x}, {"x": direction}).hvp["x"]
    np.testing.assert_allclose(moved.ravel(), expected @ direction.ravel(), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        ("sum(pinv(x) @ y)", [[1.0]], [[0.0]]),
        ("sum(lstsq(x, y)[0] * 1.5)", [[1.0]], [[0.0]]),
        ("y * cond(x)", np.diag([2.0, 1.0]), 0.0),
        ("y * cholesky(x)[1, 1]", [[2.0, 1.0], [1.0, 3.0]], 0.0),
        ("y * qr(x)[1][0, 1]", [[2.0, 1.0], [0.5, 3.0]], 0.0),
        ("y * sqrtm(x)[0, 1]", [[2.0, 1.0], [0.5, 3.0]], 0.0),
    ],
)
def test_a_hessian_is_symmetric_where_a_factor_is_zero(text: str, x: Any, y: Any) -> None:
    found = engine.hessian(text, {"x": x, "y": y}).hessians
    across, back = np.ravel(found["x"]["y"]), np.ravel(found["y"]["x"])
    assert np.any(across)
    np.testing.assert_allclose(across, back, rtol=1e-13, atol=1e-15)


def test_vectors_of_repeated_values_have_no_second_derivative_either() -> None:
    """The cotangent is zero, and its derivative is not: to say zero would be a guess."""
    assert np.isnan(hessian("(eigh(x)[1][0, 0] - 1) ** 2", EYE)).any()
    assert np.isnan(hessian("sum((eigvalsh(x) - 1) ** 2)", EYE)).any()
    assert np.isnan(hessian("sum((svdvals(x) - 1) ** 2)", EYE)).any()
    apart = hessian("(eigvalsh(x)[2] - 3) ** 2", np.diag([1.0, 1.0, 3.0]))
    np.testing.assert_allclose(apart, _unit(9, (8, 8, 2.0)), atol=1e-14)


# Pivots that are zero


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("lu(x)[2][1, 1]", [[-2.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]),
        ("lu(x)[2][0, 0]", [[0.0]], [[1.0]]),
        ("lu(x)[2][1, 1]", [[2.0, 4.0], [1.0, 2.0]], [[1.0, -0.5], [-2.0, 1.0]]),
        ("lu(x)[2][0, 1]", [[0.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 0.0]]),
        ("qr(x)[1][0, 1]", [[2.0, 0.0], [0.0, 0.0]], [[0.0, 1.0], [0.0, 0.0]]),
        ("qr(x)[0][1, 0]", [[2.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.5, 0.0]]),
        ("lu(x)[2][1, 1]", [[0.0, 0.0], [0.0, 1.0]], None),
        ("lu(x)[1][1, 0]", [[0.0, 0.0], [0.0, 1.0]], None),
        ("qr(x)[1][1, 1]", [[2.0, 0.0], [0.0, 0.0]], None),
        ("qr(x)[1][1, 1]", [[2.0, 0.0], [0.0, 0.0], [0.0, 0.0]], None),
        ("qr(x)[0][0, 1]", [[2.0, 0.0], [0.0, 0.0]], None),
    ],
)
def test_what_depends_on_a_pivot_of_zero_is_not_guessed(text: str, x: Any, expected: Any) -> None:
    """What does not depend on it is right, in either mode."""
    found = [engine.jacobian(text, {"x": x}, mode=mode).jacobians["x"] for mode in ("reverse", "forward")]
    if expected is None:
        assert np.isnan(found[0]).all()
        assert not np.isfinite(found[1]).all()
        assert kinks(text, x)
    else:
        for jacobian in found:
            np.testing.assert_allclose(jacobian, expected, rtol=1e-15)


@pytest.mark.parametrize("p", ["None", "2", "-2", "1", '"fro"', '"nuc"'])
def test_the_condition_of_zero_is_infinite(p: str) -> None:
    assert engine.evaluate(f"np.linalg.cond(x, {p})", {"x": [[[0.0]], [[2.0]]]}).value.tolist() == [inf, 1.0]
    assert np.isnan(engine.evaluate(f"np.linalg.cond(x, {p})", {"x": [[nan]]}).value)


# Symmetric matrices


@pytest.mark.parametrize("text", ["eigvalsh(x)", "eigh(x)[1]", "cholesky(x)"])
def test_the_symmetric_part_is_meant_and_gradients_are_symmetric(text: str) -> None:
    x = np.array([[4.0, 1.0, -0.5], [2.0, 3.0, 0.25], [0.5, 0.75, 2.0]])
    even = (x + x.T) / 2
    weights = np.arange(1.0, 10.0).reshape(3, 3)[: 1 if text == "eigvalsh(x)" else 3].squeeze()
    found = engine.gradient(text, {"x": x}, grad_output=weights)
    known = engine.gradient(text, {"x": even}, grad_output=weights)
    np.testing.assert_allclose(found.value, known.value, rtol=1e-15)
    np.testing.assert_allclose(found.gradients["x"], known.gradients["x"], rtol=1e-13)
    np.testing.assert_allclose(found.gradients["x"], found.gradients["x"].T, rtol=1e-13)


# Matrices that have not the full rank


def test_the_pseudoinverse_moves_among_matrices_of_its_rank() -> None:
    rng = np.random.default_rng(1)
    left, right, by_left, by_right = (rng.normal(size=s) for s in ((5, 2), (2, 4), (5, 2), (2, 4)))
    x, direction = left @ right, by_left @ right + left @ by_right
    moved = engine.jvp("pinv(x)", {"x": x}, {"x": direction}).jvp
    h = 1e-6
    ahead, behind = (
        np.linalg.pinv((left + s * h * by_left) @ (right + s * h * by_right), rcond=1e-10) for s in (1, -1)
    )
    np.testing.assert_allclose(moved, (ahead - behind) / (2 * h), rtol=1e-6, atol=1e-8)
    weights = rng.normal(size=(4, 5))
    back = engine.gradient("pinv(x)", {"x": x}, grad_output=weights).gradients["x"]
    assert np.sum(back * direction) == pytest.approx(np.sum(weights * moved), rel=1e-12)
    assert engine.evaluate("matrix_rank(x)", {"x": x}).value == 2


def test_least_squares_of_dependent_columns_has_the_least_norm() -> None:
    a, b = np.array([[1.0, 2.0], [2.0, 4.0], [0.5, 1.0]]), np.array([1.0, -1.0, 3.0])
    found = engine.evaluate("lstsq(a, b).solution", {"a": a, "b": b}).value
    np.testing.assert_allclose(found, np.linalg.lstsq(a, b)[0], rtol=1e-14)


# Larger matrices, against NumPy and SciPy, and gradients against differences


LARGE: dict[str, Any] = {
    "det(x)": np.linalg.det,
    "inv(x)": np.linalg.inv,
    "slogdet(x)[1]": lambda x: np.linalg.slogdet(x)[1],
    "cholesky(x @ x.T)": lambda x: np.linalg.cholesky(x @ x.T),
    "qr(x)[0]": lambda x: np.linalg.qr(x)[0],
    "qr(x)[1]": lambda x: np.linalg.qr(x)[1],
    "qr(x[:, :5])[1]": lambda x: np.linalg.qr(x[:, :5])[1],
    "qr(x[:5])[0]": lambda x: np.linalg.qr(x[:5])[0],
    "lu(x)[0]": lambda x: scipy.linalg.lu(x)[0],
    "lu(x)[1]": lambda x: scipy.linalg.lu(x)[1],
    "lu(x)[2]": lambda x: scipy.linalg.lu(x)[2],
    "lu(x[:, :5])[1]": lambda x: scipy.linalg.lu(x[:, :5])[1],
    "lu(x[:5])[2]": lambda x: scipy.linalg.lu(x[:5])[2],
    "eigvalsh(x)": lambda x: np.linalg.eigvalsh((x + x.T) / 2),
    "eigh(x)[1]": lambda x: np.linalg.eigh((x + x.T) / 2)[1],
    "abs(eigvals(x))": lambda x: np.abs(np.linalg.eigvals(x)),
    "imag(eig(x)[1])": lambda x: np.imag(np.linalg.eig(x)[1]),
    "svdvals(x)": lambda x: np.linalg.svd(x)[1],
    "svd(x[:, :5], full_matrices=False)[0]": lambda x: np.linalg.svd(x[:, :5], full_matrices=False)[0],
    "svd(x[:5], full_matrices=False)[2]": lambda x: np.linalg.svd(x[:5], full_matrices=False)[2],
    "pinv(x[:, :5])": lambda x: np.linalg.pinv(x[:, :5]),
    "matrix_exp(x / 4)": lambda x: scipy.linalg.expm(x / 4),
    "matrix_power(x, 5)": lambda x: np.linalg.matrix_power(x, 5),
    "solve(x, x[:, :2].T.T)": lambda x: np.linalg.solve(x, x[:, :2]),
    "scipy.linalg.solve_triangular(x, x[:, 0], lower=True)": lambda x: scipy.linalg.solve_triangular(
        x, x[:, 0], lower=True
    ),
    "cond(x)": np.linalg.cond,
    'matrix_norm(x, "nuc")': lambda x: np.linalg.norm(x, "nuc"),
}


@pytest.mark.parametrize("text", LARGE)
def test_of_a_larger_matrix(text: str) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(8, 8)) + 3 * np.eye(8)
    known = LARGE[text]
    answer = engine.evaluate(text, {"x": x})
    np.testing.assert_allclose(answer.value, known(x), rtol=1e-11, atol=1e-12)
    weights, direction = rng.normal(size=np.shape(known(x))), rng.normal(size=(8, 8))
    h = 1e-6
    along = float(np.sum(weights * (known(x + h * direction) - known(x - h * direction))) / (2 * h))
    back = engine.gradient(text, {"x": x}, grad_output=weights).gradients["x"]
    assert np.sum(back * direction) == pytest.approx(along, rel=1e-5, abs=1e-6)
    moved = engine.jvp(text, {"x": x}, {"x": direction}).jvp
    assert np.sum(weights * moved) == pytest.approx(np.sum(back * direction), rel=1e-10, abs=1e-10)


HALF = "(x + conj(x).T) / 2"
COMPLEX: dict[str, Any] = {
    "det(x)": np.linalg.det,
    "inv(x)": np.linalg.inv,
    "slogdet(x)[0]": lambda x: np.linalg.slogdet(x)[0],
    f"cholesky({HALF})": lambda x: np.linalg.cholesky(_hermitian(x)),
    "qr(x)[0]": lambda x: np.linalg.qr(x)[0],
    "qr(x[:, :4])[1]": lambda x: np.linalg.qr(x[:, :4])[1],
    "qr(x[:4])[1]": lambda x: np.linalg.qr(x[:4])[1],
    "lu(x)[1]": lambda x: scipy.linalg.lu(x)[1],
    "eigh(x)[0]": lambda x: np.linalg.eigh(_hermitian(x))[0],
    "eigh(x)[1]": lambda x: np.linalg.eigh(_hermitian(x))[1],
    "eig(x)[0]": lambda x: np.linalg.eig(x)[0],
    "eig(x)[1]": lambda x: np.linalg.eig(x)[1],
    "svd(x)[0]": lambda x: np.linalg.svd(x)[0],
    "svd(x)[1]": lambda x: np.linalg.svd(x)[1],
    "svd(x)[2]": lambda x: np.linalg.svd(x)[2],
    "svd(x[:, :4], full_matrices=False)[0]": lambda x: np.linalg.svd(x[:, :4], full_matrices=False)[0],
    "svd(x[:4], full_matrices=False)[2]": lambda x: np.linalg.svd(x[:4], full_matrices=False)[2],
    "pinv(x[:, :4])": lambda x: np.linalg.pinv(x[:, :4]),
    "matrix_exp(x / 4)": lambda x: scipy.linalg.expm(x / 4),
    "solve(x, x[0])": lambda x: np.linalg.solve(x, x[0]),
    "vector_norm(x, 3)": lambda x: np.linalg.norm(np.ravel(x), 3),
}


def _hermitian(x: Any) -> Any:
    return (x + x.conj().T) / 2


@pytest.mark.parametrize("text", COMPLEX)
def test_of_a_complex_matrix(text: str) -> None:
    """The phases of vectors too are those that LAPACK gives them, and stay so to first order."""
    rng = np.random.default_rng(4)
    x, direction = (rng.normal(size=(6, 6)) + 1j * rng.normal(size=(6, 6)) for _ in range(2))
    x = x + 8 * np.eye(6)
    known = COMPLEX[text]
    value = engine.evaluate(text, {"x": x}).value
    np.testing.assert_allclose(value, known(x), rtol=1e-11, atol=1e-12)
    h = 1e-6
    along = (known(x + h * direction) - known(x - h * direction)) / (2 * h)
    moved = engine.jvp(text, {"x": x}, {"x": direction}).jvp
    np.testing.assert_allclose(moved, along, rtol=1e-6, atol=1e-7 * np.max(np.abs(along)))
    weights = rng.normal(size=np.shape(value))
    if np.iscomplexobj(value):
        weights = weights + 1j * rng.normal(size=np.shape(value))
    back = engine.gradient(text, {"x": x}, grad_output=weights).gradients["x"]
    assert np.sum(back.conj() * direction).real == pytest.approx(np.sum(weights.conj() * moved).real, rel=1e-10)


def test_the_exponential_is_right_to_the_last_digits() -> None:
    """exp of [[a, b], [0, a]] is eᵃ [[1, b], [0, 1]]; by a Padé approximation of order 13 two digits are lost."""
    value = engine.evaluate("matrix_exp(x)", {"x": [[3.0, 1.0], [0.0, 3.0]]}).value
    np.testing.assert_allclose(value, np.exp(3.0) * np.array([[1.0, 1.0], [0.0, 1.0]]), rtol=2e-15)


# Calls as they are pasted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch.linalg.solve(A, B)", np.array([[0.2, 0.4], [0.2, -0.4]])),
        ("numpy.linalg.matrix_power(B, 0)", np.eye(2)),
        ("torch.linalg.qr(B, mode='r')[0].size", 0),
        ("np.linalg.qr(B, mode='r').ndim", 2),
        ("torch.linalg.vector_norm(B, ord=inf)", 3.0),
        ("np.linalg.matrix_norm(B, ord=1)", 4.0),
        ("np.linalg.svd(B, compute_uv=False).ndim", 1),
        ("torch.linalg.eigh(B).eigenvalues.ndim + torch.linalg.svd(B).S.ndim", 2),
        ("np.linalg.slogdet(B).logabsdet", np.log(5.0)),
        ("np.linalg.cholesky(B, upper=True)[1, 0]", 0.0),
        ("scipy.linalg.cholesky(B, lower=False)[1, 0]", 0.0),
        ("scipy.linalg.cholesky(B)[1, 0]", 0.0),
        ("scipy.linalg.cholesky(B, lower=True)[0, 1]", 0.0),
        ("scipy.linalg.solve_triangular(B, [2, 1], trans='T')", np.array([1.0, 0.0])),
        ("torch.trace(B)", 5.0),
        ('torch.einsum("ij,jk->ik", [B, B])[0, 0]', 5.0),
        ('np.einsum("ij->", [[1, 2], [3, 4]])', 10.0),
        ("torch.linalg.matrix_rank(B, rtol=1e-3)", 2),
    ],
)
def test_spelled_as_elsewhere(text: str, expected: Any) -> None:
    """Of PyTorch's solve a second operand of one axis less is a stack of vectors; of NumPy's it is a matrix."""
    A, B = np.array([[[3.0, 1.0], [1.0, 2.0]]] * 2), np.array([[2.0, 1.0], [1.0, 3.0]])
    if text == "torch.linalg.solve(A, B)":
        B, expected = np.array([[1.0, 0.0], [0.0, 1.0]]), np.linalg.inv(A[0])
    np.testing.assert_allclose(engine.evaluate(text, {"A": A, "B": B}).value, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("text", "error", "part"),
    [
        ("det(v)", ShapeMismatch, "square"),
        ("inv(t)", ShapeMismatch, "square"),
        ("svd(v)[1]", ShapeMismatch, "a matrix is needed"),
        ("solve(x, t)", ShapeMismatch, "needs b of length"),
        ("solve_triangular(x, t)", ShapeMismatch, "rows"),
        ('qr(t, "complete")[0]', WrongArguments, "no derivative"),
        ('qr(x, "thin")[0]', WrongArguments, "modes"),
        ('eigh(x, "M")[0]', WrongArguments, "UPLO"),
        ("matrix_power(x, 0.5)", WrongArguments, "whole number"),
        ('matrix_norm(x, "two")', WrongArguments, "orders"),
        ("matrix_norm(v)", ShapeMismatch, "two axes"),
        ('vector_norm(x, "fro")', WrongArguments, "axis is a whole number"),
        ('vector_norm(x, ord="fro")', WrongArguments, "number"),
        ("cross([1, 2, 3, 4], v)", ShapeMismatch, "length 3"),
        ("tensordot(x, t, axes=3)", ShapeMismatch, "cannot be summed"),
        ("tensordot(x, t, axes=([0], [0, 1]))", WrongArguments, "as many axes"),
        ("multi_dot([v, v, v])", ShapeMismatch, "matrices"),
        ("addmm(t, x, x)", ShapeMismatch, "broadcast"),
        ("addmv(v, v, v)", ShapeMismatch, "matrix"),
        ("trace(v)", ShapeMismatch, "two axes"),
        ("cdist(x, t.T)", ShapeMismatch, "one length"),
        ("eigh(x) + 1", WrongArguments, "several results"),
        ("scipy.linalg.cholesky(x, True)", WrongArguments, "by name"),
        ("scipy.linalg.solve_triangular(x, v, 1)", WrongArguments, "by name"),
        ("tensorinv(t)", ShapeMismatch, "square"),
    ],
)
def test_errors_say_what_is_wrong(text: str, error: type[Exception], part: str) -> None:
    inputs = {"x": EYE, "v": [1.0, 2.0], "t": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}
    with pytest.raises(error, match=part):
        engine.evaluate(text, inputs)
