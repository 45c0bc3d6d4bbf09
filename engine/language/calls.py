"""Calls, methods and attributes: which function is meant in whose spelling, and what it makes of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import numpy as np

from engine.errors import ExpressionError, ShapeMismatch, Span, UnknownFunction, UnknownName, WrongArguments
from engine.functions import FUNCTIONS
from engine.functions.layout import swapaxes, transpose
from engine.graph import NO_PARAMS, Node, Params
from engine.interpret.build import Ref, fold
from engine.kinds import METHODS, Elementwise, Function, Primitive
from engine.language.absent import absence, made_first
from engine.language.binding import bind, bind_own
from engine.language.builtins import BUILTINS, append, call_builtin
from engine.language.diagnostics import nearest
from engine.language.foreign import instead
from engine.language.syntax import Attribute, Call, CallValue, Method, Syntax
from engine.language.tracing import MODULES, NUMBERS, Tracing
from engine.language.unknowns import is_function, solved
from engine.language.values import MISSING, Closure, Invocation, Listed, Paired, Results, Series
from engine.primitives.complex import conj, imag, real
from engine.shapes import size

_IN_PLACE = ("sort", "insert")
"""Functions that a list of Python's has as methods without a value."""

_TORCH = ("torch.", "F.", "nn.functional.", "functional.")


def attribute(trace: Tracing, syntax: Attribute, values: list[Any]) -> Any:
    return attributes(trace, values[syntax.base], [syntax.name], syntax)


def attributes(trace: Tracing, value: Any, names: Iterable[str], syntax: Syntax) -> Any:
    for name in names:
        if isinstance(value, Results) and name in value.names:
            value = value[value.names.index(name)]
            continue
        if value.__class__ is Paired and name in value.names:
            value = trace.part(value, value.names.index(name), syntax)
            continue
        if name not in _ATTRIBUTES:
            near = nearest(name, [*_ATTRIBUTES, *FUNCTIONS])
            at = trace.text.rfind(name, syntax.start, syntax.end)
            raise UnknownName(
                f"a tensor has no attribute {name}",
                span=syntax.span if at < 0 else (at, at + len(name)),
                hint=f"{name} is a function: write .{name}(...)" if name in FUNCTIONS
                else instead(f"x.{name}", alone=True)
                or (f"did you mean {near}?" if near else f"the attributes are {', '.join(_ATTRIBUTES)}"),
            )  # fmt: skip
        value = _ATTRIBUTES[name](trace, trace.operand(value, syntax), syntax)
    return value


def call(trace: Tracing, syntax: Call, values: list[Any]) -> Any:
    """The value of a call; of a function of the program's own, what is still to run."""
    arguments = [values[i] for i in syntax.arguments]
    keywords = {name: values[i] for name, i in syntax.keywords} if syntax.keywords else {}
    function = FUNCTIONS.get(syntax.path)
    if trace.has_functions:
        own = trace.scope.find(syntax.path)
        if own.__class__ is Closure:
            return Invocation(own, bind_own(own, arguments, keywords, syntax), syntax.span)
        function = own if isinstance(own, Function) else function
        if own is MISSING and trace.scope.is_early(syntax.path):
            raise unknown_function(trace, syntax.path, syntax)
    if function is not None:
        return invoke(trace, function, arguments, keywords, syntax)
    if syntax.path in BUILTINS:
        return call_builtin(trace, syntax.path, arguments, keywords, syntax)
    *path, name = syntax.path.split(".")
    if path and trace.scope.owner(path[0]) is not None:
        base = attributes(trace, trace.scope.find(path[0]), path[1:], syntax)
        if name == "append" and len(path) == 1:
            if isinstance(base, Listed):
                return append(trace, path[0], arguments, syntax)
            raise WrongArguments(
                f"{path[0]} is a tensor, and takes no further items", span=syntax.span,
                hint=f"write {path[0]} = append({path[0]}, …); or begin with a list: {path[0]} = []",
            )  # fmt: skip
        if name in _IN_PLACE and isinstance(base, Listed):
            raise WrongArguments(
                f"{name} changes a list in Python, and nothing is changed in place here", span=syntax.span,
                hint=f"write {path[0]} = {name}({path[0]}, …)" if arguments else f"write {path[0]} = {name}({path[0]})",
            )  # fmt: skip
        return call_method(trace, name, base, arguments, keywords, syntax)
    function = prefixed(trace, path, name, syntax)
    defaults = _defaults(function, syntax)
    return invoke(trace, function, arguments, keywords, syntax, defaults, syntax.path.startswith(_TORCH))


