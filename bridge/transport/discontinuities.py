"""Detection of starts and jumps of a transport.

Pure: frames are arguments.
"""

__all__ = ["TransportWatch"]


class TransportWatch:
    """Detects that a transport started, or moved other than by rolling.

    Args:
        slack: Deviation of the position that does not count as a move.
        edge: The same across a start or a stop, whose exact time is unknown.

    Example:
        >>> watch = TransportWatch(slack=1, edge=100)
        >>> watch.update(False, 0, 0), watch.update(True, 40, 48), watch.update(True, 90, 50)
        ((False, False), (True, False), (False, False))
        >>> watch.update(True, 500, 50)
        (False, True)
    """

    def __init__(self, slack: float, edge: float) -> None:
        self._slack = slack
        self._edge = edge
        self._last: tuple[bool, float] | None = None

    def update(self, rolling: bool, position: float, elapsed: float) -> tuple[bool, bool]:
        """Return whether it started, and whether it was moved, since the last update.

        Args:
            rolling: Whether it rolls.
            position: Position in any unit.
            elapsed: Time since the last update, in the same unit.
        """
        last, self._last = self._last, (rolling, position)
        if last is None:
            return False, False
        was_rolling, before = last
        expected = before + (elapsed if rolling and was_rolling else 0.0)
        slack = self._slack if rolling is was_rolling else self._edge + elapsed
        return rolling and not was_rolling, abs(position - expected) > slack
