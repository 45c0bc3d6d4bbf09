"""A map over points is, to the last bit, what a loop over them gives; and one point does not spoil the others."""

from __future__ import annotations

import contextlib
import itertools
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import engine
from engine.errors import DeadlineExceeded, InvalidInput, LimitExceeded, NablaError, ShapeMismatch, UnknownName
from engine.functions import FUNCTIONS
from engine.kinds import PRIMITIVES

RNG = np.random.default_rng(5)
A = RNG.normal(size=(7, 3, 3))
V = RNG.normal(size=(7, 3))
S = RNG.normal(size=7)
P = RNG.uniform(0.2, 3.0, size=7)

PROGRAMS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "the product of a scalar": ("sin(x*y) + exp(-x**2)/(1 + y**2)", {"x": S, "y": P}, ["x", "y"]),
    "one input shared": ("sin(x*y) + exp(-x**2)/(1 + y**2)", {"x": S, "y": 0.7}, ["x"]),
    "a shared input that matters alone": ("x * gamma(y) + erf(y)", {"x": S, "y": 2.5}, ["x"]),
    "a vector": ("sum(tanh(v) * w) + log(sum(exp(v)))", {"v": V, "w": [0.5, 2.0, -1.0]}, ["v"]),
    "a product of matrices": ("sum(tanh(A @ v)**2)", {"A": A, "v": V}, ["A", "v"]),
    "matrices shared": ("v @ A @ v + sum(sin(A))", {"A": A[0], "v": V}, ["v"]),
    "a choice": ("sum(where(v > 0, sqrt(v + 1e-3), v**3))", {"v": np.abs(V)}, ["v"]),
    "reductions over all axes": ("std(A) + mean(A) * max(A) - prod(A)", {"A": A}, ["A"]),
    "linear algebra": ("sum(solve(A @ A.T + 4*eye(3), v)) + logdet(A @ A.T + eye(3))", {"A": A, "v": V}, ["A", "v"]),
    "single precision": ("sum(tanh(v) * w) / x", {"v": engine.Input(V, "float32"),
                                                  "w": engine.Input([0.5, 2.0, -1.0], "float32"),
                                                  "x": engine.Input(P, "float32")}, ["v", "x"]),
    "a scalar in single precision": ("sin(x) * y", {"x": engine.Input(S, "float32"), "y": 2.0}, ["x"]),
    "a branch": ("if x > 0:\n    y = log(x)\nelse:\n    y = x**2\ny * 3", {"x": S}, ["x"]),
    "a loop of its own length": ("x = 1\nwhile abs(x*x - a) > 1e-9:\n    x = (x + a/x)/2\nx", {"a": P}, ["a"]),
    "an index": ("v[k]**2", {"v": V, "k": engine.Input([0, 1, 2, 1, 0, 2, 2], "int64")}, ["v", "k"]),
    "a constant": ("3 + 0*c", {"x": S, "c": 1.0}, ["x"]),
}  # fmt: skip


def at(inputs: dict[str, Any], names: list[str], place: int) -> dict[str, Any]:
    """The inputs of one point."""
    return {name: _part(value, place) if name in names else value for name, value in inputs.items()}


def _part(value: Any, place: int) -> Any:
    if isinstance(value, engine.Input):
        return engine.Input(np.asarray(value.data)[place], value.dtype, value.requires_grad)
    return np.asarray(value)[place]


def count(inputs: dict[str, Any], names: list[str]) -> int:
    value = inputs[names[0]]
    return len(value.data if isinstance(value, engine.Input) else value)


def same(stacked: Any, parts: list[Any]) -> None:
    """Whether a tensor, or a dictionary or list of them, is that of each point, to the last bit."""
    if isinstance(stacked, dict):
        assert all(list(stacked) == list(part) for part in parts)
        for name, part in stacked.items():
            same(part, [found[name] for found in parts])
    elif isinstance(stacked, list):
        for place, part in enumerate(stacked):
            same(part, [found[place] for found in parts])
    elif stacked is None:
        assert parts == [None] * len(parts)
    else:
        expected = np.stack([np.asarray(part) for part in parts]).astype(stacked.dtype)
        assert stacked.shape == expected.shape
        assert stacked.tobytes() == expected.tobytes(), (stacked, expected)


FIELDS = ("value", "gradients", "jacobians", "hessians", "jvp", "hvp")


