"""Songs on the chord charts of real songs, played by MMA, often with human drums."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from random import Random

from model.data.arrangement import chord_changes, draw_style, split_phrases
from model.data.band_material import BandMaterial, draw_by_group
from model.data.chart_meters import ChartMeter, bars_in_mma_beats, meter_of
from model.data.chart_performance import (
    BandPerformance,
    ChartExcerpt,
    perform_excerpt,
    score_of_performance,
)
from model.data.charts import Bar, Chord, chord_starts
from model.data.genres import GENRES
from model.data.lead_lines import MelodySection, compose_lead, place_line
from model.data.melody import MELODY_TRACK
from model.data.midifile import Note
from model.data.score import Score, SongSource
from model.data.sources.chord_charts import ChartNote, ChordChart
from model.data.sources.tempo_curves import TempoCurve, draw_tempo
from model.data.stems import revoice
from model.data.timing import reswing

__all__ = ["compose_on_chart"]

_TRANSPOSE = (-5, 6)
_TEMPO = (0.92, 1.08)
_HUMAN_SHARE = 0.6
"""Share of songs with human drums, where there are any that fit."""
_SUNG_SHARE = 0.6
"""Share of songs without a melody of their own that get one of ours."""
_FELT_BPM = (50.0, 240.0)
"""Charts outside count in halves or doubles of what is felt; their tempo is not believed."""
_TEMPO_SAMPLE = 64
"""Recordings among which one of the chart's meter is looked for."""
_COLLECTIONS = {
    "billboard": ("McGill Billboard", "Burgoyne, Wild and Fujinaga, ISMIR 2011"),
    "openewld": ("OpenEWLD", "Federico Simonetta"),
    "imaginary-book": ("Impro-Visor imaginary book", "Bob Keller and others"),
}
"""Name and credit of the collections of charts."""

_GENRES_BY_STYLE = {
    "swing": {"jazz": 1.0, "slow jazz": 1.0},
    "ballad": {"slow jazz": 1.0, "ballad": 1.0},
    "waltz": {"jazz": 1.0, "waltz": 1.0},
    "latin": {"latin": 1.0, "ballroom": 0.4},
    "bossa": {"latin": 1.0},
    "samba": {"latin": 1.0},
    "funk": {"funk": 1.0},
    "rock": {"rock": 1.0, "pop": 0.5},
    "shuffle": {"blues": 1.0},
    "march": {"traditional": 1.0},
    "polka": {"traditional": 1.0},
}
"""Beginnings of a chart's style, and the weights of genres it means."""
_GENRES_BY_COLLECTION = {
    "billboard": {
        **{"pop": 1.0, "rock": 1.0, "ballad": 1.0, "funk": 0.5},
        **{"country": 0.5, "blues": 0.3, "gospel": 0.3, "latin": 0.2},
    },
    "openewld": {
        **{"traditional": 1.0, "waltz": 0.7, "ballroom": 0.5, "jazz": 0.7},
        **{"slow jazz": 0.5, "ballad": 0.4, "country": 0.4, "blues": 0.2},
    },
    "imaginary-book": {"jazz": 1.0, "slow jazz": 1.0, "latin": 0.3},
}


def compose_on_chart(
    rng: Random,
    charts: Sequence[ChordChart],
    material: BandMaterial,
    seconds: float,
) -> Score:
    """Return a stretch of a real song's chords played by a band, the same for the same ``rng``.

    It begins at a random bar; charts that are too short are played again from the top.
    Key and tempo are moved a little. The chart's own melody is the lead where it has one.

    Args:
        rng: Source of all choices.
        charts: What to choose from, of one split, in meters that the styles have grooves for.
        material: Of the same split; tempi are drawn from its tempo curves, too.
        seconds: Duration to aim at.

    Raises:
        DataError: MMA refused the song, or played nothing.
    """
    chart = draw_by_group(rng, charts, lambda chart: chart.collection)
    meter = meter_of(chart)
    tempo = _tempo_of(rng, chart, meter, material.curves)
    style, groove = draw_style(rng, material.styles, meter.grooves, _genres_of(chart), tempo)
    if tempo is None:
        tempo = rng.uniform(*GENRES[style.genre].tempo_bpm)
    wanted = max(4, round(seconds * tempo / 60 / meter.felt_beats))
    chosen = _draw_stretch(rng, len(chart.bars), wanted)
    transpose = rng.randint(*_TRANSPOSE)
    collection, credit = _COLLECTIONS[chart.collection]
    sheet = ChartExcerpt(
        name=chart.name,
        source=SongSource(collection, chart.licence, credit),
        signature=meter.signature,
        felt_beats=meter.felt_beats,
        mma_beats=groove.beats,
        tempo_bpm=tempo,
        key=chart.key and ((chart.key[0] + transpose) % 12, chart.key[1]),
        transpose=transpose,
        bars=bars_in_mma_beats(chart, chosen, groove),
        sections=split_phrases(_sections_of(chart, chosen), len(chosen)),
    )
    band = perform_excerpt(rng, sheet, style, groove, material, human_share=_HUMAN_SHARE)
    notes = revoice(rng, band.notes)
    if chart.melody:
        notes += _melody_of(rng, chart, chosen, sheet, band)
    elif rng.random() < _SUNG_SHARE:
        notes += _sing(rng, sheet, band)
    return score_of_performance(
        rng,
        sheet,
        band,
        notes,
        kind="chart",
        curves=material.curves,
        melody_from=chart.name if chart.melody else None,
    )


