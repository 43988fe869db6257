"""Writer of sound files: a file appears complete, and a full disk leaves what was written.

What :func:`create_sounds` makes has a name of its own while it is written, beside the one it
will have, so that an older file of that name stays until the new one is complete.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from model.errors import ModelError, OutputError
from model.formats.atomic_files import draft_of, sibling
from model.formats.system_errors import reason_of

__all__ = [
    "SoundFormat",
    "SoundWriter",
    "check_room",
    "create_sounds",
    "float_format",
    "open_new_sound",
    "write_sound",
]

_SMALL_HEADS = ("WAV", "AIFF", "AU")
"""Formats whose sizes have 32 bits."""
_LARGEST_BYTES = 4 * 10**9
_HEAD_BYTES = 4096
"""Room that the head of a file takes at most."""
_FLOAT_BYTES = 4
_PROBE = bytes(2**16)
_CREATE = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """Format of a sound file, in libsndfile's names."""

    kind: str = "WAV"
    coding: str = "FLOAT"
    channels: int = 1
    compression: float | None = None
    """0, best, to 1, smallest, where the coding compresses."""


class SoundWriter:
    """A sound file that is being written; made by :func:`open_new_sound`."""

    def __init__(self, file: soundfile.SoundFile, place: int, name: Path) -> None:
        self.frames = 0
        """Written so far."""
        self._file = file
        self._place = place
        self._name = name
        self._rate = int(file.samplerate)

    @property
    def seconds(self) -> float:
        """Written so far."""
        return self.frames / self._rate

    def describe(self, title: str, comment: str) -> None:
        """Write a title and a comment into the head, before any audio."""
        self._file.title, self._file.comment = title, comment

    def write(self, audio: NDArray[np.float32]) -> None:
        """Append frames, ``(frames,)`` or ``(frames, channels)``.

        Raises:
            OutputError: The system does not take them.
        """
        try:
            self._file.write(audio)
        except soundfile.LibsndfileError as error:
            raise self._refusal() from error
        self.frames += len(audio)

    def close(self) -> None:
        """Complete the head and close.

        Raises:
            OutputError: The system does not take the end.
        """
        try:
            self._file.close()
        except soundfile.LibsndfileError as error:
            raise self._refusal() from error
        finally:
            os.close(self._place)

    def _refusal(self) -> OutputError:
        reason = _system_reason(self._place) or "the system does not take it"
        return OutputError(
            f"{self._name}: cannot be written beyond {self.seconds:.1f} s: {reason}"
        )


def _system_reason(place: int) -> str:
    """Return why a file takes no more, which libsndfile keeps to itself; empty if it does."""
    size = os.fstat(place).st_size
    try:
        os.pwrite(place, _PROBE, size)
    except OSError as error:
        return reason_of(error)
    finally:
        with contextlib.suppress(OSError):
            os.ftruncate(place, size)
    return ""


def open_new_sound(
    path: Path,
    rate: int,
    form: SoundFormat = SoundFormat(),
    *,
    name: Path | None = None,
    replace: bool = False,
) -> SoundWriter:
    """Create a sound file; the caller closes it.

    Args:
        path: Its folder must exist.
        rate: Frames per second.
        form: Its format; WAV of mono floats by default.
        name: What to call it in errors; ``path`` if None.
        replace: Whether a file that exists is emptied; otherwise it is an error.

    Raises:
        OutputError: It cannot be created.
    """
    name = name or path
    try:
        place = os.open(path, _CREATE | (os.O_TRUNC if replace else os.O_EXCL), 0o666)
    except OSError as error:
        raise OutputError(f"{name}: cannot be written: {reason_of(error)}") from error
    more = {} if form.compression is None else {"compression_level": form.compression}
    try:
        file = soundfile.SoundFile(
            place,
            "w",
            rate,
            form.channels,
            form.coding,
            format=form.kind,
            closefd=False,
            **more,
        )
    except soundfile.LibsndfileError as error:
        text = _system_reason(place) or error.error_string.rstrip(".")
        os.close(place)
        path.unlink(missing_ok=True)
        raise OutputError(f"{name}: cannot be written: {text}") from error
    return SoundWriter(file, place, name)


