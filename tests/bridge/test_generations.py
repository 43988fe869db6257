"""A new take begins at the worst of moments: what comes out is what rendering gives.

The host runs on a thread of its own and the engine is stepped by hand, so that the host can be
let go exactly as far as it goes before the engine does anything.
"""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.offline import accompany
from bridge.testing import ScriptedModel
from tests.bridge.test_engine import Stage

RATE = 48_000
HOP = RATE // 20
FRAMES = RATE


def noise(frames, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, frames).astype(np.float32)


def rendered(conditions, mix):
    hops = np.concatenate([mix, np.zeros(-len(mix) % HOP, np.float32)]).reshape(-1, HOP)
    stems = accompany(HopScheduler(ScriptedModel(), RATE, conditions), hops, len(mix))
    return np.concatenate([stem.audio[0] for stem in stems])


class Interrupted(ScriptedModel):
    """Lets something happen while it listens or plays."""

    def __init__(self):
        super().__init__()
        self.meanwhile = {}

    def listen(self, mix):
        self.meanwhile.pop("listen", lambda: None)()
        super().listen(mix)

    def play(self):
        self.meanwhile.pop("play", lambda: None)()
        return super().play()


class Export:
    """A freewheeling host on a thread; ``out`` is what it has put out."""

    def __init__(self, stage, mix, relocate_at=None):
        self._stage, self._relocate_at = stage, relocate_at
        self._blocks = mix.reshape(-1, stage.block)
        self._out = []
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        for number, block in enumerate(self._blocks):
            if number == self._relocate_at:
                self._stage.host.set_transport(rolling=False, frame=12_345)
            self._out.append(self._stage.cycle(block, freewheel=True))

    def start(self):
        """Begin, and return when the host goes no further by itself."""
        self._thread.start()
        frame, still = -1, 0
        while still < 20:
            time.sleep(0.005)
            still = still + 1 if self._stage.share.frame == frame else 0
            frame = self._stage.share.frame

    def finish(self, engine):
        """Let the engine play to the end; return what came out."""
        while self._thread.is_alive():
            engine.step(0.01)
        return np.concatenate(self._out)


def whole_blocks(frames, block):
    return -(-frames // block) * block


@pytest.mark.parametrize("moment", ["waiting", "listen", "play"])
@pytest.mark.parametrize("block", [64, 256, 1024])
@pytest.mark.parametrize(
    ("before", "after"), [(0, 0), (2, 2), (0, 2), (2, 0), (20, 0), (0, 20)]
)
def test_an_export_may_begin_whatever_the_engine_is_doing(moment, block, before, after):
    """Also when the anticipation has just changed and the latency promised is still the old."""
    model = Interrupted()
    first = Conditions(stem="drums", anticipation_hops=before, seed=5)
    conditions = replace(first, anticipation_hops=after)
    mix = noise(whole_blocks(FRAMES, block))
    with Stage(model, first, block=block) as stage:
        stage.answer()
        stage.play(noise(whole_blocks(RATE // 2, block), seed=1))
        stage.scheduler.condition(conditions)
        export = Export(stage, mix)
        if moment == "waiting":
            export.start()
        else:
            model.meanwhile[moment] = export.start
            while model.meanwhile:
                stage.cycle(np.zeros(block, np.float32))
                stage.engine.step(0.0)
        out = export.finish(stage.engine)
        late = stage.share.musical_latency
        counters = stage.share.snapshot()
    assert late == HopScheduler(ScriptedModel(), RATE, conditions).budget(block).musical
    np.testing.assert_array_equal(out[:late], 0.0)
    np.testing.assert_array_equal(out[late:], rendered(conditions, mix)[: len(out) - late])
    assert (counters.late_hops, counters.skipped_hops, counters.underruns) == (0, 0, 0)


@pytest.mark.parametrize("hops", [0, 2])
@pytest.mark.parametrize("relocated_at", [1, 2, 30])
def test_an_export_that_is_relocated_at_once_begins_once_more(hops, relocated_at):
    block = 256
    conditions = Conditions(stem="drums", anticipation_hops=hops, seed=5)
    mix = noise(whole_blocks(FRAMES, block))
    with Stage(ScriptedModel(), conditions, block=block) as stage:
        stage.answer()
        stage.play(noise(20 * block, seed=1))
        export = Export(stage, mix, relocated_at)
        export.start()
        out = export.finish(stage.engine)
        assert stage.share.generation == 3
        late = stage.share.musical_latency
    taken, mix = out[relocated_at * block :], mix[relocated_at * block :]
    np.testing.assert_array_equal(taken[late:], rendered(conditions, mix)[: len(mix) - late])


@pytest.mark.parametrize("hops", [0, 2, 20])
@pytest.mark.parametrize("missed", [1, 40])
def test_an_engine_that_comes_late_to_an_export_still_plays_its_take(hops, missed):
    """The frames that were due before it came are lost; no other frame differs."""
    block = 256
    conditions = Conditions(stem="drums", anticipation_hops=hops, seed=5)
    mix = noise(whole_blocks(FRAMES, block))
    with Stage(ScriptedModel(), conditions, block=block) as stage:
        stage.answer()
        stage.play(noise(20 * block, seed=1))
        stage.share.engine_live = False
        lost = [
            stage.cycle(chunk, freewheel=True)
            for chunk in mix[: missed * block].reshape(-1, block)
        ]
        assert not np.concatenate(lost).any()
        stage.share.engine_live = True
        export = Export(stage, mix[missed * block :])
        export.start()
        out = np.concatenate([*lost, export.finish(stage.engine)])
        late = stage.share.musical_latency
    begin = max(late, missed * block)
    stem = rendered(conditions, mix)
    np.testing.assert_array_equal(out[begin:], stem[begin - late : len(out) - late])


def test_an_engine_too_late_for_the_take_plays_on_from_where_the_host_is():
    """The mix of the first hops is no longer kept."""
    block = 4096
    with Stage(ScriptedModel(), Conditions(stem="drums"), block=block) as stage:
        stage.answer()
        stage.share.engine_live = False
        for _ in range(62):
            stage.cycle(np.zeros(block, np.float32), freewheel=True)
        stage.share.engine_live = True
        stage.engine.step(0.0)
        elapsed = stage.share.frame - stage.share.epoch_frame
        assert stage.scheduler.heard * HOP >= elapsed
