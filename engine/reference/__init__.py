"""What an expression can call, as the rows say it: all that there is to know of each function.

call         how a call is written
derivative   the derivative as formulas, from the row's own rule
facts        shapes and domain
example      a worked example, with its answer
page         all of it as Markdown, which ``python -m engine.reference`` writes to docs/functions.md
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import engine.functions as compositions
import engine.implicit as equations
import engine.primitives as rows
from engine.functions import FUNCTIONS
from engine.kinds import Function
from engine.reference.derivative import derivative
from engine.reference.example import example
from engine.reference.facts import domain, shapes

Entry = dict[str, Any]


def functions(name: str | None = None) -> list[Entry]:
    """Every function of the language, by name, with what there is to know of it; or the one of a name or alias.

    An entry is made when first asked for and then kept, so it is not to be changed.

    >>> (found,) = functions("absolute")
    >>> found["name"], found["convention"], found["derivative"]["formulas"][0]["text"]
    ('abs', '0 at 0', 'sign(x)')
    """
    if name is not None:
        return [_entry(FUNCTIONS[name].name)] if name in FUNCTIONS else []
    return [_entry(name) for name in sorted({function.name for function in FUNCTIONS.values()})]


@cache
def _entry(name: str) -> Entry:
    function = FUNCTIONS[name]
    return {
        "name": name,
        "signature": function.signature.public,
        "group": groups()[name],
        "kind": function.kind,
        "operator": getattr(function, "operator", None),
        "aliases": list(function.aliases),
        "keywords": function.keywords,
        "doc": " ".join(function.doc.replace("``", "`").split()),
        "shapes": shapes(function),
        "domain": domain(function),
        "complex": function.complex is not False,
        "derivative": derivative(function),
        "convention": function.convention,
        "jax": function.jax[1] if function.jax else "",
        "accuracy": function.accuracy,
        "example": example(function),
    }


@cache
def groups() -> dict[str, str]:
    """By function the module that its row is in: the one that has a name for it, else the one its rules are of."""
    named = {f.name: m for m in modules() for f in vars(m).values() if isinstance(f, Function) and not f.internal}
    homes = {module.__name__: module for module in modules()}
    found = {}
    for function in FUNCTIONS.values():
        module = named.get(function.name) or next(homes[rule] for rule in _homes(function) if rule in homes)
        found[function.name] = module.__name__.rpartition(".")[2]
    return found


def _homes(function: Function) -> Iterator[str]:
    """The modules that the rules of a function were written in."""
    for fact in vars(function).values():
        for rule in fact if isinstance(fact, (list, tuple)) else (fact,):
            if callable(rule):
                yield rule.__module__


def modules() -> Iterator[ModuleType]:
    """The modules of the table, rows first."""
    for package in (rows, equations, compositions):
        for name in package.__all__:
            if isinstance(module := getattr(package, name), ModuleType):
                yield module
