"""The engine process: loads a model, rehearses, and plays until it is told to stop."""

import signal
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from bridge.engine.bank_keeper import BankKeeper
from bridge.engine.loop import Engine, ModelLoader
from bridge.engine.messages import Failed, Loading, Ready, Warming
from bridge.engine.rehearsal import rehearse
from bridge.engine.seat import Seat
from bridge.engine.turn import Turn
from bridge.errors import BridgeError, EngineError
from bridge.music.session import Session
from bridge.process import Priority, free_of_pauses, hold_memory
from bridge.protocols import Conditions
from bridge.shared.share import AudioShare, EngineState

__all__ = ["run_engine"]


def run_engine(
    share_name: str,
    load: ModelLoader,
    conditions: tuple[Conditions, ...],
    pipe: Connection,
    banks: Path | None = None,
    waits: bool = False,
) -> None:
    """Be the engine process: load, rehearse, play.

    Args:
        share_name: Of the share to play into.
        load: Makes the model.
        conditions: What each player plays first, from player 1 on.
        pipe: Commands in; ``Loading``, ``Warming``, ``Ready``, answers and failures out.
        banks: Folder of the banks that outlive it.
        waits: Whether another engine is heard: it plays along, tells that it is ``Abreast``,
            and is ``Ready`` once it took over.

    Raises:
        Exception: Whatever went wrong, once the other end has been told.
    """
    began = time.monotonic()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the control process's to handle
    try:
        turn = Turn(waits=waits)
        with Seat.taken(share_name, turn, pipe.poll) as share:
            _prepare_and_run(share, turn, load, conditions, pipe, banks, began)
    except BridgeError as error:
        pipe.send(Failed(str(error), kind=type(error)))
    except Exception as error:
        pipe.send(Failed(f"the engine broke: {type(error).__name__}: {error}"))
        raise


def _prepare_and_run(
    share: AudioShare,
    turn: Turn,
    load: ModelLoader,
    conditions: tuple[Conditions, ...],
    pipe: Connection,
    banks: Path | None,
    began: float,
) -> None:
    if turn.is_heard:
        share.engine_state = EngineState.LOADING
    pipe.send(Loading())
    model = load()
    session = Session(model, share.rate, *conditions)
    if turn.is_heard:
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
    if turn.waits and real_time_factor >= 1.0:
        raise EngineError(
            f"{model.name} takes {1000 * step_s:.0f} ms for a hop of 50 ms on this machine: it "
            "could not keep up; the checkpoint that plays goes on"
        )
    with closing(BankKeeper(session, banks)) as keeper:
        keeper.look()
        free_of_pauses()
        hold_memory()
        priority = Priority()
        engine = Engine(share, session, pipe, keeper, turn, priority)
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
