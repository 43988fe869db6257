from random import Random

import numpy as np
import pytest

from model.data.audiofile import SAMPLE_RATE
from model.data.channel_strip import _biquad, process
from model.data.stems import STEM_CLASSES


def response_db(section, hz):
    z = np.exp(-2j * np.pi * hz / SAMPLE_RATE * np.arange(3))
    return 20 * np.log10(abs(section[:3] @ z / (section[3:] @ z)))


@pytest.mark.parametrize(
    ("kind", "low", "middle", "high"),
    [("low", 6, 3, 0), ("high", 0, 3, 6), ("bell", 0, 6, 0)],
)
def test_filters_do_what_they_are_called(kind, low, middle, high):
    section = _biquad(kind, 1000, 6.0, 0.7)
    assert response_db(section, 10) == pytest.approx(low, abs=0.1)
    assert response_db(section, 1000) == pytest.approx(middle, abs=0.1)
    assert response_db(section, 23_000) == pytest.approx(high, abs=0.1)


def click(at=4800):
    audio = np.zeros(SAMPLE_RATE, np.float32)
    audio[at : at + 48] = 0.01 * np.random.default_rng(0).standard_normal(48)
    return audio


@pytest.mark.parametrize("stem", STEM_CLASSES)
def test_nothing_sounds_too_early_or_late_and_all_stays_finite(stem):
    audio = click()
    for seed in range(20):
        out = process(Random(seed), stem, audio)
        assert out.shape == audio.shape
        assert out.dtype == np.float32
        assert np.isfinite(out).all()
        assert np.abs(out[:4800]).max() < 1e-6 * np.abs(out).max()
        assert np.argmax(np.abs(out)) < 4800 + 96
        assert np.abs(out[-SAMPLE_RATE // 8 :]).max() < 0.01 * np.abs(out).max()


def test_stems_of_the_same_sound_differ_and_the_same_seed_repeats():
    audio = np.random.default_rng(1).standard_normal(SAMPLE_RATE).astype(np.float32)
    seen = set()
    for seed in range(10):
        first, again = (process(Random(seed), "guitar", audio.copy()) for _ in range(2))
        assert np.array_equal(first, again)
        seen.add(first.tobytes())
    assert len(seen) >= 8


def test_level_of_the_input_does_not_matter_to_the_tone():
    audio = click()
    for seed in range(1, 6):
        quiet, loud = (process(Random(seed), "lead", gain * audio) for gain in (1, 8))
        np.testing.assert_allclose(
            quiet / np.abs(quiet).max(), loud / np.abs(loud).max(), atol=1e-5
        )


def test_silence_stays_silent():
    silence = np.zeros(SAMPLE_RATE, np.float32)
    for seed in range(5):
        assert not process(Random(seed), "piano", silence).any()
