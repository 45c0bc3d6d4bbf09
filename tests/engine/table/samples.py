"""Calls to try a function with, from what its row says of itself: shapes, parameters, points."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from itertools import cycle, product
from typing import Any

import numpy as np

from engine.errors import ExpressionError
from engine.functions import FUNCTIONS
from engine.graph import NO_PARAMS, Params
from engine.interpret.build import Builder
from engine.kinds import PRIMITIVES, Example, Unknown
from engine.shapes import COMPLEX, Shape

LEAVES = ("input", "constant")

TABLE: dict[str, Any] = {
    **{name: row for name, row in PRIMITIVES.items() if name not in LEAVES},
    **{f.name: f for f in FUNCTIONS.values() if f.kind == "composition"},
}
"""Everything under test: each row that computes, internal ones too, and each composition."""


def is_pointwise(function: Any) -> bool:
    """Whether it acts on each element on its own, so that operands of any shapes that broadcast will do."""
    if function.kind == "composition":
        return function.sympy is not None and not function.examples
    return function.kind == "elementwise" or (function.kind == "flat" and not function.signature.static)


def smooth(function: Any, count: int) -> list[int]:
    """The places of the operands by which there is a derivative, of ``count`` operands."""
    if function.kind == "elementwise":
        return [k for k, partial in enumerate(function.partials) if not isinstance(partial, Unknown | None)]
    if function.kind == "flat":
        return []
    names = function.signature.operands
    return [k for k in range(count) if function.signature.variadic or k >= len(names) or names[k] not in function.data]


# Shapes


@dataclass(frozen=True)
class Case:
    """A call: the shapes of the operands (``None``: left out), the static parameters, and operands that are data."""

    shapes: tuple[Shape | None, ...]
    params: Params
    data: tuple[tuple[int, Any], ...] = ()

    @classmethod
    def of(cls, example: Example) -> Case:
        """The call that a row gives as an example."""
        given, params = example
        data = tuple((k, np.array(x)) for k, x in enumerate(given) if isinstance(x, list))
        shapes = tuple(np.shape(x) if isinstance(x, list) else x for x in given)
        return cls(shapes, params, data)

    def __str__(self) -> str:
        data = dict(self.data)
        shapes = ", ".join(str(data[k].tolist() if k in data else s) for k, s in enumerate(self.shapes))
        return f"{shapes} {self.params or ''}".strip()

    @property
    def empty(self) -> bool:
        return any(s is not None and 0 in s for s in self.shapes)


BROADCAST: tuple[Shape, ...] = ((3, 1), (4,), ())
SOLID: tuple[Shape, ...] = ((2, 3, 2), (3, 1), (2, 1, 1))
EMPTY: tuple[Shape, ...] = ((0, 1), (2,), ())


def cases(function: Any) -> list[Case]:
    """The calls to try; none where the row lacks the facts.

    Of a function of elements: scalars, vectors, broadcasting, 3-D and empty operands. Of any other: its examples,
    and what is left of them when all axes of one length become empty (internal rows trust their callers, so there is
    no telling what is legal; their examples say it).
    """
    if is_pointwise(function):
        n = len(function.signature.operands)
        return [Case(s, NO_PARAMS) for s in (((),) * n, ((3,),) * n, BROADCAST[:n], SOLID[:n], ((0,),) * n, EMPTY[:n])]
    given = [Case.of(example) for example in function.examples]
    return given if getattr(function, "internal", False) else given + _emptied(function, given)


def _emptied(function: Any, given: list[Case]) -> list[Case]:
    found: dict[str, Case] = {}
    for case in (case for case in given if not case.data):
        for length in sorted({n for s in case.shapes if s for n in s if n}):
            shapes = tuple(s and tuple(0 if n == length else n for n in s) for s in case.shapes)
            made = Case(shapes, case.params)
            try:
                traced(function, made)
            except ExpressionError:
                continue
            found.setdefault(str(made), made)
    return list(found.values())


def traced(function: Any, case: Case, dtype: str = "float64") -> tuple[Builder, list[int | None], Any]:
    """The call as a graph being built, its leaves (by their places) and its result."""
    builder = Builder()
    types = {k: x.dtype.name for k, x in case.data}
    if dtype == COMPLEX:
        smoothly = smooth(function, len(case.shapes))
        types = {k: "float64" for k in range(len(case.shapes)) if k not in smoothly} | types
    leaves = [None if s is None else builder.leaf(f"x{k}", s, types.get(k, dtype)) for k, s in enumerate(case.shapes)]
    (*refs,) = iter(builder.values([leaf for leaf in leaves if leaf is not None]))
    operands = [None if leaf is None else refs.pop(0) for leaf in leaves]
    y = called(builder, function, operands, case.params)
    return builder, [None if leaf is None else leaf.id for leaf in leaves], y


def called(F: Any, function: Any, operands: list[Any], params: Params) -> Any:
    """What a function gives over ``F``, as one real tensor.

    Of several results the elements one behind the other, of complex numbers the real and the imaginary parts.
    """
    y = getattr(F, function.name)(*operands, **params)
    if isinstance(y, tuple):
        return F.concatenate(*[F.ravel(_parts(F, part)) for part in y])
    return _parts(F, y)


def _parts(F: Any, y: Any) -> Any:
    return F.stack(F.real(y), F.imag(y)) if F.any_complex([y]) else y


# Points


def generator(name: str) -> np.random.Generator:
    """Random numbers of a function's own, the same in every run."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def domains(function: Any, count: int) -> list[tuple[float, float]]:
    """The interval that each of ``count`` operands comes from."""
    known = getattr(function, "domain", ((-math.inf, math.inf),)) or ((-math.inf, math.inf),)
    return [interval for interval, _ in zip(cycle(known), range(count), strict=False)]


