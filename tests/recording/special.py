"""Special functions.

Where PyTorch has no derivative of a function, or not the function, it differentiates an integral or a series for it,
written with its own operations here: `SPELLED`. So too where its own is right to nine digits only (the derivative of
digamma) or to six (J and Y).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.recording.case import Group, spread

# ---- integrals and series, of PyTorch's own operations ------------------------------------------------------------


def _legendre(torch: Any, low: float, high: float) -> tuple[Any, Any]:
    """Gauss's nodes and weights for an interval."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    half = (high - low) / 2
    return torch.tensor(low + half * (nodes + 1)), torch.tensor(half * weights)


def _exp_sinh(torch: Any) -> tuple[Any, Any]:
    """Nodes and weights for (0, ∞)."""
    places = torch.arange(-4.5, 2.8, 1 / 40, dtype=torch.float64)
    nodes = torch.exp(math.pi / 2 * torch.sinh(places))
    return nodes, nodes * torch.cosh(places) * (math.pi / 80)


def _circle(torch: Any) -> Any:
    return (torch.arange(64, dtype=torch.float64) + 0.5) * (math.pi / 64)


def _of(x: Any) -> Any:
    return x.unsqueeze(-1) if hasattr(x, "unsqueeze") else x


def _j(torch: Any, v: float, x: Any) -> Any:
    t = _circle(torch)
    return torch.cos(v * t - _of(x) * torch.sin(t)).mean(-1)


def _i(torch: Any, v: float, x: Any) -> Any:
    t = _circle(torch)
    return (torch.exp(_of(x) * torch.cos(t)) * torch.cos(v * t)).mean(-1)


def _y(torch: Any, v: float, x: Any) -> Any:
    t, weights = _legendre(torch, 0.0, math.pi)
    waves = torch.sin(_of(x) * torch.sin(t) - v * t) @ weights
    t, weights = _legendre(torch, 0.0, 7.0)
    rest = (torch.exp(v * t) + math.cos(math.pi * v) * torch.exp(-v * t)) * torch.exp(-_of(x) * torch.sinh(t))
    return (waves - rest @ weights) / math.pi


def _k(torch: Any, v: float, x: Any, scaled: float = 0.0) -> Any:
    t = torch.arange(0.0, 8.0, 1 / 32, dtype=torch.float64)
    terms = torch.exp(-_of(x) * (torch.cosh(t) - scaled)) * torch.cosh(v * t) / 32
    return terms.sum(-1) - 0.5 * terms[..., 0]


def _igamma(torch: Any, a: Any, x: Any) -> Any:
    v, weights = _exp_sinh(torch)
    a, x = torch.broadcast_tensors(a, x)
    inside = torch.exp(_of(a) * (torch.log(_of(x)) - v) - _of(x) * torch.exp(-v)) @ weights
    return inside * torch.exp(-_lgamma(torch, a))


def _lgamma(torch: Any, x: Any) -> Any:
    """By Stirling's series, of x + 12, for x > -1."""
    product = math.prod([x + k for k in range(12)], start=1.0)
    far = x + 12
    series = 1 / (12 * far) - 1 / (360 * far**3) + 1 / (1260 * far**5) - 1 / (1680 * far**7) + 1 / (1188 * far**9)
    series = series - 691 / (360360 * far**11)
    return (far - 0.5) * torch.log(far) - far + math.log(2 * math.pi) / 2 + series - torch.log(torch.abs(product))


def _digamma(torch: Any, x: Any) -> Any:
    """The same series, differentiated."""
    far = x + 12
    series = -1 / (12 * far**2) + 1 / (120 * far**4) - 1 / (252 * far**6) + 1 / (240 * far**8) - 1 / (132 * far**10)
    series = series + 691 / (32760 * far**12)
    return torch.log(far) - 0.5 / far + series - sum(1 / (x + k) for k in range(12))


def _polygamma(torch: Any, n: int, x: Any) -> Any:
    return (-1) ** (n + 1) * math.factorial(n) * _zeta(torch, n + 1, x) if n else _digamma(torch, x)


def _multigammaln(torch: Any, x: Any, d: int) -> Any:
    return sum(_lgamma(torch, x - k / 2) for k in range(d)) + d * (d - 1) / 4 * math.log(math.pi)


