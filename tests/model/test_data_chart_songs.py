from dataclasses import replace
from random import Random

import numpy as np
import pytest

from model.data.arrangement import (
    arrange_parts,
    arrangement_text,
    chord_changes,
    draw_style,
    split_phrases,
)
from model.data.band_material import BandMaterial
from model.data.chart_meters import bars_in_mma_beats, charts_to_play, meter_of
from model.data.chart_songs import compose_on_chart
from model.data.human_drums import draw_drum_take, measure_swing
from model.data.lead_lines import place_line
from model.data.melody import MELODY_TRACK
from model.data.midifile import Note
from model.data.mma import find_mma, play_grooves
from model.data.song_tempo import draw_grid
from model.data.sources.chord_charts import read_charts
from model.data.sources.drum_performances import read_performances
from model.data.sources.tempo_curves import read_tempo_curves
from model.data.styles import Groove, load_styles
from tests.model import tiny_sources

STYLES = load_styles(splits=("train",))


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    return read_charts(tiny_sources.write_charts(tmp_path_factory.mktemp("data") / "charts"))


@pytest.fixture(scope="module")
def performances(tmp_path_factory):
    folder = tiny_sources.write_performances(tmp_path_factory.mktemp("groove"))
    return [one for one in read_performances(folder) if one.split == "train"]


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    return read_tempo_curves(tiny_sources.write_curves(tmp_path_factory.mktemp("beats")))


def chart_in(charts, meter, bars):
    return replace(charts[0], meter=meter, bars=bars, sections=(), tempo_bpm=None)


def song(charts, seed, **how):
    return compose_on_chart(Random(seed), charts, BandMaterial(STYLES, find_mma(), **how), 30)


def test_the_same_seed_gives_the_same_song(charts, performances, curves):
    how = {"performances": performances, "curves": curves}
    first, second = song(charts, 5, **how), song(charts, 5, **how)
    assert first.stems == second.stems
    assert first.chords == second.chords
    assert np.array_equal(first.beats_s, second.beats_s)
    assert song(charts, 6, **how).stems != first.stems


@pytest.mark.parametrize("seed", range(4))
def test_annotations_describe_the_whole_song(charts, seed):
    made = song(charts, seed)
    np.testing.assert_allclose(made.beats_s[:: made.beats_per_bar], made.downbeats_s)
    assert made.kind == "chart"
    assert made.duration_s == pytest.approx(30, abs=4)
    starts = [start for start, _ in made.chords]
    assert starts == sorted(starts)
    assert made.chords[0][0] == made.sections[0][0] == 0
    assert set(made.downbeats_s) <= set(starts)
    for stem in made.stems.values():
        assert max(note.start for note in stem) < made.duration_s + 0.1


def test_a_melody_of_the_chart_is_the_lead(charts):
    with_melody = [chart for chart in charts if chart.melody]
    made = song(with_melody, 0)
    lead = [note for notes in made.stems.values() for note in notes]
    lead = [note for note in lead if note.track == MELODY_TRACK]
    assert made.melody_from == made.chart
    second_beats = made.beats_s[1 :: made.beats_per_bar]
    assert len(lead) > len(second_beats) // 2
    off = [abs(note.start - second_beats).min() for note in lead]
    assert np.median(off) < 0.03
    assert song([c for c in charts if not c.melody], 0).melody_from is None


@pytest.mark.parametrize(
    ("meter", "groove", "position", "expected", "felt_bpm"),
    [
        ((4, 4), (4, "4/4"), 2.0, 2.0, 120),
        ((2, 2), (4, "4/4"), 1.0, 2.0, 240),
        ((3, 4), (3, "3/4"), 2.0, 2.0, 120),
        ((6, 8), (6, "6/8"), 3.0, 3.0, 40),
        ((6, 8), (2, "6/8"), 3.0, 1.0, 40),
        ((12, 8), (4, "4/4"), 6.0, 2.0, 40),
    ],
)
def test_chords_keep_their_place_in_every_meter(
    charts, meter, groove, position, expected, felt_bpm
):
    chart = chart_in(charts, meter, (((0.0, "C"), (position, "G7")), (), ((position, "F"),)))
    played = Groove("X", "main", *groove)
    bars = bars_in_mma_beats(chart, [2, 0, 1], played)
    assert bars == (
        ((0.0, "G7"), (expected, "F")),
        ((0.0, "C"), (expected, "G7")),
        ((0.0, "G7"),),
    )
    assert meter_of(chart).felt_tempo(120) == felt_bpm


