"""The reference over HTTP: as documented, found by name, and its examples can be sent as they stand."""

import time

import pytest

import engine
from app.schemas.answers import Functions
from tests.app.client import call, post
from tests.app.test_examples import same

ENTRIES = call("GET", "/v1/functions").json()["functions"]


def test_all_are_listed_as_documented() -> None:
    response = call("GET", "/v1/functions")
    assert response.headers["content-type"] == "application/json"
    listed = Functions.model_validate_json(response.content, strict=True)
    assert [function.name for function in listed.functions] == [entry["name"] for entry in engine.functions()]
    assert set(ENTRIES[0]) == set(type(listed.functions[0]).model_fields)


def test_what_was_made_once_is_kept() -> None:
    started = time.perf_counter()
    call("GET", "/v1/functions")
    assert time.perf_counter() - started < 1.0


def test_one_by_an_alias() -> None:
    (found,) = call("GET", "/v1/functions", params={"name": "asin"}).json()["functions"]
    assert (found["name"], found["domain"]) == ("arcsin", ["-1 <= x <= 1"])
    assert call("GET", "/v1/functions", params={"name": "nothing"}).json() == {"functions": []}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_an_example_can_be_sent(entry: dict) -> None:
    example = entry["example"]
    question = "evaluate" if example["gradients"] is None else "gradient"
    response = post(f"/v1/{question}", example["request"])
    assert response.status_code == 200, response.text
    assert same(response.json()["value"], example["value"])
    if example["gradients"] is not None:
        assert same(response.json()["gradients"], example["gradients"])
