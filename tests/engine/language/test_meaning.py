"""Corners of Python's meaning: what is used up, what has parts, whose a name is, what is lost."""

from typing import Any

import numpy as np
import pytest

import engine
from engine import NablaError

INPUTS = {"x": 3.0, "v": [1.0, 2.0], "A": [[1.0, 5.0], [7.0, 2.0]]}


def value(text: str) -> Any:
    return engine.evaluate(text, INPUTS).value


def refusal(text: str) -> NablaError:
    with pytest.raises(NablaError) as caught:
        engine.evaluate(text, INPUTS)
    return caught.value


def at(text: str, error: NablaError) -> str:
    """The part of the text that an error points at."""
    assert error.span is not None
    return text[slice(*error.span)]


# ---- What gives its items once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("made", ["zip(v, v)", "enumerate(v)"])
def test_what_gives_its_items_one_by_one_has_no_length(made: str) -> None:
    text = f"z = {made}\nn = len(z)\nn"
    error = refusal(text)
    assert (error.code, at(text, error)) == ("wrong_arguments", "len(z)")
    assert f"list({made.partition('(')[0]}(…))" in str(error.hint)
    assert value(f"len(list({made}))") == 2


@pytest.mark.parametrize("use", ["list(z)", "tuple(z)", "sum(z)", "zip(z)", "enumerate(z)", "reversed(z)", "z.shape"])
def test_what_is_used_up_gives_no_second_time(use: str) -> None:
    error = refusal(f"z = zip(v, v)\na = list(z)\nb = {use}\nx")
    assert "each once" in error.message


def test_items_that_are_left_are_given_as_in_python() -> None:
    assert value("z = zip(v, v)\nfor a, b in z: break\nfor a, b in z: x = 10*a\nx") == 20
    assert value("z = enumerate([x, 1, x, 2])\nsum([a*b for (i, a), (j, b) in zip(z, z)])") == 9
    assert value("z = zip([], [])\na = list(z)\nlen(list(z))") == 0


# ---- Values with their places -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "for t in A.max(dim=1): y = t\ny",
        "[t for t in A.max(dim=1)][1]",
        "list(torch.max(A, dim=1))[1]",
        "_, y = A.max(dim=1)\ny",
        "a = [t for _, t in enumerate(A.max(dim=1))]\na[1]",
    ],
)
def test_values_and_places_are_gone_through_as_two(text: str) -> None:
    np.testing.assert_array_equal(value(text), [1, 0])


def test_a_pair_has_two_parts() -> None:
    assert value("len(A.sort(dim=1))") == 2
    assert value("len(A.topk(1))") == 2
    assert refusal("a, b, c = A.max(dim=1)\na").message == "3 names are given, and 2 values"


@pytest.mark.parametrize("text", ["for t in A.max(1): y = t\ny", "len(A.max(1))", "[t for t in A.max(1)]"])
def test_where_numpy_has_no_pair_its_parts_are_in_doubt(text: str) -> None:
    assert "x.max(axis=1) for NumPy's" in str(refusal(text).hint)


# ---- Whole numbers ----------------------------------------------------------------------------------------------

WHOLE = [
    *("3**40 % 7", "2**60 + 1 - 2**60", "-(2**70 + 3) // 10 % 7", "9007199254740993 % 10", "10**30 // 7**5 % 1000"),
    *(
        "2**64 == 2**64 + 1",
        "2**64 < 2**64 + 1",
        "-2**63 - 1 + 2**63",
        "7**300 % 11",
        "12_345_678_901_234_567_891 % 97",
    ),
    "(lambda n: n*n % 1_000_003)(2**61 - 1)",
]


@pytest.mark.parametrize("text", WHOLE)
def test_whole_numbers_are_exact_as_pythons_are(text: str) -> None:
    assert value(text) == eval(text)
    assert value(engine.Problem(text).canonical()) == eval(text)


def test_a_generator_of_random_numbers_gives_pythons() -> None:
    text = "s = 12345\nfor i in range(50): s = (1103515245*s + 12345) % 2147483648"
    names: dict[str, int] = {}
    exec(text, names)
    assert value(f"{text}\ns") == names["s"]


def test_whole_numbers_have_a_largest_size() -> None:
    assert value("2**(2**60)") == value("9**999") == np.inf
    assert value("-7**9999") == -np.inf
    assert value("10**308 * 10**308") == np.inf
    assert value("10**200 // 0") == np.inf
    assert value("2**60 + 0.5 - 2**60") == 0
    assert value("float(2**60 + 1) - 2**60") == 0
    assert value("(10**200 + 1) * x - 10**200 * x") == 0


