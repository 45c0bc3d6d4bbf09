"""From text to graph: what was written is what is in it, node for node."""

import contextlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.language.parser import parse
from engine.language.trace import trace
from engine.point import prepare


def graph_of(text, **inputs):
    point = prepare(inputs)
    graph, _ = trace(parse(text), point.leaves, point.values)
    return graph


def ops(graph):
    return [node.primitive.name for node in graph.nodes]


def test_nodes_are_what_was_written_in_order():
    graph = graph_of("z = x*y\nsin(z) + z", x=1.0, y=2.0)
    assert ops(graph) == ["input", "input", "multiply", "sin", "add"]
    assert [node.operands for node in graph.nodes] == [(), (), (0, 1), (2,), (3, 2)]
    assert [node.name for node in graph.nodes] == ["x", "y", "z", None, None]
    assert graph.output == 4


def test_nothing_is_shared_that_was_written_twice():
    assert ops(graph_of("x*x + x*x", x=1.0)).count("multiply") == 2


def test_arithmetic_on_written_numbers_makes_no_node():
    graph = graph_of("x**(1 + 1) / (2*3)", x=1.0)
    assert ops(graph) == ["input", "constant", "power", "constant", "divide"]
    assert [node.params["value"] for node in graph.nodes if node.params] == [2.0, 6.0]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1/0", math.inf), ("10.0**400", math.inf), ("-1/0", -math.inf), ("sqrt(2)", math.sqrt(2)), ("7 // 2", 3.0),
     ("2**-1", 0.5), ("-2**2", -4.0), ("2^3^2", 512.0), ("pi", math.pi), ("max([1, 3, 2])", 3.0), ("tau - 2*pi", 0.0),
     ("np.pi + math.e", math.pi + math.e), ("1 if 2 > 1 else 0", 1.0), ("0 < 1 < 2", True), ("not 1 < 2", False),
     ("inf", math.inf), ("5 % 3", 2.0), ("True + 1", 2.0)],
)  # fmt: skip
def test_numbers_alone(text, value):
    assert engine.evaluate(text, {}).value == value


def test_spans_point_at_the_text():
    text = "a = x * y\nb = exp(a)\nb + 2.5"
    graph = graph_of(text, x=1.0, y=1.0)
    written = [text[slice(*node.span)] for node in graph.nodes if node.span]
    assert written == ["x * y", "exp(a)", "2.5", "b + 2.5"]


def test_the_nodes_of_a_composition_remember_their_call():
    graph = graph_of("logsumexp(x) + 1", x=[1.0, 2.0])
    assert {node.call for node in graph.nodes if node.primitive.name == "exp"} == {"logsumexp"}
    assert graph.nodes[graph.output].call is None


@pytest.mark.parametrize(
    "text",
    ["sum(x, axis=0)", "sum(x, dim=0)", "sum(x, 0)", "x.sum(0)", "x.sum(axis=0)", "np.sum(x, axis=0)",
     "torch.sum(x, dim=0)", "x.sum(-2)", "sum(x, axis=(0,))", "x.T.sum(1)", "(x).sum(dim=1 - 1)"],
)  # fmt: skip
def test_spellings_of_one_sum(text):
    assert engine.evaluate(text, {"x": [[1.0, 2.0], [3.0, 4.0]]}).value.tolist() == [4.0, 6.0]


@pytest.mark.parametrize(
    "key",
    ["0", "-1", "1:", ":-1", "::2", "::-1", "..., 0", "None", ":, 1", "1, 2", "0:2, ::2", "[0, 2]", "[0, 0, -1]",
     ":, [2, 0]", "..., None", "None, 1, :, None", "1:1", "-1:-3:-1", "::-2, 1:"],
)  # fmt: skip
def test_indexing_is_numpys(key):
    x = np.arange(12.0).reshape(3, 4)
    expected = eval(f"x[{key}]", {"x": x})
    answer = engine.evaluate(f"x[{key}]", {"x": x})
    np.testing.assert_array_equal(answer.value, expected)
    weights = np.arange(expected.size, dtype=float).reshape(expected.shape) + 1
    found = engine.gradient(f"x[{key}]", {"x": x}, grad_output=weights).gradients["x"]
    scattered = np.zeros_like(x)
    np.add.at(scattered, eval(f"np.s_[{key}]", {"np": np}), weights)
    np.testing.assert_array_equal(found, scattered)


