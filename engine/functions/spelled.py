"""What a library means by a name that is another function here: had by its spelling, and by a name of its own."""

from __future__ import annotations

from typing import Any

from engine.functions.counts import real
from engine.kinds import composition


@composition(
    "keep_where(x, condition, other)",
    method="where",
    data=("condition",),
    complex=True,
    convention="the branch that is taken; the other one gets exactly 0",
    examples=(
        (((3,), [True, False, True], (3,)), {}),
        (((2, 2), [True, False], ()), {}),
        (((), [True, False], (2,)), {}),
    ),
)
def keep_where(F: Any, x: Any, condition: Any, other: Any) -> Any:
    """x where the condition holds, other elsewhere: what ``x.where(condition, other)`` means in PyTorch."""
    return F.where(condition, x, other)


@composition(
    "polygamma_of(x, n)",
    method="polygamma",
    data=("n",),
    domain=(0.5, 4.0),
    defined="x not one of 0, -1, -2, ...",
    examples=((((3,), [1, 0, 2]), {}), (((), [1, 2]), {}), (((2, 1), [1]), {})),
)
def polygamma_of(F: Any, x: Any, n: Any) -> Any:
    """The n-th derivative of digamma: what ``x.polygamma(n)`` means in PyTorch."""
    return F.polygamma(F.cast(n, dtype=F.dtype(x)), x)


@composition(
    "increasing_vander(x, /, N=None)",
    method="torch.linalg.vander",
    complex=True,
    examples=((((3,),), {}), (((3,),), {"N": 2}), (((1,),), {"N": 4})),
)
def increasing_vander(F: Any, x: Any, N: Any) -> Any:
    """Powers of each element, from the power 0 on: what ``torch.linalg.vander`` gives."""
    return F.vander(x, N=N, increasing=True)


@composition(
    "diagonal_of_matrices(x, /, offset=0)",
    method="torch.linalg.diagonal np.linalg.diagonal",
    complex=True,
    examples=((((3, 3),), {}), (((2, 3, 4),), {"offset": 1}), (((2, 2, 2),), {"offset": -1})),
)
def diagonal_of_matrices(F: Any, x: Any, offset: int) -> Any:
    """The diagonal of each matrix of a stack: of the last two axes, not of the first two."""
    return F.diagonal(x, offset=offset, axis1=-2, axis2=-1)


@composition(
    "trace_of_matrices(x, /, offset=0)",
    method="np.linalg.trace",
    complex=True,
    examples=((((3, 3),), {}), (((2, 3, 4),), {"offset": 1}), (((2, 2, 2),), {"offset": -1})),
)
def trace_of_matrices(F: Any, x: Any, offset: int) -> Any:
    """The sum of the diagonal of each matrix of a stack: of the last two axes, not of the first two."""
    return F.sum(F.diagonal_of_matrices(x, offset=offset), axis=-1)


@composition(
    "add_scaled(a, b, /, alpha=1)",
    method="add torch.add",
    keywords={"input": "a", "other": "b"},
    complex=True,
    examples=((((2, 3), (3,)), {}), (((3,), ()), {"alpha": 2}), (((2, 1), (2, 2)), {"alpha": -0.5})),
)
def add_scaled(F: Any, a: Any, b: Any, alpha: float) -> Any:
    """a + alpha * b: what ``torch.add`` takes alpha= for."""
    return a + b if alpha == 1 else a + real(alpha, "alpha") * b
