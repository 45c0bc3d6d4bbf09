"""Pullback, pushforward and batch on graphs of many nodes: what no single row can show."""

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.graph import Graph
from engine.interpret import arrays, floats
from engine.interpret.arrays import ARRAYS
from engine.interpret.build import Builder, Ref, extend
from engine.interpret.floats import FLOATS
from engine.limits import DEFAULT_LIMITS, Deadline
from engine.transform.batch import Batch, Batched
from engine.transform.pullback import pullback
from engine.transform.pushforward import pushforward

DEADLINE = Deadline(3600.0)


class Program:
    """A function written against F, as a graph of inputs x0, x1 …"""

    def __init__(self, rule: Callable[..., Any], *shapes: tuple[int, ...]) -> None:
        builder = Builder()
        self.leaves = [builder.leaf(f"x{k}", shape, "float64") for k, shape in enumerate(shapes)]
        made = rule(builder, *(Ref(builder, leaf) for leaf in self.leaves))
        self.inputs = {f"x{k}": leaf.id for k, leaf in enumerate(self.leaves)}
        self.graph: Graph = builder.graph(builder.node_of(made), self.inputs)

    def values(self, *xs: Any) -> list[Any]:
        return arrays.evaluate(
            self.graph, {f"x{k}": np.asarray(x, dtype=float)[()] for k, x in enumerate(xs)}, DEADLINE
        )

    def back(self, F: Any, values: list[Any], seed: Any) -> list[Any]:
        """The cotangents of the inputs."""
        ids = [leaf.id for leaf in self.leaves]
        with np.errstate(all="ignore"):
            found = pullback(
                F, self.graph, values, {self.graph.output: seed}, self.graph.active(frozenset(ids)), DEADLINE
            )
        return [found[i] for i in ids]

    def on(self, F: Any, values: list[Any], tangents: list[Any]) -> Any:
        """The tangent of the output; ``None`` among the tangents is zero."""
        seeds = {leaf.id: t for leaf, t in zip(self.leaves, tangents, strict=True) if t is not None}
        with np.errstate(all="ignore"):
            return pushforward(F, self.graph, values, seeds, DEADLINE)[self.graph.output]


# Graphs with joints


def test_a_value_used_many_times_gathers_all_its_cotangents() -> None:
    program = Program(lambda F, x: (y := F.sin(x)) * y + y * x + F.exp(y) + y, ())
    x = 0.7
    s, c = math.sin(x), math.cos(x)
    exact = 2 * s * c + c * x + s + math.exp(s) * c + c
    values = program.values(x)
    assert program.back(ARRAYS, values, 1.0)[0] == pytest.approx(exact, rel=1e-15)
    assert program.on(ARRAYS, values, [1.0]) == pytest.approx(exact, rel=1e-15)


def test_a_node_squared_by_itself_is_two_operands() -> None:
    program = Program(lambda F, x: x * x, (3,))
    values = program.values([1.0, 2.0, 3.0])
    assert program.back(ARRAYS, values, np.ones(3))[0].tolist() == [2.0, 4.0, 6.0]


def test_an_unused_input_has_no_derivative() -> None:
    program = Program(lambda F, x, y: x * 2.0, (), (2,))
    values = program.values(3.0, [1.0, 1.0])
    assert program.back(ARRAYS, values, 1.0)[0] == 2.0
    assert program.back(ARRAYS, values, 1.0)[1] is None
    assert program.on(ARRAYS, values, [None, np.ones(2)]) is None
    assert engine.gradient("x*2", {"x": 3.0, "y": [1.0, 1.0]}).gradients["y"].tolist() == [0.0, 0.0]


def test_nodes_that_lead_nowhere_cost_nothing() -> None:
    """A branch that the output does not use gets no cotangent, though it depends on the input."""
    program = Program(lambda F, x: (F.exp(x), F.sqrt(x))[1], ())
    values = program.values(4.0)
    exp = next(node for node in program.graph.nodes if node.primitive.name == "exp")
    found = pullback(
        ARRAYS, program.graph, values, {program.graph.output: 1.0},
        program.graph.active(frozenset(program.inputs.values())), DEADLINE,
    )  # fmt: skip
    assert found[exp.id] is None
    assert found[0] == 0.25


