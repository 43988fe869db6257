"""What makes a corpus the same corpus: its seed, its sources, and the rules of its splits.

A song follows from the seed and its number alone, so that any number of processes, in any
order, today or after a stop, render the same files. Nothing leaks between the splits:

==============  ================================  ====================================
what            valid                             test
==============  ================================  ====================================
styles, drums   of their own (``styles``)         of their own
progressions    those of train                    of their own (``progressions``)
MIDI files      of their own (``composed``)       of their own
SoundFonts      those of train                    every other song on ``test_fonts``
==============  ================================  ====================================
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from model.data.audiofile import SAMPLE_RATE
from model.data.composed import Tune
from model.data.fonts import Font
from model.data.splits import split_of_song
from model.errors import DataError

__all__ = ["COMPOSED_SHARE", "Corpus"]

COMPOSED_SHARE = 0.2
"""Share of songs arranged from MIDI files, where there are any."""

_RECIPE = 2
"""Raised whenever the same seed would give other songs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """What every song of a corpus has in common."""

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
    tunes: tuple[Tune, ...] = ()
    """MIDI files to arrange songs from."""

    def __post_init__(self) -> None:
        """Refuse test fonts that are trained on."""
        both = {font.path.name for font in self.fonts} & {f.path.name for f in self.test_fonts}
        if both or not self.fonts:
            raise DataError(
                f"expected one or more SoundFonts, and none of them among the test fonts; "
                f"got {', '.join(sorted(both)) or 'none'}"
            )

    def folder(self, number: int) -> Path:
        """Return where song ``number`` belongs."""
        return self.out / split_of_song(number) / f"s{self.seed}-{number:05d}"

    def rng(self, number: int, purpose: str) -> Random:
        """Return the source of one kind of choices about song ``number``."""
        return Random(f"{self.seed}/{number}/{purpose}")

    def font_of(self, number: int) -> Font:
        """Return the font that song ``number`` is played on."""
        unheard = split_of_song(number) == "test" and number // 10 % 2 == 1
        fonts = self.test_fonts if unheard and self.test_fonts else self.fonts
        return self.rng(number, "font").choice(fonts)

    def tunes_of(self, number: int) -> tuple[Tune, ...]:
        """Return the MIDI files song ``number`` is arranged from; none if it is composed."""
        if self.rng(number, "source").random() >= COMPOSED_SHARE:
            return ()
        return tuple(tune for tune in self.tunes if tune.split == split_of_song(number))

    def claim(self) -> None:
        """Mark the folder as this corpus.

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
