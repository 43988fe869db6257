"""Whoever can play a checkpoint: live where its kind allows it, else offline."""

from __future__ import annotations

from collections.abc import Sequence
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
from model.conditions import Phase, seat, transport
from model.errors import CheckpointError, ConfigError
from model.folder import BIDIRECTIONAL, KINDS
from model.generator import StreamCondition
from model.sampling import hop_noise, seed_noise

__all__ = ["Request", "accompanist_of", "load", "play_together", "play_whole"]

Audio = NDArray[np.float32]
OVERLAP = 40
"""Hops by which two windows overlap offline, at least: both know what is around the seam."""
FADE = 8
"""Hops in the middle of the overlap over which one window fades into the next. Latents that
differ add up to something quieter than either, so it is short."""
PIECE = 100
"""Hops encoded and decoded at once; more would only take memory."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a player offline."""

    stem: str
    groove: str = ANY_GROOVE
    noise: float = 1.0
    seed: int = 0
    anticipation_hops: int = 0
    """Without meaning for who hears a whole piece."""


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

    It hears ten seconds at a time, all of a mix that is shorter. Windows overlap by
    :data:`OVERLAP` hops, amid which the latents of one fade into those of the next; noise and
    seed are the same in both.

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
    mix_BTC = _encoded(checkpoint.autoencoder, torch.from_numpy(padded).view(1, -1, 1))
    window = round(WINDOW_S * codec.hop_rate_hz)
    latent_BTC = _in_windows(
        checkpoint, mix_BTC, _condition(checkpoint, request), request, window
    )
    return _decoded(checkpoint.autoencoder, latent_BTC, len(mix))


@torch.inference_mode()
def play_together(
    checkpoint: BaselineCheckpoint,
    mixes: Sequence[Audio],
    requests: Sequence[tuple[int, Request]],
    phases: Sequence[Sequence[Phase | None]] | None = None,
) -> list[Audio]:
    """Return what many players of the baseline play, each to a mix of its own.

    They are steps of one batch, so that many cost little more than one; each plays what it
    would play alone on stage.

    Args:
        checkpoint: The networks.
        mixes: Of equal length, whole hops, ``(frames,)`` at the checkpoint's rate.
        requests: Which mix each hears, by its place in ``mixes``, and what it is to be.
        phases: Where in the bar each is told that its hops begin, one more than the mix has
            hops or more; None among them where it is told nothing, and for nobody.

    Returns:
        A stem for each request, ``(frames,)``, on its mix's timeline.

    Raises:
        ConfigError: A stem class, groove or anticipation is not one of the checkpoint's.
    """
    network, codec = checkpoint.generator, checkpoint.autoencoder
    seats = [seat(checkpoint.name, network.config, request) for _, request in requests]
    hops = len(mixes[0]) // codec.config.hop
    latent_MTC = _encoded(codec, torch.from_numpy(np.stack(mixes))[..., None])
    state = network.init_state(len(seats))
    network.condition(
        StreamCondition(
            torch.tensor([each.stem for each in seats]),
            torch.tensor([each.anticipation for each in seats]),
            torch.tensor([each.groove for each in seats]),
            torch.zeros(len(seats), 1),
        ),
        state,
    )
    mix_B = torch.tensor([mix for mix, _ in requests])
    ahead_B = torch.tensor([request.anticipation_hops for _, request in requests])
    scale_B1 = torch.tensor([[each.noise] for each in seats])
    told = phases if phases is not None else [[None] * (hops + 1)] * len(seats)
    told_BTC = torch.tensor(
        [[transport(each, network.config) for each in own[: hops + 1]] for own in told]
    )
    made = []
    for hop in range(hops + 1):  # the decoder trails by less than a hop
        newest_B = hop - 1 - ahead_B
        known_B11 = (newest_B >= 0).float()[:, None, None]
        heard_B1C = latent_MTC[mix_B, newest_B.clamp(min=0)][:, None] * known_B11
        drawn = [hop_noise(each.seed, hop, network.coding.levels) for each in seats]
        drawn_BL = torch.from_numpy(np.stack(drawn)).float()
        own_B1C = torch.cat([drawn_BL, scale_B1, told_BTC[:, hop]], dim=-1)[:, None]
        made.append(network.accompany(network.heard(heard_B1C, known_B11), own_B1C, state))
    latent_BTC = torch.cat(made, dim=1)
    frames = hops * codec.config.hop
    return [_decoded(codec, latent_TC[None], frames) for latent_TC in latent_BTC]


def _encoded(autoencoder: Autoencoder, audio_MTC: Tensor) -> Tensor:
    """Return latents of whole mixes, ``(M, T, latent)``."""
    state = autoencoder.encoder.init_state(len(audio_MTC))
    size = PIECE * autoencoder.config.hop
    latents = [
        autoencoder.encoder.step(audio_MTC[:, start : start + size], state)
        for start in range(0, audio_MTC.shape[1], size)
    ]
    return torch.cat(latents, dim=1)


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
    made_BTC, before = torch.zeros(1, hops, c.latent), 0
    for here in _windows(hops, window):
        part_BTC, _ = checkpoint.generator.play(
            mix_BTC[:, here],
            noise_BTC[:, here],
            torch.zeros(1, here.stop - here.start, COUNT + 1),
            condition,
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
    """Return windows that cover a piece; the last hop, the decoder's, makes none of its own.

    All are as long as what the network was trained on, the last as well, or all of a piece
    that is shorter.
    """
    last = max(0, hops - 1 - window)
    starts = [*range(0, last, window - OVERLAP), last]
    return [*(slice(start, start + window) for start in starts[:-1]), slice(last, hops)]


def _decoded(autoencoder: Autoencoder, latent_BTC: Tensor, frames: int) -> Audio:
    state, overlap = autoencoder.decoder.init_state(1), autoencoder.config.inner
    pieces = [
        autoencoder.decoder.step(latent_BTC[:, start : start + PIECE], state)
        for start in range(0, latent_BTC.shape[1], PIECE)
    ]
    audio: Audio = torch.cat(pieces, dim=1)[0, :, 0].numpy()
    return audio[overlap : overlap + frames]
