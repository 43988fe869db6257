"""Train the generator: first to listen, then against the discriminator, on whole sequences."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from model.annotation import COUNT
from model.config import GeneratorConfig, from_mapping
from model.data.batches import Batch, pair_batches
from model.data.latents import load_pairs
from model.discriminator import Discriminator, DiscriminatorConfig
from model.generator import Belief, Generator, StreamCondition
from model.training.adversary import judge_both, judge_made, quantile_distance
from model.training.context import belief_losses
from model.training.loop import Average, Clock, RunLog, load_state, save_state, set_rate
from model.training.start import begin_with
from model.training.variety import variety

__all__ = ["LiveBandTraining", "train_liveband"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveBandTraining:
    """How the generator is trained."""

    minutes: float = 60.0
    """Wall-clock budget; learning rates fall to a tenth at its end."""
    batch: int = 16
    """Sequences per step."""
    hops: int = 192
    """Hops per sequence."""
    context_share: float = 0.08
    """Share of the budget in which the context network learns alone."""
    generator_rate: float = 5e-4
    """Peak learning rate of the generator."""
    discriminator_rate: float = 5e-4
    """Peak learning rate of the discriminator."""
    belief: float = 0.5
    """Weight of what the context network learns of its own, once both play."""
    penalty: float = 0.5
    """Weight of the slope penalty on real and played stems."""
    penalty_every: int = 2
    """Steps between measured slopes; the weight grows by as much."""
    probe: float = 0.1
    """Deviation of the noise by which slopes are measured."""
    quantiles: float = 2.0
    """Weight of matching how every channel is distributed, by anticipation and by stem."""
    heard_noise: float = 0.15
    """Deviation of the noise on what the generator hears, so that it learns fewer songs by
    heart; none on stage."""
    mix_drop: float = 0.1
    """Share of sequences judged without their mix."""
    hint_drop: float = 0.5
    """Share of sequences played without transport, and without groove label."""
    anticipation_shares: tuple[float, ...] = (0.2, 0.5, 0.3)
    """How often each anticipation is practised."""
    compiled: bool = False
    """Whether both networks are compiled: minutes at first, then faster; meant for a GPU."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of batches, noise and initial weights."""


@dataclass(slots=True)
class _Players:
    generator: Generator
    play: Callable[[Tensor, Tensor, Tensor, StreamCondition], tuple[Tensor, Belief]]
    """The generator's whole-sequence pass, compiled if asked for."""
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
    device: torch.device,
    *,
    kind: type[Generator] = Generator,
    start: Generator | None = None,
) -> Generator:
    """Train, or go on training, the generator; state and log lie in ``run``.

    Args:
        latents: Folder written by :func:`model.data.latents.encode_songs`.
        run: Folder of this training.
        config: Sizes of the generator, used when the run is new.
        judge: Sizes of the discriminator, used when the run is new.
        training: Budget and hyperparameters.
        device: Where to train.
        kind: Which generator; a bidirectional one learns by the same rules.
        start: Whose weights a new run begins with; its own random ones if None.

    Returns:
        The averaged generator.

    Raises:
        ConfigError: ``start`` has other sizes.
        DataError: There are no latents of a stem class.
    """
    torch.manual_seed(training.seed)
    state_file = run / "state.pt"
    state = load_state(state_file) if state_file.exists() else None
    if state is not None:
        config = from_mapping(GeneratorConfig, state["config"])
        judge = from_mapping(DiscriminatorConfig, state["judge"])
    generator = kind(config)
    if state is None and start is not None:
        begin_with(generator, start)
    players = _players(generator, judge, device, compiled=training.compiled)
    clock, step = Clock(training.minutes), 0
    if state is not None:
        step = _restore(players, state)
        clock.spent_s = state["spent_s"]
        logger.info("going on at step %d, %.0f s spent", step, clock.spent_s)
    batches = (
        batch.to(device)
        for batch in pair_batches(
            load_pairs(latents, config.stems, config.anticipations),
            config.stems,
            config.grooves,
            batch=training.batch,
            hops=training.hops,
            rng=random.Random(training.seed + step),
        )
    )
    with closing(RunLog(run)) as log:
        while clock.progress < 1:
            set_rate(players.generator_steps, training.generator_rate, clock, step)
            set_rate(players.discriminator_steps, training.discriminator_rate, clock, step)
            if clock.progress < training.context_share:
                figures = _train_context(players, next(batches), training)
            else:
                figures = _train_both(players, batches, training, step)
            players.average.follow(players.generator)
            step += 1
            if step % 10 == 0:
                log.write(step, {**figures, "seconds": clock.elapsed_s})
            if step % training.save_every == 0:
                _save(state_file, players, clock, step)
    _save(state_file, players, clock, step)
    players.generator.load_state_dict(players.average.weights)
    return players.generator.eval()


