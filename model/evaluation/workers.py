"""Pieces of work on several processes, with progress, the results in the order asked."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

import torch
from threadpoolctl import threadpool_limits

__all__ = ["run_all"]

logger = logging.getLogger(__name__)

REPORT_EVERY_S = 10.0
T = TypeVar("T")


def run_all(tasks: Sequence[Callable[[], T]], jobs: int) -> list[T]:
    """Return the results of all tasks, in the order of the tasks.

    Args:
        tasks: Picklable when ``jobs`` is above 1; the longest first.
        jobs: Processes, fresh ones; with 1 the work is done here.

    Raises:
        Exception: Whatever a task raises; tasks not yet begun are dropped.
    """
    progress = _Progress(len(tasks))
    if jobs == 1:
        results = []
        for task in tasks:
            results.append(_alone(task))
            progress.step()
        return results
    with ProcessPoolExecutor(
        jobs,
        mp_context=get_context("spawn"),
        initializer=signal.signal,  # Ctrl+C is the parent's
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        begun: list[Future[T]] = [pool.submit(_alone, task) for task in tasks]
        try:
            for ended in as_completed(begun):
                ended.result()
                progress.step()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [each.result() for each in begun]


def _alone(task: Callable[[], T]) -> T:
    """Work on one thread: small matrices on many threads take many times as long."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        return task()


class _Progress:
    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.began = self.reported = time.monotonic()

    def step(self) -> None:
        self.done += 1
        now = time.monotonic()
        if now - self.reported >= REPORT_EVERY_S:
            self.reported = now
            left_s = (now - self.began) * (self.total - self.done) / self.done
            logger.info("%d of %d; about %.0f s to go", self.done, self.total, left_s)
