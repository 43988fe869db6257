"""The beat tracker's own figures: pure scores, and ``liveband evaluate --ear`` as a whole."""

import json
import shutil

import numpy as np
import pytest

from model.__main__ import main
from model.beat_tracker.tracker import load
from model.data import tracked_beats
from model.errors import DataError, MissingTool, ModelConfigError
from model.evaluation import aubio
from model.evaluation.aubio import aubio_beats
from model.evaluation.beat_estimates import tracked_phases
from model.evaluation.beat_tracking import (
    BeatReadings,
    bar_phase,
    beats_passed,
    downbeat_f,
    extrapolated,
    in_phase,
    in_phase_free,
    level_beats,
    level_changes,
    locked_at,
    phase_error,
    predicted_beats,
    predicted_f,
    predicted_f_free,
)
from model.evaluation.cache import fingerprint
from model.evaluation.setting import Setting
from tests.model.tiny_beats import RATE, clicks, write_song

HOP, HOP_S = 2400, 0.05
SECONDS = 30.0
BEATS = np.arange(0.317, 40, 60 / 107)
STRETCH = (8.0, SECONDS)


def _readings(ahead_s=0.1, *, factor=1.0, offset=0.0, late_s=0.0, tempo_bpm=107.0):
    """Return what a tracker reads that knows the score, at some level, perhaps late."""
    heard_s = HOP_S * np.arange(1, int(SECONDS / HOP_S) + 1)
    beats = factor * beats_passed(BEATS, heard_s + ahead_s - late_s) + offset
    tempo = np.full(len(heard_s), factor * tempo_bpm)
    return BeatReadings(ahead_s, heard_s + ahead_s, beats % 1, tempo, beats / 4 % 1)


@pytest.mark.parametrize("ahead_s", [0.0, 0.1, 1.0])
def test_who_knows_the_score_scores_one(ahead_s):
    readings = _readings(ahead_s)
    for figure in (predicted_f, predicted_f_free, in_phase, in_phase_free):
        assert figure(readings, BEATS, *STRETCH) == 1
    assert downbeat_f(readings, BEATS[::4], *STRETCH) == 1
    assert locked_at(readings, BEATS) == pytest.approx(HOP_S)
    assert level_changes(readings, 0.0) == 0
    found = predicted_beats(readings.times_s, readings.beat)
    begin, end = np.searchsorted(BEATS, readings.times_s[[0, -1]])
    assert found == pytest.approx(BEATS[begin:end])


def test_the_beat_of_the_bar_is_judged_where_the_beat_is_right():
    bars = BEATS[::4]
    assert bar_phase(_readings(), BEATS, bars, *STRETCH) == 1
    assert bar_phase(_readings(offset=1.0), BEATS, bars, *STRETCH) == 0
    assert bar_phase(_readings(offset=0.5), BEATS, bars, *STRETCH) is None
    assert bar_phase(_readings(), BEATS, bars[:1], *STRETCH) is None
    half = _readings()
    half.bar[half.times_s >= 19] += 0.5
    assert bar_phase(half, BEATS, bars, *STRETCH) == pytest.approx(0.5, abs=0.02)


def test_half_the_tempo_hits_every_second_beat_and_all_of_its_level():
    for offset in (0.0, 0.5):
        readings = _readings(factor=0.5, offset=offset)
        assert predicted_f(readings, BEATS, *STRETCH) == pytest.approx(2 / 3, abs=0.02)
        assert predicted_f_free(readings, BEATS, *STRETCH) == 1
        assert in_phase(readings, BEATS, *STRETCH) < 0.3
        assert in_phase_free(readings, BEATS, *STRETCH) == 1


def test_twice_the_tempo_is_right_half_of_the_time_and_all_of_its_level():
    readings = _readings(factor=2.0)
    assert predicted_f(readings, BEATS, *STRETCH) == pytest.approx(2 / 3, abs=0.02)
    assert predicted_f_free(readings, BEATS, *STRETCH) == 1
    assert in_phase_free(readings, BEATS, *STRETCH) == 1
    assert locked_at(readings, BEATS) is None


