"""When bundles fall due, on the clock of the sound.

Pure: what time it is, is an argument. A ``Timeline`` turns the host's frame count into seconds;
an ``Agenda`` keeps what is to be done later. Nothing in here waits, so that what is dated ahead
holds up nobody.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, TypeVar

from bridge.controls.target import Position
from bridge.osc.codec import IMMEDIATELY, Bundle, Message, unix_time

__all__ = ["LONGEST_AHEAD_S", "Agenda", "Timeline", "ahead", "dated"]

LONGEST_AHEAD_S = 10.0
"""Bundles dated further ahead are refused; a sender with a wrong clock learns of it."""

Work = TypeVar("Work")


def ahead(time_tag: int, now_s: float) -> float:
    """Return by how many seconds a time tag is in the future; 0 for those that mean now.

    Args:
        time_tag: As in a bundle.
        now_s: Seconds since 1970.
    """
    return 0.0 if time_tag <= IMMEDIATELY else unix_time(time_tag) - now_s


def dated(
    bundle: Bundle, now_s: float, earliest_s: float = 0.0
) -> Iterator[tuple[float, list[Message]]]:
    """Yield the messages of a bundle that belong together, and when they are due.

    A bundle within a bundle is never due before it; where both are due at once, they are one.

    Args:
        bundle: Outermost one.
        now_s: Seconds since 1970.
        earliest_s: What it is due at the soonest, in seconds from now.

    Returns:
        Seconds from now, 0 for what is due or overdue, and messages in order.
    """
    own_s = max(earliest_s, ahead(bundle.time_tag, now_s))
    together: list[Message] = []
    later: list[tuple[float, list[Message]]] = []
    for element in bundle.elements:
        if isinstance(element, Message):
            together.append(element)
            continue
        for due_s, messages in dated(element, now_s, own_s):
            if due_s == own_s:
                together += messages
            else:
                later.append((due_s, messages))
    if together:
        yield own_s, together
    yield from later


class Timeline:
    """Seconds of sound since it was first looked at.

    They pass with the frames of the audio host: faster and slower while it freewheels. With
    no host there is no sound, and the seconds are those of the steady clock.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._steady_s: float | None = None
        self._position: Position | None = None

    def look(self, steady_s: float, position: Position | None) -> float:
        """Return the seconds of sound by now.

        Args:
            steady_s: A clock that never jumps.
            position: Where the host is, None while there is none.
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


class Agenda(Generic[Work]):
    """Work that is not due yet, the earliest first, ties in the order they came."""

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
