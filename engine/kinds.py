"""The constructors of rows: what a primitive says of itself, and what follows from its kind.

A primitive is one row, written with one of

    elementwise   the row says the partial derivatives
    linear        the row says the transpose
    bilinear      the row says the two transposes
    flat          the row says nothing: its derivative is zero by declaration
    explicit      the row says its own pullback and pushforward
    composition   a function made of other rows: it is no primitive, its derivative comes from theirs

Every rule is written once, against a namespace ``F`` that has a function for each row. With ``F`` the array
interpreter a rule computes numbers, with ``F`` the graph builder it builds graph, with ``F`` a batch it works on
many seeds at once: the rule does not know. Operators (``a * b``, ``-a``) mean the rows that claim them.

Throughout, ``y`` is the row's value, ``xs`` its operands, ``ct`` the cotangent of the value (what PyTorch calls
grad_output) and ``None`` in the place of a tangent or cotangent stands for zero.
"""

from __future__ import annotations

import math
import operator as operators
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from engine.errors import DtypeError, NotDifferentiable, WrongArguments
from engine.graph import NO_PARAMS, Node, Params, frozen
from engine.namespace import Namespace, Operators, Rule
from engine.shapes import PROMOTION, Shape, broadcast, size
from engine.signature import Signature

Example = tuple[tuple[Any, ...], Params]
"""How the tests call a function that is not elementwise: the operands' shapes, and the parameters.

In the place of a shape ``None`` is an operand that is left out, and a list the elements of one that is ``data``.
"""

Stated = str | tuple[str, str] | list[str | tuple[str, str] | None] | None
"""A derivative for the reference of functions, where the rule itself would not read well there, or is no formula.

An expression for the differential of the value (``dx`` is that of the operand ``x``, ``y`` the value), or, of a
function of elements, a list with the partial by each operand. Words come with the equation in LaTeX.
"""

PRIMITIVES: dict[str, Primitive] = {}
"""Every row by its name."""

FUNCTIONS: dict[str, Function] = {}
"""Everything that an expression can call, by name and by alias."""

METHODS: dict[str, Function] = {}
"""What a tensor's method is, or a function in full, where that is another function than the one of that name."""

OPERATORS: dict[str, Primitive] = {}
"""The rows that an operator stands for: ``+``, ``@``, and ``u-`` for the unary minus."""

_WORDS = {"&": "and", "|": "or", "u~": "unot"}


class Selecting:
    """A partial whose zero means "not chosen": it stops even an infinite cotangent."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, F: Any, y: Any, *xs: Any) -> Any:
        return self.rule(F, y, *xs)


class Firm:
    """A partial whose zero wins too, even against an infinite cotangent, and which is differentiated all the same.

    Unlike `Selecting`, whose zero is a choice that no small change undoes.
    """

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, F: Any, y: Any, *xs: Any) -> Any:
        return self.rule(F, y, *xs)


class Unknown:
    """A partial that exists and is not implemented: whoever asks for it is told so, and why."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __call__(self, F: Any, y: Any, *xs: Any) -> Any:
        raise NotDifferentiable(self.reason, hint="leave that argument out of wrt; by the others there is one")


