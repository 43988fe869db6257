"""Checks, before the work, that its outcome can be written where it is to go."""

import os
from pathlib import Path

from model.errors import OutputError
from model.formats.atomic_files import sibling
from model.formats.system_errors import reason_of

__all__ = ["check_output_file", "check_output_folder"]


def check_output_file(path: Path, *, folder_exists: bool = False) -> None:
    """Check that a file can be written.

    Args:
        path: The file.
        folder_exists: Whether its folder must be there; otherwise it is to be made.

    Raises:
        OutputError: It is a folder, its name is too long, or its folder is not there or closed.
    """
    if _is_folder(path):
        raise OutputError(f"{path}: that is a folder; name a file in it")
    if folder_exists and not _is_folder(path.parent):
        raise OutputError(f"{path}: there is no folder {path.parent}; make it first")
    _try_to_write(path, _nearest_folder(path, path.parent))


def check_output_folder(folder: Path) -> None:
    """Check that a folder is there, or can be made, and can be written into.

    Raises:
        OutputError: A file is in its way, its name is too long, or it is closed.
    """
    _try_to_write(folder, _nearest_folder(folder, folder))


def _nearest_folder(path: Path, folder: Path) -> Path:
    """Return a folder, or the one in which it would have to be made.

    Raises:
        OutputError: A file is in its way.
    """
    while not _is_folder(folder):
        if os.path.lexists(folder):
            raise OutputError(f"{path}: {folder} is a file, not a folder; name another")
        folder = folder.parent
    return folder


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {reason_of(error)}") from error


def _try_to_write(path: Path, folder: Path) -> None:
    """Write and remove an empty file.

    Raises:
        OutputError: The system does not let us.
    """
    draft = sibling(folder / "x", f".{path.name}", ".probe")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        draft.unlink()
    except OSError as error:
        raise OutputError(
            f"{path}: nothing can be written into {folder}: {reason_of(error)}"
        ) from error
