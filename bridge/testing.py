"""Test doubles of the model and the beat tracker: known output, no checkpoint.

Public, so that authors of a back end, a model or a control surface can test against them.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.protocols import (
    Arrays,
    Audio,
    BandAudio,
    BeatTracker,
    Conditions,
    HopModel,
    Phase,
    SavedState,
)
from model.formats.conditions import LikelyGrooves

__all__ = ["ModelWithTracker", "PassThroughModel", "ScriptedModel", "SteadyTracker"]

_STEMS = ("drums", "bass", "guitar", "piano", "strings", "lead", "other")
_SAMPLE_RATE = 48000
_HOP = 2400
_PHASES = 4096
"""Number of hops whose phase is kept."""


class _TestModel:
    """Common part of the test models: hop grid, players, history of the mix, hop counts."""

    def __init__(self, overlap: int = 0) -> None:
        self.name = self.identity = type(self).__name__
        self.sample_rate = _SAMPLE_RATE
        self.hop = _HOP
        self.overlap = overlap
        self.stems: tuple[str, ...] = _STEMS
        self.anticipations: tuple[int, ...] = (0, 2, 20)
        self.grooves: tuple[str, ...] = ("straight", "swing")
        self.likely_grooves: LikelyGrooves = {"bass": ("swing", "straight")}
        self.players: dict[int, Conditions] = {}
        """Conditions of each player, by its number."""
        self.phases: list[Phase | None] = []
        """Phase at each of the last hops played, oldest first."""
        self._phase: Phase | None = None
        self.restart()

    @property
    def conditions(self) -> Conditions:
        """Conditions of the first player."""
        return self.players[min(self.players)]

    def condition(self, player: int, conditions: Conditions, /) -> None:
        """Set the conditions of a player, and add it if it is new."""
        self.players[player] = conditions

    def dismiss(self, player: int, /) -> None:
        """Remove a player."""
        self.players.pop(player, None)

    def follow(self, phase: Phase | None) -> None:
        """Set the phase at which the next hop begins."""
        self._phase = phase

    def listen(self, mix: Audio) -> None:
        """Hear one hop of the mix, shape ``(hop,)``."""
        self._mix[self._heard] = mix.copy()
        self._mix.pop(self._heard - 2 * self.anticipations[-1], None)
        self._heard += 1

    def skip(self, hops: int) -> None:
        """Skip lost hops; they count as silence."""
        self._heard += hops
        self._played += hops

    def advance_counters(self, hops: int) -> None:
        """Advance the hop counts by ``hops`` hops."""
        self.skip(hops)

    def state(self) -> object:
        """Return a copy of the mix hops heard, by their age in hops."""
        return {self._heard - index: mix.copy() for index, mix in self._mix.items()}

    def restore(self, memory: Mapping[int, Audio], /) -> None:
        """Replace the mix hops heard by those of ``state``."""
        self._mix.clear()
        for age, mix in memory.items():
            self._mix[self._heard - age] = mix.copy()

    def packed(self, memory: Mapping[int, Audio], /) -> dict[str, Audio]:
        """Return a state as arrays, named by their age in hops."""
        return {str(age): mix for age, mix in memory.items()}

    def unpacked(self, arrays: Arrays, /) -> dict[int, Audio]:
        """Return the state that ``packed`` made arrays of."""
        return {int(age): mix for age, mix in arrays.items()}

    def reset(self) -> None:
        """Clear what was heard; there is nothing to fade."""
        self._forget()

    def restart(self) -> None:
        """Start a fresh take."""
        self._forget()
        self._heard = 0
        self._played = 0

    def _forget(self) -> None:
        self._mix: dict[int, Audio] = {}

    def _newest_allowed(self) -> Audio:
        """Return the newest mix hop that the stem hop now due may depend on."""
        self.phases.append(self._phase)
        del self.phases[:-_PHASES]
        self._phase = None
        index = self._played - 1 - self.conditions.anticipation_hops
        return self._mix.get(index, np.zeros(self.hop, np.float32))


class PassThroughModel(_TestModel):
    """Pass-through: hop ``k`` of every player is mix hop ``k - 1 - anticipation``.

    The output is the input, late by exactly the causal latency, so it measures every latency
    the bridge reports. Only a reset is faded, over 5 ms.
    """

    _RISE = np.arange(1, 241, dtype=np.float32) / np.float32(240)
    _last: np.float32
    """Last frame played."""
    _fading_frame: np.float32
    """Last frame before a reset, which still has to fade out."""
    _is_new: bool
    """Whether nothing heard since a reset has been played yet."""

    def play(self) -> BandAudio:
        """Return the next hop for every player, shape ``(players, hop)``."""
        is_heard = self._played - 1 - self.conditions.anticipation_hops in self._mix
        hop = self._newest_allowed().copy()
        if self._is_new and is_heard:
            hop[: len(self._RISE)] *= self._RISE
            self._is_new = False
        hop[: len(self._RISE)] += self._fading_frame * self._RISE[::-1]
        self._fading_frame, self._last = np.float32(0.0), hop[-1]
        self._played += 1
        return np.tile(hop, (len(self.players), 1))

    def reset(self) -> None:
        """Clear what was heard: the present sound fades out, and the next hop fades in."""
        super().reset()
        self._fading_frame, self._is_new = self._last, True

    def restart(self) -> None:
        """Start a fresh take, in which nothing is faded."""
        super().restart()
        self._fading_frame = self._last = np.float32(0.0)
        self._is_new = False


class ScriptedModel(_TestModel):
    """Model whose every hop depends on the whole past: mix, conditions, phases, hop count.

    A dropped, doubled, late or reordered hop changes all that follow, so two paths that give
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
        self._memories: dict[int, Audio] = {}
        super().__init__(overlap)
        self._step_s = step_s
        self._stalls = dict(stalls or {})

    def dismiss(self, player: int, /) -> None:
        """Remove a player and its state."""
        super().dismiss(player)
        self._memories.pop(player, None)

    def play(self) -> BandAudio:
        """Return the next hop for every player, shape ``(players, hop)``."""
        seconds = self._stalls.get(self._played, self._step_s)
        if seconds > 0.0:
            time.sleep(seconds)
        beat = 0.0 if self._phase is None else self._phase.beat + self._phase.bar
        mix = self._newest_allowed()
        hops = [self._play_one(player, mix, beat) for player in sorted(self.players)]
        self._played += 1
        return np.stack(hops)

    def _play_one(self, player: int, mix: Audio, beat: float) -> Audio:
        now = self.players[player]
        generator = np.random.default_rng((now.seed, self._played))
        noise = generator.standard_normal(self.hop, dtype=np.float32)
        before = self._memories.get(player, np.zeros(self.hop, np.float32))
        memory = self._memories[player] = np.float32(0.7) * before + mix
        colour = np.float32(0.2 + 0.1 * self.stems.index(now.stem))
        sound = colour * memory + np.float32(0.05 * now.noise) * noise
        hop: Audio = np.tanh(sound + np.float32(0.02 * beat))
        return hop

    def _forget(self) -> None:
        super()._forget()
        self._memories.clear()


