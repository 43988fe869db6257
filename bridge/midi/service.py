"""MIDI service of the control process: reads and writes the ports, learns, keeps the maps.

The meaning of events is decided in ``bridge.midi.device``; the clock, the loop and the files
are here.
"""

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.common.background import TaskErrors
from bridge.common.errors import BridgeError, FailureCode, RefusedError
from bridge.common.remembered_files import Parsed, RememberedFiles
from bridge.controls.controls import normalised
from bridge.controls.parameters import Table, Value
from bridge.controls.readings import MidiReading, TakeoverReading
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.midi.binding import Binding, Takeover
from bridge.midi.binding_files import DeviceMap, earlier_file_of, file_of, parse_map, text_of
from bridge.midi.clock_in import ClockPosition
from bridge.midi.device import Device
from bridge.midi.event import MidiEvent, decode
from bridge.midi.frame_clock import FrameClock
from bridge.midi.ports import MidiPort
from bridge.midi.router import KnobPosition
from bridge.midi.store_access import ProgramHook, StoreAccess
from model.formats.names import composed, entries_in

__all__ = ["LEARN_S", "MidiService"]

logger = logging.getLogger(__name__)

LEARN_S = 30.0
"""Longest wait for a controller to be moved."""

_TICK_S = 0.005


@dataclass(frozen=True, slots=True)
class _LearnRequest:
    """A control to be bound to the next controller that is moved."""

    control: ControlKey
    target: tuple[Value, Value] | None
    takeover: Takeover
    result: asyncio.Future[tuple[Device, Binding]]


