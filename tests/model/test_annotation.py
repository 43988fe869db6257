"""Counts and chords at every hop, from the times a song was rendered by."""

import numpy as np
import pytest

from model.formats.conditions import Phase
from model.networks.annotation import (
    ANNOTATION,
    CHORD,
    COUNT,
    chord_track,
    count_track,
    join_annotation,
    phase_count,
    transposed,
)

BEATS = [0.1 + 0.5 * n for n in range(17)]
BARS = BEATS[::4]


def test_the_count_is_that_of_the_transport():
    count, known = count_track(BEATS, BARS, 120, 0.05)
    for hop in (2, 7, 31, 118):
        time = hop * 0.05 - 0.1
        phase = Phase(time / 0.5 % 1, time / 2 % 1, 120.0)
        np.testing.assert_allclose(count[hop], phase_count(phase), atol=1e-4)
        assert known[hop] == 1


def test_nobody_counts_before_the_first_beat_and_after_the_last():
    count, known = count_track(BEATS, BARS, 200, 0.05)
    assert known[:2].sum() == 0
    assert known[2:172].all()
    assert known[172:].sum() == 0
    assert not count[known[:, 0] == 0].any()


def test_a_tempo_that_changes_is_followed():
    beats = np.cumsum([0.5] * 8 + [0.25] * 8)
    count, _ = count_track(beats, beats[::4], 120, 0.05)
    assert count[60, 4] == pytest.approx(0.0)
    assert count[100, 4] == pytest.approx(1.0)


def test_a_chord_lasts_until_the_next():
    c_major, a_minor = frozenset({0, 4, 7}), frozenset({9, 0, 4})
    track, known = chord_track([(0.1, 0, c_major), (0.5, 9, a_minor)], 20, 0.05)
    assert track.shape == (20, CHORD)
    assert known[:2].sum() == 0
    assert known[2:].all()
    assert np.flatnonzero(track[9]).tolist() == [0, 4, 7, 12]
    assert np.flatnonzero(track[10]).tolist() == [0, 4, 9, 21]


def test_what_is_unknown_is_zero_and_says_so():
    chord = chord_track([(0.0, 2, frozenset({2, 6, 9}))], 8, 0.05)
    annotation = join_annotation(None, chord, 8)
    assert annotation.shape == (8, ANNOTATION)
    assert not annotation[:, : COUNT + 1].any()
    assert annotation[:, -1].all()


def test_transposing_moves_the_chord_and_nothing_else():
    count = count_track(BEATS, BARS, 20, 0.05)
    c_major, d_major = frozenset({0, 4, 7}), frozenset({2, 6, 9})
    low = join_annotation(count, chord_track([(0.0, 0, c_major)], 20, 0.05), 20)
    high = join_annotation(count, chord_track([(0.0, 2, d_major)], 20, 0.05), 20)
    np.testing.assert_array_equal(transposed(low, 2), high)
