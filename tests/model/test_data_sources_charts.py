import json
import lzma

import pytest

from model.data.charts import CHORD_TONES, Chord
from model.data.sources.chord_charts import read_charts
from model.data.sources.chord_symbols import chord_of, mma_of_harte
from model.data.splits import SPLITS
from model.errors import DataError


def record(**rest):
    given = {
        "id": "ewld-1",
        "source": "openewld",
        "title": "A Song",
        "key": [-1, "major"],
        "meter": [4, 4],
        "tempo": None,
        "style": None,
        "sections": [[0, "verse"]],
        "bars": [[[2.0, "C7"]], [[0.0, "F"]], [], [[0.0, "Dm"], [0.0, "G7/B"]], [[0.0, "F"]]],
    }
    return given | rest


def written(path, *records):
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "wt") as file:
        file.writelines(json.dumps(one) + "\n" for one in records)
    return path


@pytest.mark.parametrize("quality", CHORD_TONES)
def test_every_quality_of_the_project_means_itself(quality):
    assert chord_of("Eb" + quality) == Chord(3, quality)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("F#m7b5/C", "Gbm7b5"),
        ("Cbadd9", "B"),
        ("G5", "G"),
        ("Asus2", "Asus4"),
        ("Bb7#5#9", "Bb7"),
        ("D11", "D7sus4"),
        ("CmM7", "Cm"),
        ("E7alt", "E7b9"),
        ("Ddim", "Dm7b5"),
        ("C(b5)/E", "C"),
    ],
)
def test_symbols_take_the_nearest_quality(symbol, name):
    assert chord_of(symbol).name == name


@pytest.mark.parametrize("symbol", ["H7", "Cfoo", "", "C/x"])
def test_what_is_no_symbol_is_refused(symbol):
    with pytest.raises(DataError, match="chord"):
        chord_of(symbol)


@pytest.mark.parametrize(
    ("label", "symbol"),
    [
        ("N", "z"),
        ("X", "z"),
        ("C", "C"),
        ("F#:maj7/5", "F#M7/Db"),
        ("Bb:min/b3", "Bbm/Db"),
        ("Eb:sus4(b7)", "Eb7sus4"),
        ("A:hdim7", "Am7b5"),
        ("G:9(b13)/7", "G9/Gb"),
        ("A:1(b5,b7,3)/b5", "A5/Eb"),
    ],
)
def test_harte_labels_in_symbols_of_mma(label, symbol):
    assert mma_of_harte(label) == symbol
    assert (chord_of(symbol) is None) == (symbol == "z")


@pytest.mark.parametrize("label", ["C:foo", "c:maj", "C:maj/15"])
def test_what_is_no_harte_label_is_refused(label):
    with pytest.raises(DataError, match="expected"):
        mma_of_harte(label)


def test_a_chart_is_read_with_every_chord_in_a_place_of_its_own(tmp_path):
    path = written(tmp_path / "a.jsonl.xz", record(melody=[[1, 0.5, 1, 60], [0, 3, 1, 62]]))
    (chart,) = read_charts(path)
    assert chart.bars == (
        ((0.0, "z"), (2.0, "C7")),
        ((0.0, "F"),),
        (),
        ((0.0, "Dm"), (2.0, "G7/B")),
        ((0.0, "F"),),
    )
    assert chart.key == (5, "major")
    assert [(note.start, note.pitch) for note in chart.melody] == [(3, 62), (4.5, 60)]
    assert chart.licence == "MIT"


@pytest.mark.parametrize(
    ("bar", "places"),
    [
        ([[0, "C"], [0, "F"], [0, "C"]], [0, 1, 2]),
        ([[0, "C"], [0, "C"], [0, "C"]], [0]),
        ([[0, "C"], [3, "F"], [3, "G"]], [0, 3, 3.5]),
        ([[0, "C"], [3.5, "F"], [3.5, "G"]], [0, 3.5]),
        ([[0, "C"], [4, "F"]], [0]),
    ],
)
def test_chords_that_lost_their_place_share_the_time(tmp_path, bar, places):
    (chart,) = read_charts(written(tmp_path / "a.jsonl", record(bars=[bar])))
    assert [at for at, _ in chart.bars[0]] == places


