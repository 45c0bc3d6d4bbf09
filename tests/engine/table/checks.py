"""The comparisons of what the engine says with what is true, each for one function of the table.

Tolerances, all relative and in double precision; an ulp is 2**-52:

    points   8 ulp at every order, for functions of elements, tails included. At orders 2 and 3, and where there are
             several operands, 8 ulp too of what an ulp of an operand changes the derivative by (its conditioning):
             a difference a - b is rounded before any rule sees it.
    cases    1e-13 at order 1, ten times that for each further order, of a derivative along random directions.
    batches  none: what is computed for many is what is computed for one. Products of matrices may sum in another
             order, and have 1e-13.
    single   2e-5 in single precision, against double precision.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import Any

import mpmath
import numpy as np

from engine.interpret import arrays
from engine.interpret.arrays import ARRAYS
from engine.interpret.build import Builder, Ref
from engine.kinds import Primitive
from engine.shapes import COMPLEX
from engine.transform.batch import Batch, Batched
from tests.engine.table import balls, oracles, peers
from tests.engine.table.exact import joined
from tests.engine.table.samples import (
    TABLE,
    Case,
    called,
    cases,
    directions,
    generator,
    is_pointwise,
    operands,
    points,
    smooth,
)
from tests.engine.table.walks import (
    DEADLINE,
    WORDS,
    Trace,
    batched_values,
    by_tensors,
    of_no_seed,
    pulled,
    pulled_floats,
    pushed,
    unbatched,
)

ULP = 2.0**-52
TINY = 2.0**-1022
ULPS = 8
CASES = 1e-13
SUMS = 1e-13
CANCELLED = 1e-3
"""Sums that cancel to less than this are compared as if they were as large: their terms are about 1."""
SINGLE = 2e-5
ORDERS = (1, 2, 3)


def present(function: Any, case: Case) -> list[int]:
    """The places of the operands that the derivative is taken by."""
    return [k for k in smooth(function, len(case.shapes)) if case.shapes[k] is not None]


# Functions of elements, at many points


def check_points(name: str) -> None:
    """At points all over the domain, tails included: value and every partial derivative up to order 3."""
    function = TABLE[name]
    if not is_pointwise(function) or function.kind == "flat":
        return
    xs = points(function)
    vectors = Trace(function, Case(((len(xs[0]),),) * len(xs), {}))
    numbers = Trace(function, Case(((),) * len(xs), {}))
    places = smooth(function, len(xs))
    value = vectors.values(xs)[vectors.output.id]
    assert_near(value, exact_points(name, (), xs), f"{name} itself", xs)
    for order in ORDERS:
        for by in combinations_with_replacement(places, order):
            exact = exact_points(name, by, xs)
            for letter in "RF":
                walk, scalar = vectors.derived("", (), None), numbers.derived("", (), None)
                for k in by:
                    walk, scalar = walk.partial(letter, k), scalar.partial(letter, k)
                assert_near(walk.over_arrays(xs), exact, f"{name} by {by}, {letter * order} over arrays", xs)
                if numbers.graph.scalar:
                    assert_floats(scalar, exact, f"{name} by {by}, {letter * order} over floats", xs)
    if numbers.graph.scalar:
        found = [pulled_floats(numbers, x, places) for x in zip(*xs, strict=True)]
        for i, k in enumerate(places):
            kept = [j for j, partials in enumerate(found) if partials is not None]
            got = np.array([found[j][i] for j in kept])  # type: ignore[index]
            exact, scale = exact_points(name, (k,), xs)
            assert_near(got, (exact[kept], scale[kept]), f"{name} by {k}, backward over floats", [x[kept] for x in xs])


def assert_floats(scalar: Any, exact: Any, what: str, xs: list[Any]) -> None:
    """Floats say what is true, or leave it to arrays: only where something on the way is not finite."""
    kept, got = [], []
    for j, x in enumerate(zip(*xs, strict=True)):
        found = scalar.over_floats(x)
        if found is None:
            everything = scalar.all_over_arrays([np.float64(v) for v in x])
            assert not all(np.isfinite(v).all() for v in everything), f"{what} gave up at {x}, where all is finite"
        else:
            kept.append(j)
            got.append(found)
    assert_near(np.array(got), (exact[0][kept], exact[1][kept]), what, [x[kept] for x in xs])


@cache
def _exact_point(name: str, by: tuple[int, ...], x: tuple[float, ...]) -> tuple[float, float]:
    """A derivative, and the number that its error is measured by."""
    exact = balls.derivative(name, by, x)
    scale = abs(exact)
    places = smooth(TABLE[name], len(x))
    if len(x) > 1 or len(by) > 1:
        for k in places:
            scale += abs(balls.derivative(name, tuple(sorted((*by, k))), x) * float(x[k]))
    return float(exact), float(scale)


def exact_points(name: str, by: tuple[int, ...], xs: list[Any]) -> tuple[Any, Any]:
    found = [_exact_point(name, by, tuple(map(float, x))) for x in zip(*xs, strict=True)]
    return np.array([exact for exact, _ in found]), np.array([scale for _, scale in found])


def assert_near(found: Any, exact: tuple[Any, Any], what: str, xs: list[Any]) -> None:
    truth, scale = exact
    with np.errstate(all="ignore"):
        near = (found == truth) | (np.abs(found - truth) <= np.minimum(ULPS * ULP * scale + TINY, 1e300))
    assert found.shape == truth.shape
    if not near.all():
        i = int(np.argmin(near))
        raise AssertionError(f"{what} at {[float(x[i]) for x in xs]}: {found[i]!r} and not {truth[i]!r}")


# Every function, in all shapes


def check_cases(name: str) -> None:
    """Along random directions, in every shape: orders 1 to 3, either mode and both, over arrays, floats and tensors."""
    function = TABLE[name]
    tried = cases(function)
    assert tried, f"{name} says neither how it acts on elements nor examples= of how to call it"
    assert any(not case.empty for case in tried)
    for case in tried:
        _check_case(function, case)


def _check_case(function: Any, case: Case) -> None:
    trace = Trace(function, case)
    places = present(function, case)
    xs = operands(function, case)
    value = trace.values(xs)[trace.output.id]
    assert np.shape(value) == trace.output.shape, f"{function.name} {case}"
    assert_type(function, value, trace.output)
    rng = generator(f"{function.name} {case} directions")
    weights = rng.uniform(0.5, 1.5, np.shape(value))
    along = directions(case, places, len(ORDERS), rng)
    definition = oracles.definition(function)
    assert definition, f"{function.name} is defined nowhere else: write a definition in oracles.py or sympy= in its row"
    params = {key: v for key, v in case.params.items() if not key.startswith("_")}
    exact = _exact_orders(lambda *at: joined(definition(*at, **params)), xs, along, weights, function, case)
    if exact is None:
        check_nothing(trace, xs, places)
        return
    tolerance = SINGLE if params.get("dtype") == "float32" else CASES
    assert_close(float(np.sum(weights * value)), exact[0], tolerance, f"{function.name} {case}")
    if function.kind == "composition" and not places and exact[0] == 0:
        assert not np.signbit(value).any(), f"{function.name} {case}: zeros are positive"
    for word in WORDS:
        walk = trace.derived(word, along, weights)
        truth, slack = exact[len(word)], tolerance * 10 ** (len(word) - 1)
        what = f"{function.name} {case} {word}"
        assert_close(walk.weighed(walk.over_arrays(xs)), truth, slack, f"{what} over arrays")
        if walk.graph.scalar and all(s == () for s in case.shapes):
            found = walk.over_floats(xs)
            assert found is not None, f"{what} over floats"
            assert_close(walk.weighed(found), truth, slack, f"{what} over floats")
    if places:
        for order, found in enumerate(by_tensors(trace, xs, along, weights), 1):
            assert_close(
                found, exact[order], tolerance * 10 ** (order - 1), f"{function.name} {case} order {order}, eager"
            )
        check_transpose(trace, xs, places, along[0], weights, exact[1], tolerance)


def assert_type(function: Any, value: Any, node: Any) -> None:
    declared = _declared(function)
    assert node.dtype == node.params.get(declared, declared or "float64"), f"{function.name} is {node.dtype}"
    assert value.dtype.name == node.dtype, f"{function.name} gives {value.dtype} and announces {node.dtype}"


def _declared(function: Any) -> str | None:
    """The type that a row says its results have, or the parameter that says it; of complex ones that of the parts."""
    declared = function.result_dtype if isinstance(function, Primitive) else None
    return "float64" if declared == COMPLEX else declared if isinstance(declared, str) else None


def _exact_orders(definition: Any, xs: Any, along: Any, weights: Any, function: Any, case: Case) -> list[float] | None:
    """The value and the derivatives; ``None`` where there are no elements, and so no value, to speak of."""
    if case.empty:
        value = _value_of_nothing(definition, xs)
        if value is None or not all(map(mpmath.isfinite, np.ravel(value))):
            return None
    orders = [float(oracles.directional(definition, xs, along[:order], weights)) for order in (0, *ORDERS)]
    return orders if function.kind != "flat" else [orders[0], 0.0, 0.0, 0.0]


def _value_of_nothing(definition: Any, xs: Any) -> Any:
    try:
        with np.errstate(all="ignore"):
            return definition(*[None if x is None else oracles.exactly(x) for x in xs])
    except (ValueError, ZeroDivisionError, IndexError, RuntimeWarning):
        return None


def check_nothing(trace: Trace, xs: Any, places: list[int]) -> None:
    """Of what has no elements the gradient has none either; what else there is gets zeros."""
    found = pulled(ARRAYS, trace, trace.values(xs), np.ones(trace.output.shape), places)
    for k, ct in zip(places, found, strict=True):
        if ct is not None:
            assert np.shape(ct) == trace.case.shapes[k], f"{trace.function.name} {trace.case}"
            assert np.size(ct) == 0 or not np.any(ct), f"{trace.function.name} {trace.case}"


def check_transpose(
    trace: Trace, xs: Any, places: list[int], v: Any, weights: Any, exact: float, tolerance: float
) -> None:
    """One pass over numbers each way: ⟨w, Jv⟩ is ⟨Jᵀw, v⟩ is what is true; shapes and types are the operands'."""
    values = trace.values(xs)
    what = f"{trace.function.name} {trace.case}"
    back = pulled(ARRAYS, trace, values, _as_seed(weights, values[trace.output.id]), places)
    for k, ct in zip(places, back, strict=True):
        assert ct is None or (np.shape(ct) == trace.case.shapes[k] and ct.dtype == np.float64), f"{what}: cotangent {k}"
    total = sum(float(np.sum(ct * v[k])) for k, ct in zip(places, back, strict=True) if ct is not None)
    assert_close(total, exact, tolerance, f"{what} backward")
    on = pushed(ARRAYS, trace, values, {k: v[k] for k in places})
    if on is not None:
        assert np.shape(on) == trace.output.shape, f"{what}: tangent"
    assert_close(0.0 if on is None else float(np.sum(weights * on)), exact, tolerance, f"{what} forward")


