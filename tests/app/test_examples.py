"""Every worked example of the documentation is answered as it says."""

from typing import Any

import pytest

from app import examples
from tests.app.client import DEFAULT
from tests.app.record import answer

# What depends on rounding errors, and so on the processor.
ROUNDING = {"differences", "error", "digits_forward", "digits_differences"}


def same(found: Any, stored: Any) -> bool:
    """Whether two documents are the same but for the last digits of numbers."""
    if isinstance(stored, dict) and isinstance(found, dict):
        return list(found) == list(stored) and all(
            (name in ROUNDING and type(found[name]) is type(part)) or same(found[name], part)
            for name, part in stored.items()
        )
    if isinstance(stored, list) and isinstance(found, list):
        return len(found) == len(stored) and all(map(same, found, stored))
    if isinstance(stored, float) and isinstance(found, float):
        return found == pytest.approx(stored, rel=1e-12, abs=1e-300)
    return bool(found == stored) and type(found) is type(stored)


@pytest.mark.parametrize("name", list(examples.load()))
def test_is_answered_as_stored(name: str) -> None:
    example = examples.load()[name]
    status, document = answer(example)
    assert status == example["status"]
    assert same(document, example["answer"]), document


def test_every_operation_has_one() -> None:
    shown = {(example["method"], example["path"]) for example in examples.load().values() if example["status"] == 200}
    documented = {(method.upper(), path) for path, found in DEFAULT.openapi()["paths"].items() for method in found}
    assert shown == documented


def test_they_are_in_the_document() -> None:
    operation = DEFAULT.openapi()["paths"]["/v1/gradient"]["post"]
    requests = operation["requestBody"]["content"]["application/json"]["examples"]
    assert requests["gradient_of_vector"]["value"]["grad_output"] == [1, 1]
    answers = operation["responses"]["200"]["content"]["application/json"]["examples"]
    assert answers["gradient_of_vector"]["value"]["gradients"]["a"] == [12.0, 12288.0]
    problems = operation["responses"]["422"]["content"]["application/problem+json"]["examples"]
    assert problems["gradient_misspelled"]["value"]["code"] == "unknown_function"
