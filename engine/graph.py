"""The graph: immutable nodes in topological order.

A node names its operands by their place in the graph's list, so every walk over a graph is a loop. What the
trace of a program builds is what was written, node for node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import Span
from engine.shapes import INEXACT, Shape

if TYPE_CHECKING:
    from engine.kinds import Primitive

Params = dict[str, Any]
NO_PARAMS: Params = {}


def frozen(value: Any) -> Any:
    """A static parameter, or all of them, as a key of dictionaries: the same for the same, and for nothing else.

    >>> frozen({"key": (slice(0, 2), np.array([1, 2]))}) == frozen({"key": (slice(0, 2), np.array([1, 2]))})
    True
    >>> frozen(0.0) == frozen(-0.0), frozen(1) == frozen(True)
    (False, False)
    """
    if isinstance(value, dict):
        return tuple([(name, frozen(part)) for name, part in sorted(value.items())])
    if isinstance(value, tuple):
        return tuple(map(frozen, value))
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, slice):
        return slice, value.start, value.stop, value.step
    return value.__class__, repr(value) if isinstance(value, (float, complex)) else value


Places = tuple[int, ...]
"""Which of a node's operands."""

_PLANS = 8
_KEPT = 4
"""For how many choices of inputs a graph remembers its active nodes; callers could ask for any number."""

ITSELF: Places = (-1,)
FIRST: Places = (0,)
SECOND: Places = (1,)
BOTH: Places = (0, 1)
NOWHERE: Places = ()


class Node:
    """One operation, input or constant.

    ``id`` is its place in the graph, ``operands`` the places of what it is made of, ``params`` the primitive's
    static parameters, ``span`` the text it comes from, ``call`` the function call whose expansion it is part of,
    and ``name`` that of the input or variable it is. Nodes are never changed once the graph is built.
    """

    __slots__ = ("call", "dtype", "id", "name", "operands", "params", "primitive", "shape", "span")

    def __init__(
        self,
        id: int,
        primitive: Primitive,
        operands: tuple[int, ...],
        params: Params,
        shape: Shape,
        dtype: str,
        span: Span | None,
        call: str | None,
    ) -> None:
        self.id = id
        self.primitive = primitive
        self.operands = operands
        self.params = params
        self.shape = shape
        self.dtype = dtype
        self.span = span
        self.call = call
        self.name: str | None = None

    @property
    def storage(self) -> str:
        """The element type that NumPy keeps the value in."""
        return "float64" if self.dtype == "weak" else self.dtype

    def __repr__(self) -> str:
        arguments = ", ".join(f"%{i}" for i in self.operands)
        return f"%{self.id} = {self.primitive.name}({arguments}): {self.dtype}{list(self.shape)}"


class Graph:
    """Nodes in topological order, the inputs by name, the outputs, and what running it costs.

    A program's output is one tensor, ``output``, or a tuple of ``outputs``, and then there is no ``output``:
    ``is_tuple`` says which. A tuple may have one item, or the same node twice.

    ``kinked`` are the nodes that can sit where they are not differentiable. What is found out about a graph by
    `active`, `reached` and `dying` is kept with it, and so are the ``plans`` of derivatives made for it.

    ``scalar`` says that every value is a single number in double precision, so that the graph can be run over plain
    floats, ``complex`` that some are complex. ``flops`` and ``bytes`` are the estimates for one forward pass that keeps
    every value, and ``spared`` is what of it a pass for derivatives does not take: iterations, say. ``definitions`` are
    the program's own functions by the text that defines them.
    """

    __slots__ = (
        "_active", "_dying", "_reached", "bytes", "complex", "definitions", "flops", "inputs", "is_tuple", "kinked",
        "nodes", "output", "outputs", "plans", "scalar", "spared", "text",
    )  # fmt: skip

    def __init__(
        self,
        nodes: list[Node],
        inputs: dict[str, int],
        outputs: tuple[int, ...],
        *,
        scalar: bool,
        flops: float,
        spared: float = 0.0,
        bytes: int,
        kinked: list[Node],
        is_tuple: bool = False,
        complex: bool = False,
        text: str = "",
        definitions: dict[Span, str] | None = None,
    ) -> None:
        self.nodes = nodes
        self.inputs = inputs
        self.outputs = outputs
        self.is_tuple = is_tuple
        if not is_tuple:
            (self.output,) = outputs
        self.scalar = scalar
        self.complex = complex
        self.flops = flops
        self.spared = spared
        self.bytes = bytes
        self.text = text
        self.definitions = definitions or {}
        self.kinked = kinked
        self._active: dict[frozenset[int], list[Places]] = {}
        self._reached: dict[tuple[bool, bool], list[bool]] = {}
        self._dying: list[Places] | None = None
        self.plans: dict[Any, Any] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def active(self, wrt: frozenset[int]) -> list[Places]:
        """For each node, the places of those operands through which a derivative by the nodes ``wrt`` comes.

        There are some where a path of differentiable steps leads from one of ``wrt`` to the node: what is behind
        a comparison, a rounding or a ``detach`` has none. The nodes ``wrt`` themselves have `ITSELF`.
        """
        known = self._active.get(wrt)
        if known is not None:
            return known
        flags: list[Places] = []
        for i, node in enumerate(self.nodes):
            operands = node.operands
            if i in wrt:
                flags.append(ITSELF)
            elif not operands or not node.primitive.differentiable:
                flags.append(NOWHERE)
            elif len(operands) == 1:
                flags.append(FIRST if flags[operands[0]] else NOWHERE)
            elif len(operands) == 2:
                first, second = flags[operands[0]], flags[operands[1]]
                flags.append((BOTH if second else FIRST) if first else SECOND if second else NOWHERE)
            else:
                flags.append(tuple([k for k, j in enumerate(operands) if flags[j]]))
        if len(self._active) >= _KEPT:
            self._active.clear()
        self._active[wrt] = flags
        return flags

    def remember(self, key: Any, plan: Any) -> None:
        """Keep a plan for derivatives; callers could ask for any number of them, and few are kept."""
        if len(self.plans) >= _PLANS:
            self.plans.clear()
        self.plans[key] = plan

    @property
    def dying(self) -> list[Places]:
        """For each node those of its operands that no later node uses, so that what a walk keeps of them can go."""
        if self._dying is None:
            used = [False] * len(self.nodes)
            found: list[Places] = [NOWHERE] * len(self.nodes)
            for i in range(len(self.nodes) - 1, -1, -1):
                last = tuple([j for j in dict.fromkeys(self.nodes[i].operands) if not used[j]])
                for j in last:
                    used[j] = True
                found[i] = last
            self._dying = found
        return self._dying

    def reached(self, *, smooth: bool = False, deciding: bool = False) -> list[bool]:
        """For each node, whether an output depends on it.

        With ``smooth`` by differentiable steps alone, and outputs that have derivatives; with ``deciding`` too by the
        truth values that choose between such steps.
        """
        known = self._reached.get((smooth, deciding))
        if known is not None:
            return known
        flags = [False] * len(self.nodes)
        for output in self.outputs:
            flags[output] = not smooth or self.nodes[output].dtype in INEXACT
        for i in range(max(self.outputs), -1, -1):
            if flags[i]:
                node = self.nodes[i]
                if not smooth or node.primitive.differentiable or (deciding and node.dtype == "bool"):
                    for j in node.operands:
                        flags[j] = True
        self._reached[smooth, deciding] = flags
        return flags
