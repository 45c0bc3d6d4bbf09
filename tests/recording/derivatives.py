"""Derivatives of every kind: Jacobians by inputs of any rank, Hessians in blocks, products with vectors, derivatives of
higher order, and those at many points at once."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from tests.recording.case import Group, spread

GROUP = Group(
    "derivatives",
    names={
        "solve": "linalg.solve",
        "inv": "linalg.inv",
        "softplus": "nn.functional.softplus",
        "concatenate": "cat",
        "range": lambda torch: range,
    },
)


def along(inputs: dict[str, Any]) -> dict[str, Any]:
    """A direction for each input."""
    return {name: _like(value, seed) for seed, (name, value) in enumerate(inputs.items(), 11)}


def _like(value: Any, seed: int) -> Any:
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0]
    return spread(*shape, low=-1, high=1, seed=seed)


def products(expression: str, inputs: dict[str, Any], torch: str | None = None, **facts: Any) -> None:
    """A case with products along directions, of all that is recorded."""
    expression = dedent(expression).strip()
    GROUP.case(expression, inputs, torch and dedent(torch).strip(), along=along(inputs), **facts)


S, T = 0.7, -1.3
V, W = spread(3, seed=1), spread(4, seed=2)
A, B = spread(2, 3, seed=3), spread(3, 2, seed=4)
C = spread(2, 2, 3, seed=5)

# ---- Jacobians: outputs and inputs of rank 0 to 3 --------------------------------------------------------------------

products("s * sin(s * t)", {"s": S, "t": T})
products("s * sin(v)", {"s": S, "v": V})
products("sum(v**3) * s", {"s": S, "v": V})
products("exp(s) * A", {"s": S, "A": A})
products("A @ v", {"A": A, "v": V})
products("tanh(A @ v)", {"A": A, "v": V})
products("A @ B", {"A": A, "B": B})
products("outer(v, w) ", {"v": V, "w": W})
products("sum(C * v, -1)", {"C": C, "v": V})
products("einsum('kij,j->ik', C, v)", {"C": C, "v": V})
products("C[:, 0] * s", {"C": C, "s": S})
products("sin(C)[0] @ v", {"C": C, "v": V})
products("sum(C**2, (0, 2)) / s", {"C": C, "s": S})
products("cumsum(v * w[1:], 0)", {"v": V, "w": W})
products("softmax(A, 1)", {"A": A})
products("v[[2, 0, 0]] * w[:3]", {"v": V, "w": W})
products("concatenate([v, w]) ** 2", {"v": V, "w": W})
products("solve(M, v)", {"M": [[3.0, 1.0, -0.5], [0.2, 2.5, 0.4], [-0.3, 0.6, 4.0]], "v": V})
products("inv(M)", {"M": [[3.0, 1.0], [0.2, 2.5]]})
products("v / (s + w[0]**2)", {"s": S, "v": V, "w": W})
products("(2*x[1:] - x[:-1])**3", {"x": spread(6, seed=6)})
products("A @ v", {"A": A, "v": V}, dtype="float32")
products("exp(-v**2 / s)", {"s": S, "v": V}, dtype="float32")

# ---- Hessians: blocks on the diagonal and across ---------------------------------------------------------------------

products("s**3 * t**2 + sin(s*t)", {"s": S, "t": T})
products("s * sum(v**3)", {"s": S, "v": V})
products("sum(exp(s * v)) + w[0] * w[1] * s", {"s": S, "v": V, "w": W})
products("sum((A @ v)**2) / 2", {"A": A, "v": V})
products("sum(sin(A @ B))", {"A": A, "B": B})
products("log(sum(exp(v))) * sum(w**2)", {"v": V, "w": W})
products("sum(C**3)", {"C": C})
products("v @ M @ v + s * sum(v)", {"v": V, "M": spread(3, 3, seed=7), "s": S}, hessian=False)
products("sum(1 / (1 + exp(-v * s))) + t", {"v": V, "s": S, "t": T})
products("sqrt(mean(v**2)) * t", {"v": V, "t": T})
products("sum(v[1:] * v[:-1]**2)", {"v": V})
products("sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)", {"x": spread(5, seed=8)})
products("prod(v) * s", {"v": V, "s": S})
products("b @ solve(M, b) + log(det(M))", {"M": [[3.0, 1.0], [0.2, 2.5]], "b": [0.5, -1.5]})
products("mean((tanh(A @ v + b) - y)**2)", {"A": A, "v": V, "b": [0.1, -0.4], "y": [0.3, 0.6]}, atol=1e-15)
products("sum(where(v > 0, v**3, v**2)) * s", {"v": V, "s": S})
products("sum(maximum(v, w[:3])**2 * v)", {"v": V, "w": W})
products("s**2 + 0 * t", {"s": S, "t": T})
products(
    """
    r = 0 * s
    for k in range(4):
        r = tanh(r * t + v[k % 3] * s)
    r
    """,
    {"s": S, "t": T, "v": V},
)
products("s * sum(v**2)", {"s": S, "v": V}, dtype="float32")

# ---- higher order ----------------------------------------------------------------------------------------------------

for text, at in (
    ("sin(x)", 0.7), ("exp(-x**2)", 0.6), ("1 / (1 + x**2)", 0.9), ("log(1 + x)", 0.4), ("sqrt(x)", 1.7),
    ("tanh(x)", 0.8), ("x**5 - 3*x**2", -1.2), ("x**2.5", 1.4), ("x**x", 1.3), ("exp(sin(x))", 0.5),
    ("arctan(x) * x", 0.3), ("sinh(x) / cosh(2*x)", 0.4), ("cbrt(x)", 1.9), ("softplus(x)", -0.6), ("erf(x)", 0.35),
    ("log(cosh(x))", 1.1), ("arcsin(x / 2)", 0.8), ("expm1(x) / x", 0.45), ("tan(x)", 0.5),
    ("sigmoid(3*x)", 0.25), ("[x, x**2, x**3] @ [1, x, 2]", 0.6),
    ("sum(exp(x * arange(4)))", 0.3), ("det([[x, 1.0], [2*x, x**2]])", 1.2),
    ("y = x\nfor k in range(5):\n    y = sin(y) + x\ny", 0.4),
    ("x**3 if x > 0 else x**2", 0.7), ("abs(x)**3", -0.8), ("where(x > 1, x**4, exp(x))", 0.7),
):  # fmt: skip
    spelled = {
        "cbrt(x)": "x**(1/3)",
        "[x, x**2, x**3] @ [1, x, 2]": "x + x**3 + 2*x**3",
        "sum(exp(x * arange(4)))": "sum(exp(x * torch.arange(4, dtype=torch.float64)))",
        "det([[x, 1.0], [2*x, x**2]])": "x**3 - 2*x",
    }
    GROUP.case(text, {"x": at}, spelled.get(text), order=4)

GROUP.case(
    "lgamma(x)",
    {"x": 2.3},
    order=4,
    ours={
        "reason": "PyTorch's trigamma is right to 10 digits; these are mpmath's",
        "derivatives": [
            0.15418945495963046, 0.6000398803639695, 0.5425374586652585, -0.2881302433729398, 0.30025713443427243,
        ],
        "hessians": {"x": {"x": 0.5425374586652585}},
    },
)  # fmt: skip

# ---- at many points --------------------------------------------------------------------------------------------------

GROUP.case("sin(x) * x", {"x": spread(7)}, map=["x"])
GROUP.case("x**2 * y", {"x": spread(5), "y": 1.5}, map=["x"])
GROUP.case("x**2 * y", {"x": spread(5), "y": spread(5, seed=1)}, map=["x", "y"])
GROUP.case("sum(tanh(W @ x + b)**2)", {"W": A, "x": spread(4, 3, seed=9), "b": [0.1, -0.4]}, map=["x"])
GROUP.case("log(sum(exp(x)))", {"x": spread(6, 3, seed=2)}, map=["x"])
GROUP.case("x @ M @ x", {"x": spread(4, 2, seed=3), "M": spread(4, 2, 2, seed=4)}, map=["x", "M"])
GROUP.case("sum(where(x > y, x**2, x * y))", {"x": spread(5, 3, seed=5), "y": 0.2}, map=["x"])
GROUP.case("x**2 * y", {"x": spread(5), "y": 1.5}, map=["x"], dtype="float32")
