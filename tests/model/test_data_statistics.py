import json
import sys

import numpy as np
import pytest
from PIL import Image

from model.__main__ import main
from model.data.pitch_spectrogram import LOWEST_PITCH, ROWS, pitch_spectrogram
from model.data.song_picture import choose_song, draw_song
from model.data.song_record import load_song_record
from model.data.statistics import PERCENTILES, Count, describe_folder
from model.data.statistics_tables import as_json, as_markdown
from model.errors import DataError, MissingTool, ModelConfigError

RATE = 48000
SECONDS = 6
BEATS = [0.5 * beat for beat in range(12)]
HOUR_SHARE = SECONDS / 3600


def tone(amplitude, hz=1000.0, seconds=SECONDS):
    return amplitude * np.sin(2 * np.pi * hz * np.arange(seconds * RATE) / RATE)


def facts(**changes):
    return {
        "frames": SECONDS * RATE,
        "sample_rate": RATE,
        "kind": "hybrid",
        "genre": "pop",
        "chart": "a song",
        "human_drums": True,
        "melody_from": None,
        "accompaniment_from": None,
        "tempo_curve": None,
        "tempo_bpm": 120.0,
        "signature": "4/4",
        "key": {"tonic": "Bb", "mode": "major"},
        "beats_s": BEATS,
        "downbeats_s": BEATS[::4],
        "chords": [[0.0, "Bb", ""], [1.0, "F", "7"], [2.02, "Bb", "M7"], [3.0, "Bb", "M7"]],
        "sections": [[0.0, "A"], [4.0, "B"]],
        "font": "one.sf2",
        "sources": [{"name": "charts", "licence": "CC0-1.0", "credit": None}],
        **changes,
    }


def write(root, name, stems, split="train", **changes):
    folder = root / split / name
    folder.mkdir(parents=True)
    for stem, audio in stems.items():
        np.save(folder / f"{stem}.npy", audio.astype(np.float16))
    shares = [{"class": stem, "active_share": 0.5} for stem in stems]
    (folder / "song.json").write_text(json.dumps({"stems": shares, **facts(**changes)}))
    return folder


def pixels(file):
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"), np.int64)


