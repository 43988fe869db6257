"""Controls without an engine and a port without a cable, to test MIDI devices with."""

from collections import deque

from bridge.controls.controls import Controls
from bridge.controls.parameters import PARAMETERS, Table, Value
from bridge.controls.table import ControlKey
from bridge.midi.device import Device
from bridge.midi.event import decode
from bridge.midi.frame_clock import FrameClock

__all__ = ["FakeControls", "FakePort", "play"]


def key(name: str) -> ControlKey:
    """Return the key of ``stem`` or ``player/2/stem``, also of a control that is not there."""
    return PARAMETERS.key(name) or ControlKey(1, name)


class FakeControls:
    """Implements ``bridge.midi.router.ControlAccess``; changes are in force at once.

    Attributes:
        fired: Triggers in the order they were fired.
        programs: Presets chosen, as ``(bank, number)``.
        moves: Names and values in the order they were set by a device.
        devices: Devices that are told of every change, as by the service.
    """

    def __init__(self, table: Table = PARAMETERS) -> None:
        self.controls = Controls(table)
        self.fired: list[str] = []
        self.programs: list[tuple[int, int]] = []
        self.moves: list[tuple[str, Value]] = []
        self.devices: list[Device] = []

    @property
    def table(self) -> Table:
        """The controls there are."""
        return self.controls.table

    def value(self, control: ControlKey) -> Value:
        """Return the value of a control."""
        return self.controls.of(control.player)[control.name]

    def __getitem__(self, name: str) -> Value:
        """Return the value of ``stem`` or ``player/2/stem``."""
        return self.value(key(name))

    def set(self, control: ControlKey, value: Value) -> None:
        """Set a control as a device does."""
        self.moves.append((str(control), value))
        self.change(str(control), value)

    def change(self, name: str, value: Value) -> None:
        """Set a control from elsewhere, such as OSC."""
        control = key(name)
        self.controls = self.controls.of(control.player).apply(control.name, value).of(1)
        for device in self.devices:
            device.changed(control)

    def fire(self, control: ControlKey) -> None:
        """Note a trigger."""
        self.fired.append(str(control))

    def program(self, bank: int, number: int) -> None:
        """Note a preset."""
        self.programs.append((bank, number))

    def device(self, name: str = "jack", rate: int = 48_000) -> Device:
        """Return a device that moves these controls and is told of their changes."""
        device = Device(name, self, rate)
        self.devices.append(device)
        return device


class FakePort:
    """Implements ``bridge.midi.ports.MidiPort`` with two lists.

    Attributes:
        arriving: ``(frame, message)`` that the service will find.
        sent: Messages it was told to send.
        sent_at: Their frames; 0 is at once.
        came: Whether the device was just plugged in.
        closed: Whether it was let go.
    """

    def __init__(self, name: str = "jack") -> None:
        self.name = name
        self.arriving: deque[tuple[int, bytes]] = deque()
        self.sent: list[bytes] = []
        self.sent_at: list[int] = []
        self.came = False
        self.closed = False

    def receive(self, clock: FrameClock) -> list[tuple[int, bytes]]:
        """Return what arrived."""
        arrived = []
        while self.arriving:  # one by one: more may come from another thread
            arrived.append(self.arriving.popleft())
        return arrived

    def send(self, message: bytes, frame: int = 0) -> None:
        """Keep a message and its frame."""
        self.sent.append(message)
        self.sent_at.append(frame)

    def plugged_in(self) -> bool:
        """Return ``came``, once."""
        came, self.came = self.came, False
        return came

    def close(self) -> None:
        """Note that it was let go."""
        self.closed = True


def play(device: Device, *messages: bytes, frame: int = 0, apart: int = 0) -> None:
    """Feed messages to a device, ``apart`` frames from one to the next."""
    for index, message in enumerate(messages):
        event = decode(message, frame + index * apart)
        if event is not None:
            device.feed(event)
