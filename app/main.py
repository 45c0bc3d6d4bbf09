"""The service as an ASGI application: `create_app` puts the parts together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app import openapi, problems
from app.route import QuestionRoute
from app.routes import pages, questions, status
from app.service import Service
from app.settings import Settings

_DESCRIPTION = """\
Derivatives of expressions. Send an expression and the values of its inputs; get its value and gradients, Jacobians,
Hessians, products with vectors, a numerical check, or the autograd graph.

Numbers that are not finite are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, both ways. Every error is a problem
document (RFC 9457) whose `code` is stable; faults in the expression come with their place and a hint.
"""


class Nabla(FastAPI):
    """FastAPI, with a short way to the questions.

    Their route class answers for everything itself, errors too, so the layers that the framework puts around a route
    would only cost time. It follows that middleware sees no question: what every question has to pass belongs into
    `QuestionRoute.read`.
    """

    questions: dict[tuple[str, str], QuestionRoute]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self.questions.get((scope.get("method", ""), scope.get("path", "")))
        if route is None:
            await super().__call__(scope, receive, send)
        else:
            scope["app"] = self
            await route.handle(scope, receive, send)


def create_app(settings: Settings | None = None) -> Nabla:
    """The application; without ``settings`` they come from the environment."""
    service = Service(settings or Settings())
    app = Nabla(
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
    app.router.routes.extend([*questions.router.routes, *status.router.routes])
    app.questions = {
        (method, route.path): route
        for route in questions.router.routes
        if isinstance(route, QuestionRoute)
        for method in route.taken
    }
    pages.mount(app)
    problems.install(app)
    openapi.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.service.lane.close()
