"""Reports beats to a listener when they pass, with the moment of each."""

import asyncio
import time
from collections.abc import Callable

from bridge.controls.readings import BeatReading
from bridge.midi.frame_clock import FrameClock

__all__ = ["BeatReporter"]

_LEAD_S = 0.005
"""How long before its moment a beat is told: on its way it may be held up, in us or others."""

BeatListener = Callable[[BeatReading, float], object]
"""Is told of a beat, and of its moment in seconds since 1970."""


class BeatReporter:
    """Waits for beats that were announced, and tells of them.

    Args:
        frames: Tells which frame it is.
        rate: Tells the frames per second.
    """

    def __init__(self, frames: FrameClock, rate: Callable[[], int]) -> None:
        self._frames = frames
        self._rate = rate
        self._waiting: set[asyncio.TimerHandle] = set()
        self.reading = BeatReading()
        """The beat that was told last."""
        self.listener: BeatListener = lambda reading, unix_s: None
        """Who is told."""

    def announce(self, reading: BeatReading, frame: int) -> None:
        """Take note of a beat that falls on a frame; in the running loop."""
        wait_s = (frame - self._frames.now()) / self._rate()
        loop = asyncio.get_running_loop()
        unix_s = time.time() + wait_s
        handle: asyncio.TimerHandle

        def tell() -> None:
            self._waiting.discard(handle)
            self.reading = reading
            self.listener(reading, unix_s)

        handle = loop.call_later(max(0.0, wait_s - _LEAD_S), tell)
        self._waiting.add(handle)

    def close(self) -> None:
        """Tell of nothing any more."""
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()
