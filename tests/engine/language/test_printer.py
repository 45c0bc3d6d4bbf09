"""What the printer writes parses to what it was given, and has no bracket too many."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NablaError
from engine.language.parser import parse
from engine.language.printer import format_block, format_program
from engine.language.syntax import Evaluate, Program, Syntax
from engine.limits import Limits

EXACT = [
    *("x", "1", "1.0", "0.5", "1e-05", "1e+20", "True", "None", '"ij,jk->ik"', "'\"'", "np.pi", "x.T"),
    *("a + b - c", "a - (b - c)", "a - (b + c)", "a * b / c", "a / (b * c)", "(a + b) * c", "a + b * c"),
    *("a**b**c", "(a**b)**c", "-a**b", "(-a)**b", "a**-b", "a**-b**c", "a**(-b)**c", "(a + b)**(c + d)"),
    *("--a", "-(a + b)", "-a * b", "-(a * b)", "a - -b", "~a & b", "~(a & b)", "a | b & c", "(a | b) & c"),
    *("not a and b", "not (a and b)", "not not a", "a or b and c", "(a or b) and c", "a and (b and c)"),
    *("a < b <= c", "(a < b) < c", "a < (b < c)", "(not a) == b", "not a == b", "a == (b or c)", "(a < b) + c"),
    *("a if b else c", "a if b else c if d else e", "(a if b else c) if d else e", "a if (b if c else d) else e"),
    *("(a if b else c) + d", "-(a if b else c)", "f(a if b else c)", "[a if b else c]", "x[a if b else c:d]"),
    *("f()", "f(x, axis=0)", "f(axis=0)", "x.sum(dim=-1)", "(x).sum()", "(x).T", "(2).T", "(2)[0]", "x[0].T"),
    *("f(x).T.sum(1)", "(a @ b).T", "(-a).T", "-a.T", "[a, b].sum()", "(a, b)[0]", "(a < b).sum()", '"a".T'),
    *("x[0]", "x[0, 1]", "x[(0, 1)]", "x[:]", "x[1:]", "x[:1]", "x[1:2]", "x[::2]", "x[1::2]", "x[..., None]"),
    *("()", "(a,)", "a, b", "[(a, b)]", "[]", "[a]", "[[a, b], [c, d]]", "(a, b), c"),
    *("y = a + b\ny * 2", "θ + ẋ"),
    *("lambda: x", "lambda x, y: x if y else z", "lambda x: lambda y: (x, y)", "(lambda x: x) if a else lambda: b"),
    *("f(lambda x: -x)", "(lambda x: x) + 1", "not (lambda: x)", "(lambda: x).T", "(lambda: x, y)[0]", "lambda: x, y"),
    *(
        "[i for i in x]",
        "(i for i in x)",
        "sum(i for i in x)",
        "f((i for i in x), y)",
        "f(k=(i for i in x))",
        "f([i for i in x])",
    ),
    *("a.sum(i for i in x)", "(a + b).sum(i for i in x)", "(i for i in x).T", "((i for i in x),)", "[(i for i in x)]"),
    *(
        "[(i, j) for i, (j, k) in x for (i,) in i if i if not j]",
        "[a if b else c for i in (a if b else c) if (lambda: i)]",
    ),
    *(
        "[i for i in x or y if a and b]",
        "[lambda: i for i in x]",
        "[[i for i in j] for j in x][0]",
        "x[(i for i in y)]",
    ),
    *("f(x)(y, k=2)", "x[0](i for i in x)", "(lambda: x)()", "(f if a else g)(x)", "x.f(a)(b)[c].g(d)(e)"),
    *("a, b = b, a", "x = a, b", "x = (a,)", "x = ()", "(a,) = x", "a, (b, (c,)) = x", "a[0], b = x", "a[i, 1:] = x"),
    *("a[i][j:] = a[i][j:] + x", "a, b", "a if b else c, lambda: d", "a = lambda x: x", "a = b == c", "(a, b) + c"),
    *("f(x) = x**2", "f(x, y=2) = (x, y)", "f() = lambda: x", "f(x=(a, b), y=[i for i in x]) = a if b else c"),
    *("def f():\n    pass", "def f(x, y=lambda: x):\n    return", "def f(x):\n    return x, y\nf(1)"),
    *(
        "if a:\n    b",
        "if a:\n    b\nelif (c, d):\n    e\nelif lambda: x:\n    f\nelse:\n    g",
        "if a:\n    b\nelse:\n    if c:\n        d",
    ),
    *(
        "for i in x:\n    break\ny",
        "for i, (j,) in a, b:\n    continue",
        "for (i,) in (x,):\n    if i:\n        for j in i:\n            j\n    i",
    ),
    *("while a if b else c:\n    x = x + 1\n    while a < b:\n        pass\nx",),
]


@pytest.mark.parametrize("text", EXACT)
def test_canonical_text_stays(text: str) -> None:
    assert format_program(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((a))+(b*c)", "a + b * c"),
        ("a^2·π", "a**2 * pi"),
        ("√x²", "sqrt(x)**2"),
        ("x⁻¹", "x**-1"),
        ("x*=a+b", "x = x * (a + b)"),
        ("x-=y", "x = x - y"),
        ("1_000 + 5. + .50 + 007", "1000 + 5.0 + 0.5 + 7"),
        ("f( a,b , )", "f(a, b)"),
        ("f((i for i in (x)))", "f(i for i in x)"),
        ("( (i) for((i),[j]) in (x) if (i) )", "(i for i, (j,) in x if i)"),
        ("[a, [b]] = (x, y)", "a, (b,) = x, y"),
        ("(((a), b)) = c; ( a,b )", "a, b = c\na, b"),
        ("a[ i ] += b", "a[i] = a[i] + b"),
        ("x @= a if b else c", "x = x @ (a if b else c)"),
        ("x **= -y", "x = x**-y"),
        ("f (x)=(x,y)", "f(x) = (x, y)"),
        ("if a : b;c\nelse:d", "if a:\n    b\n    c\nelse:\n    d"),
        ("def f( x,):return(x),(y)", "def f(x):\n    return x, y"),
        ("while(a):\r\n\tb # c\r\n\r\n\tif c: break\r\nd", "while a:\n    b\n    if c:\n        break\nd"),
        ("for(i)in((x,y)) :pass;", "for i in x, y:\n    pass"),
        ("a;b # c\n\n", "a\nb"),
        ("x . T . sum (1)", "x.T.sum(1)"),
        ("1e999", "1e999"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ],
)
def test_other_text_becomes_canonical(text: str, expected: str) -> None:
    assert format_program(parse(text)) == expected
    assert structure(parse(expected)) == structure(parse(text))


# ---- Round trips -----------------------------------------------------------------------------------------------


def structure(part: Any) -> Any:
    """What a program holds, places in the text aside."""
    if isinstance(part, (list, tuple)):
        return [structure(item) for item in part]
    if isinstance(part, (Syntax, Program)):
        names = sorted(set(type(part).__slots__) - {"text"})
        return [type(part).__name__, *(structure(getattr(part, name)) for name in names)]
    return part


def spaced(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map(" ".join)


CLAUSE = st.sampled_from(["for i in", "for (i, [j]) in", "for i, in", "for i, (j, (k,)) in"])


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(inner, max_size=3).map(",".join)
    prefix = st.sampled_from(["-", "+", "~", "not", "√"])
    signs = ["+", "-", "*", "/", "//", "%", "@", "^", "**", "<", ">=", "≠", "and", "or", "&", "|"]
    part = st.one_of(inner, spaced(inner, ":", inner), spaced(":", inner), st.sampled_from([":", "::", "...", "1:"]))
    return st.one_of(
        spaced(inner, st.sampled_from(signs), inner),
        spaced("(", inner, st.sampled_from(signs), inner, ")"),
        spaced("(", prefix, inner, ")"),
        spaced(prefix, inner),
        spaced("(", inner, "if", inner, "else", inner, ")"),
        spaced(inner, "if", inner, "else", inner),
        spaced("(", inner, ")", st.sampled_from([".T", ".sum(1, dim=2)", "[0]", "²", "⁻³", ",)", "(y, k=x)"])),
        spaced("f(", items, st.sampled_from([")", ") [1:, ::2]", ").T.m()"])),
        spaced("g(", inner, ", k =", inner, ")"),
        spaced("x [", st.lists(part, min_size=1, max_size=3).map(",".join), "]"),
        spaced("[", items, "]"),
        spaced("(", inner, ",", inner, ")"),
        spaced(st.sampled_from(["lambda:", "lambda x, y:", "(lambda:"]), inner, st.sampled_from(["", ")"])),
        spaced(st.sampled_from(["[", "(", "f(", "(x).m("]), inner, CLAUSE, inner, st.sampled_from([")", "]"])),
        spaced("f((", inner, CLAUSE, inner, "if", inner, CLAUSE, inner, "), k = y)"),
    )


ATOMS = ["x", "θ", "np.pi", "x.T", "1", "1.5", "1e400", "1e-7", "7" * 30, "True", "None", "'s'", '"\'"', "()"]
EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), _longer, max_leaves=15)
TUPLES = EXPRESSIONS | spaced(EXPRESSIONS, ",", EXPRESSIONS) | spaced("(", EXPRESSIONS, ",)")
TARGETS = [
    "y =",
    "x +=",
    "θ ^=",
    "z //=",
    "x[i, 1:] =",
    "x[0][..., (i, j)] *=",
    "a, (b, [c]) =",
    "(a,) =",
    "[x[i], (a)] =",
]
STATEMENTS = st.one_of(
    spaced(st.sampled_from(["", "", *TARGETS, "return"]), TUPLES),
    spaced(st.sampled_from(["f() =", "f(x, y) ="]), EXPRESSIONS),
    spaced("f( x, y =", EXPRESSIONS, ") =", EXPRESSIONS),
    st.sampled_from(["return", "break", "continue", "pass"]),
)
HEADS = st.one_of(
    spaced(CLAUSE, TUPLES),
    spaced(st.sampled_from(["if", "while"]), EXPRESSIONS),
    spaced("def f ( x, y =", EXPRESSIONS, ",)"),
)


def indented(text: str) -> str:
    return "".join(f"\n\t{line}" for line in text.splitlines())


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    suite = inner.map(indented)
    branches = st.tuples(EXPRESSIONS, suite, EXPRESSIONS, suite, suite)
    return st.one_of(
        st.tuples(inner, inner).map("\n".join),
        st.tuples(HEADS, suite).map(":".join),
        branches.map(lambda parts: "if {}:{}\nelif {}:{}\nelse:{}".format(*parts)),
    )


SUITES = st.recursive(STATEMENTS, _nested, max_leaves=5)
PROGRAMS = SUITES | SUITES.map(lambda text: f"def f():\n while x:{indented(text)}".replace("\t", " \t"))


@settings(max_examples=800, deadline=None)
@given(PROGRAMS)
def test_the_text_parses_to_the_same_program(text: str) -> None:
    try:
        program = parse(text)
    except NablaError:
        return
    printed = format_program(program)
    assert structure(parse(printed)) == structure(program)
    assert format_program(parse(printed)) == printed


def without(text: str, at: int, to: int) -> str:
    return f"{text[:at]} {text[at + 1 : to]} {text[to + 1 :]}"


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS | STATEMENTS)
def test_no_bracket_can_be_left_out(text: str) -> None:
    try:
        program = parse(text)
    except NablaError:
        return
    printed = format_program(program)
    opened: list[int] = []
    for at, character in enumerate(printed):
        if character == "(":
            opened.append(at)
        elif character == ")":
            shorter = without(printed, opened.pop(), at)
            if printed[at - 1] != ",":  # `for i, in x` would do without
                assert not means_the_same(shorter, program)


def means_the_same(text: str, program: Program) -> bool:
    try:
        return structure(parse(text)) == structure(program)
    except NablaError:
        return False


# ---- Size ------------------------------------------------------------------------------------------------------

MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(["x"] * MANY),
        "**".join(["x"] * MANY),
        "-" * MANY + "x",
        "not " * MANY + "x",
        " < ".join(["x"] * MANY),
        f"[{', '.join(['x'] * MANY)}]",
        "x" + "[0]" * MANY,
        "(x)" + ".T" * MANY,
        "\n".join(["x = x + 1"] * MANY),
        "\n".join(["if a:\n    b[i], c = c, b\nelse:\n    def f(x=2):\n        return x, y"] * 14_000),
        ", ".join(["x"] * MANY) + " = y",
        f"f({', '.join(f'x{i}' for i in range(MANY // 10))}) = x",
        "x = [i" + " for i in x if i" * 30_000 + "]",
        " + ".join(["(a if b else c)"] * 20_000),
    ],
    ids=[
        "sum",
        "powers",
        "minus",
        "not",
        "comparison",
        "list",
        "indices",
        "attributes",
        "statements",
        "compound",
        "targets",
        "parameters",
        "clauses",
        "branches",
    ],
)
def test_large_programs(text: str) -> None:
    assert format_program(parse(text)) == text


def test_one_block() -> None:
    (statement,) = parse("(a+b)").statements
    assert isinstance(statement, Evaluate)
    assert format_block(statement.block) == "a + b"


DEEP = Limits(nesting=10_000, text=10_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(" " * level + "if a:" for level in range(1200)) + "\n" + " " * 1200 + "b",
        "f(" * 9_000 + "x" + ")" * 9_000,
        "(a if b else " * 900 + "c" + ")" * 900,
        "lambda: " * 900 + "x",
        "[" * 900 + "i" + " for i in x]" * 900,
        "for " + "(i, " * 9_000 + "j" + ")" * 9_000 + " in x:\n    i",
    ],
    ids=["suites", "calls", "branches", "lambdas", "series", "targets"],
)
def test_nothing_recurs(text: str) -> None:
    """However deep a program nests, if its limits allow it: the printer never calls itself."""
    printed = format_program(parse(text, DEEP))
    assert format_program(parse(printed, DEEP)) == printed
    assert printed.count("(") <= text.count("(")