class OfValue:
    """A ``kink`` that takes the row's value to tell: ``rule(y, *xs, **params)``."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule


class Function:
    """What a row and a composition say of themselves alike: how they are called, tested and described.

    ``as_torch`` are static parameters that PyTorch has other defaults for: they hold where a call is spelled its way,
    with ``dim`` or a ``torch.`` in front; ``elsewhere`` has the same for other libraries, by the first word of the
    spelling (``"scipy"``), or says what to write where that library means something else. ``results`` are the names of
    several results, as in ``eigh(x).eigenvalues``. ``method`` is the name of a tensor's method that is this function
    (the one of that name is another: ``x.repeat(2)`` is ``tile``), or of a function in full, such as ``torch.norm``.
    ``data`` names operands that are no quantities but say what to do with them, such as indices and masks: there is no
    derivative by them. ``indices`` makes the places that PyTorch gives beside the values of a call that names an axis
    (``torch.max(x, dim=1).indices``). ``of_two`` is the function that a call of two tensors means, as in ``max(a, b)``,
    ``of_function`` the one that a call means whose first argument is a function, as in ``argmin(h, x0)``. ``function``
    is the static parameter that is a function, one of the program's own or one of these, with a rule ``(graph, text,
    name, limits)`` that makes of its graph what the row takes.
    ``complex`` says what becomes of complex operands: with ``True`` the same (the function is holomorphic, or moves
    elements about), with a rule ``(F, *xs, **params)`` what that makes of them, with ``False`` there are none. ``jax``
    is a rule whose derivatives at kinks are JAX's, with words for them, for those who ask for that convention.
    ``accuracy`` says, where values or derivatives are not right to 4 ulp all over the domain, where not, and why.
    ``sample`` makes, of random operands, such as the function is meant for (positive definite matrices, say), to test
    it with. ``reach`` is how far out its accuracy is measured, where the truth takes too long beyond. ``advice`` is for
    callers whose arguments do not fit: what they probably mean.

    Five facts are for the reference alone: ``derivative`` as `Stated` has it, ``latex`` a template for the call
    (`engine.render.latex`), ``defined``, which says in words what ``domain`` does not: that is where the tests
    take their points, and less than all where the whole is no interval; and where ``examples`` would not read well,
    ``shapes`` in words and a ``worked`` example, an expression and its inputs.
    """

    kind: ClassVar[str]
    movable: ClassVar[bool] = False
    """Whether functions of this kind take complex operands if they say nothing of them."""

    def __init__(
        self,
        signature: str,
        *,
        aliases: tuple[str, ...] = (),
        keywords: dict[str, str] | None = None,
        as_torch: Params = NO_PARAMS,
        elsewhere: dict[str, Params | str] | None = None,
        method: str = "",
        data: tuple[str, ...] = (),
        results: tuple[str, ...] = (),
        indices: Rule | None = None,
        of_two: str = "",
        of_function: str = "",
        function: tuple[str, Rule] | None = None,
        complex: bool | Rule | None = None,
        jax: tuple[Rule, str] | None = None,
        sympy: str | Rule | None = None,
        domain: tuple[tuple[float, float], ...] | tuple[float, float] = (-math.inf, math.inf),
        examples: Sequence[Example] = (),
        sample: Rule | None = None,
        reach: float = math.inf,
        convention: str = "",
        accuracy: str = "",
        advice: str = "",
        derivative: Stated = None,
        latex: str = "",
        defined: str = "",
        shapes: str = "",
        worked: tuple[str, dict[str, Any]] | None = None,
        internal: bool = False,
        doc: str = "",
    ) -> None:
        self.signature = Signature(signature)
        self.name = self.signature.name
        self.aliases = aliases
        self.keywords = keywords or {}
        self.as_torch = as_torch
        self.elsewhere = elsewhere or {}
        self.method = method
        self.data = data
        self.results = results
        self.indices = indices
        self.of_two = of_two
        self.of_function = of_function
        self.function = function
        self.complex = self.movable if complex is None else complex
        self.jax = jax
        self.sympy = sympy
        self.domain: tuple[tuple[float, float], ...]
        self.domain = domain if isinstance(domain[0], tuple) else (domain,) * len(self.signature.operands)
        self.examples = examples
        self.sample = sample
        self.reach = reach
        self.convention = convention
        self.accuracy = accuracy
        self.advice = advice
        self.derivative = derivative
        self.latex = latex
        self.defined = defined
        self.shapes = shapes
        self.worked = worked
        self.internal = internal
        self.doc = doc

    def plainly_in(self, F: Namespace) -> Rule:
        """The function that ``F`` has for real operands."""
        raise NotImplementedError

    def made_in(self, F: Namespace) -> Rule:
        """The function that ``F`` has, for complex operands too."""
        apply = self.plainly_in(F)
        if self.complex is True or F.shapeless:
            return apply

        instead = self.complex_in(F)

        def split(*xs: Any, **params: Any) -> Any:
            return (instead if F.any_complex(xs) else apply)(*xs, **params)

        return split

    def complex_in(self, F: Namespace) -> Rule:
        """The function that ``F`` has for complex operands, where it is not itself."""
        return lambda *xs, **params: self.on_complex(F, *xs, **params)

    def on_complex(self, F: Namespace, *xs: Any, **params: Any) -> Any:
        """What becomes of complex operands, where it is not the function itself."""
        if self.complex is False:
            raise DtypeError(
                f"{self.name} does not take complex numbers",
                hint="take abs(z), real(z) or imag(z) of them first",
            )
        return self.complex(F, *xs, **params)  # type: ignore[operator]

    def __repr__(self) -> str:
        return f"<{self.kind} {self.signature.public}>"


class Primitive(Function):
    """A row of the table. The kinds below derive the rest from what it says.

    ``takes`` is the element type that the operator of the row insists on, where the function itself does not. ``whole``
    is the operator on Python's whole numbers, exactly; where nothing is said it is ``scalar``.
    ``pattern`` is a rule ``(F, *xs, **params)`` of linear rows that has the same dependencies, where the kind does not
    tell them: without it every element of the value is taken to depend on all elements of all operands.
    ``spared`` is a rule ``(*shapes, **params)`` that says how much less than the value a pass for derivatives takes.
    ``alike`` says that ``numpy``, or the rule given, makes of arrays of doubles the very bits that ``scalar`` makes of
    each of their elements, whatever stands beside it: wherever that raises no fault, and where it does, a nan or an
    infinity.
    """

    differentiable: ClassVar[bool] = True
    fixed: Sequence[int] = ()

    def __init__(
        self,
        signature: str,
        *,
        numpy: str | Rule | None = None,
        scalar: str | Rule | None = None,
        alike: bool | Rule = False,
        torch: str | None = None,
        shape: Rule | None = None,
        prepare: Rule | None = None,
        batch: Rule | None = None,
        dtype: str | Rule | None = None,
        takes: str | None = None,
        flops: float | Rule = 1.0,
        workspace: float = 0.0,
        operator: str | None = None,
        whole: Rule | None = None,
        numeric: bool = True,
        kink: Rule | OfValue | None = None,
        pattern: Rule | None = None,
        spared: Rule | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(signature, **facts)
        self.pattern = pattern
        self.spared = spared
        self.numeric = numeric
        self.operator = operator
        self.kink = kink
        self.result_dtype = dtype
        self.takes = takes
        self.numpy: Rule = _spelled(np, numpy or self.name)
        self.scalar: Rule | None = _spelled(math, scalar) if scalar else None
        self.whole = whole or (self.scalar if operator else None)
        self.alike: Rule | None = self.numpy if alike is True else alike or None
        self.torch = torch or self.name
        self._shape = shape
        self._prepare = prepare
        self._batch = batch
        self._flops = flops
        self.workspace = workspace
        self.light = False
        _register(self)

    def plainly_in(self, F: Namespace) -> Rule:
        return F.primitive(self)

    @property
    def grad_fn(self) -> str:
        """The name of its backward function, as PyTorch forms it: ``MulBackward0``."""
        return "".join(part.capitalize() for part in self.torch.split("_")) + "Backward0"

    # What is known before anything is computed.

    def bind(self, shapes: Sequence[Shape], params: Params) -> Params:
        """The static parameters, complete and in canonical form (axes counted from the front, ``-1`` worked out)."""
        static = self.signature.static
        if not static:
            return NO_PARAMS
        missing = self.signature.missing(params)
        if missing:
            raise WrongArguments(f"{self.name} needs {missing}=", hint=f"the signature is {self.signature.public}")
        bound = {**static, **params}
        return {**bound, **self._prepare(*shapes, **bound)} if self._prepare else bound

    def result_shape(self, shapes: Sequence[Shape], params: Params) -> Shape:
        """The shape of the result; raises `ShapeMismatch` where the operands' do not fit together."""
        if self._shape:
            return self._shape(*shapes, **params)  # type: ignore[no-any-return]
        result = shapes[0]
        for shape in shapes[1:]:
            if shape != result:
                result = broadcast(result, shape)
        return result

    def infer(self, operands: Sequence[Node], params: Params) -> tuple[Shape, str]:
        """The shape and element type of the result."""
        shape = self.result_shape([node.shape for node in operands], params)
        if callable(self.result_dtype):
            return shape, self.result_dtype(operands[0].dtype)
        if self.result_dtype:
            return shape, params.get(self.result_dtype, self.result_dtype)
        dtype = operands[0].dtype
        for node in operands[1:]:
            if node.dtype is not dtype:
                dtype = PROMOTION[dtype, node.dtype]
        return shape, dtype

    def flops(self, shapes: Sequence[Shape], result: Shape, params: Params) -> float:
        """The floating-point operations that one evaluation takes, by estimate."""
        if callable(self._flops):
            return float(self._flops(*shapes, **params))
        return self._flops * max(size(result), *map(size, shapes), 1)

    def at_kink(self, y: Any, xs: Sequence[Any], params: Params) -> Any:
        """Where the row, whose value is ``y``, is not differentiable at ``xs``."""
        if self.kink is None:
            return False
        return self.kink.rule(y, *xs, **params) if isinstance(self.kink, OfValue) else self.kink(*xs, **params)

    # What the kinds say.

    def pullback(self, F: Any, ct: Any, y: Any, xs: Sequence[Any], params: Params, wanted: Sequence[int]) -> list[Any]:
        """The cotangents of the operands ``wanted`` (places in ``xs``), in that order; ``None`` is zero."""
        raise NotImplementedError

    def pushforward(self, F: Any, ts: Sequence[Any], y: Any, xs: Sequence[Any], params: Params) -> Any:
        """The tangent of the value from the operands' tangents ``ts``; ``None`` is zero."""
        raise NotImplementedError

    def adjoint(self, F: Any, ct: Any, y: Any, xs: Sequence[Any], params: Params, wanted: Sequence[int]) -> list[Any]:
        """`pullback`, of complex values too.

        What comes back to a complex operand z = a + ib is ∂L/∂a + i ∂L/∂b, PyTorch's convention. Of a holomorphic
        function that is real for real operands it is the pullback at the conjugate point, whose derivative is the
        conjugate one.
        """
        if not F.any_complex((ct, y, *xs)):
            return self.pullback(F, ct, y, xs, params, wanted)
        found = self.pullback(F, ct, F.conj(y), [F.conj(x) for x in xs], params, wanted)
        loose = [part is not None and not F.any_complex((xs[k],)) for part, k in zip(found, wanted, strict=True)]
        return [F.real(part) if to_real else part for part, to_real in zip(found, loose, strict=True)]

    def depends(self, P: Any, xs: Sequence[Any], params: Params) -> Any:
        """The pattern of the value, by those of the operands (`engine.interpret.patterns`)."""
        if self.pattern:
            return self.pattern(P, *xs, **params)
        return P.whole(xs, self.result_shape([P.shape(x) for x in xs], params))

    def batch(self, F: Any, length: int, xs: Sequence[Any], batched: Sequence[bool], params: Params) -> Any:
        """The row applied to many operands at once: those marked in ``batched`` carry them along axis 0."""
        if self._batch is None:
            raise NotImplementedError(f"{self.name} has no batch rule")
        return self._batch(F, length, *all_batched(F, length, xs, batched), **params)


