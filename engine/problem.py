"""An expression that questions are asked of: where parsing, tracing, derivatives and notices come together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, isfinite
from typing import Any

import numpy as np

from engine import derivatives, jacobians, notices
from engine import taylor as series
from engine.answers import (
    Evaluation,
    Gradient,
    Hessian,
    HessianProduct,
    HigherGradient,
    Jacobian,
    Notice,
    Pushed,
    Report,
    Sparse,
    Taylor,
)
from engine.check import compare, evaluations
from engine.errors import InvalidInput, UnknownName
from engine.forward import Forward
from engine.graph import Graph, Node
from engine.language import latex
from engine.language.parser import parse
from engine.language.printer import format_program
from engine.language.syntax import Program
from engine.language.trace import trace
from engine.language.tracing import Leaves, Unseen
from engine.limits import DEFAULT_LIMITS, Limits
from engine.maps import Mapped
from engine.point import Point, prepare
from engine.render import json
from engine.shapes import Shape, size

Inputs = Mapping[str, Any] | Point
"""Values by name: numbers, nested lists, arrays or `Input`; or a `Point` made of them before."""

CONVENTIONS = ("torch", "jax")
SYNTAXES = ("python", "latex")

_PASSES = {"evaluate": (1, 1), "hessian": (12, 9), "hvp": (12, 9)}
"""How many times the work and the memory of a forward pass a question takes; four and three as a rule."""

_COLORS = 100
"""A matrix that is asked for by its pattern is taken to need so many seeds at the most, its pattern included."""


class Problem:
    """An expression that questions are asked of, any number of times.

    >>> problem = Problem("sum(x**2 * y)")
    >>> problem.gradient({"x": [1.0, 2.0], "y": 3.0}).gradients
    {'x': array([ 6., 12.]), 'y': 5.0}

    Raises `SyntaxFault` where the text is not a program. ``dtype`` is the element type of inputs that do not state one.
    ``convention`` says whose derivative is given where there is a choice, ``"torch"`` or ``"jax"``: at kinks, and by
    complex inputs, where JAX's is the conjugate of PyTorch's. The graph of the last trace is kept for inputs of the
    same shapes, or for the same point where the program looked at values; nothing else changes, so threads may share a
    problem.
    ``syntax`` says what the text is written in, ``"python"`` or ``"latex"``.

    >>> Problem(r"\\frac{1}{2} m v^2", syntax="latex").gradient({"m": 2.0, "v": 3.0}).gradients
    {'m': 4.5, 'v': 6.0}
    """

    def __init__(
        self,
        text: str,
        limits: Limits = DEFAULT_LIMITS,
        dtype: str = "float64",
        convention: str = "torch",
        syntax: str = "python",
    ) -> None:
        if convention not in CONVENTIONS:
            raise InvalidInput(f"convention {convention!r} is not known", hint="torch or jax", pointer="/convention")
        if syntax not in SYNTAXES:
            raise InvalidInput(f"syntax {syntax!r} is not known", hint="python or latex", pointer="/syntax")
        self.program = parse(text, limits) if syntax == "python" else latex.read(text, limits=limits)
        self._printed: tuple[Program, str] | None = None
        self.limits = limits
        self.dtype = dtype
        self.convention = convention
        self.syntax = syntax
        self.discarded = notices.discarded(self.program)
        self._formula: tuple[dict[str, int], Program] = {}, self.program
        self._kept: tuple[list[tuple[str, tuple[Shape, str]]], Graph] | None = None
        self._seen: tuple[Point, Graph] | None = None

    def point(self, inputs: Inputs) -> Point:
        """The inputs brought to the engine's types."""
        return inputs if isinstance(inputs, Point) else prepare(inputs, self.dtype)

    def graph(self, point: Point, glance: bool = False) -> Graph:
        """The graph of the program at a point; ``glance`` as `trace` has it."""
        leaves = list(point.leaves.items())
        kept, seen = self._kept, self._seen
        if kept is not None and kept[0] == leaves:
            return kept[1]
        if seen is not None and seen[0] is point:
            return seen[1]
        deadline = point.until(self.limits.seconds)
        program, limits = self._read(point.leaves), self.limits
        try:
            graph, looked = trace(
                program, point.leaves, point.values, limits, self.dtype, deadline, glance, self.convention
            )
        except UnknownName as error:
            if self.syntax == "latex":
                latex.advise(error, program.text)
            raise
        if looked:
            self._seen = point, graph
        else:
            self._kept = leaves, graph
        return graph

    def _read(self, leaves: Leaves) -> Program:
        """The program; a formula in LaTeX is read for the inputs' names and axes, which say what it means."""
        if self.syntax == "python":
            return self.program
        axes = {name: len(shape) for name, (shape, _) in leaves.items()}
        kept = self._formula
        if kept[0] != axes:
            kept = self._formula = axes, latex.read(self.program.text, axes, self.limits)
        return kept[1]

    def estimate(
        self,
        inputs: Inputs,
        question: str,
        mode: str = "auto",
        format: str = "dense",
        orders: tuple[int, ...] = (),
    ) -> float:
        """The floating-point operations that a question takes, by estimate and before anything is computed.

        ``question`` is the name of the method that answers it, ``mode`` and ``format`` a matrix's, ``orders`` those
        of a derivative by each of the scalars that it is taken by. A node counts as 100 operations, which is about what
        the interpreter spends on it beside the arithmetic. Of a program whose trace has to compute tensors to go on,
        nothing can be known without doing so: infinity.
        """
        point = self.point(inputs)
        try:
            graph = self.graph(point, glance=True)
        except Unseen:
            return inf
        columns = sum(size(point.leaves[name][0]) for name in point.grads)
        rows = sum([size(graph.nodes[i].shape) for i in graph.outputs])
        if format == "coo":
            rows, columns = min(rows, _COLORS), min(columns, _COLORS)
        seeds = {"forward": columns, "reverse": rows}.get(mode, min(rows, columns))
        passes = {"jacobian": 3 * seeds, "hessian": 12 * columns, "check": evaluations(columns)}
        flops = (graph.flops + 100.0 * len(graph)) * max(1, passes.get(question, 0), *_PASSES.get(question, (4,)))
        return flops + series.estimate(graph, orders) if orders else flops

    def nodes(self, inputs: Inputs) -> int:
        """How many nodes the graph has."""
        return len(self.graph(self.point(inputs)))

    def map(self, names: Iterable[str]) -> Mapped:
        """The same problem, asked at many points at once: those along the leading axis of the inputs ``names``.

        >>> Problem("x**2 * y").map(["x"]).hessian({"x": [1.0, 2.0], "y": 3.0}, wrt=["x"]).hessians
        {'x': {'x': array([6., 6.])}}
        """
        return Mapped(self, names)

    def forward(self, inputs: Inputs, question: str) -> Forward:
        """Trace at ``inputs`` and run, if the question's cost is within the limits."""
        point = self.point(inputs)
        graph = self.graph(point)
        if not graph.scalar:
            work, memory = _PASSES.get(question, (4, 3))
            self.limits.require("flops", work * graph.flops)
            self.limits.require("bytes", memory * graph.bytes)
        return Forward(graph, point, self.limits, point.until(self.limits.seconds))

    def canonical(self, inputs: Inputs | None = None) -> str:
        """The program in its canonical text, which every spelling of it has in common and which parses to it.

        Of a formula in LaTeX it is what the formula was read as, for which ``inputs`` are needed.

        >>> Problem("y=(x^2)+ 1.50; y*=(3+y)").canonical()
        'y = x**2 + 1.5\\ny = y * (3 + y)'
        >>> Problem("A x", syntax="latex").canonical({"A": [[1.0, 2.0]], "x": [3.0, 4.0]})
        'A @ x'
        """
        program = self._read(self.point(inputs or {}).leaves)
        kept = self._printed
        if kept is None or kept[0] is not program:
            kept = self._printed = program, format_program(program)
        return kept[1]

    # Questions

    def evaluate(self, inputs: Inputs) -> Evaluation:
        """The value."""
        forward = self.forward(inputs, "evaluate")
        return Evaluation(**self._facts(forward), notices=self._notices(forward))

    def gradient(
        self,
        inputs: Inputs,
        wrt: Iterable[str] | None = None,
        grad_output: Any = None,
        order: int | None = None,
        partial: Iterable[str] | None = None,
    ) -> Gradient:
        """The gradient by each input in ``wrt`` (by default all that require one).

        ``grad_output`` is the upstream gradient, of the output's shape; only a scalar output does without. Of a tuple
        it is a list with an item for each, ``None`` where one does not matter.

        ``partial`` asks for a mixed derivative too, by one scalar input after the other, and ``order`` for that of one
        input; the answer is then a `HigherGradient`. It is the derivative of each element of the output.
        """
        forward = self.forward(inputs, "gradient")
        names = forward.point.wrt(wrt)
        by = series.by(forward, names, order, partial)
        gradients = self._conventional(derivatives.gradient(forward, names, grad_output))
        found = self._notices(forward, names, gradients.values(), of_complex=True)
        if by is None:
            return Gradient(**self._facts(forward), gradients=gradients, notices=found)
        derivative, lost = series.derivative(forward, by)
        found += self._nonfinite(forward, by, [derivative], found) + lost
        return HigherGradient(
            **self._facts(forward), gradients=gradients, partial=by, derivative=derivative, notices=found
        )

    def taylor(self, inputs: Inputs, input: str | None = None, order: int = 1) -> Taylor:
        """The derivatives of the output by a scalar input, and its Taylor coefficients, up to ``order``.

        ``input`` may be left out where there is one scalar input. The output is one tensor of any shape; what is listed
        has that shape. The cost is a polynomial in the order.
        """
        forward = self.forward(inputs, "evaluate")
        name = series.the_scalar(forward, input)
        coefficients, lost = series.taylor(forward, name, order)
        found = self._notices(forward, [name], [np.stack([np.asarray(c) for c in coefficients[1:] or [0.0]])])
        return Taylor(
            **self._facts(forward), input=name, order=order,
            derivatives=[series.times_factorials(c, (k,)) for k, c in enumerate(coefficients)],
            coefficients=coefficients, notices=found + lost,
        )  # fmt: skip

    def jacobian(
        self, inputs: Inputs, wrt: Iterable[str] | None = None, mode: str = "auto", format: str = "dense"
    ) -> Jacobian:
        """The Jacobian by each input: of shape output.shape + input.shape.

        ``mode`` is ``"reverse"`` (seeds by the elements of the output), ``"forward"`` (by those of the inputs) or
        ``"auto"``, which takes the fewer; of a large one the pattern is looked for, so that elements share seeds.
        ``format`` is ``"dense"``, or ``"coo"`` for the elements of the pattern alone, as `Sparse`.
        """
        forward = self.forward(inputs, "jacobian")
        names = forward.point.wrt(wrt)
        made = jacobians.jacobian(forward, names, mode, format)
        blocks = self._conventional(made.blocks) if made.mode == "reverse" else made.blocks
        found = self._notices(forward, names, map(_elements, blocks.values()), of_complex=True)
        return Jacobian(
            **self._facts(forward), jacobians=blocks, mode=made.mode, evaluations=made.evaluations,
            nonzeros=made.nonzeros, colors=made.colors, notices=found,
        )  # fmt: skip

    def hessian(self, inputs: Inputs, wrt: Iterable[str] | None = None, format: str = "dense") -> Hessian:
        """The gradients and second derivatives of a scalar output; ``format`` as for a Jacobian."""
        forward = self.forward(inputs, "hessian")
        derivatives.require_scalar(forward)
        names = forward.point.wrt(wrt)
        gradients = derivatives.gradient(forward, names)
        made = jacobians.hessian(forward, names, format)
        second = [_elements(block) for row in made.blocks.values() for block in row.values()]
        found = self._notices(forward, names, [*gradients.values(), *second])
        return Hessian(
            **self._facts(forward), gradients=gradients, hessians=made.blocks, mode=made.mode,
            evaluations=made.evaluations, nonzeros=made.nonzeros, colors=made.colors, notices=found,
        )  # fmt: skip

    def jvp(self, inputs: Inputs, tangents: Mapping[str, Any]) -> Pushed:
        """The derivative of the output along ``tangents``, given for any of the inputs."""
        forward = self.forward(inputs, "jvp")
        jvp = derivatives.jvp(forward, tangents)
        names = forward.point.wrt(tangents, "tangents")
        whole = jvp
        if forward.graph.is_tuple:
            whole = np.concatenate([np.ravel(part) for part in jvp if part is not None])
        return Pushed(**self._facts(forward), jvp=jvp, notices=self._notices(forward, names, [whole] * len(names)))

    def hvp(self, inputs: Inputs, vectors: Mapping[str, Any], wrt: Iterable[str] | None = None) -> HessianProduct:
        """The gradients, and the Hessian of a scalar output times ``vectors``, without forming it."""
        forward = self.forward(inputs, "hvp")
        derivatives.require_scalar(forward)
        names = forward.point.wrt(wrt)
        gradients = self._conventional(derivatives.gradient(forward, names))
        hvp = self._conventional(derivatives.hvp(forward, names, vectors))
        found = self._notices(forward, names, [*gradients.values(), *hvp.values()], of_complex=True)
        return HessianProduct(**self._facts(forward), gradients=gradients, hvp=hvp, notices=found)

    def check(
        self,
        inputs: Inputs,
        wrt: Iterable[str] | None = None,
        method: str = "fast",
        rtol: float | None = None,
        atol: float | None = None,
        grad_output: Any = None,
    ) -> Report:
        """Reverse mode against forward mode and both against differences, by each input in ``wrt``.

        ``method`` is ``"fast"`` (random directions) or ``"full"`` (element by element).
        """
        forward = self.forward(inputs, "check")
        names = forward.point.wrt(wrt)
        # Differences are taken in double precision, whatever the inputs' own is.
        double = self.point(inputs).double()
        reference = Forward(Problem.graph(self, double), double, self.limits, forward.deadline)
        inputs_report, rtol, atol = compare(forward, reference, names, method, rtol, atol, grad_output)
        return Report(
            **self._facts(forward),
            passed=all(report.passed for report in inputs_report.values()),
            method=method, rtol=rtol, atol=atol, inputs=inputs_report,
            notices=self._notices(forward, names),
        )  # fmt: skip

    def autograd(
        self, inputs: Inputs, wrt: Iterable[str] | None = None, grad_output: Any = None, max_elements: int = 1000
    ) -> dict[str, Any]:
        """The autograd graph as JSON has it: every node with its value, gradient and grad_fn.

        Without ``grad_output`` a non-scalar output leaves every ``grad`` null, as before PyTorch's `backward`.
        """
        forward = self.forward(inputs, "gradient")
        names = forward.point.wrt(wrt) if wrt is not None or forward.point.grads else []
        cotangents: Sequence[Any] = [None] * len(forward.graph)
        if names and (grad_output is not None or derivatives.is_scalar(forward)):
            seeds = derivatives.upstream(forward, grad_output)
            found = forward.pullback(seeds, [forward.graph.inputs[name] for name in names])
            cotangents = list(self._conventional(dict(enumerate(found))).values())
        graph = json.document(forward, self.canonical(forward.point), names, cotangents, max_elements)
        return {**graph, "warnings": self._notices(forward, names, of_complex=True)}

    # Parts of answers

    def _nonfinite(self, forward: Forward, names: list[str], results: list[Any], said: list[Notice]) -> list[Notice]:
        """A notice of a derivative of higher order that is not finite, where none is said yet."""
        if all(map(_finite, results)) or any(notice.code == "nonfinite" for notice in said):
            return []
        return notices.nonfinite_derivatives([", ".join(names)], results)

    def _conventional(self, derivatives: dict[Any, Any]) -> dict[Any, Any]:
        """Derivatives by complex inputs as the convention has them."""
        if self.convention == "torch":
            return derivatives
        return {name: v.conjugate() if np.iscomplexobj(v) else v for name, v in derivatives.items()}

    def _facts(self, forward: Forward) -> dict[str, Any]:
        if not forward.graph.is_tuple:
            return self._fact(forward, forward.output)
        facts = [self._fact(forward, node) for node in forward.outputs]
        values = derivatives.apart({place: fact["value"] for place, fact in enumerate(facts)})
        return {name: [fact[name] for fact in facts] for name in facts[0]} | {"value": list(values.values())}

    def _fact(self, forward: Forward, output: Node) -> dict[str, Any]:
        dtype = self.dtype if output.dtype == "weak" else output.dtype
        value = derivatives.plain(forward.values[output.id])
        if value.__class__ is bool and dtype != "bool":  # a branch of where, over floats
            value = float(value)
        return {"value": value, "shape": output.shape, "dtype": dtype}

    def _notices(
        self,
        forward: Forward,
        names: Sequence[str] | None = None,
        results: Iterable[Any] = (),
        of_complex: bool = False,
    ) -> list[Notice]:
        """What the answer warns of; ``names`` are the inputs differentiated by.

        ``of_complex`` says that derivatives by complex inputs are shown, which need a convention.

        ``results`` are the derivatives, those by each of ``names`` first and in their order.
        """
        found = [*forward.point.notices, *self.discarded]
        graph = forward.graph
        finite, zero = True, False
        for output in graph.outputs:
            finite = finite and _finite(forward.values[output])
        results = list(results)
        for result in results:
            finite = finite and _finite(result)
            zero = zero or not _any(result)
        if not finite:
            found += notices.nonfinite(graph, forward.values) or notices.nonfinite_derivatives(names or [], results)
        if names is None:
            return found + notices.unused(graph, graph.inputs)
        if of_complex and graph.complex:
            found += notices.complex_inputs(graph, names, self.convention)
        if graph.kinked:
            with forward.deadline.watching():
                found += notices.kinks(graph, forward.values, names, self.convention)
        if zero:
            found += notices.unreached(graph, [name for name, r in zip(names, results, strict=False) if not _any(r)])
        return found


