"""The beat is the same at every frame, whoever asks, live and offline."""

import asyncio

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.controls.controls import Controls
from bridge.desk import Desk
from bridge.errors import ConfigError
from bridge.host import Host
from bridge.latency import hop_frames
from bridge.midi.clock import ClockPosition
from bridge.music.session import Session
from bridge.osc.testing import FakeBand
from bridge.protocols import Conditions, Phase
from bridge.shared.share import AudioShare
from bridge.tempo import BarBeat, BeatAt, Grid, TempoMap, Timekeeping
from bridge.testing import PassThroughModel
from bridge.tracking import CorrectionKind
from bridge.transport.sync import TransportSync
from bridge.transport.taps import Taps
from bridge.transport.watch import TransportWatch

HOUR = 3600 * 48000

maps = st.builds(
    TempoMap,
    frame=st.floats(-HOUR, HOUR),
    beat=st.floats(-16, 16),
    tempo_bpm=st.floats(20, 300),
    beats_per_bar=st.integers(1, 16).map(float),
    rate=st.sampled_from([44100, 48000, 96000]),
)


def straight(tempo_bpm=120.0, **others):
    values = {"frame": 0.0, "beat": 0.0, "beats_per_bar": 4.0, "rate": 48000, **others}
    return TempoMap(tempo_bpm=tempo_bpm, **values)


@given(maps, st.integers(-HOUR, HOUR), st.sampled_from([Grid.BEAT, Grid.BAR]))
@example(straight(20.0, frame=1e-4, rate=44100), 0, Grid.BEAT)
def test_the_next_line_is_the_first_frame_on_or_after_it(tempo, frame, grid):
    line = tempo.next_line(frame, grid)
    step = tempo.beats_per_bar if grid is Grid.BAR else 1.0
    per_line = step * tempo.frames_per_beat
    assert frame <= line < frame + per_line + 1
    past = tempo.beats(line) / step
    assert (past - round(past)) * per_line == pytest.approx(0.5, abs=0.5 + 1e-3)
    assert tempo.next_line(line, grid) == line


@given(maps, st.integers(-HOUR, HOUR))
def test_phases_are_parts_of_a_turn_and_agree(tempo, frame):
    phase = tempo.phase(frame)
    assert 0.0 <= phase.beat < 1.0
    assert 0.0 <= phase.bar < 1.0
    turn = phase.bar * tempo.beats_per_bar - phase.beat
    assert turn == pytest.approx(round(turn), abs=1e-6)
    assert tempo.moved(1000).phase(frame + 1000).beat == pytest.approx(phase.beat, abs=1e-6)


def test_no_phase_while_the_transport_stands():
    assert straight(rolling=False).phase(0) is None


@pytest.mark.parametrize(
    "wrong", [{"tempo_bpm": 0.0}, {"beats_per_bar": -4.0}, {"beat": float("nan")}, {"rate": 0}]
)
def test_a_tempo_map_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ConfigError, match="tempo map"):
        straight(**{"tempo_bpm": 120.0, **wrong})


def test_maps_agree_up_to_whole_bars_and_as_long_as_anybody_plays_ahead():
    tempo = straight()
    assert tempo.agrees(straight(frame=-96000.0 * 7), 0, 0.002)
    assert not tempo.agrees(straight(frame=24000.0), 0, 0.002)
    assert not tempo.agrees(straight(120.1), 0, 0.002)
    assert tempo.agrees(straight(120.01), 0, 0.002)
    assert not tempo.agrees(straight(rolling=False), 0, 0.002)


def test_taps_set_tempo_and_keep_the_first_as_the_one():
    taps = Taps(48000)
    jitter = [0, 300, -200, 100, 0, -100]
    tempi = [taps.tap(48000 + k * 24000 + j) for k, j in enumerate(jitter)]
    assert tempi[0] is None
    assert tempi[-1] == pytest.approx(120.0, rel=0.01)
    assert taps.downbeat == pytest.approx(48000, abs=200)
    assert taps.tap(10 * 48000) is None
    assert taps.downbeat == 10 * 48000
    assert taps.tap(10 * 48000 + 100) is None  # a bounce of the same tap


def test_a_watch_sees_starts_and_jumps_and_no_ordinary_time():
    watch = TransportWatch(slack=1, edge=100)
    assert watch.look(True, 5000, 0) == (False, False)  # it rolled before we looked
    assert watch.look(True, 6000, 1000) == (False, False)
    assert watch.look(True, 0, 1000) == (False, True)  # a loop
    assert watch.look(False, 500, 1000) == (False, False)
    assert watch.look(False, 90000, 1000) == (False, True)  # located while it stands
    assert watch.look(True, 90100, 200) == (True, False)
    assert watch.look(False, 0, 200) == (False, True)  # stopped, and back to the beginning


# -- what the model is told ------------------------------------------------------------------


