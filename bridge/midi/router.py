"""From touches to the desk: what a controller does to the controls it is bound to.

Pure but for the surface it is given. One router a device, for each keeps its own account of
where its controllers are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bridge.controls.controls import normalised
from bridge.controls.parameters import Kind, Parameter, Table, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import FINE, Binding, ControllerKind, Mode, Takeover, full_scale
from bridge.midi.bindings import Bindings
from bridge.midi.controller_events import ControllerMove
from bridge.midi.event import EventKind, MidiEvent
from bridge.midi.takeover import TakeoverState
from bridge.midi.value_scaling import ValueScaling

__all__ = ["KnobPosition", "Router", "Surface"]

_ALL_SOUND_OFF, _RESET_CONTROLLERS = 120, 121
_BANK, _BANK_FINE = 0, 32
_ONE_PANIC_S = 0.1
"""Within it a panic on all sixteen channels is one."""


class Surface(Protocol):
    """The desk, as controllers see it."""

    @property
    def table(self) -> Table:
        """The controls there are."""

    def value(self, key: ControlKey) -> Value:
        """Return what a control is set to."""

    def set(self, key: ControlKey, value: Value) -> None:
        """Set a control; returns at once, with the value to be seen."""

    def fire(self, key: ControlKey) -> None:
        """Pull a trigger; returns at once."""

    def program(self, bank: int, number: int) -> None:
        """Choose a preset: bank 0..16383, number 0..127."""


@dataclass(frozen=True, slots=True)
class KnobPosition:
    """How an absolute controller stands to a control that it has to meet, or has met."""

    control: ControlKey
    knob: float
    """Where the controller is in the control's range, 0..1."""
    waiting: bool
    """Whether it has not met it yet."""


@dataclass(slots=True)
class _Button:
    """What is remembered of a binding with two positions."""

    down: bool = False
    before: Value | None = None
    """What a held button will give back."""


Key = tuple[Binding, int]
"""A binding, and the channel its controller was heard on."""


