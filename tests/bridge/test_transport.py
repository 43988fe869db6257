"""The beat is the same at every frame, whoever asks, live and offline."""

import asyncio

import numpy as np
import pytest
import soundfile

from bridge.__main__ import main
from bridge.audio.shared.share import AudioShare
from bridge.controls.beat_tracking import CorrectionKind
from bridge.midi.clock_in import ClockPosition
from bridge.protocols import Conditions, Phase
from bridge.stream.hop_scheduler import HopScheduler
from bridge.tempo import BarBeat, TempoEstimate, Timekeeping
from bridge.testing import PassThroughModel
from bridge.transport.discontinuities import TransportWatch
from bridge.transport.tap_tempo import TapTempo
from tests.bridge.transport_stage import Stage, straight


def test_taps_set_tempo_and_keep_the_first_as_the_one():
    taps = TapTempo()
    jitter = [0, 300, -200, 100, 0, -100]
    tempi = [taps.tap(48000 + k * 24000 + j, 48000) for k, j in enumerate(jitter)]
    assert tempi[0] is None
    assert tempi[-1] == pytest.approx(120.0, rel=0.01)
    assert taps.downbeat == pytest.approx(48000, abs=200)
    assert taps.tap(10 * 48000, 48000) is None
    assert taps.downbeat == 10 * 48000
    assert taps.tap(10 * 48000 + 100, 48000) is None  # a bounce of the same tap


def test_taps_are_counted_at_the_rate_of_the_server_that_came_back():
    taps = TapTempo()
    assert [taps.tap(frame, 48_000) for frame in (0, 24_000)][-1] == 120.0
    told = [taps.tap(48_000 + number * 22_050, 44_100) for number in range(3)]
    assert told == [None, 120.0, 120.0]
    assert taps.downbeat == 48_000


def test_a_watch_sees_starts_and_jumps_and_no_ordinary_time():
    watch = TransportWatch(slack=1, edge=100)
    assert watch.update(True, 5000, 0) == (False, False)  # it rolled before we looked
    assert watch.update(True, 6000, 1000) == (False, False)
    assert watch.update(True, 0, 1000) == (False, True)  # a loop
    assert watch.update(False, 500, 1000) == (False, False)
    assert watch.update(False, 90000, 1000) == (False, True)  # located while it stands
    assert watch.update(True, 90100, 200) == (True, False)
    assert watch.update(False, 0, 200) == (False, True)  # stopped, and back to the beginning


