"""Scores of sounds whose right answer is known."""

import numpy as np
import pytest

from model.evaluation.annotations import Annotations, TimedChord
from model.evaluation.beats import beat_f, f_measure, track_beats
from model.evaluation.drift import LoopedSong, in_bins, slope_per_minute
from model.evaluation.features import LISTENING_RATE, chroma, level_db, normalised
from model.evaluation.grid import grid_phase
from model.evaluation.harmony import chord_tone_ratio, chroma_cosine
from model.evaluation.neighbours import log_mel_distance, nearest_distances, patches
from model.evaluation.rhythm import rhythm_correlation

RATE = LISTENING_RATE
SECONDS = 10
BEATS = np.arange(0.25, SECONDS, 0.5)
C, A_FLAT = frozenset({0, 4, 7}), frozenset({8, 0, 3})
PITCHES_HZ = {pitch: 440 * 2 ** ((pitch - 9) / 12) for pitch in range(12)}


def _clicks(times, shift_s=0.0):
    audio = np.zeros(SECONDS * RATE)
    rng = np.random.default_rng(0)
    for time in times:
        start = round((time + shift_s) * RATE)
        length = min(800, len(audio) - start)
        audio[start : start + length] += np.exp(-np.arange(length) / 200) * rng.standard_normal(
            length
        )
    return normalised(audio, RATE)


def _tones(pitches, seconds=SECONDS):
    time = np.arange(int(seconds * RATE)) / RATE
    return normalised(sum(np.sin(2 * np.pi * PITCHES_HZ[p] * time) for p in pitches), RATE)


def test_hearing_takes_rate_and_level_away():
    time = np.arange(48_000) / 48_000
    quiet = normalised(0.001 * np.sin(2 * np.pi * 440 * time), 48_000)
    assert len(quiet) == RATE
    assert level_db(quiet) == pytest.approx(-18, abs=0.01)
    assert not normalised(np.zeros(480), 48_000).any()
    assert level_db(np.zeros(9)) == pytest.approx(-120)


@pytest.mark.parametrize("gain", [0.01, 1.0])
def test_scores_do_not_depend_on_loudness(gain):
    mix, stem = _clicks(BEATS), _clicks(BEATS[::2])
    assert rhythm_correlation(mix, normalised(gain * stem, RATE)) == pytest.approx(
        rhythm_correlation(mix, stem)
    )


def test_rhythm_is_one_with_itself_and_little_with_another():
    mix = _clicks(BEATS)
    assert rhythm_correlation(mix, mix) == pytest.approx(1)
    assert rhythm_correlation(mix, _clicks(BEATS, 0.04)) > 0.8
    strange = _clicks(np.sort(np.random.default_rng(1).uniform(0, 9.9, 20)))
    assert rhythm_correlation(mix, strange) < 0.4
    assert rhythm_correlation(mix, 0 * mix) == 0


def test_every_pitch_falls_into_its_class():
    for pitch in range(12):
        assert chroma(_tones([pitch], 1.0)).sum(0).argmax() == pitch


def test_chroma_agrees_with_the_same_chord_only():
    assert chroma_cosine(_tones(C), _tones(C)) == pytest.approx(1, abs=1e-3)
    assert chroma_cosine(_tones(C), _tones({1, 6, 10})) < 0
    assert chroma_cosine(_tones(C), 0 * _tones(C)) == 0


def test_chord_tones_count_when_their_chord_sounds():
    chords = (TimedChord(0.0, C), TimedChord(5.0, A_FLAT))
    right = np.concatenate([_tones(C, 5), _tones(A_FLAT, 5)])
    wrong = np.concatenate([_tones(A_FLAT, 5), _tones(C, 5)])
    right_ratio = chord_tone_ratio(right, chords)
    assert right_ratio > 2
    assert chord_tone_ratio(wrong, chords) == pytest.approx(1 / right_ratio, rel=0.2)
    assert chord_tone_ratio(_tones(A_FLAT, 5), chords, start_s=5.0) > 2
    assert chord_tone_ratio(0 * right, chords) == 0
    assert chord_tone_ratio(right, chords[:1]) is None


