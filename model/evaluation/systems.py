"""Systems of the table: players, the truth, and baselines that do not hear the mix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from model.accompanists.accompanist import Accompanist
from model.accompanists.players import accompanist_of, play_whole
from model.array_types import Audio
from model.checkpoint import Checkpoint
from model.errors import ModelConfigError
from model.evaluation.annotations import Annotations
from model.evaluation.beat_estimates import tracked_phases
from model.evaluation.excerpts import Excerpt, load_mix, load_stem, seeds_of
from model.formats.checkpoint_folder import BASELINE, BIDIRECTIONAL, LIVEBAND
from model.formats.conditions import AUTO_GROOVE, Conditions, Phase, actual_groove
from model.onnx.accompanist import OnnxAccompanist, load

__all__ = [
    "NAMES",
    "OWN_COUNT",
    "TRANSPORT",
    "System",
    "perform",
    "perform_conditions",
    "perform_takes",
    "play_system",
    "player_phases",
    "request",
    "systems_of",
    "through_codec",
]

Position = Callable[[float], tuple[float, float, float]]
"""Seconds on the mix's timeline to phase in the beat, phase in the bar, tempo in bpm."""
BeatSource = Literal["tracker", "transport", "none"]

NAMES = {
    LIVEBAND: "liveband",
    BIDIRECTIONAL: "liveband bidirectional",
    BASELINE: "streammusicgen",
}
"""Names of the players of each kind of checkpoint."""
TRANSPORT, OWN_COUNT = "with transport", "by its own count"
"""Endings of names of rows whose players get the song's own beat, or none."""
OTHER_SOURCES: tuple[tuple[BeatSource, str], ...] = (
    ("transport", TRANSPORT),
    ("none", OWN_COUNT),
)
"""Further sources at the main anticipation, and the endings of their rows' names."""
MAIN_S = 0.1
"""The main anticipation."""


@dataclass(frozen=True, slots=True)
class System:
    """One row of the table."""

    name: str
    source: Literal["truth", "codec", "player", "stranger", "silence"]
    hops: int = 0
    """Anticipation of the player."""
    wrong_mix: bool = False
    """Whether the player hears a mix of another song."""
    beat: BeatSource = "tracker"
    """Source of the player's beat: the beat tracker that hears the same mix, as live without a
    transport; the song's own grid; or none."""
    take: int = 1
    """Number of the take, from 1; each has a seed of its own."""
    rival: str | None = None
    """Row whose score is subtracted for the gap."""
    second_take: str | None = None
    """Row with another take of the same, for the diversity."""
    shown: bool = True


def systems_of(checkpoint: Checkpoint, *, quick: bool = False) -> list[System]:
    """Return the rows of a checkpoint's table, in order.

    Args:
        checkpoint: Its anticipations are played.
        quick: Leave out second takes, other sources of the beat, and all shuffled rows but
            the main anticipation's.
    """
    rate_hz = checkpoint.autoencoder.config.hop_rate_hz
    config = checkpoint.generator.config
    main = min(config.anticipations, key=lambda hops: abs(hops / rate_hz - MAIN_S))
    anew = "random pairing"
    rows = [
        System("ground truth", "truth", rival=anew, second_take=anew),
        System("codec", "codec"),
    ]
    controls = []
    for hops in config.anticipations:
        ahead = checkpoint.kind == BIDIRECTIONAL
        name = NAMES[checkpoint.kind] + ("" if ahead else f" {hops / rate_hz:g} s")
        is_main = hops == main
        control = "shuffled input" + ("" if is_main else f" {hops / rate_hz:g} s")
        take = f"{name}, second take" if is_main and not quick else None
        wanted = is_main or not quick
        rival = control if wanted else None
        beat: BeatSource = "none" if ahead else "tracker"
        rows.append(System(name, "player", hops, beat=beat, rival=rival, second_take=take))
        if wanted:
            controls.append(System(control, "player", hops, wrong_mix=True, beat=beat))
        if take is not None:
            controls.append(System(take, "player", hops, beat=beat, take=2, shown=False))
        if is_main and not quick and not ahead:
            for source, words in OTHER_SOURCES:
                told, other = f"{name} {words}", f"{control} {words}"
                rows.append(System(told, "player", hops, beat=source, rival=other))
                controls.append(System(other, "player", hops, wrong_mix=True, beat=source))
    controls += [System("random pairing", "stranger"), System("silence", "silence")]
    return rows + controls


