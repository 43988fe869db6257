"""One controller: what it says moves the desk, what the desk says comes back to it.

Pure: events go in with their frames, messages come out; ``bridge.midi.service`` has the ports.
"""

from collections.abc import Iterator

from bridge.controls.parameters import Kind, Value
from bridge.controls.table import ControlKey
from bridge.midi.binding import Binding, Mode, Takeover
from bridge.midi.binding_files import DeviceMap
from bridge.midi.bindings import Bindings
from bridge.midi.clock_in import ClockFollower
from bridge.midi.controller_events import ControllerDecoder, ControllerMove
from bridge.midi.event import MidiEvent
from bridge.midi.feedback import Feedback
from bridge.midi.learn import Heard, Learner
from bridge.midi.router import KnobPosition, Router, Surface

__all__ = ["Device"]

_CHANNEL, _FEEDBACK, _TAKEOVER = (
    ControlKey(1, name) for name in ("midi/channel", "midi/feedback", "midi/takeover")
)


class Device:
    """A controller with its bindings, its clock and its lamps.

    Args:
        name: Name of its port.
        surface: The desk.
        rate: Frames per second.
    """

    def __init__(self, name: str, surface: Surface, rate: int) -> None:
        self.name = name
        self.bindings = Bindings(surface.table)
        self.clock = ClockFollower(rate)
        self.learner = Learner(rate)
        self._surface = surface
        self._rate = rate
        self._connect(self.bindings)

    @property
    def reach(self) -> KnobPosition | None:
        """How the controller stands that was moved last without holding its control."""
        return self._router.reach

    def feed(self, event: MidiEvent) -> None:
        """Take one event."""
        if not event.channel:
            self.clock.feed(event)
            return
        only = int(self._surface.value(_CHANNEL))
        if only and event.channel != only:
            return
        self._router.mode_message(event)
        self._take(self._assembler.feed(event))

    def tick(self, frame: int) -> list[bytes]:
        """Do what time brings; return what the controller is to be told.

        Args:
            frame: Now.
        """
        self._take(self._assembler.flush(frame))
        return self._feedback.due(frame) if self._surface.value(_FEEDBACK) else []

    def changed(self, control: ControlKey) -> None:
        """Note that a control changed, whoever did it."""
        self._router.changed(control)
        self._feedback.changed(control)
        if control == _FEEDBACK:
            self.show_everything()

    def show_everything(self) -> None:
        """Tell the controller all values again, as when it has just been plugged in."""
        self._feedback.everything()

    def adopt(self, device_map: DeviceMap) -> None:
        """Take the bindings of a map in place of those there are."""
        bindings = Bindings(
            self._surface.table,
            device_map.bindings,
            frozenset(device_map.released),
            defaults=device_map.defaults,
        )
        self._connect(bindings)

    def add(self, binding: Binding) -> Binding:
        """Add a binding.

        Raises:
            ConfigError: The table cannot meet it.
        """
        made = self.bindings.add(binding)
        self.rebound()
        return made

    def rebound(self) -> None:
        """Note that the bindings were changed."""
        self._assembler.alone = self.bindings.alone
        self.show_everything()

    def to_save(self) -> DeviceMap:
        """Return what its player chose."""
        return DeviceMap(
            device=self.name,
            bindings=self.bindings.own,
            released=tuple(sorted(self.bindings.released)),
            defaults=self.bindings.defaults,
        )

    def bind_heard(
        self,
        heard: Heard,
        control: ControlKey,
        target: tuple[Value, Value] | None,
        takeover: Takeover,
    ) -> Binding:
        """Bind what the learner found.

        A button that springs back turns an on-off switch over; one that stays sets it.

        Raises:
            ConfigError: It cannot move that control, or not so.
        """
        mode = heard.mode
        row = self._surface.table.by_name.get(control.name)
        if heard.springs_back and row is not None and row.kind is Kind.TOGGLE:
            mode = Mode.TOGGLE
        return self.add(
            Binding(
                control=control,
                source=heard.source,
                mode=mode,
                target=target,
                takeover=takeover,
            )
        )

    def _connect(self, bindings: Bindings) -> None:
        self.bindings = bindings
        self._assembler = ControllerDecoder(self._rate, bindings.alone)
        self._router = Router(self._surface, bindings, self._rate, self._takeover)
        self._feedback = Feedback(
            bindings, self._surface.value, self._assembler.fineness, self._rate
        )
        self.show_everything()

    def _takeover(self) -> Takeover:
        return Takeover(str(self._surface.value(_TAKEOVER)))

    def _take(self, touches: Iterator[ControllerMove]) -> None:
        """Hand touches on; while learning, they are looked at and move nothing."""
        for touch in touches:
            if self._feedback.is_echo(touch):
                continue
            self.learner.hear(touch)
            self._feedback.touched(touch)
            if not self.learner.active:
                self._router.touch(touch)
