"""Render a corpus of songs, stem by stem, with everything that is known about them.

::

    OUT/<split>/<song>/<class>.npy    48 kHz mono float16, at the level it has in the mix
    OUT/<split>/<song>/song.json      tempo, key, beats, chords, sections, stems, sources

Songs appear one by one, each complete; a stopped run goes on where it ended. A song
follows from the seed and its number alone.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    as_completed,
    wait,
)
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from model.data.charts import NOTE_NAMES
from model.data.mixing import active_share, balance
from model.data.mma import find_mma
from model.data.songs import Song, compose
from model.data.styles import Style, load_styles
from model.data.synth import DEFAULT_FONT, SAMPLE_RATE, FontPlayer, find_font
from model.errors import DataError, MissingTool, ModelError

__all__ = ["RenderJob", "main", "render_song", "split_of_song"]

logger = logging.getLogger(__name__)

_TAIL_S = 1.5
_LENGTH_STEP = SAMPLE_RATE // 20
_MIN_ACTIVE_SHARE = 0.1
_REPORT_EVERY_S = 10.0
_LICENCES = {"FluidR3_GM.sf2": "MIT", "TimGM6mb.sf2": "GPL-2.0-only"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderJob:
    """What every song of a corpus has in common."""

    out: Path
    """Folder that receives the splits."""
    seed: int
    """Names the takes: other seeds, other songs."""
    seconds: float
    """Duration to aim at, per song."""
    font: Path
    """SoundFont that plays them."""

    def folder(self, number: int) -> Path:
        """Return where song ``number`` belongs."""
        return self.out / split_of_song(number) / f"s{self.seed}-{number:05d}"


def split_of_song(number: int) -> str:
    """Return the split of song ``number``: of every ten, one is for valid and one for test.

    Example:
        >>> [split_of_song(number) for number in range(5)]
        ['train', 'train', 'valid', 'train', 'test']
    """
    return {2: "valid", 4: "test"}.get(number % 10, "train")


@cache
def _player(font: Path) -> FontPlayer:
    return FontPlayer(font)


@cache
def _styles(split: str) -> tuple[Style, ...]:
    return load_styles(splits=(split,))


def render_song(job: RenderJob, number: int) -> Path:
    """Compose, play and store one song.

    The SoundFont stays loaded for the next song in the same process. Stems that sound for
    less than a tenth of the song are dropped from it.

    Args:
        job: The corpus.
        number: Which of its songs.

    Returns:
        The finished folder; it did not exist before.

    Raises:
        MissingTool: MMA, its library or the SoundFont is not installed.
        DataError: The song could not be composed.
    """
    rng = Random(f"{job.seed}/{number}")
    song = compose(rng, _styles(split_of_song(number)), mma=find_mma(), seconds=job.seconds)
    length = round((song.duration_s + _TAIL_S) * SAMPLE_RATE)
    frames = -(-length // _LENGTH_STEP) * _LENGTH_STEP
    player = _player(job.font)
    dry = {name: player.render(notes, frames) for name, notes in song.stems.items()}
    stems = balance(rng, dry)
    shares = {name: active_share(audio) for name, audio in stems.items()}
    kept = {name: share for name, share in shares.items() if share >= _MIN_ACTIVE_SHARE}
    if not kept:
        raise DataError(f"song {number} of seed {job.seed} is silent; please report it")
    folder = job.folder(number)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".rendering-", dir=job.out) as scratch:
        draft = Path(scratch, folder.name)
        draft.mkdir()
        for name in kept:
            np.save(draft / f"{name}.npy", stems[name].astype(np.float16))
        record = _describe(job, number, song, kept) | {"frames": frames}
        (draft / "song.json").write_text(json.dumps(record))
        draft.rename(folder)
    return folder


def _describe(
    job: RenderJob, number: int, song: Song, shares: dict[str, float]
) -> dict[str, Any]:
    plan = song.plan
    return {
        "id": job.folder(number).name,
        "split": split_of_song(number),
        "seed": job.seed,
        "sample_rate": SAMPLE_RATE,
        "genre": plan.style.genre,
        "style": plan.style.name,
        "drums_from": song.drums_from,
        "tempo_bpm": round(plan.tempo_bpm, 3),
        "signature": plan.signature,
        "beats_per_bar": plan.felt_beats,
        "key": {"tonic": NOTE_NAMES[plan.tonic], "mode": plan.mode},
        "beats_s": np.round(song.beats_s, 4).tolist(),
        "downbeats_s": np.round(song.downbeats_s, 4).tolist(),
        "chords": [
            (round(start, 4), NOTE_NAMES[chord.root], chord.quality)
            for start, chord in song.chords
        ],
        "sections": [(round(start, 4), name) for start, name in song.sections],
        "stems": [
            {
                "class": name,
                "file": f"{name}.npy",
                "programmes": sorted({note.programme for note in song.stems[name]}),
                "active_share": round(share, 3),
            }
            for name, share in shares.items()
        ],
        "sources": [
            {"name": "MMA stdlib grooves", "licence": "GPL-2.0-or-later"},
            {"name": job.font.name, "licence": _LICENCES.get(job.font.name, "unknown")},
        ],
    }


def _claim(job: RenderJob) -> None:
    """Mark the folder as this corpus, or refuse one that holds another."""
    mark = job.out / "render.json"
    ours = {"seconds": job.seconds, "font": job.font.name, "sample_rate": SAMPLE_RATE}
    job.out.mkdir(parents=True, exist_ok=True)
    if not mark.exists():
        mark.write_text(json.dumps(ours))
    found = json.loads(mark.read_text())
    if found != ours:
        raise DataError(
            f"{job.out} was rendered with {found}, not {ours}; choose another folder"
        )


def _render_all(
    job: RenderJob, numbers: Sequence[int], processes: int
) -> Iterator[Path | DataError]:
    """Yield finished folders, and the reasons of songs that failed, as they come."""
    if processes == 1:
        for number in numbers:
            try:
                yield render_song(job, number)
            except DataError as error:
                yield error
        return
    with ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,  # Ctrl+C is the parent's; songs begun are finished
        initargs=(signal.SIGINT, signal.SIG_IGN),
    ) as pool:
        begun: set[Future[Path]] = set()
        for number in numbers:
            begun.add(pool.submit(render_song, job, number))
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


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, got {value}")
    return value


def main(argv: Sequence[str] | None = None) -> int:
    """Render a corpus as the command line says.

    Args:
        argv: Arguments without the program's name; those of the process by default.

    Returns:
        0, or 1 when songs failed.

    Raises:
        MissingTool: MMA or the SoundFont is not installed.
        DataError: The folder holds another corpus.
    """
    parser = argparse.ArgumentParser(
        prog="liveband data render",
        description="Compose songs and render them stem by stem, as material to train on.",
    )
    parser.add_argument("out", type=Path, help="folder to fill, about 27 MB a minute of music")
    parser.add_argument("--songs", type=_positive, default=400, help="songs in all (400)")
    parser.add_argument("--seed", type=int, default=0, help="other seeds, other songs (0)")
    parser.add_argument("--jobs", type=_positive, default=1, help="processes (1)")
    parser.add_argument("--seconds", type=_positive, default=60, help="length of a song (60)")
    parser.add_argument("--font", type=Path, default=DEFAULT_FONT, help="SoundFont to play on")
    args = parser.parse_args(argv)
    job = RenderJob(out=args.out, seed=args.seed, seconds=args.seconds, font=args.font)
    find_mma()
    find_font(job.font)
    load_styles()
    _claim(job)
    numbers = [n for n in range(args.songs) if not job.folder(n).exists()]
    logger.info("%d of %d songs to render into %s", len(numbers), args.songs, job.out)
    return 1 if _follow(_render_all(job, numbers, args.jobs), len(numbers)) else 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        sys.exit(main())
    except ModelError as error:
        logger.error("%s", error)
        sys.exit(3 if isinstance(error, MissingTool) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
