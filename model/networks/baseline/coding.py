"""Settings of the residual quantiser, of the delay pattern and of sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.errors import ModelConfigError

__all__ = ["Coding"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Coding:
    """Sizes of the residual quantiser, delay pattern, and sampling of codes."""

    codes: int = 256
    """Codes per level."""
    delays: tuple[int, ...] = (0, 1, 1, 1)
    """Steps by which each level is predicted after the first, one number per level.

    A latent is complete with its last level, so the first level of a hop is predicted ``lead``
    steps before the hop is due. StreamMusicGen predicts its last level 60 ms after its first;
    one hop of ours is 50 ms.
    """
    temperature: float = 1.0
    """Divides the logits before sampling; the player's noise control scales it."""
    top_k: int = 64
    """Number of likeliest codes that can be drawn."""

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ModelConfigError: A number is out of its range, or no delay is 0.
        """
        if self.codes < 2 or not 1 <= self.top_k <= self.codes:
            raise ModelConfigError(
                "codes must be 2 or more and top_k 1 to codes, "
                f"got {self.codes=}, {self.top_k=}"
            )
        if not self.delays or min(self.delays) != 0:
            raise ModelConfigError(
                f"delays must be 0 or more, the least of them 0: {self.delays}"
            )
        if not 0 < self.temperature < math.inf:
            raise ModelConfigError(
                f"temperature must be above 0 and finite, got {self.temperature}"
            )

    @property
    def levels(self) -> int:
        """Codes per latent."""
        return len(self.delays)

    @property
    def lead(self) -> int:
        """Hops by which the first level is predicted before its hop sounds."""
        return max(self.delays)
