"""What is said of names that only other libraries have: each formula is what the library computes."""

import math
import re
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.special
import scipy.stats
import sympy

import engine
from engine.functions import FUNCTIONS
from engine.language.builtins import BUILTINS
from engine.language.foreign import ADVICE, FORMULAS, KEYWORDS, instead

POINT: dict[str, Any] = {
    "x": 0.4, "y": 0.7, "z": 1.1, "a": 1.3, "b": 2.1, "c": 1.0, "n": 3.0, "m": 2.0, "k": 2.0, "p": 0.3, "q": 0.2,
    "d": 1.2, "r": 0.9, "t": 0.8, "i": 1.0, "j": 2.0, "A": [[2.0, 0.5], [0.5, 1.0]],
    "u": [0.3, 1.1, 0.4], "v": [0.5, 0.2, 0.9],
}  # fmt: skip
"""A value for each name that a formula has."""

SERIES = {"x": [0.4, 1.7, 0.9, 1.1]}
BEYOND_1 = {"x": 1.7}
CUBES = np.ones((1, 2, 4, 4))
AT: dict[str, dict[str, Any]] = {
    **dict.fromkeys(["asec", "acsc", "acoth", "arcsec", "arccsc", "arcosh", "li", "zetac", "ζ"], BEYOND_1),
    **dict.fromkeys(["gmean", "hmean", "zscore", "skew", "stdev", "variance", "fmean", "pstdev", "pvariance"], SERIES),
    **dict.fromkeys(["rosen", "ediff1d", "sorted", "float64", "int64", "float32", "int32"], SERIES),
    **dict.fromkeys([f"{name}.reduce" for name in ("add", "multiply", "maximum", "minimum")], SERIES),
    **dict.fromkeys([f"reduce_{name}" for name in ("sum", "mean", "prod", "max", "min", "logsumexp")], SERIES),
    **dict.fromkeys(["add.accumulate", "multiply.accumulate", "nelement"], SERIES),
    **{f"{name}.outer": {"a": [1.0, 2.0], "b": [0.5, 3.0]} for name in ("add", "subtract", "multiply")},
    "entropy": {"p": [0.2, 0.3, 0.5]},
    "masked_select": {"x": [1.0, 2.0], "m": engine.Input([True, False], "bool")},
    "polynomial.polyval": {"c": [1.0, 2.0, 3.0]},
    "polyfit": {"x": [0.0, 1.0, 2.0, 4.0], "y": [1.0, 0.5, 2.0, 1.0], "n": 2},
    "rollaxis": {"x": np.array([[1.0, 2.0, 3.0]]), "i": 1},
    "block": {name: np.full((1, 1), float(k)) for k, name in enumerate("abcd")},
    "And": {"a": engine.Input(True, "bool"), "b": engine.Input(False, "bool")},
    "Or": {"a": engine.Input(True, "bool"), "b": engine.Input(False, "bool")},
    "Not": {"a": True},
    "ITE": {"c": True},
    "IF": {"c": True},
    "isqrt": {"n": 17.0},
    "perm": {"n": 5.0},
    "dist": {},
    "bdtr": {"n": 5},
    "stdtr": {"t": -0.8},
}
"""Where a formula is tried at other points."""


def _of_sympy(name: str) -> Callable[..., Any]:
    return lambda *xs: float(getattr(sympy, name)(*[sympy.Float(x, 30) for x in xs]))


