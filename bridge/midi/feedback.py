"""What controllers are told: lamps, rings and motors follow the controls.

A controller hears a control's new value once, the latest, at most 30 times a second. While a
hand is on it, and a moment after, it hears nothing; then it is told where the control
really is, if that is not where it stands. Nobody hears back what it said itself. What comes
back of what we sent, as through a cable from output to input, is known again and ignored.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bridge.controls.parameters import Kind, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import COARSE, FINE, Binding, ControllerKind, Mode, Source, full_scale
from bridge.midi.bindings import Bindings
from bridge.midi.controller_events import ControllerMove
from bridge.midi.event import EventKind, encode
from bridge.midi.value_scaling import ValueScaling

__all__ = ["Feedback"]

_PERIOD_S = 1 / 30
_TOUCH_GUARD_S = 0.15
"""So that all who show a control agree within 200 ms of the last move."""
_ECHO_S = 0.1
_SHOWN = (
    ControllerKind.CC,
    ControllerKind.CC14,
    ControllerKind.NRPN,
    ControllerKind.NOTE,
    ControllerKind.BEND,
)


@dataclass(slots=True)
class _Lamp:
    """What one controller shows."""

    source: Source
    shown: tuple[int, int] | None = None
    """Raw value and its top; None while unknown."""
    sends: deque[tuple[int, tuple[int, int]]] = field(default_factory=lambda: deque(maxlen=4))
    """What was sent of late, and at which frame: as much as fits into ``_ECHO_S``."""
    touched: int | None = None

    @property
    def sent(self) -> int | None:
        return self.sends[-1][0] if self.sends else None


class Feedback:
    """Keeps the controllers of one device up to date.

    Args:
        bindings: Which controller moves what.
        value: Tells what a control is set to.
        fine: Tells whether a 14-bit controller is known to have both halves.
        rate: Frames per second.
    """

    def __init__(
        self,
        bindings: Bindings,
        value: Callable[[ControlKey], Value],
        fine: Callable[[Source], bool],
        rate: int,
    ) -> None:
        self._bindings = bindings
        self._value = value
        self._fine = fine
        self._rate = rate
        self._lamps: dict[Source, _Lamp] = {}
        self._waiting: dict[Source, Binding] = {}
        """Controllers to look at, and the binding that says what they show."""
        self._channels: dict[Source, int] = {}
        """Channel on which a controller bound on any was heard last."""

    def changed(self, control: ControlKey) -> None:
        """Note that a control changed."""
        for binding in self._bindings.of(control):
            if self._shows(binding):
                self._waiting.setdefault(binding.source, binding)

    def everything(self) -> None:
        """Tell all of it again, to a controller that may know nothing."""
        self._lamps.clear()
        for binding in self._bindings.in_force:
            if self._shows(binding):
                self._waiting.setdefault(binding.source, binding)

    def touched(self, touch: ControllerMove) -> None:
        """Note where a controller now stands, and that a hand is on it.

        A button shows what it did at once, and never stands for long where it is.
        """
        for binding in self._bindings.moved_by(touch.source):
            self._channels[binding.source] = touch.source.channel
            if self._shows(binding):
                lamp = self._lamp(binding)
                if self._stays(binding):
                    lamp.touched, lamp.shown = touch.frame, (touch.raw, touch.top)
                else:
                    lamp.shown = None
                self._waiting.setdefault(binding.source, binding)

    def is_echo(self, touch: ControllerMove) -> bool:
        """Return whether a touch is what we sent a moment ago."""
        for binding in self._bindings.moved_by(touch.source):
            lamp = self._lamps.get(self._source(binding))
            if lamp is None or lamp.source != touch.source:
                continue
            for frame, shown in lamp.sends:
                said = (touch.raw, touch.top) == shown
                if said and _within(frame, touch.frame, _ECHO_S * self._rate):
                    return True
        return False

    def due(self, frame: int) -> list[bytes]:
        """Return what is to be sent now.

        Args:
            frame: Now. Earlier than before, as when an audio server returned, ends all waits.
        """
        messages: list[bytes] = []
        for source, binding in list(self._waiting.items()):
            lamp = self._lamp(binding)
            if _within(lamp.touched, frame, _TOUCH_GUARD_S * self._rate) or _within(
                lamp.sent, frame, _PERIOD_S * self._rate
            ):
                continue
            del self._waiting[source]
            shown = self._shown(binding, lamp.source)
            if shown != lamp.shown:
                lamp.shown = shown
                lamp.sends.append((frame, shown))
                messages += _messages(lamp.source, *shown)
        return messages

    def _shows(self, binding: Binding) -> bool:
        row = self._bindings.table[binding.control.name]
        if binding.source.sort is ControllerKind.NRPN and binding not in self._bindings.own:
            return False
        if binding.source.sort not in _SHOWN or row.kind is Kind.TRIGGER:
            return False
        alike = (each for each in self._bindings.in_force if each.source == binding.source)
        return next(alike, None) == binding  # of several controls it shows the first

    def _stays(self, binding: Binding) -> bool:
        """Return whether a controller stays where it was put, as a fader does."""
        row = self._bindings.table[binding.control.name]
        absolute = binding.mode is Mode.ABSOLUTE and binding.value is None
        return (
            absolute
            and binding.source.sort is not ControllerKind.NOTE
            and row.kind is not Kind.TOGGLE
        )

    def _lamp(self, binding: Binding) -> _Lamp:
        source = self._source(binding)
        return self._lamps.setdefault(source, _Lamp(source))

    def _source(self, binding: Binding) -> Source:
        """Return the controller on the channel to send on."""
        if binding.source.channel:
            return binding.source
        return replace(binding.source, channel=self._channels.get(binding.source, 1))

    def _shown(self, binding: Binding, source: Source) -> tuple[int, int]:
        """Return what a controller ought to show, as raw value and top."""
        value = self._value(binding.control)
        top = full_scale(source.sort)
        own = binding in self._bindings.own
        if source.sort is ControllerKind.CC14 and not (self._fine(source) or own):
            top = COARSE
        if binding.value is not None:
            return (top if value == binding.value else 0), top
        row = self._bindings.table[binding.control.name]
        place = ValueScaling(row, binding.target).place(value)
        low, high = binding.input or (0, full_scale(source.sort))
        scale = top / full_scale(source.sort)
        return round((low + place * (high - low)) * scale), top


def _within(since: int | None, frame: int, frames: float) -> bool:
    return since is not None and 0 <= frame - since < frames


def _messages(source: Source, raw: int, top: int) -> Iterator[bytes]:
    """Yield what shows ``raw`` on a controller."""
    channel, number = source.channel, source.number
    match source.sort:
        case ControllerKind.CC14 if top == FINE:
            yield encode(EventKind.CC, channel, number, raw >> 7)
            yield encode(EventKind.CC, channel, number + 32, raw & 0x7F)
        case ControllerKind.NRPN:
            pairs = ((99, number >> 7), (98, number & 0x7F), (6, raw >> 7), (38, raw & 0x7F))
            for controller, value in (*pairs, (101, 127), (100, 127)):
                yield encode(EventKind.CC, channel, controller, value)
        case ControllerKind.CC14:
            yield encode(EventKind.CC, channel, number, raw)
        case _:
            yield encode(EventKind(source.sort), channel, number, raw)
