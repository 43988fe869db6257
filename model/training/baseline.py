"""Training of the baseline: fit codebooks, then learn to name the next codes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.baseline.coding import Coding
from model.baseline.network import Baseline
from model.baseline.quantiser import explained, fit_codebooks, quantise
from model.config import GeneratorConfig, from_mapping
from model.data.batches import Batch, PairBatches
from model.data.latents import Pair, load_pairs
from model.data.pairing import SILENCE_DB
from model.training.averaging import Average
from model.training.conditions import ConditionShares, draw_condition, told_beat
from model.training.context import belief_losses
from model.training.optimisation import descend
from model.training.precision import fast_products
from model.training.prefetch import Prefetched, batch_rng
from model.training.processes import Processes
from model.training.run_log import Figures
from model.training.run_state import find_state
from model.training.trainer import Progress, Sitting, Trainer

__all__ = ["BaselineTask", "BaselineTraining", "fit_codes", "train_baseline"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class BaselineTraining:
    """How the baseline is trained; what it shares with LiveBand has the same values."""

    steps: int = 8000
    """Steps of the whole training; the learning rate falls to a tenth at its end."""
    batch: int = 16
    """Sequences per step and process."""
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
    anticipation_shares: tuple[float, ...] = (0.2, 0.5, 0.3)
    """How often each anticipation is practised."""
    groove_share: float = 0.5
    """Share of sequences that are told their groove label."""
    tracked_share: float = 0.65
    """Share of sequences told the beat that the tracker heard in their mix."""
    true_share: float = 0.1
    """Share of sequences told the true beat; the rest are told none."""
    fitted: int = 100_000
    """Latents that the codebooks are fitted to."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of codebooks, batches, noise and initial weights."""

    @property
    def shares(self) -> ConditionShares:
        """How often each condition is practised."""
        return ConditionShares(
            anticipations=self.anticipation_shares,
            groove=self.groove_share,
            tracked=self.tracked_share,
            true=self.true_share,
        )


class BaselineTask:
    """The baseline, told the true codes of the step before.

    Args:
        network: With its codebooks, on the device.
        kept: Share of the latents' variance that one level of codes keeps, two, and so on.
        training: Hyperparameters.
        draw: Makes the batch of a step.
        processes: Who trains together.
    """

    def __init__(
        self,
        network: Baseline,
        kept: list[float],
        training: BaselineTraining,
        draw: Callable[[int], Batch],
        processes: Processes,
    ) -> None:
        self.network, self.kept = network, kept
        self._training, self._processes = training, processes
        self._device = network.codebooks.device
        self._steps = torch.optim.Adam(network.parameters(), betas=(0.9, 0.95), fused=True)
        self.average = Average(network, 0.995)
        self._batches = Prefetched(draw)

    @property
    def sizes(self) -> dict[str, Any]:
        """Configuration of the trunk and of the codes, and what they keep."""
        return {
            "generator": asdict(self.network.config),
            "coding": asdict(self.network.coding),
            "kept": self.kept,
        }

    @property
    def parts(self) -> Mapping[str, Any]:
        """Network, optimiser and average."""
        return {"network": self.network, "steps": self._steps, "average": self.average}

    @property
    def optimisers(self) -> Mapping[torch.optim.Optimizer, float]:
        """The optimiser and its peak rate."""
        return {self._steps: self._training.rate}

    def step(self, number: int) -> Figures:
        """Learn to name the codes of one batch."""
        network, training = self.network, self._training
        batch = self._batches.take(number).to(self._device)
        named_BTL = network.pattern(quantise(batch.stem_BTC, network.codebooks))
        before_BTL = F.pad(named_BTL[:, :-1], (0, 0, 1, 0), value=-1)
        fed_BTC = _slips(network, network.fed_back(before_BTL), training)
        heard_BTC = batch.mix_BTC + training.heard_noise * torch.randn_like(batch.mix_BTC)
        condition = draw_condition(batch, training.shares, 1)
        told_BTC = told_beat(
            batch, condition, training.shares, confidence=network.config.confidence
        )
        with fast_products(self._device):
            logits, belief = network.score(heard_BTC, fed_BTC, told_BTC, condition)
        surprise = F.cross_entropy(
            logits.float().flatten(0, 2), named_BTL.flatten(), ignore_index=-1
        )
        beliefs = belief_losses(belief, batch)
        loss = surprise + training.belief * beliefs.total
        descend(self._steps, network, loss, limit=1.0, processes=self._processes)
        self.average.follow(network)
        named = (named_BTL >= 0) & (logits.argmax(-1) == named_BTL)
        right_L = named.float().mean((0, 1))
        rights = {f"right_{level}": share for level, share in enumerate(right_L)}
        return {"surprise": surprise.detach(), **rights, **beliefs.figures()}

    def close(self) -> None:
        """Stop preparing batches."""
        self._batches.close()


def train_baseline(
    latents: Path,
    config: GeneratorConfig,
    coding: Coding,
    training: BaselineTraining,
    sitting: Sitting,
) -> tuple[Baseline, list[float], Progress]:
    """Train, or go on training, the baseline; state and log lie in the sitting's folder.

    Args:
        latents: Folder written by :func:`model.data.latents.encode_songs`.
        config: Sizes of the trunk, used when the run is new.
        coding: Levels and codes, used when the run is new.
        training: Hyperparameters.
        sitting: Where, with whom, and for how long.

    Returns:
        The averaged network, the share of the latents' variance that one level of codes
        keeps, two levels, and so on, and how far it came.

    Raises:
        DataError: There are no latents of a stem class, too few for the codebooks, or the run
            is of another version.
    """
    torch.manual_seed(training.seed)
    state = find_state(sitting.run)
    if state is not None:
        config = from_mapping(GeneratorConfig, state["sizes"]["generator"])
        coding = from_mapping(Coding, state["sizes"]["coding"])
    network = Baseline(config, coding).to(sitting.device)
    pairs = load_pairs(latents, config.stems, config.anticipations)
    kept = fit_codes(network, pairs, training) if state is None else state["sizes"]["kept"]
    batches = PairBatches(
        pairs, config.stems, config.grooves, batch=training.batch, hops=training.hops
    )
    task = BaselineTask(
        network,
        kept,
        training,
        lambda step: batches.draw(batch_rng(training.seed, step, sitting.processes)),
        sitting.processes,
    )
    progress = Trainer(training, sitting).train(task)
    network.load_state_dict(task.average.weights)
    return network.eval(), kept, progress


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


def _slips(network: Baseline, fed_BTC: Tensor, training: BaselineTraining) -> Tensor:
    """Return what is fed back with noise on it, as loud as the level it is on."""
    if training.input_noise == 0:
        return fed_BTC
    loud_L = network.codebooks.square().mean((1, 2)).sqrt()
    loud_C = loud_L.repeat_interleave(network.config.latent)
    share_B = training.input_noise * torch.rand(len(fed_BTC), 1, 1, device=fed_BTC.device)
    return fed_BTC + share_B * loud_C * torch.randn_like(fed_BTC)