def prefixed(trace: Tracing, path: list[str], name: str, syntax: Syntax) -> Function:
    """The function that a name means behind the prefix of a module, or alone."""
    function = METHODS.get(".".join((*path, name)))
    if path and function is not None:
        return function
    if path and trace.scope.is_early(path[0]):
        raise trace.unknown_name(syntax, path[0])
    if not trace.is_prefix(path):
        if name == "append" and len(path) == 1:
            fault = made_first(trace.unknown_name(syntax, path[0]), path[0], "[]")
            fault.span = place_of(trace, path[0], syntax)
            raise fault
        unknown = next((part for part in path if part not in MODULES), path[0])
        raise UnknownName(
            f"{unknown} is neither a variable nor a module that is known here",
            span=place_of(trace, unknown, syntax),
            hint=instead(".".join((*path, name))) or _in_its_place(trace, unknown, name),
        )
    function = function_of(trace, name, syntax)
    if "random" in path and "seed" not in function.signature.static:
        raise UnknownFunction(
            f"there are no random numbers by the name {name}",
            span=syntax.span,
            hint=f"{name} is a function of its argument here; make them with rand, randn, normal or uniform",
        )
    return function


def _in_its_place(trace: Tracing, unknown: str, name: str) -> str:
    """What to write where a word before a function's name is unknown."""
    near = nearest(unknown, trace.scope.names())
    if near is None and name in FUNCTIONS:
        return f"write {name}(...) alone"
    near = near or nearest(unknown, MODULES)
    return f"did you mean {near}?" if near else "GET /v1/functions lists all functions; others are written out"


def fact(trace: Tracing, name: str, node: Node, arguments: list[Any], syntax: Syntax) -> Any:
    """What PyTorch has a method for, and NumPy an attribute: sizes, and the tensor as a number."""
    found = _FACTS[name](node)
    if not arguments:
        return found
    place = trace.whole(arguments[0], syntax)
    if len(arguments) > 1 or not isinstance(found, tuple) or place is None or not -len(found) <= place < len(found):
        raise WrongArguments(
            f".{name}() of a tensor of shape {node.shape} takes no such axis",
            span=syntax.span,
            hint=f"write x[{place}]" if name == "item" else None,
        )
    return found[place]


def method(trace: Tracing, syntax: Method, values: list[Any]) -> Any:
    """The value of ``(…).name(…)``."""
    if syntax.name in ("append", *_IN_PLACE) and isinstance(values[syntax.base], Listed):
        raise WrongArguments(
            f"{syntax.name} changes a list in Python, and a part of a list is not changed in place here",
            span=syntax.span,
            hint="give the part a name, and put it back: row = xs[0]; row.append(x); xs[0] = row",
        )
    keywords = {name: values[i] for name, i in syntax.keywords}
    arguments = [values[i] for i in syntax.arguments]
    return call_method(trace, syntax.name, values[syntax.base], arguments, keywords, syntax)


def call_value(trace: Tracing, syntax: CallValue, values: list[Any]) -> Any:
    """A call of a function that is itself a value, ``f(x)(y)``."""
    base, arguments = values[syntax.base], [values[i] for i in syntax.arguments]
    keywords = {name: values[i] for name, i in syntax.keywords}
    if is_function(base):
        return called(trace, base, arguments, keywords, syntax)
    raise WrongArguments(
        "what stands before the bracket is no function", span=syntax.span, hint="to multiply, write *: …*(…)"
    )


def called(trace: Tracing, function: Any, arguments: list[Any], keywords: dict[str, Any], syntax: Syntax) -> Any:
    """What a function that is a value gives; of one of the program's own, what is still to run."""
    if isinstance(function, Closure):
        return Invocation(function, bind_own(function, arguments, keywords, syntax), syntax.span)
    return invoke(trace, function, arguments, keywords, syntax)


def call_method(
    trace: Tracing, name: str, base: Any, arguments: list[Any], keywords: dict[str, Any], syntax: Syntax
) -> Any:
    """A function with what stands before the dot as its first argument."""
    if name in _FACTS and not keywords and isinstance(base, Node):
        return fact(trace, name, base, arguments, syntax)
    function = METHODS.get(name) or function_of(trace, name, syntax)
    return invoke(trace, function, [base, *arguments], keywords, syntax, _of_method(function, name), torchs=None)


def function_of(trace: Tracing, name: str, syntax: Syntax) -> Function:
    """The function of a name. Raises `UnknownFunction`."""
    found = FUNCTIONS.get(name)
    if found is None:
        raise unknown_function(trace, name, syntax)
    return found


