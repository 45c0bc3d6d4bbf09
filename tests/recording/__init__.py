"""Figures recorded from PyTorch, the independent oracle of `tests/engine/test_torch.py`.

    python -m tests.recording [GROUP ...]     writes tests/data/torch/GROUP.json; needs torch, which nothing else does

A case is an expression in our language with its inputs. PyTorch evaluates the same text, with its functions bound to
the names, or an explicit spelling where its own differs, and what it says is recorded: value, gradients, and where
they are small the Jacobian and (of a scalar) the Hessian; of some products with vectors, derivatives of higher order
and those at many points. Where our convention differs from PyTorch's by design, the
case says so in ``ours``: the reason, and the expected figures written by hand.

One module for each group of cases.
"""

from tests.recording import (
    algebra,
    arrays,
    choice,
    complex,
    derivatives,
    elementwise,
    formulas,
    indexing,
    learning,
    matrices,
    networks,
    numbers,
    programs,
    reductions,
    shaping,
    special,
    spelled,
)

GROUPS = [
    module.GROUP
    for module in (
        numbers,
        choice,
        arrays,
        matrices,
        formulas,
        elementwise,
        special,
        learning,
        reductions,
        shaping,
        indexing,
        algebra,
        networks,
        complex,
        spelled,
        programs,
        derivatives,
    )
]
