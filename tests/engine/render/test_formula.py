"""Rules over formulas: what they compute is text of the language, in few words and of the same value."""

import math

import pytest

import engine
from engine.render.formula import FORMULAS as F
from engine.render.formula import Formula, Unspoken

A, B, C, X = (Formula(name) for name in "abcx")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (A + B * C, "a + b * c"),
        ((A + B) * C, "(a + b) * c"),
        (-(A**B), "-a**b"),
        ((-A) ** B, "(-a)**b"),
        (A - (B - C), "a - (b - c)"),
        (2.0 * X + 0.5, "2 * x + 0.5"),
        (1.0 * X / 1.0 + 0.0, "x"),
        (-1.0 * X, "-x"),
        (0.0 - X, "-x"),
        (F.negative(-X), "x"),
        (A * -B, "-(a * b)"),
        (-A * -B, "a * b"),
        (A / -2.0, "-(a / 2)"),
        (F.square(X), "x**2"),
        (F.reciprocal(X), "1 / x"),
        (F.exp2(X), "2**x"),
        (F.strong_multiply(A, B), "a * b"),
        (F.one_minus_square(X), "1 - x**2"),
        (F.softmax(X, axis=0), "softmax(x, axis=0)"),
        (F.sum(X, axis=(0, 1)), "sum(x, axis=(0, 1))"),
        (F.maximum(X, 0.0), "maximum(x, 0)"),
        ((A > 0.0) & (B >= 0.0), "(a > 0) & (b >= 0)"),
        (F.detach(X) + F.cast(X, dtype="float32"), "x + x"),
    ],
)
def test_as_one_would_write_it(value, text):
    assert str(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (F.where(X < 0.0, math.nan * X, 1.0 / X), "1 / x"),
        (F.where(X < 0.0, A, math.nan), "a"),
        (F.where(A > 0.0, B, B), "b"),
        (F.where(F.logical_not(A > 0.0), B, C), "where(a > 0, c, b)"),
        (F.where((A > 0.0) == 0.0, B, C), "where(a > 0, c, b)"),
        (F.where((A > 0.0) != 0.0, B, C), "where(a > 0, b, c)"),
        (F.where(B == 0.0, 0.0, A * B), "a * b"),
        (F.where(A > 0.0, F.where(A > 0.0, B, C), X), "where(a > 0, b, x)"),
        (F.where(A > 0.0, X, F.exp(F.where(A > 0.0, B, C))), "where(a > 0, x, exp(c))"),
        (F.where(A > 0.0, B, 0.0) + F.where(A > 0.0, 0.0, C), "where(a > 0, b, c)"),
        (X * (A > 0.0), "where(a > 0, x, 0)"),
        (F.where(F.isfinite(X), A, B), "a"),
        (F.where(F.isnan(X), A, B), "b"),
        (F.where((A == B) & F.logical_not(F.isfinite(A)), 0.0, A - B), "a - b"),
    ],
)
def test_a_choice_in_few_words(value, text):
    assert str(value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2.0, "2"),
        (-2.0, "-2"),
        (0.044715, "0.044715"),
        (1 / 3, "1 / 3"),
        (math.pi, "pi"),
        (-math.pi / 180, "-(pi / 180)"),
        (180 / math.pi, "180 / pi"),
        (math.log(2), "log(2)"),
        (2 / math.sqrt(math.pi), "2 / sqrt(pi)"),
        (1 / math.sqrt(2 * math.pi), "1 / sqrt(2 * pi)"),
        (3 / math.log(10) / 2, "3 / (2 * log(10))"),
        (1.0507009873554805, "1.0507009873554805"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (math.inf, "inf"),
        (True, "1"),
    ],
)
def test_a_number_by_its_name(number, text):
    assert str(Formula.of(number)) == text
    assert engine.evaluate(text, {}).value == pytest.approx(float(number), rel=1e-15)


def test_a_truth_value_counts_as_a_number():
    assert str(Formula.of(A > B)) == "where(a > b, 1, 0)"


def test_a_formula_decides_nothing():
    with pytest.raises(TypeError, match="no value to decide by"):
        bool(A > B)


def test_an_internal_row_without_a_spelling_is_not_shown():
    with pytest.raises(Unspoken, match="put is internal"):
        F.put(X, key=(0,), shape=(3,))
