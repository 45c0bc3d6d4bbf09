"""From tokens to text in the language: a parser by precedence whose parts are generators.

A part that needs another yields it, and is sent its value, a `Value`; `run` keeps those that wait on a stack, so that
nothing here calls itself however deep a formula is. What a part reads it never reads again, but for the left side of
an equation and the inside of a subscript, which are looked over once before; so time is linear in the text.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from keyword import iskeyword
from typing import Any

from engine.errors import LimitExceeded, Span, SyntaxFault
from engine.functions import FUNCTIONS
from engine.kinds import Elementwise
from engine.language.diagnostics import locate, shown
from engine.language.latex.commands import (
    ACCENTS,
    BINOMIALS,
    CASES,
    FRACTIONS,
    LETTER_FUNCTIONS,
    OPERATORS,
    REDUCTIONS,
    function,
)
from engine.language.latex.lexer import Token, lex
from engine.language.latex.names import Index, Names, canonical
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
    Rope,
    Value,
    call,
    piece,
)
from engine.limits import Limits

Reading = Generator[Any, Any, Any]
"""A part of a formula being read: yields the parts it waits for, and returns its own `Value`."""

_CLOSING = {
    "(": ")", "[": "]", "\\{": "\\}", "{": "}", "|(": "|)", "‖(": "‖)", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖",
    "(.": ".)",
}  # fmt: skip
_BRACKETS = ("(", "[", "\\{")
_AROUND = ("|(", "‖(", "|", "‖", "⌊", "⌈")
_COMPARISONS = ("<", "<=", ">", ">=", "!=", "=", "==")
_PRODUCTS = ("·", "×", "*", "⊙", "∘", "/")
_TRANSPOSES = (["T"], ["⊤"], ["†"], ["-", "⊤"], ["-", "T"])
_OTHERWISE = ("otherwise", "else", "")
_CONDITIONAL = ("if", "for", "when", "where", "if and only if")
_LONGEST_WORD = 12


def run(first: Reading) -> Any:
    """The value of a part, with all that it waits for."""
    waiting, value = [first], None
    while waiting:
        try:
            part = waiting[-1].send(value)
        except StopIteration as end:
            waiting.pop()
            value = end.value
        else:
            waiting.append(part)
            value = None
    return value


class Reader:
    """One reading of a formula."""

    def __init__(self, text: str, inputs: Mapping[str, int], limits: Limits) -> None:
        self.text = text
        self.tokens = lex(text)
        self.place = 0
        self.names = Names(inputs)
        self.limits = limits
        self.opened: list[Token] = []
        self.deep = 0  # what is open without a bracket: a function without brackets, a command as an argument
        self.matching = _matching(self.tokens)
        self.in_subscript = 0

    # Tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def next(self) -> Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def expect(self, kind: str, hint: str | None = None) -> Token:
        if self.token.kind != kind:
            raise self.unexpected(f"expected {shown(kind)}", hint)
        return self.next()

    def unexpected(self, expected: str, hint: str | None = None) -> SyntaxFault:
        token = self.token
        if token.kind in _CLOSING.values() and self.opened and token.kind != _CLOSING.get(self.opened[-1].kind):
            hint = hint or f"{_said(self.opened[-1])} is open: close it first"
        return SyntaxFault(f"{expected}, found {_said(token)}", span=token.span, hint=hint)

    def open(self, token: Token) -> None:
        """Note a bracket that is open, and refuse one too many."""
        self.opened.append(token)
        self.require_room(token)

    def deepen(self, token: Token) -> None:
        """Note what is open and has no bracket."""
        self.deep += 1
        self.require_room(token)

    def require_room(self, token: Token) -> None:
        if len(self.opened) + self.deep > self.limits.nesting:
            try:
                self.limits.require("nesting", len(self.opened) + self.deep)
            except LimitExceeded as refusal:
                refusal.span = token.span
                refusal.hint = "give the inner parts names, in equations of their own"
                raise

    def close(self) -> Token:
        """The bracket that closes the innermost one."""
        opening = self.opened[-1]
        closing = _CLOSING.get(opening.kind, opening.kind)
        token = self.token
        if token.kind != closing:
            if token.kind in ("", ";"):
                raise SyntaxFault(
                    f"{shown(opening.text)} is not closed before {_said(token)}",
                    span=opening.span,
                    hint=f"close it with {_written(opening)}",
                )
            if token.kind in _CLOSING.values():
                line, column = locate(self.text, opening.start)
                raise SyntaxFault(
                    f"{shown(token.text)} does not close the {shown(opening.text)} of line {line}, column {column}",
                    span=token.span,
                    hint=f"write {_written(opening)} instead",
                )
            raise self.unexpected(f"expected an operator or {_written(opening)}", _hint_after(token))
        self.opened.pop()
        return self.next()

    # Statements

    def formula(self) -> Rope:
        """All equations of the text."""
        ropes: list[Rope] = []
        while self.token.kind:
            if self.token.kind in (";", "\\\\", ",", ".", "&"):
                self.place += 1
                continue
            ropes.append(run(self.statement()))
        if not ropes:
            raise SyntaxFault("the formula is empty", span=(0, len(self.text)), hint="write one, such as x^2 + 1")
        return tuple(ropes)

    def statement(self) -> Reading:
        relation, end, last = self.outline()
        head: Rope = ()
        name = signature = None
        if relation is not None:
            name, signature, head = self.target(relation, last)
        value = yield self.expression()
        while self.token.kind in (",", ".", "&") and self.place < end:
            self.place += 1
        if self.token.kind not in ("", ";", "\\\\"):
            raise self.leftover(relation is not None)
        if name is not None:
            known = self.names.variables if signature is None else self.names.functions
            known[name] = value.kind
        self.names.parameters = frozenset()
        return (head, value.rope, ("\n", value.end, value.end))

    def outline(self) -> tuple[int | None, int, bool]:
        """Where the sign of an equation stands, where the statement ends, and whether it is the last of the text."""
        depth, relation, place = 0, None, self.place
        while True:
            kind = self.tokens[place].kind
            if not kind or (not depth and kind in (";", "\\\\")):
                break
            if kind in ("{", "(", "[", "\\{", "begin"):
                depth += 1
            elif kind in ("}", ")", "]", "\\}", "end"):
                depth -= 1
            elif not depth and relation is None and kind in ("=", "≈"):
                relation = place
            place += 1
        end = place
        while self.tokens[place].kind in (";", "\\\\", ",", ".", "&"):
            place += 1
        return relation, end, not self.tokens[place].kind

    def leftover(self, assigned: bool) -> SyntaxFault:
        token = self.token
        if token.kind in ("=", "≈"):
            hint = "end each equation with \\\\" if assigned else "compare inside \\begin{cases}"
            return SyntaxFault("one equation has one equals sign", span=token.span, hint=hint)
        if token.kind in _CLOSING.values() or token.kind == "end":
            return SyntaxFault(f"{shown(token.text)} closes nothing", span=token.span, hint="remove it")
        if token.kind == ",":
            hint = "end an equation with \\\\; write several values as \\begin{pmatrix} a \\\\ b \\end{pmatrix}"
            return SyntaxFault("a comma stands only between arguments", span=token.span, hint=hint)
        return self.unexpected("expected an operator", _hint_after(token))

    def target(self, relation: int, last: bool) -> tuple[str | None, str | None, Rope]:
        """The left side of an equation: a name, or a name with parameters; of the last equation anything is a label."""
        first, opening = self.token, self.place
        name = self.named() if first.kind in ("letter", "word", "command") else None
        start = first.start
        if name is None or self.place > relation:
            raise SyntaxFault(
                "on the left of an equation stands a name, or a function of names",
                span=(first.start, max(first.end, self.tokens[relation - 1].end)),
                hint="write y = …, or f(x) = …; end each equation with \\\\",
            )
        self.skip_alignment(relation)
        if self.place == relation:
            self.place += 1
            self.skip_alignment(len(self.tokens))
            return name, None, piece(f"{self.names.spelled(name)} = ", (start, self.tokens[relation].end))
        parameters = self.parameters(relation)
        if parameters is None and not last:
            span = self.tokens[opening].start, self.tokens[relation - 1].end
            raise SyntaxFault("a function's parameters are names", span=span, hint="write f(x, y) = …")
        self.place = relation + 1
        self.skip_alignment(len(self.tokens))
        if last:
            return None, None, ()
        assert parameters is not None
        self.names.parameters = frozenset(parameters)
        self.names.functions[name] = ""
        listed = ", ".join(map(self.names.spelled, parameters))
        return name, listed, piece(f"{self.names.spelled(name)}({listed}) = ", (start, self.tokens[relation].end))

    def skip_alignment(self, end: int) -> None:
        while self.place < end and self.token.kind == "&":
            self.place += 1

    def parameters(self, end: int) -> list[str] | None:
        """The names in the brackets of a function that is defined; None where that is not what stands there."""
        if self.token.kind != "(":
            return None
        names: list[str] = []
        self.place += 1
        while self.place < end and self.token.kind in ("letter", "word", "command"):
            name = self.named()
            if name is None:
                return None
            names.append(name)
            if self.token.kind == ")":
                self.place += 1
                self.skip_alignment(end)
                return names if self.place == end and len(set(names)) == len(names) else None
            if self.token.kind not in (",", ";", "|", "‖"):
                return None
            self.place += 1
        return None

    def named(self) -> str | None:
        """The name that stands here, with its accents, subscript and primes, if it is one."""
        name, _ = self.base_name()
        if name is None:
            return None
        if self.token.kind == "_":
            self.place += 1
            name = f"{name}_{self.subscript_name()}"
        return self.primed(name)

    # Expressions

    def expression(self) -> Reading:
        """Anything that has a value, comparisons and what joins them included."""
        left = yield self.sum()
        if self.token.kind in _COMPARISONS and (self.token.kind != "=" or self.opened):
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
            kind, end = _wider(kind, right.kind), right.end
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
                left = self.times(token, left, right)
                divided = token.kind == "/"
            elif self.starts_factor(token):
                self.require_juxtaposed(token, divided)
                right = yield self.factor()
                left = self.beside(left, right)
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
        if token.kind == "number":
            wrote = f"{before.text}{token.text}"
            hint = (
                "write \\cdot between them"
                if before.kind != "letter"
                else f"write {before.text}_{{{token.text}}} for a name, {before.text}^{{{token.text}}} for a power, "
                f"{token.text}{before.text} for a product"
            )
            raise SyntaxFault(f"a number stands right behind a factor: {shown(wrote)}", span=token.span, hint=hint)
        if divided:
            raise SyntaxFault(
                "a product right behind `/` can be read in two ways",
                span=token.span,
                hint="write \\frac{a}{b c} or \\frac{a}{b} c; or put brackets: a/(bc), (a/b)c",
            )

    def times(self, token: Token, left: Value, right: Value) -> Value:
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
            return self.beside(left, right, token)
        symbol = " / " if token.kind == "/" else " * "
        rope = (left.at(PRODUCT), (symbol, token.start, token.end), right.at(POWER))
        return Value(rope, PRODUCT, left.start, right.end, _wider(left.kind, right.kind))

    def beside(self, left: Value, right: Value, token: Token | None = None) -> Value:
        """A product of what stands side by side: of matrices and vectors, where both are."""
        span = token.span if token else (left.end, right.start)
        kinds = left.kind, right.kind
        if kinds == (VECTOR, ROW):
            return call("outer", (left.start, left.start), [left, right], (left.start, right.end), MATRIX)
        if kinds in ((MATRIX, ROW), (VECTOR, MATRIX)):
            what = "a matrix times a row" if kinds[0] == MATRIX else "a column times a matrix"
            hint = "write x^\\top A or A x; write \\odot for the product by elements"
            raise SyntaxFault(f"{what} is no product of matrices", span=(left.start, right.end), hint=hint)
        symbol, kind = _MATRIX_PRODUCTS.get(kinds, (" * ", _wider(*kinds)))
        rope = (left.at(PRODUCT), (symbol, *span), right.at(POWER))
        return Value(rope, PRODUCT, left.start, right.end, kind)

    def starts_factor(self, token: Token) -> bool:
        """Whether a factor begins here, behind another."""
        kind = token.kind
        if kind in ("|", "‖"):
            return not (self.opened and self.opened[-1].kind == kind)
        return kind in _STARTS

    # Factors

    def factor(self) -> Reading:
        """An atom with its powers, subscripts and factorials."""
        token = self.token
        is_plain = token.kind == "letter" and self.tokens[self.place + 1].kind not in _FOLLOWS_NAME
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
        if kind in _BRACKETS or kind == "(.":
            return (yield self.group())
        if kind == "{":
            return (yield self.braces())
        if kind in _AROUND:
            return (yield self.between())
        if kind == "begin":
            return (yield (self.cases() if token.text in CASES else self.matrix()))
        if kind == "∞":
            self.place += 1
            return Value(piece("inf", token.span), ATOM, token.start, token.end, SCALAR)
        if kind in ("command", "function"):
            return (yield self.command())
        raise self.missing_value()

    def missing_value(self) -> SyntaxFault:
        before = self.tokens[self.place - 1] if self.place else None
        after = f" after {_said(before)}" if before and before.kind not in (";", "\\\\") else ""
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
        if name in OPERATORS and token.kind == "command" and self.is_over_index(name):
            return (yield self.over_index(token))
        return (yield self.applied(token))

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
        return Value(rope, ATOM, *span, _wider(above.kind, below.kind))

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
        if _text(degree) == "3":
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
        raise self.unexpected(f"expected {{…}} after {_said(owner)}", "put the argument in braces")

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

    def one_digit(self, before: Token, token: Token) -> SyntaxFault:
        sign = before.text if before.kind in ("^", "_") else ""
        return SyntaxFault(
            f"TeX takes only the first digit behind {_said(before)}",
            span=token.span,
            hint=f"write {sign}{{{token.text}}}",
        )

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
        return Value(value.rope, value.level, opening.start, closing.end, value.kind)

    def group(self) -> Reading:
        """A value in brackets, or several, which are a vector."""
        opening, values, closing = yield self.bracketed()
        span = opening.start, closing.end
        if len(values) == 1:
            return Value((("(", *opening.span), values[0].rope, (")", *closing.span)), ATOM, *span, values[0].kind)
        return _listed(values, span, VECTOR)

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
            if _text(order) != "F" and (_text(order) != "2" or value.kind == MATRIX):
                arguments.append(order)
        return call("norm", opening.span, arguments, span, SCALAR)

    # Powers

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
        if _text(base) == "e" and not self.names.is_known("e"):
            return call("exp", base.span, [exponent], span, exponent.kind)
        if base.kind == MATRIX:
            if _text(exponent) in ("-1", "(-1)"):
                return call("inv", base.span, [base], span, MATRIX)
            return call("matrix_power", base.span, [base, exponent], span, MATRIX)
        rope = (base.at(ATOM), (" ** ", base.end, exponent.start), exponent.at(ATOM))
        return Value(rope, POWER, *span, base.kind or exponent.kind)

    def special_power(self, base: Value) -> Value | None:
        """What stands raised and is no power: a transpose, degrees, or what is refused."""
        first, content, end = self.token, [self.token], self.place + 1
        if first.kind == "{" and (closing := self.matching.get(self.place)):
            content, end = self.tokens[end : min(closing, end + 4)], closing + 1
        texts = [token.text if token.kind in ("letter", "word", "number") else token.kind for token in content]
        span = base.start, self.tokens[end - 1].end
        if texts in _TRANSPOSES and (texts[-1] != "T" or not self.names.is_known("T")):
            self.place = end
            if texts[0] == "-":
                base = call("inv", base.span, [base], span, MATRIX)
            return _transposed(base, span, texts[-1])
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

    # Names

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
        if self.token.kind == "^" and self.is_before_subscript():
            exponent = yield self.argument(self.next())
        while self.token.kind in ("'", "_", "⋆"):
            if self.token.kind == "_":
                if (content := self.index_behind(name)) is not None:
                    value = yield self.indexed(name, first, content)
                    return self.raised(value, exponent) if exponent else value
                self.place += 1
                name = f"{name}_{self.subscript_name()}"
            else:
                name = self.primed(name)
            end = self.tokens[self.place - 1].end
        if self.token.kind in ("(", "|(") and (called := self.called(name, first)):
            return (yield self.arguments(called, (first.start, end)))
        if self.token.kind == "^" and name in self.names.functions and not self.names.is_known(name):
            hint = f"write the power behind the brackets: {name}(x)^2"
            raise SyntaxFault(f"{name} is a function", span=(first.start, end), hint=hint)
        value = self.variable(name, first.start, end, bold)
        return self.raised(value, exponent) if exponent else value

    def variable(self, name: str, start: int, end: int, bold: bool) -> Value:
        spelled = self.names.spelled(name)
        return Value(((spelled, start, end),), ATOM, start, end, self.names.kind(name, bold))

    def base_name(self) -> tuple[str | None, bool]:
        """A letter, a word, or letters that are an input's name, with accents over it; and whether it is bold."""
        accents: list[str] = []
        braces = 0
        while self.token.kind == "command" and self.token.text in ACCENTS:
            accents.append(ACCENTS[self.next().text])
            if self.token.kind == "{":
                braces += 1
                self.place += 1
        token = self.token
        if token.kind not in ("letter", "word"):
            return None, False
        self.place += 1
        name = self.word(token) if token.kind == "word" else token.text
        if token.run > 1 and not accents and self.is_run(token):
            name = "".join(letter.text for letter in self.tokens[self.place - 1 : self.place - 1 + token.run])
            self.place += token.run - 1
        inner = ""
        if accents and self.token.kind == "_" and braces:
            self.place += 1
            inner = f"_{self.subscript_name()}"
        for _ in range(braces):
            if self.token.kind != "}":
                return None, False
            self.place += 1
        return "_".join((name, *reversed(accents))) + inner, token.bold

    def is_run(self, token: Token) -> bool:
        """Whether letters without a blank between them are an input's name; refuses those of a function."""
        place = self.place if self.tokens[self.place] is token else self.place - 1
        letters = "".join(letter.text for letter in self.tokens[place : place + token.run])
        if letters in self.names.inputs and len(letters) == token.run:
            return True
        behind = self.tokens[place + token.run]
        if behind.kind == "(":
            for length in range(min(_LONGEST_WORD, token.run), 1, -1):
                word = letters[-length:]
                if (length > 2 or word == "ln") and word in FUNCTIONS:
                    start = behind.start - length
                    raise SyntaxFault(
                        f"letters side by side are multiplied, and {shown(word)} is a function",
                        span=(max(token.start, start), max(token.start, start) + length),
                        hint=f"write \\operatorname{{{word}}}(…); for the product put blanks between the letters",
                    )
        return False

    def word(self, token: Token) -> str:
        """The name that is in ``\\mathrm{…}``."""
        name = "_".join(token.text.replace("-", " ").split())
        if not name.isidentifier() or name.startswith("__"):
            message = f"{shown(token.text)} is not a name" if token.text else "the name is empty"
            raise SyntaxFault(message, span=token.span, hint="letters, digits and _, a letter first")
        if _is_reserved(name):
            raise SyntaxFault(f"{shown(name)} is a keyword of Python", span=token.span, hint="choose another name")
        return canonical(name)

    def primed(self, name: str) -> str:
        while self.token.kind in ("'", "⋆"):
            name += "_prime" if self.next().kind == "'" else "_star"
        return name

    def is_before_subscript(self) -> bool:
        """Whether a subscript follows what is raised here: ``x^2_1`` is ``x_1^2``."""
        place = self.place + 1
        return self.tokens[place].kind != "" and self.tokens[self.matching.get(place, place) + 1].kind == "_"

    def subscript(self) -> tuple[int, int]:
        """The places of what is in a subscript, of which the ``_`` comes next."""
        first = self.place + 1
        token = self.tokens[first]
        if token.kind != "{":
            return first, first + 1
        closing = self.matching.get(first)
        if closing is None:
            raise SyntaxFault("`{` is not closed before the end of the text", span=token.span, hint="close it with }")
        return first + 1, closing

    def subscript_name(self) -> str:
        """What a subscript adds to a name; it is read."""
        self.place -= 1
        first, end = self.subscript()
        token = self.tokens[first]
        if token.kind == "number" and len(token.text) > 1 and self.tokens[first - 1].kind == "_":
            raise self.one_digit(self.tokens[first - 1], token)
        parts = [self.in_name(token) for token in self.tokens[first:end]]
        self.place = end + (self.tokens[first - 1].kind == "{")
        name = "".join(parts).strip("_")
        if not name or not f"x{name}".isidentifier():
            span = self.tokens[first].start, max(self.tokens[first].end, self.tokens[max(first, end - 1)].end)
            raise SyntaxFault("this subscript is neither a name nor an index", span=span, hint=_SUBSCRIPT_HINT)
        return name

    def in_name(self, token: Token) -> str:
        if token.kind in ("letter", "number"):
            return token.text
        if token.kind in ("word", "function") or (token.kind == "command" and token.text not in _NO_NAMES):
            return "_".join(token.text.replace("-", " ").split())
        if token.kind in _IN_NAMES:
            return _IN_NAMES[token.kind]
        raise SyntaxFault("this subscript is neither a name nor an index", span=token.span, hint=_SUBSCRIPT_HINT)

    # Indices

    def index_behind(self, name: str) -> tuple[int, int] | None:
        """The places of a subscript that is an index: of a tensor, or by the index of a sum."""
        first, end = self.subscript()
        content = self.tokens[first:end]
        if self.names.indices or name in self.names.axes or name in self.names.variables:
            if self.is_name(name, content):
                return None
            by_index = any(t.kind == "letter" and self.names.index(t.text) is not None for t in content)
            of_tensor = self.names.kind(name, False) in (VECTOR, MATRIX)
            if by_index or of_tensor:
                return first, end
        return None

    def is_name(self, name: str, content: list[Token]) -> bool:
        """Whether a name with a subscript is the name of something."""
        try:
            full = "_".join((name, "".join(map(self.in_name, content))))
        except SyntaxFault:
            return False
        names = self.names
        return full in names.inputs or full in names.variables or full in names.parameters or full in names.functions

    def indexed(self, name: str, first: Token, content: tuple[int, int]) -> Reading:
        """``x_i``, ``A_{ij}``, ``A_{i,j+1}``: elements, counted from 1."""
        start, end = content
        opening, name_end = self.tokens[start - 1], self.tokens[self.place - 1].end
        if opening.kind == "_" and self.tokens[start].kind == "number" and len(self.tokens[start].text) > 1:
            raise self.one_digit(opening, self.tokens[start])
        base, kind = self.names.spelled(name), self.names.kind(name, False)
        self.in_subscript += 1
        parts: list[Any] = [(base, first.start, name_end), ("[", name_end, opening.end)]
        split = self.split_index(start, end, kind)
        for axis, (place, tokens) in enumerate(split):
            parts.append((yield self.index_of(place, tokens, base, axis)))
            parts.append((", ", tokens[-1].end, tokens[-1].end))
        self.in_subscript -= 1
        self.place = end + (opening.kind == "{")
        closing = self.tokens[self.place - 1].end
        parts[-1] = ("]", closing, closing)
        left = max(0, self.axes_of(kind) - len(split))
        return Value(tuple(parts), ATOM, first.start, closing, (SCALAR, VECTOR)[left] if kind else "")

    def axes_of(self, kind: str) -> int:
        return {MATRIX: 2, VECTOR: 1}.get(kind, 0)

    def split_index(self, start: int, end: int, kind: str) -> list[tuple[int, list[Token]]]:
        """The parts of a subscript with their places: between commas, or sign by sign where there is no operator."""
        content = self.tokens[start:end]
        if not content:
            raise SyntaxFault("the index is missing", span=self.tokens[start - 1].span, hint="as in x_i, A_{i,j}")
        if all(token.kind == "letter" for token in content):
            return [(place, [self.tokens[place]]) for place in range(start, end)]
        if kind == MATRIX and all(token.kind in ("letter", "number") for token in content):
            return [(start, [one]) for token in content for one in _digits(token)]
        parts: list[tuple[int, list[Token]]] = []
        at, depth = start, 0
        for place in range(start, end + 1):
            token = self.tokens[place]
            if place == end or (token.kind == "," and not depth):
                if place == at:
                    raise SyntaxFault("the index is missing", span=token.span, hint="as in x_i, A_{i,j}")
                parts.append((at, self.tokens[at:place]))
                at = place + 1
            depth += (token.kind in ("(", "{")) - (token.kind in (")", "}"))
        return parts

    def index_of(self, start: int, content: list[Token], base: str, axis: int) -> Reading:
        """One part of an index, less one where it counts from 1."""
        span = content[0].start, content[-1].end
        if len(content) == 1 and content[0].kind == "number":
            return piece(str(self.whole(content[0])), span)
        index = self.names.index(content[0].text) if content[0].kind == "letter" else None
        shift = _shift(content)
        if index is not None and shift is not None:
            if index.length is None and not shift:
                index.length = f"{base}.shape[{axis}]"
            if index.first is not None:
                return piece(self.shifted(content[0].text, index.first, shift, span), span)
        if self.in_subscript > 2:
            hint = "give the inner element a name in an equation of its own"
            raise SyntaxFault("an index in the index of an index is not understood", span=span, hint=hint)
        self.place = start
        value = yield self.expression()
        if self.place != start + len(content):
            raise self.unexpected("expected the end of the index", "as in x_i, x_{i+1}, A_{i,j}")
        whole = value.rope if self.is_whole(content) else (("int(", *value.span), value.rope, (")", *value.span))
        place = (("(", *value.span), whole, (")", *value.span))
        return (place, (" - 1 if ", *value.span), place, (f" >= 1 else {base}.shape[{axis}]", *value.span))

    def shifted(self, name: str, first: int, shift: int, span: Span) -> str:
        """An index of a sum plus a number, as a place counted from 0. A sum from 0 counts from 0."""
        counted = 0 if first == 0 else 1
        if first + shift < counted:
            message = (
                f"the index {self.text[span[0] : span[1]]} begins at {first + shift}, and indices count from {counted}"
            )
            raise SyntaxFault(message, span=span, hint="let the sum begin later")
        by = shift - counted
        return self.names.spelled(name) + (f" {'-' if by < 0 else '+'} {abs(by)}" if by else "")

    def is_whole(self, content: list[Token]) -> bool:
        """Whether a computed index has only numbers and indices of sums in it, which are whole."""
        return all(token.kind != "letter" or self.names.index(token.text) is not None for token in content)

    def whole(self, token: Token) -> int:
        """A place that is written as a number, counted from 0."""
        if not token.text.isdecimal() or len(token.text) > 9:
            raise SyntaxFault(f"{shown(token.text)} is no index", span=token.span, hint="write a whole number")
        if int(token.text) < 1:
            raise SyntaxFault("indices count from 1", span=token.span, hint="write 1 for the first element")
        return int(token.text) - 1

    # Functions

    def called(self, name: str, first: Token) -> str | None:
        """The function that a name before a bracket is: one of the formula's own, or one that the name stands for."""
        names = self.names
        if name in names.functions:
            return names.spelled(name)
        if names.is_known(name):
            return None
        if name in LETTER_FUNCTIONS and (first.kind == "word" or name != "B"):
            return LETTER_FUNCTIONS[name]
        return function(name) if first.kind == "word" and len(name) > 1 else None

    def arguments(self, name: str, place: Span) -> Reading:
        """A call with arguments in brackets."""
        _, values, closing = yield self.bracketed()
        kind = self.kind_of_call(name, values)
        return call(name, place, values, (place[0], closing.end), kind)

    def kind_of_call(self, name: str, values: list[Value]) -> str:
        if name in REDUCTIONS:
            return SCALAR if len(values) == 1 else ""
        if name in FUNCTIONS:
            kind = values[0].kind
            if isinstance(FUNCTIONS[name], Elementwise):
                for value in values[1:]:
                    kind = _wider(kind, value.kind)
            return kind
        return next((kind for own, kind in self.names.functions.items() if self.names.spelled(own) == name), "")

    def applied(self, token: Token) -> Reading:
        """``\\sin x``, ``\\sin^2 x``, ``\\log_2 x``, ``\\max(a, b)``, ``\\operatorname{name}(x)``."""
        if token.kind == "function" and self.names.is_known(self.word(token)):
            return self.function_as_name(token)
        name = function(token.text) or self.own(token)
        base = exponent = None
        end = token.end
        while self.token.kind in ("_", "^"):
            sign = self.next()
            if sign.kind == "_" and name != "log":
                span = (sign.start, self.token.end)
                hint = "subscripts belong to names; \\log_b, \\sum, \\prod, \\max and \\min have their own"
                raise SyntaxFault(f"{_shown_command(token)} takes no subscript", span=span, hint=hint)
            value = yield self.argument(sign)
            base, exponent = (value, exponent) if sign.kind == "_" else (base, value)
            end = value.end
        if self.token.kind == "'":
            raise SyntaxFault(
                "a prime stands behind a function",
                span=self.token.span,
                hint="derivatives are what the answer has: write the function alone",
            )
        if (
            token.kind == "function"
            and self.token.kind not in (*_BRACKETS, *_AROUND)
            and not self.starts_factor(self.token)
        ):
            return self.function_as_name(token)
        values, behind = yield self.operands(token)
        span = token.start, behind
        if exponent is not None and _text(exponent) in ("-1", "(-1)"):
            name, exponent = self.inverse(name, token), None
        value = self.function_call(name, token, base, values, span)
        if exponent is None:
            return value
        if value.kind == MATRIX:
            return self.raised(value, exponent)
        return Value((value.rope, (" ** ", token.end, end), exponent.at(ATOM)), POWER, *span, value.kind)

    def function_call(self, name: str, token: Token, base: Value | None, values: list[Value], span: Span) -> Value:
        if base is None:
            return call(name, token.span, values, span, self.kind_of_call(name, values))
        of_base = {"2": "log2", "10": "log10"}.get(_text(base))
        if of_base:
            return call(of_base, token.span, values, span, values[0].kind)
        above = call("log", token.span, values, span, values[0].kind)
        below = call("log", base.span, [base], base.span)
        rope = (("(", span[0], span[0]), above.rope, (" / ", *base.span), below.rope, (")", span[1], span[1]))
        return Value(rope, ATOM, *span, values[0].kind)

    def own(self, token: Token) -> str:
        """The function of an ``\\operatorname`` that is not in the table: the formula's own, or nobody's."""
        return self.names.spelled(self.word(token))

    def function_as_name(self, token: Token) -> Value:
        """``\\operatorname{name}`` where nothing follows that it could be applied to."""
        return self.variable(self.word(token), token.start, token.end, False)

    def inverse(self, name: str, token: Token) -> str:
        """``\\sin^{-1}`` is the inverse function, as it is printed on calculators."""
        inverse = f"arc{name}"
        if inverse not in FUNCTIONS:
            hint = f"write \\frac{{1}}{{{_shown_command(token).strip('`')} x}} for the reciprocal"
            raise SyntaxFault(
                f"{_shown_command(token)} has no inverse that is known by `^{{-1}}`", span=token.span, hint=hint
            )
        return inverse

    def operands(self, token: Token) -> Reading:
        """What a function is applied to, and where it ends: what is in brackets, or the factors up to a sign."""
        kind = self.token.kind
        if kind in _BRACKETS:
            _, values, closing = yield self.bracketed()
            return values, closing.end
        if kind == "{":
            value = yield self.braces()
            return [value], value.end
        if not self.starts_factor(self.token) or kind == "":
            raise self.unexpected(f"expected what {_shown_command(token)} is of", "put it in brackets")
        self.deepen(token)
        bracketed = self.token.kind in _AROUND
        value = yield self.factor()
        while not bracketed and self.token.kind in _IN_RUN and not self.is_function(self.token):
            self.require_juxtaposed(self.token, False)
            right = yield self.factor()
            value = self.beside(value, right)
        self.deep -= 1
        return [value], value.end

    def is_function(self, token: Token) -> bool:
        """Whether a command is a function, where what another function is applied to ends."""
        if token.kind == "command":
            return token.text not in FRACTIONS | BINOMIALS and token.text != "sqrt" and token.text not in ACCENTS
        return token.kind == "function"

    # Sums, products, greatest and least over an index

    def is_over_index(self, name: str) -> bool:
        return name in ("sum", "prod") or self.token.kind == "_"

    def over_index(self, token: Token) -> Reading:
        """``\\sum_{k=1}^{n} a_k``: what follows up to a sign of addition is what is added up."""
        below = above = None
        while self.token.kind in ("_", "^"):
            sign = self.next()
            if sign.kind == "_":
                below = yield self.bounds(token)
            else:
                above = yield self.argument(sign)
        end = self.tokens[self.place - 1].end
        names, low = below or ([], None)
        if (above is None) != (low is None):
            hint = f"write {_shown_command(token).strip('`')}_{{k=1}}^{{n}}"
            raise SyntaxFault("one of the bounds is missing", span=(token.start, end), hint=hint)
        first = int(_text(low)) if low and _text(low).isdecimal() and len(_text(low)) < 10 else None
        outer = self.names.indices
        indices = {name: Index(first if low else 1) for name in names}
        self.names.indices = {**outer, **indices}
        self.deepen(token)
        body = yield self.term()
        self.deep -= 1
        self.names.indices = outer
        span = token.start, body.end
        if not names:
            return call(token.text, token.span, [body], span, SCALAR)
        ranges: list[Any] = []
        for name, index in indices.items():
            ranges.append(piece(f" for {self.names.spelled(name)} in range(", (token.start, end)))
            ranges.append(self.range(token, name, index, low, above, (token.start, end)))
        rope = (
            (f"{token.text}(", token.start, end),
            body.at(SUM),
            *ranges,
            (")", body.end, body.end),
        )
        return Value(rope, ATOM, *span, body.kind)

    def range(self, token: Token, name: str, index: Index, low: Value | None, above: Value | None, span: Span) -> Rope:
        """What an index runs over: between its bounds, or over all that is indexed by it."""
        if low is None or above is None:
            if index.length is None:
                hint = f"write {_shown_command(token).strip('`')}_{{{name}=1}}^{{n}}"
                raise SyntaxFault(
                    f"there is nothing that is indexed by {name} alone, so its bounds are not known",
                    span=span,
                    hint=hint,
                )
            return piece(f"1, {index.length} + 1)", span)
        text = _text(above)
        upper = (
            piece(f"{int(text) + 1})", above.span)
            if text.isdecimal() and len(text) < 10
            else (("int(", *above.span), above.rope, (") + 1)", *above.span))
        )
        lower = low.rope if index.first is not None else (("int(", *low.span), low.rope, (")", *low.span))
        return (lower, (", ", *low.span), upper)

    def bounds(self, owner: Token) -> Reading:
        """The index below a sum, and where it begins: ``k=1``, or indices alone: ``i``, ``i,j``."""
        opening = self.token
        braced = opening.kind == "{"
        if braced:
            self.open(self.next())
        names: list[str] = []
        while self.token.kind == "letter":
            names.append(self.next().text)
            if self.token.kind == "," and braced:
                self.place += 1
            elif not braced:
                break
        low = None
        if self.token.kind == "=" and len(names) == 1 and braced:
            self.place += 1
            low = yield self.expression()
        if not names or (braced and self.token.kind != "}") or len(set(names)) < len(names):
            hint = f"write {_shown_command(owner).strip('`')}_{{k=1}}^{{n}}, with one index and its first value"
            raise self.unexpected("expected an index below", hint)
        if braced:
            self.close()
        return names, low

    # Tables

    def table(self, opening: Token) -> Reading:
        """The cells of an environment, row by row."""
        rows: list[list[Any]] = [[]]
        while True:
            if self.token.kind == "end":
                break
            rows[-1].append((yield self.cell(opening)))
            if self.token.kind == "&":
                self.place += 1
            elif self.token.kind == "\\\\":
                self.place += 1
                rows.append([])
            elif self.token.kind != "end":
                if not self.token.kind:
                    raise self.not_ended(opening)
                raise self.unexpected("expected &, \\\\ or the end of the environment", _hint_after(self.token))
        if not rows[-1]:
            rows.pop()
        if self.token.text != opening.text:
            message = f"\\end{{{self.token.text}}} does not end \\begin{{{opening.text}}}"
            raise SyntaxFault(message, span=self.token.span, hint=f"write \\end{{{opening.text}}}")
        return rows

    def not_ended(self, opening: Token) -> SyntaxFault:
        message = f"\\begin{{{opening.text}}} is not ended"
        return SyntaxFault(message, span=opening.span, hint=f"write \\end{{{opening.text}}}")

    def cell(self, opening: Token) -> Reading:
        """A cell: a value, or a condition in words."""
        if not self.token.kind:
            raise self.not_ended(opening)
        if opening.text in CASES:
            return (yield self.case_part())
        return (yield self.expression())

    def case_part(self) -> Reading:
        """A value or a condition of cases: None for what holds otherwise."""
        while self.token.kind == "word" and _is_said(self.token, _CONDITIONAL):
            self.place += 1
        if self.token.kind == "word" and _is_said(self.token, _OTHERWISE):
            self.place += 1
            value = None
        else:
            value = yield self.expression()
            while self.token.kind == "," and self.tokens[self.place + 1].kind not in ("&", "\\\\", "end"):
                self.place += 1
                other = yield self.expression()
                value = Value(
                    (value.at(NEGATION), piece(" and ", (value.end, other.start)), other.at(NEGATION)),
                    LOGIC,
                    value.start,
                    other.end,
                ).bracketed()
        while self.token.kind in (",", "."):
            self.place += 1
        return value

    def matrix(self) -> Reading:
        opening = self.next()
        self.open(opening)
        rows = yield self.table(opening)
        self.opened.pop()
        closing = self.next()
        span = opening.start, closing.end
        width = len(rows[0]) if rows else 0
        for row in rows:
            if len(row) != width:
                span = row[0].start, row[-1].end
                raise SyntaxFault(
                    f"a row has {len(row)} cells, and the first has {width}",
                    span=span,
                    hint="separate cells with &, rows with \\\\",
                )
        if not width:
            raise SyntaxFault("the matrix is empty", span=span, hint="separate cells with &, rows with \\\\")
        if opening.text == "vmatrix":
            return call("det", opening.span, [_matrix(rows, span)], span, SCALAR)
        if opening.text == "Vmatrix":
            return call("norm", opening.span, [_matrix(rows, span)], span, SCALAR)
        if width == 1 and len(rows) > 1:
            return _listed([row[0] for row in rows], span, VECTOR)
        if len(rows) == 1 and width > 1:
            return _listed(rows[0], span, ROW)
        return _matrix(rows, span)

    def cases(self) -> Reading:
        opening = self.next()
        self.open(opening)
        rows = yield self.table(opening)
        self.opened.pop()
        closing = self.next()
        span = opening.start, closing.end
        if len(rows) > self.limits.nesting:
            self.limits.require("nesting", len(rows))
        for place, row in enumerate(rows):
            if len(row) > 2 or not row or row[0] is None or (len(row) == 1 and place < len(rows) - 1):
                raise SyntaxFault("a case has a value and a condition", span=span, hint="write value & condition \\\\")
        if not rows:
            raise SyntaxFault("there are no cases", span=span, hint="write value & condition \\\\")
        parts: list[Any] = [("(", opening.start, opening.start)]
        for row in rows:
            parts.append(row[0].at(LOGIC))
            if len(row) == 1 or row[1] is None:
                break
            gap = row[0].end, row[1].start
            parts += [(" if ", *gap), row[1].at(LOGIC), (" else ", *gap)]
        else:
            parts.append(("nan", closing.start, closing.end))
        parts.append((")", closing.end, closing.end))
        return Value(tuple(parts), ATOM, *span, rows[0][0].kind)


