"""The engine's speed: text to gradient at first sight, the same text again, and long programs.

Peers that the test environment has are timed in the same run, interleaved, because machines are noisy: the
ratios are what to hold on to.
"""

from __future__ import annotations

from collections.abc import Callable
from timeit import timeit

import autograd
import autograd.numpy as anp
import numpy as np

import engine

A1 = "sin(x*y)+exp(-x**2)/(1+y**2)"
POINT = {"x": 0.5, "y": 1.5}
MLP = "h = tanh(x @ W1 + b1)\ng = tanh(h @ W2 + b2)\nmean((g @ W3 + b3 - y)**2)"
ROUNDS = 15


def best(functions: dict[str, Callable[[], object]], number: int) -> dict[str, float]:
    """Microseconds a call: of each function the best of several rounds, in which they take turns."""
    times = {name: float("inf") for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            times[name] = min(times[name], timeit(function, number=number) / number * 1e6)
    return times


def once(text: str) -> float:
    """Microseconds for one gradient of a text never seen before."""
    return timeit(lambda: engine.gradient(text, POINT), number=1) * 1e6


def by_autograd(x: float, y: float) -> object:
    return anp.sin(x * y) + anp.exp(-(x**2)) / (1 + y**2)


def weights() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shapes = {"x": (32, 64), "W1": (64, 64), "b1": (64,), "W2": (64, 64), "b2": (64,), "W3": (64, 1), "b3": (1,),
              "y": (32, 1)}  # fmt: skip
    return {name: rng.normal(size=shape) / 8 for name, shape in shapes.items()}


def main() -> None:
    """Print the table."""
    peer = autograd.value_and_grad(by_autograd, (0, 1))
    problem = engine.Problem(A1)
    small = best(
        {
            "A1, never seen before": lambda: engine.gradient(A1, POINT),
            "A1, again at other inputs": lambda: problem.gradient(POINT),
            "A1, HIPS autograd (no text to parse)": lambda: peer(0.5, 1.5),
        },
        500,
    )
    data = weights()
    network = engine.Problem(MLP)
    large = best(
        {
            "3-layer perceptron, batch 32, never seen": lambda: engine.gradient(MLP, data),
            "3-layer perceptron, again": lambda: network.gradient(data),
        },
        20,
    )
    rows = {**small, **large}
    for n in (1_000, 10_000, 100_000):
        rows[f"sum of {n:,} terms"] = once("+".join(["x*y"] * n))
        rows[f"chain of {n:,} operations"] = once("x*y" + "*1.0" * n)
    for name, microseconds in rows.items():
        print(f"{name:45} {microseconds:12,.1f} µs")


if __name__ == "__main__":
    main()
