"""Times of a step against its budget."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["StepTimes", "measure"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepTimes:
    """Percentiles of the times of one step, in milliseconds."""

    p50_ms: float
    """Median."""
    p99_ms: float
    """99th percentile."""
    max_ms: float
    """Maximum."""
    budget_ms: float
    """Time allowed for a step."""

    @classmethod
    def of(cls, seconds: ArrayLike, budget_s: float) -> "StepTimes":
        """Summarise times in seconds, shape ``(steps,)``, at least one.

        Example:
            >>> StepTimes.of([0.010, 0.010, 0.020], budget_s=0.050).ratio_to_budget
            0.396
        """
        times_ms = 1000.0 * np.asarray(seconds, np.float64)
        p50, p99 = np.percentile(times_ms, [50, 99])
        return cls(
            p50_ms=round(float(p50), 4),
            p99_ms=round(float(p99), 4),
            max_ms=round(float(times_ms.max()), 4),
            budget_ms=round(1000.0 * budget_s, 4),
        )

    @property
    def ratio_to_budget(self) -> float:
        """99th percentile over the budget; above 1 the budget cannot be met."""
        return round(self.p99_ms / self.budget_ms, 4)


def measure(
    step: Callable[[], object], *, steps: int, warm_up: int = 20
) -> NDArray[np.float64]:
    """Return the times of a step in seconds, shape ``(steps,)``.

    Args:
        step: Function to time, called without pauses.
        steps: Number of timed calls.
        warm_up: Number of calls before, which are not timed.
    """
    for _ in range(warm_up):
        step()
    times = np.empty(steps)
    for index in range(steps):
        began = time.perf_counter()
        step()
        times[index] = time.perf_counter() - began
    return times
