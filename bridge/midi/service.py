"""MIDI in the control process: ports are read, controllers answered, and maps kept.

What a controller means is decided in ``bridge.midi.device``; here are the clock, the loop and
the files around it.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.common.atomic_files import write_user_file
from bridge.common.errors import BridgeError, FailureCode, RefusedError
from bridge.controls.controls import normalised
from bridge.controls.parameters import Table, Value
from bridge.controls.readings import MidiReading, TakeoverReading
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.midi import binding_files as files
from bridge.midi.binding import Binding, Takeover
from bridge.midi.clock_in import ClockPosition
from bridge.midi.control_surface import ProgramHook, StoreSurface
from bridge.midi.device import Device
from bridge.midi.event import MidiEvent, decode
from bridge.midi.frame_clock import FrameClock
from bridge.midi.ports import MidiPort
from bridge.midi.router import KnobPosition

__all__ = ["LEARN_S", "MidiService"]

logger = logging.getLogger(__name__)

LEARN_S = 30.0
"""Longest wait for a controller to be moved."""

_TICK_S = 0.005


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A control that waits for its controller."""

    control: ControlKey
    target: tuple[Value, Value] | None
    takeover: Takeover
    learnt: asyncio.Future[tuple[Device, Binding]]


class MidiService:
    """All controllers.

    Args:
        store: Its controls are what they move.
        ports: Where they are.
        clock: Frames of the audio host.
        rate: Frames per second.
        folder: Where maps are kept.
        on_program: Loads presets for program changes; None where there are none.

    Raises:
        ConfigError: The map of a port cannot be used; the message names file, line and key.
    """

    def __init__(
        self,
        store: ControlStore,
        ports: Sequence[MidiPort],
        clock: FrameClock,
        rate: int,
        folder: Path,
        on_program: ProgramHook | None = None,
    ) -> None:
        self._surface = StoreSurface(store, on_program)
        self._clock = clock
        self._folder = folder
        self._ports = tuple(ports)
        self.devices = tuple(Device(port.name, self._surface, rate) for port in ports)
        self.heard = MidiReading()
        self._reach: KnobPosition | None = None
        self._lesson: _Lesson | None = None
        self._writing = asyncio.Lock()
        for device in self.devices:
            path = files.file_of(folder, device.name)
            if path.is_file():
                device.adopt(files.read(path, self._surface.table))
        store.follow(self._changed)

    @property
    def table(self) -> Table:
        """The controls there are."""
        return self._surface.table

    def retable(self, _: Table) -> None:
        """Have the bindings keep to the choices of the table that the store has now."""
        for device in self.devices:
            device.adopt(device.to_save())

    def position(self, frame: int) -> ClockPosition | None:
        """Return where the MIDI clock of the first controller that has one is, at a frame."""
        found = (device.clock.position(frame) for device in self.devices)
        return next((position for position in found if position is not None), None)

    def send_at(self, message: bytes, frame: int) -> None:
        """Send a message on every port at a frame, as exactly as the port can."""
        for port in self._ports:
            port.send(message, frame)

    @property
    def takeover(self) -> TakeoverReading:
        """Where the knob is that waits to pick up its control, and where that is."""
        reach = self._reach
        if reach is None:
            return TakeoverReading()
        row = self._surface.table[reach.control.name]
        value = normalised(row, self._surface.value(reach.control))
        return TakeoverReading(
            control=str(reach.control), knob=reach.knob, value=value, waiting=reach.waiting
        )

    async def run(self) -> None:
        """Read, answer and tell, until cancelled."""
        try:
            while True:
                try:
                    self.step()
                except Exception:  # a message with a bug behind it must not end MIDI
                    logger.exception("MIDI")
                await asyncio.sleep(_TICK_S)
        finally:
            self._surface.close()
            for port in self._ports:
                port.close()

    def step(self) -> None:
        """Do what has come in and what is due."""
        for port, device in zip(self._ports, self.devices, strict=True):
            now, reach = self._clock.now(), device.reach
            for frame, message in port.receive(self._clock):
                event = decode(message, frame)
                if event is not None:
                    self._note(event)
                    device.feed(event)
            if port.plugged_in():
                device.show_everything()
            for message in device.tick(now):
                port.send(message)
            if device.reach is not reach:
                self._reach = device.reach
            self._teach(device, now)

    async def learn(
        self, control: ControlKey, target: tuple[Value, Value] | None, takeover: Takeover
    ) -> tuple[Device, Binding]:
        """Bind the next controller that is moved, and keep it.

        Raises:
            RefusedError: Code 7, there is no port, or it was cancelled; 6, another control
                wants to learn now; 8, nothing was moved within 30 s; 9, it is bound but could
                not be written down.
            ConfigError: What was moved cannot move that control so.
        """
        self.device()
        self.cancel(f"{control} was to learn instead", FailureCode.BUSY)
        lesson = _Lesson(control, target, takeover, asyncio.get_running_loop().create_future())
        self._lesson = lesson
        for device in self.devices:
            device.learner.begin(self._clock.now())
        try:
            async with asyncio.timeout(LEARN_S):
                device, binding = await lesson.learnt
        except TimeoutError:
            raise RefusedError(
                f"no controller was moved within {LEARN_S:g} s; see that it is connected, "
                f"/liveband/midi/monitor shows what comes in",
                FailureCode.TIMED_OUT,
            ) from None
        finally:
            if self._lesson is lesson:
                self._end_lesson()
        await self.keep(device)
        return device, binding

    def cancel(self, why: str = "cancelled", code: int = FailureCode.UNAVAILABLE) -> bool:
        """Stop learning; return whether anything was being learnt."""
        lesson = self._lesson
        if lesson is None:
            return False
        self._end_lesson()
        if not lesson.learnt.done():
            lesson.learnt.set_exception(RefusedError(f"not learnt: {why}", code))
        return True

    def device(self, name: str = "") -> Device:
        """Return a device by its name, the first one for none.

        Raises:
            RefusedError: There is none.
        """
        for device in self.devices:
            if name in ("", device.name):
                return device
        known = ", ".join(device.name for device in self.devices)
        raise RefusedError(
            f"no MIDI device {name!r}; there are {known}"
            if known
            else "no MIDI port is open: start with --backend jack, or with --midi NAME"
        )

    async def keep(self, device: Device, name: str = "") -> Path:
        """Write a device's map down, under its own name or another; return the file.

        Raises:
            RefusedError: Code 9, it cannot be written; the bindings are in force all the same.
            ConfigError: The name has nothing that a file can be called.
        """
        path = files.file_of(self._folder, name or device.name)
        async with self._writing:
            try:
                text = files.text_of(device.to_save())
                await asyncio.to_thread(write_user_file, path, text)
            except RefusedError as error:
                raise RefusedError(f"in force, but {error}", error.code) from error
        return path

    async def load(self, name: str = "") -> Device:
        """Take a map that was kept; return the device that has it now.

        Raises:
            RefusedError: Code 9, there is no such file or it cannot be read.
            ConfigError: Something in it is wrong; the map in force stays.
        """
        path = files.file_of(self._folder, name or self.device().name)
        try:
            device_map = files.read(path, self._surface.table)
        except OSError as error:
            known = ", ".join(sorted(each.stem for each in self._folder.glob("*.toml")))
            raise RefusedError(
                f"{path} cannot be read: {error.strerror}; there are {known or 'none yet'}",
                FailureCode.FILE,
            ) from error
        device = next(
            (each for each in self.devices if each.name == device_map.device), self.device()
        )
        device.adopt(device_map)
        await self.keep(device)
        return device

    async def finish(self) -> None:
        """Wait until every move has reached the engine."""
        await self._surface.finish()

    def _teach(self, device: Device, frame: int) -> None:
        heard = device.learner.found(frame)
        lesson = self._lesson
        if heard is None or lesson is None:
            return
        self._end_lesson()
        if lesson.learnt.done():
            return
        try:
            binding = device.bind_heard(heard, lesson.control, lesson.target, lesson.takeover)
        except BridgeError as error:
            lesson.learnt.set_exception(error)
        else:
            lesson.learnt.set_result((device, binding))

    def _end_lesson(self) -> None:
        self._lesson = None
        for device in self.devices:
            device.learner.cancel()

    def _changed(self, control: ControlKey) -> None:
        for device in self.devices:
            device.changed(control)

    def _note(self, event: MidiEvent) -> None:
        if event.channel:
            self.heard = MidiReading(
                sort=str(event.kind),
                channel=event.channel,
                number=event.number,
                value=event.value,
                count=self.heard.count + 1,
            )
