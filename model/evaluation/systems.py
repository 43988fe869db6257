"""What is compared: the player in all its ways, the truth, and what knows nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from model.accompanist import ANY_GROOVE, Accompanist
from model.annotation import TransportPhase
from model.checkpoint import AnyCheckpoint, Checkpoint
from model.evaluation.annotations import Annotations
from model.evaluation.excerpts import Excerpt, load_mix, load_stem
from model.folder import BASELINE, BIDIRECTIONAL, LIVEBAND
from model.onnx.band import OnnxAccompanist, load
from model.players import Request, accompanist_of, play_whole

__all__ = [
    "NAMES",
    "System",
    "perform",
    "perform_takes",
    "play_system",
    "systems_of",
    "through_codec",
]

Audio = NDArray[np.float32]
Position = Callable[[float], tuple[float, float, float]]
"""Seconds on the mix's timeline to phase in the beat, phase in the bar, tempo in bpm."""

NAMES = {
    LIVEBAND: "liveband",
    BIDIRECTIONAL: "liveband bidirectional",
    BASELINE: "streammusicgen",
}
"""What the players of each kind of checkpoint are called."""
FLAGSHIP_S = 0.1
"""The anticipation that is judged first."""


@dataclass(frozen=True, slots=True)
class System:
    """One row of the table."""

    name: str
    source: Literal["truth", "codec", "player", "stranger", "silence"]
    hops: int = 0
    """Anticipation of the player."""
    wrong_mix: bool = False
    """Whether the player hears a mix of another song."""
    transport: bool = False
    """Whether the player is told where the beat is."""
    seed: int = 1
    rival: str | None = None
    """Row whose score is taken off for the gap."""
    second_take: str | None = None
    """Row that plays the same anew, for the diversity."""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class _Asked:
    stem: str
    anticipation_hops: int
    groove: str = ANY_GROOVE
    noise: float = 1.0
    seed: int = 1


def systems_of(checkpoint: AnyCheckpoint, *, quick: bool = False) -> list[System]:
    """Return the rows of a checkpoint's table, in order.

    Args:
        checkpoint: Whose anticipations to play.
        quick: Leave out second takes, transport and all shuffled rows but the flagship's.
    """
    rate_hz = checkpoint.autoencoder.config.hop_rate_hz
    config = checkpoint.generator.config
    flagship = min(config.anticipations, key=lambda hops: abs(hops / rate_hz - FLAGSHIP_S))
    anew = "random pairing"
    rows = [
        System("ground truth", "truth", rival=anew, second_take=anew),
        System("codec", "codec"),
    ]
    controls = []
    for hops in config.anticipations:
        ahead = checkpoint.kind == BIDIRECTIONAL
        name = NAMES[checkpoint.kind] + ("" if ahead else f" {hops / rate_hz:g} s")
        chief = hops == flagship
        control = "shuffled input" + ("" if chief else f" {hops / rate_hz:g} s")
        take = f"{name}, second take" if chief and not quick else None
        wanted = chief or not quick
        rival = control if wanted else None
        rows.append(System(name, "player", hops, rival=rival, second_take=take))
        if wanted:
            controls.append(System(control, "player", hops, wrong_mix=True))
        if take is not None:
            controls.append(System(take, "player", hops, seed=2, shown=False))
        if chief and not quick and not ahead:
            told, control = f"{name} with transport", f"{control} with transport"
            rows.append(System(told, "player", hops, transport=True, rival=control))
            controls.append(System(control, "player", hops, wrong_mix=True, transport=True))
    controls += [System("random pairing", "stranger"), System("silence", "silence")]
    return rows + controls


