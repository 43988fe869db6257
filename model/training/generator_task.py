"""One step of the generator's training, and of its discriminator's."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from model.data.batches import Batch
from model.discriminator import Discriminator
from model.errors import MissingTool
from model.generator import Generator, Prediction, StreamCondition
from model.layers.attention import SequencePlan
from model.training.adversary import (
    Question,
    change,
    judge_both,
    judge_made,
    quantile_distance,
    random_lag,
)
from model.training.averaging import Average
from model.training.conditions import draw_condition, told_beat
from model.training.context import BeliefLosses, belief_losses
from model.training.generator_settings import LiveBandTraining
from model.training.optimisation import descend
from model.training.precision import fast_products
from model.training.prefetch import Prefetched
from model.training.processes import Processes
from model.training.run_log import Figures
from model.training.seed_reader import SeedReader, seed_loss
from model.training.variety import jitter, variety

__all__ = ["AdversarialLosses", "GeneratorTask"]

QUESTIONS = (
    *(Question.WRONG_MIX, None, Question.WRONG_MIX, Question.SLOPE_AT_REAL),
    *(Question.WRONG_MIX, None, Question.WRONG_MIX, Question.SLOPE_AT_PLAYED),
)
"""What the discriminator is asked beside real and played stems, step by step."""

Whole = Callable[
    [Tensor, Tensor, Tensor, StreamCondition, SequencePlan], tuple[Tensor, Prediction]
]


@dataclass(frozen=True, slots=True)
class AdversarialLosses:
    """Losses of the generator in one step."""

    adversarial: Tensor
    """Played stems should score above real ones."""
    quantiles: Tensor
    """How far the channels' values are distributed apart."""
    changes: Tensor
    """How far their changes are."""
    seeds: Tensor
    """How badly the seeds can be read back."""
    belief: BeliefLosses
    """What the context network learns of its own."""
    total: Tensor
    """What training descends."""

    def figures(self) -> dict[str, Tensor]:
        """Return them for the log."""
        return {
            "generator": self.adversarial.detach(),
            "quantiles": self.quantiles.detach(),
            "changes": self.changes.detach(),
            "seeds": self.seeds.detach(),
            **self.belief.figures(),
        }


