"""The application as a client sees it, without a network."""

import asyncio
from typing import Any

import httpx
import orjson

from app.main import create_app
from app.settings import Settings

DEFAULT = create_app(Settings())


def call(method: str, path: str, app: Any = DEFAULT, **options: Any) -> httpx.Response:
    """The response to one request."""
    return asyncio.run(_call(app, method, path, options))


async def _call(app: Any, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://nabla") as client:
        return await client.request(method, path, **options)


def post(path: str, document: Any, app: Any = DEFAULT, headers: dict[str, str] | None = None) -> httpx.Response:
    """The response to a document, or to the very bytes of a body."""
    content = document if isinstance(document, bytes) else orjson.dumps(document)
    return call("POST", path, app, content=content, headers={"content-type": "application/json"} | (headers or {}))


def ask(question: str, expression: str, inputs: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """The answer to a question, which has to be one."""
    response = post(f"/v1/{question}", {"expression": expression, "inputs": inputs or {}, **fields})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of a response, which has to be a clean one."""
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert (response.status_code, document["code"], document["status"]) == (status, code, status), document
    assert document["type"] == f"urn:nabla:problem:{code}"
    assert document["title"]
    assert document["detail"]
    assert "Traceback" not in response.text
    return document
