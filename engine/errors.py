"""Every error the engine raises on purpose, as one tree.

    NablaError                    anything the caller can mend
    ├── ExpressionError           something in the expression: has a span
    │   ├── SyntaxFault           the text is not a program
    │   ├── UnknownName           a name that is neither an input, a variable nor a constant
    │   ├── UnknownFunction       a call of a function that does not exist
    │   ├── WrongArguments        a call with arguments that the function does not take
    │   ├── ShapeMismatch         operands whose shapes do not fit together
    │   ├── DtypeError            operands whose element type does not fit
    │   ├── NotDifferentiable     a derivative that does not exist or is not implemented
    │   └── NotConverged          an equation or a minimum of which no solution was found
    ├── InvalidInput              an input, seed or option that does not fit the question
    ├── NonscalarOutput           an upstream gradient is needed, and none was given
    ├── NothingToDifferentiate    no input that a derivative could be taken by
    ├── LimitExceeded             more than the budget allows: names the limit and the figures
    └── DeadlineExceeded          the time for this question has run out

An error has a stable ``code`` for programs, a message for people, and, where they help, the ``span`` of the
text at fault and a ``hint`` that says what to write instead.
"""

from __future__ import annotations

from typing import Any, ClassVar

Span = tuple[int, int]
"""Offsets into the program's text, from the first character to behind the last."""


_LONGEST = 500


def _cut(text: str) -> str:
    """A caller's own name or text may be in a message, of any length."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


class NablaError(Exception):
    """The root of the tree.

    >>> error = ShapeMismatch("shapes (2,) and (3,) do not broadcast", span=(0, 5), hint="reshape one of them")
    >>> error.code, str(error), error.span
    ('shape_mismatch', 'shapes (2,) and (3,) do not broadcast', (0, 5))
    """

    code: ClassVar[str] = "invalid_request"

    def __init__(self, message: str, *, span: Span | None = None, hint: str | None = None, **details: Any) -> None:
        super().__init__(_cut(message))
        self.message = _cut(message)
        self.span = span
        self.hint = None if hint is None else _cut(hint)
        self.details = details

    def add(self, said: str) -> None:
        """Say more, behind the message."""
        self.message = _cut(self.message + said)
        self.args = (self.message,)


class ExpressionError(NablaError):
    """Something in the expression."""


class SyntaxFault(ExpressionError):
    """The text is not a program."""

    code = "syntax_error"


class UnknownName(ExpressionError):
    """A name that is neither an input, a variable nor a constant."""

    code = "unknown_name"


class UnknownFunction(ExpressionError):
    """A call of a function that does not exist."""

    code = "unknown_function"


class WrongArguments(ExpressionError):
    """A call with arguments that the function does not take."""

    code = "wrong_arguments"


class ShapeMismatch(ExpressionError):
    """Operands whose shapes do not fit together."""

    code = "shape_mismatch"


class DtypeError(ExpressionError):
    """Operands whose element type does not fit."""

    code = "dtype_error"


class NotDifferentiable(ExpressionError):
    """A derivative that does not exist or is not implemented."""

    code = "not_differentiable"


class NotConverged(ExpressionError):
    """An equation or a minimum of which no solution was found; ``details`` holds the ``residual`` that was reached."""

    code = "not_converged"


class InvalidInput(NablaError):
    """An input, seed or option that does not fit the question."""


class NonscalarOutput(NablaError):
    """The output is not a scalar, so an upstream gradient is needed, and none was given."""

    code = "nonscalar_output"


class NothingToDifferentiate(NablaError):
    """No input that a derivative could be taken by."""

    code = "nothing_to_differentiate"


class LimitExceeded(NablaError):
    """More than the budget allows; ``details`` holds ``limit``, ``asked`` and ``allowed``."""

    code = "limit_exceeded"


class DeadlineExceeded(NablaError):
    """The time for this question has run out."""

    code = "deadline_exceeded"
