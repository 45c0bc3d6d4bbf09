"""Outputs that are tuples, over HTTP: lists of values, shapes and types; an upstream gradient with an item for each."""

from typing import Any

import pytest

from tests.app.client import ask, call, post, problem

A = [[3.0, 1.0], [4.0, 2.0]]


def test_a_value_for_each_item() -> None:
    answer = ask("evaluate", "(sum(A), A[0], A > 2)", {"A": A})
    assert answer["value"] == [10.0, [3.0, 1.0], [[True, False], [True, False]]]
    assert answer["shape"] == [[], [2], [2, 2]]
    assert answer["dtype"] == ["float64", "float64", "bool"]


def test_tuples_and_tensors_are_told_apart() -> None:
    tuple_, tensor = ask("evaluate", "(A[0], A[1])", {"A": A}), ask("evaluate", "[A[0], A[1]]", {"A": A})
    assert tuple_["value"] == tensor["value"] == A
    assert (tuple_["shape"], tuple_["dtype"]) == ([[2], [2]], ["float64", "float64"])
    assert (tensor["shape"], tensor["dtype"]) == ([2, 2], "float64")
    one = ask("evaluate", "(A,)", {"A": A})
    assert (one["value"], one["shape"], one["dtype"]) == ([A], [[2, 2]], ["float64"])


def test_numbers_that_need_care_come_back() -> None:
    answer = ask("evaluate", "(1/x, [x, -1/x], 1j*y)", {"x": 0.0, "y": 2.0})
    assert answer["value"] == ["Infinity", [0.0, "-Infinity"], {"real": 0.0, "imag": 2.0}]


@pytest.mark.parametrize(
    ("given", "gradient"),
    [
        ([1, [1, 2]], [[1.0, 0.0], [1.0, 2.0]]),
        ([None, [1, 2]], [[0.0, 0.0], [1.0, 2.0]]),
        ([1.5, None], [[1.5, 0.0], [0.0, 0.0]]),
        ([None, None], [[0.0, 0.0], [0.0, 0.0]]),
        (["Infinity", None], [["Infinity", 0.0], [0.0, 0.0]]),
    ],
)
def test_upstream_gradients(given: Any, gradient: Any) -> None:
    assert ask("gradient", "(A[0][0], A[1])", {"A": A}, grad_output=given)["gradients"] == {"A": gradient}


def test_upstream_gradients_that_are_a_tensor_too() -> None:
    """A list whose items have one shape says the same of a tensor and of a tuple."""
    for expression in ("[A[0], A[1]]", "(A[0], A[1])"):
        assert ask("gradient", expression, {"A": A}, grad_output=[[1, 2], [3, 4]])["gradients"]["A"] == [[1, 2], [3, 4]]


def test_complex_upstream_gradients() -> None:
    given = [{"real": 1.0, "imag": 1.0}, 3, None]
    z = {"real": 1.0, "imag": 2.0}
    answer = ask("gradient", "(z*z, abs(z)**2, z)", {"z": z}, grad_output=given)
    assert answer["gradients"]["z"]["real"] == pytest.approx(6 + 3 * 2)
    assert answer["gradients"]["z"]["imag"] == pytest.approx(-2 + 3 * 4)


def test_tangents_are_a_list() -> None:
    answer = ask("jvp", "(A[0]*2, sum(A), A > 2)", {"A": A}, tangents={"A": [[1, 0], [0, 1]]})
    assert answer["jvp"] == [[2.0, 0.0], 2.0, None]


def test_check_and_graph() -> None:
    question = {"inputs": {"x": 2.0}, "check": "full", "graph": True}
    answer = ask("gradient", "(x**2, x**3)", grad_output=[1, None], **question)
    assert answer["check"]["passed"] is True
    assert answer["check"]["inputs"]["x"]["worst"]["reverse"] == 4.0
    graph = answer["graph"]
    assert graph["output"] is None
    assert [graph["nodes"][i]["data"] for i in graph["outputs"]] == [4.0, 8.0]
    assert [graph["nodes"][i]["grad"] for i in graph["outputs"]] == [1.0, None]
    assert ask("evaluate", "(x**2, x > 3)", **question)["check"]["passed"] is True


