"""The eager tensor: operations run at once and remember how to go back, as in PyTorch.

    >>> from engine import tensor
    >>> a = tensor([1.0, 4.0], requires_grad=True)
    >>> b = tensor([5.0, 2.0], requires_grad=True)
    >>> c = 2 * a**6 - b**9
    >>> c.backward(gradient=tensor([1.0, 1.0]))
    >>> a.grad, b.grad
    (tensor([12.0, 12288.0]), tensor([-3515625.0, -2304.0]))

The rules are those of the table. With ``create_graph`` they run over tensors instead of arrays, so that the
gradient itself can be differentiated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any

import numpy as np

from engine.errors import DtypeError, InvalidInput, NablaError, NonscalarOutput, NothingToDifferentiate
from engine.functions import FUNCTIONS
from engine.graph import Params
from engine.interpret.arrays import ARRAYS
from engine.kinds import Primitive
from engine.language.binding import bind
from engine.namespace import Namespace, Operators, Rule
from engine.shapes import INEXACT, INPUT_DTYPES, Shape

_ENABLED = ContextVar("grad_enabled", default=True)
_ORDER = count()


@contextmanager
def no_grad() -> Iterator[None]:
    """Operations inside remember nothing: their results require no gradient.

    >>> x = tensor(2.0, requires_grad=True)
    >>> with no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """
    token = _ENABLED.set(False)
    try:
        yield
    finally:
        _ENABLED.reset(token)


class AccumulateGrad:
    """Where a backward pass ends: it adds to the ``grad`` of a leaf, its ``variable``."""

    __slots__ = ("variable",)
    next_functions: tuple[Any, ...] = ()

    def __init__(self, variable: Tensor) -> None:
        self.variable = variable

    def name(self) -> str:
        return "AccumulateGrad"

    def __repr__(self) -> str:
        return "<AccumulateGrad>"


class GradFn:
    """One step back: the row that made a tensor, with what its pullback needs.

    ``next_functions`` has a pair for each operand: its own step back (or `AccumulateGrad`, or ``None`` where no
    gradient is required), and the number 0, PyTorch's place for the number of the output.
    """

    __slots__ = ("next_functions", "operands", "order", "params", "row")

    def __init__(self, row: Primitive, operands: tuple[Any, ...], params: Params) -> None:
        self.row = row
        self.operands: tuple[Any, ...] | None = operands
        self.params = params
        self.next_functions = tuple((_step_back(x), 0) for x in operands)
        self.order = next(_ORDER)

    def name(self) -> str:
        """The name as PyTorch forms it.

        >>> (tensor(1.0, requires_grad=True) * 2).grad_fn.name()
        'MulBackward0'
        """
        return self.row.grad_fn

    def saved(self) -> tuple[Any, ...]:
        """The operands, unless a backward pass has freed them."""
        if self.operands is None:
            raise NablaError(
                f"{self.name()} has been passed through already, and what it needs was freed",
                hint="pass retain_graph=True to the first backward() to go through the graph again",
            )
        return self.operands

    def __repr__(self) -> str:
        return f"<{self.name()}>"


def _step_back(x: Any) -> GradFn | AccumulateGrad | None:
    if not isinstance(x, Tensor) or not x.requires_grad:
        return None
    if x.grad_fn is not None:
        return x.grad_fn
    if x._end is None:
        x._end = AccumulateGrad(x)
    return x._end


class Tensor(Operators):
    """An array that remembers how it was made.

    ``data`` is the array, ``grad`` the gradient accumulated in a leaf, ``grad_fn`` the step back to the
    operands (``None`` in a leaf), ``requires_grad`` whether a backward pass goes through here. Every function of
    the language is a method: ``x.sum(dim=0)``.
    """

    __slots__ = ("_end", "_retains", "data", "grad", "grad_fn", "requires_grad")
    __hash__ = object.__hash__

    def __init__(self, data: Any, requires_grad: bool = False, grad_fn: GradFn | None = None) -> None:
        self.data = data
        self.requires_grad = requires_grad
        self.grad: Tensor | None = None
        self.grad_fn = grad_fn
        self._retains = False
        self._end: AccumulateGrad | None = None

    # What it is

    @property
    def space(self) -> Tensors:
        return TENSORS

    @property
    def shape(self) -> Shape:
        return np.shape(self.data)

    @property
    def dtype(self) -> Any:
        return self.data.dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def is_leaf(self) -> bool:
        """Made by the caller and not by an operation; also everything that requires no gradient."""
        return self.grad_fn is None

    @property
    def T(self) -> Any:
        return TENSORS.transpose(self)

    def item(self) -> Any:
        """The number in a tensor that holds one."""
        return self.data.item()

    def tolist(self) -> Any:
        return self.data.tolist()

    def numpy(self) -> Any:
        """The array itself; a tensor that requires a gradient must be detached first."""
        if self.requires_grad:
            raise NablaError("this tensor requires a gradient, which an array cannot carry", hint="x.detach().numpy()")
        return self.data

    def detach(self) -> Tensor:
        """The same data, with no way back."""
        return Tensor(self.data)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set ``requires_grad`` of a leaf."""
        if self.grad_fn is not None:
            raise NablaError(
                "requires_grad can be changed in leaves only, and this tensor was computed", hint="use x.detach()"
            )
        _require_floating(self.data, requires_grad)
        self.requires_grad = requires_grad
        return self

    def retain_grad(self) -> None:
        """Keep the gradient of this tensor too, although it is no leaf."""
        self._retains = True

    def __getitem__(self, key: Any) -> Any:
        items = key if isinstance(key, tuple) else (key,)
        return TENSORS.index(self, key=tuple(_place(item) for item in items))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.asarray(self.data, dtype=dtype)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = FUNCTIONS.get(name)
        if function is None:
            raise AttributeError(f"a tensor has no attribute {name}")

        def method(*arguments: Any, **keywords: Any) -> Any:
            operands, params = bind(function, [self, *arguments], keywords, function.as_torch)
            return getattr(TENSORS, function.name)(*operands, **params)

        return method

    def __float__(self) -> float:
        return float(self.data)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        made = f", grad_fn={self.grad_fn}" if self.grad_fn else ", requires_grad=True" if self.requires_grad else ""
        return f"tensor({np.array2string(np.asarray(self.data), separator=', ', formatter=_FORMAT)}{made})"

    # The way back

    def backward(self, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False) -> None:
        """Add to the ``grad`` of every leaf that this tensor was made of.

        ``gradient`` is the upstream gradient, of this tensor's shape; a scalar does without. Unless
        ``retain_graph``, what the steps back need is freed as they are taken. With ``create_graph`` the
        gradients can themselves be differentiated. Raises `NonscalarOutput` where ``gradient`` is needed, and
        `NothingToDifferentiate` where no leaf requires a gradient.
        """
        keep = create_graph if retain_graph is None else retain_graph
        for leaf, ct in _walk(self, gradient, keep, create_graph):
            leaf.grad = _accumulated(leaf.grad, ct if isinstance(ct, Tensor) else Tensor(np.array(ct)))