def all_batched(F: Any, length: int, xs: Sequence[Any], batched: Sequence[bool]) -> list[Any]:
    """Operands that all carry the batch along axis 0: the others are repeated (as views, where numbers are)."""
    return [x if b else F.broadcast_to(x, shape=(length, *F.shape(x))) for x, b in zip(xs, batched, strict=True)]


def aligned(F: Any, xs: Sequence[Any], batched: Sequence[bool]) -> list[Any]:
    """Batched operands padded with axes of length 1 behind the batch, so that NumPy's broadcasting pairs the rest."""
    rank = max(len(F.shape(x)) - b for x, b in zip(xs, batched, strict=True))
    aligned = []
    for x, b in zip(xs, batched, strict=True):
        shape = F.shape(x)
        missing = rank + 1 - len(shape)
        aligned.append(F.reshape(x, shape=(shape[0], *(1,) * missing, *shape[1:])) if b and missing else x)
    return aligned


def _step(partial: Any) -> Rule:
    """One step of the chain rule: ``(F, v, y, xs)`` to the (co)tangent ``v`` times ``partial``.

    An exact zero of ``v`` wins: a branch that ``where`` did not take sends back a cotangent of zero, and zero it
    stays, even where the derivative there is infinite. The literal partials of a sum cost nothing.
    """
    if partial is None:
        return lambda F, v, y, xs: None
    if partial == 1:
        return lambda F, v, y, xs: v
    if partial == -1:
        return lambda F, v, y, xs: -v
    if isinstance(partial, Selecting):
        return lambda F, v, y, xs: _selected(F, v, partial(F, y, *xs))
    if isinstance(partial, Firm):
        return lambda F, v, y, xs: F.firm_multiply(v, partial(F, y, *xs))
    return lambda F, v, y, xs: F.strong_multiply(v, partial(F, y, *xs))


