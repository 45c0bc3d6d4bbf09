"""Published test problems with their derivatives written by hand, from the formulas as they are printed.

Least squares, f(x) = Σ fᵢ(x)²: J. J. Moré, B. S. Garbow, K. E. Hillstrom, "Testing Unconstrained Optimization
Software", ACM Transactions on Mathematical Software 7 (1981) 17–41; ``number`` is the number there.

Stiff equations y' = f(y): E. Hairer, G. Wanner, "Solving Ordinary Differential Equations II" (1996), sections IV.1 and
IV.10; Pollution: J. G. Verwer, "Gauss–Seidel iteration for stiff ODEs from chemical kinetics", SIAM Journal on
Scientific Computing 15 (1994) 1243–1250.

Each problem is there three times: its text in our language; `Problem.residuals`, from which SymPy derives; and the
partial derivatives by hand, `Problem.first` and `Problem.second`. The latter two are written for any numbers ``x`` with
the functions of ``m`` (mpmath, SymPy), and count from 1 as the papers do: ``x[1]`` is x₁, and ``first(m, x)[i, j]`` is
∂fᵢ/∂xⱼ, ``second(m, x)[i, j, k]`` with j ≤ k is ∂²fᵢ/∂xⱼ∂xₖ. What is not there is zero for every x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

Numbers = list[Any]
Partials = dict[tuple[int, ...], Any]


@dataclass(frozen=True)
class Problem:
    """A function of a vector x: the text of its components, where one starts, and what is known of it.

    ``minima`` are points where Σ fᵢ² has a minimum, with its value there; ``at_start`` is its value at the start, and
    ``hessians`` are its Hessians at some points, as numbers.
    """

    name: str
    text: str
    start: list[float]
    residuals: Callable[[Any, Numbers], Numbers]
    first: Callable[[Any, Numbers], Partials]
    second: Callable[[Any, Numbers], Partials] | None = None
    number: int | None = None
    minima: list[tuple[list[float], float]] = field(default_factory=list)
    at_start: float | None = None
    hessians: list[tuple[list[float], list[list[float]]]] = field(default_factory=list)

    @property
    def objective(self) -> str:
        """The text of Σ fᵢ(x)²."""
        before, _, last = self.text.rpartition("\n")
        return f"{before}\nsum(({last})**2)"


LEAST_SQUARES: list[Problem] = []
EQUATIONS: list[Problem] = []


def least_squares(number: int, name: str, text: str, start: list[float], *hand: Any, **known: Any) -> None:
    """Add a problem of Moré, Garbow and Hillstrom; ``hand`` are its residuals, first and second partials."""
    LEAST_SQUARES.append(Problem(name, dedent(text).strip(), start, *hand, number=number, **known))


def equations(name: str, text: str, start: list[float], *hand: Any) -> None:
    """Add the right-hand side of y' = f(y); its text calls y by the name x."""
    EQUATIONS.append(Problem(name, dedent(text).strip(), start, *hand))


def _each(count: int) -> range:
    return range(1, count + 1)


# ---- least squares ---------------------------------------------------------------------------------------------------