def play_system(
    system: System, checkpoint: AnyCheckpoint, excerpt: Excerpt, annotations: Annotations
) -> Audio | None:
    """Return the stem of a system to an excerpt, ``(frames,)``.

    None where the system needs a stranger, or the grid of the song, and there is none.
    """
    stranger = excerpt.stranger
    if system.source == "truth":
        return load_stem(excerpt)
    if system.source == "codec":
        return through_codec(checkpoint, load_stem(excerpt))
    if system.source == "silence":
        return np.zeros(excerpt.frames, np.float32)
    if system.source == "stranger":
        return None if stranger is None else load_stem(stranger)
    if system.wrong_mix and stranger is None:
        return None
    if system.transport and not annotations.has_grid:
        return None
    mix = load_mix(stranger if system.wrong_mix and stranger is not None else excerpt)
    begin_s = excerpt.start / checkpoint.autoencoder.config.sample_rate
    return perform(
        checkpoint,
        mix,
        excerpt.stem_class,
        system.hops,
        seed=system.seed,
        position=(lambda t: annotations.position(begin_s + t)) if system.transport else None,
    )


def perform(
    checkpoint: AnyCheckpoint,
    mix: Audio,
    stem_class: str,
    anticipation: int,
    *,
    seed: int = 1,
    position: Position | None = None,
) -> Audio:
    """Return one take; see :func:`perform_takes`."""
    return perform_takes(
        checkpoint, mix, stem_class, anticipation, seeds=(seed,), position=position
    )[0]


def perform_takes(
    checkpoint: AnyCheckpoint,
    mix: Audio,
    stem_class: str,
    anticipation: int,
    *,
    seeds: Sequence[int],
    position: Position | None = None,
) -> list[Audio]:
    """Return the stems a checkpoint plays to a mix, hop by hop, by the engine it has on stage.

    Several takes are played as by several players of one band, who hear the mix together. A
    bidirectional checkpoint hears ten seconds at a time instead, and is told no position.

    Args:
        checkpoint: The networks.
        mix: ``(frames,)`` at the checkpoint's rate.
        stem_class: One of its stem classes.
        anticipation: Hops.
        seeds: Of the takes.
        position: Where beat and bar are, by seconds of the mix; None: not told.

    Returns:
        A take for each seed, ``(frames,)``, on the mix's timeline.
    """
    if isinstance(checkpoint, Checkpoint) and checkpoint.kind == BIDIRECTIONAL:
        return [play_whole(checkpoint, mix, Request(stem_class, seed=seed)) for seed in seeds]
    player = _on_stage(checkpoint)
    for number in player.players[len(seeds) :]:
        player.dismiss(number)
    for number, seed in enumerate(seeds, 1):
        player.condition(number, _Asked(stem_class, anticipation, seed=seed))
    player.restart()
    hops: list[Audio] = []

    def play() -> None:
        if position is not None:
            begin_s = len(hops) * player.hop / player.sample_rate
            player.follow(TransportPhase(*position(begin_s)))
        hops.append(player.play())

    for _ in range(anticipation + 1):
        play()
    for start in range(0, len(mix) - player.hop + 1, player.hop):
        player.listen(mix[start : start + player.hop])
        play()
    return list(np.concatenate(hops, axis=1)[:, player.overlap :][:, : len(mix)])


def _on_stage(checkpoint: AnyCheckpoint) -> Accompanist | OnnxAccompanist:
    """Return the checkpoint's band, which may have played before."""
    if isinstance(checkpoint, Checkpoint) and checkpoint.folder is not None:
        return _graphs(checkpoint.folder)
    return accompanist_of(checkpoint)


@cache
def _graphs(folder: Path) -> OnnxAccompanist:
    return load(folder)


@torch.inference_mode()
def through_codec(checkpoint: AnyCheckpoint, audio: Audio) -> Audio:
    """Return what the autoencoder makes of a sound, ``(frames,)``, on the same timeline."""
    autoencoder = checkpoint.autoencoder
    overlap = autoencoder.config.inner
    padded = np.concatenate([audio, np.zeros(autoencoder.config.hop, np.float32)])
    latent_BTC = autoencoder.encoder(torch.from_numpy(padded).view(1, -1, 1))
    made: Audio = autoencoder.decoder(latent_BTC)[0, :, 0].numpy()
    return made[overlap : overlap + len(audio)]