def _selected(F: Any, v: Any, p: Any) -> Any:
    return F.where(p == 0, 0.0, F.strong_multiply(v, p))


class Elementwise(Primitive):
    """The row says one partial for each operand: a rule ``(F, y, *xs)``, a literal 1 or -1, or ``None`` for none.

    ``closed`` are the same partials in terms of the value and of functions whose own partials lead back to these, where
    ``d`` leads on to new ones with every derivative: a power series is then cheaper, and loses no digits.
    """

    kind = "elementwise"

    def __init__(self, signature: str, *, d: Any, closed: list[Any] | None = None, **facts: Any) -> None:
        super().__init__(signature, **facts)
        self.partials: list[Any] = list(d) if isinstance(d, list) else [d]
        self.closed = closed or self.partials
        if len(self.partials) != len(self.signature.operands):
            raise TypeError(f"{self.name} needs a partial for each of {self.signature.operands}")
        self.light = self.scalar is not None and self.numeric
        self.steps = [_step(partial) for partial in self.partials]

    def pullback(self, F: Any, ct: Any, y: Any, xs: Sequence[Any], params: Params, wanted: Sequence[int]) -> list[Any]:
        steps = self.steps
        return [F.fit(steps[k](F, ct, y, xs), xs[k]) for k in wanted]

    def pushforward(self, F: Any, ts: Sequence[Any], y: Any, xs: Sequence[Any], params: Params) -> Any:
        total = None
        for k, t in enumerate(ts):
            if t is not None:
                term = self.steps[k](F, t, y, xs)
                if term is None:
                    continue
                total = term if total is None else total + term
        return None if total is None else F.spread(total, y)

    def depends(self, P: Any, xs: Sequence[Any], params: Params) -> Any:
        shape = self.result_shape([P.shape(x) for x in xs], params)
        return P.united([x for x, partial in zip(xs, self.partials, strict=True) if partial is not None], shape)

    def batch(self, F: Any, length: int, xs: Sequence[Any], batched: Sequence[bool], params: Params) -> Any:
        return getattr(F, self.name)(*aligned(F, xs, batched), **params)


