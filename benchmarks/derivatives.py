"""Derivatives at scale: how time and memory grow with the number of variables, the order and the points, beside CasADi
and PyTorch.

    python -m benchmarks.derivatives [TASK ...]     jacobian, dense, hessian, taylor, map; all by default

Every figure is measured in a process of its own, with one thread. Those to be compared take turns, and what is shown is
the median of the turns. `first` is all of it: reading the text (in CasADi: making the expression), the pattern, the
colours, and the first answer; `again` is an answer at another point, the median of several; `peak` is by how much the
largest resident memory (`getrusage`, ru_maxrss) has grown since the libraries and the inputs were there. Behind each is
the exponent of its growth since the size before. All must give the same numbers, or it ends with an error.

PyTorch is in the environment of `make record`; where there is none it is left out, and said.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isclose, log
from typing import Any

# Libraries are loaded by those who measure with them: this process stays small, for a child starts with its peak.

TURNS = 3
AGAIN = 5
"""Answers after the first that are timed, and for how many seconds at most."""
SECONDS = 3.0
RECORD = ".venv/record/bin/python"

BRATU = "h = 1 / (len(x) + 1)\nu = pad(x, 1)\n(u[:-2] - 2*x + u[2:]) / h**2 + exp(x)"
ROSENBROCK = "a, b = x[:-1], x[1:]\nsum(100*(b - a**2)**2 + (1 - a)**2)"
SERIES = "exp(sin(x)) / (1 + x**2) + tanh(x) * log(2 + x)"
AT_POINTS = "exp(-x**2) * sin(3*x) / (1 + x**2)"

Ask = Callable[[Any], Any]
Builder = Callable[[], Ask]


def vector(n: int) -> Any:
    """Numbers between 0.2 and 1.8, in no order."""
    import numpy as np

    return 0.2 + 1.6 * ((np.arange(1, n + 1) * 0.6180339887498949) % 1)


def by_engine(ask: Callable[[Any, Any], Any], text: str) -> Builder:
    """What asks a text's `Problem`."""
    import engine

    def build() -> Ask:
        problem = engine.Problem(text)
        return lambda x: ask(problem, x)

    return build


def by_casadi(derive: Callable[[Any], Any], n: int) -> Builder:
    """What derives over symbols, an element each, and calls the function that comes of it."""
    import casadi

    def build() -> Ask:
        x = casadi.SX.sym("x", n)
        return casadi.Function("f", [x], [derive(x)])

    return build


def loaded_torch() -> Any:
    """PyTorch with one thread, and with what it loads when it is first asked."""
    import torch

    torch.set_num_threads(1)
    torch.func.vmap(torch.func.grad(torch.sin))(torch.ones(2))
    torch.func.jacrev(torch.sin)(torch.ones(2))
    return torch


def jacobian_nabla(n: int) -> tuple[Builder, Any]:
    ask = by_engine(lambda problem, x: problem.jacobian({"x": x}, format="coo").jacobians["x"].values, BRATU)
    return ask, vector(n)


def jacobian_casadi(n: int) -> tuple[Builder, Any]:
    import casadi

    def derive(x: Any) -> Any:
        u = casadi.vertcat(0, x, 0)
        return casadi.jacobian((u[:-2] - 2 * x + u[2:]) * (n + 1) ** 2 + casadi.exp(x), x)

    return by_casadi(derive, n), vector(n)


def hessian_nabla(n: int) -> tuple[Builder, Any]:
    ask = by_engine(lambda problem, x: problem.hessian({"x": x}, format="coo").hessians["x"]["x"].values, ROSENBROCK)
    return ask, vector(n)


def hessian_casadi(n: int) -> tuple[Builder, Any]:
    import casadi

    def derive(x: Any) -> Any:
        a, b = x[:-1], x[1:]
        return casadi.hessian(casadi.sum1(100 * (b - a**2) ** 2 + (1 - a) ** 2), x)[0]

    return by_casadi(derive, n), vector(n)


