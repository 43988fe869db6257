"""Tests of a hand-over between engines on the native host: one stem, and no hop lost."""

import contextlib
import multiprocessing
from dataclasses import replace

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.common.latency import hop_frames
from bridge.engine.handover import HandoverCrossfade
from bridge.engine.loop import Engine
from bridge.engine.messages import CaughtUp, OutputReleased, ReleaseOutput, TakeOver
from bridge.engine.standby_share import StandbyShare
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.testing import PassThroughModel

BLOCK = 256


class ToneModel(PassThroughModel):
    """Plays a tone of its own, whatever it hears."""

    def __init__(self, hz, overlap=0):
        super().__init__(overlap)
        self.hz = hz

    def play(self):
        at = np.arange(self._played * self.hop, (self._played + 1) * self.hop) - self.overlap
        self._played += 1
        tone = 0.5 * np.sin(2 * np.pi * self.hz * at / self.sample_rate).astype(np.float32)
        return np.tile(tone, (len(self.players), 1))


class Stage:
    """A host, the engine that is heard, and one that standby."""

    def __init__(self, stack, hops, *, rate=48000, overlaps=(480, 480)):
        self.rate = rate
        self.share = stack.enter_context(AudioShare.create(rate, hop_frames(rate)))
        self.share.block = BLOCK
        self.host = Host(self.share)
        stack.callback(self.host.close)
        self.stack = stack
        self.conditions = Conditions(stem="drums", anticipation_hops=hops)
        self.old, self.old_pipe = self.engine(ToneModel(311, overlaps[0]))
        self.share.engine_live = True
        self.overlap = overlaps[1]
        self.engines = [self.old]

    def engine(self, model, *, standby=False):
        here, there = multiprocessing.Pipe()
        crossfade = HandoverCrossfade(standby=standby)
        share = self.stack.enter_context(
            StandbyShare.open_for(self.share.name, crossfade, there.poll)
        )
        scheduler = HopScheduler(model, self.rate, self.conditions)
        return Engine(share, scheduler, there, crossfade=crossfade), here

    def let_wait(self):
        self.new, self.new_pipe = self.engine(ToneModel(197, self.overlap), standby=True)
        self.engines.append(self.new)

    def cycle(self):
        silence = np.zeros(BLOCK, np.float32)
        left, _ = self.host.process(silence, silence)
        for engine in self.engines:
            engine._run_commands()
            engine.step(0.0)
        return left

    def play(self, seconds):
        return np.concatenate([self.cycle() for _ in range(round(seconds * self.rate / BLOCK))])

    def hand_over(self, out):
        """Let one leave and the other take over; return what the first handed on."""
        self.old_pipe.send(ReleaseOutput())
        while not (self.old._crossfade.is_releasing and self.old._has_released()):
            out.append(self.cycle())
        self.engines.remove(self.old)
        left = said(self.old_pipe, OutputReleased)[-1]
        self.new_pipe.send(TakeOver(left))
        self.new._run_commands()
        self.share.engine_live = True
        return left


def said(pipe, kind):
    return [message for message in iter(lambda: pipe.poll() and pipe.recv(), False)
            if isinstance(message, kind)]  # fmt: skip


@pytest.fixture
def stage(monkeypatch):
    monkeypatch.setattr("bridge.engine.loop._RELEASE_S", 60.0)  # the last hop is due by cycles
    with contextlib.ExitStack() as stack:
        yield lambda *given, **named: Stage(stack, *given, **named)


def pitch(sound, rate):
    """Return the loudest frequency of a sound."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum)) * rate / len(sound)


@pytest.mark.parametrize(
    ("rate", "hops", "overlaps"),
    [
        *((48000, hops, (480, 480)) for hops in (0, 2, 20)),
        (48000, 2, (0, 480)),
        (48000, 2, (480, 0)),
        (44100, 0, (480, 480)),
        (96000, 2, (480, 480)),
    ],
)
def test_the_stem_goes_on_without_gap_or_step(stage, rate, hops, overlaps):
    at = stage(hops, rate=rate, overlaps=overlaps)
    at.play(2.0)
    before = at.share.snapshot()
    out = [at.play(1.0)]
    at.let_wait()
    for _ in range(2000):
        out.append(at.cycle())
        if said(at.new_pipe, CaughtUp):
            break
    else:
        pytest.fail("it never caught up")
    out.append(at.play(0.5))
    at.hand_over(out)
    out.append(at.play(2.2))
    sound = np.concatenate(out)
    after = at.share.snapshot()
    assert (after.underruns, after.late_hops, after.skipped_hops) == (
        before.underruns, before.late_hops, before.skipped_hops,
    )  # fmt: skip
    steady = np.abs(np.diff(out[0])).max()
    assert np.abs(np.diff(sound)).max() < 1.05 * steady
    assert pitch(out[0], rate) == pytest.approx(311, abs=2)
    assert pitch(out[-1][-rate:], rate) == pytest.approx(197, abs=2)


def test_the_new_one_has_heard_the_last_seconds(stage):
    at = stage(2)
    at.play(8.0)
    at.let_wait()
    at.cycle()
    heard = at.new._scheduler.heard
    while not said(at.new_pipe, CaughtUp):
        at.cycle()
    assert at.old._scheduler.heard - heard > 80
    assert at.new._scheduler.played == at.old._scheduler.played


def test_where_the_old_one_died_the_stem_comes_back_softly(stage):
    at = stage(2)
    at.play(2.0)
    at.let_wait()
    while not said(at.new_pipe, CaughtUp):
        at.cycle()
    at.engines.remove(at.old)
    out = [at.play(0.2)]
    at.new_pipe.send(TakeOver(None))
    out.append(at.play(1.0))
    assert np.abs(np.diff(np.concatenate(out))).max() < 0.05
    assert pitch(out[-1][-24000:], 48000) == pytest.approx(197, abs=2)


def test_an_engine_at_rest_leaves_at_once(stage):
    at = stage(2)
    at.play(1.0)
    at.share.strip(1).enabled = False
    out = [at.play(0.5)]
    at.let_wait()
    while not said(at.new_pipe, CaughtUp):
        out.append(at.cycle())
    assert at.hand_over(out).last is None
    at.share.strip(1).enabled = True
    assert pitch(at.play(1.0)[-24000:], 48000) == pytest.approx(197, abs=2)


def test_a_new_grid_between_leaving_and_taking_over_is_joined(stage):
    at = stage(2)
    at.play(1.0)
    at.let_wait()
    while not said(at.new_pipe, CaughtUp):
        at.cycle()
    at.old_pipe.send(ReleaseOutput())
    while not at.old._has_released():
        at.cycle()
    at.engines.remove(at.old)
    left = replace(said(at.old_pipe, OutputReleased)[-1], generation=99)
    at.new_pipe.send(TakeOver(left))
    assert pitch(at.play(1.0)[-24000:], 48000) == pytest.approx(197, abs=2)
