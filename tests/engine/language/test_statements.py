"""Statements mean what they mean in Python, whose own parser is the oracle: indentation, targets, functions, loops,
conditions, series."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.language.trees import ours, pythons

# ---- Programs ----------------------------------------------------------------------------------------------------

VALUES = [
    *("x", "y", "1", "2.5", "f(x)", "x[i]", "a[i, 1:]", "-x**2", "x < y", "not x", "[]", "[x, y]", "()", "(x,)"),
    *("(x, y)", "x if y else z", "lambda: x", "lambda x, y: x + y", "lambda x: lambda y: (x, y)"),
    *("[i for i in x]", "(i for i in x if i)", "sum(i for i in x)", "[(i, j) for i, j in z if i if not j]"),
    *("[f(i) for i in x for (j, k), l in y]", "max([[i for i in j] for j in x])", "g(x, k=2)", "x.sum(i for i in x)"),
    *("f(lambda x: x, y)", "f(x, (i for i in y))", "f(k=[i for i in y])", "x if y else lambda: z", "(lambda: x) or y"),
    *("[lambda: i for i in (lambda: x)]", "(\n  x\n+ y)", "[x, # one\n\ty]", "x + \\\n  y", "x[lambda: y:z]"),
    *("f(x)(y, k=i)", "x[i](i for i in x)", "(lambda: x)()", "(f if x else g) (y)", "a.b(x)(y)[i].m(z)(x)"),
]
TARGETS = [
    *("x", "x", "a[i]", "a[i, 1:]", "a[0][x]", "x, y", "(x, y)", "[x, y]", "x, (y, z)", "(x), a[i]", "x, [y]"),
    *("x,", "(x, y), a[i], "),
]
LOOPED = ["i", "i", "i, x", "(i, x)", "[i]", "(i)", "i, (x, y)", "[i, [x]]", "i, x, y", "i,", "(i, (x,)), y"]
SIGNATURES = ["f()", "f(x)", "f(x, y)", "f(x, y=1)", "f (x=lambda: y, )", "f(x=y, y=[i for i in x])"]
SIGNS = ["+", "-", "*", "/", "//", "%", "@", "**", "&", "|"]


def joined(*parts: str | list[str] | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts of these parts, each a text, a choice, or texts of its own."""

    def texts(part: Any) -> st.SearchStrategy[str]:
        if isinstance(part, str):
            return st.just(part)
        return st.sampled_from(part) if isinstance(part, list) else part

    return st.tuples(*map(texts, parts)).map("".join)


VALUE = st.sampled_from(VALUES)
TUPLE = joined(VALUE, ", ", VALUE) | joined(VALUE, " , ", VALUE, ",", VALUE)
SIMPLE = st.one_of(
    VALUE,
    TUPLE,
    joined(TARGETS, ["=", " = ", "= "], VALUE | TUPLE),
    joined(["x", "a[i]", "a[i, :]", "(x)"], " ", SIGNS, "= ", VALUE),
    st.sampled_from(["pass", "break", "continue"]),
    joined("return ", VALUE | TUPLE) | st.just("return"),
)
HEAD = st.one_of(
    joined(["if ", "while "], VALUE, [":", " :"]),
    joined("for ", LOOPED, " in ", VALUE | TUPLE, ":"),
    joined("def ", SIGNATURES, ":"),
)
END = st.sampled_from(
    ["\n"] * 6 + ["\r\n", "\r", " \n", "  # why\n", "\n\n", "\n   \n", "\n # so\n", "\n\t# so\n", ";\n"]
)
INDENT = st.sampled_from(["    ", "    ", "  ", " ", "\t", " \t"])


@st.composite
def suites(draw: st.DrawFn, indent: str, depth: int) -> str:
    """Statements that begin with ``indent``, each with the end of its line."""
    written = ""
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.booleans()):
            written += draw(compounds(indent, depth))
        else:
            written += indent + ";".join(draw(st.lists(SIMPLE, min_size=1, max_size=3))) + draw(END)
    return written


@st.composite
def compounds(draw: st.DrawFn, indent: str, depth: int) -> str:
    head = draw(HEAD)
    written = indent + head + draw(bodies(indent, depth))
    if head.startswith("if"):
        for _ in range(draw(st.integers(0, 2))):
            written += f"{indent}elif {draw(VALUE)}:{draw(bodies(indent, depth))}"
        if draw(st.booleans()):
            written += f"{indent}else:{draw(bodies(indent, depth))}"
    return written


@st.composite
def bodies(draw: st.DrawFn, indent: str, depth: int) -> str:
    """What follows a colon: the rest of the line, or a suite of its own."""
    if draw(st.integers(0, 3)) == 0:
        return " " + "; ".join(draw(st.lists(SIMPLE, min_size=1, max_size=2))) + draw(END)
    return draw(END).replace(";", "") + draw(suites(indent + draw(INDENT), depth - 1))


PROGRAMS = suites("", 3)


@settings(max_examples=1000, deadline=None)
@given(PROGRAMS)
def test_programs_mean_what_they_mean_in_python(text: str) -> None:
    assert ours(text) == pythons(text)


