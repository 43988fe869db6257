"""Feedback to controllers: LEDs, rings and motor faders show the values of the controls.

A controller is sent the latest value of a control at most 30 times a second. While it is being
moved, and shortly after, it is sent nothing; then it is sent the value of the control if it
shows another one. Its own moves are not echoed. Messages sent here that come back, as through a
cable from output to input, are recognised and ignored.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bridge.controls.parameters import Kind, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import COARSE, FINE, Binding, ControllerKind, Mode, Source
from bridge.midi.controller_events import ControllerMove
from bridge.midi.device_bindings import Bindings
from bridge.midi.event import EventKind, encode
from bridge.midi.value_scaling import ValueScaling

__all__ = ["Feedback"]

_PERIOD_S = 1 / 30
_MOVE_GUARD_S = 0.15
"""Short enough for all displays of a control to agree 200 ms after the last move."""
_ECHO_S = 0.1
_SHOWN = (
    ControllerKind.CC,
    ControllerKind.CC14,
    ControllerKind.NRPN,
    ControllerKind.NOTE,
    ControllerKind.BEND,
)


@dataclass(slots=True)
class _Display:
    """What one controller shows: the state of its LED, ring or motor."""

    source: Source
    shown: tuple[int, int] | None = None
    """Raw value and its top; None while unknown."""
    sends: deque[tuple[int, tuple[int, int]]] = field(default_factory=lambda: deque(maxlen=4))
    """The latest frames and values sent, as many as fit into ``_ECHO_S``."""
    moved_at: int | None = None

    @property
    def sent(self) -> int | None:
        return self.sends[-1][0] if self.sends else None


class Feedback:
    """Keeps the displays of one device up to date.

    Args:
        bindings: Controllers and the controls they move.
        value: Returns the value of a control.
        fine: Returns whether a 14-bit controller is known to have both halves.
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
        self._displays: dict[Source, _Display] = {}
        self._waiting: dict[Source, Binding] = {}
        """Controllers to update, and the bindings whose values they show."""
        self._channels: dict[Source, int] = {}
        """Latest channel of a controller that is bound on any channel."""

    def changed(self, control: ControlKey) -> None:
        """Note that a control changed."""
        for binding in self._bindings.of(control):
            if self._shows(binding):
                self._waiting.setdefault(binding.source, binding)

    def everything(self) -> None:
        """Send all values again, as to a device that has just been connected."""
        self._displays.clear()
        for binding in self._bindings.in_force:
            if self._shows(binding):
                self._waiting.setdefault(binding.source, binding)

    def moved(self, move: ControllerMove) -> None:
        """Note the position of a controller and that it is being moved.

        A button is updated at once, as its position does not last.
        """
        for binding in self._bindings.moved_by(move.source):
            self._channels[binding.source] = move.source.channel
            if self._shows(binding):
                display = self._display(binding)
                if self._stays(binding):
                    display.moved_at, display.shown = move.frame, (move.raw, move.top)
                else:
                    display.shown = None
                self._waiting.setdefault(binding.source, binding)

    def is_echo(self, move: ControllerMove) -> bool:
        """Return whether a move is a message sent a moment ago."""
        for binding in self._bindings.moved_by(move.source):
            display = self._displays.get(self._source(binding))
            if display is None or display.source != move.source:
                continue
            for frame, shown in display.sends:
                same = (move.raw, move.top) == shown
                if same and _within(frame, move.frame, _ECHO_S * self._rate):
                    return True
        return False

    def due(self, frame: int) -> list[bytes]:
        """Return the messages to send now.

        Args:
            frame: The present one. An earlier one than before, after the audio server came
                back, ends all waits.
        """
        messages: list[bytes] = []
        for source, binding in list(self._waiting.items()):
            display = self._display(binding)
            if _within(display.moved_at, frame, _MOVE_GUARD_S * self._rate) or _within(
                display.sent, frame, _PERIOD_S * self._rate
            ):
                continue
            del self._waiting[source]
            shown = self._shown(binding, display.source)
            if shown != display.shown:
                display.shown = shown
                display.sends.append((frame, shown))
                messages += _messages(display.source, *shown)
        return messages

    def _shows(self, binding: Binding) -> bool:
        row = self._bindings.table[binding.control.name]
        if binding.source.kind is ControllerKind.NRPN and binding not in self._bindings.own:
            return False
        if binding.source.kind not in _SHOWN or row.kind is Kind.TRIGGER:
            return False
        alike = (each for each in self._bindings.in_force if each.source == binding.source)
        return next(alike, None) == binding  # bound to several controls, it shows the first

    def _stays(self, binding: Binding) -> bool:
        """Return whether a controller keeps its position, as a fader does."""
        row = self._bindings.table[binding.control.name]
        absolute = binding.mode is Mode.ABSOLUTE and binding.value is None
        return (
            absolute
            and binding.source.kind is not ControllerKind.NOTE
            and row.kind is not Kind.TOGGLE
        )

    def _display(self, binding: Binding) -> _Display:
        source = self._source(binding)
        return self._displays.setdefault(source, _Display(source))

    def _source(self, binding: Binding) -> Source:
        """Return the controller on the channel to send on."""
        if binding.source.channel:
            return binding.source
        return replace(binding.source, channel=self._channels.get(binding.source, 1))

    def _shown(self, binding: Binding, source: Source) -> tuple[int, int]:
        """Return the raw value a controller ought to show, and its highest value."""
        value = self._value(binding.control)
        top = source.kind.top
        own = binding in self._bindings.own
        if source.kind is ControllerKind.CC14 and not (self._fine(source) or own):
            top = COARSE
        if binding.value is not None:
            return (top if value == binding.value else 0), top
        row = self._bindings.table[binding.control.name]
        position = ValueScaling(row, binding.target).position(value)
        low, high = binding.input or (0, source.kind.top)
        scale = top / source.kind.top
        return round((low + position * (high - low)) * scale), top


def _within(since: int | None, frame: int, frames: float) -> bool:
    return since is not None and 0 <= frame - since < frames


def _messages(source: Source, raw: int, top: int) -> Iterator[bytes]:
    """Yield the messages that show ``raw`` on a controller."""
    channel, number = source.channel, source.number
    match source.kind:
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
            yield encode(EventKind(source.kind), channel, number, raw)