def unknown_function(trace: Tracing, name: str, syntax: Syntax) -> ExpressionError:
    """The fault of a call of what is no function."""
    place = place_of(trace, name, syntax)
    value = trace.scope.find(name) if isinstance(syntax, Call) and syntax.path == name else MISSING
    if value is not MISSING:
        hint = f"to multiply, write {name}*(...)"
        if isinstance(value, tuple) or (isinstance(value, Node) and value.shape):
            hint += f"; for a part of it, {name}[...]"
        return UnknownFunction(f"{name} is a variable, not a function", span=place, hint=hint)
    absent = absence(trace.text, trace.statements, name, syntax.start)
    if absent is not None:
        return UnknownFunction(absent[0], span=place, hint=absent[1])
    near = nearest(name, [*_own_functions(trace), *BUILTINS, *FUNCTIONS])
    hint = instead(name) or (f"did you mean {near}?" if near else "GET /v1/functions lists all functions")
    return UnknownFunction(f"there is no function {name}", span=place, hint=hint)


def _own_functions(trace: Tracing) -> list[str]:
    return [name for name in trace.scope.names() if isinstance(trace.scope.find(name), Closure)]


def place_of(trace: Tracing, word: str, syntax: Syntax) -> Span:
    """Where a word of a node stands in the text: a node's own span may be wider, by its brackets."""
    at = trace.text.find(word, syntax.start, syntax.end)
    return syntax.span if at < 0 else (at, at + len(word))


def paired(
    trace: Tracing, function: Function, operands: list[Any], params: Params, values: Any, doubtful: bool, syntax: Syntax
) -> Any:
    """Values along an axis with their places beside them, as PyTorch has them."""
    axis = params.get("axis", function.signature.static["axis"])
    if axis is None or not isinstance(values, Node):
        return values

    def indices() -> Node:
        trace.builder.span = syntax.span
        static = {**function.signature.static, **params}
        made = function.indices(trace.builder, *[trace.reference(v, syntax) for v in operands], **static)  # type: ignore[misc]
        trace.builder.span = None
        return trace.builder.node_of(made)

    return Paired(function.name, values, indices, doubtful)


def invoke(
    trace: Tracing,
    function: Function,
    arguments: list[Any],
    keywords: dict[str, Any],
    syntax: Syntax,
    defaults: Params = NO_PARAMS,
    torchs: bool | None = False,
) -> Any:
    """A call: ``torchs`` says whether it is in PyTorch's spelling, ``None`` that it is a method, which may be."""
    span = (syntax.start, syntax.end)
    if function.__class__ is Elementwise and not keywords and len(arguments) == len(function.signature.operands):
        for value in arguments:
            if value.__class__ is not Node:
                break
        else:
            return trace.builder.add_node(function, arguments, NO_PARAMS, span)
    if function.of_function and arguments and is_function(arguments[0]):
        function = FUNCTIONS[function.of_function]
    if function.function:
        assert isinstance(function, Primitive)
        return solved(trace, function, arguments, keywords, syntax, lambda g, x: called(trace, g, [x], {}, syntax))
    if arguments and arguments[0].__class__ is Series and not keywords and "axis" in function.signature.static:
        keywords = {"axis": 0}
    if function.of_two and len(arguments) > 1 and not keywords and _are_quantities(function, arguments):
        return reduce(lambda a, b: invoke(trace, FUNCTIONS[function.of_two], [a, b], {}, syntax), arguments)
    bound = False
    try:
        operands, params = bind(function, arguments, keywords, defaults)
        params = {name: trace.static(value, syntax) for name, value in params.items()} if params else NO_PARAMS
        bound = True
        made = apply(trace, function, operands, params, syntax)
        in_pairs = torchs or not keywords.keys().isdisjoint(_TORCHS) or (torchs is None and "axis" not in keywords)
        if not function.indices or not in_pairs:
            return made
        doubtful = torchs is None and keywords.keys().isdisjoint(_TORCHS) and _is_numpys(function)
        return paired(trace, function, operands, params, made, doubtful, syntax)
    except ExpressionError as error:
        error.span = error.span or span
        if isinstance(error, WrongArguments):
            said = error.hint or ""
            unbound = "the signature is" in said
            advice = function.advice if (unbound or not said or not bound) and function.advice not in said else ""
            signature = "" if unbound else f"the signature is {function.signature.public}"
            error.hint = "; ".join(part for part in (said, advice, signature) if part)
        raise


