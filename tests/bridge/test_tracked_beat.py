"""Tests of the tracked beat on the host's timeline, for the players and in banks."""

import numpy as np
import pytest

from bridge.common.errors import ConfigError
from bridge.controls import beat_tracking as tracking
from bridge.controls.beat_tracking import BeatCorrection, CorrectionKind, TrackerSettings
from bridge.protocols import Conditions
from bridge.stream.hop_scheduler import HopScheduler
from bridge.stream.tracked_beat import TrackedBeat
from bridge.tempo import QuantizeGrid, TempoMap, Timekeeping
from bridge.testing import PassThroughModel, SteadyTracker
from model.beat_tracker import tracker as beat_tracker

BY_EAR = Timekeeping(use_tracker=True)
SOUND = 0.1


def heard(tempo_bpm=120.0, beats_per_bar=4, seconds=1.0):
    beat = TrackedBeat(SteadyTracker(tempo_bpm, beats_per_bar))
    beat.listen(np.full(round(seconds * 48000), SOUND, np.float32))
    return beat


def started(rate=48000, hops=2, tempo_bpm=97.0, **others):
    tracker, model = SteadyTracker(tempo_bpm), PassThroughModel()
    conditions = Conditions(stem="drums", anticipation_hops=hops)
    scheduler = HopScheduler(model, rate, conditions, tracker=tracker)
    scheduler.follow(Timekeeping(use_tracker=True, **others))
    list(scheduler.start())
    return scheduler, model, tracker


def feed(scheduler, hops, level=SOUND):
    out = []
    for _ in range(hops):
        out += scheduler.feed(np.full(scheduler.hop, level, np.float32))
    return out


def test_without_a_tracker_there_is_no_beat_and_nothing_to_remember():
    beat = TrackedBeat(None)
    beat.listen(np.zeros(4800, np.float32))
    assert beat.at(4800, 0, 48000) is None
    assert beat.state() is None
    assert beat.packed(None) == {}
    assert not beat.rests
    with pytest.raises(ConfigError, match="no beat tracker"):
        beat.correct(BeatCorrection(kind=CorrectionKind.HALF), 0, 48000)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_a_map_says_where_the_tracker_is_at_any_frame(rate):
    beat = heard(90.0, 3, seconds=2.0)
    tempo = beat.at(1000, rate, rate).tempo  # a second on: half of a bar
    assert tempo.beats(1000) == pytest.approx(1.5)
    assert tempo.beats(1000 + rate) == pytest.approx(3.0)
    assert (tempo.tempo_bpm, tempo.beats_per_bar, tempo.rate) == (90.0, 3.0, rate)


