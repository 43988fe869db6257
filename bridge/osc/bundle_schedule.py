"""Schedule of bundles dated ahead, on the clock of the audio host.

Nothing here reads a clock or waits: the time is an argument. A ``Timeline`` turns the host's
frame count into seconds; a ``BundleQueue`` keeps what is due later.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, TypeVar

from bridge.controls.target import Position
from bridge.osc.codec import IMMEDIATELY, Bundle, Message, unix_time

__all__ = ["LONGEST_AHEAD_S", "BundleQueue", "Timeline", "message_groups", "seconds_ahead"]

LONGEST_AHEAD_S = 10.0
"""Bundles dated further ahead are refused, so that a sender with a wrong clock is told."""

Work = TypeVar("Work")


def seconds_ahead(time_tag: int, now_s: float) -> float:
    """Return how many seconds a time tag is in the future; 0 for immediately.

    Args:
        time_tag: As in a bundle.
        now_s: Seconds since 1970.
    """
    return 0.0 if time_tag <= IMMEDIATELY else unix_time(time_tag) - now_s


def message_groups(
    bundle: Bundle, now_s: float, earliest_s: float = 0.0
) -> Iterator[tuple[float, list[Message]]]:
    """Yield the messages of a bundle that are carried out together, and when.

    A bundle within a bundle is never due before it; where both are due at the same time, their
    messages form one group.

    Args:
        bundle: The outermost one.
        now_s: Seconds since 1970.
        earliest_s: Seconds from now before which it is not due.

    Returns:
        Seconds from now, 0 for due or overdue, and messages in order.
    """
    own_s = max(earliest_s, seconds_ahead(bundle.time_tag, now_s))
    together: list[Message] = []
    later: list[tuple[float, list[Message]]] = []
    for element in bundle.elements:
        if isinstance(element, Message):
            together.append(element)
            continue
        for due_s, messages in message_groups(element, now_s, own_s):
            if due_s == own_s:
                together += messages
            else:
                later.append((due_s, messages))
    if together:
        yield own_s, together
    yield from later


class Timeline:
    """Seconds of audio since the first call of ``advance``.

    They follow the frames of the audio host, faster or slower than real time while it
    freewheels. Without a host they follow the steady clock.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._steady_s: float | None = None
        self._position: Position | None = None

    def advance(self, steady_s: float, position: Position | None) -> float:
        """Return the seconds of audio up to now.

        Args:
            steady_s: A clock that never jumps, in seconds.
            position: Frame and rate of the host, None while there is none.
        """
        before, at = self._position, self._steady_s
        if before is not None and position is not None and before.rate == position.rate:
            self.seconds += max(0, position.frame - before.frame) / position.rate
        elif at is not None:
            self.seconds += max(0.0, steady_s - at)
        self._steady_s, self._position = steady_s, position
        return self.seconds


@dataclass(order=True, slots=True)
class _Entry(Generic[Work]):
    due_s: float
    number: int
    work: Work = field(compare=False)


class BundleQueue(Generic[Work]):
    """Work due later, the earliest first, ties in the order they were added."""

    def __init__(self) -> None:
        self._entries: list[_Entry[Work]] = []
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def next_s(self) -> float:
        """When the next work is due; infinity when there is none."""
        return self._entries[0].due_s if self._entries else float("inf")

    def add(self, due_s: float, work: Work) -> None:
        """Keep ``work`` until ``due_s``."""
        heapq.heappush(self._entries, _Entry(due_s, next(self._numbers), work))

    def due(self, now_s: float) -> list[tuple[float, Work]]:
        """Take out and return what is due by now, with the time it was due at."""
        ready = []
        while self._entries and self._entries[0].due_s <= now_s:
            entry = heapq.heappop(self._entries)
            ready.append((entry.due_s, entry.work))
        return ready
