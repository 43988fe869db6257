from pathlib import Path

import numpy as np
import pytest

from model.data.midifile import Note
from model.data.synth import SAMPLE_RATE, FontPlayer
from model.errors import MissingTool

FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")


@pytest.fixture(scope="module")
def player():
    return FontPlayer(FONT)


def note(start=0.1, pitch=69, velocity=100, programme=0, track="t", drum=False):
    return Note(
        start=start,
        length=0.5,
        pitch=pitch,
        velocity=velocity,
        programme=programme,
        track=track,
        drum=drum,
    )


def level_db(audio):
    return 20 * np.log10(np.sqrt(np.mean(np.square(audio))))


def test_a_note_sounds_where_and_how_it_is_written(player):
    audio = player.render([note(programme=73)], SAMPLE_RATE)
    assert audio.dtype == np.float32
    assert audio.shape == (SAMPLE_RATE,)
    onset = np.flatnonzero(np.abs(audio) > 1e-4)[0] / SAMPLE_RATE
    assert 0.1 <= onset < 0.13
    middle = audio[SAMPLE_RATE // 4 : SAMPLE_RATE // 2]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), SAMPLE_RATE))
    assert np.argmax(spectrum[300:600]) + 300 == pytest.approx(440, abs=3)


def test_velocity_squared_is_decibels_of_the_soundfont(player):
    loud, soft = (level_db(player.render([note(velocity=v)], SAMPLE_RATE)) for v in (100, 50))
    assert loud - soft == pytest.approx(12, abs=1.5)


def test_what_was_played_before_leaves_no_trace(player):
    notes = [note(programme=48), note(0.2, 38, drum=True), note(0.3, 64, programme=25)]
    first = player.render(notes, SAMPLE_RATE)
    player.render([note(0.9, 40, 127, programme=89)], SAMPLE_RATE)
    assert np.array_equal(first, player.render(notes, SAMPLE_RATE))


def test_more_voices_than_channels(player):
    band = [note(programme=p, track=f"t{p}") for p in range(40)]
    together = player.render(band, SAMPLE_RATE // 2)
    alone = sum(player.render([one], SAMPLE_RATE // 2) for one in band)
    np.testing.assert_allclose(together, alone, atol=2e-3 * np.abs(alone).max())


def test_notes_behind_the_end_are_cut_off(player):
    assert not player.render([note(start=2.0)], SAMPLE_RATE).any()


def test_what_began_before_is_heard_in_full_measure(player):
    notes = [note(start=-0.3), note(start=0.4, pitch=60, programme=48)]
    later = [note(start=0.7), note(start=1.4, pitch=60, programme=48)]
    part = player.render(notes, SAMPLE_RATE)
    whole = player.render(later, 2 * SAMPLE_RATE)
    np.testing.assert_array_equal(part, whole[SAMPLE_RATE:])
    assert np.abs(part[:4800]).max() > 1e-3


def test_missing_and_broken_fonts_are_named(tmp_path):
    with pytest.raises(MissingTool, match="apt-get install mma fluid-soundfont-gm"):
        FontPlayer(tmp_path / "none.sf2")
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"not a font")
    with pytest.raises(MissingTool, match="broken"):
        FontPlayer(broken)
