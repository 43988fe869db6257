"""A band without sound behind a control store, and an OSC server for it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread

from bridge.common.errors import SupersededError
from bridge.config import OscSettings
from bridge.controls.controls import Controls
from bridge.controls.parameters import ROOT
from bridge.controls.readings import (
    AudioReading,
    BankReading,
    BeatReading,
    ConnectionsReading,
    EngineReading,
    GrooveReading,
    LatencyReading,
    MeterReading,
    MidiReading,
    ModelReading,
    PendingReading,
    PresetReading,
    RecordReading,
    SeedReading,
    SpectrumReading,
    StatusReading,
    TakeoverReading,
    TaskErrorsReading,
    TransportReading,
)
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.controls.target import CommandHandler, Position, Reader, Reply, WaitingParts
from bridge.osc.endpoint import OscEndpoint

__all__ = ["FakeBand", "serving"]


_ENGINE = EngineReading(
    cycles=2**40,
    xruns=0,
    underruns=0,
    hops=20,
    late_hops=0,
    skipped_hops=0,
    restarts=0,
    rtf=0.25,
    step_mean_ms=12.5,
    step_p99_ms=15.0,
    step_max_ms=16.0,
)
_AUDIO = AudioReading(
    rate=48000,
    block=256,
    model_rate=48000,
    model_hop=2400,
    freewheel=False,
    realtime=True,
    backend="offline",
)
_LATENCY = LatencyReading(
    causal=7200,
    musical=0,
    resampler=0,
    adaptation=192,
    inference=2400,
    overlap=0,
    anticipation_s=0.1,
    safety=160,
    loop=0,
)


class FakeBand:
    """Implements ``bridge.controls.target.ControlTarget`` without sound.

    Attributes:
        applied: Every call of ``apply``: the names, and their values then.
        fired: Triggers in the order they were carried out.
        connections: Ports connected, as source and destination.
        refuse: Raised instead of applying or firing, if set; may depend on the names.
        quantized: Names of controls and triggers whose changes wait until ``land`` is called.
        within_s: How long they say they may wait.
        waiting: Those changes.
        gate: When cleared, ``apply`` of a hop control and ``fire`` of ``reset`` wait for it,
            as for an engine that is busy.
        level_db: What every meter shows.
        frame: Where the audio host is, None while there is none.
        commands: Commands it carries out, by path; more may be added.
        readings: Sources of the readings, by name of the row; may be replaced.
        ended: Whether ``quit`` was called.
    """

    def __init__(self) -> None:
        self.applied: list[dict[str, object]] = []
        self.fired: list[str] = []
        self.connections: set[tuple[str, str]] = set()
        self.refuse: Callable[[frozenset[str]], Exception | None] = lambda names: None
        self.quantized: set[str] = set()
        self.within_s = 8.0
        self.waiting: dict[ControlKey, asyncio.Future[None]] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.level_db = -120.0
        self.frame: int | None = None
        self.commands: dict[str, CommandHandler] = {
            "stems": self._list_stems,
            "jack/ports": self._list_ports,
            "jack/connect": self._connect,
            "jack/disconnect": self._disconnect,
            "quit": self._quit,
        }
        self.readings: dict[str, Reader] = {
            "status": lambda player: StatusReading(state="running"),
            "status/engine": lambda player: _ENGINE,
            "status/audio": lambda player: _AUDIO,
            "latency": lambda player: _LATENCY,
            "seed/actual": lambda player: SeedReading(seed=7),
            "groove/actual": lambda player: GrooveReading(),
            "meter/in": lambda player: self._meter(),
            "meter/out": lambda player: self._meter(),
            "spectrum/in": lambda player: SpectrumReading(),
            "spectrum/out": lambda player: SpectrumReading(),
            "status/connections": lambda player: ConnectionsReading(),
            "status/tasks": lambda player: TaskErrorsReading(),
            "midi/monitor": lambda player: MidiReading(),
            "midi/takeover/state": lambda player: TakeoverReading(),
            "preset": lambda player: PresetReading(),
            "record/state": lambda player: RecordReading(),
            "bank": lambda player: BankReading(),
            "beat": lambda player: BeatReading(),
            "model/info": lambda player: ModelReading(),
            "quantize/pending": lambda player: PendingReading(),
            "transport": lambda player: TransportReading(),
        }
        self.ended = False

    async def apply(self, controls: Controls, changed: frozenset[ControlKey]) -> WaitingParts:
        """Note the values that changed, unless told to refuse; those of ``quantized`` wait."""
        await self._consider(frozenset(map(str, changed)))
        self.applied.append(
            {str(key): controls.of(key.player)[key.name] for key in sorted(changed)}
        )
        return self._waiting(changed)

    async def fire(self, key: ControlKey, controls: Controls) -> WaitingParts:
        """Note the trigger, unless told to refuse."""
        await self._consider(frozenset({str(key)}))
        self.fired.append(str(key))
        return self._waiting({key})

    def land(self) -> None:
        """Let the line come that changes wait for."""
        waiting, self.waiting = self.waiting, {}
        for part in waiting.values():
            part.set_result(None)

    def _waiting(self, changed: Iterable[ControlKey]) -> WaitingParts:
        """Let changes wait for ``land``, in place of earlier ones of the same controls."""
        loop = asyncio.get_running_loop()
        parts = {key: loop.create_future() for key in changed if key.name in self.quantized}
        for key in parts.keys() & self.waiting.keys():
            self.waiting[key].set_exception(SupersededError())
        self.waiting |= parts
        return WaitingParts(parts=parts, line="bar", within_s=self.within_s)

    def position(self) -> Position | None:
        """Return where ``frame`` says."""
        return None if self.frame is None else Position(frame=self.frame, rate=48000)

    def _meter(self) -> MeterReading:
        level_db = self.level_db
        return MeterReading(
            peak_left_db=level_db,
            peak_right_db=level_db,
            rms_left_db=level_db,
            rms_right_db=level_db,
        )

    async def _list_stems(self) -> Sequence[Reply]:
        return [("stems", ("drums", "bass", "piano"))]

    async def _list_ports(self) -> Sequence[Reply]:
        ports = ("daw:out", "liveband:in_L")
        told: list[Reply] = [("jack/ports", (port,)) for port in ports]
        return [*told, _done("jack/ports", len(ports))]

    async def _connect(self, source: str, destination: str) -> Sequence[Reply]:
        await self._consider(frozenset({source, destination}))
        self.connections.add((source, destination))
        return [_done("jack/connect", source, destination)]

    async def _disconnect(self, source: str, destination: str) -> Sequence[Reply]:
        await self._consider(frozenset({source, destination}))
        self.connections.discard((source, destination))
        return [_done("jack/disconnect", source, destination)]

    async def _quit(self) -> Sequence[Reply]:
        self.ended = True
        return [_done("quit")]

    async def _consider(self, names: frozenset[str]) -> None:
        if names & {"stem", "anticipation", "noise", "seed", "reset"}:
            await self.gate.wait()
        error = self.refuse(names)
        if error is not None:
            raise error


def _done(command: str, *arguments: str | int) -> Reply:
    return "done", (f"{ROOT}/{command}", *arguments)


@contextmanager
def serving(band: FakeBand, *, port: int = 0) -> Iterator[int]:
    """Answer OSC on behalf of ``band``, on a thread, until the block ends.

    Yields:
        The UDP port in use.

    Raises:
        EnvironmentMissing: ``port`` is taken.
    """
    bound: Future[int] = Future()
    loop = asyncio.new_event_loop()
    ending = asyncio.Event()

    async def answer() -> None:
        try:
            endpoint = await OscEndpoint.open(
                ControlStore(band, Controls()), settings=OscSettings(port=port), version="0"
            )
        except Exception as error:  # raised again where the caller waits
            bound.set_exception(error)
            return
        bound.set_result(endpoint.port)
        await ending.wait()
        await endpoint.close()

    thread = Thread(target=lambda: loop.run_until_complete(answer()), name="osc")
    thread.start()
    try:
        yield bound.result()
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()
        loop.close()
