"""Figures recorded from PyTorch, the independent oracle of `tests/engine/test_torch.py`.

    python -m tests.record        writes tests/data/torch.json; needs torch, which nothing else here does

A case is an expression in our language with its inputs. PyTorch evaluates the same text, with its functions bound to
the names, or an explicit spelling where its own differs, and what it says is recorded: value, gradients, and where
they are small the Jacobian and (of a scalar) the Hessian. Where our convention differs from PyTorch's by design, the
case says so in ``ours``: the reason, and the expected figures written by hand.
"""

from __future__ import annotations

import ast
import json
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from math import inf, nan
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "torch.json"
LARGEST_JACOBIAN = 48
LARGEST_HESSIAN = 12

CASES: list[Case] = []


@dataclass(frozen=True, slots=True)
class Case:
    """A question to both systems; ``torch`` is PyTorch's spelling where it is not ours.

    ``inputs`` are of the element type ``dtype`` unless they state their own (`typed`). ``ours`` holds a reason, and
    what is expected instead of what PyTorch says. ``atol`` is for figures that are zero but for rounding. The Jacobian
    and the Hessian are recorded where they are small and not declined.
    """

    expression: str
    inputs: dict[str, Any]
    torch: str | None = None
    dtype: str = "float64"
    ours: dict[str, Any] | None = None
    atol: float = 0.0
    jacobian: bool = True
    hessian: bool = True

    def question(self) -> dict[str, Any]:
        """The part of the record that does not come from PyTorch."""
        asked: dict[str, Any] = {"expression": self.expression, "inputs": self.inputs}
        for name, default in (("torch", None), ("dtype", "float64"), ("ours", None), ("atol", 0.0)):
            if getattr(self, name) != default:
                asked[name] = getattr(self, name)
        return encoded(asked)  # type: ignore[no-any-return]


def case(expression: str, inputs: dict[str, Any], torch: str | None = None, **facts: Any) -> None:
    """Add a case."""
    CASES.append(Case(expression, inputs, torch, **facts))


def typed(dtype: str, data: Any) -> dict[str, Any]:
    """An input with an element type of its own."""
    return {"data": data, "dtype": dtype}


def spread(*shape: int, low: float = -2.0, high: float = 2.0, seed: int = 0) -> Any:
    """A tensor of a shape, as nested lists: numbers of four decimals scattered evenly over an interval.

    >>> spread(2, 2)
    [[0.4721, -1.0557], [1.4164, -0.1115]]
    """
    golden = (math.sqrt(5) - 1) / 2
    numbers = (round(low + (high - low) * ((k * golden + 0.37 * seed) % 1), 4) for k in count(1))
    return _nested(shape, numbers)


def weights(*shape: int) -> Any:
    """An upstream gradient of a shape: no two neighbours alike, and no zeros.

    >>> weights(4)
    [0.5, -0.75, 1.0, -1.25]
    """
    return _nested(shape, ((0.5 + 0.25 * (k % 5)) * (-1) ** k for k in count()))


def _nested(shape: tuple[int, ...], numbers: Iterator[float]) -> Any:
    return [_nested(shape[1:], numbers) for _ in range(shape[0])] if shape else next(numbers)


def diagonal(entries: list[float]) -> list[list[float]]:
    """A diagonal matrix."""
    return [[entry if i == j else 0.0 for j in range(len(entries))] for i, entry in enumerate(entries)]


def encoded(value: Any) -> Any:
    """What JSON can hold: infinities and nan as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {name: encoded(item) for name, item in value.items()}
    return [encoded(item) for item in value] if isinstance(value, (list, tuple)) else value


def decoded(value: Any) -> Any:
    """What `encoded` was given: text in a tensor's place is a number."""
    if isinstance(value, list):
        return [decoded(item) for item in value]
    return float(value) if isinstance(value, str) else value


# ---- functions of one number -------------------------------------------------------------------------------------

UNARY = {
    "abs": (-3, 3), "arccos": (-0.95, 0.95), "arccosh": (1.1, 5), "arcsin": (-0.95, 0.95), "arcsinh": (-4, 4),
    "arctan": (-4, 4), "arctanh": (-0.95, 0.95), "cbrt": (0.2, 5), "ceil": (-3, 3), "cos": (-6, 6), "cosh": (-3, 3),
    "detach": (-3, 3), "exp": (-2, 2), "exp2": (-3, 3), "expm1": (-2, 2), "floor": (-3, 3), "log": (0.2, 4),
    "log10": (0.2, 4), "log1p": (-0.8, 3), "log2": (0.2, 4), "negative": (-3, 3), "positive": (-3, 3),
    "reciprocal": (0.2, 4), "relu": (-2, 2), "round": (-3, 3), "sech": (-3, 3), "sigmoid": (-4, 4), "sign": (-2, 2),
    "sin": (-6, 6), "sinh": (-3, 3), "softplus": (-5, 5), "sqrt": (0.2, 5), "square": (-3, 3), "tan": (-1.4, 1.4),
    "tanh": (-3, 3), "trunc": (-3, 3),
}  # fmt: skip

ALIASES = {
    "absolute": "abs", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh", "atan": "arctan",
    "atanh": "arctanh", "expit": "sigmoid", "fabs": "abs", "fix": "trunc", "ln": "log", "neg": "negative",
    "rint": "round", "stop_gradient": "detach",
}  # fmt: skip

for seed, (name, (low, high)) in enumerate(UNARY.items()):
    case(f"{name}(x)", {"x": spread(low=low, high=high, seed=seed)})
    case(f"{name}(x)", {"x": spread(5, low=low, high=high, seed=seed + 1)})
    case(f"{name}(x)", {"x": spread(2, 1, 3, low=low, high=high, seed=seed + 2)})
    case(f"{name}(x)", {"x": spread(3, low=low, high=high, seed=seed + 3)}, dtype="float32")
    case(f"{name}(x)", {"x": []})
    case(f"sum({name}(x) * w)", {"x": spread(3, low=low, high=high, seed=seed + 4), "w": [0.5, -1.5, 2.0]})
for seed, (name, of) in enumerate(ALIASES.items()):
    case(f"{name}(x)", {"x": spread(4, low=UNARY[of][0], high=UNARY[of][1], seed=seed)})

# ---- functions of two numbers ------------------------------------------------------------------------------------

