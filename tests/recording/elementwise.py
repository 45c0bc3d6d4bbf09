"""Arithmetic, exponential, trigonometric, rounding and choosing functions beyond the first ones."""

from math import inf, nan

from tests.recording.case import Group, spread, typed

GROUP = Group(
    "elementwise",
    names={
        "around": "round",
        "coth": lambda torch: lambda x: 1 / torch.tanh(x),
        "cot": lambda torch: lambda x: 1 / torch.tan(x),
        "csc": lambda torch: lambda x: 1 / torch.sin(x),
        "csch": lambda torch: lambda x: 1 / torch.sinh(x),
        "degrees": "rad2deg",
        "entr": "special.entr",
        "equal": "eq",
        "expit": "special.expit",
        "radians": "deg2rad",
        "rint": "round",
        "sgn": "sign",
        "sec": lambda torch: lambda x: 1 / torch.cos(x),
        "xlog1py": "special.xlog1py",
    },
)
case = GROUP.case

STEP = "PyTorch has no derivative for this operation; ours is zero, as for every step"

# ---- functions of one number -------------------------------------------------------------------------------------

UNARY = {
    "cot": (0.3, 2.8), "coth": (0.2, 3), "csc": (0.3, 2.8), "csch": (0.2, 3), "deg2rad": (-200, 200),
    "degrees": (-3, 3), "entr": (0.1, 2), "frac": (-3, 3), "logit": (0.1, 0.9), "nan_to_num": (-2, 2),
    "rad2deg": (-3, 3), "radians": (-200, 200), "rint": (-3, 3), "rsqrt": (0.2, 5), "sec": (-1.3, 1.3), "sgn": (-2, 2),
    "sinc": (-3, 3), "around": (-3, 3), "round": (-3, 3), "fix": (-3, 3),
}  # fmt: skip

for seed, (name, (low, high)) in enumerate(UNARY.items()):
    case(f"{name}(x)", {"x": spread(low=low, high=high, seed=seed)})
    case(f"{name}(x)", {"x": spread(5, low=low, high=high, seed=seed + 1)})
    case(f"{name}(x)", {"x": spread(2, 1, 3, low=low, high=high, seed=seed + 2)})
    case(f"{name}(x)", {"x": spread(3, low=low, high=high, seed=seed + 3)}, dtype="float32")
    case(f"{name}(x)", {"x": []})
    case(f"sum({name}(x) * w)", {"x": spread(3, low=low, high=high, seed=seed + 4), "w": [0.5, -1.5, 2.0]})

case("torch.special.entr(x)", {"x": [0.0, 0.5, 1.0, -1.0]}, jacobian=False)
case("entr(x)", {"x": 0.0}, hessian=False)
case("torch.special.logit(x, eps=0.1)", {"x": [0.02, 0.3, 0.99]})
case("logit(x, 0.2)", {"x": [[0.3], [0.95]]})
case("torch.logit(x, eps=1e-6)", {"x": 0.7})
case("logit(x)", {"x": 0.5})
case("logit(x)", {"x": 0.25000001})
case("x.logit()", {"x": 0.8})
case("torch.special.sinc(x)", {"x": [0.5, 1.0, 2.0]}, atol=1e-15)
case("sinc(x)", {"x": [0.001, -0.5, 3.25]}, jacobian=False)
TAIL = "PyTorch's derivative of sinc cancels near 0; that of the series is -pi**2 x / 3"
case(
    "sinc(x)",
    {"x": 1e-9},
    ours={
        "reason": TAIL,
        "gradients": {"x": -3.289868133696453e-09},
        "jacobians": {"x": -3.289868133696453e-09},
        "hessians": {"x": {"x": -3.289868133696453}},
    },
)
case("sinc(x)", {"x": 0.3})
case("torch.rsqrt(x) * x", {"x": 4.0})
case("rsqrt(x)", {"x": 0.0}, hessian=False)
case("rsqrt(x)", {"x": -1.0}, hessian=False)
case("torch.special.expit(x)", {"x": [-3.0, 0.5]})
case("torch.special.exp2(x) + torch.special.expm1(x) + torch.special.log1p(x)", {"x": [0.5, 1.5]})
case("torch.round(x, decimals=1)", {"x": [0.25, -1.36, 2.0]})
case("round(x, decimals=-1)", {"x": [14.0, -26.0]})
case("np.around(x, 2)", {"x": [0.123, 0.987]}, "round(x, decimals=2)")
case("torch.special.round(x, decimals=2) * x", {"x": 1.2345})
case("rint(x) * x", {"x": [0.5, 1.5, -2.7]})
case("fix(x) * x", {"x": [1.7, -1.7]})
case("frac(x) ** 2", {"x": [1.75, -1.25, 0.5]})
case("x.frac()", {"x": 2.5})
case("sgn(x) * x", {"x": [-2.0, 0.0, 3.0]})
case("torch.deg2rad(x)", {"x": [30.0, 180.0]})
case("np.radians(x)", {"x": 90.0}, "deg2rad(x)")
case("np.degrees(x)", {"x": 1.0}, "rad2deg(x)")

