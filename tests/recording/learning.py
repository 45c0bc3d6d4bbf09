"""Activations and losses."""

from __future__ import annotations

import functools
import math
from math import inf, nan
from typing import Any

from tests.recording.case import Group, spread, typed

FUNCTIONAL = (
    *("relu", "relu6", "leaky_relu", "prelu", "elu", "celu", "selu", "gelu", "silu", "mish", "softplus", "softsign"),
    *("logsigmoid", "hardsigmoid", "hardswish", "hardtanh", "hardshrink", "softshrink", "tanhshrink", "threshold"),
    *("rrelu", "glu", "softmax", "log_softmax", "softmin", "normalize"),
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "nll_loss", "cross_entropy"),
    *("binary_cross_entropy_with_logits", "kl_div", "poisson_nll_loss", "gaussian_nll_loss", "soft_margin_loss"),
    *(
        "hinge_embedding_loss",
        "multi_margin_loss",
        "multilabel_margin_loss",
        "multilabel_soft_margin_loss",
        "margin_ranking_loss",
    ),
    *("triplet_margin_loss", "cosine_similarity", "cosine_embedding_loss", "pairwise_distance"),
)


def soft_margin(torch: Any, input: Any, target: Any, reduction: str = "mean") -> Any:
    """PyTorch's own has no derivative by the target."""
    losses = torch.log1p(torch.exp(-target * input))
    return losses if reduction == "none" else getattr(torch, reduction)(losses)


GROUP = Group(
    "learning",
    names={
        "F": "nn.functional",
        **{name: f"nn.functional.{name}" for name in FUNCTIONAL},
        "hardsigmoid": lambda torch: lambda input: torch.nn.functional.relu6(input + 3) / 6,
        "soft_margin_loss": lambda torch: functools.partial(soft_margin, torch),
        "swish": "nn.functional.silu",
        "log_sigmoid": "nn.functional.logsigmoid",
        "log_expit": "nn.functional.logsigmoid",
    },
)
case = GROUP.case

# ---- functions of one number -------------------------------------------------------------------------------------

PLAIN = {
    "relu": (-2, 2), "relu6": (-3, 9), "elu": (-3, 3), "celu": (-3, 3), "selu": (-3, 3), "gelu": (-3, 3),
    "silu": (-4, 4), "mish": (-4, 4), "softplus": (-5, 5), "softsign": (-3, 3), "logsigmoid": (-5, 5),
    "hardsigmoid": (-5, 5), "hardswish": (-5, 5), "hardtanh": (-2, 2), "hardshrink": (-2, 2), "softshrink": (-2, 2),
    "tanhshrink": (-3, 3), "leaky_relu": (-2, 2), "rrelu": (-2, 2),
}  # fmt: skip
for seed, (name, (low, high)) in enumerate(PLAIN.items()):
    case(f"F.{name}(x)", {"x": spread(low=low, high=high, seed=seed)}, f"{name}(x)")
    case(f"{name}(x)", {"x": spread(6, low=low, high=high, seed=seed + 1)})
    case(f"{name}(input=x)", {"x": spread(2, 1, 3, low=low, high=high, seed=seed + 2)})
    case(f"{name}(x)", {"x": spread(3, low=low, high=high, seed=seed + 3)}, dtype="float32")
    case(f"{name}(x)", {"x": []})
    weighed = {"x": spread(3, low=low, high=high, seed=seed + 4), "w": [0.5, -1.5, 2.0]}
    case(f"sum({name}(x) * w)", weighed)
    case(f"torch.nn.functional.{name}(x) ** 2", {"x": spread(5, low=low, high=high, seed=seed + 5)}, f"{name}(x) ** 2")
for name in ("swish", "log_sigmoid", "log_expit"):
    case(f"{name}(x)", {"x": spread(4, seed=4)})