class Linear(Primitive):
    """The row says its transpose ``(F, ct, *xs, **params)``: the cotangent of the operand, or a list for several.

    It is linear in the first operand, or in all of any number; operands that are ``data`` stay what they are.
    """

    kind = "linear"
    movable = True

    def __init__(self, signature: str, *, transpose: Rule, numeric: bool = False, **facts: Any) -> None:
        super().__init__(signature, numeric=numeric, **facts)
        self.transpose = transpose
        self.fixed = [self.signature.operands.index(name) for name in self.data]

    def pullback(self, F: Any, ct: Any, y: Any, xs: Sequence[Any], params: Params, wanted: Sequence[int]) -> list[Any]:
        if self.signature.variadic:
            return list(self.transpose(F, ct, xs, wanted, **params))
        return [self.transpose(F, ct, *xs, **params)]

    def pushforward(self, F: Any, ts: Sequence[Any], y: Any, xs: Sequence[Any], params: Params) -> Any:
        tangents = [F.spread(0.0, x) if t is None else t for t, x in zip(ts, xs, strict=True)]
        for k in self.fixed:
            tangents[k] = xs[k]
        return F.spread(getattr(F, self.name)(*tangents, **params), y)

    def depends(self, P: Any, xs: Sequence[Any], params: Params) -> Any:
        shapes = [P.shape(x) for x in xs]
        if self.fixed:
            P.settled = False  # it holds for these places only
        moving = [k for k in range(len(xs)) if k not in self.fixed]
        ends = np.cumsum([0, *[size(shapes[k]) for k in moving]]).tolist()
        result = self.result_shape(shapes, params)

        def operands(v: Any) -> list[Any]:
            made = list(xs)
            for k, start, end in zip(moving, ends[:-1], ends[1:], strict=True):
                made[k] = v[start:end].reshape(shapes[k])
            return made

        def forth(v: Any) -> Any:
            return self.numpy(*operands(v), **params)

        def back(ct: Any) -> Any:
            found = self.pullback(P.numbers, ct, None, operands(np.zeros(ends[-1])), params, moving)
            return np.concatenate([np.ravel(part) for part in found])

        x = P.joined([xs[k] for k in moving])
        found = P.through(x, result, forth, back, None if self.fixed else (self.name, *shapes, frozen(params)))
        return P.whole([x], result) if found is None else found