BINARY = {
    "add": (-3, 3), "arctan2": (-3, 3), "divide": (0.3, 3), "hypot": (-3, 3), "logaddexp": (-3, 3), "maximum": (-3, 3),
    "minimum": (-3, 3), "multiply": (-3, 3), "power": (0.3, 3), "remainder": (0.3, 3), "subtract": (-3, 3),
}  # fmt: skip

BINARY_ALIASES = {
    "atan2": "arctan2", "div": "divide", "float_power": "power", "mod": "remainder", "mul": "multiply", "pow": "power",
    "sub": "subtract", "true_divide": "divide",
}  # fmt: skip

for seed, (name, (low, high)) in enumerate(BINARY.items()):
    x, y = {"low": low, "high": high, "seed": seed}, {"low": low, "high": high, "seed": seed + 5}
    case(f"{name}(x, y)", {"x": spread(**x), "y": spread(**y)})
    case(f"{name}(x, y)", {"x": spread(3, 1, **x), "y": spread(4, **y)})
    case(f"{name}(x, y)", {"x": spread(2, 1, 3, **x), "y": spread(2, 1, **y)})
    case(f"{name}(x, y)", {"x": spread(3, **x), "y": spread(**y)}, dtype="float32")
    case(f"{name}(x, y)", {"x": [], "y": spread(1, **y)})
    case(f"sum({name}(x, y) * w)", {"x": spread(2, 1, **x), "y": spread(3, **y), "w": [0.5, -1.5, 2.0]})
    case(f"{name}(x, x)", {"x": spread(3, **x)}, atol=1e-15)
for seed, (name, of) in enumerate(BINARY_ALIASES.items()):
    x, y = (spread(3, low=BINARY[of][0], high=BINARY[of][1], seed=k) for k in (seed, seed + 3))
    case(f"{name}(x, y)", {"x": x, "y": y})

STEP = "PyTorch has no derivative for this operation; ours is zero, as for every step"

case("floor_divide(x, y)", {"x": 7.5, "y": 2.0}, ours={"reason": STEP, "value": 3.0, "gradients": {"x": 0, "y": 0}})
case(
    "x // y",
    {"x": [[-7.5], [4.0]], "y": [2.0, 3.0]},
    ours={"reason": STEP, "value": [[-4, -3], [2, 1]], "gradients": {"x": [[0], [0]], "y": [0, 0]}},
)
case(
    "sum(x // 2 * x)",
    {"x": [5.0, -3.0]},
    ours={"reason": STEP, "value": 16.0, "gradients": {"x": [2, -2]}, "hessians": {"x": {"x": [[0, 0], [0, 0]]}}},
)

# ---- operators, literals and element types -----------------------------------------------------------------------

XY = {"x": [0.5, 1.5, 2.5], "y": [2.0, 0.75, 1.25]}
for text in (
    "x + y", "x - y", "x * y", "x / y", "x ** y", "x % y", "-x", "+x", "x + 2", "2 - x", "3 * x", "x / 4", "1 / x",
    "x ** 2", "x ** 0.5", "x ** -1", "2 ** x", "x % 1", "-x ** 2", "x - y - 1", "x / y / 2", "2 ** x ** y",
    "x * x * x", "x * y + y * x", "(x + y) * (x - y)", "1e-3 * x + 1_000", "x @ y", "abs(x - y)", "x * True + y",
):  # fmt: skip
    case(text, XY)
case("7 % y", XY, "(7 + 0 * y) % y")
case("x^2 + y^3", XY, "x**2 + y**3")
case("2*a**6 - b**9", {"a": [1.0, 4.0], "b": [5.0, 2.0]})
case("3*a**3 - b**2", {"a": [2.0, 3.0], "b": [6.0, 4.0]})
case("x + y", {"x": [1.0, 2.0], "y": typed("float32", [0.5, 0.25])})
case("x * y", {"x": typed("float32", [1.5, 2.5]), "y": [[0.1], [0.2]]})
case("x * n", {"x": [1.5, 2.5], "n": typed("int64", [2, 3])})
case("x ** n", {"x": [1.5, -2.5], "n": typed("int64", [2, 3])})
case("x ** n", {"x": [1.5, 2.5], "n": typed("int64", 3)}, dtype="float32")
case("x * m", {"x": [1.5, 2.5, 3.5], "m": typed("bool", [True, False, True])})
case("n + 1", {"n": typed("int64", [2, 3])})
case("sum(n)", {"n": typed("int64", [2, 3])})
case("sum(m)", {"m": typed("bool", [True, False, True])})
case("mean(x + n)", {"x": [0.5, 1.0], "n": typed("int64", [2, 3])})
case("2 * x + 0.1", {"x": [0.5, 1.0]}, dtype="float32")
case("pi * x + e", {"x": [0.5, 1.0]})
case("x + tau", {"x": 0.5})
case("x.sum()", {"x": [0.5, 1.0]})
case("x.exp().mean(dim=0)", {"x": spread(2, 3)})
case("np.sin(x) + torch.cos(x) + math.pi", {"x": [0.5, 1.0]}, "sin(x) + cos(x) + pi")
case("torch.nn.functional.relu(x) + F.softplus(x)", {"x": [-0.5, 1.0]}, "relu(x) + softplus(x)")
case("torch.linalg.norm(x)", {"x": [3.0, 4.0]}, "norm(x)")
case("[x * y, x + y, 1]", {"x": 2.0, "y": 3.0}, "stack([x * y, x + y, ones_like(x)])")
case("[[x, y], [y, x ** 2]] @ [1, 2]", {"x": 2.0, "y": 3.0}, "stack([x + 2 * y, y + 2 * x ** 2])")
case("x * [1.0, 2.0, 3.0]", {"x": [0.5, 1.5, 2.5]}, "x * tensor([1.0, 2.0, 3.0], dtype=float64)")
case("x if x > 0 else x ** 2", {"x": -1.5})
case("x if x > 0 else x ** 2", {"x": 1.5})
case("a = x * y; b = a + sin(a)\nb * a", {"x": 0.5, "y": 1.5})
case("x = x / norm(x); x", {"x": [3.0, 4.0]})
case("x.shape[0] * sum(x)", {"x": [3.0, 4.0]})
case("x * 0", XY)
case("y", XY)
case("x * detach(x)", {"x": [1.5, -0.5]})
case("stop_gradient(x) ** 2 + x", {"x": [1.5, -0.5]})

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
case("sum((x > y) * x ** 2)", XY)
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

