"""The interpreter that writes formulas: with it as ``F``, what a rule computes becomes text of the language itself.

So the derivative that the reference shows is the very rule that the engine runs. It reads as one would write it:
rows that operators alone spell are shown by them (``x**2`` for a square), internal rows by their SymPy spelling, the
units of sums and products are left out, and so is a branch that is nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from engine.functions import FUNCTIONS
from engine.interpret.build import fold
from engine.kinds import PRIMITIVES, Composition, Primitive
from engine.language.parser import parse
from engine.language.printer import format_program
from engine.namespace import Namespace, Operators, Rule
from engine.primitives.choice import detach as DETACH
from engine.primitives.choice import equal as EQUAL
from engine.primitives.choice import isfinite as IS_FINITE
from engine.primitives.choice import isnan as IS_NAN
from engine.primitives.choice import logical_and as AND
from engine.primitives.choice import logical_not as NOT
from engine.primitives.choice import not_equal as NOT_EQUAL
from engine.primitives.choice import where as WHERE
from engine.primitives.elementwise import add as SUM
from engine.primitives.elementwise import divide as OVER
from engine.primitives.elementwise import multiply as TIMES
from engine.primitives.elementwise import negative as MINUS
from engine.primitives.elementwise import positive as PLUS
from engine.primitives.elementwise import subtract as LESS
from engine.primitives.shaping import cast as CAST
from engine.render.number import number

_UNITS: dict[str, tuple[float | None, float | None]] = {
    "+": (0, 0), "-": (None, 0), "*": (1, 1), "/": (None, 1), "**": (None, 1), "u+": (None, None), "u-": (None, None),
    "&": (True, True), "|": (False, False),
}  # fmt: skip
"""By operator, the number on the left and that on the right which leave the other operand as it is."""


class Unspoken(Exception):
    """A rule takes an internal row that nothing in the language means."""


class Formula(Operators):
    """A value as text, in brackets throughout, and the row and operands it is made of."""

    __slots__ = ("dtype", "operands", "row", "space", "text")

    def __init__(self, text: str, row: Primitive | None = None, operands: Sequence[Any] = ()) -> None:
        self.space: Formulas = FORMULAS
        self.text = text
        self.row = row
        self.operands = operands
        self.dtype = "bool" if row is not None and row.result_dtype == "bool" else "float64"

    def __bool__(self) -> bool:
        raise TypeError("a formula has no value to decide by")

    def __str__(self) -> str:
        return format_program(parse(self.text))

    @classmethod
    def of(cls, value: Any) -> Formula:
        """A value that may be a plain number; a truth value as the number that the chain rule takes it for."""
        if _is_truth(value):
            return cls.of(FORMULAS.where(value, 1.0, 0.0))
        return value if isinstance(value, Formula) else cls(number(value))


class Formulas(Namespace):
    """``F`` over formulas and plain numbers."""

    shapeless = True

    def primitive(self, row: Primitive) -> Rule:
        return lambda *xs, **params: self.applied(row, xs, params)

    def composition(self, function: Composition) -> Rule:
        return lambda *xs, **params: Formula(_call(function, xs, params))

    def applied(self, row: Primitive, xs: Sequence[Any], params: dict[str, Any]) -> Any:
        """A row on formulas, in the shortest way to write it."""
        if not params and all(isinstance(x, (bool, int, float)) for x in xs):
            return fold(row, tuple(xs))
        simple = _simplified(row, xs)
        if simple is not None:
            return simple
        spelling = _spelling(row)
        if spelling is not None:
            return _spelled(spelling, xs)
        if not row.operator:
            return Formula(_call(row, xs, params), None if params else row, xs)
        texts = [_text(x) for x in xs]
        if len(texts) == 1:
            return Formula(f"({row.operator[1:]}{texts[0]})", row, xs)
        return Formula(f"({texts[0]} {row.operator} {texts[1]})", row, xs)


FORMULAS = Formulas()


class _Spellings:
    """SymPy's names over formulas, for the spellings of internal rows."""

    pi = math.pi
    E = math.e

    @staticmethod
    def Eq(a: Any, b: Any) -> Any:
        return a == b

    @staticmethod
    def Ne(a: Any, b: Any) -> Any:
        return a != b

    @staticmethod
    def Rational(p: float, q: float = 1) -> float:
        return p / q

    @staticmethod
    def Piecewise(*branches: tuple[Any, Any]) -> Any:
        *some, (chosen, _) = branches
        for value, condition in reversed(some):
            chosen = FORMULAS.where(condition, value, chosen)
        return chosen

    def __getattr__(self, name: str) -> Any:
        by_spelling = {
            row.sympy: row.name for row in PRIMITIVES.values() if isinstance(row.sympy, str) and not row.internal
        }
        found = by_spelling.get(name, name)
        if found not in FUNCTIONS:
            raise AttributeError(f"no function is spelled {name} in SymPy")
        return getattr(FORMULAS, FUNCTIONS[found].name)


SPELLINGS = _Spellings()


class _Bare:
    """A stand-in for SymPy that has nothing: what can be spelled with it is made of operators alone."""


