"""Delays before failed engines are replaced by others."""

import time

__all__ = ["RestartDelays"]

_SHORTEST_S = 0.1
_LONGEST_S = 2.0
_STABLE_S = 10.0
"""Run time after which a failed engine is replaced without a longer delay."""


class RestartDelays:
    """Delays that grow from failure to failure, while engines do not last."""

    def __init__(self) -> None:
        self._delay_s = _SHORTEST_S
        self._began_s = time.monotonic()

    def begin(self) -> None:
        """Note that an engine is being started."""
        self._began_s = time.monotonic()

    def next_s(self) -> float:
        """Return the seconds to wait after the engine has failed."""
        is_stable = time.monotonic() - self._began_s > _STABLE_S
        self._delay_s = _SHORTEST_S if is_stable else min(2 * self._delay_s, _LONGEST_S)
        return self._delay_s