def test_bars_are_counted_on_through_another_metre_and_from_1_after_a_reset():
    beat = heard(120.0, 4, seconds=0.1)
    for _ in range(200):
        beat.listen(np.full(2400, SOUND, np.float32))
        last = beat.at(0, 0, 48000).tempo
    assert int(last.beats(0) // 4) == 5  # 10.1 s: in the sixth bar
    beat._tracker.beats_per_bar = 3
    after = beat.at(0, 0, 48000).tempo
    assert abs(after.beats(0) / 3 - last.beats(0) / 4) <= 1
    beat.reset()
    beat.listen(np.full(2400, SOUND, np.float32))
    assert beat.at(0, 0, 48000).tempo.beats(0) == pytest.approx(0.1)


def test_it_rests_after_as_long_a_silence_as_it_is_told():
    beat = heard()
    beat.settings = TrackerSettings(silence_s=1.0)
    beat.listen(np.zeros(48000, np.float32))
    assert not beat.rests
    assert beat.at(0, 0, 48000).tempo.rolling
    beat.listen(np.zeros(2400, np.float32))
    estimate = beat.at(0, 0, 48000)
    assert (beat.rests, estimate.tempo.rolling, estimate.confidence) == (True, False, 0.0)
    beat.listen(np.full(1, SOUND, np.float32))
    assert not beat.rests


def test_the_range_of_tempi_reaches_the_tracker_the_right_way_round_and_once():
    beat = heard()
    for _ in range(2):
        beat.settings = TrackerSettings(slowest_bpm=150.0, fastest_bpm=70.0, hold=True)
    assert beat._tracker.calls == [("restrict", 70.0, 150.0, True)]


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("hops", [0, 2, 20])
def test_every_hop_is_told_the_phase_at_its_own_start(rate, hops):
    scheduler, model, _ = started(rate, hops)
    feed(scheduler, 60)
    phases = dict(enumerate(model.phases))
    assert all(phases[k] is None for k in range(hops + 1))  # nothing had been heard
    late = scheduler._delays.into / rate  # the resampler keeps the newest back
    for k in range(hops + 1, 60 + hops + 1):
        beats = (k / 20 + late) * 97.0 / 60.0
        assert phases[k].beat == pytest.approx(beats % 1.0, abs=1e-6)
        assert phases[k].bar == pytest.approx(beats / 4 % 1.0, abs=1e-6)


def test_a_rolling_transport_comes_first_and_a_standing_one_last():
    daw = TempoMap(frame=0, beat=0, tempo_bpm=60, beats_per_bar=4, rate=48000)
    scheduler, model, tracker = started(tempo=daw)
    feed(scheduler, 4)
    assert (model.phases[-1].tempo_bpm, model.phases[-1].confidence) == (60.0, 1.0)
    tracker.confidence = 0.25
    standing = TempoMap(
        frame=0, beat=0, tempo_bpm=60, beats_per_bar=4, rate=48000, rolling=False
    )
    scheduler.follow(Timekeeping(tempo=standing, use_tracker=True))
    feed(scheduler, 4)
    assert (model.phases[-1].tempo_bpm, model.phases[-1].confidence) == (97.0, 0.25)
    scheduler.follow(Timekeeping(tempo=standing))
    feed(scheduler, 4)
    assert model.phases[-1] is None


def test_the_band_rests_softly_and_comes_back_with_the_sound():
    scheduler, _, _ = started(hops=0, tracker=TrackerSettings(silence_s=0.5))
    feed(scheduler, 20)
    quiet = feed(scheduler, 30, level=0.0)
    assert np.all(quiet[-1].audio == 0)
    back = np.concatenate([hop.audio[0] for hop in feed(scheduler, 6)])
    assert np.abs(np.diff(back[:2400])).max() < 0.01  # faded, no step
    assert back[-1] == pytest.approx(SOUND)
    scheduler.follow(Timekeeping(tracker=TrackerSettings(silence_s=0.5)))  # not by ear
    feed(scheduler, 20, level=0.0)
    assert feed(scheduler, 3)[-1].audio[0, -1] == pytest.approx(SOUND)


def test_banks_and_resets_take_the_beat_along():
    scheduler, _, tracker = started()
    feed(scheduler, 10)
    scheduler.banks.store(1)
    arrays = scheduler.banks.packed(1)
    feed(scheduler, 10)
    scheduler.banks.recall(1)
    assert tracker.samples == 10 * 2400
    scheduler.reset()
    assert tracker.samples == 0
    scheduler.banks.adopt(2, arrays)
    scheduler.banks.recall(2)
    assert tracker.samples == 10 * 2400


def test_a_bank_without_a_beat_or_of_another_tracker_leaves_the_beat_alone():
    scheduler, _, tracker = started()
    feed(scheduler, 10)
    scheduler.banks.store(1)
    arrays = dict(scheduler.banks.packed(1))
    stranger = {**arrays, "beat_tracker.identity": np.zeros(32, np.uint8)}
    bare = {name: a for name, a in arrays.items() if not name.startswith("beat_tracker.")}
    feed(scheduler, 5)
    for kept in (stranger, bare):
        scheduler.banks.adopt(3, kept)
        scheduler.banks.recall(3)
        assert tracker.samples == 15 * 2400


def test_who_rests_still_hears_the_beat():
    scheduler, model, tracker = started()
    feed(scheduler, 4)
    played = len(model.phases)
    scheduler.track_only(np.full(2400, SOUND, np.float32))
    assert (tracker.samples, len(model.phases)) == (5 * 2400, played)
    assert (scheduler.heard, scheduler.played) == (5, 8)
    scheduler.skip_to(10)
    assert tracker.samples == 10 * 2400


def test_a_change_waits_for_the_bar_that_is_heard():
    scheduler, _, _ = started(hops=0, tempo_bpm=120.0)
    feed(scheduler, 7)
    bass = Conditions(stem="bass", anticipation_hops=0)
    scheduler.condition(bass, asked=frozenset({"stem"}), grid=QuantizeGrid.BAR)
    landed = 0
    for hop in range(7, 60):
        feed(scheduler, 1)
        if scheduler.conditions.stem == "bass":
            landed = hop
            break
    assert landed + 1 == 40  # the stem hop that begins bar 2, at 2 s


def test_corrections_reach_the_tracker_with_their_moment():
    scheduler, _, tracker = started(rate=44100, tempo_bpm=100.0)
    feed(scheduler, 20)
    heard_s = 1.0 - scheduler._delays.into / 44100
    tap = BeatCorrection(kind=CorrectionKind.TAP, frame=44100, tempo_bpm=101.0, beat_in_bar=2)
    scheduler.correct(tap)
    scheduler.correct(BeatCorrection(kind=CorrectionKind.DOWNBEAT, frame=22050))
    (kind, ahead_s, tempo_bpm, beat), (other, before_s) = tracker.calls
    assert (kind, tempo_bpm, beat, other) == ("tap", 101.0, 2, "begin_bar")
    assert ahead_s == pytest.approx(1.0 - heard_s)
    assert before_s == pytest.approx(0.5 - heard_s)
    scheduler.correct(BeatCorrection(kind=CorrectionKind.HALF))
    assert tracker.tempo_bpm == 50.0
    with pytest.raises(ConfigError, match="half of 50 bpm"):
        scheduler.correct(BeatCorrection(kind=CorrectionKind.HALF))


def test_a_tracker_at_another_rate_is_refused():
    tracker = SteadyTracker()
    tracker.sample_rate = 22050
    with pytest.raises(ConfigError, match="22050 Hz"):
        HopScheduler(PassThroughModel(), 48000, Conditions(stem="drums"), tracker=tracker)


def test_the_range_of_tempi_offered_is_the_one_the_tracker_has():
    offered = (tracking.SLOWEST_BPM, tracking.FASTEST_BPM)
    assert offered == (beat_tracker.SLOWEST_BPM, beat_tracker.FASTEST_BPM)