for name in (
    "relu",
    "relu6",
    "leaky_relu",
    "elu",
    "celu",
    "selu",
    "silu",
    "mish",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
):
    case(f"F.{name}(x, inplace=True)", {"x": spread(4, seed=6)}, f"{name}(x)")

X = {"x": spread(6, low=-3, high=3, seed=8)}
for text in (
    "leaky_relu(x, 0.2)", "leaky_relu(x, negative_slope=0.3)", "leaky_relu(x, negative_slope=0)", "elu(x, 0.5)",
    "elu(x, alpha=2.0)", "celu(x, 0.5)", "celu(x, alpha=2.0)", "hardtanh(x, -0.5, 2)", "hardtanh(x, min_val=-2.0)",
    "hardtanh(x, max_val=0.25)", "hardshrink(x, 1.0)", "hardshrink(x, lambd=0.1)", "softshrink(x, 1.0)",
    "softshrink(x, lambd=0.1)", "threshold(x, 0.1, 20)", "threshold(x, threshold=-0.5, value=-7.0)", "softplus(x, 2)",
    "threshold(x, 0, 0, False)", "softplus(x, beta=0.5)", "softplus(x, beta=3, threshold=2)", "softplus(x, 1, 20)",
    "rrelu(x, 0.1, 0.3)", "rrelu(x, lower=0.2, upper=0.2)", "rrelu(x, 0.1, 0.3, False)", "gelu(x, approximate='tanh')",
    "gelu(x, approximate='none')",
):  # fmt: skip
    case(f"F.{text}", X)
case("F.gelu(x, approximate='tanh')", {"x": spread(3, seed=2)}, dtype="float32")
case("sum(gelu(x, approximate='tanh') ** 2)", {"x": spread(3, seed=2)})
case("sum(elu(x, 0.5) ** 2)", {"x": spread(3, seed=3)})
case("sum(celu(x, 0.5) ** 2)", {"x": spread(3, seed=3)})
case("sum(softplus(x, 2) ** 2)", {"x": spread(3, seed=3)})
case("sum(leaky_relu(x, 0.25) ** 3)", {"x": spread(3, seed=3)})
case("sum(threshold(x, 0.1, 2) ** 3)", {"x": spread(3, seed=3)})

P = {"x": spread(2, 3, seed=1), "w": [0.25, -0.5, 0.75]}
case("F.prelu(x, w)", P)
case("prelu(x, weight=w)", {"x": spread(2, 3, 2, seed=2), "w": P["w"]})
case("prelu(x, w)", {"x": spread(4), "w": [0.25]})
case("prelu(x, w)", {"x": spread(2, 3), "w": [0.25]}, dtype="float32")
case("prelu(x, w)", {"x": spread(2, 2, 2), "w": 0.25})
case("prelu(x, w)", {"x": -1.5, "w": [0.25]})
case("sum(prelu(x, w) ** 2)", P)

# ---- at kinks and in tails ---------------------------------------------------------------------------------------

KINKS = {
    "relu(x)": [0.0], "relu6(x)": [0.0, 6.0], "hardtanh(x)": [-1.0, 1.0], "leaky_relu(x, 0.1)": [0.0],
    "elu(x)": [0.0], "celu(x)": [0.0], "celu(x, 0.5)": [0.0], "elu(x, 0.5)": [0.0], "selu(x)": [0.0], "gelu(x)": [0.0],
    "hardsigmoid(x)": [-3.0, 3.0], "hardshrink(x)": [-0.5, 0.5], "softshrink(x)": [-0.5, 0.5],
    "threshold(x, 1, 2)": [1.0], "hardswish(x)": [-3.0, 3.0], "softsign(x)": [0.0], "silu(x)": [0.0],
    "rrelu(x)": [0.0],
}  # fmt: skip
for text, points in KINKS.items():
    case(text, {"x": [*points, -7.5, 7.5]})
case("prelu(x, w)", {"x": [0.0, 1.0], "w": [0.25]})

