"""Futures of the requests that the engine process has not answered yet."""

import itertools
import threading
from concurrent.futures import Future

from bridge.common.errors import BridgeError

__all__ = ["PendingRequests"]


class PendingRequests:
    """Numbers requests and completes their futures; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._open: dict[int, Future[None]] = {}

    def add(self) -> "tuple[int, Future[None]]":
        """Return a number for a request and the future that its answer will complete."""
        with self._lock:
            id_ = next(self._ids)
            answer = self._open[id_] = Future()
            return id_, answer

    def answer(self, id_: int, error: BridgeError | None = None) -> None:
        """Complete a request, with an error if it was refused; ignore an unknown number."""
        with self._lock:
            answer = self._open.pop(id_, None)
        if answer is None:
            return
        if error is None:
            answer.set_result(None)
        else:
            answer.set_exception(error)

    def complete_all(self) -> None:
        """Complete all requests, because the process that would answer is gone."""
        with self._lock:
            abandoned, self._open = self._open, {}
        for answer in abandoned.values():
            answer.set_result(None)