def _betaln(torch: Any, a: Any, b: Any) -> Any:
    return _lgamma(torch, a) + _lgamma(torch, b) - _lgamma(torch, a + b)


def _betainc(torch: Any, a: Any, b: Any, x: Any) -> Any:
    v, weights = _exp_sinh(torch)
    a, b, x = torch.broadcast_tensors(a, b, x)
    powers = _of(a) * (torch.log(_of(x)) - v) + (_of(b) - 1) * torch.log1p(-_of(x) * torch.exp(-v))
    return (torch.exp(powers) @ weights) * torch.exp(-_betaln(torch, a, b))


def _zeta(torch: Any, s: Any, q: Any) -> Any:
    total = sum((q + k) ** -s for k in range(20))
    far = q + 20
    total = total + far ** (1 - s) / (s - 1) + 0.5 * far**-s
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66), 1):
        rising = math.prod([s + i for i in range(2 * k - 1)], start=1.0)
        total = total + bernoulli / math.factorial(2 * k) * rising * far ** (1 - s - 2 * k)
    return total


def _expi(torch: Any, x: Any) -> Any:
    total = torch.log(torch.abs(x)) + float(np.euler_gamma)
    return total + sum(x**k / float(k * math.factorial(k)) for k in range(1, 50))


def _lambertw(torch: Any, x: Any, k: int = 0) -> Any:
    w = torch.log1p(x) if k == 0 else -1 - 2 * torch.sqrt(2 * (1 + math.e * x))
    for _ in range(30):
        w = w - (w - x * torch.exp(-w)) / (1 + w)
    return w


def _gamma(torch: Any, x: Any) -> Any:
    """With the sign that is right for x > -1."""
    return torch.sign(x) * torch.exp(_lgamma(torch, x))


def spelled(function: Callable[..., Any], *first: Any, **named: Any) -> Callable[[Any], Callable[..., Any]]:
    """A function of PyTorch's operations under a name of our language."""
    return lambda torch: lambda *xs: function(torch, *first, *xs, **named)


SPELLED = {
    "bessel_j0": spelled(_j, 0), "j0": spelled(_j, 0), "bessel_j1": spelled(_j, 1), "j1": spelled(_j, 1),
    "bessel_y0": spelled(_y, 0), "y0": spelled(_y, 0), "bessel_y1": spelled(_y, 1), "y1": spelled(_y, 1),
    "jv": spelled(_j), "jn": spelled(_j), "yv": spelled(_y), "yn": spelled(_y), "iv": spelled(_i), "kv": spelled(_k),
    "kn": spelled(_k), "modified_bessel_k0": spelled(_k, 0), "k0": spelled(_k, 0), "modified_bessel_k1": spelled(_k, 1),
    "k1": spelled(_k, 1), "scaled_modified_bessel_k0": spelled(_k, 0, scaled=1), "k0e": spelled(_k, 0, scaled=1),
    "scaled_modified_bessel_k1": spelled(_k, 1, scaled=1), "k1e": spelled(_k, 1, scaled=1),
    "gammainc": spelled(_igamma), "igamma": spelled(_igamma),
    "gammaincc": lambda torch: lambda a, x: 1 - _igamma(torch, a, x),
    "igammac": lambda torch: lambda a, x: 1 - _igamma(torch, a, x),
    "betaln": spelled(_betaln), "beta": lambda torch: lambda a, b: torch.exp(_betaln(torch, a, b)),
    "betainc": spelled(_betainc), "zeta": spelled(_zeta), "expi": spelled(_expi),
    "exp1": lambda torch: lambda x: -_expi(torch, -x), "lambertw": spelled(_lambertw), "gamma": spelled(_gamma),
    "erfcinv": lambda torch: lambda x: torch.erfinv(1 - x),
    "digamma": spelled(_digamma), "psi": spelled(_digamma), "polygamma": spelled(_polygamma),
    "multigammaln": spelled(_multigammaln), "mvlgamma": spelled(_multigammaln), "stirling": spelled(_lgamma),
    "spherical_bessel_j0": lambda torch: lambda x: torch.sin(x) / x,
}  # fmt: skip