def test_meters_that_nothing_plays_are_left_out(charts):
    known = chart_in(charts, (6, 8), charts[0].bars)
    unknown = chart_in(charts, (7, 4), charts[0].bars)
    assert charts_to_play([known, unknown], STYLES) == (known,)
    waltzes = [style for style in STYLES if style.genre == "waltz"]
    assert charts_to_play([known, *charts[:6]], waltzes) == (charts[5],)


def test_long_sections_without_a_name_are_cut_into_phrases():
    assert split_phrases([], 20) == ((0, "phrase"), (8, "phrase"), (16, "phrase"))
    assert split_phrases([(4, "verse"), (30, "chorus")], 24) == ((0, "phrase"), (4, "verse"))


def test_styles_follow_genre_and_tempo():
    meters = {(4, "4/4"): None}

    def genres(weights, tempo):
        drawn = [draw_style(Random(k), STYLES, meters, weights, tempo) for k in range(100)]
        assert all(groove.beats == 4 and groove in style.grooves for style, groove in drawn)
        return [style.genre for style, _ in drawn]

    assert genres({"jazz": 1.0}, 150).count("jazz") > 60
    slow = genres({"ballad": 1.0, "rock": 1.0}, 70)
    assert slow.count("ballad") > 3 * slow.count("rock")


def test_parts_of_one_name_share_a_groove_and_mma_plays_their_chords():
    style = next(style for style in STYLES if style.name == "softrock")
    main = next(groove for groove in style.grooves if groove.role == "main")
    bars = (((0.0, "C"), (1.5, "F#m7b5/C")), ((0.0, "z"),), ((0.0, "G7"),), ((0.0, "C"),))
    sections = [(0, "verse"), (4, "chorus"), (8, "verse")]
    made = arrange_parts(Random(0), style, main, bars * 3, sections)
    assert made.bars == bars * 3
    first, _, last = made.parts
    assert first.groove == last.groove
    text = arrangement_text(made, tempo_bpm=120, transpose=2, seed=1)
    assert "1 C F#m7b5/C@2.5" in text
    notes = play_grooves(find_mma(), text)
    pitched = [note for note in notes if not note.drum]
    assert {n.pitch % 12 for n in pitched if 12 <= n.start % 16 < 15.5} <= {2, 6, 9, 4, 11}
    assert not [note for note in pitched if 4 <= note.start % 16 < 7.9]


def test_chords_are_annotated_where_they_change_and_on_every_bar_line():
    bars = (((0.0, "z"), (2.0, "Dm")), ((0.0, "Dm"), (1.0, "z")), ((0.0, "G7/B"),))
    changes = chord_changes(bars, 4, 2)
    assert [(start, chord.name) for start, chord in changes] == [
        (0.0, "Em"),
        (4.0, "Em"),
        (8.0, "A7"),
    ]


def test_the_tempo_curve_keeps_the_tempo_of_the_song(curves):
    followed = 0
    for seed in range(12):
        grid, name = draw_grid(
            Random(seed), curves, bars=16, felt_beats=2, mma_beats=6, tempo_bpm=60
        )
        assert len(grid) == 16 * 6 + 1
        assert grid[-1] == pytest.approx(32, rel=0.03)
        followed += name is not None
        if name:
            assert grid[-1] == pytest.approx(32)
            np.testing.assert_allclose(np.diff(grid)[:3], np.diff(grid)[0])
    assert 3 < followed < 11


def test_swing_is_measured():
    def onsets(place):
        return [beat + offset for beat in range(16) for offset in (0, place, 0.75)]

    assert measure_swing(onsets(0.51)) == 0.5
    assert measure_swing(onsets(0.54)) == pytest.approx(0.54)
    assert measure_swing(onsets(0.66)) == pytest.approx(0.66)
    assert measure_swing(onsets(0.575)) is None
    assert measure_swing([0.0, 1.0, 2.0]) == 0.5


def test_a_straight_drummer_does_not_join_a_swinging_band(performances):
    how = {"genre": "rock", "bars": 8, "beats": 4, "tempo_bpm": 112.0}
    assert draw_drum_take(Random(0), performances, written=0.5, **how).notes
    assert draw_drum_take(Random(0), performances, written=2 / 3, **how) is None
    too_fast = {**how, "tempo_bpm": 150.0}
    assert draw_drum_take(Random(0), performances, written=0.5, **too_fast) is None


def test_lines_move_by_octaves_into_the_range_of_their_instrument():
    line = [
        Note(start=k, length=1, pitch=84 + k, velocity=80, programme=0, track="x")
        for k in range(4)
    ]
    placed = place_line(line, 66)
    assert {before.pitch - after.pitch for before, after in zip(line, placed, strict=True)} == {
        24
    }
    assert {note.programme for note in placed} == {66}
    assert place_line([], 66) == []