# ---- reductions --------------------------------------------------------------------------------------------------

M, T = {"x": spread(3, 4, seed=1)}, {"x": spread(2, 3, 2, seed=2)}
AXES = ("", ", axis=0", ", dim=1", ", axis=-1, keepdims=True", ", 0, True", ", dim=0, keepdim=True")
for name in ("sum", "mean", "prod"):
    for axis in AXES:
        case(f"{name}(x{axis})", M)
    case(f"{name}(x)", {"x": []})
    case(f"{name}(x)", {"x": 1.5})
    case(f"{name}(x, axis=1)", T)
    case(f"{name}(x)", {"x": spread(4)}, dtype="float32")
    case(f"{name}(x ** 2)", {"x": spread(2, 2)})
    case(f"x.{name}(1)", M)
for name in ("sum", "mean"):
    case(f"{name}(x, axis=(0, 2))", T)
    case(f"{name}(x, dim=(-1, 0), keepdim=True)", T)
case("prod(x, axis=(0, 2))", T, "prod(prod(x, 2), 0)")
case("mean(x, axis=0)", {"x": [[], []]})
for name in ("max", "min"):
    reduced = f"a{name}"
    case(f"{name}(x)", M)
    case(f"{reduced}(x)", M)
    case(f"{name}(x)", {"x": spread(3)}, dtype="float32")
    case(f"{name}(x, axis=0)", M, f"{reduced}(x, dim=0)")
    case(f"{name}(x, axis=-1, keepdims=True)", M, f"{reduced}(x, dim=-1, keepdim=True)")
    case(f"{name}(x, dim=1)", M, f"{name}(x, dim=1).values")
    case(f"{reduced}(x, dim=(0, 2))", T)
    case(f"{reduced}(x, 1, True)", T)
    case(f"x.{name}() * x", {"x": spread(3)})
    case(f"{name}(x ** 2)", {"x": spread(3)})
    case(f"{name}(x, axis=0)", {"x": [[]]}, f"{reduced}(x, dim=0)")
case("cumsum(x, 0)", {"x": spread(4)})
case("cumsum(x, axis=1)", M)
case("cumsum(x, dim=-2)", T)
case("cumsum(x)", M, "cumsum(x.flatten(), 0)")
case("cumsum(x, 0)", {"x": []})
case("cumsum(x, 0)", {"x": spread(4)}, dtype="float32")
case("sum(cumsum(x, 0) ** 2)", {"x": spread(4)})
case("x.cumsum(dim=0)", T)

# ---- statistics --------------------------------------------------------------------------------------------------

for name in ("var", "std"):
    case(f"{name}(x)", M, f"{name}(x, correction=0)")
    case(f"np.{name}(x)", {"x": spread(4)}, f"{name}(x, correction=0)")
    case(f"torch.{name}(x)", {"x": spread(4)}, f"{name}(x)")
    case(f"torch.{name}(x, dim=0)", M, f"{name}(x, dim=0)")
    case(f"x.{name}(dim=1)", M)
    case(f"{name}(x, axis=0)", M, f"{name}(x, dim=0, correction=0)")
    case(f"{name}(x, axis=0, ddof=1)", M, f"{name}(x, dim=0, correction=1)")
    case(f"{name}(x, dim=1, correction=0)", M)
    case(f"{name}(x, dim=1, correction=1)", M)
    case(f"{name}(x, dim=1, correction=2, keepdim=True)", M)
    case(f"{name}(x, axis=-1, ddof=1, keepdims=True)", M, f"{name}(x, dim=-1, correction=1, keepdim=True)")
    case(f"{name}(x, axis=(0, 2), ddof=1)", T, f"{name}(x, dim=(0, 2), correction=1)")
    case(f"{name}(x, ddof=1)", {"x": spread(4)}, f"{name}(x, correction=1)")
    case(f"{name}(x, ddof=1)", {"x": spread(4)}, f"{name}(x, correction=1)", dtype="float32")
for text, spelled in {
    "norm(x)": "norm(x)", "norm(x, 2)": "norm(x, 2)", "norm(x, 1)": "norm(x, 1)", "norm(x, inf)": "norm(x, inf)",
    "norm(x, ord=2)": "norm(x, 2)", "norm(x, p=1)": "norm(x, 1)", "norm(x, axis=0)": "norm(x, dim=0)",
    "norm(x, dim=1)": "norm(x, dim=1)", "norm(x, ord=1, axis=0)": "norm(x, 1, dim=0)",
    "norm(x, ord=inf, dim=-1)": "norm(x, inf, dim=-1)",
    "norm(x, axis=1, keepdims=True)": "norm(x, dim=1, keepdim=True)",
    "norm(x, p=2, dim=0, keepdim=True)": "norm(x, dim=0, keepdim=True)", 'norm(x, ord="fro")': "norm(x)",
    "norm(x, ord=None)": "norm(x)", "norm(x, axis=(0, 1))": "norm(x, dim=(0, 1))", "x.norm()": "norm(x)",
}.items():  # fmt: skip
    whole = "axis" not in text and "dim" not in text and any(order in text for order in ("1)", "2)", "inf)"))
    case(text, {"x": spread(6)} if whole else M, spelled)
case("norm(x)", {"x": spread(3)})
case("norm(x)", {"x": spread(3)}, dtype="float32")
case("norm(x, 1)", {"x": spread(3)})
case("norm(x)", T)
case("norm(x)", {"x": 1.5})
case("norm(x)", {"x": []})
case("norm(x - y) ** 2", {"x": spread(3), "y": spread(3, seed=4)})

# ---- softmax and its like ----------------------------------------------------------------------------------------

for name in ("softmax", "log_softmax"):
    case(f"{name}(x)", {"x": spread(4)}, f"{name}(x, -1)", atol=1e-16)
    case(f"{name}(x, dim=0)", M)
    case(f"{name}(x, axis=1)", M)
    case(f"{name}(x, -1)", T)
    case(f"{name}(x, dim=0)", {"x": spread(4)}, dtype="float32")
    case(f"{name}(x, dim=0)", {"x": []})
    case(f"sum({name}(x, dim=0) * w)", {"x": spread(3), "w": [0.5, -1.5, 2.0]}, atol=1e-16)
    case(f"sum({name}(x, dim=0))", {"x": spread(3)}, atol=1e-15)
    case(f"x.{name}(dim=1)", M)