# ---- Names that a function assigns ------------------------------------------------------------------------------

EARLY = [
    ("def f():\n    y = x\n    x = 3\n    return y\nf()", "x", "line 3 assigns it"),
    ("def f():\n    if v[0] > 9: x = 1\n    return x\nf()", "x", "line 2, which assigns it, did not run"),
    ("def f():\n    x += 1\n    return x\nf()", "x", "line 2 assigns it"),
    ("def f():\n    for x in range(0): pass\n    return x\nf()", "x", "did not run"),
    ("def f():\n    g = lambda: x\n    y = g()\n    x = 3\n    return y\nf()", "x", "line 4 assigns it"),
    ("def f():\n    def g(): return x\n    y = g()\n    x = 3\n    return y\nf()", "x", "line 4 assigns it"),
    ("def f():\n    y = [x for i in range(2)]\n    x = 3\n    return y\nf()", "x", "line 3 assigns it"),
    ("def f():\n    y = A.sum()\n    A = 3\n    return y\nf()", "A.sum()", "line 3 assigns it"),
    ("def f():\n    A[0] = 1\n    A = 3\n    return A\nf()", "A", "line 3 assigns it"),
    ("def f():\n    y = pi\n    pi = 3\n    return y\nf()", "pi", "line 3 assigns it"),
    ("def f():\n    y = g(1)\n    def g(t): return t\n    return y\ndef g(t): return 2*t\nf()", "g", "before line 3"),
]


@pytest.mark.parametrize(("text", "where", "why"), EARLY)
def test_a_name_that_a_function_assigns_is_its_own_from_the_beginning(text: str, where: str, why: str) -> None:
    names: dict[str, Any] = {"x": 3.0, "v": np.ones(2), "A": np.ones((2, 2)), "pi": 3.0}
    with pytest.raises((UnboundLocalError, NameError)):
        exec(text, names)
    error = refusal(text)
    assert error.code in ("unknown_name", "unknown_function")
    assert at(text, error) == where
    assert why in error.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f():\n    g = lambda: x\n    x = 5\n    return g()\nf()", 5),
        ("def f(x):\n    y = [x for x in range(3)]\n    x = x + 1\n    return x\nf(1)", 2),
        ("def f():\n    y = x\n    def g():\n        x = 1\n        return x\n    return y + g()\nf()", 4),
        ("def f():\n    y = x\n    z = [x for x in range(3)]\n    g = lambda x: x\n    return y\nf()", 3),
        ("v[0] = 5\ndef f():\n    v[1] = 7\nf()\nsum(v)", 12),
        ("def f(n):\n    if n: y = f(n - 1)\n    else: y = x\n    return y\nf(3)", 3),
    ],
)
def test_other_names_are_those_outside(text: str, expected: float) -> None:
    assert value(text) == expected


# ---- Writes that nothing sees -----------------------------------------------------------------------------------

LOST = [
    ("def z(a): a[0] = 0\nz(v)\nsum(v)", "a[0] = 0", "return a"),
    ("def f(h, t): h.append(t)\nhs = []\nf(hs, x)\nlen(hs)", "h.append(t)", "return h"),
    ("def z(a):\n    for i in range(1, 2): a[i] = a[i - 1]\nz(v)\nsum(v)", "a[i] = a[i - 1]", "v = z(…)"),
    ("def z(a):\n    b = sum(a)\n    a *= b\nz(v)\nsum(v)", "a *= b", "return a"),
    ("for row in A: row *= 2\nA", "row *= 2", "for i, row in enumerate(A): A[i] = …"),
    ("for r in A: r[0] = 0\nA", "r[0] = 0", "for i, r in enumerate(A): A[i] = …"),
    ("for p, g in zip(A, v): p -= g\nA", "p -= g", "a[i] = …"),
    ("for r in A: r *= 2\nfor r in A: x += sum(r)\nx", "r *= 2", "A stays as it was"),
    ("for r in A: r *= 2\nsum([sum(r) for r in A])", "r *= 2", "A stays as it was"),
    ("while x < 9:\n    for r in A: r[0] = x\n    x += 1\nx", "r[0] = x", "A stays as it was"),
    ("hs = [[x]]\nfor h in hs: h.append(x)\nlen(hs[0])", "h.append(x)", "hs stays as it was"),
    ("def f():\n    for r in A: r *= 2\n    return A\nf()", "r *= 2", "A stays as it was"),
]


