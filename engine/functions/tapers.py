"""Tapers: the window functions of NumPy and PyTorch, vectors that fall off to both ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.errors import WrongArguments
from engine.functions.counts import real
from engine.functions.creation import typed
from engine.functions.pooling import reserve
from engine.kinds import Composition


def _taper(F: Any, make: Callable[[int], Any], length: Any, periodic: Any, dtype: str | None = None) -> Any:
    """A periodic one is of one period, without the element that would be its first again."""
    if isinstance(length, bool) or not isinstance(length, int) or length < 0:
        raise WrongArguments(f"a window has a whole number of elements, not {length!r}")
    reserve(F, length + 1)
    values = np.asarray(make(length + 1)[:-1] if periodic and length > 1 else make(length), dtype="float64")
    return typed(F, F.broadcast_to(values, shape=values.shape), dtype)


def _cosines(n: int, *shares: float) -> Any:
    """Cosines of whole turns, in shares of alternating sign."""
    turns = np.linspace(0.0, 2 * np.pi, n) if n > 1 else np.full(n, np.pi)
    return sum((-1) ** k * share * np.cos(k * turns) for k, share in enumerate(shares))


def _kaiser(n: int, beta: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.kaiser(n, real(beta, "beta"))


_EXAMPLES = (((), {"window_length": 5}), ((), {"window_length": 4, "periodic": False}), ((), {"window_length": 1}))


def _torch(name: str, extra: str, make: Callable[..., Any], doc: str) -> None:
    def rule(F: Any, window_length: Any, periodic: Any, dtype: str | None, **shape: Any) -> Any:
        return _taper(F, lambda n: make(n, **shape), window_length, periodic, dtype)

    Composition(
        f"{name}(/, window_length, periodic=True{extra}, dtype=None)",
        rule,
        keywords={"N": "window_length", "M": "window_length"},
        examples=_EXAMPLES,
        doc=doc,
    )


def _numpy(name: str, extra: str, make: Callable[..., Any], doc: str) -> None:
    def rule(F: Any, M: Any, **shape: Any) -> Any:
        return _taper(F, lambda n: make(n, **shape), M, False)

    Composition(f"{name}(/, M{extra})", rule, examples=_numpy_examples(extra), doc=doc)


def _numpy_examples(extra: str) -> Any:
    more = {"beta": 2.0} if extra else {}
    return tuple(((), {"M": n, **more}) for n in (5, 4, 1))


_torch("hann_window", "", lambda n: _cosines(n, 0.5, 0.5), "Hann's window.")
_torch(
    "hamming_window", ", alpha=0.54, beta=0.46", lambda n, alpha, beta: _cosines(n, alpha, beta), "Hamming's window."
)
_torch("blackman_window", "", lambda n: _cosines(n, 0.42, 0.5, 0.08), "Blackman's window.")
_torch("bartlett_window", "", np.bartlett, "Bartlett's window, a triangle.")
_torch("kaiser_window", ", beta=12.0", _kaiser, "Kaiser's window.")
_numpy("hanning", "", lambda n: _cosines(n, 0.5, 0.5), "Hann's window, symmetric.")
_numpy("hamming", "", lambda n: _cosines(n, 0.54, 0.46), "Hamming's window, symmetric.")
_numpy("blackman", "", lambda n: _cosines(n, 0.42, 0.5, 0.08), "Blackman's window, symmetric.")
_numpy("bartlett", "", np.bartlett, "Bartlett's window, symmetric.")
_numpy("kaiser", ", beta", _kaiser, "Kaiser's window, symmetric.")
