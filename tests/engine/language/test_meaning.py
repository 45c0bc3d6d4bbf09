"""Corners of Python's meaning: what is used up, what has parts, whose a name is, what is lost."""

from typing import Any

import numpy as np
import pytest

import engine
from engine import NablaError

INPUTS = {"x": 3.0, "v": [1.0, 2.0], "A": [[1.0, 5.0], [7.0, 2.0]]}


def value(text: str) -> Any:
    return engine.evaluate(text, INPUTS).value


def refusal(text: str) -> NablaError:
    with pytest.raises(NablaError) as caught:
        engine.evaluate(text, INPUTS)
    return caught.value


def at(text: str, error: NablaError) -> str:
    """The part of the text that an error points at."""
    assert error.span is not None
    return text[slice(*error.span)]


# ---- What gives its items once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("made", ["zip(v, v)", "enumerate(v)"])
def test_what_gives_its_items_one_by_one_has_no_length(made: str) -> None:
    text = f"z = {made}\nn = len(z)\nn"
    error = refusal(text)
    assert (error.code, at(text, error)) == ("wrong_arguments", "len(z)")
    assert f"list({made.partition('(')[0]}(…))" in str(error.hint)
    assert value(f"len(list({made}))") == 2


@pytest.mark.parametrize("use", ["list(z)", "tuple(z)", "sum(z)", "zip(z)", "enumerate(z)", "reversed(z)", "z.shape"])
def test_what_is_used_up_gives_no_second_time(use: str) -> None:
    error = refusal(f"z = zip(v, v)\na = list(z)\nb = {use}\nx")
    assert "each once" in error.message


def test_items_that_are_left_are_given_as_in_python() -> None:
    assert value("z = zip(v, v)\nfor a, b in z: break\nfor a, b in z: x = 10*a\nx") == 20
    assert value("z = enumerate([x, 1, x, 2])\nsum([a*b for (i, a), (j, b) in zip(z, z)])") == 9
    assert value("z = zip([], [])\na = list(z)\nlen(list(z))") == 0


# ---- Values with their places -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "for t in A.max(dim=1): y = t\ny",
        "[t for t in A.max(dim=1)][1]",
        "list(torch.max(A, dim=1))[1]",
        "_, y = A.max(dim=1)\ny",
        "a = [t for _, t in enumerate(A.max(dim=1))]\na[1]",
    ],
)
def test_values_and_places_are_gone_through_as_two(text: str) -> None:
    np.testing.assert_array_equal(value(text), [1, 0])


def test_a_pair_has_two_parts() -> None:
    assert value("len(A.sort(dim=1))") == 2
    assert value("len(A.topk(1))") == 2
    assert refusal("a, b, c = A.max(dim=1)\na").message == "3 names are given, and 2 values"


@pytest.mark.parametrize("text", ["for t in A.max(1): y = t\ny", "len(A.max(1))", "[t for t in A.max(1)]"])
def test_where_numpy_has_no_pair_its_parts_are_in_doubt(text: str) -> None:
    assert "x.max(axis=1) for NumPy's" in str(refusal(text).hint)
