"""What fuzzing and malice found, and what is said of it now: each of these once crashed, hung, took too much, or could.

`make fuzz-text` looks for more (tests/fuzz). A text has its answer, or the code of the error that it gets.
"""

from typing import Any

import numpy as np
import pytest

import engine
from engine import Limits, NablaError
from engine.language.parser import parse
from engine.language.printer import format_program

LIMITS = Limits(nodes=50_000, elements=100_000, bytes=32 * 2**20, steps=50_000, calls=1_000, seconds=20)
INPUTS = {"x": 1.0, "v": [1.0, 2.0], "n": engine.Input([1, 0], "int64")}
MANY = 20_000

ANSWERED: list[tuple[str, Any]] = [
    ("xs = [x]\nfor t in xs:\n  xs.append(t)\nsum(xs)", 2.0),
    ("a = [x]\na.append(a)\na.append(a)\nlen(a) * x", 3.0),
    ("e = enumerate(range(3))\nfor i, k in e:\n  if k == 1: break\nx * len(list(e))", 1.0),
    ("range = 3\nlen = 2\nrange * len * x", 6.0),
    ("range = x\nrange * len(v)", 2.0),
    ("sin = x\nsin(x)", np.sin(1.0)),
    ("g(y) = y\ndef f(x, h=g): return h(x)\nf(x)", 1.0),
    ("1 if detach(x) > 0 else 2", None),
    ('def g(x):\n    """To be written"""\ndef f(x): return x\nf(x)', 1.0),
    ('if x > 0: """To be written"""\nx', 1.0),
    ("pass;" * 1_000 + "x", 1.0),
    ("x" + "\\\n" * MANY + "+1", 2.0),
    ("if x:\n" + "  y = x\n\n\n\n" * 2_000 + "y", 1.0),
    ("if x:\n" + " " * 100_000 + "y = x\ny", 1.0),
    ("#a\n" * MANY + "x", 1.0),
    ("def f(" + ", ".join(f"a{i}" for i in range(MANY)) + "): return 1\nx", 1.0),
    ("if x < 0:\n  y = 1\n" + "elif x < 0:\n  y = 2\n" * 2_000 + "else:\n  y = x\ny", 1.0),
    ("(" * 150 + "a" + ")" * 150 + " = x\na", 1.0),
    ("x" + " if 1 else x" * 190, 1.0),
    ("".join(" " * i + "if 1:\n" for i in range(199)) + " " * 199 + "y = x\ny", 1.0),
    ("y = v @ v\ns = x\nfor i in range(500):\n  s = sum(y)*0 + s\nif s > 0: s = s + 1\ns", 2.0),
    ("int(n[0]) + int(x > 0)", None),
    ("9" * 400 + " > x", None),
    ("v[int(1e308):int(-1e308):int(1e307)].shape[0] + x", 1.0),
]