SPECIAL = [
    *(
        "exp10",
        "exprel",
        "sindg",
        "cosdg",
        "tandg",
        "cosm1",
        "diric",
        "loggamma",
        "rgamma",
        "poch",
        "zetac",
        "rel_entr",
    ),
    *("boxcox", "huber", "pseudo_huber", "chdtr", "chdtrc", "gdtr", "pdtr", "bdtr", "fdtr", "stdtr"),
]
SYMPY = [
    *("acot", "asec", "acsc", "acoth", "asech", "acsch", "real_root", "lowergamma", "uppergamma", "trigamma"),
    *("rf", "ff", "Ei", "li", "Heaviside", "KroneckerDelta", "Integer"),
]
NUMPY = [
    *("ediff1d", "modf", "divmod", "isclose", "allclose", "rollaxis", "block", "polyfit"),
    *("float64", "float32", "int64", "int32", "complex128"),
]
STATISTICS = ["stdev", "variance", "fmean", "pstdev", "pvariance"]
ORACLES: dict[str, Callable[..., Any]] = {
    **{name: getattr(scipy.special, name) for name in SPECIAL},
    **{name: _of_sympy(name) for name in SYMPY},
    **{name: getattr(np, name) for name in NUMPY},
    **{name: getattr(statistics, name) for name in STATISTICS},
    **{name: getattr(scipy.stats, name) for name in ("gmean", "hmean", "zscore", "skew", "entropy")},
    **{name: getattr(scipy.spatial.distance, name) for name in ("euclidean", "cityblock", "sqeuclidean", "chebyshev")},
    **{f"norm.{n}": getattr(scipy.stats.norm, n) for n in ("pdf", "logpdf", "cdf", "logcdf", "sf", "ppf", "isf")},
    **{f"expon.{name}": getattr(scipy.stats.expon, name) for name in ("pdf", "cdf")},
    "t.pdf": scipy.stats.t.pdf,
    "chi2.cdf": scipy.stats.chi2.cdf,
    "chi2.sf": scipy.stats.chi2.sf,
    "beta.cdf": lambda x, a, b: scipy.stats.beta.cdf(x, a, b),
    "gamma.cdf": scipy.stats.gamma.cdf,
    "gamma.logpdf": scipy.stats.gamma.logpdf,
    "distance.cosine": scipy.spatial.distance.cosine,
    "rosen": lambda x: sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(3)),
    "dist": math.dist,
    "perm": lambda n, k: math.perm(int(n), int(k)),
    "isqrt": lambda n: math.isqrt(int(n)),
    "fma": lambda x, y, z: x * y + z,
    "E1": scipy.special.exp1,
    "erf2": lambda a, b: math.erf(b) - math.erf(a),
    "arsinh": math.asinh,
    "arcosh": math.acosh,
    "artanh": math.atanh,
    "ctg": lambda x: 1 / math.tan(x),
    "cosec": lambda x: 1 / math.sin(x),
    "lg": math.log10,
    "ld": math.log2,
    "sp.sinc": lambda x: math.sin(x) / x,
    "polynomial.polyval": np.polynomial.polynomial.polyval,
    "add.outer": np.add.outer,
    "subtract.outer": np.subtract.outer,
    "multiply.outer": np.multiply.outer,
    "add.reduce": np.add.reduce,
    "multiply.reduce": np.multiply.reduce,
    "maximum.reduce": np.maximum.reduce,
    "minimum.reduce": np.minimum.reduce,
    "add.accumulate": np.add.accumulate,
    "multiply.accumulate": np.multiply.accumulate,
    "rsub": lambda a, b: b - a,
    "σ": scipy.special.expit,
    "Γ": math.gamma,
    "Φ": scipy.stats.norm.cdf,
    "ψ": scipy.special.psi,
    "Β": scipy.special.beta,
}


def taken_apart(name: str) -> tuple[list[str], str]:
    """The names of the arguments that a hint has in its call, and its formula."""
    call, _, formula = FORMULAS[name].removeprefix("for ").partition(" write ")
    assert call.startswith(name)
    arguments = call[call.index("(") + 1 : call.index(")")]
    return [argument.strip(" []") for argument in arguments.split(",")], formula


def evaluated(formula: str, inputs: dict[str, Any]) -> Any:
    """The value of a formula; whole numbers are written out in it."""
    for name, value in inputs.items():
        formula = re.sub(rf"\b{name}\b", str(value), formula) if isinstance(value, int) else formula
    return engine.evaluate(formula, {name: value for name, value in inputs.items() if not isinstance(value, int)}).value


@pytest.mark.parametrize("name", sorted(ORACLES.keys() & FORMULAS.keys()))
def test_a_formula_is_the_librarys_function(name: str) -> None:
    arguments, formula = taken_apart(name)
    inputs = {argument: {**POINT, **AT.get(name, {})}[argument] for argument in arguments}
    found = evaluated(formula, inputs)
    values = [v.data if isinstance(v, engine.Input) else v for v in inputs.values()]
    if name == "block":
        values = [[values[:2], values[2:]]]
    np.testing.assert_allclose(
        np.asarray(found), np.asarray(ORACLES[name](*values)), rtol=1e-7 if "32" in name else 1e-12
    )