@settings(max_examples=300)
@given(st.integers(0, 5), *[st.none() | st.integers(-8, 8)] * 2, st.none() | st.integers(-3, 3).filter(bool))
def test_any_slice_is_numpys(length, start, stop, step):
    x = np.arange(float(length))
    text = "x[" + ":".join("" if part is None else str(part) for part in (start, stop, step)) + "]"
    np.testing.assert_array_equal(engine.evaluate(text, {"x": x}).value, x[start:stop:step])


def test_an_input_shadows_constants_and_functions():
    assert engine.evaluate("e * 2", {"e": 3.0}).value == 6.0
    assert engine.evaluate("beta = 2\nbeta * gamma", {"gamma": 3.0}).value == 6.0
    assert engine.evaluate("F * m", {"F": 2.0, "m": 3.0}).value == 6.0


def test_a_rebound_input_keeps_its_gradient():
    answer = engine.gradient("x = x * x\nx = 3 * x\nx", {"x": 2.0})
    assert answer.gradients == {"x": 12.0}


def test_only_the_branch_taken_is_in_the_graph():
    graph = graph_of("sin(x) if x > 0 else cos(x)", x=1.0)
    assert "sin" in ops(graph)
    assert "cos" not in ops(graph)
    problem = engine.Problem("x**2 if x > 0 else -x")
    assert [problem.gradient({"x": v}).gradients["x"] for v in (3.0, -3.0, 4.0)] == [6.0, -1.0, 8.0]


def test_an_index_may_be_computed_and_is_looked_at_anew():
    problem = engine.Problem("x[i]")
    inputs = {"x": [1.0, 2.0, 3.0]}
    assert [problem.evaluate({**inputs, "i": engine.Input(i, "int64")}).value for i in (0, 2, -1)] == [1.0, 3.0, 3.0]


def test_masks_and_lists_index():
    answer = engine.gradient("sum(x[x > 1] ** 2)", {"x": [1.0, 2.0, 3.0]})
    assert answer.value == 13.0
    assert answer.gradients["x"].tolist() == [0.0, 4.0, 6.0]


def test_masks_of_several_axes_index():
    answer = engine.gradient("sum(A[A > 1] ** 2)", {"A": [[1.0, 2.0], [3.0, 0.0]]})
    assert answer.value == 13.0
    assert answer.gradients["A"].tolist() == [[0.0, 4.0], [6.0, 0.0]]
    assert engine.evaluate("v[[True, False, True]]", {"v": [1.0, 2.0, 3.0]}).value.tolist() == [1.0, 3.0]


def test_lists_stack_their_elements():
    answer = engine.jacobian("[x, 2*y, 3]", {"x": 1.0, "y": 2.0})
    assert answer.value.tolist() == [1.0, 4.0, 3.0]
    assert answer.jacobians["y"].tolist() == [0.0, 2.0, 0.0]
    assert engine.evaluate("[[1, 2], [3, x]] @ [1, 1]", {"x": 4.0}).value.tolist() == [3.0, 7.0]


def test_names_are_the_same_in_any_unicode_spelling():
    assert engine.gradient("σ₁ * 2", {"σ₁": 1.5}).gradients == {"σ1": 2.0}


ERRORS = [
    ("sinn(x)", "unknown_function", (0, 4), "did you mean sin?"),
    ("xx + 1", "unknown_name", (0, 2), "did you mean x?"),
    ("sin + 1", "unknown_name", (0, 3), "call it: sin(...)"),
    ("x(2)", "unknown_function", (0, 1), "to multiply, write x*(...)"),
    ("v @ w", "shape_mismatch", (0, 5), None),
    ("v + w", "shape_mismatch", (0, 5), "from the last axis"),
    ("1 + sum(v, axis=3)", "wrong_arguments", (4, 18), "from -1 to 0"),
    ("sum(v, axes=0)", "wrong_arguments", (0, 14), "the signature is sum(x, axis=None, keepdims=False)"),
    ("sin(x, 2)", "wrong_arguments", (0, 9), "the signature is sin(x)"),
    ("sin()", "wrong_arguments", (0, 5), "the signature is sin(x)"),
    ("v[5]", "wrong_arguments", (0, 4), None),
    ("v[0, 0]", "wrong_arguments", (0, 7), "its shape is (2,)"),
    ("v[0.5]", "wrong_arguments", None, None),
    ("1 if v else 2", "shape_mismatch", (5, 6), "where(condition, a, b)"),
    ("reshape(v, 3)", "shape_mismatch", (0, 13), None),
    ("x.foo", "unknown_name", (2, 5), "the attributes are"),
    ("v.sum", "unknown_name", (2, 5), "write .sum(...)"),
    ("foo.sin(x)", "unknown_name", (0, 3), "write sin(...) alone"),
    ("sin('a')", "wrong_arguments", (0, 8), None),
    ("x + None", "wrong_arguments", (4, 8), None),
    ("[[1, 2], [3]] + x", "shape_mismatch", (0, 13), None),
    ("max(zeros_like)", "unknown_name", (4, 14), None),
    ("det(v)", "shape_mismatch", (0, 6), None),
    ("einsum('ij->i', v)", "shape_mismatch", (0, 18), None),
    ("x > 0 & x < 1", "dtype_error", None, "(x > 0) & (x < 1)"),
    ("v[[[0, 1], [2]]]", "shape_mismatch", (0, 16), None),
    ("v[::0]", "wrong_arguments", (0, 6), None),
    ("var(None)", "wrong_arguments", (4, 8), None),
    ("var(v, ddof='a')", "wrong_arguments", (0, 16), None),
    ("det(1)", "shape_mismatch", (0, 6), None),
    ("1 @ 2", "shape_mismatch", (0, 5), None),
    ("v[inf]", "wrong_arguments", None, None),
    ("np.linalg.norm([[1, 2], [3, x]], 3)", "wrong_arguments", (0, 35), None),
]


