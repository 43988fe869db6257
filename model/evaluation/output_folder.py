"""Creation of folders for results."""

from __future__ import annotations

from pathlib import Path

from model.errors import DataError

__all__ = ["make_folder"]


def make_folder(out: Path) -> None:
    """Make a folder for results, unless it exists.

    Raises:
        DataError: A file is in its way, or the system does not let us.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"cannot make the folder {out}: {error.strerror}; name another with --out"
        ) from error
