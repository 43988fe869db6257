"""Training of the baseline: fit codebooks, then learn to predict the next codes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import Batch
from model.data.latents import LatentPair, load_pairs
from model.data.pairing import SILENCE_DB
from model.errors import ModelConfigError
from model.networks.baseline.coding import Coding
from model.networks.baseline.network import Baseline
from model.networks.baseline.quantiser import explained_variance, fit_codebooks, quantise
from model.networks.config import GeneratorConfig, from_mapping
from model.networks.generator import Generator
from model.training.averaging import WeightAverage
from model.training.conditions import draw_beat, draw_cold, draw_condition
from model.training.initial_weights import copy_trunk_weights
from model.training.precision import fast_matmul
from model.training.prediction_losses import prediction_losses
from model.training.prefetch import StepBatches
from model.training.run_log import Metrics
from model.training.run_state import find_state
from model.training.sequence_batches import sequences_by_step
from model.training.settings import SequenceSettings
from model.training.task import TrainingTask
from model.training.trainer import Progress, Trainer, TrainingRun

__all__ = ["BaselineTask", "BaselineTraining", "fit_codes", "train_baseline"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class BaselineTraining(SequenceSettings):
    """Settings of the baseline's training; those shared with LiveBand have the same values."""

    rate: float = 5e-4
    """Peak learning rate."""
    input_noise: float = 0.0
    """Largest standard deviation of the noise added to the codes fed back, relative to each
    level; every sequence draws its own, from 0 up. It reduces exposure bias."""
    fitted: int = 100_000
    """Number of latents that the codebooks are fitted to."""


class BaselineTask(TrainingTask[Batch]):
    """Training of the baseline with teacher forcing.

    Args:
        network: With its codebooks, on the device.
        kept: Share of the latents' variance explained by one level of codes, two, and so on.
        training: Hyperparameters.
        batches: Batches by step.
    """

    def __init__(
        self,
        network: Baseline,
        kept: list[float],
        training: BaselineTraining,
        batches: StepBatches[Batch],
    ) -> None:
        super().__init__(batches)
        self.network, self._training = network, training
        self._device = network.codebooks.device
        if not training.belief:
            network.trunk.freeze_context()
        self._steps = torch.optim.Adam(network.parameters(), betas=(0.9, 0.95), fused=True)
        self.average = WeightAverage(network, 0.995)
        self.sizes = {
            "generator": asdict(network.config),
            "coding": asdict(network.coding),
            "kept": kept,
        }
        self.parts = {"network": network, "steps": self._steps, "average": self.average}
        self.optimisers = {self._steps: training.rate}

    def step(self, number: int) -> Metrics:
        """Learn to predict the codes of one batch."""
        network, training = self.network, self._training
        batch = self._batches.take(number).to(self._device)
        target_BTL = network.delayed_codes(quantise(batch.stem_BTC, network.codebooks))
        previous_BTL = F.pad(target_BTL[:, :-1], (0, 0, 1, 0), value=-1)
        fed_BTC = _with_input_noise(network, network.embed_codes(previous_BTL), training)
        heard_BTC = batch.mix_BTC + training.heard_noise * torch.randn_like(batch.mix_BTC)
        condition = draw_condition(batch, training, network.config)
        cold_B = draw_cold(batch, training)
        beat_BTC = draw_beat(batch, condition, training, network.config, cold_B)
        with fast_matmul(self._device):
            logits, prediction = network.logits(heard_BTC, fed_BTC, beat_BTC, condition)
        surprise = F.cross_entropy(
            logits.float().flatten(0, 2), target_BTL.flatten(), ignore_index=-1
        )
        losses = prediction_losses(prediction, batch)
        loss = surprise + training.belief * losses.total
        self._descend(self._steps, network, loss)
        self.average.update(network)
        correct = (target_BTL >= 0) & (logits.argmax(-1) == target_BTL)
        accuracy_L = correct.float().mean((0, 1))
        accuracies = {f"right_{level}": share for level, share in enumerate(accuracy_L)}
        return {"surprise": surprise.detach(), **accuracies, **losses.metrics()}


