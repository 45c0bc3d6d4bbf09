"""What the printer writes parses to what it was given, and has no bracket too many."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NablaError
from engine.language.parser import parse
from engine.language.printer import format_block, format_program
from engine.language.syntax import Block, Program, Syntax

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
        ("a;b # c\n\n", "a\nb"),
        ("x . T . sum (1)", "x.T.sum(1)"),
        ("1e999", "1e999"),
        ("123456789012345678901234567890", "123456789012345677877719597056"),
    ],
)
def test_other_text_becomes_canonical(text: str, expected: str) -> None:
    assert format_program(parse(text)) == expected
    assert structure(parse(expected)) == structure(parse(text))


# ---- Round trips -----------------------------------------------------------------------------------------------


def fields(node: Syntax) -> list[Any]:
    """What a node holds, its place in the text aside."""
    values = [getattr(node, name) for name in sorted(type(node).__slots__)]
    return [
        type(node).__name__,
        *([fields(inner) for inner in value] if isinstance(value, list) else value for value in values),
    ]


def structure(program: Program) -> list[Any]:
    return [
        (getattr(getattr(s, "target", None), "name", None), [fields(node) for node in s.block])
        for s in program.statements
    ]


def spaced(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map(" ".join)


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
        spaced("(", inner, ")", st.sampled_from([".T", ".sum(1, dim=2)", "[0]", "²", "⁻³", ",)"])),
        spaced("f(", items, st.sampled_from([")", ") [1:, ::2]", ").T.m()"])),
        spaced("g(", inner, ", k =", inner, ")"),
        spaced("x [", st.lists(part, min_size=1, max_size=3).map(",".join), "]"),
        spaced("[", items, "]"),
        spaced("(", inner, ",", inner, ")"),
    )


ATOMS = ["x", "θ", "np.pi", "x.T", "1", "1.5", "1e400", "1e-7", "7" * 30, "True", "None", "'s'", '"\'"', "()"]
EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), _longer, max_leaves=15)
STATEMENTS = spaced(st.sampled_from(["", "y =", "x +=", "θ ^=", "z //="]), EXPRESSIONS)
PROGRAMS = st.lists(STATEMENTS, min_size=1, max_size=3).map("\n".join)


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
    assert len(printed.encode())


def without(text: str, at: int, to: int) -> str:
    return f"{text[:at]} {text[at + 1 : to]} {text[to + 1 :]}"


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
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
        " + ".join(["(a if b else c)"] * 20_000),
    ],
    ids=["sum", "powers", "minus", "not", "comparison", "list", "indices", "attributes", "statements", "branches"],
)
def test_large_programs(text: str) -> None:
    assert format_program(parse(text)) == text


def test_one_block() -> None:
    block: Block = parse("(a+b)").statements[0].block
    assert format_block(block) == "a + b"
