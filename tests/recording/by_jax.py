"""What JAX says to the derivatives that PyTorch is asked for: a second system, by other rules, in forward mode too.

    python -m tests.recording.by_jax     writes tests/data/jax/derivatives.json; needs jax, which nothing else does

The text is run with JAX's functions bound to the names. Jacobians are those of ``jacfwd``, Hessians those of forward
over reverse, and derivatives of higher order those of ``jacfwd`` again and again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.recording.case import Case, encoded
from tests.recording.derivatives import GROUP

DATA = Path(__file__).parent.parent / "data" / "jax" / "derivatives.json"

OTHERWISE = ("v[[2, 0, 0]]", "if x > 0", "softplus", "einsum('kij")
"""What JAX does not run as it is written."""

CASES = [
    case
    for case in GROUP.cases
    if case.dtype == "float64"
    and not (case.map or case.torch)
    and not any(part in case.expression for part in OTHERWISE)
]


def namespace() -> dict[str, Any]:
    import jax
    import jax.numpy as jnp

    own = {"lgamma": jax.scipy.special.gammaln, "erf": jax.scipy.special.erf, "sigmoid": jax.nn.sigmoid,
           "softmax": jax.nn.softmax, "solve": jnp.linalg.solve, "inv": jnp.linalg.inv, "range": range,
           "det": lambda m: jnp.linalg.det(jnp.array(m)), "sum": lambda x, *a: jnp.sum(jnp.asarray(x), *a)}  # fmt: skip
    return {**vars(jnp), **own}


def record(case: Case, names: dict[str, Any]) -> dict[str, Any]:
    """A case with what JAX says."""
    import jax
    import jax.numpy as jnp

    *before, last = case.expression.splitlines()
    program = "\n".join([*before, f"result = jnp_array({last})"])

    def run(inputs: dict[str, Any]) -> Any:
        scope = {**names, "jnp_array": jnp.asarray, **inputs}
        exec(program, scope)
        return scope["result"]

    point = {name: jnp.array(value) for name, value in case.inputs.items()}
    found: dict[str, Any] = {"expression": case.expression, "inputs": case.inputs}
    value = run(point)
    found["jacobians"] = tensors(jax.jacfwd(run)(point))
    if not value.ndim:
        found["hessians"] = {name: tensors(row) for name, row in jax.hessian(run)(point).items()}
    if case.order:
        found["derivatives"] = encoded(orders(lambda x: run({"x": x}), point["x"], case.order))
    return found


def orders(function: Any, x: Any, order: int) -> list[float]:
    """The value and its derivatives."""
    import jax

    found = [float(function(x))]
    for _ in range(order):
        function = jax.jacfwd(function)
        found.append(float(function(x)))
    return found


def tensors(by_name: dict[str, Any]) -> dict[str, Any]:
    return {name: encoded(value.tolist()) for name, value in by_name.items()}


def main() -> None:
    """Record all cases, one to a line."""
    import jax

    jax.config.update("jax_enable_x64", True)
    names = namespace()
    lines = []
    for case in CASES:
        try:
            lines.append(json.dumps(record(case, names), separators=(",", ":")))
        except Exception as error:
            error.add_note(f"in the case {case.expression!r}")
            raise
    head = json.dumps({"source": "JAX", "version": jax.__version__, "command": "make record"}, separators=(",", ":"))
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(head[:-1] + ',"cases":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
