"""The numbers for which an equation holds: SciPy's iterations, then Newton's steps until rounding stops them.

A root counts as found where the residual is no more than rounding makes of it, which a backward pass can say: each
node's value is off by an ulp, and reaches the residual by its cotangent. Where the Jacobian is singular (a double root)
the residual goes to zero faster than that; then a Newton step that changes nothing any more counts too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import scipy.optimize

from engine.errors import NotConverged
from engine.implicit.equation import UNKNOWN, Equation, stacked
from engine.interpret.arrays import ARRAYS
from engine.shapes import size

MOST = 200
"""How many evaluations one of SciPy's iterations may take."""

POLISH = 60
"""How many of Newton's steps may follow; at a double root each halves the distance."""

RESTARTS = 4
"""How often a minimum is looked for anew where a saddle was found."""

_ULPS = 32.0
"""A residual of so many times what rounding may make of it counts as zero."""

_ANOTHER = 0.5
"""By so much of itself J may change where rounding moves x."""

_STEP = 1e-11
"""So small a step, relative to the unknown, counts as none."""

_FALL = 1e-9
"""And the residual has to be so small a part of that at x0."""

_FAULTS = (ValueError, ArithmeticError, np.linalg.LinAlgError, UnboundLocalError)
"""What SciPy raises of values that are not finite, and of a gradient that is zero already."""


def found(equation: Equation, x0: Any, known: Sequence[Any]) -> Any:
    """The solution near ``x0``, in its shape and type. Raises `NotConverged` where there is none."""
    problem = _Problem(equation, [_wide(x) for x in known])
    start = problem.at(_wide(x0).ravel())
    with np.errstate(all="ignore"):
        solve = _root if equation.objective is None else _minimum
        return solve(problem, start).x.reshape(np.shape(x0)).astype(np.asarray(x0).dtype)[()]


def is_singular(equation: Equation, y: Any, known: Sequence[Any]) -> bool:
    """Whether at a solution ∂g/∂x is singular but for rounding, or a step on the way to g is at a kink of its own."""
    with np.errstate(all="ignore"):
        problem = _Problem(equation, [_wide(x) for x in known])
        point = _polished(problem.at(_wide(y).ravel()))
        return point.is_finite and (point.is_singular or point.is_kink)


def _wide(x: Any) -> Any:
    """An operand in double precision, if it is one of numbers."""
    array = np.asarray(x)
    return array.astype("float64")[()] if array.dtype.kind == "f" else array


class _Problem:
    """An equation with what is known."""

    def __init__(self, equation: Equation, known: Sequence[Any]) -> None:
        self.equation = equation
        self.known = known
        self._last: _Point | None = None

    def at(self, x: Any) -> _Point:
        """A point; the last one is kept, as SciPy asks for value and derivative one after the other."""
        if self._last is None or not np.array_equal(self._last.x, x):
            self._last = _Point(self, np.array(x, dtype="float64"))
        return self._last


