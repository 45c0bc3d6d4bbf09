"""The service as an ASGI application: `create_app` puts the parts together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from app import openapi, problems
from app.routes import pages, questions, status
from app.service import Service
from app.settings import Settings

_DESCRIPTION = """\
Derivatives of expressions. Send an expression and the values of its inputs; get its value and gradients, Jacobians,
Hessians, products with vectors, a numerical check, or the autograd graph.

Numbers that are not finite are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, both ways. Every error is a problem
document (RFC 9457) whose `code` is stable; faults in the expression come with their place and a hint.
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; without ``settings`` they come from the environment."""
    service = Service(settings or Settings())
    app = FastAPI(
        title="Nabla",
        version=version("nabla"),
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        lifespan=_lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.service = service
    # Not include_router, which would look at each request's route twice.
    app.router.routes[:0] = [*questions.router.routes, *status.router.routes]
    pages.mount(app)
    problems.install(app)
    openapi.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.service.lane.close()
