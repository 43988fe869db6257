"""Tests of the sounds of a stage besides the music, and of its effect on a mix."""

from random import Random

import numpy as np
import pytest

from model.data import mix_degradation as stage_path
from model.data.ambient_sounds import SOUNDS, applause, background, count_strokes, talk
from model.data.audiofile import SAMPLE_RATE
from model.data.mix_degradation import degraded, through_vorbis

FRAMES = 3 * SAMPLE_RATE


def _level_db(audio):
    return 10 * np.log10(np.mean(np.square(audio, dtype=np.float64)) + 1e-20)


def _share_between(audio, low_hz, high_hz):
    """Return the share of the power between two frequencies."""
    power = np.abs(np.fft.rfft(audio)) ** 2
    hz = np.fft.rfftfreq(len(audio), 1 / SAMPLE_RATE)
    return power[(hz >= low_hz) & (hz < high_hz)].sum() / power.sum()


@pytest.mark.parametrize(
    "sound", [*SOUNDS.values(), background], ids=lambda each: each.__name__
)
def test_sounds_are_drawn_from_the_generator_alone_and_of_one_level(sound):
    made = [sound(Random(seed), FRAMES) for seed in (1, 1, 2)]
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])
    for audio in made:
        assert audio.shape == (FRAMES,)
        assert audio.dtype == np.float32
        assert _level_db(audio) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    "sound", [*SOUNDS.values(), background], ids=lambda each: each.__name__
)
def test_short_sounds(sound):
    audio = sound(Random(3), 2400)
    assert audio.shape == (2400,)
    assert np.isfinite(audio).all()


def test_talk_has_syllables_pauses_and_the_range_of_a_voice():
    for seed in range(5):
        audio = talk(Random(seed), 10 * SAMPLE_RATE)
        levels = [_level_db(part) for part in audio.reshape(-1, 480)]
        assert np.mean(np.array(levels) < -40) > 0.02, "nobody speaks without a breath"
        swings = np.abs(np.diff(np.array(levels) > -15)).sum()
        assert 15 < swings < 250
        assert _share_between(audio, 80, 4000) > 0.8


def test_applause_swells_and_dies_away():
    audio = applause(Random(1), 6 * SAMPLE_RATE).reshape(6, -1)
    levels = [_level_db(second) for second in audio]
    assert levels[1] > levels[0]
    assert levels[1] > levels[5] + 6


def test_a_bar_is_counted_by_sounds_that_begin_at_once():
    kinds = set()
    for seed in range(30):
        strokes = count_strokes(Random(seed), 3)
        assert len(strokes) == 3
        for stroke in strokes:
            assert np.abs(stroke).max() == pytest.approx(1)
            assert np.argmax(np.abs(stroke) > 0.2) < 0.06 * SAMPLE_RATE
            assert len(stroke) < 0.3 * SAMPLE_RATE
        kinds.add(len({len(stroke) for stroke in strokes}) > 1)
    assert kinds == {True, False}, "voices and sticks"


@pytest.fixture(scope="module")
def clicks():
    audio = np.zeros(FRAMES, np.float32)
    draw = np.random.default_rng(0)
    for at in range(SAMPLE_RATE // 2, FRAMES - 1000, SAMPLE_RATE // 2):
        audio[at : at + 960] = draw.standard_normal(960) * np.exp(-np.arange(960) / 150)
    return 0.3 * audio


@pytest.mark.parametrize("compression", [0.0, 1.0])
@pytest.mark.parametrize("gain", [0.1, 8.0])
def test_the_codec_loses_something_but_no_time(clicks, compression, gain):
    heard = through_vorbis(gain * clicks, compression)
    assert heard.shape == clicks.shape
    difference_db = _level_db(heard - gain * clicks) - _level_db(gain * clicks)
    assert -60 < difference_db < -3
    delays = np.arange(-50, 51)
    alike = [np.dot(clicks[100:-100], np.roll(heard, -lag)[100:-100]) for lag in delays]
    assert abs(delays[int(np.argmax(alike))]) <= 1


def test_mixes_are_heard_differently_and_never_late(clicks):
    first = SAMPLE_RATE // 2
    clean, changes = 0, []
    for seed in range(40):
        heard = degraded(Random(seed), clicks)
        assert heard.shape == clicks.shape
        assert heard.dtype == np.float32
        assert np.isfinite(heard).all()
        clean += heard is clicks
        changes.append(_level_db(heard - clicks) - _level_db(clicks))
        power = np.square(heard[: first + 4800]).reshape(-1, 240).mean(axis=1)
        assert abs(int(np.argmax(power)) - first // 240) <= 1
        assert np.array_equal(heard, degraded(Random(seed), clicks))
    assert 3 <= clean <= 18
    assert np.std([change for change in changes if change > -150]) > 3


def test_each_step_can_be_taken_alone(clicks, monkeypatch):
    shares = [name for name in vars(stage_path) if name.endswith("_SHARE")]
    for only in sorted(set(shares) - {"CLEAN_SHARE"}):
        for name in shares:
            monkeypatch.setattr(stage_path, name, float(name == only))
        heard = degraded(Random(5), clicks)
        assert not np.array_equal(heard, clicks), only
        assert abs(_level_db(heard) - _level_db(clicks)) < 12, only
    for name in shares:
        monkeypatch.setattr(stage_path, name, 0.0)
    assert np.array_equal(degraded(Random(5), clicks), clicks)


def test_a_silent_mix_stays_silent():
    silence = np.zeros(FRAMES, np.float32)
    assert all(not degraded(Random(seed), silence).any() for seed in range(20))
