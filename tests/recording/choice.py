"""Choosing and comparing, kinks and edges, and what differs from PyTorch by design."""

import math
from math import inf, nan

from tests.recording.case import Group, diagonal, spread, typed

GROUP = Group(
    "choice",
    names={
        "equal": "eq",
        "softplus": "nn.functional.softplus",
        "norm": "linalg.vector_norm",
    },
)
case = GROUP.case

# ---- choosing and comparing --------------------------------------------------------------------------------------

AB = {"a": [1.0, 2.0, 3.0, nan], "b": [2.0, 2.0, 1.0, 1.0]}
for name in ("less", "less_equal", "greater", "greater_equal", "equal", "eq", "not_equal", "ne"):
    case(f"{name}(a, b)", AB)
    case(f"sum(where({name}(a, b), a, b * 3))", {"a": [1.0, 2.0, 3.0], "b": [2.0, 2.0, 1.0]})
for symbol in ("<", "<=", ">", ">=", "==", "!="):
    case(f"a {symbol} b", AB)
    case(f"where(a {symbol} b, a ** 2, b ** 3)", {"a": [[1.0], [2.0]], "b": [2.0, 1.0]})
PQ = {"p": typed("bool", [True, True, False, False]), "q": typed("bool", [True, False, True, False])}
case("logical_and(p, q)", PQ)
case("logical_or(p, q)", PQ)
case("logical_not(p)", PQ)
case("p & q", PQ)
case("p | ~q", PQ)
case("p and not q", PQ, "p & ~q")
case("isnan(x)", {"x": [0.5, nan, inf, -inf]})
case("isfinite(x)", {"x": [0.5, nan, inf, -inf]})
case("where(isnan(x), y, x)", {"x": [0.5, nan, 2.0], "y": [1.0, 2.0, 3.0]})
case("where(0 < x < 1, x, x ** 2)", {"x": [-0.5, 0.5, 1.5]}, "where((0 < x) & (x < 1), x, x ** 2)")
case("where(logical_and(x > 0, y > 0), x * y, x + y)", {"x": [-0.5, 0.5], "y": [1.5, 2.5]})
case("where(logical_or(x > 0, y > 2), x * y, x + y)", {"x": [-0.5, 0.5], "y": [1.5, 2.5]})
case("where(logical_not(x > 0), x ** 3, x)", {"x": [-0.5, 0.5]})
case("where(m, x, y)", {"m": typed("bool", [True, False, True]), "x": [1.0, 2.0, 3.0], "y": [4.0, 5.0, 6.0]})
case("where(m, x, y)", {"m": typed("bool", [[True], [False]]), "x": [1.0, 2.0, 3.0], "y": 4.0})
case("where(m, x, 0)", {"m": typed("bool", [True, False]), "x": [1.0, 2.0]}, dtype="float32")
case("sum(x * (x > 0))", {"x": [-1.0, 2.0, 3.0]})
case("sum((x > y) * x ** 2)", {"x": [0.5, 1.5, 2.5], "y": [2.0, 0.75, 1.25]})
case("argmax(x)", {"x": [1.0, 3.0, 2.0]})
case("argmin(x)", {"x": [[1.0, 3.0], [0.0, 2.0]]})
case("argmax(x, axis=0)", {"x": spread(3, 4)})
case("argmax(x, dim=1)", {"x": spread(3, 4)})
case("argmin(x, axis=-1)", {"x": spread(2, 3, 4)})
case("argmin(x, 0)", {"x": spread(3, 4)})
case("argmax(x)", {"x": [2.0, 3.0, 3.0]})
case("x[argmax(x)]", {"x": [1.0, 3.0, 2.0]})

X = {"x": [-2.0, -0.5, 0.25, 3.0]}
case("clip(x, -1, 1)", X)
case("clamp(x, -1, 1)", X)
case("clip(x, -1, 1)", {"x": spread(2, 1, 3)})
case("clip(x, -1, 1)", {"x": []})
case("clip(x, -1, 1)", X, dtype="float32")
case("clamp(x, min=0)", X)
case("clamp(x, max=0.5)", X)
case("clamp(x, min=-1, max=2)", X)
case("clip(x, low=-1, high=2)", X, "clip(x, -1, 2)")
case("clip(x, a_min=-1, a_max=2)", X, "clip(x, -1, 2)")
case("x.clamp(-1, 1)", X)
case("clip(x, low, high)", {**X, "low": [-1.0, -1.0, 0.5, 0.0], "high": [0.0, 0.0, 1.0, 1.0]})
case("sum(clip(x, low, 1) ** 2)", {**X, "low": [-1.0, -1.0, 0.5, 0.0]}, "sum(minimum(maximum(x, low), 1 + 0 * x) ** 2)")
case("sum(maximum(x, 0) ** 2)", X, "sum(maximum(x, 0 * x) ** 2)")
case("minimum(x, 0.5)", X, "minimum(x, 0 * x + 0.5)")

