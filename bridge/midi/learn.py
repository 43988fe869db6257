"""Detection of the controller that is being moved, and of its mode, for MIDI learn.

Controllers that were busy before, such as a worn fader or a running modulation, are left out
until they have been quiet. A fader that also sends a note when it is touched is still a fader:
everything within 0.3 s of the first deliberate move is considered together.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

from bridge.midi.binding import COARSE, ControllerKind, Mode, Source
from bridge.midi.controller_events import ControllerMove

__all__ = ["DetectedController", "Learner"]

_GATHER_S = 0.3
_QUIET_S = 1.0
_BUSY = 3
"""Moves within ``_QUIET_S`` that make a controller busy."""
_SPAN = 3 / COARSE
"""Smallest range of positions of a deliberate move."""
_PRESSURE_SPAN = 16 / COARSE
"""The same for pressure, which accompanies notes."""
_REPEATS = 3
"""Messages needed to recognise an encoder."""
_SLOW, _FAST = 8, 120
"""Highest positive, and lowest negative raw value in two's complement, of encoder steps."""

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
"""Order of preference when one move sends several kinds of messages."""


@dataclass(frozen=True, slots=True)
class DetectedController:
    """The controller that was moved."""

    source: Source
    """The controller, on the channel its events came on."""
    mode: Mode
    """Mode of its values."""
    springs_back: bool
    """Whether it was a button that was pressed and released."""


@dataclass(slots=True)
class _Trace:
    """Moves of one controller, recent ones and those since learning began."""

    recent: deque[int] = field(default_factory=lambda: deque(maxlen=_BUSY))
    """Frames of its latest moves."""
    last: float | None = None
    """Position, 0..1."""
    raws: list[int] = field(default_factory=list)
    """Raw values since learning began."""
    low: float = 1.0
    high: float = 0.0
    top: int = COARSE

    @property
    def span(self) -> float:
        return max(0.0, self.high - self.low)


class Learner:
    """Observes the moves of one device; ``begin`` starts the search for a controller.

    Args:
        rate: Frames per second.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._traces: dict[Source, _Trace] = {}
        self._busy: set[Source] = set()
        self._since: int | None = None
        self._first_move: int | None = None
        """Frame of the first deliberate move."""

    @property
    def active(self) -> bool:
        """Whether a search is under way."""
        return self._since is not None

    def begin(self, frame: int) -> None:
        """Start the search for the next controller that is moved."""
        self._since, self._first_move = frame, None
        self._busy = {
            source
            for source, trace in self._traces.items()
            if len(trace.recent) == _BUSY and frame - trace.recent[0] < _QUIET_S * self._rate
        }
        for trace in self._traces.values():
            trace.raws = []
            trace.low = trace.high = trace.last if trace.last is not None else 0.0

    def cancel(self) -> None:
        """End the search."""
        self._since = None

    def observe(self, move: ControllerMove) -> None:
        """Process one move."""
        trace = self._traces.setdefault(move.source, _Trace())
        if move.source in self._busy and (
            move.frame - trace.recent[-1] >= _QUIET_S * self._rate
        ):
            self._busy.discard(move.source)
            trace.low = trace.high = move.position
        known = bool(trace.recent)
        trace.recent.append(move.frame)
        trace.top = move.top
        if self.active and move.source not in self._busy:
            if not known:
                trace.low = trace.high = move.position
            trace.raws.append(move.raw)
            trace.low, trace.high = (
                min(trace.low, move.position),
                max(trace.high, move.position),
            )
            if self._first_move is None and _is_deliberate(move.source, trace):
                self._first_move = move.frame
        trace.last = move.position

    def detected(self, frame: int) -> DetectedController | None:
        """Return the controller once it is certain, and end the search; None until then."""
        if self._since is None or self._first_move is None:
            return None
        if 0 <= frame - self._first_move < _GATHER_S * self._rate:
            return None
        candidates = {
            source: trace
            for source, trace in self._traces.items()
            if source not in self._busy and trace.raws and _is_deliberate(source, trace)
        }
        if not candidates:  # with what followed, the first move was not deliberate
            self._first_move = None
            return None
        kind = min((source.kind for source in candidates), key=_PREFERENCE.index)
        alike = [source for source in candidates if source.kind is kind]
        source = max(alike, key=lambda each: candidates[each].span)
        self.cancel()
        raws = candidates[source].raws
        mode = _encoder_mode(raws) if kind is ControllerKind.CC else None
        springs = kind is ControllerKind.CC and set(raws) == {0, COARSE} and raws[-1] == 0
        return DetectedController(source, mode or Mode.ABSOLUTE, springs)


def _is_deliberate(source: Source, trace: _Trace) -> bool:
    """Return whether a controller was moved on purpose."""
    if source.kind.is_button:
        return any(raw > 0 for raw in trace.raws)
    match source.kind:
        case ControllerKind.NRPN:
            return True
        case ControllerKind.CC14:
            return trace.top > COARSE and trace.span >= _SPAN
        case ControllerKind.POLY | ControllerKind.PRESSURE:
            return trace.span >= _PRESSURE_SPAN
        case ControllerKind.CC if (
            _encoder_mode(trace.raws) is not None or trace.raws[0] == COARSE
        ):
            return True
    return trace.span >= _SPAN


def _encoder_mode(raws: list[int]) -> Mode | None:
    """Return the mode of an encoder, None if the controller need not be one.

    Only an encoder repeats a value. Turned in one direction only, some modes cannot be told
    apart; the commoner one is taken.
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
