"""What was read as a value, and turns out to be assigned to, or to define a function.

``a[i] = v`` and ``f(x, y=2) = e`` are known for what they are when the ``=`` comes, ``def f(x):`` when the colon does.
"""

from __future__ import annotations

from collections.abc import Sequence as Ordered

from engine.errors import Span, SyntaxFault
from engine.language.diagnostics import shown
from engine.language.syntax import (
    Apply,
    Attribute,
    Bind,
    Block,
    Call,
    CallValue,
    Compare,
    Conditional,
    Index,
    Logic,
    Method,
    Name,
    Parameter,
    Place,
    Sequence,
    Slice,
    Syntax,
    Target,
    Unpack,
)


def target(nodes: Block) -> Target:
    """An expression as something to assign to. Raises `SyntaxFault` where it is none."""
    waiting: list[tuple[Sequence, list[tuple[int, int]], list[Target]]] = []
    first, last = 0, len(nodes) - 1
    while True:
        node = nodes[last]
        if isinstance(node, Sequence) and node.items:
            parts = zip((first, *[item + 1 for item in node.items]), node.items, strict=False)
            waiting.append((node, list(parts)[::-1], []))
        else:
            made = _one_target(nodes, first, last)
            while waiting and not waiting[-1][1]:
                outer, _, before = waiting.pop()
                made = Unpack((*before, made), outer.start, outer.end)
            if not waiting:
                return made
            waiting[-1][2].append(made)
        first, last = waiting[-1][1].pop()


def _one_target(nodes: Block, first: int, last: int) -> Target:
    """The same of an expression that is no tuple; its nodes are those from ``first`` to ``last``."""
    node = nodes[last]
    if isinstance(node, Name) and first == last and "." not in node.path:
        return Bind(node.path, node.start, node.end)
    if isinstance(node, Index) and isinstance(_base(nodes, node), Name):
        block = nodes[first : last + 1]
        for part in block:
            shift(part, first)
        return Place(block, node.start, node.end)
    raise _no_target(node)


def _base(nodes: Block, node: Syntax) -> Syntax:
    while isinstance(node, Index):
        node = nodes[node.base]
    return node if isinstance(node, Name) and "." not in node.path else Syntax()


def _no_target(node: Syntax) -> SyntaxFault:
    if isinstance(node, (Attribute, Name)):
        what, hint = "an attribute cannot be assigned to", "choose a name without dots"
    elif isinstance(node, (Call, CallValue, Method)):
        what, hint = (
            "the value of a call cannot be assigned to",
            "compare with ==; or define a function of plain names: f(x, y) = …",
        )
    else:
        what = "only a plain name can be assigned to, or a part of one: a[i]"
        hint = "put the name on the left: name = value; compare with =="
    return SyntaxFault(what, span=node.span, hint=hint)


def cut(nodes: Block, ends: Ordered[int]) -> list[Block]:
    """The expressions that end at ``ends``, each as a block of its own; they stand one behind the other from the
    first node on."""
    blocks, first = [], 0
    for end in ends:
        block = nodes[first : end + 1]
        for node in block:
            shift(node, first)
        blocks.append(block)
        first = end + 1
    return blocks


def signature(nodes: Block, span: Span) -> tuple[str, tuple[Parameter, ...]]:
    """A call as the name and the parameters of a function: ``f(x, y=2)``."""
    call = nodes[-1]
    if not isinstance(call, Call) or "." in call.path or not call.path.isidentifier():
        raise SyntaxFault("a function has a plain name, and its parameters in brackets", span=span, hint="def f(x, y):")
    keywords = dict(call.keywords)
    blocks = cut(nodes, (*call.arguments, *keywords.values()))
    plain = [_plain_parameter(block) for block in blocks[: len(call.arguments)]]
    optional = [
        Parameter(name, block, block[0].start, block[-1].end)
        for name, block in zip(keywords, blocks[len(call.arguments) :], strict=True)
    ]
    parameters = (*plain, *optional)
    names = set[str]()
    for parameter in parameters:
        if parameter.name in names:
            raise SyntaxFault(
                f"the parameter {shown(parameter.name)} is there twice", span=parameter.span, hint="rename one"
            )
        names.add(parameter.name)
    return call.path, parameters


def _plain_parameter(block: Block) -> Parameter:
    node = block[-1]
    if len(block) > 1 or not isinstance(node, Name) or "." in node.path:
        raise SyntaxFault(
            "a parameter is a plain name",
            span=node.span,
            hint="define f(x, y) = …, with f(x, y=2) for a default; compare with ==",
        )
    return Parameter(node.path, None, node.start, node.end)


def shift(node: Syntax, by: int) -> None:
    """Renumber a node's operands after ``by`` nodes before them have gone."""
    if not by:
        return
    if isinstance(node, (Apply, Compare)):
        node.operands = tuple([operand - by for operand in node.operands])
    elif isinstance(node, Call):
        node.arguments, node.keywords = _shift_arguments(node, by)
    elif isinstance(node, (CallValue, Method)):
        node.base -= by
        node.arguments, node.keywords = _shift_arguments(node, by)
    elif isinstance(node, Attribute):
        node.base -= by
    elif isinstance(node, Index):
        node.base -= by
        node.items = tuple([item - by for item in node.items])
    elif isinstance(node, Sequence):
        node.items = tuple([item - by for item in node.items])
    elif isinstance(node, Slice):
        start, stop, step = [None if part is None else part - by for part in node.parts]
        node.parts = (start, stop, step)
    elif isinstance(node, Conditional):
        node.condition -= by
    elif isinstance(node, Logic):
        node.left -= by


def _shift_arguments(node: Call | CallValue | Method, by: int) -> tuple[tuple[int, ...], tuple[tuple[str, int], ...]]:
    arguments = tuple([argument - by for argument in node.arguments])
    return arguments, tuple([(name, argument - by) for name, argument in node.keywords])
