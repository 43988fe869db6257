from random import Random

import numpy as np
import pytest

from model.data.band_material import BandMaterial
from model.data.form import draw_plan, song_text
from model.data.melody import MELODY_TRACK
from model.data.midifile import Note
from model.data.mma import find_mma, play_grooves
from model.data.songs import compose
from model.data.stems import STEM_CLASSES, class_of, revoice, split_stems
from model.data.styles import load_styles
from model.data.timing import (
    beat_grid,
    draw_entry,
    draw_swing,
    off_beat,
    perform,
    reswing,
    swung,
    to_seconds,
)
from model.errors import DataError

STYLES = load_styles(splits=("train",))


def song(seed, seconds=20.0):
    return compose(Random(seed), BandMaterial(STYLES, find_mma()), seconds)


def note(programme=0, track="Chord", **rest):
    return Note(
        **{"start": 0.0, "length": 1.0, "pitch": 60, "velocity": 90}
        | {"programme": programme, "track": track}
        | rest
    )


@pytest.mark.parametrize("seed", range(60))
def test_plans_are_consistent(seed):
    rng = Random(seed)
    plan = draw_plan(rng, rng.choice(STYLES), seconds=60)
    bar_s = 60 / plan.tempo_bpm * plan.felt_beats
    assert plan.bars * bar_s == pytest.approx(60, abs=bar_s) or plan.bars == 8
    first = 0
    for section in plan.sections:
        assert section.first_bar == first
        assert section.bars
        assert section.groove.beats == plan.mma_beats
        first += len(section.bars)
    assert plan.sections[-1].name == "end"
    numbered = [line for line in song_text(plan, 1).splitlines() if line[0].isdigit()]
    assert [int(line.split()[0]) for line in numbered] == list(range(1, plan.bars + 1))


def test_the_same_seed_gives_the_same_song():
    first, second = song(3), song(3)
    assert first.stems == second.stems
    assert np.array_equal(first.beats_s, second.beats_s)
    assert first.chords == second.chords
    assert song(4).stems != first.stems


@pytest.mark.parametrize(
    ("seed", "style", "groove", "tempo_bpm", "counts", "sums"),
    [
        (
            *(0, "showtune", "ShowTunePlus", 103.076813),
            {"bass": 23, "strings": 54, "lead": 84},
            {"bass": 10050.717, "strings": 21629.181, "lead": 59743.157},
        ),
        (
            *(3, "twist", "Twist4", 119.677131),
            {"drums": 47, "bass": 20, "guitar": 43, "piano": 60, "strings": 12, "lead": 16},
            {"drums": 23195.424, "lead": 14257.227, "strings": 1719.451},
        ),
    ],
)
def test_without_data_sets_a_seed_gives_the_song_it_always_gave(
    seed, style, groove, tempo_bpm, counts, sums
):
    made = song(seed)
    assert (made.kind, made.style, made.groove) == ("generated", style, groove)
    assert made.tempo_bpm == pytest.approx(tempo_bpm)
    assert {name: len(notes) for name, notes in made.stems.items()} == counts
    for name, expected in sums.items():
        notes = made.stems[name]
        found = sum(n.start * n.pitch + n.velocity + n.programme for n in notes)
        assert found == pytest.approx(expected, abs=0.01)
    assert not made.human_drums
    assert made.tempo_curve is made.chart is made.melody_from is None


@pytest.mark.parametrize("seed", range(6))
def test_annotations_describe_the_whole_song(seed):
    made = song(seed)
    np.testing.assert_allclose(made.beats_s[:: made.beats_per_bar], made.downbeats_s)
    gaps = np.diff(np.append(made.beats_s, made.duration_s)) * made.tempo_bpm / 60
    assert gaps.min() > 0.96
    assert gaps.max() < 1.04
    assert made.chords[0][0] == made.sections[0][0] == 0.0
    starts = [start for start, _ in made.chords]
    assert starts == sorted(starts)
    assert set(made.downbeats_s) <= set(starts)
    for stem in made.stems.values():
        assert max(note.start for note in stem) < made.duration_s + 0.1


def test_accompaniment_follows_the_annotated_chords():
    hits = total = 0
    for seed in range(5):
        made = song(seed)
        starts = np.array([start for start, _ in made.chords])
        for name in ("guitar", "piano", "strings"):
            for sounding in made.stems.get(name, []):
                if sounding.track == MELODY_TRACK:
                    continue
                middle = sounding.start + 0.25 * sounding.length
                chord = made.chords[int(np.searchsorted(starts, middle, "right")) - 1][1]
                hits += sounding.pitch % 12 in chord.pitch_classes
                total += 1
    assert total > 300
    assert hits / total > 0.9


def test_mma_complaints_are_passed_on():
    with pytest.raises(DataError, match="NOSUCHGROOVE"):
        play_grooves(find_mma(), "Groove NoSuchGroove\n1 C\n")


@pytest.mark.parametrize(
    ("sounding", "stem"),
    [
        (note(drum=True), "drums"),
        (note(58, "Bass"), "bass"),
        (note(33, "Walk-1"), "bass"),
        (note(0), "piano"),
        (note(11), "other"),
        (note(16), "strings"),
        (note(27), "guitar"),
        (note(48), "strings"),
        (note(65), "lead"),
        (note(81), "lead"),
        (note(89), "strings"),
        (note(105), "guitar"),
        (note(127), "other"),
    ],
)
def test_stem_classes(sounding, stem):
    assert class_of(sounding) == stem
    assert split_stems([sounding]) == {stem: [sounding]}