def _as_seed(weights: Any, value: Any) -> Any:
    return np.asarray(weights, dtype=value.dtype)[()]


def assert_close(found: float, exact: float, tolerance: float, what: str) -> None:
    assert found == exact or abs(found - exact) <= tolerance * (1 + abs(exact)), f"{what}: {found!r} and not {exact!r}"


# Linear rows


def check_linearity(name: str) -> None:
    """A linear row is linear, and its pullback is the transpose of the matrix that its columns make."""
    function = TABLE[name]
    if function.kind != "linear":
        return
    for case in cases(function):
        trace = Trace(function, case)
        xs, others = operands(function, case), operands(function, case, draw=1)

        def run(at: list[Any], trace: Trace = trace) -> Any:
            return np.array(trace.values(at)[trace.output.id], dtype="float64")

        if not np.isfinite(run(xs)).all():
            continue
        slack = SINGLE if case.params.get("dtype") == "float32" else CASES
        places = present(function, case)
        mixed = [
            2.0 * x - 3.0 * other if k in places else x for k, (x, other) in enumerate(zip(xs, others, strict=True))
        ]
        assert np.allclose(run(mixed), 2.0 * run(xs) - 3.0 * run(others), rtol=slack, atol=slack), f"{name} {case}"
        zeros = [np.zeros_like(x) if k in places else x for k, x in enumerate(xs)]
        rows = rows_of(trace, trace.values(xs), places)
        for k, x in ((k, xs[k]) for k in places):
            columns = []
            for place in np.ndindex(x.shape):
                unit = np.zeros_like(x)
                unit[place] = 1.0
                columns.append(run([unit if j == k else zero for j, zero in enumerate(zeros)]).ravel())
            matrix = np.array(columns).T.reshape(trace.output.shape + x.shape)
            assert np.allclose(rows[k], matrix, rtol=1e-15, atol=0), f"{name} {case}: transpose by operand {k}"