@settings(max_examples=1000, deadline=None)
@given(suites("\t\t", 3))
def test_every_statement_may_stand_in_a_loop_in_a_function(text: str) -> None:
    text = f"def f():\n\twhile x:\n{text}"
    assert ours(text) == pythons(text)


# ---- Lines that may belong together or not -----------------------------------------------------------------------

LINES = [
    *("if x:", "elif y:", "else:", "for i in x:", "while x:", "def f(x):", "return x", "return", "break", "pass"),
    *(
        "x",
        "x = y",
        "x, y = z",
        "x += 1",
        "a[i] = x",
        "if x: y",
        "else: y",
        "for i in x: break",
        "def f(): return",
        "# c",
    ),
    *("", "x; y", "x;", "if x: y; z", "(", ")", "[x,", "x]", "x \\", "while x: if y: z", "x; if y: z", "else: if x: y"),
    *("return x, y", "for i, j in x, y:", "x = ", "x, y", "f(", "x if y else", "lambda x:", "[i for i in x", "if"),
]


@settings(max_examples=3000, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "", " ", "  ", "\t", "    "]), st.sampled_from(LINES)), max_size=7))
def test_lines_in_any_order(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(indent + line for indent, line in lines)
    if not INDENTED.match(text):
        assert ours(text) == pythons(text)


WORDS = [
    *("if", "else", "elif", "for", "in", "while", "def", "return", "lambda", "break", "pass", ":", ";", ",", "="),
    *("x", "y", "f(", "(", ")", "[", "]", "+=", "\n", "\n  ", "x:", "not", "1", "i in x", "f(x):", ".T", "+"),
    *("for i in x", "if x else y", "lambda x:", "if x:", "else:", "x = ", "and", "x, y", "# c\n", "(i,", "pass\n"),
]


@settings(max_examples=4000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=10).map(" ".join))
def test_words_in_any_order(text: str) -> None:
    if not (INDENTED.match(text) or DIFFERENT.search(text)):
        assert ours(text) == pythons(text)


# ---- Where we differ on purpose ----------------------------------------------------------------------------------

INDENTED = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]+[^ \t\n#]")
"""The first line is indented, and perhaps all of them are, as text that was copied out of something may be."""

DIFFERENT = re.compile(r";\s*;|(?:^|\n)\s*;|,\s*(?:[\n;:]|#|\Z)|1 \.")
"""Semicolons with nothing before them; a comma behind a tuple without brackets; a number and a dot."""


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("  x\n  y", "x\ny"),
        ("x;; y;", "x; y"),
        ("x\n; y", "x\ny"),
        ("f(x) = x**2", None),
        ("x ^ y", "x ** y"),
        ("x ^= y", "x **= y"),
        ("007", "7"),
    ],
)
def test_accepted_beyond_python(text: str, same: str | None) -> None:
    assert pythons(text) is None
    assert ours(text) == (ours(same) if same else [("short", "f", [("x", None)], ours("def f(x): return x**2")[0][3])])


@pytest.mark.parametrize(
    "text",
    [
        *("x,", "x, y,", "for i in x, : y"),  # more often a slip than a tuple; (x,) is meant
        *("x += y, z", "5 .T"),
        *("if x:\n if y:\n\t\tz", "if x:\n \t\ty\n\t \ty"),  # a tab never equals blanks
        '"a" "b"',
    ],
)
def test_refused_though_python_has_it(text: str) -> None:
    assert pythons(text) is not None
    assert ours(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "() = x",
            "[] = x",
            "x = y = z",
            "x.T = y",
            "f(x)[0] = y",
            "for x[0] in y: z",
            "for i in x: y\nelse: z",
            "while x: y\nelse: z",
        ),
        *(
            "(f)(x)",
            "(f + g)(x)",
            "(x.T)(y)",
            "lambda x=1: x",
            "lambda *x: x",
            "f(*x)",
            "f(**x)",
            "[*x]",
            "x, *y = z",
            "x: int = 3",
        ),
        *(
            "def f(x: int): x",
            "def f() -> x: y",
            "def f(*x): x",
            "def f(x, *, y): x",
            "def f(x, /): x",
            "@f\ndef g(): x",
        ),
        *(
            "a in b",
            "a << 1",
            "(a := 1)",
            "{x}",
            "{x: y}",
            "{i for i in x}",
            "f'{x}'",
            "b'x'",
            "0x1f",
            "await x",
        ),
        *("del x", "assert x", "raise x", "global x", "import x", "with x: y", "class x: y", "try: x\nexcept: y"),
        *("match x:\n case 1: y", "def f(): yield x", "async def f(): x", "type x = y", "x\f"),
    ],
)
def test_parts_of_python_that_are_not_ours(text: str) -> None:
    assert ours(text) is None


@pytest.mark.parametrize("text", ["if x: ;", "if x: ;\ny", "if x:\n ;\ny", "for i in x: ; y", "; x", ";"])
def test_a_semicolon_is_no_statement(text: str) -> None:
    assert ours(text) is pythons(text) is None
