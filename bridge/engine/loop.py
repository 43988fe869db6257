"""The engine process: hears the mix in the share, plays the stem into it in time or not at all.

Threading model: one process, one thread. It blocks only on the share's semaphore and on the
model; commands come over a pipe and are obeyed between hops. Whatever happens to it, the
audio callback in the other process plays on: a stem hop that is not there is a faded gap.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection

from bridge.audio.shared.share import AudioShare
from bridge.common.errors import ConfigError, RefusedError
from bridge.common.latency import LatencyBudget
from bridge.common.realtime import ThreadPriority
from bridge.engine.audible_players import AudiblePlayers
from bridge.engine.handover import HandoverCrossfade
from bridge.engine.messages import (
    Applied,
    CaughtUp,
    Command,
    CorrectBeat,
    Failed,
    FilledBanks,
    LoadBank,
    OutputReleased,
    PendingNames,
    ReleaseOutput,
    Request,
    Reset,
    SetConditions,
    SetTimekeeping,
    Stop,
    TakeOver,
    UseBank,
)
from bridge.engine.persistent_banks import PersistentBanks
from bridge.stream.hop_scheduler import HopScheduler, StemHop
from bridge.tempo import TempoEstimate, Timekeeping

__all__ = ["Engine"]

logger = logging.getLogger(__name__)

_PATIENCE_S = 0.05
"""Longest wait for a hop before all else is looked at again."""
_LOOK_S = 0.004
"""How often to see, meanwhile, whether a command has come."""
_LEAVE_S = 2.0
"""Longest wait for a last hop to hand on."""
_KEPT_S = 0.5
"""What of the mix still kept an engine that waits leaves out, lest it be overwritten."""
_GAP_S = 0.005
"""Where no last hop crosses over: time for the callback to fade out and in again."""


_NO_NEWS: dict[type, PendingNames | FilledBanks] = {
    PendingNames: PendingNames(frozenset()),
    FilledBanks: FilledBanks(frozenset()),
}
"""What the control process takes for granted of an engine it begins to listen to."""


class Engine:
    """Plays a session into a share until told to stop.

    Args:
        share: The rings; only an engine whose turn it is writes their stem side.
        session: Ready to play; a fresh take is begun for each generation of the hop grid.
        pipe: Where commands come from and answers go.
        banks: Does what is asked with banks; None lets them end with the session.
        turn: Whether another engine is heard at first.
        priority: Of its thread, to be seen to as the load changes; None leaves it alone.
    """

    def __init__(
        self,
        share: AudioShare,
        scheduler: HopScheduler,
        pipe: Connection,
        banks: PersistentBanks | None = None,
        turn: HandoverCrossfade | None = None,
        priority: ThreadPriority | None = None,
    ) -> None:
        self._share = share
        self._priority = priority or ThreadPriority()
        self._scheduler = scheduler
        self._pipe = pipe
        self._banks = banks or PersistentBanks(scheduler, None)
        self._turn = turn or HandoverCrossfade()
        self._leave_by = 0.0
        self._is_abreast = False
        self._time = Timekeeping()
        self._told = dict(_NO_NEWS)
        self._generation = 0
        self._epoch = 0
        self._block = 0
        self._presence = AudiblePlayers(share)
        self._resting = False

    def run(self) -> None:
        """Play until ``Stop`` comes, another takes over, or the pipe's other end is gone."""
        self._share.engine_live = True
        try:
            while self._obey() and not self._has_left():
                self.step(_PATIENCE_S)
                self._priority.keep()
        finally:
            if self._turn.is_heard:
                self._share.engine_live = False

    def wait_for_turn(self) -> bool:
        """Play along unheard; return whether to go on, now heard, with :meth:`run`."""
        while self._obey():
            if self._turn.is_heard:
                return True
            self.step(_PATIENCE_S)
        return False

    def step(self, timeout_s: float) -> None:
        """Wait for the next hop of the mix and answer it, if it comes in time.

        Args:
            timeout_s: Longest wait.
        """
        generation, epoch = self._share.epoch
        if generation != self._generation:
            self._join(generation, epoch)
            return
        audible = self._audible()
        if not audible:
            self._rest(timeout_s)
            return
        if self._resting:
            self._wake()
        self._scheduler.set_players(audible)
        self._drop_backlog()
        start = self._epoch + self._scheduler.heard * self._scheduler.hop
        if not self._await_mix(start + self._scheduler.hop, timeout_s):
            return
        mix = self._share.read_mix(start, self._scheduler.hop)
        if mix is None:
            self._skip_to((self._share.mix_written - self._epoch) // self._scheduler.hop)
            return
        self._scheduler.follow(self._time_here())
        began = time.perf_counter()
        self._play(self._scheduler.feed(mix), began)
        self._publish_latency()
        self._publish_beat()

    def _await_mix(self, frame: int, timeout_s: float) -> bool:
        """Wait for the mix up to a frame; a command that comes meanwhile ends the wait.

        So it is obeyed before this hop is played, not after it.
        """
        deadline_s = time.monotonic() + timeout_s
        while True:
            left_s = deadline_s - time.monotonic()
            if self._share.wait_mix(frame, min(max(left_s, 0.0), _LOOK_S)):
                return True
            if self._share.block != self._block:  # before a longer one lacks frames
                self._publish_latency()
            if left_s <= _LOOK_S or self._pipe.poll():
                return False

    def _obey(self) -> bool:
        """Carry out every command that waits; return whether to go on."""
        try:
            while self._pipe.poll():
                command: Command = self._pipe.recv()
                match command:
                    case Stop():
                        return False
                    case ReleaseOutput():
                        self._turn.leave()
                        self._leave_by = time.monotonic() + _LEAVE_S
                    case TakeOver():
                        self._take_over(command.last)
                    case _:
                        self._pipe.send(self._carry_out(command))
            self._tell_news()
        except (EOFError, ConnectionError):
            logger.info("the control process is gone")
            return False
        return True

    def _tell_news(self) -> None:
        """Tell what waits for the beat and which banks are filled, if that has changed."""
        for message in (
            PendingNames(self._scheduler.waiting),
            FilledBanks(self._scheduler.banks.filled),
        ):
            if self._told.get(type(message)) != message:
                self._told[type(message)] = message
                self._pipe.send(message)
        if self._turn.waits and not self._is_abreast and self._has_caught_up():
            self._is_abreast = True
            self._pipe.send(CaughtUp())

    def _carry_out(self, command: Request) -> Applied | Failed:
        try:
            match command:
                case Reset():
                    self._scheduler.reset(command.grid, command.bank)
                case SetTimekeeping():
                    self._time = command.time
                case CorrectBeat():
                    correction = command.correction
                    frame = correction.frame - self._epoch
                    self._scheduler.correct(replace(correction, frame=frame))
                case UseBank():
                    self._banks.use(command.act, command.bank)
                case LoadBank(bank=None):
                    self._banks.look()
                case LoadBank(bank=int(bank)):
                    self._banks.load(bank)
                case SetConditions():
                    self._scheduler.condition(
                        command.conditions,
                        player=command.player,
                        asked=command.asked,
                        grid=command.grid,
                    )
        except ConfigError as error:
            return Failed(str(error), id=command.id, kind=ConfigError)
        except RefusedError as error:
            return Failed(str(error), id=command.id, kind=RefusedError, code=error.code)
        return Applied(command.id)

    # -- one engine after another -------------------------------------------------------------

    def _has_caught_up(self) -> bool:
        """Return whether an engine that waits has heard all there is."""
        if self._generation != self._share.generation:
            return False
        end = self._epoch + (self._scheduler.heard + 1) * self._scheduler.hop
        return self._resting or end > self._share.mix_written

    def _has_left(self) -> bool:
        """Hand on what an engine that is to leave has played last; return whether it has."""
        turn = self._turn
        if turn.leaves and (self._resting or time.monotonic() > self._leave_by):
            turn.has_left = True
        if turn.has_left:
            last = turn.last
            self._pipe.send(
                OutputReleased(self._generation)
                if last is None
                else OutputReleased(self._generation, last.position, last.audio, last.players)
            )
        return turn.has_left

    def _take_over(self, left: OutputReleased | None) -> None:
        """Be heard from where the other engine ended."""
        share, last = self._share, None
        begin = share.stem_written + round(_GAP_S * share.rate)
        if left is not None and left.generation == self._generation and left.audio is not None:
            begin = left.position
            last = StemHop(begin, left.audio, left.players)
        self._write(self._turn.take_over(begin, last))
        self._told = dict(_NO_NEWS)

    def _join(self, generation: int, epoch: int) -> None:
        """Join the hop grid of a new generation: with a fresh take, or after another rate."""
        goes_on = self._generation > 0 and not self._share.freewheel
        self._generation, self._epoch = generation, epoch
        self._resting = False
        self._turn.begin()
        moved = self._scheduler.hop != self._share.hop
        if moved:  # the audio server came back at another rate
            self._scheduler.change_rate(self._share.rate)
        if self._turn.is_heard:
            self._promise()
        self._share.begin_generation(generation)  # a freewheeling host goes on from here
        self._scheduler.follow(self._time_here())
        self._scheduler.set_players(self._audible() or self._scheduler.players)
        if moved and goes_on:
            return
        began = time.perf_counter()
        self._play(self._scheduler.start(self._first_hop()), began)

    def _time_here(self) -> Timekeeping:
        """Return who keeps time, the tempo map's frames counted from the epoch.

        A map of the transport's is laid where the transport is in this very cycle, so that it
        is right from the first hop after a start, a jump, or the beginning of an export.
        """
        tempo = self._time.tempo
        if tempo is None:
            return self._time
        here = tempo.moved(-self._epoch)
        if tempo.on_transport:
            ahead = self._share.transport_ahead
            here = replace(here.moved(-ahead.frames), rolling=ahead.rolling)
        return replace(self._time, tempo=here)

    def _publish_beat(self) -> None:
        """Tell what the beat tracker makes out."""
        beat = self._scheduler.beat
        if beat is not None:
            beat = TempoEstimate(beat.tempo.moved(self._epoch), beat.confidence)
        if self._turn.is_heard:
            self._share.publish_beat(beat)

    def _first_hop(self) -> int:
        """Return the hop of the grid to begin the take on.

        A freewheeling host waits for us, so its take is played from hop 0 however late we
        come, as long as the mix from there on is kept. Otherwise it is the first that can
        still be played in time, with one hop left to play it in.
        """
        share = self._share
        if share.freewheel and share.read_mix(self._epoch, 0) is not None:
            return 0
        if self._turn.waits:
            kept = share.mix_kept - self._epoch + round(_KEPT_S * share.rate)
            return max(0, -(-kept // self._scheduler.hop))
        due = share.frame - self._epoch + self._scheduler.trail - share.stem_delay
        return max(0, -(-due // self._scheduler.hop) + 1)

    def _audible(self) -> tuple[int, ...]:
        return self._presence.audible(self._scheduler.known, self._scheduler.players)

    def _rest(self, timeout_s: float) -> None:
        """Let a hop pass unplayed; only the beat goes on being tracked."""
        if not self._resting:
            self._resting = True
            self._share.begin_generation(self._generation)  # what lacks now is no underrun
        start = self._epoch + self._scheduler.heard * self._scheduler.hop
        end = start + self._scheduler.hop
        if not self._share.wait_mix(end, timeout_s) or self._audible():
            return
        mix = self._share.read_mix(start, self._scheduler.hop)
        if mix is None:
            self._scheduler.skip_to(
                (self._share.mix_written - self._epoch) // self._scheduler.hop
            )
            return
        self._scheduler.follow(self._time_here())
        self._scheduler.track_only(mix)
        self._publish_beat()

    def _wake(self) -> None:
        """Play on from the hop now being heard; afresh if the anticipation has changed."""
        if self._scheduler.is_caught_up:
            self._resting = False
            if self._turn.is_heard:
                self._promise()
        else:
            self._join(self._generation, self._epoch)

    def _play(self, stems: Iterator[StemHop], began: float) -> None:
        """Write stem hops as they come, unless the grid moves or their time has passed."""
        for stem in stems:
            ended = time.perf_counter()
            self._share.record_step(ended - began)
            began = ended
            if self._share.generation != self._generation:
                return
            position = self._epoch + stem.position
            ahead = position + self._share.stem_delay - self._share.frame
            if ahead < 0:
                self._share.add_late()
            if ahead + stem.audio.shape[1] > 0:
                piece = StemHop(position, stem.audio, stem.players)
                self._write(self._turn.pass_on(piece))

    def _write(self, stems: Iterable[StemHop]) -> None:
        for stem in stems:
            self._share.write_stem(stem.position, stem.audio, stem.players)

    def _drop_backlog(self) -> None:
        """Pass over hops whose stem would only be heard in the past."""
        if self._share.freewheel or self._turn.waits:
            return
        end = (self._scheduler.played + 1) * self._scheduler.hop - self._scheduler.trail
        past = self._share.frame - self._epoch - self._share.stem_delay - end
        if past >= 0:
            self._skip_to(self._scheduler.heard + 1 + past // self._scheduler.hop)

    def _skip_to(self, hop: int) -> None:
        self._share.add_skipped(max(0, hop - self._scheduler.heard))
        self._scheduler.skip_to(hop)

    def _publish_latency(self) -> None:
        """Tell the callback how late to play: more at once, less when the stem is there."""
        if not self._turn.is_heard:
            return
        budget = self._budget()
        waiting = self._share.mix_written - self._epoch
        caught_up = (self._scheduler.heard + 1) * self._scheduler.hop > waiting
        if budget.musical - budget.loop > self._share.stem_delay or caught_up:
            self._promise()

    def _promise(self) -> None:
        budget = self._budget()
        self._share.publish_latency(budget.musical, budget.loop)

    def _budget(self) -> LatencyBudget:
        share, block = self._share, max(1, self._share.block)
        self._block = block
        phase = (share.frame - self._epoch) % block
        return self._scheduler.budget(block, phase, share.loop_frames)
