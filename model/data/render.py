"""Renders a corpus of songs, stem by stem, with a record of each song.

::

    OUT/<split>/<song>/<class>.npy    48 kHz mono float16, at the level it has in the mix
    OUT/<split>/<song>/song.json      tempo, key, beats, chords, groove, stems, sources
    OUT/render.json                   settings of the corpus; resuming must match it

Songs appear one by one, each complete; an interrupted run is resumed by the same command.
"""

from __future__ import annotations

import json
import logging
import math
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, as_completed, wait
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.channel_strip import process
from model.data.corpus import Corpus
from model.data.fonts import open_font
from model.data.mixing import active_share, balance
from model.data.record import describe
from model.data.score import Score
from model.data.song_kinds import write_score
from model.data.splits import SPLITS, split_of_song
from model.data.synth import SAMPLE_RATE
from model.errors import DataError
from model.worker_pool import worker_pool

__all__ = ["render_corpus", "render_song"]

logger = logging.getLogger(__name__)

_TAIL_S = 1.5
_LENGTH_STEP = SAMPLE_RATE // 20
_MIN_ACTIVE_SHARE = 0.1
_REPORT_EVERY_S = 10.0
_STEMS = 5.0
"""Stems of a song, on average."""
_SPEED = 35.0
"""Seconds of songs that a process renders in a second, about; measured once begun."""


def render_song(corpus: Corpus, number: int) -> Path:
    """Compose or arrange, play and store one song.

    The last four SoundFonts stay loaded for the next songs in the same process. Stems that
    sound for less than a tenth of the song are dropped from it.

    Args:
        corpus: The corpus.
        number: Which of its songs.

    Returns:
        The finished folder; it did not exist before.

    Raises:
        MissingTool: MMA, its library or the SoundFont is not installed.
        DataError: The song could not be composed.
    """
    score = write_score(corpus, number)
    stems = balance(corpus.rng(number, "levels"), _play(corpus, number, score))
    shares = {name: active_share(audio) for name, audio in stems.items()}
    kept = {name: share for name, share in shares.items() if share >= _MIN_ACTIVE_SHARE}
    if not kept:
        raise DataError(f"song {number} of seed {corpus.seed} is silent; please report it")
    folder = corpus.folder(number)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".rendering-", dir=corpus.out) as scratch:
        draft = Path(scratch, folder.name)
        draft.mkdir()
        for name in kept:
            np.save(draft / f"{name}.npy", stems[name].astype(np.float16))
        record = describe(corpus, number, score, kept, len(next(iter(stems.values()))))
        (draft / "song.json").write_text(json.dumps(record))
        draft.rename(folder)
    return folder


def _play(corpus: Corpus, number: int, score: Score) -> dict[str, NDArray[np.float32]]:
    """Return every stem as audio of the same length, a whole number of hops."""
    player = open_font(corpus.font_of(number))
    length = round((score.duration_s + _TAIL_S) * SAMPLE_RATE)
    frames = -(-length // _LENGTH_STEP) * _LENGTH_STEP
    rng = corpus.rng(number, "channels")
    return {
        name: process(rng, name, player.render(notes, frames))
        for name, notes in score.stems.items()
    }


def _render_all(
    corpus: Corpus, numbers: Sequence[int], processes: int
) -> Iterator[Path | DataError]:
    """Yield finished folders, and the errors of songs that failed, as they come."""
    if processes == 1:
        for number in numbers:
            try:
                yield render_song(corpus, number)
            except DataError as error:
                yield error
        return
    with worker_pool(processes) as pool:
        begun: set[Future[Path]] = set()
        for number in numbers:
            begun.add(pool.submit(render_song, corpus, number))
            if len(begun) == 2 * processes:
                ended, begun = wait(begun, return_when=FIRST_COMPLETED)
                yield from map(_outcome, ended)
        yield from map(_outcome, as_completed(begun))


def _outcome(song: Future[Path]) -> Path | DataError:
    failure = song.exception()
    return failure if isinstance(failure, DataError) else song.result()


def _follow(results: Iterator[Path | DataError], total: int) -> int:
    """Log progress until the results end; return how many songs failed."""
    began = reported = time.monotonic()
    failed = size = 0
    for done, result in enumerate(results, start=1):
        if isinstance(result, DataError):
            failed += 1
            logger.warning("%s", result)
        else:
            size += sum(file.stat().st_size for file in result.iterdir())
        now = time.monotonic()
        if now - reported >= _REPORT_EVERY_S or done == total:
            reported = now
            share_left = (total - done) / done
            logger.info(
                "%d of %d songs; %.0f s and %.1f GB to go",
                *(done, total, (now - began) * share_left, size * share_left / 1e9),
            )
    return failed


def _announce(corpus: Corpus, songs: int, processes: int) -> None:
    """Log what will be rendered, and the time and space it takes.

    Raises:
        DataError: The disk has no room for it.
    """
    shares = corpus.shares_of("train")
    kinds = ", ".join(f"{share / sum(shares.values()):.0%} {k}" for k, share in shares.items())
    logger.info(
        "%d songs to render into %s (%s), on %s%s",
        *(songs, corpus.out, kinds, ", ".join(font.path.name for font in corpus.fonts)),
        "".join(f", in testing also {font.path.name}" for font in corpus.test_fonts),
    )
    seconds = songs * (corpus.seconds + _TAIL_S)
    size = seconds * SAMPLE_RATE * np.dtype(np.float16).itemsize * _STEMS
    logger.info(
        "about %.1f GB and %d min", size / 1e9, math.ceil(seconds / _SPEED / processes / 60)
    )
    free = shutil.disk_usage(corpus.out).free
    if size > free:
        raise DataError(
            f"expected {size / 1e9:.1f} GB of room in {corpus.out}, found {free / 1e9:.1f}; "
            "render fewer songs or into another folder"
        )


def render_corpus(
    corpus: Corpus, songs: int, jobs: int = 1, *, splits: Collection[str] = SPLITS
) -> int:
    """Render the songs of a corpus that are not there yet.

    Args:
        corpus: The corpus; its folder is claimed.
        songs: Songs in all.
        jobs: Processes.
        splits: Only songs of these are rendered; they are the same ones as in the whole corpus.

    Returns:
        How many songs failed.

    Raises:
        MissingTool: MMA, its library or a SoundFont is not installed.
        DataError: The folder holds another corpus, or the disk is too small.
    """
    corpus.claim()
    wanted = (number for number in range(songs) if split_of_song(number) in splits)
    numbers = [number for number in wanted if not corpus.folder(number).exists()]
    _announce(corpus, len(numbers), jobs)
    return _follow(_render_all(corpus, numbers, jobs), len(numbers))
