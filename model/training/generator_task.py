"""Training step of the generator and of its discriminator."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import torch
from torch import Tensor, nn

from model.data.batches import Batch
from model.errors import MissingTool
from model.layers.attention import SequencePlan
from model.networks.discriminator import Discriminator
from model.networks.generator import Generator, Prediction, StreamCondition
from model.training.adversarial_losses import (
    DiscriminatorTerm,
    discriminator_losses,
    generator_loss,
)
from model.training.averaging import WeightAverage
from model.training.cold_start import heard_anew
from model.training.conditions import draw_beat, draw_cold, draw_condition
from model.training.latent_distributions import DistributionLosses, LatentDistributions
from model.training.precision import fast_matmul
from model.training.prediction_losses import PredictionLosses, prediction_losses
from model.training.prefetch import StepBatches
from model.training.run_log import Metrics
from model.training.second_takes import (
    condition_alike,
    first_again,
    takes_loss,
    with_second_takes,
)
from model.training.seed_reader import SeedReader, seed_loss
from model.training.settings import LiveBandTraining
from model.training.stem_predictor import StemPredictor, stem_prediction_loss
from model.training.task import TrainingTask
from model.training.variety import jitter, variety

__all__ = ["GeneratorLosses", "GeneratorTask", "PlayedBatch"]

_TERMS = (
    DiscriminatorTerm.MISMATCHED_MIX,
    None,
    DiscriminatorTerm.MISMATCHED_MIX,
    DiscriminatorTerm.PENALTY_AT_REAL,
    DiscriminatorTerm.MISMATCHED_MIX,
    None,
    DiscriminatorTerm.MISMATCHED_MIX,
    DiscriminatorTerm.PENALTY_AT_GENERATED,
)
"""Third term of the discriminator's pass, by the number of the step modulo the length."""

PlaySequence = Callable[
    [Tensor, Tensor, Tensor, StreamCondition, SequencePlan], tuple[Tensor, Prediction, Tensor]
]


@dataclass(frozen=True, slots=True)
class PlayedBatch:
    """What the generator makes of one batch."""

    stem_BTC: Tensor
    """Generated stems, float32 ``(B, T, latent)``."""
    prediction: Prediction
    """Prediction of the context network."""
    features_BTC: Tensor
    """Features below the last block, ``(B, T, channels)``."""


@dataclass(frozen=True, slots=True)
class GeneratorLosses:
    """Losses of the generator for one batch."""

    adversarial: Tensor
    """Relativistic loss: generated stems should score above real ones."""
    distributions: DistributionLosses
    """Distances of the distributions of values, means, changes, level and bands."""
    seeds: Tensor
    """Error of the seed as the reader estimates it from the stems."""
    takes: Tensor
    """By how much second takes differ too little."""
    stem_prediction: Tensor
    """Error of the true stem as predicted from the stem network's features."""
    prediction: PredictionLosses
    """Losses of the context network's predictions."""
    total: Tensor
    """Weighted sum that is minimised."""

    def metrics(self) -> dict[str, Tensor]:
        """Return the losses for the log, detached."""
        return {
            "generator": self.adversarial.detach(),
            "seeds": self.seeds.detach(),
            "takes": self.takes.detach(),
            "stem_prediction": self.stem_prediction.detach(),
            **self.distributions.metrics(),
            **self.prediction.metrics(),
        }