def test_a_check_and_a_graph_of_their_own() -> None:
    report = ask("check", "(x**2, x > 3)", {"x": 2.0})
    assert (report["passed"], report["value"], report["dtype"]) == (True, [4.0, False], ["float64", "bool"])
    report = ask("check", "(x**2, x**3)", {"x": 2.0}, grad_output=[None, 2])
    assert report["inputs"]["x"]["worst"]["reverse"] == 24.0
    graph = ask("graph", "(x**2, x)", {"x": 2.0}, grad_output=[1, 10])
    assert graph["nodes"][graph["inputs"]["x"]]["grad"] == 14.0
    assert all(node["grad"] is None for node in ask("graph", "(x**2, x)", {"x": 2.0})["nodes"])


def test_by_address_the_value_can_be_had() -> None:
    found = problem(call("GET", "/v1/gradient?expression=(x,2*x)&x=1"), 422, "nonscalar_output")
    assert "grad_output" in found["hint"]


REFUSED = {
    "nothing is said": ({}, "nonscalar_output", None),
    "too few": ({"grad_output": [1]}, "invalid_request", "/grad_output"),
    "too many": ({"grad_output": [1, None, [1, 2], 1]}, "invalid_request", "/grad_output"),
    "one number": ({"grad_output": 1}, "invalid_request", "/grad_output"),
    "no items": ({"grad_output": []}, "invalid_request", "/grad_output"),
    "a string": ({"grad_output": [1, "two", None]}, "invalid_request", "/grad_output/1"),
    "a truth value": ({"grad_output": [True, [1, 2], None]}, "invalid_request", "/grad_output/0"),
    "ragged": ({"grad_output": [1, [1, [2]], None]}, "invalid_request", "/grad_output/1"),
    "null within": ({"grad_output": [1, [1, None], None]}, "invalid_request", "/grad_output/1"),
    "another shape": ({"grad_output": [1, [1, 2, 3], None]}, "invalid_request", "/grad_output/1"),
    "a number for truth values": ({"grad_output": [None, None, [1, 1]]}, "invalid_request", "/grad_output/2"),
    "an unknown object": ({"grad_output": [{"re": 1}, [1, 2], None]}, "invalid_request", "/grad_output/0"),
    "complex for real": ({"grad_output": [{"real": 1, "imag": 1}, [1, 2], None]}, "invalid_request", "/grad_output/0"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_refused(name: str) -> None:
    fields, code, pointer = REFUSED[name]
    document = {"expression": "(sum(x), x, x > 1)", "inputs": {"x": [1.0, 2.0]}, **fields}
    found = problem(post("/v1/gradient", document), 422, code)
    assert [error["pointer"] for error in found.get("errors", [])] == ([pointer] if pointer else [])
    if code == "nonscalar_output":
        assert "a tuple of 3 tensors, of shapes [], [2] and [2]" in found["detail"]
        assert found["shape"] == [[], [2], [2]]


@pytest.mark.parametrize("given", [[[1], [1, 2]], [1, None], [None, None]])
def test_a_list_for_a_tensor_is_refused(given: Any) -> None:
    document = {"expression": "2*x", "inputs": {"x": [1.0, 2.0]}, "grad_output": given}
    found = problem(post("/v1/gradient", document), 422, "invalid_request")
    assert found["errors"][0]["pointer"] == "/grad_output"


@pytest.mark.parametrize(
    ("question", "fields"), [("jacobian", {}), ("hessian", {}), ("hvp", {"vectors": {"x": [1.0, 1.0]}})]
)
def test_questions_about_one_tensor(question: str, fields: dict[str, Any]) -> None:
    document = {"expression": "(sum(x), x)", "inputs": {"x": [1.0, 2.0]}, **fields}
    found = problem(post(f"/v1/{question}", document), 422, "nonscalar_output")
    assert found["detail"].startswith("the output is a tuple of 2 tensors, of shapes [] and [2]")
    assert found["hint"].startswith("choose one")


def test_the_size_of_the_answer_counts_every_item() -> None:
    document = {"expression": "x = ones(2000, 1000); (x, x)", "inputs": {"y": 1.0}}
    found = problem(post("/v1/evaluate", document), 422, "limit_exceeded")
    assert found["limit"] == "answer_elements"
    assert found["asked"] >= 4_000_000