def half_silent(audio):
    audio[len(audio) // 2 :] = 0
    return audio


@pytest.fixture
def songs(tmp_path):
    write(tmp_path, "a", {"drums": half_silent(tone(0.1)), "bass": tone(0.1)})
    write(tmp_path, "b", {"bass": tone(0.1)}, tempo_bpm=80.0, kind="chart", chart="another")
    write(tmp_path, "c", {"drums": tone(0.1)}, "test", tempo_bpm=170.0, human_drums=False)
    return tmp_path


def no_onsets(audio):
    return 0


def test_hours_are_counted_by_split_and_kind(songs):
    statistics = describe_folder(songs, no_onsets)
    assert statistics.total == Count(3, pytest.approx(3 * HOUR_SHARE))
    assert statistics.by_split_and_kind == {
        "train": {
            "chart": Count(1, pytest.approx(HOUR_SHARE)),
            "hybrid": Count(1, pytest.approx(HOUR_SHARE)),
        },
        "test": {"hybrid": Count(1, pytest.approx(HOUR_SHARE))},
    }
    assert describe_folder(songs, no_onsets, split="test").total.songs == 1


def test_levels_are_those_of_the_sounding_hops(songs):
    drums = describe_folder(songs, no_onsets).classes["drums"]
    assert (drums.songs, drums.measured) == (2, 2)
    assert drums.hours == pytest.approx(2 * HOUR_SHARE)
    assert drums.sounding_hours == pytest.approx(HOUR_SHARE)
    assert drums.silent_share == pytest.approx(0.25)
    assert drums.level_db == pytest.approx([-23.0] * len(PERCENTILES), abs=0.1)
    assert drums.mean_level_db == pytest.approx(-23.0, abs=0.1)


def test_onsets_are_counted_a_sounding_second(songs):
    statistics = describe_folder(songs, lambda audio: 12)
    assert statistics.classes["bass"].onsets_per_s == pytest.approx(2.0)
    assert statistics.classes["drums"].onsets_per_s == pytest.approx(3.0)


def test_the_sample_is_limited_and_always_the_same(songs):
    first, second = (describe_folder(songs, no_onsets, measured=1) for _ in range(2))
    assert first == second
    assert first.measured_songs == 1
    assert {row.measured for row in first.classes.values()} <= {0, 1}
    unmeasured = describe_folder(songs, no_onsets, measured=0)
    assert unmeasured.classes["bass"].level_db is None
    assert unmeasured.classes["bass"].songs == 2
    with pytest.raises(ModelConfigError, match="0 or more"):
        describe_folder(songs, no_onsets, measured=-1)


def test_tempi(songs):
    statistics = describe_folder(songs, no_onsets)
    tempo = statistics.spreads["tempo, bpm"]
    assert tempo.songs == 3
    assert tempo.percentiles == pytest.approx([84, 100, 120, 145, 165])
    assert statistics.slow_share == pytest.approx(1 / 3)
    assert statistics.fast_share == pytest.approx(1 / 3)
    assert statistics.spreads["tempo change inside a song, %"].percentiles == pytest.approx(
        [0] * len(PERCENTILES), abs=1e-6
    )


def test_the_tempo_change_inside_a_song(tmp_path):
    beats = np.cumsum([0.5] * 20 + [0.4] * 20)
    write(tmp_path, "a", {"bass": tone(0.1)}, beats_s=list(beats))
    change = describe_folder(tmp_path, no_onsets).spreads["tempo change inside a song, %"]
    assert change.percentiles[2] == pytest.approx(100 * (150 - 120) / 133.33, abs=1.5)


def test_chords_are_counted_in_whole_bars(songs):
    statistics = describe_folder(songs, no_onsets)
    assert statistics.spreads["chords a bar"].percentiles == pytest.approx([1.5] * 5)
    assert statistics.spreads["different chords"].percentiles == pytest.approx([3] * 5)
    assert statistics.bars_by_chords == {"1": 0.5, "2": 0.5, "3": 0.0, "4+": 0.0}


def test_features_are_shares_of_the_songs_that_state_them(songs):
    old = load_song_record(songs / "train" / "a").folder / "song.json"
    stripped = json.loads(old.read_text())
    del stripped["chart"], stripped["kind"]
    old.write_text(json.dumps(stripped))
    statistics = describe_folder(songs, no_onsets)
    drums, chart = (statistics.features[n] for n in ("human drums", "chords of a real song"))
    assert (drums.stated, drums.songs, drums.share_of_songs) == (2, 1, 0.5)
    assert drums.hours == pytest.approx(HOUR_SHARE / 2)
    assert (chart.stated, chart.songs) == (2, 2)
    assert statistics.charts == 2
    assert statistics.by_split_and_kind["train"]["not stated"].songs == 1


def test_sources_are_listed_with_licence_and_credit(tmp_path):
    several = [
        {"name": "drums", "licence": "CC-BY-4.0", "credit": "A | B"},
        {"name": "charts", "licence": "CC0-1.0"},
    ]
    write(tmp_path, "a", {"bass": tone(0.1)}, sources=several)
    write(tmp_path, "b", {"bass": tone(0.1)})
    statistics = describe_folder(tmp_path, no_onsets)
    assert [(s.name, s.licence, s.credit, s.songs) for s in statistics.sources] == [
        ("charts", "CC0-1.0", None, 2),
        ("drums", "CC-BY-4.0", "A | B", 1),
    ]
    assert r"A \| B" in as_markdown(statistics)


def test_json_says_all_and_tables_are_well_formed(songs):
    statistics = describe_folder(songs, no_onsets)
    said = json.loads(as_json(statistics))
    assert said["classes"]["bass"]["songs"] == 2
    assert said["sources"] == [
        {"name": "charts", "licence": "CC0-1.0", "credit": None, "songs": 3}
    ]
    for table in as_markdown(statistics).split("\n\n"):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1
        assert len({len(row) for row in rows}) <= 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "song.json"),
        ("[]", "JSON object"),
        ("{}", "'stems' is missing"),
        ('{"stems": []}', "'stems' is empty"),
        ('{"stems": [{"class": "bass", "active_share": "loud"}]}', "loud"),
        (json.dumps({"stems": [{"class": "bass", "active_share": 1}], "kind": 3}), "kind"),
        (
            json.dumps(
                {"stems": [{"class": "bass", "active_share": 1}], **facts(beats_s=[1, 1])}
            ),
            "beats_s",
        ),
        (
            json.dumps(
                {"stems": [{"class": "bass", "active_share": 1}], **facts(tempo_bpm=-3)}
            ),
            "tempo_bpm",
        ),
        (
            json.dumps({"stems": [{"class": "bass", "active_share": 1}], **facts(chords=[1])}),
            "cannot",
        ),
    ],
)
def test_an_unreadable_record_is_named(songs, text, reason):
    file = songs / "train" / "b" / "song.json"
    file.write_text(text)
    with pytest.raises(DataError, match=reason) as refusal:
        describe_folder(songs, no_onsets)
    assert str(file) in str(refusal.value)


