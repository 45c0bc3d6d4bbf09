"""Indexing, and assignment to what an index names, against NumPy's own, and their derivatives.

What a key names is found by NumPy on an array that has, in each place, the place's own number: that is the whole truth
about ``x[key]`` and ``x[key] = v``, derivatives too, since both only move elements. PyTorch's figures are in
`tests.recording.indexing`.
"""

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.errors import ExpressionError, ShapeMismatch, WrongArguments
from tests.engine.test_any_program import INPUTS, ask
from tests.engine.test_any_program import LIMITS as LIMITS_OF_ANY
from tests.engine.test_trace import graph_of, ops

SHAPES: list[tuple[int, ...]] = [(), (4,), (3, 4), (2, 3, 4), (2, 1, 3, 2), (0,), (3, 0), (0, 2, 3)]


def tensor(*shape: int, seed: int = 0) -> Any:
    """Random numbers, no two alike."""
    return np.random.default_rng(seed).permutation(np.arange(1.0, 1 + np.prod(shape, dtype=int))).reshape(shape)


def names(shape: tuple[int, ...], key: str, given: dict[str, Any]) -> Any:
    """The numbers of the places that a key names, in the shape that NumPy gives; raises what NumPy raises."""
    numbers = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    return eval(f"numbers[{key}]", {"numbers": numbers, **given})


def assigned(x: Any, key: str, v: Any, given: dict[str, Any]) -> Any:
    """x after ``x[key] = v``, element by element in order, the last one staying."""
    places = names(np.shape(x), key, given)
    spread = np.broadcast_to(np.reshape(v, np.shape(v)[max(0, np.ndim(v) - np.ndim(places)) :]), np.shape(places))
    result = np.array(x).reshape(-1)
    for place, number in zip(np.ravel(places), np.ravel(spread), strict=True):
        result[place] = number
    return result.reshape(np.shape(x))


def typed(given: dict[str, Any]) -> dict[str, Any]:
    """Arrays as inputs of their own element types."""
    return {name: engine.Input(array, dtype=array.dtype.name) for name, array in given.items()}


# Keys that are written by chance


class Keys:
    """A key of a shape as text, drawn part by part, with the arrays that the text names."""

    def __init__(self, draw: Any, shape: tuple[int, ...]) -> None:
        self.draw = draw
        self.shape = shape
        self.given: dict[str, Any] = {}
        self.together = draw(st.sampled_from([(1,), (2,), (3,), (2, 2), (2, 1), (0,)]))

    def parts(self, start: int, stop: int) -> list[str]:
        """Parts that speak of these axes, with some of no axis between them."""
        found: list[str] = []
        axis = start
        while axis < stop:
            found += self.draw(st.sampled_from([[]] * 8 + [["None"], ["True"], ["False"]]))
            part, count = self.part(axis, stop - axis)
            found.append(part)
            axis += count
        return found

    def part(self, axis: int, room: int) -> tuple[str, int]:
        """One part, and how many axes it speaks of."""
        kind = self.draw(st.sampled_from(["slice", "slice", "place", "list", "list", "tensor", "mask"]))
        length = self.shape[axis]
        if kind == "mask":
            count = self.draw(st.integers(1, room))
            return self.array(f"m{axis}", self.draw(truths(self.shape[axis : axis + count]))), count
        if kind == "slice" or not length:
            bounds = [self.draw(st.sampled_from(["", "", "0", "1", "2", "-1", "-3", "7"])) for _ in range(2)]
            return ":".join([*bounds, self.draw(st.sampled_from(["", "1", "2", "-1", "-2"]))]), 1
        if kind == "place":
            return str(self.draw(st.integers(-length, length - 1))), 1
        own = self.draw(st.sampled_from([self.together, self.together, (1,)]))
        places = self.draw(st.lists(st.integers(-length, length - 1), min_size=4, max_size=4))
        found = np.array(places[: int(np.prod(own))], dtype="int64").reshape(own)
        return str(found.tolist()) if kind == "list" else self.array(f"i{axis}", found), 1

    def array(self, name: str, array: Any) -> str:
        self.given[name] = array
        return name


