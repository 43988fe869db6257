"""Settings that several trainings share, and those of the generator's."""

from __future__ import annotations

from dataclasses import dataclass

from model.errors import ModelConfigError

__all__ = ["LiveBandTraining", "ReconstructionSettings", "SequenceSettings", "TrainingSettings"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingSettings:
    """Settings of every training."""

    steps: int = 4000
    """Steps of the whole training; learning rates fall to a tenth at its end."""
    batch: int = 8
    """Crops or sequences per step and process."""
    save_every: int = 100
    """Steps between saved states."""
    seed: int = 0
    """Seed of initial weights, batches and noise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReconstructionSettings(TrainingSettings):
    """Settings of a training that reconstructs crops of audio."""

    hops: int = 30
    """Hops per crop."""
    warm_hops: int = 5
    """First hops of a crop, left out of the losses while the states fill."""
    rate: float = 6e-4
    """Peak learning rate."""
    latent_noise: float = 0.2
    """Standard deviation of the noise added to the latents of some crops, relative to their
    own, for a decoder that is robust to errors of the generator."""
    mel: float = 2.0
    """Weight of the log-mel distance."""
    energy: float = 2.0
    """Weight of the distance of energies."""
    level: float = 0.1
    """Weight of the distance of the vocoder's magnitudes from those of the true spectrum;
    small, since overlapping windows with differing phases add up to less."""
    phase: float = 2.0
    """Weight of the likelihood of phase advances."""
    recordings_share: float = 0.45
    """Share of the crops taken from recordings, where there are any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SequenceSettings(TrainingSettings):
    """Settings of a training on sequences of latents, and how often each condition occurs."""

    steps: int = 8000
    batch: int = 16
    hops: int = 192
    """Hops per sequence."""
    belief: float = 0.5
    """Weight of the context network's prediction losses, from 0. At 0 the generator's training
    leaves that network as its own first steps, or the checkpoint begun with, have made it."""
    heard_noise: float = 0.15
    """Standard deviation of the noise added to the mix latents in training only, against
    memorised songs."""
    anticipation_shares: tuple[float, ...] = (0.2, 0.5, 0.3)
    """Share of each anticipation, in the order of the generator's."""
    groove_share: float = 0.5
    """Share of sequences given a groove label: their own, or any where it is unknown."""
    tracked_share: float = 0.65
    """Share of sequences given the beat the tracker found in their mix, errors included."""
    cold_share: float = 0.5
    """Share of sequences that are told of the beat as a take is that begins, and in the
    generator's training of the mix as well."""
    true_share: float = 0.1
    """Share of sequences given the true beat; the others are given none."""

    def __post_init__(self) -> None:
        """Check the weight of the predictions.

        Raises:
            ModelConfigError: It is below 0.
        """
        if not self.belief >= 0:
            raise ModelConfigError(
                f"belief must be 0 or more, got {self.belief:g}; 0 leaves the context network "
                "as it is"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveBandTraining(SequenceSettings):
    """Settings of the generator's training."""

    context_share: float = 0.08
    """First share of the steps, in which only the context network is trained; none where a
    generator of the same kind is trained further."""
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
    means: float = 1.0
    """Weight of the distance of the distributions of sequences' means, by stem."""
    changes: float = 1.0
    """Weight of the same distance for differences over 1, 2 or 4 hops."""
    level: float = 0.3
    """Weight of the distance of the distributions of the level and of its changes."""
    bands: float = 1.0
    """Weight of the distance of the distributions of the levels of bands of the spectrum."""
    probe_stretches: int = 128
    """Stretches of each kind that the level probe learns from, at least 10."""
    probe_steps: int = 1500
    """Steps of the level probe's fit."""
    stem_prediction: float = 8.0
    """Weight of the error with which the stem network's features predict the true stem; its
    gradient is then about a fifth of the adversarial one."""
    seeds: float = 1.0
    """Weight of the error with which the seed is estimated from the generated stem."""
    takes: float = 1.0
    """Weight of the loss on second takes that differ too little."""
    takes_share: float = 0.25
    """Share of a batch, 0..0.5, that is second takes of its first items: only seeds differ."""
    takes_apart: float = 0.5
    """What two takes should differ by, above 0, as a share of what two songs differ by."""
    mix_drop: float = 0.1
    """Share of sequences that the discriminator scores without their mix."""
    groove_share: float = 1.0
    compiled: bool = False
    """Whether both networks are compiled: minutes at first, then faster."""

    def __post_init__(self) -> None:
        """Check the ranges of second takes and of the level probe's fit.

        Raises:
            ModelConfigError: A value is out of its range.
        """
        SequenceSettings.__post_init__(self)
        if self.probe_stretches < 10 or self.probe_steps < 1:
            raise ModelConfigError(
                "the level probe needs probe_stretches of 10 or more, a tenth of which it is "
                f"tried on, and probe_steps of 1 or more, got {self.probe_stretches} and "
                f"{self.probe_steps}"
            )
        if not 0 <= self.takes_share <= 0.5:
            raise ModelConfigError(
                f"takes_share must be 0 to 0.5, since each second take has a first one in its "
                f"batch, got {self.takes_share:g}; 0 trains without second takes"
            )
        if not self.takes_apart > 0:
            raise ModelConfigError(
                f"takes_apart must be above 0, got {self.takes_apart:g}; to let second takes "
                "be alike, set takes to 0"
            )

    @property
    def second_takes(self) -> int:
        """Items of a batch that are second takes of its first ones."""
        if not self.takes:
            return 0
        return min(round(self.takes_share * self.batch), self.batch // 2)
