"""Formulas in LaTeX: what they mean, where their faults are, and that no text does harm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

import engine
from engine import NablaError, Problem
from engine.errors import InvalidInput
from engine.functions import FUNCTIONS
from engine.language.latex import commands, write
from tests.engine.language.formulas import FORMULAS, Formula


def value(text: str, **inputs: Any) -> Any:
    found = Problem(text, syntax="latex").evaluate(inputs).value
    return found.tolist() if isinstance(found, np.ndarray) else found


def written(text: str, **axes: int) -> str:
    """The formula as text in the language; inputs that are named have so many axes."""
    return write(text, axes).strip()


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


# ---- What formulas mean ----------------------------------------------------------------------------------------

MEANINGS = [
    # Fractions, powers, roots
    (r"\frac12 m v^2", "(1 / 2) * m * v ** 2"),
    (r"\dfrac{a+b}{2c}", "((a + b) / (2 * c))"),
    (r"x^{a^b}", "x ** (a ** b)"),
    (r"{x^a}^b", "(x ** a) ** b"),
    (r"-x^2", "-x ** 2"),
    (r"a/b \cdot c", "a / b * c"),
    (r"a \cdot -b", "a * (-b)"),
    (r"\sqrt 2 + \sqrt[3]{x} + \sqrt[n]{x}", "sqrt(2) + cbrt(x) + x ** (1 / n)"),
    (r"e^{-x^2/2}", "exp(-x ** 2 / 2)"),
    (r"10\,000 x + 1{,}000", "10000 * x + 1000"),
    (r"30^\circ", "radians(30)"),
    # Functions
    (r"\sin x \cos y", "sin(x) * cos(y)"),
    (r"\sin 2\pi x + 1", "sin(2 * π * x) + 1"),
    (r"\sin x^2 + \sin(x)^2 + \sin^2 x", "sin(x ** 2) + sin(x) ** 2 + sin(x) ** 2"),
    (r"\sin x (1+y)", "sin(x) * (1 + y)"),
    (r"\sin^{-1} x + \operatorname{erf}^{-1}(x)", "arcsin(x) + erfinv(x)"),
    (r"\ln\frac{a}{b}", "ln((a / b))"),
    (r"\log x + \log_2 x + \log_{10} x + \log_b x", "log(x) + log2(x) + log10(x) + (log(x) / log(b))"),
    (r"\exp\left\{-x\right\}", "exp(-x)"),
    (r"\max(0, x) + \min\{a, b\}", "max(0, x) + min(a, b)"),
    (r"\operatorname{ReLU}(x) + \operatorname{tr}(A)", "relu(x) + trace(A)"),
    (r"\Gamma(n) + \Gamma^2(n) + \mathrm{B}(a, b) + \Phi(x) + \psi(x)",
     "gamma(n) + gamma(n) ** 2 + beta(a, b) + ndtr(x) + digamma(x)"),
    (r"n! + \binom{n}{k}", "factorial(n) + comb(n, k)"),
    (r"|x||y| + \left|x\right| + \lvert x \rvert", "abs(x) * abs(y) + abs(x) + abs(x)"),
    (r"||x|-1|", "abs(abs(x) - 1)"),
    (r"\lfloor x \rfloor + \lceil y \rceil", "floor(x) + ceil(y)"),
    (r"\|x\| + \|x\|_1 + \lVert x \rVert_\infty^2", "norm(x) + norm(x, 1) + norm(x, inf) ** 2"),
    # Names
    (r"\hat{y} + \bar x + \hat{\mathbf{y}}", "y_hat + x_bar + y_hat"),
    (r"x' + x^* + x_1'", "x_prime + x_star + x_1_prime"),
    (r"\sigma_{xy} + \sigma_x^2 + \sigma^2_x", "σ_xy + σ_x ** 2 + σ_x ** 2"),
    (r"x_{\mathrm{max}} + V_{\max} + k_\mathrm{B}", "x_max + V_max + k_B"),
    (r"\theta_{t+1}", "θ_t_plus_1"),
    (r"\varepsilon + ϵ + \phi + \varphi", "ε + ε + φ + φ"),
    (r"\mathrm{rate}\,t", "rate * t"),
    (r"xy", "x * y"),
    # Statements
    (r"f(x) = x^2 \\ f(a) + g(a)", "f(x) = x ** 2\nf(a) + g * (a)"),
    (r"\begin{aligned} y &= a \\ &\quad + b \end{aligned}", "y = a + b"),
    (r"$$ \displaystyle y = x, $$", "y = x"),
    ("a = 1\n\n2a", "a = 1\n2 * a"),
    (r"p(x|\theta) = x", "x"),
    (r"T \approx 2\pi", "T = 2 * π"),
    # Sums
    (r"\sum_{k=0}^{n} a_k x^k", "sum(a[k] * x ** k for k in range(0, int(n) + 1))"),
    (r"\sum_{i=1}^{3} x_i + c", "sum(x[i - 1] for i in range(1, 4)) + c"),
    (r"\sum_{i=1}^{3} (x_i + c)", "sum((x[i - 1] + c) for i in range(1, 4))"),
    (r"\prod_{j=m}^{10} j", "prod(j for j in range(int(m), 11))"),
    (r"\sum_i x_i y_i", "sum(x[i - 1] * y[i - 1] for i in range(1, x.shape[0] + 1))"),
    (r"\max_i |x_i|", "max(abs(x[i - 1]) for i in range(1, x.shape[0] + 1))"),
    (r"\sum x^2", "sum(x ** 2)"),
    (r"\sum_{i=1}^2 \sum_{j=1}^2 A_{ij}", "sum(sum(A[i - 1, j - 1] for j in range(1, 3)) for i in range(1, 3))"),
    (r"\sum_{i=2}^{3} x_{i-1}", "sum(x[i - 2] for i in range(2, 4))"),
    # Matrices and cases
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{pmatrix} x \\ y \end{pmatrix}",
     "[[a, b], [c, d]] @ [x, y]"),
    (r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}", "det([[a, b], [c, d]])"),
    (r"\left[\begin{array}{cc} 1 & -2 \\ 3 & 4 \end{array}\right]", "([[1, -2], [3, 4]])"),
    (r"\mathbf{X}\mathbf{w} + 2\mathbf{b}", "X @ w + 2 * b"),
    (r"\mathbf{a} \cdot \mathbf{b} + \|\vec{a} \times \vec{b}\|", "dot(a, b) + norm(cross(a, b))"),
    (r"\mathbf{A}^{-1} + \mathbf{A}^2 + \mathbf{A}^{-\top} + |\mathbf{A}|",
     "inv(A) + matrix_power(A, 2) + inv(A).T + det(A)"),
    (r"\mathbf{x}\mathbf{x}^\top + \mathbf{x} \odot \mathbf{x}", "outer(x, x.T) + x * x"),
    (r"\begin{cases} 1 & \text{if } 0 < x \le 1, \\ 0 & \text{otherwise.} \end{cases}", "(1 if 0 < x <= 1 else 0)"),
    (r"\begin{cases} 1 & x = 1, y \ne 2 \\ 2 & x > 1 \lor y > 1 \end{cases}",
     "(1 if (x == 1 and y != 2) else 2 if (x > 1 or y > 1) else nan)"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "text"), MEANINGS, ids=[formula for formula, _ in MEANINGS])
def test_a_formula_is_written_out_in_the_language(formula: str, text: str) -> None:
    assert written(formula) == text


BY_INPUTS: list[tuple[str, dict[str, int], str]] = [
    (r"\mu \lambda", {"mu": 0, "λ": 0}, "mu * λ"),
    (r"\lambda \pi e^x", {"lambda": 0, "pi": 0, "e": 0}, "λ * pi * e ** x"),
    (r"\beta(x)", {"beta": 0}, "beta * (x)"),
    (r"\Gamma(x)", {"Gamma": 0}, "Gamma * (x)"),
    (r"x_1 + x_2", {"x_1": 0, "x2": 0}, "x_1 + x2"),
    (r"x_1 + x_2", {"x": 1}, "x[0] + x[1]"),
    (r"x_1 + x_2", {"x": 1, "x_2": 0}, "x[0] + x_2"),
    (r"A_{12} + A_{1,2}", {"A": 2}, "A[0, 1] + A[0, 1]"),
    (r"xy + xyz", {"xy": 0}, "xy + x * y * z"),
    (r"A x + x^\top A^T x", {"A": 2, "x": 1}, "A @ x + x.T @ A.T @ x"),
    (r"A x + A^2", {"A": 0, "x": 0}, "A * x + A ** 2"),
    (r"x^T", {"x": 0, "T": 0}, "x ** T"),
    (r"|A| + |x|", {"A": 2, "x": 1}, "det(A) + norm(x)"),
    (r"x_n", {"x": 1, "n": 0}, "x[(int(n)) - 1 if (int(n)) >= 1 else x.shape[0]]"),
    (r"f(x) = 2x \\ A f(v)", {"A": 2, "v": 1}, "f(x) = 2 * x\nA @ f(v)"),
]


@pytest.mark.parametrize(("formula", "axes", "text"), BY_INPUTS)
def test_the_inputs_say_what_a_formula_means(formula: str, axes: dict[str, int], text: str) -> None:
    assert written(formula, **axes) == text


def test_gradients_have_the_names_that_were_sent() -> None:
    sent = {"lambda": 2.0, "μ": 3.0, "sigma_xy": 1.0, "x1": 5.0}
    found = Problem(r"\lambda\mu + \sigma_{xy} x_1", syntax="latex").gradient(sent)
    assert found.gradients == {"lambda": 3.0, "μ": 2.0, "sigma_xy": 5.0, "x1": 1.0}


def test_one_problem_reads_its_formula_anew_for_inputs_of_other_axes() -> None:
    problem = Problem(r"A x", syntax="latex")
    assert problem.evaluate({"A": 2.0, "x": 3.0}).value == 6.0
    assert problem.evaluate({"A": [[1.0, 2.0]], "x": [3.0, 4.0]}).value.tolist() == [11.0]
    assert problem.evaluate({"A": 2.0, "x": 3.0}).value == 6.0


def test_a_variable_may_have_the_name_of_an_input() -> None:
    assert value(r"\lambda = \lambda + 1 \\ \lambda^2", **{"lambda": 2.0}) == 9.0


def test_two_names_for_one_letter_are_refused() -> None:
    with pytest.raises(InvalidInput, match="two names that are one in LaTeX: mu and μ"):
        value(r"\mu", mu=1.0, μ=2.0)


def test_an_element_before_the_first_is_out_of_range() -> None:
    assert value(r"\sum_{i=1}^{2} x_{3-i}", x=[1.0, 2.0]) == 3.0
    with pytest.raises(NablaError, match="out of range"):
        value(r"\sum_{i=1}^{3} x_{3-i}", x=[1.0, 2.0])


def test_every_function_that_a_command_stands_for_exists() -> None:
    spelled = [*commands._SPELLINGS.values(), *commands.LETTER_FUNCTIONS.values(), *commands.STANDARD]
    assert set(spelled) <= set(FUNCTIONS)
    assert set(FUNCTIONS) >= commands.REDUCTIONS


# ---- What others print -----------------------------------------------------------------------------------------


def test_the_formulas_of_the_reference_are_read_back() -> None:
    read_back, wrong = 0, []
    for function in engine.functions():
        if function["kind"] != "elementwise":
            continue
        inputs = function["example"]["request"]["inputs"]
        for formula in function["derivative"]["formulas"]:
            _, sign, right = (formula["latex"] or "").partition(" = ")
            if not formula["text"] or not sign:
                continue
            try:
                found = value(right, **inputs)
            except NablaError:  # Bessel functions have their order as a subscript
                continue
            read_back += 1
            expected = Problem(formula["text"]).evaluate(inputs).value
            if not np.allclose(found, expected, rtol=1e-12, equal_nan=True):
                wrong.append((right, found, expected))
    assert not wrong
    assert read_back > 80


SYMBOLS = sympy.symbols("x mu lambda_1", positive=True)


def _expressions() -> st.SearchStrategy[sympy.Expr]:
    """Expressions of SymPy in x, mu and lambda_1."""
    x, mu, lam = SYMBOLS
    numbers = st.integers(1, 9).map(sympy.Integer) | st.fractions(0, 5, max_denominator=9).map(
        lambda fraction: sympy.Rational(fraction.numerator + 1, fraction.denominator)
    )
    leaves = st.sampled_from([x, mu, lam, sympy.pi, sympy.E]) | numbers
    one = [
        sympy.sin, sympy.cos, sympy.exp, sympy.sqrt, sympy.tanh, sympy.atan, sympy.Abs, sympy.erf, sympy.cbrt,
        lambda a: sympy.log(a) ** 2, lambda a: sympy.sin(a) ** 2, lambda a: -a, lambda a: 1 / a, lambda a: a**2,
        lambda a: sympy.Max(a, 1), lambda a: sympy.Piecewise((a, x > 1), (2 * a, True)), lambda a: sympy.gamma(a**2),
    ]  # fmt: skip
    two = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, lambda a, b: (a**2) ** b]
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(lambda f, a: f(a), st.sampled_from(one), inner)
            | st.builds(lambda f, a, b: f(a, b), st.sampled_from(two), inner, inner)
        ),
        max_leaves=6,
    )


@given(_expressions())
def test_what_sympy_prints_means_what_it_meant(expression: sympy.Expr) -> None:
    inputs = {symbol.name: number for symbol, number in zip(SYMBOLS, (0.7, 1.3, 2.1), strict=True)}
    expected = expression.subs(dict(zip(SYMBOLS, inputs.values(), strict=True))).evalf()
    assume(expected.is_finite and expected.is_real and 1e-9 < abs(expected) < 1e9)
    printed = sympy.latex(expression)
    np.testing.assert_allclose(value(printed, **inputs), float(expected), rtol=1e-6, err_msg=printed)