def test_stems_come_in_the_order_of_their_classes():
    notes = [note(27), note(0), note(33, "Bass"), note(drum=True)]
    assert list(split_stems(notes)) == ["drums", "bass", "guitar", "piano"]
    assert set(split_stems(notes)) <= set(STEM_CLASSES)


def test_bass_lines_end_up_on_a_bass():
    for seed in range(30):
        (bass,) = revoice(Random(seed), [note(26, "Bass")])
        assert 32 <= bass.programme < 40


def test_a_track_keeps_one_voice():
    notes = [note(26), note(26), note(drum=True), note(drum=True)]
    for seed in range(30):
        voiced = revoice(Random(seed), notes)
        assert voiced[0].programme == voiced[1].programme
        assert voiced[2].programme == voiced[3].programme


def test_swing_is_heard_and_given():
    straight = [note(start=beat / 2) for beat in range(64)]
    swinging = [note(start=swung(beat / 2, 2 / 3)) for beat in range(64)]
    assert off_beat(straight) == 0.5
    assert off_beat(swinging) == 2 / 3


def test_times_follow_the_grid_and_go_on_behind_it():
    grid = beat_grid(Random(0), beats=64, bar=4, tempo_bpm=110)
    beats = np.array([0.0, 1.0, len(grid) - 1.0, len(grid)])
    last = grid[-1] - grid[-2]
    np.testing.assert_allclose(
        to_seconds(beats, grid), [0.0, grid[1], grid[-1], grid[-1] + last]
    )


def test_players_are_late_or_early_by_milliseconds_only():
    grid = np.arange(402) * 0.5
    written = [
        note(start=float(beat), pitch=60 + k) for beat in range(1, 401) for k in range(3)
    ]
    spreads = []
    for seed in range(20):
        played = perform(Random(seed), "piano", written, grid)
        off = np.array([n.start for n in played]) - np.repeat(np.arange(1, 401) * 0.5, 3)
        assert abs(off).max() < 0.07
        spreads.append(off.std())
    assert 0.002 < min(spreads) < 0.006
    assert 0.008 < max(spreads) < 0.02


def test_notes_of_a_chord_stay_together_and_a_late_one_is_followed_by_another():
    grid = np.arange(802) * 0.5
    written = [
        note(start=float(beat), pitch=60 + k) for beat in range(1, 801) for k in range(2)
    ]
    played = perform(Random(5), "piano", written, grid)
    off = np.array([n.start for n in played]) - np.repeat(np.arange(1, 801) * 0.5, 2)
    low, high = (off - off.mean()).reshape(-1, 2).T
    assert np.corrcoef(low, high)[0, 1] > 0.7
    assert np.corrcoef(low[1:], low[:-1])[0, 1] > 0.4


def test_drummers_keep_better_time_than_pianists():
    grid = np.arange(102) * 0.5
    written = [note(start=float(beat)) for beat in range(1, 101)]

    def spread(stem):
        return np.mean(
            [
                np.std([n.start % 0.5 - 0.25 for n in perform(Random(k), stem, shifted, grid)])
                for k in range(30)
            ]
        )

    shifted = [note(start=n.start + 0.5) for n in written]
    assert spread("drums") < 0.7 * spread("piano")


def test_swing_varies_and_is_straighter_in_haste():
    slow = [draw_swing(Random(k), 2 / 3, 70) for k in range(200)]
    fast = [draw_swing(Random(k), 2 / 3, 220) for k in range(200)]
    straight = [draw_swing(Random(k), 0.5, 120) for k in range(200)]
    assert 0.65 < np.mean(slow) < 0.69
    assert np.std(slow) > 0.01
    assert 0.58 < np.mean(fast) < 0.62
    assert 0.6 < np.mean(np.array(straight) == 0.5) < 0.9
    assert max(straight) < 0.57


def test_reswing_moves_off_beats_and_leaves_beats():
    written = [
        note(start=float(k // 2) + (2 / 3 if k % 2 else 0), length=1 / 3) for k in range(8)
    ]
    starts = [n.start % 1 for n in reswing(written, 0.6, written=2 / 3)]
    np.testing.assert_allclose(starts, [0, 0.6] * 4)


def test_recordings_begin_anywhere():
    entries = [draw_entry(Random(k)) for k in range(400)]
    assert 0.3 < np.mean(np.array(entries) < 0) < 0.5
    assert -2 <= min(entries) < -1.5
    assert 7 < max(entries) <= 8


@pytest.mark.parametrize("start_s", [-1.3, 0.0, 5.71])
def test_annotations_follow_the_entry(start_s):
    made = song(1)
    begun = made.begun_at(start_s)
    assert begun.duration_s == pytest.approx(made.duration_s - start_s)
    kept = made.beats_s[made.beats_s >= start_s]
    np.testing.assert_allclose(begun.beats_s, kept - start_s)
    assert begun.beats_s.min() >= 0
    for time_s in (6.0, 9.9, 15.0):

        def sounding(score, at):
            return [chord for onset, chord in score.chords if onset <= at][-1]

        assert sounding(made, time_s) == sounding(begun, time_s - start_s)
    assert begun.chords[0][0] == begun.sections[0][0] == max(0.0, -start_s)
    for name, notes in begun.stems.items():
        heard = [n.start for n in made.stems[name] if n.start + n.length > start_s - 1]
        np.testing.assert_allclose([n.start + start_s for n in notes], heard, atol=1e-9)
