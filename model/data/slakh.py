"""Reader of Slakh2100 and BabySlakh: audio files of each stem, and beats.

Source: Manilow et al. 2019, "Cutting Music Source Separation Some Slakh"; layout as in its
files: ``metadata.yaml``, ``stems/S00.flac`` (``.wav`` in BabySlakh), ``all_src.mid``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from model.data.midifile import read_midi
from model.data.splits import split_of_song
from model.data.stems import STEM_CLASSES, class_of_programme
from model.data.tempo_map import bars_of, keeps_time, quarters_of
from model.data.timing import to_seconds
from model.errors import DataError

__all__ = ["grid", "stem_files", "tracks"]

_FOLDERS = {"train": "train", "valid": "validation", "test": "test"}
_METADATA = "metadata.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def tracks(root: Path, split: str) -> list[Path]:
    """Return the folders of a split's tracks, by name.

    Args:
        root: Folder of the dataset.
        split: ``train``, ``valid`` or ``test``.
    """
    in_split = (root / _FOLDERS[split]).glob(f"Track*/{_METADATA}")
    at_top = [
        file
        for file in root.glob(f"Track*/{_METADATA}")
        if split_of_song(_number(file.parent)) == split
    ]
    return sorted(file.parent for file in [*in_split, *at_top])


def _number(folder: Path) -> int:
    digits = folder.name.removeprefix("Track")
    if not digits.isdigit():
        raise DataError(f"expected a folder named like Track00001, got {folder}")
    return int(digits)


@lru_cache(maxsize=4096)
def stem_files(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return the audio files of every stem class, in the order of `STEM_CLASSES`.

    Instruments of one class belong together. Those the dataset lists but did not render, or
    whose file is missing, are left out.

    Args:
        folder: One track.

    Raises:
        DataError: Its metadata is not what it should be.
    """
    file = folder / _METADATA
    try:
        metadata = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
        stems: dict[str, dict[str, Any]] = metadata["stems"]
        audio = folder / str(metadata.get("audio_dir", "stems"))
        found: dict[str, list[Path]] = {name: [] for name in STEM_CLASSES}
        for name, facts in sorted(stems.items()):
            if facts.get("audio_rendered", True):
                found[_class_of(facts)] += [
                    path
                    for suffix in (".flac", ".wav")
                    if (path := audio / f"{name}{suffix}").is_file()
                ][:1]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError(
            f"expected {file} to list stems with is_drum and program_num, got {error!r}"
        ) from error
    return {name: tuple(files) for name, files in found.items() if files}


def _class_of(facts: dict[str, Any]) -> str:
    if facts["is_drum"]:
        return "drums"
    programme = int(facts["program_num"])
    if not 0 <= programme < 128:
        raise ValueError(f"program_num {programme}, not 0..127")
    return class_of_programme(programme)


def grid(folder: Path) -> dict[str, Any]:
    """Return ``beats_s`` and ``downbeats_s`` of a track in seconds, from its MIDI file.

    Empty where there is no such file, or where its notes do not keep to its own grid, as
    happens with music that was played in freely.
    """
    file = folder / "all_src.mid"
    if not file.is_file():
        return {}
    midi = read_midi(file.read_bytes())
    if not midi.notes or not keeps_time(midi):
        return {}
    quarters = quarters_of(midi)
    bars = bars_of(midi)[:-1]
    beats = np.array([beat for bar in bars for beat in bar.beats])
    return {
        "beats_s": to_seconds(beats, quarters).tolist(),
        "downbeats_s": to_seconds(np.array([bar.start for bar in bars]), quarters).tolist(),
    }