def test_what_is_behind_a_step_or_detach_is_not_active() -> None:
    program = Program(lambda F, x: F.detach(F.exp(x)) * F.floor(x) + x, ())
    active = program.graph.active(frozenset([0]))
    names = {node.primitive.name: bool(active[node.id]) for node in program.graph.nodes}
    assert names == {"input": True, "exp": True, "detach": False, "floor": False, "multiply": False, "add": True}
    assert program.back(ARRAYS, program.values(1.5), 1.0) == [1.0]


def test_several_seeds_add() -> None:
    """Cotangents may come in at any node."""
    program = Program(lambda F, x: F.exp(F.sin(x)), ())
    values = program.values(0.3)
    sine = program.graph.nodes[1]
    active = program.graph.active(frozenset([0]))
    found = pullback(ARRAYS, program.graph, values, {program.graph.output: 1.0, sine.id: 10.0}, active, DEADLINE)[0]
    assert found == pytest.approx(math.cos(0.3) * (math.exp(math.sin(0.3)) + 10.0), rel=1e-15)


def test_floats_say_what_arrays_say() -> None:
    program = Program(lambda F, x, y: F.tanh(x * y) / (1.0 + F.exp(-x)) - F.hypot(x, y), (), ())
    values = floats.evaluate(program.graph, {"x0": 0.8, "x1": -1.1})
    by_floats = program.back(FLOATS, values, 1.0)
    by_arrays = program.back(ARRAYS, program.values(0.8, -1.1), 1.0)
    assert by_floats == pytest.approx([float(ct) for ct in by_arrays], rel=1e-15)
    assert program.on(FLOATS, values, [1.0, 0.5]) == pytest.approx(by_floats[0] + 0.5 * by_floats[1], rel=1e-14)


# Random programs

UNARY = ("sin", "cos", "tanh", "sigmoid", "arctan", "square", "sech", "softplus", "negative")
BINARY = ("add", "subtract", "multiply", "maximum", "hypot", "logaddexp", "arctan2")
SHAPES = ((), (3,), (2, 1), (2, 3))


@st.composite
def programs(draw: st.DrawFn) -> tuple[Program, list[np.ndarray], int]:
    """A program of up to 14 steps on inputs of mixed shapes, all of which broadcast, and a reduction at random."""
    shapes = draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3))
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from((*UNARY, *BINARY, "sum", "mean", "cumsum")), st.integers(0, 99), st.integers(0, 99)
            ),
            min_size=1,
            max_size=14,
        )
    )

    def rule(F: Any, *inputs: Any) -> Any:
        known = list(inputs)
        for name, i, j in steps:
            a, b = known[i % len(known)], known[j % len(known)]
            if name in BINARY:
                known.append(getattr(F, name)(a, b))
            elif name in UNARY:
                known.append(getattr(F, name)(a))
            else:
                known.append(getattr(F, name)(a, axis=-1) if name == "cumsum" and a.shape else F.sin(F.mean(a)))
        total = known[-1]
        for extra in known[-3:-1]:
            total = F.tanh(total) + extra
        return total

    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    return Program(rule, *shapes), [rng.uniform(-1.5, 1.5, shape) for shape in shapes], seed