def float_format(path: Path) -> str | None:
    """Return libsndfile's name for the format of a file's extension, if it can hold floats.

    Example:
        >>> float_format(Path("stem.wav")), float_format(Path("stem.mp3"))
        ('WAV', None)
    """
    kind = path.suffix.lstrip(".").upper()
    kind = {"AIF": "AIFF"}.get(kind, kind)
    if kind in soundfile.available_formats() and soundfile.check_format(kind, "FLOAT"):
        return kind
    return None


def check_room(paths: Sequence[Path], frames: int) -> None:
    """Check before the work that there is room for files of mono floats in one folder.

    Args:
        paths: The files; their extensions name their formats.
        frames: Length of each.

    Raises:
        OutputError: There is not, or a format cannot hold so many.
    """
    size = _FLOAT_BYTES * frames
    for path in paths:
        if float_format(path) in _SMALL_HEADS and size > _LARGEST_BYTES:
            raise OutputError(
                f"{path}: {size / 1e9:.1f} GB are more than a file of this format holds; "
                "name one that ends in .w64 or .caf"
            )
    needed = len(paths) * (size + _HEAD_BYTES)
    free = shutil.disk_usage(paths[0].parent).free
    if needed > free:
        raise OutputError(
            f"{paths[0]}: the disk is too full: {needed / 1e6:.1f} MB are needed, "
            f"{free / 1e6:.1f} MB are free; make room, or name another folder"
        )


@contextlib.contextmanager
def create_sounds(paths: Sequence[Path], rate: int) -> Iterator[list[SoundWriter]]:
    """Write files of mono floats that appear under their names once the context has ended.

    Where it ends with an error, what was written is kept as ``NAME.part.EXTENSION``, and the
    error says so; where it is interrupted, nothing stays.

    Args:
        paths: Their folders must exist; their extensions name formats that hold floats.
        rate: Frames per second.

    Raises:
        OutputError: One cannot be written, or not to its end.
    """
    drafts = [draft_of(path) for path in paths]
    writers: list[SoundWriter] = []
    try:
        try:
            for path, draft in zip(paths, drafts, strict=True):
                form = SoundFormat(float_format(path) or "WAV")
                writers.append(open_new_sound(draft, rate, form, name=path))
            yield writers
        finally:
            with contextlib.ExitStack() as closing:
                for writer in writers:
                    closing.callback(writer.close)
        for path, draft in zip(paths, drafts, strict=True):
            _rename(draft, path)
    except ModelError as error:
        kept = _keep(paths, drafts, writers)
        raise type(error)(f"{error}{kept}") from error
    except Exception:
        _keep(paths, drafts, writers)
        raise
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _keep(paths: Sequence[Path], drafts: Sequence[Path], writers: Sequence[SoundWriter]) -> str:
    """Keep what was written, under names of its own; return that in words."""
    kept = []
    for path, draft, writer in zip(paths, drafts, writers, strict=False):
        part = sibling(path, path.stem, f".part{path.suffix}")
        if writer.frames and draft.exists():
            with contextlib.suppress(OSError):
                draft.replace(part)
                kept.append(f"{part} ({writer.seconds:.1f} s)")
    return f"; what was made so far is kept in {', '.join(kept)}" if kept else ""


def write_sound(path: Path, audio: NDArray[np.float32], rate: int) -> None:
    """Write a whole WAV file of floats; an older file is replaced.

    Args:
        path: Its folder must exist.
        audio: ``(frames,)`` or ``(frames, channels)``.
        rate: Frames per second.

    Raises:
        OutputError: It cannot be written.
    """
    form = SoundFormat(channels=1 if audio.ndim == 1 else audio.shape[1])
    with contextlib.closing(open_new_sound(path, rate, form, replace=True)) as writer:
        writer.write(audio)


def _rename(draft: Path, path: Path) -> None:
    try:
        draft.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {reason_of(error)}") from error
