"""Space for shared memory, checked and reserved before it is used.

Memory of a file that has none left ends the process that uses it, by SIGBUS.
"""

import os
from functools import partial
from pathlib import Path

from bridge.common.errors import EnvironmentMissing

__all__ = [
    "JACK_CLIENT_BYTES",
    "MORE_SPACE_COMMAND",
    "SHARED_FOLDER",
    "require_space",
    "reserve_file",
    "shared_space",
]

SHARED_FOLDER = Path("/dev/shm")
"""Folder of shared memory: ours, and that of JACK."""
JACK_CLIENT_BYTES = 1_000_000
"""More than a JACK server takes for a client that joins. It reserves nothing, and so ends by
SIGBUS where this is missing, and with it everybody's sound."""
MORE_SPACE_COMMAND = "sudo mount -o remount,size=256M /dev/shm"
_ADVICE = (
    f"make it larger ({MORE_SPACE_COMMAND}; in a container: docker run "
    "--shm-size=256m), or remove there what programs left behind that run no more"
)


def shared_space() -> tuple[int, int]:
    """Return how much is free of how much there is, in bytes; 0 of 0 without a limit."""
    there = os.statvfs(SHARED_FOLDER)
    return there.f_bavail * there.f_frsize, there.f_blocks * there.f_frsize


def require_space(needed: int, user: str) -> None:
    """Check that shared memory is free.

    Args:
        needed: Bytes.
        user: What needs it, for the message.

    Raises:
        EnvironmentMissing: There is less, or the system has no shared memory.
    """
    if not SHARED_FOLDER.is_dir():
        raise EnvironmentMissing(
            f"{user} needs shared memory in {SHARED_FOLDER}, which this system does not have; "
            "run it on Linux with a mounted /dev/shm"
        )
    free, size = shared_space()
    if free < needed and size:
        raise _shortage(needed, user)


def reserve_file(path: Path, size: int, user: str) -> None:
    """Make a file of shared memory that has all its memory, and is its owner's alone.

    Args:
        path: The file, in :data:`SHARED_FOLDER`; there is none of that name.
        size: Bytes, all of them 0.
        user: What needs it, for the message.

    Raises:
        EnvironmentMissing: There is not enough memory, or the file cannot be made.
    """
    require_space(size, user)
    try:
        with open(path, "xb", opener=partial(os.open, mode=0o600)) as file:
            os.posix_fallocate(file.fileno(), 0, size)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _shortage(size, user, f" ({error.strerror})") from error


def _shortage(needed: int, user: str, reason: str = "") -> EnvironmentMissing:
    free, size = shared_space()
    return EnvironmentMissing(
        f"{user} needs {needed / 1e6:.1f} MB of shared memory, and {SHARED_FOLDER} has "
        f"{free / 1e6:.1f} MB free of {size / 1e6:.1f}{reason}: {_ADVICE}"
    )
