"""Atomic writing of files, and names that are safe as names of files."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

__all__ = ["atomic_file", "is_plain_name", "write_atomically"]

_NAME = re.compile(r"\w[\w .-]{0,63}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def is_plain_name(text: str) -> bool:
    """Return whether a text names a file or folder on every system, without leading elsewhere.

    Example:
        >>> is_plain_name("Verse 2"), is_plain_name("../verse"), is_plain_name("con")
        (True, False, False)
    """
    fits = _NAME.fullmatch(text) and ".." not in text and not text.endswith((" ", "."))
    return bool(fits) and not _RESERVED.fullmatch(text)


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
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
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
