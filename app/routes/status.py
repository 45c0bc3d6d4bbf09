"""How the service is, and what its language has."""

from functools import cache
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

import engine
from app import examples, problems
from app.schemas import answers


def _documented(path: str, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of an address's responses: the problems it can answer with, and its examples."""
    responses: dict[int | str, dict[str, Any]] = {status: problems.responses()[status] for status in statuses}
    examples.add_answers("GET", path, responses)
    return responses


router = APIRouter()


@router.get(
    "/v1/functions",
    response_model=answers.Functions,
    tags=["language"],
    summary="The language's functions",
    responses=_documented("/v1/functions", 422),
)
def functions(
    name: Annotated[str | None, Query(max_length=100, description="Only the function of this name or alias.")] = None,
) -> Response:
    """Every function of the language: how it is called, on which shapes and where it is defined, its derivative as a
    formula and in LaTeX, what is returned where it has a kink, and a worked example."""
    return Response(_everything() if name is None else _written(name), media_type="application/json")


@cache
def _everything() -> bytes:
    return _written(None)


def _written(name: str | None) -> bytes:
    return orjson.dumps({"functions": engine.functions(name)})


@router.get(
    "/healthz",
    response_model=answers.Status,
    tags=["service"],
    summary="Liveness",
    responses=_documented("/healthz"),
)
async def healthz() -> Any:
    """Whether the process answers at all."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    response_model=answers.Status,
    tags=["service"],
    summary="Readiness",
    responses=_documented("/readyz", 503),
)
async def readyz(request: Request) -> Any:
    """Whether there is room for one more question; 503 while there is none."""
    request.app.state.service.lane.require_room()
    return {"status": "ok"}
