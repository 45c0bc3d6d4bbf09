"""Formulas as they stand in papers, textbooks and documentation, against mpmath and SymPy at 50 digits."""

from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.formulas import FORMULAS, Formula


def distance(found: Any, exact: Any) -> float:
    """The largest error, by the size of what it is an error of; where the exact value is 0, by itself."""
    found, exact = np.asarray(found), np.asarray(exact)
    assert found.shape == exact.shape
    return float(np.max(np.abs(found - exact) / np.where(exact == 0.0, 1.0, np.abs(exact)), initial=0.0))


@pytest.mark.parametrize("formula", FORMULAS, ids=[formula.name for formula in FORMULAS])
def test_value_and_gradients(formula: Formula) -> None:
    value, gradients = formula.expected()
    report = engine.gradient(formula.text, formula.inputs)
    assert distance(report.value, value) <= formula.rtol
    for name, exact in gradients.items():
        assert distance(report.gradients[name], exact) <= formula.rtol, name


def test_there_are_many_and_each_has_a_source() -> None:
    assert len(FORMULAS) >= 100
    assert len({formula.name for formula in FORMULAS}) == len(FORMULAS)
    assert all(formula.source for formula in FORMULAS)
