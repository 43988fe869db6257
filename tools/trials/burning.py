"""The bridge with threads beside it that only compute, all wanting the interpreter.

Example:
    ``python -m tools.trials.burning 4 run --checkpoint passthrough`` is ``liveband run`` whose
    control process has four of them as soon as it gets the signal ``BEGIN``.
"""

import runpy
import signal
import sys
import threading

__all__ = ["BEGIN", "burn"]

BEGIN = signal.SIGUSR2
"""Starts the threads; a bridge that plays by then has started at its usual pace."""


def burn() -> None:
    """Compute for ever."""
    while True:
        pass


def _be_the_bridge() -> None:
    threads = int(sys.argv.pop(1))

    def begin(*_: object) -> None:
        for number in range(threads):
            threading.Thread(target=burn, name=f"burning-{number}", daemon=True).start()

    signal.signal(BEGIN, begin)
    runpy.run_module("bridge", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _be_the_bridge()
