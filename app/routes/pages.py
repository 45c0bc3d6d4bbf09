"""The API's pages: Swagger UI and ReDoc, from files that were installed with the service, and from no other network."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

FILES = Path(str(files("fastapi_offline"))) / "static"
FAVICON = Path(__file__).parent.parent / "web" / "favicon.svg"

# Whatever the pages' own scripts would like to fetch from elsewhere, the browser refuses it.
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request) -> RedirectResponse:
    """The pages, for who comes without an address."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/docs")


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Swagger UI."""
    root = request.scope.get("root_path", "")
    page = get_swagger_ui_html(
        openapi_url=f"{root}/openapi.json",
        title="Nabla",
        swagger_js_url=f"{root}/static/swagger-ui-bundle.js",
        swagger_css_url=f"{root}/static/swagger-ui.css",
        swagger_favicon_url=f"{root}/favicon.svg",
        # The default is a validator on the internet.
        swagger_ui_parameters={"validatorUrl": None, "tryItOutEnabled": True, "defaultModelsExpandDepth": 0},
    )
    page.headers.update(_HEADERS)
    return page


@router.get("/redoc")
async def redoc(request: Request) -> HTMLResponse:
    """ReDoc."""
    root = request.scope.get("root_path", "")
    page = get_redoc_html(
        openapi_url=f"{root}/openapi.json",
        title="Nabla",
        redoc_js_url=f"{root}/static/redoc.standalone.js",
        redoc_favicon_url=f"{root}/favicon.svg",
        with_google_fonts=False,
    )
    page.headers.update(_HEADERS)
    return page


@router.get("/favicon.svg")
async def favicon() -> FileResponse:
    """The pages' icon."""
    return FileResponse(FAVICON, media_type="image/svg+xml")


def mount(app: FastAPI) -> None:
    """Serve the pages and the files they need."""
    app.router.routes.extend(router.routes)
    app.mount("/static", StaticFiles(directory=FILES), name="static")
