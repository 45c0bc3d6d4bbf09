"""Colourings, and the plans made of them: every element of a pattern is read where it stands alone."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from engine.compression import Plan, hessian_plan, jacobian_plan
from engine.errors import DeadlineExceeded
from engine.limits import Deadline
from engine.transform.coloring import column_colors, star_colors

DEADLINE = Deadline(3600.0)


@st.composite
def patterns(draw: st.DrawFn, square: bool = False) -> Any:
    rows = draw(st.integers(1, 12))
    columns = rows if square else draw(st.integers(1, 12))
    cells = draw(st.lists(st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1)), max_size=40))
    matrix = np.zeros((rows, columns), dtype=bool)
    for i, j in cells:
        matrix[i, j] = True
    return matrix


def products(plan: Plan, matrix: Any) -> Any:
    """What a plan makes of a matrix that it sees through products alone."""
    values = np.full(plan.nonzeros, np.nan)
    for sweep, through in ((plan.forward, matrix.T), (plan.reverse, matrix)):
        if sweep is not None:
            half = sweep.length // 2
            for start, count in ((0, half), (half, sweep.length - half)):
                sweep.read(sweep.seeds(start, count) @ through, start, values)
    found = np.zeros(matrix.shape)
    found[plan.rows, plan.columns] = values
    return found


@given(patterns(), st.sampled_from(["auto", "forward", "reverse"]))
def test_a_plan_finds_every_element(pattern: Any, mode: str) -> None:
    matrix = np.where(pattern, np.arange(1.0, pattern.size + 1).reshape(pattern.shape), 0.0)
    plan = jacobian_plan(sparse.csr_array(pattern), mode, True, DEADLINE)
    assert np.array_equal(products(plan, matrix), matrix)
    assert plan.nonzeros == pattern.sum()
    if mode != "auto" and pattern.any():
        assert plan.mode == mode


@given(patterns(square=True))
def test_a_plan_of_a_symmetric_matrix_finds_every_element(pattern: Any) -> None:
    pattern = pattern | pattern.T
    matrix = np.where(pattern, np.arange(1.0, pattern.size + 1).reshape(pattern.shape), 0.0)
    matrix = np.tril(matrix) + np.tril(matrix, -1).T
    plan = hessian_plan(sparse.csr_array(pattern), True, DEADLINE)
    assert np.array_equal(products(plan, matrix), matrix)
    assert plan.evaluations <= len(pattern)


@given(patterns(square=True))
def test_elements_that_mirror_each_other_are_read_in_one_place(pattern: Any) -> None:
    pattern = pattern | pattern.T
    rng = np.random.default_rng(5)
    plan = hessian_plan(sparse.csr_array(pattern), True, DEADLINE)
    found = products(plan, np.where(pattern, rng.uniform(1.0, 2.0, pattern.shape), 0.0))  # not symmetric itself
    assert np.array_equal(found, found.T)


@given(patterns())
def test_columns_of_one_color_have_no_row_in_common(pattern: Any) -> None:
    colors = column_colors(sparse.csr_array(pattern), DEADLINE)
    for i, j in combinations(range(pattern.shape[1]), 2):
        assert colors[i] != colors[j] or not np.any(pattern[:, i] & pattern[:, j])


@given(patterns(square=True))
def test_no_path_of_four_has_two_colors(pattern: Any) -> None:
    """By the definition: neighbours differ, and v - w - x - y has at least three colours."""
    pattern = (pattern | pattern.T) & ~np.eye(len(pattern), dtype=bool)
    colors = star_colors(sparse.csr_array(pattern), DEADLINE)
    neighbours = [np.flatnonzero(row) for row in pattern]
    for v in range(len(pattern)):
        for w in neighbours[v]:
            assert colors[v] != colors[w]
            for x in neighbours[w]:
                for y in neighbours[x]:
                    if len({v, w, x, y}) == 4:
                        assert len({colors[v], colors[w], colors[x], colors[y]}) > 2


def banded(n: int, width: int) -> Any:
    return sparse.csr_array(
        sparse.diags_array([np.ones(n)] * (2 * width + 1), offsets=range(-width, width + 1), shape=(n, n))
    )


def arrow(n: int) -> Any:
    first = np.zeros((n, 1))
    first[0] = 1.0
    column = sparse.csr_array(np.ones((n, 1)) @ first[:1].T)
    full = sparse.hstack([column, sparse.csr_array((n, n - 1))])
    return sparse.csr_array(full + full.T + sparse.eye_array(n))


def grid(m: int) -> Any:
    line = banded(m, 1)
    return sparse.csr_array(sparse.kron(line, sparse.eye_array(m)) + sparse.kron(sparse.eye_array(m), line))


def block(n: int, width: int) -> Any:
    return sparse.csr_array(sparse.kron(sparse.eye_array(n), np.ones((width, width))))


@pytest.mark.parametrize(
    ("pattern", "most", "most_symmetric"),
    [
        (banded(1000, 1), 3, 3),
        (banded(1000, 3), 7, 7),
        (arrow(1000), 3, 2),
        (grid(31), 7, 6),
        (grid(30), 7, 6),
        (block(100, 4), 4, 4),
        (sparse.csr_array(sparse.eye_array(100)), 1, 1),
        (sparse.csr_array((5, 7)), 0, 0),
    ],
)
def test_how_many_seeds_known_matrices_take(pattern: Any, most: int, most_symmetric: int) -> None:
    assert jacobian_plan(pattern, "auto", True, DEADLINE).evaluations <= most
    if pattern.shape[0] == pattern.shape[1]:
        assert hessian_plan(pattern, True, DEADLINE).evaluations <= most_symmetric


def test_a_few_full_rows_and_columns_are_taken_apart() -> None:
    plan = jacobian_plan(arrow(50), "auto", True, DEADLINE)
    assert (plan.mode, plan.evaluations) == ("mixed", 3)
    assert jacobian_plan(arrow(50), "forward", True, DEADLINE).evaluations == 50
    rows = sparse.csr_array(np.vstack([np.ones((2, 50)), np.eye(50)]))
    plan = jacobian_plan(rows, "auto", True, DEADLINE)
    assert (plan.mode, plan.evaluations) == ("reverse", 3)
    plan = jacobian_plan(sparse.csr_array(rows.T), "auto", True, DEADLINE)
    assert (plan.mode, plan.evaluations) == ("forward", 3)


def test_colouring_looks_at_the_deadline() -> None:
    pattern = sparse.csr_array(sparse.random_array((5000, 5000), density=0.001, rng=np.random.default_rng(1)))
    with pytest.raises(DeadlineExceeded):
        column_colors(pattern, Deadline(-1.0))
    with pytest.raises(DeadlineExceeded):
        star_colors(pattern + pattern.T, Deadline(-1.0))
