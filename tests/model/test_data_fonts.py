import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.data import fonts
from model.data.corpus import Corpus
from model.data.fonts import (
    FONTS,
    RECORDED_FONT,
    TEST_FONT,
    TRAINING_FONTS,
    Font,
    find_fonts,
    open_font,
)
from model.data.layered_font import RECORDED_INSTRUMENTS, LayeredPlayer, Layering
from model.data.midifile import Note
from model.data.splits import split_of_song
from model.data.synth import SAMPLE_RATE, FontPlayer
from model.errors import DataError, MissingTool
from tests.model.render_command import render

TIMGM = FONTS["timgm"].path


def corpus(**rest):
    heard = (Font(Path("a.sf2"), "MIT"), Font(Path("b.sf3"), "MIT"))
    unheard = (Font(Path("c.sf2"), "GPL-2.0-only"),)
    given = {
        "out": Path("out"),
        "seed": 3,
        "seconds": 60,
        "fonts": heard,
        "test_fonts": unheard,
    }
    return Corpus(**(given | rest))


def test_training_fonts_may_be_passed_on_and_the_test_font_is_none_of_them():
    assert {FONTS[name].licence for name in TRAINING_FONTS} == {"MIT"}
    assert TEST_FONT not in TRAINING_FONTS


def test_names_and_paths_mean_the_same_fonts():
    (by_name,), (by_path,) = find_fonts(["timgm"]), find_fonts([str(TIMGM)])
    assert by_name.path == by_path.path
    assert by_name.licence == by_path.licence == "GPL-2.0-only"


def test_a_missing_font_says_which_package_brings_it(monkeypatch):
    gone = replace(FONTS["musescore"], path=Path("/nowhere/general.sf3"))
    monkeypatch.setitem(fonts.FONTS, "musescore", gone)
    with pytest.raises(MissingTool, match="apt-get install musescore-general-soundfont-small"):
        find_fonts(["musescore"])


def test_one_font_twice_is_refused():
    with pytest.raises(DataError, match="expected different"):
        find_fonts(["timgm", str(TIMGM)])


def test_a_test_font_that_is_trained_on_is_refused():
    with pytest.raises(DataError, match=r"a\.sf2"):
        corpus(test_fonts=(Font(Path("a.sf2"), "MIT"),))


def test_every_song_has_one_font_and_half_the_test_songs_an_unheard_one():
    songs = corpus()
    by_split = {"train": [], "valid": [], "test": []}
    for number in range(1000):
        by_split[split_of_song(number)].append(songs.font_of(number).path.name)
    assert set(by_split["train"]) == set(by_split["valid"]) == {"a.sf2", "b.sf3"}
    assert by_split["test"].count("c.sf2") == 50
    assert 0.4 < np.mean([name == "a.sf2" for name in by_split["train"]]) < 0.6


def test_without_test_fonts_test_songs_play_on_the_others():
    songs = corpus(test_fonts=())
    assert {songs.font_of(number).path.name for number in range(100)} == {"a.sf2", "b.sf3"}


def test_a_corpus_on_several_fonts_does_not_depend_on_the_number_of_processes(tmp_path):
    copy = tmp_path / "copy.sf2"
    shutil.copy(TIMGM, copy)
    trees = []
    for jobs in (1, 2):
        out = tmp_path / str(jobs)
        words = f"{out} --songs 5 --seconds 8 --jobs {jobs} --fonts timgm {copy} --test-fonts"
        assert render(words.split()) == 0
        trees.append(
            {f.relative_to(out): f.read_bytes() for f in out.rglob("*") if f.is_file()}
        )
    assert trees[0] == trees[1]
    marks = trees[0][Path("render.json")].decode()
    assert "TimGM6mb.sf2" in marks
    assert "copy.sf2" in marks


def note(programme=0, pitch=60, drum=False, velocity=90):
    return Note(0.0, 0.3, pitch, velocity, programme, "part", drum)


