"""The running band: audio back end, shared memory, engine and players as one.

Everything here runs in the control process's asyncio loop. What may block, such as libjack,
is called on a thread.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.audio.backend import AudioBackend
from bridge.audio.hosted import HostedBackend
from bridge.audio.jack import JackBackend
from bridge.audio.jack_server import JackServer
from bridge.audio.shared.share import AudioShare
from bridge.common.background import TaskErrors
from bridge.common.errors import RefusedError
from bridge.common.latency import hop_frames
from bridge.config import RunSettings
from bridge.controls.beat_tracking import BeatCorrection
from bridge.controls.controls import Controls
from bridge.controls.readings import (
    AudioReading,
    BankReading,
    EngineReading,
    GrooveReading,
    LatencyReading,
    MeterReading,
    PendingReading,
    SeedReading,
    StatusReading,
    TaskErrorsReading,
)
from bridge.controls.table import ControlKey
from bridge.controls.target import CommandHandler, Position, Reply, WaitingParts, done
from bridge.engine.engine_process import EngineProcess
from bridge.engine.loader import ModelLoader
from bridge.engine.messages import BankAction, Ready
from bridge.engine.supervisor import Supervisor
from bridge.live.band_watch import BandWatch, Periodic
from bridge.live.connections import JackConnections, ask_server
from bridge.live.players import Players, waiting_parts
from bridge.live.reconnecting import FADE_OUT_S, ServerConnection
from bridge.live.status import (
    bank_reading,
    engine_reading,
    latency_reading,
    meter_readings,
    pending_reading,
    status_reading,
)
from bridge.stream.band_changes import FIRST_PLAYER
from bridge.stream.quantized_changes import RESET
from bridge.tempo import BarBeat, QuantizeGrid, Timekeeping

__all__ = ["LiveBand"]

logger = logging.getLogger(__name__)

_START_S = 120.0
"""Longest wait for a model to load and warm up, on a slow disk."""
_WAITING = "the transport stands; start it, or set /liveband/transport/follow to 0"


class LiveBand:
    """The players on one audio back end, and the engine that plays them.

    Args:
        settings: How to begin.
        load: Makes the model, in the engine process.
        first: An engine that was started ahead with ``load``; None to start one.
        errors: Told what goes wrong in the background; shared by all parts of the program.
    """

    def __init__(
        self,
        settings: RunSettings,
        load: ModelLoader,
        first: EngineProcess | None = None,
        errors: TaskErrors | None = None,
    ) -> None:
        self.errors = errors or TaskErrors()
        self._settings, self._load, self._first = settings, load, first
        self._stack = ExitStack()
        self._ending = asyncio.Event()
        self._beat_fault = ""
        self.commands: Mapping[str, CommandHandler] = {
            "stems": self._list_stems,
            "quit": self._quit,
        }
        """For ``ControlTarget.commands``."""

    # -- life -------------------------------------------------------------------------------

    def open(self) -> None:
        """Connect to the audio server and start the callback; there is no engine yet.

        A JACK server that is not there yet is waited for in ``run``, unless told otherwise.

        Raises:
            EnvironmentMissing: There is no server or device to join.
            ConfigError: It runs at a rate that has no whole hops.
        """
        with ExitStack() as stack:
            self._server = self._settings.server
            if self._settings.start_jack:
                server = JackServer(self._settings.start_jack, name=self._settings.server)
                self._server = stack.enter_context(server).name
            self._connection = ServerConnection(self._settings, self._server)
            self.connections = JackConnections(self._connection, self._settings.backend)
            """Ports and connections, between ``open`` and ``close``."""
            stack.callback(lambda: self._backend.close())
            rate = self._connection.rate
            if self._settings.share:
                self._share = AudioShare.attach(self._settings.share)
            else:
                self._share = AudioShare.create(rate, hop_frames(rate))
            conditions = self._settings.all_conditions()
            self._share.players = len(conditions)
            self.banks = Path(stack.enter_context(TemporaryDirectory(prefix="liveband-")))
            self._supervisor = Supervisor(
                self._share,
                self._load,
                *conditions,
                banks=self.banks,
                first=self._first,
                errors=self.errors,
            )
            self._watch = BandWatch(
                self._share, self._supervisor, self._connection, self.errors
            )
            self.players = Players(self._share, self._supervisor, self._give_outputs)
            stack.callback(self._leave)
            self._connection.start(self._share)
            self._stack = stack.pop_all()

    @property
    def _backend(self) -> AudioBackend:
        return self._connection.backend

    async def start_engine(self) -> Ready:
        """Start the engine process and return once it plays.

        Raises:
            ConfigError: It refused a setting.
            EnvironmentMissing: The checkpoint is damaged, or something is not installed.
            EngineError: It could not start for another reason.
        """
        self._supervisor.start()
        return await asyncio.to_thread(self._supervisor.wait_ready, _START_S)

    async def run(self, periodic: Mapping[str, Periodic] | None = None) -> None:
        """Keep latency, connection and engine in order until ``quit``, whatever goes wrong.

        Args:
            periodic: See ``BandWatch.run``.
        """
        await self._watch.run(self._ending, periodic or {})

    def close(self) -> None:
        """Fade out and leave; may be called twice."""
        self._stack.close()

    def _leave(self) -> None:
        """Fade out and end the engine, then the callback, then the memory they share."""
        for strip in self._share.strips:
            strip.mute = True
        time.sleep(FADE_OUT_S)
        self._supervisor.close()
        self._backend.close()
        self._share.close()

    async def _give_outputs(self, player: int) -> None:
        """Open the ports of a player who joins; those there are stay.

        Raises:
            ParameterError: JACK refused.
            RefusedError: It does not answer.
        """
        if not self._connection.offline:  # else it has them when we are back
            await ask_server(self._backend.add_player, player)
        self._watch.publish_latency()

    async def rejoin(self, name: str) -> None:
        """Join the audio server again under another name; only from a periodic call of ``run``.

        Raises:
            BridgeError: It is taken, or the server is gone or hangs; we are as before, or
                offline.
        """
        await self._connection.rename(self._share, name)
        self._watch.publish_latency()

    # -- what control surfaces ask for -------------------------------------------------------

    async def reset(self, player: int, controls: Controls) -> WaitingParts:
        """Forget what was heard and begin new takes, at the beat that ``quantize`` says."""
        self.players.note(player, controls)
        grid = QuantizeGrid(controls.text("quantize"))
        await self.players.reseed_all(grid)
        return await self._forget(controls, grid)

    async def panic(self, player: int, controls: Controls) -> None:
        """Be silent at once, and forget what was heard."""
        self.players.note(player, controls)
        self._share.panic()
        await self._forget(controls, QuantizeGrid.OFF)

    async def reseed(self, player: int, controls: Controls) -> None:
        """Begin a new take of one player."""
        self.players.note(player, controls)
        await self.players.reseed(player)

    async def _forget(self, controls: Controls, grid: QuantizeGrid) -> WaitingParts:
        bank = controls.whole("reset/to")
        taken = await asyncio.wrap_future(self._supervisor.reset(grid, bank))
        return waiting_parts(taken, {RESET: ControlKey(FIRST_PLAYER, RESET)}, grid)

    def hold(self, held: bool) -> None:
        """Let all players pause as if switched off, whatever ``enable`` says, or play on."""
        self.players.hold(held)

    async def use_bank(self, act: BankAction, bank: int) -> None:
        """Keep what the players heard, or have them remember what was kept.

        Raises:
            RefusedError: No engine plays.
            ConfigError: The bank is empty.
        """
        await asyncio.wrap_future(self._supervisor.use_bank(act, bank))

    async def look_for_banks(self, bank: int | None = None) -> None:
        """Have a bank of the players, or all for None, be what its file in ``banks`` holds."""
        await asyncio.wrap_future(self._supervisor.load_bank(bank))

    def follow(self, time: Timekeeping) -> None:
        """Say who keeps time for the players, from the next hop on."""
        self._supervisor.follow(time)

    def tell_beat_fault(self, text: str) -> None:
        """Show in the status why a source of the beat is not believed; empty for no fault."""
        self._beat_fault = text

    async def correct_beat(self, correction: BeatCorrection) -> None:
        """Have the beat tracker take a player's word.

        Raises:
            ConfigError: It leads out of the range of tempi.
        """
        await asyncio.wrap_future(self._supervisor.correct(correction))

    def bar_beat(self) -> BarBeat | None:
        """Return what the timebase of the audio host says; None where there is none."""
        backend = self._backend
        hosts = JackBackend | HostedBackend
        return backend.bar_beat() if isinstance(backend, hosts) else None

    def position(self) -> Position | None:
        """Return where the audio host is, None while it is gone."""
        if self._connection.offline:
            return None
        return Position(frame=self._share.frame, rate=self._share.rate)

    @property
    def share(self) -> AudioShare:
        """The memory shared with the audio callback, between ``open`` and ``close``."""
        return self._share

    @property
    def supervisor(self) -> Supervisor:
        """Owner of the engine, between ``open`` and ``close``."""
        return self._supervisor

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
        """Return whether it plays, and if not, why; and which beat is not believed."""
        state = self._state()
        return replace(state, text="; ".join(filter(None, (state.text, self._beat_fault))))

    def _state(self) -> StatusReading:
        if self._connection.offline:
            return StatusReading(state="offline", text=self._connection.reason)
        if self.players.held and any(map(self.players.is_wanted, self.players.numbers)):
            return StatusReading(state="idle", text=_WAITING)
        return status_reading(
            self._supervisor.status,
            self._share,
            self._watch.overload.look(),
            self._supervisor.conditions.anticipation_hops,
        )

    def task_errors(self) -> TaskErrorsReading:
        """Return what went wrong in the background that nobody expected."""
        return TaskErrorsReading(
            unexpected=sum(self.errors.counts.values()),
            tasks=self.errors.summary,
            last=self.errors.last,
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

    def seed(self, player: int) -> SeedReading:
        """Return the seed of the take that a player now plays."""
        return SeedReading(seed=self.players.actual_seed(player))

    def groove(self, player: int) -> GrooveReading:
        """Return the feel of the take that a player now plays."""
        return GrooveReading(groove=self.players.groove(player))

    def filled_banks(self) -> BankReading:
        """Return which banks hold something."""
        return bank_reading(self._supervisor.status)

    def pending(self) -> PendingReading:
        """Return which controls wait for the beat."""
        return pending_reading(self._supervisor.status)

    def meters(self, player: int) -> tuple[MeterReading, MeterReading]:
        """Return the levels of the input and of a player's output."""
        return meter_readings(self._share.meters(player))

    async def _list_stems(self) -> Sequence[Reply]:
        return [("stems", self.stems())]

    async def _quit(self) -> Sequence[Reply]:
        self.quit()
        return [done("quit")]

    def quit(self) -> None:
        """Ask the program to end."""
        self._ending.set()
