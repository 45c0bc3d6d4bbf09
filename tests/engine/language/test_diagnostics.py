"""Positions, excerpts and the nearest name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.diagnostics import excerpt, locate, nearest, shown

TEXTS = st.text(alphabet="ab\n\r\té\u202e\ud800界", max_size=300)


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("abc", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb\n\nc", 5, (4, 1)),
        ("é界x", 2, (1, 3)),
    ],
)
def test_locate(text: str, offset: int, place: tuple[int, int]) -> None:
    assert locate(text, offset) == place


@given(TEXTS, st.data())
def test_locate_agrees_with_splitting_into_lines(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)).filter(lambda at: text[at - 1 : at + 1] != "\r\n"))
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert locate(text, offset) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("2x", (1, 2), "2x\n ^"),
        ("a\nfoo + 1\nb", (2, 5), "foo + 1\n^^^"),
        ("x +", (3, 3), "x +\n   ^"),
        ("(a\n + b", (0, 7), "(a\n^^"),
        ("\tx y", (3, 4), "\tx y\n\t  ^"),
        ("a\r\nb c\r\n", (5, 6), "b c\n  ^"),
        ("x\u202ey", (1, 2), "x�y\n ^"),
        ("x\ud800", (1, 2), "x�\n ^"),
        ("界 x", (2, 3), "界 x\n\u3000 ^"),
        ("x̂ y", (3, 4), "x̂ y\n  ^"),
        ("", (0, 0), "\n^"),
    ],
)
def test_excerpt(text: str, span: tuple[int, int], expected: str) -> None:
    assert excerpt(text, span) == expected


@pytest.mark.parametrize("at", [0, 5, 70, 500, 940, 999])
def test_a_long_line_is_windowed(at: int) -> None:
    text = "".join(chr(97 + i % 26) for i in range(1000))
    line, carets = excerpt(text, (at, at + 3)).split("\n")
    assert len(line) <= 102
    place = carets.index("^")
    assert line[place : place + carets.count("^")] == text[at : at + 3]
    assert line.startswith("…") == (at > 60)
    assert line.endswith("…") == (at < 960)


def test_a_fault_of_a_thousand_characters_shows_no_more_carets_than_line() -> None:
    line, carets = excerpt("x" * 1000, (10, 1000)).split("\n")
    assert len(carets) == 100 < len(line)


@given(TEXTS, st.integers(0, 300), st.integers(0, 300))
def test_an_excerpt_is_two_lines_that_can_be_sent(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    shown_lines = excerpt(text, (start, min(len(text), start + length)))
    assert shown_lines.encode()
    assert len(shown_lines.splitlines()) == 2 or shown_lines == "\n^"
    assert "^" in shown_lines.split("\n")[1]


NAMES = ["sin", "sinh", "sinc", "cos", "cosh", "tan", "tanh", "exp", "expm1", "log", "log1p", "sqrt", "sum", "softmax"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sinn", "sin"),
        ("Sin", "sin"),
        ("sni", "sin"),
        ("sqr", "sqrt"),
        ("sqrtt", "sqrt"),
        ("TANH", "tanh"),
        ("lgo", "log"),
        ("log1", "log1p"),
        ("sofmax", "softmax"),
        ("soft_max", "softmax"),
        ("wavelet", None),
        ("x", None),
        ("q", None),
        ("", None),
        ("s" * 100_000, None),
    ],
)
def test_nearest(name: str, expected: str | None) -> None:
    assert nearest(name, NAMES) == expected
    assert nearest(name, reversed(NAMES)) == expected


@given(st.text(max_size=8), st.lists(st.text(max_size=8)))
def test_nearest_is_a_candidate(name: str, candidates: list[str]) -> None:
    assert nearest(name, candidates) in {None, *candidates}
    assert nearest("sine", []) is None


@pytest.mark.parametrize(
    ("piece", "words"), [("\ud800", "U+D800"), ("a" * 50, f"`{'a' * 39}…`"), ("\r\n", "the end of the line")]
)
def test_shown(piece: str, words: str) -> None:
    assert shown(piece) == words