def apply(trace: Tracing, function: Function, operands: list[Any], params: dict[str, Any], syntax: Syntax) -> Any:
    """A function on operands and static parameters that fit its signature."""
    span = (syntax.start, syntax.end)
    if isinstance(function, Primitive):
        if function.scalar and not params and all(v.__class__ in NUMBERS for v in operands):
            return fold(function, tuple(operands))
        nodes = [v if v.__class__ is Node else trace.operand(v, syntax) for v in operands]
        return trace.builder.add_node(function, nodes, params, span)
    trace.deadline.check()
    builder = trace.builder
    builder.span = span
    names = function.signature.operands if not function.signature.variadic else ("",) * len(operands)
    missing = [name for name, default in function.signature.optional.items() if default is None]
    refs = [
        None if v is None and name in missing else trace.reference(v, syntax)
        for name, v in zip(names, operands, strict=True)
    ]
    expand = getattr(builder, function.name)
    try:
        result = expand(*refs, **params)
    except ArithmeticError:  # Python's numbers do not divide by 0; nodes do
        refs = [Ref(builder, builder.literal(v)) if v.__class__ in NUMBERS else v for v in refs]
        result = expand(*refs, **params)
    builder.span = None
    if isinstance(result, tuple):
        return Results(function, [builder.node_of(part) for part in result])
    return result.node if isinstance(result, Ref) else result


_TORCHS = ("dim", "keepdim")


def _are_quantities(function: Function, arguments: list[Any]) -> bool:
    """Whether what stands behind the first argument is no axis: a tensor that is not of whole numbers, or a number
    beside another, which has no axes.
    """
    if not function.signature.static:
        return len(arguments) == 2
    first, *others = arguments
    is_number = not first.shape if isinstance(first, Node) else first.__class__ in NUMBERS
    if is_number and all(v.__class__ in NUMBERS for v in others):
        return True
    return any(isinstance(v, Node) and v.dtype != "int64" for v in others)


def _is_numpys(function: Function) -> bool:
    """Whether NumPy's arrays have the method too, and mean something else by it."""
    return bool(function.as_torch) and hasattr(np.ndarray, function.name)


def _defaults(function: Function, syntax: Call) -> Params:
    """The static parameters that the library has in whose spelling a call is, where they are others than ours.

    Raises `WrongArguments` where the library means another function by the name.
    """
    if syntax.path.startswith(_TORCH):
        return function.as_torch
    library = syntax.path.partition(".")[0]
    found = function.elsewhere.get("scipy" if library == "special" else library, NO_PARAMS)
    if isinstance(found, str):
        message = f"{syntax.path} is another function than {function.name} here"
        raise WrongArguments(message, span=syntax.span, hint=found)
    return found


def _of_method(function: Function, name: str) -> Params:
    """The same for a method: PyTorch's where NumPy's arrays have none of that name."""
    own = function.elsewhere.get(f".{name}", NO_PARAMS)
    return own if own and not isinstance(own, str) else NO_PARAMS if hasattr(np.ndarray, name) else function.as_torch


def _matrix_transpose(trace: Tracing, node: Node, syntax: Syntax) -> Any:
    if len(node.shape) < 2:
        raise ShapeMismatch(f".mT takes a matrix, not shape {node.shape}", span=syntax.span)
    return invoke(trace, swapaxes, [node, -1, -2], {}, syntax)


_FACTS: dict[str, Callable[[Node], Any]] = {
    "size": lambda node: node.shape,
    "dim": lambda node: len(node.shape),
    "numel": lambda node: size(node.shape),
    "item": lambda node: node,
}

_ATTRIBUTES: dict[str, Callable[[Tracing, Node, Syntax], Any]] = {
    "T": lambda trace, node, syntax: invoke(trace, transpose, [node], {}, syntax),
    "mT": _matrix_transpose,
    "H": lambda trace, node, syntax: invoke(trace, conj, [_matrix_transpose(trace, node, syntax)], {}, syntax),
    "mH": lambda trace, node, syntax: invoke(trace, conj, [_matrix_transpose(trace, node, syntax)], {}, syntax),
    "real": lambda trace, node, syntax: invoke(trace, real, [node], {}, syntax),
    "imag": lambda trace, node, syntax: invoke(trace, imag, [node], {}, syntax),
    "shape": lambda trace, node, syntax: node.shape,
    "ndim": lambda trace, node, syntax: len(node.shape),
    "size": lambda trace, node, syntax: size(node.shape),
    "dtype": lambda trace, node, syntax: trace.builder.default_dtype if node.dtype == "weak" else node.dtype,
    "device": lambda trace, node, syntax: "cpu",
}
"""What can be asked of a tensor with a dot and no brackets."""
