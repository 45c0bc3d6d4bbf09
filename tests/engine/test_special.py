"""Special functions where formulas cancel, overflow or vanish: figures to 17 digits, computed with mpmath."""

import math
from typing import Any

import mpmath
import numpy as np
import pytest

import engine
from engine.errors import ExpressionError, LimitExceeded, NotDifferentiable, WrongArguments
from tests.engine.table.samples import TABLE

ULP = 2.0**-52


def gradient(text: str, **inputs: float) -> dict[str, float]:
    found = engine.gradient(text, inputs).gradients
    return {name: float(g) for name, g in found.items()}


def exactly(function: Any, *at: float, by: int = 0, order: int = 1) -> float:
    """A derivative by one of the arguments, at 200 digits."""
    with mpmath.workdps(200):
        orders = tuple(order if k == by else 0 for k in range(len(at)))
        return float(mpmath.diff(function, tuple(map(mpmath.mpf, at)), orders))


TAILS: list[tuple[str, float, Any]] = [
    ("erf(x)", 26.0, lambda x: -mpmath.erfc(x)),
    ("erfc(x)", 26.0, mpmath.erfc),
    ("erfcx(x)", 1e4, lambda x: mpmath.exp(x * x) * mpmath.erfc(x)),
    ("erfcx(x)", -20.0, lambda x: mpmath.exp(x * x) * mpmath.erfc(x)),
    ("erfinv(x)", 0.9999999999, mpmath.erfinv),
    ("ndtr(x)", -37.5, mpmath.ncdf),
    ("log_ndtr(x)", -500.0, lambda x: mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2)),
    ("log_ndtr(x)", 36.0, lambda x: mpmath.log1p(-mpmath.erfc(x / mpmath.sqrt(2)) / 2)),
    ("ndtri(x)", 1e-12, lambda p: -mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * p)),
    ("gammaln(x)", -2.457, lambda x: mpmath.log(abs(mpmath.gamma(x)))),
    ("digamma(x)", -0.5040830082, mpmath.digamma),
    ("digamma(x)", -99.999999, mpmath.digamma),
    ("polygamma(2, x)", -3.25, lambda x: mpmath.psi(2, x)),
    ("bessel_j0(x)", 2.4048255576957, mpmath.j0),
    ("bessel_j0(x)", 1000.0, mpmath.j0),
    ("bessel_j1(x)", 1e-9, mpmath.j1),
    ("bessel_y0(x)", 0.8935769662791, lambda x: mpmath.bessely(0, x)),
    ("i0e(x)", 1e4, lambda x: mpmath.exp(-x) * mpmath.besseli(0, x)),
    ("i1e(x)", 700.0, lambda x: mpmath.exp(-x) * mpmath.besseli(1, x)),
    ("k0e(x)", 1e4, lambda x: mpmath.exp(x) * mpmath.besselk(0, x)),
    ("k1e(x)", 500.0, lambda x: mpmath.exp(x) * mpmath.besselk(1, x)),
    ("lambertw(x)", -0.3678794411, mpmath.lambertw),
    ("lambertw(x, k=-1)", -1e-8, lambda x: mpmath.lambertw(x, -1)),
    ("expi(x)", 0.37250741, mpmath.ei),
]


@pytest.mark.parametrize(("text", "x", "function"), TAILS, ids=lambda part: str(part)[:24])
def test_a_derivative_in_the_tails(text: str, x: float, function: Any) -> None:
    exact = exactly(lambda at: mpmath.re(function(at)), x)
    assert gradient(text, x=x)["x"] == pytest.approx(exact, rel=8 * ULP, abs=0)


ZEROS: list[tuple[str, float, Any]] = [
    ("gammaln(x)", 1.9999, mpmath.loggamma),
    ("gammaln(x)", 1.0000001, mpmath.loggamma),
    ("gammaln(x)", -2.4570247, lambda x: mpmath.log(abs(mpmath.gamma(x)))),
    ("digamma(x)", 1.4616321, mpmath.digamma),
    ("digamma(x)", -1.5734984, mpmath.digamma),
    ("digamma(x)", -9.7026725, mpmath.digamma),
    ("bessel_j0(x)", 2.4048255, mpmath.j0),
    ("bessel_j0(x)", 14.930917, mpmath.j0),
    ("bessel_j0(x)", 99.746819, mpmath.j0),
    ("bessel_j1(x)", 7.0155866, mpmath.j1),
    ("bessel_y0(x)", 0.8935769, lambda x: mpmath.bessely(0, x)),
    ("bessel_y1(x)", 2.1971413, lambda x: mpmath.bessely(1, x)),
    ("bessel_y1(x)", 80.894, lambda x: mpmath.bessely(1, x)),
]


