"""Finished recordings as songs of one stem, the whole mix, to train and score a codec on.

::

    ROOT/<train|valid|test>/<recording>-<part>/song.json
    ROOT/<train|valid|test>/<recording>-<part>/mix.npy
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.data.audiofile import SAMPLE_RATE, early_end, frames_in, read_frames
from model.data.index import ACTIVE_SHARE
from model.data.mixing import active_share
from model.data.splits import split_of
from model.errors import DataError
from model.formats.names import hyphenated

__all__ = ["MIX", "SUFFIXES", "Origin", "cut_recordings", "find_recordings"]

logger = logging.getLogger(__name__)

MIX = "mix"
"""Class of the only stem of a recording."""
SUFFIXES = (".wav", ".flac", ".ogg", ".opus", ".mp3")
"""Files that are taken from a folder."""
PART_S = 60
"""Longest part; a recording is cut into parts of equal length."""
SHORTEST_S = 3
"""Recordings shorter than this are left out: sounds, not music."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Licence and origin of recordings."""

    licence: str
    """Its identifier, such as ``CC-BY-4.0``."""
    package: str
    """Package, album or collection they come in."""
    credit: str | None = None
    """Whom to name, where the licence asks for it."""


def find_recordings(places: Sequence[Path]) -> dict[str, Path]:
    """Return recordings by name, in the order of their names.

    Args:
        places: Files, and folders that are searched for files with one of :data:`SUFFIXES`.

    Returns:
        Name to file. The name is made of the path below the folder that was given.

    Raises:
        DataError: A place is missing, two recordings have one name, or there are none.
    """
    found: dict[str, Path] = {}
    for place in places:
        for name, file in _named(place):
            if found.setdefault(name, file) != file:
                raise DataError(
                    f"{found[name]} and {file} would both be called {name!r}; "
                    "rename one, or take them into two folders"
                )
    if not found:
        listed = ", ".join(str(place) for place in places)
        raise DataError(f"no recording ({' '.join(SUFFIXES)}) in {listed}")
    return dict(sorted(found.items()))


def cut_recordings(
    places: Sequence[Path], out: Path, origin: Origin, *, split: str | None = None
) -> dict[str, int]:
    """Cut recordings into parts of at most 60 s and write each as a song of one stem.

    All parts of a recording are in one split. Channels are averaged; the rate becomes 48 kHz;
    levels stay. Parts that are nearly silent are left out, and so are recordings of less
    than 3 s, and, with a warning, those that are cut or damaged.

    Args:
        places: Files and folders, see :func:`find_recordings`.
        out: Folder to write into; other recordings may be in it.
        origin: Where all of them come from.
        split: Where all of them go; None deals them out by package and name, about 80 % to
            train, 10 % to valid and 10 % to test.

    Returns:
        Written parts by split.

    Raises:
        DataError: A file cannot be read, or there is nothing to write.
    """
    written: dict[str, int] = {}
    for name, file in find_recordings(places).items():
        if ends := early_end(file):
            logger.warning("left out: %s is cut or damaged and ends early, %s", file, ends)
            continue
        title = f"{_plain(origin.package)}-{name}"
        chosen = split or split_of(title)
        written[chosen] = written.get(chosen, 0) + _cut(file, out / chosen, title, origin)
    if not sum(written.values()):
        raise DataError(
            f"no whole recording of {SHORTEST_S} s or more that sounds for at least "
            f"{100 * ACTIVE_SHARE:.0f} % of its length"
        )
    return written


def _named(place: Path) -> Iterator[tuple[str, Path]]:
    if place.is_file():
        yield _plain(place.stem), place
    elif place.is_dir():
        for file in sorted(place.rglob("*")):
            if file.is_file() and file.suffix.lower() in SUFFIXES:
                yield _plain(str(file.relative_to(place).with_suffix(""))), file
    else:
        raise DataError(f"expected a recording or a folder of recordings, got {place}")


def _cut(file: Path, folder: Path, title: str, origin: Origin) -> int:
    frames = frames_in(file)
    if frames < SHORTEST_S * SAMPLE_RATE:
        return 0
    parts = -(-frames // (PART_S * SAMPLE_RATE))
    length, written = -(-frames // parts), 0
    for part in range(parts):
        audio = read_frames(file, part * length, length)
        share = active_share(audio)
        if share < ACTIVE_SHARE:
            continue
        song = folder / f"{title}-{part:02}"
        song.mkdir(parents=True, exist_ok=True)
        np.save(song / f"{MIX}.npy", audio.astype(np.float16))
        stem = {"class": MIX, "file": f"{MIX}.npy", "programmes": [], "active_share": share}
        facts = {
            "id": song.name,
            "split": folder.name,
            "kind": "recording",
            "sample_rate": SAMPLE_RATE,
            "frames": len(audio),
            "recording": file.name,
            "package": origin.package,
            "stems": [stem],
            "sources": [
                {
                    "name": f"{origin.package}: {file.name}",
                    "licence": origin.licence,
                    "credit": origin.credit,
                }
            ],
        }
        # Written last: a folder without it is no finished song.
        (song / "song.json").write_text(json.dumps(facts))
        written += 1
    return written


def _plain(name: str) -> str:
    """Return a name in lower-case letters, digits and hyphens."""
    return hyphenated(name) or "recording"