# ---- kinks and edges ---------------------------------------------------------------------------------------------

case("abs(x)", {"x": [-1.0, 0.0, 1.0]})
case("abs(x)", {"x": 0.0})
case("sign(x)", {"x": [-2.0, 0.0, 3.0]})
case("relu(x)", {"x": [-1.0, 0.0, 1.0]})
case("relu(x)", {"x": [nan, inf, -inf]})
case("maximum(x, y)", {"x": [1.0, 2.0, inf], "y": [1.0, 3.0, 1.0]})
case("minimum(x, y)", {"x": [1.0, 2.0, 1.0], "y": [1.0, 3.0, -inf]})
case("isnan(maximum(x, y))", {"x": [nan, 1.0, 1.0], "y": [1.0, nan, 1.0]})
case("isnan(minimum(x, y))", {"x": [nan, 1.0, 1.0], "y": [1.0, nan, 1.0]})
case("sum(maximum(x, y) ** 2)", {"x": [1.0, 2.0], "y": [1.0, 3.0]})
case("max(x)", {"x": [1.0, 3.0, 3.0, 2.0]})
case("min(x)", {"x": [[1.0, 3.0], [1.0, 1.0]]})
case("amax(x)", {"x": [[1.0, 3.0], [3.0, 3.0]]})
case("amax(x, dim=1)", {"x": [[3.0, 3.0], [1.0, 2.0]]})
case("amin(x, dim=0)", {"x": [[3.0, 2.0], [3.0, 1.0]]})
case("max(x, axis=1)", {"x": [[3.0, 3.0], [1.0, 2.0]]}, "amax(x, dim=1)")
case("max(x, dim=1)", {"x": [[3.0, 3.0], [1.0, 2.0]]}, "max(x, dim=1).values")
case("min(x, dim=0)", {"x": [[3.0, 2.0], [3.0, 1.0]]}, "min(x, dim=0).values")
case("sqrt(x)", {"x": 0.0})
case("sqrt(x)", {"x": -1.0})
case("x ** 0", {"x": [0.0, 2.0]})
case("x ** 0.0", {"x": 0.0})
for exponent in (0.0, 2.0, 0.5, -1.0):
    case("x ** y", {"x": 0.0, "y": exponent}, hessian=False)
case("x ** 1", {"x": [0.0, -2.0]})
case("x ** 2", {"x": [0.0, -2.0]})
case("x ** 3", {"x": 0.0})
case("x ** 0.5", {"x": 0.0})
case("(-2) ** y", {"y": 1.5})
case("(-2.0) ** y", {"y": 3.0})
case("x ** y", {"x": -2.0, "y": 2.0})
case(
    "norm(x)",
    {"x": [0.0, 0.0]},
    ours={"reason": "no direction at 0, to any order", "hessians": {"x": {"x": [[0, 0], [0, 0]]}}},
)
case("norm(x, ord=1)", {"x": [0.0, 2.0]})
case("norm(x, ord=inf)", {"x": [2.0, -2.0, 1.0]})
case("std(x, ddof=0)", {"x": [2.0, 2.0, 2.0]}, "std(x, correction=0)")
case("where(x > 0, x, -x)", {"x": [-1.0, 0.0, 1.0]})
case("x % y", {"x": [-7.5, 7.5, -7.5, 6.0], "y": [2.0, -2.0, -2.0, 3.0]})
case("prod(x)", {"x": [0.0, 2.0, 3.0]})
case("prod(x)", {"x": [0.0, 0.0, 3.0]})
case("prod(x, dim=1)", {"x": [[0.0, 2.0, 3.0], [1.0, -1.0, 0.5]]})
case("log(x)", {"x": 0.0})
case("log1p(x)", {"x": -1.0})
case("arcsin(x)", {"x": 1.0})
case("arcsin(x)", {"x": -1.0})
case("arccos(x)", {"x": 1.0})
case("arccos(x)", {"x": -1.0})
case("arccosh(x)", {"x": 1.0})
case("arctanh(x)", {"x": 1.0})
case("arctanh(x)", {"x": -1.0})
case("exp(x)", {"x": [-inf, 0.0, 700.0]})
case("exp(x)", {"x": inf})
case("exp(x)", {"x": 710.0})
case("tanh(x)", {"x": [-inf, -3.0, 400.0, inf]})
case("logaddexp(x, y)", {"x": [1.0, -inf, 800.0], "y": [1.0, 0.0, -800.0]})
case("reciprocal(x)", {"x": 0.0})
case("reciprocal(x)", {"x": [inf, -2.0]})
case("x / y", {"x": 1.0, "y": 0.0})
case("x / y", {"x": [0.0, -1.0], "y": [2.0, inf]})
case("round(x)", {"x": [0.5, 1.5, 2.5, -0.5]})
case("floor(x)", {"x": [-1.0, 0.0, 1.0]})
case("logsumexp(x, dim=0)", {"x": [-inf, 1.0, 2.0]})
case("logsumexp(x, dim=0)", {"x": [1000.0, 1001.0, 998.0]})
case("softmax(x, dim=0)", {"x": [1000.0, 1001.0, -1000.0]})
case("log_softmax(x, dim=0)", {"x": [1000.0, 1001.0, -1000.0]})
case("softmax(x, dim=0)", {"x": [-inf, 1.0, 2.0]})
case("softplus(x)", {"x": [-700.0, -30.0, 0.0, 30.0]}, "logaddexp(x, 0 * x)")
case("sigmoid(x)", {"x": [-700.0, -30.0, 0.0]})
case("expm1(x)", {"x": [1e-12, -1e-12, 0.0]})
case("log1p(x)", {"x": [1e-12, -1e-12, 0.0]})
case("hypot(x, y)", {"x": [3e200, 3e-200], "y": [4e200, 4e-200]})
case("norm(x)", {"x": [3e5, 4e5]})

