"""Notices that something stands still which ought to move: the engine, or the audio server."""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.audio.shared.share import AudioShare

__all__ = ["Stall", "Watchdog"]

ENGINE_S = 8.0
"""An engine that plays nothing for that long has hung: longer than a laptop's worst pause."""
SERVER_S = 3.0
"""A server that asks for nothing for that long has hung, or is gone: PipeWire does not say."""


@dataclass(frozen=True, slots=True)
class Stall:
    """What stands still."""

    engine: bool = False
    """The engine plays nothing though the mix goes on."""
    server: bool = False
    """The audio server asks for no sound though it has not let us go."""


class Watchdog:
    """Looks at the shared memory several times a second.

    Args:
        share: What callback and engine count in.
        clock: Steady seconds.
    """

    def __init__(self, share: AudioShare, clock: Callable[[], float]) -> None:
        self._share = share
        self._clock = clock
        self._frame = self._played = -1
        self._moved_s = self._played_s = clock()
        self._since = 0

    def look(self, *, is_due: bool) -> Stall:
        """Return what stands still.

        Args:
            is_due: Whether an engine is live and somebody is switched on.
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
