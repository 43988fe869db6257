"""Reader of files in a folder or in an archive, by one interface."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from model.errors import DataError

__all__ = ["ARCHIVES", "read_files"]

ARCHIVES = (".tar", ".tar.xz", ".tar.gz", ".tgz", ".zip")
"""Suffixes of archives that can be read."""


def read_files(path: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the files of a folder or archive that are wanted, by their path within it.

    Args:
        path: A folder, read at any depth, or an archive (`ARCHIVES`).
        wanted: Whether a path, with ``/`` between its parts, is to be read.

    Raises:
        DataError: It is neither, or the archive is damaged.
    """
    if path.is_dir():
        inside = {f.relative_to(path).as_posix(): f for f in sorted(path.rglob("*"))}
        return {n: f.read_bytes() for n, f in inside.items() if wanted(n) and f.is_file()}
    if not path.is_file() or not path.name.endswith(ARCHIVES):
        raise DataError(f"expected a folder or an archive ({', '.join(ARCHIVES)}), got {path}")
    try:
        return _from_zip(path, wanted) if path.suffix == ".zip" else _from_tar(path, wanted)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        lzma.LZMAError,
        zlib.error,
        EOFError,
        OSError,
    ) as error:
        raise DataError(f"{path} cannot be unpacked: {error}") from None


def _from_zip(path: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return {name: archive.read(name) for name in sorted(names) if wanted(name)}


def _from_tar(path: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    found = {}
    with tarfile.open(path) as archive:
        for member in archive:
            name = member.name.removeprefix("./")
            if member.isfile() and wanted(name):
                content = archive.extractfile(member)
                assert content is not None
                found[name] = content.read()
    return found