@pytest.mark.parametrize(("text", "x", "function"), ZEROS, ids=lambda part: str(part)[:24])
def test_a_value_beside_a_zero(text: str, x: float, function: Any) -> None:
    with mpmath.workdps(50):
        exact = float(mpmath.re(function(mpmath.mpf(x))))
    assert float(engine.evaluate(text, {"x": x}).value) == pytest.approx(exact, rel=4 * ULP, abs=0)


PARAMETERS = [(0.001, 0.3), (0.5, 1e-6), (3.0, 0.1), (3.0, 40.0), (50.0, 50.0), (500.0, 450.0), (500.0, 560.0)]


@pytest.mark.parametrize(("a", "x"), PARAMETERS)
@pytest.mark.parametrize("side", ["gammainc", "gammaincc"])
def test_incomplete_gamma_by_its_parameter(side: str, a: float, x: float) -> None:
    lower = side == "gammainc"
    exact = exactly(
        lambda a, x: mpmath.gammainc(a, 0 if lower else x, x if lower else mpmath.inf, regularized=True), a, x
    )
    assert gradient(f"{side}(a, x)", a=a, x=x)["a"] == pytest.approx(exact, rel=1e-14, abs=0)


BETAS = [(0.01, 0.02, 0.5), (2.0, 3.0, 0.4), (0.5, 40.0, 1e-6), (30.0, 50.0, 0.4), (200.0, 3.0, 0.999), (8.0, 9.0, 0.9)]


@pytest.mark.parametrize("at", BETAS)
def test_incomplete_beta_by_its_parameters(at: tuple[float, float, float]) -> None:
    found = gradient("betainc(a, b, x)", **dict(zip("abx", at, strict=True)))
    for k, name in enumerate("abx"):
        exact = exactly(lambda a, b, x: mpmath.betainc(a, b, 0, x, regularized=True), *at, by=k)
        assert found[name] == pytest.approx(exact, rel=2e-14, abs=0), name


@pytest.mark.parametrize("at", [(1e-9, 2.5), (1e-9, 1e-3), (40.0, 60.0)])
def test_mixed_derivative_of_beta(at: tuple[float, float]) -> None:
    found = engine.hessian("beta(a, b)", {"a": at[0], "b": at[1]}).hessians["a"]["b"]
    with mpmath.workdps(200):
        exact = float(mpmath.diff(mpmath.beta, at, (1, 1)))
    assert float(found) == pytest.approx(exact, rel=1e-13, abs=0)


def test_zeta_by_its_exponent() -> None:
    found = gradient("zeta(s, q)", s=1.001, q=3.0)
    assert found["s"] == pytest.approx(exactly(mpmath.zeta, 1.001, 3.0), rel=1e-14)
    assert found["q"] == pytest.approx(float(-1.001 * mpmath.zeta(2.001, 3)), rel=1e-14)


@pytest.mark.parametrize("name", ["polygamma", "jv", "yv", "iv", "kv", "spherical_jn"])
def test_there_is_no_derivative_by_an_order(name: str) -> None:
    assert np.isfinite(engine.gradient(f"{name}(2, x)", {"x": 1.5}).gradients["x"])
    with pytest.raises(NotDifferentiable, match=name):
        engine.gradient(f"{name}(n, x)", {"n": 2.0, "x": 1.5})


HIGH: list[tuple[str, float, float, Any]] = [
    ("iv(v, x)", 1500.0, 1200.0, mpmath.besseli),
    ("iv(v, x)", 2000.0, 1500.0, mpmath.besseli),
    ("iv(v, x)", 5000.0, 3000.0, mpmath.besseli),
    ("iv(v, x)", 900.5, 800.0, mpmath.besseli),
    ("iv(v, x)", 300.0, 120.0, mpmath.besseli),
    ("kv(v, x)", 1500.0, 1200.0, lambda v, x: 4.4631741615207503e-154),
    ("kv(v, x)", 2000.0, 1500.0, lambda v, x: 8.0425924082207255e-134),
    ("kv(v, x)", 300.0, 120.0, mpmath.besselk),
    ("jv(v, x)", 150.0, 160.0, mpmath.besselj),
    ("jv(v, x)", -151.0, 160.0, mpmath.besselj),
    ("yv(v, x)", 150.0, 160.0, mpmath.bessely),
    ("spherical_jn(v, x)", 150.0, 160.0, lambda v, x: mpmath.sqrt(mpmath.pi / 2 / x) * mpmath.besselj(v + 0.5, x)),
    ("spherical_jn(v, x)", 200.0, 250.0, lambda v, x: mpmath.sqrt(mpmath.pi / 2 / x) * mpmath.besselj(v + 0.5, x)),
    ("spherical_jn(v, x)", 149.0, 1.5, lambda v, x: mpmath.sqrt(mpmath.pi / 2 / x) * mpmath.besselj(v + 0.5, x)),
    ("polygamma(v, x)", 171.0, 2.5, mpmath.psi),
    ("polygamma(v, x)", 200.0, 80.0, mpmath.psi),
    ("polygamma(v, x)", 1000.0, 400.0, mpmath.psi),
    ("polygamma(v, x)", 150.0, 1000.0, mpmath.psi),
    ("polygamma(v, x)", 5.0, 1e62, lambda v, x: 24 / x**5),
]


