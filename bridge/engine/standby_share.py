"""The share, as an engine sees it that may not be heard yet, or no longer."""

import time
from collections.abc import Callable
from typing import Self

from bridge.audio.shared.share import AudioShare
from bridge.engine.handover import HandoverCrossfade

__all__ = ["StandbyShare"]

_LOOK_S = 0.002
"""How often an unheard engine looks for a hop; only one can wait to be woken."""


class StandbyShare(AudioShare):
    """Lets an engine read the share always, and write while it is its turn.

    So an engine that waits does all it would do if it were heard. What it plays is held back
    by its :class:`HandoverCrossfade`; what it publishes, such as the latency, it must not while
    it waits.
    """

    @classmethod
    def taken(
        cls, name: str, turn: HandoverCrossfade, is_called: Callable[[float], bool]
    ) -> Self:
        """Open the share another process created.

        Args:
            name: Its name.
            turn: Says when to write.
            is_called: Whether a command has come, after waiting for one for some seconds.

        Raises:
            EnvironmentMissing: There is no such share, or another version made it.
        """
        seat = cls.attach(name)
        seat._turn = turn
        seat._is_called = is_called
        return seat

    _turn: HandoverCrossfade
    _is_called: Callable[[float], bool]

    def wait_mix(self, frame: int, timeout_s: float) -> bool:
        """Wait until the mix is written up to ``frame``; see ``AudioShare``.

        An engine that is not heard also stops waiting when a command comes.
        """
        if self._turn.is_heard:
            return super().wait_mix(frame, timeout_s)
        deadline = time.monotonic() + timeout_s
        while self.mix_written < frame:
            left_s = deadline - time.monotonic()
            if left_s <= 0.0 or self._is_called(min(left_s, _LOOK_S)):
                return False
        return True

    def begin_generation(self, generation: int) -> None:
        """Empty the stem ring, if it is our turn."""
        if self._turn.is_heard:
            super().begin_generation(generation)

    def record_step(self, seconds: float) -> None:
        """Count one hop, if it is our turn."""
        if self._turn.is_heard:
            super().record_step(seconds)

    def add_late(self, hops: int = 1) -> None:
        """Count hops that were late, if it is our turn."""
        if self._turn.is_heard:
            super().add_late(hops)

    def add_skipped(self, hops: int) -> None:
        """Count hops that were not played, if it is our turn."""
        if self._turn.is_heard:
            super().add_skipped(hops)
