import zipfile

import pytest

from model.data.sources.chord_charts import read_charts
from model.data.sources.chord_symbols import chord_of
from model.data.sources.improvisor import mma_of_improvisor
from model.data.sources.musicxml_chords import Degree, mma_of_kind
from model.data.sources.score_repeats import RepeatMarks, played_order
from model.errors import DataError

LEADSHEET = """(title A Song (Of Ours))
(composer Nobody)
(meter 4 4)
(key -1)
(tempo 180.0)
(style swing
    (swing 0.67)
    (bass-high g-)
)
(part
    (type chords)
    (title Untitled Part)
    (roadmap
      (blocks
        (chord F13 480)
      )
    )
)

(section (style swing))

F13 | Bb13 Bo7 | / | / / / Cm9 |

(section (style))

NC Am9b5 / / / / / / | G7sus4b9 / C7+ | Fm7add4/Eb Db\\F
(part
    (type melody)
    (stave treble)
)
 g16 r1+1+1 c+4 | d8
"""


def leadsheet(folder, name="song.ls", text=LEADSHEET):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_the_imaginary_book_in_its_own_layout(tmp_path):
    leadsheet(tmp_path)
    (chart,) = read_charts(tmp_path)
    assert (chart.name, chart.collection) == ("imaginary-book-song", "imaginary-book")
    assert (chart.licence, chart.split) == ("GPL-2.0-or-later", "test")
    assert (chart.title, chart.style, chart.melody) == ("A Song (Of Ours)", "swing", ())
    assert (chart.meter, chart.tempo_bpm, chart.key) == ((4, 4), 180, (5, "major"))
    assert chart.sections == ((0, ""), (4, ""))
    assert chart.bars == (
        ((0.0, "F13"),),
        ((0.0, "Bb13"), (2.0, "Bdim7")),
        ((0.0, "Bdim7"),),
        ((0.0, "Bdim7"), (3.0, "Cm9")),
        ((0.0, "z"), (0.5, "Am9b5")),
        ((0.0, "G7b9sus"), (pytest.approx(8 / 3), "C7#5")),
        ((0.0, "Fm7(add11)/Eb"), (2.0, "F")),
    )


def test_bars_right_after_the_part_of_chords_and_a_beginning_that_is_held(tmp_path):
    leadsheet(tmp_path, text="(meter 3 4)(part (type chords)) / / C|| G7 |")
    (chart,) = read_charts(tmp_path)
    assert chart.sections == ()
    assert chart.bars == (((0.0, "z"), (2.0, "C")), ((0.0, "G7"),))
    assert (chart.tempo_bpm, chart.style) == (None, None)


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("CBass", "C"),
        ("EbMaj7", "EbM7"),
        ("F#mMaj7", "F#mM7"),
        ("Cb5", "Cb5"),
        ("BbMb5", "Bb(b5)"),
        ("Gh", "Gm7b5"),
        ("Co", "Cdim"),
        ("AM69/C#", "A69/C#"),
        ("D7b9#11b13", "D7b9#11"),
        ("Dsus", "Dsus4"),
        ("EmM9", "EmM7(add9)"),
    ],
)
def test_names_of_impro_visor_in_symbols_of_mma(name, symbol):
    assert mma_of_improvisor(name) == symbol
    assert chord_of(symbol) is not None


@pytest.mark.parametrize(
    "text",
    [LEADSHEET + "(meter 3 4)", "(meter 4 4) NC | / |", "(meter 4 4)"],
)
def test_leadsheets_without_one_meter_or_chords_are_left_out(tmp_path, text):
    leadsheet(tmp_path, "a.ls", text)
    leadsheet(tmp_path, "kept.ls")
    assert [chart.name for chart in read_charts(tmp_path)] == ["imaginary-book-kept"]


