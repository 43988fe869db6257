"""Melodies over a chart: short motifs, repeated and answered, landing on chord tones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from random import Random

from model.data.charts import Bar, chord_starts
from model.data.midifile import Note
from model.data.progressions import Mode

__all__ = ["MELODY_TRACK", "MelodyStyle", "compose_melody"]

MELODY_TRACK = "Melody"
"""Track name of the notes made here."""

_SCALES: dict[Mode, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
}
_BLUES = (0, 3, 5, 6, 7, 10)
_CELLS = {
    1: ((1.0,), (0.5, 0.5), (-0.5, 0.5), (0.5, 0.25, 0.25), (-1.0,)),
    2: ((2.0,), (1.5, 0.5), (1.0, 1.0), (0.5, 1.0, 0.5), (-0.5, 0.5, 1.0), (-1.0, 0.5, 0.5)),
    3: ((3.0,), (2.0, 1.0), (1.5, 0.5, 1.0), (1.0, 1.0, 1.0), (-1.0, 1.0, 1.0), (1.0, 2.0)),
}
"""Beats covered, rhythms; a negative number is a rest."""
_STEPS = (-5, -4, -2, -2, -1, 0, 1, 2, 2, 4, 5)
"""Melodic steps in semitones."""
_RANGES = {
    range(0, 8): (60, 88),
    range(8, 16): (60, 89),
    range(16, 24): (60, 84),
    range(24, 32): (52, 79),
    range(40, 56): (58, 88),
    range(57, 59): (46, 70),
    range(56, 64): (55, 79),
    range(66, 68): (48, 74),
    range(64, 72): (56, 82),
    range(72, 80): (64, 92),
    range(80, 88): (57, 86),
}
_DEFAULT_RANGE = (55, 79)


@dataclass(frozen=True, kw_only=True, slots=True)
class MelodyStyle:
    """Instrument and manner of a melody, fixed for a whole song."""

    programme: int
    """General MIDI programme."""
    density: float
    """Notes per beat to aim at, 0.4..1.6."""
    legato: float
    """Share of its time value a note is held."""
    second_voice: bool
    """Whether long notes get a chord tone below."""
    bluesy: bool
    """Whether passing notes come from the blues scale."""

    @property
    def lowest_highest(self) -> tuple[int, int]:
        """Range of the instrument as MIDI keys."""
        return next(
            (limits for span, limits in _RANGES.items() if self.programme in span),
            _DEFAULT_RANGE,
        )


@dataclass(frozen=True, slots=True)
class _Motif:
    """One bar of rhythm and the steps it takes, in semitones before snapping to a scale."""

    rhythm: tuple[float, ...]
    steps: tuple[int, ...]

    def notes(self) -> Iterator[tuple[float, float, int]]:
        """Yield onset and length in beats, and the step, of every note."""
        beat = 0.0
        for value, step in zip(self.rhythm, self.steps, strict=False):
            if value > 0:
                yield beat, value, step
            beat += abs(value)


def compose_melody(
    rng: Random, bars: Sequence[Bar], *, beats: int, tonic: int, mode: Mode, singer: MelodyStyle
) -> list[Note]:
    """Return a melody for one section, times in beats from the section's start.

    Two motifs of two bars alternate; the fourth bar of a phrase often comes to rest. Notes
    on strong beats and long notes are chord tones, others may pass through the scale.

    Args:
        rng: Source of all choices.
        bars: The section's chart.
        beats: Beats in a bar.
        tonic: Pitch class 0..11.
        mode: Major or minor.
        singer: Instrument and manner.

    Returns:
        Notes of the track `MELODY_TRACK`, unswung, ordered by onset.
    """
    low, high = singer.lowest_highest
    scale = {(tonic + step) % 12 for step in (_BLUES if singer.bluesy else _SCALES[mode])}
    motifs = [[_draw_motif(rng, beats, singer.density) for _ in range(2)] for _ in range(2)]
    plan = rng.choice(("aaba", "abab", "aabb"))
    pitch = rng.randint(low + 6, high - 6)
    notes: list[Note] = []
    for number, bar in enumerate(bars):
        motif = motifs["ab".index(plan[number // 2 % 4])][number % 2]
        if number % 4 == 3 and rng.random() < 0.65:
            motif = _Motif((beats * 0.75, -beats * 0.25), motif.steps)
        for beat, length, step in motif.notes():
            chord = [chord for start, chord in chord_starts(bar, beats) if start <= beat][-1]
            passing = beat % 2 != 0 and length < 1.5
            allowed = chord.pitch_classes | scale if passing else chord.pitch_classes
            pitch = _nearest(rng, pitch + step, allowed, low, high)
            arch = math.sin(math.pi * (number % 4 * beats + beat) / (4 * beats))
            velocity = round(80 + 14 * arch + 5 * (beat % 2 == 0) + rng.gauss(0, 4))
            note = Note(
                start=number * beats + beat,
                length=length * (singer.legato if rng.random() < 0.85 else 0.5),
                pitch=pitch,
                velocity=min(118, max(50, velocity)),
                programme=singer.programme,
                track=MELODY_TRACK,
            )
            notes.append(note)
            if singer.second_voice and length >= 1:
                notes.append(_below(note, chord.pitch_classes))
    return notes


def _draw_motif(rng: Random, beats: int, density: float) -> _Motif:
    rhythm: list[float] = []
    left = beats
    while left:
        span = rng.choice([cell for cell in _CELLS if cell <= left])
        cells = _CELLS[span]
        weights = [
            math.exp(-3 * abs(sum(value > 0 for value in cell) / span - density))
            for cell in cells
        ]
        rhythm += rng.choices(cells, weights)[0]
        left -= span
    return _Motif(tuple(rhythm), tuple(rng.choice(_STEPS) for _ in range(max(2, len(rhythm)))))


def _nearest(rng: Random, wanted: int, allowed: Set[int], low: int, high: int) -> int:
    """Return the allowed pitch nearest to ``wanted``, within the instrument's range."""
    if wanted > high - 2:
        wanted -= 7
    if wanted < low + 2:
        wanted += 7
    choices = [pitch for pitch in range(low, high + 1) if pitch % 12 in allowed]
    return min(choices, key=lambda pitch: (abs(pitch - wanted), rng.random()))


def _below(note: Note, chord: Set[int]) -> Note:
    """Return a softer chord tone a third to an octave below."""
    pitch = next(low for low in range(note.pitch - 3, note.pitch - 16, -1) if low % 12 in chord)
    return replace(note, pitch=pitch, velocity=max(30, note.velocity - 14))