least_squares(
    1,
    "Rosenbrock",
    "[10*(x[1] - x[0]**2), 1 - x[0]]",
    [-1.2, 1.0],
    lambda m, x: [10 * (x[2] - x[1] ** 2), 1 - x[1]],
    lambda m, x: {(1, 1): -20 * x[1], (1, 2): 10, (2, 1): -1},
    lambda m, x: {(1, 1, 1): -20},
    minima=[([1, 1], 0)],
    at_start=24.2,
    hessians=[([1, 1], [[802, -400], [-400, 200]]), ([-1.2, 1], [[1330, 480], [480, 200]])],
)
least_squares(
    2,
    "Freudenstein and Roth",
    "a, b = x\n[-13 + a + ((5 - b)*b - 2)*b, -29 + a + ((b + 1)*b - 14)*b]",
    [0.5, -2.0],
    lambda m, x: [-13 + x[1] + ((5 - x[2]) * x[2] - 2) * x[2], -29 + x[1] + ((x[2] + 1) * x[2] - 14) * x[2]],
    lambda m, x: {
        (1, 1): 1, (1, 2): 10 * x[2] - 3 * x[2] ** 2 - 2,
        (2, 1): 1, (2, 2): 3 * x[2] ** 2 + 2 * x[2] - 14,
    },
    lambda m, x: {(1, 2, 2): 10 - 6 * x[2], (2, 2, 2): 6 * x[2] + 2},
    minima=[([5, 4], 0)],
    at_start=400.5,
)  # fmt: skip
least_squares(
    3,
    "Powell, badly scaled",
    "[1e4*x[0]*x[1] - 1, exp(-x[0]) + exp(-x[1]) - 1.0001]",
    [0.0, 1.0],
    lambda m, x: [10**4 * x[1] * x[2] - 1, m.exp(-x[1]) + m.exp(-x[2]) - 1.0001],
    lambda m, x: {(1, 1): 10**4 * x[2], (1, 2): 10**4 * x[1], (2, 1): -m.exp(-x[1]), (2, 2): -m.exp(-x[2])},
    lambda m, x: {(1, 1, 2): 10**4, (2, 1, 1): m.exp(-x[1]), (2, 2, 2): m.exp(-x[2])},
)


def _beale(m: Any, x: Numbers) -> Partials:
    return {
        **{(i, 1): x[2] ** i - 1 for i in _each(3)},
        **{(i, 2): i * x[1] * x[2] ** (i - 1) for i in _each(3)},
    }


least_squares(
    5,
    "Beale",
    "[1.5, 2.25, 2.625] - x[0] * (1 - x[1]**[1, 2, 3])",
    [1.0, 1.0],
    lambda m, x: [y - x[1] * (1 - x[2] ** i) for i, y in enumerate((1.5, 2.25, 2.625), 1)],
    _beale,
    lambda m, x: {
        **{(i, 1, 2): i * x[2] ** (i - 1) for i in _each(3)},
        (2, 2, 2): 2 * x[1],
        (3, 2, 2): 6 * x[1] * x[2],
    },
    minima=[([3, 0.5], 0)],
    at_start=14.203125,
)


def _helical(m: Any, x: Numbers) -> Partials:
    square = x[1] ** 2 + x[2] ** 2
    radius = m.sqrt(square)
    turn = 50 / m.pi / square
    return {
        (1, 1): turn * x[2], (1, 2): -turn * x[1], (1, 3): 10,
        (2, 1): 10 * x[1] / radius, (2, 2): 10 * x[2] / radius, (3, 3): 1,
    }  # fmt: skip


def _helical_second(m: Any, x: Numbers) -> Partials:
    square = x[1] ** 2 + x[2] ** 2
    turn, bend = 50 / m.pi / square**2, 10 / m.sqrt(square) ** 3
    return {
        (1, 1, 1): -2 * turn * x[1] * x[2], (1, 1, 2): turn * (x[1] ** 2 - x[2] ** 2),
        (1, 2, 2): 2 * turn * x[1] * x[2],
        (2, 1, 1): bend * x[2] ** 2, (2, 1, 2): -bend * x[1] * x[2], (2, 2, 2): bend * x[1] ** 2,
    }  # fmt: skip


least_squares(
    7,
    "Helical valley",
    """
    theta = arctan(x[1] / x[0]) / (2*pi) + (0 if x[0] > 0 else 0.5)
    [10*(x[2] - 10*theta), 10*(sqrt(x[0]**2 + x[1]**2) - 1), x[2]]
    """,
    [-1.0, 0.0, 0.0],
    # atan2 is 2πθ wherever x₂ ≥ 0, as at all points of the tests.
    lambda m, x: [10 * (x[3] - 5 / m.pi * m.atan2(x[2], x[1])), 10 * (m.sqrt(x[1] ** 2 + x[2] ** 2) - 1), x[3]],
    _helical,
    _helical_second,
    minima=[([1, 0, 0], 0)],
    at_start=2500.0,
)


def _box(m: Any, x: Numbers) -> Partials:
    found: Partials = {}
    for i in _each(10):
        t = m.mpf(i) / 10
        found[i, 1] = -t * m.exp(-t * x[1])
        found[i, 2] = t * m.exp(-t * x[2])
        found[i, 3] = m.exp(-10 * t) - m.exp(-t)
    return found