GROUP = Group(
    "special",
    names={
        **SPELLED,
        **{name: f"special.{name}" for name in ("erfcx", "gammaln", "i0e", "i1", "i1e", "log_ndtr", "ndtr")},
        "ndtri": "special.ndtri",
        "modified_bessel_i0": "special.i0",
        "modified_bessel_i1": "special.i1",
    },
)
case = GROUP.case

# ---- functions of one number -------------------------------------------------------------------------------------

UNARY = {
    "erf": (-2, 2), "erfc": (-2, 3), "erfcx": (-1, 4), "erfinv": (-0.95, 0.95),
    "gammaln": (0.2, 6), "i0": (-3, 3), "i0e": (-4, 4), "i1": (-3, 3), "i1e": (-4, 4), "log_ndtr": (-6, 3),
    "ndtr": (-3, 3), "ndtri": (0.03, 0.97),
}  # fmt: skip

SPELLED_OUT = {
    "digamma": (0.2, 5),
    "bessel_j0": (-8, 8), "bessel_j1": (-8, 8), "bessel_y0": (0.5, 8), "bessel_y1": (0.5, 8), "erfcinv": (0.1, 1.9),
    "exp1": (0.2, 3), "expi": (-2, 3), "gamma": (0.2, 5), "lambertw": (-0.3, 4), "modified_bessel_k0": (0.3, 5),
    "modified_bessel_k1": (0.3, 5), "scaled_modified_bessel_k0": (0.3, 5), "scaled_modified_bessel_k1": (0.3, 5),
    "spherical_bessel_j0": (0.5, 7),
}  # fmt: skip

ALIASES = {
    "j0": "bessel_j0", "j1": "bessel_j1", "k0": "modified_bessel_k0", "k0e": "scaled_modified_bessel_k0",
    "k1": "modified_bessel_k1", "k1e": "scaled_modified_bessel_k1", "lgamma": "gammaln", "modified_bessel_i0": "i0",
    "modified_bessel_i1": "i1", "psi": "digamma", "y0": "bessel_y0", "y1": "bessel_y1",
}  # fmt: skip

RANGES = {**UNARY, **SPELLED_OUT}

for seed, (name, (low, high)) in enumerate(RANGES.items()):
    hessian = name != "gammaln"
    case(f"{name}(x)", {"x": spread(low=low, high=high, seed=seed)}, hessian=hessian)
    case(f"{name}(x)", {"x": spread(5, low=low, high=high, seed=seed + 1)}, atol=1e-15)
    case(f"{name}(x)", {"x": spread(2, 1, 3, low=low, high=high, seed=seed + 2)}, atol=1e-15)
    weighed = {"x": spread(3, low=low, high=high, seed=seed + 4), "w": [0.5, -1.5, 2.0]}
    case(f"sum({name}(x) * w)", weighed, hessian=hessian)
    if name in UNARY:
        case(f"{name}(x)", {"x": spread(3, low=low, high=high, seed=seed + 3)}, dtype="float32", atol=1e-7)
        case(f"{name}(x)", {"x": []})
for seed, (name, of) in enumerate(ALIASES.items()):
    case(f"{name}(x)", {"x": spread(4, low=RANGES[of][0], high=RANGES[of][1], seed=seed)}, atol=1e-15)

# what PyTorch itself says of the values of those that are spelled out
for name in (
    "digamma", "gammaln", "modified_bessel_k0", "modified_bessel_k1",
    "scaled_modified_bessel_k0", "scaled_modified_bessel_k1", "spherical_bessel_j0",
):  # fmt: skip
    low, high = RANGES[name]
    x = {"x": spread(4, low=low, high=high, seed=9)}
    case(f"detach(torch.special.{name}(x)) * x", x, f"special.{name}(x).detach() * x", atol=1e-14)

