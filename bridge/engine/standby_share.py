"""Shared memory as seen by an engine that may be on standby."""

import time
from collections.abc import Callable
from typing import Self

from bridge.audio.shared.share import AudioShare
from bridge.engine.handover import HandoverCrossfade

__all__ = ["StandbyShare"]

_LOOK_S = 0.002
"""Polling interval of a standby engine; only one process can wait on the semaphore."""


class StandbyShare(AudioShare):
    """Lets an engine read the share at any time, but count and clear only while active.

    So a standby engine runs the same code as an active one. Its stem hops are buffered by
    its :class:`HandoverCrossfade`; the engine itself must not publish its latency or beat
    while on standby.
    """

    @classmethod
    def open_for(
        cls, name: str, crossfade: HandoverCrossfade, poll: Callable[[float], bool]
    ) -> Self:
        """Open the share another process created.

        Args:
            name: Name of the share.
            crossfade: Tells whether the engine is active.
            poll: Waits for a command for some seconds; returns whether one has come.

        Raises:
            EnvironmentMissing: There is no such share, or another version made it.
        """
        share = cls.attach(name)
        share._crossfade = crossfade
        share._poll = poll
        return share

    _crossfade: HandoverCrossfade
    _poll: Callable[[float], bool]

    def wait_mix(self, frame: int, timeout_s: float) -> bool:
        """Wait until the mix is written up to ``frame``; see ``AudioShare``.

        A standby engine also stops waiting when a command comes.
        """
        if self._crossfade.is_active:
            return super().wait_mix(frame, timeout_s)
        deadline = time.monotonic() + timeout_s
        while self.mix_written < frame:
            left_s = deadline - time.monotonic()
            if left_s <= 0.0 or self._poll(min(left_s, _LOOK_S)):
                return False
        return True

    def begin_generation(self, generation: int) -> None:
        """Empty the stem ring, if active."""
        if self._crossfade.is_active:
            super().begin_generation(generation)

    def record_step(self, seconds: float) -> None:
        """Count one hop, if active."""
        if self._crossfade.is_active:
            super().record_step(seconds)

    def add_late(self, hops: int = 1) -> None:
        """Count hops that were late, if active."""
        if self._crossfade.is_active:
            super().add_late(hops)

    def add_skipped(self, hops: int) -> None:
        """Count hops that were skipped, if active."""
        if self._crossfade.is_active:
            super().add_skipped(hops)
