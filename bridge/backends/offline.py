"""Play to a sound file instead of a host: the same session, as fast as it goes.

What is written equals, bit for bit, what a freewheeling host records from the output ports
over the same mix, with the output's musical latency taken out.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from bridge.errors import AudioFileError
from bridge.latency import HOPS_PER_SECOND
from bridge.protocols import Audio
from bridge.session import Session, StemHop

__all__ = ["Progress", "accompany", "mix_down", "mix_rate", "render"]

Progress = Callable[[int, int], None]
"""Is told frames done and frames in all."""


def mix_rate(path: Path) -> int:
    """Return the sample rate of a sound file that can be played to.

    Args:
        path: Mono or stereo, at a rate that is a multiple of 20 Hz.

    Raises:
        AudioFileError: It cannot be read, has another form or holds nothing.
    """
    with _open_mix(path) as file:
        return int(file.samplerate)


def render(session: Session, mix: Path, out: Path, progress: Progress | None = None) -> int:
    """Play a stem to a mix and write it: mono float32, as long as the mix.

    Args:
        session: Set to the mix's rate; a fresh take is begun.
        mix: See ``mix_rate``.
        out: The file's extension chooses its format; WAV, W64, AIFF, AU and CAF hold floats.
        progress: Called after each hop.

    Returns:
        Frames written.

    Raises:
        AudioFileError: A file cannot be read or written, or the mix is at another rate than
            the session.
    """
    kind = _float_format(out)
    unfinished = out.with_name(f".{out.name}.part")
    with _open_mix(mix) as source:
        if source.samplerate != session.hop * HOPS_PER_SECOND:
            raise AudioFileError(
                f"{mix}: expected {session.hop * HOPS_PER_SECOND} Hz, got {source.samplerate}"
            )
        frames = int(source.frames)
        try:
            with _writing(unfinished, int(source.samplerate), kind) as target:
                for stem in accompany(session, _hops(source, session.hop), frames):
                    target.write(stem.audio)
                    if progress is not None:
                        progress(min(frames, stem.position + len(stem.audio)), frames)
            unfinished.replace(out)
        finally:
            unfinished.unlink(missing_ok=True)
    return frames


def accompany(session: Session, mix: Iterable[Audio], frames: int) -> Iterator[StemHop]:
    """Give the stem to a mix, from its first frame to its last, without a gap.

    Args:
        session: A fresh take is begun.
        mix: Whole hops at the host's rate; silence follows them.
        frames: Where the stem ends.
    """
    silence = np.zeros(session.hop, np.float32)
    hops = iter(mix)
    due = session.start()
    while True:
        for stem in due:
            left = frames - stem.position
            if left > 0:
                yield StemHop(stem.position, stem.audio[:left])
            if left <= len(stem.audio):
                return
        due = session.feed(next(hops, silence))


def mix_down(audio: NDArray[np.float32]) -> Audio:
    """Return the mean of the channels, as the audio callback makes it.

    Args:
        audio: Shape ``(frames, channels)``, one or two channels.
    """
    if audio.shape[1] == 1:
        return audio[:, 0]
    mono: Audio = np.float32(0.5) * (audio[:, 0] + audio[:, 1])
    return mono


def _hops(source: soundfile.SoundFile, hop: int) -> Iterator[Audio]:
    """Read whole hops, the last one filled up with silence."""
    while len(audio := source.read(hop, dtype="float32", always_2d=True)):
        mono = mix_down(audio)
        yield np.concatenate([mono, np.zeros(hop - len(mono), np.float32)])


@contextlib.contextmanager
def _open_mix(path: Path) -> Iterator[soundfile.SoundFile]:
    if not path.is_file():
        raise AudioFileError(f"{path}: there is no such file; give the path of a mix")
    try:
        file = soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        raise AudioFileError(
            f"{path}: cannot be read as a sound file ({error.error_string}); "
            "WAV, FLAC, OGG, AIFF and MP3 can"
        ) from error
    with file:
        if file.channels > 2:
            raise AudioFileError(
                f"{path}: expected one or two channels, got {file.channels}; mix it down first"
            )
        if file.samplerate % HOPS_PER_SECOND:
            raise AudioFileError(
                f"{path}: its sample rate must be a multiple of {HOPS_PER_SECOND} Hz, got "
                f"{file.samplerate}; convert it first, e.g. sox {path} -r 48000 converted.wav"
            )
        if not file.frames:
            raise AudioFileError(f"{path}: it holds no audio")
        yield file


def _float_format(path: Path) -> str:
    """Return libsndfile's name for the file's format, if it can hold floats."""
    kind = path.suffix.lstrip(".").upper()
    kind = {"AIF": "AIFF"}.get(kind, kind)
    if kind not in soundfile.available_formats() or not soundfile.check_format(kind, "FLOAT"):
        raise AudioFileError(
            f"{path}: the extension must name a format that holds 32-bit floats (.wav, .w64, "
            f".aiff, .au, .caf), got {path.suffix or 'none'!r}"
        )
    if not path.parent.is_dir():
        raise AudioFileError(f"{path}: there is no folder {path.parent}; make it first")
    return kind


@contextlib.contextmanager
def _writing(path: Path, rate: int, kind: str) -> Iterator[soundfile.SoundFile]:
    try:
        file = soundfile.SoundFile(
            path, "w", samplerate=rate, channels=1, format=kind, subtype="FLOAT"
        )
    except soundfile.LibsndfileError as error:
        raise AudioFileError(f"{path}: cannot be written ({error.error_string})") from error
    with file:
        yield file