def test_of_a_repository_the_imaginary_book_alone_is_read(tmp_path):
    leadsheet(tmp_path / "leadsheets" / "imaginary-book", "book.ls")
    leadsheet(tmp_path / "leadsheets" / "solos", "solo.ls")
    assert [chart.name for chart in read_charts(tmp_path)] == ["imaginary-book-book"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LEADSHEET.replace("Cm9", "Cxy"), "bar 4: .*Cxy"),
        (LEADSHEET.replace("Cm9", "H7"), "bar 4: .*H7"),
        (LEADSHEET.replace("(part", "((part"), "never closed"),
        (LEADSHEET + ")", "closes nothing"),
        (LEADSHEET.replace("4 4", "4 3"), "4 3"),
        (LEADSHEET.replace("4 4", "common"), r"\(meter 4 4\)"),
        (LEADSHEET.replace("180.0", "fast"), "fast"),
    ],
)
def test_errors_in_a_leadsheet_name_file_and_place(tmp_path, text, message):
    leadsheet(tmp_path, text=text)
    with pytest.raises(DataError, match=rf"song\.ls.*{message}"):
        read_charts(tmp_path)


def harmony(root, kind, rest=""):
    step, alter = root[0], root.count("#") - root.count("b")
    return (
        f"<harmony><root><root-step>{step}</root-step><root-alter>{alter}</root-alter></root>"
        f"<kind>{kind}</kind>{rest}</harmony>"
    )


def note(pitch, length, rest=""):
    name = f"<pitch><step>{pitch[:1]}</step><octave>{pitch[1:]}</octave></pitch>"
    return f"<note>{name if pitch else '<rest/>'}<duration>{length}</duration>{rest}</note>"


START = (
    "<attributes><divisions>2</divisions><key><fifths>-1</fifths></key>"
    "<time><beats>3</beats><beat-type>4</beat-type></time></attributes>"
    '<direction><sound tempo="90"/></direction>'
)
FLAT_NINTH = (
    "<bass><bass-step>G</bass-step></bass><degree><degree-value>9</degree-value>"
    "<degree-alter>-1</degree-alter><degree-type>add</degree-type></degree>"
)
MEASURES = (
    START + note("C4", 2),
    '<barline location="left"><repeat direction="forward"/></barline>'
    "<direction><direction-type><rehearsal>A</rehearsal></direction-type></direction>"
    + harmony("F", "major")
    + note("F4", 4)
    + harmony("C", "dominant-seventh", FLAT_NINTH + "<offset>1</offset>")
    + note("A4", 2, '<tie type="start"/>'),
    '<barline location="left"><ending number="1" type="start"/></barline>'
    + note("A4", 2, '<tie type="stop"/>')
    + note("G4", 2)
    + '<barline location="right"><ending number="1" type="stop"/>'
    '<repeat direction="backward"/></barline>',
    '<barline location="left"><ending number="2" type="start"/></barline>'
    + harmony("F", "major")
    + "<note><grace/><pitch><step>E</step><octave>4</octave></pitch></note>"
    + note("F4", 6)
    + '<barline location="right"><ending number="2" type="discontinue"/></barline>',
)


def score(measures=MEASURES):
    inside = "".join(f'<measure number="{n}">{m}</measure>' for n, m in enumerate(measures))
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE score-partwise PUBLIC '
        '"-//Recordare//DTD MusicXML 3.0 Partwise//EN" "http://www.musicxml.org/a.dtd">'
        f'<score-partwise><part id="P1">{inside}</part></score-partwise>'
    )


def compressed(path, text, container="<container/>"):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("What's New.xml", text)


def test_openewld_in_its_own_layout(tmp_path):
    path = tmp_path / "Nobody" / "What's_New" / "What's_New.mxl"
    compressed(path, score(), "<rootfile full-path='What's New.xml'/>")
    (chart,) = read_charts(tmp_path)
    assert (chart.name, chart.title) == ("openewld-What's_New", "What's New")
    assert (chart.collection, chart.licence) == ("openewld", "MIT")
    assert (chart.meter, chart.tempo_bpm, chart.key) == ((3, 4), 90, (5, "major"))
    assert chart.sections == ((1, "A"), (3, "A"))
    theme = ((0.0, "F"), (2.5, "C7b9/G"))
    assert chart.bars == (((0.0, "z"),), theme, (), theme, ((0.0, "F"),))
    assert [(n.start, n.length, n.pitch) for n in chart.melody] == [
        (2, 1, 60),
        (3, 2, 65),
        (5, 2, 69),
        (7, 1, 67),
        (9, 2, 65),
        (11, 1, 69),
        (12, 3, 65),
    ]


