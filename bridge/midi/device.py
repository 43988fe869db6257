"""One MIDI device: its events move controls, and it is sent the values of controls.

Events go in with their frames, messages come out; the ports are in ``bridge.midi.service``.
"""

from collections.abc import Iterator

from bridge.controls.parameters import Kind, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import Binding, Mode, Takeover
from bridge.midi.binding_files import DeviceMap
from bridge.midi.clock_in import ClockFollower
from bridge.midi.controller_events import ControllerDecoder, ControllerMove
from bridge.midi.device_bindings import Bindings
from bridge.midi.event import MidiEvent
from bridge.midi.feedback import Feedback
from bridge.midi.learn import DetectedController, Learner
from bridge.midi.router import ControlAccess, KnobPosition, Router

__all__ = ["Device"]

_CHANNEL, _FEEDBACK, _TAKEOVER = (
    ControlKey(1, name) for name in ("midi/channel", "midi/feedback", "midi/takeover")
)


class Device:
    """A MIDI device with its bindings, its clock and its displays.

    Args:
        name: Name of its port.
        controls: The controls it reads and changes.
        rate: Frames per second.
    """

    def __init__(self, name: str, controls: ControlAccess, rate: int) -> None:
        self.name = name
        self.bindings = Bindings(controls.table)
        self.clock = ClockFollower(rate)
        self.learner = Learner(rate)
        self._controls = controls
        self._rate = rate
        self._connect(self.bindings)

    @property
    def knob_position(self) -> KnobPosition | None:
        """Position of the last controller moved that had not taken over its control."""
        return self._router.knob_position

    def feed(self, event: MidiEvent) -> None:
        """Process one event."""
        if not event.channel:
            self.clock.feed(event)
            return
        only = int(self._controls.value(_CHANNEL))
        if only and event.channel != only:
            return
        self._router.mode_message(event)
        self._process(self._decoder.feed(event))

    def tick(self, frame: int) -> list[bytes]:
        """Do what is due; return the messages to send to the device.

        Args:
            frame: The present one.
        """
        self._process(self._decoder.flush(frame))
        return self._feedback.due(frame) if self._controls.value(_FEEDBACK) else []

    def changed(self, control: ControlKey) -> None:
        """Note that a control changed, whatever changed it."""
        self._router.changed(control)
        self._feedback.changed(control)
        if control == _FEEDBACK:
            self.show_everything()

    def show_everything(self) -> None:
        """Send the device all values again, as when it has just been plugged in."""
        self._feedback.everything()

    def adopt(self, device_map: DeviceMap) -> None:
        """Replace all bindings by those of a map."""
        bindings = Bindings(
            self._controls.table,
            device_map.bindings,
            device_map.released,
            defaults=device_map.defaults,
        )
        self._connect(bindings)

    def add(self, binding: Binding) -> Binding:
        """Add a binding.

        Raises:
            ConfigError: The table has no such control, or it cannot be moved so.
        """
        made = self.bindings.add(binding)
        self.rebound()
        return made

    def rebound(self) -> None:
        """Note that bindings were changed."""
        self._decoder.standalone = self.bindings.standalone
        self.show_everything()

    def to_save(self) -> DeviceMap:
        """Return the bindings made for this device."""
        return DeviceMap(
            device=self.name,
            bindings=self.bindings.own,
            released=self.bindings.released,
            defaults=self.bindings.defaults,
        )

    def bind_detected(
        self,
        detected: DetectedController,
        control: ControlKey,
        target: tuple[Value, Value] | None,
        takeover: Takeover,
    ) -> Binding:
        """Bind the controller that the learner detected.

        A button that springs back toggles an on-off switch; one that stays sets it.

        Raises:
            ConfigError: It cannot move that control, or not in that way.
        """
        mode = detected.mode
        row = self._controls.table.by_name.get(control.name)
        if detected.springs_back and row is not None and row.kind is Kind.TOGGLE:
            mode = Mode.TOGGLE
        return self.add(
            Binding(
                control=control,
                source=detected.source,
                mode=mode,
                target=target,
                takeover=takeover,
            )
        )

    def _connect(self, bindings: Bindings) -> None:
        self.bindings = bindings
        self._decoder = ControllerDecoder(self._rate, bindings.standalone)
        self._router = Router(self._controls, bindings, self._rate, self._takeover)
        self._feedback = Feedback(
            bindings, self._controls.value, self._decoder.fineness, self._rate
        )
        self.show_everything()

    def _takeover(self) -> Takeover:
        return Takeover(str(self._controls.value(_TAKEOVER)))

    def _process(self, moves: Iterator[ControllerMove]) -> None:
        """Pass moves on; while learning, they are observed and change nothing."""
        for move in moves:
            if self._feedback.is_echo(move):
                continue
            self.learner.observe(move)
            self._feedback.moved(move)
            if not self.learner.active:
                self._router.apply(move)
