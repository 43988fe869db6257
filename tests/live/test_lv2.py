"""Tests of the LV2 plugin in a small host of our own, in lv2file, lv2apply and Ardour."""

import os
import re
import resource
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.osc.instances import InstanceRegistry, program_name
from tests.live.lv2_host import Lv2Host
from tests.live.plugin_stage import RATE, build, equal, needs, noise, prepare, render
from tools.surfaces.lv2 import PLUGIN_URI

HEADERS = Path("/usr/include/lv2/core/lv2.h")
PLAYING, FAILED = 2, 3
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HEADERS.is_file(), reason="lv2-dev is not here: make test-system"),
]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lv2")
    build("lv2", folder)
    return folder / "liveband.lv2"


@pytest.fixture
def environment(bundle, tmp_path, monkeypatch):
    prepare(tmp_path, monkeypatch)
    ardour = tmp_path / "ardour7"
    ardour.mkdir()
    (ardour / "config").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<Ardour><Config><Option '
        'name="port-resampler-quality" value="0"/></Config></Ardour>\n'
    )
    monkeypatch.setenv("LV2_PATH", str(bundle.parent))
    return tmp_path


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    return render(tmp_path_factory.mktemp("render"))


def wait_until_playing(host):
    for _ in range(3000):
        host.run(np.zeros((2, 64), np.float32))
        if host.status == PLAYING:
            return
        time.sleep(0.02)
    pytest.fail("the band does not play")