@cache
def _spelling(row: Primitive) -> Callable[..., Any] | None:
    """How a row is spelled out instead of named: an internal one, or one that is short for operators."""
    if row.operator or not callable(row.sympy):
        return None
    if row.internal:
        return row.sympy
    try:
        row.sympy(_Bare(), *[Formula(name) for name in row.signature.operands])
    except (AttributeError, TypeError):
        return None
    return row.sympy


def _spelled(spelling: Callable[..., Any], xs: Sequence[Any]) -> Any:
    try:
        return spelling(SPELLINGS, *xs)
    except AttributeError as error:
        raise Unspoken(str(error)) from error


def _call(function: Primitive | Composition, xs: Sequence[Any], params: dict[str, Any]) -> str:
    if function.internal:
        raise Unspoken(f"{function.name} is internal and has no spelling to show")
    keywords = [f"{name}={value!r}" for name, value in params.items() if not name.startswith("_")]
    return f"{function.name}({', '.join([*map(_plain, xs), *keywords])})"


def _plain(x: Any) -> str:
    return x.text if isinstance(x, Formula) else number(x)


def _text(x: Any) -> str:
    """An operand of an operator."""
    text = _plain(x)
    return text if isinstance(x, Formula) or text.replace(".", "").isalnum() else f"({text})"


# What is left out


def _simplified(row: Primitive, xs: Sequence[Any]) -> Any:
    """A shorter value that is the same at finite points, or ``None``."""
    if row is WHERE:
        return _choice(*xs)
    if row is CAST or row is DETACH:
        return xs[0]
    if row is IS_FINITE or row is IS_NAN:
        return row is IS_FINITE
    if row is NOT:
        return xs[0].operands[0] if _is_of(NOT, xs[0]) else None
    if row in (EQUAL, NOT_EQUAL):
        if _is_truth(xs[0]) and _is(xs[1], 0):
            return xs[0] if row is NOT_EQUAL else FORMULAS.logical_not(xs[0])
        return None
    return _arithmetic(row, *xs) if row.operator in _UNITS else None


def _arithmetic(row: Primitive, a: Any, b: Any = None) -> Any:
    if _is(a, math.nan) or _is(b, math.nan):
        return math.nan
    if b is None:
        return a if row is PLUS else a.operands[0] if _is_of(MINUS, a) else None
    left, right = _UNITS[str(row.operator)]
    if left is not None and _is(a, left):
        return b
    if right is not None and _is(b, right):
        return a
    if row is LESS and _is(a, 0):
        return -b
    if row is AND and (_is(a, False) or _is(b, False)):
        return False
    if row is SUM and _is_of(WHERE, a) and _is_of(WHERE, b) and _plain(a.operands[0]) == _plain(b.operands[0]):
        return FORMULAS.where(a.operands[0], a.operands[1] + b.operands[1], a.operands[2] + b.operands[2])
    return _product(row, a, b) if row in (TIMES, OVER) else None


def _product(row: Primitive, a: Any, b: Any) -> Any:
    if row is TIMES and _is_truth(b):
        return FORMULAS.where(b, a, 0.0)
    if _is_negative(b):
        pair = (a.operands[0] if _is_of(MINUS, a) else a, -b)
        return FORMULAS.applied(row, pair, {}) if _is_of(MINUS, a) else -FORMULAS.applied(row, pair, {})
    return -b if row is TIMES and _is(a, -1) else None


def _is_negative(x: Any) -> bool:
    return x < 0 if isinstance(x, (int, float)) else _is_of(MINUS, x)


def _choice(condition: Any, a: Any, b: Any) -> Any:
    """A choice that is none, or the same choice in fewer words."""
    if not isinstance(condition, Formula):
        return a if condition else b
    if _is(a, math.nan) or _plain(a) == _plain(b) or _is_zero_of(b, condition, a):
        return b
    if _is(b, math.nan):
        return a
    if _is_of(NOT, condition):
        return FORMULAS.where(condition.operands[0], b, a)
    then, otherwise = _assuming(condition, a, True), _assuming(condition, b, False)
    return None if then is a and otherwise is b else FORMULAS.where(condition, then, otherwise)


def _assuming(condition: Any, value: Any, holds: bool) -> Any:
    """A branch of a choice, knowing how the choice was made: the same choice in it is made already."""
    if not isinstance(value, Formula) or value.row is None:
        return value
    if value.text == condition.text:
        return 1.0 if holds else 0.0
    if _is_of(WHERE, value) and _plain(value.operands[0]) == condition.text:
        return value.operands[1 if holds else 2]
    operands = [_assuming(condition, x, holds) for x in value.operands]
    if all(new is old for new, old in zip(operands, value.operands, strict=True)):
        return value
    return FORMULAS.applied(value.row, operands, {})


def _is_zero_of(product: Any, condition: Any, zero: Any) -> bool:
    """Whether it is said that a product is zero where a factor is: it says so itself."""
    if not (_is_of(EQUAL, condition) and _is(condition.operands[1], 0) and _is(zero, 0)):
        return False
    factors = product.operands if _is_of(TIMES, product) else [product]
    return _plain(condition.operands[0]) in map(_plain, factors)


def _is(x: Any, value: float) -> bool:
    return isinstance(x, (int, float)) and (x == value or (x != x and value != value))


def _is_of(row: Primitive, x: Any) -> bool:
    return isinstance(x, Formula) and x.row is row


def _is_truth(x: Any) -> bool:
    return isinstance(x, Formula) and x.dtype == "bool"
