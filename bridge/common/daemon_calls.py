"""Calls on threads of their own, for libraries that may hang and never return."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

__all__ = ["call_in_daemon"]

T = TypeVar("T")


def call_in_daemon(call: Callable[..., T], *arguments: object) -> "Future[T]":
    """Call on a thread that keeps nothing waiting: neither the caller nor the program's end.

    Returns:
        What the call returns or raises, once it does. It cannot be cancelled.
    """
    answer: Future[T] = Future()
    answer.set_running_or_notify_cancel()
    threading.Thread(target=_carry_out, args=(answer, call, arguments), daemon=True).start()
    return answer


def _carry_out(
    answer: "Future[T]", call: Callable[..., T], arguments: tuple[object, ...]
) -> None:
    try:
        answer.set_result(call(*arguments))
    except BaseException as error:
        answer.set_exception(error)