def matrix(n: int) -> Any:
    return (vector(n * n).reshape(n, n) - 1) / n


def dense_nabla(n: int) -> tuple[Builder, Any]:
    W = matrix(n)
    ask = by_engine(lambda problem, x: problem.jacobian({"W": W, "x": x}, wrt=["x"]).jacobians["x"], "tanh(W @ x)")
    return ask, vector(n)


def dense_torch(n: int) -> tuple[Builder, Any]:
    torch = loaded_torch()
    W = torch.from_numpy(matrix(n))
    return lambda: torch.func.jacrev(lambda x: torch.tanh(W @ x)), torch.from_numpy(vector(n))


def taylor_nabla(order: int) -> tuple[Builder, Any]:
    return by_engine(lambda problem, x: problem.taylor({"x": x}, order=order).coefficients, SERIES), 0.4


def taylor_mpmath(order: int) -> tuple[Builder, Any]:
    import mpmath

    mpmath.mp.dps = 30 + order

    def function(x: Any) -> Any:
        return mpmath.exp(mpmath.sin(x)) / (1 + x**2) + mpmath.tanh(x) * mpmath.log(2 + x)

    return lambda: lambda x: mpmath.taylor(function, x, order), 0.4


def taylor_torch(order: int) -> tuple[Builder, Any]:
    torch = loaded_torch()

    def nested(x: Any) -> Any:
        x = x.clone().requires_grad_()
        y = torch.exp(torch.sin(x)) / (1 + x**2) + torch.tanh(x) * torch.log(2 + x)
        found, factorial = [y.item()], 1
        for k in range(1, order + 1):
            (y,) = torch.autograd.grad(y, x, create_graph=True)
            factorial *= k
            found.append(y.item() / factorial)
        return found

    return lambda: nested, torch.tensor(0.4, dtype=torch.float64)


def map_nabla(n: int) -> tuple[Builder, Any]:
    return by_engine(lambda problem, x: problem.map(["x"]).gradient({"x": x}).gradients["x"], AT_POINTS), vector(n)


def map_loop(n: int) -> tuple[Builder, Any]:
    def each(problem: Any, xs: Any) -> list[float]:
        return [problem.gradient({"x": x}).gradients["x"] for x in xs.tolist()]

    return by_engine(each, AT_POINTS), vector(n)


def map_torch(n: int) -> tuple[Builder, Any]:
    torch = loaded_torch()

    def function(x: Any) -> Any:
        return torch.exp(-(x**2)) * torch.sin(3 * x) / (1 + x**2)

    return lambda: torch.func.vmap(torch.func.grad(function)), torch.from_numpy(vector(n))


@dataclass(frozen=True)
class Task:
    """What is measured, at which sizes, by whom; some only up to a size."""

    title: str
    sizes: tuple[int, ...]
    peers: dict[str, Callable[[int], tuple[Builder, Any]]]
    most: dict[str, int]

    def at(self, size: int) -> list[str]:
        return [peer for peer in self.peers if size <= self.most.get(peer, size)]


TASKS = {
    "jacobian": Task(
        "Jacobian, tridiagonal: u'' + exp(u) on n points",
        (1_000, 10_000, 100_000),
        {"nabla, coo": jacobian_nabla, "casadi, SX": jacobian_casadi},
        {},
    ),
    "dense": Task(
        "Jacobian, dense: tanh(W@x)", (50, 200, 800), {"nabla": dense_nabla, "torch jacrev": dense_torch}, {}
    ),
    "hessian": Task(
        "Hessian of Rosenbrock's function of n variables",
        (1_000, 10_000, 100_000),
        {"nabla, coo": hessian_nabla, "casadi, SX": hessian_casadi},
        {},
    ),
    "taylor": Task(
        "Taylor series to order n: " + SERIES,
        (5, 10, 20, 40),
        {"nabla": taylor_nabla, "mpmath, differences": taylor_mpmath, "torch, nested": taylor_torch},
        {"torch, nested": 5},
    ),
    "map": Task(
        "Gradients at n points: " + AT_POINTS,
        (10, 1_000, 100_000),
        {"nabla, map": map_nabla, "nabla, a loop": map_loop, "torch vmap(grad)": map_torch},
        {"nabla, a loop": 1_000},
    ),
}
MEASURES = ("first", "again", "peak")


