"""Why a name stands for nothing where it is used, though the program assigns it: what did not run, comes later, or is
known only inside of something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.errors import ExpressionError, Span
from engine.language.diagnostics import locate
from engine.language.syntax import (
    Assign,
    Bind,
    Block,
    Comprehension,
    Conditional,
    Define,
    Evaluate,
    For,
    If,
    Lambda,
    Logic,
    Return,
    Statement,
    Suite,
    Target,
    Unpack,
    While,
)


class _Binding(NamedTuple):
    """Where a name gets a value: from ``at`` on, by what begins at ``start``, and a ``verb``; ``inside`` of what has
    the span ``whole`` (None for the program), from where ``remedy`` brings it out."""

    at: int
    start: int
    verb: str
    inside: str = ""
    whole: Span | None = None
    remedy: str = "give it back: return {}"


_IN_LOOP = "use {0} inside them, or write a loop in lines of its own: for {0} in …:"
_IN_LAMBDA = "use {} inside it"


def absence(text: str, statements: Suite, name: str, at: int) -> tuple[str, str] | None:
    """What is to be said of a name that has no value at ``at``, and what to do; None where nothing assigns it.

    >>> from engine.language.parser import parse
    >>> text = "if x > 1:\\n    y = x\\ny"
    >>> absence(text, parse(text).statements, "y", 20)
    ('y has no value here: line 2, which assigns it, did not run', 'give y a value before, or in every branch')
    """
    found = list(_bindings(statements, name))
    seen = [b for b in found if b.whole is None or b.whole[0] <= at < b.whole[1]]
    inner = max((b.whole[0] for b in seen if b.whole is not None), default=None)
    if inner is not None:  # the name is a function's own, and what is outside does not matter
        seen = [b for b in seen if b.whole is not None and b.whole[0] == inner]
    before = [b for b in seen if b.at <= at]
    if before:
        line, verb = _line(text, before[-1]), before[-1].verb
        hint = f"give {name} a value before, or in every branch"
        return f"{name} has no value here: line {line}, which {verb} it, did not run", hint
    if seen:
        line, here = _line(text, seen[0]), locate(text, at)[0]
        hint = f"put line {line} before this one" if line != here else f"give {name} a value first: {name} = 0"
        if seen[0].verb == "defines":
            return f"{name} is not defined before line {line}", "put the definition before its use"
        return f"{name} has no value before line {line} assigns it", hint
    if found:
        last = found[-1]
        line = locate(text, last.whole[0] if last.whole else last.start)[0]
        return f"{name} is known only inside {last.inside} of line {line}", last.remedy.format(name)
    return None


def own_names(function: Define) -> frozenset[str]:
    """The names that a function assigns, as Python counts them: these are its own from its beginning on.

    >>> from engine.language.parser import parse
    >>> body = "def f(x):\\n    y, a[0] = x, 1\\n    for i in x:\\n        def g(): z = 1\\n    return x"
    >>> sorted(own_names(parse(body).statements[0]))
    ['g', 'i', 'y']
    """
    if function.own is None:
        found = set[str]()
        pending = [] if function.short else function.body[:]
        while pending:
            statement = pending.pop()
            for target, _ in _targets(statement):
                found.update(names_of(target))
            if isinstance(statement, Define):
                found.add(statement.name)
            else:
                pending += [inner for suite in suites_of(statement) for inner in suite]
        function.own = frozenset(found)
    return function.own


def suites_of(statement: Statement) -> list[Suite]:
    """What a loop or a condition holds."""
    if isinstance(statement, If):
        return [suite for _, suite in statement.branches] + [statement.otherwise or []]
    return [statement.body] if isinstance(statement, (For, While)) else []


def made_first(error: ExpressionError, name: str, start: str) -> ExpressionError:
    """The fault of a name of which a part is assigned, or to which is added, before it has a value."""
    if "did you mean" not in (error.hint or ""):
        error.hint = f"make it first: {name} = {start}"
    return error


def _line(text: str, binding: _Binding) -> int:
    return locate(text, binding.start)[0]


def _bindings(statements: Suite, name: str) -> Iterator[_Binding]:
    """Each place where a name gets a value, in no order that matters but that of one suite."""
    pending: list[tuple[Statement, Define | None]] = [(s, None) for s in reversed(statements)]
    while pending:
        statement, owner = pending.pop()
        whole = None if owner is None else owner.span
        inside = "" if owner is None else f"the function {owner.name}"
        for target, at in _targets(statement):
            if name in names_of(target):
                yield _Binding(at, statement.start, "assigns", inside, whole)
        if isinstance(statement, Define):
            if statement.name == name:
                yield _Binding(statement.start, statement.start, "defines", inside, whole)
            if any(parameter.name == name for parameter in statement.parameters):
                yield _Binding(
                    statement.start, statement.start, "assigns", f"the function {statement.name}", statement.span
                )
            pending += [(s, statement) for s in reversed(statement.body)]
        pending += [(s, owner) for suite in reversed(suites_of(statement)) for s in reversed(suite)]
        yield from _inside_expressions(statement, name)


def _targets(statement: Statement) -> Iterator[tuple[Target, int]]:
    """What a statement assigns to, each with the place from which on it has its value."""
    if isinstance(statement, Assign):
        yield statement.target, statement.end
    elif isinstance(statement, For):
        yield statement.target, statement.target.start


def names_of(target: Target) -> Iterator[str]:
    """The names that get a value of their own."""
    pending = [target]
    while pending:
        part = pending.pop()
        if isinstance(part, Bind):
            yield part.name
        elif isinstance(part, Unpack):
            pending += part.targets


def _inside_expressions(statement: Statement, name: str) -> Iterator[_Binding]:
    """The comprehensions and lambdas of a statement that have the name for themselves."""
    pending = blocks_of(statement)
    while pending:
        for node in pending.pop():
            if isinstance(node, Comprehension):
                if any(name in names_of(clause.target) for clause in node.clauses):
                    yield _Binding(node.start, node.start, "assigns", "the brackets", node.span, _IN_LOOP)
                pending.append(node.element)
                for clause in node.clauses:
                    pending += [clause.iterable, *clause.conditions]
            elif isinstance(node, Lambda):
                if any(parameter.name == name for parameter in node.parameters):
                    yield _Binding(node.start, node.start, "assigns", "the lambda", node.span, _IN_LAMBDA)
                pending.append(node.value)
            elif isinstance(node, Conditional):
                pending += [node.then, node.otherwise]
            elif isinstance(node, Logic):
                pending.append(node.right)


def blocks_of(statement: Statement) -> list[Block]:
    """The expressions of a statement itself."""
    if isinstance(statement, (Assign, Evaluate)):
        return [statement.block]
    if isinstance(statement, Return):
        return [] if statement.block is None else [statement.block]
    if isinstance(statement, If):
        return [condition for condition, _ in statement.branches]
    if isinstance(statement, While):
        return [statement.condition]
    return [statement.iterable] if isinstance(statement, For) else []
