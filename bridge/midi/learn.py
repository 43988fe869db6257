"""Which controller is being moved: listens a moment, and tells what it was and how it works.

Controllers that were busy before anybody asked, such as a worn fader or a modulation that
runs, are left out until they have been quiet. A fader that reports being touched by a note
is still a fader: all that comes within 0.3 s of the first sign is weighed together.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

from bridge.midi.binding import COARSE, ControllerKind, Mode, Source
from bridge.midi.controller_events import ControllerMove

__all__ = ["Heard", "Learner"]

_GATHER_S = 0.3
_QUIET_S = 1.0
_BUSY = 3
"""Touches within ``_QUIET_S`` that make a controller busy."""
_TRAVEL = 3 / COARSE
"""Shortest way that shows intent."""
_PRESS_TRAVEL = 16 / COARSE
"""The same for pressure, which comes along with notes."""
_REPEATS = 3
"""Messages it takes to know an encoder."""
_SLOW, _FAST = 8, 120
"""Encoder steps are looked for up to this many, and down to it in two's complement."""

_PREFERENCE = (
    ControllerKind.NRPN,
    ControllerKind.CC14,
    ControllerKind.BEND,
    ControllerKind.CC,
    ControllerKind.NOTE,
    ControllerKind.PROGRAM,
    ControllerKind.POLY,
    ControllerKind.PRESSURE,
)
"""What one move is taken for that says several things at once."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the learner found."""

    source: Source
    """The controller, on the channel it was heard on."""
    mode: Mode
    """How it works."""
    springs_back: bool
    """Whether it was a button that was let go again."""


@dataclass(slots=True)
class _Trace:
    """What one controller did of late, and since learning began."""

    recent: deque[int] = field(default_factory=lambda: deque(maxlen=_BUSY))
    """Frames of its newest touches."""
    last: float | None = None
    """Where it is, 0..1."""
    raws: list[int] = field(default_factory=list)
    """What it said since learning began."""
    low: float = 1.0
    high: float = 0.0
    top: int = COARSE

    @property
    def travel(self) -> float:
        return max(0.0, self.high - self.low)


class Learner:
    """Watches the touches of one device; ``begin`` makes it look for a controller.

    Args:
        rate: Frames per second.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._traces: dict[Source, _Trace] = {}
        self._busy: set[Source] = set()
        self._since: int | None = None
        self._sign: int | None = None
        """Frame of the first sign of intent."""

    @property
    def active(self) -> bool:
        """Whether it is looking for a controller."""
        return self._since is not None

    def begin(self, frame: int) -> None:
        """Look for the next controller that is moved."""
        self._since, self._sign = frame, None
        self._busy = {
            source
            for source, trace in self._traces.items()
            if len(trace.recent) == _BUSY and frame - trace.recent[0] < _QUIET_S * self._rate
        }
        for trace in self._traces.values():
            trace.raws = []
            trace.low = trace.high = trace.last if trace.last is not None else 0.0

    def cancel(self) -> None:
        """Stop looking."""
        self._since = None

    def hear(self, touch: ControllerMove) -> None:
        """Take one touch."""
        trace = self._traces.setdefault(touch.source, _Trace())
        if touch.source in self._busy and (
            touch.frame - trace.recent[-1] >= _QUIET_S * self._rate
        ):
            self._busy.discard(touch.source)
            trace.low = trace.high = touch.place
        known = bool(trace.recent)
        trace.recent.append(touch.frame)
        trace.top = touch.top
        if self.active and touch.source not in self._busy:
            if not known:
                trace.low = trace.high = touch.place
            trace.raws.append(touch.raw)
            trace.low, trace.high = min(trace.low, touch.place), max(trace.high, touch.place)
            if self._sign is None and _intended(touch.source, trace):
                self._sign = touch.frame
        trace.last = touch.place

    def found(self, frame: int) -> Heard | None:
        """Return what was moved once it is clear, and stop looking; None until then."""
        if self._since is None or self._sign is None:
            return None
        if 0 <= frame - self._sign < _GATHER_S * self._rate:
            return None
        intended = {
            source: trace
            for source, trace in self._traces.items()
            if source not in self._busy and trace.raws and _intended(source, trace)
        }
        if not intended:  # what looked like a sign was none, seen with what followed
            self._sign = None
            return None
        sort = min((source.sort for source in intended), key=_PREFERENCE.index)
        alike = [source for source in intended if source.sort is sort]
        source = max(alike, key=lambda each: intended[each].travel)
        self.cancel()
        raws = intended[source].raws
        mode = _encoding(raws) if sort is ControllerKind.CC else None
        springs = sort is ControllerKind.CC and set(raws) == {0, COARSE} and raws[-1] == 0
        return Heard(source, mode or Mode.ABSOLUTE, springs)


def _intended(source: Source, trace: _Trace) -> bool:
    """Return whether somebody means this controller."""
    match source.sort:
        case ControllerKind.NOTE | ControllerKind.PROGRAM:
            return any(raw > 0 for raw in trace.raws)
        case ControllerKind.NRPN:
            return True
        case ControllerKind.CC14:
            return trace.top > COARSE and trace.travel >= _TRAVEL
        case ControllerKind.POLY | ControllerKind.PRESSURE:
            return trace.travel >= _PRESS_TRAVEL
        case ControllerKind.CC if _encoding(trace.raws) is not None or trace.raws[0] == COARSE:
            return True
    return trace.travel >= _TRAVEL


def _encoding(raws: list[int]) -> Mode | None:
    """Return how an encoder writes its steps, None where it need not be one.

    Only an encoder says the same thing twice. Turned one way only, two's complement and
    sign-magnitude look alike to the right, sign and offset to one side each; the commoner one
    is taken.
    """
    repeats = any(a == b for a, b in pairwise(raws))
    if len(raws) < _REPEATS or not repeats:
        return None
    if all(0 < raw <= _SLOW or raw >= _FAST for raw in raws):
        return Mode.TWOS
    if all(abs(raw - 64) in range(1, _SLOW + 1) for raw in raws):
        return Mode.OFFSET
    if all(raw % 64 in range(1, _SLOW + 1) for raw in raws):
        return Mode.SIGN
    return None