def agree(found: Any, singles: list[Any]) -> None:
    """Whether an answer is those of a loop, stacked."""
    assert type(found) is type(singles[0])
    assert found.failures == []
    first = singles[0]
    tuples = isinstance(first.shape, list)
    assert found.shape == ([(len(singles), *s) for s in first.shape] if tuples else (len(singles), *first.shape))
    assert found.dtype == first.dtype
    for field in FIELDS:
        if hasattr(found, field):
            same(getattr(found, field), [getattr(single, field) for single in singles])


@pytest.mark.parametrize("convention", ["torch", "jax"])
@pytest.mark.parametrize("name", list(PROGRAMS))
@pytest.mark.parametrize("question", ["evaluate", "gradient", "jacobian", "hessian"])
def test_a_map_is_a_loop(question: str, name: str, convention: str) -> None:
    text, inputs, names = PROGRAMS[name]
    problem = engine.Problem(text, convention=convention)
    singles = [getattr(problem, question)(at(inputs, names, place)) for place in range(count(inputs, names))]
    agree(getattr(problem.map(names), question)(inputs), singles)


@pytest.mark.parametrize("name", ["the product of a scalar", "one input shared", "a product of matrices", "a branch"])
def test_products_take_a_vector_for_each_point(name: str) -> None:
    text, inputs, names = PROGRAMS[name]
    problem, mapped = engine.Problem(text), engine.Problem(text).map(names)
    size = count(inputs, names)
    vectors = {key: RNG.normal(size=np.shape(value)) for key, value in inputs.items()}
    for question, field in (("jvp", "tangents"), ("hvp", "vectors")):
        singles = [
            getattr(problem, question)(at(inputs, names, place), at(vectors, names, place)) for place in range(size)
        ]
        agree(getattr(mapped, question)(inputs, vectors), singles)
        agree(getattr(mapped, question)(inputs, **{field: vectors}), singles)


def test_complex_numbers() -> None:
    z = RNG.normal(size=(5, 2)) + 1j * RNG.normal(size=(5, 2))
    for convention in ("torch", "jax"):
        problem = engine.Problem("sum(abs(sin(z) * c)**2)", convention=convention)
        singles = [problem.gradient({"z": part, "c": 1 + 2j}) for part in z]
        agree(problem.map(["z"]).gradient({"z": z, "c": 1 + 2j}), singles)


def test_a_tuple() -> None:
    problem = engine.Problem("v * x, x > 0, sum(v)")
    singles = [problem.evaluate({"v": v, "x": x}) for v, x in zip(V, S, strict=True)]
    found = problem.map(["v", "x"]).evaluate({"v": V, "x": S})
    agree(found, singles)
    assert found.value[1].dtype == bool
    moved = problem.map(["v", "x"]).jvp({"v": V, "x": S}, {"x": np.ones(7)})
    agree(moved, [problem.jvp({"v": v, "x": x}, {"x": 1.0}) for v, x in zip(V, S, strict=True)])
    weights = [RNG.normal(size=(7, 3)), None, 2.0]
    singles = [problem.gradient({"v": V[i], "x": S[i]}, grad_output=[weights[0][i], None, 2.0]) for i in range(7)]
    agree(problem.map(["v", "x"]).gradient({"v": V, "x": S}, grad_output=weights), singles)


def test_an_upstream_gradient_of_one_output_or_of_all() -> None:
    problem = engine.Problem("v * x")
    inputs = {"v": V, "x": 2.0}
    one, all = [1.0, 2.0, 3.0], RNG.normal(size=(7, 3))
    agree(problem.map(["v"]).gradient(inputs, grad_output=one),
          [problem.gradient({"v": v, "x": 2.0}, grad_output=one) for v in V])  # fmt: skip
    agree(problem.map(["v"]).gradient(inputs, grad_output=all.tolist()),
          [problem.gradient({"v": v, "x": 2.0}, grad_output=w) for v, w in zip(V, all, strict=True)])  # fmt: skip
    square = V[:3]
    both = problem.map(["v"]).gradient({"v": square, "x": 2.0}, grad_output=[1.0, 2.0, 3.0])
    assert both.gradients["v"].tolist() == [[2.0, 4.0, 6.0]] * 3
    with pytest.raises(InvalidInput, match=r"grad_output has shape \[2\]"):
        problem.map(["v"]).gradient(inputs, grad_output=[1.0, 2.0])


