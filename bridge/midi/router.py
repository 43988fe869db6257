"""Router: applies the moves of one device's controllers to the controls they are bound to.

Each device has a router of its own, which keeps the positions of its controllers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bridge.controls.controls import normalised
from bridge.controls.parameters import Kind, Parameter, Table, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import FINE, Binding, ControllerKind, Mode, Takeover
from bridge.midi.controller_events import ControllerMove
from bridge.midi.device_bindings import Bindings
from bridge.midi.event import EventKind, MidiEvent
from bridge.midi.takeover import TakeoverState
from bridge.midi.value_scaling import ValueScaling

__all__ = ["ControlAccess", "KnobPosition", "Router"]

_ALL_SOUND_OFF, _RESET_CONTROLLERS = 120, 121
_BANK, _BANK_FINE = 0, 32
_ONE_PANIC_S = 0.1
"""Panic messages on several channels within this time count as one."""


class ControlAccess(Protocol):
    """The controls as MIDI devices read and change them."""

    @property
    def table(self) -> Table:
        """The controls there are."""

    def value(self, key: ControlKey) -> Value:
        """Return what a control is set to."""

    def set(self, key: ControlKey, value: Value) -> None:
        """Set a control; returns at once, and ``value`` returns the new value."""

    def fire(self, key: ControlKey) -> None:
        """Fire a trigger; returns at once."""

    def program(self, bank: int, number: int) -> None:
        """Choose a preset: bank 0..16383, number 0..127."""


@dataclass(frozen=True, slots=True)
class KnobPosition:
    """Position of an absolute controller that waits, or waited, to take over its control."""

    control: ControlKey
    knob: float
    """Position of the controller in the range of the control, 0..1."""
    waiting: bool
    """Whether it has not taken over yet."""


@dataclass(slots=True)
class _Button:
    """State of a binding with two positions."""

    down: bool = False
    before: Value | None = None
    """Value that the release of a held button restores."""


Key = tuple[Binding, int]
"""A binding, and the channel its controller was received on."""


class Router:
    """Applies the moves of one device to the controls.

    Args:
        controls: The controls to change.
        bindings: Controllers and the controls they move; may change.
        rate: Frames per second.
        takeover: Returns the takeover mode of bindings that have none of their own.
    """

    def __init__(
        self,
        controls: ControlAccess,
        bindings: Bindings,
        rate: int,
        takeover: Callable[[], Takeover],
    ) -> None:
        self._controls = controls
        self._bindings = bindings
        self._rate = rate
        self._takeover = takeover
        self._takeover_states: dict[Key, TakeoverState] = {}
        self._buttons: dict[Key, _Button] = {}
        self._banks: dict[int, int] = {}
        self._moving: Key | None = None
        self._panicked: int | None = None
        self.knob_position: KnobPosition | None = None
        """Of the last controller moved that had not taken over its control."""

    def apply(self, move: ControllerMove) -> None:
        """Change every control that is bound to the controller moved."""
        bindings = self._bindings.moved_by(move.source)
        for binding in bindings:
            self._apply_to(binding, move)
        if not bindings and move.source.kind is ControllerKind.PROGRAM:
            bank = self._banks.get(move.source.channel, 0)
            self._controls.program(bank, move.source.number)

    def mode_message(self, event: MidiEvent) -> None:
        """Handle controller numbers with a fixed meaning: panic, reset, bank."""
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
        """Forget the positions of a channel's controllers, or of all for 0; values stay."""
        for key in [key for key in self._takeover_states if channel in (0, key[1])]:
            del self._takeover_states[key]

    def changed(self, control: ControlKey) -> None:
        """Note that a control changed; controllers that did not change it lose their hold."""
        for key, state in self._takeover_states.items():
            if key[0].control == control and key != self._moving:
                scaling = ValueScaling(self._controls.table[control.name], key[0].target)
                state.release(scaling.zone(self._controls.value(control)), _step(key[0], FINE))

    def _panic(self, frame: int) -> None:
        last, self._panicked = self._panicked, frame
        if last is None or not 0 <= frame - last < _ONE_PANIC_S * self._rate:
            self._controls.fire(ControlKey(1, "panic"))

    def _apply_to(self, binding: Binding, move: ControllerMove) -> None:
        row = self._controls.table[binding.control.name]
        key = (binding, move.source.channel)
        if move.relative and row.kind is not Kind.TRIGGER:
            self._nudge(key, row, move.raw, 1.0 / FINE)
        elif binding.mode.relative and row.kind is not Kind.TRIGGER:
            self._nudge(key, row, _clicks(binding.mode, move.raw), binding.step)
        elif row.kind is Kind.TRIGGER:
            if self._pressed(key, move):
                self._controls.fire(binding.control)
        elif binding.value is not None:
            self._choose(key, binding.value, move)
        elif binding.mode is Mode.TOGGLE:
            if self._pressed(key, move):
                scaling = ValueScaling(row, binding.target)
                at_end = self._controls.value(binding.control) == scaling.value(1.0)
                self._set(key, scaling.value(0.0 if at_end else 1.0))
        elif binding.mode is Mode.MOMENTARY:
            self._set(key, ValueScaling(row, binding.target).value(float(move.pressed)))
        elif move.source.kind is not ControllerKind.NOTE or move.pressed:
            self._turn(key, row, move)

    def _turn(self, key: Key, row: Parameter, move: ControllerMove) -> None:
        """Follow an absolute controller as its takeover mode allows."""
        binding, _ = key
        scaling = ValueScaling(row, binding.target)
        takeover = binding.takeover or self._takeover()
        if row.kind is Kind.TOGGLE or move.source.kind.is_button:
            takeover = Takeover.JUMP  # a switch has no positions in between to pick up at
        zone = scaling.zone(self._controls.value(binding.control))
        state = self._takeover_states.setdefault(key, TakeoverState())
        position = _position(binding, move)
        if scaling.steps:  # give each choice the same number of raw values
            position *= move.top / (move.top + 1)
        to = state.move(position, _step(binding, move.top), zone, takeover)
        if not state.holds or (
            self.knob_position and self.knob_position.control == binding.control
        ):
            knob = normalised(row, scaling.value(position))
            self.knob_position = KnobPosition(binding.control, knob, waiting=not state.holds)
        if to is not None:
            self._set(key, scaling.value(to))

    def _nudge(self, key: Key, row: Parameter, clicks: int, step: float) -> None:
        """Move a control by steps from its value; a choice by one for each message."""
        scaling = ValueScaling(row, key[0].target)
        value = self._controls.value(key[0].control)
        if scaling.steps:
            low, high = scaling.zone(value)
            way = (clicks > 0) - (clicks < 0)
            position = (low + high) / 2 + way * (high - low)
        else:
            position = scaling.position(value) + clicks * max(step, scaling.least_step)
        self._set(key, scaling.value(min(max(position, 0.0), 1.0)))

    def _choose(self, key: Key, value: Value, move: ControllerMove) -> None:
        """Set a fixed value at a press; the release of a held button restores the old one."""
        binding, _ = key
        now = self._controls.value(binding.control)
        if self._pressed(key, move):
            self._buttons[key].before = now
            self._set(key, value)
        elif binding.mode is Mode.MOMENTARY and not move.pressed:
            before = self._buttons[key].before
            self._buttons[key].before = None
            if before is not None and now == value:
                self._set(key, before)

    def _pressed(self, key: Key, move: ControllerMove) -> bool:
        """Return whether this move is a press of a button."""
        button = self._buttons.setdefault(key, _Button())
        goes_down = move.pressed and (move.source.kind.is_button or not button.down)
        button.down = move.pressed
        return goes_down

    def _set(self, key: Key, value: Value) -> None:
        control = key[0].control
        if value == self._controls.value(control):
            return
        self._moving = key
        try:
            self._controls.set(control, value)
        finally:
            self._moving = None


def _position(binding: Binding, move: ControllerMove) -> float:
    """Return the position of a controller in its input range, 0..1."""
    if binding.input is None:
        return move.position
    low, high = (end / binding.source.kind.top for end in binding.input)
    return min(max((move.position - low) / (high - low), 0.0), 1.0)


def _step(binding: Binding, top: int) -> float:
    """Return the smallest step of a controller, as a part of its input range."""
    if binding.input is None:
        return 1.0 / top
    low, high = binding.input
    return binding.source.kind.top / (top * abs(high - low))


def _clicks(mode: Mode, raw: int) -> int:
    """Return the clicks of an encoder from its raw value; to the right is positive.

    Example:
        >>> [_clicks(mode, 65) for mode in (Mode.TWOS, Mode.OFFSET, Mode.SIGN)]
        [-63, 1, -1]
    """
    if mode is Mode.TWOS:
        return raw - 128 if raw > 63 else raw
    if mode is Mode.OFFSET:
        return raw - 64
    return 64 - raw if raw > 64 else raw % 64
