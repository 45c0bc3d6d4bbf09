"""Truncated power series from the inputs on through a graph: derivatives of any order at a polynomial cost.

The coefficient c_α of a value is its derivative ∂^α divided by α!, for a multi-index α with a place for each variable;
with one variable they are Taylor's. No series rule is written anywhere: each follows from what a row says already.

elementwise   y = f(x, …) has D y = Σ p · D x, with the row's partials p: the recurrences of A. Griewank and
              A. Walther, "Evaluating Derivatives" (2008), section 13.2, compare the coefficients of both sides. The
              partials are nodes too, made with the graph builder, in which what is there already is not made again:
              the derivative of sin is cos, that of cos is minus the sin that is there, and the two close on each other.
linear        coefficient by coefficient
bilinear      by Leibniz
explicit      from the row's own rule for tangents: D y is a node, made from the D x; an analytic function of a
              matrix is that of a larger one
flat          zero
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import cycle, islice, product
from math import prod
from typing import Any

import numpy as np

from engine.errors import NotDifferentiable, Span
from engine.graph import Graph, Node, Params, frozen
from engine.interpret.arrays import ARRAYS, run
from engine.interpret.build import Builder, Ref
from engine.kinds import Firm, Primitive, Selecting
from engine.limits import Deadline, Limits
from engine.shapes import COMPLEX, ITEMSIZE, size

Index = tuple[int, ...]
"""A multi-index: an order for each variable."""

Wanted = tuple[int, Index]
"""The place of a node, and which of its coefficients."""

_LOWER = "ask for a lower order, or make tensors smaller"

_ULP = 2.0**-52
_SIGNS = np.random.default_rng(5).choice([-1.0, 1.0], 4099).tolist()
"""Which way results are off, one after the other: a prime number of signs, so that no loop falls in step with them."""

Steps = Generator[Wanted, None, Any]
"""Work that waits for what it yields, and returns its result."""


class Sharing(Builder):
    """A builder that makes no node twice: the same row of the same operands is the same node."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.made: dict[Any, Node] = {}

    def add_node(self, row: Primitive, operands: Sequence[Node], params: Params, span: Span | None) -> Node:
        if row.signature.static:
            params = row.bind([node.shape for node in operands], params)
        key = _key(row, tuple([node.id for node in operands]), params)
        made = self.made.get(key)
        if made is None:
            made = self.made[key] = super().add_node(row, operands, params, span)
        return made

    def literal(self, value: Any, span: Span | None = None) -> Node:
        key = value.__class__, repr(value)
        if not isinstance(value, (bool, int, float)):
            return super().literal(value, span)
        made = self.made.get(key)
        if made is None:
            made = self.made[key] = super().literal(value, span)
        return made

    def continue_from(self, graph: Graph) -> None:
        """Go on where ``graph`` ends; its nodes are there already for rules that would make the same."""
        super().continue_from(graph)
        for node in graph.nodes:
            if node.operands:
                self.made.setdefault(_key(node.primitive, node.operands, node.params), node)


def _key(row: Primitive, operands: tuple[int, ...], params: Params) -> Any:
    return row, operands, frozen(params)


