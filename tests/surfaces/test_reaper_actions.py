"""The Lua actions under Lua 5.4, with a strict stand-in for REAPER."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "reaper_scripts" / "Liveband"
STUB = HERE / "reaper_stub.lua"
ACTIONS = sorted(path for path in FOLDER.glob("liveband_*.lua") if "common" not in path.name)
LUA = shutil.which("lua5.4")
needs_lua = pytest.mark.skipif(LUA is None, reason="Lua 5.4 is not installed: make test-system")

READING = """
exec = function(command)
  local answers = {
    {'"get" "stems"', "drums bass piano"}, {'"get" "stem"', "piano"},
    {'"get" "bypass"', "0"}, {'"get" "record/state"', "0 take one 12.5 0 "},
  }
  for _, pair in ipairs(answers) do
    if command:find(pair[1], 1, true) then return "0\\n" .. pair[2] .. "\\n" end
  end
  return "0\\n"
end
"""


def play(tmp_path, action, scene):
    """Run an action in a scene; return what it called, as lists of words."""
    file = tmp_path / "scene.lua"
    fields = ",\n".join(part.strip() for part in scene)
    file.write_text(f"return {{\n{fields}\n}}\n")
    command = [LUA, str(STUB), str(FOLDER / f"liveband_{action}.lua"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def commands(calls):
    return [
        re.findall(r'"((?:[^"\\]|\\.)*)"', call[1])[1:]
        for call in calls
        if call[0] == "ExecProcess"
    ]


@needs_lua
@pytest.mark.parametrize(
    ("action", "last"),
    [
        ("reset", ["set", "reset"]),
        ("panic", ["set", "panic"]),
        ("ear_half", ["set", "ear/half"]),
        ("ear_double", ["set", "ear/double"]),
        ("next_stem", ["set", "stem", "drums"]),
        ("previous_stem", ["set", "stem", "bass"]),
        ("bypass", ["set", "bypass", "1"]),
        ("record", ["set", "record/start"]),
        ("connect", ["connect", "liveband:control_out", "REAPER:MIDI Input 1"]),
        (
            "disconnect",
            ["set", "jack/disconnect", "liveband:control_out", "REAPER:MIDI Input 1"],
        ),
    ],
)
def test_an_action_gives_its_command(tmp_path, action, last):
    calls = play(tmp_path, action, [READING])
    assert commands(calls)[-1] == last
    assert not [call for call in calls if call[0] == "ShowMessageBox"]


@needs_lua
def test_all_wires_are_tried_and_failures_told_together(tmp_path):
    failing = 'exec = function(command) return "1\\nno such port\\n" end'
    calls = play(tmp_path, "connect", [failing])
    assert len(commands(calls)) == 6
    boxes = [call[1] for call in calls if call[0] == "ShowMessageBox"]
    assert len(boxes) == 1
    assert boxes[0].count("no such port") == 6
    assert "REAPER:out3 -> liveband:in_L" in boxes[0]


@needs_lua
@pytest.mark.parametrize("action", [path.stem.removeprefix("liveband_") for path in ACTIONS])
def test_without_the_command_it_says_what_to_do(tmp_path, action):
    nothing = "exec = function() return nil end"
    resources = f'resources = "{tmp_path}"'
    calls = play(tmp_path, action, [nothing, resources])
    boxes = [call[1] for call in calls if call[0] == "ShowMessageBox"]
    if action == "settings":
        return
    if action == "install_osc":
        assert (tmp_path / "OSC" / "Liveband.ReaperOSC").exists()
    elif action == "learn":
        assert commands(calls) == []
    else:
        assert "settings" in boxes[0]


@needs_lua
def test_settings_are_kept(tmp_path):
    answer = 'inputs = "/opt/liveband;REAPER;5 6;7 8;;/takes"'
    calls = play(tmp_path, "settings", ["exec = function() end", answer])
    kept = {
        call[2]: call[3] if len(call) > 3 else "" for call in calls if call[0] == "SetExtState"
    }
    assert kept["command"] == "/opt/liveband"
    assert (kept["send"], kept["return"], kept["recordings"]) == ("5 6", "7 8", "/takes")


@needs_lua
def test_learning_tells_what_was_learned(tmp_path):
    hears = """exec = function(command)
      local file = command:match('> "(.-)" 2>&1')
      assert(command:match('"learn" "gain/out"'), command)
      local handle = io.open(file, "w")
      handle:write("/liveband/gain/out: cc 7 on channel 1, absolute\\n")
      handle:close()
      return "0\\n"
    end"""
    calls = play(tmp_path, "learn", [hears, 'inputs = "gain/out"'])
    assert "cc 7 on channel 1" in [call for call in calls if call[0] == "Console"][-1][1]


@needs_lua
def test_learning_refuses_what_is_no_name(tmp_path):
    calls = play(
        tmp_path, "learn", ["exec = function() error() end", 'inputs = "x\'; rm -rf y"']
    )
    assert "got" in next(call for call in calls if call[0] == "ShowMessageBox")[1]


@needs_lua
def test_the_round_trip_is_measured_told_and_reported(tmp_path):
    measured = "measured = function(clock) return clock > 0.5 and 3840 or -1 end"
    calls = play(tmp_path, "measure_round_trip", [READING, measured, "control = 4"])
    assert ["TrackFX_SetParam", "4", "1", "3840"] in calls
    assert any(call[0] == "Console" and "3840 frames" in call[1] for call in calls)
    assert commands(calls) == [
        ["get", "bypass"],
        ["set", "bypass", "1"],
        ["set", "bypass", "0"],
    ]
    assert [call[0] for call in calls].count("TrackFX_Delete") == 1


@needs_lua
@pytest.mark.parametrize(
    ("scene", "words", "restored"),
    [
        ("selected = false", "select the track", False),
        ("no_ping = true", "not installed", True),
        ("measured = function() return -1 end", "did not come back", True),
    ],
)
def test_a_failed_measurement_leaves_everything_as_it_was(tmp_path, scene, words, restored):
    calls = play(tmp_path, "measure_round_trip", [READING, scene])
    assert words in next(call for call in calls if call[0] == "ShowMessageBox")[1]
    assert ((commands(calls) or [[]])[-1] == ["set", "bypass", "0"]) is restored


@needs_lua
@pytest.mark.parametrize(("rolling", "position"), [("true", "2.5"), ("false", "7.25")])
def test_the_recorded_stem_lies_where_it_was_played(tmp_path, rolling, position):
    (tmp_path / "take one.stem.wav").write_text("")
    (tmp_path / "take one.toml").write_text(
        "# A recording\nfirst_frame = 96000\nrate = 48000\n"
        f'stem = "bass"\ntransport_rolling = {rolling}\ntransport_frame = 120000\n'
        "frames = 480000\n"
    )
    ext = f'ext = {{ ["liveband/recordings"] = "{tmp_path}" }}'
    calls = play(tmp_path, "insert_stem", [READING, ext, "cursor = 7.25"])
    assert ["Item", "D_POSITION", position] in calls
    assert ["Item", "D_LENGTH", "10.0"] in calls
    assert ["Track", "P_NAME", "liveband bass"] in calls
    assert ["Source", f"{tmp_path}/take one.stem.wav"] in calls


@needs_lua
def test_the_stand_in_is_strict(tmp_path):
    script = FOLDER / "liveband_reset.lua"
    assert script.exists()
    wrong = tmp_path / "wrong.lua"
    wrong.write_text("reaper.GetTrackNmae()")
    (tmp_path / "scene.lua").write_text("return {}")
    done = subprocess.run(
        [LUA, str(STUB), str(wrong), str(tmp_path / "scene.lua")],
        capture_output=True,
        text=True,
    )
    assert "there is no reaper.GetTrackNmae" in done.stderr


def test_only_functions_of_the_api_are_called():
    """Names as REAPER's own API documentation has them."""
    known = set((HERE / "reaper_api.txt").read_text().split())
    for path in FOLDER.glob("*.lua"):
        called = set(re.findall(r"\breaper\.(\w+)", path.read_text()))
        assert called <= known, (path.name, called - known)
