"""Score of a song: the notes to play, and all annotations."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.data.charts import Chord
from model.data.midifile import Note
from model.data.progressions import Mode

__all__ = ["Kind", "Score", "SongSource"]

Kind = Literal["generated", "composed", "chart", "hybrid"]
"""Generated from rules; arranged from a MIDI file; a band on a real song's chords; a band
around a real song's melody and piano."""

What = TypeVar("What")

_RING_S = 1.0
"""How long before a recording begins a note may have ended and still be played."""


@dataclass(frozen=True, slots=True)
class SongSource:
    """A source that a song was made from."""

    name: str
    licence: str
    """SPDX name, or ``unknown``."""
    credit: str | None = None
    """Who is to be named where what was made from it is passed on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A song to play. All times in seconds from the beginning of its recording."""

    kind: Kind
    sources: tuple[SongSource, ...]
    """Where its notes, chords and tempi come from."""
    genre: str | None
    style: str
    """Library file of the band, or the MIDI file."""
    groove: str | None
    """Pattern within the style."""
    drums_from: str | None
    """Style or human performance that lent its drums."""
    human_drums: bool = False
    """Whether a human played the drums."""
    chart: str | None = None
    """Chord chart, or the song whose chords the band plays."""
    tempo_curve: str | None = None
    """Recording whose changes of tempo it follows."""
    melody_from: str | None = None
    """Song whose melody is played; none where it is ours, or nobody plays one."""
    accompaniment_from: str | None = None
    """Song whose human accompaniment is played."""
    tempo_bpm: float
    """Felt beats per minute."""
    signature: str
    beats_per_bar: int
    """Beats a listener counts in a bar."""
    key: tuple[int, Mode] | None
    """Pitch class 0..11 of the tonic, and the mode."""
    beats_s: NDArray[np.float64] | None
    """Felt beats, shape ``(beats,)``, where they are known."""
    downbeats_s: NDArray[np.float64] | None
    """First beats of the bars, shape ``(bars,)``."""
    chords: tuple[tuple[float, Chord], ...] | None
    """Onset and chord; each lasts until the next."""
    sections: tuple[tuple[float, str], ...]
    """Onset and name."""
    stems: dict[str, list[Note]]
    """Stem class to notes, ordered by onset; some may begin before the recording does."""
    duration_s: float
    """End of the last bar."""

    def begun_at(self, start_s: float) -> Score:
        """Return the song as recorded from ``start_s`` on.

        Args:
            start_s: Seconds into this song; below 0 for silence before it.
        """
        stems = {
            name: [
                replace(note, start=note.start - start_s)
                for note in notes
                if note.start + note.length > start_s - _RING_S
            ]
            for name, notes in self.stems.items()
        }
        return replace(
            self,
            beats_s=_cut(self.beats_s, start_s),
            downbeats_s=_cut(self.downbeats_s, start_s),
            chords=None if self.chords is None else _entered(self.chords, start_s),
            sections=_entered(self.sections, start_s),
            stems={name: notes for name, notes in stems.items() if notes},
            duration_s=self.duration_s - start_s,
        )


def _cut(times: NDArray[np.float64] | None, start_s: float) -> NDArray[np.float64] | None:
    return None if times is None else times[times >= start_s] - start_s


def _entered(
    track: tuple[tuple[float, What], ...], start_s: float
) -> tuple[tuple[float, What], ...]:
    """Return a track of events from ``start_s`` on, the first one cut where necessary."""
    ends = [*(onset for onset, _ in track[1:]), math.inf]
    return tuple(
        (max(0.0, onset - start_s), what)
        for (onset, what), end in zip(track, ends, strict=bool(track))
        if end > start_s
    )