@st.composite
def keys(draw: Any) -> tuple[tuple[int, ...], str, dict[str, Any]]:
    """A shape, a key of it as text, and the arrays that the text names."""
    shape = draw(st.sampled_from(SHAPES))
    made = Keys(draw, shape)
    front = draw(st.integers(0, len(shape)))
    behind = draw(st.integers(front, len(shape)))
    middle = [] if front == behind and draw(st.booleans()) else ["..."]
    parts = [*made.parts(0, front), *middle, *made.parts(behind, len(shape))]
    return shape, ", ".join(parts or ["..."]), made.given


def is_refused(drawn: Any) -> bool:
    """Whether NumPy refuses the key: arrays in it need not broadcast."""
    try:
        names(*drawn)
    except IndexError:
        return True
    return False


POSSIBLE = keys().filter(lambda drawn: not is_refused(drawn))


def truths(shape: tuple[int, ...]) -> Any:
    count = int(np.prod(shape, dtype=int))
    return st.lists(st.booleans(), min_size=count, max_size=count).map(lambda bits: np.array(bits, bool).reshape(shape))


@settings(max_examples=800)
@given(keys())
def test_what_is_read_is_what_numpy_reads(drawn: Any) -> None:
    shape, key, given = drawn
    x = tensor(*shape)
    if is_refused(drawn):
        with pytest.raises(ShapeMismatch, match="do not broadcast"):
            engine.evaluate(f"x[{key}]", {"x": x, **typed(given)})
        return
    expected = np.reshape(x, -1)[places] if (places := names(shape, key, given)).size else np.zeros(places.shape)
    weights = tensor(*places.shape, seed=1)
    answer = engine.Problem(f"x[{key}]").gradient({"x": x, **typed(given)}, wrt=["x"], grad_output=weights)
    assert np.shape(answer.value) == places.shape
    assert np.array_equal(answer.value, expected)
    scattered = np.zeros(x.size)
    np.add.at(scattered, places, weights)
    assert np.array_equal(answer.gradients["x"], scattered.reshape(shape))


@settings(max_examples=600)
@given(POSSIBLE, st.data())
def test_what_is_replaced_is_what_numpy_replaces(drawn: Any, data: Any) -> None:
    """With a value of the part's own shape, or of one that broadcasts to it, longer ones by axes of length 1 too."""
    shape, key, given = drawn
    x, places = tensor(*shape), names(shape, key, given)
    kept = data.draw(st.integers(0, places.ndim))
    own = [data.draw(st.sampled_from([n, n, 1])) for n in places.shape[kept:]]
    v = tensor(*[1] * data.draw(st.sampled_from([0, 0, 1, 2])), *places.shape[:0], *own, seed=1) / 2
    problem, inputs = engine.Problem(f"a = x * 1\na[{key}] = v\na"), {"x": x, "v": v, **typed(given)}
    weights = tensor(*shape, seed=2)
    answer = problem.gradient(inputs, wrt=["x", "v"], grad_output=weights)
    assert np.array_equal(answer.value, assigned(x, key, v, given))
    # Which element of v is in each place at last: all that the derivative can be.
    sources = assigned(np.full(shape, -1), key, np.arange(v.size).reshape(v.shape), given)
    assert np.array_equal(answer.gradients["x"], np.where(sources < 0, weights, 0.0))
    back = np.zeros(v.size)
    np.add.at(back, sources[sources >= 0], weights[sources >= 0])
    assert np.array_equal(answer.gradients["v"], back.reshape(v.shape))
    on = problem.jvp(inputs, {"x": x * 3, "v": v * 5})
    assert np.array_equal(on.jvp, assigned(x * 3, key, v * 5, given))


