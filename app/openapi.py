"""The machine-readable contract: FastAPI's document with the service's own parts, and the command that writes it.

python -m app.openapi     writes openapi/openapi.json
"""

from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI

from app.schemas.problem import Problem

PATH = Path(__file__).parent.parent / "openapi" / "openapi.json"

_REFERENCE = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Let the application's document say what its routes answer when there is no answer."""
    generate = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(generate())
        return generate()

    app.openapi = document  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    """Add the problem document, and the models it is made of."""
    problem = Problem.model_json_schema(ref_template=_REFERENCE)
    schemas = document["components"]["schemas"]
    for name, schema in (problem.pop("$defs", {}) | {"Problem": problem}).items():
        schemas.setdefault(name, schema)


def text() -> bytes:
    """The document, the same bytes every time."""
    from app.main import create_app
    from app.settings import Settings

    document = create_app(Settings()).openapi()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_bytes(text())
