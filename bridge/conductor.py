"""Tells the player the beat, from whichever transport was chosen, and obeys that transport.

Looks at the sources some fifty times a second. What it passes on is a straight line, which the
engine extends to every hop itself, so that being late here moves no beat.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Protocol

from bridge.controls.readings import TransportReading
from bridge.desk import Desk
from bridge.errors import BridgeError
from bridge.midi.clock import ClockPosition
from bridge.midi.clock_out import ClockSender
from bridge.shared.share import AudioShare
from bridge.tempo import BarBeat, TempoMap
from bridge.transport import Taps, TransportWatch

__all__ = ["Conductor", "Player"]

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

ClockAt = Callable[[int], ClockPosition | None]
SendAt = Callable[[bytes, int], object]
"""Sends a MIDI message at a frame."""


class Player(Protocol):
    """The band, as far as the transport concerns it."""

    @property
    def share(self) -> AudioShare:
        """Where the audio clock is."""

    def bar_beat(self) -> BarBeat | None:
        """Return what the timebase of the audio host says; None where there is none."""

    def follow(self, tempo: TempoMap | None) -> None:
        """Tell the player the beat."""

    def hold(self, held: bool) -> None:
        """Let the player pause, or play on."""


class Conductor:
    """Makes one tempo map of the chosen transport and keeps the player to it.

    Args:
        desk: Says which transport, and what it may do.
        player: Gets the beat.
        midi_clock: Tells where the MIDI clock is at a frame.
        send: Sends MIDI to whoever follows our clock.
    """

    def __init__(
        self,
        desk: Desk,
        player: Player,
        midi_clock: ClockAt,
        send: SendAt = lambda message, frame: None,
    ) -> None:
        self._desk = desk
        self._player = player
        self._midi_clock = midi_clock
        self._send = send
        self._sender = ClockSender()
        self._taps = Taps(player.share.rate)
        self._watch: TransportWatch | None = None
        self._looked = 0
        self._source = ""
        self._told: TempoMap | None = None
        self._held = False
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Keep looking until cancelled; those who follow our clock are then told to stop."""
        try:
            while True:
                try:
                    self.look()
                except BridgeError as error:  # the beat may be lost, the music goes on
                    logger.warning("transport: %s", error)
                followed = self._desk.controls.flag("midi/clock")
                await asyncio.sleep(_LOOK_FOR_CLOCK_S if followed else _LOOK_S)
        finally:
            self._send_clock(None)

    def look(self) -> None:
        """See where the transport is, and do what follows from it."""
        controls = self._desk.controls
        source = controls.text("transport/source")
        if source != self._source:
            self._source, self._watch = source, None
        tempo = self._tempo(source)
        if tempo is not None:
            self._obey(tempo)
        self._tell(tempo)
        stands = source != "none" and (tempo is None or not tempo.rolling)
        held = controls.flag("transport/follow") and stands
        if held != self._held:
            self._held = held
            self._player.hold(held)
        self._send_clock(tempo if controls.flag("midi/clock") else None)

    def tap(self) -> None:
        """Take a beat of the player's foot."""
        tempo_bpm = self._taps.tap(self._player.share.frame)
        if tempo_bpm is not None:
            row = self._desk.controls.table["tempo"]
            self._start(self._desk.set("tempo", min(max(tempo_bpm, row.low), row.high)))
        self.look()

    def begin(self) -> None:
        """Begin a bar of the manual transport here."""
        self._taps.begin(self._player.share.frame)

    @property
    def reading(self) -> TransportReading:
        """Where in the music we are."""
        tempo, frame = self.here(), self._player.share.frame
        if tempo is None:
            return TransportReading(source=self._source)
        beat = tempo.beats(frame) % tempo.beats_per_bar
        return TransportReading(
            rolling=tempo.rolling,
            tempo_bpm=tempo.tempo_bpm,
            beat=int(beat) + 1,
            phase=beat % 1.0,
            beats_per_bar=tempo.beats_per_bar,
            source=self._source,
        )

    def here(self) -> TempoMap | None:
        """Return the map in force, its frames those of the host; None if there is no beat."""
        return self._in_host_frames(self._told)

    def _in_host_frames(self, tempo: TempoMap | None) -> TempoMap | None:
        if tempo is None or not tempo.on_transport:
            return tempo
        ahead = self._player.share.transport_ahead
        here = tempo.moved(-ahead.frames)
        return replace(here, on_transport=False, rolling=ahead.rolling)

    def _send_clock(self, tempo: TempoMap | None) -> None:
        """Queue the clock up to a little ahead; None ends it."""
        share = self._player.share
        now = share.frame
        until = now + 2 * share.block + round(_CLOCK_AHEAD_S * share.rate)
        for frame, message in self._sender.due(self._in_host_frames(tempo), now, until):
            self._send(message, frame)

    def _tempo(self, source: str) -> TempoMap | None:
        """Return the map of a source as it is now."""
        controls, share = self._desk.controls, self._player.share
        own = TempoMap(
            frame=self._taps.downbeat,
            beat=0.0,
            tempo_bpm=controls.real("tempo"),
            beats_per_bar=controls.real("transport/beats"),
            rate=share.rate,
        )
        if source == "manual":
            return own
        if source == "midi":
            clock = self._midi_clock(share.frame)
            if clock is None:
                return None
            return replace(
                own,
                frame=float(share.frame),
                beat=clock.beats,
                tempo_bpm=clock.tempo_bpm,
                rolling=clock.rolling,
            )
        if source != "jack":
            return None
        own = replace(own, frame=0.0, rolling=share.transport_ahead.rolling, on_transport=True)
        found = self._player.bar_beat()
        if found is None:
            return own
        return replace(
            own,
            frame=found.frame,
            beat=found.beat,
            tempo_bpm=found.tempo_bpm,
            beats_per_bar=found.beats_per_bar,
        )

    def _obey(self, tempo: TempoMap) -> None:
        """Reset where the transport is to do that."""
        share = self._player.share
        frame, last = share.frame, self._looked
        self._looked = frame
        if tempo.on_transport:
            ahead, at = share.transport_ahead, share.transport
            place = float(frame + ahead.frames if tempo.rolling else at.frame)
            watch = self._watch or TransportWatch(slack=share.block + 1, edge=share.rate / 4)
            elapsed = float(frame - last)
        else:
            place = tempo.beats(frame)
            watch = self._watch or TransportWatch(slack=_JUMP_BEATS, edge=1.0)
            elapsed = (frame - last) / tempo.frames_per_beat
        self._watch = watch
        started, moved = watch.look(tempo.rolling, place, elapsed)
        on = self._desk.controls.text("transport/reset_on")
        if (started and on in ("start", "both")) or (moved and on in ("locate", "both")):
            logger.info("reset: the transport %s", "started" if started else "was moved")
            self._start(self._desk.fire("reset"))

    def _tell(self, tempo: TempoMap | None) -> None:
        """Pass on what the player does not know yet."""
        told = self._told
        if tempo is None:
            if told is None:
                return
        elif told is not None and tempo.agrees(told, tempo.frame, _SAME_BEATS):
            return
        self._told = tempo
        self._player.follow(tempo)

    def _start(self, change: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(_logged(change))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _logged(change: Coroutine[object, object, None]) -> None:
    try:
        await change
    except BridgeError as error:
        logger.warning("transport: %s", error)
