"""Programs mean what they mean in Python: the same text is run by Python itself, over numbers that carry a derivative.

Programs are drawn at random from what the language has of loops, conditions, functions, tuples, lists and
comprehensions.
The oracle knows nothing of ours: Python runs the text, and `Dual` has the rules of calculus for five operations.
"""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine


class Dual:
    """A number with its derivative along one direction."""

    def __init__(self, value: float, slope: float = 0.0) -> None:
        self.value, self.slope = float(value), slope

    def __add__(self, other: Any) -> "Dual":
        o = dual(other)
        return Dual(self.value + o.value, self.slope + o.slope)

    def __mul__(self, other: Any) -> "Dual":
        o = dual(other)
        return Dual(self.value * o.value, self.slope * o.value + self.value * o.slope)

    def __truediv__(self, other: Any) -> "Dual":
        o = dual(other)
        value = self.value / o.value
        return Dual(value, (self.slope - value * o.slope) / o.value)

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> "Dual":
        return self + -dual(other)

    def __rsub__(self, other: Any) -> "Dual":
        return dual(other) - self

    def __rtruediv__(self, other: Any) -> "Dual":
        return dual(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __lt__(self, other: Any) -> bool:
        return self.value < dual(other).value

    def __gt__(self, other: Any) -> bool:
        return self.value > dual(other).value

    def __bool__(self) -> bool:
        return self.value != 0


def dual(x: Any) -> Dual:
    return x if isinstance(x, Dual) else Dual(x)


def sine(x: Any) -> Dual:
    x = dual(x)
    return Dual(math.sin(x.value), math.cos(x.value) * x.slope)


def python(text: str, inputs: dict[str, float], by: str) -> Dual:
    """The name ``out`` after Python has run the text, and its derivative by one of the inputs."""
    names: dict[str, Any] = {name: Dual(value, float(name == by)) for name, value in inputs.items()}
    names |= {"sin": sine}
    exec(text, names)
    return dual(names["out"])


def agree(text: str, inputs: dict[str, float]) -> None:
    try:
        expected = {name: python(text, inputs, name) for name in inputs}
    except (ZeroDivisionError, OverflowError):
        return
    first = next(iter(expected.values()))
    if not all(math.isfinite(v) and abs(v) < 1e100 for d in expected.values() for v in (d.value, d.slope)):
        return
    answer = engine.gradient(f"{text}\nout + 0*({' + '.join(inputs)})", inputs)
    assert answer.value == pytest.approx(first.value, rel=1e-9, abs=1e-9), text
    for name, found in answer.gradients.items():
        assert found == pytest.approx(expected[name].slope, rel=1e-7, abs=1e-7), (name, text)


# ---- Written ----------------------------------------------------------------------------------------------------

WRITTEN = [
    # scopes: a function sees what is outside when it is called, and keeps its names to itself
    "k = 2\ndef f(a):\n    k2 = a * k\n    return k2\nk = 3\nout = f(x) + k",
    "def f(a):\n    a = a * 2\n    return a\na = x\nout = f(a) + a",
    "def outer(a):\n    def inner(b):\n        return a * b\n    a = a + 1\n    return inner(y)\nout = outer(x)",
    "def adder(n):\n    return lambda a: a + n\nout = adder(x)(y) * adder(2)(x)",
    "def f(a, b=x, *_ignored):\n    return a * b\nout = f(y)".replace(", *_ignored", ""),
    "d = x\ndef f(a=d):\n    return a * 2\nd = y\nout = f() + d",
    "fs = []\nfor i in range(3):\n    fs.append(lambda a: a * i)\nout = fs[0](x) + fs[1](x) + fs[2](x)",
    "fs = [lambda a: a * i for i in range(3)]\nout = fs[0](x) + fs[1](y)",
    "i = x\ns = [i * y for i in range(4)]\nout = i + s[2]",
    # functions that call themselves and each other
    "def even(n): return x if n == 0 else odd(n - 1)\n"
    "def odd(n): return y if n == 0 else even(n - 1)\nout = even(7)",
    "def fib(n):\n    if n < 2:\n        return x * n\n    return fib(n - 1) + fib(n - 2)\nout = fib(9)",
    "def power(b, n):\n    if n == 0: return 1\n    h = power(b, n // 2)\n"
    "    return h * h * (b if n % 2 else 1)\nout = power(x, 11)",
    # how loops end
    "out = 0\nfor i in range(9):\n    if i == 2: continue\n    if i > 5: break\n    out = out + x * i",
    "def f():\n    for i in range(5):\n        for j in range(5):\n"
    "            if i * j == 6: return x * i + y * j\n    return 0\nout = f()",
    "out = x\nn = 0\nwhile True:\n    n += 1\n    out = out * y\n    if n > 3: break",
    "out = x\nwhile out < 9:\n    out = out * 2 + y",
    "out = x\nfor i in range(0): out = y",
    "out = 0\nfor i in range(10, 0, -3): out += x * i",
    "out = 0\nfor i, (a, b) in enumerate(zip([x, y], [y, 2])): out += i + a * b",
    "out = 0\nfor a in reversed([x, y, 3]): out = out * 2 + a",
    "for i in range(3): pass\nout = x * i",
    "v = [x, y]\ni = 0\nwhile i < len(v) and v[i] > -9: i += 1\nout = x * i",
    "out = x if 1 > 2 and [][0] > 0 else y\nif 2 > 1 or [][0] > 0: out += 1",
    "def f(a, b=None):\n    if b is None: b = 2\n"
    "    if a is not None and b != None: return a * b\nout = f(x) + f(y, 3)",
    # tuples and lists
    "a, (b, c), d = x, (y, 2), 3\nout = a + b * c - d",
    "a, b = x, y\na, b = b, a\nout = a - 2 * b",
    "def f(a): return a, a * a\np, q = f(x)\nout = p * q",
    "t = (x, y, x * y)\nout = t[0] + t[-1] * t[1:][0]",
    "a = [x, y, 1]\na[1] = a[0] * 3\na[-1] += y\nout = a[0] + a[1] + a[2]",
    "a = [[x, 1], [y, 2]]\na[1][0] = a[0][0] * 2\nout = a[1][0] + a[0][1]",
    "a = []\nfor i in range(4): a.append(x * i)\nout = a[3] + len(a) + sum(a)",
    "ps = [(x, 1), (y, 2)]\nout = sum([a * b for a, b in ps])",
    "out = sum(x * i for i in range(5) if i % 2 == 1)",
    "out = sum(x * i + j for i in range(3) for j in range(i) if j > 0)",
    "out = sum([sum([x * i * j for j in range(3)]) for i in range(3)])",
    "out = max([x, y]) + min(x, y) if x > y else x - y",
    # the blanks of lines
    "if x > 0:\n\tout = x\n\tif y > 100:\n\t\tout = y\nelse:\n\tout = -x",
    "out = y\nif x > 0:\n  # nothing yet\n\n  out = x\n# a comment at the margin\n  out = out * 2",
    "def f(a):\n    '''What it does.\n\n    At length.'''\n    return a * 2\nout = f(x)",
    "if x > 9: out = 1\nelif x > 0: out = x; out = out * 3\nelse: out = y",
    "out = (x +\n  y)\nif (x >\n    0): out = out * 2",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("inputs", [{"x": 1.25, "y": 0.75}, {"x": -0.5, "y": 2.5}])
def test_a_program_means_what_it_means_in_python(text: str, inputs: dict[str, float]) -> None:
    if "while out < 9" in text and inputs["x"] < 0:
        inputs = {"x": 0.5, "y": 2.5}
    agree(text, inputs)


# ---- At random --------------------------------------------------------------------------------------------------

NAMES = ["a", "b", "c"]
ATOMS = ["x", "y", *NAMES, "1", "2", "0.5", "i"]


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]} / (3 + {t[1]} * {t[1]}))"),
        st.tuples(st.sampled_from(["sin", "f", "g"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} < {t[2]} else {t[1]})"),
        st.tuples(inner, st.integers(1, 3)).map(lambda t: f"sum([{t[0]} * i for i in range({t[1]})])"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}, {t[1]}][1]"),
        st.tuples(inner, inner).map(lambda t: f"(lambda i: {t[0]} + i)({t[1]})"),
    )


EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), _longer, max_leaves=6)
CONDITIONS = st.tuples(EXPRESSIONS, st.sampled_from(["<", ">"]), EXPRESSIONS).map(" ".join)


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


SIMPLE = st.one_of(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["=", "+=", "-=", "*="]), EXPRESSIONS).map(" ".join),
    st.tuples(st.permutations(NAMES), EXPRESSIONS, EXPRESSIONS).map(lambda t: f"{t[0][0]}, {t[0][1]} = {t[1]}, {t[2]}"),
).map(lambda line: [line])


def _compound(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    body = st.lists(inner, min_size=1, max_size=3).map(
        lambda parts: indented([line for part in parts for line in part])
    )
    exits = st.tuples(CONDITIONS, st.sampled_from(["break", "continue"])).map(lambda t: [f"    if {t[0]}: {t[1]}"])
    return st.one_of(
        st.tuples(CONDITIONS, body, body).map(lambda t: [f"if {t[0]}:", *t[1], "else:", *t[2]]),
        st.tuples(CONDITIONS, body).map(lambda t: [f"if {t[0]}:", *t[1]]),
        st.tuples(st.integers(0, 3), body, exits, body).map(
            lambda t: [f"for i in range({t[0]}):", *t[1], *t[2], *t[3]],
        ),
        st.tuples(body).map(lambda t: ["n = 0", "while n < 3:", "    n += 1", *t[0]]),
    )


STATEMENTS = st.recursive(SIMPLE, _compound, max_leaves=5)
BODIES = st.lists(STATEMENTS, min_size=1, max_size=4).map(lambda parts: [line for part in parts for line in part])


@st.composite
def programs(draw: st.DrawFn) -> str:
    body = draw(BODIES)
    # f has a body of statements, and calls nothing; g calls f
    inside = [line.replace("f(", "sin(").replace("g(", "sin(") for line in draw(BODIES)]
    result = draw(EXPRESSIONS).replace("f(", "sin(").replace("g(", "sin(")
    lines = [
        "a, b, c, i, n = x, y, 1, 0, 0",
        *["def f(a, b=x):", "    c, i, n = 2, 1, 0", *indented(inside), f"    return {result}"],
        "def g(c): return f(c) - f(1, b=c)",
        *body,
        "out = a + 2 * b - c",
    ]
    return "\n".join(lines)


@settings(max_examples=400, deadline=None)
@given(programs(), st.floats(-2, 2), st.floats(-2, 2))
def test_any_program_means_what_it_means_in_python(text: str, x: float, y: float) -> None:
    agree(text, {"x": x, "y": y})
