"""Sparse Jacobians and Hessians: pattern and values as CasADi has them, and of 100,000 variables by hand.

CasADi follows each element by itself (its `SX`), so its patterns are the narrowest that can be had from the text: a
Jacobian of ours must have just those places where it is ``exact``, and may have more where it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import casadi
import numpy as np
import pytest

import engine
from tests.engine.coordinates import dense, entries

Elements = list[Any]


@dataclass(frozen=True)
class Case:
    """A program of a vector x of length n, and the same written for the elements of x, one by one, with CasADi."""

    name: str
    text: str
    n: int
    elements: Callable[[Elements], Elements]
    exact: bool = True

    @property
    def point(self) -> Any:
        """Numbers between 0.2 and 1.8, in no order."""
        return 0.2 + 1.6 * ((np.arange(1, self.n + 1) * 0.6180339887498949) % 1)


def near(x: Elements, k: int) -> Any:
    """x at k, and 0 beyond the ends."""
    return x[k] if 0 <= k < len(x) else 0


def grid(x: Elements, side: int, i: int, j: int) -> Any:
    return x[i * side + j] if 0 <= i < side and 0 <= j < side else 0


def _tridiagonal(x: Elements) -> Elements:
    return [near(x, k - 1) - 2 * x[k] + near(x, k + 1) + casadi.exp(x[k]) for k in range(len(x))]


def _bratu(x: Elements) -> Elements:
    at = range(7)
    return [
        4 * grid(x, 7, i, j) - grid(x, 7, i - 1, j) - grid(x, 7, i + 1, j) - grid(x, 7, i, j - 1) - grid(x, 7, i, j + 1)
        - 0.1 * casadi.exp(grid(x, 7, i, j))
        for i in at for j in at
    ]  # fmt: skip


def _brusselator(x: Elements) -> Elements:
    n = len(x) // 2
    u, v = [1.0, *x[:n], 1.0], [3.0, *x[n:], 3.0]
    inner = range(1, n + 1)
    return [
        *(1 + u[k] ** 2 * v[k] - 4 * u[k] + 0.02 * (n + 1) ** 2 * (u[k - 1] - 2 * u[k] + u[k + 1]) for k in inner),
        *(3 * u[k] - u[k] ** 2 * v[k] + 0.02 * (n + 1) ** 2 * (v[k - 1] - 2 * v[k] + v[k + 1]) for k in inner),
    ]


def _banded(x: Elements) -> Elements:
    n = len(x)
    return [
        x[i] * (2 + 5 * x[i] ** 2) + 1
        - sum(x[j] * (1 + x[j]) for j in range(max(0, i - 5), min(n, i + 2)) if j != i)
        for i in range(n)
    ]  # fmt: skip


def _blocks(x: Elements) -> Elements:
    return [
        casadi.sin(sum(WEIGHTS[k][i][j] * x[3 * k + j] for j in range(3))) for k in range(len(x) // 3) for i in range(3)
    ]


def _written(x: Elements) -> Elements:
    y = [a**2 for a in x]
    y[1:] = [y[k] * casadi.sin(x[k - 1]) for k in range(1, len(x))]
    y[3] = x[0] * x[7]
    return y


def _total(x: Elements) -> Elements:
    total, found = 0, []
    for a in x:
        total = total + a**2
        found.append(total)
    return found


def _convolved(x: Elements) -> Elements:
    kernel = (0.5, -1.0, 2.0)
    return [sum(w * casadi.sin(x[i + k]) for k, w in enumerate(kernel)) for i in range(len(x) - 2)]


MATRIX = [[round(((3 * i + 7 * j) % 11 - 5) / 4, 2) if (i + j) % 3 else 0.0 for j in range(6)] for i in range(4)]
WEIGHTS = [
    [[round(((5 * k + 3 * i + 2 * j) % 9 - 4) / 4 + 0.1, 2) for j in range(3)] for i in range(3)] for k in range(4)
]

JACOBIANS = [
    Case("tridiagonal", "y = pad(x, 1)\ny[:-2] - 2*x + y[2:] + exp(x)", 12, _tridiagonal),
    Case(
        "tridiagonal, in a loop",
        """
        n = len(x)
        stack([(x[k-1] if k else 0) - 2*x[k] + (x[k+1] if k < n - 1 else 0) + exp(x[k]) for k in range(n)])
        """,
        8,
        _tridiagonal,
    ),
    Case(
        "tridiagonal, by shifts",
        """
        y = exp(x) - 2*x
        y[1:] += x[:-1]
        y[:-1] += x[1:]
        y
        """,
        9,
        _tridiagonal,
    ),
    Case(
        "Bratu in two dimensions",
        """
        u = pad(x.reshape(7, 7), 1)
        (4*u[1:-1, 1:-1] - u[:-2, 1:-1] - u[2:, 1:-1] - u[1:-1, :-2] - u[1:-1, 2:] - 0.1*exp(u[1:-1, 1:-1])).ravel()
        """,
        49,
        _bratu,
    ),
    Case(
        "Brusselator in one dimension",
        """
        n = len(x) // 2
        u, v = x[:n], x[n:]
        U, V = concatenate([[1], u, [1]]), concatenate([[3], v, [3]])
        c = 0.02 * (n + 1)**2
        concatenate([1 + u**2*v - 4*u + c*(U[:-2] - 2*u + U[2:]), 3*u - u**2*v + c*(V[:-2] - 2*v + V[2:])])
        """,
        12,
        _brusselator,
    ),
    Case(
        "arrow",
        "y = x**2 + x[0]\ny[0] = sum(x**3)\ny",
        10,
        lambda x: [sum(a**3 for a in x), *(a**2 + x[0] for a in x[1:])],
    ),
    Case(
        "banded",
        """
        g = x*(1 + x)
        f = x*(2 + 5*x**2) + 1
        f[:-1] -= g[1:]
        for k in range(1, 6):
            f[k:] -= g[:-k]
        f
        """,
        14,
        _banded,
    ),
    Case("blocks", f"sin({WEIGHTS} @ x.reshape(4, 3, 1)).ravel()", 12, _blocks),
    Case("blocks, by einsum", f"sin(einsum('kij,kj->ki', {WEIGHTS}, x.reshape(4, 3))).ravel()", 12, _blocks),
    Case("cumsum", "cumsum(x**2)", 7, _total),
    Case("written", "y = x**2\ny[1:] = y[1:] * sin(x[:-1])\ny[3] = x[0]*x[7]\ny", 9, _written),
    Case(
        "taken by index",
        "i = [3, 0, 0, 5, 4]\nx[i] * x[1] + x[5:0:-1]",
        6,
        lambda x: [x[i] * x[1] + x[k] for i, k in zip([3, 0, 0, 5, 4], [5, 4, 3, 2, 1], strict=True)],
    ),
    Case(
        "where",
        "where([True, False, True, False, True], x**2, sin(x[::-1]))",
        5,
        lambda x: [x[0] ** 2, casadi.sin(x[3]), x[2] ** 2, casadi.sin(x[1]), x[4] ** 2],
        exact=False,
    ),
    Case(
        "a constant matrix",
        f"{MATRIX} @ sin(x)",
        6,
        lambda x: [sum(w * casadi.sin(a) for w, a in zip(row, x, strict=True) if w) for row in MATRIX],
        exact=False,
    ),
    Case(
        "reshaped, permuted, flipped",
        "flip(x.reshape(2, 3, 2).permute(2, 0, 1), 1).ravel() * x",
        12,
        lambda x: [
            x[6 * (1 - j) + 2 * k + i] * x[6 * i + 3 * j + k] for i in range(2) for j in range(2) for k in range(3)
        ],
    ),
    Case(
        "concatenated, stacked",
        "stack([x[:3]**2, x[3:]], axis=1).ravel() * concatenate([x[3:], x[:3]])",
        6,
        lambda x: [x[0] ** 2 * x[3], x[3] * x[4], x[1] ** 2 * x[5], x[4] * x[0], x[2] ** 2 * x[1], x[5] * x[2]],
    ),
    Case(
        "rolled, repeated",
        "roll(x, 2) * repeat_interleave(x[:3], 2)",
        6,
        lambda x: [x[(k - 2) % 6] * x[k // 2] for k in range(6)],
    ),
    Case(
        "convolution",
        "conv1d(sin(x).reshape(1, 1, -1), [[[0.5, -1, 2]]]).ravel()",
        8,
        _convolved,
    ),
    Case(
        "rows summed",
        "sum(x.reshape(3, 4)**2, axis=1) / x[:3]",
        12,
        lambda x: [sum(a**2 for a in x[4 * i : 4 * i + 4]) / x[i] for i in range(3)],
    ),
    Case("products", "outer(x[:3], x[3:]).ravel()", 7, lambda x: [a * b for a in x[:3] for b in x[3:]]),
    Case(
        "product of two matrices",
        "(x[:6].reshape(2, 3) @ x[6:].reshape(3, 2)).ravel()",
        12,
        lambda x: [sum(x[3 * i + k] * x[6 + 2 * k + j] for k in range(3)) for i in range(2) for j in range(2)],
    ),
    Case(
        "triangle",
        "tril(outer(x, x)).ravel()",
        3,
        lambda x: [x[i] * x[j] if j <= i else casadi.SX(1, 1) for i in range(3) for j in range(3)],
        exact=False,
    ),
]


def _rosenbrock(x: Elements) -> Elements:
    return [sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(len(x) - 1))]


def _pairs(x: Elements) -> Elements:
    return [sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(0, len(x), 2))]


def _powell(x: Elements) -> Elements:
    fours = [x[k : k + 4] for k in range(0, len(x), 4)]
    return [sum((a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4 for a, b, c, d in fours)]


def _wood(x: Elements) -> Elements:
    fours = [x[k : k + 4] for k in range(0, len(x) - 2, 2)]
    return [
        sum(
            100 * (b - a**2) ** 2 + (1 - a) ** 2 + 90 * (d - c**2) ** 2 + (1 - c) ** 2
            + 10 * (b + d - 2) ** 2 + 0.1 * (b - d) ** 2
            for a, b, c, d in fours
        )
    ]  # fmt: skip


def _plate(x: Elements) -> Elements:
    at = [(i, j) for i in range(6) for j in range(6)]
    right = [(grid(x, 6, i, j + 1) - grid(x, 6, i, j)) ** 2 for i, j in at if j < 5]
    down = [(grid(x, 6, i + 1, j) - grid(x, 6, i, j)) ** 2 for i, j in at if i < 5]
    return [sum(right) + sum(down) + sum(a**4 for a in x)]


HESSIANS = [
    Case("chained Rosenbrock", "a, b = x[:-1], x[1:]\nsum(100*(b - a**2)**2 + (1 - a)**2)", 11, _rosenbrock),
    Case("extended Rosenbrock", "a, b = x[::2], x[1::2]\nsum(100*(b - a**2)**2 + (1 - a)**2)", 10, _pairs),
    Case(
        "extended Powell",
        """
        a, b, c, d = x[::4], x[1::4], x[2::4], x[3::4]
        sum((a + 10*b)**2 + 5*(c - d)**2 + (b - 2*c)**4 + 10*(a - d)**4)
        """,
        12,
        _powell,
    ),
    Case(
        "chained Wood",
        """
        a, b, c, d = x[:-2:2], x[1:-2:2], x[2::2], x[3::2]
        sum(100*(b - a**2)**2 + (1 - a)**2 + 90*(d - c**2)**2 + (1 - c)**2 + 10*(b + d - 2)**2 + 0.1*(b - d)**2)
        """,
        12,
        _wood,
    ),
    Case(
        "arrow",
        "sum(x**4) + x[0]*sum(x[1:]**2)",
        9,
        lambda x: [sum(a**4 for a in x) + x[0] * sum(a**2 for a in x[1:])],
    ),
    Case("grid", "u = x.reshape(6, 6)\nsum(diff(u, axis=1)**2) + sum(diff(u, axis=0)**2) + sum(x**4)", 36, _plate),
    Case("separable", "sum(exp(x) * sin(x))", 6, lambda x: [sum(casadi.exp(a) * casadi.sin(a) for a in x)]),
    Case("of a sum", "sum(x)**3", 5, lambda x: [sum(x) ** 3]),
    Case(
        "of triples",
        "sum(x[:-2] * x[1:-1] * x[2:])",
        8,
        lambda x: [sum(x[k] * x[k + 1] * x[k + 2] for k in range(6))],
    ),
    Case("linear", "sum(3*x)", 4, lambda x: [sum(3 * a for a in x)]),
]  # fmt: skip


def name_of(case: Case) -> str:
    return case.name


def by_casadi(case: Case, derive: Callable[[Any, Any], Any]) -> tuple[set[tuple[int, int]], Any]:
    """The places that CasADi derives, and the values there as a matrix."""
    x = casadi.SX.sym("x", case.n)
    function = casadi.Function("f", [x], [derive(casadi.vertcat(*case.elements(casadi.vertsplit(x))), x)])
    found = function(case.point)
    return set(zip(*found.sparsity().get_triplet(), strict=True)), np.array(casadi.densify(found))


def assert_as_casadi(case: Case, sparse: Any, derive: Callable[[Any, Any], Any]) -> None:
    places, values = by_casadi(case, derive)
    found = entries(sparse)
    assert found == places if case.exact else found >= places
    np.testing.assert_allclose(dense(sparse), values, rtol=1e-13, atol=1e-14 * np.max(np.abs(values), initial=0))


@pytest.mark.parametrize("case", JACOBIANS, ids=name_of)
@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
def test_jacobian(case: Case, mode: str) -> None:
    answer = engine.jacobian(dedent(case.text), {"x": case.point}, mode=mode, format="coo")
    assert_as_casadi(case, answer.jacobians["x"], casadi.jacobian)
    assert answer.nonzeros == len(answer.jacobians["x"].values)
    whole = engine.jacobian(dedent(case.text), {"x": case.point}, mode=mode).jacobians["x"]
    np.testing.assert_allclose(dense(answer.jacobians["x"]), whole, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("case", HESSIANS, ids=name_of)
def test_hessian(case: Case) -> None:
    answer = engine.hessian(dedent(case.text), {"x": case.point}, format="coo")
    sparse = answer.hessians["x"]["x"]
    assert_as_casadi(case, sparse, lambda f, x: casadi.hessian(f, x)[0])
    found = dense(sparse)
    np.testing.assert_array_equal(found, found.T)
    whole = engine.hessian(dedent(case.text), {"x": case.point}).hessians["x"]["x"]
    np.testing.assert_array_equal(whole, whole.T)
    np.testing.assert_allclose(found, whole, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("case", HESSIANS, ids=name_of)
def test_blocks_of_a_hessian(case: Case) -> None:
    """Of two inputs that are the vector's parts: four blocks, of which those across are transposes of each other."""
    k = case.n // 3
    parts = {"p": case.point[:k], "q": case.point[k:]}
    blocks = engine.hessian("x = concatenate([p, q])\n" + dedent(case.text), parts, format="coo").hessians
    whole = np.block([[dense(blocks[a][b]) for b in "pq"] for a in "pq"])
    np.testing.assert_array_equal(whole, whole.T)
    _, values = by_casadi(case, lambda f, x: casadi.hessian(f, x)[0])
    np.testing.assert_allclose(whole, values, rtol=1e-13, atol=1e-14 * np.max(np.abs(values)))


