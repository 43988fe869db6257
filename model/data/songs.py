"""Composer of songs: a plan, notes by MMA and a melody, and exact times."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.band_material import BandMaterial, draw_by_group
from model.data.charts import Chord, chord_starts
from model.data.form import SongPlan, draw_plan, drum_text, song_text
from model.data.human_drums import DrumTake, draw_drum_take, perform_stems, play_along
from model.data.lead_lines import MelodySection, compose_lead
from model.data.midifile import Note
from model.data.mma import play_grooves
from model.data.score import Score, SongSource
from model.data.song_tempo import CURVE_SOURCE, draw_grid
from model.data.sources.drum_performances import DrumPerformance
from model.data.stems import revoice, split_stems
from model.data.thinning import thin_out
from model.data.timing import draw_swing, off_beat, reswing, to_seconds
from model.errors import DataError

__all__ = ["MMA_SOURCE", "compose"]

MMA_SOURCE = SongSource("MMA stdlib grooves", "GPL-2.0-or-later")
"""What bands play from."""

_HYBRID_SHARE = 0.3
_HUMAN_SHARE = 0.4
"""Share of songs with human drums, where there are any that fit."""
_SECTIONS = ("intro", "A", "B", "C", "end")


def compose(rng: Random, material: BandMaterial, seconds: float) -> Score:
    """Return a song in one of the styles, the same for the same state of ``rng``.

    Args:
        rng: Source of all choices.
        material: Styles to choose from, human drums and tempo curves.
        seconds: Duration to aim at.

    Raises:
        DataError: MMA refused the song, or played nothing.
    """
    plan = draw_plan(
        rng, draw_by_group(rng, material.styles, lambda style: style.genre), seconds
    )
    notes = play_grooves(material.mma, song_text(plan, rng.randrange(1 << 30)))
    written = off_beat(notes)
    notes, donor = _borrow_drums(rng, plan, notes, material)
    take = _draw_take(rng, plan, material.performances, written)
    notes = revoice(rng, notes) + _sing(rng, plan, written)
    if plan.mma_beats == plan.felt_beats:
        swing = take.swing if take else draw_swing(rng, written, plan.tempo_bpm)
        notes = reswing(notes, swing, written)
    stems = split_stems(play_along(rng, notes, take))
    spans = [(s.first_bar, s.first_bar + len(s.bars)) for s in plan.sections]
    thin_out(rng, [(a * plan.mma_beats, b * plan.mma_beats) for a, b in spans], stems)
    if not stems:
        raise DataError(f"style {plan.style.name} played nothing")
    if "drums" not in stems:
        take = None
    grid, curve = draw_grid(
        rng,
        material.curves,
        bars=plan.bars,
        felt_beats=plan.felt_beats,
        mma_beats=plan.mma_beats,
        tempo_bpm=plan.tempo_bpm,
    )
    bars = np.arange(plan.bars, dtype=np.float64)
    beats = np.arange(plan.bars * plan.felt_beats, dtype=np.float64)
    return Score(
        kind="generated",
        sources=(
            MMA_SOURCE,
            *((take.source,) if take else ()),
            *((CURVE_SOURCE,) if curve else ()),
        ),
        genre=plan.style.genre,
        style=plan.style.name,
        groove=plan.groove.name,
        drums_from=take.name if take else donor,
        human_drums=take is not None,
        tempo_curve=curve,
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
        stems=perform_stems(rng, stems, grid, human_drums=take is not None),
        duration_s=float(grid[-1]),
    )


def _draw_take(
    rng: Random, plan: SongPlan, performances: Sequence[DrumPerformance], written: float
) -> DrumTake | None:
    """Return human drums for a song in 3/4, 4/4 or 5/4, in a share of the songs."""
    quarters = plan.signature.endswith("/4") and plan.mma_beats == plan.felt_beats
    if not performances or not quarters or rng.random() >= _HUMAN_SHARE:
        return None
    return draw_drum_take(
        rng,
        performances,
        genre=plan.style.genre,
        bars=plan.bars,
        beats=plan.mma_beats,
        tempo_bpm=plan.tempo_bpm,
        written=written,
        section_starts=[section.first_bar for section in plan.sections],
    )


def _sing(rng: Random, plan: SongPlan, swing: float) -> list[Note]:
    verses = [MelodySection(s.name, s.first_bar, s.bars, s.tonic) for s in plan.sections]
    return compose_lead(
        rng,
        verses,
        names=_SECTIONS,
        genre=plan.style.genre,
        mode=plan.mode,
        beats=plan.mma_beats,
        tempo_bpm=plan.mma_tempo,
        swing=swing,
    )


def _borrow_drums(
    rng: Random, plan: SongPlan, notes: list[Note], material: BandMaterial
) -> tuple[list[Note], str | None]:
    """Sometimes replace the drums by those of a related style with the same feel."""
    like = plan.sections[0].groove
    donors = [
        style
        for style in material.styles
        if style.genre == plan.style.genre
        and style.name != plan.style.name
        and style.roles("main", like)
    ]
    if not donors or rng.random() >= _HYBRID_SHARE:
        return notes, None
    donor = rng.choice(donors)
    lent = play_grooves(material.mma, drum_text(plan, donor, rng))
    drums = [note for note in lent if note.drum]
    if not drums or off_beat(lent) != off_beat(notes):
        return notes, None
    return [note for note in notes if not note.drum] + drums, donor.name


def _chord_track(plan: SongPlan, grid: NDArray[np.float64]) -> tuple[tuple[float, Chord], ...]:
    track: list[tuple[float, Chord]] = []
    for section in plan.sections:
        for number, bar in enumerate(section.bars):
            first = (section.first_bar + number) * plan.mma_beats
            track += [
                (float(grid[first + beat]), chord)
                for beat, chord in chord_starts(bar, plan.mma_beats)
            ]
    return tuple(track)
