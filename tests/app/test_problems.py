"""Everything that can go wrong is a problem document: the right status and code, and never a traceback."""

import json
from typing import Any

import pytest

from app.faults import FAULTS
from app.main import create_app
from app.settings import Settings
from tests.app.client import DEFAULT, call, post, problem

# For every code that a request can cause by itself: question, fields. The others have tests of their own below.
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "invalid_request": ("gradient", {"expression": "x", "inputs": {"x": None}}),
    "syntax_error": ("gradient", {"expression": "2x"}),
    "unknown_name": ("gradient", {"expression": "x + z", "inputs": {"x": 1.0}}),
    "unknown_function": ("gradient", {"expression": "sinn(x)", "inputs": {"x": 1.0}}),
    "wrong_arguments": ("gradient", {"expression": "sin(x, x)", "inputs": {"x": 1.0}}),
    "shape_mismatch": ("gradient", {"expression": "a + b", "inputs": {"a": [1.0, 2.0], "b": [1.0, 2.0, 3.0]}}),
    "dtype_error": ("gradient", {"expression": "x > 1", "inputs": {"x": 2.0}}),
    "nonscalar_output": ("gradient", {"expression": "x", "inputs": {"x": [1.0, 2.0]}}),
    "nothing_to_differentiate": ("gradient", {"expression": "1"}),
    "not_converged": ("gradient", {"expression": "root(lambda t: t**2 + x, 1.0)", "inputs": {"x": 1.0}}),
    "limit_exceeded": ("evaluate", {"expression": "outer(x, x)", "inputs": {"x": [0.5] * 5000}}),
}
ELSEWHERE = {
    "malformed_json", "not_found", "method_not_allowed", "not_acceptable", "body_too_large", "unsupported_media_type",
    "internal_error", "overloaded", "deadline_exceeded",
}  # fmt: skip
# No row of the table lacks a derivative yet.
NOT_YET = {"not_differentiable"}