@pytest.mark.parametrize("case", JACOBIANS, ids=name_of)
def test_jacobians_by_parts(case: Case) -> None:
    k = case.n // 3
    parts = {"p": case.point[:k], "q": case.point[k:]}
    answer = engine.jacobian("x = concatenate([p, q])\n" + dedent(case.text), parts, format="coo")
    whole = np.concatenate([dense(answer.jacobians[name]) for name in "pq"], axis=1)
    _, values = by_casadi(case, casadi.jacobian)
    np.testing.assert_allclose(whole, values, rtol=1e-13, atol=1e-14 * np.max(np.abs(values)))
    assert answer.nonzeros == sum(len(answer.jacobians[name].values) for name in "pq")


@pytest.mark.parametrize("case", [*JACOBIANS, *HESSIANS], ids=name_of)
def test_jacobian_in_single_precision(case: Case) -> None:
    answer = engine.jacobian(dedent(case.text), {"x": case.point}, format="coo", dtype="float32")
    sparse = answer.jacobians["x"]
    assert sparse.values.dtype == np.float32
    _, values = by_casadi(case, casadi.jacobian)
    values = values.reshape(sparse.shape)
    np.testing.assert_allclose(dense(sparse), values, rtol=1e-5, atol=1e-6 * np.max(np.abs(values)))


