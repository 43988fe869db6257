"""Songs of a real melody and human accompaniment, with bass, guitar and drums added.

Melody, second voice and piano are those of a song of POP909; bass, guitar and sometimes strings
are MMA's, on the song's chords; drums are a human's, stretched to the song's beats, or MMA's.
Beats and chords of the whole are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from model.data.arrangement import Bars, draw_style, playable_meters, split_phrases
from model.data.band_material import BandMaterial
from model.data.chart_performance import ChartExcerpt, perform_excerpt, score_of_performance
from model.data.lead_lines import place_line
from model.data.midifile import Note
from model.data.score import Score, SongSource
from model.data.sources.chord_symbols import NO_CHORD, mma_of_harte
from model.data.sources.pop909 import CREDIT, LICENCE, AccompaniedSong
from model.data.stems import class_of, revoice
from model.data.styles import Style

__all__ = ["build_hybrid", "songs_to_play"]

_SOURCE = SongSource("POP909", LICENCE, CREDIT)
_TRANSPOSE = (-5, 6)
_TEMPO = (0.87, 1.15)
_HUMAN_SHARE = 0.85
"""Share of songs with human drums, where there are any that fit."""
_LEAST_BARS = 8
_EARLY = 1 / 16
"""Beats before a stretch from which on a note belongs to it."""
_METERS: dict[int, dict[tuple[int, str], str | None]] = {
    3: {(3, "3/4"): None},
    4: {(4, "4/4"): None},
    6: {(6, "6/8"): None},
}
"""Beats in a bar, and the grooves that are played in it."""
_PHRASES = {"i": "intro", "o": "outro"}
"""Labels of phrases that have a name of their own."""
_GENRES = {
    **{"pop": 1.0, "ballad": 1.0, "rock": 0.8, "funk": 0.3},
    **{"country": 0.3, "gospel": 0.2, "blues": 0.1, "latin": 0.1},
}
_LEADS = (73, 68, 71, 65, 66, 56, 80, 81, 80, 81, 40, 41, 11, 26, 27, 29, 22, 53, 75)
"""Programmes that the melody is played on."""
_SECOND_VOICES = (48, 49, 50, 51, 52, 89, 91, 40, 42, 68, 71, 73, 60, 61, 11, 12, 24, 25, 81)
"""Programmes that the second voice is played on: strings and pads above all."""
_GUITARS = (24, 25, 25, 26, 27, 27, 28, 29)
_GUITAR_SHARE, _STRINGS_SHARE, _SECOND_SHARE = 0.85, 0.4, 0.85


def songs_to_play(
    songs: Sequence[AccompaniedSong], styles: Sequence[Style]
) -> tuple[AccompaniedSong, ...]:
    """Return the songs with eight regular bars in a row that one of the styles can play."""
    playable = playable_meters(styles, _METERS)
    return tuple(
        song
        for song in songs
        if song.beats_per_bar in playable
        and song.regular_bars[1] - song.regular_bars[0] >= _LEAST_BARS
    )


def build_hybrid(
    rng: Random,
    songs: Sequence[AccompaniedSong],
    material: BandMaterial,
    seconds: float,
) -> Score:
    """Return a stretch of a real song with a band around it, the same for the same ``rng``.

    It begins at a random bar and is shorter where the song is. Key and tempo are moved, and
    melody and second voice are played on instruments drawn for them.

    Args:
        rng: Source of all choices.
        songs: What to choose from, of one split; see `songs_to_play`.
        material: Of the same split.
        seconds: Duration to aim at.

    Raises:
        DataError: A file of the song is malformed, or MMA refused its chords.
    """
    song = rng.choice(songs)
    beats = song.beats_per_bar
    first, last = song.regular_bars
    usual = float(np.median(np.diff(song.beats_s)))
    tempo = 60 / usual * rng.uniform(*_TEMPO)
    wanted = max(_LEAST_BARS, round(seconds * tempo / 60 / beats))
    if wanted < last - first:
        first += rng.randrange(last - first - wanted + 1)
        last = first + wanted
    begin = song.downbeats[first]
    style, groove = draw_style(rng, material.styles, _METERS[beats], _GENRES, tempo)
    transpose = rng.randint(*_TRANSPOSE)
    sheet = ChartExcerpt(
        name=f"pop909-{song.name}",
        source=_SOURCE,
        signature=groove.signature,
        felt_beats=beats,
        mma_beats=beats,
        tempo_bpm=tempo,
        key=song.key and ((song.key[0] + transpose) % 12, song.key[1]),
        transpose=transpose,
        bars=_bars_of(song, first, last),
        sections=split_phrases(_sections_of(song, first, last), last - first),
    )
    band = perform_excerpt(
        rng, sheet, style, groove, material, human_share=_HUMAN_SHARE, straight=True
    )
    lines = {
        track: _stretch(song, notes, begin, (last - first) * beats, transpose)
        for track, notes in (
            ("Melody", song.melody),
            ("Second voice", song.second_voice),
            ("Piano", song.piano),
        )
    }
    notes = _accompaniment(rng, band.notes)
    notes += place_line(lines["Melody"], rng.choice(_LEADS), "Melody")
    if rng.random() < _SECOND_SHARE:
        notes += place_line(lines["Second voice"], rng.choice(_SECOND_VOICES), "Second voice")
    notes += revoice(rng, [replace(note, track="Piano") for note in lines["Piano"]])
    return score_of_performance(
        rng,
        sheet,
        band,
        notes,
        kind="hybrid",
        curves=material.curves,
        melody_from=sheet.name,
        accompaniment_from=sheet.name,
    )


def _bars_of(song: AccompaniedSong, first: int, last: int) -> Bars:
    """Return the chords of some bars: every one begins with the chord that sounds there."""
    begin = song.downbeats[first]
    starts = np.array([start for start, _, _ in song.chords])
    places = np.round(_beats_at(song, starts)).astype(int) - begin
    symbols = [mma_of_harte(label) for _, _, label in song.chords]
    bars = []
    for number in range(last - first):
        at = number * song.beats_per_bar
        held = int(np.searchsorted(places, at, "right")) - 1
        bar = [(0.0, symbols[held] if held >= 0 else NO_CHORD)]
        bar += [
            (float(place - at), symbol)
            for place, symbol in zip(places, symbols, strict=True)
            if at < place < at + song.beats_per_bar
        ]
        bars.append(tuple(bar))
    return tuple(bars)


def _sections_of(song: AccompaniedSong, first: int, last: int) -> list[tuple[int, str]]:
    downbeats_s = song.beats_s[list(song.downbeats)]
    bars = [int(np.argmin(np.abs(downbeats_s - start))) for start, _ in song.sections]
    names = [_PHRASES.get(name, name) for _, name in song.sections]
    before = [name for bar, name in zip(bars, names, strict=True) if bar <= first]
    later = [
        (bar - first, name) for bar, name in zip(bars, names, strict=True) if first < bar < last
    ]
    return [(0, before[-1] if before else ""), *later]


def _beats_at(song: AccompaniedSong, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions in beats, extrapolated at both ends with the tempo there."""
    times = song.beats_s
    places: NDArray[np.float64] = np.interp(seconds, times, np.arange(len(times)))
    places += np.minimum(0, seconds - times[0]) / (times[1] - times[0])
    places += np.maximum(0, seconds - times[-1]) / (times[-1] - times[-2])
    return places