def _box_second(m: Any, x: Numbers) -> Partials:
    found: Partials = {}
    for i in _each(10):
        t = m.mpf(i) / 10
        found[i, 1, 1] = t**2 * m.exp(-t * x[1])
        found[i, 2, 2] = -(t**2) * m.exp(-t * x[2])
    return found


least_squares(
    12,
    "Box, three-dimensional",
    "t = arange(1, 11) / 10\nexp(-t*x[0]) - exp(-t*x[1]) - x[2]*(exp(-t) - exp(-10*t))",
    [0.0, 10.0, 20.0],
    lambda m, x: [
        m.exp(-x[1] * i / 10) - m.exp(-x[2] * i / 10) - x[3] * (m.exp(-m.mpf(i) / 10) - m.exp(-m.mpf(i)))
        for i in _each(10)
    ],
    _box,
    _box_second,
    minima=[([1, 10, 1], 0), ([10, 1, -1], 0), ([4, 4, 0], 0)],
    at_start=1031.1538106093985,
)


def _powell(n: int) -> tuple[Any, Any, Any]:
    """The components of the extended Powell singular function, for n a multiple of 4."""

    def residuals(m: Any, x: Numbers) -> Numbers:
        found = []
        for k in range(0, n, 4):
            a, b, c, d = x[k + 1 : k + 5]
            found += [a + 10 * b, m.sqrt(5) * (c - d), (b - 2 * c) ** 2, m.sqrt(10) * (a - d) ** 2]
        return found

    def first(m: Any, x: Numbers) -> Partials:
        found: Partials = {}
        for k in range(0, n, 4):
            a, b, c, d = x[k + 1 : k + 5]
            found |= {(k + 1, k + 1): 1, (k + 1, k + 2): 10, (k + 2, k + 3): m.sqrt(5), (k + 2, k + 4): -m.sqrt(5)}
            found |= {(k + 3, k + 2): 2 * (b - 2 * c), (k + 3, k + 3): -4 * (b - 2 * c)}
            found |= {(k + 4, k + 1): 2 * m.sqrt(10) * (a - d), (k + 4, k + 4): -2 * m.sqrt(10) * (a - d)}
        return found

    def second(m: Any, x: Numbers) -> Partials:
        found: Partials = {}
        for k in range(0, n, 4):
            found |= {(k + 3, k + 2, k + 2): 2, (k + 3, k + 2, k + 3): -4, (k + 3, k + 3, k + 3): 8}
            root = 2 * m.sqrt(10)
            found |= {(k + 4, k + 1, k + 1): root, (k + 4, k + 1, k + 4): -root, (k + 4, k + 4, k + 4): root}
        return found

    return residuals, first, second


least_squares(
    13,
    "Powell singular",
    "a, b, c, d = x\n[a + 10*b, sqrt(5)*(c - d), (b - 2*c)**2, sqrt(10)*(a - d)**2]",
    [3.0, -1.0, 0.0, 1.0],
    *_powell(4),
    minima=[([0, 0, 0, 0], 0)],
    at_start=215.0,
    hessians=[([0, 0, 0, 0], [[2, 20, 0, 0], [20, 200, 0, 0], [0, 0, 10, -10], [0, 0, -10, 10]])],
)
least_squares(
    14,
    "Wood",
    """
    a, b, c, d = x
    [10*(b - a**2), 1 - a, sqrt(90)*(d - c**2), 1 - c, sqrt(10)*(b + d - 2), (b - d)/sqrt(10)]
    """,
    [-3.0, -1.0, -3.0, -1.0],
    lambda m, x: [
        10 * (x[2] - x[1] ** 2), 1 - x[1], m.sqrt(90) * (x[4] - x[3] ** 2), 1 - x[3],
        m.sqrt(10) * (x[2] + x[4] - 2), (x[2] - x[4]) / m.sqrt(10),
    ],
    lambda m, x: {
        (1, 1): -20 * x[1], (1, 2): 10, (2, 1): -1,
        (3, 3): -2 * m.sqrt(90) * x[3], (3, 4): m.sqrt(90), (4, 3): -1,
        (5, 2): m.sqrt(10), (5, 4): m.sqrt(10), (6, 2): 1 / m.sqrt(10), (6, 4): -1 / m.sqrt(10),
    },
    lambda m, x: {(1, 1, 1): -20, (3, 3, 3): -2 * m.sqrt(90)},
    minima=[([1, 1, 1, 1], 0)],
    at_start=19192.0,
    hessians=[([1, 1, 1, 1], [[802, -400, 0, 0], [-400, 220.2, 0, 19.8], [0, 0, 722, -360], [0, 19.8, -360, 200.2]])],
)  # fmt: skip