class Bilinear(Primitive):
    """The row says two transposes, ``left`` and ``right``: rules ``(F, ct, a, b, **params)``.

    Its batch rule ``(F, length, a, b, batched, **params)`` is told which operands carry the batch: one that does
    not need not be repeated.
    """

    kind = "bilinear"
    movable = True

    def __init__(self, signature: str, *, left: Rule, right: Rule, **facts: Any) -> None:
        super().__init__(signature, **facts)
        self.transposes = (left, right)

    def pullback(self, F: Any, ct: Any, y: Any, xs: Sequence[Any], params: Params, wanted: Sequence[int]) -> list[Any]:
        return [F.fit(self.transposes[k](F, ct, *xs, **params), xs[k]) for k in wanted]

    def pushforward(self, F: Any, ts: Sequence[Any], y: Any, xs: Sequence[Any], params: Params) -> Any:
        (ta, tb), (a, b) = ts, xs
        multiply = getattr(F, self.name)
        left = None if ta is None else multiply(ta, b, **{**params, "_strong": 0})
        right = None if tb is None else multiply(a, tb, **{**params, "_strong": 1})
        return left if right is None else right if left is None else left + right

    def depends(self, P: Any, xs: Sequence[Any], params: Params) -> Any:
        shapes = [P.shape(x) for x in xs]
        result = self.result_shape(shapes, params)
        parts = [self._by(P, k, xs[k], shapes, result, params) for k in (0, 1) if not P.is_empty(xs[k])]
        return P.united(parts, result)

    def batch(self, F: Any, length: int, xs: Sequence[Any], batched: Sequence[bool], params: Params) -> Any:
        assert self._batch
        return self._batch(F, length, *xs, batched=batched, **params)

    def _by(self, P: Any, k: int, x: Any, shapes: Sequence[Shape], result: Shape, params: Params) -> Any:
        """The pattern by one operand. The other is taken to have no zeros; where it then has no structure and is small,
        like the kernel of a convolution, each element of it has.
        """

        def through(other: Any, key: Any) -> Any:
            def operands(v: Any) -> list[Any]:
                return [other, v] if k else [v, other]

            def back(ct: Any) -> Any:
                return self.transposes[k](P.numbers, ct, *operands(np.zeros(shapes[k])), **params)

            return P.through(x, result, lambda v: self.numpy(*operands(v), **params), back, key)

        given = shapes[1 - k]
        found = through(np.ones(given), (self.name, k, *shapes, frozen(params)))
        if found is None and size(given) <= _FEW:
            units = np.eye(size(given)).reshape(-1, *given)
            parts = [through(unit, None) for unit in units]
            found = None if any(part is None for part in parts) else P.united(parts, result)
        return P.whole([x], result) if found is None else found


class Flat(Primitive):
    """The derivative is zero wherever there is one: comparisons, rounding, places of a maximum."""

    kind = "flat"
    differentiable = False

    def __init__(self, signature: str, *, numeric: bool = False, **facts: Any) -> None:
        super().__init__(signature, numeric=numeric, **facts)

    def depends(self, P: Any, xs: Sequence[Any], params: Params) -> Any:
        return P.none(self.result_shape([P.shape(x) for x in xs], params))

    def batch(self, F: Any, length: int, xs: Sequence[Any], batched: Sequence[bool], params: Params) -> Any:
        if self._batch:
            return super().batch(F, length, xs, batched, params)
        return getattr(F, self.name)(*aligned(F, xs, batched), **params)