def test_a_bar_split_by_a_repeat_is_one_and_unit_beats_are_eighths_in_6_8(tmp_path):
    start = START.replace(">3<", ">6<").replace(">4<", ">8<")
    measures = (
        start + note("C4", 1),
        harmony("C", "major")
        + note("", 5)
        + "<barline><repeat direction='backward'/></barline>",
        harmony("G", "minor") + note("", 6),
    )
    (tmp_path / "a.musicxml").write_text(score(measures))
    (chart,) = read_charts(tmp_path)
    assert (chart.meter, chart.tempo_bpm) == ((6, 8), 180)
    bars = [((0.0, "z"),), ((0.0, "C"),), ((0.0, "C"),), ((0.0, "Gm"),)]
    assert list(chart.bars) == bars
    assert [n.start for n in chart.melody] == [5, 11]


@pytest.mark.parametrize(
    "measures",
    [
        (START + note("C4", 6),),
        (START + harmony("C", "none") + note("C4", 6),),
        (MEASURES[0].replace(">3<", ">3+2<"), *MEASURES[1:]),
        (*MEASURES, START.replace(">3<", ">4<")),
        (MEASURES[1],),
    ],
)
def test_scores_without_one_meter_or_chords_are_left_out(tmp_path, measures):
    (tmp_path / "a.musicxml").write_text(score(measures))
    (tmp_path / "kept.musicxml").write_text(score())
    assert [chart.title for chart in read_charts(tmp_path)] == ["kept"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<score-partwise>", "expected MusicXML"),
        (score().replace("score-partwise>", "score-timewise>"), "got score-timewise"),
        (score(()).replace("part id", "other id").replace("/part>", "/other>"), "with a part"),
        (score().replace('PUBLIC "-', '[<!ENTITY a "b">] PUBLIC "-'), "entities"),
        (score().replace(">major<", ">grand<"), "measure 1: .*'grand'"),
        (score().replace("<step>A<", "<step>H<"), "measure 1: .*step.*'H'"),
        (score().replace("<octave>4<", "<octave>12<"), "measure 0: .*156"),
        (score().replace("<divisions>2<", "<divisions>0<"), "measure 0: .*divisions.*0"),
        (score().replace("<octave>4<", "<octave>x<"), "measure 0: .*octave.*'x'"),
        (score().replace("<repeat", "<repeat times='x'"), "measure 2: .*times.*'x'"),
        (score().replace(">add<", ">with<"), "measure 1: .*'with'"),
    ],
)
def test_errors_in_a_score_name_file_and_measure(tmp_path, text, message):
    compressed(tmp_path / "a.mxl", text)
    with pytest.raises(DataError, match=rf"a\.mxl.*{message}"):
        read_charts(tmp_path)


def test_an_archive_that_is_none_and_one_too_large_are_refused(tmp_path, monkeypatch):
    (tmp_path / "a.mxl").write_bytes(b"PK no zip")
    with pytest.raises(DataError, match=r"a\.mxl: expected compressed MusicXML"):
        read_charts(tmp_path)
    compressed(tmp_path / "a.mxl", score())
    monkeypatch.setattr("model.data.sources.musicxml_sheet._MAX_BYTES", 1000)
    with pytest.raises(DataError, match=r"a\.mxl: expected at most 1000 bytes in What's New"):
        read_charts(tmp_path / "a.mxl" / "..")


def test_the_imaginary_book_beside_openewld_has_no_title_of_it(tmp_path):
    compressed(tmp_path / "ewld" / "A_Song.mxl", score())
    leadsheet(tmp_path / "book", "1.ls", LEADSHEET.replace("A Song (Of Ours)", "A song"))
    leadsheet(tmp_path / "book", "2.ls")
    names = [chart.name for chart in read_charts(tmp_path)]
    assert names == ["openewld-A_Song", "imaginary-book-2"]


