"""The tests over the table: every row and composition, because it is there, in every mode, order and interpreter.

What is done to each is in `tests.engine.table.checks`; this file goes through the table, and holds the conventions at
kinks and edges, which no formula gives.
"""

import math
from math import inf, nan
from typing import Any

import numpy as np
import pytest

import engine
from engine.derivatives import gradient_graph, plain
from engine.forward import Forward
from engine.functions import FUNCTIONS
from engine.interpret.arrays import ARRAYS
from engine.interpret.build import Builder
from engine.interpret.floats import FLOATS
from engine.kinds import OPERATORS, PRIMITIVES, Composition, Elementwise, Explicit, Primitive, Unknown
from engine.tensors import TENSORS, grad
from engine.transform.batch import Batch
from tests import mutants
from tests.engine.table import checks, oracles, samples
from tests.engine.table.samples import LEAVES, TABLE, Case

NAMES = list(TABLE)
POINTWISE = [name for name in NAMES if samples.is_pointwise(TABLE[name])]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_every_function(name: str, check: Any) -> None:
    check(name)


def test_nothing_is_left_out() -> None:
    computing = set(PRIMITIVES) - set(LEAVES)
    assert set(TABLE) == computing | {f.name for f in FUNCTIONS.values()}
    assert len(computing) >= 70
    assert {row.kind for row in PRIMITIVES.values()} == {"elementwise", "linear", "bilinear", "flat", "explicit"}


def test_autograd_is_compared_with_where_it_can_be() -> None:
    for name in NAMES:
        checks.check_peer(name)
    assert len(checks.COMPARED) >= 50


# What a row says of itself


@pytest.mark.parametrize("name", NAMES)
def test_a_row_states_its_facts(name: str) -> None:
    function = TABLE[name]
    assert function.doc.strip().endswith(".")
    assert samples.cases(function), "neither a function of elements nor examples= of how to call it"
    assert oracles.definition(function) is not None
    if isinstance(function, Elementwise):
        assert oracles.spelled(name).free_symbols <= set(oracles.symbols(function))
        assert len(function.domain) == len(function.signature.operands)
        assert all(low < high for low, high in function.domain)
    if isinstance(function, Primitive) and function.kink is not None and function.differentiable:
        assert function.convention, "a kink, and not a word on what the derivative is there"


def test_a_row_without_facts_makes_a_test_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TABLE["sum"], "examples", ())
    with pytest.raises(AssertionError, match="examples="):
        checks.check_cases("sum")
    monkeypatch.setitem(oracles.DEFINITIONS, "softmax", None)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="defined nowhere else"):
        checks.check_cases("softmax")


def test_names_and_aliases_are_one_function_each() -> None:
    spoken = [(f, name) for f in TABLE.values() if not f.internal for name in (f.name, *f.aliases)]
    assert len({name for _, name in spoken}) == len(spoken)
    assert all(FUNCTIONS[name] is f for f, name in spoken)
    assert set(FUNCTIONS) == {name for _, name in spoken}


def test_no_function_is_hidden_by_a_namespace() -> None:
    """A rule that says ``F.inner`` means the function, whatever the interpreter keeps for itself."""
    for space in (ARRAYS, FLOATS, TENSORS, Builder(), Batch(ARRAYS, 2)):
        own = (set(vars(type(space))) | set(vars(space))) & set(TABLE)
        made = {name for name in own if callable(getattr(space, name))}
        assert own == made, f"{type(space).__name__} hides {own - made}"


def test_operators_are_installed() -> None:
    a, b = engine.tensor([5.0, -3.0]), engine.tensor([2.0, 4.0])
    said = {
        "+": a + b, "-": a - b, "*": a * b, "/": a / b, "//": a // b, "%": a % b, "**": a**b, "<": a < b, "<=": a <= b,
        ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b, "&": a & b, "|": a | b, "u-": -a, "u+": +a, "u~": ~a,
        "@": a @ b,
    }  # fmt: skip
    claimed = {row.operator: row for row in PRIMITIVES.values() if row.operator}
    assert set(said) == set(claimed)
    for operator, found in said.items():
        row = claimed[operator]
        assert OPERATORS[operator] is row
        operands = (a.data, b.data)[: len(row.signature.operands)]
        assert np.array_equal(found.data, row.numpy(*operands)), operator
    assert np.array_equal((2.0 - a).data, 2.0 - a.data)
    assert np.array_equal((np.array([1.0, 2.0]) / b).data, np.array([1.0, 2.0]) / b.data)


