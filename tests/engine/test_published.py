"""Published test problems: the engine against derivatives written by hand, and those against SymPy at 50 digits."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import engine
from tests.engine.coordinates import dense, entries
from tests.engine.published import LEAST_SQUARES, PUBLISHED, Problem

DIGITS = 50


def name_of(problem: Problem) -> str:
    return problem.name


def points(problem: Problem) -> list[list[float]]:
    """The start, one beside it where nothing is zero, and the known minima."""
    beside = [x + 0.125 + 0.0625 * (k % 5) for k, x in enumerate(problem.start)]
    return [[float(x) for x in point] for point in (problem.start, beside, *(at for at, _ in problem.minima))]


def jacobian_by_hand(problem: Problem, point: list[float]) -> Any:
    """∂fᵢ/∂xⱼ, computed with 50 digits."""
    with mpmath.workdps(DIGITS):
        found = np.zeros((len(residuals_by_hand(problem, point)), len(point)))
        for (i, j), value in problem.first(mpmath, counted(point)).items():
            found[i - 1, j - 1] = value
    return found


def hessian_by_hand(problem: Problem, point: list[float]) -> Any:
    """Of Σ fᵢ²: 2 Σ (∇fᵢ ∇fᵢᵀ + fᵢ ∇²fᵢ), computed with 50 digits."""
    with mpmath.workdps(DIGITS):
        f, n = residuals_by_hand(problem, point), len(point)
        first = problem.first(mpmath, counted(point))
        total = [[mpmath.mpf(0)] * n for _ in range(n)]
        rows: dict[int, dict[int, Any]] = {}
        for (i, j), value in first.items():
            rows.setdefault(i, {})[j] = value
        for row in rows.values():
            for j in row:
                for k in row:
                    total[j - 1][k - 1] += 2 * row[j] * row[k]
        assert problem.second
        for (i, j, k), value in problem.second(mpmath, counted(point)).items():
            for a, b in {(j, k), (k, j)}:
                total[a - 1][b - 1] += 2 * f[i - 1] * value
    return np.array(total, dtype=float)


def residuals_by_hand(problem: Problem, point: list[float]) -> list[Any]:
    return problem.residuals(mpmath, counted(point))


def counted(point: list[float]) -> list[Any]:
    """Counted from 1, and of more digits."""
    return [None, *(mpmath.mpf(x) for x in point)]


def assert_near(found: Any, wanted: Any) -> None:
    """To a relative 1e-12, or 1e-14 of the largest."""
    assert np.shape(found) == np.shape(wanted)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14 * np.max(np.abs(wanted), initial=0))


# ---- what is written by hand is right --------------------------------------------------------------------------------


class Exact:
    """SymPy under the names that mpmath has."""

    mpf = staticmethod(lambda x: sympy.Rational(x))
    exp, sqrt, sin, cos, atan2, pi = sympy.exp, sympy.sqrt, sympy.sin, sympy.cos, sympy.atan2, sympy.pi


def exactly(expression: Any, point: dict[Any, float]) -> Any:
    """The value of what SymPy derived, to 50 digits; numbers in it are the doubles that they are written as."""
    exact = sympy.sympify(expression)
    exact = exact.xreplace({x: sympy.Rational(x) for x in exact.atoms(sympy.Float)})
    return exact.evalf(DIGITS, subs={x: sympy.Rational(v) for x, v in point.items()})


@pytest.mark.parametrize("problem", PUBLISHED, ids=name_of)
def test_hand_agrees_with_sympy(problem: Problem) -> None:
    at = points(problem)[1]
    x = sympy.symbols(f"x1:{len(at) + 1}")
    where = dict(zip(x, at, strict=True))
    f = problem.residuals(Exact, [None, *x])
    with mpmath.workdps(DIGITS):
        first = problem.first(mpmath, counted(at))
        second = problem.second(mpmath, counted(at)) if problem.second else {}
        for i, fi in enumerate(f, 1):
            for j, xj in enumerate(x, 1):
                by_sympy = sympy.diff(fi, xj)
                assert close(first.get((i, j), 0), exactly(by_sympy, where))
                for k in range(j, len(x) + 1) if problem.second else ():
                    assert close(second.get((i, j, k), 0), exactly(sympy.diff(by_sympy, x[k - 1]), where))


def close(hand: Any, derived: Any) -> bool:
    derived = mpmath.mpf(derived._to_mpmath(200))
    return bool(abs(hand - derived) <= mpmath.mpf(10) ** (5 - DIGITS) * max(abs(hand), abs(derived)))


# ---- the engine ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", PUBLISHED, ids=name_of)
def test_values_and_jacobians(problem: Problem) -> None:
    asked = engine.Problem(problem.text)
    for point in points(problem):
        values = np.array(residuals_by_hand(problem, point), dtype=float)
        wanted = jacobian_by_hand(problem, point)
        for mode in ("forward", "reverse"):
            answer = asked.jacobian({"x": point}, mode=mode)
            largest = np.max(np.abs(point)) * np.max(np.abs(wanted))
            np.testing.assert_allclose(answer.value, values, rtol=1e-13, atol=1e-14 * largest)
            assert_near(answer.jacobians["x"], wanted)


@pytest.mark.parametrize("problem", LEAST_SQUARES, ids=name_of)
def test_gradients_and_hessians(problem: Problem) -> None:
    asked = engine.Problem(problem.objective)
    for point in points(problem):
        jacobian = jacobian_by_hand(problem, point)
        values = np.array(residuals_by_hand(problem, point), dtype=float)
        answer = asked.hessian({"x": point})
        parts = 2 * jacobian * values[:, None]
        np.testing.assert_allclose(
            answer.gradients["x"], parts.sum(0), rtol=1e-12, atol=1e-13 * np.max(np.abs(jacobian)) ** 2
        )
        assert_near(answer.hessians["x"]["x"], hessian_by_hand(problem, point))


@pytest.mark.parametrize("problem", LEAST_SQUARES, ids=name_of)
def test_starts_and_minima_are_as_published(problem: Problem) -> None:
    asked = engine.Problem(problem.objective)
    if problem.at_start is not None:
        assert asked.evaluate({"x": problem.start}).value == pytest.approx(problem.at_start, rel=1e-14)
    for point, least in problem.minima:
        answer = asked.hessian({"x": [float(x) for x in point]})
        assert answer.value == pytest.approx(least, abs=1e-25)
        assert np.max(np.abs(answer.gradients["x"])) < 1e-13
        assert np.min(np.linalg.eigvalsh(answer.hessians["x"]["x"])) > -1e-12
    for point, hessian in problem.hessians:
        found = asked.hessian({"x": [float(x) for x in point]}).hessians["x"]["x"]
        np.testing.assert_allclose(found, hessian, rtol=1e-14)


@pytest.mark.parametrize("problem", LEAST_SQUARES, ids=name_of)
def test_hessians_are_symmetric_to_the_last_bit(problem: Problem) -> None:
    parts = engine.Problem("x = concatenate([p, q])\n" + problem.objective)
    whole = engine.Problem(problem.objective)
    for point in points(problem):
        hessian = whole.hessian({"x": point}).hessians["x"]["x"]
        np.testing.assert_array_equal(hessian, hessian.T)
        blocks = parts.hessian({"p": point[:1], "q": point[1:]}).hessians
        np.testing.assert_array_equal(blocks["p"]["q"], blocks["q"]["p"].T)
        np.testing.assert_array_equal(blocks["q"]["q"], blocks["q"]["q"].T)
        assert_near(np.block([[blocks[a][b] for b in "pq"] for a in "pq"]), hessian)


@pytest.mark.parametrize("problem", PUBLISHED, ids=name_of)
def test_patterns_of_jacobians(problem: Problem) -> None:
    asked = engine.Problem(problem.text)
    for point in points(problem):
        answer = asked.jacobian({"x": point}, format="coo")
        wanted = jacobian_by_hand(problem, point)
        assert entries(answer.jacobians["x"]) == {(i - 1, j - 1) for i, j in problem.first(mpmath, counted(point))}
        assert_near(dense(answer.jacobians["x"]), wanted)


@pytest.mark.parametrize("problem", LEAST_SQUARES, ids=name_of)
def test_patterns_of_hessians(problem: Problem) -> None:
    asked = engine.Problem(problem.objective)
    for point in points(problem):
        sparse = asked.hessian({"x": point}, format="coo").hessians["x"]["x"]
        assert entries(sparse) <= coupled(problem, point)
        found = dense(sparse)
        np.testing.assert_array_equal(found, found.T)
        assert_near(found, hessian_by_hand(problem, point))


def coupled(problem: Problem, point: list[float]) -> set[tuple[int, int]]:
    """Pairs of variables that a residual depends on both of, so that its square couples them."""
    rows: dict[int, list[int]] = {}
    for i, j in problem.first(mpmath, counted(point)):
        rows.setdefault(i, []).append(j - 1)
    return {(a, b) for row in rows.values() for a in row for b in row}
