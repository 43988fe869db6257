"""What a process asks of the operating system and of Python to keep its deadlines."""

import gc
import os

__all__ = ["free_of_pauses", "raise_priority"]

_FIFO_PRIORITY = 2
"""Above everything that is not real-time, below JACK's threads (5 and more)."""
_FIFO_UP_TO = 0.5
"""Real-time factor from which Linux's real-time throttling, 95 % per second, comes near."""
_NICE = -10


def free_of_pauses() -> None:
    """Take everything alive out of the garbage collector's sight.

    A full collection over a loaded torch takes 100 ms and more; what is made from here on is
    little, and is collected as usual.
    """
    gc.collect()
    gc.freeze()


def raise_priority(real_time_factor: float) -> str:
    """Run this process with the highest priority it may safely have.

    Args:
        real_time_factor: Share of the time it will be busy.

    Returns:
        What was granted, in words for the log.
    """
    if hasattr(os, "sched_setscheduler") and real_time_factor < _FIFO_UP_TO:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_FIFO_PRIORITY))
        except PermissionError:
            pass
        else:
            return f"real-time priority {_FIFO_PRIORITY}"
    try:
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    except PermissionError:
        return (
            "no raised priority; allow it with rtprio and memlock limits for the audio group "
            "(liveband doctor tells how)"
        )
    return f"nice {_NICE}"
