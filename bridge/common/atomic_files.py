"""Files that a player makes: named without paths, written whole or not at all."""

import os
import re
import tempfile
from pathlib import Path

from bridge.common.errors import FailureCode, RefusedError

__all__ = ["is_plain_name", "natural_order", "plain_name", "write_whole"]

_NAME = re.compile(r"\w[\w .-]{0,63}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def is_plain_name(text: str) -> bool:
    """Return whether ``plain_name`` would take it."""
    fits = _NAME.fullmatch(text) and ".." not in text and not text.endswith((" ", "."))
    return bool(fits) and not _RESERVED.fullmatch(text)


def plain_name(text: str) -> str:
    """Return a name that cannot lead out of the folder it is looked up in.

    Args:
        text: As a person or a client gave it.

    Raises:
        RefusedError: Code 9, it is a path, is hidden, or is none that every system takes.

    Example:
        >>> plain_name("Verse 2")
        'Verse 2'
    """
    if not is_plain_name(text):
        raise RefusedError(
            f"a name of up to 64 letters, digits, spaces and _ - . is expected, not a path; "
            f"got {text[:80]!r}",
            FailureCode.FILE,
        )
    return text


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts names as people do, numbers by their value.

    Example:
        >>> sorted(["10 outro", "2 verse", "Intro"], key=natural_order)
        ['2 verse', '10 outro', 'Intro']
    """
    parts = re.findall(r"\d+|\D+", name.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file; a crash leaves the old file or the new one, never half of one.

    Args:
        path: The file; its folder is made if missing.
        content: Text is written as UTF-8.

    Raises:
        RefusedError: Code 9, the folder cannot be made or the file not be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise RefusedError(
            f"{path} cannot be kept: {error.strerror}; check the folder and the space left",
            FailureCode.FILE,
        ) from error
