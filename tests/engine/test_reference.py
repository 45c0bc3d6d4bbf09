"""The reference says what is true: its formulas are run, its examples asked, its domains tried at their edges."""

import math
import re
from typing import Any

import numpy as np
import pytest

import engine
from engine.functions import FUNCTIONS
from engine.kinds import Bilinear, Elementwise, Explicit, Flat, Linear, Primitive
from engine.language.parser import parse
from engine.reference import functions, modules
from engine.reference.call import literal, written
from engine.reference.derivative import RULES, is_pointwise
from engine.reference.example import called
from engine.reference.page import page

ENTRIES = {entry["name"]: entry for entry in functions()}
FIELDS = {
    "name", "signature", "group", "kind", "operator", "aliases", "keywords", "doc", "shapes", "domain", "complex",
    "derivative", "convention", "jax", "accuracy", "example",
}  # fmt: skip

PARTIALS = [
    (name, formula["by"], formula["text"])
    for name, entry in ENTRIES.items()
    for formula in entry["derivative"]["formulas"]
    if formula["by"] is not None and formula["text"] is not None
]
DIFFERENTIALS = [
    (name, formula["text"])
    for name, entry in ENTRIES.items()
    for formula in entry["derivative"]["formulas"]
    if formula["by"] is None
    and formula["text"]
    and (entry["kind"] not in ("flat", "composition") or FUNCTIONS[name].derivative)
]
FOUND = [
    name
    for name, entry in ENTRIES.items()
    if entry["kind"] == "composition" and not FUNCTIONS[name].derivative
    for formula in entry["derivative"]["formulas"]
    if formula["by"] is None
]
"""Compositions of which it was found that they are linear, by themselves or in either operand."""


def sent(inputs: dict[str, Any]) -> dict[str, Any]:
    return {name: engine.Input(**x) if isinstance(x, dict) else x for name, x in inputs.items()}


# What is there


def test_every_function_is_in_it_once() -> None:
    assert list(ENTRIES) == sorted({function.name for function in FUNCTIONS.values()})
    assert len(functions()) == len(ENTRIES)
    spoken = [name for entry in ENTRIES.values() for name in (entry["name"], *entry["aliases"])]
    assert sorted(spoken) == sorted(FUNCTIONS)


def test_one_function_by_its_name_or_alias() -> None:
    assert functions("asin") == functions("arcsin") == [ENTRIES["arcsin"]]
    assert functions("no such function") == []


@pytest.mark.parametrize("name", list(ENTRIES))
def test_an_entry_has_every_fact(name: str) -> None:
    entry = ENTRIES[name]
    assert set(entry) == FIELDS
    assert entry["doc"].endswith(".")
    assert entry["shapes"]
    assert entry["derivative"]["rule"].endswith(".")
    assert entry["group"] in {module.__name__.rpartition(".")[2] for module in modules()}
    assert entry["example"] is not None, "none of the row's examples comes to finite numbers"
    for formula in entry["derivative"]["formulas"]:
        assert set(formula) == {"by", "text", "words", "latex"}
        assert (formula["text"] is None) == (formula["words"] is not None)
        assert formula["latex"] or formula["words"]


@pytest.mark.parametrize("name", [name for name, f in FUNCTIONS.items() if isinstance(f, Explicit) and name == f.name])
def test_a_rule_of_its_own_is_stated(name: str) -> None:
    assert ENTRIES[name]["derivative"]["formulas"], "say derivative= in the row: no formula follows from its rule"


# Formulas


@pytest.mark.parametrize(("name", "by", "text"), PARTIALS, ids=lambda x: str(x))
def test_a_partial_derivative_is_the_engines(name: str, by: str, text: str) -> None:
    """At points from the middle of the domain, as a formula in the language itself."""
    function = FUNCTIONS[name]
    statics = required(function)
    call = written(function, function.signature.operands, {k: literal(v) for k, v in statics.items()})
    program = named({**function.signature.static, **statics}, text) + text
    rng = np.random.default_rng(5)
    smooth = {formula["by"] for formula in ENTRIES[name]["derivative"]["formulas"] if formula["text"] is not None}
    sample = sent(ENTRIES[name]["example"]["request"]["inputs"])
    for _ in range(6):
        point = {k: inside(function, k, rng) if k in smooth else x for k, x in sample.items()}
        found = engine.evaluate(program, {k: x for k, x in point.items() if k in words(text)}).value
        exact = engine.gradient(call, point, wrt=[by]).gradients[by]
        assert found == pytest.approx(exact, rel=1e-9, abs=1e-12, nan_ok=True), point


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d]\w*", text))


def named(statics: dict[str, Any], text: str) -> str:
    """Statements that give the static parameters their names, where a text has them."""
    return "".join(f"{k} = {literal(v)}\n" for k, v in statics.items() if k in words(text))


