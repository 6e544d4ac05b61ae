"""Several processes that answer on the same port."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

log = logging.getLogger("moa")

Work = Callable[[int], int]
"""What a worker does, by its number; it returns its exit code."""
# In seconds; the replacement of a worker that ends sooner would only end as well.
SHORTEST_LIFE = 5.0
FAILED = 1
ENDING = (signal.SIGTERM, signal.SIGINT)


class Workers:
    """Starts workers as forks of this process, and replaces any that ends by itself."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._started: dict[int, tuple[int, float]] = {}
        self._cause = 0
        # Nothing is ever written to it: a read returns when this process ends, however it ends.
        self._alive, self._kept = os.pipe()

    def run(self, number: int) -> int:
        """Run this many until a signal ends them; return its number, or FAILED."""
        for one in ENDING:
            signal.signal(one, self._end)
        with _held():
            for worker in range(number):
                self._start(worker)
        while self._started:
            pid, status = os.wait()
            with _held():
                self._ended(*self._started.pop(pid), os.waitstatus_to_exitcode(status))
        return self._cause

    def _ended(self, worker: int, since: float, code: int) -> None:
        """Replace a worker that has ended by itself; end all if it ended at once."""
        if self._cause:
            return
        log.error("worker %s has ended: %s", worker, code)
        if time.monotonic() - since < SHORTEST_LIFE:
            self._end(FAILED, None)
        else:
            self._start(worker)

    def _start(self, worker: int) -> None:
        pid = os.fork()
        if pid:
            self._started[pid] = worker, time.monotonic()
            return
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        os.close(self._kept)
        threading.Thread(target=self._end_with_the_first, daemon=True).start()
        sys.exit(self._work(worker))

    def _end_with_the_first(self) -> None:
        """End this worker when the process that started it is gone."""
        os.read(self._alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _end(self, cause: int, _frame: FrameType | None) -> None:
        """Tell all workers to complete their answers and end."""
        self._cause = cause
        for pid in self._started:
            os.kill(pid, signal.SIGTERM)


@contextmanager
def _held() -> Iterator[None]:
    """Hold signals back while workers are started, so that none is missed."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
