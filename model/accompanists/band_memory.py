"""Memory of a band: what it heard and played, to be restored later or kept in a file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.errors import ModelConfigError

__all__ = ["Arrays", "BandMemory", "LatentHistory", "found_array"]

Arrays = Mapping[str, NDArray[Any]]
"""A memory taken apart: arrays by the path of the field that they fill."""

E = TypeVar("E")
G = TypeVar("G")

Latent = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BandMemory(Generic[E, G]):
    """What an accompanist has heard and played, as its ``state`` keeps it."""

    identity: str
    """SHA-256 of the checkpoint's weights."""
    players: tuple[int, ...]
    """Players whose streams the generator's state holds, in their order."""
    encoder: E
    generator: G
    latents: tuple[Latent | None, ...]
    """The newest mix latents, ``(1, latent)``; None for those that were lost."""


class LatentHistory:
    """The newest mix latents, and which of them the hop to be played may hear.

    Args:
        longest: Largest anticipation that may be asked for, in hops.
    """

    def __init__(self, longest: int) -> None:
        self._latents: deque[Latent | None] = deque(maxlen=longest + 2)
        self._heard = self._played = self._first = 0

    def __iter__(self) -> Iterator[Latent | None]:
        return iter(self._latents)

    @property
    def hop(self) -> int:
        """The hop to be played, counted from the last reset."""
        return self._played - self._first

    def append(self, latent: Latent) -> None:
        """Add the latent of the next hop of the mix, ``(1, latent)``."""
        self._latents.append(latent)
        self._heard += 1

    def advance(self) -> None:
        """Count a hop as played."""
        self._played += 1

    def skip(self, hops: int) -> None:
        """Pass over hops that were lost: unheard, unplayed, not waited for."""
        self._latents.extend([None] * min(hops, self._latents.maxlen or 0))
        self._heard += hops
        self._played += hops

    def newest(self, anticipation_hops: int) -> Latent | None:
        """Return the mix latent that the hop to be played hears, None where there is none."""
        age = self._heard - (self._played - 1 - anticipation_hops)
        return self._latents[-age] if 1 <= age <= len(self._latents) else None

    def forget(self) -> None:
        """Drop all latents and count takes from here; mix and stem hops keep their places."""
        self._latents.clear()
        self._first = self._played

    def restart(self) -> None:
        """Drop all latents and count every hop from 0 again."""
        self._latents.clear()
        self._heard = self._played = self._first = 0

    def replace(self, latents: tuple[Latent | None, ...]) -> None:
        """Hold these latents instead; mix and stem hops keep their places."""
        self._latents.clear()
        self._latents.extend(latents)


def found_array(arrays: Arrays, name: str, shape: tuple[int | None, ...]) -> NDArray[Any]:
    """Return an array of a memory that was taken apart.

    Args:
        arrays: Of the memory.
        name: Path of the field that it fills.
        shape: That it must have; None is any length.

    Raises:
        ModelConfigError: It is missing or has another shape.
    """
    if name not in arrays:
        raise ModelConfigError(f"this memory lacks {name}; it was kept by another version")
    array = arrays[name]
    fits = array.ndim == len(shape) and all(
        wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if length is None else str(length) for length in shape)
        raise ModelConfigError(
            f"{name} of this memory has shape {array.shape}, expected ({wanted}); it was kept "
            "by another checkpoint"
        )
    return array
