"""What a controller does when the control is somewhere else: jump, pick up, or scale.

A knob that picks up moves nothing until it has passed the control's value. Passing counts,
being near does not: a fast turn skips from one side to the other in a single message. No move
then changes the control by more than the knob itself moved.
"""

from dataclasses import dataclass

from bridge.midi.binding import Takeover

__all__ = ["TakeoverState"]

_EXACT = 1e-9


@dataclass(slots=True)
class TakeoverState:
    """One absolute controller's hold on one control, in places 0..1."""

    last: float | None = None
    """Where the controller was seen last; None before."""
    holds: bool = False
    """Whether the control follows it."""
    _at: float = 0.0
    """Where in its zone a scaled control is."""

    def move(
        self, place: float, step: float, zone: tuple[float, float], takeover: Takeover
    ) -> float | None:
        """Move the controller; return where the control goes, None if it stays.

        Args:
            place: Where the controller is now.
            step: Its shortest way.
            zone: Places that mean the control's present value, lowest first.
            takeover: Not ``DEFAULT``.
        """
        last, self.last = self.last, place
        if self.holds or takeover is Takeover.JUMP or self._passes(last, place, step, zone):
            self.holds = True
            return place
        if takeover is Takeover.PICKUP or last is None:
            return None
        return self._scaled(last, place, zone)

    def release(self, zone: tuple[float, float], step: float) -> None:
        """Let go, because the control was changed from elsewhere to what ``zone`` means.

        A change to where the controller is anyway, give or take a step, keeps the hold.
        """
        if self.last is None or not zone[0] - step <= self.last <= zone[1] + step:
            self.holds = False

    def _passes(
        self, last: float | None, place: float, step: float, zone: tuple[float, float]
    ) -> bool:
        low, high = (place - step, place + step) if last is None else sorted((last, place))
        return low <= zone[1] + _EXACT and high >= zone[0] - _EXACT

    def _scaled(self, last: float, place: float, zone: tuple[float, float]) -> float:
        """Go the same part of the remaining way as the controller, but no further than it.

        Controller and control meet at the end they move to, unless the control is behind: then
        it keeps the controller's pace, and they meet at the other end.
        """
        if not zone[0] <= self._at <= zone[1]:
            self._at = (zone[0] + zone[1]) / 2.0
        if place > last:
            part = min((1.0 - self._at) / (1.0 - last), 1.0)
        else:
            part = min(self._at / last, 1.0) if last > 0.0 else 0.0
        self._at = min(max(self._at + part * (place - last), 0.0), 1.0)
        return self._at
