"""Pieces of an evaluation on disk, so that one that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import logging
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from model.beat_tracker.weights import WEIGHTS
from model.evaluation.scorer import Known, LongScore, Score
from model.formats.atomic_files import atomic_file

__all__ = ["Found", "Piece", "fingerprint"]

logger = logging.getLogger(__name__)

Found = Sequence[Score | LongScore | Known]
KINDS: dict[str, Any] = {kind.__name__: kind for kind in (Score, LongScore, Known)}
ARRAYS = ("windows", "patches")
ASIDE = ("page", "training", "presets", "data")
"""Rooms of the model whose code no score depends on, once songs lie on disk."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work whose result is kept in a file, and read from it the next time."""

    work: Callable[[], Found]
    file: Path

    def __call__(self) -> Found:
        """Return what was found, now or before."""
        if self.is_there:
            return _read(self.file)
        found = self.work()
        _write(self.file, found)
        return found

    @property
    def is_there(self) -> bool:
        """Whether it was done before; a file that was cut off does not count."""
        return zipfile.is_zipfile(self.file)


def fingerprint(*facts: object) -> str:
    """Return a name for a piece: another for other facts, code, and beat tracker.

    Args:
        facts: Whatever the result depends on, with a telling ``repr``.
    """
    return hashlib.sha256(repr((_code(), *facts)).encode()).hexdigest()[:24]


@cache
def _code() -> str:
    """Return a digest of the code that plays and scores, and of the tracker's weights."""
    found, root = hashlib.sha256(WEIGHTS.read_bytes()), Path(__file__).parents[1]
    for file in sorted(root.rglob("*.py")):
        if file.relative_to(root).parts[0] not in ASIDE:
            found.update(file.read_bytes())
    return found.hexdigest()


def _write(file: Path, found: Found) -> None:
    arrays, told = {}, []
    for number, each in enumerate(found):
        values = {name: getattr(each, name) for name in each.__slots__}
        for name in ARRAYS:
            if (array := values.pop(name, None)) is not None:
                arrays[f"{name}{number}"] = array
        told.append([type(each).__name__, values])
    with atomic_file(file) as stream:
        np.savez(stream, told=np.array(json.dumps(told)), **arrays)


def _read(file: Path) -> Found:
    with np.load(file) as kept:
        found = []
        for number, (kind, values) in enumerate(json.loads(str(kept["told"]))):
            arrays = {
                name: kept[f"{name}{number}"] if f"{name}{number}" in kept.files else None
                for name in ARRAYS
                if name in KINDS[kind].__slots__
            }
            found.append(KINDS[kind](**values, **arrays))
        return found