def play_system(
    system: System, checkpoint: Checkpoint, excerpt: Excerpt, annotations: Annotations
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
    if system.beat == "transport" and not annotations.has_grid:
        return None
    mix = load_mix(stranger if system.wrong_mix and stranger is not None else excerpt)
    begin_s = excerpt.start / checkpoint.autoencoder.config.sample_rate
    return perform(
        checkpoint,
        mix,
        excerpt.stem_class,
        system.hops,
        seed=seeds_of(excerpt, system.take)[-1],
        beat=system.beat,
        position=lambda t: annotations.position(begin_s + t),
    )


def request(
    checkpoint: Checkpoint, stem_class: str, *, seed: int, anticipation: int = 0
) -> Conditions:
    """Return the conditions of a player of a stem class, with the groove ``auto`` chooses."""
    asked = Conditions(
        stem=stem_class, groove=AUTO_GROOVE, seed=seed, anticipation_hops=anticipation
    )
    return replace(asked, groove=actual_groove(asked, checkpoint.likely_grooves))


def player_phases(
    checkpoint: Checkpoint,
    mix: Audio,
    anticipation: int,
    beat: BeatSource = "tracker",
    position: Position | None = None,
) -> list[Phase | None]:
    """Return the phase that a player gets for each hop that it plays to a mix.

    Args:
        checkpoint: That plays.
        mix: ``(frames,)`` at the checkpoint's rate.
        anticipation: Hops.
        beat: Source of the beat.
        position: Where beat and bar are, for the transport.

    Returns:
        ``len(mix) // hop + 1 + anticipation`` phases; None where there is none.

    Raises:
        ModelConfigError: The beat tracker listens at another rate, or the transport has no
            position.
    """
    codec = checkpoint.autoencoder.config
    hop, rate = codec.hop, codec.sample_rate
    if beat == "tracker":
        known = checkpoint.generator.config.anticipations
        return tracked_phases(mix, anticipation, known, hop=hop, sample_rate=rate)
    hops = range(len(mix) // hop + 1 + anticipation)
    if beat == "none":
        return [None for _ in hops]
    if position is None:
        raise ModelConfigError("the transport tells a beat only where a position is given")
    return [Phase(*position(k * hop / rate)) for k in hops]


def perform(
    checkpoint: Checkpoint,
    mix: Audio,
    stem_class: str,
    anticipation: int,
    *,
    seed: int = 1,
    beat: BeatSource = "tracker",
    position: Position | None = None,
) -> Audio:
    """Return one take; see :func:`perform_takes`."""
    return perform_takes(
        checkpoint, mix, stem_class, anticipation, seeds=(seed,), beat=beat, position=position
    )[0]


def perform_takes(
    checkpoint: Checkpoint,
    mix: Audio,
    stem_class: str,
    anticipation: int,
    *,
    seeds: Sequence[int],
    beat: BeatSource = "tracker",
    position: Position | None = None,
) -> list[Audio]:
    """Return takes of one stem class to a mix, as :func:`perform_conditions` plays them.

    Args:
        checkpoint: The networks.
        mix: ``(frames,)`` at the checkpoint's rate.
        stem_class: One of its stem classes.
        anticipation: Hops.
        seeds: Of the takes.
        beat: Source of the players' beat.
        position: Where beat and bar are, by seconds of the mix, for the transport.

    Returns:
        A take for each seed, ``(frames,)``, on the mix's timeline.

    Raises:
        ModelConfigError: See :func:`perform_conditions`.
    """
    asked = [
        request(checkpoint, stem_class, seed=seed, anticipation=anticipation) for seed in seeds
    ]
    return perform_conditions(checkpoint, mix, asked, beat=beat, position=position)


def perform_conditions(
    checkpoint: Checkpoint,
    mix: Audio,
    conditions: Sequence[Conditions],
    *,
    beat: BeatSource = "tracker",
    position: Position | None = None,
) -> list[Audio]:
    """Return the stems a checkpoint plays to a mix, hop by hop, by the engine of live runs.

    All are players of one band that hears the mix once. The beat tracker, if it is the source
    of the beat, hears that mix too. A bidirectional checkpoint hears ten seconds at a time
    instead, and gets no beat.

    Args:
        checkpoint: The networks.
        mix: ``(frames,)`` at the checkpoint's rate.
        conditions: Of each player, all of one anticipation.
        beat: Source of the players' beat.
        position: Where beat and bar are, by seconds of the mix, for the transport.

    Returns:
        A stem of each player, ``(frames,)``, on the mix's timeline.

    Raises:
        ModelConfigError: The checkpoint does not know a stem class, the anticipation or a
            groove, or see :func:`player_phases`.
    """
    if checkpoint.kind == BIDIRECTIONAL:
        return [play_whole(checkpoint, mix, each) for each in conditions]
    anticipation = conditions[0].anticipation_hops
    player = _band_of(checkpoint)
    for number in player.players[len(conditions) :]:
        player.dismiss(number)
    for number, asked in enumerate(conditions, 1):
        player.condition(number, asked)
    player.restart()
    hops: list[Audio] = []
    for number, phase in enumerate(
        player_phases(checkpoint, mix, anticipation, beat, position), -anticipation
    ):
        if number > 0:  # the first are played before anything is heard
            player.listen(mix[(number - 1) * player.hop : number * player.hop])
        player.follow(phase)
        hops.append(player.play())
    return list(np.concatenate(hops, axis=1)[:, player.overlap :][:, : len(mix)])


def _band_of(checkpoint: Checkpoint) -> Accompanist[Any, Any, Any]:
    """Return the checkpoint's band, which may have played before."""
    if checkpoint.kind == LIVEBAND:
        return _graphs(checkpoint.folder)
    return accompanist_of(checkpoint)


@cache
def _graphs(folder: Path) -> OnnxAccompanist:
    return load(folder)


@torch.inference_mode()
def through_codec(checkpoint: Checkpoint, audio: Audio) -> Audio:
    """Return a sound encoded and decoded, ``(frames,)``, on the same timeline."""
    autoencoder = checkpoint.autoencoder
    overlap = autoencoder.config.inner
    padded = np.concatenate([audio, np.zeros(autoencoder.config.hop, np.float32)])
    latent_BTC = autoencoder.encoder(torch.from_numpy(padded).view(1, -1, 1))
    made: Audio = autoencoder.decoder(latent_BTC)[0, :, 0].numpy()
    return made[overlap : overlap + len(audio)]