def _stretch(
    song: AccompaniedSong, notes: Sequence[Note], begin: int, beats: int, transpose: int
) -> list[Note]:
    """Return the notes of some beats, times in beats from ``begin``, moved to another key."""
    starts = _beats_at(song, np.array([note.start for note in notes])) - begin
    ends = _beats_at(song, np.array([note.start + note.length for note in notes])) - begin
    return [
        replace(
            note,
            start=max(0.0, float(start)),
            length=float(min(end, beats) - start),
            pitch=min(127, max(0, note.pitch + transpose)),
        )
        for note, start, end in zip(notes, starts, ends, strict=True)
        if -_EARLY <= start < beats - _EARLY
    ]


def _accompaniment(rng: Random, notes: Sequence[Note]) -> list[Note]:
    """Return the drums, bass and guitar of MMA's notes, and sometimes the strings.

    Where the style has no guitar, one takes the part of the track with most notes.
    """
    wanted = {"drums", "bass"}
    guitar = rng.random() < _GUITAR_SHARE
    if guitar:
        wanted.add("guitar")
    if rng.random() < _STRINGS_SHARE:
        wanted.add("strings")
    kept = [note for note in notes if class_of(note) in wanted]
    voiced = revoice(rng, kept)
    if guitar and not any(class_of(note) == "guitar" for note in voiced):
        others = [n for n in notes if class_of(n) not in ("drums", "bass", "strings")]
        if others:
            busiest = Counter(note.track for note in others).most_common(1)[0][0]
            programme = rng.choice(_GUITARS)
            voiced += [
                replace(note, programme=programme, track=f"Guitar {busiest}")
                for note in others
                if note.track == busiest
            ]
    return voiced