_MATRIX_PRODUCTS = {
    (MATRIX, MATRIX): (" @ ", MATRIX),
    (MATRIX, VECTOR): (" @ ", VECTOR),
    (ROW, MATRIX): (" @ ", ROW),
    (ROW, VECTOR): (" @ ", SCALAR),
    (ROW, ""): (" @ ", ""),
    (MATRIX, ""): (" * ", ""),
}
_WIDTHS = {SCALAR: 0, "": 1, VECTOR: 2, ROW: 2, MATRIX: 3}
_STARTS = frozenset(
    ("letter", "word", "number", "command", "function", "begin", "{", "∞", *_BRACKETS, "|(", "‖(", "⌊", "⌈", "(.")
)
_IN_RUN = frozenset(("letter", "word", "number", "command", "{", "∞"))
_FOLLOWS_NAME = frozenset(("^", "_", "'", "!", "(", "|(", "°", "⋆"))
_IN_NAMES = {
    "+": "_plus_", "-": "_minus_", ",": "_", "_": "_", "*": "star", "⋆": "star", "'": "_prime", "∞": "inf", "{": "",
    "}": "", "|": "_", "/": "_", "⊤": "T", "=": "_",
}  # fmt: skip
_NO_NAMES = frozenset(("frac", "sqrt", "sum", "prod", "binom"))
_SUBSCRIPT_HINT = "a name's subscript has letters, digits and words: x_1, \\sigma_{xy}, x_{\\mathrm{max}}"
_INSTEAD_OF_VALUE = {
    "=": "compare with = only inside \\begin{cases}", "&": "cells stand in a matrix or in cases",
    "^": "a power stands behind what is raised", "_": "a subscript stands behind a name",
}  # fmt: skip


