"""Cache of an evaluation's results on disk, so that an interrupted one can be resumed."""

from __future__ import annotations

import hashlib
import json
import logging
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from model.beat_tracker.level_classifier import LEVEL_WEIGHTS
from model.beat_tracker.weights import WEIGHTS
from model.evaluation.scorer import LongScore, ReferenceStem, StemScore
from model.formats.atomic_files import atomic_file

__all__ = ["CachedResult", "Found", "fingerprint"]

logger = logging.getLogger(__name__)

Found = Sequence[StemScore | LongScore | ReferenceStem]
KINDS: dict[str, Any] = {kind.__name__: kind for kind in (StemScore, LongScore, ReferenceStem)}
ARRAYS = ("windows", "patches")
IRRELEVANT = ("commands", "page", "training", "presets", "data")
"""Packages of the model whose code does not affect scores, once songs are rendered."""


@dataclass(frozen=True, slots=True)
class CachedResult:
    """A piece of work whose result is stored in a file, and read from it the next time."""

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
        """Whether the result is stored; a truncated file does not count."""
        return zipfile.is_zipfile(self.file)


def fingerprint(*facts: object) -> str:
    """Return a name for a result, which depends on facts, code, and beat tracker.

    Args:
        facts: Whatever the result depends on, with a distinctive ``repr``.
    """
    return hashlib.sha256(repr((_code(), *facts)).encode()).hexdigest()[:24]


@cache
def _code() -> str:
    """Return a digest of the code that plays and scores, and of the tracker's weights."""
    weights = WEIGHTS.read_bytes() + LEVEL_WEIGHTS.read_bytes()
    found, root = hashlib.sha256(weights), Path(__file__).parents[1]
    for file in sorted(root.rglob("*.py")):
        if file.relative_to(root).parts[0] not in IRRELEVANT:
            found.update(file.read_bytes())
    return found.hexdigest()


def _write(file: Path, found: Found) -> None:
    arrays, values_of = {}, []
    for number, each in enumerate(found):
        values = {name: getattr(each, name) for name in _fields(type(each))}
        for name in ARRAYS:
            if (array := values.pop(name, None)) is not None:
                arrays[f"{name}{number}"] = array
        values_of.append([type(each).__name__, values])
    with atomic_file(file) as stream:
        np.savez(stream, told=np.array(json.dumps(values_of)), **arrays)


def _read(file: Path) -> Found:
    with np.load(file) as kept:
        found = []
        for number, (kind, values) in enumerate(json.loads(str(kept["told"]))):
            arrays = {
                name: kept[f"{name}{number}"] if f"{name}{number}" in kept.files else None
                for name in ARRAYS
                if name in _fields(KINDS[kind])
            }
            found.append(KINDS[kind](**values, **arrays))
        return found


def _fields(kind: type[StemScore | LongScore | ReferenceStem]) -> list[str]:
    return [field.name for field in fields(kind)]
