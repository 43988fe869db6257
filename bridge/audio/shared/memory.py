"""Shared memory of the bridge's processes: creation, attachment and removal."""

import contextlib
import fcntl
import mmap
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from bridge._native import ffi, lib
from bridge.audio.shared.space import SHARED_FOLDER, reserve_file
from bridge.common.closing import Closeable
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.common.latency import HOPS_PER_SECOND

__all__ = ["SHARE_BYTES", "SharedMemory"]

SHARE_BYTES: int = lib.lb_share_bytes()
"""Size of a share."""

_PREFIX = "liveband-"
_RATES = range(8_000, 192_001)


class SharedMemory(Closeable):
    """One mapped block of memory; make it with :meth:`create` or :meth:`attach`."""

    def __init__(self, path: Path, *, owner: bool) -> None:
        """Map a file that has its memory. Use :meth:`create` or :meth:`attach` instead."""
        with path.open("r+b") as file:
            if owner:
                fcntl.flock(file, fcntl.LOCK_EX)  # the map keeps it
            self._map = mmap.mmap(file.fileno(), SHARE_BYTES)
        self._buffer = ffi.from_buffer(self._map)
        self._share: ffi.CData = ffi.cast("lb_share *", self._buffer)
        self._path = path
        self._owner = owner
        self._users = 0
        self._abandoned = False

    @classmethod
    def create(cls, rate: int, hop: int) -> Self:
        """Make a new share and remove those that dead processes left behind.

        Args:
            rate: Frames per second of the audio driver, 8000..192000, divisible by 20.
            hop: Frames per model step at that rate: ``rate / 20``.

        Raises:
            ConfigError: The rate or the hop is not one the bridge can run at.
            EnvironmentMissing: There is no shared memory on this system, or not enough.
        """
        _check_rate(rate, hop)
        _remove_stale()
        share = cls._make()
        if lib.lb_share_init(share._share, len(share._map), rate, hop) != 0:
            share.close()
            raise EnvironmentMissing("this system has no semaphores shared between processes")
        return share

    @classmethod
    def _make(cls) -> Self:
        """Make a file and lock it; another one where it was taken for stale before that."""
        while True:
            path = SHARED_FOLDER / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
            reserve_file(path, SHARE_BYTES, "the bridge with its audio rings")
            with contextlib.suppress(FileNotFoundError):
                share = cls(path, owner=True)
                if path.exists():
                    return share
                share.close()

    @classmethod
    def attach(cls, name: str) -> Self:
        """Open the share another process created.

        Args:
            name: Its :attr:`name`.

        Raises:
            EnvironmentMissing: There is no such share, or another version made it.
        """
        path = SHARED_FOLDER / name
        if not path.is_file() or path.stat().st_size < SHARE_BYTES:
            raise EnvironmentMissing(
                f"expected the audio share {path}, it is not there; it goes away with the "
                "process that made it, so start the bridge again"
            )
        share = cls(path, owner=False)
        if lib.lb_share_check(share._share, SHARE_BYTES) != 0:
            share.close()
            raise EnvironmentMissing(
                f"{path} was made by another version of liveband; stop that one first"
            )
        return share

    @classmethod
    def attach_to(cls, pid: int) -> Self:
        """Open the only share that a process created.

        Args:
            pid: Of a bridge that runs.

        Raises:
            EnvironmentMissing: It has none or several, as a program with several of our plugins
                has, or is of another version.
        """
        names = sorted(path.name for path in SHARED_FOLDER.glob(f"{_PREFIX}{pid}-*"))
        if len(names) > 1:
            raise EnvironmentMissing(
                f"process {pid} has {len(names)} audio shares, one for each of its plugins; "
                f"name the one to open: {', '.join(names)}"
            )
        return cls.attach(names[0] if names else f"{_PREFIX}{pid}")

    def set_rate(self, rate: int, hop: int) -> None:
        """Take on the rate of the driver that is about to run; a new generation begins.

        Everything kept in seconds stays as it is, frames go on being counted.

        Args:
            rate: As for :meth:`create`.
            hop: As for :meth:`create`.

        Raises:
            ConfigError: The rate or the hop is not one the bridge can run at.
            RuntimeError: A native host still runs on it; close that first.
        """
        _check_rate(rate, hop)
        if self._users and not self._abandoned:
            raise RuntimeError("close the audio backend before the share changes its rate")
        lib.lb_share_set_rate(self.pointer, rate, hop)

    @property
    def name(self) -> str:
        """Name by which another process can attach."""
        return self._path.name

    def close(self) -> None:
        """Unmap the memory; its creator also removes it. May be called twice.

        Raises:
            RuntimeError: A native host still runs on it; close that first.
        """
        if self._users and not self._abandoned:
            raise RuntimeError("close the audio backend before the share it runs on")
        if self._share == ffi.NULL:
            return
        self._share = ffi.NULL
        if not self._abandoned:
            ffi.release(self._buffer)
            self._map.close()
        if self._owner:
            self._path.unlink(missing_ok=True)

    def leave_mapped(self) -> None:
        """Keep the memory mapped after :meth:`close`: native code that uses it does not end."""
        self._abandoned = True

    @property
    def pointer(self) -> ffi.CData:
        """The ``lb_share *`` for native code.

        Raises:
            ValueError: The share was closed.
        """
        if self._share == ffi.NULL:
            raise ValueError(f"the audio share {self.name} is closed")
        return self._share

    @property
    def native_arguments(self) -> tuple[object, ...]:
        """The pointer, for a :class:`SharedValue`."""
        return (self.pointer,)

    @contextlib.contextmanager
    def in_use(self) -> Iterator[ffi.CData]:
        """Keep the memory mapped while native code holds a pointer to it."""
        pointer = self.pointer
        self._users += 1
        try:
            yield pointer
        finally:
            self._users -= 1


def _check_rate(rate: int, hop: int) -> None:
    if rate not in _RATES or rate % HOPS_PER_SECOND:
        raise ConfigError(
            f"the sample rate must be 8000..192000 Hz and divisible by 20, got {rate}; "
            "start the audio server at 44100, 48000 or 96000 Hz"
        )
    if hop * HOPS_PER_SECOND != rate:
        raise ConfigError(
            f"a hop lasts 50 ms: {rate // HOPS_PER_SECOND} frames at {rate} Hz, got {hop}"
        )


def _remove_stale() -> None:
    """Remove the shares of processes that are no more."""
    for path in SHARED_FOLDER.glob(f"{_PREFIX}*-*"):
        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not _is_running(int(pid)):
            with contextlib.suppress(OSError):  # held, or another user's, theirs to remove
                _remove_unless_held(path)


def _remove_unless_held(path: Path) -> None:
    """Remove a file unless its creator lives, maybe where it has another process number.

    Raises:
        OSError: It is held, or may not be removed.
    """
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # until it is removed
        path.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
