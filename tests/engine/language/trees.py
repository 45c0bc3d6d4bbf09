"""Programs as nested tuples: what our parser makes of a text, and what Python's does, so that they can be compared."""

import ast
import re
import warnings
from typing import Any

from engine.errors import SyntaxFault
from engine.language.parser import parse
from engine.language.syntax import (
    Apply,
    Assign,
    Attribute,
    Bind,
    Block,
    Call,
    CallValue,
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
    Place,
    Return,
    Sequence,
    Slice,
    Syntax,
    Unpack,
    While,
    Word,
)

# ---- Ours --------------------------------------------------------------------------------------------------------


def operands(node: Syntax) -> list[int]:
    """The operands of a node within its own block."""
    match node:
        case Apply() | Compare():
            return list(node.operands)
        case Call():
            return [*node.arguments, *(at for _, at in node.keywords)]
        case CallValue() | Method():
            return [node.base, *node.arguments, *(at for _, at in node.keywords)]
        case Attribute():
            return [node.base]
        case Index():
            return [node.base, *node.items]
        case Slice():
            return [part for part in node.parts if part is not None]
        case Sequence():
            return list(node.items)
        case Conditional():
            return [node.condition]
        case Logic():
            return [node.left]
    return []


def blocks_in(node: Syntax) -> list[Block]:
    """The blocks that an expression's node holds."""
    match node:
        case Conditional():
            return [node.then, node.otherwise]
        case Lambda():
            return [node.value]
        case Logic():
            return [node.right]
        case Comprehension():
            return [node.element, *(part for c in node.clauses for part in (c.iterable, *c.conditions))]
    return []


def tree(block: Block, at: int = -1) -> Any:
    """An expression as nested tuples."""
    node = block[at]
    inner = [tree(block, operand) for operand in operands(node)]
    match node:
        case Number():
            return "number", node.value, node.integral
        case Literal():
            return "literal", node.value
        case Name():
            return "name", node.path
        case Apply():
            return node.symbol, *inner
        case Logic():
            return node.symbol, *inner, tree(node.right)
        case Compare():
            return "compare", node.symbols, *inner
        case Call():
            return "call", node.path, [name for name, _ in node.keywords], *inner
        case CallValue():
            return "called", [name for name, _ in node.keywords], *inner
        case Method():
            return "method", node.name, [name for name, _ in node.keywords], *inner
        case Attribute():
            return "attribute", node.name, *inner
        case Index():
            return "index", *inner
        case Slice():
            return "slice", [part is None for part in node.parts], *inner
        case Sequence():
            return "sequence", node.bracket, *inner
        case Conditional():
            return "conditional", *inner, tree(node.then), tree(node.otherwise)
        case Lambda():
            return "lambda", [parameter.name for parameter in node.parameters], tree(node.value)
        case Comprehension():
            return "series", node.bracket, tree(node.element), *map(clause, node.clauses)
    raise AssertionError(node)


def clause(node: Any) -> Any:
    return target(node.target), tree(node.iterable), [tree(condition) for condition in node.conditions]


def target(node: Any) -> Any:
    match node:
        case Bind():
            return "name", node.name
        case Unpack():
            return "unpack", *map(target, node.targets)
        case Place():
            return tree(node.block)
    raise AssertionError(node)


def statement(node: Any) -> Any:
    """A statement as nested tuples; a suite is a list of them."""
    match node:
        case Evaluate():
            return "evaluate", tree(node.block)
        case Assign():
            return "assign", target(node.target), tree(node.block)
        case Define():
            parameters = [(p.name, p.default and tree(p.default)) for p in node.parameters]
            return "short" if node.short else "define", node.name, parameters, suite(node.body)
        case Return():
            return "return", node.block and tree(node.block)
        case If():
            branches = [(tree(condition), suite(body)) for condition, body in node.branches]
            return "if", branches, node.otherwise and suite(node.otherwise)
        case For():
            return "for", target(node.target), tree(node.iterable), suite(node.body)
        case While():
            return "while", tree(node.condition), suite(node.body)
        case Word():
            return (node.word,)
    raise AssertionError(node)


def suite(statements: Any) -> list[Any]:
    return [statement(node) for node in statements]


