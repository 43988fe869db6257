"""Whitening of a trained codec, and the training record of a checkpoint."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path
from typing import Any

import torch

from model.checkpoint import read_record
from model.data.crops import TrainingAudio, crop_batch
from model.networks.autoencoder import Autoencoder
from model.training.run_state import STATE_FILE, load_state

__all__ = ["codec_record", "git_revision", "training_facts", "whiten_latents"]

_OF_THE_CODEC = ("codec", "decoder")


@torch.inference_mode()
def whiten_latents(
    autoencoder: Autoencoder, material: TrainingAudio, *, crops: int = 256, seconds: float = 6.0
) -> None:
    """Whiten an autoencoder's latents by their statistics on random crops.

    Args:
        autoencoder: Fully trained; its encoder must not change afterwards.
        material: Audio to measure on.
        crops: Number of crops; their first second is left out.
        seconds: Length of each crop.
    """
    c = autoencoder.config
    hops = int(seconds * c.hop_rate_hz)
    warm = int(c.hop_rate_hz)
    latents, rng = [], random.Random(0)
    for _ in range(crops // 8):
        audio_BTC = torch.from_numpy(crop_batch(material, 8, hops * c.hop, rng))[..., None]
        state = autoencoder.encoder.init_state(len(audio_BTC))
        latents.append(autoencoder.encoder.unrotated(audio_BTC, state)[:, warm:].flatten(0, 1))
    autoencoder.whiten(torch.cat(latents))


def training_facts(material: Path, run: Path) -> dict[str, Any]:
    """Return the data and length of a training, for the record of its checkpoint.

    Args:
        material: Folder of rendered songs, or of their latents.
        run: Folder of the training run.

    Returns:
        ``songs`` (of the train split), ``steps``, ``minutes``, and the commit; see
        :func:`git_revision`.
    """
    latents = len({file.parent for file in material.glob("*/*.npz")})
    songs = latents or len(list(material.glob("train/*/song.json")))
    state = load_state(run / STATE_FILE)
    minutes = round(float(state["seconds"]) / 60, 1)
    return {"songs": songs, "steps": int(state["step"]), "minutes": minutes, **git_revision()}


def codec_record(where: str | Path) -> dict[str, Any]:
    """Return the entries of a checkpoint's record on the training of its autoencoder.

    A checkpoint that takes over only the autoencoder keeps none of the other entries.

    Raises:
        CheckpointError: It is missing or of another format.
    """
    record = read_record(where)
    return {name: record[name] for name in _OF_THE_CODEC if name in record}


def git_revision() -> dict[str, Any]:
    """Return the commit of this code, or ``unknown``."""
    answer = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return {"git": answer.stdout.strip() or "unknown"}