def required(function: Any) -> dict[str, Any]:
    """What a call has to say beside the operands, from the row's first example."""
    given = function.examples[0][1] if function.examples else {}
    return {k: v for k, v in given.items() if function.signature.missing({j: 0 for j in given if j != k}) == k}


def inside(function: Any, operand: str, rng: np.random.Generator) -> float:
    low, high = function.domain[function.signature.operands.index(operand)]
    low, high = max(low, -2.0), min(high, 2.0 if low < 1 else low + 2)
    return float(rng.uniform(low + 0.1 * (high - low), high - 0.1 * (high - low)))


@pytest.mark.parametrize(("name", "text"), DIFFERENTIALS, ids=lambda x: str(x))
def test_a_differential_is_the_engines(name: str, text: str) -> None:
    """At each of the row's examples, along a direction; its static parameters are variables of the program."""
    function = FUNCTIONS[name]
    tried = 0
    for point, statics in examples(function):
        if not set(statics) <= words(text) or not all({k, f"d{k}"} & words(text) for k in point):
            continue
        if function.signature.variadic and len(point) != 2:
            continue
        tried += 1
        call = call_of(function, point, [], statics)
        rng = np.random.default_rng(7)
        along = {k: rng.uniform(-1.0, 1.0, np.shape(point[k])) for k in point if k not in function.data}
        exact = engine.jvp(call, point, along)
        program = named({**function.signature.static, **statics}, text)
        program += text if "y" not in words(text) else f"y = {call}\n{text}"
        found = engine.evaluate(program, {**point, **{f"d{k}": v for k, v in along.items()}})
        np.testing.assert_allclose(found.value + 0.0 * exact.jvp, exact.jvp, rtol=1e-9, atol=1e-12)
        if tried == 2:
            break
    assert tried


@pytest.mark.parametrize("name", FOUND)
def test_what_is_linear_is_found_rightly(name: str) -> None:
    """In each example, without optional operands: the derivative is the function itself, of the direction."""
    function = FUNCTIONS[name]
    rule = ENTRIES[name]["derivative"]["rule"]
    for point, statics in examples(function):
        point = {k: x for k, x in point.items() if k not in function.signature.optional or k in function.data}
        moved = [k for k in point if k not in function.data]
        rng = np.random.default_rng(9)
        along = {k: rng.uniform(-1.0, 1.0, np.shape(point[k])) for k in moved}
        every = {**point, **{f"d{k}": v for k, v in along.items()}}
        groups = [moved] if rule == RULES[Linear] else [[k] for k in moved]
        assert rule in (RULES[Linear], RULES[Bilinear], RULES[Flat])
        terms = [call_of(function, point, group, statics) for group in groups]
        for part in parts(call_of(function, point, [], statics), point):
            exact = engine.jvp(call_of(function, point, [], statics) + part, point, along).jvp
            found = engine.evaluate(" + ".join(term + part for term in terms), every).value
            np.testing.assert_allclose(0.0 if rule == RULES[Flat] else found, exact, rtol=1e-9, atol=1e-12)


def call_of(function: Any, point: dict[str, Any], moved: list[str], statics: dict[str, Any]) -> str:
    """A call on the operands of a point, those in ``moved`` replaced by their differentials."""
    names = list(point) if function.signature.variadic else function.signature.operands
    operands = [f"d{k}" if k in moved else k if k in point else None for k in names]
    return written(function, operands, {k: literal(v) for k, v in statics.items()})


def parts(call: str, point: dict[str, Any]) -> list[str]:
    """How to take the results of a call one by one; one is taken as it is."""
    value = engine.evaluate(call, point).value
    return [f"[{k}]" for k in range(len(value))] if isinstance(value, list) else [""]


