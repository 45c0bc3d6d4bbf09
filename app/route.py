"""The routes of questions: a body's bytes in, an answer's bytes out, and nothing of the framework's in between.

FastAPI reads the handlers' signatures and documents them as it does any other; when a request comes, these classes
read the body once, parse it once, check its fields once, and write the answer once.
"""

import math
import re
from collections.abc import Callable
from typing import Any, ClassVar, get_type_hints

import orjson
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

import engine
from app import body, examples, media, problems
from app.addresses import AskingByAddress, Unchanged, known
from app.asking import Asking
from app.faults import invalid
from app.fields import pointer
from app.service import Service
from app.tensors import WORDS

_JSON = b"application/json"
_NOSNIFF = (b"x-content-type-options", b"nosniff")
_PROBLEM = problems.MEDIA_TYPE.encode()


class QuestionRoute(APIRoute):
    """A question by POST. The handler's name is the question's name; its parameter ``asked`` is the request's model."""

    impossible: ClassVar[frozenset[int]] = frozenset()
    """Statuses that no request of this kind can get."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        method = next(iter(options["methods"]))
        options["responses"] = self.documented()
        examples.add_answers(method, path, options["responses"])
        options["openapi_extra"] = (options.get("openapi_extra") or {}) | examples.requests(method, path)
        options["operation_id"] = options.get("operation_id") or endpoint.__name__
        super().__init__(path, endpoint, **options)
        self.taken = frozenset(self.methods or ())
        self.model = get_type_hints(endpoint)["asked"]

    def documented(self) -> dict[int | str, dict[str, Any]]:
        """What OpenAPI says of the responses."""
        return problems.responses(self.impossible)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the request is for this route: the path has no parameters, so it need only be the same."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")) != self.path:
            return Match.NONE, {}
        return (Match.FULL if scope["method"] in self.taken else Match.PARTIAL), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: with 200 and the answer, or with a problem document."""
        if scope["method"] not in self.taken:
            raise HTTPException(405, headers={"Allow": ", ".join(self.allowed(scope["app"]))})
        service: Service = scope["app"].state.service
        asking = self.asking(scope, service)
        try:
            sent = await self.read(scope, receive, service)
            answer = await self.ask(sent, asking, service)
            headers = asking.headers()
        except body.Disconnected:
            return
        except Unchanged:
            await write_unchanged(send, asking.headers())
        except Exception as error:
            problem = problems.of(error, asking.expression)
            headers = [(name.lower().encode(), value.encode()) for name, value in getattr(error, "headers", {}).items()]
            await write(send, problem["status"], _PROBLEM, orjson.dumps(problem), headers)
        else:
            await write(send, 200, _JSON, answer, headers)

    def asking(self, scope: Scope, service: Service) -> Asking:
        """A request on its way."""
        return Asking(self.endpoint, self.model, service)

    def allowed(self, app: FastAPI) -> list[str]:
        """The methods that some route takes at this address, for the header Allow."""
        routes = [route for route in app.routes if isinstance(route, QuestionRoute) and route.path == self.path]
        return sorted({method for route in routes for method in route.taken})

    async def read(self, scope: Scope, receive: Receive, service: Service) -> bytes:
        """The body, if the head and the room in the heavy lane allow it."""
        settings = service.settings
        declared = media.require(scope["headers"], settings.body_bytes)
        if declared is not None and declared > settings.light_bytes:
            service.lane.require_room()
        return await body.read(receive, settings.body_bytes)

    def document(self, sent: bytes) -> Any:
        """The document in what was sent."""
        return body.parse(sent)

    async def ask(self, sent: bytes, asking: Asking, service: Service) -> bytes:
        """The answer: made at once, or in the heavy lane where the body is long or the estimate high."""
        if len(sent) > service.settings.light_bytes:
            return await service.lane.run(lambda: asking.understand(self.document(sent)).answer())
        asking.understand(self.document(sent))
        if asking.estimate() > service.settings.light_flops:
            return await service.lane.run(asking.answer)
        return asking.answer()