@pytest.mark.parametrize(("text", "v", "x", "function"), HIGH, ids=lambda part: str(part)[:24])
def test_a_high_order(text: str, v: float, x: float, function: Any) -> None:
    """SciPy's values, and those between them, are right to as many ulp as the logarithm of a value is large."""
    with mpmath.workdps(50):
        exact = float(function(int(v) if v == int(v) else v, mpmath.mpf(x)))
    assert float(engine.evaluate(text, {"v": v, "x": x}).value) == pytest.approx(exact, rel=5e-12, abs=0)


BEYOND = [
    ("iv(10000, x)", 3000.0, 0.0),
    ("iv(100000, x)", 1e6, math.inf),
    ("kv(100000, x)", 1e6, 0.0),
    ("jv(100000000, x)", 2.0, 0.0),
    ("jv(-100000000, x)", 2.0, 0.0),
    ("jv(1e9, x)", 3.0, 0.0),
    ("jv(1e300, x)", 3.0, math.nan),
    ("spherical_jn(10**9, x)", 3.0, 0.0),
    ("spherical_jn(200, x)", 0.0, 0.0),
    ("polygamma(10**9, x)", 3.0, -math.inf),
    ("polygamma(10**30, x)", 3.0, -math.inf),
    ("polygamma(171, x)", -0.5, math.nan),
    ("polygamma(2.5, x)", 1.0, math.nan),
    ("polygamma(400, x)", math.inf, 0.0),
    ("polygamma(400, x)", 0.0, -math.inf),
]


@pytest.mark.parametrize(("text", "x", "value"), BEYOND)
def test_an_order_beyond_the_doubles_ends_at_once(text: str, x: float, value: float) -> None:
    assert engine.evaluate(text, {"x": x}).value == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("name", ["jv", "yv", "polygamma", "spherical_jn"])
def test_many_orders_at_once_are_those_one_by_one(name: str) -> None:
    row = TABLE[name].numpy
    orders, x = np.arange(300.0), np.linspace(0.3, 40.0, 300)
    each = [row(np.float64(v), np.float64(at)) for v, at in zip(orders, x, strict=True)]
    assert np.allclose(row(orders, x), each, rtol=1e-14, atol=0, equal_nan=True)


@pytest.mark.parametrize("d", ["0", "2.5", "10**9", "'a'", "inf"])
def test_a_dimension_of_multigammaln_is_a_count(d: str) -> None:
    with pytest.raises(ExpressionError, match="whole number from 1 to 1000"):
        engine.gradient(f"multigammaln(x, {d})", {"x": 3.0})


HEAVY = {"bessel_j0(x)": 1e4, "bessel_y1(x)": 2e4, "gammaln(x)": 1e4, "kv(2, x)": 1e3, "betainc(x, x, x)": 1e3}


@pytest.mark.parametrize(("text", "least"), HEAVY.items())
def test_what_takes_long_is_estimated_so(text: str, least: float) -> None:
    """A flop is half a nanosecond or so."""
    with pytest.raises(LimitExceeded, match="floating-point operations"):
        engine.evaluate(text, {"x": np.full(1000, 0.5)}, limits=engine.Limits(flops=1000 * least))


def test_an_estimate_grows_with_the_order_of_a_derivative() -> None:
    shapes = [(3,), (2, 1), ()]
    low, high = (TABLE["betainc_by"].flops(shapes, (2, 3), {"m": m, "n": 0}) for m in (0, 1))
    assert 6 * 1000 < low < high / 10


def test_an_order_may_be_a_tensor() -> None:
    found = engine.gradient("sum(polygamma(n, x))", {"n": engine.Input([1, 2], "int64"), "x": [1.5, 2.5]}).gradients[
        "x"
    ]
    assert np.allclose(found, [float(mpmath.psi(2, 1.5)), float(mpmath.psi(3, 2.5))], rtol=1e-14)


def test_lambertw_has_two_real_branches() -> None:
    with pytest.raises((WrongArguments, ExpressionError), match="k=2"):
        engine.gradient("lambertw(x, k=2)", {"x": 1.0})


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("erfcx(x)", -26.65, math.inf, -math.inf),
        ("erfcx(x)", -math.inf, math.inf, -math.inf),
        ("expi(x)", math.inf, math.inf, None),
    ],
)
def test_beyond_the_doubles_is_infinite(text: str, x: float, value: float, slope: float | None) -> None:
    answer = engine.gradient(text, {"x": x})
    assert answer.value == value
    assert slope is None or answer.gradients["x"] == slope
