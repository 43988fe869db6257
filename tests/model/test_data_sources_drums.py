import io
import tarfile
import zipfile
from itertools import pairwise
from random import Random

import mido
import pytest

from model.data.sources.drum_fitting import fit_drums
from model.data.sources.drum_performances import TEST_DRUMMER, read_performances
from model.errors import DataError

COLUMNS = "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,duration,split"
TICKS = 480


def midi(notes, bpm=120):
    """Return a file of notes given as quarter, key and velocity."""
    file = mido.MidiFile(ticks_per_beat=TICKS)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))])
    events = []
    for start, key, velocity in notes:
        tick = round(start * TICKS)
        events.append((tick, mido.Message("note_on", channel=9, note=key, velocity=velocity)))
        events.append((tick + 40, mido.Message("note_off", channel=9, note=key)))
    events.append((0, mido.Message("control_change", channel=9, control=4, value=90)))
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - now))
        now = tick
    file.tracks.append(track)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def groove(bars, quarters=4, late=0.05):
    """Return a bass drum on every quarter, each bar with a velocity of its own, and early."""
    return [
        (max(0.0, bar * quarters + beat + (late if beat else -late)), 36, 40 + bar)
        for bar in range(bars)
        for beat in range(quarters)
    ]


def row(name, notes, *, drummer="drummer1", style="rock", bpm=120, **rest):
    given = {"kind": "beat", "meter": "4-4", "split": "train", "session": "session1"} | rest
    above, below = (int(number) for number in given["meter"].split("-"))
    bar = 4 * above / below
    quarters = bar * max(1, round(max(start for start, _, _ in notes) / bar + 0.4))
    session = f"{drummer}/{given['session']}"
    file = f"{session}/{name}.mid"
    cells = (drummer, session, f"{session}/{name}", style, bpm, given["kind"], given["meter"])
    line = ",".join(map(str, (*cells, file, quarters * 60 / bpm, given["split"])))
    return line, file, midi(notes, bpm)


def files_of(rows, root=""):
    table = "\n".join([COLUMNS, *(line for line, _, _ in rows)])
    return {f"{root}info.csv": table.encode()} | {root + name: data for _, name, data in rows}


def folder_of(path, rows):
    for name, data in files_of(rows).items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def archive_of(path, rows):
    files = files_of(rows, root="groove/")
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    else:
        with tarfile.open(path, "w:xz") as archive:
            for name, data in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return path


ROWS = [
    row("1", [(0, 36, 100), (1.02, 40, 30), (2, 22, 70), (3, 58, 5)], style="jazz/swing"),
    row("2", groove(2, quarters=3), meter="6-8", split="validation", kind="fill"),
]


@pytest.mark.parametrize("form", ["folder", "a.tar.xz", "a.zip"])
def test_performances_are_read_from_folders_and_archives(tmp_path, form):
    path = tmp_path / form
    path = folder_of(path, ROWS) if form == "folder" else archive_of(path, ROWS)
    jazz, fill = read_performances(path)
    assert (jazz.name, jazz.drummer) == ("drummer1/session1/1", "drummer1")
    assert (jazz.style, jazz.substyle, jazz.meter) == ("jazz", "swing", (4, 4))
    assert (jazz.tempo_bpm, jazz.length_quarters, jazz.split) == (120, 4, "train")
    assert [note.pitch for note in jazz.notes] == [36, 38, 42, 43]
    assert [note.velocity for note in jazz.notes] == [100, 30, 70, 5]
    assert jazz.notes[1].start == pytest.approx(1.02, abs=1 / TICKS)
    assert all(note.drum and note.programme == 0 for note in jazz.notes)
    assert (fill.is_fill, fill.split, fill.length_quarters) == (True, "valid", 6)
    assert (jazz.is_fill, fill.substyle, fill.bar_quarters) == (False, None, 3)


def test_one_drummer_and_the_shared_session_are_for_testing(tmp_path):
    rows = [
        row("1", groove(4), drummer=TEST_DRUMMER),
        row("2", groove(4), session="eval_session"),
        row("3", groove(4), split="test"),
        row("4", groove(4)),
    ]
    splits = [one.split for one in read_performances(folder_of(tmp_path, rows))]
    assert splits == ["test", "test", "test", "train"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("d,d/s,d/s/1,rock,fast,beat,4-4,d/s/1.mid,3,train", "line 3: .*fast"),
        ("d,d/s,d/s/1,rock,-3,beat,4-4,d/s/1.mid,3,train", "line 3: .*-3 and 4-4"),
        ("d,d/s,d/s/1,rock,90,beat,4-4,d/s/1.mid,3,train", r"line 3: 'd/s/1\.mid' is missing"),
        ("d,d/s,d/s/1,rock,90,beat,4-4,drummer1/session1/1.mid,3,dev", "line 3: 'dev'"),
    ],
)
def test_errors_name_the_line_of_the_table(tmp_path, line, message):
    folder = folder_of(tmp_path, ROWS[:1])
    table = folder / "info.csv"
    table.write_text(table.read_text() + "\n" + line)
    with pytest.raises(DataError, match=rf"info\.csv, {message}"):
        read_performances(folder)