def _rosenbrock(m: Any, x: Numbers) -> Partials:
    found: Partials = {}
    for i in range(1, len(x), 2):
        found |= {(i, i): -20 * x[i], (i, i + 1): 10, (i + 1, i): -1}
    return found


least_squares(
    21,
    "Extended Rosenbrock",
    "a, b = x[::2], x[1::2]\nstack([10*(b - a**2), 1 - a], axis=1).ravel()",
    [-1.2, 1.0] * 5,
    lambda m, x: [f for i in range(1, len(x), 2) for f in (10 * (x[i + 1] - x[i] ** 2), 1 - x[i])],
    _rosenbrock,
    lambda m, x: {(i, i, i): -20 for i in range(1, len(x), 2)},
    minima=[([1] * 10, 0)],
    at_start=5 * 24.2,
)
least_squares(
    22,
    "Extended Powell singular",
    """
    a, b, c, d = x[::4], x[1::4], x[2::4], x[3::4]
    stack([a + 10*b, sqrt(5)*(c - d), (b - 2*c)**2, sqrt(10)*(a - d)**2], axis=1).ravel()
    """,
    [3.0, -1.0, 0.0, 1.0] * 3,
    *_powell(12),
    minima=[([0] * 12, 0)],
    at_start=3 * 215.0,
)


def _variably(m: Any, x: Numbers) -> Partials:
    n = len(x) - 1
    total = sum(j * (x[j] - 1) for j in _each(n))
    return {
        **{(i, i): 1 for i in _each(n)},
        **{(n + 1, j): j for j in _each(n)},
        **{(n + 2, j): 2 * j * total for j in _each(n)},
    }


least_squares(
    25,
    "Variably dimensioned",
    """
    s = sum(arange(1, len(x) + 1) * (x - 1))
    concatenate([x - 1, [s, s**2]])
    """,
    [1 - j / 6 for j in _each(6)],
    lambda m, x: [
        *(x[i] - 1 for i in _each(len(x) - 1)),
        sum(j * (x[j] - 1) for j in _each(len(x) - 1)),
        sum(j * (x[j] - 1) for j in _each(len(x) - 1)) ** 2,
    ],
    _variably,
    lambda m, x: {(len(x) + 1, j, k): 2 * j * k for j in _each(len(x) - 1) for k in range(j, len(x))},
    minima=[([1] * 6, 0)],
)


def _trigonometric(m: Any, x: Numbers) -> Partials:
    n = len(x) - 1
    found = {(i, j): m.sin(x[j]) for i in _each(n) for j in _each(n)}
    for i in _each(n):
        found[i, i] += i * m.sin(x[i]) - m.cos(x[i])
    return found


def _trigonometric_second(m: Any, x: Numbers) -> Partials:
    n = len(x) - 1
    found = {(i, j, j): m.cos(x[j]) for i in _each(n) for j in _each(n)}
    for i in _each(n):
        found[i, i, i] += i * m.cos(x[i]) + m.sin(x[i])
    return found


least_squares(
    26,
    "Trigonometric",
    "n = len(x)\nn - sum(cos(x)) + arange(1, n + 1)*(1 - cos(x)) - sin(x)",
    [1 / 5] * 5,
    lambda m, x: [
        len(x) - 1 - sum(m.cos(x[j]) for j in _each(len(x) - 1)) + i * (1 - m.cos(x[i])) - m.sin(x[i])
        for i in _each(len(x) - 1)
    ],
    _trigonometric,
    _trigonometric_second,
    minima=[([0] * 5, 0)],
)