def _matching(tokens: list[Token]) -> dict[int, int]:
    """For the place of each brace that opens, the place of the one that closes it."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "{":
            opened.append(place)
        elif token.kind == "}" and opened:
            found[opened.pop()] = place
    return found


def _digits(token: Token) -> list[Token]:
    """A number as its digits, a letter as it is."""
    if token.kind != "number":
        return [token]
    return [Token("number", digit, token.start + i, token.start + i + 1) for i, digit in enumerate(token.text)]


def _said(token: Token) -> str:
    if token.kind == "":
        return "the end of the text"
    if token.kind == "command":
        return f"`\\{token.text}`"
    if token.kind in ("begin", "end"):
        return f"`\\{token.kind}{{{token.text}}}`"
    return "the end of the equation" if token.kind == ";" else shown(token.text)


def _shown_command(token: Token) -> str:
    return f"`\\{token.text}`" if token.kind == "command" else shown(token.text)


def _written(opening: Token) -> str:
    """How a bracket that is open is closed."""
    return {"|(": "\\right|", "‖(": "\\right\\|", "⌊": "\\rfloor", "⌈": "\\rceil", "‖": "\\|", "(.": "\\right."}.get(
        opening.kind, _CLOSING.get(opening.kind, "\\end")
    )


def _hint_after(token: Token) -> str | None:
    return {
        "&": "cells stand in a matrix or in cases", "!=": "compare inside \\begin{cases}",
        ":": "write \\begin{cases} … \\end{cases} for a choice", ",": "several arguments stand in brackets",
    }.get(token.kind)  # fmt: skip


def _text(value: Value | None) -> str:
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


def _wider(a: str, b: str) -> str:
    """The kind of a sum, or of a product by elements."""
    return a if _WIDTHS[a] >= _WIDTHS[b] else b


def _shift(content: list[Token]) -> int | None:
    """By how much an index is shifted: 0 in ``i``, 1 in ``i+1``; None where it is something else."""
    if len(content) == 1:
        return 0
    if (
        len(content) != 3
        or content[1].kind not in ("+", "-")
        or not content[2].text.isdecimal()
        or len(content[2].text) > 9
    ):
        return None
    return int(content[2].text) * (1 if content[1].kind == "+" else -1)


def _transposed(base: Value, span: Span, sign: str) -> Value:
    kind = {VECTOR: ROW, ROW: VECTOR}.get(base.kind, base.kind or ROW)
    attribute = (".mH" if base.kind == MATRIX else ".T") if sign == "†" else ".T"
    return Value((base.at(ATOM), (attribute, base.end, span[1])), ATOM, *span, kind)


def _listed(values: list[Value], span: Span, kind: str) -> Value:
    parts: list[Any] = [("[", span[0], span[0])]
    for value in values:
        if len(parts) > 1:
            parts.append((", ", value.start, value.start))
        parts.append(value.rope)
    parts.append(("]", span[1], span[1]))
    return Value(tuple(parts), ATOM, *span, kind)


def _matrix(rows: list[list[Value]], span: Span) -> Value:
    return _listed([_listed(row, (row[0].start, row[-1].end), VECTOR) for row in rows], span, MATRIX)


def _is_said(token: Token, words: tuple[str, ...]) -> bool:
    return token.text.lower().strip(" .,:") in words


def _is_reserved(name: str) -> bool:
    return iskeyword(name) and name != "lambda"
