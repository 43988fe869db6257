"""The running band: audio back end, shared memory and engine, steered as one.

Everything here runs in the control process's asyncio loop. What may block, such as libjack,
is called on a thread.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol

from bridge.backends.jack import JackBackend
from bridge.backends.jack_server import JackServer
from bridge.backends.portaudio import PortAudioBackend
from bridge.config import RunSettings, anticipation_hops, draw_seed
from bridge.controls import Controls
from bridge.engine import ModelLoader
from bridge.errors import BridgeError, ConfigError, ParameterError, RefusedError
from bridge.latency import HOPS_PER_SECOND, hop_frames, latency_budget
from bridge.messages import Ready
from bridge.protocols import Conditions
from bridge.readings import (
    AudioReading,
    EngineReading,
    LatencyReading,
    MeterReading,
    StatusReading,
)
from bridge.report import OverloadWatch, engine_reading, meter_readings, status_reading
from bridge.resample import conversion_delays
from bridge.share import AudioShare
from bridge.supervisor import Supervisor

__all__ = ["AudioBackend", "LiveBand"]

logger = logging.getLogger(__name__)

_TICK_S = 0.02
_RECONNECT_S = 1.0
_START_S = 120.0
"""Longest wait for a model to load and warm up, on a slow disk."""
_FADE_OUT_S = 0.03
_CONDITIONS = frozenset({"stem", "anticipation", "noise", "seed"})


class AudioBackend(Protocol):
    """What every way to a sound card has in common."""

    @property
    def name(self) -> str:
        """What other programs know it by."""

    @property
    def rate(self) -> int:
        """Frames per second."""

    @property
    def offline(self) -> bool:
        """Whether it has stopped by itself."""

    def start(self, share: AudioShare) -> None:
        """Run the native callback on a share."""

    def close(self) -> None:
        """Stop."""


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
        while not self._ending.is_set():
            self._overload.look()
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
        for name in changed - _CONDITIONS:
            self._apply_to_audio(name, controls)
        if changed & _CONDITIONS:
            seed = controls.whole("seed")
            await self._condition(controls, self.seed() if seed == -1 else seed)

    async def fire(self, name: str, controls: Controls) -> None:
        """Carry out a trigger and return when it is done; see ``ControlTarget``."""
        if name == "panic":
            self._share.panic()
        if name == "reseed" or (name == "reset" and controls.whole("seed") == -1):
            await self._condition(controls, draw_seed(-1))
        if name in ("reset", "panic"):
            await asyncio.wrap_future(self._supervisor.reset())

    def _apply_to_audio(self, name: str, controls: Controls) -> None:
        share = self._share
        setters: dict[str, Callable[[], None]] = {
            "enable": lambda: setattr(share, "enabled", controls.flag("enable")),
            "bypass": lambda: setattr(share, "bypass", controls.flag("bypass")),
            "mute": lambda: setattr(share, "mute", controls.flag("mute")),
            "listen": lambda: setattr(share, "listening", controls.flag("listen")),
            "gain/in": lambda: setattr(share, "gain_in", controls.linear("gain/in")),
            "gain/out": lambda: setattr(share, "gain_out", controls.linear("gain/out")),
            "fade": lambda: setattr(
                share, "fade_frames", round(controls.real("fade") * share.rate / 1000.0)
            ),
        }
        if name in setters:
            setters[name]()

    async def _condition(self, controls: Controls, seed: int) -> None:
        conditions = Conditions(
            stem=controls.text("stem"),
            anticipation_hops=anticipation_hops(controls.real("anticipation")),
            noise=controls.real("noise"),
            seed=seed,
        )
        try:
            await asyncio.wrap_future(self._supervisor.condition(conditions))
        except ConfigError as error:
            raise ParameterError(str(error)) from error

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
        share = self._share
        delays = conversion_delays(share.rate, model.sample_rate, model.overlap)
        hops = self._supervisor.conditions.anticipation_hops
        block = max(1, share.block)
        budget = latency_budget(
            block=block,
            hop=share.hop,
            anticipation_hops=hops,
            resampler_in=delays.into,
            resampler_out=delays.back,
            overlap=delays.overlap,
            phase=(share.frame - share.epoch_frame) % block,
        )
        musical = share.musical_latency
        return LatencyReading(
            causal=(1 + hops) * share.hop + musical,
            musical=musical,
            resampler=delays.into + delays.back,
            adaptation=budget.adaptation,
            inference=budget.inference,
            overlap=delays.overlap,
            anticipation_s=hops / HOPS_PER_SECOND,
        )

    def seed(self) -> int:
        """Return the seed of the take now playing."""
        return self._supervisor.conditions.seed

    def meters(self) -> tuple[MeterReading, MeterReading]:
        """Return the levels of input and output."""
        return meter_readings(self._share.meters())

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
