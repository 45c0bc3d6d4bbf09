"""The one table of what can go wrong: code, status, title. Problem documents and OpenAPI are made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """A row: the stable ``code``, the HTTP status, and a title that is the same every time."""

    code: str
    status: int
    title: str


FAULTS = {
    fault.code: fault
    for fault in (
        Fault("malformed_json", 400, "The body is not JSON"),
        Fault("not_found", 404, "There is nothing at this address"),
        Fault("method_not_allowed", 405, "This address does not take this method"),
        Fault("not_acceptable", 406, "No form of the answer is acceptable to the client"),
        Fault("body_too_large", 413, "The body is longer than allowed"),
        Fault("unsupported_media_type", 415, "The body is of a type that is not understood"),
        Fault("invalid_request", 422, "A field of the request does not fit"),
        Fault("syntax_error", 422, "The expression is not a program"),
        Fault("unknown_name", 422, "The expression uses an unknown name"),
        Fault("unknown_function", 422, "The expression calls an unknown function"),
        Fault("wrong_arguments", 422, "A function is called with arguments it does not take"),
        Fault("shape_mismatch", 422, "Shapes do not fit together"),
        Fault("dtype_error", 422, "An element type does not fit"),
        Fault("nonscalar_output", 422, "The output is not a scalar"),
        Fault("nothing_to_differentiate", 422, "No input to differentiate with respect to"),
        Fault("not_differentiable", 422, "The expression is not differentiable"),
        Fault("not_converged", 422, "No solution of an equation was found"),
        Fault("limit_exceeded", 422, "The question asks for more than is allowed"),
        Fault("internal_error", 500, "The service failed"),
        Fault("overloaded", 503, "The service is busy"),
        Fault("deadline_exceeded", 504, "The answer took too long"),
    )
}
"""Fault by code."""


class Refused(Exception):
    """What the service itself refuses (the engine has its own errors).

    ``errors`` names bad fields as pairs of JSON pointer and message; ``details`` become members of the problem
    document.

    >>> Refused("overloaded", "8 questions wait already", retry_after=1).fault.status
    503
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        retry_after: int | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.fault = FAULTS[code]
        self.message = message
        self.hint = hint
        self.errors = errors
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        self.details = details


def invalid(pointer: str, message: str, hint: str | None = None) -> Refused:
    """The refusal of one field, which ``pointer`` names."""
    return Refused("invalid_request", message, hint=hint, errors=[(pointer, message)])
