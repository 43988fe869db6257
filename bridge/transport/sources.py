"""The sources of the beat, and the choice of one: DAW, MIDI clock, taps or beat tracker."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bridge.audio.shared.share import AudioShare
from bridge.controls.beat_tracking import TrackerSettings
from bridge.controls.store import ControlStore
from bridge.midi.clock_in import ClockPosition
from bridge.tempo import BarBeat, TempoMap, Timekeeping
from bridge.transport.discontinuities import TimebaseWatch
from bridge.transport.tap_tempo import TapTempo

__all__ = ["TRANSPORTS", "BeatSources", "ChosenSource", "HostTransport", "MidiClockAt"]

logger = logging.getLogger(__name__)

TRANSPORTS = frozenset(("jack", "midi"))
"""Sources that start and stop."""
_NOT_BELIEVED = (
    "the DAW's timebase stands still or jumps while its frames go on: it is not believed; mend "
    "it there, or set /liveband/transport/source to ear"
)
_BELIEVED = "the DAW's timebase goes on evenly again: it is believed"

MidiClockAt = Callable[[int], ClockPosition | None]
"""Tells where a MIDI clock is at a frame; None where there is none."""


class HostTransport(Protocol):
    """The audio host, as far as it keeps time."""

    @property
    def share(self) -> AudioShare:
        """Where the audio clock is, and what the beat tracker makes out."""

    def bar_beat(self) -> BarBeat | None:
        """Return what the timebase of the audio host says; None where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenSource:
    """Who keeps time."""

    name: str
    """``jack``, ``midi``, ``manual``, ``ear`` or ``none``."""
    tempo: TempoMap | None
    """Its map; None while it has no beat."""
    confidence: float
    """How sure it is, 0..1."""
    told: Timekeeping
    """What the engine is to be told."""
    transports: dict[str, TempoMap]
    """The transports whose starts and jumps are to be obeyed, by name."""


class BeatSources:
    """Looks at all who may keep time, and chooses.

    Args:
        store: Says whom to listen to.
        host: Has the transport of the DAW, and the beat tracker.
        midi_clock: Tells where the MIDI clock is.
        taps: Of the manual transport.
    """

    def __init__(
        self, store: ControlStore, host: HostTransport, midi_clock: MidiClockAt, taps: TapTempo
    ) -> None:
        self._store = store
        self._host = host
        self._midi_clock = midi_clock
        self._taps = taps
        self._timebase = TimebaseWatch(host.share.rate)
        self._believed = True

    def look(self) -> ChosenSource:
        """Return who keeps time now."""
        asked = self._store.controls.text("transport/source")
        match asked:
            case "manual":
                return self._chosen("manual", self._manual())
            case "midi":
                return self._chosen("midi", self._midi())
            case "jack":
                return self._chosen("jack", self._jack() or self._bare_jack())
            case "ear":
                return self._by_ear(None, {})
            case "auto":
                return self._auto()
        return self._chosen("none", None)

    def _auto(self) -> ChosenSource:
        """A rolling DAW that tells a tempo comes first, then a MIDI clock that runs."""
        jack, midi = self._jack(), self._midi()
        transports = {"jack": jack or self._bare_jack()}
        if midi is not None:
            transports["midi"] = midi
        if jack is not None and jack.rolling:
            return self._chosen("jack", jack, by_ear=True, transports=transports)
        if midi is not None and midi.rolling:
            return self._chosen("midi", midi, by_ear=True, transports=transports)
        # the engine sees by itself, in the very cycle, when the DAW begins to roll
        return self._by_ear(jack, transports)

    def _by_ear(self, jack: TempoMap | None, transports: dict[str, TempoMap]) -> ChosenSource:
        share = self._host.share
        beat = share.beat if share.engine_live else None
        return ChosenSource(
            name="ear",
            tempo=None if beat is None else beat.tempo,
            confidence=0.0 if beat is None else beat.confidence,
            told=self._told(jack, by_ear=True),
            transports=transports,
        )

    def _chosen(
        self,
        name: str,
        tempo: TempoMap | None,
        *,
        by_ear: bool = False,
        transports: dict[str, TempoMap] | None = None,
    ) -> ChosenSource:
        obeyed = {} if tempo is None else {name: tempo}
        return ChosenSource(
            name=name,
            tempo=tempo,
            confidence=float(tempo is not None and tempo.rolling),
            told=self._told(tempo, by_ear=by_ear),
            transports=obeyed if transports is None else transports,
        )

    def _told(self, tempo: TempoMap | None, *, by_ear: bool) -> Timekeeping:
        controls = self._store.controls
        tracker = TrackerSettings(
            slowest_bpm=controls.real("ear/tempo/min"),
            fastest_bpm=controls.real("ear/tempo/max"),
            hold=controls.flag("ear/hold"),
            silence_s=controls.real("ear/silence"),
        )
        return Timekeeping(tempo=tempo, by_ear=by_ear, tracker=tracker)

    def _manual(self) -> TempoMap:
        controls = self._store.controls
        return TempoMap(
            frame=self._taps.downbeat,
            beat=0.0,
            tempo_bpm=controls.real("tempo"),
            beats_per_bar=controls.real("transport/beats"),
            rate=self._host.share.rate,
        )

    def _midi(self) -> TempoMap | None:
        frame = self._host.share.frame
        clock = self._midi_clock(frame)
        if clock is None:
            return None
        return replace(
            self._manual(),
            frame=float(frame),
            beat=clock.beats,
            tempo_bpm=clock.tempo_bpm,
            rolling=clock.rolling,
        )

    def _bare_jack(self) -> TempoMap:
        """The DAW's transport without its timebase: `tempo`, from its frame 0 on."""
        rolling = self._host.share.transport_offset.rolling
        return replace(self._manual(), frame=0.0, rolling=rolling, on_transport=True)

    def _jack(self) -> TempoMap | None:
        """The DAW's transport; None where it tells no tempo that can be believed."""
        found = self._host.bar_beat()
        if found is None:
            return None
        believed = self._timebase.look(found.frame, found.beat, found.tempo_bpm)
        if believed is not self._believed:
            self._believed = believed
            logger.warning(_BELIEVED if believed else _NOT_BELIEVED)
        if not believed:
            return None
        return replace(
            self._bare_jack(),
            frame=found.frame,
            beat=found.beat,
            tempo_bpm=found.tempo_bpm,
            beats_per_bar=found.beats_per_bar,
        )