class Explicit(Primitive):
    """The row says its own rules: ``pull(F, ct, y, *xs, **params)``, ``push(F, ts, y, *xs, **params)``.

    The first gives a list with a cotangent for each operand (or a function that makes it, where work is saved
    if nobody wants it), the second the tangent of the value. ``analytic`` says that the row is a function of square
    matrices that a power series in one matrix gives, like the exponential; ``degree``, of the operand's shape, that it
    is a polynomial of that degree in the elements of its operand.
    """

    kind = "explicit"

    def __init__(
        self,
        signature: str,
        *,
        pull: Rule,
        push: Rule,
        analytic: bool = False,
        degree: Rule | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(signature, **facts)
        self.analytic = analytic
        self.degree = degree
        self.pull = pull
        self.push = push

    def pullback(self, F: Any, ct: Any, y: Any, xs: Sequence[Any], params: Params, wanted: Sequence[int]) -> list[Any]:
        cotangents = self.pull(F, ct, y, *xs, **params)
        made = [cotangents[k]() if callable(cotangents[k]) else cotangents[k] for k in wanted]
        return [None if ct is None else F.fit(ct, xs[k]) for ct, k in zip(made, wanted, strict=True)]

    def pushforward(self, F: Any, ts: Sequence[Any], y: Any, xs: Sequence[Any], params: Params) -> Any:
        t = self.push(F, ts, y, *xs, **params)
        return None if t is None else F.spread(t, y)


class Composition(Function):
    """A function made of other rows. ``rule(F, *xs, **params)``; its nodes remember the call they came from."""

    kind = "composition"

    def __init__(self, signature: str, rule: Rule, **facts: Any) -> None:
        super().__init__(signature, **facts)
        self.rule = rule
        _announce(self)

    def plainly_in(self, F: Namespace) -> Rule:
        return F.composition(self)

    def complex_in(self, F: Namespace) -> Rule:
        return F.expansion(self, self.complex) if callable(self.complex) else super().complex_in(F)


def elementwise(signature: str, **facts: Any) -> Elementwise:
    """A row given by its partials: ``elementwise("sin(x)", d=lambda F, y, x: F.cos(x))``."""
    return Elementwise(signature, **facts)


def linear(signature: str, **facts: Any) -> Linear:
    """A row given by its transpose."""
    return Linear(signature, **facts)


def bilinear(signature: str, **facts: Any) -> Bilinear:
    """A row given by its two transposes."""
    return Bilinear(signature, **facts)


def flat(signature: str, **facts: Any) -> Flat:
    """A row whose derivative is zero by declaration."""
    return Flat(signature, **facts)


def explicit(signature: str, **facts: Any) -> Explicit:
    """A row given by its own pullback and pushforward."""
    return Explicit(signature, **facts)


def composition(signature: str, **facts: Any) -> Callable[[Rule], Composition]:
    """Make the function below it callable in expressions: a decorator."""
    return lambda rule: Composition(signature, rule, doc=rule.__doc__ or "", **facts)


_FEW = 64
"""An operand of so many elements is small."""


def _spelled(module: Any, name: str | Rule) -> Rule:
    """What a row means by ``numpy="tan"`` or ``scalar="tan"``: an attribute of the module, or of ``operator``."""
    if callable(name):
        return name
    found = getattr(module, name, None) or getattr(operators, name)
    return found  # type: ignore[no-any-return]


def _register(row: Primitive) -> None:
    PRIMITIVES[row.name] = row
    if row.operator:
        OPERATORS[row.operator] = row
        OPERATORS[_WORDS.get(row.operator, row.operator)] = row
        Operators.install(row)
    _announce(row)


def _announce(function: Function) -> None:
    Namespace.offer(function)
    if not function.internal:
        for name in (function.name, *function.aliases):
            if name in FUNCTIONS:
                raise ValueError(f"there are two functions named {name}")
            FUNCTIONS[name] = function
        for name in function.method.split():
            METHODS[name] = function
