"""Activations and losses where textbook formulas fail: in tails, at shares of nearly 1, at joints that are smooth."""

import math
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import ShapeMismatch, WrongArguments
from tests.engine.table import checks

TAILS = (-700.0, -100.0, -37.0, -30.0, -10.0, -5.0, 5.0, 10.0, 37.0, 100.0, 700.0)


@pytest.mark.parametrize("name", ["gelu", "silu", "mish", "elu", "celu", "selu", "softplus", "logsigmoid", "softsign"])
@pytest.mark.parametrize("x", TAILS)
def test_derivatives_are_right_in_the_tails(name: str, x: float) -> None:
    answer = engine.hessian(f"{name}(x)", {"x": x})
    for order, found in enumerate((answer.value, answer.gradients["x"], answer.hessians["x"]["x"])):
        at = [np.array([x])]
        checks.assert_near(np.array([found]), checks.exact_points(name, (0,) * order, at), f"{name}, order {order}", at)


def test_the_tanh_form_of_gelu_does_not_cancel() -> None:
    """By hand: x (1 + tanh(u))/2 is x/(1 + exp(-2u)), of which exp(2u) is left at -6."""
    x = -6.0
    rate = 2 * math.sqrt(2 / math.pi)
    u, slope = rate * (x + 0.044715 * x**3), rate * (1 + 3 * 0.044715 * x**2)
    answer = engine.gradient('gelu(x, approximate="tanh")', {"x": x})
    assert answer.value == pytest.approx(x * math.exp(u), rel=1e-12)
    assert answer.gradients["x"] == pytest.approx(math.exp(u) * (1 + x * slope), rel=1e-12)


SMALL = math.exp(-40)

SURE = [
    ("cross_entropy(x, 0)", [40.0, 0.0], [-SMALL, SMALL]),
    ("nll_loss(log_softmax(x), 0)", [40.0, 0.0], [-SMALL, SMALL]),
    ("softmax(x)[0]", [40.0, 0.0], [SMALL, -SMALL]),
    ("softmin(x)[1]", [40.0, 0.0], [SMALL, -SMALL]),
    ("cross_entropy(x, [1.0, 0.0])", [40.0, 0.0], [-SMALL, SMALL]),
    ("cross_entropy(x, 0)", [0.0, 40.0], [-1.0, 1.0]),
    ("sum(binary_cross_entropy_with_logits(x, [1, 0], reduction='none'))", [40.0, -40.0], [-SMALL, SMALL]),
    ("sum(soft_margin_loss(x, [1, -1], reduction='none'))", [40.0, -40.0], [-SMALL, SMALL]),
    ("sum(binary_cross_entropy(x, [0, 0], reduction='none'))", [1e-20, 0.5], [1.0, 2.0]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x", "expected"), SURE)
def test_what_is_nearly_certain_has_a_derivative_that_is_nearly_zero(text: str, x: Any, expected: Any) -> None:
    found = engine.gradient(text, {"x": x}).gradients["x"]
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=0)


def test_the_loss_of_what_is_nearly_certain_is_not_zero() -> None:
    answer = engine.hessian("cross_entropy(x, 0)", {"x": [40.0, 0.0, 0.0]})
    rest = 2 * SMALL
    assert answer.value == pytest.approx(rest, rel=1e-14)
    np.testing.assert_allclose(answer.hessians["x"]["x"][0], [rest, -rest / 2, -rest / 2], rtol=1e-14)


LARGE = [[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 999.0]]


@pytest.mark.parametrize(
    "text",
    [
        "cross_entropy(x, [1, 0])", "cross_entropy(x, [0, 1], label_smoothing=0.1)", "sum(softmax(x, dim=0))",
        "cross_entropy(x, softmax(x))", "sum(log_softmax(x))", "binary_cross_entropy_with_logits(x, sigmoid(x))",
        "multilabel_soft_margin_loss(x, sigmoid(x))", "soft_margin_loss(x, sign(x))", "sum(gelu(x) + silu(x))",
        "sum(mish(x))", "sum(elu(x) + selu(x))", "sum(softplus(x) + logsigmoid(x))", "huber_loss(x, 0)",
        "sum(glu(x[:, :2]))", "sum(gelu(x, approximate='tanh'))", "kl_div(log_softmax(x), softmax(x))",
    ],
)  # fmt: skip
def test_large_numbers_neither_overflow_nor_warn(text: str) -> None:
    answer = engine.gradient(text, {"x": LARGE})
    assert math.isfinite(answer.value)
    assert np.isfinite(answer.gradients["x"]).all()
    assert not [notice for notice in answer.notices if notice.code == "nonfinite"]


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("elu(x)", 0.0), ("celu(x, 0.5)", 0.0), ("softplus(x)", 0.0), ("softsign(x)", 0.0), ("huber_loss(x, 0)", 1.0),
        ("huber_loss(x, 0)", 0.0), ("smooth_l1_loss(x, 0)", 0.0), ("smooth_l1_loss(x, 0)", -1.0),
        ("sum(normalize(x, dim=0))", [0.0, 0.0]), ("cosine_similarity(x, [1, 2], dim=0)", [0.0, 0.0]),
        ("cosine_embedding_loss(x, [1, 2], 1)", [0.0, 0.0]), ("multi_margin_loss(x, 0, p=2)", [1.0, 0.0]),
        ("hinge_embedding_loss(x, 1)", 1.0), ("nll_loss(x, 0)", [0.0, 1.0]), ("cross_entropy(x, 0)", [1.0, 1.0]),
    ],
)  # fmt: skip
def test_a_smooth_joint_is_no_kink(text: str, x: Any) -> None:
    assert not engine.gradient(text, {"x": x}).notices


