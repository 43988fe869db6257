"""Band of one checkpoint of the baseline, whose players draw codes and hear themselves."""

from __future__ import annotations

import numpy as np

from model.accompanists.accompanist import Places
from model.accompanists.torch_accompanist import TorchAccompanist, select_streams
from model.array_types import Float32Array
from model.checkpoint import Checkpoint
from model.layers.sampling import hop_noise
from model.networks.baseline.network import Baseline, BaselineState
from model.networks.generator import GeneratorState

__all__ = ["BaselineAccompanist"]


class BaselineAccompanist(TorchAccompanist):
    """The players of one checkpoint of the baseline.

    Unlike LiveBand's, each hears its own codes of the hop before. Its seed draws the codes, and
    its noise scales their temperature: 0 plays the likeliest, 1 what the checkpoint says.

    Args:
        checkpoint: The networks, of the baseline.
        inference_mode: See :class:`model.accompanists.torch_accompanist.TorchAccompanist`.
    """

    def __init__(self, checkpoint: Checkpoint, *, inference_mode: bool = True) -> None:
        assert isinstance(checkpoint.generator, Baseline)
        self._levels = checkpoint.generator.coding.levels
        super().__init__(checkpoint, inference_mode=inference_mode)

    def _noise(self, hop: int) -> Float32Array:
        noise = np.empty((len(self._conditions), self._levels + 1), np.float32)
        for row, condition in enumerate(self._conditions.values()):
            noise[row, :-1] = hop_noise(condition.seed, hop, self._levels)
            noise[row, -1] = condition.noise
        return noise

    def _select_generator(self, state: GeneratorState, places: Places) -> GeneratorState:
        selected = super()._select_generator(state, places)
        assert isinstance(selected, BaselineState)
        with self._context():
            fresh = self._generator.init_band(places.count(None))
            selected.named = select_streams(selected.named, fresh.named, places)
        return selected
