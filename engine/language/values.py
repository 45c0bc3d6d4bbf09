"""What an expression can be while a program is traced, beside nodes and plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from engine.errors import Span, WrongArguments
from engine.graph import Node
from engine.kinds import Function
from engine.language.syntax import Parameter, Suite, Syntax

DEEPEST = 64
"""How deep lists may nest: a tensor has no more axes."""

_NONE = frozenset[str]()
MISSING: Any = object()
"""What a scope has where it has nothing."""


class Scope(dict[str, Any]):
    """Names and their values: the program's, or those of one call, on top of the scope where the function was
    defined. ``own`` are names that are the function's from its beginning on: it assigns them somewhere.

    >>> inner = Scope.within(Scope.within(None, {"x": 1, "y": 3, "t": 4}), {"x": 2}, frozenset({"t"}))
    >>> inner.find("x"), inner.find("y"), inner.find("z") is MISSING, inner.find("t") is MISSING
    (2, 3, True, True)
    """

    __slots__ = ("outer", "own")
    outer: Scope | None
    own: frozenset[str]

    @classmethod
    def within(cls, outer: Scope | None, names: dict[str, Any], own: frozenset[str] = _NONE) -> Scope:
        """A scope with some names already. (Without an ``__init__`` of its own it is made faster.)"""
        scope = cls(names)
        scope.outer = outer
        scope.own = own
        return scope

    def owner(self, name: str) -> Scope | None:
        """The innermost scope that has the name, or should; None where that has no value for it yet."""
        scope: Scope | None = self
        while scope is not None and name not in scope:
            scope = scope.outer if name not in scope.own else None
        return scope

    def is_early(self, name: str) -> bool:
        """Whether the name is one of a function's own, and that has no value for it yet."""
        scope: Scope | None = self
        while scope is not None and name not in scope:
            if name in scope.own:
                return True
            scope = scope.outer
        return False

    def is_outside(self, name: str) -> bool:
        """Whether any scope around has the name, seen from here or not."""
        return name in self.names()

    def find(self, name: str) -> Any:
        """The value of a name, or `MISSING`."""
        scope = self.owner(name)
        return MISSING if scope is None else scope[name]

    def names(self) -> list[str]:
        """All names that can be seen from here, the nearest first."""
        found: dict[str, None] = {}
        scope: Scope | None = self
        while scope is not None:
            found |= dict.fromkeys(scope)
            scope = scope.outer
        return list(found)


class Closure:
    """A function of the program's own: its parameters with the values of their defaults, its body, the scope where
    it was defined, and the names that it assigns itself."""

    __slots__ = ("body", "defaults", "name", "own", "parameters", "scope")

    def __init__(
        self,
        name: str,
        parameters: tuple[Parameter, ...],
        defaults: dict[str, Any],
        body: Suite,
        scope: Scope,
        own: frozenset[str] = _NONE,
    ) -> None:
        self.name = name
        self.parameters = [parameter.name for parameter in parameters]
        self.defaults = defaults
        self.body = body
        self.scope = scope
        self.own = own

    @property
    def signature(self) -> str:
        """As a call would have it: ``f(x, y=…)``."""
        parts = [f"{name}=…" if name in self.defaults else name for name in self.parameters]
        return f"{self.name or 'lambda'}({', '.join(parts)})"


class Invocation(NamedTuple):
    """A call of a closure whose arguments are bound, and which is still to run; ``span`` is where it stands."""

    closure: Closure
    scope: Scope
    span: Span | None = None


class Held:
    """How many items all lists of a trace have that are in use."""

    __slots__ = ("items",)

    def __init__(self) -> None:
        self.items = 0