def test_a_missing_or_damaged_stem_is_named(songs):
    file = songs / "train" / "b" / "bass.npy"
    file.write_bytes(b"no audio")
    with pytest.raises(DataError, match=str(file)):
        describe_folder(songs, no_onsets)
    file.unlink()
    with pytest.raises(DataError, match=str(file)):
        describe_folder(songs, no_onsets)


def test_a_folder_without_songs_is_refused(tmp_path):
    with pytest.raises(DataError, match="liveband data render"):
        describe_folder(tmp_path, no_onsets)


def test_the_command_prints_tables_or_json(rendered, capsys):
    assert main(["data", "describe", str(rendered), "--songs", "2"]) == 0
    assert "6 songs" in capsys.readouterr().out
    assert main(["data", "describe", str(rendered), "--songs", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["measured_songs"] == 2
    assert said["classes"]["drums"]["onsets_per_s"] == pytest.approx(2, abs=0.5)
    assert main(["data", "describe", str(rendered), "--song", "song0"]) == 2


def test_a_picture_shows_every_stem_in_its_colour(songs, tmp_path):
    file = tmp_path / "pictures" / "a.png"
    draw_song(choose_song(songs, "a"), file)
    assert file.stat().st_size < 400_000
    picture = pixels(file)
    assert picture.shape == (900, 1600, 3)
    drums, bass = picture[250:380, 110:1570], picture[415:550, 110:1570]
    blue = (bass[..., 2] - bass[..., 0] > 60).any(axis=0)
    assert blue.mean() > 0.9, "the bass sounds throughout"
    halves = np.split((drums.max(axis=2) < 120).any(axis=0), 2)
    assert halves[0].mean() > 0.9, "the drums sound in the first half"
    assert halves[1].mean() < 0.1, "and rest in the second"


def test_a_song_is_drawn_whatever_is_known_of_it(rendered, tmp_path):
    song = choose_song(rendered, "song1")
    assert song.beats_s is None
    draw_song(song, tmp_path / "bare.png")
    assert pixels(tmp_path / "bare.png").shape == (900, 1600, 3)


def test_the_song_to_draw_is_named_or_has_the_most_stems(songs):
    assert choose_song(songs, None).folder.name == "a"
    with pytest.raises(DataError, match="'x'"):
        choose_song(songs, "x")


def test_a_picture_without_matplotlib_says_how_to_get_it(songs, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingTool, match=r"liveband\[picture\]"):
        draw_song(choose_song(songs, "a"), tmp_path / "a.png")


def test_a_picture_that_cannot_be_written_is_named(songs, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"a\.png"):
        draw_song(choose_song(songs, "a"), tmp_path / "file" / "a.png")


@pytest.mark.parametrize("pitch", [33, 45, 57, 69, 93, 117])
def test_a_tone_is_highest_in_the_row_of_its_pitch(pitch):
    level_db = pitch_spectrogram(tone(1.0, 440 * 2 ** ((pitch - 69) / 12), 2), 20)
    assert level_db.shape == (ROWS, 20)
    middle = level_db[:, 10]
    assert middle.argmax() == pitch - LOWEST_PITCH
    assert middle.max() == pytest.approx(0, abs=1.5)
