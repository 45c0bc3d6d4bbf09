"""Expressions: from tokens to text in the language, by precedence."""

from __future__ import annotations

from typing import Any

from engine.errors import Span, SyntaxFault
from engine.language.diagnostics import shown
from engine.language.latex import applied, elements, ranges, tables
from engine.language.latex.commands import ACCENTS, BINOMIALS, CASES, FRACTIONS, OPERATORS
from engine.language.latex.lexer import Token
from engine.language.latex.naming import Naming
from engine.language.latex.products import beside, listed, short_text, times, transposed, wider
from engine.language.latex.rope import (
    ATOM,
    COMPARISON,
    LOGIC,
    MATRIX,
    NEGATION,
    POWER,
    PRODUCT,
    ROW,
    SCALAR,
    SIGN,
    SUM,
    VECTOR,
    Value,
    call,
    piece,
)
from engine.language.latex.stream import AROUND, BRACKETS, Reading, said

_COMPARISONS = ("<", "<=", ">", ">=", "!=", "=", "==")
_PRODUCTS = ("·", "×", "*", "⊙", "∘", "/")
_TEXTS = ("letter", "word", "function", "number")
_TRANSPOSES = (["T"], ["⊤"], ["†"], ["-", "⊤"], ["-", "T"])
_STARTS = frozenset(
    ("letter", "word", "number", "command", "function", "begin", "{", "∞", *BRACKETS, "|(", "‖(", "⌊", "⌈", "(.")
)
_FOLLOWS_NAME = frozenset(("^", "_", "'", "!", "(", "|(", "°", "⋆"))
_INSTEAD_OF_VALUE = {
    "": "finish the formula", ";": "finish the equation", "\\\\": "finish the equation", "}": "write something there",
    "=": "compare with = only inside \\begin{cases}", "&": "cells stand in a matrix or in cases",
    "^": "a power stands behind what is raised", "_": "a subscript stands behind a name",
}  # fmt: skip


