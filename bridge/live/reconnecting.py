"""Connection to the audio server: opened, reopened when lost, renamed while playing."""

import asyncio
import logging
import time
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace

from bridge.audio.backend import AudioBackend
from bridge.audio.hosted import HostedBackend
from bridge.audio.jack import JackBackend
from bridge.audio.portaudio import PortAudioBackend
from bridge.audio.shared.share import AudioShare
from bridge.common.daemon_calls import call_in_daemon
from bridge.common.errors import BridgeError, FailureCode, RefusedError, ServerMissing
from bridge.common.latency import hop_frames
from bridge.config import RunSettings

__all__ = ["FADE_OUT_S", "ServerConnection"]

logger = logging.getLogger(__name__)

FADE_OUT_S = 0.03
"""Longer than a mute takes to be silent."""
_RETRY_S = 0.1
_RETRY_AT_MOST_S = 0.25
_FREQUENT_RETRIES_S = 10.0
"""For how long tries follow each other closely: a server may come back any moment, and libjack
refuses now and then while other servers of the machine come and go."""
_LATER_RETRY_AT_MOST_S = 1.0
_RETRY_GROWTH = 1.5
_USUAL_RATE = 48000
"""Where no server has told one yet."""
_PATIENCE_S = 2.0
"""Longest pause in looking after everything else while libjack hangs."""
_FIRST_PATIENCE_S = 10.0
"""Longest wait for a server to answer before we do without it, or give up."""
_NOT_ANSWERING = (
    "the audio server does not answer; see whether it hangs, and start it again then"
)
_GONE = "the audio server is gone{said}; waiting for it to come back"