def rows_of(trace: Trace, values: list[Any], places: list[int]) -> dict[int, Any]:
    """The Jacobian by each operand, from a backward pass for each element of the result."""
    shape = trace.output.shape
    found: dict[int, list[Any]] = {k: [] for k in places}
    for place in np.ndindex(shape):
        seed = np.zeros(shape, dtype=trace.output.storage)
        seed[place] = 1.0
        for k, ct in zip(places, pulled(ARRAYS, trace, values, seed[()], places), strict=True):
            found[k].append(np.zeros(trace.case.shapes[k]) if ct is None else ct)
    return {k: np.array(rows).reshape(shape + trace.case.shapes[k]) for k, rows in found.items()}


# Batches

LENGTH = 3


def check_batch(name: str) -> None:
    """A batch is a stacked loop: forward with any of the operands batched, backward and forward derivatives over plain
    and over batched values.
    """
    function = TABLE[name]
    for case in cases(function):
        trace = Trace(function, case)
        draws = [operands(function, case, draw) for draw in range(LENGTH)]
        _check_forward(trace, draws)
        if present(function, case):
            _check_derivatives(trace, draws)


def _check_forward(trace: Trace, draws: list[list[Any]]) -> None:
    given = [k for k, s in enumerate(trace.case.shapes) if s is not None]
    for subset in (s for r in range(1, len(given) + 1) for s in combinations(given, r)):
        F = Batch(ARRAYS, LENGTH)
        xs = [_stacked(F, draws, k) if k in subset else draws[0][k] for k in range(len(draws[0]))]
        with np.errstate(all="ignore"):
            found = unbatched(called(F, trace.function, xs, trace.case.params), LENGTH, trace.output.shape)
        looped = [
            trace.values([draw[k] if k in subset else draws[0][k] for k in range(len(draw))])[trace.output.id]
            for draw in draws
        ]
        assert_same(trace, found, looped, f"batched at {subset}")
    _check_graph_of_batch(trace, draws, given)


