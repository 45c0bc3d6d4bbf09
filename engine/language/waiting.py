"""Parts that wait for other parts, however many and however deep, without a call in a call.

A part is a generator: it yields the part that it waits for, is sent that one's value, and returns its own.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

Waiting = Generator[Any, Any, Any]


def run(first: Waiting) -> Any:
    """The value of a part, with all that it waits for.

    >>> def count(n):
    ...     return 0 if n == 0 else 1 + (yield count(n - 1))
    >>> run(count(50_000))
    50000
    """
    waiting, value = [first], None
    while waiting:
        try:
            part = waiting[-1].send(value)
        except StopIteration as end:
            waiting.pop()
            value = end.value
        else:
            waiting.append(part)
            value = None
    return value
