"""Offline rendering: the hop scheduler plays to a sound file as fast as it can.

The result equals, bit for bit, what a freewheeling host records from the output ports over
the same mix, with the output's musical latency taken out.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from bridge.common.errors import AudioFileError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.protocols import Audio
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.resample import HopResampler, conversion_delays, make_resamplers
from bridge.stream.stem_hop import StemHop

__all__ = [
    "Progress",
    "WholePlayer",
    "accompany",
    "mix_down",
    "mix_hops",
    "mix_rate",
    "render",
    "render_whole",
]

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames in all."""

WholePlayer = Callable[[Audio], Audio]
"""Turns a whole mix, ``(frames,)``, into a stem of the same length."""


def mix_rate(path: Path) -> int:
    """Return the sample rate of a sound file that can be played to.

    Args:
        path: Mono or stereo, at a rate that is a multiple of 20 Hz.

    Raises:
        AudioFileError: It cannot be read, has another form or holds nothing.
    """
    with _open_mix(path) as file:
        return int(file.samplerate)


def render(
    scheduler: HopScheduler, mix: Path, outs: Sequence[Path], progress: Progress | None = None
) -> int:
    """Play a band to a mix and write each stem: mono float32, as long as the mix.

    Args:
        scheduler: At the mix's rate; it starts a fresh take.
        mix: See ``mix_rate``.
        outs: A file for each player of the scheduler, in the order of their numbers. A
            file's extension chooses its format; WAV, W64, AIFF, AU and CAF hold floats.
        progress: Called after each hop.

    Returns:
        Frames written.

    Raises:
        AudioFileError: A file cannot be read or written, or the mix is at another rate than
            the scheduler.
    """
    kinds = [_float_format(out) for out in outs]
    with _open_mix(mix) as source:
        rate = scheduler.hop * HOPS_PER_SECOND
        if source.samplerate != rate:
            raise AudioFileError(f"{mix}: expected {rate} Hz, got {source.samplerate}")
        frames = int(source.frames)
        with contextlib.ExitStack() as stack:
            targets = [
                stack.enter_context(_open_atomic(out, rate, kind))
                for out, kind in zip(outs, kinds, strict=True)
            ]
            for stem in accompany(scheduler, _hops(source, scheduler.hop), frames):
                for target, audio in zip(targets, stem.audio, strict=True):
                    target.write(audio)
                if progress is not None:
                    progress(min(frames, stem.position + stem.audio.shape[1]), frames)
    return frames


def render_whole(play: WholePlayer, rate: int, mix: Path, out: Path) -> int:
    """Play a stem to a mix that is known as a whole; the file is written as by ``render``.

    Args:
        play: The model, which hears the whole mix before it plays.
        rate: Frames per second it plays at; a mix at another is converted, and the stem back.
        mix: See ``mix_rate``.
        out: See ``render``.

    Returns:
        Frames written.

    Raises:
        AudioFileError: A file cannot be read or written.
    """
    kind = _float_format(out)
    with _open_mix(mix) as source:
        frames, own_rate = int(source.frames), int(source.samplerate)
        heard = mix_down(source.read(dtype="float32", always_2d=True))
    into, back = make_resamplers(own_rate, rate)
    delay = conversion_delays(own_rate, rate).total
    stem = _converted(back, play(_converted(into, np.pad(heard, (0, delay)))))
    with _open_atomic(out, own_rate, kind) as target:
        target.write(stem[delay : delay + frames])
    return frames


def _converted(resampler: HopResampler, audio: Audio) -> Audio:
    """Resample a whole piece, padded to whole hops with silence."""
    hops = np.pad(audio, (0, -len(audio) % resampler.in_hop)).reshape(-1, resampler.in_hop)
    state = resampler.init_state()
    return np.concatenate([resampler.step(hop, state) for hop in hops])


def accompany(scheduler: HopScheduler, mix: Iterable[Audio], frames: int) -> Iterator[StemHop]:
    """Yield the stems to a mix, from its first frame to its last, without a gap.

    Args:
        scheduler: It starts a fresh take.
        mix: Whole hops at the host's rate; silence follows them.
        frames: Length of the stems.
    """
    silence = np.zeros(scheduler.hop, np.float32)
    hops = iter(mix)
    due = scheduler.start()
    while True:
        for stem in due:
            left = frames - stem.position
            if left > 0:
                yield StemHop(stem.position, stem.audio[:, :left], stem.players)
            if left <= stem.audio.shape[1]:
                return
        due = scheduler.feed(next(hops, silence))


def mix_down(audio: NDArray[np.float32]) -> Audio:
    """Return the mean of the channels, as the audio callback makes it.

    A sample that is NaN or infinite becomes 0: the model would remember it for 25 s.

    Args:
        audio: Shape ``(frames, channels)``, one or two channels.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        mono = np.float32(0.5) * (audio[:, 0] + audio[:, -1])
    finite: Audio = np.where(np.isfinite(mono), mono, np.float32(0))
    return finite


def mix_hops(path: Path) -> Iterator[Audio]:
    """Yield the mix of a sound file in hops of 50 ms, the last padded with silence.

    Args:
        path: See ``mix_rate``.

    Raises:
        AudioFileError: It cannot be read, has another form or holds nothing.
    """
    with _open_mix(path) as source:
        yield from _hops(source, source.samplerate // HOPS_PER_SECOND)


def _hops(source: soundfile.SoundFile, hop: int) -> Iterator[Audio]:
    """Read whole hops, the last one padded with silence."""
    while len(audio := source.read(hop, dtype="float32", always_2d=True)):
        mono = mix_down(audio)
        yield np.concatenate([mono, np.zeros(hop - len(mono), np.float32)])


@contextlib.contextmanager
def _open_mix(path: Path) -> Iterator[soundfile.SoundFile]:
    if not path.is_file():
        what = "that is a folder" if path.is_dir() else "there is no such file"
        raise AudioFileError(f"{path}: {what}; give the path of a mix")
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
def _open_atomic(path: Path, rate: int, kind: str) -> Iterator[soundfile.SoundFile]:
    """Open a file that appears under its name once the context has ended without error."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with _open_output(unfinished, rate, kind) as target:
            yield target
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def _open_output(path: Path, rate: int, kind: str) -> Iterator[soundfile.SoundFile]:
    try:
        file = soundfile.SoundFile(
            path, "w", samplerate=rate, channels=1, format=kind, subtype="FLOAT"
        )
    except soundfile.LibsndfileError as error:
        raise AudioFileError(f"{path}: cannot be written ({error.error_string})") from error
    with file:
        yield file
