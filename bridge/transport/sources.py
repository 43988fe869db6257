"""Sources of the beat (DAW, MIDI clock, taps, beat tracker), and the choice of one."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bridge.audio.shared.share import AudioShare
from bridge.controls.beat_tracking import TrackerSettings
from bridge.controls.store import ControlStore
from bridge.midi.clock_in import ClockPosition
from bridge.tempo import BarBeat, TempoMap, Timekeeping
from bridge.transport.tap_tempo import TapTempo
from bridge.transport.timebase_watch import TimebaseWatch, implausible_tempo

__all__ = ["TRANSPORTS", "BeatSources", "ChosenSource", "HostTransport", "MidiClockAt"]

logger = logging.getLogger(__name__)

TRANSPORTS = frozenset(("jack", "midi"))
"""Sources that start and stop."""
_WAY_OUT = "mend it there, or choose another /liveband/transport/source"
_TIMEBASE = "the DAW's timebase"
_GRACE_S = 0.25
"""How long a timebase that rolls may tell nothing, as just after it was moved."""

MidiClockAt = Callable[[int], ClockPosition | None]
"""Returns the position of the MIDI clock at a frame; None without a clock."""


class HostTransport(Protocol):
    """Audio clock and transport of the audio host."""

    @property
    def share(self) -> AudioShare:
        """Audio clock, and estimate of the beat tracker."""

    def bar_beat(self) -> BarBeat | None:
        """Return the position by the host's timebase; None where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenSource:
    """The source of the beat that is in force."""

    name: str
    """``jack``, ``midi``, ``manual``, ``ear`` or ``none``."""
    tempo: TempoMap | None
    """Its map; None while it has no beat."""
    confidence: float
    """Confidence in it, 0..1."""
    timekeeping: Timekeeping
    """The same for the engine."""
    transports: dict[str, TempoMap]
    """Transports whose starts and jumps may reset the band, by name."""
    fault: str = ""
    """Why a source before this one is not believed, and the way out; empty for no fault."""


class BeatSources:
    """Reads all sources of the beat and chooses one.

    Args:
        store: Controls with the wanted source.
        host: Transport of the DAW, and beat tracker.
        midi_clock: Position of the MIDI clock.
        taps: Taps of the manual transport.
    """

    def __init__(
        self, store: ControlStore, host: HostTransport, midi_clock: MidiClockAt, taps: TapTempo
    ) -> None:
        self._store = store
        self._host = host
        self._midi_clock = midi_clock
        self._taps = taps
        self._timebase = TimebaseWatch()
        self._faults: dict[str, str] = {}
        """Why each source that was looked at is not believed; empty where it is."""
        self._last_jack: TempoMap | None = None
        self._silent_since: int | None = None
        """Frame at the first look since when the timebase tells nothing."""

    def choose(self) -> ChosenSource:
        """Return the source that is in force now."""
        before, self._faults = self._faults, {}
        chosen = self._choose()
        for name, fault in self._faults.items():
            if bool(fault) != bool(before.get(name)):
                text = f"is not believed: {fault}; {_WAY_OUT}" if fault else "is believed again"
                logger.warning("%s %s", name, text)
        faults = "; ".join(
            f"{name} is not believed, {chosen.name} keeps time instead: {fault}"
            for name, fault in self._faults.items()
            if fault
        )
        return replace(chosen, fault=f"{faults}; {_WAY_OUT}" if faults else "")

    def _choose(self) -> ChosenSource:
        asked = self._store.controls.text("transport/source")
        match asked:
            case "manual":
                return self._chosen("manual", self._manual())
            case "midi":
                return self._chosen("midi", self._midi())
            case "jack":
                return self._chosen("jack", self._jack() or self._bare_jack())
            case "ear":
                return self._from_tracker(None, {})
            case "auto":
                return self._auto()
        return self._chosen("none", None)

    def _auto(self) -> ChosenSource:
        """Choose a rolling DAW with tempo, else a running MIDI clock, else the beat tracker."""
        jack, midi = self._jack(), self._midi()
        transports = {"jack": jack or self._bare_jack()}
        if midi is not None:
            transports["midi"] = midi
        if jack is not None and jack.rolling:
            return self._chosen("jack", jack, use_tracker=True, transports=transports)
        if midi is not None and midi.rolling:
            return self._chosen("midi", midi, use_tracker=True, transports=transports)
        # the engine itself notices, in the same cycle, that the DAW begins to roll
        return self._from_tracker(jack, transports)

    def _from_tracker(
        self, jack: TempoMap | None, transports: dict[str, TempoMap]
    ) -> ChosenSource:
        share = self._host.share
        beat = share.beat if share.engine_live else None
        return ChosenSource(
            name="ear",
            tempo=None if beat is None else beat.tempo,
            confidence=0.0 if beat is None else beat.confidence,
            timekeeping=self._timekeeping(jack, use_tracker=True),
            transports=transports,
        )

    def _chosen(
        self,
        name: str,
        tempo: TempoMap | None,
        *,
        use_tracker: bool = False,
        transports: dict[str, TempoMap] | None = None,
    ) -> ChosenSource:
        own = {} if tempo is None else {name: tempo}
        return ChosenSource(
            name=name,
            tempo=tempo,
            confidence=float(tempo is not None and tempo.rolling),
            timekeeping=self._timekeeping(tempo, use_tracker=use_tracker),
            transports=own if transports is None else transports,
        )

    def _timekeeping(self, tempo: TempoMap | None, *, use_tracker: bool) -> Timekeeping:
        controls = self._store.controls
        is_host_wanted = controls.text("transport/source") in ("auto", "jack")
        tracker = TrackerSettings(
            slowest_bpm=controls.real("ear/tempo/min"),
            fastest_bpm=controls.real("ear/tempo/max"),
            hold=controls.flag("ear/hold"),
            silence_s=controls.real("ear/silence"),
        )
        return Timekeeping(
            tempo=tempo,
            use_tracker=use_tracker,
            use_host=is_host_wanted and not self._faults.get(_TIMEBASE),
            tracker=tracker,
        )

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
        fault = implausible_tempo(clock.tempo_bpm, self._manual().beats_per_bar)
        self._faults["the MIDI clock"] = fault
        if fault:
            return None
        return replace(
            self._manual(),
            frame=float(frame),
            beat=clock.beats,
            tempo_bpm=clock.tempo_bpm,
            rolling=clock.rolling,
        )

    def _bare_jack(self) -> TempoMap:
        """Return the DAW's transport at the tempo of the controls, counted from its frame 0."""
        rolling = self._host.share.transport_offset.rolling
        return replace(self._manual(), frame=0.0, rolling=rolling, on_transport=True)

    def _jack(self) -> TempoMap | None:
        """Return the DAW's transport; None where it has no tempo that can be believed."""
        share, found = self._host.share, self._host.bar_beat()
        frame = share.frame
        if found is None:
            if self._silent_since is None:
                self._silent_since = frame
            is_over = frame - self._silent_since >= _GRACE_S * share.rate
            return None if is_over else self._last_jack
        self._silent_since = None
        fault = self._timebase.update(found, share.rate)
        self._faults[_TIMEBASE] = fault
        if fault:
            self._last_jack = None
            return None
        tempo = replace(
            self._bare_jack(),
            frame=found.frame,
            beat=found.beats,
            tempo_bpm=found.tempo_bpm,
            beats_per_bar=found.beats_per_bar,
            rolling=found.rolling,  # what the callback saw last may be of a cycle before
        )
        self._last_jack = tempo
        return tempo