def measure(task: str, peer: str, size: int) -> dict[str, float]:
    """Seconds for the first answer and for another, the growth of the peak in bytes, and the sum of the answer."""
    build, point = TASKS[task].peers[peer](size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    ask = build()
    answer = ask(point)
    first = time.perf_counter() - begin
    again: list[float] = []
    while len(again) < AGAIN and sum(again) < SECONDS:
        elsewhere = point + 0.001 * (len(again) + 1)
        begin = time.perf_counter()
        ask(elsewhere)
        again.append(time.perf_counter() - begin)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"first": first, "again": statistics.median(again), "peak": 1024.0 * grown, "sum": total(answer)}


def total(answer: Any) -> float:
    """The sum of all numbers of an answer, whatever holds them."""
    if hasattr(answer, "nonzeros"):
        answer = answer.nonzeros()
    return float(sum(answer) if isinstance(answer, list) else answer.sum())


def apart(python: str, task: str, peer: str, size: int) -> dict[str, float]:
    """`measure`, in a process of its own."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [python, "-m", "benchmarks.derivatives", "measure", task, peer, str(size)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{task} by {peer} at {size}:\n{done.stderr}")
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def has_torch(python: str) -> bool:
    try:
        return not subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode
    except OSError:
        return False


def turns(task: str, size: int, torch: str | None) -> dict[str, dict[str, float]]:
    """The medians of each peer's turns; those of PyTorch are left out where there is none."""
    peers = {
        peer: torch if peer.startswith("torch") else sys.executable
        for peer in TASKS[task].at(size)
        if torch or not peer.startswith("torch")
    }
    runs: dict[str, list[dict[str, float]]] = {peer: [] for peer in peers}
    for _ in range(TURNS):
        for peer, python in peers.items():
            runs[peer].append(apart(str(python), task, peer, size))
    found = {p: {name: statistics.median(run[name] for run in each) for name in each[0]} for p, each in runs.items()}
    sums = {peer: figures["sum"] for peer, figures in found.items()}
    wanted = next(iter(sums.values()))
    if not all(isclose(s, wanted, rel_tol=1e-9) for s in sums.values()):
        raise RuntimeError(f"{task} at {size}: the answers differ, their sums are {sums}")
    return found


def cells(figures: dict[str, float], before: dict[str, float] | None, growth: float) -> Iterator[str]:
    """Each measure with its exponent; a peak too small to be seen has none."""
    for name in MEASURES:
        value = figures[name]
        shown = f"{value / 2**20:10.1f} MB" if name == "peak" else f"{value * 1e3:10.3f} ms"
        grows = before and value > 0 and before[name] > 0
        yield shown + (f"{log(value / before[name]) / log(growth):6.2f}" if before and grows else " " * 6)


def main(*names: str) -> None:
    """Print the table of the tasks named, or of all."""
    torch = RECORD if has_torch(RECORD) else None
    if torch is None:
        print(f"there is no PyTorch in {RECORD}: it is left out (make record installs it)")
    print(f"{'':22} {'n':>9} " + " ".join(f"{name + ', exponent':>19}" for name in MEASURES))
    for name in names or TASKS:
        task = TASKS[name]
        print(task.title)
        last: dict[str, tuple[int, dict[str, float]]] = {}
        for size in task.sizes:
            for peer, figures in turns(name, size, torch).items():
                smaller, before = last.get(peer, (1, None))
                print(f"  {peer:20} {size:9,} " + " ".join(cells(figures, before, size / smaller)), flush=True)
                last[peer] = size, figures


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
    else:
        main(*sys.argv[1:])
