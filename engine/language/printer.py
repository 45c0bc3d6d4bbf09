"""A program as text again, with no more brackets than it needs.

The text parses to the same program, node for node, wherever the program came from the parser. Each node is
written with the binding that its place demands, and takes brackets where its own is looser. The walk keeps a stack
of what is still to be written, strings and nodes mixed, the next on top.
"""

from __future__ import annotations

from collections.abc import Sequence as Ordered
from math import inf

from engine.language.syntax import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Compare,
    Conditional,
    Index,
    Literal,
    Method,
    Name,
    Number,
    Program,
    Sequence,
    Slice,
    Syntax,
)

_ANY, _CONDITIONAL, _OR, _COMPARE, _UNARY, _POWER, _POSTFIX, _ATOM = 0, 2, 3, 6, 11, 12, 13, 14
_BINARY = {
    **{"or": 3, "and": 4, "|": 7, "&": 8, "+": 9, "-": 9},
    **dict.fromkeys(("*", "/", "//", "%", "@"), 10),
    "**": _POWER,
}
_PREFIX = {"not": 5, "+": _UNARY, "-": _UNARY, "~": _UNARY}

_Part = str | tuple[Block, int, int]
"""A text, or a node by its block and place there with the binding that is demanded of it."""


def format_program(program: Program) -> str:
    """The program in its canonical spelling, one statement a line.

    >>> from engine.language.parser import parse
    >>> format_program(parse("y=((a)*b)+ -(c^2);f( y,axis = 0 )[1:, None]"))
    'y = a * b + -c**2\\nf(y, axis=0)[1:, None]'
    >>> format_program(parse("x -= (a - b) if a > b else 0.50"))
    'x = x - (a - b if a > b else 0.5)'
    """
    lines: list[str] = []
    for statement in program.statements:
        target = f"{statement.target.name} = " if isinstance(statement, Assign) else ""
        lines.append(target + format_block(statement.block))
    return "\n".join(lines)


def format_block(block: Block) -> str:
    """One expression in its canonical spelling.

    >>> from engine.language.parser import parse
    >>> format_block(parse("(2)**(-1)").statements[0].block)
    '2**-1'
    """
    written: list[str] = []
    waiting: list[_Part] = [(block, len(block) - 1, _ANY)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            written.append(part)
        else:
            parts = _parts(*part)
            parts.reverse()
            waiting += parts
    return "".join(written)


def _parts(block: Block, at: int, demanded: int) -> list[_Part]:
    """What a node consists of, in the order of the text."""
    node = block[at]
    binding, parts = _spell(block, node)
    return ["(", *parts, ")"] if binding < demanded else parts


def _spell(block: Block, node: Syntax) -> tuple[int, list[_Part]]:
    """How tightly a node binds, and what it consists of."""
    if isinstance(node, Name):
        return _ATOM, [node.path]
    if isinstance(node, Number):
        return _ATOM, [_number(node)]
    if isinstance(node, Literal):
        return _ATOM, [_literal(node.value)]
    if isinstance(node, Apply):
        return _operator(block, node)
    if isinstance(node, Compare):
        return _COMPARE, _comparison(block, node)
    if isinstance(node, Conditional):
        return _CONDITIONAL, _conditional(block, node)
    return _POSTFIX, _bracketed(block, node)


def _operator(block: Block, node: Apply) -> tuple[int, list[_Part]]:
    symbol = node.symbol
    if len(node.operands) == 1:
        binding = _PREFIX[symbol]
        return binding, ["not " if symbol == "not" else symbol, (block, node.operands[0], binding)]
    binding = _BINARY[symbol]
    left, right = node.operands
    if symbol == "**":
        return binding, [(block, left, _POSTFIX), symbol, (block, right, _UNARY)]
    return binding, [(block, left, binding), f" {symbol} ", (block, right, binding + 1)]


def _comparison(block: Block, node: Compare) -> list[_Part]:
    parts: list[_Part] = [(block, node.operands[0], _COMPARE + 1)]
    for symbol, operand in zip(node.symbols, node.operands[1:], strict=True):
        parts += f" {symbol} ", (block, operand, _COMPARE + 1)
    return parts


def _conditional(block: Block, node: Conditional) -> list[_Part]:
    then: _Part = (node.then, len(node.then) - 1, _OR)
    otherwise: _Part = (node.otherwise, len(node.otherwise) - 1, _CONDITIONAL)
    return [then, " if ", (block, node.condition, _OR), " else ", otherwise]


def _bracketed(block: Block, node: Syntax) -> list[_Part]:
    """Whatever ends with a bracket or a dotted name."""
    if isinstance(node, Call):
        return [node.path, "(", *_arguments(block, node), ")"]
    if isinstance(node, Method):
        return [*_base(block, node.base), ".", node.name, "(", *_arguments(block, node), ")"]
    if isinstance(node, Attribute):
        return [*_base(block, node.base), ".", node.name]
    if isinstance(node, Index):
        demanded = _ATOM + 1 if isinstance(block[node.base], Number) else _POSTFIX
        return [(block, node.base, demanded), "[", *_listed(block, node.items), "]"]
    if isinstance(node, Slice):
        return _slice(block, node)
    assert isinstance(node, Sequence), node
    comma = "," if node.bracket == "(" and len(node.items) == 1 else ""
    return [node.bracket, *_listed(block, node.items), comma, ")" if node.bracket == "(" else "]"]


def _base(block: Block, base: int) -> list[_Part]:
    """What a dot follows: a bare name would take it into its path, and a number for its point."""
    demanded = _ATOM + 1 if isinstance(block[base], (Name, Number)) else _POSTFIX
    return [(block, base, demanded)]


def _listed(block: Block, items: Ordered[int]) -> list[_Part]:
    parts: list[_Part] = []
    for item in items:
        parts += (block, item, _ANY), ", "
    return parts[:-1]


def _arguments(block: Block, node: Call | Method) -> list[_Part]:
    parts = _listed(block, node.arguments)
    for name, argument in node.keywords:
        parts += [", "] if parts else []
        parts += f"{name}=", (block, argument, _ANY)
    return parts


def _slice(block: Block, node: Slice) -> list[_Part]:
    start, stop, step = node.parts
    parts: list[_Part] = [] if start is None else [(block, start, _ANY)]
    parts.append(":")
    parts += [] if stop is None else [(block, stop, _ANY)]
    return parts if step is None else [*parts, ":", (block, step, _ANY)]


def _number(node: Number) -> str:
    """The shortest text of the same value, with a point or an exponent just where the number had one."""
    if isinstance(node.value, complex):
        return "1e999j" if node.value.imag == inf else f"{node.value.imag!r}j"
    if not node.integral:
        return "1e999" if node.value == inf else repr(node.value)
    return "1" + "0" * 309 if node.value == inf else f"{node.value:.0f}"


def _literal(value: object) -> str:
    if value is ...:
        return "..."
    if isinstance(value, str):
        return f"'{value}'" if '"' in value else f'"{value}"'
    return str(value)
