"""Tests of the CLAP plugin in a small host of our own, which plays in blocks of any length."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bridge.__main__ import main
from bridge.controls.parameters import PARAMETERS
from bridge.osc.instances import InstanceRegistry
from tests.live.lv2_host import Lv2Host
from tests.live.plugin_stage import ROOT, build, needs, prepare, render
from tools.surfaces.plugin_controls import plugin_controls

OFFICIAL = Path("/usr/share/dpf/distrho/src")
LV2_HEADERS = Path("/usr/include/lv2/core/lv2.h")
OUTPUTS, HOP = 16, 2400
PLAYING = "2"
STEM_ID, ANTICIPATION_ID, MUTE_ID, NOISE_2_ID = 0, 1, 4, 1024 + 14
pytestmark = [pytest.mark.slow, needs("cc")]


def compiled(source, program, *flags):
    command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", *flags]
    subprocess.run([*command, Path(__file__).with_name(source), "-o", program], check=True)
    return program


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the host's program and the plugin."""
    folder = tmp_path_factory.mktemp("clap")
    build("clap", folder)
    host = compiled("clap_host.c", folder / "host", f"-I{ROOT}/plugins/clap")
    return host, folder / "liveband" / "liveband.clap"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    mix, _, stem = render(tmp_path_factory.mktemp("render"))
    return mix, stem


@pytest.fixture
def host(built, rendered, tmp_path, monkeypatch):
    """Return a function that plays the mix; it returns what was played, and what was told."""
    prepare(tmp_path, monkeypatch)
    rendered[0].T.tofile(tmp_path / "mix")

    def play(*options):
        words = [str(option) for option in options]
        done = subprocess.run(
            [*built, "play", tmp_path / "mix", tmp_path / "out", *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=100,
        )
        names_and_values = done.stdout.split()
        told = dict(zip(names_and_values[::2], names_and_values[1::2], strict=True))
        assert told["errors"] == "0"
        out = np.fromfile(tmp_path / "out", np.float32).reshape(-1, OUTPUTS).T
        return out, told, done.stderr

    return play


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="dpf-source is not here: make test-system")
def test_structures_lie_in_memory_as_in_the_headers_of_clap(tmp_path):
    ours = compiled("clap_layout.c", tmp_path / "ours", f"-I{ROOT}/plugins/clap")
    theirs = compiled("clap_layout.c", tmp_path / "theirs", "-DOFFICIAL", f"-I{OFFICIAL}")
    told = [subprocess.check_output([program], text=True) for program in (ours, theirs)]
    assert told[0] == told[1]
    assert told[0].count("\n") > 100


def test_parameters_are_those_of_the_table_and_are_told_as_text_and_back(built, host):
    told = subprocess.check_output([*built, "describe"], text=True).splitlines()
    rows = [line.split("\t") for line in told]
    controls = plugin_controls(PARAMETERS)
    assert [row[1] for row in rows] == [*(each.name for each in controls), "Timeline", "Status"]
    ids = [int(row[0]) for row in rows]
    assert ids[:-2] == [(each.player - 1) * 1024 + each.code for each in controls]
    assert len(set(ids)) == len(ids)
    for row in rows:
        low, high, default, value, back = (float(word) for word in row[4:9])
        assert low <= default <= high
        assert value == default == back, row


@pytest.mark.parametrize("blocks", [("--block", 1), ("--random", 7)])
def test_an_export_in_any_blocks_is_what_render_makes(host, rendered, blocks):
    _, stem = rendered
    out, told, _ = host(*blocks, "--tempo", 120)
    np.testing.assert_array_equal(out[0], stem)
    np.testing.assert_array_equal(out[1], stem)
    assert not np.any(out[2:])
    assert (told["latency"], told["status"]) == ("0", PLAYING)


