"""Outputs that are tuples: every item is answered, and weighed by an upstream gradient of its own.

Figures are PyTorch's: `torch.autograd.grad(outputs, inputs, grad_outputs)` of torch 2.13. Beside them stands what needs
no figures: the gradient of a tuple is that of the weighted sum of its items.
"""

from typing import Any

import numpy as np
import pytest

import engine
from engine import Input, Problem

A = [[3.0, 1.0, 0.5], [4.0, 2.0, -1.0], [0.0, 1.5, 2.5]]
W = [[1.0, -2.0, 0.5], [3.0, 0.25, -1.0], [0.75, 2.0, -0.5]]
V = [[0.5, 1.0, -1.5], [0.0, 2.0, 1.0], [0.0, 0.0, -3.0]]


@pytest.mark.parametrize(
    ("text", "inputs", "weights", "expected"),
    [
        (
            "qr(a)", {"a": A}, [W, V],
            {"a": [[-1.5955087466006328, 3.1880686190884386, -1.212833734594725],
                   [0.571631559950475, -3.6410514643163294, 2.784625300946044],
                   [0.31376517272184357, -0.8072004198051906, -1.7392228912822432]]},
        ),
        (
            "qr(a)", {"a": A}, [None, V],
            {"a": [[-1.4541824335967983, 2.2338615003121034, -1.212833734594725],
                   [0.4656368251975989, -2.9253961252340783, 2.7846253009460438],
                   [0.771196273006589, -1.1252694593973027, -1.7392228912822432]]},
        ),
        (
            "slogdet(a)", {"a": A}, [7.0, 2.0],
            {"a": [[1.04, -1.6, 0.96], [-0.28, 1.2, -0.72], [-0.32, 0.8, 0.32]]},
        ),
        (
            "s = torch.sort(a, dim=1); (s[0], s[1])", {"a": A}, [W, None],
            {"a": [[0.5, -2.0, 1.0], [-1.0, 0.25, 3.0], [0.75, 2.0, -0.5]]},
        ),
        (
            "h = x*x; (h, h, sum(sin(h)))", {"x": [1.0, 2.0]}, [[1.0, 2.0], [10.0, 20.0], 3.0],
            {"x": [25.241813835208838, 80.15627654963666]},
        ),
        (
            "torch.std_mean(x)", {"x": [1.0, -2.0, 0.5]}, [2.0, 3.0],
            {"x": [1.7258661863112978, -0.14064686420346773, 1.41478067789217]},
        ),
        (
            "(z*z, sum(abs(z)**2))", {"z": [1 + 2j, 0.5 - 1j]}, [[1 + 1j, 2 - 1j], 3.0],
            {"z": [12 + 10j, 7 - 3j]},
        ),
    ],
)  # fmt: skip
def test_gradients_are_pytorchs(text: str, inputs: Any, weights: Any, expected: Any) -> None:
    found = engine.gradient(text, inputs, grad_output=weights).gradients
    assert found.keys() == expected.keys()
    for name, gradient in expected.items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-12)


