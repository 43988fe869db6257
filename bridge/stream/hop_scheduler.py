"""The music of one take: mix hops in, the players' stem hops out, each with its place in time.

No clock, thread, socket or file: the engine calls it live and ``liveband render`` calls it
offline, and both get the same frames.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bridge.common.latency import HOPS_PER_SECOND, LatencyBudget, hop_frames, latency_budget
from bridge.controls.beat_tracking import BeatCorrection
from bridge.controls.table import ControlKey
from bridge.protocols import Audio, BandAudio, BeatTracker, Conditions, HopModel
from bridge.stream.banks import StateBanks
from bridge.stream.freeze_loop import FreezeLoop, loop_frames
from bridge.stream.pending_changes import PendingChanges, is_line_within
from bridge.stream.player_fades import PlayerFades
from bridge.stream.resample import conversion_delays, make_resamplers
from bridge.stream.rest_fade import RestFade
from bridge.stream.supported import check_conditions, check_rates
from bridge.stream.timekeeper import Timekeeper
from bridge.tempo import QuantizeGrid, TempoEstimate, Timekeeping
from model.formats.conditions import actual_groove

__all__ = ["FIRST_PLAYER", "HopScheduler", "StemHop"]

FIRST_PLAYER = 1
"""Number of the player whose anticipation and freeze hold for the whole band."""


@dataclass(frozen=True, slots=True)
class StemHop:
    """A piece of every stem and where it belongs."""

    position: int
    """First frame, at the host's rate, counted from the epoch."""
    audio: BandAudio
    """At the host's rate; ``(players, hop)``, less where it would begin before the epoch."""
    players: tuple[int, ...]
    """Whose the rows are: who plays, and who has just left and ends within this hop."""


