"""Whatever a program makes of a vector, its derivatives in coordinates are those that it has element by element.

Programs are put together from steps that take vectors to vectors: of elements, shifts, sums, choices by value, products
with constants. A pattern that missed a dependency, or two columns that were seeded together and meet in a row, would
show as a wrong number. `make fuzz` goes on with other ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from tests.engine.coordinates import dense

N = 8
M = [[float((3 * i + 5 * j) % 7 - 3) if (i + 2 * j) % 3 else 0.0 for j in range(N)] for i in range(N)]
WRITING = "def put(a, b):\n    a = 1 * a\n    a[1:] = b[:-1] * a[1:]\n    a[3] = b[0]\n    return a\n"
ONE = [
    "sin({})", "(({})**2)", "tanh({})", "exp(-({})**2)", "relu({})", "abs({})", "({} / 3)", "(0 * {})", "detach({})",
    "roll({}, 1)", "roll({}, -3)", "flip({}, 0)", "({})[[7, 0, 3, 3, 1, 2, 6, 4]]", "({})[argsort(y)]", "sort({})",
    "pad(({})[1:-1], 1)", "({}).reshape(2, 4).T.ravel()", "repeat_interleave(({})[:4], 2)", "cumsum({}, 0)",
    "cumprod({}, 0)", "cummax({}, 0)", "softmax(({}).reshape(4, 2), 1).ravel()", "(M @ ({}))",
    "sum(({}).reshape(2, 4), axis=0, keepdims=True).repeat(2, 1).ravel()", "expand(max({}), [8])",
    "conv1d(({}).reshape(1, 1, -1), [[[1, 0, -2]]], padding=1).ravel()", "einsum('ij,j->i', M, {})", "topk({}, 8)",
    "max(({}).reshape(4, 2), axis=1)[[0, 1, 2, 3, 3, 2, 1, 0]]", "diagonal(outer({0}, {0}))", "tril(M * ({}))[3]",
    "scatter_add(zeros(8), 0, [0, 2, 2, 1, 7, 7, 7, 0], {})", "where(x > 0, {}, y)",
    "({} if sum(x) > 0 else y)", "clamp({}, -1, 1)", "take({}, [1, 1, 1, 0, 5, 6, 7, 2])", "logcumsumexp({}, 0)",
]  # fmt: skip
TWO = [
    "({} + {})", "({} - {})", "({} * {})", "({} * sum({}))", "maximum({}, {})", "where(y > 0, {}, {})", "put({}, {})",
    "concatenate([({})[5:], ({})[:5]])", "stack([({})[:4], ({})[4:]], axis=1).ravel()", "(({}) / (1 + ({})**2))",
    "(outer({}, {}) @ [1, 0, 0, 2, 0, 0, 0, 1])", "(({}).reshape(2, 2, 2) @ ({}).reshape(2, 2, 2)).ravel()",
    "({} * mean(({})[2:5]))",
]  # fmt: skip


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(str.format, st.sampled_from(ONE), inner), st.builds(str.format, st.sampled_from(TWO), inner, inner)
    )


PROGRAMS = st.recursive(st.sampled_from(["x", "x", "y"]), _longer, max_leaves=6)


def points(seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    return [{"x": rng.normal(size=N), "y": rng.normal(size=N), "M": np.array(M)} for _ in range(3)]


def assert_same(sparse: Any, whole: Any) -> None:
    """A tensor in coordinates is the whole one: what it has no place for is zero."""
    assert sparse.shape == np.shape(whole)
    np.testing.assert_allclose(dense(sparse), whole, rtol=1e-9, atol=1e-11 * np.max(np.abs(whole), initial=1e-3))


@settings(max_examples=400)
@given(PROGRAMS, st.integers(0, 10**6))
def test_jacobian_in_coordinates(text: str, seed: int) -> None:
    asked = engine.Problem(WRITING + text)
    for point in points(seed):
        for mode in ("forward", "reverse"):
            whole = asked.jacobian(point, ["x", "y"], mode)
            sparse = asked.jacobian(point, ["x", "y"], mode, format="coo")
            for name in "xy":
                assert_same(sparse.jacobians[name], whole.jacobians[name])
        sparse = asked.jacobian(point, ["x", "y"], format="coo")
        for name in "xy":
            assert_same(sparse.jacobians[name], whole.jacobians[name])


@settings(max_examples=300)
@given(PROGRAMS, st.integers(0, 10**6))
def test_hessian_in_coordinates(text: str, seed: int) -> None:
    asked = engine.Problem(f"{WRITING}sum({text} * [3, -1, 2, 0.5, -2, 1, 1, 4])")
    for point in points(seed):
        whole = asked.hessian(point, ["x", "y"]).hessians
        sparse = asked.hessian(point, ["x", "y"], format="coo").hessians
        for name in "xy":
            np.testing.assert_array_equal(whole[name][name], whole[name][name].T)
            for by in "xy":
                assert_same(sparse[name][by], whole[name][by])
        np.testing.assert_array_equal(whole["x"]["y"], whole["y"]["x"].T)
