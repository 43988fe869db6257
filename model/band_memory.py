"""What a band has heard and played, and how it is taken apart to be kept in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.autoencoder import EncoderState
from model.errors import ConfigError
from model.generator import GeneratorState
from model.memory import Arrays, packed, unpacked

__all__ = ["Memory"]


@dataclass(frozen=True, slots=True)
class Memory:
    """What an accompanist has heard and played, as its ``state`` keeps it."""

    identity: str
    """Of the checkpoint."""
    players: tuple[int, ...]
    """Whose streams the stem network's rings hold, in their order."""
    hearing: EncoderState
    thinking: GeneratorState
    heard: tuple[Tensor | None, ...]
    """The newest mix latents, ``(1, 1, latent)``; None for those that were lost."""

    def arrays(self, latent: int) -> dict[str, NDArray[Any]]:
        """Return all but the identity as named arrays.

        Args:
            latent: Channels of a mix latent.
        """
        none_BTC = np.empty((0, 1, latent), np.float32)
        known = [latent_BTC for latent_BTC in self.heard if latent_BTC is not None]
        return {
            **packed(self.hearing, "hearing"),
            **packed(self.thinking, "thinking"),
            "players": np.array(self.players, np.int64),
            "known": np.array([latent_BTC is not None for latent_BTC in self.heard], bool),
            "heard": np.concatenate([none_BTC, *known]),
        }

    @classmethod
    def of(
        cls, arrays: Arrays, identity: str, hearing: EncoderState, thinking: GeneratorState
    ) -> Self:
        """Return the memory that was taken apart.

        Args:
            arrays: Of a checkpoint with this identity.
            identity: Of that checkpoint.
            hearing: Any state of its encoder; it stays as it is.
            thinking: Any state of its generator, likewise.

        Raises:
            ConfigError: An array is missing or does not fit.
        """
        lacking = {"players", "known", "heard"} - arrays.keys()
        if lacking:
            raise ConfigError(f"this memory lacks {', '.join(sorted(lacking))}")
        latents = iter(torch.from_numpy(arrays["heard"]).float()[:, None])
        return cls(
            identity,
            tuple(arrays["players"].tolist()),
            unpacked(hearing, arrays, "hearing"),
            unpacked(thinking, arrays, "thinking"),
            tuple(next(latents) if known else None for known in arrays["known"].tolist()),
        )
