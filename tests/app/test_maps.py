"""Many points in one request: every endpoint takes `map`, and answers as a loop over the points would."""

from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from tests.app.client import ask, call, post, problem

INPUTS = {"x": [1.0, 2.0, 3.0], "y": 0.5}
TEXT = "sin(x*y) + x**2"


def single(question: str, place: int, **fields: Any) -> dict[str, Any]:
    return ask(question, TEXT, {"x": INPUTS["x"][place], "y": 0.5}, **fields)  # type: ignore[index]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("evaluate", ["value"]),
        ("gradient", ["value", "gradients"]),
        ("jacobian", ["value", "jacobians"]),
        ("hessian", ["value", "gradients", "hessians"]),
    ],
)
def test_every_question_is_that_of_each_point(question: str, parts: list[str]) -> None:
    answer = ask(question, TEXT, INPUTS, map=["x"])
    assert answer["failures"] == []
    assert answer["shape"] == [3]
    for place in range(3):
        alone = single(question, place)
        for part in parts:
            assert _at(answer[part], place) == alone[part]


def _at(value: Any, place: int) -> Any:
    return {name: _at(part, place) for name, part in value.items()} if isinstance(value, dict) else value[place]


def test_products_with_a_vector_for_each_point() -> None:
    vector = {"x": [1.0, -1.0, 0.5], "y": 2.0}
    for question, field in (("jvp", "tangents"), ("hvp", "vectors")):
        answer = ask(question, TEXT, INPUTS, map=["x"], **{field: vector})
        for place in range(3):
            alone = single(question, place, **{field: {"x": vector["x"][place], "y": 2.0}})  # type: ignore[index]
            assert _at(answer[question], place) == alone[question]


def test_an_upstream_gradient_for_each_point_or_for_all() -> None:
    inputs = {"v": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}
    shared = ask("gradient", "v**2", inputs, map=["v"], grad_output=[1.0, 10.0])
    assert shared["gradients"]["v"] == [[2.0, 40.0], [6.0, 80.0], [10.0, 120.0]]
    own = ask("gradient", "v**2", inputs, map=["v"], grad_output=[[1, 0], [0, 1], [1, 1]])
    assert own["gradients"]["v"] == [[2.0, 0.0], [0.0, 8.0], [10.0, 12.0]]


def test_check_and_graph_are_given_for_each_point() -> None:
    found = ask("check", TEXT, INPUTS, map=["x"])
    assert found["passed"] is True
    alone = ask("check", TEXT, {"x": 2.0, "y": 0.5})
    del alone["warnings"]
    assert found["points"][1] == alone
    graphs = ask("graph", TEXT, INPUTS, map=["x"])
    alone = ask("graph", TEXT, {"x": 2.0, "y": 0.5})
    del alone["warnings"]
    assert graphs["graphs"][1] == alone
    both = ask("gradient", TEXT, INPUTS, map=["x"], check="fast", graph=True)
    assert both["check"]["points"] == found["points"]
    assert both["graphs"] == graphs["graphs"]
    assert "graph" not in both


def test_a_point_that_fails_is_reported() -> None:
    inputs = {"v": [1.0, 2.0], "k": {"data": [0, 5, 1], "dtype": "int64"}}
    answer = ask("gradient", "v[k]", inputs, map=["k"], check="fast", graph=True)
    assert answer["value"] == [1.0, "NaN", 2.0]
    assert answer["gradients"]["v"] == [[1.0, 0.0], ["NaN", "NaN"], [0.0, 1.0]]
    (failure,) = answer["failures"]
    alone = post(
        "/v1/gradient", {"expression": "v[k]", "inputs": {"v": [1.0, 2.0], "k": {"data": 5, "dtype": "int64"}}}
    )
    refused = problem(alone, 422, failure["code"])
    assert failure == {"point": 1, "code": refused["code"], "message": refused["detail"], "hint": refused.get("hint"),
                       "span": refused["span"]}  # fmt: skip
    assert answer["check"]["points"][1] is None
    assert answer["check"]["passed"] is False
    assert answer["graphs"][1] is None


def test_a_warning_names_its_points() -> None:
    answer = ask("gradient", "log(x)", {"x": [1.0, 0.0, 2.0]}, map=["x"])
    assert answer["value"] == [0.0, "-Infinity", pytest.approx(0.6931471805599453)]
    (warning,) = answer["warnings"]
    assert (warning["code"], warning["points"]) == ("nonfinite", {"count": 1, "first": [1]})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"map": ["z"]}, "map names z, which is not an input"),
        ({"map": ["y"]}, "one number"),
        ({"map": []}, "map names no input"),
        ({"map": ["x", "w"]}, "the leading axis of x has 3 points, and that of w has 2"),
        ({"map": ["a b"]}, "not a name"),
        ({"map": "x"}, "list"),
    ],
)
def test_what_cannot_be_mapped_is_refused(fields: dict[str, Any], message: str) -> None:
    inputs = {**INPUTS, "w": [1.0, 2.0]}
    for question in ("gradient", "graph", "check"):
        response = post(f"/v1/{question}", {"expression": "x * y", "inputs": inputs, **fields})
        found = problem(response, 422, "invalid_request")
        assert message in found["detail"]
        assert found["errors"][0]["pointer"].startswith("/map")


def test_an_answer_too_large_is_refused_with_a_remedy() -> None:
    app = create_app(Settings(answer_elements=1000))
    for question, points in (("gradient", 600), ("graph", 10), ("check", 60)):
        body = {"expression": "x*y", "inputs": {"x": [0.5] * points, "y": 1.0}, "map": ["x"]}
        found = problem(post(f"/v1/{question}", body, app), 422, "limit_exceeded")
        assert "fewer points" in found["hint"]


def test_by_an_address_map_is_a_name_like_any_other() -> None:
    assert call("GET", "/v1/gradient", params={"expression": "2*map", "map": "3"}).json()["gradients"] == {"map": 2.0}


def test_many_points_are_estimated_as_many() -> None:
    """A thousand points of a heavy program go to the heavy lane, which is full here; one point does not."""
    app = create_app(Settings(light_flops=1e5))
    assert post("/v1/evaluate", {"expression": "x*2", "inputs": {"x": 1.0}}, app).status_code == 200
    lane = app.state.service.lane
    lane._taken = lane._room
    body = {"expression": "x*2", "inputs": {"x": [1.0] * 1000}, "map": ["x"]}
    problem(post("/v1/evaluate", body, app), 503, "overloaded")
