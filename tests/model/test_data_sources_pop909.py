import io
import json
import lzma
import tarfile

import mido
import numpy as np
import pytest

from model.data.sources import pop909
from model.data.sources.pop909 import read_accompanied_songs
from model.data.splits import SPLITS
from model.errors import DataError

TICKS = 480
BEAT_S = 0.6
BEATS = np.arange(33) * BEAT_S + 0.6
DOWNBEATS = [0, 4, 8, 12, 14, 18, 22, 26, 30]
CHORDS = [(0.6, 3.0, "C:maj"), (3.0, 10.2, "A:min7/b3"), (10.2, 19.8, "N")]
KEYS = [(0.0, 5.0, "C:maj"), (5.0, 19.0, "A:min")]


def midi(tracks=("MELODY", "BRIDGE", "PIANO"), late=0.0):
    """Return a file at 100, then from beat 16 at 50 beats a minute; a note a beat and track."""
    file = mido.MidiFile(ticks_per_beat=TICKS)
    tempi = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(100))])
    tempi.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(50), time=16 * TICKS))
    file.tracks.append(tempi)
    for number, name in enumerate(tracks):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        now = 0
        for beat in range(1, 20):
            start = round((beat + number / 4 + late) * TICKS)
            message = mido.Message("note_on", note=60 + beat, velocity=90 - number)
            track.append(message.copy(time=start - now))
            track.append(mido.Message("note_off", note=60 + beat, time=60))
            now = start + 60
        file.tracks.append(track)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def lines(rows):
    return "".join("\t".join(str(cell) for cell in row) + "\n" for row in rows)


def public(root, name, data=None):
    folder = root / "POP909" / name
    folder.mkdir(parents=True)
    (folder / f"{name}.mid").write_bytes(midi() if data is None else data)
    beats = [(t, float(n % 2 == 0), float(n in DOWNBEATS)) for n, t in enumerate(BEATS)]
    (folder / "beat_midi.txt").write_text(lines(beats).replace("\t", " "))
    (folder / "chord_midi.txt").write_text(lines(CHORDS))
    (folder / "key_audio.txt").write_text(lines(KEYS))
    return folder


def trimmed(root, *names, **rest):
    with tarfile.open(root / "pop909_midi.tar.xz", "w:xz") as archive:
        for name in names:
            member = tarfile.TarInfo(f"{name}.mid")
            data = midi()
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    with lzma.open(root / "labels.jsonl.xz", "wt") as file:
        for name in names:
            record = {
                "id": name,
                "name": "Song",
                "artist": "Somebody",
                "beats": BEATS.tolist(),
                "downbeats": DOWNBEATS,
                "chords": CHORDS,
                "keys": KEYS,
                "human_label1": "i1A3B3A2",
            }
            file.write(json.dumps(record | rest) + "\n")
    return root


def test_both_layouts_say_the_same(tmp_path):
    public(tmp_path / "a", "001")
    (tmp_path / "b").mkdir()
    trimmed(tmp_path / "b", "001")
    (one,), (other,) = (read_accompanied_songs(tmp_path / name) for name in "ab")
    for song in (one, other):
        assert song.name == "001"
        assert song.downbeats == tuple(DOWNBEATS)
        assert song.beats_per_bar == 4
        assert song.chords == tuple(CHORDS)
        assert song.key == (9, "minor")
        np.testing.assert_allclose(song.beats_s, BEATS)
    assert one.melody == other.melody
    assert (one.title, other.title, other.artist) == ("", "Song", "Somebody")
    assert one.sections == ()


def test_notes_are_in_seconds_by_part(tmp_path):
    public(tmp_path, "001")
    (song,) = read_accompanied_songs(tmp_path)
    melody = [note.start for note in song.melody]
    np.testing.assert_allclose(melody[:16], np.arange(1, 17) * 0.6, atol=1e-5)
    np.testing.assert_allclose(melody[16:], 9.6 + np.arange(1, 4) * 1.2, atol=1e-5)
    assert [song.second_voice[0].start, song.piano[0].start] == pytest.approx([0.75, 0.9])
    assert song.piano[-1].length == pytest.approx(60 / TICKS * 1.2)
    assert {note.velocity for note in song.piano} == {88}


