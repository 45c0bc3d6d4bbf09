"""The parser agrees with Python's own on what both understand, and says what is wrong with the rest."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import LimitExceeded, NablaError, SyntaxFault
from engine.language.parser import parse
from engine.language.syntax import Apply, Bind, Block, Compare, Comprehension, Conditional, Name, Number, Slice
from engine.limits import Limits
from tests.engine.language import trees
from tests.engine.language.trees import blocks_in, operands, pythons, tree


def block_of(text: str) -> Block:
    (statement,) = parse(text).statements
    return statement.block


def name_of(statement: Any) -> str | None:
    """The plain name that a statement assigns to."""
    target = getattr(statement, "target", None)
    return target.name if isinstance(target, Bind) else None


# ---- Python's own grammar as the oracle ------------------------------------------------------------------------


def oracle(text: str) -> Any:
    """The tree that Python sees in ``text``; None where it sees none, or one that is not ours."""
    return expression(pythons(text))


def expression(statements: Any) -> Any:
    """The tree of an expression; None for what is none, assignments among it."""
    match statements:
        case [("evaluate", found)]:
            return found
    return None


def ours(text: str) -> Any:
    return expression(trees.ours(text))


# ---- Texts -----------------------------------------------------------------------------------------------------

ATOMS = ["x", "y", "a_1", "np.pi", "x.T", "1", "2.5", "1e-3", "1_000", ".5", "True", "None", '"ij"', "()", "[]", "f()"]
BINARY = ["+", "-", "*", "/", "//", "%", "@", "**", "<", "<=", "==", "!=", "and", "or", "&", "|"]
BLANK = st.sampled_from(["", " ", "  "])


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def joined(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)

    several = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    operator = st.sampled_from(BINARY).flatmap(
        lambda sign: BLANK.map(lambda blank: f" {sign} " if sign.isalpha() else blank + sign + blank)
    )
    index = st.one_of(inner, st.sampled_from([":", "::2", "1:", ":-1", "None", "x:y:2"]))
    return st.one_of(
        joined(inner, operator, inner),
        joined(inner, operator, inner),
        joined(st.sampled_from(["-", "+", "~", "- ", "not "]), inner),
        joined("(", BLANK, inner, BLANK, ")"),
        joined(inner, " if ", inner, " else ", inner),
        joined(st.sampled_from(["lambda: ", "lambda x, y : "]), inner),
        joined(
            st.sampled_from(["[", "(", "f("]), inner, " for i in ", inner, " if ", inner, st.sampled_from(["]", ")"])
        ),
        joined(
            st.sampled_from(["f(", "np.sum(", "x.sum ("]),
            several,
            st.sampled_from([")", ",)", ", k=x)", ", k = 1, l=-y)"]),
        ),
        joined("(", inner, st.sampled_from([").T", ").sum(1)", ").T.sum(k=x)", ")[0]", ",)"])),
        joined("[", several, "]"),
        joined("(", several, ", 1)"),
        joined(st.sampled_from(["x", "f(x)", "x.T"]), "[", st.lists(index, min_size=1, max_size=3).map(", ".join), "]"),
    )


EXPRESSIONS = st.recursive(st.sampled_from(ATOMS), _longer, max_leaves=12)
TOKENS = [*"xy1()[]:,.", *BINARY, "not", "if", "else", "=", "~", "f(", "2.", "True", "x.T"]


@settings(max_examples=600, deadline=None)
@given(EXPRESSIONS)
def test_expressions_mean_what_they_mean_in_python(text: str) -> None:
    assert ours(text) == oracle(text)


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=9).map(" ".join))
def test_what_python_refuses_is_refused(text: str) -> None:
    if not text.endswith(","):  # test_statements.py has a list of such differences
        assert ours(text) == oracle(text)


@pytest.mark.parametrize("first", BINARY)
@pytest.mark.parametrize("second", BINARY)
@pytest.mark.parametrize(
    "form", ["a {} b {} c", "-a {} -b {} -c", "a {} (b {} c)", "(not a) {} b {} ~c", "a {} b if c {} d else e"]
)
def test_every_pair_of_operators(first: str, second: str, form: str) -> None:
    text = form.format(first, second)
    assert ours(text) == oracle(text) is not None


@given(EXPRESSIONS.filter(lambda text: ours(text) is not None))
def test_operands_stand_before_what_uses_them_and_every_node_is_used_once(text: str) -> None:
    blocks = [block_of(text)]
    while blocks:
        block = blocks.pop()
        used = []
        for at, node in enumerate(block):
            assert all(0 <= operand < at for operand in operands(node))
            used += operands(node)
            blocks += blocks_in(node)
        assert sorted(used) == list(range(len(block) - 1))


@given(EXPRESSIONS.filter(lambda text: ours(text) is not None))
def test_the_span_of_a_node_is_the_text_of_its_expression(text: str) -> None:
    blocks = [block_of(text)]
    while blocks:
        block = blocks.pop()
        for at, node in enumerate(block):
            spelled = text[node.start : node.end]
            if not isinstance(node, Slice) and not (isinstance(node, Comprehension) and spelled[0] not in "[("):
                assert tree(block_of(spelled)) == tree(block, at)
            blocks += blocks_in(node)


# ---- Any text whatsoever ---------------------------------------------------------------------------------------

SOUP = [
    *TOKENS,
    "\n",
    ";",
    "#",
    '"',
    "'",
    "\\\n",
    "\r\n",
    "...",
    "+=",
    "**=",
    "for",
    "import",
    "while(",
    "None(",
    "√",
    "²",
    "⁻¹",
    "π",
    "≤",
    "!",
]


@settings(max_examples=1500)
@given(st.text() | st.lists(st.sampled_from([*SOUP, " "])).map("".join) | st.text("x1.()[],:=+-*<! \n\"'#²√_"))
def test_any_text_parses_or_says_why_not(text: str) -> None:
    try:
        parse(text)
    except NablaError as fault:
        span, message = fault.span, fault.message + str(fault.hint)
    else:
        return
    assert span is not None
    assert 0 <= span[0] <= span[1] <= len(text)
    assert message.encode().decode().isprintable()


# ---- What Python does not have ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a^b^c", "a**b**c"),
        ("-a^2", "-(a**2)"),
        ("2^-x", "2**-x"),
        ("2·π·r²", "2*pi*r**2"),
        ("a×b÷c−d", "a*b/c-d"),
        ("a ≤ b ≠ c", "a <= b != c"),
        ("-x²", "-(x**2)"),
        ("2**x²", "2**(x**2)"),
        ("x²³", "x**23"),
        ("(x²)³", "(x**2)**3"),
        ("x⁻²", "x**-2"),
        ("f(x)²[0]", "(f(x)**2)[0]"),
        ("√x", "sqrt(x)"),
        ("√x²", "sqrt(x)**2"),
        ("√(x+1)/2", "sqrt(x+1)/2"),
        ("√x.T[0]", "sqrt(x.T[0])"),
        ("2*√√x**3", "2*sqrt(sqrt(x))**3"),
        ("√-x", "sqrt(-x)"),
        ("x . T", "x.T"),
        ("x . sum ( dim = 0 )", "x.sum(dim=0)"),
        ("(x\n  .sum()\n  .T)", "x.sum().T"),
        ("f(a, # first\n  b,\r\n)", "f(a, b)"),
        ("a + \\\n b", "a + b"),
        ("a\t+\u00a0b", "a + b"),
        ("x[0,]", "x[0]"),
        ("x[::]", "x[:]"),
        ("ﬁ", "fi"),
    ],
)
def test_other_spellings(text: str, same: str) -> None:
    assert tree(block_of(text)) == tree(block_of(same))


def test_a_bracketed_name_is_not_part_of_a_path() -> None:
    assert tree(block_of("x.T")) == ("name", "x.T")
    assert tree(block_of("(x).T")) == ("attribute", "T", ("name", "x"))
    assert tree(block_of("(x).sum()")) == ("method", "sum", [], ("name", "x"))


def test_an_ellipsis_stands_in_an_index() -> None:
    assert tree(block_of("a[..., 0]")) == ("index", ("name", "a"), ("literal", ...), ("number", 0.0, True))


def test_one_comparison_for_a_chain() -> None:
    assert [type(node) for node in block_of("0 < x <= 1")] == [Number, Name, Number, Compare]


def test_the_condition_stands_before_the_conditional_and_the_branches_in_blocks_of_their_own() -> None:
    *before, last = block_of("1 + (f(a)*2 if b < c else [d, -e][0])")
    assert [type(node) for node in before] == [Number, Name, Name, Compare, Conditional]
    assert isinstance(last, Apply)
    conditional = before[-1]
    assert isinstance(conditional, Conditional)
    assert conditional.condition == 3
    assert tree(conditional.then) == ("*", ("call", "f", [], ("name", "a")), ("number", 2.0, True))
    assert [operands(node) for node in conditional.otherwise] == [[], [], [1], [0, 2], [], [3, 4]]


@pytest.mark.parametrize(
    ("text", "value", "integral"),
    [
        ("1_000", 1000.0, True),
        ("007", 7.0, True),
        ("5.", 5.0, False),
        (".5", 0.5, False),
        ("1e3", 1000.0, False),
        ("9" * 400, float("inf"), True),
        ("1e999", float("inf"), False),
        ("0." + "0" * 900_000 + "1", 0.0, False),
        ("1" * 900_000, float("inf"), True),
    ],
)
def test_numbers(text: str, value: float, integral: bool) -> None:
    assert tree(block_of(text)) == ("number", value, integral)


# ---- Statements ------------------------------------------------------------------------------------------------


def test_statements() -> None:
    program = parse("a = 1; b = a  # one\n\n;c = (a\n + b)\r\nc")
    assert [name_of(statement) for statement in program.statements] == ["a", "b", "c", None]
    assert [program.text[s.start : s.end] for s in program.statements] == ["a = 1", "b = a", "c = (a\n + b)", "c"]


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "//", "%", "@", "**", "&", "|"])
def test_augmented_assignment(symbol: str) -> None:
    (statement,) = parse(f"x {symbol}= a if b else c").statements
    (same,) = parse(f"x = x {symbol} (a if b else c)").statements
    assert name_of(statement) == "x"
    assert tree(statement.block) == tree(same.block)
    assert (statement.start, statement.block[0].span) == (0, (0, 1))


def test_a_power_may_be_assigned_in_either_spelling() -> None:
    assert tree(block_of("x ^= 2")) == tree(block_of("x **= 2"))


# ---- Faults ----------------------------------------------------------------------------------------------------

FAULTS = [
    # text, span, words of the message, words of the hint
    ("", (0, 0), "empty", "x**2"),
    (" # nothing", (0, 10), "empty", "x**2"),
    ("2x", (1, 2), "expected an operator after `2`, found `x`", "2*x"),
    ("2(x)", (1, 2), "expected an operator after `2`, found `(`", "2*(x)"),
    ("2(x + (y))", (1, 2), "expected an operator", "2*(…)"),
    ("2 sin(x)", (2, 5), "found `sin`", "2*sin(x)"),
    ("2π", (1, 2), "found `pi`", "2*pi"),
    ("sin x", (4, 5), "expected an operator after `sin`", "sin(x)"),
    ("x y", (2, 3), "found `y`", "x*y"),
    ("(x)(y)", (3, 4), "after `)`", "*(y)"),
    ("f(a b)", (4, 5), "after `a`", "a*b"),
    ("sin²(x)", (4, 5), "found `(`", "sin(x)**2"),
    ("x³ ²", (3, 4), "raised number", "x**6"),
    ("1..2", (0, 4), "`1..2` has two points", "one point"),
    ('f("a" "b")', (6, 9), "expected an operator", None),
    ("(x", (0, 1), "`(` is not closed before the end of the text", ")"),
    ("f(x, [y", (5, 6), "`[` is not closed", "]"),
    ("y = (a\n + b", (4, 5), "`(` is not closed", ")"),
    ("(a +", (0, 1), "`(` is not closed", ")"),
    ("(a; b)", (0, 1), "`(` is not closed before `;`", ")"),
    ("x)", (1, 2), "`)` closes nothing", "remove"),
    ("]", (0, 1), "`]` closes nothing", "remove"),
    ("a\n(x]", (4, 5), "`]` does not close the `(` of line 2, column 1", "write )"),
    ("f[x)", (3, 4), "`)` does not close the `[`", "write ]"),
    ("f(x, ]", (5, 6), "`]` does not close the `(`", "write )"),
    ("x +", (3, 3), "expected a value after `+`, found the end of the text", "finish"),
    ("x *\ny", (3, 3), "expected a value after `*`, found the end of the line", "brackets"),
    ("x = ", (4, 4), "after `=`", "finish"),
    ("x++", (3, 3), "after `+`", "+= 1"),
    ("* x", (0, 1), "expected a value, found `*`", None),
    ("x * * y", (4, 5), "after `*`, found `*`", "**"),
    ("f(,)", (2, 3), "after `(`, found `,`", None),
    ("f(a,,b)", (4, 5), "after `,`, found `,`", None),
    ("x[]", (2, 3), "after `[`, found `]`", None),
    ("x[1:2:3:4]", (7, 8), "three parts", "start:stop:step"),
    ("x[0][:::]", (7, 8), "three parts", "start:stop:step"),
    ("...", (0, 3), "found `...`", "index"),
    ("f(...)", (2, 5), "found `...`", "index"),
    ("(1:2)", (2, 3), "found `:`", "index"),
    ("x: 1", (1, 2), "found `:`", "index"),
    ("x: float = 1", (1, 2), "types are not part", "leave the type out"),
    ("x.T = 2", (4, 5), "an attribute cannot be assigned to", "without dots"),
    ("x = y = 3", (6, 7), "a statement has one `=`", "a statement for each"),
    ("f(2) = 2", (2, 3), "a parameter is a plain name", "f(x, y) ="),
    ("x = class", (4, 9), "`class` is not understood", "functions"),
    ("x.", (2, 2), "expected a name after `.`, found the end of the text", "x.T"),
    ("(x).5", (3, 5), "found `.5`", None),
    ("x.(y)", (2, 3), "expected a name after `.`, found `(`", "x.T"),
    ("x == y = 2", (7, 8), "only a plain name", "=="),
    ("x + 1 = 2", (6, 7), "only a plain name", "=="),
    ("True = 1", (5, 6), "only a plain name", "=="),
    ("x = = 3", (4, 5), "found `=`", "=="),
    ("x := 3", (2, 3), "found `:`", "assign with ="),
    ("x => y", (2, 4), "`=>` is not an operator here", ">="),
    ("x =< y", (2, 4), "`=<` is not an operator here", "<="),
    ("x <> y", (2, 4), "`<>`", "!="),
    ("2 += x", (2, 4), "`+=`", None),
    ("x = y += 1", (6, 8), "`+=`", None),
    ("(x += 1)", (3, 5), "`+=`", None),
    ("f(a=1, b)", (7, 8), "without a name follows", "first"),
    ("f(a=1, a=2)", (7, 8), "`a` is given twice", "remove"),
    ("f(a=)", (4, 5), "after `=`, found `)`", None),
    ("f(x.y=1)", (5, 6), "inside an expression", "axis=0"),
    ("f((x)=1)", (5, 6), "inside an expression", "axis=0"),
    ("f(a=b=1)", (5, 6), "inside an expression", "axis=0"),
    ("(a=1)", (2, 3), "inside an expression", "=="),
    ("f(*x)", (2, 3), "found `*`", "one by one"),
    ("return x", (0, 6), "`return`", "last statement"),
    ("import os", (0, 6), "`import` is not understood", "np.exp"),
    ("from os import path", (0, 4), "`from` is not understood", "np.exp"),
    ("a in b", (2, 4), "`in`", "=="),
    ("a not in b", (2, 5), "`not`", "=="),
    ("a == not b", (5, 8), "`not` binds more loosely", "(not x)"),
    ("None(x)", (4, 5), "after `None`, found `(`", None),
    ("True (x)", (5, 6), "after `True`, found `(`", None),
    ("5 .T", (2, 3), "after `5`, found `.`", None),
    ("x.not", (2, 5), "expected a name after `.`, found `not`", None),
    ("x . lambda(y)", (4, 10), "expected a name after `.`, found `lambda`", None),
    ("5 if x", (0, 6), "no `else`", "a if condition else b"),
    ("(5 if x)", (1, 7), "no `else`", "a if condition else b"),
    ("f(5 if x, y)", (2, 8), "no `else`", "a if condition else b"),
    ("5 else x", (2, 6), "`else` without `if`", "a if condition else b"),
    ("a if b else c else d", (14, 18), "`else` without `if`", "a if condition else b"),
    ("a if b if c else d else e", (7, 9), "condition", "brackets"),
    ("|x|", (0, 1), "found `|`", "abs(x)"),
    ("||x||", (0, 2), "found `||`", "norm(x)"),
    ("x!", (1, 2), "`!`", "factorial"),
    ("!x", (0, 1), "found `!`", "not x"),
    ("a && b", (2, 4), "`&&`", "and"),
    ("a || b", (2, 4), "`||`", "or"),
    ("a << 2", (2, 4), "`<<`", "2**n"),
    ("x ? y : z", (2, 3), "`?`", "a if condition else b"),
    ("{x}", (0, 1), "found `{`", "[ ]"),
    ('x + "abc', (4, 5), "is not closed", "close it with"),
    ("1__0", (0, 4), "`1__0` is not a number", "1_000"),
    ("0x1F + y", (0, 4), "decimal", "31"),
    ("y = 1\nx + ∞", (10, 11), "`∞`", "inf"),
    ("__import__('os').system('x')", (0, 10), "two underscores", None),
    ("().__class__", (3, 12), "two underscores", None),
]


@pytest.mark.parametrize(("text", "span", "words", "hint"), FAULTS, ids=[repr(fault[0]) for fault in FAULTS])
def test_faults(text: str, span: tuple[int, int], words: str, hint: str | None) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text)
    assert words in caught.value.message
    assert caught.value.span == span
    if hint is not None:
        assert hint in str(caught.value.hint)


# ---- Size ------------------------------------------------------------------------------------------------------

MANY = 100_000
LARGE = {
    "sum": (" + ".join(["x"] * MANY), 2 * MANY - 1),
    "differences": ("-".join(["x"] * MANY), 2 * MANY - 1),
    "powers": ("**".join(["x"] * MANY), 2 * MANY - 1),
    "comparison": ("<".join("x" * MANY), MANY + 1),
    "minus": ("-" * MANY + "x", MANY + 1),
    "not": ("not " * MANY + "x", MANY + 1),
    "or": (" or ".join("x" * MANY), MANY),
    "list": (f"[{', '.join(['1'] * MANY)}]", MANY + 1),
    "arguments": (f"f({','.join(['1'] * MANY)})", MANY + 1),
    "indices": ("x" + "[0]" * MANY, 2 * MANY + 1),
    "methods": ("(x)" + ".T" * MANY, MANY + 1),
    "branches": ("+".join(["(a if b else c)"] * 20_000), 3 * 20_000 - 1),
    "comments": ("x" + "# y\n" * MANY, 1),
    "path": ("x" + ".T" * MANY, 1),
}


@pytest.mark.parametrize("form", LARGE)
def test_large_expressions(form: str) -> None:
    text, size = LARGE[form]
    assert len(block_of(text)) == size


def test_many_statements() -> None:
    assert len(parse("x = x + 1\n" * MANY).statements) == MANY


def test_a_long_text_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="11 characters, and 10 are allowed") as caught:
        parse("x" * 11, Limits(text=10))
    assert caught.value.details == {"limit": "text", "asked": 11, "allowed": 10}


NESTED = {
    "brackets": ("(", "x", ")", 1),
    "calls": ("f(", "x", ")", 2),
    "spaced calls": ("f (", "x", ")", 3),
    "second arguments": ("f(x, ", "x", ")", 2),
    "lists": ("[", "x", "]", 1),
    "indices": ("x[", "x", "]", 2),
    "methods": ("f(1).g(", "x", ")", 0),
    "roots": ("√", "x", "", 1),
    "branches": ("a if b else ", "c", "", 4),
    "first branches": ("(a if b else ", "c", ")", 0),
}


@pytest.mark.parametrize("form", NESTED)
def test_nesting_has_a_limit(form: str) -> None:
    opening, middle, closing, width = NESTED[form]
    levels = 10 if form == "first branches" else 20
    parse(opening * levels + middle + closing * levels, Limits(nesting=20))
    with pytest.raises(LimitExceeded, match="21 levels, and 20 are allowed") as caught:
        parse(opening * (levels + 1) + middle + closing * (levels + 1), Limits(nesting=20))
    assert caught.value.details == {"limit": "nesting", "asked": 21, "allowed": 20}
    span = caught.value.span
    assert span is not None
    if width:
        assert levels * len(opening) <= span[0] < span[1] <= (levels + 1) * len(opening)


def test_a_closed_bracket_is_no_nesting() -> None:
    text = "+".join(["(f(x)[0] if √(a) else [b])"] * 500)
    assert len(block_of(text)) > 500


@pytest.mark.parametrize("opening", ["(", "f(", "[", "x[", "√", "a if b else ", "(" * 500 + "-"])
def test_hostile_nesting_is_refused_at_once(opening: str) -> None:
    with pytest.raises(LimitExceeded):
        parse(opening * MANY)
