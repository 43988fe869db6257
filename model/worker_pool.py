"""Worker processes that end with the program that began them, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from threading import Thread

__all__ = ["worker_pool"]


def worker_pool(jobs: int) -> ProcessPoolExecutor:
    """Return a pool of fresh processes.

    Ctrl+C is the parent's: the workers finish what they have begun. Where the parent is gone,
    by SIGTERM or for want of memory, they end at once.

    Args:
        jobs: How many.
    """
    return ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
    )


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker is started by a parent"
    parent.join()
    os._exit(1)
