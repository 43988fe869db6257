"""Batches prepared in the background while a step runs."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from model.training.processes import Processes

__all__ = ["Prefetched", "batch_rng"]

T = TypeVar("T")


def batch_rng(seed: int, step: int, processes: Processes) -> random.Random:
    """Return what decides the batch of one step in one process, and nothing else.

    Batches so follow from seed and step alone: a run that was stopped goes on with the very
    batches it would have had.
    """
    return random.Random(f"{seed}/{step}/{processes.rank}")


class Prefetched(Generic[T]):
    """Batches by the number of their step; the next one is made while one is used.

    Args:
        draw: Makes the batch of a step; it runs in a thread of its own.
    """

    def __init__(self, draw: Callable[[int], T]) -> None:
        self._draw = draw
        self._thread = ThreadPoolExecutor(1, "batches")
        self._next: tuple[int, Future[T]] | None = None

    def take(self, step: int) -> T:
        """Return the batch of a step, and begin with that of the next."""
        ready = self._next
        batch = ready[1].result() if ready and ready[0] == step else self._draw(step)
        self._next = (step + 1, self._thread.submit(self._draw, step + 1))
        return batch

    def close(self) -> None:
        """Stop the thread; what it is making is thrown away."""
        self._thread.shutdown(cancel_futures=True)
