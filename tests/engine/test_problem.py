"""Questions and answers: what a caller of the engine sees."""

import math

import numpy as np
import pytest

import engine
from engine import Input, Limits, Problem

ROSENBROCK = "sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)"


def codes(answer):
    return [notice.code for notice in answer.notices]


def test_the_first_example():
    answer = engine.gradient("2*a**6 - b**9", {"a": [1, 4], "b": [5, 2]}, grad_output=[1, 1])
    assert answer.value.tolist() == [-1953123.0, 7680.0]
    assert answer.gradients["a"].tolist() == [12.0, 12288.0]
    assert answer.gradients["b"].tolist() == [-3515625.0, -2304.0]
    assert codes(answer) == ["integer_promoted", "integer_promoted"]


def test_a_scalar_answer_is_python_numbers():
    answer = engine.gradient("x*y", {"x": 2.0, "y": 3.0})
    assert (answer.value, answer.shape, answer.dtype) == (6.0, (), "float64")
    assert all(type(g) is float for g in answer.gradients.values())


def test_wrt_chooses_the_inputs():
    assert engine.gradient("x*y", {"x": 2.0, "y": 3.0}, wrt=["y"]).gradients == {"y": 2.0}
    constant = {"x": 2.0, "y": Input(3.0, requires_grad=False)}
    assert engine.gradient("x*y", constant).gradients == {"x": 3.0}


@pytest.mark.parametrize(
    ("inputs", "options", "code"),
    [
        ({"x": 1.0}, {"wrt": ["z"]}, "invalid_request"),
        ({"x": Input(1, dtype="int64")}, {}, "nothing_to_differentiate"),
        ({"x": 1.0, "n": Input(1, dtype="int64")}, {"wrt": ["n"]}, "nothing_to_differentiate"),
        ({"x": 1.0}, {"wrt": []}, "nothing_to_differentiate"),
        ({"x": [1.0, 2.0]}, {}, "nonscalar_output"),
        ({"x": [1.0, 2.0]}, {"grad_output": [1.0]}, "invalid_request"),
        ({"x": [1.0, 2.0]}, {"grad_output": "one"}, "invalid_request"),
        ({"x": [[1.0], [1.0, 2.0]]}, {}, "invalid_request"),
        ({"x": "one"}, {}, "invalid_request"),
        ({"x": Input(1.0, dtype="complex64")}, {}, "invalid_request"),
        ({"x": Input(1.5, dtype="int64")}, {}, "invalid_request"),
        ({"x": Input(1.5, dtype="bool")}, {}, "invalid_request"),
        ({"x": Input(1, dtype="int64", requires_grad=True)}, {}, "invalid_request"),
        ({"µ": 1.0, "μ": 1.0, "x": 1.0}, {}, "invalid_request"),
    ],
)
def test_questions_that_do_not_fit(inputs, options, code):
    with pytest.raises(engine.NablaError) as caught:
        engine.gradient("x*2", inputs, **options)
    assert caught.value.code == code


def test_an_output_that_is_true_or_false_has_no_derivative():
    with pytest.raises(engine.NablaError, match="no derivative") as caught:
        engine.gradient("x > 0", {"x": 1.0})
    assert caught.value.code == "dtype_error"
    assert engine.evaluate("x > 0", {"x": 1.0}).value is True


def test_float32_stays_float32():
    answer = engine.gradient("sum(2*x**2) + 1", {"x": Input([1.0, 2.0], dtype="float32")})
    assert answer.dtype == "float32"
    assert answer.gradients["x"].dtype == np.float32
    assert engine.gradient("x/3", {"x": 1.0}, dtype="float32").value == np.float32(1) / np.float32(3)
    mixed = engine.gradient("x*y", {"x": Input(2.0, dtype="float32"), "y": 3.0})
    assert (mixed.dtype, mixed.gradients) == ("float64", {"x": 3.0, "y": 2.0})


def test_truth_values_and_whole_numbers_are_data():
    inputs = {"x": [1.0, 2.0], "mask": [True, False], "n": Input([3, 4], dtype="int64")}
    answer = engine.gradient("sum(where(mask, x, 0) * n + mask)", inputs)
    assert answer.value == 4.0
    assert list(answer.gradients) == ["x"]
    assert answer.gradients["x"].tolist() == [3.0, 0.0]


