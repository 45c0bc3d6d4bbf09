"""The command `nabla`.

nabla serve [--host HOST] [--port PORT] [--workers N]
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

import uvicorn
from pydantic import ValidationError

from app.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 2 where a setting does not fit."""
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            print(f"NABLA_{'__'.join(map(str, fault['loc'])).upper()}: {fault['msg']}", file=sys.stderr)
        return 2
    options = _parser(settings).parse_args(arguments)
    serve(settings.model_copy(update={"host": options.host, "port": options.port, "workers": options.workers}))
    return 0


def _parser(settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("nabla", description="Derivatives of expressions, as a web service.")
    parser.add_argument("--version", action="version", version=f"nabla {version('nabla')}")
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("serve", help="serve over HTTP", description="Settings: NABLA_… in the environment.")
    command.add_argument("--host", default=settings.host, help=_help("host"))
    command.add_argument("--port", default=settings.port, type=int, help=_help("port"))
    command.add_argument("--workers", default=settings.workers, type=int, help=_help("workers"))
    return parser


def _help(setting: str) -> str:
    return f"{Settings.model_fields[setting].description} (default: %(default)s)"


def serve(settings: Settings) -> None:
    """Serve until a signal says stop; what is under way then may finish."""
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="asyncio" if sys.platform == "win32" else "uvloop",
        http="httptools",
        ws="none",
        log_level=settings.log_level,
        access_log=settings.access_log,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        proxy_headers=False,
        server_header=False,
    )


if __name__ == "__main__":
    sys.exit(main())