# ---- where ours differs by design --------------------------------------------------------------------------------

STRONG = "a zero is strong: the branch that where did not take contributes exactly zero"
SEEDS = "a zero is strong: an element of which the derivative is not asked contributes exactly zero"
for name, x, slopes in (
    ("sqrt", [0.0, 4.0, -1.0], [inf, 0.25, nan]),
    ("log", [0.0, 2.0], [inf, 0.5]),
    ("log1p", [-1.0, 1.0], [inf, 0.5]),
    ("arcsin", [-1.0, 0.0, 1.0], [inf, 1.0, inf]),
    ("reciprocal", [0.0, 2.0], [-inf, -0.25]),
    ("exp", [inf, 0.0], [inf, 1.0]),
):
    case(f"{name}(x)", {"x": x}, ours={"reason": SEEDS, "jacobians": {"x": diagonal(slopes)}})
case("x ** 0.5", {"x": [0.0, 4.0]}, ours={"reason": SEEDS, "jacobians": {"x": diagonal([inf, 0.25])}})
case(
    "where(isfinite(x), x ** 2, 0)",
    {"x": [0.5, nan, inf]},
    ours={"reason": STRONG, "gradients": {"x": [0.5, 0, 0]}, "jacobians": {"x": diagonal([1.0, 0.0, 0.0])}},
)
case(
    "where(x > 0, sqrt(x), 0)",
    {"x": [0.0, 4.0]},
    "where(x > 0, sqrt(x), 0 * x)",
    ours={"reason": STRONG, "gradients": {"x": [0.0, -0.1875]}, "jacobians": {"x": [[0, 0], [0, 0.25]]}},
)
case(
    "where(x > 0, log(x), 0)",
    {"x": [0.0, 4.0]},
    ours={"reason": STRONG, "gradients": {"x": [0.0, -0.1875]}, "jacobians": {"x": [[0, 0], [0, 0.25]]}},
)
case(
    "sum(where(x != 0, sin(x) / x, 1))",
    {"x": [0.0, math.pi / 2]},
    ours={
        "reason": STRONG,
        "gradients": {"x": [0, -4 / math.pi**2]},
        "jacobians": {"x": [0, -4 / math.pi**2]},
        "hessians": {"x": {"x": [[0, 0], [0, 16 / math.pi**3 - 2 / math.pi]]}},
    },
)
case(
    "x * log(x)",
    {"x": 0.0},
    ours={
        "reason": "a zero is strong: the factor 0 stops the infinite derivative of log",
        "gradients": {"x": -inf},
    },
    jacobian=False,
    hessian=False,
)
BOUND = "0 at a bound that is a number, as for relu; a bound that is a tensor shares evenly, as for maximum"
case(
    "clamp(x, -1, 1)",
    {"x": [-1.0, 1.0, 0.0]},
    ours={"reason": BOUND, "gradients": {"x": [0, 0, 1]}, "jacobians": {"x": diagonal([0.0, 0.0, 1.0])}},
)
case(
    "clamp(x, low, high)",
    {"x": [-1.0, 1.0, 0.0], "low": [-1.0, -1.0, -1.0], "high": [1.0, 1.0, 1.0]},
    ours={
        "reason": BOUND,
        "gradients": {"x": [0.25, -0.375, 1], "low": [0.25, 0, 0], "high": [0, -0.375, 0]},
        "jacobians": {
            "x": diagonal([0.5, 0.5, 1.0]),
            "low": diagonal([0.5, 0.0, 0.0]),
            "high": diagonal([0.0, 0.5, 0.0]),
        },
    },
)
BELOW = "a logarithm has no value below its domain, and so no derivative there either"
case("log(x)", {"x": -1.0}, ours={"reason": BELOW, "gradients": {"x": nan}, "jacobians": {"x": nan}}, hessian=False)
case("log2(x)", {"x": -1.0}, ours={"reason": BELOW, "gradients": {"x": nan}, "jacobians": {"x": nan}}, hessian=False)
case("log10(x)", {"x": -1.0}, ours={"reason": BELOW, "gradients": {"x": nan}, "jacobians": {"x": nan}}, hessian=False)
case("log1p(x)", {"x": -2.0}, ours={"reason": BELOW, "gradients": {"x": nan}, "jacobians": {"x": nan}}, hessian=False)
case(
    "sum(log(x))",
    {"x": [-1.0]},
    ours={"reason": BELOW, "gradients": {"x": [nan]}, "jacobians": {"x": [nan]}, "hessians": {"x": {"x": [[nan]]}}},
)
case(
    "hypot(x, y)",
    {"x": 0.0, "y": 0.0},
    ours={
        "reason": "a norm's minimum-norm subgradient at 0 is 0",
        "gradients": {"x": 0, "y": 0},
        "jacobians": {"x": 0, "y": 0},
    },
    hessian=False,
)
case(
    "arctan2(y, x)",
    {"y": 0.0, "x": 0.0},
    ours={
        "reason": "an angle has no derivative at the origin",
        "gradients": {"y": nan, "x": nan},
        "jacobians": {"y": nan, "x": nan},
    },
    hessian=False,
)
case(
    "logsumexp(x, dim=0)",
    {"x": [-inf, -inf]},
    ours={
        "reason": "nothing to share the derivative between: 0, with a warning",
        "gradients": {"x": [0, 0]},
        "jacobians": {"x": [0, 0]},
    },
    hessian=False,
)
case(
    "logaddexp(x, y)",
    {"x": inf, "y": inf},
    ours={
        "reason": "two equal operands share evenly, infinite ones too",
        "gradients": {"x": 0.5, "y": 0.5},
        "jacobians": {"x": 0.5, "y": 0.5},
    },
    hessian=False,
)
TAIL = "right in the tails: PyTorch's form cancels"
case(
    "sigmoid(x)",
    {"x": [40.0]},
    ours={"reason": TAIL, "gradients": {"x": [2.1241771276457944e-18]}, "jacobians": {"x": [[4.248354255291589e-18]]}},
)
case(
    "tanh(x)",
    {"x": [20.0]},
    ours={"reason": TAIL, "gradients": {"x": [8.496708510583178e-18]}, "jacobians": {"x": [[1.6993417021166355e-17]]}},
)
SINGULAR = "the cofactors, also at a singular matrix"
case(
    "det(x)",
    {"x": [[1.0, 2.0], [2.0, 4.0]]},
    ours={"reason": SINGULAR, "gradients": {"x": [[4, -2], [-2, 1]]}, "jacobians": {"x": [[4, -2], [-2, 1]]}},
    hessian=False,
)
case(
    "det(x)",
    {"x": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]},
    ours={
        "reason": SINGULAR,
        "value": 0.0,
        "gradients": {"x": [[-3, 6, -3], [6, -12, 6], [-3, 6, -3]]},
        "jacobians": {"x": [[-3, 6, -3], [6, -12, 6], [-3, 6, -3]]},
    },
    atol=1e-13,
    hessian=False,
)

case(
    "det(x) + sum(x)",
    {"x": [[1.0, 2.0], [2.0, 4.0]]},
    ours={"reason": SINGULAR, "gradients": {"x": [[5, -1], [-1, 2]]}, "jacobians": {"x": [[5, -1], [-1, 2]]}},
    atol=1e-15,
)