class Listed(tuple[Any, ...]):
    """A list or tuple of any values. Used as a tensor it is its items stacked, in one node for all uses.

    ``bracket`` is that which it was written in, ``syntax`` where; ``total`` is how many values are in it and in what
    it holds, ``depth`` how deep that nests. ``held`` counts the items for as long as the list lives.
    """

    bracket: str
    total: int
    depth: int
    name: str | None
    node: Node | None
    syntax: Syntax | None
    held: Held | None = None

    def __new__(
        cls, items: Iterable[Any], bracket: str = "[", syntax: Syntax | None = None, held: Held | None = None
    ) -> Listed:
        made = super().__new__(cls, items)
        inner = [item for item in made if item.__class__ in _NESTING]
        made.bracket = bracket
        made.total = len(made) + sum(item.total for item in inner)
        made.depth = 1 + max((item.depth for item in inner), default=0)
        made.name = None
        made.node = None
        made.syntax = syntax
        made._hold(held)
        return made

    def appended(self, item: Any) -> Listed:
        """The list with one more item, without counting the others again."""
        return self._changed((*self, item), _total(item), item)

    def replaced(self, place: int, item: Any) -> Listed:
        """The list with another item at a place, without counting the others again; ``depth`` is that of the deeper."""
        return self._changed((*self[:place], item, *self[place + 1 :]), _total(item) - _total(self[place]), item)

    def _changed(self, items: tuple[Any, ...], more: int, item: Any) -> Listed:
        made = tuple.__new__(Listed, items)
        made.bracket, made.syntax, made.name, made.node = self.bracket, self.syntax, self.name, None
        made.total = self.total + more
        made.depth = max(self.depth, item.depth + 1) if item.__class__ in _NESTING else self.depth
        made._hold(self.held)
        return made

    def _hold(self, held: Held | None) -> None:
        if held is not None:
            self.held = held
            held.items += len(self)

    def __del__(self) -> None:
        if self.held is not None:
            self.held.items -= len(self)


class Series(Listed):
    """What a comprehension in round brackets gives: a function that reduces along an axis does so along this one."""


class Lazy:
    """What gives its items one by one, and each once: ``enumerate(x)``, ``zip(x, y)``, which is its ``function``.
    ``depth`` is how deep the list of them nests; ``used_up`` says that it gave some, and has no more.

    >>> pairs = Lazy("zip", iter([1, 2]), [])
    >>> pairs.used_up, list(pairs), pairs.used_up
    (False, [1, 2], True)
    """

    __slots__ = ("depth", "function", "given", "items", "used_up")
    total = 0

    def __init__(self, function: str, items: Iterator[Any], of: Iterable[Any]) -> None:
        self.function = function
        self.items = items
        self.depth = 2 + max((value.depth for value in of if value.__class__ in _NESTING), default=0)
        self.given = self.used_up = False

    def __iter__(self) -> Iterator[Any]:
        for item in self.items:
            self.given = True
            yield item
        self.used_up = self.given


_NESTING: frozenset[Any] = frozenset({Listed, Series, Lazy})


def _total(item: Any) -> int:
    return 1 + item.total if item.__class__ in _NESTING else 1


class Results(tuple[Any, ...]):
    """What a function of several results gave. They are had by their places, and by the names that it has for them."""

    function: str
    names: tuple[str, ...]

    def __new__(cls, function: Function, parts: Iterable[Any]) -> Results:
        results = super().__new__(cls, parts)
        results.function = function.name
        results.names = function.results if len(function.results) == len(results) else ()
        return results


class Paired:
    """What ``torch.max(x, dim=1)`` gives: the values, which is what it means alone, with their places beside them.

    The places are made when somebody asks. ``doubtful`` is a call that NumPy and PyTorch spell alike and mean
    otherwise, ``x.max(1)``: as values it is understood, and its parts are refused.
    """

    __slots__ = ("doubtful", "function", "make_indices", "values")
    names = ("values", "indices")

    def __init__(self, function: str, values: Node, make_indices: Callable[[], Node], doubtful: bool) -> None:
        self.function = function
        self.values = values
        self.make_indices = make_indices
        self.doubtful = doubtful

    def part(self, place: int) -> Node:
        """The values, or their places. Raises `WrongArguments` where it is in doubt which are meant."""
        if self.doubtful:
            raise WrongArguments(
                f"x.{self.function}(axis) gives values and places in PyTorch, and values alone in NumPy",
                hint=f"write x.{self.function}(dim=1) for PyTorch's, x.{self.function}(axis=1) for NumPy's",
            )
        return self.make_indices() if place % 2 else self.values