def examples(function: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Inputs by name and static parameters, of each of the examples that have elements and that a caller can write."""
    if is_pointwise(function) or not function.examples:
        return [(sent(ENTRIES[function.name]["example"]["request"]["inputs"]), {})]
    found = []
    for given in function.examples:
        for _, inputs in called(function, given):
            if not any(k.startswith("_") for k in given[1]):
                found.append((sent(inputs), given[1]))
            break
    return found


def test_the_differential_of_a_step_is_zero() -> None:
    for entry in ENTRIES.values():
        if entry["kind"] == "flat":
            assert [formula["text"] for formula in entry["derivative"]["formulas"]] == ["0"]


def test_a_rule_shows_as_one_would_write_it() -> None:
    shown = {name: [f["text"] for f in ENTRIES[name]["derivative"]["formulas"]] for name in ENTRIES}
    assert shown["exp"] == ["exp(x)"]
    assert shown["exp2"] == ["2**x * log(2)"]
    assert shown["square"] == ["2 * x"]
    assert shown["log"] == ["1 / x"]
    assert shown["relu"] == ["where(x <= 0, 0, 1)"]
    assert shown["where"] == ["where(condition != 0, 1, 0)", "where(condition == 0, 1, 0)"]
    assert shown["matmul"] == ["da @ b + a @ db"]
    assert shown["sum"] == ["sum(dx, axis=axis, keepdims=keepdims)"]


def test_latex_of_a_derivative() -> None:
    (formula,) = ENTRIES["sqrt"]["derivative"]["formulas"]
    assert formula["latex"] == r"\frac{\mathrm{d}}{\mathrm{d}x} \sqrt{x} = \frac{0.5}{\sqrt{x}}"
    (formula,) = ENTRIES["matmul"]["derivative"]["formulas"]
    assert formula["latex"] == r"\mathrm{d}y = \mathrm{d}a \, b + a \, \mathrm{d}b"


@pytest.mark.parametrize("name", list(ENTRIES))
def test_latex_is_balanced(name: str) -> None:
    for formula in ENTRIES[name]["derivative"]["formulas"]:
        text = formula["latex"] or ""
        bare = text.replace(r"\{", "").replace(r"\}", "")
        assert bare.count("{") == bare.count("}")
        assert len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text))
        assert text.count(r"\begin{") == text.count(r"\end{")
        assert not re.search(r"\^\{[^{}]*\}\^", text), "a power of a power needs brackets"


@pytest.mark.parametrize("name", [name for name, f in FUNCTIONS.items() if f.latex and name == f.name])
def test_a_latex_template_takes_the_operands(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.latex.format(*function.signature.operands)


# Domains


EDGES = [
    (name, k, edge, inward)
    for name, f in FUNCTIONS.items()
    if name == f.name and isinstance(f, Elementwise) and not f.defined
    for k, (low, high) in enumerate(f.domain)
    for edge, inward in ((low, 1.0), (high, -1.0))
    if math.isfinite(edge)
]


@pytest.mark.parametrize(("name", "place", "edge", "inward"), EDGES)
def test_a_domain_ends_where_the_function_does(name: str, place: int, edge: float, inward: float) -> None:
    """Beyond the edge there is no value; where there is one, the row says in ``defined`` what is true."""
    function = FUNCTIONS[name]
    assert isinstance(function, Primitive)
    request = ENTRIES[name]["example"]["request"]
    point = {**sent(request["inputs"]), function.signature.operands[place]: edge - 0.05 * inward}
    assert not np.isfinite(engine.evaluate(request["expression"], point).value)


def test_a_function_of_more_than_elements_says_its_domain_in_words() -> None:
    for name, entry in ENTRIES.items():
        function = FUNCTIONS[name]
        assert is_pointwise(function) or function.defined or not entry["domain"], name


def test_an_edge_belongs_to_the_domain_where_there_is_a_value() -> None:
    assert ENTRIES["sqrt"]["domain"] == ["x >= 0"]
    assert ENTRIES["log"]["domain"] == ["x > 0"]
    assert ENTRIES["arcsin"]["domain"] == ["-1 <= x <= 1"]
    assert ENTRIES["arctanh"]["domain"] == ["-1 < x < 1"]
    assert ENTRIES["divide"]["domain"] == ["b different from 0"]


def test_what_takes_complex_numbers() -> None:
    assert ENTRIES["exp"]["complex"]
    assert not ENTRIES["erf"]["complex"]
    engine.evaluate("exp(x)", {"x": 1j})
    with pytest.raises(engine.NablaError):
        engine.evaluate("erf(x)", {"x": 1j})


# Examples


@pytest.mark.parametrize("name", list(ENTRIES))
def test_an_example_is_answered_so(name: str) -> None:
    example = ENTRIES[name]["example"]
    request = example["request"]
    assert set(request) <= {"expression", "inputs", "grad_output"}
    assert any(re.search(rf"\b{word}\(", request["expression"]) for word in (name, *ENTRIES[name]["aliases"]))
    answer = engine.evaluate(request["expression"], sent(request["inputs"]))
    pairs = (
        zip(answer.value, example["value"], strict=True)
        if isinstance(answer.value, list)
        else [(answer.value, example["value"])]
    )
    assert all(np.array_equal(value, stored) for value, stored in pairs)
    if example["gradients"] is not None:
        found = engine.gradient(request["expression"], sent(request["inputs"]), grad_output=request.get("grad_output"))
        assert set(found.gradients) == set(example["gradients"])
        for key, gradient in found.gradients.items():
            assert np.array_equal(gradient, example["gradients"][key])


# The page


def test_the_page_has_every_function_and_its_links_lead_there() -> None:
    text = page()
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= set(anchors)
    assert set(ENTRIES) <= set(headings)
    for entry in ENTRIES.values():
        assert f"`{entry['signature']}`" in text


def test_the_texts_are_programs() -> None:
    for entry in ENTRIES.values():
        for formula in entry["derivative"]["formulas"]:
            if formula["text"]:
                parse(formula["text"])
