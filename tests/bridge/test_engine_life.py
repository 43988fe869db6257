"""Tests of the engine process: started ahead, stopped before it begins, failing early."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from bridge.audio.shared.share import AudioShare
from bridge.common.background import TaskErrors
from bridge.common.errors import EngineError
from bridge.common.realtime import collector_paused, freeze_collector
from bridge.engine.engine_process import start_engine
from bridge.engine.messages import Loading, Stop
from bridge.engine.supervisor import Supervisor
from bridge.tempo import TempoMap, Timekeeping
from bridge.testing import PassThroughModel
from model.formats.conditions import Conditions

CONDITIONS = Conditions(stem="drums", anticipation_hops=2)


def broken():
    raise EngineError("checkpoint x: 3 tensors are missing; fetch it again")


def broken_at_last():
    time.sleep(1.0)
    broken()


@pytest.fixture
def share():
    with AudioShare.create(48_000, 2400) as share:
        share.block = 256
        yield share


def test_the_engine_started_ahead_is_the_one_that_plays(share):
    engine = start_engine(PassThroughModel)
    supervisor = Supervisor(share, PassThroughModel, CONDITIONS, first=engine)
    supervisor.start()
    try:
        supervisor.wait_ready(60.0)
        assert supervisor.status.pid == engine.process.pid
        assert supervisor.status.model.conditions == (CONDITIONS,)
    finally:
        supervisor.close()
    assert not engine.process.is_alive()
    engine.kill()  # once more does no harm


def test_what_went_wrong_ahead_is_told_to_who_takes_it_up(share):
    engine = start_engine(broken)
    engine.process.join(60.0)
    supervisor = Supervisor(share, broken, CONDITIONS, first=engine)
    supervisor.start()
    with pytest.raises(EngineError, match="3 tensors are missing"):
        supervisor.wait_ready(60.0)
    supervisor.close()


def test_an_engine_that_the_system_would_not_start_is_started_again(share, monkeypatch):
    refused = []

    def start(load):
        if len(refused) < 2:
            refused.append(load)
            raise BlockingIOError("Resource temporarily unavailable")
        return start_engine(load)

    monkeypatch.setattr("bridge.engine.supervisor.start_engine", start)
    errors = TaskErrors()
    supervisor = Supervisor(share, PassThroughModel, CONDITIONS, errors=errors)
    supervisor.start()
    try:
        supervisor.wait_ready(60.0)
        assert (errors.counts, len(refused)) == ({"engine watch": 2}, 2)
        assert "temporarily unavailable" in errors.last
        assert supervisor.status.restarts == 2
    finally:
        supervisor.close()


@pytest.mark.parametrize("is_read", [True, False])
@pytest.mark.parametrize("load", [PassThroughModel, broken_at_last])
def test_an_engine_that_nobody_wants_any_more_ends_by_itself(load, is_read, capfd):
    engine = start_engine(load)
    assert engine.pipe.poll(60.0)
    if is_read:
        assert isinstance(engine.pipe.recv(), Loading)
    engine.close()
    engine.process.join(60.0)
    assert engine.process.exitcode == 0
    assert "Traceback" not in capfd.readouterr().err


def test_an_engine_that_hangs_holds_up_nobody_and_loses_nothing(share):
    supervisor = Supervisor(share, PassThroughModel, CONDITIONS)
    supervisor.start()
    try:
        pid = supervisor.wait_ready(60.0) and supervisor.status.pid
        os.kill(pid, signal.SIGSTOP)
        answers = []

        def command():
            for number in range(1000):  # more than the pipe holds
                tempo = TempoMap(
                    frame=0, beat=number, tempo_bpm=120, beats_per_bar=4, rate=48_000
                )
                answers.append(supervisor.follow(Timekeeping(tempo=tempo)))

        commanding = threading.Thread(target=command, daemon=True)
        commanding.start()
        commanding.join(60.0)
        assert not commanding.is_alive()
        os.kill(pid, signal.SIGCONT)
        for answer in answers:
            answer.result(60.0)
        assert len(answers) == 1000
        assert supervisor.status.ended == 0
    finally:
        supervisor.close()


def test_requests_to_an_engine_that_hangs_end_with_it(share):
    before = threading.active_count()
    supervisor = Supervisor(share, PassThroughModel, CONDITIONS)
    supervisor.start()
    try:
        pid = supervisor.wait_ready(60.0) and supervisor.status.pid
        os.kill(pid, signal.SIGSTOP)
        answers = [supervisor.follow(Timekeeping()) for _ in range(1000)]
        os.kill(pid, signal.SIGKILL)
        for answer in answers:
            answer.result(60.0)
    finally:
        supervisor.close()
    until = time.monotonic() + 60.0
    while threading.active_count() > before:
        assert time.monotonic() < until, threading.enumerate()
        time.sleep(0.01)


def test_the_pipe_is_closed_after_the_last_command_has_left_it(monkeypatch):
    engine = start_engine(PassThroughModel)
    writing, closed, order = threading.Event(), engine.pipe.close, []

    def send(command):
        writing.set()
        time.sleep(0.2)
        order.append(command)

    monkeypatch.setattr(engine.pipe, "send", send, raising=False)
    monkeypatch.setattr(engine.pipe, "close", lambda: (order.append("closed"), closed()))
    stop = Stop()
    engine.send(stop)
    assert writing.wait(60.0)
    engine.kill()
    engine.close()
    assert order == [stop, "closed"]


def test_an_engine_can_be_stopped_before_it_begins():
    engine = start_engine(PassThroughModel)
    engine.send(Stop())
    engine.process.join(60.0)
    assert engine.process.exitcode == 0
    engine.kill()


def test_little_is_loaded_before_the_engine_is_started():
    code = (
        "import sys, bridge.__main__, bridge.commands.run\n"
        "print(sorted({'numpy', 'asyncio', 'importlib.metadata'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "[]", answer.stderr


def test_garbage_is_left_alone_while_things_are_loaded():
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with collector_paused():
        freeze_collector()
        assert gc.isenabled()
    gc.unfreeze()
