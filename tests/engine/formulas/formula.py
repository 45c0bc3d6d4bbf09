"""A formula as people write it, with a second way to compute it that has nothing to do with its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import sympy

import engine

DIGITS = 50


@dataclass(frozen=True)
class Formula:
    """``text`` at ``inputs``, and ``truth``, which says the same to mpmath.

    ``truth`` takes the inputs by their places: numbers of `DIGITS` digits, nested lists of them for tensors, and
    `engine.Input` as its data, by which nothing is differentiated. With ``symbolic`` it is given SymPy's symbols
    instead, and what it returns is differentiated by SymPy. ``rtol`` is wider than its default where the formula
    itself loses digits, which is said there.
    """

    name: str
    source: str
    text: str
    inputs: dict[str, Any]
    truth: Callable[..., Any]
    rtol: float = 1e-12
    symbolic: bool = False

    def expected(self) -> tuple[float, dict[str, Any]]:
        """The value, and the gradient by each input that has one."""
        with mpmath.workdps(DIGITS):
            return self._by_symbols() if self.symbolic else self._by_numbers()

    def _by_numbers(self) -> tuple[float, dict[str, Any]]:
        exact = {name: _exactly(value) for name, value in self.inputs.items()}
        gradients = {}
        for name, value in self.inputs.items():
            if isinstance(value, engine.Input):
                continue
            gradient = np.empty(np.shape(value))
            for place in np.ndindex(gradient.shape):
                gradient[place] = mpmath.diff(lambda t, n=name, p=place: self._moved(exact, n, p, t), _at(value, place))
            gradients[name] = gradient
        return float(self.truth(*exact.values())), gradients

    def _moved(self, exact: dict[str, Any], name: str, place: tuple[int, ...], t: Any) -> Any:
        """The value with one element of one input put to ``t``."""
        return self.truth(*{**exact, name: _with(exact[name], place, t)}.values())

    def _by_symbols(self) -> tuple[float, dict[str, Any]]:
        symbols = [sympy.Symbol(f"s{k}", real=True) for k in range(len(self.inputs))]
        expression = self.truth(*symbols)
        point = {s: sympy.Float(v, DIGITS) for s, v in zip(symbols, self.inputs.values(), strict=True)}
        slopes = [sympy.diff(expression, s) for s in symbols]
        value, *found = [float(e.subs(point).evalf(DIGITS)) for e in (expression, *slopes)]
        return value, dict(zip(self.inputs, map(np.asarray, found), strict=True))


def _exactly(value: Any) -> Any:
    if isinstance(value, engine.Input):
        return value.data
    return [_exactly(v) for v in value] if isinstance(value, list) else mpmath.mpf(value)


def _at(value: Any, place: tuple[int, ...]) -> Any:
    for k in place:
        value = value[k]
    return value


def _with(value: Any, place: tuple[int, ...], t: Any) -> Any:
    if not place:
        return t
    return [_with(v, place[1:], t) if k == place[0] else v for k, v in enumerate(value)]


# What the truths are written with: sums and products of lists, which mpmath has no words for.


def total(terms: Iterator[Any] | list[Any]) -> Any:
    """The sum."""
    return mpmath.fsum(terms)


def dot(a: list[Any], b: list[Any]) -> Any:
    """The inner product of two lists."""
    return mpmath.fsum(x * y for x, y in zip(a, b, strict=True))


def product(a: list[list[Any]], b: list[list[Any]]) -> list[list[Any]]:
    """The product of two matrices."""
    return [[dot(row, list(column)) for column in zip(*b, strict=True)] for row in a]


def mean(a: list[Any]) -> Any:
    """The arithmetic mean."""
    return mpmath.fsum(a) / len(a)


def bell(z: Any) -> Any:
    """The density of the standard normal distribution, and below it its distribution function."""
    return mpmath.npdf(z)


def below(z: Any) -> Any:
    """The probability of less than ``z``, by the incomplete gamma function."""
    tail = mpmath.gammainc(mpmath.mpf(1) / 2, z * z / 2) / mpmath.sqrt(mpmath.pi) / 2
    return tail if z < 0 else 1 - tail