@pytest.fixture(scope="module")
def timgm():
    return FontPlayer(TIMGM)


def named_recorded(tmp_path):
    path = tmp_path / RECORDED_FONT.path.name
    shutil.copy(TIMGM, path)
    return path


def test_the_font_of_recorded_instruments_is_known_by_its_file(tmp_path):
    path = named_recorded(tmp_path)
    recorded, full = find_fonts([str(path), "timgm"])
    assert recorded.path == path
    assert recorded.licence == "CC0-1.0 AND CC-BY-3.0 AND CC-BY-4.0"
    assert "Greg Sullivan" in recorded.credit
    assert recorded.rest == full.path == TIMGM
    assert full.rest is None


def test_the_font_of_recorded_instruments_needs_a_full_one_beside_it(tmp_path):
    path = named_recorded(tmp_path)
    with pytest.raises(DataError, match="name one of fluid, musescore, timgm"):
        find_fonts([str(path)])
    with pytest.raises(DataError, match=r"what liveband_real\.sf3 lacks"):
        open_font(replace(RECORDED_FONT, path=path))


def test_fonts_are_opened_once_and_the_recorded_one_with_another(tmp_path):
    recorded, full = find_fonts([str(named_recorded(tmp_path)), "timgm"])
    assert open_font(full) is open_font(full)
    assert isinstance(open_font(recorded), LayeredPlayer)


def test_a_layered_font_plays_its_own_and_leaves_the_rest_to_the_other(timgm, tmp_path):
    own = Layering(programmes={0: 0, 24: 25}, gains_db={25: -6.0})
    player = LayeredPlayer(timgm, own, timgm)
    strings, nylon, steel = note(48), note(24), note(25)
    alone = timgm.render([strings], SAMPLE_RATE)
    expected = alone + 10 ** (-6 / 20) * timgm.render([steel], SAMPLE_RATE)
    np.testing.assert_allclose(
        player.render([nylon, strings], SAMPLE_RATE), expected, atol=1e-6
    )
    assert np.abs(alone).max() > 1e-3


def test_what_a_layered_font_lacks_is_not_asked_of_it(timgm):
    class Silent:
        asked = ()

        def render(self, notes, frames):
            self.asked += tuple((n.programme, n.pitch) for n in notes)
            return np.zeros(frames, np.float32)

    own, rest = Silent(), Silent()
    player = LayeredPlayer(own, RECORDED_INSTRUMENTS, rest)
    melodic = [note(programme) for programme in (0, 3, 6, 24, 28, 30, 32, 38, 48)]
    drums = [note(kit, key, drum=True) for kit in (0, 8, 16, 40) for key in (36, 51, 54)]
    player.render([*melodic, *drums], 100)
    assert {p for p, key in own.asked if key == 60} == {0, 1, 25, 27, 32}
    assert {p for p, key in rest.asked if key == 60} == {6, 30, 38, 48}
    assert {place for place in own.asked if place[1] != 60} == {(0, 36), (0, 51), (16, 36)}
    lacking = {(0, 54), (8, 54), (16, 54), (40, 36), (40, 51), (40, 54)}
    assert {place for place in rest.asked if place[1] != 60} == lacking


def test_drum_keys_that_stand_out_are_played_softer():
    bell = RECORDED_INSTRUMENTS.voice(note(pitch=53, drum=True, velocity=100))
    ride = RECORDED_INSTRUMENTS.voice(note(pitch=51, drum=True, velocity=120))
    assert (bell.velocity, ride.velocity) == (65, 127)


def test_every_programme_of_the_recorded_font_is_one_it_has():
    has = {0, 1, 2, 4, 5, 25, 26, 27, *range(32, 38)}
    assert set(RECORDED_INSTRUMENTS.programmes.values()) == has
    assert set(RECORDED_INSTRUMENTS.gains_db) == has