def _accumulated(present: Tensor | None, ct: Tensor) -> Tensor:
    total: Tensor = ct if present is None else TENSORS.add(present, ct)
    return total


def _place(item: Any) -> Any:
    """One part of a key, as the row `index` has it: lists, arrays and masks become the places that they name."""
    if isinstance(item, (list, np.ndarray, Tensor)):
        places = np.asarray(item)
        if places.dtype == bool:
            return np.flatnonzero(places)
        return places if places.ndim else places.item()
    return item.item() if isinstance(item, np.integer) else item


_FORMAT: Any = {"float_kind": repr, "float": lambda x: repr(float(x))}


class Tensors(Namespace):
    """``F`` over eager tensors: every function computes, and remembers."""

    def primitive(self, row: Primitive) -> Rule:
        def apply(*xs: Any, **params: Any) -> Any:
            operands = tuple(self._operand(x, row) for x in xs)
            shapes = [self.shape(x) for x in operands]
            bound = row.bind(shapes, params)
            row.result_shape(shapes, bound)
            with np.errstate(all="ignore"):
                value = row.numpy(*[x.data if isinstance(x, Tensor) else x for x in operands], **bound)
            value = np.asarray(value)
            if not (_ENABLED.get() and row.differentiable and any(_requires(x) for x in operands)):
                return Tensor(value)
            made = Tensor(value, requires_grad=True)
            made.grad_fn = GradFn(row, operands, bound)
            return made

        return apply

    def _operand(self, x: Any, row: Primitive) -> Any:
        """An operand as rules take it; truth values and whole numbers become floating point to calculate with."""
        if isinstance(x, (list, tuple, np.ndarray)):
            x = tensor(x)
        if row.numeric and isinstance(x, Tensor) and x.data.dtype.kind in "biu":
            return Tensor(x.data.astype("float64"))
        if not isinstance(x, (Tensor, bool, int, float, np.number)):
            raise InvalidInput(f"a tensor or a number is needed, not {type(x).__name__}")
        return x


TENSORS = Tensors()


