"""Derivatives of higher order as a client asks for them."""

from tests.app.client import ask, call, post, problem


def test_taylor() -> None:
    answer = ask("taylor", "exp(2*x)", {"x": 0.0}, input="x", order=3)
    assert answer["derivatives"] == [1, 2, 4, 8]
    assert answer["coefficients"][2:] == [2, 8 / 6]
    assert (answer["input"], answer["order"], answer["value"]) == ("x", 3, 1)


def test_taylor_of_a_tensor() -> None:
    assert ask("taylor", "[x, x**2]", {"x": 3.0}, order=2)["derivatives"] == [[3, 9], [1, 6], [0, 2]]


def test_what_is_infinite_is_said() -> None:
    answer = ask("taylor", "sqrt(x)", {"x": 0.0}, order=2)
    assert answer["derivatives"] == [0, "Infinity", "-Infinity"]
    assert answer["warnings"][0]["code"] == "nonfinite"


def test_order_has_to_be_given() -> None:
    assert problem(post("/v1/taylor", {"expression": "x", "inputs": {"x": 1.0}}), 422, "invalid_request")


def test_partial_and_order_of_a_gradient() -> None:
    assert ask("gradient", "x**3*y**2", {"x": 2.0, "y": 5.0}, partial=["x", "x", "y"])["derivative"] == 120
    answer = ask("gradient", "x**3*y", {"x": 2.0, "y": 5.0}, wrt=["x"], order=2)
    assert (answer["derivative"], answer["partial"], answer["gradients"]) == (60, ["x", "x"], {"x": 60})
    both = {"expression": "x", "inputs": {"x": 1.0}, "order": 1, "partial": ["x"]}
    assert problem(post("/v1/gradient", both), 422, "invalid_request")["errors"][0]["pointer"] == "/order"


def test_by_an_address() -> None:
    first = call("GET", "/v1/gradient?expression=x**3*y&x=2&y=5&partial=x,x")
    assert first.json()["derivative"] == 60
    other = call("GET", "/v1/gradient?expression=x**3*y&x=2&y=5&partial=x,y")
    assert other.json()["derivative"] == 12
    assert len({r.headers["etag"] for r in (first, other, call("GET", "/v1/gradient?expression=x**3*y&x=2&y=5"))}) == 3
    assert call("GET", "/v1/gradient?expression=x**4&x=1&order=3").json()["derivative"] == 24
    assert problem(call("GET", "/v1/gradient?expression=x&x=1&order=x"), 422, "invalid_request")


def test_too_much_is_refused_before_it_is_done() -> None:
    request = {"expression": "x", "inputs": {"x": 1.0}, "order": 171}
    assert problem(post("/v1/taylor", request), 422, "limit_exceeded")["limit"] == "order"


def test_a_check_says_that_it_is_one_of_first_derivatives() -> None:
    for question, options in (
        ("gradient", {"order": 2}),
        ("gradient", {"partial": ["x", "x"]}),
        ("taylor", {"order": 2}),
    ):
        answer = ask(question, "x**3", {"x": 2.0}, check="fast", **options)
        assert answer["check"]["passed"]
        assert [warning["code"] for warning in answer["warnings"]] == ["check_first_order"]
    assert ask("gradient", "x**3", {"x": 2.0}, check="fast")["warnings"] == []


def test_lost_digits_are_told_of() -> None:
    answer = ask("gradient", "sin(x)/x", {"x": 0.001}, order=5)
    assert [warning["code"] for warning in answer["warnings"]] == ["precision"]


def test_wrt_is_looked_at() -> None:
    inputs = {"x": 2.0, "y": 5.0}
    assert ask("taylor", "x**2*y", inputs, wrt=["y"], order=1)["derivatives"] == [20, 4]
    other = {"expression": "x*y", "inputs": inputs, "order": 1, "input": "x", "wrt": ["y"]}
    assert problem(post("/v1/taylor", other), 422, "invalid_request")["errors"][0]["pointer"] == "/input"
    for question in ("taylor", "evaluate"):
        unknown = {"expression": "x*y", "inputs": inputs, "wrt": ["zz"]}
        unknown |= {"order": 1, "input": "x"} if question == "taylor" else {}
        assert problem(post(f"/v1/{question}", unknown), 422, "invalid_request")["errors"][0]["pointer"] == "/wrt"
