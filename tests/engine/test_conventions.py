"""JAX's derivatives at kinks, for those who ask for them; PyTorch's are in `tests/engine/test_table.py`."""

from typing import Any

import numpy as np
import pytest

import engine
from engine.interpret import arrays
from engine.interpret.arrays import ARRAYS
from engine.interpret.build import Builder
from engine.transform.pullback import pullback
from tests.engine.table.samples import TABLE, Case, called, cases, operands
from tests.engine.table.walks import DEADLINE

KINKS: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("abs(x)", {"x": 0.0}, 0.0, 1.0),
    ("clip(x, 0, 1)", {"x": 1.0}, 0.0, 0.5),
    ("clamp(x, min=0)", {"x": 0.0}, 0.0, 0.5),
    ("hardtanh(x)", {"x": -1.0}, 0.0, 1.0),
    ("leaky_relu(x, 0.1)", {"x": 0.0}, 0.1, 1.0),
    ("sum(max(x, dim=0))", {"x": [2.0, 2.0]}, [1.0, 0.0], [0.5, 0.5]),
    ("sum(min(x, dim=0))", {"x": [2.0, 2.0]}, [1.0, 0.0], [0.5, 0.5]),
    ("sum(cummax(x, 0))", {"x": [1.0, 3.0, 3.0]}, [1.0, 1.0, 1.0], [1.0, 1.5, 0.5]),
    ("sum(cummin(x, 0))", {"x": [3.0, 1.0, 1.0]}, [1.0, 1.0, 1.0], [1.0, 1.5, 0.5]),
    ("relu(x)", {"x": 0.0}, 0.0, 0.0),
    ("maximum(x, 2)", {"x": 2.0}, 0.5, 0.5),
]
"""An expression, a point, and what PyTorch and JAX (0.10) give there."""


@pytest.mark.parametrize(("text", "inputs", "torch", "jax"), KINKS, ids=lambda case: str(case))
def test_whose_derivative_at_a_kink(text: str, inputs: dict[str, Any], torch: Any, jax: Any) -> None:
    for convention, expected in (("torch", torch), ("jax", jax)):
        answer = engine.Problem(text, convention=convention).gradient(inputs)
        assert np.array_equal(answer.gradients["x"], expected), convention
        (kink,) = [notice for notice in answer.notices if notice.code == "kink"]
        assert "the convention is" in kink.message


def test_the_deviation_of_equal_numbers_is_nan_with_jax() -> None:
    found = engine.Problem("std(x)", convention="jax").gradient({"x": [4.0, 4.0]})
    assert np.isnan(found.gradients["x"]).all()


@pytest.mark.parametrize(
    ("text", "tied", "apart"),
    [
        ("sum(sort(x) * w)", [2.0, 2.0, 1.0], [3.0, 2.0, 1.0]),
        ("median(x)", [5.0, 1.0, 5.0], [1.0, 1.0, 5.0, 7.0, 9.0]),
        ("median(x)", [1.0, 2.0, 2.0, 2.0], [1.0, 2.0, 2.0, 9.0]),
        ("kthvalue(x, 2)", [1.0, 2.0, 2.0], [1.0, 2.0, 3.0, 3.0]),
        ("sum(topk(x, 1))", [1.0, 2.0, 2.0], [2.0, 1.0, 1.0]),
        ("quantile(x, 0.5)", [1.0, 5.0, 5.0], [1.0, 1.0, 5.0, 7.0, 9.0]),
    ],
)
def test_a_tie_in_an_order_is_a_kink_where_it_matters(text: str, tied: list[float], apart: list[float]) -> None:
    for x, expected in ((tied, ["kink"]), (apart, [])):
        answer = engine.gradient(text, {"x": x, "w": [1.0, 2.0, 3.0]} if "w" in text else {"x": x}, ["x"])
        assert [notice.code for notice in answer.notices] == expected


def test_the_notice_names_the_convention_that_was_used() -> None:
    said = {
        convention: engine.Problem("abs(x)", convention=convention).gradient({"x": 0.0}).notices[0].message
        for convention in ("torch", "jax")
    }
    assert said["torch"].endswith("the convention is 0 at 0")
    assert said["jax"].endswith("the convention is 1 at 0")


def test_another_convention_is_refused() -> None:
    with pytest.raises(engine.NablaError, match="convention 'tf' is not known"):
        engine.Problem("x", convention="tf")


@pytest.mark.parametrize("name", [name for name, function in TABLE.items() if function.jax])
def test_beside_kinks_the_conventions_agree(name: str) -> None:
    function = TABLE[name]
    for case in cases(function):
        xs = operands(function, case)
        torch, jax = (_gradients(function, case, xs, convention) for convention in ("torch", "jax"))
        for ours, theirs in zip(torch, jax, strict=True):
            assert np.allclose(ours, theirs, rtol=1e-15, atol=0, equal_nan=True), f"{name} {case}"


def _gradients(function: Any, case: Case, xs: list[Any], convention: str) -> list[Any]:
    """The value, and the gradient by each operand."""
    builder = Builder(convention=convention)
    leaves = [None if s is None else builder.leaf(f"x{k}", s, "float64") for k, s in enumerate(case.shapes)]
    refs = builder.values([leaf for leaf in leaves if leaf is not None])
    arguments = [None if leaf is None else refs.pop(0) for leaf in leaves]
    output = builder.node_of(called(builder, function, arguments, case.params))
    given = [leaf.id for leaf in leaves if leaf is not None]
    graph = builder.graph(output, {f"x{i}": i for i in given})
    values = arrays.evaluate(graph, {f"x{k}": x for k, x in enumerate(xs) if x is not None}, DEADLINE)
    seeds = {output.id: np.ones(output.shape)[()]}
    with np.errstate(all="ignore"):
        found = pullback(ARRAYS, graph, values, seeds, graph.active(frozenset(given)), DEADLINE)
    return [values[output.id], *(np.zeros(graph.nodes[i].shape) if found[i] is None else found[i] for i in given)]