# ---- where values say what depends on what ---------------------------------------------------------------------------

BY_VALUE = [
    ("max(x)", (7,)),
    ("max(x.reshape(3, 4), axis=1)", (12,)),
    ("sort(x)", (7,)),
    ("x[argsort(x)] * x", (6,)),
    ("where(x > 0, x**2, x[::-1])", (6,)),
    ("maximum(x, x[::-1])", (6,)),
    ("relu(x)", (6,)),
    ("cummax(x, 0)", (5,)),
    ("topk(x, 3)", (7,)),
    ("median(x)", (5,)),
    ("y = x**2\nfor k in range(len(x)):\n    if x[k] > 0:\n        y[k] = x[0]*x[k]\ny", (6,)),
    ("x[x > 0]**2", (6,)),
    ("s = 0\nk = 0\nwhile s < 2 and k < len(x):\n    s = s + abs(x[k])\n    k += 1\n[s, x[k-1]**2]", (8,)),
    ("max_pool1d(x.reshape(1, 1, -1), 2).ravel()", (8,)),
    ("sin(x.T) @ x", (3, 3)),
    ("softmax(x, axis=1)", (3, 4)),
    ("det(x)", (3, 3)),
    ("inv(x + 4*eye(3))", (3, 3)),
    ("x[::2] * 0 + x[1::2]", (6,)),
    ("scatter_add(zeros(4), 0, [0, 2, 2, 1], x)", (4,)),
]
"""Programs of a tensor x whose places depend on its values, or have many, or none."""


