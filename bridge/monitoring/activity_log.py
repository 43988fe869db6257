"""Writes into the log what went on, and how often, without a line for each time."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["ActivityLog", "ActivitySnapshot"]

logger = logging.getLogger(__name__)

_EVERY_S = 5.0
"""What happens again and again is told this often, with its number."""
_COUNTED = {
    "lost_hops": "hops late or skipped: the engine does not keep up",
    "underruns": "blocks without a stem: it faded out and in",
    "xruns": "xruns of the audio server",
    "midi_dropped": "MIDI messages did not fit in",
    "malformed": "packets were no OSC",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivitySnapshot:
    """What is worth a line when it changes."""

    rate: int
    block: int
    engine_pid: int | None
    counts: Mapping[str, int]
    """Since the start, by name: ``lost_hops underruns xruns midi_dropped malformed``."""


class ActivityLog:
    """Compares each moment with what was told last.

    Args:
        clock: Steady seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._grid: tuple[int, int] | None = None
        self._pid: int | None = None
        self._told: dict[str, int] = {}
        self._told_s: dict[str, float] = {}

    def look(self, moment: ActivitySnapshot) -> None:
        """Take in a moment; to be called a few times a second."""
        grid = moment.rate, moment.block
        if grid != self._grid and moment.block:
            self._grid = grid
            fields = {"rate": moment.rate, "block": moment.block}
            logger.info("blocks of %d frames at %d Hz", moment.block, moment.rate, extra=fields)
        if moment.engine_pid not in (self._pid, None):
            self._pid = moment.engine_pid
            logger.info("the engine is process %d", self._pid, extra={"engine": self._pid})
        for name, count in moment.counts.items():
            self._count(name, count)

    def _count(self, name: str, count: int) -> None:
        now_s = self._clock()
        more = count - self._told.setdefault(name, 0)
        if more > 0 and now_s - self._told_s.get(name, -_EVERY_S) >= _EVERY_S:
            self._told[name], self._told_s[name] = count, now_s
            logger.warning("%d %s", more, _COUNTED[name], extra={name: more})
