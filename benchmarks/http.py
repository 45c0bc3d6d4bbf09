"""Requests a second over HTTP, beside bare endpoints that only echo the same body.

    python -m benchmarks.http

Each server is a process of its own with one worker, started as `nabla serve` starts it; this process is the load:
keep-alive connections on loopback, each with one request under way. Servers take turns, so that what else the machine
does meets all alike; the figure is the median of the turns. The last column is relative to the Starlette echo.
"""

import asyncio
import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import uvicorn
import uvloop

CONNECTIONS = 16
TURNS = 5
SECONDS = 2.0
AIM = 0.6

QUESTION = {"expression": "sin(x*y)+exp(-x**2)/(1+y**2)", "inputs": {"x": 0.5, "y": 1.5}}


def fastapi_echo():
    """A bare FastAPI endpoint whose pydantic model is the request's."""
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Question(BaseModel):
        expression: str
        inputs: dict[str, float]

    app = FastAPI()

    @app.post("/v1/gradient")
    async def echo(question: Question) -> Question:
        return question

    return app


def starlette_echo():
    """A bare Starlette endpoint that parses and writes with orjson."""
    import orjson
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def echo(request: Request) -> Response:
        return Response(orjson.dumps(orjson.loads(await request.body())), media_type="application/json")

    return Starlette(routes=[Route("/v1/gradient", echo, methods=["POST"])])


SERVERS = {"nabla": "app.main:create_app", "fastapi": "benchmarks.http:fastapi_echo",
           "starlette": "benchmarks.http:starlette_echo"}  # fmt: skip


def request(document: object) -> bytes:
    """The bytes of a request."""
    body = json.dumps(document, separators=(",", ":")).encode()
    head = "POST /v1/gradient HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


class Client(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last is complete."""

    def __init__(self, requests: Iterator[bytes], times: list[float]) -> None:
        self.requests = requests
        self.times = times
        self.buffer = b""
        self.failed: str | None = None

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        start = self.buffer.index(b"content-length: ") + 16
        if len(self.buffer) < head + 4 + int(self.buffer[start : self.buffer.index(b"\r", start)]):
            return
        if not self.buffer.startswith(b"HTTP/1.1 200"):
            self.failed = self.buffer[:300].decode()
            self.transport.close()
            return
        self.times.append(time.perf_counter() - self.sent)
        self.buffer = b""
        self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        self.failed = self.failed or "the server closed the connection"


async def load(port: int, requests: Iterator[bytes], seconds: float = SECONDS) -> tuple[float, float, float]:
    """Requests a second, and the median and 99th percentile of the latency in milliseconds."""
    loop = asyncio.get_running_loop()
    times: list[float] = []
    begin = time.perf_counter()
    connections = [
        await loop.create_connection(lambda: Client(requests, times), "127.0.0.1", port) for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(seconds)
    rate = len(times) / (time.perf_counter() - begin)
    failed = [client.failed for _, client in connections if client.failed]
    for transport, _ in connections:
        transport.abort()
    if failed:
        raise RuntimeError(failed[0])
    ordered = sorted(times) or [math.inf]
    return rate, ordered[len(ordered) // 2] * 1e3, ordered[int(len(ordered) * 0.99)] * 1e3


def serve(target: str) -> None:
    """Serve ``target`` on a free port, which is printed; ends with the parent's pipe."""
    config = uvicorn.Config(
        target, factory=True, host="127.0.0.1", port=0, loop="uvloop", http="httptools", ws="none",
        log_level="warning", access_log=False, proxy_headers=False, server_header=False,
    )  # fmt: skip
    sockets = [config.bind_socket()]
    sockets[0].listen(2048)
    print(sockets[0].getsockname()[1], flush=True)
    uvicorn.Server(config).run(sockets)


@contextmanager
def server(name: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.http", name], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def same() -> Iterator[bytes]:
    """The same question again and again."""
    ready = request(QUESTION)
    return (ready for _ in count())


def fresh() -> Iterator[bytes]:
    """Each time a text that was not seen before."""
    expression = QUESTION["expression"]
    return (request(QUESTION | {"expression": f"{expression}+{n}e-9"}) for n in count())


async def measure() -> dict[str, float]:
    """Measure and report; the figures by name."""
    runs = [("nabla", "seen before", same()), ("nabla", "new text", fresh()), ("fastapi", "echo", same()),
            ("starlette", "echo", same())]  # fmt: skip
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {(name, what): [] for name, what, _ in runs}
    with server("nabla") as nabla, server("fastapi") as fastapi, server("starlette") as starlette:
        ports = {"nabla": nabla, "fastapi": fastapi, "starlette": starlette}
        for port in ports.values():
            while not (await load(port, same(), 0.5))[0]:
                pass  # it listens before it has loaded all that it needs
        for _ in range(TURNS):
            for name, what, requests in runs:
                found[name, what].append(await load(ports[name], requests))
    rates = {key: statistics.median(rate for rate, _, _ in turns) for key, turns in found.items()}
    echo, bare = rates["fastapi", "echo"], rates["starlette", "echo"]
    print(f"{'server':10} {'request':12} {'req/s':>8} {'median ms':>10} {'p99 ms':>8} {'/fastapi':>9} {'/bare':>6}")
    for (name, what), turns in found.items():
        rate = rates[name, what]
        median, tail = (statistics.median(turn[i] for turn in turns) for i in (1, 2))
        print(f"{name:10} {what:12} {rate:8.0f} {median:10.2f} {tail:8.2f} {rate / echo:9.2f} {rate / bare:6.2f}")
    ratio = rates["nabla", "seen before"] / echo
    print(f"aim: at least {AIM} of the FastAPI echo; reached: {ratio:.2f}")
    return {f"{name} {what}": rate for (name, what), rate in rates.items()}


def main() -> None:
    """Measure and print the table."""
    uvloop.run(measure())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(SERVERS[sys.argv[1]])
    else:
        main()
