"""Reader of the Groove MIDI Dataset: drum performances of humans."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from model.data.midifile import Note, read_midi
from model.data.sources.archives import read_files
from model.errors import DataError

__all__ = ["CREDIT", "LICENCE", "TEST_DRUMMER", "DrumPerformance", "read_performances"]

LICENCE = "CC-BY-4.0"
CREDIT = "Groove MIDI Dataset (Gillick et al. 2019), Magenta / Google"

TEST_DRUMMER = "drummer2"
"""Heard in testing only: 6 % of the minutes, all of them rock, of which others play as much
again four times, so that no style is lost to training."""

_SPLITS = {"train": "train", "validation": "valid", "test": "test"}
_SHARED_SESSION = "eval_session"
"""The same ten grooves by four drummers: in one split whatever the table says."""

_TO_GM = {22: 42, 26: 46, 40: 38, 43: 43, 45: 45, 47: 45, 48: 48, 50: 48, 58: 43}
_TO_GM |= {52: 57, 55: 49, 59: 51}
"""Keys of the Roland TD-11 that are no keys of General MIDI, or its second sound of a drum
(rim, edge): hi-hat and snare on one key each, three toms, one ride, two crashes."""

_TOLERANCE = 0.5
"""Quarters that a recording may run on behind its last bar."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DrumPerformance:
    """Notes that one drummer played to a click."""

    name: str
    """Such as ``drummer1/session1/3``."""
    drummer: str
    style: str
    """Such as ``rock``."""
    substyle: str | None
    """What stands behind the style's slash, such as ``shuffle``."""
    tempo_bpm: float
    """Quarters a minute."""
    meter: tuple[int, int]
    is_fill: bool
    """Whether it is a single fill, of a bar or two, instead of a groove."""
    split: str
    length_quarters: float
    """Duration in whole bars."""
    midi: bytes = field(repr=False)
    """The file, read when its notes are asked for."""
    place: str
    """Where the file was found, for errors."""

    @property
    def bar_quarters(self) -> float:
        """Quarters in a bar."""
        return 4 * self.meter[0] / self.meter[1]

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Notes by onset, in quarters of the click from 0, on keys of General MIDI.

        The pedal of the hi-hat sounds by its notes (44); its controller is left out.

        Raises:
            DataError: The file is malformed.
        """
        try:
            notes = read_midi(self.midi).notes
        except DataError as error:
            raise DataError(f"{self.place}: {error}") from None
        return tuple(
            replace(note, pitch=_TO_GM.get(note.pitch, note.pitch), programme=0, drum=True)
            for note in notes
        )


def read_performances(path: Path) -> list[DrumPerformance]:
    """Return the performances of the Groove MIDI Dataset, read once a process.

    The split is the one of the set's own table, but everything by `TEST_DRUMMER`, and the
    session of the same ten grooves by four drummers, is for testing.

    Args:
        path: The data set as published, a folder or an archive, at any depth of which lies
            ``info.csv`` beside ``drummer1/...``; without audio is enough.

    Raises:
        DataError: There is no such table, or a line of it is malformed or its file is missing;
            file and line are named.

    Source:
        J. Gillick et al., "Learning to groove with inverse sequence transformations", ICML
        2019; magenta.tensorflow.org/datasets/groove, CC BY 4.0.
    """
    return list(_read(path.resolve()))


@cache
def _read(path: Path) -> tuple[DrumPerformance, ...]:
    files = read_files(path, lambda name: name.endswith((".mid", "info.csv")))
    table = next((name for name in files if name.split("/")[-1] == "info.csv"), None)
    if table is None:
        raise DataError(f"expected the Groove MIDI Dataset in {path}, found no info.csv there")
    root = table.removesuffix("info.csv")
    performances = []
    rows = csv.DictReader(io.StringIO(files[table].decode("utf-8")))
    for line, row in enumerate(rows, 2):
        try:
            performances.append(_from_row(row, files, root, path))
        except (KeyError, ValueError) as error:
            cause = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise DataError(f"{path}, {table}, line {line}: {cause}") from None
    return tuple(performances)


def _from_row(
    row: dict[str, str], files: dict[str, bytes], root: str, path: Path
) -> DrumPerformance:
    above, below = (int(number) for number in row["time_signature"].split("-"))
    tempo, seconds = float(row["bpm"]), float(row["duration"])
    if tempo <= 0 or above < 1 or below < 1:
        raise ValueError(f"expected a tempo and a meter, got {tempo:g} and {above}-{below}")
    bar = 4 * above / below
    style, _, substyle = row["style"].partition("/")
    kept = row["drummer"] == TEST_DRUMMER or _SHARED_SESSION in row["session"]
    return DrumPerformance(
        name=row["id"],
        drummer=row["drummer"],
        style=style,
        substyle=substyle or None,
        tempo_bpm=tempo,
        meter=(above, below),
        is_fill=row["beat_type"] == "fill",
        split="test" if kept else _SPLITS[row["split"]],
        length_quarters=bar * max(1, math.ceil((seconds * tempo / 60 - _TOLERANCE) / bar)),
        midi=files[root + row["midi_filename"]],
        place=f"{path}, {root}{row['midi_filename']}",
    )