def _product(x: Numbers, *left_out: int) -> Any:
    """The product of all of x but some."""
    found = 1
    for j in range(1, len(x)):
        found = found if j in left_out else found * x[j]
    return found


least_squares(
    27,
    "Brown, almost linear",
    "n = len(x)\nconcatenate([x[:-1] + sum(x) - (n + 1), [prod(x) - 1]])",
    [0.5] * 6,
    lambda m, x: [*(x[i] + sum(x[1:]) - len(x) for i in range(1, len(x) - 1)), _product(x) - 1],
    lambda m, x: {
        **{(i, j): 1 + (i == j) for i in range(1, len(x) - 1) for j in _each(len(x) - 1)},
        **{(len(x) - 1, j): _product(x, j) for j in _each(len(x) - 1)},
    },
    lambda m, x: {(len(x) - 1, j, k): _product(x, j, k) for j in _each(len(x) - 1) for k in range(j + 1, len(x))},
    minima=[([1] * 6, 0), ([0, 0, 0, 0, 0, 7], 1)],
)


def _steps(m: Any, x: Numbers) -> tuple[int, Any, Numbers]:
    """n, h = 1/(n + 1), and tᵢ = ih."""
    n = len(x) - 1
    h = m.mpf(1) / (n + 1)
    return n, h, [i * h for i in range(n + 2)]


def _boundary(m: Any, x: Numbers) -> Numbers:
    n, h, t = _steps(m, x)
    y = [0, *x[1:], 0]
    return [2 * y[i] - y[i - 1] - y[i + 1] + h**2 * (y[i] + t[i] + 1) ** 3 / 2 for i in _each(n)]


def _boundary_first(m: Any, x: Numbers) -> Partials:
    n, h, t = _steps(m, x)
    return {
        **{(i, i): 2 + 3 * h**2 * (x[i] + t[i] + 1) ** 2 / 2 for i in _each(n)},
        **{(i + 1, i): -1 for i in _each(n - 1)},
        **{(i, i + 1): -1 for i in _each(n - 1)},
    }


def _boundary_second(m: Any, x: Numbers) -> Partials:
    n, h, t = _steps(m, x)
    return {(i, i, i): 3 * h**2 * (x[i] + t[i] + 1) for i in _each(n)}


_MESH = [j / 9 * (j / 9 - 1) for j in _each(8)]

least_squares(
    28,
    "Discrete boundary value",
    """
    h = 1 / (len(x) + 1)
    t = h * arange(1, len(x) + 1)
    y = pad(x, 1)
    2*x - y[:-2] - y[2:] + h**2 * (x + t + 1)**3 / 2
    """,
    _MESH,
    _boundary,
    _boundary_first,
    _boundary_second,
)


def _integral(m: Any, x: Numbers) -> Numbers:
    n, h, t = _steps(m, x)
    cube = [0, *((x[j] + t[j] + 1) ** 3 for j in _each(n))]
    return [
        x[i] + h / 2 * ((1 - t[i]) * sum(t[j] * cube[j] for j in _each(i))
                        + t[i] * sum((1 - t[j]) * cube[j] for j in range(i + 1, n + 1)))
        for i in _each(n)
    ]  # fmt: skip


def _integral_kernel(t: Numbers, i: int, j: int) -> Any:
    return (1 - t[i]) * t[j] if j <= i else t[i] * (1 - t[j])


def _integral_first(m: Any, x: Numbers) -> Partials:
    n, h, t = _steps(m, x)
    return {
        (i, j): (i == j) + h / 2 * _integral_kernel(t, i, j) * 3 * (x[j] + t[j] + 1) ** 2
        for i in _each(n) for j in _each(n)
    }  # fmt: skip


def _integral_second(m: Any, x: Numbers) -> Partials:
    n, h, t = _steps(m, x)
    return {(i, j, j): 3 * h * _integral_kernel(t, i, j) * (x[j] + t[j] + 1) for i in _each(n) for j in _each(n)}