class ServerConnection:
    """Holds the back end that plays, and replaces it after the server was lost.

    The memory shared with the audio callback outlives every back end.

    Args:
        settings: Which back end, our name there, and whether to wait for a JACK server that
            is not there yet.
        server: Name of the JACK server.

    Raises:
        EnvironmentMissing: There is no server or device to join, and it is not waited for.
    """

    def __init__(self, settings: RunSettings, server: str) -> None:
        self._settings = settings
        self._server = server
        self._pause_s = _RETRY_S
        self._lost_at_s = time.monotonic()
        self._trial: Future[None] | None = None
        self._opening: Future[AudioBackend] | None = None
        self.lost = ""
        """Why there is no connection; empty while there is one."""
        self.backend: AudioBackend
        """Back end that plays; a silent one while a server is waited for."""
        try:
            self.backend = self._open_first()
        except ServerMissing as error:
            if not settings.wait:
                raise
            self.lost = f"{error}; waiting for it"
            self.backend = _NoBackend()
            logger.warning("%s", self.lost)

    @property
    def offline(self) -> bool:
        """Whether there is no connection now."""
        return bool(self.lost) or self.backend.offline

    @property
    def rate(self) -> int:
        """Frames per second of the server; 48000 while none has been there."""
        return self.backend.rate or _USUAL_RATE

    @property
    def reason(self) -> str:
        """Why we are offline, with what the server said when it closed the connection."""
        if self.lost:
            return self.lost
        said = self.backend.offline_reason
        return _GONE.format(said=f" ({said})" if said else "")

    def start(self, share: AudioShare) -> None:
        """Start the audio callback, if there is a server.

        Raises:
            EnvironmentMissing: It refuses to run us.
        """
        if not self.lost:
            self.backend.start(share)

    def _open_first(self) -> AudioBackend:
        """Join the server.

        Raises:
            ServerMissing: There is none, or it does not answer; it is asked on.
            EnvironmentMissing: It would not have us.
        """
        opening = call_in_daemon(self._open_backend)
        try:
            return opening.result(_FIRST_PATIENCE_S)
        except TimeoutError:
            self._opening = opening
            raise ServerMissing(_NOT_ANSWERING) from None

    def _open_backend(self) -> AudioBackend:
        opening, self._opening = self._opening, None
        if opening is not None:
            return opening.result()
        if self._settings.backend == "portaudio":
            return PortAudioBackend(self._settings.device)
        if self._settings.backend == "hosted":
            return HostedBackend(self._settings.share)
        return JackBackend(self._settings.jack_name, self._server)

    async def reconnect(self, share: AudioShare) -> bool:
        """Wait a little and try once to connect again; return whether that worked.

        The server may have another block size and another rate than before. Every failed try
        makes the pause before the next one longer.
        """
        if not self.lost:
            self.mark_lost(self.reason)
        await asyncio.sleep(self._pause_s)
        is_recent = time.monotonic() - self._lost_at_s < _FREQUENT_RETRIES_S
        longest_s = _RETRY_AT_MOST_S if is_recent else _LATER_RETRY_AT_MOST_S
        self._pause_s = min(_RETRY_GROWTH * self._pause_s, longest_s)
        try:
            await self._attempt(share)
        except TimeoutError:
            self.lost = _NOT_ANSWERING
            return False
        except BridgeError as error:
            if not isinstance(error, ServerMissing) and str(error) != self.lost:
                self.lost = str(error)
                logger.warning("still offline: %s", error)
            return False
        away_s = time.monotonic() - self._lost_at_s
        logger.warning("on the audio server again after %.1f s at %d Hz", away_s, share.rate)
        return True

    async def _attempt(self, share: AudioShare) -> None:
        """Leave what there was and join again, on a thread that may hang, as libjack can.

        Raises:
            TimeoutError: It has hung for a while; this goes on waiting when called again.
            BridgeError: There is no way back now.
        """
        self._trial = self._trial or call_in_daemon(self._try, share)
        await self._finish_trial(self._trial, _PATIENCE_S)

    async def _finish_trial(self, trial: "Future[None]", patience_s: float) -> None:
        try:
            await asyncio.wait_for(asyncio.wrap_future(trial), patience_s)
        finally:
            if trial.done() and self._trial is trial:
                self._trial = None

    def _try(self, share: AudioShare) -> None:
        began_s = time.monotonic()
        self.backend.close()
        left_s = time.monotonic() - began_s
        if left_s > _RETRY_AT_MOST_S:
            logger.warning("leaving the old audio server took %.1f s", left_s)
        self._reopen(share)

    def mark_lost(self, why: str) -> None:
        """Treat the server as gone, although it has not said so."""
        self.lost, self._pause_s, self._lost_at_s = why, _RETRY_S, time.monotonic()
        self._trial = None
        logger.warning("%s", why)

    async def rename(self, share: AudioShare, name: str) -> None:
        """Leave the server, faded out, and join it under another name.

        The engine plays on, and nothing that was heard is forgotten. Connections are lost.

        Raises:
            BridgeError: The name is taken, or the server is gone; we have our old name again,
                or are offline.
            RefusedError: Code 21, the server hangs; we are offline, and join it under our old
                name once it answers.
        """
        before = self._settings
        if name == before.jack_name:
            return
        if self._trial is not None:
            raise RefusedError(_NOT_ANSWERING, FailureCode.JACK_ABSENT)
        renaming = self._trial = call_in_daemon(self._rename, share, name)
        try:
            await self._finish_trial(renaming, _FIRST_PATIENCE_S)
        except TimeoutError:
            self.lost = _NOT_ANSWERING
            self._trial = call_in_daemon(self._undo, renaming, share, before)
            raise RefusedError(_NOT_ANSWERING, FailureCode.JACK_ABSENT) from None

    def _undo(self, renaming: "Future[None]", share: AudioShare, settings: RunSettings) -> None:
        """Join the server as before, once an attempt to rename us has ended."""
        with suppress(BridgeError):
            renaming.result()
        self._settings, self.lost = settings, _NOT_ANSWERING
        self._try(share)

    def _rename(self, share: AudioShare, name: str) -> None:
        before, muted = self._settings, [strip.mute for strip in share.strips]
        for strip in share.strips:
            strip.mute = True
        time.sleep(FADE_OUT_S)
        self.lost = f"joining the audio server as {name}"
        self.backend.close()
        self._settings = replace(before, jack_name=name)
        try:
            self._reopen(share)
        except BridgeError:
            self._settings = before
            self._reopen(share)
            raise
        finally:
            for strip, mute in zip(share.strips, muted, strict=True):
                strip.mute = mute

    def _reopen(self, share: AudioShare) -> None:
        """Join the server again, with the memory and the engine there are.

        Raises:
            ServerMissing: It is not there.
            EnvironmentMissing: It would not have us.
            ConfigError: It runs at a rate that has no whole hops.
        """
        backend = self._open_backend()
        try:
            if backend.rate != share.rate:
                hop = hop_frames(backend.rate)
                logger.warning("the rate was %d Hz, now it is %d", share.rate, backend.rate)
                share.set_rate(backend.rate, hop)
            backend.start(share)
        except BridgeError:
            backend.close()
            raise
        self.backend, self.lost = backend, ""


class _NoBackend:
    """Back end without sound, used while a server is waited for."""

    name = ""
    rate = 0
    offline = True
    offline_reason = ""

    def start(self, share: AudioShare) -> None:
        """Do nothing."""

    def add_player(self, player: int) -> None:
        """Do nothing: players get their outputs when the server is joined."""

    def close(self) -> None:
        """Do nothing."""
