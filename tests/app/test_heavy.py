"""Heavy questions run beside the event loop, in a bounded lane."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
import uvicorn

from app.faults import Refused
from app.lanes import Lane
from app.main import create_app
from app.settings import Settings
from tests.app.client import call, post, problem

LIGHT = {"expression": "x**2", "inputs": {"x": 3.0}}
LONG = {"expression": "sum(x)", "inputs": {"x": [0.5] * 10_000}}


def test_light_questions_are_answered_at_once() -> None:
    lane = Used()
    app = create_app(Settings())
    app.state.service.lane = lane
    assert post("/v1/gradient", LIGHT, app).status_code == 200
    assert lane.used == 0


@pytest.mark.parametrize(
    ("settings", "document"),
    [({}, LONG), ({"light_flops": 1.0}, LIGHT), ({}, LIGHT | {"expression": "+".join(["x"] * 20_000)})],
)
def test_heavy_ones_go_to_the_lane(settings: dict[str, Any], document: dict[str, Any]) -> None:
    lane = Used()
    app = create_app(Settings(**settings))
    app.state.service.lane = lane
    assert post("/v1/gradient", document, app).status_code == 200
    assert lane.used == 1


class Used(Lane):
    """A lane that counts."""

    def __init__(self) -> None:
        super().__init__(1, 0, 10.0)
        self.used = 0

    async def run(self, work: Any) -> Any:
        self.used += 1
        return await super().run(work)


def test_a_heavy_question_can_fail_too() -> None:
    problem(post("/v1/gradient", LONG | {"expression": "summ(x)"}), 422, "unknown_function")
    problem(post("/v1/gradient", b"[" * 100_000), 400, "malformed_json")


def test_a_full_lane_refuses() -> None:
    release = threading.Event()
    app = create_app(Settings(heavy_workers=1, heavy_queue=1))
    lane = app.state.service.lane

    async def scene() -> list[httpx.Response]:
        tasks = [asyncio.create_task(lane.run(release.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://nabla") as client:
            content = orjson.dumps(LONG)
            responses = [
                await client.post("/v1/gradient", content=content),
                await client.post("/v1/gradient", content=_pieces(content)),
                await client.get("/readyz"),
            ]
            light = await client.post("/v1/gradient", content=orjson.dumps(LIGHT))
            release.set()
            await asyncio.gather(*tasks)
            again = await client.post("/v1/gradient", content=content)
        assert (light.status_code, again.status_code) == (200, 200)
        return responses

    for response in asyncio.run(scene()):
        problem(response, 503, "overloaded")
        assert response.headers["retry-after"] == "1"


async def _pieces(content: bytes) -> Any:
    yield content[:100]
    yield content[100:]


def test_a_deadline_while_waiting() -> None:
    release = threading.Event()
    lane = Lane(1, 1, 0.0)

    async def scene() -> None:
        first = asyncio.create_task(lane.run(lambda: None))
        with pytest.raises(Refused) as refused:
            await first
        assert refused.value.fault.code == "deadline_exceeded"

    asyncio.run(scene())
    release.set()
    lane.close()


def test_a_deadline_while_computing() -> None:
    app = create_app(Settings(limits={"seconds": 1e-9}))
    found = problem(post("/v1/gradient", {"expression": "sum(sin(x))", "inputs": {"x": [1.0] * 4}}, app), 504,
                    "deadline_exceeded")  # fmt: skip
    assert found["hint"]


def test_a_place_is_kept_until_the_work_is_done() -> None:
    release = threading.Event()
    lane = Lane(1, 0, 10.0)

    async def scene() -> None:
        task = asyncio.create_task(lane.run(release.wait))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(0.01)
        assert lane.full
        release.set()

    asyncio.run(scene())
    lane.close()
    assert not lane.full


@pytest.fixture
def server() -> Iterator[str]:
    """The service on loopback, in a thread; its address. It has time: other tests run beside this one."""
    app = create_app(Settings(limits={"seconds": 60.0}))
    config = uvicorn.Config(app, log_level="error", loop="uvloop", http="httptools", ws="none")
    running = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(30)
    listening.close()
    assert not thread.is_alive()


def test_healthz_answers_while_a_heavy_question_runs(server: str) -> None:
    size = 120
    heavy = {"expression": "; ".join(["y = W"] + ["y = tanh(y @ W)"] * 200 + ["sum(y)"]),
             "inputs": {"W": [[1e-3] * size] * size}}  # fmt: skip
    done: list[tuple[float, int]] = []

    def ask() -> None:
        response = httpx.post(f"{server}/v1/gradient", json=heavy, timeout=60)
        done.append((time.monotonic(), response.status_code))

    with httpx.Client(base_url=server, timeout=60) as client:
        assert client.get("/healthz").status_code == 200
        asking = threading.Thread(target=ask)
        asking.start()
        answered = []
        while asking.is_alive():
            assert client.get("/healthz").status_code == 200
            assert client.post("/v1/gradient", json=LIGHT).status_code == 200
            answered.append(time.monotonic())
        asking.join()
    finished, status = done[0]
    assert status == 200
    assert sum(moment < finished for moment in answered) >= 3


def test_call_without_lifespan_needs_nothing() -> None:
    assert call("GET", "/readyz").status_code == 200