@settings(max_examples=100, deadline=None, derandomize=True)
@given(programs())
def test_pullback_is_the_transpose_of_pushforward(made: tuple[Program, list[np.ndarray], int]) -> None:
    """⟨w, Jv⟩ = ⟨Jᵀw, v⟩, for numbers, for a batch, and for the graph of either."""
    program, xs, seed = made
    rng = np.random.default_rng(seed + 1)
    values = program.values(*xs)
    w = np.asarray(rng.uniform(-1, 1, np.shape(values[program.graph.output])))[()]
    v = [np.asarray(rng.uniform(-1, 1, x.shape))[()] for x in xs]
    back, on = program.back(ARRAYS, values, w), program.on(ARRAYS, values, v)
    terms = [np.sum(ct * t) for ct, t in zip(back, v, strict=True) if ct is not None]
    scale = 1.0 + sum(float(np.sum(np.abs(ct * t))) for ct, t in zip(back, v, strict=True) if ct is not None)
    assert abs(sum(terms) - (0.0 if on is None else np.sum(w * on))) <= 1e-13 * scale

    builder = extend(program.graph, DEFAULT_LIMITS)
    refs = builder.values(program.graph.nodes)
    built = program.back(builder, refs, float(w) if not np.shape(w) else w)
    for ct, number, leaf in zip(built, back, program.leaves, strict=True):
        assert (ct is None) == (number is None)
        if ct is not None:
            node = builder.node_of(ct)
            graph = builder.graph(node, program.inputs)
            found = arrays.evaluate(graph, {f"x{k}": x[()] for k, x in enumerate(xs)}, DEADLINE)[node.id]
            assert node.shape == leaf.shape
            np.testing.assert_allclose(found, number, rtol=1e-13, atol=1e-14)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(programs())
def test_jacobians_of_either_mode_agree(made: tuple[Program, list[np.ndarray], int]) -> None:
    """Row by row by a batched pullback, column by column by a batched pushforward."""
    program, xs, _ = made
    values = program.values(*xs)
    output = np.shape(values[program.graph.output])
    rows = _units(output)
    F = Batch(ARRAYS, len(rows))
    found = program.back(F, values, Batched(F, rows))
    for k, x in enumerate(xs):
        columns = _units(x.shape)
        G = Batch(ARRAYS, len(columns))
        tangent = program.on(G, values, [Batched(G, columns) if j == k else None for j in range(len(xs))])
        zero = np.zeros((*output, *x.shape))
        reverse = zero if found[k] is None else found[k].value.reshape(zero.shape)
        forward = zero if tangent is None else np.moveaxis(tangent.value, 0, -1).reshape(zero.shape)
        np.testing.assert_allclose(reverse, forward, rtol=1e-12, atol=1e-13)


def _units(shape: tuple[int, ...]) -> np.ndarray:
    return np.eye(math.prod(shape)).reshape(-1, *shape)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(programs())
def test_a_batch_is_a_stacked_loop(made: tuple[Program, list[np.ndarray], int]) -> None:
    program, xs, seed = made
    values = program.values(*xs)
    seeds = np.random.default_rng(seed + 2).uniform(-1, 1, (4, *np.shape(values[program.graph.output])))
    F = Batch(ARRAYS, 4)
    together = program.back(F, values, Batched(F, seeds))
    one_by_one = [program.back(ARRAYS, values, w[()]) for w in seeds]
    for k, ct in enumerate(together):
        if ct is None:
            assert one_by_one[0][k] is None
        else:
            np.testing.assert_allclose(ct.value, np.stack([row[k] for row in one_by_one]), rtol=1e-13, atol=1e-15)


# Hessians

HESSIANS: list[tuple[str, Any]] = [
    ("x**2 * y + sin(x*y)", lambda S, x, y: x**2 * y + S.sin(x * y)),
    ("exp(-x**2 - y**2) / (1 + x**2)", lambda S, x, y: S.exp(-(x**2) - y**2) / (1 + x**2)),
    ("log(x**2 + y**2 + 1) * tanh(x - y)", lambda S, x, y: S.log(x**2 + y**2 + 1) * S.tanh(x - y)),
    ("(1 - x)**2 + 100*(y - x**2)**2", lambda S, x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2),
    ("sqrt(1 + x**2) ** y", lambda S, x, y: S.sqrt(1 + x**2) ** y),
    ("arctan2(x, y + 3) + hypot(x, y)", lambda S, x, y: S.atan2(x, y + 3) + S.sqrt(x**2 + y**2)),
    ("logaddexp(x, 2*y) - sigmoid(x*y)", lambda S, x, y: S.log(S.exp(x) + S.exp(2 * y)) - 1 / (1 + S.exp(-x * y))),
]