HOSTILE = {
    "nothing": b"",
    "blank": b"  \n",
    "a word": b"hello",
    "NaN": b'{"expression":"x","inputs":{"x":NaN}}',
    "Infinity": b'{"expression":"x","inputs":{"x":-Infinity}}',
    "1e999": b'{"expression":"x","inputs":{"x":1e999}}',
    "many digits": b'{"expression":"x","inputs":{"x":' + b"9" * 100_000 + b"}}",
    "lone surrogate": b'{"expression":"\\ud800","inputs":{}}',
    "lone surrogate in a name": b'{"expression":"x","inputs":{"\\udc00":1}}',
    "not UTF-8": b'{"expression":"\xff"}',
    "UTF-16": '{"expression":"x"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"expression":"x"}',
    "deep": b'{"expression":"x","inputs":{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "trailing comma": b'{"expression":"x",}',
    "two documents": b'{"expression":"1"}{"expression":"1"}',
    "comment": b'{"expression":"1"} // one',
}
NOT_FITTING = {
    "a list": (b"[]", ""),
    "a string": (b'"x"', ""),
    "null": (b"null", ""),
    "no expression": (b"{}", "/expression"),
    "expression is a number": (b'{"expression":1}', "/expression"),
    "expression is null": (b'{"expression":null}', "/expression"),
    "unknown field": (b'{"expression":"1","Inputs":{}}', "/Inputs"),
    "unknown field with signs": (b'{"expression":"1","a/b~<script>\\u0000":{}}', "/a~1b~0<script>�"),
    "a field of a later version": (b'{"expression":"1","map":["x"]}', "/map"),
    "inputs is a list": (b'{"expression":"1","inputs":[]}', "/inputs"),
    "true": (b'{"expression":"x","inputs":{"x":true}}', "/inputs/x"),
    "true among numbers": (b'{"expression":"x","inputs":{"x":[1,true]}}', "/inputs/x"),
    '"1.5"': (b'{"expression":"x","inputs":{"x":"1.5"}}', "/inputs/x"),
    '"1.5" among numbers': (b'{"expression":"x","inputs":{"x":[[1.0],["1.5"]]}}', "/inputs/x"),
    '"nan"': (b'{"expression":"x","inputs":{"x":"nan"}}', "/inputs/x"),
    "null among numbers": (b'{"expression":"x","inputs":{"x":[1,null]}}', "/inputs/x"),
    "an object among numbers": (b'{"expression":"x","inputs":{"x":[1,{}]}}', "/inputs/x"),
    "a list among numbers": (b'{"expression":"x","inputs":{"x":[1,[2]]}}', "/inputs/x"),
    "a number among lists": (b'{"expression":"x","inputs":{"x":[[1],2]}}', "/inputs/x"),
    "rows of two lengths": (b'{"expression":"x","inputs":{"x":[[1],[2,3]]}}', "/inputs/x"),
    "rows of two depths": (b'{"expression":"x","inputs":{"x":[[[1]],[2]]}}', "/inputs/x"),
    "40 axes": (b'{"expression":"x","inputs":{"x":' + b"[" * 40 + b"1" + b"]" * 40 + b"}}", "/inputs/x"),
    "900 axes": (b'{"expression":"x","inputs":{"x":' + b"[" * 900 + b"]" * 900 + b"}}", "/inputs/x"),
    "no data": (b'{"expression":"x","inputs":{"x":{"dtype":"bool"}}}', "/inputs/x/data"),
    "data is null": (b'{"expression":"x","inputs":{"x":{"data":null}}}', "/inputs/x/data"),
    "dtype is unknown": (b'{"expression":"x","inputs":{"x":{"data":1,"dtype":"int7"}}}', "/inputs/x/dtype"),
    "dtype is a list": (b'{"expression":"x","inputs":{"x":{"data":1,"dtype":[]}}}', "/inputs/x/dtype"),
    "numbers as bool": (b'{"expression":"x","inputs":{"x":{"data":[true,1],"dtype":"bool"}}}', "/inputs/x/data"),
    "requires_grad is 1": (b'{"expression":"x","inputs":{"x":{"data":1,"requires_grad":1}}}',
                           "/inputs/x/requires_grad"),
    "unknown field of an input": (b'{"expression":"x","inputs":{"x":{"data":1,"grad":1}}}', "/inputs/x/grad"),
    "name with a slash": (b'{"expression":"1","inputs":{"a/b":null}}', "/inputs/a~1b"),
    "name of nothing": (b'{"expression":"1","inputs":{"":1}}', "/inputs/"),
    "name with a blank": (b'{"expression":"1","inputs":{"a b":1}}', "/inputs/a b"),
    "name that turns the text": ('{"expression":"1","inputs":{"\u202ea":1}}'.encode(), "/inputs/�a"),
    "wrt turns the text": ('{"expression":"1","wrt":["\u202ea"]}'.encode(), "/wrt/0"),
    "long name": (b'{"expression":"1","inputs":{"' + b"n" * 5000 + b'":1}}', "/inputs/" + "n" * 100),
    "int64 beyond 64 bits": (b'{"expression":"x","inputs":{"x":{"data":9223372036854775808,"dtype":"int64"}}}',
                             "/inputs/x"),
    "wrt is a string": (b'{"expression":"x","inputs":{"x":1},"wrt":"x"}', "/wrt"),
    "wrt holds a number": (b'{"expression":"x","inputs":{"x":1},"wrt":[1]}', "/wrt/0"),
    "wrt names no input": (b'{"expression":"x","inputs":{"x":1},"wrt":["y"]}', "/wrt"),
    "graph is 1": (b'{"expression":"x","inputs":{"x":1},"graph":1}', "/graph"),
    "check is unknown": (b'{"expression":"x","inputs":{"x":1},"check":"certified"}', "/check"),
    "dtype of the request": (b'{"expression":"x","inputs":{"x":1},"dtype":"int64"}', "/dtype"),
    "grad_output is a string": (b'{"expression":"x","inputs":{"x":1},"grad_output":"1"}', "/grad_output"),
    "grad_output has a shape": (b'{"expression":"x","inputs":{"x":1},"grad_output":[1,2]}', "/grad_output"),
}  # fmt: skip


def test_every_code_has_a_test() -> None:
    assert CASES.keys() | ELSEWHERE | NOT_YET == FAULTS.keys()


@pytest.mark.parametrize("code", CASES)
def test_code(code: str) -> None:
    question, document = CASES[code]
    found = problem(post(f"/v1/{question}", document), FAULTS[code].status, code)
    assert found["title"] == FAULTS[code].title


