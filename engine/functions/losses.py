"""Losses."""

from __future__ import annotations

from typing import Any

from engine.errors import WrongArguments
from engine.kinds import composition


@composition(
    'mse_loss(input, target, /, reduction="mean")',
    examples=(
        (((2, 3), (2, 3)), {}),
        (((3,), (3,)), {"reduction": "sum"}),
        (((2, 1), (3,)), {"reduction": "none"}),
        (((), ()), {}),
    ),
)
def mse_loss(F: Any, input: Any, target: Any, reduction: str) -> Any:
    """Squared distance, averaged over all elements (``reduction`` may also be "sum" or "none")."""
    return _reduce(F, F.square(input - target), reduction)


def _reduce(F: Any, losses: Any, reduction: str) -> Any:
    if reduction == "mean":
        return F.mean(losses)
    if reduction == "sum":
        return F.sum(losses)
    if reduction == "none":
        return losses
    raise WrongArguments(f"reduction {reduction!r} is not known", hint='write "mean", "sum" or "none"')
