"""Whoever can play a checkpoint: live where its kind allows it, else offline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.accompanist import ANY_GROOVE, Accompanist
from model.annotation import COUNT
from model.autoencoder import Autoencoder
from model.baseline_accompanist import BaselineAccompanist
from model.bidirectional import WINDOW_S
from model.checkpoint import AnyCheckpoint, BaselineCheckpoint, Checkpoint, load_any
from model.errors import CheckpointError, ConfigError
from model.folder import BIDIRECTIONAL, KINDS
from model.generator import StreamCondition
from model.sampling import hop_noise, seed_noise

__all__ = ["Request", "accompanist_of", "load", "play_whole"]

Audio = NDArray[np.float32]
OVERLAP = 20
"""Hops by which two windows overlap offline; one fades into the other."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a player who hears a whole piece."""

    stem: str
    groove: str = ANY_GROOVE
    noise: float = 1.0
    seed: int = 0


def load(where: str | Path | None = None) -> Accompanist:
    """Return the band of a checkpoint, by folder or by shipped name; default if None.

    Raises:
        CheckpointError: The checkpoint is missing, damaged, of another version, or of a kind
            that cannot play live.
    """
    return accompanist_of(load_any(where))


def accompanist_of(checkpoint: AnyCheckpoint) -> Accompanist:
    """Return the band of a checkpoint.

    Raises:
        CheckpointError: It is of a kind that cannot play live.
    """
    if isinstance(checkpoint, BaselineCheckpoint):
        return BaselineAccompanist(checkpoint)
    if checkpoint.kind == BIDIRECTIONAL:
        raise CheckpointError(f"{checkpoint.name} cannot play live: {KINDS[BIDIRECTIONAL]}")
    return Accompanist(checkpoint)


@torch.inference_mode()
def play_whole(checkpoint: Checkpoint, mix: Audio, request: Request) -> Audio:
    """Return the stem a bidirectional checkpoint plays to a whole mix.

    It hears ten seconds at a time. Windows overlap by :data:`OVERLAP` hops, over which the
    latents of one fade into those of the next; noise and seed are the same in both.

    Args:
        checkpoint: Of the bidirectional kind.
        mix: ``(frames,)`` at the checkpoint's rate.
        request: What to be.

    Returns:
        ``(frames,)``, on the mix's timeline.

    Raises:
        CheckpointError: It is of another kind.
        ConfigError: The stem class or the groove is not one of the checkpoint's.
    """
    if checkpoint.kind != BIDIRECTIONAL:
        raise CheckpointError(
            f"{checkpoint.name} is of the kind {checkpoint.kind!r}, which cannot hear ahead; "
            "leave --bidirectional out, or train one: liveband train bidirectional"
        )
    codec = checkpoint.autoencoder.config
    padded = np.pad(mix, (0, -len(mix) % codec.hop + codec.hop))
    mix_BTC = checkpoint.autoencoder.encoder(torch.from_numpy(padded).view(1, -1, 1))
    window = round(WINDOW_S * codec.hop_rate_hz)
    latent_BTC = _in_windows(
        checkpoint, mix_BTC, _condition(checkpoint, request), request, window
    )
    return _decoded(checkpoint.autoencoder, latent_BTC, len(mix))


def _condition(checkpoint: Checkpoint, request: Request) -> StreamCondition:
    c = checkpoint.generator.config
    if request.stem not in c.stems:
        raise ConfigError(
            f"unknown stem {request.stem!r}; {checkpoint.name} plays {', '.join(c.stems)}"
        )
    grooves = (ANY_GROOVE, *c.grooves)
    if request.groove not in grooves:
        raise ConfigError(
            f"unknown groove {request.groove!r}; {checkpoint.name} knows {', '.join(grooves)}"
        )
    z_g = request.noise * seed_noise(request.seed, c.seed_noise)
    return StreamCondition(
        torch.tensor([c.stems.index(request.stem)]),
        torch.tensor([0]),
        torch.tensor([grooves.index(request.groove)]),
        torch.from_numpy(z_g).float()[None],
    )


def _in_windows(
    checkpoint: Checkpoint,
    mix_BTC: Tensor,
    condition: StreamCondition,
    request: Request,
    window: int,
) -> Tensor:
    """Return stem latents of the whole mix, ``(1, T, latent)``."""
    c, hops = checkpoint.generator.config, mix_BTC.shape[1]
    noise = [request.noise * hop_noise(request.seed, hop, c.noise) for hop in range(hops)]
    noise_BTC = torch.from_numpy(np.stack(noise)).float()[None]
    made_BTC = torch.zeros(1, hops, c.latent)
    starts = range(0, max(1, hops - OVERLAP), window - OVERLAP)
    for start in starts:
        here = slice(start, min(start + window, hops))
        part_BTC, _ = checkpoint.generator.play(
            mix_BTC[:, here],
            noise_BTC[:, here],
            torch.zeros(1, here.stop - start, COUNT + 1),
            condition,
        )
        share_TC = torch.ones(here.stop - start, 1)
        if start:
            fade = torch.linspace(0, 1, OVERLAP + 2)[1:-1, None]
            share_TC[:OVERLAP] = fade[: len(share_TC)]
        made_BTC[:, here] = torch.lerp(made_BTC[:, here], part_BTC, share_TC)
    return made_BTC


def _decoded(autoencoder: Autoencoder, latent_BTC: Tensor, frames: int) -> Audio:
    audio: Audio = autoencoder.decoder(latent_BTC)[0, :, 0].numpy()
    overlap = autoencoder.config.inner
    return audio[overlap : overlap + frames]
