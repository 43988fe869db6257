"""SoundFonts that songs are played on, for training and for testing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from model.data.layered_font import RECORDED_INSTRUMENTS, LayeredPlayer, Layering
from model.data.synth import DEFAULT_FONT, FontPlayer
from model.errors import DataError, MissingTool

__all__ = [
    "FONTS",
    "RECORDED_FONT",
    "TEST_FONT",
    "TRAINING_FONTS",
    "Font",
    "find_fonts",
    "open_font",
]

_SOUNDS = Path("/usr/share/sounds")


@dataclass(frozen=True, slots=True)
class Font:
    """A SoundFont file and the licence of what is rendered with it."""

    path: Path
    licence: str
    """SPDX name, or ``unknown``."""
    package: str | None = None
    """Debian package that brings it."""
    credit: str | None = None
    """Whom its licence asks to name."""
    layering: Layering | None = field(default=None, hash=False)
    """What it plays, where it has but few instruments; ``rest`` plays everything else."""
    rest: Path | None = None
    """A full font beside it."""


FONTS = {
    "fluid": Font(DEFAULT_FONT, "MIT", "fluid-soundfont-gm"),
    "musescore": Font(
        _SOUNDS / "sf3" / "MuseScore_General_Lite.sf3",
        "MIT",
        "musescore-general-soundfont-small",
    ),
    "timgm": Font(_SOUNDS / "sf2" / "TimGM6mb.sf2", "GPL-2.0-only", "timgm6mb-soundfont"),
}
"""Fonts by short name.

``musescore`` grew out of ``fluid``: its piano, drums, strings, winds and synthesisers differ,
its guitars and basses are the same. Band levels of the two lie 4.7 dB apart in the median
over 24 programmes and 5 kits; those of ``timgm``, which shares no samples with them, 7 dB.
FluidR3Mono is left out: but for its drums it is ``fluid`` (1.1 dB)."""

RECORDED_FONT = Font(
    Path("liveband_real.sf3"),
    "CC0-1.0 AND CC-BY-3.0 AND CC-BY-4.0",
    credit="Greg Sullivan (E-Pianos), Bengt Nilsson (Headroom Piano), Lars Muldjord and "
    "DrumGizmo (MuldjordKit); Karoryfer Samples, D. Smolken and AKAI (public domain)",
    layering=RECORDED_INSTRUMENTS,
)
"""A font of recorded instruments, known by the name of its file, wherever that lies."""

TRAINING_FONTS = ("fluid", "musescore")
"""Under the MIT licence, so that what is trained on them may be passed on."""

TEST_FONT = "timgm"
"""Heard in testing only."""


def find_fonts(names: list[str]) -> tuple[Font, ...]:
    """Return fonts by names of `FONTS` or by paths, in the same order.

    What a font of few instruments lacks is played on the first full one of the list.

    Args:
        names: Short names, or paths of ``.sf2`` and ``.sf3`` files. A path that ends in the
            name of `RECORDED_FONT` is that font.

    Raises:
        MissingTool: One is not installed.
        DataError: One is named twice, or all have but few instruments.
    """
    fonts = tuple(FONTS.get(name) or _by_path(Path(name)) for name in names)
    for name, font in zip(names, fonts, strict=True):
        if not font.path.is_file():
            cure = f"apt-get install {font.package}" if font.package else "name another file"
            raise MissingTool(
                f"SoundFont {name!r} is not there: expected {font.path}; {cure}, "
                f"or choose among {', '.join(FONTS)} with --fonts"
            )
    files = [font.path.name for font in fonts]
    if len(set(files)) < len(files):
        raise DataError(f"expected different SoundFonts, got {', '.join(files)}")
    full = [font.path for font in fonts if font.layering is None]
    if fonts and not full:
        raise DataError(
            f"expected a full General MIDI SoundFont beside {', '.join(files)}, which has few "
            f"instruments; name one of {', '.join(FONTS)} too"
        )
    return tuple(replace(font, rest=full[0]) if font.layering else font for font in fonts)


def _by_path(path: Path) -> Font:
    if path.name == RECORDED_FONT.path.name:
        return replace(RECORDED_FONT, path=path)
    known = (font for font in FONTS.values() if font.path == path)
    return next(known, Font(path, "unknown"))


def open_font(font: Font) -> FontPlayer | LayeredPlayer:
    """Return a loaded font, loaded once per process.

    Args:
        font: One of `find_fonts`.

    Raises:
        MissingTool: A file is missing, or no SoundFont.
        DataError: It has but few instruments, and no other is named for the rest.
    """
    player = _load(font.path)
    if font.layering is None:
        return player
    if font.rest is None:
        raise DataError(f"expected a full SoundFont for what {font.path.name} lacks, got none")
    return LayeredPlayer(player, font.layering, _load(font.rest))


@lru_cache(maxsize=4)
def _load(path: Path) -> FontPlayer:
    return FontPlayer(path)