class Reader(Naming):
    """One reading of a formula."""

    def expression(self) -> Reading:
        """Anything that has a value, comparisons and what joins them included."""
        left = yield self.sum()
        if self.token.kind in _COMPARISONS and (self.token.kind != "=" or self.may_equal()):
            left = yield self.comparison(left)
        while self.token.kind in ("and", "or"):
            token = self.next()
            right = yield self.sum()
            if self.token.kind in _COMPARISONS:
                right = yield self.comparison(right)
            sign = piece(f" {token.kind} ", token.span)
            left = Value((left.at(NEGATION), sign, right.at(NEGATION)), LOGIC, left.start, right.end)
            left = left.bracketed()
        return left

    def may_equal(self) -> bool:
        """Whether an equals sign is a comparison here: in cases, or in brackets that are seen."""
        return bool(self.opened) and self.opened[-1].kind != "{"

    def comparison(self, left: Value) -> Reading:
        parts: list[Any] = [left.at(SUM)]
        right = left
        while self.token.kind in _COMPARISONS:
            token = self.next()
            right = yield self.sum()
            parts += [piece(f" {'==' if token.kind == '=' else token.kind} ", token.span), right.at(SUM)]
        return Value(tuple(parts), COMPARISON, left.start, right.end)

    def sum(self) -> Reading:
        """Terms with ``+`` and ``-`` between them."""
        left = yield self.term()
        if self.token.kind not in ("+", "-"):
            return left
        parts: list[Any] = [left.at(SUM)]
        kind, end = left.kind, left.end
        while self.token.kind in ("+", "-"):
            sign = self.next()
            right = yield self.term()
            parts += [(f" {sign.kind} ", sign.start, sign.end), right.at(PRODUCT)]
            kind, end = wider(kind, right.kind), right.end
        return Value(tuple(parts), SUM, left.start, end, kind)

    def term(self) -> Reading:
        """A product, with signs before it."""
        signs: list[Token] = []
        while self.token.kind in ("+", "-"):
            signs.append(self.next())
        if self.token.kind == "not":
            token = self.next()
            value = yield self.term()
            return Value((piece("not ", token.span), value.at(SUM)), NEGATION, token.start, value.end)
        value = yield self.product()
        if not signs:
            return value
        rope = tuple((sign.kind, sign.start, sign.end) for sign in signs)
        return Value(
            (rope, value.at(PRODUCT)), SIGN if value.level > PRODUCT else PRODUCT, signs[0].start, value.end, value.kind
        )

    def product(self) -> Reading:
        """Factors with signs of multiplication between them, or with nothing."""
        left = yield self.factor()
        divided = False
        while True:
            token = self.token
            if token.kind in _PRODUCTS:
                self.place += 1
                right = yield (self.signed() if self.token.kind in ("+", "-") else self.factor())
                left = times(token, left, right)
                divided = token.kind == "/"
            elif self.starts_factor(token):
                self.require_juxtaposed(token, divided)
                right = yield self.factor()
                left = beside(left, right)
            else:
                return left

    def signed(self) -> Reading:
        """A factor with signs before it, behind a sign of multiplication: ``a \\cdot -b``."""
        signs: list[Token] = []
        while self.token.kind in ("+", "-"):
            signs.append(self.next())
        value = yield self.factor()
        rope = tuple((sign.kind, sign.start, sign.end) for sign in signs)
        return Value((rope, value.at(POWER)), SIGN, signs[0].start, value.end, value.kind).bracketed()

    def require_juxtaposed(self, token: Token, divided: bool) -> None:
        """Refuse what can be read in two ways."""
        before = self.tokens[self.place - 1]
        after_digit = self.text[token.start - 1].isdecimal()  # of the same number: TeX took its first digit
        if token.kind == "number" and (after_digit or before.kind in ("number", "letter", "word")):
            wrote = f"{before.text}{token.text}"
            hint = (
                "write \\cdot between them"
                if before.kind != "letter"
                else f"write {before.text}_{{{token.text}}} for a name, {before.text}^{{{token.text}}} for a power, "
                f"{token.text}{before.text} for a product"
            )
            if before.text in ("e", "E") and self.tokens[self.place - 2].kind == "number":
                hint = f"write {self.tokens[self.place - 2].text} \\cdot 10^{{{token.text}}}"
            raise SyntaxFault(f"a number stands right behind a factor: {shown(wrote)}", span=token.span, hint=hint)
        if divided:
            raise SyntaxFault(
                "a product right behind `/` can be read in two ways",
                span=token.span,
                hint="write \\frac{a}{b c} or \\frac{a}{b} c; or put brackets: a/(bc), (a/b)c",
            )

    def starts_factor(self, token: Token) -> bool:
        """Whether a factor begins here, behind another."""
        kind = token.kind
        if kind in ("|", "‖"):
            return not (self.opened and self.opened[-1].kind == kind)
        return kind in _STARTS

    def factor(self) -> Reading:
        """An atom with its powers, subscripts and factorials."""
        token = self.token
        is_plain = (
            token.kind == "letter" and token.text != "Δ" and self.tokens[self.place + 1].kind not in _FOLLOWS_NAME
        )
        if is_plain and (token.run <= 1 or not self.is_run(token)):
            self.place += 1
            return self.variable(token.text, token.start, token.end, token.bold)
        value = yield self.atom()
        while True:
            kind = self.token.kind
            if kind == "^":
                value = yield self.power(value)
            elif kind == "!":
                value = self.factorial(value)
            elif kind == "°":
                sign = self.next()
                value = call("radians", (value.start, value.start), [value], (value.start, sign.end))
            elif kind in ("'", "⋆"):
                hint = "derivatives are what the answer has; a prime belongs to a name, as in x'"
                raise SyntaxFault("a prime stands behind what is no name", span=self.token.span, hint=hint)
            elif kind == "_":
                hint = "a subscript belongs to a name, as in x_1"
                raise SyntaxFault("a subscript stands behind what is no name", span=self.token.span, hint=hint)
            else:
                return value

    def factorial(self, value: Value) -> Value:
        mark = self.next()
        if self.token.kind == "!":
            hint = "write (n!)! with brackets, or the product"
            raise SyntaxFault("double factorials are not understood", span=(mark.start, self.token.end), hint=hint)
        return call("factorial", (value.start, value.start), [value], (value.start, mark.end), value.kind)

    def atom(self) -> Reading:
        token = self.token
        kind = token.kind
        if kind == "number":
            self.place += 1
            return Value(piece(token.text, token.span), ATOM, token.start, token.end, SCALAR)
        if kind in ("letter", "word") or (kind == "command" and token.text in ACCENTS):
            return (yield self.name())
        if kind in BRACKETS or kind == "(.":
            return (yield self.group())
        if kind == "{":
            return (yield (self.name() if self.is_braced_name() else self.braces()))
        if kind in AROUND:
            return (yield self.between())
        if kind == "begin":
            return (yield (tables.cases(self) if token.text in CASES else tables.matrix(self)))
        if kind == "∞":
            self.place += 1
            return Value(piece("inf", token.span), ATOM, token.start, token.end, SCALAR)
        if kind in ("command", "function"):
            return (yield self.command())
        raise self.missing_value()

    def missing_value(self) -> SyntaxFault:
        before = self.tokens[self.place - 1] if self.place else None
        after = f" after {said(before)}" if before and before.kind not in (";", "\\\\") else ""
        return self.unexpected(f"expected a value{after}", _INSTEAD_OF_VALUE.get(self.token.kind))

    def command(self) -> Reading:
        token = self.next()
        name = token.text
        if token.kind == "command":
            if name in FRACTIONS:
                return (yield self.fraction(token))
            if name in BINOMIALS:
                return (yield self.binomial(token))
            if name == "sqrt":
                return (yield self.root(token))
        if name in OPERATORS and token.kind == "command" and ranges.is_over_index(self, name):
            return (yield ranges.over_index(self, token))
        return (yield applied.applied(self, token))

    def fraction(self, token: Token) -> Reading:
        above = yield self.argument(token)
        below = yield self.argument(token)
        span = token.start, below.end
        rope = (
            ("(", token.start, token.start),
            above.at(PRODUCT),
            (" / ", *token.span),
            below.at(POWER),
            (")", below.end, below.end),
        )
        return Value(rope, ATOM, *span, wider(above.kind, below.kind))

    def binomial(self, token: Token) -> Reading:
        above = yield self.argument(token)
        below = yield self.argument(token)
        return call("comb", token.span, [above, below], (token.start, below.end), SCALAR)

    def root(self, token: Token) -> Reading:
        degree = None
        if self.token.kind == "[":
            self.open(self.next())
            degree = yield self.expression()
            self.close()
        value = yield self.argument(token)
        span = token.start, value.end
        if degree is None:
            return call("sqrt", token.span, [value], span, value.kind)
        if short_text(degree) == "3":
            return call("cbrt", token.span, [value], span, value.kind)
        rope = (value.at(ATOM), (" ** (1 / ", *token.span), degree.at(POWER), (")", degree.end, degree.end))
        return Value(rope, POWER, *span, value.kind)

    def argument(self, owner: Token) -> Reading:
        """What a command takes: a group in braces, or one token."""
        token = self.token
        if token.kind == "{":
            return (yield self.braces())
        if token.kind == "number" and len(token.text) > 1:
            return self.digit(token)
        if token.kind in ("number", "letter", "word", "command", "∞"):
            if token.kind == "command":
                self.deepen(token)
                value = yield self.atom()
                self.deep -= 1
                return value
            return self.single()
        raise self.unexpected(f"expected {{…}} after {said(owner)}", "put the argument in braces")

    def single(self) -> Value:
        """One token as a value, as TeX takes it where there are no braces."""
        token = self.next()
        if token.kind == "letter":
            return self.variable(token.text, token.start, token.end, token.bold)
        if token.kind == "word":
            return self.variable(self.word(token), token.start, token.end, False)
        return Value(piece("inf" if token.kind == "∞" else token.text, token.span), ATOM, *token.span, SCALAR)

    def digit(self, token: Token) -> Value:
        """TeX takes one digit of a number as an argument: cut it off, where that may be what was meant."""
        before = self.tokens[self.place - 1]
        if before.kind in ("^", "_") or not token.text.isdecimal():
            raise self.one_digit(before, token)
        end = token.start + 1
        self.tokens[self.place] = Token("number", token.text[1:], end, token.end)
        return Value(piece(token.text[0], (token.start, end)), ATOM, token.start, end, SCALAR)

    def braces(self) -> Reading:
        """A group in braces, which shows nothing: a factor by itself."""
        opening = self.next()
        self.open(opening)
        if self.token.kind == "}":
            raise SyntaxFault(
                "the braces are empty",
                span=(opening.start, self.token.end),
                hint="write something in them, or leave them out",
            )
        value = yield self.expression()
        closing = self.close()
        found = Value(value.rope, value.level, opening.start, closing.end, value.kind)
        found.items = value.items
        return found

    def group(self) -> Reading:
        """A value in brackets, or several, which are a vector."""
        opening, values, closing = yield self.bracketed()
        span = opening.start, closing.end
        if len(values) == 1:
            return Value((("(", *opening.span), values[0].rope, (")", *closing.span)), ATOM, *span, values[0].kind)
        found = listed(values, span, VECTOR)
        found.items = values
        return found

    def bracketed(self) -> Reading:
        """The values between brackets, with commas between them, and the brackets."""
        opening = self.next()
        self.open(opening)
        values = [(yield self.expression())]
        while self.token.kind == "," or (self.token.kind == ";" and self.token.text == ";"):
            self.place += 1
            values.append((yield self.expression()))
        return opening, values, self.close()

    def between(self) -> Reading:
        """``|x|``, ``‖x‖``, ``⌊x⌋``, ``⌈x⌉``: of a matrix ``|A|`` is its determinant, of a vector its length."""
        opening = self.next()
        self.open(opening)
        value = yield self.expression()
        closing = self.close()
        span = opening.start, closing.end
        kind = opening.kind[0]
        if kind in "⌊⌈":
            return call("floor" if kind == "⌊" else "ceil", opening.span, [value], span, value.kind)
        if kind == "|" and value.kind == MATRIX:
            return call("det", opening.span, [value], span, SCALAR)
        if kind == "|" and value.kind not in (VECTOR, ROW):
            return call("abs", opening.span, [value], span, value.kind)
        return (yield self.norm(opening, value, span))

    def norm(self, opening: Token, value: Value, span: Span) -> Reading:
        """A norm, whose subscript says which."""
        arguments = [value]
        if self.token.kind == "_":
            self.place += 1
            order = yield self.argument(opening)
            if short_text(order) != "F" and (short_text(order) != "2" or value.kind == MATRIX):
                arguments.append(order)
        return call("norm", opening.span, arguments, span, SCALAR)

    def power(self, base: Value) -> Reading:
        sign = self.next()
        special = self.special_power(base)
        if special is not None:
            return special
        exponent = yield self.argument(sign)
        if self.token.kind == "^":
            hint = "write x^{a^b}, or {x^a}^b"
            raise SyntaxFault("one power follows another", span=self.token.span, hint=hint)
        return self.raised(base, exponent)

    def raised(self, base: Value, exponent: Value) -> Value:
        span = base.start, exponent.end
        if short_text(base) == "e" and not self.names.is_known("e"):
            return call("exp", base.span, [exponent], span, exponent.kind)
        if base.kind == MATRIX:
            if short_text(exponent) in ("-1", "(-1)"):
                return call("inv", base.span, [base], span, MATRIX)
            return call("matrix_power", base.span, [base, exponent], span, MATRIX)
        rope = (base.at(ATOM), (" ** ", base.end, exponent.start), exponent.at(ATOM))
        return Value(rope, POWER, *span, base.kind or exponent.kind)

    def special_power(self, base: Value) -> Value | None:
        """What stands raised and is no power: a transpose, degrees, or what is refused."""
        first, content, end = self.token, [self.token], self.place + 1
        if first.kind == "{" and (closing := self.matching.get(self.place)):
            content, end = self.tokens[end : min(closing, end + 4)], closing + 1
        texts = [token.text if token.kind in _TEXTS else token.kind for token in content]
        span = base.start, self.tokens[end - 1].end
        if texts in _TRANSPOSES and (texts[-1] != "T" or not self.names.is_known("T")):
            self.place = end
            if texts[0] == "-":
                base = call("inv", base.span, [base], span, MATRIX)
            return transposed(base, span, texts[-1])
        if texts in (["°"], ["∘"]):
            self.place = end
            return call("radians", (base.start, base.start), [base], span, base.kind)
        if texts in (["+"], ["-"], ["*"], ["⋆"]):
            message = f"`^{texts[0]}` is no power"
            raise SyntaxFault(message, span=(first.start, span[1]), hint="put it into the name: x_{\\mathrm{p}}")
        if len(texts) == 3 and texts[0] == "(" and texts[2] == ")":
            hint = f"write ^{texts[1]} for a power, _{{{texts[1]}}} for an index"
            raise SyntaxFault("a power in brackets can be read as an index", span=(first.start, span[1]), hint=hint)
        return None

    def name(self) -> Reading:
        """A name, with what makes it another name or a part of what it stands for; or a call of a function."""
        first = self.token
        name, bold = self.base_name()
        if name is None:
            raise SyntaxFault(
                "an accent stands over one name", span=(first.start, self.token.end), hint="as in \\hat{y}"
            )
        end = self.tokens[self.place - 1].end
        exponent = None
        if self.token.kind == "^" and self.behind_power() == "_":
            exponent = yield self.argument(self.next())
        while self.token.kind in ("'", "_", "⋆", "^"):
            if self.token.kind == "_":
                if (content := elements.index_behind(self, name)) is not None:
                    value = yield elements.indexed(self, name, first, content)
                    self.close_braces()
                    return self.raised(value, exponent) if exponent else value
                self.place += 1
                name = f"{name}_{self.subscript_name()}"
                self.close_braces()
            elif (marked := self.primed(name)) != name:
                if name in self.names.functions:
                    hint = "derivatives are what the answer has: write the function alone"
                    raise SyntaxFault("a prime stands behind a function", span=(first.start, end + 1), hint=hint)
                name = marked
            else:
                break
            end = self.tokens[self.place - 1].end
        called = applied.called(self, name, first)
        if called and self.token.kind == "^" and self.behind_power() == "(":
            if name in self.names.functions:
                hint = f"write the power behind the brackets: {name}(x)^2"
                raise SyntaxFault(f"{name} is a function", span=(first.start, end), hint=hint)
            self.refuse_order()
            exponent = yield self.argument(self.next())
        if called and self.token.kind == "(":
            value = yield applied.arguments(self, called, (first.start, end))
        else:
            value = self.variable(name, first.start, end, bold)
        return self.raised(value, exponent) if exponent else value
