"""Who is in a band and what each is asked to be, as the generator counts. Knows no networks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.annotation import COUNT, TransportPhase
from model.config import GeneratorConfig
from model.errors import ConfigError
from model.sampling import hop_noise, seed_noise

__all__ = [
    "ANY_GROOVE",
    "Conditions",
    "EncodedCondition",
    "Heard",
    "Phase",
    "default_seat",
    "require_same_weights",
    "seat",
    "transport",
]

Array = NDArray[np.float32]
L = TypeVar("L")

ANY_GROOVE = "any"
"""Groove label of a player who chooses for itself."""


class Conditions(Protocol):
    """What is read of the conditions that a player is given."""

    @property
    def stem(self) -> str:
        """One of the stem classes."""

    @property
    def anticipation_hops(self) -> int:
        """Whole hops by which the stem runs ahead."""

    @property
    def groove(self) -> str:
        """A groove, or :data:`ANY_GROOVE`."""

    @property
    def noise(self) -> float:
        """Scale of all noise."""

    @property
    def seed(self) -> int:
        """Name of the take."""


class Phase(Protocol):
    """A place in the bar; see :class:`model.annotation.TransportPhase`."""

    @property
    def beat(self) -> float:
        """Share of the beat that has passed."""

    @property
    def bar(self) -> float:
        """Share of the bar that has passed."""

    @property
    def tempo_bpm(self) -> float:
        """Beats per minute."""

    @property
    def confidence(self) -> float:
        """How sure whoever tells it is, 0..1."""


@dataclass(frozen=True, slots=True)
class EncodedCondition:
    """What one player is asked to be, as the generator counts."""

    stem: int
    anticipation: int
    groove: int
    noise: float
    seed: int
    z_g: Array
    """Its stream-constant noise, scaled, ``(seed_noise,)``."""

    def hop_noise(self, hop: int, channels: int) -> Array:
        """Return its noise of one hop of the take, scaled, ``(channels,)``."""
        z_k: Array = self.noise * hop_noise(self.seed, hop, channels)
        return z_k


def seat(name: str, config: GeneratorConfig, conditions: Conditions) -> EncodedCondition:
    """Return conditions as a generator counts.

    Args:
        name: Of the checkpoint, for the messages.
        config: Of the generator.
        conditions: What a player is asked to be.

    Raises:
        ConfigError: The stem class, the anticipation or the groove is not one of the
            checkpoint's.
    """
    stem, hops, groove = conditions.stem, conditions.anticipation_hops, conditions.groove
    if stem not in config.stems:
        raise ConfigError(f"unknown stem {stem!r}; {name} plays {', '.join(config.stems)}")
    if hops not in config.anticipations:
        raise ConfigError(f"{hops} hops of anticipation; known: {config.anticipations}")
    grooves = (ANY_GROOVE, *config.grooves)
    if groove not in grooves:
        raise ConfigError(f"unknown groove {groove!r}; {name} knows {', '.join(grooves)}")
    return EncodedCondition(
        config.stems.index(stem),
        config.anticipations.index(hops),
        grooves.index(groove),
        conditions.noise,
        conditions.seed,
        conditions.noise * seed_noise(conditions.seed, config.seed_noise),
    )


def default_seat(config: GeneratorConfig) -> EncodedCondition:
    """Return the first of all that a generator can be asked for, without a name of its take."""
    return EncodedCondition(0, 0, 0, 1.0, 0, seed_noise(0, config.seed_noise))


def transport(phase: Phase | None, config: GeneratorConfig) -> tuple[float, ...]:
    """Return the count at a hop's start and how sure it is, ``COUNT + 1`` numbers.

    Args:
        phase: Where beat and bar are; None where nobody tells.
        config: Of the generator. One that was not trained with ``confidence`` is told 1 for
            any beat.
    """
    if phase is None:
        return (0.0,) * (COUNT + 1)
    count = TransportPhase(phase.beat, phase.bar, phase.tempo_bpm).count()
    return (*count, phase.confidence if config.confidence else 1.0)


class Heard(Generic[L]):
    """The newest mix latents, and which of them the hop to be played may hear.

    Args:
        anticipations: In hops, of which any may be asked for.
    """

    def __init__(self, anticipations: tuple[int, ...]) -> None:
        self._latents: deque[L | None] = deque(maxlen=max(anticipations) + 2)
        self._heard = self._played = self._first = 0

    def __iter__(self) -> Iterator[L | None]:
        return iter(self._latents)

    @property
    def hop(self) -> int:
        """The hop to be played, counted from the last reset."""
        return self._played - self._first

    def hear(self, latent: L) -> None:
        """Take in the next hop of the mix."""
        self._latents.append(latent)
        self._heard += 1

    def played(self) -> None:
        """Note that a hop was played."""
        self._played += 1

    def skip(self, hops: int) -> None:
        """Pass over hops that were lost: unheard, unplayed, not waited for."""
        self._latents.extend([None] * min(hops, self._latents.maxlen or 0))
        self._heard += hops
        self._played += hops

    def newest(self, anticipation_hops: int) -> L | None:
        """Return the mix latent that the hop to be played hears, None where there is none."""
        age = self._heard - (self._played - 1 - anticipation_hops)
        return self._latents[-age] if 1 <= age <= len(self._latents) else None

    def forget(self) -> None:
        """Forget all latents; mix and stem hops keep their places."""
        self._latents.clear()
        self._first = self._played

    def restart(self) -> None:
        """Be as new."""
        self._latents.clear()
        self._heard = self._played = self._first = 0

    def recall(self, latents: tuple[L | None, ...]) -> None:
        """Hold these latents instead; mix and stem hops keep their places."""
        self._latents.clear()
        self._latents.extend(latents)


def require_same_weights(name: str, identity: str, memory: str) -> None:
    """Refuse to recall what other weights have heard.

    Args:
        name: Of the checkpoint that is asked to.
        identity: Of its weights.
        memory: Of the weights that the memory belongs to.

    Raises:
        ConfigError: They differ.
    """
    if memory != identity:
        raise ConfigError(
            f"this memory belongs to the weights {memory[:12]}, {name!r} has {identity[:12]}; "
            f"load those to recall it"
        )
