"""Watchdog over the engine and the audio server: detects that one of them has stalled."""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.audio.shared.share import AudioShare

__all__ = ["Stall", "Watchdog"]

ENGINE_S = 8.0
"""An engine that plays nothing for so long has hung; a laptop's longest pauses are shorter."""
SERVER_S = 3.0
"""A server that asks for no audio for so long has hung or gone; PipeWire does not report it."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Parts that have stalled."""

    engine: bool = False
    """The engine plays nothing although the mix goes on."""
    server: bool = False
    """The audio server asks for no audio although it has not closed the connection."""


class Watchdog:
    """Compares the counters in shared memory from check to check.

    Args:
        share: Holds the counters of callback and engine.
        clock: Monotonic seconds.
    """

    def __init__(self, share: AudioShare, clock: Callable[[], float]) -> None:
        self._share = share
        self._clock = clock
        self._frame = self._played = -1
        self._moved_s = self._played_s = clock()
        self._since = 0

    def check(self, *, is_due: bool) -> Stall:
        """Return what has stalled; call it several times a second.

        Args:
            is_due: Whether an engine is live and a player switched on.
        """
        share, now_s = self._share, self._clock()
        counters = share.snapshot()
        if share.frame != self._frame or share.offline or share.freewheel:
            self._frame, self._moved_s = share.frame, now_s
        played = counters.hops + counters.late_hops + counters.skipped_hops
        if played != self._played or not is_due or share.freewheel:
            self._played, self._played_s, self._since = played, now_s, share.frame
        lacks = share.frame - self._since > ENGINE_S * share.rate / 2
        return Stall(
            engine=lacks and now_s - self._played_s > ENGINE_S,
            server=now_s - self._moved_s > SERVER_S,
        )
