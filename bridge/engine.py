"""The engine process: hears the mix in the share, plays the stem into it in time or not at all.

Threading model: one process, one thread. It blocks only on the share's semaphore and on the
model; commands come over a pipe and are obeyed between hops. Whatever happens to it, the
audio callback in the other process plays on: a stem hop that is not there is a faded gap.
"""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection

from bridge.errors import BridgeError, ConfigError
from bridge.messages import (
    Applied,
    BankAct,
    Command,
    Failed,
    Filled,
    FollowTempo,
    Loading,
    Ready,
    Request,
    Reset,
    SetConditions,
    Stop,
    UseBank,
    Waiting,
    Warming,
)
from bridge.process import free_of_pauses, raise_priority
from bridge.protocols import Conditions, HopModel
from bridge.rehearsal import rehearse
from bridge.session import Session, StemHop
from bridge.share import AudioShare, EngineState
from bridge.tempo import TempoMap

__all__ = ["Engine", "ModelLoader", "run_engine"]

logger = logging.getLogger(__name__)

ModelLoader = Callable[[], HopModel]
"""Makes the model inside the engine process; must survive pickling."""

_PATIENCE_S = 0.05
"""Longest wait for a hop before commands are looked at again."""


class Engine:
    """Plays a session into a share until told to stop.

    Args:
        share: The rings; only this engine writes its stem side.
        session: Ready to play; a fresh take is begun for each generation of the hop grid.
        pipe: Where commands come from and answers go.
    """

    def __init__(self, share: AudioShare, session: Session, pipe: Connection) -> None:
        self._share = share
        self._session = session
        self._pipe = pipe
        self._tempo: TempoMap | None = None
        self._told: dict[type, Waiting | Filled] = {
            Waiting: Waiting(frozenset()),
            Filled: Filled(frozenset()),
        }
        self._generation = 0
        self._epoch = 0
        self._unheard_from: int | None = None
        self._resting = False

    def run(self) -> None:
        """Play until ``Stop`` comes or the other end of the pipe is gone."""
        self._share.engine_live = True
        try:
            while self._obey():
                self.step(_PATIENCE_S)
        finally:
            self._share.engine_live = False

    def step(self, timeout_s: float) -> None:
        """Wait for the next hop of the mix and answer it, if it comes in time.

        Args:
            timeout_s: Longest wait.
        """
        generation, epoch = self._share.epoch
        if generation != self._generation:
            self._join(generation, epoch)
            return
        if self._is_unheard():
            self._rest(timeout_s)
            return
        if self._resting:
            self._wake()
        self._drop_backlog()
        start = self._epoch + self._session.heard * self._session.hop
        if not self._share.wait_mix(start + self._session.hop, timeout_s):
            return
        mix = self._share.read_mix(start, self._session.hop)
        if mix is None:
            self._skip_to((self._share.mix_written - self._epoch) // self._session.hop)
            return
        self._session.follow(self._tempo_here())
        began = time.perf_counter()
        self._play(self._session.feed(mix), began)
        self._publish_latency()

    def _obey(self) -> bool:
        """Carry out every command that waits; return whether to go on."""
        try:
            while self._pipe.poll():
                command: Command = self._pipe.recv()
                if isinstance(command, Stop):
                    return False
                self._pipe.send(self._carry_out(command))
            self._tell_news()
        except (EOFError, BrokenPipeError):
            logger.info("the control process is gone")
            return False
        return True

    def _tell_news(self) -> None:
        """Tell what waits for the beat and which banks are filled, if that has changed."""
        for message in (Waiting(self._session.waiting), Filled(self._session.banks)):
            if self._told.get(type(message)) != message:
                self._told[type(message)] = message
                self._pipe.send(message)

    def _carry_out(self, command: Request) -> Applied | Failed:
        try:
            match command:
                case Reset():
                    self._session.reset(command.grid, command.bank)
                case FollowTempo():
                    self._tempo = command.tempo
                case UseBank():
                    self._use_bank(command.act, command.bank)
                case SetConditions():
                    self._session.condition(
                        command.conditions, asked=command.asked, grid=command.grid
                    )
        except ConfigError as error:
            return Failed(str(error), id=command.id, kind=ConfigError)
        return Applied(command.id)

    def _use_bank(self, act: BankAct, bank: int) -> None:
        match act:
            case BankAct.STORE:
                self._session.store(bank)
            case BankAct.RECALL:
                self._session.recall(bank)
            case BankAct.CLEAR:
                self._session.clear(bank)

    def _join(self, generation: int, epoch: int) -> None:
        """Begin a fresh take on the hop grid of a new generation."""
        self._generation, self._epoch = generation, epoch
        self._resting = False
        self._share.musical_latency = self._budget_musical()
        self._share.begin_generation(generation)  # a freewheeling host goes on from here
        self._session.follow(self._tempo_here())
        began = time.perf_counter()
        self._play(self._session.start(self._first_hop()), began)

    def _tempo_here(self) -> TempoMap | None:
        """Return the tempo map with frames counted from the epoch.

        One of the transport's is laid where the transport is in this very cycle, so that it
        is right from the first hop after a start, a jump, or the beginning of an export.
        """
        tempo = self._tempo
        if tempo is None or not tempo.on_transport:
            return tempo and tempo.moved(-self._epoch)
        ahead = self._share.transport_ahead
        return replace(tempo.moved(-self._epoch - ahead.frames), rolling=ahead.rolling)

    def _first_hop(self) -> int:
        """Return the hop of the grid to begin the take on.

        A freewheeling host waits for us, so its take is played from hop 0 however late we
        come, as long as the mix from there on is kept. Otherwise it is the first that can
        still be played in time, with one hop left to play it in.
        """
        share = self._share
        if share.freewheel and share.read_mix(self._epoch, 0) is not None:
            return 0
        due = share.frame - self._epoch + self._session.trail - share.musical_latency
        return max(0, -(-due // self._session.hop) + 1)

    def _is_unheard(self) -> bool:
        """Return whether the player is switched off and has faded out.

        An export is played whole all the same, since its host waits for every hop.
        """
        share = self._share
        if share.enabled or share.freewheel:
            self._unheard_from = None
            return False
        if self._unheard_from is None:  # the cycle under way may not fade yet, the next will
            self._unheard_from = share.frame + share.block + share.fade_frames
        return share.frame >= self._unheard_from

    def _rest(self, timeout_s: float) -> None:
        """Let a hop pass unheard and unplayed."""
        if not self._resting:
            self._resting = True
            self._share.begin_generation(self._generation)  # what lacks now is no underrun
        end = self._epoch + (self._session.heard + 1) * self._session.hop
        if self._share.wait_mix(end, timeout_s) and self._is_unheard():
            self._session.skip_to((self._share.mix_written - self._epoch) // self._session.hop)

    def _wake(self) -> None:
        """Play on from the hop now being heard; afresh if the anticipation has changed."""
        if self._session.is_in_step:
            self._resting = False
            self._share.musical_latency = self._budget_musical()
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
            ahead = position + self._share.musical_latency - self._share.frame
            if ahead < 0:
                self._share.add_late()
            if ahead + len(stem.audio) > 0:
                self._share.write_stem(position, stem.audio)

    def _drop_backlog(self) -> None:
        """Pass over hops whose stem would only be heard in the past."""
        if self._share.freewheel:
            return
        end = (self._session.played + 1) * self._session.hop - self._session.trail
        past = self._share.frame - self._epoch - self._share.musical_latency - end
        if past >= 0:
            self._skip_to(self._session.heard + 1 + past // self._session.hop)

    def _skip_to(self, hop: int) -> None:
        self._share.add_skipped(max(0, hop - self._session.heard))
        self._session.skip_to(hop)

    def _publish_latency(self) -> None:
        """Tell the callback how late to play: more at once, less when the stem is there."""
        musical = self._budget_musical()
        waiting = self._share.mix_written - self._epoch
        caught_up = (self._session.heard + 1) * self._session.hop > waiting
        if musical > self._share.musical_latency or caught_up:
            self._share.musical_latency = musical

    def _budget_musical(self) -> int:
        block = max(1, self._share.block)
        phase = (self._share.frame - self._epoch) % block
        return self._session.budget(block, phase).musical


def run_engine(
    share_name: str, load: ModelLoader, conditions: Conditions, pipe: Connection
) -> None:
    """Be the engine process: load, rehearse, play.

    Args:
        share_name: Of the share to play into.
        load: Makes the model.
        conditions: What to play first.
        pipe: Commands in; ``Loading``, ``Warming``, ``Ready``, answers and failures out.

    Raises:
        Exception: Whatever went wrong, once the other end has been told.
    """
    began = time.monotonic()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the control process's to handle
    try:
        with AudioShare.attach(share_name) as share:
            _prepare_and_run(share, load, conditions, pipe, began)
    except BridgeError as error:
        pipe.send(Failed(str(error), kind=type(error)))
    except Exception as error:
        pipe.send(Failed(f"the engine broke: {type(error).__name__}: {error}"))
        raise


def _prepare_and_run(
    share: AudioShare,
    load: ModelLoader,
    conditions: Conditions,
    pipe: Connection,
    began: float,
) -> None:
    share.engine_state = EngineState.LOADING
    pipe.send(Loading())
    model = load()
    session = Session(model, share.rate, conditions)
    share.engine_state = EngineState.WARMING
    pipe.send(
        Warming(
            sample_rate=model.sample_rate,
            hop=model.hop,
            overlap=model.overlap,
            stems=model.stems,
            anticipations=model.anticipations,
            conditions=conditions,
        )
    )
    step_s = rehearse(session, max(model.anticipations))
    real_time_factor = step_s * model.sample_rate / model.hop
    free_of_pauses()
    priority = raise_priority(real_time_factor)
    share.engine_state = EngineState.LIVE
    pipe.send(
        Ready(
            seconds=time.monotonic() - began,
            real_time_factor=real_time_factor,
            priority=priority,
        )
    )
    Engine(share, session, pipe).run()
