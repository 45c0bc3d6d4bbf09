"""What special functions mean."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.engine.table.exact import Exact, each


def _elements(function: Any) -> Exact:
    """A function of numbers and of static parameters, for each element."""
    return lambda *xs, **static: each(lambda *at: function(*at, **static), len(xs))(*xs)


def _betainc(a: Any, b: Any, x: Any) -> Any:
    return mpmath.betainc(a, b, 0, x, regularized=True)


def _by(function: Any, a: Any, b: Any, m: int, n: int) -> Any:
    """The derivative, m times by a and n times by b."""
    return mpmath.diff(function, (a, b), (m, n)) if m + n else function(a, b)


def _beta_density(a: Any, b: Any, x: Any) -> Any:
    return x ** (a - 1) * (1 - x) ** (b - 1) / mpmath.beta(a, b)


def _gammainc_by(a: Any, x: Any, n: int) -> Any:
    return mpmath.diff(lambda t: mpmath.gammainc(t, 0, x, regularized=True), a, n)


def _zeta(x: Any, q: Any = None) -> Any:
    return each(mpmath.zeta, 2)(x, np.array(mpmath.mpf(1), dtype=object) if q is None else q)


def _multigammaln(a: Any, d: int) -> Any:
    """By the product of gamma functions."""
    product = mpmath.pi ** (mpmath.mpf(d * (d - 1)) / 4)
    for k in range(d):
        product *= mpmath.gamma(a - mpmath.mpf(k) / 2)
    return mpmath.log(product)


DEFINITIONS: dict[str, Exact] = {
    "beta_by": _elements(lambda a, b, m=0, n=0: _by(mpmath.beta, a, b, m, n)),
    "beta_density_by": _elements(lambda a, b, x, m=0, n=0: _by(lambda p, q: _beta_density(p, q, x), a, b, m, n)),
    "betainc": each(_betainc, 3),
    "betainc_by": _elements(lambda a, b, x, m=0, n=0: _by(lambda p, q: _betainc(p, q, x), a, b, m, n)),
    "gammainc_by": _elements(lambda a, x, n=0: _gammainc_by(a, x, n)),
    "gammaln": each(lambda x: mpmath.log(abs(mpmath.gamma(x)))),
    "multigammaln": _elements(_multigammaln),
    "zeta": _zeta,
    "zeta_by": _elements(lambda s, q, n=0: mpmath.zeta(s, q, n)),
}
