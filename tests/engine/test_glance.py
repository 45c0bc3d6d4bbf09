"""What is known of a question before it is answered, and what that may cost."""

from math import inf

import pytest

import engine
from engine.limits import Limits

NEWTON = "while abs(x**2 - a) > 1e-12: x = (x + a/x) / 2\nx"


def test_a_short_loop_is_run_to_know_what_it_costs():
    problem = engine.Problem(NEWTON)
    assert 0 < problem.estimate({"x": 1.0, "a": 2.0}, "gradient") < 1e5


@pytest.mark.parametrize(
    "text",
    [
        "for i in range(100000): x = x + 1\nx",
        "f(n) = x if n < 1 else f(n - 1) + x\nf(9000)",
        "sum(x*i for i in range(9000))",
        "while True: x += 1",
    ],
)
def test_a_long_one_is_not(text: str):
    assert engine.Problem(text, Limits(steps=100_000)).estimate({"x": 1.0}, "gradient") == inf


def test_what_looked_at_values_is_traced_once_for_a_point():
    problem = engine.Problem(NEWTON)
    point = engine.prepare({"x": 1.0, "a": 2.0}, "float64")
    assert problem.graph(point) is problem.graph(point)
    other = engine.prepare({"x": 1.0, "a": 3.0}, "float64")
    assert problem.gradient(other).gradients["a"] == pytest.approx(0.5 / 3**0.5, rel=1e-12)
    assert problem.gradient(point).gradients["a"] == pytest.approx(0.5 / 2**0.5, rel=1e-12)
