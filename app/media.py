"""What a request's head says: the type of its body, its length, and what may be answered."""

from collections.abc import Iterable

from app.faults import Refused

Headers = Iterable[tuple[bytes, bytes]]
"""Names, in small letters, and values, as ASGI gives them."""

JSON = b"application/json"
_ACCEPTABLE = {JSON: 3, b"application/*": 2, b"*/*": 1}
"""Ranges that include JSON, and how specific each is."""


def require(headers: Headers, limit: int) -> int | None:
    """The declared length of a body of JSON whose answer may be JSON; None where it is streamed.

    Raises `Refused`: unsupported_media_type, not_acceptable, body_too_large (more than ``limit`` bytes declared).
    """
    kind = encoding = b""
    accept: bytes | None = None
    length: int | None = None
    for name, value in headers:
        if name == b"content-type":
            kind = value
        elif name == b"accept":
            accept = value if accept is None else accept + b"," + value
        elif name == b"content-length":
            length = int(value) if value.isdigit() else None
        elif name == b"content-encoding":
            encoding = value
    if kind != JSON:
        _require_json(kind)
    if encoding:
        _require_plain(encoding)
    if accept is not None:
        require_acceptable(accept)
    if length is not None and length > limit:
        raise too_large(limit)
    return length


def too_large(limit: int) -> Refused:
    """The refusal of a body of more than ``limit`` bytes."""
    return Refused(
        "body_too_large",
        f"the body may have {limit:,} bytes",
        hint="send fewer or shorter inputs",
        limit="body_bytes",
        allowed=limit,
    )


def _require_json(kind: bytes) -> None:
    """Refuse a media type other than JSON in UTF-8; where none is stated the body has to speak for itself."""
    essence, *parameters = [part.strip().lower() for part in kind.split(b";")]
    charsets = [p.partition(b"=")[2].strip(b'"') for p in parameters if p.startswith(b"charset")]
    if essence in (b"", JSON) and all(charset in (b"utf-8", b"utf8") for charset in charsets):
        return
    raise Refused(
        "unsupported_media_type",
        "the body has to be JSON in UTF-8",
        hint="send the header Content-Type: application/json",
        headers={"Accept-Post": "application/json"},
    )


def _require_plain(encoding: bytes) -> None:
    """Refuse a compressed body: nothing here decompresses, so nothing here can be made to swell."""
    if encoding.strip().lower() != b"identity":
        raise Refused(
            "unsupported_media_type",
            "a compressed body is not understood",
            hint="leave Content-Encoding out",
            headers={"Accept-Encoding": "identity"},
        )


def require_acceptable(accept: bytes) -> None:
    """Refuse where the Accept header leaves no room for JSON.

    >>> require_acceptable(b"text/html, */*;q=0.1")
    >>> require_acceptable(b"text/html")
    Traceback (most recent call last):
        ...
    app.faults.Refused: answers are application/json, which the Accept header leaves out
    """
    if accept in _ACCEPTABLE or not accept.strip():
        return
    weight, best = 0.0, 0
    for item in accept.lower().split(b","):
        essence, *parameters = [part.strip() for part in item.split(b";")]
        rank = _ACCEPTABLE.get(essence, 0)
        if rank > best:
            best, weight = rank, _quality(parameters)
    if weight <= 0:
        raise Refused(
            "not_acceptable",
            "answers are application/json, which the Accept header leaves out",
            hint="send the header Accept: application/json",
        )


def _quality(parameters: list[bytes]) -> float:
    """The weight that a range is given, 1 where none is stated or it cannot be read."""
    for parameter in parameters:
        if parameter.startswith(b"q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 1.0
    return 1.0
