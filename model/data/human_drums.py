"""Human drum performances in a band: choice of one that fits, and timing of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.midifile import Note
from model.data.score import SongSource
from model.data.sources.drum_fitting import fit_drums
from model.data.sources.drum_performances import CREDIT, LICENCE, DrumPerformance
from model.data.stems import DRUM_KITS
from model.data.timing import perform, timed

__all__ = ["DrumTake", "draw_drum_take", "measure_swing", "perform_stems", "play_along"]

_SOURCE = SongSource("Groove MIDI Dataset", LICENCE, CREDIT)
_TRIES = 4
_OFF_BEATS = (0.4, 0.72)
"""Where in a beat off-beats are, swung or not; behind them are sixteenths."""
_LEAST_OFF_BEATS = 8
_STRAIGHT, _STRAIGHT_UP_TO, _SWUNG_FROM, _SWUNG_UP_TO = (0.47, 0.56, 0.59, 0.72)
_EVEN = 0.02
"""Deviation from the middle of the beat that is hands, not swing."""

_STYLES = {
    "ballad": ("pop", "soul", "rock", "gospel", "country"),
    "pop": ("pop", "rock", "dance", "funk", "hiphop", "soul", "punk"),
    "rock": ("rock", "punk", "pop", "blues"),
    "slow jazz": ("jazz", "soul"),
    "jazz": ("jazz", "neworleans"),
    "latin": ("latin", "afrocuban", "afrobeat", "highlife"),
    "ballroom": ("latin", "afrocuban", "middleeastern"),
    "blues": ("blues", "rock", "soul", "jazz"),
    "funk": ("funk", "soul", "hiphop", "neworleans"),
    "country": ("country", "rock", "pop"),
    "gospel": ("gospel", "soul", "rock"),
    "traditional": ("neworleans", "jazz", "country"),
    "waltz": ("jazz", "country", "rock"),
}
"""Genres of ours, and the styles of performances that suit them."""


@dataclass(frozen=True, slots=True)
class DrumTake:
    """Human drums of a whole song."""

    name: str
    """The performance."""
    notes: tuple[Note, ...]
    """Times in beats of the song; some a little before 0."""
    swing: float
    """Where the drummer's off-beats fall within a beat."""

    @property
    def source(self) -> SongSource:
        """Data set they come from."""
        return _SOURCE


def draw_drum_take(
    rng: Random,
    performances: Sequence[DrumPerformance],
    *,
    genre: str,
    bars: int,
    beats: int,
    tempo_bpm: float,
    written: float,
    section_starts: Sequence[int] = (),
) -> DrumTake | None:
    """Return human drums with the band's feel, or None.

    Performances in styles that suit the genre are tried first, then any.

    Args:
        rng: Source of all choices.
        performances: What to choose from, of one split.
        genre: Key of :data:`~model.data.genres.GENRES`.
        bars: Length of the song.
        beats: Beats in a bar, quarters.
        tempo_bpm: The same beats per minute.
        written: Where the band's off-beats fall within a beat, 1/2 or 2/3.
        section_starts: Bars that sections begin with.
    """
    for styles in (_STYLES[genre], ()):
        for _ in range(_TRIES):
            fitted = fit_drums(
                rng,
                performances,
                meter=(beats, 4),
                bars=bars,
                tempo_bpm=tempo_bpm,
                styles=styles,
                section_starts=section_starts,
            )
            if fitted is None:
                break
            swing = measure_swing([note.start / fitted.ratio for note in fitted.notes])
            if swing is None or (swing > _STRAIGHT_UP_TO) != (written > _STRAIGHT_UP_TO):
                continue
            if fitted.ratio == 1:
                return DrumTake(fitted.performance.name, fitted.notes, swing)
            if swing <= _STRAIGHT_UP_TO:
                return DrumTake(fitted.performance.name, fitted.notes, 0.5)
    return None


def measure_swing(starts: Sequence[float]) -> float | None:
    """Return where off-beats fall within a beat; None where neither straight nor swung.

    Args:
        starts: Onsets in beats; with fewer than eight off-beats they count as straight.

    Returns:
        0.47..0.56 or 0.59..0.72, and exactly 0.5 for what is within hands' reach of it.
    """
    phases = np.array(starts) % 1
    off_beats = phases[(phases > _OFF_BEATS[0]) & (phases < _OFF_BEATS[1])]
    if len(off_beats) < _LEAST_OFF_BEATS:
        return 0.5
    middle = float(np.median(off_beats))
    if abs(middle - 0.5) <= _EVEN:
        return 0.5
    straight = _STRAIGHT <= middle <= _STRAIGHT_UP_TO
    return middle if straight or _SWUNG_FROM <= middle <= _SWUNG_UP_TO else None


def play_along(rng: Random, notes: Sequence[Note], take: DrumTake | None) -> list[Note]:
    """Return the notes with a drum take, on a random kit, in place of their drums."""
    if take is None:
        return list(notes)
    kit = rng.choice(DRUM_KITS)
    drums = [replace(note, programme=kit, drum=True) for note in take.notes]
    return [note for note in notes if not note.drum] + drums


def perform_stems(
    rng: Random, stems: dict[str, list[Note]], grid: NDArray[np.float64], *, human_drums: bool
) -> dict[str, list[Note]]:
    """Return the stems in seconds: human drums unchanged, others with human-like timing.

    Args:
        rng: Source of all deviations.
        stems: Stem class to notes; times in beats.
        grid: Time of beats 0, 1, 2..., in seconds.
        human_drums: Whether the drums were played by a human.
    """
    return {
        name: timed(stem, grid)
        if human_drums and name == "drums"
        else perform(rng, name, stem, grid)
        for name, stem in stems.items()
    }