class GeneratorTask:
    """The generator, its discriminator, and one step of both.

    One playing of a batch serves both: the discriminator learns to tell it from the real
    stems, then the generator learns from what the discriminator makes of it.

    Args:
        generator: On the device.
        discriminator: On the device.
        training: Hyperparameters.
        draw: Makes the batch of a step.
        processes: Who trains together.

    Raises:
        MissingTool: It is to be compiled, and there is no compiler.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator,
        training: LiveBandTraining,
        draw: Callable[[int], Batch],
        processes: Processes,
    ) -> None:
        self.generator, self.discriminator = generator, discriminator
        self._training, self._processes = training, processes
        self._device = next(generator.parameters()).device
        self._whole: Whole = generator.whole
        if training.compiled:
            _need_compiler(self._device)
            self._whole = torch.compile(generator.whole, fullgraph=True, dynamic=False)
            discriminator.compile(fullgraph=True, dynamic=False)
        self._generator_steps = _adam(generator, 0.5)
        self._discriminator_steps = _adam(discriminator, 0.0)
        config = generator.config
        self.reader = SeedReader(config.latent, config.seed_noise).to(self._device)
        self._reader_steps = _adam(self.reader, 0.5)
        self.average = Average(generator, 0.995)
        self._plan = generator.plan(training.hops)
        self._batches = Prefetched(draw)

    @property
    def sizes(self) -> dict[str, Any]:
        """Configurations of both networks."""
        return {
            "generator": asdict(self.generator.config),
            "discriminator": asdict(self.discriminator.config),
        }

    @property
    def parts(self) -> Mapping[str, Any]:
        """Networks, optimisers, and the average."""
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "generator_steps": self._generator_steps,
            "discriminator_steps": self._discriminator_steps,
            "reader": self.reader,
            "reader_steps": self._reader_steps,
            "average": self.average,
        }

    @property
    def optimisers(self) -> Mapping[torch.optim.Optimizer, float]:
        """Both optimisers and their peak rates."""
        return {
            self._generator_steps: self._training.generator_rate,
            self._discriminator_steps: self._training.discriminator_rate,
            self._reader_steps: self._training.generator_rate,
        }

    def step(self, number: int) -> Figures:
        """Train the context network alone, or both networks."""
        batch = self._batches.take(number).to(self._device)
        if number < self._training.context_share * self._training.steps:
            figures = self._train_context(batch)
        else:
            figures = self._train_both(batch, number)
        self.average.follow(self.generator)
        return figures

    def close(self) -> None:
        """Stop preparing batches."""
        self._batches.close()

    def _train_context(self, batch: Batch) -> Figures:
        condition = self._condition(batch)
        with fast_products(self._device):
            belief = self.generator.listen(self._heard(batch), condition)
        losses = belief_losses(belief, batch)
        self._descend(self._generator_steps, self.generator, losses.total)
        return losses.figures()

    def _train_both(self, batch: Batch, number: int) -> Figures:
        training = self._training
        condition = self._condition(batch)
        made_BTC, belief = self.play(batch, condition, self._told(batch, condition))
        verdict = judge_both(
            self.discriminator,
            batch,
            made_BTC.detach(),
            mix_drop=training.mix_drop,
            question=QUESTIONS[number % len(QUESTIONS)],
            probe=training.probe,
        )
        loss = verdict.adversarial
        if verdict.matching is not None:
            loss = loss + training.matching * verdict.matching
        if verdict.penalty is not None:
            loss = loss + training.penalty * verdict.penalty
        self._descend(self._discriminator_steps, self.discriminator, loss)
        losses = self.losses(batch, condition, made_BTC, belief, verdict.real_B)
        self._reader_steps.zero_grad(set_to_none=True)
        self._descend(self._generator_steps, self.generator, losses.total)
        if training.seeds:
            self._processes.average_gradients(self.reader.parameters())
            self._reader_steps.step()
        figures: dict[str, Tensor | float] = {
            **verdict.figures(),
            **losses.figures(),
            "deviation": made_BTC.detach().std() / batch.stem_BTC.std(),
            "jitter": jitter(made_BTC.detach(), batch.stem_BTC),
        }
        if number % 200 == 199:
            figures.update(variety(self._take, batch))
        return figures

    def play(
        self, batch: Batch, condition: StreamCondition, told_BTC: Tensor
    ) -> tuple[Tensor, Prediction]:
        """Return the stems played to a batch, float32 ``(B, T, latent)``, and the belief.

        Args:
            batch: What to play to.
            condition: What each stream is asked to be.
            told_BTC: The beat each is told, see :func:`told_beat`.
        """
        noise = self.generator.config.noise
        noise_BTC = torch.randn(*batch.mix_BTC.shape[:2], noise).to(batch.mix_BTC)
        with fast_products(self._device):
            made_BTC, belief = self._whole(
                self._heard(batch), noise_BTC, told_BTC, condition, self._plan
            )
        return made_BTC.float(), belief

    def losses(
        self,
        batch: Batch,
        condition: StreamCondition,
        made_BTC: Tensor,
        belief: Prediction,
        real_B: Tensor,
    ) -> AdversarialLosses:
        """Return the generator's losses for what it played.

        Args:
            batch: What it played to.
            condition: What it was asked to be.
            made_BTC: What it played.
            belief: What its context network predicted.
            real_B: Scores of the real stems.
        """
        adversarial = judge_made(self.discriminator, batch, made_BTC, real_B)
        training, real_BTC = self._training, batch.stem_BTC
        quantiles = quantile_distance(made_BTC, real_BTC, condition.anticipation_B)
        quantiles = quantiles + quantile_distance(made_BTC, real_BTC, batch.stem_B)
        changes = seeds = made_BTC.new_zeros(())
        if training.changes:
            hops = random_lag()
            changes = quantile_distance(
                change(made_BTC, hops), change(real_BTC, hops), batch.stem_B
            )
        if training.seeds:
            seeds = seed_loss(self.reader, made_BTC, condition.seed_BC)
        predicted = belief_losses(belief, batch)
        total = adversarial + training.quantiles * quantiles + training.changes * changes
        total = total + training.seeds * seeds + training.belief * predicted.total
        return AdversarialLosses(adversarial, quantiles, changes, seeds, predicted, total)

    def _take(self, batch: Batch, number: int) -> Tensor:
        """Return what is played to a batch with noise and seeds of a number, for figures."""
        with torch.random.fork_rng():
            torch.manual_seed(0)
            condition = self._condition(batch)
            told_BTC = self._told(batch, condition)
            torch.manual_seed(number)
            seed_BC = torch.randn_like(condition.seed_BC)
            condition = replace(condition, seed_BC=seed_BC)
            return self.play(batch, condition, told_BTC)[0]

    def _condition(self, batch: Batch) -> StreamCondition:
        return draw_condition(batch, self._training.shares, self.generator.config.seed_noise)

    def _told(self, batch: Batch, condition: StreamCondition) -> Tensor:
        confidence = self.generator.config.confidence
        return told_beat(batch, condition, self._training.shares, confidence=confidence)

    def _heard(self, batch: Batch) -> Tensor:
        return batch.mix_BTC + self._training.heard_noise * torch.randn_like(batch.mix_BTC)

    def _descend(
        self, optimiser: torch.optim.Optimizer, network: nn.Module, loss: Tensor
    ) -> None:
        descend(optimiser, network, loss, limit=1.0, processes=self._processes)


def _need_compiler(device: torch.device) -> None:
    """Check that what torch generates for a CPU can be compiled.

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