EXTREMES = {"x": [-1000.0, -30.0, 30.0, 1000.0]}
for name in PLAIN:
    if name not in ("softplus", "tanhshrink", "logsigmoid"):
        case(f"{name}(x)", EXTREMES, jacobian=False)
case("logsigmoid(x)", EXTREMES)
case("softplus(x)", EXTREMES, "logaddexp(x, 0 * x)")
case("tanhshrink(x)", {"x": [-1000.0, -30.0, 1.0, 1000.0]})
case("softplus(x, threshold=20)", EXTREMES)
for name in PLAIN:
    if name not in (
        "silu",
        "mish",
        "gelu",
        "hardswish",
        "hardsigmoid",
        "softshrink",
        "softsign",
        "elu",
        "celu",
        "selu",
    ):
        case(f"{name}(x)", {"x": [nan]})

# ---- along an axis -----------------------------------------------------------------------------------------------

M, T = {"x": spread(3, 4, seed=1)}, {"x": spread(2, 3, 2, seed=2)}
for name in ("softmax", "log_softmax", "softmin"):
    case(f"F.{name}(x, dim=1)", M)
    case(f"F.{name}(x, 0)", M)
    case(f"{name}(x, axis=-1)", T, f"{name}(x, dim=-1)")
    case(f"{name}(x)", {"x": spread(4)}, f"{name}(x, dim=-1)", atol=1e-16)
    case(f"{name}(x, axis=None)", {"x": spread(2, 2)}, f"{name}(x.flatten(), 0).reshape(2, 2)", atol=1e-16)
    case(f"{name}(x, 0)", {"x": 1.5})
    case(f"{name}(x, dim=0)", {"x": spread(4)}, dtype="float32")
    case(f"sum({name}(x, dim=0) * w)", {"x": spread(3), "w": [0.5, -1.5, 2.0]}, atol=1e-16)
    case(f"{name}(x, dim=0)", {"x": [1.0, 1.0, 1.0]}, atol=1e-16)
    case(f"{name}(x, dim=0)", {"x": [-1000.0, 0.0, 3.0]}, atol=1e-16)
    case(f"{name}(x, dim=0)", {"x": []})
case("softmax(x, 0)", {"x": [-inf, 0.0, 1.0]}, atol=1e-16)
case("special.softmax(x, axis=0)", M, "softmax(x, dim=0)")
case("special.log_softmax(x, axis=1)", M, "log_softmax(x, dim=1)")

case("F.glu(x)", {"x": spread(4)})
case("F.glu(x, dim=0)", {"x": spread(4, 3)})
case("glu(x, 1)", {"x": spread(2, 4, 2)})
case("glu(x)", {"x": spread(2, 6)}, dtype="float32")
case("sum(glu(x) ** 2)", {"x": spread(4, seed=3)})

case("F.normalize(x)", M)
case("F.normalize(x, p=1)", M)
case("F.normalize(x, dim=0)", {"x": spread(3)})
case("F.normalize(x, p=inf, dim=2)", T, "normalize(x, p=math.inf, dim=2)")
case("F.normalize(x, 2.0, -1, 1e-12)", T)
case("F.normalize(x, eps=100.0)", M)
case("F.normalize(x, dim=0)", {"x": spread(3)}, dtype="float32", atol=1e-6)
case("F.normalize(x, p=3, dim=0)", {"x": spread(3)})
case("sum(F.normalize(x, dim=0) ** 3)", {"x": spread(3)})

# ---- losses of elements ------------------------------------------------------------------------------------------

IN, A, W = spread(2, 3), spread(2, 3, low=-1, high=1.5, seed=3), spread(2, 3, low=0.1, high=1.0, seed=4)
IT: dict[str, Any] = {"input": IN, "target": A}
REDUCTIONS = ("", ", reduction='mean'", ", reduction='sum'", ", reduction='none'")


