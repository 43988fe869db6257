"""Lead lines of songs: melodies composed over the chords, or given ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from model.data.charts import Bar
from model.data.genres import GENRES
from model.data.melody import MELODY_TRACK, MelodyStyle, compose_melody
from model.data.midifile import Note
from model.data.progressions import Mode
from model.data.timing import swung

__all__ = ["MelodySection", "compose_lead", "place_line"]


@dataclass(frozen=True, slots=True)
class MelodySection:
    """A section to compose a melody for."""

    name: str
    first_bar: int
    bars: tuple[Bar, ...]
    tonic: int
    """Pitch class 0..11."""


def compose_lead(
    rng: Random,
    verses: Sequence[MelodySection],
    *,
    names: Sequence[str],
    genre: str,
    mode: Mode,
    beats: int,
    tempo_bpm: float,
    swing: float,
) -> list[Note]:
    """Return the melody of the whole song; repeated sections repeat their melody.

    Args:
        rng: Source of all choices.
        verses: Sections, ordered.
        names: Names the sections may have; a quarter of them are left without a melody.
        genre: Key of :data:`~model.data.genres.GENRES`.
        mode: Major or minor.
        beats: Beats in a bar.
        tempo_bpm: Of the same beats.
        swing: Where off-beats fall within a beat.

    Returns:
        Notes with times in beats.
    """
    traits = GENRES[genre]
    singer = MelodyStyle(
        programme=rng.choice(traits.leads),
        density=rng.uniform(0.5, 1.5) * min(1.0, 130 / tempo_bpm),
        legato=rng.uniform(0.75, 1.0),
        second_voice=rng.random() < 0.15,
        bluesy=traits.vocabulary == "blues" and rng.random() < 0.7,
    )
    silent = {name for name in names if rng.random() < 0.25}
    known: dict[str, list[Note]] = {}
    melody: list[Note] = []
    for verse in verses:
        if verse.name in silent:
            continue
        if verse.name not in known or rng.random() < 0.25:
            known[verse.name] = compose_melody(
                rng,
                verse.bars,
                beats=beats,
                tonic=verse.tonic,
                mode=mode,
                singer=singer,
            )
        first = verse.first_bar * beats
        for note in known[verse.name]:
            if note.start < len(verse.bars) * beats:
                start = swung(note.start, swing)
                length = swung(note.start + note.length, swing) - start
                melody.append(replace(note, start=first + start, length=length))
    return melody


def place_line(notes: Sequence[Note], programme: int, track: str = MELODY_TRACK) -> list[Note]:
    """Return a line on an instrument, moved by octaves into the middle of its range.

    Args:
        notes: The line; times in any unit.
        programme: General MIDI programme.
        track: Name its notes get.
    """
    if not notes:
        return []
    low, high = MelodyStyle(
        programme=programme, density=1.0, legato=1.0, second_voice=False, bluesy=False
    ).lowest_highest
    middle = float(np.median([note.pitch for note in notes]))
    shift = 12 * round(((low + high) / 2 - middle) / 12)
    return [
        replace(
            note,
            pitch=min(127, max(0, note.pitch + shift)),
            programme=programme,
            track=track,
            drum=False,
        )
        for note in notes
    ]