def test_a_scalar_is_weighed_point_by_point() -> None:
    problem = engine.Problem("x**3")
    weights = RNG.normal(size=7)
    singles = [problem.gradient({"x": x}, grad_output=w) for x, w in zip(S, weights, strict=True)]
    agree(problem.map(["x"]).gradient({"x": S}, grad_output=weights), singles)
    agree(problem.map(["x"]).gradient({"x": S}, grad_output=2.0), [problem.gradient({"x": x}, None, 2.0) for x in S])


# Scalar programs, which are computed at many points in one pass

EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, 5e-324, -5e-324, 2.3e-308, 1.7976931348623157e308, -1e200, 1e-200,
         1e16 + 2, 3.0, -3.7, 710.0, -746.0, np.inf, -np.inf, np.nan]  # fmt: skip
ALIKE = [row for row in PRIMITIVES.values() if row.alike]


def is_of_floats(function: Any) -> bool:
    """Whether a call with one number for each operand, of one or two, runs over floats."""
    signature = function.signature
    if signature.static or signature.variadic or len(signature.operands) > 2:
        return False
    letters = "xy"[: len(signature.operands)]
    return runs_over_floats(engine.Problem(f"x + {function.name}({', '.join(letters)})"), letters)


def runs_over_floats(problem: engine.Problem, letters: str) -> bool:
    with contextlib.suppress(NablaError):
        return problem.graph(engine.prepare(dict.fromkeys(letters, 0.5))).scalar
    return False


SCALAR = sorted({function.name for function in FUNCTIONS.values() if is_of_floats(function)})


def points(operands: int, count: int) -> np.ndarray:
    """Points at random, of all sizes, between those at the edges."""
    rng = np.random.default_rng(count)
    edges = np.array(list(itertools.product(EDGES, repeat=operands)))
    random = rng.normal(size=(count, operands)) * 10.0 ** rng.integers(-8, 9, size=(count, operands))
    mild = rng.uniform(-2, 2, size=(count, operands))
    return rng.permutation(np.concatenate([edges, random, mild]))


@pytest.mark.parametrize("row", ALIKE, ids=[row.name for row in ALIKE])
def test_a_row_that_says_so_is_alike(row: Any) -> None:
    """However many are computed at once, and wherever they stand, the bits are those of the scalar function."""
    found = points(len(row.signature.operands), 1001)
    takes = bool if row.takes == "bool" else float
    for length, first in ((len(found), 0), (1, 5), (2, 1), (7, 3), (8, 2), (33, 1), (255, 4)):
        part = found[first : first + length]
        columns = [np.ascontiguousarray(part[:, k]).astype(takes) for k in range(part.shape[1])]
        with np.errstate(all="ignore"):
            together = np.asarray(row.alike(*columns))
        for xs, value in zip(zip(*[c.tolist() for c in columns], strict=True), together.tolist(), strict=True):
            try:
                alone = row.scalar(*xs)
            except (ArithmeticError, ValueError):
                assert not np.isfinite(value), xs
                continue
            if alone == alone:
                assert repr(value) == repr(alone), xs
            else:
                assert value != value, xs


def test_what_ieee_fixes_is_alike_and_elementary_functions_are_not() -> None:
    names = {row.name for row in ALIKE}
    assert {"add", "multiply", "divide", "sqrt", "where", "less", "negative", "abs"} <= names
    assert not {"exp", "sin", "log", "tanh", "power", "hypot"} & names


@pytest.mark.parametrize("name", SCALAR)
def test_every_function_of_numbers_is_mapped_as_it_is_looped(name: str) -> None:
    operands = "xy"[: len(FUNCTIONS[name].signature.operands)]
    problem = engine.Problem(f"z = {name}({', '.join(operands)})\nz * x + z")
    found = points(2, 40)[:120]
    inputs = {letter: found[:, k] for k, letter in enumerate(operands)}
    assert_looped(problem, inputs)
    if len(operands) == 2:
        assert_looped(problem, {"x": found[:, 0], "y": 2.0}, ["x"])
        assert_looped(problem, {"x": -1.5, "y": found[:, 1]}, ["y"])