def test_a_click_on_every_beat_is_found():
    assert beat_f(_clicks(BEATS), BEATS) == 1
    assert beat_f(_clicks(BEATS, 0.03), BEATS) == 1
    assert beat_f(_clicks(BEATS, 0.12), BEATS) == 0
    assert beat_f(np.zeros(SECONDS * RATE), BEATS) == 0
    assert beat_f(_clicks(BEATS), BEATS[:1]) is None


@pytest.mark.parametrize("bpm", [75, 100, 140])
def test_the_tempo_is_found(bpm):
    assert np.median(np.diff(track_beats(_clicks(np.arange(0.1, 9.9, 60 / bpm))))) == (
        pytest.approx(60 / bpm, rel=0.03)
    )


def test_each_beat_is_hit_once():
    true = np.array([1.0, 2.0, 3.0])
    assert f_measure(true, np.array([0.95, 1.05, 2.07, 3.08])) == pytest.approx(4 / 7)
    assert f_measure(true, np.array([])) == 0


@pytest.mark.parametrize("shift_ms", [0, 30, -20])
def test_clicks_concentrate_and_tell_how_late_they_are(shift_ms):
    phase = grid_phase(_clicks(BEATS, shift_ms / 1000), BEATS)
    assert phase.beat > 0.97
    assert phase.eighth > 0.97
    assert phase.offset_ms == pytest.approx(shift_ms, abs=4)


def test_offbeats_concentrate_at_the_beat_and_come_on_time():
    phase = grid_phase(_clicks(BEATS[:-1] + 0.25), BEATS)
    assert phase.beat > 0.95
    assert phase.offset_ms == pytest.approx(0, abs=4)


def test_onsets_anywhere_do_not_concentrate():
    found = [
        grid_phase(_clicks(np.sort(np.random.default_rng(s).uniform(0, 9.9, 60))), BEATS).beat
        for s in range(6)
    ]
    assert np.mean(found) < 0.2
    assert grid_phase(_clicks(BEATS[:2]), BEATS) is None


def test_the_grid_goes_on_outside_the_song():
    annotations = Annotations(np.array([1.0, 1.5, 2.0]), np.array([1.0, 2.0]), ())
    assert annotations.position(1.25) == pytest.approx((0.5, 0.25, 120))
    assert annotations.position(0.75) == pytest.approx((0.5, 0.75, 120))
    assert annotations.position(2.25) == pytest.approx((0.5, 0.25, 120))
    assert annotations.beats_within(1.2, 0.5).tolist() == pytest.approx([0.3])


def test_a_song_is_repeated_at_its_bar_lines():
    audio = np.arange(4 * RATE, dtype=np.float32)
    annotations = Annotations(np.arange(0.5, 3.6, 0.5), np.array([0.5, 1.5, 2.5, 3.5]), ())
    loop = LoopedSong(annotations, len(audio), RATE)
    long = loop.repeat(audio, 8 * RATE)
    assert long[RATE] == audio[RATE + RATE // 2]
    assert np.array_equal(long[: 3 * RATE], long[3 * RATE : 6 * RATE])
    assert loop.position(3.25) == pytest.approx(loop.position(0.25))


def test_drift_is_nothing_for_the_steady_and_negative_for_the_tired():
    mix = np.tile(_clicks(BEATS), 4)
    assert slope_per_minute(in_bins(rhythm_correlation, mix, mix, RATE)) == pytest.approx(
        0, abs=1e-6
    )
    noise = np.random.default_rng(0).standard_normal(len(mix)) * np.linspace(0, 2, len(mix))
    bins = in_bins(rhythm_correlation, mix, mix + noise, RATE)
    assert len(bins) == 4
    assert slope_per_minute(bins) < -0.3
    assert slope_per_minute([0.5]) is None


def test_a_copy_is_near_and_a_stranger_is_far():
    rng = np.random.default_rng(0)
    pieces = [_clicks(np.sort(rng.uniform(0, 9.9, 25))) + 0.3 * _tones({p}) for p in (0, 4, 7)]
    known = patches(pieces[0], every_s=0.1)
    copied = nearest_distances(patches(pieces[0][:-3200], every_s=1.0), known)
    strange = nearest_distances(patches(pieces[1], every_s=1.0), known)
    assert copied.max() < 0.01
    assert strange.min() > 0.2
    assert log_mel_distance(pieces[0], pieces[0]) == 0
    assert log_mel_distance(pieces[0], pieces[2]) > 0.1
    assert len(patches(np.zeros(3 * RATE), every_s=1.0)) == 0
