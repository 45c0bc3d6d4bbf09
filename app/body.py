"""The body of a request: its bytes, read once and bounded, and the JSON in them, parsed once."""

import json
from typing import Any

import orjson
from starlette.types import Receive

from app.faults import Refused
from app.fields import shown
from app.media import too_large


class Disconnected(Exception):
    """The client has gone before its request was complete."""


async def read(receive: Receive, limit: int) -> bytes:
    """The bytes of the body. Raises `Refused` (body_too_large) past ``limit``, and `Disconnected`."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise too_large(limit)
        return body
    return await _collect(message, receive, limit)


async def _collect(message: Any, receive: Receive, limit: int) -> bytes:
    """The rest of a body that comes in pieces, ``message`` being the first."""
    pieces: list[bytes] = []
    length = 0
    while True:
        if message["type"] != "http.request":
            raise Disconnected
        piece = message.get("body", b"")
        length += len(piece)
        if length > limit:
            raise too_large(limit)
        pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces)
        message = await receive()


def parse(body: bytes) -> Any:
    """The JSON in ``body``. Raises `Refused`: malformed_json, or invalid_request where a name occurs twice.

    >>> parse(b'{"x": 1}')
    {'x': 1}
    >>> parse(b'{"x": NaN}')
    Traceback (most recent call last):
        ...
    app.faults.Refused: unexpected character, expected a JSON value: line 1 column 7
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        message = f"{error.msg}: line {error.lineno} column {error.colno}"
        raise Refused("malformed_json", message, hint=_hint(error)) from None
    if body.count(b":") != _colons(document):
        _require_distinct(body)
    return document


def _hint(error: json.JSONDecodeError) -> str | None:
    rest = error.doc[error.pos : error.pos + 9].lstrip("-")
    if rest.startswith(("NaN", "Infinity", "nan", "inf")):
        return 'numbers that are not finite are the strings "NaN", "Infinity" and "-Infinity"'
    if "infinity" in error.msg:
        return 'a number is too large for double precision; say "Infinity" if that is meant'
    if not error.doc.strip():
        return 'send a document such as {"expression": "x**2", "inputs": {"x": 3}}'
    return None


def _colons(document: Any) -> int:
    """How many colons the text of a usual document has, if no name occurs in it twice.

    Counting is what makes looking for doubled names free: only where the count is off is it done in earnest.
    """
    if not isinstance(document, dict):
        return 0
    count = len(document)
    expression = document.get("expression")
    if isinstance(expression, str):
        count += expression.count(":")
    for name in ("inputs", "tangents", "vectors"):
        tensors = document.get(name)
        if isinstance(tensors, dict):
            count += len(tensors)
            count += sum(len(tensor) for tensor in tensors.values() if isinstance(tensor, dict))
    return count


def _require_distinct(body: bytes) -> None:
    """Refuse a document with a name that occurs twice in one object: parsers differ in which one they take."""

    def distinct(pairs: list[tuple[str, Any]]) -> None:
        seen = set()
        for name, _ in pairs:
            if name in seen:
                message = f"the name {shown(name)} occurs twice in one object"
                raise Refused("invalid_request", message, hint="say each name once")
            seen.add(name)

    # As text the numbers cost nothing, and none is too long; the depth is bounded already.
    try:
        json.loads(body, object_pairs_hook=distinct, parse_int=len, parse_float=len)
    except RecursionError:
        raise Refused("malformed_json", "the document nests too deep") from None