def _check_graph_of_batch(trace: Trace, draws: list[list[Any]], given: list[int]) -> None:
    """The same with the graph builder below: a graph that computes the batch."""
    builder = Builder()
    F = Batch(builder, LENGTH)
    types = {k: x.dtype.name for k, x in trace.case.data}
    leaves = {k: builder.leaf(f"x{k}", (LENGTH, *trace.case.shapes[k]), types.get(k, "float64")) for k in given}
    xs = [Batched(F, Ref(builder, leaves[k])) if k in given else None for k in range(len(draws[0]))]
    batch = called(F, trace.function, xs, trace.case.params)
    if not isinstance(batch, Batched):
        return  # it is the same for all of the batch, as `_check_forward` has seen
    made = builder.node_of(batch.value)
    graph = builder.graph(made, {f"x{k}": leaf.id for k, leaf in leaves.items()})
    stacks = {f"x{k}": np.stack([np.asarray(draw[k]) for draw in draws]) for k in given}
    found = arrays.evaluate(graph, stacks, DEADLINE)[made.id]
    assert made.shape == (LENGTH, *trace.output.shape)
    assert_same(trace, found, [trace.values(draw)[trace.output.id] for draw in draws], "batched graph")


def _stacked(F: Batch, draws: list[list[Any]], k: int) -> Batched:
    return Batched(F, np.stack([np.asarray(draw[k]) for draw in draws]))


def _check_derivatives(trace: Trace, draws: list[list[Any]]) -> None:
    places = present(trace.function, trace.case)
    rng = generator(f"{trace.function.name} {trace.case} seeds")
    plain = [trace.values(draw) for draw in draws]
    shape = trace.output.shape
    weights = [np.asarray(rng.uniform(0.5, 1.5, shape), dtype=trace.output.storage) for _ in draws]
    tangents = [{k: rng.uniform(0.5, 1.5, trace.case.shapes[k]) for k in places} for _ in draws]
    for over_batch in (False, True):
        F = Batch(ARRAYS, LENGTH)
        at = [plain[i] if over_batch else plain[0] for i in range(LENGTH)]
        stacks = [
            None if x is None else np.stack([np.asarray(draw[k]) for draw in draws]) for k, x in enumerate(draws[0])
        ]
        values = batched_values(F, trace, stacks) if over_batch else plain[0]
        found = pulled(F, trace, values, Batched(F, np.stack(weights)), places)
        looped = [pulled(ARRAYS, trace, values, w[()], places) for values, w in zip(at, weights, strict=True)]
        for i, k in enumerate(places):
            own = trace.case.shapes[k]
            each = [np.zeros(own) if row[i] is None else row[i] for row in looped]
            assert_same(trace, unbatched(found[i], LENGTH, own), each, f"backward by {k}")
        seeds = {k: Batched(F, np.stack([t[k] for t in tangents])) for k in places}
        on = pushed(F, trace, values, seeds)
        each = [pushed(ARRAYS, trace, values, t) for values, t in zip(at, tangents, strict=True)]
        each = [np.zeros(shape) if t is None else np.broadcast_to(t, shape) for t in each]
        assert_same(trace, unbatched(on, LENGTH, shape), each, "forward")


