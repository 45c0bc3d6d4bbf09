"""The lexer cuts any text without losing a character, and refuses what no program may contain."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SyntaxFault
from engine.language.lexer import lex, plain_name


def pieces(text: str) -> list[str]:
    return lex(text)[0]


ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.text("a1._ +-*/=()\"'#\n\r\t\\")


def refusal(text: str) -> SyntaxFault | None:
    try:
        lex(text)
    except SyntaxFault as fault:
        return fault
    return None


@given(ASCII)
def test_ascii_pieces_are_the_text(text: str) -> None:
    if fault := refusal(text):
        assert "underscore" in fault.message
        return
    cut, offsets = lex(text)
    assert "".join(cut) == text
    assert [text[start:end] for start, end in pairwise(offsets)] == cut


@given(st.text())
def test_any_text_is_cut_or_refused_with_a_span_inside_it(text: str) -> None:
    if fault := refusal(text):
        assert fault.span is not None
        assert 0 <= fault.span[0] < fault.span[1] <= len(text)
        return
    cut, offsets = lex(text)
    assert len(cut) + 1 == len(offsets)
    assert (offsets[0], offsets[-1]) == (0, len(text))
    assert offsets == sorted(offsets)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e-3", ["1e-3"]),
        ("1_000", ["1_000"]),
        (".5", [".5"]),
        ("5.", ["5."]),
        ("2.5E+10", ["2.5E+10"]),
        ("2e", ["2", "e"]),
        ("x_1", ["x_1"]),
        ("np.linalg.norm(x)", ["np.linalg.norm(", "x", ")"]),
        ("x .T", ["x", " ", ".", "T"]),
        ("not(x)", ["not", "(", "x", ")"]),
        ("a if(b)else(c)", ["a", " ", "if", "(", "b", ")", "else", "(", "c", ")"]),
        ("notable+android", ["notable", "+", "android"]),
        ("a + b", ["a", " + ", "b"]),
        ("a  +  b", ["a", "  ", "+ ", " ", "b"]),
        ("a**-b", ["a", "**", "-", "b"]),
        ("a--b", ["a", "-", "-", "b"]),
        ("a<-b", ["a", "<", "-", "b"]),
        ("a//=b", ["a", "//=", "b"]),
        ("a<=b!=c==d", ["a", "<=", "b", "!=", "c", "==", "d"]),
        ("x[..., 1:]", ["x", "[", "...", ", ", "1", ":", "]"]),
        ("'ij,j'", ["'ij,j'"]),
        ('"a\'b"', ['"a\'b"']),
        ("a # b\nc", ["a", " ", "# b", "\n", "c"]),
        ("a\r\nb\rc", ["a", "\r\n", "b", "\r", "c"]),
        ("a\\\n+b", ["a", "\\\n", "+", "b"]),
    ],
)
def test_pieces(text: str, expected: list[str]) -> None:
    assert pieces(text) == [*expected, ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2·π", ["2", "*", "pi"]),
        ("a × b", ["a", " * ", "b"]),
        ("a – b — c ∗ d ∕ e⁄f", ["a", " - ", "b", " - ", "c", " * ", "d", " / ", "e", "/", "f"]),
        ("a∙b⋅c", ["a", "*", "b", "*", "c"]),
        ("a÷b−c", ["a", "/", "b", "-", "c"]),
        ("a ≤ b≥c≠d", ["a", " <= ", "b", ">=", "c", "!=", "d"]),
        ("x²+y³", ["x", "²", "+", "y", "³"]),
        ("x⁻¹²", ["x", "⁻¹²"]),
        ("√x", ["√", "x"]),
        ("θ.sum(α)", ["θ.sum(", "α", ")"]),
        ("ﬁ", ["fi"]),  # a ligature: NFKC, as in Python
        ("x₁", ["x1"]),
        ("x̂", ["x̂"]),
        ("a\u00a0b", ["a", "\u00a0", "b"]),
        ("\ufeffa", ["\ufeff", "a"]),
        ("πr", ["πr"]),
        ("'π²∞'", ["'π²∞'"]),
        ("a # ∞", ["a", " ", "# ∞"]),
    ],
)
def test_signs_of_mathematics(text: str, expected: list[str]) -> None:
    assert pieces(text) == [*expected, ""]


def test_offsets_count_characters_of_the_text_as_written() -> None:
    assert lex("ﬁ²≤π") == (["fi", "²", "<=", "pi", ""], [0, 1, 2, 3, 4, 4])


@pytest.mark.parametrize("name", ["x", "theta", "θ", "ẏ\u0302", "名前"])
def test_plain_names_stay(name: str) -> None:
    assert plain_name(name) == name


@pytest.mark.parametrize("character", ["\ud800", "\x00", "\x07", "\x0b", "\x0c", "\x7f", "\x85", "\u202e", "\u2066"])
@pytest.mark.parametrize("frame", ["x{}y", "'{}'", "# {}", "{}"])
def test_invisible_characters_are_refused_and_not_echoed(character: str, frame: str) -> None:
    text = frame.format(character)
    with pytest.raises(SyntaxFault) as caught:
        lex(text)
    at = text.index(character)
    assert caught.value.span == (at, at + 1)
    assert character not in caught.value.message + str(caught.value.hint)
    assert f"U+{ord(character):04X}" in caught.value.message


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("__import__('os')", (0, 10)),
        ("x + __name__", (4, 12)),
        ("x.__class__", (0, 11)),
        ("x.__class__.__mro__(y)", (0, 19)),
        ("().__class__", (3, 12)),
        ("f(x) . __class__", (7, 16)),
        ("＿＿x", (0, 3)),  # full width, which NFKC makes plain
        ("x + π.__class__", (4, 15)),
    ],
)
def test_private_names_are_refused(text: str, span: tuple[int, int]) -> None:
    with pytest.raises(SyntaxFault, match="two underscores") as caught:
        lex(text)
    assert caught.value.span == span


@pytest.mark.parametrize("text", ["a__b", "_x", "'__x__'", "# x.__class__", "f('x.__y')"])
def test_underscores_elsewhere_are_fine(text: str) -> None:
    assert "".join(pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "span", "shown"),
    [
        ("a→b", (1, 2), "`→`"),
        ("x + ∞", (4, 5), "`∞`"),
        ("𝟚x", (0, 1), "`𝟚`"),
        ("a.b′", (3, 4), "`′`"),
        ("x\u00ad", (1, 2), "U+00AD"),
    ],
)
def test_symbols_of_no_name(text: str, span: tuple[int, int], shown: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        lex(text)
    assert caught.value.span == span
    assert shown in caught.value.message


def test_a_name_outside_ascii_has_a_greatest_length() -> None:
    lex("é" * 1000)
    with pytest.raises(SyntaxFault, match="1,001 characters"):
        lex("é" * 1001)
