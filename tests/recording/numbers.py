"""Functions of one number and of two, operators, literals and element types."""

from tests.recording.case import Group, spread, typed

GROUP = Group(
    "numbers",
    names={
        "cbrt": lambda torch: lambda x: torch.sign(x) * torch.abs(x) ** (1 / 3),
        "expit": "special.expit",
        "fabs": "abs",
        "ln": "log",
        "mod": "remainder",
        "power": "pow",
        "rint": "round",
        "sech": lambda torch: lambda x: 1 / torch.cosh(x),
        "softplus": "nn.functional.softplus",
        "stop_gradient": "detach",
    },
)
case = GROUP.case

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
