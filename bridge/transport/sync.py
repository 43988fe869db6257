"""Keeps the band in time with the chosen source of the beat, and reports every beat.

Looks at the sources some fifty times a second. What it passes on is a straight line, which the
engine extends to every hop itself, so that being late here moves no beat; what the beat tracker
makes out never leaves the engine on its way to the players.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Protocol

from bridge.common.errors import BridgeError
from bridge.controls.beat_tracking import BeatCorrection, CorrectionKind
from bridge.controls.readings import BeatReading, TransportReading
from bridge.controls.store import ControlStore
from bridge.controls.table import ControlKey
from bridge.midi.clock_out import ClockSender
from bridge.tempo import TempoMap, Timekeeping
from bridge.transport.beat_events import Beat, BeatCounter
from bridge.transport.discontinuities import TransportWatch
from bridge.transport.sources import (
    TRANSPORTS,
    BeatSources,
    ChosenSource,
    HostTransport,
    MidiClockAt,
)
from bridge.transport.tap_tempo import TapTempo

__all__ = ["SendAt", "SyncedBand", "TransportSync"]

logger = logging.getLogger(__name__)

_LOOK_S = 0.02
_SAME_BEATS = 0.002
"""Two maps that differ by less, at 120 bpm 1 ms, are taken for the same."""
_JUMP_BEATS = 0.25
"""A MIDI clock that is off by more was sent somewhere else."""
_LOOK_FOR_CLOCK_S = 0.005
"""How often to look while others follow our clock, that a start is told at once."""
_CLOCK_AHEAD_S = 0.02
"""Beyond two blocks: how late a look may be without a tick being late."""
_BEAT_AHEAD_S = 0.045
"""How long before a beat it is known that it comes: two looks, and some."""

SendAt = Callable[[bytes, int], object]
"""Sends a MIDI message at a frame."""
BeatListener = Callable[[BeatReading, int], object]
"""Is told of a beat shortly before the frame it falls on."""


class SyncedBand(HostTransport, Protocol):
    """The band, as far as time concerns it."""

    def follow(self, time: Timekeeping) -> None:
        """Say who keeps time."""

    async def correct_beat(self, correction: BeatCorrection) -> None:
        """Have the beat tracker take a player's word."""

    def hold(self, held: bool) -> None:
        """Let the band pause, or play on."""


