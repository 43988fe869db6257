"""Log lines about counters and changes of the run, limited to a few a minute."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["ActivityLog", "ActivitySnapshot"]

logger = logging.getLogger(__name__)

_EVERY_S = 5.0
"""Least interval between two lines about one counter."""
_COUNTED = {
    "lost_hops": "hops late or skipped: the engine does not keep up",
    "underruns": "blocks without a stem: it faded out and in",
    "xruns": "xruns of the audio server",
    "midi_dropped": "MIDI messages did not fit in",
    "malformed": "packets were no OSC",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivitySnapshot:
    """State of the run whose changes are logged."""

    rate: int
    block: int
    engine_pid: int | None
    counts: Mapping[str, int]
    """Since the start, by name: ``lost_hops underruns xruns midi_dropped malformed``."""


class ActivityLog:
    """Compares each snapshot with what was logged last.

    Args:
        clock: Steady seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._audio_format: tuple[int, int] | None = None
        self._pid: int | None = None
        self._logged: dict[str, int] = {}
        self._logged_s: dict[str, float] = {}

    def update(self, snapshot: ActivitySnapshot) -> None:
        """Log what has changed; call it a few times a second."""
        audio_format = snapshot.rate, snapshot.block
        if audio_format != self._audio_format and snapshot.block:
            self._audio_format = audio_format
            fields = {"rate": snapshot.rate, "block": snapshot.block}
            logger.info(
                "blocks of %d frames at %d Hz", snapshot.block, snapshot.rate, extra=fields
            )
        if snapshot.engine_pid not in (self._pid, None):
            self._pid = snapshot.engine_pid
            logger.info("the engine is process %d", self._pid, extra={"engine": self._pid})
        for name, count in snapshot.counts.items():
            self._count(name, count)

    def _count(self, name: str, count: int) -> None:
        now_s = self._clock()
        more = count - self._logged.setdefault(name, 0)
        if more > 0 and now_s - self._logged_s.get(name, -_EVERY_S) >= _EVERY_S:
            self._logged[name], self._logged_s[name] = count, now_s
            logger.warning("%d %s", more, _COUNTED[name], extra={name: more})
