"""The engine process: loads a model, rehearses, and plays until it is told to stop."""

import contextlib
import time
from multiprocessing.connection import Connection

from bridge.audio.shared.share import AudioShare, EngineState
from bridge.common.errors import BridgeError, EngineError
from bridge.common.realtime import ThreadPriority, freeze_collector, lock_memory
from bridge.engine.handover import HandoverCrossfade
from bridge.engine.loader import ModelLoader, tracker_of
from bridge.engine.loop import Engine
from bridge.engine.messages import Begin, Failed, Loading, ModelLoaded, Ready
from bridge.engine.persistent_banks import PersistentBanks
from bridge.engine.standby_share import StandbyShare
from bridge.engine.warmup import warm_up
from bridge.protocols import BeatTracker, HopModel
from bridge.stream.hop_scheduler import HopScheduler

__all__ = ["run_engine"]


def run_engine(load: ModelLoader, pipe: Connection) -> None:
    """Be the engine process: load, rehearse, play.

    It may be started before it is known where to play: it loads at once, and waits for
    ``Begin`` then.

    Args:
        load: Makes the model; its attribute ``lighter``, where it has one, names an engine
            that would take less of the processor. See also ``tracker_of``.
        pipe: Commands in; ``Loading``, ``ModelLoaded``, ``Ready``, answers and failures out.

    Raises:
        Exception: Whatever went wrong, once the other end has been told.
    """
    began = time.monotonic()
    try:
        pipe.send(Loading())
        model, lighter = load(), getattr(load, "lighter", "")
        tracker = tracker_of(load)
        asked = _asked(pipe)
        if asked is not None:
            turn = HandoverCrossfade(waits=asked.waits)
            with StandbyShare.taken(asked.share_name, turn, pipe.poll) as share:
                _rehearse_and_run(share, turn, model, tracker, asked, pipe, began, lighter)
    except BridgeError as error:
        _tell(pipe, Failed(str(error), kind=type(error)))
    except Exception as error:
        _tell(pipe, Failed(f"the engine broke: {type(error).__name__}: {error}"))
        raise


def _asked(pipe: Connection) -> Begin | None:
    """Return what to begin with, once it is known; None if nobody wants us any more."""
    try:
        command = pipe.recv()
    except (EOFError, ConnectionError):
        return None
    return command if isinstance(command, Begin) else None


def _tell(pipe: Connection, failure: Failed) -> None:
    with contextlib.suppress(ConnectionError):  # nobody is left to be told
        pipe.send(failure)


def _rehearse_and_run(
    share: AudioShare,
    turn: HandoverCrossfade,
    model: HopModel,
    tracker: BeatTracker | None,
    asked: Begin,
    pipe: Connection,
    began: float,
    lighter: str,
) -> None:
    scheduler = HopScheduler(model, share.rate, *asked.conditions, tracker=tracker)
    if turn.is_heard:
        share.engine_state = EngineState.WARMING
    pipe.send(
        ModelLoaded(
            sample_rate=model.sample_rate,
            hop=model.hop,
            overlap=model.overlap,
            stems=model.stems,
            anticipations=model.anticipations,
            conditions=asked.conditions,
            likely_grooves=model.likely_grooves,
        )
    )
    step_s = warm_up(scheduler)
    real_time_factor = step_s * model.sample_rate / model.hop
    if turn.waits and real_time_factor >= 1.0:
        raise EngineError(
            f"{model.name} takes {1000 * step_s:.0f} ms for a hop of 50 ms on this machine: it "
            "could not keep up; the checkpoint that plays goes on"
        )
    with contextlib.closing(PersistentBanks(scheduler, asked.banks)) as keeper:
        keeper.look()
        freeze_collector()
        lock_memory()
        priority = ThreadPriority(lighter=lighter)
        engine = Engine(share, scheduler, pipe, keeper, turn, priority)
        if turn.waits and not engine.wait_for_turn():
            return
        priority.raise_for(real_time_factor)
        share.engine_state = EngineState.LIVE
        pipe.send(
            Ready(
                seconds=time.monotonic() - began,
                real_time_factor=real_time_factor,
                priority=priority.words,
                advice=priority.advice,
            )
        )
        engine.run()