case("logsumexp(x)", {"x": spread(4)}, "logsumexp(x, 0)")
case("logsumexp(x)", {"x": spread(2, 3)}, "logsumexp(x, (0, 1))")
case("logsumexp(x, axis=0)", M)
case("logsumexp(x, dim=1, keepdim=True)", M)
case("logsumexp(x, axis=-1, keepdims=True)", T)
case("logsumexp(x, (0, 2))", T)
case("logsumexp(x, 0)", {"x": spread(4)}, dtype="float32")
case("x.logsumexp(dim=0)", M)

# ---- losses ------------------------------------------------------------------------------------------------------

IT = {"input": spread(2, 3), "target": spread(2, 3, seed=3)}
case("mse_loss(input, target)", {"input": spread(3), "target": spread(3, seed=3)})
case("mse_loss(input, target)", IT)
case('mse_loss(input, target, reduction="sum")', IT)
case('mse_loss(input, target, reduction="none")', IT)
case('mse_loss(input, target, reduction="mean")', IT, dtype="float32")
case("mse_loss(a, b)", {"a": 1.5, "b": 0.25})

# ---- shapes ------------------------------------------------------------------------------------------------------

S = {"x": spread(2, 6, seed=3)}
case("reshape(x, (3, 4))", S)
case("reshape(x, -1)", S, "reshape(x, (-1,))")
case("reshape(x, 4, 3)", S, "reshape(x, (4, 3))")
case("x.reshape(3, -1)", S)
case("reshape(x, newshape=(2, 3, 2))", S, "reshape(x, (2, 3, 2))")
case("x.view(4, 3)", S)
case("view(x, (2, 2, 3))", S, "x.view(2, 2, 3)")
case("reshape(x, (0, 2))", {"x": []})
case("reshape(x, (1, 1))", {"x": 1.5})
case("sum(reshape(x, (2, 2)) @ v)", {"x": spread(4), "v": [1.0, 2.0]})
case("transpose(x)", S, "x.T")
case("x.T", S)
case("x.T @ x", {"x": spread(2, 3)})
case("transpose(x, (1, 2, 0))", T, "permute(x, (1, 2, 0))")
case("transpose(x, axes=(0, 2, 1))", T, "permute(x, (0, 2, 1))")
case("transpose(x)", T, "permute(x, (2, 1, 0))")
case("x.mT", T)
case("permute(x, (2, 0, 1))", T)
case("x.permute(2, 0, 1)", T)
case("permute(x, dims=(0, 2, 1))", T)
case("permute(x, -1, 0, 1)", T, "permute(x, (-1, 0, 1))")
case("torch.transpose(x, 0, 2)", T, "transpose(x, 0, 2)")
case("transpose(x, dim0=0, dim1=1)", S)
case("swapaxes(x, 0, 1)", S)
case("swapaxes(x, -1, 0)", T)
case("swapaxes(x, axis1=1, axis2=2)", T, "swapaxes(x, 1, 2)")
case("swapaxes(x, dim0=1, dim1=2)", T, "swapaxes(x, 1, 2)")
case("ravel(x)", T)
case("flatten(x)", T)
case("x.flatten()", S)
case("ravel(x)", {"x": 1.5})
case("ravel(x)", {"x": [[], []]})
case("expand_dims(x, 0)", S)
case("expand_dims(x, axis=-1)", S, "unsqueeze(x, -1)")
case("unsqueeze(x, 1)", S)
case("unsqueeze(x, dim=-2)", S)
case("unsqueeze(x, 0)", {"x": 1.5})
case("x.unsqueeze(0)", {"x": []})
N = {"x": spread(1, 3, 1)}
case("squeeze(x)", N)
case("squeeze(x, 0)", N)
case("squeeze(x, axis=-1)", N)
case("squeeze(x, dim=(0, 2))", N)
case("x.squeeze()", {"x": [1.5]})
case("broadcast_to(x, (3, 2))", {"x": [1.0, 2.0]})
case("broadcast_to(x, (2, 3, 2))", {"x": spread(3, 1)})
case("broadcast_to(x, (2, 2))", {"x": 1.5})
case("broadcast_to(x, shape=(0, 2))", {"x": [1.0, 2.0]}, "broadcast_to(x, (0, 2))")
case("x.expand(3, 2)", {"x": [1.0, 2.0]})
case("expand(x, (3, 2))", {"x": [[1.0], [2.0], [3.0]]}, "x.expand(3, 2)")
case("x.expand(-1, 4)", {"x": [[1.0], [2.0], [3.0]]})
case("sum(broadcast_to(x, (3, 2)) ** 2)", {"x": [1.0, 2.0]})
V = {"x": spread(2, 3), "y": spread(1, 3, seed=2)}
case("concatenate([x, y])", V)
case("concatenate((x, y), axis=0)", V)
case("concat([x, y], dim=0)", V)
case("cat([x, y, x], 0)", V)
case("cat((x, 2 * x), dim=1)", V)
case("cat([x, x ** 2], dim=-1)", T)
case("cat([x, y])", {"x": [], "y": [1.0, 2.0]})
case("sum(cat([x, y]) ** 3)", {"x": [1.5], "y": [1.0, 2.0]})
case("cat([x, y])", {"x": [1.0], "y": [2.0, 3.0]}, dtype="float32")
case("cat([x, y])", {"x": [1.0], "y": typed("float32", [2.0, 3.0])})
W = {"x": spread(3), "y": spread(3, seed=2)}
case("stack([x, y])", W)
case("stack([x, y], axis=1)", W, "stack([x, y], dim=1)")
case("stack((x, y, x * y), dim=-1)", W)
case("stack([x, x])", T)
case("stack([x, x], 1)", {"x": []})
case("sum(stack([x, y]) ** 3)", {"x": [1.5], "y": [2.0]})
case("stack([x, y])", {"x": 1.5, "y": 2.5})
case("flip(x, 0)", S, "flip(x, (0,))")
case("flip(x, axis=1)", S, "flip(x, (1,))")
case("flip(x)", T, "flip(x, (0, 1, 2))")
case("flip(x, dims=(0, 1))", S)
case("flip(x, (-1,))", {"x": []})
case("x * flip(x, 0)", {"x": spread(4)}, "x * flip(x, (0,))")
case("sum(x * flip(x, 0) * x)", {"x": spread(3)}, "sum(x * flip(x, (0,)) * x)")

