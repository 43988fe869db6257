"""Rendered songs as latents on disk, so that the generator trains without audio.

::

    OUT/<song>/<class>.npz     stem: the target; mix: what is heard, both (hops, latent);
                               annotation: beat, bar and chord, (hops, ANNOTATION); onset:
                               onsets of the mix, (hops, 1); stem_db, mix_db: their
                               levels, (hops,); tracked: output of the beat tracker on the
                               mix, (A, hops, COUNT + 1), for each of anticipations, (A,) in
                               hops; groove: its label, empty where it is unknown

Each file is an augmented take, see :mod:`model.data.augmented_take`, with a beginning, rests
and an end of its own. Numbers are float16, anticipations int64. For the tracked beats see
:mod:`model.data.tracked_beats`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.array_types import Audio
from model.checkpoint import load_autoencoder
from model.data.augmented_take import augmented_take
from model.data.index import Song
from model.data.pairing import loudness_db
from model.data.tracked_beats import tracked_counts
from model.errors import DataError
from model.formats.atomic_files import atomic_file
from model.networks.autoencoder import Autoencoder
from model.networks.config import GeneratorConfig
from model.worker_pool import worker_pool

__all__ = ["LatentPair", "encode_songs", "load_pairs", "onset_track"]

Latents = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class LatentPair:
    """A target stem and its mix, over a whole take."""

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
    """The same of the mix, before noise, room and codec."""
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
    """Encode every target of ``classes`` in ``songs``; existing files are kept.

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
    with worker_pool(jobs) as pool:
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
    return written


def _store(path: Path, **arrays: NDArray[Any]) -> None:
    with atomic_file(path) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


@torch.inference_mode()
def _encode(
    song: Song, target: str, autoencoder: Autoencoder, anticipations: tuple[int, ...]
) -> dict[str, NDArray[Any]]:
    hop = autoencoder.config.hop
    take = augmented_take(song, target, hop)
    audio_BTC = torch.from_numpy(np.stack([take.stem, take.heard]))[..., None]
    latent = autoencoder.encoder(audio_BTC).half().numpy()
    levels = {"stem_db": loudness_db(take.stem), "mix_db": loudness_db(take.mix)}
    rate = autoencoder.config.sample_rate
    tracked = tracked_counts(take.heard, anticipations, hop=hop, sample_rate=rate)
    return {
        "stem": latent[0],
        "mix": latent[1],
        "annotation": take.annotation.astype(np.float16),
        "groove": np.array(song.genre or ""),
        "onset": onset_track(take.heard, hop).astype(np.float16),
        "tracked": tracked.astype(np.float16),
        "anticipations": np.array(anticipations),
        **{name: level.astype(np.float16) for name, level in levels.items()},
    }


def onset_track(audio: Audio, hop: int) -> NDArray[np.float32]:
    """Return the strength of the onset in each hop, 0..1, ``(hops, 1)``.

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


def load_pairs(
    root: Path, classes: tuple[str, ...], anticipations: tuple[int, ...]
) -> list[LatentPair]:
    """Read everything :func:`encode_songs` wrote for ``classes`` into memory.

    Args:
        root: Folder that was written.
        classes: Stem classes.
        anticipations: In hops, for which it is asked what the beat tracker tells, in the order
            in which :attr:`LatentPair.tracked` is to hold them.

    Raises:
        DataError: There is nothing, or an anticipation is missing.
    """
    pairs = [
        LatentPair(
            song=folder.name,
            stem_class=name,
            **_load_tracks(folder / f"{name}.npz", anticipations),
        )
        for folder in sorted(root.glob("*"))
        for name in classes
        if (folder / f"{name}.npz").exists()
    ]
    if not pairs:
        what = "no latents of " + ", ".join(classes) if root.is_dir() else "no such folder"
        raise DataError(
            f"{root}: {what}; make latents with 'liveband data encode SONGS CODEC {root}'"
        )
    return pairs


def _load_tracks(target: Path, anticipations: Sequence[int]) -> dict[str, Any]:
    """Return the stored arrays of a target, with tracked beats for these anticipations."""
    with np.load(target) as arrays:
        tracks: dict[str, Any] = {key: arrays[key] for key in arrays.files}
    stored = [int(hops) for hops in tracks.pop("anticipations", ())]
    lacking = [hops for hops in anticipations if hops not in stored]
    if lacking:
        raise DataError(
            f"{target} does not hold what the beat tracker tells {lacking} hops ahead, only "
            f"{stored}; remove the folder and make latents again with 'liveband data encode "
            f"SONGS CODEC {target.parent.parent}', with the preset that is trained"
        )
    tracks["tracked"] = tracks["tracked"][[stored.index(hops) for hops in anticipations]]
    return {**tracks, "groove": str(tracks["groove"])}