@pytest.mark.parametrize("begin", [-1000, 1400])
def test_an_export_that_begins_between_two_hops_is_what_render_makes_from_the_next_on(
    host, rendered, tmp_path, begin
):
    mix, stem = rendered
    before = np.random.default_rng(0).uniform(-0.5, 0.5, (2, -begin % HOP))
    np.hstack([before, mix]).astype(np.float32).T.tofile(tmp_path / "mix")
    out, _, _ = host("--block", 64, "--tempo", 120, "--begin", begin)
    np.testing.assert_array_equal(out[0, before.shape[1] :], stem)


@pytest.mark.skipif(not LV2_HEADERS.is_file(), reason="lv2-dev is not here: make test-system")
def test_automation_gives_the_bytes_that_lv2_gives(host, rendered, tmp_path):
    mix, _ = rendered
    build("lv2", tmp_path)
    with Lv2Host(tmp_path / "liveband.lv2") as lv2:
        parts = [lv2.play(mix[:, :60_000], block=500, freewheel=True)]
        lv2.set("anticipation", 2)
        parts.append(lv2.play(mix[:, 60_000:70_000], block=500, freewheel=True))
        lv2.set("mute", 1)
        parts.append(lv2.play(mix[:, 70_000:90_000], block=500, freewheel=True))
        lv2.set("mute", 0)
        parts.append(lv2.play(mix[:, 90_000:], block=500, freewheel=True))
    moves = [(60_000, ANTICIPATION_ID, 2), (70_000, MUTE_ID, 1), (90_000, MUTE_ID, 0)]
    words = [word for move in moves for word in ("--set", *move)]
    out, _, _ = host("--random", 5, *words)
    np.testing.assert_array_equal(out, np.concatenate(parts, axis=1))


def values_of(state):
    lines = (line.split() for line in state.read_text().splitlines()[2:])
    return {(int(player), int(row)): int(value) / 1e6 for player, row, value in lines}


def test_what_was_set_is_in_the_project_and_comes_back(host, tmp_path):
    state, again = tmp_path / "state", tmp_path / "again"
    first, _, _ = host("--set", 0, NOISE_2_ID, 0.25, "--set", 0, MUTE_ID, 1, "--save", state)
    assert not np.any(first[0][480:])
    assert state.read_text().splitlines()[:2] == ["liveband 1", "passthrough"]
    saved = values_of(state)
    assert (saved[1, 14], saved[0, 4]) == (0.25, 1.0)
    second, _, _ = host("--load", state, "--save", again)
    assert not np.any(second)
    assert values_of(again).items() >= saved.items()  # and what the band told, if it had time


def set_noise(folder, value):
    """Set it over OSC as soon as the plugin's program is there."""
    registry, found = InstanceRegistry(folder / "liveband" / "instances"), ()
    while not found:
        time.sleep(0.02)
        found = registry.instances()
    return main(["set", "noise", str(value), "--osc-port", str(found[0].port)])


def test_live_the_latency_rises_by_one_restart_and_what_osc_sets_is_kept(host, tmp_path):
    with ThreadPoolExecutor() as pool:
        code = pool.submit(set_noise, tmp_path, 0.5)
        options = ("--block", 480, "--set", 48_000, ANTICIPATION_ID, 0)
        _, told, _ = host("--live", *options, "--save", tmp_path / "state")
        assert code.result() == 0
    assert told["restarts"] == "1"
    assert int(told["latency"]) > 2400
    assert told["status"] == PLAYING
    saved = values_of(tmp_path / "state")
    assert (saved[0, 1], saved[0, 14]) == (0.0, 0.5)


def test_a_program_that_does_not_start_is_logged_and_waited_for_no_more(
    host, tmp_path, monkeypatch
):
    monkeypatch.setenv("LIVEBAND_PROGRAM", str(tmp_path / "nothing"))
    out, told, said = host()
    assert not np.any(out)
    assert told["status"] != PLAYING
    assert "nothing does not start: No such file or directory" in said
    assert said.count("the band does not play, so this export is without it") == 1


def test_a_state_of_something_else_is_refused(host, tmp_path):
    state = tmp_path / "state"
    state.write_text("something else\n")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        host("--load", state)
    assert "the plugin refused a state" in refused.value.stderr
