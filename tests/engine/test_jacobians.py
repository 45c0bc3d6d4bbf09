"""Matrices of derivatives by their patterns: the same as seed by seed, whatever the way."""

from __future__ import annotations

import itertools
import math
from typing import Any

import mpmath
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


# Second derivatives of programs of numbers, which run over floats


def test_a_hessian_of_numbers_is_that_of_mpmath() -> None:
    def f(x: mpmath.mpf, y: mpmath.mpf) -> mpmath.mpf:
        return mpmath.sin(x * y) + mpmath.exp(-(x**2)) / (1 + y**2)

    text, point = "sin(x*y) + exp(-x**2)/(1 + y**2)", {"x": 0.3, "y": 0.7}
    with mpmath.workdps(40):
        at = (mpmath.mpf(0.3), mpmath.mpf(0.7))
        first = [float(mpmath.diff(f, at, by)) for by in ((1, 0), (0, 1))]
        xx, xy, yy = [float(mpmath.diff(f, at, by)) for by in ((2, 0), (1, 1), (0, 2))]
    found = engine.hessian(text, point)
    blocks = found.hessians
    assert blocks == {"x": {"x": pytest.approx(xx, rel=1e-14), "y": pytest.approx(xy, rel=1e-14)},
                      "y": {"x": blocks["x"]["y"], "y": pytest.approx(yy, rel=1e-14)}}  # fmt: skip
    assert all(type(number) is float for row in blocks.values() for number in row.values())
    assert (found.mode, found.evaluations, found.nonzeros, found.colors) == ("forward", 2, None, None)
    moved = engine.jvp(text, point, {"x": 2.0, "y": -3.0}).jvp
    assert type(moved) is float
    assert moved == pytest.approx(2 * first[0] - 3 * first[1], rel=1e-14)
    product = engine.hvp(text, point, {"x": 2.0, "y": -3.0}).hvp
    assert product == {"x": pytest.approx(2 * xx - 3 * xy, rel=1e-14), "y": pytest.approx(2 * xy - 3 * yy, rel=1e-14)}
    assert all(type(number) is float for number in product.values())


@pytest.mark.parametrize("count", [2, 12])
def test_a_hessian_of_many_numbers(count: int) -> None:
    names = [f"x{i}" for i in range(count)]
    text = " + ".join(f"{a}**2 * {b}" for a, b in itertools.pairwise(names)) + " + unused*0"
    found = engine.hessian(text, dict.fromkeys(names, 3.0) | {"unused": 1.0}, names)
    assert found.evaluations == count
    for i, name in enumerate(names):
        for j, by in enumerate(names):
            second = 6.0 * (i == j < count - 1) + 6.0 * (abs(i - j) == 1)
            assert found.hessians[name][by] == second
    with pytest.raises(LimitExceeded, match=f"needs {count**2} elements") as refused:
        engine.hessian(text, dict.fromkeys([*names, "unused"], 3.0), names, limits=Limits(elements=count**2 - 1))
    assert "hvp" in (refused.value.hint or "")


def test_where_floats_do_not_suffice_arrays_go_on() -> None:
    found = engine.hessian("x**0.5 * y", {"x": 0.0, "y": 2.0})
    assert found.hessians["x"] == {"x": -math.inf, "y": math.inf}
    assert [notice.code for notice in found.notices].count("nonfinite") == 1
    assert engine.jvp("sqrt(x)", {"x": 0.0}, {"x": 1.0}).jvp == math.inf
    assert engine.hvp("sqrt(x)", {"x": 0.0}, {"x": 1.0}).hvp == {"x": -math.inf}
    coo = engine.Problem("x**3 * y")
    for _ in range(2):  # the second time the pattern is known
        block = coo.hessian({"x": 2.0, "y": 5.0}, format="coo").hessians["x"]
        assert (block["x"].values.tolist(), block["y"].values.tolist()) == ([60.0], [12.0])
