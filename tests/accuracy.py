"""How right the functions of elements are: the worst error of each, in ulp, all over its domain.

    python -m tests.accuracy [name ...]          a line for each function; without names, docs/accuracy.md too

What the engine gives (over arrays and over plain floats) is held against ball arithmetic (`tests.engine.table.balls`),
with no allowance for how sensitive a derivative is to a rounding of its operand. Exit code 1 if a value or a first
derivative is off by more than 4 ulp and the row does not say so itself, by ``accuracy=``.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations_with_replacement, product
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from flint import arb

from engine.interpret.arrays import ARRAYS
from tests.engine.table import balls
from tests.engine.table.samples import TABLE, Case, domains, is_pointwise, smooth
from tests.engine.table.walks import Trace, pulled, pulled_floats

DOCUMENT = Path(__file__).parent.parent / "docs" / "accuracy.md"
ALLOWED = 4.0
GRADES = (1.0, 2.0, 4.0)
ORDERS = ("value", "first", "second")

FAR = tuple(10.0**k for k in range(-300, 301, 15))
MIDDLE = tuple(10.0 ** (k / 8) for k in range(-24, 25))
SPECIAL = (0.0, 0.5, 2.0, 3.0, 10.0, 20.0, 30.0, 37.0, 350.0, 355.0, 372.5, 708.0, 709.5, 710.2, 744.5, 746.0)
CIRCLE = tuple(k * math.pi / 4 for k in (1, 2, 3, 4, 6, 8, 400))
DISTANCES = (1, 2, 3, 5, 8, 12, 17, 23, 26, 27, 30, 38, 45, 51, 52, 53)
FEW = (1e-300, 1e-160, 1e-80, 1e-17, 1e-8, 1e-3, 0.3, 0.75, 1 - 2.0**-53, 1.0, 1 + 2.0**-52, 1 + 2.0**-20)
FEW += (1.7, 9.0, 40.0, 700.0, 1e8, 1e17, 1e80, 1e160, 1e300)
FEWER = (0.0, 1e-160, 1e-8, 0.3, 1.0, 1.7, 40.0, 1e8, 1e160)


# Where


def _inside(found: Any, low: float, high: float) -> list[float]:
    return sorted({x for x in found if low < x < high})


def _beside(edge: float) -> Iterator[float]:
    """A point and its neighbourhood: two to the minus k away from it, relatively where it is large."""
    yield edge
    for k in DISTANCES:
        yield from (edge - 2.0**-k * max(1.0, abs(edge)), edge + 2.0**-k * max(1.0, abs(edge)))
    yield from (math.nextafter(edge, -math.inf), math.nextafter(edge, math.inf))


def line(low: float, high: float) -> list[float]:
    """The points that a function of one number is measured at."""
    edges = [edge for edge in (low, high, 0.0, 1.0, -1.0) if math.isfinite(edge)]
    sizes = [*FAR, *MIDDLE, *SPECIAL, *CIRCLE]
    return _inside(chain(sizes, (-x for x in sizes), *map(_beside, edges)), low, high)


def grid(function: Any) -> list[tuple[float, ...]]:
    """The points that a function is measured at; for several operands each of few with each, and 0 and 1 for a
    condition.
    """
    count = len(function.signature.operands)
    intervals = domains(function, count)
    if count == 1:
        return [(x,) for x in line(*intervals[0])]
    reach = function.reach
    sizes = [x for x in (FEW if count == 2 else FEWER) if 1 / reach <= x <= reach or not x]
    around = [low + x for low, _ in intervals for x in sizes if math.isfinite(low)]
    lines = [
        _inside(chain(sizes, (-x for x in sizes), around), low, high)
        if k in smooth(function, count) or function.kind != "elementwise"
        else [0.0, 1.0]
        for k, (low, high) in enumerate(intervals)
    ]
    return list(product(*lines))


# What


def ulps(found: float, exact: arb) -> float:
    """How far a double is from what is exact, in units of the last place of that; beyond the doubles is infinity."""
    if math.isnan(found):
        return math.inf
    if abs(exact) < arb(2) ** balls.NOTHING:
        exact = arb(0)
    most = arb(2) ** 1024
    truth = exact if abs(exact) < most else exact.sgn() * most
    given = arb(found) if math.isfinite(found) else math.copysign(1, found) * most
    mantissa, exponent = truth.mid().man_exp()
    place = max(int(mantissa).bit_length() + int(exponent) - 53, -1074) if mantissa else -1074
    with balls.precision(2400):
        return float(abs(given - truth).mid() / arb(2) ** place)


@dataclass(frozen=True)
class Worst:
    """The largest error of one order, and where it is."""

    error: float = 0.0
    by: tuple[int, ...] = ()
    at: tuple[float, ...] = ()

    def __str__(self) -> str:
        return f"{self.error:.2f}" if self.error < 100 else f"{self.error:.0e}"

    @property
    def place(self) -> str:
        """The point, and of several operands those that the derivative is by."""
        point = ", ".join(f"{x:.6g}" for x in self.at)
        return f"{point} by {', '.join(map(str, self.by))}" if self.by and len(self.at) > 1 else point


def measured(name: str) -> tuple[str, list[Worst]]:
    """The worst of each order."""
    function = TABLE[name]
    points = grid(function)
    count = len(function.signature.operands)
    vectors, numbers = (Trace(function, Case((shape,) * count, {})) for shape in ((len(points),), ()))
    xs = [np.array(column) for column in zip(*points, strict=True)]
    regular = ~_kinked(vectors, xs)
    worst = [Worst()] * len(ORDERS)
    for by, found in _found(vectors, numbers, xs, smooth(function, count)):
        for at, value, plain in zip(points, np.broadcast_to(found, regular.shape), regular, strict=True):
            exact = _truth(name, by, at) if plain and value is not None else None
            if exact is not None and (error := ulps(float(value), exact)) > worst[len(by)].error:
                worst[len(by)] = Worst(error, by, at)
    return name, worst


@cache
def _truth(name: str, by: tuple[int, ...], at: tuple[float, ...]) -> arb | None:
    """``None`` where the function is not defined, or has no such derivative."""
    if by and _truth(name, by[1:], at) is None:
        return None
    try:
        with balls.precision(balls.PRECISIONS[2]):
            if not balls.value(name, [arb(x) for x in at]).is_finite():
                return None
        return balls.derivative(name, by, at)
    except (AssertionError, StopIteration, ValueError, ZeroDivisionError):
        return None


def _kinked(trace: Trace, xs: list[Any]) -> Any:
    """Where some step of the function sits on a kink: there it is a convention, and nothing to measure."""
    values = trace.values(xs)
    matters = trace.graph.reached(smooth=True, deciding=True)
    found = np.zeros(len(xs[0]), dtype=bool)
    with np.errstate(all="ignore"):
        for node in (node for node in trace.graph.kinked if matters[node.id]):
            found |= node.primitive.kink(*[values[i] for i in node.operands], **node.params)  # type: ignore[misc]
    return found


def _found(vectors: Trace, numbers: Trace, xs: list[Any], places: list[int]) -> Iterator[tuple[tuple[int, ...], Any]]:
    """What the engine gives, order by order: over arrays, over floats, and from the graph of the gradient."""
    values = vectors.values(xs)
    yield (), values[vectors.output.id]
    points = list(zip(*xs, strict=True))
    if numbers.graph.scalar:
        walk = numbers.derived("", (), None)
        yield (), np.array([walk.over_floats(x) for x in points], dtype=object)
    for k, ct in zip(places, pulled(ARRAYS, vectors, values, np.ones(len(points)), places), strict=True):
        yield (k,), 0.0 if ct is None else ct
    if numbers.graph.scalar:
        rows = [pulled_floats(numbers, x, places) or [None] * len(places) for x in points]
        for k, column in zip(places, zip(*rows, strict=True), strict=True):
            yield (k,), np.array(column, dtype=object)
    for by in combinations_with_replacement(places, 2):
        yield by, vectors.derived("", (), None).partial("R", by[0]).partial("F", by[1]).over_arrays(xs)


# The report


def names() -> list[str]:
    """Every function of elements with a derivative, first what a caller can name and then what that is made of; but
    nothing that only complex operands come to.
    """
    measurable = [n for n, f in TABLE.items() if is_pointwise(f) and f.kind != "flat"]
    return sorted(measurable, key=lambda name: (TABLE[name].internal, name))


def table(found: dict[str, list[Worst]]) -> Iterator[str]:
    """A line for each function: the worst of each order, and where."""
    yield "| function | value | at | first derivative | at | second derivative | at |"
    yield "|---|---|---|---|---|---|---|"
    for name, worst in found.items():
        yield f"| {name} | " + " | ".join(f"{w} | {w.place}" for w in worst) + " |"


def grades(found: dict[str, list[Worst]]) -> Iterator[str]:
    """How many functions are how right."""
    yield "| within | " + " | ".join(ORDERS) + " |"
    yield "|---|---|---|---|"
    for grade in GRADES:
        counts = (sum(worst[k].error <= grade for worst in found.values()) for k in range(len(ORDERS)))
        yield f"| {grade:g} ulp | " + " | ".join(f"{count} of {len(found)}" for count in counts) + " |"


def beyond(found: dict[str, list[Worst]]) -> Iterator[str]:
    """The functions that are not within what is allowed, and what their rows say of it."""
    for name, worst in found.items():
        off = [f"{order} {w}" for order, w in zip(ORDERS, worst, strict=True) if w.error > ALLOWED]
        if off:
            yield f"- `{name}`: {', '.join(off)}. {TABLE[name].accuracy or 'The row says nothing of it.'}"


HEAD = """# How accurate the derivatives are