class TransportSync:
    """Keeps a band to the source of its beat.

    Args:
        store: Says who keeps time, and what a transport may do.
        band: Gets the beat.
        midi_clock: Tells where the MIDI clock is at a frame.
        send: Sends MIDI to whoever follows our clock.
    """

    def __init__(
        self,
        store: ControlStore,
        band: SyncedBand,
        midi_clock: MidiClockAt,
        send: SendAt = lambda message, frame: None,
    ) -> None:
        self._store = store
        self._band = band
        self._send = send
        self._sender = ClockSender()
        self._taps = TapTempo(band.share.rate)
        self._sources = BeatSources(store, band, midi_clock, self._taps)
        self._chosen = self._sources.look()
        self._watches: dict[str, TransportWatch] = {}
        self._looked = 0
        self._told = Timekeeping()
        self._held = False
        self._counter = BeatCounter()
        self._under_way: set[asyncio.Task[None]] = set()
        self.on_beat: BeatListener = lambda beat, frame: None
        """Is told of every beat."""

    async def run(self) -> None:
        """Keep looking until cancelled; those who follow our clock are then told to stop."""
        try:
            while True:
                try:
                    self.look()
                except BridgeError as error:  # the beat may be lost, the music goes on
                    logger.warning("transport: %s", error)
                followed = self._store.controls.flag("midi/clock")
                await asyncio.sleep(_LOOK_FOR_CLOCK_S if followed else _LOOK_S)
        finally:
            self._send_clock(None)

    def look(self) -> None:
        """See who keeps time and where in it we are, and do what follows from it."""
        controls = self._store.controls
        chosen = self._chosen = self._sources.look()
        self._obey(chosen.transports)
        self._tell(chosen.told)
        held = controls.flag("transport/follow") and self._stands(chosen)
        if held != self._held:
            self._held = held
            self._band.hold(held)
        tempo = self.here()
        self._send_clock(tempo if controls.flag("midi/clock") else None)
        self._tell_beats(tempo, chosen.confidence)

    def _stands(self, chosen: ChosenSource) -> bool:
        """Return whether there is a transport to be followed, and it does not roll."""
        if self._store.controls.text("transport/source") not in {"auto", *TRANSPORTS}:
            return False
        return not any(tempo.rolling for tempo in chosen.transports.values())

    async def tap(self) -> None:
        """Take a beat of the player's foot."""
        frame = self._band.share.frame
        tempo_bpm = self._taps.tap(frame)
        if tempo_bpm is not None:
            row = self._store.controls.table["tempo"]
            tempo_bpm = min(max(tempo_bpm, row.low), row.high)
            self._start(self._store.set(ControlKey(1, "tempo"), tempo_bpm))
        beats = self._store.controls.whole("transport/beats")
        await self._correct(
            CorrectionKind.TAP,
            frame,
            tempo_bpm=tempo_bpm,
            beat_in_bar=(self._taps.count - 1) % beats,
        )
        self.look()

    async def begin(self) -> None:
        """Begin a bar of the manual transport here."""
        self._taps.begin(self._band.share.frame)

    async def correct(self, kind: CorrectionKind) -> None:
        """Have the beat tracker take a player's word, now.

        Raises:
            BridgeError: It leads out of the range of tempi.
        """
        await self._correct(kind, self._band.share.frame)

    async def _correct(
        self,
        kind: CorrectionKind,
        frame: int,
        *,
        tempo_bpm: float | None = None,
        beat_in_bar: int | None = None,
    ) -> None:
        await self._band.correct_beat(
            BeatCorrection(kind=kind, frame=frame, tempo_bpm=tempo_bpm, beat_in_bar=beat_in_bar)
        )

    @property
    def reading(self) -> TransportReading:
        """Where in the music we are."""
        chosen, tempo, frame = self._chosen, self.here(), self._band.share.frame
        if tempo is None:
            return TransportReading(source=chosen.name)
        beats = tempo.beats(frame)
        beat = beats % tempo.beats_per_bar
        return TransportReading(
            rolling=tempo.rolling,
            tempo_bpm=tempo.tempo_bpm,
            beat=int(beat) + 1,
            phase=beat % 1.0,
            beats_per_bar=tempo.beats_per_bar,
            source=chosen.name,
            bar=int(beats // tempo.beats_per_bar) + 1,
            confidence=chosen.confidence,
        )

    def here(self) -> TempoMap | None:
        """Return the map in force, its frames those of the host; None if there is no beat."""
        tempo = self._chosen.tempo
        if tempo is None or not tempo.on_transport:
            return tempo
        ahead = self._band.share.transport_offset
        here = tempo.moved(-ahead.frames)
        return replace(here, on_transport=False, rolling=ahead.rolling)

    def _send_clock(self, tempo: TempoMap | None) -> None:
        """Queue the clock up to a little ahead; None ends it."""
        share = self._band.share
        now = share.frame
        until = now + 2 * share.block + round(_CLOCK_AHEAD_S * share.rate)
        for frame, message in self._sender.due(tempo, now, until):
            self._send(message, frame)

    def _tell_beats(self, tempo: TempoMap | None, confidence: float) -> None:
        """Tell of the beats that come before the next look but one."""
        share = self._band.share
        until = share.frame + round(_BEAT_AHEAD_S * share.rate)
        for beat in self._counter.due(tempo, share.frame, until):
            assert tempo is not None
            self.on_beat(_reading(beat, tempo.tempo_bpm, confidence), beat.frame)

    def _obey(self, transports: dict[str, TempoMap]) -> None:
        """Reset where a transport is to do that."""
        frame, last = self._band.share.frame, self._looked
        self._looked = frame
        looks = [self._look_at(name, tempo, frame, last) for name, tempo in transports.items()]
        started = any(started for started, _ in looks)
        moved = any(moved for _, moved in looks)
        on = self._store.controls.text("transport/reset_on")
        if (started and on in ("start", "both")) or (moved and on in ("locate", "both")):
            logger.info("reset: the transport %s", "started" if started else "was moved")
            self._start(self._store.fire(ControlKey(1, "reset")))

    def _look_at(self, name: str, tempo: TempoMap, frame: int, last: int) -> tuple[bool, bool]:
        """Return whether a transport has started, and whether it was moved."""
        share = self._band.share
        if tempo.on_transport:
            ahead, at = share.transport_offset, share.transport
            place = float(frame + ahead.frames if tempo.rolling else at.frame)
            fresh = TransportWatch(slack=share.block + 1, edge=share.rate / 4)
            elapsed = float(frame - last)
        else:
            place = tempo.beats(frame)
            fresh = TransportWatch(slack=_JUMP_BEATS, edge=1.0)
            elapsed = (frame - last) / tempo.frames_per_beat
        return self._watches.setdefault(name, fresh).look(tempo.rolling, place, elapsed)

    def _tell(self, time: Timekeeping) -> None:
        """Pass on what the engine does not know yet."""
        before, told = self._told.tempo, time.tempo
        same = (
            before is told
            if told is None or before is None
            else told.agrees(before, told.frame, _SAME_BEATS)
        )
        if same and replace(time, tempo=before) == self._told:
            return
        self._told = time
        self._band.follow(time)

    def _start(self, change: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(_logged(change))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


def _reading(beat: Beat, tempo_bpm: float, confidence: float) -> BeatReading:
    return BeatReading(beat=beat.beat, bar=beat.bar, tempo_bpm=tempo_bpm, confidence=confidence)


async def _logged(change: Coroutine[object, object, None]) -> None:
    try:
        await change
    except BridgeError as error:
        logger.warning("transport: %s", error)