@settings(max_examples=300)
@given(POSSIBLE)
def test_numpy_agrees_on_what_is_put_where(drawn: Any) -> None:
    """The truth of these tests is NumPy's assignment, where it takes a value of the part's shape."""
    shape, key, given = drawn
    x = tensor(*shape)
    v = tensor(*names(shape, key, given).shape, seed=1)
    copy = x.copy()
    with contextlib.suppress(TypeError):  # a mask alone takes no value of two axes there
        exec(f"copy[{key}] = v; done = True", {"copy": copy, "v": v, **given}, done := {})
        assert done
        assert np.array_equal(copy, assigned(x, key, v, given))


# Whatever stands in a key

PARTS = ["[0, 1]", "[[0], [1]]", "i", "i - 1", "b", "v > 0", "m > 1", "True", "k", "range(2)", "[k, 0]", "[i, i]", "z",
         "[True, False]", "(0, 1)", "[]", "None", "...", "::-1", "1:", "0", "-1", "k:", "argmax(v)", "[v]", "1j",
         "'a'"]  # fmt: skip
TENSORS = ["x", "v", "m", "t", "n", "b", "i", "s", "[v, v]", "m @ m", "1j * v", "t > 0", "[1, 2]", "zeros(2, 3)", "3"]


@settings(max_examples=1000)
@given(
    st.sampled_from(TENSORS),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(", ".join),
    st.sampled_from(["=", "=", "+=", "*="]),
    st.sampled_from([*TENSORS, "0", "2.5", "q", "True", "None"]),
)
def test_an_assignment_is_answered_or_refused(tensor: str, key: str, sign: str, value: str) -> None:
    """By an error of the tree, never another; in every question, of the right shape."""
    with contextlib.suppress(engine.NablaError):
        problem = engine.Problem(f"q = {tensor}\nq[{key}] {sign} {value}\nq", LIMITS_OF_ANY)
        answer = problem.evaluate(INPUTS)
        assert np.shape(answer.value) == answer.shape == np.shape(engine.evaluate(f"{tensor} * 1", INPUTS).value)
        ask(problem, answer.shape)


# Keys in every spelling

M = np.arange(12.0).reshape(3, 4)
I = {"i": engine.Input([2, 0], dtype="int64"), "k": engine.Input(1, dtype="int64")}  # noqa: E741

SPELLINGS = [
    ("M[[0, 1], [1, 0]]", [1.0, 4.0]), ("M[[True, False, True], 1]", [1.0, 9.0]), ("M[[1.0, 2.0], 0]", [4.0, 8.0]),
    ("M[[k, 0], [3, -1]]", [7.0, 3.0]), ("M[[i, i + 0], 1]", [[9.0, 1.0], [9.0, 1.0]]),
    ("M[range(0, 3, 2), 0]", [0.0, 8.0]),
    ("M[arange(2), arange(2)]", [0.0, 5.0]), ("M[(2, 3)]", 11.0), ("p = (2, 3)\nM[p]", 11.0), ("M[[2, 1]][0, 0]", 8.0),
    ("p = [0, 1]\nM[p, p]", [0.0, 5.0]), ("M[argmax(M, axis=0), [0, 1, 2, 3]]", [8.0, 9.0, 10.0, 11.0]),
    ("M[M[:, 0] > 3, -1]", [7.0, 11.0]), ("M[k]", [4.0, 5.0, 6.0, 7.0]), ("M[k, k]", 5.0),
    ("M[k:, i]", [[6.0, 4.0], [10.0, 8.0]]),
    ("M[[j for j in range(3) if j != 1], 0]", [0.0, 8.0]), ("M[(0, 1), 0]", [0.0, 4.0]),
    ("M[1, newaxis, i]", [[6.0], [4.0]]), ("M[1, i][newaxis]", [[6.0, 4.0]]),
    ("M[max(M, dim=1).indices, 0:1]", None), ("[M, -M][1][0, 1]", -1.0),
    ("[[1, 2], [3, 4]][[0, 1], [1, 0]]", [2.0, 3.0]),
    ("M[len(M) - 1, 0]", 8.0), ("M[[0, 1], [0, 1]][M[0, 1] > 0]", [[0.0, 5.0]]), ("M[[]]", np.zeros((0, 4))),
    ("M[:, [[]]]", np.zeros((3, 1, 0))), ("M[[], []]", np.zeros(0)), ("M[True]", M[None]), ("M[M > 99]", np.zeros(0)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), SPELLINGS)
