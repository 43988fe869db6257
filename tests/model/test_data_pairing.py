from random import Random

import numpy as np
import pytest

from model.data.audiofile import SAMPLE_RATE
from model.data.pairing import LEVEL_DB, draw_edge, draw_mix, draw_window, loudness_db
from model.errors import DataError

LOUD, SILENT = -20.0, -90.0


def levels(*spans):
    return np.concatenate([np.full(hops, level) for hops, level in spans])


def sine(hz):
    return np.sin(2 * np.pi * hz * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)


@pytest.mark.parametrize(("hz", "weight_db"), [(100, -19.1), (1000, 0.0), (10_000, -2.5)])
def test_loudness_follows_the_standard_curve(hz, weight_db):
    level = loudness_db(sine(hz))
    assert level.shape == (20,)
    np.testing.assert_allclose(level, -3.01 + weight_db, atol=0.15)


def test_loudness_of_silence_and_of_a_part_of_a_hop():
    assert loudness_db(np.zeros(SAMPLE_RATE + 100, np.float32)).tolist() == [-120.0] * 20


def test_windows_have_both_sounding_in_three_quarters_of_their_hops():
    stem = levels((100, SILENT), (100, LOUD), (100, SILENT))
    mix = levels((300, LOUD))
    found = {draw_window(Random(k), stem, mix, 40) for k in range(500)}
    assert min(found) == 90
    assert max(found) == 170
    assert len(found) > 75


def test_where_a_target_plays_little_the_windows_are_those_it_plays_most_in():
    stem = levels((100, SILENT), (20, LOUD), (100, SILENT))
    found = {draw_window(Random(k), stem, levels((220, LOUD)), 40) for k in range(500)}
    assert min(found) == 78, "18 of its 20 hops"
    assert max(found) == 102


def test_stem_and_mix_must_sound_at_the_same_time():
    stem = levels((100, LOUD), (100, SILENT))
    mix = levels((100, SILENT), (100, LOUD))
    assert draw_window(Random(0), stem, mix, 40) is None


def test_resting_targets_rest_while_the_mix_plays():
    stem = levels((100, LOUD), (100, SILENT), (100, SILENT))
    mix = levels((200, LOUD), (100, SILENT))
    found = {draw_window(Random(k), stem, mix, 50, resting=True) for k in range(500)}
    assert min(found) >= 99
    assert max(found) <= 175
    always = levels((300, LOUD))
    assert draw_window(Random(0), always, always, 50, resting=True) is None


def test_edges_are_where_the_band_begins_or_ends_after_a_pause():
    playing = np.repeat([False, True, False, True, False, True], [60, 100, 10, 130, 100, 100])
    found = [draw_edge(Random(k), playing, 40) for k in range(600)]
    for edge in (60, 300, 400):
        near = [start for start in found if edge - 40 < start < edge]
        assert len(near) > 120
        assert (min(near), max(near)) == (edge - 35, edge - 5)
    assert all(any(e - 40 < start < e for e in (60, 300, 400)) for start in found)
    close = {draw_edge(Random(k), playing[55:110], 40) for k in range(50)}
    assert close == {None}, "a pause of five hops is none"
    assert {draw_edge(Random(k), playing[30:110], 60) for k in range(50)} <= set(range(21))
    assert draw_edge(Random(0), playing, 501) is None


def test_songs_that_are_too_short_or_do_not_match():
    assert draw_window(Random(0), levels((30, LOUD)), levels((30, LOUD)), 40) is None
    assert draw_window(Random(0), levels((40, LOUD)), levels((40, LOUD)), 40) == 0
    with pytest.raises(DataError, match="got 40 and 30 hops"):
        draw_window(Random(0), levels((40, LOUD)), levels((30, LOUD)), 20)


def test_mixes_never_hold_the_target():
    stems = ("drums", "bass", "piano", "lead")
    sizes = [0, 0, 0]
    gains_db = []
    for seed in range(1000):
        names, gain = draw_mix(Random(seed), stems, "bass")
        assert "bass" not in names
        assert 1 <= len(set(names)) == len(names) <= 3
        sizes[len(names) - 1] += 1
        gains_db.append(20 * np.log10(gain))
    assert min(sizes) > 280, "a solo is as likely as a band"
    assert LEVEL_DB[0] <= min(gains_db) < -11
    assert 5 < max(gains_db) <= LEVEL_DB[1]


def test_a_stem_that_plays_alone_hears_nothing():
    assert draw_mix(Random(0), ("bass",), "bass")[0] == ()