def ours(text: str) -> Any:
    """The trees of the statements of a text; None where it is none of ours."""
    try:
        return loose(suite(parse(text).statements))
    except SyntaxFault:
        return None


# ---- Python's ----------------------------------------------------------------------------------------------------

SYMBOLS = {
    **{ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.MatMult: "@"},
    **{ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|", ast.And: "and", ast.Or: "or"},
    **{ast.UAdd: "+", ast.USub: "-", ast.Invert: "~", ast.Not: "not"},
    **{ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="},
    **{ast.Is: "is", ast.IsNot: "is not"},
}
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")


class NotOurs(Exception):
    """Python, and no part of the language."""


class Python:
    """What Python's own parser makes of a text, as nested tuples."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = LINE.findall(text)

    def offset(self, line: int, column: int) -> int:
        """Where in the text a place is that Python gives by line and by column in bytes."""
        before = sum(map(len, self.lines[: line - 1]))
        return before + len(self.lines[line - 1].encode()[:column].decode())

    def start(self, node: Any) -> int:
        return self.offset(node.lineno, node.col_offset)

    def bracketed(self, node: ast.expr) -> bool:
        """Whether a bracket closes behind a node that ends with none of its own."""
        behind = self.text[self.offset(node.end_lineno or 0, node.end_col_offset or 0) :]
        return re.sub(r"#[^\r\n]*|\\\n|\s", "", behind)[:1] == ")"

    def program(self) -> list[Any]:
        """The statements. Raises `SyntaxError`, and `NotOurs` where there is something of Python's own."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = ast.parse(self.text)
            compile(self.text, "text", "exec", dont_inherit=True)  # finds a `return` or `break` out of place
        return self.suite(parsed.body)

    def suite(self, body: list[ast.stmt]) -> list[Any]:
        return [self.statement(node) for node in body]

    def statement(self, node: ast.stmt) -> Any:
        match node:
            case ast.Expr():
                return "evaluate", self.tree(node.value)
            case ast.Assign(targets=[only]):
                return "assign", self.target(only), self.tree(node.value)
            case ast.AugAssign() if type(node.op) in SYMBOLS:
                place = self.target(node.target)
                return "assign", place, (SYMBOLS[type(node.op)], place, self.tree(node.value))
            case ast.FunctionDef(returns=None, decorator_list=[]):
                return "define", node.name, self.parameters(node.args), self.suite(node.body)
            case ast.Return():
                return "return", node.value and self.tree(node.value)
            case ast.If():
                return "if", *self.branches(node)
            case ast.For(orelse=[]):
                return "for", self.loop_target(node.target), self.tree(node.iter), self.suite(node.body)
            case ast.While(orelse=[]):
                return "while", self.tree(node.test), self.suite(node.body)
            case ast.Break() | ast.Continue() | ast.Pass():
                return (type(node).__name__.lower(),)
        raise NotOurs(ast.dump(node))

    def branches(self, node: ast.If) -> tuple[list[Any], list[Any] | None]:
        first = self.tree(node.test), self.suite(node.body)
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            inner = node.orelse[0]
            if self.text[self.start(inner) :].startswith("elif"):
                branches, otherwise = self.branches(inner)
                return [first, *branches], otherwise
        return [first], self.suite(node.orelse) if node.orelse else None

    def parameters(self, given: ast.arguments) -> list[Any]:
        if (
            given.posonlyargs
            or given.vararg
            or given.kwonlyargs
            or given.kwarg
            or any(a.annotation for a in given.args)
        ):
            raise NotOurs
        defaults = [None] * (len(given.args) - len(given.defaults)) + [self.tree(value) for value in given.defaults]
        return [(argument.arg, default) for argument, default in zip(given.args, defaults, strict=True)]

    def target(self, node: ast.expr) -> Any:
        match node:
            case ast.Name():
                return "name", node.id
            case ast.Tuple() | ast.List() if node.elts:
                return "unpack", *map(self.target, node.elts)
            case ast.Subscript() if isinstance(self.base(node), ast.Name):
                return self.tree(node)
        raise NotOurs(ast.dump(node))

    def loop_target(self, node: ast.expr) -> Any:
        if any(isinstance(part, ast.Subscript) for part in ast.walk(node)):
            raise NotOurs
        return self.target(node)

    def base(self, node: ast.expr) -> ast.expr:
        while isinstance(node, ast.Subscript):
            node = node.value
        return node

    def path(self, node: ast.expr) -> str | None:
        """The path of a name, or of names joined by dots, without brackets."""
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            base = self.path(node.value)
            return f"{base}.{node.attr}" if base and not self.bracketed(node.value) else None
        return None

    def tree(self, node: ast.expr, index: bool = False) -> Any:
        """An expression; or what stands in an ``index``."""
        match node:
            case ast.Constant(value=bool() | None | str()):
                return "literal", node.value
            case ast.Constant(value=value) if value is ... and index:
                return "literal", ...
            case ast.Constant(value=int() | float()):
                return "number", float(node.value), isinstance(node.value, int)
            case ast.Name() | ast.Attribute() if path := self.path(node):
                return "name", path
            case ast.Attribute():
                return "attribute", node.attr, self.tree(node.value)
            case ast.UnaryOp():
                return SYMBOLS[type(node.op)], self.tree(node.operand)
            case ast.BinOp() if type(node.op) in SYMBOLS:
                return SYMBOLS[type(node.op)], self.tree(node.left), self.tree(node.right)
            case ast.BoolOp():
                value = self.tree(node.values[0])
                for other in node.values[1:]:
                    value = (SYMBOLS[type(node.op)], value, self.tree(other))
                return value
            case ast.Compare() if all(type(op) in SYMBOLS for op in node.ops):
                symbols = tuple(SYMBOLS[type(op)] for op in node.ops)
                return "compare", symbols, self.tree(node.left), *map(self.tree, node.comparators)
            case ast.IfExp():
                return "conditional", self.tree(node.test), self.tree(node.body), self.tree(node.orelse)
            case ast.List():
                return "sequence", "[", *map(self.tree, node.elts)
            case ast.Tuple():
                return "sequence", "(", *map(self.tree, node.elts)
            case ast.Subscript(value=ast.Constant(value=int() | float())) if not self.bracketed(node.value):
                raise NotOurs
            case ast.Subscript():
                items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                return "index", self.tree(node.value), *(self.tree(item, index=True) for item in items)
            case ast.Slice():
                parts = (node.lower, node.upper, node.step)
                return "slice", [part is None for part in parts], *(self.tree(part) for part in parts if part)
            case ast.Call():
                return self.call(node)
            case ast.Lambda() if not node.args.defaults:
                return "lambda", [name for name, _ in self.parameters(node.args)], self.tree(node.body)
            case ast.ListComp() | ast.GeneratorExp():
                bracket = "[" if isinstance(node, ast.ListComp) else "("
                return "series", bracket, self.tree(node.elt), *map(self.clause, node.generators)
        raise NotOurs(ast.dump(node))

    def clause(self, node: ast.comprehension) -> Any:
        return self.loop_target(node.target), self.tree(node.iter), list(map(self.tree, node.ifs))

    def call(self, node: ast.Call) -> Any:
        names = [keyword.arg for keyword in node.keywords]
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        if None in names or len(set(names)) < len(names):
            raise NotOurs
        inner = list(map(self.tree, arguments))
        if isinstance(node.func, ast.Call | ast.Subscript | ast.Lambda | ast.IfExp):
            return "called", names, self.tree(node.func), *inner
        if self.bracketed(node.func):
            raise NotOurs
        if path := self.path(node.func):
            return "call", path, names, *inner
        if isinstance(node.func, ast.Attribute):
            return "method", node.func.attr, names, self.tree(node.func.value), *inner
        raise NotOurs


def loose(value: Any) -> Any:
    """A tree without the one thing that Python forgets: whether an index had its tuple in brackets."""
    if isinstance(value, list):
        return [loose(part) for part in value]
    if not isinstance(value, tuple):
        return value
    value = tuple(loose(part) for part in value)
    if value[:1] == ("index",) and len(value) == 3 and value[2][:2] == ("sequence", "("):
        return "index", value[1], *value[2][2:]
    return value


def pythons(text: str) -> Any:
    """The trees that Python sees in a text; None where it sees none, or something that is not ours."""
    try:
        return loose(Python(text).program()) or None
    except (SyntaxError, NotOurs):
        return None
