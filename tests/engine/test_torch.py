"""The engine agrees with figures recorded from PyTorch (`tests/recording`), case by case.

Double precision agrees to a relative 1e-12, single to 1e-5; an element that is small beside the largest of its tensor
may be off by so much of a hundredth of that. A case can state an ``atol`` for figures that are zero but for rounding.
"""

import json
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

import engine
from engine.derivatives import gradient_graph
from engine.forward import Forward
from engine.interpret.build import extend
from engine.kinds import FUNCTIONS, PRIMITIVES
from tests.recording import GROUPS
from tests.recording.case import DEFAULTS, decoded

EVERY = [case for group in GROUPS for case in json.loads(group.data.read_text(encoding="utf-8"))["cases"]]
RECORDED = [case for case in EVERY if "map" not in case]
MAPPED = [case for case in EVERY if "map" in case]
RTOL = {"float64": 1e-12, "float32": 1e-5, "complex128": 1e-12}
QUESTION = ("expression", "inputs", *DEFAULTS)
ANSWERS = ("value", "gradients", "jacobians", "hessians", "derivatives")

_RANDOM = "random numbers are of the generator and the seed, and PyTorch has another generator"

NOT_IN_TORCH: dict[str, str] = dict.fromkeys(
    ("rand", "randn", "rand_like", "randn_like", "randint", "randperm", "permutation", "normal", "uniform"), _RANDOM
) | dict.fromkeys(
    ("root", "minimizer"), "PyTorch solves no equations; tests/engine/test_implicit.py has other witnesses"
)
"""Functions that PyTorch has not got and cannot spell, each with the reason why no figure is recorded."""


def name_of(case: dict[str, Any]) -> str:
    shapes = ", ".join(str(np.shape(decoded(tensor_of(value)))) for value in case["inputs"].values())
    return f"{case['expression']} {shapes} {case.get('dtype', '')}".strip()


def tensor_of(value: Any) -> Any:
    return value["data"] if isinstance(value, dict) else value


def inputs_of(case: dict[str, Any]) -> dict[str, Any]:
    """The inputs as the engine takes them: those that state no type of their own have the case's."""
    own = case.get("dtype", "float64")
    return {
        name: engine.Input(decoded(tensor_of(value)), value["dtype"] if isinstance(value, dict) else own)
        for name, value in case["inputs"].items()
    }


def expected(case: dict[str, Any], answer: str) -> Any:
    """What PyTorch said, or what ours is instead by design; nothing where neither is known."""
    return case.get("ours", {}).get(answer, case.get(answer))


def of_shape(values: Any, case: dict[str, Any]) -> Any:
    """A tensor of the output's shape, which nested lists cannot say where it is empty."""
    return np.reshape(decoded(values), case["shape"]) if "shape" in case else decoded(values)


def tolerance(case: dict[str, Any]) -> float:
    """That of the least precise type that takes part."""
    types = [case.get("dtype", "float64"), *(v["dtype"] for v in case["inputs"].values() if isinstance(v, dict))]
    return max(RTOL[dtype] for dtype in types if dtype in RTOL)


def assert_close(found: Any, wanted: Any, case: dict[str, Any], what: str) -> None:
    """Tensors (by name, and by name again, or several) of the same shape and numbers."""
    if isinstance(found, list):
        for i, (one, other) in enumerate(zip(found, wanted, strict=True)):
            assert_close(one, other, case, f"{what} {i}")
        return
    if isinstance(wanted, dict):
        assert found.keys() == wanted.keys()
        for name, tensor in wanted.items():
            assert_close(found[name], tensor, case, f"{what} {name}")
        return
    found, wanted = np.asarray(decoded(found)), np.asarray(decoded(wanted))
    rtol = tolerance(case)
    largest = np.max(np.abs(wanted), initial=0, where=np.isfinite(wanted))
    atol = max(case.get("atol", 0), rtol * largest / 100)
    assert np.shape(found) == wanted.shape, what
    np.testing.assert_allclose(found, wanted, rtol=rtol, atol=atol, equal_nan=True, err_msg=what)


@pytest.mark.parametrize("case", RECORDED, ids=name_of)
def test_agrees_with_torch(case: dict[str, Any]) -> None:
    problem = engine.Problem(case["expression"], dtype=case.get("dtype", "float64"))
    inputs = inputs_of(case)
    answer = problem.evaluate(inputs)
    value = of_shape(expected(case, "value"), case)
    assert_close(answer.value, value, case, "value")
    if case["result"] != "int64":  # arithmetic on whole numbers is floating with us
        assert answer.dtype == case["result"]
    if (wanted := expected(case, "gradients")) is not None:
        ct = case.get("grad_output")
        gradient = problem.gradient(inputs, grad_output=None if ct is None else of_shape(ct, case))
        assert_close(gradient.value, value, case, "value beside the gradient")
        assert_close(gradient.gradients, wanted, case, "gradient by")
    if (wanted := expected(case, "jacobians")) is not None:
        for mode in ("forward", "reverse"):
            jacobian = problem.jacobian(inputs, mode=mode)
            assert_close(jacobian.jacobians, wanted, case, f"{mode} Jacobian by")
    if (wanted := expected(case, "hessians")) is not None:
        assert_close(problem.hessian(inputs).hessians, wanted, case, "Hessian by")


