"""Accompaniment of given chords: MMA grooves for each section, as MMA's text and as notes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from model.data.charts import Chord
from model.data.genres import GENRES
from model.data.groove_parts import VOLUMES, GroovePart, part_lines
from model.data.sources.chord_symbols import NO_CHORD, chord_of
from model.data.styles import Groove, Style

__all__ = [
    "Arrangement",
    "Bars",
    "arrange_parts",
    "arrangement_text",
    "chord_changes",
    "draw_style",
    "fitting_grooves",
    "playable_meters",
    "split_phrases",
]

BarChords = tuple[tuple[float, str], ...]
"""Chords of a bar: position in MMA beats and MMA's symbol, the first at 0."""
Bars = tuple[BarChords, ...]
M = TypeVar("M")

_PHRASE_BARS = 8
"""Length of the parts of a song without sections."""
_ENDINGS = ("outro", "coda", "end", "fadeout", "ending")
_TEMPO_TOLERANCE = 0.3
"""Octaves outside a genre's tempi at which its styles are a third as likely."""
_OTHER_GENRE = 0.02
"""Weight of genres that are not called for."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Parts of a song with their grooves, and the style they are from."""

    style: Style
    groove: Groove
    """The one that most parts are played in."""
    parts: tuple[GroovePart[BarChords], ...]

    @property
    def bars(self) -> Bars:
        """All bars, from the first part to the last."""
        return tuple(bar for part in self.parts for bar in part.bars)


def draw_style(
    rng: Random,
    styles: Sequence[Style],
    meters: Mapping[tuple[int, str], str | None],
    genres: Mapping[str, float],
    tempo_bpm: float | None,
) -> tuple[Style, Groove]:
    """Return a style, and the groove of it that most of the song is played in.

    Args:
        rng: Source of all choices.
        styles: Styles to choose from; at least one has a fitting groove.
        meters: Fitting bars, as MMA beats and signature, each with a part of the style's
            name that is wanted, or none.
        genres: Weights of the genres called for; the others stay possible.
        tempo_bpm: Felt beats per minute; genres played at other tempi become unlikely. None
            where the tempo will follow from the style.
    """
    fitting: dict[str, list[tuple[Style, Groove]]] = {}
    for style in styles:
        grooves = fitting_grooves(style, meters)
        if grooves:
            fitting.setdefault(style.genre, []).append((style, rng.choice(grooves)))
    weights = [
        genres.get(genre, _OTHER_GENRE) * _tempo_weight(genre, tempo_bpm) for genre in fitting
    ]
    return rng.choice(rng.choices(list(fitting.values()), weights)[0])


def playable_meters(
    styles: Sequence[Style], meters: Mapping[M, Mapping[tuple[int, str], str | None]]
) -> set[M]:
    """Return the meters for which one of the styles has grooves.

    Args:
        styles: The styles at hand.
        meters: For each meter, what :func:`fitting_grooves` looks for.
    """
    return {
        meter
        for meter, grooves in meters.items()
        if any(fitting_grooves(style, grooves) for style in styles)
    }


def fitting_grooves(style: Style, meters: Mapping[tuple[int, str], str | None]) -> list[Groove]:
    """Return the main grooves of a style whose bar and name fit; see `draw_style`."""
    return [
        groove
        for groove in style.grooves
        if groove.role == "main"
        and (groove.beats, groove.signature) in meters
        and (meters[groove.beats, groove.signature] or "") in style.name
    ]


def _tempo_weight(genre: str, tempo_bpm: float | None) -> float:
    if tempo_bpm is None:
        return 1.0
    low, high = GENRES[genre].tempo_bpm
    octaves = max(0.0, math.log2(low / tempo_bpm), math.log2(tempo_bpm / high))
    return math.exp(-octaves / _TEMPO_TOLERANCE)


