"""Loading of any checkpoint's band, and playing of whole recordings offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model.accompanists.baseline_accompanist import BaselineAccompanist
from model.accompanists.condition_encoding import (
    EncodedCondition,
    encode_condition,
    transport_input,
)
from model.accompanists.torch_accompanist import TorchAccompanist, stream_condition
from model.array_types import Audio
from model.checkpoint import Checkpoint, load_checkpoint
from model.errors import CheckpointError
from model.formats.checkpoint_folder import BIDIRECTIONAL, KINDS
from model.formats.conditions import Conditions, Phase
from model.layers.sampling import hop_noise
from model.networks.annotation import COUNT
from model.networks.autoencoder import Autoencoder
from model.networks.baseline.network import Baseline
from model.networks.bidirectional import WINDOW_S
from model.networks.generator import Generator

__all__ = ["accompanist_of", "load", "play_together", "play_whole"]

OVERLAP = 40
"""Least overlap of two windows, in hops: both have heard the music around the seam."""
FADE = 8
"""Length of the fade from one window into the next, in hops. It is short because the mean of
two different latents sounds quieter than either."""
PIECE = 100
"""Hops encoded and decoded at once; a bound on the memory needed."""


def load(where: str | Path | None = None, *, inference_mode: bool = True) -> TorchAccompanist:
    """Return the band of a checkpoint, by folder or by shipped name; default if None.

    Args:
        where: The checkpoint.
        inference_mode: See :class:`model.accompanists.torch_accompanist.TorchAccompanist`.

    Raises:
        CheckpointError: The checkpoint is missing, damaged, of another version, or of a kind
            that cannot play live.
    """
    return accompanist_of(load_checkpoint(where), inference_mode=inference_mode)


def accompanist_of(checkpoint: Checkpoint, *, inference_mode: bool = True) -> TorchAccompanist:
    """Return the band of a checkpoint.

    Args:
        checkpoint: The networks.
        inference_mode: See :class:`model.accompanists.torch_accompanist.TorchAccompanist`.

    Raises:
        CheckpointError: It is of a kind that cannot play live.
    """
    if isinstance(checkpoint.generator, Baseline):
        return BaselineAccompanist(checkpoint, inference_mode=inference_mode)
    if checkpoint.kind == BIDIRECTIONAL:
        raise CheckpointError(f"{checkpoint.name} cannot play live: {KINDS[BIDIRECTIONAL]}")
    return TorchAccompanist(checkpoint, inference_mode=inference_mode)


@torch.inference_mode()
def play_whole(checkpoint: Checkpoint, mix: Audio, conditions: Conditions) -> Audio:
    """Return the stem a bidirectional checkpoint plays to a whole mix.

    The network hears ten seconds at a time, or all of a shorter mix. Windows overlap by
    :data:`OVERLAP` hops, and in the middle of the overlap the latents of one fade into those
    of the next; noise and seed are the same in both.

    Args:
        checkpoint: Of the bidirectional kind.
        mix: ``(frames,)`` at the checkpoint's rate.
        conditions: Of the player; the anticipation has no meaning here.

    Returns:
        ``(frames,)``, on the mix's timeline.

    Raises:
        CheckpointError: It is of another kind.
        ModelConfigError: The stem class or the groove is not one of the checkpoint's.
    """
    if checkpoint.kind != BIDIRECTIONAL:
        raise CheckpointError(
            f"{checkpoint.name} is of the kind {checkpoint.kind!r}, which cannot hear ahead; "
            "leave --bidirectional out, or train one: liveband train bidirectional"
        )
    codec, config = checkpoint.autoencoder.config, checkpoint.generator.config
    asked = replace(conditions, anticipation_hops=config.anticipations[0])
    condition = encode_condition(config, asked, codec.hop_rate_hz)
    padded = np.pad(mix, (0, -len(mix) % codec.hop + codec.hop))
    mix_BTC = _encode_mixes(checkpoint.autoencoder, torch.from_numpy(padded).view(1, -1, 1))
    window = round(WINDOW_S * codec.hop_rate_hz)
    latent_BTC = _in_windows(checkpoint, mix_BTC, condition, window)
    return _decode_stem(checkpoint.autoencoder, latent_BTC, len(mix))


@torch.inference_mode()
def play_together(
    checkpoint: Checkpoint,
    mixes: Sequence[Audio],
    requests: Sequence[tuple[int, Conditions]],
    phases: Sequence[Sequence[Phase | None]] | None = None,
) -> list[Audio]:
    """Return what many players of the baseline play, each to a mix of its own.

    All step as one batch, so that many cost little more than one; each plays what it would
    play alone in a live band.

    Args:
        checkpoint: The networks, of the baseline.
        mixes: Of equal length, whole hops, ``(frames,)`` at the checkpoint's rate.
        requests: Index of the mix that each hears, and its conditions.
        phases: For each request the places in the bar at which its hops begin, at least one
            more than the mix has hops; None where a hop has none, or for no request at all.

    Returns:
        A stem for each request, ``(frames,)``, on its mix's timeline.

    Raises:
        ModelConfigError: A stem class, groove or anticipation is not one of the checkpoint's.
    """
    network, codec = checkpoint.generator, checkpoint.autoencoder
    assert isinstance(network, Baseline)
    rate_hz = codec.config.hop_rate_hz
    encoded = [encode_condition(network.config, asked, rate_hz) for _, asked in requests]
    hops = len(mixes[0]) // codec.config.hop
    latent_MTC = _encode_mixes(codec, torch.from_numpy(np.stack(mixes))[..., None])
    state = network.init_state(len(encoded))
    network.condition(stream_condition(encoded), state)
    mix_B = torch.tensor([mix for mix, _ in requests])
    ahead_B = torch.tensor([asked.anticipation_hops for _, asked in requests])
    scale_B1 = torch.tensor([[each.noise] for each in encoded])
    told = phases if phases is not None else [[None] * (hops + 1)] * len(encoded)
    told_BTC = torch.tensor(
        [[transport_input(each, network.config) for each in own[: hops + 1]] for own in told]
    )
    made = []
    for hop in range(hops + 1):  # the decoder trails by less than a hop
        newest_B = hop - 1 - ahead_B
        known_B11 = (newest_B >= 0).float()[:, None, None]
        heard_B1C = latent_MTC[mix_B, newest_B.clamp(min=0)][:, None] * known_B11
        drawn = [hop_noise(each.seed, hop, network.coding.levels) for each in encoded]
        drawn_BL = torch.from_numpy(np.stack(drawn)).float()
        own_B1C = torch.cat([drawn_BL, scale_B1, told_BTC[:, hop]], dim=-1)[:, None]
        made.append(network.accompany(network.heard(heard_B1C, known_B11), own_B1C, state))
    latent_BTC = torch.cat(made, dim=1)
    frames = hops * codec.config.hop
    return [_decode_stem(codec, latent_TC[None], frames) for latent_TC in latent_BTC]


def _encode_mixes(autoencoder: Autoencoder, audio_MTC: Tensor) -> Tensor:
    """Return latents of whole mixes, ``(M, T, latent)``."""
    state = autoencoder.encoder.init_state(len(audio_MTC))
    size = PIECE * autoencoder.config.hop
    latents = [
        autoencoder.encoder.step(audio_MTC[:, start : start + size], state)
        for start in range(0, audio_MTC.shape[1], size)
    ]
    return torch.cat(latents, dim=1)


def _in_windows(
    checkpoint: Checkpoint,
    mix_BTC: Tensor,
    condition: EncodedCondition,
    window: int,
) -> Tensor:
    """Return stem latents of the whole mix, ``(1, T, latent)``."""
    generator = checkpoint.generator
    assert isinstance(generator, Generator)
    c, hops = generator.config, mix_BTC.shape[1]
    noise = [condition.hop_noise(hop, c.noise) for hop in range(hops)]
    noise_BTC = torch.from_numpy(np.stack(noise)).float()[None]
    steering = stream_condition([condition])
    made_BTC, before = torch.zeros(1, hops, c.latent), 0
    for here in _windows(hops, window):
        part_BTC, _ = generator.play(
            mix_BTC[:, here],
            noise_BTC[:, here],
            torch.zeros(1, here.stop - here.start, COUNT + 1),
            steering,
        )
        if before:
            seam = (here.start + before - FADE) // 2
            fade_TC = torch.ones(here.stop - seam, 1)
            fade_TC[:FADE, 0] = torch.linspace(0, 1, FADE + 2)[1:-1]
            here, part_BTC = slice(seam, here.stop), part_BTC[:, seam - here.start :]
            part_BTC = torch.lerp(made_BTC[:, here], part_BTC, fade_TC)
        made_BTC[:, here], before = part_BTC, here.stop
    return made_BTC


def _windows(hops: int, window: int) -> list[slice]:
    """Return windows that cover a piece; its last hop, for the decoder, needs none of its own.

    Every window is as long as the sequences of the training, the last one too, or as the
    whole piece if that is shorter.
    """
    last = max(0, hops - 1 - window)
    starts = [*range(0, last, window - OVERLAP), last]
    return [*(slice(start, start + window) for start in starts[:-1]), slice(last, hops)]


def _decode_stem(autoencoder: Autoencoder, latent_BTC: Tensor, frames: int) -> Audio:
    state, overlap = autoencoder.decoder.init_state(1), autoencoder.config.inner
    pieces = [
        autoencoder.decoder.step(latent_BTC[:, start : start + PIECE], state)
        for start in range(0, latent_BTC.shape[1], PIECE)
    ]
    audio: Audio = torch.cat(pieces, dim=1)[0, :, 0].numpy()
    return audio[overlap : overlap + frames]