def _train_context(
    players: _Players, batch: Batch, training: LiveBandTraining
) -> dict[str, float]:
    generator = players.generator
    with torch.autocast(batch.mix_BTC.device.type, dtype=torch.bfloat16):
        heard_BTC = _heard(batch, training)
        belief = generator.listen(heard_BTC, _condition(generator, batch, training))
    losses = belief_losses(belief, batch)
    _descend(players.generator_steps, losses.total, generator)
    return losses.figures()


def _train_both(
    players: _Players, batches: Iterator[Batch], training: LiveBandTraining, step: int
) -> dict[str, float]:
    figures = _train_discriminator(players, next(batches), training, step)
    figures.update(_train_generator(players, next(batches), training, step))
    return figures


def _train_discriminator(
    players: _Players, batch: Batch, training: LiveBandTraining, step: int
) -> dict[str, float]:
    with torch.no_grad():
        condition = _condition(players.generator, batch, training)
        made_BTC, _ = _play(players, batch, condition, training)
    probed = step % training.penalty_every == 0
    verdict = judge_both(
        players.discriminator,
        batch,
        made_BTC,
        mix_drop=training.mix_drop,
        probe=training.probe if probed else None,
    )
    weight = training.penalty * training.penalty_every
    loss = verdict.adversarial + verdict.matching + weight * verdict.penalty
    _descend(players.discriminator_steps, loss, players.discriminator)
    return verdict.figures()


def _train_generator(
    players: _Players, batch: Batch, training: LiveBandTraining, step: int
) -> dict[str, float]:
    condition = _condition(players.generator, batch, training)
    made_BTC, belief = _play(players, batch, condition, training)
    adversarial = judge_made(players.discriminator, batch, made_BTC)
    quantiles = quantile_distance(made_BTC, batch.stem_BTC, condition.anticipation_B)
    quantiles = quantiles + quantile_distance(made_BTC, batch.stem_BTC, batch.stem_B)
    beliefs = belief_losses(belief, batch)
    loss = adversarial + training.quantiles * quantiles + training.belief * beliefs.total
    _descend(players.generator_steps, loss, players.generator)
    figures = {
        "generator": adversarial.item(),
        "quantiles": quantiles.item(),
        "deviation": (made_BTC.std() / batch.stem_BTC.std()).item(),
        **beliefs.figures(),
    }
    if step % 50 == 9:
        figures.update(variety(lambda heard: _improvise(players, heard, training), batch))
    return figures


def _play(
    players: _Players,
    batch: Batch,
    condition: StreamCondition,
    training: LiveBandTraining,
) -> tuple[Tensor, Belief]:
    noise = players.generator.config.noise
    noise_BTC = torch.randn(*batch.mix_BTC.shape[:2], noise).to(batch.mix_BTC)
    given_BTC = batch.annotation_BTC[..., : COUNT + 1] * _kept(batch, training)[:, None, None]
    with torch.autocast(batch.mix_BTC.device.type, dtype=torch.bfloat16):
        heard_BTC = _heard(batch, training)
        made_BTC, belief = players.play(heard_BTC, noise_BTC, given_BTC, condition)
    return made_BTC.float(), belief


def _improvise(players: _Players, batch: Batch, training: LiveBandTraining) -> Tensor:
    condition = _condition(players.generator, batch, training)
    return _play(players, batch, condition, training)[0]


def _heard(batch: Batch, training: LiveBandTraining) -> Tensor:
    return batch.mix_BTC + training.heard_noise * torch.randn_like(batch.mix_BTC)


def _condition(
    generator: Generator, batch: Batch, training: LiveBandTraining
) -> StreamCondition:
    size, device = len(batch.stem_B), batch.stem_B.device
    shares = torch.tensor(training.anticipation_shares)
    return StreamCondition(
        batch.stem_B,
        torch.multinomial(shares, size, replacement=True).to(device),
        batch.groove_B * _kept(batch, training).long(),
        torch.randn(size, generator.config.seed_noise).to(device),
    )


def _kept(batch: Batch, training: LiveBandTraining) -> Tensor:
    kept = torch.rand(len(batch.stem_B)) >= training.hint_drop
    return kept.float().to(batch.stem_B.device)


def _descend(optimiser: torch.optim.Optimizer, loss: Tensor, network: torch.nn.Module) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()


def _players(
    generator: Generator, judge: DiscriminatorConfig, device: torch.device, *, compiled: bool
) -> _Players:
    generator = generator.to(device)
    discriminator = Discriminator(judge).to(device)
    if compiled:
        discriminator.compile()
    return _Players(
        generator,
        torch.compile(generator.play) if compiled else generator.play,
        discriminator,
        torch.optim.Adam(generator.parameters(), betas=(0.5, 0.95)),
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
