"""Numbers of twice the precision: sums of two doubles, for the few values that a cancellation makes small.

The algorithms are T. J. Dekker's (1971) and D. E. Knuth's.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def halves(x: Any) -> tuple[Any, Any]:
    """Two numbers of 26 bits each, whose sum is x."""
    scaled = 134217729.0 * x
    high = scaled - (scaled - x)
    return high, x - high


def _summed(a: Any, b: Any) -> tuple[Any, Any]:
    """The sum, and what rounding took from it."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def multiplied(a: Any, b: Any) -> tuple[Any, Any]:
    """The product, and what rounding took from it."""
    product = a * b
    (ah, al), (bh, bl) = halves(a), halves(b)
    return product, ((ah * bh - product) + ah * bl + al * bh) + al * bl


class Pair:
    """An array of numbers ``high + low``, of which ``high`` is what they round to.

    >>> third = Pair(1.0) / 3.0
    >>> float((third * 3.0 - 1.0).high) == 0.0, bool(abs(third.low) > 0)
    (True, True)
    """

    __slots__ = ("high", "low")
    __array_ufunc__ = None

    def __init__(self, high: Any, low: Any = 0.0) -> None:
        self.high = high
        self.low = low

    def __add__(self, other: Any) -> Pair:
        that = _pair(other)
        total, rest = _summed(self.high, that.high)
        return Pair(*_summed(total, rest + self.low + that.low))

    def __neg__(self) -> Pair:
        return Pair(-self.high, -self.low)

    def __sub__(self, other: Any) -> Pair:
        return self + -_pair(other)

    def __rsub__(self, other: Any) -> Pair:
        return _pair(other) + -self

    def __mul__(self, other: Any) -> Pair:
        that = _pair(other)
        product, rest = multiplied(self.high, that.high)
        return Pair(*_summed(product, rest + (self.high * that.low + self.low * that.high)))

    def __truediv__(self, other: Any) -> Pair:
        that = _pair(other)
        first = self.high / that.high
        rest = self - that * first
        second = rest.high / that.high
        rest = rest - that * second
        result: Pair = Pair(*_summed(first, second)) + rest.high / that.high
        return result

    __radd__ = __add__
    __rmul__ = __mul__

    @property
    def rounded(self) -> Any:
        """As doubles."""
        return np.asarray(self.high + self.low)


def _pair(x: Any) -> Pair:
    return x if isinstance(x, Pair) else Pair(x)


LOG_2 = Pair(0.6931471805599453, 2.3190468138462996e-17)
EULER = Pair(0.5772156649015329, -4.942915152430645e-18)
PI = Pair(3.141592653589793, 1.2246467991473532e-16)


def log(x: Pair) -> Pair:
    """The logarithm of positive numbers, by the series of atanh((m - 1)/(m + 1)) where x is m times a power of 2."""
    mantissa, exponent = np.frexp(x.high)
    low = mantissa < 0.7
    exponent = exponent - low
    power = np.ldexp(1.0, -exponent)
    m = Pair(x.high * power, x.low * power)
    t = (m - 1.0) / (m + 1.0)
    square, term, total = t * t, t, t
    for k in range(3, 49, 2):
        term = term * square
        total = total + term / float(k)
    result: Pair = total * 2.0 + LOG_2 * exponent.astype(float)
    return result


def sine(x: Pair) -> Pair:
    """The sine of |x| < 2, by its series."""
    square, term, total = x * x, x, x
    for k in range(2, 36, 2):
        term = -(term * square) / float(k * (k + 1))
        total = total + term
    return total


def cosine(x: Pair) -> Pair:
    """The cosine of |x| < 2, by its series."""
    square, term, total = x * x, Pair(np.ones_like(x.high)), Pair(np.ones_like(x.high))
    for k in range(1, 36, 2):
        term = -(term * square) / float(k * (k + 1))
        total = total + term
    return total
