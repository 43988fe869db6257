"""Files in which things are remembered from run to run: presets, maps, connections, states.

None of them is a condition of playing. One that can be read is read; one that cannot is set
aside under another name, so that nothing is lost, and the program plays as if there were none.
"""

import codecs
import errno
import logging
import os
import stat
import threading
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import TypeVar

from bridge.common.atomic_files import write_user_file
from bridge.common.errors import ConfigError, FailureCode, RefusedError

__all__ = ["LARGEST_BYTES", "Parsed", "RememberedFiles", "UnreadableFileError", "read_file"]

logger = logging.getLogger(__name__)

LARGEST_BYTES = 1 << 20
"""No file that people or the program write is near as large."""

_ENDING = ".set-aside"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OF_THE_MOMENT = frozenset(
    {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR, errno.ESTALE}
)
"""Errors that say nothing about the file."""

T = TypeVar("T")

Parsed = tuple[T, Sequence[str]]
"""What a text holds, and what in it had to be left out, each with the reason."""


class UnreadableFileError(RefusedError):
    """A file is there but cannot be read.

    Args:
        message: Why not.
        of_the_moment: Whether the machine rather than the file is to blame.
    """

    def __init__(self, message: str, *, of_the_moment: bool = False) -> None:
        super().__init__(message, FailureCode.FILE)
        self.of_the_moment = of_the_moment


def read_file(path: Path) -> str:
    """Return the text of a file, without its byte order mark.

    Args:
        path: A regular file in UTF-8, or in UTF-16 with a byte order mark, of 1 MiB at most.
            Whatever else there is under that name, such as a pipe, is not waited for.

    Raises:
        FileNotFoundError: There is none.
        UnreadableFileError: It is no such file, or may not be read; the message tells why.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise UnreadableFileError("it is no file but a folder, a pipe or a device")
            with open(descriptor, "rb", closefd=False) as file:
                content = file.read(LARGEST_BYTES + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableFileError(
            str(error.strerror), of_the_moment=error.errno in _OF_THE_MOMENT
        ) from error
    if len(content) > LARGEST_BYTES:
        size = max(found.st_size, len(content))
        raise UnreadableFileError(f"it has {size} bytes, of at most {LARGEST_BYTES}")
    encoding = next(
        (each for mark, each in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8"
    )
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"it is not text in UTF-8: byte {error.start + 1} is 0x{content[error.start]:02x}"
        ) from error


class RememberedFiles:
    """Reads and replaces such files, and knows what was wrong with them.

    Its methods may be called on any thread, and wait for the disk.
    """

    def __init__(self) -> None:
        self._notices: dict[str, int] = {}
        self._count = 0
        self._lock = threading.Lock()

    @property
    def notices(self) -> Sequence[str]:
        """What could not be used in this run, each once, for people."""
        with self._lock:
            return tuple(self._notices)

    @property
    def count(self) -> int:
        """How often something could not be used, for ``since``."""
        return self._count

    def since(self, count: int) -> Sequence[str]:
        """Return what could not be used since a count, also if that was known before."""
        with self._lock:
            return tuple(notice for notice, last in self._notices.items() if last > count)

    def note(self, notice: str) -> None:
        """Take note of what could not be used; it is logged once."""
        with self._lock:
            is_new = notice not in self._notices
            self._count += 1
            self._notices[notice] = self._count
        if is_new:
            logger.warning("%s", notice)

    def read(self, path: Path, parse: Callable[[str], Parsed[T]], otherwise: T) -> T:
        """Return what a file holds, as far as it can be used; never raises for a file.

        Args:
            path: A file that cannot be used is set aside, and noted.
            parse: Raises ConfigError for a text that cannot be used at all.
            otherwise: What to return where there is no file that can be used.
        """
        try:
            value, left_out = parse(read_file(path))
        except FileNotFoundError:
            return otherwise
        except (UnreadableFileError, ConfigError) as error:
            self._refuse(path, error)
            return otherwise
        for reason in left_out:
            self.note(f"{path}: {reason}; the rest of it is in force")
        return value

    def read_all(self, path: Path, parse: Callable[[str], Parsed[T]]) -> T:
        """Return everything that a file holds, for somebody who asked for it.

        Args:
            path: A file that cannot be used is set aside, and noted.
            parse: Raises ConfigError for a text that cannot be used at all.

        Raises:
            FileNotFoundError: There is none.
            UnreadableFileError: Code 9, it cannot be read; the message names it and tells
                where it is now.
            ConfigError: A part of it cannot be used; the message names the file, which stays
                where it is, to be mended.
        """
        try:
            value, left_out = parse(read_file(path))
        except FileNotFoundError:
            raise
        except (UnreadableFileError, ConfigError) as error:
            raise UnreadableFileError(self._refuse(path, error)) from error
        if left_out:
            raise ConfigError(f"{path}: {left_out[0]}")
        return value

    def replace(self, path: Path, text: str, parse: Callable[[str], Parsed[object]]) -> None:
        """Write a file; one of that name that ``parse`` cannot use whole is set aside first.

        Args:
            path: The file; its folder is made if missing.
            text: Written as UTF-8.
            parse: Reads such files.

        Raises:
            RefusedError: Code 9, it cannot be written, or not without losing what is there.
        """
        try:
            _, left_out = parse(read_file(path))
            notice = self.set_aside(path, left_out[0]) if left_out else ""
        except FileNotFoundError:
            notice = ""
        except (UnreadableFileError, ConfigError) as error:
            notice = self._refuse(path, error)
        if notice and os.path.lexists(path):
            raise RefusedError(f"not written: {notice}", FailureCode.FILE)
        write_user_file(path, text)

    def set_aside(self, path: Path, reason: str) -> str:
        """Give a file another name, that no file has, and note it.

        Args:
            path: Of anything: a file, a folder.
            reason: Why it cannot be used.

        Returns:
            The notice.
        """
        try:
            aside = _free_name(path)
            path.rename(aside)
        except FileNotFoundError:
            notice = f"{path} cannot be used: {reason}; it is gone by now"
        except OSError as error:
            notice = (
                f"{path} cannot be used: {reason}; nor could it be set aside: "
                f"{error.strerror}; mend it or take it away"
            )
        else:
            notice = (
                f"{path} cannot be used: {reason}; it is kept as {aside.name}: mend it and "
                f"give it its name back"
            )
        self.note(notice)
        return notice

    def _refuse(self, path: Path, error: UnreadableFileError | ConfigError) -> str:
        """Set a file aside if that is its fault; return the notice."""
        if isinstance(error, UnreadableFileError) and error.of_the_moment:
            notice = f"{path} cannot be read now: {error}"
            self.note(notice)
            return notice
        return self.set_aside(path, str(error))


def _free_name(path: Path) -> Path:
    names = (f"{path.name}{_ENDING}{f'-{number}' if number > 1 else ''}" for number in count(1))
    return next(
        path.with_name(name) for name in names if not os.path.lexists(path.parent / name)
    )
