"""A small disk of a program's own, mounted where only this program sees it."""

import os
import shutil
import subprocess

import pytest

__all__ = ["on_small_disk"]

MOUNT = 'mount -t tmpfs -o "size=$0" tmpfs "$1" && shift && exec "$@"'


def on_small_disk(folder, size):
    """Return the beginning of a command line for a program that has a disk of that size there.

    Args:
        folder: Where it is mounted, over what others see there.
        size: Bytes; the system rounds them up to whole pages.

    Skips the test where the system does not let us mount one.
    """
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare (util-linux) to mount a small disk with")
    own_mounts = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
    begin = [*own_mounts, "sh", "-c", MOUNT, str(size), str(folder)]
    tried = subprocess.run([*begin, "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {tried.stderr.strip()}")
    return begin