def reductions(name: str, inputs: dict[str, Any], parameters: str = "", **facts: Any) -> None:
    """A loss of these inputs with every reduction."""
    arguments = ", ".join(inputs)
    for reduction in REDUCTIONS:
        text = f"{name}({arguments}{parameters}{reduction})"
        case(f"F.{text}", inputs, text, **facts)


def fixed(text: str, inputs: dict[str, Any], **facts: Any) -> None:
    """A case with weights by which PyTorch has no derivative: WEIGHT and POSITIVE are written out."""
    ours = theirs = text
    for name in ("WEIGHT", "POSITIVE"):
        if name in facts:
            data = facts.pop(name)
            ours, theirs = ours.replace(name, str(data)), theirs.replace(name, f"torch.tensor({data}, dtype=float64)")
    case(ours, inputs, theirs, **facts)


for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss", "poisson_nll_loss"):
    reductions(name, IT)
    case(f"{name}(input, target)", IT, dtype="float32")
    case(f"{name}(input=a, target=b)", {"a": 1.5, "b": 0.25})
    case(f"{name}(input, target, reduction='none')", {"input": [], "target": []})
    case(f"{name}(input, target, reduction='sum')", {"input": spread(3), "target": spread(3, seed=5)})
    if name != "soft_margin_loss":
        case(f"{name}(input, target)", {"input": spread(2, 1), "target": spread(1, 3, seed=3)})
for name in ("mse_loss", "l1_loss", "huber_loss"):
    for reduction in REDUCTIONS:
        case(f"F.{name}(input, target, weight=w{reduction})", {**IT, "w": W})
for parameters in ("beta=0.5", "beta=2.0, reduction='sum'", "beta=0.0", "beta=0.25, reduction='none'"):
    case(f"F.smooth_l1_loss(input, target, {parameters})", IT)
for parameters in ("delta=0.5", "delta=2.0, reduction='sum'", "'none', 0.75", "'sum', 0.5"):
    case(f"F.huber_loss(input, target, {parameters})", IT)
case("sum(F.huber_loss(input, target, 'none', 0.75) ** 2)", {"input": spread(3), "target": spread(3, seed=5)})
ZERO = {"input": [0.5, 1.0, 2.0], "target": [0.5, 2.0, 1.0]}
for name in ("l1_loss", "smooth_l1_loss", "huber_loss"):
    case(f"F.{name}(input, target, reduction='none')", ZERO)

P, Q = spread(2, 3, low=0.05, high=0.95, seed=6), spread(2, 3, low=0.05, high=0.95, seed=7)
for parameters in ("", "reduction='batchmean'", "reduction='sum'", "reduction='batchmean', log_target=True"):
    case(f"F.kl_div(input, target, {parameters})".replace(", )", ")"), {"input": IN, "target": Q})
reductions("kl_div", {"input": IN, "target": Q})
case("kl_div(input=a, target=b)", {"a": 1.5, "b": 0.25})
case("kl_div(input, target)", {"input": spread(2, 1), "target": [[0.25, 0.5, 0.25]]}, dtype="float32")
case("F.kl_div(F.log_softmax(x, dim=1), F.softmax(y, dim=1), reduction='batchmean')", {"x": IN, "y": A})
case("F.kl_div(input, target, reduction='batchmean')", {"input": 0.5, "target": 0.25})
case(
    "F.kl_div(input, target, reduction='sum')",
    {"input": [-1.0, -2.0], "target": [0.0, 1.0]},
    ours={
        "reason": "0 log 0 is 0, and we count its derivative as 0 too; PyTorch's is nan",
        "gradients": {"input": [0.0, -1.0], "target": [1.0, 3.0]},
        "jacobians": {"input": [0.0, -1.0], "target": [1.0, 3.0]},
        "hessians": {
            "input": {"input": [[0, 0], [0, 0]], "target": [[-1, 0], [0, -1]]},
            "target": {"input": [[-1, 0], [0, -1]], "target": [[0, 0], [0, 1]]},
        },
    },
)

