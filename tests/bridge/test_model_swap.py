"""Tests of model changes between processes; a failed one leaves the old model playing."""

import functools
import os
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare, EngineState
from bridge.common.errors import ConfigError, EngineError, RefusedError
from bridge.engine.bank_files import bank_paths
from bridge.engine.messages import BankAction
from bridge.engine.supervisor import Supervisor
from bridge.protocols import Conditions
from bridge.testing import PassThroughModel, ScriptedModel

BLOCK = 480
FIRST = Conditions(stem="strings", anticipation_hops=2)


class NoStrings(PassThroughModel):
    """Plays drums and bass alone, a semitone... an octave louder than what it hears."""

    def __init__(self):
        super().__init__()
        self.stems = ("drums", "bass")

    def play(self):
        return -super().play()


def broken():
    raise EngineError("checkpoint x: 3 tensors are missing; fetch it again")


def crashing():
    os._exit(3)


def slow():
    return ScriptedModel(step_s=0.07)


def once_there(path):
    """Load as soon as there is a file."""
    while not path.exists():
        time.sleep(0.01)
    return NoStrings()


def same(conditions):
    return conditions


def to_drums(conditions):
    return replace(conditions, stem="drums")


class Room:
    """A host that cycles in a thread of its own, fed with a constant.

    Never faster than real time; and where the machine gives the engine no time, it waits, for
    ``patience_s`` a cycle at most. So what is lost was lost by an engine, or between two.
    """

    patience_s = 10.0

    def __init__(self, tmp_path):
        self.share = AudioShare.create(48000, 2400)
        self.share.block = BLOCK
        self.host = Host(self.share)
        self.blocks = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._cycle)
        self._thread.start()
        self.supervisor = Supervisor(self.share, PassThroughModel, FIRST, banks=tmp_path)
        self.supervisor.start()
        self.supervisor.wait_ready(60.0)
        self.wait_until(lambda: self.level() > 0.2)

    def _cycle(self):
        mix = np.full(BLOCK, 0.25, np.float32)
        while not self._stop.is_set():
            began = time.monotonic()
            self._await_stem(began + self.patience_s)
            self.blocks.append(self.host.process(mix, mix)[0])
            time.sleep(max(0.0, began + BLOCK / 48000 - time.monotonic()))

    def _await_stem(self, deadline):
        share = self.share
        while share.engine_live and not self._stop.is_set():
            due = share.frame + BLOCK - share.stem_delay
            if share.stem_written >= due or time.monotonic() > deadline:
                return
            time.sleep(0.001)

    def level(self):
        return float(self.blocks[-1][-1])

    def wait_until(self, condition, timeout_s=60.0):
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def close(self):
        self.supervisor.close()
        self._stop.set()
        self._thread.join()
        self.host.close()
        self.share.close()


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    yield room
    room.close()


def test_another_model_takes_over_while_playing(room):
    supervisor = room.supervisor
    first = supervisor.status.pid
    before = room.share.snapshot()
    begin = len(room.blocks)
    model = supervisor.replace(NoStrings, to_drums, 60.0)
    assert model.stems == ("drums", "bass")
    room.wait_until(lambda: room.level() == -0.25)
    after = room.share.snapshot()
    assert (after.underruns, after.late_hops, after.skipped_hops) == (
        before.underruns, before.late_hops, before.skipped_hops,
    )  # fmt: skip
    sound = np.concatenate(room.blocks[begin:])
    assert np.abs(np.diff(sound)).max() < 0.002  # from 0.25 to -0.25 within a hop
    status = supervisor.status
    assert (status.state, status.restarts, status.reason) == (EngineState.LIVE, 0, "")
    assert status.pid != first
    assert status.model == model
    assert supervisor.conditions.stem == "drums"
    supervisor.condition(replace(FIRST, stem="bass")).result(60.0)
    with pytest.raises(ConfigError, match="unknown stem 'strings'"):
        supervisor.condition(FIRST).result(60.0)
    room.wait_until(lambda: not _is_running(first))


def _is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("load", "fit", "words"),
    [
        (broken, same, "3 tensors are missing"),
        (crashing, same, r"died \(exit code 3\)"),
        (NoStrings, same, "unknown stem 'strings': this model plays drums, bass"),
        (slow, same, r"takes \d+ ms for a hop of 50 ms"),
    ],
)
def test_what_cannot_play_leaves_the_old_one_playing(room, load, fit, words):
    supervisor = room.supervisor
    before, pid = room.share.snapshot(), supervisor.status.pid
    with pytest.raises(RefusedError, match=words) as refused:
        supervisor.replace(load, fit, 60.0)
    assert refused.value.code == 30
    assert (supervisor.status.state, supervisor.status.pid) == (EngineState.LIVE, pid)
    assert supervisor.conditions == FIRST
    supervisor.reset().result(60.0)
    assert room.share.snapshot().underruns == before.underruns
    room.wait_until(lambda: room.level() == 0.25)


def test_one_at_a_time(room, tmp_path):
    go = tmp_path / "go"
    load = functools.partial(once_there, go)
    done = threading.Thread(target=room.supervisor.replace, args=(load, to_drums, 60.0))
    done.start()
    room.wait_until(room.supervisor._handover._busy.locked)
    with pytest.raises(RefusedError, match="being loaded already") as refused:
        room.supervisor.replace(NoStrings, to_drums, 60.0)
    assert refused.value.code == 6
    go.touch()
    done.join()
    room.wait_until(lambda: room.level() == -0.25)


def test_an_engine_that_hangs_is_replaced_all_the_same(room):
    room.patience_s = 0.0
    os.kill(room.supervisor.status.pid, signal.SIGSTOP)
    room.supervisor.replace(NoStrings, to_drums, 60.0)
    room.wait_until(lambda: room.level() == -0.25)
    assert room.supervisor.status.restarts == 0


def test_a_new_engine_that_dies_is_started_again_with_the_new_model(room):
    room.supervisor.replace(NoStrings, to_drums, 60.0)
    os.kill(room.supervisor.status.pid, signal.SIGKILL)
    room.wait_until(lambda: room.supervisor.status.restarts == 1)
    room.wait_until(lambda: room.supervisor.status.state is EngineState.LIVE)
    room.wait_until(lambda: room.level() == -0.25)


def test_banks_outlive_the_engine_that_filled_them(room, tmp_path):
    supervisor = room.supervisor
    for act, bank, filled in (
        (BankAction.STORE, 3, {3}),
        (BankAction.STORE, 5, {3, 5}),
        (BankAction.CLEAR, 5, {3}),
    ):
        supervisor.use_bank(act, bank).result(60.0)
        room.wait_until(lambda filled=filled: bank_paths(tmp_path).keys() == filled)
    os.kill(supervisor.status.pid, signal.SIGKILL)
    room.wait_until(lambda: supervisor.status.restarts == 1)
    room.wait_until(lambda: supervisor.status.banks == frozenset({3}))
    supervisor.use_bank(BankAction.RECALL, 3).result(60.0)
    supervisor.use_bank(BankAction.STORE, 4).result(60.0)
    supervisor.replace(NoStrings, to_drums, 60.0)
    with pytest.raises(RefusedError, match="checkpoint 'PassThroughModel'") as refused:
        supervisor.use_bank(BankAction.RECALL, 3).result(60.0)
    assert refused.value.code == 31
    with pytest.raises(ConfigError, match="bank 7 is empty"):
        supervisor.use_bank(BankAction.RECALL, 7).result(60.0)
    supervisor.replace(PassThroughModel, same, 60.0)
    room.wait_until(lambda: supervisor.status.banks == frozenset({3, 4}))