def _genres_of(chart: ChordChart) -> dict[str, float]:
    style = (chart.style or "").lower()
    known = [genres for name, genres in _GENRES_BY_STYLE.items() if style.startswith(name)]
    return known[0] if known else _GENRES_BY_COLLECTION[chart.collection]


def _tempo_of(
    rng: Random, chart: ChordChart, meter: ChartMeter, curves: Sequence[TempoCurve]
) -> float | None:
    """Return felt beats per minute: the chart's, a real one, or None for the style's."""
    if chart.tempo_bpm:
        felt = meter.felt_tempo(chart.tempo_bpm)
        if _FELT_BPM[0] <= felt <= _FELT_BPM[1]:
            return felt * rng.uniform(*_TEMPO)
    if not curves:
        return None
    some = rng.sample(curves, min(len(curves), _TEMPO_SAMPLE))
    return min(_FELT_BPM[1], max(_FELT_BPM[0], draw_tempo(rng, some, meter.felt_beats)))


def _draw_stretch(rng: Random, bars: int, wanted: int) -> list[int]:
    """Return the bars to play: a stretch of the chart, or all of it repeated."""
    first = rng.randrange(bars - wanted + 1) if bars > wanted else rng.randrange(bars)
    return [(first + number) % bars for number in range(wanted)]


def _sections_of(chart: ChordChart, chosen: Sequence[int]) -> list[tuple[int, str]]:
    """Return where sections begin among the chosen bars; the first and the top always do."""
    labels = dict(chart.sections)
    sections: list[tuple[int, str]] = []
    for place, bar in enumerate(chosen):
        if place == 0:
            held = [label for first, label in chart.sections if first <= bar]
            sections.append((0, held[-1] if held else ""))
        elif bar in labels or bar == 0:
            sections.append((place, labels.get(bar, "")))
    return sections


def _melody_of(
    rng: Random,
    chart: ChordChart,
    chosen: Sequence[int],
    sheet: ChartExcerpt,
    band: BandPerformance,
) -> list[Note]:
    """Return the chart's melody over the chosen bars, on an instrument of the genre."""
    unit = chart.meter[0]
    scale = sheet.mma_beats / unit
    by_bar: dict[int, list[ChartNote]] = {}
    for note in chart.melody:
        by_bar.setdefault(int(note.start // unit), []).append(note)
    line = [
        Note(
            start=(place * unit + note.start % unit) * scale,
            length=note.length * scale,
            pitch=note.pitch + sheet.transpose,
            velocity=round(min(118, max(60, rng.gauss(92 + 6 * (note.start % unit == 0), 6)))),
            programme=0,
            track=MELODY_TRACK,
        )
        for place, bar in enumerate(chosen)
        for note in by_bar.get(bar, [])
    ]
    genre = GENRES[band.arrangement.style.genre]
    return place_line(reswing(line, band.written, 0.5), rng.choice(genre.leads))


def _sing(rng: Random, sheet: ChartExcerpt, band: BandPerformance) -> list[Note]:
    """Return a composed melody over the chords, taken as one or two a bar.

    Sections with the same chords have the same melody.
    """
    beats = sheet.mma_beats
    changes = chord_changes(sheet.bars, beats, sheet.transpose)
    starts = [start for start, _ in changes]

    def sounding(beat: float) -> Chord:
        return changes[max(0, bisect_right(starts, beat) - 1)][1]

    halves = [beat for beat, _ in chord_starts((Chord(0, ""),) * 2, beats)]
    bars: list[Bar] = [
        tuple(dict.fromkeys(sounding(number * beats + half) for half in halves))
        for number in range(len(sheet.bars))
    ]
    tonic, mode = sheet.key or (changes[0][1].root, "major")
    ends = [last // beats for _, last in sheet.spans]
    stretches = [
        tuple(bars[first:end]) for (first, _), end in zip(sheet.sections, ends, strict=True)
    ]
    names = {chords: str(number) for number, chords in enumerate(dict.fromkeys(stretches))}
    verses = [
        MelodySection(names[chords], first, chords, tonic)
        for (first, _), chords in zip(sheet.sections, stretches, strict=True)
    ]
    return compose_lead(
        rng,
        verses,
        names=list(names.values()),
        genre=band.arrangement.style.genre,
        mode=mode,
        beats=beats,
        tempo_bpm=sheet.tempo_bpm * beats / sheet.felt_beats,
        swing=band.written,
    )
