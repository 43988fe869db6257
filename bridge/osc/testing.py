"""A bridge without sound, for whoever writes or tests a controller. Public."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread

from bridge.config import OscSettings
from bridge.controls.controls import Controls
from bridge.controls.readings import (
    AudioReading,
    BankReading,
    BeatReading,
    EngineReading,
    GrooveReading,
    LatencyReading,
    MeterReading,
    MidiReading,
    ModelReading,
    PendingReading,
    PresetReading,
    Reading,
    RecordReading,
    StatusReading,
    TakeoverReading,
    TransportReading,
)
from bridge.controls.store import ControlStore
from bridge.controls.target import CommandHandler, Position
from bridge.osc.endpoint import OscEndpoint

__all__ = ["FakeBand", "serving"]


class FakeBand:
    """Implements ``bridge.protocols.ControlTarget`` without sound.

    Attributes:
        applied: Every call of ``apply``: the names, and their values then.
        fired: Triggers in the order they were carried out.
        wires: Wires in force.
        refuse: Raised instead of applying or firing, if set; may depend on the names.
        gate: When cleared, ``apply`` of a hop control and ``fire`` of ``reset`` wait for it,
            as for an engine that is busy.
        level_db: What every meter shows.
        frame: Where the audio host is, None while there is none.
        commands: What other rooms carry out; empty unless set.
        readings: What other rooms tell.
        ended: Whether ``quit`` was called.
    """

    def __init__(self) -> None:
        self.applied: list[dict[str, object]] = []
        self.fired: list[str] = []
        self.wires: set[tuple[str, str]] = set()
        self.refuse: Callable[[frozenset[str]], Exception | None] = lambda names: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.level_db = -120.0
        self.frame: int | None = None
        self.commands: dict[str, CommandHandler] = {}
        self.readings: dict[str, Callable[[], Reading]] = {
            "midi/monitor": MidiReading,
            "midi/takeover/state": TakeoverReading,
            "preset": PresetReading,
            "record/state": RecordReading,
            "bank": BankReading,
            "beat": BeatReading,
            "model/info": ModelReading,
            "quantize/pending": PendingReading,
            "transport": TransportReading,
        }
        self.ended = False

    async def apply(self, controls: Controls, changed: frozenset[str]) -> None:
        """Note the values that changed, unless told to refuse."""
        await self._consider(changed)
        self.applied.append({name: controls[name] for name in sorted(changed)})

    async def fire(self, name: str, controls: Controls) -> None:
        """Note the trigger, unless told to refuse."""
        await self._consider(frozenset({name}))
        self.fired.append(name)

    def position(self) -> Position | None:
        """Return where ``frame`` says."""
        return None if self.frame is None else Position(frame=self.frame, rate=48000)

    def stems(self) -> tuple[str, ...]:
        """Return three."""
        return ("drums", "bass", "piano")

    def status(self) -> StatusReading:
        """Return that all is well."""
        return StatusReading(state="running")

    def engine_counters(self) -> EngineReading:
        """Return counters of a short, good run."""
        return EngineReading(
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

    def audio(self) -> AudioReading:
        """Return a host at the model's own rate."""
        return AudioReading(
            rate=48000,
            block=256,
            model_rate=48000,
            model_hop=2400,
            freewheel=False,
            realtime=True,
            backend="offline",
        )

    def latency(self) -> LatencyReading:
        """Return some latency that anticipation covers."""
        return LatencyReading(
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

    def seed(self) -> int:
        """Return a seed."""
        return 7

    def groove(self) -> GrooveReading:
        """Return that of who was told nothing."""
        return GrooveReading()

    def meters(self) -> tuple[MeterReading, MeterReading]:
        """Return ``level_db`` everywhere."""
        meter = MeterReading(
            peak_left_db=self.level_db,
            peak_right_db=self.level_db,
            rms_left_db=self.level_db,
            rms_right_db=self.level_db,
        )
        return meter, meter

    def ports(self) -> tuple[str, ...]:
        """Return one of each kind."""
        return ("daw:out", "liveband:in_L")

    async def connect(self, source: str, destination: str) -> None:
        """Make a wire."""
        await self._consider(frozenset({source, destination}))
        self.wires.add((source, destination))

    async def disconnect(self, source: str, destination: str) -> None:
        """Take a wire away."""
        await self._consider(frozenset({source, destination}))
        self.wires.discard((source, destination))

    def quit(self) -> None:
        """Note that the end was asked for."""
        self.ended = True

    async def _consider(self, names: frozenset[str]) -> None:
        if names & {"stem", "anticipation", "noise", "seed", "reset"}:
            await self.gate.wait()
        error = self.refuse(names)
        if error is not None:
            raise error


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
