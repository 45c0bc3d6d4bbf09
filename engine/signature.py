"""How a function is called."""

from __future__ import annotations

from reprlib import repr as shortly
from typing import Any

from engine.graph import Params
from engine.shapes import COMPLEX

_REQUIRED = object()
_AMONG = "static "
_EACH = "each "


class Signature:
    """How a function is called: operands first, then (behind ``/``) the static parameters.

    A star before the operands means any number of them, in a list or one by one; with the word ``each`` before it they
    come one by one, and a list that is written out is one of them: ``block_diag([[1, 2]], [[3]])``. A star before a
    static parameter means that it takes what numbers are left, as in ``reshape(x, 2, 3)``. The word ``static`` before
    one that stands among the operands makes it a static parameter there, as in ``layer_norm(x, shape, weight)``:
    ``order`` then has all names as a call gives them.

    >>> signature = Signature("sum(x, /, axis=None, keepdims=False)")
    >>> signature.name, signature.operands, signature.static
    ('sum', ('x',), {'axis': None, 'keepdims': False})
    >>> signature = Signature("norm(x, static shape, weight=None, /, eps=0.5)")
    >>> signature.operands, list(signature.static), signature.order
    (('x', 'weight'), ['shape', 'eps'], ('x', 'shape', 'weight', 'eps'))
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.name, _, rest = text.rstrip(")").partition("(")
        head, _, tail = rest.partition("/")
        written = [part.strip() for part in head.split(",") if part.strip()]
        self.each = bool(written) and written[0].startswith(_EACH)
        written = [part.removeprefix(_EACH) for part in written]
        names = [part for part in written if not part.startswith(_AMONG)]
        self.variadic = bool(names) and names[0].startswith("*")
        self.operands = tuple(name.lstrip("*").split("=")[0] for name in names)
        self.optional = {name.split("=")[0]: _literal(name.split("=")[1]) for name in names if "=" in name}
        self.static: Params = {}
        self.gathers: str | None = None
        among = [part.removeprefix(_AMONG) for part in written if part.startswith(_AMONG)]
        for part in [*among, *tail.strip(", ").replace(" ", "").split(",")]:
            if part:
                name, _, default = part.partition("=")
                if name.startswith("*"):
                    self.gathers = name = name[1:]
                self.static[name] = _literal(default) if default else _REQUIRED
        self.order: tuple[str, ...] = ()
        if among:
            first = [part.removeprefix(_AMONG).split("=")[0] for part in written]
            self.order = (*first, *(name for name in self.static if name not in first and not name.startswith("_")))

    @property
    def public(self) -> str:
        """The signature as a caller sees it, without the parameters that only rules use."""
        name, _, rest = self.text.rstrip(")").partition("(")
        parts = [part.strip().removeprefix(_AMONG).removeprefix(_EACH) for part in rest.split(",")]
        return f"{name}({', '.join(p for p in parts if p != '/' and not p.startswith('_'))})"

    def missing(self, params: Params) -> str | None:
        """The name of a static parameter that has no default and was not given."""
        return next(
            (name for name, default in self.static.items() if default is _REQUIRED and name not in params), None
        )

    def unfit(self, params: Params) -> str | None:
        """What is wrong with the static parameters, where the default is a truth value or a number with a point.

        Truth is told by numbers too, and by ``None``, but not by text and lists; a number is nothing else, and real.

        >>> Signature("f(x, /, strict=True, eps=0.5, axis=0)").unfit({"strict": 0, "eps": "small", "axis": (0, 1)})
        "eps is a number, not 'small'"
        """
        for name, value in params.items():
            default = self.static[name]
            if isinstance(default, bool) and isinstance(value, (str, tuple, complex)):
                return f"{name} is True or False, not {shortly(value)}"
            if isinstance(default, float) and (value is None or isinstance(value, (str, tuple))):
                return f"{name} is a number, not {shortly(value)}"
            if isinstance(default, float) and (isinstance(value, complex) or getattr(value, "dtype", "") == COMPLEX):
                return f"{name} is a real number, not a complex one"
        return None


def _literal(text: str) -> Any:
    """The default that a signature writes: a number, a word or one of the names Python has for constants."""
    if text in ("None", "True", "False"):
        return {"None": None, "True": True, "False": False}[text]
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text.strip("'\"")
