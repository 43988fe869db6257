"""Rendered songs as latents on disk, so that the generator trains without hearing audio.

Per song and target class there is one file ``<class>.npz`` with ``stem`` (the target) and
``mix`` (other stems at a random level), both ``(hops, latent)`` in float16.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.autoencoder import Autoencoder
from model.checkpoint import load_autoencoder
from model.data.crops import Song
from model.errors import DataError

__all__ = ["Pair", "Pairs", "encode_songs", "load_pairs", "pair_batches"]

Latents = NDArray[np.float16]

WHOLE_SHARE = 0.6
"""Share of targets whose mix is all the other stems; the rest hear a random part of them."""
LEVEL_DB = (-9.0, 6.0)
"""The mix is heard at a random level, so that its level says nothing of the target."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A target stem and the mixes it belongs to, over the whole song."""

    stem_class: str
    stem: Latents
    """``(hops, latent)``."""
    mix: Latents
    """``(hops, latent)``."""


def encode_songs(
    songs: list[Song], classes: tuple[str, ...], codec: str, out: Path, *, jobs: int = 1
) -> int:
    """Encode every target of ``classes`` in ``songs``; files that exist are kept.

    Args:
        songs: Rendered songs.
        classes: Stem classes to make targets of.
        codec: Checkpoint whose encoder to use; latents of different encoders do not mix.
        out: Folder for ``<song>/<class>.npz``.
        jobs: Processes, one thread each.

    Returns:
        Number of files written.

    Raises:
        CheckpointError: The codec cannot be read.
    """
    shares = [songs[job::jobs] for job in range(jobs)]
    work = partial(_encode_share, classes=classes, codec=codec, out=out)
    if jobs == 1:
        return work(songs)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        return sum(pool.map(work, shares))


def _encode_share(songs: list[Song], classes: tuple[str, ...], codec: str, out: Path) -> int:
    torch.set_num_threads(1)
    autoencoder = load_autoencoder(codec)
    written = 0
    for song in songs:
        for target in classes:
            path = out / song.path.name / f"{target}.npz"
            if target not in song.stems or path.exists():
                continue
            stem, mix = _encode(song, target, autoencoder)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part.npz")
            np.savez(part, stem=stem, mix=mix)
            part.replace(path)
            written += 1
    return written


@torch.inference_mode()
def _encode(song: Song, target: str, autoencoder: Autoencoder) -> tuple[Latents, Latents]:
    rng = random.Random(f"{song.path.name} {target}")
    hop = autoencoder.config.hop
    others = [name for name in song.stems if name != target]
    stem = np.asarray(song.stem(target), np.float32)
    count = len(others)
    if rng.random() > WHOLE_SHARE and others:
        count = rng.randint(1, len(others))
    mix = np.zeros_like(stem)
    for name in rng.sample(others, count):
        mix += song.stem(name)
    mix *= np.float32(10 ** (rng.uniform(*LEVEL_DB) / 20))
    whole = len(stem) // hop * hop
    audio_BTC = torch.from_numpy(np.stack([stem, mix]))[:, :whole, None]
    latent = autoencoder.encoder(audio_BTC).half().numpy()
    return latent[0], latent[1]


def load_pairs(root: Path, classes: tuple[str, ...]) -> list[Pair]:
    """Read everything :func:`encode_songs` wrote for ``classes`` into memory.

    Raises:
        DataError: There is nothing.
    """
    pairs = []
    for file in sorted(root.glob("*/*.npz")):
        if file.stem in classes:
            with np.load(file) as arrays:
                pairs.append(Pair(file.stem, arrays["stem"], arrays["mix"]))
    if not pairs:
        raise DataError(f"no latents of {', '.join(classes)} in {root}; encode some first")
    return pairs


@dataclass(frozen=True, slots=True)
class Pairs:
    """A batch: mix and stem latents in true time, and a mix each stem does not belong to."""

    mix_BTC: torch.Tensor
    stem_BTC: torch.Tensor
    other_BTC: torch.Tensor
    stem_B: torch.Tensor


def pair_batches(
    pairs: list[Pair], classes: tuple[str, ...], *, batch: int, hops: int, rng: random.Random
) -> Iterator[Pairs]:
    """Yield random batches for ever; classes are drawn evenly.

    The mismatched mix is another song of the class or, every second time, the same mix
    moved by up to two seconds: the judge must learn rhythm and harmony, not timbre.

    Args:
        pairs: What to draw from; songs shorter than ``hops + 40`` are left out.
        classes: Order of the stem classes, as the generator numbers them.
        batch: Items per batch.
        hops: Hops per item.
        rng: Decides everything.

    Raises:
        DataError: A class has no song that is long enough.
    """
    margin = 40
    by_class = [
        [p for p in pairs if p.stem_class == name and len(p.stem) >= hops + margin]
        for name in classes
    ]
    for name, found in zip(classes, by_class, strict=True):
        if not found:
            raise DataError(f"no song with {name} is longer than {hops + margin} hops")
    while True:
        kinds = [rng.randrange(len(classes)) for _ in range(batch)]
        items = [_item(rng.choice(by_class[k]), by_class[k], hops, margin, rng) for k in kinds]
        mix, stem, other = (
            torch.from_numpy(np.stack(x)).float() for x in zip(*items, strict=True)
        )
        yield Pairs(mix, stem, other, torch.tensor(kinds))


def _item(
    pair: Pair, same_class: list[Pair], hops: int, margin: int, rng: random.Random
) -> tuple[Latents, Latents, Latents]:
    start = rng.randrange(len(pair.stem) - hops - margin + 1)
    for _ in range(4):
        if pair.stem[start : start + hops].astype(np.float32).std(0).mean() > 0.05:
            break
        start = rng.randrange(len(pair.stem) - hops - margin + 1)
    mix = pair.mix
    if rng.random() < 0.5:
        move = rng.randint(3, margin)
        other = mix[start + move : start + move + hops]
    else:
        stranger = rng.choice(same_class)
        there = rng.randrange(len(stranger.stem) - hops + 1)
        other = stranger.mix[there : there + hops]
    return mix[start : start + hops], pair.stem[start : start + hops], other
