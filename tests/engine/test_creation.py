"""Tensors made from nothing, too large ones refused in time; random ones; what is said of wrong calls."""

import time
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import LimitExceeded, NablaError, ShapeMismatch, WrongArguments


@pytest.mark.parametrize(
    "text",
    [
        "zeros(10**9)", "np.ones((10**5, 10**5))", "full((10**9,), x)", "eye(10**6)", "tri(10**5)", "arange(10**9)",
        "arange(0, 1, 1e-12)", "arange(1e300)", "linspace(0, 1, 10**9)", "logspace(x, 1, 10**9)", "rand(10**9, seed=1)",
        "randn(10**5, 10**5, seed=1)", "randint(3, size=(10**9,), seed=1)", "randperm(10**9, seed=1)",
        "normal(x, 1, size=(10**9,), seed=1)", "one_hot([1, 2], 10**9)", "tile(x, 10**9)", "repeat([x, x], 10**9)",
        "repeat([x, x], [10**9, 1])", "pad([x, x], 10**9)", 'pad([x, x], 10**9, mode="edge")', "vander([x, x], 10**9)",
        "diag_embed(zeros(10**5))", "sliding_window_view(zeros(10**6), 1000)", "array_split([x, x], 10**9)[0]",
        "unbind(zeros(10**6))[0]", "torch.split(zeros(10**6), 1)[0]", "diff(zeros(10**6), 10**6)",
        "zeros(" + ", ".join(["9000000000000000"] * 25) + ")", "meshgrid(zeros(10**5), zeros(10**5))[0]",
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused_before_it_is_made(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded):
        engine.evaluate(text, {"x": 1.0})
    assert time.monotonic() - started < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "zeros(0, 10**14)", "cummax(zeros(0, 10**12), 1)", "tril(zeros(0, 10**6, 10**6))", "sort(zeros(0, 10**12))",
        "gather(zeros(0, 10**12), 1, zeros(0, 10**12))", "cumprod(zeros(10**12, 0), 0)",
    ],
)  # fmt: skip
def test_a_long_tensor_without_elements_takes_no_room(text: str) -> None:
    assert engine.evaluate(text, {"x": 1.0}).value.size == 0


@pytest.mark.parametrize("text", ["zeros(0, 10**15)", "diag_embed(zeros(0, 10**14))", "zeros(0, 10**15, 10**15)"])
def test_one_too_long_for_numpy_is_refused(text: str) -> None:
    with pytest.raises(ShapeMismatch, match="no elements"):
        engine.evaluate(text, {"x": 1.0})


@pytest.mark.parametrize(
    "call", ["rand(2, 3", "randn(3", "randint(5, size=(3,)", "randperm(4", "normal(x, 1", "rand_like(x"]
)
def test_random_numbers_need_a_seed_and_are_the_same_with_it(call: str) -> None:
    with pytest.raises(WrongArguments, match="need a seed") as raised:
        engine.evaluate(f"{call})", {"x": 1.0})
    assert "seed=0" in str(raised.value.hint)
    values = [engine.evaluate(f"{call}, seed={seed})", {"x": 1.0}).value for seed in (0, 0, 1)]
    assert np.array_equal(values[0], values[1])
    assert not np.array_equal(values[0], values[2]) or call == "randint(5, size=(3,)"


def test_random_numbers_are_distributed_as_they_say() -> None:
    def drawn(text: str) -> Any:
        return engine.evaluate(text, {"x": 1.0}).value

    flat, bell = drawn("rand(100000, seed=3)"), drawn("randn(100000, seed=4)")
    assert 0 <= flat.min() < 1e-3
    assert 0.999 < flat.max() < 1
    assert abs(flat.mean() - 0.5) < 0.01
    assert abs(bell.mean()) < 0.02
    assert abs(bell.std() - 1) < 0.02
    assert set(drawn("randint(-1, 2, size=(100,), seed=5)").tolist()) == {-1.0, 0.0, 1.0}
    assert sorted(drawn("randperm(9, seed=6)").tolist()) == list(range(9))