_HEADERS = {
    "ETag": {
        "description": "The same for all spellings of a question: made of the canonical program, inputs and options.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "The canonical address (RFC 6596), which all spellings of the question have in common; left out "
        "where it is longer than 2,000 characters.",
        "schema": {"type": "string"},
    },
}


class QueryRoute(QuestionRoute):
    """A question by GET: fields and scalar inputs in the query."""

    impossible = frozenset({400, 413, 415})

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.body_field = None

    def documented(self) -> dict[int | str, dict[str, Any]]:
        """What OpenAPI says of the responses."""
        responses = super().documented()
        responses[200] = {"headers": _HEADERS}
        responses[304] = {"description": "The answer has not changed: If-None-Match has its tag.", "headers": _HEADERS}
        return responses

    def asking(self, scope: Scope, service: Service) -> Asking:
        """A request on its way, and what the client has already."""
        path = scope.get("root_path", "") + self.path
        return AskingByAddress(self.endpoint, self.model, service, path, known(scope["headers"]))

    async def read(self, scope: Scope, receive: Receive, service: Service) -> bytes:
        """The query."""
        for name, value in scope["headers"]:
            if name == b"accept":
                media.require_acceptable(value)
        query: bytes = scope["query_string"]
        return query

    def document(self, sent: bytes) -> Any:
        """The document that a query stands for."""
        document = _document(QueryParams(sent))
        if b"+" in sent and document.get("syntax") == "latex":  # it would be read as a product
            hint = "in an address a + means a blank: write %2B for plus, and %20 for a blank"
            raise invalid("/expression", "a + in the address of a formula in LaTeX", hint=hint)
        return document

    async def ask(self, sent: bytes, asking: Asking, service: Service) -> bytes:
        """The answer, as by POST."""
        try:
            return await super().ask(sent, asking, service)
        except engine.NablaError as error:
            if b"+" in sent and error.code == "syntax_error":
                error.hint = "in an address a + means a blank: write %2B for plus"
            raise


_FIELDS = ("expression", "wrt", "dtype", "convention", "syntax", "check", "graph", "order", "partial")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_FLAGS = {"true": True, "false": False}


def _document(query: QueryParams) -> dict[str, Any]:
    """The document that a query stands for: its fields, and all other names as inputs."""
    document: dict[str, Any] = {"inputs": {}}
    for name, text in query.multi_items():
        at = pointer(name)
        if name in document or name in document["inputs"]:
            raise invalid(at, "given twice", hint="by POST an input can be a tensor")
        if name not in _FIELDS:
            document["inputs"][name] = _scalar(text, at)
        elif name in ("wrt", "partial"):
            document[name] = text.split(",")
        elif name == "order" and len(text) < 10 and text.isdecimal() and text.isascii():
            document[name] = int(text)
        else:
            document[name] = _FLAGS.get(text, text) if name == "graph" else text
    return document


def _scalar(text: str, at: str) -> float:
    if text in WORDS:
        return WORDS[text]
    if len(text) > 400 or not _NUMBER.fullmatch(text):
        raise invalid(at, "not a number", hint="an input in the query is one number; by POST it can be a tensor")
    value = float(text)
    if math.isinf(value):
        raise invalid(at, "the number is too large for double precision", hint='say "Infinity" if that is meant')
    return value


async def write_unchanged(send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    """Send word that the client has the answer already: a head alone."""
    await send({"type": "http.response.start", "status": 304, "headers": [_NOSNIFF, *headers]})
    await send({"type": "http.response.body"})


async def write(
    send: Send, status: int, kind: bytes, content: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Send a response whose whole content is there."""
    head = [(b"content-type", kind), (b"content-length", b"%d" % len(content)), _NOSNIFF, *(headers or ())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": content})