def test_a_key_may_be_written_or_computed(text: str, value: Any) -> None:
    if value is None:
        with pytest.raises(WrongArguments, match="index 3 is out of range for axis 0, of length 3"):
            engine.evaluate(text, {"M": M, **I})
        return
    found = engine.evaluate(text, {"M": M, **I}).value
    assert np.shape(found) == np.shape(value)
    assert np.array_equal(found, value)


def test_what_present_keys_make_is_one_node() -> None:
    for key in ("0", "1:, ::2", "..., None", "[2, 0]", ":, [1, 1]", "None, [0]", "[True, False, True]"):
        assert ops(graph_of(f"x[{key}]", x=M)) == ["input", "index"]
    assert ops(graph_of("x[[0, 1], [1, 0]]", x=M)) == ["input", "reshape", "index"]
    assert ops(graph_of("x[[[0, 1]]]", x=M)) == ["input", "index", "reshape"]
    assert ops(graph_of("x[[0], :, [1]]", x=np.zeros((2, 3, 2)))) == ["input", "permute", "reshape", "index"]


def test_an_assignment_is_one_node_where_a_key_is_one() -> None:
    graph = graph_of("x[1:3, 0] = 0\nx", x=M)
    assert ops(graph) == ["input", "constant", "replace"]
    assert graph.nodes[-1].primitive.grad_fn == "IndexPutBackward0"
    assert graph.nodes[-1].name == "x"
    assert ops(graph_of("x[x > 1] = 0\nx", x=[1.0, 2.0])).count("replace") == 1


# What becomes of derivatives


@pytest.mark.parametrize("old", [np.inf, -np.inf, np.nan, 0.0])
def test_what_was_replaced_passes_nothing_on(old: float) -> None:
    """Not even where the old value is infinite, or its derivative: zero is put there, and not multiplied."""
    text = "a = 1 / x\na[0] = 5\na[[1, 2]] = w\nsum(a * b)"
    answer = engine.gradient(text, {"x": [old, 2.0, old], "b": [np.inf, 3.0, 1.0], "w": 0.5})
    assert answer.value == np.inf
    assert answer.gradients["x"].tolist() == [0.0, 0.0, 0.0]
    assert answer.gradients["w"] == 4.0
    back = engine.gradient("a = 1 / x\na[1] = 0\nsum(a)", {"x": [2.0, 0.0]}).gradients["x"]
    assert back.tolist() == [-0.25, 0.0]


def test_of_several_values_for_one_place_the_last_stays_and_has_the_derivative() -> None:
    answer = engine.gradient("x[[1, 0, 1]] = v\nsum(x * [10, 100])", {"x": [1.0, 2.0], "v": [3.0, 4.0, 5.0]})
    assert answer.value == 540.0
    assert answer.gradients["v"].tolist() == [0.0, 10.0, 100.0]
    assert answer.gradients["x"].tolist() == [0.0, 0.0]
    answer = engine.gradient("M[[0, 0, 1], [1, 1, 0]] = v\nsum(M ** 2)", {"M": M[:2, :2], "v": [3.0, 4.0, 5.0]})
    assert answer.gradients["v"].tolist() == [0.0, 8.0, 10.0]
    assert answer.gradients["M"].tolist() == [[0.0, 0.0], [0.0, 10.0]]
    assert engine.gradient("M[[0, 0]] = w\nsum(M)", {"M": M, "w": 2.0}).gradients["w"] == 4.0


