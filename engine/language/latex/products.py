"""What is made of values: products by their kinds, lists, matrices, transposes."""

from __future__ import annotations

from functools import reduce
from typing import Any

from engine.errors import Span, SyntaxFault
from engine.language.latex.lexer import Token
from engine.language.latex.rope import ATOM, MATRIX, POWER, PRODUCT, ROW, SCALAR, VECTOR, Value, call

_MATRIX_PRODUCTS = {
    (MATRIX, MATRIX): (" @ ", MATRIX),
    (MATRIX, VECTOR): (" @ ", VECTOR),
    (ROW, MATRIX): (" @ ", ROW),
    (ROW, VECTOR): (" @ ", SCALAR),
    (ROW, ""): (" @ ", ""),
    (MATRIX, ""): (" * ", ""),
}
_WIDTHS = {SCALAR: 0, "": 1, VECTOR: 2, ROW: 2, MATRIX: 3}


def times(token: Token, left: Value, right: Value) -> Value:
    """A product with a sign: ``\\cdot`` of two vectors is their scalar product, ``\\times`` the vector product."""
    if left.kind == right.kind == VECTOR and token.kind in ("·", "×"):
        name = "dot" if token.kind == "·" else "cross"
        return call(
            name,
            (left.start, left.start),
            [left, right],
            (left.start, right.end),
            SCALAR if token.kind == "·" else VECTOR,
        )
    if token.kind in ("·", "×", "*"):
        return beside(left, right, token)
    symbol = " / " if token.kind == "/" else " * "
    rope = (left.at(PRODUCT), (symbol, token.start, token.end), right.at(POWER))
    return Value(rope, PRODUCT, left.start, right.end, wider(left.kind, right.kind))


def beside(left: Value, right: Value, token: Token | None = None) -> Value:
    """A product of what stands side by side: of matrices and vectors, where both are."""
    span = token.span if token else (left.end, right.start)
    kinds = left.kind, right.kind
    if kinds == (VECTOR, ROW):
        return call("outer", (left.start, left.start), [left, right], (left.start, right.end), MATRIX)
    if kinds in ((MATRIX, ROW), (VECTOR, MATRIX)):
        what = "a matrix times a row" if kinds[0] == MATRIX else "a column times a matrix"
        hint = "write x^\\top A or A x; write \\odot for the product by elements"
        raise SyntaxFault(f"{what} is no product of matrices", span=(left.start, right.end), hint=hint)
    symbol, kind = _MATRIX_PRODUCTS.get(kinds, (" * ", wider(*kinds)))
    rope = (left.at(PRODUCT), (symbol, *span), right.at(POWER))
    return Value(rope, PRODUCT, left.start, right.end, kind)


def wider(a: str, b: str) -> str:
    """The kind of a sum, or of a product by elements."""
    return a if _WIDTHS[a] >= _WIDTHS[b] else b


def widest(values: list[Value]) -> str:
    return reduce(wider, [value.kind for value in values])


def transposed(base: Value, span: Span, sign: str) -> Value:
    kind = {VECTOR: ROW, ROW: VECTOR}.get(base.kind, base.kind or ROW)
    if sign == "†":
        base = call("conj", (base.start, base.start), [base], base.span, base.kind)
    rope = base.bracketed().rope if base.kind == SCALAR else base.at(ATOM)  # 2.T is no number
    return Value((rope, (".T", base.end, span[1])), ATOM, *span, kind)


def listed(values: list[Value], span: Span, kind: str) -> Value:
    parts: list[Any] = [("[", span[0], span[0])]
    for value in values:
        if len(parts) > 1:
            parts.append((", ", value.start, value.start))
        parts.append(value.rope)
    parts.append(("]", span[1], span[1]))
    return Value(tuple(parts), ATOM, *span, kind)


def matrix_of(rows: list[list[Value]], span: Span) -> Value:
    return listed([listed(row, (row[0].start, row[-1].end), VECTOR) for row in rows], span, MATRIX)


def short_text(value: Value | None) -> str:
    """The text of a short value; nothing of a longer one."""
    parts: list[str] = []
    pending: list[Any] = [value.rope] if value else []
    while pending and len(parts) < 6:
        part = pending.pop()
        if part and part[0].__class__ is str:
            parts.append(part[0])
        else:
            pending += reversed(part)
    return "" if pending else "".join(parts)
