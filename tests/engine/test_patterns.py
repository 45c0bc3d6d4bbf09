"""Patterns of dependencies: found from the rows, and compared with the derivatives themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.interpret.arrays import ARRAYS
from engine.interpret.patterns import TooDense, dependencies
from engine.kinds import PRIMITIVES
from engine.shapes import size
from tests.engine.table import checks
from tests.engine.table.samples import LEAVES, TABLE, cases, operands
from tests.engine.table.walks import DEADLINE, Trace

ROWS = [name for name in PRIMITIVES if name not in LEAVES and PRIMITIVES[name].differentiable]
"""Rows alone: compositions are made of them."""

CHOOSING = {"where", "maximum", "minimum", "remainder", "fmod"}
"""What they depend on is a choice that the draws need not all make; nor need their derivatives differ from 0."""


def pattern_of(trace: Trace, xs: list[Any], places: list[int]) -> tuple[Any, bool]:
    """The pattern of a call by the operands in ``places``, as an array of truth values."""
    starts, start = {}, 0
    for k in places:
        starts[trace.leaves[k]] = start
        start += size(trace.case.shapes[k])
    line = (trace.output.id, size(trace.output.shape))
    found, settled = dependencies(trace.graph, trace.values(xs), starts, [line], start, 10**6, ARRAYS, DEADLINE)
    return found.toarray().astype(bool), settled


def jacobian_of(trace: Trace, xs: list[Any], places: list[int]) -> Any:
    rows = checks.rows_of(trace, trace.values(xs), places)
    return np.concatenate([rows[k].reshape(size(trace.output.shape), -1) for k in places], axis=1)


@pytest.mark.parametrize("name", ROWS)
def test_a_pattern_covers_all_derivatives_and_not_much_more(name: str) -> None:
    function = TABLE[name]
    for case in cases(function):
        places = [k for k, s in enumerate(case.shapes) if s is not None and k in checks.present(function, case)]
        trace = Trace(function, case)
        if not places or not size(trace.output.shape) or trace.graph.complex:  # of complex programs none are looked for
            continue
        seen = np.zeros(1, dtype=bool)
        for draw in range(3):
            xs = operands(function, case, draw)
            pattern, settled = pattern_of(trace, xs, places)
            assert settled == (not function.data), "it depends on the values of the operands that are places alone"
            jacobian = jacobian_of(trace, xs, places)
            assert not np.any(jacobian[~pattern]), f"{name} {case}: a derivative that the pattern does not have"
            seen = seen | (jacobian != 0)
        if function.kind in ("elementwise", "linear", "bilinear") and name not in CHOOSING:
            assert np.array_equal(seen, pattern), f"{name} {case}: a pattern that is too full"


def test_a_pattern_that_is_too_large_is_refused_before_it_is_made() -> None:
    with pytest.raises(engine.NablaError, match="elements, and 16,000,000 are allowed") as error:
        engine.jacobian("sum(x) * x", {"x": np.ones(5000)}, format="coo")
    assert "product with a vector" in str(error.value.hint)


def test_room_is_looked_at_on_the_way() -> None:
    graph = engine.Problem("sum(x) * x").graph(engine.prepare({"x": np.ones(100)}))
    with pytest.raises(TooDense):
        dependencies(graph, [], {0: 0}, [(graph.output, 100)], 100, 500, ARRAYS, DEADLINE)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("x[1:] * x[:-1]", [1, 1, 0, 0]),
        ("x * x[0]", [1, 0, 0, 0]),
        ("sum(x) + zeros(4)", [1, 1, 1, 1]),
        ("cumsum(x)[1:]", [1, 1, 0, 0]),
        ("x.reshape(2, 2).T.reshape(4)[1:]", [0, 0, 1, 0]),
        ("max(x.reshape(2, 2), axis=1)", [1, 1, 0, 0]),
        ("prod(x.reshape(2, 2), axis=0)", [1, 0, 1, 0]),
        ("softmax(x.reshape(2, 2), axis=1).reshape(4)", [1, 1, 0, 0]),
        ("x.reshape(2, 2) @ [1., 1.]", [1, 1, 0, 0]),
        ("(x.reshape(2, 2) @ x.reshape(2, 2)).reshape(4)", [1, 1, 1, 0]),
        ("einsum('ij,j->i', x.reshape(2, 2), [1., 1.])", [1, 1, 0, 0]),
        ("conv1d(x[None, None], [[[1., 2.]]]).reshape(3)", [1, 1, 0, 0]),
        ("det(x.reshape(1, 2, 2))", [1, 1, 1, 1]),
        ("where(x > 0, x, x[::-1])", [1, 0, 0, 1]),
        ("detach(x) * x[0]", [1, 0, 0, 0]),
        ("floor(x) + x**0 + zeros(4)", [1, 0, 0, 0]),
        ("concatenate([x[2:], x[:2]])", [0, 0, 1, 0]),
        ("y = zeros(4)\ny[0] = x[3]\ny", [0, 0, 0, 1]),
        ("sort(-x)", [0, 0, 0, 1]),
        ("x[argmax(x)] * x", [1, 0, 0, 1]),
    ],
)
def test_what_the_first_element_depends_on(text: str, row: list[int]) -> None:
    found = engine.jacobian(text, {"x": [4.0, 3.0, 2.0, 5.0]}, format="coo").jacobians["x"]
    columns = found.indices[-1][np.all(found.indices[:-1] == 0, axis=0)]
    assert np.array_equal(np.bincount(columns, minlength=4), row)
