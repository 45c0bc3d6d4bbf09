"""Matrices of derivatives by their patterns: the same as seed by seed, whatever the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine import jacobians
from engine.errors import InvalidInput, LimitExceeded, NonscalarOutput
from engine.limits import Limits

X = np.linspace(0.3, 2.0, 12)
INPUTS: dict[str, Any] = {
    "x": X,
    "A": X.reshape(3, 4),
    "s": 1.5,
    "n": engine.Input(np.array([2, 0, 1]), dtype="int64"),
}

PROGRAMS = [
    "x[1:] * x[:-1] * s",
    "sin(A) * x.reshape(3, 4) + s",
    "A[n] ** 2",
    "A.T @ A",
    "stack([x, x[::-1]], axis=1) * s",
    "sum(A, axis=0) * x[:4]",
    "sum(A * A)",
    "outer(x[:3], A[0])",
    "concatenate([[sum(x)], x[0] * x[1:]])",
    "sort(x * where(x > 1, -1, 1)) * s",
    "y = zeros(12)\ny[2:5] = x[:3] ** 2\ny * s",
    "softmax(A, axis=1)",
    "cumsum(x[:4]) * A",
    "inv(A[:3, :3] + eye(3))",
    "s * zeros(3)",
    "zeros(2, 3)",
]


def same(found: Any, expected: Any) -> bool:
    return bool(np.allclose(found, expected, rtol=1e-13, atol=1e-14))


@pytest.mark.parametrize("mode", jacobians.MODES)
@pytest.mark.parametrize("text", PROGRAMS)
def test_the_elements_of_a_pattern_are_those_of_the_whole(text: str, mode: str) -> None:
    problem = engine.Problem(text)
    whole, sparse = (problem.jacobian(INPUTS, mode=mode, format=format) for format in ("dense", "coo"))
    count = 0
    for name, block in whole.jacobians.items():
        elements = sparse.jacobians[name]
        assert elements.shape == np.shape(block)
        assert same(elements.dense(), block)
        places = np.ravel_multi_index(tuple(elements.indices), elements.shape) if elements.shape else np.zeros(1)
        assert np.all(np.diff(places) > 0), "in order, and each once"
        count += len(elements.values)
    assert sparse.nonzeros == count
    assert sparse.evaluations == sparse.colors


@pytest.mark.parametrize("text", PROGRAMS)
def test_the_elements_of_a_hessian_are_those_of_the_whole(text: str) -> None:
    *lines, last = text.split("\n")
    problem = engine.Problem("\n".join([*lines, f"sum(({last})**2)"]))
    whole, sparse = (problem.hessian(INPUTS, format=format).hessians for format in ("dense", "coo"))
    for name, by in ((name, by) for name in whole for by in whole):
        assert same(sparse[name][by].dense(), whole[name][by])
        for blocks in (whole, {a: {b: block.dense() for b, block in row.items()} for a, row in sparse.items()}):
            axes = np.ndim(engine.prepare(INPUTS).values[name])
            mirrored = np.moveaxis(blocks[by][name], range(-axes, 0), range(axes)) if axes else blocks[by][name]
            assert np.array_equal(blocks[name][by], mirrored), "to the last bit"


@pytest.mark.parametrize("text", ["x[1:] * x[:-1]", "x ** 2 + s", "concatenate([[sum(x)], x[0] * x[1:]])"])
def test_a_large_one_is_compressed_where_it_pays(text: str) -> None:
    """Against seed by seed, which the same program has where its pattern is not worth looking for."""
    x = np.linspace(0.5, 1.5, 800)
    found = engine.jacobian(text, {"x": x, "s": 2.0})
    assert found.colors is not None
    assert found.colors <= 4
    rows = [engine.gradient(f"({text})[{i}]", {"x": x, "s": 2.0}).gradients["x"] for i in range(len(found.value))]
    assert same(found.jacobians["x"], rows)


def test_a_full_one_is_not_compressed() -> None:
    found = engine.jacobian("tanh(W @ x)", {"W": np.eye(400), "x": np.ones(400)}, wrt=["x"])
    assert (found.colors, found.nonzeros, found.evaluations) == (None, None, 400)
    found = engine.jacobian("tanh(W @ x)", {"W": np.ones((90, 90)), "x": np.ones(90)}, wrt=["W"])
    assert found.evaluations == 1  # each row of the result has a row of W to itself


def test_a_pattern_of_places_holds_for_those_only() -> None:
    problem = engine.Problem("take_along_axis(x, argsort(x), 0) * 2")
    for x in ([3.0, 1.0, 2.0], [1.0, 2.0, 3.0]):
        found = problem.jacobian({"x": x}, format="coo").jacobians["x"]
        assert np.array_equal(found.dense(), 2 * np.eye(3)[np.argsort(x)])


def test_a_plan_is_kept_for_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = engine.Problem("x[1:] * x[:-1]")
    problem.jacobian({"x": X}, format="coo")
    problem.hessian = engine.Problem("sum(x[1:] * x[:-1])").hessian  # type: ignore[method-assign]
    problem.hessian({"x": X}, format="coo")
    monkeypatch.delattr(jacobians, "dependencies")
    assert same(problem.jacobian({"x": 2 * X}, format="coo").jacobians["x"].values[:2], [2 * X[1], 2 * X[0]])
    assert np.all(problem.hessian({"x": 2 * X}, format="coo").hessians["x"]["x"].values == 1.0)


def test_seeds_go_in_chunks_where_memory_is_short() -> None:
    """The limit has room for a few seeds at a time; the answer is the same."""
    x = np.linspace(0.5, 1.5, 300)
    text = "a = sin(x)\nb = a * x\nc = b + exp(a)\nouter(c[:3], c[3:6]).reshape(9)"
    for mode in ("forward", "reverse"):
        tight = engine.jacobian(text, {"x": x}, mode=mode, limits=Limits(bytes=60_000))
        assert same(tight.jacobians["x"], engine.jacobian(text, {"x": x}, mode=mode).jacobians["x"])


def test_derivatives_that_are_not_finite_stay_where_they_are() -> None:
    found = engine.jacobian("sqrt(x)", {"x": [0.0, 1.0, 4.0]}, format="coo")
    assert found.jacobians["x"].values.tolist() == [np.inf, 0.5, 0.25]
    assert {notice.code for notice in found.notices} == {"nonfinite"}
    hessian = engine.hessian("sum(x**1.5)", {"x": [0.0, 1.0, 4.0]}, format="coo")
    assert hessian.hessians["x"]["x"].values.tolist() == [np.inf, 0.75, 0.375]


def test_single_precision_stays_single() -> None:
    x = engine.Input(X, dtype="float32")
    assert engine.jacobian("x**2", {"x": x}, format="coo").jacobians["x"].values.dtype == np.float32
    assert engine.jacobian("x**2", {"x": x}).jacobians["x"].dtype == np.float32


def test_what_cannot_be_asked_for() -> None:
    with pytest.raises(InvalidInput, match="format 'csr' is not known"):
        engine.jacobian("x**2", {"x": X}, format="csr")
    with pytest.raises(InvalidInput, match="complex numbers"):
        engine.jacobian("abs(z)**2", {"z": 1j}, format="coo")
    with pytest.raises(NonscalarOutput):
        engine.hessian("x**2", {"x": X}, format="coo")
    with pytest.raises(LimitExceeded) as error:
        engine.jacobian("x**2", {"x": np.ones(10_000)})
    assert '"format": "coo"' in str(error.value.hint)
    assert len(engine.jacobian("x**2", {"x": np.ones(10_000)}, format="coo").jacobians["x"].values) == 10_000


def test_a_plan_is_that_of_its_inputs_in_their_order() -> None:
    problem, inputs = engine.Problem("x[:2] * y[1:]"), {"x": [1.0, 2.0, 3.0, 4.0], "y": [5.0, 6.0, 7.0]}
    for wrt in (["x", "y"], ["y", "x"], ["x"], ["y"], ["x", "y"]):
        found = problem.jacobian(inputs, wrt=wrt, format="coo").jacobians
        whole = problem.jacobian(inputs, wrt=wrt).jacobians
        assert list(found) == wrt
        assert all(np.array_equal(found[name].dense(), whole[name]) for name in wrt)


def test_a_truth_value_that_a_branch_gives_is_a_number() -> None:
    answer = engine.evaluate("where(x > 0, x > 1, y)", {"x": 2.0, "y": 1.0})
    assert (answer.value, type(answer.value), answer.dtype) == (1.0, float, "float64")


def test_what_is_kept_of_all_graphs_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = jacobians._Kept()
    kept.ROOM = 25_000
    monkeypatch.setattr(jacobians, "_KEPT", kept)
    problems = [engine.Problem(f"x * {k}") for k in range(1, 5)]
    for problem in problems:
        problem.jacobian({"x": np.ones(10_000)}, format="coo")
    point = engine.prepare({"x": np.ones(10_000)})
    assert [bool(problem.graph(point).plans) for problem in problems] == [False, False, True, True]
    large = engine.Problem("x * 9")
    large.jacobian({"x": np.ones(30_000)}, format="coo")
    assert not large.graph(engine.prepare({"x": np.ones(30_000)})).plans