def assert_same(trace: Trace, found: Any, looped: list[Any], what: str) -> None:
    """The same numbers, to the last bit where nothing but the order of a sum could differ."""
    stack = np.stack([np.asarray(x) for x in looped])
    assert found.shape == stack.shape, f"{trace.function.name} {trace.case} {what}: {found.shape}, not {stack.shape}"
    same = np.array_equal(found, stack, equal_nan=True) or (
        _sums(trace) and np.allclose(found, stack, rtol=SUMS, atol=SUMS * np.max(np.abs(stack), initial=CANCELLED))
    )
    assert same, f"{trace.function.name} {trace.case} {what}: {found} and not {stack}"


def _sums(trace: Trace) -> bool:
    """Whether the call sums products, which BLAS and NumPy do in an order that depends on the layout."""
    return any(node.primitive.kind in ("bilinear", "explicit", "linear") for node in trace.graph.nodes)


# Seeds of zeros


def check_zero_seed(name: str) -> None:
    """Both passes are linear in their seeds, at zero too: what they are differentiated to there is what they are.

    A rule that is zero for a seed of zeros by decree loses second derivatives wherever a first one is zero.
    """
    function = TABLE[name]
    for case in cases(function):
        places = present(function, case)
        if case.empty or not places:
            continue
        trace = Trace(function, case)
        xs = operands(function, case)
        values = trace.values(xs)
        rng = generator(f"{name} {case} zero seed")
        weights = _as_seed(rng.uniform(0.5, 1.5, trace.output.shape), values[trace.output.id])
        tangents = {k: rng.uniform(0.5, 1.5, trace.case.shapes[k]) for k in places}
        back, on = of_no_seed(trace, xs, weights, tangents)
        for k, found, ct in zip(places, back, pulled(ARRAYS, trace, values, weights, places), strict=True):
            assert_alike(found, ct, f"{name} {case}: the cotangent of operand {k}, by its seed")
        assert_alike(on, pushed(ARRAYS, trace, values, tangents), f"{name} {case}: the tangent, by its seed")


def assert_alike(found: Any, truth: Any, what: str) -> None:
    found, truth = (np.zeros(()) if x is None else np.asarray(x) for x in (found, truth))
    assert np.allclose(found, truth, rtol=SUMS, atol=SUMS * np.max(np.abs(truth), initial=0.0)), (
        f"{what}: {found} and not {truth}"
    )


# Element types, strong zeros, peers


def check_single(name: str) -> None:
    """In single precision values and derivatives are single, and near those in double."""
    function = TABLE[name]
    for case in cases(function):
        places = present(function, case)
        if case.empty or (function.kind == "composition" and not places):
            continue  # there is nothing that has a precision
        double, single = Trace(function, case), Trace(function, case, "float32")
        xs = [_single(x) for x in operands(function, case)]
        wide = [x.astype("float64") if getattr(x, "dtype", None) == np.float32 else x for x in xs]
        values, exact = single.values(xs), double.values(wide)
        declared = _declared(function)
        kind = case.params.get(declared, declared or ("float64" if single.graph.complex else "float32"))
        assert single.output.dtype == values[single.output.id].dtype.name == kind, f"{name} {case}"
        if not places:
            continue
        seed = generator(f"{name} {case} single").uniform(0.5, 1.5, single.output.shape)
        found = pulled(ARRAYS, single, values, seed.astype(kind)[()], places)
        wanted = pulled(ARRAYS, double, exact, seed[()], places)
        for k, ct, truth in zip(places, found, wanted, strict=True):
            if truth is not None:
                assert ct.dtype == np.float32, f"{name} {case}: the cotangent of operand {k} is {ct.dtype}"
                assert np.allclose(ct, truth, rtol=SINGLE, atol=SINGLE * max(1.0, np.max(np.abs(truth)))), (
                    f"{name} {case}"
                )
        on = pushed(ARRAYS, single, values, {k: np.ones_like(xs[k]) for k in places})
        assert on is None or np.asarray(on).dtype.name == kind, f"{name} {case}: the tangent is {np.asarray(on).dtype}"


