"""What a program writes and nothing reads: into an argument, or into what a loop gives.

In Python such a write is seen elsewhere, in the caller's list or in the rows of the tensor; here values are not shared.
It is found by reading the program, and only where it is certain: a write is lost if no way leads from it to a use of
the name. Uses in what writes into the same name do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from engine.language.absent import blocks_of, names_of, own_names, suites_of
from engine.language.syntax import (
    Assign,
    Bind,
    Block,
    Call,
    Comprehension,
    Conditional,
    Define,
    Evaluate,
    For,
    Index,
    Lambda,
    Logic,
    Name,
    Place,
    Program,
    Return,
    Statement,
    Suite,
    While,
)

_MOST = 100_000
"""So many comparisons of a write with a use are made; what would take more is not looked for."""

Loop = For | While


class _Line(NamedTuple):
    """A statement of the program: the function and the loops that it is in, from the outermost on, and the place of
    what it belongs to among the program's own statements."""

    statement: Statement
    owner: Define | None
    loops: tuple[Loop, ...]
    place: int


class _Use(NamedTuple):
    """Where a name is read; ``owner`` and ``loops`` as a line has them, ``later`` where that is in
    a lambda, ``writes`` into which name the statement writes."""

    at: int
    owner: Define | None
    loops: tuple[Loop, ...]
    later: bool
    writes: str | None


class Lost(NamedTuple):
    """A write that nothing sees: the statement, the name, and where that comes from: a function or a loop."""

    statement: Statement
    name: str
    source: Define | For


def lost(program: Program) -> list[Lost]:
    """The writes of a program that are certainly lost, one for each parameter or loop.

    >>> from engine.language.parser import parse
    >>> [write.name for write in lost(parse("def z(a): a[0] = 0\\nz(v)\\nfor row in A: row *= 2\\nA"))]
    ['a', 'row']
    >>> lost(parse("def z(a):\\n    a[0] = 0\\n    return a\\nz(v)"))
    []
    """
    if all(isinstance(s, (Assign, Evaluate)) or (isinstance(s, Define) and s.short) for s in program.statements):
        return []
    lines = list(_lines(program.statements))
    candidates = _candidates(lines, _given_last(program.statements))
    if not candidates:
        return []
    uses = _uses(lines, {name for name, _, _ in candidates})
    found, left = list[Lost](), _MOST
    for name, source, writes in candidates:
        left -= len(uses[name]) * len(writes)
        if left < 0:
            break
        if not any(_sees(use, name, source, writes) for use in uses[name]):
            found.append(Lost(writes[0].statement, name, source))
    return found


def gives_value(function: Define) -> bool:
    """Whether a function has a return with a value.

    >>> from engine.language.parser import parse
    >>> [gives_value(s) for s in parse("f(x) = x\\ndef g(x):\\n    if x: return\\nx").statements[:2]]
    [True, False]
    """
    return any(isinstance(line.statement, Return) and line.statement.block and line.owner is None
               for line in _lines(function.body))  # fmt: skip


def _lines(statements: Suite) -> Iterator[_Line]:
    pending = [_Line(s, None, (), place) for place, s in reversed(list(enumerate(statements)))]
    while pending:
        line = pending.pop()
        yield line
        statement, owner, loops, place = line
        if isinstance(statement, Define):
            pending += [_Line(s, statement, (), place) for s in reversed(statement.body)]
            continue
        loops = (*loops, statement) if isinstance(statement, (For, While)) else loops
        for suite in reversed(suites_of(statement)):
            pending += [_Line(s, owner, loops, place) for s in reversed(suite)]


def _given_last(statements: Suite) -> int:
    """From which of the program's statements on a value may be the output: that of the last one that gives any."""
    last = len(statements) - 1
    while last > 0 and not isinstance(statements[last], (Assign, Evaluate)):
        last -= 1
    return last


def _candidates(lines: list[_Line], last: int) -> list[tuple[str, Define | For, list[_Line]]]:
    """The parameters and loops whose names are written into, each with the writes; and never given a value anew."""
    found: dict[tuple[str, int], tuple[str, Define | For, list[_Line]]] = {}
    renewed = set[tuple[str, int]]()
    for line in lines:
        name = _written(line.statement)
        for bound in [name] if name else _bound(line.statement):
            source = _source(bound, line)
            if source is None:
                continue
            if not name:
                renewed.add((bound, id(source)))
            elif line.owner or line.place < last:
                found.setdefault((bound, id(source)), (bound, source, []))[2].append(line)
    return [candidate for key, candidate in found.items() if key not in renewed]