@pytest.mark.parametrize(("text", "shape"), BY_VALUE, ids=[text for text, _ in BY_VALUE])
def test_pattern_covers_what_is_not_zero(text: str, shape: tuple[int, ...]) -> None:
    """The same problem, asked at several points: what is kept from one must not spoil the next."""
    asked = engine.Problem(text)
    for seed in range(6):
        point = {"x": np.random.default_rng(seed).normal(size=shape)}
        sparse = asked.jacobian(point, format="coo").jacobians["x"]
        whole = np.asarray(engine.jacobian(text, point, mode="reverse" if seed % 2 else "forward").jacobians["x"])
        assert sparse.shape == whole.shape
        assert entries(sparse) >= set(map(tuple, np.argwhere(whole).tolist()))
        np.testing.assert_allclose(dense(sparse), whole, rtol=1e-13, atol=1e-15)
        again = asked.jacobian(point).jacobians["x"]
        np.testing.assert_allclose(again, whole, rtol=1e-13, atol=1e-15)


def test_numbers_and_tensors_without_elements() -> None:
    """A pattern of a number by a number has one place, and no axes to say it with; or none."""
    for text, value in (("x**2", 6.0), ("floor(x) + 0*y", 0.0)):
        sparse = engine.jacobian(text, {"x": 3.0, "y": 1.0}, wrt=["x"], format="coo").jacobians["x"]
        assert sparse.shape == ()
        assert sparse.indices.shape == (0, len(sparse.values))
        assert sparse.dense() == dense(sparse) == value
    for text in ("x**2", "x * x", "concatenate([x, x])"):
        sparse = engine.jacobian(text, {"x": np.zeros(0)}, format="coo").jacobians["x"]
        assert sparse.shape == (0, 0)
        assert sparse.dense().shape == (0, 0)
    blocks = engine.hessian("x**2 * y", {"x": 3.0, "y": 2.0}, format="coo").hessians
    assert [[float(blocks[a][b].dense()) for b in "xy"] for a in "xy"] == [[4, 6], [6, 0]]