class GeneratorTask(TrainingTask[Batch]):
    """Adversarial training of the generator.

    Stems are generated once a step and serve both networks: first the discriminator learns to
    tell them from real ones, then the generator learns from the discriminator's scores.

    Args:
        generator: On the device.
        discriminator: On the device.
        training: Hyperparameters.
        batches: Batches by step.
        distributions: What is remembered of the values of stems.
        silence_C: Latent of silence.
        context_steps: First steps, in which only the context network is trained.

    Raises:
        MissingTool: ``training.compiled`` is set and there is no C++ compiler.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        training: LiveBandTraining,
        batches: StepBatches[Batch],
        distributions: LatentDistributions,
        silence_C: Tensor,
        context_steps: int = 0,
    ) -> None:
        super().__init__(batches)
        self.generator, self.discriminator = generator, discriminator
        self._context_steps = context_steps
        self._training = training
        self._takes = training.second_takes
        self._device = next(generator.parameters()).device
        self.distributions = distributions.to(self._device)
        self._silence_C = silence_C.to(self._device)
        self._play_sequence: PlaySequence = generator.play_sequence
        if training.compiled:
            _need_compiler(self._device)
            self._play_sequence = torch.compile(
                generator.play_sequence, fullgraph=True, dynamic=False
            )
            discriminator.compile(fullgraph=True, dynamic=False)
        self._generator_steps = _adam(generator, 0.5)
        self._discriminator_steps = _adam(discriminator, 0.0)
        config = generator.config
        self.reader = SeedReader(config.latent, config.seed_noise).to(self._device)
        self.predictor = StemPredictor(config.channels, config.latent).to(self._device)
        self._helpers = nn.ModuleList([self.reader, self.predictor])
        self._helper_steps = _adam(self._helpers, 0.5)
        self.average = WeightAverage(generator, 0.995)
        self._plan = generator.plan(training.hops)
        self.sizes = {
            "generator": asdict(generator.config),
            "discriminator": asdict(discriminator.config),
            "context_steps": context_steps,
        }
        self.parts = {
            "generator": generator,
            "discriminator": discriminator,
            "distributions": self.distributions,
            "generator_steps": self._generator_steps,
            "discriminator_steps": self._discriminator_steps,
            "helpers": self._helpers,
            "helper_steps": self._helper_steps,
            "average": self.average,
        }
        self.optimisers = {
            self._generator_steps: training.generator_rate,
            self._discriminator_steps: training.discriminator_rate,
            self._helper_steps: training.generator_rate,
        }

    def step(self, number: int) -> Metrics:
        """Train the context network alone, or both networks."""
        batch = self._batches.take(number).to(self._device)
        if number < self._context_steps:
            metrics = self._train_context(batch)
        else:
            metrics = self._train_both(batch, number)
        self.average.update(self.generator)
        return metrics

    def _train_context(self, batch: Batch) -> Metrics:
        condition = self._condition(batch)
        with fast_matmul(self._device):
            prediction = self.generator.predict(self._noisy_mix(batch), condition)
        losses = prediction_losses(prediction, batch)
        self._descend(self._generator_steps, self.generator, losses.total)
        return losses.metrics()

    def _train_both(self, batch: Batch, number: int) -> Metrics:
        training = self._training
        if not training.belief:
            self.generator.freeze_context()
        takes, drawn = self._takes, batch
        batch = with_second_takes(batch, takes)
        condition = condition_alike(self._condition(batch), takes)
        cold_B = first_again(draw_cold(batch, training), takes)
        beat_BTC = first_again(self._beat(batch, condition, cold_B), takes)
        noise_BTC = first_again(self._noise(batch), takes)
        playing = self.play(self._begun(batch, cold_B), condition, beat_BTC, noise_BTC)
        made_BTC = playing.stem_BTC.detach()
        scored = discriminator_losses(
            self.discriminator,
            batch,
            made_BTC,
            mix_drop=training.mix_drop,
            term=_TERMS[number % len(_TERMS)],
            probe=training.probe,
        )
        loss = scored.adversarial
        if scored.matching is not None:
            loss = loss + training.matching * scored.matching
        if scored.penalty is not None:
            loss = loss + training.penalty * scored.penalty
        self._descend(self._discriminator_steps, self.discriminator, loss)
        losses = self.losses(batch, condition, playing, scored.real_B)
        self._helper_steps.zero_grad(set_to_none=True)
        self._descend(self._generator_steps, self.generator, losses.total)
        self._processes.average(self.distributions.counts())
        self._processes.average_gradients(self._helpers.parameters())
        self._helper_steps.step()
        metrics: dict[str, Tensor | float] = {
            **scored.metrics(),
            **losses.metrics(),
            "deviation": made_BTC.std() / batch.stem_BTC.std(),
            "jitter": jitter(made_BTC, batch.stem_BTC),
        }
        if number % 200 == 199:
            metrics.update(variety(self._take, drawn))
        return metrics

    def play(
        self, batch: Batch, condition: StreamCondition, beat_BTC: Tensor, noise_BTC: Tensor
    ) -> PlayedBatch:
        """Return what the generator makes of a batch.

        Args:
            batch: Mixes to accompany.
            condition: Condition of each stream.
            beat_BTC: Beat input of each stream, see :func:`draw_beat`.
            noise_BTC: Noise of each hop.
        """
        with fast_matmul(self._device):
            made_BTC, prediction, features_BTC = self._play_sequence(
                self._noisy_mix(batch), noise_BTC, beat_BTC, condition, self._plan
            )
        return PlayedBatch(made_BTC.float(), prediction, features_BTC)

    def losses(
        self,
        batch: Batch,
        condition: StreamCondition,
        playing: PlayedBatch,
        real_B: Tensor,
    ) -> GeneratorLosses:
        """Return the generator's losses for the stems that it generated.

        Args:
            batch: Mixes and real stems.
            condition: Condition of each stream.
            playing: What :meth:`play` returned.
            real_B: Scores of the real stems.
        """
        training, made_BTC, real_BTC = self._training, playing.stem_BTC, batch.stem_BTC
        adversarial = generator_loss(self.discriminator, batch, made_BTC, real_B)
        distributions = self.distributions(
            made_BTC, real_BTC, batch.stem_B, condition.anticipation_B
        )
        seeds = takes = stem_prediction = made_BTC.new_zeros(())
        if training.seeds:
            seeds = seed_loss(self.reader, made_BTC, condition.seed_BC)
        if self._takes:
            apart = training.takes_apart
            takes = takes_loss(made_BTC, real_BTC, batch.stem_B, self._takes, share=apart)
        if training.stem_prediction:
            stem_prediction = stem_prediction_loss(
                self.predictor, playing.features_BTC, real_BTC
            )
        predicted = prediction_losses(playing.prediction, batch)
        total = adversarial + training.quantiles * distributions.values
        total = total + training.means * distributions.means
        total = total + training.changes * distributions.changes
        total = total + training.level * distributions.level
        total = total + training.bands * distributions.bands
        total = total + training.seeds * seeds + training.takes * takes
        total = total + training.stem_prediction * stem_prediction
        total = total + training.belief * predicted.total
        return GeneratorLosses(
            adversarial, distributions, seeds, takes, stem_prediction, predicted, total
        )

    def _take(self, batch: Batch, number: int) -> Tensor:
        """Return stems generated with the noise and seeds of a number, for the log."""
        with torch.random.fork_rng():
            torch.manual_seed(0)
            condition = self._condition(batch)
            cold_B = draw_cold(batch, self._training)
            beat_BTC = self._beat(batch, condition, cold_B)
            torch.manual_seed(number)
            seed_BC = torch.randn_like(condition.seed_BC)
            condition = replace(condition, seed_BC=seed_BC)
            begun = self._begun(batch, cold_B)
            return self.play(begun, condition, beat_BTC, self._noise(batch)).stem_BTC

    def _condition(self, batch: Batch) -> StreamCondition:
        return draw_condition(batch, self._training, self.generator.config)

    def _begun(self, batch: Batch, cold_B: Tensor) -> Batch:
        """Return the batch as it is heard: takes that begin here have a mix that does."""
        begun_BTC = heard_anew(batch.mix_BTC, self._silence_C)
        heard_BTC = torch.where(cold_B[:, None, None], begun_BTC, batch.mix_BTC)
        return replace(batch, mix_BTC=heard_BTC)

    def _beat(self, batch: Batch, condition: StreamCondition, cold_B: Tensor) -> Tensor:
        return draw_beat(batch, condition, self._training, self.generator.config, cold_B)

    def _noise(self, batch: Batch) -> Tensor:
        noise = self.generator.config.noise
        return torch.randn(*batch.mix_BTC.shape[:2], noise).to(batch.mix_BTC)

    def _noisy_mix(self, batch: Batch) -> Tensor:
        return batch.mix_BTC + self._training.heard_noise * torch.randn_like(batch.mix_BTC)


def _need_compiler(device: torch.device) -> None:
    """Check that code which torch generates for a CPU can be compiled.

    Raises:
        MissingTool: There is no C++ compiler.
    """
    program = os.environ.get("CXX", "g++")
    if device.type == "cpu" and shutil.which(program) is None:
        raise MissingTool(
            f"a training that is compiled for the CPU needs a C++ compiler, and there is no "
            f"{program}: apt-get install g++, or set CXX to another one"
        )


def _adam(network: nn.Module, momentum: float) -> torch.optim.Optimizer:
    return torch.optim.Adam(network.parameters(), betas=(momentum, 0.95), fused=True)