class Stage:
    """A share with the native host on it, the engine, and who keeps both in time."""

    def __init__(self, *, rate=48000, block=256, hops=2, at=0, **controls):
        from multiprocessing import Pipe

        from bridge.engine.loop import Engine

        self.block, self.clock = block, None
        self.timebase = None
        self.held = False
        self.share = AudioShare.create(rate, hop_frames(rate))
        self.share.block = block
        self.host = Host(self.share)
        self.model = PassThroughModel()
        conditions = Conditions(stem="drums", anticipation_hops=hops)
        self.session = Session(self.model, rate, conditions)
        self._pipe, far_end = Pipe()
        self.engine = Engine(self.share, self.session, far_end)
        self.share.engine_live = True
        values = Controls()
        for name, value in controls.items():
            values = values.apply(name.replace("_in_", "/"), value)
        self.desk = Desk(FakeBand(), values)
        self.sync = TransportSync(self.desk, self, lambda frame: self.clock)
        self.told = []
        self.corrections = []
        self.transport, self.rolling = at, False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.host.close()
        self.share.close()

    def bar_beat(self):
        return self.timebase

    def follow(self, time):
        self.told.append(time.tempo)
        self.engine._time = time

    async def correct_beat(self, correction):
        self.corrections.append(correction)

    def hold(self, held):
        self.held = held

    @property
    def phases(self):
        """What was known of each hop of the grid that was played."""
        first = self.session.played - len(self.model.phases)
        return dict(enumerate(self.model.phases, first))

    def cycles(self, count, *, freewheel=False):
        silence = np.zeros(self.block, np.float32)
        for _ in range(count):
            self.host.set_transport(rolling=self.rolling, frame=self.transport)
            self.host.process(silence, silence, freewheel=freewheel)
            self.transport += self.block * self.rolling
            self.sync.look()
            self.answer()

    def answer(self):
        while True:
            before = (self.session.heard, self.session.played, self.share.epoch)
            self.engine.step(0.0)
            if (self.session.heard, self.session.played, self.share.epoch) == before:
                return


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("block", [64, 100, 256, 1024])
@pytest.mark.parametrize("hops", [0, 2, 20])
def test_phases_are_exact_for_every_block_and_anticipation(rate, block, hops):
    """A transport that rolls from frame 0 at 97 bpm: hop k begins at frame k * hop of it."""
    controls = {"tempo": 97.0, "transport_in_beats": 3, "transport_in_source": "jack"}
    with Stage(rate=rate, block=block, hops=hops, **controls) as stage:
        stage.rolling = True
        stage.cycles(4 * rate // block)
        hop = stage.session.hop
        known = {k: phase for k, phase in stage.phases.items() if phase}
        assert len(known) > 70
        assert stage.share.transport_ahead.frames == 0
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
        before = stage.session.played
        stage.sync.look = lambda: None  # nobody tells the engine
        stage.cycles(40)
        ahead = stage.share.transport_ahead.frames
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
    session = Session(model, 48000, Conditions(stem="drums", anticipation_hops=2))
    session.follow(Timekeeping(tempo=straight(97.0)))
    list(session.start())
    for _ in range(30):
        list(session.feed(np.zeros(2400, np.float32)))
    with Stage(tempo=97.0, transport_in_source="manual") as stage:
        stage.sync.look()
        stage.cycles(30 * 2400 // 256 + 1)
        live = {k: phase for k, phase in stage.phases.items() if phase}
    assert len(live) > 25
    assert live == {k: model.phases[k] for k in live}


def test_the_timebase_of_jack_says_where_the_bar_is():
    with Stage(tempo=60.0) as stage:
        stage.rolling, stage.transport = True, 100_000
        stage.timebase = BarBeat(frame=100_000, beat=2.5, tempo_bpm=90, beats_per_bar=3)
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
        stage.sync.look()
        assert stage.told[-1].phase(stage.share.frame) == Phase(0.25, 0.3125, 100.0)
        assert stage.sync.reading.beat == 2
        stage.clock = None
        stage.sync.look()
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
            assert stage.desk.target.fired == ["reset"] * resets

    asyncio.run(scene())


def test_tapping_moves_the_tempo_and_the_one():
    async def scene():
        with Stage(transport_in_source="manual") as stage:
            for _ in range(4):
                await stage.sync.tap()
                stage.cycles(100)  # 25600 frames: 112.5 bpm
            for _ in range(9):
                await asyncio.sleep(0)
            stage.sync.look()
            assert stage.desk.controls.real("tempo") == pytest.approx(112.5)
            assert stage.told[-1].phase(0).bar == pytest.approx(0.0, abs=1e-6)
            assert stage.sync.reading.beat == 1  # four beats have passed

    asyncio.run(scene())


def test_a_reset_begins_a_bar():
    with Stage(transport_in_source="manual") as stage:
        stage.cycles(33)
        asyncio.run(stage.sync.begin())
        stage.sync.look()
        assert stage.told[-1].phase(33 * 256) == Phase(0.0, 0.0, 120.0)


# -- who keeps time --------------------------------------------------------------------------


def ear(stage, tempo_bpm=101.0, confidence=0.7, **others):
    """Have the engine say what it hears."""
    tempo = straight(tempo_bpm, frame=float(stage.share.frame), beat=5.25, **others)
    stage.share.publish_beat(BeatAt(tempo, confidence))


def test_by_default_a_rolling_daw_comes_first_then_a_clock_that_runs_then_the_ear():
    with Stage() as stage:
        ear(stage)
        stage.sync.look()
        reading = stage.sync.reading
        assert (reading.source, reading.rolling, reading.tempo_bpm) == ("ear", True, 101.0)
        assert (reading.bar, reading.beat, reading.phase) == (2, 2, 0.25)
        assert reading.confidence == pytest.approx(0.7)
        assert stage.engine._time.by_ear
        stage.clock = ClockPosition(beats=9.0, tempo_bpm=100.0, rolling=False)
        stage.sync.look()
        assert stage.sync.reading.source == "ear"
        stage.clock = ClockPosition(beats=9.0, tempo_bpm=100.0, rolling=True)
        stage.sync.look()
        reading = stage.sync.reading
        assert (reading.source, reading.bar, reading.confidence) == ("midi", 3, 1.0)
        stage.rolling = True
        stage.timebase = BarBeat(frame=0, beat=0.0, tempo_bpm=90, beats_per_bar=3)
        stage.cycles(1)
        assert stage.sync.reading.source == "jack"
        assert stage.engine._time.tempo.tempo_bpm == 90.0
        stage.rolling = False
        stage.clock = None
        stage.cycles(1)
        assert stage.sync.reading.source == "ear"


def test_a_daw_that_rolls_without_a_tempo_leaves_it_to_the_ear():
    with Stage() as stage:
        ear(stage)
        stage.rolling = True
        stage.cycles(3)
        assert stage.sync.reading.source == "ear"
        assert stage.engine._time.tempo is None


def test_the_engine_knows_of_a_daw_that_stands_and_follows_it_from_its_first_cycle_on():
    with Stage() as stage:
        stage.timebase = BarBeat(frame=0, beat=0.0, tempo_bpm=90, beats_per_bar=4)
        stage.cycles(30)
        assert stage.sync.reading.source == "ear"
        stage.sync.look = lambda: None  # nobody tells the engine
        stage.rolling = True
        stage.cycles(30)
        assert stage.model.phases[-1].tempo_bpm == 90.0


def test_a_timebase_that_stands_still_is_not_believed(caplog):
    with Stage() as stage:
        stage.rolling = True
        ear(stage)
        for frame in range(0, 48000, 4800):
            stage.timebase = BarBeat(frame=frame, beat=2.0, tempo_bpm=90, beats_per_bar=4)
            stage.sync.look()
        assert stage.sync.reading.source == "ear"
        assert stage.engine._time.tempo is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "not believed" in caplog.text


def test_none_and_ear_are_what_they_say():
    with Stage(transport_in_source="none") as stage:
        ear(stage)
        stage.sync.look()
        assert stage.sync.reading.source == "none"
        assert not stage.engine._time.by_ear
    with Stage(transport_in_source="ear") as stage:
        stage.rolling = True
        stage.timebase = BarBeat(frame=0, beat=0.0, tempo_bpm=90, beats_per_bar=4)
        stage.cycles(3)
        assert stage.sync.reading.source == "ear"
        assert stage.engine._time.tempo is None


def test_a_beat_of_an_engine_that_died_is_none():
    with Stage() as stage:
        ear(stage)
        stage.share.engine_live = False
        stage.sync.look()
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
        stage.sync.look()
        tracker = stage.engine._time.tracker
        assert (tracker.slowest_bpm, tracker.fastest_bpm) == (70.0, 215.0)
        assert (tracker.hold, tracker.silence_s) == (True, 3.0)
        told = len(stage.told)
        stage.sync.look()
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
            told = BeatAt(straight(90.0 + n, frame=1e9 + n, beat=-2.5, rolling=n % 2 == 0), 0.5)
            share.publish_beat(told)
            assert share.beat == told
        share.publish_beat(None)
        assert share.beat is None


def test_rendering_can_be_told_the_beat(tmp_path, capsys):
    import soundfile

    from bridge.__main__ import main

    mix, out = tmp_path / "mix.wav", tmp_path / "stem.wav"
    soundfile.write(mix, np.zeros(48000), 48000)
    command = ["render", str(mix), str(out), "--checkpoint", "passthrough"]
    assert main([*command, "--tempo", "97", "--beats-per-bar", "3"]) == 0
    assert soundfile.info(out).frames == 48000
    assert main([*command, "--tempo", "0"]) == 2
    assert "0 bpm" in capsys.readouterr().err
