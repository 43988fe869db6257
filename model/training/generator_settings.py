"""Settings of the generator's training."""

from __future__ import annotations

from dataclasses import dataclass

from model.training.conditions import ConditionShares

__all__ = ["LiveBandTraining"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveBandTraining:
    """How the generator is trained."""

    steps: int = 8000
    """Steps of the whole training; learning rates fall to a tenth at its end."""
    batch: int = 16
    """Sequences per step and process."""
    hops: int = 192
    """Hops per sequence."""
    context_share: float = 0.08
    """First share of the steps, in which the context network learns alone."""
    generator_rate: float = 5e-4
    """Peak learning rate of the generator."""
    discriminator_rate: float = 5e-4
    """Peak learning rate of the discriminator."""
    belief: float = 0.5
    """Weight of what the context network learns of its own, once both play."""
    matching: float = 2.0
    """Weight of telling the right mix from a wrong one, at every second step."""
    penalty: float = 4.0
    """Weight of the slope penalty, on real and on played stems by turns, at every fourth."""
    probe: float = 0.1
    """Deviation of the noise by which slopes are measured."""
    quantiles: float = 2.0
    """Weight of matching how every channel is distributed, by anticipation and by stem."""
    changes: float = 1.0
    """Weight of matching in the same way how the channels change over 1, 2 or 4 hops."""
    seeds: float = 1.0
    """Weight of reading the stream's seed back from what was played."""
    heard_noise: float = 0.15
    """Deviation of the noise on what the generator hears, so that it learns fewer songs by
    heart; none on stage."""
    mix_drop: float = 0.1
    """Share of sequences judged without their mix."""
    anticipation_shares: tuple[float, ...] = (0.2, 0.5, 0.3)
    """How often each anticipation is practised."""
    groove_share: float = 0.9
    """Share of sequences that are told their groove label."""
    tracked_share: float = 0.65
    """Share of sequences told the beat that the tracker heard in their mix."""
    true_share: float = 0.1
    """Share of sequences told the true beat; the rest are told none."""
    compiled: bool = False
    """Whether both networks are compiled: minutes at first, then faster."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of batches, noise and initial weights."""

    @property
    def shares(self) -> ConditionShares:
        """How often each condition is practised."""
        return ConditionShares(
            anticipations=self.anticipation_shares,
            groove=self.groove_share,
            tracked=self.tracked_share,
            true=self.true_share,
        )
