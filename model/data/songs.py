"""Compose one song: a plan, the notes MMA and the melody make of it, and exact times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.charts import Chord, chord_starts
from model.data.form import Plan, draw_plan, drum_text, song_text
from model.data.genres import GENRES
from model.data.melody import Singer, compose_melody
from model.data.midifile import Note
from model.data.mma import play_grooves
from model.data.score import Score, Source
from model.data.stems import revoice, split_stems
from model.data.styles import Style
from model.data.timing import (
    beat_grid,
    draw_swing,
    off_beat,
    perform,
    reswing,
    swung,
    to_seconds,
)
from model.errors import DataError

__all__ = ["compose"]

_HYBRID_SHARE = 0.3
_SOURCE = Source("MMA stdlib grooves", "GPL-2.0-or-later")


def compose(rng: Random, styles: Sequence[Style], *, mma: str, seconds: float) -> Score:
    """Return a song in one of the styles, the same for the same state of ``rng``.

    Args:
        rng: Source of all choices.
        styles: Styles to choose from, of one split.
        mma: Path of the MMA program.
        seconds: Duration to aim at.

    Raises:
        DataError: MMA refused the song, or played nothing.
    """
    plan = draw_plan(rng, _draw_style(rng, styles), seconds)
    notes = play_grooves(mma, song_text(plan, rng.randrange(1 << 30)))
    written = off_beat(notes)
    notes, donor = _borrow_drums(rng, plan, notes, styles, mma)
    notes = revoice(rng, notes) + _sing(rng, plan, written)
    if plan.mma_beats == plan.felt_beats:
        notes = reswing(notes, draw_swing(rng, written, plan.tempo_bpm), written)
    stems = split_stems(notes)
    _thin_out(rng, plan, stems)
    if not stems:
        raise DataError(f"style {plan.style.name} played nothing")
    grid = beat_grid(rng, plan)
    bars = np.arange(plan.bars, dtype=np.float64)
    beats = np.arange(plan.bars * plan.felt_beats, dtype=np.float64)
    return Score(
        source=_SOURCE,
        genre=plan.style.genre,
        style=plan.style.name,
        groove=plan.groove.name,
        drums_from=donor,
        tempo_bpm=plan.tempo_bpm,
        signature=plan.signature,
        beats_per_bar=plan.felt_beats,
        key=(plan.tonic, plan.mode),
        beats_s=to_seconds(beats * (plan.mma_beats / plan.felt_beats), grid),
        downbeats_s=to_seconds(bars * plan.mma_beats, grid),
        chords=_chord_track(plan, grid),
        sections=tuple(
            (float(grid[section.first_bar * plan.mma_beats]), section.name)
            for section in plan.sections
        ),
        stems={name: perform(rng, name, stem, grid) for name, stem in stems.items()},
        duration_s=float(grid[-1]),
    )


def _draw_style(rng: Random, styles: Sequence[Style]) -> Style:
    """Return a style; genres with many styles do not crowd out the others."""
    genres: dict[str, list[Style]] = {}
    for style in styles:
        genres.setdefault(style.genre, []).append(style)
    weights = [math.sqrt(len(members)) for members in genres.values()]
    return rng.choice(rng.choices(list(genres.values()), weights)[0])


def _borrow_drums(
    rng: Random, plan: Plan, notes: list[Note], styles: Sequence[Style], mma: str
) -> tuple[list[Note], str | None]:
    """Now and then replace the drums by those of a related style with the same feel."""
    like = plan.sections[0].groove
    donors = [
        style
        for style in styles
        if style.genre == plan.style.genre
        and style.name != plan.style.name
        and style.roles("main", like)
    ]
    if not donors or rng.random() >= _HYBRID_SHARE:
        return notes, None
    donor = rng.choice(donors)
    lent = play_grooves(mma, drum_text(plan, donor, rng))
    drums = [note for note in lent if note.drum]
    if not drums or off_beat(lent) != off_beat(notes):
        return notes, None
    return [note for note in notes if not note.drum] + drums, donor.name


def _sing(rng: Random, plan: Plan, swing: float) -> list[Note]:
    """Return the melody of the whole song; a section that returns brings its melody back."""
    genre = GENRES[plan.style.genre]
    singer = Singer(
        programme=rng.choice(genre.leads),
        density=rng.uniform(0.5, 1.5) * min(1.0, 130 / plan.mma_tempo),
        legato=rng.uniform(0.75, 1.0),
        second_voice=rng.random() < 0.15,
        bluesy=genre.vocabulary == "blues" and rng.random() < 0.7,
    )
    silent = {name for name in ("intro", "A", "B", "C", "end") if rng.random() < 0.25}
    known: dict[str, list[Note]] = {}
    melody: list[Note] = []
    for section in plan.sections:
        if section.name in silent:
            continue
        if section.name not in known or rng.random() < 0.25:
            known[section.name] = compose_melody(
                rng,
                section.bars,
                beats=plan.mma_beats,
                tonic=section.tonic,
                mode=plan.mode,
                singer=singer,
            )
        first = section.first_bar * plan.mma_beats
        for note in known[section.name]:
            if note.start < len(section.bars) * plan.mma_beats:
                start = swung(note.start, swing)
                length = swung(note.start + note.length, swing) - start
                melody.append(replace(note, start=first + start, length=length))
    return melody


def _thin_out(rng: Random, plan: Plan, stems: dict[str, list[Note]]) -> None:
    """Let stems rest for whole sections, as an arranger would; never all of them at once."""
    for section in plan.sections:
        first = section.first_bar * plan.mma_beats
        last = first + len(section.bars) * plan.mma_beats
        playing = [
            name
            for name, stem in stems.items()
            if any(first <= note.start < last for note in stem)
        ]
        for name in playing[:]:
            if len(playing) > 2 and rng.random() < 0.12:
                playing.remove(name)
                stems[name] = [note for note in stems[name] if not first <= note.start < last]
    for name in [name for name, stem in stems.items() if not stem]:
        del stems[name]


def _chord_track(plan: Plan, grid: NDArray[np.float64]) -> tuple[tuple[float, Chord], ...]:
    track: list[tuple[float, Chord]] = []
    for section in plan.sections:
        for number, bar in enumerate(section.bars):
            first = (section.first_bar + number) * plan.mma_beats
            track += [
                (float(grid[first + beat]), chord)
                for beat, chord in chord_starts(bar, plan.mma_beats)
            ]
    return tuple(track)