class HopScheduler:
    """Play with a model, hop by hop, at the host's sample rate.

    Players are numbered from 1. All that are given play at first; :meth:`set_players` says who plays
    from then on. What a player is asked to be is kept while it does not play.

    However the anticipation changes, after each hop heard the session plays until
    ``played == heard + 1 + anticipation``, oldest hop first: more at once when the
    anticipation grew, none for a while when it shrank.

    Args:
        model: Who plays. The session steers it alone from here on.
        rate: Frames per second of the host, a multiple of 20.
        first: What player 1 plays, and how far ahead everyone looks.
        others: What further players play.
        tracker: Makes out the beat of what is heard; None for none.

    Raises:
        ConfigError: The rate is no multiple of 20 Hz, the model's hop is not 50 ms, the
            tracker listens at another rate than the model, or the model cannot meet the
            conditions.
    """

    def __init__(
        self,
        model: HopModel,
        rate: int,
        first: Conditions,
        *others: Conditions,
        tracker: BeatTracker | None = None,
    ) -> None:
        check_rates(model, tracker)
        self.model = self._model = model
        """Who plays; only the session steers it."""
        self._time = Timekeeper(tracker)
        self._held_back = False
        self.banks = StateBanks(model, self._time.heard)
        """What was kept of what was heard."""
        for asked in (first, *others):
            check_conditions(model, asked)
        self._cues = {
            player: PendingChanges(asked)
            for player, asked in enumerate((first, *others), FIRST_PLAYER)
        }
        self._players = tuple(self._cues)
        self._heard = self._played = 0
        self._held = FreezeLoop(model.sample_rate)
        self._convert(rate)
        self._clear(0)
        for player in self._players:
            self._enforce(player)

    def move_to(self, rate: int) -> None:
        """Go on for a host of another rate, with all that was heard; hops count from 0 anew.

        What was played ahead belongs to frames of the old rate and is lost: as many hops pass
        before the players fade in.

        Args:
            rate: Frames per second, a multiple of 20.

        Raises:
            ConfigError: The rate is no multiple of 20 Hz.
        """
        self._convert(rate)
        for player in self._players:
            self._voices.join(player)
        self._held.break_off()
        self._played -= self._heard
        self._heard = 0
        self._count_heard(0)

    def _convert(self, rate: int) -> None:
        model = self._model
        self.hop = hop_frames(rate)
        self._delays = conversion_delays(rate, model.sample_rate, model.overlap)
        self._to_model, to_host = make_resamplers(rate, model.sample_rate, model.overlap)
        self._state_in = self._to_model.init_state()
        self._voices = PlayerFades(to_host, self.hop)
        self._rest = RestFade(self.hop)

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
        return self._played == self._heard + 1 + self.conditions.anticipation_hops

    @property
    def conditions(self) -> Conditions:
        """What the first player plays."""
        return self._cues[FIRST_PLAYER].now

    @property
    def players(self) -> tuple[int, ...]:
        """Who plays, in the order of their numbers."""
        return self._players

    @property
    def known(self) -> tuple[int, ...]:
        """Who has been given conditions, whether it plays or not."""
        return tuple(sorted(self._cues))

    @property
    def waiting(self) -> frozenset[str]:
        """What waits for the beat: fields of the conditions, and ``reset``.

        Those of further players stand behind their number, as in ``player/2/stem``.
        """
        return frozenset(
            str(ControlKey(player, name))
            for player, cue in self._cues.items()
            for name in cue.waiting
        )

    @property
    def trail(self) -> int:
        """Frames by which each stem hop begins before its hop of the grid."""
        return self._delays.total

    def budget(self, block: int, phase: int = 0, loop: int = 0) -> LatencyBudget:
        """Return the latency under the present conditions; see ``latency_budget``."""
        return latency_budget(
            block=block,
            hop=self.hop,
            anticipation_hops=self.conditions.anticipation_hops,
            resampler_in=self._delays.into,
            resampler_out=self._delays.back,
            overlap=self._delays.overlap,
            loop=loop,
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
        heard = self._held.hear(self._to_model.step(mix, self._state_in))
        self._model.listen(heard)
        self._time.listen(heard)
        self._count_heard(1)
        return self._due()

    def overhear(self, mix: Audio) -> None:
        """Make out the beat of a hop of the mix to which nobody plays.

        Args:
            mix: See :meth:`feed`.
        """
        self._time.listen(self._to_model.step(mix, self._state_in))
        self._pass_over(1)

    def skip_to(self, hop: int) -> None:
        """Pass over lost hops, so that ``hop`` is the next to feed; the stem skips as many.

        Args:
            hop: Index of the next mix hop; going back is ignored.
        """
        lost = hop - self._heard
        if lost > 0:
            self._time.heard.skip(lost * self._model.hop)
            self._pass_over(lost)

    def _pass_over(self, hops: int) -> None:
        self._land(hops)
        self._model.skip(hops)
        self._held.skip(hops * self._model.hop)
        self._count_heard(hops)
        self._played += hops

    def _count_heard(self, hops: int) -> None:
        self._heard += hops
        end = self._heard * self.hop - self._delays.into
        self._time.reach(end, self.hop * HOPS_PER_SECOND)

    def set_players(self, players: Iterable[int]) -> None:
        """Say who plays from the next hop on; nobody steps for the others.

        Who joins a take that goes on begins afresh, and fades in within 5 ms; who leaves ends
        as softly.

        Args:
            players: At least one; each has been given conditions.
        """
        wanted = tuple(sorted(set(players)))
        before, self._players = self._players, wanted
        for player in before:
            if player not in wanted:
                self._model.dismiss(player)
                self._voices.leave(player)
        for player in wanted:
            if player not in before:
                self._model.condition(player, self._asked_of(player))
                self._voices.join(player)

    def condition(
        self,
        conditions: Conditions,
        *,
        player: int = FIRST_PLAYER,
        asked: frozenset[str] | None = None,
        grid: QuantizeGrid = QuantizeGrid.OFF,
    ) -> None:
        """Take new conditions, in force from the next hop played, or from a line of the grid.

        Args:
            conditions: All of them; anticipation and freeze are the first player's to say.
            player: Whom they are for. One not known yet does not play before it is seated.
            asked: Fields that wait for the grid; the others wait only if they did before.
                None for all.
            grid: What they wait for. The stem hop in which the beat or bar begins is the
                first to be played with them, whatever the anticipation.

        Raises:
            ConfigError: The model does not know the stem, the anticipation or the groove, or
                the noise or seed is out of range. Nothing has changed then.
        """
        check_conditions(self._model, conditions)
        cue = self._cues.setdefault(player, PendingChanges(conditions))
        if asked is None:
            cue.ask(conditions)
        else:
            cue.ask(conditions, asked=asked, grid=grid)
        self._enforce(player)

    def follow(self, time: Timekeeping) -> None:
        """Say who keeps time from the next hop on; where nobody does, the model counts.

        Args:
            time: Its tempo map's frames are at the host's rate, counted from the epoch.
        """
        self._time.follow(time)

    def correct(self, correction: BeatCorrection) -> None:
        """Have the beat tracker take a player's word; its frame is counted from the epoch.

        Raises:
            ConfigError: It leads out of the range of tempi, or there is no tracker.
        """
        self._time.correct(correction)

    @property
    def beat(self) -> TempoEstimate | None:
        """What the beat tracker makes out now; frames are counted from the epoch."""
        return self._time.beat

    def reset(self, grid: QuantizeGrid = QuantizeGrid.OFF, bank: int = 0) -> None:
        """Let all forget what was heard, now or on a line; the take keeps its place.

        Args:
            grid: What the reset waits for.
            bank: What is remembered instead; 0, or a bank that is empty by then, for nothing.
        """
        if self._cues[FIRST_PLAYER].ask_reset(grid, bank):
            self._reset(bank)

    def _reset(self, bank: int) -> None:
        self._model.reset()
        self._time.heard.reset()
        if bank in self.banks.filled:
            self.banks.recall(bank)

    def _clear(self, first_hop: int) -> None:
        self._heard = self._played = first_hop
        self._count_heard(0)
        self._state_in = self._to_model.init_state()
        self._voices.begin(self._players)
        self._rest.begin()
        self._time.heard.reset()
        self._held.clear()
        if self._held_back:
            self._held.hold(0)  # a fresh take has heard nothing that could go on

    def _asked_of(self, player: int) -> Conditions:
        """Return what a player is to be: as far ahead as the first, in a groove by name."""
        now = self._cues[player].now
        return replace(
            now,
            anticipation_hops=self.conditions.anticipation_hops,
            groove=actual_groove(now.groove, now.stem, self.model.likely_grooves),
        )

    def _enforce(self, player: int) -> None:
        """Have the model play what is in force for a player; the first's concerns all."""
        for other in self._players if player == FIRST_PLAYER else {player} & {*self._players}:
            self._model.condition(other, self._asked_of(other))
        if player == FIRST_PLAYER:
            self._freeze(self.conditions)

    def _freeze(self, conditions: Conditions) -> None:
        before = self._held_back
        if conditions.freeze and not before:
            tempo = self._time.tempo_at(self._heard * self.hop)
            frames = loop_frames(tempo, self.hop * HOPS_PER_SECOND)
            self._held.hold(round(frames * self._model.hop / self.hop))
        elif before and not conditions.freeze:
            self._held.release()
        self._held_back = conditions.freeze

    def _land(self, hops: int) -> None:
        """Do what waited, if a line lies within the next hops to be played."""
        first = self._played * self.hop
        begin, end = first - self._time.slack, first + hops * self.hop
        for player, cue in self._cues.items():
            if cue.waiting and is_line_within(self._time.tempo_at(first), cue.grid, begin, end):
                _, reset = cue.land()
                self._enforce(player)
                if reset is not None:
                    self._reset(reset)

    def _due(self) -> Iterator[StemHop]:
        while self._is_due():
            self._land(1)
            if not self._is_due():
                return
            phase = self._time.phase_at(self._played * self.hop)
            if phase is not None:
                self._model.follow(phase)
            players, audio = self._voices.step(self._model.play())
            audio = self._rest.step(audio, rests=self._time.rests)
            position = self._played * self.hop - self.trail
            self._played += 1
            early = max(0, -position)
            if early < self.hop:
                yield StemHop(position + early, audio[:, early:], players)

    def _is_due(self) -> bool:
        return self._played < self._heard + 1 + self.conditions.anticipation_hops