def test_hessians_go_through_assignments() -> None:
    """f = (x₀w)²·x₁ + (x₀w)·w, by hand: an element that was replaced twice, and read between."""
    text = "a = [x[0], 0, 0]\na[1] = a[0] * w\na[[2, 0]] = [a[1]**2 * x[1], 7]\na[1:2] *= w\na[1] + a[2]"
    answer = engine.hessian(text, {"x": [2.0, 3.0], "w": 0.5})
    x, y, w = 2.0, 3.0, 0.5
    assert answer.value == (x * w) ** 2 * y + x * w * w
    assert np.allclose(answer.hessians["x"]["x"], [[2 * w * w * y, 2 * x * w * w], [2 * x * w * w, 0.0]], rtol=1e-15)
    assert np.allclose(answer.hessians["x"]["w"], [4 * x * w * y + 2 * w, 2 * x * x * w], rtol=1e-15)
    assert np.allclose(answer.hessians["w"]["w"], 2 * x * x * y + 2 * x, rtol=1e-15)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_jacobians_go_through_keys_of_every_kind(mode: str) -> None:
    """The map is affine: column by column it is what it makes of unit vectors."""
    text = "a = x * 2\na[[0, 1], :, [1, 0]] = v\na[:, m] = a[[1, 0]][:, m] + w\na[1, 0, a[0, 0] > 99] = 0\na"
    x, v, w = tensor(2, 3, 2), tensor(3, seed=1), 0.5
    m = np.array([True, False, True])
    inputs = {"x": x, "v": v, "w": w}

    def numpy(x: Any, v: Any, w: Any) -> Any:
        a = x * 2
        a[[0, 1], :, [1, 0]] = v
        a[:, m] = a[[1, 0]][:, m] + w
        return a

    answer = engine.Problem(text).jacobian({**inputs, **typed({"m": m})}, wrt=["x", "v", "w"], mode=mode)
    assert np.array_equal(answer.value, numpy(x, v, w))
    zeros = {name: np.zeros(np.shape(value)) for name, value in inputs.items()}
    for name, jacobian in answer.jacobians.items():
        for place in np.ndindex(np.shape(inputs[name])):
            unit = np.array(zeros[name])
            unit[place] = 1.0
            assert np.array_equal(jacobian[..., *place], numpy(**{**zeros, name: unit})), (name, place)


def test_an_update_in_a_loop_is_differentiated_through_every_step() -> None:
    """Horner's rule, the steps kept in a tensor: the derivative of the last is that of the polynomial."""
    text = "a = zeros(n)\na[0] = c[0]\nfor k in range(1, n):\n    a[k] = a[k-1] * x + c[k]\na[-1]"
    c = np.array([2.0, -1.0, 0.5, 3.0])
    answer = engine.gradient(text, {"c": c, "x": 1.5, "n": engine.Input(4, dtype="int64")}, wrt=["c", "x"])
    assert answer.value == np.polyval(c, 1.5)
    assert answer.gradients["x"] == np.polyval(np.polyder(c), 1.5)
    assert answer.gradients["c"].tolist() == [3.375, 2.25, 1.5, 1.0]


# Element types

FLOATS = [1.0, 2.0, 3.0]
TYPES = [
    ("float32", FLOATS, "w", {"w": 0.5}, "float32", [0.5, 2.0, 3.0]),
    ("float32", FLOATS, "2", {}, "float32", [2.0, 2.0, 3.0]),
    ("float64", FLOATS, "w", {"w": engine.Input(0.5, "float32")}, "float64", [0.5, 2.0, 3.0]),
    ("float64", FLOATS, "n", {"n": engine.Input(7, "int64")}, "float64", [7.0, 2.0, 3.0]),
    ("float64", FLOATS, "b", {"b": engine.Input(True, "bool")}, "float64", [1.0, 2.0, 3.0]),
    ("complex128", FLOATS, "w", {"w": 0.5}, "complex128", [0.5, 2.0, 3.0]),
    ("complex128", FLOATS, "2j", {}, "complex128", [2j, 2.0, 3.0]),
    ("int64", [1, 2, 3], "9", {}, "int64", [9, 2, 3]),
    ("int64", [1, 2, 3], "n", {"n": engine.Input(7, "int64")}, "int64", [7, 2, 3]),
    ("int64", [1, 2, 3], "2 < 3", {}, "int64", [1, 2, 3]),
    ("bool", [False, False, True], "True", {}, "bool", [True, False, True]),
    ("bool", [False, False, True], "1", {}, "bool", [True, False, True]),
    ("bool", [True, False, True], "n", {"n": engine.Input(0, "int64")}, "bool", [False, False, True]),
]