@pytest.mark.parametrize("name", [name for name, hint in FORMULAS.items() if ")(" not in hint and name not in ORACLES])
def test_any_other_formula_runs(name: str) -> None:
    arguments, formula = taken_apart(name)
    point = {**POINT, **AT.get(name, {})}
    found = evaluated(formula, {argument: point[argument] for argument in arguments})
    assert all(np.isfinite(part).all() for part in (found if isinstance(found, list | tuple) else [found]))


def test_most_formulas_have_an_oracle() -> None:
    assert ORACLES.keys() <= FORMULAS.keys()
    assert len(ORACLES) >= 100


IMAGES = {"x": CUBES, "W": np.ones((2, 2, 3, 3)), "b": [0.5, 1.0], "k": 2}
ROWS = np.array([[0.2, 0.7], [0.9, 0.4]])
LAYERS: dict[str, dict[str, Any]] = {
    "Conv1d": {"x": CUBES[:, :, 0], "W": np.ones((2, 2, 3)), "b": [0.5, 1.0]},
    "Conv2d": IMAGES,
    "MaxPool1d": {"x": CUBES[:, :, 0], "k": 2},
    "MaxPool2d": IMAGES,
    "AvgPool2d": IMAGES,
    "GroupNorm": {"x": CUBES, "g": 2},
    "BatchNorm2d": {"x": CUBES},
    "Bilinear": {"x": ROWS, "y": ROWS, "W": np.ones((3, 2, 2)), "b": [1.0, 2.0, 3.0]},
    "Embedding": {"i": engine.Input([0, 1], "int64"), "W": ROWS},
    "CrossEntropyLoss": {"x": ROWS, "y": engine.Input([0, 1], "int64")},
    "NLLLoss": {"x": ROWS, "y": engine.Input([0, 1], "int64")},
    "MultiMarginLoss": {"x": ROWS, "y": engine.Input([0, 1], "int64")},
    "CosineEmbeddingLoss": {"x": ROWS, "y": ROWS, "t": [1.0, -1.0]},
    "PReLU": {"x": ROWS, "w": [0.1]},
    "Dropout": {"x": ROWS, "p": 0},
    "LeakyReLU": {"x": ROWS, "a": 1},
    "LayerNorm": {"x": ROWS, "n": 2},
    "RMSNorm": {"x": ROWS, "n": 2},
}


@pytest.mark.parametrize("name", [name for name, hint in FORMULAS.items() if f"for {name}(" in hint and ")(" in hint])
def test_a_layer_is_a_function(name: str) -> None:
    """Of rows of two numbers, where nothing else is said."""
    _, formula = taken_apart(name)
    inputs = {"x": ROWS, "y": ROWS, "z": ROWS, "v": ROWS, "t": [[1.0, -1.0]] * 2, "W": ROWS, "b": [0.5, 1.0]}
    inputs = {
        key: value for key, value in {**inputs, **LAYERS.get(name, {})}.items() if re.search(rf"\b{key}\b", formula)
    }
    assert np.isfinite(evaluated(formula, inputs)).all()
    with pytest.raises(engine.NablaError, match=f"no function {name}") as caught:
        engine.evaluate(f"nn.{name}()(x)", {"x": ROWS})
    assert caught.value.hint == FORMULAS[name]


@pytest.mark.parametrize("name", sorted(ADVICE))
def test_advice_is_given_where_the_name_is_called(name: str) -> None:
    with pytest.raises(engine.NablaError) as caught:
        engine.evaluate(f"{name}(q)", {"q": 1.0})
    assert ADVICE[name] in str(caught.value.hint)
    assert caught.value.span is not None


def test_what_exists_is_not_called_foreign() -> None:
    assert FORMULAS.keys().isdisjoint(ADVICE)
    assert not [name for name in (*FORMULAS, *ADVICE) if name in FUNCTIONS or name in BUILTINS]
    assert not [
        word for f in FUNCTIONS.values() for word in (*f.signature.static, *f.keywords) if word in ("out", "initial")
    ]
    assert all(
        hint.strip() == hint and "\n" not in hint for hint in [*FORMULAS.values(), *ADVICE.values(), *KEYWORDS.values()]
    )


def test_a_name_is_looked_up_by_its_end() -> None:
    assert instead("scipy.stats.norm.cdf") == instead("norm.cdf") == "for norm.cdf(x) write ndtr(x)"
    assert instead("self.layer") == "what stands behind self is an input: leave the self out"
    assert instead("pdf") != instead("norm.pdf")
    assert instead("nothing.known") is None
    assert instead("x.clamp_") == "nothing is changed in place here: write x = x.clamp(...)"
