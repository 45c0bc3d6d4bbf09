"""Where other systems' derivatives lose their digits, ours do not: each of these is known to go wrong somewhere.

The truth is ball arithmetic's, at exactly these doubles, with no allowance for conditioning. `make accuracy` measures
every function of elements in the same way, over its whole domain.
"""

import math
from typing import Any

import flint
import numpy as np
import pytest
from flint import arb

import engine
from tests.accuracy import ALLOWED, line, measured, ulps
from tests.engine.table import balls

FAILURES: list[tuple[str, list[tuple[float, ...]]]] = [
    ("sigmoid", [(37.0,), (40.0,), (-40.0,), (700.0,), (-745.0,)]),
    ("tanh", [(20.0,), (-30.0,), (350.0,), (372.0,)]),
    ("sinc", [(1e-160,), (1e-9,), (-1e-4,), (0.01,), (0.3,), (1.0,), (1e6 + 0.25,)]),
    ("arcsinh", [(1e-20,), (-1e8,), (1e200,), (-1e200,)]),
    ("arccosh", [(1 + 2.0**-52,), (1.0001,), (1e155,), (1e200,)]),
    ("arctanh", [(1e-20,), (1 - 2.0**-53,), (-0.9999,)]),
    ("arcsin", [(1 - 2.0**-53,), (-0.99999,), (1e-200,)]),
    ("arccos", [(1 - 2.0**-53,), (-0.99999,), (1e-200,)]),
    ("arctan", [(1e155,), (-1e160,), (1e-200,)]),
    ("arctan2", [(1e200, 1e200), (1e-200, -1e-200), (1e-300, 1e-10), (3.0, -3.0)]),
    ("hypot", [(3e200, 4e200), (3e-200, 4e-200), (1e-300, 1e300), (-1e154, 1e155)]),
    ("log1p", [(1e-20,), (-1e-9,), (-1 + 2.0**-53,), (1e300,)]),
    ("expm1", [(1e-20,), (-1e-9,), (-50.0,), (700.0,)]),
    ("power", [(1 + 2.0**-52, 1e15), (1 - 2.0**-40, 3e11), (0.999, 1e-17), (1e300, 0.3), (2.5, -1e-8), (1e-200, 1.1)]),
    ("softplus", [(-745.0,), (-40.0,), (1e-9,), (40.0,), (700.0,)]),
    ("logaddexp", [(-700.0, 0.3), (1000.0, -1000.0), (1e-9, -1e-9), (1e5 + 0.1, 1e5)]),
    ("logit", [(1e-300,), (0.5000001,), (1 - 2.0**-53,)]),
    ("cbrt", [(1e-300,), (-1e200,), (1.0,)]),
    ("gelu", [(-10.0,), (-30.0,), (-1.0,), (1e-9,), (5.0,)]),
    ("log_ndtr", [(-1e5,), (-40.0,), (10.0,)]),
    ("erfcx", [(-5.0,), (30.0,), (1e9,)]),
    ("silu", [(-700.0,), (-40.0,), (1e-9,), (40.0,)]),
]


@pytest.mark.parametrize(("name", "points"), FAILURES, ids=str)
def test_a_known_failure(name: str, points: list[tuple[float, ...]]) -> None:
    """Value and every first derivative, as a caller gets them."""
    names = ["x", "y"][: len(points[0])]
    for point in points:
        inputs = dict(zip(names, point, strict=True))
        found = engine.gradient(f"{name}({', '.join(names)})", inputs)
        given = [found.value, *(found.gradients[n] for n in names)]
        for by, result in zip([(), *((k,) for k in range(len(names)))], given, strict=True):
            error = ulps(result, balls.derivative(name, by, point))
            assert error <= ALLOWED, f"{name}{point} by {by}: {result!r} is off by {error} ulp"


@pytest.mark.parametrize("x", [[3e200, -4e200, 1e200], [3e-200, 4e-200, -2e-200], [1e-300, 1e300, 1.0]])
def test_norms_neither_overflow_nor_vanish(x: list[float]) -> None:
    found = engine.gradient("norm(x)", {"x": x})
    with balls.precision(3000):
        length = sum((arb(v) ** 2 for v in x), arb(0)).sqrt()
        assert ulps(found.value, length) <= ALLOWED
        for v, slope in zip(x, found.gradients["x"], strict=True):
            assert ulps(float(slope), arb(v) / length) <= ALLOWED


@pytest.mark.parametrize("x", [[1000.0, 1000.5, -1000.0], [-1000.0, -1001.0, -999.0], [0.1, 40.0, -40.0]])
def test_logsumexp_far_out(x: list[float]) -> None:
    found = engine.gradient("logsumexp(x)", {"x": x})
    with balls.precision(3000):
        total = sum((arb(v).exp() for v in x), arb(0))
        assert ulps(found.value, total.log()) <= ALLOWED
        for v, slope in zip(x, found.gradients["x"], strict=True):
            assert ulps(float(slope), arb(v).exp() / total) <= ALLOWED


# The measure itself


def test_an_ulp_is_the_distance_to_the_next_double() -> None:
    for x in (1.0, -3.0, 1e300, 5e-324, 1e-310):
        assert ulps(x, arb(x)) == 0.0
        assert ulps(math.nextafter(x, math.inf), arb(x)) == 1.0
    assert ulps(math.inf, arb(10) ** 400) == 0.0
    assert ulps(0.0, arb(10) ** -400) == 0.0
    assert ulps(math.nan, arb(1)) == math.inf
    assert ulps(-math.inf, arb(10) ** 400) > 1e15
    assert flint.ctx.prec < 2400


def test_points_reach_to_the_edges() -> None:
    points = line(-1.0, math.inf)
    assert min(points) == math.nextafter(-1.0, 0.0)
    assert {0.0, 1.0, 1e300, math.nextafter(1.0, 2.0)} <= set(points)


def test_a_derivative_that_loses_digits_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    row: Any = engine.kinds.PRIMITIVES["tanh"]
    _, good = measured("tanh")
    assert max(w.error for w in good) < ALLOWED
    monkeypatch.setattr(row, "steps", [lambda F, v, y, xs: v * (1.0 - F.square(y))])
    _, bad = measured("tanh")
    assert bad[1].error > 1e10
    assert np.isfinite(bad[0].error)
