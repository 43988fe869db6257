"""Scheduling of one take: mix hops in, the players' stem hops out, each with its position.

It owns no clock, thread, socket or file. The engine calls it live and ``liveband render``
calls it offline, and both get the same frames.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bridge.common.latency import HOPS_PER_SECOND, LatencyBudget, hop_frames, latency_budget
from bridge.controls.beat_tracking import BeatCorrection
from bridge.protocols import Audio, BeatTracker, Conditions, HopModel
from bridge.stream.band_changes import FIRST_PLAYER, BandChanges, bar_seconds
from bridge.stream.banks import StateBanks
from bridge.stream.fades import RestFade
from bridge.stream.freeze_loop import FreezeLoop, loop_frames
from bridge.stream.model_output import ModelOutput
from bridge.stream.player_fades import PlayerFades
from bridge.stream.resample import conversion_delays, make_resamplers
from bridge.stream.stem_hop import StemHop
from bridge.stream.timekeeper import Timekeeper
from bridge.stream.validation import check_conditions, check_rates
from bridge.tempo import QuantizeGrid, TempoEstimate, Timekeeping
from model.formats.conditions import actual_groove

__all__ = ["FIRST_PLAYER", "HopScheduler"]

_MARGIN_HOPS = 4
"""Hops from a request to the first one played, and from a hop played to its being heard."""


class HopScheduler:
    """Runs a model hop by hop at the host's sample rate.

    Players are numbered from 1. All players given here play at first; :meth:`set_players`
    chooses among them from then on. Conditions of a player are kept while it does not play.

    However the anticipation changes, after each hop heard the scheduler plays until
    ``played == heard + 1 + anticipation``, oldest hop first: several hops at once when the
    anticipation grew, none for a while when it shrank.

    Args:
        model: The model; nothing else may call it from here on.
        rate: Frames per second of the host, a multiple of 20.
        first: Conditions of player 1; its anticipation and freeze hold for all players.
        others: Conditions of players 2, 3, ...
        tracker: Beat tracker that hears the mix; None for none.

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
        """The model; only the scheduler calls it."""
        self._output = ModelOutput(model)
        self._timekeeper = Timekeeper(tracker)
        self._is_frozen = False
        self.banks = StateBanks(model, self._timekeeper.beat_tracker)
        """Stored states of the model and the beat tracker."""
        for asked in (first, *others):
            check_conditions(model, asked)
        self.changes = BandChanges(first, *others)
        """Conditions of all players: in force, waiting, and settled lately."""
        self._players = self.changes.players
        self._heard = self._played = 0
        self._freeze_loop = FreezeLoop(model.sample_rate)
        self._set_rate(rate)
        self._reset_take(0)
        for player in self._players:
            self._condition_model(player)

    def change_rate(self, rate: int) -> None:
        """Continue at another host rate with the model's state; hops count from 0 again.

        Hops played ahead belong to frames of the old rate and are lost; as many hops pass
        before the players fade in.

        Args:
            rate: Frames per second, a multiple of 20.

        Raises:
            ConfigError: The rate is no multiple of 20 Hz.
        """
        self._set_rate(rate)
        for player in self._players:
            self._player_fades.join(player)
        self._freeze_loop.mark_discontinuity()
        self._played -= self._heard
        self._heard = 0
        self._advance(0)

    def _set_rate(self, rate: int) -> None:
        model = self._model
        self.hop = hop_frames(rate)
        self._delays = conversion_delays(rate, model.sample_rate, model.overlap)
        self._to_model, to_host = make_resamplers(rate, model.sample_rate, model.overlap)
        self._state_in = self._to_model.init_state()
        self._player_fades = PlayerFades(to_host, self.hop)
        self._rest_fade = RestFade(self.hop)

    @property
    def heard(self) -> int:
        """Hops of the mix heard or skipped: the index of the next one to feed."""
        return self._heard

    @property
    def played(self) -> int:
        """Hops of the stem played or skipped."""
        return self._played

    @property
    def is_caught_up(self) -> bool:
        """Whether exactly as many hops were played as the anticipation asks for."""
        return self._played == self._heard + 1 + self.conditions.anticipation_hops

    @property
    def conditions(self) -> Conditions:
        """Conditions of the first player."""
        return self.changes.now(FIRST_PLAYER)

    @property
    def players(self) -> tuple[int, ...]:
        """Numbers of the players that play, ascending."""
        return self._players

    @property
    def known(self) -> tuple[int, ...]:
        """Numbers of all players with conditions, whether they play or not, ascending."""
        return self.changes.players

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the changes that wait for the beat; see ``BandChanges.waiting``."""
        return self.changes.waiting

    @property
    def longest_wait_s(self) -> float:
        """Longest time until a change requested now is heard, in seconds."""
        tempo = self._timekeeper.tempo_at(self._played * self.hop)
        ahead = self.conditions.anticipation_hops + _MARGIN_HOPS
        return (0.0 if tempo is None else bar_seconds(tempo)) + ahead / HOPS_PER_SECOND

    @property
    def trail(self) -> int:
        """Frames by which each stem hop begins before its hop of the grid."""
        return self._delays.total

    def budget(
        self, block: int, phase: int = 0, loop: int = 0, *, irregular: bool = False
    ) -> LatencyBudget:
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
            irregular=irregular,
        )

    def start(self, first_hop: int = 0) -> Iterator[StemHop]:
        """Start a fresh take on a hop of the grid.

        Args:
            first_hop: Index of the first mix hop that will be fed.

        Returns:
            The stem hops due before anything was heard, computed lazily.
        """
        self._model.restart()
        self._reset_take(first_hop)
        return self._due()

    def feed(self, mix: Audio) -> Iterator[StemHop]:
        """Hear one hop of the mix.

        Args:
            mix: Shape ``(hop,)`` at the host's rate.

        Returns:
            The stem hops now due, computed lazily.

        Raises:
            ValueError: The shape is not ``(hop,)``.
        """
        if mix.shape != (self.hop,):
            raise ValueError(f"a mix hop has shape ({self.hop},), got {mix.shape}")
        heard = self._freeze_loop.step(self._to_model.step(mix, self._state_in))
        self._model.listen(heard)
        self._timekeeper.listen(heard)
        self._advance(1)
        return self._due()

    def track_only(self, mix: Audio) -> None:
        """Feed a hop of the mix, see :meth:`feed`, to the beat tracker alone: nobody plays."""
        self._timekeeper.listen(self._to_model.step(mix, self._state_in))
        self._skip(1)

    def skip_to(self, hop: int) -> None:
        """Skip lost hops so that ``hop`` is the next to feed; the stem skips as many.

        Args:
            hop: Index of the next mix hop; a lower one than the present is ignored.
        """
        lost = hop - self._heard
        if lost > 0:
            self._timekeeper.beat_tracker.skip(lost * self._model.hop)
            self._skip(lost)

    def _skip(self, hops: int) -> None:
        self._apply_pending(hops)
        self._model.skip(hops)
        self._freeze_loop.skip(hops * self._model.hop)
        self._advance(hops)
        self._played += hops

    def _advance(self, hops: int) -> None:
        self._heard += hops
        end = self._heard * self.hop - self._delays.into
        self._timekeeper.set_end(end, self.hop * HOPS_PER_SECOND)

    def set_players(self, players: Iterable[int]) -> None:
        """Choose the players that play from the next hop on; the others cost no computation.

        A player added during a take starts from an empty state and fades in within 5 ms; one
        that is removed fades out as fast.

        Args:
            players: At least one; each has conditions.
        """
        wanted = tuple(sorted(set(players)))
        before, self._players = self._players, wanted
        for player in before:
            if player not in wanted:
                self._model.dismiss(player)
                self._player_fades.leave(player)
        for player in wanted:
            if player not in before:
                self._model.condition(player, self._model_conditions(player))
                self._player_fades.join(player)

    def condition(
        self,
        conditions: Conditions,
        *,
        player: int = FIRST_PLAYER,
        asked: frozenset[str] | None = None,
        grid: QuantizeGrid = QuantizeGrid.OFF,
        ticket: int = 0,
    ) -> frozenset[str]:
        """Set conditions, in force from the next hop played or from a line of the grid.

        Args:
            conditions: All of them; anticipation and freeze count for the first player only.
            player: Its number. A new player does not play before :meth:`set_players`.
            asked: Fields that wait for the grid; the others wait only if they did before.
                None for all.
            grid: The line they wait for. The stem hop in which the beat or bar begins is the
                first to be played with them, whatever the anticipation. Where the line does
                not come within the time of a bar, they wait no longer.
            ticket: Number of the request, by which its ``SettledChange`` names it.

        Returns:
            The fields of this request that wait.

        Raises:
            ConfigError: The model does not know the stem, the anticipation or the groove, or
                the noise or seed is out of range. Nothing has changed then.
        """
        check_conditions(self._model, conditions)
        waiting = self.changes.request(
            player, conditions, asked=asked, grid=grid, ticket=ticket, hop=self._played
        )
        self._condition_model(player)
        return waiting

    def follow(self, time: Timekeeping) -> None:
        """Set the source of the beat from the next hop on.

        Args:
            time: Its tempo map counts frames at the host's rate from the epoch.
        """
        self._timekeeper.follow(time)

    def correct(self, correction: BeatCorrection) -> None:
        """Correct the beat tracker; the correction's frame is counted from the epoch.

        Raises:
            ConfigError: It leads out of the range of tempi, or there is no tracker.
        """
        self._timekeeper.correct(correction)

    @property
    def beat(self) -> TempoEstimate | None:
        """Estimate of the beat tracker now; its frames are counted from the epoch."""
        return self._timekeeper.beat

    def reset(
        self, grid: QuantizeGrid = QuantizeGrid.OFF, bank: int = 0, ticket: int = 0
    ) -> bool:
        """Clear the memory of model and beat tracker, now or on a line; hops count on.

        Args:
            grid: The line the reset waits for.
            bank: State recalled instead; 0, or a bank that is empty by then, recalls none.
            ticket: Number of the request, by which its ``SettledChange`` names it.

        Returns:
            Whether it is done; otherwise it waits.
        """
        due = self.changes.request_reset(grid, bank, ticket=ticket, hop=self._played)
        if due:
            self._reset(bank)
        return due

    def _reset(self, bank: int) -> None:
        self._model.reset()
        self._timekeeper.beat_tracker.reset()
        if bank in self.banks.filled:
            self.banks.recall(bank)

    def _reset_take(self, first_hop: int) -> None:
        self._heard = self._played = first_hop
        self._advance(0)
        self._state_in = self._to_model.init_state()
        self._player_fades.reset(self._players)
        self._rest_fade.reset()
        self._timekeeper.beat_tracker.reset()
        self._freeze_loop.clear()
        if self._is_frozen:
            self._freeze_loop.freeze(0)  # a fresh take has no past that could be looped

    def _model_conditions(self, player: int) -> Conditions:
        """Return conditions for the model: anticipation of the first player, actual groove."""
        now = self.changes.now(player)
        return replace(
            now,
            anticipation_hops=self.conditions.anticipation_hops,
            groove=actual_groove(now, self.model.likely_grooves),
        )

    def _condition_model(self, player: int) -> None:
        """Pass conditions in force to the model: of all players where the first changed."""
        for other in self._players if player == FIRST_PLAYER else {player} & {*self._players}:
            self._model.condition(other, self._model_conditions(other))
        if player == FIRST_PLAYER:
            self._freeze(self.conditions)

    def _freeze(self, conditions: Conditions) -> None:
        before = self._is_frozen
        if conditions.freeze and not before:
            tempo = self._timekeeper.tempo_at(self._heard * self.hop)
            frames = loop_frames(tempo, self.hop * HOPS_PER_SECOND)
            self._freeze_loop.freeze(round(frames * self._model.hop / self.hop))
        elif before and not conditions.freeze:
            self._freeze_loop.release()
        self._is_frozen = conditions.freeze

    def _apply_pending(self, hops: int) -> None:
        """Apply pending changes whose line lies within the next hops to be played."""
        first = self._played * self.hop
        begin, end = first - self._timekeeper.slack, first + hops * self.hop
        tempo = self._timekeeper.tempo_at(first)
        for player, bank in self.changes.land(tempo, begin, end, hop=self._played, hops=hops):
            self._condition_model(player)
            if bank is not None:
                self._reset(bank)

    def _due(self) -> Iterator[StemHop]:
        while self._is_due():
            self._apply_pending(1)
            if not self._is_due():
                return
            phase = self._timekeeper.phase_at(self._played * self.hop)
            if phase is not None:
                self._model.follow(phase)
            players, audio = self._player_fades.step(self._output.play())
            audio = self._rest_fade.step(audio, rests=self._timekeeper.rests)
            position = self._played * self.hop - self.trail
            self._played += 1
            early = max(0, -position)
            if early < self.hop:
                yield StemHop(position + early, audio[:, early:], players)

    def _is_due(self) -> bool:
        return self._played < self._heard + 1 + self.conditions.anticipation_hops
