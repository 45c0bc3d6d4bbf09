"""What ``F`` is: the functions of all rows and compositions, over one kind of value.

A rule of a row is written against a namespace, and does not know which: `engine.interpret` and
`engine.transform.batch` have them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from engine.limits import DEFAULT_LIMITS
from engine.shapes import COMPLEX, Shape, type_of

if TYPE_CHECKING:
    from engine.kinds import Composition, Function, Primitive

Rule = Callable[..., Any]

_PLAIN = (float, int, bool)
"""Not NumPy's scalars, although one of them is a float too."""


class _Offered:
    """A function that a namespace makes when first asked for and then keeps.

    A descriptor and not ``__getattr__``, which would slow down every other attribute of the namespace.
    """

    __slots__ = ("function",)

    def __init__(self, function: Function) -> None:
        self.function = function

    def __get__(self, space: Namespace, owner: type[Namespace]) -> Rule:
        made = space.__dict__[self.function.name] = self.function.made_in(space)
        return made


class Namespace:
    """What ``F`` is: a function for every row and composition, over one kind of value.

    An interpreter says in `primitive` how a row acts on its values; the rest is the same for all. Functions are
    made when first asked for and then kept. ``limits`` bound what a rule makes piece by piece. ``shapeless`` says that
    values are single numbers, which need no fitting to each other.
    """

    shapeless = False
    limits = DEFAULT_LIMITS
    level = 0
    """How many namespaces lie below: an operator on values of two of them is that of the upper one."""

    if TYPE_CHECKING:  # the functions are attributes that rows bring, by `Namespace.offer`

        def __getattr__(self, name: str) -> Any: ...

    @classmethod
    def offer(cls, function: Function) -> None:
        """Give every namespace the function of a row or composition."""
        if function.name in vars(cls):
            raise ValueError(f"a namespace already has an attribute {function.name}")
        setattr(cls, function.name, _Offered(function))

    def primitive(self, row: Primitive) -> Rule:
        """The function that applies ``row`` to this interpreter's values."""
        raise NotImplementedError

    def composition(self, function: Composition) -> Rule:
        """The function that expands a composition over this interpreter's values."""
        return self.expansion(function, function.rule)

    def expansion(self, function: Composition, rule: Rule) -> Rule:
        """The function that expands a composition by ``rule``."""
        signature = function.signature
        optional = [signature.optional.get(name) for name in signature.operands]

        def expand(*xs: Any, **params: Any) -> Any:
            rest = () if signature.variadic else optional[len(xs) :]
            return rule(self, *xs, *rest, **{**signature.static, **params})

        return expand

    def shape(self, x: Any) -> Shape:
        """The shape of a value; a plain number has none."""
        return getattr(x, "shape", ())

    def dtype(self, x: Any) -> str:
        """The element type of a value; a plain real number is weak."""
        if x.__class__ in _PLAIN:
            return "weak"
        if x.__class__ is complex:
            return COMPLEX
        dtype = x.dtype
        return dtype if dtype.__class__ is str else type_of(x)

    def any_complex(self, xs: Iterable[Any]) -> bool:
        """Whether one of some values is complex."""
        return any(getattr(x, "dtype", None) == COMPLEX or x.__class__ is complex for x in xs)

    def fit(self, value: Any, like: Any) -> Any:
        """``value`` summed over broadcast axes, and cast, to be like ``like``: the end of a pullback."""
        if value is None:
            return None
        shape = self.shape(like)
        return self._as_type(self.sum_to(value, shape=shape) if self.shape(value) != shape else value, like)

    def spread(self, value: Any, like: Any) -> Any:
        """``value`` repeated along broadcast axes, and cast, to be like ``like``: the end of a pushforward."""
        shape = self.shape(like)
        return self._as_type(self.broadcast_to(value, shape=shape) if self.shape(value) != shape else value, like)

    def _as_type(self, value: Any, like: Any) -> Any:
        wanted = self.dtype(like)
        return value if wanted in ("weak", "bool", self.dtype(value)) else self.cast(value, dtype=wanted)


_DUNDERS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne", "&": "and", "|": "or",
    "u-": "neg", "u+": "pos", "u~": "invert",
}  # fmt: skip


class Operators:
    """Values on which operators mean rows: a subclass says in ``space`` which namespace applies them."""

    __slots__ = ()
    __array_ufunc__ = None  # so that an ndarray on the left leaves the operator to us
    __hash__ = object.__hash__
    space: Any

    @classmethod
    def install(cls, row: Primitive) -> None:
        """Give the operator that ``row`` claims its methods, for an operand on either side."""
        assert row.operator
        word, name = _DUNDERS[row.operator], row.name
        if row.operator.startswith("u"):
            setattr(cls, f"__{word}__", lambda a: getattr(a.space, name)(a))
            return
        setattr(cls, f"__{word}__", lambda a, b: getattr(_upper(a, b), name)(a, b))
        if word not in ("lt", "le", "gt", "ge", "eq", "ne"):
            setattr(cls, f"__r{word}__", lambda a, b: getattr(_upper(a, b), name)(b, a))


def _upper(a: Operators, b: Any) -> Any:
    """The namespace of two values, of which the second may be a plain number or array."""
    space = a.space
    return b.space if isinstance(b, Operators) and b.space.level > space.level else space
