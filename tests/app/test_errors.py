"""Wrong programs, one after the other: the whole answer of each, as the page docs/errors.md has it."""

from collections import Counter
from typing import Any

import pytest

from app.faults import FAULTS
from tests import errors
from tests.errors import Entry

TEXT = errors.PAGE.read_text()
ENTRIES = errors.entries(TEXT)
RIGHT = [entry for entry in ENTRIES if entry.right is not None]
PLACELESS = {"malformed_json", "nonscalar_output", "nothing_to_differentiate"}
"""Codes of what has no place in the text."""

FAULTY = pytest.mark.parametrize("entry", ENTRIES, ids=[entry.title for entry in ENTRIES])


def problem(entry: Entry) -> dict[str, Any]:
    response = errors.response(entry, entry.program)
    document: dict[str, Any] = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code == document["status"]
    return document


@FAULTY
def test_the_whole_answer_is_that_of_the_page(entry: Entry) -> None:
    document = problem(entry)
    assert errors.shown(document) == entry.answer
    code = document["code"]
    assert (code, document["status"], document["title"]) in errors.table(TEXT)
    assert document["type"] == f"urn:nabla:problem:{code}"
    whole = {
        "type",
        "title",
        "status",
        "detail",
        "code",
        "span",
        "excerpt",
        "hint",
        "limit",
        "asked",
        "allowed",
        "shape",
        "residual",
    }
    assert document.keys() <= whole


@FAULTY
def test_the_caret_is_under_what_the_span_says(entry: Entry) -> None:
    document = problem(entry)
    if document["code"] in PLACELESS or document.get("limit") == "text":
        assert "span" not in document
        return
    span, (line, carets) = document["span"], document["excerpt"].split("\n")
    before = entry.program[: span["start"]]
    assert (span["line"], span["column"]) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    marked = entry.program[span["start"] : span["end"]].split("\n")[0]
    shown = line[len(carets.rstrip("^")) : len(carets)]
    assert shown in (marked, marked.replace("\u202e", "\ufffd")) or (not marked and carets.endswith("^"))
    assert 0 <= span["start"] <= span["end"] <= len(entry.program)


@pytest.mark.parametrize("entry", RIGHT, ids=[entry.title for entry in RIGHT])
def test_what_was_put_right_runs(entry: Entry) -> None:
    response = errors.response(entry, entry.right or "")
    assert response.status_code == 200, response.text


def test_the_page_shows_faults_of_every_kind_and_few_of_any_without_a_remedy() -> None:
    counts = Counter(entry.answer.partition(":")[0].split(" at ")[0] for entry in ENTRIES)
    of_programs = {code for code, fault in FAULTS.items() if fault.status == 422} - {
        "invalid_request",
        "not_differentiable",
    }
    assert of_programs <= counts.keys()
    assert len(ENTRIES) >= 90
    assert len({entry.title for entry in ENTRIES}) == len(ENTRIES)
    assert sum("\nhint: " not in entry.answer for entry in ENTRIES) < len(ENTRIES) / 30
    assert [code for code, *_ in errors.table(TEXT)] == [code for code in FAULTS if code in counts]
