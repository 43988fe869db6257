"""Settings of the generator's training."""

from __future__ import annotations

from dataclasses import dataclass

from model.training.settings import SequenceSettings

__all__ = ["LiveBandTraining"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveBandTraining(SequenceSettings):
    """Settings of the generator's training."""

    context_share: float = 0.08
    """First share of the steps, in which only the context network is trained."""
    generator_rate: float = 5e-4
    """Peak learning rate of the generator."""
    discriminator_rate: float = 5e-4
    """Peak learning rate of the discriminator."""
    matching: float = 2.0
    """Weight of the mismatched-mix loss, at every second step."""
    penalty: float = 4.0
    """Weight of the gradient penalty, on real and generated stems by turns, every 4th step."""
    probe: float = 0.1
    """Standard deviation of the noise of the finite-difference gradient penalty."""
    quantiles: float = 2.0
    """Weight of the distance of channel distributions, by anticipation and by stem."""
    changes: float = 1.0
    """Weight of the same distance for differences over 1, 2 or 4 hops."""
    seeds: float = 1.0
    """Weight of the error with which the seed is estimated from the generated stem."""
    mix_drop: float = 0.1
    """Share of sequences that the discriminator scores without their mix."""
    groove_share: float = 0.9
    compiled: bool = False
    """Whether both networks are compiled: minutes at first, then faster."""
