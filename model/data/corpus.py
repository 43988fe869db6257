"""A corpus of songs: its seed, its sources, and the rules of its splits.

A song depends on the seed and its number only, so any number of processes, in any order, also
after an interruption, render the same files. Nothing leaks between the splits:

================  ==============================  ====================================
what              valid                           test
================  ==============================  ====================================
styles, drums     of their own (``styles``)       of their own
progressions      those of train                  of their own (``progressions``)
MIDI files        of their own (``midi_songs``)   of their own
data sets         of their own (``sources``)      of their own, and a whole collection
                                                  of charts, a drummer, some corpora of
                                                  tempo curves
SoundFonts        those of train                  every other song on ``test_fonts``
================  ==============================  ====================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from model.data.audiofile import SAMPLE_RATE
from model.data.fonts import Font
from model.data.midi_songs import MidiSong
from model.data.score import Kind
from model.data.song_sources import SongSources
from model.data.splits import split_of_song
from model.errors import DataError

__all__ = ["COMPOSED_SHARE", "KINDS", "Corpus"]

KINDS: tuple[Kind, ...] = ("composed", "hybrid", "chart", "generated")
"""Kinds of songs, in the order that a draw goes through their shares."""

COMPOSED_SHARE = 0.2
"""Share of songs arranged from MIDI files, where only MIDI files are given."""

_SHARES: dict[Kind, float] = {"composed": 0.1, "hybrid": 0.35, "chart": 0.35, "generated": 0.2}
"""Shares of the kinds where charts or songs with an accompaniment are given; those that
there is no material for go to the others."""

_MATERIAL: dict[Kind, str] = {
    "composed": "MIDI files (--midi)",
    "chart": "chord charts (--charts)",
    "hybrid": "songs with an accompaniment (--accompanied-songs)",
}

_RECIPE = 2
"""Raised whenever the same seed would give other songs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Settings that all songs of a corpus share."""

    out: Path
    """Folder that receives the splits."""
    seed: int
    """Names the takes: other seeds, other songs."""
    seconds: float
    """Duration to aim at, per song."""
    fonts: tuple[Font, ...]
    """SoundFonts to play on, one per song."""
    test_fonts: tuple[Font, ...] = ()
    """What every other song of the test split plays on instead."""
    tunes: tuple[MidiSong, ...] = ()
    """MIDI files to arrange songs from."""
    sources: SongSources = field(default_factory=SongSources)
    """Data sets to make songs from."""
    shares: Mapping[Kind, float] = field(default_factory=dict)
    """How often each kind is drawn, relative to the others; by default see `shares_of`."""

    def __post_init__(self) -> None:
        """Refuse test fonts that are trained on, and shares without material."""
        both = {font.path.name for font in self.fonts} & {f.path.name for f in self.test_fonts}
        if both or not self.fonts:
            raise DataError(
                f"expected one or more SoundFonts, and none of them among the test fonts; "
                f"got {', '.join(sorted(both)) or 'none'}"
            )

        given = {
            "generated": True,
            "composed": bool(self.tunes),
            "chart": self.sources.charts is not None,
            "hybrid": self.sources.accompanied_songs is not None,
        }
        for kind, share in self.shares.items():
            if share > 0 and not given[kind]:
                raise DataError(
                    f"expected material for a share of {share:g} of {kind} songs, got none; "
                    f"give {_MATERIAL[kind]}, or leave the share out"
                )
        if self.shares and not sum(self.shares.values()) > 0:
            raise DataError("expected a share above 0 for one kind of songs, got none")

    def folder(self, number: int) -> Path:
        """Return the folder of song ``number``."""
        return self.out / split_of_song(number) / f"s{self.seed}-{number:05d}"

    def rng(self, number: int, purpose: str) -> Random:
        """Return the random generator for one kind of choices about song ``number``."""
        return Random(f"{self.seed}/{number}/{purpose}")

    def font_of(self, number: int) -> Font:
        """Return the font that song ``number`` is played on."""
        unheard = split_of_song(number) == "test" and number // 10 % 2 == 1
        fonts = self.test_fonts if unheard and self.test_fonts else self.fonts
        return self.rng(number, "font").choice(fonts)

    def fonts_of(self, number: int) -> tuple[Font, ...]:
        """Return the font of song ``number``, and the one for instruments it lacks."""
        font = self.font_of(number)
        others = [*self.fonts, *self.test_fonts]
        return (font, *(other for other in others if other.path == font.rest))

    def tunes_of(self, split: str) -> tuple[MidiSong, ...]:
        """Return the MIDI files that songs of a split are arranged from."""
        return tuple(tune for tune in self.tunes if tune.split == split)

    def shares_of(self, split: str) -> dict[Kind, float]:
        """Return how often each kind is drawn in a split, relative to the others.

        Kinds that the split has no material for are left out; songs are generated where
        nothing is left.
        """
        shares: Mapping[Kind, float] = self.shares
        if not shares and (self.sources.charts or self.sources.accompanied_songs):
            shares = _SHARES
        elif not shares:
            shares = {"composed": COMPOSED_SHARE, "generated": 1 - COMPOSED_SHARE}
        material: dict[Kind, int] = {
            "generated": 1,
            "composed": len(self.tunes_of(split)),
            "chart": len(self.sources.charts_of(split)),
            "hybrid": len(self.sources.accompanied_of(split)),
        }
        found = {kind: shares.get(kind, 0.0) for kind in KINDS if material[kind]}
        return found if sum(found.values()) else {"generated": 1.0}

    def kind_of(self, number: int) -> Kind:
        """Return the kind of song ``number``."""
        shares = self.shares_of(split_of_song(number))
        left = self.rng(number, "source").random() * sum(shares.values())
        for kind, share in shares.items():
            left -= share
            if left < 0:
                return kind
        return "generated"

    def claim(self) -> None:
        """Mark the folder as this corpus, or check that it is marked so.

        Raises:
            DataError: It holds another.
        """
        mark = self.out / "render.json"
        ours = {
            "recipe": _RECIPE,
            "seconds": self.seconds,
            "sample_rate": SAMPLE_RATE,
            "fonts": [font.path.name for font in self.fonts],
            "test_fonts": [font.path.name for font in self.test_fonts],
            "tunes": {tune.path.name: tune.digest for tune in self.tunes},
            "sources": self.sources.digests,
            "shares": dict(self.shares) or None,
        }
        self.out.mkdir(parents=True, exist_ok=True)
        if not mark.exists():
            mark.write_text(json.dumps(ours, indent=1))
        found = json.loads(mark.read_text())
        differing = [key for key in {**found, **ours} if found.get(key) != ours.get(key)]
        if differing:
            key = differing[0]
            raise DataError(
                f"{self.out} was rendered with {key} {found.get(key)}, not {ours.get(key)}; "
                "choose another folder"
            )