# as pasted
case("torch.special.erf(x) + torch.erf(x)", {"x": [0.5, -1.0]}, "2 * erf(x)")
case("scipy.special.ndtr(x) * torch.special.ndtr(x)", {"x": [0.5, -1.0]}, "ndtr(x) ** 2")
case("torch.lgamma(x) - torch.special.gammaln(x) + torch.digamma(x)", {"x": [0.5, 2.5]}, "digamma(x)", atol=1e-15)
case("sum(torch.lgamma(x))", {"x": spread(3, low=0.3, high=6)}, "sum(stirling(x))")
case("detach(polygamma(3, x)) * x", {"x": [0.5, 2.5]}, "torch.polygamma(3, x).detach() * x")
case("detach(mvlgamma(x, 3)) * x", {"x": [1.5, 2.5]}, "torch.mvlgamma(x, 3).detach() * x")
case("log_ndtr(x)", {"x": [-30.0, -100.0, 8.0]})
case("erfcx(x)", {"x": [20.0, 50.0]}, hessian=False)
case("digamma(x)", {"x": [-0.3, -1.6, -2.2]})
case("detach(torch.digamma(x)) * x", {"x": [-0.3, -1.6, -2.2]}, "torch.digamma(x).detach() * x")
case("gammaln(x)", {"x": [-0.3, -1.6, -2.2]})
case("gamma(x)", {"x": [-0.3, -0.6]})
case("lambertw(x, -1)", {"x": [-0.3, -0.2, -0.1]}, "lambertw(x, -1)")
case("lambertw(x, k=-1)", {"x": -0.25}, "lambertw(x, -1)")
case("lambertw(x, 0)", {"x": [0.5, 1.5]})

# ---- of several numbers ------------------------------------------------------------------------------------------

for seed, n in enumerate((0, 1, 2, 3)):
    case(f"polygamma({n}, x)", {"x": spread(low=0.3, high=4, seed=seed)})
    case(f"polygamma({n}, x)", {"x": spread(2, 1, 2, low=0.3, high=4, seed=seed)})
    case(f"sum(torch.polygamma({n}, x))", {"x": spread(3, low=0.3, high=4, seed=seed)}, f"sum(polygamma({n}, x))")
case("polygamma(1, x)", {"x": [-0.3, -1.6, -2.2]})
case("torch.special.polygamma(2, x)", {"x": [1.5, 2.5]}, "polygamma(2, x)", dtype="float32")
case("polygamma(1, x)", {"x": []})

for seed, d in enumerate((1, 2, 3)):
    case(f"multigammaln(x, {d})", {"x": spread(low=1.6, high=5, seed=seed)})
    case(f"mvlgamma(x, {d})", {"x": spread(2, 2, low=1.6, high=5, seed=seed)})
case("torch.mvlgamma(x, p=2)", {"x": spread(3, low=1.6, high=5)}, "mvlgamma(x, 2)")
case("torch.special.multigammaln(x, 3)", {"x": spread(3, low=1.6, high=5)}, "mvlgamma(x, 3)", dtype="float32")
case("sum(multigammaln(x, d=2))", {"x": spread(3, low=1.6, high=5)}, "sum(mvlgamma(x, 2))")

BINARY = {
    "beta": (0.3, 3), "betaln": (0.3, 3), "gammainc": (0.4, 4), "gammaincc": (0.4, 4), "igamma": (0.4, 4),
    "igammac": (0.4, 4), "zeta": (1.4, 5),
}  # fmt: skip

for seed, (name, (low, high)) in enumerate(BINARY.items()):
    a, b = {"low": low, "high": high, "seed": seed}, {"low": low, "high": high, "seed": seed + 5}
    case(f"{name}(a, b)", {"a": spread(**a), "b": spread(**b)})
    case(f"{name}(a, b)", {"a": spread(3, **a), "b": spread(3, **b)})
    case(f"{name}(a, b)", {"a": spread(2, 1, **a), "b": spread(3, **b)})
    case(f"sum({name}(a, b) * w)", {"a": spread(2, 1, **a), "b": spread(3, **b), "w": [0.5, -1.5, 2.0]}, atol=1e-14)
case("zeta(x)", {"x": [1.5, 2.0, 4.5]}, "zeta(x, 1)")
case("torch.special.zeta(x, q)", {"x": 2.5, "q": [0.5, 3.0]}, "zeta(x, q)")
case("detach(torch.special.zeta(x, q)) * x", {"x": 2.5, "q": [0.5, 3.0]}, "special.zeta(x, q).detach() * x")
case("detach(torch.special.gammainc(x, q)) * x", {"x": 2.5, "q": [0.5, 3.0]}, "special.gammainc(x, q).detach() * x")
case("detach(torch.special.gammaincc(x, q)) * x", {"x": 2.5, "q": [0.5, 3.0]}, "special.gammaincc(x, q).detach() * x")

