"""Element types: a tensor in another one, in the words of NumPy and of PyTorch."""

from __future__ import annotations

from typing import Any

from engine.functions.creation import typed
from engine.kinds import composition

_DEVICES = ("cpu", "cuda", "mps")


@composition(
    "astype(x, /, dtype=None)",
    method="to type float double long int bool",
    elsewhere={
        ".float": {"dtype": "float32"},
        ".double": {"dtype": "float64"},
        ".long": {"dtype": "int64"},
        ".int": {"dtype": "int64"},
        ".bool": {"dtype": "bool"},
    },
    complex=True,
    convention="whole numbers and truth values are steps: 0",
    examples=((((2, 3),), {}), (((),), {}), (((3,),), {"dtype": "cuda:0"})),
)
def astype(F: Any, x: Any, dtype: str | None) -> Any:
    """The same numbers in another element type; ``x.to("cuda")``, which names a device, changes nothing."""
    is_device = isinstance(dtype, str) and dtype.partition(":")[0] in _DEVICES
    return typed(F, F.reshape(x, shape=F.shape(x)), None if is_device else dtype)