def test_classes_may_come_as_numbers_and_are_checked() -> None:
    logits = [[1.0, 2.0], [3.0, 5.0]]
    whole = engine.gradient("cross_entropy(x, t)", {"x": logits, "t": engine.Input([1, 0], "int64")})
    given = engine.gradient("cross_entropy(x, t)", {"x": logits, "t": [1.0, 0.0]}, wrt=["x"])
    assert np.array_equal(whole.gradients["x"], given.gradients["x"])
    for wrong, message in (([0.0, 2.0], "class 2"), ([0.5, 1.0], "class 0.5"), ([-1.0, 1.0], "class -1")):
        with pytest.raises(WrongArguments, match=message):
            engine.gradient("cross_entropy(x, t)", {"x": logits, "t": wrong})
    with pytest.raises(ShapeMismatch, match="targets of shape"):
        engine.gradient("cross_entropy(x, t)", {"x": logits, "t": [[0.0], [1.0]]})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mse_loss(x, x, size_average=False)", "no argument size_average"),
        ('mse_loss(x, x, reduction="avg")', "reduction 'avg'"),
        ("binary_cross_entropy(x, [[1], [0]])", "takes a target of the input's shape"),
        ("cross_entropy(x, 0, weight=[1, 2, 3])", "for each of the 2 classes"),
        ("cross_entropy(x, 0, label_smoothing=2)", "between 0 and 1"),
        ("nll_loss(x, 0, ignore_index=0.5)", "whole number"),
        ("glu(x[:1])", "odd"),
        ("rrelu(x, training=True)", "random"),
        ("prelu([x], [1, 2, 3])", "one for each channel"),
        ("hardtanh(x, 1, -1)", "larger than"),
        ("softshrink(x, -1)", "not negative"),
        ("celu(x, 0)", "not 0"),
        ("softplus(x, 0)", "not 0"),
        ('gelu(x, approximate="erf")', "approximate='erf'"),
        ('elu(x, alpha="a")', "is a number"),
        ("huber_loss(x, 0, delta=0)", "positive"),
        ("smooth_l1_loss(x, 0, beta=-1)", "not negative"),
        ("triplet_margin_loss(x, x, x, margin=0)", "positive"),
        ("multi_margin_loss(x, 0, p=3)", "1 or 2"),
        ("multi_margin_loss([[x]], 0)", "examples of classes"),
        ("multilabel_margin_loss(x, [1])", "targets of the same shape"),
        ("cross_entropy(1.0, 0)", "axis of classes"),
        ("multilabel_soft_margin_loss(1.0, 0)", "axis of classes"),
        ("gaussian_nll_loss([x, x], x, [1, 2, 3])", "does not fit"),
        ("pairwise_distance(1.0, 2.0)", "vectors"),
        ("cosine_embedding_loss(x, x, [1, 1])", "a target for each vector"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises((WrongArguments, ShapeMismatch), match=message):
        engine.Problem(text).evaluate({"x": [0.25, 0.5]})


def test_a_negative_variance_or_probability_is_nan() -> None:
    assert math.isnan(engine.Problem("gaussian_nll_loss(x, 0, -1)").evaluate({"x": 1.0}).value)
    assert math.isnan(engine.Problem("binary_cross_entropy(x, 1)").evaluate({"x": -0.25}).value)
    assert math.isnan(engine.Problem("binary_cross_entropy(x, 0)").evaluate({"x": 1.25}).value)
