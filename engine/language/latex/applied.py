"""Functions, and what they are applied to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import Span, SyntaxFault
from engine.functions import FUNCTIONS
from engine.kinds import Elementwise
from engine.language.latex.commands import ACCENTS, BINOMIALS, FRACTIONS, LETTER_FUNCTIONS, REDUCTIONS, function
from engine.language.latex.lexer import Token
from engine.language.latex.products import beside, short_text, widest
from engine.language.latex.rope import ATOM, MATRIX, POWER, SCALAR, Value, call
from engine.language.latex.stream import AROUND, BRACKETS, Reading, shown_command

if TYPE_CHECKING:
    from engine.language.latex.reader import Reader


_IN_RUN = frozenset(("letter", "word", "number", "command", "{", "∞"))


def called(reader: Reader, name: str, first: Token) -> str | None:
    """The function that a name before a bracket is: one of the formula's own, or one that the name stands for."""
    names = reader.names
    if name in names.functions:
        return names.spelled(name)
    if names.is_known(name):
        return None
    if name in LETTER_FUNCTIONS and (first.kind == "word" or name != "B"):
        return LETTER_FUNCTIONS[name]
    return function(name) if first.kind == "word" and len(name) > 1 else None


def arguments(reader: Reader, name: str, place: Span) -> Reading:
    """A call with arguments in brackets."""
    _, values, closing = yield reader.bracketed()
    kind = _kind_of_call(reader, name, values)
    return call(name, place, values, (place[0], closing.end), kind)


def _kind_of_call(reader: Reader, name: str, values: list[Value]) -> str:
    if name in REDUCTIONS:
        return SCALAR if len(values) == 1 else ""
    if name in FUNCTIONS:
        return widest(values if isinstance(FUNCTIONS[name], Elementwise) else values[:1])
    return reader.names.returns.get(name) or widest(values)


def applied(reader: Reader, token: Token) -> Reading:
    """``\\sin x``, ``\\sin^2 x``, ``\\log_2 x``, ``\\max(a, b)``, ``\\operatorname{name}(x)``."""
    if token.kind == "function" and reader.names.is_known(reader.word(token)):
        return _function_as_name(reader, token)
    name = function(token.text) or _own(reader, token)
    base = exponent = None
    end = token.end
    while reader.token.kind in ("_", "^"):
        if reader.token.kind == "^":
            reader.refuse_order()
        sign = reader.next()
        if sign.kind == "_" and name != "log":
            span = (sign.start, reader.token.end)
            hint = "subscripts belong to names; \\log_b, \\sum, \\prod, \\max and \\min have their own"
            raise SyntaxFault(f"{shown_command(token)} takes no subscript", span=span, hint=hint)
        value = yield reader.argument(sign)
        base, exponent = (value, exponent) if sign.kind == "_" else (base, value)
        end = value.end
    if reader.token.kind == "'":
        raise SyntaxFault(
            "a prime stands behind a function",
            span=reader.token.span,
            hint="derivatives are what the answer has: write the function alone",
        )
    if (
        token.kind == "function"
        and reader.token.kind not in (*BRACKETS, *AROUND)
        and not reader.starts_factor(reader.token)
    ):
        return _function_as_name(reader, token)
    values, behind = yield _operands(reader, token)
    span = token.start, behind
    if exponent is not None and short_text(exponent) in ("-1", "(-1)"):
        name, exponent = _inverse(reader, name, token), None
    value = _function_call(reader, name, token, base, values, span)
    if exponent is None:
        return value
    if value.kind == MATRIX:
        return reader.raised(value, exponent)
    return Value((value.rope, (" ** ", token.end, end), exponent.at(ATOM)), POWER, *span, value.kind)


def _function_call(
    reader: Reader, name: str, token: Token, base: Value | None, values: list[Value], span: Span
) -> Value:
    if base is None:
        return call(name, token.span, values, span, _kind_of_call(reader, name, values))
    of_base = {"2": "log2", "10": "log10"}.get(short_text(base))
    if of_base:
        return call(of_base, token.span, values, span, values[0].kind)
    above = call("log", token.span, values, span, values[0].kind)
    below = call("log", base.span, [base], base.span)
    rope = (("(", span[0], span[0]), above.rope, (" / ", *base.span), below.rope, (")", span[1], span[1]))
    return Value(rope, ATOM, *span, values[0].kind)


def _own(reader: Reader, token: Token) -> str:
    """The function of an ``\\operatorname`` that is not in the table: the formula's own, or nobody's."""
    return reader.names.spelled(reader.word(token))


def _function_as_name(reader: Reader, token: Token) -> Value:
    """``\\operatorname{name}`` where nothing follows that it could be applied to."""
    return reader.variable(reader.word(token), token.start, token.end, False)


def _inverse(reader: Reader, name: str, token: Token) -> str:
    """``\\sin^{-1}`` is the inverse function, as it is printed on calculators."""
    inverse = next((word for word in (f"arc{name}", f"{name}inv") if word in FUNCTIONS), None)
    if inverse is None:
        hint = f"write \\frac{{1}}{{{shown_command(token).strip('`')} x}} for the reciprocal"
        raise SyntaxFault(
            f"{shown_command(token)} has no inverse that is known by `^{{-1}}`", span=token.span, hint=hint
        )
    return inverse


def _operands(reader: Reader, token: Token) -> Reading:
    """What a function is applied to, and where it ends: what is in brackets, or the factors up to a sign."""
    kind = reader.token.kind
    if kind in BRACKETS:
        _, values, closing = yield reader.bracketed()
        return values, closing.end
    if kind == "{":
        value = yield reader.braces()
        return value.items or [value], value.end
    if not reader.starts_factor(reader.token) or kind == "":
        raise reader.unexpected(f"expected what {shown_command(token)} is of", "put it in brackets")
    reader.deepen(token)
    bracketed = reader.token.kind in AROUND
    value = yield reader.factor()
    while not bracketed and reader.token.kind in _IN_RUN and not _is_function(reader, reader.token):
        reader.require_juxtaposed(reader.token, False)
        right = yield reader.factor()
        value = beside(value, right)
    reader.deep -= 1
    return [value], value.end


def _is_function(reader: Reader, token: Token) -> bool:
    """Whether a command is a function, where what another function is applied to ends."""
    if token.kind == "command":
        return token.text not in FRACTIONS | BINOMIALS and token.text != "sqrt" and token.text not in ACCENTS
    return token.kind == "function"