def test_between_the_beats_is_wrong_but_for_the_level():
    readings = _readings(offset=0.5)
    assert predicted_f(readings, BEATS, *STRETCH) == 0
    assert in_phase(readings, BEATS, *STRETCH) == 0
    assert predicted_f_free(readings, BEATS, *STRETCH) == 1
    assert in_phase_free(readings, BEATS, *STRETCH) == 1
    assert downbeat_f(readings, BEATS[::4], *STRETCH) == 0


def test_a_beat_may_be_late_by_seventy_milliseconds():
    assert predicted_f(_readings(late_s=0.06), BEATS, *STRETCH) == 1
    assert predicted_f_free(_readings(late_s=0.1), BEATS, *STRETCH) < 0.1
    period_s = 60 / 107
    error = phase_error(_readings(late_s=0.06), BEATS)
    assert error == pytest.approx(np.full(len(error), -0.06 / period_s))
    assert in_phase(_readings(late_s=0.13 * period_s), BEATS, *STRETCH) == 0
    assert in_phase(_readings(late_s=0.12 * period_s), BEATS, *STRETCH) == 1


def test_levels_are_those_of_the_score():
    beats = np.array([1.0, 2.0, 4.0])
    assert level_beats(beats, 1.0, 0.0).tolist() == [1, 2, 4]
    assert level_beats(beats, 1.0, 0.5).tolist() == [1.5, 3]
    assert level_beats(beats, 2.0, 0.0).tolist() == [1, 1.5, 2, 3, 4]
    assert level_beats(beats, 0.5, 0.0).tolist() == [1, 4]
    assert level_beats(beats, 0.5, 0.5).tolist() == [2]
    assert beats_passed(beats, np.array([0.5, 3.0, 6.0])).tolist() == [-0.5, 1.5, 3]


def test_a_stretch_without_beats_has_no_figures():
    readings = _readings()
    assert predicted_f(readings, BEATS, 8.0, 8.3) is None
    assert predicted_f_free(readings, BEATS[:2], 8.0, 9.0) is None
    assert in_phase(readings, BEATS, 50.0, 60.0) is None
    assert downbeat_f(extrapolated(BEATS, readings.heard_s, 0.1), BEATS, *STRETCH) is None


def test_a_correction_back_over_a_beat_is_none():
    times = HOP_S * np.arange(5)
    assert len(predicted_beats(times, np.array([0.9, 0.02, 0.95, 0.97, 0.99]))) == 1
    assert len(predicted_beats(times, np.array([0.9, 0.02, 0.95, 0.03, 0.1]))) == 2
    assert len(predicted_beats(times, np.array([0.5, 0.3, 0.35, 0.4, np.nan]))) == 0
    assert predicted_beats(times, np.array([0.8, 0.9, 0.0, 0.1, 0.2])) == pytest.approx([0.1])


def test_who_finds_the_beat_late_is_locked_late():
    late = _readings(offset=0.5)
    right = _readings()
    late.beat[100:] = right.beat[100:]
    assert locked_at(late, BEATS) == pytest.approx(right.heard_s[100])
    late.beat[150] = (late.beat[150] + 0.3) % 1
    assert locked_at(late, BEATS) == pytest.approx(right.heard_s[151])
    late.beat[:] = np.nan
    assert locked_at(late, BEATS) is None
    assert in_phase(late, BEATS, *STRETCH) == 0
    few = BeatReadings(0.1, right.times_s[:40], right.beat[:40], right.tempo_bpm[:40])
    assert locked_at(few, BEATS) is None


def test_leaps_of_the_tempo_count_once_and_only_if_they_stay():
    readings = _readings()
    tempo = readings.tempo_bpm
    tempo[200:400] *= 2
    assert level_changes(readings, 0.0) == 2
    assert level_changes(readings, 15.0) == 1
    assert level_changes(readings, 29.5) == 0
    tempo[:] = 107
    tempo[200:210] *= 2  # for half a second
    assert level_changes(readings, 0.0) == 0
    tempo[:] = 107 * 1.3 ** (np.arange(len(tempo)) / len(tempo))
    assert level_changes(readings, 0.0) == 0
    tempo[:] = np.where(np.arange(len(tempo)) < 300, 107, 107 * 1.35)
    assert level_changes(readings, 0.0) == 0