@needs("lv2_validate")
def test_the_description_is_valid(bundle):
    files = sorted(bundle.glob("*.ttl"))
    done = subprocess.run(["lv2_validate", *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.mark.parametrize("block", [777, 8192])
def test_an_export_is_what_render_makes(bundle, environment, rendered, block):
    mix, _, stem = rendered
    with Lv2Host(bundle, block=block) as host:
        out = host.play(mix, block=block, freewheel=True)
        equal(out[0], stem, host.latency)
        assert (host.latency > 0) == (block == 8192)
    np.testing.assert_array_equal(out[0], out[1])
    assert not np.any(out[2:])


@pytest.mark.parametrize("block", [1, 512])
@needs("lv2file")
def test_lv2file_exports_what_render_makes(bundle, environment, rendered, block):
    _, mix, stem = rendered
    out = environment / "out.wav"
    command = ["lv2file", "-i", mix, "-o", out, "-b", str(block), "-p", "freewheel:1"]
    subprocess.run([*command, PLUGIN_URI], check=True, capture_output=True)
    played, _ = soundfile.read(out, dtype="float32")
    equal(played[:, 0], stem, 0)


@needs("lv2apply")
def test_lv2apply_exports_in_blocks_of_one_frame_what_render_makes(
    bundle, environment, rendered
):
    _, mix, stem = rendered
    out = environment / "out.wav"
    command = ["lv2apply", "-i", mix, "-o", out, "-c", "freewheel", "1", PLUGIN_URI]
    subprocess.run(command, check=True, capture_output=True)
    played, _ = soundfile.read(out, dtype="float32")
    equal(played[:, 0], stem, 0)


def test_a_mute_and_a_bypass_act_at_the_frame_they_are_set(bundle, environment, rendered):
    mix, _, stem = rendered
    exports = []
    for _ in range(2):
        with Lv2Host(bundle) as host:
            parts = [host.play(mix[:, :70_000], block=500, freewheel=True)]
            host.set("mute", 1)
            parts.append(host.play(mix[:, 70_000:100_000], block=500, freewheel=True))
            host.set("mute", 0)
            parts.append(host.play(mix[:, 100_000:], block=500, freewheel=True))
        exports.append(np.concatenate(parts, axis=1)[0])
    out = exports[0]
    np.testing.assert_array_equal(out, exports[1])
    np.testing.assert_array_equal(out[:70_000], stem[:70_000])
    assert np.any(out[70_000:70_480] != stem[70_000:70_480])
    assert not np.any(out[70_480:100_000])
    np.testing.assert_array_equal(out[100_480:], stem[100_480 : len(out)])


def test_anticipation_by_automation_lands_on_the_same_frame_in_every_export(
    bundle, environment, rendered
):
    mix, _, stem = rendered
    exports = []
    for block in (500, 500, 250):
        with Lv2Host(bundle, block=500) as host:
            parts = [host.play(mix[:, :60_000], block=block, freewheel=True)]
            host.set("anticipation", 2)
            parts.append(host.play(mix[:, 60_000:], block=block, freewheel=True))
        exports.append(np.concatenate(parts, axis=1)[0])
    assert np.any(exports[0] != stem)
    for other in exports[1:]:
        np.testing.assert_array_equal(other, exports[0])


def test_what_was_set_is_in_the_project_and_comes_back(bundle, environment):
    """A port holds a float, yet a project opened again has the very number that played."""
    with Lv2Host(bundle) as host, host.share() as share:
        assert host.save() == {}
        wait_until_playing(host)
        host.set("noise", 0.3)
        host.set("p2_stem", 4)
        for _ in range(300):
            host.run(np.zeros((2, 64), np.float32))
            time.sleep(0.01)
            if share.value_told(2, 0) == 4.0:
                break
        assert share.value_told(1, 14) == 0.3
        saved = host.save()
    with Lv2Host(bundle) as host, host.share() as share:
        host.restore(saved)  # some hosts do it late
        assert host.save() == saved
        host.set("noise", 0.3)
        host.set("p2_stem", 4)
        host.run(np.zeros((2, 64), np.float32), freewheel=True)
        assert host.status == PLAYING
        assert share.value_told(1, 14) == 0.3
        assert share.value_told(2, 0) == 4.0
        assert share.checkpoint_told == "passthrough"


def test_a_gain_beyond_its_port_is_the_loudest(bundle, environment):
    """Some hosts pass on what an automation curve overshoots to."""
    mix = 0.01 * noise(1.0)
    played = []
    for gain_db in (12.0, 1e9):
        with Lv2Host(bundle) as host:
            host.set("gain_out", gain_db)
            played.append(host.play(mix, block=512, freewheel=True)[0])
    assert np.any(played[0])
    np.testing.assert_array_equal(*played)


def processes(host):
    """Return the numbers of the control process and its children."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            group = int((process / "stat").read_text().rpartition(")")[2].split()[2])
        except (OSError, IndexError):
            continue
        if host.share_name.encode() in words:
            found.append(group)
    (group,) = set(found)
    return group


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP])
def test_live_a_band_that_dies_or_stops_fades_out(bundle, environment, sent):
    with Lv2Host(bundle) as host:
        wait_until_playing(host)
        quiet = np.full((2, 480), 0.25, np.float32)
        for _ in range(150):
            host.run(quiet)
            time.sleep(0.01)
        assert host.run(quiet)[0][-1] == 0.25
        os.killpg(processes(host), sent)
        out = []
        for _ in range(300):
            out.append(host.run(quiet)[0])
            time.sleep(0.002)
        out = np.concatenate(out)
        assert out[-1] == 0.0
        assert np.abs(np.diff(out)).max() < 0.02
        for _ in range(2000):  # a process that stands is found out after five seconds
            host.run(quiet)
            if host.status == FAILED:
                break
            time.sleep(0.01)
        assert host.status == FAILED


def play_on(host, mix, pause_s, cycles):
    """Run live cycles; return what was played, and how often the thread had to wait in them."""
    out, waits = [], 0
    for _ in range(cycles):
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
        out.append(host.run(mix)[0])
        waits += resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw - before
        time.sleep(pause_s)
    return np.concatenate(out), waits


def test_live_an_engine_that_is_late_is_silence_by_fades_and_nothing_waits(bundle, environment):
    with Lv2Host(bundle) as host:
        wait_until_playing(host)
        quiet = np.full((2, 480), 0.25, np.float32)
        while play_on(host, quiet, 0.01, 10)[0][-1] != 0.25:
            pass
        group = processes(host)
        os.killpg(group, signal.SIGSTOP)
        late, waits = play_on(host, quiet, 0.002, 300)
        os.killpg(group, signal.SIGCONT)
        assert late[-1] == 0.0
        assert waits == 0
        parts = [late]
        while parts[-1][-1] != 0.25:
            back, waits = play_on(host, quiet, 0.01, 10)
            parts.append(back)
            assert waits == 0
        assert np.abs(np.diff(np.concatenate(parts))).max() < 0.02


@pytest.mark.parametrize(
    ("sent", "fate"),
    [
        (signal.SIGKILL, "its program was killed by signal 9"),
        (signal.SIGSTOP, "its program gives no sign of life"),
    ],
)
def test_an_export_with_a_dead_or_stopped_band_ends_and_so_does_the_plugin(
    bundle, environment, rendered, capfd, sent, fate
):
    mix, _, stem = rendered
    with Lv2Host(bundle) as host:
        first = host.play(mix[:, :48_000], block=480, freewheel=True)[0]
        np.testing.assert_array_equal(first, stem[:48_000])
        os.killpg(processes(host), sent)
        rest = host.play(mix[:, 48_000:], block=480, freewheel=True)[0]
        assert not np.any(rest[-4800:])
        assert host.status == FAILED
    said = capfd.readouterr().err
    (told,) = re.findall(r"lost ([0-9.]+) s into this export, which goes on in silence", said)
    assert 1.0 <= float(told) < 4.0
    assert said.count(fate) == 1


def test_a_program_that_does_not_start_is_told_and_waited_for_no_more(
    bundle, environment, monkeypatch, capfd
):
    monkeypatch.setenv("LIVEBAND_PROGRAM", str(environment / "nothing"))
    with Lv2Host(bundle) as host:
        out = host.play(noise(1), block=480, freewheel=True)
        assert not np.any(out)
    said = capfd.readouterr().err
    assert "nothing does not start: No such file or directory" in said
    assert said.count("the band does not play, so this export is without it") == 1


def registered(environment, count):
    """Wait until so many bridges are in the registry, each with a port; return them."""
    registry = InstanceRegistry(environment / "liveband" / "instances")
    for _ in range(1000):
        found = registry.instances()
        if len({each.port for each in found}) == count:
            return found
        time.sleep(0.02)
    pytest.fail(f"of {count} plugins, these are in the registry: {found}")


def test_several_plugins_of_one_host_play_at_once_and_again_after_closing(
    bundle, environment, rendered
):
    mix, _, stem = rendered
    for _ in range(2):
        with Lv2Host(bundle) as one, Lv2Host(bundle) as other:
            assert one.share_name != other.share_name
            for host in (one, other):
                out = host.play(mix[:, :24_000], block=512, freewheel=True)
                np.testing.assert_array_equal(out[0], stem[:24_000])
            found = registered(environment, 2)
            assert {each.name for each in found} == {program_name(os.getpid())}
    assert not list(Path("/dev/shm").glob(f"liveband-{os.getpid()}-*"))


def test_rates_without_whole_hops_are_refused(bundle, environment, capfd):
    with pytest.raises(RuntimeError, match="refused"):
        Lv2Host(bundle, rate=48_001)
    assert "divisible by 20, got 48001" in capfd.readouterr().err


MAKE_SESSION = """
AudioEngine:set_backend ("None (Dummy)", "", "")
local s = assert (create_session (arg[1], "ses", 48000))
s:new_audio_track (2, 2, nil, 1, "stem", ARDOUR.PresentationInfo.max_order,
  ARDOUR.TrackMode.Normal, true)
local t = s:route_by_name ("stem")
local p = ARDOUR.LuaAPI.new_plugin (s, arg[2], ARDOUR.PluginType.LV2, "")
assert (not p:isnil ())
assert (t:add_processor_by_index (p, 0, nil, true) == 0)
t:panner_shell ():set_bypassed (true)
s:save_state ("", false, false, false, false, false)
close_session ()
quit ()
"""
SUPERCLOCKS = 282_240_000


def lay_mix(session, mix, at):
    """Write the session ``ses`` as ``take``, the mix on its track from ``at`` seconds on."""
    files = session / "interchange/ses/audiofiles"
    files.mkdir(parents=True, exist_ok=True)
    for side, sound in zip("LR", mix, strict=True):
        soundfile.write(files / f"mix{side}.wav", sound, RATE, subtype="FLOAT")
    start, length = (
        f"a{round(seconds * SUPERCLOCKS)}" for seconds in (at, mix.shape[1] / RATE)
    )
    end = f"a{round((at + mix.shape[1] / RATE) * SUPERCLOCKS)}"
    sources = "".join(
        f'<Source name="mix{side}.wav" take-id="" type="audio" flags="" id="{9001 + n}" '
        'channel="0" origin="" gain="1"/>'
        for n, side in enumerate("LR")
    )
    region = (
        f'<Region name="mix" opaque="1" start="a0" length="{length}@{start}" '
        'sync-position="a0" ancestral-start="a0" ancestral-length="a0@a0" stretch="1" '
        'shift="1" layering-index="0" id="9101" type="audio" first-edit="nothing" '
        'fade-in-active="0" fade-out-active="0" scale-amplitude="1" channels="2" '
        'source-0="9001" source-1="9002" master-source-0="9001" master-source-1="9002"/>'
    )
    text = (session / "ses.ardour").read_text()
    text = text.replace("<Sources/>", f"<Sources>{sources}</Sources>")
    text = re.sub(r'(<Playlist id="\d+" name="stem"[^>]*)/>', rf"\1>{region}</Playlist>", text)
    text = text.replace(
        "<Locations/>",
        f'<Locations><Location id="9200" name="session" start="{start}" end="{end}" '
        'flags="IsSessionRange" locked="0" position-lock-style="AudioTime" cue="0"/>'
        "</Locations>",
    )
    (session / "take.ardour").write_text(text)


@needs("ardour7-export")
@pytest.mark.timeout(600)
def test_ardour_exports_what_render_makes(bundle, environment, monkeypatch):
    """With a real checkpoint: the pass-through would not tell where the hop grid begins."""
    mix, _, stem = render(environment, "--checkpoint", "default", "--tempo", "120")
    monkeypatch.setenv("MORE", "--checkpoint default")
    session, script = environment / "ses", environment / "make.lua"
    script.write_text(MAKE_SESSION)
    subprocess.run(
        ["ardour7-lua", script, session, PLUGIN_URI],
        check=True,
        timeout=200,
        capture_output=True,
    )
    lay_mix(session, mix, 2.0)  # a bar of Ardour's 120 bpm
    out = environment / "export.wav"
    # Ardour 7.3 may stumble over its own ports once the file is written
    subprocess.run(
        ["ardour7-export", "-b", "float", "-o", out, session, "take"],
        timeout=200,
        capture_output=True,
        check=False,
    )
    played, _ = soundfile.read(out, dtype="float32")
    equal(played[:, 0], stem, 0)
