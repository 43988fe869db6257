import subprocess

import pytest

from model.data.genres import GENRES
from model.data.mma import find_mma
from model.data.progressions import PROGRESSIONS
from model.data.splits import SPLITS, split_of
from model.data.styles import load_styles
from model.errors import DataError, MissingTool


def test_every_style_is_in_exactly_one_split():
    by_split = [{style.name for style in load_styles(splits=(split,))} for split in SPLITS]
    assert sum(len(names) for names in by_split) == len(set().union(*by_split))
    assert set().union(*by_split) == {
        name for genre in GENRES.values() for name in genre.files.split()
    }


def test_the_split_never_moves():
    assert {name: split_of(name) for name in ("bossanova", "swing", "8beat", "tango")} == {
        "bossanova": "valid",
        "swing": "train",
        "8beat": "train",
        "tango": "train",
    }
    shares = {split: len(load_styles(splits=(split,))) for split in SPLITS}
    assert shares == {"train": 88, "valid": 13, "test": 12}


def test_held_out_styles_cover_many_genres():
    for split in ("valid", "test"):
        assert len({style.genre for style in load_styles(splits=(split,))}) >= 8


def test_no_style_has_two_genres_and_genres_are_playable():
    names = [name for genre in GENRES.values() for name in genre.files.split()]
    assert len(names) == len(set(names))
    for genre in GENRES.values():
        assert genre.vocabulary in PROGRESSIONS
        assert 40 <= genre.tempo_bpm[0] < genre.tempo_bpm[1] <= 200
        assert all(0 <= programme < 128 for programme in genre.leads)


@pytest.mark.parametrize("name", ["bebop", "arpeggio68", "vienesewaltz", "jazz-54", "68march"])
def test_bars_are_read_as_mma_reads_them(name, tmp_path):
    (style,) = [style for style in load_styles() if style.name == name]
    song = tmp_path / "probe.mma"
    song.write_text(
        "".join(
            f"Groove stdlib/{name}:{groove.name}\nPrint PROBE {groove.name} $_Time $_TimeSig\n"
            for groove in style.grooves
        )
    )
    done = subprocess.run(
        [find_mma(), "-w", "-n", song], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    heard = [line.split()[-3:] for line in done.stdout.splitlines() if "PROBE" in line]
    assert [(name, float(beats), signature) for name, beats, signature in heard] == [
        (groove.name, groove.beats, groove.signature) for groove in style.grooves
    ]


def test_roles_keep_to_one_bar():
    (style,) = [style for style in load_styles() if style.name == "bossanova"]
    main = style.grooves[0]
    assert main.role == "main"
    assert [groove.name for groove in style.roles("fill", like=main)] == ["BossaNovaFill"]
    assert {groove.role for groove in style.grooves} == {"main", "fill", "intro", "end"}


def test_missing_library_says_what_to_install(tmp_path):
    with pytest.raises(MissingTool, match="apt-get install mma fluid-soundfont-gm"):
        load_styles(tmp_path / "nowhere")


def test_incomplete_library_is_named(tmp_path):
    with pytest.raises(DataError, match=r"\.mma is missing"):
        load_styles(tmp_path)


def test_missing_mma_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingTool, match="apt-get install mma fluid-soundfont-gm"):
        find_mma()