@pytest.mark.parametrize(("text", "write", "remedy"), LOST)
def test_a_write_that_nothing_sees_has_a_notice(text: str, write: str, remedy: str) -> None:
    (notice,) = [notice for notice in engine.evaluate(text, INPUTS).notices if notice.code != "unused_input"]
    assert notice.code == "lost_write"
    assert notice.span is not None
    assert text[slice(*notice.span)] == write
    assert remedy in notice.message


SEEN = [
    "def z(a):\n    a[0] = 0\n    return a\nsum(z(v))",
    "def z(a):\n    a[0] = 0\n    return sum(a)\nz(v)",
    "def z(a):\n    g = lambda: a\n    a[0] = 5\n    return sum(g())\nz(v)",
    "def z(a):\n    def g(): return a\n    a[0] = 5\n    return sum(g())\nz(v)",
    "def z(a):\n    s = 0\n    for i in range(2):\n        s += a[0]\n        a[0] = i\n    return s\nz(v)",
    "def z(a):\n    while a[0] < 9: a[0] *= 2\n    return 1\nz(v)",
    "def z(a):\n    a = 1*a\n    a[0] = 2\nz(v)\nsum(v)",
    "def z(i): v[i] = 0\nz(0)\nsum(v)",
    "def z(a):\n    if x > 1: a[0] = 0\n    else: a[1] = 0\n    return a\nsum(z(v))",
    "for r in A:\n    r *= 2\n    x += sum(r)\nx",
    "for r in A: r *= 2\nsum(r)",
    "for r in A: r *= 2",
    "for r in A: r[0] = x",
    "for r in A:\n    for j in range(2):\n        x += r[j]\n        r[j] = 0\nx",
    "r = v\nfor k in range(2):\n    x += sum(r)\n    for r in A: r *= 2\nx",
    "for r in A:\n    r = r*1\n    r[0] = 1\nA",
    "f(r) = 1\ndef g(): return sum(r)\nfor r in A: r *= 2\ng()",
    "for t in v:\n    if t > 1: t *= 2\n    x += t\nx",
    "v[0] = 5\nx",
    "hs = []\nfor t in v: hs.append(t)\nsum(hs)",
]


@pytest.mark.parametrize("text", SEEN)
def test_a_write_that_is_seen_has_none(text: str) -> None:
    assert {notice.code for notice in engine.evaluate(text, INPUTS).notices} <= {"unused_input"}


def test_many_writes_that_nothing_sees_are_found_in_passing() -> None:
    problem = engine.Problem("for r in v: r *= 2\n" * 20_000 + "x")  # no comparison of each write with each use
    assert {notice.code for notice in problem.discarded} == {"lost_write"}


# ---- Small ones -------------------------------------------------------------------------------------------------


def test_brackets_decide_what_a_sum_goes_over() -> None:
    A = np.array(INPUTS["A"])
    assert value("sum([A, 2*A])") == np.sum([A, 2 * A])
    np.testing.assert_array_equal(value("sum(k*A for k in range(3))"), sum(k * A for k in range(3)))
    np.testing.assert_array_equal(value("sum([A, 2*A], axis=0)"), sum([A, 2 * A]))


@pytest.mark.parametrize("text", ["not 0", "not 2.5", "not x", "not x - 3", "not not x", "not []", "not None"])
def test_what_is_no_truth_value_is_negated_as_in_python(text: str) -> None:
    assert value(text) is eval(text, dict(INPUTS))


def test_a_recursion_may_end_by_not() -> None:
    assert value("f(n) = 1 if not n else n * f(n - 1)\nf(5)") == 120
    assert refusal("not v").code == refusal("~x").code == "dtype_error"


@pytest.mark.parametrize("text", ["y, = [x]", "y, = x,", "y, z, = x, 1", "(y, z), = [(x, 1)]"])
def test_a_comma_may_end_a_target(text: str) -> None:
    if text.endswith(","):
        assert refusal(f"{text}\ny").code == "syntax_error"
    else:
        assert value(f"{text}\ny") == value(f"{engine.Problem(text).canonical()}\ny") == 3


@pytest.mark.parametrize("call", ["v.sum(axis=N)", "reshape(v, (N, 2))", "topk(v, N)", "diag(v, N)", "split(v, N)"])
def test_a_number_that_is_no_axis_is_short_in_messages(call: str) -> None:
    for number in ("int(1e300)", "10**300", "1" + "0" * 300):
        assert "1e+300" in refusal(call.replace("N", number)).message
