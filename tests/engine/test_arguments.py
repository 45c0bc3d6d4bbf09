"""Static parameters that make no sense: a call answers, or says what is wrong; it never breaks, and never hangs."""

import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import WrongArguments
from engine.functions import FUNCTIONS
from engine.limits import Limits
from engine.shapes import INEXACT
from tests.engine.table import samples
from tests.engine.table.samples import Case

WRONG = ("'a'", "1.5", "(1, 2)", "nan", "1000000000", "-1", "None", "2j")
"""What each static parameter is replaced by in turn: some of it makes sense to some."""

FEW = Limits(seconds=2, elements=100_000, bytes=8 * 2**20)
LONG = 5 * FEW.seconds
"""What no call takes: the limit is looked at between the steps of a calculation."""

CALLS = 3
"""How many of a function's examples are tried: those that have the most parameters, which decide what is read."""

PUBLIC = {f.name: f for f in FUNCTIONS.values()}


def written(value: Any) -> str:
    """A parameter as the language writes it."""
    if isinstance(value, (tuple, list)):
        return f"({''.join(written(item) + ', ' for item in value)})"
    return f"{value}" if isinstance(value, float) and not math.isfinite(value) else repr(value)


def stated(function: Any) -> list[str]:
    return [name for name in function.signature.static if not name.startswith("_")]


def tried(function: Any) -> list[Case]:
    return sorted(samples.cases(function), key=lambda case: -len(case.params))[:CALLS]


def call(function: Any, case: Case, operands: list[str], changed: dict[str, str]) -> str:
    """The text of a call in which parameters are others than the case's own."""
    given = {name: written(v) for name, v in case.params.items() if not name.startswith("_")} | changed
    words = [f"{name}={text}" for name, text in given.items()]
    if function.signature.order:
        words += [f"{n}={x}" for n, x in zip(function.signature.operands, operands, strict=False) if x != "None"]
        operands = []
    return f"{function.name}({', '.join([*operands, *words])})"


def calls(function: Any) -> Iterator[tuple[str, dict[str, engine.Input]]]:
    """Each call with each parameter replaced; operands without axes are written out too, as numbers."""
    for case in tried(function):
        values = samples.operands(function, case)
        names = ["None" if v is None else f"x{k}" for k, v in enumerate(values)]
        given = {n: v for n, v in zip(names, values, strict=True) if v is not None}
        inputs = {n: engine.Input(v, np.asarray(v).dtype.name) for n, v in given.items()}
        plain = [repr(float(v)) if v is not None and not np.shape(v) else n for n, v in zip(names, values, strict=True)]
        for name in stated(function):
            for wrong in WRONG:
                yield call(function, case, names, {name: wrong}), inputs
                if plain != names:
                    used = {n: inputs[n] for n in plain if n in inputs}
                    yield call(function, case, plain, {name: wrong}), used


def ask(text: str, inputs: dict[str, engine.Input]) -> None:
    """The value of a call and its derivatives."""
    problem = engine.Problem(text, limits=FEW)
    answer = problem.evaluate(inputs)
    if inputs and isinstance(answer.value, list):  # of a tuple
        weights = [np.ones(s) if d in INEXACT else None for s, d in zip(answer.shape, answer.dtype, strict=True)]
        problem.gradient(inputs, grad_output=weights)
    elif inputs:
        problem.gradient(inputs, grad_output=np.ones(answer.shape))


def require_answer_or_refusal(text: str, inputs: dict[str, engine.Input]) -> None:
    start = time.monotonic()
    try:
        ask(text, inputs)
    except engine.NablaError:
        pass
    except Exception as error:
        raise AssertionError(text) from error
    assert time.monotonic() - start < LONG, text


@pytest.mark.parametrize("name", [name for name, function in PUBLIC.items() if stated(function)])
def test_wrong_parameters_are_answered_or_refused(name: str) -> None:
    for text, inputs in calls(PUBLIC[name]):
        require_answer_or_refusal(text, inputs)


@pytest.mark.parametrize("name", PUBLIC)
def test_wrong_operands_are_answered_or_refused(name: str) -> None:
    for case in [*tried(PUBLIC[name]), Case((None,) * 3, {})]:
        for wrong in ("0", "-1", "2.5", "1e308", "nan", "True", "2j", "[]", "[[], []]", "'a'", "x[None]"):
            for given in {len(case.shapes), 1, 2}:
                text = call(PUBLIC[name], case, [wrong] * given, {})
                require_answer_or_refusal(text, {"x": engine.Input(2.0)} if "x[" in wrong else {})


