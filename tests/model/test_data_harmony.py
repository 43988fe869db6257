from random import Random

import pytest

from model.data.charts import CHORD_TONES, Chord, cadence, chord_starts, draw_chart, read_bars
from model.data.melody import MELODY_TRACK, MelodyStyle, compose_melody
from model.data.progressions import PROGRESSIONS, choices, is_held_out, loop_of
from model.errors import DataError

VOCABULARIES = [(name, mode) for name, modes in PROGRESSIONS.items() for mode in modes]


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("I", "D"),
        ("ii", "Em"),
        ("V7sus4", "A7sus4"),
        ("bVImaj7", "BbM7"),
        ("#ivo7", "Abdim7"),
        ("viiø", "Dbm7b5"),
        ("III7b9", "Gb7b9"),
        ("iv6", "Gm6"),
    ],
)
def test_roman_numerals_in_d(token, name):
    assert [[chord.name for chord in bar] for bar in read_bars(token, tonic=2)] == [[name]]


@pytest.mark.parametrize("token", ["H7", "Iblah", "viii", "I,"])
def test_nonsense_is_refused(token):
    with pytest.raises(DataError, match=r"expected a chord|unknown chord quality"):
        read_bars(token, 0)


@pytest.mark.parametrize(("vocabulary", "mode"), VOCABULARIES)
@pytest.mark.parametrize("bars", [1, 7, 16])
def test_charts_have_their_length_and_known_chords(vocabulary, mode, bars):
    for seed in range(20):
        chart = draw_chart(Random(seed), vocabulary, mode, tonic=seed % 12, bars=bars)
        assert len(chart) == bars
        assert all(1 <= len(bar) <= 2 for bar in chart)
        assert all(chord.quality in CHORD_TONES for bar in chart for chord in bar)


@pytest.mark.parametrize(("vocabulary", "mode"), VOCABULARIES)
def test_every_list_has_progressions_on_both_sides_of_the_split(vocabulary, mode):
    heard = choices(vocabulary, mode, held_out=False)
    unheard = choices(vocabulary, mode, held_out=True)
    assert heard
    assert unheard
    assert sorted(heard + unheard) == sorted(PROGRESSIONS[vocabulary][mode])


def test_no_loop_is_on_both_sides_of_the_split_wherever_it_begins():
    sides = {False: set(), True: set()}
    for vocabulary, mode in VOCABULARIES:
        for side in (False, True):
            loops = {loop_of(known) for known in choices(vocabulary, mode, held_out=side)}
            sides[side] |= loops
    assert not sides[False] & sides[True]
    assert is_held_out("I V vi IV") == is_held_out("IV I V vi")
    assert 0.15 < len(sides[True]) / len(sides[False] | sides[True]) < 0.35


def test_the_sides_of_the_split_never_move():
    assert choices("blues", "minor", held_out=True) == [
        "i7 iv7 i7 i7 iv7 iv7 i7 i7 iiø V7b9 i7 V7"
    ]


@pytest.mark.parametrize("held_out", [False, True])
def test_charts_use_their_own_side_only(held_out):
    bars = {
        bar
        for known in choices("triads", "major", held_out=held_out)
        for bar in read_bars(known, tonic=0)
    }
    for seed in range(30):
        chart = draw_chart(Random(seed), "triads", "major", tonic=0, bars=15, held_out=held_out)
        plain = [bar for bar in chart if bar[0].quality != "sus4"]
        assert set(plain) <= bars | {read_bars("V", 0)[0]}


@pytest.mark.parametrize(("vocabulary", "mode"), VOCABULARIES)
def test_cadence_comes_home(vocabulary, mode):
    for bars in (2, 3, 4):
        chart = cadence(vocabulary, mode, tonic=9, bars=bars)
        assert len(chart) == bars
        assert chart[-1][0].root == 9
        assert (3 if mode == "minor" else 4) in CHORD_TONES[chart[-1][0].quality]


@pytest.mark.parametrize(("beats", "second"), [(2, 1), (3, 2), (4, 2), (5, 2), (6, 3)])
def test_second_chord_enters_inside_the_bar(beats, second):
    bar = (Chord(0, ""), Chord(7, "7"))
    assert chord_starts(bar, beats) == [(0, bar[0]), (second, bar[1])]


def sing(seed, beats=4, **manner):
    singer = MelodyStyle(
        **{
            "programme": 65,
            "density": 1.0,
            "legato": 0.9,
            "second_voice": False,
            "bluesy": False,
        }
        | manner
    )
    bars = draw_chart(Random(1), "sevenths", "major", tonic=3, bars=16)
    notes = compose_melody(
        Random(seed), bars, beats=beats, tonic=3, mode="major", singer=singer
    )
    return singer, bars, notes


@pytest.mark.parametrize("beats", [2, 3, 4, 5, 6])
def test_melody_stays_in_range_and_time(beats):
    for seed in range(10):
        singer, bars, notes = sing(seed, beats, second_voice=True)
        low, high = singer.lowest_highest
        assert notes == sorted(notes, key=lambda note: note.start)
        assert all(0 <= note.start < len(bars) * beats for note in notes)
        assert all(low - 16 <= note.pitch <= high for note in notes)
        assert all(1 <= note.velocity <= 127 for note in notes)
        assert {note.track for note in notes} == {MELODY_TRACK}


def test_melody_lands_on_chord_tones_where_it_counts():
    for seed in range(10):
        _, bars, notes = sing(seed)
        for note in notes:
            bar, beat = divmod(note.start, 4)
            if beat == 0:
                assert note.pitch % 12 in bars[int(bar)][0].pitch_classes


def test_denser_singers_sing_more():
    few = sum(len(sing(seed, density=0.4)[2]) for seed in range(20))
    many = sum(len(sing(seed, density=1.6)[2]) for seed in range(20))
    assert many > 1.3 * few


def test_melody_repeats_its_motifs():
    _, _, notes = sing(4)
    rhythms = {}
    for note in notes:
        bar, beat = divmod(note.start, 4)
        rhythms.setdefault(int(bar), []).append(beat)
    assert len({tuple(beats) for beats in rhythms.values()}) <= 5