def _elements(block: Any) -> Any:
    """The numbers of a matrix of derivatives."""
    return block.values if isinstance(block, Sparse) else block


def _any(value: Any) -> bool:
    return value != 0 if value.__class__ is float else bool(np.any(value))


def _finite(value: Any) -> bool:
    return isfinite(value) if value.__class__ is float else bool(np.isfinite(value).all())


def evaluate(text: str, inputs: Inputs, **options: Any) -> Evaluation:
    """The value of an expression.

    >>> evaluate("1 / x", {"x": 4.0}).value
    0.25
    """
    return Problem(text, **options).evaluate(inputs)


def gradient(
    text: str,
    inputs: Inputs,
    wrt: Iterable[str] | None = None,
    grad_output: Any = None,
    order: int | None = None,
    partial: Iterable[str] | None = None,
    **options: Any,
) -> Gradient:
    """The value and the gradients of an expression.

    >>> answer = gradient("2*a**6 - b**9", {"a": [1.0, 4.0], "b": [5.0, 2.0]}, grad_output=[1, 1])
    >>> answer.gradients["a"].tolist(), answer.gradients["b"].tolist()
    ([12.0, 12288.0], [-3515625.0, -2304.0])
    >>> gradient("x**3 * y**2", {"x": 2.0, "y": 5.0}, partial=["x", "x", "y"]).derivative
    120.0
    """
    return Problem(text, **options).gradient(inputs, wrt, grad_output, order, partial)


