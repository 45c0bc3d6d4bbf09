"""How the service is, and what its language has."""

from typing import Any

from fastapi import APIRouter, Request

import engine
from app import problems
from app.schemas import answers

_BUSY: dict[int | str, dict[str, Any]] = {503: problems.responses()[503]}

router = APIRouter()


@router.get("/v1/functions", response_model=answers.Functions, tags=["language"], summary="The language's functions")
def functions() -> Any:
    """Every function of the language: how it is called, what it does, and what is returned where it has a kink."""
    return {"functions": engine.functions()}


@router.get("/healthz", response_model=answers.Status, tags=["service"], summary="Liveness")
async def healthz() -> Any:
    """Whether the process answers at all."""
    return {"status": "ok"}


@router.get("/readyz", response_model=answers.Status, tags=["service"], summary="Readiness", responses=_BUSY)
async def readyz(request: Request) -> Any:
    """Whether there is room for one more question; 503 while there is none."""
    request.app.state.service.lane.require_room()
    return {"status": "ok"}
