"""The running band: audio back end, shared memory and engine, steered as one.

Everything here runs in the control process's asyncio loop. What may block, such as libjack,
is called on a thread.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from bridge.autoconnect import Graph
from bridge.backends.backend import AudioBackend
from bridge.backends.jack import JackBackend
from bridge.backends.jack_server import JackServer
from bridge.backends.portaudio import PortAudioBackend
from bridge.config import RunSettings, anticipation_hops, draw_seed
from bridge.controls import Controls
from bridge.engine import ModelLoader
from bridge.errors import BridgeError, ConfigError, ParameterError, RefusedError
from bridge.faders import move_faders
from bridge.latency import hop_frames
from bridge.messages import BankAct, Ready
from bridge.protocols import CommandHandler, Conditions, Position
from bridge.readings import (
    AudioReading,
    EngineReading,
    LatencyReading,
    MeterReading,
    MidiReading,
    PresetReading,
    Reading,
    RecordReading,
    StatusReading,
    TransportReading,
)
from bridge.report import (
    OverloadWatch,
    bank_reading,
    engine_reading,
    latency_reading,
    meter_readings,
    pending_reading,
    status_reading,
)
from bridge.share import AudioShare
from bridge.supervisor import Supervisor
from bridge.tempo import BarBeat, Grid, TempoMap

__all__ = ["LiveBand"]

logger = logging.getLogger(__name__)

_TICK_S = 0.02
_RECONNECT_S = 1.0
_START_S = 120.0
"""Longest wait for a model to load and warm up, on a slow disk."""
_FADE_OUT_S = 0.03
_CHORE_TICKS = 25
_WAITING = "the transport stands; start it, or set /liveband/transport/follow to 0"
_CONDITIONS = frozenset({"stem", "anticipation", "noise", "seed", "groove", "freeze"})
_FIELDS = {"anticipation": "anticipation_hops"}
"""Controls whose field in ``Conditions`` has another name."""
_QUANTIZED = frozenset({"stem", "freeze"})


class LiveBand:
    """One player on one audio back end; implements ``ControlTarget``.

    Args:
        settings: How to begin.
        load: Makes the model, in the engine process.
    """

    def __init__(self, settings: RunSettings, load: ModelLoader) -> None:
        self._settings = settings
        self._load = load
        self._first = settings.conditions()
        self._stack = ExitStack()
        self._ending = asyncio.Event()
        self._lost: str = ""
        self.commands: dict[str, CommandHandler] = {}
        """What rooms beside this one carry out, such as MIDI; see ``ControlTarget``."""
        self.readings: dict[str, Callable[[], Reading]] = {
            "midi/monitor": MidiReading,
            "preset": PresetReading,
            "record/state": RecordReading,
            "bank": lambda: bank_reading(self._supervisor.status),
            "quantize/pending": lambda: pending_reading(self._supervisor.status),
            "transport": TransportReading,
        }
        """What they have to tell; see ``ControlTarget``."""
        self.triggers: dict[str, Callable[[], None]] = {}
        """What else happens with a trigger, such as a tap of the foot."""
        self.chores: list[Callable[[], Awaitable[None]]] = []
        """What is done twice a second, never while the audio server is being joined."""
        self._wanted, self._held = True, False
        self._published = 0

    # -- life -------------------------------------------------------------------------------

    def open(self) -> None:
        """Join the audio server and let sound through; there is no engine yet.

        Raises:
            EnvironmentMissing: There is no server or device to join.
            ConfigError: It runs at a rate that has no whole hops.
        """
        with ExitStack() as stack:
            self._server = self._settings.server
            if self._settings.start_jack:
                server = JackServer(self._settings.start_jack, name=self._settings.server)
                self._server = stack.enter_context(server).name
            self._backend = self._reach()
            stack.callback(lambda: self._backend.close())
            hop = hop_frames(self._backend.rate)
            self._share = AudioShare.create(self._backend.rate, hop)
            self._overload = OverloadWatch(self._share, time.monotonic)
            self._supervisor = Supervisor(self._share, self._load, self._first)
            stack.callback(self._leave)
            self._backend.start(self._share)
            self._stack = stack.pop_all()

    def _reach(self) -> AudioBackend:
        if self._settings.backend == "portaudio":
            return PortAudioBackend(self._settings.device)
        return JackBackend(self._settings.jack_name, self._server)

    async def start_engine(self) -> Ready:
        """Start the engine process and return once it plays.

        Raises:
            ConfigError: It refused a setting.
            EnvironmentMissing: The checkpoint is damaged, or something is not installed.
            EngineError: It could not start for another reason.
        """
        self._supervisor.start()
        return await asyncio.to_thread(self._supervisor.wait_ready, _START_S)

    async def run(self) -> None:
        """Look after latency and connection until ``quit``."""
        ticks = 0
        while not self._ending.is_set():
            self._overload.look()
            ticks += 1
            if self._backend.offline or ticks % _CHORE_TICKS == 0:
                for chore in self.chores:
                    await chore()
            if self._backend.offline:
                await self._reconnect()
            elif self._share.musical_latency != self._published:
                await self._republish_latency()
            try:
                await asyncio.wait_for(self._ending.wait(), _TICK_S)
            except TimeoutError:
                continue

    def close(self) -> None:
        """Fade out and leave; may be called twice."""
        self._stack.close()

    def _leave(self) -> None:
        """Fade out and end the engine, then the callback, then the memory they share."""
        self._share.mute = True
        time.sleep(_FADE_OUT_S)
        self._supervisor.close()
        self._backend.close()
        self._share.close()

    async def _republish_latency(self) -> None:
        self._published = self._share.musical_latency
        if isinstance(self._backend, JackBackend):
            await asyncio.to_thread(self._backend.update_latency)

    async def _reconnect(self) -> None:
        """Try once to come back to an audio server that went away."""
        if not self._lost:
            self._lost = "the audio server is gone; waiting for it to come back"
            logger.warning("%s", self._lost)
        await asyncio.sleep(_RECONNECT_S)
        await asyncio.to_thread(self._backend.close)
        try:
            await asyncio.to_thread(self._return)
        except BridgeError as error:
            logger.debug("still offline: %s", error)
        else:
            self._lost, self._published = "", 0
            logger.warning("back on the audio server")

    def _return(self) -> None:
        """Join the audio server again, with the memory and the engine there are.

        Raises:
            EnvironmentMissing: It is not there.
            ConfigError: It runs at another rate now.
        """
        backend = self._reach()
        try:
            if backend.rate != self._share.rate:
                self._lost = (
                    f"the audio server came back at {backend.rate} Hz, this run began at "
                    f"{self._share.rate}; set it back or start liveband again"
                )
                raise ConfigError(self._lost)
            backend.start(self._share)
        except BridgeError:
            backend.close()
            raise
        self._backend = backend

    # -- control target ---------------------------------------------------------------------

    async def apply(self, controls: Controls, changed: frozenset[str]) -> None:
        """Put changed values into force and return once they are; see ``ControlTarget``."""
        move_faders(self._share, changed, controls)
        if "enable" in changed:
            self._enable(controls.flag("enable"), self._held)
        if moved := changed & _CONDITIONS:
            seed = controls.whole("seed")
            grid = Grid(controls.text("quantize")) if moved & _QUANTIZED else Grid.OFF
            await self._condition(
                controls, self.seed() if seed == -1 else seed, asked=moved, grid=grid
            )

    async def fire(self, name: str, controls: Controls) -> None:
        """Carry out a trigger and return when it is done; see ``ControlTarget``."""
        if name in self.triggers:
            self.triggers[name]()
        if name == "panic":
            self._share.panic()
        grid = Grid(controls.text("quantize")) if name == "reset" else Grid.OFF
        if name == "reseed" or (name == "reset" and controls.whole("seed") == -1):
            asked = frozenset({"seed"})
            await self._condition(controls, draw_seed(-1), asked=asked, grid=grid)
        if name in ("reset", "panic"):
            bank = controls.whole("reset/to")
            await asyncio.wrap_future(self._supervisor.reset(grid, bank))

    def _enable(self, wanted: bool, held: bool) -> None:
        self._wanted, self._held = wanted, held
        self._share.enabled = wanted and not held

    def hold(self, held: bool) -> None:
        """Let the player pause as if switched off, whatever ``enable`` says, or play on."""
        self._enable(self._wanted, held)

    async def use_bank(self, act: BankAct, bank: int) -> None:
        """Keep what the player heard, or have it remember what was kept.

        Raises:
            RefusedError: No engine plays.
            ConfigError: The bank is empty.
        """
        await asyncio.wrap_future(self._supervisor.use_bank(act, bank))

    def follow(self, tempo: TempoMap | None) -> None:
        """Tell the player the beat, from the next hop on."""
        self._supervisor.follow(tempo)

    def bar_beat(self) -> BarBeat | None:
        """Return what the timebase of the audio host says; None where there is none."""
        backend = self._backend
        return backend.bar_beat() if isinstance(backend, JackBackend) else None

    async def _condition(
        self, controls: Controls, seed: int, *, asked: frozenset[str], grid: Grid
    ) -> None:
        conditions = Conditions(
            stem=controls.text("stem"),
            anticipation_hops=anticipation_hops(controls.real("anticipation")),
            noise=controls.real("noise"),
            seed=seed,
            groove=controls.text("groove"),
            freeze=controls.flag("freeze"),
        )
        fields = frozenset(_FIELDS.get(name, name) for name in asked)
        try:
            await asyncio.wrap_future(
                self._supervisor.condition(conditions, asked=fields, grid=grid)
            )
        except ConfigError as error:
            raise ParameterError(str(error)) from error

    def position(self) -> Position | None:
        """Return where the audio host is, None while it is gone."""
        if self._backend.offline:
            return None
        return Position(frame=self._share.frame, rate=self._share.rate)

    @property
    def share(self) -> AudioShare:
        """The memory shared with the audio callback, between ``open`` and ``close``."""
        return self._share

    def stems(self) -> tuple[str, ...]:
        """Return the stem classes the loaded checkpoint plays.

        Raises:
            RefusedError: It is still being loaded.
        """
        model = self._supervisor.status.model
        if model is None:
            raise RefusedError("the checkpoint is still being loaded; ask again when it runs")
        return model.stems

    def status(self) -> StatusReading:
        """Return whether it plays, and if not, why."""
        if self._backend.offline:
            return StatusReading(state="offline", text=self._lost)
        if self._held and self._wanted:
            return StatusReading(state="idle", text=_WAITING)
        return status_reading(
            self._supervisor.status,
            self._share,
            self._overload.look(),
            self._supervisor.conditions.anticipation_hops,
        )

    def engine_counters(self) -> EngineReading:
        """Return the counters and step times of late."""
        return engine_reading(self._share, self._supervisor.status.restarts)

    def audio(self) -> AudioReading:
        """Return rates, block and back end."""
        model = self._supervisor.status.model
        jack = self._backend if isinstance(self._backend, JackBackend) else None
        return AudioReading(
            rate=self._share.rate,
            block=self._share.block,
            model_rate=model.sample_rate if model else 0,
            model_hop=model.hop if model else 0,
            freewheel=self._share.freewheel,
            realtime=jack.realtime if jack and not jack.offline else False,
            backend=self._settings.backend,
        )

    def latency(self) -> LatencyReading:
        """Return the latency now in force, term by term.

        Raises:
            RefusedError: The checkpoint, whose overlap counts, is still being loaded.
        """
        model = self._supervisor.status.model
        if model is None:
            raise RefusedError("the latency is known once the checkpoint is loaded")
        hops = self._supervisor.conditions.anticipation_hops
        return latency_reading(self._share, model, hops)

    def seed(self) -> int:
        """Return the seed of the take now playing."""
        return self._supervisor.conditions.seed

    def meters(self) -> tuple[MeterReading, MeterReading]:
        """Return the levels of input and output."""
        return meter_readings(self._share.meters())

    def graph(self) -> Graph:
        """Return ports and our wires on the audio server; empty where there are none."""
        backend = self._backend
        if not isinstance(backend, JackBackend) or backend.offline:
            return Graph()
        return backend.graph()

    def ports(self) -> tuple[str, ...]:
        """Return every port of the host as ``client:port``.

        Raises:
            RefusedError: The back end has no ports.
        """
        return tuple(self._jack().ports())

    async def connect(self, source: str, destination: str) -> None:
        """Wire an output port to an input port.

        Raises:
            RefusedError: The back end has no ports.
            ParameterError: JACK refused.
        """
        await asyncio.to_thread(self._jack().connect, source, destination)

    async def disconnect(self, source: str, destination: str) -> None:
        """Take a wire away.

        Raises:
            RefusedError: The back end has no ports.
            ParameterError: JACK refused.
        """
        await asyncio.to_thread(self._jack().disconnect, source, destination)

    def quit(self) -> None:
        """Ask the program to end."""
        self._ending.set()

    def _jack(self) -> JackBackend:
        if not isinstance(self._backend, JackBackend):
            raise RefusedError(f"{self._settings.backend} has no ports to wire; use JACK")
        if self._backend.offline:
            raise RefusedError("the JACK server is gone; start it again", 21)
        return self._backend