def jacobian(
    text: str,
    inputs: Inputs,
    wrt: Iterable[str] | None = None,
    mode: str = "auto",
    format: str = "dense",
    **options: Any,
) -> Jacobian:
    """The value and the Jacobians of an expression.

    >>> jacobian("[x*y, x + y]", {"x": 2.0, "y": 3.0}).jacobians
    {'x': array([3., 1.]), 'y': array([2., 1.])}
    >>> answer = jacobian("x[1:] * x[:-1]", {"x": [2.0, 3.0, 5.0]}, format="coo")
    >>> answer.jacobians["x"].indices.tolist(), answer.jacobians["x"].values.tolist(), answer.colors
    ([[0, 0, 1, 1], [0, 1, 1, 2]], [3.0, 2.0, 5.0, 3.0], 2)
    """
    return Problem(text, **options).jacobian(inputs, wrt, mode, format)


def hessian(
    text: str, inputs: Inputs, wrt: Iterable[str] | None = None, format: str = "dense", **options: Any
) -> Hessian:
    """The value, the gradients and the second derivatives of a scalar expression.

    >>> hessian("x**3 * y", {"x": 2.0, "y": 5.0}).hessians
    {'x': {'x': 60.0, 'y': 12.0}, 'y': {'x': 12.0, 'y': 0.0}}
    """
    return Problem(text, **options).hessian(inputs, wrt, format)


