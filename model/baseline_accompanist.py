"""The baseline on stage: the same band, whose players draw codes and hear themselves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from model.accompanist import Accompanist, EncodedCondition, ranked
from model.baseline.network import BaselineState
from model.checkpoint import BaselineCheckpoint
from model.sampling import hop_noise

__all__ = ["BaselineAccompanist"]


class BaselineAccompanist(Accompanist):
    """The players of one checkpoint of the baseline.

    Unlike LiveBand's, each hears its own codes of the hop before. Its seed draws the codes, and
    its noise scales their temperature: 0 plays the likeliest, 1 what the checkpoint says.

    Args:
        checkpoint: The networks.
    """

    def __init__(self, checkpoint: BaselineCheckpoint) -> None:
        self._levels = checkpoint.generator.coding.levels
        super().__init__(checkpoint)

    def _hop_noise(self, seat: EncodedCondition, hop: int) -> NDArray[np.float32]:
        drawn = hop_noise(seat.seed, hop, self._levels)
        return np.append(drawn, np.float32(seat.noise))

    @torch.inference_mode()
    def _rank(self, before: Sequence[int], after: Sequence[int]) -> None:
        super()._rank(before, after)
        thinking = self._thinking
        assert isinstance(thinking, BaselineState)
        fresh = self._generator.init_band(len(set(after) - set(before)))
        thinking.named = ranked(thinking.named, fresh.named, before, after)