least_squares(
    29,
    "Discrete integral equation",
    """
    h = 1 / (len(x) + 1)
    t = h * arange(1, len(x) + 1)
    c = (x + t + 1)**3
    above = (1 - t) * c
    x + h/2 * ((1 - t) * cumsum(t * c) + t * (sum(above) - cumsum(above)))
    """,
    _MESH,
    _integral,
    _integral_first,
    _integral_second,
)


def _broyden(m: Any, x: Numbers) -> Numbers:
    y = [0, *x[1:], 0]
    return [(3 - 2 * y[i]) * y[i] - y[i - 1] - 2 * y[i + 1] + 1 for i in range(1, len(x))]


least_squares(
    30,
    "Broyden tridiagonal",
    "y = pad(x, 1)\n(3 - 2*x)*x - y[:-2] - 2*y[2:] + 1",
    [-1.0] * 8,
    _broyden,
    lambda m, x: {
        **{(i, i): 3 - 4 * x[i] for i in range(1, len(x))},
        **{(i + 1, i): -1 for i in range(1, len(x) - 1)},
        **{(i, i + 1): -2 for i in range(1, len(x) - 1)},
    },
    lambda m, x: {(i, i, i): -4 for i in range(1, len(x))},
)


def _band(n: int, i: int) -> list[int]:
    """Jᵢ: the five before i and the one after, as far as there are any."""
    return [j for j in range(max(1, i - 5), min(n, i + 1) + 1) if j != i]


least_squares(
    31,
    "Broyden banded",
    """
    g = x*(1 + x)
    f = x*(2 + 5*x**2) + 1
    f[:-1] -= g[1:]
    for k in range(1, 6):
        f[k:] -= g[:-k]
    f
    """,
    [-1.0] * 10,
    lambda m, x: [
        x[i] * (2 + 5 * x[i] ** 2) + 1 - sum(x[j] * (1 + x[j]) for j in _band(len(x) - 1, i)) for i in range(1, len(x))
    ],
    lambda m, x: {
        **{(i, i): 2 + 15 * x[i] ** 2 for i in range(1, len(x))},
        **{(i, j): -1 - 2 * x[j] for i in range(1, len(x)) for j in _band(len(x) - 1, i)},
    },
    lambda m, x: {
        **{(i, i, i): 30 * x[i] for i in range(1, len(x))},
        **{(i, j, j): -2 for i in range(1, len(x)) for j in _band(len(x) - 1, i)},
    },
)

# ---- stiff equations -------------------------------------------------------------------------------------------------

