"""Train the generator against the discriminator, on latents, over whole sequences."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from model.config import GeneratorConfig, from_mapping
from model.data.latents import Pairs, load_pairs, pair_batches
from model.discriminator import Discriminator, DiscriminatorConfig
from model.generator import Generator, StreamCondition
from model.losses import relativistic
from model.training.loop import Average, Clock, RunLog, load_state, save_state, set_rate

__all__ = ["LiveBandTraining", "train_liveband"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveBandTraining:
    """How the generator is trained."""

    minutes: float = 60.0
    """Wall-clock budget; learning rates fall to a tenth at its end."""
    batch: int = 16
    """Sequences per step."""
    hops: int = 128
    """Hops per sequence."""
    generator_rate: float = 4e-4
    """Peak learning rate of the generator."""
    discriminator_rate: float = 4e-4
    """Peak learning rate of the discriminator."""
    penalty: float = 0.5
    """Weight of the gradient penalties on real and played stems."""
    probe: float = 0.1
    """Deviation of the noise by which gradients are probed."""
    regression_steps: int = 400
    """Steps over which a Huber loss towards the true stem fades out."""
    moments: float = 0.5
    """Weight of matching mean and deviation of every channel over the batch."""
    mix_drop: float = 0.15
    """Share of sequences judged without their mix: does it sound like a stem at all?"""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of batches, noise and initial weights."""


@dataclass(slots=True)
class _Players:
    generator: Generator
    discriminator: Discriminator
    generator_steps: torch.optim.Optimizer
    discriminator_steps: torch.optim.Optimizer
    average: Average


def train_liveband(
    latents: Path,
    run: Path,
    config: GeneratorConfig,
    judge: DiscriminatorConfig,
    training: LiveBandTraining,
) -> Generator:
    """Train, or go on training, the generator; state and log lie in ``run``.

    Args:
        latents: Folder written by :func:`model.data.latents.encode_songs`.
        run: Folder of this training.
        config: Sizes of the generator, used when the run is new.
        judge: Sizes of the discriminator, used when the run is new.
        training: Budget and hyperparameters.

    Returns:
        The averaged generator.

    Raises:
        DataError: There are no latents of a stem class.
    """
    torch.manual_seed(training.seed)
    state_file = run / "state.pt"
    state = load_state(state_file) if state_file.exists() else None
    if state is not None:
        config = from_mapping(GeneratorConfig, state["config"])
        judge = from_mapping(DiscriminatorConfig, state["judge"])
    players, clock, step = _players(config, judge), Clock(training.minutes), 0
    if state is not None:
        step = _restore(players, state)
        clock.spent_s = state["spent_s"]
        logger.info("going on at step %d, %.0f s spent", step, clock.spent_s)
    batches = pair_batches(
        load_pairs(latents, config.stems),
        config.stems,
        batch=training.batch,
        hops=training.hops,
        rng=random.Random(training.seed + step),
    )
    with closing(RunLog(run)) as log:
        while clock.progress < 1:
            set_rate(players.generator_steps, training.generator_rate, clock, step)
            set_rate(players.discriminator_steps, training.discriminator_rate, clock, step)
            figures = _step(players, batches, training, step)
            players.average.follow(players.generator)
            step += 1
            if step % 10 == 0:
                log.write(step, {**figures, "seconds": clock.elapsed_s})
            if step % training.save_every == 0:
                _save(state_file, players, clock, step)
    _save(state_file, players, clock, step)
    players.generator.load_state_dict(players.average.weights)
    return players.generator.eval()


def _step(
    players: _Players, batches: Iterator[Pairs], training: LiveBandTraining, step: int
) -> dict[str, float]:
    figures = _train_discriminator(players, next(batches), training)
    figures.update(_train_generator(players, next(batches), training, step))
    return figures


def _play(generator: Generator, pairs: Pairs) -> Tensor:
    c = generator.config
    batch, hops, _ = pairs.mix_BTC.shape
    device = pairs.mix_BTC.device
    condition = StreamCondition(
        pairs.stem_B,
        torch.randint(len(c.anticipations), (batch,), device=device),
        torch.randn(batch, c.seed_noise, device=device),
    )
    noise_BTC = torch.randn(batch, hops, c.noise, device=device)
    with torch.autocast(device.type, dtype=torch.bfloat16):
        return generator.play(pairs.mix_BTC, noise_BTC, condition).float()


