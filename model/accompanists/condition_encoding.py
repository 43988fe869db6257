"""Conditions of a player and places in the bar as numbers that the generator takes."""

from __future__ import annotations

from dataclasses import dataclass

from model.array_types import Float32Array
from model.errors import ModelConfigError
from model.formats.conditions import ANY_GROOVE, Conditions, Phase, unmet_condition
from model.layers.sampling import hop_noise, seed_noise
from model.networks.annotation import COUNT, TRUSTED_FROM, phase_count
from model.networks.config import GeneratorConfig

__all__ = ["EncodedCondition", "default_condition", "encode_condition", "transport_input"]


@dataclass(frozen=True, slots=True)
class EncodedCondition:
    """Conditions of one player as indices and noise."""

    stem: int
    """Index into ``config.stems``."""
    anticipation: int
    """Index into ``config.anticipations``."""
    groove: int
    """1 + index into ``config.grooves``, or 0 for any."""
    noise: float
    """Scale of all noise."""
    seed: int
    z_g: Float32Array
    """Its stream-constant noise, scaled, ``(seed_noise,)``."""

    def hop_noise(self, hop: int, channels: int) -> Float32Array:
        """Return its noise of one hop of the take, scaled, ``(channels,)``."""
        z_k: Float32Array = self.noise * hop_noise(self.seed, hop, channels)
        return z_k


def encode_condition(
    config: GeneratorConfig, conditions: Conditions, hop_rate_hz: float
) -> EncodedCondition:
    """Return conditions as a generator takes them.

    Args:
        config: Of the generator.
        conditions: Of a player; ``auto`` is not among its grooves, see
            :func:`model.formats.conditions.actual_groove`.
        hop_rate_hz: Hops per second of its autoencoder, for the messages.

    Raises:
        ModelConfigError: The stem class, the anticipation or the groove is not one of the
            checkpoint's, or the noise or the seed is out of range.
    """
    grooves = (ANY_GROOVE, *config.grooves)
    refusal = unmet_condition(
        conditions,
        stems=config.stems,
        anticipations=config.anticipations,
        grooves=grooves,
        hop_rate_hz=hop_rate_hz,
    )
    if refusal:
        raise ModelConfigError(refusal)
    return EncodedCondition(
        config.stems.index(conditions.stem),
        config.anticipations.index(conditions.anticipation_hops),
        grooves.index(conditions.groove),
        conditions.noise,
        conditions.seed,
        conditions.noise * seed_noise(conditions.seed, config.seed_noise),
    )


def default_condition(config: GeneratorConfig) -> EncodedCondition:
    """Return the first stem class at the first anticipation, in any groove, of seed 0."""
    return EncodedCondition(0, 0, 0, 1.0, 0, seed_noise(0, config.seed_noise))


def transport_input(phase: Phase | None, config: GeneratorConfig) -> tuple[float, ...]:
    """Return the count at a hop's start and how sure it is, ``COUNT + 1`` numbers.

    Args:
        phase: Place in the bar; None where none is known.
        config: Of the generator. One that was trained with ``confidence`` is told how far a
            beat is to be trusted, see :data:`~model.networks.annotation.TRUSTED_FROM`; one
            that was not is told 1 for any beat.
    """
    if phase is None:
        return (0.0,) * (COUNT + 1)
    trust = min(1.0, phase.confidence / TRUSTED_FROM) if config.confidence else 1.0
    return (*phase_count(phase), trust)
