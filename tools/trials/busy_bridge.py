"""A bridge whose control process also runs compute-bound Python threads.

Example:
    ``python -m tools.trials.busy_bridge 4 run --checkpoint passthrough`` is ``liveband run``
    that starts four such threads on the signal ``BEGIN``.
"""

import runpy
import signal
import sys
import threading

__all__ = ["BEGIN", "compute_forever"]

BEGIN = signal.SIGUSR2
"""Signal that starts the threads; sent after the start, which it must not slow down."""


def compute_forever() -> None:
    """Compute for ever."""
    while True:
        pass


def _run_bridge() -> None:
    threads = int(sys.argv.pop(1))

    def begin(*_: object) -> None:
        for number in range(threads):
            threading.Thread(target=compute_forever, name=f"busy-{number}", daemon=True).start()

    signal.signal(BEGIN, begin)
    runpy.run_module("bridge", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _run_bridge()
