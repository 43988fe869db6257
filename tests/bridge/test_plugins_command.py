"""Tests of ``liveband plugins``: what is copied where, what is said, what is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from bridge.__main__ import main

FILES = {
    "liveband.lv2/liveband.so": b"lv2",
    "liveband.lv2/manifest.ttl": b"",
    "liveband.lv2/program": b"/elsewhere\n",
    "liveband/liveband.clap": b"clap",
    "liveband/program": b"/elsewhere\n",
}


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.fixture
def built(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    write(tmp_path / "built", FILES)
    return tmp_path / "built"


def names_in(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_plugins_are_installed_for_the_user_and_start_this_liveband(built, capsys):
    home = Path.home()
    assert main(["plugins", "install", "--from", str(built)]) == 0
    assert names_in(home) == {
        ".lv2/liveband.lv2/liveband.so",
        ".lv2/liveband.lv2/manifest.ttl",
        ".lv2/liveband.lv2/program",
        ".clap/liveband/liveband.clap",
        ".clap/liveband/program",
    }
    assert capsys.readouterr().out.splitlines() == [
        f"LV2: installed {home}/.lv2/liveband.lv2",
        f"CLAP: installed {home}/.clap/liveband",
    ]
    program = (home / ".clap/liveband/program").read_text().splitlines()
    done = subprocess.run([*program, "--version"], capture_output=True, text=True, cwd="/")
    assert done.stdout.startswith("liveband ")
    assert program[0] == sys.executable


def test_a_second_time_replaces_all_of_the_first(built, capsys):
    folders = ["--lv2", str(built.parent / "one"), "--clap", str(built.parent / "two")]
    assert main(["plugins", "install", "--from", str(built), *folders]) == 0
    old = built.parent / "two/liveband/liveband.clap"
    held = old.open("rb")  # as a DAW does that runs
    write(built, {"liveband/liveband.clap": b"newer"})
    (built.parent / "one/liveband.lv2/stale").touch()
    assert main(["plugins", "install", "--from", str(built), *folders]) == 0
    with held:
        assert held.read() == b"clap"
    assert old.read_bytes() == b"newer"
    assert not (built.parent / "one/liveband.lv2/stale").exists()
    assert [path.name for path in (built.parent / "one").iterdir()] == ["liveband.lv2"]
    assert "replaced" in capsys.readouterr().out


def test_what_is_not_built_is_told_and_the_rest_installed(built, capsys):
    (built / "liveband.lv2/liveband.so").unlink()
    assert main(["plugins", "install", "--from", str(built)]) == 0
    assert names_in(Path.home()) == {".clap/liveband/liveband.clap", ".clap/liveband/program"}
    assert f"LV2: not built in {built}: make plugins" in capsys.readouterr().out


def test_without_a_build_it_says_how_to_make_one(built, capsys):
    empty = built.parent / "empty"
    assert main(["plugins", "install", "--from", str(empty)]) == 3
    said = capsys.readouterr().err
    assert str(empty) in said
    assert "make plugins" in said
    assert not Path.home().exists()


@pytest.mark.parametrize("action", ["install", "uninstall"])
def test_something_else_of_that_name_is_left_alone(built, capsys, action):
    write(Path.home(), {".lv2/liveband.lv2/other.so": b""})
    assert main(["plugins", action, "--from", str(built)]) == 2
    assert f"{Path.home()}/.lv2/liveband.lv2 is in the way" in capsys.readouterr().err
    assert names_in(Path.home()) == {".lv2/liveband.lv2/other.so"}


def test_uninstalling_removes_what_was_installed_and_says_what_was_not(built, capsys):
    main(["plugins", "install", "--from", str(built)])
    (Path.home() / ".lv2/another.lv2").mkdir()
    capsys.readouterr()
    for said in ("removed", "there is none in"):
        assert main(["plugins", "uninstall"]) == 0
        assert capsys.readouterr().out.count(said) == 2
    assert names_in(Path.home()) == set()
    assert (Path.home() / ".lv2/another.lv2").is_dir()