@pytest.mark.parametrize(
    ("key", "bars", "wanted"),
    [
        ("-1", ["Dm", "Gm", "Dm"], (2, "minor")),
        ("-1", ["Dm", "C7", "F6"], (5, "major")),
        ("A", ["Am", "E7"], (9, "minor")),
        ("A", ["D", "E7"], None),
        (None, ["C"], None),
    ],
)
def test_the_key_is_decided_by_the_chords(tmp_path, key, bars, wanted):
    given = record(key=key, bars=[[[0, chord]] for chord in bars])
    (chart,) = read_charts(written(tmp_path / "a.jsonl", given))
    assert chart.key == wanted


def test_one_collection_is_for_testing_and_a_title_is_in_one_split(tmp_path):
    charts = read_charts(
        written(
            tmp_path / "a.jsonl",
            *(record(id=f"i{n}", title=f"t{n}", source="imaginary-book") for n in range(40)),
            *(record(id=f"b{n}", title=f"T. {n}", source="billboard") for n in range(40)),
            *(record(id=f"o{n}", title=f"t {n}!") for n in range(40)),
        )
    )
    assert {c.split for c in charts if c.collection == "imaginary-book"} == {"test"}
    rest = [c for c in charts if c.collection != "imaginary-book"]
    assert {c.split for c in rest} == set(SPLITS)
    assert [c.split for c in rest[:40]] == [c.split for c in rest[40:]]


def test_the_test_collection_has_no_title_of_the_others(tmp_path):
    written(tmp_path / "a.jsonl", record(title="All of me"))
    written(
        tmp_path / "b.jsonl",
        record(id="i1", source="imaginary-book", title="All Of Me"),
        record(id="i2", source="imaginary-book", title="Another"),
    )
    assert [chart.name for chart in read_charts(tmp_path)] == ["ewld-1", "i2"]


def test_charts_without_one_meter_or_any_chord_are_left_out(tmp_path):
    path = written(
        tmp_path / "a.jsonl",
        record(meter_changes=[[3, [3, 4]]]),
        record(bars=[[[0, "N"]], []]),
        record(id="kept"),
    )
    assert [chart.name for chart in read_charts(path)] == ["kept"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (record(source="mine"), "line 2.*source is 'mine'"),
        (record(bars=[[[0, "Hx"]]]), "line 2.*'Hx'"),
        (record(meter=[4, 3]), "line 2.*4/3"),
        ({"id": 1}, "line 2.*no 'source'"),
    ],
)
def test_errors_name_file_and_line(tmp_path, wrong, message):
    path = written(tmp_path / "a.jsonl", record(), wrong)
    with pytest.raises(DataError, match=rf"a\.jsonl, {message}"):
        read_charts(path)


def test_a_folder_without_charts_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"salami_chords\.txt"):
        read_charts(tmp_path)


SALAMI = """# title: A Song
# artist: Nobody
# metre: 4/4
# tonic: G

0.0\tsilence
1.0\tA, intro, | G:maj | C:maj . . D:7/3 |, (voice
5.0\tB, | G:maj E:min7 | D:sus4(b7) | x2
13.0\tZ, fade, | N |
15.0\tend
"""


def salami(folder, number, text):
    (folder / number).mkdir()
    (folder / number / "salami_chords.txt").write_text(text)


def test_the_billboard_annotations_in_their_own_layout(tmp_path):
    salami(tmp_path, "0007", SALAMI)
    salami(tmp_path, "0008", SALAMI.replace("| N |", "| (2/4) N |"))
    salami(tmp_path, "0009", SALAMI.replace("| N |", "| * |"))
    salami(tmp_path, "0010", SALAMI + "# metre: 3/4\n")
    (chart,) = read_charts(tmp_path)
    assert (chart.name, chart.licence, chart.meter) == ("billboard-0007", "CC0-1.0", (4, 4))
    assert chart.key == (7, "major")
    assert chart.tempo_bpm == 120
    assert chart.sections == ((0, "intro"), (2, ""), (6, "fade"))
    assert chart.bars == (
        ((0.0, "G"),),
        ((0.0, "C"), (3.0, "D7/Gb")),
        *(((0.0, "G"), (2.0, "Em7")), ((0.0, "D7sus4"),)) * 2,
        ((0.0, "z"),),
    )


def test_an_error_in_an_annotation_names_file_and_line(tmp_path):
    salami(tmp_path, "0007", SALAMI.replace("C:maj", "C:hm"))
    with pytest.raises(DataError, match=r"salami_chords\.txt, line 7: .*C:hm"):
        read_charts(tmp_path)
