"""Entry point of the engine process: it loads a model, warms it up and plays until stopped."""

import contextlib
import time
from multiprocessing.connection import Connection

from bridge.audio.shared.share import AudioShare, EngineState
from bridge.common.errors import BridgeError, EngineError, fault_text
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
    """Run the engine process: load, warm up, play.

    It may be started before it is known where to play: it loads at once and then waits for
    ``Begin``.

    Args:
        load: Creates the model; its attribute ``lighter``, if it has one, names an engine that
            needs less of the processor. See also ``tracker_of``.
        pipe: Commands in; ``Loading``, ``ModelLoaded``, ``Ready``, answers and failures out.

    Raises:
        Exception: Any unexpected failure, after it was sent to the control process.
    """
    began = time.monotonic()
    try:
        pipe.send(Loading())
        model, lighter = load(), getattr(load, "lighter", "")
        tracker = tracker_of(load)
        begin = _receive_begin(pipe)
        if begin is not None:
            crossfade = HandoverCrossfade(standby=begin.standby)
            with StandbyShare.open_for(begin.share_name, crossfade, pipe.poll) as share:
                _warm_up_and_run(share, crossfade, model, tracker, begin, pipe, began, lighter)
    except BridgeError as error:
        _send_failure(pipe, Failed(str(error), kind=type(error)))
    except Exception as error:
        _send_failure(pipe, Failed(f"the engine broke: {fault_text(error)}"))
        raise


def _receive_begin(pipe: Connection) -> Begin | None:
    """Wait for ``Begin`` and return it; None if the control process is gone."""
    try:
        command = pipe.recv()
    except (EOFError, ConnectionError):
        return None
    return command if isinstance(command, Begin) else None


def _send_failure(pipe: Connection, failure: Failed) -> None:
    with contextlib.suppress(ConnectionError):  # the control process is gone
        pipe.send(failure)


def _warm_up_and_run(
    share: AudioShare,
    crossfade: HandoverCrossfade,
    model: HopModel,
    tracker: BeatTracker | None,
    begin: Begin,
    pipe: Connection,
    began: float,
    lighter: str,
) -> None:
    scheduler = HopScheduler(model, share.rate, *begin.conditions, tracker=tracker)
    if crossfade.is_active:
        share.engine_state = EngineState.WARMING
    pipe.send(
        ModelLoaded(
            sample_rate=model.sample_rate,
            hop=model.hop,
            overlap=model.overlap,
            stems=model.stems,
            anticipations=model.anticipations,
            conditions=begin.conditions,
            likely_grooves=model.likely_grooves,
        )
    )
    step_s = warm_up(scheduler)
    real_time_factor = step_s * model.sample_rate / model.hop
    if crossfade.standby and real_time_factor >= 1.0:
        raise EngineError(
            f"{model.name} takes {1000 * step_s:.0f} ms for a hop of 50 ms on this machine: it "
            "could not keep up; the checkpoint that plays goes on"
        )
    with contextlib.closing(PersistentBanks(scheduler, begin.banks)) as persistent_banks:
        persistent_banks.load_all()
        freeze_collector()
        unlocked = lock_memory()
        priority = ThreadPriority(lighter=lighter)
        engine = Engine(share, scheduler, pipe, persistent_banks, crossfade, priority)
        if crossfade.standby and not engine.run_standby():
            return
        priority.raise_for(real_time_factor)
        share.engine_state = EngineState.LIVE
        pipe.send(
            Ready(
                seconds=time.monotonic() - began,
                real_time_factor=real_time_factor,
                priority=priority.words,
                first_host_change=engine.first_host_change,
                advice=tuple(filter(None, (priority.advice, unlocked))),
            )
        )
        engine.run()
