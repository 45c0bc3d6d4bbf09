"""The fields of a request: checked by its model, and refused in words, without repeating what was sent."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any
from unicodedata import normalize

from pydantic import ValidationError

from app.faults import Refused, invalid
from app.schemas.requests import Program

SHOWN = 20
"""Of a request with more bad fields, these are named."""
_LONGEST = 100
_LONGEST_NAME = 1000


def check(model: type[Program], document: Any) -> Any:
    """The request that a document is. Raises `Refused` (invalid_request) with a pointer to each field at fault."""
    try:
        return model.__pydantic_validator__.validate_python(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise refusal(found, list(model.model_fields)) from None


def pointer(*location: str | int) -> str:
    """A JSON pointer; where the client's own names are long, or not fit to be shown, they are not as they were.

    >>> pointer("inputs", "a/b")
    '/inputs/a~1b'
    """
    return "".join(f"/{shown(str(part)).replace('~', '~0').replace('/', '~1')}" for part in location)


def shown(text: str) -> str:
    """The client's text, shortened, without characters that act on what shows them.

    >>> shown("x\\u202ey")
    'x�y'
    """
    text = text[:_LONGEST]
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def require_name(name: str, *location: str | int) -> None:
    """Raise `Refused` where no expression could use ``name``, which stands at ``location``."""
    if len(name) > _LONGEST_NAME or not (name.isidentifier() or normalize("NFKC", name).isidentifier()):
        raise invalid(
            pointer(*location),
            f"{shown(name) or 'nothing'} is not a name",
            hint="letters, digits and _, a letter first",
        )


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