Written by `make accuracy`. An ulp is the distance of the exact result to the next double; correct rounding is 0.5.

Every function of elements is measured over its whole domain: at magnitudes from 1e-300 to 1e300 of either sign, close
about 0, 1, -1 and the edges of the domain, and at multiples of pi/4; a function of two numbers at each of some twenty
magnitudes with each other. Values and first derivatives are computed both over arrays and over plain floats, second
derivatives (mixed ones too) from the graph of the gradient. The truth comes from ball arithmetic (Arb), by differences
of the value at as many digits as it takes for two precisions to agree to a hundred bits. It is the derivative at
exactly the doubles given: no allowance is made for how sensitive it is to them. Kinks are left out, and so are points
at which no truth is known: the incomplete gamma functions are measured from 1e-3 to 1e3 only.
"""


def document(found: dict[str, list[Worst]]) -> str:
    """The page of documentation."""
    public, internal = ({n: w for n, w in found.items() if TABLE[n].internal is hidden} for hidden in (False, True))
    parts = [HEAD, "## Functions\n", *grades(public)]
    parts += ["\nBeyond 4 ulp, and what they say of it:\n", *beyond(public), "\nThe worst of each:\n", *table(public)]
    parts += ["\n## Rows that derivatives are made of\n", *beyond(internal), "", *table(internal)]
    return "\n".join(parts) + "\n"


def main(asked: list[str]) -> int:
    found: dict[str, list[Worst]] = {}
    with Pool(2) as pool:
        for name, worst in pool.imap(measured, asked or names()):
            found[name] = worst
            print(f"{name:20}", *(f"{w!s:>8} {w.place:32}" for w in worst), flush=True)
    print("", *grades(found), "", *beyond(found), sep="\n")
    if not asked:
        DOCUMENT.write_text(document(found), encoding="utf-8")
    unsaid = [n for n, w in found.items() if max(w[0].error, w[1].error) > ALLOWED and not TABLE[n].accuracy]
    return 1 if unsaid else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