class MidiService:
    """All MIDI devices.

    Args:
        store: The controls they move.
        ports: Their ports.
        clock: Frames of the audio host.
        folder: Where maps are kept.
        on_program: Loads presets for program changes; None if there are none.
        files: Sets aside a map that cannot be used, and knows why; one of its own where none
            is given.
        errors: Told what a message or a port does that nobody expected.

    Raises:
        ConfigError: The name of a port has no letters or digits.
    """

    def __init__(
        self,
        store: ControlStore,
        ports: Sequence[MidiPort],
        clock: FrameClock,
        folder: Path,
        on_program: ProgramHook | None = None,
        files: RememberedFiles | None = None,
        errors: TaskErrors | None = None,
    ) -> None:
        self._errors = errors or TaskErrors()
        self._controls = StoreAccess(store, on_program, self._errors)
        self._clock = clock
        self._folder = folder
        self._files = files or RememberedFiles()
        self._ports = tuple(ports)
        self.devices = tuple(Device(port.name, self._controls, clock.rate) for port in ports)
        self.last_event = MidiReading()
        self._knob_position: KnobPosition | None = None
        self._learning: _LearnRequest | None = None
        self._writing = asyncio.Lock()
        for device in self.devices:
            device_map = self._remembered(device.name)
            if device_map is not None:
                device.adopt(device_map)
        store.follow(self._changed)

    @property
    def table(self) -> Table:
        """The controls there are."""
        return self._controls.table

    def use_table(self, _: Table) -> None:
        """Check all bindings against the table that the store has now."""
        for device in self.devices:
            device.adopt(device.to_save())

    def position(self, frame: int) -> ClockPosition | None:
        """Return the position of the first device that sends a MIDI clock, at a frame."""
        found = (device.clock.position(frame) for device in self.devices)
        return next((position for position in found if position is not None), None)

    def send_at(self, message: bytes, frame: int) -> None:
        """Send a message to every port at a frame, as exactly as the port can."""
        for port in self._ports:
            port.send(message, frame)

    @property
    def takeover(self) -> TakeoverReading:
        """Positions of the knob that waits to take over its control, and of that control."""
        knob_position = self._knob_position
        if knob_position is None:
            return TakeoverReading()
        row = self._controls.table[knob_position.control.name]
        value = normalised(row, self._controls.value(knob_position.control))
        return TakeoverReading(
            control=str(knob_position.control),
            knob=knob_position.knob,
            value=value,
            waiting=knob_position.waiting,
        )

    async def run(self) -> None:
        """Run ``step`` every 5 ms until cancelled."""
        try:
            await self._errors.repeat("MIDI", self.step, lambda: _TICK_S)
        finally:
            self._controls.close()
            for port in self._ports:
                port.close()

    def step(self) -> None:
        """Process what has arrived and send what is due."""
        for port, device in zip(self._ports, self.devices, strict=True):
            now, knob_position = self._clock.now(), device.knob_position
            device.clock.follow_rate(self._clock.rate)
            for frame, message in port.receive(self._clock):
                with self._errors.caught("MIDI"):  # the next message is another one
                    self._take(device, decode(message, frame))
            if port.plugged_in():
                device.show_everything()
            for message in device.tick(now):
                port.send(message)
            if device.knob_position is not knob_position:
                self._knob_position = device.knob_position
            self._bind_detected(device, now)

    def _take(self, device: Device, event: MidiEvent | None) -> None:
        if event is not None:
            self._monitor(event)
            device.feed(event)

    async def learn(
        self, control: ControlKey, target: tuple[Value, Value] | None, takeover: Takeover
    ) -> tuple[Device, Binding]:
        """Bind the next controller that is moved, and save the map.

        Raises:
            RefusedError: Code 7, there is no port, or it was cancelled; 6, another control
                is to be learnt now; 8, nothing was moved within 30 s; 9, it is bound but could
                not be saved.
            ConfigError: The controller cannot move that control in that way.
        """
        self.device()
        self.cancel(f"{control} was to learn instead", FailureCode.BUSY)
        request = _LearnRequest(
            control, target, takeover, asyncio.get_running_loop().create_future()
        )
        self._learning = request
        for device in self.devices:
            device.learner.begin(self._clock.now())
        try:
            async with asyncio.timeout(LEARN_S):
                device, binding = await request.result
        except TimeoutError:
            raise RefusedError(
                f"no controller was moved within {LEARN_S:g} s; see that it is connected, "
                f"/liveband/midi/monitor shows what comes in",
                FailureCode.TIMED_OUT,
            ) from None
        finally:
            if self._learning is request:
                self._end_learning()
        await self.keep(device)
        return device, binding

    def cancel(self, why: str = "cancelled", code: int = FailureCode.UNAVAILABLE) -> bool:
        """Stop learning; return whether it was under way."""
        request = self._learning
        if request is None:
            return False
        self._end_learning()
        if not request.result.done():
            request.result.set_exception(RefusedError(f"not learnt: {why}", code))
        return True

    def device(self, name: str = "") -> Device:
        """Return a device by its name, or the first one for an empty name.

        Raises:
            RefusedError: There is no such device.
        """
        for device in self.devices:
            if composed(name) in ("", composed(device.name)):
                return device
        known = ", ".join(device.name for device in self.devices)
        raise RefusedError(
            f"no MIDI device {name!r}; there are {known}"
            if known
            else "no MIDI port is open: start with --backend jack, or with --midi NAME"
        )

    async def keep(self, device: Device, name: str = "") -> Path:
        """Save a device's map under its own name or another; return the file.

        Raises:
            RefusedError: Code 9, it cannot be written; the bindings are in force all the same.
            ConfigError: The name has no letters or digits.
        """
        path = file_of(self._folder, name or device.name)
        async with self._writing:
            try:
                text = text_of(device.to_save())
                await asyncio.to_thread(self._files.replace, path, text, self._parse)
            except RefusedError as error:
                raise RefusedError(f"in force, but {error}", error.code) from error
        return path

    async def load(self, name: str = "") -> Device:
        """Load a saved map; return the device it is in force for.

        Raises:
            RefusedError: Code 9, there is no such file or it cannot be read; what cannot be
                read is set aside.
            ConfigError: Something in it is wrong; the map in force stays.
        """
        wanted = name or self.device().name
        path = file_of(self._folder, wanted)
        if not os.path.lexists(path):
            path = earlier_file_of(self._folder, wanted) or path
        try:
            device_map = self._files.read_all(path, self._parse)
        except FileNotFoundError:
            maps = (each for each in entries_in(self._folder) if each.suffix == ".toml")
            known = ", ".join(each.stem for each in maps)
            raise RefusedError(
                f"there is no map {path}; there are {known or 'none yet'}", FailureCode.FILE
            ) from None
        named = composed(device_map.device)
        device = next(
            (each for each in self.devices if composed(each.name) == named), self.device()
        )
        device.adopt(device_map)
        await self.keep(device)
        return device

    async def finish(self) -> None:
        """Wait until every move has reached the engine."""
        await self._controls.finish()

    def _parse(self, text: str) -> Parsed[DeviceMap]:
        return parse_map(text, self._controls.table)

    def _remembered(self, device: str) -> DeviceMap | None:
        """Return what can be used of a device's map; None where there is nothing of it."""
        device_map = self._files.read(file_of(self._folder, device), self._parse, None)
        earlier = earlier_file_of(self._folder, device)
        if device_map is not None or earlier is None:
            return device_map
        shared = self._files.read(earlier, self._parse, None)
        return shared if shared is not None and shared.device == device else None

    def _bind_detected(self, device: Device, frame: int) -> None:
        detected = device.learner.detected(frame)
        request = self._learning
        if detected is None or request is None:
            return
        self._end_learning()
        if request.result.done():
            return
        try:
            binding = device.bind_detected(
                detected, request.control, request.target, request.takeover
            )
        except BridgeError as error:
            request.result.set_exception(error)
        else:
            request.result.set_result((device, binding))

    def _end_learning(self) -> None:
        self._learning = None
        for device in self.devices:
            device.learner.cancel()

    def _changed(self, control: ControlKey) -> None:
        for device in self.devices:
            device.changed(control)

    def _monitor(self, event: MidiEvent) -> None:
        if event.channel:
            self.last_event = MidiReading(
                sort=str(event.kind),
                channel=event.channel,
                number=event.number,
                value=event.value,
                count=self.last_event.count + 1,
            )
