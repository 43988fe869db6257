from pathlib import Path

import numpy as np
import pytest
import soundfile

import bridge
from model.data.synth import SAMPLE_RATE, FontPlayer
from tools.assets.demo_mix import BEAT_S, FRAMES, main, make_mix

FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
BUNDLED = Path(bridge.__file__).parent / "assets" / "mix.ogg"


@pytest.fixture(scope="module")
def bundled():
    audio, rate = soundfile.read(BUNDLED, dtype="float32")
    assert rate == SAMPLE_RATE
    return audio


@pytest.fixture(scope="module")
def made():
    return make_mix(FontPlayer(FONT))


@pytest.mark.parametrize("mix", ["bundled", "made"])
def test_thirty_seconds_that_are_loud_enough_and_never_silent(mix, request):
    audio = request.getfixturevalue(mix)
    assert audio.shape == (FRAMES, 2) == (30 * SAMPLE_RATE, 2)
    assert np.abs(audio).max() < 0.9
    assert -18 < 20 * np.log10(np.sqrt(np.mean(audio**2))) < -15
    tenths = audio.mean(axis=1).reshape(300, -1)
    assert np.sqrt(np.mean(tenths**2, axis=1)).min() > 0.02


@pytest.mark.parametrize("mix", ["bundled", "made"])
def test_the_beat_is_clear(mix, request):
    mono = request.getfixturevalue(mix).mean(axis=1)
    power = np.square(np.diff(mono)).reshape(-1)[: FRAMES - 480].reshape(-1, 480).mean(axis=1)
    rise = np.maximum(0, np.diff(np.log10(power + 1e-9)))
    beats = np.arange(1, 47) * BEAT_S

    def strength(times):
        return np.mean([rise[round(t * 100) - 3 : round(t * 100) + 3].max() for t in times])

    assert strength(beats) > 2 * strength(beats + BEAT_S / 4)


def test_the_bundled_file_is_small():
    assert BUNDLED.stat().st_size < 700_000


def test_the_recipe_repeats_itself(made):
    assert np.array_equal(made, make_mix(FontPlayer(FONT)))


def test_the_command_writes_an_ogg_file(tmp_path):
    out = tmp_path / "mix.ogg"
    assert main([str(out), "--font", str(FONT)]) == 0
    assert soundfile.info(out).subtype == "VORBIS"
    assert soundfile.info(out).frames == FRAMES