# ---- indexing ----------------------------------------------------------------------------------------------------

R = {"x": spread(3, 4, seed=5)}
for text in (
    "x[0]", "x[-1]", "x[1, 2]", "x[1][2]", "x[:, 1]", "x[1:]", "x[:-1]", "x[::2]", "x[1:, ::2]", "x[..., 0]",
    "x[..., None]", "x[None]", "x[:, None, 1:3]", "x[[0, 2]]", "x[[0, 0, 2]]", "x[:, [1, 1, 3]]", "x[[-1, 0]]",
    "x[1:1]", "x[-2:, -3:-1]", "x[0, ...]", "x[[2, 0]][:, [1, 3]]", "x[0] * x[1]", "x[0, 1] ** 2 + x[2, 3] * x[0, 1]",
    "sum(x[1:] - x[:-1])", "x[5:]", "x[:100]", "x[0:3:2, 3]", "x.T[1]", "x[1:, None]",
):  # fmt: skip
    case(text, R)
case("x[::-1]", R, "flip(x, (0,))")
case("x[::-1, ::-2]", R, "flip(x, (0, 1))[:, ::2]")
case("x[2:0:-1]", R, "x[[2, 1]]")
case("x[0]", T)
case("x[:, 1, :]", T)
case("x[1, ..., 0]", T)
case("x[..., -1:]", T)
case("x[0, 1, 1]", T)
case("x[:, [0, 2]]", T)
case("x[i]", {"x": spread(4), "i": typed("int64", [3, 0, 3])})
case("x[i]", {"x": spread(3, 4), "i": typed("int64", 2)})
case("x[m]", {"x": spread(4), "m": typed("bool", [True, False, True, True])})
case("x[m]", {"x": spread(3, 2), "m": typed("bool", [True, False, True])})
case("x[x > 0]", {"x": spread(4)})
case("sum(x[x > 0] ** 2)", {"x": spread(4)})
case("x[i] ** 2", {"x": spread(3), "i": typed("int64", [0, 0, 1])}, dtype="float32")
case("sum(x[i] ** 3)", {"x": spread(3), "i": typed("int64", [0, 0, 1])})
case("x[0:0]", {"x": []})
case("x[2] - 2 * x[1] + x[0]", {"x": spread(3)})

# ---- products ----------------------------------------------------------------------------------------------------