COUNTS = {"input": spread(2, 3, low=0.2, high=3), "target": spread(2, 3, low=0.2, high=4, seed=2)}
for parameters in ("log_input=False", "full=True", "log_input=False, full=True, eps=0.01", "False, True"):
    case(f"F.poisson_nll_loss(input, target, {parameters})", COUNTS)
case("F.poisson_nll_loss(input, n)", {"input": spread(3), "n": typed("int64", [0, 2, 5])})
case("F.poisson_nll_loss(input, n)", {"input": spread(3), "n": typed("int64", [0, 2, 5])}, dtype="float32")

VAR = spread(2, 3, low=0.2, high=2, seed=5)
reductions("gaussian_nll_loss", {**IT, "var": VAR})
case("F.gaussian_nll_loss(input, target, var, full=True)", {**IT, "var": VAR})
case("F.gaussian_nll_loss(input, target, var, True, 1e-3, 'sum')", {**IT, "var": VAR})
case("gaussian_nll_loss(input, target, var)", {**IT, "var": [0.5, 2.0]})
case("gaussian_nll_loss(input, target, var)", {**IT, "var": [[0.5], [2.0]]}, dtype="float32")
case("gaussian_nll_loss(input, target, 0.5)", IT)
case("gaussian_nll_loss(input, target, var, eps=0.01)", {**IT, "var": [[0.5, 1e-3, 0.0], [1.0, 2.0, 3.0]]})

# ---- yes or no ---------------------------------------------------------------------------------------------------

PQ: dict[str, Any] = {"input": P, "target": Q}
reductions("binary_cross_entropy", PQ, hessian=False)  # PyTorch's second derivative has eps=1e-12 in it
BERNOULLI = "mean(-(target * log(input) + (1 - target) * log1p(-input)))"
case("F.binary_cross_entropy(input, target)", PQ, BERNOULLI)
case("F.binary_cross_entropy(input, target)", {"input": 0.25, "target": 1.0}, BERNOULLI)
for reduction in REDUCTIONS:
    fixed(f"F.binary_cross_entropy(input, target, WEIGHT{reduction})", PQ, WEIGHT=W, hessian=False)
fixed("F.binary_cross_entropy(input, target, weight=WEIGHT)", PQ, WEIGHT=[0.5, 1.0, 2.0], hessian=False)
case("F.binary_cross_entropy(input, target)", PQ, dtype="float32")
case("F.binary_cross_entropy(input, target, reduction='none')", {"input": [], "target": []})
case("F.binary_cross_entropy(torch.sigmoid(x), y)", {"x": spread(3), "y": [1.0, 0.0, 1.0]}, hessian=False)
CUT = "PyTorch divides by at least 1e-12 here; ours is the derivative of the value that both give, whose log is cut off"
case(
    "F.binary_cross_entropy(input, target, reduction='sum')",
    {"input": [0.0, 1.0, 0.0, 1.0], "target": [1.0, 0.0, 0.0, 1.0]},
    ours={
        "reason": CUT,
        "gradients": {"input": [0.0, 0.0, 1.0, -1.0], "target": [100.0, -100.0, 100.0, -100.0]},
        "jacobians": {"input": [0.0, 0.0, 1.0, -1.0], "target": [100.0, -100.0, 100.0, -100.0]},
        "hessians": {
            "input": {
                "input": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
                "target": [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 0], [0, 0, 0, -1]],
            },
            "target": {
                "input": [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 0], [0, 0, 0, -1]],
                "target": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
            },
        },
    },
)