@pytest.mark.parametrize(("text", "spelling"), HESSIANS, ids=[text for text, _ in HESSIANS])
def test_hessian_is_sympys(text: str, spelling: Any) -> None:
    x, y = sympy.symbols("x y", real=True)
    at = {x: sympy.Rational(7, 10), y: sympy.Rational(-13, 10)}
    exact = sympy.hessian(spelling(sympy, x, y), (x, y)).subs(at).evalf(30)
    found = engine.hessian(text, {"x": 0.7, "y": -1.3}).hessians
    for i, first in enumerate("xy"):
        for j, second in enumerate("xy"):
            assert found[first][second] == pytest.approx(float(exact[i, j]), rel=1e-13)
    product = engine.hvp(text, {"x": 0.7, "y": -1.3}, {"x": 2.0, "y": -1.0}).hvp
    assert product["x"] == pytest.approx(float(2 * exact[0, 0] - exact[0, 1]), rel=1e-12)
    assert product["y"] == pytest.approx(float(2 * exact[1, 0] - exact[1, 1]), rel=1e-12)


def test_hessian_of_vectors_is_sympys() -> None:
    """A quadratic form through a nonlinearity: every block, and symmetric."""
    entries = sympy.symbols("v0:3", real=True)
    matrix = sympy.Matrix([[2, -1, 0], [1, 3, 1], [0, 1, -1]])
    v = sympy.Matrix(entries)
    expression = sympy.sin((v.T * matrix * v)[0]) + sum(sympy.exp(e) for e in entries)
    at = dict(zip(entries, [sympy.Rational(1, 2), sympy.Rational(-1, 4), sympy.Rational(3, 4)], strict=True))
    exact = np.array(sympy.hessian(expression, entries).subs(at).evalf(30), dtype=float)
    point = {"v": [0.5, -0.25, 0.75], "m": [[2.0, -1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, -1.0]]}
    found = engine.hessian("sin(v @ m @ v) + sum(exp(v))", point, ["v"]).hessians["v"]["v"]
    np.testing.assert_allclose(found, exact, rtol=1e-12)
    np.testing.assert_allclose(found, found.T, rtol=1e-14)


def test_derivatives_of_the_fifth_order_are_the_same_walk_again() -> None:
    """x⁵ sin(x), five times by pullback of the pullback's graph."""
    program = Program(lambda F, x: x**5.0 * F.sin(x), ())
    graph, node = program.graph, program.graph.nodes[program.graph.output]
    for _ in range(5):
        builder = extend(graph, DEFAULT_LIMITS)
        values = builder.values(graph.nodes)
        ct = pullback(builder, graph, values, {node.id: 1.0}, graph.active(frozenset([0])), DEADLINE)[0]
        node = builder.node_of(ct)
        graph = builder.graph(node, program.inputs)
    x = sympy.Symbol("x")
    exact = float((x**5 * sympy.sin(x)).diff(x, 5).subs(x, sympy.Rational(13, 10)).evalf(30))
    assert float(arrays.evaluate(graph, {"x0": 1.3}, DEADLINE)[node.id]) == pytest.approx(exact, rel=1e-12)


# Size

MANY = 100_000


def shallow(run: Callable[[], Any]) -> Any:
    """Run with little room on the stack: a walk that recurses by the depth of the graph fails."""
    limit, depth = sys.getrecursionlimit(), 0
    frame: Any = sys._getframe()
    while frame:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + 80)
    try:
        return run()
    finally:
        sys.setrecursionlimit(limit)


