"""Complex tensors over HTTP: an object with real and imag, both ways."""

from typing import Any

import pytest

from tests.app.client import ask, post, problem

Z = {"real": [1, 0.5], "imag": [2.0, -1]}


def test_a_gradient_by_a_complex_input() -> None:
    answer = ask("gradient", "sum(abs(z)**2)", {"z": Z})
    assert answer["value"] == pytest.approx(6.25)
    assert answer["gradients"]["z"]["real"] == pytest.approx([2.0, 1.0])
    assert answer["gradients"]["z"]["imag"] == pytest.approx([4.0, -2.0])
    assert [warning["code"] for warning in answer["warnings"]] == ["complex_gradient"]


def test_the_convention_is_asked_for() -> None:
    answer = ask("gradient", "sum(abs(z)**2)", {"z": Z}, convention="jax")
    assert answer["gradients"]["z"]["imag"] == pytest.approx([-4.0, 2.0])
    assert "JAX" in answer["warnings"][0]["message"]
    assert ask("gradient", "abs(x)", {"x": 0.0}, convention="jax")["gradients"]["x"] == 1.0
    assert ask("gradient", "abs(x)", {"x": 0.0})["gradients"]["x"] == 0.0


def test_a_part_that_is_left_out_is_zero() -> None:
    assert ask("evaluate", "z", {"z": {"imag": 2}})["value"] == {"real": 0.0, "imag": 2.0}
    assert ask("evaluate", "z", {"z": {"real": [1, 2]}})["value"] == {"real": [1.0, 2.0], "imag": [0.0, 0.0]}


def test_seeds_and_directions_are_complex_too() -> None:
    answer = ask("gradient", "z*2", {"z": Z}, grad_output={"real": [1, 0], "imag": [0, 1]})
    assert answer["gradients"]["z"] == {"real": [2.0, 0.0], "imag": [0.0, 2.0]}
    answer = ask("jvp", "z*z", {"z": {"real": 1, "imag": 1}}, tangents={"z": {"imag": 1}})
    assert answer["jvp"] == {"real": -2.0, "imag": 2.0}


def test_what_is_not_finite_comes_back() -> None:
    words = {"real": ["NaN"], "imag": ["-Infinity"]}
    assert ask("evaluate", "z", {"z": words})["value"] == words


def test_the_graph_shows_both_parts() -> None:
    graph = ask("graph", "abs(z)**2", {"z": {"real": 3, "imag": 4}})
    leaf = graph["nodes"][0]
    assert (leaf["dtype"], leaf["data"], leaf["grad"]) == (
        "complex128",
        {"real": 3.0, "imag": 4.0},
        {"real": 6.0, "imag": 8.0},
    )


def test_a_check_of_complex_derivatives() -> None:
    assert ask("check", "abs(exp(z))", {"z": {"real": 0.5, "imag": 1}}, method="full")["passed"]


@pytest.mark.parametrize(
    ("given", "pointer", "message"),
    [
        ({"real": [1, 2], "imag": [3]}, "/inputs/z", "real has shape"),
        ({"real": 1, "data": 2}, "/inputs/z/data", "unknown field"),
        ({"real": 1, "dtype": "float64"}, "/inputs/z/dtype", "complex128"),
        ({"real": "1"}, "/inputs/z/real", "a string is not a number"),
    ],
)
def test_what_is_no_complex_tensor(given: Any, pointer: str, message: str) -> None:
    document = problem(post("/v1/evaluate", {"expression": "z", "inputs": {"z": given}}), 422, "invalid_request")
    assert document["errors"][0]["pointer"] == pointer
    assert message in document["errors"][0]["message"]


def test_a_complex_output_says_what_it_needs() -> None:
    document = problem(post("/v1/gradient", {"expression": "z", "inputs": {"z": {"real": 1}}}), 422, "nonscalar_output")
    assert "real(z)" in document["hint"]
