"""Parsed expressions are kept, and not too many of them."""

import pytest

import engine
from app.cache import Cache


def test_the_same_text_is_the_same_problem() -> None:
    cache = Cache(engine.Limits(), 10, 1000)
    assert cache.problem("x", "float64") is cache.problem("x", "float64")
    assert cache.problem("x", "float64") is not cache.problem("x", "float32")
    assert cache.problem("x", "float64") is not cache.problem("x", "float64", "jax")


def test_the_least_recently_used_goes_first() -> None:
    cache = Cache(engine.Limits(), 2, 1000)
    first, second = cache.problem("a", "float64"), cache.problem("b", "float64")
    assert cache.problem("a", "float64") is first
    cache.problem("c", "float64")
    assert len(cache) == 2
    assert cache.problem("a", "float64") is first
    assert cache.problem("b", "float64") is not second


@pytest.mark.parametrize(("entries", "characters"), [(0, 1000), (10, 0), (10, 5)])
def test_bounds(entries: int, characters: int) -> None:
    cache = Cache(engine.Limits(), entries, characters)
    for text in ("aa", "bb", "cc", "dddddddd"):
        cache.problem(text, "float64")
    assert len(cache) <= min(entries, characters // 2)


def test_what_cannot_be_parsed_is_not_kept() -> None:
    cache = Cache(engine.Limits(), 10, 1000)
    with pytest.raises(engine.NablaError):
        cache.problem("2x", "float64")
    assert len(cache) == 0