def _single(x: Any) -> Any:
    return x if x is None or x.dtype.kind != "f" else x.astype("float32")


COMPARED: set[str] = set()
"""The functions that autograd has been compared with."""

EXTREMES = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan)


def check_strong_zeros(name: str) -> None:
    """An exact zero, backward or forward, stays zero whatever the derivative: at the edges of the domain and beyond."""
    function = TABLE[name]
    if not is_pointwise(function) or function.kind == "flat":
        return
    count = len(function.signature.operands)
    edges = [*EXTREMES, *(edge for interval in getattr(function, "domain", ()) for edge in interval)]
    xs = [np.array(column) for column in zip(*product(edges, repeat=count), strict=True)]
    trace = Trace(function, Case((xs[0].shape,) * count, {}))
    places = smooth(function, count)
    values = trace.values(xs)
    zeros = np.zeros(xs[0].shape)
    for k, ct in zip(places, pulled(ARRAYS, trace, values, zeros, places), strict=True):
        assert ct is None or not np.any(ct), f"{name}: a cotangent of zero became {ct} by operand {k} at {xs}"
    on = pushed(ARRAYS, trace, values, dict.fromkeys(places, zeros))
    assert on is None or not np.any(on), f"{name}: a tangent of zero became {on} at {xs}"


def check_peer(name: str) -> None:
    """HIPS autograd agrees at orders 1 and 2, where it has the function."""
    function = TABLE[name]
    for case in cases(function):
        places = present(function, case)
        peer = peers.spelled(function, case)
        if case.empty or not places or peer is None:
            continue
        xs = operands(function, case)
        rng = generator(f"{name} {case} peer")
        trace = Trace(function, case)
        weights = rng.uniform(0.5, 1.5, trace.output.shape)
        along = directions(case, places, 2, rng)
        for order in (1, 2):
            walk = trace.derived("RF"[:order], along, weights)
            truth = peers.directional(peer, xs, along[:order], weights, places)
            COMPARED.add(name)
            assert_close(walk.weighed(walk.over_arrays(xs)), truth, 1e-11, f"{name} {case} order {order}, autograd")


def check_complex(name: str) -> None:
    """On complex operands: the value, what comes back to them (∂L/∂a + i ∂L/∂b) and the tangent, and one order on."""
    function = TABLE[name]
    if function.complex is False or function.kind == "flat":
        return
    for case in cases(function):
        places = present(function, case)
        if not case.empty and places and not isinstance(case.params.get("dtype"), str):
            _check_complex_case(function, case, places)


def _check_complex_case(function: Any, case: Case, places: list[int]) -> None:
    what = f"{function.name} {case} of complex numbers"
    draws = operands(function, case), operands(function, case, draw=1)
    xs = [x + 0.5j * turned if k in places else x for k, (x, turned) in enumerate(zip(*draws, strict=True))]
    trace = Trace(function, case, COMPLEX)
    values = trace.values(xs)
    value = values[trace.output.id]
    rng = generator(what)
    weights = rng.uniform(0.5, 1.5, np.shape(value))
    along = [
        [None if v is None else v + 1j * u for v, u in zip(*directions(case, places, 2, rng), strict=True)]
        for _ in range(2)
    ]
    definition = oracles.definition(function)
    assert definition
    params = {key: v for key, v in case.params.items() if not key.startswith("_")}
    exact = [
        float(oracles.directional(lambda *at: joined(definition(*at, **params)), xs, along[:order], weights))
        for order in range(3)
    ]
    assert_close(float(np.sum(weights * value)), exact[0], CASES, what)
    back = pulled(ARRAYS, trace, values, weights[()], places)
    total = sum(np.sum(np.conj(ct) * along[0][k]).real for k, ct in zip(places, back, strict=True) if ct is not None)
    assert_close(float(total), exact[1], CASES, f"{what}, backward")
    on = pushed(ARRAYS, trace, values, {k: along[0][k] for k in places})
    assert_close(0.0 if on is None else float(np.sum(weights * on)), exact[1], CASES, f"{what}, forward")
    walk = trace.derived("RF", along, weights)
    assert_close(walk.weighed(walk.over_arrays(xs)), exact[2], 10 * CASES, f"{what}, second order")


CHECKS: tuple[Callable[[str], None], ...] = (
    check_cases,
    check_points,
    check_linearity,
    check_batch,
    check_single,
    check_zero_seed,
    check_strong_zeros,
    check_peer,
    check_complex,
)
