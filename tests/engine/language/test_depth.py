"""Nothing recurses: what is deep or long in a program is not in Python's own calls, of which few are allowed here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import engine
from engine.errors import LimitExceeded, ShapeMismatch, WrongArguments
from engine.language.parser import parse
from engine.language.printer import format_program
from engine.language.values import DEEPEST
from engine.shapes import MOST_AXES

ROOM = 60
"""Calls in each other that any question takes, the doctest's own ones left out."""

NESTING = 200


@contextmanager
def shallow() -> Iterator[None]:
    """Python refuses more than `ROOM` calls from here."""
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + ROOM)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def indented(count: int, line: str, last: str) -> str:
    return "".join(f"{' ' * k}{line}\n" for k in range(count)) + f"{' ' * count}{last}\n"


PROGRAMS = {
    "a sum of 20,000 terms": (" + ".join(["x"] * 20_000), 20_000.0),
    "20,000 statements": ("x = x * 1.0\n" * 20_000 + "x", 1.0),
    "10,000 signs": ("-" * 10_000 + "x", 1.0),
    "10,001 signs": ("-" * 10_001 + "x", -1.0),
    "10,000 powers": ("**".join(["x"] * 10_000), 1.0),
    "10,000 indices": ("a = [x]\n" + "; ".join(["a[0] = a[0] * 1"] * 10_000) + "; a[0]", 1.0),
    "a list of 20,000": (f"sum([{'x, ' * 20_000}])", 20_000.0),
    "a tuple of 5,000": (f"a = ({'x, ' * 5_000})\nsum(a)", 5_000.0),
    "brackets": ("(" * NESTING + "x" + "*1.0)" * NESTING, 1.0),
    "calls": ("abs(" * NESTING + "x" + ")" * NESTING, 1.0),
    "lists": ("sum([" * (NESTING // 2) + "x" + "])" * (NESTING // 2), 1.0),
    "conditionals in brackets": ("(" * 99 + "x" + " if x > 0 else 2)" * 99, 1.0),
    "conditionals behind each other": ("2 if x < 0 else " * 199 + "x", 1.0),
    "lambdas": ("f = " + "lambda: " * 199 + "x\n" + "f = f()\n" * 198 + "f()", 1.0),
    "lambdas called": ("(lambda: " * 99 + "x" + ")()" * 99, 1.0),
    "comprehensions": ("len(" + "[" * 60 + "x" + " for i in range(1)]" * 60 + ") * x", 1.0),
    "comprehensions over each other": (f"sum({'[i for i in ' * 150}[x, x]{']' * 150})", 2.0),
    "targets": ("(" * 60 + "y" + ",)" * 60 + " = " + "(" * 60 + "x" + ",)" * 60 + "\ny", 1.0),
    "targets in a loop": ("for " + "(" * 199 + "y" + ")" * 199 + " in [x]: pass\ny", 1.0),
    "conditions": (indented(199, "if x > 0:", "y = x") + "y", 1.0),
    "loops": (indented(199, "for i in range(1):", "y = x") + "y", 1.0),
    "functions in functions": (
        "".join(f"{' ' * k}def f{k}(x):\n" for k in range(199))
        + " " * 199 + "return x\n"
        + "".join(f"{' ' * k}return f{k}(x)\n" for k in range(198, 0, -1))
        + "f0(x)", 1.0),
    "5,000 branches": ("if x < 0:\n  y = 1\n" + "elif x < 0:\n  y = 2\n" * 5_000 + "else:\n  y = x\ny", 1.0),
    "calls of a function by itself": ("def f(x, n):\n  return f(x, n - 1) * 1.0 if n else x\nf(x, 9_000)", 1.0),
    "calls of two by each other": ("f(x, n) = g(x, n - 1) if n else x\ng(x, n) = f(x, n)\nf(x, 4_500)", 1.0),
    "a chain of 5,000 functions": (
        "def after(f):\n  return lambda x: x * 1.0 if f is None else f(x)\nh = lambda x: x\n"
        "for k in range(5_000):\n  h = after(h)\nh(x)".replace("f is None", "x < 0"), 1.0),
    "10,000 passes": ("for i in range(10_000):\n  x = x * 1.0\nx", 1.0),
}  # fmt: skip
"""Programs with their gradients by x at x = 1."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_calls_itself(name: str) -> None:
    text, expected = PROGRAMS[name]
    engine.gradient("sum([abs(x), -x, x**2][:2])", {"x": 1.0})  # what is imported late is, now
    with shallow():
        printed = format_program(parse(text))
        found = engine.gradient(text, {"x": 1.0})
        again = engine.evaluate(text, {"x": 1.0})
    assert found.gradients["x"] == expected
    assert again.value == found.value
    assert format_program(parse(printed)) == printed


def test_lists_nest_to_a_depth_of_their_own() -> None:
    def nested(levels: int) -> str:
        return (
            f"a = {'[' * levels}x, 2{']' * levels}\nsum(a)" if levels <= MOST_AXES else f"{'[' * levels}x{']' * levels}"
        )

    assert engine.gradient(nested(MOST_AXES), {"x": 1.0}).gradients["x"] == 1.0
    with pytest.raises(ShapeMismatch, match=f"at most {MOST_AXES} axes"):
        engine.gradient(nested(MOST_AXES + 1), {"x": 1.0})
    with pytest.raises(WrongArguments, match=f"{DEEPEST} levels"):
        engine.gradient(nested(DEEPEST + 1), {"x": 1.0})


def test_the_room_is_small() -> None:
    def deep(n: int) -> int:
        return deep(n - 1) if n else 0

    with shallow(), pytest.raises(RecursionError):
        deep(ROOM)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("(" * 300 + "x" + ")" * 300, "nesting"),
        ("f = " + "lambda: " * 300 + "x\nx", "nesting"),
        (indented(300, "if x:", "y = x"), "nesting"),
        ("[" * 300 + "x" + " for i in range(2)]" * 300, "nesting"),
        ("f(x) = f(x)\nf(x)", "calls"),
        ("def f(g): return lambda: g(g)\nh = lambda f: f(f)\nh(h)", "calls"),
    ],
)
def test_what_is_deeper_is_refused(text: str, limit: str) -> None:
    with shallow(), pytest.raises(LimitExceeded) as caught:
        engine.gradient(text, {"x": 1.0})
    assert caught.value.details["limit"] == limit