def _train_discriminator(
    players: _Players, pairs: Pairs, training: LiveBandTraining
) -> dict[str, float]:
    with torch.no_grad():
        made_BTC = _play(players.generator, pairs)
    batch = len(made_BTC)
    kept = (torch.rand(batch, 1, 1, device=made_BTC.device) >= training.mix_drop).float()
    mix_BTC, other_BTC = pairs.mix_BTC * kept, pairs.other_BTC * kept
    shake_BTC = torch.randn_like(made_BTC) * training.probe
    real_BTC = pairs.stem_BTC
    cases = (
        (mix_BTC, real_BTC),
        (mix_BTC, made_BTC),
        (other_BTC, real_BTC),
        (mix_BTC, real_BTC + shake_BTC),
        (mix_BTC, made_BTC + shake_BTC),
    )
    mixes, stems = (torch.cat(side) for side in zip(*cases, strict=True))
    with torch.autocast(mixes.device.type, dtype=torch.bfloat16):
        scores = players.discriminator(
            mixes, stems, pairs.stem_B.repeat(len(cases)), groups=len(cases)
        )
    real_B, made_B, strange_B, real_shaken_B, made_shaken_B = scores.chunk(len(cases))
    slope_B = (real_shaken_B - real_B).square() + (made_shaken_B - made_B).square()
    adversarial = relativistic(real_B, made_B)
    matching = (F.softplus(strange_B - real_B) * kept[:, 0, 0]).sum() / kept.sum().clamp(min=1)
    penalty = slope_B.mean() / training.probe**2
    loss = adversarial + matching + training.penalty * penalty
    _descend(players.discriminator_steps, loss, players.discriminator)
    return {
        "discriminator": adversarial.item(),
        "matching": matching.item(),
        "penalty": penalty.item(),
        "gap": (real_B - made_B).mean().item(),
    }


def _train_generator(
    players: _Players, pairs: Pairs, training: LiveBandTraining, step: int
) -> dict[str, float]:
    made_BTC, real_BTC = _play(players.generator, pairs), pairs.stem_BTC
    with torch.autocast(made_BTC.device.type, dtype=torch.bfloat16):
        made_B = players.discriminator(pairs.mix_BTC, made_BTC, pairs.stem_B)
        with torch.no_grad():
            real_B = players.discriminator(pairs.mix_BTC, real_BTC, pairs.stem_B)
    adversarial = relativistic(made_B, real_B)
    made_NC, real_NC = made_BTC.flatten(0, 1), real_BTC.flatten(0, 1)
    moments = F.l1_loss(made_NC.mean(0), real_NC.mean(0)) + F.l1_loss(
        made_NC.std(0), real_NC.std(0)
    )
    guided = max(0.0, 1 - step / training.regression_steps)
    loss = adversarial + training.moments * moments
    if guided > 0:
        loss = loss + guided * F.huber_loss(made_BTC, real_BTC)
    _descend(players.generator_steps, loss, players.generator)
    figures = {
        "generator": adversarial.item(),
        "moments": moments.item(),
        "deviation": (made_NC.std() / real_NC.std()).item(),
    }
    if step % 50 == 9:
        figures.update(_gains(players.generator, pairs))
    return figures


@torch.no_grad()
def _gains(generator: Generator, pairs: Pairs) -> dict[str, float]:
    """Return how much noise and mix move the output, relative to the stems' variance."""
    variance = pairs.stem_BTC.var().item()
    strange = Pairs(pairs.other_BTC, pairs.stem_BTC, pairs.mix_BTC, pairs.stem_B)
    made = []
    for heard, seed in ((pairs, 1), (pairs, 2), (strange, 1)):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            made.append(_play(generator, heard))
    return {
        "noise_gain": (made[0] - made[1]).square().mean().item() / 2 / variance,
        "condition_gain": (made[0] - made[2]).square().mean().item() / 2 / variance,
    }


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor, network: torch.nn.Module) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()


def _players(config: GeneratorConfig, judge: DiscriminatorConfig) -> _Players:
    generator, discriminator = Generator(config), Discriminator(judge)
    return _Players(
        generator,
        discriminator,
        torch.optim.Adam(generator.parameters(), betas=(0.0, 0.95)),
        torch.optim.Adam(discriminator.parameters(), betas=(0.0, 0.95)),
        Average(generator, 0.995),
    )


def _restore(players: _Players, state: dict[str, object]) -> int:
    for name in ("generator", "discriminator", "generator_steps", "discriminator_steps"):
        getattr(players, name).load_state_dict(state[name])
    players.average.weights = state["average"]  # type: ignore[assignment]
    step = state["step"]
    assert isinstance(step, int)
    players.average.steps = step
    return step


def _save(path: Path, players: _Players, clock: Clock, step: int) -> None:
    save_state(
        path,
        {
            "config": asdict(players.generator.config),
            "judge": asdict(players.discriminator.config),
            "generator": players.generator.state_dict(),
            "discriminator": players.discriminator.state_dict(),
            "generator_steps": players.generator_steps.state_dict(),
            "discriminator_steps": players.discriminator_steps.state_dict(),
            "average": players.average.weights,
            "spent_s": clock.elapsed_s,
            "step": step,
        },
    )