case("betainc(a, b, x)", {"a": 2.0, "b": 3.5, "x": 0.4})
case("betainc(a, b, x)", {"a": [0.5, 2.0, 4.0], "b": [1.5, 0.7, 3.0], "x": [0.2, 0.6, 0.85]})
case("betainc(a, b, x)", {"a": spread(2, 1, low=0.5, high=4), "b": spread(3, low=0.5, high=4), "x": 0.3})
case("sum(scipy.special.betainc(a, b, x))", {"a": 1.5, "b": [0.5, 2.5], "x": [0.3, 0.6]}, "sum(betainc(a, b, x))")

# ---- Bessel functions by their order ----------------------------------------------------------------------------

ORDERS = {
    "iv": (0.2, 4), "jn": (0.5, 9), "jv": (0.5, 9), "kn": (0.4, 5), "kv": (0.4, 5), "yn": (0.8, 9), "yv": (0.8, 9),
}  # fmt: skip

for seed, (name, (low, high)) in enumerate(ORDERS.items()):
    case(f"{name}(0, x)", {"x": spread(low=low, high=high, seed=seed)})
    case(f"{name}(2, x)", {"x": spread(4, low=low, high=high, seed=seed)}, atol=1e-14)
    case(
        f"sum({name}(1, x) * w)", {"x": spread(3, low=low, high=high, seed=seed + 1), "w": [0.5, -1.5, 2.0]}, atol=1e-14
    )
case("jv(0.5, x)", {"x": spread(3, low=0.5, high=9)}, "sqrt(2 / (math.pi * x)) * sin(x)", atol=1e-15)
case("yv(0.5, x)", {"x": spread(3, low=0.5, high=9)}, "-sqrt(2 / (math.pi * x)) * cos(x)", atol=1e-15)
case("iv(0.5, x)", {"x": spread(3, low=0.5, high=4)}, "sqrt(2 / (math.pi * x)) * sinh(x)")
case("kv(0.5, x)", {"x": spread(3, low=0.5, high=4)}, "sqrt(math.pi / (2 * x)) * exp(-x)")
case("spherical_jn(0, x)", {"x": spread(3, low=0.5, high=7)}, "sin(x) / x")
case("spherical_jn(1, x)", {"x": spread(2, 2, low=0.5, high=7)}, "sin(x) / x**2 - cos(x) / x", atol=1e-15)
case("sum(scipy.special.spherical_jn(1, x))", {"x": [1.5, 3.0]}, "sum(sin(x) / x**2 - cos(x) / x)")

# ---- SymPy's names, and factorials --------------------------------------------------------------------------------

for alias, name in (("besselj", "jv"), ("bessely", "yv"), ("besseli", "iv"), ("besselk", "kv")):
    low, high = ORDERS[name]
    case(f"{alias}(2, x)", {"x": spread(3, low=low, high=high, seed=1)}, f"{name}(2, x)", atol=1e-15)
case("LambertW(x)", {"x": spread(3, low=-0.3, high=4)}, "lambertw(x)")
case("factorial(n)", {"n": spread(low=0.2, high=5)}, "exp(lgamma(n + 1))", hessian=False)
case("factorial(n)", {"n": spread(4, low=0.2, high=5, seed=1)}, "exp(lgamma(n + 1))", hessian=False)
case("sum(factorial(n) / factorial(4))", {"n": spread(2, 2, low=0.2, high=5)}, "sum(gamma(n + 1) / 24)")
for alias, seed in (("comb", 1), ("binom", 2), ("binomial", 3)):
    case(
        f"{alias}(n, k)",
        {"n": spread(3, low=4, high=9, seed=seed), "k": spread(3, low=0.5, high=3.5, seed=seed)},
        "exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1))",
        hessian=False,
    )
case("comb(5, 2) * n", {"n": 1.5}, "10 * n")
