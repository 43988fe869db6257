"""Atomic writing of files."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

__all__ = ["atomic_file", "sibling", "write_atomically"]

_LONGEST_NAME = 255
"""Bytes of a name that file systems take."""


def sibling(path: Path, begin: str, end: str) -> Path:
    """Return a file beside another; where its name gets too long, its beginning is cut.

    Example:
        >>> sibling(Path("takes/stem.wav"), "stem", ".part.wav").as_posix()
        'takes/stem.part.wav'
        >>> len(sibling(Path("stem.wav"), "s" * 255, ".part").name)
        255
    """
    while len(os.fsencode(begin + end)) > _LONGEST_NAME:
        begin = begin[:-1]
    return path.with_name(begin + end)


@contextmanager
def atomic_file(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a file that replaces another once it is complete and on the disk.

    A crash leaves the old file or the new one, never half of one.

    Args:
        path: File to replace; its folder must exist.
        private: Whether only its owner may read it; otherwise the umask decides.

    Raises:
        OSError: The file cannot be written.
    """
    unfinished = sibling(path, f".{path.name}", f".{secrets.token_hex(4)}.part")
    opener = partial(os.open, mode=0o600 if private else 0o666)
    try:
        with open(unfinished, "xb", opener=opener) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_atomically(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a whole file with :func:`atomic_file`.

    Args:
        path: File to replace; its folder must exist.
        content: Text is written as UTF-8.
        private: Whether only its owner may read it; otherwise the umask decides.

    Raises:
        OSError: The file cannot be written.
    """
    with atomic_file(path, private=private) as file:
        file.write(content.encode() if isinstance(content, str) else content)
