"""The engine agrees with figures recorded from JAX (`tests/recording/by_jax.py`): a second witness, by other rules."""

import json
from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.test_torch import assert_close, higher, name_of
from tests.recording.by_jax import CASES, DATA

RECORDED = json.loads(DATA.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", RECORDED, ids=name_of)
def test_agrees_with_jax(case: dict[str, Any]) -> None:
    problem = engine.Problem(case["expression"], convention="jax")
    for mode in ("forward", "reverse"):
        for format in ("dense", "coo"):
            found = problem.jacobian(case["inputs"], mode=mode, format=format).jacobians
            found = {name: block.dense() for name, block in found.items()} if format == "coo" else found
            assert_close(found, case["jacobians"], case, f"{mode} Jacobian by")
    if "hessians" in case:
        assert_close(problem.hessian(case["inputs"]).hessians, case["hessians"], case, "Hessian by")
    if "derivatives" in case:
        order = len(case["derivatives"]) - 1
        for found in (problem.taylor(case["inputs"], order=order).derivatives, higher(problem, case["inputs"], order)):
            assert_close(np.array(found), case["derivatives"], case, "derivatives")


def test_record_is_of_the_cases_as_they_are() -> None:
    asked = [(case["expression"], case["inputs"]) for case in RECORDED]
    assert asked == [(case.expression, case.inputs) for case in CASES], "record again: make record"
