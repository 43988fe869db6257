"""Training of the embedding: ``python -m tools.assets.train_embedding``.

It takes three minutes on one core. From windows of single stems the network learns to predict
their class, pitch classes and onsets; all targets come from the audio and the file names.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from model.data.audiofile import SAMPLE_RATE
from model.data.index import Song, load_songs
from model.data.stems import STEM_CLASSES
from model.errors import ModelError
from model.evaluation.embedding import MOMENTS, STEP, WINDOW, StemEmbedding, mel_windows
from model.evaluation.features import chroma, level_db, normalised
from model.evaluation.onsets import onset_curve

__all__ = ["main", "train_embedding"]

logger = logging.getLogger(__name__)

CROP_S, BATCH, RATE = 20, 96, 2e-3
FAINTEST_DB = -60.0


def train_embedding(data: Path, out: Path, *, songs: int, minutes: float) -> dict[str, float]:
    """Train on one split and write the weights.

    Args:
        data: Folder of rendered songs; its train and valid splits are used.
        out: Receives float16 weights as safetensors.
        songs: Songs to learn from at most.
        minutes: Wall-clock time of the training itself.

    Returns:
        Share of right classes, pitch and onset correlation on the valid split.

    Raises:
        DataError: There is no song.
    """
    torch.set_num_threads(1)
    torch.manual_seed(0)
    windows = _windows(load_songs(data, "train")[:songs])
    logger.info("%d windows to learn from", len(windows[0]))
    network = _fit(windows, 60 * minutes)
    figures = _validate(network, _windows(load_songs(data, "valid")[:10]))
    weights = {
        k: v.half().contiguous() if v.is_floating_point() else v
        for k, v in network.state_dict().items()
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights, out)
    return figures


def _fit(windows: tuple[Tensor, ...], seconds: float) -> StemEmbedding:
    network = StemEmbedding()
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE)
    began, step = time.monotonic(), 0
    while (progress := (time.monotonic() - began) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50) * (1 - progress)
        chosen = torch.randint(len(windows[0]), (BATCH,))
        loss = _loss(network, *(part[chosen] for part in windows))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        step += 1
        if step % 100 == 0:
            logger.info("step %d, %.0f %%, loss %.3f", step, 100 * progress, loss.item())
    return network.eval()


def _loss(
    network: StemEmbedding, mel: Tensor, kind: Tensor, pitch: Tensor, onset: Tensor
) -> Tensor:
    noisy = mel.float() + 0.1 * torch.randn_like(mel, dtype=torch.float32)
    embedded = network(noisy)
    return (
        F.cross_entropy(network.stem_class(embedded), kind)
        + F.cross_entropy(network.pitch(embedded), pitch)
        + F.binary_cross_entropy_with_logits(network.onset(embedded), onset)
    )


@torch.inference_mode()
def _validate(network: StemEmbedding, windows: tuple[Tensor, ...]) -> dict[str, float]:
    mel, kind, pitch, onset = windows
    embedded = torch.cat([network(part.float()) for part in torch.split(mel, 256)])
    right = network.stem_class(embedded).argmax(1) == kind
    heard_pitch = network.pitch(embedded).softmax(1)
    heard_onset = network.onset(embedded).sigmoid()
    return {
        "class accuracy": float(right.float().mean()),
        "pitch correlation": _correlation(heard_pitch, pitch),
        "onset correlation": _correlation(heard_onset, onset),
    }


def _correlation(a: Tensor, b: Tensor) -> float:
    return float(torch.corrcoef(torch.stack([a.flatten(), b.flatten()]))[0, 1])


def _windows(songs: list[Song]) -> tuple[Tensor, ...]:
    """Return mel windows and their three targets, over all stems of the songs."""
    found: list[tuple[Tensor, ...]] = []
    for number, song in enumerate(songs):
        for name in song.stems:
            start = (number * 7 * SAMPLE_RATE) % max(1, song.frames - CROP_S * SAMPLE_RATE)
            piece = song.read(name, start, CROP_S * SAMPLE_RATE)
            if level_db(piece) > FAINTEST_DB:
                found.append(_examples(piece, STEM_CLASSES.index(name)))
    return tuple(torch.cat(parts) for parts in zip(*found, strict=True))


def _examples(piece: NDArray[np.float32], kind: int) -> tuple[Tensor, ...]:
    heard = normalised(piece, SAMPLE_RATE)
    mel = mel_windows(heard)
    curve, pitches = onset_curve(heard), chroma(heard)
    pitch, onset = [], []
    for window in range(len(mel)):
        first = window * STEP
        energy = pitches[first // 10 : (first + WINDOW) // 10].sum(0) + 1e-6
        pitch.append(energy / energy.sum())
        moments = np.resize(curve[first : first + WINDOW], WINDOW).reshape(MOMENTS, -1).max(1)
        onset.append(moments / (curve.max() + 1e-6))
    audible = mel.mean((1, 2)) > np.log(1e-4) + 0.5
    return (
        torch.from_numpy(mel[audible]).half(),
        torch.full((int(audible.sum()),), kind),
        torch.from_numpy(np.array(pitch)[audible]).float(),
        torch.from_numpy(np.array(onset)[audible]).float(),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Train as the command line says, and log the hash of the weights; return 0."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.assets.train_embedding", description=__doc__
    )
    parser.add_argument("data", type=Path, help="folder of rendered songs")
    parser.add_argument("out", type=Path, help="file for the weights")
    parser.add_argument("--songs", type=int, default=100, help="songs to learn from (100)")
    parser.add_argument("--minutes", type=float, default=2.5, help="time to train (2.5)")
    asked = parser.parse_args(argv)
    figures = train_embedding(asked.data, asked.out, songs=asked.songs, minutes=asked.minutes)
    for name, figure in figures.items():
        logger.info("%s on held-out songs: %.3f", name, figure)
    logger.info("SHA-256 to pin: %s", hashlib.sha256(asked.out.read_bytes()).hexdigest())
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        sys.exit(main())
    except ModelError as error:
        logger.error("%s", error)
        sys.exit(1)
