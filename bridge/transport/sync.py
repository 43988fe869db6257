"""Synchronisation of the band with the chosen source of the beat, and reports of every beat.

The sources are read fifty times a second. The engine is sent a straight line, which it extends
to every hop itself, so that a delay here moves no beat. The beat tracker's estimates reach the
players within the engine.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from bridge.common.background import BackgroundTasks, TaskErrors
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

_INTERVAL_S = 0.02
_SAME_BEATS = 0.002
"""Maps that differ by less (1 ms at 120 bpm) count as equal."""
_JUMP_BEATS = 0.25
"""A MIDI clock that is off by more was moved."""
_CLOCK_INTERVAL_S = 0.005
"""Interval while our clock is sent, so that a start is sent at once."""
_CLOCK_AHEAD_S = 0.02
"""Delay of an update, beyond two blocks, without a late tick."""
_BEAT_AHEAD_S = 0.045
"""Lead of a beat's report: two updates, and some."""

SendAt = Callable[[bytes, int], object]
"""Sends a MIDI message at a frame."""
BeatListener = Callable[[BeatReading, int], object]
"""Called with a beat shortly before its frame."""


class SyncedBand(HostTransport, Protocol):
    """The band that is kept in time."""

    def follow(self, time: Timekeeping) -> None:
        """Take a new source of the beat."""

    async def correct_beat(self, correction: BeatCorrection) -> None:
        """Pass a correction to the beat tracker."""

    def hold(self, held: bool) -> None:
        """Pause the band, or let it play on."""

    def tell_beat_fault(self, text: str) -> None:
        """Show why a source of the beat is not believed; empty where nothing is wrong."""


