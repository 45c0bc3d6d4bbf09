r"""An expression as LaTeX, with the notation that the functions' rows state.

A row says how a call of it is written: ``latex=r"\sqrt{{{0}}}"`` is a template for `str.format`, whose places are
the arguments. A function that says nothing is written with its name: ``\operatorname{erfcx}\left(x\right)``.

The walk takes the nodes in the order of evaluation, and so finds what each consists of already written, with the
binding by which its place decides on brackets.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from engine.functions import FUNCTIONS
from engine.language.parser import parse
from engine.language.syntax import (
    Apply,
    Assign,
    Attribute,
    Bind,
    Block,
    Call,
    Compare,
    Conditional,
    Evaluate,
    Index,
    Literal,
    Logic,
    Method,
    Name,
    Number,
    Slice,
    Syntax,
)
from engine.language.syntax import Sequence as Listed
from engine.language.tracing import MODULES
from engine.primitives.choice import where as WHERE

_ANY, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _POWER, _ATOM = range(9)

_RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne", "is": "=", "is not": r"\ne"}
_CONNECTIVES = {"or": (r"\lor", _OR), "|": (r"\lor", _OR), "and": (r"\land", _AND), "&": (r"\land", _AND)}
_CONSTANTS = {"pi": r"\pi", "e": "e", "tau": r"\tau", "inf": r"\infty", "nan": r"\mathrm{nan}"}
_GREEK = "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma phi chi psi omega"

_COMMANDS = "arccos arcsin arctan cos cosh cot coth csc det exp max min sec sin sinh tan tanh"
"""Names that LaTeX has commands for."""

_Branches = list[tuple[str, str]]
"""The values of a choice, each with its condition; the last one holds otherwise."""


class _Written:
    """A node as LaTeX: its text, how tightly it binds, and the branches where it is a choice."""

    __slots__ = ("binding", "branches", "text")

    def __init__(self, text: str, binding: int = _ATOM, branches: _Branches | None = None) -> None:
        self.text = text
        self.binding = binding
        self.branches = branches

    def within(self, demanded: int) -> str:
        """The text, in brackets where it binds more loosely than its place demands."""
        return self.text if self.binding >= demanded else rf"\left({self.text}\right)"

    def behind(self, demanded: int) -> str:
        """The same behind an operator, which a sign may not follow."""
        return rf"\left({self.text}\right)" if self.text.startswith("-") else self.within(demanded)


def latex(text: str, differentials: Collection[str] = ()) -> str:
    r"""The program as LaTeX, its statements one below the other; ``differentials`` are names such as ``dx``.

    >>> latex("-sqrt(x)**2 / (1 + exp(-2*alpha))")
    '\\frac{-\\sqrt{x}^{2}}{1 + e^{-2 \\, \\alpha}}'
    >>> latex("sin(dx) * erfcx(x_1)", ["dx"])
    '\\sin\\left(\\mathrm{d}x\\right) \\, \\operatorname{erfcx}\\left(x_{1}\\right)'
    """
    lines = []
    for statement in parse(text).statements:
        assert isinstance(statement, (Assign, Evaluate)), "a formula has no loops and no functions of its own"
        named = isinstance(statement, Assign) and isinstance(statement.target, Bind)
        target = f"{_name(statement.target.name, differentials)} = " if named else ""  # type: ignore[union-attr]
        lines.append(target + _block(statement.block, differentials).text)
    return r" \\ ".join(lines)


def _block(block: Block, differentials: Collection[str]) -> _Written:
    done: list[_Written] = []
    for node in block:
        done.append(_node(node, done, differentials))
    return done[-1]


def _node(node: Syntax, done: Sequence[_Written], differentials: Collection[str]) -> _Written:
    if isinstance(node, Name):
        return _dotted(node.path, differentials)
    if isinstance(node, Number):
        return _number(node.value)
    if isinstance(node, Literal):
        return _Written(r"\ldots" if node.value is ... else rf"\mathrm{{{node.value}}}")
    if isinstance(node, Apply):
        return _operator(node.symbol, [done[i] for i in node.operands])
    if isinstance(node, Logic):
        return _operator(node.symbol, [done[node.left], _block(node.right, differentials)])
    if isinstance(node, Compare):
        return _comparison(node, [done[i] for i in node.operands])
    if isinstance(node, Conditional):
        then, otherwise = (_block(branch, differentials) for branch in (node.then, node.otherwise))
        return _choice(done[node.condition], then, otherwise)
    return _bracketed(node, done, differentials)


def _name(name: str, differentials: Collection[str]) -> str:
    if name in differentials:
        return rf"\mathrm{{d}}{_name(name[1:], ())}"
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    if name in _GREEK.split():
        return "\\" + name
    stem, _, below = name.replace("_", ",").partition(",")
    if not below:
        stem = name.rstrip("0123456789")
        below = name[len(stem) :]
    word = stem if len(stem) == 1 else rf"\mathit{{{stem}}}"
    return word + (f"_{{{below}}}" if below else "")


def _dotted(path: str, differentials: Collection[str]) -> _Written:
    base, *attributes = path.split(".")
    if base in MODULES and attributes:
        base, attributes = attributes[-1], []
    written = _Written(_name(base, differentials))
    for attribute in attributes:
        written = _attribute(written, attribute)
    return written


def _attribute(base: _Written, name: str) -> _Written:
    if name in ("T", "mT"):
        return _Written(rf"{base.within(_ATOM)}^{{\top}}", _POWER)
    return _Written(rf"{base.within(_ATOM)}.\mathrm{{{name}}}")


def _number(value: float | complex) -> _Written:
    if isinstance(value, complex):
        return _Written(rf"{_number(value.imag).text} \mathrm{{i}}", _PRODUCT)
    text = f"{value:.0f}" if value == int(value) and abs(value) < 1e16 else repr(value)
    digits, _, exponent = text.partition("e")
    return _Written(rf"{digits} \cdot 10^{{{int(exponent)}}}", _PRODUCT) if exponent else _Written(digits)


def _operator(symbol: str, operands: list[_Written]) -> _Written:
    if len(operands) == 1:
        (x,) = operands
        if symbol in ("not", "~"):
            return _Written(rf"\lnot {x.within(_ATOM)}", _NOT)
        return _Written(symbol + x.behind(_PRODUCT), _PRODUCT)
    a, b = operands
    if symbol in _CONNECTIVES:
        sign, binding = _CONNECTIVES[symbol]
        return _Written(f"{a.within(binding)} {sign} {b.within(binding + 1)}", binding)
    if symbol in "+-":
        return _Written(f"{a.within(_SUM)} {symbol} {b.behind(_SUM + (symbol == '-'))}", _SUM)
    if symbol == "**":
        return _Written(rf"{a.within(_ATOM)}^{{{b.text}}}", _POWER)
    if symbol == "/":
        return _Written(rf"\frac{{{a.text}}}{{{b.text}}}", _POWER)
    if symbol == "//":
        return _Written(rf"\left\lfloor \frac{{{a.text}}}{{{b.text}}} \right\rfloor")
    right = b.behind(_POWER)
    sign = r"\bmod" if symbol == "%" else r"\cdot" if right[0].isdigit() else r"\,"
    return _Written(f"{a.within(_PRODUCT)} {sign} {right}", _PRODUCT)


def _comparison(node: Compare, operands: list[_Written]) -> _Written:
    text = operands[0].within(_SUM)
    for symbol, operand in zip(node.symbols, operands[1:], strict=True):
        text += f" {_RELATIONS[symbol]} {operand.within(_SUM)}"
    return _Written(text, _COMPARE)


def _choice(condition: _Written, then: _Written, otherwise: _Written) -> _Written:
    """One list of cases for a choice, and for those that stand where it chooses otherwise."""
    branches = [(then.text, condition.text), *(otherwise.branches or [(otherwise.text, "")])]
    lines = [value + (r" & \text{if } " + holds if holds else r" & \text{otherwise}") for value, holds in branches]
    return _Written(r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}", _SUM, branches)


def _bracketed(node: Syntax, done: Sequence[_Written], differentials: Collection[str]) -> _Written:
    if isinstance(node, Call):
        base, *rest = node.path.rsplit(".", 1)
        own = [] if not rest or base.split(".")[0] in MODULES else [_dotted(base, differentials)]
        return _call(node.path.rsplit(".", 1)[-1], [*own, *(done[i] for i in node.arguments)], _keywords(node, done))
    if isinstance(node, Method):
        return _call(node.name, [done[node.base], *(done[i] for i in node.arguments)], _keywords(node, done))
    if isinstance(node, Attribute):
        return _attribute(done[node.base], node.name)
    if isinstance(node, Index):
        items = ", ".join(done[i].text for i in node.items)
        return _Written(rf"{done[node.base].within(_ATOM)}_{{{items}}}", _POWER)
    if isinstance(node, Slice):
        start, stop, step = ["" if i is None else done[i].text for i in node.parts]
        return _Written(f"{start}:{stop}" + (f":{step}" if step else ""), _ANY)
    assert isinstance(node, Listed), node
    items = ", ".join(done[i].text for i in node.items)
    return _Written(rf"\left({items}\right)" if node.bracket == "(" else rf"\left[{items}\right]")


def _keywords(node: Call | Method, done: Sequence[_Written]) -> list[str]:
    """The arguments by name, but not those that are only passed on: ``axis=axis``."""
    return [rf"\mathrm{{{name}}}={done[i].text}" for name, i in node.keywords if done[i].text != _name(name, ())]


def _call(name: str, arguments: list[_Written], keywords: list[str]) -> _Written:
    function: Any = FUNCTIONS.get(name)
    if function is WHERE and len(arguments) == 3:
        return _choice(*arguments)
    if function is not None and function.latex and not keywords:
        binding = _POWER if "^" in function.latex or "frac" in function.latex else _ATOM
        return _Written(function.latex.format(*[x.text for x in arguments]), binding)
    listed = ", ".join([*(x.text for x in arguments), *keywords])
    word = "\\" + name if name in _COMMANDS.split() else rf"\operatorname{{{name}}}".replace("_", r"\_")
    return _Written(rf"{word}\left({listed}\right)")