V4, V3 = [0.5, 1.0, 2.0, 0.25], [0.5, 1.0, 2.0]
Z: dict[str, Any] = {"input": spread(2, 3, low=-4, high=4), "target": Q}
for name in ("binary_cross_entropy_with_logits", "multilabel_soft_margin_loss"):
    reductions(name, Z)
    for reduction in REDUCTIONS:
        fixed(f"F.{name}(input, target, WEIGHT{reduction})", Z, WEIGHT=W)
    case(f"F.{name}(input, target)", Z, dtype="float32")
    case(f"F.{name}(input, target)", {"input": spread(3), "target": [1.0, 0.0, 1.0]})
    case(
        f"F.{name}(input, n)",
        {"input": spread(3), "n": typed("int64", [1, 0, 1])},
        f"{name}(input, n.to(float64))",
    )
    case(f"F.{name}(input, target, reduction='sum')", {"input": [-1000.0, 1000.0, 3.0], "target": [0.0, 1.0, 0.0]})
LOGITS = "binary_cross_entropy_with_logits"
case(f"F.{LOGITS}(input, target)", {"input": 0.25, "target": 1.0})
fixed(f"F.{LOGITS}(input, target, pos_weight=POSITIVE)", Z, POSITIVE=V3)
fixed(f"F.{LOGITS}(input, target, WEIGHT, pos_weight=POSITIVE, reduction='sum')", Z, WEIGHT=W, POSITIVE=V3)
case(f"F.{LOGITS}(input, target, reduction='none')", {"input": [], "target": []})
case(f"F.{LOGITS}(input, m)", {"input": spread(3), "m": [1.0, 0.0, 1.0]}, dtype="float32")

# ---- classes -----------------------------------------------------------------------------------------------------

L = {"x": spread(3, 4, seed=1)}
D = {"x": spread(2, 3, 2, seed=2)}
ONE, FLAT, DEEP = typed("int64", 2), typed("int64", [0, 3, 1]), typed("int64", [[0, 2], [1, 1]])
HOLES = typed("int64", [0, -100, 1])
for name in ("nll_loss", "cross_entropy"):
    for reduction in REDUCTIONS:
        case(f"F.{name}(x, t{reduction})", {**L, "t": FLAT})
        fixed(f"F.{name}(x, t, weight=WEIGHT{reduction})", {**L, "t": FLAT}, WEIGHT=V4)
        case(f"F.{name}(x, t{reduction})", {**D, "t": DEEP})
        fixed(f"F.{name}(x, t, WEIGHT{reduction})", {**L, "t": HOLES}, WEIGHT=V4)
    case(f"F.{name}(input=x, target=t)", {"x": spread(4), "t": ONE})
    fixed(f"F.{name}(x, t, WEIGHT)", {"x": spread(3), "t": ONE}, WEIGHT=V3)
    case(f"F.{name}(x, t, ignore_index=1)", {**L, "t": FLAT})
    fixed(f"F.{name}(x, t, WEIGHT, ignore_index=3, reduction='sum')", {**L, "t": FLAT}, WEIGHT=V4)
    case(f"F.{name}(x, t)", {**L, "t": FLAT}, dtype="float32")
    case(
        f"F.{name}(x, t)", {"x": spread(2, 3, 2, 2, seed=4), "t": typed("int64", [[[0, 1], [2, 0]], [[1, 1], [2, 2]]])}
    )
    case(f"F.{name}(x, t)", {**L, "t": typed("int64", [-100, -100, -100])})
