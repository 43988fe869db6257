"""Tests of the engine on the native host, cycle by cycle, on the host's clock alone."""

import multiprocessing
import os
import signal
import threading
import time

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare, EngineState
from bridge.common.errors import ConfigError, EngineError
from bridge.common.latency import hop_frames
from bridge.engine.loop import Engine
from bridge.engine.messages import Applied, Failed, Reset, SetConditions, Stop
from bridge.engine.supervisor import Supervisor
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany
from bridge.testing import PassThroughModel, ScriptedModel


def with_hops(hops, **others):
    return Conditions(stem="drums", anticipation_hops=hops, **others)


class Stage:
    """A share, the native host on it, and an engine that runs when told to."""

    def __init__(self, model, *conditions, rate=48000, block=256):
        self.block = block
        self.share = AudioShare.create(rate, hop_frames(rate))
        self.share.block = block
        self.host = Host(self.share)
        self.scheduler = HopScheduler(model, rate, *conditions)
        self.pipe, far_end = multiprocessing.Pipe()
        self.engine = Engine(self.share, self.scheduler, far_end)
        self.share.engine_live = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.host.close()
        self.share.close()

    def cycle(self, mix, *, freewheel=False):
        """Process one block; return what came out on the left."""
        left, right = self.host.process(mix, mix, freewheel=freewheel)
        assert np.array_equal(left, right)
        return left

    def answer(self):
        """Let the engine do all it can do now."""
        while True:
            before = (self.scheduler.heard, self.scheduler.played, self.share.epoch)
            self.engine.step(0.0)
            if (self.scheduler.heard, self.scheduler.played, self.share.epoch) == before:
                return

    def play(self, mix, *, pause=0):
        """Play a mix whose length is whole blocks; the engine sleeps ``pause`` cycles."""
        out = []
        for number, block in enumerate(mix.reshape(-1, self.block)):
            out.append(self.cycle(block))
            if number >= pause:
                self.answer()
        return np.concatenate(out)