@pytest.mark.parametrize(("text", "code", "span", "hint"), ERRORS, ids=[row[0] for row in ERRORS])
def test_errors_name_place_reason_and_remedy(text, code, span, hint):
    with pytest.raises(engine.NablaError) as caught:
        engine.evaluate(text, {"x": 1.0, "v": [1.0, 2.0], "w": [1.0, 2.0, 3.0]})
    error = caught.value
    assert error.code == code
    assert error.message
    assert span is None or error.span == span
    assert hint is None or hint in error.hint


def test_an_error_repeats_no_text_at_length():
    for text in ("q" * 10_000, "q" * 10_000 + "(x)", "x." + "q" * 10_000):
        with pytest.raises(engine.NablaError) as caught:
            engine.evaluate(text, {"x": 1.0})
        assert len(caught.value.message) + len(caught.value.hint or "") < 1100


WORDS = """x v sin cos sum max where [ ] ( ) , + - * / ** @ < == : 0 1 2.5 1e308 axis= 'a' None True . T shape if else
and not % // = ; softmax reshape einsum stack concatenate norm clip x.sum v[0] det inv index pi ~ & dim= ..."""


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=12))
def test_no_program_raises_anything_but_the_errors_of_the_tree(pieces):
    text = " ".join(pieces)
    limits = engine.Limits(flops=1e7, elements=100_000, bytes=10**7)
    with contextlib.suppress(engine.NablaError):
        problem = engine.Problem(text, limits)
        answer = problem.evaluate({"x": 1.5, "v": [1.0, -2.0, 0.0]})
        problem.gradient({"x": 1.5, "v": [1.0, -2.0, 0.0]}, grad_output=np.ones(answer.shape))


def test_long_programs_need_no_recursion():
    terms = engine.gradient("+".join(["x*y"] * 100_000), {"x": 1.5, "y": 2.0})
    assert terms.gradients == {"x": 200_000.0, "y": 150_000.0}
    chain = engine.gradient("x" + "*1.0" * 100_000, {"x": 1.5})
    assert chain.gradients == {"x": 1.0}
    assert engine.gradient("-" * 10_000 + "x", {"x": 1.5}).gradients == {"x": 1.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("softmax(x)", 2.0),
        ("scipy.special.softmax(x)", 1.0),
        ("scipy.special.softmax(x, axis=-1)", 2.0),
        ("F.softmax(x, 1)", 2.0),
    ],
)
def test_a_library_s_own_defaults_hold_in_its_spelling(text: str, value: float) -> None:
    assert engine.evaluate(f"sum({text})", {"x": [[1.0, 2.0], [3.0, 4.0]]}).value == pytest.approx(value, rel=1e-15)
    tanh = engine.evaluate("gelu(x, 'tanh')", {"x": 1.3}).value
    assert engine.evaluate("jax.nn.gelu(x)", {"x": 1.3}).value == tanh != engine.evaluate("gelu(x)", {"x": 1.3}).value


@pytest.mark.parametrize(
    "text",
    ["x * [1, 2]", "(x > 0) * x", "where(x > 0, 1, 0) * x", "x + np.array([1, 2])", "x @ [[1], [2]]", "x * zeros(2)"],
)
def test_what_is_written_takes_the_precision_of_what_is_sent(text: str) -> None:
    x = engine.Input([0.5, 1.5], "float32")
    assert engine.evaluate(text, {"x": x}).dtype == "float32"
    assert engine.evaluate(f"({text}) * y", {"x": x, "y": 2.0}).dtype == "float64"
