"""How the time for a text grows with its length: reading, printing, tracing and differentiating programs of each shape
that can be made long, from a hundred tokens to a million.

    python -m benchmarks.language [TOKENS]

For each step of a size the microseconds a token, and the exponent of the growth since the size before: 1 is linear.
Tokens are words and signs; of a loop, a recursion and a comprehension they are those that run, not those that are
written. Limits are raised as far as it takes.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from math import log
from typing import Any

from engine import Limits, Problem
from engine.derivatives import gradient
from engine.language.parser import parse
from engine.language.printer import format_program

MANY = 10**9
LIMITS = Limits(text=MANY, nodes=MANY, elements=MANY, bytes=10**13, flops=1e18, pieces=MANY, steps=MANY, calls=MANY,
                seconds=1e6)  # fmt: skip
INPUTS = {"x": 1.0, "y": 1.0}
ENOUGH = 0.1
FEWEST = 3
"""Seconds and runs that a size is measured for at least; of its runs the best counts."""

_TOKEN = re.compile(r"\w+|\*\*|[^\w\s]")
_DEEP = 190


def _nested(before: str, inner: str, after: str, count: int) -> str:
    """Brackets as deep as they may nest, again and again."""
    return " + ".join([before * _DEEP + inner + after * _DEEP] * max(1, count // _DEEP))


def _indented(count: int) -> str:
    """Conditions in each other as deep as they may be, again and again."""
    block = "".join(f"{' ' * k}if x > 0:\n" for k in range(_DEEP)) + f"{' ' * _DEEP}x = x*y\n"
    return block * max(1, count // _DEEP) + "x"


SHAPES: dict[str, tuple[float, Callable[[int], str]]] = {
    "sum of terms": (4, lambda n: " + ".join(["x*y"] * n)),
    "chain of statements": (5, lambda n: "x = x*y\n" * n + "x"),
    "nested unary": (1, lambda n: "-" * n + "x"),
    "nested brackets": (3, lambda n: _nested("(", "x", "*y)", n)),
    "nested calls": (3, lambda n: _nested("sin(", "x", ")", n)),
    "nested conditionals": (5, lambda n: _nested("(", "x", " if x else y)", n)),
    "nested lambdas": (5, lambda n: "; ".join(["f = " + "lambda: " * _DEEP + "x"] * max(1, n // _DEEP)) + "; x"),
    "long list": (2, lambda n: f"sum([{'x, ' * n}])"),
    "tuple": (2, lambda n: "a = " + "x, " * n + "x\nx"),
    "chain of calls": (6, lambda n: "f(x) = x*y\n" + "x = f(x)\n" * n + "x"),
    "small functions": (12, lambda n: "".join(f"f{k}(x) = x*y\n" for k in range(n)) + f"f{n - 1}(x)"),
    "chain of elif": (9, lambda n: "if x < 0:\n  y = 1\n" + "elif x < 0:\n  y = 1\n" * n + "x*y"),
    "deep indentation": (5, _indented),
    "blank lines, comments": (1, lambda n: "x\n" + "\n# so\n" * n + "x"),
    "loop": (5, lambda n: f"for i in range({n}):\n    x = x*y\nx"),
    "while": (9, lambda n: f"i = 0\nwhile i < {n}:\n    x = x*y; i += 1\nx"),
    "recursion": (15, lambda n: f"def f(x, n):\n    return f(x*y, n - 1) if n > 0 else x\nf(x, {n})"),
    "comprehension": (4, lambda n: f"sum([x*i for i in range({n})])"),
    "append": (9, lambda n: f"h = []\nfor i in range({n}):\n    h.append(x*y)\nx"),
}
"""By name: the tokens that one more makes, and the text of so many."""

RUNS = ("loop", "while", "recursion", "comprehension", "append")
"""Shapes of which few tokens are written, and many run."""


def best(function: Callable[[], Any]) -> float:
    """Seconds for one call, the best of some."""
    found, spent, runs = float("inf"), 0.0, 0
    while spent < ENOUGH or runs < FEWEST:
        begin = time.perf_counter()
        function()
        took = time.perf_counter() - begin
        found, spent, runs = min(found, took), spent + took, runs + 1
    return found


def measure(text: str) -> dict[str, float]:
    """Seconds for each step of a program's way."""
    program = parse(text, LIMITS)
    problem = Problem(text, LIMITS)
    point = problem.point(INPUTS)

    def traced() -> object:
        problem._kept = problem._seen = None
        return problem.graph(point)

    forward = problem.forward(point, "gradient")
    return {
        "parse": best(lambda: parse(text, LIMITS)),
        "format": best(lambda: format_program(program)),
        "trace": best(traced),
        "gradient": best(lambda: gradient(forward, ["x"])),
    }


def main(most: int = 1_000_000) -> None:
    """Print the table."""
    steps = ("parse", "format", "trace", "gradient")
    print(f"{'µs a token, exponent':24} {'tokens':>9} " + " ".join(f"{step:>14}" for step in steps))
    for name, (tokens, make) in SHAPES.items():
        before: dict[str, float] = {}
        size = last = 0
        for wanted in (10**k for k in range(2, 7) if 10**k <= most):
            count = max(1, int(wanted / tokens))
            if name == "append" and wanted > 100_000:
                continue  # each copies the list: quadratic, and held to 10,000 by the limit of pieces
            text = make(count)
            size = int(count * tokens) if name in RUNS else len(_TOKEN.findall(text))
            if size == last:
                continue
            found = measure(text)
            cells = []
            for step in steps:
                exponent = f"{log(found[step] / before[step]) / log(size / last):5.2f}" if before else " " * 5
                shown = (
                    "-"
                    if name in RUNS and step in ("parse", "format")
                    else f"{found[step] / size * 1e6:8.3f} {exponent}"
                )
                cells.append(f"{shown:>14}")
            print(f"{name:24} {size:9,} " + " ".join(cells), flush=True)
            before, last = found, size


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