def _written(statement: Statement) -> str | None:
    """The name into which a statement writes: ``a[i] = v``, ``a *= 2``, ``a.append(v)``."""
    if isinstance(statement, Assign):
        if isinstance(statement.target, Place):
            base: Any = statement.target.block[-1]
            while isinstance(base, Index):
                base = statement.target.block[base.base]
            return str(base.path)
        return statement.target.name if isinstance(statement.target, Bind) and statement.is_augmented else None
    call = statement.block[-1] if isinstance(statement, Evaluate) else None
    if isinstance(call, Call) and call.path.endswith(".append"):
        return call.path.removesuffix(".append")
    return None


def _bound(statement: Statement) -> list[str]:
    """The names that a statement gives a value of another kind."""
    if isinstance(statement, Assign):
        return list(names_of(statement.target))
    return [statement.name] if isinstance(statement, Define) else []


def _source(name: str, line: _Line) -> Define | For | None:
    """The loop or the function that gives a name the value which a line finds there; None where that is not certain."""
    for loop in reversed(line.loops):
        if isinstance(loop, For) and name in names_of(loop.target):
            return loop
    owner = line.owner
    if owner is not None and any(parameter.name == name for parameter in owner.parameters):
        return owner
    return None


# Uses


def _uses(lines: list[_Line], wanted: set[str]) -> dict[str, list[_Use]]:
    """Where each of some names is read."""
    defined = {line.statement.name for line in lines if isinstance(line.statement, Define)}
    found: dict[str, list[_Use]] = {name: [] for name in wanted}
    for line in lines:
        statement = line.statement
        loops = (*line.loops, statement) if isinstance(statement, While) else line.loops
        blocks = blocks_of(statement)
        writes = _written(statement)
        if isinstance(statement, Assign) and isinstance(statement.target, Place):
            blocks.append(statement.target.block)
        if isinstance(statement, Define):
            blocks += [p.default for p in statement.parameters if p.default is not None]
        if writes and any(isinstance(n, Call) and n.path in defined for block in blocks for n in block):
            writes = None  # a function may see it, and keep it
        for name, at, later in _reads(blocks, wanted):
            found[name].append(_Use(at, line.owner, loops, later, writes))
    return found


def _reads(blocks: list[Block], wanted: set[str]) -> Iterator[tuple[str, int, bool]]:
    """The names that expressions read, where, and whether in a lambda; not those that a part has for itself."""
    pending = [(block, frozenset[str](), False) for block in blocks]
    while pending:
        block, hidden, later = pending.pop()
        for node in block:
            if isinstance(node, (Name, Call)):
                name = node.path.partition(".")[0]
                if name in wanted and name not in hidden:
                    yield name, node.start, later
            elif isinstance(node, Comprehension):
                own = hidden | {name for clause in node.clauses for name in names_of(clause.target)}
                pending.append((node.clauses[0].iterable, hidden, later))
                pending += [(clause.iterable, own, later) for clause in node.clauses[1:]]
                inner = [node.element, *[condition for clause in node.clauses for condition in clause.conditions]]
                pending += [(part, own, later) for part in inner]
            elif isinstance(node, Lambda):
                pending.append((node.value, hidden | {parameter.name for parameter in node.parameters}, True))
            elif isinstance(node, Conditional):
                pending += [(node.then, hidden, later), (node.otherwise, hidden, later)]
            elif isinstance(node, Logic):
                pending.append((node.right, hidden, later))


def _sees(use: _Use, name: str, source: Define | For, writes: list[_Line]) -> bool:
    """Whether what is written may be read there."""
    owner = writes[0].owner
    if use.owner is not owner:
        return _is_within(use.owner, owner) and not _has_own(use.owner, name)
    if use.later:
        return True
    within = isinstance(source, Define) or source in use.loops
    if use.writes == name and within:
        return False
    if within:
        return _follows(use, source, writes)
    assert isinstance(source, For)
    if any(isinstance(loop, For) and name in names_of(loop.target) for loop in use.loops):
        return False  # another loop gives it another value
    return use.at > source.start or any(loop in use.loops for loop in writes[0].loops if loop.start < source.start)


def _follows(use: _Use, source: Define | For, writes: list[_Line]) -> bool:
    """Whether a use stands behind a write, or in a loop with it that does not give the name anew."""
    for write in writes:
        inner = write.loops[write.loops.index(source) + 1 :] if isinstance(source, For) else write.loops
        if use.at > write.statement.start or any(loop in use.loops for loop in inner):
            return True
    return False


def _is_within(inner: Define | None, outer: Define | None) -> bool:
    """Whether a function stands in another, or in the program itself."""
    if inner is None:
        return False
    return outer is None or outer.start <= inner.start < inner.end <= outer.end


def _has_own(function: Define | None, name: str) -> bool:
    return function is not None and (
        name in own_names(function) or any(parameter.name == name for parameter in function.parameters)
    )
