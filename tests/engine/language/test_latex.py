"""Formulas in LaTeX: what they mean, where their faults are, and that no text does harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

import engine
from engine import Limits, NablaError, Problem
from engine.errors import InvalidInput, LimitExceeded
from engine.functions import FUNCTIONS
from engine.language.latex import commands, write
from engine.language.latex.equations import formula as formula_of
from engine.language.latex.reader import Reader
from engine.language.latex.rope import Written
from engine.language.parser import parse
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
    (r"f = \left\{ \begin{array}{ll} x & x > 0 \text{ and } x \ne 2 \\ 0 & \text{otherwise} \end{array} \right.",
     "f = (x if (x > 0 and x != 2) else 0)"),
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
    (r"a_0 + a_1 x", {"a": 1, "x": 0}, "a[0] + a[1] * x"),
    (r"\sum_{i=0}^{2} x_{i+1}", {"x": 1}, "sum(x[i] for i in range(0, 3))"),
    (r"\sum_{i=0}^{2} (x_{i+1} - x_i)", {"x": 1}, "sum((x[i + 1] - x[i]) for i in range(0, 3))"),
    (r"\sum_i x_i y_i + y_0", {"x": 1, "y": 1}, "sum(x[i] * y[i] for i in range(0, x.shape[0])) + y[0]"),
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


def test_an_element_before_the_first_is_out_of_range() -> None:
    assert value(r"\sum_{i=1}^{2} x_{3-i}", x=[1.0, 2.0]) == 3.0
    with pytest.raises(NablaError, match="out of range"):
        value(r"\sum_{i=1}^{3} x_{3-i}", x=[1.0, 2.0])


def test_every_function_that_a_command_stands_for_exists() -> None:
    spelled = [*commands._SPELLINGS.values(), *commands.LETTER_FUNCTIONS.values(), *commands.STANDARD]
    assert set(spelled) <= set(FUNCTIONS)
    assert set(FUNCTIONS) >= commands.REDUCTIONS


# ---- What is wrong -----------------------------------------------------------------------------------------------

WRONG: list[tuple[str, dict[str, Any], str, int, str, str | None]] = [
    ("", {}, "", 0, "the formula is empty", "write one, such as x^2 + 1"),
    ("x +", {}, "", 3, "expected a value after `+`, found the end of the text", "finish the formula"),
    ("\\frac{a}", {}, "", 8, "expected {…} after `\\frac`, found the end of the text", "put the argument in braces"),
    ("\\frac{}{b}", {}, "{}", 5, "the braces are empty", "write something in them, or leave them out"),
    ("(x", {}, "(", 0, "`(` is not closed before the end of the text", "close it with )"),
    ("x)", {}, ")", 1, "`)` closes nothing", "remove it"),
    ("\\left( x \\right]", {}, "]", 15, "`]` does not close the `(` of line 1, column 6", "write ) instead"),
    (
        "\\left x",
        {},
        "x",
        6,
        "expected a bracket, found `x`",
        "write \\left( … \\right), and \\left. or \\right. where there is no bracket",
    ),
    (
        "x \\right",
        {},
        "",
        8,
        "a bracket is expected at the end",
        "write \\left( … \\right), and \\left. or \\right. where there is no bracket",
    ),
    ("{x", {}, "{", 0, "`{` is not closed before the end of the text", "close it with }"),
    ("\\left| x", {}, "|", 5, "`|` is not closed before the end of the text", "close it with \\right|"),
    ("\\lfloor x )", {}, ")", 10, "`)` does not close the `\\lfloor` of line 1, column 1", "write \\rfloor instead"),
    (
        "\\foo x",
        {},
        "\\foo",
        0,
        "the command `\\foo` is not understood",
        "for a name or a function write \\operatorname{foo}",
    ),
    ("\\fracc{1}{2}", {}, "\\fracc", 0, "the command `\\fracc` is not understood", "did you mean \\frac?"),
    ("\\apha + 1", {}, "\\apha", 0, "the command `\\apha` is not understood", "did you mean \\alpha?"),
    (
        "\\operatorname{\\foo} x",
        {},
        "\\operatorname",
        0,
        "`\\operatorname` takes a word",
        "as in \\operatorname{erf}(x)",
    ),
    ("x @ y", {}, "@", 2, "the character `@` is not understood in LaTeX", "write A B for the product of matrices"),
    ("x² + 1", {}, "²", 1, "the character `²` is not understood in LaTeX", "write ^2"),
    ("∑ x", {}, "∑", 0, "the character `∑` is not understood in LaTeX", "write \\sum"),
    ("x \u202e y", {}, "\u202e", 2, "the text has an invisible character, U+202E", "remove it"),
    ("5\\%", {}, "\\%", 1, "percents are not understood", "divide by 100"),
    (
        "\\begin{matrx} x \\end{matrx}",
        {},
        "\\begin{matrx}",
        0,
        "the environment `matrx` is not understood",
        "did you mean matrix?",
    ),
    ("x^10", {}, "10", 2, "TeX takes only the first digit behind `^`", "write ^{10}"),
    ("x_12", {}, "12", 2, "TeX takes only the first digit behind `_`", "write _{12}"),
    ("x^a^b", {}, "^", 3, "one power follows another", "write x^{a^b}, or {x^a}^b"),
    (
        "x^{(2)}",
        {},
        "{(2)}",
        2,
        "a power in brackets can be read as an index",
        "write ^2 for a power, _{2} for an index",
    ),
    ("x^+", {}, "+", 2, "`^+` is no power", "put it into the name: x_{\\mathrm{p}}"),
    ("x**2", {}, "**", 1, "`**` is Python's", "write ^{…} for a power"),
    (
        "x2",
        {},
        "2",
        1,
        "a number stands right behind a factor: `x2`",
        "write x_{2} for a name, x^{2} for a power, 2x for a product",
    ),
    ("3 4", {}, "4", 2, "a number stands right behind a factor: `34`", "write \\cdot between them"),
    ("6.022e23", {}, "23", 6, "a number stands right behind a factor: `e23`", "write 6.022 \\cdot 10^{23}"),
    (
        "a/bc",
        {},
        "c",
        3,
        "a product right behind `/` can be read in two ways",
        "write \\frac{a}{b c} or \\frac{a}{b} c; or put brackets: a/(bc), (a/b)c",
    ),
    (
        "1/2x",
        {},
        "x",
        3,
        "a product right behind `/` can be read in two ways",
        "write \\frac{a}{b c} or \\frac{a}{b} c; or put brackets: a/(bc), (a/b)c",
    ),
    (
        "sin(x)",
        {},
        "sin",
        0,
        "letters side by side are multiplied, and `sin` is a function",
        "write \\sin(…); for the product put blanks between the letters",
    ),
    (
        "2exp(x)",
        {},
        "exp",
        1,
        "letters side by side are multiplied, and `exp` is a function",
        "write \\exp(…); for the product put blanks between the letters",
    ),
    ("n!!", {}, "!!", 1, "double factorials are not understood", "write (n!)! with brackets, or the product"),
    (
        "(x)'",
        {},
        "'",
        3,
        "a prime stands behind what is no name",
        "derivatives are what the answer has; a prime belongs to a name, as in x'",
    ),
    ("(x)_1", {}, "_", 3, "a subscript stands behind what is no name", "a subscript belongs to a name, as in x_1"),
    (
        "x_{\\frac12}",
        {},
        "\\frac",
        3,
        "this subscript is neither a name nor an index",
        "a name's subscript has letters, digits and words: x_1, \\sigma_{xy}, x_{\\mathrm{max}}",
    ),
    (
        "x_",
        {},
        "",
        2,
        "expected a subscript, found the end of the text",
        "a name's subscript has letters, digits and words: x_1, \\sigma_{xy}, x_{\\mathrm{max}}",
    ),
    ("\\mathrm{2x}", {}, "\\mathrm{2x}", 0, "`2x` is not a name", "letters, digits and _, a letter first"),
    ("\\mathrm{in}", {}, "\\mathrm{in}", 0, "`in` is a keyword of Python", "choose another name"),
    ("\\sin", {}, "", 4, "expected what `\\sin` is of, found the end of the text", "put it in brackets"),
    ("\\ln -x", {}, "-", 4, "expected what `\\ln` is of, found `-`", "put it in brackets"),
    (
        "\\sin_2 x",
        {},
        "_2",
        4,
        "`\\sin` takes no subscript",
        "subscripts belong to names; \\log_b, \\sum, \\prod, \\max and \\min have their own",
    ),
    ("\\tan^{-1}", {}, "", 9, "expected what `\\tan` is of, found the end of the text", "put it in brackets"),
    (
        "\\ln^{-1} x",
        {},
        "\\ln",
        0,
        "`\\ln` has no inverse that is known by `^{-1}`",
        "write \\frac{1}{\\ln x} for the reciprocal",
    ),
    (
        "\\sin' x",
        {},
        "'",
        4,
        "a prime stands behind a function",
        "derivatives are what the answer has: write the function alone",
    ),
    (
        "\\psi^{(1)}(x)",
        {},
        "(1)",
        6,
        "an order in brackets means a derivative",
        "derivatives are what the answer has: write the function alone",
    ),
    (
        "f(x) = x \\\\ f'(1)",
        {},
        "f'",
        12,
        "a prime stands behind a function",
        "derivatives are what the answer has: write the function alone",
    ),
    ("f(x) = x \\\\ f^2(1)", {}, "f", 12, "f is a function", "write the power behind the brackets: f(x)^2"),
    ("\\int_0^1 x", {}, "\\int", 0, "integrals are not computed", "use a sum, or ask for derivatives of the integrand"),
    ("\\lim_{x\\to 0} x", {}, "\\lim", 0, "limits are not computed", "write the expression itself"),
    (
        "\\frac{\\partial f}{\\partial x}",
        {},
        "\\partial",
        6,
        "derivatives are what the answer has, and are not written",
        "write the function alone",
    ),
    ("x \\pm 1", {}, "\\pm", 2, "`\\pm` stands for two formulas", "write + or -"),
    (
        "1 + \\cdots + n",
        {},
        "\\cdots",
        4,
        "dots stand for terms that are not written",
        "write a sum with bounds: \\sum_{k=1}^{n}",
    ),
    ("\\sum_{i=1} x_i", {}, "\\sum_{i=1}", 0, "one of the bounds is missing", "write \\sum_{k=1}^{n}"),
    (
        "\\sum_i 2",
        {},
        "\\sum_i",
        0,
        "there is nothing that is indexed by i alone, so its bounds are not known",
        "write \\sum_{i=1}^{n}",
    ),
    (
        "\\sum_{i<j} x",
        {},
        "<",
        7,
        "expected an index below, found `<`",
        "write \\sum_{k=1}^{n}, with one index and its first value",
    ),
    (
        "\\sum_{k=1}^\\infty x^k",
        {},
        "\\infty",
        11,
        "a sum without end is not computed",
        "write the last term that matters, as in \\sum_{k=1}^{100}",
    ),
    (
        "\\sum_{i=1}^{2} x_{i-2}",
        {},
        "i-2",
        18,
        "the index i-2 begins at -1",
        "let the sum begin later: \\sum_{i=2}^{n}",
    ),
    (
        "\\sum_i (x_i - x_{i-1})",
        {},
        "i-1",
        17,
        "the index i-1 begins before the first element",
        "let the sum begin later: \\sum_{i=2}^{n}",
    ),
    (
        "2x = 3\n\ny",
        {},
        "2x",
        0,
        "on the left of an equation stands a name, or a function of names",
        "write y = …, or f(x) = …; end each equation with \\\\; or leave the left side out",
    ),
    (
        "a^2 + b^2 = c^2",
        {},
        "a^2 + b^2",
        0,
        "on the left of an equation stands a name, or a function of names",
        "write y = …, or f(x) = …; end each equation with \\\\; or leave the left side out",
    ),
    ("x = y = z", {}, "=", 6, "one equation has one equals sign", "end each equation with \\\\"),
    ("x = ", {}, "", 4, "expected a value after `=`, found the end of the text", "finish the formula"),
    (
        "a, b",
        {},
        ",",
        1,
        "a comma stands only between arguments",
        "end an equation with \\\\; write several values as \\begin{pmatrix} a \\\\ b \\end{pmatrix}",
    ),
    ("x & y", {}, "&", 2, "expected an operator, found `&`", "cells stand in a matrix or in cases"),
    (
        "f(2) = x \\\\ x",
        {},
        "f(2)",
        0,
        "on the left of an equation stands a name, or a function of names",
        "write y = …, or f(x) = …; end each equation with \\\\; or leave the left side out",
    ),
    (
        "\\begin{pmatrix} 1 & 2 \\\\ 3 \\end{pmatrix}",
        {},
        "3",
        25,
        "a row has 1 cells, and the first has 2",
        "separate cells with &, rows with \\\\",
    ),
    ("\\begin{pmatrix} 1 & 2", {}, "\\begin{pmatrix}", 0, "\\begin{pmatrix} is not ended", "write \\end{pmatrix}"),
    (
        "\\begin{pmatrix} 1 \\end{bmatrix}",
        {},
        "\\end{bmatrix}",
        18,
        "\\end{bmatrix} does not end \\begin{pmatrix}",
        "write \\end{pmatrix}",
    ),
    (
        "\\begin{pmatrix} \\end{pmatrix}",
        {},
        "\\begin{pmatrix} \\end{pmatrix}",
        0,
        "the matrix is empty",
        "separate cells with &, rows with \\\\",
    ),
    (
        "\\begin{cases} 1 \\\\ 2 & x \\end{cases}",
        {},
        "\\begin{cases} 1 \\\\ 2 & x \\end{cases}",
        0,
        "a case has a value and a condition",
        "write value & condition \\\\",
    ),
    (
        "\\begin{cases} \\end{cases}",
        {},
        "\\begin{cases} \\end{cases}",
        0,
        "there are no cases",
        "write value & condition \\\\",
    ),
    (
        "\\mathbf{A}\\mathbf{x}^\\top",
        {},
        "\\mathbf{A}\\mathbf{x}^\\top",
        0,
        "a matrix times a row is no product of matrices",
        "write x^\\top A or A x; write \\odot for the product by elements",
    ),
    (
        "x_{1.5}",
        {"x": [1.0, 2.0]},
        "1.5",
        3,
        "this subscript is neither a name nor an index",
        "a name's subscript has letters, digits and words: x_1, \\sigma_{xy}, x_{\\mathrm{max}}",
    ),
    (
        "\\lambda x",
        {"x": 1.0},
        "\\lambda",
        0,
        "λ is not an input, a variable or a constant",
        "send a value for lambda in inputs, or give it one in an equation before this one",
    ),
    (
        "g(x)",
        {"x": 1.0},
        "g",
        0,
        "g is not an input, a variable or a constant",
        "a letter before a bracket is a factor: define g(x) = … in an equation before this one",
    ),
    ("\\operatorname{sinn}(x)", {"x": 1.0}, "sinn", 14, "there is no function sinn", "did you mean sin?"),
    (
        "x + y",
        {"x": [1.0, 2.0], "y": [1.0, 2.0, 3.0]},
        "x + y",
        0,
        "shapes (2,) and (3,) do not broadcast",
        "from the last axis backwards, lengths must be equal or 1; reshape one of the operands",
    ),
    (
        "|x| + z",
        {"x": 1.0},
        "z",
        6,
        "z is not an input, a variable or a constant",
        "send a value for z in inputs, or assign it first",
    ),
]
"""Formula, inputs, the text at fault and where it begins, message, hint."""


@pytest.mark.parametrize(("formula", "inputs", "fault", "at", "message", "hint"), WRONG, ids=[w[0] for w in WRONG])
def test_faults_are_named_at_their_place_in_the_latex(
    formula: str, inputs: dict[str, Any], fault: str, at: int, message: str, hint: str | None
) -> None:
    with pytest.raises(NablaError) as caught:
        value(formula, **inputs)
    assert caught.value.message == message
    assert caught.value.hint == hint
    assert caught.value.span == (at, at + len(fault))
    assert formula[at : at + len(fault)] == fault


def test_warnings_point_into_the_latex() -> None:
    text = r"y = \left|x\right| \\ 2y"
    (notice,) = Problem(text, syntax="latex").gradient({"x": 0.0}).notices
    assert notice.code == "kink"
    assert notice.span is not None
    assert text[slice(*notice.span)] == r"\left|x\right|"[5:]


def test_two_names_of_one_letter_are_a_fault_of_the_inputs() -> None:
    with pytest.raises(InvalidInput, match="two names that are one in LaTeX: mu and μ") as caught:
        value(r"\mu", mu=1.0, μ=2.0)
    assert caught.value.details == {"pointer": "/inputs/μ"}


# ---- No text does harm --------------------------------------------------------------------------------------------

FRAGMENTS = [
    "x", "y", "A", "xy", "n", "i", "e", "T", "2", "3.5", "12", ".", "+", "-", "*", "/", "^", "_", "{", "}", "(", ")",
    "[", "]", "|", "\\|", ",", ";", "=", "<", "!", "'", "&", "\\\\", "\n\n", "\n", " ", "$", "%", "\\{", "\\left(",
    "\\right)", "\\left|", "\\right|", "\\left.", "\\right.", "\\frac", "\\frac{x}{2}", "\\sqrt", "\\sum_{i=1}^{n}",
    "\\sum_i", "\\prod_{k=0}^{3}", "\\max_i", "\\max", "\\sin", "\\log_2", "^2", "^{-1}", "^T", "^\\top", "_i", "_{ij}",
    "_1", "_{i+1}", "\\mu", "\\lambda", "\\Gamma", "\\Delta", "\\hat", "\\hat{x}", "{\\hat{x}}", "\\mathbf{x}",
    "\\mathrm{xy}", "\\operatorname{erf}", "\\operatorname{foo}", "\\text{if}", "\\text{otherwise}", "\\begin{pmatrix}",
    "\\end{pmatrix}", "\\begin{cases}", "\\end{cases}", "\\begin{aligned}", "\\end{aligned}", "\\cdot", "\\times",
    "\\le", "\\infty", "\\binom", "\\lfloor", "\\rfloor", "f(x) =", "f(", "y =", "\\quad", "\\foo", "\\int", "é",
    "\u202e", "\x00", "²", "\ud800", "×", "\\circ", "\\dagger", "\\lnot", "\\land", "\\star", "\\left", "\\vec{a}",
]  # fmt: skip
INPUTS: list[dict[str, Any]] = [
    {},
    {"x": 2.0, "y": 3.0, "n": 2.0},
    {"x": [1.0, 2.0], "A": [[1.0, 2.0], [3.0, 4.0]], "n": 2.0, "i": 1.0, "lambda": 2.0, "mu": 0.5},
    {"xy": 1.0, "x_1": 2.0, "T": 2.0, "e": 2.0},
]
ROOM = replace(Limits(), nesting=2000)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join) | st.text(max_size=30), st.sampled_from(INPUTS))
def test_any_text_is_a_formula_or_a_fault_with_a_place_in_it(text: str, inputs: dict[str, Any]) -> None:
    try:
        Problem(text, syntax="latex").evaluate(inputs)
    except NablaError as error:
        if error.span is not None:
            start, end = error.span
            assert 0 <= start <= end <= len(text)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join), st.sampled_from(INPUTS))
def test_what_is_written_out_is_a_program(text: str, inputs: dict[str, Any]) -> None:
    axes = {name: np.ndim(value) for name, value in inputs.items()}
    try:
        program = write(text, axes)
    except NablaError:
        return
    parse(program, ROOM)


LONG = {
    "terms": lambda n: "a+" * n + "a",
    "factors": lambda n: "a " * n,
    "letters": lambda n: "ab" * n,
    "a call of letters": lambda n: "ab" * n + "(x)",
    "signs": lambda n: "-" * n + "x",
    "fractions": lambda n: r"\frac12" * n,
    "powers": lambda n: "x^{2}_{1}" * n,
    "functions": lambda n: r"\sin x " * n,
    "sums": lambda n: r"\sum_{i=1}^{3} x_i + " * n + "1",
    "elements": lambda n: r"\sum_{i=1}^{3} (" + "x_{3-i} + " * n + "1)",
    "subscripts": lambda n: "x_{" + "a" * n + "}",
    "subscripts in subscripts": lambda n: "x_{" * n + "x" + "}" * n,
    "accents": lambda n: r"\hat{" * n + "x" + "}" * n,
    "braces": lambda n: "{" * n + "x" + "}" * n,
    "open braces": lambda n: "x^{" * n,
    "equations": lambda n: "a = a + 1 \\\\\n" * n,
    "definitions": lambda n: "f(x) = x \\\\\n" * n + "f(1)",
    "separators": lambda n: "x" + ";" * n,
    "rows": lambda n: r"\begin{pmatrix}" + r"1 & 2 \\" * n + r"\end{pmatrix}",
    "labels": lambda n: "P(" * n + "x" + ")" * n + " = 1",
    "commas": lambda n: "f(" + "x," * n + "x)",
    "words": lambda n: r"\mathrm{" * n,
}
"""Texts of a length that grows with n."""


@pytest.mark.parametrize("kind", LONG)
def test_the_work_grows_as_the_text_does(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    class Counted(list):  # type: ignore[type-arg]
        def __getitem__(self, place: Any) -> Any:
            nonlocal looks
            found = super().__getitem__(place)
            looks += len(found) if isinstance(place, slice) else 1
            return found

    def work(n: int) -> int:
        nonlocal looks
        looks = 0
        reader = Reader(LONG[kind](n), {}, replace(Limits(), nesting=10**6))
        reader.tokens = Counted(reader.tokens)
        try:
            written = Written(formula_of(reader))
        except NablaError:
            return looks
        return looks + len(written.offsets)

    assert work(800) <= 2.2 * work(400) + 100


def test_what_is_too_long_or_too_deep_is_refused() -> None:
    with pytest.raises(LimitExceeded) as caught:
        Problem("x" * 100_001, syntax="latex")
    assert caught.value.details == {"limit": "latex", "asked": 100_001, "allowed": 100_000}
    with pytest.raises(LimitExceeded) as caught:
        Problem("(" * 300 + "x" + ")" * 300, syntax="latex")
    assert caught.value.details["limit"] == "nesting"
    assert caught.value.span == (200, 201)


@pytest.mark.parametrize(
    "text", [r"\sqrt{" * 150 + "x" + "}" * 150, "x^{" * 150 + "x" + "}" * 150, r"\frac{1}{" * 150 + "x" + "}" * 150]
)
def test_what_is_as_deep_as_allowed_is_read(text: str) -> None:
    assert np.isfinite(value(text, x=1.0))


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
