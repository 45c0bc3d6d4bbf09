"""Formulas in LaTeX: what they mean, where their faults are, and that no text does harm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from engine import Problem
from tests.engine.language.formulas import FORMULAS, Formula


def exact(value: Any) -> Any:
    """Numbers as mpmath has them."""
    return [exact(item) for item in value] if isinstance(value, list) else mp.mpf(value)


def places(value: Any, place: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The place of every number in nested lists."""
    if not isinstance(value, list):
        yield place
        return
    for i, item in enumerate(value):
        yield from places(item, (*place, i))


def put(value: Any, place: tuple[int, ...], number: Any) -> Any:
    """Nested lists with another number at a place."""
    if not place:
        return number
    return [put(item, place[1:], number) if i == place[0] else item for i, item in enumerate(value)]


def at(value: Any, place: tuple[int, ...]) -> Any:
    for i in place:
        value = value[i]
    return value


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.title)
def test_forty_formulas_and_their_gradients_are_those_of_mpmath(formula: Formula) -> None:
    found = Problem(formula.latex, syntax="latex").gradient(formula.inputs)
    with mp.workdps(40):
        arguments = [exact(value) for value in formula.inputs.values()]
        expected = float(formula.oracle(*arguments))
        np.testing.assert_allclose(found.value, expected, rtol=1e-13, atol=1e-15)
        for position, name in enumerate(formula.inputs):
            argument = arguments[position]
            for place in places(argument):

                def along(number: Any, position: int = position, place: tuple[int, ...] = place) -> Any:
                    moved = put(arguments[position], place, number)
                    return formula.oracle(*arguments[:position], moved, *arguments[position + 1 :])

                slope = float(mp.diff(along, at(argument, place)))
                np.testing.assert_allclose(at(found.gradients[name], place), slope, rtol=1e-11, atol=1e-12)
