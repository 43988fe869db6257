"""Performance of a stretch of a real song from its chords, and the score of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from model.data.arrangement import (
    Arrangement,
    Bars,
    arrange_parts,
    arrangement_text,
    chord_changes,
)
from model.data.band_material import BandMaterial
from model.data.human_drums import DrumTake, draw_drum_take, perform_stems, play_along
from model.data.midifile import Note
from model.data.mma import play_grooves
from model.data.progressions import Mode
from model.data.score import Kind, Score, SongSource
from model.data.song_tempo import CURVE_SOURCE, draw_grid
from model.data.songs import MMA_SOURCE
from model.data.sources.tempo_curves import TempoCurve
from model.data.stems import split_stems
from model.data.styles import Groove, Style
from model.data.thinning import thin_out
from model.data.timing import draw_swing, off_beat, reswing, to_seconds
from model.errors import DataError

__all__ = ["BandPerformance", "ChartExcerpt", "perform_excerpt", "score_of_performance"]

_PHRASE_BARS = 8
"""Longest that a stem rests at a time; sections of real songs last up to half a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartExcerpt:
    """A stretch of a song: chords, sections, meter, key and tempo."""

    name: str
    source: SongSource
    signature: str
    felt_beats: int
    """Beats a listener counts in a bar."""
    mma_beats: int
    """MMA beats in a bar."""
    tempo_bpm: float
    """Felt beats per minute."""
    key: tuple[int, Mode] | None
    """As it sounds: pitch class 0..11 of the tonic, and the mode."""
    transpose: int
    """Semitones by which the chords are to be moved."""
    bars: Bars
    """Chords as written; positions in MMA beats."""
    sections: tuple[tuple[int, str], ...]
    """First bar and name of each, the first at 0."""

    @property
    def regular(self) -> bool:
        """Whether MMA's beats are the felt beats."""
        return self.mma_beats == self.felt_beats

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Beginning and end of every section, in MMA beats."""
        firsts = [first * self.mma_beats for first, _ in self.sections]
        return list(zip(firsts, [*firsts[1:], len(self.bars) * self.mma_beats], strict=True))

    @property
    def phrases(self) -> list[tuple[int, int]]:
        """Beginning and end of every section, long ones in pieces, in MMA beats."""
        step = _PHRASE_BARS * self.mma_beats
        return [
            (begin, min(begin + step, last))
            for first, last in self.spans
            for begin in range(first, last, step)
        ]


@dataclass(frozen=True, slots=True)
class BandPerformance:
    """Notes that MMA, and perhaps a human drummer, play from an excerpt."""

    arrangement: Arrangement
    notes: list[Note]
    """MMA's, all tracks; times in MMA beats."""
    written: float
    """Where off-beats of these notes fall within a beat, 1/2 or 2/3."""
    take: DrumTake | None
    """Human drums that replace those among the notes."""


def perform_excerpt(
    rng: Random,
    sheet: ChartExcerpt,
    style: Style,
    groove: Groove,
    material: BandMaterial,
    *,
    human_share: float,
    straight: bool = False,
) -> BandPerformance:
    """Return the notes of a band that plays an excerpt.

    Args:
        rng: Source of all choices.
        sheet: What it plays from.
        style: What it plays in.
        groove: A main groove of the style, of the sheet's MMA beats.
        material: Human drums to draw from, and the MMA program.
        human_share: Share of songs that get them, where one fits.
        straight: Whether swung off-beats are to be made straight.

    Raises:
        DataError: MMA refused the song.
    """
    arrangement = arrange_parts(rng, style, groove, sheet.bars, sheet.sections)
    text = arrangement_text(
        arrangement,
        tempo_bpm=sheet.tempo_bpm * sheet.mma_beats / sheet.felt_beats,
        transpose=sheet.transpose,
        seed=rng.randrange(1 << 30),
    )
    notes = play_grooves(material.mma, text)
    written = off_beat(notes) if sheet.regular else 0.5
    if straight and written != 0.5:
        notes, written = reswing(notes, 0.5, written), 0.5
    take = None
    if sheet.regular and material.performances and rng.random() < human_share:
        take = draw_drum_take(
            rng,
            material.performances,
            genre=style.genre,
            bars=len(sheet.bars),
            beats=sheet.mma_beats,
            tempo_bpm=sheet.tempo_bpm,
            written=written,
            section_starts=[first for first, _ in sheet.sections],
        )
    return BandPerformance(arrangement, notes, written, take)


def score_of_performance(
    rng: Random,
    sheet: ChartExcerpt,
    band: BandPerformance,
    notes: Sequence[Note],
    *,
    kind: Kind,
    curves: Sequence[TempoCurve],
    melody_from: str | None,
    accompaniment_from: str | None = None,
) -> Score:
    """Return the score of a song: a performance with swing, rests, tempo and timing.

    Args:
        rng: Source of all choices.
        sheet: What was played from.
        band: Who played.
        notes: Everything that is heard, with the instruments it is heard on; MMA's drums
            among it only if no human plays. Times in MMA beats, off-beats at
            ``band.written``.
        kind: Kind of the song.
        curves: Real tempo curves to draw from.
        melody_from: Song whose melody is among the notes.
        accompaniment_from: Song whose accompaniment is.

    Raises:
        DataError: Nothing was played.
    """
    style, take, beats = band.arrangement.style, band.take, sheet.mma_beats
    if sheet.regular:
        swing = take.swing if take else draw_swing(rng, band.written, sheet.tempo_bpm)
        notes = reswing(notes, swing, band.written)
    stems = split_stems(play_along(rng, notes, take))
    thin_out(rng, sheet.phrases, stems)
    if not stems:
        raise DataError(f"style {style.name} played nothing for {sheet.name}")
    grid, curve = draw_grid(
        rng,
        curves,
        bars=len(sheet.bars),
        felt_beats=sheet.felt_beats,
        mma_beats=beats,
        tempo_bpm=sheet.tempo_bpm,
    )
    if take and "drums" not in stems:
        take = None
    felt = np.arange(len(sheet.bars) * sheet.felt_beats, dtype=np.float64)
    changes = chord_changes(sheet.bars, beats, sheet.transpose)
    starts_s = to_seconds(np.array([start for start, _ in changes]), grid)
    return Score(
        kind=kind,
        sources=(
            MMA_SOURCE,
            sheet.source,
            *((take.source,) if take else ()),
            *((CURVE_SOURCE,) if curve else ()),
        ),
        genre=style.genre,
        style=style.name,
        groove=band.arrangement.groove.name,
        drums_from=take.name if take else None,
        human_drums=take is not None,
        chart=sheet.name,
        tempo_curve=curve,
        melody_from=melody_from,
        accompaniment_from=accompaniment_from,
        tempo_bpm=sheet.tempo_bpm,
        signature=sheet.signature,
        beats_per_bar=sheet.felt_beats,
        key=sheet.key,
        beats_s=to_seconds(felt * (beats / sheet.felt_beats), grid),
        downbeats_s=grid[:-1:beats].copy(),
        chords=tuple(
            (float(start_s), chord)
            for start_s, (_, chord) in zip(starts_s, changes, strict=True)
        ),
        sections=tuple((float(grid[first * beats]), name) for first, name in sheet.sections),
        stems=perform_stems(rng, stems, grid, human_drums=take is not None),
        duration_s=float(grid[-1]),
    )
