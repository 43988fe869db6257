"""Reports of beats to a listener as they pass, with the time of each."""

import asyncio
import time
from collections.abc import Callable

from bridge.controls.readings import BeatReading
from bridge.midi.frame_clock import FrameClock

__all__ = ["BeatReporter"]

_LEAD_S = 0.005
"""Seconds before its time that a beat is reported, to allow for delays on the way."""

BeatListener = Callable[[BeatReading, float], object]
"""Called with a beat and its time in seconds since 1970."""


class BeatReporter:
    """Waits for scheduled beats and reports them.

    Args:
        frames: Clock of the present frame.
        rate: Returns the frames per second.
    """

    def __init__(self, frames: FrameClock, rate: Callable[[], int]) -> None:
        self._frames = frames
        self._rate = rate
        self._waiting: set[asyncio.TimerHandle] = set()
        self.reading = BeatReading()
        """The beat that was reported last."""
        self.listener: BeatListener = lambda reading, unix_s: None
        """Called with every beat."""

    def schedule(self, reading: BeatReading, frame: int) -> None:
        """Report a beat once its frame comes; call it in the running loop."""
        wait_s = (frame - self._frames.now()) / self._rate()
        loop = asyncio.get_running_loop()
        unix_s = time.time() + wait_s
        handle: asyncio.TimerHandle

        def report() -> None:
            self._waiting.discard(handle)
            self.reading = reading
            self.listener(reading, unix_s)

        handle = loop.call_later(max(0.0, wait_s - _LEAD_S), report)
        self._waiting.add(handle)

    def close(self) -> None:
        """Cancel all scheduled reports."""
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()