case("F.nll_loss(F.log_softmax(x, dim=1), t)", {**L, "t": FLAT})
case("F.nll_loss(torch.log_softmax(x, 1), [0, 3, 1])", L, "nll_loss(log_softmax(x, 1), torch.tensor([0, 3, 1]))")
case("F.cross_entropy(x, [0, 3, 1])", L, "cross_entropy(x, torch.tensor([0, 3, 1]))")
case("F.cross_entropy(x, 2)", {"x": spread(4)}, "cross_entropy(x, torch.tensor(2))")
SHARES = [[0.1, 0.2, 0.3, 0.4], [0.0, 0.0, 1.0, 0.0], [0.25, 0.25, 0.5, 0.0]]
for reduction in REDUCTIONS:
    case(f"F.cross_entropy(x, t, label_smoothing=0.1{reduction})", {**L, "t": FLAT})
    fixed(f"F.cross_entropy(x, t, WEIGHT, label_smoothing=0.25{reduction})", {**L, "t": HOLES}, WEIGHT=V4)
    case(f"F.cross_entropy(x, p{reduction})", {**L, "p": SHARES})
    case(f"F.cross_entropy(x, p, w, label_smoothing=0.1{reduction})", {**L, "p": SHARES, "w": V4})
case("F.cross_entropy(x, p)", {"x": spread(4), "p": [0.1, 0.2, 0.3, 0.4]})
case("F.cross_entropy(x, p)", {**D, "p": spread(2, 3, 2, low=0, high=1)})
case("F.cross_entropy(x, p, label_smoothing=0.5)", {"x": spread(4), "p": [0.1, 0.2, 0.3, 0.4]}, dtype="float32")
case(
    "F.cross_entropy(x, t, reduction='sum')", {"x": [[1000.0, -1000.0], [-1000.0, 1000.0]], "t": typed("int64", [0, 0])}
)
case(
    "F.cross_entropy(x, p)",
    {"x": [1.0, 2.0, -inf], "p": [1.0, 0.0, 0.0]},
    ours={
        "reason": "a probability of 0 leaves its class out, even one whose logit is -inf; PyTorch's 0 * inf is nan",
        "value": math.log1p(math.e),
        "gradients": {
            "x": [-math.e / (1 + math.e), math.e / (1 + math.e), 0.0],
            "p": [math.log1p(math.e), math.log1p(math.exp(-1)), inf],
        },
    },
    jacobian=False,
    hessian=False,
)
case(
    "F.cross_entropy(x, t)",
    {"x": [40.0, 0.0], "t": typed("int64", 0)},
    ours={
        "reason": "where a share is nearly 1 PyTorch's loss is 0 and its derivative cancels; ours are exact",
        "value": 4.248354255291589e-18,
        "gradients": {"x": [-4.248354255291589e-18, 4.248354255291589e-18]},
        "jacobians": {"x": [-4.248354255291589e-18, 4.248354255291589e-18]},
    },
    hessian=False,
)

# ---- margins and distances ---------------------------------------------------------------------------------------

for reduction in REDUCTIONS:
    case(f"F.multi_margin_loss(x, t{reduction})", {**L, "t": FLAT}, hessian=False)
    fixed(
        f"F.multi_margin_loss(x, t, p=2, margin=0.5, weight=WEIGHT{reduction})",
        {**L, "t": FLAT},
        WEIGHT=V4,
        hessian=False,
    )
fixed("F.multi_margin_loss(x, t, 2, 0.75, WEIGHT)", {**L, "t": FLAT}, WEIGHT=V4, hessian=False)
case("F.multi_margin_loss(x, t)", {"x": spread(4), "t": ONE}, dtype="float32", hessian=False)

LISTS = typed("int64", [[0, 2, -1, 1], [3, -1, 0, 0], [1, 0, 3, 2]])
for reduction in REDUCTIONS:
    case(f"F.multilabel_margin_loss(x, t{reduction})", {**L, "t": LISTS}, hessian=False)
case("F.multilabel_margin_loss(x, t)", {"x": spread(4), "t": typed("int64", [3, 0, -1, 1])}, hessian=False)
case("multilabel_margin_loss(x, t)", {"x": spread(3), "t": typed("int64", [1, -1, -1])}, dtype="float32", hessian=False)

