"""The commands of ``/liveband/midi``."""

from bridge.common.errors import ConfigError, FailureCode, ParameterError
from bridge.controls.parameters import ROOT, Kind, Value
from bridge.controls.table import ControlKey
from bridge.controls.target import CommandHandler, Reply, done
from bridge.midi.binding import Binding, ControllerKind, Mode, Source, Takeover, one_of
from bridge.midi.device import Device
from bridge.midi.service import MidiService

__all__ = ["commands"]


def commands(service: MidiService) -> dict[str, CommandHandler]:
    """Return the handler of each command, by its path below the root."""
    handlers = _Commands(service)
    return {
        "midi/learn": handlers.learn,
        "midi/learn/cancel": handlers.cancel,
        "midi/map": handlers.bind,
        "midi/unmap": handlers.unbind,
        "midi/list": handlers.list_bindings,
        "midi/clear": handlers.clear,
        "midi/load": handlers.load,
        "midi/save": handlers.save,
    }


class _Commands:
    def __init__(self, service: MidiService) -> None:
        self._service = service

    async def learn(
        self,
        control: str,
        low: Value | None = None,
        high: Value | None = None,
        takeover: str = "",
    ) -> list[Reply]:
        key = self._control(control)
        target = _target(low, high)
        try:
            mode = one_of("takeover", takeover.casefold(), Takeover)
            _, binding = await self._service.learn(key, target, mode)
        except ConfigError as error:
            raise ParameterError(str(error)) from error
        source = binding.source
        learnt = (f"{ROOT}/{key}", str(source.kind), source.channel, source.number)
        return [("midi/learned", (*learnt, str(binding.mode))), done("midi/learn", learnt[0])]

    async def cancel(self) -> list[Reply]:
        return [done("midi/learn/cancel", int(self._service.cancel()))]

    async def bind(
        self,
        control: str,
        kind: str,
        channel: int,
        number: int,
        low: Value | None = None,
        high: Value | None = None,
        takeover: str = "",
        mode: str = "absolute",
    ) -> list[Reply]:
        device = self._service.device()
        try:
            binding = Binding(
                control=self._control(control),
                source=Source(one_of("type", kind.casefold(), ControllerKind), channel, number),
                target=_target(low, high),
                takeover=one_of("takeover", takeover.casefold(), Takeover),
                mode=one_of("mode", mode.casefold(), Mode),
            )
            device.add(binding)
        except ConfigError as error:
            raise ParameterError(str(error)) from error
        await self._service.keep(device)
        return [done("midi/map", f"{ROOT}/{binding.control}")]

    async def unbind(self, control: str) -> list[Reply]:
        key = self._control(control)
        count = 0
        for device in self._service.devices:
            count += device.bindings.remove(key)
            device.rebound()
            await self._service.keep(device)
        return [done("midi/unmap", f"{ROOT}/{key}", count)]

    async def list_bindings(self, device: str = "") -> list[Reply]:
        devices = [self._service.device(device)] if device else self._service.devices
        rows = [
            ("midi/binding", self._described(each, binding))
            for each in devices
            for binding in each.bindings.in_force
        ]
        return [*rows, done("midi/list", len(rows))]

    async def clear(self, device: str = "") -> list[Reply]:
        devices = [self._service.device(device)] if device else self._service.devices
        count = 0
        for each in devices:
            count += each.bindings.clear()
            each.rebound()
            await self._service.keep(each)
        return [done("midi/clear", count)]

    async def load(self, name: str = "") -> list[Reply]:
        try:
            device = await self._service.load(name)
        except ConfigError as error:
            raise ParameterError(str(error), FailureCode.FILE) from error
        return [done("midi/load", device.name, len(device.bindings.own))]

    async def save(self, name: str = "") -> list[Reply]:
        try:
            path = await self._service.keep(self._service.device(), name)
        except ConfigError as error:
            raise ParameterError(str(error), FailureCode.FILE) from error
        return [done("midi/save", path.name)]

    def _control(self, text: str) -> ControlKey:
        name = text.removeprefix(f"{ROOT}/").removeprefix("player/1/")
        key = self._service.table.key(name)
        if key is None or self._service.table[key.name].kind is Kind.READING:
            raise ParameterError(
                f"no control {text[:80]!r} to bind; {ROOT}/dump lists those there are",
                FailureCode.ADDRESS,
            )
        return key

    def _described(self, device: Device, binding: Binding) -> tuple[float | int | str, ...]:
        """Return address, type, channel, number, mode, takeover, low, high, origin, device."""
        ends: tuple[Value, ...] = ("", "")
        if binding.value is not None:
            ends = (binding.value, binding.value)
        elif binding.target is not None:
            ends = binding.target
        source = binding.source
        return (
            f"{ROOT}/{binding.control}",
            str(source.kind),
            source.channel,
            source.number,
            str(binding.mode),
            str(binding.takeover),
            *ends,
            "own" if binding in device.bindings.own else "default",
            device.name,
        )


def _target(low: Value | None, high: Value | None) -> tuple[Value, Value] | None:
    """Return the two ends of a range; None for none, or two empty texts."""
    if low is None or (low == "" and high == ""):
        return None
    if high is None:
        raise ParameterError("a range has two ends, got only the first", FailureCode.COUNT)
    return low, high
