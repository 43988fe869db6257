"""Styles and grooves of MMA's own library, and the styles held out for testing.

Only the library's ``stdlib`` folder is used; its other folders are conversions of
commercial keyboards. A style is one library file with several grooves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.data.genres import GENRES
from model.data.splits import SPLITS, split_of
from model.errors import DataError, MissingTool

__all__ = ["LIBRARY", "Groove", "Style", "load_styles"]

LIBRARY = Path("/usr/share/mma/lib/stdlib")
"""Where Debian's ``mma`` package puts the style files."""


@dataclass(frozen=True, slots=True)
class Groove:
    """One pattern of a style: its name, its role and its bar."""

    name: str
    role: str
    """``"main"``, ``"intro"``, ``"fill"`` or ``"end"``."""
    beats: int
    """MMA beats in a bar."""
    signature: str
    """Time signature, such as ``6/8``."""


@dataclass(frozen=True, slots=True)
class Style:
    """One library file."""

    name: str
    genre: str
    grooves: tuple[Groove, ...]

    @property
    def split(self) -> str:
        """The split this style and all its songs belong to."""
        return split_of(self.name)

    def roles(self, role: str, like: Groove) -> list[Groove]:
        """Return the grooves of a role whose bar equals that of ``like``."""
        return [
            groove
            for groove in self.grooves
            if groove.role == role
            and (groove.beats, groove.signature) == (like.beats, like.signature)
        ]


def load_styles(library: Path = LIBRARY, splits: Sequence[str] = SPLITS) -> tuple[Style, ...]:
    """Return the styles of the given splits, ordered by genre and name.

    Args:
        library: Folder of MMA style files.
        splits: Some of `SPLITS`.

    Raises:
        MissingTool: The library is not installed.
        DataError: A style of ours is missing from the library, or has no groove to loop.
    """
    if not library.is_dir():
        raise MissingTool(
            f"no MMA style library at {library}: apt-get install mma fluid-soundfont-gm"
        )
    return tuple(
        _read_style(library / f"{name}.mma", genre)
        for genre, traits in GENRES.items()
        for name in traits.files.split()
        if split_of(name) in splits
    )


def _read_style(path: Path, genre: str) -> Style:
    try:
        text = path.read_text(encoding="latin-1")
    except FileNotFoundError:
        raise DataError(f"{path} is missing; we know the library of MMA 21.09") from None
    beats, signature = 4, "4/4"
    grooves: dict[str, Groove] = {}
    for line in text.splitlines():
        words = line.split("//")[0].split()
        keyword = words[0].lower() if len(words) > 1 else ""
        if keyword == "time" and words[1].isdigit():
            beats = int(words[1])
        elif keyword == "timesig":
            signature = "/".join(words[1:])
        elif keyword == "defgroove":
            grooves[words[1]] = Groove(words[1], _role(words[1]), beats, signature)
    if not any(groove.role == "main" for groove in grooves.values()):
        raise DataError(f"{path} defines no groove to loop")
    return Style(path.stem, genre, tuple(grooves.values()))


def _role(groove: str) -> str:
    for role, pattern in (
        ("intro", "intro"),
        ("end", r"end\d?(sus)?$"),
        ("fill", "fill"),
        ("click", "metronome"),
    ):
        if re.search(pattern, groove, re.IGNORECASE):
            return role
    return "main"