@pytest.mark.parametrize(("dtype", "data", "value", "given", "result", "expected"), TYPES)
def test_a_tensor_keeps_its_element_type(
    dtype: str, data: Any, value: str, given: Any, result: str, expected: Any
) -> None:
    answer = engine.evaluate(f"a[0] = {value}\na", {"a": engine.Input(data, dtype), **given})
    assert answer.dtype == result
    assert answer.value.dtype.name == result
    assert answer.value.tolist() == expected


def test_derivatives_come_back_in_the_element_type_of_what_they_are_by() -> None:
    given = {"a": engine.Input(FLOATS, "float32"), "w": 0.5}
    answer = engine.gradient("a[0:2] = w\nsum(a ** 2)", given)
    assert answer.gradients["w"] == 2.0
    assert answer.gradients["a"].dtype == np.float32
    assert answer.gradients["a"].tolist() == [0.0, 0.0, 6.0]
    answer = engine.gradient("z[0] = w\nsum(abs(z) ** 2)", {"z": [1 + 2j, 1j], "w": 0.5})
    assert answer.gradients["w"] == 1.0
    assert answer.gradients["z"].tolist() == [0, 2j]


# Errors: what is said, and of which part of the text

T = np.zeros((2, 3, 4))
INT, BOOL = engine.Input([1, 2, 3], "int64"), engine.Input([True, False], "bool")
NO_KEY = "an index is a whole number, a slice, None, '...', or a tensor or list of whole numbers or truth values"
KEYS = "write x[0], x[1:], x[[0, 2]] or x[x > 0]"
RAGGED = "the rows of a list of places have different lengths"
APART = "the lists of an index have shapes that do not broadcast: (2,), (3,)"
GRID = "all rows i with all columns j: x[i][:, j]"
MISFIT = "from the last axis backwards, its lengths must be equal to those of the part, or 1"
FLOATING = "make it a tensor of floating-point numbers first: a * 1.0"
PLACES = {n: f"places run from 0 to {n - 1}, and from -{n} to -1 from the end" for n in (2, 3, 4)}
REFUSED: list[tuple[str, str, str | None]] = [
    ("T[0, 3]", "index 3 is out of range for axis 1, of length 3", PLACES[3]),
    ("T[..., -5]", "index -5 is out of range for axis 2, of length 4", PLACES[4]),
    ("1 + T[:, [0, 3]]", "index 3 is out of range for axis 1, of length 3", PLACES[3]),
    ("T[[0, 1], [0, 1], [0, -5]]", "index -5 is out of range for axis 2, of length 4", PLACES[4]),
    ("T[[1e300], 0]", "index 1e+300 is out of range for axis 0, of length 2", PLACES[2]),
    ("T[[0.5], 0]", "an index is a whole number, not 0.5", None),
    ("T[[nan]]", "an index is a whole number, not nan", None),
    ("T[0.5]", "a whole number is needed here, not 0.5", "write int(…) to leave out what is behind the point"),
    ("T[0, 0, 0, 0]", "4 indices are too many for a tensor of 3 axes", "its shape is (2, 3, 4)"),
    ("T[T > 0, 0]", "4 indices are too many for a tensor of 3 axes", "its shape is (2, 3, 4)"),
    ("sum(T)[0]", "1 index is too many for a tensor of 0 axes", "it is a scalar"),
    ("T[..., 0, ...]", "an index has at most one '...'", None),
    ("T[..., [0], ...]", "an index has at most one '...'", None),
    ("T[::0]", "the step of a slice cannot be 0", None),
    ("T[[0], ::0]", "the step of a slice cannot be 0", None),
    ("T[[0, 1], [0, 1, 2]]", APART, GRID),
    ("T[[[0, 1], [0]]]", RAGGED, None),
    ("T[[[0], 0]]", RAGGED, None),
    ("T[[0, [0]]]", RAGGED, None),
    ("T[[n, b]]", RAGGED, None),
    ("T[:, b]", "a mask of shape (2,) on axis 1, of length 3", None),
    ("T[T[0] > 0]", "a mask of shape (3, 4) on axes 0 to 1, of (2, 3)", None),
    ("T[T[:, :, 1:] > 0]", "a mask of shape (2, 3, 3) on a tensor of shape (2, 3, 4)", None),
    ("T['a']", NO_KEY, KEYS),
    ("T[[0, 'a']]", NO_KEY, KEYS),
    ("T[1j]", NO_KEY, KEYS),
    ("T[[1j]]", NO_KEY, KEYS),
    ("T[sin]", NO_KEY, KEYS),
    ("T[0 * 1j * T]", NO_KEY, KEYS),
    ("sin[0]", "only a tensor can be indexed", None),
    ("T[0, 3] = 1", "index 3 is out of range for axis 1, of length 3", PLACES[3]),
    ("T[[0, 1], [0, 1, 2]] = 1", APART, GRID),
    ("T[:, b] = 1", "a mask of shape (2,) on axis 1, of length 3", None),
    ("T['a'] = 1", NO_KEY, KEYS),
    ("T[0] = [1, 2, 3]", "a value of shape (3,) does not fit the part that it replaces, of shape (3, 4)", MISFIT),
    ("T[0, 0, :2] = T", "a value of shape (2, 3, 4) does not fit the part that it replaces, of shape (2,)", MISFIT),
    ("T[[0, 1], 0, [1, 2]] = [1, 2, 3]",
     "a value of shape (3,) does not fit the part that it replaces, of shape (2,)", MISFIT),
    ("T[T > 0] = [1, 2]", "a value of shape (2,) does not fit the part that it replaces, of shape (0,)", MISFIT),
    ("T[0, 0, 0] = 2j", "a complex number does not go into a tensor of real ones",
     "make the tensor complex first: a + 0j"),
    *[(f"n[0] = {value}",
       "a tensor of int64 does not take floating-point numbers: their derivatives would be lost", FLOATING)
      for value in ("0.5", "T[0, 0, 0]", "inf")],
    ("b[0] = T[0, 0, 0]", "a tensor of bool does not take floating-point numbers: their derivatives would be lost",
     FLOATING),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_errors_say_what_is_wrong_and_where(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(ExpressionError) as caught:
        engine.evaluate(f"{text}\nT", {"T": T, "n": INT, "b": BOOL})
    assert (caught.value.message, caught.value.hint) == (message, hint)
    start, end = caught.value.span or (0, 0)
    assert text[start:end] in (text.removeprefix("1 + ").partition(" = ")[0], "0.5")


# Limits

LIMITS = engine.Limits(elements=10_000, bytes=10**6)


@pytest.mark.parametrize(
    "text",
    [
        "x[i[:, None], i]",
        "x[i[:, None], i] = 0\nx",
        "x[range(10**12)]",
        "x[[range(10**12)]]",
        "x[range(2**53), 0] = 1\nx",
        "y[i[:, None], i]",
        "p = [0, 0]\nfor k in range(40):\n    p = [p, p]\nx[p]",
        "for k in range(200):\n    y[i, i]\nx",
    ],
)
def test_keys_are_bounded_before_they_are_made(text: str) -> None:
    """By their places, too, where what they name has no elements."""
    inputs = {"x": np.zeros((2, 2)), "y": np.zeros((2, 2, 0)), "i": engine.Input([0, 1] * 1000, "int64")}
    with pytest.raises(engine.NablaError) as caught:
        engine.Problem(text, limits=LIMITS).evaluate(inputs)
    assert caught.value.code == "limit_exceeded"
