"""Models that stand in for the real one: known answers, no torch, no checkpoint.

Public, because whoever writes a back end, a model or a control surface can test against them.
"""

import time
from collections.abc import Mapping

import numpy as np

from bridge.protocols import Audio, Conditions, Phase

__all__ = ["PassThroughModel", "ScriptedModel"]

_STEMS = ("drums", "bass", "guitar", "piano", "strings", "lead", "other")
_SAMPLE_RATE = 48000
_HOP = 2400


class _Listener:
    """What every double has: the grid, the memory of the mix and the count of hops."""

    def __init__(self, overlap: int = 0) -> None:
        self.sample_rate = _SAMPLE_RATE
        self.hop = _HOP
        self.overlap = overlap
        self.stems: tuple[str, ...] = _STEMS
        self.anticipations: tuple[int, ...] = (0, 2, 20)
        self.grooves: tuple[str, ...] = ("straight", "swing")
        self.conditions = Conditions(stem=_STEMS[0])
        self.phases: list[Phase | None] = []
        """What was known of the beat at each hop played, oldest first."""
        self._phase: Phase | None = None
        self.restart()

    def condition(self, conditions: Conditions) -> None:
        """Take new conditions, effective with the next ``play``."""
        self.conditions = conditions

    def follow(self, phase: Phase | None) -> None:
        """Be told where in the bar the next hop begins."""
        self._phase = phase

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""
        self._mix[self._heard] = mix.copy()
        self._mix.pop(self._heard - 2 * self.anticipations[-1], None)
        self._heard += 1

    def skip(self, hops: int) -> None:
        """Pass over lost hops; they count as silence."""
        self._heard += hops
        self._played += hops

    def state(self) -> object:
        """Return a copy of what was heard, by how long ago."""
        return {self._heard - index: mix.copy() for index, mix in self._mix.items()}

    def restore(self, memory: Mapping[int, Audio], /) -> None:
        """Have heard what ``state`` kept."""
        self._mix.clear()
        for age, mix in memory.items():
            self._mix[self._heard - age] = mix.copy()

    def reset(self) -> None:
        """Forget what was heard; a double has nothing that could fade."""
        self._forget()

    def restart(self) -> None:
        """Begin a fresh take."""
        self._forget()
        self._heard = 0
        self._played = 0

    def _forget(self) -> None:
        self._mix: dict[int, Audio] = {}

    def _newest_allowed(self) -> Audio:
        """Return the newest mix hop that the stem hop now due may depend on."""
        self.phases.append(self._phase)
        self._phase = None
        index = self._played - 1 - self.conditions.anticipation_hops
        return self._mix.get(index, np.zeros(self.hop, np.float32))


class PassThroughModel(_Listener):
    """The wire: stem hop ``k`` is mix hop ``k - 1 - anticipation``, silence before.

    What comes back is what went in, late by exactly the causal latency, which makes it the
    measuring instrument for every latency the bridge reports.
    """

    def play(self) -> Audio:
        """Return the next hop of the stem, shape ``(hop,)``."""
        hop = self._newest_allowed()
        self._played += 1
        return hop


class ScriptedModel(_Listener):
    """An accompanist whose every hop depends on all it heard, its conditions and its count.

    A dropped, doubled, late or reordered hop changes all that follows, so two paths that give
    the same frames did the same work.

    Args:
        overlap: Frames by which its output claims to trail.
        step_s: Seconds that each ``play`` takes; 0 is as fast as it can.
        stalls: Seconds that single hops take instead, by index of the hop.
    """

    def __init__(
        self,
        *,
        overlap: int = 480,
        step_s: float = 0.0,
        stalls: Mapping[int, float] | None = None,
    ) -> None:
        self._memory = np.zeros(_HOP, np.float32)
        super().__init__(overlap)
        self._step_s = step_s
        self._stalls = dict(stalls or {})

    def play(self) -> Audio:
        """Return the next hop of the stem, shape ``(hop,)``."""
        seconds = self._stalls.get(self._played, self._step_s)
        if seconds > 0.0:
            time.sleep(seconds)
        now = self.conditions
        generator = np.random.default_rng((now.seed, self._played))
        noise = generator.standard_normal(self.hop, dtype=np.float32)
        self._memory = np.float32(0.7) * self._memory + self._newest_allowed()
        colour = np.float32(0.2 + 0.1 * self.stems.index(now.stem))
        self._played += 1
        hop: Audio = np.tanh(colour * self._memory + np.float32(0.05 * now.noise) * noise)
        return hop

    def _forget(self) -> None:
        super()._forget()
        self._memory = np.zeros(self.hop, np.float32)
