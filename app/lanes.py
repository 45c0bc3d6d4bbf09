"""Where heavy work runs: a bounded pool of threads behind a bounded queue, so that it cannot hold up light work."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from app.faults import Refused

T = TypeVar("T")


class Lane:
    """``workers`` run at the same time, ``queue`` more may wait, each for ``seconds`` at most."""

    def __init__(self, workers: int, queue: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="heavy")
        self._room = workers + queue
        self._seconds = seconds
        self._taken = 0
        self._lock = Lock()

    @property
    def full(self) -> bool:
        """Whether the next piece of work would be refused."""
        return self._taken >= self._room

    def require_room(self) -> None:
        """Raise `Refused` (overloaded) where the lane is full."""
        if self.full:
            raise Refused(
                "overloaded",
                "as many heavy questions as allowed are being answered or wait",
                hint="ask again in a moment, or ask a smaller question",
                retry_after=1,
            )

    async def run(self, work: Callable[[], T]) -> T:
        """The result of ``work``, done by a thread. Raises `Refused`: overloaded, deadline_exceeded."""
        with self._lock:
            self.require_room()
            self._taken += 1
        expires = time.monotonic() + self._seconds

        def timed() -> T:
            if time.monotonic() > expires:
                raise Refused("deadline_exceeded", f"the question waited more than {self._seconds:g} seconds")
            return work()

        future = self._pool.submit(timed)
        # On the thread's own future: a request that is cancelled leaves its thread at work, and its place taken.
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[T]) -> None:
        with self._lock:
            self._taken -= 1

    def close(self) -> None:
        """Let what runs come to its end, and drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)