@dataclass(frozen=True, slots=True)
class ModelWithTracker:
    """Loader of a model together with a beat tracker; see ``bridge.engine.loader``."""

    load: Callable[[], HopModel]
    load_tracker: Callable[[], BeatTracker]

    def __call__(self) -> HopModel:
        """Return the model."""
        return self.load()


@dataclass(frozen=True, slots=True)
class _Beat:
    beat: float
    bar: float
    tempo_bpm: float
    beats_per_bar: int
    confidence: float


class SteadyTracker:
    """Beat tracker with a fixed tempo, whose first bar starts at the first sample.

    Other calls are recorded in ``calls``. Zeros are silence.

    Args:
        tempo_bpm: Fixed tempo.
        beats_per_bar: Fixed number of beats in a bar.
    """

    identity = "5e" * 32

    def __init__(self, tempo_bpm: float = 120.0, beats_per_bar: int = 4) -> None:
        self.sample_rate = _SAMPLE_RATE
        self.tempo_bpm, self.beats_per_bar = tempo_bpm, beats_per_bar
        self.confidence = 1.0
        """Confidence of every estimate."""
        self.calls: list[tuple[object, ...]] = []
        self.samples = self._silent = 0

    @property
    def silence_s(self) -> float:
        """Duration of the zeros at the end of the input, in seconds."""
        return self._silent / self.sample_rate

    def listen(self, mix: Audio) -> None:
        """Process some samples."""
        self.samples += len(mix)
        self._silent = 0 if np.any(mix) else self._silent + len(mix)

    def skip(self, samples: int) -> None:
        """Skip some samples."""
        self.samples += samples

    def estimate(self, ahead_s: float) -> _Beat | None:
        """Return the beat; None before any sample."""
        if not self.samples:
            return None
        beats = (self.samples / self.sample_rate + ahead_s) * self.tempo_bpm / 60.0
        bar = beats / self.beats_per_bar % 1.0
        return _Beat(beats % 1.0, bar, self.tempo_bpm, self.beats_per_bar, self.confidence)

    def restrict(self, slowest_bpm: float, fastest_bpm: float, *, hold: bool) -> None:
        """Record the call."""
        self.calls.append(("restrict", slowest_bpm, fastest_bpm, hold))

    def halve(self) -> None:
        """Halve the tempo; below 40 bpm that is refused."""
        if self.tempo_bpm < 80.0:
            raise ValueError(f"half of {self.tempo_bpm:g} bpm is slower than 40 bpm")
        self.tempo_bpm /= 2.0

    def double(self) -> None:
        """Double the tempo."""
        self.tempo_bpm *= 2.0

    def begin_bar(self, ahead_s: float) -> None:
        """Record the call."""
        self.calls.append(("begin_bar", ahead_s))

    def tap(self, ahead_s: float, tempo_bpm: float | None, beat_in_bar: int | None) -> None:
        """Record the call."""
        self.calls.append(("tap", ahead_s, tempo_bpm, beat_in_bar))

    def reset(self) -> None:
        """Clear the state."""
        self.samples = self._silent = 0

    def state(self) -> int:
        """Return the number of samples heard."""
        return self.samples

    def restore(self, memory: SavedState, /) -> None:
        """Restore that count."""
        self.samples = memory

    def packed(self, memory: SavedState, /) -> dict[str, NDArray[np.int64]]:
        """Return the number of samples heard, as an array."""
        return {"samples": np.array(memory)}

    def unpacked(self, arrays: Arrays, /) -> int:
        """Return the number of samples heard."""
        return int(arrays["samples"])