def silence(frames, block):
    return np.zeros(-(-frames // block) * block, np.float32)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("block", [64, 100, 256, 1024, 4096])
@pytest.mark.parametrize("hops", [0, 2])
def test_an_impulse_returns_after_the_causal_latency(rate, block, hops):
    with Stage(PassThroughModel(), with_hops(hops), rate=rate, block=block) as stage:
        mix = silence(2 * rate, block)
        at = rate // 2 + 777
        mix[at] = 0.5
        out = stage.play(mix)
        budget = stage.scheduler.budget(block)
        assert stage.share.musical_latency == budget.musical
        assert int(np.argmax(np.abs(out))) == at + budget.causal
        counters = stage.share.snapshot()
        assert (counters.late_hops, counters.underruns) == (0, 0)


@pytest.mark.parametrize("block", [64, 100, 256, 1024, 4096])
@pytest.mark.parametrize("extra", [0, 1])
def test_an_engine_may_take_what_the_budget_grants_and_no_more(block, extra):
    """Hold every result back by whole cycles: what is granted is in time, one more is not."""
    with Stage(PassThroughModel(), with_hops(0), block=block) as stage:
        granted = -(-stage.scheduler.hop // block)
        mix = silence(3 * 48000, block)
        due, captured = [], 0
        stage.answer()
        stage.play(mix[: block * (48000 // block)])
        before = stage.share.snapshot()
        for number, chunk in enumerate(mix.reshape(-1, block)):
            while due and due[0] <= number:
                due.pop(0)
                stage.engine.step(0.0)
            stage.cycle(chunk)
            end = stage.share.mix_written - stage.share.epoch_frame
            complete = end // stage.scheduler.hop
            fresh = complete - stage.scheduler.heard - len(due)
            captured += fresh
            due += [number + granted + extra] * fresh
        after = stage.share.snapshot()
        assert captured > 50
        assert (after.underruns > before.underruns) == bool(extra)
        assert (after.late_hops > before.late_hops) == bool(extra)


@pytest.mark.parametrize("hops", [0, 2, 20])
def test_after_a_stall_the_latency_is_what_it_was(hops):
    block = 256
    with Stage(PassThroughModel(), with_hops(hops), block=block) as stage:
        mix = silence(8 * 48000, block)
        at = [48000 + 500, 6 * 48000 + 123]
        mix[at] = 0.5
        blocks = mix.reshape(-1, block)
        out = []
        for number, chunk in enumerate(blocks):
            out.append(stage.cycle(chunk))
            if not 2 * 48000 <= number * block < 5 * 48000:
                stage.answer()
        out = np.concatenate(out)
        causal = stage.scheduler.budget(block).causal
        assert np.flatnonzero(np.abs(out) > 0.4).tolist() == [frame + causal for frame in at]
        counters = stage.share.snapshot()
        assert counters.skipped_hops >= 60 - hops - 2
        assert counters.underruns > 0


def test_a_backlog_is_caught_up_where_the_stem_is_not_yet_due():
    """With a second in hand, a stall of half a second costs nothing."""
    block = 256
    with Stage(ScriptedModel(), with_hops(20), block=block) as stage:
        mix = np.random.default_rng(0).standard_normal(750 * block).astype(np.float32)
        for number, chunk in enumerate(mix.reshape(-1, block)):
            stage.cycle(chunk)
            if not 300 <= number < 393:
                stage.answer()
        counters = stage.share.snapshot()
        assert (counters.skipped_hops, counters.late_hops, counters.underruns) == (0, 0, 0)


@pytest.mark.parametrize(("first", "then"), [(0, 2), (2, 0), (0, 20), (20, 0)])
def test_anticipation_changes_while_playing(first, then):
    block = 256
    with Stage(PassThroughModel(), with_hops(first), block=block) as stage:
        mix = silence(5 * 48000, block)
        at = [48000 + 500, 180000 + 123]
        mix[at] = 0.5
        half = len(mix) // 2 // block * block
        out = [stage.play(mix[:half])]
        causal = [stage.scheduler.budget(block).causal]
        stage.pipe.send(SetConditions(1, with_hops(then)))
        assert stage.engine._run_commands()
        assert stage.pipe.recv() == Applied(1)
        out.append(stage.play(mix[half:]))
        causal.append(stage.scheduler.budget(block).causal)
        found = np.flatnonzero(np.abs(np.concatenate(out)) > 0.4).tolist()
        assert found == [at[0] + causal[0], at[1] + causal[1]]
        counters = stage.share.snapshot()
        assert (counters.late_hops, counters.underruns) == (0, 0)


def test_less_latency_is_promised_only_when_the_stem_is_there():
    block = 256
    with Stage(PassThroughModel(), with_hops(0), block=block) as stage:
        stage.play(silence(48000, block))
        late = stage.share.musical_latency
        stage.scheduler.condition(with_hops(2))
        assert stage.share.musical_latency == late
        stage.play(silence(4800, block))
        assert stage.share.musical_latency == 0
        stage.scheduler.condition(with_hops(0))
        stage.play(silence(4800, block))
        assert stage.share.musical_latency == late


def test_a_change_of_block_size_is_followed():
    with Stage(PassThroughModel(), with_hops(0), block=256) as stage:
        stage.play(silence(48000, 256))
        stage.block = stage.share.block = 1000
        stage.play(silence(48000, 1000))
        phase = (stage.share.frame - stage.share.epoch_frame) % 1000
        assert phase != 0
        assert stage.share.musical_latency == stage.scheduler.budget(1000, phase).musical
        before = stage.share.snapshot().underruns
        stage.play(silence(96000, 1000))
        assert stage.share.snapshot().underruns == before


def test_commands_are_obeyed_or_refused():
    with Stage(ScriptedModel(), with_hops(2)) as stage:
        stage.pipe.send(SetConditions(1, Conditions(stem="bass")))
        stage.pipe.send(SetConditions(2, Conditions(stem="kazoo")))
        stage.pipe.send(Reset(3))
        assert stage.engine._run_commands()
        assert stage.pipe.recv() == Applied(1)
        refused = stage.pipe.recv()
        assert isinstance(refused, Failed)
        assert (refused.id, refused.kind) == (2, ConfigError)
        assert "unknown stem 'kazoo'" in refused.text
        assert stage.pipe.recv() == Applied(3)
        assert stage.scheduler.conditions.stem == "bass"
        stage.pipe.send(Stop())
        assert not stage.engine._run_commands()


@pytest.mark.parametrize("unread", [False, True])
def test_it_ends_when_the_control_process_is_gone(unread):
    with Stage(ScriptedModel(), with_hops(2)) as stage:
        if unread:
            stage.pipe.send(Reset(1))
            stage.engine._run_commands()
        stage.pipe.close()
        stage.engine.run()
        assert not stage.share.engine_live


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("block", [64, 100, 256, 1024, 4096])
@pytest.mark.parametrize("hops", [0, 2, 20])
def test_freewheeling_gives_what_rendering_gives(rate, block, hops):
    conditions = with_hops(hops, seed=11)
    frames = -(-2 * rate // block) * block
    mix = 0.3 * np.random.default_rng(4).standard_normal(frames).astype(np.float32)
    hop = hop_frames(rate)
    padded = np.concatenate([mix, np.zeros(-frames % hop, np.float32)]).reshape(-1, hop)
    rendered = np.concatenate(
        [
            stem.audio[0]
            for stem in accompany(
                HopScheduler(ScriptedModel(), rate, conditions), padded, frames
            )
        ]
    )
    with Stage(ScriptedModel(), conditions, rate=rate, block=block) as stage:
        stage.play(0.5 * mix[: 20 * block])  # another take before the export
        thread = threading.Thread(target=stage.engine.run)
        thread.start()
        out = np.concatenate(
            [stage.cycle(chunk, freewheel=True) for chunk in mix.reshape(-1, block)]
        )
        late = stage.share.musical_latency
        stage.pipe.send(Stop())
        thread.join()
    assert late == HopScheduler(ScriptedModel(), rate, conditions).budget(block).musical
    assert np.array_equal(out[late:], rendered[: frames - late])
    assert not out[:late].any()


# -- the process ------------------------------------------------------------------------------


def broken_checkpoint():
    raise EngineError("checkpoint x: 3 tensors are missing; fetch it again")


@pytest.fixture
def stage():
    """A host that cycles in real time in a thread of its own, and keeps how loud it was."""
    with Stage(PassThroughModel(), with_hops(2), block=256) as stage:
        stage.share.engine_live = False
        stage.peaks = []
        stop = threading.Event()

        def cycle():
            start, cycles = time.monotonic(), 0
            while not stop.is_set():
                out = stage.cycle(np.full(256, 0.25, np.float32))
                stage.peaks.append(float(np.abs(out).max()))
                cycles += 1
                time.sleep(max(0.0, start + cycles * 256 / 48000 - time.monotonic()))

        thread = threading.Thread(target=cycle)
        thread.start()
        yield stage
        stop.set()
        thread.join()


def wait_until(condition, timeout_s=60.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def loud(stage, since=0):
    """Return in which cycle it was loud again; None if it has not been."""
    return next((n for n, peak in enumerate(stage.peaks[since:], since) if peak > 0.2), None)


def silent(stage, since):
    """Return in which cycle it was silent; None if it has not been."""
    return next((n for n, peak in enumerate(stage.peaks[since:], since) if peak == 0), None)


def test_a_killed_engine_is_replaced_and_plays_again(stage):
    told = []
    supervisor = Supervisor(
        stage.share,
        PassThroughModel,
        with_hops(2),
        on_change=lambda status: told.append(
            (status, stage.share.engine_live, len(stage.peaks))
        ),
    )

    def states(since=0):
        return [status.state for status, *_ in told[since:]]

    supervisor.start()
    try:
        ready = supervisor.wait_ready(60.0)
        assert ready.seconds > 0.0
        wait_until(lambda: loud(stage))
        supervisor.condition(with_hops(0)).result(60.0)
        wait_until(lambda: stage.share.musical_latency > 0)

        first = supervisor.status.pid
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: EngineState.FAILED in states())
        death = states().index(EngineState.FAILED)
        failed, engine_live, cycle = told[death]
        assert failed.reason == "the engine process died (killed by SIGKILL)"
        assert not engine_live
        wait_until(lambda: silent(stage, cycle))
        wait_until(lambda: loud(stage, silent(stage, cycle)))
        wait_until(lambda: EngineState.LIVE in states(death))
        assert EngineState.LOADING in states(death)
        assert supervisor.status.restarts == 1
        assert supervisor.status.pid != first
        assert supervisor.status.model.conditions == (with_hops(0),)
        with pytest.raises(ConfigError, match="unknown stem 'kazoo'"):
            supervisor.condition(Conditions(stem="kazoo")).result(60.0)
        wait_until(lambda: supervisor.conditions == with_hops(0))
    finally:
        supervisor.close()
    assert not stage.share.engine_live


def test_conditions_the_model_cannot_meet_end_the_start(stage):
    supervisor = Supervisor(stage.share, PassThroughModel, Conditions(stem="kazoo"))
    supervisor.start()
    with pytest.raises(ConfigError, match="unknown stem 'kazoo': this model plays drums"):
        supervisor.wait_ready(60.0)
    supervisor.close()


def test_a_checkpoint_that_will_not_load_ends_the_start(stage):
    supervisor = Supervisor(stage.share, broken_checkpoint, with_hops(2))
    supervisor.start()
    with pytest.raises(EngineError, match="3 tensors are missing; fetch it again"):
        supervisor.wait_ready(60.0)
    supervisor.close()


def test_commands_before_the_engine_is_ready_are_kept_for_it(stage):
    supervisor = Supervisor(stage.share, PassThroughModel, with_hops(2))
    supervisor.start()
    supervisor.condition(with_hops(20)).result(1.0)
    supervisor.wait_ready(60.0)
    supervisor.reset().result(60.0)
    assert supervisor.conditions == with_hops(20)
    wait_until(lambda: loud(stage))
    supervisor.close()