def test_phrases_are_sections_where_their_bars_are_the_songs(tmp_path):
    (song,) = read_accompanied_songs(trimmed(tmp_path, "001"))
    assert [label for _, label in song.sections] == ["i", "A", "B", "A"]
    assert [start for start, _ in song.sections] == pytest.approx(
        [BEATS[DOWNBEATS[bar]] for bar in (0, 1, 4, 7)]
    )


def test_phrases_that_do_not_add_up_are_left_out(tmp_path):
    (song,) = read_accompanied_songs(trimmed(tmp_path, "001", human_label1="i1A3"))
    assert song.sections == ()


def test_the_longest_row_of_whole_bars(tmp_path):
    (song,) = read_accompanied_songs(trimmed(tmp_path, "001"))
    assert song.regular_bars == (4, 8)


def test_a_gap_between_beats_ends_a_row_of_bars(tmp_path):
    beats = BEATS.copy()
    beats[24:] += 1
    (song,) = read_accompanied_songs(trimmed(tmp_path, "001", beats=beats.tolist()))
    assert song.regular_bars == (0, 3)


@pytest.mark.parametrize(("late", "share"), [(0.0, 1.0), (0.01, 1.0), (0.05, 0.0)])
def test_how_many_notes_fall_on_parts_of_the_beat(tmp_path, late, share):
    public(tmp_path, "001", midi(late=late))
    (song,) = read_accompanied_songs(tmp_path)
    assert song.on_grid == pytest.approx(share, abs=0.15)


def test_songs_beside_their_beats_are_left_out_and_others_are_in_one_split(tmp_path):
    off = pop909._OFF_THEIR_BEATS.split()
    assert len(off) == 58
    names = [f"{number:03d}" for number in range(1, 41)]
    songs = read_accompanied_songs(trimmed(tmp_path, *names))
    assert [song.name for song in songs] == [name for name in names if name not in off]
    assert {song.split for song in songs} == set(SPLITS)


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ({"chords": [[0, 1, "C:foo"]]}, "line 1: .*C:foo"),
        ({"downbeats": [0]}, "line 1: .*33 beats and 1 downbeats"),
        ({"beats": [1, 1, 1]}, "line 1: .*3 beats"),
        ({"id": "500"}, r"line 1: .*no '500\.mid'"),
    ],
)
def test_errors_name_the_line(tmp_path, rest, message):
    with pytest.raises(DataError, match=rf"labels\.jsonl\.xz, {message}"):
        read_accompanied_songs(trimmed(tmp_path, "001", **rest))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("beat_midi.txt", "0.1 1.0\n", r"beat_midi\.txt, line 1: expected 3 numbers"),
        ("chord_midi.txt", "0.1 1.0\n", r"chord_midi\.txt, line 1: expected start, end"),
        ("chord_midi.txt", "0 1 C:foo\n", "001: .*C:foo"),
    ],
)
def test_errors_name_file_and_line(tmp_path, name, text, message):
    (public(tmp_path, "001") / name).write_text(text)
    with pytest.raises(DataError, match=message):
        read_accompanied_songs(tmp_path)


def test_files_that_are_not_there_are_named(tmp_path):
    with pytest.raises(DataError, match="found none"):
        read_accompanied_songs(tmp_path)
    folder = public(tmp_path / "a", "001")
    (folder / "key_audio.txt").unlink()
    with pytest.raises(DataError, match=r"key_audio\.txt, found none"):
        read_accompanied_songs(tmp_path / "a")
    (folder / "001.mid").unlink()
    with pytest.raises(DataError, match=r"001\.mid beside"):
        read_accompanied_songs(tmp_path / "a")


def test_other_tracks_are_refused_when_notes_are_read(tmp_path):
    public(tmp_path, "001", midi(tracks=("MELODY", "GUITAR")))
    (song,) = read_accompanied_songs(tmp_path)
    with pytest.raises(DataError, match=r"001\.mid: expected tracks MELODY.*GUITAR"):
        _ = song.piano
