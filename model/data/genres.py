"""MMA's styles sorted by genre, and the properties of each genre."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GENRES", "Genre"]


@dataclass(frozen=True, kw_only=True, slots=True)
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


GENRES: dict[str, Genre] = {
    "ballad": Genre(
        tempo_bpm=(60, 92),
        vocabulary="sevenths",
        minor=0.35,
        leads=(73, 68, 65, 71, 56, 40, 26, 11),
        files="ballad ballad128 ballad68 folkballad guitarballad lullaby pianoballad "
        "popballad rb-ballad rock-128 rockballad slowbroadway slowcountry "
        "stringballad",
    ),
    "pop": Genre(
        tempo_bpm=(84, 136),
        vocabulary="triads",
        minor=0.35,
        leads=(80, 81, 73, 65, 27, 11, 62),
        files="8beat arpeggio44 arpeggio68 boneym bubblerock popspiritual softrock trance",
    ),
    "rock": Genre(
        tempo_bpm=(96, 160),
        vocabulary="triads",
        minor=0.35,
        leads=(29, 30, 81, 65, 66, 80),
        files="50srock 60srock basicrock folkrock jazzrock rockwaltz ska twist",
    ),
    "slow jazz": Genre(
        tempo_bpm=(66, 108),
        vocabulary="jazz",
        minor=0.35,
        leads=(65, 66, 56, 59, 71, 11, 26),
        files="easyswing evansish mellowjazz nitejazz slowjazz",
    ),
    "jazz": Genre(
        tempo_bpm=(108, 190),
        vocabulary="jazz",
        minor=0.3,
        leads=(65, 66, 56, 57, 71, 11, 26),
        files="68swing bebop bigband descendingjazz fastjazzwaltz fastswing folkyjazz "
        "gypsyjazz jazz-54 jazzcombo jazzguitar jazzwaltz modernjazz modernjazzwaltz "
        "swing",
    ),
    "latin": Genre(
        tempo_bpm=(92, 160),
        vocabulary="jazz",
        minor=0.45,
        leads=(73, 56, 71, 65, 24, 75, 11, 12),
        files="afro-cuban bossanova cubanguitar jazzrhumba latinwaltz lfusion mambo "
        "merengue salsa samba son",
    ),
    "ballroom": Genre(
        tempo_bpm=(92, 132),
        vocabulary="sevenths",
        minor=0.5,
        leads=(56, 65, 71, 73, 40, 24),
        files="beguine bolero calypso chacha desert lighttango rhumba slowbolero tango",
    ),
    "blues": Genre(
        tempo_bpm=(72, 138),
        vocabulary="blues",
        minor=0.25,
        leads=(65, 66, 29, 27, 56, 22),
        files="bluefolk blues blues128 blues68 boggiewoggie countryblues fastblues "
        "shuffleboggie slowblues",
    ),
    "funk": Genre(
        tempo_bpm=(84, 124),
        vocabulary="sevenths",
        minor=0.55,
        leads=(65, 62, 61, 56, 81, 28, 11),
        files="bvfunk dsoul rb strut",
    ),
    "country": Genre(
        tempo_bpm=(92, 156),
        vocabulary="triads",
        minor=0.15,
        leads=(105, 25, 40, 73, 72, 65),
        files="bluegrass countryswing countrywaltz folk hillcountry westernswing zydeco",
    ),
    "gospel": Genre(
        tempo_bpm=(66, 108),
        vocabulary="traditional",
        minor=0.2,
        leads=(65, 56, 60, 73, 71),
        files="hymn slowspiritual spiritual",
    ),
    "traditional": Genre(
        tempo_bpm=(100, 176),
        vocabulary="traditional",
        minor=0.2,
        leads=(71, 56, 60, 64, 72, 57, 13),
        files="68march broadway broadwaywaltz bwmarch charleston dixie dixiemarch foxtrot "
        "jive march polka quickstep ragtime showtune softshoe",
    ),
    "waltz": Genre(
        tempo_bpm=(96, 168),
        vocabulary="traditional",
        minor=0.35,
        leads=(73, 71, 68, 40, 72, 22, 9),
        files="arpeggiowaltz fastwaltz frenchwaltz vienesewaltz waltz",
    ),
}
