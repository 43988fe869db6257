"""Real-time settings of a process: garbage collection, locked memory, scheduling priority."""

import ctypes
import gc
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "REALTIME_ADVICE",
    "REALTIME_COMMAND",
    "ThreadPriority",
    "collector_paused",
    "freeze_collector",
    "lock_memory",
    "unlocked_memory",
]

REALTIME_ADVICE = (
    "put '@audio - rtprio 95' and '@audio - memlock unlimited' into "
    "/etc/security/limits.d/audio.conf, join the group audio (usermod -aG audio $USER) and "
    "log in again"
)
REALTIME_COMMAND = (
    r"printf '@audio - rtprio 95\n@audio - memlock unlimited\n' | "
    "sudo tee /etc/security/limits.d/audio.conf && sudo usermod -aG audio $USER"
)
"""Command that carries the advice out, but for logging in again."""
_FIFO_PRIORITY = 2
"""Above everything that is not real-time, below JACK's threads (5 and more)."""
_REALTIME_UP_TO = 0.5
"""Load, in cores, below which Linux's real-time throttling (95 % a second) is far away."""
_REALTIME_AGAIN_BELOW = 0.4
_CHECK_INTERVAL_S = 2.0
_NICE = -10
_MCL_CURRENT, _MCL_ONFAULT = 1, 4
"""Flags of ``mlockall``: all that is mapped now; each page once it is used."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector until :func:`freeze_collector`, or the context's end.

    Loading makes hardly any garbage; collections take a tenth of its time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def freeze_collector() -> None:
    """Exempt all present objects from garbage collection.

    A full collection over a loaded torch takes 100 ms and more, so none is made first; loading
    leaves at most some hundred objects to collect. Later objects are collected as usual.
    """
    gc.freeze()
    gc.enable()


def lock_memory() -> str:
    """Lock used memory, above all the weights, so that it is never paged out.

    A hop that waits for a page of weights is late. Pages never used are not loaded by this,
    and memory mapped later is not locked.

    Returns:
        Why it is not locked, and what to do; empty where it is. The limit ``memlock`` must
        cover all that is mapped.
    """
    if sys.platform != "linux":
        return "memory is locked on Linux only: a hop may wait until it is read from the disk"
    if ctypes.CDLL(None).mlockall(_MCL_CURRENT | _MCL_ONFAULT) == 0:
        return ""
    mapped_pages = int(Path("/proc/self/statm").read_text().split()[0])
    return unlocked_memory("the engine", mapped_pages * resource.getpagesize())


def unlocked_memory(what: str, needed: int) -> str:
    """Return what it means that memory could not be locked, and what to do.

    Args:
        what: Whose memory.
        needed: Bytes that were to be locked.
    """
    limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
    there = "unlimited" if limit == resource.RLIM_INFINITY else f"{limit / 1e6:.1f} MB"
    return (
        f"not all memory of {what} is locked: it is late where it has to wait for the disk. It "
        f"needs {needed / 1e6:.1f} MB, the limit memlock is {there}: {REALTIME_ADVICE}"
    )


class ThreadPriority:
    """Scheduling priority of the calling thread, as high as is permitted and safe.

    The real-time class while the thread needs less than half a core, else niceness. Above that
    a real-time thread could starve the machine, and Linux halts it for 50 ms every second.

    Args:
        busy_s: Returns the processor time of the process in seconds.
        clock: Monotonic seconds.
        lighter: Engine to recommend that takes less of the processor; empty for none.
    """

    def __init__(
        self,
        busy_s: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
        *,
        lighter: str = "",
    ) -> None:
        self._busy_s, self._clock = busy_s, clock
        self._remedy = f"--engine {lighter}, with " if lighter else ""
        self._raised = self._is_realtime = False
        self._checked, self._busy = clock(), busy_s()
        self.words = "no raised priority"
        """Granted priority, for the log."""
        self.advice = ""
        """Advice on how to get a higher priority; empty if there is none higher."""

    def raise_for(self, share: float) -> None:
        """Take the highest priority for a load.

        Args:
            share: Load of the thread, in cores.
        """
        self._raised, self.advice = True, ""
        self._checked, self._busy = self._clock(), self._busy_s()
        if share >= _REALTIME_UP_TO:
            self.advice = (
                f"the model takes {share:.2f} of a core, and only below {_REALTIME_UP_TO} does "
                f"it get the real-time class: play with {self._remedy}fewer players or a "
                "smaller checkpoint"
            )
        elif self._take_realtime():
            return
        else:
            self.advice = f"the real-time class is not permitted: {REALTIME_ADVICE}"
        self._take_nice()

    def lower(self) -> None:
        """Leave the real-time class; niceness stays."""
        if self._is_realtime:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        self._raised = self._is_realtime = False

    def keep(self) -> None:
        """Adapt the priority to the load now and then; cheap, call it every hop."""
        now = self._clock()
        if not self._raised or now - self._checked < _CHECK_INTERVAL_S:
            return
        busy = self._busy_s()
        share = (busy - self._busy) / (now - self._checked)
        self._checked, self._busy = now, busy
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