class Series:
    """The coefficients of a graph's nodes, each computed when it is first asked for.

    ``variables`` are the nodes of the scalar inputs that move, in the order of the multi-indices, ``orders`` how far
    each goes. With ``shaken`` every result is off by an ulp, at random: what comes of that shows how many digits are
    right. ``work`` counts the products of coefficients. What is to be computed waits in a list, so that the depth of a
    graph does not matter.
    """

    def __init__(
        self,
        graph: Graph,
        values: Sequence[Any],
        variables: Sequence[int],
        orders: Index,
        limits: Limits,
        deadline: Deadline,
        shaken: bool = False,
    ) -> None:
        self.signs = cycle(_SIGNS) if shaken else None
        self.F = Sharing(limits)
        self.F.continue_from(graph)
        self.F.deadline = deadline
        self.limits = limits
        self.deadline = deadline
        self.lengths = tuple([order + 1 for order in orders])
        self.origin = (0,) * len(orders)
        self.values: dict[int, Any] = {
            node.id: self._rounded(node, value) for node, value in zip(graph.nodes, values, strict=True)
        }
        self.variables = {place: axis for axis, place in enumerate(variables)}
        self.reach: list[int] = []
        self.coefficients: dict[int, np.ndarray] = {}
        self.known: dict[int, np.ndarray] = {}
        self.bytes = 0
        self.work = 0.0
        self._slopes: dict[int, tuple[int, int]] = {}
        self._leaves: dict[tuple[int, int], Ref] = {}
        self._partials: dict[tuple[int, int], int | None] = {}
        self._choices: dict[tuple[int, int], bool] = {}
        self._pushed: dict[tuple[int, int], int | None] = {}
        self._survey()

    def coefficient(self, place: int, index: Index) -> Any:
        """The coefficient of a node; ``None`` is zero because nothing there depends on those variables."""
        if self._zero(place, index):
            return None
        waiting = [self._settle(place, index)] if self._missing(place, index) else []
        with np.errstate(all="ignore"):
            while waiting:
                wanted = next(waiting[-1], None)
                if wanted is None:
                    waiting.pop()
                else:
                    waiting.append(self._settle(*wanted))
        return self._at(place, index)

    # What is known

    def _survey(self) -> None:
        """Find out of new nodes which variables they depend on, as the bits of a number."""
        nodes, reach = self.F.nodes, self.reach
        for node in nodes[len(reach) :]:
            place = node.id
            if place in self.variables:
                reach.append(1 << self.variables[place])
            elif place in self._slopes:
                reach.append(reach[self._slopes[place][0]])
            else:
                bits = 0
                if node.primitive.differentiable:
                    for j in node.operands:
                        bits |= reach[j]
                reach.append(bits)

    def _moves(self, place: int, axis: int) -> bool:
        return bool(self.reach[place] >> axis & 1)

    def _zero(self, place: int, index: Index) -> bool:
        return any(n and not self._moves(place, axis) for axis, n in enumerate(index))

    def _missing(self, place: int, index: Index) -> bool:
        if index == self.origin:
            return place not in self.values
        return not self._known(place)[index]

    def _known(self, place: int) -> np.ndarray:
        """Which coefficients of a node are there; room for them is made when one is first asked for."""
        known = self.known.get(place)
        return self._room(place) if known is None else known

    def _room(self, place: int) -> np.ndarray:
        node = self.F.nodes[place]
        self.bytes += prod(self.lengths) * size(node.shape) * ITEMSIZE[node.dtype]
        self.limits.require("bytes", self.bytes, hint=_LOWER)
        found = self.coefficients[place] = np.zeros(self.lengths + node.shape, dtype=node.storage)
        known = self.known[place] = np.zeros(self.lengths, dtype=bool)
        stay = tuple(slice(None) if self._moves(place, axis) else slice(1, None) for axis in range(len(self.lengths)))
        for axis, part in enumerate(stay):
            if part.start:
                known[(slice(None),) * axis + (part,)] = True
        if place in self.variables:
            known[...] = True
            found[_unit(self.origin, self.variables[place])] = 1
        if place in self.values:
            known[self.origin] = True
            found[self.origin] = self.values[place]
        return known

    def _at(self, place: int, index: Index) -> Any:
        return self.values[place] if index == self.origin else self.coefficients[place][index]

    # What is computed

    def _settle(self, place: int, index: Index) -> Steps:
        """Compute one coefficient and keep it."""
        self.deadline.check()
        node = self.F.nodes[place]
        try:
            found = yield from self._rule(node, index)(self, node, index)
        except NotDifferentiable as error:
            error.span = error.span or node.span
            raise
        found = self._rounded(node, found)
        if index == self.origin:
            self.values[place] = found
            if place not in self.known:
                return
        self.known[place][index] = True
        if found is not None:
            self.coefficients[place][index] = found

    def _rounded(self, node: Node, found: Any) -> Any:
        """A coefficient of a node, shaken where it is the result of rounding."""
        return self._shaken(found) if node.operands and node.primitive.differentiable else found

    def _shaken(self, value: Any) -> Any:
        """A floating-point value off by an ulp, where that is asked for; zero stays zero."""
        if self.signs is None or value is None:
            return value
        if isinstance(value, float):
            return value * (1.0 + _ULP * next(self.signs))
        value = np.asarray(value)
        if value.dtype.kind not in "fc":
            return value[()]
        signs = np.fromiter(islice(self.signs, value.size), "float64", value.size).reshape(value.shape)
        return (value * (1.0 + np.finfo(value.dtype).eps * signs)).astype(value.dtype)[()]

    def _rule(self, node: Node, index: Index) -> Callable[[Series, Node, Index], Steps]:
        if node.id in self._slopes:
            return Series._slope
        return Series._value if index == self.origin else _RULES[node.primitive.kind]

    def _need(self, place: int, index: Index) -> Steps:
        if self._missing(place, index):
            yield place, index
        return self._at(place, index)

    def _value(self, node: Node, index: Index) -> Steps:
        operands = []
        for place in node.operands:
            operands.append((yield from self._need(place, index)))
        return run(node, operands) if node.operands else node.params["value"]

    def _slope(self, node: Node, index: Index) -> Steps:
        """A leaf that stands for the derivative of another node by a variable."""
        place, axis = self._slopes[node.id]
        return (index[axis] + 1) * (yield from self._need(place, _unit(index, axis)))

    def _linear(self, node: Node, index: Index) -> Steps:
        tangents, xs = [], []
        for place in node.operands:
            zero = self._zero(place, index)
            tangents.append(None if zero else (yield from self._need(place, index)))
            xs.append((yield from self._need(place, self.origin)))
        y = yield from self._need(node.id, self.origin)
        self._count(node, 1)
        return node.primitive.pushforward(ARRAYS, tangents, y, xs, node.params)

    def _bilinear(self, node: Node, index: Index) -> Steps:
        total = None
        a, b = node.operands
        for left in product(*[range(n + 1) for n in index]):
            right = _less(index, left)
            if self._zero(a, left) or self._zero(b, right):
                continue
            xs = (yield from self._need(a, left)), (yield from self._need(b, right))
            tangents = (xs[0], None) if any(left) else (None, xs[1])
            term = node.primitive.pushforward(ARRAYS, tangents, None, xs, node.params)
            self._count(node, 1)
            term = self._shaken(term)
            total = term if total is None else total + term
        return total

    def _of_matrix(self, node: Node, index: Index) -> Steps:
        """The same function of one large matrix: blocks x_(γ-β) in row β and column γ multiply as series do, and what
        stands in the corner is the coefficient. (R. Mathias, "A chain rule for matrix functions and applications",
        1996.)
        """
        (x,), n = node.operands, node.shape[-1]
        box = [*product(*[range(order + 1) for order in index])]
        length = n * len(box)
        self.limits.require("bytes", 8 * ITEMSIZE[node.dtype] * size(node.shape) * len(box) ** 2, hint=_LOWER)
        whole = np.zeros((*node.shape[:-2], length, length), dtype=node.storage)
        for (i, row), (j, column) in product(enumerate(box), enumerate(box)):
            beside = _less(column, row)
            if min(beside) >= 0 and not self._zero(x, beside):
                part = yield from self._need(x, beside)
                whole[..., i * n : (i + 1) * n, j * n : (j + 1) * n] = part
        self._count(node, len(box) ** 3 * n)
        return node.primitive.numpy(whole, **node.params)[..., :n, -n:]

    def _of_polynomial(self, node: Node, index: Index) -> Steps:
        """Values on the unit circle, as many as a polynomial of that degree in the operand's series has coefficients,
        and back by a Fourier transform: to the last digits of the largest value, and without a division.
        """
        (x,), rank = node.operands, len(index)
        shape = self.F.nodes[x].shape
        degree = node.primitive.degree(shape)  # type: ignore[attr-defined]
        grid = tuple([degree * order + 1 for order in index])
        self.limits.require("bytes", 16 * prod(grid) * size(shape), hint=_LOWER)
        self._count(node, prod(grid) * prod([n + 1 for n in index]) + degree * prod(grid) * size(shape))
        series = np.zeros((*grid, *shape), dtype="complex128")
        for place in product(*[range(n + 1) for n in index]):
            if not self._zero(x, place):
                series[place] = yield from self._need(x, place)
        axes = tuple(range(rank))
        found = np.fft.ifftn(node.primitive.numpy(np.fft.fftn(series, axes=axes), **node.params), axes=axes)[index]
        return found if node.dtype == COMPLEX else found.real

    def _explicit(self, node: Node, index: Index) -> Steps:
        if node.primitive.analytic:  # type: ignore[attr-defined]
            return (yield from self._of_matrix(node, index))
        if node.primitive.degree:  # type: ignore[attr-defined]
            return (yield from self._of_polynomial(node, index))
        axis = _direction(index)
        place = self._derivative(node, axis)
        lower = _unit(index, axis, -1)
        if place is None or self._zero(place, lower):
            return None
        return (yield from self._need(place, lower)) / index[axis]

    def _elementwise(self, node: Node, index: Index) -> Steps:
        axis = _direction(index)
        total = None
        for k, place in enumerate(node.operands):
            if not self._moves(place, axis):
                continue
            partial = self._partial(node, k)
            if partial is None or not self.reach[partial]:
                term = yield from self._step(node, k, index)
            else:
                term = yield from self._convolved(node, k, partial, axis, index)
            if term is not None:
                total = term if total is None else total + term
        return total

    def _step(self, node: Node, k: int, index: Index) -> Steps:
        """What comes from an operand by which the partial does not move: as of a tangent."""
        place = node.operands[k]
        if self._zero(place, index):
            return None
        xs = []
        for j in node.operands:
            xs.append((yield from self._need(j, self.origin)))
        y = yield from self._need(node.id, self.origin)
        if not self._chosen(node, k, y, xs):
            return None
        v = yield from self._need(place, index)
        self._count(node, 1)
        return node.primitive.steps[k](ARRAYS, v, y, xs)  # type: ignore[attr-defined]

    def _chosen(self, node: Node, k: int, y: Any, xs: Sequence[Any]) -> bool:
        """Whether any element of an operand is chosen: there is no need to go into a branch that is not taken."""
        key = node.id, k
        chosen = self._choices.get(key)
        if chosen is None:
            rule = node.primitive.closed[k]  # type: ignore[attr-defined]
            chosen = not isinstance(rule, Selecting) or bool(np.any(rule(ARRAYS, y, *xs)))
            self._choices[key] = chosen
        return chosen

    def _convolved(self, node: Node, k: int, partial: int, axis: int, index: Index) -> Steps:
        """Σ β x_β p_(α-β) / α over all β that are not 0 in the chosen direction: the coefficients of p · D x."""
        place = node.operands[k]
        first = _unit(self.origin, axis)
        above = tuple([slice(start, n + 1) for start, n in zip(first, index, strict=True)])
        below = tuple([slice(0, n + 1 - start) for start, n in zip(first, index, strict=True)])
        yield from self._all(place, above, first)
        yield from self._all(partial, below, self.origin)
        rank = len(node.shape)
        backwards = (slice(None, None, -1),) * len(index)
        x = _padded(self.coefficients[place][above], len(index), rank)
        p = _padded(self.coefficients[partial][below][backwards], len(index), rank)
        terms = x * p
        if not np.isfinite(terms).all():  # an exact zero is strong
            zero = x == 0
            if isinstance(node.primitive.closed[k], Firm):  # type: ignore[attr-defined]
                zero = zero | (p == 0)
            terms = np.where(zero, np.zeros((), terms.dtype), terms)
        terms = self._shaken(terms)
        counts = np.arange(1, index[axis] + 1, dtype=np.result_type(terms.real))
        counts = counts.reshape((1,) * axis + (-1,) + (1,) * (terms.ndim - axis - 1))
        self._count(node, prod(terms.shape[: len(index)]))
        return (counts * terms).sum(axis=tuple(range(len(index)))) / index[axis]

    def _all(self, place: int, box: tuple[slice, ...], corner: Index) -> Steps:
        """Wait for a box of coefficients, whose first is at ``corner``."""
        known = self._known(place)[box]
        if not known.all():
            for missing in np.argwhere(~known).tolist():
                index = tuple([c + n for c, n in zip(corner, missing, strict=True)])
                yield from self._need(place, index)

    def _count(self, node: Node, products: int) -> None:
        self.work += products * size(node.shape)
        self.limits.require("flops", self.work, hint=_LOWER)

    # What is made of rules

    def _partial(self, node: Node, k: int) -> int | None:
        """The node of a partial; ``None`` where it is a plain number, or a choice that no small change undoes."""
        key = node.id, k
        if key not in self._partials:
            rule = node.primitive.closed[k]  # type: ignore[attr-defined]
            if callable(rule) and not isinstance(rule, Selecting):
                xs = self.F.values([self.F.nodes[j] for j in node.operands])
                self._partials[key] = self._made(node, lambda: rule(self.F, Ref(self.F, node), *xs))
            else:
                self._partials[key] = None
        return self._partials[key]

    def _derivative(self, node: Node, axis: int) -> int | None:
        """The node of the derivative by a variable, by the row's own rule."""
        key = node.id, axis
        if key not in self._pushed:
            tangents = [self._leaf(j, axis) if self._moves(j, axis) else None for j in node.operands]
            xs = self.F.values([self.F.nodes[j] for j in node.operands])
            y = Ref(self.F, node)
            self._pushed[key] = self._made(
                node, lambda: node.primitive.pushforward(self.F, tangents, y, xs, node.params)
            )
        return self._pushed[key]

    def _made(self, node: Node, rule: Callable[[], Any]) -> int | None:
        self.F.span = node.span
        made = rule()
        place = None if made is None else self.F.node_of(made).id
        self._survey()
        return place

    def _leaf(self, place: int, axis: int) -> Ref:
        """The leaf that stands for the derivative of a node by a variable."""
        key = place, axis
        if key not in self._leaves:
            of = self.F.nodes[place]
            leaf = self.F.leaf("", of.shape, of.dtype)
            self._slopes[leaf.id] = key
            self._leaves[key] = Ref(self.F, leaf)
            self._survey()
        return self._leaves[key]


_RULES: Mapping[str, Callable[[Series, Node, Index], Steps]] = {
    "elementwise": Series._elementwise,
    "linear": Series._linear,
    "bilinear": Series._bilinear,
    "explicit": Series._explicit,
}
"""By kind; what is flat, or a constant, depends on no variable."""


def _direction(index: Index) -> int:
    """The variable by which the recurrence goes: of those that are there the one that takes the fewest terms."""
    return min((n, axis) for axis, n in enumerate(index) if n)[1]


def _unit(index: Index, axis: int, by: int = 1) -> Index:
    return (*index[:axis], index[axis] + by, *index[axis + 1 :])


def _less(index: Index, part: Index) -> Index:
    return tuple([n - m for n, m in zip(index, part, strict=True)])


def _padded(found: np.ndarray, front: int, rank: int) -> np.ndarray:
    """Coefficients with as many axes behind the ``front`` ones as the result has, so that they broadcast."""
    shape = found.shape
    return found.reshape(shape[:front] + (1,) * (rank + front - len(shape)) + shape[front:])