class _Point:
    """A value of the unknown, as a vector, with what the equation says there."""

    def __init__(self, problem: _Problem, x: Any) -> None:
        self.problem = problem
        self.equation = problem.equation
        self.x = x

    @cached_property
    def values(self) -> list[Any]:
        with np.errstate(all="ignore"):
            return self.equation.values(ARRAYS, [self.x.reshape(self.equation.shape)[()], *self.problem.known])

    @cached_property
    def residual(self) -> Any:
        """g as a vector."""
        return np.ravel(np.asarray(self.equation.of(self.values), dtype="float64"))

    @cached_property
    def height(self) -> float:
        """What is to be made smallest."""
        assert self.equation.objective is not None
        return float(self.values[self.equation.objective])

    @cached_property
    def _backward(self) -> tuple[Any, Any]:
        """J, or its diagonal where the equation is separate; and how far rounding may move each element of g."""
        equation, values = self.equation, self.values
        count = size(equation.shape)
        with np.errstate(all="ignore"):
            if equation.separate:
                found = equation.back(ARRAYS, values, equation.ones())
                slopes = 0.0 if found[UNKNOWN] is None else found[UNKNOWN]
                terms = [_product(ct, v) for ct, v in zip(found, values, strict=True) if ct is not None]
                noise = sum(
                    term.sum() if count == 1 else np.broadcast_to(term, equation.shape).ravel() for term in terms
                )
                return np.broadcast_to(slopes, equation.shape).ravel(), noise
            batch, found = equation.rows(ARRAYS, values)
            pairs = [(ct, v) for ct, v in zip(found, values, strict=True) if ct is not None]
            terms = [_product(stacked(batch, ct, np.shape(v)), v).reshape(count, -1) for ct, v in pairs]
            noise = sum(term.sum(axis=1) for term in terms)
            return stacked(batch, found[UNKNOWN], equation.shape).reshape(count, count), noise

    @property
    def jacobian(self) -> Any:
        """∂g/∂x as a matrix."""
        found = self._backward[0]
        return np.diag(found) if self.equation.separate else found

    @property
    def noise(self) -> Any:
        """What rounding may make of g."""
        noise = np.finfo("float64").eps * self._backward[1]
        return np.maximum(np.where(np.isfinite(noise), noise, 0.0), np.finfo("float64").tiny)

    @cached_property
    def step(self) -> Any:
        """Newton's, -J⁻¹ g; not finite where J is singular."""
        if self.equation.separate:
            return np.where(self.residual == 0, 0.0, -self.residual / self._backward[0])
        try:
            return -np.linalg.solve(self.jacobian, self.residual)
        except np.linalg.LinAlgError:
            return np.full_like(self.x, np.nan)

    @property
    def is_finite(self) -> bool:
        return bool(np.isfinite(self.residual).all())

    def off(self, noise: Any) -> float:
        """The largest element of g, each by its measure."""
        return float(np.max(np.abs(self.residual) / noise)) if self.is_finite else np.inf

    def is_root(self, start: _Point) -> bool:
        """Whether g is zero here but for rounding."""
        if not self.is_finite:
            return False
        if self.off(self.noise) <= _ULPS:
            return True
        if not _length(self.residual) <= _FALL * _length(start.residual):
            return False  # a steep function makes small steps anywhere
        scale = np.maximum(np.abs(self.x), np.max(np.abs([self.x, start.x])) * (not self.equation.separate))
        scale = np.maximum(scale, np.abs(start.x))
        return bool((np.abs(self.step) <= _STEP * scale).all())

    @property
    def is_singular(self) -> bool:
        """Whether J is so near to singular that rounding decides: that moves x so far that J is another one there.

        Where Newton's steps end with a residual larger than rounding, they have converged slowly, as at a double root.
        """
        if self.off(self.noise) > _ULPS:
            return True
        there = self._backward[0]
        if self.equation.separate:
            beside = self.problem.at(self.x + self.noise / there)._backward[0]
            return not np.max(np.abs((beside - there) / there)) < _ANOTHER
        try:
            inverse = np.linalg.inv(there)
        except np.linalg.LinAlgError:
            return True
        beside = self.problem.at(self.x + np.abs(inverse) @ self.noise)._backward[0]
        return not np.max(np.abs(inverse @ (beside - there))) < _ANOTHER

    @property
    def is_kink(self) -> bool:
        graph, values = self.equation.graph, self.values
        return any(
            bool(np.any(node.primitive.at_kink(values[node.id], [values[i] for i in node.operands], node.params)))
            for node in graph.kinked
        )


def _product(ct: Any, v: Any) -> Any:
    """How large a product is, in which a zero wins."""
    return np.abs(ARRAYS.strong_multiply(ct, v))


def _polished(point: _Point) -> _Point:
    """Newton's steps from a point on, for as long as they make the residual smaller."""
    noise = point.noise
    for _ in range(POLISH):
        if not np.isfinite(point.step).all():
            break
        following = point.problem.at(point.x + point.step)
        if not following.off(noise) < point.off(noise):
            break
        point = following
    return point


# Roots


def _root(problem: _Problem, start: _Point) -> _Point:
    """A root: by Powell's hybrid method, or by that of Levenberg and Marquardt; many apart by Newton's, damped."""
    methods = (_damped,) if problem.equation.separate and start.x.size > 1 else (_hybrid, _least_squares)
    tried = [start]
    for method in methods:
        point = _polished(method(problem, start))
        if point.is_root(start):
            return point
        tried.append(point)
    raise _not_converged(min(tried, key=lambda point: _length(point.residual)), start, "g(x)")