REFUSED: list[tuple[str, str]] = [
    ("a = [x]\nfor i in range(100):\n  a.append(a)\nx", "limit_exceeded"),
    ("[x for i in]", "syntax_error"),
    ("f(x for i in)", "syntax_error"),
    ("x;;\n  y", "syntax_error"),
    ("if x: ;", "syntax_error"),
    ("for i, in", "syntax_error"),
    ("(" * MANY, "limit_exceeded"),
    ("len(range(10**30)) + x", "wrong_arguments"),
    ("range(int(1e308))[5] * x", "wrong_arguments"),
    ("v[range(int(1e30), int(2e30), int(1e30))]", "wrong_arguments"),
    ("sum(list(range(10**9))) + x", "limit_exceeded"),
    ("sum(range(10**7)) * x", "limit_exceeded"),
    ("list(zip(" + ", ".join(["range(10**9)"] * 100) + "))", "limit_exceeded"),
    ("e = enumerate(v)\nfor i in range(10000):\n  e = enumerate(e)\nlist(e)", "wrong_arguments"),
    ("e = zip(v)\nfor i in range(10000):\n  e = zip(e)\nsum(v)", "wrong_arguments"),
    ("a = [x]\nfor i in range(3000):\n  a = reversed([a])\na", "wrong_arguments"),
    ("s = (1 for i in range(2))\nfor k in range(3000):\n  s = (s for i in range(1))\nsum(s)", "wrong_arguments"),
    ("a = [1, 1]\nfor i in range(60):\n  a = [a, a]\nsum(a)", "limit_exceeded"),
    ("a = [x, 1]\nfor i in range(60):\n  a = [a, a]\nsum(a)", "limit_exceeded"),
    ("a = [1, 1]\nfor i in range(12):\n  a = [a, a]\nsum(v, axis=a)", "wrong_arguments"),
    ("a = [1, 1]\nfor i in range(12):\n  a = [a, a]\nrange(a)", "wrong_arguments"),
    ("a = (0, 0)\nfor i in range(12):\n  a = (a, a)\nv[a]", "wrong_arguments"),
    ("l = x\nfor i in range(100):\n  l = (x, l)\nl", "wrong_arguments"),
    ("while True: pass\nx", "limit_exceeded"),
    ("for i in range(10**18): pass\nx", "limit_exceeded"),
    ("[1 for a in range(10**9) for b in range(10**9) if 0]", "limit_exceeded"),
    ("[[j for j in range(1000)] for i in range(1000)]", "limit_exceeded"),
    ("f(x) = f(x)\nf(x)", "limit_exceeded"),
    ("f(x) = g(x)\ng(x) = f(x)\nf(x)", "limit_exceeded"),
    ("def f(x, y=f(1)): return 1\nf(x)", "unknown_function"),
    ("def fib(n):\n  return n if n < 2 else fib(n-1) + fib(n-2)\nfib(60) * x", "limit_exceeded"),
    ("def f(n):\n  a = list(range(10**5))\n  return f(n-1) if n > 0 else 0\nf(900) * x", "limit_exceeded"),
    ("h = []\nfor i in range(20000):\n  h.append(x)\nsum(h)", "limit_exceeded"),
    ("a = v\nfor i in range(40):\n  a = concatenate([a, a])\nsum(a)", "limit_exceeded"),
    ("a = [0]*10**9\nsum(a)*x", "wrong_arguments"),
    ("a" + "[0]" * MANY + " = 1", "unknown_name"),
    (", ".join(f"a{i}" for i in range(MANY)) + " = v\na0", "wrong_arguments"),
    ("for " + ",".join(["a"] * MANY) + " in v: pass\nx", "wrong_arguments"),
    ("[" * 150 + "x" + "]" * 150, "wrong_arguments"),
    ("n[0] = 1e300; n", "dtype_error"),
    ("reshape(v, (int(1e308), -1))", "wrong_arguments"),
    ("int(nan) * x", "wrong_arguments"),
    ("float('" + "1" * MANY + "x')", "wrong_arguments"),
    ("lambda x: x", "wrong_arguments"),
    ("[lambda x: x]", "wrong_arguments"),
    ("zip()", "wrong_arguments"),
    ("z = zip(v, v)\na = list(z)\nb = list(z)\nlen(a) + 10*len(b) + x", "wrong_arguments"),
    ("list('abc')", "wrong_arguments"),
    ("def f(): pass\nf() + x", "wrong_arguments"),
    ("x" + ".T.x" * 5_000, "unknown_name"),
    ("s" * 100_000 + "(x)", "unknown_function"),
    ("\n".join("a" * 500 + f"{i} = 1" for i in range(500)) + "\n" + "a" * 499 + "b", "unknown_name"),
]


@pytest.mark.parametrize(("text", "expected"), ANSWERED, ids=lambda value: str(value)[:40])
def test_a_text_has_its_answer(text: str, expected: Any) -> None:
    found = engine.evaluate(text, INPUTS, limits=LIMITS)
    printed = format_program(parse(text))
    assert format_program(parse(printed)) == printed
    assert np.all(np.isfinite(found.value))
    if expected is not None:
        assert found.value == pytest.approx(expected)


@pytest.mark.parametrize(("text", "code"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_text_is_refused_in_few_words(text: str, code: str) -> None:
    with pytest.raises(NablaError) as caught:
        engine.evaluate(text, INPUTS, limits=LIMITS)
    error = caught.value
    assert error.code == code
    assert len(str(error)) <= 510
    assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(text)