class TransportSync:
    """Keeps a band in time with the source of its beat.

    Args:
        store: Controls with the wanted source, and what a transport may do.
        band: Band to keep in time.
        midi_clock: Position of the MIDI clock at a frame.
        send: Sends MIDI to those who follow our clock.
        errors: Told what goes wrong in the background.
    """

    def __init__(
        self,
        store: ControlStore,
        band: SyncedBand,
        midi_clock: MidiClockAt,
        send: SendAt = lambda message, frame: None,
        errors: TaskErrors | None = None,
    ) -> None:
        self._store = store
        self._band = band
        self._send = send
        self._sender = ClockSender()
        self._taps = TapTempo()
        self._sources = BeatSources(store, band, midi_clock, self._taps)
        self._chosen = self._sources.choose()
        self._watches: dict[str, TransportWatch] = {}
        self._looked = 0
        self._sent = Timekeeping()
        self._held = False
        self._counter = BeatCounter()
        self._changes = BackgroundTasks(errors or TaskErrors())
        self.on_beat: BeatListener = lambda beat, frame: None
        """Called with every beat."""

    async def run(self) -> None:
        """Update until cancelled; then stop the clock that is sent."""
        try:
            await self._changes.errors.repeat("transport", self.update, self._interval_s)
        finally:
            self._send_clock(None)

    def _interval_s(self) -> float:
        followed = self._store.controls.flag("midi/clock")
        return _CLOCK_INTERVAL_S if followed else _INTERVAL_S

    def update(self) -> None:
        """Read the sources, and pass on what has changed."""
        controls = self._store.controls
        chosen = self._chosen = self._sources.choose()
        self._reset_if_moved(chosen.transports)
        self._pass_on(chosen.timekeeping)
        self._band.tell_beat_fault(chosen.fault)
        held = controls.flag("transport/follow") and self._stands(chosen)
        if held != self._held:
            self._held = held
            self._band.hold(held)
        tempo = self.host_tempo()
        self._send_clock(tempo if controls.flag("midi/clock") else None)
        self._report_beats(tempo, chosen.confidence)

    def _stands(self, chosen: ChosenSource) -> bool:
        """Return whether there is a transport to be followed, and it does not roll."""
        if self._store.controls.text("transport/source") not in {"auto", *TRANSPORTS}:
            return False
        return not any(tempo.rolling for tempo in chosen.transports.values())

    async def tap(self) -> None:
        """Take a tap on the beat."""
        frame = self._band.share.frame
        tempo_bpm = self._taps.tap(frame, self._band.share.rate)
        if tempo_bpm is not None:
            row = self._store.controls.table["tempo"]
            tempo_bpm = min(max(tempo_bpm, row.low), row.high)
            self._changes.start("transport", self._store.set(ControlKey(1, "tempo"), tempo_bpm))
        beats = self._store.controls.whole("transport/beats")
        await self._correct(
            CorrectionKind.TAP,
            frame,
            tempo_bpm=tempo_bpm,
            beat_in_bar=(self._taps.count - 1) % beats,
        )
        self.update()

    async def begin(self) -> None:
        """Begin a bar of the manual transport now."""
        self._taps.begin(self._band.share.frame)

    async def correct(self, kind: CorrectionKind) -> None:
        """Pass a correction to the beat tracker, as of now.

        Raises:
            BridgeError: It would leave the range of tempi.
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
        """Present position in the music."""
        chosen, tempo, frame = self._chosen, self.host_tempo(), self._band.share.frame
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

    def host_tempo(self) -> TempoMap | None:
        """Return the map in force, in the host's frames; None without a beat."""
        tempo = self._chosen.tempo
        if tempo is None or not tempo.on_transport:
            return tempo
        ahead = self._band.share.transport_offset
        here = tempo.moved(-ahead.frames)
        return replace(here, on_transport=False, rolling=ahead.rolling)

    def _send_clock(self, tempo: TempoMap | None) -> None:
        """Queue clock messages up to a little ahead; None stops the clock."""
        share = self._band.share
        now = share.frame
        until = now + 2 * share.block + round(_CLOCK_AHEAD_S * share.rate)
        for frame, message in self._sender.due(tempo, now, until):
            self._send(message, frame)

    def _report_beats(self, tempo: TempoMap | None, confidence: float) -> None:
        """Report the beats that come before the next update but one."""
        share = self._band.share
        until = share.frame + round(_BEAT_AHEAD_S * share.rate)
        for beat in self._counter.due(tempo, share.frame, until):
            assert tempo is not None
            self.on_beat(_reading(beat, tempo.tempo_bpm, confidence), beat.frame)

    def _reset_if_moved(self, transports: dict[str, TempoMap]) -> None:
        """Reset the band if a transport started or moved, where that is wanted."""
        frame, last = self._band.share.frame, self._looked
        self._looked = frame
        looks = [self._look_at(name, tempo, frame, last) for name, tempo in transports.items()]
        started = any(started for started, _ in looks)
        moved = any(moved for _, moved in looks)
        on = self._store.controls.text("transport/reset_on")
        if (started and on in ("start", "both")) or (moved and on in ("locate", "both")):
            logger.info("reset: the transport %s", "started" if started else "was moved")
            self._changes.start("transport", self._store.fire(ControlKey(1, "reset")))

    def _look_at(self, name: str, tempo: TempoMap, frame: int, last: int) -> tuple[bool, bool]:
        """Return whether a transport started, and whether it was moved."""
        share = self._band.share
        if tempo.on_transport:
            ahead, at = share.transport_offset, share.transport
            position = float(frame + ahead.frames if tempo.rolling else at.frame)
            fresh = TransportWatch(slack=share.block + 1, edge=share.rate / 4)
            elapsed = float(frame - last)
        else:
            position = tempo.beats(frame)
            fresh = TransportWatch(slack=_JUMP_BEATS, edge=1.0)
            elapsed = (frame - last) / tempo.frames_per_beat
        return self._watches.setdefault(name, fresh).update(tempo.rolling, position, elapsed)

    def _pass_on(self, time: Timekeeping) -> None:
        """Send the band what it does not know yet."""
        before, tempo = self._sent.tempo, time.tempo
        same = (
            before is tempo
            if tempo is None or before is None
            else tempo.agrees(before, tempo.frame, _SAME_BEATS)
        )
        if same and replace(time, tempo=before) == self._sent:
            return
        self._sent = time
        self._band.follow(time)


def _reading(beat: Beat, tempo_bpm: float, confidence: float) -> BeatReading:
    return BeatReading(beat=beat.beat, bar=beat.bar, tempo_bpm=tempo_bpm, confidence=confidence)