@pytest.mark.parametrize("path", sorted({path for method, path in DEFAULT.questions if method == "POST"}))
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_body(name: str, path: str) -> None:
    problem(post(path, HOSTILE[name]), 400, "malformed_json")


@pytest.mark.parametrize("name", NOT_FITTING)
def test_field_that_does_not_fit(name: str) -> None:
    body, pointer = NOT_FITTING[name]
    document = problem(post("/v1/gradient", body), 422, "invalid_request")
    assert pointer in [error["pointer"] for error in document["errors"]]
    assert all(error["message"] for error in document["errors"])


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/jvp", {}),
        ("/v1/jvp", {"tangents": {"x": "1"}}),
        ("/v1/jvp", {"tangents": {"x": [1.0]}}),
        ("/v1/jvp", {"tangents": {"y": 1.0}}),
        ("/v1/hvp", {"vectors": {"x": True}}),
        ("/v1/hvp", {"vectors": None}),
        ("/v1/jacobian", {"mode": "sideways"}),
        ("/v1/check", {"rtol": 0}),
        ("/v1/check", {"rtol": "NaN"}),
        ("/v1/check", {"atol": True}),
        ("/v1/check", {"method": "certified"}),
        ("/v1/check", {"check": "fast"}),
        ("/v1/graph", {"max_elements": -1}),
        ("/v1/graph", {"max_elements": 1.5}),
        ("/v1/graph", {"graph": True}),
        ("/v1/evaluate", {"grad_output": 1}),
    ],
)
def test_field_of_a_question(path: str, fields: dict[str, Any]) -> None:
    document = problem(post(path, {"expression": "x", "inputs": {"x": 1.0}} | fields), 422, "invalid_request")
    assert document["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"expression":"1","expression":"2"}',
        b'{"expression":"x","inputs":{"x":1,"x":2}}',
        b'{"expression":"x","inputs":{"x":{"data":1,"data":2}}}',
        b'{"expression":"x:y","expression":"\\u003a\\u003a\\u003a\\u003a"}',
        b'{"expression":"x[0:1]","inputs":{"x":[1.0]},"inputs":{}}',
    ],
)
def test_name_given_twice(body: bytes) -> None:
    document = problem(post("/v1/evaluate", body), 422, "invalid_request")
    assert "twice" in document["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"expression":"x[0:1]","inputs":{"x":[1.0]}}',
        b'{"expression":"x[0\\u003a1]","inputs":{"x":[1.0]}}',
        b'{ "expression" : "x[:]" , "inputs" : { "x" : { "data" : [1] } } }',
    ],
)
def test_colons_elsewhere_are_no_doubled_names(body: bytes) -> None:
    assert post("/v1/evaluate", body).status_code == 200


def test_hints() -> None:
    assert post("/v1/gradient", {"expresion": "x"}).json()["hint"] == "did you mean expression?"
    assert "Infinity" in post("/v1/gradient", HOSTILE["NaN"]).json()["hint"]
    assert post("/v1/gradient", b"").json()["hint"]


def test_many_bad_fields_are_not_all_listed() -> None:
    document = problem(post("/v1/gradient", {f"f{i}": 1 for i in range(10_000)}), 422, "invalid_request")
    assert len(document["errors"]) == 20
    assert "10001 fields" in document["detail"]


def test_a_long_name_is_not_sent_back() -> None:
    assert len(post("/v1/gradient", {"n" * 1_000_000: 1}).content) < 2_000


def test_span_and_excerpt() -> None:
    document = problem(post("/v1/gradient", {"expression": "y = 1\nz = 2x + y"}), 422, "syntax_error")
    assert document["span"] == {"start": 11, "end": 12, "line": 2, "column": 6}
    assert document["excerpt"] == "z = 2x + y\n     ^"
    assert document["hint"] == "write 2*x"


def test_limit_with_its_figures() -> None:
    app = create_app(Settings(limits={"nodes": 10}))
    document = problem(
        post("/v1/evaluate", {"expression": "+".join("x" * 50), "inputs": {"x": 1.0}}, app), 422, "limit_exceeded"
    )
    assert document["limit"] == "nodes"
    assert document["asked"] > document["allowed"] == 10