def test_what_is_no_data_set_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no info\.csv"):
        read_performances(tmp_path)
    with pytest.raises(DataError, match="folder or an archive"):
        read_performances(tmp_path / "none.tar.xz")
    (tmp_path / "bad.tar.xz").write_bytes(b"nothing")
    with pytest.raises(DataError, match="cannot be unpacked"):
        read_performances(tmp_path / "bad.tar.xz")


def test_a_broken_performance_is_named_when_its_notes_are_read(tmp_path):
    folder = folder_of(tmp_path, ROWS[:1])
    (folder / "drummer1/session1/1.mid").write_bytes(b"MThd")
    (broken,) = read_performances(folder)
    with pytest.raises(DataError, match=r"drummer1/session1/1\.mid: expected a MIDI file"):
        _ = broken.notes


def fitted(tmp_path, rows, seed=1, **rest):
    given = {"meter": (4, 4), "bars": 12, "tempo_bpm": 120} | rest
    return fit_drums(Random(seed), read_performances(folder_of(tmp_path, rows)), **given)


@pytest.mark.parametrize(("tempo_bpm", "ratio"), [(125, 1.0), (60, 0.5), (235, 2.0)])
def test_timing_and_velocity_are_kept_and_bars_line_up(tmp_path, tempo_bpm, ratio):
    drums = fitted(tmp_path, [row("1", groove(8))], tempo_bpm=tempo_bpm)
    assert drums.ratio == ratio
    assert len(drums.notes) == 12 * 4 / ratio
    for number, note in enumerate(drums.notes):
        off = (note.start - number * ratio) / ratio
        expected = 0.05 if number % 4 else -0.05
        first_of_all = number % 4 == 0 and note.velocity == 40
        assert off == pytest.approx(0 if first_of_all else expected, abs=2 / TICKS)
    bars = [note.velocity - 40 for note in drums.notes[::4]]
    follow = [after == before + 1 for before, after in pairwise(bars)]
    assert sum(follow) >= len(bars) / 2
    assert {note.velocity for note in drums.notes} <= set(range(40, 48))


def test_a_performance_is_begun_at_any_bar(tmp_path):
    rows = [row("1", groove(8))]
    firsts = {fitted(tmp_path, rows, seed).notes[0].velocity for seed in range(40)}
    assert len(firsts) >= 6


def test_pick_ups_and_endings_are_not_looped(tmp_path):
    whole = groove(8)
    begun = [note for note in whole if note[0] > 3]
    ended = [note for note in begun if note[0] < 27.9]
    drums = fitted(tmp_path, [row("1", [*ended, (30, 49, 120)])], bars=40)
    assert {note.velocity for note in drums.notes} == set(range(41, 47))


@pytest.mark.parametrize(
    "rest",
    [
        {"tempo_bpm": 140},
        {"tempo_bpm": 75},
        {"meter": (3, 4)},
        {"styles": ("jazz",)},
    ],
)
def test_nothing_is_played_where_nothing_fits(tmp_path, rest):
    assert fitted(tmp_path, [row("1", groove(8))]) is not None
    assert fitted(tmp_path, [row("1", groove(8))], **rest) is None


def test_fills_and_short_performances_are_no_grooves(tmp_path):
    rows = [row("1", groove(8), kind="fill"), row("2", groove(3))]
    assert fitted(tmp_path, rows) is None


def test_fills_by_the_same_drummer_end_sections(tmp_path):
    fill = [(beat / 4, 48, 120) for beat in range(16)]
    rows = [
        row("1", groove(8)),
        row("2", fill, kind="fill", bpm=110),
        row("3", [(0, 50, 121)], kind="fill", drummer="drummer3"),
        row("4", [(0, 50, 122)], kind="fill", bpm=160),
        row("5", [(0, 50, 123)], kind="fill", style="funk"),
    ]
    places = set()
    for seed in range(12):
        drums = fitted(tmp_path, rows, seed, section_starts=(0, 4, 8))
        filled = [note for note in drums.notes if note.velocity > 119]
        assert {note.velocity for note in filled} <= {120}
        assert len(filled) % 16 == 0
        places |= {note.start // 4 for note in filled}
        others = [note for note in drums.notes if note.velocity < 120]
        assert len(others) == 4 * (12 - len(filled) // 16)
    assert places == {3, 7}


def test_a_fill_leaves_some_groove_before_it(tmp_path):
    fill = [(beat / 4, 48, 120) for beat in range(16)]
    rows = [row("1", groove(8)), row("2", fill, kind="fill")]
    for seed in range(5):
        drums = fitted(tmp_path, rows, seed, section_starts=(1, 2, 3, 4))
        assert max(note.velocity for note in drums.notes) < 120
