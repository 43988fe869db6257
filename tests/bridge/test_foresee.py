"""The beats of a file, each told before it is heard."""

import json

import numpy as np
import pytest
import soundfile

from bridge.__main__ import main
from bridge.controls.beat_tracking import TrackerSettings
from bridge.testing import SteadyTracker
from bridge.transport.predicted_beats import predict_beats


@pytest.fixture
def sound(tmp_path):
    def write(rate, seconds=10.0):
        path = tmp_path / f"{rate}.wav"
        noise = np.random.default_rng(0).standard_normal(round(rate * seconds))
        soundfile.write(path, 0.1 * noise, rate)
        return path

    return write


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("ahead_s", [0.0, 0.1, 1.0])
def test_every_beat_is_told_once_and_in_time(sound, rate, ahead_s):
    predicted = list(
        predict_beats(SteadyTracker(100.0), sound(rate), ahead_s, TrackerSettings())
    )
    times = np.array([beat.time_s for beat in predicted])
    np.testing.assert_allclose(np.diff(times), 0.6, atol=1e-3)
    assert (times[0] + 0.3) % 0.6 == pytest.approx(0.3, abs=0.02)  # the resampler's delay
    for beat in predicted:
        if beat.told_s == predicted[0].told_s:  # all that lies before what was known first
            continue
        assert beat.told_s + ahead_s - 0.05 <= beat.time_s + 1e-9
        assert beat.time_s < beat.told_s + ahead_s + 1e-9
    assert [beat.beat for beat in predicted[:5]] == [
        (predicted[0].beat - 1 + n) % 4 + 1 for n in range(5)
    ]
    assert times[-1] > 9.3 + ahead_s


def test_what_is_asked_of_the_tracker_reaches_it(sound):
    tracker = SteadyTracker()
    settings = TrackerSettings(slowest_bpm=80.0, fastest_bpm=120.0)
    list(predict_beats(tracker, sound(48_000, 0.2), 0.1, settings))
    assert tracker.calls == [("restrict", 80.0, 120.0, False)]


def test_the_command_prints_a_line_a_beat(sound, capsys):
    path = sound(48_000, 3.0)
    assert main(["beats", str(path), "--json", "--ahead", "0"]) == 0
    for line in capsys.readouterr().out.splitlines():
        beat = json.loads(line)
        assert 0.0 <= beat["time_s"] <= 3.0
        assert 0.0 <= beat["confidence"] <= 1.0
    assert main(["beats", str(path)]) == 0
    assert "confidence" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--ahead", "3"], "--ahead takes 0 to 2 seconds, got 3"),
        (["--tempo-min", "20"], "--tempo-min takes 55 to 215 bpm, got 20"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(sound, capsys, options, said):
    assert main(["beats", str(sound(48_000, 0.2)), *options]) == 2
    assert said in capsys.readouterr().err
