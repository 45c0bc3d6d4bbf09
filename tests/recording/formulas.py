"""Formulas of physics, statistics, finance and machine learning."""

from tests.recording.case import Group, diagonal, spread, typed

GROUP = Group(
    "formulas",
    names={
        "det": "linalg.det",
        "solve": "linalg.solve",
        "norm": "linalg.vector_norm",
        "softplus": "nn.functional.softplus",
        "sech": lambda torch: lambda x: 1 / torch.cosh(x),
        "mse_loss": "nn.functional.mse_loss",
    },
)
case = GROUP.case

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
case("layer = (x - mean(x, axis=-1, keepdims=True)) / std(x, axis=-1, keepdims=True); sum(layer**3)",
     {"x": spread(2, 3)},
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
