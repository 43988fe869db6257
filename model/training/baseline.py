"""Train the baseline: quantise the latents, then learn to name the next, told the last."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.annotation import COUNT
from model.baseline.coding import Coding
from model.baseline.network import Baseline
from model.baseline.quantiser import explained, fit_codebooks, quantise
from model.config import GeneratorConfig, from_mapping
from model.data.batches import Batch, pair_batches
from model.data.latents import Pair, load_pairs
from model.data.pairing import SILENCE_DB
from model.generator import StreamCondition
from model.training.context import belief_losses
from model.training.loop import Average, Clock, RunLog, load_state, save_state, set_rate

__all__ = ["BaselineTraining", "fit_codes", "train_baseline"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class BaselineTraining:
    """How the baseline is trained; what it shares with LiveBand has the same values."""

    minutes: float = 60.0
    """Wall-clock budget; the learning rate falls to a tenth at its end."""
    batch: int = 16
    """Sequences per step."""
    hops: int = 192
    """Hops per sequence."""
    rate: float = 5e-4
    """Peak learning rate."""
    belief: float = 0.5
    """Weight of what the context network learns of its own."""
    heard_noise: float = 0.15
    """Deviation of the noise on what is heard of the mix."""
    input_noise: float = 0.0
    """Most deviation of the noise on what is fed back, relative to each level; every sequence
    draws its own, from none to this. Above 0 the network learns to mend its own slips."""
    hint_drop: float = 0.5
    """Share of sequences played without transport, and without groove label."""
    anticipation_shares: tuple[float, ...] = (0.2, 0.5, 0.3)
    """How often each anticipation is practised."""
    fitted: int = 100_000
    """Latents that the codebooks are fitted to."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of codebooks, batches, noise and initial weights."""


@dataclass(slots=True)
class _Pupil:
    network: Baseline
    steps: torch.optim.Optimizer
    average: Average


def train_baseline(
    latents: Path,
    run: Path,
    config: GeneratorConfig,
    coding: Coding,
    training: BaselineTraining,
    device: torch.device,
) -> tuple[Baseline, list[float]]:
    """Train, or go on training, the baseline; state and log lie in ``run``.

    Args:
        latents: Folder written by :func:`model.data.latents.encode_songs`.
        run: Folder of this training.
        config: Sizes of the trunk, used when the run is new.
        coding: Levels and codes, used when the run is new.
        training: Budget and hyperparameters.
        device: Where to train.

    Returns:
        The averaged network, and the share of the latents' variance that one level of codes
        keeps, two levels, and so on.

    Raises:
        DataError: There are no latents of a stem class, or too few for the codebooks.
    """
    torch.manual_seed(training.seed)
    state_file = run / "state.pt"
    state = load_state(state_file) if state_file.exists() else None
    if state is not None:
        config = from_mapping(GeneratorConfig, state["config"])
        coding = from_mapping(Coding, state["coding"])
    pupil, clock, step = _pupil(config, coding, device), Clock(training.minutes), 0
    pairs = load_pairs(latents, config.stems, config.anticipations)
    if state is None:
        kept = fit_codes(pupil.network, pairs, training)
        pupil.average = Average(pupil.network, 0.995)
    else:
        kept, step = state["kept"], _restore(pupil, state)
        clock.spent_s = state["spent_s"]
        logger.info("going on at step %d, %.0f s spent", step, clock.spent_s)
    batches = _batches(pairs, config, training, step, device)
    with closing(RunLog(run)) as log:
        while clock.progress < 1:
            set_rate(pupil.steps, training.rate, clock, step)
            figures = _learn(pupil, next(batches), training)
            step += 1
            if step % 10 == 0:
                log.write(step, {**figures, "seconds": clock.elapsed_s})
            if step % training.save_every == 0:
                _save(state_file, pupil, clock, step, kept)
    _save(state_file, pupil, clock, step, kept)
    pupil.network.load_state_dict(pupil.average.weights)
    return pupil.network.eval(), kept