case("nan_to_num(x)", {"x": [nan, inf, -inf, 1.5]})
case("nan_to_num(x)", {"x": [nan, inf, -inf, 1.5]}, dtype="float32")
case("torch.nan_to_num(x, nan=2.0)", {"x": [nan, inf, 1.5]})
case("torch.nan_to_num(x, nan=2.0, posinf=9.0, neginf=-9.0)", {"x": [[nan, inf], [-inf, 1.5]]})
case("nan_to_num(x, 1.0, 2.0, 3.0) ** 2", {"x": [nan, inf, -inf, 1.5]})

# ---- functions of two numbers ------------------------------------------------------------------------------------

BINARY = {
    "clamp_max": (-2, 2), "clamp_min": (-2, 2), "copysign": (-3, 3), "div": (0.3, 3), "fmax": (-3, 3),
    "fmin": (-3, 3), "fmod": (0.3, 5), "ldexp": (-2, 2), "logaddexp2": (-3, 3), "sub": (-3, 3), "xlog1py": (0.1, 2),
    "xlogy": (0.1, 2), "pow": (0.3, 3), "arctan2": (-3, 3), "hypot": (-3, 3), "logaddexp": (-3, 3),
}  # fmt: skip

for seed, (name, (low, high)) in enumerate(BINARY.items()):
    x, y = {"low": low, "high": high, "seed": seed}, {"low": low, "high": high, "seed": seed + 5}
    case(f"{name}(x, y)", {"x": spread(**x), "y": spread(**y)})
    case(f"{name}(x, y)", {"x": spread(3, 1, **x), "y": spread(4, **y)})
    case(f"{name}(x, y)", {"x": spread(2, 1, 3, **x), "y": spread(2, 1, **y)})
    case(f"{name}(x, y)", {"x": spread(3, **x), "y": spread(1, **y)}, dtype="float32")
    case(f"{name}(x, y)", {"x": [], "y": spread(1, **y)})
    case(f"sum({name}(x, y) * w)", {"x": spread(2, 1, **x), "y": spread(3, **y), "w": [0.5, -1.5, 2.0]}, atol=1e-15)

PAIR = {"x": [-7.5, 7.5, -2.0, 6.5], "y": [2.0, -2.0, 3.0, 4.0]}
case("torch.sub(x, y, alpha=2)", PAIR)
case("sub(x, y, alpha=-0.5)", {"x": [[1.0], [2.0]], "y": [3.0, 4.0]})
case("x.sub(y, alpha=3)", PAIR)
case("torch.sub(input=x, other=y)", PAIR)
case("torch.div(x, y, rounding_mode='floor')", PAIR)
case("torch.div(x, y, rounding_mode='trunc') * x", PAIR)
case("div(x, y, rounding_mode=None)", PAIR)
case("x.div(2, rounding_mode='floor') + x", PAIR)
case("torch.fmod(x, y)", PAIR)
case("fmod(x, 2)", PAIR)
case("x.fmod(y) * y", PAIR)
case("fmod(x, y) + remainder(x, y)", {"x": -7.0, "y": 3.0}, hessian=False)
case("torch.copysign(x, y)", PAIR)
case("copysign(x, -2.0)", {"x": [1.0, -3.0, 0.0]})
case("copysign(x, y) * y", {"x": 1.5, "y": -2.0})
case("torch.ldexp(x, n)", {"x": [0.5, -1.5], "n": typed("int64", [3, 2])})
case("ldexp(x, 4)", {"x": [0.5, 0.75]}, "x * 16")
case("torch.xlogy(x, y)", {"x": [0.0, 1.0, 2.0], "y": [2.0, 3.0, 0.5]})
case("torch.special.xlogy(x, 2.0)", {"x": [0.0, 1.5]})
case("xlogy(x, y)", {"x": [0.0, 0.0], "y": [1.0, 3.0]})
case("torch.special.xlog1py(x, y)", {"x": [0.0, 1.0, 2.0], "y": [2.0, -0.5, 1e-9]})
case("torch.fmax(x, y)", {"x": [1.0, nan, 3.0], "y": [2.0, 2.0, nan]})
case("torch.fmin(x, y)", {"x": [1.0, nan, 3.0], "y": [2.0, 2.0, nan]})
case("sum(fmax(x, y) ** 2)", {"x": [1.0, 4.0], "y": [2.0, 2.0]})
case("sum(fmin(x, y) ** 2)", {"x": [1.0, 4.0], "y": [2.0, 2.0]})
TIE = "ties are shared evenly, as by maximum"
case("fmax(x, y)", {"x": 2.0, "y": 2.0}, ours={"reason": TIE, "gradients": {"x": 0.5, "y": 0.5}}, jacobian=False)
case("fmin(x, y)", {"x": 2.0, "y": 2.0}, ours={"reason": TIE, "gradients": {"x": 0.5, "y": 0.5}}, jacobian=False)
case("torch.clamp_min(x, 0.5)", {"x": [0.0, 1.0]})
case("torch.clamp_max(x, max=0.5)", {"x": [0.0, 1.0]})
case("x.clamp_min(-1)", {"x": [-2.0, 3.0]})
case("logaddexp2(x, y)", {"x": [300.0, -1000.0], "y": [301.0, -1001.0]})
case("logaddexp2(x, x)", {"x": [1.0, -2.0]})
case("torch.float_power(x, 2)", {"x": [1.5, -2.0]})
case("float_power(x, y)", {"x": [1.5, 2.0], "y": [0.5, -1.0]})