def ending(*numbers, backward=0):
    return RepeatMarks(endings=frozenset(numbers), backward=backward)


PLAIN = RepeatMarks()
FORWARD = RepeatMarks(forward=True)
BACK = RepeatMarks(backward=2)


@pytest.mark.parametrize(
    ("marks", "order"),
    [
        ([PLAIN, PLAIN], [0, 1]),
        ([PLAIN, BACK, PLAIN, BACK], [0, 1, 0, 1, 2, 3, 2, 3]),
        ([PLAIN, FORWARD, RepeatMarks(backward=3)], [0, 1, 2, 1, 2, 1, 2]),
        ([PLAIN, ending(1, 2, backward=2), ending(3), PLAIN], [0, 1, 0, 1, 0, 2, 3]),
        ([PLAIN, ending(1, backward=2), PLAIN], [0, 1, 0, 2]),
        (
            [PLAIN, ending(1), ending(1, backward=2), ending(2), PLAIN, BACK],
            [0, 1, 2, 0, 3, 4, 5, 4, 5],
        ),
        (
            [RepeatMarks(fine=True), BACK, RepeatMarks(da_capo=True)],
            [0, 1, 0, 1, 2, 0],
        ),
        (
            [
                PLAIN,
                RepeatMarks(segno=True),
                RepeatMarks(to_coda=True),
                RepeatMarks(dal_segno=True),
                RepeatMarks(coda=True),
            ],
            [0, 1, 2, 3, 1, 2, 4],
        ),
        (
            [PLAIN, ending(1, backward=2), ending(2), RepeatMarks(da_capo=True)],
            [0, 1, 0, 2, 3, 0, 2, 3],
        ),
        ([RepeatMarks(dal_segno=True), PLAIN], [0, 1]),
    ],
)
def test_measures_in_the_order_they_are_played(marks, order):
    assert played_order(marks) == order


def test_jumps_are_read_from_words_and_signs(tmp_path):
    def direction(inside):
        return f"<direction><direction-type>{inside}</direction-type></direction>"

    measures = (
        START + harmony("C", "major") + note("", 6),
        direction("<segno/>") + harmony("D", "minor") + note("", 6) + direction("<coda/>"),
        harmony("E", "minor") + note("", 6) + direction("<words>D.S. al Coda</words>"),
        direction("<coda/>") + harmony("F", "major") + note("", 6),
    )
    (tmp_path / "a.musicxml").write_text(score(measures))
    (chart,) = read_charts(tmp_path)
    assert [bar[0][1] for bar in chart.bars] == ["C", "Dm", "Em", "Dm", "F"]


@pytest.mark.parametrize(
    ("kind", "degrees", "symbol"),
    [
        ("none", [], "z"),
        ("minor-seventh", [Degree(5, -1, "alter")], "Bbm7b5"),
        ("major", [Degree(5, -1, "alter")], "Bb(b5)"),
        ("dominant", [Degree(9, 1, "add"), Degree(5, 1, "alter")], "Bb7#5#9"),
        ("suspended-fourth", [Degree(7, 0, "add"), Degree(9, 0, "add")], "Bb9sus4"),
        ("dominant", [Degree(3, 0, "subtract"), Degree(4, 0, "add")], "Bb7sus4"),
        ("major", [Degree(3, 0, "subtract")], "Bb5"),
        ("minor", [Degree(2, 0, "add")], "Bbm(add9)"),
        ("dominant-ninth", [Degree(13, 0, "add")], "Bb13"),
        ("major-seventh", [Degree(13, 0, "add")], "BbM7(add13)"),
        ("dominant", [Degree(5, 0, "subtract")], "Bb7"),
        ("half-diminished-minor-ninth", [], "Bbm7b5b9"),
        ("diminished", [Degree(9, 1, "add"), Degree(7, -1, "add")], "Bbdim7"),
    ],
)
def test_kinds_of_musicxml_in_symbols_of_mma(kind, degrees, symbol):
    assert mma_of_kind("Bb", kind, degrees, "Bb") == symbol
    assert (chord_of(symbol) is None) == (symbol == "z")
