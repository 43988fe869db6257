import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.data import fonts
from model.data.corpus import Corpus
from model.data.fonts import FONTS, TEST_FONT, TRAINING_FONTS, Font, find_fonts
from model.data.render import main
from model.data.splits import split_of_song
from model.errors import DataError, MissingTool

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
        assert main(words.split()) == 0
        trees.append(
            {f.relative_to(out): f.read_bytes() for f in out.rglob("*") if f.is_file()}
        )
    assert trees[0] == trees[1]
    marks = trees[0][Path("render.json")].decode()
    assert "TimGM6mb.sf2" in marks
    assert "copy.sf2" in marks