def _hybrid(problem: _Problem, start: _Point) -> _Point:
    return _by_scipy(problem, start, "hybr", {"maxfev": MOST, "xtol": 1e-13})


def _least_squares(problem: _Problem, start: _Point) -> _Point:
    return _by_scipy(problem, start, "lm", {"maxiter": MOST, "xtol": 1e-13, "ftol": 1e-13})


def _by_scipy(problem: _Problem, start: _Point, method: str, options: dict[str, Any]) -> _Point:
    try:
        answer = scipy.optimize.root(
            lambda x: problem.at(x).residual, start.x, jac=lambda x: problem.at(x).jacobian, method=method,
            options=options,
        )  # fmt: skip
    except _FAULTS:
        return start
    return problem.at(answer.x)


def _damped(problem: _Problem, start: _Point) -> _Point:
    """Newton's steps for each element on its own, halved until the residual is smaller."""
    point, share = start, np.ones_like(start.x)
    for _ in range(MOST):
        if point.is_root(start):
            break
        step = np.where(np.isfinite(point.step), point.step, 0.0)
        following = problem.at(point.x + share * step)
        better = np.abs(following.residual) < np.abs(point.residual)
        share = np.where(better, np.minimum(1.0, 2 * share), share / 2)
        point = problem.at(np.where(better, following.x, point.x))
    return point


# Minima


def _minimum(problem: _Problem, start: _Point) -> _Point:
    """A minimum: a root of the gradient where the function curves upwards. From a saddle the way leads down."""
    first = start
    for _ in range(RESTARTS):
        point = _polished(_descended(problem, start))
        if not point.is_root(first):
            raise _not_converged(point, first, "the gradient of h")
        down = _downwards(point, first)
        if down is None:
            return point
        start = down
    raise NotConverged(
        "no minimum was found from this x0: where the gradient of h is zero, h curves downwards",
        hint="begin at another x0; perhaps h falls without end",
        residual=_length(point.residual),
    )


def _descended(problem: _Problem, start: _Point) -> _Point:
    """By a trust region with second derivatives; the last point where all is finite."""
    gentle = 1e-9 * _length(start.residual)
    try:
        answer = scipy.optimize.minimize(
            lambda x: problem.at(x).height, start.x, jac=lambda x: problem.at(x).residual,
            hess=lambda x: problem.at(x).jacobian, method="trust-exact", options={"gtol": gentle, "maxiter": MOST},
        )  # fmt: skip
    except _FAULTS:
        return start
    return problem.at(answer.x)


def _downwards(point: _Point, start: _Point) -> _Point | None:
    """A lower point beside one where the gradient is zero; ``None`` where that is a minimum.

    Where it curves hardly at all, by what it does there and at the start, it is looked at: an inflection is no minimum.
    """
    hessian = point.jacobian
    curves, directions = np.linalg.eigh((hessian + hessian.T) / 2)
    usual = np.abs(start.jacobian).max() if start.is_finite else 0.0
    if curves[0] > 1e-8 * max(np.abs(curves).max(), usual):
        return None
    scale = max(1.0, float(np.max(np.abs(point.x))))
    for length in (1e-3, 1e-2, 0.1):
        for sign in (1.0, -1.0):
            beside = point.problem.at(point.x + sign * length * scale * directions[:, 0])
            if beside.height < point.height - 1e-14 * abs(point.height):
                return beside
    return None


def _length(v: Any) -> float:
    return float(np.max(np.abs(v))) if np.isfinite(v).all() else np.inf


def _not_converged(point: _Point, start: _Point, what: str) -> NotConverged:
    residual = _length(point.residual)
    if not start.is_finite:
        message = f"no solution was found: {what} is not finite at x0"
        return NotConverged(message, hint="begin where the function has a value", residual=None)
    return NotConverged(
        f"no solution was found from this x0: {what} is still {residual:.3g}",
        hint="begin at another x0, nearer to the solution; perhaps there is none",
        residual=float(f"{residual:.3g}") if np.isfinite(residual) else None,
    )
