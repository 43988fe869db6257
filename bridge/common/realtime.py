"""What a process asks of the operating system and of Python to keep its deadlines."""

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = [
    "REALTIME_ADVICE",
    "ThreadPriority",
    "collector_paused",
    "freeze_collector",
    "lock_memory",
]

REALTIME_ADVICE = (
    "put '@audio - rtprio 95' and '@audio - memlock unlimited' into "
    "/etc/security/limits.d/audio.conf, join the group audio (usermod -aG audio $USER) and "
    "log in again"
)
_FIFO_PRIORITY = 2
"""Above everything that is not real-time, below JACK's threads (5 and more)."""
_REALTIME_UP_TO = 0.5
"""Share of a core from which Linux's real-time throttling, 95 % per second, comes near."""
_REALTIME_AGAIN_BELOW = 0.4
_LOOK_EVERY_S = 2.0
_NICE = -10
_MCL_CURRENT, _MCL_ONFAULT = 1, 4
"""Of ``mlockall``: all that is mapped now; each page once it is used."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector still until :func:`freeze_collector`, or the context's end.

    Loading makes no garbage to speak of; looking for it again and again takes a tenth of it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def freeze_collector() -> None:
    """Take everything alive out of the garbage collector's sight.

    A full collection over a loaded torch takes 100 ms and more, so none is made first: loading
    leaves some hundred objects to collect, or none. What is made from here on is little, and
    is collected as usual.
    """
    gc.freeze()
    gc.enable()


def lock_memory() -> bool:
    """Keep the system from taking back memory that was used, weights above all.

    A hop that has to wait for a page of weights comes late. Memory that was never touched is
    not taken up by this, nor is what is mapped later on.

    Returns:
        Whether it is permitted: the limit ``memlock`` has to be as large as all that is mapped.
    """
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).mlockall(_MCL_CURRENT | _MCL_ONFAULT) == 0)


class ThreadPriority:
    """The calling thread's place before others: as high as is permitted and safe.

    The real-time class while it needs less than half a core, else nice. A real-time thread
    that needs more could starve the machine, and Linux would halt it for 50 ms every second.

    Args:
        busy_s: Seconds of processor time the process has taken so far.
        clock: Seconds, never going back.
        lighter: Engine that would take less of the processor, to be advised; empty for none.
    """

    def __init__(
        self,
        busy_s: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
        *,
        lighter: str = "",
    ) -> None:
        self._busy_s, self._clock = busy_s, clock
        self._way_out = f"--engine {lighter}, with " if lighter else ""
        self._raised = self._is_realtime = False
        self._looked, self._busy = clock(), busy_s()
        self.words = "no raised priority"
        """What was granted, for the log."""
        self.advice = ""
        """How to get what was not granted; empty if nothing is left to wish for."""

    def raise_for(self, share: float) -> None:
        """Take the highest priority for a load.

        Args:
            share: Of a core, that the thread will need.
        """
        self._raised, self.advice = True, ""
        self._looked, self._busy = self._clock(), self._busy_s()
        if share >= _REALTIME_UP_TO:
            self.advice = (
                f"the model takes {share:.2f} of a core, and only below {_REALTIME_UP_TO} does "
                f"it get the real-time class: play with {self._way_out}fewer players or a "
                "smaller checkpoint"
            )
        elif self._take_realtime():
            return
        else:
            self.advice = f"the real-time class is not permitted: {REALTIME_ADVICE}"
        self._take_nice()

    def lower(self) -> None:
        """Give the real-time class back; niceness stays."""
        if self._is_realtime:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        self._raised = self._is_realtime = False

    def keep(self) -> None:
        """See now and then whether the load has changed; cheap, to be called every hop."""
        now = self._clock()
        if not self._raised or now - self._looked < _LOOK_EVERY_S:
            return
        busy = self._busy_s()
        share = (busy - self._busy) / (now - self._looked)
        self._looked, self._busy = now, busy
        if self._is_realtime and share >= _REALTIME_UP_TO:
            self._take_nice()
        elif not self._is_realtime and share < _REALTIME_AGAIN_BELOW:
            self._take_realtime()

    def _take_realtime(self) -> bool:
        if not hasattr(os, "sched_setscheduler"):
            return False
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_FIFO_PRIORITY))
        except PermissionError:
            return False
        self._is_realtime, self.words = True, f"real-time priority {_FIFO_PRIORITY}"
        return True

    def _take_nice(self) -> None:
        self.lower()
        self._raised = True
        try:
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)
        except PermissionError:
            self.words = "no raised priority"
        else:
            self.words = f"nice {_NICE}"