@torch.no_grad()
def fit_codes(
    network: Baseline, pairs: Sequence[Pair], training: BaselineTraining
) -> list[float]:
    """Give a network its codebooks, and the latent of a stem at rest.

    Args:
        network: Its buffers are written.
        pairs: Songs as latents; their stems are quantised.
        training: How many latents to fit, and by which seed.

    Returns:
        Share of the variance kept by one level, by two, and so on.

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
    kept = [round(share, 4) for share in explained(chosen_NC, books)]
    logger.info("codebooks fitted: %s of the variance kept", kept)
    return kept


def _learn(pupil: _Pupil, batch: Batch, training: BaselineTraining) -> dict[str, float]:
    network = pupil.network
    named_BTL = network.pattern(quantise(batch.stem_BTC, network.codebooks))
    before_BTL = F.pad(named_BTL[:, :-1], (0, 0, 1, 0), value=-1)
    fed_BTC = _slips(network, network.fed_back(before_BTL), training)
    heard_BTC = batch.mix_BTC + training.heard_noise * torch.randn_like(batch.mix_BTC)
    given_BTC = batch.annotation_BTC[..., : COUNT + 1] * _kept(batch, training)[:, None, None]
    with torch.autocast(batch.mix_BTC.device.type, dtype=torch.bfloat16):
        logits, belief = network.score(
            heard_BTC, fed_BTC, given_BTC, _condition(batch, training)
        )
    surprise = F.cross_entropy(
        logits.float().flatten(0, 2), named_BTL.flatten(), ignore_index=-1
    )
    beliefs = belief_losses(belief, batch)
    pupil.steps.zero_grad(set_to_none=True)
    (surprise + training.belief * beliefs.total).backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    pupil.steps.step()
    pupil.average.follow(network)
    named = (named_BTL >= 0) & (logits.argmax(-1) == named_BTL)
    right_L = named.float().mean((0, 1)).tolist()
    rights = {f"right_{level}": share for level, share in enumerate(right_L)}
    return {"surprise": surprise.item(), **rights, **beliefs.figures()}


def _slips(network: Baseline, fed_BTC: Tensor, training: BaselineTraining) -> Tensor:
    """Return what is fed back with noise on it, as loud as the level it is on."""
    if training.input_noise == 0:
        return fed_BTC
    loud_L = network.codebooks.square().mean((1, 2)).sqrt()
    loud_C = loud_L.repeat_interleave(network.config.latent)
    share_B = training.input_noise * torch.rand(len(fed_BTC), 1, 1, device=fed_BTC.device)
    return fed_BTC + share_B * loud_C * torch.randn_like(fed_BTC)


def _condition(batch: Batch, training: BaselineTraining) -> StreamCondition:
    size, device = len(batch.stem_B), batch.stem_B.device
    shares = torch.tensor(training.anticipation_shares)
    return StreamCondition(
        batch.stem_B,
        torch.multinomial(shares, size, replacement=True).to(device),
        batch.groove_B * _kept(batch, training).long(),
        torch.zeros(size, 1, device=device),
    )


def _kept(batch: Batch, training: BaselineTraining) -> Tensor:
    kept = torch.rand(len(batch.stem_B)) >= training.hint_drop
    return kept.float().to(batch.stem_B.device)


def _batches(
    pairs: list[Pair],
    config: GeneratorConfig,
    training: BaselineTraining,
    step: int,
    device: torch.device,
) -> Iterator[Batch]:
    batches = pair_batches(
        pairs,
        config.stems,
        config.grooves,
        batch=training.batch,
        hops=training.hops,
        rng=random.Random(training.seed + step),
    )
    return (batch.to(device) for batch in batches)


def _pupil(config: GeneratorConfig, coding: Coding, device: torch.device) -> _Pupil:
    network = Baseline(config, coding).to(device)
    steps = torch.optim.Adam(network.parameters(), betas=(0.9, 0.95))
    return _Pupil(network, steps, Average(network, 0.995))


def _restore(pupil: _Pupil, state: dict[str, Any]) -> int:
    pupil.network.load_state_dict(state["network"])
    pupil.steps.load_state_dict(state["steps"])
    pupil.average.weights = state["average"]
    pupil.average.steps = step = int(state["step"])
    return step


def _save(path: Path, pupil: _Pupil, clock: Clock, step: int, kept: list[float]) -> None:
    save_state(
        path,
        {
            "config": asdict(pupil.network.config),
            "coding": asdict(pupil.network.coding),
            "network": pupil.network.state_dict(),
            "steps": pupil.steps.state_dict(),
            "average": pupil.average.weights,
            "kept": kept,
            "spent_s": clock.elapsed_s,
            "step": step,
        },
    )