equations(
    "Robertson",
    "a, b, c = x\n[-0.04*a + 1e4*b*c, 0.04*a - 1e4*b*c - 3e7*b**2, 3e7*b**2]",
    [1.0, 0.0, 0.0],
    lambda m, x: [
        -0.04 * x[1] + 1e4 * x[2] * x[3],
        0.04 * x[1] - 1e4 * x[2] * x[3] - 3e7 * x[2] ** 2,
        3e7 * x[2] ** 2,
    ],
    lambda m, x: {
        (1, 1): -0.04, (1, 2): 1e4 * x[3], (1, 3): 1e4 * x[2],
        (2, 1): 0.04, (2, 2): -1e4 * x[3] - 6e7 * x[2], (2, 3): -1e4 * x[2],
        (3, 2): 6e7 * x[2],
    },
)  # fmt: skip
equations(
    "HIRES",
    """
    [-1.71*x[0] + 0.43*x[1] + 8.32*x[2] + 0.0007,
     1.71*x[0] - 8.75*x[1],
     -10.03*x[2] + 0.43*x[3] + 0.035*x[4],
     8.32*x[1] + 1.71*x[2] - 1.12*x[3],
     -1.745*x[4] + 0.43*x[5] + 0.43*x[6],
     -280*x[5]*x[7] + 0.69*x[3] + 1.71*x[4] - 0.43*x[5] + 0.69*x[6],
     280*x[5]*x[7] - 1.81*x[6],
     -280*x[5]*x[7] + 1.81*x[6]]
    """,
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057],
    lambda m, x: [
        -1.71 * x[1] + 0.43 * x[2] + 8.32 * x[3] + 0.0007,
        1.71 * x[1] - 8.75 * x[2],
        -10.03 * x[3] + 0.43 * x[4] + 0.035 * x[5],
        8.32 * x[2] + 1.71 * x[3] - 1.12 * x[4],
        -1.745 * x[5] + 0.43 * x[6] + 0.43 * x[7],
        -280 * x[6] * x[8] + 0.69 * x[4] + 1.71 * x[5] - 0.43 * x[6] + 0.69 * x[7],
        280 * x[6] * x[8] - 1.81 * x[7],
        -280 * x[6] * x[8] + 1.81 * x[7],
    ],
    lambda m, x: {
        (1, 1): -1.71, (1, 2): 0.43, (1, 3): 8.32,
        (2, 1): 1.71, (2, 2): -8.75,
        (3, 3): -10.03, (3, 4): 0.43, (3, 5): 0.035,
        (4, 2): 8.32, (4, 3): 1.71, (4, 4): -1.12,
        (5, 5): -1.745, (5, 6): 0.43, (5, 7): 0.43,
        (6, 4): 0.69, (6, 5): 1.71, (6, 6): -280 * x[8] - 0.43, (6, 7): 0.69, (6, 8): -280 * x[6],
        (7, 6): 280 * x[8], (7, 7): -1.81, (7, 8): 280 * x[6],
        (8, 6): -280 * x[8], (8, 7): 1.81, (8, 8): -280 * x[6],
    },
)  # fmt: skip
equations(
    "Van der Pol",
    "[x[1], ((1 - x[0]**2)*x[1] - x[0]) / 1e-6]",
    [2.0, 0.0],
    lambda m, x: [x[2], ((1 - x[1] ** 2) * x[2] - x[1]) / m.mpf(1e-6)],
    lambda m, x: {(1, 2): 1, (2, 1): (-2 * x[1] * x[2] - 1) / m.mpf(1e-6), (2, 2): (1 - x[1] ** 2) / m.mpf(1e-6)},
)
equations(
    "Oregonator",
    "a, b, c = x\n[77.27*(b + a*(1 - 8.375e-6*a - b)), (c - (1 + a)*b) / 77.27, 0.161*(a - c)]",
    [1.0, 2.0, 3.0],
    lambda m, x: [
        m.mpf(77.27) * (x[2] + x[1] * (1 - m.mpf(8.375e-6) * x[1] - x[2])),
        (x[3] - (1 + x[1]) * x[2]) / m.mpf(77.27),
        m.mpf(0.161) * (x[1] - x[3]),
    ],
    lambda m, x: {
        (1, 1): 77.27 * (1 - 16.75e-6 * x[1] - x[2]), (1, 2): 77.27 * (1 - x[1]),
        (2, 1): -x[2] / 77.27, (2, 2): -(1 + x[1]) / 77.27, (2, 3): 1 / m.mpf(77.27),
        (3, 1): 0.161, (3, 3): -0.161,
    },
)  # fmt: skip
equations(
    "E5",
    """
    A, B, C, M = 7.89e-10, 1.1e7, 1.13e3, 1e6
    a, b, c, d = x
    [-A*a - B*a*c, A*a - M*C*b*c, A*a - B*a*c - M*C*b*c + C*d, B*a*c - C*d]
    """,
    [1.76e-3, 0.0, 0.0, 0.0],
    lambda m, x: [
        -7.89e-10 * x[1] - 1.1e7 * x[1] * x[3],
        7.89e-10 * x[1] - 1.13e9 * x[2] * x[3],
        7.89e-10 * x[1] - 1.1e7 * x[1] * x[3] - 1.13e9 * x[2] * x[3] + 1.13e3 * x[4],
        1.1e7 * x[1] * x[3] - 1.13e3 * x[4],
    ],
    lambda m, x: {
        (1, 1): -7.89e-10 - 1.1e7 * x[3], (1, 3): -1.1e7 * x[1],
        (2, 1): 7.89e-10, (2, 2): -1.13e9 * x[3], (2, 3): -1.13e9 * x[2],
        (3, 1): 7.89e-10 - 1.1e7 * x[3], (3, 2): -1.13e9 * x[3], (3, 3): -1.1e7 * x[1] - 1.13e9 * x[2],
        (3, 4): 1.13e3,
        (4, 1): 1.1e7 * x[3], (4, 3): 1.1e7 * x[1], (4, 4): -1.13e3,
    },
)  # fmt: skip

