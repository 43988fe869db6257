"""Parallel work in several processes, with logged progress and ordered results."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, as_completed
from typing import TypeVar

import torch
from threadpoolctl import threadpool_limits

from model.worker_pool import worker_pool

__all__ = ["run_all"]

logger = logging.getLogger(__name__)

REPORT_EVERY_S = 10.0
T = TypeVar("T")


def run_all(
    tasks: Sequence[Callable[[], T]], jobs: int, costs: Sequence[float] | None = None
) -> list[T]:
    """Return the results of all tasks, in their order.

    Args:
        tasks: Picklable when ``jobs`` is above 1; the longest first.
        jobs: Processes; with 1 the work is done here.
        costs: About how much work each is; all alike if None.

    Raises:
        Exception: Whatever a task raises; tasks not yet begun are dropped.
    """
    shares = list(costs) if costs is not None and sum(costs) > 0 else [1.0] * len(tasks)
    progress = _Progress(shares)
    if jobs == 1:
        results = []
        for number, task in enumerate(tasks):
            results.append(_alone(task))
            progress.step(number)
        return results
    with worker_pool(jobs) as pool:
        begun: list[Future[T]] = [pool.submit(_alone, task) for task in tasks]
        places = {each: number for number, each in enumerate(begun)}
        try:
            for ended in as_completed(begun):
                ended.result()
                progress.step(places[ended])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [each.result() for each in begun]


def _alone(task: Callable[[], T]) -> T:
    """Run a task on one thread: many threads slow small matrices down."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        return task()


class _Progress:
    def __init__(self, shares: Sequence[float]) -> None:
        self.shares, self.done, self.share_done = shares, 0, 0.0
        self.began = self.reported = time.monotonic()

    def step(self, number: int) -> None:
        self.done += 1
        self.share_done += self.shares[number]
        now = time.monotonic()
        if now - self.reported >= REPORT_EVERY_S and self.share_done > 0:
            self.reported = now
            left = sum(self.shares) / self.share_done - 1
            left_s = (now - self.began) * max(0.0, left)
            logger.info("%d of %d; about %.0f s to go", self.done, len(self.shares), left_s)
