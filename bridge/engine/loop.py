"""Main loop of the engine process: reads the mix from the share and writes the stems to it.

Threading model: one process, one thread. It blocks only on the share's semaphore and on the
model; commands come over a pipe and are run between hops. Whatever happens to this process,
the audio callback in the other one plays on: it fades over a stem hop that is missing.
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
from bridge.engine.change_reports import ChangeReports
from bridge.engine.handover import HandoverCrossfade
from bridge.engine.host_follower import HostFollower
from bridge.engine.late_hops import LateHops
from bridge.engine.messages import (
    Answer,
    Applied,
    CaughtUp,
    Command,
    CorrectBeat,
    Failed,
    LoadBank,
    OutputReleased,
    ReleaseOutput,
    Request,
    Reset,
    SetConditions,
    SetGrid,
    SetTimekeeping,
    Stop,
    TakeOver,
    UseBank,
    Waiting,
)
from bridge.engine.persistent_banks import PersistentBanks
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.quantized_changes import RESET
from bridge.stream.stem_hop import StemHop
from bridge.tempo import TempoEstimate, Timekeeping

__all__ = ["Engine"]

logger = logging.getLogger(__name__)

_WAIT_S = 0.05
"""Longest wait for a hop before commands and priority are checked again."""
_POLL_S = 0.004
"""Interval at which the pipe is checked during that wait."""
_RELEASE_S = 2.0
"""Longest wait for the last hop that is passed to a standby engine."""
_GAP_S = 0.005
"""Gap without a last hop to crossfade from: time for the callback to fade out and in."""


class Engine:
    """Runs a hop scheduler on a share until told to stop.

    Args:
        share: The rings; only the active engine writes their stem side.
        scheduler: Starts a fresh take for each generation of the hop grid.
        pipe: Source of commands and destination of replies.
        banks: The banks; None for banks without files.
        crossfade: Tells whether another engine is active at first; None if there is no other.
        priority: Of this thread, adapted as the load changes; None leaves it alone.
    """

    def __init__(
        self,
        share: AudioShare,
        scheduler: HopScheduler,
        pipe: Connection,
        banks: PersistentBanks | None = None,
        crossfade: HandoverCrossfade | None = None,
        priority: ThreadPriority | None = None,
    ) -> None:
        self._share = share
        self._priority = priority or ThreadPriority()
        self._scheduler = scheduler
        self._pipe = pipe
        self._banks = banks or PersistentBanks(scheduler, None)
        self._crossfade = crossfade or HandoverCrossfade()
        self._late_hops = LateHops(share, scheduler, self._crossfade)
        self._release_by = 0.0
        self._was_caught_up = False
        self._host = HostFollower(share, scheduler)
        self._changes = ChangeReports(share, scheduler, pipe)
        self._generation = 0
        self._epoch = 0
        self._block = 0
        self._audible_players = AudiblePlayers(share)
        self._is_idle = False

    @property
    def first_host_change(self) -> int:
        """Number of the first change by the host program that is applied here."""
        return self._host.first_change

    def run(self) -> None:
        """Play until ``Stop`` comes, another engine takes over, or the pipe is closed."""
        self._share.engine_live = True
        try:
            while self._run_commands() and not self._has_released():
                self.step(_WAIT_S)
                self._priority.keep()
        finally:
            if self._crossfade.is_active:
                self._share.engine_live = False

    def run_standby(self) -> bool:
        """Play along without being heard; return whether to go on, now active, with ``run``."""
        while self._run_commands():
            if self._crossfade.is_active:
                return True
            self.step(_WAIT_S)
        return False

    def step(self, timeout_s: float) -> None:
        """Wait for the next hop of the mix and play to it, if it comes in time.

        Args:
            timeout_s: Longest wait.
        """
        generation, epoch = self._share.epoch
        if generation != self._generation:
            self._start_generation(generation, epoch)
            return
        audible = self._audible()
        if not audible:
            self._run_idle(timeout_s)
            return
        if self._is_idle:
            self._resume()
        self._scheduler.set_players(audible)
        self._late_hops.skip_backlog(self._epoch)
        start = self._epoch + self._scheduler.heard * self._scheduler.hop
        if not self._await_mix(start + self._scheduler.hop, timeout_s):
            return
        mix = self._share.read_mix(start, self._scheduler.hop)
        if mix is None:
            self._late_hops.skip_overwritten(self._epoch)
            return
        self._host.apply_changes(start + self._scheduler.hop)
        self._scheduler.follow(self._timekeeping_now())
        began = time.perf_counter()
        self._play(self._scheduler.feed(mix), began)
        self._publish_latency()
        self._publish_beat()

    def _await_mix(self, frame: int, timeout_s: float) -> bool:
        """Wait for the mix up to a frame; return whether it is there.

        A command ends the wait, so that it takes effect before this hop and not after it.
        """
        deadline_s = time.monotonic() + timeout_s
        while True:
            left_s = deadline_s - time.monotonic()
            if self._share.wait_mix(frame, min(max(left_s, 0.0), _POLL_S)):
                return True
            if self._share.block != self._block:  # before a longer one lacks frames
                self._publish_latency()
            if left_s <= _POLL_S or self._pipe.poll():
                return False

    def _run_commands(self) -> bool:
        """Run every command in the pipe; return whether to go on."""
        try:
            while self._pipe.poll():
                command: Command = self._pipe.recv()
                match command:
                    case Stop():
                        return False
                    case ReleaseOutput():
                        self._crossfade.release()
                        self._release_by = time.monotonic() + _RELEASE_S
                    case TakeOver():
                        self._take_over(command.last)
                    case _:
                        self._pipe.send(self._apply(command))
            self._send_changes()
        except (EOFError, ConnectionError):
            logger.info("the control process is gone")
            return False
        return True

    def _send_changes(self) -> None:
        """Send what has become of pending changes, and whether a standby engine caught up."""
        self._changes.send(self._epoch)
        if self._crossfade.standby and not self._was_caught_up and self._has_caught_up():
            self._was_caught_up = True
            self._pipe.send(CaughtUp())

    def _apply(self, command: Request) -> Answer:
        waiting: frozenset[str] = frozenset()
        try:
            match command:
                case Reset():
                    if not self._scheduler.reset(command.grid, command.bank, command.id):
                        waiting = frozenset({RESET})
                case SetGrid():
                    self._scheduler.changes.requantize(command.grid)
                case SetTimekeeping():
                    self._host.timekeeping = command.time
                case CorrectBeat():
                    correction = command.correction
                    frame = correction.frame - self._epoch
                    self._scheduler.correct(replace(correction, frame=frame))
                case UseBank():
                    self._banks.use(command.action, command.bank)
                case LoadBank(bank=None):
                    self._banks.load_all()
                case LoadBank(bank=int(bank)):
                    self._banks.load(bank)
                case SetConditions():
                    waiting = self._scheduler.condition(
                        command.conditions,
                        player=command.player,
                        asked=command.asked,
                        grid=command.grid,
                        ticket=command.id,
                    )
        except ConfigError as error:
            return Failed(str(error), id=command.id, kind=ConfigError)
        except RefusedError as error:
            return Failed(str(error), id=command.id, kind=RefusedError, code=error.code)
        if waiting:
            self._scheduler.follow(self._timekeeping_now())
            return Waiting(command.id, waiting, self._scheduler.longest_wait_s)
        return Applied(command.id)

    # -- one engine after another -------------------------------------------------------------

    def _has_caught_up(self) -> bool:
        """Return whether a standby engine has heard all of the mix so far."""
        if self._generation != self._share.generation:
            return False
        end = self._epoch + (self._scheduler.heard + 1) * self._scheduler.hop
        return self._is_idle or end > self._share.mix_written

    def _has_released(self) -> bool:
        """Send the last hop of an engine that is releasing; return whether it is done."""
        crossfade = self._crossfade
        if crossfade.is_releasing and (self._is_idle or time.monotonic() > self._release_by):
            crossfade.has_released = True
        if crossfade.has_released:
            self._pipe.send(OutputReleased(self._generation, crossfade.last))
        return crossfade.has_released

    def _take_over(self, left: OutputReleased | None) -> None:
        """Become the active engine where the other one ended."""
        share, last = self._share, None
        begin = share.stem_written + round(_GAP_S * share.rate)
        if left is not None and left.generation == self._generation and left.last is not None:
            last = left.last
            begin = last.position
        self._write(self._crossfade.take_over(begin, last))
        self._changes.start_over()

    def _start_generation(self, generation: int, epoch: int) -> None:
        """Start on the hop grid of a new generation: a fresh take, or one at another rate."""
        goes_on = self._generation > 0 and not self._share.freewheel
        self._generation, self._epoch = generation, epoch
        self._is_idle = False
        self._crossfade.reset()
        moved = self._scheduler.hop != self._share.hop
        if moved:  # the audio server came back at another rate
            self._scheduler.change_rate(self._share.rate)
        self._host.apply_changes(epoch + 1)
        if self._crossfade.is_active:
            self._publish_budget()
        self._share.begin_generation(generation)  # a freewheeling host goes on from here
        self._scheduler.follow(self._timekeeping_now())
        self._scheduler.set_players(self._audible() or self._scheduler.players)
        if moved and goes_on:
            return
        began = time.perf_counter()
        self._play(self._scheduler.start(self._late_hops.first_hop(self._epoch)), began)

    def _timekeeping_now(self) -> Timekeeping:
        """Return the source of the beat for the mix hop that is heard next."""
        end = self._epoch + (self._scheduler.heard + 1) * self._scheduler.hop
        return self._host.timekeeping_of(self._epoch, end - 1)

    def _publish_beat(self) -> None:
        """Publish the estimate of the beat tracker."""
        beat = self._scheduler.beat
        if beat is not None:
            beat = TempoEstimate(beat.tempo.moved(self._epoch), beat.confidence)
        if self._crossfade.is_active:
            self._share.publish_beat(beat)

    def _audible(self) -> tuple[int, ...]:
        return self._audible_players.audible(self._scheduler.known, self._scheduler.players)

    def _run_idle(self, timeout_s: float) -> None:
        """Let a hop pass while no player is audible; only the beat is tracked."""
        if not self._is_idle:
            self._is_idle = True
            self._share.begin_generation(self._generation)  # missing hops are no underruns now
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
        self._host.apply_changes(end)
        self._scheduler.follow(self._timekeeping_now())
        self._scheduler.track_only(mix)
        self._publish_beat()

    def _resume(self) -> None:
        """Continue from the present hop; with a fresh take if the anticipation has changed."""
        if self._scheduler.is_caught_up:
            self._is_idle = False
            if self._crossfade.is_active:
                self._publish_budget()
        else:
            self._start_generation(self._generation, self._epoch)

    def _play(self, stems: Iterator[StemHop], began: float) -> None:
        """Write stem hops as they are computed, unless the grid moved or they are too late."""
        for stem in stems:
            ended = time.perf_counter()
            self._share.record_step(ended - began)
            began = ended
            if self._share.generation != self._generation:
                return
            piece = StemHop(self._epoch + stem.position, stem.audio, stem.players)
            if self._late_hops.admit(piece):
                self._write(self._crossfade.push(piece))

    def _write(self, stems: Iterable[StemHop]) -> None:
        for stem in stems:
            self._share.write_stem(stem.position, stem.audio, stem.players)

    def _publish_latency(self) -> None:
        """Publish the latency: a longer one at once, a shorter one once the stem is there."""
        if not self._crossfade.is_active:
            return
        budget = self._budget()
        waiting = self._share.mix_written - self._epoch
        caught_up = (self._scheduler.heard + 1) * self._scheduler.hop > waiting
        if budget.musical - budget.loop > self._share.stem_delay or caught_up:
            self._publish_budget()

    def _publish_budget(self) -> None:
        budget, promised = self._budget(), self._share.promised_latency or 0
        self._share.publish_latency(max(budget.musical, promised), budget.loop)

    def _budget(self) -> LatencyBudget:
        share, block = self._share, max(1, self._share.block)
        self._block = block
        phase = (share.frame - self._epoch) % block
        irregular = share.promised_latency is not None
        return self._scheduler.budget(block, phase, share.loop_frames, irregular=irregular)