TUPLES = [
    ("(sin(x)*y, exp(x))", "g0*sin(x)*y + g1*exp(x)", {"x": 0.5, "y": 2.0}, [3.0, -4.0]),
    ("(x, 2*x)", "g0*x + g1*2*x", {"x": 0.5}, [3.0, -4.0]),
    ("(x,)", "g0*x", {"x": 0.5}, [3.0]),
    ("(x, x, x)", "(g0 + g1 + g2)*x", {"x": 0.5}, [3.0, 7.0, 11.0]),
    ("(1/x, 7)", "g0/x", {"x": 4.0}, [3.0, 5.0]),
    ("(m @ v, sum(m, axis=0), v[0])", "sum(g0*(m @ v)) + sum(g1*sum(m, axis=0)) + g2*v[0]",
     {"m": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "v": [1.0, -1.0, 2.0]}, [[1.0, 2.0], [3.0, 4.0, 5.0], 6.0]),
    ("svd(m)", "s = svd(m); sum(g0*s[0]) + sum(g1*s[1]) + sum(g2*s[2])",
     {"m": [[1.0, 2.0], [4.0, 3.0]]}, [[[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], [[7.0, 8.0], [9.0, 1.0]]]),
    ("z = split(v, 2); (z[1], [z[0], z[0]])", "z = split(v, 2); sum(g0*z[1]) + sum(g1*[z[0], z[0]])",
     {"v": [1.0, 2.0, 3.0, 4.0]}, [[1.0, 2.0], [[3.0, 4.0], [5.0, 6.0]]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "weighed", "inputs", "weights"), TUPLES)
def test_the_gradient_is_that_of_the_weighted_sum(text: str, weighed: str, inputs: Any, weights: list[Any]) -> None:
    given = {f"g{k}": Input(weight, requires_grad=False) for k, weight in enumerate(weights)}
    expected = engine.gradient(weighed, inputs | given).gradients
    found = engine.gradient(text, inputs, grad_output=weights).gradients
    assert found.keys() == expected.keys()
    for name in expected:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-13)
        assert np.shape(found[name]) == np.shape(inputs[name])


@pytest.mark.parametrize(("text", "weighed", "inputs", "weights"), TUPLES)
def test_the_passes_agree(text: str, weighed: str, inputs: Any, weights: list[Any]) -> None:
    """⟨w, Jv⟩ of the forward pass is ⟨Jᵀw, v⟩ of the backward pass."""
    rng = np.random.default_rng(3)
    along = {name: rng.uniform(-1, 1, np.shape(x)) for name, x in inputs.items()}
    moved = engine.jvp(text, inputs, along).jvp
    pulled = engine.gradient(text, inputs, grad_output=weights).gradients
    forward = sum(np.sum(np.multiply(w, v)) for w, v in zip(weights, moved, strict=True))
    assert forward == pytest.approx(sum(np.sum(pulled[name] * along[name]) for name in along), rel=1e-12)


@pytest.mark.parametrize("method", ["fast", "full"])
@pytest.mark.parametrize(("text", "weighed", "inputs", "weights"), TUPLES)
def test_the_check_confirms_them(text: str, weighed: str, inputs: Any, weights: list[Any], method: str) -> None:
    problem = Problem(text)
    for given in (None, weights):
        report = problem.check(inputs, method=method, grad_output=given)
        assert report.passed
        assert list(report.inputs) == list(inputs)


def test_the_check_weighs_the_items_apart() -> None:
    """With the same weight for both, the derivatives of x and -x would cancel."""
    worst = engine.check("(x, -x)", {"x": 1.5}).inputs["x"].worst
    assert worst is not None
    assert abs(worst.reverse) > 0.01
    assert worst.reverse == pytest.approx(worst.differences, rel=1e-9)


def test_the_check_takes_the_weights_given() -> None:
    worst = engine.check("(x**2, x**3)", {"x": 2.0}, "full").inputs["x"].worst
    assert worst is not None
    report = Problem("(x**2, x**3)").check({"x": 2.0}, grad_output=[10.0, None])
    assert report.inputs["x"].worst is not None
    assert report.inputs["x"].worst.reverse == 40.0


def test_the_check_in_single_precision() -> None:
    """The program in double precision has other nodes: the outputs are found by their places in the tuple."""
    x = Input([0.1, 0.2], dtype="float32")
    report = engine.check("(sin(x) * [1, 2], sum(x**2), x > 0.15)", {"x": x, "y": 1.0})
    assert report.passed
    assert report.inputs["x"].digits_differences is not None
    assert report.inputs["x"].digits_differences > 4


def test_values_shapes_and_types() -> None:
    inputs = {"x": 2.0, "v": Input([1.0, 3.0], dtype="float32"), "n": Input([2, 1], dtype="int64")}
    answer = engine.evaluate("(x, v*2, n, x > 1, 5, 1j*x)", inputs)
    assert isinstance(answer.value, list)
    assert [np.asarray(v).tolist() for v in answer.value] == [2.0, [2.0, 6.0], [2, 1], True, 5.0, 2j]
    assert answer.shape == [(), (2,), (2,), (), (), ()]
    assert answer.dtype == ["float64", "float32", "int64", "bool", "float64", "complex128"]
    assert answer.value[1].dtype == np.float32


def test_a_tuple_of_one_is_a_tuple() -> None:
    answer = engine.evaluate("(v,)", {"v": [1.0, 2.0]})
    assert [v.tolist() for v in answer.value] == [[1.0, 2.0]]
    assert (answer.shape, answer.dtype) == ([(2,)], ["float64"])
    assert engine.evaluate("(v)", {"v": [1.0, 2.0]}).shape == (2,)


def test_a_list_is_one_tensor() -> None:
    answer = engine.evaluate("[x, 2*x]", {"x": 1.5})
    assert (answer.value.tolist(), answer.shape, answer.dtype) == ([1.5, 3.0], (2,), "float64")
    one, other = engine.evaluate("([x, 2*x], x)", {"x": 1.5}).value
    assert (one.tolist(), other) == ([1.5, 3.0], 1.5)


@pytest.mark.parametrize(
    "text",
    [
        "x, x**2",
        "a, b = x, x**2",
        "a, b = x, x**2; a, b",
        "def f(t):\n    return t, t**2\nf(x)",
        "f(t) = (t, t**2)\na, b = f(x)\na, b",
        "(x, x**2) if x > 0 else (x, x)",
        "if x > 0:\n    r = x, x**2\nelse:\n    r = x, x\nr",
        "r = x, x**2\nfor i in range(3):\n    r = r[0], r[1]\nr",
    ],
)
def test_however_it_is_written(text: str) -> None:
    answer = engine.gradient(text, {"x": 3.0}, grad_output=[10.0, 1.0])
    assert (answer.value, answer.shape, answer.dtype) == ([3.0, 9.0], [(), ()], ["float64", "float64"])
    assert answer.gradients == {"x": 16.0}


@pytest.mark.parametrize("text", ["[x, x**2]", "[x**k for k in range(1, 3)]", "r = []\nr.append(x)\nr.append(x*x)\nr"])
def test_what_is_written_as_a_list_is_one_tensor(text: str) -> None:
    answer = engine.evaluate(text, {"x": 3.0})
    assert (answer.value.tolist(), answer.shape, answer.dtype) == ([3.0, 9.0], (2,), "float64")


def test_the_last_statement_gives_the_tuple_under_a_name_too() -> None:
    assert engine.evaluate("y = 2*x\nz = (x, y)", {"x": 1.5}).value == [1.5, 3.0]
    assert engine.evaluate("z = slogdet(m)", {"m": [[2.0]]}).shape == [(), ()]


def test_answers_share_no_memory() -> None:
    one, other = engine.evaluate("y = 2*x; (y, y)", {"x": [1.0, 2.0]}).value
    one[0] = 9.0
    assert other.tolist() == [2.0, 4.0]
    one, other = engine.jvp("y = 2*x; (y, y)", {"x": [1.0, 2.0]}, {"x": [1.0, 1.0]}).jvp
    one[0] = 9.0
    assert other.tolist() == [2.0, 2.0]


def test_what_has_no_derivative_has_no_tangent() -> None:
    moved = engine.jvp("(x > 1, 3*x, y, floor(x))", {"x": 2.0, "y": [1.0, 2.0]}, {"x": 1.0}).jvp
    assert moved[0] is None
    assert (moved[1], moved[2].tolist(), moved[3]) == (3.0, [0.0, 0.0], 0.0)


def test_none_and_zeros_weigh_what_has_no_derivative() -> None:
    problem = Problem("(2*x, x > 1, n)")
    inputs = {"x": [1.0, 2.0], "n": Input([3, 4], dtype="int64")}
    for nothing in (None, [0, 0], np.zeros(2)):
        found = problem.gradient(inputs, grad_output=[[1.0, 10.0], nothing, nothing]).gradients
        assert found["x"].tolist() == [2.0, 20.0]


def test_where_nothing_matters_gradients_are_zero() -> None:
    assert engine.gradient("(x, y)", {"x": 1.0, "y": [1.0]}, grad_output=[None, None]).gradients["x"] == 0.0


def test_weights_may_be_an_array() -> None:
    found = engine.gradient("(x*y, x + y)", {"x": 2.0, "y": 3.0}, grad_output=np.array([10.0, 1.0])).gradients
    assert found == {"x": 31.0, "y": 21.0}


def test_scalars_beyond_floats() -> None:
    """Over floats 1/x fails at 0: the outputs are computed again over arrays."""
    answer = engine.gradient("(1/x, 2*x)", {"x": 0.0}, grad_output=[0.0, 1.0])
    assert answer.value == [np.inf, 0.0]
    assert answer.gradients == {"x": 2.0}


@pytest.mark.parametrize(
    ("text", "given", "code", "message"),
    [
        ("(x, v)", None, "nonscalar_output", r"a tuple of 2 tensors, of shapes \[\] and \[2\], and only a scalar"),
        ("(x, y)", None, "nonscalar_output", r"a tuple of 2 tensors, of shapes \[\] and \[\], and only a scalar"),
        ("(x,)", None, "nonscalar_output", r"a tuple of one tensor, of shape \[\], and only a scalar"),
        (f"({', '.join('x' * 21)})", None, "nonscalar_output", r"a tuple of 21 tensors, of shapes (\[\], ){20}…, and"),
        ("(x, v)", [1.0], "invalid_request", "grad_output is a list of 1, and the output is a tuple of 2"),
        ("(x, v)", [], "invalid_request", "grad_output is a list of 0"),
        ("(x, v)", [1.0, [1.0, 2.0], None], "invalid_request", "grad_output is a list of 3"),
        ("(x, v)", 1.0, "invalid_request", "grad_output is no list"),
        ("(x, v)", "ab", "invalid_request", "grad_output is no list"),
        ("(x, v)", np.ones(()), "invalid_request", "grad_output is no list"),
        (
            "(x, v)",
            [1.0, 2.0],
            "invalid_request",
            r"grad_output/1 has shape \[\], and item 1 of the output has shape \[2",
        ),
        ("(x, v)", ["one", [1.0, 2.0]], "invalid_request", "grad_output/0 is not a tensor"),
        ("(x, v)", [1.0, [1.0, None]], "invalid_request", "grad_output/1 holds null"),
        ("(x, x > 0)", [1.0, 1.0], "invalid_request", "item 1 of the output is bool, which has no derivative"),
        ("(x, x > 0)", [1.0, [0.0]], "invalid_request", r"grad_output/1 has shape \[1\]"),
        ("(x > 0, n)", [None, None], "dtype_error", "the output is bool and int64, which has no derivative"),
        ("v", [1.0, None], "invalid_request", "grad_output holds null, and the output is one tensor"),
        ("v", [None, None], "invalid_request", "grad_output holds null"),
        ("v", [[1.0], [1.0, 2.0]], "invalid_request", "grad_output is not a tensor"),
        ("()", None, "wrong_arguments", "a tuple of nothing"),
        ("x, (x, y)", None, "wrong_arguments", "an item of the output is itself a tuple"),
        ("x, qr(v[None])", None, "wrong_arguments", "qr gives several results, and one is needed"),
    ],
)
def test_weights_that_do_not_fit(text: str, given: Any, code: str, message: str) -> None:
    inputs = {"x": 1.0, "y": 2.0, "v": [1.0, 2.0], "n": Input(3, dtype="int64")}
    with pytest.raises(engine.NablaError, match=message) as caught:
        engine.gradient(text, inputs, grad_output=given)
    assert caught.value.code == code
    assert caught.value.hint or code == "invalid_request"


@pytest.mark.parametrize("ask", [
    lambda p: p.jacobian({"x": [1.0, 2.0]}),
    lambda p: p.hessian({"x": [1.0, 2.0]}),
    lambda p: p.hvp({"x": [1.0, 2.0]}, {"x": [1.0, 1.0]}),
])  # fmt: skip
@pytest.mark.parametrize("text", ["(sum(x), x)", "(sum(x),)", "(sum(x), sum(x))"])
def test_questions_about_one_tensor_are_refused(ask: Any, text: str) -> None:
    with pytest.raises(engine.NablaError, match="the output is a tuple of") as caught:
        ask(Problem(text))
    assert caught.value.code == "nonscalar_output"
    assert "(…)[0]" in str(caught.value.hint)


def test_the_graph_names_all_outputs() -> None:
    problem = Problem("y = x*x; (y, x, y + 1)")
    graph = problem.autograd({"x": 3.0}, grad_output=[1.0, None, 10.0])
    values = {node["id"]: node for node in graph["nodes"]}
    assert graph["output"] is None
    assert [values[i]["data"] for i in graph["outputs"]] == [9.0, 3.0, 10.0]
    assert [values[i]["grad"] for i in graph["outputs"]] == [11.0, 66.0, 10.0]
    assert all(node["grad"] is None for node in problem.autograd({"x": 3.0})["nodes"])
    assert Problem("(x,)").autograd({"x": 3.0})["output"] is None
    one = Problem("x*x").autograd({"x": 3.0})
    assert one["outputs"] == [one["output"]]


def codes(answer: Any) -> list[str]:
    return [notice.code for notice in answer.notices]


def test_notices_look_at_every_item() -> None:
    assert codes(engine.evaluate("(x, y)", {"x": 1.0, "y": 1.0})) == []
    assert codes(engine.evaluate("(x, 2)", {"x": 1.0, "y": 1.0})) == ["unused_input"]
    assert codes(engine.evaluate("(x, log(x))", {"x": 0.0})) == ["nonfinite"]
    assert codes(engine.gradient("(2*x, relu(x))", {"x": 0.0}, grad_output=[1.0, 1.0])) == ["kink"]
    assert codes(engine.gradient("(2*x, floor(y))", {"x": 1.0, "y": 1.5}, grad_output=[1.0, 1.0])) == [
        "zero_derivative"
    ]
    assert codes(engine.jvp("(x, sqrt(x), x > 1)", {"x": 0.0}, {"x": 1.0})) == ["nonfinite"]


def test_a_comparison_that_is_shown_is_no_kink() -> None:
    """At x = 1 the truth value jumps, but no derivative goes by it."""
    assert codes(engine.gradient("(2*x, x > 1)", {"x": 1.0}, grad_output=[1.0, None])) == []
    assert codes(engine.gradient("c = x > 1; (where(c, x, 2*x), c)", {"x": 1.0}, grad_output=[1.0, None])) == ["kink"]


def test_the_convention_of_complex_inputs() -> None:
    found = engine.gradient("(abs(z)**2, z)", {"z": 3 + 4j}, grad_output=[1.0, None], convention="jax").gradients
    assert found == {"z": 6 - 8j}


def test_a_problem_is_asked_again() -> None:
    problem = Problem("(x, sum(x))")
    assert problem.evaluate({"x": 2.0}).shape == [(), ()]
    assert problem.evaluate({"x": [1.0, 2.0]}).shape == [(2,), ()]
    assert problem.gradient({"x": [1.0, 2.0]}, grad_output=[None, 3.0]).gradients["x"].tolist() == [3.0, 3.0]
