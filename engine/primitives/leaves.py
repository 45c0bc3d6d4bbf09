"""What a graph starts from: inputs and constants."""

from __future__ import annotations

from engine.kinds import flat


def _not_run(*_: object, **__: object) -> object:
    raise TypeError("a leaf has a value; it is not computed")


input = flat("input()", numpy=_not_run, internal=True, doc="A tensor that the caller sends.")

constant = flat("constant(/, value)", numpy=_not_run, internal=True, doc="A number or a tensor written in the program.")
