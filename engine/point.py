"""Where a derivative is asked for: the inputs' values, brought to the types that the engine computes with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.answers import Notice
from engine.errors import InvalidInput, NothingToDifferentiate
from engine.language.diagnostics import nearest
from engine.language.lexer import plain_name
from engine.limits import Deadline
from engine.shapes import COMPLEX, INEXACT, INPUT_DTYPES, Shape


@dataclass(frozen=True, slots=True)
class Input:
    """A value with what PyTorch's ``tensor`` takes beside it; ``None`` means the default."""

    data: Any
    dtype: str | None = None
    requires_grad: bool | None = None


@dataclass(slots=True)
class Point:
    """The inputs of one question.

    ``values`` holds floats where an input is one number in double precision, arrays otherwise; ``leaves`` the
    shapes and element types, ``grads`` the names of those that require a gradient. The time for all that is
    asked at a point runs from the first question on.
    """

    values: dict[str, Any] = field(default_factory=dict)
    leaves: dict[str, tuple[Shape, str]] = field(default_factory=dict)
    grads: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    deadline: Deadline | None = None

    def until(self, seconds: float) -> Deadline:
        """The moment until which questions at this point have time: ``seconds`` from the first one on."""
        if self.deadline is None:
            self.deadline = Deadline(seconds)
        return self.deadline

    def arrays(self) -> dict[str, Any]:
        """The values as NumPy has them."""
        return {name: np.float64(v) if v.__class__ is float else v for name, v in self.values.items()}

    def double(self) -> Point:
        """The same point in double precision."""
        values = {
            name: v.astype("float64") if getattr(v, "dtype", None) == np.float32 else v
            for name, v in self.values.items()
        }
        leaves = {name: (s, "float64" if kind == "float32" else kind) for name, (s, kind) in self.leaves.items()}
        return Point(values, leaves, self.grads, self.notices, self.deadline)

    def wrt(self, names: Iterable[str] | None, field: str = "wrt") -> list[str]:
        """The inputs to differentiate by: those named, or every one that requires a gradient.

        ``field`` is what the caller has named them in.
        """
        if names is None:
            if not self.grads:
                raise NothingToDifferentiate(
                    "no input requires a gradient", hint="send at least one floating-point input"
                )
            return self.grads
        listed = list(dict.fromkeys(map(plain_name, names)))
        for name in listed:
            if name not in self.leaves:
                near = nearest(name, self.leaves)
                raise InvalidInput(
                    f"{field} names {name}, which is not an input",
                    hint=f"did you mean {near}?" if near else f"the inputs are {', '.join(self.leaves) or 'none'}",
                    pointer=f"/{field}",
                )
            if name not in self.grads:
                kind = self.leaves[name][1]
                if kind in INEXACT:
                    raise NothingToDifferentiate(
                        f"input {name} says requires_grad false",
                        hint=f"take {name} out of {field}, or that out of {name}",
                    )
                raise NothingToDifferentiate(
                    f"input {name} is {kind}, which has no derivative",
                    hint=f"take {name} out of {field}, or send it as float64",
                )
        if not listed:
            raise NothingToDifferentiate(
                f"{field} names no input",
                hint="leave wrt out for all inputs, or name one" if field == "wrt" else "name at least one input",
            )
        return listed


def prepare(inputs: Mapping[str, Any], dtype: str = "float64") -> Point:
    """The point that ``inputs`` describe: numbers, nested lists, arrays, or `Input` with a type of its own.

    Whole numbers become floating point, with a notice, unless their type is stated: differentiating by an
    integer is never a silent zero. Raises `InvalidInput` for what is not a tensor of numbers.

    >>> prepare({"x": 1.5, "n": 2}).leaves
    {'x': ((), 'float64'), 'n': ((), 'float64')}
    """
    point = Point()
    for key, value in inputs.items():
        name = key if key.isascii() else plain_name(key)
        if name in point.leaves:
            raise InvalidInput(f"inputs has two names that are one to a program: {name}", pointer=f"/inputs/{name}")
        if value.__class__ is float and dtype == "float64":
            point.values[name] = value
            point.leaves[name] = ((), "float64")
            point.grads.append(name)
            continue
        given = value if isinstance(value, Input) else Input(value)
        array, promoted = _array(name, given.data, given.dtype, dtype)
        if promoted:
            message = f"{name} holds whole numbers; they became {array.dtype.name}"
            point.notices.append(Notice("integer_promoted", message))
        kind = array.dtype.name
        point.leaves[name] = (array.shape, kind)
        point.values[name] = float(array) if kind == "float64" and not array.shape else array
        if kind in INEXACT and given.requires_grad is not False:
            point.grads.append(name)
        elif given.requires_grad:
            raise InvalidInput(
                f"input {name} is {kind}, and only floating-point and complex inputs can require a gradient",
                hint='leave dtype out, or say "float64"',
                pointer=f"/inputs/{name}",
            )
    return point


def _array(name: str, data: Any, asked: str | None, default: str) -> tuple[np.ndarray, bool]:
    """The data as an array of a type that the engine has, and whether whole numbers were promoted."""
    pointer = f"/inputs/{name}"
    if asked is not None and asked not in INPUT_DTYPES:
        raise InvalidInput(f"dtype {asked!r} is not known", hint=f"one of {', '.join(INPUT_DTYPES)}", pointer=pointer)
    try:
        array = np.asarray(data)
    except (ValueError, OverflowError):
        raise InvalidInput(f"{name} is not a tensor: its rows differ in length", pointer=pointer) from None
    kind = array.dtype.kind
    if kind not in "biufc":
        raise InvalidInput(f"{name} is not a tensor of numbers", pointer=pointer)
    if kind == "c" and asked not in (None, COMPLEX):
        raise InvalidInput(f"{name} says {asked} and holds complex numbers", pointer=pointer)
    if asked == "bool" and kind != "b":
        raise InvalidInput(f"{name} says bool and holds numbers", pointer=pointer)
    if asked == "int64" and kind == "f" and not ((abs(array) < 2**63) & (array == np.floor(array))).all():
        raise InvalidInput(f"{name} says int64 and holds what is no whole number of 64 bits", pointer=pointer)
    own = {"b": "bool", "c": COMPLEX}.get(kind, "float32" if array.dtype.name == "float32" else default)
    empty = array.size == 0
    with np.errstate(over="ignore"):  # too large for single precision is infinite
        return array.astype(asked or own), asked is None and kind in "iu" and not empty
