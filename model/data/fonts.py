"""The SoundFonts songs are played on, and which of them training never hears."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model.data.synth import DEFAULT_FONT
from model.errors import DataError, MissingTool

__all__ = ["FONTS", "TEST_FONT", "TRAINING_FONTS", "Font", "find_fonts"]

_SOUNDS = Path("/usr/share/sounds")


@dataclass(frozen=True, slots=True)
class Font:
    """A SoundFont file and what may be done with what it plays."""

    path: Path
    licence: str
    """SPDX name, or ``unknown``."""
    package: str | None = None
    """Debian package that brings it."""


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

TRAINING_FONTS = ("fluid", "musescore")
"""Under the MIT licence, so that what is trained on them may be passed on."""

TEST_FONT = "timgm"
"""Heard in testing only."""


def find_fonts(names: list[str]) -> tuple[Font, ...]:
    """Return the fonts meant by names of `FONTS` or by paths, in the same order.

    Args:
        names: Short names, or paths of ``.sf2`` and ``.sf3`` files.

    Raises:
        MissingTool: One is not installed.
        DataError: One is named twice.
    """
    fonts = tuple(FONTS.get(name) or Font(Path(name), _licence(Path(name))) for name in names)
    for name, font in zip(names, fonts, strict=True):
        if not font.path.is_file():
            cure = f"apt-get install {font.package}" if font.package else "name another file"
            raise MissingTool(
                f"SoundFont {name} is not there: expected {font.path}; {cure}, "
                f"or choose among {', '.join(FONTS)} with --fonts"
            )
    files = [font.path.name for font in fonts]
    if len(set(files)) < len(files):
        raise DataError(f"expected different SoundFonts, got {', '.join(files)}")
    return fonts


def _licence(path: Path) -> str:
    return next((font.licence for font in FONTS.values() if font.path == path), "unknown")
