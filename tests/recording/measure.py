"""What PyTorch says to a case. Only this file needs torch."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable
from typing import Any

import torch

from tests.recording.case import Case, Group, encoded, weights

LARGEST_JACOBIAN = 48
LARGEST_HESSIAN = 12


def namespace(group: Group) -> dict[str, Any]:
    """What the names of our language mean in PyTorch: its own functions, and what the group says."""
    return {
        **vars(torch),
        "torch": torch,
        "math": math,
        "tau": math.tau,
        **{n: _found(f) for n, f in group.names.items()},
    }


def _found(said: str | Callable[[Any], Any]) -> Any:
    if callable(said):
        return said(torch)
    found: Any = torch
    for part in said.split("."):
        found = getattr(found, part)
    return found


def program(text: str, namespace: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    """A text as a function of its inputs: the value of the last statement, as in our language."""
    tree = ast.parse(text)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    before, result = compile(tree, text, "exec"), compile(ast.Expression(last.value), text, "eval")

    def run(inputs: dict[str, Any]) -> Any:
        scope = {**namespace, **inputs}
        exec(before, scope)
        return eval(result, scope)

    return run


def record(asked: Case, namespace: dict[str, Any]) -> dict[str, Any]:
    """A case with what PyTorch says."""
    inputs = {
        name: torch.tensor(value["data"], dtype=getattr(torch, value["dtype"]))
        if isinstance(value, dict)
        else torch.tensor(value, dtype=getattr(torch, asked.dtype))
        for name, value in asked.inputs.items()
    }
    leaves = {name: tensor.requires_grad_() for name, tensor in inputs.items() if _is_inexact(tensor)}
    run = program(asked.torch or asked.expression, namespace)
    if asked.map:
        return {**asked.question(), **mapped(run, inputs, asked.map)}
    value = run(inputs)
    if isinstance(value, tuple):
        return {**asked.question(), **of_several(value, leaves)}
    found: dict[str, Any] = {**asked.question(), "value": encoded(value.tolist()), "result": str(value.dtype)[6:]}
    if not value.numel():
        found["shape"] = list(value.shape)
    if not _is_inexact(value):
        return found
    shape = tuple(value.shape)
    ct = torch.tensor(weights(*shape) if shape else 1.0, dtype=value.dtype).reshape(shape)
    if value.is_complex():
        ct = ct * (1 - 0.5j)
    if shape or value.is_complex():
        found["grad_output"] = encoded(ct.tolist())
    try:
        found["gradients"] = gradients(value, leaves, ct)
    except RuntimeError as error:
        found["error"] = str(error).partition("\n")[0]
        return found

    if value.is_complex() or any(leaf.is_complex() for leaf in leaves.values()):
        return found
    names = list(leaves)
    columns = sum(tensor.numel() for tensor in leaves.values())

    def call(*tensors: Any) -> Any:
        return run({**inputs, **dict(zip(names, tensors, strict=True))})

    point = tuple(tensor.detach() for tensor in leaves.values())
    if asked.jacobian and 0 < value.numel() * columns <= LARGEST_JACOBIAN:
        blocks = torch.autograd.functional.jacobian(call, point)
        found["jacobians"] = {name: encoded(block.tolist()) for name, block in zip(names, blocks, strict=True)}
    if asked.hessian and not shape and 0 < columns <= LARGEST_HESSIAN:
        rows = torch.autograd.functional.hessian(call, point)
        found["hessians"] = {
            name: {by: encoded(block.tolist()) for by, block in zip(names, row, strict=True)}
            for name, row in zip(names, rows, strict=True)
        }
    if asked.along:
        directions = tuple(torch.tensor(asked.along[name], dtype=leaf.dtype) for name, leaf in leaves.items())
        found["jvp"] = encoded(torch.func.jvp(call, point, directions)[1].tolist())
        if not shape:
            products = torch.autograd.functional.hvp(call, point, directions)[1]
            found["hvp"] = {name: encoded(product.tolist()) for name, product in zip(names, products, strict=True)}
    if asked.order:
        found["derivatives"] = derivatives(run(inputs), *leaves.values(), order=asked.order)
    return found


def derivatives(value: Any, leaf: Any, order: int) -> list[Any]:
    """Of a scalar by a scalar, each the gradient of the one before; the value first."""
    found = [value.item()]
    for _ in range(order):
        (value,) = torch.autograd.grad(value, leaf, create_graph=True)
        found.append(value.item())
    return encoded(found)  # type: ignore[no-any-return]


def mapped(run: Callable[[dict[str, Any]], Any], inputs: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Of a scalar at many points: its values, gradients and Hessians by PyTorch's vmap."""
    leaves = {name: tensor.detach() for name, tensor in inputs.items()}
    axes = ({name: 0 if name in names else None for name in leaves},)
    over = [torch.func.vmap(f, in_dims=axes) for f in (run, torch.func.grad(run), torch.func.hessian(run))]
    value, found, second = [f(leaves) for f in over]
    return {
        "value": encoded(value.tolist()),
        "result": str(value.dtype)[6:],
        "gradients": {name: encoded(tensor.tolist()) for name, tensor in found.items()},
        "hessians": {name: {by: encoded(t.tolist()) for by, t in row.items()} for name, row in second.items()},
    }


def of_several(values: tuple[Any, ...], leaves: dict[str, Any]) -> dict[str, Any]:
    """What PyTorch says to a program with several outputs: their values, and the gradient of their weighted sum."""
    cts = [torch.full_like(v, (-1) ** i * (i + 1) / 2) if _is_inexact(v) else None for i, v in enumerate(values)]
    total = sum((ct * v).sum() for ct, v in zip(cts, values, strict=True) if ct is not None)
    return {
        "value": [encoded(v.tolist()) for v in values],
        "result": [str(v.dtype)[6:] for v in values],
        "grad_output": [None if ct is None else ct.tolist() for ct in cts],
        "gradients": gradients(total, leaves, torch.ones_like(total)),
    }


def _is_inexact(tensor: Any) -> bool:
    return bool(tensor.is_floating_point() or tensor.is_complex())


def gradients(value: Any, leaves: dict[str, Any], ct: Any) -> dict[str, Any]:
    """By each leaf; zero where the value does not depend on it."""
    found = [None] * len(leaves)
    if value.requires_grad:
        found = torch.autograd.grad(value, list(leaves.values()), ct, allow_unused=True)
    return {
        name: encoded((torch.zeros_like(leaf) if gradient is None else gradient).tolist())
        for (name, leaf), gradient in zip(leaves.items(), found, strict=True)
    }


def write(group: Group) -> int:
    """Record all cases of a group, one to a line; how many there are."""
    torch.set_num_threads(1)
    names = namespace(group)
    lines = []
    for asked in group.cases:
        try:
            lines.append(json.dumps(record(asked, names), separators=(",", ":"), ensure_ascii=False))
        except Exception as error:
            error.add_note(f"in the case {asked.expression!r}")
            raise
    header = {"source": "PyTorch", "version": torch.__version__.partition("+")[0], "command": "make record"}
    head = json.dumps(header, separators=(",", ":"))[:-1]
    group.data.write_text(head + ',"cases":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    return len(lines)