for mode, value in (("0.5", [0.0, 0.5, 1.0]), ("1.0", [0.0, 1.0, 1.0])):
    case(
        f"heaviside(x, {mode})",
        {"x": [-1.0, 0.0, 2.0]},
        f"heaviside(x, tensor({mode}, dtype=float64))",
        ours={"reason": STEP, "value": value, "gradients": {"x": [0, 0, 0]}},
    )
case(
    "torch.heaviside(x, v)",
    {"x": [-1.0, 0.0, 2.0], "v": [0.25, 0.5, 0.75]},
    ours={
        "reason": "PyTorch has no derivative for heaviside; by the values it is 1 where they are taken",
        "value": [0.0, 0.5, 1.0],
        "gradients": {"x": [0, 0, 0], "v": [0, -0.75, 0]},
    },
)

# ---- functions of three ------------------------------------------------------------------------------------------

T = {"x": spread(2, 3), "a": spread(3, seed=1), "b": spread(2, 1, low=0.5, high=2, seed=2)}
N = {"x": 0.5, "a": -1.5, "b": 2.0}
for name in ("addcmul", "addcdiv"):
    case(f"{name}(x, a, b)", T)
    case(f"torch.{name}(x, a, b, value=0.5)", T)
    case(f"{name}(x, a, b, value=-2)", N)
    case(f"x.{name}(a, b, value=3)", N)
    case(f"torch.{name}(x, tensor1=a, tensor2=b)", N)
    case(f"sum({name}(x, a, b) ** 2)", {"x": spread(2), "a": spread(2, seed=1), "b": [0.5, 2.0]})
    case(f"{name}(x, a, b)", {"x": spread(3), "a": spread(3, seed=1), "b": [0.5, 2.0, 1.5]}, dtype="float32")
W = {"x": [1.0, 2.0], "end": [3.0, -1.0]}
case("lerp(x, end, w)", {**W, "w": [0.25, 0.75]})
case("torch.lerp(x, end, 0.3)", W)
case("torch.lerp(x, end, weight=0.75)", W)
case("x.lerp(end, w)", {"x": 1.0, "end": 3.0, "w": 0.5})
case("lerp(x, end, w)", {"x": [[1.0], [2.0]], "end": [3.0, 4.0], "w": [-0.5, 1.5]})
case("torch.lerp(x, end, 0.3)", W, dtype="float32")

M = typed("bool", [True, False, True])
X = {"x": [1.0, 2.0, 3.0]}
case("masked_fill(x, m, 0.0)", {**X, "m": M})
case("torch.masked_fill(x, m, v)", {**X, "m": M, "v": 5.0})
case("x.masked_fill(m, -1e9)", {"x": spread(2, 3), "m": M})
case("masked_fill(x, mask=m, value=2)", {"x": spread(2, 3), "m": typed("bool", [[True], [False]])})
case("x.masked_fill(x > 1.5, 0) ** 2", X)
case("sum(softmax(x.masked_fill(m, -inf), dim=0) * x)", {**X, "m": typed("bool", [False, False, True])})
case("masked_fill(x, m, 1.5)", {**X, "m": M}, dtype="float32")

# ---- comparing ---------------------------------------------------------------------------------------------------

AB = {"a": [1.0, 2.0, 3.0, nan], "b": [2.0, 2.0, 1.0, 1.0]}
for name in ("lt", "le", "gt", "ge", "eq", "ne"):
    case(f"{name}(a, b)", AB)
    case(f"where(torch.{name}(a, b), a * 2, b * 3)", {"a": [1.0, 2.0, 3.0], "b": [2.0, 2.0, 1.0]})
    case(f"where(a.{name}(b), a ** 2, b)", {"a": [[1.0], [2.0]], "b": [2.0, 1.0]})
case("logical_xor(p, q)", {"p": typed("bool", [True, True, False]), "q": typed("bool", [True, False, False])})
case("where(logical_xor(x > 0, y > 0), x * y, x + y)", {"x": [-0.5, 0.5], "y": [1.5, 2.5]})
case("torch.logical_xor(a > 1, b > 1)", {"a": [0.5, 1.5], "b": [2.5, 2.5]})
for name in ("isinf", "isposinf", "isneginf", "signbit"):
    case(f"{name}(x)", {"x": [0.5, -0.5, inf, -inf]})
    case(f"torch.{name}(x)", {"x": [[1.0], [-inf]]})
    case(f"where({name}(x), 0, x ** 2)", {"x": [0.5, -0.5, 2.0]})