SIGNS = [[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]]
reductions("hinge_embedding_loss", {"input": IN, "target": SIGNS})
case("F.hinge_embedding_loss(x, y, margin=2.0)", {"x": IN, "y": SIGNS})
case("F.hinge_embedding_loss(x, y, 0.5)", {"x": IN, "y": typed("int64", [[1, -1, 1], [-1, 1, -1]])})
case("F.hinge_embedding_loss(x, y)", {"x": spread(3), "y": [1.0, -1.0, -1.0]}, dtype="float32")
case("F.soft_margin_loss(x, y)", {"x": IN, "y": SIGNS}, "soft_margin_loss(x, y)")
case("F.soft_margin_loss(x, y)", {"x": [-30.0, 30.0], "y": [1.0, 1.0]}, "mean(logaddexp(-x * y, 0 * x))")

PAIR: dict[str, Any] = {"input1": IN, "input2": A, "target": SIGNS}
reductions("margin_ranking_loss", PAIR)
reductions("margin_ranking_loss", PAIR, ", margin=0.5")
case("F.margin_ranking_loss(a, b, y)", {"a": spread(3), "b": spread(3, seed=4), "y": [1.0, -1.0, 1.0]}, dtype="float32")

UV = {"x1": spread(2, 3, seed=1), "x2": spread(2, 3, seed=5)}
for text in (
    "F.pairwise_distance(x1, x2)", "F.pairwise_distance(x1, x2, p=1)", "F.pairwise_distance(x1, x2, keepdim=True)",
    "F.pairwise_distance(x1, x2, p=inf)", "F.pairwise_distance(x1, x2, 2.0, 0.25, True)",
    "F.pairwise_distance(x1, x2, p=3, eps=0.01)", "F.cosine_similarity(x1, x2)", "F.cosine_similarity(x1, x2, dim=0)",
    "F.cosine_similarity(x1, x2, dim=-1, eps=0.5)", "F.cosine_similarity(x1, x2, 1, 1e-6)",
):  # fmt: skip
    case(text, UV, text.replace("inf", "math.inf"))
case("F.pairwise_distance(x1, x2)", UV, dtype="float32")
case("F.pairwise_distance(x1, x2)", {"x1": spread(2, 3), "x2": spread(3, seed=3)})
case("F.pairwise_distance(x1, x2)", {"x1": spread(3), "x2": spread(3)})
case("F.cosine_similarity(x1, x2)", UV, dtype="float32")
case("F.cosine_similarity(x1, x2, dim=0)", {"x1": spread(3), "x2": spread(3, seed=3)})
case("F.cosine_similarity(x1, x2, dim=-1)", {"x1": spread(2, 1, 3), "x2": spread(2, 3, seed=3)})
case("F.cosine_similarity(x1, x2, dim=0)", {"x1": [0.0, 0.0], "x2": [1.0, 2.0]}, hessian=False)

COSINES: dict[str, Any] = {**UV, "target": [1.0, -1.0]}
reductions("cosine_embedding_loss", COSINES)
reductions("cosine_embedding_loss", COSINES, ", margin=-0.75")
case("F.cosine_embedding_loss(a, b, y)", {"a": spread(3), "b": spread(3, seed=4), "y": -1.0})
case("F.cosine_embedding_loss(a, b, y)", {"a": spread(3), "b": spread(3, seed=4), "y": 1.0}, dtype="float32")

APN: dict[str, Any] = {
    "anchor": spread(2, 3, seed=1),
    "positive": spread(2, 3, seed=2),
    "negative": spread(2, 3, seed=4),
}
reductions("triplet_margin_loss", APN, ", margin=4.0")
for parameters in ("margin=3.0, p=1", "margin=4.0, swap=True", "5.0, 2.0, 0.01, True, reduction='sum'", "margin=0.01"):
    case(f"F.triplet_margin_loss(anchor, positive, negative, {parameters})", APN)
case(
    "F.triplet_margin_loss(a, b, c)", {"a": spread(3), "b": spread(3, seed=1), "c": spread(3, seed=2)}, dtype="float32"
)
