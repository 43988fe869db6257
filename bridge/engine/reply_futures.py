"""Futures of the requests that the engine process has not answered yet."""

import itertools
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from bridge.common.errors import BridgeError, RefusedError, SupersededError
from bridge.engine.messages import Answer, Failed, Settled, Waiting
from bridge.stream.quantized_changes import RESET

__all__ = ["ReplyFutures", "RequestAnswer", "RequestFuture"]


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    """Answer of the engine to a request that it carries out, now or later."""

    parts: Mapping[str, "Future[None]"] = field(default_factory=dict)
    """Parts that wait for a line, by name; each future is completed when its part is heard,
    with ``SupersededError`` when a later request took its place."""
    within_s: float = 0.0
    """Longest time until the last of them is heard, in seconds of music."""


RequestFuture = Future[RequestAnswer]
"""Completed with the engine's answer, or with the error for which it refused."""


class ReplyFutures:
    """Numbers requests and completes their futures; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._open: dict[int, RequestFuture] = {}
        self._parts: dict[tuple[int, str], Future[None]] = {}

    def add(self) -> tuple[int, RequestFuture]:
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
            answer.set_result(RequestAnswer())
        else:
            answer.set_exception(error)

    def take(self, reply: Answer | Settled) -> None:
        """Complete what a message of the engine is about."""
        match reply:
            case Failed(id=int(id_)):
                self.answer(id_, reply.error())
            case Waiting():
                self._wait(reply)
            case Settled():
                self._settle(reply)
            case _:
                self.answer(reply.id or 0)

    def _wait(self, reply: Waiting) -> None:
        parts: dict[str, Future[None]] = {name: Future() for name in reply.names}
        with self._lock:
            answer = self._open.pop(reply.id, None)
            self._parts |= {(reply.id, name): part for name, part in parts.items()}
        if answer is not None:
            answer.set_result(RequestAnswer(parts, reply.within_s))

    def _settle(self, reply: Settled) -> None:
        with self._lock:
            part = self._parts.pop((reply.id, reply.name), None)
        if part is None:
            return
        if reply.superseded:
            part.set_exception(SupersededError())
        else:
            part.set_result(None)

    def complete_all(self) -> None:
        """Complete all requests, because the process that would answer is gone.

        The next one begins with the conditions that were asked for; but for a reset that
        waited nobody sees to it any more.
        """
        with self._lock:
            abandoned, self._open = self._open, {}
            parts, self._parts = self._parts, {}
        for answer in abandoned.values():
            answer.set_result(RequestAnswer())
        for (_, name), part in parts.items():
            if name == RESET:
                text = "the reset was lost with the engine it waited in; send it again"
                part.set_exception(RefusedError(text))
            else:
                part.set_result(None)
