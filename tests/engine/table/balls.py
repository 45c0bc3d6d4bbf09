"""The truth about functions of elements, by ball arithmetic (python-flint, F. Johansson's Arb).

A row's ``sympy`` spelling is run over balls: numbers that carry a bound of their own error. A derivative is a central
difference of values at so many digits that what it loses does not count, and it is believed when two precisions agree.
Nothing here knows any rule of the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import product
from typing import Any

import flint
from flint import acb, arb

from tests.engine.table.samples import TABLE, domains

PRECISIONS = (512, 1024, 2048, 4096, 8192, 16384, 32768)
"""In bits, one after the other until two agree."""

ACCURATE = 100
"""The bits in which they have to agree."""

NOTHING = -1300
"""What is smaller than two to this power is zero: no double is as small."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Balls of so many bits."""
    outer, flint.ctx.prec = flint.ctx.prec, bits
    try:
        yield
    finally:
        flint.ctx.prec = outer


def _piecewise(*branches: tuple[Any, Any]) -> Any:
    return next(value for value, holds in branches if holds)


def _betainc(a: arb, b: arb, low: Any, x: arb) -> arb:
    assert low == 0
    return arb(x).beta_lower(a, b, regularized=True)


def _besselk(n: arb, x: arb) -> arb:
    """By Tricomi's function (DLMF 10.39.6); Arb's own takes minutes at some arguments."""
    return arb.pi().sqrt() * (2 * x) ** n * (-x).exp() * (2 * x).hypgeom_u(n + 0.5, 2 * n + 1)


class Balls:
    """SymPy's names over balls, as the rows' spellings use them."""

    Piecewise = staticmethod(_piecewise)
    betainc_regularized = staticmethod(_betainc)

    @property
    def pi(self) -> arb:
        return arb.pi()

    @property
    def E(self) -> arb:
        return arb(1).exp()

    @property
    def EulerGamma(self) -> arb:
        return arb.const_euler()


def _spell(name: str, rule: Callable[..., Any]) -> None:
    setattr(Balls, name, staticmethod(rule))


_METHODS = (
    *("acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "cot", "coth", "csc", "csch", "digamma", "erf"),
    *("erfc", "erfi", "erfinv", "exp", "floor", "gamma", "log", "sec", "sech", "sin", "sinc", "sinh", "sqrt", "tan"),
    "tanh",
)
"""Functions that Arb and SymPy have by the same name."""


def _method(name: str) -> Callable[[Any], arb]:
    return lambda x: getattr(arb(x), name)()


for _name in _METHODS:
    _spell(_name, _method(_name))
_spell("sign", _method("sgn"))
_spell("ceiling", _method("ceil"))
_spell("Abs", lambda x: abs(arb(x)))
_spell("Rational", lambda p, q=1: arb(p) / q)
_spell("Integer", arb)
_spell("atan2", lambda y, x: arb.atan2(arb(y), arb(x)))
_spell("cbrt", lambda x: -((-arb(x)).root(3)) if x < 0 else arb(x).root(3))
_spell("loggamma", lambda x: arb(x).lgamma() if x > 0 else abs(arb(x).gamma()).log())
_spell("polygamma", lambda n, x: acb(x).polygamma(acb(n)).real)
_spell("beta", lambda a, b: arb(a).gamma() * arb(b).gamma() / (arb(a) + b).gamma())
_spell("lowergamma", lambda a, x: arb(x).gamma_lower(arb(a)))
_spell("uppergamma", lambda a, x: arb(x).gamma_upper(arb(a)))
_spell("besselj", lambda n, x: arb(x).bessel_j(arb(n)))
_spell("bessely", lambda n, x: arb(x).bessel_y(arb(n)))
_spell("besseli", lambda n, x: arb(x).bessel_i(arb(n)))
_spell("besselk", lambda n, x: _besselk(arb(n), arb(x)))
_spell("zeta", lambda s, q=1: arb(s).zeta(arb(q)))
_spell("Ei", lambda x: arb(x).ei())
_spell("LambertW", lambda x, k=0: arb(x).lambertw(k))
_spell("Max", lambda a, b: a if a >= b else arb(b))
_spell("Min", lambda a, b: a if a <= b else arb(b))
_spell("Eq", lambda a, b: a == b)
_spell("Ne", lambda a, b: a != b)

BALLS = Balls()


def value(name: str, xs: Sequence[arb]) -> arb:
    """A function of elements at a point, by its spelling."""
    spelling = TABLE[name].sympy or name
    found = spelling(BALLS, *xs) if callable(spelling) else getattr(BALLS, spelling)(*xs)
    return arb(found)


@cache
def derivative(name: str, by: tuple[int, ...], x: tuple[float, ...]) -> arb:
    """A derivative by the operands at the places ``by`` (none: the value), right to a hundred bits and more."""
    previous = None
    for bits in PRECISIONS:
        with precision(bits):
            found = _difference(name, by, x, bits)
            if previous is not None and _settled(previous, found):
                return found.mid()
        previous = found
    raise AssertionError(f"{name} by {by} at {x} does not settle: {previous}")


def _settled(previous: arb, found: arb) -> bool:
    if abs(found) < arb(2) ** NOTHING and abs(previous) < arb(2) ** NOTHING:
        return True
    if not found.is_finite():
        return False
    gap = abs(found - previous)
    return found.rel_accuracy_bits() > ACCURATE and bool(gap < abs(found) * arb(2) ** -ACCURATE)


def _difference(name: str, by: tuple[int, ...], x: tuple[float, ...], bits: int) -> arb:
    """The central difference, along each operand in turn."""
    steps = [_step(name, k, x[k], bits) for k in by]
    total = arb(0)
    for signs in product((1, -1), repeat=len(by)):
        at = [arb(v) for v in x]
        for k, sign, step in zip(by, signs, steps, strict=True):
            at[k] += sign * step
        total += math.prod(signs) * value(name, at)
    for step in steps:
        total /= 2 * step
    return total


def _step(name: str, place: int, x: float, bits: int) -> arb:
    """A power of two far below the distance to zero and to the edges of the domain."""
    low, high = domains(TABLE[name], place + 1)[place]
    room = min([1.0, *(gap for gap in (abs(x), x - low, high - x) if gap > 0)])
    return arb(2) ** (math.frexp(room)[1] - bits // 8)