def split_phrases(
    sections: Sequence[tuple[int, str]], bars: int
) -> tuple[tuple[int, str], ...]:
    """Return where parts begin, and their names; long stretches without names are cut.

    Args:
        sections: First bar and name, ordered; may be empty.
        bars: Length of the song.

    Example:
        >>> split_phrases([(0, "verse"), (12, "")], 24)
        ((0, 'verse'), (12, 'phrase'), (20, 'phrase'))
    """
    starts = [(first, name) for first, name in sections if first < bars]
    if not starts or starts[0][0]:
        starts.insert(0, (0, ""))
    ends = [*(first for first, _ in starts[1:]), bars]
    parts: list[tuple[int, str]] = []
    for (first, name), end in zip(starts, ends, strict=True):
        if name:
            parts.append((first, name))
        else:
            parts += [(bar, "phrase") for bar in range(first, end, _PHRASE_BARS)]
    return tuple(parts)


def arrange_parts(
    rng: Random,
    style: Style,
    main: Groove,
    bars: Bars,
    sections: Sequence[tuple[int, str]],
) -> Arrangement:
    """Return grooves for the sections of a song: sections of one name share one.

    A short intro or an ending is played in a groove made for it where the style has one, and
    seven in ten sections of three bars or more end in a fill.

    Args:
        rng: Source of all choices.
        style: What to play in.
        main: The groove that most sections are played in.
        bars: The chords.
        sections: First bar and name of each, from 0 on; see `split_phrases`.
    """
    mains, fills = style.roles("main", main), style.roles("fill", main)
    chosen: dict[str, Groove] = {}
    parts = []
    ends = [*(first for first, _ in sections[1:]), len(bars)]
    for (first, name), end in zip(sections, ends, strict=True):
        role = "intro" if name == "intro" else "end" if name in _ENDINGS else ""
        special = style.roles(role, main) if role and end - first <= 4 else []
        if name not in chosen:
            chosen[name] = rng.choice([main, main, *mains])
        looped = not special
        fill = fills and looped and end - first > 2 and rng.random() < 0.7
        parts.append(
            GroovePart(
                name=name,
                first_bar=first,
                bars=bars[first:end],
                groove=rng.choice(special) if special else chosen[name],
                fill=rng.choice(fills) if fill else None,
                volume=rng.choice(VOLUMES) if rng.random() < 0.5 else None,
            )
        )
    return Arrangement(style, main, tuple(parts))


def arrangement_text(
    arrangement: Arrangement, *, tempo_bpm: float, transpose: int, seed: int
) -> str:
    """Return the song in MMA's language.

    Args:
        arrangement: What to write.
        tempo_bpm: MMA beats per minute.
        transpose: Semitones to move every chord by.
        seed: Seed of MMA's own small variations.
    """
    lines = [
        f"Tempo {round(tempo_bpm)}",
        f"RndSeed {seed}",
        f"Transpose {transpose}",
        f"Groove stdlib/{arrangement.style.name}:{arrangement.groove.name}",
    ]
    lines += part_lines(arrangement.parts, _chords_of)
    return "\n".join(lines) + "\n"


def _chords_of(bar: BarChords) -> str:
    return " ".join(
        symbol if at == 0 else f"{symbol}@{round(at + 1, 3):g}" for at, symbol in bar
    )


def chord_changes(bars: Bars, beats: int, transpose: int) -> list[tuple[float, Chord]]:
    """Return where each chord enters, in MMA beats from the first bar, and the chord.

    A stretch without a chord counts to the chord before it, at the beginning to the one
    after it. Repeated chords are given again on bar lines only.

    Args:
        bars: The chords.
        beats: MMA beats in a bar.
        transpose: Semitones to move every chord by.
    """
    changes: list[tuple[float, Chord]] = []
    current = next((c for bar in bars for _, name in bar if (c := chord_of(name))), None)
    if current is None:
        return []
    for number, bar in enumerate(bars):
        for at, symbol in bar:
            chord = current if symbol == NO_CHORD else chord_of(symbol) or current
            if at == 0 or chord != current:
                moved = Chord((chord.root + transpose) % 12, chord.quality)
                changes.append((number * beats + at, moved))
            current = chord
    return changes
