"""A program as text again, with no more brackets than it needs.

The text parses to the same program, node for node, wherever the program came from the parser. Each node is
written with the binding that its place demands, and takes brackets where its own is looser. Two walks keep stacks of
their own: one goes through the lines, the suites that are open on its stack; the other through one line, with what is
still to be written, strings and nodes mixed, the next on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Ordered
from math import inf

from engine.language.syntax import (
    Apply,
    Assign,
    Attribute,
    Bind,
    Block,
    Call,
    CallValue,
    Clause,
    Compare,
    Comprehension,
    Conditional,
    Define,
    Evaluate,
    For,
    If,
    Index,
    Lambda,
    Literal,
    Logic,
    Method,
    Name,
    Number,
    Parameter,
    Program,
    Return,
    Sequence,
    Slice,
    Statement,
    Suite,
    Syntax,
    Target,
    Unpack,
    While,
    Word,
)

_ANY, _CONDITIONAL, _OR, _COMPARE, _UNARY, _POWER, _POSTFIX, _ATOM = 0, 2, 3, 6, 11, 12, 13, 14
_BINARY = {
    **{"or": 3, "and": 4, "|": 7, "&": 8, "+": 9, "-": 9},
    **dict.fromkeys(("*", "/", "//", "%", "@"), 10),
    "**": _POWER,
}
_PREFIX = {"not": 5, "+": _UNARY, "-": _UNARY, "~": _UNARY}

_INDENT = "    "

_Part = str | Target | tuple[Block, int, int]
"""A text, or a target, or a node by its block and place there with the binding that is demanded of it."""

_Line = tuple[list[_Part], Suite]
"""A line, and the suite that is indented under it: an empty one under most."""


def format_program(program: Program) -> str:
    """The program in its canonical spelling, one statement a line, four blanks of indentation.

    >>> from engine.language.parser import parse
    >>> format_program(parse("y=((a)*b)+ -(c^2);f( y,axis = 0 )[1:, None]"))
    'y = a * b + -c**2\\nf(y, axis=0)[1:, None]'
    >>> format_program(parse("x -= (a - b) if a > b else 0.50"))
    'x = x - (a - b if a > b else 0.5)'
    >>> print(format_program(parse("for (i,t) in enumerate( a ): s+=t ; x [i]= (s,t)[0]")))
    for i, t in enumerate(a):
        s = s + t
        x[i] = (s, t)[0]
    """
    lines: list[str] = []
    suites = [_lines(program.statements)]
    while suites:
        for parts, suite in suites[-1]:
            lines.append(_INDENT * (len(suites) - 1) + _written(parts))
            if suite:
                suites.append(_lines(suite))
                break
        else:
            suites.pop()
    return "\n".join(lines)


def format_block(block: Block) -> str:
    """One expression in its canonical spelling.

    >>> from engine.language.parser import parse
    >>> format_block(parse("(2)**(-1)").statements[0].block)
    '2**-1'
    """
    return _written([_whole(block)])


def _written(parts: list[_Part]) -> str:
    """One line: its parts, each replaced by what it consists of until all are texts."""
    written: list[str] = []
    waiting = parts[::-1]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            written.append(part)
        else:
            inner = _parts(*part) if isinstance(part, tuple) else _place(part)
            inner.reverse()
            waiting += inner
    return "".join(written)


# ---- Statements --------------------------------------------------------------------------------------------------


def _lines(suite: Suite) -> Iterator[_Line]:
    for statement in suite:
        if isinstance(statement, If):
            yield from _branches(statement)
        elif isinstance(statement, Define) and statement.short:
            yield _short(statement), []
        elif isinstance(statement, (Define, For, While)):
            yield [*_head(statement), ":"], statement.body
        else:
            yield _simple(statement), []


def _simple(statement: Statement) -> list[_Part]:
    """A statement that is one line."""
    if isinstance(statement, Assign):
        return [*_targets(statement.target), " = ", *_values(statement.block)]
    if isinstance(statement, Evaluate):
        return _values(statement.block)
    if isinstance(statement, Return):
        return ["return"] if statement.block is None else ["return ", *_values(statement.block)]
    assert isinstance(statement, Word), statement
    return [statement.word]


def _head(statement: Define | For | While) -> list[_Part]:
    """What stands before the colon of a statement with one suite."""
    if isinstance(statement, Define):
        return ["def ", *_signature(statement)]
    if isinstance(statement, For):
        return ["for ", *_targets(statement.target), " in ", *_values(statement.iterable)]
    return ["while ", _whole(statement.condition)]


def _branches(statement: If) -> Iterator[_Line]:
    word = "if "
    for condition, suite in statement.branches:
        yield [word, _whole(condition), ":"], suite
        word = "elif "
    if statement.otherwise is not None:
        yield ["else:"], statement.otherwise


def _short(statement: Define) -> list[_Part]:
    (result,) = statement.body
    assert isinstance(result, Return), result
    assert result.block is not None
    return [*_signature(statement), " = ", _whole(result.block)]


def _signature(statement: Define) -> list[_Part]:
    return [statement.name, "(", *_parameters(statement.parameters), ")"]


def _parameters(parameters: Iterable[Parameter]) -> list[_Part]:
    return _separated([[p.name] if p.default is None else [f"{p.name}=", _whole(p.default)] for p in parameters])


def _values(block: Block) -> list[_Part]:
    """An expression where a tuple needs no brackets."""
    node = block[-1]
    if isinstance(node, Sequence) and node.bracket == "(" and len(node.items) > 1:
        return _listed(block, node.items)
    return [_whole(block)]


def _targets(target: Target) -> list[_Part]:
    """A target where several need no brackets."""
    if isinstance(target, Unpack) and len(target.targets) > 1:
        return _separated([[part] for part in target.targets])
    return [target]


def _place(target: Target) -> list[_Part]:
    """What a target consists of, in the order of the text."""
    if isinstance(target, Bind):
        return [target.name]
    if isinstance(target, Unpack):
        comma = "," if len(target.targets) == 1 else ""
        return ["(", *_separated([[part] for part in target.targets]), f"{comma})"]
    return [_whole(target.block)]


# ---- Expressions -------------------------------------------------------------------------------------------------


def _whole(block: Block, demanded: int = _ANY) -> _Part:
    return block, len(block) - 1, demanded


def _separated(items: Iterable[list[_Part]]) -> list[_Part]:
    """Things with commas between them."""
    parts: list[_Part] = []
    for item in items:
        parts += *item, ", "
    return parts[:-1]


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
    if isinstance(node, Logic):
        binding = _BINARY[node.symbol]
        right: _Part = (node.right, len(node.right) - 1, binding + 1)
        return binding, [(block, node.left, binding), f" {node.symbol} ", right]
    if isinstance(node, Compare):
        return _COMPARE, _comparison(block, node)
    if isinstance(node, Conditional):
        return _CONDITIONAL, _conditional(block, node)
    if isinstance(node, Lambda):
        return _CONDITIONAL, _lambda(node)
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
    then, otherwise = _whole(node.then, _OR), _whole(node.otherwise, _CONDITIONAL)
    return [then, " if ", (block, node.condition, _OR), " else ", otherwise]


def _lambda(node: Lambda) -> list[_Part]:
    parameters = _parameters(node.parameters)
    return ["lambda ", *parameters, ": ", _whole(node.value)] if parameters else ["lambda: ", _whole(node.value)]


def _bracketed(block: Block, node: Syntax) -> list[_Part]:
    """Whatever ends with a bracket or a dotted name."""
    if isinstance(node, Call):
        return [node.path, "(", *_arguments(block, node), ")"]
    if isinstance(node, Method):
        return [*_base(block, node.base), ".", node.name, "(", *_arguments(block, node), ")"]
    if isinstance(node, CallValue):
        return [(block, node.base, _POSTFIX), "(", *_arguments(block, node), ")"]
    if isinstance(node, Attribute):
        return [*_base(block, node.base), ".", node.name]
    if isinstance(node, Index):
        demanded = _ATOM + 1 if isinstance(block[node.base], Number) else _POSTFIX
        return [(block, node.base, demanded), "[", *_listed(block, node.items), "]"]
    if isinstance(node, Slice):
        return _slice(block, node)
    if isinstance(node, Comprehension):
        return [node.bracket, *_series(node), ")" if node.bracket == "(" else "]"]
    assert isinstance(node, Sequence), node
    comma = "," if node.bracket == "(" and len(node.items) == 1 else ""
    return [node.bracket, *_listed(block, node.items), comma, ")" if node.bracket == "(" else "]"]


def _base(block: Block, base: int) -> list[_Part]:
    """What a dot follows: a bare name would take it into its path, and a number for its point."""
    demanded = _ATOM + 1 if isinstance(block[base], (Name, Number)) else _POSTFIX
    return [(block, base, demanded)]


def _series(node: Comprehension) -> list[_Part]:
    """What is in the brackets of a comprehension."""
    parts = [_whole(node.element)]
    for clause in node.clauses:
        parts += _clause(clause)
    return parts


def _clause(clause: Clause) -> list[_Part]:
    parts = [" for ", *_targets(clause.target), " in ", _whole(clause.iterable, _OR)]
    for condition in clause.conditions:
        parts += " if ", _whole(condition, _OR)
    return parts


def _listed(block: Block, items: Ordered[int]) -> list[_Part]:
    return _separated([[(block, item, _ANY)] for item in items])


def _arguments(block: Block, node: Call | CallValue | Method) -> list[_Part]:
    """Arguments in their order; a series that is the only one shares the brackets of the call."""
    if len(node.arguments) == 1 and not node.keywords:
        only = block[node.arguments[0]]
        if isinstance(only, Comprehension) and only.bracket == "(":
            return _series(only)
    parts: list[list[_Part]] = [[(block, argument, _ANY)] for argument in node.arguments]
    parts += [[f"{name}=", (block, argument, _ANY)] for name, argument in node.keywords]
    return _separated(parts)


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
    return "1" + "0" * 309 if node.value == inf else str(int(node.value))


def _literal(value: object) -> str:
    if value is ...:
        return "..."
    if isinstance(value, str):
        return f"'{value}'" if '"' in value else f'"{value}"'
    return str(value)
