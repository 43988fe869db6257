"""MMA's styles sorted by genre, and the properties of each genre."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GENRES", "Genre"]


@dataclass(frozen=True, slots=True)
class Genre:
    """Properties that the styles of a genre share."""

    tempo_bpm: tuple[float, float]
    """Slowest and fastest felt beat."""
    vocabulary: str
    """Chord vocabulary, a key of ``charts.PROGRESSIONS``."""
    minor: float
    """Share of songs in a minor key."""
    leads: tuple[int, ...]
    """General MIDI programmes that may play the melody."""
    files: str
    """Names of the library files, without suffix, separated by spaces."""


# fmt: off
GENRES: dict[str, Genre] = {
    "ballad": Genre((60, 92), "sevenths", 0.35, (73, 68, 65, 71, 56, 40, 26, 11),
        "ballad ballad128 ballad68 folkballad guitarballad lullaby pianoballad popballad "
        "rb-ballad rock-128 rockballad slowbroadway slowcountry stringballad"),
    "pop": Genre((84, 136), "triads", 0.35, (80, 81, 73, 65, 27, 11, 62),
        "8beat arpeggio44 arpeggio68 boneym bubblerock popspiritual softrock trance"),
    "rock": Genre((96, 160), "triads", 0.35, (29, 30, 81, 65, 66, 80),
        "50srock 60srock basicrock folkrock jazzrock rockwaltz ska twist"),
    "slow jazz": Genre((66, 108), "jazz", 0.35, (65, 66, 56, 59, 71, 11, 26),
        "easyswing evansish mellowjazz nitejazz slowjazz"),
    "jazz": Genre((108, 190), "jazz", 0.3, (65, 66, 56, 57, 71, 11, 26),
        "68swing bebop bigband descendingjazz fastjazzwaltz fastswing folkyjazz gypsyjazz "
        "jazz-54 jazzcombo jazzguitar jazzwaltz modernjazz modernjazzwaltz swing"),
    "latin": Genre((92, 160), "jazz", 0.45, (73, 56, 71, 65, 24, 75, 11, 12),
        "afro-cuban bossanova cubanguitar jazzrhumba latinwaltz lfusion mambo merengue salsa "
        "samba son"),
    "ballroom": Genre((92, 132), "sevenths", 0.5, (56, 65, 71, 73, 40, 24),
        "beguine bolero calypso chacha desert lighttango rhumba slowbolero tango"),
    "blues": Genre((72, 138), "blues", 0.25, (65, 66, 29, 27, 56, 22),
        "bluefolk blues blues128 blues68 boggiewoggie countryblues fastblues shuffleboggie "
        "slowblues"),
    "funk": Genre((84, 124), "sevenths", 0.55, (65, 62, 61, 56, 81, 28, 11),
        "bvfunk dsoul rb strut"),
    "country": Genre((92, 156), "triads", 0.15, (105, 25, 40, 73, 72, 65),
        "bluegrass countryswing countrywaltz folk hillcountry westernswing zydeco"),
    "gospel": Genre((66, 108), "traditional", 0.2, (65, 56, 60, 73, 71),
        "hymn slowspiritual spiritual"),
    "traditional": Genre((100, 176), "traditional", 0.2, (71, 56, 60, 64, 72, 57, 13),
        "68march broadway broadwaywaltz bwmarch charleston dixie dixiemarch foxtrot jive "
        "march polka quickstep ragtime showtune softshoe"),
    "waltz": Genre((96, 168), "traditional", 0.35, (73, 71, 68, 40, 72, 22, 9),
        "arpeggiowaltz fastwaltz frenchwaltz vienesewaltz waltz"),
}
# fmt: on
