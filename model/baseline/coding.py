"""How a latent becomes codes: so many levels, so many codes each, and when each is named."""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.errors import ConfigError

__all__ = ["Coding"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """Sizes of the residual quantiser, the delay pattern, and how codes are drawn."""

    codes: int = 256
    """Codes of each level."""
    delays: tuple[int, ...] = (0, 1, 1, 1)
    """Steps by which each level is named after the first, one number a level.

    A latent can sound once its last level is named, so the first level of a hop is named
    ``lead`` steps before the hop is due. StreamMusicGen names its last level 60 ms after its
    first; one hop of ours is 50 ms.
    """
    temperature: float = 1.0
    """Divides the logits before a code is drawn; the player's noise control scales it."""
    top_k: int = 64
    """Only that many of the likeliest codes can be drawn."""

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: A number is out of its range, or no level comes first.
        """
        if self.codes < 2 or not 1 <= self.top_k <= self.codes:
            raise ConfigError(
                "codes must be 2 or more and top_k 1 to codes, "
                f"got {self.codes=}, {self.top_k=}"
            )
        if not self.delays or min(self.delays) != 0:
            raise ConfigError(f"delays must be 0 or more, the least of them 0: {self.delays}")
        if not 0 < self.temperature < math.inf:
            raise ConfigError(f"temperature must be above 0 and finite, got {self.temperature}")

    @property
    def levels(self) -> int:
        """Codes per latent."""
        return len(self.delays)

    @property
    def lead(self) -> int:
        """Hops by which the first level is named before its hop sounds."""
        return max(self.delays)