def test_size_of_the_answer() -> None:
    app = create_app(Settings(answer_elements=99))
    ten = {"expression": "x", "inputs": {"x": [1.0] * 10}}
    assert post("/v1/evaluate", ten, app).status_code == 200
    document = problem(post("/v1/jacobian", ten, app), 422, "limit_exceeded")
    assert (document["limit"], document["asked"], document["allowed"]) == ("answer_elements", 110, 99)
    problem(post("/v1/graph", ten | {"expression": "x+1+2+3+4+5"}, app), 422, "limit_exceeded")


@pytest.mark.parametrize("path", ["/v1", "/v1/gradient/", "/v1/taylor", "/static/none.js", "/../etc/passwd", "/%00"])
def test_not_found(path: str) -> None:
    problem(call("GET", path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("DELETE", "/v1/gradient", "GET, POST"), ("GET", "/v1/evaluate", "POST"), ("POST", "/healthz", "GET"),
     ("PUT", "/v1/graph", "POST")],
)  # fmt: skip
def test_method_not_allowed(method: str, path: str, allow: str) -> None:
    response = call(method, path)
    problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allow


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/jsonx"},
        {"content-encoding": "gzip"},
    ],
)
def test_unsupported_media_type(headers: dict[str, str]) -> None:
    problem(post("/v1/gradient", b"{}", headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"']
)
def test_spellings_of_json(kind: str) -> None:
    assert post("/v1/evaluate", {"expression": "1"}, headers={"content-type": kind}).status_code == 200


def test_no_content_type_is_taken_for_json() -> None:
    assert call("POST", "/v1/evaluate", content=b'{"expression":"1"}').status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*, */*;q=0", "application/x-npz"])
def test_not_acceptable(accept: str) -> None:
    problem(post("/v1/evaluate", {"expression": "1"}, headers={"accept": accept}), 406, "not_acceptable")
    problem(call("GET", "/v1/gradient?expression=x&x=1", headers={"accept": accept}), 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["", "*/*", "application/*", "text/html, */*;q=0.1", "application/json;q=oops"])
def test_acceptable(accept: str) -> None:
    assert post("/v1/evaluate", {"expression": "1"}, headers={"accept": accept}).status_code == 200


def test_body_too_large() -> None:
    app = create_app(Settings(body_bytes=100))
    longest = b'{"expression":"1"}'.ljust(100)
    assert post("/v1/evaluate", longest, app).status_code == 200
    document = problem(post("/v1/evaluate", longest + b" ", app), 413, "body_too_large")
    assert document["allowed"] == 100


def test_streamed_body_too_large() -> None:
    app = create_app(Settings(body_bytes=100))

    async def endless() -> Any:
        while True:
            yield b" " * 30

    problem(call("POST", "/v1/evaluate", app, content=endless()), 413, "body_too_large")


def test_streamed_body() -> None:
    async def pieces() -> Any:
        for byte in b'{"expression":"1"}':
            yield bytes([byte])

    assert call("POST", "/v1/evaluate", content=pieces()).json()["value"] == 1.0


def test_internal_error(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Settings())
    monkeypatch.setattr(app.state.service.cache, "problem", lambda *_: fail())
    app.add_api_route("/fails", fail)
    for response in (post("/v1/evaluate", {"expression": "1"}, app), call("GET", "/fails", app)):
        problem(response, 500, "internal_error")
        assert "secret" not in response.text
    assert [bool(record.exc_info) for record in caplog.records if record.name == "nabla"] == [True, True]


def fail() -> None:
    raise ZeroDivisionError("a secret")


def test_a_plain_route_of_the_framework() -> None:
    app = create_app(Settings())

    @app.get("/plain")
    def plain(n: int) -> int:
        return n

    document = problem(call("GET", "/plain?n=NaN", app), 422, "invalid_request")
    assert document["errors"][0]["pointer"] == "/query/n"


def test_nothing_hostile_is_sent_back_as_it_is() -> None:
    hostile = "<script>\u202e\x00\x1b[31m"
    for document in ({"expression": hostile}, {hostile: 1}, {"expression": "1", "inputs": {hostile: 1}},
                     {"expression": "x", "wrt": [hostile]}, {"expression": "1", "check": hostile}):  # fmt: skip
        response = post("/v1/gradient", document)
        assert response.status_code == 422
        assert not {"\u202e", "\x00", "\x1b"} & set(json.dumps(response.json(), ensure_ascii=False))
