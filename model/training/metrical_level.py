"""Fitting of the network that tells the metrical level, on rendered songs with known beats."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from model.beat_tracker.beat_follower import BeatFollower
from model.beat_tracker.level_classifier import INPUTS, LevelClassifier, level_inputs
from model.beat_tracker.network import BeatNetwork
from model.beat_tracker.spectrum import FRAMES_PER_SECOND
from model.beat_tracker.weights import load_weights
from model.data.beat_mixes import BeatSequence, draw_sequence
from model.data.index import Song
from model.worker_pool import worker_pool

__all__ = ["LevelMoments", "area_under_curve", "draw_moments", "fit_level", "level_of"]

SECONDS = 40
"""Length of a sequence."""
HIDDEN, EPOCHS, BATCH = 24, 3, 256
RATE, DECAY = 1e-3, 0.5
DROPOUT = (0.5, 0.3)
"""Of inputs and hidden units. Songs are few and their moments alike: without it a network knows
its songs by heart after one epoch."""
JITTER, SMOOTHING = 0.3, 0.05
"""Noise on the inputs, relative to their deviation, and distance of targets from 0 and 1."""
_SAME = 0.12
"""Largest difference in octaves of tempi that are the same."""
_AROUND = 3
"""Beats before and after a moment that its true tempo is the median of."""


@dataclass(frozen=True, slots=True)
class LevelMoments:
    """Beats of many sequences, and which of two tempi an octave apart was the true one."""

    inputs: NDArray[np.float32]
    """``(moments, INPUTS)``."""
    slower: NDArray[np.bool_]
    """Whether the slower of the two was, ``(moments,)``."""
    sequence: NDArray[np.int64]
    """Number of the sequence, ``(moments,)``."""


def draw_moments(
    songs: Sequence[Song], *, draws: int, seed: int = 0, jobs: int = 1
) -> LevelMoments:
    """Return what the network would be told at every beat of some sequences.

    Moments at which the tracker follows neither of the two tempi are left out.

    Args:
        songs: Of :func:`model.data.beat_mixes.songs_with_beats`.
        draws: Sequences of each song.
        seed: Decides stems, places and degradation.
        jobs: Processes.
    """
    work = partial(_moments_of, seed=seed)
    drawn = [(song, draw) for draw in range(draws) for song in songs]
    if jobs == 1:
        found = list(map(work, drawn))
    else:
        with worker_pool(jobs) as pool:
            found = list(pool.map(work, drawn))
    return LevelMoments(
        np.concatenate([inputs for inputs, _ in found]),
        np.concatenate([slower for _, slower in found]),
        np.repeat(np.arange(len(found)), [len(slower) for _, slower in found]),
    )


def _moments_of(
    drawn: tuple[Song, int], seed: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    song, draw = drawn
    rng = random.Random(f"{seed} {draw} {song.path.name}")
    sequence = draw_sequence(rng, song, SECONDS * FRAMES_PER_SECOND)
    told = list(_beats_told(sequence))
    inputs = np.array([each for each, _ in told], np.float32).reshape(-1, INPUTS)
    return inputs, np.array([slower for _, slower in told], bool)


def _beats_told(sequence: BeatSequence) -> Iterator[tuple[NDArray[np.float32], bool]]:
    weights = load_weights()[0]
    network, follower = BeatNetwork(weights), BeatFollower()
    classifier = LevelClassifier(_untrained())
    followed, heard = follower.init_state(), classifier.init_state()
    activations = network.step(sequence.features, network.init_state())
    for frame, (features, activation) in enumerate(
        zip(sequence.features, activations, strict=True)
    ):
        counts = bool(sequence.counts[frame])
        follower.step(activation, followed, silent=not counts)
        if not (counts and followed.clock.is_set):
            continue
        if not classifier.step(features, followed.clock, heard):
            continue
        slower = level_of(sequence.beats_s, frame / FRAMES_PER_SECOND, heard.log_period)
        if slower is not None:
            quarters = classifier.whole_beats(heard)
            yield level_inputs(quarters, heard.log_period), slower


def level_of(beats_s: NDArray[np.float64], time_s: float, log_period: float) -> bool | None:
    """Return whether the slower of two tempi an octave apart is the true one.

    Args:
        beats_s: True beats.
        time_s: When.
        log_period: Log2 of the frames per beat of the faster tempo.

    Returns:
        None where neither is, or the beats around that time are not known.
    """
    place = int(np.searchsorted(beats_s, time_s))
    if not 1 < place < len(beats_s) - 1:
        return None
    around = beats_s[max(0, place - _AROUND) : place + _AROUND]
    octaves = float(np.log2(np.median(np.diff(around)) * FRAMES_PER_SECOND)) - log_period
    if abs(octaves) < _SAME:
        return False
    return True if abs(octaves - 1) < _SAME else None


def fit_level(moments: LevelMoments, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a network fitted to moments; every sequence weighs the same."""
    torch.manual_seed(seed)
    mean, deviation = moments.inputs.mean(0), moments.inputs.std(0) + 1e-3
    inputs_NI = torch.from_numpy((moments.inputs - mean) / deviation)
    targets_N = torch.from_numpy(moments.slower).float() * (1 - 2 * SMOOTHING) + SMOOTHING
    alike_N = np.bincount(moments.sequence)[moments.sequence]
    share_N = torch.from_numpy(1 / alike_N).float()
    weight_N = share_N / share_N.mean()
    hidden, out = nn.Linear(INPUTS, HIDDEN), nn.Linear(HIDDEN, 1)
    layers = nn.Sequential(
        nn.Dropout(DROPOUT[0]), hidden, nn.ReLU(), nn.Dropout(DROPOUT[1]), out
    )
    steps = torch.optim.AdamW(layers.parameters(), RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        order_N = torch.randperm(len(inputs_NI))
        for first in range(0, len(order_N), BATCH):
            rows = order_N[first : first + BATCH]
            noisy = inputs_NI[rows] + JITTER * torch.randn(len(rows), INPUTS)
            losses: Tensor = nn.functional.binary_cross_entropy_with_logits(
                layers(noisy)[:, 0], targets_N[rows], reduction="none"
            )
            steps.zero_grad()
            loss = (losses * weight_N[rows]).mean()
            loss.backward()  # type: ignore[no-untyped-call]
            steps.step()
    scaled = hidden.weight.detach().numpy() / deviation
    return {
        "hidden.weight": scaled.astype(np.float32),
        "hidden.bias": (hidden.bias.detach().numpy() - scaled @ mean).astype(np.float32),
        "out.weight": out.weight.detach().numpy()[0].copy(),
        "out.bias": out.bias.detach().numpy().copy(),
    }


def area_under_curve(score: NDArray[np.floating], slower: NDArray[np.bool_]) -> float:
    """Return how often a moment of the one kind scores above one of the other, 0..1."""
    ranks = np.empty(len(score))
    ranks[np.argsort(score)] = np.arange(1, len(score) + 1)
    ones = int(slower.sum())
    above = ranks[slower].sum() - ones * (ones + 1) / 2
    return float(above / (ones * (len(score) - ones)))


def _untrained() -> dict[str, NDArray[np.float32]]:
    """Return weights that always answer 0: the history is kept whatever the answers."""
    shapes = {"hidden.weight": (1, INPUTS), "hidden.bias": (1,), "out.weight": (1,)}
    return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()} | {
        "out.bias": np.zeros(1, np.float32)
    }