def tensor(data: Any, dtype: str | None = None, requires_grad: bool = False) -> Tensor:
    """A leaf: a number, nested lists or an array as a tensor.

    >>> tensor([[1.0, 2.0]]).shape
    (1, 2)
    """
    if isinstance(data, Tensor):
        data = data.data
    if dtype is not None and dtype not in INPUT_DTYPES:
        raise InvalidInput(f"dtype {dtype!r} is not known", hint=f"one of {', '.join(INPUT_DTYPES)}")
    try:
        array = np.array(data, dtype=dtype)
    except (TypeError, ValueError):
        raise InvalidInput("a tensor is made of numbers, in rows of one length") from None
    if array.dtype.kind not in "biufc":
        raise InvalidInput("a tensor is made of numbers")
    _require_floating(array, requires_grad)
    return Tensor(array, requires_grad)


def _require_floating(array: Any, requires_grad: bool) -> None:
    if requires_grad and array.dtype.name not in INEXACT:
        raise DtypeError(
            f"only floating-point tensors can require a gradient, and this one is {array.dtype.name}",
            hint="write the numbers with a point, 1.0, or pass dtype='float64'",
        )


def _requires(x: Any) -> bool:
    return isinstance(x, Tensor) and x.requires_grad


def grad(
    output: Tensor, inputs: Sequence[Tensor], grad_output: Any = None, create_graph: bool = False
) -> list[Tensor | None]:
    """The gradients of ``output`` by ``inputs``, given back and not accumulated; ``None`` where there is no path.

    >>> x = tensor(3.0, requires_grad=True)
    >>> (first,) = grad(x**3, [x], create_graph=True)
    >>> (second,) = grad(first, [x])
    >>> first.item(), second.item()
    (27.0, 18.0)
    """
    found = {id(t): ct for t, ct in _walk(output, grad_output, True, create_graph, wanted=inputs)}
    return [None if (ct := found.get(id(x))) is None else ct if isinstance(ct, Tensor) else Tensor(ct) for x in inputs]


def _walk(
    output: Tensor, gradient: Any, keep: bool, create_graph: bool, wanted: Sequence[Tensor] | None = None
) -> list[tuple[Tensor, Any]]:
    """Leaves (or the tensors ``wanted``) with their cotangents, by steps back in the reverse of their order."""
    if not output.requires_grad:
        raise NothingToDifferentiate(
            "this tensor does not require a gradient and has no grad_fn",
            hint="create at least one of the tensors that it is made of with requires_grad=True",
        )
    F: Any = TENSORS if create_graph else ARRAYS
    cotangents: dict[int, Any] = {id(output): _seed(output, gradient, create_graph)}
    ends: list[Tensor] = []
    with np.errstate(all="ignore"):
        for made in _made_from(output):
            ct = cotangents.get(id(made))
            if made.grad_fn is None or (wanted is not None and any(made is w for w in wanted)) or made._retains:
                ends.append(made)
            if made.grad_fn is not None and ct is not None:
                _pass_back(F, made, ct, cotangents, create_graph)
                if not keep:
                    made.grad_fn.operands = None
    return [(end, cotangents[id(end)]) for end in ends if id(end) in cotangents]


def _pass_back(F: Any, made: Tensor, ct: Any, cotangents: dict[int, Any], create_graph: bool) -> None:
    """One step: the cotangents of a tensor's operands, added to what they have."""
    step = made.grad_fn
    assert step is not None
    operands = step.saved()
    places = [k for k, x in enumerate(operands) if _requires(x)]
    xs = operands if create_graph else tuple(x.data if isinstance(x, Tensor) else x for x in operands)
    y = made if create_graph else made.data
    for k, contribution in zip(places, step.row.adjoint(F, ct, y, xs, step.params, places), strict=True):
        if contribution is not None:
            present = cotangents.get(id(operands[k]))
            cotangents[id(operands[k])] = contribution if present is None else present + contribution


def _made_from(output: Tensor) -> list[Tensor]:
    """All tensors that require a gradient and that ``output`` was made from, latest first; leaves last."""
    seen = {id(output): output}
    pending = [output]
    while pending:
        made = pending.pop()
        for x in made.grad_fn.saved() if made.grad_fn else ():
            if _requires(x) and id(x) not in seen:
                seen[id(x)] = x
                pending.append(x)
    return sorted(seen.values(), key=lambda t: t.grad_fn.order if t.grad_fn else -1, reverse=True)


def _seed(output: Tensor, gradient: Any, create_graph: bool) -> Any:
    """The cotangent that a backward pass starts from."""
    if gradient is None:
        if output.shape:
            raise NonscalarOutput(
                f"backward() starts by itself from a scalar, and this tensor has shape {list(output.shape)}",
                hint=f"pass gradient= of shape {list(output.shape)}, or reduce it first: x.sum().backward()",
            )
        gradient = 1.0
    seed = gradient if isinstance(gradient, Tensor) else tensor(gradient, dtype=output.dtype.name)
    if seed.shape != output.shape:
        raise InvalidInput(f"gradient has shape {list(seed.shape)}, and the tensor {list(output.shape)}")
    return seed if create_graph else seed.data.astype(output.dtype)