def taylor(text: str, inputs: Inputs, input: str | None = None, order: int = 1, **options: Any) -> Taylor:
    """The derivatives of an expression by a scalar input, and its Taylor coefficients.

    >>> taylor("1 / (1 - x)", {"x": 0.0}, order=4).derivatives
    [1.0, 1.0, 2.0, 6.0, 24.0]
    """
    return Problem(text, **options).taylor(inputs, input, order)


def jvp(text: str, inputs: Inputs, tangents: Mapping[str, Any], **options: Any) -> Pushed:
    """The derivative of an expression along tangents of its inputs.

    >>> jvp("x * y", {"x": 2.0, "y": 3.0}, {"x": 1.0}).jvp
    3.0
    """
    return Problem(text, **options).jvp(inputs, tangents)


def hvp(
    text: str, inputs: Inputs, vectors: Mapping[str, Any], wrt: Iterable[str] | None = None, **options: Any
) -> HessianProduct:
    """The Hessian of a scalar expression times vectors.

    >>> hvp("sum(x**3)", {"x": [1.0, 2.0]}, {"x": [1.0, 1.0]}).hvp
    {'x': array([ 6., 12.])}
    """
    return Problem(text, **options).hvp(inputs, vectors, wrt)


def check(text: str, inputs: Inputs, method: str = "fast", **options: Any) -> Report:
    """A numerical check of the derivatives of an expression.

    >>> check("sin(x) / x", {"x": 2.0}).passed
    True
    """
    return Problem(text, **options).check(inputs, method=method)
