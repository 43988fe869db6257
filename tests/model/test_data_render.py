import json
import shutil
from random import Random

import numpy as np
import pytest

from model.data.corpus import Corpus
from model.data.fonts import find_fonts
from model.data.mixing import LEVELS_DB, PEAK, active_share, balance
from model.data.render import render_song
from model.data.splits import split_of, split_of_song
from model.data.stems import STEM_CLASSES
from model.data.synth import SAMPLE_RATE
from model.errors import DataError, MissingTool
from tests.model.render_command import render

SONGS = 6


def arguments(out, songs=SONGS, jobs=1, **options):
    extra = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [
        *(str(out), "--songs", str(songs), "--jobs", str(jobs)),
        *("--seconds", "12", "--fonts", "timgm", "--test-fonts", *extra),
    ]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    out = tmp_path_factory.mktemp("corpus")
    assert render(arguments(out)) == 0
    return out


def songs(out):
    return sorted(file.parent for file in out.glob("*/*/song.json"))


def read(folder):
    facts = json.loads((folder / "song.json").read_text())
    stems = {stem["class"]: np.load(folder / stem["file"]) for stem in facts["stems"]}
    return facts, stems


def tree(out):
    return {
        file.relative_to(out): file.read_bytes() for file in out.rglob("*") if file.is_file()
    }


def test_every_song_is_complete(corpus):
    assert len(songs(corpus)) == SONGS
    for folder in songs(corpus):
        facts, stems = read(folder)
        assert facts["id"] == folder.name
        assert facts["split"] == folder.parent.name
        assert set(stems) <= set(STEM_CLASSES)
        assert {file.name for file in folder.iterdir()} == {
            "song.json",
            *(f"{name}.npy" for name in stems),
        }
        for stem in facts["stems"]:
            audio = stems[stem["class"]]
            assert audio.dtype == np.float16
            assert audio.shape == (facts["frames"],)
            share = active_share(audio.astype(np.float32))
            assert stem["active_share"] == pytest.approx(share, abs=0.02)
            assert share >= 0.09
        assert facts["frames"] % (SAMPLE_RATE // 20) == 0
        assert facts["kind"] == "generated"
        assert facts["human_drums"] is False
        for name in ("chart", "melody_from", "accompaniment_from", "tempo_curve"):
            assert facts[name] is None
        assert facts["sources"] == [
            {"name": "MMA stdlib grooves", "licence": "GPL-2.0-or-later", "credit": None},
            {"name": "TimGM6mb.sf2", "licence": "GPL-2.0-only", "credit": None},
        ]
        assert all(isinstance(facts[name], str) for name in ("genre", "style", "groove"))
        for name in ("beats_s", "downbeats_s", "chords", "sections"):
            assert len(facts[name]) > 1
    assert not list(corpus.glob(".rendering-*"))


def test_styles_keep_to_their_split(corpus):
    for folder in songs(corpus):
        facts, _ = read(folder)
        for style in filter(None, (facts["style"], facts["drums_from"])):
            assert split_of(style) == facts["split"]


def test_the_stems_add_up_to_a_mix_without_clipping(corpus):
    for folder in songs(corpus):
        _, stems = read(folder)
        mix = sum(stem.astype(np.float32) for stem in stems.values())
        assert 0.2 < np.abs(mix).max() <= PEAK + 0.005
        assert np.sqrt(np.mean(mix**2)) > 0.02


def test_the_same_seed_renders_the_same_bits_in_any_number_of_processes(corpus, tmp_path):
    assert render(arguments(tmp_path, jobs=2)) == 0
    assert tree(tmp_path) == tree(corpus)


def test_splits_apart_are_the_songs_of_the_whole_corpus(corpus, tmp_path):
    assert render([*arguments(tmp_path), "--splits", "test", "valid"]) == 0
    assert {folder.parent.name for folder in songs(tmp_path)} == {"test", "valid"}
    assert render([*arguments(tmp_path), "--splits", "train"]) == 0
    assert tree(tmp_path) == tree(corpus)


def test_another_seed_renders_other_songs(corpus, tmp_path):
    assert render(arguments(tmp_path, songs=1, seed=1)) == 0
    (folder,) = songs(tmp_path)
    facts, _ = read(folder)
    assert folder.name == "s1-00000"
    assert facts["beats_s"] != read(songs(corpus)[1])[0]["beats_s"]


def test_a_stopped_run_goes_on_where_it_ended(tmp_path):
    assert render(arguments(tmp_path, songs=1)) == 0
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.npy")}
    assert render(arguments(tmp_path, songs=2)) == 0
    assert len(songs(tmp_path)) == 2
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_onsets_of_the_drums_are_on_the_annotated_beats(corpus):
    on_beat, between = [], []
    for folder in songs(corpus):
        facts, stems = read(folder)
        if "drums" not in stems:
            continue
        power = np.square(stems["drums"].astype(np.float64)).reshape(-1, 240).mean(axis=1)
        rise = np.maximum(0, np.diff(np.log10(power + 1e-8), prepend=-8))
        beats = np.array(facts["beats_s"])
        for times, found in ((beats[:-1], on_beat), (beats[:-1] + np.diff(beats) / 8, between)):
            for time in times:
                frame = round(time * 200)
                found.append(rise[max(0, frame - 4) : frame + 5].max())
    assert len(on_beat) > 60
    assert np.mean(on_beat) > 2 * np.mean(between)


def test_a_folder_of_another_corpus_is_refused(corpus):
    with pytest.raises(DataError, match=r"with seconds 12, not 30; choose another folder"):
        render(arguments(corpus, seconds=30))


def test_a_folder_of_another_recipe_is_refused(tmp_path):
    (tmp_path / "render.json").write_text('{"seconds": 12, "font": "FluidR3_GM.sf2"}')
    with pytest.raises(DataError, match="choose another folder"):
        render(arguments(tmp_path))


def test_a_disk_that_is_too_small_is_found_out_first(tmp_path, monkeypatch):
    disk = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: disk._replace(free=1_000_000))
    with pytest.raises(DataError, match="render fewer songs"):
        render(arguments(tmp_path, songs=100))
    assert not list(tmp_path.glob("*/*"))


