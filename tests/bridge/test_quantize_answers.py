"""The engine says of every change that waits for the beat when it is heard, or superseded."""

from multiprocessing import Pipe

import numpy as np
import pytest

from bridge.audio.callback import Host
from bridge.audio.shared.share import AudioShare
from bridge.engine.loop import Engine
from bridge.engine.messages import (
    Applied,
    Reset,
    SchedulerState,
    SetConditions,
    SetGrid,
    SetTimekeeping,
    Settled,
    Waiting,
)
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import QuantizeGrid, TempoMap, Timekeeping
from tests.bridge.test_quantize import RecordingModel


class EngineStage:
    """An engine on a share with the native host, at 4/4 and 120 bpm from frame 0."""

    def __init__(self, share, host, hops=2):
        self.share, self.host = share, host
        self.pipe, there = Pipe()
        self.model = RecordingModel()
        first = Conditions(stem="drums", anticipation_hops=hops)
        self.scheduler = HopScheduler(self.model, 48000, first)
        self.engine = Engine(share, self.scheduler, there)
        tempo = TempoMap(frame=0, beat=0, tempo_bpm=120, beats_per_bar=4, rate=48000)
        assert self.told(SetTimekeeping(0, Timekeeping(tempo=tempo))) == [Applied(0)]

    def told(self, *commands):
        """Send commands; return what the engine says."""
        for command in commands:
            self.pipe.send(command)
        assert self.engine._run_commands()
        return [self.pipe.recv() for _ in iter(self.pipe.poll, False)]

    def play(self, frames):
        """Let frames pass; return what was said, each with the frame being heard then."""
        said, silence = [], np.zeros(480, np.float32)
        for _ in range(frames // 480):
            self.host.process(silence, silence)
            self.engine.step(0.0)
            said += [(self.share.frame, reply) for reply in self.told()]
        return said


@pytest.fixture
def stage(request):
    with AudioShare.create(48000, 2400) as share:
        share.block = 480
        with Host(share) as host:
            yield EngineStage(share, host, **getattr(request, "param", {}))


def stem(id_, name, hops=2, grid=QuantizeGrid.BAR):
    conditions = Conditions(stem=name, anticipation_hops=hops)
    return SetConditions(id_, conditions, frozenset({"stem"}), grid)


@pytest.mark.parametrize(
    "stage", [{"hops": 0}, {"hops": 2}, {"hops": 20}], indirect=True, ids=str
)
def test_a_change_is_done_when_its_line_is_heard(stage):
    hops = stage.scheduler.conditions.anticipation_hops
    stage.play(24000)
    said = stage.told(stem(2, "bass", hops), Reset(3, QuantizeGrid.BAR))
    assert [(type(each), each.id) for each in said[:2]] == [(Waiting, 2), (Waiting, 3)]
    assert [each.names for each in said[:2]] == [{"stem"}, {"reset"}]
    assert all(1.5 < each.within_s < 4.0 for each in said[:2])
    assert said[2] == SchedulerState(frozenset({"stem", "reset"}))
    assert stage.told() == []
    said = stage.play(3 * 48000)
    assert [reply for _, reply in said] == [
        Settled(2, "stem", superseded=False),
        Settled(3, "reset", superseded=False),
        SchedulerState(),
    ]
    hop = stage.scheduler.played - len(stage.model.stems_played)
    hop += stage.model.stems_played.index("bass")
    assert stage.share.epoch_frame + hop * 2400 == 96000
    heard = 96000 + stage.share.stem_delay
    assert all(heard <= frame < heard + 2400 for frame, _ in said)
    assert len(stage.model.resets) == 1


def test_what_changes_at_once_is_applied_at_once(stage):
    stage.play(24000)
    assert stage.told(stem(2, "bass", grid=QuantizeGrid.HOP)) == [Applied(2)]
    assert stage.told(stem(3, "bass")) == [Applied(3)]  # it is that already


def test_a_second_change_supersedes_the_first_and_both_are_told(stage):
    stage.play(24000)
    stage.told(stem(2, "bass"), Reset(3, QuantizeGrid.BAR))
    said = stage.told(stem(4, "piano"), Reset(5, QuantizeGrid.BAR))
    assert [type(each) for each in said[:2]] == [Waiting, Waiting]
    assert said[2:] == [
        Settled(2, "stem", superseded=True), Settled(3, "reset", superseded=True),
    ]  # fmt: skip
    ends = [reply for _, reply in stage.play(3 * 48000)]
    assert ends[:2] == [
        Settled(4, "stem", superseded=False), Settled(5, "reset", superseded=False),
    ]  # fmt: skip
    assert set(stage.model.stems_played) == {"drums", "piano"}
    assert len(stage.model.resets) == 1


def test_the_present_value_takes_a_change_back_and_is_in_force(stage):
    stage.play(24000)
    stage.told(stem(2, "bass"))
    assert stage.told(stem(3, "drums")) == [
        Applied(3), Settled(2, "stem", superseded=True), SchedulerState(),
    ]  # fmt: skip


def test_another_grid_counts_for_what_waits(stage):
    stage.play(24000)
    stage.told(stem(2, "bass"))
    assert stage.told(SetGrid(3, QuantizeGrid.HOP)) == [Applied(3)]
    frame, reply = stage.play(9600)[0]
    assert reply == Settled(2, "stem", superseded=False)
    assert frame <= 24000 + 4 * 2400 + stage.share.stem_delay
