"""The wheel as a musician installs it: no torch, no compiler, and it plays."""

import contextlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from bridge.audio.jack_server import JackServer
from bridge.common.errors import EnvironmentMissing
from bridge.controls.parameters import ROOT
from bridge.osc.client import BridgeClient
from bridge.osc.free_ports import free_port
from model.formats.extras import EXTRAS
from model.sound_files.reading import open_sound
from model.sound_files.writing import write_sound
from tools.wheel import build_wheel
from tools.wheel_environment import install_wheel

CLONE = Path(__file__).parents[2]
LARGEST_BYTES = 400e6
END_S = 30.0
NAMES = {"PyYAML": "yaml"}
"""Modules that are not called as their package is."""

pytestmark = [pytest.mark.jack, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """The wheel in an environment of its own.

    Nothing is compiled for it: there is no compiler, and only wheels are taken. Skipped where
    no index of packages can be reached.
    """
    place = tmp_path_factory.mktemp("wheel")
    wheel = build_wheel(place / "dist")
    try:
        environment = install_wheel(wheel, place)
    except subprocess.CalledProcessError as error:
        if not _index_answers(place / "probe"):
            pytest.skip("no index of Python packages can be reached from here")
        raise AssertionError(error.stderr) from error
    return environment


def _index_answers(folder):
    """Return whether one small package can be had."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--retries", "0"]
    command = [*pip, "-d", str(folder)]
    return subprocess.run([*command, "ifaddr"], check=False).returncode == 0


@pytest.fixture
def liveband(installed, tmp_path):
    """A function that runs a command of the installed program to its end."""

    def run(*words):
        return subprocess.run(
            [installed.program, *words],
            env=installed.variables, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def test_it_is_small_and_brings_no_torch(installed):
    assert installed.size_bytes < LARGEST_BYTES
    (packages,) = installed.folder.glob("lib/python*/site-packages")
    brought = {path.name for path in packages.iterdir()}
    assert not brought & {"torch", "scipy", "matplotlib", "tools", "tests"}
    shipped = {path.name for path in (packages / "model" / "checkpoints").iterdir()}
    assert "default" in shipped
    assert list((packages / "bridge").glob("_native*.so"))
    assert list((packages / "bridge" / "remote" / "page").glob("*.html"))


def test_it_plays_and_is_steered(installed, tmp_path, wait_until):
    port = free_port()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(JackServer("dummy", realtime=False, sync=True))
        command = [
            installed.program, "run", "--server", server.name,
            "--osc-port", str(port), "--osc-query-port", "0",
        ]  # fmt: skip
        process = subprocess.Popen(command, env=installed.variables, cwd=tmp_path)
        stack.callback(process.wait, END_S)
        stack.callback(process.terminate)
        client = stack.enter_context(BridgeClient(port=port))

        def has_played():
            assert process.poll() is None
            try:
                return client.read(f"{ROOT}/status/engine")[3] > 20
            except EnvironmentMissing:
                return False

        wait_until(has_played, END_S * 4)
        client.do(f"{ROOT}/stem", "bass")
        assert client.read(f"{ROOT}/stem")[0] == "bass"
        loaded = Path(f"/proc/{process.pid}/maps").read_text()
        assert str(installed.folder) in loaded
        client.do(f"{ROOT}/quit")
        assert process.wait(END_S) == 0


def test_it_renders_a_band_hears_beats_and_tells_of_the_machine(liveband, tmp_path):
    rng = np.random.default_rng(1)
    write_sound(tmp_path / "mix.wav", 0.1 * rng.standard_normal((96_000, 2)), 48_000)
    played = liveband("render", "mix.wav", "stem.wav", "--players", "bass,drums")
    assert played.returncode == 0, played.stderr
    for stem in ("stem-1-bass.wav", "stem-2-drums.wav"):
        with open_sound(tmp_path / stem) as opened:
            assert np.abs(opened.read(96_000)).max() > 1e-3
    assert liveband("beats", "mix.wav").returncode == 0
    told = liveband("doctor", "--json")
    by_name = {each["name"]: each for each in json.loads(told.stdout)["findings"]}
    assert "a hop takes" in by_name["model"]["text"]


@pytest.mark.parametrize(
    "words",
    [
        ("train", "codec", "songs", "run"),
        ("evaluate", "songs", "--quick"),
        ("data", "render", "new", "--songs", "1"),
        ("run", "--engine", "torch"),
        ("render", "mix.wav", "stem.wav", "--bidirectional"),
        ("render", "mix.wav", "stem.wav", "--checkpoint", "streammusicgen"),
    ],
)
def test_what_needs_the_extra_names_the_command_that_installs_it(liveband, tmp_path, words):
    write_sound(tmp_path / "mix.wav", np.zeros((4_800, 2)), 48_000)
    (tmp_path / "songs").mkdir()
    done = liveband(*words)
    assert done.returncode == 3, done.stderr
    assert "pip install 'liveband[train]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("data", "render", "--help")])
def test_help_needs_no_extra(liveband, words):
    done = liveband(*words)
    assert done.returncode == 0, done.stderr
    assert "liveband" in done.stdout


def test_the_list_of_extras_is_that_of_the_package():
    project = tomllib.loads((CLONE / "pyproject.toml").read_text())["project"]
    offered = project["optional-dependencies"]
    for extra, modules in EXTRAS.items():
        named = [name.partition(">")[0] for name in offered[extra]]
        assert sorted(NAMES.get(name, name) for name in named) == sorted(modules)
