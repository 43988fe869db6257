"""Reader of sound files: how much of one can be decoded, and what is wrong with it.

Whatever a file says about its length, what counts is what can be decoded: a file may be cut,
damaged, or written by a program that did not know its length in advance.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from model.errors import DataError
from model.formats.system_errors import reason_of

__all__ = ["SoundFacts", "SoundReader", "decodable_facts", "open_sound", "stated_facts"]

_UNKNOWN_FRAMES = 2**62
"""A length of so many frames or more stands for none."""
_UNKNOWN_BYTES = 2**31 - 2**12
"""Likewise, of bytes in the head of a file that a program wrote into a pipe."""
_PARTS_PER_SECOND = 20
"""What is decoded at a time; of a damaged part nothing is kept."""
_UNCODED = re.compile(r"PCM_.*|FLOAT|DOUBLE|[AU]LAW")
"""Names of the codings whose lengths are always known."""
_CUT = re.compile(r"^\s*(?:data|SSND|Data Size)\s*: (\d+) \(should be (\d+)\)", re.MULTILINE)
"""What libsndfile notes about a file that holds less than its head says, in bytes."""
_KINDS = {
    stat.S_ISDIR: "that is a folder",
    stat.S_ISFIFO: "that is a pipe, not a file; save it first",
    stat.S_ISCHR: "that is a device, not a file",
    stat.S_ISBLK: "that is a device, not a file",
    stat.S_ISSOCK: "that is a socket, not a file",
}


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What a sound file holds."""

    rate: int
    """Frames per second."""
    channels: int
    frames: int
    """How many there are to be read."""
    stated_frames: int | None
    """How many there would be in an undamaged file; ``None`` where it does not say."""
    damaged: bool = False
    """Whether decoding fails at the end of ``frames``."""

    @property
    def missing(self) -> str:
        """In words, where it ends early; empty where it does not, or by less than 50 ms."""
        have_s = self.frames / self.rate
        if self.stated_frames is None:
            return f"after {have_s:.2f} s" if self.damaged else ""
        lost = self.stated_frames - self.frames
        if not self.damaged and lost * _PARTS_PER_SECOND <= self.rate:
            return ""
        return f"after {have_s:.2f} of {self.stated_frames / self.rate:.2f} s"