def assert_looped(problem: engine.Problem, inputs: dict[str, Any], names: list[str] | None = None) -> None:
    """Value and gradient are those of a loop, to the last bit, and so are failures and the kinds of warnings."""
    names = names or list(inputs)
    count = len(inputs[names[0]])
    vectors = {name: np.random.default_rng(count).normal(size=np.shape(value)) for name, value in inputs.items()}
    for question in ("evaluate", "gradient", "hessian", "jvp", "hvp"):
        rest = [vectors] if question in ("jvp", "hvp") else []
        singles: list[Any] = []
        for place in range(count):
            try:
                singles.append(
                    getattr(problem, question)(at(inputs, names, place), *[at(v, names, place) for v in rest])
                )
            except NablaError as error:
                singles.append(error)
        if all(isinstance(single, NablaError) for single in singles):
            with pytest.raises(type(singles[0])):
                getattr(problem.map(names), question)(inputs, *rest)
            continue
        answer = getattr(problem.map(names), question)(inputs, *rest)
        failed = [place for place, single in enumerate(singles) if isinstance(single, NablaError)]
        assert [failure.point for failure in answer.failures] == failed
        for place, single in enumerate(singles):
            if place in failed:
                continue
            assert_same_number(answer.value[place], single.value)
            for name, gradient in getattr(single, "gradients", {}).items():
                assert_same_number(answer.gradients[name][place], gradient)
            for name, row in getattr(single, "hessians", {}).items():
                for by, second in row.items():
                    assert_same_number(answer.hessians[name][by][place], second)
            for name, product in getattr(single, "hvp", {}).items():
                assert_same_number(answer.hvp[name][place], product)
            if question == "jvp":
                assert_same_number(answer.jvp[place], single.jvp)
        for code in ("nonfinite", "kink"):
            warned = [n.code == code for single in singles if hasattr(single, "notices") for n in single.notices]
            counted = sum(count if n.points is None else n.points.count for n in answer.notices if n.code == code)
            assert counted == sum(warned)


def assert_same_number(found: Any, alone: Any) -> None:
    assert repr(float(found)) == repr(float(alone))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_random_programs_of_numbers(data: st.DataObject) -> None:
    """Programs of any scalar functions and operators, at random points and at edges."""
    atom = st.sampled_from(["x", "y", "x", "y", "2", "0.5", "-3", "1"])

    def longer(inner: Any) -> Any:
        one = [n for n in SCALAR if len(FUNCTIONS[n].signature.operands) == 1]
        two = [n for n in SCALAR if len(FUNCTIONS[n].signature.operands) == 2]
        return st.one_of(
            st.builds("{}({})".format, st.sampled_from(one), inner),
            st.builds("{}({}, {})".format, st.sampled_from(two), inner, inner),
            st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "**", "%", "//"]), inner),
            st.builds("where({} {} {}, {}, {})".format, inner, st.sampled_from(["<", ">=", "=="]), inner, inner, inner),
        )

    text = data.draw(st.recursive(atom, longer, max_leaves=6))
    found = points(2, 30)[:: data.draw(st.integers(4, 9))]
    convention = data.draw(st.sampled_from(["torch", "jax"]))
    problem = engine.Problem(f"x * 0.25 + y + ({text})", convention=convention)
    assume(runs_over_floats(problem, "xy"))
    assert_looped(problem, {"x": found[:, 0], "y": found[:, 1]})


def test_an_exponent_for_each_point() -> None:
    """A rule that looks at a written exponent gives the same bits where each point brings its own."""
    x = RNG.uniform(0.1, 3.0, size=50)
    n = np.concatenate([np.arange(-4.0, 5.0), RNG.uniform(-5, 5, size=41)])
    assert_looped(engine.Problem("x**n"), {"x": x, "n": n})
    tiny = np.linspace(1.0, 7.0, 50) * 1e-104  # whose powers lose bits, which not all ways of computing them do alike
    assert_looped(engine.Problem("x**n"), {"x": tiny, "n": np.full(50, 4.0)})


def test_a_derivative_of_zero_is_explained_where_it_is() -> None:
    problem = engine.Problem("x*x + floor(y)")
    found = problem.map(["x"]).jvp({"x": [1.0, 2.0, 0.0, 3.0], "y": 0.5}, {"x": [1.0, 1.0, 1.0, 0.0], "y": 1.0})
    assert found.jvp.tolist() == [2.0, 4.0, 0.0, 0.0]
    (notice,) = found.notices
    assert (notice.code, notice.points) == ("zero_derivative", engine.SomePoints(2, (2, 3)))