@pytest.mark.parametrize("case", [case for case in RECORDED if "along" in case], ids=name_of)
def test_products_agree_with_torch(case: dict[str, Any]) -> None:
    problem = engine.Problem(case["expression"], dtype=case.get("dtype", "float64"))
    assert_close(problem.jvp(inputs_of(case), case["along"]).jvp, case["jvp"], case, "jvp")
    if "hvp" in case:
        assert_close(problem.hvp(inputs_of(case), case["along"]).hvp, case["hvp"], case, "hvp by")


@pytest.mark.parametrize("case", [case for case in RECORDED if "order" in case], ids=name_of)
def test_higher_orders_agree_with_torch(case: dict[str, Any]) -> None:
    problem, inputs, order = engine.Problem(case["expression"]), inputs_of(case), case["order"]
    for found in (problem.taylor(inputs, order=order).derivatives, higher(problem, inputs, order)):
        assert_close(np.array(found), expected(case, "derivatives"), case, "derivatives")


def higher(problem: engine.Problem, inputs: dict[str, Any], order: int) -> Any:
    """The value of a scalar and its derivatives by x, each a pullback through the graph of the one before."""
    forward = problem.forward(inputs, "hessian")
    found = [forward.values[forward.graph.output]]
    for _ in range(order):
        forward = differentiated(forward)
        found.append(forward.values[forward.graph.output])
    return np.array(found, dtype=float)


def differentiated(forward: Forward) -> Forward:
    """The forward pass of the derivative by x."""
    graph, nodes = gradient_graph(forward, ["x"])
    builder = extend(graph, forward.limits)
    node = nodes["x"] or builder.node_of(builder.values(graph.nodes)[graph.inputs["x"]] * 0.0)
    return Forward(builder.graph(node, graph.inputs), forward.point, forward.limits)


@pytest.mark.parametrize("case", MAPPED, ids=name_of)
def test_many_points_agree_with_torch(case: dict[str, Any]) -> None:
    """What PyTorch's vmap says of all points at once, asked for as a map and one by one."""
    problem = engine.Problem(case["expression"], dtype=case.get("dtype", "float64"))
    inputs = inputs_of(case)
    answer = problem.map(case["map"]).hessian(inputs)
    assert_close(answer.value, case["value"], case, "value")
    assert_close(answer.hessians, case["hessians"], case, "Hessian by")
    for k in range(len(case["value"])):
        point = {name: engine.Input(i.data[k], i.dtype) if name in case["map"] else i for name, i in inputs.items()}
        answer = problem.hessian(point)
        assert_close(answer.value, case["value"][k], case, "value")
        assert_close(answer.gradients, at(case["gradients"], k), case, "gradient by")
        assert_close(answer.hessians, at(case["hessians"], k), case, "Hessian by")


def at(tensors: dict[str, Any], k: int) -> dict[str, Any]:
    """Of tensors by name, and by name again, those of one point."""
    return {name: at(t, k) if isinstance(t, dict) else t[k] for name, t in tensors.items()}


def test_record_is_of_the_cases_as_they_are() -> None:
    asked = [{key: case[key] for key in QUESTION if key in case} for case in EVERY]
    assert asked == [case.question() for group in GROUPS for case in group.cases], "record again: make record"


def differs(ours: Any, recorded: Any, case: dict[str, Any]) -> bool:
    try:
        assert_close(ours, recorded, case, "ours")
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("case", [case for case in RECORDED if "ours" in case], ids=name_of)
def test_ours_is_stated_only_where_it_differs(case: dict[str, Any]) -> None:
    ours = case["ours"]
    assert ours["reason"]
    shared = [answer for answer in ANSWERS if answer in ours and answer in case]
    assert "error" in case or any(differs(ours[answer], case[answer], case) for answer in shared)


@pytest.mark.parametrize("case", [case for case in RECORDED if "error" in case], ids=name_of)
def test_what_torch_cannot_say_is_stated_by_hand(case: dict[str, Any]) -> None:
    assert "gradients" in case["ours"]


def test_every_public_name_occurs() -> None:
    called = {name for case in RECORDED for name in re.findall(r"(\w+)\(", case["expression"])}
    assert set(FUNCTIONS) - set(NOT_IN_TORCH) <= called


def test_every_row_and_composition_occurs_in_several_cases() -> None:
    counts: Counter[str] = Counter()
    for case in RECORDED:
        nodes = engine.Problem(case["expression"]).graph(engine.prepare(inputs_of(case))).nodes
        counts.update({node.primitive.name for node in nodes} | {node.call for node in nodes if node.call})
    names = {row.name for row in PRIMITIVES.values() if not row.internal} | {f.name for f in FUNCTIONS.values()}
    assert not {name for name in names - set(NOT_IN_TORCH) if counts[name] < 3}