@pytest.mark.parametrize(
    ("text", "inputs", "expected"),
    [
        ("relu(x)", {"x": 0.0}, ["kink"]),
        ("relu(x)", {"x": 1.0}, []),
        ("abs(x) + abs(y)", {"x": 0.0, "y": 1.0}, ["kink"]),
        ("maximum(x, y)", {"x": 1.0, "y": 1.0}, ["kink"]),
        ("max(v)", {"v": [1.0, 1.0]}, ["kink"]),
        ("norm(v)", {"v": [0.0, 0.0]}, ["kink"]),
        ("hypot(x, y)", {"x": 0.0, "y": 0.0}, ["kink"]),
        ("log(x)", {"x": 0.0}, ["nonfinite"]),
        ("sqrt(x)", {"x": -1.0}, ["nonfinite"]),
        ("x", {"x": math.inf}, ["nonfinite"]),
        ("floor(x)", {"x": 1.5}, ["zero_derivative"]),
        ("detach(x) * y", {"x": 1.5, "y": 1.0}, ["zero_derivative"]),
        ("x", {"x": 1.5, "y": 1.0}, ["unused_input"]),
        ("x", {"x": 1}, ["integer_promoted"]),
        ("x - x", {"x": 1.5}, []),
        ("norm(v)", {"v": [3.0, 3.0]}, []),
        ("logsumexp(v)", {"v": [1.0, 1.0]}, []),
        ("softmax(v)[0]", {"v": [1.0, 1.0]}, []),
        ("where(x > 1, abs(x), 2*x)", {"x": 1.0}, ["kink"]),
        ("where(x > 0, 1, 2)", {"x": 1.0}, ["zero_derivative"]),
        ("floor(x) + x", {"x": 3.0}, ["kink"]),
        ("floor(x) + x", {"x": 3.5}, []),
        ("x % 3", {"x": 3.0}, ["kink"]),
        ("sqrt(x)", {"x": 0.0}, ["nonfinite"]),
        ("x / 0", {"x": 1.0}, ["nonfinite"]),
        ("x\n- x", {"x": 1.0}, ["unused_value"]),
    ],
)
def test_notices(text, inputs, expected):
    assert codes(engine.gradient(text, inputs)) == expected


def test_a_nonfinite_value_is_traced_to_its_origin():
    (notice,) = engine.gradient("sum(exp(x) * 2 + 1)", {"x": [1.0, 1000.0]}).notices
    assert notice.message == "exp gave inf at element [1] from 1000"
    assert notice.span == (4, 10)


def test_jacobian_shapes_and_modes_agree():
    inputs = {"W": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "x": [0.1, 0.2, 0.3]}
    problem = Problem("tanh(W @ x)")
    reverse, forward = (problem.jacobian(inputs, mode=mode) for mode in ("reverse", "forward"))
    assert (reverse.evaluations, forward.evaluations) == (2, 9)
    assert problem.jacobian(inputs).mode == "reverse"
    assert problem.jacobian(inputs, wrt=["x"]).mode == "reverse"
    assert Problem("x * [1, 2, 3]").jacobian({"x": 2.0}).mode == "forward"
    for name, shape in (("W", (2, 2, 3)), ("x", (2, 3))):
        assert reverse.jacobians[name].shape == shape
        np.testing.assert_allclose(reverse.jacobians[name], forward.jacobians[name], rtol=1e-15)


def test_a_jacobian_in_chunks_is_the_same():
    inputs = {"x": np.linspace(-1, 1, 40)}
    whole = Problem("tanh(x) * sum(x)").jacobian(inputs).jacobians["x"]
    little = Limits(bytes=14_000)
    for mode in ("forward", "reverse"):
        parts = Problem("tanh(x) * sum(x)", little).jacobian(inputs, mode=mode)
        np.testing.assert_allclose(parts.jacobians["x"], whole, rtol=1e-14)


def test_a_jacobian_of_nothing_and_by_nothing_used():
    answer = Problem("x[:0]").jacobian({"x": [1.0, 2.0]})
    assert answer.jacobians["x"].shape == (0, 2)
    answer = Problem("[2*x, x]").jacobian({"x": 1.0, "y": [1.0, 2.0]})
    assert answer.jacobians["y"].tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_hessian_hvp_and_jvp_agree():
    problem = Problem(ROSENBROCK)
    x = [-1.2, 1.0, 0.5]
    v = [0.3, -0.2, 1.0]
    hessian = problem.hessian({"x": x})
    block = hessian.hessians["x"]["x"]
    np.testing.assert_allclose(block, block.T, rtol=1e-15)
    np.testing.assert_allclose(problem.hvp({"x": x}, {"x": v}).hvp["x"], block @ v, rtol=1e-13)
    assert math.isclose(problem.jvp({"x": x}, {"x": v}).jvp, hessian.gradients["x"] @ v, rel_tol=1e-13)


