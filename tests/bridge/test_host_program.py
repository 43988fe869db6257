"""Tests of what a host program tells in shared memory: moved controls, tempo, a promise."""

import fcntl
import os
import resource
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from bridge._native import lib

from bridge.audio.callback import Host
from bridge.audio.shared.host_program import HostChange
from bridge.audio.shared.share import AudioShare, EngineState
from bridge.audio.shared.space import SHARED_FOLDER
from bridge.common.errors import ConfigError, EnvironmentMissing
from bridge.common.latency import latency_budget
from bridge.controls.parameters import PARAMETERS
from bridge.engine.messages import SetTimekeeping
from bridge.protocols import Conditions
from bridge.tempo import TempoMap, Timekeeping
from bridge.testing import PassThroughModel, ScriptedModel
from tests.bridge.host_stage import BLOCK, HOP, RATE
from tests.bridge.test_engine import Stage

STEM, ANTICIPATION, NOISE, MUTE = (
    PARAMETERS[name].number for name in ("stem", "anticipation", "noise", "mute")
)
RESET_CC = PARAMETERS["reset"].cc


@pytest.fixture
def share():
    with AudioShare.create(RATE, HOP) as made:
        yield made


def change(frame, number=NOISE, value=0.5, player=1):
    return HostChange(frame=frame, player=player, number=number, value=value)


class WithStems(ScriptedModel):
    """Keeps which stem, noise and anticipation each hop was played with."""

    def restart(self):
        super().restart()
        self.script = []

    def play(self):
        now = self.players[1]
        self.script.append((now.stem, now.noise, now.anticipation_hops))
        return super().play()


def test_changes_are_read_in_order_by_any_number_of_readers(share):
    told = [
        change(7),
        HostChange(frame=9, player=2, cc=RESET_CC, value=1.0),
        change(9, STEM, 3),
    ]
    for each in told:
        share.log_change(each)
    for _ in range(2):
        assert [share.change(index) for index in range(share.change_count)] == told
    with pytest.raises(ValueError, match="3 changes"):
        share.change(3)


def test_a_reader_that_comes_too_late_is_told_so(share):
    for index in range(lib.LB_CHANGES + 10):
        share.log_change(change(index))
    assert share.change(9) is None
    assert share.change(11).frame == 11


def test_a_player_that_cannot_be_is_refused(share):
    with pytest.raises(ConfigError, match="1 to 8, got 9"):
        share.log_change(change(0, player=9))


def test_values_and_the_checkpoint_are_told_to_the_host(share):
    assert (share.checkpoint_told, share.settled) == ("", False)
    share.tell_value(8, 15, 2.0**31 - 1)
    share.tell_checkpoint("ähnlich")
    share.tell_checkpoint("n" * 300)
    assert share.value_told(8, 15) == 2.0**31 - 1
    assert share.checkpoint_told == "n" * 255
    with pytest.raises(ConfigError, match=r"0\.\.63, got 64"):
        share.tell_value(1, 64, 0.0)


def tempo(frame, beat, bpm=120.0, *, rolling=True):
    return TempoMap(
        frame=frame, beat=beat, tempo_bpm=bpm, beats_per_bar=4.0, rate=RATE, rolling=rolling
    )


def test_a_tempo_map_holds_from_its_frame_until_the_next_one(share):
    with Host(share) as host:
        assert share.host_tempo(0) is None
        share.set_host_tempo(tempo(0, 0.0))
        host.process(*np.zeros((2, 24_000), np.float32))
        share.set_host_tempo(tempo(24_000, 1.0))  # as it was to go on
        assert share.host_tempo(24_000) == tempo(0, 0.0)
        share.set_host_tempo(tempo(24_000, 1.0, 60.0))
        host.process(*np.zeros((2, 100), np.float32))
        share.set_host_tempo(None)
        assert share.host_tempo(23_999) == tempo(0, 0.0)
        assert share.host_tempo(24_050) == tempo(24_000, 1.0, 60.0)
        assert share.host_tempo(24_100) is None