def test_a_truth_value_among_numbers_is_stored_as_a_number() -> None:
    answer = engine.Problem("where(x > 0, x > 1, 0.5)").map(["x"]).evaluate({"x": [2.0, -1.0, 0.5]})
    assert (answer.value.tolist(), answer.dtype) == ([1.0, 0.5, 0.0], "float64")


def test_more_points_than_one_pass_takes() -> None:
    problem = engine.Problem("sin(x*y) + exp(-x**2)/(1 + y**2)")
    x = np.random.default_rng(3).normal(size=20_001)
    x[::4000] = 400.0  # where exp(-x**2) is 0
    answer = problem.map(["x"]).gradient({"x": x, "y": 0.7})
    for place in (*range(0, 20_001, 997), 8191, 8192, 8193, 16_384, 16_385, 20_000):
        single = problem.gradient({"x": x[place], "y": 0.7})
        assert answer.value[place] == single.value
        assert {name: found[place] for name, found in answer.gradients.items()} == single.gradients


# Points that fail


def test_a_point_that_fails_does_not_spoil_the_others() -> None:
    text = "v[k] * 2"
    k = engine.Input([0, 5, 2, -9], "int64")
    answer = engine.Problem(text).map(["v", "k"]).gradient({"v": V[:4], "k": k})
    assert [failure.point for failure in answer.failures] == [1, 3]
    with pytest.raises(NablaError) as single:
        engine.gradient(text, {"v": V[1], "k": engine.Input(5, "int64")})
    failure = answer.failures[0]
    assert (failure.code, failure.message, failure.hint, failure.span) == (
        single.value.code, single.value.message, single.value.hint, single.value.span,
    )  # fmt: skip
    assert np.isnan(answer.value[[1, 3]]).all()
    assert np.isnan(answer.gradients["v"][[1, 3]]).all()
    assert answer.value[[0, 2]].tolist() == [V[0, 0] * 2, V[2, 2] * 2]
    assert answer.gradients["v"][2].tolist() == [0.0, 0.0, 2.0]


def test_the_first_point_may_fail() -> None:
    answer = engine.Problem("[1, 2, 3][k] > x").map(["k"]).evaluate({"k": engine.Input([7, 1], "int64"), "x": 1.5})
    assert answer.value.tolist() == [False, True]
    assert [failure.point for failure in answer.failures] == [0]


def test_branches_of_another_shape_fail_where_they_are_taken() -> None:
    text = "if x > 0:\n    y = [x, x]\nelse:\n    y = x\ny"
    answer = engine.Problem(text).map(["x"]).evaluate({"x": [1.0, -1.0, 2.0]})
    assert answer.value[[0, 2]].tolist() == [[1.0, 1.0], [2.0, 2.0]]
    (failure,) = answer.failures
    assert (failure.point, failure.code) == (1, "shape_mismatch")
    assert (
        failure.message
        == "the output is float64 of shape [] at this point, and float64 of shape [2] at those before it"
    )


def test_an_endless_loop_at_one_point_is_its_own_failure() -> None:
    text = "n = 0\nwhile x < 1:\n    x = x * 2\n    n = n + 1\nx + n"
    limits = engine.Limits(steps=1000)
    answer = engine.Problem(text, limits).map(["x"]).evaluate({"x": [0.5, 0.0, 0.3]})
    assert [(failure.point, failure.code) for failure in answer.failures] == [(1, "limit_exceeded")]
    assert answer.value[0] == 2.0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x + nothing", UnknownName),
        ("x @ ones(5)", ShapeMismatch),
        ("if x > 0:\n    y = z\nelse:\n    y = z\ny", UnknownName),
    ],
)
def test_an_error_that_all_points_have_is_raised(text: str, error: type[NablaError]) -> None:
    with pytest.raises(error):
        engine.Problem(text).map(["x"]).evaluate({"x": [1.0, -1.0]})


def test_an_error_of_the_question_is_raised() -> None:
    problem = engine.Problem("x * y").map(["x"])
    with pytest.raises(InvalidInput, match="wrt names z"):
        problem.gradient({"x": S, "y": 1.0}, wrt=["z"])
    with pytest.raises(NablaError, match="has shape"):
        engine.Problem("v * 2").map(["v"]).gradient({"v": V})


