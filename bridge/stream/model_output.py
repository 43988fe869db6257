"""Output of a model, of which only numbers are passed on."""

import logging

import numpy as np

from bridge.common.refusal_log import RefusalLog
from bridge.protocols import BandAudio, HopModel

__all__ = ["ModelOutput"]

logger = logging.getLogger(__name__)

_BROKEN = (
    "the model %s plays samples that are no numbers: it is silent for as long, and forgets "
    "what it has heard; check the mix for a fault, or play another checkpoint"
)


class ModelOutput:
    """Plays a model; a hop with NaN or infinity in it is silent, and the model is reset.

    Those samples would spoil every program that they reach, and a memory that holds them would
    play nothing else from then on.

    Args:
        model: The model.
    """

    def __init__(self, model: HopModel) -> None:
        self._model = model
        self._refusals = RefusalLog(logger)

    def play(self) -> BandAudio:
        """Return the next hop of every player, shape ``(players, hop)``."""
        audio = self._model.play()
        if np.isfinite(audio).all():
            self._refusals.accept(_BROKEN)
            return audio
        self._refusals.refuse(_BROKEN, _BROKEN, self._model.name)
        self._model.reset()
        return np.zeros_like(audio)
