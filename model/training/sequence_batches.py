"""Batches of latent sequences by step, for the trainings of generators."""

from __future__ import annotations

from collections.abc import Sequence

from model.data.batches import Batch, PairBatches
from model.data.latents import LatentPair
from model.networks.config import GeneratorConfig
from model.training.prefetch import StepBatches, batch_rng
from model.training.processes import Processes
from model.training.settings import SequenceSettings

__all__ = ["sequences_by_step"]


def sequences_by_step(
    pairs: Sequence[LatentPair],
    config: GeneratorConfig,
    settings: SequenceSettings,
    processes: Processes,
) -> StepBatches[Batch]:
    """Return the batches of a training.

    Args:
        pairs: What to draw from.
        config: Names of stem classes and grooves, as the generator numbers them.
        settings: Seed, sequences per step and hops per sequence.
        processes: Processes that train together.

    Raises:
        DataError: A class has no song that is long enough.
    """
    batches = PairBatches(
        list(pairs), config.stems, config.grooves, batch=settings.batch, hops=settings.hops
    )
    return StepBatches(
        lambda step: batches.draw(batch_rng(settings.seed, step, processes)), processes
    )
