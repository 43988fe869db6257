"""Embedding of sound in 128 numbers: a small network with fixed weights.

It was trained to predict stem class, pitch classes and onsets of rendered stems
(``tools/assets/train_embedding.py``); its last hidden layer is the embedding.
"""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from model.array_types import Float64Array
from model.errors import CheckpointError
from model.evaluation.features import log_mel

__all__ = [
    "BANDS",
    "WEIGHTS",
    "WEIGHTS_SHA256",
    "WINDOW",
    "StemEmbedding",
    "embed",
    "load_embedding",
    "mel_windows",
]


WEIGHTS = Path(__file__).parent / "embedding.safetensors"
WEIGHTS_SHA256 = "0d0c1abbdf63f1902bb505f05b662d761d6c594018660690a2adb030d724542c"
"""Frechet distances of other weights are other figures."""
BANDS = 80
WINDOW = 96
"""Slices of 10 ms in a window of 0.96 s."""
STEP = 48
CHANNELS = 128
CLASSES, PITCHES, MOMENTS = 7, 12, 12


class StemEmbedding(nn.Module):
    """Four strided convolutions over a log-mel window, one layer down to the embedding.

    The heads serve the training only.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 24, 48, 96, 128)
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [
                nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.GELU(),
            ]
        self.body = nn.Sequential(*layers, nn.Conv2d(widths[-1], 16, 1), nn.GELU())
        self.leave = nn.Linear(16 * (WINDOW // 16) * (BANDS // 16), CHANNELS)
        self.stem_class = nn.Linear(CHANNELS, CLASSES)
        self.pitch = nn.Linear(CHANNELS, PITCHES)
        self.onset = nn.Linear(CHANNELS, MOMENTS)

    def forward(self, mel_BTF: Tensor) -> Tensor:
        """Return embeddings; log-mel ``(B, 96, 80)`` to ``(B, 128)``."""
        scaled = (mel_BTF[:, None] + 5) / 3
        embedded: Tensor = self.leave(self.body(scaled).flatten(1))
        return embedded


def mel_windows(heard: Float64Array) -> NDArray[np.float32]:
    """Return log-mel windows of 0.96 s, one every 0.48 s, ``(windows, 96, 80)``.

    Args:
        heard: As :func:`~model.evaluation.features.hear` gives it, at least 0.96 s.
    """
    mel = log_mel(heard, BANDS).astype(np.float32)
    if len(mel) < WINDOW:
        return np.zeros((0, WINDOW, BANDS), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(mel, WINDOW, axis=0)[::STEP]
    return windows.transpose(0, 2, 1).copy()


@torch.inference_mode()
def embed(heard: Float64Array) -> Float64Array:
    """Return the embeddings of a sound, one every 0.48 s, ``(windows, 128)``.

    Args:
        heard: As :func:`~model.evaluation.features.hear` gives it.

    Raises:
        CheckpointError: The weights are not the pinned ones.
    """
    windows = torch.from_numpy(mel_windows(heard))
    embedded: Float64Array = load_embedding()(windows).double().numpy()
    return embedded


@cache
def load_embedding() -> StemEmbedding:
    """Return the pinned network, ready to use.

    Raises:
        CheckpointError: Its file is missing or is not the one this version was made with.
    """
    found = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() if WEIGHTS.exists() else "no file"
    if found != WEIGHTS_SHA256:
        raise CheckpointError(
            f"{WEIGHTS} should have SHA-256 {WEIGHTS_SHA256}, found {found}; install again, or "
            "pin the weights you trained in model/evaluation/embedding.py"
        )
    network = StemEmbedding()
    network.load_state_dict({k: v.float() for k, v in load_file(WEIGHTS).items()})
    return network.eval().requires_grad_(False)