def train_baseline(
    latents: Path,
    config: GeneratorConfig,
    coding: Coding,
    training: BaselineTraining,
    run: TrainingRun,
    *,
    start: Generator | None = None,
) -> tuple[Baseline, list[float], Progress]:
    """Train, or go on training, the baseline; state and log lie in the run's folder.

    Args:
        latents: Folder written by :func:`model.data.latents.encode_songs`.
        config: Sizes of the trunk, used when the run is new.
        coding: Levels and codes, used when the run is new.
        training: Hyperparameters.
        run: Folder, device, processes and time limit.
        start: LiveBand's generator, whose weights the trunk of a new run begins with; random
            ones if None.

    Returns:
        The averaged network, the share of the latents' variance explained by one level of
        codes, two levels, and so on, and the progress.

    Raises:
        ModelConfigError: ``start`` has other sizes; or the context network would never be
            trained.
        DataError: There are no latents of a stem class, too few for the codebooks, or the run
            is of another version.
    """
    torch.manual_seed(training.seed)
    state = find_state(run.folder)
    if state is None and start is None and not training.belief:
        raise ModelConfigError(
            "with belief = 0 the context network would never be trained; set it above 0, or "
            "begin with a trained generator (--start)"
        )
    if state is not None:
        config = from_mapping(GeneratorConfig, state["sizes"]["generator"])
        coding = from_mapping(Coding, state["sizes"]["coding"])
    network = Baseline(config, coding).to(run.device)
    if state is None and start is not None:
        copy_trunk_weights(network, start)
    pairs = load_pairs(latents, config.stems, config.anticipations)
    kept = fit_codes(network, pairs, training) if state is None else state["sizes"]["kept"]
    task = BaselineTask(
        network,
        kept,
        training,
        sequences_by_step(pairs, config, training, run.processes),
    )
    progress = Trainer(training, run).train(task)
    network.load_state_dict(task.average.weights)
    return network.eval(), kept, progress


@torch.no_grad()
def fit_codes(
    network: Baseline, pairs: Sequence[LatentPair], training: BaselineTraining
) -> list[float]:
    """Fit a network's codebooks, and the latent of a silent stem.

    Args:
        network: Its buffers are written.
        pairs: Songs as latents; their stems are quantised.
        training: How many latents to fit, and by which seed.

    Returns:
        Share of the variance explained by one level, by two, and so on.

    Raises:
        DataError: There are fewer latents than codes.
    """
    stem_NC = torch.from_numpy(np.concatenate([pair.stem for pair in pairs])).float()
    silent_N = np.concatenate([pair.stem_db for pair in pairs]) <= SILENCE_DB
    if silent_N.any():
        network.rest.copy_(stem_NC[torch.from_numpy(silent_N)].mean(0))
    order = torch.randperm(len(stem_NC), generator=torch.Generator().manual_seed(training.seed))
    chosen_NC = stem_NC[order[: training.fitted]]
    coding = network.coding
    books = fit_codebooks(chosen_NC, coding.levels, coding.codes, seed=training.seed)
    network.codebooks.copy_(books)
    kept = [round(share, 4) for share in explained_variance(chosen_NC, books)]
    logger.info("codebooks fitted: %s of the variance kept", kept)
    return kept


def _with_input_noise(network: Baseline, fed_BTC: Tensor, training: BaselineTraining) -> Tensor:
    """Return the codes fed back, with noise in proportion to the size of their level."""
    if training.input_noise == 0:
        return fed_BTC
    loud_L = network.codebooks.square().mean((1, 2)).sqrt()
    loud_C = loud_L.repeat_interleave(network.config.latent)
    share_B = training.input_noise * torch.rand(len(fed_BTC), 1, 1, device=fed_BTC.device)
    return fed_BTC + share_B * loud_C * torch.randn_like(fed_BTC)
