"""The fields of a request: checked by its model, and refused in words, without repeating what was sent."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from app.faults import Refused
from app.schemas.requests import Program

SHOWN = 20
"""Of a request with more bad fields, these are named."""
_LONGEST = 100


def check(model: type[Program], document: Any) -> Any:
    """The request that a document is. Raises `Refused` (invalid_request) with a pointer to each field at fault."""
    try:
        return model.__pydantic_validator__.validate_python(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise refusal(found, list(model.model_fields)) from None


def pointer(*location: str | int) -> str:
    """A JSON pointer, shortened where the client's own names make it long.

    >>> pointer("inputs", "a/b")
    '/inputs/a~1b'
    """
    return "".join(f"/{str(part)[:_LONGEST].replace('~', '~0').replace('/', '~1')}" for part in location)


def refusal(found: Sequence[Any], known: Iterable[str] = ()) -> Refused:
    """The refusal that says what pydantic found; ``known`` are the fields that exist."""
    entries = [_entry(entry["type"], entry["loc"], entry["msg"], known) for entry in found[:SHOWN]]
    hint = next((hint for *_, hint in entries if hint), None)
    errors = [(where, message) for where, message, _ in entries]
    count = f"{len(found)} fields do not fit" if len(found) > 1 else "a field does not fit"
    where, message = errors[0]
    return Refused("invalid_request", f"{count}: {where or 'the document'}: {message}", hint=hint, errors=errors)


def _entry(
    kind: str, location: tuple[str | int, ...], message: str, known: Iterable[str]
) -> tuple[str, str, str | None]:
    """Pointer, message, and a hint where there is one."""
    where = pointer(*location)
    if kind == "extra_forbidden":
        near = get_close_matches(str(location[-1])[:_LONGEST], known, 1)
        hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(known)}"
        return where, "unknown field", hint
    if kind == "model_type":
        return where, "the document has to be an object", 'send one such as {"expression": "x**2", "inputs": {"x": 3}}'
    return where, message[0].lower() + message[1:], None
