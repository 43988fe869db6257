from random import Random

import numpy as np
import pytest

from model.data.form import draw_plan, song_text
from model.data.melody import MELODY_TRACK
from model.data.midifile import Note
from model.data.mma import find_mma, play_grooves
from model.data.songs import compose
from model.data.stems import STEM_CLASSES, class_of, revoice, split_stems
from model.data.styles import load_styles
from model.data.timing import beat_grid, off_beat, perform, swung, to_seconds
from model.errors import DataError

STYLES = load_styles(splits=("train",))


def song(seed, seconds=20.0):
    return compose(Random(seed), STYLES, mma=find_mma(), seconds=seconds)


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


@pytest.mark.parametrize("seed", range(6))
def test_annotations_describe_the_whole_song(seed):
    made = song(seed)
    plan = made.plan
    assert len(made.beats_s) == plan.bars * plan.felt_beats
    np.testing.assert_allclose(made.beats_s[:: plan.felt_beats], made.downbeats_s)
    gaps = np.diff(np.append(made.beats_s, made.duration_s)) * plan.tempo_bpm / 60
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
    rng = Random(0)
    plan = draw_plan(rng, STYLES[0], seconds=30)
    grid = beat_grid(rng, plan)
    beats = np.array([0.0, 1.0, len(grid) - 1.0, len(grid)])
    last = grid[-1] - grid[-2]
    np.testing.assert_allclose(
        to_seconds(beats, grid), [0.0, grid[1], grid[-1], grid[-1] + last]
    )


def test_players_are_late_or_early_by_milliseconds_only():
    grid = np.arange(9) * 0.5
    written = [note(start=float(beat)) for beat in range(8) for _ in range(25)]
    played = perform(Random(2), "piano", written, grid)
    off = np.array([n.start for n in played]) - np.repeat(np.arange(8) * 0.5, 25)
    assert 0.002 < off[25:].std() < 0.006
    assert abs(off).max() < 0.03
