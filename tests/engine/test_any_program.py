"""Whatever a program is made of, it is answered rightly shaped or refused by an error of the tree; never otherwise.

Programs are put together from every function of the language and values of odd shapes and kinds, and asked every
question. `make fuzz` goes on with other ones.
"""

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.functions import FUNCTIONS
from engine.kinds import OPERATORS
from tests.engine.coordinates import dense

INPUTS: dict[str, Any] = {
    "x": 1.5,
    "z": 0.0,
    "v": [1.0, -2.0, 0.0],
    "m": [[1.0, 2.0], [0.5, 3.0]],
    "o": [[1.0], [2.0]],
    "t": np.linspace(-1, 1, 12).reshape(2, 3, 2),
    "n": np.zeros((0,)),
    "b": [True, False, True],
    "i": engine.Input([0, 2], dtype="int64"),
    "k": engine.Input(1, dtype="int64"),
    "s": engine.Input([1.0, 2.0], dtype="float32"),
}
ATOMS = [*INPUTS, "0", "1", "2", "-1", "0.5", "3.7", "inf", "nan", "1e400", "None", "True", "'mean'", "'ij,jk->ik'",
         "[1, 2]", "[[1, 2], [3, 4]]", "(0, 1)", "()", "[]", "[v, v]", "[[0, 1], [1, 0]]", "pi"]  # fmt: skip
KEYS = ["0", "-1", "::2", "::-1", "-10::-1", "5:", "...", "None", "i", "b", "k", "[0, 1]", "[[0, 1]]", "x", "z", "inf",
        "v > 0", "m > 1", "0:9, None", "1, 1", "[True, False]", "::0", "x:"]  # fmt: skip
WORDS = ["axis", "dim", "keepdims", "keepdim", "ord", "p", "ddof", "reduction", "shape", "dims", "axis1", "low", "max"]
SYMBOLS = sorted({symbol for symbol in OPERATORS if not symbol.startswith("u")})


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    argument = st.one_of(inner, st.builds("{}={}".format, st.sampled_from(WORDS), inner))
    arguments = st.lists(argument, min_size=1, max_size=3).map(", ".join)
    names = st.sampled_from(sorted(FUNCTIONS))
    return st.one_of(
        st.builds("{}({})".format, names, arguments),
        st.builds("torch.{}({})".format, names, arguments),
        st.builds("({}).{}({})".format, inner, names, arguments),
        st.builds("({} {} {})".format, inner, st.sampled_from(SYMBOLS), inner),
        st.builds("({}{})".format, st.sampled_from(["-", "~", "not "]), inner),
        st.builds("({})[{}]".format, inner, st.sampled_from(KEYS)),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({}).{}".format, inner, st.sampled_from(["T", "mT", "shape", "ndim", "size"])),
    )


PROGRAMS = st.recursive(st.sampled_from(ATOMS), _longer, max_leaves=5)
LIMITS = engine.Limits(flops=1e7, elements=20_000, bytes=10**7)


@settings(max_examples=2500)
@given(PROGRAMS)
def test_a_program_is_answered_or_refused(text: str) -> None:
    with contextlib.suppress(engine.NablaError):
        problem = engine.Problem(text, LIMITS)
        answer = problem.evaluate(INPUTS)
        if isinstance(answer.dtype, list):
            for item in zip(answer.value, answer.shape, answer.dtype, strict=True):
                assert_fits(*item)
            ask_of_tuple(problem, answer)
        else:
            assert_fits(answer.value, answer.shape, answer.dtype)
            ask(problem, answer.shape)


def assert_fits(value: Any, shape: Any, dtype: Any) -> None:
    assert np.shape(value) == shape
    assert np.asarray(value).dtype.name == dtype or shape == ()


def assert_covers(sparse: Any, whole: Any) -> None:
    """Where a tensor is finite, its entries in coordinates are all that is not zero."""
    assert sparse.shape == whole.shape
    found, finite = dense(sparse), np.isfinite(whole)
    largest = np.max(np.abs(whole), initial=0, where=finite)
    np.testing.assert_allclose(found[finite], whole[finite], rtol=1e-5, atol=1e-6 * largest)


def ask_of_tuple(problem: engine.Problem, answer: Any) -> None:
    """Every question about a program whose value is a tuple."""
    weights = [
        None if dtype in ("bool", "int64") else np.ones(shape)
        for shape, dtype in zip(answer.shape, answer.dtype, strict=True)
    ]
    names = list(problem.gradient(INPUTS, grad_output=weights).gradients)
    moved = problem.jvp(INPUTS, {"x": 1.0}).jvp
    assert [np.shape(v) for v in moved if v is not None] == [w.shape for w in weights if w is not None]
    problem.autograd(INPUTS, grad_output=weights)
    problem.check(INPUTS, wrt=names[:2])
    for refused in (problem.gradient, problem.jacobian):
        with pytest.raises(engine.NablaError, match="tuple"):
            refused(INPUTS)


def ask(problem: engine.Problem, shape: tuple[int, ...]) -> None:
    """Every question about a program that has a value."""
    names = list(problem.gradient(INPUTS, grad_output=np.ones(shape)).gradients)
    for mode in ("forward", "reverse"):
        blocks = problem.jacobian(INPUTS, mode=mode).jacobians
        for name, block in blocks.items():
            assert np.shape(block) == shape + np.shape(getattr(INPUTS[name], "data", INPUTS[name]))
        with contextlib.suppress(engine.NablaError):
            for name, sparse in problem.jacobian(INPUTS, mode=mode, format="coo").jacobians.items():
                assert_covers(sparse, np.asarray(blocks[name]))
    problem.jvp(INPUTS, {"x": 1.0})
    problem.autograd(INPUTS, grad_output=np.ones(shape))
    problem.check(INPUTS, wrt=names[:2], grad_output=np.ones(shape))
    if not shape:
        problem.hessian(INPUTS, wrt=["x", "v"])
        problem.hvp(INPUTS, {"v": [1.0, 0.0, 2.0]})