case("matmul(a, b)", {"a": spread(2, 3), "b": spread(3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(3), "b": spread(3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)})
case("matmul(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("matmul(a, b)", {"a": spread(2, 2, 3), "b": spread(3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(2, 1, 2, 3), "b": spread(2, 3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(3), "b": spread(2, 3, 2, seed=1)})
case("matmul(a, b)", {"a": spread(2, 2, 3), "b": spread(3, seed=1)})
case("a @ b", {"a": [[], []], "b": []})
case("a @ b", {"a": spread(2, 3), "b": spread(3, 2, seed=1)}, dtype="float32")
case("sum(a @ b)", {"a": spread(2, 2), "b": spread(2, 2, seed=1)})
case("a @ b @ c", {"a": spread(2, 2), "b": spread(2, 2, seed=1), "c": spread(2, seed=2)})
case("x @ A @ x", {"x": spread(3), "A": spread(3, 3, seed=1)})
case("mm(a, b)", {"a": spread(2, 3), "b": spread(3, 2, seed=1)})
case("bmm(a, b)", {"a": spread(2, 2, 3), "b": spread(2, 3, 1, seed=1)})
case("mv(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)})
case("dot(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("dot(a, b)", {"a": spread(3), "b": spread(3, seed=1)}, dtype="float32")
case("dot(a, b)", {"a": spread(2, 3), "b": spread(3, seed=1)}, "a @ b")
case("np.dot(a, b)", {"a": spread(2, 3), "b": spread(3, 2, seed=1)}, "a @ b")
case("dot(a, b)", {"a": 1.5, "b": spread(3)}, "a * b")
case("np.dot(a, b)", {"a": spread(2, 2, 3), "b": spread(2, 3, 2, seed=1)}, "tensordot(a, b, ([-1], [-2]))")
case("dot(a, a)", {"a": []})
case("inner(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("inner(a, b)", {"a": spread(2, 3), "b": spread(4, 3, seed=1)})
case("inner(a, b)", {"a": spread(3), "b": spread(2, 3, seed=1)})
case("vdot(a, b)", {"a": spread(3), "b": spread(3, seed=1)})
case("vdot(a, a) + vdot(b, a)", {"a": spread(4), "b": spread(4, seed=1)})
case("np.vdot(a, b)", {"a": spread(2, 3), "b": spread(2, 3, seed=1)}, "sum(a * b)")
case("a.dot(b)", {"a": spread(3), "b": spread(3, seed=1)})
case("outer(a, b)", {"a": spread(2), "b": spread(3, seed=1)})
case("outer(a, a)", {"a": spread(3)})
case("outer(a, b)", {"a": spread(2), "b": spread(3, seed=1)}, dtype="float32")
case("np.outer(a, b)", {"a": spread(2, 2), "b": spread(2, seed=1)}, "outer(a.flatten(), b)")
case("outer(a, b)", {"a": [], "b": [1.0]})
case("sum(outer(a, b) ** 2)", {"a": spread(2), "b": spread(3, seed=1)})
case("trace(x)", {"x": spread(3, 3)})
case("trace(x @ x)", {"x": spread(3, 3)})
case("trace(x)", {"x": spread(2, 2)}, dtype="float32")
case("x.trace() ** 2", {"x": spread(2, 2)})

A, B = spread(2, 3), spread(3, 2, seed=1)
for subscripts, operands in {
    "ij,jk->ik": (A, B), "ij,jk": (A, B), "ij,kj->ik": (A, A), "ij->ji": (A,), "ij->": (A,), "ij->i": (A,),
    "ij->j": (A,), "ii->i": (spread(3, 3),), "ii->": (spread(3, 3),), "ii": (spread(3, 3),),
    "iij->ij": (spread(2, 2, 3),),
    "i,i->": (spread(3), spread(3, seed=1)), "i,j->ij": (spread(2), spread(3)), "ij,ij->ij": (A, A), "ij,ij": (A, A),
    "ij,j->i": (A, spread(3)), "bij,bjk->bik": (spread(2, 2, 2), spread(2, 2, 3)), "bij,bij->b": (spread(2, 2, 2),) * 2,
    "ij,jk,kl->il": (A, B, A), "i,ij,j->": (spread(2), A, spread(3)), "ba": (A,), "i,i,i->i": (spread(2),) * 3,
    "ijk,jil->kl": (spread(2, 3, 2), spread(3, 2, 2)), "i,j,k->ijk": (spread(2), spread(2), spread(2)),
    "i,j->": (spread(2), spread(3)), "ij,kl->il": (A, B), "ii,i->i": (spread(2, 2), spread(2)), "i->": ([],),
}.items():  # fmt: skip
    names = [name for name, _ in zip("abc", operands, strict=False)]
    case(f'einsum("{subscripts}", {", ".join(names)})', dict(zip(names, operands, strict=True)))
case('einsum("...ij,...jk->...ik", a, b)', {"a": spread(2, 2, 2), "b": spread(2, 2, seed=1)})
case('einsum("...i->...", a)', {"a": spread(2, 3)})
case('einsum("i...,i...->...", a, b)', {"a": spread(2, 3), "b": spread(2, 3, seed=1)})
case('einsum("ij, jk -> ik", a, b)', {"a": A, "b": B}, dtype="float32")
case('sum(einsum("ij,jk->ik", a, b) ** 2)', {"a": spread(2, 2), "b": spread(2, 2, seed=1)})

# ---- matrices ----------------------------------------------------------------------------------------------------

G2 = [[2.0, 0.5], [-0.75, 1.5]]
G3 = [[2.0, 0.5, -1.0], [0.25, 3.0, 0.75], [-0.5, 1.0, 1.5]]
BATCH = [G2, [[1.0, -2.0], [0.5, 0.25]], [[0.0, 1.0], [-3.0, 0.5]]]
for name in ("det", "inv"):
    case(f"{name}(x)", {"x": G2})
    case(f"{name}(x)", {"x": G3}, atol=1e-15)
    case(f"{name}(x)", {"x": BATCH}, atol=1e-15)
    case(f"{name}(x)", {"x": G2}, dtype="float32")
    case(f"{name}(x)", {"x": [[-1.5]]})
    case(f"sum({name}(x) ** 2)", {"x": G2}, atol=1e-14)
    case(f"torch.linalg.{name}(x)", {"x": G3}, f"{name}(x)", atol=1e-15)
case("cofactor(x)", {"x": G2}, atol=1e-15)
case("cofactor(x)", {"x": G3}, atol=1e-14)
case("cofactor(x)", {"x": BATCH}, atol=1e-14)
case("sum(cofactor(x) * x)", {"x": G2}, atol=1e-14)
case("log(det(x))", {"x": G3}, atol=1e-15)
case("log(det(x.T @ x))", {"x": G2}, atol=1e-14)
case("inv(x) @ b", {"x": G2, "b": [1.0, -2.0]}, atol=1e-15)
case("trace(inv(x))", {"x": G2}, atol=1e-15)
case("solve(a, b)", {"a": G2, "b": [1.0, -2.0]}, atol=1e-15)
case("solve(a, b)", {"a": G3, "b": spread(3, 2)}, atol=1e-15)
case("solve(a, b)", {"a": BATCH, "b": spread(3, 2, 1)}, atol=1e-15)
case("solve(a, b)", {"a": BATCH, "b": spread(2, 2)}, atol=1e-15)
case("solve(a, b)", {"a": G2, "b": spread(3, 2, 2)}, atol=1e-15)
case("np.linalg.solve(a, b)", {"a": BATCH, "b": [1.0, -2.0]}, "solve(a, b.expand(3, 2))", atol=1e-15)
case("torch.linalg.solve(a, b)", {"a": G3, "b": [1.0, -2.0, 0.5]}, "solve(a, b)", atol=1e-15)
case("solve(a, b)", {"a": G2, "b": [1.0, -2.0]}, dtype="float32")
case("sum(solve(a, b) ** 2)", {"a": G2, "b": [1.0, -2.0]}, atol=1e-14)
case("b @ solve(a, b)", {"a": G2, "b": [1.0, -2.0]}, atol=1e-14)

# ---- formulas ----------------------------------------------------------------------------------------------------

case("sin(x*y) + exp(-x**2) / (1 + y**2)", {"x": 0.5, "y": 1.25})
case("sin(x*y) + exp(-x**2) / (1 + y**2)", {"x": spread(3, 1), "y": spread(2)})
case("(1 - x)**2 + 100 * (y - x**2)**2", {"x": -1.2, "y": 1.0})
case("sum(100 * (x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)", {"x": [-1.2, 1.0, 0.5, 2.0]})
case("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", {"x": 3.5, "y": -1.5})
case("20 + sum(x**2 - 10 * cos(2 * pi * x))", {"x": [0.3, -0.7]})
case("-20 * exp(-0.2 * sqrt(mean(x**2))) - exp(mean(cos(2 * pi * x))) + 20 + e", {"x": [0.3, -0.7, 1.1]})
NET = {
    "x": spread(4, 2), "W1": spread(2, 3, low=-1, high=1, seed=1), "b1": spread(3, low=-0.5, high=0.5, seed=2),
    "W2": spread(3, 1, low=-1, high=1, seed=3), "b2": [0.1], "t": spread(4, 1, seed=4),
}  # fmt: skip
case("h = tanh(x @ W1 + b1); mse_loss(h @ W2 + b2, t)", NET)
case("h = relu(x @ W1 + b1); mean((h @ W2 + b2 - t)**2)", NET)
case("h = softplus(x @ W1 + b1); mean((h @ W2 + b2 - t)**2)", NET, dtype="float32")
case("h = sigmoid(x @ W1 + b1)\ny = sigmoid(h @ W2 + b2)\nsum((y - t)**2) / 2", NET)
case("(tanh(tanh(x * w1) * w2) - t)**2", {"x": 0.5, "w1": 1.5, "w2": -0.75, "t": 0.25})
ATTENTION = {"q": spread(2, 3), "k": spread(3, 3, seed=1), "v": spread(3, 2, seed=2)}
case("softmax(q @ k.T / sqrt(3), dim=-1) @ v", ATTENTION, "softmax(q @ k.T / 3**0.5, dim=-1) @ v")
case(
    "softmax(q @ swapaxes(k, -1, -2) / 2 + where(m, 0, -inf), dim=-1) @ v",
    {"q": spread(2, 2, 2), "k": spread(2, 2, 2, seed=1), "v": spread(2, 2, 2, seed=2),
     "m": typed("bool", [[True, False], [True, True]])},
    "softmax((q @ swapaxes(k, -1, -2) / 2).masked_fill(~m, -inf), dim=-1) @ v",
    atol=1e-16,
)  # fmt: skip
LOGISTIC = {"X": spread(4, 2), "w": [0.5, -1.25], "b": 0.1, "y": typed("int64", [1, 0, 1, 0])}
case("p = sigmoid(X @ w + b); -mean(y * log(p) + (1 - y) * log(1 - p))", LOGISTIC)
case("z = X @ w + b; mean(softplus(z) - y * z)", LOGISTIC)
case("z = X @ w + b; mean(logaddexp(0, z) - y * z) + 0.01 * sum(w**2)", LOGISTIC,
     "z = X @ w + b; mean(logaddexp(0 * z, z) - y * z) + 0.01 * sum(w**2)")  # fmt: skip
case("w", LOGISTIC)
case("-log_softmax(x, dim=-1)[2]", {"x": [0.5, -1.0, 2.0]})
case("-mean(sum(log_softmax(x @ W, dim=1) * t, axis=1))",
     {"x": spread(3, 2), "W": spread(2, 3, seed=1), "t": diagonal([1.0, 1.0, 1.0])})  # fmt: skip
case("sum((x - mu)**2) / (2 * s**2) + x.shape[0] * log(s)", {"x": spread(4), "mu": 0.3, "s": 1.7})
case("sum(-0.5 * ((x - mu) / exp(ls))**2 - ls - 0.5 * log(2 * pi))", {"x": spread(4), "mu": 0.3, "ls": 0.4},
     "sum(-0.5 * ((x - mu) / exp(ls))**2 - ls - 0.5 * math.log(2 * pi))")  # fmt: skip
case("d = x - mu; -0.5 * d @ solve(S, d) - 0.5 * log(det(S))",
     {"x": [0.5, -1.0], "mu": [0.1, 0.2], "S": [[2.0, 0.5], [0.5, 1.0]]}, atol=1e-15)  # fmt: skip
case("logsumexp([log(w) - (x - a)**2, log(1 - w) - (x - b)**2])", {"x": 0.5, "w": 0.3, "a": -1.0, "b": 1.5},
     "logsumexp(stack([log(w) - (x - a)**2, log(1 - w) - (x - b)**2]), 0)")  # fmt: skip
case("sum(k * log(r) - r)", {"k": typed("int64", [2, 0, 5]), "r": [1.5, 0.5, 4.0]})
case("m * v**2 / 2 + m * 9.81 * h", {"m": 2.0, "v": 3.0, "h": 1.5})
case("-G * m1 * m2 / norm(r1 - r2)", {"G": 6.674, "m1": 2.0, "m2": 3.0, "r1": [0.0, 1.0, 0.5], "r2": [2.0, -1.0, 0.0]})
case("4 * eps * ((s / r)**12 - (s / r)**6)", {"eps": 0.8, "s": 1.1, "r": 1.4})
case("D * (1 - exp(-a * (r - r0)))**2", {"D": 4.5, "a": 1.9, "r": 1.2, "r0": 0.74})
case("sqrt(p**2 * c**2 + m**2 * c**4)", {"p": 1.2, "m": 0.5, "c": 3.0})
case("R * T / (V - b) - a / V**2", {"R": 8.314, "T": 300.0, "V": 2.5, "b": 0.04, "a": 1.4})
case("v0 * cos(th) * t - 0.5 * k * t**2", {"v0": 20.0, "th": 0.7, "t": 1.5, "k": 0.2})
case("[r * sin(th) * cos(ph), r * sin(th) * sin(ph), r * cos(th)]", {"r": 2.0, "th": 0.7, "ph": 1.1},
     "stack([r * sin(th) * cos(ph), r * sin(th) * sin(ph), r * cos(th)])")  # fmt: skip
case("[hypot(x, y), arctan2(y, x)]", {"x": 3.0, "y": -4.0}, "stack([hypot(x, y), arctan2(y, x)])")
case("S * (0.5 + arctan(d) / pi) - K * exp(-r * T) * sigmoid(d - v)",
     {"S": 100.0, "K": 95.0, "r": 0.03, "T": 0.5, "d": 0.4, "v": 0.2})  # fmt: skip
case("norm(A @ x - b)**2 + lam * norm(x, 1)", {"A": spread(3, 2), "x": [0.5, -1.5], "b": spread(3, seed=1), "lam": 0.1})
case("x @ A @ x / (x @ x)", {"A": spread(3, 3, seed=1), "x": [0.5, -1.5, 1.0]})
case("dot(a, b) / (norm(a) * norm(b))", {"a": spread(3), "b": spread(3, seed=1)})
case("(x - mean(x)) / sqrt(var(x) + 1e-5) * g + b", {"x": spread(4), "g": spread(4, seed=1), "b": 0.25},
     "(x - mean(x)) / sqrt(var(x, correction=0) + 1e-5) * g + b", atol=1e-15)  # fmt: skip
case("layer = (x - mean(x, axis=-1, keepdims=True)) / std(x, axis=-1, keepdims=True); sum(layer**3)", M,
     "layer = (x - mean(x, dim=-1, keepdim=True)) / std(x, dim=-1, correction=0, keepdim=True); sum(layer**3)",
     atol=1e-14)  # fmt: skip
case("x * sigmoid(1.702 * x)", {"x": spread(4)})
case("x * tanh(softplus(x))", {"x": spread(4)})
case("0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))", {"x": spread(4)},
     "0.5 * x * (1 + tanh((2 / pi)**0.5 * (x + 0.044715 * x**3)))")  # fmt: skip
case("where(abs(x) < 1, 0.5 * x**2, abs(x) - 0.5)", {"x": [-2.0, -0.5, 0.0, 0.75, 3.0]})
case("mean(maximum(0, 1 - t * y))", {"t": [1.0, -1.0, 1.0], "y": [0.3, 0.8, 2.0]}, "mean(relu(1 - t * y))")
case("sum(exp(-cumsum(x, 0)) * x)", {"x": [0.5, 0.25, 1.0, 0.1]})
case("prod(1 - exp(-x)) - prod(x) / 10", {"x": [0.5, 0.25, 1.0]})
case("sum(x[:, None] * x[None, :] * K)", {"x": spread(3), "K": spread(3, 3, seed=2)})
case("exp(-sum((x[:, None, :] - y[None, :, :])**2, axis=-1) / 2)", {"x": spread(3, 2), "y": spread(2, 2, seed=1)})
case("u = x[1:] - x[:-1]; sum(u**2) + sum(x**4 / 4 - x**2 / 2)", {"x": spread(5)})
case("a = x; b = a * a; c = b * b; d = c * c; d * a", {"x": 1.1})
case("log(1 + exp(-y * (w @ x)))", {"y": -1.0, "w": [0.5, 1.5], "x": [2.0, -0.75]})
case("tanh(x) ** 2 + sech(x) ** 2", {"x": [0.5, 1.5]}, atol=1e-15)
case("sinh(arcsinh(x)) + tan(arctan(x)) + exp(log(x)) - 3 * x", {"x": [0.5, 1.5]}, atol=1e-14)
case("cosh(x)**2 - sinh(x)**2", {"x": [0.5, 1.5]}, atol=1e-14)


# ---- recording ---------------------------------------------------------------------------------------------------


def names_in_torch(torch: Any) -> dict[str, Any]:
    """What the names of our language mean in PyTorch: its own functions, and a few that it spells otherwise."""
    functional, linalg = torch.nn.functional, torch.linalg
    return {
        **vars(torch),
        "cbrt": lambda x: torch.sign(x) * torch.abs(x) ** (1 / 3),
        "cofactor": lambda x: linalg.det(x)[..., None, None] * linalg.inv(x).mT,
        "det": linalg.det,
        "equal": torch.eq,
        "expand_dims": torch.unsqueeze,
        "expit": torch.special.expit,
        "fabs": torch.abs,
        "inv": linalg.inv,
        "ln": torch.log,
        "math": math,
        "mod": torch.remainder,
        "mse_loss": functional.mse_loss,
        "norm": linalg.vector_norm,
        "power": torch.pow,
        "rint": torch.round,
        "sech": lambda x: 1 / torch.cosh(x),
        "softplus": functional.softplus,
        "solve": linalg.solve,
        "stop_gradient": torch.detach,
        "tau": math.tau,
    }


def program(text: str, namespace: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    """A text as a function of its inputs: the value of the last statement, as in our language."""
    tree = ast.parse(text)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    before, result = compile(tree, text, "exec"), compile(ast.Expression(last.value), text, "eval")

    def run(inputs: dict[str, Any]) -> Any:
        scope = {**namespace, **inputs}
        exec(before, scope)
        return eval(result, scope)

    return run


def record(torch: Any, asked: Case, namespace: dict[str, Any]) -> dict[str, Any]:
    """A case with what PyTorch says."""
    inputs = {
        name: torch.tensor(value["data"], dtype=getattr(torch, value["dtype"]))
        if isinstance(value, dict)
        else torch.tensor(value, dtype=getattr(torch, asked.dtype))
        for name, value in asked.inputs.items()
    }
    leaves = {name: tensor.requires_grad_() for name, tensor in inputs.items() if tensor.is_floating_point()}
    run = program(asked.torch or asked.expression, namespace)
    value = run(inputs)
    found: dict[str, Any] = {**asked.question(), "value": encoded(value.tolist()), "result": str(value.dtype)[6:]}
    if not value.numel():
        found["shape"] = list(value.shape)
    if not value.is_floating_point():
        return found
    shape = tuple(value.shape)
    ct = torch.tensor(weights(*shape) if shape else 1.0, dtype=value.dtype).reshape(shape)
    if shape:
        found["grad_output"] = ct.tolist()
    try:
        found["gradients"] = gradients(torch, value, leaves, ct)
    except RuntimeError as error:
        found["error"] = str(error).partition("\n")[0]
        return found

    names = list(leaves)
    columns = sum(tensor.numel() for tensor in leaves.values())

    def call(*tensors: Any) -> Any:
        return run({**inputs, **dict(zip(names, tensors, strict=True))})

    point = tuple(tensor.detach() for tensor in leaves.values())
    if asked.jacobian and 0 < value.numel() * columns <= LARGEST_JACOBIAN:
        blocks = torch.autograd.functional.jacobian(call, point)
        found["jacobians"] = {name: encoded(block.tolist()) for name, block in zip(names, blocks, strict=True)}
    if asked.hessian and not shape and 0 < columns <= LARGEST_HESSIAN:
        rows = torch.autograd.functional.hessian(call, point)
        found["hessians"] = {
            name: {by: encoded(block.tolist()) for by, block in zip(names, row, strict=True)}
            for name, row in zip(names, rows, strict=True)
        }
    return found


def gradients(torch: Any, value: Any, leaves: dict[str, Any], ct: Any) -> dict[str, Any]:
    """By each leaf; zero where the value does not depend on it."""
    found = [None] * len(leaves)
    if value.requires_grad:
        found = torch.autograd.grad(value, list(leaves.values()), ct, allow_unused=True)
    return {
        name: encoded((torch.zeros_like(leaf) if gradient is None else gradient).tolist())
        for (name, leaf), gradient in zip(leaves.items(), found, strict=True)
    }


def main() -> None:
    """Record all cases, one to a line."""
    import torch

    torch.set_num_threads(1)
    namespace = names_in_torch(torch)
    lines = []
    for asked in CASES:
        try:
            lines.append(json.dumps(record(torch, asked, namespace), separators=(",", ":"), ensure_ascii=False))
        except Exception as error:
            error.add_note(f"in the case {asked.expression!r}")
            raise
    header = {"source": "PyTorch", "version": torch.__version__.partition("+")[0], "command": "python -m tests.record"}
    head = json.dumps(header, separators=(",", ":"))[:-1]
    DATA.write_text(head + ',"cases":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    print(f"{len(lines)} cases recorded from PyTorch {torch.__version__}", file=sys.stderr)


if __name__ == "__main__":
    main()
