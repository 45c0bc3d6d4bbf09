"""A call's arguments sorted by the function's signature, as NumPy and PyTorch would take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import WrongArguments
from engine.graph import NO_PARAMS, Node, Params
from engine.kinds import Function
from engine.language.diagnostics import nearest
from engine.language.foreign import KEYWORDS, is_idle
from engine.language.syntax import Syntax
from engine.language.values import Closure, Scope

_PYTORCHS = frozenset({"dim", "keepdim", "correction"})
"""Keywords by which a call is known as PyTorch's."""

_PLACES = {"input": 0, "a": 0, "x": 0, "arr": 0, "other": 1}
"""What PyTorch and NumPy call an operand whatever it is, and its place."""


def bind(
    function: Function, arguments: Sequence[Any], keywords: Mapping[str, Any], defaults: Params = NO_PARAMS
) -> tuple[list[Any], Params]:
    """The operands in order, and the static parameters that were given.

    Text among the positional arguments is a static parameter wherever it stands (``einsum("ij->ji", a)``); a
    function of any number of operands takes them one by one or as one list. ``defaults`` are those of the library
    in whose spelling the call is; a keyword that only PyTorch has brings PyTorch's. Raises `WrongArguments` with the
    signature.
    """
    signature = function.signature
    if signature.order:
        arguments, keywords = (), _by_name(function, arguments, keywords)
    statics = [name for name in signature.static if not name.startswith("_")]
    texts = [] if _in_place(function, arguments, statics) else [v for v in arguments if isinstance(v, str)]
    others = [v for v in arguments if not (texts and isinstance(v, str))]
    operands, rest = _split(function, others, spread=bool(texts) or signature.each)
    params = _texts(function, texts, statics, keywords)
    if signature.gathers and rest:
        if signature.gathers in params:
            raise wrong(function, f"{function.name} is given {signature.gathers} twice")
        params[signature.gathers] = rest[0] if len(rest) == 1 else tuple(rest)
        rest = []
    if rest and "_by_name" in defaults:
        raise wrong(function, f"in this spelling {function.name} takes its options by name")
    free = [name for name in statics if name not in params]
    if len(rest) > len(free):
        most = len(arguments) - len(rest) + len(free)
        raise wrong(
            function, f"{function.name} takes {most} argument{'s' * (most != 1)}, and {len(arguments)} are given"
        )
    params.update(zip(free, rest, strict=False))
    named = {} if signature.variadic else dict(zip(signature.operands, operands, strict=False))
    for word, value in keywords.items():
        _keyword(function, word, value, named, params)
    if function.as_torch and not _PYTORCHS.isdisjoint(keywords):
        defaults = function.as_torch
    if defaults:
        params = {**{name: value for name, value in defaults.items() if name in signature.static}, **params}
    missing = signature.missing(params)
    if missing:
        raise wrong(function, f"{function.name} needs {missing}")
    unfit = signature.unfit(params)
    if unfit:
        raise wrong(function, f"{function.name}: {unfit}")
    if signature.variadic:
        if not operands:
            raise wrong(function, f"{function.name} needs at least one tensor")
        return operands, params
    return [_operand(function, name, named) for name in signature.operands], params


