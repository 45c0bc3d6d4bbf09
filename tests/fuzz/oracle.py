"""What every text has to answer: a value and a gradient, or an error of the engine; soon, and in little memory."""

from __future__ import annotations

import re
import time
import warnings
from keyword import kwlist
from typing import Any

import numpy as np

from engine import Limits, NablaError, Problem, functions
from engine.errors import NonscalarOutput
from engine.language.builtins import BUILTINS
from engine.language.parser import parse
from engine.language.printer import format_program
from engine.language.syntax import Program, Statement, Syntax
from engine.language.tracing import CONSTANTS, MODULES

LIMITS = Limits(
    text=100_000, nesting=60, nodes=20_000, elements=20_000, bytes=4 * 2**20, flops=1e8, pieces=500, steps=5_000,
    calls=500, seconds=1.5,
)  # fmt: skip
"""Small, so that a program comes to its limits soon."""

SECONDS = 2.0
"""More time of the processor than this is a find."""

INPUTS: dict[str, Any] = {
    "x": 0.7, "y": 1.3, "n": np.array(3), "v": np.array([0.4, 1.1, -0.6]), "w": np.array([1.0, 2.0, 3.0]),
    "A": np.array([[1.5, 0.2], [-0.3, 2.0]]), "B": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
    "z": np.array(0.5 + 0.25j), "mask": np.array([True, False, True]),
}  # fmt: skip
"""The values of names; others that a text mentions have one of `_OTHERS`."""

_OTHERS = (0.7, np.array([0.4, 1.1, -0.6]), 2.0)
_NAME = re.compile(r"(?<![\w.\\])[a-zA-Z]\w{0,20}\b(?!\()")
_TAKEN = {*kwlist, *BUILTINS, *CONSTANTS, *MODULES, *(function["name"] for function in functions())}

_LONGEST = 600
"""Of a message or hint, in characters."""


class Find(Exception):
    """What no text should do."""


def ask(text: str, syntax: str = "python") -> str:
    """What came of a text: the name of the error, or ``"answered"``. Raises `Find`."""
    begin = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            outcome = _answer(text, syntax)
        except NablaError as error:
            outcome = type(error).__name__
            _require_words(error, text)
        except Find:
            raise
        except Exception as error:
            raise Find(f"{type(error).__name__}: {_place(error)}") from error
    spent = time.process_time() - begin
    if spent > SECONDS and len(text) <= 2_000:
        raise Find(f"took {spent:.1f} seconds")
    return outcome


def _answer(text: str, syntax: str) -> str:
    problem = Problem(text, LIMITS, syntax=syntax)
    _require_same(problem.program, format_program(problem.program))
    inputs = inputs_of(text)
    value = problem.evaluate(inputs).value
    try:
        found = problem.gradient(inputs)
    except NonscalarOutput:
        ones = [np.ones(np.shape(v)) for v in value] if isinstance(value, list) else np.ones(np.shape(value))
        found = problem.gradient(inputs, grad_output=ones)
    if not _equal(found.value, value):
        raise Find("the value beside the gradient is another")
    return "answered"


def inputs_of(text: str) -> dict[str, Any]:
    """A value for each name that is mentioned and is no function."""
    names = dict.fromkeys(_NAME.findall(text))
    return {name: INPUTS.get(name, _OTHERS[len(name) % len(_OTHERS)]) for name in names if name not in _TAKEN} or INPUTS


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    return np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind in "fc")


def _require_words(error: NablaError, text: str) -> None:
    """An error is short, can be shown, and says where it is."""
    span = getattr(error, "span", None)
    if span is not None and not 0 <= span[0] <= span[1] <= len(text):
        raise Find(f"{type(error).__name__} at {span} of a text of {len(text)}")
    for words in (str(error), getattr(error, "hint", None) or ""):
        if len(words) > _LONGEST or any("\ud800" <= c <= "\udfff" for c in words):
            raise Find(f"{type(error).__name__} says {len(words)} characters that nobody reads")


def _require_same(program: Program, printed: str) -> None:
    """The canonical text parses to the same program, and is its own canonical text."""
    try:
        again = parse(printed, Limits(text=10 * LIMITS.text, nesting=4 * LIMITS.nesting))
    except NablaError as error:
        raise Find(f"printed text is refused: {error}") from None
    if not same(program.statements, again.statements):
        raise Find("printed text is another program")
    if format_program(again) != printed:
        raise Find("printed text is not canonical")


def same(one: Any, other: Any) -> bool:
    """Whether two trees of syntax are equal but for where they stand."""
    pending = [(one, other)]
    while pending:
        a, b = pending.pop()
        if a.__class__ is not b.__class__:
            return False
        if isinstance(a, (list, tuple)):
            if len(a) != len(b):
                return False
            pending += zip(a, b, strict=True)
        elif isinstance(a, (Syntax, Statement)):
            names = [name for name in a.__slots__ if name not in ("short",)]
            pending += [(getattr(a, name), getattr(b, name)) for name in names]
        elif a != b:
            return False
    return True


def _place(error: BaseException) -> str:
    """Where in the engine an error came from, for telling finds apart."""
    at, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/engine/" in code.co_filename:
            at = f"{code.co_filename.partition('/engine/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{at} {str(error)[:80]}"