def play_with(told, *, freewheel, block=BLOCK, pause=0, hops=40):
    """Play a take into which changes fall; return what each hop was played with, by hop."""
    model = WithStems()
    conditions = Conditions(stem="drums", anticipation_hops=2)
    with Stage(model, conditions, block=block) as stage:
        stage.share.promise_latency(0)
        waiting, done = list(told), threading.Event()

        def engine():
            while not done.is_set():
                stage.engine.step(0.01)

        if freewheel:
            thread = threading.Thread(target=engine)
            thread.start()
        for number in range(hops * HOP // block):
            frame = stage.share.frame
            while waiting and waiting[0].frame < frame + block:
                stage.share.log_change(waiting.pop(0))
            stage.cycle(np.zeros(block, np.float32), freewheel=freewheel)
            if not freewheel and number >= pause:
                stage.answer()
        if freewheel:
            done.set()
            thread.join()
        first = stage.scheduler.played - len(model.script)
        return dict(enumerate(model.script, first))


CHANGES = [
    change(6 * HOP - 1, NOISE, 0.25),
    change(6 * HOP, STEM, 1),
    change(10 * HOP + 100, STEM, 2),
    change(10 * HOP + 200, NOISE, 1.5),
    HostChange(frame=20 * HOP, player=1, cc=RESET_CC, value=1.0),
    change(25 * HOP + 7, ANTICIPATION, 2),
]


def test_automation_lands_on_the_same_hop_live_and_in_every_export():
    live = play_with(CHANGES, freewheel=False)
    # mix hop k is heard before stem hop k + 1 + 2 is played
    assert (live[7], live[8]) == (("drums", 1.0, 2), ("drums", 0.25, 2))
    assert (live[9], live[12]) == (("bass", 0.25, 2), ("bass", 0.25, 2))
    assert live[13] == ("guitar", 1.5, 2)
    assert min(hop for hop, (_, _, ahead) in live.items() if ahead == 20) == 28
    later = range(7, 40)
    wanted = [live[hop] for hop in later]
    for block, pause in ((100, 0), (1024, 2)):
        again = play_with(CHANGES, freewheel=False, block=block, pause=pause)
        assert [again[hop] for hop in later] == wanted
    for _ in range(3):
        export = play_with(CHANGES, freewheel=True)
        assert [export[hop] for hop in later] == wanted


def test_a_control_the_model_cannot_meet_is_refused_and_the_rest_goes_on():
    class Trio(WithStems):
        def __init__(self):
            super().__init__()
            self.stems = ("drums", "bass", "guitar")

    with Stage(Trio(), Conditions(stem="drums")) as stage:
        stage.share.log_change(change(0, STEM, 6))
        stage.share.log_change(change(0, NOISE, 0.5))
        stage.share.log_change(change(0, NOISE, 0.1, player=5))
        stage.play(np.zeros(10 * HOP // BLOCK * BLOCK, np.float32))
        assert (stage.scheduler.conditions.stem, stage.scheduler.conditions.noise) == (
            "drums",
            0.5,
        )


@pytest.mark.parametrize(
    ("raw", "stem"), [(1.6, "guitar"), (-1.0, "drums"), (99.0, "kazoo"), (7.0, "kazoo")]
)
def test_a_stem_between_two_or_beyond_all_is_the_nearest(raw, stem):
    """Hosts draw lines through the automation of choices, and projects know more than ports."""

    class WithKazoo(WithStems):
        def __init__(self):
            super().__init__()
            self.stems = (*PARAMETERS["stem"].choices, "kazoo")

    with Stage(WithKazoo(), Conditions(stem="bass")) as stage:
        stage.share.log_change(change(0, STEM, raw))
        stage.play(np.zeros(10 * HOP // BLOCK * BLOCK, np.float32))
        assert stage.scheduler.conditions.stem == stem


def test_automation_that_is_refused_again_and_again_is_told_once_until_it_is_taken(caplog):
    class Solo(WithStems):
        def __init__(self):
            super().__init__()
            self.stems = ("drums",)

    with Stage(Solo(), Conditions(stem="drums")) as stage:
        for index in (3, 2, 3, 0, 3):
            stage.share.log_change(change(0, STEM, index))
        stage.play(np.zeros(10 * HOP // BLOCK * BLOCK, np.float32))
    told = [record for record in caplog.records if "automation of stem" in record.message]
    assert len(told) == 2


def test_an_engine_leaves_what_was_moved_before_it_to_the_control_process():
    with Stage(ScriptedModel(), Conditions(stem="drums")) as stage:
        assert stage.engine.first_host_change == 0
        stage.share.log_change(change(0))
        from bridge.engine.host_follower import HostFollower

        follower = HostFollower(stage.share, stage.scheduler)
        assert follower.first_change == 1
        follower.apply_changes(HOP)
        assert stage.scheduler.conditions.noise == 1.0


@pytest.mark.parametrize("hops", [0, 2])
@pytest.mark.parametrize("promised", [0, 2999, 9000])
def test_a_promised_latency_is_kept_with_blocks_of_any_length(hops, promised):
    lengths = np.random.default_rng(1).integers(1, 513, 400)
    conditions = Conditions(stem="drums", anticipation_hops=hops)
    with Stage(PassThroughModel(), conditions, block=512) as stage:
        stage.share.promise_latency(promised)
        need = latency_budget(block=512, hop=HOP, anticipation_hops=hops, irregular=True)
        stage.answer()
        at, frame, out = 48_000 + 311, 0, []
        for length in map(int, lengths):
            mix = np.zeros(length, np.float32)
            if frame <= at < frame + length:
                mix[at - frame] = 0.5
            frame += length
            out.append(stage.cycle(mix))
            stage.answer()
        musical = max(promised, need.musical)
        assert stage.share.musical_latency == musical
        heard = np.concatenate(out)
        assert int(np.argmax(np.abs(heard))) == at + (1 + hops) * HOP + musical
        counters = stage.share.snapshot()
        assert (counters.late_hops, counters.underruns) == (0, 0)


def test_irregular_blocks_cost_the_worst_case():
    budget = latency_budget(block=512, hop=HOP, anticipation_hops=0, irregular=True)
    assert budget.total == HOP + 512 - 2


def test_the_hosts_tempo_reaches_the_hop_that_begins_with_it():
    model = ScriptedModel()
    with Stage(model, Conditions(stem="drums", anticipation_hops=0)) as stage:
        stage.engine._apply(SetTimekeeping(1, Timekeeping(use_host=True)))
        for number in range(20 * HOP // BLOCK):
            if number == 100:  # in mix hop 10
                stage.share.set_host_tempo(tempo(stage.share.frame, 5.0))
            stage.cycle(np.zeros(BLOCK, np.float32))
            stage.answer()
        first = stage.scheduler.played - len(model.phases)
    phases = {hop: phase for hop, phase in enumerate(model.phases, first) if phase is not None}
    beat = 5.0 + (11 * HOP - 100 * BLOCK) / 24_000
    assert min(phases) == 11
    assert phases[11].beat == pytest.approx(beat % 1.0)


@pytest.mark.parametrize("state", [EngineState.LOADING, EngineState.WARMING])
def test_an_export_waits_for_an_engine_that_starts(stage, state):
    stage.share.engine_state = state
    stem = np.random.default_rng(0).uniform(-1, 1, 2 * HOP).astype(np.float32)

    def start():
        time.sleep(0.3)
        stage.share.engine_live = True
        stage.share.begin_generation(stage.share.generation)
        stage.share.write_stem(stage.share.epoch_frame, stem)

    stage.share.engine_live = False
    thread = threading.Thread(target=start)
    thread.start()
    out = stage.run(2 * HOP, freewheel=True)
    thread.join()
    np.testing.assert_array_equal(out[0], stem)


def times_waited():
    """Return how often this thread has gone to sleep so far."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw


def test_an_export_waits_once_for_an_engine_that_stands_and_again_when_it_goes_on(stage):
    stage.share.engine_live = True
    before = times_waited()
    stage.run(BLOCK, freewheel=True)
    after_first = times_waited()
    assert after_first > before
    cycles = 1000
    stage.run(cycles * BLOCK, freewheel=True)
    assert times_waited() - after_first < cycles / 2, "waited in every cycle"
    stage.share.begin_generation(stage.share.generation)
    position = stage.share.frame

    def go_on():
        time.sleep(0.2)
        stage.share.write_stem(position, np.ones(HOP, np.float32))

    thread = threading.Thread(target=go_on)
    thread.start()
    out = stage.run(HOP, freewheel=True)
    thread.join()
    assert out[0][-1] == 1.0


def test_a_process_with_several_shares_names_them(share):
    with (
        AudioShare.create(RATE, HOP) as other,
        pytest.raises(EnvironmentMissing, match=other.name),
    ):
        AudioShare.attach_to(os.getpid())
    with AudioShare.attach_to(os.getpid()) as found:
        assert found.name == share.name


@pytest.mark.parametrize("held", [True, False])
def test_a_share_is_stale_only_when_nobody_holds_it(held):
    """Its creator may live in another namespace of process numbers."""
    path = SHARED_FOLDER / "liveband-999999999-test"
    with path.open("wb") as file:
        if held:
            fcntl.flock(file, fcntl.LOCK_EX)
        AudioShare.create(RATE, HOP).close()
        assert path.exists() == held
    path.unlink(missing_ok=True)


def test_a_map_that_counts_other_frames_is_moved_to_the_epoch():
    with Stage(ScriptedModel(), Conditions(stem="drums")) as stage:
        follower = stage.engine._host
        told = tempo(1000, 2.0)
        stage.share.set_host_tempo(told)
        follower.timekeeping = Timekeeping(use_host=True)
        assert follower.timekeeping_of(400, 5000).tempo == told.moved(-400)
        midi = replace(tempo(0, 0.0, 90.0))
        follower.timekeeping = Timekeeping(tempo=midi, use_host=True)
        assert follower.timekeeping_of(400, 5000).tempo == midi.moved(-400)
        follower.timekeeping = Timekeeping(use_host=False)
        assert follower.timekeeping_of(400, 5000).tempo is None


def test_a_value_that_was_not_told_is_no_number(share):
    assert np.isnan(share.value_told(3, 7))