def _by_name(function: Function, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Mapping[str, Any]:
    """All arguments by name, of a function that has static parameters among its operands."""
    order = function.signature.order
    if len(arguments) > len(order):
        raise wrong(function, f"{function.name} takes {len(order)} arguments, and {len(arguments)} are given")
    placed = dict(zip(order, arguments, strict=False))
    for word in keywords:
        if word in placed:
            raise wrong(function, f"{function.name} is given {word} twice")
    return {**placed, **keywords}


def _split(function: Function, given: list[Any], spread: bool) -> tuple[list[Any], list[Any]]:
    """The operands, and what positional arguments come behind them; ``spread`` where no list holds the operands."""
    if not function.signature.variadic:
        count = len(function.signature.operands)
        return given[:count], given[count:]
    if given and isinstance(given[0], tuple) and (not spread or (len(given) == 1 and _are_tensors(given[0]))):
        return list(given[0]), given[1:]
    return given, []


def _are_tensors(items: tuple[Any, ...]) -> bool:
    """Whether a list holds operands, and is not one itself that is written out."""
    return all(isinstance(item, Node) for item in items)


def _in_place(function: Function, arguments: Sequence[Any], statics: Sequence[str]) -> bool:
    """Whether each text stands where a parameter does that may be text, as in ``norm(x, "nuc", (0, 1))``."""
    first = len(function.signature.operands)
    takers = [first + k for k, name in enumerate(statics) if _may_be_text(function, name)]
    return not function.signature.variadic and all(k in takers for k, v in enumerate(arguments) if isinstance(v, str))


def _may_be_text(function: Function, name: str) -> bool:
    """Not where the default is a number or a truth value."""
    return not isinstance(function.signature.static[name], int | float)


def _texts(function: Function, texts: list[str], statics: list[str], keywords: Mapping[str, Any]) -> Params:
    """Text fills the last of the static parameters that may be text, where functions have their modes."""
    free = [name for name in statics if name not in keywords and _may_be_text(function, name)]
    if len(texts) > len(free):
        raise wrong(function, f"{function.name} takes no text {texts[0]!r}")
    return dict(zip(free[len(free) - len(texts) :], texts, strict=True))


def _keyword(function: Function, word: str, value: Any, named: dict[str, Any], params: Params) -> None:
    """One keyword argument, under its own name or one of those that NumPy and PyTorch have for it."""
    signature = function.signature
    name = function.keywords.get(word, word)
    if (
        name not in signature.static
        and name not in signature.operands
        and word in _PLACES
        and _PLACES[word] < len(signature.operands)
    ):
        name = signature.operands[_PLACES[word]]
    place = params if name in signature.static else named
    if name.startswith("_") or not (
        name in signature.static or (name in signature.operands and not signature.variadic)
    ):
        if is_idle(word, value):
            return
        near = None if word in KEYWORDS else nearest(word, [*signature.operands, *signature.static, *function.keywords])
        fault = wrong(function, f"{function.name} has no argument {word}" + (f"; did you mean {near}?" if near else ""))
        fault.hint = "; ".join(part for part in (KEYWORDS.get(word), fault.hint) if part)
        raise fault
    if name in place:
        raise wrong(function, f"{function.name} is given {name} twice")
    place[name] = value


def _operand(function: Function, name: str, named: Mapping[str, Any]) -> Any:
    if name in named:
        return named[name]
    if name not in function.signature.optional:
        raise wrong(function, f"{function.name} needs {name}")
    return function.signature.optional[name]


def wrong(function: Function, message: str) -> WrongArguments:
    """The error for a call that does not fit, with the signature as its hint."""
    return WrongArguments(message, hint=f"the signature is {function.signature.public}")


def bind_own(closure: Closure, arguments: Sequence[Any], keywords: Mapping[str, Any], syntax: Syntax) -> Scope:
    """The names of a call of the program's own function, in a scope of their own. Raises `WrongArguments`."""
    names = closure.parameters
    if len(arguments) > len(names):
        raise _wrong_own(closure, f"takes {_counted(len(names))}, and {len(arguments)} are given", syntax)
    bound = dict(zip(names, arguments, strict=False))
    known = frozenset(names) if keywords else frozenset()
    for word, value in keywords.items():
        if word not in known:
            near = nearest(word, names)
            raise _wrong_own(closure, f"has no parameter {word}" + (f"; did you mean {near}?" if near else ""), syntax)
        if word in bound:
            raise _wrong_own(closure, f"is given {word} twice", syntax)
        bound[word] = value
    bound = {**closure.defaults, **bound}
    missing = [name for name in names if name not in bound]
    if missing:
        raise _wrong_own(closure, f"needs {', '.join(missing)}", syntax)
    return Scope.within(closure.scope, bound, closure.own)


def _counted(arguments: int) -> str:
    return f"{arguments} argument{'s' * (arguments != 1)}"


def _wrong_own(closure: Closure, message: str, syntax: Syntax) -> WrongArguments:
    name = closure.name or "the lambda"
    return WrongArguments(f"{name} {message}", span=syntax.span, hint=f"it is defined as {closure.signature}")
