"""Training of the generator: first its context network, then against the discriminator."""

from __future__ import annotations

import logging
import math
from pathlib import Path

import torch
from torch import Tensor

from model.data.latents import load_pairs
from model.errors import ModelConfigError
from model.networks.autoencoder import Autoencoder
from model.networks.config import GeneratorConfig, from_mapping
from model.networks.discriminator import Discriminator, DiscriminatorConfig
from model.networks.generator import Generator
from model.training.generator_task import GeneratorTask
from model.training.initial_weights import InitialNetworks, copy_matching_weights
from model.training.latent_distributions import LatentDistributions
from model.training.level_fit import fit_level_probe
from model.training.run_state import find_state
from model.training.sequence_batches import sequences_by_step
from model.training.settings import LiveBandTraining
from model.training.trainer import Progress, Trainer, TrainingRun

__all__ = ["train_liveband"]

logger = logging.getLogger(__name__)


def train_liveband(
    latents: Path,
    codec: Autoencoder,
    config: GeneratorConfig,
    discriminator_config: DiscriminatorConfig,
    training: LiveBandTraining,
    run: TrainingRun,
    *,
    kind: type[Generator] = Generator,
    start: InitialNetworks | None = None,
) -> tuple[Generator, Discriminator, Progress]:
    """Train, or go on training, the generator; state and log lie in the run's folder.

    Args:
        latents: Folder written by :func:`model.data.latents.encode_songs`.
        codec: Made the latents; a new run listens to what it decodes, see
            :func:`~model.training.level_fit.fit_level_probe`.
        config: Sizes of the generator, used when the run is new.
        discriminator_config: Sizes of the discriminator, used when the run is new.
        training: Hyperparameters.
        run: Folder, device, processes and time limit.
        kind: Class of the generator: causal or bidirectional.
        start: Networks whose weights a new run begins with; random ones if None. A
            discriminator of other sizes is not used. After a generator of the same kind the
            context network is not trained alone: it would leave the stem network behind.

    Returns:
        The averaged generator, its discriminator, and the progress.

    Raises:
        ModelConfigError: ``start`` has other sizes; or the context network would never be
            trained.
        DataError: There are no latents of a stem class, or the run is of another version.
    """
    torch.manual_seed(training.seed)
    state = find_state(run.folder)
    goes_on = start is not None and type(start.generator) is kind
    context_steps = 0 if goes_on else math.ceil(training.context_share * training.steps)
    if state is None and not (goes_on or context_steps or training.belief):
        raise ModelConfigError(
            "with belief = 0 and context_share = 0 the context network would never be trained; "
            "set one of them above 0, or begin with a trained generator (--start)"
        )
    if state is not None:
        sizes = state["sizes"]
        config = from_mapping(GeneratorConfig, sizes["generator"])
        discriminator_config = from_mapping(DiscriminatorConfig, sizes["discriminator"])
        context_steps = sizes.get("context_steps", context_steps)  # older states lack it
    generator = kind(config).to(run.device)
    discriminator = Discriminator(discriminator_config).to(run.device)
    if state is None and start is not None:
        copy_matching_weights(generator, start.generator)
        _copy_discriminator(discriminator, start.discriminator)
    pairs = load_pairs(latents, config.stems, config.anticipations)
    if state is None:
        fitted = fit_level_probe(
            codec, pairs, stretches=training.probe_stretches, steps=training.probe_steps
        )
        discriminator.probe.load_state_dict(fitted.state_dict())
    task = GeneratorTask(
        generator,
        discriminator,
        training,
        sequences_by_step(pairs, config, training, run.processes),
        LatentDistributions.of(
            pairs,
            discriminator.probe,
            stems=len(config.stems),
            anticipations=len(config.anticipations),
        ),
        _silence(codec),
        context_steps,
    )
    progress = Trainer(training, run).train(task)
    generator.load_state_dict(task.average.weights)
    return generator.eval(), discriminator, progress


def _copy_discriminator(discriminator: Discriminator, known: Discriminator | None) -> None:
    if known is not None and known.config == discriminator.config:
        discriminator.load_state_dict(known.state_dict())
    else:
        why = "comes without one" if known is None else "has one of other sizes"
        logger.info("the discriminator begins anew: the checkpoint to start with %s", why)


@torch.no_grad()
def _silence(codec: Autoencoder) -> Tensor:
    """Return the latent of silence that has lasted for a second."""
    frames = codec.config.sample_rate
    silence_C: Tensor = codec.encoder(torch.zeros(1, frames, 1))[0, -1]
    return silence_C