RATES = [0.35, 26.6, 1.23e4, 8.6e-4, 8.2e-4, 1.5e4, 1.3e-4, 2.4e4, 1.65e4, 9e3, 0.022, 1.2e4, 1.88, 1.63e4, 4.8e6,
         3.5e-4, 0.0175, 1e8, 4.44e11, 1240.0, 2.1, 5.78, 0.0474, 1780.0, 3.12]  # fmt: skip
REACTANTS = [[1], [2, 4], [5, 2], [7], [7], [7, 6], [9], [9, 6], [11, 2], [11, 1], [13], [10, 2], [14], [1, 6], [3],
             [4], [4], [16], [16], [17, 6], [19], [19], [1, 4], [19, 1], [20]]  # fmt: skip
BALANCE = [
    {1: -1, 10: -1, 14: -1, 23: -1, 24: -1, 2: 1, 3: 1, 9: 1, 11: 1, 12: 1, 22: 1, 25: 1},
    {2: -1, 3: -1, 9: -1, 12: -1, 1: 1, 21: 1},
    {15: -1, 1: 1, 17: 1, 19: 1, 22: 1},
    {2: -1, 16: -1, 17: -1, 23: -1, 15: 1},
    {3: -1, 4: 2, 6: 1, 7: 1, 13: 1, 20: 1},
    {6: -1, 8: -1, 14: -1, 20: -1, 3: 1, 18: 2},
    {4: -1, 5: -1, 6: -1, 13: 1},
    {4: 1, 5: 1, 6: 1, 7: 1},
    {7: -1, 8: -1},
    {12: -1, 7: 1, 9: 1},
    {9: -1, 10: -1, 8: 1, 11: 1},
    {9: 1},
    {11: -1, 10: 1},
    {13: -1, 12: 1},
    {14: 1},
    {18: -1, 19: -1, 16: 1},
    {20: -1},
    {20: 1},
    {21: -1, 22: -1, 24: -1, 23: 1, 25: 1},
    {25: -1, 24: 1},
]
"""Of the pollution problem: the rates of 25 reactions, what reacts in each, and which make up the change of each of 20
substances."""


def _reactions(m: Any, x: Numbers) -> Numbers:
    return [0, *(m.mpf(k) * _times(x, of) for k, of in zip(RATES, REACTANTS, strict=True))]


def _times(x: Numbers, of: list[int]) -> Any:
    return x[of[0]] if len(of) == 1 else x[of[0]] * x[of[1]]


def _pollution(m: Any, x: Numbers) -> Numbers:
    r = _reactions(m, x)
    return [sum(times * r[k] for k, times in balance.items()) for balance in BALANCE]


def _pollution_first(m: Any, x: Numbers) -> Partials:
    found: Partials = {}
    for i, balance in enumerate(BALANCE, 1):
        for k, times in balance.items():
            of = REACTANTS[k - 1]
            for place, j in enumerate(of):
                other = x[of[1 - place]] if len(of) == 2 else 1
                found[i, j] = found.get((i, j), 0) + times * m.mpf(RATES[k - 1]) * other
    return found


def _pollution_text() -> str:
    """The reactions one by one, and their sums."""
    reactions = [
        f"r{k} = {rate} * " + " * ".join(f"x[{i - 1}]" for i in of)
        for k, (rate, of) in enumerate(zip(RATES, REACTANTS, strict=True), 1)
    ]
    sums = [" + ".join(f"{times}*r{k}" for k, times in balance.items()) for balance in BALANCE]
    return "\n".join(reactions) + f"\n[{', '.join(sums)}]"


equations(
    "Pollution",
    _pollution_text(),
    [0, 0.2, 0, 0.04, 0, 0, 0.1, 0.3, 0.01, 0, 0, 0, 0, 0, 0, 0, 0.007, 0, 0, 0],
    _pollution,
    _pollution_first,
)

PUBLISHED = [*LEAST_SQUARES, *EQUATIONS]