def test_a_chain_of_many_operations_differentiates_both_ways() -> None:
    def chain(F: Any, x: Any) -> Any:
        for _ in range(MANY):
            x = x + 1.0
        return x

    def differentiate() -> tuple[Any, Any, Any]:
        program = Program(chain, ())
        values = floats.evaluate(program.graph, {"x0": 0.5})
        return values[-1], program.back(FLOATS, values, 1.0), program.on(FLOATS, values, [1.0])

    assert shallow(differentiate) == (MANY + 0.5, [1.0], 1.0)


def test_a_sum_of_many_terms_parses_and_differentiates() -> None:
    text = "+".join(["x*y"] * MANY)
    answer = shallow(lambda: engine.gradient(text, {"x": 2.0, "y": 3.0}))
    assert (answer.value, answer.gradients) == (6.0 * MANY, {"x": 3.0 * MANY, "y": 2.0 * MANY})


def test_a_chain_of_many_operations_has_a_second_derivative() -> None:
    """sin applied to itself over and over, by the graph of the pullback, against the recurrence by hand."""
    depth = 5_000

    def chain(F: Any, x: Any) -> Any:
        for _ in range(depth):
            x = F.sin(x)
        return x

    def second() -> float:
        program = Program(chain, ())
        builder = extend(program.graph, DEFAULT_LIMITS)
        refs = builder.values(program.graph.nodes)
        node = builder.node_of(program.back(builder, refs, 1.0)[0])
        graph = builder.graph(node, program.inputs)
        values = arrays.evaluate(graph, {"x0": np.float64(1.0)}, DEADLINE)
        with np.errstate(all="ignore"):
            return float(pushforward(ARRAYS, graph, values, {0: 1.0}, DEADLINE)[node.id])

    x, first, curve = 1.0, 1.0, 0.0
    for _ in range(depth):
        x, first, curve = math.sin(x), math.cos(x) * first, math.cos(x) * curve - math.sin(x) * first**2
    assert shallow(second) == pytest.approx(curve, rel=1e-10)


def test_a_factor_that_is_zero_is_differentiated_all_the_same() -> None:
    """An exact zero wins in the chain rule, and still its own derivative is the other factor."""
    x, y = engine.tensor(0.0, requires_grad=True), engine.tensor(0.5, requires_grad=True)
    value = x * y.exp()
    for leaf in (y, y, x):
        (value,) = engine.grad(value, [leaf], create_graph=True)  # type: ignore[assignment]
    assert value.item() == pytest.approx(math.exp(0.5), rel=1e-15)
    hessian = engine.hessian("x * y * exp(z)", {"x": 0.0, "y": 0.0, "z": 0.5}).hessians
    assert hessian["x"]["y"] == pytest.approx(math.exp(0.5), rel=1e-15)


def test_a_batch_of_batches() -> None:
    """An operator on values of both is the upper one's, on whichever side that value stands."""
    lower = Batch(ARRAYS, 2)
    upper = Batch(lower, 3)
    a = Batched(lower, np.array([10.0, 20.0]))
    b = Batched(upper, np.array([1.0, 2.0, 3.0]))
    for found in (a * b, b * a):
        assert found.space is upper
        assert found.value.space is lower
        assert found.value.value.tolist() == [[10.0, 20.0, 30.0], [20.0, 40.0, 60.0]]
    assert (a - b).value.value.tolist() == [[9.0, 8.0, 7.0], [19.0, 18.0, 17.0]]
    assert (a > b).value.value.all()


def test_a_batch_above_the_graph_builder() -> None:
    builder = Builder()
    F = Batch(builder, 2)
    x = builder.values([builder.leaf("x", (), "float64")])[0]
    for found in (x * Batched(F, np.array([3.0, 4.0])), Batched(F, np.array([3.0, 4.0])) * x):
        assert found.space is F
        graph = builder.graph(builder.node_of(found.value), {"x": 0})
        assert arrays.evaluate(graph, {"x": np.float64(2.0)}, Deadline(10))[graph.output].tolist() == [6.0, 8.0]