def test_random_numbers_are_differentiable_by_what_they_are_made_of() -> None:
    found = engine.gradient("sum(normal(m, s, seed=2))", {"m": [1.0, 2.0], "s": [0.5, 0.5]}).gradients
    bell = engine.evaluate("randn(2, seed=2)", {"x": 1.0}).value
    assert found["m"].tolist() == [1.0, 1.0]
    assert np.array_equal(found["s"], bell)


def test_tensors_have_the_precision_of_the_problem() -> None:
    for text in ("zeros(2)", "eye(2)", "arange(3)", "linspace(0, 1, 3)", "rand(2, seed=1)", "one_hot([0, 1], 2)"):
        assert engine.Problem(f"{text} * x", dtype="float32").evaluate({"x": 2.0}).value.dtype == np.float32
    assert engine.evaluate('zeros(2, dtype="float32")', {"x": 1.0}).value.dtype == np.float32
    assert engine.evaluate('arange(3, dtype="int64")', {"x": 1.0}).value.dtype == np.int64


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gather(x, 0, [0, 3])", "index 3 is out of range for an axis of length 3"),
        ("gather(x, 0, [0, -4])", "index -4 is out of range"),
        ("take(x, [0.5])", "whole number, not 0.5"),
        ("index_select(x, 0, [nan])", "whole number, not nan"),
        ("scatter(x, 0, [9], 1.0)", "out of range"),
        ("index_add(x, 0, [5], [1.0])", "out of range"),
        ("one_hot([3], 3)", "out of range"),
        ("gather(x, 0, [[0]])", "axes does not fit"),
        ("zeros(-1)", "at least 0"),
        ("zeros(2.5)", "whole numbers"),
        ('zeros(2, dtype="float16")', "not an element type"),
        ("arange(0, 1, 0)", "a step that is not 0"),
        ("arange(0, 1, 5e-324)", "too many"),
        ("rand(2, seed=-1)", "a seed is a whole number"),
        ("randint(3, 3, seed=1)", "no whole numbers"),
        ("quantile(x, 1.5)", "between 0 and 1"),
        ("topk(x, 4)", "from 0 to 3"),
        ("kthvalue(x, 0)", "from 1 to 3"),
        ("np.split(x, 2)", "2 equal pieces"),
        ("torch.split(x, [1, 1])", "do not make up"),
        ('pad(x, 1, mode="mean")', "no mode"),
        ("F.pad(x, (1, 2, 3))", "two whole numbers for each axis"),
        ("np.linalg.norm([x, x], 3)", "order 3|'3'|3"),
        ("moveaxis(x, (0, 0), (0, 1))", "named twice|out of range"),
        ("np.gradient([1.0])", "too short"),
        ("average(x, weights=[1, 2])", "do not fit"),
        ("narrow(x, 0, 2, 2)", "not in an axis"),
        ("split(x)", "into what"),
    ],
)
def test_what_does_not_fit_is_said(text: str, message: str) -> None:
    with pytest.raises(NablaError, match=message):
        engine.evaluate(text, {"x": [1.0, 2.0, 3.0]})


def test_an_index_out_of_range_is_said_in_every_question() -> None:
    problem = engine.Problem("sum(gather(x, 0, i))")
    inputs = {"x": [1.0, 2.0], "i": engine.Input([0, 2], dtype="int64")}
    for ask in (problem.evaluate, problem.gradient, problem.jacobian, problem.hessian):
        with pytest.raises(WrongArguments, match="out of range"):
            ask(inputs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.repeat(2)", [1.0, 2.0, 3.0, 1.0, 2.0, 3.0]),
        ("np.repeat(x, 2)", [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]),
        ("x.split(2)[1]", [3.0]),
        ("np.split(x, 3)[1]", [2.0]),
        ("x.unfold(0, 2, 1)[1]", [2.0, 3.0]),
        ("quantile(x, q)", float("nan")),
        ("nanmax(x * nan)", float("nan")),
        ("median(zeros(0))", float("nan")),
    ],
)
def test_a_spelling_means_what_its_library_means(text: str, expected: Any) -> None:
    found = engine.evaluate(text, {"x": [1.0, 2.0, 3.0], "q": 1.5}).value
    np.testing.assert_array_equal(found, expected)
