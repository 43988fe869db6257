"""Training of the generator: first its context network, then against the discriminator."""

from __future__ import annotations

import logging
from pathlib import Path

import torch

from model.config import GeneratorConfig, from_mapping
from model.data.batches import PairBatches
from model.data.latents import load_pairs
from model.discriminator import Discriminator, DiscriminatorConfig
from model.generator import Generator
from model.training.generator_settings import LiveBandTraining
from model.training.generator_task import GeneratorTask
from model.training.prefetch import batch_rng
from model.training.run_state import find_state
from model.training.start import Start, begin_with
from model.training.trainer import Progress, Sitting, Trainer

__all__ = ["train_liveband"]

logger = logging.getLogger(__name__)


def train_liveband(
    latents: Path,
    config: GeneratorConfig,
    judge: DiscriminatorConfig,
    training: LiveBandTraining,
    sitting: Sitting,
    *,
    kind: type[Generator] = Generator,
    start: Start | None = None,
) -> tuple[Generator, Discriminator, Progress]:
    """Train, or go on training, the generator; state and log lie in the sitting's folder.

    Args:
        latents: Folder written by :func:`model.data.latents.encode_songs`.
        config: Sizes of the generator, used when the run is new.
        judge: Sizes of the discriminator, used when the run is new.
        training: Hyperparameters.
        sitting: Where, with whom, and for how long.
        kind: Which generator; a bidirectional one learns by the same rules.
        start: Whose weights a new run begins with; its own random ones if None. A
            discriminator of other sizes begins anew.

    Returns:
        The averaged generator, its discriminator, and how far it came.

    Raises:
        ConfigError: ``start`` has other sizes.
        DataError: There are no latents of a stem class, or the run is of another version.
    """
    torch.manual_seed(training.seed)
    state = find_state(sitting.run)
    if state is not None:
        config = from_mapping(GeneratorConfig, state["sizes"]["generator"])
        judge = from_mapping(DiscriminatorConfig, state["sizes"]["discriminator"])
    generator = kind(config).to(sitting.device)
    discriminator = Discriminator(judge).to(sitting.device)
    if state is None and start is not None:
        begin_with(generator, start.generator)
        _begin_against(discriminator, start.discriminator)
    batches = PairBatches(
        load_pairs(latents, config.stems, config.anticipations),
        config.stems,
        config.grooves,
        batch=training.batch,
        hops=training.hops,
    )
    task = GeneratorTask(
        generator,
        discriminator,
        training,
        lambda step: batches.draw(batch_rng(training.seed, step, sitting.processes)),
        sitting.processes,
    )
    progress = Trainer(training, sitting).train(task)
    generator.load_state_dict(task.average.weights)
    return generator.eval(), discriminator, progress


def _begin_against(discriminator: Discriminator, known: Discriminator | None) -> None:
    if known is not None and known.config == discriminator.config:
        discriminator.load_state_dict(known.state_dict())
    else:
        why = "comes without one" if known is None else "has one of other sizes"
        logger.info("the discriminator begins anew: the checkpoint to start with %s", why)