# ---- at scale --------------------------------------------------------------------------------------------------------

N = 100_000
X = 0.2 + 1.6 * ((np.arange(1, N + 1) * 0.6180339887498949) % 1)


def test_tridiagonal_jacobian_of_100_000() -> None:
    answer = engine.jacobian("y = pad(x, 1)\ny[:-2] - 2*x + y[2:] + exp(x)", {"x": X}, format="coo")
    assert answer.colors == answer.evaluations == 3
    assert answer.nonzeros == 3 * N - 2
    rows, columns, values = *answer.jacobians["x"].indices, answer.jacobians["x"].values
    assert set(np.unique(columns - rows).tolist()) == {-1, 0, 1}
    np.testing.assert_allclose(values, np.where(rows == columns, np.exp(X[rows]) - 2, 1), rtol=1e-14, atol=1e-15)


def test_rosenbrock_hessian_of_100_000() -> None:
    answer = engine.hessian("a, b = x[:-1], x[1:]\nsum(100*(b - a**2)**2 + (1 - a)**2)", {"x": X}, format="coo")
    assert answer.colors <= 3
    assert answer.nonzeros == 3 * N - 2
    sparse = answer.hessians["x"]["x"]
    rows, columns, values = *sparse.indices, sparse.values
    diagonal = np.full(N, 200.0)
    diagonal[-1:] = 200
    diagonal[:-1] = 1200 * X[:-1] ** 2 - 400 * X[1:] + 2
    diagonal[1:-1] += 200
    wanted = np.where(rows == columns, diagonal[rows], -400 * X[np.minimum(rows, columns)])
    np.testing.assert_allclose(values, wanted, rtol=1e-12, atol=1e-10)
    order = np.lexsort((columns, rows)), np.lexsort((rows, columns))
    np.testing.assert_array_equal(values[order[0]], values[order[1]])


