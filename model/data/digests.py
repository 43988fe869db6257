"""Files and folders that songs are made from, with a digest of what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SourceFile", "md5_of"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file or folder that songs are made from."""

    path: Path
    digest: str
    """MD5 of the file, or of a folder's files and their names."""


def md5_of(parts: Iterable[bytes]) -> str:
    """Return the MD5 of bytes, one part after another, as hexadecimal digits."""
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
