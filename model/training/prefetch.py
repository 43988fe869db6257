"""Preparation of the next batch in a background thread."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from model.training.processes import Processes

__all__ = ["Prefetched", "StepBatches", "batch_rng"]

T = TypeVar("T")


def batch_rng(seed: int, step: int, processes: Processes) -> random.Random:
    """Return the random generator of one step's batch in one process.

    Batches follow from seed and step alone, so that a run that was stopped continues with the
    same batches.
    """
    return random.Random(f"{seed}/{step}/{processes.rank}")


@dataclass(frozen=True, slots=True)
class StepBatches(Generic[T]):
    """Batches of a training by step, and who shares them."""

    draw: Callable[[int], T]
    """Returns the batch of a step; called in a thread of its own."""
    processes: Processes
    """Processes that train together; each has batches of its own."""


class Prefetched(Generic[T]):
    """Batches by step; the next one is prepared while one is used.

    Args:
        draw: Returns the batch of a step; called in a thread of its own.
    """

    def __init__(self, draw: Callable[[int], T]) -> None:
        self._draw = draw
        self._thread = ThreadPoolExecutor(1, "batches")
        self._next: tuple[int, Future[T]] | None = None

    def take(self, step: int) -> T:
        """Return the batch of a step, and begin to prepare that of the next."""
        ready = self._next
        batch = ready[1].result() if ready and ready[0] == step else self._draw(step)
        self._next = (step + 1, self._thread.submit(self._draw, step + 1))
        return batch

    def close(self) -> None:
        """Stop the thread and discard the batch in preparation."""
        self._thread.shutdown(cancel_futures=True)
