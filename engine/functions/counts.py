"""Numbers written out in a call: counts, sizes, steps and places, which are whole, and others."""

from __future__ import annotations

from typing import Any

from engine.errors import WrongArguments


def whole(value: Any, what: str, least: int | None = 0, most: int | None = None) -> int:
    """A whole number within bounds; raises `WrongArguments` where it is none, and names ``what`` it is.

    >>> whole(3, "k")
    3
    """
    if isinstance(value, int) and not isinstance(value, bool):
        above, below = least is None or value >= least, most is None or value <= most
        if above and below:
            return value
    bounds = [f" of at least {least}" if most is None else f" from {least} to {most}"] if least is not None else []
    raise WrongArguments(f"{what} is a whole number{''.join(bounds)}, not {value!r}")


def truth(value: Any, what: str) -> bool:
    """Whether, by a truth value, a number or ``None``; raises `WrongArguments` where it is none of them.

    >>> truth(1, "lower"), truth(None, "lower")
    (True, False)
    """
    if value is not None and not isinstance(value, (int, float)):
        raise WrongArguments(f"{what} is True or False, not {value!r}")
    return bool(value)


def real(value: Any, what: str) -> float:
    """A number; raises `WrongArguments` where it is none, and names ``what`` it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongArguments(f"{what} is a number, not {value!r}")
    return float(value)
