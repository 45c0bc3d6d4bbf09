"""What the questions answer; the mathematics itself is tested with the engine."""

from typing import Any

import pytest

from app.main import create_app
from app.schemas.answers import FunctionEntry
from app.settings import Settings
from tests.app.client import ask, call, post, problem


def test_gradient_of_the_issue() -> None:
    answer = ask("gradient", "2*a**6 - b**9", {"a": [1, 4], "b": [5, 2]}, grad_output=[1, 1])
    assert answer["gradients"] == {"a": [12, 12288], "b": [-3515625, -2304]}
    assert [warning["code"] for warning in answer["warnings"]] == ["integer_promoted"] * 2


def test_only_the_inputs_in_wrt() -> None:
    assert list(ask("gradient", "x*y", {"x": 2.0, "y": 3.0}, wrt=["y"])["gradients"]) == ["y"]


@pytest.mark.parametrize(
    ("given", "value"), [("NaN", "NaN"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity"), (-0.0, -0.0)]
)
def test_numbers_that_need_care_come_back(given: Any, value: Any) -> None:
    assert repr(ask("evaluate", "x", {"x": given})["value"]) == repr(value)
    assert repr(ask("evaluate", "x", {"x": [given, 1.0]})["value"]) == repr([value, 1.0])


@pytest.mark.parametrize("given", [2**63, 2**64, -(2**63) - 1, 10**30])
def test_integers_beyond_64_bits_become_floating_point(given: int) -> None:
    for tensor in (given, [given], [given, 1], [[given]]):
        body = f'{{"expression":"sum(x)","inputs":{{"x":{tensor}}}}}'.encode()
        response = post("/v1/evaluate", body)
        assert response.status_code == 200, response.text
        assert response.json()["value"] == pytest.approx(float(given))


@pytest.mark.parametrize("shape", [[0], [0, 3], [3, 0], [2, 0, 1]])
def test_empty_tensors(shape: list[int]) -> None:
    def empty(shape: list[int]) -> list[Any]:
        return [empty(shape[1:]) for _ in range(shape[0])] if shape else []

    given = empty(shape[: shape.index(0) + 1])
    answer = ask("evaluate", "x + 1", {"x": given})
    assert answer["value"] == given
    assert answer["shape"] == shape[: shape.index(0) + 1]


def test_dtypes() -> None:
    assert ask("evaluate", "x", {"x": 0.5}, dtype="float32")["dtype"] == "float32"
    assert ask("evaluate", "x", {"x": {"data": [1, 2], "dtype": "int64"}})["dtype"] == "int64"
    truth = ask("evaluate", "x", {"x": {"data": [True, False], "dtype": "bool"}})
    assert (truth["value"], truth["dtype"]) == ([True, False], "bool")
    assert ask("evaluate", "x > 1", {"x": 2.0})["value"] is True


def test_a_number_too_large_for_single_precision_is_infinite() -> None:
    for given in (1e39, [1e39], {"data": [1e39], "dtype": "float32"}):
        assert ask("evaluate", "sum(x)", {"x": given}, dtype="float32")["value"] == "Infinity"


def test_names_beyond_ascii() -> None:
    assert ask("gradient", "λ₁**2 * π", {"λ₁": 3.0, "π": 2.0})["gradients"] == {"λ1": 12.0, "pi": 9.0}


def test_jacobian_says_how_it_was_computed() -> None:
    answer = ask("jacobian", "x**2", {"x": [1.0, 2.0]}, mode="forward")
    assert answer["jacobians"] == {"x": [[2.0, 0.0], [0.0, 4.0]]}
    assert (answer["mode"], answer["evaluations"]) == ("forward", 2)


def test_second_derivatives_and_products() -> None:
    inputs = {"x": 2.0, "y": 5.0}
    assert ask("hessian", "x**3*y", inputs)["hessians"] == {"x": {"x": 60.0, "y": 12.0}, "y": {"x": 12.0, "y": 0.0}}
    assert ask("jvp", "x*y", inputs, tangents={"x": 1, "y": 2.0})["jvp"] == 9.0
    answer = ask("hvp", "x**3*y", inputs, vectors={"x": 1.0}, wrt=["y"])
    assert (answer["hvp"], answer["gradients"]) == ({"y": 12.0}, {"y": 8.0})


def test_check_of_its_own() -> None:
    report = ask("check", "sum(x**2)", {"x": [1.0, 2.0]}, method="full", rtol=1e-5, atol=1e-8)
    assert report["passed"] is True
    assert (report["method"], report["rtol"], report["atol"]) == ("full", 1e-5, 1e-8)
    assert report["inputs"]["x"]["comparisons"] == 2


def test_graph_of_its_own() -> None:
    graph = ask("graph", "x*y", {"x": 2.0, "y": {"data": 3.0, "requires_grad": False}})
    nodes = graph["nodes"]
    assert (graph["format"], graph["version"], graph["expression"]) == ("nabla-graph", 1, "x * y")
    x, y, product = nodes[graph["inputs"]["x"]], nodes[graph["inputs"]["y"]], nodes[graph["output"]]
    assert (x["data"], x["grad"], x["grad_fn"], x["is_leaf"], x["requires_grad"]) == (2.0, 3.0, None, True, True)
    assert (y["grad"], y["requires_grad"]) == (None, False)
    assert product["grad_fn"] == {"name": "MulBackward0", "next_functions": [x["id"]]}
    assert product["span"] == {"start": 0, "end": 3, "line": 1, "column": 1}


def test_graph_with_numbers_that_are_not_finite() -> None:
    graph = ask("graph", "sum(1/x)", {"x": [0.0, 1.0]})
    assert graph["nodes"][graph["inputs"]["x"]]["grad"] == ["-Infinity", -1.0]


@pytest.mark.parametrize(
    ("question", "fields"),
    [("evaluate", {}), ("gradient", {}), ("jacobian", {}), ("hessian", {}), ("jvp", {"tangents": {"x": 1.0}}),
     ("hvp", {"vectors": {"x": 1.0}})],
)  # fmt: skip
def test_check_and_graph_with_any_answer(question: str, fields: dict[str, Any]) -> None:
    plain = ask(question, "x**3", {"x": 2.0}, **fields)
    assert "check" not in plain
    assert "graph" not in plain
    answer = ask(question, "x**3", {"x": 2.0}, check="fast", graph=True, **fields)
    assert answer["check"]["passed"] is True
    assert set(answer["check"]) == {"passed", "method", "rtol", "atol", "inputs"}
    assert answer["graph"]["nodes"][answer["graph"]["output"]]["data"] == 8.0
    assert "warnings" not in answer["graph"]
    assert {name: part for name, part in answer.items() if name not in ("check", "graph")} == plain


def test_each_warning_is_said_once() -> None:
    answer = ask("gradient", "relu(x)", {"x": 0.0}, check="full", graph=True)
    assert [warning["code"] for warning in answer["warnings"]] == ["kink"]
    assert answer["warnings"][0]["span"] == {"start": 0, "end": 7, "line": 1, "column": 1}


def test_by_address() -> None:
    query = {"expression": "x*y + e", "x": "2", "y": "-1.5e1", "e": ".5", "wrt": "x,y"}
    assert call("GET", "/v1/gradient", params=query).json()["gradients"] == {"x": -15.0, "y": 2.0}
    answer = call("GET", "/v1/gradient", params={"expression": "x", "x": "Infinity", "graph": "true"}).json()
    assert (answer["value"], answer["graph"]["output"]) == ("Infinity", 0)


@pytest.mark.parametrize(
    "query",
    ["x=1", "expression=x&x=one", "expression=x&x=1&x=2", "expression=x&expression=y", "expression=x&x=1e999",
     "expression=x&x=1&graph=yes", "expression=x&x=1&dtype=int8", "expression=x&x=", "expression=x&x=%D9%A1", ""],
)  # fmt: skip
def test_by_address_is_as_strict(query: str) -> None:
    problem(call("GET", f"/v1/gradient?{query}"), 422, "invalid_request")


def test_a_plus_in_an_address() -> None:
    document = problem(call("GET", "/v1/gradient?expression=x+1&x=1"), 422, "syntax_error")
    assert "%2B" in document["hint"]


def test_functions() -> None:
    functions = {entry["name"]: entry for entry in call("GET", "/v1/functions").json()["functions"]}
    assert {"sin", "matmul", "softmax"} <= set(functions)
    assert all(set(entry) == set(FunctionEntry.model_fields) for entry in functions.values())
    assert functions["sin"]["derivative"]["formulas"][0]["text"] == "cos(x)"
    assert call("GET", "/v1/functions?name=nothing").json() == {"functions": []}


def test_health() -> None:
    assert call("GET", "/healthz").json() == {"status": "ok"}
    assert call("GET", "/readyz").json() == {"status": "ok"}


def test_an_expression_is_parsed_once() -> None:
    app = create_app(Settings())
    for x in (1.0, 2.0):
        answer = post("/v1/gradient", {"expression": "x**2", "inputs": {"x": x}}, app).json()
        assert answer["gradients"] == {"x": 2 * x}
    assert len(app.state.service.cache) == 1


def test_a_tangent_of_an_input_that_wrt_leaves_out_is_refused() -> None:
    document = {"expression": "x*y", "inputs": {"x": 1.0, "y": 2.0}, "tangents": {"x": 1.0}}
    found = problem(post("/v1/jvp", document | {"wrt": ["y"]}), 422, "invalid_request")
    assert found["errors"][0]["pointer"] == "/tangents/x"
    assert post("/v1/jvp", document | {"wrt": ["x"]}).json()["jvp"] == 2.0
