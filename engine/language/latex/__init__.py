r"""Formulas as LaTeX has them: read into the same programs that Python's spelling gives.

    commands    what the commands of LaTeX stand for
    lexer       the text into tokens
    rope        text of the language, with the places it comes from
    names       names, and what is known of them
    stream      the tokens one after the other, and their faults
    naming      names as they are written
    products    what is made of values by their kinds
    reader      expressions, by precedence
    elements, applied, ranges, tables    indices, functions, sums, matrices and cases
    equations   the whole

The formula is written out as text in the language, and that is parsed as any other; then every node of the program is
told its place in the LaTeX, so that whoever shows an error or a graph points there. Nothing is computed on the way.

A formula alone does not say whether ``x_1`` is a name or an element, or whether ``A x`` is a product of matrices: what
was sent as inputs does. So a formula is read anew for inputs of other names or numbers of axes.

SymPy's grammar for Lark was measured first (SymPy 1.14, Lark 1.3): of the forty formulas that the tests have it reads
seven, and three more as trees of all that they may mean; its parser takes some 9 ms for each term of a sum, and for
``f(f(…f(x)…))`` of twenty levels more than a minute and 3 GB, which no limit could foresee.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.errors import NablaError, UnknownName
from engine.language.latex.equations import formula
from engine.language.latex.reader import Reader
from engine.language.latex.rope import Written
from engine.language.parser import parse
from engine.language.syntax import Program, Syntax
from engine.limits import DEFAULT_LIMITS, Limits

NO_INPUTS: Mapping[str, int] = {}


def write(text: str, inputs: Mapping[str, int] = NO_INPUTS, limits: Limits = DEFAULT_LIMITS) -> str:
    r"""A formula as text in the language. ``inputs`` are the inputs' names, with how many axes each has.

    >>> print(write(r"\frac{1}{\sqrt{2\pi}\sigma} e^{-\frac{x^2}{2\sigma^2}}", {"x": 0, "sigma": 0}), end="")
    (1 / (sqrt(2 * π) * sigma)) * exp(-(x ** 2 / (2 * sigma ** 2)))
    >>> print(write(r"\sum_{i=1}^{n} x_i^2", {"x": 1, "n": 0}), end="")
    sum(x[i - 1] ** 2 for i in range(1, int(n) + 1))
    """
    limits.require("latex", len(text))
    return Written(formula(Reader(text, inputs, limits))).text


def read(text: str, inputs: Mapping[str, int] = NO_INPUTS, limits: Limits = DEFAULT_LIMITS) -> Program:
    r"""The program of a formula, its places those in the formula.

    Raises `SyntaxFault` or `LimitExceeded` where there is none, with the place in the LaTeX.

    >>> read(r"2\mu^2").statements[0].block[1].span
    (1, 4)
    """
    limits.require("latex", len(text))
    reader = Reader(text, inputs, limits)
    written = Written(formula(reader))
    # What one bracket of LaTeX becomes has some brackets of its own.
    room = replace(limits, text=len(written.text), nesting=64 + 8 * limits.nesting)
    try:
        program = parse(written.text, room)
    except NablaError as error:
        if error.span is not None:
            error.span = written.source(error.span)
        raise
    _relocate(program, written, reader.names.renamed())
    program.text = text
    return program


def advise(error: UnknownName, text: str) -> None:
    r"""Let the hint of an unknown name say what LaTeX's user would want to know."""
    if error.span is None or (error.hint or "").startswith("did you mean"):
        return
    written, behind = text[error.span[0] : error.span[1]], text[error.span[1] :].lstrip()
    if behind.startswith(("(", "\\left(")):
        error.hint = f"a letter before a bracket is a factor: define {written}(x) = … in an equation before this one"
    elif written[1:].isalpha() and written[0] == "\\":
        error.hint = f"send a value for {written[1:]} in inputs, or give it one in an equation before this one"


def _relocate(program: Program, written: Written, renamed: dict[str, str]) -> None:
    """Give every node its place in the LaTeX, and names that Python has keywords for the name that was sent."""
    seen: set[int] = set()
    pending: list[Any] = [program.statements]
    while pending:
        part = pending.pop()
        if part.__class__ in (list, tuple):
            pending += [item for item in part if isinstance(item, (Syntax, list, tuple))]
        elif id(part) not in seen:
            seen.add(id(part))
            pending += _relocated(part, written, renamed)


def _relocated(node: Syntax, written: Written, renamed: dict[str, str]) -> list[Any]:
    """Give one node its place; what it holds."""
    node.start, node.end = written.source((node.start, node.end))
    held: list[Any] = []
    for slot in type(node).__slots__:
        value = getattr(node, slot)
        if slot in ("path", "name") and renamed:
            setattr(node, slot, renamed.get(value, value))
        elif isinstance(value, (Syntax, list, tuple)):
            held.append(value)
    return held
