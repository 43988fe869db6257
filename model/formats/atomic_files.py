"""Atomic writing of files."""

import errno
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

__all__ = [
    "atomic_file",
    "draft_of",
    "sibling",
    "sync_folder",
    "write_atomically",
    "write_together",
]

_LONGEST_NAME = 255
"""Bytes of a name that file systems take."""
_CANNOT_SYNC_FOLDERS = {errno.EINVAL, errno.ENOTSUP}
"""What file systems of networks say that keep names safe in their own way."""


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


def draft_of(path: Path) -> Path:
    """Return a hidden name, new with each call, for a file while it is written.

    Example:
        >>> draft_of(Path("takes/stem.wav")).match("takes/.stem.wav.????????.part")
        True
    """
    return sibling(path, f".{path.name}", f".{secrets.token_hex(4)}.part")


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder are on the disk, as they are now.

    Raises:
        OSError: The disk failed.
    """
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_FOLDERS:
            raise
    finally:
        os.close(opened)


@contextmanager
def atomic_file(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a file that replaces another once it is complete and on the disk.

    A crash leaves the old file or the new one, never half of one; once the context has ended
    without an error, it leaves the new one.

    Args:
        path: File to replace; its folder must exist.
        private: Whether only its owner may read it; otherwise the umask decides.

    Raises:
        OSError: The file cannot be written.
    """
    draft = draft_of(path)
    try:
        with _open_draft(draft, private) as file:
            yield file
        _replace_all({path: draft})
    finally:
        draft.unlink(missing_ok=True)


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


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that make sense together only, as atomically as files can be.

    None is replaced before all are complete and on the disk: where it is full, the old ones
    stay.

    Args:
        contents: Contents by file; the folders must exist.

    Raises:
        OSError: One of them cannot be written.
    """
    drafts = {path: draft_of(path) for path in contents}
    try:
        for path, content in contents.items():
            with _open_draft(drafts[path], private=False) as file:
                file.write(content)
        _replace_all(drafts)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


@contextmanager
def _open_draft(draft: Path, private: bool) -> Iterator[IO[bytes]]:
    """Open a new file that is on the disk when the context ends."""
    opener = partial(os.open, mode=0o600 if private else 0o666)
    with open(draft, "xb", opener=opener) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _replace_all(drafts: Mapping[Path, Path]) -> None:
    """Give drafts the names of the files they replace, and see that the disk has the names."""
    for path, draft in drafts.items():
        draft.replace(path)
    for folder in {path.parent for path in drafts}:
        sync_folder(folder)
