"""Offline rendering: the hop scheduler plays to a sound file as fast as it can.

The result equals, bit for bit, what a freewheeling host records from the output ports over
the same mix, with the output's musical latency taken out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bridge.common.errors import AudioFileError, DiskError
from bridge.common.latency import HOPS_PER_SECOND
from bridge.protocols import Audio
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.resample import HopResampler, conversion_delays, make_resamplers
from bridge.stream.sound_files import mix_facts, open_mix, sound_errors
from bridge.stream.stem_hop import StemHop
from model.formats.output_places import check_output_file
from model.sound_files.reading import SoundReader
from model.sound_files.writing import check_room, create_sounds, float_format

__all__ = [
    "Progress",
    "WholePlayer",
    "accompany",
    "check_outputs",
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
    return mix_facts(path).rate


def check_outputs(mix: Path, outs: Sequence[Path]) -> None:
    """Check before the work that stems as long as a mix can be written.

    Args:
        mix: See ``mix_rate``.
        outs: A file for each stem, all in one folder; see ``render``.

    Raises:
        AudioFileError: The mix cannot be read, or a file cannot be written there.
    """
    frames = mix_facts(mix).frames
    try:
        with sound_errors():
            for out in outs:
                check_output_file(out, folder_exists=True)
            check_room(outs, frames)
    except DiskError as error:
        raise AudioFileError(str(error)) from error
    for out in outs:
        if float_format(out) is None:
            raise AudioFileError(
                f"{out}: the extension must name a format that holds 32-bit floats (.wav, "
                f".w64, .aiff, .au, .caf), got {out.suffix or 'none'!r}"
            )


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
        AudioFileError: A file cannot be read or not be written there, or the mix is at another
            rate than the scheduler.
        DiskError: The disk does not take all of it; what was written is kept, and named.
    """
    check_outputs(mix, outs)
    with open_mix(mix) as source:
        rate, frames = scheduler.hop * HOPS_PER_SECOND, source.facts.frames
        if source.facts.rate != rate:
            raise AudioFileError(f"{mix}: expected {rate} Hz, got {source.facts.rate}")
        with create_sounds(outs, rate) as targets:
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
        AudioFileError: A file cannot be read or not be written there.
        DiskError: The disk does not take all of it.
    """
    check_outputs(mix, [out])
    with open_mix(mix) as source:
        frames, own_rate = source.facts.frames, source.facts.rate
        heard = mix_down(source.read(frames))
    into, back = make_resamplers(own_rate, rate)
    delay = conversion_delays(own_rate, rate).total
    stem = _converted(back, play(_converted(into, np.pad(heard, (0, delay)))))
    with sound_errors(), create_sounds([out], own_rate) as (target,):
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
    with open_mix(path) as source:
        yield from _hops(source, source.facts.rate // HOPS_PER_SECOND)


def _hops(source: SoundReader, hop: int) -> Iterator[Audio]:
    """Read whole hops, the last one padded with silence."""
    while len(audio := source.read(hop)):
        mono = mix_down(audio)
        yield np.concatenate([mono, np.zeros(hop - len(mono), np.float32)])
