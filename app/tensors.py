"""Tensors in JSON: a number, nested lists, or an object with data, dtype and requires_grad.

Numbers are strict: `true` is not 1 and `"1.5"` is not 1.5. What is not finite is one of the strings `"NaN"`,
`"Infinity"` and `"-Infinity"`, both ways. Nested lists are checked a level at a time, by the types and lengths that
occur, so that Python looks at no single number.
"""

import math
from itertools import chain
from typing import Any

import numpy as np

import engine
from app.faults import Refused, invalid
from app.fields import pointer, require_name

WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""How JSON says what is not finite."""

DTYPES = ("float64", "float32", "complex128", "int64", "bool")
MAX_AXES = 16
"""NumPy has 64; a Hessian has the axes of two tensors, and passes over batches have one more."""

_NUMBERS = {float, int}
_FIELDS = {"data", "dtype", "requires_grad"}
_PARTS = {"real", "imag"}


def inputs(document: dict[str, Any]) -> dict[str, Any]:
    """The inputs as the engine takes them. Raises `Refused` (invalid_request) with a pointer to the one at fault.

    >>> inputs({"x": 1.5, "y": [1, 2.5], "n": {"data": "NaN", "requires_grad": False}})
    {'x': 1.5, 'y': array([1. , 2.5]), 'n': Input(data=nan, dtype=None, requires_grad=False)}
    """
    for name in document:
        require_name(name, "inputs", name)
    return {
        name: value if value.__class__ is float else _input(value, pointer("inputs", name))
        for name, value in document.items()
    }


def tensors(document: dict[str, Any], field: str) -> dict[str, Any]:
    """Tangents or vectors by name: numbers and arrays; ``field`` says where they stand in the request."""
    for name in document:
        require_name(name, field, name)
    return {name: tensor(value, pointer(field, name)) for name, value in document.items()}


def upstream(value: Any, at: str) -> Any:
    """An upstream gradient: a tensor, or a list with a tensor or null for each item of a tuple.

    A list that is both is given as a tensor; the engine, which knows the output, takes it apart.

    >>> upstream([[1.0, 2.0], None], "/grad_output")
    [array([1., 2.]), None]
    """
    try:
        return tensor(value, at)
    except Refused:
        if value.__class__ is not list:
            raise
    return [None if part is None else tensor(part, f"{at}/{place}") for place, part in enumerate(value)]


def _input(value: Any, at: str) -> Any:
    if value.__class__ is not dict:
        return tensor(value, at)
    parts = not _PARTS.isdisjoint(value)
    for field in value:
        if field not in (_FIELDS - {"data"} | _PARTS if parts else _FIELDS):
            raise invalid(
                f"{at}/{field}",
                "unknown field",
                hint="an input has data, dtype and requires_grad; a complex one real and imag in place of data",
            )
    if not parts and "data" not in value:
        raise invalid(f"{at}/data", "data is missing")
    dtype, requires_grad = value.get("dtype"), value.get("requires_grad")
    if dtype is not None and dtype not in DTYPES:
        raise invalid(f"{at}/dtype", f"dtype is one of {', '.join(DTYPES)}")
    if requires_grad is not None and requires_grad.__class__ is not bool:
        raise invalid(f"{at}/requires_grad", "requires_grad is true or false")
    if parts and dtype not in (None, "complex128"):
        raise invalid(f"{at}/dtype", "an input with real and imag is complex128")
    data = _complex(value, at) if parts else tensor(value["data"], f"{at}/data", truth=dtype == "bool")
    return engine.Input(data, dtype, requires_grad)


def tensor(value: Any, at: str, *, truth: bool = False) -> Any:
    """A number, or an array of float64, int64 or complex128; with ``truth`` a truth value or an array of them.

    >>> tensor([[1, 2], [3, 4]], "/inputs/x").shape
    (2, 2)
    """
    if value.__class__ is list:
        level, shape = _flat(value, at)
        return _array(level, at, truth).reshape(shape)
    if truth and value.__class__ is bool:
        return value
    if value.__class__ is dict and value and value.keys() <= _PARTS and not truth:
        return _complex(value, at)
    if value.__class__ in _NUMBERS and not truth:
        return _whole(value) if value.__class__ is int else value
    return _word(value, at, truth)


def _complex(value: dict[str, Any], at: str) -> Any:
    """A complex array from its two parts; one that is left out is zero."""
    real, imag = (np.asarray(tensor(value.get(part, 0.0), f"{at}/{part}")) for part in ("real", "imag"))
    if value.keys() >= _PARTS and real.shape != imag.shape:
        raise invalid(at, f"real has shape {list(real.shape)}, and imag {list(imag.shape)}")
    result = np.empty(np.broadcast_shapes(real.shape, imag.shape), dtype=np.complex128)
    result.real, result.imag = real, imag
    return result


def _flat(value: list[Any], at: str) -> tuple[list[Any], tuple[int, ...]]:
    """The elements of nested lists in order, and the shape."""
    shape = [len(value)]
    while value and value[0].__class__ is list:
        lengths = set(map(len, value)) if set(map(type, value)) == {list} else set()
        if len(lengths) != 1:
            raise invalid(at, "rows differ in length", hint="pad the shorter ones, or send them as several inputs")
        if len(shape) == MAX_AXES:
            raise invalid(at, f"lists nest deeper than {MAX_AXES} levels")
        shape.append(lengths.pop())
        value = list(chain.from_iterable(value))
    return value, tuple(shape)


def _array(level: list[Any], at: str, truth: bool) -> np.ndarray[Any, Any]:
    """An array of the elements, whose types are looked at all at once."""
    kinds = set(map(type, level))
    if truth and kinds <= {bool}:
        return np.array(level, dtype=bool)
    if truth or not kinds <= _NUMBERS:
        level = [v if v.__class__ in _NUMBERS and not truth else _word(v, at, truth) for v in level]
    if kinds == {int}:
        try:
            return np.array(level, dtype=np.int64)
        except OverflowError:
            pass
    return np.array(level, dtype=np.float64)


def _whole(value: int) -> float:
    """A whole number as the engine can store it: beyond 64 bits it is floating point."""
    return value if -(2**63) <= value < 2**63 else float(value)


def _word(value: Any, at: str, truth: bool) -> float:
    """The number that a string stands for; whatever else it is is refused."""
    if value.__class__ is str and value in WORDS and not truth:
        return WORDS[value]
    raise _refusal(value, at, truth)


def _refusal(value: Any, at: str, truth: bool) -> Refused:
    """Why this is no element of a tensor; the value is not repeated, only what kind of thing it is."""
    if truth:
        return invalid(at, 'an input of dtype "bool" holds true and false')
    if value.__class__ is bool:
        hint = 'send 1 or 0; for truth values say {"data": …, "dtype": "bool"}'
        return invalid(at, "a truth value is not a number", hint=hint)
    if value.__class__ is str:
        hint = 'send numbers without quotes; only "NaN", "Infinity" and "-Infinity" are strings'
        return invalid(at, "a string is not a number", hint=hint)
    if value.__class__ is list:
        return invalid(at, "rows differ in length", hint="a tensor's lists all nest to the same depth")
    what = "null" if value is None else "an object"
    return invalid(at, f"{what} is not a number", hint="a tensor is a number or nested lists of numbers")


def shown(value: Any) -> Any:
    """A number, an array, or a dictionary of them, as orjson writes it without losing what is not finite.

    >>> shown({"a": np.array([1.0, np.inf]), "b": 2.0})
    {'a': [1.0, 'Infinity'], 'b': 2.0}
    """
    if value.__class__ is float:
        return value if math.isfinite(value) else _worded(value)
    if value.__class__ is complex:
        return {"real": shown(value.real), "imag": shown(value.imag)}
    if isinstance(value, np.ndarray):
        return _shown_array(value)
    if isinstance(value, engine.Sparse):
        indices, values = np.ascontiguousarray(value.indices), _shown_array(value.values)
        return {"shape": value.shape, "indices": indices, "values": values}
    if value.__class__ is dict:
        return {name: shown(part) for name, part in value.items()}
    if value.__class__ is list:
        return [shown(part) for part in value]
    return value


def nested(value: Any) -> Any:
    """A number or nested lists of numbers, as `shown`; faster where all are real and finite."""
    if value is None:
        return None
    array = np.array(value)
    if array.dtype.kind == "c":
        return shown(array if array.ndim else complex(array))
    return value if np.isfinite(array).all() else shown(value)


def _shown_array(array: np.ndarray[Any, Any]) -> Any:
    if array.dtype.kind == "c":
        return {"real": _shown_array(array.real), "imag": _shown_array(array.imag)}
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return shown(array.tolist())
    return np.ascontiguousarray(array) if array.ndim else array.item()


def _worded(value: float) -> str:
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


_PLACE = 3
"""So many places, which are whole numbers, are written in the length of one number."""


def count(value: Any) -> int:
    """The numbers in an array or in lists, or in a dictionary of them; whole ones, which are short, count for less."""
    if value.__class__ is dict:
        return sum(map(count, value.values()))
    if value.__class__ is list:
        return sum(map(count, value))
    if not isinstance(value, np.ndarray):
        return 1
    return value.size // _PLACE if value.dtype.kind == "i" else value.size
