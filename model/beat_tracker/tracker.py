"""The beat tracker as a whole: hears a mix, tells beat, bar, tempo and confidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.beat_tracker.bar_pointer import BarPointer
from model.beat_tracker.network import BeatNetwork
from model.beat_tracker.spectrum import FRAMES_PER_SECOND, SAMPLE_RATE, LogSpectrum
from model.beat_tracker.weights import load_weights

__all__ = ["BeatTracker", "Estimate", "load"]

Audio = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Estimate:
    beat: float
    bar: float
    tempo_bpm: float
    beats_per_bar: int
    confidence: float


class BeatTracker:
    sample_rate = SAMPLE_RATE

    def __init__(self, network: BeatNetwork, identity: str) -> None:
        self.identity = identity
        self._spectrum, self._network, self._pointer = LogSpectrum(), network, BarPointer()
        self.reset()

    silence_s = 0.0

    def reset(self) -> None:
        self._s = self._spectrum.init_state()
        self._n = self._network.init_state()
        self._p = self._pointer.init_state()
        self._frames = 0
        self._ev = 0.0

    def listen(self, mix: Audio) -> None:
        for activation in self._network.step(self._spectrum.step(mix, self._s), self._n):
            e = self._pointer.step(activation, self._p)
            keep = math.exp(-1 / 200)
            self._ev = keep * self._ev + (1 - keep) * e * 2.5
            self._frames += 1

    def skip(self, samples: int) -> None:
        self.listen(np.zeros(samples, np.float32))

    def estimate(self, ahead_s: float) -> Estimate | None:
        if not self._frames:
            return None
        since = self._s.samples / SAMPLE_RATE - (self._frames - 1) / FRAMES_PER_SECOND
        beat, bar, period, metre = self._pointer.read(
            (since + ahead_s) * FRAMES_PER_SECOND, self._p
        )
        return Estimate(
            beat, bar, 60 * FRAMES_PER_SECOND / period, metre, min(1, max(0, self._ev / 0.5))
        )

    def restrict(self, slowest_bpm: float, fastest_bpm: float, *, hold: bool) -> None: ...

    def state(self):
        return None

    def restore(self, m):
        pass

    def packed(self, m):
        return {}

    def unpacked(self, a):
        return None


def load() -> BeatTracker:
    weights, identity = load_weights()
    return BeatTracker(BeatNetwork(weights), identity)