@pytest.mark.parametrize(
    ("inputs", "names", "message"),
    [
        ({"x": S}, ["u"], "map names u, which is not an input"),
        ({"x": S, "y": 1.0}, ["x", "y"], "y, which is one number"),
        ({"x": S, "y": P[:5]}, ["x", "y"], "the leading axis of x has 7 points, and that of y has 5"),
        ({"x": []}, ["x"], "no points"),
        ({"x": S}, [], "map names no input"),
    ],
)
def test_what_cannot_be_mapped_is_refused(inputs: dict[str, Any], names: list[str], message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as refused:
        engine.Problem("x").map(names).evaluate(inputs)
    assert refused.value.details["pointer"] == "/map"
    assert refused.value.hint


def test_a_tangent_has_the_shape_of_its_input_as_sent() -> None:
    problem = engine.Problem("x * y").map(["x"])
    inputs = {"x": S, "y": 1.0}
    assert problem.jvp(inputs, {"x": np.ones(7), "y": 2.0}).jvp.tolist() == [1.0 + 2.0 * x for x in S]
    with pytest.raises(
        InvalidInput, match=r"tangents/x has shape \[2\], and input x, with its points, has shape \[7\]"
    ):
        problem.jvp(inputs, {"x": [1.0, 2.0]})


def test_a_tangent_of_one_point_is_the_same_at_all() -> None:
    problem = engine.Problem("x * y").map(["x"])
    assert problem.jvp({"x": S, "y": 3.0}, {"x": 2.0}).jvp.tolist() == [6.0] * 7
    square = V[:3]
    for question, text in (("jvp", "v**3"), ("hvp", "sum(v**3)")):
        one = getattr(engine.Problem(text).map(["v"]), question)({"v": square}, {"v": [1.0, 0.0, 2.0]})
        all = getattr(engine.Problem(text).map(["v"]), question)({"v": square}, {"v": [[1.0, 0.0, 2.0]] * 3})
        same(getattr(one, question), [*_points(getattr(all, question))])
    assert np.array_equal(one.hvp["v"], 6 * square * [1.0, 0.0, 2.0])


def _points(tensors: Any) -> Any:
    return [{"v": part} for part in tensors["v"]] if isinstance(tensors, dict) else tensors


@pytest.mark.parametrize("text", ["x * ones(10)", "if x >= 0:\n    y = x * ones(10)\ny"])
def test_too_many_points_are_refused_with_a_remedy(text: str) -> None:
    problem = engine.Problem(text, engine.Limits(elements=1000)).map(["x"])
    with pytest.raises(LimitExceeded) as refused:
        problem.evaluate({"x": np.zeros(500)})
    assert refused.value.hint == "send fewer points at a time"
    assert refused.value.details == {"limit": "elements", "asked": 5000, "allowed": 1000}


def test_the_deadline_is_that_of_all_points_together() -> None:
    problem = engine.Problem("sum(sin(v))", engine.Limits(seconds=0.05)).map(["v"])
    with pytest.raises(NablaError, match=r"0\.05 seconds"):
        problem.hessian({"v": np.ones((100_000, 3))})


def test_a_map_that_runs_out_of_time_says_how_far_it_got() -> None:
    problem = engine.Problem("sum(sin(v))", engine.Limits(seconds=0.3)).map(["v"])
    with pytest.raises(DeadlineExceeded, match=r"after 0\.3 seconds: [\d,]+ of 100,000 points were answered") as late:
        problem.hessian({"v": np.ones((100_000, 3))})
    assert late.value.hint == "send fewer points at a time"


def test_where_all_points_fail_the_error_says_so() -> None:
    problem = engine.Problem("[1, 2, 3][k] * x").map(["k"])
    with pytest.raises(NablaError, match=r"index 7 is out of range .* \(at point 0; all 2 points failed\)"):
        problem.evaluate({"k": engine.Input([7, 8], "int64"), "x": 1.0})
    with pytest.raises(NablaError, match=r"index 7 is out of range[^(]*$"):
        problem.evaluate({"k": engine.Input([7], "int64"), "x": 1.0})


# Warnings


def test_warnings_of_another_kind_are_told_apart() -> None:
    answer = engine.Problem("log(x)").map(["x"]).evaluate({"x": [-1.0, 0.0, 2.0, -5.0]})
    told = {notice.message: notice.points for notice in answer.notices}
    assert told == {
        "log gave nan from -1 (at point 0; so, or alike, at points 0, 3)": engine.SomePoints(2, (0, 3)),
        "log gave -inf from 0 (at point 1)": engine.SomePoints(1, (1,)),
    }


def test_warnings_about_inputs_whose_names_end_in_numbers_are_not_one() -> None:
    answer = engine.Problem("y").map(["y"]).evaluate({"y": [1.0, 2.0], "x1": 1.0, "x2": 2.0})
    assert [notice.message for notice in answer.notices] == [
        "the output does not depend on x1", "the output does not depend on x2"
    ]  # fmt: skip


def test_warnings_name_their_points() -> None:
    answer = engine.Problem("log(x) * 2").map(["x"]).gradient({"x": [1.0, 0.0, 2.0, -1.0, 0.0]})
    told = [notice for notice in answer.notices if notice.code == "nonfinite"]
    assert [notice.points for notice in told] == [engine.SomePoints(2, (1, 4)), engine.SomePoints(1, (3,))]
    assert told[0].message == "log gave -inf from 0 (at points 1, 4)"
    assert told[1].message == "log gave nan from -1 (at point 3)"
    assert answer.failures == []
    assert np.isfinite(answer.value[[0, 2]]).all()


def test_what_all_points_have_in_common_is_said_once() -> None:
    answer = engine.Problem("x").map(["x"]).gradient({"x": [1, 2, 3], "y": 2.0})
    assert [(n.code, n.points) for n in answer.notices] == [("integer_promoted", None), ("unused_input", None)]


def test_warnings_are_few_however_many_points() -> None:
    x = np.zeros(1000)
    x[::2] = 1.0
    answer = engine.Problem("abs(x) + sqrt(x)").map(["x"]).gradient({"x": x})
    assert len(answer.notices) <= 3
    kink = next(notice for notice in answer.notices if notice.code == "kink")
    assert kink.points == engine.SomePoints(500, (1, 3, 5, 7, 9))


# Checks and graphs


def test_a_check_reports_each_point() -> None:
    problem = engine.Problem("sin(x) * v[k]")
    inputs = {"x": S[:3], "v": [1.0, 2.0], "k": engine.Input([0, 4, 1], "int64")}
    found = problem.map(["x", "k"]).check(inputs)
    assert not found.passed
    assert [failure.point for failure in found.failures] == [1]
    single = problem.check({"x": S[2], "v": [1.0, 2.0], "k": engine.Input(1, "int64")})
    assert found.points[1] is None
    assert found.points[2].inputs == single.inputs
    assert found.points[2].value == single.value
    assert engine.Problem("x**2").map(["x"]).check({"x": S}).passed


def test_a_graph_for_each_point() -> None:
    problem = engine.Problem("x**2 * y")
    found = problem.map(["x"]).autograd({"x": S, "y": 3.0})
    assert problem.map(["x"]).nodes({"x": S, "y": 3.0}) == sum(len(graph["nodes"]) for graph in found["graphs"])
    single = problem.autograd({"x": S[2], "y": 3.0})
    assert found["graphs"][2] == {name: part for name, part in single.items() if name != "warnings"}


# Memory


@pytest.mark.parametrize("question", ["evaluate", "gradient"])
@pytest.mark.parametrize(
    ("text", "least"), [("sin(x*y) + exp(-x**2)/(1 + y**2)", 12_000), ("sum(x * [1.0, 2.0]) * y", 1_000)]
)
def test_memory_does_not_grow_with_the_points(text: str, least: int, question: str) -> None:
    def peak(points: int) -> int:
        inputs = {"x": np.linspace(0.1, 1.0, points), "y": 0.5}
        problem = engine.Problem(text).map(["x"])
        point = engine.prepare(inputs)
        tracemalloc.start()
        try:
            answer = getattr(problem, question)(point)
            kept = answer.value.nbytes + sum(g.nbytes for g in getattr(answer, "gradients", {}).values())
            return tracemalloc.get_traced_memory()[1] - kept
        finally:
            tracemalloc.stop()

    def least_peak(points: int) -> int:
        """What is cleared away now and then is not always there when it is looked at."""
        return min(peak(points) for _ in range(3))

    peak(100)
    assert least_peak(9 * least) < least_peak(least) + 60 * least


def test_patterns_are_stacked_where_they_agree() -> None:
    text, xs = "x[1:] * x[:-1]", np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    found = engine.Problem(text).map(["x"]).jacobian({"x": xs}, format="coo")
    assert found.jacobians["x"].shape == (2, 2, 3)
    assert np.array_equal(
        found.jacobians["x"].dense(), engine.Problem(text).map(["x"]).jacobian({"x": xs}).jacobians["x"]
    )
    hessian = engine.Problem(f"sum({text})").map(["x"]).hessian({"x": xs}, format="coo").hessians["x"]["x"]
    assert np.array_equal(
        hessian.dense(), engine.Problem(f"sum({text})").map(["x"]).hessian({"x": xs}).hessians["x"]["x"]
    )


def test_each_point_has_a_pattern_of_its_own() -> None:
    xs = [[1.0, 2.0], [2.0, 1.0], [3.0, 4.0]]
    found = engine.Problem("sort(x)").map(["x"]).jacobian({"x": xs}, format="coo")
    assert found.failures == []
    assert np.array_equal(found.jacobians["x"].dense(), [np.eye(2), np.eye(2)[::-1], np.eye(2)])
    assert found.jacobians["x"].indices.tolist() == [
        [0, 0, 1, 1, 2, 2],
        [0, 1, 0, 1, 0, 1],
        [0, 1, 1, 0, 0, 1],
    ]


def test_patterns_may_have_any_number_of_elements() -> None:
    text = "if k == 0:\n    y = x\nif k == 1:\n    y = x * sum(x)\nif k == 2:\n    y = zeros(2)[x]\ny"
    k = engine.Input([2, 1, 0, 2, 1], "int64")
    xs = RNG.uniform(1.0, 2.0, size=(5, 3))
    found = engine.Problem(text).map(["x", "k"]).jacobian({"x": xs, "k": k}, ["x"], format="coo")
    assert [failure.point for failure in found.failures] == [0, 3]
    block = found.jacobians["x"]
    assert np.bincount(block.indices[0]).tolist() == [9, 9, 3, 9, 9]
    dense = block.dense()
    assert np.array_equal(dense[2], np.eye(3))
    for point in (1, 4):
        assert np.allclose(dense[point], xs[point].sum() * np.eye(3) + xs[point][:, None], rtol=1e-15)
    assert np.isnan(dense[[0, 3]]).all()


def test_a_mapped_pattern_asks_for_room_as_it_grows() -> None:
    text, xs = "x * x[::-1]", np.ones((50, 4))
    with pytest.raises(LimitExceeded) as refused:
        engine.Problem(text, engine.Limits(elements=100)).map(["x"]).jacobian({"x": xs}, format="coo")
    assert (refused.value.hint, refused.value.details["limit"]) == ("send fewer points at a time", "elements")
    with pytest.raises(LimitExceeded) as refused:
        engine.Problem(text, engine.Limits(bytes=8000)).map(["x"]).jacobian({"x": xs}, format="coo")
    assert (refused.value.hint, refused.value.details["limit"]) == ("send fewer points at a time", "bytes")


@pytest.mark.parametrize("text", ["sin(x*y) + exp(-x**2)", "x * [1.0, y]"])
def test_higher_orders_are_those_at_each_point(text: str) -> None:
    xs, y = np.linspace(0.1, 1.0, 7), 0.5
    problem = engine.Problem(text)
    weight = None if "[" not in text else [1.0, 1.0]
    series = problem.map(["x"]).taylor({"x": xs, "y": y}, "x", 5)
    mixed = problem.map(["x"]).gradient({"x": xs, "y": y}, None, weight, partial=["x", "y", "x"])
    for place, x in enumerate(xs.tolist()):
        alone = problem.taylor({"x": x, "y": y}, "x", 5)
        for k in range(6):
            assert np.array_equal(series.coefficients[k][place], alone.coefficients[k])
            assert np.array_equal(series.derivatives[k][place], alone.derivatives[k])
        single = problem.gradient({"x": x, "y": y}, None, weight, partial=["x", "y", "x"])
        assert np.array_equal(mixed.derivative[place], single.derivative)
        assert np.array_equal(mixed.gradients["y"][place], single.gradients["y"])
    assert mixed.partial == ["x", "y", "x"]