def test_size_and_time_are_told_before_anything_is_rendered(tmp_path, caplog):
    caplog.set_level("INFO")
    assert render(arguments(tmp_path, songs=1)) == 0
    told = [record.getMessage() for record in caplog.records]
    assert told[0].startswith("1 songs to render into")
    assert "TimGM6mb.sf2" in told[0]
    assert "GB and 1 min" in told[1]
    assert told[-1].startswith("1 of 1 songs")


def test_a_song_that_fails_is_reported_and_the_others_go_on(tmp_path, monkeypatch, caplog):
    def fail_once(corpus, number):
        if number == 0:
            raise DataError("MMA could not play song 0")
        return render_song(corpus, number)

    monkeypatch.setattr("model.data.render.render_song", fail_once)
    assert render(arguments(tmp_path, songs=2)) == 1
    assert "MMA could not play song 0" in caplog.text
    assert len(songs(tmp_path)) == 1


def test_missing_tools_are_named_before_anything_is_written(tmp_path, monkeypatch):
    out = tmp_path / "out"
    with pytest.raises(MissingTool, match=r"none\.sf2' is not there"):
        render([str(out), "--fonts", str(tmp_path / "none.sf2")])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingTool, match="apt-get install mma fluid-soundfont-gm"):
        render(arguments(out))
    assert not out.exists()


def test_every_split_gets_its_share():
    splits = [split_of_song(number) for number in range(100)]
    assert (splits.count("train"), splits.count("valid"), splits.count("test")) == (80, 10, 10)


def test_a_corpus_names_its_folders(tmp_path):
    corpus = Corpus(out=tmp_path, seed=7, seconds=60, fonts=find_fonts(["timgm"]))
    assert corpus.folder(12) == tmp_path / "valid" / "s7-00012"


def test_balance_sets_levels_and_leaves_silence_out():
    noise = np.random.default_rng(0).standard_normal(SAMPLE_RATE).astype(np.float32)
    stems = balance(Random(0), {"bass": noise, "piano": 1e-3 * noise, "lead": 0 * noise})
    assert list(stems) == ["bass", "piano"]
    for name, audio in stems.items():
        level_db = 20 * np.log10(np.sqrt(np.mean(audio[:-4800] ** 2)))
        assert abs(level_db - LEVELS_DB[name]) < 3.5
        assert audio[-1] == 0
    spiky = np.where(np.arange(SAMPLE_RATE) % 9000 == 0, np.float32(1), np.float32(1e-3))
    loud = balance(Random(0), {"drums": spiky})["drums"]
    assert np.abs(loud).max() == pytest.approx(PEAK)
