"""Every error as a problem document of RFC 9457: the engine's, the service's own, the framework's, and the unforeseen.

No document shows a traceback, and none repeats a part of the request that was not understood.
"""

import logging
from collections.abc import Collection
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import engine
from app.faults import FAULTS, Refused
from app.fields import refusal
from app.spans import span
from app.tensors import shown

MEDIA_TYPE = "application/problem+json"

_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
_MESSAGES = {
    404: ("nothing is served at this address", "the addresses are listed at /docs and /openapi.json"),
    405: ("this address does not take this method", "the header Allow names those it takes"),
}
_log = logging.getLogger("nabla")

Document = dict[str, Any]


def document(code: str, detail: str, **members: Any) -> Document:
    """A problem document; members that are None are left out.

    >>> document("not_found", "nothing here")["title"]
    'There is nothing at this address'
    """
    fault = FAULTS[code]
    head = {"type": f"urn:nabla:problem:{code}", "title": fault.title, "status": fault.status, "detail": detail}
    return head | {"code": code} | {name: value for name, value in members.items() if value is not None}


def of(error: Exception, expression: str | None = None) -> Document:
    """The document of an error; ``expression`` is the text that the engine was asked about, if it came so far."""
    if isinstance(error, engine.NablaError):
        return _of_engine(error, expression)
    if isinstance(error, Refused):
        errors = [{"pointer": pointer, "message": message} for pointer, message in error.errors]
        detail = error.message
        return document(error.fault.code, detail, hint=error.hint, errors=errors or None, **error.details)
    _log.error("a request failed", exc_info=error)
    return document("internal_error", "the service failed; it has been logged", hint="ask again, or report it")


def _of_engine(error: engine.NablaError, expression: str | None) -> Document:
    details = dict(error.details)
    pointer = details.pop("pointer", None)
    members: Document = {"hint": error.hint}
    if error.span is not None and expression is not None:
        members |= {"span": span(expression, error.span), "excerpt": engine.excerpt(expression, error.span)}
    if pointer is not None:
        members["errors"] = [{"pointer": pointer, "message": error.message}]
    return document(error.code, error.message, **members, **shown(details))


def response(problem: Document, headers: dict[str, str] | None = None) -> Response:
    """The document as a response of the framework."""
    return Response(orjson.dumps(problem), problem["status"], headers, MEDIA_TYPE)


def responses(without: Collection[int] = ()) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: what each status of a problem means here, from the table, but for those that cannot occur."""
    found: dict[int | str, dict[str, Any]] = {}
    for fault in FAULTS.values():
        if fault.status in without:
            continue
        entry = found.setdefault(fault.status, {"description": ""})
        entry["description"] += f"- `{fault.code}`: {fault.title}.\n"
        content = entry.setdefault("content", {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}})
        content[MEDIA_TYPE].setdefault("examples", {})[fault.code] = {
            "summary": fault.title,
            "value": document(fault.code, "what is wrong in this very request"),
        }
        if fault.code == "overloaded":
            header = {"description": "Seconds to wait before asking again.", "schema": {"type": "integer"}}
            entry["headers"] = {"Retry-After": header}
    return found


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_STATUS.get(error.status_code, "internal_error" if error.status_code >= 500 else "invalid_request")
    message, hint = _MESSAGES.get(error.status_code, ("the request cannot be answered", None))
    return response(document(code, message, hint=hint), dict(error.headers or {}))


async def _of_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return response(of(error), error.headers)


async def _of_fields(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return response(of(refusal(error.errors())))


async def _of_unforeseen(request: Request, error: Exception) -> Response:
    return response(of(error))


def install(app: FastAPI) -> None:
    """Answer with problem documents wherever the framework itself would answer."""
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(Refused, _of_refusal)
    app.add_exception_handler(RequestValidationError, _of_fields)
    app.add_exception_handler(Exception, _of_unforeseen)