def operands(function: Any, case: Case, draw: int = 0) -> list[Any]:
    """Operands of a case, from the middle of the domain; an operand without a derivative is a condition, 0 or 1."""
    rng = generator(f"{function.name} {case} {draw}")
    rules = smooth(function, len(case.shapes))
    found: list[Any] = []
    data = dict(case.data)
    for k, ((low, high), shape) in enumerate(zip(domains(function, len(case.shapes)), case.shapes, strict=True)):
        if shape is None or k in data:
            found.append(data.get(k))
        elif function.kind == "elementwise" and k not in rules:
            found.append((rng.permutation(np.arange(math.prod(shape)) % 2).reshape(shape)).astype("float64"))
        else:
            low, high = max(low, -2.0), min(high, 2.0 if low < 1 else low + 2)
            margin = 0.1 * (high - low)
            found.append(rng.uniform(low + margin, high - margin, size=shape))
    return list(function.sample(*found)) if function.sample else found


def directions(case: Case, places: list[int], order: int, rng: np.random.Generator) -> list[list[Any]]:
    """For each order a direction in the space of the operands at ``places``; none for the others."""
    return [
        [
            rng.uniform(0.5, 1.5, s) * rng.choice([-1.0, 1.0], s) if k in places else None
            for k, s in enumerate(case.shapes)
        ]
        for _ in range(order)
    ]


NEAR = 8
MIDDLE = 12
"""How many points in each tail, and in the middle."""

FAR = 1e3


def line(low: float, high: float, rng: np.random.Generator) -> np.ndarray:
    """Points of an interval: scattered over its middle, and in both tails evenly by their logarithm, out to 1000 or up
    to 1e-12 of the edge; around 0 too.
    """
    middle = rng.uniform(max(low, min(high, 3.0) - 6.0), min(high, max(low, -3.0) + 6.0), MIDDLE)
    points = [middle]
    for edge, inward in ((low, 1.0), (high, -1.0)):
        if math.isinf(edge):
            points.append(-inward * np.logspace(0.5, math.log10(FAR), NEAR) * rng.uniform(0.9, 1.0, NEAR))
        else:
            points.append(edge + inward * np.logspace(-12, -1, NEAR) * rng.uniform(0.9, 1.0, NEAR))
    if low < 0 < high:
        points.append(np.logspace(-12, -1, NEAR) * rng.uniform(0.9, 1.0, NEAR) * rng.choice([-1.0, 1.0], NEAR))
    joined = np.concatenate(points)
    return joined[(joined > low) & (joined < high)]


def points(function: Any) -> list[np.ndarray]:
    """A vector for each operand: the middle and the tails of the domain, each of one with each of the other."""
    rng = generator(function.name)
    count = len(function.signature.operands)
    rules = smooth(function, count)
    lines = [
        line(low, high, rng) if k in rules or function.kind != "elementwise" else np.array([0.0, 1.0])
        for k, (low, high) in enumerate(domains(function, count))
    ]
    if count == 1:
        return lines
    sampled = [rng.choice(values, 9, replace=False) if len(values) > 9 else values for values in lines]
    return [np.array(column) for column in zip(*product(*sampled), strict=True)]
