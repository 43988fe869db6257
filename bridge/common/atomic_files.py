"""Files of the user: safe names, their order, and atomic writing with the bridge's errors."""

import re
from pathlib import Path

from bridge.common.errors import FailureCode, RefusedError
from model.formats.atomic_files import write_atomically
from model.formats.names import NAME_RULE, composed, is_plain_name

__all__ = ["natural_order", "plain_name", "write_user_file"]


def plain_name(text: str) -> str:
    """Return a name as it is stored and compared; it cannot lead out of its folder.

    Args:
        text: As a person or a client gave it, its letters composed or not.

    Raises:
        RefusedError: Code 9, it is a path, is hidden, or is none that every system takes.

    Example:
        >>> plain_name("Verse 2"), plain_name("Cafe\u0301") == "Caf\u00e9"
        ('Verse 2', True)
    """
    if not is_plain_name(text):
        raise RefusedError(f"expected {NAME_RULE}; got {text[:80]!r}", FailureCode.FILE)
    return composed(text)


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts names as people do, numbers by their value.

    Example:
        >>> sorted(["10 outro", "2 verse", "Intro"], key=natural_order)
        ['2 verse', '10 outro', 'Intro']
    """
    parts = re.findall(r"\d+|\D+", name.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def write_user_file(path: Path, content: str | bytes) -> None:
    """Write a file atomically: a crash leaves the old file or the new one.

    Args:
        path: The file; its folder is made if missing.
        content: Text is written as UTF-8.

    Raises:
        RefusedError: Code 9, the folder cannot be made, the file not be written, or the text
            not be encoded.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content, private=True)
    except OSError as error:
        raise RefusedError(
            f"{path} cannot be kept: {error.strerror}; check the folder and the space left",
            FailureCode.FILE,
        ) from error
    except UnicodeEncodeError as error:
        raise RefusedError(
            f"{path} cannot be kept: {error.object[error.start : error.end]!r} in it is no "
            f"text; take it out",
            FailureCode.FILE,
        ) from error
