"""Random numbers, the same for the same seed in every run: PCG64, and not PyTorch's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.errors import WrongArguments
from engine.functions.creation import as_precise, filled, typed
from engine.kinds import Example, composition
from engine.shapes import Shape, broadcast

_SIZES: tuple[Example, ...] = (
    ((), {"size": (2, 3), "seed": 1}),
    ((), {"size": 4, "seed": 2}),
    ((), {"size": (0,), "seed": 3}),
)
_ADVICE = "write seed=0, for one; the numbers are the same for the same seed, and not PyTorch's"


def drawn(F: Any, shape: Any, seed: Any, draw: Callable[[np.random.Generator, Shape], Any]) -> Any:
    """Numbers as a tensor of a shape; raises `WrongArguments` without a seed."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise WrongArguments(
            "random numbers need a seed" if seed is None else f"a seed is a whole number of at least 0, not {seed!r}"
        )
    blank = filled(F, 0.0, () if shape is None else shape)
    numbers = draw(np.random.Generator(np.random.PCG64(seed)), F.shape(blank))
    return blank + (numbers.astype(F.dtype(blank)) if F.shape(blank) else float(numbers))


@composition("rand(/, *size, seed=None, dtype=None)", keywords={"generator": "seed"}, advice=_ADVICE, examples=_SIZES)
def rand(F: Any, size: Any, seed: Any, dtype: str | None) -> Any:
    """Random numbers, evenly spread from 0 to 1."""
    return typed(F, drawn(F, size, seed, lambda rng, shape: rng.random(shape)), dtype)


@composition("randn(/, *size, seed=None, dtype=None)", keywords={"generator": "seed"}, advice=_ADVICE, examples=_SIZES)
def randn(F: Any, size: Any, seed: Any, dtype: str | None) -> Any:
    """Random numbers of the normal distribution with mean 0 and variance 1."""
    return typed(F, drawn(F, size, seed, lambda rng, shape: rng.standard_normal(shape)), dtype)


@composition(
    "rand_like(x, /, seed=None)", data=("x",), advice=_ADVICE, examples=((((2, 3),), {"seed": 1}), (((),), {"seed": 2}))
)
def rand_like(F: Any, x: Any, seed: Any) -> Any:
    """Random numbers from 0 to 1, in the shape of a tensor."""
    return F.spread(F.rand(size=F.shape(x), seed=seed), x)


@composition(
    "randn_like(x, /, seed=None)",
    data=("x",),
    advice=_ADVICE,
    examples=((((2, 3),), {"seed": 1}), (((),), {"seed": 2})),
)
def randn_like(F: Any, x: Any, seed: Any) -> Any:
    """Random numbers of the normal distribution, in the shape of a tensor."""
    return F.spread(F.randn(size=F.shape(x), seed=seed), x)


@composition(
    "randint(/, low, high=None, size=None, seed=None)",
    advice=_ADVICE,
    examples=(
        ((), {"low": 5, "size": (2, 3), "seed": 1}),
        ((), {"low": -2, "high": 3, "size": 4, "seed": 2}),
        ((), {"low": 10, "high": (3,), "seed": 4}),
    ),
)
def randint(F: Any, low: Any, high: Any, size: Any, seed: Any) -> Any:
    """Random whole numbers from low up to and without high; from 0 up to low where that is all."""
    if isinstance(high, tuple):
        high, size = None, high
    first, end = (0, low) if high is None else (low, high)
    if not all(isinstance(n, int) and not isinstance(n, bool) for n in (first, end)) or first >= end:
        raise WrongArguments(f"there are no whole numbers from {first!r} up to {end!r}")
    return drawn(F, size, seed, lambda rng, shape: rng.integers(first, end, shape).astype("float64"))


@composition(
    "randperm(/, n, seed=None)",
    aliases=("permutation",),
    advice=_ADVICE,
    examples=(((), {"n": 5, "seed": 1}), ((), {"n": 1, "seed": 2}), ((), {"n": 0, "seed": 2})),
)
def randperm(F: Any, n: int, seed: Any) -> Any:
    """The whole numbers below n, in a random order."""
    return drawn(F, (n,), seed, lambda rng, shape: rng.permutation(shape[0]).astype("float64"))


_PARAMETERS: tuple[Example, ...] = (
    (((), ()), {"size": (2, 3), "seed": 1}),
    (((3,), (3,)), {"seed": 2}),
    (((2, 1), ()), {"size": (2, 3), "seed": 3}),
)


def _shape_of(F: Any, a: Any, b: Any, size: Any) -> Any:
    return broadcast(F.shape(a), F.shape(b)) if size is None else size


@composition(
    "normal(loc=0.0, scale=1.0, /, size=None, seed=None)",
    keywords={"mean": "loc", "std": "scale"},
    advice=_ADVICE,
    examples=_PARAMETERS,
)
def normal(F: Any, loc: Any, scale: Any, size: Any, seed: Any) -> Any:
    """Random numbers of a normal distribution, differentiable by its mean and its deviation."""
    deviation = as_precise(F, F.randn(size=_shape_of(F, loc, scale, size), seed=seed), loc, scale)
    return loc + scale * deviation


@composition("uniform(low=0.0, high=1.0, /, size=None, seed=None)", advice=_ADVICE, examples=_PARAMETERS)
def uniform(F: Any, low: Any, high: Any, size: Any, seed: Any) -> Any:
    """Random numbers evenly spread from low to high, differentiable by both."""
    share = as_precise(F, F.rand(size=_shape_of(F, low, high, size), seed=seed), low, high)
    return low * (1.0 - share) + high * share