REFUSED = [
    ("svd(x, full_matrices='a')[1]", "full_matrices is True or False, not 'a'"),
    ("cholesky(x, upper='a')", "upper is True or False, not 'a'"),
    ("cholesky(x, lower='a')", "lower is True or False, not 'a'"),
    ("bucketize(x, x[0], right=(1, 2))", "right is True or False, not (1, 2)"),
    ("max_pool2d(x[None], 1, ceil_mode='a')", "ceil_mode is True or False, not 'a'"),
    ("np.corrcoef(x, rowvar='a')", "rowvar is True or False, not 'a'"),
    ("x.sum(0, keepdim='a')", "keepdims is True or False, not 'a'"),
    ("x.view(-1, 'a')", "reshape is given shape twice"),
    ("sub(1.5, 2.5, alpha='a')", "alpha is a number, not 'a'"),
    ("nan_to_num(x, nan=1j*1)", "nan is a real number, not a complex one"),
    ("nan_to_num(x, posinf=(1, 2))", "a number is needed here, not (1, 2)"),
    ("nan_to_num(x, posinf='1')", "a number is needed here, not '1'"),
    ("addmm(2.0, x, x, beta='a')", "a number is needed here, not 'a'"),
    ("logit(x, eps='a')", "eps is a number, not 'a'"),
    ("round(x, 400)", "decimals is a whole number from -308 to 308, not 400"),
    ("round(x, 1.5)", "decimals is a whole number from -308 to 308, not 1.5"),
    ("matrix_rank(x, tol='a')", "tol is a number, not 'a'"),
    ("lstsq(x, x, rcond='a')[0]", "rcond is a number, not 'a'"),
    ("x.sort('a')", "kind 'a' is not known"),
    ("argsort(x, kind='a')", "kind 'a' is not known"),
    ("x.std(unbiased='a')", "unbiased is True or False, not 'a'"),
    ("solve_triangular(x, x, lower='a')", "lower is True or False, not 'a'"),
    ("solve_triangular(x, x, upper=(1, 2))", "upper is True or False, not (1, 2)"),
    ("interpolate(x[None], 3, align_corners='a')", "align_corners is True or False, not 'a'"),
    ("interpolate(x[None], 3, recompute_scale_factor='a')", "recompute_scale_factor is True or False, not 'a'"),
    ("torch.cdist(x, x, compute_mode='a')", "cdist has no compute_mode 'a'"),
    ("kaiser(5, 'a')", "beta is a number, not 'a'"),
    ("F.scaled_dot_product_attention(x, x, x, scale='a')", "scale is a number, not 'a'"),
    ("avg_pool2d(x[None], 1, divisor_override='a')", "divisor_override is a number, not 'a'"),
    ("x[1e300]", "index 1e+300 is out of range for axis 0, of length 2"),
    ("[1, 2][1e300]", "index 1e+300 is out of range for 2 items"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_cannot_be_meant_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(WrongArguments) as caught:
        engine.evaluate(text, {"x": [[2.0, 1.0], [1.0, 3.0]]})
    assert caught.value.message.removeprefix(f"{text.partition('(')[0]}: ").endswith(message)
    assert caught.value.span == (0, len(text)) or "[0]" in text or "[1]" in text


@pytest.mark.parametrize("truth", ["True", "1", "b"])
def test_a_truth_value_may_be_a_number(truth: str) -> None:
    inputs = {"x": [[1.0, 2.0]], "b": engine.Input(1, "int64")}
    assert engine.evaluate(f"sum(x, axis=1, keepdims={truth})", inputs).shape == (1, 1)


def test_a_computed_complex_number_stays_one() -> None:
    answer = engine.evaluate("addmm(x, x, x, beta=-1j, alpha=0)", {"x": [[2.0]]})
    assert answer.value == [[-2j]]


OPERANDS = [
    ("np.meshgrid([1, 2], [3, 4])[1]", [[3, 3], [4, 4]]),
    ("torch.meshgrid([v, w], indexing='ij')[1]", [[3, 4], [3, 4]]),
    ("np.meshgrid([1, 2], w)[1]", [[3, 3], [4, 4]]),
    ("block_diag([[1, 2]], [[3]])", [[1, 2, 0], [0, 0, 3]]),
    ("block_diag([[1, 2], [3, 4]])", [[1, 2], [3, 4]]),
    ("block_diag(v, [[3]])", [[1, 2, 0], [0, 0, 3]]),
    ("np.broadcast_arrays([1, 2], [[1], [2]])[0]", [[1, 2], [1, 2]]),
    ("torch.broadcast_tensors(v, w)[1]", [3, 4]),
    ("concatenate([v, w])", [1, 2, 3, 4]),
    ("np.concatenate(([1, 2], [3]))", [1, 2, 3]),
    ("stack((v, w), 1)", [[1, 3], [2, 4]]),
    ("hstack([[1, 2], [3]])", [1, 2, 3]),
]


@pytest.mark.parametrize(("text", "value"), OPERANDS, ids=[text for text, _ in OPERANDS])
def test_lists_are_operands_or_hold_them_as_the_function_has_it(text: str, value: list[Any]) -> None:
    assert engine.evaluate(text, {"v": [1.0, 2.0], "w": [3.0, 4.0]}).value.tolist() == value


def test_numbers_divide_by_0_in_functions_as_tensors_do() -> None:
    assert engine.evaluate("torch.div(1, 0)", {}).value == math.inf
    assert math.isnan(engine.evaluate("addcdiv(0, 0, 0)", {}).value)
