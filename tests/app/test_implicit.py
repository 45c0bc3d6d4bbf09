"""Roots and minima over HTTP: derivatives, the graph, the reference, and what is said where there is no solution."""

import math

import pytest

from tests.app.client import ask, call, post, problem

KEPLER = "root(lambda E: E - e*sin(E) - M, M)"
POINT = {"e": 0.5, "M": 1.0}


def test_every_question_is_answered() -> None:
    E = ask("evaluate", KEPLER, POINT)["value"]
    assert E - 0.5 * math.sin(E) == pytest.approx(1.0, rel=1e-15)
    slope = 1 - 0.5 * math.cos(E)
    by_M, by_e = 1 / slope, math.sin(E) / slope
    assert ask("gradient", KEPLER, POINT)["gradients"] == pytest.approx({"e": by_e, "M": by_M}, rel=1e-14)
    assert ask("jacobian", KEPLER, POINT)["jacobians"] == pytest.approx({"e": by_e, "M": by_M}, rel=1e-14)
    second = -0.5 * math.sin(E) / slope**3
    assert ask("hessian", KEPLER, POINT)["hessians"]["M"]["M"] == pytest.approx(second, rel=1e-13)
    assert ask("jvp", KEPLER, POINT, tangents={"M": 2.0})["jvp"] == pytest.approx(2 * by_M, rel=1e-14)
    assert ask("hvp", KEPLER, POINT, vectors={"M": 2.0})["hvp"]["M"] == pytest.approx(2 * second, rel=1e-13)
    assert ask("check", KEPLER, POINT)["passed"]


def test_the_graph_shows_the_text_of_the_function() -> None:
    nodes = ask("graph", "argmin(lambda x: (x - a)**2 + x**4, 0.0)", {"a": 1.0})["nodes"]
    node = nodes[-1]
    assert (node["op"], node["params"]) == ("minimizer", {"h": "lambda x: (x - a)**2 + x**4"})
    assert node["grad_fn"]["name"] == "MinimizerBackward0"
    assert nodes[0]["grad"] == pytest.approx(2 / (2 + 12 * node["data"] ** 2), rel=1e-14)


def test_the_reference_has_both() -> None:
    functions = {entry["name"]: entry for entry in call("GET", "/v1/functions").json()["functions"]}
    assert functions["root"]["signature"] == "root(g, x0)"
    assert functions["minimizer"]["signature"] == "minimizer(h, x0)"
    assert "argmin(h, x0)" in functions["minimizer"]["doc"]
    assert "argmin(h, x0)" in functions["argmin"]["doc"]
    for name in ("root", "minimizer"):
        example = functions[name]["example"]
        assert ask("gradient", **example["request"])["gradients"] == example["gradients"]


def test_what_is_not_found_is_a_problem_of_its_own() -> None:
    response = post("/v1/gradient", {"expression": "a + root(lambda x: x**2 + a, 1.0)", "inputs": {"a": 2.0}})
    document = problem(response, 422, "not_converged")
    assert document["residual"] == 2.0
    assert document["span"] == {"start": 4, "end": 33, "line": 1, "column": 5}
    assert "another x0" in document["hint"]


def test_a_derivative_by_the_start_is_zero_with_a_warning() -> None:
    answer = ask("gradient", "root(lambda x: x**2 - a, x0)", {"a": 2.0, "x0": 1.0})
    assert answer["gradients"]["x0"] == 0.0
    assert [warning["code"] for warning in answer["warnings"]] == ["zero_derivative"]
