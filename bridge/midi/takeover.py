"""Soft takeover of a control by an absolute controller: jump, pick up or scale.

A knob that picks up changes nothing until it has passed the value of the control. Passing
counts, being near does not: a fast turn skips from one side to the other in one message. No
move then changes the control by more than the knob itself moved.
"""

from dataclasses import dataclass

from bridge.midi.binding import Takeover

__all__ = ["TakeoverState"]

_EXACT = 1e-9


@dataclass(slots=True)
class TakeoverState:
    """Takeover of one control by one absolute controller, in positions 0..1."""

    last: float | None = None
    """Last position of the controller; None before the first."""
    holds: bool = False
    """Whether the control follows the controller."""
    _at: float = 0.0
    """Exact position of a scaled control within the zone of its value."""

    def move(
        self, position: float, step: float, zone: tuple[float, float], takeover: Takeover
    ) -> float | None:
        """Move the controller; return the new position of the control, None if it stays.

        Args:
            position: Of the controller.
            step: Its smallest step.
            zone: Lowest and highest position that mean the control's present value.
            takeover: Not ``DEFAULT``.
        """
        last, self.last = self.last, position
        if self.holds or takeover is Takeover.JUMP or self._passes(last, position, step, zone):
            self.holds = True
            return position
        if takeover is Takeover.PICKUP or last is None:
            return None
        return self._scaled(last, position, zone)

    def release(self, zone: tuple[float, float], step: float) -> None:
        """Release the control after a change from elsewhere to the value of ``zone``.

        A change to the position of the controller, within a step, keeps the hold.
        """
        if self.last is None or not zone[0] - step <= self.last <= zone[1] + step:
            self.holds = False

    def _passes(
        self, last: float | None, position: float, step: float, zone: tuple[float, float]
    ) -> bool:
        low, high = (
            (position - step, position + step) if last is None else sorted((last, position))
        )
        return low <= zone[1] + _EXACT and high >= zone[0] - _EXACT

    def _scaled(self, last: float, position: float, zone: tuple[float, float]) -> float:
        """Move by the same part of the remaining range as the controller, but no further.

        Controller and control meet at the end they move to, unless the control is behind: then
        it moves as far as the controller, and they meet at the other end.
        """
        if not zone[0] <= self._at <= zone[1]:
            self._at = (zone[0] + zone[1]) / 2.0
        if position > last:
            part = min((1.0 - self._at) / (1.0 - last), 1.0)
        else:
            part = min(self._at / last, 1.0) if last > 0.0 else 0.0
        self._at = min(max(self._at + part * (position - last), 0.0), 1.0)
        return self._at
