"""Watch over a running band: its connection, its latency, an engine or a server that hangs."""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping

from bridge.audio.hosted import HostedBackend
from bridge.audio.jack import JackBackend
from bridge.audio.shared.share import AudioShare, EngineState
from bridge.common.background import TaskErrors
from bridge.common.errors import RefusedError
from bridge.engine.supervisor import Supervisor
from bridge.live.connections import ask_server
from bridge.live.reconnecting import ServerConnection
from bridge.live.status import OverloadWatch
from bridge.monitoring.watchdog import Watchdog

__all__ = ["BandWatch", "Periodic"]

logger = logging.getLogger(__name__)

Periodic = Callable[[], Awaitable[None]]
"""Work that is done twice a second; see ``BandWatch.run``."""

_TICK_S = 0.02
_PERIOD_TICKS = 25
_OTHER_RATE = "the audio server went from {before} to {now} Hz; joining it anew"
"""PipeWire changes the rate of its clients while they run."""
_SERVER_STANDS = "the audio server asks for no sound any more; joining it anew"


class BandWatch:
    """Keeps a running band in order, whatever goes wrong meanwhile.

    Args:
        share: The memory shared with the audio callback.
        supervisor: Owner of the engine.
        connection: Our place on the audio server.
        errors: Told what goes wrong.
    """

    def __init__(
        self,
        share: AudioShare,
        supervisor: Supervisor,
        connection: ServerConnection,
        errors: TaskErrors,
    ) -> None:
        self._share, self._supervisor = share, supervisor
        self._connection, self._errors = connection, errors
        self.overload = OverloadWatch(share, time.monotonic)
        """Knows whether hops were lost of late."""
        self._watchdog = Watchdog(share, time.monotonic)
        self._published = self._ticks = 0
        self._away = False

    def publish_latency(self) -> None:
        """Have the latency told to the audio server again, for ports that do not know it."""
        self._published = 0

    async def run(self, ending: asyncio.Event, periodic: Mapping[str, Periodic]) -> None:
        """Watch until the band is to end.

        Args:
            ending: Set when it is.
            periodic: By name, called twice a second, one after the other, and never while the
                audio server is being joined.
        """
        while not ending.is_set():
            self._ticks += 1
            self._share.count_control_heartbeat()
            with self._errors.caught("watchdog"):
                self.overload.look()
                if not self._away:
                    self._look_for_standstill()
            if self._connection.offline or self._ticks % _PERIOD_TICKS == 0:
                for task, work in periodic.items():
                    with self._errors.caught(task):
                        await work()
            with self._errors.caught("audio server"):
                await self._stay_connected()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), _TICK_S)

    async def _stay_connected(self) -> None:
        if self._connection.offline:
            self._away = True
            await self._connection.reconnect(self._share)
        elif self._away:
            self._away, self._published = False, 0
            self._ticks = _PERIOD_TICKS - 1  # connections first
            self._watchdog = Watchdog(self._share, time.monotonic)
        elif self._connection.backend.rate != self._share.rate:
            rate = self._connection.backend.rate
            self._connection.mark_lost(_OTHER_RATE.format(before=self._share.rate, now=rate))
        elif self._share.musical_latency != self._published:
            await self._republish_latency()

    async def _republish_latency(self) -> None:
        self._published = self._share.musical_latency
        backend = self._connection.backend
        if isinstance(backend, JackBackend):
            try:
                await ask_server(backend.update_latency)
            except RefusedError as error:
                logger.warning("the latency is not told: %s", error)

    def _look_for_standstill(self) -> None:
        """End an engine that hangs, so that another is started; leave a server that hangs."""
        if self._connection.offline:
            return
        strips = self._share.strips[: self._share.players]
        is_live = self._supervisor.status.state is EngineState.LIVE
        still = self._watchdog.check(is_due=is_live and any(strip.enabled for strip in strips))
        if still.server and not isinstance(self._connection.backend, HostedBackend):
            self._connection.mark_lost(_SERVER_STANDS)
        pid = self._supervisor.status.pid
        if still.engine and is_live and pid is not None:
            logger.error("the engine, process %d, hangs; ending it", pid)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
