"""Training of the beat tracker's networks on rendered songs, whose beats are known exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.beat_tracker.spectrum import FRAMES_PER_SECOND
from model.data.beat_mixes import draw_sequence, songs_with_beats
from model.data.index import load_songs
from model.errors import ModelConfigError
from model.training.averaging import WeightAverage
from model.training.prefetch import StepBatches, batch_rng
from model.training.run_log import Metrics
from model.training.settings import TrainingSettings
from model.training.task import TrainingTask
from model.training.tracker_network import TrackerNetworks
from model.training.trainer import Progress, Trainer, TrainingRun

__all__ = ["TrackerBatch", "TrackerTask", "TrackerTraining", "beat_loss", "train_tracker"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerTraining(TrainingSettings):
    """Settings of the training of the beat tracker's networks."""

    batch: int = 6
    seconds: float = 16.0
    """Length of a sequence."""
    rate: float = 1e-3
    """Peak learning rate."""
    beat_weight: float = 1.3
    """Weight of frames with a beat other than a downbeat, relative to frames with neither. The
    filter takes the probabilities as if beats and downbeats had equal priors."""
    downbeat_weight: float = 2.5
    """Weight of frames with a downbeat."""
    kept: float = 0.5
    """Share of the weights it begins with in the result, 0..1. Rendered songs are not all of
    music: on recordings fully trained networks found F 0.91 where those to begin with had
    0.99, and the mean of both 0.98."""
    save_every: int = 50

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ModelConfigError: A value is out of its range.
        """
        if not 2 <= self.seconds <= 60:
            raise ModelConfigError(
                f"seconds of a sequence must be 2 to 60, got {self.seconds:g}"
            )
        if not 0 <= self.kept <= 1:
            raise ModelConfigError(f"kept must be 0 to 1, got {self.kept:g}")
        for name in ("beat_weight", "downbeat_weight", "rate"):
            if getattr(self, name) <= 0:
                raise ModelConfigError(f"{name} must be above 0, got {getattr(self, name):g}")

    @property
    def frames(self) -> int:
        """Frames of a sequence."""
        return round(self.seconds * FRAMES_PER_SECOND)


@dataclass(frozen=True, slots=True)
class TrackerBatch:
    """Sequences of one step; see :class:`model.data.beat_mixes.BeatSequence`."""

    features_BTF: Tensor
    targets_BTK: Tensor
    counts_BT: Tensor


class TrackerTask(TrainingTask[TrackerBatch]):
    """Training of the networks on the same sequences, each by its own loss.

    All three are trained, since the tracker averages their outputs. Preparing the sequences
    costs as much as a step of the three networks.

    Args:
        networks: On the device.
        training: Hyperparameters.
        batches: Batches by step.
    """

    def __init__(
        self,
        networks: TrackerNetworks,
        training: TrackerTraining,
        batches: StepBatches[TrackerBatch],
    ) -> None:
        super().__init__(batches)
        self.networks, self._training = networks, training
        self._device = next(networks.parameters()).device
        self._steps = torch.optim.Adam(networks.parameters(), fused=True)
        self.average = WeightAverage(networks)
        self.sizes = {"networks": len(networks.networks)}
        self.parts = {"networks": networks, "steps": self._steps, "average": self.average}
        self.optimisers = {self._steps: training.rate}

    def step(self, number: int) -> Metrics:
        """Train on one batch of sequences."""
        batch, training = self._batches.take(number), self._training
        logits_NBTK = self.networks(batch.features_BTF.to(self._device))
        losses_N = beat_loss(
            logits_NBTK,
            batch.targets_BTK.to(self._device),
            batch.counts_BT.to(self._device),
            (training.beat_weight, training.downbeat_weight, 1.0),
        )
        norm = self._descend(self._steps, self.networks, losses_N.sum())
        self.average.update(self.networks)
        return {"loss": losses_N.mean().detach(), "gradient": norm}


def beat_loss(
    logits_NBTK: Tensor,
    targets_BTK: Tensor,
    counts_BT: Tensor,
    weights: tuple[float, float, float],
) -> Tensor:
    """Return the weighted cross-entropy of each network, ``(N,)``, a mean over frames.

    Args:
        logits_NBTK: Logits of beat, downbeat and neither.
        targets_BTK: Target probabilities.
        counts_BT: Frames that count, as bool.
        weights: Weights of the three classes.
    """
    weighted_BTK = targets_BTK * targets_BTK.new_tensor(weights)
    loss_NBT = -(logits_NBTK.log_softmax(-1) * weighted_BTK).sum(-1)
    return (loss_NBT * counts_BT).sum((1, 2)) / counts_BT.sum().clamp(min=1)


def train_tracker(
    data: Path,
    start: Mapping[str, NDArray[np.floating]],
    training: TrackerTraining,
    run: TrainingRun,
) -> tuple[TrackerNetworks, Progress]:
    """Train, or go on training, the networks; state and log lie in the run's folder.

    Args:
        data: Folder of rendered songs.
        start: Weights to begin with, as :func:`model.beat_tracker.weights.load_weights`
            returns them; where the run continues, only mixed into the result.
        training: Hyperparameters.
        run: Folder, device, processes and time limit.

    Returns:
        The averaged networks on the CPU, mixed with those to begin with, and the progress.

    Raises:
        CheckpointError: The weights belong to another network.
        DataError: There is no song with beats, or the run is of another version.

    Source:
        Weights between those before and after training: Wortsman et al. 2022 (WiSE-FT),
        arXiv:2109.01903.
    """
    networks = TrackerNetworks(start).to(run.device)
    songs = songs_with_beats(load_songs(data, "train"))

    def draw(step: int) -> TrackerBatch:
        rng = batch_rng(training.seed, step, run.processes)
        drawn = [
            draw_sequence(rng, rng.choice(songs), training.frames)
            for _ in range(training.batch)
        ]
        return TrackerBatch(
            *(
                torch.from_numpy(np.stack([getattr(sequence, name) for sequence in drawn]))
                for name in ("features", "targets", "counts")
            )
        )

    task = TrackerTask(networks, training, StepBatches(draw, run.processes))
    progress = Trainer(training, run).train(task)
    begun = TrackerNetworks(start).state_dict()
    networks.cpu().load_state_dict(
        {
            name: torch.lerp(trained.cpu(), begun[name], training.kept)
            for name, trained in task.average.weights.items()
        }
    )
    return networks.eval(), progress