def test_hessian_blocks_of_several_inputs():
    answer = Problem("sum(a * b**2) * c").hessian({"a": [1.0, 2.0], "b": [3.0, 4.0], "c": 5.0, "d": 1.0})
    assert answer.hessians["a"]["b"].tolist() == [[30.0, 0.0], [0.0, 40.0]]
    assert answer.hessians["b"]["a"].tolist() == [[30.0, 0.0], [0.0, 40.0]]
    assert answer.hessians["c"]["a"].tolist() == [9.0, 16.0]
    assert answer.hessians["c"]["c"] == 0.0
    assert answer.hessians["a"]["d"].tolist() == [0.0, 0.0]


def test_floats_and_arrays_give_the_same_answer():
    for text in ("x/y + 1/0", "log(x - x)", "exp(1000*x)", "(-x)**0.5", "x % 0", "x // 0"):
        answer = engine.gradient(text, {"x": 2.0, "y": 3.0})
        again = engine.gradient(text, {"x": np.array([2.0]), "y": np.array([3.0])}, grad_output=[1.0])
        np.testing.assert_array_equal(answer.value, again.value[0])
        np.testing.assert_allclose(answer.gradients["x"], again.gradients["x"][0], rtol=1e-15)


def test_a_problem_is_asked_again():
    problem = Problem("sum(x**2)")
    assert [problem.gradient({"x": x}).value for x in ([1.0], [1.0, 2.0], [[3.0]], 4.0, [5.0])] == [1, 5, 9, 16, 25]


def test_the_estimate_grows_with_the_question():
    problem = Problem("sum(tanh(W @ x))")
    small = {"W": np.ones((4, 4)), "x": np.ones(4)}
    large = {"W": np.ones((400, 400)), "x": np.ones(400)}
    assert problem.estimate(small, "gradient") < problem.estimate(large, "gradient")
    assert problem.estimate(small, "evaluate") < problem.estimate(small, "gradient")
    assert problem.estimate(small, "gradient") < problem.estimate(small, "hessian")


def test_functions_are_described():
    functions = {function["name"]: function for function in engine.functions()}
    assert functions["tanh"]["signature"] == "tanh(x)"
    assert functions["matmul"]["signature"] == "matmul(a, b)"
    assert functions["abs"]["convention"] == "0 at 0"
    assert "strong_multiply" not in functions
    assert all(function["doc"] for function in functions.values())


def test_second_derivatives_at_ties():
    assert engine.hessian("softplus(a)", {"a": 0.0}).hessians["a"]["a"] == 0.25
    blocks = engine.hessian("logaddexp(a, b)", {"a": 1.0, "b": 1.0}).hessians
    assert [[blocks[p][q] for q in "ab"] for p in "ab"] == [[0.25, -0.25], [-0.25, 0.25]]


def test_division_by_a_written_zero_is_infinite():
    for text in ("x/0", "x/(1 - 1)"):
        assert engine.gradient(text, {"x": 1.0}).gradients["x"] == math.inf
    assert engine.gradient("sum(x/0)", {"x": [1.0, -1.0]}).gradients["x"].tolist() == [math.inf, math.inf]
    assert engine.jvp("x/0", {"x": 1.0}, {"x": 1.0}).jvp == math.inf


def test_answers_share_no_memory():
    answer = engine.gradient("x + w", {"x": [1.0, 2.0], "w": [3.0, 4.0]}, grad_output=[1.0, 1.0])
    answer.gradients["x"][0] = 9.0
    assert answer.gradients["w"].tolist() == [1.0, 1.0]
    engine.gradient("sum(x)", {"x": [1.0, 2.0]}).gradients["x"][0] = 9.0


def test_a_question_about_second_derivatives_is_told_what_to_do():
    for ask in (lambda p: p.hessian({"x": [1.0]}), lambda p: p.hvp({"x": [1.0]}, {"x": [1.0]})):
        with pytest.raises(engine.NablaError, match="second derivatives") as caught:
            ask(Problem("2*x"))
        assert "grad_output" not in caught.value.hint


def test_a_tensor_that_must_be_computed_first_has_no_estimate():
    problem = Problem("x[x > 0].sum()")
    assert problem.estimate({"x": np.ones(10)}, "gradient") < math.inf
    assert problem.estimate({"x": np.ones(100_000)}, "gradient") == math.inf


def test_all_questions_at_a_point_have_one_deadline():
    point = engine.prepare({"x": 1.0})
    problem = Problem("x*x")
    problem.gradient(point)
    first = point.deadline
    problem.check(point)
    assert point.deadline is first


def test_a_condition_looks_through_a_detached_value():
    assert engine.evaluate("1 if detach(x) > 0 else 2", {"x": 1.5}).value == 1.0
    assert engine.gradient("x if relu(x) > 0 else 2*x", {"x": 1.5}).gradients["x"] == 1.0
