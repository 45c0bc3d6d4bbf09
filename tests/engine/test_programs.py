"""Programs: the recorded ones in forward mode and against differences, and that the derivative is of what ran."""

import doctest
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import engine
from tests.engine.test_torch import inputs_of, name_of, tolerance
from tests.recording import programs
from tests.recording.case import spread

PAGE = (Path(__file__).parents[2] / "docs" / "programs.md").read_text(encoding="utf-8")
RECORDED = json.loads(programs.GROUP.data.read_text(encoding="utf-8"))["cases"]
REAL = [case for case in RECORDED if case.get("dtype") != "complex128"]


def is_inexact(value: Any) -> bool:
    return not isinstance(value, dict)


def inner(a: Any, b: Any) -> float:
    """The sum of products over tensors, or over lists of them."""
    if isinstance(a, list):
        return sum(inner(one, other) for one, other in zip(a, b, strict=True) if other is not None)
    return float(np.sum(np.asarray(a) * np.asarray(b)))


@pytest.mark.parametrize("case", REAL, ids=name_of)
def test_forward_mode_agrees_with_torchs_gradient(case: dict[str, Any]) -> None:
    tangents = {name: spread(*np.shape(v), seed=7) for name, v in case["inputs"].items() if is_inexact(v)}
    pushed = engine.Problem(case["expression"], dtype=case.get("dtype", "float64")).jvp(inputs_of(case), tangents)
    parts = [inner(case["gradients"][name], tangent) for name, tangent in tangents.items()]
    along = inner(pushed.jvp, case.get("grad_output", 1.0))
    assert along == pytest.approx(sum(parts), rel=10 * tolerance(case), abs=10 * tolerance(case) * max(map(abs, parts)))


DECIDED = ("# Bisection", "# A step size")
"""Programs whose value jumps, or stays, where a condition changes: differences say so, and what ran does not."""


@pytest.mark.parametrize(
    "case", [case for case in REAL if not case["expression"].startswith(DECIDED) and "result" in case], ids=name_of
)
def test_differences_agree(case: dict[str, Any]) -> None:
    problem = engine.Problem(case["expression"], dtype=case.get("dtype", "float64"))
    assert problem.check(inputs_of(case), grad_output=case.get("grad_output")).passed


def babylonian(a: Any, steps: int) -> Any:
    x = a
    for _ in range(steps):
        x = (x + a / x) / 2
    return x


@pytest.mark.parametrize(("tolerance", "steps"), [(100, 0), (20, 1), (3, 2), (1, 3), (1e-1, 4), (1e-6, 5)])
def test_an_iteration_has_the_derivatives_of_the_steps_that_ran(tolerance: float, steps: int) -> None:
    text = f"x = a\nwhile abs(x**2 - a) > {tolerance}:\n    x = (x + a/x) / 2\nx"
    a = sympy.Symbol("a")
    exact = [float(sympy.diff(babylonian(a, steps), a, order).subs(a, 9).evalf(30)) for order in (0, 1, 2)]
    answer = engine.hessian(text, {"a": 9.0})
    found = [answer.value, answer.gradients["a"], answer.hessians["a"]["a"]]
    assert found == pytest.approx(exact, rel=1e-14)


def test_a_converged_iteration_has_the_derivatives_of_its_equation() -> None:
    newton = next(case["expression"] for case in RECORDED if case["expression"].startswith("# Newton's iteration"))
    x = sympy.Symbol("x")
    root = sympy.nsolve(x**3 - 2 * x - 5, 2, prec=30)
    slope = 1 / (3 * root**2 - 2)  # by a of x**3 - 2 x - a
    answer = engine.hessian(newton, {"a": 5.0})
    assert answer.value == pytest.approx(float(root), rel=1e-15)
    assert answer.gradients["a"] == pytest.approx(float(slope), rel=1e-14)
    assert answer.hessians["a"]["a"] == pytest.approx(float(-6 * root * slope**3), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("x = 1\nfor _ in range(n): x *= a\nx", lambda a, n: (a**n, n * a ** (n - 1))),
        ("x = a\nwhile x < n: x *= 2\nx", lambda a, n: (a * 2 ** (k := max(0, np.ceil(np.log2(n / a)))), 2**k)),
        ("if a > n: x = a\nelse: x = a**2\nx", lambda a, n: (a, 1.0) if a > n else (a**2, 2 * a)),
        ("x = zeros(9)\nx[n] = a\nx[int(a):5].sum()", lambda a, n: (a, 1.0) if int(a) <= n < 5 else (0.0, 0.0)),
        ("hs = [a]\nwhile len(hs) < n: hs.append(hs[-1] * a)\nhs[-1]", lambda a, n: (a**n, n * a ** (n - 1))),
    ],
)
def test_a_problem_asked_again_runs_anew(text: str, exact: Any) -> None:
    problem = engine.Problem(text)
    for a, n in [(1.5, 4), (2.5, 4), (1.5, 6), (3.5, 3), (1.5, 4), (4.5, 2)]:
        answer = problem.gradient({"a": a, "n": engine.Input(n, dtype="int64")})
        assert (answer.value, answer.gradients["a"]) == pytest.approx(exact(a, n), rel=1e-14)


def test_the_worked_examples_of_the_page_are_recorded() -> None:
    test = doctest.DocTestParser().get_doctest(PAGE, {}, "programs", "programs.md", 0)
    assert doctest.DocTestRunner().run(test, out=lambda text: None, clear_globs=False).attempted
    recorded = {case["expression"] for case in RECORDED}
    for name in ("newton", "runge_kutta", "network", "perceptron"):
        assert test.globs[name].strip() in recorded
    assert len(re.findall(r"^### ", PAGE, re.M)) == 4
