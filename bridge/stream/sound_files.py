"""Sound files with the bridge's errors: a mix to be played to, and what is written."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bridge.common.errors import AudioFileError, DiskError
from bridge.common.latency import HOPS_PER_SECOND
from model.errors import DataError, OutputError
from model.sound_files.reading import SoundFacts, SoundReader, decodable_facts, open_sound

__all__ = ["early_end", "mix_facts", "open_mix", "sound_errors"]


@contextlib.contextmanager
def sound_errors() -> Iterator[None]:
    """Raise errors of reading and writing sound files as the bridge's.

    Raises:
        AudioFileError: A file cannot be read.
        DiskError: A file cannot be written.
    """
    try:
        yield
    except DataError as error:
        raise AudioFileError(str(error)) from error
    except OutputError as error:
        raise DiskError(str(error)) from error


def mix_facts(path: Path) -> SoundFacts:
    """Return what there is to be heard of a sound file that can be played to.

    Args:
        path: Mono or stereo, at a rate that is a multiple of 20 Hz. All of it is decoded, so
            that damage is known before anything is played.

    Raises:
        AudioFileError: It cannot be read, has another form or holds nothing.
    """
    with sound_errors():
        facts = decodable_facts(path)
    if facts.channels > 2:
        raise AudioFileError(
            f"{path}: expected one or two channels, got {facts.channels}; mix it down first"
        )
    if facts.rate % HOPS_PER_SECOND:
        raise AudioFileError(
            f"{path}: its sample rate must be a multiple of {HOPS_PER_SECOND} Hz, got "
            f"{facts.rate}; convert it first, e.g. sox {path} -r 48000 converted.wav"
        )
    if not facts.frames:
        what = "cannot be decoded; it is damaged" if facts.damaged else "it holds no audio"
        raise AudioFileError(f"{path}: {what}")
    return facts


def early_end(path: Path) -> str:
    """Return a sentence that says where a cut or damaged mix ends; empty for a whole one.

    Args:
        path: See ``mix_facts``.

    Raises:
        AudioFileError: As ``mix_facts``.
    """
    facts = mix_facts(path)
    if not facts.missing:
        return ""
    what = "damaged" if facts.damaged else "cut"
    return (
        f"{path} is {what} and ends early, {facts.missing}; only what there is of it is heard"
    )


@contextlib.contextmanager
def open_mix(path: Path) -> Iterator[SoundReader]:
    """Open a mix to be read from its first frame to the last that can be decoded.

    Args:
        path: See ``mix_facts``.

    Raises:
        AudioFileError: As ``mix_facts``.
    """
    facts = mix_facts(path)
    with sound_errors(), open_sound(path, facts) as reader:
        yield reader