class SoundReader:
    """A sound file that is open; made by :func:`open_sound`."""

    def __init__(self, path: Path, file: _Decoder, facts: SoundFacts) -> None:
        self.facts = facts
        self._path = path
        self._file = file
        self._at = 0

    def read(self, frames: int) -> NDArray[np.float32]:
        """Return the next frames, ``(frames, channels)``; fewer at the end.

        Raises:
            DataError: They cannot be decoded.
        """
        count = min(frames, self.facts.frames - self._at)
        if count <= 0:
            return np.zeros((0, self.facts.channels), np.float32)
        try:
            with self._file.muted():
                audio = self._file.read(count, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise DataError(
                f"{self._path}: cannot be decoded from {self._at / self.facts.rate:.2f} s on; "
                "it is damaged"
            ) from error
        self._at += len(audio)
        heard: NDArray[np.float32] = audio
        return heard

    def skip_to(self, frame: int) -> None:
        """Go on reading at a frame; to be called before anything was read.

        Raises:
            DataError: The file cannot be decoded there.
        """
        if self.facts.stated_frames is None:
            while self._at < frame and len(self.read(min(self.facts.rate, frame - self._at))):
                pass
            return
        try:
            with self._file.muted():
                self._file.seek(frame)
        except soundfile.LibsndfileError as error:
            raise DataError(
                f"{self._path}: cannot be decoded at {frame / self.facts.rate:.2f} s; it is "
                "damaged"
            ) from error
        self._at = frame


@contextlib.contextmanager
def open_sound(path: Path, facts: SoundFacts | None = None) -> Iterator[SoundReader]:
    """Open a sound file to be read from its first frame on.

    Args:
        path: WAV, FLAC, OGG, AIFF, MP3 and whatever else libsndfile reads.
        facts: What is known about it; :func:`stated_facts` if None.

    Raises:
        DataError: There is no such file, it is no sound file, or it may not be read.
    """
    with _opened(path) as file:
        yield SoundReader(path, file, facts or _stated(path, file))


def stated_facts(path: Path) -> SoundFacts:
    """Return what a sound file says about itself; decode it only if it does not say its length.

    Raises:
        DataError: As :func:`open_sound`.
    """
    with _opened(path) as file:
        return _stated(path, file)


def decodable_facts(path: Path) -> SoundFacts:
    """Return what can be decoded of a sound file; this decodes all of a compressed one.

    Raises:
        DataError: As :func:`open_sound`.
    """
    with _opened(path) as file:
        status = os.fstat(file.name)
        return _decodable(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4096)
def _decodable(path: Path, _changed_ns: int, _size: int) -> SoundFacts:
    """Decode a file to its end, once while it stays as it is."""
    with _opened(path) as file:
        rate, channels = int(file.samplerate), int(file.channels)
        stated = int(file.frames)
        if file.format != "FLAC" and _UNCODED.fullmatch(file.subtype):
            return SoundFacts(rate, channels, stated, _frames_before_the_cut(file))
        frames, damaged = file.decoded_frames()
    known = None if stated >= _UNKNOWN_FRAMES else stated
    return SoundFacts(rate, channels, frames, known, damaged)


def _stated(path: Path, file: _Decoder) -> SoundFacts:
    if file.frames >= _UNKNOWN_FRAMES:
        return decodable_facts(path)
    frames = int(file.frames)
    return SoundFacts(int(file.samplerate), int(file.channels), frames, frames)


def _frames_before_the_cut(file: _Decoder) -> int:
    """Return how many frames an uncoded file's head promises."""
    noted = _CUT.search(file.extra_info)
    if noted is None or int(noted[1]) >= _UNKNOWN_BYTES or not int(noted[2]):
        return int(file.frames)
    return max(int(file.frames), int(file.frames) * int(noted[1]) // int(noted[2]))


class _Decoder(soundfile.SoundFile):  # type: ignore[misc]
    """libsndfile's reader, without its seek after every read.

    That seek fails where the length is unknown, and blurs places in an MP3.
    """

    def seekable(self) -> bool:
        return False

    def decoded_frames(self) -> tuple[int, bool]:
        """Decode everything; return the frames before the end or the damage, and if damaged."""
        part = -(-self.samplerate // _PARTS_PER_SECOND)
        into = np.empty((part, self.channels), np.float32)
        frames = 0
        with self.muted():
            while True:
                try:
                    count = len(self.read(out=into))
                except soundfile.LibsndfileError:
                    return frames, True
                if not count:
                    return frames, False
                frames += count

    def muted(self) -> contextlib.AbstractContextManager[None]:
        """Return a context in which libmpg123 cannot write its notes between our lines."""
        return _stderr_muted() if self.format == "MP3" else contextlib.nullcontext()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[_Decoder]:
    try:
        place = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; give the path of one") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {reason_of(error)}") from error
    try:
        mode = os.fstat(place).st_mode
        for is_kind, what in _KINDS.items():
            if is_kind(mode):
                raise DataError(f"{path}: {what}; give the path of a sound file")
        try:
            with _stderr_muted():
                file = _Decoder(place, closefd=False)
        except soundfile.LibsndfileError as error:
            raise DataError(
                f"{path}: cannot be read as a sound file "
                f"({_lower(error.error_string)}); WAV, FLAC, OGG, AIFF and MP3 can"
            ) from error
        with file:
            yield file
    finally:
        os.close(place)


def _lower(text: str) -> str:
    return (text[:1].lower() + text[1:]).rstrip(".")


@contextlib.contextmanager
def _stderr_muted() -> Iterator[None]:
    """Keep C libraries from writing to stderr."""
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # it is closed already
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