class Router:
    """Does what the touches of one device ask for.

    Args:
        surface: Where changes go.
        bindings: Which controller moves what; may change.
        rate: Frames per second.
        takeover: Tells what controllers do whose binding does not say.
    """

    def __init__(
        self,
        surface: Surface,
        bindings: Bindings,
        rate: int,
        takeover: Callable[[], Takeover],
    ) -> None:
        self._surface = surface
        self._bindings = bindings
        self._rate = rate
        self._takeover = takeover
        self._grips: dict[Key, TakeoverState] = {}
        self._buttons: dict[Key, _Button] = {}
        self._banks: dict[int, int] = {}
        self._moving: Key | None = None
        self._panicked: int | None = None
        self.reach: KnobPosition | None = None
        """Of the controller moved last that did not hold its control, to show how to get it."""

    def touch(self, touch: ControllerMove) -> None:
        """Move everything that is bound to what was touched."""
        bindings = self._bindings.moved_by(touch.source)
        for binding in bindings:
            self._act(binding, touch)
        if not bindings and touch.source.sort is ControllerKind.PROGRAM:
            bank = self._banks.get(touch.source.channel, 0)
            self._surface.program(bank, touch.source.number)

    def mode_message(self, event: MidiEvent) -> None:
        """Do what a controller event means apart from bindings: panic, bank, and forget."""
        if event.kind is not EventKind.CC:
            return
        if event.number == _ALL_SOUND_OFF:
            self._panic(event.frame)
        elif event.number == _RESET_CONTROLLERS:
            self.forget(event.channel)
        elif event.number in (_BANK, _BANK_FINE):
            bank = self._banks.get(event.channel, 0)
            coarse, fine = bank >> 7, bank & 0x7F
            if event.number == _BANK:
                coarse = event.value
            else:
                fine = event.value
            self._banks[event.channel] = coarse << 7 | fine

    def forget(self, channel: int = 0) -> None:
        """Forget where the controllers of a channel are, or all; values stay."""
        for key in [key for key in self._grips if channel in (0, key[1])]:
            del self._grips[key]

    def changed(self, control: ControlKey) -> None:
        """Note that a control changed; who did not move it no longer holds it."""
        for key, grip in self._grips.items():
            if key[0].control == control and key != self._moving:
                travel = ValueScaling(self._surface.table[control.name], key[0].target)
                grip.release(travel.zone(self._surface.value(control)), _step(key[0], FINE))

    def _panic(self, frame: int) -> None:
        last, self._panicked = self._panicked, frame
        if last is None or not 0 <= frame - last < _ONE_PANIC_S * self._rate:
            self._surface.fire(ControlKey(1, "panic"))

    def _act(self, binding: Binding, touch: ControllerMove) -> None:
        row = self._surface.table[binding.control.name]
        key = (binding, touch.source.channel)
        if touch.relative and row.kind is not Kind.TRIGGER:
            self._nudge(key, row, touch.raw, 1.0 / FINE)
        elif binding.mode.relative and row.kind is not Kind.TRIGGER:
            self._nudge(key, row, _clicks(binding.mode, touch.raw), binding.step)
        elif row.kind is Kind.TRIGGER:
            if self._pressed(key, touch):
                self._surface.fire(binding.control)
        elif binding.value is not None:
            self._choose(key, binding.value, touch)
        elif binding.mode is Mode.TOGGLE:
            if self._pressed(key, touch):
                travel = ValueScaling(row, binding.target)
                at_end = self._surface.value(binding.control) == travel.value(1.0)
                self._put(key, travel.value(0.0 if at_end else 1.0))
        elif binding.mode is Mode.MOMENTARY:
            self._put(key, ValueScaling(row, binding.target).value(float(touch.pressed)))
        elif touch.source.sort is not ControllerKind.NOTE or touch.pressed:
            self._turn(key, row, touch)

    def _turn(self, key: Key, row: Parameter, touch: ControllerMove) -> None:
        """Follow an absolute controller, as its takeover allows."""
        binding, _ = key
        travel = ValueScaling(row, binding.target)
        takeover = binding.takeover or self._takeover()
        if row.kind is Kind.TOGGLE or touch.source.sort in (
            ControllerKind.NOTE,
            ControllerKind.PROGRAM,
        ):
            takeover = Takeover.JUMP  # a switch is never near, and never passes by
        zone = travel.zone(self._surface.value(binding.control))
        grip = self._grips.setdefault(key, TakeoverState())
        place = _place(binding, touch)
        if travel.steps:
            place *= touch.top / (touch.top + 1)  # as many of the raw values for each choice
        to = grip.move(place, _step(binding, touch.top), zone, takeover)
        if not grip.holds or (self.reach and self.reach.control == binding.control):
            knob = normalised(row, travel.value(place))
            self.reach = KnobPosition(binding.control, knob, waiting=not grip.holds)
        if to is not None:
            self._put(key, travel.value(to))

    def _nudge(self, key: Key, row: Parameter, clicks: int, step: float) -> None:
        """Move a control by steps from where it is; a choice by one for each message."""
        travel = ValueScaling(row, key[0].target)
        value = self._surface.value(key[0].control)
        if travel.steps:
            low, high = travel.zone(value)
            way = (clicks > 0) - (clicks < 0)
            place = (low + high) / 2 + way * (high - low)
        else:
            place = travel.place(value) + clicks * max(step, travel.least_step)
        self._put(key, travel.value(min(max(place, 0.0), 1.0)))

    def _choose(self, key: Key, value: Value, touch: ControllerMove) -> None:
        """Set a fixed value at a press; a held button gives back what was before."""
        binding, _ = key
        now = self._surface.value(binding.control)
        if self._pressed(key, touch):
            self._buttons[key].before = now
            self._put(key, value)
        elif binding.mode is Mode.MOMENTARY and not touch.pressed:
            before = self._buttons[key].before
            self._buttons[key].before = None
            if before is not None and now == value:
                self._put(key, before)

    def _pressed(self, key: Key, touch: ControllerMove) -> bool:
        """Return whether this is the moment a button goes down."""
        button = self._buttons.setdefault(key, _Button())
        again = touch.source.sort in (
            ControllerKind.NOTE,
            ControllerKind.PROGRAM,
        )  # each of them is a press
        goes_down = touch.pressed and (again or not button.down)
        button.down = touch.pressed
        return goes_down

    def _put(self, key: Key, value: Value) -> None:
        control = key[0].control
        if value == self._surface.value(control):
            return
        self._moving = key
        try:
            self._surface.set(control, value)
        finally:
            self._moving = None


def _place(binding: Binding, touch: ControllerMove) -> float:
    """Return where in its input range a controller is, 0..1."""
    if binding.input is None:
        return touch.place
    low, high = (end / full_scale(binding.source.sort) for end in binding.input)
    return min(max((touch.place - low) / (high - low), 0.0), 1.0)


def _step(binding: Binding, top: int) -> float:
    """Return the part of its input range that a controller's shortest way is."""
    if binding.input is None:
        return 1.0 / top
    low, high = binding.input
    return full_scale(binding.source.sort) / (top * abs(high - low))


def _clicks(mode: Mode, raw: int) -> int:
    """Return by how many clicks an encoder says that it turned; right is positive.

    Example:
        >>> [_clicks(mode, 65) for mode in (Mode.TWOS, Mode.OFFSET, Mode.SIGN)]
        [-63, 1, -1]
    """
    if mode is Mode.TWOS:
        return raw - 128 if raw > 63 else raw
    if mode is Mode.OFFSET:
        return raw - 64
    return 64 - raw if raw > 64 else raw % 64
