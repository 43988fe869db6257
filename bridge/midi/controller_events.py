"""Decoder from MIDI events to controller moves: joins 14-bit halves, tracks NRPN numbers.

The coarse half of a 14-bit value sets the fine half to 0, as the specification says; applied at
once, it would make a fader dip by a whole coarse step on its way down. So it is held until the
fine half has come or a short time has passed. A device that never sends a fine half has 7 bits,
and 127 is its highest value.

Source: MIDI 1.0 Detailed Specification, version 4.2.1, pages 11, 12 and 16; RP-018.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bridge.midi.binding import COARSE, FINE, ControllerKind, Source
from bridge.midi.event import EventKind, MidiEvent

__all__ = ["ControllerDecoder", "ControllerMove"]

_FIRST_WAIT_S = 0.01
"""Wait for the fine half of a device that has never sent one: longer than a DIN cable takes."""
_WAIT_S = 0.05
"""Wait for the fine half of a device that sends them."""

_DATA, _DATA_FINE, _INCREMENT, _DECREMENT = 6, 38, 96, 97
_NRPN_FINE, _NRPN, _RPN_FINE, _RPN = 98, 99, 100, 101
_LAST_CONTROLLER, _RESET_CONTROLLERS = 119, 121


@dataclass(frozen=True, slots=True)
class ControllerMove:
    """One move of a controller."""

    source: Source
    """The controller; its channel is the one the event came on."""
    raw: int
    """New value, 0..``top``; number of steps if ``relative``."""
    top: int
    """Highest value: 127 or 16383."""
    frame: int
    """Frame of the event."""
    relative: bool = False
    """Whether it is an increment or decrement of an NRPN by ``raw``."""

    @property
    def position(self) -> float:
        """New position, 0..1."""
        return self.raw / self.top

    @property
    def pressed(self) -> bool:
        """Whether a button is down: a note at any velocity, others from the middle up."""
        if self.source.kind.is_button:
            return self.raw > 0
        return 2 * self.raw > self.top


@dataclass(slots=True)
class _Halves:
    """A 14-bit value whose halves arrive one after the other."""

    coarse: int | None = None
    fine: int = 0
    has_fine: bool = False
    """Whether the device has ever sent a fine half."""
    frame: int = 0
    """Frame of the coarse half."""
    waiting: bool = False

    def waits_until(self, rate: int) -> int:
        return self.frame + round(rate * (_WAIT_S if self.has_fine else _FIRST_WAIT_S))

    def move(self, source: Source, frame: int) -> ControllerMove:
        self.waiting = False
        coarse = self.coarse or 0
        if self.has_fine:
            return ControllerMove(source, coarse << 7 | self.fine, FINE, frame)
        return ControllerMove(source, coarse, COARSE, frame)


@dataclass(slots=True)
class _Selected:
    """The parameter number selected for data entry on one channel."""

    coarse: int = COARSE
    fine: int = COARSE
    registered: bool = True

    @property
    def number(self) -> int | None:
        """The NRPN, or None: a registered one, or the null that ends a selection."""
        number = self.coarse << 7 | self.fine
        return None if self.registered or number == FINE else number


@dataclass(slots=True)
class ControllerDecoder:
    """Decodes the events of one device into controller moves.

    Args:
        rate: Frames per second.
    """

    rate: int
    standalone: frozenset[int] = frozenset()
    """Controllers 32..63 that are bound by themselves and therefore no fine halves."""
    _halves: dict[Source, _Halves] = field(default_factory=dict)
    _selected: dict[int, _Selected] = field(default_factory=dict)

    def feed(self, event: MidiEvent) -> Iterator[ControllerMove]:
        """Yield the moves that an event means or completes."""
        if event.kind is EventKind.CC:
            yield from self._controller(event)
        elif event.channel:
            kind = ControllerKind(event.kind)
            source = Source(kind, event.channel, event.number)
            yield ControllerMove(source, event.value, kind.top, event.frame)

    def flush(self, frame: int) -> Iterator[ControllerMove]:
        """Yield moves of coarse halves whose fine half did not come in time.

        Args:
            frame: The present one. An earlier one than before, after the audio server came
                back, ends all waits.
        """
        for source, halves in self._halves.items():
            if halves.waiting and not halves.frame <= frame < halves.waits_until(self.rate):
                yield halves.move(source, halves.frame)

    def fineness(self, source: Source) -> bool:
        """Return whether both halves of a 14-bit controller have been received."""
        return source in self._halves and self._halves[source].has_fine

    def reset(self, channel: int) -> None:
        """Forget the half values and the selected number of a channel."""
        self._selected.pop(channel, None)
        for source in [each for each in self._halves if each.channel == channel]:
            self._halves[source].waiting = False
            self._halves[source].coarse = None

    def _controller(self, event: MidiEvent) -> Iterator[ControllerMove]:
        if event.number in (_NRPN, _NRPN_FINE, _RPN, _RPN_FINE):
            self._select(event)
        if event.number == _RESET_CONTROLLERS:
            self.reset(event.channel)
        parameter = self._parameter(event)
        if parameter is not None:
            yield from self._data_entry(event, parameter)
            return
        if event.number > _LAST_CONTROLLER:
            return
        yield ControllerMove(
            Source(ControllerKind.CC, event.channel, event.number),
            event.value,
            COARSE,
            event.frame,
        )
        if event.number < 32:
            yield from self._coarse(
                Source(ControllerKind.CC14, event.channel, event.number), event
            )
        elif event.number < 64 and event.number not in self.standalone:
            yield from self._fine(
                Source(ControllerKind.CC14, event.channel, event.number - 32), event
            )

    def _select(self, event: MidiEvent) -> None:
        selected = self._selected.setdefault(event.channel, _Selected())
        registered = event.number in (_RPN, _RPN_FINE)
        if registered is not selected.registered:
            self._selected[event.channel] = selected = _Selected(registered=registered)
        if event.number in (_RPN, _NRPN):
            selected.coarse = event.value
        else:
            selected.fine = event.value

    def _parameter(self, event: MidiEvent) -> Source | None:
        """Return the NRPN that a data entry event is for."""
        if event.number not in (_DATA, _DATA_FINE, _INCREMENT, _DECREMENT):
            return None
        number = self._selected.get(event.channel, _Selected()).number
        return None if number is None else Source(ControllerKind.NRPN, event.channel, number)

    def _data_entry(self, event: MidiEvent, source: Source) -> Iterator[ControllerMove]:
        if event.number == _DATA:
            yield from self._coarse(source, event)
        elif event.number == _DATA_FINE:
            yield from self._fine(source, event)
        else:
            steps = 1 if event.number == _INCREMENT else -1
            yield ControllerMove(source, steps, FINE, event.frame, relative=True)

    def _coarse(self, source: Source, event: MidiEvent) -> Iterator[ControllerMove]:
        halves = self._halves.setdefault(source, _Halves())
        if halves.waiting:
            yield halves.move(source, halves.frame)
        halves.coarse, halves.fine = event.value, 0
        halves.frame, halves.waiting = event.frame, True

    def _fine(self, source: Source, event: MidiEvent) -> Iterator[ControllerMove]:
        halves = self._halves.setdefault(source, _Halves())
        if halves.coarse is None:
            return
        halves.fine, halves.has_fine = event.value, True
        yield halves.move(source, event.frame)