@pytest.mark.parametrize("name", [name for name in NAMES if TABLE[name].kind == "flat"])
def test_flat_rows_pass_nothing_on(name: str) -> None:
    function = TABLE[name]
    case = samples.cases(function)[1]
    xs = [engine.tensor(x, requires_grad=True) for x in samples.operands(function, case)]
    value = getattr(TENSORS, name)(*xs, **case.params)
    assert not value.requires_grad
    assert value.grad_fn is None
    trace = checks.Trace(function, case)
    assert not any(trace.graph.active(frozenset(i for i in trace.leaves if i is not None))[trace.output.id])


def test_the_derivative_of_a_step_is_zero_and_of_the_right_type() -> None:
    for dtype in ("float64", "float32"):
        x = engine.Input([1.5, -0.5], dtype=dtype)
        answer = engine.gradient("sum(floor(x) + x*0)", {"x": x})
        assert answer.gradients["x"].dtype.name == dtype
        assert answer.gradients["x"].tolist() == [0.0, 0.0]


# Kinks


JUMPS: dict[str, tuple[float, ...]] = {
    "sign": (0.0,),
    "floor": (2.0,),
    "ceil": (2.0,),
    "trunc": (2.0,),
    "rint": (2.5,),
    "signbit": (0.0,),
    "fmod": (6.0, 3.0),
    "arctan2": (0.0, -1.0),
    "floor_divide": (6.0, 3.0),
    "remainder": (6.0, 3.0),
}
"""Rows whose value itself jumps, each with a point where it does."""


@pytest.mark.parametrize("name", sorted(JUMPS))
def test_a_jump_is_known_as_one(name: str) -> None:
    row, at = TABLE[name], JUMPS[name]
    assert row.kink(*map(np.asarray, at))
    assert not row.kink(*[np.asarray(x + 0.25) for x in at])
    left, right = (float(row.numpy(at[0] + h, *at[1:])) for h in (-1e-9, 1e-9))
    assert abs(right - left) > 0.5


@pytest.mark.parametrize(
    "name", [name for name in POINTWISE if getattr(TABLE[name], "kink", None) and name not in JUMPS]
)
def test_a_kink_is_where_the_sides_differ(name: str) -> None:
    """The predicate holds at a kink, where the one-sided differences differ, and not at points beside it."""
    row = TABLE[name]
    count = len(row.signature.operands)
    smooth = samples.points(row)
    apart = np.all([x != 0 for x in smooth], axis=0) & (count == 1 or smooth[0] != smooth[-1])
    assert not np.any(np.broadcast_to(row.kink(*smooth), apart.shape)[apart])
    assert np.all(row.kink(*[np.zeros(2)] * count))
    at, along = [0.0] * count, [1.0] + [0.0] * (count - 1)
    h = 1e-8
    left, middle, right = (float(row.numpy(*[x + s * v for x, v in zip(at, along, strict=True)])) for s in (-h, 0, h))
    assert (right - middle) / h != pytest.approx((middle - left) / h), "the two sides agree: no kink"


@pytest.mark.parametrize("name", ["max", "min"])
def test_a_tie_of_the_largest_is_a_kink(name: str) -> None:
    row = TABLE[name]
    params = row.bind([(2, 3)], {"axis": 1})
    ties = row.kink(np.array([[1.0, 5.0, 5.0], [2.0, 3.0, 7.0]]) * (1 if name == "max" else -1), **params)
    assert ties.tolist() == [True, False]


# Conventions: the column "ours", where there are rows for it. An expression, the point, the derivatives there.

CONVENTIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("abs(x)", {"x": 0.0}, {"x": 0.0}),
    ("relu(x)", {"x": 0.0}, {"x": 0.0}),
    ("maximum(x, y)", {"x": 2.0, "y": 2.0}, {"x": 0.5, "y": 0.5}),
    ("minimum(x, y)", {"x": 2.0, "y": 2.0}, {"x": 0.5, "y": 0.5}),
    ("max(x)", {"x": [3.0, 1.0, 3.0]}, {"x": [0.5, 0.0, 0.5]}),
    ("min(x)", {"x": [1.0, 1.0, 1.0, 5.0]}, {"x": [1 / 3, 1 / 3, 1 / 3, 0.0]}),
    ("amax(x)", {"x": [3.0, 1.0, 3.0]}, {"x": [0.5, 0.0, 0.5]}),
    ("sum(max(x, axis=0))", {"x": [[1.0, 4.0], [1.0, 2.0]]}, {"x": [[0.5, 1.0], [0.5, 0.0]]}),
    ("sum(max(x, dim=0))", {"x": [[1.0, 4.0], [1.0, 2.0]]}, {"x": [[1.0, 1.0], [0.0, 0.0]]}),
    ("clip(x, 0, 1)", {"x": 0.0}, {"x": 0.0}),
    ("clip(x, 0, 1)", {"x": 1.0}, {"x": 0.0}),
    ("clip(x, 0, 1)", {"x": 0.5}, {"x": 1.0}),
    ("sum(clip(x, low, 9))", {"x": [2.0], "low": [2.0]}, {"x": [0.5], "low": [0.5]}),
    ("sqrt(x)", {"x": 0.0}, {"x": inf}),
    ("sqrt(x)", {"x": -1.0}, {"x": nan}),
    ("x**0", {"x": 0.0}, {"x": 0.0}),
    ("x**0.0", {"x": 0.0}, {"x": 0.0}),
    ("x**y", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
    ("x**y", {"x": 0.0, "y": 2.0}, {"x": 0.0, "y": 0.0}),
    ("x**y", {"x": 0.0, "y": 0.5}, {"x": inf, "y": 0.0}),
    ("x**y", {"x": 0.0, "y": -1.0}, {"x": -inf, "y": -inf}),
    ("x**y", {"x": -2.0, "y": 3.0}, {"x": 12.0, "y": nan}),
    ("norm(x)", {"x": [0.0, 0.0]}, {"x": [0.0, 0.0]}),
    ("norm(x, ord=1)", {"x": [0.0, 2.0]}, {"x": [0.0, 1.0]}),
    ("norm(x, ord=inf)", {"x": [2.0, -2.0]}, {"x": [0.5, -0.5]}),
    ("std(x)", {"x": [4.0, 4.0, 4.0]}, {"x": [0.0, 0.0, 0.0]}),
    ("hypot(x, y)", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
    ("arctan2(y, x)", {"x": 0.0, "y": 0.0}, {"x": nan, "y": nan}),
    ("where(x > 0, x, -x)", {"x": 0.0}, {"x": -1.0}),
    ("where(x > 0, sqrt(x), 0)", {"x": 0.0}, {"x": 0.0}),
    ("where(x > 0, log(x), 0)", {"x": 0.0}, {"x": 0.0}),
    ("where(x > 0, log(x), 0)", {"x": -1.0}, {"x": 0.0}),
    ("where(x == 0, 1, sin(x)/x)", {"x": 0.0}, {"x": 0.0}),
    ("sign(x) + x", {"x": 0.0}, {"x": 1.0}),
    ("floor(x) + x", {"x": 2.0}, {"x": 1.0}),
    ("round(x) + trunc(x) + x", {"x": 2.5}, {"x": 1.0}),
    ("x // y + x", {"x": 7.0, "y": 2.0}, {"x": 1.0, "y": 0.0}),
    ("x % y", {"x": 7.5, "y": 2.0}, {"x": 1.0, "y": -3.0}),
    ("x % y", {"x": -7.5, "y": 2.0}, {"x": 1.0, "y": 4.0}),
    ("prod(x)", {"x": [0.0, 2.0, 3.0]}, {"x": [6.0, 0.0, 0.0]}),
    ("prod(x)", {"x": [0.0, 0.0, 3.0]}, {"x": [0.0, 0.0, 0.0]}),
    ("log(x)", {"x": -1.0}, {"x": nan}),
    ("log(x)", {"x": 0.0}, {"x": inf}),
    ("logsumexp(x)", {"x": [-inf, -inf]}, {"x": [0.0, 0.0]}),
    ("logaddexp(x, y)", {"x": inf, "y": inf}, {"x": 0.5, "y": 0.5}),
    ("det(x)", {"x": [[1.0, 2.0], [2.0, 4.0]]}, {"x": [[4.0, -2.0], [-2.0, 1.0]]}),
    ("det(x)", {"x": [[0.0, 0.0], [0.0, 0.0]]}, {"x": [[0.0, 0.0], [0.0, 0.0]]}),
    ("arcsin(x)", {"x": 1.0}, {"x": inf}),
    ("arccos(x)", {"x": 1.0}, {"x": -inf}),
    ("arctanh(x)", {"x": 1.0}, {"x": inf}),
    ("arccosh(x)", {"x": 1.0}, {"x": inf}),
    ("arccosh(x)", {"x": 0.5}, {"x": nan}),
    ("cbrt(x)", {"x": 0.0}, {"x": inf}),
    ("detach(x) * x", {"x": 3.0}, {"x": 3.0}),
    ("max(x)", {"x": [1.0, nan, 2.0]}, {"x": [0.0, 1.0, 0.0]}),
    ("sum(cummax(x, 0) * [1, 10, 100])", {"x": [2.0, 1.0, 2.0]}, {"x": [11.0, 0.0, 100.0]}),
    ("sum(cummin(x, 0) * [1, 10, 100])", {"x": [1.0, 1.0, 2.0]}, {"x": [1.0, 110.0, 0.0]}),
    ("sum(sort(x) * [1, 10, 100])", {"x": [2.0, 1.0, 2.0]}, {"x": [10.0, 1.0, 100.0]}),
    ("sum(sort(x, descending=True) * [1, 10, 100])", {"x": [2.0, 1.0, 2.0]}, {"x": [1.0, 100.0, 10.0]}),
    ("kthvalue(x, 2)", {"x": [3.0, 1.0, 3.0]}, {"x": [1.0, 0.0, 0.0]}),
    ("sum(topk(x, 1))", {"x": [3.0, 1.0, 3.0]}, {"x": [1.0, 0.0, 0.0]}),
    ("median(x)", {"x": [4.0, 1.0, 3.0, 2.0]}, {"x": [0.0, 0.0, 0.5, 0.5]}),
    ("np.median(x, axis=0)", {"x": [4.0, 1.0, 3.0, 2.0]}, {"x": [0.0, 0.0, 0.5, 0.5]}),
    ("median(x, dim=0)", {"x": [4.0, 1.0, 3.0, 2.0]}, {"x": [0.0, 0.0, 0.0, 1.0]}),
    ("torch.median(x)", {"x": [4.0, 1.0, 3.0, 2.0]}, {"x": [0.0, 0.0, 0.0, 1.0]}),
    ("quantile(x, q)", {"x": [1.0, 2.0, 4.0], "q": 0.5}, {"x": [0.0, 1.0, 0.0], "q": 0.0}),
    ("quantile(x, q)", {"x": [1.0, 2.0, 4.0], "q": 0.75}, {"x": [0.0, 0.5, 0.5], "q": 4.0}),
    ("ptp(x)", {"x": [3.0, 3.0, 3.0]}, {"x": [0.0, 0.0, 0.0]}),
    ("nanmax(x)", {"x": [nan, 2.0, 2.0]}, {"x": [0.0, 0.5, 0.5]}),
    ("nansum(x * [1, 2])", {"x": [nan, 2.0]}, {"x": [0.0, 2.0]}),
    ("nanmean(x)", {"x": [nan, 2.0, 4.0]}, {"x": [0.0, 0.5, 0.5]}),
    ("nanstd(x)", {"x": [nan, 2.0, 2.0]}, {"x": [0.0, 0.0, 0.0]}),
    ("sum(cumprod(x, 0))", {"x": [0.0, 2.0, 0.0]}, {"x": [3.0, 0.0, 0.0]}),
    ("sum(scatter(x, 0, [1, 1], s))", {"x": [1.0, 2.0], "s": [3.0, 4.0]}, {"x": [1.0, 0.0], "s": [0.0, 1.0]}),
    ("sum(tril(log(x)))", {"x": [[1.0, 0.0], [2.0, 4.0]]}, {"x": [[1.0, 0.0], [0.5, 0.25]]}),
    ("sum(F.pad(x, (-1, 0)) ** -0.5)", {"x": [0.0, 4.0]}, {"x": [0.0, -0.0625]}),
    ("sum(gather(1 / x, 0, [1, 1]))", {"x": [0.0, 2.0]}, {"x": [0.0, -0.5]}),
    ("sum(max_pool1d(x, 2, 1))", {"x": [[1.0, 1.0, 0.0]]}, {"x": [[1.0, 1.0, 0.0]]}),
    ("sum(max_pool2d(x, 2))", {"x": [[[0.0, 2.0], [2.0, 1.0]]]}, {"x": [[[0.0, 1.0], [0.0, 0.0]]]}),
    ("sum(adaptive_max_pool1d(x, 1))", {"x": [[3.0, 3.0]]}, {"x": [[1.0, 0.0]]}),
    ("sum(lp_pool1d(x, 2, 2))", {"x": [[0.0, 0.0]]}, {"x": [[0.0, 0.0]]}),
    ("interp(x, [0, 1, 2], [0, 1, 4])", {"x": 1.0}, {"x": 3.0}),
    ("interp(x, [0, 1, 2], [0, 1, 4])", {"x": 2.0}, {"x": 3.0}),
    ("interp(x, [0, 1, 2], [0, 1, 4])", {"x": 2.5}, {"x": 0.0}),
    ("sum(embedding([1, 0], w, padding_idx=1))", {"w": [[1.0], [2.0]]}, {"w": [[1.0], [0.0]]}),
    ("sum(scaled_dot_product_attention(q, q, q, q > 9))", {"q": [[1.0]]}, {"q": [[0.0]]}),
    ("conv1d(x, w)[0, 0]", {"x": [[1.0, inf]], "w": [[[2.0]]]}, {"x": [[2.0, 0.0]]}),
    ("conv1d(x, w)[0, 0]", {"x": [[1.0, inf]], "w": [[[2.0]]]}, {"w": [[[1.0]]]}),
    ("cbrt(x)", {"x": -8.0}, {"x": 1 / 12}),
    ("rsqrt(x)", {"x": 0.0}, {"x": -inf}),
    ("rsqrt(x)", {"x": -1.0}, {"x": nan}),
    ("x**0.3", {"x": 0.0}, {"x": inf}),
    ("x**1.3", {"x": 0.0}, {"x": 0.0}),
    ("x**y", {"x": 0.0, "y": 0.3}, {"x": inf, "y": 0.0}),
    ("x**y", {"x": inf, "y": 0.3}, {"x": 0.0, "y": inf}),
    ("sinc(x)", {"x": 0.0}, {"x": 0.0}),
    ("sinc(x)", {"x": 1.0}, {"x": -1.0}),
    ("xlogy(x, y)", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
    ("xlogy(x, y)", {"x": 0.0, "y": 1.0}, {"x": 0.0, "y": 0.0}),
    ("xlogy(x, y)", {"x": 0.0, "y": 4.0}, {"x": math.log(4), "y": 0.0}),
    ("xlog1py(x, y)", {"x": 0.0, "y": -1.0}, {"x": 0.0, "y": 0.0}),
    ("entr(x)", {"x": 0.0}, {"x": inf}),
    ("entr(x)", {"x": -1.0}, {"x": nan}),
    ("logit(x)", {"x": 0.0}, {"x": inf}),
    ("logit(x)", {"x": -0.5}, {"x": nan}),
    ("logit(x, eps=0.1)", {"x": 0.01}, {"x": 0.0}),
    ("logaddexp2(x, y)", {"x": -inf, "y": -inf}, {"x": 0.5, "y": 0.5}),
    ("logaddexp(x, y)", {"x": -inf, "y": 1.0}, {"x": 0.0, "y": 1.0}),
    ("arctan2(y, x)", {"x": -2.0, "y": 0.0}, {"x": 0.0, "y": -0.5}),
    ("arctan2(y, x)", {"x": inf, "y": 1.0}, {"x": 0.0, "y": 0.0}),
    ("arctan(x)", {"x": -inf}, {"x": 0.0}),
    ("heaviside(x, y)", {"x": 0.0, "y": 0.5}, {"x": 0.0, "y": 1.0}),
    ("heaviside(x, y)", {"x": 2.0, "y": 0.5}, {"x": 0.0, "y": 0.0}),
    ("copysign(x, y)", {"x": 0.0, "y": -1.0}, {"x": 0.0, "y": 0.0}),
    ("copysign(x, y)", {"x": 3.0, "y": -0.0}, {"x": -1.0, "y": 0.0}),
    ("fmod(x, y)", {"x": -7.5, "y": 2.0}, {"x": 1.0, "y": 3.0}),
    ("fmod(x, y)", {"x": -6.0, "y": 3.0}, {"x": 1.0, "y": 2.0}),
    ("fmax(x, y)", {"x": 2.0, "y": 2.0}, {"x": 0.5, "y": 0.5}),
    ("fmin(x, y)", {"x": 2.0, "y": 2.0}, {"x": 0.5, "y": 0.5}),
    ("fmax(x, y)", {"x": nan, "y": 2.0}, {"x": 0.0, "y": 1.0}),
    ("fmin(x, y)", {"x": 1.0, "y": nan}, {"x": 1.0, "y": 0.0}),
    ("clamp_min(x, 1)", {"x": 1.0}, {"x": 0.0}),
    ("sum(clamp_max(x, y))", {"x": [2.0], "y": [2.0]}, {"x": [0.5], "y": [0.5]}),
    ("sum(nan_to_num(x))", {"x": [nan, inf, -inf, 2.0]}, {"x": [0.0, 0.0, 0.0, 1.0]}),
    ("frac(x)", {"x": 2.0}, {"x": 1.0}),
    ("round(x, decimals=1) + x", {"x": 0.25}, {"x": 1.0}),
    ("div(x, y, rounding_mode='floor') + x", {"x": 7.0, "y": 2.0}, {"x": 1.0, "y": 0.0}),
    ("sum(relu6(x))", {"x": [0.0, 6.0]}, {"x": [0.0, 0.0]}),
    ("sum(hardtanh(x))", {"x": [-1.0, 1.0]}, {"x": [0.0, 0.0]}),
    ("leaky_relu(x, 0.1)", {"x": 0.0}, {"x": 0.1}),
    ("rrelu(x, 0.1, 0.3)", {"x": 0.0}, {"x": 0.2}),
    ("prelu(x, w)", {"x": 0.0, "w": 0.25}, {"x": 0.25, "w": 0.0}),
    ("elu(x)", {"x": 0.0}, {"x": 1.0}),
    ("elu(x, 0.5)", {"x": 0.0}, {"x": 0.5}),
    ("celu(x, 0.5)", {"x": 0.0}, {"x": 1.0}),
    ("selu(x)", {"x": 0.0}, {"x": 1.0507009873554805 * 1.6732632423543772}),
    ("gelu(x)", {"x": 0.0}, {"x": 0.5}),
    ("sum(hardsigmoid(x))", {"x": [-3.0, 3.0]}, {"x": [0.0, 0.0]}),
    ("sum(hardswish(x))", {"x": [-3.0, 3.0]}, {"x": [0.0, 1.0]}),
    ("sum(hardshrink(x))", {"x": [-0.5, 0.5]}, {"x": [0.0, 0.0]}),
    ("sum(softshrink(x))", {"x": [-0.5, 0.5]}, {"x": [0.0, 0.0]}),
    ("threshold(x, 1, 2)", {"x": 1.0}, {"x": 0.0}),
    ("softsign(x)", {"x": 0.0}, {"x": 1.0}),
    ("sum(normalize(x, dim=0))", {"x": [0.0, 0.0]}, {"x": [1e12, 1e12]}),
    ("l1_loss(x, y)", {"x": 1.0, "y": 1.0}, {"x": 0.0, "y": 0.0}),
    ("smooth_l1_loss(x, y)", {"x": 1.0, "y": 1.0}, {"x": 0.0, "y": 0.0}),
    ("huber_loss(x, y)", {"x": 1.0, "y": 0.0}, {"x": 1.0, "y": -1.0}),
    ("binary_cross_entropy(x, 1.0)", {"x": 0.0}, {"x": 0.0}),
    ("binary_cross_entropy(x, 0.0)", {"x": 0.0}, {"x": 1.0}),
    ("kl_div(x, t)", {"x": -1.0, "t": 0.0}, {"x": 0.0, "t": 1.0}),
    ("kl_div(x, t)", {"x": -inf, "t": 0.0}, {"x": 0.0, "t": inf}),
    ("gaussian_nll_loss(x, 0.0, v)", {"x": 1.0, "v": 1e-9}, {"x": 1e6, "v": 0.5e6 - 0.5e12}),
    ("hinge_embedding_loss(x, -1)", {"x": 1.0}, {"x": 0.0}),
    ("margin_ranking_loss(x, y, 1)", {"x": 1.0, "y": 1.0}, {"x": 0.0, "y": 0.0}),
    ("multi_margin_loss(x, 0)", {"x": [1.0, 0.0]}, {"x": [0.0, 0.0]}),
    ("cross_entropy(x, [0.5, 0.5, 0.0])", {"x": [1.0, 1.0, -inf]}, {"x": [0.0, 0.0, 0.0]}),
    ("cross_entropy(x, 1)", {"x": [-1000.0, 1000.0]}, {"x": [0.0, 0.0]}),
]


def assert_exactly(found: Any, expected: Any) -> None:
    """Zeros, infinities and nan as they are; numbers to the last bits."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    assert np.array_equal(np.isnan(found), np.isnan(expected)), f"{found} and not {expected}"
    special = (expected == 0) | ~np.isfinite(expected)
    assert np.array_equal(found[special], expected[special], equal_nan=True), f"{found} and not {expected}"
    assert np.allclose(found[~special], expected[~special], rtol=1e-14, atol=0), f"{found} and not {expected}"


@pytest.mark.parametrize(("text", "inputs", "expected"), CONVENTIONS, ids=lambda case: str(case))
def test_convention_backward(text: str, inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    found = engine.gradient(text, inputs).gradients
    for name, derivative in expected.items():
        if text != "det(x)":
            assert_exactly(found[name], derivative)
        else:
            np.testing.assert_allclose(found[name], derivative, atol=1e-15)


@pytest.mark.parametrize(("text", "inputs", "expected"), CONVENTIONS, ids=lambda case: str(case))
def test_convention_forward_batched_and_of_the_graph(
    text: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    """The same figures from either Jacobian, and from running the graph of the gradient."""
    tolerance = 1e-15 if text == "det(x)" else 0.0
    for mode in ("forward", "reverse"):
        found = engine.jacobian(text, inputs, mode=mode).jacobians
        for name, derivative in expected.items():
            np.testing.assert_allclose(found[name], derivative, rtol=1e-14, atol=tolerance, err_msg=f"{name}, {mode}")
    problem = engine.Problem(text)
    point = engine.prepare(inputs)
    first = problem.forward(point, "hessian")
    graph, nodes = gradient_graph(first, list(expected))
    second = Forward(graph, point, problem.limits)
    second.over_arrays()
    for name, derivative in expected.items():
        node = nodes[name]
        value = np.zeros(np.shape(derivative)) if node is None else plain(second.values[node.id])
        np.testing.assert_allclose(value, derivative, rtol=1e-14, atol=tolerance, err_msg=name)


def test_second_order_conventions() -> None:
    assert not np.any(engine.hessian("norm(x)", {"x": [0.0, 0.0]}).hessians["x"]["x"])
    assert not np.any(engine.hessian("std(x)", {"x": [4.0, 4.0]}).hessians["x"]["x"])
    exact = [[0.0, 3.0, 2.0], [3.0, 0.0, 0.0], [2.0, 0.0, 0.0]]
    assert engine.hessian("prod(x)", {"x": [0.0, 2.0, 3.0]}).hessians["x"]["x"].tolist() == exact
    assert engine.hessian("prod(x)", {"x": [0.0, 0.0, 3.0]}).hessians["x"]["x"].tolist() == [
        [0.0, 3.0, 0.0],
        [3.0, 0.0, 0.0],
        [0.0, 0.0, 0.0],
    ]


# Strong zeros


def higher(text: str, x: float, order: int) -> list[float]:
    """The derivatives of orders 1 to ``order`` of a function of one number, by eager tensors."""
    leaf = engine.tensor(x, requires_grad=True)
    scope = {"x": leaf, "where": TENSORS.where, "sqrt": TENSORS.sqrt, "log": TENSORS.log}
    value = eval(text, scope)
    found = []
    for _ in range(order):
        if not value.requires_grad:
            found.append(0.0)
            continue
        (ct,) = grad(value, [leaf], create_graph=True)
        value = engine.tensor(0.0) if ct is None else ct
        found.append(value.item())
    return found


@pytest.mark.parametrize("text", ["where(x > 0, sqrt(x), 0.0)", "where(x > 0, log(x), 0.0)", "where(x > 0, 1/x, 0.0)"])
def test_a_branch_not_taken_gets_zero_at_every_order(text: str) -> None:
    assert higher(text, 0.0, 3) == [0.0, 0.0, 0.0]
    hessian = engine.hessian(text, {"x": 0.0})
    assert (hessian.gradients["x"], hessian.hessians["x"]["x"]) == (0.0, 0.0)
    assert engine.jvp(text, {"x": 0.0}, {"x": 1.0}).jvp == 0.0


@pytest.mark.parametrize(
    ("text", "inputs", "name", "expected"),
    [
        ("(a @ b)[0]", {"a": [[1.0, 2.0], [inf, 3.0]], "b": [1.0, 1.0]}, "b", [1.0, 2.0]),
        ("(b @ a)[0]", {"a": [[1.0, inf], [2.0, 3.0]], "b": [1.0, 1.0]}, "b", [1.0, 2.0]),
        ('sum(einsum("ij,j->i", a, b)[:1])', {"a": [[1.0, 2.0], [inf, nan]], "b": [1.0, 1.0]}, "b", [1.0, 2.0]),
        ("where(c > 0, inv(a)[0, 0], sum(a))", {"a": [[1.0, 1.0], [1.0, 1.0]], "c": -1.0}, "a", [[1.0, 1.0]] * 2),
        ("where(c > 0, solve(a, [1, 0])[0], sum(a))", {"a": [[1.0, 1.0]] * 2, "c": -1.0}, "a", [[1.0, 1.0]] * 2),
        ("sqrt(x)[1]", {"x": [0.0, 4.0]}, "x", [0.0, 0.25]),
        ("sum(where(x > 0, x, 1)**-0.5 * where(x > 0, 1, 0))", {"x": [0.0, 4.0]}, "x", [0.0, -0.0625]),
        ("max([1/x, 2])", {"x": 1.0}, "x", 0.0),
    ],
)  # fmt: skip
def test_an_exact_zero_wins(text: str, inputs: dict[str, Any], name: str, expected: Any) -> None:
    assert_exactly(engine.gradient(text, inputs).gradients[name], expected)
    for mode in ("forward", "reverse"):
        assert_exactly(engine.jacobian(text, inputs, [name], mode=mode).jacobians[name], expected)


@pytest.mark.parametrize(("text", "backward"), [("x*log(x)", -inf), ("log(x)*0 + x", 1.0), ("sqrt(x)*x", 0.0)])
def test_zero_meets_infinity_in_the_order_of_the_pass(text: str, backward: float) -> None:
    """Backward the zero comes first, as a cotangent, and wins; forward the infinity does, as a tangent, and 0 times it
    is nan.
    """
    assert engine.gradient(text, {"x": 0.0}).gradients["x"] == backward
    assert engine.jacobian(text, {"x": 0.0}, mode="reverse").jacobians["x"] == backward
    assert np.isnan(engine.jacobian(text, {"x": 0.0}, mode="forward").jacobians["x"])


# The list of mutants is kept in step with the table


def test_every_rule_has_a_mutant() -> None:
    listed = {(m.name, m.rule) for m in mutants.listed()}
    for name, function in TABLE.items():
        wanted: list[str] = []
        if isinstance(function, Elementwise):
            known = [k for k, partial in enumerate(function.partials) if not isinstance(partial, Unknown | None)]
            wanted = [f"partial {k}" for k in known]
        elif isinstance(function, Explicit):
            wanted = ["pull", "push"]
        elif isinstance(function, Composition):
            wanted = ["rule"]
        elif function.kind == "bilinear":
            wanted = ["left", "right"]
        elif function.kind == "linear":
            wanted = ["transpose"]
        else:
            assert function.kind == "flat"
        assert {rule for own, rule in listed if own == name} == set(wanted), name


def test_a_mutant_is_killed_and_leaves_no_trace() -> None:
    mutant = next(m for m in mutants.listed() if m.name == "tanh")
    assert mutants.killer(mutant) == "check_cases"
    checks.check_cases("tanh")


# Rules that look right in the middle of the domain and are not: each must be found out, and by what should find it.


TEETH: list[tuple[str, str, str, Any]] = [
    ("check_points", "tanh", "steps", [lambda F, v, y, xs: v * (1.0 - F.square(y))]),
    ("check_points", "sigmoid", "steps", [lambda F, v, y, xs: v * (y * (1.0 - y))]),
    ("check_points", "arcsin", "steps", [lambda F, v, y, xs: v / F.sqrt(1.0 - F.square(xs[0]))]),
    ("check_points", "hypot", "steps", [lambda F, v, y, xs: v * xs[0] / y, lambda F, v, y, xs: v * xs[1] / y]),
    ("check_points", "sinh", "scalar", lambda x: (math.exp(x) - math.exp(-x)) / 2),
    ("check_strong_zeros", "log", "steps", [lambda F, v, y, xs: v / xs[0]]),
    ("check_zero_seed", "sinh", "steps", [lambda F, v, y, xs: F.where(v == 0.0, 0.0, v * F.cosh(xs[0]))]),
    ("check_batch", "sum", "_batch", lambda F, n, x, axis, keepdims: F.sum(x, axis=axis, keepdims=keepdims)),
    ("check_batch", "argmax", "_batch", lambda F, n, x, axis, keepdims: F.argmax(x, axis=axis, keepdims=keepdims)),
    ("check_linearity", "flip", "transpose", lambda F, ct, x, axis: ct),
    ("check_linearity", "cumsum", "transpose", lambda F, ct, x, axis: F.reshape(ct, shape=F.shape(x))),
    ("check_single", "flip", "transpose", lambda F, ct, x, axis: np.asarray(F.flip(ct, axis=axis), dtype="float64")),
    ("check_cases", "maximum", "numpy", np.minimum),
    ("check_peer", "prod", "pull", lambda F, ct, y, x, axis, keepdims: [x * 0.0]),
]


@pytest.mark.parametrize(("check", "name", "attribute", "wrong"), TEETH, ids=[f"{c}-{n}" for c, n, _, _ in TEETH])
def test_a_wrong_row_is_found_out(
    monkeypatch: pytest.MonkeyPatch, check: str, name: str, attribute: str, wrong: Any
) -> None:
    getattr(checks, check)(name)
    for space in (ARRAYS, FLOATS):
        monkeypatch.delitem(vars(space), name, raising=False)
    monkeypatch.setattr(TABLE[name], attribute, wrong)
    with pytest.raises(AssertionError):
        getattr(checks, check)(name)
    for space in (ARRAYS, FLOATS):
        vars(space).pop(name, None)


def test_cases_hold_what_is_promised() -> None:
    """Every function of elements is tried with numbers, vectors, broadcasting, three axes and nothing."""
    shapes = {str(case) for case in samples.cases(TABLE["add"])}
    assert shapes == {"(), ()", "(3,), (3,)", "(3, 1), (4,)", "(2, 3, 2), (3, 1)", "(0,), (0,)", "(0, 1), (2,)"}
    assert any(case.empty for case in samples.cases(TABLE["matmul"]))
    assert Case(((0, 3), (3, 4)), {}) in samples.cases(TABLE["matmul"])
