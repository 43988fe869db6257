"""Rendered songs as latents on disk, so that the generator trains without hearing audio.

::

    OUT/<song>/annotation.npz  annotation (hops, ANNOTATION) and groove label, where known
    OUT/<song>/<class>.npz     stem: the target; mix: other stems at a random level, both
                               (hops, latent); onset: where the mix attacks, (hops, 1);
                               stem_db, mix_db: their levels, (hops,); tracked: what the
                               beat tracker tells of the mix, (A, hops, COUNT + 1), for each
                               of anticipations, (A,) in hops; see
                               :mod:`model.data.tracked_beats`

Arrays of numbers are float16, anticipations int64.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.annotation import chord_track, count_track, join_annotation
from model.autoencoder import Autoencoder
from model.checkpoint import load_autoencoder
from model.config import GeneratorConfig
from model.data.charts import CHORD_TONES
from model.data.index import Song
from model.data.pairing import draw_mix, loudness_db
from model.data.tracked_beats import tracked_counts
from model.errors import DataError

__all__ = ["Pair", "encode_songs", "load_pairs", "onset_track"]

Audio = NDArray[np.float32]
Latents = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Pair:
    """A target stem and a mix it belongs to, over the whole song."""

    song: str
    groove: str
    """Label of the groove; empty where it is unknown."""
    stem_class: str
    annotation: Latents
    """``(hops, ANNOTATION)``."""
    stem: Latents
    """``(hops, latent)``."""
    mix: Latents
    """``(hops, latent)``."""
    onset: Latents
    """``(hops, 1)``, 0..1."""
    stem_db: Latents
    """Level of every hop of the stem, A-weighted, ``(hops,)``."""
    mix_db: Latents
    """The same of the mix."""
    tracked: Latents
    """What the beat tracker tells of the mix, for each anticipation, and how sure it is,
    ``(A, hops, COUNT + 1)``; zeros where it tells nothing."""


def encode_songs(
    songs: list[Song],
    classes: tuple[str, ...],
    codec: str,
    out: Path,
    *,
    anticipations: tuple[int, ...] = GeneratorConfig().anticipations,
    jobs: int = 1,
) -> int:
    """Encode every target of ``classes`` in ``songs``; files that exist are kept.

    Args:
        songs: Rendered songs.
        classes: Stem classes to make targets of.
        codec: Checkpoint whose encoder to use; latents of different encoders do not mix.
        out: Folder for the latents.
        anticipations: In hops; for each is kept what the beat tracker tells ahead of it.
        jobs: Processes, one thread each.

    Returns:
        Number of targets written.

    Raises:
        CheckpointError: The codec cannot be read.
    """
    shares = [songs[job::jobs] for job in range(jobs)]
    work = partial(
        _encode_share, classes=classes, codec=codec, out=out, anticipations=anticipations
    )
    if jobs == 1:
        return work(songs)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        return sum(pool.map(work, shares))


def _encode_share(
    songs: list[Song],
    classes: tuple[str, ...],
    codec: str,
    out: Path,
    anticipations: tuple[int, ...],
) -> int:
    torch.set_num_threads(1)
    autoencoder = load_autoencoder(codec)
    written = 0
    for song in songs:
        folder = out / song.path.name
        targets = [name for name in classes if name in song.stems]
        missing = [name for name in targets if not (folder / f"{name}.npz").exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for target in missing:
            arrays = _encode(song, target, autoencoder, anticipations)
            _store(folder / f"{target}.npz", **arrays)
            written += 1
        if targets and not (folder / "annotation.npz").exists():
            hop_s = 1 / autoencoder.config.hop_rate_hz
            with np.load(folder / f"{targets[0]}.npz") as arrays:
                hops = len(arrays["stem"])
            _store(folder / "annotation.npz", **_annotation(song, hops, hop_s))
    return written


def _store(path: Path, **arrays: NDArray[Any]) -> None:
    part = path.with_suffix(".part.npz")
    np.savez(part, **arrays)  # type: ignore[arg-type]
    part.replace(path)


@torch.inference_mode()
def _encode(
    song: Song, target: str, autoencoder: Autoencoder, anticipations: tuple[int, ...]
) -> dict[str, NDArray[Any]]:
    rng = random.Random(f"{song.path.name} {target}")
    hop = autoencoder.config.hop
    frames = song.frames // hop * hop
    stem, mix = song.read(target, 0, frames), np.zeros(frames, np.float32)
    heard, gain = draw_mix(rng, song.stems, target)
    for name in heard:
        mix += gain * song.read(name, 0, frames)
    audio_BTC = torch.from_numpy(np.stack([stem, mix]))[..., None]
    latent = autoencoder.encoder(audio_BTC).half().numpy()
    levels = {"stem_db": loudness_db(stem), "mix_db": loudness_db(mix)}
    rate = autoencoder.config.sample_rate
    tracked = tracked_counts(mix, anticipations, hop=hop, sample_rate=rate)
    return {
        "stem": latent[0],
        "mix": latent[1],
        "onset": onset_track(mix, hop).astype(np.float16),
        "tracked": tracked.astype(np.float16),
        "anticipations": np.array(anticipations),
        **{name: level.astype(np.float16) for name, level in levels.items()},
    }


def onset_track(audio: Audio, hop: int) -> NDArray[np.float32]:
    """Return how clearly each hop holds an onset, 0..1, ``(hops, 1)``.

    It is the rise of the level in tenths of a hop over the loudest of the hop before, 12 dB
    or more being clear.

    Args:
        audio: ``(hops * hop,)``.
        hop: Frames per hop, a multiple of 10.
    """
    power = np.square(audio).reshape(-1, hop // 10).mean(1)
    level_db = 10 * np.log10(power + 1e-7).reshape(-1, 10)
    before = np.concatenate([[-70.0], level_db[:-1].max(1)])
    rise = (level_db.max(1) - before) / 12
    onset: NDArray[np.float32] = rise.clip(0, 1).astype(np.float32)[:, None]
    return onset


def _annotation(
    song: Song, hops: int, hop_s: float
) -> dict[str, NDArray[np.float16] | NDArray[np.str_]]:
    count = chord = None
    if song.beats_s is not None and song.downbeats_s is not None:
        count = count_track(song.beats_s, song.downbeats_s, hops, hop_s)
    if song.chords is not None:
        chords = [
            (onset, root, frozenset((root + tone) % 12 for tone in CHORD_TONES[quality]))
            for onset, root, quality in song.chords
        ]
        chord = chord_track(chords, hops, hop_s)
    annotation = join_annotation(count, chord, hops).astype(np.float16)
    return {"annotation": annotation, "groove": np.array(song.genre or "")}


def load_pairs(
    root: Path, classes: tuple[str, ...], anticipations: tuple[int, ...]
) -> list[Pair]:
    """Read everything :func:`encode_songs` wrote for ``classes`` into memory.

    Args:
        root: Folder that was written.
        classes: Stem classes.
        anticipations: In hops, for which it is asked what the beat tracker tells, in the order
            in which :attr:`Pair.tracked` is to hold them.

    Raises:
        DataError: There is nothing, or an anticipation is missing.
    """
    pairs = []
    for file in sorted(root.glob("*/annotation.npz")):
        with np.load(file) as arrays:
            annotation, groove = arrays["annotation"], str(arrays["groove"])
        for name in classes:
            target = file.with_name(f"{name}.npz")
            if target.exists():
                tracks = _load_tracks(target, anticipations)
                pairs.append(Pair(file.parent.name, groove, name, annotation, **tracks))
    if not pairs:
        what = "no latents of " + ", ".join(classes) if root.is_dir() else "no such folder"
        raise DataError(
            f"{root}: {what}; make latents with 'liveband data encode SONGS CODEC {root}'"
        )
    return pairs


def _load_tracks(target: Path, anticipations: Sequence[int]) -> dict[str, Latents]:
    """Return the arrays of a target, told the beat at these anticipations."""
    with np.load(target) as arrays:
        tracks = {key: arrays[key] for key in arrays.files}
    stored = [int(hops) for hops in tracks.pop("anticipations", ())]
    lacking = [hops for hops in anticipations if hops not in stored]
    if lacking:
        raise DataError(
            f"{target} does not hold what the beat tracker tells {lacking} hops ahead, only "
            f"{stored}; remove the folder and make latents again with 'liveband data encode "
            f"SONGS CODEC {target.parent.parent}', with the preset that is trained"
        )
    tracks["tracked"] = tracks["tracked"][[stored.index(hops) for hops in anticipations]]
    return tracks
