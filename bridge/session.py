"""The music of one take: mix hops in, stem hops out, each with its place in time.

No clock, thread, socket or file: the engine calls it live and ``liveband render`` calls it
offline, and both get the same frames.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from bridge.cue import Cue, is_line_within
from bridge.errors import ConfigError
from bridge.held import HeldMix, loop_frames
from bridge.latency import HOPS_PER_SECOND, LatencyBudget, hop_frames, latency_budget
from bridge.protocols import ANY_GROOVE, Audio, Conditions, HopModel, Memory
from bridge.resample import conversion_delays, make_resamplers
from bridge.tempo import Grid, TempoMap

__all__ = ["Session", "StemHop"]


@dataclass(frozen=True, slots=True)
class StemHop:
    """A piece of the stem and where it belongs."""

    position: int
    """First frame, at the host's rate, counted from the epoch."""
    audio: Audio
    """At the host's rate; shape ``(hop,)``, less where it would begin before the epoch."""


class Session:
    """Play with a model, hop by hop, at the host's sample rate.

    However the anticipation changes, after each hop heard the session plays until
    ``played == heard + 1 + anticipation``, oldest hop first: more at once when the
    anticipation grew, none for a while when it shrank.

    Args:
        model: Who plays. The session steers it alone from here on.
        rate: Frames per second of the host, a multiple of 20.
        conditions: What to play.

    Raises:
        ConfigError: The rate is no multiple of 20 Hz, the model's hop is not 50 ms, or the
            model cannot meet the conditions.
    """

    def __init__(self, model: HopModel, rate: int, conditions: Conditions) -> None:
        if model.hop * HOPS_PER_SECOND != model.sample_rate:
            raise ConfigError(
                f"a model's hop must last 50 ms, "
                f"got {model.hop} frames at {model.sample_rate} Hz"
            )
        self.hop = hop_frames(rate)
        self._model = model
        self._delays = conversion_delays(rate, model.sample_rate, model.overlap)
        self._to_model, self._to_host = make_resamplers(rate, model.sample_rate, model.overlap)
        self._tempo: TempoMap | None = None
        self._held = HeldMix(rate)
        self._held_back = False
        self._banks: dict[int, Memory] = {}
        self._cue = Cue(conditions)
        self._clear(0)
        _check(model, conditions)
        self._enforce(conditions)

    @property
    def heard(self) -> int:
        """Hops of the mix heard or skipped: the index of the next one to feed."""
        return self._heard

    @property
    def played(self) -> int:
        """Hops of the stem played or skipped."""
        return self._played

    @property
    def is_in_step(self) -> bool:
        """Whether exactly what the anticipation wants has been played."""
        return self._played == self._heard + 1 + self._conditions.anticipation_hops

    @property
    def conditions(self) -> Conditions:
        """What is being played."""
        return self._conditions

    @property
    def waiting(self) -> frozenset[str]:
        """What waits for the beat: fields of the conditions, and ``reset``."""
        return self._cue.waiting

    @property
    def trail(self) -> int:
        """Frames by which each stem hop begins before its hop of the grid."""
        return self._delays.total

    def budget(self, block: int, phase: int = 0) -> LatencyBudget:
        """Return the latency under the present conditions; see ``latency_budget``."""
        return latency_budget(
            block=block,
            hop=self.hop,
            anticipation_hops=self._conditions.anticipation_hops,
            resampler_in=self._delays.into,
            resampler_out=self._delays.back,
            overlap=self._delays.overlap,
            phase=phase,
        )

    def start(self, first_hop: int = 0) -> Iterator[StemHop]:
        """Begin a fresh take on a hop of the grid.

        Args:
            first_hop: Index of the first mix hop that will be fed.

        Returns:
            The stem hops due before anything was heard, played as they are asked for.
        """
        self._model.restart()
        self._clear(first_hop)
        return self._due()

    def feed(self, mix: Audio) -> Iterator[StemHop]:
        """Hear one hop of the mix.

        Args:
            mix: Shape ``(hop,)`` at the host's rate.

        Returns:
            The stem hops now due, played as they are asked for.

        Raises:
            ValueError: The shape is another.
        """
        if mix.shape != (self.hop,):
            raise ValueError(f"a mix hop has shape ({self.hop},), got {mix.shape}")
        self._model.listen(self._to_model.step(self._held.hear(mix), self._state_in))
        self._heard += 1
        return self._due()

    def skip_to(self, hop: int) -> None:
        """Pass over lost hops, so that ``hop`` is the next to feed; the stem skips as many.

        Args:
            hop: Index of the next mix hop; going back is ignored.
        """
        lost = hop - self._heard
        if lost > 0:
            self._land(lost)
            self._model.skip(lost)
            self._held.skip(lost * self.hop)
            self._heard += lost
            self._played += lost

    def condition(
        self,
        conditions: Conditions,
        *,
        asked: frozenset[str] | None = None,
        grid: Grid = Grid.OFF,
    ) -> None:
        """Take new conditions, in force from the next hop played, or from a line of the grid.

        Args:
            conditions: All of them.
            asked: Fields that wait for the grid; the others wait only if they did before.
                None for all.
            grid: What they wait for. The stem hop in which the beat or bar begins is the
                first to be played with them, whatever the anticipation.

        Raises:
            ConfigError: The model does not know the stem, the anticipation or the groove, or
                the noise or seed is out of range. Nothing has changed then.
        """
        _check(self._model, conditions)
        if asked is None:
            self._enforce(self._cue.ask(conditions))
        else:
            self._enforce(self._cue.ask(conditions, asked=asked, grid=grid))

    def follow(self, tempo: TempoMap | None) -> None:
        """Tell the model the beat from the next hop played on; None leaves it to its ear.

        Args:
            tempo: With frames at the host's rate, counted from the epoch.
        """
        self._tempo = tempo

    def reset(self, grid: Grid = Grid.OFF, bank: int = 0) -> None:
        """Forget what was heard, now or on a line of the grid; the take keeps its place.

        Args:
            grid: What the reset waits for.
            bank: What is remembered instead; 0, or a bank that is empty by then, for nothing.
        """
        if self._cue.ask_reset(grid, bank):
            self._reset(bank)

    @property
    def banks(self) -> frozenset[int]:
        """Banks that hold something."""
        return frozenset(self._banks)

    def store(self, bank: int) -> None:
        """Keep what was heard so far; over what the bank held."""
        self._banks[bank] = self._model.state()

    def recall(self, bank: int) -> None:
        """Remember what a bank holds instead of what was heard since, from the next hop on.

        Raises:
            ConfigError: It is empty.
        """
        if bank not in self._banks:
            filled = ", ".join(map(str, sorted(self._banks))) or "none"
            raise ConfigError(f"bank {bank} is empty; filled: {filled}")
        self._model.restore(self._banks[bank])

    def clear(self, bank: int) -> None:
        """Empty a bank; an empty one is fine."""
        self._banks.pop(bank, None)

    def _reset(self, bank: int) -> None:
        self._model.reset()
        if bank in self._banks:
            self._model.restore(self._banks[bank])

    def _clear(self, first_hop: int) -> None:
        self._heard = self._played = first_hop
        self._state_in = self._to_model.init_state()
        self._state_out = self._to_host.init_state()
        self._held.clear()
        if self._held_back:
            self._held.hold(0)  # a fresh take has heard nothing that could go on

    def _enforce(self, conditions: Conditions) -> None:
        before = self._held_back
        self._model.condition(conditions)
        self._conditions = conditions
        if conditions.freeze and not before:
            self._held.hold(loop_frames(self._tempo, self.hop * HOPS_PER_SECOND))
        elif before and not conditions.freeze:
            self._held.release()
        self._held_back = conditions.freeze

    def _land(self, hops: int) -> None:
        """Do what waited, if a line lies within the next hops to be played."""
        begin = self._played * self.hop
        end = begin + hops * self.hop
        if self._cue.waiting and is_line_within(self._tempo, self._cue.grid, begin, end):
            conditions, reset = self._cue.land()
            self._enforce(conditions)
            if reset is not None:
                self._reset(reset)

    def _due(self) -> Iterator[StemHop]:
        while self._is_due():
            self._land(1)
            if not self._is_due():
                return
            tempo = self._tempo
            phase = None if tempo is None else tempo.phase(self._played * self.hop)
            if phase is not None:
                self._model.follow(phase)
            audio = self._to_host.step(self._model.play(), self._state_out)
            position = self._played * self.hop - self.trail
            self._played += 1
            early = max(0, -position)
            if early < self.hop:
                yield StemHop(position + early, audio[early:])

    def _is_due(self) -> bool:
        return self._played < self._heard + 1 + self._conditions.anticipation_hops


def _check(model: HopModel, conditions: Conditions) -> None:
    """Refuse conditions that the model cannot meet, naming what it can."""
    if conditions.stem not in model.stems:
        near = difflib.get_close_matches(conditions.stem.lower(), model.stems, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(
            f"unknown stem {conditions.stem!r}: this model plays {', '.join(model.stems)}{hint}"
        )
    if conditions.anticipation_hops not in model.anticipations:
        known = ", ".join(f"{hops / HOPS_PER_SECOND:g}" for hops in model.anticipations)
        raise ConfigError(
            f"unknown anticipation {conditions.anticipation_hops / HOPS_PER_SECOND:g} s: "
            f"this model plays with {known} s"
        )
    if conditions.groove != ANY_GROOVE and conditions.groove not in model.grooves:
        known = ", ".join((ANY_GROOVE, *model.grooves))
        raise ConfigError(f"unknown groove {conditions.groove!r}: this model plays {known}")
    if not 0.0 <= conditions.noise < float("inf"):
        raise ConfigError(f"noise must be 0 or more, got {conditions.noise:g}")
    if not 0 <= conditions.seed < 2**31:
        raise ConfigError(f"the seed must lie in 0..{2**31 - 1}, got {conditions.seed}")