def test_arrow_jacobian_of_100_000() -> None:
    answer = engine.jacobian("y = x**2 + x[0]\ny[0] = sum(x**3)\ny", {"x": X}, format="coo")
    assert answer.mode == "mixed"
    assert answer.colors <= 3
    assert answer.nonzeros == 3 * N - 2
    rows, columns, values = *answer.jacobians["x"].indices, answer.jacobians["x"].values
    wanted = np.select([rows == 0, columns == 0], [3 * X[columns] ** 2, 1.0], 2 * X[rows])
    np.testing.assert_allclose(values, wanted, rtol=1e-14)


def test_arrow_hessian_of_100_000() -> None:
    answer = engine.hessian("sum(x**4) + x[0]*sum(x[1:]**2)", {"x": X}, format="coo")
    assert answer.colors <= 3
    assert answer.nonzeros == 3 * N - 2
    sparse = answer.hessians["x"]["x"]
    rows, columns, values = *sparse.indices, sparse.values
    diagonal = 12 * X**2 + 2 * X[0]
    diagonal[0] = 12 * X[0] ** 2
    wanted = np.where(rows == columns, diagonal[rows], 2 * X[np.maximum(rows, columns)])
    np.testing.assert_allclose(values, wanted, rtol=1e-13)


def test_laplacian_of_100_000() -> None:
    """Five places a row need 5 colours at least; greedy colouring may take some more."""
    side = 316
    text = f"""
    u = pad(x.reshape({side}, {side}), 1)
    c = u[1:-1, 1:-1]
    (4*c - u[:-2, 1:-1] - u[2:, 1:-1] - u[1:-1, :-2] - u[1:-1, 2:] - 0.1*exp(c)).ravel()
    """
    x = X[: side * side]
    answer = engine.jacobian(dedent(text).strip(), {"x": x}, format="coo")
    assert 5 <= answer.colors <= 9
    assert answer.nonzeros == 5 * side**2 - 4 * side
    rows, columns, values = *answer.jacobians["x"].indices, answer.jacobians["x"].values
    apart = np.abs(rows // side - columns // side) + np.abs(rows % side - columns % side)
    assert np.max(apart) == 1
    np.testing.assert_allclose(values, np.where(apart == 0, 4 - 0.1 * np.exp(x[rows]), -1), rtol=1e-14)