# -- what the model is told ------------------------------------------------------------------


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("block", [64, 100, 256, 1024])
@pytest.mark.parametrize("hops", [0, 2, 20])
def test_phases_are_exact_for_every_block_and_anticipation(rate, block, hops):
    """A transport that rolls from frame 0 at 97 bpm: hop k begins at frame k * hop of it."""
    controls = {"tempo": 97.0, "transport_in_beats": 3, "transport_in_source": "jack"}
    with Stage(rate=rate, block=block, hops=hops, **controls) as stage:
        stage.rolling = True
        stage.cycles(4 * rate // block)
        hop = stage.scheduler.hop
        known = {k: phase for k, phase in stage.phases.items() if phase}
        assert len(known) > 70
        assert stage.share.transport_offset.frames == 0
        for k, phase in known.items():
            beats = (stage.share.epoch_frame + k * hop) * 97 / (60 * rate)
            assert phase.beat == pytest.approx(beats % 1.0, abs=1e-9)
            assert phase.bar == pytest.approx(beats / 3 % 1.0, abs=1e-9)
        assert len(stage.told) <= 2  # told once while it stood or rolled, extended ever since


def test_a_jump_is_followed_in_the_very_hop_after_it():
    with Stage(transport_in_source="jack") as stage:
        stage.rolling = True
        stage.cycles(200)
        stage.transport += 12345
        before = stage.scheduler.played
        stage.sync.update = lambda: None  # nobody tells the engine
        stage.cycles(40)
        ahead = stage.share.transport_offset.frames
        fresh = {k: phase for k, phase in stage.phases.items() if k >= before}
        assert fresh
        for k, phase in fresh.items():
            beats = (stage.share.epoch_frame + k * 2400 + ahead) / 24000
            assert phase.beat == pytest.approx(beats % 1.0, abs=1e-9)


def test_an_export_from_bar_one_is_on_the_beat_from_hop_zero():
    with Stage(hops=20, transport_in_source="jack") as stage:
        stage.cycles(20)
        stage.model.phases.clear()
        stage.rolling, stage.transport = True, 0
        stage.host.set_transport(rolling=True, frame=0)
        silence = np.zeros(stage.block, np.float32)
        stage.share.engine_live = False  # nobody may wait for us, we are the same thread
        stage.host.process(silence, silence, freewheel=True)
        stage.share.engine_live = True
        stage.answer()
        assert stage.model.phases[:3] == [
            Phase(0.0, 0.0, 120.0), Phase(0.1, 0.025, 120.0), Phase(0.2, 0.05, 120.0),
        ]  # fmt: skip


def test_live_equals_offline():
    model = PassThroughModel()
    scheduler = HopScheduler(model, 48000, Conditions(stem="drums", anticipation_hops=2))
    scheduler.follow(Timekeeping(tempo=straight(97.0)))
    list(scheduler.start())
    for _ in range(30):
        list(scheduler.feed(np.zeros(2400, np.float32)))
    with Stage(tempo=97.0, transport_in_source="manual") as stage:
        stage.sync.update()
        stage.cycles(30 * 2400 // 256 + 1)
        live = {k: phase for k, phase in stage.phases.items() if phase}
    assert len(live) > 25
    assert live == {k: model.phases[k] for k in live}


def test_the_timebase_of_jack_says_where_the_bar_is():
    with Stage(tempo=60.0) as stage:
        stage.rolling, stage.transport = True, 100_000
        stage.timebase = BarBeat(frame=100_000, bar=0, beat=2.5, tempo_bpm=90, beats_per_bar=3)
        stage.cycles(1)
        reading = stage.sync.reading
        passed = 256 * 90 / (60 * 48000)
        assert (reading.rolling, reading.tempo_bpm, reading.beat) == (True, 90.0, 3)
        assert reading.phase == pytest.approx(0.5 + passed)
        assert (reading.beats_per_bar, reading.source) == (3.0, "jack")


def test_midi_clock_and_the_lack_of_it():
    with Stage(transport_in_source="midi") as stage:
        stage.cycles(2)
        assert stage.told == []
        stage.clock = ClockPosition(beats=5.25, tempo_bpm=100.0, rolling=True)
        stage.sync.update()
        assert stage.told[-1].phase(stage.share.frame) == Phase(0.25, 0.3125, 100.0)
        assert stage.sync.reading.beat == 2
        stage.clock = None
        stage.sync.update()
        assert stage.told[-1] is None
        assert stage.sync.reading.source == "midi"


def test_without_a_source_nobody_counts():
    with Stage(transport_in_source="none", transport_in_follow=True) as stage:
        stage.rolling = True
        stage.cycles(60)
        assert (stage.told, stage.held) == ([], False)
        assert set(stage.model.phases) == {None}


def test_follow_pauses_while_the_transport_stands():
    with Stage(transport_in_follow=True) as stage:
        stage.cycles(1)
        assert stage.held
        stage.rolling = True
        stage.cycles(1)
        assert not stage.held
        stage.rolling = False
        stage.cycles(1)
        assert stage.held


@pytest.mark.parametrize(
    ("on", "resets"), [("never", 0), ("start", 2), ("locate", 1), ("both", 3)]
)
def test_the_transport_resets_when_told_to(on, resets):
    async def scene():
        with Stage(transport_in_reset_on=on) as stage:
            stage.cycles(100)
            for _ in range(2):
                stage.rolling = True
                stage.cycles(30)
                stage.rolling = False
                stage.cycles(30)
            stage.transport = 480_000
            stage.cycles(30)
            await asyncio.sleep(0)
            for _ in range(9):
                await asyncio.sleep(0)
            assert stage.store.target.fired == ["reset"] * resets

    asyncio.run(scene())


def test_tapping_moves_the_tempo_and_the_one():
    async def scene():
        with Stage(transport_in_source="manual") as stage:
            for _ in range(4):
                await stage.sync.tap()
                stage.cycles(100)  # 25600 frames: 112.5 bpm
            for _ in range(9):
                await asyncio.sleep(0)
            stage.sync.update()
            assert stage.store.controls.real("tempo") == pytest.approx(112.5)
            assert stage.told[-1].phase(0).bar == pytest.approx(0.0, abs=1e-6)
            assert stage.sync.reading.beat == 1  # four beats have passed

    asyncio.run(scene())


def test_a_reset_begins_a_bar():
    with Stage(transport_in_source="manual") as stage:
        stage.cycles(33)
        asyncio.run(stage.sync.begin())
        stage.sync.update()
        assert stage.told[-1].phase(33 * 256) == Phase(0.0, 0.0, 120.0)


# -- who keeps time --------------------------------------------------------------------------


def ear(stage, tempo_bpm=101.0, confidence=0.7, **others):
    """Have the engine say what it hears."""
    tempo = straight(tempo_bpm, frame=float(stage.share.frame), beat=5.25, **others)
    stage.share.publish_beat(TempoEstimate(tempo, confidence))


def test_by_default_a_rolling_daw_comes_first_then_a_clock_that_runs_then_the_ear():
    with Stage() as stage:
        ear(stage)
        stage.sync.update()
        reading = stage.sync.reading
        assert (reading.source, reading.rolling, reading.tempo_bpm) == ("ear", True, 101.0)
        assert (reading.bar, reading.beat, reading.phase) == (2, 2, 0.25)
        assert reading.confidence == pytest.approx(0.7)
        assert stage.followed.use_tracker
        stage.clock = ClockPosition(beats=9.0, tempo_bpm=100.0, rolling=False)
        stage.sync.update()
        assert stage.sync.reading.source == "ear"
        stage.clock = ClockPosition(beats=9.0, tempo_bpm=100.0, rolling=True)
        stage.sync.update()
        reading = stage.sync.reading
        assert (reading.source, reading.bar, reading.confidence) == ("midi", 3, 1.0)
        stage.rolling = True
        stage.timebase = BarBeat(frame=0, bar=0, beat=0.0, tempo_bpm=90, beats_per_bar=3)
        stage.cycles(1)
        assert stage.sync.reading.source == "jack"
        assert stage.followed.tempo.tempo_bpm == 90.0
        stage.rolling = False
        stage.clock = None
        stage.cycles(1)
        assert stage.sync.reading.source == "ear"


def test_a_daw_that_rolls_keeps_time_where_the_callback_is_a_cycle_behind():
    """While a transport is moved it stands for a cycle, which the callback may tell late."""
    with Stage() as stage:
        ear(stage)
        stage.rolling = True
        stage.timebase = BarBeat(frame=0, bar=0, beat=0.0, tempo_bpm=90, beats_per_bar=3)
        stage.cycles(1)
        stage.host.set_transport(rolling=False, frame=960_000)
        stage.sync.update()
        assert stage.sync.reading.source == "jack"
        stage.rolling = False
        stage.sync.update()
        assert stage.sync.reading.source == "ear"


def test_a_daw_that_rolls_without_a_tempo_leaves_it_to_the_ear():
    with Stage() as stage:
        ear(stage)
        stage.rolling = True
        stage.cycles(3)
        assert stage.sync.reading.source == "ear"
        assert stage.followed.tempo is None


def test_the_engine_knows_of_a_daw_that_stands_and_follows_it_from_its_first_cycle_on():
    with Stage() as stage:
        stage.timebase = BarBeat(frame=0, bar=0, beat=0.0, tempo_bpm=90, beats_per_bar=4)
        stage.cycles(30)
        assert stage.sync.reading.source == "ear"
        stage.sync.update = lambda: None  # nobody tells the engine
        stage.rolling = True
        stage.cycles(30)
        assert stage.model.phases[-1].tempo_bpm == 90.0


def test_none_and_ear_are_what_they_say():
    with Stage(transport_in_source="none") as stage:
        ear(stage)
        stage.sync.update()
        assert stage.sync.reading.source == "none"
        assert not stage.followed.use_tracker
    with Stage(transport_in_source="ear") as stage:
        stage.rolling = True
        stage.timebase = BarBeat(frame=0, bar=0, beat=0.0, tempo_bpm=90, beats_per_bar=4)
        stage.cycles(3)
        assert stage.sync.reading.source == "ear"
        assert stage.followed.tempo is None


def test_a_beat_of_an_engine_that_died_is_none():
    with Stage() as stage:
        ear(stage)
        stage.share.engine_live = False
        stage.sync.update()
        assert stage.sync.reading.tempo_bpm == 0.0
        assert stage.sync.reading.confidence == 0.0


def test_to_follow_a_transport_is_never_to_wait_for_the_ear():
    with Stage(transport_in_source="ear", transport_in_follow=True) as stage:
        stage.cycles(2)
        assert not stage.held
    with Stage(transport_in_follow=True) as stage:
        ear(stage)
        stage.cycles(2)
        assert stage.held


def test_what_is_asked_of_the_tracker_reaches_the_engine():
    with Stage(ear_in_tempo_in_min=70, ear_in_hold=True, ear_in_silence=3.0) as stage:
        stage.sync.update()
        tracker = stage.followed.tracker
        assert (tracker.slowest_bpm, tracker.fastest_bpm) == (70.0, 215.0)
        assert (tracker.hold, tracker.silence_s) == (True, 3.0)
        told = len(stage.told)
        stage.sync.update()
        assert len(stage.told) == told


def test_taps_and_corrections_reach_the_tracker_with_frame_tempo_and_beat():
    async def scene():
        with Stage() as stage:
            for _ in range(3):
                await stage.sync.tap()
                stage.cycles(100)
            await stage.sync.correct(CorrectionKind.DOWNBEAT)
            taps, (last,) = stage.corrections[:3], stage.corrections[3:]
            assert [tap.frame for tap in taps] == [0, 25600, 51200]
            assert [tap.beat_in_bar for tap in taps] == [0, 1, 2]
            assert taps[0].tempo_bpm is None
            assert taps[2].tempo_bpm == pytest.approx(112.5)
            assert (last.kind, last.frame) == (CorrectionKind.DOWNBEAT, 76800)

    asyncio.run(scene())


def test_beats_of_any_source_are_told_ahead_once_each():
    with Stage(transport_in_source="manual", tempo=120.0) as stage:
        beats = []
        stage.sync.on_beat = lambda reading, frame: beats.append((reading.beat, frame))
        stage.cycles(3 * 48000 // 256)
        assert beats == [(n % 4 + 1, 24000 * n) for n in range(7)]


def test_the_share_keeps_what_is_heard_and_forgets_it():
    with AudioShare.create(48000, 2400) as share:
        assert share.beat is None
        for n in range(20):
            told = TempoEstimate(
                straight(90.0 + n, frame=1e9 + n, beat=-2.5, rolling=n % 2 == 0), 0.5
            )
            share.publish_beat(told)
            assert share.beat == told
        share.publish_beat(None)
        assert share.beat is None


def test_rendering_can_be_told_the_beat(tmp_path, capsys):
    mix, out = tmp_path / "mix.wav", tmp_path / "stem.wav"
    soundfile.write(mix, np.zeros(48000), 48000)
    command = ["render", str(mix), str(out), "--checkpoint", "passthrough"]
    assert main([*command, "--tempo", "97", "--beats-per-bar", "3"]) == 0
    assert soundfile.info(out).frames == 48000
    with pytest.raises(SystemExit) as ended:
        main([*command, "--tempo", "0"])
    assert ended.value.code == 2
    assert "--tempo: expected 20 to 300, got 0" in capsys.readouterr().err
