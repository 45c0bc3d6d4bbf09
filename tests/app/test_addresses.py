"""The canonical address of a question by GET, and the tag of its answer."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.main import create_app
from app.settings import Settings
from engine.language.parser import parse
from engine.language.printer import format_program
from tests.app.client import DEFAULT, call, post, problem

PATH = "/v1/gradient"


def get(fields: dict[str, Any] | str, tag: str | None = None, app: Any = DEFAULT) -> httpx.Response:
    """The response to a query, from a client that has the answer with this tag."""
    headers = {} if tag is None else {"if-none-match": tag}
    if isinstance(fields, str):
        return call("GET", fields, app, headers=headers)
    return call("GET", PATH, app, params=fields, headers=headers)


def link(response: httpx.Response) -> str:
    """The canonical address that an answer tells."""
    assert response.status_code == 200, response.text
    return response.links["canonical"]["url"]


# ---- Addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"expression": "x**2", "x": "3"}, "expression=x**2&x=3"),
        ({"x": "+3.0e0", "expression": "( x )^2 # a square"}, "expression=x**2&x=3"),
        ({"expression": "x²", "x": "03."}, "expression=x**2&x=3"),
        ({"expression": r"x^{2}", "syntax": "latex", "x": "3"}, "expression=x**2&x=3"),
        ({"expression": "y*x", "y": "1e20", "x": "-0"}, "expression=y%20*%20x&x=-0&y=1e20"),
        ({"expression": "x+π", "x": "Infinity", "π": "0.1"}, "expression=x%20%2B%20pi&pi=0.1&x=Infinity"),
        ({"expression": "θ&x", "x": "NaN", "θ": "1e-7"}, None),
        ({"expression": "x;y", "x": "1", "y": "1e-7"}, "expression=x%0Ay&x=1&y=1e-07"),
        ({"expression": "x*y", "x": "1", "y": "2", "wrt": "y,x"}, "expression=x%20*%20y&x=1&y=2"),
        ({"expression": "x*y", "x": "1", "y": "2", "wrt": "y"}, "expression=x%20*%20y&x=1&y=2&wrt=y"),
        ({"expression": "x*y*z", "x": "1", "y": "2", "z": "3", "wrt": "z,x"},
         "expression=x%20*%20y%20*%20z&x=1&y=2&z=3&wrt=x,z"),
        ({"graph": "true", "check": "fast", "convention": "jax", "dtype": "float32", "expression": "x", "x": "0.1"},
         "expression=x&x=0.1&dtype=float32&convention=jax&check=fast&graph=true"),
        ({"graph": "false", "check": "off", "convention": "torch", "dtype": "float64", "expression": "x", "x": "1"},
         "expression=x&x=1"),
        ({"expression": "max( (x),y )", "x": "1", "y": "2"}, "expression=max%28x,%20y%29&x=1&y=2"),
    ],
)  # fmt: skip
def test_one_address_for_all_spellings(fields: dict[str, str], address: str | None) -> None:
    response = get(fields)
    if address is None:
        assert "link" not in response.headers
        return
    assert response.headers["link"] == f'<{PATH}?{address}>; rel="canonical"'
    assert response.headers["link"].isascii()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        ["x*y", "y if(x>y) else x", "s=0\nfor i in range(3): s+=x*y\ns", "f(a)=a²; f(x)+y", "x + y/2", "√(x²)+y"]
    ),
    st.floats(),
    st.floats(width=32),
    st.dictionaries(st.just("convention"), st.sampled_from(["torch", "jax"])),
    st.permutations(["expression", "x", "y"]),
)
def test_an_address_is_its_own_and_gives_the_same_answer(
    text: str, x: float, y: float, options: dict[str, str], order: list[str]
) -> None:
    words = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    fields = {"expression": text, "x": words.get(repr(x), repr(x)), "y": words.get(repr(y), f"{y:.30e}")}
    first = get({name: fields[name] for name in order} | options)
    second = get(link(first))
    assert link(second) == link(first)
    assert second.headers["etag"] == first.headers["etag"]
    assert repr(second.json()["value"]) == repr(first.json()["value"])
    assert repr(second.json()["gradients"]) == repr(dict(sorted(first.json()["gradients"].items())))


def test_the_program_of_an_address_is_the_same() -> None:
    text = "def f( a ):\n  return a ^2 # square\ny=f( x );(y)+1"
    query = dict(parse_qsl(urlsplit(link(get({"expression": text, "x": "3"}))).query))
    assert query == {"expression": format_program(parse(text)), "x": "3"}


def test_a_long_address_is_not_told() -> None:
    room = 2000 - len(f"{PATH}?expression=&x=1")
    longest, longer = "x**" * (room // 3) + "1" * (room % 3), "x**" * (room // 3) + "1" * (room % 3 + 1)
    assert len(link(get({"expression": longest, "x": "1"}))) == 2000
    assert "link" not in (response := get({"expression": longer, "x": "1"})).headers
    assert response.headers["etag"]


def test_behind_a_prefix() -> None:
    app = create_app(Settings())
    app.root_path = "/nabla"
    assert link(call("GET", PATH, app, params={"expression": "x", "x": "1"})).startswith(PATH)


def test_a_name_that_only_latex_allows() -> None:
    response = get({"expression": r"\lambda{x}^2", "syntax": "latex", "lambda": "3", "x": "2"})
    assert link(response) == f"{PATH}?expression=%5Clambda%7Bx%7D%5E2&syntax=latex&lambda=3&x=2"
    assert get(link(response)).json() == response.json()


def test_an_address_that_would_be_refused_is_not_told() -> None:
    app = create_app(Settings(limits={"nesting": 1}))
    response = get({"expression": "abs(x)².T", "x": "3"}, app=app)
    assert (response.status_code, "link" in response.headers) == (200, False)
    problem(get({"expression": "(abs(x)**2).T", "x": "3"}, app=app), 422, "limit_exceeded")


# ---- Tags --------------------------------------------------------------------------------------------------------

SQUARE = {"expression": "x^2", "x": "3"}
TAG = get(SQUARE).headers["etag"]


def test_a_tag_is_that_of_the_question() -> None:
    assert get({"x": "3.0", "expression": "(x)**2"}).headers["etag"] == TAG
    others = [
        SQUARE | {"x": "4"}, SQUARE | {"expression": "x^3"}, SQUARE | {"y": "3"}, SQUARE | {"dtype": "float32"},
        SQUARE | {"convention": "jax"}, SQUARE | {"check": "fast"}, SQUARE | {"graph": "true"},
    ]  # fmt: skip
    tags = {TAG, *(get(fields).headers["etag"] for fields in others)}
    assert len(tags) == len(others) + 1


@pytest.mark.parametrize("known", [TAG, TAG.removeprefix("W/"), f'"x", {TAG}', f'W/"a,b",{TAG} ,"y"', "*"])
def test_who_has_the_answer_is_told_so(known: str) -> None:
    response = get(SQUARE, known)
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", TAG)
    assert not {"content-type", "content-length"} & set(response.headers)


@pytest.mark.parametrize("known", ['"x"', "", TAG.replace('"', ""), TAG[:-2] + '"', '"*"'])
def test_who_has_another_answer_gets_this_one(known: str) -> None:
    assert get(SQUARE, known).json()["value"] == 9.0


def test_nothing_is_computed_for_who_has_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings())
    monkeypatch.setattr("engine.Problem.forward", None)
    assert get(SQUARE, TAG, app).status_code == 304
    assert get(SQUARE, '"x"', app).status_code == 500


@pytest.mark.parametrize("known", ["*", TAG])
def test_an_error_has_no_tag(known: str) -> None:
    for fields in ({"expression": "x +", "x": "1"}, {"expression": "y", "x": "1"}, {"expression": "x", "x": "one"}):
        response = get(fields, known)
        assert response.status_code == 422
        assert not {"etag", "link"} & set(response.headers)


def test_an_answer_by_post_has_neither() -> None:
    response = post(PATH, {"expression": "x**2", "inputs": {"x": 3.0}}, headers={"if-none-match": TAG})
    assert response.json()["value"] == 9.0
    assert not {"etag", "link"} & set(response.headers)