@pytest.mark.parametrize("ahead_s", [0.0, 0.1, 1.0])
def test_beats_that_are_told_as_they_come_are_extended_evenly(ahead_s):
    heard_s = _readings().heard_s
    readings = extrapolated(BEATS[BEATS < SECONDS], heard_s, ahead_s)
    assert np.isnan(readings.beat[heard_s < BEATS[1]]).all()
    assert not np.isnan(readings.beat[heard_s > BEATS[1]]).any()
    assert readings.tempo_bpm[-1] == pytest.approx(107)
    assert predicted_f(readings, BEATS, *STRETCH) == 1
    assert in_phase(readings, BEATS, *STRETCH) == 1


def test_no_beat_is_known_before_it_comes():
    heard_s = _readings().heard_s
    changed = BEATS.copy()
    changed[20:] += 0.2
    one, other = (extrapolated(beats, heard_s, 1.0) for beats in (BEATS, changed))
    before = heard_s < BEATS[20]
    assert np.array_equal(one.beat[before], other.beat[before], equal_nan=True)
    assert not np.array_equal(one.beat, other.beat, equal_nan=True)


# -- what players are told ------------------------------------------------------------------


def _asked_live(mix, hops):
    """Return what the stage tells, hop by hop; see ``bridge.stream.hop_scheduler``."""
    tracker, told, played = load(), [], 0

    def play(heard):
        nonlocal played
        estimate = tracker.estimate((played - heard) * HOP_S)
        told.append(
            None
            if estimate is None
            else (estimate.beat, estimate.bar, estimate.tempo_bpm, estimate.confidence)
        )
        played += 1

    for _ in range(hops + 1):
        play(0)
    for heard in range(1, len(mix) // HOP + 1):
        tracker.listen(mix[(heard - 1) * HOP : heard * HOP])
        play(heard)
    return told


def test_players_are_told_what_the_stage_tells_hop_by_hop():
    mix = clicks(3.02)
    for hops in (0, 2, 20):
        told = tracked_phases(mix, hops, (0, 2, 20), hop=HOP, sample_rate=RATE)
        live = _asked_live(mix, hops)
        assert len(told) == len(live) == 60 + 1 + hops
        assert told[: hops + 1] == [None] * (hops + 1)
        for phase, wanted in zip(told, live, strict=True):
            assert (phase is None) == (wanted is None)
            if phase is not None:
                told_all = phase.beat, phase.bar, phase.tempo_bpm, phase.confidence
                assert told_all == pytest.approx(wanted)


def test_a_mix_is_tracked_once_for_all_who_hear_it(monkeypatch):
    heard = []

    class Silent:
        sample_rate = RATE
        silence_s = 0.0

        def reset(self):
            heard.append(0)

        def listen(self, mix):
            heard[-1] += len(mix)

        def estimate(self, ahead_s):
            return None

    monkeypatch.setattr(tracked_beats, "_tracker", Silent)
    one, other = clicks(0.5, 7), clicks(0.5, 8)
    asked = {"anticipations": (0, 2), "hop": HOP, "sample_rate": RATE}
    for mix, hops in ((one, 0), (one, 2), (one.copy(), 2), (other, 2), (one, 0)):
        assert tracked_phases(mix, hops, **asked) == [None] * (11 + hops)
    assert heard == [24_000, 24_000]
    with pytest.raises(ModelConfigError, match="44100 Hz"):
        tracked_phases(one, 0, (0,), hop=2205, sample_rate=44_100)


def test_other_weights_of_the_tracker_are_other_facts(monkeypatch, tmp_path):
    from model.evaluation import cache as keeping

    before = fingerprint("a")
    (tmp_path / "weights").write_bytes(b"others")
    monkeypatch.setattr(keeping, "WEIGHTS", tmp_path / "weights")
    keeping._code.cache_clear()
    try:
        assert fingerprint("a") != before
    finally:
        keeping._code.cache_clear()


# -- as a command ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    root = tmp_path_factory.mktemp("beats")
    for number in range(2):
        write_song(root / "test" / f"song{number}", number)
    return root


WORDS = ["--ear", "--seconds", "17", "--jobs", "1"]


def test_the_beat_tracker_alone_is_scored_without_a_checkpoint(songs, capsys, monkeypatch):
    monkeypatch.setattr("model.checkpoint.load_checkpoint", lambda *_: pytest.fail("loaded"))
    assert main(["evaluate", str(songs), *WORDS, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["setting"]["seconds"] == 17
    row = answer["beat_tracker"]["rows"][0]
    assert (row["system"], row["songs"], row["excerpts"]) == ("beat tracker", 2, 4)
    assert row["per_class"]["bass"]["beat_f_free_0.1_s"] > 0.9
    assert row["per_class"]["bass"]["in_phase_free_0.1_s"] > 0.8
    assert row["intervals"]["beat_f_0.1_s"][0] <= row["beat_f_0.1_s"]
    alone = row["per_condition"]["one stem"]
    assert (alone["excerpts"], alone["songs"]) == (8, 2)  # mixes of one stem, and that alone
    assert row["per_condition"]["one stem, not drums"]["excerpts"] == 4
    assert row["per_condition"]["mixes with drums"]["excerpts"] == 2
    assert "mixes below 85 bpm" not in row["per_condition"]


def test_a_missing_program_is_said_and_its_row_left_out(songs, capsys, monkeypatch, caplog):
    monkeypatch.setattr(aubio.shutil, "which", lambda _: None)
    assert main(["evaluate", str(songs), *WORDS, "--songs", "1"]) == 0
    said = capsys.readouterr().out
    assert "F of predicted beats, by seconds ahead" in said
    assert "no row of aubiotrack: aubiotrack is not installed; apt-get install" in said
    assert "aubiotrack is not installed" in caplog.text
    assert not any(line.startswith("aubiotrack") for line in said.splitlines())
    with pytest.raises(MissingTool, match="apt-get install aubio-tools"):
        aubio_beats(clicks(1), RATE)


@pytest.mark.skipif(shutil.which("aubiotrack") is None, reason="needs aubio-tools")
def test_aubiotrack_hears_clicks_and_stands_beside(songs, capsys):
    beats = aubio_beats(clicks(20), RATE)
    assert np.median(np.diff(beats)) == pytest.approx(0.5, rel=0.05)
    assert main(["evaluate", str(songs), *WORDS, "--songs", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["beat_tracker"]["rows"]
    assert [row["system"] for row in rows] == ["beat tracker", "aubiotrack"]
    assert rows[1]["downbeat_f"] is None
    assert rows[1]["beat_f_0.1_s"] is not None


def test_a_program_that_fails_says_why(tmp_path, monkeypatch):
    program = tmp_path / "aubiotrack"
    program.write_text("#!/bin/sh\necho no such format >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(aubio.shutil, "which", lambda _: str(program))
    with pytest.raises(DataError, match="aubiotrack failed: no such format"):
        aubio_beats(clicks(0.1), RATE)


def test_songs_without_beats_say_what_is_missing(rendered, caplog):
    words = ["evaluate", str(rendered), "--ear", "--seconds", "2", "--jobs", "1"]
    assert main(words) == 1
    assert "beats and bars of 6 excerpts are not known" in caplog.text


@pytest.mark.parametrize("words", [["--checkpoint", "default"], ["--record"], ["--out", "x"]])
def test_what_concerns_checkpoints_is_refused(songs, words, caplog):
    assert main(["evaluate", str(songs), "--ear", *words]) == 2
    assert words[0] in caplog.text


def test_the_tracker_alone_hears_longer_excerpts():
    assert Setting.of(quick=False, ear=True).seconds == 30
    assert Setting.of(quick=True, ear=True).seconds == 30
    assert Setting.of(quick=True, ear=True).songs == 4
    assert Setting.of(quick=False, ear=True, seconds=12.0).seconds == 12
